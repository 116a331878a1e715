/* SPDX-License-Identifier: Apache-2.0 */
/* Which code runs when: functions and module bodies as nodes, calls, imports, definitions and layers
 * as edges; each node takes the strongest root that reaches it. */
#include "engine/join/join_priv.h"

enum { CALLABLES = 8, COMMAND_CLASSES = 64 };

jn_csr jn_csr_make(tw_arena *a, const jn_edge *e, uint32_t n_edges, uint32_t n_nodes)
{
    jn_csr c = {TW_NEWN(a, uint32_t, (size_t)n_nodes + 2), TW_NEWN(a, uint32_t, n_edges)};
    for (uint32_t i = 0; i < n_edges; i++) c.start[e[i].from + 2]++;
    for (uint32_t i = 1; i < n_nodes + 2; i++) c.start[i] += c.start[i - 1];
    for (uint32_t i = 0; i < n_edges; i++) c.to[c.start[e[i].from + 1]++] = e[i].to;
    return c;
}

uint32_t jn_node_of_call(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    if (c->flags & TW_RC_MAIN_GUARD) return jn_guard_node(j, unit);
    return j->units[unit].func0 + c->func;
}

static uint32_t unit_of_node(const jn *j, uint32_t node)
{
    return node >= j->n_funcs ? node - j->n_funcs : j->func_unit[node];
}

static void edge(jn *j, jn_edges *e, uint32_t from, uint32_t to)
{
    TW_PUSH(j->a, *e, ((jn_edge){from, to}));
}

static void edges_to_callable(jn *j, jn_edges *e, uint32_t from, uint32_t f)
{
    if (jn_func(j, f)->kind == TW_REGION_CLASS)
        jn_edges_of_instance(j, e, from, f);
    else
        edge(j, e, from, f);
}

/* A function written where it is handed over. */
static bool written_there(const jn *j, uint32_t f, const tw_rec_call *c)
{
    const tw_rec_func *fn = jn_func(j, f);
    bool within = fn->off >= c->off && fn->off + fn->len <= c->off + c->len;
    return fn->kind == TW_REGION_LAMBDA ||
           (fn->kind == TW_REGION_FUNCTION && (!fn->name || within) && jn_is_js(j, j->func_unit[f]));
}

/* Callables handed to something that calls them, one list deep. */
static void edges_of_handed(jn *j, jn_edges *e, uint32_t from, uint32_t unit, uint32_t v,
                            const tw_rec_call *only_there)
{
    const tw_val *val = jn_val(j, unit, v);
    if (val->kind < TW_VAL_SYMBOL) return; /* constants */
    const tw_record *r = j->units[unit].r;
    uint32_t n_items = val->kind == TW_VAL_SEQ ? val->n : 1, found[CALLABLES];
    for (uint32_t i = 0; i < n_items && i < 64; i++) {
        uint32_t item = val->kind == TW_VAL_SEQ ? r->lists[val->list + i] : v;
        uint32_t n = jn_callables(j, unit, item, found, CALLABLES);
        for (uint32_t k = 0; k < n; k++)
            if (!only_there || written_there(j, found[k], only_there))
                edges_to_callable(j, e, from, found[k]);
    }
}

/* Functions that are read as attributes, one list deep. */
static void edges_of_properties(jn *j, jn_edges *e, uint32_t from, uint32_t unit, uint32_t v)
{
    const tw_val *val = jn_val(j, unit, v);
    const jn_unit *u = &j->units[unit];
    bool list = val->kind == TW_VAL_SEQ || val->kind == TW_VAL_MAP || val->kind == TW_VAL_CONCAT;
    for (uint32_t i = 0; i < (list ? val->n : 1) && i < 64; i++) {
        const tw_val *x = list ? jn_val(j, unit, u->r->lists[val->list + i]) : val;
        uint32_t m = x->kind == TW_VAL_MEMBER ? jn_property_of(j, unit, x) : TW_NONE;
        if (x->kind == TW_VAL_FUNC && jn_is_property(j, u->func0 + x->a)) m = u->func0 + x->a;
        if (m != TW_NONE) edge(j, e, from, m);
    }
}

