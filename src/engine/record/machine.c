/* SPDX-License-Identifier: Apache-2.0 */
/* The machine: runs a stretch of IR with known values, as often as its loops say. For comprehensions over
 * constants, and for functions of this file that are called with constants. It knows no obfuscator: values,
 * operators and pure functions are those of the evaluator. Whatever is not known for sure ends it, and then
 * nothing has happened. */
#include "engine/record/pure_priv.h"

enum { MAX_ACTS = 48, MAX_FAILS = 3, MAX_COND = 64, NESTED_MAX = 4, SETTLED_MAX = 16 };

typedef struct act {           /* a function being run */
    uint32_t pc, scope, enter; /* where the caller goes on, and in which scope */
    uint32_t of, undo, loops;  /* what to restore: lengths at entry */
} act;
typedef struct loop {
    uint32_t enter, items, n, next; /* items in m->stack; TW_NONE in items: while */
    uint32_t scope, yields;
    uint32_t step; /* for (;;): the region of its update, once seen */
} loop;
typedef struct undo {
    uint32_t var;
    ev_var was;
} undo;

struct ev_machine {
    uint64_t max_steps;
    uint32_t root_flow, pc, result;
    bool failed, done;
    uint32_t only; /* a loop that is run by itself */
    TW_VEC(act) acts;
    TW_VEC(loop) loops;
    TW_VEC(undo) undos;
    TW_VEC(uint32_t) of, stack, yields;
};

static const tw_insn *insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}

static uint32_t fail(ev *e)
{
    e->m->failed = true;
    return 0;
}

/* ---- variables ---- */

bool ev_machine_local(const ev *e, uint32_t var)
{
    uint32_t scope = e->vars.v[var].scope;
    bool element = e->ir->scopes.v[scope].kind == TW_REGION_COMPREHENSION;
    return e->flow[scope] == e->flow[e->scope] && (e->m->acts.n || e->m->only || element);
}

void ev_machine_fail(ev *e)
{
    e->m->failed = true;
}

/* Of a machine, a variable is set for as long as its function runs. */
void ev_machine_set(ev *e, uint32_t var, uint32_t val, bool borrowed)
{
    ev_var *v = &e->vars.v[var];
    if (!ev_machine_local(e, var) || v->flags & EVV_SHARED) {
        e->m->failed = true;
        return;
    }
    TW_PUSH(e->tmp, e->m->undos, ((undo){var, *v}));
    v->cur = v->all = val;
    v->pos = e->at;
    v->seen = v->binds;
    v->flags = (uint8_t)((v->flags & ~(EVV_BLUNT | EVV_BORROWED)) | (borrowed ? EVV_BORROWED : 0));
}

static void undo_to(ev *e, uint32_t n)
{
    while (e->m->undos.n > n) {
        undo u = e->m->undos.v[--e->m->undos.n];
        uint8_t row = e->vars.v[u.var].flags & EVV_ROW;
        e->vars.v[u.var] = u.was;
        e->vars.v[u.var].flags |= row;
    }
}

static int truth_of(ev *e, uint32_t v)
{
    tw_str s;
    if (v && ev_at(e, v)->kind == EV_ROPE) ev_text(e, v, &s);
    return e->js && v ? ev_js_truth(e, v) : ev_truth(e, v);
}

/* ---- loops ---- */

/* Out of the innermost loop. */
static void end_loop(ev *e)
{
    ev_machine *m = e->m;
    uint32_t enter = m->loops.v[--m->loops.n].enter;
    m->pc = e->leave[enter] + 1;
    if (m->only == enter && !m->acts.n && !m->loops.n) m->done = true;
}

