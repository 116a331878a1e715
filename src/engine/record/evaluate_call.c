/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: every one is recorded; what its result is, if that can be known, stands beside it. */
#include "engine/record/evaluate_priv.h"

enum { PURE_ARGS = 16, SPREAD = 64 };

void ev_gap(ev *e, tw_gap_reason why, uint32_t off, uint32_t len)
{
    if (e->m) return; /* the ordinary pass says it */
    TW_PUSH(e->tmp, e->gaps, ((tw_rec_gap){(uint8_t)why, off, len}));
}

/* `l.push(l.shift())`: the list was read before it was changed. */
uint32_t ev_now(ev *e, uint32_t at, uint32_t val)
{
    const tw_insn *in = &e->ir->insns.v[at];
    uint8_t kind = ev_at(e, val)->kind;
    if (in->op != TW_OP_READ || (kind != TW_VAL_SEQ && kind != TW_VAL_MAP && kind != TW_VAL_MUT)) return val;
    uint32_t var = ev_resolve(e, in->a);
    if (var == TW_NONE || e->vars.v[var].pos <= at || e->vars.v[var].pos > e->at) return val;
    uint32_t cur = e->vars.v[var].cur, v = cur;
    for (unsigned i = 0; i < 64 && v && v != val && ev_at(e, v)->kind == TW_VAL_MUT; i++) v = ev_at(e, v)->a;
    if (v == val && cur) return cur;
    ev_escape(e, val); /* it went another way */
    return val;
}

void ev_mutate(ev *e, uint32_t at, uint32_t old, uint32_t val, ev_mut how, uint32_t key)
{
    const tw_insn *in = &e->ir->insns.v[at];
    uint32_t var = at < e->at && in->op == TW_OP_READ ? ev_resolve(e, in->a) : TW_NONE;
    if (var == TW_NONE) return;
    if (e->m && e->vars.v[var].flags & EVV_BORROWED) ev_machine_fail(e);
    if (e->mutated_at > at && e->mutated_at <= e->at) old = ev_now(e, at, old);
    e->mutated_at = e->at;
    uint32_t v = ev_new(e, TW_VAL_MUT, old, val);
    ev_at(e, v)->how = (uint16_t)how;
    ev_at(e, v)->list = key;
    ev_at(e, v)->flags = ev_at(e, old)->flags & (EV_ESCAPED | EV_LOOSE);
    bool elsewhere = e->flow[e->vars.v[var].scope] != e->flow[e->scope];
    if (elsewhere) e->vars.v[var].flags |= EVV_ROW;
    ev_set_var(e, var, v);
}

static void take_args(ev *e, const tw_insn *in, ev_call *c)
{
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0;
    c->args = e->args.n;
    c->n_args = n;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[in->c + 1 + i];
        uint32_t v = a.value < e->at ? e->of[a.value] : 0, list, items;
        if (v && e->mutated_at > a.value && e->mutated_at <= e->at) v = ev_now(e, a.value, v);
        bool spread = e->js && v && a.name == TW_ARG_SPREAD && ev_items(e, v, &list, &items);
        if (spread && items <= SPREAD) { /* f(...[x, y]) is f(x, y) */
            for (uint32_t k = 0; k < items; k++)
                TW_PUSH(e->tmp, e->args, ((tw_rec_arg){e->lists.v[list + k], 0}));
            c->n_args += items - 1;
            continue;
        }
        TW_PUSH(e->tmp, e->args, ((tw_rec_arg){v ? v : ev_unknown(e), a.name}));
    }
}

