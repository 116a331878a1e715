/* SPDX-License-Identifier: Apache-2.0 */
/* Commands: words and redirections become a CALL. */
#include "engine/languages/shell/sh.h"

static void take_target(sh *p, uint32_t v, uint32_t off)
{
    uint8_t kind = p->st.target;
    p->st.target = 0;
    if (kind == 's') {
        p->st.input = v;
    } else if (kind == '<') {
        p->st.input = sh_emit(p, TW_OP_REDIRECT, '<', 0, v, 0, off);
    } else if (kind == 'd') {
        tw_str t = tw_const_text(p->ir, v);
        bool number = t.n && (t.p[0] == '-' || (t.p[0] >= '0' && t.p[0] <= '9'));
        if (!number) TW_PUSH(p->tmp, p->outs, ((sh_out){v, '>', off, p->pos}));
    } else {
        TW_PUSH(p->tmp, p->outs, ((sh_out){v, kind, off, p->pos}));
    }
}

static void take_assignment(sh *p, uint32_t v, uint32_t off)
{
    tw_ir *ir = p->ir;
    uint32_t name = p->st.assign;
    if (p->st.append) {
        uint32_t old = sh_emit(p, TW_OP_READ, 0, name, 0, 0, off);
        tw_arg a[2] = {{old, 0}, {v, 0}};
        v = sh_emit(p, TW_OP_CONCAT, 0, 0, 0, tw_ir_args(ir, a, 2), off);
    }
    p->st.assign = p->st.append = 0;
    if (p->st.kind == SH_CMD_DECL)
        sh_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, name, v, 0, off);
    else
        TW_PUSH(p->tmp, p->assigns, ((tw_arg){v, name}));
}

static bool declares(tw_str word)
{
    static const tw_str words[] = {TW_SI("export"), TW_SI("local"), TW_SI("declare"), TW_SI("typeset"),
                                   TW_SI("readonly")};
    for (size_t i = 0; i < TW_COUNT(words); i++)
        if (tw_str_eq(words[i], word)) return true;
    return false;
}

static void first_word(sh *p, tw_str text)
{
    if (declares(text)) p->st.kind = SH_CMD_DECL;
    if (tw_str_eq(text, TW_S("[["))) p->st.kind = SH_CMD_COND;
}

/* `case x in`: the patterns begin. */
static bool case_head(sh *p, tw_str text)
{
    if (p->words.n - p->st.words != 1 || !tw_str_eq(text, TW_S("in"))) return false;
    sh_frame *f = sh_top(p);
    uint32_t v = p->words.v[p->st.words].value;
    p->words.n = p->st.words;
    if (f->kind != SH_CASE) return false;
    f->enter = sh_emit(p, TW_OP_ENTER, TW_REGION_MATCH, v, 0, 0, f->off);
    f->phase = 1;
    p->st.kind = SH_CMD_PATTERN;
    return true;
}

/* {a,b,c}: three words. */
static bool braces(sh *p, tw_str text, uint32_t off)
{
    if (text.n < 3 || text.p[0] != '{' || text.p[text.n - 1] != '}') return false;
    tw_str rest = tw_str_sub(text, 1, text.n - 1), item;
    if (tw_str_chr(rest, ',') == TW_NPOS || tw_str_chr(rest, '{') != TW_NPOS) return false;
    rest = tw_arena_str(p->tmp, rest); /* the table of texts grows below */
    while (tw_str_split(&rest, ',', &item)) {
        if (!item.n) continue;
        uint32_t v = tw_text_emit(p->ir, item, off, p->pos);
        TW_PUSH(p->tmp, p->words, ((tw_word){v, off, p->pos, false}));
    }
    return true;
}

