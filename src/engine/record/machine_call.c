/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of the machine: functions and classes of this file run; of others the pure ones are computed; the
 * rest may do anything to what is handed to them. */
#include "engine/record/machine_py.h"

enum { KEEP = 4096, MAX_EXTRAS = 4096 };

uint32_t mc_closure(ev *e, uint32_t scope, uint32_t env)
{
    mc_machine *m = e->mc;
    uint32_t o = mc_new(e, MC_CLOSURE);
    mc_obj_at(e, o)->a = scope, mc_obj_at(e, o)->env = env;
    if (m->acts.n) mc_obj_at(e, o)->self = mc_top(e)->self;
    m->closure_of[scope] = m->closure_of[scope] ? TW_NONE : o + 1;
    if (!(m->scope_is[scope] & MCS_MADE)) TW_PUSH(e->tmp, m->queue, o);
    m->scope_is[scope] |= MCS_MADE;
    return mc_ref_to(e, o);
}

/* Functions that hold from the start of their scope. */
void mc_hoist(ev *e, uint32_t scope)
{
    mc_machine *m = e->mc;
    for (uint32_t i = m->hoist_first[scope]; i; i = (uint32_t)(m->hoists.v[i - 1] >> 32)) {
        const tw_insn *in = mc_insn(e, (uint32_t)m->hoists.v[i - 1]);
        uint32_t var = ev_find_var(e, in->a, scope), cell = var == TW_NONE ? TW_NONE : mc_cell_of(e, var);
        if (cell == TW_NONE || !mc_tick(e, 1)) continue;
        uint32_t v = mc_closure(e, mc_insn(e, in->b)->a, mc_top(e)->env);
        mc_obj_at(e, mc_ref(e, v))->flags |= MCO_LAZY;
        m->regs.v[mc_top(e)->regs + in->b - mc_top(e)->enter] = v;
        mc_cell_set(e, cell, v);
    }
}

/* ---- strangers ---- */

static bool harmless(tw_str s)
{
    static const char *const names = " print console.log console.error console.warn console.info "
                                     "console.debug isinstance len type id hash repr str int "
                                     "float bool JSON.stringify Object.freeze Array.isArray String Number "
                                     "Boolean parseInt parseFloat isNaN range "
                                     "Error TypeError Math.floor Math.random Symbol RegExp Date.now "
                                     "Object.keys issubclass callable hasattr ";
    tw_str all = tw_str_c(names);
    size_t at = s.n && s.n < 30 ? tw_str_find(all, s) : TW_NPOS;
    return at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + s.n] == ' ';
}

/* What functions that strangers hold may change is not known any more, now or later. */
void mc_speculate(ev *e)
{
    mc_machine *m = e->mc;
    if (m->speculating) return;
    m->speculating = true;
    for (; m->speculated < m->escaped.n && !m->lost; m->speculated++) {
        mc_fork f;
        mc_changes c;
        mc_args a = {NULL, NULL, 0, true};
        uint32_t ret, tries = m->tries;
        bool may = m->may_throw;
        m->tries = 0;
        mc_fork_open(e, &f);
        mc_activate(e, m->escaped.v[m->speculated], m->unknown, &a, 0, &ret);
        mc_fork_take(e, &f, &c);
        m->tries = tries, m->may_throw = may;
        if (!m->lost) mc_volatile(e, &c, true);
    }
    m->speculating = false;
}

uint32_t mc_stranger(ev *e, uint32_t f, uint32_t self, const mc_args *a)
{
    mc_machine *m = e->mc;
    uint32_t sym = mc_is_ref(e, f) ? 0 : ev_at(e, f)->sym;
    if (sym && harmless(ev_sym(e, sym))) return m->unknown;
    for (uint32_t i = 0; i < a->n; i++) mc_escape(e, a->v[i]);
    if (self) mc_escape(e, self);
    if (sym && tw_str_starts(ev_sym(e, sym), TW_S("super")) && m->acts.n && mc_top(e)->n + 1 &&
        mc_top(e)->self && mc_is_ref(e, mc_top(e)->self))
        mc_lose(e, mc_ref(e, mc_top(e)->self));
    m->storm++, m->may_throw = true;
    mc_speculate(e);
    sym = sym ? ev_sym_join(e, sym, "()", (tw_str){0}) : 0;
    return sym ? ev_symbol(e, sym) : m->unknown;
}

/* ---- calls ---- */

