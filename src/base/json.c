/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"
#include "base/map.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { MAX_DEPTH = 128, MAX_NODES = 4000000, FEW_KEYS = 10 };
#define NONE UINT32_MAX

/* While a container is open, its `next` holds the container around it: no stack is needed. */
typedef struct reader {
    tw_arena *a;
    tw_str text;
    size_t at, line_start;
    uint32_t line;
    tw_node *nodes; /* tw_heap_grow */
    uint32_t n, cap, open, depth, n_duplicates;
    uint32_t max_depth, max_nodes;
    uint32_t *slots; /* scratch table for keys of one object */
    uint32_t n_slots;
    tw_str key; /* of the value to come */
    tw_diag *d;
} reader;

static tw_err fail(reader *r, size_t at, tw_err code, const char *says)
{
    if (r->d) {
        r->d->off = at;
        r->d->line = r->line;
        r->d->col = (uint32_t)(at - r->line_start + 1);
    }
    return tw_fail(r->d, code, "%s", says);
}

static tw_err bad(reader *r, size_t at, const char *says)
{
    return fail(r, at, TW_ERR_MALFORMED, at < r->text.n ? says : "the text ends inside a value");
}

static void skip_space(reader *r)
{
    const char *p = r->text.p;
    for (; r->at < r->text.n; r->at++) {
        char c = p[r->at];
        if (c == ' ' || c == '\t' || c == '\r') continue;
        if (c != '\n') return;
        r->line++;
        r->line_start = r->at + 1;
    }
}

/* Sets the high bit of bytes that end a plain run: quote, backslash, control, non-ASCII. A borrow may set
 * bits above the first of them, never below. */
static uint64_t stops(uint64_t v)
{
    const uint64_t ones = 0x0101010101010101ull, high = ones << 7;
    uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\';
    return (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (v - ones * 0x20) | v) & high;
}

static size_t skip_plain(tw_str s, size_t i)
{
    for (uint64_t v; i + 8 <= s.n; i += 8) {
        memcpy(&v, s.p + i, 8);
        if (!(v = stops(v))) continue;
        if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) return i + (size_t)__builtin_ctzll(v) / 8;
        break;
    }
    while (i < s.n && s.p[i] != '"' && s.p[i] != '\\' && (uint8_t)(s.p[i] - 0x20) < 0x60) i++;
    return i;
}

static bool hex4(tw_str s, size_t at, uint32_t *ret)
{
    uint32_t v = 0;
    if (s.n < 4 || at > s.n - 4) return false;
    for (size_t i = at; i < at + 4; i++) {
        uint32_t c = (uint8_t)s.p[i], low = c | 0x20;
        if (c - '0' <= 9)
            v = v << 4 | (c - '0');
        else if (low - 'a' <= 5)
            v = v << 4 | (low - 'a' + 10);
        else
            return false;
    }
    *ret = v;
    return true;
}

/* Checks the escape at *at (a backslash), moves past it, gives its code point. */
static tw_err escape(reader *r, size_t *at, uint32_t *ret)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    size_t i = *at + 1;
    uint32_t cp, low;
    if (i >= r->text.n) return bad(r, i, "");
    const char *simple = r->text.p[i] ? strchr(from, r->text.p[i]) : NULL;
    if (simple) {
        *ret = (uint8_t)to[simple - from];
        *at = i + 1;
        return TW_OK;
    }
    if (r->text.p[i] != 'u') return bad(r, i, "unknown escape in a string");
    if (!hex4(r->text, i + 1, &cp)) return bad(r, i, "\\u needs four hex digits");
    i += 5;
    if (cp >= 0xd800 && cp < 0xe000) {
        bool pair = cp < 0xdc00 && i + 1 < r->text.n && r->text.p[i] == '\\' && r->text.p[i + 1] == 'u' &&
                    hex4(r->text, i + 2, &low) && low >= 0xdc00 && low < 0xe000;
        if (!pair) return bad(r, *at, "lone surrogate escape");
        cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
    }
    *ret = cp;
    *at = i;
    return TW_OK;
}

/* The string's escapes were checked: decodes raw[0 .. n) into the arena. */
static tw_str unescape(reader *r, size_t from, size_t to)
{
    char *p = tw_arena_alloc(r->a, to - from + 1);
    tw_buf b = {.p = p, .cap = SIZE_MAX}; /* decoded text is never longer than its source: no growth */
    while (from < to) {
        size_t end = from;
        while (end < to && r->text.p[end] != '\\') end++;
        memcpy(b.p + b.n, r->text.p + from, end - from);
        b.n += end - from;
        from = end;
        uint32_t cp;
        if (from < to && escape(r, &from, &cp) == TW_OK) tw_utf8_put(&b, cp);
    }
    return tw_buf_str(&b);
}

