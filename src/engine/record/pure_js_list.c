/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays of JavaScript, functions of this file over their items, and objects as lists of entries. */
#include <math.h>

#include "base/utf8.h"
#include "engine/record/pure_priv.h"

static const uint32_t unnamed[8];
enum { FLAT_DEEP = 16, SORT_MAX = 1 << 14 };

/* What stands on the stack from base on. */
uint32_t ev_js_array(ev *e, uint32_t base)
{
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = TW_SEQ_ARRAY;
    e->stack.n = base;
    return v;
}

static uint32_t dropped(ev *e, uint32_t base)
{
    e->stack.n = base;
    return 0;
}

/* Of a text (by call) its characters. */
static bool items_of(ev *e, const ev_args *a, uint32_t *ret_list, uint32_t *ret_n)
{
    uint32_t base = e->stack.n, v;
    ev_js_str j;
    if (a->self && ev_at(e, a->self)->kind == TW_VAL_STR && ev_js_units(e, a->self, &j) && !j.u &&
        ev_step(e, j.n)) {
        for (size_t i = 0; i < j.n; i++) {
            v = ev_js_cut(e, &j, (int64_t)i, (int64_t)i + 1);
            TW_PUSH(e->tmp, e->stack, v);
        }
        v = ev_js_array(e, base);
        return ev_items(e, v, ret_list, ret_n);
    }
    return a->self && ev_items(e, a->self, ret_list, ret_n) && ev_step(e, *ret_n / 4);
}

static bool is_undefined(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_NULL_ && ev_at(e, v)->a;
}

static bool int_arg(ev *e, const ev_args *a, uint32_t i, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    return i >= a->n || is_undefined(e, a->v[i]) || ev_js_integer(e, a->v[i], ret);
}

