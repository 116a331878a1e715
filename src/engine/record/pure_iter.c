/* SPDX-License-Identifier: Apache-2.0 */
/* Iterating functions of Python: sorted, sum, zip, filter, itertools; constructors of containers. */
#include "engine/record/pure_number.h"

enum { ITEMS_MAX = 1 << 18, WIDTH = 8 };

static uint32_t drop(ev *e, uint32_t base)
{
    e->stack.n = base;
    return 0;
}

static uint32_t tuple_of(ev *e, const uint32_t *v, uint32_t n)
{
    uint32_t t = ev_list(e, TW_VAL_SEQ, v, n);
    ev_at(e, t)->how = TW_SEQ_TUPLE;
    return t;
}

static uint32_t named(const ev *e, const ev_args *a, const char *name)
{
    return ev_arg(e, a, UINT32_MAX, name);
}

static bool no_names(const ev_args *a)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (a->names[i]) return false;
    return true;
}

/* ---- constructors ---- */

static uint32_t made(ev *e, const ev_args *a, uint16_t how, bool ordered)
{
    uint32_t base = e->stack.n;
    if (a->n > 1 || !no_names(a)) return 0;
    if (a->n && !ev_each(e, a->v[0], ordered)) return drop(e, base);
    return ev_seq_from(e, base, how);
}

uint32_t ev_py_list(ev *e, const ev_args *a)
{
    return made(e, a, TW_SEQ_LIST, true);
}
uint32_t ev_py_tuple(ev *e, const ev_args *a)
{
    return made(e, a, TW_SEQ_TUPLE, true);
}
uint32_t ev_py_set(ev *e, const ev_args *a)
{
    return made(e, a, TW_SEQ_SET, false);
}

static bool put_pairs(ev *e, uint32_t v)
{
    uint32_t list, n, from = e->stack.n, pair, two;
    if (ev_pairs(e, v, &list, &n)) {
        for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
        return true;
    }
    if (!ev_each(e, v, true)) return false;
    n = e->stack.n - from;
    for (uint32_t i = 0; i < n; i++) {
        if (!ev_items(e, e->stack.v[from + i], &pair, &two) || two != 2) return false;
        for (unsigned k = 0; k < 2; k++) TW_PUSH(e->tmp, e->stack, e->lists.v[pair + k]);
    }
    memmove(e->stack.v + from, e->stack.v + from + n, 2 * n * sizeof *e->stack.v);
    e->stack.n = from + 2 * n;
    return true;
}

static uint32_t map_from(ev *e, uint32_t base)
{
    uint32_t list, n;
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    if (!ev_pairs(e, v, &list, &n)) return 0;
    ev_at(e, v)->list = list, ev_at(e, v)->n = n; /* each key once */
    return v;
}

uint32_t ev_py_dict(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < a->n; i++) {
        if (!a->names[i]) {
            if (i || !put_pairs(e, a->v[0])) return drop(e, base);
            continue;
        }
        uint32_t key = ev_text_val(e, TW_VAL_STR, tw_ir_text(e->ir, a->names[i]), 0, 0);
        TW_PUSH(e->tmp, e->stack, key);
        TW_PUSH(e->tmp, e->stack, a->v[i]);
    }
    return map_from(e, base);
}

/* {..} | {..} */
uint32_t ev_map_or(ev *e, uint32_t l, uint32_t r)
{
    uint32_t base = e->stack.n, list, n;
    if (!ev_pairs(e, l, &list, &n) || !ev_pairs(e, r, &list, &n)) return 0;
    if (!put_pairs(e, l) || !put_pairs(e, r)) return drop(e, base);
    return map_from(e, base);
}

/* ---- methods of dicts and lists ---- */

uint32_t ev_dict_get(ev *e, const ev_args *a)
{
    uint32_t list, n;
    bool sure = true;
    if (!a->self || a->n < 1 || a->n > 2 || !no_names(a) || !ev_is_const(e, a->v[0]) ||
        !ev_pairs(e, a->self, &list, &n))
        return 0;
    for (uint32_t i = 0; i < n && sure; i += 2)
        if (ev_equal_keys(e, e->lists.v[list + i], a->v[0], &sure)) return e->lists.v[list + i + 1];
    if (!sure) return 0;
    return a->n == 2 ? a->v[1] : ev_none(e);
}

