/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"

enum { FREE_TOKENS = 4096 };

/* Exactly `extra` more; TW_RESERVE at least doubles. */
#define py_reserve(a, vec, extra)                                                                  \
    do {                                                                                           \
        size_t to_ = (size_t)(vec).n + (extra), item_ = sizeof *(vec).v;                           \
        (vec).v = tw_arena_grow((a), (vec).v, (vec).cap * item_, to_ * item_);                     \
        (vec).cap = (uint32_t)to_;                                                                 \
    } while (0)

/* Vectors of an arena leave their old copies behind: better to guess once than to double often. */
static size_t guess(const py *p, uint32_t n, size_t more)
{
    uint64_t pos = p->pos > p->n / 16 ? p->pos : p->n / 16;
    uint64_t all = pos ? (uint64_t)n * p->n / pos : n;
    uint64_t cap = all + all / 16 + 64;
    if (cap < n + n / 8) cap = n + n / 8;
    return cap > n + more ? cap - n : more;
}

void py_grow_insns(py *p)
{
    tw_ir *ir = p->ir;
    size_t extra = guess(p, ir->insns.n, 1);
    py_reserve(ir->arena, ir->insns, extra);
}

uint32_t py_args(py *p, const tw_arg *args, uint32_t n)
{
    tw_ir *ir = p->ir;
    if (ir->args.cap - ir->args.n <= n) py_reserve(ir->arena, ir->args, guess(p, ir->args.n, (size_t)n + 1));
    return tw_ir_args(ir, args, n);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    bool bad_codec;
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    tw_str src = py_source(a, bytes, &bad_codec);
    size_t all = src.n;
    if (src.n > cap) src.n = cap;
    tw_ir_init(ir, a, TW_LANG_PYTHON, src);
    tw_arena *tmp = tw_arena_new(0);
    py *p = TW_NEW(tmp, py);
    *p = (py){.ir = ir, .tmp = tmp, .lim = lim, .s = (const uint8_t *)src.p, .n = (uint32_t)src.n,
              .far_right = UINT32_MAX, .ahead_left = 4096 + 4ull * src.n};
    p->tokens_left = FREE_TOKENS + src.n / 1024 * lim->tokens_per_kb + lim->tokens_per_kb;
    if (tw_str_starts(src, TW_S("\xEF\xBB\xBF"))) p->pos = 3;
    py_lex_init(p);
    if (bad_codec) py_emit(p, TW_OP_OPAQUE, TW_GAP_SYNTAX, 0, 0, 0, 0, 0, p->n);
    py_module(p);
    if (src.n < all) {
        uint32_t end = all < UINT32_MAX ? (uint32_t)all : UINT32_MAX;
        py_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->n, end);
        ir->flags |= TW_IRF_TRUNCATED;
    }
    py_text_facts(p);
    tw_buf_free(&p->lit);
    tw_buf_free(&p->lit2);
    tw_arena_free(tmp);
}

const tw_front_end tw_front_python = {TW_LANG_PYTHON, 1, lower};