static int64_t clamp(int64_t i, int64_t n)
{
    if (i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
}

/* ---- functions over items ---- */

bool ev_js_callable(ev *e, uint32_t f)
{
    if (e->mc)
        return mc_js_callable(e, f) ||
               (ev_at(e, f)->kind == TW_VAL_SYMBOL && ev_is_pure(e, ev_at(e, f)->sym));
    return ev_at(e, f)->kind == TW_VAL_FUNC ||
           (ev_at(e, f)->kind == TW_VAL_SYMBOL && ev_is_pure(e, ev_at(e, f)->sym));
}

/* f(v...) by the machine; of functions that are no code of the file those whose count of arguments is known. */
uint32_t ev_js_called(ev *e, uint32_t f, const uint32_t *v, uint32_t n)
{
    static const struct {
        tw_str name;
        uint32_t n;
    } taken[] = {{TW_SI("String"), 1},
                 {TW_SI("Number"), 1},
                 {TW_SI("atob"), 1},
                 {TW_SI("unescape"), 1},
                 {TW_SI("parseInt"), 2},
                 {TW_SI("parseFloat"), 1},
                 {TW_SI("Boolean"), 1},
                 {TW_SI("btoa"), 1},
                 {TW_SI("String.fromCharCode"), 8},
                 {TW_SI("escape"), 1},
                 {TW_SI("BigInt"), 1},
                 {TW_SI("decodeURIComponent"), 1},
                 {TW_SI("encodeURIComponent"), 1}};
    const ev_val *x = ev_at(e, f);
    ev_args a = {0, v, unnamed, n};
    if (e->mc && mc_js_callable(e, f)) return mc_js_called(e, f, v, n);
    if (x->kind == TW_VAL_FUNC) return n <= 8 ? ev_machine_call(e, f, 0, &a) : 0;
    for (size_t i = 0; x->kind == TW_VAL_SYMBOL && i < TW_COUNT(taken); i++) {
        if (!tw_str_eq(ev_sym(e, x->sym), taken[i].name)) continue;
        if (a.n > taken[i].n) a.n = taken[i].n;
        return ev_pure(e, x->sym, &a);
    }
    return 0;
}

/* The third argument, the array, only where somebody asks for it: it may hold what is not known. */
static uint32_t with_item(ev *e, const ev_args *a, uint32_t item, uint32_t i)
{
    uint32_t f = a->v[0], triple[3] = {item, ev_int(e, i), a->self};
    bool all = ev_at(e, f)->kind == TW_VAL_FUNC && e->ir->scopes.v[ev_at(e, f)->a].n_params > 2;
    return ev_js_called(e, f, triple, all && a->self ? 3 : 2);
}

/* c => c.charCodeAt(0): the bytes of a text, as everybody writes it; long texts are no work for the machine. */
static bool is_char_code(const ev *e, uint32_t f)
{
    static const uint8_t ops[] = {TW_OP_ENTER, TW_OP_BIND, TW_OP_READ,   TW_OP_MEMBER,
                                  TW_OP_CONST, TW_OP_CALL, TW_OP_RETURN, TW_OP_LEAVE};
    if (ev_at(e, f)->kind != TW_VAL_FUNC || e->mc || e->js_prototypes) return false;
    const tw_scope *sc = &e->ir->scopes.v[ev_at(e, f)->a];
    uint32_t at = sc->enter;
    const tw_insn *in = &e->ir->insns.v[at];
    if (sc->flags & 3 || e->leave[at] != at + TW_COUNT(ops) - 1) return false;
    for (uint32_t i = 0; i < TW_COUNT(ops); i++)
        if (in[i].op != ops[i]) return false;
    const tw_arg *args = e->ir->args.v + in[5].c;
    return in[1].kind == TW_BIND_PARAM && !in[1].b && !in[1].c && in[2].a == in[1].a && in[3].a == at + 2 &&
           tw_str_eq(tw_ir_text(e->ir, in[3].b), TW_S("charCodeAt")) && in[4].kind == TW_CONST_INT &&
           tw_str_eq(tw_ir_text(e->ir, in[4].a), TW_S("0")) && in[5].a == at + 3 && in[5].c &&
           args[0].value == 1 && args[1].value == at + 4 && !args[1].name && in[6].a == at + 5;
}

static uint32_t char_code(ev *e, uint32_t item)
{
    tw_str s;
    bool plain = ev_at(e, item)->kind == TW_VAL_STR && ev_is_const(e, item) && ev_text(e, item, &s) && s.n;
    return plain && (uint8_t)s.p[0] < 0x80 ? ev_int(e, s.p[0]) : 0;
}

static uint32_t each(ev *e, const ev_args *a, uint32_t list, uint32_t n, bool filter)
{
    uint32_t base = e->stack.n;
    bool code = !filter && n && is_char_code(e, a->v[0]) && ev_step(e, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t item = e->lists.v[list + i], v = code ? char_code(e, item) : 0;
        if (!v) v = with_item(e, a, item, i);
        int truth = filter && v ? ev_js_truth(e, v) : 1;
        if (!v || truth < 0) return dropped(e, base);
        if (!filter)
            TW_PUSH(e->tmp, e->stack, v);
        else if (truth)
            TW_PUSH(e->tmp, e->stack, item);
    }
    return ev_js_array(e, base);
}

uint32_t ev_js_map(ev *e, const ev_args *a)
{
    uint32_t list, n;
    return a->n && items_of(e, a, &list, &n) ? each(e, a, list, n, false) : 0;
}
uint32_t ev_js_filter(ev *e, const ev_args *a)
{
    uint32_t list, n;
    return a->n && items_of(e, a, &list, &n) ? each(e, a, list, n, true) : 0;
}

static uint32_t reduced(ev *e, const ev_args *a, bool back)
{
    uint32_t list, n, from = 0;
    if (a->n < 1 || a->n > 2 || !items_of(e, a, &list, &n) || (a->n == 1 && !n)) return 0;
    uint32_t acc = a->n == 2 ? a->v[1] : e->lists.v[list + (back ? n - 1 : 0)];
    for (from = a->n == 1; acc && from < n; from++) {
        uint32_t i = back ? n - 1 - from : from, f = a->v[0];
        uint32_t v[4] = {acc, e->lists.v[list + i], ev_int(e, i), a->self};
        bool ours = ev_at(e, f)->kind == TW_VAL_FUNC && ev_is_const(e, acc);
        bool all = ours && e->ir->scopes.v[ev_at(e, f)->a].n_params > 3;
        acc = ours ? ev_js_called(e, f, v, all ? 4 : 3) : 0;
    }
    return acc;
}
uint32_t ev_js_reduce(ev *e, const ev_args *a)
{
    return reduced(e, a, false);
}
uint32_t ev_js_reduce_right(ev *e, const ev_args *a)
{
    return reduced(e, a, true);
}

enum { SOME, EVERY, FIND, FIND_INDEX, FIND_LAST, FIND_LAST_INDEX };

static uint32_t searched(ev *e, const ev_args *a, int how)
{
    uint32_t list, n;
    if (!a->n || !items_of(e, a, &list, &n)) return 0;
    bool back = how == FIND_LAST || how == FIND_LAST_INDEX;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = back ? n - 1 - k : k, item = e->lists.v[list + i], v = with_item(e, a, item, i);
        int truth = v ? ev_js_truth(e, v) : -1;
        if (truth < 0) return 0;
        if (truth == (how == EVERY)) continue;
        return how <= EVERY ? ev_bool(e, how == SOME) : how == FIND || how == FIND_LAST ? item : ev_int(e, i);
    }
    if (how <= EVERY) return ev_bool(e, how == EVERY);
    return how == FIND || how == FIND_LAST ? ev_js_undefined(e) : ev_int(e, -1);
}
#define SEARCH(name, how)                          \
    uint32_t ev_js_##name(ev *e, const ev_args *a) \
    {                                              \
        return searched(e, a, how);                \
    }
