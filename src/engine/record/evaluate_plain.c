/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript: a["name"] is a.name, whichever way it is written, read or stored. */
#include "engine/record/evaluate_priv.h"

enum { MOST_PARTS = 32 };

static bool is_name(tw_str s)
{
    if (!s.n || s.n > 64) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
        if (!letter && !(i && c >= '0' && c <= '9')) return false;
    }
    return true;
}

/* The text of a key: a literal, or a sum of literals; *b takes the sum. */
static bool key_text(const tw_ir *ir, uint32_t at, tw_buf *b, tw_str *ret)
{
    const tw_insn *key = &ir->insns.v[at];
    if (key->op == TW_OP_CONST && key->kind == TW_CONST_STR)
        return *ret = tw_intern_str(&ir->strings, key->a), true;
    if (key->op != TW_OP_OP || !key->c || !tw_str_eq(tw_intern_str(&ir->strings, key->a), TW_S("+")))
        return false;
    uint32_t n = ir->args.v[key->c].value;
    tw_buf_clear(b);
    for (uint32_t i = 1; i <= n && n <= MOST_PARTS; i++) {
        const tw_insn *part = &ir->insns.v[ir->args.v[key->c + i].value];
        if (part->op != TW_OP_CONST || part->kind != TW_CONST_STR) return false;
        tw_buf_puts(b, tw_intern_str(&ir->strings, part->a));
    }
    *ret = tw_buf_str(b);
    return true;
}

static bool plain(const tw_ir *ir, const tw_insn *in, tw_buf *b, tw_str *ret)
{
    if ((in->op != TW_OP_INDEX && in->op != TW_OP_SETINDEX) || in->flags & (TW_IF_UNPACK | TW_IF_SLICE))
        return false;
    return key_text(ir, in->b, b, ret) && is_name(*ret);
}

const tw_ir *ev_plain_members(tw_arena *tmp, const tw_ir *ir)
{
    uint32_t n = ir->insns.n, first = 0;
    tw_buf b = TW_BUF_INIT;
    tw_str name;
    while (first < n && !plain(ir, &ir->insns.v[first], &b, &name)) first++;
    if (first == n) {
        tw_buf_free(&b);
        return ir;
    }
    tw_ir *copy = TW_NEW(tmp, tw_ir);
    *copy = *ir;
    tw_intern_fork(&copy->strings, &ir->strings, tmp);
    copy->insns.v = TW_NEWN(tmp, tw_insn, n);
    memcpy(copy->insns.v, ir->insns.v, (size_t)n * sizeof(tw_insn));
    for (uint32_t i = first; i < n; i++) {
        tw_insn *in = &copy->insns.v[i];
        if (!plain(ir, &ir->insns.v[i], &b, &name)) continue;
        in->b = tw_intern(&copy->strings, name);
        in->op = in->op == TW_OP_INDEX ? TW_OP_MEMBER : TW_OP_SETMEMBER;
    }
    tw_buf_free(&b);
    return copy;
}
