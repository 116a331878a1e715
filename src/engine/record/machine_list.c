/* SPDX-License-Identifier: Apache-2.0 */
/* Methods that change lists and maps, and functions over items. What only computes is the pure functions'
 * business. */
#include "engine/record/machine_priv.h"

typedef struct on {      /* a method at work */
    uint32_t self, o, n; /* value, object, items it has */
    const mc_args *a;
    uint32_t *ret;
} on;
typedef uint32_t (*method_fn)(ev *e, const on *m);

static uint32_t item(const ev *e, const on *m, uint32_t i)
{
    return mc_obj_at(e, m->o)->items.v[i];
}

static uint32_t *copy(ev *e, uint32_t o, uint32_t extra)
{
    uint32_t n = mc_obj_at(e, o)->items.n, *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + extra + 1);
    mc_tick(e, 1 + n / 32);
    if (n) memcpy(v, mc_obj_at(e, o)->items.v, n * sizeof *v);
    return v;
}

static bool int_at(ev *e, const mc_args *a, uint32_t i, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    return i >= a->n || (!mc_is_ref(e, a->v[i]) && ev_get_int(e, a->v[i], ret));
}

static uint32_t unsure(ev *e, const on *m)
{
    mc_lose(e, m->o);
    for (uint32_t i = 0; i < m->a->n; i++) mc_escape(e, m->a->v[i]);
    *m->ret = e->mc->unknown;
    e->mc->may_throw = true;
    return R_NORMAL;
}

/* ---- lists ---- */

static uint32_t do_push(ev *e, const on *m)
{
    for (uint32_t i = 0; i < m->a->n; i++) mc_push(e, m->o, m->a->v[i]);
    *m->ret = e->js ? ev_int(e, mc_obj_at(e, m->o)->items.n) : e->mc->none;
    return R_NORMAL;
}

static uint32_t do_pop(ev *e, const on *m)
{
    int64_t i;
    if (!int_at(e, m->a, 0, -1, &i)) return unsure(e, m);
    if (e->js) i = -1;
    if (i < 0) i += m->n;
    if (!m->n && e->js) return *m->ret = e->mc->undefined, R_NORMAL;
    if (i < 0 || i >= m->n) return unsure(e, m);
    *m->ret = item(e, m, (uint32_t)i);
    uint32_t *v = copy(e, m->o, 0);
    memmove(v + i, v + i + 1, (m->n - (uint32_t)i - 1) * sizeof *v);
    mc_set_items(e, m->o, v, m->n - 1);
    return R_NORMAL;
}

static uint32_t do_shift(ev *e, const on *m)
{
    if (!m->n) return *m->ret = e->mc->undefined, R_NORMAL;
    *m->ret = item(e, m, 0);
    mc_set_items(e, m->o, mc_obj_at(e, m->o)->items.v + 1, m->n - 1);
    return R_NORMAL;
}

static uint32_t spliced(ev *e, const on *m, uint32_t at, uint32_t gone, const uint32_t *in, uint32_t n)
{
    uint32_t *v = copy(e, m->o, n);
    memmove(v + at + n, v + at + gone, (m->n - at - gone) * sizeof *v);
    if (n) memcpy(v + at, in, n * sizeof *v);
    mc_set_items(e, m->o, v, m->n - gone + n);
    return R_NORMAL;
}

static uint32_t do_unshift(ev *e, const on *m)
{
    spliced(e, m, 0, 0, m->a->v, m->a->n);
    *m->ret = ev_int(e, mc_obj_at(e, m->o)->items.n);
    return R_NORMAL;
}

static int64_t clamp(int64_t i, int64_t n)
{
    if (i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
}

static uint32_t do_splice(ev *e, const on *m)
{
    int64_t at, gone;
    if (!m->a->n || !int_at(e, m->a, 0, 0, &at)) return unsure(e, m);
    at = clamp(at, m->n);
    if (!int_at(e, m->a, 1, m->n - at, &gone)) return unsure(e, m);
    if (gone < 0) gone = 0;
    if (gone > m->n - at) gone = m->n - at;
    *m->ret = mc_list(e, mc_obj_at(e, m->o)->items.v + at, (uint32_t)gone, TW_SEQ_ARRAY);
    uint32_t more = m->a->n > 2 ? m->a->n - 2 : 0;
    return spliced(e, m, (uint32_t)at, (uint32_t)gone, more ? m->a->v + 2 : NULL, more);
}

static uint32_t do_insert(ev *e, const on *m)
{
    int64_t at;
    if (m->a->n != 2 || !int_at(e, m->a, 0, 0, &at)) return unsure(e, m);
    *m->ret = e->mc->none;
    return spliced(e, m, (uint32_t)clamp(at, m->n), 0, m->a->v + 1, 1);
}

static uint32_t do_extend(ev *e, const on *m)
{
    uint32_t list;
    if (m->a->n != 1 || !mc_iterate(e, m->a->v[0], &list)) return unsure(e, m);
    uint32_t n = mc_obj_at(e, list)->items.n;
    for (uint32_t i = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0; i < n && mc_tick(e, 1);
         i++)
        mc_push(e, m->o, mc_obj_at(e, list)->items.v[i]);
    *m->ret = e->mc->none;
    return R_NORMAL;
}

static uint32_t do_reverse(ev *e, const on *m)
{
    uint32_t *v = copy(e, m->o, 0);
    for (uint32_t i = 0; i < m->n; i++) v[i] = item(e, m, m->n - 1 - i);
    mc_set_items(e, m->o, v, m->n);
    *m->ret = e->js ? m->self : e->mc->none;
    return R_NORMAL;
}

static uint32_t do_clear(ev *e, const on *m)
{
    while (mc_obj_at(e, m->o)->props.n && mc_tick(e, 1))
        mc_delete(e, m->o, mc_obj_at(e, m->o)->props.v[0].key);
    mc_set_items(e, m->o, NULL, 0);
    *m->ret = e->js ? e->mc->undefined : e->mc->none;
    return R_NORMAL;
}

static uint32_t do_remove(ev *e, const on *m)
{
    bool same = false;
    for (uint32_t i = 0; m->a->n == 1 && i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], item(e, m, i), &same)) return unsure(e, m);
        if (!same) continue;
        *m->ret = e->mc->none;
        return spliced(e, m, i, 1, NULL, 0);
    }
    return unsure(e, m);
}

