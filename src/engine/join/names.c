/* SPDX-License-Identifier: Apache-2.0 */
/* Names across the files of a package: modules, re-exports, methods and their bases. */
#include "engine/join/join_priv.h"

enum { HOPS = 8, STARS = 16, BASES = 16 };

static uint64_t name_entry(uint32_t kind, uint32_t id)
{
    return (uint64_t)kind << 32 | id;
}

static tw_str dotted_parent(tw_str s)
{
    size_t dot = tw_str_rchr(s, '.');
    return dot == TW_NPOS ? TW_S("") : tw_str_sub(s, 0, dot);
}

/* A name of a function, for the layers that it runs. */
static tw_str local_key(jn *j, uint32_t func, tw_str name)
{
    const char head[] = {'\0', (char)func, (char)(func >> 8), (char)(func >> 16), (char)(func >> 24)};
    return jn_cat(j, tw_str_of(head, sizeof head), "", name);
}

static uint64_t *name_slot(jn *j, jn_unit *u, uint32_t func, tw_str name, bool *ret_fresh)
{
    return tw_map_put(&u->names, func ? local_key(j, func, name) : name, ret_fresh);
}

static void index_names(jn *j, jn_unit *u)
{
    const tw_record *r = u->r;
    tw_map_init(&u->names, j->a);
    for (uint32_t f = 1; f < r->n_funcs; f++) {
        tw_str qual = tw_rec_str(r, r->funcs[f].qual);
        if (!qual.n) continue;
        *tw_map_put(&u->names, qual, NULL) = name_entry(JN_NAME_FUNC, f);
        size_t dot = tw_str_rchr(qual, '.');
        if (dot != TW_NPOS) tw_map_put(&j->methods, tw_str_sub(qual, dot + 1, qual.n), NULL);
    }
    for (uint32_t i = 0; i < r->n_binds; i++) {
        bool fresh;
        if (r->binds[i].func != 0 && !r->n_layers) continue;
        uint64_t *slot = name_slot(j, u, r->binds[i].func, tw_rec_str(r, r->binds[i].name), &fresh);
        if (fresh) *slot = name_entry(JN_NAME_VALUE, r->binds[i].value);
    }
    for (uint32_t i = 0; i < r->n_imports; i++) {
        const tw_rec_import *im = &r->imports[i];
        bool fresh;
        uint32_t name = im->alias ? im->alias : im->name;
        if (!name || (im->func != 0 && !r->n_layers)) continue;
        uint64_t *slot = name_slot(j, u, im->func, tw_rec_str(r, name), &fresh);
        if (fresh) *slot = name_entry(JN_NAME_IMPORT, i);
    }
}

/* What the body of a file runs as code defines names of that file. */
static void index_layers(jn *j)
{
    j->first_layer = TW_NEWN(j->a, uint32_t, (size_t)j->n_units + 1);
    j->next_layer = TW_NEWN(j->a, uint32_t, (size_t)j->n_units + 1);
    for (uint32_t i = j->n_units; i-- > 0;) {
        const tw_unit *u = &j->out->units[i];
        if (u->parent >= i || u->layer >= j->units[u->parent].r->n_layers) continue;
        const tw_rec_layer *l = &j->units[u->parent].r->layers[u->layer];
        bool same = tw_lang_family((tw_lang)l->lang) == tw_lang_family((tw_lang)j->units[u->parent].r->lang);
        if (!l->executed || l->func != 0 || !same) continue;
        j->next_layer[i] = j->first_layer[u->parent];
        j->first_layer[u->parent] = i + 1;
    }
}

void jn_names(jn *j)
{
    index_layers(j);
    tw_map_init(&j->modules, j->a);
    tw_map_init(&j->methods, j->a);
    jn_js_paths(j);
    for (uint32_t i = 0; i < j->n_units; i++) {
        const tw_unit *tu = &j->out->units[i];
        jn_unit *u = &j->units[i];
        index_names(j, u);
        const tw_unit *top = tu;
        for (uint32_t guard = 0; top->parent < i && guard < 64; guard++) top = &j->out->units[top->parent];
        if (!j->p || !j->p->module || top->member >= j->p->n_members) continue;
        u->module = j->p->module[top->member];
        tw_str path = j->p->members[top->member].path, source = tw_pyc_source(j->a, path);
        if (source.n) path = source;
        bool is_package = tw_str_ends(path, TW_S("/__init__.py")) || tw_str_eq(path, TW_S("__init__.py"));
        u->package = is_package ? u->module : dotted_parent(u->module);
        if (tu->parent != TW_NONE || !u->module.n || jn_is_command_language(u)) continue;
        uint64_t *slot = tw_map_put(&j->modules, u->module, NULL);
        if (!*slot) *slot = i + 1;
    }
}

