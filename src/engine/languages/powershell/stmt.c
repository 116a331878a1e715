/* SPDX-License-Identifier: Apache-2.0 */
/* Statements: commands, pipelines, assignments, keywords. */
#include "engine/languages/powershell/ps.h"

static uint32_t arg_value(ps *p)
{
    uint32_t end = p->pos < p->n ? p->pos : p->n, off = p->st.arg_off < end ? p->st.arg_off : end;
    if (p->lit.n) {
        uint32_t v = tw_text_emit(p->ir, tw_buf_str(&p->lit), off, end);
        tw_buf_clear(&p->lit);
        TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
    }
    uint32_t v = tw_parts_emit(p->ir, p->parts.v + p->st.parts, p->parts.n - p->st.parts, off, end);
    p->parts.n = p->st.parts;
    return v;
}

void ps_arg_end(ps *p)
{
    ps_state *st = &p->st;
    if (!st->in_arg || st->mode != PS_CMD) return;
    uint32_t v = arg_value(p), n = p->operands.n - st->operands;
    bool quoted = st->quoted;
    st->in_arg = st->quoted = 0;
    if (st->target) {
        st->out = v, st->out_kind = st->target, st->target = 0;
        return;
    }
    if (n && ps_at(p, p->pos) != ',') { /* a, b, c */
        tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
        for (uint32_t i = 0; i < n; i++) a[i].value = p->operands.v[st->operands + i];
        a[n].value = v;
        p->operands.n = st->operands;
        v = ps_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, tw_ir_args(p->ir, a, n + 1), st->arg_off);
    }
    TW_PUSH(p->tmp, p->words, ((tw_word){v, st->arg_off, p->pos < p->n ? p->pos : p->n, quoted}));
}

static void emit_command(ps *p)
{
    ps_state *st = &p->st;
    const tw_word *w = p->words.v + st->words;
    uint32_t n = p->words.n - st->words, end = p->pos < p->n ? p->pos : p->n;
    uint32_t off = st->off < end ? st->off : w[0].off;
    tw_command c = {.words = w, .n = n, .input = st->pipe, .off = off, .end = end};
    st->last = tw_command_emit(p->ir, p->tmp, &c);
}

void ps_element_end(ps *p)
{
    ps_state *st = &p->st;
    ps_arg_end(p);
    bool made = true;
    if (st->mode == PS_EXPR) {
        uint32_t v = ps_expr_end(p);
        if (v) st->last = v;
    } else if (st->mode == PS_CMD && p->words.n > st->words) {
        emit_command(p);
    } else {
        made = st->mode == PS_CMD;
    }
    if (st->out)
        ps_emit(p, TW_OP_REDIRECT, st->out_kind, made ? st->last : 0, st->out, 0,
                p->ir->insns.v[st->out].off);
    p->words.n = st->words, p->parts.n = st->parts, p->operands.n = st->operands, p->ops.n = st->ops;
    if (ps_top(p)->kind != PS_STRING) tw_buf_clear(&p->lit);
    st->mode = PS_START;
    st->out = st->pipe = 0;
    st->want = st->in_arg = st->quoted = st->target = 0;
    st->off = UINT32_MAX;
}

static void store(ps *p, uint32_t target, uint32_t v)
{
    tw_insn in = p->ir->insns.v[target];
    if (in.op == TW_OP_READ)
        ps_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, in.a, v, 0, in.off);
    else if (in.op == TW_OP_MEMBER)
        ps_emit(p, TW_OP_SETMEMBER, 0, in.a, in.b, v, in.off);
    else if (in.op == TW_OP_INDEX)
        ps_emit(p, TW_OP_SETINDEX, 0, in.a, in.b, v, in.off);
}

