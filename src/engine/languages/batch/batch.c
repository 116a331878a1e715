/* SPDX-License-Identifier: Apache-2.0 */
/* Windows batch: lines, words with %variables%, if and for, parentheses on a stack. */
#include "engine/languages/batch/bat.h"

enum { FREE_TOKENS = 4096 };

uint32_t bat_emit(bat *p, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint32_t off)
{
    uint32_t to = p->pos < p->n ? p->pos : p->n;
    return tw_ir_emit(p->ir, op, kind, 0, a, b, c, off, to > off ? to - off : 0);
}

static void opaque(bat *p, tw_gap_reason why, uint32_t off, uint32_t end)
{
    tw_ir_emit(p->ir, TW_OP_OPAQUE, (uint8_t)why, 0, 0, 0, 0, off, end - off);
    p->ir->flags |= why == TW_GAP_LIMIT ? TW_IRF_TRUNCATED : TW_IRF_RECOVERED;
}

static void begin(bat *p, bat_kind kind, uint8_t region, uint32_t cond)
{
    if (p->frames.n >= p->lim->nesting) {
        p->stop = true;
        return;
    }
    bat_frame f = {.kind = kind, .cond = cond, .pipe = p->pipe};
    if (kind != BAT_PAREN) f.enter = bat_emit(p, TW_OP_ENTER, region, cond, 0, 0, p->pos);
    TW_PUSH(p->tmp, p->frames, f);
}

static void pop(bat *p)
{
    bat_frame f = p->frames.v[--p->frames.n];
    p->else_cond = 0;
    if (!f.enter) return;
    tw_insn *in = &p->ir->insns.v[f.enter];
    in->len = p->pos > in->off ? p->pos - in->off : 0;
    uint8_t region = in->kind;
    bat_emit(p, TW_OP_LEAVE, region, f.enter, 0, 0, p->pos);
    if (f.kind == BAT_IF) p->else_cond = f.cond ? f.cond : f.enter;
}

/* Regions of this command that no parenthesis holds open. */
static void close_line(bat *p)
{
    while (p->frames.n && p->frames.v[p->frames.n - 1].kind != BAT_PAREN) pop(p);
}

/* --- conditions and loops --- */

static bool is(bat *p, uint32_t i, const char *word)
{
    return i < p->words.n && !p->words.v[i].quoted &&
           tw_str_ieq(tw_const_text(p->ir, p->words.v[i].value), tw_str_c(word));
}

/* %a%==b: both sides and the operator in one word. */
static bool compares(const bat *p, const tw_word *w)
{
    const tw_insn *in = &p->ir->insns.v[w->value];
    const tw_arg *a = in->op == TW_OP_CONCAT && in->c ? &p->ir->args.v[in->c] : NULL;
    for (uint32_t i = 1; a && i <= a->value && i < 64; i++) {
        tw_str s = tw_const_text(p->ir, a[i].value);
        size_t at = tw_str_find(s, TW_S("=="));
        if (at != TW_NPOS && (at + 2 < s.n || i < a->value)) return true;
    }
    return false;
}

/* if [/i] [not] exist x | defined x | errorlevel n | a==b | a equ b: words until the condition is whole. */
static bool if_complete(bat *p)
{
    uint32_t i = 1, n = p->words.n;
    while (is(p, i, "/i") || is(p, i, "not")) i++;
    if (i >= n) return false;
    if (is(p, i, "exist") || is(p, i, "defined") || is(p, i, "errorlevel") || is(p, i, "cmdextversion"))
        return n >= i + 2;
    tw_str first = tw_const_text(p->ir, p->words.v[i].value);
    if (p->glued == i + 1 || compares(p, &p->words.v[i]) ||
        (tw_str_find(first, TW_S("==")) != TW_NPOS && !tw_str_ends(first, TW_S("=="))))
        return true;
    return n >= i + 3 || (n == i + 2 &&
                          (tw_str_ends(first, TW_S("==")) ||
                           tw_str_starts(tw_const_text(p->ir, p->words.v[i + 1].value), TW_S("=="))) &&
                          !is(p, i + 1, "=="));
}

static uint32_t words_op(bat *p, tw_str op, uint32_t from)
{
    uint32_t n = p->words.n > from ? p->words.n - from : 0;
    tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
    for (uint32_t i = 0; i < n; i++) a[i].value = p->words.v[from + i].value;
    return bat_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, op), 0, tw_ir_args(p->ir, a, n), p->off);
}

static void reset(bat *p)
{
    p->words.n = p->parts.n = p->outs.n = 0;
    p->off = UINT32_MAX;
    p->input = 0;
    p->target = p->glued = 0;
}

/* for /f %%i in ('command') do: it is run. */
static void command_in_for(bat *p, uint32_t from, uint32_t to)
{
    tw_word *w = p->words.v;
    uint32_t v = tw_words_join(p->ir, p->tmp, w + from, to - from);
    tw_str s = tw_const_text(p->ir, v);
    if (s.n < 3 || s.p[0] != '\'' || s.p[s.n - 1] != '\'') return;
    uint32_t text = tw_text_emit(p->ir, tw_str_sub(s, 1, s.n - 1), w[from].off, w[to - 1].end);
    bat_emit(p, TW_OP_EMBED, 0, tw_intern(&p->ir->strings, TW_S("batch")), text, 0, w[from].off);
}

