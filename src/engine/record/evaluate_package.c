/* SPDX-License-Identifier: Apache-2.0 */
/* What a file may know of its package: contents of members, constants of sibling modules, arguments that its own
 * functions were seen to get. Whatever is not found stays as unknown as it was. */
#include "engine/record/evaluate_package.h"

#include "base/doc.h"
#include "base/utf8.h"

enum { SHOWN = 48, IMPORTED = 1 << 18, JSON_NODES = 1 << 18, SYMBOL_MAX = 200, LISTED = 64 };

uint32_t tw_recipe_decodes(tw_str recipe)
{
    tw_str part;
    uint32_t n = 0;
    while (recipe.n && tw_str_split(&recipe, '>', &part)) {
        part = tw_str_trim(part);
        n += part.n && !tw_str_starts(part, TW_S("file ")) && !tw_str_starts(part, TW_S("from ")) &&
             !tw_str_eq(part, TW_S("json"));
    }
    return n;
}

uint32_t ev_package_make(ev *e, uint8_t kind, tw_str text, uint16_t how, uint32_t recipe)
{
    uint32_t v = ev_folded(e, kind, text, recipe);
    ev_at(e, v)->how = how;
    return v;
}

bool ev_package_arg(ev *e, const ev_args *a, uint32_t i, const char *keyword, tw_str *ret)
{
    return ev_arg_text(e, a, i, keyword, ret);
}

/* Every call asks: the words of the table by hash, the first row of a word. */
static void list_rows(ev *e, const ev_package_row *rows, size_t n)
{
    ev_package *p = e->package;
    tw_map_init(&p->rows, e->tmp);
    for (size_t i = 0; i < n; i++) {
        tw_str rest = tw_str_c(rows[i].symbols), word = {NULL, 0};
        while (tw_str_split(&rest, ' ', &word)) {
            bool is_new = false;
            uint64_t *at = word.n ? tw_map_put(&p->rows, word, &is_new) : NULL;
            if (is_new) *at = i + 1;
        }
    }
    p->listed = rows;
}

uint32_t ev_package_table(ev *e, const ev_package_row *rows, size_t n, tw_str symbol, const ev_args *a)
{
    if (!symbol.n || symbol.n >= SYMBOL_MAX || !e->package) return 0;
    if (e->package->listed != rows) list_rows(e, rows, n);
    const uint64_t *at = tw_map_get(&e->package->rows, symbol);
    return at ? rows[*at - 1].fn(e, a) : 0;
}