/* r->at is behind the opening quote. */
static tw_err string(reader *r, tw_str *ret)
{
    size_t start = r->at, i = start;
    bool escaped = false;
    for (;;) {
        i = skip_plain(r->text, i);
        if (i >= r->text.n) return bad(r, i, "");
        uint8_t c = (uint8_t)r->text.p[i];
        if (c == '"') break;
        if (c < 0x20) return bad(r, i, "control character in a string");
        if (c == '\\') {
            uint32_t cp;
            escaped = true;
            TW_TRY(escape(r, &i, &cp));
            continue;
        }
        bool broken;
        size_t here = i;
        tw_utf8_next(r->text, &i, &broken);
        if (broken) return bad(r, here, "invalid UTF-8 in a string");
    }
    *ret = escaped ? unescape(r, start, i) : tw_str_sub(r->text, start, i);
    r->at = i + 1;
    return TW_OK;
}

static size_t digits(tw_str s, size_t i)
{
    while (i < s.n && (uint8_t)(s.p[i] - '0') <= 9) i++;
    return i;
}

static tw_err number(reader *r, tw_str *ret)
{
    tw_str s = r->text;
    size_t i = r->at + (s.p[r->at] == '-'), from = i;
    i = digits(s, i);
    if (i == from) return bad(r, i, "unexpected character where a value should stand");
    if (s.p[from] == '0' && i - from > 1) return bad(r, from, "number with a leading zero");
    if (i < s.n && s.p[i] == '.') {
        from = i + 1;
        i = digits(s, from);
        if (i == from) return bad(r, i, "digits must follow the decimal point");
    }
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        from = i + 1;
        if (from < s.n && (s.p[from] == '+' || s.p[from] == '-')) from++;
        i = digits(s, from);
        if (i == from) return bad(r, i, "digits must follow the exponent sign");
    }
    *ret = tw_str_sub(s, r->at, i);
    r->at = i;
    return TW_OK;
}

static tw_err node_new(reader *r, tw_node **ret)
{
    if (r->n >= r->max_nodes) return fail(r, r->at, TW_ERR_LIMIT, "more values than the limit allows");
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 64;
        r->nodes = tw_heap_grow(r->nodes, r->cap * sizeof *r->nodes);
    }
    tw_node *n = &r->nodes[r->n++];
    *n = (tw_node){.next = r->n, .line = r->line, .off = r->at, .key = r->key};
    n->col = (uint32_t)(r->at - r->line_start + 1);
    r->key = (tw_str){NULL, 0};
    if (r->open != NONE) r->nodes[r->open].count++;
    *ret = n;
    return TW_OK;
}

static void flag(reader *r, tw_node *n)
{
    n->flags |= TW_NODE_DUPLICATE;
    r->n_duplicates++;
}

static void few_keys(reader *r, uint32_t id)
{
    tw_str seen[FEW_KEYS];
    uint32_t n = 0;
    for (uint32_t i = id + 1; i < r->n; i = r->nodes[i].next, n++) {
        seen[n] = r->nodes[i].key;
        for (uint32_t j = 0; j < n; j++) {
            if (!tw_str_eq(seen[j], seen[n])) continue;
            flag(r, &r->nodes[i]);
            break;
        }
    }
}

static void many_keys(reader *r, uint32_t id)
{
    uint32_t want = 32, mask;
    while (want < r->nodes[id].count * 2) want *= 2;
    if (want > r->n_slots) {
        free(r->slots);
        r->slots = malloc(want * sizeof *r->slots);
        if (!r->slots) abort();
        r->n_slots = want;
    }
    memset(r->slots, 0, want * sizeof *r->slots);
    mask = want - 1;
    for (uint32_t i = id + 1; i < r->n; i = r->nodes[i].next) {
        tw_str key = r->nodes[i].key;
        uint32_t at = (uint32_t)tw_str_hash(key, tw_hash_seed()) & mask;
        while (r->slots[at] && !tw_str_eq(r->nodes[r->slots[at]].key, key)) at = (at + 1) & mask;
        if (r->slots[at])
            flag(r, &r->nodes[i]);
        else
            r->slots[at] = i;
    }
}

static void close_container(reader *r)
{
    uint32_t id = r->open;
    tw_node *n = &r->nodes[id];
    r->open = n->next;
    n->next = r->n;
    r->depth--;
    if (n->kind != TW_NODE_OBJECT || n->count < 2) return;
    if (n->count <= FEW_KEYS)
        few_keys(r, id);
    else
        many_keys(r, id);
}

/* "key" : , with r->at on what should be the quote. */
static tw_err member_key(reader *r)
{
    skip_space(r);
    if (r->at >= r->text.n || r->text.p[r->at] != '"') return bad(r, r->at, "a quoted key must stand here");
    r->at++;
    TW_TRY(string(r, &r->key));
    skip_space(r);
    if (r->at >= r->text.n || r->text.p[r->at] != ':') return bad(r, r->at, "':' must follow a key");
    r->at++;
    return TW_OK;
}