/* The first instruction of the condition of a while: all that it is made of stands in one run. */
static uint32_t start_of(ev *e, uint32_t cond)
{
    uint32_t base = e->stack.n, first = cond, seen = 0;
    TW_PUSH(e->tmp, e->stack, cond);
    while (e->stack.n > base && seen++ < MAX_COND) {
        uint32_t v = e->stack.v[--e->stack.n];
        const tw_insn *in = insn(e, v);
        const uint8_t *f = tw_op_fields(in->op);
        if (in->op == TW_OP_LEAVE) break;
        if (v < first) first = v;
        if (f[0] == TW_FIELD_VALUE && in->a) TW_PUSH(e->tmp, e->stack, in->a);
        if (f[1] == TW_FIELD_VALUE && in->b) TW_PUSH(e->tmp, e->stack, in->b);
        if (f[2] == TW_FIELD_VALUE && in->c) TW_PUSH(e->tmp, e->stack, in->c);
        for (uint32_t i = 0; f[2] == TW_FIELD_ARGS && in->c && i < e->ir->args.v[in->c].value; i++)
            if (e->ir->args.v[in->c + 1 + i].value)
                TW_PUSH(e->tmp, e->stack, e->ir->args.v[in->c + 1 + i].value);
    }
    bool whole = e->stack.n == base;
    e->stack.n = base;
    return whole ? first : 0;
}

static void enter_while(ev *e, uint32_t at)
{
    ev_machine *m = e->m;
    uint32_t cond = insn(e, at)->a;
    int truth = cond ? truth_of(e, e->of[cond]) : e->js ? 1 : -1;
    bool again = m->loops.n && m->loops.v[m->loops.n - 1].enter == at;
    if (truth < 0)
        fail(e);
    else if (truth && !again)
        TW_PUSH(e->tmp, m->loops, ((loop){.enter = at, .items = TW_NONE}));
    else if (!truth) {
        m->pc = e->leave[at] + 1;
        if (again) end_loop(e);
    }
}

static void enter_loop(ev *e, uint32_t at)
{
    ev_machine *m = e->m;
    const tw_insn *in = insn(e, at), *iter = insn(e, at + 1);
    bool comp = in->kind == TW_REGION_COMPREHENSION;
    if (iter->op != TW_OP_ITER) {
        if (comp)
            fail(e);
        else
            enter_while(e, at);
        return;
    }
    uint32_t source = ev_sequence(e, e->of[iter->a]), base = e->stack.n;
    bool fine = source && !(iter->flags & TW_IF_AWAIT) && ev_elements(e, source);
    if (!fine) {
        e->stack.n = base;
        fail(e);
        return;
    }
    loop l = {
        .enter = at, .items = m->stack.n, .n = e->stack.n - base, .scope = e->scope, .yields = m->yields.n};
    for (uint32_t i = base; i < e->stack.n; i++) TW_PUSH(e->tmp, m->stack, e->stack.v[i]);
    e->stack.n = base;
    if (comp) e->scope = in->b;
    TW_PUSH(e->tmp, m->loops, l);
    if (!l.n) m->pc = e->leave[at];
}

static uint32_t yielded(ev *e, const loop *l)
{
    TW_RESERVE(e->tmp, e->m->yields, 1);
    uint32_t n = e->m->yields.n - l->yields, v = ev_list(e, TW_VAL_SEQ, e->m->yields.v + l->yields, n);
    e->m->yields.n = l->yields;
    ev_at(e, v)->flags |= EV_FOLDED;
    return v;
}

static void leave_loop(ev *e, uint32_t at)
{
    ev_machine *m = e->m;
    loop *l = m->loops.n ? &m->loops.v[m->loops.n - 1] : NULL;
    if (!l || l->enter != insn(e, at)->a) {
        fail(e);
        return;
    }
    if (l->step) {
        m->pc = l->step + 1;
        return;
    }
    if (l->items == TW_NONE) { /* back to the condition */
        if (!insn(e, l->enter)->a) {
            fail(e);
            return;
        }
        uint32_t first = start_of(e, insn(e, l->enter)->a);
        if (first)
            m->pc = first;
        else
            fail(e);
        return;
    }
    if (l->next < l->n) {
        m->pc = l->enter + 1;
        return;
    }
    m->stack.n = l->items;
    if (insn(e, at)->kind == TW_REGION_COMPREHENSION) {
        e->of[at] = yielded(e, l);
        e->scope = l->scope;
        if (!m->acts.n && m->loops.n == 1) m->result = e->of[at], m->done = true;
    }
    bool alone = m->only == l->enter && !m->acts.n && m->loops.n == 1;
    m->loops.n--;
    if (alone) m->done = true;
}

