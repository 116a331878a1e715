/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record/pure_object.h"

enum { CHAIN = 64, NAMES = 4 };

uint32_t ev_made(ev *e, const ev_args *a)
{
    (void)e, (void)a;
    return 0;
}

/* Only of constants: what flows into the object from elsewhere must stay visible. */
uint32_t ev_itself(ev *e, const ev_args *a)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (!ev_is_const(e, a->v[i])) return 0;
    return a->self;
}

bool ev_object(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_CALL || x->a >= e->calls.n || e->calls.v[x->a].result != v) return false;
    uint32_t sym = e->calls.v[x->a].sym;
    return ev_is_pure(e, sym) && ev_known_of(e, sym)->pure[e->js]->fn == ev_made;
}

/* The CALL behind a value that was changed; 0 none. */
static uint32_t root_of(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    for (unsigned i = 0; x->kind == TW_VAL_MUT && i < CHAIN; i++) v = x->a, x = ev_at(e, v);
    return x->kind == TW_VAL_CALL ? v : 0;
}

bool ev_maker(ev *e, uint32_t v, ev_call *ret)
{
    uint32_t root = v ? root_of(e, v) : 0, call = root ? ev_at(e, root)->a : 0;
    if (!root || call >= e->calls.n || e->calls.v[call].result != root) return false;
    *ret = e->calls.v[call];
    return true;
}

tw_str ev_method(const ev *e, const ev_call *c)
{
    const ev_val *x = ev_at(e, c->callee);
    return x->kind == TW_VAL_MEMBER ? ev_sym(e, x->b) : (tw_str){0};
}

tw_str ev_last_name(tw_str sym)
{
    size_t dot = tw_str_rchr(sym, '.');
    return dot == TW_NPOS ? sym : tw_str_sub(sym, dot + 1, sym.n);
}

/* ---- is the past the whole past? ---- */

static const tw_insn *insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}

/* f(x).g(y).h(): nobody else can hold the object. */
static bool held_by_nobody(const ev *e, uint32_t made_at)
{
    uint32_t at = e->at;
    for (unsigned i = 0; i < CHAIN; i++) {
        if (at == made_at) return i > 0;
        const tw_insn *in = insn(e, at);
        if (in->op != TW_OP_CALL || in->a >= at || insn(e, in->a)->op != TW_OP_MEMBER) return false;
        at = insn(e, in->a)->a;
    }
    return false;
}

static bool within(const ev_past *p, const ev *e, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (e->calls.v[p->calls[i]].at > from && e->calls.v[p->calls[i]].at < to) return true;
    return false;
}

/* A region between the object's birth and here: may it hide that something happened more or less than once? */
static bool region_fine(const ev *e, const ev_past *p, uint32_t enter)
{
    uint8_t kind = insn(e, enter)->kind;
    bool closed = e->leave[enter] < e->at, loop = kind == TW_REGION_LOOP || kind == TW_REGION_COMPREHENSION;
    bool straight = kind == TW_REGION_WITH || kind == TW_REGION_FINALLY;
    if (!closed) return !loop;
    return straight || !within(p, e, enter, e->leave[enter]);
}

static bool is_body(uint8_t kind)
{
    return kind == TW_REGION_FUNCTION || kind == TW_REGION_LAMBDA || kind == TW_REGION_CLASS;
}

/* Does the instruction hand the object to something that is no method of it? */
static bool gives_away(const ev *e, const ev_past *p, uint32_t at)
{
    const tw_insn *in = insn(e, at);
    const uint8_t *f = tw_op_fields(in->op);
    const uint32_t v[3] = {in->a, in->b, in->c};
    if (in->op == TW_OP_MEMBER || in->op == TW_OP_BIND || in->op == TW_OP_READ) return false;
    for (unsigned i = 0; i < 3; i++) {
        if (f[i] == TW_FIELD_VALUE && v[i] && v[i] < at && e->of[v[i]] && root_of(e, e->of[v[i]]) == p->root)
            return true;
        for (uint32_t k = 0; f[i] == TW_FIELD_ARGS && v[i] && k < e->ir->args.v[v[i]].value; k++) {
            uint32_t arg = e->ir->args.v[v[i] + 1 + k].value;
            if (arg && arg < at && e->of[arg] && root_of(e, e->of[arg]) == p->root) return true;
        }
    }
    return false;
}

/* A function that reads the name may run at any time. */
static bool read_elsewhere(ev *e, uint32_t name)
{
    uint32_t scope = e->flow[e->scope], from = scope ? e->ir->scopes.v[scope].enter : 0;
    uint32_t to = scope ? e->leave[from] : e->ir->insns.n, inside = 0;
    if (to > e->ir->insns.n || !ev_step(e, (to - from) / 8)) return true;
    for (uint32_t i = from + 1; i < to; i++) {
        const tw_insn *in = insn(e, i);
        if (in->op == TW_OP_ENTER && i >= inside && is_body(in->kind)) {
            bool own = in->b < e->ir->scopes.n && ev_find_var(e, name, in->b) != TW_NONE;
            if (own)
                i = e->leave[i];
            else
                inside = e->leave[i];
        } else if (i < inside && in->op == TW_OP_READ && in->a == name) {
            return true;
        }
    }
    return false;
}

