/* SPDX-License-Identifier: Apache-2.0 */
/* What is run only perhaps: run it, see what it changed, take that back; then what both ways agree on holds and the rest
 * is unknown. */
#include "engine/record/machine_priv.h"

void mc_fork_open(ev *e, mc_fork *f)
{
    mc_machine *m = e->mc;
    *f = (mc_fork){m->log.n, m->obj_mark, m->cell_mark};
    m->obj_mark = m->objs.n, m->cell_mark = m->cells.n;
    m->forks++;
}

static void put_back(ev *e, const mc_log *l)
{
    mc_machine *m = e->mc;
    if (l->kind == MCL_CELL) {
        m->cells.v[l->at].val = l->old;
        return;
    }
    mc_obj *x = mc_obj_at(e, l->at);
    switch (l->kind) {
    case MCL_ITEM: x->items.v[l->i] = l->old; break;
    case MCL_PUSH: x->items.n--; break;
    case MCL_PROP: x->props.v[l->i].val = l->old, x->props.v[l->i].maybe = l->maybe; break;
    case MCL_ADD: x->props.n--, x->index = NULL, x->mask = 0; break;
    case MCL_FLAGS: x->flags = (uint8_t)((x->flags & ~MCO_LOST) | (l->old & MCO_LOST)); break;
    case MCL_POS: x->a = l->old; break;
    default: /* MCL_ALL: the copy is nobody else's */
        x->items.v = l->all->items, x->items.n = x->items.cap = l->all->n;
        x->props.v = l->all->props, x->props.n = x->props.cap = l->all->n_props;
        x->index = NULL, x->mask = 0;
    }
}

static void undo(ev *e, const mc_fork *f)
{
    mc_machine *m = e->mc;
    while (m->log.n > f->log) {
        mc_log l = m->log.v[--m->log.n];
        put_back(e, &l);
    }
    m->obj_mark = f->objs, m->cell_mark = f->cells;
    m->forks--;
}

void mc_fork_drop(ev *e, mc_fork *f)
{
    undo(e, f);
}

static mc_state state_of(ev *e, uint32_t at, bool cell)
{
    mc_state s = {.at = at, .cell = cell};
    if (cell) {
        s.val = e->mc->cells.v[at].val;
        return s;
    }
    const mc_obj *x = mc_obj_at(e, at);
    mc_tick(e, 1 + (x->items.n + x->props.n) / 8);
    s.flags = x->flags, s.a = x->a;
    s.n = x->items.n, s.n_props = x->props.n;
    s.items = tw_arena_raw(e->tmp, s.n * sizeof *s.items + 1);
    s.props = tw_arena_raw(e->tmp, s.n_props * sizeof *s.props + 1);
    if (s.n) memcpy(s.items, x->items.v, s.n * sizeof *s.items);
    if (s.n_props) memcpy(s.props, x->props.v, s.n_props * sizeof *s.props);
    return s;
}

/* The places of the log from `from` on, each once, as they are now. */
static void gather(ev *e, uint32_t from, mc_changes *ret)
{
    mc_machine *m = e->mc;
    uint32_t stamp = ++m->stamp;
    *ret = (mc_changes){0};
    for (uint32_t i = from; i < m->log.n; i++) {
        mc_log l = m->log.v[i];
        uint32_t *mark = l.kind == MCL_CELL ? &m->cells.v[l.at].stamp : &m->objs.v[l.at].stamp;
        if (*mark == stamp) continue;
        *mark = stamp;
        mc_state s = state_of(e, l.at, l.kind == MCL_CELL);
        TW_PUSH(e->tmp, ret->v, s);
    }
    mc_tick(e, (m->log.n - from) / 8);
}

void mc_fork_take(ev *e, mc_fork *f, mc_changes *ret)
{
    gather(e, f->log, ret);
    undo(e, f);
}

uint32_t mc_join_val(ev *e, uint32_t a, uint32_t b)
{
    bool same = false;
    if (a == b) return a;
    if (a && b) {
        if (mc_is_ref(e, a) && mc_is_ref(e, b) && mc_ref(e, a) == mc_ref(e, b)) return a;
        uint8_t k = ev_at(e, a)->kind;
        if (k == TW_VAL_SYMBOL && ev_at(e, b)->kind == k && ev_at(e, a)->sym == ev_at(e, b)->sym) return a;
        if (ev_is_const(e, a) && ev_is_const(e, b) && k == ev_at(e, b)->kind && mc_same(e, a, b, &same) &&
            same)
            return a;
    }
    if (a) mc_escape(e, a);
    if (b) mc_escape(e, b);
    return e->mc->unknown;
}

