/* SPDX-License-Identifier: Apache-2.0 */
/* The world: the module body is run once; then, in what it leaves behind, each function that was made and may be
 * called again, with unknown arguments. What an instruction gave whenever it ran is its value. */
#include "engine/record/machine_priv.h"

enum { MAX_FAILS = 3, EXTRAS = 8, LATER = 96, ROOM = 96 << 20, ROOM_PER_BYTE = 32, PER_CALL = 16 };
/* KiB that a file has besides its own, several times what hidden programs need; what needs not be code is looked for less long. */
enum { FREE_CODE = 288, FREE_DATA = 80, DATA_PER_KIB = 24 };

/* The machine has steps of its own: what it cannot settle must not take from names and calls. */
static void begin(ev *e, mc_machine *m)
{
    m->was_steps = e->steps, m->was_max = e->max_steps, m->was_spent = e->spent_at;
    m->was_at = e->at, m->was_scope = e->scope, m->was_stack = e->stack.n;
    e->steps = m->used, e->max_steps = m->budget;
    e->mc = m, e->m = m->idle;
}

static void end(ev *e)
{
    mc_machine *m = e->mc;
    m->used = e->steps;
    e->steps = m->was_steps, e->max_steps = m->was_max, e->spent_at = m->was_spent;
    e->at = m->was_at, e->scope = m->was_scope, e->stack.n = m->was_stack;
    e->mc = NULL, e->m = NULL;
}

/* ---- a world at rest ---- */

static void reset(ev *e)
{
    mc_machine *m = e->mc;
    while (m->acts.n > 1) m->cut[m->acts.v[--m->acts.n].scope]--;
    m->acts.v[0].ret = 0;
    m->regs.n = m->acts.v[0].end;
    m->acts.v[0].env = m->module_env;
    m->depth = m->tries = m->yields.n = m->rigid = m->perhaps = m->seek = m->handled = 0;
    m->raised = false;
    m->lost = m->may_throw = m->speculating = m->checking = m->assume = false;
}

static void mark(ev *e)
{
    mc_machine *m = e->mc;
    uint8_t *envs = TW_NEWN(e->tmp, uint8_t, m->envs.n + 1), *objs = TW_NEWN(e->tmp, uint8_t, m->objs.n + 1);
    uint32_t base = e->stack.n;
    TW_VEC(uint32_t) todo = {0}; /* environments */
    TW_PUSH(e->tmp, todo, m->module_env);
    for (uint32_t i = 0; i < m->escaped.n; i++) TW_PUSH(e->tmp, e->stack, m->escaped.v[i]);
    while (todo.n || e->stack.n > base) {
        if (todo.n) {
            uint32_t env = todo.v[--todo.n];
            for (; env != TW_NONE && !envs[env]; env = m->envs.v[env].up) {
                envs[env] = 1;
                for (uint32_t i = 0; i < m->n_slots[m->envs.v[env].scope]; i++) {
                    uint32_t cell = m->envs.v[env].cells + i;
                    if (m->cells.v[cell].fwd) cell = m->cells.v[cell].fwd;
                    uint32_t v = m->cells.v[cell].val;
                    if (v && mc_is_ref(e, v)) TW_PUSH(e->tmp, e->stack, mc_ref(e, v));
                }
            }
            continue;
        }
        uint32_t o = e->stack.v[--e->stack.n];
        if (objs[o]) continue;
        objs[o] = 1;
        const mc_obj *x = mc_obj_at(e, o);
        if (x->kind == MC_CLOSURE) m->scope_is[x->a] |= MCS_LIVE;
        if (x->kind == MC_CLOSURE || x->kind == MC_CLASS || x->kind == MC_GEN) TW_PUSH(e->tmp, todo, x->env);
        if (x->kind == MC_INSTANCE && x->a != TW_NONE) TW_PUSH(e->tmp, e->stack, x->a);
        for (uint32_t i = 0; i < x->items.n; i++)
            if (x->kind != MC_CLOSURE && mc_is_ref(e, x->items.v[i]))
                TW_PUSH(e->tmp, e->stack, mc_ref(e, x->items.v[i]));
        for (uint32_t i = 1; x->kind == MC_CLOSURE && i < x->items.n; i += 2)
            if (mc_is_ref(e, x->items.v[i])) TW_PUSH(e->tmp, e->stack, mc_ref(e, x->items.v[i]));
        for (uint32_t i = 0; i < x->props.n; i++)
            if (mc_is_ref(e, x->props.v[i].val)) TW_PUSH(e->tmp, e->stack, mc_ref(e, x->props.v[i].val));
    }
}

