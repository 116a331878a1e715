/* SPDX-License-Identifier: Apache-2.0 */
/* One instruction of the machine: names, members, items, operators, literals. */
#include "engine/record/machine_py.h"

/* ---- names ---- */

static uint32_t resolve(ev *e, uint32_t at, uint32_t name, uint32_t scope, bool binds)
{
    uint32_t *known = &e->mc->resolved[at];
    if (*known) return *known == TW_NONE ? TW_NONE : *known - 1;
    uint32_t var = TW_NONE;
    for (uint32_t s = scope;; s = e->ir->scopes.v[s].parent) {
        uint32_t v = ev_find_var(e, name, s);
        bool seen = e->ir->scopes.v[s].kind != TW_REGION_CLASS ||
                    (e->js ? e->ir->scopes.v[s].name == name : s == scope);
        if (v != TW_NONE && seen) {
            var = v;
            break;
        }
        if (!s || !mc_tick(e, 1)) break;
    }
    (void)binds;
    *known = var == TW_NONE ? TW_NONE : var + 1;
    return var;
}

static uint32_t scope_here(const ev *e)
{
    return e->mc->envs.v[mc_top(e)->env].scope;
}

/* A function that others may call at any time changes it: outside of the module's own run it has no certain value,
 * unless that function itself is running, or is what the variable holds. */
static bool settled(ev *e, uint32_t var, uint32_t val)
{
    mc_machine *m = e->mc;
    if (!m->general) return true;
    uint32_t lo = 0, hi = m->n_writers;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (m->writers[2 * mid] < var)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < m->n_writers && m->writers[2 * lo] == var; lo++) {
        uint32_t scope = m->writers[2 * lo + 1];
        if (!(m->scope_is[scope] & MCS_LIVE) && m->scope_is[scope] & MCS_MADE) continue;
        bool own = mc_is(e, val, MC_CLOSURE) && mc_obj_at(e, mc_ref(e, val))->a == scope;
        if (!own && !m->cut[scope]) return false;
    }
    return true;
}

/* `arguments`: an arrow's are those of the call around it. */
static uint32_t arguments(const ev *e)
{
    const mc_machine *m = e->mc;
    const mc_act *a = mc_top(e);
    if (e->ir->scopes.v[a->scope].kind != TW_REGION_LAMBDA) return a->args ? a->args : m->unknown;
    uint32_t env = a->env;
    while (env != TW_NONE && e->ir->scopes.v[m->envs.v[env].scope].kind != TW_REGION_FUNCTION)
        env = m->envs.v[env].up;
    for (uint32_t i = m->acts.n; i-- > 0 && env != TW_NONE;)
        if (m->acts.v[i].env == env && m->acts.v[i].args) return m->acts.v[i].args;
    return m->unknown;
}

static uint32_t outside(ev *e, uint32_t name)
{
    tw_str text = tw_ir_text(e->ir, name);
    if (e->js && tw_str_eq(text, TW_S("this"))) return mc_top(e)->self ? mc_top(e)->self : e->mc->unknown;
    if (e->js && tw_str_eq(text, TW_S("super"))) return mc_js_super(e);
    if (e->js && tw_str_eq(text, TW_S("new.target")))
        return mc_top(e)->loose ? e->mc->unknown : mc_top(e)->target ? mc_top(e)->target : e->mc->undefined;
    if (e->js && tw_str_eq(text, TW_S("arguments"))) return arguments(e);
    if (e->stars.n) return e->mc->unknown;
    if (tw_str_eq(text, TW_S("undefined"))) return e->mc->undefined;
    return ev_symbol(e, ev_ir_sym(e, name));
}

