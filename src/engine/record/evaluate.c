/* SPDX-License-Identifier: Apache-2.0 */
/* IR -> record, in one pass: the module body, then the functions in the order they were met, because a body
 * runs later than what is around it. One handler per instruction; nothing recurses. */
#include "engine/record/evaluate_package.h"
#include "engine/record/pure_regex.h"

enum { STEPS_FREE = 262144, VALUES_IN_ALL = 4, WORLD_ROUNDS = 4 };

const uint32_t tw_evaluate_version = 21;

static uint32_t val_of(const ev *e, uint32_t v)
{
    return v < e->at ? e->of[v] : 0;
}

/* The value, or OPAQUE where there is none. */
static uint32_t some(ev *e, uint32_t v)
{
    uint32_t x = val_of(e, v);
    if (x && e->mutated_at > v && e->mutated_at <= e->at) x = ev_now(e, v, x);
    return x ? x : ev_unknown(e);
}

uint32_t ev_none(ev *e)
{
    uint32_t v = ev_new(e, TW_VAL_NULL_, 0, 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

/* Read once, however often it is written. */
static uint32_t js_number(ev *e, uint32_t s, tw_str text)
{
    uint32_t n = tw_intern_count(&e->ir->strings);
    if (!e->literals) e->literals = TW_NEWN(e->tmp, uint32_t, n);
    if (s >= n) return ev_js_literal(e, text);
    if (!e->literals[s]) return e->literals[s] = ev_js_literal(e, text);
    const ev_val *old = ev_at(e, e->literals[s]);
    uint32_t v = ev_new(e, old->kind, old->a, old->b);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

static uint32_t do_const(ev *e, const tw_insn *in)
{
    static const uint8_t kinds[] = {[TW_CONST_STR] = TW_VAL_STR,        [TW_CONST_BYTES] = TW_VAL_BYTES,
                                    [TW_CONST_INT] = TW_VAL_INT,        [TW_CONST_FLOAT] = TW_VAL_FLOAT,
                                    [TW_CONST_TRUE] = TW_VAL_BOOL,      [TW_CONST_FALSE] = TW_VAL_BOOL,
                                    [TW_CONST_NULL] = TW_VAL_NULL_,     [TW_CONST_REGEX] = TW_VAL_STR,
                                    [TW_CONST_ELLIPSIS] = TW_VAL_SYMBOL};
    uint8_t kind = in->kind < TW_COUNT(kinds) ? kinds[in->kind] : TW_VAL_OPAQUE;
    tw_str text = tw_ir_text(e->ir, in->a);
    int64_t n;
    if (in->kind == TW_CONST_REGEX)
        return e->js ? ev_js_regex(e, text)
                     : ev_symbol(e, tw_intern(&e->syms, text.n && text.n < 200 ? text : TW_S("RegExp")));
    if (kind == TW_VAL_STR || kind == TW_VAL_BYTES) {
        uint32_t v = ev_text_val(e, kind, text, 0, 0);
        ev_at(e, v)->b = in->a;
        return v;
    }
    if (in->kind == TW_CONST_NULL && e->js) {
        uint32_t v = ev_none(e);
        ev_at(e, v)->a = tw_str_eq(text, TW_S("undefined"));
        return v;
    }
    if (e->js && (kind == TW_VAL_INT || kind == TW_VAL_FLOAT)) return js_number(e, in->a, text);
    if (kind == TW_VAL_INT && ev_parse_int(text, 0, &n)) return ev_int(e, n);
    bool minus = kind == TW_VAL_INT && e->py && text.n > 1 && text.p[0] == '-'; /* of bytecode */
    if (minus && ev_parse_int(tw_str_sub(text, 1, text.n), 0, &n)) return ev_int(e, -n);
    if (kind == TW_VAL_BOOL) return ev_bool(e, in->kind == TW_CONST_TRUE);
    if (kind == TW_VAL_SYMBOL) return ev_symbol(e, tw_intern(&e->syms, TW_S("Ellipsis")));
    if (kind == TW_VAL_INT || kind == TW_VAL_FLOAT) kind = TW_VAL_FLOAT;
    uint32_t v = ev_new(e, kind, kind == TW_VAL_FLOAT ? ev_ir_sym(e, in->a) : 0, 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

static uint32_t do_read(ev *e, const tw_insn *in)
{
    return ev_read(e, in->a);
}

static uint32_t nearest_plain_scope(const ev *e)
{
    uint32_t s = e->scope;
    while (s && e->ir->scopes.v[s].kind == TW_REGION_COMPREHENSION) s = e->ir->scopes.v[s].parent;
    return s;
}

/* The parameter itself; where the default is something callable, also that. */
static uint32_t param(ev *e, const tw_insn *in)
{
    const tw_scope *sc = &e->ir->scopes.v[e->scope];
    uint32_t def = val_of(e, in->b), n = in->c;
    if (n >= sc->n_params || e->ir->params.v[sc->params + n].name != in->a)
        for (n = 0; n < sc->n_params && e->ir->params.v[sc->params + n].name != in->a;) n++;
    if (n >= sc->n_params) return ev_unknown(e);
    uint32_t v = e->js && !e->m ? ev_js_given(e, e->scope, n) : 0;
    if (v) return v;
    v = ev_new(e, TW_VAL_PARAM, e->scope, n);
    if (e->package) v = ev_package_param(e, e->scope, n, v);
    if (ev_at(e, v)->kind != TW_VAL_PARAM) return v;
    if (!def) return e->py ? ev_py_given(e, e->scope, n, v) : v;
    TW_PUSH(e->tmp, e->defaults, ((tw_rec_bind){e->scope, in->a, def, in->off}));
    uint8_t kind = ev_at(e, def)->kind;
    uint32_t alts[2] = {v, def};
    if (kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC) v = ev_phi(e, alts, 2);
    return e->py ? ev_py_given(e, e->scope, n, v) : v;
}

static uint32_t do_bind(ev *e, const tw_insn *in)
{
    uint32_t v = 0;
    if (in->kind == TW_BIND_PARAM)
        v = param(e, in);
    else if (in->kind == TW_BIND_CATCH)
        v = e->js ? ev_js_caught(e) : ev_unknown(e);
    else if (in->kind != TW_BIND_DEL && in->b)
        v = e->js && in->flags & TW_IF_UNPACK ? ev_js_rest(e, in->b) : some(e, in->b);
    if (in->kind == TW_BIND_WITH && v && e->py && ev_at(e, v)->kind == TW_VAL_INSTANCE) {
        uint32_t entered = ev_py_special(e, v, "__enter__", NULL, 0);
        if (entered) v = entered;
    }
    bool perhaps =
        e->py && !e->m && e->frames.v[e->frames.n - 1].kind == TW_REGION_MATCH; /* its case may not match */
    uint32_t var = perhaps && v ? ev_find_var(e, in->a, e->scope) : TW_NONE;
    uint32_t alts[2] = {v, var == TW_NONE ? 0 : e->vars.v[var].cur};
    if (alts[1]) v = ev_phi(e, alts, 2);
    if (e->js && v && in->kind == TW_BIND_ASSIGN && in->b && !(in->flags & TW_IF_STATIC))
        v = ev_js_field(e, v);
    if (in->kind == TW_BIND_DEL || v) {
        ev_bind(e, in->a, in->kind == TW_BIND_WALRUS ? nearest_plain_scope(e) : e->scope, v);
    }
    return v;
}

static uint32_t do_member(ev *e, const tw_insn *in)
{
    return ev_member(e, some(e, in->a), in->b);
}

static void store(ev *e, const tw_insn *in, uint32_t base, uint32_t name, uint32_t key, uint32_t val)
{
    TW_PUSH(e->tmp, e->stores,
            ((tw_rec_store){e->runs_in[e->scope], base, name, key, val, in->off, in->len}));
}

static uint32_t do_setmember(ev *e, const tw_insn *in)
{
    if (in->kind == TW_BIND_DEL) {
        if (e->js) ev_escape(e, some(e, in->a));
        return 0;
    }
    uint32_t base = some(e, in->a), val = some(e, in->c);
    const ev_val *b = ev_at(e, base);
    uint32_t scope = b->kind == TW_VAL_PARAM && b->b == 0 ? e->ir->scopes.v[b->a].parent : 0;
    bool self = scope && e->ir->scopes.v[scope].kind == TW_REGION_CLASS;
    uint32_t var = self ? ev_find_var(e, in->b, scope) : TW_NONE;
    if (var != TW_NONE) {
        e->vars.v[var].seen++;
        ev_set_var(e, var, val);
    }
    store(e, in, base, in->b, 0, val);
    if (e->py) ev_py_patch(e, base, tw_ir_text(e->ir, in->b), val);
    if (e->js) ev_escape(e, base);
    if (e->js) ev_js_store(e, base, tw_ir_text(e->ir, in->b), val, in->off);
    if (e->js) ev_js_patch(e, base, tw_ir_text(e->ir, in->b), val);
    if (e->js) ev_js_module_store(e, base, tw_ir_text(e->ir, in->b), val, in->off);
    if (e->js) ev_js_loads(e, in, base, val);
    ev_escape(e, val);
    return 0;
}

static uint32_t do_setindex(ev *e, const tw_insn *in)
{
    bool gone = in->kind == TW_BIND_DEL;
    uint32_t base = some(e, in->a), key = some(e, in->b), val = gone ? ev_unknown(e) : some(e, in->c);
    tw_str name;
    if (!gone) store(e, in, base, 0, key, val);
    if (!gone && e->py && ev_at(e, base)->sym && ev_text(e, key, &name)) {
        if (ev_py_set_global(e, base, name, val)) return 0;
        ev_py_patch_item(e, base, name, val);
    }
    if (!gone && e->js && ev_at(e, base)->kind == TW_VAL_SYMBOL && ev_text(e, key, &name))
        ev_js_patch(e, base, name, val);
    if (e->py && e->ir->insns.v[in->a].op != TW_OP_READ) ev_escape(e, base);
    ev_mutate(e, in->a, base, val, gone ? EV_MUT_OTHER : EV_MUT_KEY, key);
    return 0;
}

static uint32_t do_index(ev *e, const tw_insn *in)
{
    return ev_index(e, some(e, in->a), some(e, in->b));
}

static tw_str module_text(ev *e, const tw_insn *in)
{
    tw_buf_clear(&e->buf);
    for (unsigned i = 0; i < in->kind; i++) tw_buf_putc(&e->buf, '.');
    tw_str m = tw_ir_text(e->ir, in->a);
    tw_buf_puts(&e->buf, m);
    if (in->b && m.n) tw_buf_putc(&e->buf, '.');
    if (in->b) tw_buf_puts(&e->buf, tw_ir_text(e->ir, in->b));
    return tw_buf_str(&e->buf);
}

static uint32_t do_import(ev *e, const tw_insn *in)
{
    uint32_t sym = tw_intern(&e->syms, module_text(e, in)), at = e->at, alias = 0;
    const tw_insn *next = at + 1 < e->ir->insns.n ? in + 1 : NULL;
    if (next && next->op == TW_OP_BIND && next->b == at) alias = next->a;
    uint16_t rc = e->frames.v[e->frames.n - 1].rc;
    tw_rec_import m = {
        .alias = alias, .func = e->runs_in[e->scope], .level = in->kind, .off = in->off, .len = in->len};
    m.module = ev_ir_sym(e, in->a);
    m.name = ev_ir_sym(e, in->b);
    if (in->flags & TW_IF_STAR) m.flags |= TW_RI_STAR;
    if (in->flags & TW_IF_DYNAMIC) m.flags |= TW_RI_DYNAMIC;
    if (in->flags & TW_IF_TYPE_ONLY || rc & TW_RC_NEVER) m.flags |= TW_RI_TYPE_ONLY;
    if (rc & (TW_RC_GUARDED | TW_RC_TRY)) m.flags |= TW_RI_GUARDED;
    if (!(in->flags & TW_IF_PARENT)) TW_PUSH(e->tmp, e->imports, m);
    if (in->flags & TW_IF_STAR && sym) TW_PUSH(e->tmp, e->stars, sym);
    if (e->js && m.module && !(m.flags & TW_RI_TYPE_ONLY))
        ev_import_url(e, tw_ir_text(e->ir, in->a), in->off, in->len);
    if (e->js && m.module) return ev_js_import(e, tw_ir_text(e->ir, in->a), tw_ir_text(e->ir, in->b));
    if (!sym) return ev_unknown(e);
    uint32_t v = ev_symbol(e, sym);
    return e->py ? ev_py_patched(e, sym, v) : v;
}

static uint32_t do_export(ev *e, const tw_insn *in)
{
    if (!in->a || !in->b) return 0;
    TW_PUSH(e->tmp, e->defaults, ((tw_rec_bind){0, in->a, some(e, in->b), in->off}));
    return 0;
}

static uint32_t do_func(ev *e, const tw_insn *in)
{
    return in->a < e->ir->scopes.n ? ev_new(e, TW_VAL_FUNC, in->a, 0) : ev_unknown(e);
}

/* What a comprehension of a dict yields: pairs. */
static bool push_entries(ev *e, uint32_t v)
{
    uint32_t list, n, pair, two, base = e->stack.n;
    if (!ev_items(e, v, &list, &n)) return false;
    for (uint32_t i = 0; i < n; i++) {
        if (!ev_items(e, e->lists.v[list + i], &pair, &two) || two != 2) return e->stack.n = base, false;
        for (unsigned k = 0; k < 2; k++) TW_PUSH(e->tmp, e->stack, e->lists.v[pair + k]);
    }
    return true;
}

/* The items of args, spreads of known sequences spliced; e->stack holds them from *ret_base on. */
static uint32_t push_items(ev *e, uint32_t c, bool *ret_loose)
{
    uint32_t base = e->stack.n, n = c && c < e->ir->args.n ? e->ir->args.v[c].value : 0;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[c + 1 + i];
        uint32_t v = a.value || a.name ? some(e, a.value) : e->js ? ev_unknown(e) : ev_none(e), list, count;
        if (a.name != TW_ARG_SPREAD && a.name != TW_ARG_SPREAD_MAP) {
            TW_PUSH(e->tmp, e->stack, v);
        } else if (e->py && a.name == TW_ARG_SPREAD_MAP && a.value &&
                   e->ir->insns.v[a.value].op == TW_OP_LEAVE && push_entries(e, v)) {
            i++;
        } else if (e->py && a.name == TW_ARG_SPREAD_MAP && a.value && ev_pairs(e, v, &list, &count)) {
            for (uint32_t k = 0; k < count; k++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + k]);
            i++; /* its other half */
        } else if (a.name == TW_ARG_SPREAD &&
                   (ev_items(e, v, &list, &count) || (e->js && ev_js_letters(e, v, &list, &count)))) {
            for (uint32_t k = 0; k < count; k++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + k]);
        } else if (e->js && a.name == TW_ARG_SPREAD_MAP && ev_at(e, v)->kind == TW_VAL_MAP &&
                   !(ev_at(e, v)->flags & (EV_LOOSE | EV_ESCAPED)) && ev_step(e, ev_at(e, v)->n)) {
            ev_val m = *ev_at(e, v);
            for (uint32_t k = 0; k < m.n; k++) TW_PUSH(e->tmp, e->stack, e->lists.v[m.list + k]);
            i++; /* a pair: (v, 0) */
        } else {
            *ret_loose = true;
            TW_PUSH(e->tmp, e->stack, v);
        }
    }
    return base;
}

static uint32_t finish_items(ev *e, uint8_t kind, uint32_t base)
{
    uint32_t n = e->stack.n - base, v = ev_list(e, kind, n ? e->stack.v + base : NULL, n);
    e->stack.n = base;
    return v;
}

static uint32_t do_class(ev *e, const tw_insn *in)
{
    if (in->a >= e->ir->scopes.n) return ev_unknown(e);
    bool loose = false;
    uint32_t base = push_items(e, in->c, &loose), n = e->stack.n - base;
    ev_scope *sc = &e->scopes[in->a];
    sc->bases = e->lists.n;
    sc->n_bases = n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->lists, e->stack.v[base + i]);
    e->stack.n = base;
    return ev_new(e, TW_VAL_FUNC, in->a, 0);
}

static uint32_t do_op(ev *e, const tw_insn *in)
{
    bool loose = false;
    uint32_t base = push_items(e, in->c, &loose), n = e->stack.n - base;
    tw_str op = tw_ir_text(e->ir, in->a);
    uint32_t special = e->py && !loose ? ev_py_operator(e, op, e->stack.v + base, n) : 0;
    uint32_t v = loose || special            ? special
                 : ev_is_command_language(e) ? ev_command_op(e, op, e->stack.v + base, n)
                                             : ev_op(e, op, e->stack.v + base, n);
    if (v)
        e->stack.n = base;
    else {
        v = finish_items(e, TW_VAL_OP, base);
        ev_at(e, v)->b = ev_ir_sym(e, in->a);
    }
    return v;
}

static uint32_t do_concat(ev *e, const tw_insn *in)
{
    bool loose = false;
    uint32_t base = push_items(e, in->c, &loose), n = e->stack.n - base, v = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t part = e->stack.v[base + i];
        uint32_t text = loose ? 0 : e->js ? ev_js_text(e, part) : ev_to_str(e, part);
        uint32_t sum = v ? v : text;
        part = text ? text : part;
        if (v)
            sum = ev_concat(e, v, part);
        else if (!text)
            sum = ev_concat(e, ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0), part);
        v = sum;
    }
    e->stack.n = base;
    return v ? v : ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
}