/* A callee that is one of several: do they all compute the same? */
static bool same_function(ev *e, const ev_val *phi)
{
    ev_val x = *phi;
    const ev_pure_row *row = x.sym ? ev_known_of(e, x.sym)->pure[e->js] : NULL;
    for (uint32_t i = 0; row && i < x.n; i++) {
        const ev_val *v = ev_at(e, e->lists.v[x.list + i]);
        bool called = v->kind != TW_VAL_NULL_ && v->kind != TW_VAL_STR && v->kind != TW_VAL_INT &&
                      v->kind != TW_VAL_BOOL;
        if (v->kind == TW_VAL_PARAM || !called) continue; /* its default; `except ImportError: f = None` */
        const ev_pure_row *other =
            v->kind == TW_VAL_SYMBOL && v->sym ? ev_known_of(e, v->sym)->pure[e->js] : NULL;
        if (!other || other->fn != row->fn) return false;
    }
    return row != NULL;
}

static uint32_t computed_of(ev *e, const ev_call *c, bool one)
{
    uint32_t few[PURE_ARGS], none[PURE_ARGS] = {0}, *v = few, *names = none, n = 0, list, items;
    if (one && ev_items(e, e->args.v[c->args].value, &list, &items) && ev_step(e, items)) {
        v = TW_NEWN(e->tmp, uint32_t, items + 1), names = TW_NEWN(e->tmp, uint32_t, items + 1);
        for (; n < items; n++) v[n] = e->lists.v[list + n];
    } else if (c->n_args > PURE_ARGS && !ev_is_pure(e, c->sym)) {
        return 0;
    } else {
        if (c->n_args > PURE_ARGS)
            v = TW_NEWN(e->tmp, uint32_t, c->n_args), names = TW_NEWN(e->tmp, uint32_t, c->n_args);
        for (; n < c->n_args; n++) {
            tw_rec_arg a = e->args.v[c->args + n];
            if (a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP) return 0;
            v[n] = a.value, names[n] = a.name;
        }
    }
    const ev_val *callee = ev_at(e, c->callee);
    if (callee->kind == TW_VAL_PHI && !same_function(e, callee)) return 0;
    ev_args args = {callee->kind == TW_VAL_MEMBER ? callee->a : 0, v, names, n};
    if (callee->kind != TW_VAL_FUNC && e->ir->lang == TW_LANG_POWERSHELL)
        return ev_pure_dotnet(e, c->sym, &args);
    if (callee->kind != TW_VAL_FUNC)
        return e->py ? ev_pure_unbound(e, c->sym, &args) : ev_pure(e, c->sym, &args);
    const tw_insn *in = &e->ir->insns.v[e->at]; /* a call besides has another callee, or stands at no call */
    bool own = in->op == TW_OP_CALL && e->of[in->a] == c->callee;
    uint32_t r = ev_machine_call(e, c->callee, own ? in->a : 0, &args);
    if (r && ev_at(e, r)->recipe) ev_layer_seen(e, r);
    return r;
}

/* A function of its arguments alone, or one of this file that turns out to be; no spreads. */
static uint32_t computed(ev *e, const ev_call *c)
{
    if (c->flags & TW_RC_DECORATOR || ev_is_command(e)) return 0;
    bool one = c->n_args == 1 && e->args.v[c->args].name == TW_ARG_SPREAD; /* f(...list) */
    bool own = ev_at(e, c->callee)->kind == TW_VAL_FUNC;
    if (!own && e->ir->lang != TW_LANG_POWERSHELL && !ev_is_pure(e, c->sym)) return 0;
    for (uint32_t i = 0; own && !one && i < c->n_args; i++)
        if (!ev_is_const(e, e->args.v[c->args + i].value)) return 0;
    if (c->flags & TW_RC_NEW && (own || ev_js_boxes(e, c->sym))) return 0; /* an object */
    return computed_of(e, c, one);
}

/* Functions of JavaScript whose result has a type that its members are called by. */
static const struct {
    const char *names, *type;
} results[] = {
    {"Array Array.map Array.filter Array.slice Array.concat Array.flat Array.flatMap Array.sort Array.reverse"
     " Array.splice String.split String.match Object.keys Object.values Object.entries Array.from "
     "Array.of",
     "Array"},
    {"Array.join String.slice String.substring String.substr String.trim String.replace "
     "String.replaceAll"
     " String.toLowerCase String.toUpperCase String.concat String.repeat String.charAt String.padStart"
     " String.padEnd Buffer.toString JSON.stringify String String.fromCharCode encodeURIComponent",
     "String"},
};