void sh_word_end(sh *p)
{
    sh_state *st = &p->st;
    if (!st->in_word) return;
    bool quoted = st->quoted;
    uint32_t off = st->word_off == UINT32_MAX ? p->pos : st->word_off, n_parts = p->parts.n - st->parts;
    bool bare = !quoted && !n_parts;
    if (bare && !p->lit.n && !st->assign && !st->target) { /* a joined line's end */
        st->in_word = 0;
        return;
    }
    bool first = p->words.n == st->words && !st->target && !st->assign && !st->array;
    uint32_t mark = p->ir->insns.n, v = sh_word_value(p);
    tw_str text = bare ? tw_const_text(p->ir, v) : TW_S("");
    st->in_word = st->dq = st->quoted = 0;
    st->word_off = UINT32_MAX;
    bool fresh = bare && mark + 1 == p->ir->insns.n;
    if (st->target) {
        take_target(p, v, off);
        return;
    }
    if (st->assign && !st->array) {
        take_assignment(p, v, off);
        return;
    }
    bool may = first && fresh && p->assigns.n == st->assigns && !st->is_compound;
    if (may && (st->kind == SH_PLAIN || st->kind == SH_CMD_PATTERN) && sh_keyword(p, text)) return;
    if (st->kind == SH_CMD_CASE && fresh && case_head(p, text)) return;
    if (st->kind == SH_CMD_FUNC) {
        sh_function(p, tw_const_text(p->ir, v), off);
        return;
    }
    if (!fresh || !braces(p, text, off)) TW_PUSH(p->tmp, p->words, ((tw_word){v, off, p->pos, quoted}));
    if (first && bare && st->kind == SH_PLAIN) first_word(p, text);
    if (st->kind == SH_CMD_COND && tw_str_eq(text, TW_S("]]"))) sh_command_end(p);
}

static void emit_test(sh *p, tw_str op)
{
    uint32_t n = p->words.n - p->st.words;
    tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
    for (uint32_t i = 1; i < n; i++) a[i - 1] = (tw_arg){p->words.v[p->st.words + i].value, 0};
    p->st.last =
        sh_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, op), 0, tw_ir_args(p->ir, a, n - 1), p->st.off);
}

/* for x in a b: the list waits in the frame for `do`. */
static void for_head(sh *p)
{
    sh_frame *f = sh_top(p);
    uint32_t n = p->words.n - p->st.words;
    tw_word *w = p->words.v + p->st.words;
    if (f->kind != SH_FOR || !n) return;
    f->name = tw_intern(&p->ir->strings, tw_const_text(p->ir, w[0].value));
    tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
    for (uint32_t i = 2; i < n; i++) a[i - 2] = (tw_arg){w[i].value, 0};
    uint32_t args = n > 2 ? tw_ir_args(p->ir, a, n - 2) : 0;
    f->value = sh_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, args, f->off);
}

/* `read x y`: the names are variables now. */
static void bind_read(sh *p, const tw_word *w, uint32_t n, uint32_t call)
{
    for (uint32_t i = 1; i < n; i++) {
        tw_str name = tw_const_text(p->ir, w[i].value);
        if (!name.n || name.p[0] == '-') continue;
        sh_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, tw_intern(&p->ir->strings, name), call, 0, w[i].off);
    }
}

