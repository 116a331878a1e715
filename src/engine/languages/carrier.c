/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/carrier.h"

enum { MODULE_ENTER = 1, TEXTS_MAX = 256 };

bool tw_carry_begin(tw_ir *ir, tw_arena *a, tw_lang lang, tw_str *bytes, const tw_limits *lim)
{
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    bool whole = bytes->n <= cap;
    if (!bytes->p) *bytes = TW_S("");
    if (!whole) bytes->n = cap;
    tw_ir_init(ir, a, lang, *bytes);
    TW_PUSH(a, ir->scopes,
            (tw_scope){.kind = TW_REGION_MODULE, .enter = MODULE_ENTER, .len = (uint32_t)bytes->n});
    tw_ir_emit(ir, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0, 0, 0);
    return whole;
}

void tw_carry_end(tw_ir *ir, size_t all)
{
    if (all > ir->source.n) {
        tw_carry_opaque(ir, TW_GAP_LIMIT, ir->source.n, all - ir->source.n);
        ir->flags |= TW_IRF_TRUNCATED;
    }
    tw_ir_emit(ir, TW_OP_LEAVE, TW_REGION_MODULE, 0, MODULE_ENTER, 0, 0, (uint32_t)ir->source.n, 0);
}

void tw_carry_func(tw_ir *ir, tw_str name, uint32_t off, uint32_t len)
{
    uint32_t id = tw_intern(&ir->strings, name), scope = ir->scopes.n;
    TW_PUSH(ir->arena, ir->scopes,
            (tw_scope){.kind = TW_REGION_FUNCTION, .name = id, .off = off, .len = len});
    uint32_t v = tw_ir_emit(ir, TW_OP_FUNC, 0, 0, scope, 0, 0, off, len);
    tw_ir_emit(ir, TW_OP_BIND, TW_BIND_DEF, 0, id, v, 0, off, len);
    ir->scopes.v[scope].enter = tw_ir_emit(ir, TW_OP_ENTER, TW_REGION_FUNCTION, 0, 0, scope, 0, off, 0);
}

void tw_carry_func_end(tw_ir *ir, uint32_t end)
{
    uint32_t enter = ir->scopes.v[ir->scopes.n - 1].enter;
    tw_ir_emit(ir, TW_OP_LEAVE, TW_REGION_FUNCTION, 0, enter, 0, 0, end, 0);
}

void tw_carry_text(tw_ir *ir, tw_str language, tw_str text, uint64_t off, uint64_t len)
{
    if (ir->tokens++ >=
        TEXTS_MAX) { /* the file as a whole counts as unread then: any of them may be the one */
        if (!(ir->flags & TW_IRF_TRUNCATED)) tw_carry_opaque(ir, TW_GAP_LIMIT, 0, ir->source.n);
        ir->flags |= TW_IRF_TRUNCATED;
        return;
    }
    uint32_t at = off < ir->source.n ? (uint32_t)off : (uint32_t)ir->source.n;
    if (text.n && tw_str_starts(tw_str_sub(ir->source, at + 1u, ir->source.n), text))
        at++, len = text.n; /* in quotes */
    uint32_t n = len < ir->source.n - at ? (uint32_t)len : (uint32_t)ir->source.n - at;
    uint32_t v = tw_ir_emit(ir, TW_OP_CONST, TW_CONST_STR, 0, tw_intern(&ir->strings, text), 0, 0, at, n);
    tw_ir_emit(ir, TW_OP_EMBED, 0, 0, tw_intern(&ir->strings, language), v, 0, at, n);
}

void tw_carry_opaque(tw_ir *ir, tw_gap_reason reason, uint64_t off, uint64_t len)
{
    uint32_t at = off < UINT32_MAX ? (uint32_t)off : UINT32_MAX;
    uint32_t n = len < UINT32_MAX - at ? (uint32_t)len : UINT32_MAX - at;
    tw_ir_emit(ir, TW_OP_OPAQUE, (uint8_t)reason, 0, 0, 0, 0, at, n);
}
