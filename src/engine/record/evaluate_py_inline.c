/* SPDX-License-Identifier: Apache-2.0 */
/* Python: a function of this file that hands on what it is handed (`def run(s): exec(s)`, `def w(*a): return
 * os.system(*a)`). A call of it with something known makes, besides, the calls of its body that depend on its
 * parameters, with the arguments as they are then. What each value is says evaluate_peek.c. */
#include "engine/record/pure_priv.h"

enum { BODY = 1200, HANDED = 12, ARGS = 24, INLINED = 2048, DEPTH = 12, SPLICED = 64 };

static const tw_insn *insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}

/* ---- f(*[1, 2], **{"a": 3}) ---- */

static bool known_spread(ev *e, tw_rec_arg a, uint32_t *ret_list, uint32_t *ret_n)
{
    const ev_val *x = ev_at(e, a.value);
    tw_str s;
    if (a.name == TW_ARG_SPREAD) {
        bool seq = x->kind == TW_VAL_SEQ && (x->how == TW_SEQ_LIST || x->how == TW_SEQ_TUPLE);
        return seq && ev_items(e, a.value, ret_list, ret_n) && *ret_n <= SPLICED;
    }
    if (x->kind != TW_VAL_MAP || !ev_pairs(e, a.value, ret_list, ret_n) || *ret_n > SPLICED) return false;
    for (uint32_t i = 0; i < *ret_n; i += 2)
        if (!ev_text(e, e->lists.v[*ret_list + i], &s) || !tw_intern_find(&e->ir->strings, s)) return false;
    return true;
}

/* The arguments of a call with what is known of its spreads in their place: first those without a name. */
static void splice(ev *e, ev_call *c)
{
    tw_rec_arg out[SPLICED];
    uint32_t n = 0, list, count;
    tw_str s;
    for (unsigned named = 0; named < 2; named++)
        for (uint32_t i = 0; i < c->n_args; i++) {
            tw_rec_arg a = e->args.v[c->args + i];
            bool map = a.name == TW_ARG_SPREAD_MAP, known = a.name >= TW_ARG_SPREAD_MAP;
            if ((a.name && a.name != TW_ARG_SPREAD) != named) continue;
            known = known && known_spread(e, a, &list, &count);
            uint32_t more = known ? count : 1;
            if (n + more > SPLICED || !ev_step(e, more)) return;
            if (!known) out[n++] = a;
            for (uint32_t k = 0; known && k < count; k += map ? 2 : 1) {
                uint32_t v = e->lists.v[list + k + map], key = 0;
                if (map && ev_text(e, e->lists.v[list + k], &s)) key = tw_intern_find(&e->ir->strings, s);
                out[n++] = (tw_rec_arg){v, key};
            }
        }
    c->args = e->args.n, c->n_args = n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->args, out[i]);
}

void ev_py_splice(ev *e, ev_call *c)
{
    bool any = false;
    for (uint32_t i = 0; i < c->n_args; i++) any |= e->args.v[c->args + i].name >= TW_ARG_SPREAD_MAP;
    if (any && c->n_args <= SPLICED) splice(e, c);
}

/* ---- which calls of a body depend on parameters ---- */

static bool is_param(const ev *e, const tw_scope *sc, uint32_t name)
{
    for (uint32_t p = 0; p < sc->n_params; p++)
        if (e->ir->params.v[sc->params + p].name == name) return true;
    return false;
}

typedef struct marks {
    uint8_t of[BODY];
    uint32_t from, names[16], n_names; /* local names that were made of parameters */
} marks;

static bool marked(const marks *m, uint32_t v)
{
    return v >= m->from && v - m->from < BODY && m->of[v - m->from];
}

static bool depends(const ev *e, const tw_scope *sc, marks *m, const tw_insn *in)
{
    const uint8_t *f = tw_op_fields(in->op);
    bool any = in->op == TW_OP_READ && is_param(e, sc, in->a);
    for (uint32_t i = 0; in->op == TW_OP_READ && i < m->n_names; i++) any |= m->names[i] == in->a;
    any |= f[0] == TW_FIELD_VALUE && marked(m, in->a);
    any |= f[1] == TW_FIELD_VALUE && marked(m, in->b);
    any |= f[2] == TW_FIELD_VALUE && marked(m, in->c);
    uint32_t n = f[2] == TW_FIELD_ARGS && in->c ? e->ir->args.v[in->c].value : 0;
    for (uint32_t i = 0; i < n && !any; i++) any = marked(m, e->ir->args.v[in->c + 1 + i].value);
    if (any && in->op == TW_OP_BIND && m->n_names < TW_COUNT(m->names)) m->names[m->n_names++] = in->a;
    return any;
}

