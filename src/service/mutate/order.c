/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that do not depend on each other in another order, and code that runs in a coroutine. */
#include "service/mutate/rewrite.h"

/* ---- Python: neighbours that are imports of the library, or definitions ---- */

typedef struct block {
    uint32_t off, end; /* whole lines */
    tw_str name;
    bool import;
} block;

static bool quiet_module(tw_str name)
{
    static const char *const known[] = {"os",         "sys",     "json",     "re",      "time",    "socket",
                                        "subprocess", "base64",  "platform", "shutil",  "getpass", "tempfile",
                                        "threading",  "urllib",  "zlib",     "hashlib", "random",  "string",
                                        "ctypes",     "pathlib", "datetime", NULL};
    for (const char *const *k = known; *k; k++)
        if (tw_str_eq(name, tw_str_c(*k))) return true;
    return false;
}

static uint32_t line_off(const mu *u, uint32_t tok)
{
    uint32_t off = u->t[tok].off;
    while (off && u->text.p[off - 1] != '\n') off--;
    return off;
}

static uint32_t after_line(const mu *u, uint32_t tok)
{
    uint32_t off = u->t[mu_line_end(u, tok)].off;
    while (off < u->text.n && u->text.p[off] != '\n') off++;
    return off < u->text.n ? off + 1 : off;
}

/* `def name(...):` whose header evaluates nothing, with its block. */
static bool definition(const mu *u, uint32_t first, block *ret, uint32_t *next)
{
    uint32_t end = mu_line_end(u, first), last = first;
    if (!mu_is(u, first, "def") || (first && mu_is(u, mu_line_start(u, first - 1), "@"))) return false;
    for (uint32_t i = first; i < end; i++) {
        if (mu_is(u, i, "=") || mu_is(u, i, "->")) return false;
        if (mu_is(u, i, ":") && i + 1 != end && mu_is(u, i + 1, "(")) return false;
    }
    if (!mu_is(u, end - 1, ":")) return false; /* its body on the same line */
    for (uint32_t i = first + 3; i < u->t[first + 2].pair; i++)
        if (mu_is(u, i, ":")) return false; /* annotations are evaluated */
    uint32_t i = end + 1;
    while (i < u->n && u->t[i].col > 0) last = i, i = mu_line_end(u, i) + 1;
    if (last == first) return false;
    *ret = (block){line_off(u, first), after_line(u, last), mu_text(u, first + 1), false};
    *next = i;
    return true;
}

static bool library_import(const mu *u, uint32_t first, block *ret, uint32_t *next)
{
    if (!mu_is(u, first, "import") || !mu_kind(u, first + 2, TW_TOK_NEWLINE) ||
        !quiet_module(mu_text(u, first + 1)))
        return false;
    *ret = (block){line_off(u, first), after_line(u, first), mu_text(u, first + 1), true};
    *next = first + 3;
    return true;
}

static bool block_at(const mu *u, uint32_t first, block *ret, uint32_t *next)
{
    if (first >= u->n || u->t[first].col || !(u->t[first].flags & TW_TOKF_FIRST)) return false;
    if (ret && (library_import(u, first, ret, next) || definition(u, first, ret, next)))
        return ret->off == u->t[first].off && ret->end > ret->off && u->text.p[ret->end - 1] == '\n';
    return false;
}

static void python_reorder(mu *u)
{
    for (uint32_t i = 0; i < u->n;) {
        block x, y;
        uint32_t next, behind;
        if (u->t[i].off < mu_top(u) || !block_at(u, i, &x, &next)) {
            i = mu_line_end(u, i) + 1;
            continue;
        }
        if (!block_at(u, next, &y, &behind) || x.import != y.import || tw_str_eq(x.name, y.name)) {
            i = next;
            continue;
        }
        mu_begin(u);
        mu_edit_at(u, x.off, y.end,
                   tw_arena_fmt(u->a, "%.*s%.*s%.*s", TW_FMT(tw_str_sub(u->text, y.off, y.end)),
                                TW_FMT(tw_str_sub(u->text, x.end, y.off)),
                                TW_FMT(tw_str_sub(u->text, x.off, x.end))));
        mu_commit(u);
        i = behind;
    }
}

/* ---- JavaScript: function declarations go to the end; they are hoisted anyway ---- */

static bool declared_twice(const mu *u, tw_str name)
{
    static const char *const before[] = {"function", "var", "let", "const", "class", "*", NULL};
    uint32_t n = 0;
    for (uint32_t i = 1; i < u->n; i++) n += tw_str_eq(mu_text(u, i), name) && mu_is_any(u, i - 1, before);
    return n != 1;
}

static void script_reorder(mu *u)
{
    tw_buf tail = TW_BUF_INIT;
    uint32_t top = mu_top(u);
    bool to_top = mu_below(u->rng, 2);
    mu_begin(u);
    for (uint32_t i = 0; i + 3 < u->n; i++) {
        uint32_t f = i;
        if (mu_is(u, f, "async") && !(u->t[f + 1].flags & TW_TOKF_FIRST)) f++;
        if (!mu_is(u, f, "function") || !mu_kind(u, f + 1, TW_TOK_NAME) || !mu_is(u, f + 2, "(")) continue;
        uint32_t open = u->t[f + 2].pair + 1;
        if (!mu_is(u, open, "{") || !mu_top_level(u, i) || !mu_statement_start(u, i) ||
            declared_twice(u, mu_text(u, f + 1)))
            continue;
        uint32_t close = u->t[open].pair;
        bool ends = close + 1 >= u->n ||
                    (u->t[close + 1].flags & TW_TOKF_FIRST &&
                     (mu_kind(u, close + 1, TW_TOK_NAME) || mu_kind(u, close + 1, TW_TOK_KEYWORD)));
        bool begins = !i || mu_is(u, i - 1, ";") || mu_is(u, i - 1, "}") || mu_is(u, i - 1, ")");
        if (!ends || !begins || u->t[i].off < top) continue;
        if (i && !mu_is(u, i - 1, ";") && close + 1 < u->n && !mu_kind(u, close + 1, TW_TOK_KEYWORD) &&
            mu_is(u, i - 1, ")"))
            continue;
        tw_buf_fmt(&tail, "\n%.*s\n", TW_FMT(tw_str_sub(u->text, u->t[i].off, u->t[close].end)));
        mu_edit_at(u, u->t[i].off, u->t[close].end, TW_S(""));
        i = close;
    }
    uint32_t at = to_top ? top : (uint32_t)u->text.n;
    if (tail.n)
        mu_edit_at(u, at, at,
                   tw_arena_fmt(u->a, "%s%.*s", at && u->text.p[at - 1] != '\n' ? "\n" : "",
                                TW_FMT(tw_buf_str(&tail))));
    mu_commit(u);
    tw_buf_free(&tail);
}