/* Which functions call a parameter of theirs, themselves or by handing it on: their callers' callbacks run. */
static uint8_t *find_invoking(jn *j)
{
    uint8_t *invoking = TW_NEWN(j->a, uint8_t, (size_t)j->n_funcs + 1);
    TW_VEC(uint32_t) queue = {0};
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        for (uint32_t c = 0; c < u->r->n_calls; c++) {
            const tw_rec_call *call = &u->r->calls[c];
            const jn_api *api = jn_apis(j, unit, call->symbol);
            bool invoker = api->n && api->rows->flags & TW_API_INVOKER;
            for (uint32_t i = 0; i <= (invoker ? call->n_args : 0); i++) {
                const tw_val *v = jn_val(j, unit, i ? u->r->args[call->args + i - 1].value : call->callee);
                bool own = v->kind == TW_VAL_PARAM && v->a == call->func; /* a closure's turn comes later */
                if (own && v->b < u->r->funcs[v->a].n_params)
                    TW_PUSH(j->a, queue, j->param_start[u->func0 + v->a] + v->b);
            }
        }
    }
    uint8_t *seen = TW_NEWN(j->a, uint8_t, (size_t)j->param_start[j->n_funcs] + 1);
    for (uint32_t head = 0; head < queue.n; head++) {
        uint32_t p = queue.v[head];
        if (seen[p]) continue;
        seen[p] = 1;
        for (uint32_t i = j->callers.start[p]; i < j->callers.start[p + 1]; i++) {
            uint32_t unit = jn_unit_of_value(j, j->callers.to[i]);
            const jn_unit *u = &j->units[unit];
            const tw_val *v = jn_val(j, unit, j->callers.to[i] - u->val0);
            if (v->kind == TW_VAL_PARAM && v->a < u->r->n_funcs && v->b < u->r->funcs[v->a].n_params)
                TW_PUSH(j->a, queue, j->param_start[u->func0 + v->a] + v->b);
        }
    }
    for (uint32_t f = 0; f < j->n_funcs; f++)
        for (uint32_t p = j->param_start[f]; p < j->param_start[f + 1]; p++) invoking[f] |= seen[p];
    return invoking;
}

/* n(123) of a bundle runs that module: its value is the exports of a function. */
static void edge_to_module(jn *j, jn_edges *e, uint32_t from, uint32_t unit, const tw_rec_call *c)
{
    const tw_val *v = jn_val(j, unit, c->result),
                 *of = v->kind == TW_VAL_MEMBER ? jn_val(j, unit, v->a) : NULL;
    if (of && of->kind == TW_VAL_FUNC && jn_is_js(j, unit)) edge(j, e, from, j->units[unit].func0 + of->a);
}

static void edges_of_call(jn *j, jn_edges *e, uint32_t unit, uint32_t c)
{
    const jn_unit *u = &j->units[unit];
    const tw_rec_call *call = &u->r->calls[c];
    uint32_t from = jn_node_of_call(j, unit, call);
    uint32_t first = j->target0[u->call0 + c], last = j->target0[u->call0 + c + 1];
    const jn_api *api = jn_apis(j, unit, call->symbol);
    if (call->flags & TW_RC_NEVER) return;
    for (uint32_t t = first; t < last; t++) edges_to_callable(j, e, from, j->targets.v[t]);
    if (first == last) edges_of_handed(j, e, from, unit, call->callee, NULL); /* self.callback() */
    edge_to_module(j, e, from, unit, call);
    bool invoker = false;
    for (uint32_t t = first; t < last; t++) invoker |= j->invoking[j->targets.v[t]];
    for (uint32_t i = 0; i < api->n; i++) invoker |= (api->rows[i].flags & TW_API_INVOKER) != 0;
    for (uint32_t i = 0; i < call->n_args; i++)
        edges_of_handed(j, e, from, unit, u->r->args[call->args + i].value, invoker ? NULL : call);
    bool makes = call->flags & TW_RC_DECORATOR || tw_str_eq(tw_rec_str(u->r, call->symbol), TW_S("property"));
    for (uint32_t i = 0; i <= call->n_args && !makes; i++) /* property(f) only makes one */
        edges_of_properties(j, e, from, unit,
                            i ? u->r->args[call->args + i - 1].value : jn_receiver(j, unit, call));
}