SEARCH(some, SOME)
SEARCH(every, EVERY)
SEARCH(find, FIND)
SEARCH(find_index, FIND_INDEX)
SEARCH(find_last, FIND_LAST)
SEARCH(find_last_index, FIND_LAST_INDEX)

/* ---- parts ---- */

uint32_t ev_js_items_slice(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    int64_t from, to;
    if (!items_of(e, a, &list, &n) || !int_arg(e, a, 0, 0, &from) || !int_arg(e, a, 1, n, &to)) return 0;
    from = clamp(from, n), to = clamp(to, n);
    for (int64_t i = from; i < to; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + (uint32_t)i]);
    return ev_js_array(e, base);
}

uint32_t ev_js_join(ev *e, const ev_args *a)
{
    bool plain = !a->n || is_undefined(e, a->v[0]);
    uint32_t self = a->self;
    if (!self) return 0;
    if (ev_at(e, self)->kind == TW_VAL_STR) self = ev_js_items_slice(e, &(ev_args){.self = self});
    uint32_t sep = plain ? ev_folded(e, TW_VAL_STR, TW_S(","), 0) : ev_js_text(e, a->v[0]);
    return sep && self ? ev_js_joined(e, self, sep) : 0;
}

uint32_t ev_js_reverse(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    if (a->n || !items_of(e, a, &list, &n)) return 0;
    for (uint32_t i = n; i-- > 0;) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    return ev_js_array(e, base);
}

uint32_t ev_js_array_concat(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    if (!items_of(e, a, &list, &n)) return 0;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    for (uint32_t k = 0; k < a->n; k++) {
        uint8_t kind = ev_at(e, a->v[k])->kind;
        if (kind == TW_VAL_SEQ || kind == TW_VAL_MUT) {
            if (!ev_items(e, a->v[k], &list, &n) || !ev_step(e, n)) return dropped(e, base);
            for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
        } else if (ev_is_const(e, a->v[k]) && kind != TW_VAL_MAP) {
            TW_PUSH(e->tmp, e->stack, a->v[k]);
        } else {
            return dropped(e, base);
        }
    }
    return ev_js_array(e, base);
}

static bool put_flat(ev *e, uint32_t list, uint32_t n, int64_t depth, unsigned deep)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = e->lists.v[list + i], l, m;
        uint8_t kind = ev_at(e, v)->kind;
        bool opens = depth > 0 && (kind == TW_VAL_SEQ || kind == TW_VAL_MUT);
        if (!ev_is_const(e, v) && kind != TW_VAL_FUNC && kind != TW_VAL_SYMBOL) return false;
        if (!opens)
            TW_PUSH(e->tmp, e->stack, v);
        else if (deep > FLAT_DEEP || !ev_items(e, v, &l, &m) || !ev_step(e, m) ||
                 !put_flat(e, l, m, depth - 1, deep + 1))
            return false;
    }
    return true;
}

uint32_t ev_js_flat(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n;
    int64_t depth;
    if (!items_of(e, a, &list, &n) || !int_arg(e, a, 0, 1, &depth)) return 0;
    return put_flat(e, list, n, depth, 0) ? ev_js_array(e, base) : dropped(e, base);
}
uint32_t ev_js_flat_map(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n, v = ev_js_map(e, a);
    if (!v || !ev_items(e, v, &list, &n)) return 0;
    return put_flat(e, list, n, 1, 0) ? ev_js_array(e, base) : dropped(e, base);
}

