/* SPDX-License-Identifier: Apache-2.0 */
/* Other ways to write the same, told from the instructions alone: JavaScript's a["name"] is a.name, and an element of a
 * literal that is made to be indexed at once is what stands there. */
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

/* [f][0], {k: f}.k, (None, f)[1]: the element of a literal that is made for this alone; 0 none. */
static uint32_t element(const tw_ir *ir, const tw_insn *in, tw_buf *b)
{
    bool member = in->op == TW_OP_MEMBER;
    if ((!member && in->op != TW_OP_INDEX) || in->flags & (TW_IF_UNPACK | TW_IF_SLICE)) return 0;
    const tw_insn *of = &ir->insns.v[in->a], *key = member ? NULL : &ir->insns.v[in->b];
    bool map = of->op == TW_OP_MAP,
         seq = of->op == TW_OP_SEQ && of->kind != TW_SEQ_SET && of->kind != TW_SEQ_SLICE;
    uint32_t n = (map || seq) && of->c ? ir->args.v[of->c].value : 0, found = 0;
    tw_str name, other;
    uint64_t at = 0;
    if (!n || n > MOST_PARTS || (member && tw_lang_family(ir->lang) != TW_LANG_JAVASCRIPT)) return 0;
    const tw_arg *args = &ir->args.v[of->c + 1];
    for (uint32_t i = 0; i < n; i++)
        if (args[i].name || !args[i].value) return 0;
    if (seq) {
        bool number = key && key->op == TW_OP_CONST && key->kind == TW_CONST_INT;
        if (!number || !tw_str_u64(tw_intern_str(&ir->strings, key->a), &at) || at >= n) return 0;
        return args[at].value;
    }
    if (!map) return 0;
    if (member)
        name = tw_intern_str(&ir->strings, in->b);
    else if (!key_text(ir, in->b, b, &name))
        return 0;
    for (uint32_t i = 0; i + 1 < n; i += 2) {
        const tw_insn *k = &ir->insns.v[args[i].value];
        if (k->op != TW_OP_CONST || k->kind != TW_CONST_STR) return 0;
        other = tw_intern_str(&ir->strings, k->a);
        if (tw_str_eq(other, TW_S("__proto__"))) return 0;
        if (tw_str_eq(other, name)) found = args[i + 1].value;
    }
    return found && ir->insns.v[found].op != TW_OP_FUNC ? found : 0; /* a function may be a getter */
}

/* Python: the sum of texts in getattr(d, "it" + "ems"); 0 none. */
static uint32_t asked_sum(const tw_ir *ir, const tw_insn *in, tw_buf *b, tw_str *ret)
{
    if (in->op != TW_OP_CALL || !in->c || ir->args.v[in->c].value < 2) return 0;
    const tw_insn *f = &ir->insns.v[in->a];
    uint32_t key = ir->args.v[in->c + 2].value;
    bool asks = f->op == TW_OP_READ && tw_str_eq(tw_intern_str(&ir->strings, f->a), TW_S("getattr"));
    return asks && key && ir->insns.v[key].op == TW_OP_OP && key_text(ir, key, b, ret) && is_name(*ret) ? key
                                                                                                        : 0;
}

static void reroute(const tw_ir *from, tw_ir *to, tw_insn *in, const uint32_t *instead)
{
    const uint8_t *fields = tw_op_fields((tw_op)in->op);
    if (fields[0] == TW_FIELD_VALUE) in->a = instead[in->a];
    if (fields[1] == TW_FIELD_VALUE) in->b = instead[in->b];
    if (fields[2] == TW_FIELD_VALUE) in->c = instead[in->c];
    uint32_t n = fields[2] == TW_FIELD_ARGS && in->c ? from->args.v[in->c].value : 0;
    for (uint32_t i = 1; i <= n; i++) to->args.v[in->c + i].value = instead[from->args.v[in->c + i].value];
}

static tw_ir *copy_of(tw_arena *tmp, const tw_ir *ir)
{
    tw_ir *copy = TW_NEW(tmp, tw_ir);
    *copy = *ir;
    tw_intern_fork(&copy->strings, &ir->strings, tmp);
    copy->insns.v = tw_arena_raw(tmp, (size_t)ir->insns.n * sizeof(tw_insn));
    memcpy(copy->insns.v, ir->insns.v, (size_t)ir->insns.n * sizeof(tw_insn));
    copy->args.v = tw_arena_raw(tmp, (size_t)ir->args.n * sizeof(tw_arg) + 1);
    if (ir->args.n) memcpy(copy->args.v, ir->args.v, (size_t)ir->args.n * sizeof(tw_arg));
    return copy;
}

const tw_ir *ev_plain(tw_arena *tmp, const tw_ir *ir)
{
    uint32_t n = ir->insns.n, first = 1;
    bool js = tw_lang_family(ir->lang) == TW_LANG_JAVASCRIPT;
    tw_buf b = TW_BUF_INIT;
    tw_str name;
    while (first < n && !(js && plain(ir, &ir->insns.v[first], &b, &name)) &&
           !element(ir, &ir->insns.v[first], &b) && !(!js && asked_sum(ir, &ir->insns.v[first], &b, &name)))
        first++;
    if (first >= n) {
        tw_buf_free(&b);
        return ir;
    }
    tw_ir *copy = copy_of(tmp, ir);
    uint32_t *instead = tw_arena_raw(tmp, (size_t)n * sizeof *instead);
    for (uint32_t i = 0; i < n; i++) instead[i] = i;
    for (uint32_t i = first; i < n; i++) {
        tw_insn *in = &copy->insns.v[i];
        uint32_t picked = element(ir, &ir->insns.v[i], &b);
        reroute(ir, copy, in, instead);
        if (picked) instead[i] = instead[picked];
        uint32_t sum = js ? 0 : asked_sum(ir, &ir->insns.v[i], &b, &name);
        if (sum) {
            tw_insn *key = &copy->insns.v[sum];
            *key = (tw_insn){.op = TW_OP_CONST,
                             .kind = TW_CONST_STR,
                             .a = tw_intern(&copy->strings, name),
                             .off = key->off,
                             .len = key->len};
        }
        if (picked || !js || !plain(ir, &ir->insns.v[i], &b, &name)) continue;
        in->b = tw_intern(&copy->strings, name);
        in->op = in->op == TW_OP_INDEX ? TW_OP_MEMBER : TW_OP_SETMEMBER;
    }
    tw_buf_free(&b);
    return copy;
}