static void edges_of_import(jn *j, jn_edges *e, uint32_t unit, const tw_rec_import *im)
{
    const jn_unit *u = &j->units[unit];
    static const char dots[] = "................";
    tw_str module = tw_rec_str(u->r, im->module), name = tw_rec_str(u->r, im->name), rest;
    if (im->flags & TW_RI_TYPE_ONLY) return;
    if (jn_is_js(j, unit)) {
        uint32_t m = jn_js_unit(j, unit, module);
        if (m == TW_NONE && module.n && module.p[0] != '.' && jn_js_symbol(j, unit, module, &rest) != TW_NONE)
            m = jn_js_symbol(j, unit, module, &rest);
        if (m != TW_NONE && m != unit) edge(j, e, u->func0 + im->func, j->units[m].func0);
        if (m == TW_NONE) jn_unread_path(j, unit, im->func, jn_js_path(j, unit, module), TW_LANG_JAVASCRIPT);
        return;
    }
    int level = im->level < sizeof dots - 1 ? im->level : (int)sizeof dots - 1;
    tw_str full = jn_cat(j, module, module.n && name.n ? "." : "", name);
    if (level) full = jn_cat(j, tw_str_of(dots, (size_t)level), "", full);
    /* Importing a.b.c runs a, then a.b, then a.b.c. */
    for (tw_str head = jn_abs_name(j, unit, full); head.n;) {
        uint32_t m = jn_module_unit(j, unit, head, &rest);
        if (m != TW_NONE && m != unit) edge(j, e, u->func0 + im->func, j->units[m].func0);
        size_t dot = tw_str_rchr(head, '.');
        head = tw_str_sub(head, 0, dot == TW_NPOS ? 0 : dot);
    }
}

static void edges_of_unit(jn *j, jn_edges *e, uint32_t unit)
{
    const jn_unit *u = &j->units[unit];
    const tw_record *r = u->r;
    const tw_unit *tu = &j->out->units[unit];
    for (uint32_t f = 1; f < r->n_funcs; f++) {
        uint8_t kind = r->funcs[f].kind;
        bool now = kind == TW_REGION_CLASS || kind == TW_REGION_COMPREHENSION;
        if (now && r->funcs[f].parent < r->n_funcs) edge(j, e, u->func0 + r->funcs[f].parent, u->func0 + f);
        if (kind == TW_REGION_CLASS && !jn_is_js(j, unit)) jn_edges_of_class(j, e, u->func0 + f);
    }
    for (uint32_t c = 0; c < r->n_calls; c++) {
        edges_of_call(j, e, unit, c);
        if (r->calls[c].flags & TW_RC_NEVER) continue;
        jn_edges_of_started(j, e, unit, &r->calls[c]);
        if (jn_is_command_language(u)) jn_unread_command(j, unit, &r->calls[c]);
    }
    for (uint32_t i = 0; i < r->n_stores && !jn_is_command_language(u); i++)
        if (jn_takes_place(j, unit, &r->stores[i]))
            edge(j, e, u->func0 + r->stores[i].func, u->func0 + jn_val(j, unit, r->stores[i].value)->a);
    for (uint32_t i = 0; i < r->n_imports; i++) edges_of_import(j, e, unit, &r->imports[i]);
    if (tu->parent >= j->n_units) return;
    const tw_record *outer = j->units[tu->parent].r;
    if (tu->layer >= outer->n_layers) return;
    const tw_rec_layer *layer = &outer->layers[tu->layer];
    if (layer->executed)
        edge(j, e, jn_guard_node(j, tu->parent), jn_guard_node(j, unit)); /* __name__ is the file's */
    if (layer->executed && layer->call < outer->n_calls)
        edge(j, e, jn_node_of_call(j, tu->parent, &outer->calls[layer->call]), u->func0);
    else if (layer->executed && layer->func < outer->n_funcs) /* embedded: runs with what holds it */
        edge(j, e, j->units[tu->parent].func0 + layer->func, u->func0);
}

/* --- command classes of setup.py --- */

