/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of JavaScript: Buffer, Uint8Array, TextEncoder, TextDecoder. ev_val.how of BYTES: EV_BYTES_U8 where it is an
 * array of numbers and not a Buffer; how they become text differs. */
#include "base/utf8.h"
#include "engine/record/pure_priv.h"

enum { U8 = 2, ALLOC_MAX = 1 << 20 };

typedef enum coding { C_UTF8, C_UTF16, C_LATIN1, C_ASCII, C_HEX, C_BASE64, C_BASE64URL, C_NONE } coding;

static coding coding_of(tw_str how)
{
    static const struct {
        tw_str name;
        coding is;
    } rows[] = {{TW_SI("utf8"), C_UTF8},     {TW_SI("utf-8"), C_UTF8},    {TW_SI("utf16le"), C_UTF16},
                {TW_SI("ucs2"), C_UTF16},    {TW_SI("ucs-2"), C_UTF16},   {TW_SI("utf-16le"), C_UTF16},
                {TW_SI("latin1"), C_LATIN1}, {TW_SI("binary"), C_LATIN1}, {TW_SI("ascii"), C_ASCII},
                {TW_SI("hex"), C_HEX},       {TW_SI("base64"), C_BASE64}, {TW_SI("base64url"), C_BASE64URL}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_ieq(how, rows[i].name)) return rows[i].is;
    return C_NONE;
}

static bool is_undefined(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_NULL_ && ev_at(e, v)->a;
}

static bool coding_arg(ev *e, const ev_args *a, uint32_t i, coding *ret)
{
    tw_str s;
    uint8_t kind;
    *ret = C_UTF8;
    if (i >= a->n || is_undefined(e, a->v[i])) return true;
    if (ev_is_text(e, a->v[i], &kind) && kind == TW_VAL_STR && ev_text(e, a->v[i], &s)) *ret = coding_of(s);
    return ev_is_const(e, a->v[i]) && *ret != C_NONE;
}

static uint32_t bytes_of(ev *e, tw_str s, uint32_t recipe, uint16_t how)
{
    if (!ev_room(e, s.n)) return 0;
    uint32_t v = ev_folded(e, TW_VAL_BYTES, tw_arena_str(e->tmp, s), recipe);
    ev_at(e, v)->how = how;
    return v;
}

/* ---- bytes -> text ---- */

/* As browsers and Node do: the longest part that could begin a character is one U+FFFD. */
static void lossy(tw_buf *o, tw_str s)
{
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i], lo = 0x80, hi = 0xBF;
        size_t need = c < 0x80                ? 0
                      : c >= 0xC2 && c < 0xE0 ? 1
                      : c >= 0xE0 && c < 0xF0 ? 2
                      : c >= 0xF0 && c < 0xF5 ? 3
                                              : 9;
        if (c == 0xE0) lo = 0xA0;
        if (c == 0xED) hi = 0x9F;
        if (c == 0xF0) lo = 0x90;
        if (c == 0xF4) hi = 0x8F;
        size_t k = 1;
        for (; need < 9 && k <= need && i + k < s.n; k++, lo = 0x80, hi = 0xBF)
            if ((unsigned char)s.p[i + k] < lo || (unsigned char)s.p[i + k] > hi) break;
        if (need < 9 && k > need)
            tw_buf_puts(o, tw_str_sub(s, i, i + k));
        else
            tw_utf8_put(o, 0xFFFD);
        i += need < 9 ? k : 1;
    }
}

static bool put_utf16(tw_buf *o, tw_str s)
{
    for (size_t i = 0; i + 1 < s.n; i += 2) {
        uint32_t c = (unsigned char)s.p[i] | (uint32_t)(unsigned char)s.p[i + 1] << 8;
        if (c >= 0xDC00 && c < 0xE000) return false;
        if (c >= 0xD800 && c < 0xDC00) {
            if (i + 3 >= s.n) return false;
            uint32_t d = (unsigned char)s.p[i + 2] | (uint32_t)(unsigned char)s.p[i + 3] << 8;
            if (d < 0xDC00 || d >= 0xE000) return false;
            c = 0x10000 + ((c & 0x3FF) << 10) + (d & 0x3FF);
            i += 2;
        }
        tw_utf8_put(o, c);
    }
    return true;
}

static void put_base64(tw_buf *o, tw_str s, bool url)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t b = 0, have = s.n - i < 3 ? (uint32_t)(s.n - i) : 3;
        for (uint32_t k = 0; k < 3; k++) b = b << 8 | (k < have ? (unsigned char)s.p[i + k] : 0);
        for (uint32_t k = 0; k < 4; k++) {
            if (k <= have)
                tw_buf_putc(o, (url ? safe : plain)[b >> (18 - 6 * k) & 63]);
            else if (!url)
                tw_buf_putc(o, '=');
        }
    }
}

