/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What holds for every stream a front end makes, whatever it was given. */
#include <stdio.h>

#include "engine/ir/ir.h"

static const char *ir_wrong_field(const tw_ir *ir, uint8_t field, uint32_t v)
{
    switch (field) {
    case TW_FIELD_VALUE: return v < ir->insns.n ? NULL : "a value is out of range";
    case TW_FIELD_STRING: return v < tw_intern_count(&ir->strings) ? NULL : "a string is out of range";
    case TW_FIELD_SCOPE: return v < ir->scopes.n ? NULL : "a scope is out of range";
    case TW_FIELD_ARGS:
        if (v >= ir->args.n || ir->args.v[v].value >= ir->args.n - v) return "args are out of range";
        for (uint32_t i = 1; v && i <= ir->args.v[v].value; i++) {
            tw_arg a = ir->args.v[v + i];
            if (a.value >= ir->insns.n) return "an argument is out of range";
            if (a.name < TW_ARG_SPREAD_MAP && a.name >= tw_intern_count(&ir->strings))
                return "a keyword is out of range";
        }
        return NULL;
    default: return NULL;
    }
}

/* NULL, or what is wrong: dangling ids, regions that do not nest, a use before its definition. */
static const char *ir_wrong(const tw_ir *ir)
{
    uint32_t open = 0; /* ENTER on top; each knows the one below through its LEAVE, so walk with a stack */
    uint32_t *stack = tw_arena_calloc(ir->arena, (size_t)ir->insns.n + 1, sizeof *stack);
    if (!ir->insns.n || ir->insns.v[0].op != TW_OP_NOP) return "instruction 0 is not the NOP";
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        const tw_insn *x = &ir->insns.v[i];
        const uint8_t *f = tw_op_fields(x->op);
        uint32_t v[3] = {x->a, x->b, x->c};
        if (x->op >= TW_OP_MAX) return "an op is out of range";
        for (int k = 0; k < 3; k++) {
            const char *w = ir_wrong_field(ir, f[k], v[k]);
            if (w) return w;
            if (f[k] == TW_FIELD_VALUE && v[k] >= i) return "a value is used before it is made";
        }
        if ((uint64_t)x->off + x->len > ir->source.n && x->op != TW_OP_OPAQUE)
            return "a span leaves the source";
        if (x->op == TW_OP_ENTER) stack[open++] = i;
        if (x->op == TW_OP_LEAVE && (!open || stack[--open] != x->a)) return "regions do not nest";
    }
    if (open) return "a region stays open";
    for (uint32_t i = 0; i < ir->scopes.n; i++) {
        const tw_scope *s = &ir->scopes.v[i];
        if (s->parent >= ir->scopes.n) return "a scope's parent is out of range";
        if ((uint64_t)s->params + s->n_params > ir->params.n) return "params are out of range";
        if (s->enter >= ir->insns.n || (s->enter && ir->insns.v[s->enter].op != TW_OP_ENTER))
            return "a scope has no ENTER";
        if (s->enter && ir->insns.v[s->enter].b != i) return "a scope's ENTER is another's";
    }
    return NULL;
}
