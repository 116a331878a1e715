/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens. What a `/`, a backtick or a `}` means is for the parser to say: it rereads from there. */
#include "engine/languages/javascript/js.h"
#include "engine/languages/javascript/scan.h"

enum { FAR_RIGHT = 200, REGEX_TRY = 4096 };

#define NAME (C_NAME | C_START)
#define N4(n) [n] = NAME, [(n) + 1] = NAME, [(n) + 2] = NAME, [(n) + 3] = NAME
#define N10(n) N4(n), N4((n) + 4), [(n) + 8] = NAME, [(n) + 9] = NAME
#define D (C_NAME | C_DIGIT | C_HEX)
#define X (C_NAME | C_START | C_HEX)
#define H (C_NAME | C_START | C_HIGH)
#define H4(n) [n] = H, [(n) + 1] = H, [(n) + 2] = H, [(n) + 3] = H
#define H16(n) H4(n), H4((n) + 4), H4((n) + 8), H4((n) + 12)
#define H64(n) H16(n), H16((n) + 16), H16((n) + 32), H16((n) + 48)
const uint8_t js_class[256] = {
    ['\t'] = C_SPACE, ['\v'] = C_SPACE, ['\f'] = C_SPACE, [' '] = C_SPACE, ['\n'] = C_EOL, ['\r'] = C_EOL,
    ['$'] = NAME,     ['_'] = NAME,     ['0'] = D,        ['1'] = D,       ['2'] = D,      ['3'] = D,
    ['4'] = D,        ['5'] = D,        ['6'] = D,        ['7'] = D,       ['8'] = D,      ['9'] = D,
    ['a'] = X,        ['b'] = X,        ['c'] = X,        ['d'] = X,       ['e'] = X,      ['f'] = X,
    ['A'] = X,        ['B'] = X,        ['C'] = X,        ['D'] = X,       ['E'] = X,      ['F'] = X,
    N10('g'),         N10('q'),         N10('G'),         N10('Q'),        H64(128),       H64(192),
};
#undef D
#undef X
#undef H

/* How a token starts. */
enum {
    L_BAD,
    L_NAME,
    L_ODD,
    L_DIGIT,
    L_QUOTE,
    L_ONE,
    L_OP,
    L_SPACE,
    L_EOL,
    L_SLASH,
    L_DOT,
    L_HASH,
    L_ESCAPE,
    L_END
};
#define A L_NAME
#define A4(n) [n] = A, [(n) + 1] = A, [(n) + 2] = A, [(n) + 3] = A
#define A26(n) \
    A4(n), A4((n) + 4), A4((n) + 8), A4((n) + 12), A4((n) + 16), A4((n) + 20), [(n) + 24] = A, [(n) + 25] = A
#define O4(n) [n] = L_ODD, [(n) + 1] = L_ODD, [(n) + 2] = L_ODD, [(n) + 3] = L_ODD
#define O16(n) O4(n), O4((n) + 4), O4((n) + 8), O4((n) + 12)
#define O64(n) O16(n), O16((n) + 16), O16((n) + 32), O16((n) + 48)
static const uint8_t starts[256] = {
    [0] = L_END,     ['\t'] = L_SPACE, ['\v'] = L_SPACE,  ['\f'] = L_SPACE, [' '] = L_SPACE,
    ['\n'] = L_EOL,  ['\r'] = L_EOL,   ['$'] = A,         ['_'] = A,        A26('a'),
    A26('A'),        O64(128),         O64(192),          ['0'] = L_DIGIT,  ['1'] = L_DIGIT,
    ['2'] = L_DIGIT, ['3'] = L_DIGIT,  ['4'] = L_DIGIT,   ['5'] = L_DIGIT,  ['6'] = L_DIGIT,
    ['7'] = L_DIGIT, ['8'] = L_DIGIT,  ['9'] = L_DIGIT,   ['"'] = L_QUOTE,  ['\''] = L_QUOTE,
    ['('] = L_ONE,   [')'] = L_ONE,    ['['] = L_ONE,     [']'] = L_ONE,    ['{'] = L_ONE,
    ['}'] = L_ONE,   [';'] = L_ONE,    [','] = L_ONE,     [':'] = L_ONE,    ['~'] = L_ONE,
    ['`'] = L_ONE,   ['@'] = L_ONE,    ['.'] = L_DOT,     ['?'] = L_OP,     ['='] = L_OP,
    ['!'] = L_OP,    ['<'] = L_OP,     ['>'] = L_OP,      ['+'] = L_OP,     ['-'] = L_OP,
    ['*'] = L_OP,    ['%'] = L_OP,     ['&'] = L_OP,      ['|'] = L_OP,     ['^'] = L_OP,
    ['/'] = L_SLASH, ['#'] = L_HASH,   ['\\'] = L_ESCAPE,
};
#undef A