/* An iterator that is handed to a function of the language is gone over. */
static uint32_t all_of(ev *e, uint32_t v)
{
    uint32_t *items, n;
    uint8_t kind = mc_obj_at(e, mc_ref(e, v))->kind;
    if (e->js || (kind != MC_ITER && kind != MC_GEN && kind != MC_LAZY && kind != MC_INSTANCE)) return v;
    if (kind == MC_INSTANCE && !mc_iterator(e, v)) return v;
    return mc_take(e, v, &items, &n) ? mc_as_iter(e, items, n) : v;
}

static uint32_t pure(ev *e, uint32_t sym, uint32_t self, const mc_args *a)
{
    uint32_t few[16], none[16] = {0}, *v = few, *names = none;
    if (!ev_is_pure(e, sym) || a->loose) return 0;
    if (a->n > TW_COUNT(few)) v = TW_NEWN(e->tmp, uint32_t, a->n), names = TW_NEWN(e->tmp, uint32_t, a->n);
    for (uint32_t i = 0; i < a->n; i++) {
        bool code = e->js && mc_is(e, a->v[i], MC_CLOSURE);
        v[i] = !mc_is_ref(e, a->v[i]) || code ? a->v[i] : mc_freeze(e, all_of(e, a->v[i]));
        if (!v[i]) return 0;
        bool fine = code || !mc_unknown(e, v[i]) ||
                    (e->js && ev_at(e, v[i])->kind == TW_VAL_SYMBOL &&
                     (ev_js_is_regex(e, v[i], NULL) || ev_is_pure(e, ev_at(e, v[i])->sym)));
        if (!fine) return 0;
        names[i] = a->names ? a->names[i] : 0;
    }
    if (self && mc_is_ref(e, self)) self = mc_freeze(e, self);
    ev_args args = {self, v, names, a->n};
    uint32_t r = ev_pure(e, sym, &args);
    if (r && e->js && ev_js_is_regex(e, r, NULL)) return mc_regex(e, r);
    if (!r || !ev_is_const(e, r)) return 0;
    bool list = ev_at(e, r)->kind == TW_VAL_SEQ || ev_at(e, r)->kind == TW_VAL_MAP;
    for (uint32_t i = 0; list && i < a->n; i++)
        if (mc_nested(e, a->v[i])) return 0;
    bool bytes = e->js || tw_str_eq(ev_sym(e, sym), TW_S("bytearray"));
    r = mc_thaw(e, r, bytes);
    bool plain = e->js && mc_is(e, r, MC_LIST) &&
                 (tw_str_starts(ev_sym(e, sym), TW_S("Uint8Array")) ||
                  tw_str_starts(ev_sym(e, sym), TW_S("TextEncoder")));
    if (plain && mc_obj_at(e, mc_ref(e, r))->how == MC_OCTETS) mc_obj_at(e, mc_ref(e, r))->how = MC_U8;
    return r;
}

static uint32_t make(ev *e, uint32_t cls, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t o = mc_new(e, MC_INSTANCE), self, none;
    mc_obj_at(e, o)->a = cls;
    self = mc_ref_to(e, o);
    *ret = self;
    if (mc_is_error_class(e, cls)) {
        mc_put_named(e, o, TW_S("args"), mc_list(e, a->v, a->n, TW_SEQ_TUPLE));
        mc_obj_at(e, o)->self = 0;
    }
    uint32_t init = mc_class_attr(e, cls, TW_S("__init__"), 0);
    uint32_t maker = mc_class_attr(e, cls, TW_S("__new__"), 0);
    bool strange = maker != 0;
    if (mc_is(e, maker, MC_CLOSURE)) { /* what it gives is no object of the class, or it is not known */
        uint32_t *v = TW_NEWN(e->tmp, uint32_t, a->n + 1), *names = TW_NEWN(e->tmp, uint32_t, a->n + 1);
        v[0] = mc_ref_to(e, cls);
        for (uint32_t i = 0; i < a->n; i++) v[i + 1] = a->v[i], names[i + 1] = a->names ? a->names[i] : 0;
        mc_args with = {v, names, a->n + 1, a->loose};
        uint32_t made, how = mc_activate(e, mc_ref(e, maker), v[0], &with, at, &made);
        bool plain = how == R_NORMAL && !mc_is_ref(e, made) && ev_is_const(e, made);
        if (how != R_NORMAL || plain) return *ret = plain ? made : e->mc->unknown, how;
        if (mc_is_ref(e, made)) mc_lose(e, mc_ref(e, made));
        *ret = e->mc->unknown;
        mc_stranger(e, e->mc->unknown, 0, a);
        return R_NORMAL;
    }
    if (mc_is(e, init, MC_CLOSURE) && !strange) {
        uint32_t *v = TW_NEWN(e->tmp, uint32_t, a->n + 1), *names = TW_NEWN(e->tmp, uint32_t, a->n + 1);
        v[0] = self;
        for (uint32_t i = 0; i < a->n; i++) v[i + 1] = a->v[i], names[i + 1] = a->names ? a->names[i] : 0;
        mc_args with = {v, names, a->n + 1, a->loose};
        return mc_activate(e, mc_ref(e, init), self, &with, at, &none);
    }
    if (!init && !strange) return R_NORMAL;
    mc_lose(e, o);
    mc_args mine = {&self, NULL, 1, false};
    mc_stranger(e, e->mc->unknown, 0, &mine);
    mc_stranger(e, e->mc->unknown, 0, a);
    return R_NORMAL;
}