/* The update of a for (;;), whose condition is the test: for now it is passed over. */
static void enter_step(ev *e, uint32_t at)
{
    ev_machine *m = e->m;
    uint32_t test = insn(e, at)->a;
    loop *l = m->loops.n ? &m->loops.v[m->loops.n - 1] : NULL;
    int truth = test ? truth_of(e, e->of[test]) : 1;
    if (!l || l->items != TW_NONE || insn(e, l->enter)->a || (l->step && l->step != at) || truth < 0) {
        fail(e);
        return;
    }
    l->step = at;
    if (truth)
        m->pc = e->leave[at] + 1;
    else
        end_loop(e);
}

/* break and continue. A finally on the way would have to run: not for us. */
static void jump(ev *e, uint32_t at)
{
    ev_machine *m = e->m;
    const tw_insn *in = insn(e, at);
    loop *l =
        m->loops.n > (m->acts.n ? m->acts.v[m->acts.n - 1].loops : 0) ? &m->loops.v[m->loops.n - 1] : NULL;
    uint32_t end = l ? e->leave[l->enter] : 0;
    if (!l || in->kind > 1 || (e->js && in->a) || insn(e, end)->kind != TW_REGION_LOOP ||
        !ev_step(e, (end - at) / 16)) {
        fail(e);
        return;
    }
    for (uint32_t i = at; i < end; i++)
        if (insn(e, i)->op == TW_OP_ENTER && insn(e, i)->kind == TW_REGION_FINALLY) fail(e);
    m->pc = end;
    if (in->kind == 1) return;
    if (l->items != TW_NONE) m->stack.n = l->items;
    if (e->js) {
        end_loop(e);
        return;
    }
    m->loops.n--;
    const tw_insn *next = insn(e, ++m->pc);
    if (next->op == TW_OP_ENTER && next->kind == TW_REGION_ELSE && !next->a) m->pc = e->leave[m->pc] + 1;
}

static void next_item(ev *e, uint32_t at)
{
    ev_machine *m = e->m;
    loop *l = m->loops.n ? &m->loops.v[m->loops.n - 1] : NULL;
    bool head = l && l->enter + 1 == at && l->items != TW_NONE && l->next < l->n;
    if (head)
        e->of[at] = m->stack.v[l->items + l->next++];
    else
        fail(e);
}

/* ---- functions ---- */

static uint32_t self_of(ev *e, uint32_t func_scope, uint32_t callee_insn, bool *ret_there)
{
    const tw_insn *in = insn(e, callee_insn);
    const ev_scope *sc = &e->scopes[func_scope];
    *ret_there = false;
    if (e->ir->scopes.v[e->ir->scopes.v[func_scope].parent].kind != TW_REGION_CLASS || in->op != TW_OP_MEMBER)
        return 0;
    for (uint32_t i = 0; i < sc->decorators.n; i++)
        if (tw_str_eq(ev_sym(e, ev_at(e, sc->decorators.v[i])->sym), TW_S("staticmethod"))) return 0;
    uint32_t base = e->of[in->a];
    bool on_class = sc->decorators.n != 0;
    *ret_there = base && (ev_at(e, base)->kind != TW_VAL_FUNC || on_class);
    return base;
}

/* Sets the parameters; false when a call like this is not for us. */
static bool set_params(ev *e, uint32_t scope, const uint32_t *v, const uint32_t *names, uint32_t n)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    uint32_t used = 0;
    for (uint32_t p = 0; p < sc->n_params; p++) {
        tw_param prm = e->ir->params.v[sc->params + p];
        uint32_t val = 0, var = ev_find_var(e, prm.name, scope);
        if ((e->js ? prm.kind > 0 : prm.kind > 1) || var == TW_NONE) return false;
        if (e->js && p < n && names[p]) return false;
        for (uint32_t i = 0; i < n && !val; i++)
            if (names[i] == prm.name || (!names[i] && i == p && prm.kind == 0)) val = v[i], used++;
        if (val)
            ev_machine_set(e, var, val, true);
        else
            ev_machine_set(e, var, 0, true); /* its BIND gives the default */
    }
    return used == n || e->js;
}