tw_str jn_cat(jn *j, tw_str a, const char *between, tw_str b)
{
    tw_str mid = tw_str_c(between);
    char *p = tw_arena_raw(j->a, a.n + mid.n + b.n);
    if (a.n) memcpy(p, a.p, a.n);
    if (mid.n) memcpy(p + a.n, mid.p, mid.n);
    if (b.n) memcpy(p + a.n + mid.n, b.p, b.n);
    return tw_str_of(p, a.n + mid.n + b.n);
}

/* ".x.y" -> "pkg.x.y" as seen from the unit's package. */
tw_str jn_abs_name(jn *j, uint32_t unit, tw_str name)
{
    size_t dots = 0;
    while (dots < name.n && name.p[dots] == '.') dots++;
    if (!dots) return name;
    tw_str base = j->units[unit].package, rest = tw_str_sub(name, dots, name.n);
    for (size_t i = 1; i < dots; i++) base = dotted_parent(base);
    if (!base.n) return rest;
    if (!rest.n) return base;
    return jn_cat(j, base, ".", rest);
}

static uint32_t longest_module(jn *j, tw_str name, tw_str *ret_rest)
{
    size_t end = 0;
    while (end < name.n && name.p[end] != '(' && name.p[end] != '[') end++;
    for (tw_str head = tw_str_sub(name, 0, end); head.n; head = dotted_parent(head)) {
        const uint64_t *unit = tw_map_get(&j->modules, head);
        if (!unit) continue;
        *ret_rest = tw_str_sub(name, head.n + (head.n < name.n && name.p[head.n] == '.'), name.n);
        return (uint32_t)(*unit - 1);
    }
    return TW_NONE;
}

/* The unit a dotted name starts with; *ret_rest is what follows it. Files in a folder that is no
 * package (scripts) see their neighbours. */
uint32_t jn_module_unit(jn *j, uint32_t unit, tw_str name, tw_str *ret_rest)
{
    uint32_t m = longest_module(j, jn_abs_name(j, unit, name), ret_rest);
    tw_str package = j->units[unit].package;
    if (m != TW_NONE || !package.n || (name.n && name.p[0] == '.')) return m;
    if (tw_map_get(&j->modules, package)) return TW_NONE;
    m = longest_module(j, jn_cat(j, package, ".", name), ret_rest);
    return m != TW_NONE && ret_rest->n < name.n ? m : TW_NONE;
}

uint32_t jn_method(jn *j, uint32_t class_func, tw_str name)
{
    uint32_t stack[BASES], n = 1, seen = 0;
    if (tw_str_chr(name, '.') == TW_NPOS && !tw_map_get(&j->methods, name)) return TW_NONE;
    stack[0] = class_func;
    while (n && seen++ < BASES) {
        uint32_t cls = stack[--n], unit = j->func_unit[cls];
        const jn_unit *u = &j->units[unit];
        const tw_rec_func *f = jn_func(j, cls);
        if (f->kind != TW_REGION_CLASS) continue;
        tw_str qual = tw_rec_str(u->r, f->qual);
        char key[256];
        if (qual.n + 1 + name.n > sizeof key) continue;
        memcpy(key, qual.p, qual.n);
        key[qual.n] = '.';
        memcpy(key + qual.n + 1, name.p, name.n);
        const uint64_t *slot = tw_map_get(&u->names, tw_str_of(key, qual.n + 1 + name.n));
        if (slot && *slot >> 32 == JN_NAME_FUNC) return u->func0 + (uint32_t)*slot;
        for (uint32_t i = f->n_bases; i-- > 0 && n < BASES;) {
            const tw_val *v = jn_val(j, unit, u->r->lists[f->bases + i]);
            jn_ref ref = {0};
            if (v->kind == TW_VAL_FUNC) ref = (jn_ref){JN_FUNC, unit, v->a};
            if (v->kind == TW_VAL_SYMBOL) ref = jn_lookup(j, unit, v->a);
            if (ref.kind == JN_FUNC) stack[n++] = j->units[ref.unit].func0 + ref.id;
        }
    }
    return TW_NONE;
}

uint32_t jn_constructor(jn *j, uint32_t class_func)
{
    bool js = jn_is_js(j, j->func_unit[class_func]);
    return jn_method(j, class_func, js ? TW_S("constructor") : TW_S("__init__"));
}