static uint16_t region_flags(uint8_t kind)
{
    return kind == TW_REGION_LOOP                             ? TW_RC_LOOP
           : kind == TW_REGION_TRY                            ? TW_RC_TRY
           : kind >= TW_REGION_THEN && kind <= TW_REGION_CASE ? TW_RC_GUARDED
                                                              : 0;
}

/* Pairs in lists: the CALL, and what holds where it stands. */
static void find_handed(ev *e, uint32_t scope)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    ev_scope *s = &e->scopes[scope];
    uint32_t end = e->leave[sc->enter], found[HANDED * 2], n = 0;
    s->n_handed = 1; /* looked for: one less than it counts */
    if (end >= e->ir->insns.n || end - sc->enter > BODY || !ev_step(e, (end - sc->enter) / 4 + 1)) return;
    marks m = {.from = sc->enter};
    for (uint32_t i = sc->enter + 1; i < end && n < HANDED * 2; i++) {
        const tw_insn *in = insn(e, i);
        if (in->op == TW_OP_ENTER && in->kind <= TW_REGION_COMPREHENSION && e->leave[i] < end) {
            i = e->leave[i];
            continue;
        }
        if (in->op == TW_OP_ENTER || in->op == TW_OP_LEAVE) continue;
        m.of[i - m.from] = depends(e, sc, &m, in);
        if (in->op == TW_OP_CALL && m.of[i - m.from]) found[n++] = i, found[n++] = 0;
    }
    for (uint32_t k = 0; k < n; k += 2)
        for (uint32_t i = sc->enter + 1; i < found[k]; i++)
            if (insn(e, i)->op == TW_OP_ENTER && e->leave[i] > found[k])
                found[k + 1] |= region_flags(insn(e, i)->kind);
    s->handed = e->lists.n, s->n_handed = n + 1;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->lists, found[i]);
}

/* ---- the calls ---- */

typedef struct frame { /* the function that is called, and with what */
    uint32_t scope, self;
    ev_args a;
} frame;

/* What is left for **names. */
static bool put_rest(ev *e, const frame *f, uint32_t at, tw_rec_arg *out, uint32_t *n)
{
    const tw_scope *sc = &e->ir->scopes.v[f->scope];
    const tw_insn *in = insn(e, at);
    uint32_t name = in->op == TW_OP_READ ? in->a : 0, p = 0;
    while (p < sc->n_params && e->ir->params.v[sc->params + p].name != name) p++;
    if (!name || p == sc->n_params || e->ir->params.v[sc->params + p].kind != 3) return false;
    for (uint32_t i = 0; i < f->a.n; i++) {
        bool own = !f->a.names[i];
        for (uint32_t k = 0; k < sc->n_params && !own; k++)
            own = e->ir->params.v[sc->params + k].name == f->a.names[i] &&
                  e->ir->params.v[sc->params + k].kind < 2;
        if (!own && *n < ARGS) out[(*n)++] = (tw_rec_arg){f->a.v[i], f->a.names[i]};
    }
    return true;
}

static bool unchanged(const ev *e, const frame *f, uint32_t at)
{
    uint32_t var = insn(e, at)->op == TW_OP_READ ? ev_find_var(e, insn(e, at)->a, f->scope) : TW_NONE;
    return var != TW_NONE && !(e->vars.v[var].flags & (EVV_SHARED | EVV_LOOSE)) && e->vars.v[var].n <= 2;
}