bool ev_result_symbols(uint32_t row, tw_str *ret)
{
    if (row < TW_COUNT(results)) *ret = tw_str_c(results[row].names);
    return row < TW_COUNT(results);
}

static uint32_t result_type(ev *e, uint32_t sym)
{
    uint16_t row = ev_known_of(e, sym)->result;
    return row ? tw_intern(&e->syms, tw_str_c(results[row - 1].type)) : 0;
}

static uint32_t made_by_call(ev *e, uint32_t call, bool dynamic)
{
    const ev_call *c = &e->calls.v[call];
    const ev_val *callee = ev_at(e, c->callee);
    bool is_class = callee->kind == TW_VAL_FUNC && e->ir->scopes.v[callee->a].kind == TW_REGION_CLASS;
    uint32_t class_scope = callee->a, sym = callee->sym;
    if (is_class) return ev_new(e, TW_VAL_INSTANCE, class_scope, call);
    if (sym)
        sym = e->js && ev_known_of(e, sym)->result ? result_type(e, sym)
                                                   : ev_sym_join(e, sym, "()", (tw_str){0});
    uint32_t v = ev_new(e, TW_VAL_CALL, call, 0);
    ev_at(e, v)->sym = sym;
    if (dynamic) ev_at(e, v)->flags |= EV_DYNAMIC;
    return v;
}

/* The callee was computed, and nothing is known of what it is. */
static bool unresolved(const ev *e, uint32_t callee)
{
    const ev_val *x = ev_at(e, callee);
    switch (x->kind) {
    case TW_VAL_INDEX: return x->flags & EV_DYNAMIC && !x->sym;
    case TW_VAL_CALL: return x->flags & EV_DYNAMIC;
    case TW_VAL_MEMBER: return ev_at(e, x->a)->kind == TW_VAL_CALL && ev_at(e, x->a)->flags & EV_DYNAMIC;
    case TW_VAL_OP:
    case TW_VAL_CONCAT:
    case EV_ROPE: return true;
    default: return false;
    }
}

/* d.update(k=v), d.update({k: v}), d.setdefault(k, v) of a dict that is known: entries one by one. */
static bool put_keys(ev *e, const tw_insn *callee, uint32_t object, const ev_call *c)
{
    tw_str method = tw_ir_text(e->ir, callee->b);
    uint32_t list, n, many, more;
    bool update = tw_str_eq(method, TW_S("update")), set = tw_str_eq(method, TW_S("setdefault"));
    bool known = (update || set) && e->ir->insns.v[callee->a].op == TW_OP_READ && c->n_args <= 16 &&
                 ev_pairs(e, object, &list, &n);
    tw_rec_arg *a = e->args.v + c->args;
    if (!known || (set && (c->n_args != 2 || a[0].name || a[1].name || !ev_is_const(e, a[0].value))))
        return false;
    for (uint32_t i = 0; update && i < c->n_args; i++)
        if (a[i].name >= TW_ARG_SPREAD_MAP || (!a[i].name && !ev_pairs(e, a[i].value, &many, &more)))
            return false;
    if (set) {
        if (!ev_map_get(e, object, a[0].value))
            ev_mutate(e, callee->a, object, a[1].value, EV_MUT_KEY, a[0].value);
        return true;
    }
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg x = e->args.v[c->args + i];
        uint32_t key = x.name ? ev_text_val(e, TW_VAL_STR, tw_ir_text(e->ir, x.name), 0, 0) : 0;
        if (key) ev_mutate(e, callee->a, ev_read(e, e->ir->insns.v[callee->a].a), x.value, EV_MUT_KEY, key);
        if (key || !ev_pairs(e, x.value, &many, &more)) continue;
        for (uint32_t k = 0; k + 1 < more; k += 2)
            ev_mutate(e, callee->a, ev_read(e, e->ir->insns.v[callee->a].a), e->lists.v[many + k + 1],
                      EV_MUT_KEY, e->lists.v[many + k]);
    }
    return true;
}