typedef struct walk { /* a name on its way through the package */
    uint32_t unit;
    tw_str name; /* still to be found in `unit` */
    jn_ref found;
    bool again; /* name is to be looked up from `unit` as if written there */
} walk;

static tw_str import_target(jn *j, const tw_record *r, const tw_rec_import *im)
{
    static const char dots[] = "................";
    tw_str module = tw_rec_str(r, im->module), name = tw_rec_str(r, im->name);
    int level = im->level < sizeof dots - 1 ? im->level : (int)sizeof dots - 1;
    bool js = tw_lang_family((tw_lang)r->lang) == TW_LANG_JAVASCRIPT && module.n && module.p[0] == '.';
    const char *between = module.n && name.n ? (js ? ":." : ".") : js ? ":" : "";
    tw_str full = jn_cat(j, module, between, name);
    return level ? jn_cat(j, tw_str_of(dots, (size_t)level), "", full) : full;
}

/* `first` is known in w->unit as `entry`; `rest` hangs on it (".m", "().m", ""). */
static void follow(jn *j, walk *w, uint64_t entry, tw_str rest)
{
    const jn_unit *u = &j->units[w->unit];
    uint32_t id = (uint32_t)entry;
    tw_str target = TW_S("");
    if (entry >> 32 == JN_NAME_VALUE) {
        const tw_val *v = jn_val(j, w->unit, id);
        if (v->kind == TW_VAL_FUNC || v->kind == TW_VAL_INSTANCE)
            entry = name_entry(JN_NAME_FUNC, id = v->a);
        else if (v->kind == TW_VAL_SYMBOL)
            target = tw_rec_str(u->r, v->a);
        else if (!rest.n)
            w->found = (jn_ref){JN_VALUE, w->unit, id};
        else if (v->kind == TW_VAL_CALL && v->a < u->r->n_calls)
            target = jn_cat(j, tw_rec_str(u->r, u->r->calls[v->a].symbol), "()", TW_S(""));
    }
    if (entry >> 32 == JN_NAME_IMPORT) target = import_target(j, u->r, &u->r->imports[id]);
    if (target.n && !tw_str_eq(target, w->name)) {
        w->name = rest.n ? jn_cat(j, target, "", rest) : target;
        w->again = true;
    }
    if (entry >> 32 != JN_NAME_FUNC) return;
    if (tw_str_starts(rest, TW_S("()"))) rest = tw_str_sub(rest, 2, rest.n);
    if (!rest.n) {
        w->found = (jn_ref){JN_FUNC, w->unit, id};
    } else if (rest.p[0] == '.') {
        uint32_t m = jn_method(j, u->func0 + id, tw_str_sub(rest, 1, rest.n));
        if (m != TW_NONE) w->found = (jn_ref){JN_FUNC, j->func_unit[m], m - j->units[j->func_unit[m]].func0};
    }
}

/* The units that a unit's first stars stand for. */
static void find_stars(jn *j, uint32_t unit)
{
    jn_unit *u = &j->units[unit];
    u->stars = TW_NEWN(j->a, uint32_t, STARS);
    for (uint32_t i = 0; i < u->r->n_imports && u->n_stars < STARS; i++) {
        const tw_rec_import *im = &u->r->imports[i];
        if (!(im->flags & TW_RI_STAR)) continue;
        tw_str left = TW_S("");
        tw_str target = import_target(j, u->r, im);
        uint32_t m =
            jn_is_js(j, unit) ? jn_js_symbol(j, unit, target, &left) : jn_module_unit(j, unit, target, &left);
        u->stars[u->n_stars++] = left.n || m == unit ? TW_NONE : m;
    }
    uint32_t hold[STARS], n = 0;
    for (uint32_t l = j->first_layer[unit]; l && n < STARS; l = j->next_layer[l - 1]) hold[n++] = l - 1;
    for (uint32_t i = 0; i < n && u->n_stars < STARS; i++) { /* layers in layers too */
        u->stars[u->n_stars++] = hold[i];
        for (uint32_t l = j->first_layer[hold[i]]; l && n < STARS; l = j->next_layer[l - 1])
            hold[n++] = l - 1;
    }
}