uint32_t ev_dict_pop(ev *e, const ev_args *a)
{
    uint32_t v = ev_dict_get(e, a), list, n;
    bool sure = true, there = false;
    if (!v || a->n == 2 || !ev_pairs(e, a->self, &list, &n)) return v;
    for (uint32_t i = 0; i < n && !there; i += 2)
        there = ev_equal_keys(e, e->lists.v[list + i], a->v[0], &sure);
    return there ? v : 0;
}

static uint32_t view(ev *e, const ev_args *a, unsigned which)
{
    uint32_t list, n, base = e->stack.n;
    if (!a->self || a->n || !ev_pairs(e, a->self, &list, &n)) return 0;
    for (uint32_t i = 0; i < n; i += 2) {
        uint32_t v = which == 2 ? tuple_of(e, e->lists.v + list + i, 2) : e->lists.v[list + i + which];
        TW_PUSH(e->tmp, e->stack, v);
    }
    return ev_seq_from(e, base, EV_SEQ_VIEW);
}

uint32_t ev_dict_keys(ev *e, const ev_args *a)
{
    return view(e, a, 0);
}
uint32_t ev_dict_values(ev *e, const ev_args *a)
{
    return view(e, a, 1);
}
uint32_t ev_dict_items(ev *e, const ev_args *a)
{
    return view(e, a, 2);
}

uint32_t ev_dict_copy(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    if (!a->self || a->n) return 0;
    return put_pairs(e, a->self) ? map_from(e, base) : drop(e, base);
}

uint32_t ev_dict_fromkeys(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, val;
    if (a->n < 1 || a->n > 2 || !no_names(a) || !ev_each(e, a->v[0], true)) return drop(e, base);
    uint32_t n = e->stack.n - base;
    val = a->n == 2 ? a->v[1] : ev_none(e);
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, 0);
    for (uint32_t i = n; i-- > 0;)
        e->stack.v[base + 2 * i] = e->stack.v[base + i], e->stack.v[base + 2 * i + 1] = val;
    return map_from(e, base);
}

uint32_t ev_list_pop(ev *e, const ev_args *a)
{
    uint32_t list, n;
    int64_t i = -1;
    if (!a->self || a->n > 1 || (a->n && !ev_get_int(e, a->v[0], &i)) || !ev_items(e, a->self, &list, &n))
        return 0;
    if (i < 0) i += n;
    return i >= 0 && i < n ? e->lists.v[list + (uint32_t)i] : 0;
}

uint32_t ev_list_copy(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    if (!a->self || a->n || !ev_items(e, a->self, &list, &n)) return 0;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    return ev_seq_from(e, base, TW_SEQ_LIST);
}

static uint32_t search(ev *e, const ev_args *a, bool count)
{
    uint32_t list, n;
    int64_t found = 0;
    if (!a->self || a->n != 1 || !ev_items(e, a->self, &list, &n)) return 0;
    for (uint32_t i = 0; i < n; i++) {
        int same = ev_equal(e, e->lists.v[list + i], a->v[0]);
        if (same < 0) return 0;
        if (same && !count) return ev_int(e, i);
        found += same;
    }
    return count ? ev_int(e, found) : 0;
}

uint32_t ev_list_index(ev *e, const ev_args *a)
{
    return search(e, a, false);
}
uint32_t ev_list_count(ev *e, const ev_args *a)
{
    return search(e, a, true);
}

/* ---- sums ---- */

uint32_t ev_py_sum(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, start = ev_arg(e, a, 1, "start"), v = start ? start : ev_int(e, 0);
    bool floats = false;
    if (a->n < 1 || a->n > 2 || !ev_each(e, a->v[0], false)) return drop(e, base);
    for (uint32_t i = base; i < e->stack.n; i++) floats |= ev_at(e, e->stack.v[i])->kind == TW_VAL_FLOAT;
    if (floats && e->stack.n - base > 1) return drop(e, base); /* newer versions sum more exactly */
    for (uint32_t i = base; v && i < e->stack.n; i++) {
        uint32_t pair[2] = {v, e->stack.v[i]};
        uint8_t kind;
        v = ev_is_text(e, v, &kind) || !ev_is_const(e, pair[1]) ? 0 : ev_op(e, TW_S("+"), pair, 2);
        if (v && !ev_is_const(e, v)) v = 0;
    }
    e->stack.n = base;
    return v;
}