void ps_statement_end(ps *p)
{
    ps_state *st = &p->st;
    bool any = st->mode != PS_START || p->targets.n > st->targets;
    if (!any && st->kw) return; /* the block comes on the next line */
    uint32_t before = st->last;
    if (any) st->last = 0;
    ps_element_end(p);
    uint32_t v = st->last;
    if (p->targets.n > st->targets) {
        if (!v)
            v = tw_text_emit(p->ir, TW_S(""), p->pos < p->n ? p->pos : p->n, p->pos < p->n ? p->pos : p->n);
        for (uint32_t i = p->targets.n; i > st->targets; i--) store(p, p->targets.v[i - 1], v);
        p->targets.n = st->targets;
        st->last = before;
    } else if (!v) {
        st->last = before;
    } else if (ps_top(p)->kind == PS_HASH) {
        TW_PUSH(p->tmp, p->items, ((tw_arg){st->key ? st->key : v, 0}));
        TW_PUSH(p->tmp, p->items, ((tw_arg){v, 0}));
        st->key = 0;
    } else if (ps_top(p)->kind == PS_ARRAY) {
        TW_PUSH(p->tmp, p->items, ((tw_arg){v, 0}));
    }
    if (st->kw == PS_RETURN) ps_emit(p, TW_OP_RETURN, 0, v, 0, 0, p->pos);
    if (st->kw == PS_THROW) ps_emit(p, TW_OP_THROW, 0, v, 0, 0, p->pos);
    st->kw = st->ready = 0;
    st->cond = st->name = 0;
}

/* =, += and its kin behind what can be assigned to. */
bool ps_assign(ps *p)
{
    int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
    bool plain = c == '=', with = c > 0 && strchr("+-*/%", c) && d == '=';
    if (!plain && !with) return false;
    if (p->operands.n == p->st.operands) return false;
    uint32_t target = p->operands.v[p->operands.n - 1];
    p->ops.n = p->st.ops; /* [int]$x = ... */
    p->operands.n = p->st.operands;
    if (ps_top(p)->kind == PS_HASH && plain && !p->st.key) {
        p->st.key = target;
    } else {
        TW_PUSH(p->tmp, p->targets, target);
    }
    p->pos += plain ? 1 : 2;
    p->st.mode = PS_START;
    p->st.want = 0;
    if (!with) return true;
    p->st.mode = PS_EXPR; /* x += y: the old value is the first operand */
    p->st.want = 1;
    TW_PUSH(p->tmp, p->operands, target);
    tw_str op = tw_str_of((const char *)p->s + p->pos - 2, 1);
    TW_PUSH(p->tmp, p->ops, ((ps_op){1, 0, tw_intern(&p->ir->strings, op), p->pos}));
    return true;
}

static const struct {
    tw_str word;
    uint8_t kw, ready; /* ready: its block comes at once */
} keywords[] = {
    {TW_SI("if"), PS_IF, 0},           {TW_SI("elseif"), PS_IF, 0},         {TW_SI("else"), PS_ELSE, 1},
    {TW_SI("while"), PS_WHILE, 0},     {TW_SI("until"), PS_WHILE, 0},       {TW_SI("for"), PS_FOREACH, 0},
    {TW_SI("foreach"), PS_FOREACH, 0}, {TW_SI("switch"), PS_SWITCH, 0},     {TW_SI("try"), PS_TRY, 1},
    {TW_SI("catch"), PS_CATCH, 1},     {TW_SI("finally"), PS_FINALLY, 1},   {TW_SI("do"), PS_DO, 1},
    {TW_SI("param"), PS_PARAM, 0},     {TW_SI("return"), PS_RETURN, 0},     {TW_SI("exit"), PS_RETURN, 0},
    {TW_SI("throw"), PS_THROW, 0},     {TW_SI("function"), PS_FUNCTION, 0}, {TW_SI("filter"), PS_FUNCTION, 0},
    {TW_SI("begin"), PS_WITH, 1},      {TW_SI("process"), PS_WITH, 1},      {TW_SI("end"), PS_WITH, 1},
    {TW_SI("trap"), PS_CATCH, 1}};

