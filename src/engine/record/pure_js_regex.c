/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of texts and regular expressions of JavaScript. */
#include "base/utf8.h"
#include "engine/record/pure_priv.h"
#include "engine/record/pure_regex.h"

/* A regular expression and the text it looks at. */
typedef struct look {
    ev_js_re re;
    ev_regex *code;
    tw_str s;
    bool ascii; /* offsets are positions */
    size_t groups[2 * EV_RE_GROUPS];
} look;

static bool ready(ev *e, uint32_t regex, uint32_t text, look *l)
{
    tw_str whole;
    if (!ev_js_is_regex(e, regex, &whole) || !text || !ev_text(e, text, &l->s)) return false;
    size_t end = tw_str_rchr(whole, '/');
    if (end == TW_NPOS || !end ||
        !ev_regex_js(e, tw_str_sub(whole, 1, end), tw_str_sub(whole, end + 1, whole.n), &l->re))
        return false;
    l->ascii = ev_js_ascii(e, l->s);
    if (!l->ascii) {
        if (l->re.ascii || !tw_utf8_valid(l->s) || !ev_step(e, l->s.n / 16)) return false;
        for (size_t i = 0; i < l->s.n && !l->re.unicode; i++)
            if ((unsigned char)l->s.p[i] >= 0xF0) return false; /* two units each */
    }
    l->code = l->re.sticky ? NULL : ev_regex_make(e, l->re.pattern, l->re.flags);
    return l->code != NULL;
}

/* 1, 0, -1 not known. */
static int next(ev *e, look *l, size_t from)
{
    int n = ev_regex_at(e, l->code, l->s, from, l->groups);
    return n > 0 ? 1 : n;
}

/* Where to look on behind a match. */
static size_t behind(const look *l)
{
    size_t to = l->groups[1];
    if (l->groups[0] != to) return to;
    do to++;
    while (to < l->s.n && ((unsigned char)l->s.p[to] & 0xC0) == 0x80);
    return to;
}

static uint32_t part(ev *e, const look *l, uint32_t g)
{
    if (l->groups[2 * g] == SIZE_MAX) return ev_js_undefined(e);
    return ev_folded(e, TW_VAL_STR, tw_str_sub(l->s, l->groups[2 * g], l->groups[2 * g + 1]), 0);
}

static uint32_t match_array(ev *e, const look *l)
{
    uint32_t base = e->stack.n;
    for (uint32_t g = 0; g <= l->re.groups; g++) {
        uint32_t v = part(e, l, g);
        TW_PUSH(e->tmp, e->stack, v);
    }
    return ev_js_array(e, base);
}

/* Where the match begins, in units. */
static int64_t place(const look *l)
{
    int64_t n = 0;
    for (size_t i = 0; i < l->groups[0]; i++) {
        unsigned char c = (unsigned char)l->s.p[i];
        n += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    }
    return n;
}

/* ---- replace ---- */

static bool put_called(ev *e, look *l, uint32_t f, uint32_t self, tw_buf *b)
{
    uint32_t v[8], n = 0;
    tw_str got;
    if (l->re.groups > 5 || !ev_step(e, l->ascii ? 0 : l->groups[0] / 16) || l->re.named) return false;
    for (uint32_t g = 0; g <= l->re.groups; g++) v[n++] = part(e, l, g);
    v[n++] = ev_int(e, l->ascii ? (int64_t)l->groups[0] : place(l));
    v[n++] = self;
    uint32_t r = ev_js_called(e, f, v, n), text = r ? ev_js_text(e, r) : 0;
    if (!text || !ev_text(e, text, &got)) return false;
    tw_buf_puts(b, got);
    return true;
}

static bool asks_for_groups(tw_str to)
{
    for (size_t i = 0; i + 1 < to.n; i++)
        if (to.p[i] == '$' && to.p[i + 1] >= '0' && to.p[i + 1] <= '9') return true;
    return false;
}

