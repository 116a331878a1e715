/* SPDX-License-Identifier: Apache-2.0 */
/* More methods of str and bytes. Positions are counted in characters; letters beyond ASCII have rules that we do
 * not follow. */
#include "engine/record/pure_number.h"

#include "base/utf8.h"

static bool same_kind(ev *e, uint32_t v, uint8_t kind, tw_str *ret)
{
    uint8_t k;
    return v && ev_is_text(e, v, &k) && k == kind && ev_text(e, v, ret);
}

static bool plain_args(const ev_args *a, uint32_t least, uint32_t most)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (a->names[i]) return false;
    return a->n >= least && a->n <= most;
}

/* The receiver, where bytes and characters are the same. */
static bool self_of(ev *e, const ev_args *a, tw_str *ret, uint8_t *ret_kind)
{
    return ev_self_text(e, a, ret, ret_kind) && (*ret_kind == TW_VAL_BYTES || ev_ascii(*ret)) &&
           ev_step(e, 1 + ret->n / 32);
}

static uint32_t part(ev *e, const ev_args *a, uint8_t kind, tw_str s)
{
    return ev_folded(e, kind, s, ev_at(e, a->self)->recipe);
}

/* ---- searching ---- */

/* start and end arguments from i on; *s becomes that part, *ret_from where it begins. */
static bool window(ev *e, const ev_args *a, uint32_t i, tw_str *s, int64_t *ret_from)
{
    int64_t x[2] = {0, (int64_t)s->n}, n = (int64_t)s->n;
    for (uint32_t k = 0; k < 2 && i + k < a->n; k++) {
        if (ev_at(e, a->v[i + k])->kind == TW_VAL_NULL_) continue;
        if (!ev_get_int(e, a->v[i + k], &x[k])) return false;
        if (x[k] < 0) x[k] = x[k] < -n ? 0 : x[k] + n;
    }
    if (x[1] > n) x[1] = n;
    *ret_from = x[0];
    if (x[0] > x[1]) return *s = (tw_str){0}, *ret_from = -1, true; /* nothing is there, not even "" */
    *s = tw_str_sub(*s, (size_t)x[0], (size_t)x[1]);
    return true;
}

static bool needle(ev *e, const ev_args *a, uint8_t kind, tw_str *ret, char *one)
{
    int64_t c;
    if (kind == TW_VAL_BYTES && ev_get_int(e, a->v[0], &c) && c >= 0 && c < 256) {
        *one = (char)c;
        return *ret = tw_str_of(one, 1), true;
    }
    return same_kind(e, a->v[0], kind, ret);
}

static size_t rfind(tw_str s, tw_str x)
{
    for (size_t i = s.n + 1; i-- > 0;)
        if (i + x.n <= s.n && !memcmp(s.p + i, x.p, x.n)) return i;
    return TW_NPOS;
}

static uint32_t find(ev *e, const ev_args *a, bool last, bool must)
{
    tw_str s, x;
    uint8_t kind;
    int64_t from = 0;
    char one;
    if (!plain_args(a, 1, 3) || !ev_self_text(e, a, &s, &kind) || !needle(e, a, kind, &x, &one)) return 0;
    bool wide = kind == TW_VAL_STR && !ev_ascii(s);
    if ((wide && a->n > 1) || !ev_step(e, 1 + s.n / 16) || !window(e, a, 1, &s, &from)) return 0;
    if (last && x.n && (uint64_t)s.n * x.n > 1 << 24) return 0;
    size_t at = from < 0 ? TW_NPOS : !x.n ? (last ? s.n : 0) : last ? rfind(s, x) : tw_str_find(s, x);
    if (at == TW_NPOS) return must ? 0 : ev_int(e, -1);
    size_t chars = 0;
    for (size_t i = 0; i < at && wide; i++) chars += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return ev_int(e, (wide ? (int64_t)chars : (int64_t)at) + from);
}