/* Per first byte: the token alone, doubled, with `=` behind, doubled with `=` behind. */
typedef struct op_row {
    uint8_t one, two, eq, two_eq;
} op_row;
static const op_row ops[128] = {
    ['('] = {T_LPAR, 0, 0, 0},
    [')'] = {T_RPAR, 0, 0, 0},
    ['['] = {T_LSQB, 0, 0, 0},
    [']'] = {T_RSQB, 0, 0, 0},
    ['{'] = {T_LBRACE, 0, 0, 0},
    ['}'] = {T_RBRACE, 0, 0, 0},
    [';'] = {T_SEMI, 0, 0, 0},
    [','] = {T_COMMA, 0, 0, 0},
    [':'] = {T_COLON, 0, 0, 0},
    ['~'] = {T_TILDE, 0, 0, 0},
    ['`'] = {T_TEMPLATE, 0, 0, 0},
    ['@'] = {T_AT, 0, 0, 0},
    ['?'] = {T_QUESTION, T_NULLISH, 0, T_NULLISH_ASSIGN},
    ['='] = {T_ASSIGN, T_EQ, 0, T_EQ3},
    ['!'] = {T_BANG, 0, T_NE, 0},
    ['<'] = {T_LT, T_SHL, T_LE, T_SHL_ASSIGN},
    ['>'] = {T_GT, T_SHR, T_GE, T_SHR_ASSIGN},
    ['+'] = {T_PLUS, T_INC, T_PLUS_ASSIGN, 0},
    ['-'] = {T_MINUS, T_DEC, T_MINUS_ASSIGN, 0},
    ['*'] = {T_STAR, T_POW, T_STAR_ASSIGN, T_POW_ASSIGN},
    ['/'] = {T_SLASH, 0, T_SLASH_ASSIGN, 0},
    ['%'] = {T_PERCENT, 0, T_PERCENT_ASSIGN, 0},
    ['&'] = {T_AMP, T_AND, T_AMP_ASSIGN, T_AND_ASSIGN},
    ['|'] = {T_PIPE, T_OR, T_PIPE_ASSIGN, T_OR_ASSIGN},
    ['^'] = {T_CARET, 0, T_CARET_ASSIGN, 0},
};

static void op_token(js *p, uint32_t i)
{
    const uint8_t *s = p->s + i;
    uint8_t c = s[0], c1 = s[1], c2 = s[2], t, len;
    op_row row = ops[c];
    if (c1 == c && row.two) {
        t = row.two, len = 2;
        if (c == '>' && c2 == '>')
            t = s[3] == '=' ? T_USHR_ASSIGN : T_USHR, len = s[3] == '=' ? 4 : 3;
        else if (c2 == '=' && row.two_eq)
            t = row.two_eq, len = 3;
    } else if (c1 == '=' && row.eq) {
        t = row.eq, len = 2;
        if (c == '!' && c2 == '=') t = T_NE3, len = 3;
    } else if (c == '=' && c1 == '>') {
        t = T_ARROW, len = 2;
    } else if (c == '?' && c1 == '.' && !(js_class[c2] & C_DIGIT)) {
        t = T_OPTIONAL, len = 2;
    } else {
        t = row.one, len = 1;
    }
    p->tok.t = t;
    p->pos = p->tok.end = i + len;
}

