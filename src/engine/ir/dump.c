/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ir/ir.h"

enum { INDENT_MAX = 40, TEXT_MAX = 200 };

static const char *const const_names[] = {"str",   "bytes", "int",   "float",   "true",
                                          "false", "null",  "regex", "ellipsis"};
static const char *const bind_names[] = {"assign", "aug",    "param", "for", "with",
                                         "catch",  "import", "def",   "del", "walrus"};
static const char *const seq_names[] = {"list", "tuple", "set", "array", "slice"};
static const char *const scope_names[] = {"global", "nonlocal"};
static const char *const jump_names[] = {"break", "continue", "goto"};

static const char *pick(const char *const *names, size_t n, unsigned i)
{
    return i < n ? names[i] : "unknown";
}

/* Quoted, C-escaped, cut at TEXT_MAX bytes. */
static void put_text(tw_buf *out, tw_str s)
{
    tw_str shown = tw_str_sub(s, 0, TEXT_MAX);
    tw_buf_putc(out, '"');
    for (size_t i = 0; i < shown.n; i++) {
        unsigned char c = (unsigned char)shown.p[i];
        if (c == '"' || c == '\\')
            tw_buf_fmt(out, "\\%c", c);
        else if (c == '\n')
            tw_buf_puts(out, TW_S("\\n"));
        else if (c < 32 || c > 126)
            tw_buf_fmt(out, "\\x%02x", c);
        else
            tw_buf_putc(out, (char)c);
    }
    tw_buf_putc(out, '"');
    if (shown.n < s.n) tw_buf_fmt(out, "+%zu", s.n - shown.n);
}

static void put_args(const tw_ir *ir, tw_buf *out, uint32_t at)
{
    tw_buf_puts(out, TW_S(" ("));
    uint32_t n = at && at < ir->args.n ? ir->args.v[at].value : 0;
    for (uint32_t i = 0; i < n && at + 1 + i < ir->args.n; i++) {
        tw_arg a = ir->args.v[at + 1 + i];
        if (i) tw_buf_puts(out, TW_S(", "));
        if (a.name == TW_ARG_SPREAD)
            tw_buf_putc(out, '*');
        else if (a.name == TW_ARG_SPREAD_MAP)
            tw_buf_puts(out, TW_S("**"));
        else if (a.name)
            tw_buf_fmt(out, "%.*s=", TW_FMT(tw_ir_text(ir, a.name)));
        tw_buf_fmt(out, "%%%u", a.value);
    }
    tw_buf_putc(out, ')');
}

static void put_kind(tw_buf *out, const tw_insn *x)
{
    const char *k = NULL;
    switch (x->op) {
    case TW_OP_ENTER:
    case TW_OP_LEAVE: k = tw_region_name(x->kind); break;
    case TW_OP_CONST: k = pick(const_names, TW_COUNT(const_names), x->kind); break;
    case TW_OP_BIND: k = pick(bind_names, TW_COUNT(bind_names), x->kind); break;
    case TW_OP_SEQ: k = pick(seq_names, TW_COUNT(seq_names), x->kind); break;
    case TW_OP_SCOPE: k = pick(scope_names, TW_COUNT(scope_names), x->kind); break;
    case TW_OP_JUMP: k = pick(jump_names, TW_COUNT(jump_names), x->kind); break;
    case TW_OP_OPAQUE: k = tw_gap_name(x->kind); break;
    default: break;
    }
    if (k)
        tw_buf_fmt(out, " %s", k);
    else if (x->kind)
        tw_buf_fmt(out, " level=%u", x->kind);
}

static void put_flags(tw_buf *out, uint16_t flags)
{
    static const char *const names[] = {"await",  "new",     "optional",  "tagged",  "command",   "super",
                                        "star",   "dynamic", "type-only", "from",    "statement", "slice",
                                        "unpack", "parent",  "hoisted",   "expanded"};
    for (unsigned i = 0; i < TW_COUNT(names); i++)
        if (flags & 1u << i) tw_buf_fmt(out, " +%s", names[i]);
}

static void put_insn(const tw_ir *ir, tw_buf *out, uint32_t i, unsigned depth)
{
    const tw_insn *x = &ir->insns.v[i];
    const uint8_t *f = tw_op_fields(x->op);
    uint32_t v[3] = {x->a, x->b, x->c};
    tw_buf_fmt(out, "%6u %*s%s", i, (int)(depth < INDENT_MAX ? depth : INDENT_MAX) * 2, "",
               tw_op_name(x->op));
    put_kind(out, x);
    for (unsigned k = 0; k < 3; k++) {
        if (f[k] == TW_FIELD_ARGS)
            put_args(ir, out, v[k]);
        else if (f[k] == TW_FIELD_STRING && (v[k] || k == 0))
            tw_buf_putc(out, ' '), put_text(out, tw_ir_text(ir, v[k]));
        else if (f[k] == TW_FIELD_VALUE && v[k])
            tw_buf_fmt(out, " %%%u", v[k]);
        else if (f[k] == TW_FIELD_SCOPE && v[k])
            tw_buf_fmt(out, " scope=%u", v[k]);
    }
    put_flags(out, x->op == TW_OP_BIND ? x->flags & ~(TW_IF_LEXICAL | TW_IF_STATIC) : x->flags);
    tw_buf_fmt(out, "  @%u+%u\n", x->off, x->len);
}

static void put_scopes(const tw_ir *ir, tw_buf *out)
{
    static const char *const marks[] = {"", "/", "*", "**"};
    for (uint32_t i = 0; i < ir->scopes.n; i++) {
        const tw_scope *s = &ir->scopes.v[i];
        tw_buf_fmt(out, "scope %u %s", i, tw_region_name(s->kind));
        if (s->name) tw_buf_fmt(out, " %.*s", TW_FMT(tw_ir_text(ir, s->name)));
        tw_buf_fmt(out, " parent=%u enter=%u%s%s (", s->parent, s->enter, s->flags & 1 ? " async" : "",
                   s->flags & 2 ? " generator" : "");
        for (uint32_t k = 0; k < s->n_params; k++) {
            const tw_param *p = &ir->params.v[s->params + k];
            tw_buf_fmt(out, "%s%s%.*s", k ? ", " : "", marks[p->kind & 3], TW_FMT(tw_ir_text(ir, p->name)));
        }
        tw_buf_puts(out, TW_S(")\n"));
    }
}

void tw_ir_dump(const tw_ir *ir, tw_buf *out)
{
    unsigned depth = 0;
    tw_buf_fmt(out, "%s %zu bytes, %u instructions\n", tw_lang_name(ir->lang), ir->source.n, ir->insns.n);
    put_scopes(ir, out);
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        if (ir->insns.v[i].op == TW_OP_LEAVE && depth) depth--;
        put_insn(ir, out, i, depth);
        if (ir->insns.v[i].op == TW_OP_ENTER) depth++;
    }
    for (uint32_t i = 0; i < ir->findings.n; i++) {
        const tw_finding *f = &ir->findings.v[i];
        tw_buf_fmt(out, "finding %s", tw_finding_info_of(f->id)->name);
        if (f->detail.n) tw_buf_putc(out, ' '), put_text(out, f->detail);
        tw_buf_fmt(out, "  @%llu\n", (unsigned long long)f->off);
    }
}