static bool join_cell(ev *e, uint32_t cell, uint32_t a, uint32_t b)
{
    uint32_t was = e->mc->cells.v[cell].val, now = mc_join_val(e, a, b);
    if (now != was) mc_cell_set(e, cell, now);
    return now == e->mc->unknown && was != now;
}

static void restore(ev *e, const mc_state *s)
{
    if (s->cell) {
        mc_cell_set(e, s->at, s->val);
        return;
    }
    mc_set_items(e, s->at, s->items, s->n);
    mc_obj *x = mc_obj_at(e, s->at);
    x->props.n = 0, x->index = NULL, x->mask = 0; /* mc_set_items has logged the whole of it */
    TW_RESERVE(e->tmp, x->props, s->n_props);
    if (s->n_props) memcpy(x->props.v, s->props, s->n_props * sizeof *s->props);
    x->props.n = s->n_props;
    bool moves = x->kind == MC_ITER || x->kind == MC_GEN || x->kind == MC_LAZY;
    if (moves && x->a != s->a) mc_set_next(e, s->at, s->a);
    if (s->flags & MCO_LOST) mc_lose(e, s->at);
}

void mc_adopt(ev *e, const mc_changes *a)
{
    for (uint32_t i = 0; i < a->v.n; i++) restore(e, &a->v.v[i]);
}

static const mc_prop *prop_of(const mc_state *s, uint32_t key, uint32_t near)
{
    if (near < s->n_props && s->props[near].key == key) return &s->props[near];
    for (uint32_t i = 0; i < s->n_props; i++)
        if (s->props[i].key == key) return &s->props[i];
    return NULL;
}

static bool lose_all(ev *e, uint32_t obj, const mc_state *a, const mc_state *b)
{
    bool was_lost = mc_obj_at(e, obj)->flags & MCO_LOST;
    for (uint32_t i = 0; i < a->n; i++) mc_escape(e, a->items[i]);
    for (uint32_t i = 0; i < b->n; i++) mc_escape(e, b->items[i]);
    for (uint32_t i = 0; i < a->n_props; i++) mc_escape(e, a->props[i].val);
    for (uint32_t i = 0; i < b->n_props; i++) mc_escape(e, b->props[i].val);
    mc_lose(e, obj);
    return !was_lost;
}

/* Entries of either: what only one has may be there or not. */
static bool join_props(ev *e, uint32_t obj, const mc_state *a, const mc_state *b, mc_state *to)
{
    bool less = false, maybe = false;
    uint32_t n = 0;
    mc_prop *v = tw_arena_raw(e->tmp, ((size_t)a->n_props + b->n_props) * sizeof *v + 1);
    if (!mc_tick(e, (uint64_t)a->n_props + b->n_props)) return true;
    for (uint32_t i = 0; i < a->n_props; i++) {
        const mc_prop *x = &a->props[i], *y = prop_of(b, x->key, i);
        v[n] = *x;
        v[n].val = y ? mc_join_val(e, x->val, y->val) : x->val;
        v[n].maybe = y ? (x->maybe > y->maybe ? x->maybe : y->maybe) : x->maybe ? x->maybe : 1;
        if (y && v[n].val == e->mc->unknown) less |= x->val != y->val;
        maybe |= v[n].maybe != 0;
        n++;
    }
    for (uint32_t i = 0; i < b->n_props; i++) {
        if (prop_of(a, b->props[i].key, i)) continue;
        v[n] = b->props[i];
        if (!v[n].maybe) v[n].maybe = 1;
        maybe = true, n++;
    }
    const mc_obj *x = mc_obj_at(e, obj);
    for (uint32_t i = 0; i < n; i++) {
        bool same = i < x->props.n && x->props.v[i].key == v[i].key && x->props.v[i].val == v[i].val &&
                    x->props.v[i].maybe == v[i].maybe;
        less |= !same;
    }
    if (maybe) mc_obj_at(e, obj)->flags |= MCO_MAYBE, e->mc->maybes = true;
    to->props = v, to->n_props = n;
    return less;
}

/* Lists of one length keep it: what differs inside becomes unknown. */
static bool join_obj(ev *e, uint32_t obj, const mc_state *a, const mc_state *b)
{
    if (a->n != b->n || a->a != b->a || (a->flags | b->flags) & MCO_LOST) return lose_all(e, obj, a, b);
    bool less = false;
    mc_state s = *a;
    s.at = obj;
    for (uint32_t i = 0; i < s.n; i++) {
        uint32_t v = mc_join_val(e, a->items[i], b->items[i]);
        less |= v == e->mc->unknown && i < mc_obj_at(e, obj)->items.n && mc_obj_at(e, obj)->items.v[i] != v;
        s.items[i] = v;
    }
    less |= join_props(e, obj, a, b, &s);
    restore(e, &s);
    return less;
}