uint32_t ev_str_find(ev *e, const ev_args *a)
{
    return find(e, a, false, false);
}
uint32_t ev_str_rfind(ev *e, const ev_args *a)
{
    return find(e, a, true, false);
}
uint32_t ev_str_index(ev *e, const ev_args *a)
{
    return find(e, a, false, true);
}
uint32_t ev_str_rindex(ev *e, const ev_args *a)
{
    return find(e, a, true, true);
}

uint32_t ev_str_count(ev *e, const ev_args *a)
{
    tw_str s, x;
    uint8_t kind;
    int64_t n = 0, from;
    char one;
    if (!plain_args(a, 1, 3) || !self_of(e, a, &s, &kind) || !needle(e, a, kind, &x, &one) ||
        !window(e, a, 1, &s, &from))
        return 0;
    if (from < 0) return ev_int(e, 0);
    if (!x.n) return ev_int(e, (int64_t)s.n + 1);
    for (size_t at = 0, hit; (hit = tw_str_find(tw_str_sub(s, at, s.n), x)) != TW_NPOS; at += hit + x.n) n++;
    return ev_int(e, n);
}

static uint32_t edge(ev *e, const ev_args *a, bool end)
{
    tw_str s, x;
    uint8_t kind;
    uint32_t list = 0, n = 1;
    int64_t from;
    if (!plain_args(a, 1, 3) || !ev_self_text(e, a, &s, &kind)) return 0;
    if (a->n > 1 && kind == TW_VAL_STR && !ev_ascii(s)) return 0;
    bool many = ev_at(e, a->v[0])->kind == TW_VAL_SEQ;
    if (many && (ev_at(e, a->v[0])->how != TW_SEQ_TUPLE || !ev_items(e, a->v[0], &list, &n))) return 0;
    if (!window(e, a, 1, &s, &from)) return 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!same_kind(e, many ? e->lists.v[list + i] : a->v[0], kind, &x)) return 0;
        if (from >= 0 && (end ? tw_str_ends(s, x) : tw_str_starts(s, x))) return ev_bool(e, true);
    }
    return ev_bool(e, false);
}

uint32_t ev_str_startswith(ev *e, const ev_args *a)
{
    return edge(e, a, false);
}
uint32_t ev_str_endswith(ev *e, const ev_args *a)
{
    return edge(e, a, true);
}

/* ---- taking apart ---- */

static uint32_t partition(ev *e, const ev_args *a, bool last)
{
    tw_str s, x;
    uint8_t kind;
    if (!plain_args(a, 1, 1) || !ev_self_text(e, a, &s, &kind) || !same_kind(e, a->v[0], kind, &x) || !x.n)
        return 0;
    if (last && (uint64_t)s.n * x.n > 1 << 24) return 0;
    size_t at = last ? rfind(s, x) : tw_str_find(s, x), none = last ? 0 : s.n;
    bool hit = at != TW_NPOS;
    uint32_t three[3] = {part(e, a, kind, tw_str_sub(s, 0, hit ? at : none)),
                         part(e, a, kind, hit ? x : TW_S("")),
                         part(e, a, kind, tw_str_sub(s, hit ? at + x.n : none, s.n))};
    uint32_t v = ev_list(e, TW_VAL_SEQ, three, 3);
    ev_at(e, v)->how = TW_SEQ_TUPLE;
    return v;
}

uint32_t ev_str_partition(ev *e, const ev_args *a)
{
    return partition(e, a, false);
}
uint32_t ev_str_rpartition(ev *e, const ev_args *a)
{
    return partition(e, a, true);
}

static bool space(char c, bool str)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (str && c >= 0x1c && c <= 0x1f);
}

static void push_part(ev *e, uint8_t kind, tw_str s)
{
    uint32_t v = ev_folded(e, kind, s, 0);
    TW_PUSH(e->tmp, e->stack, v);
}