/* The arguments of call `in` of the body; *ret_known: something of them is known that was not before. */
static bool arguments(ev *e, const frame *f, const tw_insn *in, tw_rec_arg *out, uint32_t *ret_n,
                      bool *ret_known)
{
    uint32_t n = 0, count = in->c ? e->ir->args.v[in->c].value : 0, list, items;
    for (uint32_t i = 0; i < count && n < ARGS; i++) {
        tw_arg a = e->ir->args.v[in->c + 1 + i];
        if (a.name == TW_ARG_SPREAD_MAP && unchanged(e, f, a.value) && put_rest(e, f, a.value, out, &n))
            continue;
        uint32_t v = a.value ? ev_peek_at(e, f->scope, f->self, &f->a, a.value) : 0;
        bool spread = a.name == TW_ARG_SPREAD && v && ev_items(e, v, &list, &items) && items + n <= ARGS;
        for (uint32_t k = 0; spread && k < items; k++) out[n++] = (tw_rec_arg){e->lists.v[list + k], 0};
        *ret_known |= spread;
        if (spread) continue;
        uint8_t kind = v ? ev_at(e, v)->kind : 0;
        *ret_known |=
            v && ((ev_is_const(e, v) && (kind == TW_VAL_STR || kind == TW_VAL_BYTES || kind == EV_ROPE)) ||
                  kind == TW_VAL_SEQ);
        out[n++] = (tw_rec_arg){v ? v : ev_unknown(e), a.name};
    }
    *ret_n = n;
    return n < ARGS;
}

static uint32_t one_call(ev *e, const ev_call *at, const frame *f, uint32_t where, uint16_t flags)
{
    const tw_insn *in = insn(e, where);
    __attribute__((uninitialized)) tw_rec_arg out[ARGS];
    uint32_t n = 0, callee = ev_peek_at(e, f->scope, f->self, &f->a, in->a);
    bool known = false, ours = callee && ev_at(e, callee)->kind == TW_VAL_FUNC;
    const tw_insn *ci = insn(e, in->a);
    if (!callee || (!ours && !ev_py_worth(e, callee)) || !arguments(e, f, in, out, &n, &known)) return 0;
    known |= ci->op == TW_OP_READ && is_param(e, &e->ir->scopes.v[f->scope], ci->a);
    if (!known || ++e->py_inlined > INLINED || !ev_step(e, 32)) return 0;
    ev_call c = {
        .callee = callee, .args = e->args.n, .n_args = n, .off = at->off, .len = at->len, .flags = flags};
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->args, out[i]);
    e->py_depth++;
    uint32_t v = ev_call_besides(e, c);
    e->py_depth--;
    return v;
}

/* Is there anything to hand on that is known? */
static bool tells(ev *e, const ev_call *c)
{
    for (uint32_t i = 0; i < c->n_args; i++) {
        uint32_t v = e->args.v[c->args + i].value;
        if (ev_is_const(e, v) || ev_is_name(e, v) || ev_at(e, v)->kind == TW_VAL_SEQ) return true;
    }
    return !c->n_args;
}

/* def d(f): def w(*a, **k): ... f(*a, **k) ...; return w: calls come through as they are. */
static bool hands_on(ev *e, uint32_t deco)
{
    const ev_val *x = ev_at(e, deco);
    bool sure;
    if (x->kind != TW_VAL_FUNC || e->ir->scopes.v[x->a].kind != TW_REGION_FUNCTION) return false;
    const tw_scope *outer = &e->ir->scopes.v[x->a];
    uint32_t at = ev_peek_return(e, x->a, &sure), name = 0;
    if (at && insn(e, at)->op == TW_OP_READ) name = insn(e, at)->a;
    uint32_t end = e->leave[outer->enter], inner = 0;
    if (!at || !sure || !name || outer->n_params != 1 || end - outer->enter > BODY) return false;
    for (uint32_t i = outer->enter; i < end; i++) {
        const tw_insn *in = insn(e, i);
        if (in->op == TW_OP_FUNC && e->ir->scopes.v[in->a].name == name) inner = in->a;
    }
    if (!inner || e->ir->scopes.v[inner].n_params != 2) return false;
    const tw_scope *w = &e->ir->scopes.v[inner];
    const tw_param *p = &e->ir->params.v[w->params];
    bool found = false;
    if (p[0].kind != 2 || p[1].kind != 3) return false;
    for (uint32_t i = w->enter; i < e->leave[w->enter]; i++) {
        const tw_insn *in = insn(e, i), *c = insn(e, in->a);
        bool own = in->op == TW_OP_CALL && c->op == TW_OP_READ &&
                   c->a == e->ir->params.v[outer->params].name && in->c && e->ir->args.v[in->c].value == 2;
        if (in->op == TW_OP_BIND && in->kind != TW_BIND_PARAM && (in->a == p[0].name || in->a == p[1].name))
            return false;
        if (!own) continue;
        const tw_arg *a = &e->ir->args.v[in->c + 1];
        found |= a[0].name == TW_ARG_SPREAD && a[1].name == TW_ARG_SPREAD_MAP &&
                 insn(e, a[0].value)->a == p[0].name && insn(e, a[1].value)->a == p[1].name;
    }
    return found;
}