static bool join_one(ev *e, const mc_state *a, const mc_state *b)
{
    if (a->cell) return join_cell(e, a->at, a->val, b ? b->val : e->mc->cells.v[a->at].val);
    if (b) return join_obj(e, a->at, a, b);
    mc_state now = state_of(e, a->at, false);
    return join_obj(e, a->at, a, &now);
}

bool mc_join(ev *e, const mc_changes *a, const mc_changes *b)
{
    mc_machine *m = e->mc;
    bool less = false;
    uint32_t first = m->stamp + 1;
    m->stamp += b->v.n + 1;
    for (uint32_t i = 0; i < b->v.n; i++) {
        const mc_state *s = &b->v.v[i];
        *(s->cell ? &m->cells.v[s->at].stamp : &m->objs.v[s->at].stamp) = first + i;
    }
    uint8_t *done = TW_NEWN(e->tmp, uint8_t, b->v.n + 1);
    for (uint32_t i = 0; i < a->v.n; i++) {
        const mc_state *s = &a->v.v[i];
        uint32_t at = (s->cell ? m->cells.v[s->at].stamp : m->objs.v[s->at].stamp) - first;
        if (at < b->v.n) done[at] = 1;
        less |= join_one(e, s, at < b->v.n ? &b->v.v[at] : NULL);
    }
    for (uint32_t i = 0; i < b->v.n; i++)
        if (!done[i]) less |= join_one(e, &b->v.v[i], NULL);
    mc_tick(e, (a->v.n + b->v.n) / 4);
    return less;
}

/* All that happened to it is that entries came in: these may be there now, and may come at any time. */
static bool added_only(ev *e, const mc_state *s)
{
    const mc_obj *x = mc_obj_at(e, s->at);
    bool only = s->n == x->items.n && s->a == x->a && s->n_props >= x->props.n && !(s->flags & MCO_LOST);
    for (uint32_t i = 0; only && i < s->n; i++) only = s->items[i] == x->items.v[i];
    for (uint32_t i = 0; only && i < x->props.n; i++)
        only = s->props[i].key == x->props.v[i].key &&
               (s->props[i].val == x->props.v[i].val || x->props.v[i].maybe == 2);
    for (uint32_t i = x->props.n; only && i < s->n_props; i++) mc_put_maybe(e, s->at, &s->props[i], 2);
    return only;
}

/* Unknown from now on; forever: whatever is written there later. */
void mc_volatile(ev *e, const mc_changes *a, bool forever)
{
    for (uint32_t i = 0; i < a->v.n; i++) {
        const mc_state *s = &a->v.v[i];
        if (s->cell) {
            mc_escape(e, e->mc->cells.v[s->at].val);
            mc_cell_set(e, s->at, e->mc->unknown);
            if (forever) e->mc->cells.v[s->at].shared = MC_VOLATILE;
        } else {
            const mc_obj *x = mc_obj_at(e, s->at);
            if (forever && added_only(e, s)) continue;
            for (uint32_t k = 0; k < x->items.n; k++) mc_escape(e, mc_obj_at(e, s->at)->items.v[k]);
            x = mc_obj_at(e, s->at);
            for (uint32_t k = 0; k < x->props.n; k++) mc_escape(e, mc_obj_at(e, s->at)->props.v[k].val);
            mc_lose(e, s->at);
            if (forever) mc_obj_at(e, s->at)->shared = MC_VOLATILE;
        }
    }
}

/* All that is pending: a recursion was cut, whose rounds change these places in some way. */
void mc_poison_log(ev *e)
{
    mc_changes c;
    gather(e, e->mc->log_floor, &c);
    mc_volatile(e, &c, false);
}

/* Runs it, perhaps. */
uint32_t mc_maybe(ev *e, uint32_t from, uint32_t to)
{
    mc_fork f;
    mc_changes c, none = {0};
    mc_fork_open(e, &f);
    e->mc->perhaps++;
    uint32_t how = mc_run(e, from, to);
    e->mc->perhaps--;
    mc_fork_take(e, &f, &c);
    if (how & R_STOP) return how;
    if (how == R_THROW && !e->mc->tries) return R_NORMAL; /* then nothing comes behind it */
    mc_join(e, &c, &none);
    return how | R_NORMAL;
}
