/* SPDX-License-Identifier: Apache-2.0 */
/* How values cross functions: arguments to parameters, returned values to results, attributes of
 * classes, callables handed to something that calls them. */
#include "engine/join/join_priv.h"

enum { CALLABLES = 8, FEW = 16, SHORT_KEY = 128, HANDED_MAX = 1 << 21 };

uint32_t jn_unit_of_value(const jn *j, uint32_t node)
{
    uint32_t low = 0, high = j->n_units;
    while (low + 1 < high) {
        uint32_t mid = low + (high - low) / 2;
        if (j->units[mid].val0 <= node)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static uint32_t new_node(jn *j)
{
    return j->n_nodes++;
}

typedef struct linker {
    jn *j;
    uint32_t call;    /* global, while its arguments are bound; TW_NONE: callbacks and the like */
    jn_edges callers; /* parameter -> argument value */
    uint32_t
        handed; /* parameters of callbacks that were linked: functions of many are handed over again and again */
} linker;

static void bind_param(linker *l, uint32_t f, uint32_t index, uint32_t value)
{
    jn *j = l->j;
    uint32_t n = j->param_start[f + 1] - j->param_start[f];
    if (!n || !value) return;
    uint32_t p = j->param_start[f] + (index < n ? index : n - 1); /* what is too much goes to *args */
    if (l->call == TW_NONE) {
        jn_edge_far(j, value, j->param0 + p, false);
    } else {
        jn_edge_add(j, value, (j->param0 + p) | JN_DOWN, false);
        TW_PUSH(j->a, j->crossings, ((jn_crossing){value, p, l->call}));
    }
    TW_PUSH(j->a, l->callers, ((jn_edge){p, value}));
}

/* Functions of many parameters have a map of their own: keys are the function's number and the name. */
static tw_str param_key(jn *j, char buf[SHORT_KEY], uint32_t f, tw_str name)
{
    size_t n = sizeof f + name.n;
    char *key = n <= SHORT_KEY && buf ? buf : tw_arena_raw(j->a, n);
    memcpy(key, &f, sizeof f);
    if (name.n) memcpy(key + sizeof f, name.p, name.n);
    return tw_str_of(key, n);
}

static uint32_t param_among_many(jn *j, uint32_t f, const tw_rec_func *fn, tw_str name)
{
    char key[SHORT_KEY];
    const tw_record *r = j->units[j->func_unit[f]].r;
    bool fresh = !tw_map_get(&j->params, param_key(j, key, f, TW_S("")));
    if (fresh) tw_map_put(&j->params, param_key(j, NULL, f, TW_S("")), NULL);
    for (uint32_t i = fn->n_params; fresh && i-- > 0;) { /* the first of a name counts */
        tw_str s = tw_rec_str(r, r->lists[fn->params + i]);
        if (s.n) *tw_map_put(&j->params, param_key(j, NULL, f, s), NULL) = i;
    }
    const uint64_t *i = name.n ? tw_map_get(&j->params, param_key(j, key, f, name)) : NULL;
    return i ? (uint32_t)*i : fn->n_params;
}

static uint32_t param_named(jn *j, uint32_t f, tw_str name)
{
    const tw_rec_func *fn = jn_func(j, f);
    const tw_record *r = j->units[j->func_unit[f]].r;
    if (fn->n_params > FEW) return param_among_many(j, f, fn, name);
    for (uint32_t i = 0; i < fn->n_params; i++)
        if (tw_str_eq(tw_rec_str(r, r->lists[fn->params + i]), name)) return i;
    return fn->n_params; /* **kwargs stands last */
}

static bool is_method(const jn *j, uint32_t f)
{
    const tw_rec_func *fn = jn_func(j, f);
    const tw_record *r = j->units[j->func_unit[f]].r;
    return fn->parent < r->n_funcs && r->funcs[fn->parent].kind == TW_REGION_CLASS && !(fn->flags & 4);
}

static void bind_args(linker *l, uint32_t unit, const tw_rec_call *c, uint32_t f, uint32_t skip,
                      uint32_t shift)
{
    const jn_unit *u = &l->j->units[unit];
    uint32_t position = 0;
    for (uint32_t i = 0; i < c->n_args; i++) {
        const tw_rec_arg *arg = &u->r->args[c->args + i];
        uint32_t value = arg->value ? u->val0 + arg->value : 0;
        bool spread = arg->name == TW_ARG_SPREAD || arg->name == TW_ARG_SPREAD_MAP;
        if (!arg->name || spread) {
            if (position >= skip) bind_param(l, f, position - skip + shift, value);
            position++;
        } else {
            bind_param(l, f, param_named(l->j, f, tw_rec_str(u->r, arg->name)), value);
        }
    }
}

static void link_call(linker *l, uint32_t unit, const tw_rec_call *c, uint32_t target)
{
    jn *j = l->j;
    const jn_unit *u = &j->units[unit];
    uint32_t f = target, shift = 0, result = u->val0 + c->result;
    l->call = u->call0 + (uint32_t)(c - u->r->calls);
    if (jn_func(j, target)->kind == TW_REGION_CLASS) {
        f = jn_constructor(j, target);
        if (f == TW_NONE) { /* a plain record: what goes in stays in */
            for (uint32_t i = 0; i < c->n_args; i++)
                jn_edge_add(j, u->val0 + u->r->args[c->args + i].value, result, false);
            l->call = TW_NONE;
            return;
        }
        shift = 1;
    } else if (is_method(j, f)) {
        uint32_t self = jn_receiver(j, unit, c), n = jn_func(j, f)->n_params;
        bool through_class = jn_val(j, unit, c->callee)->kind == TW_VAL_FUNC && c->n_args >= n && n;
        shift = !through_class;
        if (self) bind_param(l, f, 0, u->val0 + self);
    }
    bind_args(l, unit, c, f, 0, shift);
    l->call = TW_NONE;
    jn_edge_add(j, j->ret0 + f, result | JN_UP, false);
}

/* Thread(target=f, args=(x, y)), executor.submit(f, x), map(f, xs). */
static void link_invoker(linker *l, uint32_t unit, const tw_rec_call *c)
{
    jn *j = l->j;
    const jn_unit *u = &j->units[unit];
    uint32_t values[JN_VALUES], found[CALLABLES];
    uint32_t n_args = jn_arg_values(j, unit, c, &(tw_api_arg){TW_ARG_KEYWORD, 0, "args"}, values);
    const tw_val *tuple = n_args ? jn_val(j, unit, values[0]) : NULL;
    for (uint32_t i = 0; i < c->n_args; i++) {
        uint32_t n = jn_callables(j, unit, u->r->args[c->args + i].value, found, CALLABLES);
        for (uint32_t k = 0; k < n; k++) {
            if (jn_func(j, found[k])->kind == TW_REGION_CLASS) continue;
            uint32_t shift = is_method(j, found[k]);
            if (tuple && tuple->kind == TW_VAL_SEQ)
                for (uint32_t t = 0; t < tuple->n && t < 64; t++)
                    bind_param(l, found[k], t + shift, u->val0 + u->r->lists[tuple->list + t]);
            else if (!u->r->args[c->args + i].name)
                bind_args(l, unit, c, found[k], i + 1, shift);
            jn_edge_far(j, j->ret0 + found[k], u->val0 + c->result, false);
        }
    }
}

/* [a, b].map(f): its items; of a map before it, what that one's function returns. */
static void bind_items(linker *l, uint32_t unit, uint32_t self, uint32_t f)
{
    jn *j = l->j;
    const jn_unit *u = &j->units[unit];
    const tw_val *v = jn_val(j, unit, self);
    for (uint32_t i = 0; v->kind == TW_VAL_SEQ && i < v->n && i < FEW; i++)
        bind_param(l, f, 0, u->val0 + u->r->lists[v->list + i]);
    if (v->kind != TW_VAL_CALL || v->a >= u->r->n_calls) return;
    const tw_rec_call *c = &u->r->calls[v->a];
    if (!tw_str_eq(tw_rec_str(u->r, c->symbol), TW_S("Array.map")) || c->n_args != 1) return;
    const tw_val *g = jn_val(j, unit, u->r->args[c->args].value);
    const tw_rec_func *fn = g->kind == TW_VAL_FUNC ? &u->r->funcs[g->a] : NULL;
    for (uint32_t i = 0; fn && i < fn->n_returns && i < FEW; i++)
        bind_param(l, f, 0, u->val0 + u->r->lists[fn->returns + i]);
}

/* JavaScript hands results to callbacks: readFile(p, f), get(u, f).on("data", f), promise.then(f); what a
 * promise's function hands to its parameters is what the promise gives. */
static void link_callbacks(linker *l, uint32_t unit, const tw_rec_call *c)
{
    jn *j = l->j;
    const jn_unit *u = &j->units[unit];
    const jn_api *api = jn_apis(j, unit, c->symbol);
    bool promise = tw_str_eq(tw_rec_str(u->r, c->symbol), TW_S("Promise")), known = api->n != 0;
    uint32_t found[CALLABLES], self = jn_receiver(j, unit, c);
    const tw_val *callee = jn_val(j, unit, c->callee);
    if (callee->kind == TW_VAL_PARAM && callee->a < u->r->n_funcs &&
        callee->b < u->r->funcs[callee->a].n_params)
        for (uint32_t i = 0; i < c->n_args; i++)
            jn_edge_far(j, u->val0 + u->r->args[c->args + i].value,
                        j->param0 + j->param_start[u->func0 + callee->a] + callee->b, false);
    for (uint32_t i = 0; i < c->n_args; i++) {
        if (u->r->args[c->args + i].name) continue;
        uint32_t n = jn_callables(j, unit, u->r->args[c->args + i].value, found, CALLABLES);
        for (uint32_t k = 0; k < n; k++) {
            if (jn_func(j, found[k])->kind == TW_REGION_CLASS) continue;
            uint32_t first = j->param_start[found[k]], last = j->param_start[found[k] + 1];
            if (last - first > HANDED_MAX - l->handed) {
                j->cut = true;
                return;
            }
            l->handed += last - first;
            if (self && k == 0) bind_items(l, unit, self, found[k]);
            for (uint32_t p = first; p < last && c->result; p++) {
                jn_edge_far(j, u->val0 + c->result, j->param0 + p, false);
                if (self) jn_edge_far(j, u->val0 + self, j->param0 + p, !known);
                if (promise) jn_edge_far(j, j->param0 + p, u->val0 + c->result, false);
            }
            if (c->result) jn_edge_far(j, j->ret0 + found[k], u->val0 + c->result, !known);
        }
    }
}

/* Compilers turn await into a machine: what `yield` gave out comes back as _a.sent() or _context.sent. */
static void link_resumed(jn *j, uint32_t unit)
{
    const jn_unit *u = &j->units[unit];
    const tw_record *r = u->r;
    for (uint32_t v = 1; v < r->n_vals; v++) {
        const tw_val *m = &r->vals[v], *of = m->kind == TW_VAL_MEMBER ? jn_val(j, unit, m->a) : NULL;
        if (of && of->kind == TW_VAL_PARAM && of->b == 0 && of->a < r->n_funcs && r->funcs[of->a].n_returns &&
            tw_str_eq(tw_rec_str(r, m->b), TW_S("sent")))
            jn_edge_far(j, j->ret0 + u->func0 + of->a, u->val0 + v, false);
    }
    for (uint32_t c = 0; c < r->n_calls; c++) {
        const tw_rec_call *call = &r->calls[c];
        const tw_val *m = jn_val(j, unit, call->callee),
                     *of = m->kind == TW_VAL_MEMBER ? jn_val(j, unit, m->a) : NULL;
        if (of && of->kind == TW_VAL_PARAM && of->b == 0 && tw_str_eq(tw_rec_str(r, m->b), TW_S("sent")))
            jn_edge_far(j, u->val0 + call->callee, u->val0 + call->result, false);
    }
}

static tw_str first_text(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    const tw_record *r = j->units[unit].r;
    const tw_val *v = c->n_args ? jn_val(j, unit, r->args[c->args].value) : NULL;
    return v && v->kind == TW_VAL_STR ? tw_rec_str(r, v->a) : TW_S("");
}

/* bus.emit("x", data) of a file reaches what its bus.on("x", f) hands over. */
static void link_events(linker *l, uint32_t unit)
{
    jn *j = l->j;
    const tw_record *r = j->units[unit].r;
    TW_VEC(uint32_t) emits = {0};
    for (uint32_t c = 0; c < r->n_calls; c++) {
        const tw_val *callee = jn_val(j, unit, r->calls[c].callee);
        if (emits.n < FEW && callee->kind == TW_VAL_MEMBER &&
            tw_str_eq(tw_rec_str(r, callee->b), TW_S("emit")) && first_text(j, unit, &r->calls[c]).n)
            TW_PUSH(j->a, emits, c);
    }
    for (uint32_t c = 0; emits.n && c < r->n_calls; c++) {
        const tw_rec_call *on = &r->calls[c];
        const tw_val *callee = jn_val(j, unit, on->callee);
        tw_str event = callee->kind == TW_VAL_MEMBER && on->n_args == 2 ? first_text(j, unit, on) : TW_S("");
        uint32_t found[CALLABLES], n = 0;
        if (event.n) n = jn_callables(j, unit, r->args[on->args + 1].value, found, CALLABLES);
        for (uint32_t i = 0; n && i < emits.n; i++)
            for (uint32_t k = 0; k < n && tw_str_eq(first_text(j, unit, &r->calls[emits.v[i]]), event); k++)
                bind_args(l, unit, &r->calls[emits.v[i]], found[k], 1, 0);
    }
}

/* function (a = v): what holds where nothing is handed over. */
static void link_defaults(linker *l, uint32_t unit)
{
    jn *j = l->j;
    const jn_unit *u = &j->units[unit];
    for (uint32_t i = 0; i < u->r->n_binds; i++) {
        const tw_rec_bind *b = &u->r->binds[i];
        const tw_rec_func *f = b->func && b->func < u->r->n_funcs ? &u->r->funcs[b->func] : NULL;
        if (!f || (f->kind != TW_REGION_FUNCTION && f->kind != TW_REGION_LAMBDA)) continue;
        for (uint32_t p = 0; p < f->n_params && p < 64; p++)
            if (u->r->lists[f->params + p] == b->name)
                bind_param(l, u->func0 + b->func, p, u->val0 + b->value);
    }
}

static uint32_t attr_index(jn *j, uint32_t cls, tw_str name, bool make)
{
    char key[160];
    if (name.n > 128) return TW_NONE;
    tw_str digits = {key, 8};
    for (int i = 0; i < 8; i++) key[i] = "0123456789abcdef"[cls >> (4 * i) & 15];
    if (name.n) memcpy(key + 8, name.p, name.n);
    digits.n = 8 + name.n;
    uint64_t *slot = tw_map_get(&j->attrs, digits);
    if (slot) return (uint32_t)*slot;
    if (!make) return TW_NONE;
    *tw_map_put(&j->attrs, tw_arena_str(j->a, digits), NULL) = j->attr.n;
    TW_PUSH(j->a, j->attr, ((jn_attr){new_node(j), TW_NONE}));
    return j->attr.n - 1;
}

/* Whose attribute or variable base.name is: a class's, or a function's or the module's that shares it. */
uint32_t jn_owner_of(jn *j, uint32_t unit, uint32_t base)
{
    const tw_val *b = jn_val(j, unit, base);
    return b->kind == TW_VAL_FUNC ? j->units[unit].func0 + b->a : jn_class_of(j, unit, base);
}

uint32_t jn_attr_of(jn *j, uint32_t unit, uint32_t base, tw_str name)
{
    uint32_t cls = jn_owner_of(j, unit, base);
    return cls == TW_NONE ? TW_NONE : attr_index(j, cls, name, false);
}

uint32_t jn_attr_value(jn *j, uint32_t unit, uint32_t base, tw_str name)
{
    uint32_t attr = j->attrs.arena ? jn_attr_of(j, unit, base, name) : TW_NONE;
    return attr == TW_NONE ? TW_NONE : j->attr.v[attr].value;
}

static void store_attr(jn *j, uint32_t unit, uint32_t cls, tw_str name, uint32_t value)
{
    uint32_t attr = attr_index(j, cls, name, true);
    if (attr == TW_NONE) return;
    jn_edge_far(j, j->units[unit].val0 + value, j->attr.v[attr].node, false);
    if (j->attr.v[attr].value == TW_NONE && j->func_unit[cls] == unit) j->attr.v[attr].value = value;
}

/* this.d = v in one function, this.d in another: symbols that are stored to. */
static void link_symbols(jn *j, uint32_t unit)
{
    const jn_unit *u = &j->units[unit];
    const tw_record *r = u->r;
    tw_map stored;
    tw_map_init(&stored, j->a);
    for (uint32_t i = 0; i < r->n_stores; i++) {
        const tw_rec_store *s = &r->stores[i];
        const tw_val *base = jn_val(j, unit, s->base);
        if (base->kind != TW_VAL_SYMBOL || !s->name) continue;
        tw_str name = jn_cat(j, tw_rec_str(r, base->a), ".", tw_rec_str(r, s->name));
        uint64_t *node = tw_map_put(&stored, name, NULL);
        if (!*node) *node = new_node(j) + 1ull;
        jn_edge_far(j, u->val0 + s->value, (uint32_t)(*node - 1), false);
    }
    for (uint32_t v = 1; stored.n && v < r->n_vals; v++) {
        tw_str name = r->vals[v].kind == TW_VAL_SYMBOL ? tw_rec_str(r, r->vals[v].a) : TW_S("");
        for (int i = 0; i < 4 && name.n; i++) {
            const uint64_t *node = tw_map_get(&stored, name);
            if (node) jn_edge_add(j, (uint32_t)(*node - 1), u->val0 + v, false);
            size_t dot = tw_str_rchr(name, '.');
            name = node || dot == TW_NPOS ? TW_S("") : tw_str_sub(name, 0, dot);
        }
    }
}

/* state.found.append(x), where `found` is a variable of another file. */
static void store_elsewhere(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *base = jn_val(j, unit, s->base);
    jn_ref ref = base->kind == TW_VAL_SYMBOL ? jn_lookup(j, unit, base->a) : (jn_ref){0};
    jn_edge_far(j, u->val0 + s->value, u->val0 + s->base, false);
    if (ref.kind == JN_VALUE && ref.unit != unit)
        jn_edge_far(j, u->val0 + s->value, j->units[ref.unit].val0 + ref.id, false);
}

static void link_attrs(jn *j, uint32_t unit)
{
    const jn_unit *u = &j->units[unit];
    const tw_record *r = u->r;
    for (uint32_t i = 0; i < r->n_stores; i++) {
        const tw_rec_store *s = &r->stores[i];
        uint32_t cls = s->name ? jn_class_of(j, unit, s->base) : TW_NONE;
        if (cls != TW_NONE)
            store_attr(j, unit, cls, tw_rec_str(r, s->name), s->value);
        else
            store_elsewhere(j, unit, s);
    }
    for (uint32_t v = 1; v < r->n_vals; v++) { /* variables that some value refers to */
        const tw_val *m = &r->vals[v], *base = m->kind == TW_VAL_MEMBER ? jn_val(j, unit, m->a) : NULL;
        if (base && base->kind == TW_VAL_FUNC) attr_index(j, u->func0 + base->a, tw_rec_str(r, m->b), true);
    }
    for (uint32_t i = 0; i < r->n_binds; i++) {
        const tw_rec_bind *b = &r->binds[i];
        tw_str name = tw_rec_str(r, b->name);
        bool class = b->func && b->func < r->n_funcs && r->funcs[b->func].kind == TW_REGION_CLASS;
        if (class || attr_index(j, u->func0 + b->func, name, false) != TW_NONE)
            store_attr(j, unit, u->func0 + b->func, name, b->value);
    }
}

static void number_nodes(jn *j)
{
    j->param_start = TW_NEWN(j->a, uint32_t, (size_t)j->n_funcs + 1);
    j->param0 = j->n_vals;
    uint32_t n = 0;
    for (uint32_t f = 0; f < j->n_funcs; f++) {
        j->param_start[f] = n;
        n += jn_func(j, f)->n_params;
    }
    j->param_start[j->n_funcs] = n;
    j->ret0 = j->param0 + n;
    j->n_nodes = j->ret0 + j->n_funcs;
}

void jn_links(jn *j)
{
    linker l = {.j = j, .call = TW_NONE};
    j->crossing0 = TW_NEWN(j->a, uint32_t, (size_t)j->n_calls + 1);
    number_nodes(j);
    tw_map_init(&j->attrs, j->a);
    tw_map_init(&j->params, j->a);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        link_attrs(j, unit);
        if (jn_is_js(j, unit)) link_symbols(j, unit);
        for (uint32_t c = 0; c < u->r->n_calls; c++) {
            const tw_rec_call *call = &u->r->calls[c];
            const jn_api *api = jn_apis(j, unit, call->symbol);
            j->crossing0[u->call0 + c] = j->crossings.n;
            for (uint32_t t = j->target0[u->call0 + c]; t < j->target0[u->call0 + c + 1]; t++)
                link_call(&l, unit, call, j->targets.v[t]);
            if (api->n && api->rows->flags & TW_API_INVOKER) link_invoker(&l, unit, call);
            if (jn_is_js(j, unit)) link_callbacks(&l, unit, call);
        }
        if (jn_is_js(j, unit)) link_resumed(j, unit), link_events(&l, unit), link_defaults(&l, unit);
        for (uint32_t f = 0; f < u->r->n_funcs; f++)
            for (uint32_t i = 0; i < u->r->funcs[f].n_returns; i++)
                jn_edge_add(j, u->val0 + u->r->lists[u->r->funcs[f].returns + i], j->ret0 + u->func0 + f,
                            false);
    }
    j->crossing0[j->n_calls] = j->crossings.n;
    j->callers = jn_csr_make(j->a, l.callers.v, l.callers.n, j->param_start[j->n_funcs]);
}