static bool seen_whole(ev *e, const ev_past *p)
{
    uint32_t names[NAMES], n = 0, from = p->made.at, to = e->at;
    if (p->made.m || e->m) return p->made.m == e->m; /* a machine does what happens, in its order */
    if (held_by_nobody(e, from)) return true;
    if (to <= from || p->made.func != e->runs_in[e->scope] || !ev_step(e, (to - from) / 4)) return false;
    for (uint32_t i = from + 1; i < to; i++) {
        const tw_insn *in = insn(e, i);
        if (in->op == TW_OP_ENTER && is_body(in->kind)) {
            i = e->leave[i];
            continue;
        }
        if (in->op == TW_OP_ENTER && !region_fine(e, p, i)) return false;
        if (gives_away(e, p, i)) return false;
        bool bound = in->op == TW_OP_BIND && in->b && in->b < i && e->of[in->b];
        if (!bound || root_of(e, e->of[in->b]) != p->root) continue;
        if (n == NAMES) return false;
        names[n++] = in->a;
    }
    for (uint32_t i = 0; i < n; i++)
        if (read_elsewhere(e, names[i])) return false;
    return true;
}

bool ev_past_of(ev *e, const ev_args *a, ev_past *ret)
{
    ret->n = 0;
    ret->root = a->self ? root_of(e, a->self) : 0;
    if (!ret->root || !ev_maker(e, ret->root, &ret->made) || ret->made.flags & TW_RC_DECORATOR) return false;
    uint32_t first = ev_at(e, ret->root)->a + 1, last = e->calls.n - 1;
    const ev_val *here = ev_at(e, e->calls.v[last].callee);
    bool present = e->calls.v[last].at == e->at && here->kind == TW_VAL_MEMBER && here->a == a->self;
    if (!present || first > last || !ev_step(e, (last - first) / 8)) return false;
    for (uint32_t i = first; i < last; i++) {
        const ev_val *callee = ev_at(e, e->calls.v[i].callee);
        if (callee->kind != TW_VAL_MEMBER || root_of(e, callee->a) != ret->root) continue;
        if (ret->n == EV_PAST_MAX || e->calls.v[i].func != ret->made.func) return false;
        ret->calls[ret->n++] = i;
    }
    return seen_whole(e, ret);
}

/* ---- arguments ---- */

uint32_t ev_positional(const ev_args *a)
{
    uint32_t n = 0;
    while (n < a->n && !a->names[n]) n++;
    return n;
}

uint32_t ev_map_item(ev *e, uint32_t map, tw_str key)
{
    const ev_val *m = ev_at(e, map);
    uint32_t found = 0;
    tw_str name;
    if (m->kind != TW_VAL_MAP || m->flags & (EV_LOOSE | EV_ESCAPED) || m->n > 64) return 0;
    for (uint32_t i = 0; i + 1 < m->n; i += 2) {
        if (!ev_text(e, e->lists.v[ev_at(e, map)->list + i], &name)) return 0;
        m = ev_at(e, map);
        if (tw_str_eq(name, key)) found = e->lists.v[m->list + i + 1];
    }
    return found;
}

bool ev_raw(ev *e, uint32_t v, tw_str *ret)
{
    uint8_t kind;
    return v && ev_is_text(e, v, &kind) && kind == TW_VAL_BYTES && ev_is_const(e, v) && ev_text(e, v, ret);
}

bool ev_raw_or_text(ev *e, uint32_t v, tw_str *ret)
{
    uint8_t kind;
    return v && ev_is_text(e, v, &kind) && ev_is_const(e, v) && ev_text(e, v, ret);
}

bool ev_call_raw(ev *e, const ev_call *c, uint32_t i, const char *keyword, tw_str *ret)
{
    return ev_raw(e, ev_call_arg(e, c, i, keyword), ret);
}

bool ev_absent(const ev *e, uint32_t v)
{
    return !v || ev_at(e, v)->kind == TW_VAL_NULL_;
}

uint8_t *ev_room_for(ev *e, uint64_t n)
{
    return ev_room(e, n) ? tw_arena_raw(e->tmp, n + 1) : NULL;
}

uint32_t ev_result(ev *e, uint32_t from, tw_str bytes, const char *recipe)
{
    uint32_t before = from ? ev_at(e, from)->recipe : 0;
    return ev_folded(e, TW_VAL_BYTES, bytes, recipe ? ev_recipe_add(e, before, recipe) : before);
}
