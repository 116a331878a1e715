/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, sequences and slices. */
#include "engine/record/pure_number.h"

#include "base/utf8.h"

enum { LONG_RANGE = 1024, LOOP_MAX = 1 << 20 };

uint32_t ev_chr(ev *e, const ev_args *a)
{
    int64_t n;
    uint32_t v = ev_arg(e, a, 0, NULL);
    if (!v || a->n != 1 || !ev_get_int(e, v, &n) || n < 0 || n > 0x10FFFF || (n >= 0xD800 && n < 0xE000))
        return 0;
    tw_buf_clear(&e->out);
    tw_utf8_put(&e->out, (uint32_t)n);
    return ev_taken(e, TW_VAL_STR, &e->out, 0);
}

uint32_t ev_ord(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t v = ev_arg(e, a, 0, NULL);
    if (!v || a->n != 1 || !ev_is_text(e, v, &kind) || !ev_text(e, v, &s) || !s.n) return 0;
    if (kind == TW_VAL_BYTES) return s.n == 1 ? ev_int(e, (unsigned char)s.p[0]) : 0;
    size_t i = 0;
    bool bad = false;
    uint32_t c = tw_utf8_next(s, &i, &bad);
    return !bad && i == s.n ? ev_int(e, c) : 0;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

bool ev_parse_int(tw_str s, int base, int64_t *ret)
{
    static const struct {
        char letter;
        int base;
    } prefixes[] = {{'x', 16}, {'o', 8}, {'b', 2}};
    int64_t v = 0;
    bool any = false;
    bool prefixed = s.n > 2 && s.p[0] == '0';
    for (size_t i = 0; prefixed && i < TW_COUNT(prefixes); i++)
        if ((s.p[1] | 0x20) == prefixes[i].letter && (base == 0 || base == prefixes[i].base)) {
            base = prefixes[i].base;
            s = tw_str_sub(s, 2, s.n);
            break;
        }
    bool old_octal = base == 0 && s.n > 1 && s.p[0] == '0';
    if (base == 0) base = 10;
    for (size_t i = 0; i < s.n; i++) {
        int d = digit(s.p[i]);
        if (s.p[i] == '_' && any && i + 1 < s.n) continue;
        if (i + 1 == s.n && any && (s.p[i] | 0x20) == 'l' && base <= 16) break; /* Python 2: 10L */
        if (d >= base || (old_octal && d)) return false;
        if (__builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, d, &v)) return false;
        any = true;
    }
    *ret = v;
    return any;
}

static uint32_t int_of_number(ev *e, uint32_t v)
{
    ev_num x;
    if (!ev_num_of(e, v, &x)) return 0;
    if (x.kind != EV_NUM_FLOAT) return ev_num_val(e, &x);
    return x.f - x.f == 0 ? ev_float_to_int(e, x.f) : 0;
}

uint32_t ev_int_of(ev *e, const ev_args *a)
{
    int64_t n, base = 10;
    tw_str s;
    uint32_t v = ev_arg(e, a, 0, NULL), b = ev_arg(e, a, 1, "base");
    if (!v || a->n > 2 || (b && !ev_get_int(e, b, &base))) return 0;
    if (!b && ev_get_int(e, v, &n)) return ev_int(e, n);
    if (!b && e->py && ev_at(e, v)->kind == TW_VAL_FLOAT) return int_of_number(e, v);
    if (base < 0 || base == 1 || base > 36 || !ev_text(e, v, &s)) return 0;
    s = tw_str_trim(s);
    bool minus = s.n && s.p[0] == '-';
    if (minus || (s.n && s.p[0] == '+')) s = tw_str_sub(s, 1, s.n);
    if (!s.n || ((s.p[s.n - 1] | 0x20) == 'l' && base < 22)) return 0;
    if (ev_parse_int(s, (int)base, &n)) return ev_int(e, minus ? -n : n);
    bool hex = s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x';
    if (base == 16 && hex) s = tw_str_sub(s, 2, s.n);
    return e->py && base ? ev_int_of_digits(e, s, (unsigned)base, minus) : 0;
}