static uint32_t pure_method(ev *e, uint32_t self, tw_str name, const mc_args *a);
static void note_own(ev *e, uint32_t f, const mc_args *a);

/* str.upper(s) */
static uint32_t unbound(ev *e, uint32_t sym, const mc_args *a)
{
    uint32_t v[8], none[8] = {0};
    if (a->loose || !a->n || a->n > TW_COUNT(v)) return 0;
    for (uint32_t i = 0; i < a->n; i++) {
        v[i] = mc_is_ref(e, a->v[i]) ? mc_freeze(e, a->v[i]) : a->v[i];
        if (!v[i] || mc_unknown(e, v[i]) || (a->names && a->names[i])) return 0;
    }
    ev_args args = {0, v, none, a->n};
    uint32_t r = ev_pure_unbound(e, sym, &args);
    return r && ev_is_const(e, r) ? mc_thaw(e, r, false) : 0;
}

/* Arguments in front of the others. */
static uint32_t with_front(ev *e, uint32_t f, const uint32_t *front, uint32_t n, const mc_args *a,
                           uint32_t at, uint32_t *ret)
{
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, a->n + n + 1), *names = TW_NEWN(e->tmp, uint32_t, a->n + n + 1);
    memcpy(v, front, n * sizeof *v);
    for (uint32_t i = 0; i < a->n; i++) v[n + i] = a->v[i], names[n + i] = a->names ? a->names[i] : 0;
    mc_args all = {v, names, a->n + n, a->loose};
    return mc_apply(e, f, front[0], &all, at, ret);
}

static uint32_t method_of(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    uint32_t how = a->loose ? 0 : mc_method(e, self, name, a, ret), v;
    if (how) return how;
    v = pure_method(e, self, name, a);
    *ret = v ? v : mc_stranger(e, e->mc->unknown, self, a);
    return R_NORMAL;
}

/* Python: a function with its self, or what functools.partial made. */
static uint32_t bound(ev *e, uint32_t o, const mc_args *a, uint32_t at, uint32_t *ret)
{
    const mc_obj *x = mc_obj_at(e, o);
    uint32_t front = x->items.n - 1, more = x->props.n, n = 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, a->n + front + more + 1),
             *names = TW_NEWN(e->tmp, uint32_t, a->n + front + more + 1);
    for (uint32_t i = 1; i <= front; i++) v[n++] = x->items.v[i];
    for (uint32_t i = 0; i < a->n; i++, n++) v[n] = a->v[i], names[n] = a->names ? a->names[i] : 0;
    for (uint32_t i = 0; i < more; i++) {
        int64_t name;
        bool given = !ev_get_int(e, x->props.v[i].name, &name);
        for (uint32_t k = 0; k < a->n && !given; k++) given = a->names && a->names[k] == (uint32_t)name;
        if (!given) v[n] = x->props.v[i].val, names[n++] = (uint32_t)name;
    }
    mc_args all = {v, names, n, a->loose};
    return mc_apply(e, x->items.v[0], front ? x->items.v[1] : 0, &all, at, ret);
}

