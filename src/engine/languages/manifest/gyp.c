/* SPDX-License-Identifier: Apache-2.0 */
/* binding.gyp is a Python expression: gyp itself gives it to Python's parser, so ours reads it. Commands that node-gyp runs
 * while it configures and builds: `<!(command)` anywhere in a string, and the lists under "action". */
#include "engine/languages/manifest/manifest.h"

#include "base/buf.h"

enum { BRACKETS = 32 };

typedef struct gyp {
    tw_ir *ir;         /* being made */
    const tw_ir *from; /* the text as Python */
    tw_buf text;
} gyp;

static const tw_insn *at(const gyp *g, uint32_t v)
{
    return &g->from->insns.v[v < g->from->insns.n ? v : 0];
}

static bool is_text(const gyp *g, uint32_t v, tw_str *ret)
{
    const tw_insn *x = at(g, v);
    if (x->op != TW_OP_CONST || x->kind != TW_CONST_STR) return false;
    *ret = tw_ir_text(g->from, x->a);
    return true;
}

/* `["node", "-p", "x"]` as words for a shell: its quotes stay, the brackets and commas between go. */
static tw_str words_of_list(gyp *g, tw_str list)
{
    char quote = 0;
    tw_buf_clear(&g->text);
    for (size_t i = 0; i < list.n; i++) {
        char c = list.p[i];
        if (quote ? c == quote : c == '"' || c == '\'') quote = quote ? 0 : c;
        bool frame = !quote && (c == '[' || c == ']' || c == ',');
        tw_buf_putc(&g->text, frame ? ' ' : c);
    }
    return tw_str_trim(tw_buf_str(&g->text));
}

static void command(gyp *g, const tw_insn *in, tw_str text, bool python)
{
    text = tw_str_trim(text);
    if (python) {
        tw_str name = tw_str_sub(text, 0, tw_str_chr(text, ' '));
        tw_str import = tw_arena_fmt(g->ir->arena, "import %.*s", TW_FMT(name));
        tw_carry_text(g->ir, TW_S("python"), import, in->off, in->len);
        return;
    }
    if (tw_str_starts(text, TW_S("["))) text = words_of_list(g, text);
    if (text.n) tw_carry_text(g->ir, TW_S("shell"), text, in->off, in->len);
}

/* Where the command of an expansion that starts at s[i] stands: `<!(`, `<!@(`, `>!(`, `^!(`, `<!pymod_do_main(`. 0: none. */
static size_t expansion(tw_str s, size_t i, bool *ret_python)
{
    static const tw_str module = TW_SI("pymod_do_main(");
    if (i + 2 >= s.n || s.p[i + 1] != '!' || (s.p[i] != '<' && s.p[i] != '>' && s.p[i] != '^')) return 0;
    tw_str rest = tw_str_sub(s, i + 2, s.n);
    *ret_python = tw_str_starts(rest, module);
    if (*ret_python) return i + 2 + module.n;
    if (tw_str_starts(rest, TW_S("("))) return i + 3;
    return tw_str_starts(rest, TW_S("@(")) ? i + 4 : 0;
}

/* Commands may hold commands; gyp runs the inner one first. */
static void expansions(gyp *g, const tw_insn *in, tw_str s)
{
    struct {
        size_t from; /* of a command; 0: a bracket of its own */
        bool python;
    } open[BRACKETS];
    uint32_t n = 0, deeper = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool python = false;
        size_t from = expansion(s, i, &python);
        if (from) i = from - 1;
        if (from || s.p[i] == '(') {
            if (n < BRACKETS)
                open[n].from = from, open[n++].python = python;
            else
                deeper++;
        } else if (s.p[i] == ')' && deeper) {
            deeper--;
        } else if (s.p[i] == ')' && n && open[--n].from) {
            command(g, in, tw_str_sub(s, open[n].from, i), open[n].python);
        }
    }
    while (n--)
        if (open[n].from) command(g, in, tw_str_sub(s, open[n].from, s.n), open[n].python);
    if (deeper) tw_carry_opaque(g->ir, TW_GAP_LIMIT, in->off, in->len);
}