static size_t code_points(tw_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

static uint32_t len_of(ev *e, uint32_t v)
{
    uint32_t base = e->stack.n, n;
    if (ev_at(e, v)->kind == TW_VAL_SEQ && ev_at(e, v)->how == EV_SEQ_ITER) return 0;
    bool known = ev_each(e, v, false);
    n = e->stack.n - base;
    e->stack.n = base;
    return known ? ev_int(e, n) : 0;
}

uint32_t ev_len(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t v = ev_arg(e, a, 0, NULL), list, n;
    if (!v || a->n != 1) return 0;
    if (ev_is_text(e, v, &kind)) {
        if (!ev_text(e, v, &s)) return 0;
        return ev_int(e, (int64_t)(kind == TW_VAL_STR ? code_points(s) : s.n));
    }
    if (e->py) return len_of(e, v);
    return ev_items(e, v, &list, &n) ? ev_int(e, n) : 0;
}

uint32_t ev_bytes(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    int64_t c;
    uint32_t v = ev_arg(e, a, 0, NULL), list, n;
    if (!v) return a->n ? 0 : ev_folded(e, TW_VAL_BYTES, TW_S(""), 0);
    if (ev_is_text(e, v, &kind)) {
        if (a->n == 1) return kind == TW_VAL_BYTES && ev_is_const(e, v) ? v : 0;
        return ev_arg_text(e, a, 1, "encoding", &s) ? ev_recode(e, v, s, true) : 0;
    }
    if (e->py && a->n == 1 && ev_at(e, v)->kind == TW_VAL_INT && ev_get_int(e, v, &c)) { /* so many zeros */
        if (c < 0 || !ev_room(e, (uint64_t)c)) return 0;
        char *zeros = tw_arena_alloc(e->tmp, (size_t)c);
        memset(zeros, 0, (size_t)c);
        return ev_folded(e, TW_VAL_BYTES, tw_str_of(zeros, (size_t)c), 0);
    }
    uint32_t seq = e->py ? ev_sequence(e, v) : v;
    if (a->n != 1 || !seq || !ev_items(e, seq, &list, &n) || !ev_room(e, n)) return 0;
    char *p = tw_arena_alloc(e->tmp, n);
    for (uint32_t i = 0; i < n; i++) {
        if (!ev_get_int(e, e->lists.v[list + i], &c) || c < 0 || c > 255) return 0;
        p[i] = (char)c;
    }
    return ev_folded(e, TW_VAL_BYTES, tw_str_of(p, n), ev_recipe_add(e, 0, "bytes"));
}

/* The items of a sequence or the characters of a text on the stack; false: not known. */
bool ev_elements(ev *e, uint32_t v)
{
    tw_str s;
    uint8_t kind;
    uint32_t list, n;
    if (!ev_is_text(e, v, &kind)) {
        if (!ev_items(e, v, &list, &n) || !ev_step(e, n)) return false;
        for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
        return true;
    }
    if (!ev_text(e, v, &s) || !ev_step(e, s.n)) return false;
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        bool bad = false;
        if (kind == TW_VAL_STR)
            tw_utf8_next(s, &i, &bad);
        else
            i++;
        if (bad) return false;
        uint32_t x = kind == TW_VAL_STR ? ev_folded(e, TW_VAL_STR, tw_str_sub(s, from, i), 0)
                                        : ev_int(e, (unsigned char)s.p[from]);
        TW_PUSH(e->tmp, e->stack, x);
    }
    return true;
}

static uint32_t as_list(ev *e, uint32_t base, uint16_t how)
{
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    ev_at(e, v)->how = how;
    return v;
}

uint32_t ev_list_of(ev *e, const ev_args *a)
{
    uint32_t v = ev_arg(e, a, 0, NULL), base = e->stack.n;
    if (!a->n) return as_list(e, base, TW_SEQ_LIST);
    if (v && a->n == 1 && ev_elements(e, v)) return as_list(e, base, TW_SEQ_LIST);
    e->stack.n = base;
    return 0;
}

uint32_t ev_reversed(ev *e, const ev_args *a)
{
    uint32_t v = ev_arg(e, a, 0, NULL), base = e->stack.n;
    if (!v || a->n != 1 || !ev_elements(e, v)) {
        e->stack.n = base;
        return 0;
    }
    for (uint32_t i = base, k = e->stack.n; i + 1 < k; i++) {
        uint32_t t = e->stack.v[--k];
        e->stack.v[k] = e->stack.v[i];
        e->stack.v[i] = t;
    }
    return as_list(e, base, TW_SEQ_LIST);
}

