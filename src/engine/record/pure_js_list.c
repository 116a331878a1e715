/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays of JavaScript and functions of this file over their items. */
#include "base/utf8.h"
#include "engine/record/pure_priv.h"

static const uint32_t unnamed[3];

static uint32_t as_array(ev *e, uint32_t base)
{
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = TW_SEQ_ARRAY;
    e->stack.n = base;
    return v;
}

/* f(item, index) by the machine; of functions that are no code of the file those of one argument. */
static uint32_t called(ev *e, uint32_t f, const uint32_t *v, uint32_t n)
{
    static const tw_str one[] = {TW_SI("String"), TW_SI("Number"), TW_SI("atob"), TW_SI("unescape")};
    const ev_val *x = ev_at(e, f);
    ev_args a = {0, v, unnamed, n};
    if (x->kind == TW_VAL_FUNC) return ev_machine_call(e, f, 0, &a);
    for (size_t i = 0; x->kind == TW_VAL_SYMBOL && i < TW_COUNT(one); i++) {
        a.n = 1;
        if (tw_str_eq(ev_sym(e, x->sym), one[i])) return ev_pure(e, x->sym, &a);
    }
    return 0;
}

static uint32_t each(ev *e, uint32_t list, uint32_t n, uint32_t f, bool filter)
{
    uint32_t base = e->stack.n, i = 0;
    for (; i < n; i++) {
        uint32_t item = e->lists.v[list + i], pair[2] = {item, ev_int(e, i)}, v = called(e, f, pair, 2);
        int truth = filter && v ? ev_js_truth(e, v) : 1;
        if (!v || truth < 0) break;
        if (!filter)
            TW_PUSH(e->tmp, e->stack, v);
        else if (truth)
            TW_PUSH(e->tmp, e->stack, item);
    }
    if (i == n) return as_array(e, base);
    e->stack.n = base;
    return 0;
}

uint32_t ev_js_map(ev *e, const ev_args *a)
{
    uint32_t list, n;
    return a->self && a->n == 1 && ev_items(e, a->self, &list, &n) ? each(e, list, n, a->v[0], false) : 0;
}

uint32_t ev_js_filter(ev *e, const ev_args *a)
{
    uint32_t list, n;
    return a->self && a->n == 1 && ev_items(e, a->self, &list, &n) ? each(e, list, n, a->v[0], true) : 0;
}

uint32_t ev_js_reduce(ev *e, const ev_args *a)
{
    uint32_t list, n;
    if (!a->self || a->n < 1 || a->n > 2 || !ev_items(e, a->self, &list, &n) || (a->n == 1 && !n)) return 0;
    uint32_t acc = a->n == 2 ? a->v[1] : e->lists.v[list];
    for (uint32_t i = a->n == 1; acc && i < n; i++) {
        uint32_t v[3] = {acc, e->lists.v[list + i], ev_int(e, i)};
        acc = ev_at(e, a->v[0])->kind == TW_VAL_FUNC && ev_is_const(e, acc) ? called(e, a->v[0], v, 3) : 0;
    }
    return acc;
}

/* Array.from(items, f): items or characters. */
uint32_t ev_js_array_from(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t base = e->stack.n, list, n;
    if (a->n < 1 || a->n > 2 || !ev_is_const(e, a->v[0])) return 0;
    if (ev_is_text(e, a->v[0], &kind) &&
        (!ev_text(e, a->v[0], &s) || (kind == TW_VAL_STR && !tw_utf8_valid(s))))
        return 0;
    if (!ev_elements(e, a->v[0])) {
        e->stack.n = base;
        return 0;
    }
    uint32_t v = as_array(e, base);
    if (a->n == 1) return v;
    return ev_items(e, v, &list, &n) ? each(e, list, n, a->v[1], false) : 0;
}

uint32_t ev_js_bytes_from(ev *e, const ev_args *a)
{
    uint32_t v = ev_js_array_from(e, a);
    return v ? ev_bytes(e, &(ev_args){0, &v, unnamed, 1}) : 0;
}

uint32_t ev_js_text_decode(ev *e, const ev_args *a)
{
    if (a->n != 1 || ev_at(e, a->v[0])->kind != TW_VAL_BYTES) return 0;
    return ev_recode(e, a->v[0], TW_S("utf-8"), false);
}