static tw_err open_container(reader *r, tw_node *n, bool *ret_complete)
{
    bool object = r->text.p[r->at] == '{';
    if (r->depth >= r->max_depth) return fail(r, r->at, TW_ERR_LIMIT, "nested deeper than the limit allows");
    n->kind = object ? TW_NODE_OBJECT : TW_NODE_ARRAY;
    n->next = r->open;
    r->open = (uint32_t)(n - r->nodes);
    r->depth++;
    r->at++;
    skip_space(r);
    *ret_complete = r->at < r->text.n && r->text.p[r->at] == (object ? '}' : ']');
    if (*ret_complete) {
        r->at++;
        close_container(r);
    } else if (object)
        return member_key(r);
    return TW_OK;
}

static tw_err word(reader *r, tw_node *n)
{
    static const struct {
        tw_str text;
        uint8_t kind;
        bool truth;
    } words[] = {
        {TW_SI("true"), TW_NODE_BOOL, true},
        {TW_SI("false"), TW_NODE_BOOL, false},
        {TW_SI("null"), TW_NODE_NULL, false},
    };
    tw_str rest = tw_str_sub(r->text, r->at, r->at + 5);
    for (size_t i = 0; i < TW_COUNT(words); i++) {
        if (!tw_str_starts(rest, words[i].text)) continue;
        n->kind = words[i].kind;
        n->truth = words[i].truth;
        r->at += words[i].text.n;
        return TW_OK;
    }
    return bad(r, r->at, "unexpected character where a value should stand");
}

/* *ret_complete: false when a container was opened and its first value is to come. */
static tw_err value(reader *r, bool *ret_complete)
{
    tw_node *n;
    skip_space(r);
    if (r->at >= r->text.n) return bad(r, r->at, "");
    TW_TRY(node_new(r, &n));
    *ret_complete = true;
    switch (r->text.p[r->at]) {
    case '{':
    case '[': return open_container(r, n, ret_complete);
    case '"':
        n->kind = TW_NODE_STRING;
        r->at++;
        return string(r, &n->text);
    case 't':
    case 'f':
    case 'n': return word(r, n);
    default: n->kind = TW_NODE_NUMBER; return number(r, &n->text);
    }
}

/* After a complete value: closes what ends here; *ret_done when the root is complete. */
static tw_err after_value(reader *r, bool *ret_done)
{
    for (;;) {
        skip_space(r);
        *ret_done = r->open == NONE;
        if (*ret_done) return TW_OK;
        bool object = r->nodes[r->open].kind == TW_NODE_OBJECT;
        char c = r->at < r->text.n ? r->text.p[r->at] : 0;
        if (c == ',') {
            r->at++;
            return object ? member_key(r) : TW_OK;
        }
        if (c != (object ? '}' : ']'))
            return bad(r, r->at, object ? "',' or '}' must stand here" : "',' or ']' must stand here");
        r->at++;
        close_container(r);
    }
}

static tw_err document(reader *r)
{
    bool done = false, complete = false;
    if (tw_str_starts(r->text, TW_S("\xef\xbb\xbf"))) r->at = r->line_start = 3;
    while (!done) {
        TW_TRY(value(r, &complete));
        if (complete) TW_TRY(after_value(r, &done));
    }
    return r->at == r->text.n ? TW_OK : bad(r, r->at, "text after the end of the value");
}

/* A large array becomes the arena's as it is; a small one is not worth a chunk of its own. */
static tw_node *keep_nodes(reader *r)
{
    size_t size = r->n * sizeof *r->nodes;
    tw_node *kept;
    if (size > 32 << 10) {
        kept = tw_arena_take(r->a, r->nodes, size);
        r->nodes = NULL;
        return kept;
    }
    kept = tw_arena_alloc(r->a, size);
    memcpy(kept, r->nodes, size);
    return kept;
}

tw_err tw_json_read(tw_arena *a, tw_str text, const tw_doc_limits *lim, tw_doc *ret, tw_diag *d)
{
    reader r = {.a = a, .text = text, .line = 1, .open = NONE, .d = d};
    r.max_depth = lim && lim->max_depth ? lim->max_depth : MAX_DEPTH;
    r.max_nodes = lim && lim->max_nodes ? lim->max_nodes : MAX_NODES;
    tw_err e = document(&r);
    if (e == TW_OK) {
        *ret = (tw_doc){.n = r.n, .n_duplicates = r.n_duplicates};
        ret->nodes = keep_nodes(&r);
    }
    tw_heap_free(r.nodes);
    free(r.slots);
    return e;
}
