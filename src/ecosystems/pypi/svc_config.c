/* SPDX-License-Identifier: Apache-2.0 */
/* Which index does the user's pip ask? The order is pip's: environment, then its files, the later file
 * over the earlier and [install] over [global]; then what pip has built in, asked from pip itself. */
#include "ecosystems/pypi/svc_pypi.h"
#include "base/os.h"

enum { CONF_BYTES = 1 << 20, MAX_CONFS = 8 };

static bool same_key(tw_str a, tw_str b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++) {
        char x = a.p[i] == '_' ? '-' : a.p[i], y = b.p[i];
        if (!tw_str_ieq((tw_str){&x, 1}, (tw_str){&y, 1})) return false;
    }
    return true;
}

tw_str tw_pip_conf_value(tw_str text, tw_str section, tw_str key)
{
    tw_str line, found = {NULL, 0};
    bool here = false;
    while (tw_str_split(&text, '\n', &line)) {
        tw_str s = tw_str_trim(line);
        if (!s.n || s.p[0] == '#' || s.p[0] == ';') continue;
        if (s.p[0] == '[') {
            here = tw_str_eq(tw_str_sub(s, 1, tw_str_chr(s, ']')), section);
            continue;
        }
        size_t eq = tw_str_chr(s, '='), colon = tw_str_chr(s, ':');
        if (colon < eq) eq = colon;
        if (!here || eq == TW_NPOS || line.p[0] == ' ' || line.p[0] == '\t') continue;
        if (same_key(tw_str_trim(tw_str_sub(s, 0, eq)), key)) found = tw_str_trim(tw_str_sub(s, eq + 1, s.n));
    }
    return found;
}

typedef struct confs {
    tw_str text[MAX_CONFS];
    int n;
} confs;

static void add_conf(tw_net *n, confs *c, tw_str dir, const char *rest)
{
    tw_str s;
    if (!dir.n || c->n == MAX_CONFS) return;
    tw_str path = tw_arena_fmt(n->arena, "%.*s%s", TW_FMT(dir), rest);
    if (tw_read_file(n->arena, path.p, CONF_BYTES, &s, NULL) == TW_OK) c->text[c->n++] = s;
}

static void read_confs(tw_net *n, confs *c)
{
    tw_str home = tw_env("HOME"), xdg = tw_env("XDG_CONFIG_HOME"), own = tw_env("PIP_CONFIG_FILE");
    if (tw_str_eq(own, TW_S("/dev/null"))) return; /* pip's way to say: no files at all */
    add_conf(n, c, TW_S("/etc"), "/xdg/pip/pip.conf");
    add_conf(n, c, TW_S("/etc"), "/pip.conf");
    add_conf(n, c, home, "/.pip/pip.conf");
    if (xdg.n)
        add_conf(n, c, xdg, "/pip/pip.conf");
    else
        add_conf(n, c, home, "/.config/pip/pip.conf");
    add_conf(n, c, tw_env("VIRTUAL_ENV"), "/pip.conf");
    add_conf(n, c, own, "");
}

static tw_str conf_value(const confs *c, tw_str key)
{
    static const tw_str sections[] = {TW_SI("install"), TW_SI("global")};
    for (size_t s = 0; s < TW_COUNT(sections); s++)
        for (int i = c->n; i-- > 0;) {
            tw_str v = tw_pip_conf_value(c->text[i], sections[s], key);
            if (v.n) return v;
        }
    return (tw_str){NULL, 0};
}

static tw_err ask_pip(tw_net *n, tw_str *ret)
{
    /* -I and the root folder: nothing of the place we were started in gets to run */
    static const char *const argv[] = {
        "python3", "-I", "-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)", NULL};
    tw_err e = tw_ask_client(n->arena, argv, "/", ret, &n->diag);
    if (e == TW_OK && ret->n) return TW_OK;
    return tw_fail(&n->diag, TW_ERR_NOTFOUND,
                   "no Python index is configured; give --index URL or set PIP_INDEX_URL");
}

tw_err tw_pypi_index(tw_net *n, tw_str *ret)
{
    static const char *const vars[] = {"PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"};
    static const char *const ca_vars[] = {"PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"};
    confs c = {.n = 0};
    tw_str ca = {NULL, 0}, found = n->index;
    read_confs(n, &c);
    for (size_t i = 0; i < TW_COUNT(ca_vars) && !ca.n; i++) ca = tw_env(ca_vars[i]);
    tw_http_set_ca(n, ca.n ? ca : conf_value(&c, TW_S("cert")));
    for (size_t i = 0; i < TW_COUNT(vars) && !found.n; i++) found = tw_env(vars[i]);
    if (!found.n) found = conf_value(&c, TW_S("index-url"));
    if (!found.n) TW_TRY(ask_pip(n, &found));
    /* uv writes NAME=URL */
    size_t eq = tw_str_chr(found, '='), scheme = tw_str_find(found, TW_S("://"));
    if (eq != TW_NPOS && eq < scheme) found = tw_str_sub(found, eq + 1, found.n);
    return tw_http_set_index(n, found, ret);
}