static void emit_command(sh *p)
{
    const tw_word *w = p->words.v + p->st.words;
    uint32_t n = p->words.n - p->st.words, n_assigns = p->assigns.n - p->st.assigns;
    tw_str name = tw_const_text(p->ir, w[0].value);
    if (tw_str_eq(name, TW_S("[")) || tw_str_eq(name, TW_S("test"))) {
        emit_test(p, TW_S("["));
        return;
    }
    bool back = tw_str_eq(name, TW_S("break")), on = tw_str_eq(name, TW_S("continue"));
    if (back || on) {
        sh_emit(p, TW_OP_JUMP, on, 0, 0, 0, p->st.off);
        return;
    }
    for (uint32_t i = 0; i < n_assigns; i++) { /* x=v cmd: the keyword is "x=" */
        tw_arg *a = &p->assigns.v[p->st.assigns + i];
        tw_str s = tw_arena_fmt(p->tmp, "%.*s=", TW_FMT(tw_ir_text(p->ir, a->name)));
        a->name = tw_intern(&p->ir->strings, s);
    }
    bool reads = tw_str_eq(name, TW_S("read")) || tw_str_eq(name, TW_S("mapfile"));
    uint32_t in = p->st.input ? p->st.input : p->st.pipe ? p->st.pipe : p->st.inherit;
    tw_command c = {w, n, p->assigns.v + p->st.assigns, n_assigns, in, 0, p->st.off, p->pos};
    p->st.last = tw_command_emit(p->ir, p->tmp, &c);
    if (reads) bind_read(p, w, n, p->st.last);
    if (tw_str_eq(name, TW_S("return")) || tw_str_eq(name, TW_S("exit")))
        sh_emit(p, TW_OP_RETURN, 0, 0, 0, 0, p->st.off);
    p->st.inherit = 0; /* the first command of a group reads what it is given */
}

static void end_plain(sh *p)
{
    uint32_t n = p->words.n - p->st.words;
    if (n) {
        emit_command(p);
    } else if (p->st.is_compound) {
        p->st.last = p->st.compound;
    } else {
        for (uint32_t i = p->st.assigns; i < p->assigns.n; i++)
            sh_emit(p, TW_OP_BIND, TW_BIND_ASSIGN, p->assigns.v[i].name, p->assigns.v[i].value, 0, p->st.off);
    }
}

void sh_command_end(sh *p)
{
    sh_state *st = &p->st;
    if (st->array) { /* never closed */
        st->array = 0;
        p->words.n = st->words;
    }
    sh_word_end(p);
    uint32_t off = st->off == UINT32_MAX ? p->pos : st->off;
    bool any =
        p->words.n > st->words || st->is_compound || p->assigns.n > st->assigns || p->outs.n > st->outs;
    bool made = p->words.n > st->words || st->is_compound;
    st->off = off;
    switch (st->kind) {
    case SH_CMD_FOR: for_head(p); break;
    case SH_CMD_COND: emit_test(p, TW_S("[[")); break;
    case SH_CMD_CASE:
    case SH_CMD_FUNC:
    case SH_CMD_PATTERN: any = false; break;
    case SH_CMD_DECL: break;
    default: end_plain(p);
    }
    for (uint32_t i = st->outs; i < p->outs.n; i++) {
        sh_out o = p->outs.v[i];
        sh_emit(p, TW_OP_REDIRECT, o.kind, made ? st->last : 0, o.value, 0, off);
    }
    sh_state next = {.words = st->words, .parts = st->parts, .assigns = st->assigns, .outs = st->outs};
    next.off = next.word_off = UINT32_MAX;
    next.last = st->last, next.andor = st->andor, next.inherit = st->inherit;
    if (st->kind == SH_CMD_PATTERN || st->kind == SH_CMD_CASE) next.kind = st->kind;
    p->words.n = st->words, p->parts.n = st->parts, p->assigns.n = st->assigns, p->outs.n = st->outs;
    tw_buf_clear(&p->lit);
    p->st = next;
    bool one = any && sh_top(p)->kind == SH_FUNC && !sh_top(p)->phase;
    if (one) {
        sh_top(p)->phase = 1;
        sh_close(p);
    }
}

void sh_andor_close(sh *p)
{
    uint32_t enter = p->st.andor;
    if (!enter) return;
    tw_insn *in = &p->ir->insns.v[enter];
    in->len = p->pos > in->off ? p->pos - in->off : 0;
    p->st.andor = 0;
    sh_emit(p, TW_OP_LEAVE, in->kind, enter, 0, 0, p->pos);
}

void sh_item_end(sh *p)
{
    sh_command_end(p);
    sh_andor_close(p);
}