static bool runs_here(const ev *e, uint32_t scope)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    const ev_scope *es = &e->scopes[scope];
    bool kind = (sc->kind == TW_REGION_FUNCTION || sc->kind == TW_REGION_LAMBDA) && !es->sets_arguments &&
                (!es->decorators.n || ev_plainly_decorated(e, scope));
    return kind && !(sc->flags & 3) && e->scopes[scope].fails < MAX_FAILS &&
           insn(e, sc->enter)->op == TW_OP_ENTER && insn(e, sc->enter)->b == scope;
}

static void activate(ev *e, uint32_t scope, uint32_t callee_insn, const uint32_t *v, const uint32_t *names,
                     uint32_t n)
{
    ev_machine *m = e->m;
    uint32_t vals[17], keys[17], count = 0, enter = e->ir->scopes.v[scope].enter, end = e->leave[enter];
    bool bound;
    uint32_t self = self_of(e, scope, callee_insn, &bound);
    if (bound) vals[count] = self, keys[count++] = 0;
    for (uint32_t i = 0; i < n && count < TW_COUNT(vals); i++, count++)
        vals[count] = v[i], keys[count] = names[i];
    bool fine =
        m->acts.n < MAX_ACTS && n < TW_COUNT(vals) - 1 && end < e->ir->insns.n && ev_step(e, end - enter);
    if (!fine) {
        fail(e);
        return;
    }
    TW_PUSH(e->tmp, m->acts, ((act){m->pc, e->scope, enter, m->of.n, m->undos.n, m->loops.n}));
    for (uint32_t i = enter; i < end; i++) TW_PUSH(e->tmp, m->of, e->of[i]);
    e->scope = scope;
    if (!set_params(e, scope, vals, keys, count)) fail(e);
    m->pc = enter + 1;
}

static void give_back(ev *e, uint32_t val)
{
    ev_machine *m = e->m;
    act a = m->acts.v[--m->acts.n];
    uint32_t end = e->leave[a.enter];
    for (uint32_t i = a.enter; i < end; i++) e->of[i] = m->of.v[a.of + i - a.enter];
    m->of.n = a.of;
    undo_to(e, a.undo);
    m->loops.n = a.loops;
    e->scope = a.scope;
    m->pc = a.pc;
    if (!m->acts.n && !a.pc)
        m->result = val, m->done = true;
    else
        e->of[a.pc - 1] = val;
}

static void call(ev *e, uint32_t at)
{
    const tw_insn *in = insn(e, at);
    uint32_t callee = e->of[in->a], v[16], names[16], n = in->c ? e->ir->args.v[in->c].value : 0;
    const ev_val *x = ev_at(e, callee);
    if (in->flags & TW_IF_NEW && callee && x->kind == TW_VAL_FUNC) e->m->failed = true;
    if (callee && x->kind == TW_VAL_FUNC && n <= 16 && runs_here(e, x->a)) {
        for (uint32_t i = 0; i < n; i++) {
            tw_arg a = e->ir->args.v[in->c + 1 + i];
            v[i] = e->of[a.value], names[i] = a.name;
            if (!v[i] || a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP) e->m->failed = true;
        }
        if (!e->m->failed) activate(e, x->a, in->a, v, names, n);
        return;
    }
    uint32_t r = ev_call_insn(e, at);
    e->of[at] = r;
    const tw_insn *ci = insn(e, in->a);
    uint8_t method = ci->op == TW_OP_MEMBER ? ev_method_of(e, ci->b) : EV_METHOD_NONE;
    bool adds = method == EV_METHOD_APPEND || method == EV_METHOD_EXTEND;
    bool name = ev_at(e, r)->kind == TW_VAL_SYMBOL || ev_at(e, r)->kind == TW_VAL_FUNC;
    if (!ev_is_const(e, r) && !adds && !name && !ev_object(e, r) && !ev_sequence(e, r)) fail(e);
}

/* ---- one instruction ---- */

