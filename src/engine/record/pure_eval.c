/* SPDX-License-Identifier: Apache-2.0 */
/* The value of an expression that stands in a text: ast.literal_eval, and eval where all it needs is known. Names,
 * members, items, operators and calls mean what they mean in the file. Depth is counted; the text is a layer besides,
 * so what is not understood here is lost to nobody. */
#include "engine/record/pure_number.h"

#include "base/utf8.h"

enum { DEPTH = 40, TEXT_MAX = 1 << 20, ARGS = 16 };

typedef struct parser {
    ev *e;
    tw_str s;
    size_t at;
    bool literal; /* no names, no calls */
} parser;

static uint32_t expr(parser *p, unsigned level, unsigned depth);

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void blanks(parser *p)
{
    while (p->at < p->s.n && memchr(" \t\n", p->s.p[p->at], 3)) p->at++;
}

static char peek(parser *p)
{
    blanks(p);
    return p->at < p->s.n ? p->s.p[p->at] : 0;
}

static bool take(parser *p, const char *op)
{
    blanks(p);
    tw_str o = tw_str_c(op);
    if (!tw_str_starts(tw_str_sub(p->s, p->at, p->s.n), o)) return false;
    char next = p->at + o.n < p->s.n ? p->s.p[p->at + o.n] : 0;
    if (word_char(op[0]) && word_char(next)) return false;
    p->at += o.n;
    return true;
}

/* ---- literals ---- */

static bool hex(parser *p, unsigned n, uint32_t *ret)
{
    *ret = 0;
    for (unsigned i = 0; i < n; i++) {
        char c = p->at < p->s.n ? p->s.p[p->at++] : 0, low = (char)(c | 0x20);
        if (!((c >= '0' && c <= '9') || (low >= 'a' && low <= 'f'))) return false;
        *ret = *ret << 4 | (uint32_t)(c <= '9' ? c - '0' : low - 'a' + 10);
    }
    return *ret < 0x110000 && (*ret < 0xD800 || *ret > 0xDFFF);
}

static bool escaped(parser *p, tw_buf *out, bool bytes)
{
    static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
    char c = p->at < p->s.n ? p->s.p[p->at++] : 0;
    uint32_t u = 0;
    const char *simple = c ? strchr(from, c) : NULL;
    if (simple) return tw_buf_putc(out, to[simple - from]), true;
    if (c == '\n') return true;
    if (c >= '0' && c <= '7') {
        u = (uint32_t)(c - '0');
        for (unsigned i = 0; i < 2 && p->at < p->s.n && p->s.p[p->at] >= '0' && p->s.p[p->at] <= '7'; i++)
            u = u * 8 + (uint32_t)(p->s.p[p->at++] - '0');
    } else if (!(c == 'x'                           ? hex(p, 2, &u)
                 : !bytes && (c == 'u' || c == 'U') ? hex(p, c == 'u' ? 4 : 8, &u)
                                                    : false)) {
        return false;
    }
    if (bytes)
        tw_buf_putc(out, (char)u);
    else
        tw_utf8_put(out, u);
    return u < 256 || !bytes;
}

static uint32_t text(parser *p)
{
    bool bytes = false, raw = false;
    for (unsigned i = 0; i < 2 && p->at < p->s.n && p->s.p[p->at] != '\'' && p->s.p[p->at] != '"'; i++) {
        char c = (char)(p->s.p[p->at++] | 0x20);
        bytes |= c == 'b', raw |= c == 'r';
        if (c != 'b' && c != 'r' && c != 'u') return 0;
    }
    char q = p->at < p->s.n ? p->s.p[p->at] : 0, three[4] = {q, q, q, 0};
    if (q != '\'' && q != '"') return 0;
    bool triple = tw_str_starts(tw_str_sub(p->s, p->at, p->s.n), tw_str_of(three, 3));
    size_t len = triple ? 3 : 1;
    p->at += len;
    tw_buf out = {.limit = p->e->out.limit};
    uint32_t v = 0;
    for (bool fine = true; fine && p->at < p->s.n;) {
        char c = p->s.p[p->at];
        if (tw_str_starts(tw_str_sub(p->s, p->at, p->s.n), tw_str_of(three, len))) {
            p->at += len;
            v = ev_taken(p->e, bytes ? TW_VAL_BYTES : TW_VAL_STR, &out, 0);
            break;
        }
        p->at++;
        if (c == '\n' && !triple) break;
        if (bytes && (unsigned char)c >= 0x80) break;
        if (c != '\\' || raw) {
            tw_buf_putc(&out, c);
            if (c == '\\' && p->at < p->s.n) tw_buf_putc(&out, p->s.p[p->at++]);
        } else {
            fine = escaped(p, &out, bytes);
        }
    }
    tw_buf_free(&out);
    return v;
}

