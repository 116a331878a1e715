/* SPDX-License-Identifier: Apache-2.0 */
/* The same tokens in as few bytes as they need, names shortened where rename.c may. */
#include "service/mutate/rewrite.h"

static bool name_like(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '#' || (uint8_t)c > 127 || c == '\\';
}

/* Would the two be read as one, or as something else? */
static bool needs_space(tw_str a, tw_str b)
{
    char x = a.p[a.n - 1], y = b.p[0];
    if (name_like(x) && (name_like(y) || y == '"' || y == '\'' || y == '`')) return true;
    if (x >= '0' && x <= '9' && y == '.') return true;
    if (y >= '0' && y <= '9' && x == '.') return true;
    return strchr("+-*/%&|^<>=!?.:~@", x) && strchr("+-*/%&|^<>=!?.:~@", y);
}

/* ---- Python ---- */

static void python_minify(mu *u, tw_buf *b)
{
    uint32_t cols[256] = {0}, depth = 0;
    bool joinable = false;
    for (uint32_t i = 0; i < u->n;) {
        static const char *const compound[] = {"if",    "for",   "while", "try",  "with",   "def",
                                               "class", "async", "else",  "elif", "except", "finally",
                                               "@",     "match", "case",  NULL};
        uint32_t end = mu_line_end(u, i), col = u->t[i].col;
        bool same = depth && cols[depth] == col;
        while (depth && cols[depth] > col) depth--;
        same = cols[depth] == col && same;
        if (cols[depth] < col && depth < 255) cols[++depth] = col;
        bool simple = !mu_is_any(u, i, compound) && !mu_is(u, end - 1, ":");
        if (simple && joinable && cols[depth] == col && (same || !depth)) {
            if (b->n && b->p[b->n - 1] == '\n') b->p[b->n - 1] = ';';
        } else {
            for (uint32_t k = 0; k < depth; k++) tw_buf_putc(b, ' ');
        }
        for (uint32_t k = i; k < end; k++) {
            if (k > i && needs_space(mu_text(u, k - 1), mu_text(u, k))) tw_buf_putc(b, ' ');
            tw_buf_puts(b, mu_text(u, k));
        }
        tw_buf_putc(b, '\n');
        joinable = simple && !mu_is(u, i, "from") && !(i == 0 && mu_kind(u, i, TW_TOK_STRING));
        uint32_t next = end + 1;
        if (next < u->n && u->t[next].col != col) joinable = false;
        i = next;
    }
}

/* ---- JavaScript ---- */

/* A line end between the two cannot matter. */
static bool line_end_is_free(const mu *u, uint32_t i)
{
    static const char *const before[] = {";",  "{",  "(",  "[", ",", "=", ":", "?",
                                         "=>", "&&", "||", "+", "-", "*", NULL};
    static const char *const after[] = {")", "]", ".", ",", ";", "=", "?", ":", NULL};
    if (u->t[i].flags & TW_TOKF_OPENS && u->t[i].kind == TW_TOK_FORMAT) return true;
    if (u->t[i + 1].kind == TW_TOK_FORMAT && u->t[i + 1].flags & TW_TOKF_CLOSES) return true;
    return mu_is_any(u, i, before) || mu_is_any(u, i + 1, after);
}

static void script_minify(mu *u, tw_buf *b)
{
    tw_buf_puts(b, tw_str_sub(u->text, 0, u->start));
    if (u->start && u->text.p[u->start - 1] != '\n') tw_buf_putc(b, '\n');
    for (uint32_t i = 0; i < u->n; i++) {
        tw_buf_puts(b, mu_text(u, i));
        if (i + 1 >= u->n) break;
        if (u->t[i + 1].flags & TW_TOKF_FIRST && !line_end_is_free(u, i))
            tw_buf_putc(b, '\n');
        else if (needs_space(mu_text(u, i), mu_text(u, i + 1)) || u->t[i].kind == TW_TOK_REGEX ||
                 u->t[i + 1].kind == TW_TOK_REGEX)
            tw_buf_putc(b, ' ');
    }
    tw_buf_putc(b, '\n');
}

bool mu_minify(mu *u)
{
    mu again;
    if (u->python && tw_str_starts(u->text, TW_S("\xEF\xBB\xBF"))) return false;
    bool renamed = mu_rename(u);
    if (!mu_open(u->m, u->index, u->rng, &again)) return renamed;
    tw_buf b = TW_BUF_INIT;
    if (u->python)
        python_minify(&again, &b);
    else
        script_minify(&again, &b);
    tw_str text = tw_arena_str(u->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return mu_store(&again, text) || renamed;
}