/* map(chr, [...]): a pure function over known items. */
uint32_t ev_map_fn(ev *e, const ev_args *a)
{
    uint32_t fn = ev_arg(e, a, 0, NULL), v = ev_arg(e, a, 1, NULL), base = e->stack.n;
    bool fine = fn && v && a->n == 2 && ev_at(e, fn)->kind == TW_VAL_SYMBOL && ev_elements(e, v);
    for (uint32_t i = base; fine && i < e->stack.n; i++) {
        uint32_t item = e->stack.v[i], none = 0;
        ev_args one = {0, &item, &none, 1};
        uint32_t x = ev_pure(e, ev_at(e, fn)->sym, &one);
        e->stack.v[i] = x;
        fine = x != 0;
    }
    if (fine) return as_list(e, base, TW_SEQ_LIST);
    e->stack.n = base;
    return 0;
}

/* ---- what a loop goes over ---- */

static uint32_t range_list(ev *e, const int64_t *n)
{
    uint32_t base = e->stack.n;
    int64_t step = n[2],
            count = step > 0 ? (n[1] - n[0] + step - 1) / step : (n[0] - n[1] - step - 1) / -step;
    if (count > LOOP_MAX || !ev_step(e, count > 0 ? (uint64_t)count : 0)) return 0;
    for (int64_t i = n[0]; step > 0 ? i < n[1] : i > n[1]; i += step) {
        uint32_t v = ev_int(e, i);
        TW_PUSH(e->tmp, e->stack, v);
    }
    return as_list(e, base, TW_SEQ_LIST);
}

static uint32_t range_of_call(ev *e, const uint32_t *v, uint32_t n)
{
    int64_t x[3] = {0, 0, 1};
    if (n < 1 || n > 3) return 0;
    for (uint32_t i = 0; i < n; i++) {
        int64_t *to = n == 1 ? &x[1] : &x[i];
        if (!ev_get_int(e, v[i], to) || *to > INT32_MAX || *to < INT32_MIN) return 0;
    }
    if (!x[2]) return 0;
    bool again = e->range && ev_at(e, e->range)->n > LONG_RANGE && !memcmp(x, e->range_of, sizeof x);
    if (again) /* of a short one each has its own values in the record */
        return ev_step(e, ev_at(e, e->range)->n) ? e->range : 0;
    e->range = range_list(e, x);
    memcpy(e->range_of, x, sizeof x);
    return e->range;
}

static uint32_t pair_up(ev *e, uint32_t first, uint32_t a, uint32_t n_a, uint32_t n, bool count)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t pair[2] = {count ? ev_int(e, (int64_t)first + i) : e->stack.v[a + i],
                            e->stack.v[count ? a + i : a + n_a + i]};
        uint32_t v = ev_list(e, TW_VAL_SEQ, pair, 2);
        ev_at(e, v)->how = TW_SEQ_TUPLE;
        TW_PUSH(e->tmp, e->stack, v);
    }
    return as_list(e, base, TW_SEQ_LIST);
}

static uint32_t pairs(ev *e, const uint32_t *v, uint32_t n, bool count)
{
    uint32_t base = e->stack.n, r = 0, n_a, n_b;
    int64_t first = 0;
    bool fine = n >= 1 && n <= 2 && ev_elements(e, v[0]);
    n_a = e->stack.n - base;
    if (count)
        fine = fine && (n == 1 || (ev_get_int(e, v[1], &first) && first >= 0 && first < INT32_MAX));
    else
        fine = fine && n == 2 && ev_elements(e, v[1]);
    n_b = e->stack.n - base - n_a;
    if (fine) r = pair_up(e, (uint32_t)first, base, n_a, count || n_a < n_b ? n_a : n_b, count);
    e->stack.n = base;
    return r;
}

uint32_t ev_sequence(ev *e, uint32_t v)
{
    uint8_t kind;
    if (!v) return 0;
    ev_val x = *ev_at(e, v);
    if (x.kind == TW_VAL_SEQ || x.kind == TW_VAL_MUT) return x.flags & (EV_LOOSE | EV_ESCAPED) ? 0 : v;
    if (ev_is_text(e, v, &kind)) return x.flags & EV_CONST ? v : 0;
    if (x.kind != TW_VAL_CALL || x.a >= e->calls.n) return 0;
    ev_call c = e->calls.v[x.a];
    uint32_t args[3];
    if (c.n_args > 3) return 0;
    for (uint32_t i = 0; i < c.n_args; i++) {
        if (e->args.v[c.args + i].name) return 0;
        args[i] = e->args.v[c.args + i].value;
    }
    tw_str sym = ev_sym(e, c.sym);
    if (tw_str_eq(sym, TW_S("range")) || tw_str_eq(sym, TW_S("xrange")))
        return range_of_call(e, args, c.n_args);
    if (tw_str_eq(sym, TW_S("enumerate"))) return pairs(e, args, c.n_args, true);
    return tw_str_eq(sym, TW_S("zip")) ? pairs(e, args, c.n_args, false) : 0;
}