static uint32_t decoded(ev *e, tw_str s, coding c, uint32_t recipe)
{
    bool fine = ev_step(e, 1 + s.n / 16);
    s = tw_arena_str(e->tmp, s);
    tw_buf_clear(&e->out);
    switch (c) {
    case C_UTF8: lossy(&e->out, s); break;
    case C_UTF16: fine = fine && put_utf16(&e->out, s); break;
    case C_LATIN1:
    case C_ASCII:
        for (size_t i = 0; i < s.n; i++)
            tw_utf8_put(&e->out, (unsigned char)s.p[i] & (c == C_ASCII ? 0x7Fu : 0xFFu));
        break;
    case C_HEX:
        for (size_t i = 0; i < s.n; i++) tw_buf_fmt(&e->out, "%02x", (unsigned char)s.p[i]);
        break;
    case C_BASE64:
    case C_BASE64URL: put_base64(&e->out, s, c == C_BASE64URL); break;
    default: return 0;
    }
    return fine ? ev_taken(e, TW_VAL_STR, &e->out, recipe) : 0;
}

static bool self_bytes(ev *e, const ev_args *a, tw_str *ret)
{
    uint8_t kind;
    return a->self && ev_is_text(e, a->self, &kind) && kind == TW_VAL_BYTES && ev_is_const(e, a->self) &&
           ev_text(e, a->self, ret);
}

static uint32_t numbers(ev *e, tw_str s)
{
    uint32_t base = e->stack.n;
    if (!ev_step(e, s.n)) return 0;
    for (size_t i = 0; i < s.n; i++) {
        uint32_t v = ev_int(e, (unsigned char)s.p[i]);
        TW_PUSH(e->tmp, e->stack, v);
    }
    return ev_js_array(e, base);
}

/* String(bytes) */
uint32_t ev_js_bytes_text(ev *e, uint32_t v)
{
    tw_str s;
    if (!ev_is_const(e, v) || !ev_text(e, v, &s)) return 0;
    if (ev_at(e, v)->how != U8) return decoded(e, s, C_UTF8, ev_at(e, v)->recipe);
    uint32_t list = numbers(e, s);
    return list ? ev_js_joined(e, list, ev_folded(e, TW_VAL_STR, TW_S(","), 0)) : 0;
}

static bool range_args(ev *e, const ev_args *a, uint32_t first, size_t n, bool negative, int64_t *from,
                       int64_t *to)
{
    *from = 0, *to = (int64_t)n;
    if (a->n > first && !is_undefined(e, a->v[first]) && !ev_js_integer(e, a->v[first], from)) return false;
    if (a->n > first + 1 && !is_undefined(e, a->v[first + 1]) && !ev_js_integer(e, a->v[first + 1], to))
        return false;
    int64_t len = (int64_t)n;
    if (*from < 0) *from = negative ? *from + len : 0;
    if (*to < 0) *to = negative ? *to + len : 0;
    if (*from < 0) *from = 0;
    if (*to > len) *to = len;
    if (*from > *to) *from = *to < 0 ? (*to = 0) : *to;
    return true;
}

uint32_t ev_js_to_string(ev *e, const ev_args *a)
{
    tw_str s;
    coding c;
    int64_t from, to;
    if (!self_bytes(e, a, &s)) return 0;
    if (ev_at(e, a->self)->how == U8) return ev_js_bytes_text(e, a->self);
    if (!coding_arg(e, a, 0, &c) || !range_args(e, a, 1, s.n, false, &from, &to)) return 0;
    return decoded(e, tw_str_sub(s, (size_t)from, (size_t)to), c, ev_at(e, a->self)->recipe);
}

/* ---- text -> bytes ---- */

static int digit64(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= 9 && c <= 13 && c != 11);
}

/* False where decoders differ. strict: as atob. */
static bool put_unbase64(tw_buf *o, tw_str s, bool strict)
{
    uint32_t bits = 0, have = 0;
    size_t digits = 0, pads = 0;
    for (size_t i = 0; i < s.n; i++) {
        int d = digit64(s.p[i]);
        if (is_blank(s.p[i])) continue;
        if (s.p[i] == '=') {
            pads++;
            continue;
        }
        if (d < 0 || pads || (strict && (s.p[i] == '-' || s.p[i] == '_'))) return false;
        bits = (bits & 0xFFFF) << 6 | (uint32_t)d;
        digits++;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        tw_buf_putc(o, (char)(bits >> have & 0xFF));
    }
    if (strict && pads && (digits + pads) % 4) return false;
    return digits % 4 != 1 && pads < 3;
}