static void by_blanks(ev *e, tw_str s, uint8_t kind, int64_t max, bool right)
{
    bool str = kind == TW_VAL_STR;
    for (int64_t n = 0;; n++) {
        while (s.n && !right && space(s.p[0], str)) s = tw_str_sub(s, 1, s.n);
        while (s.n && (right || n < max) && space(s.p[s.n - 1], str)) s.n--;
        if (!s.n) return;
        size_t i = 0;
        if (!right) {
            while (i < s.n && !space(s.p[i], str)) i++;
            if (n == max) i = s.n;
            push_part(e, kind, tw_str_sub(s, 0, i));
            s = tw_str_sub(s, i, s.n);
        } else {
            for (i = s.n; i > 0 && !space(s.p[i - 1], str);) i--;
            if (n == max) i = 0;
            push_part(e, kind, tw_str_sub(s, i, s.n));
            s = tw_str_sub(s, 0, i);
        }
    }
}

static void by_sep(ev *e, tw_str s, tw_str sep, uint8_t kind, int64_t max, bool right)
{
    for (int64_t n = 0; n < max; n++) {
        size_t at = right ? rfind(s, sep) : tw_str_find(s, sep);
        if (at == TW_NPOS) break;
        push_part(e, kind, right ? tw_str_sub(s, at + sep.n, s.n) : tw_str_sub(s, 0, at));
        s = right ? tw_str_sub(s, 0, at) : tw_str_sub(s, at + sep.n, s.n);
    }
    push_part(e, kind, s);
}

static uint32_t split(ev *e, const ev_args *a, bool right)
{
    tw_str s, sep = {0};
    uint8_t kind;
    uint32_t arg = ev_arg(e, a, 0, "sep"), m = ev_arg(e, a, 1, "maxsplit"), base = e->stack.n;
    int64_t max = -1;
    if (a->n > 2 || !ev_self_text(e, a, &s, &kind) || !ev_step(e, 1 + s.n)) return 0;
    if (arg && ev_at(e, arg)->kind == TW_VAL_NULL_) arg = 0;
    if (arg && (!same_kind(e, arg, kind, &sep) || !sep.n)) return 0;
    if ((m && !ev_get_int(e, m, &max)) || (!arg && kind == TW_VAL_STR && !ev_ascii(s))) return 0;
    if (max < 0) max = INT64_MAX;
    if (right && arg && (uint64_t)s.n * s.n > 1 << 24) return 0;
    if (arg)
        by_sep(e, s, sep, kind, max, right);
    else
        by_blanks(e, s, kind, max, right);
    for (uint32_t i = base, k = e->stack.n; right && i + 1 < k; i++) {
        uint32_t t = e->stack.v[--k];
        e->stack.v[k] = e->stack.v[i], e->stack.v[i] = t;
    }
    return ev_seq_from(e, base, TW_SEQ_LIST);
}

uint32_t ev_py_split(ev *e, const ev_args *a)
{
    return split(e, a, false);
}
uint32_t ev_py_rsplit(ev *e, const ev_args *a)
{
    return split(e, a, true);
}

uint32_t ev_str_splitlines(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t base = e->stack.n, k = ev_arg(e, a, 0, "keepends");
    int keep = k ? ev_truth(e, k) : 0;
    if (a->n > 1 || keep < 0 || !self_of(e, a, &s, &kind)) return 0;
    bool str = kind == TW_VAL_STR;
    for (size_t from = 0, i = 0; from < s.n; from = i) {
        while (i < s.n && s.p[i] != '\n' && s.p[i] != '\r' &&
               !(str && ((s.p[i] >= '\v' && s.p[i] <= '\f') || (s.p[i] >= 0x1c && s.p[i] <= 0x1e))))
            i++;
        size_t end = i;
        if (i < s.n) i += s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n' ? 2 : 1;
        push_part(e, kind, tw_str_sub(s, from, keep ? i : end));
    }
    return ev_seq_from(e, base, TW_SEQ_LIST);
}