/* Lists in lists of JavaScript: known where nothing in the file changes any. */
static void escape_js_items(ev *e, uint32_t base)
{
    for (uint32_t i = base; i < e->stack.n; i++) {
        ev_val *x = ev_at(e, e->stack.v[i]);
        bool fresh = !e->js_changes && !(x->flags & EV_OWNED);
        if (fresh && (x->kind == TW_VAL_SEQ || x->kind == TW_VAL_MAP))
            x->flags |= EV_OWNED;
        else
            ev_escape(e, e->stack.v[i]);
    }
}

/* Of Python, what a container holds is known until somebody takes hold of it besides. */
static void escape_items(ev *e, uint32_t base, uint32_t c)
{
    uint32_t list, count, n = e->py && c && c < e->ir->args.n ? e->ir->args.v[c].value : 0;
    if (e->js) escape_js_items(e, base);
    for (uint32_t i = base; i < e->stack.n && !e->py && !e->js; i++) ev_escape(e, e->stack.v[i]);
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[c + 1 + i];
        uint32_t v = a.value ? val_of(e, a.value) : 0;
        bool spread = a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP;
        if (v && !spread) ev_own(e, v);
        bool shared = v && spread && ev_at(e, v)->flags & EV_OWNED;
        if (!shared || !(ev_items(e, v, &list, &count) || ev_pairs(e, v, &list, &count))) continue;
        for (uint32_t k = 0; k < count; k++) ev_escape(e, e->lists.v[list + k]);
    }
}