uint32_t ev_math_prod(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, v = ev_int(e, 1);
    if (a->n != 1 || !ev_each(e, a->v[0], false)) return drop(e, base);
    for (uint32_t i = base; v && i < e->stack.n; i++) {
        uint32_t pair[2] = {v, e->stack.v[i]};
        v = ev_at(e, pair[1])->kind == TW_VAL_INT ? ev_op(e, TW_S("*"), pair, 2) : 0;
    }
    e->stack.n = base;
    return v;
}

static uint32_t extreme(ev *e, const ev_args *a, bool most)
{
    uint32_t base = e->stack.n, key = named(e, a, "key"), otherwise = named(e, a, "default"), n = 0, best = 0,
             best_key = 0;
    for (uint32_t i = 0; i < a->n; i++) n += !a->names[i];
    if (!n || n + (key != 0) + (otherwise != 0) != a->n) return 0;
    if (n == 1 && !ev_each(e, a->v[0], false)) return drop(e, base);
    for (uint32_t i = 0; n > 1 && i < n; i++) TW_PUSH(e->tmp, e->stack, a->v[i]);
    bool fine = true;
    for (uint32_t i = base; fine && i < e->stack.n; i++) {
        uint32_t item = e->stack.v[i], k = key ? ev_apply(e, key, &item, 1) : item;
        int o = 0;
        fine = k && ev_is_const(e, k) && (!best || ev_order(e, k, best_key, &o));
        if (!best || (fine && (most ? o > 0 : o < 0))) best = item, best_key = k;
    }
    if (fine && !best) best = otherwise;
    e->stack.n = base;
    return fine ? best : 0;
}

uint32_t ev_py_min(ev *e, const ev_args *a)
{
    return extreme(e, a, false);
}
uint32_t ev_py_max(ev *e, const ev_args *a)
{
    return extreme(e, a, true);
}

static uint32_t quantified(ev *e, const ev_args *a, bool all)
{
    uint32_t base = e->stack.n;
    int r = all;
    if (a->n != 1 || !ev_each(e, a->v[0], false)) return drop(e, base);
    for (uint32_t i = base; i < e->stack.n && r == all; i++) {
        int t = ev_truth(e, e->stack.v[i]);
        r = t < 0 ? -1 : t;
    }
    e->stack.n = base;
    return r < 0 ? 0 : ev_bool(e, r);
}

uint32_t ev_py_any(ev *e, const ev_args *a)
{
    return quantified(e, a, false);
}
uint32_t ev_py_all(ev *e, const ev_args *a)
{
    return quantified(e, a, true);
}

uint32_t ev_py_bool(ev *e, const ev_args *a)
{
    int t = a->n == 1 ? ev_truth(e, a->v[0]) : a->n ? -1 : 0;
    return t < 0 ? 0 : ev_bool(e, t);
}

/* ---- order ---- */

/* A merge sort from below: stable, no recursion. */
static bool sort(ev *e, uint32_t *keys, uint32_t *vals, uint32_t n, bool reverse)
{
    uint32_t *k2 = TW_NEWN(e->tmp, uint32_t, n + 1), *v2 = TW_NEWN(e->tmp, uint32_t, n + 1);
    for (uint32_t width = 1; width < n; width *= 2) {
        if (!ev_step(e, n)) return false;
        for (uint32_t lo = 0; lo < n; lo += 2 * width) {
            uint32_t mid = lo + width < n ? lo + width : n, hi = lo + 2 * width < n ? lo + 2 * width : n,
                     i = lo, k = mid;
            for (uint32_t to = lo; to < hi; to++) {
                int o = 0;
                if (i < mid && k < hi && !ev_order(e, keys[i], keys[k], &o)) return false;
                if (reverse) o = -o;
                uint32_t from = k >= hi || (i < mid && o <= 0) ? i++ : k++;
                k2[to] = keys[from], v2[to] = vals[from];
            }
        }
        memcpy(keys, k2, n * sizeof *keys);
        memcpy(vals, v2, n * sizeof *vals);
    }
    return true;
}

