/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of a pickle that a file of the package holds, as the lines of Python that do the same: they become a layer
 * of the file that loads it. */
#include "engine/record/pure_number.h"

enum { TEXT_MAX = 1 << 16 };

/* Modules of which a call reaches out of the data: ordinary pickles make objects of their own classes and of numbers. */
static const char *const outside[] = {"os",
                                      "posix",
                                      "nt",
                                      "subprocess",
                                      "socket",
                                      "shutil",
                                      "ctypes",
                                      "importlib",
                                      "runpy",
                                      "pty",
                                      "commands",
                                      "code",
                                      "sys",
                                      "urllib",
                                      "urllib2",
                                      "http",
                                      "httplib",
                                      "webbrowser",
                                      "ftplib",
                                      "smtplib",
                                      "requests",
                                      "asyncio",
                                      "multiprocessing",
                                      "platform",
                                      "threading",
                                      "_thread",
                                      "timeit",
                                      "pdb",
                                      "bdb",
                                      "cProfile",
                                      "profile",
                                      "pip",
                                      "imp",
                                      "pkgutil",
                                      "tempfile",
                                      "popen2",
                                      "telnetlib",
                                      "ssl",
                                      "signal",
                                      "winreg"};
static const char *const builtins[] = {"eval", "exec",     "__import__", "compile",
                                       "open", "execfile", "input",      "breakpoint"};

static bool among(tw_str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_eq(s, tw_str_c(list[i]))) return true;
    return false;
}

static bool reaches_out(tw_str symbol)
{
    tw_str top = tw_str_sub(symbol, 0, tw_str_chr(symbol, '.'));
    tw_str rest = tw_str_sub(symbol, top.n + 1, symbol.n);
    if (tw_str_eq(top, TW_S("builtins")) || tw_str_eq(top, TW_S("__builtin__")))
        return among(rest, builtins, TW_COUNT(builtins));
    return among(top, outside, TW_COUNT(outside));
}

/* "os.system": names and dots, a module before the last one. The text is hostile and becomes source. */
static bool is_dotted(tw_str s)
{
    bool start = true, dotted = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(!start && ((c >= '0' && c <= '9') || c == '.'))) return false;
        dotted |= c == '.';
        start = c == '.';
    }
    return dotted && !start;
}

static bool symbol_of(const ev *e, uint32_t v, tw_str *ret)
{
    const ev_val *x = ev_at(e, v);
    *ret = x->kind == TW_VAL_SYMBOL && x->sym ? ev_sym(e, x->sym) : TW_S("");
    return is_dotted(*ret);
}

static void put_import(tw_buf *b, tw_str symbol)
{
    tw_str module = tw_str_sub(symbol, 0, tw_str_rchr(symbol, '.'));
    tw_buf_fmt(b, "import %.*s\n", TW_FMT(module));
}

static void put_value(ev *e, tw_buf *b, uint32_t v)
{
    uint32_t none[1] = {0};
    tw_str text;
    if (symbol_of(e, v, &text)) {
        tw_buf_puts(b, text);
        return;
    }
    uint32_t shown = ev_is_const(e, v) ? ev_py_repr(e, &(ev_args){0, &v, none, 1}) : 0;
    tw_buf_puts(b, shown && ev_text(e, shown, &text) ? text : TW_S("None"));
}

bool ev_pickle_line(ev *e, tw_buf *b, uint32_t callee, const uint32_t *v, uint32_t n)
{
    tw_str symbol, other;
    if (b->n > TEXT_MAX || !symbol_of(e, callee, &symbol)) return false;
    put_import(b, symbol);
    for (uint32_t i = 0; i < n; i++)
        if (symbol_of(e, v[i], &other)) put_import(b, other);
    tw_buf_fmt(b, "%.*s(", TW_FMT(symbol));
    for (uint32_t i = 0; i < n; i++) {
        if (i) tw_buf_puts(b, TW_S(", "));
        put_value(e, b, v[i]);
    }
    tw_buf_puts(b, TW_S(")\n"));
    return reaches_out(symbol);
}