uint32_t mc_apply(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t o = mc_ref(e, f);
    *ret = e->mc->unknown;
    if (o == TW_NONE) {
        uint32_t sym = ev_at(e, f)->kind == TW_VAL_SYMBOL ? ev_at(e, f)->sym : 0, how;
        if (e->js && self && !a->loose && mc_is_method(e, f)) return mc_js_method_of(e, f, self, a, ret);
        if (sym && (how = mc_py_apply(e, sym, a, ret))) return how;
        if (sym && !a->loose && (how = mc_builtin(e, sym, a, ret))) return how;
        uint32_t v = sym ? pure(e, sym, 0, a) : 0;
        if (!v && sym && !e->js) v = unbound(e, sym, a);
        if (!v && sym) v = mc_made(e, sym, a);
        if (!v && sym) note_own(e, f, a);
        *ret = v ? v : mc_stranger(e, f, self, a);
        return R_NORMAL;
    }
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_CLOSURE) return mc_activate(e, o, self, a, at, ret);
    if (x->kind == MC_CLASS && e->js) return mc_raise_kind(e, TW_S("TypeError")), R_NORMAL;
    if (x->kind == MC_CLASS) return make(e, o, a, at, ret);
    if (e->js && x->kind == MC_BOUND && x->how >= MC_SUPER) return mc_js_apply_bound(e, f, self, a, ret);
    if (x->kind == MC_INSTANCE && !e->js && x->a != TW_NONE) {
        uint32_t f2 = mc_class_attr(e, x->a, TW_S("__call__"), 0);
        if (f2 && mc_is_ref(e, f2)) return with_front(e, f2, &f, 1, a, at, ret);
    }
    if (!e->js && x->kind == MC_BOUND && x->how == MCB_METHOD && x->items.n) {
        tw_str key = tw_intern_str(&e->mc->keys, x->a), name = tw_str_sub(key, 1, key.n);
        return method_of(e, x->items.v[0], name, a, ret);
    }
    if (!e->js && x->kind == MC_BOUND && x->how == MCB_CONTEXT && x->items.n &&
        mc_is(e, x->items.v[0], MC_CLOSURE)) {
        uint32_t gen, how = mc_apply(e, x->items.v[0], 0, a, at, &gen), b = mc_new(e, MC_BOUND);
        mc_obj_at(e, b)->how = MCB_CONTEXT;
        mc_push(e, b, gen);
        return *ret = mc_ref_to(e, b), how;
    }
    if (x->kind == MC_BOUND && !e->js && !x->how && x->items.n) return bound(e, o, a, at, ret);
    if (x->kind != MC_BOUND || !x->items.n || !mc_is(e, x->items.v[0], MC_CLOSURE)) {
        *ret = mc_stranger(e, e->mc->unknown, f, a);
        return R_NORMAL;
    }
    uint32_t front = x->items.n - 1, skip = e->js && front ? 1 : 0; /* JavaScript: this, then arguments */
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, a->n + front + 1),
             *names = TW_NEWN(e->tmp, uint32_t, a->n + front + 1);
    uint32_t n = 0;
    for (uint32_t i = 1 + skip; i < x->items.n; i++) v[n++] = x->items.v[i];
    for (uint32_t i = 0; i < a->n; i++, n++) v[n] = a->v[i], names[n] = a->names ? a->names[i] : 0;
    mc_args all = {v, names, n, a->loose};
    return mc_activate(e, mc_ref(e, x->items.v[0]), front ? x->items.v[1] : self, &all, at, ret);
}

/* f.call(t, a), f.apply(t, [a]), f.bind(t, a) of a function of this file; 0 none of them. */
static uint32_t indirect(ev *e, uint32_t f, tw_str name, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t list, self = a->n ? a->v[0] : e->mc->undefined;
    bool ours = mc_is(e, f, MC_CLOSURE) || mc_is(e, f, MC_BOUND) || mc_is_method(e, f);
    if (!e->js || !ours || a->loose) return 0;
    mc_args rest = {a->n ? a->v + 1 : NULL, NULL, a->n ? a->n - 1 : 0, false};
    if (tw_str_eq(name, TW_S("call"))) return mc_apply(e, f, self, &rest, at, ret);
    if (tw_str_eq(name, TW_S("apply"))) {
        bool known = a->n < 2 || mc_iterate(e, a->v[1], &list);
        mc_args all = {NULL, NULL, 0, !known};
        if (known && a->n > 1) {
            uint32_t n = mc_obj_at(e, list)->items.n, *v = TW_NEWN(e->tmp, uint32_t, n + 1);
            if (!mc_tick(e, n)) return R_STOP;
            if (n) memcpy(v, mc_obj_at(e, list)->items.v, n * sizeof *v);
            all.v = v, all.n = n;
        }
        return mc_apply(e, f, self, &all, at, ret);
    }
    if (!tw_str_eq(name, TW_S("bind"))) return 0;
    uint32_t b = mc_new(e, MC_BOUND);
    mc_push(e, b, f);
    mc_push(e, b, self);
    for (uint32_t i = 0; i < rest.n; i++) mc_push(e, b, rest.v[i]);
    *ret = mc_ref_to(e, b);
    return R_NORMAL;
}