uint32_t ev_py_sorted(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, key = named(e, a, "key"), rev = named(e, a, "reverse");
    int reverse = rev ? ev_truth(e, rev) : 0;
    if (a->n < 1 || a->names[0] || reverse < 0 || 1u + (key != 0) + (rev != 0) != a->n ||
        !ev_each(e, a->v[0], false))
        return drop(e, base);
    if (key && ev_at(e, key)->kind == TW_VAL_NULL_) key = 0;
    uint32_t n = e->stack.n - base;
    if (n > ITEMS_MAX) return drop(e, base);
    uint32_t *keys = TW_NEWN(e->tmp, uint32_t, n + 1), *vals = TW_NEWN(e->tmp, uint32_t, n + 1);
    bool fine = true, set = ev_at(e, a->v[0])->kind == TW_VAL_SEQ && ev_at(e, a->v[0])->how == TW_SEQ_SET;
    if (set && key) return drop(e, base); /* what is equal by key stays in an order that we do not know */
    for (uint32_t i = 0; fine && i < n; i++) {
        vals[i] = e->stack.v[base + i];
        keys[i] = key ? ev_apply(e, key, &vals[i], 1) : vals[i];
        fine = keys[i] && ev_is_const(e, keys[i]);
    }
    e->stack.n = base;
    if (!fine || !sort(e, keys, vals, n, reverse)) return 0;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, vals[i]);
    return ev_seq_from(e, base, TW_SEQ_LIST);
}

/* ---- several at once ---- */

typedef struct columns {
    uint32_t from[WIDTH], len[WIDTH], n, shortest, longest;
} columns;

/* The elements of each argument, on the stack. */
static bool spread(ev *e, const uint32_t *v, uint32_t n, columns *ret)
{
    *ret = (columns){.n = n, .shortest = UINT32_MAX};
    if (n > WIDTH) return false;
    for (uint32_t i = 0; i < n; i++) {
        ret->from[i] = e->stack.n;
        if (!ev_each(e, v[i], true)) return false;
        uint32_t len = ret->len[i] = e->stack.n - ret->from[i];
        if (len < ret->shortest) ret->shortest = len;
        if (len > ret->longest) ret->longest = len;
    }
    return true;
}

static uint32_t rows(ev *e, const columns *c, uint32_t base, uint32_t count, uint32_t fill, uint32_t fn)
{
    uint32_t out = e->stack.n;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row[WIDTH];
        for (uint32_t k = 0; k < c->n; k++) row[k] = i < c->len[k] ? e->stack.v[c->from[k] + i] : fill;
        uint32_t v = fn ? ev_apply(e, fn, row, c->n) : tuple_of(e, row, c->n);
        if (!v || !ev_step(e, 2)) return drop(e, base);
        TW_PUSH(e->tmp, e->stack, v);
    }
    uint32_t v = ev_seq_from(e, out, EV_SEQ_ITER);
    e->stack.n = base;
    return v;
}

uint32_t ev_py_zip(ev *e, const ev_args *a)
{
    columns c;
    uint32_t base = e->stack.n;
    if (!no_names(a) || !spread(e, a->v, a->n, &c)) return drop(e, base);
    return rows(e, &c, base, a->n ? c.shortest : 0, 0, 0);
}

uint32_t ev_zip_longest(ev *e, const ev_args *a)
{
    columns c;
    uint32_t base = e->stack.n, fill = named(e, a, "fillvalue"), n = a->n - (fill != 0);
    if ((fill && a->names[n] == 0) || !spread(e, a->v, n, &c)) return drop(e, base);
    return rows(e, &c, base, c.longest, fill ? fill : ev_none(e), 0);
}

uint32_t ev_py_map(ev *e, const ev_args *a)
{
    columns c;
    uint32_t base = e->stack.n;
    if (a->n < 2 || !no_names(a) || !spread(e, a->v + 1, a->n - 1, &c)) return drop(e, base);
    return rows(e, &c, base, c.shortest, 0, a->v[0]);
}

