/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of JavaScript: `[a, , ...b]` goes over what it is given, `{a, ...b}` copies the rest. */
#include "engine/record/machine_priv.h"

enum { PATTERN_MAX = 4096 };

/* Item `b` of what a pattern takes apart: of anything that can be gone over. */
uint32_t mc_element(ev *e, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    uint32_t v = mc_reg(e, in->a), key = mc_reg(e, in->b), o = mc_ref(e, v), list;
    int64_t i;
    if (o == TW_NONE && ev_at(e, v)->kind == TW_VAL_NULL_)
        return mc_raise_kind(e, TW_S("TypeError")), e->mc->unknown;
    bool plain = mc_insn(e, in->b)->op == TW_OP_CONST && mc_insn(e, in->b)->flags & TW_IF_UNPACK;
    if (!plain || (o == TW_NONE && !ev_is_const(e, v)) || (o != TW_NONE && mc_obj_at(e, o)->kind == MC_LIST))
        return mc_index(e, v, key);
    if (o != TW_NONE && mc_obj_at(e, o)->kind == MC_ITER && mc_insn(e, in->a)->op != TW_OP_CALL)
        return e->mc->unknown;
    if (!mc_iterate(e, v, &list) || !ev_get_int(e, key, &i)) return e->mc->unknown;
    if (mc_obj_at(e, list)->kind == MC_ITER) i += mc_obj_at(e, list)->a;
    return i >= 0 && i < mc_obj_at(e, list)->items.n ? mc_obj_at(e, list)->items.v[i] : e->mc->undefined;
}

/* How many stand in front of the ITER of `...rest`: the last one with a name, and holes behind it. */
bool mc_rest_from(ev *e, uint32_t at, uint32_t *ret)
{
    const tw_insn *in = mc_insn(e, at), *next = mc_insn(e, at + 1);
    uint32_t last = 0, end = 0, commas = 0;
    int64_t n = -1;
    for (uint32_t i = in->a + 1; i < at && mc_tick(e, 1); i++) {
        const tw_insn *x = mc_insn(e, i);
        if (x->op == TW_OP_INDEX && x->a == in->a && x->flags & TW_IF_UNPACK &&
            ev_get_int(e, mc_reg(e, x->b), &n))
            last = i;
        if (last && x->off + x->len > end) end = x->off + x->len;
    }
    *ret = 0;
    if (next->off < end || at - in->a > PATTERN_MAX) return false;
    if (!last) { /* only holes, if anything: their number is not seen */
        for (uint32_t k = next->off; k-- > 0 && next->off - k < 64;) {
            char c = e->ir->source.p[k];
            if (c == '[') return true;
            if (c != '.' && c != ' ' && c != '\n' && c != '\t') return false;
        }
        return false;
    }
    for (uint32_t k = end; k < next->off; k++) {
        if (e->ir->source.p[k] == '/' || e->ir->source.p[k] == '[') return false;
        commas += e->ir->source.p[k] == ',';
    }
    *ret = (uint32_t)n + (commas ? commas : 1);
    return true;
}

/* `...rest` of an object: what the pattern has not taken before. Another BIND gets its value as it is. */
uint32_t mc_rest_of(ev *e, uint32_t at, uint32_t v)
{
    const tw_insn *in = mc_insn(e, at);
    uint8_t op = mc_insn(e, in->b)->op;
    uint32_t o = mc_ref(e, v), to;
    if (in->off < 3 || !tw_str_eq(tw_str_sub(e->ir->source, in->off - 3, in->off), TW_S("..."))) {
        bool part = op == TW_OP_MEMBER || op == TW_OP_INDEX || op == TW_OP_ITER || op == TW_OP_CHOOSE;
        return part || !mc_is(e, v, MC_MAP) ? v : e->mc->unknown;
    }
    if (op == TW_OP_ITER) return v;
    if (o == TW_NONE || at - in->b > PATTERN_MAX) return e->mc->unknown;
    to = mc_new(e, MC_MAP);
    if (!mc_spread_into(e, to, v)) return e->mc->unknown;
    for (uint32_t i = in->b + 1; i < at && mc_tick(e, 1); i++) {
        const tw_insn *x = mc_insn(e, i);
        uint32_t key = 0;
        if ((x->op != TW_OP_MEMBER && x->op != TW_OP_INDEX) || x->a != in->b) continue;
        key = x->op == TW_OP_MEMBER ? mc_key_of(e, tw_ir_text(e->ir, x->b)) : mc_key(e, mc_reg(e, x->b));
        if (!key) return e->mc->unknown;
        mc_delete(e, to, key);
    }
    return mc_ref_to(e, to);
}

static bool is_param(const ev *e, uint32_t scope, uint32_t name)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    for (uint32_t p = 0; p < sc->n_params; p++)
        if (e->ir->params.v[sc->params + p].name == name) return true;
    return false;
}

/* A default is evaluated where the function stands, though the language does so in each call: what cannot tell the difference. */
bool mc_js_default(ev *e, uint32_t scope, uint32_t id)
{
    const tw_insn *in = mc_insn(e, id);
    uint32_t v = mc_reg(e, id);
    if (in->op == TW_OP_CONST) return true;
    if ((in->op == TW_OP_SEQ || in->op == TW_OP_MAP) && !in->c) return true; /* mc_js_anew */
    if (in->op == TW_OP_READ) {
        uint32_t var =
            e->mc->resolved[id] && e->mc->resolved[id] != TW_NONE ? e->mc->resolved[id] - 1 : TW_NONE;
        return !is_param(e, scope, in->a) &&
               (var == TW_NONE ? ev_at(e, v)->kind == TW_VAL_SYMBOL : e->vars.v[var].binds == 1);
    }
    bool sign = in->op == TW_OP_OP && in->c && e->ir->args.v[in->c].value == 1;
    return sign && mc_insn(e, e->ir->args.v[in->c + 1].value)->op == TW_OP_CONST && !mc_is_ref(e, v);
}

/* `a = []`: another one for each call. */
uint32_t mc_js_anew(ev *e, uint32_t v)
{
    uint32_t o = mc_ref(e, v);
    if (o == TW_NONE || mc_obj_at(e, o)->items.n || mc_obj_at(e, o)->props.n) return v;
    if (mc_obj_at(e, o)->kind == MC_LIST) return mc_list(e, NULL, 0, TW_SEQ_ARRAY);
    return mc_obj_at(e, o)->kind == MC_MAP && !(mc_obj_at(e, o)->how & 1) ? mc_ref_to(e, mc_new(e, MC_MAP))
                                                                          : v;
}