bool mu_reorder(mu *u)
{
    if (u->python)
        python_reorder(u);
    else
        script_reorder(u);
    return mu_finish(u);
}

/* ---- coroutines ---- */

/* The class or function around a line: 'c', 'f', 'a' (async) or 0 at the top. */
static char around(const mu *u, uint32_t first)
{
    uint32_t col = u->t[first].col;
    for (uint32_t i = first; i-- > 0 && col;) {
        if (!(u->t[i].flags & TW_TOKF_FIRST) || u->t[i].col >= col) continue;
        col = u->t[i].col;
        if (mu_is(u, i, "class")) return 'c';
        if (mu_is(u, i, "def")) return 'f';
        if (mu_is(u, i, "async")) return 'a';
    }
    return 0;
}

/* f(x) on a line of its own -> a coroutine that is run at once. */
static bool python_async(mu *u)
{
    static const char *const never[] = {"async", "await", "asyncio", "super",    "locals",    "exec",
                                        "eval",  "yield", "sys_exc", "exc_info", "_getframe", NULL};
    if (mu_mentions(u, never) || mu_star(u) || !mu_free_name(u, "__import__")) return false;
    for (uint32_t i = 0; i < u->n; i++) {
        uint32_t end = mu_line_end(u, i);
        if (!(u->t[i].flags & TW_TOKF_FIRST) || !mu_kind(u, i, TW_TOK_NAME) || around(u, i) == 'c' ||
            mu_below(u->rng, 5) == 4)
            continue;
        bool call = end > i + 2 && mu_is(u, end - 1, ")") && mu_callee(u, u->t[end - 1].pair) == i;
        for (uint32_t k = i; call && k < end; k++)
            call = !mu_is(u, k, ":=") && !mu_is(u, k, ";") && !mu_is(u, k, "lambda");
        if (!call || line_off(u, i) + u->t[i].col != u->t[i].off || mu_is(u, i, "setup")) continue;
        /* asyncio does not nest: what may be code of the package drives its coroutine by hand */
        bool leaf = mu_library(u, mu_text(u, i)) && mu_is(u, i + 1, ".");
        if (!leaf && !mu_free_name(u, "next")) continue;
        tw_str name = mu_fresh(u), indent = tw_str_sub(u->text, line_off(u, i), u->t[i].off);
        mu_begin(u);
        mu_edit_at(u, u->t[i].off, u->t[i].off,
                   tw_arena_fmt(u->a, "async def %.*s():\n%.*s  return ", TW_FMT(name), TW_FMT(indent)));
        mu_edit_at(u, u->t[end - 1].end, u->t[end - 1].end,
                   tw_arena_fmt(u->a,
                                leaf ? "\n%.*s__import__('asyncio').run(%.*s())"
                                     : "\n%.*snext(%.*s().__await__(), None)",
                                TW_FMT(indent), TW_FMT(name)));
        mu_commit(u);
    }
    return mu_finish(u);
}

/* The whole body in an async function that is called at once. What it does before an await is done as before. */
static bool script_async(mu *u)
{
    static const char *const never[] = {"await", "import", "export", "arguments", NULL};
    tw_str stem = mu_stem(mu_file(u)->path);
    if (mu_mentions(u, never) || u->module) return false;
    for (uint32_t i = 0; i < u->m->files.n; i++) { /* who loads it might catch what it throws */
        tw_str path = u->m->files.v[i].path;
        bool manifest = tw_str_eq(tw_str_base(path), TW_S("package.json"));
        if (i != u->index && !manifest && mu_has_word(u->m->files.v[i].data, stem)) return false;
    }
    uint32_t top = mu_top(u);
    bool later = !mu_mentions(u, (const char *const[]){"exports", "module", NULL}) && mu_below(u->rng, 2);
    static const char *const waits[][2] = {{"(async () => { await null;\n", "\n})();\n"},
                                           {"Promise.resolve().then(() => {\n", "\n});\n"},
                                           {"setImmediate(async () => {\n", "\n});\n"}};
    const char *const plain[] = {"(async () => {\n", "\n})();\n"};
    const char *const *form = later ? waits[mu_below(u->rng, 3)] : plain;
    mu_begin(u);
    mu_edit_at(u, top, top,
               tw_arena_fmt(u->a, "%s%s", top && u->text.p[top - 1] != '\n' ? "\n;" : ";", form[0]));
    mu_edit_at(u, (uint32_t)u->text.n, (uint32_t)u->text.n, tw_str_c(form[1]));
    mu_commit(u);
    return mu_finish(u);
}

bool mu_async(mu *u)
{
    return u->python ? python_async(u) : script_async(u);
}
