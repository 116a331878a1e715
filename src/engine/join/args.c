/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: which values play which role, which functions of the package they reach. */
#include "engine/join/join_priv.h"

enum { CALLABLES = 8, STACK = 24 };

uint32_t jn_receiver(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    const tw_val *callee = jn_val(j, unit, c->callee);
    return callee->kind == TW_VAL_MEMBER ? callee->a : 0;
}

uint32_t jn_arg_values(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api_arg *arg,
                       uint32_t ret[JN_VALUES])
{
    const tw_record *r = j->units[unit].r;
    const tw_rec_arg *args = c->n_args ? r->args + c->args : NULL;
    uint32_t n = 0;
    int position = 0;
    if (arg->pos == TW_ARG_SELF) {
        uint32_t self = jn_receiver(j, unit, c);
        if (self) ret[n++] = self;
        return n;
    }
    for (uint32_t i = 0; i < c->n_args && n < JN_VALUES; i++) {
        uint32_t name = args[i].name;
        bool spread = name == TW_ARG_SPREAD || name == TW_ARG_SPREAD_MAP;
        bool hit = arg->pos == TW_ARG_EVERY;
        if (!name && arg->pos >= 0 && position == arg->pos) hit = true;
        if (name && !spread && arg->name && tw_str_eq(tw_rec_str(r, name), tw_str_c(arg->name))) hit = true;
        if (name == TW_ARG_SPREAD) position = INT16_MAX; /* what stands behind it has no known place */
        if (!name) position++;
        if (hit && args[i].value) ret[n++] = args[i].value;
    }
    return n;
}

static bool is_constant(const jn *j, uint32_t unit, uint32_t v)
{
    uint8_t k = jn_val(j, unit, v)->kind;
    return k >= TW_VAL_STR && k <= TW_VAL_NULL_;
}

static bool test_text(jn *j, uint32_t unit, uint32_t v, const tw_api_when *w)
{
    tw_str got = jn_render(j, unit, v, JN_TEXT_NAMES, 0).text, want = tw_str_c(w->text);
    switch (w->test) {
    case TW_APITEST_IS: return tw_str_eq(got, want);
    case TW_APITEST_IS_NOT: return !tw_str_eq(got, want);
    case TW_APITEST_PART: return tw_str_find(got, want) != TW_NPOS;
    case TW_APITEST_PART_NOT: return tw_str_find(got, want) == TW_NPOS;
    default: break;
    }
    bool has = false;
    for (size_t i = 0; i < want.n; i++) has |= tw_str_chr(got, want.p[i]) != TW_NPOS;
    return has == (w->test == TW_APITEST_HAS);
}

/* 0o755, stat.S_IEXEC, st.st_mode | stat.S_IXUSR, a variable. */
static bool has_exec_bit(const jn *j, uint32_t unit, uint32_t v)
{
    const tw_record *r = j->units[unit].r;
    uint32_t stack[STACK] = {v}, depth = 1, seen = 0;
    while (depth && seen++ < STACK * 2) {
        const tw_val *val = jn_val(j, unit, stack[--depth]);
        tw_str name = val->kind == TW_VAL_SYMBOL ? tw_rec_str(r, val->a) : TW_S("");
        if (val->kind == TW_VAL_INT && val->a & 0111) return true;
        if (val->kind == TW_VAL_PARAM || val->kind == TW_VAL_UNKNOWN) return true;
        if (tw_str_find(name, TW_S(".S_IX")) != TW_NPOS || tw_str_find(name, TW_S(".S_IEXEC")) != TW_NPOS ||
            tw_str_find(name, TW_S(".S_IRWX")) != TW_NPOS)
            return true;
        bool list = val->kind == TW_VAL_OP || val->kind == TW_VAL_PHI;
        for (uint32_t i = 0; list && i < val->n && depth < STACK; i++)
            stack[depth++] = r->lists[val->list + i];
    }
    return false;
}

static bool test_holds(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api_when *w)
{
    uint32_t values[JN_VALUES];
    uint32_t n = jn_arg_values(j, unit, c, &(tw_api_arg){w->pos, 0, w->name}, values);
    switch (w->test) {
    case TW_APITEST_GIVEN: return n > 0;
    case TW_APITEST_DYNAMIC: return n > 0 && !is_constant(j, unit, values[0]);
    case TW_APITEST_CONST: return n > 0 && is_constant(j, unit, values[0]);
    case TW_APITEST_EXEC: return n > 0 && has_exec_bit(j, unit, values[0]);
    case TW_APITEST_SEQ: return n > 0 && jn_val(j, unit, values[0])->kind == TW_VAL_SEQ;
    case TW_APITEST_IS_NOT:
    case TW_APITEST_HAS_NOT:
    case TW_APITEST_PART_NOT: return !n || test_text(j, unit, values[0], w);
    default: return n && test_text(j, unit, values[0], w);
    }
}

bool jn_row_fits(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api *row)
{
    for (size_t i = 0; i < TW_COUNT(row->when) && row->when[i].test; i++)
        if (!test_holds(j, unit, c, &row->when[i])) return false;
    return true;
}