/* One word as gyp's makefiles quote it. */
static void put_word(tw_buf *b, tw_str word)
{
    bool plain = word.n > 0;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        plain &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 (c && strchr("-_./:=@%+,", c) != NULL);
    }
    if (b->n) tw_buf_putc(b, ' ');
    if (plain) {
        tw_buf_puts(b, word);
        return;
    }
    tw_buf_putc(b, '\'');
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] == '\'')
            tw_buf_puts(b, TW_S("'\\''"));
        else
            tw_buf_putc(b, word.p[i]);
    tw_buf_putc(b, '\'');
}

static void action(gyp *g, const tw_insn *list)
{
    tw_str word;
    tw_buf_clear(&g->text);
    const tw_arg *items = &g->from->args.v[list->c];
    for (uint32_t i = 1; i <= items->value; i++)
        if (is_text(g, items[i].value, &word)) put_word(&g->text, word);
    if (g->text.n) tw_carry_text(g->ir, TW_S("shell"), tw_buf_str(&g->text), list->off, list->len);
}

/* Names of package.json, where its JSON is not strict. */
static void scripts(gyp *g, const tw_insn *map)
{
    tw_str name, text;
    const tw_arg *items = &g->from->args.v[map->c];
    for (uint32_t i = 1; i + 1 <= items->value; i += 2) {
        if (!is_text(g, items[i].value, &name) || !is_text(g, items[i + 1].value, &text)) continue;
        const tw_insn *x = at(g, items[i + 1].value);
        tw_carry_func(g->ir, tw_arena_fmt(g->ir->arena, "scripts.%.*s", TW_FMT(name)), x->off, x->len);
        tw_carry_text(g->ir, TW_S("shell"), text, x->off, x->len);
        tw_carry_func_end(g->ir, x->off + x->len);
    }
}

/* Pairs of a dictionary: lists under "action", the dictionary under "scripts". */
static void pairs(gyp *g, const tw_insn *map, bool want_scripts)
{
    tw_str key;
    const tw_arg *items = &g->from->args.v[map->c];
    for (uint32_t i = 1; i + 1 <= items->value; i += 2) {
        const tw_insn *held = at(g, items[i + 1].value);
        if (!is_text(g, items[i].value, &key)) continue;
        if (want_scripts && held->op == TW_OP_MAP && tw_str_eq(key, TW_S("scripts"))) scripts(g, held);
        if (!want_scripts && held->op == TW_OP_SEQ && tw_str_eq(key, TW_S("action"))) action(g, held);
    }
}

void mf_lower_python(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir, bool with_scripts)
{
    tw_ir *python = TW_NEW(a, tw_ir);
    gyp g = {.ir = ir, .from = python, .text = {.limit = bytes.n * 6 + 16}};
    tw_str text;
    bool whole = true;
    uint8_t bad = 0;
    tw_front_python.lower(a, bytes, lim, python);
    tw_carry_func(ir, TW_S("binding"), 0, (uint32_t)bytes.n);
    for (uint32_t i = 1; i < python->insns.n; i++) {
        const tw_insn *x = &python->insns.v[i];
        if (is_text(&g, i, &text)) {
            expansions(&g, x, text);
            /* a condition is evaluated as Python without builtins: what reaches out of that has such names */
            if (tw_str_find(text, TW_S("__")) != TW_NPOS && tw_str_chr(text, '(') != TW_NPOS)
                tw_carry_text(ir, TW_S("python"), text, x->off, x->len);
        }
        if (x->op == TW_OP_MAP && x->c) pairs(&g, x, false);
        if (x->op == TW_OP_OPAQUE) bad = x->kind, whole = false;
    }
    tw_carry_func_end(ir, (uint32_t)bytes.n);
    for (uint32_t i = 1; with_scripts && i < python->insns.n; i++)
        if (python->insns.v[i].op == TW_OP_MAP && python->insns.v[i].c) pairs(&g, &python->insns.v[i], true);
    if (!whole) tw_carry_opaque(ir, (tw_gap_reason)bad, 0, bytes.n); /* nothing else reads a part of it */
    tw_buf_free(&g.text);
}