static void enter(ev *e, uint32_t at)
{
    const tw_insn *in = insn(e, at);
    int truth = in->a ? truth_of(e, e->of[in->a]) : -1;
    if (in->kind == TW_REGION_WITH && in->flags & TW_IF_HOISTED) {
        enter_step(e, at);
        return;
    }
    switch (in->kind) {
    case TW_REGION_LOOP:
    case TW_REGION_COMPREHENSION: enter_loop(e, at); break;
    case TW_REGION_FUNCTION:
    case TW_REGION_LAMBDA: e->m->pc = e->leave[at] + 1; break;
    case TW_REGION_THEN:
        if (truth < 0)
            fail(e);
        else if (!truth)
            e->m->pc = e->leave[at] + 1;
        break;
    case TW_REGION_ELSE:
        if (in->a && truth < 0)
            fail(e);
        else if (in->a && truth)
            e->m->pc = e->leave[at] + 1;
        break;
    case TW_REGION_TRY:
    case TW_REGION_FINALLY: break;
    case TW_REGION_CATCH: e->m->pc = e->leave[at] + 1; break;
    case TW_REGION_WITH: /* of a file of the package */
        if (!e->package) fail(e);
        break;
    default: fail(e);
    }
}

static void leave(ev *e, uint32_t at)
{
    uint8_t kind = insn(e, at)->kind;
    uint32_t from = insn(e, at)->a;
    loop *l = e->m->loops.n ? &e->m->loops.v[e->m->loops.n - 1] : NULL;
    if (l && l->step && l->step == from) e->m->pc = l->enter + 1; /* back to the test */
    if (kind == TW_REGION_LOOP || kind == TW_REGION_COMPREHENSION) leave_loop(e, at);
}

static bool is_undefined(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_NULL_ && ev_at(e, v)->a;
}

static void bind_param(ev *e, uint32_t at)
{
    const tw_insn *in = insn(e, at);
    uint32_t var = ev_find_var(e, in->a, e->scope);
    if (var == TW_NONE)
        fail(e);
    else if (!e->vars.v[var].cur || (e->js && is_undefined(e, e->vars.v[var].cur))) {
        if (in->b && e->of[in->b])
            ev_machine_set(e, var, e->of[in->b], true);
        else if (e->js && !in->b && in->a)
            ev_machine_set(e, var, ev_js_undefined(e), true);
        else
            fail(e);
    }
}

/* l += [x] where l is the caller's list */
static bool changes_argument(const ev *e, const tw_insn *in)
{
    uint32_t var = ev_find_var(e, in->a, e->scope);
    if (var == TW_NONE || !(e->vars.v[var].flags & EVV_BORROWED) || !e->vars.v[var].cur) return false;
    uint8_t kind = ev_at(e, e->vars.v[var].cur)->kind;
    return kind == TW_VAL_SEQ || kind == TW_VAL_MUT;
}

/* a && (b = c): what stands behind the condition has been done already, so it must do nothing. */
static bool plain_choice(ev *e, uint32_t at)
{
    static const bool acts[TW_OP_MAX] = {[TW_OP_BIND] = 1, [TW_OP_SETMEMBER] = 1, [TW_OP_SETINDEX] = 1,
                                         [TW_OP_CALL] = 1, [TW_OP_ENTER] = 1,     [TW_OP_LEAVE] = 1};
    const tw_insn *in = insn(e, at);
    uint32_t from = in->a;
    if (!from || from >= at || !ev_step(e, (at - from) / 16)) return false;
    for (uint32_t i = from + 1; i < at; i++)
        if (insn(e, i)->op < TW_OP_MAX && acts[insn(e, i)->op]) return false;
    return true;
}

/* let x; where x has a value, `var` keeps it and `let` does not. */
static void declare(ev *e, const tw_insn *in)
{
    uint32_t var = in->kind == TW_BIND_ASSIGN ? ev_find_var(e, in->a, e->scope) : TW_NONE;
    if (var == TW_NONE || e->vars.v[var].cur)
        fail(e);
    else
        ev_machine_set(e, var, ev_js_undefined(e), false);
}