static void odd_name_token(js *p, uint32_t off, uint32_t from)
{
    bool escaped;
    uint32_t end;
    p->tok.id = js_odd_name(p, off, from, &escaped, &end);
    p->tok.t = end == from ? T_BAD : p->s[off] == '#' ? T_PRIVATE : T_NAME;
    if (p->tok.t == T_NAME && !escaped &&
        p->tok.id <= JS_N_KEYWORDS) /* white space outside ASCII is behind it */
        p->tok.t = (uint8_t)(JS_FIRST_KEYWORD + p->tok.id - 1);
    p->tok.escaped = escaped;
    if (end == from) end = from + (from < p->n);
    p->pos = p->tok.end = end;
}

static inline void name_token(js *p, uint32_t i)
{
    unsigned high;
    uint32_t n = js_name_run(p->s + i, &high);
    if (high || p->s[i + n] == '\\') {
        odd_name_token(p, i, i);
        return;
    }
    uint32_t id = js_intern(p, p->s + i, n);
    p->tok.t = id <= JS_N_KEYWORDS ? (uint8_t)(JS_FIRST_KEYWORD + id - 1) : T_NAME;
    p->tok.id = id;
    p->pos = p->tok.end = i + n;
}

static void private_token(js *p, uint32_t i)
{
    unsigned high;
    uint32_t n = js_name_run(p->s + i + 1, &high);
    if (!n && p->s[i + 1] != '\\') {
        p->tok.t = T_HASH;
        p->pos = p->tok.end = i + 1;
        return;
    }
    if (high || p->s[i + 1 + n] == '\\') {
        odd_name_token(p, i, i + 1);
        return;
    }
    p->tok.t = T_PRIVATE;
    p->tok.id = js_intern(p, p->s + i, n + 1);
    p->pos = p->tok.end = i + 1 + n;
}

static uint32_t digits(const js *p, uint32_t i, uint8_t what)
{
    while (js_class[p->s[i]] & what || p->s[i] == '_') i++;
    return i;
}

/* 0x1F, 0o17, 0b1, 017, 1_000, 1.5e-3, .5, 10n */
static void number_token(js *p, uint32_t i)
{
    const uint8_t *s = p->s;
    uint8_t t = T_INT, x = s[i] == '0' ? s[i + 1] | 0x20 : 0;
    if (x == 'x' || x == 'o' || x == 'b') {
        i = digits(p, i + 2, C_HEX);
    } else {
        bool octal = s[i] == '0' && js_class[s[i + 1]] & C_DIGIT;
        uint32_t from = i;
        i = digits(p, i, C_DIGIT);
        for (uint32_t k = from; octal && k < i; k++) octal = s[k] < '8';
        if (s[i] == '.' && !octal) t = T_FLOAT, i = digits(p, i + 1, C_DIGIT);
        if ((s[i] | 0x20) == 'e') {
            uint32_t k = i + 1 + (s[i + 1] == '+' || s[i + 1] == '-');
            if (js_class[s[k]] & C_DIGIT) t = T_FLOAT, i = digits(p, k, C_DIGIT);
        }
    }
    if (s[i] == 'n') i++;
    p->tok.t = t;
    p->pos = p->tok.end = i;
}

/* Unterminated: bad up to the end of its line. */
static void string_token(js *p, uint32_t i)
{
    const uint8_t *s = p->s;
    char q = (char)s[i++];
    for (;;) {
        i += js_run_to(s + i, q, '\\');
        if (s[i] == (uint8_t)q) break;
        if (s[i] == '\\') {
            p->tok.escaped = 1;
            i += s[i + 1] == '\r' && s[i + 2] == '\n' ? 3 : 2;
        } else if (s[i] == 0 && i < p->n) {
            i++;
        } else {
            break;
        }
        if (i >= p->n) break;
    }
    bool closed = i < p->n && s[i] == (uint8_t)q;
    if (i > p->n) i = p->n;
    p->tok.t = closed ? T_STRING : T_BAD;
    p->pos = p->tok.end = i + closed;
}

