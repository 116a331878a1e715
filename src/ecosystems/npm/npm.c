/* SPDX-License-Identifier: Apache-2.0 */
/* npm: .tgz packages, package folders, folders of node_modules. */
#include "ecosystems/npm/npm.h"

#include "base/utf8.h"

extern const tw_ecosystem tw_ecosystem_npm;

enum { KEEP_MAX = 8 << 20, README_MAX = 256 << 10, BUNDLED_MAX = 4096 };

static bool keep(const tw_member *m)
{
    tw_str base = tw_str_base(m->path);
    return !m->depth && m->type == TW_MEMBER_FILE && m->size <= KEEP_MAX &&
           (tw_str_eq(base, TW_S("package.json")) || (npm_is_readme(m->path) && m->size <= README_MAX));
}

static const tw_kept *manifest(const tw_package *p)
{
    const tw_kept *k = tw_kept_find(p, TW_S("package/package.json"));
    if (!k) k = tw_kept_find(p, TW_S("package.json"));
    if (k) return k;
    k = tw_kept_tail(p, TW_S("/package.json"));
    return k && tw_str_chr(k->path, '/') == k->path.n - 13 ? k : NULL;
}

static int recognise(const tw_package *p)
{
    return manifest(p) ? 85 : 0;
}

/* JSON.parse of what Node decoded takes bad UTF-8 and lone surrogates; our reader does not. They get a '?' here. */
static tw_str forgiving(tw_arena *a, tw_str s)
{
    char *out = tw_arena_alloc(a, s.n + 1);
    size_t n = 0, off = 0;
    while (off < s.n) {
        size_t at = off;
        bool bad = false;
        tw_utf8_next(s, &off, &bad);
        if (bad)
            out[n++] = '?';
        else
            memcpy(out + n, s.p + at, off - at), n += off - at;
    }
    for (size_t i = 0; i + 5 < n; i++) {
        if (out[i] != '\\') continue;
        bool surrogate =
            out[i + 1] == 'u' && (out[i + 2] | 32) == 'd' && !(out[i + 3] >= '0' && out[i + 3] <= '7');
        if (surrogate) memcpy(out + i + 2, "003f", 4);
        i++;
    }
    return (tw_str){out, n};
}

static bool read_manifest(npm_manifest *m)
{
    tw_diag d = {0}, again = {0};
    if (tw_json_read(m->p->arena, m->file->data, NULL, &m->doc, &d) == TW_OK) return true;
    tw_finding_add(m->p->findings, TW_FIND_JSON_BAD, m->file->member, d.off, "package.json: %s", d.says);
    tw_str text = forgiving(m->p->arena, m->file->data);
    return tw_json_read(m->p->arena, text, NULL, &m->doc, &again) == TW_OK;
}

static void set_identity(const npm_manifest *m)
{
    tw_package *p = m->p;
    p->name = tw_node_str(&m->doc, 0, TW_S("name"), TW_S(""));
    p->version = tw_node_str(&m->doc, 0, TW_S("version"), TW_S(""));
    if (!p->name.n || !p->version.n) return;
    bool scoped = p->name.p[0] == '@';
    p->purl = tw_arena_fmt(p->arena, "pkg:npm/%s%.*s@%.*s", scoped ? "%40" : "",
                           TW_FMT(tw_str_sub(p->name, scoped, p->name.n)), TW_FMT(p->version));
}

/* npm builds the packages that a package brings along as it does any other. */
static void bundled(const npm_manifest *own)
{
    const tw_package *p = own->p;
    const tw_node *list = tw_node_get(&own->doc, 0, TW_S("bundleDependencies"));
    if (!list) list = tw_node_get(&own->doc, 0, TW_S("bundledDependencies"));
    bool any =
        list && (list->kind == TW_NODE_ARRAY ? list->count > 0 : list->kind == TW_NODE_BOOL && list->truth);
    tw_str inside = tw_arena_fmt(p->arena, "%.*snode_modules/", TW_FMT(own->dir));
    uint32_t seen = 0;
    for (uint32_t i = 0; any && i < p->n_kept && seen < BUNDLED_MAX; i++) {
        npm_manifest m = {.p = own->p, .paths = own->paths, .file = &p->kept[i]};
        if (!tw_str_starts(m.file->path, inside)) continue;
        m.dir = tw_str_sub(m.file->path, 0, m.file->path.n - 12);
        tw_str parent = tw_str_sub(m.dir, 0, m.dir.n - 1);
        parent = tw_str_sub(parent, 0, tw_str_rchr(parent, '/'));
        tw_str scope = tw_str_base(parent);
        if (tw_str_starts(scope, TW_S("@"))) parent = tw_str_sub(parent, 0, parent.n - scope.n - 1);
        if (!tw_str_ends(parent, TW_S("node_modules"))) continue;
        seen++;
        if (read_manifest(&m)) npm_script_roots(&m), npm_module_roots(&m);
    }
}

static void dependencies(const npm_manifest *m)
{
    static const struct {
        const char *field, *group;
    } lists[] = {{"dependencies", ""}, {"optionalDependencies", "optional"}, {"peerDependencies", "peer"}};
    const tw_doc *doc = &m->doc;
    for (size_t k = 0; k < TW_COUNT(lists); k++) {
        const tw_node *list = tw_node_get(doc, 0, tw_str_c(lists[k].field));
        if (!list || list->kind != TW_NODE_OBJECT) continue;
        uint32_t id = tw_node_id(doc, list);
        for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next)
            if (m->p->needs.n < TW_DEPENDENCIES_MAX)
                TW_PUSH(m->p->arena, m->p->needs,
                        ((tw_dependency){doc->nodes[i].key, doc->nodes[i].text, lists[k].group}));
    }
}

static void examine(tw_package *p)
{
    npm_manifest m = {.p = p, .file = manifest(p)};
    p->subject = !strcmp(p->format, "directory") ? "directory" : "npm";
    p->about.member = m.file ? m.file->member : TW_NO_MEMBER;
    if (!m.file) return;
    p->root_dir = m.dir = tw_str_sub(m.file->path, 0, m.file->path.n - 12);
    tw_map paths;
    tw_map_init(&paths, p->arena);
    m.paths = &paths;
    for (uint32_t i = 0; i < p->n_members; i++) {
        p->role[i] = (uint8_t)tw_role_by_path(p->members[i].path);
        if (!p->members[i].depth && p->members[i].type == TW_MEMBER_FILE)
            *tw_map_put(&paths, p->members[i].path, NULL) = i + 1ull;
    }
    if (!read_manifest(&m)) {
        tw_root_add(p, m.file->member, TW_S(""), TW_TRIGGER_INSTALL, TW_S("package.json"));
        return;
    }
    if (m.doc.n_duplicates)
        tw_finding_add(p->findings, TW_FIND_JSON_DUPLICATE_KEY, m.file->member, UINT64_MAX,
                       "package.json: %u keys", m.doc.n_duplicates);
    set_identity(&m);
    dependencies(&m);
    npm_about(&m);
    npm_script_roots(&m);
    npm_module_roots(&m);
    npm_aliases(&m);
    bundled(&m);
}

const tw_ecosystem tw_ecosystem_npm = {"npm", "npm", keep, recognise, examine, "javascript"};
