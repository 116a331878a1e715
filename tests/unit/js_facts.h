/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a source says, in one line: calls as `a.b()`, texts as 'x', imports as <m.name>, in the order of the
 * stream. The expected lines were held against the TypeScript compiler (tests/javascript does it on files). */
#include "js_shape.h"

static void put_callee(const tw_ir *ir, tw_buf *out, uint32_t v)
{
    tw_str parts[16];
    unsigned n = 0;
    for (; n < 16 && ir->insns.v[v].op == TW_OP_MEMBER; v = ir->insns.v[v].a)
        parts[n++] = tw_ir_text(ir, ir->insns.v[v].b);
    tw_buf_puts(out, ir->insns.v[v].op == TW_OP_READ ? tw_ir_text(ir, ir->insns.v[v].a) : TW_S("?"));
    while (n) tw_buf_putc(out, '.'), tw_buf_puts(out, parts[--n]);
}

static void put_fact(const tw_ir *ir, tw_buf *out, const tw_insn *x)
{
    if (x->op == TW_OP_CALL) {
        put_callee(ir, out, x->a);
        tw_buf_puts(out, TW_S("() "));
    } else if (x->op == TW_OP_CONST && x->kind == TW_CONST_STR) {
        tw_buf_fmt(out, "'%.*s' ", TW_FMT(tw_ir_text(ir, x->a)));
    } else if (x->op == TW_OP_IMPORT) {
        tw_str name = tw_ir_text(ir, x->b);
        if (x->flags & TW_IF_STAR) name = TW_S("*");
        tw_buf_fmt(out, "<%.*s%s%.*s> ", TW_FMT(tw_ir_text(ir, x->a)), name.n ? "." : "", TW_FMT(name));
    } else if (x->op == TW_OP_OPAQUE) {
        tw_buf_puts(out, TW_S("OPAQUE "));
    }
}

typedef struct facts_row {
    const char *source, *facts;
} facts_row;

static void check_facts(const tw_front_end *front, const facts_row *rows, size_t n)
{
    js_front = front;
    for (size_t i = 0; i < n; i++) {
        shape s = shape_of(tw_str_c(rows[i].source));
        tw_buf out = {.limit = 1 << 16};
        for (uint32_t k = 0; k < s.ir.insns.n; k++) put_fact(&s.ir, &out, &s.ir.insns.v[k]);
        if (out.n) out.n--;
        if (ir_wrong(&s.ir) || !tw_str_eq(tw_buf_str(&out), tw_str_c(rows[i].facts))) {
            fprintf(stderr, "%s\n  is  %.*s\n  not %s\n", rows[i].source, TW_FMT(tw_buf_str(&out)),
                    rows[i].facts);
            tw_failed_in_test_++;
        }
        tw_buf_free(&out);
        tw_arena_free(s.a);
    }
    js_front = &tw_front_javascript;
}

/* open repeated, middle, close repeated, then a call of last(): the stream is whole, and the work is counted. */
typedef struct deep_row {
    const char *pre, *open, *middle, *close, *post;
} deep_row;

static void check_deep(const tw_front_end *front, const deep_row *rows, size_t n_rows, uint32_t n)
{
    for (size_t i = 0; i < n_rows; i++) {
        const deep_row *r = &rows[i];
        tw_arena *a = tw_arena_new(0);
        tw_limits lim = tw_limits_default();
        tw_buf src = {0};
        tw_buf_puts(&src, tw_str_c(r->pre));
        for (uint32_t k = 0; k < n; k++) tw_buf_puts(&src, tw_str_c(r->open));
        tw_buf_puts(&src, tw_str_c(r->middle));
        for (uint32_t k = 0; k < n; k++) tw_buf_puts(&src, tw_str_c(r->close));
        tw_buf_puts(&src, tw_str_c(r->post));
        tw_buf_puts(&src, TW_S("\n;last()\n"));
        tw_ir ir;
        front->lower(a, tw_buf_str(&src), &lim, &ir);
        const char *wrong = ir_wrong(&ir);
        bool last = false;
        for (uint32_t k = 0; k < ir.insns.n; k++) {
            const tw_insn *x = &ir.insns.v[k];
            last |= x->op == TW_OP_CALL && tw_str_eq(tw_ir_text(&ir, ir.insns.v[x->a].a), TW_S("last"));
            last |= x->op == TW_OP_OPAQUE;
        }
        bool costly = ir.tokens > 4096 + 12 * (uint64_t)src.n;
        if (wrong || !last || costly) {
            fprintf(stderr, "%s%s: %s, last %d, %llu tokens of %zu bytes\n", r->pre, r->open,
                    wrong ? wrong : "", last, (unsigned long long)ir.tokens, src.n);
            tw_failed_in_test_++;
        }
        tw_buf_free(&src);
        tw_arena_free(a);
    }
}