static uint32_t remove_edge(ev *e, const ev_args *a, bool end)
{
    tw_str s, x;
    uint8_t kind;
    if (!plain_args(a, 1, 1) || !ev_self_text(e, a, &s, &kind) || !same_kind(e, a->v[0], kind, &x)) return 0;
    if (end ? !tw_str_ends(s, x) : !tw_str_starts(s, x)) return a->self;
    return part(e, a, kind, end ? tw_str_sub(s, 0, s.n - x.n) : tw_str_sub(s, x.n, s.n));
}

uint32_t ev_str_removeprefix(ev *e, const ev_args *a)
{
    return remove_edge(e, a, false);
}
uint32_t ev_str_removesuffix(ev *e, const ev_args *a)
{
    return remove_edge(e, a, true);
}

/* ---- filling ---- */

static uint32_t fill(ev *e, const ev_args *a, char align)
{
    tw_str s, with = TW_S(" ");
    uint8_t kind;
    int64_t width;
    if (!plain_args(a, 1, 2) || !ev_self_text(e, a, &s, &kind) || !ev_get_int(e, a->v[0], &width)) return 0;
    if (a->n == 2 && !same_kind(e, a->v[1], kind, &with)) return 0;
    size_t n = s.n, w = 0;
    for (size_t i = 0; kind == TW_VAL_STR && i < s.n; i++) n -= ((unsigned char)s.p[i] & 0xC0) == 0x80;
    for (size_t i = 0; i < with.n; i++)
        w += kind == TW_VAL_BYTES || ((unsigned char)with.p[i] & 0xC0) != 0x80;
    if (w != 1) return 0;
    if (width <= (int64_t)n) return a->self;
    uint64_t gap = (uint64_t)width - n, left = align == '>'   ? gap
                                               : align == '<' ? 0
                                                              : gap / 2 + (gap & (uint64_t)width & 1);
    if (!ev_room(e, s.n + gap * with.n)) return 0;
    tw_buf_clear(&e->out);
    for (uint64_t i = 0; i < left; i++) tw_buf_puts(&e->out, with);
    tw_buf_puts(&e->out, s);
    for (uint64_t i = left; i < gap; i++) tw_buf_puts(&e->out, with);
    return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
}

uint32_t ev_str_center(ev *e, const ev_args *a)
{
    return fill(e, a, '^');
}
uint32_t ev_str_ljust(ev *e, const ev_args *a)
{
    return fill(e, a, '<');
}
uint32_t ev_str_rjust(ev *e, const ev_args *a)
{
    return fill(e, a, '>');
}

uint32_t ev_str_zfill(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    int64_t width;
    if (!plain_args(a, 1, 1) || !self_of(e, a, &s, &kind) || !ev_get_int(e, a->v[0], &width)) return 0;
    if (width <= (int64_t)s.n || width > 1 << 20) return width <= (int64_t)s.n ? a->self : 0;
    bool sign = s.n && (s.p[0] == '-' || s.p[0] == '+');
    tw_buf_clear(&e->out);
    if (sign) tw_buf_putc(&e->out, s.p[0]);
    for (int64_t i = (int64_t)s.n; i < width; i++) tw_buf_putc(&e->out, '0');
    tw_buf_puts(&e->out, tw_str_sub(s, sign, s.n));
    return ev_taken(e, kind, &e->out, 0);
}

uint32_t ev_str_expandtabs(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    int64_t size = 8, col = 0;
    uint32_t t = ev_arg(e, a, 0, "tabsize");
    if (a->n > 1 || !self_of(e, a, &s, &kind) || (t && !ev_get_int(e, t, &size)) || size > 256) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\t') {
            tw_buf_putc(&e->out, s.p[i]);
            col = s.p[i] == '\n' || s.p[i] == '\r' ? 0 : col + 1;
            continue;
        }
        for (int64_t k = size > 0 ? size - col % size : 0; k > 0; k--, col++) tw_buf_putc(&e->out, ' ');
    }
    return ev_taken(e, kind, &e->out, 0);
}

/* ---- letters ---- */

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