static bool keyword(ps *p)
{
    uint32_t to = p->pos;
    while (ps_name_char(ps_at(p, to))) to++;
    int after = ps_at(p, to);
    if (to == p->pos || to - p->pos > 10 || after == '-' || after == '.' || after == '\\' || p->st.pipe)
        return false;
    tw_str word = tw_ir_text(p->ir, ps_lower(p, p->pos, to));
    if (tw_str_eq(word, TW_S("break")) || tw_str_eq(word, TW_S("continue"))) {
        ps_emit(p, TW_OP_JUMP, word.p[0] == 'c', 0, 0, 0, p->pos);
        p->pos = to;
        return true;
    }
    for (size_t i = 0; i < TW_COUNT(keywords); i++) {
        if (!tw_str_eq(keywords[i].word, word)) continue;
        if (keywords[i].kw == PS_WITH && after != ' ' && after != '{' && after != '\n') return false;
        p->pos = to;
        p->st.kw = keywords[i].kw;
        p->st.ready = keywords[i].ready;
        p->st.cond = p->st.kw == PS_ELSE ? p->else_cond : 0;
        return true;
    }
    return false;
}

static bool function_name(ps *p)
{
    uint32_t from = p->pos;
    if (p->st.kw != PS_FUNCTION || p->st.name) return false;
    while (p->pos < p->n && !strchr(" \t\r\n({;", p->s[p->pos] ? p->s[p->pos] : ' ')) p->pos++;
    if (p->pos == from) return false;
    for (uint32_t i = from; i < p->pos; i++)
        if (p->s[i] == ':') from = i + 1; /* global:f */
    p->st.name = ps_lower(p, from, p->pos);
    return p->st.name != 0;
}

/* name = value in a hashtable. */
static bool hash_key(ps *p)
{
    uint32_t from = p->pos, to = from;
    if (ps_top(p)->kind != PS_HASH || p->st.key || !ps_name_char(ps_at(p, from))) return false;
    while (ps_name_char(ps_at(p, to)) || ps_at(p, to) == '-') to++;
    p->pos = to;
    p->st.key = tw_text_emit(p->ir, tw_str_of((const char *)p->s + from, to - from), from, to);
    ps_skip_blanks(p);
    if (ps_at(p, p->pos) == '=') p->pos++;
    return true;
}

/* Small words that belong to a keyword: types of catch, options of switch. */
static bool keyword_rest(ps *p, int c)
{
    if (p->st.kw == PS_CATCH && c == '[') {
        while (p->pos < p->n && p->s[p->pos] != ']' && p->s[p->pos] != '\n') p->pos++;
        if (p->pos < p->n) p->pos++;
        return true;
    }
    if (p->st.kw != PS_SWITCH || p->st.ready || c != '-') return false;
    while (p->pos < p->n && p->s[p->pos] > ' ') p->pos++;
    return true;
}

void ps_bareword(ps *p)
{
    ps_state *st = &p->st;
    int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
    bool waits = st->kw && st->kw < PS_RETURN;
    if (hash_key(p) || function_name(p) || keyword_rest(p, c)) return;
    if (c == '(' && !st->ready && (waits || st->kw == PS_PARAM || st->kw == PS_FUNCTION)) {
        uint32_t off = p->pos++;
        ps_push(p, PS_SUB, off);
        return;
    }
    if (waits) st->kw = st->ready = 0, st->cond = st->name = 0;
    if (st->off == UINT32_MAX) st->off = p->pos;
    bool path = c == '.' && (d == '\\' || d == '/' || d == '.');
    if ((c == '&' || c == '.') && !path) {
        p->pos++;
        st->mode = PS_CMD;
        ps_skip_blanks(p);
        return;
    }
    if (strchr("$\"'@([{-+!,", c) || (c >= '0' && c <= '9')) {
        st->mode = PS_EXPR;
        st->want = 1;
        return;
    }
    if (ps_name_char(c) && keyword(p)) return;
    st->mode = PS_CMD;
    st->in_arg = 1;
    st->arg_off = p->pos;
    uint32_t from = p->pos++;
    if (c == '`') { /* i`e`x */
        p->pos = from;
        ps_operand(p);
        return;
    }
    while (p->pos < p->n && p->s[p->pos] && !strchr(" \t\r\n;|&(){}$\"'`,<>", p->s[p->pos])) p->pos++;
    tw_buf_put(&p->lit, p->s + from, p->pos - from);
}
