/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's global functions of texts: characters by their codes, escapes of addresses. */
#include "engine/record/pure_priv.h"

#include "base/utf8.h"

/* String.fromCharCode(72, 105), also of a spread list (its items are the arguments then). */
static uint32_t from_codes(ev *e, const ev_args *a, bool points)
{
    double d;
    uint32_t high = 0;
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < a->n; i++) {
        if (!ev_js_to_double(e, a->v[i], &d)) return 0;
        if (points && !(d >= 0 && d <= 0x10FFFF && d == (uint32_t)d)) return 0;
        uint32_t c = points ? (uint32_t)d : (uint32_t)ev_js_int32(d) & 0xFFFF;
        bool low = c >= 0xDC00 && c < 0xE000;
        if (low != (high != 0)) return 0;
        if (low) c = 0x10000 + ((high & 0x3FF) << 10) + (c & 0x3FF);
        high = c >= 0xD800 && c < 0xDC00 ? c : 0;
        if (!high) tw_utf8_put(&e->out, c);
    }
    return high ? 0 : ev_taken(e, TW_VAL_STR, &e->out, 0);
}
uint32_t ev_js_from_codes(ev *e, const ev_args *a)
{
    return from_codes(e, a, false);
}
uint32_t ev_js_from_points(ev *e, const ev_args *a)
{
    return from_codes(e, a, true);
}

uint32_t ev_js_string(ev *e, const ev_args *a)
{
    return a->n ? ev_js_text(e, a->v[0]) : ev_folded(e, TW_VAL_STR, TW_S(""), 0);
}
uint32_t ev_js_self_string(ev *e, const ev_args *a)
{
    return a->self ? ev_js_text(e, a->self) : 0;
}
uint32_t ev_js_self(ev *e, const ev_args *a)
{
    return a->self && ev_is_const(e, a->self) ? a->self : 0;
}
uint32_t ev_js_boolean(ev *e, const ev_args *a)
{
    int truth = a->n ? ev_js_truth(e, a->v[0]) : 0;
    return truth < 0 ? 0 : ev_bool(e, truth);
}

/* String.raw as a tag: the pieces as they stand in the source. */
uint32_t ev_js_raw(ev *e, const ev_args *a)
{
    uint32_t v = ev_folded(e, TW_VAL_STR, TW_S(""), 0);
    const tw_insn *in = &e->ir->insns.v[e->at];
    if (in->op != TW_OP_CALL || !(in->flags & TW_IF_TAGGED) || !in->c || !e->ir->args.v[in->c].value)
        return 0;
    uint32_t at = e->ir->args.v[in->c + 1].value;
    const tw_insn *seq = at < e->at ? &e->ir->insns.v[at] : NULL;
    if (!seq || seq->op != TW_OP_SEQ || !seq->c) return 0;
    uint32_t n = e->ir->args.v[seq->c].value;
    for (uint32_t i = 0; i < n; i++) {
        const tw_insn *piece = &e->ir->insns.v[e->ir->args.v[seq->c + 1 + i].value];
        size_t from = piece->off, to = (size_t)piece->off + piece->len;
        if (piece->op != TW_OP_CONST || to > e->ir->source.n) return 0;
        tw_str raw = tw_str_sub(e->ir->source, from, to), cooked = tw_ir_text(e->ir, piece->a);
        bool same = tw_str_eq(raw, cooked), escaped = tw_str_chr(raw, '\\') != TW_NPOS;
        if ((!same && !escaped) || tw_str_chr(raw, '\r') != TW_NPOS || tw_str_chr(raw, '`') != TW_NPOS)
            return 0;
        v = ev_concat(e, v, ev_folded(e, TW_VAL_STR, raw, 0));
        if (i + 1 >= n || i + 1 >= a->n) continue;
        uint32_t text = ev_js_text(e, a->v[i + 1]);
        if (!text) return 0;
        v = ev_concat(e, v, text);
    }
    return v;
}

/* ---- escapes ---- */

static int hex_of(char c)
{
    char low = (char)(c | 32);
    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bool hex_at(tw_str s, size_t i, unsigned n, uint32_t *ret)
{
    *ret = 0;
    for (unsigned k = 0; k < n; k++) {
        if (i + k >= s.n || hex_of(s.p[i + k]) < 0) return false;
        *ret = *ret << 4 | (uint32_t)hex_of(s.p[i + k]);
    }
    return true;
}

static uint32_t done(ev *e, uint32_t from)
{
    return ev_taken(e, TW_VAL_STR, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, "percent"));
}