/* The item of `arguments` that a parameter may be one with, in the call under way that has its variable. */
static bool argument_of(ev *e, uint32_t var, uint32_t cell, uint32_t *ret_list, uint32_t *ret_i,
                        uint32_t *ret_was)
{
    mc_machine *m = e->mc;
    const ev_var *x = &e->vars.v[var];
    if (!m->uses_arguments || !(x->flags & EVV_PARAM)) return false;
    const mc_act *a = NULL;
    for (uint32_t i = m->acts.n; i-- > 0 && !a;)
        if (m->acts.v[i].scope == x->scope && m->envs.v[m->acts.v[i].env].cells + m->slot_of[var] == cell)
            a = &m->acts.v[i];
    const tw_scope *sc = &e->ir->scopes.v[x->scope];
    if (!a || !a->args || !mc_is(e, a->args, MC_LIST)) return false;
    uint32_t at = 0;
    for (uint32_t p = 0; p < sc->n_params; p++) {
        tw_param prm = e->ir->params.v[sc->params + p];
        if (!p && tw_str_eq(tw_ir_text(e->ir, prm.name), TW_S("this"))) continue;
        if (prm.name == x->name) break;
        at++;
    }
    *ret_list = mc_ref(e, a->args), *ret_i = at, *ret_was = at < a->n ? a->v[at] : 0;
    return at < a->n;
}

/* Its body begins with the statement 'use strict'. */
static bool strict(const ev *e, uint32_t scope)
{
    uint32_t at = e->ir->scopes.v[scope].enter + 1;
    while (at < e->ir->insns.n && mc_insn(e, at)->op == TW_OP_BIND) at++;
    const tw_insn *in = at < e->ir->insns.n ? mc_insn(e, at) : NULL;
    if (!in || in->op != TW_OP_CONST || !tw_str_eq(tw_ir_text(e->ir, in->a), TW_S("use strict")))
        return false;
    tw_str rest = tw_str_sub(e->ir->source, in->off + in->len, e->ir->source.n);
    return rest.n && rest.p[0] == ';';
}

/* Did something set the item, by way of `arguments`? */
static bool set_as_argument(ev *e, uint32_t var, uint32_t cell)
{
    uint32_t list, i, was;
    if (!e->mc->uses_arguments || strict(e, e->vars.v[var].scope)) return false;
    if (!argument_of(e, var, cell, &list, &i, &was)) return false;
    const mc_obj *x = mc_obj_at(e, list);
    return x->flags & MCO_LOST || i >= x->items.n ||
           (x->items.v[i] != was && x->items.v[i] != e->mc->rebound);
}

uint32_t mc_read(ev *e, uint32_t at)
{
    uint32_t name = mc_insn(e, at)->a, scope = scope_here(e);
    if (!name) return mc_top(e)->pattern ? mc_top(e)->pattern : e->mc->unknown;
    uint32_t var = resolve(e, at, name, scope, false);
    if (var == TW_NONE) return outside(e, name);
    uint32_t cell = mc_cell_of(e, var), v = cell == TW_NONE ? 0 : mc_cell_get(e, cell);
    if (!v && e->js && cell != TW_NONE && e->vars.v[var].scope)
        return e->mc->undefined; /* of this function */
    if (!v) {
        e->mc->may_throw = true;
        return e->mc->unknown;
    }
    mc_obj *x = mc_is_ref(e, v) ? mc_obj_at(e, mc_ref(e, v)) : NULL;
    bool data = x && x->kind != MC_CLOSURE && x->kind != MC_CLASS;
    if (cell < e->mc->generator && (e->vars.v[var].n > 1 || data)) e->mc->impure = true;
    if (set_as_argument(e, var, cell)) return e->mc->unknown;
    return settled(e, var, v) ? v : e->mc->unknown;
}

void mc_bind(ev *e, uint32_t at, uint32_t v)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t scope = scope_here(e);
    if (in->kind == TW_BIND_WALRUS)
        while (scope && e->ir->scopes.v[scope].kind == TW_REGION_COMPREHENSION)
            scope = e->ir->scopes.v[scope].parent;
    uint32_t var = resolve(e, at, in->a, scope, true), cell = var == TW_NONE ? TW_NONE : mc_cell_of(e, var);
    if (cell == TW_NONE) return;
    mc_cell_set(e, cell, v);
    uint32_t list, i, was;
    if (in->kind != TW_BIND_PARAM && argument_of(e, var, cell, &list, &i, &was) &&
        i < mc_obj_at(e, list)->items.n)
        mc_set_item(e, list, i, e->mc->rebound);
}

/* ---- literals ---- */