uint32_t ev_latin_case(uint32_t c, bool up)
{
    if (c < 0x80) return up ? (c >= 'a' && c <= 'z' ? c - 32 : c) : c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c == 0xB5 || c == 0xDF || c == 0xFF || c > 0xFF) return 0;
    if (c < 0xC0 || c == 0xD7 || c == 0xF7) return c;
    return up ? (c >= 0xE0 ? c - 32 : c) : c < 0xE0 ? c + 32 : c;
}

static bool cases(uint32_t c)
{
    return (c < 0x80 && ((c | 32) >= 'a' && (c | 32) <= 'z')) || c == 0xAA || c == 0xBA ||
           (c >= 0xC0 && c != 0xD7 && c != 0xF7);
}

/* title, capitalize of letters beyond ASCII */
static uint32_t cased_latin(ev *e, const ev_args *a, bool title)
{
    tw_str s;
    uint8_t kind;
    bool inside = false;
    if (a->n || !ev_self_text(e, a, &s, &kind) || kind != TW_VAL_STR || !ev_room(e, s.n)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n;) {
        bool bad = false, first = title ? !inside : i == 0;
        uint32_t c = tw_utf8_next(s, &i, &bad), to = ev_latin_case(c, first);
        if (bad || !to) return 0;
        inside = cases(c);
        tw_utf8_put(&e->out, to);
    }
    return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
}

static uint32_t cased(ev *e, const ev_args *a, bool title)
{
    tw_str wide;
    uint8_t any;
    if (ev_self_text(e, a, &wide, &any) && any == TW_VAL_STR && !ev_ascii(wide))
        return cased_latin(e, a, title);
    tw_str s;
    uint8_t kind;
    bool inside = false;
    if (a->n || !self_of(e, a, &s, &kind) || !ev_room(e, s.n)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool first = title ? !inside : i == 0;
        if (first && lower(c)) c = (char)(c - 32);
        if (!first && upper(c)) c = (char)(c + 32);
        inside = upper(c) || lower(c);
        tw_buf_putc(&e->out, c);
    }
    return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
}

uint32_t ev_str_title(ev *e, const ev_args *a)
{
    return cased(e, a, true);
}
uint32_t ev_str_capitalize(ev *e, const ev_args *a)
{
    return cased(e, a, false);
}

static uint32_t every(ev *e, const ev_args *a, bool (*fits)(char, bool))
{
    tw_str s;
    uint8_t kind;
    if (a->n || !self_of(e, a, &s, &kind)) return 0;
    for (size_t i = 0; i < s.n; i++)
        if (!fits(s.p[i], kind == TW_VAL_STR)) return ev_bool(e, false);
    return ev_bool(e, s.n != 0);
}

static bool is_digit(char c, bool str)
{
    (void)str;
    return digit(c);
}
static bool is_alpha(char c, bool str)
{
    (void)str;
    return upper(c) || lower(c);
}
static bool is_alnum(char c, bool str)
{
    (void)str;
    return upper(c) || lower(c) || digit(c);
}

uint32_t ev_str_isdigit(ev *e, const ev_args *a)
{
    return every(e, a, is_digit);
}
uint32_t ev_str_isalpha(ev *e, const ev_args *a)
{
    return every(e, a, is_alpha);
}
uint32_t ev_str_isalnum(ev *e, const ev_args *a)
{
    return every(e, a, is_alnum);
}
uint32_t ev_str_isspace(ev *e, const ev_args *a)
{
    return every(e, a, space);
}

static uint32_t only_case(ev *e, const ev_args *a, bool (*wanted)(char), bool (*other)(char))
{
    tw_str s;
    uint8_t kind;
    bool any = false;
    if (a->n || !self_of(e, a, &s, &kind)) return 0;
    for (size_t i = 0; i < s.n; i++) {
        if (other(s.p[i])) return ev_bool(e, false);
        any |= wanted(s.p[i]);
    }
    return ev_bool(e, any);
}