static uint32_t do_fill(ev *e, const on *m)
{
    int64_t from, to;
    if (!m->a->n || !int_at(e, m->a, 1, 0, &from) || !int_at(e, m->a, 2, m->n, &to)) return unsure(e, m);
    for (int64_t i = clamp(from, m->n), end = clamp(to, m->n); i < end && mc_tick(e, 1); i++)
        mc_set_item(e, m->o, (uint32_t)i, m->a->v[0]);
    *m->ret = m->self;
    return R_NORMAL;
}

static uint32_t do_copy(ev *e, const on *m)
{
    if (mc_obj_at(e, m->o)->kind == MC_LIST) {
        *m->ret = mc_list(e, copy(e, m->o, 0), m->n, mc_obj_at(e, m->o)->how);
        return R_NORMAL;
    }
    uint32_t to = mc_new(e, MC_MAP);
    for (uint32_t i = 0; i < mc_obj_at(e, m->o)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, m->o)->props.v[i];
        mc_put(e, to, p.key, p.name, p.val);
    }
    *m->ret = mc_ref_to(e, to);
    return R_NORMAL;
}

/* Items from a list of JavaScript that may hold what is no constant. */
static uint32_t do_slice(ev *e, const on *m)
{
    int64_t from, to;
    if (!int_at(e, m->a, 0, 0, &from) || !int_at(e, m->a, 1, m->n, &to))
        return *m->ret = e->mc->unknown, R_NORMAL;
    from = clamp(from, m->n), to = clamp(to, m->n);
    *m->ret = mc_list(e, mc_obj_at(e, m->o)->items.v + from, to > from ? (uint32_t)(to - from) : 0,
                      mc_obj_at(e, m->o)->how);
    return R_NORMAL;
}

static uint32_t do_concat(ev *e, const on *m)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < m->n; i++) TW_PUSH(e->tmp, e->stack, item(e, m, i));
    bool fine = true;
    for (uint32_t k = 0; k < m->a->n; k++) {
        uint32_t o = mc_ref(e, m->a->v[k]);
        bool list = o != TW_NONE && mc_obj_at(e, o)->kind == MC_LIST;
        fine = fine && (list ? mc_known(e, o) : !mc_unknown(e, m->a->v[k]));
        if (!list) TW_PUSH(e->tmp, e->stack, m->a->v[k]);
        for (uint32_t i = 0; list && i < mc_obj_at(e, o)->items.n && mc_tick(e, 1); i++)
            TW_PUSH(e->tmp, e->stack, mc_obj_at(e, o)->items.v[i]);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    *m->ret = fine ? mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY) : e->mc->unknown;
    e->stack.n = base;
    return R_NORMAL;
}

static uint32_t do_index_of(ev *e, const on *m)
{
    bool same = false;
    int64_t from = 0;
    if (!m->a->n || !int_at(e, m->a, 1, 0, &from)) return *m->ret = e->mc->unknown, R_NORMAL;
    for (uint32_t i = (uint32_t)clamp(from, m->n); i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], item(e, m, i), &same)) return *m->ret = e->mc->unknown, R_NORMAL;
        if (same) return *m->ret = ev_int(e, i), R_NORMAL;
    }
    *m->ret = e->js ? ev_int(e, -1) : e->mc->unknown;
    return R_NORMAL;
}

static uint32_t do_includes(ev *e, const on *m)
{
    uint32_t how = do_index_of(e, m);
    int64_t i;
    if (ev_get_int(e, *m->ret, &i)) *m->ret = i >= 0 ? e->mc->yes : e->mc->no;
    return how;
}

/* ---- a function over items ---- */

enum { EACH_MAP, EACH_FILTER, EACH_DO, EACH_SOME, EACH_EVERY, EACH_FIND, EACH_FIND_INDEX };

static uint32_t each(ev *e, const on *m, int what)
{
    uint32_t out = mc_new(e, MC_LIST), v = 0, how, f = m->a->n ? m->a->v[0] : e->mc->unknown;
    *m->ret = e->mc->unknown;
    mc_obj_at(e, out)->how = TW_SEQ_ARRAY;
    if (what == EACH_DO || what == EACH_FIND) *m->ret = e->mc->undefined;
    if (what == EACH_SOME) *m->ret = e->mc->no;
    if (what == EACH_EVERY) *m->ret = e->mc->yes;
    if (what == EACH_FIND_INDEX) *m->ret = ev_int(e, -1);
    for (uint32_t i = 0; i < mc_obj_at(e, m->o)->items.n; i++) {
        uint32_t x = item(e, m, i), *args = TW_NEWN(e->tmp, uint32_t, 3);
        args[0] = x, args[1] = ev_int(e, i), args[2] = m->self;
        mc_args a = {args, NULL, mc_is_ref(e, f) ? 3 : 1, false};
        if (!mc_tick(e, 1)) return R_STOP;
        how = mc_apply(e, f, 0, &a, 0, &v);
        if (how != R_NORMAL || !mc_known(e, m->o)) return *m->ret = e->mc->unknown, how;
        if (what == EACH_MAP) mc_push(e, out, v);
        if (what == EACH_MAP || what == EACH_DO) continue;
        int truth = mc_truth(e, v);
        if (truth < 0) { /* from here on nothing is known */
            *m->ret = e->mc->unknown;
            mc_lose(e, out);
            if (what == EACH_FILTER) continue;
            mc_escape(e, f);
            mc_speculate(e);
            return R_NORMAL;
        }
        if (what == EACH_FILTER && truth) mc_push(e, out, x);
        if (what == EACH_SOME && truth) return *m->ret = e->mc->yes, R_NORMAL;
        if (what == EACH_EVERY && !truth) return *m->ret = e->mc->no, R_NORMAL;
        if (what == EACH_FIND && truth) return *m->ret = x, R_NORMAL;
        if (what == EACH_FIND_INDEX && truth) return *m->ret = ev_int(e, i), R_NORMAL;
    }
    if (what == EACH_MAP || what == EACH_FILTER) *m->ret = mc_ref_to(e, out);
    return R_NORMAL;
}

