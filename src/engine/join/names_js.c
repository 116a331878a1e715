/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's modules: "./x" beside the file that names it, with the tails that resolvers add. A record writes
 * a member of such a module "./x:.member". */
#include "engine/join/join_priv.h"

enum { PATH_MAX_BYTES = 1024 };

bool jn_is_js(const jn *j, uint32_t unit)
{
    return tw_lang_family((tw_lang)j->units[unit].r->lang) == TW_LANG_JAVASCRIPT;
}

/* "x" of node_modules/x/main.js, "@s/x"; the package itself by its name. */
static tw_str package_of(const jn *j, tw_str path)
{
    static const tw_str inside = TW_SI("node_modules/");
    size_t at = 0, hit;
    while ((hit = tw_str_find(tw_str_sub(path, at, path.n), inside)) != TW_NPOS) at += hit + inside.n;
    if (!at) return j->p->name;
    tw_str name = tw_str_sub(path, at, path.n);
    size_t slash = tw_str_chr(name, '/');
    if (slash != TW_NPOS && name.p[0] == '@') {
        size_t more = tw_str_chr(tw_str_sub(name, slash + 1, name.n), '/');
        slash = more == TW_NPOS ? more : slash + 1 + more;
    }
    return slash == TW_NPOS ? TW_S("") : tw_str_sub(name, 0, slash);
}

static void js_packages(jn *j)
{
    tw_map_init(&j->packages, j->a);
    for (uint32_t i = 0; j->p && i < j->p->roots.n; i++) {
        const tw_root *r = &j->p->roots.v[i];
        if (r->trigger != TW_TRIGGER_IMPORT || r->member >= j->p->n_members ||
            !tw_str_eq(r->reason, TW_S("main")))
            continue;
        tw_str path = j->p->members[r->member].path, name = package_of(j, path);
        const uint64_t *unit = tw_map_get(&j->paths, path);
        uint64_t *slot = unit && name.n ? tw_map_put(&j->packages, name, NULL) : NULL;
        if (slot && !*slot) *slot = *unit;
    }
}

/* Folders by their path, "#inner" among the packages: its members are named as theirs are. */
static void js_aliases(jn *j)
{
    tw_map_init(&j->aliases, j->a);
    for (uint32_t i = 0; j->p && i < j->p->aliases.n; i++) {
        const tw_alias *a = &j->p->aliases.v[i];
        if (!a->name.n || a->member >= j->p->n_members) continue;
        const uint64_t *unit = tw_map_get(&j->paths, j->p->members[a->member].path);
        uint64_t *slot = tw_map_put(&j->aliases, a->name, NULL);
        if (!*slot) *slot = a->member + 1ull;
        if (a->name.p[0] != '#' || !unit) continue;
        slot = tw_map_put(&j->packages, a->name, NULL);
        if (!*slot) *slot = *unit;
    }
}

void jn_js_paths(jn *j)
{
    tw_map_init(&j->paths, j->a);
    for (uint32_t i = 0; j->p && i < j->n_units; i++) {
        const tw_unit *u = &j->out->units[i];
        bool loads = jn_is_js(j, i) || j->units[i].r->lang == TW_LANG_NATIVE; /* require("./x.node") */
        if (u->parent != TW_NONE || u->member >= j->p->n_members || !loads) continue;
        uint64_t *slot = tw_map_put(&j->paths, j->p->members[u->member].path, NULL);
        if (!*slot) *slot = i + 1;
    }
    js_packages(j);
    js_aliases(j);
}

static uint32_t at_path(const jn *j, tw_buf *path)
{
    static const char *const tails[] = {"",          ".js",        ".cjs",       ".mjs",      ".ts",
                                        ".tsx",      ".jsx",       ".mts",       ".cts",      ".node",
                                        "/index.js", "/index.cjs", "/index.mjs", "/index.ts", "/index.tsx"};
    enum { FILES = 10 };
    size_t n = path->n;
    for (size_t i = 0; i < TW_COUNT(tails); i++) {
        path->n = n;
        const uint64_t *folder = i == FILES ? tw_map_get(&j->aliases, tw_buf_str(path)) : NULL;
        const uint64_t *main = folder ? tw_map_get(&j->paths, j->p->members[*folder - 1].path) : NULL;
        if (folder) return main ? (uint32_t)(*main - 1) : TW_NONE;
        tw_buf_puts(path, tw_str_c(tails[i]));
        const uint64_t *unit = tw_map_get(&j->paths, tw_buf_str(path));
        if (unit) return (uint32_t)(*unit - 1);
    }
    return TW_NONE;
}

/* "./x.js" as TypeScript writes it for x.ts. */
static uint32_t without_tail(const jn *j, tw_buf *path, size_t n)
{
    tw_str p = tw_str_of(path->p, n);
    if (!tw_str_ends(p, TW_S(".js")) && !tw_str_ends(p, TW_S(".jsx"))) return TW_NONE;
    path->n = tw_str_rchr(p, '.');
    return at_path(j, path);
}

