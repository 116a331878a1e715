/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/powershell/ps.h"

enum { FREE_TOKENS = 4096 };

uint32_t ps_emit(ps *p, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint32_t off)
{
    uint32_t to = p->pos < p->n ? p->pos : p->n;
    return tw_ir_emit(p->ir, op, kind, 0, a, b, c, off, to > off ? to - off : 0);
}

void ps_opaque(ps *p, tw_gap_reason why, uint32_t off, uint32_t end)
{
    tw_ir_emit(p->ir, TW_OP_OPAQUE, (uint8_t)why, 0, 0, 0, 0, off, end - off);
    p->ir->flags |= why == TW_GAP_LIMIT ? TW_IRF_TRUNCATED : TW_IRF_RECOVERED;
}

uint32_t ps_lower(ps *p, uint32_t from, uint32_t to)
{
    tw_buf_clear(&p->name);
    for (uint32_t i = from; i < to; i++)
        if (p->s[i] != '`')
            tw_buf_putc(&p->name, (char)(p->s[i] >= 'A' && p->s[i] <= 'Z' ? p->s[i] | 32 : p->s[i]));
    return tw_intern(&p->ir->strings, tw_buf_str(&p->name));
}

static void skip_line(ps *p)
{
    while (p->pos < p->n && p->s[p->pos] != '\n') p->pos++;
}

static void skip_comment(ps *p)
{
    p->pos += 2;
    while (p->pos < p->n && !(p->s[p->pos] == '>' && p->s[p->pos - 1] == '#')) p->pos++;
    if (p->pos < p->n) p->pos++;
}

/* Blanks, joined lines and comments; not line ends. */
void ps_skip_blanks(ps *p)
{
    for (;;) {
        int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
        if (c == ' ' || c == '\t' || c == '\r')
            p->pos++;
        else if (c == '`' && (d == '\n' || d == '\r'))
            p->pos += d == '\r' && ps_at(p, p->pos + 2) == '\n' ? 3 : 2;
        else if (c == '<' && d == '#')
            skip_comment(p);
        else
            return;
    }
}

static void redirect(ps *p)
{
    if (ps_at(p, p->pos) != '>') p->pos++;
    bool err = p->s[p->pos - 1] == '2';
    p->pos++;
    bool more = ps_at(p, p->pos) == '>';
    p->pos += more;
    if (ps_at(p, p->pos) == '&') {
        p->pos += 2;
        return;
    }
    if (p->st.mode == PS_EXPR) ps_element_end(p), p->st.mode = PS_CMD;
    p->st.target = err ? '2' : more ? '+' : '>';
    ps_skip_blanks(p);
}

static bool at_redirect(const ps *p)
{
    int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
    return c == '>' || (((c >= '1' && c <= '6') || c == '*') && d == '>');
}

static bool in_brackets(ps *p)
{
    uint8_t k = ps_top(p)->kind;
    return k == PS_ARGS || k == PS_INDEX;
}

/* Bytes that end or part things in any mode; false: none of them. */
static bool structure(ps *p)
{
    int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
    switch (c) {
    case '\n':
        p->pos++;
        if (in_brackets(p) || (p->st.mode == PS_EXPR && p->st.want)) return true;
        ps_statement_end(p);
        return true;
    case ';':
        p->pos++;
        ps_statement_end(p);
        return true;
    case '#':
        if (p->st.in_arg) return false;
        skip_line(p);
        return true;
    case '|':
        p->pos += d == '|' ? 2 : 1;
        ps_element_end(p);
        if (d == '|') {
            ps_statement_end(p);
            return true;
        }
        p->st.pipe = p->st.last;
        while (ps_at(p, p->pos) == '\n' || ps_at(p, p->pos) == ' ' || ps_at(p, p->pos) == '\r') p->pos++;
        return true;
    case '&':
        if (d == '&') {
            p->pos += 2;
            ps_statement_end(p);
            return true;
        }
        if (p->st.mode == PS_START && !p->st.ready) return false;
        p->pos++;
        ps_statement_end(p);
        return true;
    case ',':
        if (ps_top(p)->kind != PS_SUB || ps_top(p)->outer.kw != PS_PARAM) return false;
        p->pos++;
        ps_statement_end(p);
        return true;
    case ')':
    case ']':
        if (c == ']' && p->st.mode == PS_CMD) return false;
        ps_close_to(p, false);
        return true;
    case '}': ps_close_to(p, true); return true;
    default: return false;
    }
}