uint32_t ev_js_fill(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n, v = a->n ? a->v[0] : ev_js_undefined(e);
    int64_t from, to;
    if (!a->self || !ev_js_items_or_room(e, a->self, &list, &n) || !int_arg(e, a, 1, 0, &from) ||
        !int_arg(e, a, 2, n, &to) || !ev_step(e, n))
        return 0;
    from = clamp(from, n), to = clamp(to, n);
    if (list == TW_NONE && (from || to < n)) return 0;
    for (int64_t i = 0; i < n; i++)
        TW_PUSH(e->tmp, e->stack, i >= from && i < to ? v : e->lists.v[list + (uint32_t)i]);
    return ev_js_array(e, base);
}

/* Items, or what `new Array(n)` has room for (list TW_NONE). */
bool ev_js_items_or_room(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n)
{
    const ev_val *x = ev_at(e, v);
    int64_t n;
    if (ev_items(e, v, ret_list, ret_n)) return true;
    if (x->kind != TW_VAL_CALL || x->a >= e->calls.n || x->flags & EV_OWNED) return false;
    const ev_call *c = &e->calls.v[x->a];
    bool made = tw_str_eq(ev_sym(e, c->sym), TW_S("Array")) && c->n_args == 1 && !e->args.v[c->args].name &&
                ev_at(e, e->args.v[c->args].value)->kind == TW_VAL_INT;
    if (!made || !ev_get_int(e, e->args.v[c->args].value, &n) || n < 0 || n > 1 << 20) return false;
    return *ret_list = TW_NONE, *ret_n = (uint32_t)n, true;
}

uint32_t ev_js_array_of(ev *e, const ev_args *a)
{
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < a->n; i++) TW_PUSH(e->tmp, e->stack, a->v[i]);
    return ev_js_array(e, base);
}
/* Array(n) is room for n, Array(a, b) a list. */
uint32_t ev_js_new_array(ev *e, const ev_args *a)
{
    double d;
    if (a->n == 1 && (!ev_is_const(e, a->v[0]) || ev_at(e, a->v[0])->kind == TW_VAL_FLOAT)) return 0;
    if (a->n == 1 && ev_at(e, a->v[0])->kind == TW_VAL_INT && (!ev_js_to_double(e, a->v[0], &d) || d != 0))
        return 0;
    if (a->n == 1 && ev_at(e, a->v[0])->kind == TW_VAL_INT) return ev_js_array(e, e->stack.n);
    return ev_js_array_of(e, a);
}
uint32_t ev_js_is_array(ev *e, const ev_args *a)
{
    if (!a->n) return ev_bool(e, false);
    uint8_t kind = ev_at(e, a->v[0])->kind;
    if (kind == TW_VAL_SEQ) return ev_bool(e, true);
    return ev_is_const(e, a->v[0]) && kind != TW_VAL_MUT ? ev_bool(e, false) : 0;
}

/* ---- looking ---- */

uint32_t ev_js_items_find(ev *e, const ev_args *a, bool last)
{
    uint32_t list, n;
    int64_t from;
    if (!a->n || !items_of(e, a, &list, &n) || !int_arg(e, a, 1, last ? n : 0, &from)) return 0;
    if (last && a->n > 1) return 0;
    from = last ? 0 : clamp(from, n);
    for (int64_t k = from; k < n; k++) {
        int64_t i = last ? n - 1 - k : k;
        int same = ev_js_strictly_equal(e, e->lists.v[list + (uint32_t)i], a->v[0]);
        if (same < 0) return 0;
        if (same) return ev_int(e, i);
    }
    return ev_int(e, -1);
}

uint32_t ev_js_items_include(ev *e, const ev_args *a)
{
    uint32_t list, n;
    double d;
    if (a->n != 1 || !items_of(e, a, &list, &n) || !ev_is_const(e, a->v[0])) return 0;
    if (ev_at(e, a->v[0])->kind == TW_VAL_FLOAT && (!ev_js_to_double(e, a->v[0], &d) || d != d)) return 0;
    uint32_t at = ev_js_items_find(e, a, false);
    int64_t i;
    return at && ev_get_int(e, at, &i) ? ev_bool(e, i >= 0) : 0;
}

/* ---- order ---- */

