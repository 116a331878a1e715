/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of JavaScript over objects of the machine. */
#include "engine/record/machine_method.h"

static bool is_position(const ev *e, uint32_t key)
{
    tw_str s = tw_intern_str(&e->mc->keys, key);
    bool fine = s.n > 1 && s.n < 10 && (s.n == 2 || s.p[1] != '0');
    for (size_t i = 1; fine && i < s.n; i++) fine = s.p[i] >= '0' && s.p[i] <= '9';
    return fine;
}

static int by_position(const tw_str *a, const tw_str *b)
{
    return a->n != b->n ? (a->n < b->n ? -1 : 1) : tw_str_cmp(*a, *b);
}

/* Indexes of the entries in the order that the language goes over them: numbers first. all: the hidden ones too. */
static uint32_t *ordered(ev *e, uint32_t o, bool all, uint32_t *ret_n)
{
    uint32_t n = mc_obj_at(e, o)->props.n, *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1), count = 0, numbers;
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        const mc_prop *p = &mc_obj_at(e, o)->props.v[i];
        if ((!all && mc_is_hidden(e, p->val)) || !is_position(e, p->key)) continue;
        uint32_t at = count++;
        tw_str s = tw_intern_str(&e->mc->keys, p->key);
        for (; at && mc_tick(e, 1); at--) {
            tw_str t = tw_intern_str(&e->mc->keys, mc_obj_at(e, o)->props.v[v[at - 1]].key);
            if (by_position(&t, &s) < 0) break;
            v[at] = v[at - 1];
        }
        v[at] = i;
    }
    numbers = count;
    for (uint32_t i = 0; i < n; i++) {
        const mc_prop *p = &mc_obj_at(e, o)->props.v[i];
        tw_str s = tw_intern_str(&e->mc->keys, p->key);
        if (!s.n || s.p[0] != 's' || (!all && mc_is_hidden(e, p->val)) || (numbers && is_position(e, p->key)))
            continue;
        v[count++] = i;
    }
    *ret_n = count;
    return v;
}

/* what: 0 keys, 1 values, 2 pairs; 4: keys, the hidden ones too. */
static uint32_t own(ev *e, const mc_args *a, int what, uint32_t *ret)
{
    uint32_t o = a->n ? mc_ref(e, a->v[0]) : TW_NONE, base = e->stack.n, n, list;
    bool all = what == 4;
    if (all) what = 0;
    if (o == TW_NONE && a->n && ev_is_const(e, a->v[0]) && mc_kind_name(e, a->v[0]).n && !all) {
        if (!mc_iterate(e, a->v[0], &list)) return 0;
        o = list;
    }
    if (o == TW_NONE || !mc_known(e, o) || mc_obj_at(e, o)->flags & MCO_MAYBE) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    bool entries = x->kind == MC_MAP && x->how & 1;
    if (entries || x->kind == MC_SET || x->kind == MC_BOUND ||
        (x->kind == MC_LIST && x->how >= MC_BYTES && all))
        return 0;
    for (uint32_t i = 0; x->kind == MC_LIST && i < mc_obj_at(e, o)->items.n && mc_tick(e, 1); i++) {
        if (!mc_obj_at(e, o)->items.v[i]) continue;
        uint32_t key = ev_folded(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "%u", i), 0);
        uint32_t pair[2] = {key, mc_obj_at(e, o)->items.v[i]};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, TW_SEQ_ARRAY) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    if (all && mc_obj_at(e, o)->kind == MC_LIST) return e->stack.n = base, 0;
    uint32_t *order = ordered(e, o, all, &n);
    for (uint32_t i = 0; i < n && mc_tick(e, 1) && order[i] < mc_obj_at(e, o)->props.n; i++) {
        mc_prop p = mc_obj_at(e, o)->props.v[order[i]];
        uint32_t pair[2] = {p.name, what ? mc_resolve_slot(e, p.val, a->v[0]) : p.name};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, TW_SEQ_ARRAY) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    *ret = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY);
    e->stack.n = base;
    return R_NORMAL;
}

uint32_t mc_b_own_names(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 4, ret);
}

/* What `for (k in o)` goes over: what prototypes hold besides is not looked for. */
uint32_t mc_js_keys_in(ev *e, uint32_t v)
{
    uint32_t ret = e->mc->unknown, o = mc_ref(e, v), up = o == TW_NONE ? 0 : mc_proto(e, v), at = up;
    mc_args a = {&v, NULL, 1, false};
    if (e->mc->patched.n) return ret;
    for (unsigned i = 0; i < 16 && mc_is_ref(e, at); i++, at = mc_proto(e, at))
        for (uint32_t k = 0; k < mc_obj_at(e, mc_ref(e, at))->props.n && mc_tick(e, 1); k++)
            if (!mc_is_hidden(e, mc_obj_at(e, mc_ref(e, at))->props.v[k].val)) return ret;
    if (at && at != e->mc->none) return ret;
    return own(e, &a, 0, &ret) ? ret : e->mc->unknown;
}

uint32_t mc_b_own_keys(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 0, ret);
}
uint32_t mc_b_own_values(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 1, ret);
}
uint32_t mc_b_own_entries(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 2, ret);
}

