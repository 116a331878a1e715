/* SPDX-License-Identifier: Apache-2.0 */
/* How the options of well-known commands are written: nothing of what they mean. */
#include "engine/languages/command.h"

enum {
    OPT_CURL,
    OPT_WGET,
    OPT_ARIA2C,
    OPT_SH,
    OPT_PYTHON,
    OPT_NODE,
    OPT_PERL,
    OPT_PHP,
    OPT_OSASCRIPT,
    OPT_CMD,
    OPT_SSH,
    OPT_SCP,
    OPT_RSYNC,
    OPT_NC,
    OPT_SOCAT,
    OPT_CERTUTIL,
    OPT_FIND,
    OPT_JAVA,
    OPT_TAR,
    OPT_ZIP,
    OPT_UNZIP,
    OPT_BASE64,
    OPT_TEE,
    OPT_INSTALL,
    OPT_MKDIR,
    OPT_CRONTAB,
    OPT_USERADD,
    OPT_SSH_KEYGEN,
    OPT_GIT,
    OPT_NPM,
    OPT_PIP,
    OPT_HEAD,
    OPT_SU,
    OPT_DOCKER,
    OPT_SCHTASKS,
    OPT_REG,
    OPT_MSIEXEC,
    OPT_TASKKILL,
    OPT_REGSVR32,
    OPT_SUDO,
    OPT_DOAS,
    OPT_ENV,
    OPT_NOHUP,
    OPT_NICE,
    OPT_XARGS,
    OPT_GTIMEOUT,
    OPT_START,
    OPT_CALL
};
static const tw_options table[] = {
    [OPT_CURL] =
        {"-o -d -F -H -X -T -u -A -e -b -c -K -x -m -w -r -E -U -Y -y -z -C -D -P -Q -t --output=-o "
         "--data=-d --data-raw=-d --data-binary=-d --data-ascii=-d --data-urlencode=-d --json=-d --form=-F "
         "--form-string=-F --header=-H --request=-X --upload-file=-T --user=-u --user-agent=-A --referer=-e "
         "--cookie=-b --cookie-jar=-c --config=-K --proxy=-x --max-time=-m --write-out=-w --url=--url "
         "--connect-timeout=-t --retry=-y --retry-delay=-y --cacert=-E --cert=-E --resolve=-t --socks5=-x "
         "--output-dir=-P --retry-max-time=-y --proto=-P --ciphers=-E",
         "", 0},
    [OPT_WGET] = {"-O -o -P -U -t -T -e -a -i -w -Q -B -A -R -D -I -X -l --output-document=-O "
                  "--directory-prefix=-P --user-agent=-U --header=-H --post-data=-d --post-file=-f "
                  "--body-data=-d --body-file=-f --method=-X --tries=-t --timeout=-T",
                  "", 0},
    [OPT_ARIA2C] = {"-o -d -x -s --out=-o --dir=-d", "", 0},
    [OPT_SH] = {"-c -o -O --rcfile=-r --init-file=-r", "", 0},
    [OPT_PYTHON] = {"-c -m -W -X", "", 0},
    [OPT_NODE] = {"-e -p -r --eval=-e --print=-e --require=-r --import=-r", "", 0},
    [OPT_PERL] = {"-e -I -M -E", "", 0},
    [OPT_PHP] = {"-r -f -d -c", "", 0},
    [OPT_OSASCRIPT] = {"-e -l", "", TW_OPT_WORDS},
    [OPT_CMD] = {"", " /c /k /r ", TW_OPT_SLASH},
    [OPT_SSH] = {"-i -p -o -l -F -L -R -D -J -b -c -E -e -I -m -O -Q -S -W -w", "", 0},
    [OPT_SCP] = {"-i -P -o -F -l -c -S -b -J", "", 0},
    [OPT_RSYNC] = {"-e -f --rsh=-e", "", 0},
    [OPT_NC] = {"-e -c -p -s -w -q -i -x -X --exec=-e --sh-exec=-c", "", 0},
    [OPT_SOCAT] = {"-in -out -k -pass -K -iv -connect -inkey -passin -passout -md", "", TW_OPT_WORDS},
    [OPT_CERTUTIL] = {"", "", TW_OPT_WORDS | TW_OPT_SLASH},
    [OPT_FIND] = {"-name -iname -path -type -maxdepth -mindepth -size -mtime -user -perm -newer", "",
                  TW_OPT_WORDS},
    [OPT_JAVA] = {"-cp -classpath -jar", "", TW_OPT_WORDS},
    [OPT_TAR] = {"-f -C -T -X --file=-f --directory=-C", "", 0},
    [OPT_ZIP] = {"-P -i -x", "", 0},
    [OPT_UNZIP] = {"-d -P -x", "", 0},
    [OPT_BASE64] = {"-w -i -o --wrap=-w --input=-i --output=-o", "", 0},
    [OPT_TEE] = {"", "", 0},
    [OPT_INSTALL] = {"-m -o -g -t --mode=-m", "", 0},
    [OPT_MKDIR] = {"-m -p -t", "", 0},
    [OPT_CRONTAB] = {"-u", "", 0},
    [OPT_USERADD] = {"-p -u -g -G -s -d -c -e -f -k", "", 0},
    [OPT_SSH_KEYGEN] = {"-t -b -f -N -C -P", "", 0},
    [OPT_GIT] = {"-C -c -b -m --branch=-b", "", 0},
    [OPT_NPM] = {"-w --registry=-i --prefix=-C", "", 0},
    [OPT_PIP] = {"-i -r -t -c -e --index-url=-i --extra-index-url=-i --target=-t --requirement=-r", "", 0},
    [OPT_HEAD] = {"-n -c -d -f -F -e -w -v", "", 0},
    [OPT_SU] = {"-c -s -g -l", "", 0},
    [OPT_DOCKER] = {"-v -e -p -w -u --name=-n --volume=-v", "", 0},
    [OPT_SCHTASKS] = {"/tn /tr /sc /ru /rp /st /mo /rl /s /u /p /d /i /xml", "", TW_OPT_SLASH},
    [OPT_REG] = {"/v /t /d /s", "", TW_OPT_SLASH},
    [OPT_MSIEXEC] = {"/i /x /p /l /qn=", "", TW_OPT_SLASH},
    [OPT_TASKKILL] = {"/im /pid /fi /s /u /p", "", TW_OPT_SLASH},
    [OPT_REGSVR32] = {"", "", TW_OPT_SLASH},
    [OPT_SUDO] = {"-u -g -h -p -C -D -R -T -U -r -t", "", TW_OPT_RUNS},
    [OPT_DOAS] = {"-u -C", "", TW_OPT_RUNS},
    [OPT_ENV] = {"-u -C", "", TW_OPT_RUNS},
    [OPT_NOHUP] = {"-a -i -o -e", "", TW_OPT_RUNS},
    [OPT_NICE] = {"-n -c -p --adjustment=-n", "", TW_OPT_RUNS},
    [OPT_XARGS] = {"-I -n -P -d -L -s -E -a", "", TW_OPT_RUNS},
    [OPT_GTIMEOUT] = {"-s -k --signal=-s", "", TW_OPT_RUNS | TW_OPT_SKIP},
    [OPT_START] = {"/d", "", TW_OPT_RUNS | TW_OPT_SLASH | TW_OPT_TITLE},
    [OPT_CALL] = {"", "", TW_OPT_RUNS},
};