/* The value in front of the dot or bracket of a callee, and the name behind it. */
static uint32_t receiver(ev *e, const tw_insn *callee, tw_str *ret_name)
{
    tw_str s;
    if (callee->op == TW_OP_MEMBER) {
        *ret_name = tw_ir_text(e->ir, callee->b);
        return mc_reg(e, callee->a);
    }
    if (callee->op != TW_OP_INDEX) return 0;
    uint32_t key = mc_reg(e, callee->b);
    *ret_name = !mc_is_ref(e, key) && ev_is_const(e, key) && ev_text(e, key, &s) ? s : (tw_str){0};
    return mc_reg(e, callee->a);
}

static uint32_t pure_method(ev *e, uint32_t self, tw_str name, const mc_args *a)
{
    uint32_t frozen = mc_is_ref(e, self) ? mc_freeze(e, self) : self;
    if (!frozen || !name.n || (mc_unknown(e, frozen) && !mc_is_ref(e, self))) return 0;
    if (ev_at(e, frozen)->kind == TW_VAL_FUNC) return 0;
    uint32_t sym = ev_sym_member(e, ev_base_sym(e, frozen), 0, name);
    return sym ? pure(e, sym, frozen, a) : 0;
}

/* Hands out what has an identity: the contents of this moment are the value of the argument. */
static void hand_out(ev *e, const tw_insn *in)
{
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t id = e->ir->args.v[in->c + 1 + i].value, v = id ? mc_reg(e, id) : 0;
        bool map = v && e->js && mc_is(e, v, MC_MAP) && mc_obj_at(e, mc_ref(e, v))->props.n < KEEP / 16;
        if (!v || (!map && (!mc_is(e, v, MC_LIST) || mc_obj_at(e, mc_ref(e, v))->items.n > KEEP))) continue;
        uint32_t now = mc_freeze(e, v);
        bool known = now && ev_is_const(e, now) && ev_at(e, now)->kind == (map ? TW_VAL_MAP : TW_VAL_SEQ);
        if (known) ev_at(e, now)->flags |= EV_OWNED | EV_FOLDED;
        mc_note(e, id, known ? now : e->mc->unknown);
    }
}

static bool from_param(ev *e, uint32_t id, uint32_t *ret_param)
{
    const mc_act *a = mc_top(e);
    const tw_insn *in = id > a->enter && id < a->end ? mc_insn(e, id) : NULL;
    const tw_scope *sc = &e->ir->scopes.v[a->scope];
    if (!in || in->op != TW_OP_READ) return false;
    for (*ret_param = 0; *ret_param < sc->n_params; (*ret_param)++)
        if (e->ir->params.v[sc->params + *ret_param].name == in->a) return true;
    return false;
}

/* A function that calls what it was given: the call is made where it was given that. */
static void note_extra(ev *e, uint32_t f, const tw_insn *in, const mc_args *a)
{
    mc_machine *m = e->mc;
    uint32_t p = 0, level = m->acts.n, at = 0, callee = in->a;
    mc_act saved = {0};
    (void)saved;
    if (ev_at(e, f)->kind != TW_VAL_SYMBOL || !from_param(e, callee, &p) || a->n > 16 || a->loose) return;
    while (level > 1) {
        const mc_act *x = &m->acts.v[level - 1];
        at = x->at;
        if (!at) return;
        const tw_insn *call = mc_insn(e, at);
        uint32_t n = call->c ? e->ir->args.v[call->c].value : 0,
                 given = p < n ? e->ir->args.v[call->c + 1 + p].value : 0;
        const mc_act *below = &m->acts.v[level - 2];
        const tw_scope *sc = &e->ir->scopes.v[below->scope];
        const tw_insn *g = given ? mc_insn(e, given) : NULL;
        bool again = false;
        for (uint32_t k = 0; g && g->op == TW_OP_READ && k < sc->n_params && !again; k++)
            if (e->ir->params.v[sc->params + k].name == g->a) p = k, again = true;
        level--;
        if (!again) break;
    }
    if (!at) return;
    uint32_t base = e->lists.n, sym = ev_at(e, f)->sym;
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t v = mc_is_ref(e, a->v[i]) ? mc_freeze(e, a->v[i]) : a->v[i];
        bool fits = v && (ev_is_const(e, v) || ev_at(e, v)->kind == TW_VAL_SYMBOL ||
                          ev_at(e, v)->kind == TW_VAL_FUNC);
        TW_PUSH(e->tmp, e->lists, fits ? v : 0);
    }
    TW_PUSH(e->tmp, m->extras, ((mc_extra){.at = at, .sym = sym, .args = base, .n = a->n}));
}

