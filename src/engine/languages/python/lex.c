/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"

enum { FAR_RIGHT = 200 };

void py_lex_init(py *p)
{
    static const char *const words[] = {
#define X(id, text) text,
        PY_KEYWORDS(X) PY_WORDS(X)
#undef X
    };
    for (size_t i = 0; i < TW_COUNT(words); i++) tw_intern(&p->ir->strings, tw_str_c(words[i]));
}

static bool at_eol(const py *p, uint32_t i)
{
    return i >= p->n || p->s[i] == '\n' || p->s[i] == '\r';
}

static uint32_t skip_eol(const py *p, uint32_t i)
{
    if (i < p->n && p->s[i] == '\r')
        i++;
    else if (i < p->n)
        return i + 1;
    return i < p->n && p->s[i] == '\n' ? i + 1 : i;
}

static uint32_t skip_comment(const py *p, uint32_t i)
{
    const uint8_t *e = memchr(p->s + i, '\n', p->n - i);
    uint32_t end = e ? (uint32_t)(e - p->s) : p->n;
    const uint8_t *r = memchr(p->s + i, '\r', end - i);
    return r ? (uint32_t)(r - p->s) : end;
}

/* Indentation as CPython counts it: tabs to 8, a form feed starts over. */
bool py_line(py *p)
{
    uint32_t i = p->pos, col = 0;
    for (;;) {
        if (i >= p->n) break;
        uint8_t c = p->s[i];
        if (c == ' ')
            col++, i++;
        else if (c == '\t')
            col = (col / 8 + 1) * 8, i++;
        else if (c == '\f')
            col = 0, i++;
        else if (c == 0)
            i++;
        else if (c == '#')
            i = skip_comment(p, i);
        else if (c == '\n' || c == '\r')
            i = skip_eol(p, i), col = 0;
        else if (c == '\\' && i + 1 < p->n && at_eol(p, i + 1))
            i = skip_eol(p, i + 1);
        else
            break;
    }
    p->pos = i;
    p->col = col;
    if (col >= FAR_RIGHT && i < p->n && p->far_right == UINT32_MAX) p->far_right = i;
    if (i >= p->n) return false;
    py_next(p);
    return p->tok.t != T_EOF;
}

/* Skips white space; true when a line end was met that ends the logical line. */
static bool skip_space(py *p)
{
    uint32_t i = p->pos;
    for (;;) {
        uint32_t from = i;
        while (i < p->n && py_class[p->s[i]] & C_SPACE) i++;
        if (i >= p->n) break;
        uint8_t c = p->s[i];
        if (i - from >= FAR_RIGHT && p->far_right == UINT32_MAX && c != '#' && !at_eol(p, i))
            p->far_right = i;
        if (c == '#') {
            i = skip_comment(p, i);
        } else if (c == '\n' || c == '\r') {
            if (!p->depth) break;
            i = skip_eol(p, i);
        } else if (c == '\\' && at_eol(p, i + 1)) {
            i = skip_eol(p, i + 1);
        } else {
            break;
        }
    }
    p->pos = i;
    return i < p->n && (p->s[i] == '\n' || p->s[i] == '\r');
}

static uint8_t string_prefix(py *p, uint32_t from, uint32_t to)
{
    uint8_t f = 0;
    for (uint32_t i = from; i < to; i++) {
        switch (p->s[i] | 0x20) {
        case 'r': f |= S_RAW; break;
        case 'b': f |= S_BYTES; break;
        case 'f':
        case 't': f |= S_FORMAT; break;
        case 'u': f |= S_UNICODE; break;
        default: break;
        }
    }
    p->py2 |= (f & (S_RAW | S_UNICODE)) == (S_RAW | S_UNICODE);
    return f;
}

static void string_token(py *p, uint32_t from, uint32_t quote)
{
    uint8_t q = p->s[quote], f = string_prefix(p, from, quote);
    if (q == '"') f |= S_DOUBLE;
    uint32_t body = quote + 1;
    if (p->n - quote >= 3 && p->s[quote + 1] == q && p->s[quote + 2] == q) f |= S_TRIPLE, body = quote + 3;
    p->tok = (py_tok){T_STRING, f, from, body, 0};
    p->pos = body;
}

static void name_token(py *p)
{
    uint32_t i = p->pos, from = i, hash = 0;
    uint8_t all = C_PREFIX, any = 0;
    while (i < p->n) {
        uint8_t k = py_class[p->s[i]];
        if (!(k & (C_ALPHA | C_DIGIT))) break;
        hash = (hash + p->s[i]) * 0x9E3779B1u;
        all &= k, any |= k;
        i++;
    }
    if (all && i < p->n && i - from <= 3 && (p->s[i] == '"' || p->s[i] == '\'')) {
        string_token(p, from, i);
        return;
    }
    uint32_t id = py_intern_name(p, from, i, hash, !(any & C_HIGH));
    uint8_t t = id <= PY_N_KEYWORDS && !(any & C_HIGH) ? (uint8_t)(PY_FIRST_KEYWORD + id - 1) : T_NAME;
    p->tok = (py_tok){t, 0, from, i, id};
    p->pos = i;
}

/* 0777, which Python 3 has no more: a digit other than zero behind the first. */
static bool octal_of_2(const py *p, uint32_t from, uint32_t to)
{
    for (uint32_t i = from + 1; i < to; i++)
        if (p->s[i] != '0' && p->s[i] != '_') return true;
    return false;
}