/* -1, 0, 1; 2 where it is not known, or f does not say the opposite of (y, x). */
static int compared(ev *e, uint32_t f, uint32_t x, uint32_t y)
{
    tw_str s, t;
    double d, back;
    if (f) {
        uint32_t pair[2] = {x, y}, turned[2] = {y, x}, v = ev_js_called(e, f, pair, 2);
        uint32_t w = v ? ev_js_called(e, f, turned, 2) : 0;
        if (!w || !ev_js_to_double(e, v, &d) || !ev_js_to_double(e, w, &back)) return 2;
        int a = (d > 0) - (d < 0), b = (back > 0) - (back < 0);
        return a == -b ? a : 2;
    }
    x = ev_js_text(e, x), y = ev_js_text(e, y);
    if (!x || !y || !ev_text(e, x, &s) || !ev_text(e, y, &t) || !ev_ascii(s) || !ev_ascii(t)) return 2;
    int c = tw_str_cmp(s, t);
    return (c > 0) - (c < 0);
}

uint32_t ev_js_sort(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n, f = a->n && !is_undefined(e, a->v[0]) ? a->v[0] : 0;
    if (!items_of(e, a, &list, &n) || n > SORT_MAX) return 0;
    uint32_t *from = TW_NEWN(e->tmp, uint32_t, n + 1), *to = TW_NEWN(e->tmp, uint32_t, n + 1), last = n;
    for (uint32_t i = 0, k = 0; i < n; i++) { /* undefined goes to the end */
        uint32_t v = e->lists.v[list + i];
        from[is_undefined(e, v) ? --last : k++] = v;
    }
    for (uint32_t width = 1; width < last; width *= 2) {
        for (uint32_t lo = 0; lo < last; lo += 2 * width) {
            uint32_t mid = lo + width < last ? lo + width : last,
                     hi = lo + 2 * width < last ? lo + 2 * width : last;
            for (uint32_t i = lo, k = mid, o = lo; o < hi; o++) {
                int c = i < mid && k < hi ? compared(e, f, from[i], from[k]) : i < mid ? -1 : 1;
                if (c == 2 || !ev_step(e, 1)) return 0;
                to[o] = c <= 0 ? from[i++] : from[k++];
            }
        }
        uint32_t *was = from;
        from = to, to = was;
        for (uint32_t i = last; i < n; i++) from[i] = to[i];
    }
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, from[i]);
    return ev_js_array(e, base);
}

/* ---- made of something else ---- */

/* Array.from(items, f): items or characters, or {length: n}. */
uint32_t ev_js_array_from(ev *e, const ev_args *a)
{
    tw_str s;
    uint8_t kind;
    uint32_t base = e->stack.n, list, n, v;
    int64_t room = 0;
    if (a->n < 1 || a->n > 2) return 0;
    const ev_val *x = ev_at(e, a->v[0]);
    if (x->kind == TW_VAL_MAP) {
        uint32_t len = x->n == 2 ? ev_js_known_member(e, a->v[0], TW_S("length")) : 0;
        if (!len || !ev_get_int(e, len, &room) || room < 0 || room > 1 << 20 || !ev_step(e, (uint64_t)room))
            return 0;
        for (int64_t i = 0; i < room; i++) {
            v = ev_js_undefined(e);
            TW_PUSH(e->tmp, e->stack, v);
        }
    } else if (ev_js_items_or_room(e, a->v[0], &list, &n)) {
        for (uint32_t i = 0; i < n; i++) {
            v = list == TW_NONE ? ev_js_undefined(e) : e->lists.v[list + i];
            TW_PUSH(e->tmp, e->stack, v);
        }
    } else {
        if (!ev_is_text(e, a->v[0], &kind) || !ev_is_const(e, a->v[0]) || !ev_text(e, a->v[0], &s) ||
            (kind == TW_VAL_STR && !tw_utf8_valid(s)) || !ev_elements(e, a->v[0]))
            return dropped(e, base);
    }
    v = ev_js_array(e, base);
    if (a->n == 1 || is_undefined(e, a->v[1])) return v;
    ev_args f = {v, a->v + 1, unnamed, 1};
    return ev_items(e, v, &list, &n) ? each(e, &f, list, n, false) : 0;
}

enum { KEYS, VALUES, ENTRIES };