uint32_t ev_js_replace_regex(ev *e, const ev_args *a, bool all)
{
    look l;
    tw_str to = {0};
    uint32_t calls = a->n > 1 && ev_js_callable(e, a->v[1]) ? a->v[1] : 0, text = 0;
    if (a->n < 1 || !ready(e, a->v[0], a->self, &l) || (all && !l.re.global)) return 0;
    if (!calls) {
        text = a->n > 1 ? ev_js_text(e, a->v[1]) : ev_folded(e, TW_VAL_STR, TW_S("undefined"), 0);
        if (!text || !ev_text(e, text, &to) || (l.re.unsure && asks_for_groups(to))) return 0;
    } else if (l.re.unsure && l.re.groups) {
        return 0;
    }
    tw_buf b = {.limit = e->lim->value_bytes + 1};
    size_t at = 0, from = 0;
    int hit = 0;
    bool fine = true;
    while (fine && from <= l.s.n && (hit = next(e, &l, from)) > 0) {
        size_t found[2 * EV_RE_GROUPS];
        memcpy(found, l.groups, sizeof found);
        tw_buf_puts(&b, tw_str_sub(l.s, at, found[0]));
        if (calls)
            fine = put_called(e, &l, calls, a->self, &b);
        else
            fine = ev_js_expand(e, &b, to, l.s, found, l.re.groups + 1);
        memcpy(l.groups, found, sizeof found);
        at = found[1], from = behind(&l);
        fine = fine && !b.over && ev_step(e, 1);
        if (!l.re.global) break;
    }
    tw_buf_puts(&b, tw_str_sub(l.s, at, l.s.n));
    uint32_t v = fine && hit >= 0 ? ev_taken(e, TW_VAL_STR, &b, ev_at(e, a->self)->recipe) : 0;
    tw_buf_free(&b);
    return v;
}

/* ---- match, split, test, exec, search ---- */

uint32_t ev_js_match(ev *e, const ev_args *a)
{
    look l;
    uint32_t base = e->stack.n;
    size_t from = 0;
    int hit = 0;
    uint8_t kind;
    if (a->n != 1 || !a->self || !ev_is_text(e, a->self, &kind) || !ready(e, a->v[0], a->self, &l)) return 0;
    if (!l.re.global) {
        hit = next(e, &l, 0);
        if (hit < 0 || (hit && l.re.unsure)) return 0;
        return hit ? match_array(e, &l) : ev_none(e);
    }
    while (from <= l.s.n && (hit = next(e, &l, from)) > 0) {
        uint32_t v = part(e, &l, 0);
        TW_PUSH(e->tmp, e->stack, v);
        from = behind(&l);
    }
    bool none = e->stack.n == base;
    uint32_t v = ev_js_array(e, base);
    return hit < 0 ? 0 : none ? ev_none(e) : v;
}

/* As the list that its iterator goes over. */
uint32_t ev_js_match_all(ev *e, const ev_args *a)
{
    look l;
    uint32_t base = e->stack.n;
    size_t from = 0;
    int hit = 0;
    if (a->n != 1 || !ready(e, a->v[0], a->self, &l) || !l.re.global || l.re.unsure) return 0;
    while (from <= l.s.n && (hit = next(e, &l, from)) > 0) {
        uint32_t v = match_array(e, &l);
        TW_PUSH(e->tmp, e->stack, v);
        from = behind(&l);
    }
    uint32_t v = ev_js_array(e, base);
    return hit < 0 ? 0 : v;
}

uint32_t ev_js_split_regex(ev *e, const ev_args *a, int64_t most)
{
    look l;
    uint32_t base = e->stack.n, v;
    size_t at = 0, from = 0;
    int hit = 0;
    if (!ready(e, a->v[0], a->self, &l) || (l.re.unsure && l.re.groups)) return 0;
    if (!l.s.n) {
        hit = next(e, &l, 0);
        if (hit < 0) return 0;
        if (!hit && most) {
            v = ev_folded(e, TW_VAL_STR, TW_S(""), 0);
            TW_PUSH(e->tmp, e->stack, v);
        }
        return ev_js_array(e, base);
    }
    while (from < l.s.n && (hit = next(e, &l, from)) > 0 && l.groups[0] < l.s.n) {
        bool empty = l.groups[1] == at || (l.groups[0] == l.groups[1] && l.groups[0] == at);
        if (empty) {
            from = behind(&l);
            if (from <= at) from = at + 1;
            continue;
        }
        v = ev_folded(e, TW_VAL_STR, tw_str_sub(l.s, at, l.groups[0]), ev_at(e, a->self)->recipe);
        TW_PUSH(e->tmp, e->stack, v);
        for (uint32_t g = 1; g <= l.re.groups; g++) {
            v = part(e, &l, g);
            TW_PUSH(e->tmp, e->stack, v);
        }
        at = l.groups[1], from = at > l.groups[0] ? at : behind(&l);
    }
    v = ev_folded(e, TW_VAL_STR, tw_str_sub(l.s, at, l.s.n), ev_at(e, a->self)->recipe);
    TW_PUSH(e->tmp, e->stack, v);
    if (e->stack.n - base > most) e->stack.n = base + (uint32_t)most;
    v = ev_js_array(e, base);
    return hit < 0 ? 0 : v;
}

