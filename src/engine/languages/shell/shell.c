/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/shell/sh.h"

enum { FREE_TOKENS = 4096 };

uint32_t sh_emit(sh *p, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint32_t off)
{
    uint32_t to = p->pos < p->n ? p->pos : p->n;
    return tw_ir_emit(p->ir, op, kind, 0, a, b, c, off, to > off ? to - off : 0);
}

void sh_opaque(sh *p, tw_gap_reason why, uint32_t off, uint32_t end)
{
    tw_ir_emit(p->ir, TW_OP_OPAQUE, (uint8_t)why, 0, 0, 0, 0, off, end - off);
    p->ir->flags |= why == TW_GAP_LIMIT ? TW_IRF_TRUNCATED : TW_IRF_RECOVERED;
}

void sh_fresh(sh *p)
{
    p->st = (sh_state){.words = p->words.n,
                       .parts = p->parts.n,
                       .assigns = p->assigns.n,
                       .outs = p->outs.n,
                       .off = UINT32_MAX,
                       .word_off = UINT32_MAX};
}

bool sh_push(sh *p, sh_kind kind, uint32_t off)
{
    if (p->frames.n >= p->lim->nesting) {
        p->stop = true;
        return false;
    }
    uint32_t inherit = p->st.pipe ? p->st.pipe : p->st.inherit;
    if (kind == SH_SUBST || kind == SH_TICK) inherit = 0;
    sh_frame f = {.kind = (uint8_t)kind, .scope = p->scope, .off = off, .outer = p->st};
    TW_PUSH(p->tmp, p->frames, f);
    p->parens += kind == SH_SUBST || kind == SH_SUBSHELL;
    p->ticks += kind == SH_TICK;
    sh_fresh(p);
    p->st.inherit = inherit;
    return true;
}

static void drop(sh *p)
{
    p->words.n = p->st.words, p->parts.n = p->st.parts;
    p->assigns.n = p->st.assigns, p->outs.n = p->st.outs;
}

static void close_heredoc(sh *p, const sh_frame *f)
{
    uint32_t v = sh_word_value(p);
    drop(p);
    p->st = f->outer;
    p->st.input = v;
    p->pos = f->pos, p->end = f->end;
    p->parens = f->enter, p->ticks = f->more;
}

static void close_brace(sh *p, const sh_frame *f)
{
    uint32_t v = sh_word_value(p);
    drop(p);
    p->st = f->outer;
    sh_frame g = *f;
    g.more = v;
    sh_brace_end(p, &g);
}

static void close_subst(sh *p, const sh_frame *f)
{
    uint32_t v = p->st.last;
    drop(p);
    p->st = f->outer;
    if (!v) v = tw_text_emit(p->ir, TW_S(""), f->off, f->off);
    if (f->op == '<' && !p->st.input) p->st.input = v; /* bash <(curl ...) reads it as its script */
    sh_part(p, v);
}

static void close_compound(sh *p, sh_frame *f)
{
    uint32_t v = p->st.last;
    sh_compound_leave(p, f);
    drop(p);
    p->st = f->outer;
    p->st.compound = v;
    p->st.is_compound = 1;
    if (p->st.off == UINT32_MAX) p->st.off = f->off;
}

static void close_function(sh *p, sh_frame *f)
{
    if (p->st.last) sh_emit(p, TW_OP_RETURN, 0, p->st.last, 0, 0, p->pos);
    sh_emit(p, TW_OP_LEAVE, TW_REGION_FUNCTION, f->enter, 0, 0, p->pos);
    tw_insn *in = &p->ir->insns.v[f->enter];
    in->len = p->pos > in->off ? p->pos - in->off : 0;
    p->ir->scopes.v[p->scope].len = in->len;
    p->scope = f->scope;
    drop(p);
    p->st = f->outer;
}

void sh_close(sh *p)
{
    uint8_t kind = sh_top(p)->kind;
    bool list = kind != SH_HEREDOC && kind != SH_BRACE;
    if (list) sh_item_end(p);
    if (sh_top(p)->kind != kind || p->frames.n < 2) return; /* a function ended with its command */
    sh_frame f = *sh_top(p);
    p->frames.n--;
    p->parens -= kind == SH_SUBST || kind == SH_SUBSHELL;
    p->ticks -= kind == SH_TICK;
    switch (kind) {
    case SH_HEREDOC: close_heredoc(p, &f); break;
    case SH_BRACE: close_brace(p, &f); break;
    case SH_SUBST:
    case SH_TICK: close_subst(p, &f); break;
    case SH_FUNC: close_function(p, &f); break;
    default: close_compound(p, &f);
    }
}