/* for %%i in (a b) do: the words are for, options, %%i, in, items..., do. */
static void for_done(bat *p)
{
    uint32_t i = 1, n = p->words.n, name = 0;
    while (i < n && !is(p, i, "in")) {
        const tw_insn *in = &p->ir->insns.v[p->words.v[i].value];
        if (in->op == TW_OP_READ) name = in->a;
        i++;
    }
    tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
    uint32_t k = 0;
    if (i + 2 < n) command_in_for(p, i + 1, n - 1);
    for (i++; i + 1 < n; i++) a[k++].value = p->words.v[i].value;
    uint32_t seq = bat_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, tw_ir_args(p->ir, a, k), p->off);
    begin(p, BAT_FOR, TW_REGION_LOOP, 0);
    if (name) {
        uint32_t v = bat_emit(p, TW_OP_ITER, 0, seq, 0, 0, p->off);
        bat_emit(p, TW_OP_BIND, TW_BIND_FOR, name, v, 0, p->off);
    }
    reset(p);
    p->for_set = 0;
}

/* After each word: do the words so far open a region? */
static void after_word(bat *p)
{
    if (is(p, 0, "if") && if_complete(p)) {
        uint32_t cond = words_op(p, TW_S("if"), 1);
        reset(p);
        begin(p, BAT_IF, TW_REGION_THEN, cond);
    } else if (is(p, 0, "else") && p->else_cond) {
        uint32_t cond = p->else_cond;
        reset(p);
        begin(p, BAT_ELSE, TW_REGION_ELSE, cond);
    } else if (is(p, 0, "for") && p->words.n > 2 && is(p, p->words.n - 1, "do") && !p->for_set) {
        for_done(p);
    } else if (p->words.n == 1 && is(p, 0, "rem")) {
        while (p->pos < p->n && p->s[p->pos] != '\n') p->pos++;
        reset(p);
    } else if (p->words.n == 1 && is(p, 0, "set")) {
        bat_set(p);
        reset(p);
    }
}

/* --- commands --- */

static void emit_command(bat *p)
{
    tw_str name = tw_const_text(p->ir, p->words.v[0].value);
    uint32_t from = 0;
    if (tw_str_ieq(name, TW_S("goto")) && p->words.n > 1) {
        tw_str label = tw_const_text(p->ir, p->words.v[1].value);
        bat_emit(p, TW_OP_JUMP, 2, tw_intern(&p->ir->strings, label), 0, 0, p->off);
        return;
    }
    if (tw_str_ieq(name, TW_S("exit"))) return;
    tw_command c = {.words = p->words.v + from,
                    .n = p->words.n - from,
                    .input = p->input ? p->input : p->pipe,
                    .off = p->off,
                    .end = p->pos};
    p->last = tw_command_emit(p->ir, p->tmp, &c);
}

void bat_command_end(bat *p)
{
    bat_word_end(p);
    bool made = p->words.n > 0;
    if (made) emit_command(p);
    for (uint32_t i = 0; i < p->outs.n; i++) {
        bat_out o = p->outs.v[i];
        bat_emit(p, TW_OP_REDIRECT, o.kind, made ? p->last : 0, o.value, 0, o.off);
    }
    p->pipe = 0;
    p->for_set = 0;
    reset(p);
}

void bat_word_end(bat *p)
{
    if (!p->in_word) return;
    bool quoted = p->was_quoted;
    uint32_t v = bat_word_value(p), off = p->word_off;
    p->in_word = p->quote = p->was_quoted = false;
    if (p->target) {
        if (p->target == '<')
            p->input = bat_emit(p, TW_OP_REDIRECT, '<', 0, v, 0, off);
        else if (p->target != 'd')
            TW_PUSH(p->tmp, p->outs, ((bat_out){v, off, p->target}));
        p->target = 0;
        return;
    }
    TW_PUSH(p->tmp, p->words, ((tw_word){v, off, p->pos, quoted}));
    after_word(p);
}

static void redirect(bat *p)
{
    tw_str lit = tw_buf_str(&p->lit);
    bool fd = p->in_word && lit.n == 1 && lit.p[0] >= '0' && lit.p[0] <= '9' && !p->parts.n && !p->was_quoted;
    bool err = fd && lit.p[0] == '2';
    if (fd)
        tw_buf_clear(&p->lit), p->in_word = false;
    else
        bat_word_end(p);
    if (p->off == UINT32_MAX) p->off = p->pos;
    uint8_t c = p->s[p->pos++];
    p->target = c == '<' ? '<' : err ? '2' : '>';
    if (c == '>' && p->pos < p->n && p->s[p->pos] == '>') p->pos++, p->target = err ? '2' : '+';
    if (p->pos < p->n && p->s[p->pos] == '&') p->pos++, p->target = 'd';
}