/* The body did not come to its end: what is bound once, to a function or a constant, is what it is. */
static void rescue(ev *e)
{
    mc_machine *m = e->mc;
    mc_fork all = {0};
    m->forks = 1;
    mc_fork_drop(e, &all);
    m->forks = 0, m->obj_mark = m->cell_mark = 0;
    reset(e);
    for (uint32_t i = 0; i < m->cells.n; i++) {
        mc_cell *c = &m->cells.v[i];
        bool once = c->val && e->vars.v[c->var].binds == 1 && e->vars.v[c->var].n == 1;
        bool fixed = once && !(e->vars.v[c->var].flags & (EVV_SHARED | EVV_LOOSE)) &&
                     (mc_is(e, c->val, MC_CLOSURE) || mc_is(e, c->val, MC_CLASS) || !mc_is_ref(e, c->val));
        if (c->val && !fixed) c->val = m->unknown;
    }
    for (uint32_t i = 0; i < m->objs.n; i++)
        if (m->objs.v[i].kind != MC_CLOSURE && m->objs.v[i].kind != MC_CLASS)
            m->objs.v[i].shared = MC_VOLATILE;
    for (uint32_t i = 1; i < e->ir->insns.n; i++) {
        const tw_insn *in = mc_insn(e, i),
                      *f = in->op == TW_OP_BIND && in->kind == TW_BIND_DEF ? mc_insn(e, in->b) : NULL;
        if (!f || f->op != TW_OP_FUNC || f->a >= e->ir->scopes.n || e->ir->scopes.v[f->a].parent || f->c)
            continue;
        uint32_t var = ev_find_var(e, in->a, 0);
        if (var == TW_NONE || e->vars.v[var].binds != 1 || e->vars.v[var].n != 1) continue;
        uint32_t cell = m->envs.v[m->module_env].cells + m->slot_of[var];
        if (!m->cells.v[cell].val) m->cells.v[cell].val = mc_closure(e, f->a, m->module_env);
    }
    for (uint32_t s = 0; s < e->ir->scopes.n; s++) m->scope_is[s] |= MCS_LIVE;
}

static void run_module(ev *e)
{
    mc_machine *m = e->mc;
    m->max_steps = m->budget / 4 * 3;
    m->module_env = mc_env_new(e, 0, TW_NONE);
    TW_RESERVE(e->tmp, m->regs, e->ir->insns.n);
    memset(m->regs.v, 0, e->ir->insns.n * sizeof *m->regs.v);
    m->regs.n = e->ir->insns.n;
    TW_PUSH(e->tmp, m->acts, ((mc_act){.end = e->ir->insns.n, .env = m->module_env}));
    if (e->js) mc_hoist(e, 0);
    m->cut[0] = 1;
    mc_run(e, 1, e->ir->insns.n);
    m->cut[0] = 0;
}

/* Functions that hold what is asked for, and those around them. */
static uint8_t *asked(const ev *e)
{
    uint8_t *of = TW_NEWN(e->tmp, uint8_t, e->ir->scopes.n + 1);
    for (uint32_t i = 0; i < e->first->sites.n; i++)
        for (uint32_t s = e->first->sites.v[i].func; s && !of[s]; s = e->ir->scopes.v[s].parent) of[s] = 1;
    return of;
}