static uint32_t do_map(ev *e, const on *m)
{
    return each(e, m, EACH_MAP);
}
static uint32_t do_filter(ev *e, const on *m)
{
    return each(e, m, EACH_FILTER);
}
static uint32_t do_for_each(ev *e, const on *m)
{
    return each(e, m, EACH_DO);
}
static uint32_t do_some(ev *e, const on *m)
{
    return each(e, m, EACH_SOME);
}
static uint32_t do_every(ev *e, const on *m)
{
    return each(e, m, EACH_EVERY);
}
static uint32_t do_find(ev *e, const on *m)
{
    return each(e, m, EACH_FIND);
}
static uint32_t do_find_index(ev *e, const on *m)
{
    return each(e, m, EACH_FIND_INDEX);
}

static uint32_t do_reduce(ev *e, const on *m)
{
    uint32_t from = m->a->n < 2, acc = from ? (m->n ? item(e, m, 0) : e->mc->unknown) : m->a->v[1];
    for (uint32_t i = from; m->a->n && i < mc_obj_at(e, m->o)->items.n; i++) {
        uint32_t *args = TW_NEWN(e->tmp, uint32_t, 4);
        args[0] = acc, args[1] = item(e, m, i), args[2] = ev_int(e, i), args[3] = m->self;
        mc_args a = {args, NULL, e->js ? 4 : 2, false};
        if (!mc_tick(e, 1)) return R_STOP;
        uint32_t how = mc_apply(e, m->a->v[0], 0, &a, 0, &acc);
        if (how != R_NORMAL || !mc_known(e, m->o)) return *m->ret = e->mc->unknown, how;
    }
    *m->ret = m->a->n ? acc : e->mc->unknown;
    return R_NORMAL;
}

/* Insertion sort by halves: every comparison is a call, or of two constants. */
static int before(ev *e, const on *m, uint32_t x, uint32_t y, uint32_t f)
{
    double d;
    tw_str s, t;
    int64_t i, k;
    uint32_t r = e->mc->unknown;
    if (f) {
        uint32_t *args = TW_NEWN(e->tmp, uint32_t, 2);
        args[0] = x, args[1] = y;
        mc_args a = {args, NULL, 2, false};
        bool fine = mc_apply(e, f, 0, &a, 0, &r) == R_NORMAL && mc_known(e, m->o) && !mc_is_ref(e, r) &&
                    ev_is_const(e, r);
        return fine && mc_double(e, r, &d) && d == d ? d < 0 : -1;
    }
    if (mc_is_ref(e, x) || mc_is_ref(e, y) || !ev_is_const(e, x) || !ev_is_const(e, y)) return -1;
    if (!e->js && ev_get_int(e, x, &i) && ev_get_int(e, y, &k)) return i < k;
    if (e->js) x = mc_text(e, x), y = mc_text(e, y);
    if (!x || !y || ev_at(e, x)->kind != ev_at(e, y)->kind || !ev_text(e, x, &s) || !ev_text(e, y, &t))
        return -1;
    if (e->js && (!ev_js_ascii(e, s) || !ev_js_ascii(e, t))) return -1;
    return tw_str_cmp(s, t) < 0;
}

static uint32_t *sorted(ev *e, const on *m, uint32_t f)
{
    uint32_t *v = copy(e, m->o, 0);
    for (uint32_t i = 1; i < m->n; i++) {
        uint32_t x = v[i], lo = 0, hi = i;
        while (lo < hi) {
            uint32_t mid = (lo + hi) / 2;
            int less = mc_tick(e, 1) ? before(e, m, x, v[mid], f) : -1;
            if (less < 0) return NULL;
            if (less)
                hi = mid;
            else
                lo = mid + 1;
        }
        memmove(v + lo + 1, v + lo, (i - lo) * sizeof *v);
        v[lo] = x;
    }
    return v;
}

static uint32_t do_sort(ev *e, const on *m)
{
    if (!e->js && m->a->n) return unsure(e, m);
    uint32_t *v = sorted(e, m, e->js && m->a->n ? m->a->v[0] : 0);
    if (!v) return e->mc->lost ? R_STOP : unsure(e, m);
    mc_set_items(e, m->o, v, m->n);
    *m->ret = e->js ? m->self : e->mc->none;
    return R_NORMAL;
}

/* ---- maps ---- */

static uint32_t do_get(ev *e, const on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? mc_key(e, m->a->v[0]) : 0;
    uint32_t v = key ? mc_get(e, m->o, key) : e->mc->unknown;
    if (!v) v = e->js ? e->mc->undefined : m->a->n > 1 ? m->a->v[1] : e->mc->none;
    *m->ret = v;
    return R_NORMAL;
}

static uint32_t do_set(ev *e, const on *m)
{
    uint32_t key = m->a->n > 1 && !mc_unknown(e, m->a->v[0]) ? mc_key(e, m->a->v[0]) : 0;
    if (!key) return unsure(e, m);
    mc_put(e, m->o, key, m->a->v[0], m->a->v[1]);
    *m->ret = m->self;
    return R_NORMAL;
}

static uint32_t do_has(ev *e, const on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? mc_key(e, m->a->v[0]) : 0;
    *m->ret = key ? mc_get(e, m->o, key) ? e->mc->yes : e->mc->no : e->mc->unknown;
    return R_NORMAL;
}

