/* SPDX-License-Identifier: Apache-2.0 */
/* What can be told of names and statements by tokens alone; in doubt the answer is the one that changes nothing. */
#include "service/mutate/rewrite.h"

void mu_levels(const mu *u, uint32_t *ret)
{
    uint32_t depth = 0;
    for (uint32_t i = 0; i < u->n; i++) {
        if (u->t[i].flags & TW_TOKF_CLOSES && depth) depth--;
        ret[i] = depth;
        if (u->t[i].flags & TW_TOKF_OPENS) depth++;
    }
}

bool mu_top_level(const mu *u, uint32_t tok)
{
    for (uint32_t i = tok; i > 0;) {
        i--;
        if (u->t[i].flags & TW_TOKF_OPENS) return false;
        if (u->t[i].flags & TW_TOKF_CLOSES) i = u->t[i].pair;
    }
    return true;
}

uint32_t mu_line_start(const mu *u, uint32_t tok)
{
    while (tok && !(u->t[tok].flags & TW_TOKF_FIRST)) tok--;
    return tok;
}

uint32_t mu_line_end(const mu *u, uint32_t tok)
{
    while (tok + 1 < u->n && u->t[tok].kind != TW_TOK_NEWLINE) tok++;
    return tok;
}

static uint32_t next_line(const mu *u, uint32_t off)
{
    while (off < u->text.n && u->text.p[off] != '\n') off++;
    return off < u->text.n ? off + 1 : (uint32_t)u->text.n;
}

/* Behind the docstring and the imports from __future__: the start of the line that follows. */
static uint32_t python_top(const mu *u)
{
    uint32_t i = 0, last = MU_NONE;
    while (i < u->n) {
        uint32_t end = mu_line_end(u, i);
        bool text = !i && u->t[i].kind == TW_TOK_STRING && end == i + 1;
        bool future = mu_is(u, i, "from") && mu_is(u, i + 1, "__future__");
        if (!text && !future) break;
        last = end;
        i = end + 1;
    }
    if (last != MU_NONE) return next_line(u, u->t[last].off);
    uint32_t off = u->start; /* keep #! and the coding line first */
    for (int k = 0; k < 2 && off < u->text.n && u->text.p[off] == '#'; k++) off = next_line(u, off);
    return off;
}

uint32_t mu_top(const mu *u)
{
    if (u->python) return python_top(u);
    uint32_t i = 0;
    while (mu_kind(u, i, TW_TOK_STRING) &&
           (mu_is(u, i + 1, ";") || i + 1 >= u->n ||
            (u->t[i + 1].flags & TW_TOKF_FIRST && !mu_kind(u, i + 1, TW_TOK_OP))))
        i += 1 + mu_is(u, i + 1, ";");
    if (i) return u->t[i - 1].end;
    uint32_t off = u->start; /* js_lex_init skips a #! line to its end */
    return off < u->text.n && u->text.p[off] == '\n' ? off + 1 : off;
}

bool mu_member(const mu *u, uint32_t tok)
{
    return tok && (mu_is(u, tok - 1, ".") || mu_is(u, tok - 1, "?."));
}

bool mu_star(const mu *u)
{
    if (!u->python) return false;
    for (uint32_t i = 0; i + 1 < u->n; i++)
        if (mu_is(u, i, "import") && mu_is(u, i + 1, "*")) return true;
    return false;
}

bool mu_free_name(const mu *u, const char *name)
{
    static const char *const makers[] = {"def", "class", "function", "as",       "import", "var",
                                         "let", "const", "global",   "nonlocal", NULL};
    if (mu_star(u)) return false;
    for (uint32_t i = 0; i < u->n; i++) {
        if (!mu_kind(u, i, TW_TOK_NAME) || mu_member(u, i) || !mu_is(u, i, name)) continue;
        if (i && mu_is_any(u, i - 1, makers)) return false;
        if (!mu_is(u, i + 1, "(") && !mu_is(u, i + 1, ".") && !mu_is(u, i + 1, "[")) return false;
        if (mu_is(u, i + 1, "(") && u->t[i + 1].pair + 1 < u->n && mu_is(u, u->t[i + 1].pair + 1, "{"))
            return false;
    }
    return true;
}