/* The values of args, spreads spliced, on e->stack; false: something unknown was spread. */
static bool values(ev *e, uint32_t c)
{
    uint32_t n = c && c < e->ir->args.n ? e->ir->args.v[c].value : 0, list;
    bool fine = true;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[c + 1 + i];
        uint32_t v = a.value ? mc_reg(e, a.value) : e->js ? 0 : e->mc->none; /* 0: a hole */
        if (a.name != TW_ARG_SPREAD) {
            TW_PUSH(e->tmp, e->stack, v);
        } else if (mc_iterate(e, v, &list)) {
            for (uint32_t k = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0;
                 k < mc_obj_at(e, list)->items.n && mc_tick(e, 1); k++)
                TW_PUSH(e->tmp, e->stack, mc_obj_at(e, list)->items.v[k]);
            if (mc_obj_at(e, list)->kind == MC_ITER) mc_set_next(e, list, mc_obj_at(e, list)->items.n);
        } else {
            fine = false;
        }
    }
    return fine;
}

/* x += y of Python: the target is bound next. */
static bool augments(const ev *e, uint32_t at)
{
    const tw_insn *next = mc_insn(e, at + 1);
    bool value = next->op == TW_OP_BIND                                      ? next->b == at
                 : next->op == TW_OP_SETMEMBER || next->op == TW_OP_SETINDEX ? next->c == at
                                                                             : false;
    return !e->js && value && next->kind == TW_BIND_AUG;
}

static uint32_t op(ev *e, uint32_t at, const tw_insn *in)
{
    uint32_t base = e->stack.n, few[8], *v = few;
    bool fine = values(e, in->c);
    uint32_t n = e->stack.n - base;
    if (n > TW_COUNT(few)) v = TW_NEWN(e->tmp, uint32_t, n);
    if (n) memcpy(v, e->stack.v + base, n * sizeof *v);
    e->stack.n = base;
    uint32_t r = fine && augments(e, at) ? mc_in_place(e, tw_ir_text(e->ir, in->a), v, n) : 0;
    return r ? r : fine ? mc_operate(e, tw_ir_text(e->ir, in->a), v, n) : e->mc->unknown;
}

static uint32_t seq(ev *e, const tw_insn *in)
{
    uint32_t base = e->stack.n;
    bool fine = values(e, in->c), same;
    uint32_t v = mc_list(e, e->stack.v + base, e->stack.n - base, in->kind);
    if (!fine && mc_is_ref(e, v)) mc_lose(e, mc_ref(e, v));
    if (in->kind == TW_SEQ_SET && mc_is_ref(e, v)) { /* without doubles */
        mc_obj *x = mc_obj_at(e, mc_ref(e, v));
        uint32_t n = 0;
        for (uint32_t i = 0; i < x->items.n && mc_tick(e, n / 8); i++) {
            uint32_t k = 0;
            for (same = false; k < n && !same; k++)
                if (!mc_same(e, x->items.v[k], x->items.v[i], &same)) fine = false;
            if (!same) x->items.v[n++] = x->items.v[i];
        }
        x->items.n = n;
        if (!fine) mc_lose(e, mc_ref(e, v));
    }
    e->stack.n = base;
    return v;
}

static void copy_props(ev *e, uint32_t to, uint32_t v)
{
    uint32_t from = mc_ref(e, v);
    if (e->js && ev_at(e, v)->kind == TW_VAL_NULL_) return;
    if (e->js && mc_spread_into(e, to, v)) return;
    if (from == TW_NONE || !mc_known(e, from) || mc_obj_at(e, from)->kind != MC_MAP ||
        mc_obj_at(e, from)->flags & MCO_MAYBE) {
        mc_lose(e, to);
        return;
    }
    for (uint32_t i = 0; i < mc_obj_at(e, from)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, from)->props.v[i];
        mc_put(e, to, p.key, p.name, p.val);
    }
}

