/* SPDX-License-Identifier: Apache-2.0 */
/* A function over items; sorting. */
#include "engine/record/machine_method.h"

enum { EACH_MAP, EACH_FILTER, EACH_DO, EACH_SOME, EACH_EVERY, EACH_FIND, EACH_FIND_INDEX };

static uint32_t each(ev *e, const mc_on *m, int what)
{
    uint32_t out = mc_new(e, MC_LIST), v = 0, how, f = m->a->n ? m->a->v[0] : e->mc->unknown;
    *m->ret = e->mc->unknown;
    mc_obj_at(e, out)->how = TW_SEQ_ARRAY;
    if (what == EACH_DO || what == EACH_FIND) *m->ret = e->mc->undefined;
    if (what == EACH_SOME) *m->ret = e->mc->no;
    if (what == EACH_EVERY) *m->ret = e->mc->yes;
    if (what == EACH_FIND_INDEX) *m->ret = ev_int(e, -1);
    for (uint32_t i = 0; i < mc_obj_at(e, m->o)->items.n; i++) {
        bool hole = !mc_obj_at(e, m->o)->items.v[i];
        if (hole && e->js && what != EACH_FIND && what != EACH_FIND_INDEX) {
            if (what == EACH_MAP) mc_push(e, out, 0);
            continue;
        }
        uint32_t x = mc_on_item(e, m, i), *args = TW_NEWN(e->tmp, uint32_t, 3);
        args[0] = x, args[1] = ev_int(e, i), args[2] = m->self;
        mc_args a = {args, NULL, 3, false};
        if (!mc_tick(e, 1)) return R_STOP;
        uint32_t self = m->a->n > 1 && e->js ? m->a->v[1] : 0;
        v = mc_is_ref(e, f) || mc_is_ref(e, x) || mc_unknown(e, x) ? 0 : ev_js_called(e, f, args, 2);
        how = v ? R_NORMAL : mc_apply(e, f, self, &a, 0, &v);
        if (v && how == R_NORMAL) v = mc_thaw(e, v, true);
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
    bool bytes = mc_obj_at(e, m->o)->how >= MC_OCTETS;
    if (bytes) mc_obj_at(e, out)->how = mc_obj_at(e, m->o)->how;
    for (uint32_t i = 0; bytes && i < mc_obj_at(e, out)->items.n; i++)
        mc_obj_at(e, out)->items.v[i] = mc_octet(e, mc_obj_at(e, out)->items.v[i]);
    if (what == EACH_MAP || what == EACH_FILTER) *m->ret = mc_ref_to(e, out);
    return R_NORMAL;
}

uint32_t mc_do_map(ev *e, const mc_on *m)
{
    return each(e, m, EACH_MAP);
}
uint32_t mc_do_filter(ev *e, const mc_on *m)
{
    return each(e, m, EACH_FILTER);
}
uint32_t mc_do_for_each(ev *e, const mc_on *m)
{
    return each(e, m, EACH_DO);
}
uint32_t mc_do_some(ev *e, const mc_on *m)
{
    return each(e, m, EACH_SOME);
}
uint32_t mc_do_every(ev *e, const mc_on *m)
{
    return each(e, m, EACH_EVERY);
}
uint32_t mc_do_find(ev *e, const mc_on *m)
{
    return each(e, m, EACH_FIND);
}
uint32_t mc_do_find_index(ev *e, const mc_on *m)
{
    return each(e, m, EACH_FIND_INDEX);
}

uint32_t mc_do_reduce(ev *e, const mc_on *m)
{
    uint32_t from = m->a->n < 2, acc = from ? (m->n ? mc_on_item(e, m, 0) : e->mc->unknown) : m->a->v[1];
    for (uint32_t i = from; m->a->n && i < mc_obj_at(e, m->o)->items.n; i++) {
        uint32_t *args = TW_NEWN(e->tmp, uint32_t, 4);
        args[0] = acc, args[1] = mc_on_item(e, m, i), args[2] = ev_int(e, i), args[3] = m->self;
        mc_args a = {args, NULL, e->js ? 4 : 2, false};
        if (!mc_tick(e, 1)) return R_STOP;
        uint32_t how = mc_apply(e, m->a->v[0], 0, &a, 0, &acc);
        if (how != R_NORMAL || !mc_known(e, m->o)) return *m->ret = e->mc->unknown, how;
    }
    *m->ret = m->a->n ? acc : e->mc->unknown;
    return R_NORMAL;
}

/* Insertion sort by halves: every comparison is a call, or of two constants. */
static int before(ev *e, const mc_on *m, uint32_t x, uint32_t y, uint32_t f)
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

uint32_t *mc_sorted(ev *e, const mc_on *m, uint32_t f)
{
    uint32_t *v = mc_copy_items(e, m->o, 0);
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

uint32_t mc_do_sort(ev *e, const mc_on *m)
{
    if (!e->js && m->a->n) return mc_unsure(e, m);
    uint32_t *v = mc_sorted(e, m, e->js && m->a->n ? m->a->v[0] : 0);
    if (!v) return e->mc->lost ? R_STOP : mc_unsure(e, m);
    mc_set_items(e, m->o, v, m->n);
    *m->ret = e->js ? m->self : e->mc->none;
    return R_NORMAL;
}
