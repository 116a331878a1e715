/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of JavaScript's arrays, maps and sets that the older rows do not have. */
#include "engine/record/machine_method.h"

enum { FLAT_MAX = 1 << 16 };

bool mc_changes_list(tw_str name)
{
    tw_str all = TW_S(" push pop shift unshift splice sort reverse fill copyWithin ");
    size_t at = tw_str_find(all, name);
    return at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + name.n] == ' ';
}

static uint32_t unknown(ev *e, const mc_on *m)
{
    *m->ret = e->mc->unknown;
    return R_NORMAL;
}

static int64_t clamp(int64_t i, int64_t n)
{
    if (i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
}

uint32_t mc_do_at(ev *e, const mc_on *m)
{
    int64_t i;
    if (!mc_int_at(e, m->a, 0, 0, &i)) return unknown(e, m);
    if (i < 0) i += m->n;
    *m->ret = i >= 0 && i < m->n ? mc_on_item(e, m, (uint32_t)i) : e->mc->undefined;
    return R_NORMAL;
}

uint32_t mc_do_last_index_of(ev *e, const mc_on *m)
{
    bool same = false;
    if (m->a->n != 1) return unknown(e, m);
    for (uint32_t i = m->n; i-- > 0 && mc_tick(e, 1);) {
        if (!mc_same(e, m->a->v[0], mc_on_item(e, m, i), &same)) return unknown(e, m);
        if (same) return *m->ret = mc_int(e, i), R_NORMAL;
    }
    *m->ret = ev_int(e, -1);
    return R_NORMAL;
}

static uint32_t called(ev *e, const mc_on *m, uint32_t x, uint32_t i, uint32_t *ret)
{
    uint32_t *args = TW_NEWN(e->tmp, uint32_t, 3);
    args[0] = x, args[1] = mc_int(e, i), args[2] = m->self;
    mc_args a = {args, NULL, 3, false};
    if (!m->a->n || !mc_tick(e, 1)) return R_STOP;
    return mc_apply(e, m->a->v[0], m->a->n > 1 ? m->a->v[1] : 0, &a, 0, ret);
}

static uint32_t find_last(ev *e, const mc_on *m, bool index)
{
    uint32_t v = 0, how;
    for (uint32_t i = m->n; i-- > 0;) {
        uint32_t x = mc_on_item(e, m, i);
        if ((how = called(e, m, x, i, &v)) != R_NORMAL) return how;
        int truth = mc_truth(e, v);
        if (truth < 0 || !mc_known(e, m->o) || mc_obj_at(e, m->o)->items.n < m->n) return mc_unsure(e, m);
        if (truth) return *m->ret = index ? mc_int(e, i) : x, R_NORMAL;
    }
    *m->ret = index ? ev_int(e, -1) : e->mc->undefined;
    return R_NORMAL;
}

uint32_t mc_do_find_last(ev *e, const mc_on *m)
{
    return find_last(e, m, false);
}
uint32_t mc_do_find_last_index(ev *e, const mc_on *m)
{
    return find_last(e, m, true);
}

uint32_t mc_do_reduce_right(ev *e, const mc_on *m)
{
    uint32_t n = m->n, acc = m->a->n > 1 ? m->a->v[1] : n ? mc_on_item(e, m, --n) : e->mc->unknown, how;
    if (!m->a->n) return unknown(e, m);
    while (n-- > 0) {
        uint32_t *args = TW_NEWN(e->tmp, uint32_t, 4);
        if (n >= mc_obj_at(e, m->o)->items.n || !mc_known(e, m->o)) return mc_unsure(e, m);
        args[0] = acc, args[1] = mc_on_item(e, m, n), args[2] = mc_int(e, n), args[3] = m->self;
        mc_args a = {args, NULL, 4, false};
        if (!mc_tick(e, 1)) return R_STOP;
        if ((how = mc_apply(e, m->a->v[0], 0, &a, 0, &acc)) != R_NORMAL) return how;
    }
    *m->ret = acc;
    return R_NORMAL;
}

/* Where items are objects that make texts of themselves; else the table of pure functions knows it. */
uint32_t mc_do_join(ev *e, const mc_on *m)
{
    uint32_t sep = m->a->n && !(ev_at(e, m->a->v[0])->kind == TW_VAL_NULL_ && ev_at(e, m->a->v[0])->a)
                       ? mc_is_ref(e, m->a->v[0]) ? 0 : mc_text(e, m->a->v[0])
                       : ev_folded(e, TW_VAL_STR, TW_S(","), 0),
             sum = ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0);
    bool objects = false;
    for (uint32_t i = 0; i < m->n; i++) objects |= mc_is_ref(e, mc_on_item(e, m, i));
    if (!objects) return 0;
    for (uint32_t i = 0; i < m->n && sep && sum && mc_tick(e, 1); i++) {
        if (i >= mc_obj_at(e, m->o)->items.n) return unknown(e, m);
        uint32_t x = mc_primitive(e, mc_on_item(e, m, i), true), text;
        if (mc_is_ref(e, x)) x = mc_freeze(e, x);
        bool nothing = x && ev_at(e, x)->kind == TW_VAL_NULL_;
        text = !x || nothing || !ev_is_const(e, x) ? 0 : mc_text(e, x);
        if (!text && !nothing) return unknown(e, m);
        if (i) sum = ev_concat(e, sum, sep);
        if (text) sum = ev_concat(e, sum, text);
    }
    *m->ret = sep && sum && ev_is_const(e, sum) ? sum : e->mc->unknown;
    return R_NORMAL;
}

