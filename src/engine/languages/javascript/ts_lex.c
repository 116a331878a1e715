/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens of types, and brackets that match. */
#include "engine/languages/javascript/ts.h"

#include "base/utf8.h"

static bool digit(uint8_t c)
{
    return (uint8_t)(c - '0') < 10;
}

static bool word_byte(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || digit(c) || c == '_' || c == '$' || c == '\\' || c >= 0x80;
}

/* White space beyond ASCII: its length, 0 where there is none. */
static uint32_t high_space(const ts_cur *c, uint32_t i, bool *ret_nl)
{
    size_t off = i;
    uint32_t cp = tw_utf8_next((tw_str){(const char *)c->s, c->n}, &off, NULL);
    bool space = cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 ||
                 cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000 || cp == 0xFEFF;
    if (cp == 0x2028 || cp == 0x2029) *ret_nl = true;
    return space ? (uint32_t)off - i : 0;
}

static uint32_t line_end(const ts_cur *c, uint32_t i)
{
    for (; i < c->n && c->s[i] != '\n' && c->s[i] != '\r'; i++) {
        bool nl = false;
        if (c->s[i] == 0xE2 && high_space(c, i, &nl) && nl) break;
    }
    return i;
}

/* Behind the comment at i; i where there is none. */
static uint32_t comment(ts_cur *c, uint32_t i)
{
    if (i + 1 >= c->n || c->s[i] != '/') return i;
    if (c->s[i + 1] == '/') return line_end(c, i);
    if (c->s[i + 1] != '*') return i;
    for (i += 2; i < c->n; i++) {
        if (c->s[i] == '*' && i + 1 < c->n && c->s[i + 1] == '/') return i + 2;
        if (c->s[i] == '\n' || c->s[i] == '\r') c->nl = true;
    }
    return i;
}

static uint32_t skip_space(ts_cur *c, uint32_t i)
{
    for (;;) {
        uint32_t from = i;
        while (i < c->n && (c->s[i] == ' ' || (c->s[i] >= '\t' && c->s[i] <= '\r'))) {
            if (c->s[i] == '\n' || c->s[i] == '\r') c->nl = true;
            i++;
        }
        if (i < c->n && c->s[i] >= 0x80) i += high_space(c, i, &c->nl);
        i = comment(c, i);
        if (i == from) return i;
    }
}

/* Behind the string that opens at i; i + 1 where its line ends first. */
static uint32_t string_end(const ts_cur *c, uint32_t i)
{
    uint8_t q = c->s[i];
    for (uint32_t k = i + 1; k < c->n; k++) {
        if (c->s[k] == q) return k + 1;
        if (c->s[k] == '\\')
            k += k + 2 < c->n && c->s[k + 1] == '\r' && c->s[k + 2] == '\n' ? 2 : 1;
        else if (c->s[k] == '\n' || c->s[k] == '\r')
            break;
    }
    return i + 1;
}

void ts_template(ts_cur *c)
{
    uint32_t i = c->pos;
    c->t = TS_TEMPLATE;
    c->hole = false;
    for (; i < c->n && c->s[i] != '`'; i++) {
        if (c->s[i] == '\\') {
            i++;
        } else if (c->s[i] == '$' && i + 1 < c->n && c->s[i + 1] == '{') {
            c->hole = true;
            c->pos = i + 2;
            return;
        }
    }
    c->pos = i < c->n ? i + 1 : c->n;
    if (i >= c->n) c->t = TS_OTHER;
}

/* Operators of more than one character, the longest first; "<<" and ">" stay single. */
static void operator_token(ts_cur *c)
{
    static const struct {
        char text[5];
        uint8_t t;
    } rows[] = {
        {"...", TS_DOTS},   {"=>", TS_ARROW}, {"===", TS_OTHER}, {"==", TS_OTHER}, {"!==", TS_OTHER},
        {"!=", TS_OTHER},   {"||", TS_OTHER}, {"&&", TS_OTHER},  {"|=", TS_OTHER}, {"&=", TS_OTHER},
        {"\?\?", TS_OTHER}, {"<=", TS_OTHER}, {"++", TS_OTHER},  {"--", TS_OTHER}, {"+=", TS_OTHER},
        {"-=", TS_OTHER},   {"*=", TS_OTHER}, {"**", TS_OTHER},
    };
    const uint8_t *s = c->s + c->off;
    uint32_t left = c->n - c->off;
    c->t = s[0] < 128 ? s[0] : TS_OTHER;
    c->pos = c->off + 1;
    if (s[0] == '/' || s[0] == '%' || s[0] == '^' || s[0] == '~' || s[0] == 0) c->t = TS_OTHER;
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        if (s[0] != (uint8_t)rows[i].text[0]) continue;
        size_t k = strlen(rows[i].text);
        if (k > left || memcmp(s, rows[i].text, k)) continue;
        c->t = rows[i].t;
        c->pos = c->off + (uint32_t)k;
        return;
    }
    if (s[0] == '?' && left > 2 && s[1] == '.' && !digit(s[2])) c->t = TS_OTHER, c->pos++;
}

