/* SPDX-License-Identifier: Apache-2.0 */
#include "base/toml.h"

#include "base/utf8.h"

static char peek(const tw_toml *t)
{
    return t->at < t->s.n ? t->s.p[t->at] : 0;
}

static bool ends(const tw_toml *t)
{
    return t->at >= t->s.n;
}

static void skip_line(tw_toml *t)
{
    while (!ends(t) && t->s.p[t->at] != '\n') t->at++;
}

/* Blanks; with `lines` also line ends and comments. */
static void skip_blank(tw_toml *t, bool lines)
{
    while (!ends(t)) {
        char c = t->s.p[t->at];
        if (c == '#' && lines)
            skip_line(t);
        else if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n'))
            t->at++;
        else
            break;
    }
}

/* What follows the backslash at t->at; false for one that is none. */
static bool escape(tw_toml *t, tw_buf *out)
{
    static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\033\"\\";
    char c = peek(t);
    const char *known = c ? strchr(from, c) : NULL;
    t->at++;
    if (known) {
        tw_buf_putc(out, to[known - from]);
        return true;
    }
    int digits = c == 'u' ? 4 : c == 'U' ? 8 : c == 'x' ? 2 : 0;
    uint32_t cp = 0;
    for (int i = 0; i < digits; i++, t->at++) {
        char h = peek(t);
        if (h >= '0' && h <= '9')
            cp = cp << 4 | (uint32_t)(h - '0');
        else if ((h >= 'a' && h <= 'f') || (h >= 'A' && h <= 'F'))
            cp = cp << 4 | (uint32_t)((h | 32) - 'a' + 10);
        else
            return false;
    }
    if (digits && cp <= 0x10FFFF) tw_utf8_put(out, cp);
    return digits && cp <= 0x10FFFF;
}

/* A string at its opening quote. False where it does not end (in its line, unless it is a long one). */
static bool string(tw_toml *t, tw_str *ret)
{
    char q = peek(t);
    char three[3] = {q, q, q};
    bool is_long = tw_str_starts(tw_str_sub(t->s, t->at, t->s.n), tw_str_of(three, 3)), ok = false;
    t->at += is_long ? 3 : 1;
    if (is_long && peek(t) == '\r') t->at++;
    if (is_long && peek(t) == '\n') t->at++;
    tw_buf out = TW_BUF_INIT;
    while (!ends(t)) {
        char c = t->s.p[t->at];
        if (!is_long && (c == q || c == '\n')) {
            ok = c == q;
            t->at += ok;
            break;
        }
        if (is_long && c == q && tw_str_starts(tw_str_sub(t->s, t->at, t->s.n), tw_str_of(three, 3))) {
            t->at += 3;
            while (peek(t) == q && !ends(t)) tw_buf_putc(&out, q), t->at++; /* quotes just before the end */
            ok = true;
            break;
        }
        t->at++;
        if (c != '\\' || q == '\'') {
            tw_buf_putc(&out, c);
            continue;
        }
        size_t back = t->at;
        skip_blank(t, false);
        if (is_long && peek(t) == '\n') { /* the line goes on */
            while (!ends(t) && (peek(t) == '\n' || peek(t) == ' ' || peek(t) == '\t' || peek(t) == '\r'))
                t->at++;
            continue;
        }
        t->at = back;
        if (!escape(t, &out)) break;
    }
    *ret = tw_arena_str(t->a, tw_buf_str(&out));
    tw_buf_free(&out);
    return ok;
}

static bool bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A dotted key, joined to the first n bytes of the path. */
static bool key(tw_toml *t, uint32_t n)
{
    tw_str part;
    for (int parts = 0; parts < TW_TOML_DEPTH; parts++) {
        skip_blank(t, false);
        if (peek(t) == '"' || peek(t) == '\'') {
            if (!string(t, &part)) return false;
        } else {
            size_t from = t->at;
            while (!ends(t) && bare(peek(t))) t->at++;
            part = tw_str_sub(t->s, from, t->at);
            if (!part.n) return false;
        }
        if (part.n + 1 > TW_TOML_PATH - n) return false;
        if (n) t->path[n++] = '.';
        if (part.n) memcpy(t->path + n, part.p, part.n);
        n += (uint32_t)part.n;
        skip_blank(t, false);
        if (peek(t) != '.') {
            t->n_path = n;
            return true;
        }
        t->at++;
    }
    return false;
}

static void bad_line(tw_toml *t)
{
    t->n_bad++;
    t->depth = 0;
    skip_line(t);
}

static void header(tw_toml *t)
{
    bool table_array = t->at + 1 < t->s.n && t->s.p[t->at + 1] == '[';
    t->at += table_array ? 2 : 1;
    bool ok = key(t, 0) && peek(t) == ']';
    t->n_section = ok ? t->n_path : 0;
    if (ok)
        skip_line(t);
    else
        bad_line(t);
}

/* A number, a date, true, false: as written. */
static void plain(tw_toml *t)
{
    while (!ends(t)) {
        char c = t->s.p[t->at];
        if (c == ',' || c == ']' || c == '}' || c == '#' || c == '\n' || c == '\r') break;
        t->at++;
    }
}

/* The value at t->at. True when *ret holds one; an opening bracket only goes deeper. */
static bool value(tw_toml *t, tw_toml_item *ret)
{
    char c = peek(t);
    if (c == '[' || c == '{') {
        t->at++;
        if (t->depth == TW_TOML_DEPTH) {
            bad_line(t);
            return false;
        }
        t->open[t->depth].close = c == '[' ? ']' : '}';
        t->open[t->depth++].n_path = t->n_path;
        return false;
    }
    *ret = (tw_toml_item){.path = {t->path, t->n_path}, .off = t->at, .is_string = c == '"' || c == '\''};
    if (ret->is_string) {
        if (!string(t, &ret->text)) {
            bad_line(t);
            return false;
        }
    } else {
        plain(t);
        ret->text = tw_str_trim(tw_str_sub(t->s, ret->off, t->at));
    }
    ret->len = t->at - ret->off;
    return ret->len > 0;
}

/* Inside brackets: the next item. */
static bool item(tw_toml *t, tw_toml_item *ret)
{
    skip_blank(t, true);
    char c = peek(t);
    if (ends(t)) return false;
    if (c == ',') {
        t->at++;
        return false;
    }
    if (c == ']' || c == '}') {
        t->at++;
        if (c != t->open[t->depth - 1].close)
            bad_line(t);
        else
            t->depth--;
        return false;
    }
    t->n_path = t->open[t->depth - 1].n_path;
    if (t->open[t->depth - 1].close == '}') {
        if (!key(t, t->n_path) || peek(t) != '=') {
            bad_line(t);
            return false;
        }
        t->at++;
        skip_blank(t, true);
    }
    size_t before = t->at;
    bool got = value(t, ret);
    if (!got && t->at == before) bad_line(t), t->at += !ends(t);
    return got;
}

bool tw_toml_next(tw_toml *t, tw_toml_item *ret)
{
    if (!t->at && tw_str_starts(t->s, TW_S("\xEF\xBB\xBF"))) t->at = 3;
    while (!ends(t)) {
        if (t->depth) {
            if (item(t, ret)) return true;
            continue;
        }
        skip_blank(t, true);
        if (ends(t)) break;
        if (peek(t) == '[') {
            header(t);
            continue;
        }
        if (!key(t, t->n_section) || peek(t) != '=') {
            bad_line(t);
            continue;
        }
        t->at++;
        skip_blank(t, false);
        if (value(t, ret)) return true;
    }
    return false;
}
