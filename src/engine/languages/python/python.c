/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"

enum { FREE_TOKENS = 4096 };

/* While it grows the stream lives on the heap (an arena would keep every outgrown copy); the arena gets
 * it once, at its final size. */
void py_grow_insns(py *p)
{
    tw_ir *ir = p->ir;
    p->insn_mem.n = (size_t)ir->insns.n * sizeof(tw_insn);
    tw_buf_reserve(&p->insn_mem, 64 * sizeof(tw_insn));
    ir->insns.v = (tw_insn *)(void *)p->insn_mem.p;
    ir->insns.cap = (uint32_t)(p->insn_mem.cap / sizeof(tw_insn));
}

uint32_t py_args(py *p, const tw_arg *args, uint32_t n)
{
    tw_ir *ir = p->ir;
    if (!n) return 0;
    if (ir->args.cap - ir->args.n <= n) {
        p->arg_mem.n = (size_t)ir->args.n * sizeof(tw_arg);
        tw_buf_reserve(&p->arg_mem, ((size_t)n + 32) * sizeof(tw_arg));
        ir->args.v = (tw_arg *)(void *)p->arg_mem.p;
        ir->args.cap = (uint32_t)(p->arg_mem.cap / sizeof(tw_arg));
    }
    uint32_t at = ir->args.n;
    ir->args.v[at] = (tw_arg){n, 0};
    memcpy(ir->args.v + at + 1, args, n * sizeof *args);
    ir->args.n = at + 1 + n;
    return at;
}

static void start(py *p)
{
    tw_ir *ir = p->ir;
    ir->insns.n = ir->insns.cap = ir->args.n = ir->args.cap = 0;
    tw_buf_reserve(&p->insn_mem, (64 + p->n / 16) * sizeof(tw_insn));
    tw_buf_reserve(&p->arg_mem, (32 + p->n / 32) * sizeof(tw_arg));
    py_emit(p, TW_OP_NOP, 0, 0, 0, 0, 0, 0, 0); /* value 0: no value */
    py_args(p, &(tw_arg){0}, 1);                /* args 0: none */
    ir->args.v[0].value = 0;
    ir->args.n = 1;
    TW_RESERVE(p->tmp, p->items, 64); /* so that pointers into these are never NULL */
    TW_RESERVE(p->tmp, p->params, 16);
    TW_RESERVE(p->tmp, p->defaults, 16);
    py_lex_init(p);
}

static void finish(py *p)
{
    tw_ir *ir = p->ir;
    tw_insn *insns = tw_arena_calloc(ir->arena, ir->insns.n, sizeof(tw_insn));
    tw_arg *args = tw_arena_calloc(ir->arena, ir->args.n, sizeof(tw_arg));
    memcpy(insns, ir->insns.v, ir->insns.n * sizeof(tw_insn));
    memcpy(args, ir->args.v, ir->args.n * sizeof(tw_arg));
    ir->insns.v = insns, ir->insns.cap = ir->insns.n;
    ir->args.v = args, ir->args.cap = ir->args.n;
    tw_buf_free(&p->insn_mem);
    tw_buf_free(&p->arg_mem);
    tw_buf_free(&p->lit);
    tw_buf_free(&p->lit2);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    bool bad_codec;
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    tw_str src = py_source(a, bytes, &bad_codec);
    size_t all = src.n;
    if (src.n > cap) src.n = cap;
    if (!src.p) src.p = "";
    tw_ir_init(ir, a, TW_LANG_PYTHON, src);
    tw_arena *tmp = tw_arena_new(0);
    py *p = TW_NEW(tmp, py);
    *p = (py){.ir = ir,
              .tmp = tmp,
              .lim = lim,
              .s = (const uint8_t *)src.p,
              .n = (uint32_t)src.n,
              .far_right = UINT32_MAX,
              .ahead_left = 4096 + 4ull * src.n};
    p->tokens_left = FREE_TOKENS + src.n / 1024 * lim->tokens_per_kb + lim->tokens_per_kb;
    if (tw_str_starts(src, TW_S("\xEF\xBB\xBF"))) p->pos = 3;
    start(p);
    if (bad_codec) py_emit(p, TW_OP_OPAQUE, TW_GAP_SYNTAX, 0, 0, 0, 0, 0, p->n);
    py_module(p);
    if (src.n < all) {
        uint32_t end = all < UINT32_MAX ? (uint32_t)all : UINT32_MAX;
        py_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->n, end);
        ir->flags |= TW_IRF_TRUNCATED;
    }
    py_text_facts(p);
    finish(p);
    tw_arena_free(tmp);
}

const tw_front_end tw_front_python = {TW_LANG_PYTHON, 2, lower};