uint32_t ev_starmap(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, list, n;
    if (a->n != 2 || !no_names(a) || !ev_each(e, a->v[1], true)) return drop(e, base);
    for (uint32_t i = base; i < e->stack.n; i++) {
        uint32_t row[4], v = 0;
        if (ev_items(e, e->stack.v[i], &list, &n) && n <= 4) {
            memcpy(row, e->lists.v + list, n * sizeof *row);
            v = ev_apply(e, a->v[0], row, n);
        }
        if (!v) return drop(e, base);
        e->stack.v[i] = v;
    }
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_py_enumerate(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, from = ev_arg(e, a, 1, "start");
    int64_t start = 0;
    if (a->n < 1 || a->n > 2 || a->names[0] || (from && !ev_get_int(e, from, &start)) || start > INT32_MAX ||
        start < INT32_MIN || !ev_each(e, a->v[0], true))
        return drop(e, base);
    for (uint32_t i = base; i < e->stack.n; i++) {
        uint32_t pair[2] = {ev_int(e, start + (i - base)), e->stack.v[i]};
        e->stack.v[i] = tuple_of(e, pair, 2);
    }
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

typedef enum keep { KEEP, DROP, TAKE, SKIP } keep;
static uint32_t filtered(ev *e, const ev_args *a, keep how)
{
    uint32_t base = e->stack.n, to = base;
    bool off = false;
    if (a->n != 2 || !no_names(a) || !ev_each(e, a->v[1], true)) return drop(e, base);
    bool none = ev_at(e, a->v[0])->kind == TW_VAL_NULL_;
    for (uint32_t i = base; i < e->stack.n; i++) {
        uint32_t item = e->stack.v[i], v = none ? item : off ? 0 : ev_apply(e, a->v[0], &item, 1);
        int t = v ? ev_truth(e, v) : -1;
        if (off && how == SKIP) t = 0;
        if (t < 0) return drop(e, base);
        if (how == TAKE && !t) break;
        if (how == SKIP && !t) off = true;
        if (how == KEEP || how == DROP ? (how == KEEP) == t : how == TAKE || off) e->stack.v[to++] = item;
    }
    e->stack.n = to;
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_py_filter(ev *e, const ev_args *a)
{
    return filtered(e, a, KEEP);
}
uint32_t ev_filterfalse(ev *e, const ev_args *a)
{
    return filtered(e, a, DROP);
}
uint32_t ev_dropwhile(ev *e, const ev_args *a)
{
    return filtered(e, a, SKIP);
}

uint32_t ev_py_reduce(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, i = base, v;
    if (a->n < 2 || a->n > 3 || !no_names(a) || !ev_each(e, a->v[1], true)) return drop(e, base);
    v = a->n == 3 ? a->v[2] : i < e->stack.n ? e->stack.v[i++] : 0;
    for (; v && i < e->stack.n; i++) {
        uint32_t pair[2] = {v, e->stack.v[i]};
        v = ev_apply(e, a->v[0], pair, 2);
    }
    e->stack.n = base;
    return v && ev_is_const(e, v) ? v : 0;
}

uint32_t ev_accumulate(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, first = named(e, a, "initial"), fn = ev_arg(e, a, 1, "func"), v = 0;
    if (a->n < 1 || first || !ev_each(e, a->v[0], true)) return drop(e, base);
    for (uint32_t i = base; i < e->stack.n; i++) {
        uint32_t pair[2] = {v, e->stack.v[i]};
        v = i == base ? pair[1] : fn ? ev_apply(e, fn, pair, 2) : ev_op(e, TW_S("+"), pair, 2);
        if (!v || !ev_is_const(e, v)) return drop(e, base);
        e->stack.v[i] = v;
    }
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_chain(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < a->n; i++)
        if (a->names[i] || !ev_each(e, a->v[i], true)) return drop(e, base);
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_chain_from(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    if (a->n != 1 || !ev_each(e, a->v[0], true)) return drop(e, base);
    uint32_t mid = e->stack.n;
    for (uint32_t i = base; i < mid; i++)
        if (!ev_each(e, e->stack.v[i], true)) return drop(e, base);
    uint32_t v = ev_seq_from(e, mid, EV_SEQ_ITER);
    e->stack.n = base;
    return v;
}

uint32_t ev_repeat(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, times = ev_arg(e, a, 1, "times");
    int64_t n;
    if (!times || a->n != 2 || !ev_get_int(e, times, &n) || n > ITEMS_MAX ||
        !ev_step(e, n > 0 ? (uint64_t)n : 0))
        return 0;
    for (int64_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, a->v[0]);
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

/* Endless ones are as long as somebody takes. */
static bool endless(ev *e, uint32_t v, int64_t want)
{
    const ev_val x = *ev_at(e, v);
    if (x.kind != TW_VAL_CALL || x.a >= e->calls.n || want > ITEMS_MAX) return false;
    const ev_call c = e->calls.v[x.a];
    tw_str sym = ev_sym(e, c.sym);
    uint32_t first = c.n_args ? e->args.v[c.args].value : 0, base = e->stack.n;
    for (uint32_t i = 0; i < c.n_args; i++)
        if (e->args.v[c.args + i].name) return false;
    if (!ev_step(e, (uint64_t)want)) return false;
    if (tw_str_eq(sym, TW_S("itertools.cycle")) && c.n_args == 1 && ev_each(e, first, true)) {
        uint32_t n = e->stack.n - base;
        for (int64_t i = n; n && i < want; i++)
            TW_PUSH(e->tmp, e->stack, e->stack.v[base + (uint32_t)(i % n)]);
        return true;
    }
    if (tw_str_eq(sym, TW_S("itertools.repeat")) && c.n_args == 1) {
        for (int64_t i = 0; i < want; i++) TW_PUSH(e->tmp, e->stack, first);
        return true;
    }
    if (!tw_str_eq(sym, TW_S("itertools.count")) || c.n_args > 2) return false;
    int64_t at = 0, step = 1;
    if ((first && !ev_get_int(e, first, &at)) ||
        (c.n_args == 2 && !ev_get_int(e, e->args.v[c.args + 1].value, &step)))
        return false;
    if (llabs(at) > INT32_MAX || llabs(step) > INT32_MAX) return false;
    for (int64_t i = 0; i < want; i++) {
        uint32_t v2 = ev_int(e, at + i * step);
        TW_PUSH(e->tmp, e->stack, v2);
    }
    return true;
}

uint32_t ev_takewhile(ev *e, const ev_args *a)
{
    uint32_t v = filtered(e, a, TAKE), base = e->stack.n;
    if (v || a->n != 2 || !endless(e, a->v[1], 4096)) return e->stack.n = base, v;
    uint32_t to = base;
    for (uint32_t i = base; i < e->stack.n; i++, to++) {
        uint32_t item = e->stack.v[i], r = ev_apply(e, a->v[0], &item, 1);
        int t = r ? ev_truth(e, r) : -1;
        if (t < 0) return drop(e, base);
        if (!t) {
            e->stack.n = to;
            return ev_seq_from(e, base, EV_SEQ_ITER);
        }
    }
    return drop(e, base);
}

uint32_t ev_islice(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n, n = 0, to = base;
    int64_t x[3] = {0, -1, 1};
    if (a->n < 2 || a->n > 4 || !no_names(a)) return 0;
    for (uint32_t i = 1; i < a->n; i++) {
        int64_t *at = a->n == 2 ? &x[1] : &x[i - 1];
        if (ev_at(e, a->v[i])->kind != TW_VAL_NULL_ && (!ev_get_int(e, a->v[i], at) || *at < 0)) return 0;
    }
    if (!x[2]) return 0;
    if (!ev_each(e, a->v[0], true)) {
        e->stack.n = base;
        if (x[1] < 0 || !endless(e, a->v[0], x[1])) return drop(e, base);
    }
    n = e->stack.n - base;
    for (int64_t i = x[0]; i < n && (x[1] < 0 || i < x[1]); i += x[2])
        e->stack.v[to++] = e->stack.v[base + (uint32_t)i];
    e->stack.n = to;
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_compress(ev *e, const ev_args *a)
{
    columns c;
    uint32_t base = e->stack.n, out;
    if (a->n != 2 || !spread(e, a->v, 2, &c)) return drop(e, base);
    out = e->stack.n;
    for (uint32_t i = 0; i < c.shortest; i++) {
        int t = ev_truth(e, e->stack.v[c.from[1] + i]);
        if (t < 0) return drop(e, base);
        if (t) TW_PUSH(e->tmp, e->stack, e->stack.v[c.from[0] + i]);
    }
    uint32_t v = ev_seq_from(e, out, EV_SEQ_ITER);
    e->stack.n = base;
    return v;
}

uint32_t ev_product(ev *e, const ev_args *a)
{
    columns c;
    uint32_t base = e->stack.n, rep = named(e, a, "repeat"), n = a->n - (rep != 0), at[WIDTH] = {0},
             args[WIDTH];
    int64_t times = 1, total = 1;
    if (rep && (!ev_get_int(e, rep, &times) || times < 0 || a->names[n] == 0)) return 0;
    if (n * (uint64_t)times > WIDTH) return 0;
    for (uint32_t i = 0; i < n * times; i++) args[i] = a->v[i % n];
    if (!spread(e, args, (uint32_t)(n * times), &c)) return drop(e, base);
    for (uint32_t i = 0; i < c.n; i++) total *= c.len[i], total = total > ITEMS_MAX ? ITEMS_MAX + 1 : total;
    if (total > ITEMS_MAX || !ev_step(e, (uint64_t)total * 4)) return drop(e, base);
    uint32_t out = e->stack.n;
    for (int64_t i = 0; i < total; i++) {
        uint32_t row[WIDTH];
        for (uint32_t k = 0; k < c.n; k++) row[k] = e->stack.v[c.from[k] + at[k]];
        uint32_t v = tuple_of(e, row, c.n);
        TW_PUSH(e->tmp, e->stack, v);
        for (uint32_t k = c.n; k-- > 0;) {
            if (++at[k] < c.len[k]) break;
            at[k] = 0;
        }
    }
    uint32_t v = ev_seq_from(e, out, EV_SEQ_ITER);
    e->stack.n = base;
    return v;
}

uint32_t ev_pairwise(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    if (a->n != 1 || !ev_each(e, a->v[0], true)) return drop(e, base);
    for (uint32_t i = base; i + 1 < e->stack.n; i++)
        e->stack.v[i] = tuple_of(e, (uint32_t[]){e->stack.v[i], e->stack.v[i + 1]}, 2);
    if (e->stack.n > base) e->stack.n--;
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_py_reversed(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    if (a->n != 1 || !ev_each(e, a->v[0], true)) return drop(e, base);
    for (uint32_t i = base, k = e->stack.n; i + 1 < k; i++) {
        uint32_t t = e->stack.v[--k];
        e->stack.v[k] = e->stack.v[i], e->stack.v[i] = t;
    }
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

uint32_t ev_isinstance(ev *e, const ev_args *a)
{
    static const struct {
        tw_str name;
        uint8_t kind, how;
    } types[] = {{TW_SI("str"), TW_VAL_STR, 99},           {TW_SI("bytes"), TW_VAL_BYTES, 99},
                 {TW_SI("int"), TW_VAL_INT, 99},           {TW_SI("bool"), TW_VAL_BOOL, 99},
                 {TW_SI("list"), TW_VAL_SEQ, TW_SEQ_LIST}, {TW_SI("tuple"), TW_VAL_SEQ, TW_SEQ_TUPLE},
                 {TW_SI("dict"), TW_VAL_MAP, 99}};
    if (a->n != 2 || !ev_is_const(e, a->v[0])) return 0;
    const ev_val x = *ev_at(e, a->v[0]), t = *ev_at(e, a->v[1]);
    uint8_t kind = x.kind;
    ev_num num;
    if (kind == TW_VAL_FLOAT && ev_num_of(e, a->v[0], &num)) {
        if (num.kind == EV_NUM_BIG) kind = TW_VAL_INT;
        ev_num_free(&num);
    }
    if (kind == EV_ROPE) kind = x.flags & EV_BYTES ? TW_VAL_BYTES : TW_VAL_STR;
    if (kind == TW_VAL_BYTES || kind == TW_VAL_FLOAT || (kind == TW_VAL_SEQ && x.how > TW_SEQ_SET))
        return 0; /* or a bytearray */
    for (size_t i = 0; t.kind == TW_VAL_SYMBOL && i < TW_COUNT(types); i++)
        if (tw_str_eq(types[i].name, ev_sym(e, t.sym))) {
            bool is = types[i].kind == kind && (types[i].how == 99 || types[i].how == x.how);
            return ev_bool(e, is || (kind == TW_VAL_BOOL && types[i].kind == TW_VAL_INT));
        }
    return 0;
}