static uint32_t do_seq(ev *e, const tw_insn *in)
{
    bool loose = false;
    uint32_t base = push_items(e, in->c, &loose);
    if (in->kind != TW_SEQ_TUPLE && in->kind != TW_SEQ_SLICE) escape_items(e, base, in->c);
    uint32_t v = finish_items(e, TW_VAL_SEQ, base);
    ev_at(e, v)->how = in->kind;
    if (loose) ev_at(e, v)->flags = EV_LOOSE;
    return v;
}

static uint32_t do_map(ev *e, const tw_insn *in)
{
    bool loose = false;
    uint32_t base = push_items(e, in->c, &loose);
    escape_items(e, base, in->c);
    uint32_t v = finish_items(e, TW_VAL_MAP, base);
    if (loose) ev_at(e, v)->flags = EV_LOOSE;
    return v;
}

static uint32_t do_choose(ev *e, const tw_insn *in)
{
    uint32_t alts[2] = {some(e, in->b), some(e, in->c)};
    uint32_t cond = in->a ? val_of(e, in->a) : 0;
    int truth = e->js ? ev_js_truth(e, cond) : ev_truth(e, cond);
    const ev_val *x = ev_at(e, cond);
    bool nullish = e->js && in->a == in->b && !truth && x->kind != TW_VAL_NULL_;
    bool dflt = e->js && in->a == in->b && e->ir->insns.v[in->a].flags & TW_IF_UNPACK;
    if (dflt && x->kind == TW_VAL_NULL_ && !x->a) return cond; /* [a = 1] = [null] */
    if (nullish) truth = -1;                                   /* a ?? b looks like a || b */
    if (!e->m) ev_mix_choice(e, in, truth);
    return truth < 0 ? ev_phi(e, alts, 2) : alts[!truth];
}