static uint32_t map(ev *e, const tw_insn *in)
{
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0, o = mc_new(e, MC_MAP), list;
    for (uint32_t i = 0; i + 1 < n + 1 && i < n; i++) {
        tw_arg a = e->ir->args.v[in->c + 1 + i];
        bool comp = a.name == TW_ARG_SPREAD_MAP && mc_insn(e, a.value)->op == TW_OP_LEAVE;
        if (a.name == TW_ARG_SPREAD || comp) { /* a comprehension: pairs */
            bool fine = mc_iterate(e, mc_reg(e, a.value), &list);
            for (uint32_t k = 0; fine && k < mc_obj_at(e, list)->items.n && mc_tick(e, 1); k++) {
                uint32_t pair = mc_ref(e, mc_obj_at(e, list)->items.v[k]), key = 0;
                fine = pair != TW_NONE && mc_obj_at(e, pair)->kind == MC_LIST &&
                       mc_obj_at(e, pair)->items.n == 2;
                if (fine) key = mc_key(e, mc_obj_at(e, pair)->items.v[0]);
                fine = fine && key;
                if (fine) mc_put(e, o, key, mc_obj_at(e, pair)->items.v[0], mc_obj_at(e, pair)->items.v[1]);
            }
            if (!fine) mc_lose(e, o);
            i += comp; /* its other half */
            continue;
        }
        tw_arg b = i + 1 < n ? e->ir->args.v[in->c + 2 + i] : (tw_arg){0};
        i++;
        if (a.name == TW_ARG_SPREAD_MAP) {
            copy_props(e, o, mc_reg(e, a.value));
            continue;
        }
        uint32_t name = mc_reg(e, a.value), key;
        if (e->js && mc_is_ref(e, name)) name = mc_primitive(e, name, true);
        key = mc_key(e, name);
        if (key && e->js && ev_at(e, name)->kind != TW_VAL_STR && !mc_is_ref(e, name) &&
            ev_at(e, name)->kind != TW_VAL_SYMBOL)
            name = mc_text(e, name);
        if (e->js && key && name && tw_str_eq(tw_intern_str(&e->mc->keys, key), TW_S("s__proto__")) &&
            mc_insn(e, a.value)->op == TW_OP_CONST) {
            uint32_t p = mc_reg(e, b.value);
            mc_obj_at(e, o)->self = mc_is_ref(e, p) || p == e->mc->unknown ? p
                                    : ev_at(e, p)->kind == TW_VAL_NULL_    ? e->mc->none
                                                                           : 0;
        } else if (e->js) {
            mc_define(e, o, key, name, mc_reg(e, b.value), false);
        } else if (key && name) {
            mc_put(e, o, key, name, mc_reg(e, b.value));
        } else {
            mc_lose(e, o);
        }
    }
    return mc_ref_to(e, o);
}

static uint32_t concat(ev *e, const tw_insn *in)
{
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0;
    uint32_t v = ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t x = mc_reg(e, e->ir->args.v[in->c + 1 + i].value), text;
        if (e->js && mc_is_ref(e, x)) x = mc_primitive(e, x, true);
        if (mc_is(e, x, MC_INSTANCE) && !e->js && (x = mc_text_of(e, x, false), !x)) return e->mc->unknown;
        if (mc_is_ref(e, x)) x = mc_freeze(e, x);
        text = !x || !ev_is_const(e, x) ? 0 : e->js ? mc_text(e, x) : ev_to_str(e, x);
        v = text ? ev_concat(e, v, text) : 0;
        if (!v || !ev_is_const(e, v)) return e->mc->unknown;
    }
    return v;
}

static uint32_t func(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    if (in->a >= e->ir->scopes.n) return e->mc->unknown;
    uint32_t v = 0, o;
    if (e->mc->closure_of[in->a] == 0 || !e->mc->seen[at]) v = 0;
    uint32_t hoisted = e->mc->regs.v[mc_top(e)->regs + at - mc_top(e)->enter];
    if (hoisted && mc_is(e, hoisted, MC_CLOSURE) && mc_obj_at(e, mc_ref(e, hoisted))->flags & MCO_LAZY) {
        mc_obj_at(e, mc_ref(e, hoisted))->flags &= (uint8_t)~MCO_LAZY;
        if (mc_top(e)->rounds) mc_obj_at(e, mc_ref(e, hoisted))->env = mc_top(e)->env;
        v = hoisted;
    } else {
        v = mc_closure(e, in->a, mc_top(e)->env);
    }
    o = mc_ref(e, v);
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[in->c + 1 + i];
        uint32_t d = mc_reg(e, a.value);
        mc_push(e, o, ev_int(e, a.name)); /* items are values */
        mc_push(e, o, e->js && !mc_js_default(e, in->a, a.value) ? e->mc->unknown : d);
    }
    return v;
}