/* --- contents ------------------------------------------------------------------------------------ */
uint32_t ev_package_origin(ev *e, const char *word, tw_str path)
{
    tw_str tail = tw_str_sub(path, path.n > SHOWN ? path.n - SHOWN : 0, path.n);
    tw_str s = tw_arena_fmt(e->tmp, "%s%s%.*s", word, tail.n < path.n ? "..." : "", TW_FMT(tail));
    char *p = tw_arena_raw(e->tmp, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[i] == '>' || (unsigned char)s.p[i] < ' ' ? '?' : s.p[i];
    p[s.n] = '\0';
    return ev_recipe_add(e, 0, p);
}

static tw_world_has have(ev *e, tw_str member, tw_str *ret)
{
    tw_world *w = e->package->in;
    tw_world_has has = ev_step(e, 8) ? w->read(w->ctx, member, ret) : TW_WORLD_NONE;
    if (has == TW_WORLD_LARGE || (has == TW_WORLD_HERE && !ev_room(e, ret->n))) {
        w->why = "a file of the package is larger than the limits allow";
        return TW_WORLD_LARGE;
    }
    if (has == TW_WORLD_HERE) { /* as if it stood in the file */
        uint64_t more = (ret->n / 1024 + 1) * e->lim->steps_per_kb;
        e->max_steps += more, e->machine_max += more / 4 * 3;
    }
    return has;
}

/* A path of this world; a relative one from the file's folder upwards, for nobody knows where it is started. */
uint32_t ev_package_read(ev *e, tw_str path)
{
    tw_str bytes, root = TW_S(TW_WORLD_ROOT), member = TW_S("");
    tw_world_has has = TW_WORLD_NONE;
    if (!path.n || path.n > 1024) return 0;
    path = ev_path_normal(e, path);
    if (tw_str_starts(path, root)) {
        member = tw_str_sub(path, root.n, path.n);
        has = have(e, member, &bytes);
    } else if (path.p[0] != '/') {
        tw_str dir = e->package->in->path;
        do {
            dir = ev_path_dir(dir);
            member = ev_path_join(e, dir, path);
            has = have(e, member, &bytes);
        } while (has == TW_WORLD_NONE && dir.n);
    }
    if (has == TW_WORLD_NONE) e->package->in->why = "a file that is not in the package";
    if (has != TW_WORLD_HERE) return 0;
    return ev_folded(e, TW_VAL_BYTES, bytes, ev_package_origin(e, "file ", member));
}

/* Python's text files: UTF-8 unless something else is said, line ends made \n. */
uint32_t ev_package_text(ev *e, uint32_t bytes, tw_str encoding)
{
    tw_str s;
    if (!bytes || !ev_text(e, bytes, &s)) return 0;
    uint32_t v = ev_recode(e, bytes, encoding.n ? encoding : TW_S("utf-8"), false);
    if (!v || !ev_text(e, v, &s) || tw_str_chr(s, '\r') == TW_NPOS) return v;
    if (!ev_room(e, s.n)) return 0;
    char *p = tw_arena_raw(e->tmp, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool pair = s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
        if (!pair) p[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
    }
    return ev_folded(e, TW_VAL_STR, tw_str_of(p, n), ev_at(e, v)->recipe);
}

/* Names of the members in a folder, or their paths. */
uint32_t ev_package_names(ev *e, tw_str dir, tw_str ending, bool whole)
{
    tw_str root = TW_S(TW_WORLD_ROOT), name;
    uint32_t base = e->stack.n;
    dir = ev_path_normal(e, dir);
    bool ours = tw_str_starts(dir, root) || tw_str_eq(dir, tw_str_sub(root, 0, root.n - 1));
    tw_str in =
        ours ? tw_str_sub(dir, root.n, dir.n) : ev_path_join(e, ev_path_dir(e->package->in->path), dir);
    in = tw_str_eq(in, TW_S(".")) ? TW_S("") : ev_path_normal(e, in);
    for (uint32_t i = 0;
         i < LISTED && ev_step(e, 16) && e->package->in->list(e->package->in->ctx, in, i, &name); i++) {
        if (!tw_str_ends(name, ending)) continue;
        tw_str s = whole ? ev_path_join(e, dir, name) : tw_arena_str(e->tmp, name);
        TW_PUSH(e->tmp, e->stack, ev_package_make(e, TW_VAL_STR, s, whole ? EV_AS_PATH : 0, 0));
    }
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    ev_at(e, v)->recipe = 1; /* a loop over it means any of them */
    return v;
}

uint32_t ev_package_pick(ev *e, uint32_t n)
{
    tw_world *w = e->package->in;
    if (n > TW_WORLD_CHOICES) n = TW_WORLD_CHOICES;
    if (n > w->n_choices) w->n_choices = n;
    return n ? w->choice % n : 0;
}

/* 0: an ordinary element. */
uint32_t ev_package_iter(ev *e, uint32_t source)
{
    const ev_val *x = ev_at(e, source);
    if (x->kind != TW_VAL_SEQ || !x->recipe || !x->n || e->m) return 0;
    return ev_item(e, x, ev_package_pick(e, x->n));
}

/* --- JSON ---------------------------------------------------------------------------------------- */
static uint32_t from_node(ev *e, const tw_doc *doc, uint32_t id, const uint32_t *made, uint32_t recipe)
{
    const tw_node *n = &doc->nodes[id];
    int64_t whole;
    uint32_t base = e->stack.n;
    switch (n->kind) {
    case TW_NODE_STRING: return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, n->text), recipe);
    case TW_NODE_BOOL: return ev_bool(e, n->truth);
    case TW_NODE_NUMBER: return ev_parse_int(n->text, 10, &whole) ? ev_int(e, whole) : ev_unknown(e);
    case TW_NODE_NULL: return ev_none(e);
    default: break;
    }
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next) {
        if (n->kind == TW_NODE_OBJECT)
            TW_PUSH(e->tmp, e->stack, ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, doc->nodes[i].key), 0));
        TW_PUSH(e->tmp, e->stack, made[i]);
    }
    uint32_t v =
        ev_list(e, n->kind == TW_NODE_OBJECT ? TW_VAL_MAP : TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    return v;
}