/* Nobody else holds what is gone over. */
static bool made_here(const ev *e, uint32_t at)
{
    const tw_insn *in = &e->ir->insns.v[at];
    bool fresh = in->op == TW_OP_SEQ || (in->op == TW_OP_CALL && in->c);
    for (uint32_t i = 0; in->op == TW_OP_CALL && in->c && i < e->ir->args.v[in->c].value; i++)
        fresh = fresh && e->ir->insns.v[e->ir->args.v[in->c + 1 + i].value].op != TW_OP_READ;
    return fresh;
}

static uint32_t do_iter(ev *e, const tw_insn *in)
{
    uint32_t source = some(e, in->a), v = ev_iter(e, source);
    const tw_insn *before = in - 1;
    bool loop = before->op == TW_OP_ENTER &&
                (before->kind == TW_REGION_LOOP || before->kind == TW_REGION_COMPREHENSION);
    if (!e->py || e->m || ev_at(e, v)->kind != TW_VAL_ITER) return v; /* one of a folder's files was picked */
    return loop ? ev_py_each(e, source, v, made_here(e, in->a)) : ev_py_unpacked(e, source, v);
}

static uint32_t do_return(ev *e, const tw_insn *in)
{
    e->frames.v[e->frames.n - 1].dead = 1;
    if (!in->a) return 0;
    uint32_t v = some(e, in->a);
    ev_escape(e, v);
    TW_PUSH(e->tmp, e->scopes[e->flow[e->scope]].returns, v);
    return v;
}