/* { at a place where a keyword waits for its block. */
static bool block(ps *p)
{
    static const uint8_t regions[] = {
        [PS_IF] = TW_REGION_THEN,      [PS_ELSE] = TW_REGION_ELSE,       [PS_WHILE] = TW_REGION_LOOP,
        [PS_FOREACH] = TW_REGION_LOOP, [PS_SWITCH] = TW_REGION_MATCH,    [PS_TRY] = TW_REGION_TRY,
        [PS_CATCH] = TW_REGION_CATCH,  [PS_FINALLY] = TW_REGION_FINALLY, [PS_DO] = TW_REGION_LOOP,
        [PS_WITH] = TW_REGION_WITH};
    uint32_t off = p->pos, cond = p->st.cond, name = p->st.name;
    uint8_t kw = p->st.kw;
    bool in_switch = ps_top(p)->kind == PS_BLOCK && ps_top(p)->kw == PS_SWITCH;
    if (in_switch && !kw) {
        if (p->st.mode == PS_CMD) p->words.n = p->st.words, p->st.mode = PS_START; /* default { */
        ps_element_end(p);
        cond = 0;
    } else if (!kw || kw == PS_RETURN || kw == PS_THROW || kw == PS_PARAM || p->st.mode == PS_CMD) {
        return false;
    }
    p->pos++;
    p->st.kw = p->st.ready = 0;
    p->st.cond = p->st.name = 0;
    if (kw == PS_FUNCTION) {
        ps_script(p, off, name);
        return true;
    }
    uint8_t region = in_switch && !kw ? TW_REGION_CASE : regions[kw];
    uint32_t arg = region == TW_REGION_CASE || region == TW_REGION_TRY || kw == PS_FOREACH ? 0 : cond;
    uint32_t enter = ps_emit(p, TW_OP_ENTER, region, arg, 0, 0, off);
    if (kw == PS_FOREACH && name) {
        uint32_t v = cond ? ps_emit(p, TW_OP_ITER, 0, cond, 0, 0, off) : 0;
        ps_emit(p, TW_OP_BIND, TW_BIND_FOR, name, v, 0, off);
    }
    if (!ps_push(p, PS_BLOCK, off)) {
        ps_emit(p, TW_OP_LEAVE, region, enter, 0, 0, off);
        return true;
    }
    ps_top(p)->enter = enter;
    ps_top(p)->kw = kw;
    ps_top(p)->cond = cond;
    return true;
}

static void expression(ps *p)
{
    if (p->st.want) {
        if (ps_operand(p)) return;
    } else {
        if (ps_assign(p) || ps_operator(p)) return;
        if (at_redirect(p)) {
            redirect(p);
            return;
        }
    }
    uint32_t at = p->pos++;
    ps_opaque(p, TW_GAP_SYNTAX, at, p->pos);
    ps_statement_end(p);
    skip_line(p);
}