static uint32_t do_set_default(ev *e, const on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? mc_key(e, m->a->v[0]) : 0;
    if (!key) return unsure(e, m);
    uint32_t v = mc_get(e, m->o, key), d = m->a->n > 1 ? m->a->v[1] : e->mc->none;
    if (!v) mc_put(e, m->o, key, m->a->v[0], d);
    *m->ret = v ? v : d;
    return R_NORMAL;
}

static uint32_t do_map_pop(ev *e, const on *m)
{
    uint32_t key = m->a->n && !mc_unknown(e, m->a->v[0]) ? mc_key(e, m->a->v[0]) : 0,
             v = key ? mc_get(e, m->o, key) : 0;
    if (!key || (!v && m->a->n < 2)) return unsure(e, m);
    if (v) mc_delete(e, m->o, key);
    *m->ret = v ? v : m->a->v[1];
    return R_NORMAL;
}

static uint32_t do_update(ev *e, const on *m)
{
    uint32_t from = m->a->n == 1 && (!m->a->names || !m->a->names[0]) ? mc_ref(e, m->a->v[0]) : TW_NONE;
    if (from == TW_NONE || mc_obj_at(e, from)->kind != MC_MAP || !mc_known(e, from) ||
        mc_obj_at(e, from)->flags & MCO_MAYBE)
        return unsure(e, m);
    for (uint32_t i = 0; i < mc_obj_at(e, from)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, from)->props.v[i];
        mc_put(e, m->o, p.key, p.name, p.val);
    }
    *m->ret = e->mc->none;
    return R_NORMAL;
}

static uint32_t listed(ev *e, uint32_t o, int what) /* 0 keys, 1 values, 2 pairs */
{
    uint32_t base = e->stack.n;
    if (mc_obj_at(e, o)->flags & MCO_MAYBE) return e->mc->unknown;
    for (uint32_t i = 0; i < mc_obj_at(e, o)->props.n && mc_tick(e, 1); i++) {
        mc_prop p = mc_obj_at(e, o)->props.v[i];
        uint32_t pair[2] = {p.name, p.val};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, e->js ? TW_SEQ_ARRAY : TW_SEQ_TUPLE) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = mc_list(e, e->stack.v + base, e->stack.n - base, e->js ? TW_SEQ_ARRAY : TW_SEQ_LIST);
    e->stack.n = base;
    return v;
}

static uint32_t do_keys(ev *e, const on *m)
{
    *m->ret = listed(e, m->o, 0);
    return R_NORMAL;
}
static uint32_t do_values(ev *e, const on *m)
{
    *m->ret = listed(e, m->o, 1);
    return R_NORMAL;
}
static uint32_t do_items(ev *e, const on *m)
{
    *m->ret = listed(e, m->o, 2);
    return R_NORMAL;
}

static uint32_t do_add(ev *e, const on *m)
{
    bool same = false;
    *m->ret = e->js ? m->self : e->mc->none;
    for (uint32_t i = 0; m->a->n == 1 && i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], item(e, m, i), &same)) return unsure(e, m);
        if (same) return R_NORMAL;
    }
    if (m->a->n != 1) return unsure(e, m);
    mc_push(e, m->o, m->a->v[0]);
    return R_NORMAL;
}

static uint32_t do_next(ev *e, const on *m)
{
    uint32_t i = mc_obj_at(e, m->o)->a, n = mc_obj_at(e, m->o)->items.n, v = i < n ? item(e, m, i) : 0;
    if (v) mc_set_next(e, m->o, i + 1);
    if (e->js) { /* {value, done} */
        uint32_t r = mc_new(e, MC_MAP);
        mc_put_named(e, r, TW_S("value"), v ? v : e->mc->undefined);
        mc_put_named(e, r, TW_S("done"), v ? e->mc->no : e->mc->yes);
        *m->ret = mc_ref_to(e, r);
        return R_NORMAL;
    }
    *m->ret = v ? v : e->mc->unknown;
    if (!v) e->mc->may_throw = true;
    return R_NORMAL;
}

#define BIT(k) (1u << (k))
static const struct {
    const char *name;
    uint8_t lang; /* 1 Python, 2 JavaScript */
    uint32_t on;
    method_fn fn;
} methods[] = {
    {"push", 2, BIT(MC_LIST), do_push},
    {"append", 1, BIT(MC_LIST), do_push},
    {"pop", 3, BIT(MC_LIST), do_pop},
    {"shift", 2, BIT(MC_LIST), do_shift},
    {"unshift", 2, BIT(MC_LIST), do_unshift},
    {"splice", 2, BIT(MC_LIST), do_splice},
    {"insert", 1, BIT(MC_LIST), do_insert},
    {"extend", 1, BIT(MC_LIST) | BIT(MC_ITER), do_extend},
    {"reverse", 3, BIT(MC_LIST), do_reverse},
    {"clear", 1, BIT(MC_LIST) | BIT(MC_MAP) | BIT(MC_SET), do_clear},
    {"clear", 2, BIT(MC_MAP) | BIT(MC_SET), do_clear},
    {"remove", 1, BIT(MC_LIST), do_remove},
    {"fill", 2, BIT(MC_LIST), do_fill},
    {"copy", 1, BIT(MC_LIST) | BIT(MC_MAP), do_copy},
    {"slice", 2, BIT(MC_LIST), do_slice},
    {"concat", 2, BIT(MC_LIST), do_concat},
    {"indexOf", 2, BIT(MC_LIST), do_index_of},
    {"includes", 2, BIT(MC_LIST), do_includes},
    {"index", 1, BIT(MC_LIST), do_index_of},
    {"map", 2, BIT(MC_LIST), do_map},
    {"filter", 2, BIT(MC_LIST), do_filter},
    {"forEach", 2, BIT(MC_LIST), do_for_each},
    {"some", 2, BIT(MC_LIST), do_some},
    {"every", 2, BIT(MC_LIST), do_every},
    {"find", 2, BIT(MC_LIST), do_find},
    {"findIndex", 2, BIT(MC_LIST), do_find_index},
    {"reduce", 2, BIT(MC_LIST), do_reduce},
    {"sort", 3, BIT(MC_LIST), do_sort},
    {"get", 3, BIT(MC_MAP), do_get},
    {"set", 2, BIT(MC_MAP), do_set},
    {"has", 2, BIT(MC_MAP), do_has},
    {"hasOwnProperty", 2, BIT(MC_MAP) | BIT(MC_CLOSURE), do_has},
    {"setdefault", 1, BIT(MC_MAP), do_set_default},
    {"pop", 1, BIT(MC_MAP), do_map_pop},
    {"update", 1, BIT(MC_MAP), do_update},
    {"keys", 1, BIT(MC_MAP), do_keys},
    {"values", 1, BIT(MC_MAP), do_values},
    {"items", 1, BIT(MC_MAP), do_items},
    {"add", 3, BIT(MC_SET), do_add},
    {"next", 2, BIT(MC_ITER), do_next},
    {"__next__", 1, BIT(MC_ITER), do_next},
};