/* Functions that were made and may be called again by somebody else: of what they hold something is asked for. */
static void run_functions(ev *e)
{
    mc_machine *m = e->mc;
    const uint8_t *of = asked(e);
    uint64_t most = e->steps + e->lim->steps_per_kb * (LATER + e->ir->source.n / 4096);
    if (most > m->budget) most = m->budget;
    uint32_t i = 0;
    for (; i < m->queue.n && e->steps < most; i++) {
        uint32_t o = m->queue.v[i], scope = mc_obj_at(e, o)->a, ret;
        mc_args a = {NULL, NULL, 0, true};
        mc_fork f;
        if (!of[scope] || m->scope_is[scope] & MCS_GENERAL) continue;
        if (m->scope_is[scope] & MCS_RAN && !(m->scope_is[scope] & MCS_LIVE)) continue;
        m->max_steps = e->steps + (most - e->steps) / 8 + 64;
        uint32_t storm = m->storm, escaped = m->escaped.n;
        mc_fork_open(e, &f);
        uint32_t how = mc_activate(e, o, 0, &a, 0, &ret);
        bool lost = m->lost || how & R_STOP;
        m->forks = 1;
        mc_fork_drop(e, &f);
        m->forks = 0;
        reset(e);
        m->storm = storm, m->escaped.n = m->speculated = escaped;
        if (!lost) m->scope_is[scope] |= MCS_GENERAL;
    }
    m->left = i < m->queue.n;
}

void ev_world(ev *e)
{
    mc_machine *m = mc_prepare(e);
    if (!m) return;
    uint64_t kib = e->ir->source.n / 1024 + 1;
    uint64_t data = kib * DATA_PER_KIB < FREE_DATA ? kib * DATA_PER_KIB : FREE_DATA;
    m->budget = e->lim->steps_per_kb * ((e->first->want == EV_WANT_CODE ? FREE_CODE : data) + kib);
    m->idle = ev_machine_idle(e);
    m->room = tw_arena_used(e->tmp) + ROOM + ROOM_PER_BYTE * e->ir->source.n;
    e->world = m;
    begin(e, m);
    m->unknown = ev_unknown(e), m->rebound = ev_new(e, TW_VAL_OPAQUE, 0, 0);
    m->undefined = e->js ? ev_js_undefined(e) : ev_none(e);
    m->none = ev_none(e);
    m->yes = ev_bool(e, true), m->no = ev_bool(e, false);
    run_module(e);
    if (m->lost) {
        if (m->over && e->first->want == EV_WANT_CODE) e->world_over = true;
        rescue(e);
    } else {
        reset(e);
        mark(e);
    }
    m->general = true;
    m->storm++;
    run_functions(e);
    end(e);
}

/* ---- what the evaluator asks ---- */

/* Something that a call of the file is made of, known now and not to the first pass. */
static bool news(const ev *e, uint32_t at)
{
    const mc_machine *m = e->world;
    const ev *first = e->first;
    uint32_t v = m->seen[at], was = first->of[at];
    if (!v || v == MC_SEEN_REF) return false;
    if (v == TW_NONE) v = m->one_of[at];
    uint8_t kind = v ? ev_at(e, v)->kind : 0, had = was ? ev_at(first, was)->kind : TW_VAL_UNKNOWN;
    if (!v || (was && ev_is_const(first, was))) return false;
    return ev_is_const(e, v) || (kind == TW_VAL_SYMBOL && had != TW_VAL_SYMBOL);
}

static bool valid(const ev *e, uint32_t scope)
{
    uint32_t f = e->flow[scope];
    uint8_t is = e->world->scope_is[f];
    return !f || is & MCS_GENERAL || ((is & (MCS_RAN | MCS_MADE | MCS_LIVE)) == (MCS_RAN | MCS_MADE));
}

/* The first pass did not know what is called there. */
static bool nameless(const ev *e, uint32_t at)
{
    const ev_val *x = ev_at(e->first, e->first->of[mc_insn(e, at)->a]);
    return x->kind != TW_VAL_SYMBOL && (!x->sym || ev_sym(e->first, x->sym).p[0] == '?');
}