static void put_into(ev *e, const tw_insn *in, const ev_call *c)
{
    const tw_insn *callee = in->a < e->at ? &e->ir->insns.v[in->a] : NULL;
    if (!callee || callee->op != TW_OP_MEMBER) return;
    uint8_t is = ev_method_of(e, callee->b);
    if (is == EV_METHOD_NONE) return;
    if (e->py && callee->a < e->at && e->of[callee->a] && put_keys(e, callee, e->of[callee->a], c)) return;
    ev_mut how = is == EV_METHOD_APPEND && c->n_args == 1   ? EV_MUT_APPEND
                 : is == EV_METHOD_EXTEND && c->n_args == 1 ? EV_MUT_EXTEND
                                                            : EV_MUT_OTHER;
    for (uint32_t i = 0; how != EV_MUT_EXTEND && i < c->n_args; i++)
        ev_escape(e, e->args.v[c->args + i].value);
    uint32_t object = callee->a < e->at ? e->of[callee->a] : 0, val = 0;
    if (!object) return;
    if (c->n_args == 1 && !e->args.v[c->args].name) {
        val = e->args.v[c->args].value;
    } else {
        uint32_t base = e->stack.n;
        for (uint32_t i = 0; i < c->n_args; i++) TW_PUSH(e->tmp, e->stack, e->args.v[c->args + i].value);
        val = ev_list(e, TW_VAL_SEQ, e->stack.v + base, c->n_args);
        ev_at(e, val)->how = TW_SEQ_TUPLE;
        e->stack.n = base;
        how = EV_MUT_OTHER;
    }
    if (e->ir->insns.v[callee->a].op == TW_OP_READ)
        ev_mutate(e, callee->a, object, val, how, 0);
    else if (e->js || e->py)
        ev_escape(e, object);
    if (e->ir->insns.v[callee->a].op != TW_OP_READ)
        TW_PUSH(e->tmp, e->stores,
                ((tw_rec_store){e->runs_in[e->scope], object, 0, 0, val, in->off, in->len}));
}

/* What the machine found that this call gives. */
static uint32_t run_value(ev *e, const ev_call *c)
{
    const tw_insn *in = &e->ir->insns.v[e->at];
    bool main = in->op == TW_OP_CALL && !(c->flags & TW_RC_DECORATOR) && c->callee == e->of[in->a];
    uint32_t v = main ? ev_world_value(e, e->at) : 0;
    if (!v || !ev_is_const(e, v) || ev_at(e, v)->kind == TW_VAL_NULL_ || ev_at(e, v)->kind == TW_VAL_BOOL)
        return 0; /* names of calls are told by the calls themselves */
    if (ev_at(e, v)->recipe) ev_layer_seen(e, v);
    return v;
}