/* Sorted: it is searched by halves. */
static const struct {
    tw_str name;
    uint8_t row;
} names[] = {
    {TW_SI("adduser"), OPT_USERADD},
    {TW_SI("aria2c"), OPT_ARIA2C},
    {TW_SI("ash"), OPT_SH},
    {TW_SI("assoc"), OPT_REGSVR32},
    {TW_SI("attrib"), OPT_REGSVR32},
    {TW_SI("awk"), OPT_HEAD},
    {TW_SI("base64"), OPT_BASE64},
    {TW_SI("bash"), OPT_SH},
    {TW_SI("bcdedit"), OPT_REGSVR32},
    {TW_SI("bitsadmin"), OPT_CERTUTIL},
    {TW_SI("bsdtar"), OPT_TAR},
    {TW_SI("builtin"), OPT_NOHUP},
    {TW_SI("bun"), OPT_NODE},
    {TW_SI("busybox"), OPT_NOHUP},
    {TW_SI("caffeinate"), OPT_NOHUP},
    {TW_SI("call"), OPT_CALL},
    {TW_SI("certutil"), OPT_CERTUTIL},
    {TW_SI("chrt"), OPT_NICE},
    {TW_SI("cipher"), OPT_REGSVR32},
    {TW_SI("cmd"), OPT_CMD},
    {TW_SI("command"), OPT_NOHUP},
    {TW_SI("copy"), OPT_REGSVR32},
    {TW_SI("crontab"), OPT_CRONTAB},
    {TW_SI("cscript"), OPT_REGSVR32},
    {TW_SI("curl"), OPT_CURL},
    {TW_SI("cut"), OPT_HEAD},
    {TW_SI("dash"), OPT_SH},
    {TW_SI("del"), OPT_REGSVR32},
    {TW_SI("deno"), OPT_NODE},
    {TW_SI("dir"), OPT_REGSVR32},
    {TW_SI("doas"), OPT_DOAS},
    {TW_SI("docker"), OPT_DOCKER},
    {TW_SI("env"), OPT_ENV},
    {TW_SI("erase"), OPT_REGSVR32},
    {TW_SI("exec"), OPT_NOHUP},
    {TW_SI("find"), OPT_FIND},
    {TW_SI("findstr"), OPT_REGSVR32},
    {TW_SI("fish"), OPT_SH},
    {TW_SI("fold"), OPT_HEAD},
    {TW_SI("format"), OPT_REGSVR32},
    {TW_SI("ftype"), OPT_REGSVR32},
    {TW_SI("git"), OPT_GIT},
    {TW_SI("grep"), OPT_HEAD},
    {TW_SI("gtimeout"), OPT_GTIMEOUT},
    {TW_SI("head"), OPT_HEAD},
    {TW_SI("icacls"), OPT_REGSVR32},
    {TW_SI("install"), OPT_INSTALL},
    {TW_SI("ionice"), OPT_NICE},
    {TW_SI("ipconfig"), OPT_REGSVR32},
    {TW_SI("java"), OPT_JAVA},
    {TW_SI("ksh"), OPT_SH},
    {TW_SI("md"), OPT_REGSVR32},
    {TW_SI("mkdir"), OPT_MKDIR},
    {TW_SI("mktemp"), OPT_MKDIR},
    {TW_SI("move"), OPT_REGSVR32},
    {TW_SI("mshta"), OPT_REGSVR32},
    {TW_SI("msiexec"), OPT_MSIEXEC},
    {TW_SI("nc"), OPT_NC},
    {TW_SI("ncat"), OPT_NC},
    {TW_SI("net"), OPT_REGSVR32},
    {TW_SI("net1"), OPT_REGSVR32},
    {TW_SI("netcat"), OPT_NC},
    {TW_SI("netsh"), OPT_REGSVR32},
    {TW_SI("nice"), OPT_NICE},
    {TW_SI("nocorrect"), OPT_NOHUP},
    {TW_SI("node"), OPT_NODE},
    {TW_SI("nodejs"), OPT_NODE},
    {TW_SI("noglob"), OPT_NOHUP},
    {TW_SI("nohup"), OPT_NOHUP},
    {TW_SI("npm"), OPT_NPM},
    {TW_SI("npx"), OPT_NPM},
    {TW_SI("openssl"), OPT_SOCAT},
    {TW_SI("osascript"), OPT_OSASCRIPT},
    {TW_SI("perl"), OPT_PERL},
    {TW_SI("php"), OPT_PHP},
    {TW_SI("ping"), OPT_REGSVR32},
    {TW_SI("pip"), OPT_PIP},
    {TW_SI("pip3"), OPT_PIP},
    {TW_SI("pnpm"), OPT_NPM},
    {TW_SI("podman"), OPT_DOCKER},
    {TW_SI("py"), OPT_PYTHON},
    {TW_SI("pypy"), OPT_PYTHON},
    {TW_SI("pypy3"), OPT_PYTHON},
    {TW_SI("python"), OPT_PYTHON},
    {TW_SI("python2"), OPT_PYTHON},
    {TW_SI("python3"), OPT_PYTHON},
    {TW_SI("pythonw"), OPT_PYTHON},
    {TW_SI("rd"), OPT_REGSVR32},
    {TW_SI("reg"), OPT_REG},
    {TW_SI("regsvr32"), OPT_REGSVR32},
    {TW_SI("ren"), OPT_REGSVR32},
    {TW_SI("rmdir"), OPT_REGSVR32},
    {TW_SI("robocopy"), OPT_REGSVR32},
    {TW_SI("rsync"), OPT_RSYNC},
    {TW_SI("ruby"), OPT_PERL},
    {TW_SI("rundll32"), OPT_REGSVR32},
    {TW_SI("runuser"), OPT_SU},
    {TW_SI("sc"), OPT_REGSVR32},
    {TW_SI("schtasks"), OPT_SCHTASKS},
    {TW_SI("scp"), OPT_SCP},
    {TW_SI("sed"), OPT_HEAD},
    {TW_SI("setsid"), OPT_NOHUP},
    {TW_SI("sftp"), OPT_SCP},
    {TW_SI("sh"), OPT_SH},
    {TW_SI("shutdown"), OPT_REGSVR32},
    {TW_SI("socat"), OPT_SOCAT},
    {TW_SI("sort"), OPT_HEAD},
    {TW_SI("ssh"), OPT_SSH},
    {TW_SI("ssh-keygen"), OPT_SSH_KEYGEN},
    {TW_SI("start"), OPT_START},
    {TW_SI("stdbuf"), OPT_NOHUP},
    {TW_SI("su"), OPT_SU},
    {TW_SI("sudo"), OPT_SUDO},
    {TW_SI("systeminfo"), OPT_REGSVR32},
    {TW_SI("tail"), OPT_HEAD},
    {TW_SI("tar"), OPT_TAR},
    {TW_SI("taskkill"), OPT_TASKKILL},
    {TW_SI("tasklist"), OPT_REGSVR32},
    {TW_SI("tee"), OPT_TEE},
    {TW_SI("time"), OPT_NOHUP},
    {TW_SI("timeout"), OPT_REGSVR32},
    {TW_SI("tr"), OPT_HEAD},
    {TW_SI("type"), OPT_REGSVR32},
    {TW_SI("unbuffer"), OPT_NOHUP},
    {TW_SI("unzip"), OPT_UNZIP},
    {TW_SI("useradd"), OPT_USERADD},
    {TW_SI("usermod"), OPT_USERADD},
    {TW_SI("uv"), OPT_PIP},
    {TW_SI("vssadmin"), OPT_REGSVR32},
    {TW_SI("wbadmin"), OPT_REGSVR32},
    {TW_SI("wget"), OPT_WGET},
    {TW_SI("where"), OPT_REGSVR32},
    {TW_SI("wmic"), OPT_REGSVR32},
    {TW_SI("wscript"), OPT_REGSVR32},
    {TW_SI("xargs"), OPT_XARGS},
    {TW_SI("xcopy"), OPT_REGSVR32},
    {TW_SI("yarn"), OPT_NPM},
    {TW_SI("zip"), OPT_ZIP},
    {TW_SI("zsh"), OPT_SH},
};
static const tw_options none = {"", "", TW_OPT_UNKNOWN};
static const tw_options posix_timeout = {"-s -k --signal=-s --kill-after=-k", "", TW_OPT_RUNS | TW_OPT_SKIP};

