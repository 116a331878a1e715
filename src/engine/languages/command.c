/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/command.h"

#include "engine/ir/command.h"

enum { WRAPPERS = 8, JOINED = 1 << 20 };

typedef struct maker {
    tw_ir *ir;
    tw_arena *tmp;
    const tw_command *c;
    TW_VEC(tw_arg) args;
    uint32_t yes; /* CONST true */
} maker;

tw_str tw_const_text(const tw_ir *ir, uint32_t value)
{
    const tw_insn *in = value < ir->insns.n ? &ir->insns.v[value] : NULL;
    if (!in || in->op != TW_OP_CONST || in->kind > TW_CONST_FLOAT) return (tw_str){NULL, 0};
    tw_str s = tw_ir_text(ir, in->a);
    return s.p ? s : TW_S("");
}

uint32_t tw_text_emit(tw_ir *ir, tw_str text, uint32_t off, uint32_t end)
{
    return tw_ir_emit(ir, TW_OP_CONST, TW_CONST_STR, 0, tw_intern(&ir->strings, text), 0, 0, off, end - off);
}

uint32_t tw_parts_emit(tw_ir *ir, const tw_arg *parts, uint32_t n, uint32_t off, uint32_t end)
{
    if (!n) return tw_text_emit(ir, TW_S(""), off, end);
    if (n == 1) return parts[0].value;
    return tw_ir_emit(ir, TW_OP_CONCAT, 0, 0, 0, 0, tw_ir_args(ir, parts, n), off, end - off);
}

uint32_t tw_words_join(tw_ir *ir, tw_arena *tmp, const tw_word *w, uint32_t n)
{
    bool all = true;
    if (!n) return 0;
    uint32_t off = w[0].off, end = w[n - 1].end;
    for (uint32_t i = 0; i < n; i++) all = all && tw_const_text(ir, w[i].value).p;
    if (n == 1) return w[0].value;
    if (all) {
        tw_buf b = {.limit = JOINED};
        for (uint32_t i = 0; i < n; i++) {
            if (i) tw_buf_putc(&b, ' ');
            tw_buf_puts(&b, tw_const_text(ir, w[i].value));
        }
        uint32_t v = tw_text_emit(ir, tw_buf_str(&b), off, end);
        tw_buf_free(&b);
        return v;
    }
    tw_arg *parts = tw_arena_calloc(tmp, (size_t)n * 2, sizeof *parts);
    uint32_t blank = tw_text_emit(ir, TW_S(" "), off, off), k = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i) parts[k++] = (tw_arg){blank, 0};
        parts[k++] = (tw_arg){w[i].value, 0};
    }
    return tw_parts_emit(ir, parts, k, off, end);
}

static void add(maker *m, tw_str name, uint32_t value)
{
    uint32_t id = name.n ? tw_intern(&m->ir->strings, name) : 0;
    TW_PUSH(m->tmp, m->args, ((tw_arg){value, id}));
}

static uint32_t yes(maker *m)
{
    if (!m->yes)
        m->yes = tw_ir_emit(m->ir, TW_OP_CONST, TW_CONST_TRUE, 0, tw_intern(&m->ir->strings, TW_S("true")), 0,
                            0, m->c->off, 0);
    return m->yes;
}

/* "-fsSLo x": letters, the last with a value. Returns how many words were taken. */
static uint32_t letters(maker *m, const tw_options *o, const tw_word *w, uint32_t n, tw_str text)
{
    for (size_t i = 1; i < text.n && i < 64; i++) {
        char one[2] = {'-', text.p[i]};
        tw_str name = tw_str_of(one, 2);
        if (!tw_option_in(o->valued, name, &name)) {
            add(m, name, yes(m));
            continue;
        }
        if (i + 1 < text.n) {
            add(m, name, tw_text_emit(m->ir, tw_str_sub(text, i + 1, text.n), w->off, w->end));
            return 1;
        }
        if (n > 1) add(m, name, w[1].value);
        return n > 1 ? 2 : 1;
    }
    return 1;
}

static uint32_t long_option(maker *m, const tw_options *o, const tw_word *w, uint32_t n, tw_str text)
{
    size_t eq = tw_str_chr(text, '=');
    tw_str key = tw_str_sub(text, 0, eq == TW_NPOS ? text.n : eq), name = key;
    bool valued = tw_option_in(o->valued, key, &name);
    if (eq != TW_NPOS) {
        add(m, name, tw_text_emit(m->ir, tw_str_sub(text, eq + 1, text.n), w->off, w->end));
        return 1;
    }
    if (valued && n > 1) {
        add(m, name, w[1].value);
        return 2;
    }
    add(m, name, yes(m));
    return 1;
}