/* A call of something outside whose arguments are known this time. */
static void note_own(ev *e, uint32_t f, const mc_args *a)
{
    mc_machine *m = e->mc;
    uint32_t at = m->calling;
    if (!at || m->general || m->speculating || m->perhaps || a->loose || !a->n || a->n > 16 ||
        m->extras.n >= MAX_EXTRAS)
        return;
    if (ev_at(e, f)->kind != TW_VAL_SYMBOL || ev_is_pure(e, ev_at(e, f)->sym)) return;
    uint32_t vals[16];
    bool any = false;
    for (uint32_t i = 0; i < a->n; i++) {
        vals[i] = mc_is_ref(e, a->v[i]) ? mc_freeze(e, a->v[i]) : a->v[i];
        uint8_t kind = vals[i] ? ev_at(e, vals[i])->kind : 0;
        bool named = kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC;
        if (!vals[i] || (!ev_is_const(e, vals[i]) && !named)) return;
        any = any || !named;
    }
    if (!any) return;
    uint32_t base = e->lists.n;
    for (uint32_t i = 0; i < a->n; i++) TW_PUSH(e->tmp, e->lists, vals[i]);
    for (uint32_t i = 0; i < a->n; i++) TW_PUSH(e->tmp, e->lists, a->names ? a->names[i] : 0);
    TW_PUSH(e->tmp, m->extras,
            ((mc_extra){.at = at, .sym = ev_at(e, f)->sym, .args = base, .n = a->n, .own = true}));
}

static uint32_t construct(ev *e, uint32_t f, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t o = mc_ref(e, f), list;
    bool ours = o != TW_NONE && (mc_obj_at(e, o)->kind == MC_CLASS || mc_obj_at(e, o)->kind == MC_CLOSURE);
    if (ours && e->js) return mc_js_new(e, f, a, at, ret);
    if (ours) return make(e, o, a, at, ret);
    tw_str s = ev_sym(e, ev_at(e, f)->sym);
    if (e->js && mc_error_proto(e, s)) return *ret = mc_js_error(e, s, a), R_NORMAL;
    bool map = tw_str_eq(s, TW_S("Map")), set = tw_str_eq(s, TW_S("Set"));
    if (e->js && tw_str_eq(s, TW_S("WeakMap"))) map = true;
    if (e->js && tw_str_eq(s, TW_S("WeakSet"))) set = true;
    if (e->js && set && a->n == 1) {
        uint32_t how = mc_b_js_set(e, a, ret);
        if (how) return how;
    }
    if ((map || set) && !a->n) {
        uint32_t n = mc_new(e, map ? MC_MAP : MC_SET);
        mc_obj_at(e, n)->how = map ? 1 : TW_SEQ_SET;
        *ret = mc_ref_to(e, n);
        return R_NORMAL;
    }
    if (map && a->n == 1 && mc_iterate(e, a->v[0], &list)) {
        uint32_t n = mc_new(e, MC_MAP);
        mc_obj_at(e, n)->how = 1;
        for (uint32_t i = 0; i < mc_obj_at(e, list)->items.n && mc_tick(e, 1); i++) {
            uint32_t pair = mc_ref(e, mc_obj_at(e, list)->items.v[i]), key = 0;
            bool fine =
                pair != TW_NONE && mc_obj_at(e, pair)->kind == MC_LIST && mc_obj_at(e, pair)->items.n == 2;
            if (fine) key = mc_map_key(e, mc_obj_at(e, pair)->items.v[0]);
            if (fine && key)
                mc_put(e, n, key, mc_obj_at(e, pair)->items.v[0], mc_obj_at(e, pair)->items.v[1]);
            else
                mc_lose(e, n);
        }
        *ret = mc_ref_to(e, n);
        return R_NORMAL;
    }
    return mc_apply(e, f, 0, a, at, ret);
}