static uint32_t number(parser *p)
{
    size_t from = p->at;
    bool prefixed = p->s.p[from] == '0' && from + 1 < p->s.n && strchr("xXoObB", p->s.p[from + 1]);
    bool real = false;
    int64_t n;
    double f;
    while (p->at < p->s.n) {
        char c = p->s.p[p->at], before = p->at > from ? p->s.p[p->at - 1] : 0;
        bool exp = !prefixed && (before | 0x20) == 'e' && (c == '+' || c == '-');
        if (!word_char(c) && c != '.' && !exp) break;
        real |= !prefixed && (c == '.' || (c | 0x20) == 'e');
        p->at++;
    }
    tw_str s = tw_str_sub(p->s, from, p->at);
    if (real) return ev_float_read(s, &f) ? ev_float(p->e, f) : 0;
    if (ev_parse_int(s, 0, &n)) return (s.p[s.n - 1] | 0x20) == 'l' ? 0 : ev_int(p->e, n);
    uint32_t v = ev_new(p->e, TW_VAL_FLOAT, tw_intern(&p->e->syms, s), 0);
    ev_num x;
    if (!ev_num_of(p->e, v, &x)) return 0;
    bool big = x.kind == EV_NUM_BIG;
    ev_num_free(&x);
    ev_at(p->e, v)->flags = EV_CONST;
    return big ? v : 0;
}

/* Up to the closing bracket; *ret_commas: how many there were. False where something is not known. */
static bool items(parser *p, char close, unsigned depth, bool *ret_comma)
{
    ev *e = p->e;
    *ret_comma = false;
    while (peek(p) != close) {
        uint32_t v = expr(p, 0, depth + 1);
        if (!v) return false;
        TW_PUSH(e->tmp, e->stack, v);
        if (!take(p, ",")) break;
        *ret_comma = true;
    }
    if (peek(p) != close) return false;
    p->at++;
    return true;
}

static uint32_t sequence(parser *p, char close, uint16_t how, unsigned depth)
{
    ev *e = p->e;
    uint32_t base = e->stack.n;
    bool comma;
    if (!items(p, close, depth, &comma)) return e->stack.n = base, 0;
    if (how == TW_SEQ_TUPLE && e->stack.n == base + 1 && !comma) return e->stack.v[--e->stack.n];
    return ev_seq_from(e, base, how);
}

static uint32_t braces(parser *p, unsigned depth)
{
    ev *e = p->e;
    uint32_t base = e->stack.n, at, n;
    bool map = peek(p) == '}', first = true;
    while (peek(p) != '}') {
        uint32_t v = expr(p, 0, depth + 1);
        if (!v) return e->stack.n = base, 0;
        TW_PUSH(e->tmp, e->stack, v);
        bool pair = take(p, ":");
        if (!first && pair != map) return e->stack.n = base, 0;
        map = pair, first = false;
        if (pair) {
            if (!(v = expr(p, 0, depth + 1))) return e->stack.n = base, 0;
            TW_PUSH(e->tmp, e->stack, v);
        }
        if (!take(p, ",")) break;
    }
    if (peek(p) != '}') return e->stack.n = base, 0;
    p->at++;
    if (!map) return ev_seq_from(e, base, TW_SEQ_SET);
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    if (!ev_pairs(e, v, &at, &n)) return 0;
    ev_at(e, v)->list = at, ev_at(e, v)->n = n;
    return v;
}

/* ---- names ---- */

static tw_str word(parser *p)
{
    size_t from = p->at;
    while (p->at < p->s.n && word_char(p->s.p[p->at])) p->at++;
    return tw_str_sub(p->s, from, p->at);
}