static tw_str lower(maker *m, tw_str s)
{
    char *p = tw_arena_alloc(m->tmp, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32) : s.p[i];
    return tw_str_of(p, s.n);
}

/* "/c", "-urlcache": one word, in lower case. 0: it is none. */
static uint32_t word_option(maker *m, const tw_options *o, const tw_word *w, uint32_t n, tw_str text)
{
    tw_str name = lower(m, text), used = name;
    if (tw_option_in(o->rest, tw_str_sub(name, 0, 2), &used)) {
        tw_word *rest = tw_arena_calloc(m->tmp, (size_t)n + 1, sizeof *rest);
        uint32_t k = 0;
        if (text.n > 2) /* cmd /ccalc */
            rest[k++] = (tw_word){tw_text_emit(m->ir, tw_str_sub(text, 2, text.n), w->off, w->end), w->off,
                                  w->end, 0};
        for (uint32_t i = 1; i < n; i++) rest[k++] = w[i];
        uint32_t v = tw_words_join(m->ir, m->tmp, rest, k);
        add(m, used, v ? v : yes(m));
        return n;
    }
    size_t colon = tw_str_chr(name, ':');
    if (name.p[0] == '/' && colon != TW_NPOS && colon + 1 < name.n) {
        add(m, tw_str_sub(name, 0, colon),
            tw_text_emit(m->ir, tw_str_sub(text, colon + 1, text.n), w->off, w->end));
        return 1;
    }
    bool valued = tw_option_in(o->valued, name, &used);
    if (valued && n > 1) {
        add(m, used, w[1].value);
        return 2;
    }
    add(m, used, yes(m));
    return 1;
}

/* -Name value, -Name:value, -Switch: how cmdlets are called. */
static uint32_t parameter(maker *m, const tw_word *w, uint32_t n, tw_str text)
{
    static const char switches[] = "-force -recurse -usebasicparsing -passthru -noprofile -wait -nonewwindow "
                                   "-asplaintext -confirm -hidden "
                                   "-whatif -verbose -asjob -append -raw -quiet -nonewline -asbytestream "
                                   "-noclobber -unique -erroraction=";
    tw_str name = lower(m, text), used = name;
    size_t colon = tw_str_chr(name, ':');
    if (colon != TW_NPOS && colon + 1 < name.n) {
        add(m, tw_str_sub(name, 0, colon),
            tw_text_emit(m->ir, tw_str_sub(text, colon + 1, text.n), w->off, w->end));
        return 1;
    }
    if (colon != TW_NPOS) name.n = colon;
    tw_str next = n > 1 && !w[1].quoted ? tw_const_text(m->ir, w[1].value) : TW_S("");
    bool alone = tw_option_in(switches, name, &used) && used.n;
    if (n > 1 && !alone && !(next.n > 1 && next.p[0] == '-' && next.p[1] > '9')) {
        add(m, name, w[1].value);
        return 2;
    }
    add(m, name, yes(m));
    return 1;
}

static uint32_t powershell_option(maker *m, const tw_word *w, uint32_t n, tw_str text)
{
    tw_str name;
    int kind = tw_powershell_option(text, &name);
    if (!kind) return 0;
    tw_str dashed = tw_arena_fmt(m->tmp, "-%.*s", TW_FMT(name));
    if (kind == 3) {
        uint32_t v = tw_words_join(m->ir, m->tmp, w + 1, n - 1);
        add(m, dashed, v ? v : yes(m));
        return n;
    }
    add(m, dashed, kind == 2 && n > 1 ? w[1].value : yes(m));
    return kind == 2 && n > 1 ? 2 : 1;
}

/* The option at w[0]; 0: it is an operand. */
static uint32_t option(maker *m, const tw_options *o, tw_str command, const tw_word *w, uint32_t n)
{
    tw_str text = tw_const_text(m->ir, w->value);
    if (text.n < 2) return 0;
    if (tw_str_eq(command, TW_S("powershell")) || tw_str_eq(command, TW_S("pwsh")))
        return powershell_option(m, w, n, text);
    if (text.p[0] == '/') return o->flags & TW_OPT_SLASH && text.n < 24 ? word_option(m, o, w, n, text) : 0;
    if (text.p[0] != '-' || tw_str_chr(text, ' ') != TW_NPOS) return 0;
    if (o->flags & (TW_OPT_WORDS | TW_OPT_SLASH)) return word_option(m, o, w, n, text);
    if (m->ir->lang == TW_LANG_POWERSHELL && o->flags & TW_OPT_UNKNOWN)
        return w->quoted ? 0 : parameter(m, w, n, text);
    return text.p[1] == '-' ? long_option(m, o, w, n, text) : letters(m, o, w, n, text);
}