/* func: the function there that looks; 0: the body, or another file. */
static bool find_in_unit(jn *j, walk *w, uint32_t func)
{
    const jn_unit *u = &j->units[w->unit];
    size_t end = 0;
    while (end < w->name.n && w->name.p[end] != '.' && w->name.p[end] != '(' && w->name.p[end] != '[') end++;
    tw_str first = tw_str_sub(w->name, 0, end), rest = tw_str_sub(w->name, end, w->name.n);
    const uint64_t *entry = func ? tw_map_get(&u->names, local_key(j, func, first)) : NULL;
    if (!entry) entry = tw_map_get(&u->names, first);
    if (entry) {
        follow(j, w, *entry, rest);
        return true;
    }
    if (!u->stars) find_stars(j, w->unit);
    for (uint32_t i = 0; i < u->n_stars; i++) {
        uint32_t m = u->stars[i];
        if (m == TW_NONE || !(entry = tw_map_get(&j->units[m].names, first))) continue;
        w->unit = m;
        follow(j, w, *entry, rest);
        return true;
    }
    return false;
}

/* A layer sees the names of what runs it, and of what runs that. */
static void find_around(jn *j, walk *w)
{
    for (uint32_t guard = 0; guard < 64; guard++) {
        const tw_unit *tu = &j->out->units[w->unit];
        if (tu->parent >= j->n_units) return;
        const tw_record *r = j->units[tu->parent].r;
        uint32_t func = tu->layer < r->n_layers ? r->layers[tu->layer].func : 0;
        w->unit = tu->parent;
        if (find_in_unit(j, w, func)) return;
    }
}

/* Is it something of the package? Then w->found says what; else w->name is what it came to after *ret_hops names. */
static bool walk_name(jn *j, walk *w, uint32_t *ret_hops)
{
    for (*ret_hops = 0; *ret_hops < HOPS && w->name.n; ++*ret_hops) {
        tw_str rest = TW_S("");
        bool js = jn_is_js(j, w->unit);
        uint32_t m =
            js ? jn_js_symbol(j, w->unit, w->name, &rest) : jn_module_unit(j, w->unit, w->name, &rest);
        if (js && m == TW_NONE && jn_js_own(w->name, &rest)) m = w->unit;
        w->again = false;
        if (m != TW_NONE && js) m = jn_js_inner(j, m), rest = jn_js_export(j, m, rest);
        if (m != TW_NONE && !rest.n) w->found = (jn_ref){JN_UNIT, m, 0};
        if (m != TW_NONE && (!rest.n || (m == w->unit && tw_str_eq(rest, w->name)))) return true;
        if (m != TW_NONE) {
            w->unit = m;
            w->name = rest;
            find_in_unit(j, w, 0);
        } else if (w->name.p[0] != '.') {
            find_around(j, w);
        }
        if (w->found.kind) return true;
        if (!w->again) return m != TW_NONE;
    }
    return false;
}

jn_ref jn_find(jn *j, uint32_t unit, tw_str name)
{
    walk w = {.unit = unit, .name = name};
    uint32_t hops;
    walk_name(j, &w, &hops);
    return w.found;
}

/* What a name means that the package only hands on: "requests.get" for ".compat.r.get", where compat imports requests as r;
 * what a layer calls by a name of the text that runs it. "": nothing outside the package. */
static tw_str name_outside(jn *j, uint32_t unit, tw_str name)
{
    walk w = {.unit = unit, .name = name};
    uint32_t hops = 0;
    bool inside = walk_name(j, &w, &hops);
    return inside || !hops || tw_str_eq(w.name, name) || w.name.p[0] == '.' ? TW_S("") : w.name;
}

const jn_api *jn_apis(jn *j, uint32_t unit, uint32_t s)
{
    static const jn_api none;
    jn_unit *u = &j->units[unit];
    if (!s || s >= u->r->n_strings) return &none;
    jn_api *api = &u->api[s];
    if (!api->tried) {
        uint32_t n;
        tw_str name = u->r->strings[s], outside;
        api->rows = tw_api_find((tw_lang)u->r->lang, name, &n);
        if (!n && !jn_is_command_language(u) && (outside = name_outside(j, unit, name)).n)
            api->rows = tw_api_find((tw_lang)u->r->lang, outside, &n);
        api->n = (uint16_t)n;
        api->tried = true;
    }
    return api;
}

jn_ref jn_lookup(jn *j, uint32_t unit, uint32_t s)
{
    jn_unit *u = &j->units[unit];
    if (!s || s >= u->r->n_strings || jn_is_command_language(u)) return (jn_ref){0};
    if (!u->sym[s]) {
        jn_ref ref = jn_find(j, unit, u->r->strings[s]);
        if (ref.kind) TW_PUSH(j->a, j->refs, ref);
        u->sym[s] = ref.kind ? j->refs.n : 1;
    }
    return j->refs.v[u->sym[s] - 1];
}