/* Python: `name =` at the start of a statement, def, class, for, as, a parameter. */
static bool python_binds(const mu *u, uint32_t i)
{
    static const char *const before[] = {"def", "class", "as", "for", "global", "nonlocal", "import", NULL};
    static const char *const after[] = {
        "=", ":=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", "%=", "//=", "**=", ">>=", "<<=", "@=", NULL};
    if (i && mu_is_any(u, i - 1, before)) return true;
    if (mu_is_any(u, i + 1, after)) return true;
    return mu_is(u, i + 1, ":") && u->t[i].flags & TW_TOKF_FIRST;
}

static bool script_binds(const mu *u, uint32_t i)
{
    static const char *const before[] = {"var", "let", "const", "function", "class", NULL};
    static const char *const after[] = {"=", "+=", "-=", "*=", "/=", "++", "--", "=>", NULL};
    if (i && mu_is_any(u, i - 1, before)) return true;
    if (i > 1 && mu_is(u, i - 1, "*") && mu_is(u, i - 2, "function")) return true;
    return mu_is_any(u, i + 1, after);
}

bool mu_binds(const mu *u, uint32_t tok)
{
    return u->python ? python_binds(u, tok) : script_binds(u, tok);
}

bool mu_statement_start(const mu *u, uint32_t i)
{
    if (!i || mu_is(u, i - 1, ";")) return true;
    if (!(u->t[i].flags & TW_TOKF_FIRST)) return false;
    static const char *const goes_on[] = {
        "(",        "[",     "{",     ",",          "=",      ":",  "?",    ".",     "=>",      "+",
        "-",        "*",     "/",     "&&",         "||",     "??", "!",    "~",     "return",  "typeof",
        "new",      "in",    "of",    "instanceof", "else",   "do", "void", "await", "extends", "export",
        "default",  "async", "case",  "throw",      "delete", "<",  ">",    "==",    "===",     "!=",
        "!==",      "<=",    ">=",    "%",          "|",      "&",  "^",    "...",   "+=",      "-=",
        "function", "class", "yield", "**",         "<<",     ">>", ">>>",  NULL};
    if (mu_is_any(u, i - 1, goes_on) || (mu_is(u, i - 1, ")") && !mu_kind(u, i, TW_TOK_KEYWORD)))
        return false;
    if (mu_is(u, i - 1, ")")) { /* if (x) \n statement */
        uint32_t open = u->t[i - 1].pair;
        static const char *const heads[] = {"if", "while", "for", "with", NULL};
        if (open && (mu_is_any(u, open - 1, heads) || mu_is(u, open - 1, "await"))) return false;
    }
    return mu_kind(u, i, TW_TOK_KEYWORD) || mu_kind(u, i, TW_TOK_NAME);
}

uint32_t mu_callee(const mu *u, uint32_t open)
{
    static const char *const never[] = {"def",    "class", "function", "new", "@",      "*",     "case",
                                        "import", "super", "get",      "set", "static", "async", NULL};
    if (!mu_is(u, open, "(") || !open || u->t[open].pair >= u->n) return MU_NONE;
    uint32_t i = open - 1;
    if (!mu_kind(u, i, TW_TOK_NAME)) return MU_NONE;
    while (i >= 2 && mu_is(u, i - 1, ".") && mu_kind(u, i - 2, TW_TOK_NAME)) i -= 2;
    if (mu_member(u, i) || !mu_kind(u, i, TW_TOK_NAME)) return MU_NONE;
    if (i && mu_is_any(u, i - 1, never)) return MU_NONE;
    if (!u->python && mu_is(u, u->t[open].pair + 1, "{")) return MU_NONE; /* a method */
    if (!u->python && mu_is(u, u->t[open].pair + 1, "=>")) return MU_NONE;
    if (u->python) {
        static const char *const lines[] = {"@", "case", "match", "type", NULL};
        if (mu_is_any(u, mu_line_start(u, i), lines)) return MU_NONE;
    }
    return i;
}

bool mu_dynamic(const mu *u)
{
    static const char *const python[] = {"exec",    "eval",         "globals", "locals", "vars",
                                         "compile", "__builtins__", "inspect", "dir",    NULL};
    static const char *const script[] = {"eval",     "Function",  "with", "vm", "runInThisContext",
                                         "_compile", "arguments", NULL};
    return mu_mentions(u, u->python ? python : script);
}