/* NAME=value operands of env and dd. */
static bool named_operand(maker *m, tw_str command, const tw_word *w)
{
    tw_str text = tw_const_text(m->ir, w->value);
    size_t eq = tw_str_chr(text, '=');
    bool dd = tw_str_eq(command, TW_S("dd"));
    if ((!dd && !tw_str_eq(command, TW_S("env"))) || eq == TW_NPOS || !eq) return false;
    add(m, tw_str_sub(text, 0, eq + 1),
        tw_text_emit(m->ir, tw_str_sub(text, eq + 1, text.n), w->off, w->end));
    return true;
}

/* The operands that follow are a command: how many words of it were taken before they begin. */
static uint32_t runs_from(maker *m, const tw_options *o, tw_str command, const tw_word *w, uint32_t n)
{
    bool skip = o->flags & TW_OPT_SKIP, title = o->flags & TW_OPT_TITLE;
    uint32_t i = 1;
    while (i < n) {
        uint32_t took = option(m, o, command, w + i, n - i);
        if (!took && named_operand(m, command, w + i)) took = 1;
        if (!took && (skip || (title && w[i].quoted))) {
            skip = title = false;
            took = 1;
        }
        if (!took) break;
        i += took;
    }
    return i;
}

/* wget URL and curl -O URL write a file that is named like the URL's end. */
static void add_remote_name(maker *m, tw_str command)
{
    bool wget = tw_str_eq(command, TW_S("wget")), remote = wget;
    uint32_t url = 0;
    if (!wget && !tw_str_eq(command, TW_S("curl"))) return;
    for (uint32_t i = 0; i < m->args.n; i++) {
        tw_str name = tw_ir_text(m->ir, m->args.v[i].name);
        if (!name.n && !url) url = m->args.v[i].value;
        if (tw_str_eq(name, wget ? TW_S("-O") : TW_S("-o"))) return;
        remote |= tw_str_eq(name, TW_S("-O")) || tw_str_eq(name, TW_S("--remote-name"));
    }
    const tw_insn *in = url ? &m->ir->insns.v[url] : NULL;
    if (in && in->op == TW_OP_CONCAT && in->c) /* "$HOST/x.sh" */
        url = m->ir->args.v[in->c + m->ir->args.v[in->c].value].value;
    tw_str text = tw_const_text(m->ir, url), base = tw_str_base(text);
    size_t query = tw_str_chr(base, '?');
    base = tw_str_sub(base, 0, query == TW_NPOS ? base.n : query);
    if (!remote || !base.n || base.n == text.n) return;
    add(m, wget ? TW_S("-O") : TW_S("-o"), tw_text_emit(m->ir, base, m->c->off, m->c->off));
}

static uint32_t call(maker *m, const tw_word *w, uint32_t n, tw_str command, const tw_options *o, bool wraps)
{
    const tw_command *c = m->c;
    tw_ir *ir = m->ir;
    bool done = false, ps = tw_str_eq(command, TW_S("powershell"));
    for (uint32_t i = 1; i < n;) {
        tw_str text = tw_const_text(ir, w[i].value);
        uint32_t took = done || wraps ? 0 : option(m, o, command, w + i, n - i);
        if (!took && tw_str_eq(text, TW_S("--"))) done = true, took = 1;
        if (!took && !wraps && named_operand(m, command, w + i)) took = 1;
        if (!took && ps && !done && !tw_str_ends(text, TW_S(".ps1"))) { /* the rest is the command */
            add(m, TW_S("-command"), tw_words_join(ir, m->tmp, w + i, n - i));
            took = n - i;
        }
        if (!took) add(m, TW_S(""), w[i].value), took = 1;
        i += took;
    }
    if (!wraps) add_remote_name(m, command);
    if (c->input && !wraps) add(m, TW_S("<stdin>"), c->input);
    for (uint32_t i = 0; i < c->n_assigns; i++) TW_PUSH(m->tmp, m->args, c->assigns[i]);
    uint32_t args = tw_ir_args(ir, m->args.v, m->args.n);
    m->args.n = 0;
    return tw_ir_emit(ir, TW_OP_CALL, 0, TW_IF_COMMAND | c->flags, w->value, 0, args, c->off,
                      c->end - c->off);
}