uint32_t mc_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_ref(e, self);
    if (o == TW_NONE) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    for (size_t i = 0; i < TW_COUNT(methods); i++) {
        bool fits = methods[i].lang & (e->js ? 2 : 1) && methods[i].on & BIT(x->kind) &&
                    tw_str_eq(name, tw_str_c(methods[i].name));
        if (!fits) continue;
        bool is_map = x->kind == MC_MAP && x->how & 1; /* get, set and has are Map's own */
        if (e->js && x->kind == MC_MAP && !is_map && !tw_str_eq(name, TW_S("hasOwnProperty"))) return 0;
        if (x->kind == MC_LIST && x->how == TW_SEQ_TUPLE && methods[i].fn != do_index_of) return 0;
        on m = {self, o, x->items.n, a, ret};
        *ret = e->mc->unknown;
        if (!mc_known(e, o)) return unsure(e, &m);
        if (x->shared)
            for (uint32_t k = 0; k < a->n; k++) mc_escape(e, a->v[k]);
        bool whole = methods[i].fn == do_copy || methods[i].fn == do_has || methods[i].fn == do_clear;
        if (whole && mc_obj_at(e, o)->flags & MCO_MAYBE) return unsure(e, &m);
        uint32_t how = methods[i].fn(e, &m);
        return e->mc->lost ? R_STOP : how;
    }
    return 0;
}

/* ---- functions ---- */

typedef uint32_t (*builtin_fn)(ev *e, const mc_args *a, uint32_t *ret);

static uint32_t of_list(ev *e, const mc_args *a, uint32_t list, method_fn fn, uint32_t *ret)
{
    on m = {mc_ref_to(e, list), list, mc_obj_at(e, list)->items.n, a, ret};
    return fn(e, &m);
}

static bool given(const mc_args *a, uint32_t min, uint32_t max)
{
    for (uint32_t i = 0; a->names && i < a->n; i++)
        if (a->names[i]) return false;
    return a->n >= min && a->n <= max;
}

static uint32_t b_range(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t from = 0, to, step;
    if (!given(a, 1, 3) || !int_at(e, a, a->n > 1, 0, &to) || !int_at(e, a, 2, 1, &step)) return 0;
    if (a->n > 1 && !int_at(e, a, 0, 0, &from)) return 0;
    if (!step || from > INT32_MAX || from < INT32_MIN || to > INT32_MAX || to < INT32_MIN ||
        step > INT32_MAX || step < INT32_MIN)
        return 0;
    int64_t n = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
    if (n < 0) n = 0;
    if (n > 1 << 20 || !mc_tick(e, (uint64_t)n)) return 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++) v[i] = ev_int(e, from + i * step);
    *ret = mc_list(e, v, (uint32_t)n, TW_SEQ_LIST);
    return R_NORMAL;
}

static uint32_t as_iter(ev *e, const uint32_t *v, uint32_t n)
{
    uint32_t o = mc_ref(e, mc_list(e, v, n, TW_SEQ_LIST));
    if (o == TW_NONE) return e->mc->unknown;
    mc_obj_at(e, o)->kind = MC_ITER;
    return mc_ref_to(e, o);
}

/* Takes what is left of it. */
static bool take(ev *e, uint32_t v, uint32_t **ret_v, uint32_t *ret_n)
{
    uint32_t list, from;
    if (!mc_iterate(e, v, &list)) return false;
    from = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0;
    *ret_v = copy(e, list, 0) + from;
    *ret_n = mc_obj_at(e, list)->items.n - from;
    if (from || mc_obj_at(e, list)->kind == MC_ITER) mc_set_next(e, list, mc_obj_at(e, list)->items.n);
    return mc_tick(e, *ret_n / 8);
}

static uint32_t zipped(ev *e, uint32_t n_lists, uint32_t **lists, uint32_t n, uint32_t *ret)
{
    uint32_t *out = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1), tuple[8];
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        for (uint32_t k = 0; k < n_lists; k++) tuple[k] = lists[k][i];
        out[i] = mc_list(e, tuple, n_lists, TW_SEQ_TUPLE);
    }
    *ret = as_iter(e, out, n);
    return e->mc->lost ? R_STOP : R_NORMAL;
}

static uint32_t b_zip(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *lists[8], n = UINT32_MAX, count;
    if (!given(a, 1, 8)) return 0;
    for (uint32_t i = 0; i < a->n; i++) {
        if (!take(e, a->v[i], &lists[i], &count)) return 0;
        if (count < n) n = count;
    }
    return zipped(e, a->n, lists, n, ret);
}

static uint32_t b_enumerate(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *lists[2], n;
    int64_t from;
    if (a->n < 1 || a->n > 2 || !int_at(e, a, 1, 0, &from) || !take(e, a->v[0], &lists[1], &n)) return 0;
    if (a->names && (a->names[0] ||
                     (a->n > 1 && a->names[1] && !tw_str_eq(tw_ir_text(e->ir, a->names[1]), TW_S("start")))))
        return 0;
    lists[0] = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) lists[0][i] = ev_int(e, from + i);
    return zipped(e, 2, lists, n, ret);
}