static void step(ev *e)
{
    ev_machine *m = e->m;
    uint32_t at = m->pc++;
    const tw_insn *in = insn(e, at);
    e->at = at;
    switch (in->op) {
    case TW_OP_ENTER: enter(e, at); return;
    case TW_OP_LEAVE:
        if (m->acts.n && in->a == m->acts.v[m->acts.n - 1].enter)
            give_back(e, ev_none(e));
        else
            leave(e, at);
        return;
    case TW_OP_ITER: next_item(e, at); return;
    case TW_OP_YIELD:
        if (e->ir->scopes.v[e->scope].kind == TW_REGION_COMPREHENSION && in->a && e->of[in->a])
            TW_PUSH(e->tmp, m->yields, e->of[in->a]);
        else
            fail(e);
        return;
    case TW_OP_RETURN:
        if (m->acts.n && (!in->a || e->of[in->a]) && !e->scopes[e->flow[e->scope]].ends_in_finally)
            give_back(e, in->a ? e->of[in->a] : ev_none(e));
        else
            fail(e);
        return;
    case TW_OP_CALL: call(e, at); return;
    case TW_OP_CHOOSE:
        if (e->js ? !plain_choice(e, at) : ev_may_act(e, at))
            fail(e);
        else
            e->of[at] = ev_one(e, in);
        return;
    case TW_OP_JUMP: jump(e, at); return;
    case TW_OP_BIND:
        if (in->kind == TW_BIND_PARAM)
            bind_param(e, at);
        else if (e->js && !in->b)
            declare(e, in);
        else if (in->kind == TW_BIND_AUG && changes_argument(e, in))
            fail(e);
        else
            e->of[at] = ev_one(e, in);
        return;
    case TW_OP_THROW:
    case TW_OP_AWAIT:
    case TW_OP_SETMEMBER:
    case TW_OP_CLASS:
    case TW_OP_DECORATE:
    case TW_OP_OPAQUE: fail(e); return;
    case TW_OP_OP:
    case TW_OP_INDEX:
        e->of[at] = ev_one(e, in);
        if (ev_at(e, e->of[at])->kind == (in->op == TW_OP_OP ? TW_VAL_OP : TW_VAL_INDEX))
            fail(e); /* may raise */
        return;
    default: e->of[at] = ev_one(e, in);
    }
}

static bool go(ev *e)
{
    ev_machine *m = e->m;
    while (!m->failed && !m->done) {
        if (m->pc >= e->ir->insns.n || !ev_step(e, 1) || e->steps > m->max_steps)
            m->failed = true;
        else
            step(e);
    }
    return !m->failed;
}

/* ---- from outside ---- */

typedef struct lengths {
    uint32_t calls, args, imports, defaults, stores, stars, scope, at;
} lengths;

static lengths save(const ev *e)
{
    return (lengths){e->calls.n,  e->args.n,  e->imports.n, e->defaults.n,
                     e->stores.n, e->stars.n, e->scope,     e->at};
}

static uint32_t finish(ev *e, const lengths *was)
{
    ev_machine *m = e->m;
    bool fine = !m->failed && m->result && ev_is_const(e, m->result);
    while (m->failed && m->acts.n) {
        act a = m->acts.v[--m->acts.n];
        for (uint32_t i = a.enter, end = e->leave[a.enter]; i < end; i++)
            e->of[i] = m->of.v[a.of + i - a.enter];
    }
    undo_to(e, 0);
    e->calls.n = was->calls, e->args.n = was->args, e->imports.n = was->imports;
    e->defaults.n = was->defaults, e->stores.n = was->stores, e->stars.n = was->stars;
    e->scope = was->scope, e->at = was->at;
    uint32_t v = fine ? m->result : 0;
    e->m = NULL;
    return v;
}

/* A part of what is left, so that one decoy does not use up what the real thing needs. */
static uint64_t budget(const ev *e)
{
    return e->steps + (e->machine_max - e->steps) / 2;
}

ev_machine *ev_machine_idle(ev *e)
{
    return TW_NEW(e->tmp, ev_machine);
}

static bool ready(const ev *e)
{
    if (e->mc) return false;
    return (!e->m || (e->js && e->nested < NESTED_MAX)) && e->steps < e->machine_max;
}

static void take_lists(ev *e, ev_machine *m)
{
    ev_machine *old = e->spare;
    if (!old) return;
    e->spare = NULL;
    m->acts.v = old->acts.v, m->acts.cap = old->acts.cap;
    m->loops.v = old->loops.v, m->loops.cap = old->loops.cap;
    m->undos.v = old->undos.v, m->undos.cap = old->undos.cap;
    m->of.v = old->of.v, m->of.cap = old->of.cap;
    m->stack.v = old->stack.v, m->stack.cap = old->stack.cap;
    m->yields.v = old->yields.v, m->yields.cap = old->yields.cap;
}