static uint32_t do_yield(ev *e, const tw_insn *in)
{
    uint32_t v = in->a ? some(e, in->a) : ev_unknown(e);
    if (e->ir->scopes.v[e->scope].kind != TW_REGION_COMPREHENSION) {
        TW_PUSH(e->tmp, e->scopes[e->flow[e->scope]].returns, v);
        return ev_unknown(e);
    }
    for (uint32_t i = e->frames.n; i-- > 0;)
        if (e->frames.v[i].kind == TW_REGION_COMPREHENSION) {
            e->frames.v[i].yielded = v;
            break;
        }
    return v;
}

static uint32_t do_throw(ev *e, const tw_insn *in)
{
    (void)in;
    e->frames.v[e->frames.n - 1].dead = 1;
    return 0;
}

static uint32_t do_await(ev *e, const tw_insn *in)
{
    uint32_t v = some(e, in->a);
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_CALL) e->calls.v[x->a].flags |= TW_RC_AWAIT;
    return v;
}

static uint32_t do_call(ev *e, const tw_insn *in)
{
    (void)in;
    return ev_call_insn(e, e->at);
}

static uint32_t do_decorate(ev *e, const tw_insn *in)
{
    (void)in;
    return ev_decorate(e, e->at);
}

static uint32_t do_opaque(ev *e, const tw_insn *in)
{
    ev_gap(e, in->kind < TW_GAP_MAX ? in->kind : TW_GAP_SYNTAX, in->off, in->len);
    return ev_unknown(e);
}