static void separator(bat *p)
{
    uint8_t c = p->s[p->pos++];
    bool twice = p->pos < p->n && p->s[p->pos] == c;
    p->pos += twice;
    bat_command_end(p);
    if (c == '|' && !twice) {
        p->pipe = p->last;
        return;
    }
    if (!twice) return;
    /* a && b: its region ends with the line */
    begin(p, BAT_FOR, c == '&' ? TW_REGION_THEN : TW_REGION_ELSE, p->last);
}

static void close_paren(bat *p)
{
    uint32_t at = p->pos;
    bat_command_end(p);
    close_line(p);
    p->pos++;
    if (!p->frames.n) {
        opaque(p, TW_GAP_SYNTAX, at, at + 1);
        return;
    }
    pop(p);                                                         /* the parenthesis */
    if (p->frames.n && p->frames.v[p->frames.n - 1].kind == BAT_IF) /* else may follow */
        pop(p);
}

static void line_end(bat *p)
{
    bat_command_end(p);
    uint32_t had = p->else_cond;
    close_line(p);
    if (!p->frames.n) had = 0;
    p->else_cond = had;
    p->pos++;
    while (p->pos < p->n && (p->s[p->pos] == ' ' || p->s[p->pos] == '\t' || p->s[p->pos] == '@')) p->pos++;
    if (p->pos < p->n && p->s[p->pos] == ':')
        while (p->pos < p->n && p->s[p->pos] != '\n') p->pos++; /* label or comment */
}

static void between(bat *p)
{
    switch (p->s[p->pos]) {
    case ' ':
    case '\t':
    case '\r': p->pos++; return;
    case '@':
        if (p->words.n) break;
        p->pos++;
        return;
    case '\n': line_end(p); return;
    case '&':
    case '|': separator(p); return;
    case '<':
    case '>': redirect(p); return;
    case '(':
        if (p->words.n && is(p, 0, "for")) {
            p->pos++;
            p->for_set = 1;
            return;
        }
        if (p->words.n) break;
        p->pos++;
        begin(p, BAT_PAREN, 0, 0);
        return;
    case ')':
        if (p->for_set) {
            p->pos++;
            p->for_set = 0;
            return;
        }
        if (!p->frames.n && p->words.n) break;
        close_paren(p);
        return;
    case '^':
        if (p->pos + 1 < p->n && (p->s[p->pos + 1] == '\n' || p->s[p->pos + 1] == '\r')) {
            p->pos += p->s[p->pos + 1] == '\r' && p->pos + 2 < p->n ? 3 : 2;
            return;
        }
        break;
    default: break;
    }
    p->in_word = true;
    p->word_off = p->pos;
    if (p->off == UINT32_MAX) p->off = p->pos;
    bat_word_char(p);
}

static void run(bat *p)
{
    if (p->pos < p->n && p->s[p->pos] == ':')
        while (p->pos < p->n && p->s[p->pos] != '\n') p->pos++;
    while (p->pos < p->n && !p->stop) {
        if (!p->tokens_left--) {
            p->tokens_left = 0;
            break;
        }
        if (p->in_word)
            bat_word_char(p);
        else
            between(p);
    }
    uint32_t from = p->pos;
    bat_command_end(p);
    if (from < p->n) opaque(p, TW_GAP_LIMIT, from, p->n);
    p->pos = p->n;
    while (p->frames.n) pop(p);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4;
    tw_str src = tw_str_sub(bytes, 0, cap);
    if (!src.p) src.p = "";
    tw_ir_init(ir, a, TW_LANG_BATCH, src);
    tw_arena *tmp = tw_arena_new(0);
    bat p = {.ir = ir, .tmp = tmp, .lim = lim, .s = (const uint8_t *)src.p, .n = (uint32_t)src.n};
    p.tokens_left = FREE_TOKENS + (src.n / 1024 + 1) * lim->tokens_per_kb;
    uint64_t had = p.tokens_left;
    if (tw_str_starts(src, TW_S("\xEF\xBB\xBF"))) p.pos = 3;
    TW_RESERVE(tmp, p.words, 64);
    TW_RESERVE(tmp, p.parts, 64);
    TW_RESERVE(tmp, p.outs, 16);
    TW_PUSH(a, ir->scopes, (tw_scope){.kind = TW_REGION_MODULE, .len = p.n});
    uint32_t enter = tw_ir_emit(ir, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0, 0, p.n);
    ir->scopes.v[0].enter = enter;
    reset(&p);
    run(&p);
    ir->tokens = had - p.tokens_left;
    tw_ir_emit(ir, TW_OP_LEAVE, TW_REGION_MODULE, 0, enter, 0, 0, p.n, 0);
    if (bytes.n > src.n)
        opaque(&p, TW_GAP_LIMIT, p.n, (uint32_t)(bytes.n < UINT32_MAX ? bytes.n : UINT32_MAX));
    tw_buf_free(&p.lit);
    tw_arena_free(tmp);
}

const tw_front_end tw_front_batch = {TW_LANG_BATCH, 1, lower};