static uint32_t b_iter(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!given(a, 1, 1)) return 0;
    if (mc_is(e, a->v[0], MC_ITER)) return *ret = a->v[0], R_NORMAL;
    if (!take(e, a->v[0], &v, &n)) return 0;
    *ret = as_iter(e, v, n);
    return R_NORMAL;
}

static uint32_t b_next(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!given(a, 1, 2) || !mc_is(e, a->v[0], MC_ITER) || !mc_known(e, mc_ref(e, a->v[0]))) return 0;
    mc_args none = {NULL, NULL, 0, false};
    uint32_t o = mc_ref(e, a->v[0]);
    if (a->n == 2 && mc_obj_at(e, o)->a >= mc_obj_at(e, o)->items.n) return *ret = a->v[1], R_NORMAL;
    return of_list(e, &none, o, do_next, ret);
}

static uint32_t collected(ev *e, const mc_args *a, uint16_t how, uint32_t *ret)
{
    uint32_t *v, n = 0;
    if (!given(a, 0, 1)) return 0;
    if (!a->n) return *ret = mc_list(e, NULL, 0, how), R_NORMAL;
    if (!take(e, a->v[0], &v, &n)) return 0;
    *ret = mc_list(e, v, n, how);
    return R_NORMAL;
}

static uint32_t b_list(ev *e, const mc_args *a, uint32_t *ret)
{
    return collected(e, a, TW_SEQ_LIST, ret);
}
static uint32_t b_tuple(ev *e, const mc_args *a, uint32_t *ret)
{
    return collected(e, a, TW_SEQ_TUPLE, ret);
}

static uint32_t b_reversed(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!given(a, 1, 1) || !take(e, a->v[0], &v, &n)) return 0;
    for (uint32_t i = 0; i + 1 < n - i; i++) {
        uint32_t t = v[i];
        v[i] = v[n - 1 - i], v[n - 1 - i] = t;
    }
    *ret = as_iter(e, v, n);
    return R_NORMAL;
}

static uint32_t b_sorted(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t how = given(a, 1, 1) ? b_list(e, a, ret) : 0, o = how ? mc_ref(e, *ret) : TW_NONE;
    if (o == TW_NONE) return 0;
    on m = {*ret, o, mc_obj_at(e, o)->items.n, a, ret};
    uint32_t *v = sorted(e, &m, 0);
    if (!v) return 0;
    mc_set_items(e, o, v, m.n);
    return R_NORMAL;
}

static uint32_t b_map(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!given(a, 2, 2) || !take(e, a->v[1], &v, &n)) return 0;
    for (uint32_t i = 0; i < n; i++) {
        mc_args one = {TW_NEWN(e->tmp, uint32_t, 1), NULL, 1, false};
        *(uint32_t *)one.v = v[i];
        uint32_t how = mc_tick(e, 1) ? mc_apply(e, a->v[0], 0, &one, 0, &v[i]) : R_STOP;
        if (how != R_NORMAL) return *ret = e->mc->unknown, how;
    }
    *ret = as_iter(e, v, n);
    return R_NORMAL;
}

static uint32_t b_filter(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n, kept = 0, x = 0;
    if (!given(a, 2, 2) || !take(e, a->v[1], &v, &n)) return 0;
    for (uint32_t i = 0; i < n; i++) {
        mc_args one = {TW_NEWN(e->tmp, uint32_t, 1), NULL, 1, false};
        *(uint32_t *)one.v = v[i];
        bool none = ev_at(e, a->v[0])->kind == TW_VAL_NULL_;
        uint32_t how = none            ? (x = v[i], R_NORMAL)
                       : mc_tick(e, 1) ? mc_apply(e, a->v[0], 0, &one, 0, &x)
                                       : R_STOP;
        int truth = how == R_NORMAL ? mc_truth(e, x) : -1;
        if (truth < 0) return *ret = e->mc->unknown, how;
        if (truth) v[kept++] = v[i];
    }
    *ret = as_iter(e, v, kept);
    return R_NORMAL;
}

static uint32_t b_reduce(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!given(a, 2, 3) || !take(e, a->v[1], &v, &n)) return 0;
    uint32_t list = mc_ref(e, mc_list(e, v, n, TW_SEQ_LIST)), with[2] = {a->v[0], a->n > 2 ? a->v[2] : 0};
    mc_args f = {with, NULL, a->n - 1, false};
    return list == TW_NONE ? R_STOP : of_list(e, &f, list, do_reduce, ret);
}

static uint32_t b_len(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = given(a, 1, 1) ? mc_ref(e, a->v[0]) : TW_NONE;
    if (o == TW_NONE || !mc_known(e, o)) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    if ((x->kind != MC_LIST && x->kind != MC_MAP && x->kind != MC_SET) || x->flags & MCO_MAYBE) return 0;
    *ret = ev_int(e, x->kind == MC_MAP ? x->props.n : x->items.n);
    return R_NORMAL;
}

static uint32_t b_sum(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n;
    if (!given(a, 1, 2) || !take(e, a->v[0], &v, &n)) return 0;
    *ret = a->n > 1 ? a->v[1] : ev_int(e, 0);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        uint32_t pair[2] = {*ret, v[i]};
        *ret = mc_operate(e, TW_S("+"), pair, 2);
    }
    return R_NORMAL;
}

static uint32_t extreme(ev *e, const mc_args *a, bool most, uint32_t *ret)
{
    uint32_t *v, n, best = 0;
    int64_t x, y;
    if (!given(a, 1, 16)) return 0;
    if (a->n == 1 ? !take(e, a->v[0], &v, &n)
                  : (v = TW_NEWN(e->tmp, uint32_t, a->n), n = a->n, memcpy(v, a->v, n * sizeof *v), false))
        return 0;
    if (!n) return 0;
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        if (mc_is_ref(e, v[i]) || mc_is_ref(e, v[best]) || !ev_get_int(e, v[i], &x) ||
            !ev_get_int(e, v[best], &y))
            return 0;
        if (most ? x > y : x < y) best = i;
    }
    *ret = v[best];
    return R_NORMAL;
}