static uint32_t do_embed(ev *e, const tw_insn *in)
{
    ev_layer_embedded(e, tw_ir_text(e->ir, in->a), some(e, in->b), in->off, in->len);
    return 0;
}

/* The value of a comprehension: what it yields, somehow many times. */
static uint32_t do_leave(ev *e, const tw_insn *in)
{
    uint32_t yielded = e->frames.v[e->frames.n - 1].yielded;
    bool comp = in->kind == TW_REGION_COMPREHENSION && e->frames.v[e->frames.n - 1].enter == in->a;
    ev_leave(e, e->at);
    if (!comp) return 0;
    uint32_t known = ev_machine_comprehension(e, in->a);
    if (known) return known;
    uint32_t v = ev_list(e, TW_VAL_SEQ, &yielded, yielded ? 1 : 0);
    ev_at(e, v)->flags = EV_LOOSE;
    return v;
}

static uint32_t (*const handlers[TW_OP_MAX])(ev *, const tw_insn *) = {
    [TW_OP_CONST] = do_const,
    [TW_OP_READ] = do_read,
    [TW_OP_BIND] = do_bind,
    [TW_OP_MEMBER] = do_member,
    [TW_OP_SETMEMBER] = do_setmember,
    [TW_OP_INDEX] = do_index,
    [TW_OP_SETINDEX] = do_setindex,
    [TW_OP_CALL] = do_call,
    [TW_OP_IMPORT] = do_import,
    [TW_OP_EXPORT] = do_export,
    [TW_OP_FUNC] = do_func,
    [TW_OP_CLASS] = do_class,
    [TW_OP_DECORATE] = do_decorate,
    [TW_OP_OP] = do_op,
    [TW_OP_CONCAT] = do_concat,
    [TW_OP_SEQ] = do_seq,
    [TW_OP_MAP] = do_map,
    [TW_OP_CHOOSE] = do_choose,
    [TW_OP_ITER] = do_iter,
    [TW_OP_RETURN] = do_return,
    [TW_OP_YIELD] = do_yield,
    [TW_OP_THROW] = do_throw,
    [TW_OP_AWAIT] = do_await,
    [TW_OP_REDIRECT] = ev_redirect,
    [TW_OP_EMBED] = do_embed,
    [TW_OP_OPAQUE] = do_opaque,
    [TW_OP_LEAVE] = do_leave,
};