uint32_t ev_js_search(ev *e, const ev_args *a)
{
    look l;
    if (a->n != 1 || !ready(e, a->v[0], a->self, &l)) return 0;
    int hit = next(e, &l, 0);
    return hit < 0 ? 0 : ev_int(e, hit ? place(&l) : -1);
}

/* /x/.test(s): a g keeps where it was, so it says something else the next time. */
uint32_t ev_js_test(ev *e, const ev_args *a)
{
    look l;
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0;
    if (!a->self || !text || !ready(e, a->self, text, &l) ||
        (l.re.global && ev_at(e, a->self)->flags & EV_OWNED))
        return 0;
    int hit = next(e, &l, 0);
    return hit < 0 ? 0 : ev_bool(e, hit);
}

uint32_t ev_js_exec(ev *e, const ev_args *a)
{
    look l;
    uint32_t text = a->n ? ev_js_text(e, a->v[0]) : 0;
    if (!a->self || !text || !ready(e, a->self, text, &l) ||
        (l.re.global && ev_at(e, a->self)->flags & EV_OWNED))
        return 0;
    int hit = next(e, &l, 0);
    if (hit < 0 || (hit && l.re.unsure)) return 0;
    return hit ? match_array(e, &l) : ev_none(e);
}

/* new RegExp("\\w", "g") */
uint32_t ev_js_new_regex(ev *e, const ev_args *a)
{
    tw_str s = TW_S("(?:)"), flags = {0}, whole;
    if (a->n > 2) return 0;
    if (a->n == 1 && ev_js_is_regex(e, a->v[0], &whole)) return ev_js_regex(e, whole);
    if (a->n && ev_js_is_regex(e, a->v[0], &whole))
        s = tw_str_sub(whole, 1, tw_str_rchr(whole, '/'));
    else if (a->n) {
        uint32_t text = ev_js_text(e, a->v[0]);
        if (!text || !ev_text(e, text, &s) || tw_str_eq(s, TW_S("undefined"))) return 0;
    }
    if (a->n > 1 && ev_at(e, a->v[1])->kind != TW_VAL_NULL_) {
        if (ev_at(e, a->v[1])->kind != TW_VAL_STR || !ev_text(e, a->v[1], &flags)) return 0;
    } else if (a->n > 1 && !ev_at(e, a->v[1])->a) {
        return 0;
    }
    if (!s.n) s = TW_S("(?:)");
    if (!ev_room(e, 2 * s.n)) return 0;
    tw_buf b = {.limit = 1 << 16};
    tw_buf_putc(&b, '/');
    bool in_class = false;
    for (size_t i = 0; i < s.n; i++) { /* as `source` writes it */
        if (s.p[i] == '[') in_class = true;
        if (s.p[i] == ']') in_class = false;
        if (s.p[i] == '\n' || s.p[i] == '\r') b.over = true;
        if (s.p[i] == '/' && !in_class) tw_buf_putc(&b, '\\');
        tw_buf_putc(&b, s.p[i]);
        if (s.p[i] == '\\' && i + 1 < s.n) tw_buf_putc(&b, s.p[++i]);
    }
    tw_buf_putc(&b, '/');
    tw_buf_puts(&b, flags);
    uint32_t v = b.over ? 0 : ev_js_regex(e, tw_arena_str(e->tmp, tw_buf_str(&b)));
    tw_buf_free(&b);
    return v;
}