static void leave_lists(ev *e, const ev_machine *m)
{
    if (!e->spare) e->spare = TW_NEW(e->tmp, ev_machine);
    *e->spare = *m;
}

static uint32_t called(ev *e, uint32_t callee, uint32_t callee_insn, const ev_args *a)
{
    const ev_val *x = ev_at(e, callee);
    if (!ready(e) || x->kind != TW_VAL_FUNC || !runs_here(e, x->a) || a->n > 16) return 0;
    for (uint32_t i = 0; i < a->n; i++)
        if (!ev_is_const(e, a->v[i])) return 0;
    uint32_t scope = x->a;
    ev_machine m = {.root_flow = e->flow[e->scope], .max_steps = budget(e)}, *outer = e->m;
    lengths was = save(e);
    take_lists(e, &m);
    e->m = &m;
    e->nested++;
    activate(e, scope, callee_insn, a->v, a->names, a->n);
    go(e);
    uint32_t v = finish(e, &was);
    e->m = outer;
    e->nested--;
    leave_lists(e, &m);
    if (!v) e->scopes[scope].fails++;
    return v;
}

uint32_t ev_machine_call(ev *e, uint32_t callee, uint32_t callee_insn, const ev_args *a)
{
    uint32_t v = called(e, callee, callee_insn, a);
    return v || !e->world ? v : ev_world_call(e, callee, callee_insn, a);
}

uint32_t ev_machine_comprehension(ev *e, uint32_t enter_at)
{
    const tw_insn *iter = insn(e, enter_at + 1);
    if (!ready(e) || iter->op != TW_OP_ITER || !ev_sequence(e, e->of[iter->a])) return 0;
    ev_machine m = {.root_flow = e->flow[e->scope], .max_steps = budget(e), .pc = enter_at};
    lengths was = save(e);
    uint32_t end = e->leave[enter_at];
    if (end >= e->ir->insns.n || !ev_step(e, end - enter_at)) return 0;
    for (uint32_t i = enter_at; i <= end; i++) TW_PUSH(e->tmp, m.of, e->of[i]);
    e->m = &m;
    go(e);
    uint32_t v = finish(e, &was);
    for (uint32_t i = enter_at; i <= end; i++) e->of[i] = m.of.v[i - enter_at];
    return v;
}

/* A loop of JavaScript where it stands, by what is known in front of it: the values its variables have behind it. */
uint32_t ev_machine_loop(ev *e, uint32_t enter_at, ev_settled *ret)
{
    const tw_insn *in = insn(e, enter_at);
    uint32_t end = e->leave[enter_at], n = 0, first = in->a ? in->a : 0;
    bool of = insn(e, enter_at + 1)->op == TW_OP_ITER;
    if (!ready(e) || e->m || e->loops.n || end >= e->ir->insns.n ||
        e->scopes[e->scope].fails >= 16 * MAX_FAILS)
        return 0;
    if (in->a ? truth_of(e, e->of[in->a]) != 1 : of && !ev_sequence(e, e->of[insn(e, enter_at + 1)->a]))
        return 0;
    if (first) first = start_of(e, first);
    if (!first) first = enter_at;
    if (!ev_step(e, end - first)) return 0;
    ev_machine m = {.root_flow = e->flow[e->scope], .max_steps = budget(e), .pc = enter_at, .only = enter_at};
    lengths was = save(e);
    for (uint32_t i = first; i <= end; i++) TW_PUSH(e->tmp, m.of, e->of[i]);
    e->m = &m;
    bool fine = go(e);
    for (uint32_t i = 0; fine && i < m.undos.n; i++) {
        uint32_t var = m.undos.v[i].var, k = 0, cur = e->vars.v[var].cur;
        while (k < n && ret[k].var != var) k++;
        if (k < n) continue;
        fine = n < SETTLED_MAX && cur && ev_is_const(e, cur);
        if (fine) ret[n++] = (ev_settled){var, cur};
    }
    finish(e, &was);
    for (uint32_t i = first; i <= end; i++) e->of[i] = m.of.v[i - first];
    if (!fine) e->scopes[e->scope].fails++;
    return fine ? n : 0;
}

uint32_t ev_machine_root(const ev *e)
{
    return e->m->root_flow;
}
