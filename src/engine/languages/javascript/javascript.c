/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/javascript/js.h"
#include "engine/languages/text.h"

enum { FREE_TOKENS = 4096 };

/* While it grows the stream lives on the heap (an arena would keep every outgrown copy); the arena gets
 * it once, at its final size. */
void js_grow_insns(js *p)
{
    tw_ir *ir = p->ir;
    p->insn_mem.n = (size_t)ir->insns.n * sizeof(tw_insn);
    tw_buf_reserve(&p->insn_mem, 64 * sizeof(tw_insn));
    ir->insns.v = (tw_insn *)(void *)p->insn_mem.p;
    ir->insns.cap = (uint32_t)(p->insn_mem.cap / sizeof(tw_insn));
}

uint32_t js_args(js *p, const tw_arg *args, uint32_t n)
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

static void start(js *p)
{
    tw_ir *ir = p->ir;
    ir->insns.n = ir->insns.cap = ir->args.n = ir->args.cap = 0;
    ir->labels.n = 0;
    tw_buf_reserve(&p->insn_mem, (64 + p->n / 8) * sizeof(tw_insn));
    tw_buf_reserve(&p->arg_mem, (32 + p->n / 16) * sizeof(tw_arg));
    js_emit(p, TW_OP_NOP, 0, 0, 0, 0, 0, 0, 0); /* value 0: no value */
    js_args(p, &(tw_arg){0}, 1);                /* args 0: none */
    ir->args.v[0].value = 0;
    ir->args.n = 1;
    TW_RESERVE(p->tmp, p->frames, 64); /* so that pointers into these are never NULL */
    TW_RESERVE(p->tmp, p->items, 64);
    TW_RESERVE(p->tmp, p->params, 16);
    TW_RESERVE(p->tmp, p->targets, 16);
    TW_RESERVE(p->tmp, p->work, 16);
    TW_RESERVE(ir->arena, ir->params, 16);
    js_lex_init(p);
}

static void module(js *p)
{
    TW_PUSH(p->ir->arena, p->ir->scopes, (tw_scope){.kind = TW_REGION_MODULE, .len = p->n});
    uint32_t enter = js_scope_enter(p, 0, 0);
    js_open(p, F_MODULE, enter, 0);
    js_next(p);
    js_run(p);
    if (p->pos < p->n) { /* the token allowance is used up */
        js_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->pos, p->n);
        p->ir->flags |= TW_IRF_TRUNCATED;
    }
    js_leave(p, enter, p->n);
}

static void finish(js *p)
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
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir, tw_lang lang)
{
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    tw_str src = js_source(a, bytes);
    size_t all = src.n;
    if (src.n > cap) src.n = cap;
    if (!src.p) src.p = "";
    tw_ir_init(ir, a, lang, src);
    tw_arena *tmp = tw_arena_new(0);
    js *p = TW_NEW(tmp, js);
    uint8_t *copy = tw_heap_grow(NULL, src.n + JS_PAD);
    memcpy(copy, src.p, src.n);
    memset(copy + src.n, 0, JS_PAD);
    p->ir = ir, p->tmp = tmp, p->lim = lim, p->s = copy, p->n = (uint32_t)src.n;
    p->ts = lang != TW_LANG_JAVASCRIPT, p->jsx = lang != TW_LANG_TYPESCRIPT;
    p->far_right = p->last_error = UINT32_MAX;
    p->ahead_left = 4096 + 4ull * src.n;
    uint64_t tokens = FREE_TOKENS + src.n / 1024 * lim->tokens_per_kb + lim->tokens_per_kb;
    p->tokens_left = tokens;
    start(p);
    module(p);
    ir->tokens = tokens - p->tokens_left;
    if (src.n < all) {
        uint32_t end = all < UINT32_MAX ? (uint32_t)all : UINT32_MAX;
        js_emit(p, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, p->n, end);
        ir->flags |= TW_IRF_TRUNCATED;
    }
    tw_text_facts(ir, p->far_right);
    js_name_blocks(p);
    finish(p);
    tw_heap_free(copy);
    tw_arena_free(tmp);
}

static void lower_js(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    lower(a, bytes, lim, ir, TW_LANG_JAVASCRIPT);
}
static void lower_ts(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    lower(a, bytes, lim, ir, TW_LANG_TYPESCRIPT);
}
static void lower_tsx(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    lower(a, bytes, lim, ir, TW_LANG_TSX);
}

const tw_front_end tw_front_javascript = {TW_LANG_JAVASCRIPT, 3, lower_js};
const tw_front_end tw_front_typescript = {TW_LANG_TYPESCRIPT, 3, lower_ts};
const tw_front_end tw_front_tsx = {TW_LANG_TSX, 3, lower_tsx};
