/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/languages/python/py.h"
#include "engine/languages/text.h"

enum { FREE_TOKENS = 4096 };

/* While they grow the stream and its arguments live on the heap, where growing moves pages and copies
 * nothing; the arena takes them over at their final size. */
static void *grow(void *v, uint32_t *cap, size_t item, uint64_t need)
{
    uint64_t to = *cap + *cap / 2 + 64;
    if (to < need) to = need;
    if (to > UINT32_MAX) abort(); /* source_bytes keeps an input from getting there */
    *cap = (uint32_t)to;
    return tw_heap_grow(v, to * item);
}

void py_grow_insns(py *p)
{
    p->ir->insns.v = grow(p->ir->insns.v, &p->ir->insns.cap, sizeof(tw_insn), 0);
}

void py_grow_items(py *p)
{
    p->items.v = grow(p->items.v, &p->items.cap, sizeof(tw_arg), 0);
}

uint32_t py_args(py *p, const tw_arg *args, uint32_t n)
{
    tw_ir *ir = p->ir;
    if (!n) return 0;
    if (ir->args.cap - ir->args.n <= n)
        ir->args.v = grow(ir->args.v, &ir->args.cap, sizeof(tw_arg), (uint64_t)ir->args.n + n + 1);
    uint32_t at = ir->args.n;
    ir->args.v[at] = (tw_arg){n, 0};
    memcpy(ir->args.v + at + 1, args, n * sizeof *args);
    ir->args.n = at + 1 + n;
    return at;
}

static py *begin(tw_arena *tmp, tw_ir *ir, const tw_limits *lim, bool py2)
{
    py *p = TW_NEW(tmp, py);
    tw_str src = ir->source;
    *p = (py){.ir = ir,
              .tmp = tmp,
              .lim = lim,
              .s = (const uint8_t *)src.p,
              .n = (uint32_t)src.n,
              .py2 = py2,
              .far_right = UINT32_MAX,
              .ahead_left = 4096 + 4ull * src.n};
    p->tokens_left = FREE_TOKENS + src.n / 1024 * lim->tokens_per_kb + lim->tokens_per_kb;
    if (tw_str_starts(src, TW_S("\xEF\xBB\xBF"))) p->pos = 3;
    ir->insns.v = NULL, ir->insns.n = 0, ir->insns.cap = p->n / 16;
    ir->args.v = NULL, ir->args.n = 0, ir->args.cap = p->n / 32;
    py_grow_insns(p);
    ir->args.v = grow(NULL, &ir->args.cap, sizeof(tw_arg), 0);
    ir->scopes.n = ir->params.n = ir->findings.n = ir->flags = 0;
    ir->tokens = 0;
    py_emit(p, TW_OP_NOP, 0, 0, 0, 0, 0, 0, 0); /* value 0: no value */
    py_args(p, &(tw_arg){0}, 1);                /* args 0: none */
    ir->args.v[0].value = 0;
    ir->args.n = 1;
    py_grow_items(p);
    TW_RESERVE(tmp, p->params, 16); /* so that pointers into these are never NULL */
    TW_RESERVE(tmp, p->defaults, 16);
    py_lex_init(p);
    return p;
}

/* True where it has to be read again: Python 2 showed itself behind a print that could be either's. */
static bool module(tw_ir *ir, const tw_limits *lim, bool bad_codec, size_t all, bool py2)
{
    tw_arena *tmp = tw_arena_new(0);
    py *p = begin(tmp, ir, lim, py2);
    if (bad_codec) py_emit(p, TW_OP_OPAQUE, TW_GAP_SYNTAX, 0, 0, 0, 0, 0, p->n);
    py_module(p);
    if (all > p->n) {
        py_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->n,
                all < UINT32_MAX ? (uint32_t)all : UINT32_MAX);
        ir->flags |= TW_IRF_TRUNCATED;
    }
    bool again = !py2 && p->py2 && p->doubtful;
    if (again) {
        tw_heap_free(ir->insns.v);
        tw_heap_free(ir->args.v);
    } else {
        tw_text_facts(ir, p->far_right);
        ir->insns.v = tw_arena_take(ir->arena, ir->insns.v, ir->insns.n * sizeof(tw_insn));
        ir->args.v = tw_arena_take(ir->arena, ir->args.v, ir->args.n * sizeof(tw_arg));
        ir->insns.cap = ir->insns.n, ir->args.cap = ir->args.n;
    }
    tw_heap_free(p->items.v);
    tw_buf_free(&p->lit);
    tw_buf_free(&p->lit2);
    tw_arena_free(tmp);
    return again;
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
    if (module(ir, lim, bad_codec, all, false)) module(ir, lim, bad_codec, all, true);
}

const tw_front_end tw_front_python = {TW_LANG_PYTHON, 3, lower};
