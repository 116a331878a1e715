/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that a bot, a queue or a message service calls with what somebody else sent. In the tables these are rows of
 * net.commands or net.answers: what is handed to one (a decorator, add_handler(f), on_message=f, the methods on_* of a class below it) is a
 * handler, one flagged `invoker` sets all of them going, one flagged `source` gives a message itself. */
#include "engine/join/join_priv.h"

#include <stdio.h>

enum { CALLABLES = 8, HANDLERS = 1024, STARTERS = 64, BASES = 8, NAME = 160 };

static const tw_api *row_of(const tw_api *rows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (rows[i].cap == TW_CAP_NET_COMMANDS || rows[i].cap == TW_CAP_NET_ANSWERS) return &rows[i];
    return NULL;
}

static const tw_api *row_named(const jn *j, uint32_t unit, tw_str of, tw_str name)
{
    char symbol[NAME];
    uint32_t n = 0;
    if (!of.n || of.n + name.n + 4 > sizeof symbol) return NULL;
    int len = snprintf(symbol, sizeof symbol, "%.*s().%.*s", TW_FMT(of), TW_FMT(name));
    const tw_api *rows = tw_api_find((tw_lang)j->units[unit].r->lang, tw_str_of(symbol, (size_t)len), &n);
    return rows ? row_of(rows, n) : NULL;
}

static bool registers(const tw_api *row)
{
    return row && !(row->flags & (TW_API_INVOKER | TW_API_SOURCE));
}

static void add_handlers(jn *j, uint32_t unit, uint32_t v, tw_cap cap)
{
    uint32_t found[CALLABLES], n = v ? jn_callables(j, unit, v, found, CALLABLES) : 0;
    for (uint32_t i = 0; i < n && j->handlers.n < HANDLERS; i++)
        if (jn_func(j, found[i])->kind != TW_REGION_CLASS)
            TW_PUSH(j->a, j->handlers, ((jn_handler){found[i], cap}));
}

/* The library's class that a class of the package stands on: "discord.Client". */
static tw_str library_base(jn *j, uint32_t unit, const tw_rec_func *cls)
{
    const tw_record *r = j->units[unit].r;
    for (uint32_t i = 0; i < cls->n_bases && i < BASES; i++) {
        const tw_val *v = jn_val(j, unit, r->lists[cls->bases + i]);
        tw_str symbol = v->kind == TW_VAL_SYMBOL ? tw_rec_str(r, v->a) : TW_S("");
        uint32_t n = 0;
        const tw_api *rows = symbol.n ? tw_api_find((tw_lang)r->lang, symbol, &n) : NULL;
        if (rows && row_of(rows, n)) return symbol;
    }
    return TW_S("");
}

static bool handles(tw_str name)
{
    static const tw_str starts[] = {TW_SI("on_"), TW_SI("handle"), TW_SI("callback"), TW_SI("message")};
    for (size_t i = 0; i < TW_COUNT(starts); i++)
        if (tw_str_starts(name, starts[i])) return true;
    return false;
}

static void add_methods(jn *j, uint32_t unit)
{
    const jn_unit *u = &j->units[unit];
    for (uint32_t f = 1; f < u->r->n_funcs; f++) {
        const tw_rec_func *m = &u->r->funcs[f];
        if (m->kind != TW_REGION_FUNCTION || m->parent >= u->r->n_funcs || j->handlers.n >= HANDLERS)
            continue;
        const tw_rec_func *cls = &u->r->funcs[m->parent];
        if (cls->kind == TW_REGION_CLASS && handles(tw_rec_str(u->r, m->name)) &&
            library_base(j, unit, cls).n)
            TW_PUSH(j->a, j->handlers, ((jn_handler){u->func0 + f, TW_CAP_NET_COMMANDS}));
    }
}

/* client.on_message = f */
static void add_stored(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const tw_record *r = j->units[unit].r;
    const tw_val *base = jn_val(j, unit, s->base);
    if (base->kind == TW_VAL_MUT) base = jn_val(j, unit, base->a);
    if (base->kind != TW_VAL_CALL || base->a >= r->n_calls || !s->name) return;
    if (registers(row_named(j, unit, tw_rec_str(r, r->calls[base->a].symbol), tw_rec_str(r, s->name))))
        add_handlers(j, unit, s->value, TW_CAP_NET_COMMANDS);
}

