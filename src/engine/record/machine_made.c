/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of libraries that the table of pure functions knows (pure_object.h: hashes, ciphers): what made them and what
 * was called on them since, in its order. A method is computed of that past. */
#include "engine/record/machine_priv.h"
#include "engine/record/pure_object.h"

/* Of the object's items: its maker, what it was given; then name and arguments of each method. */
enum { MAKER, GIVEN, FIRST };

/* The arguments as one constant; 0 not known. */
static uint32_t constants(ev *e, const mc_args *a)
{
    uint32_t list = mc_new(e, MC_LIST);
    if (a->loose || a->n > EV_PAST_MAX) return 0;
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t v = mc_is_ref(e, a->v[i]) ? mc_freeze(e, a->v[i]) : a->v[i];
        if (!v || !ev_is_const(e, v)) return 0;
        mc_push(e, list, v);
    }
    return mc_ref_to(e, list);
}

uint32_t mc_made(ev *e, uint32_t sym, const mc_args *a)
{
    bool makes = e->js && ev_is_pure(e, sym) && ev_known_of(e, sym)->pure[e->js]->fn == ev_made;
    uint32_t given = makes ? constants(e, a) : 0;
    if (!given) return 0;
    uint32_t o = mc_new(e, MC_BOUND);
    mc_obj_at(e, o)->how = MC_MADE;
    mc_push(e, o, ev_symbol(e, sym));
    mc_push(e, o, given);
    e->mc->may_throw = true;
    return mc_ref_to(e, o);
}

static void row(ev *e, uint32_t callee, uint32_t sym, uint32_t given, uint32_t result)
{
    ev_call c = {.callee = callee, .sym = sym, .args = e->args.n, .result = result, .at = e->at, .m = e->m};
    const mc_obj *x = mc_obj_at(e, mc_ref(e, given));
    c.n_args = x->items.n;
    for (uint32_t i = 0; i < x->items.n; i++) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){x->items.v[i], 0}));
    TW_PUSH(e->tmp, e->calls, c);
}

static uint32_t method(ev *e, uint32_t self, uint32_t name)
{
    tw_str s = {0};
    ev_text(e, name, &s);
    return ev_new(e, TW_VAL_MEMBER, self, tw_intern_kept(&e->syms, s));
}

/* The last method of the object, told as calls that stand for a moment. */
static uint32_t compute(ev *e, uint32_t o, uint32_t sym, uint32_t self)
{
    uint32_t calls = e->calls.n, args = e->args.n, n = mc_obj_at(e, o)->items.n;
    uint32_t v[EV_PAST_MAX], none[EV_PAST_MAX] = {0};
    ev_at(e, self)->a = calls;
    row(e, mc_obj_at(e, o)->items.v[MAKER], ev_at(e, mc_obj_at(e, o)->items.v[MAKER])->sym,
        mc_obj_at(e, o)->items.v[GIVEN], self);
    for (uint32_t i = FIRST; i + 1 < n; i += 2)
        row(e, method(e, self, mc_obj_at(e, o)->items.v[i]), sym, mc_obj_at(e, o)->items.v[i + 1], 0);
    const mc_obj *last = mc_obj_at(e, mc_ref(e, mc_obj_at(e, o)->items.v[n - 1]));
    ev_args with = {self, v, none, last->items.n};
    if (with.n) memcpy(v, last->items.v, with.n * sizeof *v);
    uint32_t r = ev_pure(e, sym, &with);
    e->calls.n = calls, e->args.n = args;
    return r;
}

uint32_t mc_made_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_ref(e, self);
    bool is = o != TW_NONE && mc_obj_at(e, o)->kind == MC_BOUND && mc_obj_at(e, o)->how == MC_MADE;
    if (!is) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    bool known = mc_known(e, o) && !x->props.n && x->items.n < FIRST + 2 * EV_PAST_MAX;
    uint32_t made = ev_sym_join(e, ev_at(e, x->items.v[MAKER])->sym, "()", (tw_str){0});
    uint32_t sym = known ? ev_sym_member(e, made, 0, name) : 0, given = 0;
    if (sym && ev_is_pure(e, sym)) given = constants(e, a);
    *ret = e->mc->unknown;
    if (!given) {
        mc_lose(e, o);
        *ret = mc_stranger(e, e->mc->unknown, self, a);
        return R_NORMAL;
    }
    e->mc->may_throw = true;
    uint32_t call = ev_new(e, TW_VAL_CALL, 0, 0);
    ev_at(e, call)->sym = made;
    mc_push(e, o, ev_text_val(e, TW_VAL_STR, name, 0, 0));
    mc_push(e, o, given);
    uint32_t r = mc_tick(e, mc_obj_at(e, o)->items.n) ? compute(e, o, sym, call) : 0;
    if (r == call) return *ret = self, R_NORMAL;
    if (r && ev_is_const(e, r)) *ret = mc_thaw(e, r, true);
    return R_NORMAL;
}
