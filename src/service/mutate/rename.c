/* SPDX-License-Identifier: Apache-2.0 */
/* Names: all occurrences of one in its file at once, where every one of them must mean a binding of this file. */
#include "base/map.h"
#include "service/mutate/rewrite.h"

enum { MOST = 200 };

static const char *const python_known[] = {
    "self",      "cls",        "print",      "open",       "exec",     "eval",         "len",
    "str",       "int",        "bytes",      "list",       "dict",     "set",          "tuple",
    "map",       "filter",     "zip",        "range",      "chr",      "ord",          "type",
    "object",    "super",      "id",         "input",      "dir",      "vars",         "hash",
    "iter",      "next",       "min",        "max",        "sum",      "any",          "all",
    "abs",       "bool",       "float",      "format",     "getattr",  "setattr",      "hasattr",
    "delattr",   "callable",   "isinstance", "issubclass", "property", "staticmethod", "classmethod",
    "repr",      "reversed",   "sorted",     "round",      "slice",    "compile",      "enumerate",
    "globals",   "locals",     "help",       "exit",       "quit",     "copyright",    "credits",
    "license",   "match",      "case",       "_",          "setup",    "Exception",    "bin",
    "hex",       "oct",        "pow",        "divmod",     "complex",  "memoryview",   "bytearray",
    "frozenset", "breakpoint", "ascii",      "aiter",      "anext",    "license",      "unicode",
    "xrange",    "raw_input",  "basestring", "long",       "reduce",   "unichr",       "file",
    "main",      NULL};
static const char *const script_known[] = {"require",
                                           "module",
                                           "exports",
                                           "process",
                                           "console",
                                           "Buffer",
                                           "global",
                                           "globalThis",
                                           "window",
                                           "document",
                                           "self",
                                           "top",
                                           "parent",
                                           "event",
                                           "location",
                                           "name",
                                           "status",
                                           "fetch",
                                           "URL",
                                           "URLSearchParams",
                                           "setTimeout",
                                           "setInterval",
                                           "setImmediate",
                                           "clearTimeout",
                                           "clearInterval",
                                           "queueMicrotask",
                                           "Promise",
                                           "Object",
                                           "Array",
                                           "String",
                                           "Number",
                                           "Boolean",
                                           "Symbol",
                                           "Function",
                                           "JSON",
                                           "Math",
                                           "Date",
                                           "RegExp",
                                           "Error",
                                           "Map",
                                           "Set",
                                           "WeakMap",
                                           "WeakSet",
                                           "Proxy",
                                           "Reflect",
                                           "Uint8Array",
                                           "TextDecoder",
                                           "TextEncoder",
                                           "atob",
                                           "btoa",
                                           "escape",
                                           "unescape",
                                           "encodeURIComponent",
                                           "decodeURIComponent",
                                           "encodeURI",
                                           "decodeURI",
                                           "parseInt",
                                           "parseFloat",
                                           "isNaN",
                                           "isFinite",
                                           "undefined",
                                           "NaN",
                                           "Infinity",
                                           "arguments",
                                           "eval",
                                           "async",
                                           "await",
                                           "of",
                                           "get",
                                           "set",
                                           "static",
                                           "from",
                                           "as",
                                           "let",
                                           "yield",
                                           "target",
                                           "meta",
                                           "navigator",
                                           "crypto",
                                           "performance",
                                           "Intl",
                                           "BigInt",
                                           "WebAssembly",
                                           "XMLHttpRequest",
                                           "WebSocket",
                                           "constructor",
                                           "__dirname",
                                           "__filename",
                                           "AbortController",
                                           "Blob",
                                           "FormData",
                                           "Headers",
                                           "Request",
                                           "Response",
                                           "structuredClone",
                                           "history",
                                           "screen",
                                           "length",
                                           "open",
                                           "close",
                                           "print",
                                           "stop",
                                           "find",
                                           NULL};

static bool known(const mu *u, tw_str name)
{
    for (const char *const *k = u->python ? python_known : script_known; *k; k++)
        if (tw_str_eq(name, tw_str_c(*k))) return true;
    return name.n >= 2 && name.p[0] == '_' && name.p[1] == '_';
}

/* Python: the header whose block the line is in, by indentation; MU_NONE at the top. */
static uint32_t header_of(const mu *u, uint32_t first)
{
    uint32_t col = u->t[first].col;
    for (uint32_t i = first; i-- > 0;)
        if (u->t[i].flags & TW_TOKF_FIRST && u->t[i].col < col) return i;
    return MU_NONE;
}