typedef struct place {
    uint32_t o, i;
} place;

/* Lists in lists, to a depth. false: something of it is not known. */
static bool flatten(ev *e, uint32_t o, int64_t depth)
{
    TW_VEC(place) open = {0};
    TW_PUSH(e->tmp, open, ((place){o, 0}));
    while (open.n && mc_tick(e, 1)) {
        place *p = &open.v[open.n - 1];
        if (!mc_known(e, p->o)) return false;
        if (p->i >= mc_obj_at(e, p->o)->items.n) {
            open.n--;
            continue;
        }
        uint32_t v = mc_obj_at(e, p->o)->items.v[p->i++], in = v ? mc_ref(e, v) : TW_NONE;
        bool list = in != TW_NONE && mc_obj_at(e, in)->kind == MC_LIST && mc_obj_at(e, in)->how < MC_BYTES;
        if (v && !list && mc_unknown(e, v)) return false; /* it may be a list */
        if (list && open.n <= depth && open.n < FLAT_MAX)
            TW_PUSH(e->tmp, open, ((place){in, 0}));
        else if (v)
            TW_PUSH(e->tmp, e->stack, v);
    }
    return !e->mc->lost;
}

static uint32_t flat(ev *e, uint32_t o, int64_t depth, uint32_t *ret)
{
    uint32_t base = e->stack.n;
    bool fine = flatten(e, o, depth);
    TW_RESERVE(e->tmp, e->stack, 1);
    *ret = fine ? mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY) : e->mc->unknown;
    e->stack.n = base;
    return R_NORMAL;
}

uint32_t mc_do_flat(ev *e, const mc_on *m)
{
    int64_t depth = 1;
    double d;
    if (m->a->n && !mc_int_at(e, m->a, 0, 1, &depth)) {
        if (mc_is_ref(e, m->a->v[0]) ||
            !(ev_at(e, m->a->v[0])->kind == TW_VAL_SYMBOL || mc_double(e, m->a->v[0], &d)))
            return unknown(e, m);
        bool infinite = ev_at(e, m->a->v[0])->kind == TW_VAL_FLOAT ||
                        tw_str_eq(ev_sym(e, ev_at(e, m->a->v[0])->sym), TW_S("Infinity"));
        if (!infinite) return unknown(e, m);
        depth = FLAT_MAX;
    }
    return flat(e, m->o, depth, m->ret);
}

uint32_t mc_do_flat_map(ev *e, const mc_on *m)
{
    uint32_t mapped = 0, how = mc_of_list(e, m->a, m->o, mc_do_map, &mapped);
    if (how != R_NORMAL || !mc_is(e, mapped, MC_LIST)) return unknown(e, m), how;
    return flat(e, mc_ref(e, mapped), 1, m->ret);
}