uint32_t ev_package_json(ev *e, uint32_t text)
{
    static const tw_doc_limits limits = {.max_depth = 64, .max_nodes = JSON_NODES};
    tw_str s;
    tw_doc doc;
    if (!text || !ev_text(e, text, &s) || !ev_step(e, 16 + s.n / 8) || !ev_room(e, s.n)) return 0;
    if (tw_str_starts(s, TW_S("\xef\xbb\xbf"))) s = tw_str_sub(s, 3, s.n);
    tw_arena *a = tw_arena_new(0);
    uint32_t *made = NULL, recipe = ev_recipe_add(e, ev_at(e, text)->recipe, "json");
    bool fine = tw_json_read(a, s, &limits, &doc, NULL) == TW_OK;
    uint32_t n = fine ? doc.nodes[0].next : 0;
    fine = fine && ev_step(e, n);
    if (fine) made = TW_NEWN(a, uint32_t, (size_t)n + 1);
    for (uint32_t i = n; fine && i-- > 0;) made[i] = from_node(e, &doc, i, made, recipe); /* children first */
    uint32_t v = fine && n ? made[0] : 0;
    tw_arena_free(a);
    return v;
}

/* --- values of other files ------------------------------------------------------------------------ */
static uint32_t leaf_of(ev *e, const tw_record *r, const tw_val *v, uint32_t recipe)
{
    uint32_t made;
    switch (v->kind) {
    case TW_VAL_STR:
    case TW_VAL_BYTES:
        if (!ev_room(e, tw_rec_str(r, v->a).n)) return 0;
        return ev_folded(e, v->kind, tw_arena_str(e->tmp, tw_rec_str(r, v->a)), recipe);
    case TW_VAL_INT: return ev_int(e, (int64_t)((uint64_t)v->b << 32 | v->a));
    case TW_VAL_BOOL: return ev_bool(e, v->a);
    case TW_VAL_NULL_: return ev_none(e);
    case TW_VAL_FLOAT:
        made = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, tw_rec_str(r, v->a)), 0);
        ev_at(e, made)->flags = EV_CONST;
        return made;
    default: return 0;
    }
}

/* Operands stand below their value, so the range from the lowest needed to v is walked once, upwards. */
static uint32_t import_value(ev *e, const tw_record *r, uint32_t v, uint32_t recipe)
{
    const tw_val *top = &r->vals[v];
    if (top->kind != TW_VAL_SEQ && top->kind != TW_VAL_MAP) return leaf_of(e, r, top, recipe);
    if (v > IMPORTED || !ev_step(e, v)) return 0;
    tw_arena *a = tw_arena_new(0);
    uint8_t *want = TW_NEWN(a, uint8_t, (size_t)v + 1);
    uint32_t *made = TW_NEWN(a, uint32_t, (size_t)v + 1), base = e->stack.n;
    want[v] = 1;
    for (uint32_t i = v + 1; i-- > 0;) {
        bool list = r->vals[i].kind == TW_VAL_SEQ || r->vals[i].kind == TW_VAL_MAP;
        for (uint32_t k = 0; want[i] && list && k < r->vals[i].n; k++)
            want[r->lists[r->vals[i].list + k]] = 1;
    }
    for (uint32_t i = 0; i <= v; i++) {
        const tw_val *x = &r->vals[i];
        if (!want[i]) continue;
        if (x->kind != TW_VAL_SEQ && x->kind != TW_VAL_MAP) {
            made[i] = leaf_of(e, r, x, recipe);
            if (!made[i]) made[i] = ev_unknown(e);
            continue;
        }
        for (uint32_t k = 0; k < x->n; k++) TW_PUSH(e->tmp, e->stack, made[r->lists[x->list + k]]);
        made[i] = ev_list(e, x->kind, e->stack.v + base, x->n);
        e->stack.n = base;
    }
    uint32_t result = made[v];
    tw_arena_free(a);
    return result;
}