static uint32_t finish(ev *e, uint32_t call)
{
    bool dynamic = false;
    ev_call c = e->calls.v[call];
    uint32_t v = ev_is_command(e) ? 0 : ev_reflect(e, call, &dynamic);
    if (!v && e->js) v = ev_js_interop(e, &c);
    if (!v && e->js) v = ev_js_indirect(e, call);
    if (!v && e->js) v = ev_js_returned(e, &c);
    if (!v && e->js) v = ev_js_named_call(e, call);
    if (!v && e->js) v = ev_js_bundled(e, &c);
    if (!v && e->py) v = ev_py_call(e, call);
    if (!v && e->package) v = ev_package_call(e, call);
    if (!v) v = computed(e, &c);
    if (!v && e->py) v = ev_py_returned(e, call);
    if (!v && e->js) v = ev_js_gives(e, call);
    if (v && e->package) ev_package_trace(e, call, v);
    bool sure = v && !(e->js && ev_is_const(e, v));
    uint32_t ran = sure || !e->world ? 0 : run_value(e, &c);
    if (ran && v && ev_world_same(e, v, ran)) ran = 0;
    for (uint32_t i = 0; ran && i < c.n_args; i++) ev_escape(e, e->args.v[c.args + i].value);
    if (ran) v = ran;
    if (!v && ev_is_command_language(e)) v = ev_command_result(e, call);
    if (!v) {
        v = made_by_call(e, call, dynamic);
        bool keeps = c.flags & TW_RC_METHOD_MUT || ev_is_pure(e, c.sym) ||
                     (e->py && c.sym && ev_py_keeps(e, c.sym)); /* its arguments as they are */
        for (uint32_t i = 0; !keeps && i < c.n_args; i++) ev_escape(e, e->args.v[c.args + i].value);
    }
    e->calls.v[call].result = v;
    if (unresolved(e, c.callee) && !(ev_is_command(e) && c.sym)) {
        ev_gap(e, TW_GAP_DYNAMIC, c.off, c.len);
        if (e->py) e->calls.v[call].asks = EV_WANT_DATA; /* too common in JavaScript to run a file for */
    }
    ev_runs(e, call);
    if (e->js) ev_js_inline(e, call);
    return v;
}

static uint32_t push_call(ev *e, ev_call c)
{
    if (ev_is_command(e)) ev_command_callee(e, &c);
    const ev_val *x = ev_at(e, c.callee);
    c.func = e->runs_in[e->scope];
    c.at = e->at, c.m = e->m;
    c.sym = x->kind == TW_VAL_FUNC ? 0 : x->sym;
    c.flags |= e->frames.v[e->frames.n - 1].rc;
    if (x->flags & EV_REFLECTED) c.flags |= TW_RC_REFLECTED;
    TW_PUSH(e->tmp, e->calls, c);
    return e->calls.n - 1;
}

uint32_t ev_call_besides(ev *e, ev_call c)
{
    return finish(e, push_call(e, c));
}

static bool is_module(ev *e, uint32_t at)
{
    const tw_insn *in = &e->ir->insns.v[at];
    uint32_t var = in->op == TW_OP_READ ? ev_resolve(e, in->a) : TW_NONE;
    return var != TW_NONE && e->vars.v[var].flags & EVV_MODULE && ev_at(e, e->of[at])->kind == TW_VAL_SYMBOL;
}

/* l.join(l.pop()) */
static uint32_t callee_now(ev *e, uint32_t at, uint32_t callee)
{
    const tw_insn *in = &e->ir->insns.v[at];
    uint32_t base = in->op == TW_OP_MEMBER && in->a < at ? e->of[in->a] : 0,
             now = base ? ev_now(e, in->a, base) : 0;
    return now == base ? callee : ev_member(e, now, in->b);
}

/* [1].forEach((v, i, list) => ...): the function has the list. */
static void hand_receiver(ev *e, const tw_insn *ci, const ev_call *c)
{
    uint32_t base = ci->a < e->at ? e->of[ci->a] : 0;
    for (uint32_t i = 0; base && i < c->n_args && i < 2; i++) {
        const ev_val *f = ev_at(e, e->args.v[c->args + i].value);
        bool takes = f->kind == TW_VAL_FUNC && e->ir->scopes.v[f->a].n_params > 2;
        if (takes) ev_escape(e, base);
    }
}