/* 2: runs while installing or building, 1: some other command, 0: no command class. */
static int command_base(tw_str base)
{
    static const tw_str installing[] = {
        TW_SI("install"),         TW_SI("develop"),         TW_SI("egg_info"),    TW_SI("build"),
        TW_SI("build_py"),        TW_SI("build_ext"),       TW_SI("bdist_wheel"), TW_SI("install_lib"),
        TW_SI("install_data"),    TW_SI("build_clib"),      TW_SI("sdist"),       TW_SI("easy_install"),
        TW_SI("editable_wheel"),  TW_SI("dist_info"),       TW_SI("bdist_egg"),   TW_SI("build_scripts"),
        TW_SI("install_scripts"), TW_SI("install_egg_info")};
    size_t dot = tw_str_rchr(base, '.');
    bool ours = tw_str_starts(base, TW_S("setuptools.")) || tw_str_starts(base, TW_S("distutils.")) ||
                tw_str_starts(base, TW_S("wheel.")) || tw_str_starts(base, TW_S("numpy.distutils."));
    if (!ours || dot == TW_NPOS) return 0;
    tw_str last = tw_str_sub(base, dot + 1, base.n);
    for (size_t i = 0; i < TW_COUNT(installing); i++)
        if (tw_str_eq(last, installing[i])) return 2;
    return tw_str_find(base, TW_S("ommand")) != TW_NPOS;
}

static int command_class(jn *j, uint32_t unit, const tw_rec_func *f)
{
    const tw_record *r = j->units[unit].r;
    int best = 0;
    for (uint32_t i = 0; i < f->n_bases && f->kind == TW_REGION_CLASS; i++) {
        const tw_val *v = jn_val(j, unit, r->lists[f->bases + i]);
        for (uint32_t k = 0; k <= (v->kind == TW_VAL_PHI ? v->n : 0) && k < 16;
             k++) { /* try: setuptools, except: distutils */
            const tw_val *w = v->kind == TW_VAL_PHI && k < v->n ? jn_val(j, unit, r->lists[v->list + k]) : v;
            int c = w->kind == TW_VAL_SYMBOL ? command_base(tw_rec_str(r, w->a)) : 0;
            best = c > best ? c : best;
        }
    }
    return best;
}

/* Is the class (function f) given to setup(cmdclass={"install": f}) under an installing name? */
static bool given_as_install(jn *j, uint32_t unit, uint32_t f)
{
    const tw_record *r = j->units[unit].r;
    uint32_t given = 0;
    for (uint32_t c = 0; c < r->n_calls && given < 16; c++) {
        const tw_api_arg cmdclass = {TW_ARG_KEYWORD, 0, "cmdclass"};
        uint32_t values[JN_VALUES];
        if (!jn_arg_values(j, unit, &r->calls[c], &cmdclass, values)) continue;
        const tw_val *map = jn_val(j, unit, values[0]);
        given++;
        for (uint32_t i = 0; map->kind == TW_VAL_MAP && i + 1 < map->n && i < 64; i += 2) {
            const tw_val *key = jn_val(j, unit, r->lists[map->list + i]);
            const tw_val *cls = jn_val(j, unit, r->lists[map->list + i + 1]);
            if (cls->kind != TW_VAL_FUNC || cls->a != f || key->kind != TW_VAL_STR) continue;
            tw_str base = tw_arena_fmt(j->a, "setuptools.%.*s", TW_FMT(tw_rec_str(r, key->a)));
            if (command_base(base) == 2) return true;
        }
    }
    return false;
}

/* --- search --- */

typedef struct frontier {
    TW_VEC(uint32_t) queue;
    uint8_t trigger;
} frontier;

static void start(jn *j, frontier *q, uint32_t node, uint32_t via, tw_str reason)
{
    if (j->trigger[node] != TW_TRIGGER_MAX) return;
    j->trigger[node] = q->trigger;
    j->via[node] = via;
    j->reason[node] = reason;
    TW_PUSH(j->a, q->queue, node);
}

static void start_cmdclass(jn *j, frontier *q, uint32_t unit, int level, tw_str reason)
{
    const jn_unit *u = &j->units[unit];
    uint32_t seen = 0;
    for (uint32_t f = 1; f < u->r->n_funcs && seen < COMMAND_CLASSES; f++) {
        int c = command_class(j, unit, &u->r->funcs[f]);
        seen += c > 0;
        if (c == 1 && given_as_install(j, unit, f)) c = 2;
        if (c != level) continue;
        for (uint32_t m = f + 1; m < u->r->n_funcs; m++)
            if (u->r->funcs[m].parent == f) start(j, q, u->func0 + m, TW_NONE, reason);
    }
}