static uint32_t own_name(ev *e, tw_str s)
{
    const tw_world *w = e->package->in;
    tw_str path = ev_path_own(e), none = TW_S("");
    tw_str text = none;
    if (e->js) {
        if (tw_str_eq(s, TW_S("__dirname")) || tw_str_eq(s, TW_S("import.meta.dirname")))
            text = ev_path_dir(path);
        if (tw_str_eq(s, TW_S("__filename")) || tw_str_eq(s, TW_S("import.meta.filename"))) text = path;
        if (tw_str_eq(s, TW_S("import.meta.url"))) text = tw_arena_fmt(e->tmp, "file://%.*s", TW_FMT(path));
    } else {
        if (tw_str_eq(s, TW_S("__doc__")))
            return ev_docstring(
                e, 0, ev_package_origin(e, "file ", tw_arena_fmt(e->tmp, "%.*s docstring", TW_FMT(w->path))));
        if (tw_str_eq(s, TW_S("__file__")) || tw_str_eq(s, TW_S("__spec__.origin"))) text = path;
        if (tw_str_eq(s, TW_S("__name__"))) text = w->module;
        if (tw_str_eq(s, TW_S("__package__")) || tw_str_eq(s, TW_S("__spec__.parent"))) text = w->package;
    }
    return text.n ? ev_folded(e, TW_VAL_STR, text, 0) : 0;
}

static uint32_t find_name(ev *e, tw_str s)
{
    tw_world *w = e->package->in;
    uint32_t value, v = own_name(e, s);
    tw_str path;
    if (v || !w->name || tw_str_find(s, TW_S("()")) != TW_NPOS || !ev_step(e, 32)) return v;
    const tw_record *r = w->name(w->ctx, s, &value, &path);
    v = r ? import_value(e, r, value, ev_package_origin(e, "from ", path)) : 0;
    return v && ev_is_const(e, v) ? v : r ? ev_peer_name(e, s) : 0;
}

uint32_t ev_package_name(ev *e, uint32_t sym)
{
    const uint64_t *slot = tw_map_get(&e->package->names, ev_sym(e, sym));
    if (slot) return *slot ? (uint32_t)*slot - 1 : 0;
    uint32_t v = find_name(e, ev_sym(e, sym));
    if (!e->m)
        *tw_map_put(&e->package->names, ev_sym(e, sym), NULL) = v ? v + 1ull : 0; /* a machine's values go */
    return v;
}

/* --- parameters ------------------------------------------------------------------------------------ */
void ev_package_give(ev *e, uint32_t callee, uint32_t param, uint32_t value)
{
    const ev_val *f = ev_at(e, callee);
    if (f->kind != TW_VAL_FUNC || !value || !ev_is_const(e, value)) return;
    uint32_t scope = f->a;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    if ((sc->kind != TW_REGION_FUNCTION && sc->kind != TW_REGION_LAMBDA) || param >= sc->n_params) return;
    uint32_t key[2] = {scope, param}, n = 0;
    uint64_t *slot =
        tw_map_put(&e->package->given, tw_arena_str(e->tmp, tw_str_of((char *)key, sizeof key)), NULL);
    for (uint32_t i = (uint32_t)*slot; i; i = e->package->values.v[i - 1].next, n++) {
        uint32_t old = e->package->values.v[i - 1].value;
        tw_str s, t;
        bool texts = ev_text(e, old, &s) && ev_text(e, value, &t);
        if (old == value || (texts && tw_str_eq(s, t)) || n >= TW_WORLD_CHOICES) return;
    }
    TW_PUSH(e->tmp, e->package->values, ((ev_package_given){value, (uint32_t)*slot}));
    *slot = e->package->values.n;
    e->package->again[scope] = 1;
    e->package->any = true;
}