uint32_t mc_do_copy_within(ev *e, const mc_on *m)
{
    int64_t to, from, end;
    if (!mc_int_at(e, m->a, 0, 0, &to) || !mc_int_at(e, m->a, 1, 0, &from) ||
        !mc_int_at(e, m->a, 2, m->n, &end))
        return mc_unsure(e, m);
    to = clamp(to, m->n), from = clamp(from, m->n), end = clamp(end, m->n);
    int64_t n = end - from < m->n - to ? end - from : m->n - to;
    uint32_t *v = mc_copy_items(e, m->o, 0);
    if (n > 0) memmove(v + to, v + from, (size_t)n * sizeof *v);
    mc_set_items(e, m->o, v, m->n);
    *m->ret = m->self;
    return R_NORMAL;
}

/* Iterators over keys, values, pairs. */
static uint32_t listed(ev *e, const mc_on *m, int what)
{
    uint32_t base = e->stack.n, kind = mc_obj_at(e, m->o)->kind,
             n = kind == MC_MAP ? mc_obj_at(e, m->o)->props.n : m->n;
    if (mc_obj_at(e, m->o)->flags & MCO_MAYBE) return unknown(e, m);
    for (uint32_t i = 0; i < n && mc_tick(e, 1); i++) {
        mc_prop p = kind == MC_MAP ? mc_obj_at(e, m->o)->props.v[i] : (mc_prop){0};
        uint32_t x = kind == MC_MAP ? p.val : mc_on_item(e, m, i);
        uint32_t k = kind == MC_MAP ? p.name : kind == MC_SET ? x : mc_int(e, i), pair[2] = {k, x};
        uint32_t v = what == 2 ? mc_list(e, pair, 2, TW_SEQ_ARRAY) : pair[what];
        TW_PUSH(e->tmp, e->stack, v);
    }
    TW_RESERVE(e->tmp, e->stack, 1);
    *m->ret = mc_as_iter(e, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    return R_NORMAL;
}

uint32_t mc_do_js_entries(ev *e, const mc_on *m)
{
    return listed(e, m, 2);
}
uint32_t mc_do_js_keys(ev *e, const mc_on *m)
{
    return listed(e, m, 0);
}
uint32_t mc_do_js_values(ev *e, const mc_on *m)
{
    return listed(e, m, 1);
}

uint32_t mc_do_to_sorted(ev *e, const mc_on *m)
{
    uint32_t *v = mc_sorted(e, m, m->a->n ? m->a->v[0] : 0);
    if (!v) return e->mc->lost ? R_STOP : unknown(e, m);
    *m->ret = mc_list(e, v, m->n, mc_obj_at(e, m->o)->how);
    return R_NORMAL;
}

uint32_t mc_do_to_reversed(ev *e, const mc_on *m)
{
    uint32_t *v = mc_copy_items(e, m->o, 0);
    for (uint32_t i = 0; i < m->n; i++) v[i] = mc_on_item(e, m, m->n - 1 - i);
    *m->ret = mc_list(e, v, m->n, mc_obj_at(e, m->o)->how);
    return R_NORMAL;
}

uint32_t mc_do_with(ev *e, const mc_on *m)
{
    int64_t i;
    if (m->a->n != 2 || !mc_int_at(e, m->a, 0, 0, &i)) return unknown(e, m);
    if (i < 0) i += m->n;
    if (i < 0 || i >= m->n) return mc_raise_kind(e, TW_S("RangeError")), R_NORMAL;
    uint32_t *v = mc_copy_items(e, m->o, 0);
    v[i] = m->a->v[1];
    *m->ret = mc_list(e, v, m->n, mc_obj_at(e, m->o)->how);
    return R_NORMAL;
}

/* A view: what is written into one of the two is not followed into the other. */
uint32_t mc_do_subarray(ev *e, const mc_on *m)
{
    if (mc_obj_at(e, m->o)->how < MC_BYTES) return 0;
    uint32_t how = mc_do_slice(e, m), o = mc_ref(e, *m->ret);
    if (o == TW_NONE) return how;
    mc_obj_at(e, o)->at = m->o + 1;
    if (!mc_obj_at(e, m->o)->at)
        mc_obj_at(e, m->o)->at = o + 1;
    else
        mc_lose(e, o);
    return how;
}

uint32_t mc_do_set_bytes(ev *e, const mc_on *m)
{
    uint32_t *v, n;
    int64_t at;
    if (mc_obj_at(e, m->o)->how < MC_BYTES) return 0;
    if (!m->a->n || !mc_int_at(e, m->a, 1, 0, &at) || at < 0 || !mc_take(e, m->a->v[0], &v, &n))
        return mc_unsure(e, m);
    if (at + n > m->n) return mc_raise_kind(e, TW_S("RangeError")), R_NORMAL;
    for (uint32_t i = 0; i < n; i++) mc_js_set_index(e, m->self, mc_int(e, at + i), v[i]);
    *m->ret = e->mc->undefined;
    return R_NORMAL;
}

uint32_t mc_do_delete(ev *e, const mc_on *m)
{
    bool same = false;
    *m->ret = e->mc->no;
    if (m->a->n < 1 || (mc_unknown(e, m->a->v[0]) && !mc_is_ref(e, m->a->v[0]))) return mc_unsure(e, m);
    if (mc_obj_at(e, m->o)->kind == MC_MAP) {
        uint32_t key = mc_map_key(e, m->a->v[0]);
        if (!key || mc_obj_at(e, m->o)->flags & MCO_MAYBE) return mc_unsure(e, m);
        if (mc_delete(e, m->o, key)) *m->ret = e->mc->yes;
        return R_NORMAL;
    }
    for (uint32_t i = 0; i < m->n && mc_tick(e, 1); i++) {
        if (!mc_same(e, m->a->v[0], mc_on_item(e, m, i), &same)) return mc_unsure(e, m);
        if (!same) continue;
        uint32_t *v = mc_copy_items(e, m->o, 0);
        memmove(v + i, v + i + 1, (m->n - i - 1) * sizeof *v);
        mc_set_items(e, m->o, v, m->n - 1);
        *m->ret = e->mc->yes;
        return R_NORMAL;
    }
    return R_NORMAL;
}

uint32_t mc_do_set_has(ev *e, const mc_on *m)
{
    bool same = false;
    *m->ret = e->mc->no;
    for (uint32_t i = 0; m->a->n && i < m->n && !same && mc_tick(e, 1); i++)
        if (!mc_same(e, m->a->v[0], mc_on_item(e, m, i), &same)) return unknown(e, m);
    if (same) *m->ret = e->mc->yes;
    return R_NORMAL;
}

uint32_t mc_do_each_entry(ev *e, const mc_on *m)
{
    bool map = mc_obj_at(e, m->o)->kind == MC_MAP;
    uint32_t n = map ? mc_obj_at(e, m->o)->props.n : m->n, how, none = 0;
    if (!m->a->n || mc_obj_at(e, m->o)->flags & MCO_MAYBE) return mc_unsure(e, m);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t now = map ? mc_obj_at(e, m->o)->props.n : mc_obj_at(e, m->o)->items.n,
                 *args = TW_NEWN(e->tmp, uint32_t, 3);
        if (now != n || !mc_known(e, m->o) || !mc_tick(e, 1)) return mc_unsure(e, m); /* changed on the way */
        mc_prop p = map ? mc_obj_at(e, m->o)->props.v[i] : (mc_prop){0};
        args[0] = map ? p.val : mc_on_item(e, m, i), args[1] = map ? p.name : args[0], args[2] = m->self;
        mc_args a = {args, NULL, 3, false};
        if ((how = mc_apply(e, m->a->v[0], 0, &a, 0, &none)) != R_NORMAL) return how;
    }
    *m->ret = e->mc->undefined;
    return R_NORMAL;
}

uint32_t mc_b_js_set(ev *e, const mc_args *a, uint32_t *ret)
{
    return mc_b_set(e, a, ret);
}
