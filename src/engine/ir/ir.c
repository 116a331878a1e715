/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ir/ir.h"

#define F(a, b, c)                               \
    {                                            \
        TW_FIELD_##a, TW_FIELD_##b, TW_FIELD_##c \
    }
static const uint8_t fields[TW_OP_MAX][3] = {
    [TW_OP_ENTER] = F(VALUE, SCOPE, NONE),       [TW_OP_LEAVE] = F(VALUE, NONE, NONE),
    [TW_OP_CONST] = F(STRING, NONE, NONE),       [TW_OP_READ] = F(STRING, NONE, NONE),
    [TW_OP_BIND] = F(STRING, VALUE, NUMBER),     [TW_OP_MEMBER] = F(VALUE, STRING, NONE),
    [TW_OP_SETMEMBER] = F(VALUE, STRING, VALUE), [TW_OP_INDEX] = F(VALUE, VALUE, NONE),
    [TW_OP_SETINDEX] = F(VALUE, VALUE, VALUE),   [TW_OP_CALL] = F(VALUE, NONE, ARGS),
    [TW_OP_IMPORT] = F(STRING, STRING, NONE),    [TW_OP_EXPORT] = F(STRING, VALUE, STRING),
    [TW_OP_FUNC] = F(SCOPE, NONE, ARGS),         [TW_OP_CLASS] = F(SCOPE, NONE, ARGS),
    [TW_OP_DECORATE] = F(VALUE, VALUE, NONE),    [TW_OP_OP] = F(STRING, NONE, ARGS),
    [TW_OP_CONCAT] = F(NONE, NONE, ARGS),        [TW_OP_SEQ] = F(NONE, NONE, ARGS),
    [TW_OP_MAP] = F(NONE, NONE, ARGS),           [TW_OP_CHOOSE] = F(VALUE, VALUE, VALUE),
    [TW_OP_ITER] = F(VALUE, NONE, NONE),         [TW_OP_RETURN] = F(VALUE, NONE, NONE),
    [TW_OP_YIELD] = F(VALUE, NONE, NONE),        [TW_OP_THROW] = F(VALUE, NONE, NONE),
    [TW_OP_AWAIT] = F(VALUE, NONE, NONE),        [TW_OP_SCOPE] = F(STRING, NONE, NONE),
    [TW_OP_REDIRECT] = F(VALUE, VALUE, NONE),    [TW_OP_EMBED] = F(STRING, VALUE, NONE),
    [TW_OP_JUMP] = F(STRING, NONE, NONE),
};

static const char *const op_names[TW_OP_MAX] = {
#define X(id, name) name,
    TW_OPS(X)
#undef X
};

const char *tw_op_name(tw_op op)
{
    return (unsigned)op < TW_OP_MAX ? op_names[op] : "unknown";
}

const uint8_t *tw_op_fields(tw_op op)
{
    return fields[(unsigned)op < TW_OP_MAX ? op : 0];
}

const char *tw_region_name(tw_region r)
{
    static const char *const names[] = {
        "module", "function", "class",   "lambda", "comprehension", "then",       "else",          "loop",
        "try",    "catch",    "finally", "case",   "with",          "main-guard", "type-checking", "match"};
    return (unsigned)r < TW_REGION_MAX ? names[r] : "unknown";
}

const char *tw_lang_name(tw_lang l)
{
    static const char *const names[] = {"none",  "python",     "javascript", "typescript",      "shell",
                                        "batch", "powershell", "tsx",        "python bytecode", "notebook",
                                        "pth",   "manifest",   "native"};
    return (unsigned)l < TW_LANG_MAX ? names[l] : "unknown";
}

tw_lang tw_lang_family(tw_lang l)
{
    switch (l) {
    case TW_LANG_TYPESCRIPT:
    case TW_LANG_TSX: return TW_LANG_JAVASCRIPT;
    case TW_LANG_BYTECODE:
    case TW_LANG_PTH:
    case TW_LANG_NOTEBOOK: return TW_LANG_PYTHON;
    case TW_LANG_BATCH: return TW_LANG_SHELL;
    default: return l;
    }
}

void tw_ir_init(tw_ir *ir, tw_arena *a, tw_lang lang, tw_str source)
{
    *ir = (tw_ir){.arena = a, .lang = lang, .source = source};
    tw_intern_init(&ir->strings, a);
    TW_PUSH(a, ir->insns, (tw_insn){0}); /* value 0: no value */
    TW_PUSH(a, ir->args, (tw_arg){0});   /* args 0: none */
}

uint32_t tw_ir_emit(tw_ir *ir, tw_op op, uint8_t kind, uint16_t flags, uint32_t a, uint32_t b, uint32_t c,
                    uint32_t off, uint32_t len)
{
    TW_PUSH(ir->arena, ir->insns, (tw_insn){(uint8_t)op, kind, flags, a, b, c, off, len});
    return ir->insns.n - 1;
}

uint32_t tw_ir_args(tw_ir *ir, const tw_arg *args, uint32_t n)
{
    if (!n) return 0;
    uint32_t at = ir->args.n;
    TW_RESERVE(ir->arena, ir->args, (size_t)n + 1);
    ir->args.v[at] = (tw_arg){n, 0};
    memcpy(ir->args.v + at + 1, args, n * sizeof *args);
    ir->args.n = at + 1 + n;
    return at;
}
