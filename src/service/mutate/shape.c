/* SPDX-License-Identifier: Apache-2.0 */
/* What is put around and between code that does something: a megabyte, and code that never runs. */
#include "service/mutate/rewrite.h"

enum { MEGABYTE = 1 << 20 };

static void comments(tw_buf *b, mu *u, size_t n)
{
    static const char *const words[] = {"table",  "of",    "values", "see", "above", "which", "the",
                                        "reader", "keeps", "order",  "for", "each",  "row"};
    while (b->n < n) {
        tw_buf_puts(b, u->python ? TW_S("#") : TW_S("//"));
        for (uint32_t k = 0; k < 12; k++) tw_buf_fmt(b, " %s", words[mu_below(u->rng, TW_COUNT(words))]);
        tw_buf_putc(b, '\n');
    }
}

static void literal(tw_buf *b, mu *u, size_t n)
{
    tw_str name = mu_fresh(u);
    tw_buf_fmt(b, "%s%.*s = '", u->python ? "" : "var ", TW_FMT(name));
    while (b->n < n) tw_buf_putc(b, (char)('a' + mu_below(u->rng, 26)));
    tw_buf_puts(b, u->python ? TW_S("'\n") : TW_S("';\n"));
}

static void numbers(tw_buf *b, mu *u, size_t n)
{
    tw_str name = mu_fresh(u);
    tw_buf_fmt(b, "%s%.*s = [\n", u->python ? "" : "var ", TW_FMT(name));
    while (b->n < n) {
        for (uint32_t k = 0; k < 12; k++) tw_buf_fmt(b, "%u, ", mu_below(u->rng, 1u << 30));
        tw_buf_putc(b, '\n');
    }
    tw_buf_puts(b, u->python ? TW_S("]\n") : TW_S("];\n"));
}

bool mu_pad(mu *u)
{
    static void (*const fill[])(tw_buf *, mu *, size_t) = {comments, literal, numbers};
    tw_buf b = TW_BUF_INIT;
    if (u->text.n >= MEGABYTE) return false;
    bool behind = mu_below(u->rng, 2);
    uint32_t top = behind ? (uint32_t)u->text.n : mu_top(u);
    if (top && u->text.p[top - 1] != '\n') tw_buf_putc(&b, '\n');
    fill[mu_below(u->rng, TW_COUNT(fill))](&b, u, MEGABYTE - u->text.n);
    mu_begin(u);
    mu_edit_at(u, top, top, tw_buf_str(&b));
    mu_commit(u);
    tw_buf_free(&b);
    return mu_finish(u);
}

/* ---- dead code ---- */

static tw_str python_dead(mu *u)
{
    tw_str a = mu_fresh(u), b = mu_fresh(u);
    switch (mu_below(u->rng, 4)) {
    case 0:
        return tw_arena_fmt(u->a,
                            "def %.*s(%.*s):\n    total = 0\n    for item in %.*s:\n        total = total * "
                            "31 + len(str(item))\n    return total\n",
                            TW_FMT(a), TW_FMT(b), TW_FMT(b));
    case 1:
        return tw_arena_fmt(u->a, "if %u > %u:\n    %.*s = [n * n for n in range(10)]\n",
                            mu_below(u->rng, 50), 50 + mu_below(u->rng, 50), TW_FMT(a));
    case 2:
        return tw_arena_fmt(u->a, "%.*s = {'width': %u, 'height': %u}\n", TW_FMT(a), mu_below(u->rng, 900),
                            mu_below(u->rng, 900));
    default:
        return tw_arena_fmt(
            u->a,
            "class %.*s:\n    limit = %u\n\n    def check(self, value):\n        return value < self.limit\n",
            TW_FMT(a), mu_below(u->rng, 99));
    }
}

static tw_str script_dead(mu *u)
{
    tw_str a = mu_fresh(u), b = mu_fresh(u);
    switch (mu_below(u->rng, 4)) {
    case 0:
        return tw_arena_fmt(u->a,
                            "function %.*s(%.*s) {\n  let total = 0;\n  for (const item of %.*s) total = "
                            "total * 31 + String(item).length;\n  return total;\n}\n",
                            TW_FMT(a), TW_FMT(b), TW_FMT(b));
    case 1:
        return tw_arena_fmt(u->a, "if (%u > %u) {\n  var %.*s = [1, 2, 3].map((n) => n * n);\n}\n",
                            mu_below(u->rng, 50), 50 + mu_below(u->rng, 50), TW_FMT(a));
    case 2:
        return tw_arena_fmt(u->a, "var %.*s = { width: %u, height: %u };\n", TW_FMT(a), mu_below(u->rng, 900),
                            mu_below(u->rng, 900));
    default:
        return tw_arena_fmt(u->a, "class %.*s {\n  check(value) {\n    return value < %u;\n  }\n}\n",
                            TW_FMT(a), mu_below(u->rng, 99));
    }
}

/* Python: a line of the file's own level begins here and belongs to no statement above. */
static bool python_place(const mu *u, uint32_t i)
{
    static const char *const parts[] = {"else", "elif", "except", "finally", NULL};
    if (!(u->t[i].flags & TW_TOKF_FIRST) || u->t[i].col || u->t[i].off < mu_top(u) || mu_is_any(u, i, parts))
        return false;
    if (i && mu_is(u, mu_line_start(u, i - 1), "@")) return false;
    return !u->t[i].off || u->text.p[u->t[i].off - 1] == '\n';
}

bool mu_dead(mu *u)
{
    uint32_t *level = TW_NEWN(u->a, uint32_t, u->n + 1), top = mu_top(u);
    tw_str first = u->python ? python_dead(u) : script_dead(u);
    mu_levels(u, level);
    mu_begin(u);
    mu_edit_at(u, top, top,
               tw_arena_fmt(u->a, "%s%.*s", top && u->text.p[top - 1] != '\n' ? "\n" : "", TW_FMT(first)));
    mu_commit(u);
    for (uint32_t i = 1; i < u->n && u->groups < 60; i++) {
        bool here = u->python ? python_place(u, i)
                              : !level[i] && u->t[i].flags & TW_TOKF_FIRST && mu_is(u, i - 1, ";") &&
                                    u->t[i].off > top && !mu_is(u, i, "else") && !mu_is(u, i, "while") &&
                                    mu_kind(u, i, TW_TOK_KEYWORD);
        if (!here || mu_below(u->rng, 2)) continue;
        if (!u->python && i > 1 && mu_is(u, i - 1, ";") && !mu_top_level(u, i)) continue;
        mu_begin(u);
        mu_edit_at(u, u->t[i].off, u->t[i].off, u->python ? python_dead(u) : script_dead(u));
        mu_commit(u);
    }
    return mu_finish(u);
}

/* ---- one that breaks ---- */

bool mu_break(mu *u)
{
    for (uint32_t i = 0; i < u->n; i++) {
        if (u->t[i].kind != TW_TOK_STRING || u->t[i].value.n < 4 || u->t[i].end - u->t[i].off < 6) continue;
        mu_begin(u);
        mu_edit_at(u, u->t[i].off + 3, u->t[i].off + 4, TW_S("Z"));
        mu_commit(u);
    }
    return mu_finish(u);
}