static bool tells_of(const ev *e, uint32_t at)
{
    const mc_machine *m = e->world;
    const tw_insn *in = mc_insn(e, at);
    if (in->op != TW_OP_CALL || news(e, at) || news(e, in->a)) return true;
    uint32_t n = in->c ? e->ir->args.v[in->c].value : 0;
    for (uint32_t k = 0; k < n; k++)
        if (news(e, e->ir->args.v[in->c + 1 + k].value)) return true;
    for (uint32_t i = 0; i < m->extras.n; i++)
        if (m->extras.v[i].at == at) return true;
    return false;
}

/* Did the run tell of what is asked what the first pass did not, or may calls of its function tell it still? */
bool ev_world_tells(const ev *e)
{
    const mc_machine *m = e->world;
    if (!m) return false;
    if (e->layers.n > e->first->layers.n || m->extras.n >= LATER) return true;
    for (uint32_t i = 0; i < m->extras.n; i++)
        if (!m->extras.v[i].own || nameless(e, m->extras.v[i].at)) return true;
    for (uint32_t i = 0; i < e->first->sites.n; i++)
        if (!valid(e, e->first->sites.v[i].func) || tells_of(e, e->first->sites.v[i].at)) return true;
    return false;
}

uint64_t ev_world_steps(const ev *e)
{
    return e->world ? e->world->used : 0;
}

uint32_t ev_world_value(ev *e, uint32_t at)
{
    uint32_t v = e->world && !e->m ? e->world->seen[at] : 0;
    if (!v || v == TW_NONE || v == MC_SEEN_REF || !valid(e, e->scope)) return 0;
    return v;
}

/* A constant that it surely was, once: it is not always another. */
uint32_t ev_world_once(const ev *e, uint32_t at)
{
    return e->world && !e->m && e->world->seen[at] == TW_NONE ? e->world->one_of[at] : 0;
}

bool ev_world_same(ev *e, uint32_t a, uint32_t b)
{
    bool same = false;
    const ev_val *x = ev_at(e, a), *y = ev_at(e, b);
    if (x->kind == y->kind && (x->kind == TW_VAL_SEQ || x->kind == TW_VAL_MAP))
        return true; /* they may go on changing */
    begin(e, e->world);
    bool known = mc_same(e, a, b, &same);
    end(e);
    return !known || same;
}

static bool same_extra(ev *e, const mc_extra *a, const mc_extra *b)
{
    if (a->sym != b->sym || a->n != b->n) return false;
    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t x = e->lists.v[a->args + i], y = e->lists.v[b->args + i];
        bool same = x == y;
        if (!same && x && y && ev_at(e, x)->kind == ev_at(e, y)->kind) {
            if (ev_at(e, x)->kind == TW_VAL_SYMBOL) same = ev_at(e, x)->sym == ev_at(e, y)->sym;
            begin(e, e->world);
            if (!same && ev_is_const(e, x) && ev_is_const(e, y)) mc_same(e, x, y, &same);
            end(e);
        }
        if (!same) return false;
    }
    return true;
}

/* The call at hand says all it has to say. */
static bool all_known(const ev *e, uint32_t at)
{
    for (uint32_t i = e->calls.n; i-- > 0 && i + 16 > e->calls.n;) {
        const ev_call *c = &e->calls.v[i];
        if (c->at != at || c->func != e->runs_in[e->scope]) continue;
        bool all = true;
        for (uint32_t k = 0; k < c->n_args && all; k++) {
            uint32_t v = e->args.v[c->args + k].value;
            uint8_t kind = ev_at(e, v)->kind;
            all = ev_is_const(e, v) || kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC;
        }
        if (all) return true;
    }
    return false;
}