/* Bot(...).run(token) of a class of the package. */
static const tw_api *started_by(jn *j, uint32_t unit, const tw_rec_call *c)
{
    const tw_val *callee = jn_val(j, unit, c->callee);
    uint32_t cls = callee->kind == TW_VAL_MEMBER ? jn_class_of(j, unit, callee->a) : TW_NONE;
    if (cls == TW_NONE) return NULL;
    tw_str base = library_base(j, j->func_unit[cls], jn_func(j, cls));
    return row_named(j, unit, base, tw_rec_str(j->units[unit].r, callee->b));
}

void jn_edges_of_handlers(jn *j, jn_edges *e)
{
    TW_VEC(uint32_t) starters = {0};
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        if (tw_lang_family((tw_lang)r->lang) != TW_LANG_PYTHON && !jn_is_js(j, unit)) continue;
        for (uint32_t i = 0; i < r->n_calls; i++) {
            const tw_rec_call *c = &r->calls[i];
            const jn_api *api = jn_apis(j, unit, c->symbol);
            const tw_api *row = row_of(api->rows, api->n);
            if (!row && !api->n) row = started_by(j, unit, c);
            if (!row || c->flags & TW_RC_NEVER) continue;
            for (uint32_t k = 0; registers(row) && k < c->n_args; k++)
                add_handlers(j, unit, r->args[c->args + k].value, row->cap);
            if (row->flags & TW_API_INVOKER && starters.n < STARTERS)
                TW_PUSH(j->a, starters, jn_node_of_call(j, unit, c));
        }
        for (uint32_t i = 0; i < r->n_stores; i++) add_stored(j, unit, &r->stores[i]);
        add_methods(j, unit);
    }
    for (uint32_t s = 0; s < starters.n; s++)
        for (uint32_t h = 0; h < j->handlers.n; h++)
            TW_PUSH(j->a, *e, ((jn_edge){starters.v[s], j->handlers.v[h].func}));
}

static void started_use(jn *j, uint32_t unit, const tw_rec_call *c)
{
    const tw_api *row = started_by(j, unit, c);
    jn_site at = {unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
    if (!row || !(row->flags & TW_API_INVOKER)) return;
    uint32_t use = jn_use_add(j, &at, row->cap, TW_CONF_LITERAL, NULL, jn_str(j, unit, c->symbol));
    for (size_t i = 0; use != TW_NONE && i < TW_COUNT(row->args) && row->args[i].role; i++) {
        uint32_t values[JN_VALUES], n = jn_arg_values(j, unit, c, &row->args[i], values);
        jn_text t = n ? jn_render(j, unit, values[0], 0, 0) : (jn_text){0};
        jn_use_value(j, use, (tw_arg_role)row->args[i].role, &t);
    }
}

void jn_messages(jn *j)
{
    for (uint32_t i = 0; i < j->handlers.n; i++) {
        uint32_t f = j->handlers.v[i].func, unit = j->func_unit[f];
        const tw_rec_func *fn = jn_func(j, f);
        const tw_record *r = j->units[unit].r;
        bool method =
            fn->parent < r->n_funcs && r->funcs[fn->parent].kind == TW_REGION_CLASS && !(fn->flags & 4);
        for (uint32_t p = method; p < fn->n_params && p < JN_VALUES; p++) {
            tw_str name = tw_rec_str(r, r->lists[fn->params + p]);
            jn_site at = {unit, f, NULL, fn->off + p, fn->len};
            uint32_t use = jn_use_add(j, &at, j->handlers.v[i].cap, TW_CONF_LITERAL, NULL, name);
            if (use == TW_NONE) continue;
            j->out->uses.v[use].source = true;
            j->side.v[use].node = j->param0 + j->param_start[f] + p;
        }
    }
    for (uint32_t unit = 0; j->handlers.n && unit < j->n_units; unit++)
        for (uint32_t i = 0; i < j->units[unit].r->n_calls; i++) {
            const tw_rec_call *c = &j->units[unit].r->calls[i];
            if (!jn_apis(j, unit, c->symbol)->n) started_use(j, unit, c);
        }
}