/* of.collect().send(): methods that return `this`, functions that return an instance. */
static uint32_t class_of_result(const jn *j, uint32_t unit, const tw_val *call)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *callee = call->a < u->r->n_calls ? jn_val(j, unit, u->r->calls[call->a].callee) : NULL;
    if (!callee || callee->kind != TW_VAL_FUNC) return TW_NONE;
    const tw_rec_func *fn = &u->r->funcs[callee->a];
    bool method = fn->parent < u->r->n_funcs && u->r->funcs[fn->parent].kind == TW_REGION_CLASS;
    for (uint32_t i = 0; i < fn->n_returns && i < 8; i++) {
        const tw_val *v = jn_val(j, unit, u->r->lists[fn->returns + i]);
        if (v->kind == TW_VAL_INSTANCE) return u->func0 + v->a;
        if (v->kind == TW_VAL_PARAM && v->a == callee->a && v->b == 0 && method) return u->func0 + fn->parent;
    }
    return TW_NONE;
}

/* The class a value is an instance of, as a global function; TW_NONE. */
uint32_t jn_class_of(jn *j, uint32_t unit, uint32_t v)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *val = jn_val(j, unit, v);
    if (val->kind == TW_VAL_MUT) val = jn_val(j, unit, val->a);
    if (val->kind == TW_VAL_INSTANCE) return u->func0 + val->a;
    if (val->kind == TW_VAL_PARAM && val->b == 0 && val->a < u->r->n_funcs) {
        uint32_t parent = u->r->funcs[val->a].parent;
        if (parent < u->r->n_funcs && u->r->funcs[parent].kind == TW_REGION_CLASS) return u->func0 + parent;
    }
    jn_ref ref = {0};
    if (val->kind == TW_VAL_CALL && val->a < u->r->n_calls)
        ref = jn_lookup(j, unit, u->r->calls[val->a].symbol);
    if (val->kind == TW_VAL_SYMBOL) {
        ref = jn_lookup(j, unit, val->a);
        const tw_val *there = ref.kind == JN_VALUE ? jn_val(j, ref.unit, ref.id) : NULL;
        ref = there && there->kind == TW_VAL_INSTANCE ? (jn_ref){JN_FUNC, ref.unit, there->a} : (jn_ref){0};
    }
    if (ref.kind != JN_FUNC && val->kind == TW_VAL_CALL && jn_is_js(j, unit))
        return class_of_result(j, unit, val);
    if (ref.kind != JN_FUNC || j->units[ref.unit].r->funcs[ref.id].kind != TW_REGION_CLASS) return TW_NONE;
    return j->units[ref.unit].func0 + ref.id;
}

/* Decorated to be read as an attribute? f: global. */
bool jn_is_property(const jn *j, uint32_t f)
{
    static const tw_str names[] = {TW_SI("property"), TW_SI("functools.cached_property"),
                                   TW_SI("cached_property"), TW_SI("abc.abstractproperty")};
    const tw_rec_func *fn = jn_func(j, f);
    const tw_record *r = j->units[j->func_unit[f]].r;
    if (fn->kind != TW_REGION_FUNCTION) return false;
    for (uint32_t i = 0; i < fn->n_bases && i < 4; i++) {
        const tw_val *v = jn_val(j, j->func_unit[f], r->lists[fn->bases + i]);
        for (size_t k = 0; v->kind == TW_VAL_SYMBOL && k < TW_COUNT(names); k++)
            if (tw_str_eq(tw_rec_str(r, v->a), names[k])) return true;
    }
    return false;
}

/* The function that x.name runs when it is read, TW_NONE. */
uint32_t jn_property_of(jn *j, uint32_t unit, const tw_val *member)
{
    uint32_t cls = jn_is_js(j, unit) ? TW_NONE : jn_class_of(j, unit, member->a);
    uint32_t m = cls == TW_NONE ? TW_NONE : jn_method(j, cls, tw_rec_str(j->units[unit].r, member->b));
    return m != TW_NONE && jn_is_property(j, m) ? m : TW_NONE;
}

static uint32_t add_unique(uint32_t *ret, uint32_t n, uint32_t max, uint32_t f)
{
    for (uint32_t i = 0; i < n; i++)
        if (ret[i] == f) return n;
    if (n < max) ret[n++] = f;
    return n;
}

static uint32_t push_all(jn_thing *stack, uint32_t depth, uint32_t unit, const uint32_t *values, uint32_t n)
{
    for (uint32_t i = 0; i < n && depth < STACK; i++) stack[depth++] = (jn_thing){unit, values[i]};
    return depth;
}

/* send = make("host"): what a function of this file returns. */
static uint32_t push_returned(jn *j, jn_thing *stack, uint32_t depth, uint32_t unit, const tw_rec_call *c)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *callee = jn_val(j, unit, c->callee);
    jn_ref ref = {0};
    if (callee->kind == TW_VAL_FUNC) ref = (jn_ref){JN_FUNC, unit, callee->a};
    if (callee->kind == TW_VAL_SYMBOL) ref = jn_lookup(j, unit, callee->a);
    if (ref.kind != JN_FUNC) return depth;
    u = &j->units[ref.unit];
    const tw_rec_func *fn = &u->r->funcs[ref.id];
    return fn->n_returns ? push_all(stack, depth, ref.unit, u->r->lists + fn->returns, fn->n_returns) : depth;
}