static bool is_main(const jn *j, const tw_root *root)
{
    bool script = root->trigger == TW_TRIGGER_INSTALL || root->trigger == TW_TRIGGER_COMMAND;
    return script && !root->function.n && root->member < j->p->n_members &&
           !tw_str_ends(j->p->members[root->member].path, TW_S(".pth"));
}

/* Units stand in the order of their members: the first one of a member by bisection. */
static uint32_t first_unit(const jn *j, uint32_t member)
{
    uint32_t low = 0, high = j->out->n_read ? j->out->n_read : j->n_units;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (j->out->units[mid].member < member)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* pytest_*, *.initialize: functions that a host finds by their names. */
static void start_named(jn *j, frontier *q, const jn_unit *u, const tw_root *root)
{
    for (uint32_t i = 0; i < u->names.n; i++)
        if (u->names.items[i].value >> 32 == JN_NAME_FUNC &&
            tw_str_glob(root->function, u->names.items[i].key))
            start(j, q, u->func0 + (uint32_t)u->names.items[i].value, TW_NONE, root->reason);
}

/* setuptools takes a constant from the text, without an import. */
static bool constant_name(const jn_unit *u, tw_str name)
{
    const uint64_t *slot = tw_map_get(&u->names, name);
    if (!slot || *slot >> 32 != JN_NAME_VALUE || (uint32_t)*slot >= u->r->n_vals) return false;
    uint8_t kind = u->r->vals[(uint32_t)*slot].kind;
    return kind >= TW_VAL_STR && kind <= TW_VAL_NULL_;
}

static void start_root_at(jn *j, frontier *q, const tw_root *root, uint32_t first)
{
    for (uint32_t unit = first; unit < j->n_units; unit++) {
        const tw_unit *tu = &j->out->units[unit];
        const jn_unit *u = &j->units[unit];
        if (tu->member != root->member) break;
        if (tu->parent != TW_NONE) continue;
        if (tw_str_starts(root->function, TW_S("="))) {
            tw_str name = tw_str_sub(root->function, 1, root->function.n);
            if (!constant_name(u, name)) start(j, q, u->func0, TW_NONE, root->reason);
            continue;
        }
        if (root->function.n) {
            const uint64_t *slot = tw_map_get(&u->names, root->function);
            if (!slot && tw_str_chr(root->function, '*') != TW_NPOS) start_named(j, q, u, root);
            uint32_t found[CALLABLES] = {0}, n = 0;
            if (slot && *slot >> 32 == JN_NAME_FUNC) found[n++] = u->func0 + (uint32_t)*slot;
            if (slot && *slot >> 32 == JN_NAME_VALUE)
                n = jn_callables(j, unit, (uint32_t)*slot, found, CALLABLES);
            for (uint32_t i = 0; i < n; i++) start(j, q, found[i], TW_NONE, root->reason);
            if (root->trigger == TW_TRIGGER_COMMAND || root->trigger == TW_TRIGGER_PLUGIN)
                start(j, q, u->func0, TW_NONE, root->reason); /* its module is imported first */
            continue;
        }
        start(j, q, u->func0, TW_NONE, root->reason);
        if (is_main(j, root)) start(j, q, jn_guard_node(j, unit), TW_NONE, root->reason);
    }
}

static void start_root(jn *j, frontier *q, const tw_root *root)
{
    start_root_at(j, q, root, first_unit(j, root->member));
    if (!j->late.n || root->member >= j->p->n_members) return;
    /* read late: it stands behind the others */
    const uint64_t *next = tw_map_get(&j->bases, tw_str_base(j->p->members[root->member].path));
    for (uint32_t at = next ? (uint32_t)*next : 0; at && jn_spend(j, 1); at = j->same_base[at - 1])
        if (at > j->out->n_read && j->out->units[at - 1].member == root->member)
            start_root_at(j, q, root, at - 1);
}

/* Files that only carry code have no steps of their own to tell. */
static bool carries(const jn *j, uint32_t node)
{
    uint8_t lang = j->units[unit_of_node(j, node)].r->lang;
    return lang == TW_LANG_PTH || lang == TW_LANG_NOTEBOOK || lang == TW_LANG_MANIFEST;
}

static void spread(jn *j, frontier *q, const jn_csr *next)
{
    for (uint32_t head = 0; head < q->queue.n; head++) {
        uint32_t node = q->queue.v[head], via = carries(j, node) ? j->via[node] : node;
        bool module = node < j->n_funcs && j->units[j->func_unit[node]].func0 == node;
        if (module && q->trigger == TW_TRIGGER_INSTALL)
            start_cmdclass(j, q, j->func_unit[node], 2, TW_S("cmdclass"));
        for (uint32_t i = next->start[node]; i < next->start[node + 1]; i++)
            start(j, q, next->to[i], via, j->reason[node]);
    }
}

/* Stubs are for type checkers; one that a command names runs all the same. */
static bool is_stub(tw_str path)
{
    static const tw_str ends[] = {TW_SI(".pyi"), TW_SI(".d.ts"), TW_SI(".d.mts"), TW_SI(".d.cts")};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(path, ends[i])) return true;
    return false;
}