const tw_options *tw_options_of(tw_lang lang, tw_str command)
{
    bool shell = lang == TW_LANG_SHELL;
    if (shell && tw_str_eq(command, TW_S("timeout"))) return &posix_timeout;
    if (shell && tw_str_eq(command, TW_S("call"))) return &none;
    size_t low = 0, high = TW_COUNT(names);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = tw_str_cmp(command, names[mid].name);
        if (!order) return &table[names[mid].row];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return &none;
}

bool tw_option_in(const char *list, tw_str name, tw_str *ret_name)
{
    tw_str rest = tw_str_c(list), item;
    while (tw_str_split(&rest, ' ', &item)) {
        size_t eq = tw_str_chr(item, '=');
        tw_str key = tw_str_sub(item, 0, eq == TW_NPOS ? item.n : eq);
        if (!key.n || !tw_str_eq(key, name)) continue;
        *ret_name = eq == TW_NPOS ? key : tw_str_sub(item, eq + 1, item.n);
        return true;
    }
    return false;
}

int tw_powershell_option(tw_str word, tw_str *ret_name)
{
    static const struct {
        const char *full, *also;
        uint8_t least, kind;
    } rows[] = {
        {"encodedcommand", "ec", 1, 2},
        {"executionpolicy", "ep", 2, 2},
        {"command", "", 1, 3},
        {"file", "", 1, 2},
        {"windowstyle", "", 1, 2},
        {"workingdirectory", "wd", 2, 2},
        {"version", "", 1, 2},
        {"inputformat", "if", 1, 2},
        {"outputformat", "of", 1, 2},
        {"configurationname", "", 6, 2},
        {"psconsolefile", "", 1, 2},
        {"noprofile", "", 3, 1},
        {"noninteractive", "", 4, 1},
        {"noexit", "", 3, 1},
        {"nologo", "", 3, 1},
        {"sta", "", 1, 1},
        {"mta", "", 1, 1},
        {"help", "?", 1, 1},
    };
    static const char *const dashes[] = {"-", "/", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95"};
    char low[24];
    size_t skip = 0;
    for (size_t i = 0; i < TW_COUNT(dashes) && !skip; i++)
        if (tw_str_starts(word, tw_str_c(dashes[i]))) skip = strlen(dashes[i]);
    tw_str name = tw_str_sub(word, skip, word.n);
    if (!skip || !name.n || name.n > sizeof low) return 0;
    if (name.p[0] == '-') name = tw_str_sub(name, 1, name.n);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        low[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    name.p = low;
    for (size_t i = 0; i < TW_COUNT(rows) && name.n; i++) {
        bool hit = tw_str_starts(tw_str_c(rows[i].full), name) && name.n >= rows[i].least;
        if (!hit && !tw_str_eq(tw_str_c(rows[i].also), name)) continue;
        *ret_name = tw_str_c(rows[i].full);
        return rows[i].kind;
    }
    return 0;
}