/* Values that stand behind one that is no function itself. */
static uint32_t push_behind(jn *j, jn_thing *stack, uint32_t depth, uint32_t unit, const tw_val *val)
{
    const tw_record *r = j->units[unit].r;
    switch (val->kind) {
    case TW_VAL_PHI: return val->n ? push_all(stack, depth, unit, r->lists + val->list, val->n) : depth;
    case TW_VAL_CALL: { /* partial(f, ...), a decorated function */
        if (val->a >= r->n_calls || !r->calls[val->a].n_args) return depth;
        const tw_rec_call *c = &r->calls[val->a];
        const jn_api *api = jn_apis(j, unit, c->symbol);
        bool wraps = api->n && api->rows->flags & TW_API_PASS;
        if (jn_is_js(j, unit)) depth = push_returned(j, stack, depth, unit, c);
        if (!wraps && !(c->flags & TW_RC_DECORATOR)) return depth;
        return push_all(stack, depth, unit, &r->args[c->args].value, 1);
    }
    case TW_VAL_MEMBER: { /* self.callback */
        uint32_t stored = jn_attr_value(j, unit, val->a, tw_rec_str(r, val->b));
        if (jn_is_js(j, unit) && depth < STACK)
            depth += jn_member_values(j, unit, val->a, tw_rec_str(r, val->b), stack + depth, STACK - depth);
        if (stored == TW_NONE || depth >= STACK) return depth;
        return push_all(stack, depth, j->func_unit[jn_owner_of(j, unit, val->a)], &stored, 1);
    }
    default: return depth;
    }
}

static uint32_t search_callables(jn *j, uint32_t unit, uint32_t v, uint32_t *ret, uint32_t max)
{
    jn_thing stack[STACK] = {{unit, v}};
    uint32_t depth = 1, n = 0, seen = 0;
    while (depth && n < max && seen++ < STACK * 2) {
        jn_thing at = stack[--depth];
        const jn_unit *u = &j->units[at.unit];
        const tw_val *val = jn_val(j, at.unit, at.v);
        jn_ref ref = {0};
        uint32_t m = TW_NONE;
        if (val->kind == TW_VAL_FUNC) m = u->func0 + val->a;
        if (val->kind == TW_VAL_SYMBOL) ref = jn_lookup(j, at.unit, val->a);
        if (ref.kind == JN_FUNC) m = j->units[ref.unit].func0 + ref.id;
        if (ref.kind == JN_VALUE) depth = push_all(stack, depth, ref.unit, &ref.id, 1);
        if (val->kind == TW_VAL_MEMBER) {
            uint32_t cls = jn_class_of(j, at.unit, val->a);
            if (cls != TW_NONE) m = jn_method(j, cls, tw_rec_str(u->r, val->b));
        }
        if (val->kind == TW_VAL_INSTANCE) m = jn_method(j, u->func0 + val->a, TW_S("__call__"));
        if (m != TW_NONE)
            n = add_unique(ret, n, max, m);
        else
            depth = push_behind(j, stack, depth, at.unit, val);
    }
    return n;
}

/* Most values are constants or functions and need no search. */
uint32_t jn_callables(jn *j, uint32_t unit, uint32_t v, uint32_t *ret, uint32_t max)
{
    const tw_val *val = jn_val(j, unit, v);
    if (val->kind == TW_VAL_FUNC) ret[0] = j->units[unit].func0 + val->a;
    if (val->kind == TW_VAL_FUNC || val->kind < TW_VAL_SYMBOL) return val->kind == TW_VAL_FUNC;
    return search_callables(j, unit, v, ret, max);
}

/* Functions of the package that each call reaches. */
void jn_targets(jn *j)
{
    jn_objects(j);
    jn_find_overrides(j);
    j->target0 = TW_NEWN(j->a, uint32_t, (size_t)j->n_calls + 1);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        for (uint32_t c = 0; c < u->r->n_calls; c++) {
            const tw_rec_call *call = &u->r->calls[c];
            uint32_t found[CALLABLES];
            j->target0[u->call0 + c] = j->targets.n;
            uint32_t n = jn_callables(j, unit, call->callee, found, CALLABLES);
            if (!n && call->symbol) {
                jn_ref ref = jn_lookup(j, unit, call->symbol);
                if (ref.kind == JN_FUNC) found[n++] = j->units[ref.unit].func0 + ref.id;
            }
            if (n && n < CALLABLES)
                n += jn_overrides(j, u->func0 + call->func, found[0], found + n, CALLABLES - n);
            for (uint32_t i = 0; i < n; i++) TW_PUSH(j->a, j->targets, found[i]);
        }
    }
    j->target0[j->n_calls] = j->targets.n;
}
