/* SPDX-License-Identifier: Apache-2.0 */
/* The files an import of the package, a bundler or a command of it loads. */
#include "ecosystems/npm/npm.h"

enum { LEAVES_MAX = 65536, PATTERNS_MAX = 64, ALIASES_MAX = 4096 };

static uint32_t member_at(const npm_manifest *m, tw_str path, const char *tail)
{
    char buf[4200];
    size_t n = strlen(tail), total = m->dir.n + path.n + n;
    if (total > sizeof buf) return TW_NO_MEMBER;
    if (m->dir.n) memcpy(buf, m->dir.p, m->dir.n);
    if (path.n) memcpy(buf + m->dir.n, path.p, path.n);
    memcpy(buf + m->dir.n + path.n, tail, n);
    const uint64_t *slot = tw_map_get(m->paths, tw_str_of(buf, total));
    return slot ? (uint32_t)(*slot - 1) : TW_NO_MEMBER;
}

/* "./a//b/../c/" -> "a/c"; what leaves the package stays as it is and names nothing. */
static tw_str relative(const npm_manifest *m, tw_str target)
{
    tw_buf out = TW_BUF_INIT;
    tw_str rest = target, part;
    while (tw_str_split(&rest, '/', &part)) {
        size_t slash = tw_str_rchr(tw_buf_str(&out), '/');
        if (!part.n || tw_str_eq(part, TW_S("."))) continue;
        if (tw_str_eq(part, TW_S("..")) && out.n) {
            out.n = slash == TW_NPOS ? 0 : slash;
            continue;
        }
        if (out.n) tw_buf_putc(&out, '/');
        tw_buf_puts(&out, part);
    }
    tw_str got = tw_arena_str(m->p->arena, tw_buf_str(&out));
    tw_buf_free(&out);
    return got;
}

uint32_t npm_resolve(const npm_manifest *m, tw_str target)
{
    static const char *const tails[] = {"",           ".js",        ".json",     ".node",       ".cjs",
                                        ".mjs",       ".ts",        "/index.js", "/index.json", "/index.node",
                                        "/index.cjs", "/index.mjs", "/index.ts"};
    tw_str path = relative(m, target);
    for (size_t i = 0; i < TW_COUNT(tails); i++) {
        uint32_t found = member_at(m, path, !path.n && tails[i][0] == '/' ? tails[i] + 1 : tails[i]);
        if (found != TW_NO_MEMBER) return found;
    }
    return TW_NO_MEMBER;
}

uint32_t npm_main(const npm_manifest *m)
{
    tw_str main = tw_node_str(&m->doc, 0, TW_S("main"), TW_S(""));
    uint32_t found = main.n ? npm_resolve(m, main) : TW_NO_MEMBER;
    return found != TW_NO_MEMBER ? found : npm_resolve(m, TW_S("index"));
}

static void add(const npm_manifest *m, uint32_t member, tw_trigger t, tw_str reason)
{
    if (member != TW_NO_MEMBER) tw_root_add(m->p, member, TW_S(""), t, reason);
}

static bool star_code(tw_str path)
{
    static const tw_str ends[] = {TW_SI("js"),  TW_SI("jsx"),  TW_SI("ts"),
                                  TW_SI("tsx"), TW_SI("node"), TW_SI("wasm")};
    size_t dot = tw_str_rchr(tw_str_base(path), '.');
    tw_str ext = dot == TW_NPOS ? TW_S("") : tw_str_sub(tw_str_base(path), dot + 1, tw_str_base(path).n);
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(ext, ends[i])) return true;
    if (ext.n) return false;
    tw_str base = tw_str_base(path); /* bin/tool, not LICENSE */
    for (size_t i = 0; i < base.n; i++)
        if (base.p[i] >= 'a' && base.p[i] <= 'z') return true;
    return false;
}