uint32_t ev_str_isupper(ev *e, const ev_args *a)
{
    return only_case(e, a, upper, lower);
}
uint32_t ev_str_islower(ev *e, const ev_args *a)
{
    return only_case(e, a, lower, upper);
}

uint32_t ev_str_isascii(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    return !a->n && ev_self_text(e, a, &s, &kind) ? ev_bool(e, ev_ascii(s)) : 0;
}

uint32_t ev_str_isidentifier(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    if (a->n || !self_of(e, a, &s, &kind) || kind != TW_VAL_STR) return 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_' && !is_alnum(s.p[i], true)) return ev_bool(e, false);
    return ev_bool(e, s.n && !digit(s.p[0]));
}

/* ---- replacing ---- */

uint32_t ev_py_replace(ev *e, const ev_args *a)
{
    tw_str s, from, to;
    uint8_t kind;
    int64_t max = -1;
    uint32_t m = a->n == 3 ? a->v[2] : 0;
    if (a->n < 2 || a->n > 3 || a->names[0] || a->names[1] || !ev_self_text(e, a, &s, &kind) ||
        !same_kind(e, a->v[0], kind, &from) || !same_kind(e, a->v[1], kind, &to) ||
        (m && !ev_get_int(e, m, &max)) || !ev_step(e, 1 + s.n / 32))
        return 0;
    if (max < 0) max = INT64_MAX;
    tw_buf_clear(&e->out);
    size_t at = 0;
    int64_t n = 0;
    if (!from.n) {
        for (size_t i = 0; i <= s.n && !e->out.over; i++) {
            bool start = i == s.n || kind == TW_VAL_BYTES || ((unsigned char)s.p[i] & 0xC0) != 0x80;
            if (start && n < max) tw_buf_puts(&e->out, to), n++;
            if (i < s.n) tw_buf_putc(&e->out, s.p[i]);
        }
        return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
    }
    for (; n < max && !e->out.over; n++) {
        size_t hit = tw_str_find(tw_str_sub(s, at, s.n), from);
        if (hit == TW_NPOS) break;
        tw_buf_puts(&e->out, tw_str_sub(s, at, at + hit));
        tw_buf_puts(&e->out, to);
        at += hit + from.n;
    }
    tw_buf_puts(&e->out, tw_str_sub(s, at, s.n));
    return ev_taken(e, kind, &e->out, ev_at(e, a->self)->recipe);
}