uint32_t mc_class(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t base = e->stack.n, o = mc_new(e, MC_CLASS), n = in->c ? e->ir->args.v[in->c].value : 0;
    if (in->a >= e->ir->scopes.n) return e->mc->unknown;
    uint32_t env = mc_env_new(e, in->a, mc_top(e)->env);
    mc_obj_at(e, o)->a = in->a, mc_obj_at(e, o)->env = env;
    e->mc->scope_is[in->a] |= MCS_MADE;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[in->c + 1 + i];
        uint32_t v = mc_reg(e, a.value);
        if (!a.name)
            mc_push(e, o, v);
        else if (tw_str_eq(a.name < TW_ARG_SPREAD_MAP ? tw_ir_text(e->ir, a.name) : TW_S(""),
                           TW_S("metaclass")) &&
                 mc_is(e, v, MC_CLASS))
            mc_obj_at(e, o)->self = mc_ref(e, v) + 1;
    }
    e->stack.n = base;
    if (e->js) {
        e->mc->envs.v[env].cls = o + 1;
        return mc_js_class(e, at, o);
    }
    return mc_ref_to(e, o);
}

static uint32_t decorated(ev *e, const tw_insn *in)
{
    uint32_t d = mc_reg(e, in->a), v = mc_reg(e, in->b), ret = e->mc->unknown;
    tw_str name = ev_sym(e, ev_at(e, d)->sym);
    if (tw_str_eq(name, TW_S("staticmethod")) || tw_str_eq(name, TW_S("classmethod"))) {
        uint32_t b = mc_new(e, MC_BOUND);
        mc_push(e, b, v);
        mc_obj_at(e, b)->how = tw_str_eq(name, TW_S("classmethod")) ? 2 : 1;
        return mc_ref_to(e, b);
    }
    if (tw_str_eq(name, TW_S("property"))) {
        uint32_t b = mc_new(e, MC_BOUND);
        mc_push(e, b, v);
        mc_obj_at(e, b)->how = 3;
        return mc_ref_to(e, b);
    }
    uint32_t none = 0;
    mc_args a = {&v, &none, 1, false};
    if (!mc_is_ref(e, d) && ev_at(e, d)->kind == TW_VAL_SYMBOL &&
        mc_py_apply(e, ev_at(e, d)->sym, &a, &ret) == R_NORMAL)
        return ret;
    if (mc_is(e, d, MC_BOUND) && mc_obj_at(e, mc_ref(e, d))->how == MCB_SETTER) {
        uint32_t b = mc_new(e, MC_BOUND), old = mc_ref(e, mc_obj_at(e, mc_ref(e, d))->items.v[0]);
        mc_obj_at(e, b)->how = MCB_PROPERTY;
        mc_push(e, b, mc_obj_at(e, old)->items.v[0]);
        mc_push(e, b, v);
        return mc_ref_to(e, b);
    }
    if (!mc_is_ref(e, d)) {
        mc_escape(e, v);
        mc_speculate(e);
        return e->mc->unknown;
    }
    return mc_apply(e, d, 0, &a, 0, &ret) == R_NORMAL ? ret : e->mc->unknown;
}

static uint32_t imported(ev *e, const tw_insn *in)
{
    tw_str module = tw_ir_text(e->ir, in->a), name = tw_ir_text(e->ir, in->b);
    if (in->kind || in->flags & TW_IF_STAR) return e->mc->unknown;
    if (e->js) return module.n ? ev_js_import(e, module, name) : e->mc->unknown;
    tw_buf_clear(&e->buf);
    tw_buf_puts(&e->buf, module);
    if (name.n && module.n) tw_buf_putc(&e->buf, '.');
    tw_buf_puts(&e->buf, name);
    return ev_symbol(e, tw_intern(&e->syms, tw_buf_str(&e->buf)));
}