/* A target with a star, or a folder: every file that fits. */
static void add_pattern(const npm_manifest *m, tw_str target, tw_trigger t, tw_str reason)
{
    size_t star = tw_str_chr(target, '*');
    tw_str head = relative(m, tw_str_sub(target, 0, star));
    if (star != TW_NPOS && star && target.p[star - 1] == '/' && head.n)
        head = tw_arena_fmt(m->p->arena, "%.*s/", TW_FMT(head));
    tw_str tail = star == TW_NPOS ? TW_S("") : tw_str_sub(target, star + 1, target.n);
    head = tw_arena_fmt(m->p->arena, "%.*s%.*s%s", TW_FMT(m->dir), TW_FMT(head), star == TW_NPOS ? "/" : "");
    for (uint32_t i = 0; i < m->paths->n; i++) {
        tw_str path = m->paths->items[i].key;
        bool fits = path.n >= head.n + tail.n && tw_str_starts(path, head) && tw_str_ends(path, tail);
        tw_str rest = fits ? tw_str_sub(path, m->dir.n, path.n) : TW_S("");
        if (fits && !star_code(path)) continue; /* of a star nobody loads the README */
        if (fits && tw_str_find(rest, TW_S("node_modules/")) == TW_NPOS)
            add(m, (uint32_t)(m->paths->items[i].value - 1), t, reason);
    }
}

/* Every target in `exports`, `browser`, ...: strings below conditions, subpaths and lists. */
static void add_leaves(const npm_manifest *m, const tw_node *from, tw_trigger t, tw_str reason)
{
    uint32_t id = tw_node_id(&m->doc, from), patterns = 0;
    for (uint32_t i = id; i < from->next && i - id < LEAVES_MAX; i++) {
        const tw_node *n = &m->doc.nodes[i];
        if (tw_str_eq(n->key, TW_S("types"))) { /* declarations only */
            i = n->next - 1;
            continue;
        }
        if (n->kind != TW_NODE_STRING || !n->text.n) continue;
        bool pattern = tw_str_chr(n->text, '*') != TW_NPOS || tw_str_ends(n->text, TW_S("/"));
        if (!pattern)
            add(m, npm_resolve(m, n->text), t, reason);
        else if (patterns++ < PATTERNS_MAX)
            add_pattern(m, n->text, t, reason);
    }
}

static void commands(const npm_manifest *m)
{
    const tw_node *bin = tw_node_get(&m->doc, 0, TW_S("bin"));
    const tw_node *dirs = tw_node_get(&m->doc, 0, TW_S("directories"));
    if (bin && bin->kind == TW_NODE_STRING)
        add(m, npm_resolve(m, bin->text), TW_TRIGGER_COMMAND, TW_S("bin"));
    if (bin && bin->kind == TW_NODE_OBJECT) {
        uint32_t id = tw_node_id(&m->doc, bin);
        for (uint32_t i = tw_node_first(&m->doc, id); i != tw_node_end(&m->doc, id); i = m->doc.nodes[i].next)
            if (m->doc.nodes[i].kind == TW_NODE_STRING)
                add(m, npm_resolve(m, m->doc.nodes[i].text), TW_TRIGGER_COMMAND,
                    tw_arena_fmt(m->p->arena, "bin %.*s", TW_FMT(m->doc.nodes[i].key)));
    }
    tw_str folder = dirs ? tw_node_str(&m->doc, tw_node_id(&m->doc, dirs), TW_S("bin"), TW_S("")) : TW_S("");
    if (!bin && relative(m, folder).n)
        add_pattern(m, relative(m, folder), TW_TRIGGER_COMMAND, TW_S("directories.bin"));
}

void npm_module_roots(const npm_manifest *m)
{
    static const char *const fields[] = {"exports", "module", "browser", "jsnext:main", "react-native"};
    add(m, npm_main(m), TW_TRIGGER_IMPORT, TW_S("main"));
    for (size_t i = 0; i < TW_COUNT(fields); i++) {
        const tw_node *n = tw_node_get(&m->doc, 0, tw_str_c(fields[i]));
        if (n) add_leaves(m, n, TW_TRIGGER_IMPORT, tw_str_c(fields[i]));
    }
    commands(m);
}