static uint32_t name(parser *p)
{
    static const tw_str keywords[] = {TW_SI("lambda"), TW_SI("if"),    TW_SI("else"), TW_SI("for"),
                                      TW_SI("await"),  TW_SI("yield"), TW_SI("not")};
    ev *e = p->e;
    tw_str w = word(p);
    if (tw_str_eq(w, TW_S("None"))) return ev_none(e);
    if (tw_str_eq(w, TW_S("True")) || tw_str_eq(w, TW_S("False"))) return ev_bool(e, w.p[0] == 'T');
    for (size_t i = 0; i < TW_COUNT(keywords); i++)
        if (tw_str_eq(keywords[i], w)) return 0;
    if (p->literal || !w.n) return 0;
    uint32_t s = tw_intern_find(&e->ir->strings, w);
    return s ? ev_read(e, s) : ev_read_global(e, w);
}

static uint32_t called(parser *p, uint32_t callee, unsigned depth)
{
    ev *e = p->e;
    uint32_t base = e->stack.n, v = 0, vals[ARGS], names[ARGS] = {0};
    bool comma, dynamic = false;
    const ev_val x = *ev_at(e, callee);
    if (!items(p, ')', depth, &comma) || e->stack.n - base > ARGS || !x.sym) return e->stack.n = base, 0;
    uint32_t n = e->stack.n - base;
    if (n) memcpy(vals, e->stack.v + base, n * sizeof *vals);
    e->stack.n = base;
    ev_args a = {x.kind == TW_VAL_MEMBER ? x.a : 0, vals, names, n};
    v = ev_pure_unbound(e, x.sym, &a);
    tw_str sym = ev_sym(e, x.sym);
    if (v || tw_str_eq(sym, TW_S("eval")) || tw_str_eq(sym, TW_S("exec"))) return v;
    const tw_insn *in = &e->ir->insns.v[e->at];
    ev_call c = {
        .callee = callee, .sym = x.sym, .args = e->args.n, .n_args = n, .off = in->off, .len = in->len};
    c.func = e->runs_in[e->scope];
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){vals[i], 0}));
    TW_PUSH(e->tmp, e->calls, c);
    v = ev_reflect(e, e->calls.n - 1, &dynamic);
    e->calls.n--, e->args.n = c.args;
    return v && ev_at(e, v)->kind == TW_VAL_SYMBOL ? v : 0;
}

static uint32_t subscript(parser *p, uint32_t base, unsigned depth)
{
    ev *e = p->e;
    uint32_t part[3] = {0}, k = 0;
    for (; k < 3; k++) {
        char c = peek(p);
        if (c != ':' && c != ']' && !(part[k] = expr(p, 0, depth + 1))) return 0;
        if (!take(p, ":")) break;
    }
    if (!take(p, "]")) return 0;
    uint32_t key = part[0];
    if (k) {
        for (unsigned i = 0; i < 3; i++)
            if (!part[i]) part[i] = ev_none(e);
        key = ev_list(e, TW_VAL_SEQ, part, 3);
        ev_at(e, key)->how = TW_SEQ_SLICE;
    }
    uint32_t v = key ? ev_index(e, base, key) : 0;
    return v && ev_at(e, v)->kind != TW_VAL_INDEX ? v : 0;
}

static uint32_t primary(parser *p, unsigned depth)
{
    ev *e = p->e;
    char c = peek(p), d = p->at + 1 < p->s.n ? p->s.p[p->at + 1] : 0;
    uint32_t v;
    if ((c >= '0' && c <= '9') || (c == '.' && d >= '0' && d <= '9')) {
        v = number(p);
    } else if (c == '(' || c == '[' || c == '{') {
        p->at++;
        v = c == '('   ? sequence(p, ')', TW_SEQ_TUPLE, depth)
            : c == '[' ? sequence(p, ']', TW_SEQ_LIST, depth)
                       : braces(p, depth);
    } else if (c == '\'' || c == '"' ||
               (strchr("bBrRuU", c) && c &&
                (d == '\'' || d == '"' ||
                 (strchr("bBrR", d) && d && p->at + 2 < p->s.n && strchr("'\"", p->s.p[p->at + 2]))))) {
        v = text(p);
        for (char q = peek(p); v && (q == '\'' || q == '"'); q = peek(p)) {
            uint32_t more = text(p);
            v = more ? ev_concat(e, v, more) : 0;
            if (v && !ev_is_const(e, v)) v = 0;
        }
    } else {
        v = name(p);
    }
    while (v && !p->literal) {
        if (take(p, ".")) {
            tw_str w = word(p);
            v = w.n ? ev_named_member(e, v, w) : 0;
        } else if (take(p, "(")) {
            v = called(p, v, depth);
        } else if (take(p, "[")) {
            v = subscript(p, v, depth);
        } else {
            break;
        }
    }
    return v;
}

