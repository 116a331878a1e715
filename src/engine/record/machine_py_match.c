/* SPDX-License-Identifier: Apache-2.0 */
/* match of Python: patterns are read off the values that stand between the cases. */
#include "engine/record/machine_py.h"

enum { DEPTH = 6 };

static int fits(ev *e, uint32_t at, uint32_t v, unsigned depth);

static bool is_capture(const ev *e, uint32_t at)
{
    return mc_insn(e, at)->op == TW_OP_BIND;
}

static int capture(ev *e, uint32_t at, uint32_t v)
{
    mc_bind(e, at, v);
    mc_note(e, at, v);
    return 1;
}

/* [a, *r, b] */
static int items(ev *e, uint32_t at, uint32_t v, unsigned depth)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t n = in->c ? e->ir->args.v[in->c].value : 0, o = mc_ref(e, v), star = TW_NONE;
    if (o == TW_NONE) return ev_is_const(e, v) ? 0 : -1;
    if (!mc_known(e, o)) return -1;
    if (mc_obj_at(e, o)->kind != MC_LIST || mc_obj_at(e, o)->how >= MC_BYTES)
        return mc_obj_at(e, o)->kind == MC_INSTANCE ? -1 : 0;
    for (uint32_t i = 0; i < n; i++)
        if (e->ir->args.v[in->c + 1 + i].name == TW_ARG_SPREAD) star = i;
    uint32_t have = mc_obj_at(e, o)->items.n, behind = star == TW_NONE ? 0 : n - star - 1;
    if (star == TW_NONE ? have != n : have + 1 < n) return 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t part = e->ir->args.v[in->c + 1 + i].value, from = i > star ? have - (n - i) : i, x;
        if (i == star) {
            uint32_t *copy = mc_copy_items(e, o, 0);
            x = mc_list(e, copy + star, have - star - behind, TW_SEQ_LIST);
        } else {
            x = mc_obj_at(e, o)->items.v[from];
        }
        int is = part ? fits(e, part, x, depth + 1) : 1;
        if (is <= 0) return is;
    }
    return 1;
}

static int entries(ev *e, uint32_t at, uint32_t v, unsigned depth)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t n = in->c ? e->ir->args.v[in->c].value : 0, o = mc_ref(e, v);
    if (o == TW_NONE) return ev_is_const(e, v) ? 0 : -1;
    if (!mc_known(e, o) || mc_obj_at(e, o)->flags & MCO_MAYBE) return -1;
    if (mc_obj_at(e, o)->kind != MC_MAP) return mc_obj_at(e, o)->kind == MC_INSTANCE ? -1 : 0;
    for (uint32_t i = 0; i + 1 < n; i += 2) {
        tw_arg k = e->ir->args.v[in->c + 1 + i];
        if (k.name) return -1;
        uint32_t key = mc_key(e, mc_reg(e, k.value)), x = key ? mc_get(e, o, key) : 0;
        if (!key) return -1;
        if (!x) return 0;
        int is = fits(e, e->ir->args.v[in->c + 2 + i].value, x, depth + 1);
        if (is <= 0) return is;
    }
    return 1;
}

static int of_type(ev *e, tw_str name, uint32_t v)
{
    static const struct {
        const char *name;
        uint8_t kind;
    } types[] = {{"int", TW_VAL_INT},
                 {"str", TW_VAL_STR},
                 {"bytes", TW_VAL_BYTES},
                 {"float", TW_VAL_FLOAT},
                 {"bool", TW_VAL_BOOL}};
    uint32_t o = mc_ref(e, v);
    uint8_t text;
    if (o != TW_NONE) {
        const mc_obj *x = mc_obj_at(e, o);
        if (tw_str_eq(name, TW_S("list"))) return x->kind == MC_LIST && x->how == TW_SEQ_LIST;
        if (tw_str_eq(name, TW_S("tuple"))) return x->kind == MC_LIST && x->how == TW_SEQ_TUPLE;
        if (tw_str_eq(name, TW_S("dict"))) return x->kind == MC_MAP;
        return x->kind == MC_INSTANCE ? -1 : 0;
    }
    if (!ev_is_const(e, v)) return -1;
    uint8_t kind = ev_is_text(e, v, &text) ? text : ev_at(e, v)->kind;
    for (size_t i = 0; i < TW_COUNT(types); i++)
        if (tw_str_eq(name, tw_str_c(types[i].name)))
            return kind == types[i].kind || (kind == TW_VAL_BOOL && types[i].kind == TW_VAL_INT);
    return -1;
}

/* P(1, x=q): the class stands in front of the pattern's first value. */
static int of_class(ev *e, uint32_t at, uint32_t v, unsigned depth)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t n = in->c ? e->ir->args.v[in->c].value : 0, first = at, cls;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t part = e->ir->args.v[in->c + 1 + i].value;
        if (e->mc->start[part] < first) first = e->mc->start[part];
    }
    if (first < 2 || mc_insn(e, first - 1)->op != TW_OP_READ) return -1;
    cls = mc_reg(e, first - 1);
    if (!mc_is_ref(e, cls)) {
        int is = ev_at(e, cls)->kind == TW_VAL_SYMBOL ? of_type(e, ev_sym(e, ev_at(e, cls)->sym), v) : -1;
        if (is <= 0 || !n) return is;
        return n == 1 ? fits(e, e->ir->args.v[in->c + 1].value, v, depth + 1) : -1;
    }
    if (!mc_is(e, cls, MC_CLASS)) return -1;
    if (!mc_is(e, v, MC_INSTANCE)) return mc_is_ref(e, v) || ev_is_const(e, v) ? 0 : -1;
    if (mc_obj_at(e, mc_ref(e, v))->a != mc_ref(e, cls)) return -1;
    uint32_t names = mc_class_attr(e, mc_ref(e, cls), TW_S("__match_args__"), 0);
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = e->ir->args.v[in->c + 1 + i];
        tw_str name = a.name ? tw_ir_text(e->ir, a.name) : (tw_str){0};
        if (!a.name) {
            bool listed = names && mc_is(e, names, MC_LIST) && i < mc_obj_at(e, mc_ref(e, names))->items.n;
            if (!listed || !ev_text(e, mc_obj_at(e, mc_ref(e, names))->items.v[i], &name)) return -1;
        }
        int is = fits(e, a.value, mc_member(e, v, name, 0), depth + 1);
        if (is <= 0) return is;
    }
    return 1;
}