uint32_t ev_one(ev *e, const tw_insn *in)
{
    return in->op < TW_OP_MAX && handlers[in->op] ? handlers[in->op](e, in) : 0;
}

static bool runs_later(const ev *e, const tw_insn *in)
{
    return (in->kind == TW_REGION_FUNCTION || in->kind == TW_REGION_LAMBDA) && in->b < e->ir->scopes.n;
}

/* Where both know it the run is right: it has all of the language's meaning. */
static uint32_t corrected(ev *e, uint32_t at, uint32_t v)
{
    uint32_t known = ev_world_value(e, at), once = known ? 0 : ev_world_once(e, at);
    if (once && !ev_world_same(e, v, once)) return ev_unknown(e);
    return known && ev_is_const(e, known) && !ev_world_same(e, v, known) ? known : v;
}

/* What was found when the file was run, where nothing better is known. */
static uint32_t improved(ev *e, uint32_t at, uint32_t v)
{
    static const bool values[TW_OP_MAX] = {
        [TW_OP_READ] = 1,   [TW_OP_MEMBER] = 1, [TW_OP_INDEX] = 1, [TW_OP_OP] = 1,  [TW_OP_CONCAT] = 1,
        [TW_OP_CHOOSE] = 1, [TW_OP_LEAVE] = 1,  [TW_OP_SEQ] = 1,   [TW_OP_CALL] = 1};
    const tw_insn *in = &e->ir->insns.v[at];
    if (!values[in->op] || (e->js && in->op == TW_OP_CALL)) return v;
    uint8_t kind = v ? ev_at(e, v)->kind : TW_VAL_OPAQUE;
    if (v && ev_is_const(e, v)) return corrected(e, at, v);
    if (kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC || kind == TW_VAL_INSTANCE) return v;
    uint32_t known = ev_world_value(e, at);
    if (!known || ev_is_const(e, known)) return known ? known : v;
    bool open = kind == TW_VAL_OPAQUE || kind == TW_VAL_INDEX ||
                (in->op == TW_OP_CALL && kind == TW_VAL_CALL) ||
                kind == TW_VAL_OP; /* a name is better than that */
    return open && tw_str_find(ev_sym(e, ev_at(e, known)->sym), TW_S("()")) == TW_NPOS ? known : v;
}

static void run(ev *e, uint32_t from, uint32_t to, uint32_t scope)
{
    ev_settled found[16];
    uint32_t settled = 0, behind = TW_NONE;
    e->frames.n = e->loops.n = e->log.n = e->changes.n = 0;
    e->passed.n = e->kept.n = e->watched = 0;
    e->scope = scope;
    TW_PUSH(e->tmp, e->frames, ((ev_frame){.kind = TW_REGION_MODULE, .scope = scope}));
    if (e->js) ev_js_hoist(e, scope, from, to);
    for (uint32_t i = from; i < to; i++) {
        const tw_insn *in = &e->ir->insns.v[i];
        e->at = i;
        e->steps++;
        if (e->js && in->op == TW_OP_ENTER && in->kind == TW_REGION_LOOP && !e->loops.n)
            settled = ev_machine_loop(e, i, found), behind = e->leave[i];
        if (in->op == TW_OP_ENTER) {
            if (i > from && runs_later(e, in)) {
                TW_PUSH(e->tmp, e->queue, i);
                i = e->leave[i];
            } else if (i > from || in->kind != TW_REGION_MODULE) {
                ev_enter(e, i);
            }
        } else {
            uint32_t v = ev_one(e, in);
            e->of[i] = e->world ? improved(e, i, v) : v;
        }
        for (; i == behind && settled; settled--)
            ev_settle(e, found[settled - 1].var, found[settled - 1].val);
    }
}