static int hex_of(char c)
{
    char low = (char)(c | 32);
    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bool encode(ev *e, tw_buf *o, tw_str s, coding c)
{
    if (!ev_step(e, 1 + s.n / 16)) return false;
    if (c == C_UTF8) return tw_utf8_valid(s) && (tw_buf_puts(o, s), true);
    if (c == C_BASE64 || c == C_BASE64URL) return put_unbase64(o, s, false);
    if (c == C_HEX) {
        for (size_t i = 0; i + 1 < s.n && hex_of(s.p[i]) >= 0 && hex_of(s.p[i + 1]) >= 0; i += 2)
            tw_buf_putc(o, (char)(hex_of(s.p[i]) * 16 + hex_of(s.p[i + 1])));
        return true;
    }
    for (size_t i = 0; i < s.n;) {
        bool bad = false;
        uint32_t u = tw_utf8_next(s, &i, &bad);
        if (bad || (c != C_UTF16 && u >= 0x10000)) return false;
        if (u >= 0x10000) {
            uint32_t high = 0xD800 + ((u - 0x10000) >> 10);
            tw_buf_putc(o, (char)high), tw_buf_putc(o, (char)(high >> 8));
            u = 0xDC00 + (u & 0x3FF);
        }
        tw_buf_putc(o, (char)u);
        if (c == C_UTF16) tw_buf_putc(o, (char)(u >> 8));
    }
    return true;
}

static const char *recipe_name(coding c)
{
    return c == C_BASE64 ? "base64" : c == C_BASE64URL ? "base64url" : c == C_HEX ? "hex" : NULL;
}

static uint32_t encoded(ev *e, uint32_t v, coding c)
{
    tw_str s;
    if (!ev_text(e, v, &s)) return 0;
    tw_buf_clear(&e->out);
    if (!encode(e, &e->out, s, c) || e->out.over) return 0;
    uint32_t recipe = ev_at(e, v)->recipe;
    if (recipe_name(c)) recipe = ev_recipe_add(e, recipe, recipe_name(c));
    return bytes_of(e, tw_buf_str(&e->out), recipe, 0);
}

/* The numbers of a list, cut to bytes. */
static uint32_t from_numbers(ev *e, uint32_t v, uint16_t how)
{
    uint32_t list, n;
    double d;
    if (!ev_items(e, v, &list, &n) || !ev_step(e, n)) return 0;
    tw_buf b = {.limit = e->lim->value_bytes + 1};
    bool fine = true;
    for (uint32_t i = 0; i < n && fine; i++) {
        fine = ev_js_to_double(e, e->lists.v[list + i], &d);
        tw_buf_putc(&b, fine ? (char)ev_js_int32(d) : 0);
    }
    uint32_t r = fine && !b.over ? bytes_of(e, tw_buf_str(&b), ev_recipe_add(e, 0, "bytes"), how) : 0;
    tw_buf_free(&b);
    return r;
}

uint32_t ev_js_buffer(ev *e, const ev_args *a)
{
    uint8_t kind;
    coding c;
    tw_str s;
    if (!a->n) return 0;
    if (!ev_is_text(e, a->v[0], &kind)) return from_numbers(e, a->v[0], 0);
    if (!ev_is_const(e, a->v[0])) return 0;
    if (kind == TW_VAL_BYTES)
        return a->n == 1 && ev_text(e, a->v[0], &s) ? bytes_of(e, s, ev_at(e, a->v[0])->recipe, 0) : 0;
    return coding_arg(e, a, 1, &c) ? encoded(e, a->v[0], c) : 0;
}

static uint32_t repeated(ev *e, tw_str fill, int64_t n, uint16_t how)
{
    if (n < 0 || n > ALLOC_MAX || !ev_room(e, (uint64_t)n)) return 0;
    char *p = tw_arena_raw(e->tmp, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++) p[i] = fill.n ? fill.p[(size_t)i % fill.n] : 0;
    uint32_t v = ev_folded(e, TW_VAL_BYTES, tw_str_of(p, (size_t)n), 0);
    ev_at(e, v)->how = how;
    return v;
}

uint32_t ev_js_alloc(ev *e, const ev_args *a)
{
    int64_t n, fill = 0;
    tw_str s;
    uint8_t kind;
    coding c;
    if (!a->n || ev_at(e, a->v[0])->kind != TW_VAL_INT || !ev_get_int(e, a->v[0], &n)) return 0;
    if (a->n > 1 && ev_is_text(e, a->v[1], &kind) && kind == TW_VAL_STR) {
        uint32_t v = coding_arg(e, a, 2, &c) ? encoded(e, a->v[1], c) : 0;
        return v && ev_text(e, v, &s) && s.n ? repeated(e, s, n, 0) : 0;
    }
    if (a->n > 1 && !ev_js_number(e, a->v[1], &fill)) return 0;
    char byte = (char)fill;
    return repeated(e, tw_str_of(&byte, 1), n, 0);
}

/* new Uint8Array(list | n), Uint8Array.of */
uint32_t ev_js_u8(ev *e, const ev_args *a)
{
    int64_t n;
    tw_str s;
    if (!a->n) return repeated(e, TW_S(""), 0, U8);
    if (a->n == 1 && ev_at(e, a->v[0])->kind == TW_VAL_INT && ev_get_int(e, a->v[0], &n))
        return repeated(e, TW_S(""), n, U8);
    if (a->n == 1 && ev_at(e, a->v[0])->kind == TW_VAL_BYTES && ev_text(e, a->v[0], &s))
        return bytes_of(e, s, ev_at(e, a->v[0])->recipe, U8);
    return a->n == 1 ? from_numbers(e, a->v[0], U8) : 0;
}

uint32_t ev_js_bytes_from(ev *e, const ev_args *a)
{
    uint32_t v = ev_js_array_from(e, a);
    return v ? from_numbers(e, v, U8) : 0;
}
uint32_t ev_js_bytes_of(ev *e, const ev_args *a)
{
    uint32_t v = ev_js_array_of(e, a);
    return v ? from_numbers(e, v, U8) : 0;
}

uint32_t ev_js_buffer_concat(ev *e, const ev_args *a)
{
    uint32_t list, n, recipe = 0;
    tw_str s;
    if (a->n != 1 || !ev_items(e, a->v[0], &list, &n) || !ev_step(e, n)) return 0;
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = e->lists.v[list + i];
        uint8_t kind;
        if (!ev_is_text(e, v, &kind) || kind != TW_VAL_BYTES || !ev_is_const(e, v) || !ev_text(e, v, &s))
            return 0;
        if (!recipe) recipe = ev_at(e, v)->recipe;
        tw_buf_puts(&e->out, s);
    }
    return e->out.over ? 0 : bytes_of(e, tw_buf_str(&e->out), recipe, 0);
}