bool sh_close_to(sh *p, sh_kind a, sh_kind b)
{
    uint32_t i = p->frames.n;
    while (i > 1 && p->frames.v[i - 1].kind != a && p->frames.v[i - 1].kind != b) i--;
    if (i < 2) return false;
    if (i < p->frames.n) p->ir->flags |= TW_IRF_RECOVERED;
    while (p->frames.n >= i) sh_close(p);
    return true;
}

static void at_paren_close(sh *p)
{
    uint32_t at = p->pos;
    if (p->st.kind == SH_CMD_PATTERN) {
        sh_case_pattern_end(p);
        return;
    }
    p->pos++;
    if (p->st.array && p->st.kind != SH_CMD_COND) {
        sh_word_end(p);
        uint32_t base = p->st.array - 1, n = p->words.n - base;
        TW_VEC(tw_arg) items = {0};
        TW_RESERVE(p->tmp, items, (size_t)n + 1);
        for (uint32_t i = 0; i < n; i++) items.v[i] = (tw_arg){p->words.v[base + i].value, 0};
        p->words.n = base;
        p->st.array = 0;
        p->st.in_word = 1;
        sh_part(p, sh_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, tw_ir_args(p->ir, items.v, n), at));
        return;
    }
    if (p->st.kind == SH_CMD_COND) return;
    if (!p->parens || !sh_close_to(p, SH_SUBST, SH_SUBSHELL)) sh_opaque(p, TW_GAP_SYNTAX, at, at + 1);
}

static void at_paren_open(sh *p)
{
    uint32_t at = p->pos, n = p->words.n - p->st.words;
    uint32_t next = at + 1;
    p->pos++;
    if (p->st.kind == SH_CMD_COND || p->st.kind == SH_CMD_PATTERN) return;
    if (sh_at(p, next) == '(' && n <= 1) { /* ((i++)), for ((;;)) */
        p->pos++;
        sh_arithmetic(p);
        p->st.is_compound = p->st.kind == SH_PLAIN;
        return;
    }
    while (sh_at(p, next) == ' ') next++;
    if (n == 1 && sh_at(p, next) == ')' && p->st.kind == SH_PLAIN) {
        tw_word w = p->words.v[--p->words.n];
        tw_str name = tw_const_text(p->ir, w.value);
        p->pos = next + 1;
        sh_function(p, name, w.off);
        return;
    }
    if (n || p->st.is_compound) {
        sh_opaque(p, TW_GAP_SYNTAX, at, at + 1);
        sh_item_end(p);
    }
    sh_push(p, SH_SUBSHELL, at);
}

static void at_newline(sh *p)
{
    uint8_t kind = p->st.kind;
    p->pos++;
    if (kind == SH_CMD_COND || kind == SH_CMD_PATTERN || p->st.array) return;
    bool head = kind == SH_CMD_CASE; /* case x \n in */
    if (!head) sh_item_end(p);
    if (p->here_to && p->pos >= p->here_from && p->pos <= p->here_to) {
        p->pos = p->here_to < p->end ? p->here_to : p->end;
        p->here_to = 0;
    }
}

static void at_amp(sh *p)
{
    int next = sh_at(p, p->pos + 1);
    if (p->st.kind == SH_CMD_COND) {
        p->pos++;
        return;
    }
    if (next == '>') {
        p->pos++;
        sh_redirect(p);
        return;
    }
    if (next != '&') {
        p->pos++;
        sh_item_end(p);
        return;
    }
    p->pos += 2;
    sh_command_end(p);
    sh_andor_close(p);
    p->st.andor = sh_emit(p, TW_OP_ENTER, TW_REGION_THEN, p->st.last, 0, 0, p->pos);
}

static void at_bar(sh *p)
{
    int next = sh_at(p, p->pos + 1);
    p->pos += next == '|' || next == '&' ? 2 : 1;
    if (p->st.kind == SH_CMD_COND || p->st.kind == SH_CMD_PATTERN) return;
    if (next == '|') {
        sh_command_end(p);
        sh_andor_close(p);
        p->st.andor = sh_emit(p, TW_OP_ENTER, TW_REGION_ELSE, p->st.last, 0, 0, p->pos);
        return;
    }
    uint32_t was = p->st.last;
    p->st.last = 0;
    sh_command_end(p);
    p->st.pipe = p->st.last;
    if (!p->st.last) p->st.last = was;
}