static bool in_class_body(const mu *u, uint32_t tok)
{
    uint32_t h = header_of(u, mu_line_start(u, tok));
    while (h != MU_NONE && !mu_is(u, h, "class") && !mu_is(u, h, "def") && !mu_is(u, h, "async"))
        h = header_of(u, h);
    return h != MU_NONE && mu_is(u, h, "class");
}

/* A name in the brackets of a def. */
static bool is_param(const mu *u, uint32_t i, const uint32_t *level)
{
    uint32_t first = mu_line_start(u, i);
    if (mu_is(u, first, "async")) first++;
    uint32_t open = first + 2;
    return mu_is(u, first, "def") && mu_is(u, open, "(") && level[i] == 1 && i > open && i < u->t[open].pair;
}

/* Someone else may call it by the names of its parameters. */
static bool called_from_outside(const mu *u, uint32_t i)
{
    uint32_t first = mu_line_start(u, i), name = first + 1 + mu_is(u, first, "async");
    if (in_class_body(u, first)) return true;
    bool script = tw_str_eq(tw_str_base(u->m->files.v[u->index].path), TW_S("setup.py"));
    return !script && !u->t[first].col && mu_text(u, name).p[0] != '_';
}

static bool python_allows(const mu *u, uint32_t i, const uint32_t *level)
{
    uint32_t first = mu_line_start(u, i);
    static const char *const imports[] = {"import", "from", "case", "match", NULL};
    if (mu_is_any(u, first, imports)) return false;
    if (mu_is(u, i + 1, "=") && level[i]) return false; /* a keyword argument, a default */
    if (mu_binds(u, i) && in_class_body(u, i) && !level[i]) return false;
    if (is_param(u, i, level) && called_from_outside(u, i)) return false;
    return !mu_is(u, i - 1, "import");
}

/* In a list of parameters, of a function or an arrow. */
static bool in_params(const mu *u, uint32_t i)
{
    static const char *const heads[] = {"if", "while", "for", "switch", "with", NULL};
    while (i-- > 0) {
        if (u->t[i].flags & TW_TOKF_CLOSES) {
            i = u->t[i].pair;
        } else if (u->t[i].flags & TW_TOKF_OPENS) {
            uint32_t behind = u->t[i].pair + 1;
            if (i && mu_is_any(u, i - 1, heads)) return false;
            if (mu_is(u, i, "(") && (mu_is(u, behind, "{") || mu_is(u, behind, "=>"))) return true;
            if (mu_is(u, i, "(")) return false;
        }
    }
    return false;
}

static bool script_allows(const mu *u, uint32_t i)
{
    static const char *const before[] = {"export",   "import", "get", "set",   "static", "break",
                                         "continue", "from",   "as",  "async", "#",      NULL};
    bool opens = i && (mu_is(u, i - 1, "{") || mu_is(u, i - 1, ","));
    if (mu_is(u, i + 1, ":")) return false;
    if (opens && (mu_is(u, i + 1, ",") || mu_is(u, i + 1, "}") ||
                  mu_is(u, i + 1, "="))) { /* {a, b}, {a = 1}; f(a, b) is fine */
        uint32_t k = i;
        while (k-- > 0) {
            if (u->t[k].flags & TW_TOKF_CLOSES)
                k = u->t[k].pair;
            else if (u->t[k].flags & TW_TOKF_OPENS)
                break;
        }
        if (k == MU_NONE || !(mu_is(u, k, "(") || mu_is(u, k, "["))) return false;
    }
    if (i && mu_is_any(u, i - 1, before)) return false;
    if (mu_is(u, i + 1, "(") && mu_is(u, u->t[i + 1].pair + 1, "{") && !(i && mu_is(u, i - 1, "function")) &&
        !(i && mu_is(u, i - 1, "*")))
        return false;
    for (uint32_t k = i; k-- > 0;) { /* directly in a class: a field */
        if (u->t[k].flags & TW_TOKF_CLOSES) {
            k = u->t[k].pair;
        } else if (u->t[k].flags & TW_TOKF_OPENS) {
            if (!mu_is(u, k, "{")) break;
            for (uint32_t c = k; c-- > 0 && k - c < 12;) {
                if (mu_is(u, c, "class")) return false;
                if (u->t[c].flags & (TW_TOKF_CLOSES | TW_TOKF_OPENS) || mu_is(u, c, ";")) break;
            }
            break;
        }
    }
    return true;
}

/* In strings and templates of this file, as a word. */
static bool in_text(const mu *u, tw_str name)
{
    for (uint32_t i = 0; i < u->n; i++) {
        if (u->t[i].kind == TW_TOK_STRING && mu_has_word(u->t[i].value, name)) return true;
        if (u->t[i].kind == TW_TOK_FORMAT && mu_has_word(mu_text(u, i), name)) return true;
    }
    return false;
}