/* Letters and digits, \u{...}, bytes above ASCII that are no white space. */
static void word_token(ts_cur *c)
{
    uint32_t i = c->off + 1;
    for (; i < c->n && word_byte(c->s[i]); i++) {
        bool nl;
        if (c->s[i] >= 0x80 && high_space(c, i, &nl)) break;
        if (c->s[i] == 'u' && c->s[i - 1] == '\\' && i + 1 < c->n && c->s[i + 1] == '{')
            while (i < c->n && c->s[i] != '}' && c->s[i] != '\n') i++;
    }
    c->t = c->s[c->off] == '#' ? TS_PRIVATE : TS_NAME;
    c->pos = i < c->n ? i : c->n;
}

static void number_token(ts_cur *c)
{
    uint32_t i = c->off + 1;
    bool hex = i < c->n && (c->s[i] | 0x20) == 'x';
    for (; i < c->n && (word_byte(c->s[i]) || c->s[i] == '.'); i++)
        if (!hex && (c->s[i] | 0x20) == 'e' && i + 1 < c->n && (c->s[i + 1] == '-' || c->s[i + 1] == '+'))
            i++;
    c->t = TS_NUMBER;
    c->pos = i < c->n ? i : c->n;
}

void ts_next(ts_cur *c)
{
    c->end = c->pos;
    c->nl = false;
    c->off = skip_space(c, c->pos);
    c->taken++;
    if (c->off >= c->n) {
        c->t = TS_EOF;
        c->pos = c->off = c->n;
        return;
    }
    uint8_t b = c->s[c->off], b1 = c->off + 1 < c->n ? c->s[c->off + 1] : 0;
    if (digit(b) || (b == '.' && digit(b1))) {
        number_token(c);
    } else if (word_byte(b) || (b == '#' && word_byte(b1))) {
        word_token(c);
    } else if (b == '"' || b == '\'') {
        c->pos = string_end(c, c->off);
        c->t = c->pos == c->off + 1 ? TS_OTHER : TS_STRING;
    } else if (b == '`') {
        c->pos = c->off + 1;
        ts_template(c);
    } else {
        operator_token(c);
    }
}

ts_cur ts_at(const ts *x, uint32_t off)
{
    ts_cur c = {.s = x->s, .n = x->n, .pos = off};
    ts_next(&c);
    return c;
}

bool ts_word(const ts_cur *c, const char *word)
{
    uint32_t n = c->pos - c->off, i = 0;
    if (c->t != TS_NAME) return false;
    while (i < n && word[i] && c->s[c->off + i] == (uint8_t)word[i]) i++;
    return i == n && !word[i];
}

static uint32_t slot_of(const ts_memo *m, uint32_t off)
{
    uint32_t i = off & (m->cap - 1); /* what stands together is asked for together */
    while (m->slots[2 * i] && m->slots[2 * i] != off + 1) i = (i + 1) & (m->cap - 1);
    return i;
}

bool ts_known(const ts_memo *m, uint32_t off, uint32_t *ret)
{
    if (!m->n) return false;
    uint32_t i = slot_of(m, off);
    *ret = m->slots[2 * i + 1];
    return m->slots[2 * i];
}

void ts_learn(ts *x, ts_memo *m, uint32_t off, uint32_t what)
{
    if (m->n * 2 >= m->cap) {
        ts_memo bigger = {.cap = m->cap ? m->cap * 2 : 64, .n = m->n};
        bigger.slots = TW_NEWN(x->tmp, uint32_t, (size_t)bigger.cap * 2);
        for (uint32_t i = 0; i < m->cap; i++) {
            if (!m->slots[2 * i]) continue;
            uint32_t k = slot_of(&bigger, m->slots[2 * i] - 1);
            bigger.slots[2 * k] = m->slots[2 * i];
            bigger.slots[2 * k + 1] = m->slots[2 * i + 1];
        }
        *m = bigger;
    }
    uint32_t i = slot_of(m, off);
    m->n += !m->slots[2 * i];
    m->slots[2 * i] = off + 1;
    m->slots[2 * i + 1] = what;
}

void ts_init(ts *x, tw_arena *tmp, const uint8_t *s, uint32_t n)
{
    const uint8_t *gt = memrchr(s, '>', n);
    *x = (ts){.tmp = tmp, .s = s, .n = n, .ahead_left = 4096 + 4ull * n};
    x->last_gt = gt ? (uint32_t)(gt - s) : 0;
}