static void argument(ps *p)
{
    int c = ps_at(p, p->pos);
    if (at_redirect(p) && !p->st.in_arg) {
        redirect(p);
        return;
    }
    if (c == ',' && (p->st.in_arg || p->words.n > p->st.words + 1)) {
        if (!p->st.in_arg) {
            TW_PUSH(p->tmp, p->operands, p->words.v[--p->words.n].value);
        } else {
            ps_arg_end(p);
            if (p->words.n > p->st.words + 1) TW_PUSH(p->tmp, p->operands, p->words.v[--p->words.n].value);
        }
        p->pos++;
        while (ps_at(p, p->pos) == '\n' || ps_at(p, p->pos) == ' ') p->pos++;
        return;
    }
    if (!p->st.in_arg) {
        p->st.in_arg = 1;
        p->st.arg_off = p->pos;
    }
    if (ps_operand(p)) return;
    uint32_t from = p->pos++;
    while (p->pos < p->n && p->s[p->pos] && !strchr(" \t\r\n;|&(){}$\"'`,<>", p->s[p->pos])) p->pos++;
    tw_buf_put(&p->lit, p->s + from, p->pos - from);
}

static void step(ps *p)
{
    uint32_t from = p->pos;
    if (ps_top(p)->kind == PS_STRING) {
        ps_string_char(p);
        return;
    }
    ps_skip_blanks(p);
    if (p->pos > from && p->st.in_arg) ps_arg_end(p);
    if (p->pos >= p->n || structure(p)) return;
    if (p->s[p->pos] == '{' && block(p)) return;
    if (p->st.mode == PS_START)
        ps_bareword(p);
    else if (p->st.mode == PS_EXPR)
        expression(p);
    else
        argument(p);
}

static void run(ps *p)
{
    while (p->pos < p->n && !p->stop) {
        if (!p->tokens_left) break;
        p->tokens_left--;
        step(p);
    }
    uint32_t from = p->pos < p->n ? p->pos : p->n;
    if (from < p->n) ps_opaque(p, TW_GAP_LIMIT, from, p->n);
    p->pos = p->n;
    while (p->frames.n > 1) {
        p->ir->flags |= TW_IRF_RECOVERED;
        ps_close(p);
    }
    ps_statement_end(p);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    tw_str src = tw_str_sub(bytes, 0, cap);
    if (!src.p) src.p = "";
    tw_ir_init(ir, a, TW_LANG_POWERSHELL, src);
    tw_arena *tmp = tw_arena_new(0);
    ps p = {.ir = ir, .tmp = tmp, .lim = lim, .s = (const uint8_t *)src.p, .n = (uint32_t)src.n};
    p.tokens_left = FREE_TOKENS + (src.n / 1024 + 1) * lim->tokens_per_kb;
    uint64_t had = p.tokens_left;
    if (tw_str_starts(src, TW_S("\xEF\xBB\xBF"))) p.pos = 3;
    TW_RESERVE(tmp, p.words, 64);
    TW_RESERVE(tmp, p.parts, 64);
    TW_RESERVE(tmp, p.items, 64);
    TW_RESERVE(tmp, p.operands, 64);
    TW_RESERVE(tmp, p.targets, 16);
    TW_RESERVE(tmp, p.ops, 64);
    TW_PUSH(a, ir->scopes, (tw_scope){.kind = TW_REGION_MODULE, .len = p.n});
    uint32_t enter = tw_ir_emit(ir, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0, 0, p.n);
    ir->scopes.v[0].enter = enter;
    TW_PUSH(tmp, p.frames, ((ps_frame){.kind = PS_FILE}));
    p.st.off = UINT32_MAX;
    run(&p);
    ir->tokens = had - p.tokens_left;
    tw_ir_emit(ir, TW_OP_LEAVE, TW_REGION_MODULE, 0, enter, 0, 0, p.n, 0);
    if (bytes.n > src.n)
        ps_opaque(&p, TW_GAP_LIMIT, p.n, (uint32_t)(bytes.n < UINT32_MAX ? bytes.n : UINT32_MAX));
    tw_buf_free(&p.lit), tw_buf_free(&p.name);
    tw_arena_free(tmp);
}

const tw_front_end tw_front_powershell = {TW_LANG_POWERSHELL, 1, lower};