static int either(ev *e, const tw_insn *in, uint32_t v, unsigned depth)
{
    for (uint32_t i = 0; i < e->ir->args.v[in->c].value; i++) {
        int is = fits(e, e->ir->args.v[in->c + 1 + i].value, v, depth + 1);
        if (is) return is;
    }
    return 0;
}

static int fits(ev *e, uint32_t at, uint32_t v, unsigned depth)
{
    const tw_insn *in = mc_insn(e, at);
    bool same = false;
    if (depth > DEPTH || !mc_tick(e, 1)) return -1;
    if (is_capture(e, at)) {
        const tw_insn *of = mc_insn(e, in->b); /* pattern as name, or the name alone */
        bool whole =
            of->op == TW_OP_OP || of->op == TW_OP_SEQ || of->op == TW_OP_MAP || of->op == TW_OP_CONST;
        int is = !(in->flags & TW_IF_UNPACK) && whole ? fits(e, in->b, v, depth + 1) : 1;
        return is > 0 ? capture(e, at, v) : is;
    }
    switch (in->op) {
    case TW_OP_SEQ: return items(e, at, v, depth);
    case TW_OP_MAP: return entries(e, at, v, depth);
    case TW_OP_OP:
        if (tw_str_eq(tw_ir_text(e->ir, in->a), TW_S("case"))) return of_class(e, at, v, depth);
        if (tw_str_eq(tw_ir_text(e->ir, in->a), TW_S("|"))) return either(e, in, v, depth);
        return mc_same(e, v, mc_reg(e, at), &same) ? same : -1;
    case TW_OP_CONST:
    case TW_OP_MEMBER: return mc_same(e, v, mc_reg(e, at), &same) ? same : -1;
    default: return -1;
    }
}

/* The pattern of a case: the last value in front of it that nothing else uses; TW_NONE none, 0 not found. */
static uint32_t pattern_of(const ev *e, uint32_t from, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t end = in->a ? e->mc->start[in->a] : at;
    return end > from ? end - 1 : TW_NONE;
}

static bool is_wild(const ev *e, uint32_t at)
{
    tw_str s = tw_str_sub(e->ir->source, mc_insn(e, at)->off, mc_insn(e, at)->off + mc_insn(e, at)->len);
    size_t i = 4;
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '(')) i++;
    return i < s.n && s.p[i] == '_';
}

/* Nothing known: each of them perhaps. */
static uint32_t any_of(ev *e, uint32_t from, uint32_t end)
{
    uint32_t all = R_NORMAL;
    for (uint32_t i = from; i < end; i++) {
        if (mc_insn(e, i)->op != TW_OP_ENTER || mc_insn(e, i)->kind != TW_REGION_CASE) continue;
        uint32_t before = mc_maybe(e, from, i), how = mc_maybe(e, i + 1, e->leave[i]);
        if ((how | before) & R_STOP) return R_STOP;
        all |= how;
        i = e->leave[i];
        from = i + 1;
    }
    return all;
}

uint32_t mc_py_match(ev *e, uint32_t at)
{
    uint32_t end = e->leave[at], v = mc_reg(e, mc_insn(e, at)->a), from = at + 1;
    if (e->mc->seek) return mc_run(e, at + 1, end);
    for (uint32_t i = at + 1; i < end && mc_tick(e, 1); i++) {
        const tw_insn *in = mc_insn(e, i);
        if (in->op != TW_OP_ENTER) continue;
        if (in->kind != TW_REGION_CASE) {
            i = e->leave[i];
            continue;
        }
        uint32_t pattern = pattern_of(e, from, i), until = pattern == TW_NONE ? from : pattern + 1;
        for (uint32_t k = from; k < until; k++) /* captures bind when the pattern fits */
            if (!is_capture(e, k) && mc_insn(e, k)->op != TW_OP_SEQ && mc_insn(e, k)->op != TW_OP_MAP &&
                mc_insn(e, k)->op != TW_OP_OP)
                mc_step(e, k);
        int is = pattern == TW_NONE ? (is_wild(e, i) ? 1 : -1) : fits(e, pattern, v, 0);
        if (is > 0 && in->a) {
            uint32_t how = mc_run(e, until, i);
            if (how != R_NORMAL) return how;
            is = mc_truth(e, mc_reg(e, in->a));
        }
        if (is < 0) return any_of(e, from, end);
        if (is) return mc_run(e, i + 1, e->leave[i]);
        i = e->leave[i];
        from = i + 1;
    }
    return e->mc->lost ? R_STOP : R_NORMAL;
}
