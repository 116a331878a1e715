/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of one file put together: what reaches a call of a function of the file goes on as that one's summary
 * says. Callees first; those that call each other in rounds, until nothing is new. */
#include "engine/record/summary_priv.h"

#include <stdlib.h>

typedef struct closing { /* an edge on its way through a call */
    su *s;
    uint32_t func;
    bool grew;
} closing;

enum { WAYS = 4 }; /* between the same ends, before they are taken for one */

static bool same_ends(const su_edge *a, const su_edge *b)
{
    return a->root == b->root && a->to == b->to && a->kind == b->kind && a->pos == b->pos;
}

/* Arguments of its own calls a function has already: those of what comes back from a callee follow from them. */
static void add(closing *c, su_edge e)
{
    su *s = c->s;
    su_edges *own = &s->own[c->func];
    uint32_t ways = 0, first = 0;
    e.func = c->func;
    if (e.kind != TW_TO_RETURN && e.kind != TW_TO_PARAM) return;
    su_spend(s, 1 + own->n / 8);
    for (uint32_t i = 0; i < own->n; i++) {
        const su_edge *x = &own->v[i];
        if (!same_ends(x, &e)) continue;
        if ((x->from == e.from || !x->from) && (x->at == e.at || !x->at)) return;
        if (!ways++) first = i;
    }
    if (ways >= WAYS) {
        own->v[first].from = own->v[first].at = 0;
        c->grew = true;
        return;
    }
    if (own->n >= SU_EDGES || s->steps > s->max_steps) {
        su_cut(s, c->func);
        return;
    }
    TW_PUSH(s->tmp, *own, e);
    c->grew = true;
}

/* What a callee does to variables it does whoever calls it: that stays its own edge. */

/* root.from arrives at .at of what call `call` gives: on to where that goes. */
static void through_result(closing *c, uint32_t root, uint32_t from, uint32_t call, uint32_t at)
{
    su *s = c->s;
    uint32_t owner = s->r->calls[call].func, rest_at, rest_from;
    su_spend(s, 1 + s->own[owner].n / 8);
    for (uint32_t i = 0; i < s->own[owner].n; i++) {
        su_edge y = s->own[owner].v[i];
        if (y.root != su_root(SU_CALL, call) || !su_meet(s, at, y.from, &rest_at, &rest_from)) continue;
        y.root = root;
        y.from = su_cat(s, from, rest_from);
        y.at = su_cat(s, y.at, rest_at);
        add(c, y);
    }
}

/* root.from was stored at .at of parameter k of g: in what the call hands over there. */
static void through_param(closing *c, uint32_t root, uint32_t from, uint32_t call, uint32_t g, uint32_t k,
                          uint32_t at)
{
    su *s = c->s;
    const tw_record *r = s->r;
    const tw_rec_call *x = &r->calls[call];
    const tw_val *callee = &r->vals[x->callee];
    if (k == 0 && su_makes(s, call, g)) {
        through_result(c, root, from, call, at);
        return;
    }
    for (uint32_t i = 0; i <= x->n_args && su_spend(s, 1); i++) { /* the last one is the receiver */
        uint32_t first, last;
        bool self = i == x->n_args;
        if (self && callee->kind != TW_VAL_MEMBER) break;
        if (!su_bound(s, call, g, self ? TW_TO_SELF : TW_TO_ARG, i, &first, &last) || k < first || k > last)
            continue;
        su_set set = s->sets[self ? callee->a : r->args[x->args + i].value];
        for (uint32_t n = 0; n < set.n; n++) {
            su_item it = s->pool.v[set.start + n];
            uint32_t id = su_id(it.root), path = su_cat(s, it.from, at);
            if (it.at || it.root == root) continue;
            if (su_kind(it.root) == SU_CALL) through_result(c, root, from, id, path);
            if (su_kind(it.root) != SU_PARAM) continue;
            uint32_t f = s->param_func[id];
            add(c, (su_edge){0, root, from, f, id - s->param0[f], path, TW_TO_PARAM});
        }
    }
}

static void through_call(closing *c, const su_edge *e, uint32_t g)
{
    su *s = c->s;
    uint32_t first, last, rest_at, rest_from;
    if (!su_bound(s, e->to, g, e->kind, e->pos, &first, &last)) return;
    uint32_t at = su_hands_over(s, e->to, g) ? 0 : e->at;
    for (uint32_t i = 0; i < s->own[g].n && su_spend(s, 1); i++) {
        su_edge y = s->own[g].v[i];
        uint32_t k = su_id(y.root) - s->param0[g];
        if (su_kind(y.root) != SU_PARAM || k < first || k > last) continue;
        if (!su_meet(s, at, y.from, &rest_at, &rest_from)) continue;
        uint32_t from = su_cat(s, e->from, rest_from), to = su_cat(s, y.at, rest_at);
        if (y.kind == TW_TO_RETURN && y.to == g) through_result(c, e->root, from, e->to, to);
        if (y.kind == TW_TO_PARAM && y.to == g) through_param(c, e->root, from, e->to, g, y.pos, to);
    }
}

