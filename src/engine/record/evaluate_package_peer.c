/* SPDX-License-Identifier: Apache-2.0 */
/* Functions and variables of other files: their own evaluation is kept, and asked. What crosses over are constants. */
#include "engine/record/evaluate_package.h"

enum { CROSSING = 1 << 18, ARGS = 16, STEPS = 16 };

tw_peer *tw_peer_new(const tw_ir *ir, const tw_limits *lim, tw_world *w)
{
    tw_arena *a = tw_arena_new(0);
    tw_peer *p = TW_NEW(a, tw_peer);
    p->arena = a;
    p->world.in = w;
    ev_walk(&p->e, &p->world, ir, lim, false);
    return p;
}

tw_peer *tw_peer_free(tw_peer *p)
{
    if (p) {
        ev_end(&p->e);
        tw_arena_free(p->arena);
    }
    return NULL;
}

/* The recipe there, behind where it was made. */
static uint32_t cross_recipe(ev *to, const ev *from, uint32_t recipe)
{
    const char *names[STEPS];
    uint32_t n = 0, made = 0;
    for (; recipe && recipe < from->recipes.n && n < STEPS; recipe = from->recipes.v[recipe].before)
        names[n++] = from->recipes.v[recipe].name;
    bool origin = n && (!strncmp(names[n - 1], "file ", 5) || !strncmp(names[n - 1], "from ", 5));
    if (!origin && from->package) made = ev_package_origin(to, "from ", from->package->in->path);
    while (n-- > 0) made = ev_recipe_add(to, made, tw_arena_fmt(to->tmp, "%s", names[n]).p);
    return made;
}

static uint32_t leaf(ev *to, ev *from, uint32_t v)
{
    tw_str s;
    int64_t n;
    const ev_val *x = ev_at(from, v);
    if (ev_text(from, v, &s)) {
        x = ev_at(from, v);
        if (!ev_room(to, s.n)) return 0;
        return ev_folded(to, x->kind, tw_arena_str(to->tmp, s), cross_recipe(to, from, x->recipe));
    }
    if (x->kind == TW_VAL_BOOL) return ev_bool(to, x->a);
    if (ev_get_int(from, v, &n)) return ev_int(to, n);
    return x->kind == TW_VAL_NULL_ ? ev_none(to) : 0;
}

/* A constant of one evaluation in another. Lists hold what is older than they are: the values they need are copied
 * from the oldest on. */
static uint32_t cross(ev *to, ev *from, uint32_t v)
{
    if (!ev_is_const(from, v)) return 0;
    uint8_t kind = ev_at(from, v)->kind;
    if (kind != TW_VAL_SEQ && kind != TW_VAL_MAP) return leaf(to, from, v);
    if (ev_at(from, v)->flags & (EV_LOOSE | EV_ESCAPED) || v > CROSSING || !ev_step(to, v / 16)) return 0;
    tw_arena *a = tw_arena_new(0);
    uint32_t *made = TW_NEWN(a, uint32_t, (size_t)v + 1), base = to->stack.n, result = 0;
    uint8_t *want = TW_NEWN(a, uint8_t, (size_t)v + 1);
    bool fine = true;
    want[v] = 1;
    for (uint32_t i = v + 1; i-- > 0;) {
        const ev_val *x = ev_at(from, i);
        bool list = x->kind == TW_VAL_SEQ || x->kind == TW_VAL_MAP;
        for (uint32_t k = 0; want[i] && list && k < x->n; k++) want[ev_item(from, x, k)] = 1;
    }
    for (uint32_t i = 0; i <= v && fine; i++) {
        if (!want[i]) continue;
        const ev_val x = *ev_at(from, i);
        if (x.kind != TW_VAL_SEQ && x.kind != TW_VAL_MAP) {
            fine = (made[i] = leaf(to, from, i)) != 0;
            continue;
        }
        for (uint32_t k = 0; k < x.n; k++) TW_PUSH(to->tmp, to->stack, made[from->lists.v[x.list + k]]);
        made[i] = ev_list(to, x.kind, to->stack.v + base, x.n);
        ev_at(to, made[i])->how = x.how;
        to->stack.n = base;
    }
    if (fine) result = made[v];
    tw_arena_free(a);
    return result;
}

static tw_peer *peer_of(ev *e, tw_str symbol, uint32_t *ret_off)
{
    tw_world *w = e->package->in;
    bool own = symbol.n && tw_str_find(symbol, TW_S("()")) == TW_NPOS && w->peer && ev_step(e, 64);
    tw_peer *p = own ? w->peer(w->ctx, symbol, ret_off) : NULL;
    return p && !p->busy ? p : NULL;
}

static uint32_t scope_at(const ev *e, uint32_t off)
{
    for (uint32_t i = 1; i < e->ir->scopes.n; i++)
        if (e->ir->scopes.v[i].off == off &&
            (e->ir->scopes.v[i].kind == TW_REGION_FUNCTION || e->ir->scopes.v[i].kind == TW_REGION_LAMBDA))
            return i;
    return 0;
}

uint32_t ev_peer_call(ev *e, tw_str symbol, const ev_args *a)
{
    uint32_t off = TW_NONE, v[ARGS], names[ARGS];
    if (a->n > ARGS) return 0;
    for (uint32_t i = 0; i < a->n; i++)
        if (!ev_is_const(e, a->v[i])) return 0;
    tw_peer *p = peer_of(e, symbol, &off);
    uint32_t scope = p && off != TW_NONE ? scope_at(&p->e, off) : 0;
    if (!scope) return 0;
    for (uint32_t i = 0; i < a->n; i++) {
        names[i] = a->names[i] ? tw_intern_find(&p->e.ir->strings, tw_ir_text(e->ir, a->names[i])) : 0;
        v[i] = a->names[i] && !names[i] ? 0 : cross(&p->e, e, a->v[i]);
        if (!v[i]) return 0;
    }
    p->busy = 1;
    p->e.scope = 0;
    uint32_t f = ev_new(&p->e, TW_VAL_FUNC, scope, 0);
    uint32_t r = ev_machine_call(&p->e, f, 0, &(ev_args){0, v, names, a->n});
    p->busy = 0;
    return r ? cross(e, &p->e, r) : 0;
}

uint32_t ev_peer_name(ev *e, tw_str symbol)
{
    uint32_t off = TW_NONE;
    size_t dot = tw_str_rchr(symbol, '.');
    tw_peer *p = dot == TW_NPOS ? NULL : peer_of(e, symbol, &off);
    if (!p || off != TW_NONE) return 0;
    uint32_t name = tw_intern_find(&p->e.ir->strings, tw_str_sub(symbol, dot + 1, symbol.n));
    uint32_t var = name ? ev_find_var(&p->e, name, 0) : TW_NONE;
    const ev_var *x = var == TW_NONE ? NULL : &p->e.vars.v[var];
    return x && x->all && x->seen >= x->binds ? cross(e, &p->e, x->all) : 0;
}
