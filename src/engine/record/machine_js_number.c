/* SPDX-License-Identifier: Apache-2.0 */
/* Operators of JavaScript on integers, and the values of small integers and single letters, each of which is made once. */
#include "engine/record/machine_priv.h"

enum { INTS = 1 << 16, LETTERS = 1 << 8 };

uint32_t mc_int(ev *e, int64_t n)
{
    mc_machine *m = e->mc;
    if (n < 0 || n >= INTS) return ev_int(e, n);
    if (!m->ints) m->ints = TW_NEWN(e->tmp, uint32_t, INTS);
    if (!m->ints[n]) m->ints[n] = ev_int(e, n);
    return m->ints[n];
}

/* Of one unit below 256. */
uint32_t mc_letter(ev *e, uint32_t unit)
{
    mc_machine *m = e->mc;
    char text[2];
    size_t n = 0;
    if (unit >= LETTERS) return 0;
    if (!m->letters) m->letters = TW_NEWN(e->tmp, uint32_t, LETTERS);
    if (m->letters[unit]) return m->letters[unit];
    if (unit >= 0x80) text[n++] = (char)(0xC0 | unit >> 6);
    text[n++] = (char)(unit < 0x80 ? unit : 0x80 | (unit & 0x3F));
    uint32_t v = ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, tw_str_of(text, n)), 0);
    return m->letters[unit] = v;
}

static bool is_int(ev *e, uint32_t v, int64_t *ret)
{
    return ev_at(e, v)->kind == TW_VAL_INT && ev_get_int(e, v, ret) && *ret < (1LL << 52) &&
           *ret > -(1LL << 52);
}

static uint32_t one_letter(ev *e, char op, int64_t a, int64_t b)
{
    switch (op) {
    case '+': return mc_int(e, a + b);
    case '-': return mc_int(e, a - b);
    case '%': return b > 0 && a >= 0 ? mc_int(e, a % b) : 0;
    case '*': {
        bool fits = a < (1 << 25) && a > -(1 << 25) && b < (1 << 25) && b > -(1 << 25);
        return fits && a && b ? mc_int(e, a * b) : 0;
    }
    case '^': return mc_int(e, (int32_t)(uint32_t)a ^ (int32_t)(uint32_t)b);
    case '&': return mc_int(e, (int32_t)(uint32_t)a & (int32_t)(uint32_t)b);
    case '|': return mc_int(e, (int32_t)(uint32_t)a | (int32_t)(uint32_t)b);
    case '<': return a < b ? e->mc->yes : e->mc->no;
    case '>': return a > b ? e->mc->yes : e->mc->no;
    default: return 0;
    }
}

/* 0: not one of these. */
uint32_t mc_js_fast(ev *e, tw_str op, const uint32_t *v, uint32_t n)
{
    mc_machine *m = e->mc;
    int64_t a, b;
    if (n == 1 && op.n == 2 && (op.p[0] == '+' || op.p[0] == '-') && is_int(e, v[0], &a))
        return mc_int(e, op.p[0] == '+' ? a + 1 : a - 1);
    if (n != 2 || !is_int(e, v[0], &a) || !is_int(e, v[1], &b)) return 0;
    uint32_t by = (uint32_t)b & 31;
    if (op.n == 1) return one_letter(e, op.p[0], a, b);
    if (tw_str_eq(op, TW_S("===")) || tw_str_eq(op, TW_S("=="))) return a == b ? m->yes : m->no;
    if (tw_str_eq(op, TW_S("!==")) || tw_str_eq(op, TW_S("!="))) return a != b ? m->yes : m->no;
    if (tw_str_eq(op, TW_S("<="))) return a <= b ? m->yes : m->no;
    if (tw_str_eq(op, TW_S(">="))) return a >= b ? m->yes : m->no;
    if (tw_str_eq(op, TW_S(">>>"))) return mc_int(e, (uint32_t)a >> by);
    if (tw_str_eq(op, TW_S(">>"))) return mc_int(e, (int32_t)(uint32_t)a >> by);
    if (tw_str_eq(op, TW_S("<<"))) return mc_int(e, (int32_t)((uint32_t)a << by));
    return op.n == 2 && op.p[1] == '=' ? one_letter(e, op.p[0], a, b) : 0;
}