/* Calls that a function of this file makes with what this call hands to it. */
void ev_world_calls(ev *e, uint32_t at, uint16_t flags)
{
    const mc_machine *m = e->world;
    uint32_t found[EXTRAS], n = 0;
    if (!m || e->m || !m->extras.n || (e->js && !valid(e, e->scope))) return;
    bool told = all_known(e, at);
    for (uint32_t i = 0; i < m->extras.n && n < EXTRAS && ev_step(e, 1); i++) {
        if (m->extras.v[i].at != at || (m->extras.v[i].own && told)) continue;
        bool seen = false;
        for (uint32_t k = 0; k < n; k++)
            seen = seen || same_extra(e, &m->extras.v[i], &m->extras.v[found[k]]);
        if (!seen) found[n++] = i;
    }
    const tw_insn *in = mc_insn(e, at);
    for (uint32_t k = 0; k < n; k++) {
        mc_extra x = m->extras.v[found[k]];
        ev_call c = {.callee = ev_symbol(e, x.sym),
                     .args = e->args.n,
                     .n_args = x.n,
                     .flags = flags,
                     .off = in->off,
                     .len = in->len};
        for (uint32_t i = 0; i < x.n; i++) {
            uint32_t v = e->lists.v[x.args + i];
            uint32_t name = x.own ? e->lists.v[x.args + x.n + i] : 0;
            TW_PUSH(e->tmp, e->args, ((tw_rec_arg){v ? v : ev_unknown(e), name}));
        }
        ev_call_besides(e, c);
    }
}

static uint32_t attempt(ev *e, uint32_t o, const mc_args *a, bool *ret_changes)
{
    mc_machine *m = e->mc;
    uint32_t ret = 0;
    uint32_t how = mc_activate(e, o, 0, a, 0, &ret);
    *ret_changes = m->log.n != 0;
    if (m->lost || how != R_NORMAL) return 0;
    uint32_t v = mc_is_ref(e, ret) ? mc_freeze(e, ret) : ret;
    return v && ev_is_const(e, v) ? v : 0;
}

/* A function of this file with constants. Where it changes what outlives it, it must say the same twice. */
uint32_t ev_world_call(ev *e, uint32_t callee, uint32_t callee_insn, const ev_args *a)
{
    mc_machine *m = e->world;
    const ev_val *x = ev_at(e, callee);
    if (!m || e->m || x->kind != TW_VAL_FUNC || a->n > 64 || m->used >= m->budget) return 0;
    uint32_t scope = x->a, o = m->closure_of[scope];
    const tw_scope *sc = &e->ir->scopes.v[scope];
    if (!o || o == TW_NONE || sc->flags & 3 || m->fails[scope] >= MAX_FAILS) return 0;
    if (mc_insn(e, callee_insn)->op == TW_OP_MEMBER && e->ir->scopes.v[sc->parent].kind == TW_REGION_CLASS)
        return 0;
    for (uint32_t i = 0; i < a->n; i++)
        if (!ev_is_const(e, a->v[i])) return 0;
    uint32_t storm = m->storm, again = 0, v;
    mc_fork f;
    bool changes, same = true;
    begin(e, m);
    m->max_steps = e->steps + (m->budget - e->steps) / PER_CALL;
    uint32_t *args = TW_NEWN(e->tmp, uint32_t, a->n + 1);
    bool lists = false;
    for (uint32_t i = 0; i < a->n; i++) {
        args[i] = mc_thaw(e, a->v[i], e->js);
        lists = lists || mc_is_ref(e, args[i]);
    }
    mc_args with = {args, a->names, a->n, false};
    m->log.n = 0, m->forks = 0;
    mc_fork_open(e, &f);
    v = attempt(e, o - 1, &with, &changes);
    if (lists && v && (changes || ev_at(e, v)->kind == TW_VAL_SEQ || ev_at(e, v)->kind == TW_VAL_MAP))
        v = 0; /* the caller's own list may be changed, or come back */
    if (v && changes) {
        again = attempt(e, o - 1, &with, &changes);
        same = again && ev_at(e, v)->kind == ev_at(e, again)->kind && ev_at(e, v)->kind != TW_VAL_SEQ &&
               mc_same(e, v, again, &same) && same;
    }
    m->forks = 1;
    mc_fork_drop(e, &f);
    m->forks = 0;
    reset(e);
    m->storm = storm;
    end(e);
    if (!v || !same) return m->fails[scope]++, 0;
    return v;
}