uint32_t mc_b_array(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t n;
    if (a->n != 1 || mc_is_ref(e, a->v[0])) return *ret = mc_list(e, a->v, a->n, TW_SEQ_ARRAY), R_NORMAL;
    if (!ev_get_int(e, a->v[0], &n) || ev_at(e, a->v[0])->kind != TW_VAL_INT || n < 0 || n > 1 << 20 ||
        !mc_tick(e, (uint64_t)n))
        return 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++) v[i] = 0; /* holes */
    *ret = mc_list(e, v, (uint32_t)n, TW_SEQ_ARRAY);
    return R_NORMAL;
}

uint32_t mc_b_octets(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t n = 0, x;
    uint32_t *v = NULL, count = 0;
    if (a->n != 1) return 0;
    if (!mc_is_ref(e, a->v[0]) && ev_get_int(e, a->v[0], &n)) {
        if (n < 0 || n > 1 << 20 || !mc_tick(e, (uint64_t)n)) return 0;
        count = (uint32_t)n, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0, zero = ev_int(e, 0); i < count; i++) v[i] = zero;
    } else {
        if (!mc_is_ref(e, a->v[0]) || !mc_take(e, a->v[0], &v, &count)) return 0;
        for (uint32_t i = 0; i < count; i++) {
            if (mc_is_ref(e, v[i]) || !ev_get_int(e, v[i], &x)) return 0;
            v[i] = ev_int(e, x & 255);
        }
    }
    *ret = mc_list(e, v, count, MC_OCTETS);
    return R_NORMAL;
}

uint32_t mc_b_u8(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t how = mc_b_octets(e, a, ret);
    if (how == R_NORMAL && mc_is_ref(e, *ret)) mc_obj_at(e, mc_ref(e, *ret))->how = MC_U8;
    return how;
}

uint32_t mc_b_array_from(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v = NULL, n = 0, o = a->n ? mc_ref(e, a->v[0]) : TW_NONE;
    int64_t length;
    if (a->n < 1 || a->n > 2) return 0;
    if (o != TW_NONE && mc_obj_at(e, o)->kind == MC_MAP && mc_known(e, o) &&
        mc_obj_at(e, o)->props.n == 1) { /* {length: n} */
        uint32_t l = mc_get(e, o, mc_key_of(e, TW_S("length")));
        if (!l || mc_is_ref(e, l) || !ev_get_int(e, l, &length) || length < 0 || length > 1 << 20 ||
            !mc_tick(e, (uint64_t)length))
            return 0;
        n = (uint32_t)length, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0; i < n; i++) v[i] = e->mc->undefined;
    } else if (!mc_take(e, a->v[0], &v, &n)) {
        return 0;
    }
    *ret = mc_list(e, v, n, TW_SEQ_ARRAY);
    if (a->n == 1 || !mc_is_ref(e, *ret)) return R_NORMAL;
    mc_args f = {a->v + 1, NULL, 1, false};
    return mc_of_list(e, &f, mc_ref(e, *ret), mc_do_map, ret);
}

uint32_t mc_b_assign(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!a->n || !(mc_is(e, a->v[0], MC_MAP) || mc_is(e, a->v[0], MC_INSTANCE))) return 0;
    uint32_t to = mc_ref(e, a->v[0]);
    for (uint32_t i = 1; i < a->n; i++) {
        if (!mc_is_ref(e, a->v[i]) && ev_at(e, a->v[i])->kind == TW_VAL_NULL_) continue;
        if (mc_obj_at(e, to)->env || !mc_spread_into(e, to, a->v[i])) return 0;
    }
    *ret = a->v[0];
    return R_NORMAL;
}

uint32_t mc_b_require(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    if (a->n != 1 || mc_is_ref(e, a->v[0]) || ev_at(e, a->v[0])->kind == TW_VAL_SYMBOL ||
        !ev_is_const(e, a->v[0]) || !ev_text(e, a->v[0], &s))
        return 0;
    *ret = ev_js_module(e, s);
    return R_NORMAL;
}

/* parseInt of what is no number. */
uint32_t mc_b_parse_int(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    if (a->n < 1 || a->n > 2 || mc_is_ref(e, a->v[0]) || !ev_is_const(e, a->v[0])) return 0;
    uint32_t text = mc_text(e, a->v[0]);
    if (!text || !ev_text(e, text, &s)) return 0;
    s = tw_str_trim(s);
    if (s.n && (s.p[0] == '-' || s.p[0] == '+')) s = tw_str_sub(s, 1, s.n);
    while (s.n > 1 && (unsigned char)s.p[0] == 0xC2 && (unsigned char)s.p[1] == 0xA0)
        s = tw_str_sub(s, 2, s.n);
    unsigned char c = s.n ? (unsigned char)s.p[0] : 0;
    bool digit = c >= '0' && c <= '9',
         blank = c == '\v' || c == '\f' || (c >= 0xE1 && c <= 0xE3) || c == 0xEF; /* or may be */
    if (digit || a->n > 1 || blank) return 0;
    *ret = mc_number(e, __builtin_nan(""));
    return R_NORMAL;
}