/* True when something was added. */
static bool close_once(su *s, uint32_t func)
{
    closing c = {s, func, false};
    if (s->cut[func]) return false;                 /* whoever reads it takes it for anything already */
    for (uint32_t i = 0; i < s->own[func].n; i++) { /* grows meanwhile */
        su_edge e = s->own[func].v[i];
        if (e.kind != TW_TO_ARG && e.kind != TW_TO_SELF) continue;
        for (uint32_t k = s->callee0[e.to]; k < s->callee0[e.to + 1]; k++)
            through_call(&c, &e, s->callees.v[k]);
    }
    return c.grew;
}

/* ---- which functions call each other (Tarjan, with a stack of our own) ---- */

typedef struct order {
    su *s;
    uint32_t *start, *to;       /* whom a function's data is handed to */
    uint32_t *index, *low, *at; /* at: the next edge to look at */
    uint32_t *path, n_path;     /* functions under way */
    uint32_t *open, n_open;     /* of no part yet */
    uint8_t *is_open;
    uint32_t n;
} order;

static void neighbours(order *o)
{
    su *s = o->s;
    uint32_t n_funcs = s->r->n_funcs, n = 0;
    o->start = TW_NEWN(s->tmp, uint32_t, (size_t)n_funcs + 2);
    for (int fill = 0; fill < 2; fill++) {
        for (uint32_t f = 0; f < n_funcs; f++) {
            o->start[f] = n;
            for (uint32_t i = 0; i < s->own[f].n; i++) {
                const su_edge *e = &s->own[f].v[i];
                if (e->kind != TW_TO_ARG && e->kind != TW_TO_SELF) continue;
                for (uint32_t k = s->callee0[e->to]; k < s->callee0[e->to + 1]; k++, n++)
                    if (fill) o->to[n] = s->callees.v[k];
            }
        }
        o->start[n_funcs] = n;
        if (!fill) o->to = TW_NEWN(s->tmp, uint32_t, n), n = 0;
    }
}

static void close_part(su *s, const uint32_t *part, uint32_t n, bool hands_on)
{
    bool grew = true;
    if (n == 1 && !hands_on) return;
    for (uint32_t round = 0; grew && round < TW_SUMMARY_ROUNDS; round++) {
        grew = false;
        for (uint32_t i = 0; i < n; i++) grew |= close_once(s, part[i]);
    }
    for (uint32_t i = 0; grew && i < n; i++) su_cut(s, part[i]);
}

static void enter(order *o, uint32_t f)
{
    o->index[f] = o->low[f] = ++o->n;
    o->at[f] = o->start[f];
    o->path[o->n_path++] = f;
    o->open[o->n_open++] = f;
    o->is_open[f] = 1;
}

static void visit(order *o, uint32_t root)
{
    enter(o, root);
    while (o->n_path) {
        uint32_t f = o->path[o->n_path - 1];
        if (o->at[f] < o->start[f + 1]) {
            uint32_t g = o->to[o->at[f]++];
            if (!o->index[g])
                enter(o, g);
            else if (o->is_open[g] && o->index[g] < o->low[f])
                o->low[f] = o->index[g];
            continue;
        }
        o->n_path--;
        if (o->n_path && o->low[f] < o->low[o->path[o->n_path - 1]])
            o->low[o->path[o->n_path - 1]] = o->low[f];
        if (o->low[f] != o->index[f]) continue;
        uint32_t first = o->n_open;
        do o->is_open[o->open[--first]] = 0;
        while (o->open[first] != f);
        close_part(o->s, o->open + first, o->n_open - first, o->start[f] < o->start[f + 1]);
        o->n_open = first;
    }
}

void su_close(su *s)
{
    uint32_t n = s->r->n_funcs;
    s->own = (su_edges *)tw_arena_calloc(s->tmp, n, sizeof *s->own);
    su_edge *room = tw_arena_raw(s->tmp, s->base.n * sizeof *room);
    for (uint32_t f = 0; f < n; f++) {
        uint32_t count = s->count[f] < SU_EDGES ? s->count[f] : SU_EDGES;
        if (count) s->own[f].v = room, s->own[f].cap = count, room += count;
    }
    for (uint32_t i = 0; i < s->base.n; i++) {
        su_edges *own = &s->own[s->base.v[i].func];
        own->v[own->n++] = s->base.v[i];
    }
    if (!s->callees.n) return; /* nothing calls anything of this file */
    order o = {.s = s};
    neighbours(&o);
    o.index = TW_NEWN(s->tmp, uint32_t, n), o.low = TW_NEWN(s->tmp, uint32_t, n),
    o.at = TW_NEWN(s->tmp, uint32_t, n);
    o.path = TW_NEWN(s->tmp, uint32_t, n), o.open = TW_NEWN(s->tmp, uint32_t, n);
    o.is_open = TW_NEWN(s->tmp, uint8_t, n);
    for (uint32_t f = 0; f < n; f++)
        if (!o.index[f]) visit(&o, f);
}
