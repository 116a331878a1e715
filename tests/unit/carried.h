/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a front end carries, as text: "[function] language: text" a line, "gap" for what it did not understand. */
#include "base/buf.h"
#include "ir_check.h"
#include "tap.h"

static inline tw_str carried_by(tw_arena *a, const tw_front_end *front, tw_str bytes, const tw_limits *lim)
{
    tw_ir *ir = TW_NEW(a, tw_ir);
    tw_buf out = TW_BUF_INIT;
    tw_str func = TW_S("");
    front->lower(a, bytes, lim, ir);
    const char *wrong = ir_wrong(ir);
    CHECK_STR(tw_str_c(wrong ? wrong : ""), TW_S(""));
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        const tw_insn *x = &ir->insns.v[i];
        if (x->op == TW_OP_BIND) func = tw_ir_text(ir, x->a);
        if (x->op == TW_OP_LEAVE) func = TW_S("");
        if (x->op == TW_OP_OPAQUE) tw_buf_fmt(&out, "gap %s\n", tw_gap_name(x->kind));
        if (x->op != TW_OP_EMBED) continue;
        if (func.n) tw_buf_fmt(&out, "[%.*s] ", TW_FMT(func));
        tw_buf_fmt(&out, "%.*s: %.*s\n", TW_FMT(tw_ir_text(ir, x->a)),
                   TW_FMT(tw_ir_text(ir, ir->insns.v[x->b].a)));
    }
    tw_str text = tw_arena_str(a, tw_buf_str(&out));
    tw_buf_free(&out);
    return text;
}

#define CARRIES(front, source, want)                                              \
    do {                                                                          \
        tw_arena *arena_ = tw_arena_new(0);                                       \
        tw_limits lim_ = tw_limits_default();                                     \
        CHECK_STR(carried_by(arena_, &(front), TW_S(source), &lim_), TW_S(want)); \
        tw_arena_free(arena_);                                                    \
    } while (0)