/* ---- names that are no paths ---- */

static void alias(const npm_manifest *m, tw_str name, uint32_t member)
{
    if (member != TW_NO_MEMBER && m->p->aliases.n < ALIASES_MAX)
        TW_PUSH(m->p->arena, m->p->aliases, ((tw_alias){name, member}));
}

/* "#lib/x" for a star in key and target: every file that fits, under the name that asks for it. */
static void star_aliases(const npm_manifest *m, tw_str key, tw_str target)
{
    size_t star = tw_str_chr(target, '*'), at = tw_str_chr(key, '*');
    tw_str head = tw_str_sub(target, 0, star), tail = tw_str_sub(target, star + 1, target.n);
    if (tw_str_starts(head, TW_S("./"))) head = tw_str_sub(head, 2, head.n);
    head = tw_arena_fmt(m->p->arena, "%.*s%.*s", TW_FMT(m->dir), TW_FMT(head));
    for (uint32_t i = 0; i < m->paths->n; i++) {
        tw_str path = m->paths->items[i].key;
        bool fits = path.n > head.n + tail.n && tw_str_starts(path, head) && tw_str_ends(path, tail);
        if (!fits || m->p->aliases.n >= ALIASES_MAX) continue;
        tw_str name = tw_arena_fmt(m->p->arena, "%.*s%.*s%.*s", TW_FMT(tw_str_sub(key, 0, at)),
                                   TW_FMT(tw_str_sub(path, head.n, path.n - tail.n)),
                                   TW_FMT(tw_str_sub(key, at + 1, key.n)));
        alias(m, name, (uint32_t)(m->paths->items[i].value - 1));
    }
}

/* The first target below the conditions that is a file of the package. */
static void import_alias(const npm_manifest *m, const tw_node *entry)
{
    uint32_t id = tw_node_id(&m->doc, entry);
    for (uint32_t i = id; i < entry->next && i - id < PATTERNS_MAX; i++) {
        const tw_node *n = &m->doc.nodes[i];
        if (n->kind != TW_NODE_STRING || tw_str_eq(n->key, TW_S("types"))) continue;
        bool star = tw_str_chr(n->text, '*') != TW_NPOS && tw_str_chr(entry->key, '*') != TW_NPOS;
        uint32_t member = star ? TW_NO_MEMBER : npm_resolve(m, n->text);
        if (star) star_aliases(m, entry->key, n->text);
        alias(m, entry->key, member);
        if (star || member != TW_NO_MEMBER) return;
    }
}

void npm_aliases(const npm_manifest *own)
{
    const tw_package *p = own->p;
    const tw_node *list = tw_node_get(&own->doc, 0, TW_S("imports"));
    uint32_t id = list && list->kind == TW_NODE_OBJECT ? tw_node_id(&own->doc, list) : 0;
    for (uint32_t i = id ? tw_node_first(&own->doc, id) : 0; id && i != tw_node_end(&own->doc, id);
         i = own->doc.nodes[i].next)
        import_alias(own, &own->doc.nodes[i]);
    for (uint32_t i = 0; i < p->n_kept && i < ALIASES_MAX; i++) {
        npm_manifest m = {.p = own->p, .paths = own->paths, .file = &p->kept[i]};
        bool here = m.file->path.n > own->dir.n + 13 && tw_str_starts(m.file->path, own->dir);
        if (!here || tw_json_read(p->arena, m.file->data, NULL, &m.doc, NULL) != TW_OK) continue;
        m.dir = tw_str_sub(m.file->path, 0, m.file->path.n - 12);
        if (tw_node_str(&m.doc, 0, TW_S("main"), TW_S("")).n)
            alias(&m, tw_str_sub(m.dir, 0, m.dir.n - 1), npm_main(&m));
    }
}