/* Any Python's numbers: 0x1F, 0o17, 017, 0b1, 1_000, 10L, 1.5e-3, 3j. */
static void number_token(py *p)
{
    uint32_t i = p->pos, from = i;
    uint8_t t = T_INT;
    uint8_t x = i + 1 < p->n && p->s[i] == '0' ? p->s[i + 1] | 0x20 : 0;
    if (x != 'x' && x != 'o' && x != 'b') x = 0;
    if (x) {
        for (i += 2; i < p->n && (py_class[p->s[i]] & C_HEX || p->s[i] == '_'); i++) {
        }
    } else {
        while (i < p->n && (py_class[p->s[i]] & C_DIGIT || p->s[i] == '_')) i++;
        if (i < p->n && p->s[i] == '.') {
            t = T_FLOAT;
            for (i++; i < p->n && (py_class[p->s[i]] & C_DIGIT || p->s[i] == '_'); i++) {
            }
        }
        if (i < p->n && (p->s[i] | 0x20) == 'e') {
            uint32_t k = i + 1;
            if (k < p->n && (p->s[k] == '+' || p->s[k] == '-')) k++;
            if (k < p->n && py_class[p->s[k]] & C_DIGIT) {
                t = T_FLOAT;
                for (i = k; i < p->n && (py_class[p->s[i]] & C_DIGIT || p->s[i] == '_'); i++) {
                }
            }
        }
    }
    if (i < p->n && (p->s[i] | 0x20) == 'j')
        t = T_FLOAT, i++;
    else if (i < p->n && (p->s[i] | 0x20) == 'l')
        i++, p->py2 = true;
    else if (t == T_INT && p->s[from] == '0' && !x && octal_of_2(p, from, i))
        p->py2 = true;
    p->tok = (py_tok){t, 0, from, i, 0};
    p->pos = i;
}

/* Per first byte: the token alone, doubled ("**"), with "=" behind; doubled with "=" is augmented. */
typedef struct op_row {
    uint8_t one, two, eq;
} op_row;
static const op_row ops[128] = {
    ['('] = {T_LPAR, 0, 0},
    [')'] = {T_RPAR, 0, 0},
    ['['] = {T_LSQB, 0, 0},
    [']'] = {T_RSQB, 0, 0},
    ['{'] = {T_LBRACE, 0, 0},
    ['}'] = {T_RBRACE, 0, 0},
    [','] = {T_COMMA, 0, 0},
    [';'] = {T_SEMI, 0, 0},
    ['`'] = {T_TICK, 0, 0},
    ['~'] = {T_TILDE, 0, 0},
    ['.'] = {T_DOT, 0, 0},
    [':'] = {T_COLON, 0, T_WALRUS},
    ['='] = {T_ASSIGN, 0, T_EQ},
    ['!'] = {T_BANG, 0, T_NE},
    ['<'] = {T_LT, T_LSHIFT, T_LE},
    ['>'] = {T_GT, T_RSHIFT, T_GE},
    ['+'] = {T_PLUS, 0, T_AUG},
    ['-'] = {T_MINUS, 0, T_AUG},
    ['*'] = {T_STAR, T_DSTAR, T_AUG},
    ['/'] = {T_SLASH, T_DSLASH, T_AUG},
    ['%'] = {T_PERCENT, 0, T_AUG},
    ['@'] = {T_AT, 0, T_AUG},
    ['&'] = {T_AMP, 0, T_AUG},
    ['|'] = {T_PIPE, 0, T_AUG},
    ['^'] = {T_CARET, 0, T_AUG},
};

static void op_token(py *p)
{
    uint32_t i = p->pos;
    uint8_t c = p->s[i], c1 = i + 1 < p->n ? p->s[i + 1] : 0, c2 = i + 2 < p->n ? p->s[i + 2] : 0;
    op_row row = c < 128 ? ops[c] : (op_row){0};
    py_tok t = {row.one, 0, i, i + 1, 0};
    if (!row.one)
        t.t = T_BAD;
    else if (row.two && c1 == c && c2 == '=')
        t.t = T_AUG, t.aux = row.two, t.end = i + 3;
    else if (row.two && c1 == c)
        t.t = row.two, t.end = i + 2;
    else if (c1 == '=' && row.eq == T_AUG)
        t.t = T_AUG, t.aux = row.one, t.end = i + 2;
    else if (c1 == '=' && row.eq)
        t.t = row.eq, t.end = i + 2;
    else if (c == '-' && c1 == '>')
        t.t = T_ARROW, t.end = i + 2;
    else if (c == '<' && c1 == '>')
        t.t = T_LTGT, t.end = i + 2, p->py2 = true;
    else if (c == '.' && c1 == '.' && c2 == '.')
        t.t = T_DOTS, t.end = i + 3;
    p->tok = t;
    p->pos = t.end;
}

void py_next(py *p)
{
    p->prev_end = p->tok.end;
    bool eol = skip_space(p);
    uint32_t i = p->pos;
    if (i >= p->n || !p->tokens_left) {
        p->tok = (py_tok){T_EOF, 0, i, i, 0};
        return;
    }
    p->tokens_left--;
    p->ir->tokens++;
    if (eol) {
        p->pos = skip_eol(p, i);
        p->tok = (py_tok){T_NEWLINE, 0, i, i, 0};
        return;
    }
    uint8_t c = p->s[i], k = py_class[c];
    if (k & C_ALPHA)
        name_token(p);
    else if (k & C_DIGIT || (c == '.' && i + 1 < p->n && py_class[p->s[i + 1]] & C_DIGIT))
        number_token(p);
    else if (c == '"' || c == '\'')
        string_token(p, i, i);
    else
        op_token(p);
}

py_tok py_peek(py *p)
{
    py_tok now = p->tok;
    uint32_t pos = p->pos, prev = p->prev_end;
    uint64_t left = p->tokens_left, seen = p->ir->tokens;
    py_next(p);
    py_tok next = p->tok;
    p->tok = now, p->pos = pos, p->prev_end = prev, p->tokens_left = left, p->ir->tokens = seen;
    return next;
}