/* alone: the arena of the IR is used and given back as it was. */
static void prepare(ev *e, const tw_ir *ir, const tw_limits *lim, bool alone)
{
    uint64_t kib = ir->source.n / 1024 + 1;
    *e = (ev){.tmp = alone ? ir->arena : tw_arena_new(1 << 18), .ir = ir, .lim = lim, .spent_at = TW_NONE};
    if (alone) e->mark = tw_arena_mark(e->tmp);
    e->js = tw_lang_family(ir->lang) == TW_LANG_JAVASCRIPT;
    e->py = tw_lang_family(ir->lang) == TW_LANG_PYTHON;
    if (e->js || e->py) e->ir = ir = ev_plain(e->tmp, ir);
    e->max_steps = STEPS_FREE + kib * lim->steps_per_kb;
    e->machine_max = e->max_steps / 4 * 3;
    e->max_bytes = lim->value_bytes * VALUES_IN_ALL;
    tw_intern_fork(&e->syms, &ir->strings, e->tmp);
    tw_map_init(&e->layer_of, e->tmp);
    tw_map_init(&e->patch_of, e->tmp);
    e->of = TW_NEWN(e->tmp, uint32_t, ir->insns.n);
    e->method = TW_NEWN(e->tmp, uint8_t, (size_t)tw_intern_count(&ir->strings) + 1);
    if (e->js || e->py) {
        e->stored = TW_NEWN(e->tmp, uint8_t, (size_t)tw_intern_count(&ir->strings) + 1);
        e->leaks = TW_NEWN(e->tmp, uint32_t, (size_t)tw_intern_count(&ir->strings) + 1);
    }
    ev_memo_init(e);
    TW_RESERVE(e->tmp, e->vals, ir->insns.n + 16);
    TW_RESERVE(e->tmp, e->stack, 64);
    TW_RESERVE(e->tmp, e->lists, ir->args.n + 64); /* about what they come to: growing copies */
    TW_RESERVE(e->tmp, e->args, ir->args.n + 8);
    TW_RESERVE(e->tmp, e->calls, ir->insns.n / 8 + 8);
    TW_RESERVE(e->tmp, e->texts, ir->insns.n / 8 + 8);
    ev_new(e, TW_VAL_UNKNOWN, 0, 0);
    TW_PUSH(e->tmp, e->recipes, ((ev_recipe){0, NULL}));
    e->out.limit = lim->value_bytes ? lim->value_bytes : 1;
    ev_known_init();
}

static void run_function(ev *e, uint32_t enter)
{
    run(e, enter + 1, e->leave[enter], e->ir->insns.v[enter].b);
}

/* Bodies whose parameters became known once they had been walked. */
static void run_again(ev *e)
{
    for (uint32_t round = 0; round < WORLD_ROUNDS && e->package->any; round++) {
        e->package->any = false;
        for (uint32_t i = 0, n = e->queue.n; i < e->queue.n && ev_step(e, 1); i++) {
            uint32_t enter = e->queue.v[i], scope = e->ir->insns.v[enter].b;
            if (!e->package->again[scope] && i < n)
                continue; /* functions within one that is walked again are */
            e->package->again[scope] = 0;
            run_function(e, enter);
        }
    }
}

void ev_walk_again(ev *e, ev_package *world, const tw_ir *ir, const tw_limits *lim, bool alone, ev *first)
{
    prepare(e, ir, lim, alone);
    e->first = first;
    e->package = world;
    if (world) {
        tw_map_init(&world->given, e->tmp);
        tw_map_init(&world->names, e->tmp);
        world->again = TW_NEWN(e->tmp, uint8_t, (size_t)ir->scopes.n + 1);
    }
    if (!ir->scopes.n) return;
    ev_scan(e);
    if (e->js) ev_js_bundles(e);
    if (first) {
        ev_world(e);
        e->world_idle = !ev_world_tells(e);
        if (e->world_idle) return;
    }
    run(e, 1, ir->insns.n, 0);
    for (uint32_t i = 0; i < e->queue.n; i++) {
        if (world) world->again[ir->insns.v[e->queue.v[i]].b] = 0;
        run_function(e, e->queue.v[i]);
    }
    if (world) run_again(e);
}

void ev_walk(ev *e, ev_package *world, const tw_ir *ir, const tw_limits *lim, bool alone)
{
    ev_walk_again(e, world, ir, lim, alone, NULL);
}

void ev_end(ev *e)
{
    ev_regex_free(e);
    tw_buf_free(&e->buf), tw_buf_free(&e->out);
    if (e->tmp != e->ir->arena)
        tw_arena_free(e->tmp);
    else
        tw_arena_reset(e->tmp, e->mark);
}