static uint32_t b_max(ev *e, const mc_args *a, uint32_t *ret)
{
    return extreme(e, a, true, ret);
}
static uint32_t b_min(ev *e, const mc_args *a, uint32_t *ret)
{
    return extreme(e, a, false, ret);
}

static uint32_t b_dict(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t o = mc_new(e, MC_MAP), list;
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->names && a->names[i]) {
            mc_put_named(e, o, tw_ir_text(e->ir, a->names[i]), a->v[i]);
            continue;
        }
        if (!mc_iterate(e, a->v[i], &list)) return 0;
        if (mc_is(e, a->v[i], MC_MAP)) {
            uint32_t pairs = listed(e, mc_ref(e, a->v[i]), 2);
            list = mc_ref(e, pairs);
            if (list == TW_NONE) return 0;
        }
        for (uint32_t k = mc_obj_at(e, list)->kind == MC_ITER ? mc_obj_at(e, list)->a : 0;
             k < mc_obj_at(e, list)->items.n && mc_tick(e, 1); k++) {
            uint32_t pair = mc_ref(e, mc_obj_at(e, list)->items.v[k]), key;
            if (pair == TW_NONE || mc_obj_at(e, pair)->items.n != 2) return 0;
            uint32_t name = mc_obj_at(e, pair)->items.v[0];
            if (mc_unknown(e, name) || !(key = mc_key(e, name))) return 0;
            mc_put(e, o, key, name, mc_obj_at(e, pair)->items.v[1]);
        }
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

static uint32_t b_set(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v = NULL, n = 0, o = mc_new(e, MC_SET);
    mc_obj_at(e, o)->how = TW_SEQ_SET;
    if (!given(a, 0, 1) || (a->n && !take(e, a->v[0], &v, &n))) return 0;
    for (uint32_t i = 0; i < n; i++) {
        mc_args one = {v + i, NULL, 1, false};
        of_list(e, &one, o, do_add, ret);
    }
    *ret = mc_ref_to(e, o);
    return R_NORMAL;
}

static uint32_t b_bytearray(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v, n = 0;
    int64_t x;
    if (!given(a, 0, 1)) return 0;
    if (a->n && !mc_is_ref(e, a->v[0]) && ev_get_int(e, a->v[0], &x)) {
        if (x < 0 || x > 1 << 20 || !mc_tick(e, (uint64_t)x)) return 0;
        n = (uint32_t)x, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0, zero = ev_int(e, 0); i < n; i++) v[i] = zero;
    } else if (a->n && !take(e, a->v[0], &v, &n)) {
        return 0;
    }
    for (uint32_t i = 0; i < n; i++)
        if (mc_is_ref(e, v[i]) || !ev_get_int(e, v[i], &x) || x < 0 || x > 255) return 0;
    *ret = mc_list(e, a->n ? v : NULL, n, MC_BYTES);
    return R_NORMAL;
}

/* ---- JavaScript ---- */

static uint32_t own(ev *e, const mc_args *a, int what, uint32_t *ret)
{
    uint32_t o = a->n ? mc_ref(e, a->v[0]) : TW_NONE, base = e->stack.n;
    char text[16];
    if (o == TW_NONE || !mc_known(e, o)) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_MAP && !(x->how & 1)) {
        for (uint32_t i = 0; i < x->props.n; i++) { /* digits come first: not our order */
            tw_str s = tw_intern_str(&e->mc->keys, x->props.v[i].key);
            if (s.n > 1 && s.p[1] >= '0' && s.p[1] <= '9') return 0;
        }
        return *ret = listed(e, o, what), R_NORMAL;
    }
    if (x->kind != MC_LIST || x->props.n) return 0;
    for (uint32_t i = 0; i < mc_obj_at(e, o)->items.n && mc_tick(e, 1); i++) {
        size_t n = 0;
        for (uint32_t d = 1000000000; d; d /= 10)
            if (i >= d || n || d == 1) text[n++] = (char)('0' + i / d % 10);
        uint32_t key = ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, tw_str_of(text, n)), 0);
        uint32_t pair[2] = {key, mc_obj_at(e, o)->items.v[i]};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, TW_SEQ_ARRAY) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    *ret = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY);
    e->stack.n = base;
    return R_NORMAL;
}

static uint32_t b_own_keys(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 0, ret);
}
static uint32_t b_own_values(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 1, ret);
}
static uint32_t b_own_entries(ev *e, const mc_args *a, uint32_t *ret)
{
    return own(e, a, 2, ret);
}

static uint32_t b_array(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t n;
    if (a->n != 1 || mc_is_ref(e, a->v[0])) return *ret = mc_list(e, a->v, a->n, TW_SEQ_ARRAY), R_NORMAL;
    if (!ev_get_int(e, a->v[0], &n) || ev_at(e, a->v[0])->kind != TW_VAL_INT || n < 0 || n > 1 << 20 ||
        !mc_tick(e, (uint64_t)n))
        return 0;
    uint32_t *v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (int64_t i = 0; i < n; i++) v[i] = e->mc->undefined;
    *ret = mc_list(e, v, (uint32_t)n, TW_SEQ_ARRAY);
    return R_NORMAL;
}

static uint32_t b_octets(ev *e, const mc_args *a, uint32_t *ret)
{
    int64_t n = 0, x;
    uint32_t *v = NULL, count = 0;
    if (a->n != 1) return 0;
    if (!mc_is_ref(e, a->v[0]) && ev_get_int(e, a->v[0], &n)) {
        if (n < 0 || n > 1 << 20 || !mc_tick(e, (uint64_t)n)) return 0;
        count = (uint32_t)n, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0, zero = ev_int(e, 0); i < count; i++) v[i] = zero;
    } else {
        if (!mc_is_ref(e, a->v[0]) || !take(e, a->v[0], &v, &count)) return 0;
        for (uint32_t i = 0; i < count; i++) {
            if (mc_is_ref(e, v[i]) || !ev_get_int(e, v[i], &x)) return 0;
            v[i] = ev_int(e, x & 255);
        }
    }
    *ret = mc_list(e, v, count, MC_OCTETS);
    return R_NORMAL;
}