uint32_t ev_js_byte_length(ev *e, const ev_args *a)
{
    uint32_t v = ev_js_buffer(e, a);
    tw_str s;
    return v && ev_text(e, v, &s) ? ev_int(e, (int64_t)s.n) : 0;
}

/* ---- parts ---- */

uint32_t ev_js_bytes_slice(ev *e, const ev_args *a)
{
    tw_str s;
    int64_t from, to;
    if (!self_bytes(e, a, &s) || !range_args(e, a, 0, s.n, true, &from, &to)) return 0;
    uint16_t how = ev_at(e, a->self)->how;
    return bytes_of(e, tw_str_sub(s, (size_t)from, (size_t)to), ev_at(e, a->self)->recipe, how);
}

static uint32_t swapped(ev *e, const ev_args *a, size_t width)
{
    tw_str s;
    if (!self_bytes(e, a, &s) || s.n % width || !ev_room(e, s.n)) return 0;
    char *p = tw_arena_raw(e->tmp, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[i / width * width + width - 1 - i % width];
    uint32_t recipe = ev_at(e, a->self)->recipe;
    return ev_folded(e, TW_VAL_BYTES, tw_str_of(p, s.n), recipe);
}
uint32_t ev_js_swap16(ev *e, const ev_args *a)
{
    return swapped(e, a, 2);
}
uint32_t ev_js_bytes_reverse(ev *e, const ev_args *a)
{
    tw_str s;
    if (!self_bytes(e, a, &s) || !s.n) return 0;
    uint16_t how = ev_at(e, a->self)->how;
    uint32_t v = swapped(e, a, s.n);
    if (v) ev_at(e, v)->how = how;
    return v;
}

static uint32_t read_number(ev *e, const ev_args *a, unsigned width, bool little, bool is_signed)
{
    tw_str s;
    int64_t at = 0;
    uint64_t n = 0;
    if (!self_bytes(e, a, &s) || (a->n && !ev_js_number(e, a->v[0], &at)) || at < 0 ||
        (uint64_t)at + width > s.n)
        return 0;
    for (unsigned i = 0; i < width; i++)
        n = n << 8 | (unsigned char)s.p[(size_t)at + (little ? width - 1 - i : i)];
    if (is_signed && n >> (8 * width - 1)) return ev_int(e, (int64_t)n - ((int64_t)1 << (8 * width)));
    return ev_int(e, (int64_t)n);
}
#define READ(name, width, little, is_signed)                \
    uint32_t ev_js_read_##name(ev *e, const ev_args *a)     \
    {                                                       \
        return read_number(e, a, width, little, is_signed); \
    }
READ(u8, 1, false, false)
READ(i8, 1, false, true)
READ(u16le, 2, true, false)
READ(u16be, 2, false, false)
READ(i16le, 2, true, true)
READ(i16be, 2, false, true)
READ(u32le, 4, true, false)
READ(u32be, 4, false, false)
READ(i32le, 4, true, true)
READ(i32be, 4, false, true)

/* What arrays have too, over the numbers. */
static uint32_t over_numbers(ev *e, const ev_args *a, ev_pure_fn f, bool bytes)
{
    tw_str s;
    if (!self_bytes(e, a, &s)) return 0;
    uint16_t how = ev_at(e, a->self)->how;
    uint32_t list = numbers(e, s);
    ev_args b = {list, a->v, a->names, a->n};
    uint32_t v = list ? f(e, &b) : 0;
    return v && bytes ? from_numbers(e, v, how) : v;
}
#define OVER(name, f, bytes)                             \
    uint32_t ev_js_bytes_##name(ev *e, const ev_args *a) \
    {                                                    \
        return over_numbers(e, a, f, bytes);             \
    }
OVER(map, ev_js_map, true)
OVER(filter, ev_js_filter, true)
OVER(reduce, ev_js_reduce, false)
OVER(join, ev_js_join, false)
OVER(every, ev_js_every, false)
OVER(some, ev_js_some, false)
OVER(at, ev_js_at, false)

/* ---- text again ---- */

uint32_t ev_js_text_encode(ev *e, const ev_args *a)
{
    bool given = a->n && !is_undefined(e, a->v[0]);
    uint32_t text = given ? ev_js_text(e, a->v[0]) : ev_folded(e, TW_VAL_STR, TW_S(""), 0);
    uint32_t v = text ? encoded(e, text, C_UTF8) : 0;
    if (v) ev_at(e, v)->how = U8;
    return v;
}

uint32_t ev_js_text_decode(ev *e, const ev_args *a)
{
    tw_str s, label = TW_S("utf-8");
    uint8_t kind;
    if (a->n != 1 || !ev_is_text(e, a->v[0], &kind) || kind != TW_VAL_BYTES || !ev_is_const(e, a->v[0]))
        return 0;
    const ev_val *self = a->self ? ev_at(e, a->self) : NULL;
    if (self && self->kind == TW_VAL_CALL) {
        const ev_call *made = &e->calls.v[self->a];
        if (made->n_args > 1 || (made->n_args && !ev_text(e, e->args.v[made->args].value, &label))) return 0;
    }
    coding c = coding_of(label);
    if ((c != C_UTF8 && c != C_UTF16) || !ev_text(e, a->v[0], &s)) return 0;
    if (tw_str_starts(s, c == C_UTF8 ? TW_S("\xEF\xBB\xBF") : TW_S("\xFF\xFE")))
        s = tw_str_sub(s, c == C_UTF8 ? 3 : 2, s.n);
    return decoded(e, s, c, ev_at(e, a->v[0])->recipe);
}

/* atob: text of which every character is a byte. */
uint32_t ev_js_atob(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0;
    if (!text || !ev_text(e, text, &s) || !ev_step(e, 1 + s.n / 16)) return 0;
    tw_buf b = {.limit = e->lim->value_bytes + 1};
    uint32_t v = 0, recipe = ev_recipe_add(e, ev_at(e, text)->recipe, "base64");
    if (put_unbase64(&b, s, true) && !b.over) v = decoded(e, tw_buf_str(&b), C_LATIN1, recipe);
    tw_buf_free(&b);
    return v;
}

uint32_t ev_js_btoa(ev *e, const ev_args *a)
{
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0, bytes;
    tw_str s;
    if (!text || !ev_text(e, text, &s)) return 0;
    for (size_t i = 0; i < s.n;) /* what is no byte throws */
        if (tw_utf8_next(s, &i, NULL) > 0xFF) return 0;
    uint32_t recipe = ev_at(e, text)->recipe;
    bytes = encoded(e, text, C_LATIN1);
    return bytes && ev_text(e, bytes, &s) ? decoded(e, s, C_BASE64, recipe) : 0;
}
