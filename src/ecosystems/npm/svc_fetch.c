/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

/* [@scope/]name: what may stand in an address, and nothing that walks up a path. */
static bool part_ok(tw_str s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~!'()*";
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(plain, s.p[i])) return false;
    return s.n && s.p[0] != '.';
}

static tw_err normalise(tw_arena *a, tw_str name, tw_str *ret, tw_diag *d)
{
    size_t slash = tw_str_chr(name, '/');
    bool scoped = tw_str_starts(name, TW_S("@"));
    bool ok = name.n <= 214 && scoped == (slash != TW_NPOS);
    if (ok && scoped)
        ok = part_ok(tw_str_sub(name, 1, slash)) && part_ok(tw_str_sub(name, slash + 1, name.n));
    else if (ok)
        ok = part_ok(name);
    if (!ok)
        return tw_fail(d, TW_ERR_USAGE, "'%.*s' is no name of an npm package",
                       (int)(name.n < 80 ? name.n : 80), name.p);
    *ret = tw_arena_str(a, name);
    return TW_OK;
}

/* npm itself knows its files, its environment and its default; a scope may have a registry of its own. */
static tw_err ask_npm(tw_net *n, const tw_spec *spec, tw_str *ret)
{
    const char *argv[] = {"npm", "config", "get", "registry", NULL};
    if (spec->name.p[0] == '@') {
        tw_str scope = tw_str_sub(spec->name, 0, tw_str_chr(spec->name, '/')), found;
        argv[3] = tw_arena_fmt(n->arena, "%.*s:registry", TW_FMT(scope)).p;
        if (tw_ask_client(n->arena, argv, NULL, &found, &n->diag) == TW_OK &&
            tw_str_starts(found, TW_S("http"))) {
            *ret = found;
            return TW_OK;
        }
        argv[3] = "registry";
    }
    if (tw_ask_client(n->arena, argv, NULL, ret, &n->diag) == TW_OK && tw_str_starts(*ret, TW_S("http")))
        return TW_OK;
    return tw_fail(&n->diag, TW_ERR_NOTFOUND,
                   "no npm registry is configured; give --index URL or set npm_config_registry");
}

static tw_err registry_of(tw_net *n, const tw_spec *spec, tw_str *ret)
{
    tw_str found = n->index;
    if (!found.n && spec->name.p[0] != '@') found = tw_env("npm_config_registry");
    if (!found.n && spec->name.p[0] != '@') found = tw_env("NPM_CONFIG_REGISTRY");
    if (!found.n) TW_TRY(ask_npm(n, spec, &found));
    tw_http_set_ca(n, tw_env("SSL_CERT_FILE"));
    return tw_http_set_index(n, found, ret);
}

static tw_err read_packument(tw_net *n, const tw_spec *spec, tw_doc *ret, tw_str *ret_base)
{
    tw_str registry, text;
    tw_reply reply;
    TW_TRY(registry_of(n, spec, &registry));
    while (tw_str_ends(registry, TW_S("/"))) registry = tw_str_sub(registry, 0, registry.n - 1);
    tw_str url = tw_arena_fmt(n->arena, "%.*s/%.*s", TW_FMT(registry),
                              TW_FMT(tw_url_encode(n->arena, spec->name, TW_S("@.-_~!'()*"))));
    tw_err e = tw_http_text(n, url, "application/json", &text, &reply);
    if (e == TW_ERR_NOTFOUND)
        return tw_fail(&n->diag, e,
                       "the registry has no package '%.*s' (404); check the name, or give --index URL",
                       TW_FMT(spec->name));
    if (e != TW_OK) return e;
    *ret_base = reply.url;
    return tw_answer_json(n->arena, text, ret, &n->diag);
}

/* The release that is asked for: an exact version, a tag, or the tag `latest`. */
static tw_err choose(tw_net *n, const tw_spec *spec, const tw_doc *doc, const tw_node **ret)
{
    const tw_node *versions = tw_node_get(doc, 0, TW_S("versions")),
                  *tags = tw_node_get(doc, 0, TW_S("dist-tags"));
    const tw_str none = {NULL, 0};
    tw_str asked = spec->version.n ? spec->version : TW_S("latest");
    tw_str tagged = tags ? tw_node_str(doc, tw_node_id(doc, tags), asked, none) : none;
    if (!versions)
        return tw_fail(&n->diag, TW_ERR_UNSUPPORTED,
                       "the registry's answer has no versions; is its address right?");
    const tw_node *found = tw_node_get(doc, tw_node_id(doc, versions), asked);
    if (!found && tagged.n) found = tw_node_get(doc, tw_node_id(doc, versions), tagged);
    if (!found || found->kind != TW_NODE_OBJECT)
        return tw_fail(&n->diag, TW_ERR_NOTFOUND,
                       "the registry has no '%.*s' %.*s (%u versions, no such tag)", TW_FMT(spec->name),
                       TW_FMT(asked), versions->count);
    if (!tw_file_name_ok(found->key))
        return tw_fail(&n->diag, TW_ERR_UNSUPPORTED,
                       "the registry gives a version that is not safe to name a file after");
    *ret = found;
    return TW_OK;
}

/* As `npm pack` names it: @scope/x 1.2.3 -> scope-x-1.2.3.tgz. */
static tw_str pack_name(tw_arena *a, const tw_spec *spec, tw_str version)
{
    tw_str name = spec->name.p[0] == '@' ? tw_str_sub(spec->name, 1, spec->name.n) : spec->name;
    char *p = tw_arena_alloc(a, name.n + 1);
    for (size_t i = 0; i < name.n; i++)
        p[i] = name.p[i] == '/' ? '-' : strchr("~'()*", name.p[i]) ? '_' : name.p[i];
    return tw_arena_fmt(a, "%s-%.*s.tgz", p, TW_FMT(version));
}