/* What stands in front of *rest. */
static bool rest_from(ev *e, uint32_t at, uint32_t *ret)
{
    const tw_insn *in = mc_insn(e, at), *next = mc_insn(e, at + 1);
    for (uint32_t i = at; i-- > 1 && mc_insn(e, i)->flags & TW_IF_UNPACK;) {
        const tw_insn *x = mc_insn(e, i);
        int64_t n;
        if (x->op == TW_OP_INDEX && x->a == in->a && ev_get_int(e, mc_reg(e, x->b), &n)) {
            *ret = (uint32_t)n + 1;
            break;
        }
    }
    bool last = next->op == TW_OP_BIND && next->b == at;
    const tw_insn *after = at + 2 < e->ir->insns.n ? next + 1 : next;
    return last && !(after->flags & TW_IF_UNPACK && after->op == TW_OP_ITER && after->a == in->a);
}

static uint32_t elements(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t list, v = mc_reg(e, in->a), from = 0;
    if (!mc_iterate(e, v, &list)) return e->mc->unknown;
    if (e->js ? !mc_rest_from(e, at, &from) : !rest_from(e, at, &from)) return e->mc->unknown;
    if (mc_obj_at(e, list)->kind == MC_ITER) from += mc_obj_at(e, list)->a;
    if (from > mc_obj_at(e, list)->items.n) from = e->js ? mc_obj_at(e, list)->items.n : from;
    if (from > mc_obj_at(e, list)->items.n) return e->mc->unknown;
    uint32_t n = mc_obj_at(e, list)->items.n - from, *copy = TW_NEWN(e->tmp, uint32_t, n + 1);
    if (!mc_tick(e, n)) return e->mc->unknown;
    memcpy(copy, mc_obj_at(e, list)->items.v + from, n * sizeof *copy);
    return mc_list(e, copy, n, e->js ? TW_SEQ_ARRAY : TW_SEQ_LIST);
}

static void bind(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    if (in->kind == TW_BIND_PARAM) { /* the call has set it, but for a pattern */
        const mc_act *a = mc_top(e);
        if (!in->a) mc_top(e)->pattern = !a->loose && in->c < a->n ? a->v[in->c] : e->mc->unknown;
        return;
    }
    uint32_t v = in->b ? mc_reg(e, in->b) : e->mc->undefined;
    bool itself = e->js && in->kind == TW_BIND_DEF && in->b < mc_top(e)->enter && mc_top(e)->closure &&
                  mc_insn(e, in->b)->op == TW_OP_FUNC && mc_insn(e, in->b)->a == mc_top(e)->scope;
    if (itself) v = mc_ref_to(e, mc_top(e)->closure); /* the name of a function expression */
    if (in->kind == TW_BIND_CATCH) v = e->mc->thrown ? e->mc->thrown : e->mc->unknown;
    if (in->kind == TW_BIND_CATCH && !in->a) mc_top(e)->pattern = v;
    if (in->kind == TW_BIND_WITH) v = e->js ? e->mc->unknown : mc_entered(e, v);
    if (in->kind == TW_BIND_DEL) v = 0;
    if (in->flags & TW_IF_HOISTED && mc_insn(e, in->b)->op == TW_OP_FUNC && !mc_top(e)->rounds)
        return;                                          /* done as its scope began */
    if (e->js && in->kind == TW_BIND_ASSIGN && !in->b) { /* let x; var x: what it holds stays */
        uint32_t var = e->mc->resolved[at] && e->mc->resolved[at] != TW_NONE
                           ? e->mc->resolved[at] - 1
                           : ev_find_var(e, in->a, scope_here(e));
        uint32_t cell = var == TW_NONE ? TW_NONE : mc_cell_of(e, var);
        if (cell != TW_NONE && e->mc->cells.v[cell].val) {
            tw_str before = tw_str_sub(e->ir->source, in->off >= 4 ? in->off - 4 : 0, in->off);
            const ev_var *x = &e->vars.v[var];
            bool again = false; /* one of several of that name: which one is meant is not seen here */
            for (uint32_t i = 0; i < x->n && i < 64 && !again; i++) {
                const tw_insn *other = mc_insn(e, e->places.v[x->first + i]);
                again = other != in && other->op == TW_OP_BIND && other->kind == TW_BIND_ASSIGN && !other->b;
            }
            if (again) e->mc->cells.v[cell].shared = MC_VOLATILE;
            if (tw_str_eq(before, TW_S("let "))) mc_cell_set(e, cell, v);
            return;
        }
    }
    if (e->js && in->flags & TW_IF_UNPACK && in->b) v = mc_rest_of(e, at, v);
    mc_bind(e, at, v);
    mc_note(e, at, v ? v : e->mc->unknown);
}