static bool put_path(const jn *j, uint32_t unit, tw_str spec, tw_buf *path)
{
    const tw_unit *top = &j->out->units[unit];
    for (uint32_t guard = 0; top->parent < j->n_units && guard < 64; guard++)
        top = &j->out->units[top->parent];
    if (!j->p || top->member >= j->p->n_members || !spec.n || spec.p[0] != '.' || spec.n > PATH_MAX_BYTES)
        return false;
    tw_str from = j->p->members[top->member].path, part;
    size_t slash = tw_str_rchr(from, '/');
    tw_buf_puts(path, tw_str_sub(from, 0, slash == TW_NPOS ? 0 : slash));
    while (tw_str_split(&spec, '/', &part)) {
        tw_str now = tw_buf_str(path);
        if (!part.n || tw_str_eq(part, TW_S("."))) continue;
        if (tw_str_eq(part, TW_S(".."))) {
            slash = tw_str_rchr(now, '/');
            path->n = slash == TW_NPOS ? 0 : slash;
            continue;
        }
        if (path->n) tw_buf_putc(path, '/');
        tw_buf_puts(path, part);
    }
    return true;
}

tw_str jn_js_path(const jn *j, uint32_t unit, tw_str spec)
{
    tw_buf path = TW_BUF_INIT;
    tw_str got = put_path(j, unit, spec, &path) ? tw_arena_str(j->a, tw_buf_str(&path)) : TW_S("");
    const uint64_t *main = tw_map_get(&j->aliases, got.n ? got : spec);
    if (main) got = j->p->members[*main - 1].path;
    tw_buf_free(&path);
    return got;
}

/* The unit that "./a/../b" names as seen from a file; TW_NONE. */
uint32_t jn_js_unit(const jn *j, uint32_t unit, tw_str spec)
{
    tw_buf path = TW_BUF_INIT;
    uint32_t found = TW_NONE;
    if (put_path(j, unit, spec, &path)) {
        size_t n = path.n;
        found = at_path(j, &path);
        if (found == TW_NONE) found = without_tail(j, &path, n);
    }
    tw_buf_free(&path);
    return found;
}

/* inner.run() of a package that came along: names hold dots themselves, so the longest that is known. */
static uint32_t among_packages(const jn *j, uint32_t unit, tw_str name, tw_str *ret_rest)
{
    size_t end = 0;
    while (end < name.n && name.p[end] != '(' && name.p[end] != '[') end++;
    for (;;) {
        const uint64_t *slot = tw_map_get(&j->packages, tw_str_sub(name, 0, end));
        if (slot && *slot - 1 != unit) {
            tw_str rest = tw_str_sub(name, end, name.n);
            *ret_rest = rest.n && rest.p[0] == '.' ? tw_str_sub(rest, 1, rest.n) : rest;
            return (uint32_t)(*slot - 1);
        }
        end = end ? tw_str_rchr(tw_str_sub(name, 0, end), '.') : TW_NPOS;
        if (end == TW_NPOS) return TW_NONE;
    }
}

bool jn_js_own(tw_str name, tw_str *ret_rest)
{
    static const tw_str before[] = {TW_SI("module.exports."), TW_SI("exports.")};
    for (size_t i = 0; i < TW_COUNT(before); i++)
        if (tw_str_starts(name, before[i])) return *ret_rest = tw_str_sub(name, before[i].n, name.n), true;
    return false;
}

/* The unit a symbol starts with, and what of it is to be found there: "./x:.run()" -> x, "run()". */
uint32_t jn_js_symbol(const jn *j, uint32_t unit, tw_str name, tw_str *ret_rest)
{
    size_t colon = tw_str_chr(name, ':');
    if (name.n && name.p[0] != '.' && j->packages.n) return among_packages(j, unit, name, ret_rest);
    if (!name.n || name.p[0] != '.' || colon == TW_NPOS) return TW_NONE;
    uint32_t m = jn_js_unit(j, unit, tw_str_sub(name, 0, colon));
    if (m == TW_NONE) return m;
    tw_str rest = tw_str_sub(name, colon + 1, name.n);
    *ret_rest = rest.n && rest.p[0] == '.' ? tw_str_sub(rest, 1, rest.n) : rest;
    return m;
}

uint32_t jn_js_inner(const jn *j, uint32_t unit)
{
    for (uint32_t guard = 0; guard < 8 && !tw_map_get(&j->units[unit].names, TW_S("exports")); guard++) {
        uint32_t l = j->first_layer[unit];
        while (l && !tw_map_get(&j->units[l - 1].names, TW_S("exports"))) l = j->next_layer[l - 1];
        if (!l && j->first_layer[unit] && !j->next_layer[j->first_layer[unit] - 1])
            l = j->first_layer[unit]; /* in a layer of it */
        if (!l) break;
        unit = l - 1;
    }
    return unit;
}

/* What a module gives under no name or under `default`, and the members of one thing that it exports. */
tw_str jn_js_export(jn *j, uint32_t unit, tw_str rest)
{
    tw_map *names = &j->units[unit].names;
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '.' && rest.p[end] != '(' && rest.p[end] != '[') end++;
    tw_str first = tw_str_sub(rest, 0, end);
    if (first.n && tw_map_get(names, first)) return rest;
    if (!tw_map_get(names, TW_S("exports"))) return rest;
    if (tw_str_eq(first, TW_S("default"))) rest = tw_str_sub(rest, end, rest.n);
    bool plain = !rest.n || rest.p[0] == '(' || rest.p[0] == '[' || rest.p[0] == '.';
    return tw_arena_fmt(j->a, "exports%s%.*s", plain ? "" : ".", TW_FMT(rest));
}