/* A call of the function makes the calls of its body with what it is handed. */
static bool calls_come_through(ev *e, uint32_t scope)
{
    const ev_scope *sc = &e->scopes[scope];
    if (ev_plainly_decorated(e, scope)) return true;
    return sc->decorators.n == 1 && ev_step(e, 16) && hands_on(e, sc->decorators.v[0]);
}

/* What the call of a function of this file gives, where that is what such a call gave; else 0. */
uint32_t ev_py_inline(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    if (e->m || e->py_depth >= DEPTH || c.n_args > ARGS || c.flags & TW_RC_DECORATOR || !tells(e, &c))
        return 0;
    __attribute__((uninitialized)) uint32_t vals[ARGS], names[ARGS];
    uint32_t scope = ev_at(e, c.callee)->a, result = 0;
    bool class = ev_at(e, c.callee)->kind == TW_VAL_FUNC && e->ir->scopes.v[scope].kind == TW_REGION_CLASS,
         sure;
    frame f = {.scope = scope, .a = {0, vals, names, c.n_args}};
    for (uint32_t i = 0; i < c.n_args; i++) {
        tw_rec_arg a = e->args.v[c.args + i];
        if (a.name >= TW_ARG_SPREAD_MAP) return 0;
        vals[i] = a.value, names[i] = a.name;
    }
    if (ev_at(e, c.callee)->kind == TW_VAL_INSTANCE) {
        uint32_t name = tw_intern_find(&e->ir->strings, TW_S("__call__"));
        uint32_t fn = name ? ev_class_attr(e, scope, name) : 0;
        if (!fn || ev_at(e, fn)->kind != TW_VAL_FUNC) return 0;
        f.scope = ev_at(e, fn)->a, f.self = c.callee;
    } else if (class) {
        uint32_t name = tw_intern_find(&e->ir->strings, TW_S("__init__"));
        uint32_t init = name ? ev_class_attr(e, scope, name) : 0;
        if (!init || ev_at(e, init)->kind != TW_VAL_FUNC) return 0;
        f.scope = ev_at(e, init)->a, f.self = ev_unknown(e);
    } else {
        const tw_insn *in = insn(e, e->at), *ci = in->op == TW_OP_CALL ? insn(e, in->a) : NULL;
        bool member = ci && ci->op == TW_OP_MEMBER && e->of[in->a] == c.callee;
        f.self = ev_bound_self(e, c.callee, member ? e->of[ci->a] : 0);
    }
    const tw_scope *sc = &e->ir->scopes.v[f.scope];
    bool kind = sc->kind == TW_REGION_FUNCTION || sc->kind == TW_REGION_LAMBDA;
    if (!kind || !sc->n_params || sc->flags & 2 || !calls_come_through(e, f.scope)) return 0;
    if (!e->scopes[f.scope].n_handed) find_handed(e, f.scope);
    uint32_t n = e->scopes[f.scope].n_handed - 1, list = e->scopes[f.scope].handed;
    uint32_t gives = n && !class && ev_plainly_decorated(e, f.scope) ? ev_peek_return(e, f.scope, &sure) : 0;
    for (uint32_t i = 0; i < n; i += 2) {
        uint32_t at = e->lists.v[list + i];
        uint32_t v = one_call(e, &c, &f, at, (uint16_t)e->lists.v[list + i + 1]);
        if (v && gives == at && (sure || !ev_is_const(e, v))) result = v;
    }
    for (uint32_t i = 0; result && i < c.n_args; i++) ev_escape(e, vals[i]);
    return result;
}