static uint32_t here_line(sh *p)
{
    if (p->here_to && p->here_to > p->pos) return p->here_to;
    if (p->line_end < p->pos) {
        const uint8_t *nl = memchr(p->s + p->pos, '\n', p->end - p->pos);
        p->line_end = nl ? (uint32_t)(nl - p->s) : p->end;
    }
    return p->line_end < p->end ? p->line_end + 1 : p->end;
}

/* Behind "<<": the delimiter, then at once the text, which begins on the next line. */
static void here_document(sh *p, bool tabs)
{
    char word[128];
    uint32_t n = 0, off = p->pos;
    bool raw = false;
    while (sh_at(p, p->pos) == ' ' || sh_at(p, p->pos) == '\t') p->pos++;
    for (int c; (c = sh_at(p, p->pos)) >= 0 && !strchr(" \t\r\n;&|<>()", c); p->pos++) {
        if (c == '\'' || c == '"' || c == '\\')
            raw = true;
        else if (n < sizeof word)
            word[n++] = (char)c;
    }
    uint32_t from = here_line(p), at = from, to = from;
    bool first = !p->here_to || p->here_to <= p->pos;
    if (p->here_left < p->end - at) { /* many without an end, each in the one before */
        sh_opaque(p, TW_GAP_LIMIT, from, p->end);
        p->here_from = from, p->here_to = p->end;
        return;
    }
    for (bool found = false; at < p->end && !found;) {
        const uint8_t *nl = memchr(p->s + at, '\n', p->end - at);
        uint32_t end = nl ? (uint32_t)(nl - p->s) : p->end, b = at;
        while (tabs && b < end && p->s[b] == '\t') b++;
        uint32_t len = end > b && p->s[end - 1] == '\r' ? end - 1 - b : end - b;
        found = len == n && !memcmp(p->s + b, word, n);
        to = at;
        at = end < p->end ? end + 1 : end;
        if (!found) to = at;
    }
    p->here_left -= at - from;
    if (first) p->here_from = from;
    p->here_to = at;
    if (from >= p->end) return;
    if (raw) {
        p->st.input = tw_text_emit(p->ir, tw_str_of((const char *)p->s + from, to - from), from, to);
        return;
    }
    if (!sh_push(p, SH_HEREDOC, off)) return;
    sh_frame *f = sh_top(p);
    f->pos = p->pos, f->end = p->end, f->enter = p->parens, f->more = p->ticks;
    p->parens = p->ticks = 0;
    p->pos = from, p->end = to;
    p->st.in_word = p->st.dq = 1;
    p->st.word_off = from;
}

/* At < or >, perhaps behind the number of a descriptor. */
void sh_redirect(sh *p)
{
    tw_str lit = tw_buf_str(&p->lit);
    bool fd = p->st.in_word && lit.n == 1 && lit.p[0] >= '0' && lit.p[0] <= '9' && !p->st.quoted &&
              p->parts.n == p->st.parts && !p->st.assign && !p->st.target;
    char num = fd ? lit.p[0] : 0;
    if (fd)
        tw_buf_clear(&p->lit), p->st.in_word = 0;
    else
        sh_word_end(p);
    if (p->st.off == UINT32_MAX) p->st.off = p->pos;
    int c = sh_at(p, p->pos), d = sh_at(p, p->pos + 1);
    p->pos++;
    if (c == '<' && d == '<') {
        p->pos++;
        int e = sh_at(p, p->pos);
        if (e == '<' || e == '-') p->pos++;
        if (e == '<')
            p->st.target = 's';
        else
            here_document(p, e == '-');
        return;
    }
    p->st.target = (uint8_t)(c == '<' ? '<' : num == '2' ? '2' : '>');
    if (d == '&') p->st.target = 'd', p->pos++;
    if (c == '>' && d == '>') p->st.target = num == '2' ? '2' : '+', p->pos++;
    if (d == '|' || (c == '<' && d == '>')) p->pos++;
}
