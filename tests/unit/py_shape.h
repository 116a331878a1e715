/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* For tests of the Python front end: the stream of a source as text without offsets, module brackets
 * left out: one instruction a line, each behind its id. */
#include "engine/ir/ir.h"
#include "ir_check.h"
#include "tap.h"

#ifndef SHAPE_FRONT
#define SHAPE_FRONT tw_front_python
#endif

typedef struct shape {
    tw_arena *a;
    tw_ir ir;
    tw_str text;
} shape;

static shape shape_lim(tw_str src, const tw_limits *lim)
{
    shape s = {.a = tw_arena_new(0)};
    SHAPE_FRONT.lower(s.a, src, lim, &s.ir);
    const char *wrong = ir_wrong(&s.ir);
    if (wrong) fprintf(stderr, "%s\n", wrong), tw_failed_in_test_++;
    tw_buf out = TW_BUF_INIT, kept = TW_BUF_INIT;
    tw_ir_dump(&s.ir, &out);
    tw_str rest = tw_buf_str(&out), line;
    while (tw_str_split(&rest, '\n', &line)) {
        size_t at = tw_str_find(line, TW_S("  @"));
        if (at == TW_NPOS || tw_str_starts(line, TW_S("finding"))) continue;
        line = tw_str_trim(tw_str_sub(line, 0, at));
        if (tw_str_find(line, TW_S(" enter module")) != TW_NPOS ||
            tw_str_find(line, TW_S(" leave module")) != TW_NPOS)
            continue;
        /* "12   call" -> "12 call" */
        size_t sp = tw_str_chr(line, ' ');
        tw_buf_puts(&kept, tw_str_sub(line, 0, sp));
        tw_buf_putc(&kept, ' ');
        tw_buf_puts(&kept, tw_str_trim(tw_str_sub(line, sp, line.n)));
        tw_buf_putc(&kept, '\n');
    }
    s.text = tw_arena_str(s.a, tw_buf_str(&kept));
    tw_buf_free(&out);
    tw_buf_free(&kept);
    return s;
}

static inline shape shape_of(tw_str src)
{
    tw_limits lim = tw_limits_default();
    return shape_lim(src, &lim);
}

#define SHAPE(src, want)                \
    do {                                \
        shape s_ = shape_of(TW_S(src)); \
        CHECK_STR(s_.text, TW_S(want)); \
        tw_arena_free(s_.a);            \
    } while (0)

/* The instructions of one op. */
static inline uint32_t count_op(const tw_ir *ir, tw_op op)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < ir->insns.n; i++) n += ir->insns.v[i].op == op;
    return n;
}
static inline const tw_insn *nth_op(const tw_ir *ir, tw_op op, uint32_t nth)
{
    for (uint32_t i = 1; i < ir->insns.n; i++)
        if (ir->insns.v[i].op == op && !nth--) return &ir->insns.v[i];
    return &ir->insns.v[0];
}
static inline tw_str text_of_op(const tw_ir *ir, tw_op op, uint32_t nth)
{
    return tw_ir_text(ir, nth_op(ir, op, nth)->a);
}