static bool exported(const mu *u, uint32_t i)
{
    uint32_t k = i;
    while (k && !(u->t[k].flags & TW_TOKF_FIRST) && i - k < 4) k--;
    return mu_is(u, k, "export") || (i && mu_is(u, i - 1, "export")) ||
           (i > 1 && mu_is(u, i - 2, "export")) || (i > 2 && mu_is(u, i - 3, "export"));
}

/* Code that asks functions and classes for their names. */
static bool asks_names(const mu *u)
{
    static const char *const python[] = {"__name__", "__qualname__", NULL}, *const script[] = {"name", NULL};
    for (uint32_t i = 1; i < u->n; i++)
        if (mu_member(u, i) && mu_is_any(u, i, u->python ? python : script)) return true;
    return false;
}

static bool names_code(const mu *u, uint32_t i)
{
    static const char *const makers[] = {"def", "class", "function", "*", NULL};
    static const char *const values[] = {"function", "class", "async", "(", "lambda", NULL};
    if (i && mu_is_any(u, i - 1, makers)) return true;
    return mu_is(u, i + 1, "=") && (mu_is_any(u, i + 2, values) || mu_is(u, i + 3, "=>"));
}

static bool renamable(const mu *u, tw_str name, const uint32_t *level)
{
    static const char *const declares[] = {"var", "let", "const", "function", "class", NULL};
    bool bound = false, asked = asks_names(u);
    if (known(u, name) || in_text(u, name)) return false;
    for (uint32_t i = 0; i < u->n; i++) {
        if (!mu_kind(u, i, TW_TOK_NAME) || mu_member(u, i) || !tw_str_eq(mu_text(u, i), name)) continue;
        if (asked && names_code(u, i)) return false;
        if (u->python ? !python_allows(u, i, level) : !script_allows(u, i) || exported(u, i)) return false;
        if (u->python)
            bound |= level[i] ? is_param(u, i, level) : mu_binds(u, i);
        else
            bound |= (i && mu_is_any(u, i - 1, declares)) || in_params(u, i);
    }
    return bound;
}

/* A public name of a Python module keeps its old name too. */
static bool public_binding(const mu *u, tw_str name)
{
    static const char *const makers[] = {"def", "class", NULL};
    for (uint32_t i = 0; i < u->n; i++)
        if (tw_str_eq(mu_text(u, i), name) && mu_kind(u, i, TW_TOK_NAME) && !mu_member(u, i))
            if (u->t[mu_line_start(u, i)].col == 0 &&
                ((i && mu_is_any(u, i - 1, makers)) || (mu_binds(u, i) && u->t[i].flags & TW_TOKF_FIRST)))
                return true;
    return false;
}

static void rename_all(mu *u, tw_str name, tw_str to)
{
    for (uint32_t i = 0; i < u->n; i++)
        if (mu_kind(u, i, TW_TOK_NAME) && !mu_member(u, i) && tw_str_eq(mu_text(u, i), name))
            mu_edit_at(u, u->t[i].off, u->t[i].end, to);
}

static bool reassigned(const mu *u, tw_str name)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->n; i++)
        if (mu_kind(u, i, TW_TOK_NAME) && !mu_member(u, i) && tw_str_eq(mu_text(u, i), name))
            n += mu_binds(u, i) || mu_is(u, mu_line_start(u, i), "global");
    return n > 1;
}

bool mu_rename(mu *u)
{
    tw_map seen;
    uint32_t *level = TW_NEWN(u->a, uint32_t, u->n + 1), done = 0;
    if (mu_dynamic(u) || mu_star(u)) return false;
    mu_levels(u, level);
    tw_map_init(&seen, u->a);
    tw_buf kept = TW_BUF_INIT;
    for (uint32_t i = 0; i < u->n && done < MOST; i++) {
        bool fresh;
        tw_str name = mu_text(u, i);
        if (!mu_kind(u, i, TW_TOK_NAME) || mu_member(u, i) || name.p[0] == '#') continue;
        tw_map_put(&seen, name, &fresh);
        if (!fresh || !renamable(u, name, level)) continue;
        bool open = u->python && public_binding(u, name);
        if (open && (reassigned(u, name) || mu_elsewhere(u, name))) continue;
        tw_str to = mu_fresh(u);
        mu_begin(u);
        rename_all(u, name, to);
        if (!mu_commit(u)) continue;
        done++;
        if (open) tw_buf_fmt(&kept, "\n%.*s = %.*s", TW_FMT(name), TW_FMT(to));
    }
    if (kept.n) {
        tw_buf_putc(&kept, '\n');
        mu_begin(u);
        mu_edit_at(u, (uint32_t)u->text.n, (uint32_t)u->text.n, tw_buf_str(&kept));
        mu_commit(u);
    }
    tw_buf_free(&kept);
    return mu_finish(u);
}