/* A pattern's default: where the value is undefined. */
static uint32_t defaulted(ev *e, const tw_insn *in)
{
    uint32_t v = mc_reg(e, in->a);
    if (in->a != in->b || mc_unknown(e, v)) return mc_join_val(e, mc_reg(e, in->b), mc_reg(e, in->c));
    bool undefined = ev_at(e, v)->kind == TW_VAL_NULL_ && ev_at(e, v)->a;
    return undefined ? mc_reg(e, in->c) : v;
}

/* How the instruction ended. */
uint32_t mc_raised(ev *e)
{
    mc_machine *m = e->mc;
    bool raised = m->raised;
    m->raised = false;
    return m->lost ? R_STOP : raised ? R_THROW : R_NORMAL;
}

/* yield of a generator of Python. */
static uint32_t suspend(ev *e, uint32_t at)
{
    mc_machine *m = e->mc;
    const tw_insn *in = mc_insn(e, at);
    uint32_t v = in->a ? mc_reg(e, in->a) : m->none, it;
    bool done = false;
    if (m->rigid != mc_top(e)->rigid) return R_SUSPEND | R_NORMAL; /* it could not go on from here */
    if (in->flags & TW_IF_FROM) {
        it = mc_iterator(e, v);
        if (!it) return m->raised ? R_NORMAL : R_SUSPEND | R_NORMAL;
        mc_set(e, in->a, it);
        if (!mc_step_iter(e, it, &v, &done)) return m->raised ? R_NORMAL : R_SUSPEND | R_NORMAL;
        if (done) {
            bool gen = mc_is(e, it, MC_GEN) && mc_obj_at(e, mc_ref(e, it))->self;
            mc_set(e, at, gen ? mc_obj_at(e, mc_ref(e, it))->self : m->none);
            return R_NORMAL;
        }
    }
    m->yielded = v, e->at = at;
    return R_SUSPEND;
}

/* A method of a list, dict or the like that is not called where it stands: l.append */
static uint32_t taken_method(ev *e, const tw_insn *in)
{
    uint32_t base = mc_reg(e, in->a), o = mc_ref(e, base), b, key;
    uint8_t kind = o == TW_NONE ? MC_CLOSURE : mc_obj_at(e, o)->kind;
    bool made = kind == MC_LIST || kind == MC_MAP || kind == MC_SET || kind == MC_ITER || kind == MC_GEN ||
                kind == MC_LAZY;
    if (!made) return e->mc->unknown;
    b = mc_new(e, MC_BOUND), key = mc_key_of(e, tw_ir_text(e->ir, in->b));
    mc_obj_at(e, b)->how = MCB_METHOD, mc_obj_at(e, b)->a = key;
    mc_push(e, b, base);
    return mc_ref_to(e, b);
}

static uint32_t member(ev *e, uint32_t at, const tw_insn *in)
{
    mc_machine *m = e->mc;
    uint32_t base = mc_reg(e, in->a), v = mc_member(e, base, tw_ir_text(e->ir, in->b), in->b);
    if (e->js || v != m->unknown) return v;
    if (mc_unknown(e, base) && ev_at(e, base)->kind != TW_VAL_SYMBOL) m->may_throw = true;
    return m->raised || m->is_callee[at] ? v : taken_method(e, in);
}