/* ---- slices ---- */

typedef struct range {
    int64_t from, to, step;
} range;

static bool bound(const ev *e, uint32_t v, int64_t n, int64_t lo, int64_t hi, int64_t otherwise, int64_t *ret)
{
    if (ev_at(e, v)->kind == TW_VAL_NULL_) return *ret = otherwise, true;
    int64_t i;
    if (!ev_get_int(e, v, &i)) return false;
    if (i < 0) i = i < -n ? lo : i + n;
    *ret = i < lo ? lo : i > hi ? hi : i;
    return true;
}

static bool range_of(const ev *e, uint32_t key, int64_t n, range *ret)
{
    const ev_val *k = ev_at(e, key);
    if (k->kind != TW_VAL_SEQ || k->how != TW_SEQ_SLICE || k->n != 3) return false;
    uint32_t step = ev_item(e, k, 2);
    ret->step = 1;
    if (ev_at(e, step)->kind != TW_VAL_NULL_ && (!ev_get_int(e, step, &ret->step) || !ret->step))
        return false;
    if (ret->step == INT64_MIN) return false;
    bool back = ret->step < 0;
    int64_t lo = back ? -1 : 0, hi = back ? n - 1 : n;
    return bound(e, ev_item(e, k, 0), n, lo, hi, back ? hi : 0, &ret->from) &&
           bound(e, ev_item(e, k, 1), n, lo, hi, back ? -1 : n, &ret->to);
}

static bool within(const range *r, int64_t i)
{
    return r->step > 0 ? i < r->to : i > r->to;
}

static int64_t next(const range *r, int64_t i)
{
    return __builtin_add_overflow(i, r->step, &i) ? r->to : i;
}

static uint32_t slice_list(ev *e, uint32_t seq, uint32_t key)
{
    uint32_t list, n, base = e->stack.n, how = ev_seq_how(e, seq);
    range r;
    if (!ev_items(e, seq, &list, &n) || !range_of(e, key, n, &r) || !ev_step(e, n)) return 0;
    for (int64_t i = r.from; within(&r, i); i = next(&r, i)) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    return as_list(e, base, (uint16_t)how);
}

/* Offsets of the code points of a text that is not ASCII. */
static const uint32_t *offsets(ev *e, tw_str s, int64_t n)
{
    if (!ev_room(e, s.n) || s.n > UINT32_MAX / 8) return NULL;
    uint32_t *at = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    int64_t k = 0;
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xC0) != 0x80 && k < n) at[k++] = (uint32_t)i;
    at[n] = (uint32_t)s.n;
    return at;
}

static tw_str unit(tw_str s, const uint32_t *at, int64_t i)
{
    return at ? tw_str_sub(s, at[i], at[i + 1]) : tw_str_sub(s, (size_t)i, (size_t)i + 1);
}

uint32_t ev_slice(ev *e, uint32_t text, uint32_t key)
{
    tw_str s;
    uint8_t kind;
    int64_t i;
    range r;
    if (!ev_is_text(e, text, &kind)) return slice_list(e, text, key);
    if (!ev_text(e, text, &s)) return 0;
    bool wide = kind == TW_VAL_STR && !ev_ascii(s);
    if (!ev_step(e, 1 + s.n / 256) || (wide && !tw_utf8_valid(s))) return 0;
    int64_t n = (int64_t)(wide ? code_points(s) : s.n);
    const uint32_t *at = wide ? offsets(e, s, n) : NULL;
    if (wide && !at) return 0;
    if (ev_get_int(e, key, &i)) {
        if (i < 0) i += n;
        if (i < 0 || i >= n) return 0;
        return kind == TW_VAL_BYTES ? ev_int(e, (unsigned char)s.p[i])
                                    : ev_folded(e, kind, unit(s, at, i), 0);
    }
    uint32_t recipe = ev_at(e, text)->recipe;
    if (!range_of(e, key, n, &r)) return 0;
    if (r.step == -1) recipe = ev_recipe_add(e, recipe, "reverse");
    if (r.step == 1 && !at)
        return ev_folded(e, kind, tw_str_sub(s, (size_t)r.from, (size_t)(r.to > r.from ? r.to : r.from)),
                         recipe);
    if (!ev_room(e, s.n)) return 0;
    tw_buf_clear(&e->out);
    for (i = r.from; within(&r, i); i = next(&r, i)) tw_buf_puts(&e->out, unit(s, at, i));
    return ev_taken(e, kind, &e->out, recipe);
}
