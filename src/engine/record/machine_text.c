/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of JavaScript that are not ASCII, as ciphers make them: every character of the first plane is one unit. What the
 * table of pure functions knows it has said before. */
#include "engine/record/machine_priv.h"

#include "base/utf8.h"

typedef struct units {
    uint16_t *v;
    uint32_t n;
} units;

static bool units_of(ev *e, uint32_t v, units *ret)
{
    tw_str s;
    if (mc_is_ref(e, v) || !ev_is_const(e, v) || !ev_text(e, v, &s) || ev_at(e, v)->kind != TW_VAL_STR)
        return false;
    for (size_t i = 0; i < TW_COUNT(e->mc->texts); i++)
        if (e->mc->texts[i].v == v && e->mc->texts[i].units)
            return *ret = (units){e->mc->texts[i].units, e->mc->texts[i].n}, true;
    if (!mc_tick(e, 1 + s.n / 16)) return false;
    *ret = (units){tw_arena_raw(e->tmp, s.n * 2 + 2), 0};
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        unsigned len = c < 0x80 ? 1 : c < 0xE0 ? 2 : 3;
        if (c >= 0xF0 || (c >= 0x80 && c < 0xC0) || i + len > s.n) return false;
        uint32_t u = c < 0x80 ? c : c & (len == 2 ? 0x1F : 0x0F);
        for (unsigned k = 1; k < len; k++) u = u << 6 | ((unsigned char)s.p[i + k] & 0x3F);
        ret->v[ret->n++] = (uint16_t)u;
        i += len;
    }
    uint32_t k = e->mc->text_next++ % TW_COUNT(e->mc->texts);
    e->mc->texts[k].v = v, e->mc->texts[k].units = ret->v, e->mc->texts[k].n = ret->n;
    return true;
}

static uint32_t text_of(ev *e, const units *u, uint32_t from, uint32_t to)
{
    if (to == from + 1 && u->v[from] < 256) return mc_letter(e, u->v[from]);
    tw_buf_clear(&e->out);
    for (uint32_t i = from; i < to; i++) {
        if (u->v[i] >= 0xD800 && u->v[i] < 0xE000) return e->mc->unknown;
        tw_utf8_put(&e->out, u->v[i]);
    }
    uint32_t v = ev_taken(e, TW_VAL_STR, &e->out, 0);
    return v ? v : e->mc->unknown;
}

static bool whole(ev *e, const mc_args *a, uint32_t i, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    if (i >= a->n) return true;
    if (mc_is_ref(e, a->v[i]) || !ev_is_const(e, a->v[i])) return false;
    if (ev_at(e, a->v[i])->kind == TW_VAL_NULL_) return ev_at(e, a->v[i])->a;
    return ev_js_number(e, a->v[i], ret);
}

static int64_t within(int64_t i, int64_t n, bool from_end)
{
    if (from_end && i < 0) i += n;
    return i < 0 ? 0 : i > n ? n : i;
}

static uint32_t find(ev *e, const units *u, const mc_args *a)
{
    units w;
    int64_t from;
    uint32_t text = a->n ? mc_text(e, a->v[0]) : 0;
    if (!text || !units_of(e, text, &w) || !whole(e, a, 1, 0, &from)) return e->mc->unknown;
    for (uint32_t i = (uint32_t)within(from, u->n, false); i + w.n <= u->n && mc_tick(e, 1 + w.n / 16); i++)
        if (!memcmp(u->v + i, w.v, w.n * sizeof *w.v)) return ev_int(e, i);
    return ev_int(e, -1);
}

/* Of a number, in some base. */
static uint32_t digits_of(ev *e, uint32_t self, const mc_args *a)
{
    char text[72];
    size_t at = sizeof text;
    int64_t n, base;
    if (!ev_get_int(e, self, &n) || ev_at(e, self)->kind != TW_VAL_INT || !whole(e, a, 0, 10, &base) ||
        base < 2 || base > 36)
        return 0;
    uint64_t left = n < 0 ? (uint64_t)-n : (uint64_t)n;
    do text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[left % (uint64_t)base];
    while (left /= (uint64_t)base);
    if (n < 0) text[--at] = '-';
    return ev_folded(e, TW_VAL_STR, tw_arena_str(e->tmp, tw_str_of(text + at, sizeof text - at)), 0);
}

uint32_t mc_text_method(ev *e, uint32_t self, tw_str name, const mc_args *a)
{
    units u;
    int64_t from, to;
    if (!e->js || mc_is_ref(e, self) || !ev_is_const(e, self)) return 0;
    if (tw_str_eq(name, TW_S("toString"))) return digits_of(e, self, a);
    static const tw_str names[] = {TW_SI("charAt"),    TW_SI("charCodeAt"), TW_SI("codePointAt"),
                                   TW_SI("indexOf"),   TW_SI("includes"),   TW_SI("slice"),
                                   TW_SI("substring"), TW_SI("substr"),     TW_SI("at")};
    size_t which = 0;
    while (which < TW_COUNT(names) && !tw_str_eq(name, names[which])) which++;
    if (which >= TW_COUNT(names) || !units_of(e, self, &u)) return 0;
    if (which == 3 || which == 4) {
        uint32_t at = find(e, &u, a);
        return which == 4 && ev_get_int(e, at, &from) ? from >= 0 ? e->mc->yes : e->mc->no : at;
    }
    if (!whole(e, a, 0, 0, &from) || !whole(e, a, 1, u.n, &to)) return 0;
    bool inside = from >= 0 && from < u.n;
    switch (which) {
    case 0: return inside ? text_of(e, &u, (uint32_t)from, (uint32_t)from + 1) : text_of(e, &u, 0, 0);
    case 1: return inside ? mc_int(e, u.v[from]) : mc_number(e, __builtin_nan(""));
    case 2: return inside ? ev_int(e, u.v[from]) : e->mc->undefined;
    case 5: from = within(from, u.n, true), to = within(to, u.n, true); break;
    case 6:
        from = within(from, u.n, false), to = within(to, u.n, false);
        if (from > to) {
            int64_t t = from;
            from = to, to = t;
        }
        break;
    case 7: from = within(from, u.n, true), to = within(a->n > 1 ? from + to : u.n, u.n, false); break;
    default: return 0;
    }
    return text_of(e, &u, (uint32_t)from, (uint32_t)(to > from ? to : from));
}

/* The methods that ciphers call for every letter, ahead of the table of pure functions. */
uint32_t mc_text_at(ev *e, uint32_t self, tw_str name, const mc_args *a)
{
    return (name.n == 6 || name.n == 10) && tw_str_starts(name, TW_S("char"))
               ? mc_text_method(e, self, name, a)
               : 0;
}

/* text.length, text[i]; 0 not known. */
uint32_t mc_text_length(ev *e, uint32_t v)
{
    units u;
    return e->js && units_of(e, v, &u) ? ev_int(e, u.n) : 0;
}

uint32_t mc_text_unit(ev *e, uint32_t v, int64_t i)
{
    units u;
    if (!e->js || !units_of(e, v, &u)) return 0;
    return i >= 0 && i < u.n ? text_of(e, &u, (uint32_t)i, (uint32_t)i + 1) : e->mc->undefined;
}