static uint32_t operand_from(maker *m, tw_str hole, const tw_word *w)
{
    tw_str text = tw_const_text(m->ir, w->value);
    size_t at = tw_str_find(text, hole);
    if (at == TW_NPOS) return w->value;
    tw_str head = tw_arena_str(m->tmp, tw_str_sub(text, 0, at));
    tw_str tail = tw_arena_str(m->tmp, tw_str_sub(text, at + hole.n, text.n));
    tw_arg parts[3];
    uint32_t n = 0;
    if (head.n) parts[n++] = (tw_arg){tw_text_emit(m->ir, head, w->off, w->end), 0};
    parts[n++] = (tw_arg){m->c->input, 0};
    if (tail.n) parts[n++] = (tw_arg){tw_text_emit(m->ir, tail, w->off, w->end), 0};
    return tw_parts_emit(m->ir, parts, n, w->off, w->end);
}

/* x | xargs cmd: what is read becomes an operand, in place of -I's text or behind the others. */
static const tw_word *xargs(maker *m, const tw_word *w, uint32_t from, uint32_t *n)
{
    tw_str hole = TW_S("");
    for (uint32_t i = 1; i < from; i++) {
        tw_str text = tw_const_text(m->ir, w[i].value);
        if (tw_str_starts(text, TW_S("-I")) || tw_str_starts(text, TW_S("-i")))
            hole = tw_str_sub(text, 2, text.n);
        if (tw_str_eq(text, TW_S("-I")) && i + 1 < from) hole = tw_const_text(m->ir, w[i + 1].value);
        if (tw_str_eq(text, TW_S("-i"))) hole = TW_S("{}");
    }
    hole = tw_arena_str(m->tmp, hole);
    uint32_t count = *n - from;
    tw_word *ret = TW_NEWN(m->tmp, tw_word, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        ret[i] = w[from + i];
        if (hole.n && i) ret[i].value = operand_from(m, hole, &w[from + i]);
    }
    if (!hole.n) ret[count] = (tw_word){m->c->input, w[from].off, w[from].end, true}, count++;
    *n = count;
    return ret;
}

/* find -exec cmd {} ; */
static void find_exec(maker *m, const tw_word *w, uint32_t n)
{
    for (uint32_t i = 1; i + 1 < n; i++) {
        tw_str text = tw_const_text(m->ir, w[i].value);
        if (!tw_str_starts(text, TW_S("-exec")) && !tw_str_starts(text, TW_S("-ok"))) continue;
        uint32_t from = i + 1, to = from;
        for (; to < n; to++) {
            text = tw_const_text(m->ir, w[to].value);
            if (tw_str_eq(text, TW_S(";")) || tw_str_eq(text, TW_S("+")) ||
                tw_str_starts(text, TW_S("-exec")))
                break;
        }
        char buf[TW_COMMAND_NAME];
        tw_str command = tw_command_name(tw_const_text(m->ir, w[from].value), buf);
        if (to > from) call(m, w + from, to - from, command, tw_options_of(m->ir->lang, command), false);
        i = to - 1;
    }
}

uint32_t tw_command_emit(tw_ir *ir, tw_arena *tmp, const tw_command *c)
{
    maker m = {.ir = ir, .tmp = tmp, .c = c};
    const tw_word *w = c->words;
    uint32_t n = c->n;
    TW_RESERVE(tmp, m.args, 16);
    for (int i = 0;; i++) {
        char buf[TW_COMMAND_NAME];
        tw_str command = tw_command_name(tw_const_text(ir, w->value), buf);
        const tw_options *o = tw_options_of(ir->lang, command);
        if (ir->lang == TW_LANG_SHELL && tw_str_eq(command, TW_S("find"))) find_exec(&m, w, n);
        if (!(o->flags & TW_OPT_RUNS) || i == WRAPPERS) return call(&m, w, n, command, o, false);
        uint32_t at = runs_from(&m, o, command, w, n);
        m.args.n = 0;
        if (at >= n) return call(&m, w, n, command, o, false);
        bool means = !tw_str_eq(command, TW_S("call")) && !tw_str_eq(command, TW_S("env"));
        if (means) call(&m, w, n, command, o, true);
        if (m.c->input && tw_str_eq(command, TW_S("xargs"))) {
            tw_command *fed = TW_NEW(tmp, tw_command);
            w = xargs(&m, w, at, &n);
            *fed = *m.c, fed->input = 0;
            m.c = fed;
        } else {
            w += at, n -= at;
        }
    }
}