uint32_t mc_step(ev *e, uint32_t at)
{
    mc_machine *m = e->mc;
    const tw_insn *in = mc_insn(e, at);
    uint32_t v = 0, base = e->stack.n;
    switch (in->op) {
    case TW_OP_CONST:
        if (e->js && in->kind == TW_CONST_REGEX) return mc_set(e, at, mc_regex(e, ev_one(e, in))), R_NORMAL;
        v = m->seen[at] && m->seen[at] != TW_NONE ? m->seen[at] : ev_one(e, in);
        break;
    case TW_OP_READ: v = mc_read(e, at); break;
    case TW_OP_BIND: bind(e, at); return R_NORMAL;
    case TW_OP_MEMBER: v = member(e, at, in); break;
    case TW_OP_SETMEMBER:
        mc_set_member(e, mc_reg(e, in->a), tw_ir_text(e->ir, in->b),
                      in->kind == TW_BIND_DEL ? 0 : mc_reg(e, in->c));
        return mc_raised(e);
    case TW_OP_INDEX:
        v = e->js && in->flags & TW_IF_UNPACK ? mc_element(e, at)
                                              : mc_index(e, mc_reg(e, in->a), mc_reg(e, in->b));
        if (!e->js && v == m->unknown && !m->raised) m->may_throw = true;
        break;
    case TW_OP_SETINDEX:
        if (in->flags & TW_IF_UNPACK && !e->js && mc_insn(e, in->b)->op == TW_OP_READ)
            mc_set(e, in->b, mc_read(e, in->b));
        mc_set_index(e, mc_reg(e, in->a), mc_reg(e, in->b), in->kind == TW_BIND_DEL ? 0 : mc_reg(e, in->c));
        return mc_raised(e);
    case TW_OP_CALL: return mc_call(e, at);
    case TW_OP_FUNC: v = func(e, at); break;
    case TW_OP_CLASS: v = mc_class(e, at); break;
    case TW_OP_DECORATE: v = decorated(e, in); break;
    case TW_OP_IMPORT:
        v = imported(e, in);
        m->may_throw = true;
        break;
    case TW_OP_SEQ: v = seq(e, in); break;
    case TW_OP_MAP: v = map(e, in); break;
    case TW_OP_CONCAT: v = concat(e, in); break;
    case TW_OP_CHOOSE: v = defaulted(e, in); break;
    case TW_OP_ITER: v = elements(e, at); break;
    case TW_OP_OP: v = op(e, at, in); break;
    case TW_OP_JUMP:
        m->label = in->a;
        if (in->kind > 1 || (in->a && m->perhaps)) return m->lost = true, R_STOP;
        return in->kind ? R_CONTINUE : R_BREAK;
    case TW_OP_RETURN:
        v = in->a ? mc_reg(e, in->a) : e->js ? m->undefined : m->none;
        mc_top(e)->ret = mc_top(e)->ret ? mc_join_val(e, mc_top(e)->ret, v) : v;
        return R_RETURN;
    case TW_OP_THROW:
        v = in->a ? mc_reg(e, in->a) : m->handled ? m->handled : m->unknown;
        m->thrown = e->js ? v : mc_thrown_by(e, v);
        return R_THROW;
    case TW_OP_YIELD:
        if (mc_top(e)->gen && e->ir->scopes.v[scope_here(e)].kind != TW_REGION_COMPREHENSION)
            return suspend(e, at);
        v = in->a ? mc_reg(e, in->a) : m->none;
        if (e->ir->scopes.v[scope_here(e)].kind == TW_REGION_COMPREHENSION && m->yields.n)
            mc_push(e, m->yields.v[m->yields.n - 1], v);
        else if (mc_top(e)->yields && !(in->flags & TW_IF_FROM))
            mc_push(e, mc_top(e)->yields, v);
        else if (mc_top(e)->yields)
            mc_method(e, mc_ref_to(e, mc_top(e)->yields), TW_S("extend"), &(mc_args){&v, &m->label, 1, false},
                      &v);
        else
            mc_escape(e, v);
        v = m->unknown;
        break;
    case TW_OP_AWAIT:
        v = mc_stranger(e, m->unknown, 0, &(mc_args){0}); /* others run in the meantime */
        break;
    case TW_OP_EXPORT: mc_escape(e, mc_reg(e, in->b)); return R_NORMAL;
    default: return R_NORMAL;
    }
    e->stack.n = base;
    mc_set(e, at, v);
    return mc_raised(e);
}
