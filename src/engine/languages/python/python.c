/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"

enum { FREE_TOKENS = 4096 };

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
    *p = (py){.ir = ir, .tmp = tmp, .lim = lim, .s = (const uint8_t *)src.p, .n = (uint32_t)src.n};
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
    tw_arena_free(tmp);
}

const tw_front_end tw_front_python = {TW_LANG_PYTHON, 1, lower};