static uint32_t call_value(ev *e, uint32_t at, const mc_args *a, uint32_t *ret)
{
    const tw_insn *in = mc_insn(e, at), *ci = mc_insn(e, in->a);
    tw_str name = {0};
    uint32_t f = mc_reg(e, in->a), self = receiver(e, ci, &name), how = 0, v;
    if (in->flags & TW_IF_NEW) return construct(e, f, a, at, ret);
    if (e->js && (how = mc_js_super_call(e, f, a, at, ret))) return how;
    if (e->js && self && mc_is(e, self, MC_BOUND) && mc_obj_at(e, mc_ref(e, self))->how == MC_SUPER)
        self = mc_obj_at(e, mc_ref(e, self))->items.v[1];
    if (in->flags & TW_IF_TAGGED && !mc_is_ref(e, f)) {
        *ret = mc_stranger(e, f, 0, a);
        return R_NORMAL;
    }
    if (self && name.n && !mc_is_ref(e, f)) {
        if ((how = mc_made_method(e, self, name, a, ret))) return how;
        if ((how = indirect(e, self, name, a, at, ret))) return how;
        if (e->js && !a->loose && (how = mc_regex_method(e, self, name, a, ret))) return how;
        if (e->js && !a->loose && (how = mc_js_object_method(e, self, name, a, ret))) return how;
        if (!a->loose && (how = mc_method(e, self, name, a, ret))) return how;
        if (e->js && !a->loose && (v = mc_text_at(e, self, name, a))) return *ret = v, R_NORMAL;
        if ((v = pure_method(e, self, name, a))) return *ret = v, R_NORMAL;
        if (!a->loose && (v = mc_text_method(e, self, name, a))) return *ret = v, R_NORMAL;
        if (ev_at(e, self)->kind != TW_VAL_SYMBOL) {
            bool keeps = ev_is_const(e, self); /* methods of constants hand their arguments to nobody */
            hand_out(e, in);
            if (mc_is(e, self, MC_LIST) || mc_is(e, self, MC_MAP) || mc_is(e, self, MC_SET))
                mc_lose(e, mc_ref(e, self));
            uint32_t type = keeps ? 0 : 0;
            (void)type;
            *ret = mc_stranger(e, f, self, a);
            return R_NORMAL;
        }
    }
    if (mc_is_ref(e, f)) return mc_apply(e, f, e->js && self ? self : 0, a, at, ret);
    if (ev_at(e, f)->kind == TW_VAL_SYMBOL) note_extra(e, f, in, a);
    hand_out(e, in);
    return mc_apply(e, f, self && ev_at(e, self)->kind != TW_VAL_SYMBOL ? self : 0, a, at, ret);
}

/* What the first pass knew of a call that the body of the file makes once: objects of libraries, whose past it follows. */
static uint32_t known_before(ev *e, uint32_t at)
{
    ev *f = e->first;
    tw_str s;
    if (e->js || !f || e->mc->acts.n != 1 || !e->mc->once[at]) return 0;
    uint32_t v = f->of[at];
    uint8_t kind = v ? ev_at(f, v)->kind : 0;
    bool text = v && ev_is_const(f, v) && (kind == TW_VAL_STR || kind == TW_VAL_BYTES) && ev_text(f, v, &s);
    return text ? ev_text_val(e, kind, tw_arena_str(e->tmp, s), 0, 0) : 0;
}