/* ---- operators ---- */

static const struct {
    const char *op;
    uint8_t level;
} binaries[] = {{"==", 2}, {"!=", 2}, {"<=", 2}, {">=", 2}, {"not in", 2}, {"in", 2}, {"**", 9},
                {"<<", 6}, {">>", 6}, {"//", 8}, {"<", 2},  {">", 2},      {"|", 3},  {"^", 4},
                {"&", 5},  {"+", 7},  {"-", 7},  {"*", 8},  {"/", 8},      {"%", 8}};

static uint32_t unary(parser *p, unsigned depth)
{
    char c = peek(p);
    if (c == '-' || c == '+' || c == '~') {
        p->at++;
        uint32_t v = expr(p, 9, depth + 1);
        return v && (!p->literal || c != '~') ? ev_op(p->e, tw_str_of(&c, 1), &v, 1) : 0;
    }
    return primary(p, depth);
}

/* level 0: all of it; n: what binds at least as tight as level n */
static uint32_t expr(parser *p, unsigned level, unsigned depth)
{
    ev *e = p->e;
    if (depth >= DEPTH || !ev_step(e, 4)) return 0;
    uint32_t v = unary(p, depth);
    bool compared = false;
    while (v) {
        size_t was = p->at, i = 0;
        while (i < TW_COUNT(binaries) && !take(p, binaries[i].op)) i++;
        if (i == TW_COUNT(binaries)) break;
        unsigned l = binaries[i].level;
        if (l < level || p->literal) {
            p->at = was;
            break;
        }
        if (l == 2 && compared) return 0; /* a < b < c */
        compared |= l == 2;
        uint32_t pair[2] = {v, expr(p, l == 9 ? 9 : l + 1, depth + 1)};
        v = pair[1] ? ev_op(e, tw_str_c(binaries[i].op), pair, 2) : 0;
        if (v && (ev_at(e, v)->kind == TW_VAL_OP || !ev_is_const(e, v))) v = 0;
    }
    return v;
}

static uint32_t value_of(ev *e, tw_str s, bool literal)
{
    parser p = {.e = e, .s = tw_str_trim(s), .literal = literal};
    if (!s.n || s.n > TEXT_MAX || !tw_utf8_valid(s) || memchr(s.p, '#', s.n) || !ev_step(e, s.n / 8))
        return 0;
    uint32_t v = expr(&p, 0, 0);
    if (v && peek(&p) == ',') { /* 1, 2 */
        uint32_t base = e->stack.n;
        TW_PUSH(e->tmp, e->stack, v);
        while (take(&p, ",") && peek(&p)) {
            if (!(v = expr(&p, 0, 0))) return e->stack.n = base, 0;
            TW_PUSH(e->tmp, e->stack, v);
        }
        v = ev_seq_from(e, base, TW_SEQ_TUPLE);
    }
    return v && !peek(&p) ? v : 0;
}

uint32_t ev_literal_eval(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    if (a->n != 1 || !ev_is_text(e, a->v[0], &kind) || kind != TW_VAL_STR || !ev_text(e, a->v[0], &s))
        return 0;
    return value_of(e, s, true);
}

uint32_t ev_eval_text(ev *e, tw_str s)
{
    uint32_t v = value_of(e, s, false);
    uint8_t kind = v ? ev_at(e, v)->kind : 0;
    return v && (ev_is_const(e, v) || kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC) ? v : 0;
}