/* To the line end behind i. */
static uint32_t line_comment(const js *p, uint32_t i)
{
    for (;;) {
        i += js_run_to(p->s + i, '\n', (char)0xE2);
        if (i >= p->n || p->s[i] == '\n' || p->s[i] == '\r') return i < p->n ? i : p->n;
        uint8_t nl = 0;
        if (p->s[i] == 0xE2 && js_odd_space(p, i, &nl) && nl) return i;
        i++;
    }
}

/* Behind the comment whose body starts at i; UINT32_MAX: it never ends. */
static uint32_t block_comment(js *p, uint32_t i)
{
    for (;;) {
        i += js_run_to(p->s + i, '*', (char)0xE2);
        if (i >= p->n) return UINT32_MAX;
        uint8_t c = p->s[i];
        if (c == '*' && p->s[i + 1] == '/') return i + 2;
        if (c == '\n' || c == '\r')
            p->tok.nl = 1;
        else if (c == 0xE2)
            js_odd_space(p, i, &p->tok.nl);
        i++;
    }
}

/* A comment at i: behind it; i: there is none. */
static uint32_t comment(js *p, uint32_t i)
{
    if (p->s[i + 1] == '/') return line_comment(p, i + 2);
    if (p->s[i + 1] != '*') return i;
    uint32_t end = p->no_comment_end ? UINT32_MAX : block_comment(p, i + 2);
    if (end == UINT32_MAX) { /* the text behind it is read as code: nothing hides in what never ends */
        p->no_comment_end = true;
        p->tok.t = T_BAD;
        p->tok.off = i;
        p->pos = p->tok.end = i + 2;
    }
    return end;
}

static bool html_comment(const js *p, uint32_t i)
{
    if (p->module) return false;
    if (p->s[i] == '<') return p->s[i + 1] == '!' && p->s[i + 2] == '-' && p->s[i + 3] == '-';
    return p->s[i] == '-' && p->s[i + 1] == '-' && p->s[i + 2] == '>' && p->tok.nl;
}

static void end_token(js *p, uint32_t i)
{
    p->tok.t = T_EOF;
    p->tok.nl = 1;
    p->tok.off = p->tok.end = p->pos = i < p->n ? i : p->n;
}

static uint32_t blanks(js *p, uint32_t i)
{
    uint32_t n = 1;
    if (p->s[i + 1] == ' ' || p->s[i + 1] == '\t') n = js_blank_run(p->s + i);
    if (n == 0) n = 1; /* \v, \f */
    if (n >= FAR_RIGHT && p->far_right == UINT32_MAX && i + n < p->n && !(js_class[p->s[i + n]] & C_EOL) &&
        p->s[i + n] != '/')
        p->far_right = i + n;
    return i + n;
}

void js_next(js *p)
{
    const uint8_t *s = p->s;
    uint32_t i = p->pos, k;
    p->prev_end = p->tok.end;
    p->tok.nl = i == 0;
    p->tok.escaped = 0;
    if (!p->tokens_left) {
        end_token(p, i);
        return;
    }
    p->tokens_left--;
    for (;;) {
        p->tok.off = i;
        switch (starts[s[i]]) {
        case L_NAME: name_token(p, i); return;
        case L_ONE:
            p->tok.t = ops[s[i]].one;
            p->pos = p->tok.end = i + 1;
            return;
        case L_SPACE: i = blanks(p, i); break;
        case L_EOL:
            p->tok.nl = 1;
            i++;
            break;
        case L_OP:
            if ((s[i] == '<' || s[i] == '-') && html_comment(p, i)) {
                i = line_comment(p, i + 3);
                break;
            }
            op_token(p, i);
            return;
        case L_DOT:
            if (js_class[s[i + 1]] & C_DIGIT) {
                number_token(p, i);
                return;
            }
            p->tok.t = s[i + 1] == '.' && s[i + 2] == '.' ? T_DOTS : T_DOT;
            p->pos = p->tok.end = i + (p->tok.t == T_DOTS ? 3 : 1);
            return;
        case L_QUOTE: string_token(p, i); return;
        case L_DIGIT: number_token(p, i); return;
        case L_SLASH:
            k = comment(p, i);
            if (k == UINT32_MAX) return;
            if (k == i) {
                op_token(p, i);
                return;
            }
            i = k;
            break;
        case L_ODD:
            k = js_odd_space(p, i, &p->tok.nl);
            if (!k) {
                odd_name_token(p, i, i);
                return;
            }
            i += k;
            break;
        case L_ESCAPE: odd_name_token(p, i, i); return;
        case L_HASH: private_token(p, i); return;
        case L_END:
            if (i >= p->n) {
                end_token(p, i);
                return;
            }
            /* fall through */
        default:
            p->tok.t = T_BAD;
            p->pos = p->tok.end = i + 1;
            return;
        }
    }
}