uint32_t mc_call(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t few[16], keys[16], *v = few, *names = keys, n = 0, ret = e->mc->unknown, list;
    uint32_t count = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0, room = TW_COUNT(few);
    mc_args a = {0};
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < count; i++) {
        tw_arg x = e->ir->args.v[in->c + 1 + i];
        uint32_t val = mc_reg(e, x.value);
        if (x.name == TW_ARG_SPREAD && mc_iterate(e, val, &list)) {
            for (uint32_t k = 0; k < mc_obj_at(e, list)->items.n && mc_tick(e, 1); k++) {
                TW_PUSH(e->tmp, e->stack, mc_obj_at(e, list)->items.v[k]);
                TW_PUSH(e->tmp, e->stack, 0);
            }
            continue;
        }
        bool spread = x.name == TW_ARG_SPREAD || x.name == TW_ARG_SPREAD_MAP;
        if (spread) a.loose = true;
        TW_PUSH(e->tmp, e->stack, val);
        TW_PUSH(e->tmp, e->stack, spread ? 0 : x.name);
    }
    n = (e->stack.n - base) / 2;
    bool outlives = n > room || mc_insn(e, in->a)->op != TW_OP_MEMBER;
    if (n > room || outlives) v = TW_NEWN(e->tmp, uint32_t, n + 1), names = TW_NEWN(e->tmp, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) v[i] = e->stack.v[base + 2 * i], names[i] = e->stack.v[base + 2 * i + 1];
    e->stack.n = base;
    a.v = v, a.names = names, a.n = n;
    uint32_t before = e->mc->calling;
    e->mc->calling = at;
    uint32_t how = call_value(e, at, &a, &ret);
    e->mc->calling = before;
    uint32_t told = how == R_NORMAL && mc_unknown(e, ret) ? known_before(e, at) : 0;
    if (told) ret = told;
    mc_set(e, at, ret);
    uint32_t raised = mc_raised(e);
    return raised != R_NORMAL ? raised : how;
}

/* ---- functions that the table of pure functions calls ---- */

bool mc_js_callable(const ev *e, uint32_t f)
{
    return mc_is(e, f, MC_CLOSURE);
}

uint32_t mc_js_called(ev *e, uint32_t f, const uint32_t *v, uint32_t n)
{
    uint32_t *args = TW_NEWN(e->tmp, uint32_t, n + 1), ret = 0;
    for (uint32_t i = 0; i < n; i++) args[i] = mc_thaw(e, v[i], true);
    mc_args a = {args, NULL, n, false};
    uint32_t how = mc_apply(e, f, 0, &a, 0, &ret);
    if (how == R_THROW) mc_throw(e, e->mc->thrown);
    if (how != R_NORMAL) return 0;
    if (mc_is_ref(e, ret)) ret = mc_freeze(e, ret);
    return ret && ev_is_const(e, ret) ? ret : 0;
}

/* ---- methods of the language by name: `Array.prototype.slice` ---- */

static tw_str language_method(const ev *e, uint32_t f)
{
    tw_str s = ev_at(e, f)->kind == TW_VAL_SYMBOL ? ev_sym(e, ev_at(e, f)->sym) : (tw_str){0};
    size_t at = s.n > 12 ? tw_str_find(s, TW_S(".prototype.")) : TW_NPOS;
    if (at == TW_NPOS) return (tw_str){0};
    s = tw_str_sub(s, at + 11, s.n);
    return tw_str_chr(s, '.') == TW_NPOS && s.p[0] != '@' ? s : (tw_str){0};
}

bool mc_is_method(const ev *e, uint32_t f)
{
    return e->js && language_method(e, f).n;
}

/* A method of a value: of this file, of the machine, of the table. */
uint32_t mc_js_invoke(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    uint32_t how, v;
    *ret = e->mc->unknown;
    if ((how = mc_made_method(e, self, name, a, ret))) return how;
    if ((how = indirect(e, self, name, a, 0, ret))) return how;
    if ((how = mc_regex_method(e, self, name, a, ret))) return how;
    if ((how = mc_js_object_method(e, self, name, a, ret))) return how;
    if ((how = mc_method(e, self, name, a, ret))) return how;
    if ((v = mc_text_at(e, self, name, a)) || (v = pure_method(e, self, name, a)) ||
        (v = mc_text_method(e, self, name, a)))
        return *ret = v, R_NORMAL;
    return 0;
}

/* It is called with `this`: a text is a list of letters to what is an array's. */
uint32_t mc_js_method_of(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t *ret)
{
    tw_str name = language_method(e, f), s = ev_sym(e, ev_at(e, f)->sym);
    uint32_t list, how;
    if (tw_str_starts(s, TW_S("Array.")) && !mc_is_ref(e, self) && ev_is_const(e, self) &&
        mc_iterate(e, self, &list))
        self = mc_list(e, mc_obj_at(e, list)->items.v, mc_obj_at(e, list)->items.n, TW_SEQ_ARRAY);
    if (tw_str_eq(s, TW_S("Object.prototype.toString"))) {
        *ret = mc_js_tag(e, self);
        return R_NORMAL;
    }
    if ((how = mc_js_invoke(e, self, name, a, ret))) return how;
    if (mc_is_ref(e, self)) mc_lose(e, mc_ref(e, self));
    *ret = mc_stranger(e, f, self, a);
    return R_NORMAL;
}