/* Between words. */
static void command_char(sh *p)
{
    int c = p->s[p->pos];
    bool cond = p->st.kind == SH_CMD_COND;
    switch (c) {
    case ' ':
    case '\t':
    case '\r': p->pos++; return;
    case '\n': at_newline(p); return;
    case '#':
        while (p->pos < p->end && p->s[p->pos] != '\n') p->pos++;
        return;
    case ';':
        p->pos++;
        if (sh_at(p, p->pos) == ';' || sh_at(p, p->pos) == '&')
            sh_case_body_end(p);
        else if (!cond)
            sh_item_end(p);
        return;
    case '&': at_amp(p); return;
    case '|': at_bar(p); return;
    case '(': at_paren_open(p); return;
    case ')': at_paren_close(p); return;
    case '<':
    case '>':
        if (cond)
            p->pos++;
        else if (sh_at(p, p->pos + 1) == '(')
            sh_word_start(p);
        else
            sh_redirect(p);
        return;
    case '\\':
        if (sh_at(p, p->pos + 1) == '\n') {
            p->pos += 2;
            return;
        }
        if (sh_at(p, p->pos + 1) == '\r' && sh_at(p, p->pos + 2) == '\n') {
            p->pos += 3;
            return;
        }
        break;
    case '`':
        if (p->ticks) {
            p->pos++;
            sh_close_to(p, SH_TICK, SH_TICK);
            return;
        }
        break;
    default: break;
    }
    sh_word_start(p);
}

static void run(sh *p)
{
    while (!p->stop) {
        if (p->pos >= p->end) {
            if (p->frames.n < 2) break;
            if (sh_top(p)->kind != SH_HEREDOC) p->ir->flags |= TW_IRF_RECOVERED;
            sh_close(p);
        } else if (!p->tokens_left) {
            p->stop = true;
        } else {
            p->tokens_left--;
            if (p->st.in_word)
                sh_word_char(p);
            else
                command_char(p);
        }
    }
    if (p->stop) {
        uint32_t from = p->pos;
        while (p->frames.n > 1) {
            p->pos = p->end = p->n;
            sh_close(p);
        }
        sh_opaque(p, TW_GAP_LIMIT, from < p->n ? from : p->n, p->n);
    }
    p->pos = p->end = p->n;
    sh_item_end(p);
    while (p->frames.n > 1) sh_close(p);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    tw_str src = tw_str_sub(bytes, 0, cap);
    if (!src.p) src.p = "";
    tw_ir_init(ir, a, TW_LANG_SHELL, src);
    tw_arena *tmp = tw_arena_new(0);
    sh p = {.ir = ir, .tmp = tmp, .lim = lim, .s = (const uint8_t *)src.p, .n = (uint32_t)src.n};
    p.end = p.n;
    p.here_left = FREE_TOKENS + 64ull * src.n;
    p.tokens_left = FREE_TOKENS + (src.n / 1024 + 1) * lim->tokens_per_kb;
    if (tw_str_starts(src, TW_S("\xEF\xBB\xBF"))) p.pos = 3;
    TW_RESERVE(tmp, p.words, 64);
    TW_RESERVE(tmp, p.parts, 64);
    TW_RESERVE(tmp, p.assigns, 16);
    TW_RESERVE(tmp, p.outs, 16);
    TW_PUSH(a, ir->scopes, (tw_scope){.kind = TW_REGION_MODULE, .len = p.n});
    uint32_t enter = tw_ir_emit(ir, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0, 0, p.n);
    ir->scopes.v[0].enter = enter;
    TW_PUSH(tmp, p.frames, ((sh_frame){.kind = SH_FILE}));
    sh_fresh(&p);
    uint64_t had = p.tokens_left;
    run(&p);
    ir->tokens = had - p.tokens_left;
    tw_ir_emit(ir, TW_OP_LEAVE, TW_REGION_MODULE, 0, enter, 0, 0, p.n, 0);
    if (bytes.n > src.n)
        sh_opaque(&p, TW_GAP_LIMIT, p.n, (uint32_t)(bytes.n < UINT32_MAX ? bytes.n : UINT32_MAX));
    tw_buf_free(&p.lit);
    tw_arena_free(tmp);
}

const tw_front_end tw_front_shell = {TW_LANG_SHELL, 3, lower};
