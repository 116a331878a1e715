/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEEPEST = 60 };

/* A key clears the bit of its depth, so that the value behind it sets no comma. */
static void before_value(tw_json_w *w)
{
    if (w->depth > DEEPEST) return;
    uint64_t bit = 1ull << w->depth;
    if (w->comma & bit) tw_buf_putc(w->out, ',');
    w->comma |= bit;
}

static void open_with(tw_json_w *w, char c)
{
    before_value(w);
    w->depth++;
    if (w->depth > DEEPEST)
        w->out->over = true;
    else
        w->comma &= ~(1ull << w->depth);
    tw_buf_putc(w->out, c);
}

static void close_with(tw_json_w *w, char c)
{
    if (w->depth) w->depth--;
    tw_buf_putc(w->out, c);
}

void tw_json_obj(tw_json_w *w)
{
    open_with(w, '{');
}
void tw_json_obj_end(tw_json_w *w)
{
    close_with(w, '}');
}
void tw_json_arr(tw_json_w *w)
{
    open_with(w, '[');
}
void tw_json_arr_end(tw_json_w *w)
{
    close_with(w, ']');
}

static size_t plain_run(tw_str s, size_t i)
{
    while (i < s.n && s.p[i] != '"' && s.p[i] != '\\' && (uint8_t)(s.p[i] - 0x20) < 0x5f) i++;
    return i;
}

static void put_escape(tw_buf *b, uint8_t c)
{
    static const char names[] = "\b\t\n\f\r\"\\", shorts[] = "btnfr\"\\";
    const char *at = c ? strchr(names, c) : NULL;
    if (at)
        tw_buf_put(b, (char[2]){'\\', shorts[at - names]}, 2);
    else
        tw_buf_fmt(b, "\\u%04x", c);
}

/* A report is also read on a terminal: nothing in it may steer one or turn its text around. */
static bool steers(uint32_t cp)
{
    return cp < 0xa0 || (cp < 0x10000 && tw_utf8_invisible(cp));
}

static void put_string(tw_buf *b, tw_str s)
{
    tw_buf_putc(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t end = plain_run(s, i);
        tw_buf_put(b, s.p + i, end - i);
        i = end;
        if (i >= s.n) break;
        uint8_t c = (uint8_t)s.p[i];
        if (c < 0x80) {
            put_escape(b, c);
            i++;
            continue;
        }
        uint32_t cp = tw_utf8_next(s, &i, NULL);
        if (steers(cp))
            tw_buf_fmt(b, "\\u%04x", cp);
        else
            tw_utf8_put(b, cp);
    }
    tw_buf_putc(b, '"');
}

void tw_json_key(tw_json_w *w, tw_str key)
{
    before_value(w);
    put_string(w->out, key);
    tw_buf_putc(w->out, ':');
    if (w->depth <= DEEPEST) w->comma &= ~(1ull << w->depth);
}

void tw_json_str(tw_json_w *w, tw_str s)
{
    before_value(w);
    put_string(w->out, s);
}

void tw_json_u64(tw_json_w *w, uint64_t v)
{
    before_value(w);
    tw_buf_fmt(w->out, "%" PRIu64, v);
}

void tw_json_i64(tw_json_w *w, int64_t v)
{
    before_value(w);
    tw_buf_fmt(w->out, "%" PRId64, v);
}

/* %.6g, without the locale's decimal point, the exponent's plus and its leading zeros. */
void tw_json_double(tw_json_w *w, double v)
{
    char z[40];
    before_value(w);
    if (!isfinite(v)) {
        tw_buf_puts(w->out, TW_S("null"));
        return;
    }
    snprintf(z, sizeof z, "%.6g", v == 0 ? 0.0 : v);
    bool exponent = false, started = false;
    for (const char *p = z; *p; p++) {
        bool digit = *p >= '0' && *p <= '9';
        if (exponent && !started && (*p == '+' || (*p == '0' && p[1]))) continue;
        if (exponent && digit) started = true;
        if (*p == 'e') exponent = true;
        tw_buf_putc(w->out, digit || *p == 'e' || *p == '-' ? *p : '.');
    }
}

void tw_json_bool(tw_json_w *w, bool v)
{
    before_value(w);
    tw_buf_puts(w->out, v ? TW_S("true") : TW_S("false"));
}

void tw_json_null(tw_json_w *w)
{
    before_value(w);
    tw_buf_puts(w->out, TW_S("null"));
}

void tw_json_raw(tw_json_w *w, tw_str json)
{
    before_value(w);
    tw_buf_puts(w->out, json);
}

static void put_scalar(tw_buf *b, const tw_node *n)
{
    switch (n->kind) {
    case TW_NODE_BOOL: tw_buf_puts(b, n->truth ? TW_S("true") : TW_S("false")); break;
    case TW_NODE_NUMBER: tw_buf_puts(b, n->text); break;
    case TW_NODE_STRING: put_string(b, n->text); break;
    default: tw_buf_puts(b, TW_S("null")); break;
    }
}

/* Documents may be deeper than the writer counts, so the open containers stand on a stack of their own. */
void tw_json_node(tw_json_w *w, const tw_doc *doc, uint32_t id)
{
    uint32_t *stack = NULL, n = 0, cap = 0, end = doc->nodes[id].next;
    before_value(w);
    for (uint32_t i = id;;) {
        for (; n && doc->nodes[stack[n - 1]].next == i; n--)
            tw_buf_putc(w->out, doc->nodes[stack[n - 1]].kind == TW_NODE_OBJECT ? '}' : ']');
        if (i == end) break;
        const tw_node *node = &doc->nodes[i];
        bool object = node->kind == TW_NODE_OBJECT;
        if (n && stack[n - 1] + 1 != i) tw_buf_putc(w->out, ',');
        if (n && doc->nodes[stack[n - 1]].kind == TW_NODE_OBJECT) {
            put_string(w->out, node->key);
            tw_buf_putc(w->out, ':');
        }
        i++;
        if (!object && node->kind != TW_NODE_ARRAY) {
            put_scalar(w->out, node);
            continue;
        }
        tw_buf_putc(w->out, object ? '{' : '[');
        if (n == cap) {
            cap = cap ? cap * 2 : 32;
            stack = realloc(stack, cap * sizeof *stack);
            if (!stack) abort();
        }
        stack[n++] = i - 1;
    }
    free(stack);
}