/* ---- other names for what is imported and built in ---- */

static bool bound_once(const mu *u, tw_str name, uint32_t at)
{
    for (uint32_t i = 0; i < u->n; i++) {
        if (i == at || !mu_kind(u, i, TW_TOK_NAME) || mu_member(u, i) || !tw_str_eq(mu_text(u, i), name))
            continue;
        uint32_t first = mu_line_start(u, i);
        static const char *const imports[] = {"import", "from", "global", "nonlocal", "del", NULL};
        if (mu_binds(u, i) || mu_is_any(u, first, imports)) return false;
        if (mu_is(u, first, "def") || mu_is(u, first, "async")) return false; /* it may be a parameter */
        if (i && (mu_is(u, i - 1, "lambda") || mu_is(u, i - 1, "for"))) return false;
        if (mu_is(u, i - 1, ",") && (mu_is(u, mu_line_start(u, i), "for"))) return false;
    }
    return true;
}

/* import os -> import os; x = os, or import os as x where no one else can ask this module for its os. */
static void python_imports(mu *u)
{
    bool dynamic = mu_dynamic(u);
    for (uint32_t i = 1; i < u->n; i++) {
        uint32_t first = mu_line_start(u, i);
        bool plain = mu_is(u, i - 1, "import") && mu_kind(u, i + 1, TW_TOK_NEWLINE) &&
                     (mu_is(u, first, "import") || mu_is(u, first, "from"));
        if (!plain || !mu_kind(u, i, TW_TOK_NAME) || mu_is(u, first + 1, "__future__")) continue;
        tw_str name = mu_text(u, i);
        if (in_text(u, name) || !bound_once(u, name, i) || in_class_body(u, i)) continue;
        if (mu_is(u, first, "import") && first != i - 1) continue;
        bool alone = !dynamic && tw_str_eq(tw_str_base(mu_file(u)->path), TW_S("setup.py"));
        tw_str to = mu_fresh(u);
        tw_str how = alone ? tw_arena_fmt(u->a, " as %.*s", TW_FMT(to))
                     : mu_below(u->rng, 2)
                         ? tw_arena_fmt(u->a, " as %.*s; %.*s = %.*s", TW_FMT(to), TW_FMT(name), TW_FMT(to))
                         : tw_arena_fmt(u->a, "; %.*s = %.*s", TW_FMT(to), TW_FMT(name));
        mu_begin(u);
        mu_edit_at(u, u->t[i].end, u->t[i].end, how);
        for (uint32_t k = 0; k < u->n; k++)
            if (k != i && mu_kind(u, k, TW_TOK_NAME) && !mu_member(u, k) && tw_str_eq(mu_text(u, k), name)) {
                bool keyword = mu_is(u, k + 1, "=");
                if (!keyword) mu_edit_at(u, u->t[k].off, u->t[k].end, to);
            }
        mu_commit(u);
    }
}

/* x = exec at the top, and calls of x. */
static void builtins(mu *u)
{
    static const char *const python[] = {"exec",       "eval", "compile", "open", "getattr",
                                         "__import__", "chr",  "bytes",   "map",  NULL};
    static const char *const script[] = {"require", "fetch",      "Buffer",  "atob", "process",
                                         "JSON",    "setTimeout", "Promise", NULL};
    uint32_t top = mu_top(u);
    tw_buf head = TW_BUF_INIT;
    mu_begin(u);
    for (const char *const *n = u->python ? python : script; *n; n++) {
        uint32_t uses = 0;
        if (!mu_free_name(u, *n) || (u->module && !strcmp(*n, "require"))) continue;
        tw_str to = mu_fresh(u);
        for (uint32_t i = 0; i < u->n; i++) {
            if (!mu_kind(u, i, TW_TOK_NAME) || mu_member(u, i) || !mu_is(u, i, *n)) continue;
            if (u->t[i].off < top) continue;
            mu_edit_at(u, u->t[i].off, u->t[i].end, to);
            uses++;
        }
        if (uses)
            tw_buf_fmt(&head, "%s%.*s = %s%s", u->python ? "" : "const ", TW_FMT(to), *n,
                       u->python ? "\n" : ";\n");
    }
    if (head.n) {
        bool inside = top && u->text.p[top - 1] != '\n';
        mu_edit_at(u, top, top, tw_arena_fmt(u->a, "%s%.*s", inside ? "\n" : "", TW_FMT(tw_buf_str(&head))));
    }
    mu_commit(u);
    tw_buf_free(&head);
}

bool mu_alias(mu *u)
{
    if (mu_star(u)) return false;
    if (u->python) python_imports(u);
    builtins(u);
    return mu_finish(u);
}