static uint32_t b_array_from(ev *e, const mc_args *a, uint32_t *ret)
{
    uint32_t *v = NULL, n = 0, o = a->n ? mc_ref(e, a->v[0]) : TW_NONE;
    int64_t length;
    if (a->n < 1 || a->n > 2) return 0;
    if (o != TW_NONE && mc_obj_at(e, o)->kind == MC_MAP && mc_known(e, o) &&
        mc_obj_at(e, o)->props.n == 1) { /* {length: n} */
        uint32_t l = mc_get(e, o, mc_key_of(e, TW_S("length")));
        if (!l || mc_is_ref(e, l) || !ev_get_int(e, l, &length) || length < 0 || length > 1 << 20 ||
            !mc_tick(e, (uint64_t)length))
            return 0;
        n = (uint32_t)length, v = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
        for (uint32_t i = 0; i < n; i++) v[i] = e->mc->undefined;
    } else if (!take(e, a->v[0], &v, &n)) {
        return 0;
    }
    *ret = mc_list(e, v, n, TW_SEQ_ARRAY);
    if (a->n == 1 || !mc_is_ref(e, *ret)) return R_NORMAL;
    mc_args f = {a->v + 1, NULL, 1, false};
    return of_list(e, &f, mc_ref(e, *ret), do_map, ret);
}

static uint32_t b_assign(ev *e, const mc_args *a, uint32_t *ret)
{
    if (!a->n || !mc_is(e, a->v[0], MC_MAP)) return 0;
    uint32_t to = mc_ref(e, a->v[0]);
    for (uint32_t i = 1; i < a->n; i++) {
        uint32_t from = mc_ref(e, a->v[i]);
        if (from == TW_NONE || mc_obj_at(e, from)->kind != MC_MAP || !mc_known(e, from) ||
            mc_obj_at(e, from)->flags & MCO_MAYBE)
            return 0;
        for (uint32_t k = 0; k < mc_obj_at(e, from)->props.n && mc_tick(e, 1); k++) {
            mc_prop p = mc_obj_at(e, from)->props.v[k];
            mc_put(e, to, p.key, p.name, p.val);
        }
    }
    *ret = a->v[0];
    return R_NORMAL;
}

static uint32_t b_require(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    if (a->n != 1 || mc_is_ref(e, a->v[0]) || ev_at(e, a->v[0])->kind == TW_VAL_SYMBOL ||
        !ev_is_const(e, a->v[0]) || !ev_text(e, a->v[0], &s))
        return 0;
    *ret = ev_js_module(e, s);
    return R_NORMAL;
}

/* parseInt of what is no number. */
static uint32_t b_parse_int(ev *e, const mc_args *a, uint32_t *ret)
{
    tw_str s;
    if (a->n < 1 || a->n > 2 || mc_is_ref(e, a->v[0]) || !ev_is_const(e, a->v[0])) return 0;
    uint32_t text = mc_text(e, a->v[0]);
    if (!text || !ev_text(e, text, &s)) return 0;
    s = tw_str_trim(s);
    if (s.n && (s.p[0] == '-' || s.p[0] == '+')) s = tw_str_sub(s, 1, s.n);
    while (s.n > 1 && (unsigned char)s.p[0] == 0xC2 && (unsigned char)s.p[1] == 0xA0)
        s = tw_str_sub(s, 2, s.n);
    unsigned char c = s.n ? (unsigned char)s.p[0] : 0;
    bool digit = c >= '0' && c <= '9',
         blank = c == '\v' || c == '\f' || (c >= 0xE1 && c <= 0xE3) || c == 0xEF; /* or may be */
    if (digit || a->n > 1 || blank) return 0;
    *ret = mc_number(e, __builtin_nan(""));
    return R_NORMAL;
}

static const struct {
    const char *name;
    uint8_t lang;
    builtin_fn fn;
} builtins[] = {
    {"range", 1, b_range},
    {"xrange", 1, b_range},
    {"zip", 1, b_zip},
    {"enumerate", 1, b_enumerate},
    {"iter", 1, b_iter},
    {"next", 1, b_next},
    {"list", 1, b_list},
    {"tuple", 1, b_tuple},
    {"reversed", 1, b_reversed},
    {"sorted", 1, b_sorted},
    {"map", 1, b_map},
    {"filter", 1, b_filter},
    {"functools.reduce", 1, b_reduce},
    {"reduce", 1, b_reduce},
    {"len", 1, b_len},
    {"sum", 1, b_sum},
    {"max", 1, b_max},
    {"min", 1, b_min},
    {"dict", 1, b_dict},
    {"set", 1, b_set},
    {"bytearray", 1, b_bytearray},
    {"Object.keys", 2, b_own_keys},
    {"Object.values", 2, b_own_values},
    {"Object.entries", 2, b_own_entries},
    {"Object.assign", 2, b_assign},
    {"Array", 2, b_array},
    {"Array.from", 2, b_array_from},
    {"Uint8Array", 2, b_octets},
    {"Buffer.alloc", 2, b_octets},
    {"require", 2, b_require},
    {"parseInt", 2, b_parse_int},
};

uint32_t mc_builtin(ev *e, tw_str sym, const mc_args *a, uint32_t *ret)
{
    for (size_t i = 0; i < TW_COUNT(builtins); i++)
        if (builtins[i].lang & (e->js ? 2 : 1) && tw_str_eq(sym, tw_str_c(builtins[i].name))) {
            *ret = e->mc->unknown;
            uint32_t how = builtins[i].fn(e, a, ret);
            return e->mc->lost ? R_STOP : how;
        }
    return 0;
}