uint32_t ev_call_insn(ev *e, uint32_t at)
{
    const tw_insn *in = &e->ir->insns.v[at];
    uint32_t callee = in->a < at ? e->of[in->a] : 0;
    ev_call c = {.callee = callee ? callee : ev_unknown(e), .off = in->off, .len = in->len};
    if (in->flags & TW_IF_AWAIT) c.flags |= TW_RC_AWAIT;
    if (in->flags & TW_IF_NEW) c.flags |= TW_RC_NEW;
    if (callee && e->mutated_at > in->a && e->mutated_at <= e->at) c.callee = callee_now(e, in->a, callee);
    take_args(e, in, &c);
    if (e->py) ev_py_splice(e, &c);
    const tw_insn *ci = in->a < at ? &e->ir->insns.v[in->a] : NULL;
    bool mutates = ci && ci->op == TW_OP_MEMBER && ev_method_of(e, ci->b) != EV_METHOD_NONE;
    if (mutates && e->py && is_module(e, ci->a)) mutates = false;
    if (mutates) c.flags |= TW_RC_METHOD_MUT;
    if (e->js) ev_js_iife(e, in, &c);
    uint32_t call = push_call(e, c), v = finish(e, call);
    c = e->calls.v[call];
    if (e->js) ev_js_pipe(e, call);
    if (e->js && ci && ci->op == TW_OP_MEMBER) hand_receiver(e, ci, &c);
    if (e->js) ev_js_hand_over(e, call);
    if (mutates) put_into(e, in, &c);
    if (e->world) ev_world_calls(e, at, c.flags);
    return v;
}

/* A decorated function or class keeps being what it is: its name must resolve. */
uint32_t ev_decorate(ev *e, uint32_t at)
{
    const tw_insn *in = &e->ir->insns.v[at];
    uint32_t deco = in->a < at ? e->of[in->a] : 0, thing = in->b < at ? e->of[in->b] : 0;
    if (!deco) deco = ev_unknown(e);
    if (!thing) thing = ev_unknown(e);
    ev_call c = {.callee = deco,
                 .args = e->args.n,
                 .n_args = 1,
                 .flags = TW_RC_DECORATOR,
                 .off = in->off,
                 .len = in->len};
    TW_PUSH(e->tmp, e->args, ((tw_rec_arg){thing, 0}));
    uint32_t v = finish(e, push_call(e, c));
    if (ev_at(e, thing)->kind != TW_VAL_FUNC || ev_is_const(e, v)) return v;
    if (e->py &&
        ev_at(e, deco)->kind == TW_VAL_FUNC) { /* `return g` of a variable of the module: what it holds */
        bool sure = false;
        uint32_t ret = ev_peek_return(e, ev_at(e, deco)->a, &sure), scope = ev_at(e, deco)->a;
        const tw_insn *r = ret && sure ? &e->ir->insns.v[ret] : NULL;
        bool own = !r || r->op != TW_OP_READ || ev_find_var(e, r->a, scope) != TW_NONE ||
                   e->ir->scopes.v[scope].parent;
        uint32_t var = own ? TW_NONE : ev_find_var(e, r->a, 0);
        if (var != TW_NONE && e->vars.v[var].binds == 1 && e->vars.v[var].n == 1) {
            uint32_t held = e->vars.v[var].cur;
            if (held && ev_at(e, held)->kind == TW_VAL_CALL) return held;
        }
    }
    bool other =
        ev_at(e, v)->kind == TW_VAL_SYMBOL ||
        (ev_at(e, v)->kind == TW_VAL_FUNC && ev_at(e, v)->a != ev_at(e, thing)->a &&
         e->ir->scopes.v[ev_at(e, v)->a].parent != ev_at(e, deco)->a); /* that would be a wrapper around it */
    if (e->py && ev_at(e, deco)->kind == TW_VAL_FUNC && other) {
        bool sure = false; /* something else takes its place */
        uint32_t alts[2] = {v, thing};
        return ev_peek_return(e, ev_at(e, deco)->a, &sure) && sure ? v : ev_phi(e, alts, 2);
    }
    TW_PUSH(e->tmp, e->scopes[ev_at(e, thing)->a].decorators, deco);
    return thing;
}