/* ---- the release before ---- */

static bool is_pre(tw_str v)
{
    return tw_str_chr(tw_str_sub(v, 0, tw_str_chr(v, '+')), '-') != TW_NPOS;
}

static int cmp_number(tw_str a, tw_str b)
{
    while (a.n && *a.p == '0') a = tw_str_sub(a, 1, a.n);
    while (b.n && *b.p == '0') b = tw_str_sub(b, 1, b.n);
    return a.n != b.n ? (a.n < b.n ? -1 : 1) : tw_str_cmp(a, b);
}

static bool all_digits(tw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0;
}

/* Dotted parts: numbers before words, fewer parts before more. */
static int cmp_parts(tw_str a, tw_str b)
{
    while (a.n && b.n) {
        tw_str x, y;
        tw_str_split(&a, '.', &x);
        tw_str_split(&b, '.', &y);
        bool nx = all_digits(x), ny = all_digits(y);
        int c = nx && ny ? cmp_number(x, y) : nx != ny ? ny - nx : tw_str_cmp(x, y);
        if (c) return c;
    }
    return (a.n > 0) - (b.n > 0);
}

static int cmp_version(tw_str a, tw_str b)
{
    a = tw_str_sub(a, 0, tw_str_chr(a, '+')), b = tw_str_sub(b, 0, tw_str_chr(b, '+'));
    size_t da = tw_str_chr(a, '-'), db = tw_str_chr(b, '-');
    int c = cmp_parts(tw_str_sub(a, 0, da), tw_str_sub(b, 0, db));
    if (c || (da == TW_NPOS && db == TW_NPOS)) return c;
    if (da == TW_NPOS || db == TW_NPOS) return da == TW_NPOS ? 1 : -1;
    return cmp_parts(tw_str_sub(a, da + 1, a.n), tw_str_sub(b, db + 1, b.n));
}

/* The newest of those that are older than `than` and no less of a release; NULL where there is none. */
static const tw_node *before(const tw_doc *doc, const tw_node *than)
{
    const tw_node *versions = tw_node_get(doc, 0, TW_S("versions")), *best = NULL;
    TW_EACH_NODE (doc, tw_node_id(doc, versions), i) {
        const tw_node *v = &doc->nodes[i];
        if (v->kind != TW_NODE_OBJECT || !tw_file_name_ok(v->key)) continue;
        if ((is_pre(v->key) && !is_pre(than->key)) || cmp_version(v->key, than->key) >= 0) continue;
        if (!best || cmp_version(v->key, best->key) > 0) best = v;
    }
    return best;
}

static void tell_history(tw_net *n, const tw_doc *doc, const tw_node *release)
{
    tw_history_line *h = &n->history;
    const tw_node *versions = tw_node_get(doc, 0, TW_S("versions")),
                  *time = tw_node_get(doc, 0, TW_S("time"));
    const tw_str none = {NULL, 0};
    *h = (tw_history_line){.source = "packument", .releases = versions->count};
    if (time) h->first_seen = tw_node_str(doc, tw_node_id(doc, time), TW_S("created"), none);
    TW_EACH_NODE (doc, tw_node_id(doc, versions), i) {
        tw_str v = doc->nodes[i].key;
        if (!tw_str_eq(v, release->key) && tw_file_name_ok(v) &&
            (!h->latest.n || cmp_version(v, h->latest) > 0))
            h->latest = v;
    }
}

static tw_err save_release(tw_net *n, const tw_spec *spec, const tw_doc *doc, tw_str base,
                           const tw_node *release)
{
    const tw_str none = {NULL, 0};
    tw_artifact_file f = {0};
    uint32_t id = tw_node_id(doc, release);
    const tw_node *dist = tw_node_get(doc, id, TW_S("dist"));
    tw_str tarball = dist ? tw_node_str(doc, tw_node_id(doc, dist), TW_S("tarball"), none) : none;
    f.url = tw_url_resolve(n->arena, base, tarball);
    if (!tarball.n || !f.url.n)
        return tw_fail(&n->diag, TW_ERR_UNSUPPORTED, "the registry gives no tarball of '%.*s' %.*s",
                       TW_FMT(spec->name), TW_FMT(release->key));
    uint32_t dist_id = tw_node_id(doc, dist);
    if (!tw_hash_from_integrity(tw_node_str(doc, dist_id, TW_S("integrity"), none), &f.hash))
        tw_hash_from_hex("sha1", tw_node_str(doc, dist_id, TW_S("shasum"), none), &f.hash);
    if (tw_node_get(doc, id, TW_S("deprecated")))
        tw_note("%.*s %.*s is deprecated", TW_FMT(spec->name), TW_FMT(release->key));
    tell_history(n, doc, release);
    f.file_name = pack_name(n->arena, spec, release->key);
    f.purl = tw_spec_purl(n->arena, spec, release->key);
    return tw_save(n, spec, &f);
}

static tw_err fetch(tw_net *n, const tw_spec *spec)
{
    tw_doc doc;
    tw_str base;
    const tw_node *release;
    TW_TRY(read_packument(n, spec, &doc, &base));
    TW_TRY(choose(n, spec, &doc, &release));
    if (n->before) {
        const tw_node *old = before(&doc, release);
        if (!old)
            return tw_fail(&n->diag, TW_ERR_NOTFOUND, "the registry has no release of '%.*s' before %.*s",
                           TW_FMT(spec->name), TW_FMT(release->key));
        TW_TRY(save_release(n, spec, &doc, base, old));
    }
    return save_release(n, spec, &doc, base, release);
}

const tw_source tw_source_npm = {"npm", TW_SI("@"), normalise, fetch};