static bool argument(ev *e, const ev_args *a, uint32_t *ret_v, tw_str *ret)
{
    *ret_v = a->n ? ev_js_text(e, a->v[0]) : ev_folded(e, TW_VAL_STR, TW_S("undefined"), 0);
    return *ret_v && ev_text(e, *ret_v, ret) && ev_step(e, 1 + ret->n / 16);
}

/* %41, %u0041: units. */
uint32_t ev_js_unescape(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t v, c, high = 0;
    if (!argument(e, a, &v, &s)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n;) {
        bool wide = i + 1 < s.n && s.p[i] == '%' && s.p[i + 1] == 'u' && hex_at(s, i + 2, 4, &c);
        bool two = !wide && s.p[i] == '%' && hex_at(s, i + 1, 2, &c);
        if (!wide && !two) {
            if (high) return 0;
            tw_buf_putc(&e->out, s.p[i++]);
            continue;
        }
        i += wide ? 6 : 3;
        bool low = c >= 0xDC00 && c < 0xE000;
        if (low != (high != 0)) return 0;
        if (low) c = 0x10000 + ((high & 0x3FF) << 10) + (c & 0x3FF);
        high = c >= 0xD800 && c < 0xDC00 ? c : 0;
        if (!high) tw_utf8_put(&e->out, c);
    }
    return high ? 0 : done(e, v);
}

/* Malformed it throws. */
static uint32_t decode_uri(ev *e, const ev_args *a, const char *kept)
{
    tw_str s;
    uint32_t v, c;
    if (!argument(e, a, &v, &s)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%') {
            tw_buf_putc(&e->out, s.p[i]);
            continue;
        }
        if (!hex_at(s, i + 1, 2, &c)) return 0;
        if (c < 0x80 && strchr(kept, (int)c) && c)
            tw_buf_puts(&e->out, tw_str_sub(s, i, i + 3));
        else
            tw_buf_putc(&e->out, (char)c);
        i += 2;
    }
    return tw_utf8_valid(tw_buf_str(&e->out)) ? done(e, v) : 0;
}
uint32_t ev_js_decode_component(ev *e, const ev_args *a)
{
    return decode_uri(e, a, "");
}
uint32_t ev_js_decode_uri(ev *e, const ev_args *a)
{
    return decode_uri(e, a, ";/?:@&=+$,#");
}

static bool plain(unsigned char c, const char *kept)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr(kept, c));
}

static uint32_t encode_uri(ev *e, const ev_args *a, const char *kept)
{
    tw_str s;
    uint32_t v;
    if (!argument(e, a, &v, &s) || !tw_utf8_valid(s)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80 && plain(c, kept))
            tw_buf_putc(&e->out, s.p[i]);
        else
            tw_buf_fmt(&e->out, "%%%02X", c);
    }
    return ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, v)->recipe);
}
uint32_t ev_js_encode_component(ev *e, const ev_args *a)
{
    return encode_uri(e, a, "-_.!~*'()");
}
uint32_t ev_js_encode_uri(ev *e, const ev_args *a)
{
    return encode_uri(e, a, "-_.!~*'();/?:@&=+$,#");
}

uint32_t ev_js_escape(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t v;
    if (!argument(e, a, &v, &s) || !tw_utf8_valid(s)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n;) {
        uint32_t c = tw_utf8_next(s, &i, NULL);
        if (c >= 0x10000) {
            tw_buf_fmt(&e->out, "%%u%04X", 0xD800 + ((c - 0x10000) >> 10));
            tw_buf_fmt(&e->out, "%%u%04X", 0xDC00 + (c & 0x3FF));
        } else if (c > 0xFF) {
            tw_buf_fmt(&e->out, "%%u%04X", c);
        } else if (c < 0x80 && plain((unsigned char)c, "@*_+-./")) {
            tw_buf_putc(&e->out, (char)c);
        } else {
            tw_buf_fmt(&e->out, "%%%02X", c);
        }
    }
    return ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, v)->recipe);
}