/* In the order of the language: numbers first. An object with such keys is left alone where their order is not that. */
static uint32_t listed(ev *e, const ev_args *a, int what)
{
    uint32_t base = e->stack.n, list, n, k, pair[2];
    tw_str key;
    double order[65], d;
    uint32_t places = 0;
    if (a->n != 1) return 0;
    ev_val m = *ev_at(e, a->v[0]);
    bool array = ev_items(e, a->v[0], &list, &n);
    if (!array && (m.kind != TW_VAL_MAP || m.flags & (EV_LOOSE | EV_ESCAPED))) return 0;
    if (!array) list = m.list, n = m.n / 2;
    if (!ev_step(e, n)) return 0;
    for (uint32_t i = 0; i < n; i++) {
        k = ev_js_text(e, array ? ev_int(e, i) : e->lists.v[list + 2 * i]);
        uint32_t v = e->lists.v[array ? list + i : list + 2 * i + 1];
        if (!k || !ev_text(e, k, &key)) return dropped(e, base);
        for (uint32_t p = 0; !array && p < i; p++) {
            tw_str other;
            uint32_t o = ev_js_text(e, e->lists.v[list + 2 * p]);
            if (!o || !ev_text(e, o, &other) || tw_str_eq(other, key) || !ev_step(e, 1))
                return dropped(e, base);
        }
        bool number = key.n && key.p[0] >= '0' && key.p[0] <= '9' && ev_js_parse_number(key, &d);
        bool accessor = ev_at(e, v)->kind == TW_VAL_FUNC && e->ir->scopes.v[ev_at(e, v)->a].flags & 8;
        if (accessor || tw_str_eq(key, TW_S("__proto__"))) return dropped(e, base);
        uint32_t to; /* numbers stand first, in their order */
        bool index = number && d == floor(d) && d < 4294967295.0 && (key.n == 1 || key.p[0] != '0');
        if (number && !index) return dropped(e, base);
        pair[0] = k, pair[1] = v;
        uint32_t item = what == KEYS ? k : what == VALUES ? v : ev_list(e, TW_VAL_SEQ, pair, 2);
        if (what == ENTRIES) ev_at(e, item)->how = TW_SEQ_ARRAY;
        TW_PUSH(e->tmp, e->stack, item);
        if (!index || array) continue;
        to = base + places;
        while (to > base && order[to - base - 1] > d) to--;
        if (places + 1 >= TW_COUNT(order)) return dropped(e, base);
        memmove(e->stack.v + to + 1, e->stack.v + to, (e->stack.n - 1 - to) * sizeof *e->stack.v);
        memmove(order + (to - base) + 1, order + (to - base), (places - (to - base)) * sizeof *order);
        e->stack.v[to] = item, order[to - base] = d;
        places++;
    }
    return ev_js_array(e, base);
}
uint32_t ev_js_keys(ev *e, const ev_args *a)
{
    return listed(e, a, KEYS);
}
uint32_t ev_js_values(ev *e, const ev_args *a)
{
    return listed(e, a, VALUES);
}
uint32_t ev_js_entries(ev *e, const ev_args *a)
{
    return listed(e, a, ENTRIES);
}

uint32_t ev_js_from_entries(ev *e, const ev_args *a)
{
    uint32_t list, n, base = e->stack.n, l, m;
    if (a->n != 1 || !ev_items(e, a->v[0], &list, &n) || !ev_step(e, n)) return 0;
    for (uint32_t i = 0; i < n; i++) {
        bool pair = ev_items(e, e->lists.v[list + i], &l, &m) && m >= 2;
        uint32_t k = pair ? ev_js_text(e, e->lists.v[l]) : 0;
        if (!k) return dropped(e, base);
        TW_PUSH(e->tmp, e->stack, k);
        TW_PUSH(e->tmp, e->stack, e->lists.v[l + 1]);
    }
    uint32_t v = ev_list(e, TW_VAL_MAP, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    return v;
}

uint32_t ev_js_pop(ev *e, const ev_args *a)
{
    uint32_t list, n;
    if (!items_of(e, a, &list, &n)) return 0;
    return n ? e->lists.v[list + n - 1] : ev_js_undefined(e);
}
uint32_t ev_js_shift(ev *e, const ev_args *a)
{
    uint32_t list, n;
    if (!items_of(e, a, &list, &n)) return 0;
    return n ? e->lists.v[list] : ev_js_undefined(e);
}

/* Object.freeze and its kin give what they get. */
uint32_t ev_js_same(ev *e, const ev_args *a)
{
    (void)e;
    return a->n == 1 ? a->v[0] : 0;
}