uint32_t ev_str_maketrans(ev *e, const ev_args *a)
{
    tw_str x, y, z = {0};
    uint32_t base = e->stack.n, list, n;
    if (!plain_args(a, 1, 3)) return 0;
    if (a->n == 1) {
        if (!ev_pairs(e, a->v[0], &list, &n)) return 0;
        for (uint32_t i = 0; i < n; i += 2) {
            uint8_t kind;
            uint32_t key = e->lists.v[list + i], none = 0;
            ev_args one = {0, &key, &none, 1};
            if (ev_is_text(e, key, &kind)) key = ev_ord(e, &one);
            if (!key) return e->stack.n = base, 0;
            TW_PUSH(e->tmp, e->stack, key);
            TW_PUSH(e->tmp, e->stack, e->lists.v[list + i + 1]);
        }
    } else {
        if (!same_kind(e, a->v[0], TW_VAL_STR, &x) || !same_kind(e, a->v[1], TW_VAL_STR, &y) ||
            (a->n == 3 && !same_kind(e, a->v[2], TW_VAL_STR, &z)) || x.n > 4096 || z.n > 4096)
            return 0;
        for (size_t i = 0, k = 0; i < x.n;) {
            bool bad = false;
            uint32_t from = tw_utf8_next(x, &i, &bad), to = k < y.n ? tw_utf8_next(y, &k, &bad) : 0;
            if (bad || (i >= x.n) != (k >= y.n)) return e->stack.n = base, 0;
            uint32_t pair[2] = {ev_int(e, from), ev_int(e, to)};
            for (unsigned j = 0; j < 2; j++) TW_PUSH(e->tmp, e->stack, pair[j]);
        }
        if (!x.n && y.n) return e->stack.n = base, 0;
        for (size_t i = 0; i < z.n;) {
            bool bad = false;
            uint32_t pair[2] = {ev_int(e, tw_utf8_next(z, &i, &bad)), ev_none(e)};
            for (unsigned j = 0; j < 2; j++) TW_PUSH(e->tmp, e->stack, pair[j]);
        }
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    if (!ev_pairs(e, v, &list, &n)) return 0;
    ev_at(e, v)->list = list, ev_at(e, v)->n = n;
    return v;
}

uint32_t ev_bytes_maketrans(ev *e, const ev_args *a)
{
    tw_str x, y;
    if (!plain_args(a, 2, 2) || !same_kind(e, a->v[0], TW_VAL_BYTES, &x) ||
        !same_kind(e, a->v[1], TW_VAL_BYTES, &y) || x.n != y.n)
        return 0;
    char *t = tw_arena_alloc(e->tmp, 256);
    for (int i = 0; i < 256; i++) t[i] = (char)i;
    for (size_t i = 0; i < x.n; i++) t[(unsigned char)x.p[i]] = y.p[i];
    return ev_folded(e, TW_VAL_BYTES, tw_str_of(t, 256), 0);
}

static uint32_t translate_bytes(ev *e, const ev_args *a, tw_str s)
{
    tw_str t = {0}, gone = {0};
    uint32_t drop = ev_arg(e, a, 1, "delete");
    bool none = a->n && ev_at(e, a->v[0])->kind == TW_VAL_NULL_;
    if (!a->n || a->names[0] || (!none && (!same_kind(e, a->v[0], TW_VAL_BYTES, &t) || t.n != 256))) return 0;
    if (drop && !same_kind(e, drop, TW_VAL_BYTES, &gone)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < s.n; i++)
        if (!gone.n || !memchr(gone.p, s.p[i], gone.n))
            tw_buf_putc(&e->out, none ? s.p[i] : t.p[(unsigned char)s.p[i]]);
    return ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, ev_at(e, a->self)->recipe, "translate"));
}

uint32_t ev_str_translate(ev *e, const ev_args *a)
{
    tw_str s, to;
    uint8_t kind;
    uint32_t list, n;
    int64_t c;
    if (a->n < 1 || a->n > 2 || !ev_self_text(e, a, &s, &kind) || !ev_step(e, 1 + s.n / 4)) return 0;
    if (kind == TW_VAL_BYTES) return translate_bytes(e, a, s);
    if (a->n != 1 || !ev_pairs(e, a->v[0], &list, &n) || !ev_step(e, s.n * (1 + n / 16))) return 0;
    tw_buf out = {.limit = e->out.limit};
    bool fine = true;
    for (size_t i = 0; fine && i < s.n && !out.over;) {
        bool bad = false, hit = false;
        size_t from = i;
        uint32_t x = tw_utf8_next(s, &i, &bad);
        for (uint32_t k = 0; k < n && !hit; k += 2) {
            uint32_t v = e->lists.v[list + k + 1];
            if (!ev_get_int(e, e->lists.v[list + k], &c) || c != x) continue;
            hit = true;
            if (ev_get_int(e, v, &c) && c >= 0 && c < 0xD800)
                tw_utf8_put(&out, (uint32_t)c);
            else if (same_kind(e, v, TW_VAL_STR, &to))
                tw_buf_puts(&out, to);
            else
                fine = ev_at(e, v)->kind == TW_VAL_NULL_;
        }
        if (!hit) tw_buf_puts(&out, tw_str_sub(s, from, i));
        fine = fine && !bad;
    }
    uint32_t v =
        fine ? ev_taken(e, TW_VAL_STR, &out, ev_recipe_add(e, ev_at(e, a->self)->recipe, "translate")) : 0;
    tw_buf_free(&out);
    return v;
}