static bool never_shipped_to_run(const jn *j, uint32_t unit)
{
    uint32_t member = j->out->units[unit].member;
    if (!j->p || !j->p->role || member >= j->p->n_members) return false;
    if (is_stub(j->p->members[member].path)) return true;
    uint8_t role = j->p->role[member];
    return role == TW_ROLE_TEST || role == TW_ROLE_DOC || role == TW_ROLE_EXAMPLE;
}

static bool is_library(const jn *j, uint32_t unit)
{
    const tw_record *r = j->units[unit].r;
    return r->lang == TW_LANG_NATIVE && !(r->flags & TW_IRF_PROGRAM);
}

/* A module of a package whose manifest names its commands: nobody starts it, someone may load it. */
static bool is_module(const jn *j, uint32_t unit)
{
    const tw_record *r = j->units[unit].r;
    uint32_t member = j->out->units[unit].member;
    if (!jn_is_js(j, unit) || !j->p || !j->p->ecosystem || !j->p->ecosystem->modules) return false;
    if (member >= j->p->n_members || j->p->members[member].kind == TW_KIND_SCRIPT) return false;
    for (uint32_t c = 0; c < r->n_calls; c++)
        if (r->calls[c].flags & TW_RC_MAIN_GUARD) return false;
    return true;
}

/* What no root reaches: a function waits for a call, a file and its main guard for someone to run it. */
static void settle_rest(jn *j, const jn_csr *next, uint8_t trigger)
{
    frontier q = {.trigger = trigger};
    for (uint32_t node = 0; node < j->n_funcs + j->n_units; node++) {
        uint32_t unit = unit_of_node(j, node);
        bool dead = never_shipped_to_run(j, unit), guard = node >= j->n_funcs;
        bool layer = j->out->units[unit].parent < j->n_units;
        bool body = guard || node == j->units[unit].func0;
        if (is_library(j, unit)) body = false; /* nobody runs it; someone may load it */
        if (j->trigger[node] != TW_TRIGGER_MAX) continue;
        bool module = body && !dead && !layer && is_module(j, unit);
        if (trigger == TW_TRIGGER_LOAD && module) start(j, &q, node, TW_NONE, TW_S("loaded by its path"));
        if (module) continue;
        if (trigger == TW_TRIGGER_COMMAND && body && !dead && !layer)
            start(j, &q, node, TW_NONE, TW_S("run as a script"));
        if (trigger == TW_TRIGGER_CALL && !guard && !dead)
            start(j, &q, node, TW_NONE, TW_S("waits for a call"));
        if (trigger == TW_TRIGGER_DEAD)
            start(j, &q, node, TW_NONE, dead ? TW_S("tests, docs or examples only") : TW_S("never run"));
    }
    spread(j, &q, next);
}

static void start_commands(jn *j, const jn_csr *next)
{
    frontier q = {.trigger = TW_TRIGGER_COMMAND};
    for (uint32_t unit = 0; unit < j->n_units; unit++)
        if (j->trigger[j->units[unit].func0] == TW_TRIGGER_INSTALL)
            start_cmdclass(j, &q, unit, 1, TW_S("setup.py command"));
    spread(j, &q, next);
}

static void publish(jn *j)
{
    tw_join *out = j->out;
    out->func_trigger = TW_NEWN(j->a, uint8_t *, (size_t)j->n_units + 1);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        out->func_trigger[unit] = j->trigger + u->func0;
        for (uint32_t f = 0; f < u->r->n_funcs; f++) {
            uint8_t kind = u->r->funcs[f].kind;
            if (kind == TW_REGION_MODULE || kind == TW_REGION_FUNCTION || kind == TW_REGION_LAMBDA)
                out->triggers[j->trigger[u->func0 + f]]++;
        }
    }
}