/* What a parameter holds: one of the values that calls in this file hand over, where nothing else is known. */
uint32_t ev_package_param(ev *e, uint32_t scope, uint32_t param, uint32_t v)
{
    uint32_t key[2] = {scope, param}, n = 0, all[TW_WORLD_CHOICES];
    const uint64_t *slot = e->m ? NULL : tw_map_get(&e->package->given, tw_str_of((char *)key, sizeof key));
    for (uint32_t i = slot ? (uint32_t)*slot : 0; i && n < TW_COUNT(all);
         i = e->package->values.v[i - 1].next)
        all[n++] = e->package->values.v[i - 1].value;
    return n ? all[n - 1 - ev_package_pick(e, n)] : v;
}

static void give_args(ev *e, const ev_call *c)
{
    const ev_val *f = ev_at(e, c->callee);
    const tw_scope *sc = &e->ir->scopes.v[f->a];
    uint32_t skip = e->ir->scopes.v[sc->parent].kind == TW_REGION_CLASS && !e->js && !(sc->flags & 4);
    for (uint32_t i = 0; i < c->n_args && i < 16; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        if (a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP) return;
        uint32_t p = i + skip;
        for (uint32_t k = 0; a.name && k < sc->n_params; k++)
            if (e->ir->params.v[sc->params + k].name == a.name) p = k;
        ev_package_give(e, c->callee, p, a.value);
    }
}

/* --- calls ------------------------------------------------------------------------------------------ */
uint32_t ev_package_call(ev *e, uint32_t call)
{
    const ev_call c = e->calls.v[call];
    uint32_t v[16], names[16], n = 0, r = 0;
    if (c.flags & TW_RC_DECORATOR || ev_is_command_language(e)) return 0;
    if (ev_at(e, c.callee)->kind == TW_VAL_FUNC) {
        if (!e->m) give_args(e, &c);
        return 0;
    }
    for (; n < c.n_args && n < TW_COUNT(v); n++) {
        tw_rec_arg a = e->args.v[c.args + n];
        if (a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP) return 0;
        v[n] = a.value, names[n] = a.name;
    }
    const ev_val *callee = ev_at(e, c.callee);
    ev_args args = {callee->kind == TW_VAL_MEMBER ? callee->a : 0, v, names, n};
    if (args.self) r = ev_package_method(e, ev_sym(e, callee->b), &args);
    if (r) return r;
    tw_str symbol = ev_sym(e, c.sym);
    r = e->js ? ev_package_javascript(e, symbol, &args, &c) : ev_package_python(e, symbol, &args);
    return r || callee->kind != TW_VAL_SYMBOL ? r : ev_peer_call(e, symbol, &args);
}

/* What a function made of a text came from where the text did. */
void ev_package_trace(ev *e, uint32_t call, uint32_t v)
{
    const ev_call *c = &e->calls.v[call];
    const ev_val *callee = ev_at(e, c->callee);
    uint32_t from = callee->kind == TW_VAL_MEMBER ? callee->a : c->n_args ? e->args.v[c->args].value : 0;
    uint32_t recipe = from && ev_at(e, from)->kind != TW_VAL_SEQ ? ev_at(e, from)->recipe : 0;
    ev_val *x = ev_at(e, v);
    if (!recipe || x->recipe) return;
    if (x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES) x->recipe = recipe;
    for (uint32_t i = 0; x->kind == TW_VAL_SEQ && i < x->n && i < 4096; i++) {
        ev_val *item = ev_at(e, ev_item(e, x, i));
        if (item->kind == TW_VAL_STR || item->kind == TW_VAL_BYTES) item->recipe = recipe;
    }
}