void js_lex_init(js *p)
{
    static const char *const words[] = {
#define X(id, text) text,
        JS_KEYWORDS(X) JS_WORDS(X)
#undef X
    };
    for (size_t i = 0; i < TW_COUNT(words); i++) tw_intern(&p->ir->strings, tw_str_c(words[i]));
    if (p->n >= 3 && !memcmp(p->s, "\xEF\xBB\xBF", 3)) p->pos = 3;
    if (p->s[p->pos] == '#' && p->s[p->pos + 1] == '!') p->pos = line_comment(p, p->pos);
}

js_saved js_save(const js *p)
{
    return (js_saved){p->tok, p->pos, p->prev_end, p->tokens_left};
}

void js_restore(js *p, const js_saved *s)
{
    uint64_t read = s->tokens_left - p->tokens_left;
    p->ahead_left -= read < p->ahead_left ? read : p->ahead_left;
    p->tok = s->tok, p->pos = s->pos, p->prev_end = s->prev_end, p->tokens_left = s->tokens_left;
}

js_tok js_peek(js *p)
{
    js_saved s = js_save(p);
    js_next(p);
    js_tok next = p->tok;
    p->tok = s.tok, p->pos = s.pos, p->prev_end = s.prev_end, p->tokens_left = s.tokens_left;
    return next;
}

/* `>>` and the like are one `>` and the rest. */
void js_split(js *p, uint32_t n)
{
    p->pos = p->tok.end = p->tok.off + n;
    p->tok.t = ops[p->s[p->tok.off]].one;
}

/* A class begins and ends the same from wherever it is read: behind the first bracket a try on a line that had none fails. */
bool js_regex(js *p, uint32_t *ret_id)
{
    const uint8_t *s = p->s;
    uint32_t i = p->tok.off + 1;
    bool in_class = false, none = i > p->no_regex_from && i <= p->no_regex_to;
    uint32_t far = p->ahead_left ? p->n : i + REGEX_TRY < p->n ? i + REGEX_TRY : p->n;
    for (;; i++) {
        uint8_t c = s[i], nl = 0;
        if (i >= far || c == '\n' || c == '\r' || (c == 0xE2 && js_odd_space(p, i, &nl) && nl)) {
            uint32_t read = i - p->tok.off;
            p->ahead_left -= read < p->ahead_left ? read : p->ahead_left;
            if (i < far || i >= p->n) p->no_regex_from = p->tok.off, p->no_regex_to = i;
            return false;
        }
        if (none && (c == '[' || c == ']')) return false;
        if (c == '\\') {
            i++;
            if (i >= p->n || js_class[s[i]] & C_EOL) i--; /* ends there */
        } else if (c == '[') {
            in_class = true;
        } else if (c == ']') {
            in_class = false;
        } else if (c == '/' && !in_class) {
            break;
        }
    }
    for (i++; js_class[s[i]] & C_NAME && s[i] < 0x80; i++) {
    }
    if (i > p->n) i = p->n;
    *ret_id = tw_intern(&p->ir->strings, (tw_str){(const char *)s + p->tok.off, i - p->tok.off});
    p->pos = p->tok.end = i;
    js_next(p);
    return true;
}