static uint32_t around(const jn *j, uint32_t f)
{
    const jn_unit *u = &j->units[j->func_unit[f]];
    uint32_t p = u->r->funcs[f - u->func0].parent;
    while (p < u->r->n_funcs && u->r->funcs[p].kind == TW_REGION_COMPREHENSION) p = u->r->funcs[p].parent;
    return p < u->r->n_funcs ? u->func0 + p : TW_NONE;
}

/* A function that only the function around it calls is a part of that one: code is wrapped in one without doing
 * anything else. */
static void find_homes(jn *j, const jn_edges *e)
{
    enum { NOBODY, AROUND, OTHERS };
    uint8_t *called = TW_NEWN(j->a, uint8_t, (size_t)j->n_funcs + 1);
    j->home = TW_NEWN(j->a, uint32_t, (size_t)j->n_funcs + 1);
    for (uint32_t i = 0; i < e->n; i++) {
        uint32_t from = e->v[i].from, f = e->v[i].to;
        if (f >= j->n_funcs) continue;
        if (from >= j->n_funcs) from = j->units[from - j->n_funcs].func0;
        uint8_t by = from == around(j, f) ? AROUND : OTHERS;
        called[f] = by > called[f] ? by : called[f];
    }
    for (uint32_t f = 0; f < j->n_funcs; f++) { /* parents stand before */
        uint8_t kind = jn_func(j, f)->kind;
        bool part = (kind == TW_REGION_FUNCTION || kind == TW_REGION_LAMBDA) && called[f] == AROUND;
        j->home[f] = part ? j->home[around(j, f)] : f;
    }
}

void jn_reach(jn *j)
{
    uint32_t n = j->n_funcs + j->n_units;
    jn_edges e = {0};
    j->trigger = TW_NEWN(j->a, uint8_t, (size_t)n + 1);
    j->via = TW_NEWN(j->a, uint32_t, n);
    j->reason = TW_NEWN(j->a, tw_str, n);
    j->reasons = TW_NEWN(j->a, tw_str, n);
    memset(j->trigger, TW_TRIGGER_MAX, n);
    j->invoking = find_invoking(j);
    jn_started_init(j);
    jn_unread_init(j);
    for (uint32_t unit = 0; unit < j->n_units; unit++) edges_of_unit(j, &e, unit);
    jn_edges_of_handlers(j, &e);
    find_homes(j, &e);
    jn_csr next = jn_csr_make(j->a, e.v, e.n, n);
    for (int t = 0; t < TW_TRIGGER_MAX; t++) {
        frontier q = {.trigger = (uint8_t)t};
        for (uint32_t i = 0; j->p && i < j->p->roots.n; i++)
            if (j->p->roots.v[i].trigger == t) start_root(j, &q, &j->p->roots.v[i]);
        spread(j, &q, &next);
        if (t == TW_TRIGGER_COMMAND) start_commands(j, &next);
        if (t == TW_TRIGGER_COMMAND || t == TW_TRIGGER_LOAD || t == TW_TRIGGER_CALL || t == TW_TRIGGER_DEAD)
            settle_rest(j, &next, (uint8_t)t);
    }
    publish(j);
}

static tw_str node_name(jn *j, uint32_t node)
{
    uint32_t unit = unit_of_node(j, node);
    const jn_unit *u = &j->units[unit];
    uint32_t f = node < j->n_funcs ? node - u->func0 : 0;
    tw_str qual = f ? tw_rec_str(u->r, u->r->funcs[f].qual) : u->module;
    return qual.n ? qual : f ? TW_S("a lambda") : TW_S("the module");
}

/* "setup.py" for what a root starts, "setup.py, by main" for what that calls. */
tw_str jn_reason(jn *j, uint32_t node)
{
    if (!j->reasons[node].n) {
        tw_str root = j->reason[node];
        uint32_t via = j->via[node];
        bool plain = via == TW_NONE || (j->via[via] == TW_NONE && node_name(j, via).n == 0);
        j->reasons[node] =
            plain ? root : tw_arena_fmt(j->a, "%.*s, by %.*s", TW_FMT(root), TW_FMT(node_name(j, via)));
    }
    return j->reasons[node];
}
