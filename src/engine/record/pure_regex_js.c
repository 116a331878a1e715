/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's regular expressions written as PCRE2's. Refused is what the two do differently and this does not
 * know how to write; what groups hold after a repetition is marked as unsure. */
#include "base/utf8.h"
#include "engine/record/pure_regex.h"

#define LINE_ENDS "\\n\\r\\x{2028}\\x{2029}"
#define SPACES           \
    "\\t\\n\\x0b\\f\\r " \
    "\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"

typedef struct open {
    uint32_t group;           /* captures: number, else 0 */
    bool look, behind, holds; /* an assertion; captures stand inside */
} open;
typedef struct trans {
    ev *e;
    tw_str s;
    size_t at;
    bool multi, dot_all, caseless;
    uint32_t total; /* groups in all */
    bool back;      /* there is a backreference */
    bool atom, quantified, look_atom, holds_atom, capture_atom;
    tw_buf o;
    TW_VEC(open) opens;
    ev_js_re *re;
} trans;

static char peek(const trans *t, size_t k)
{
    return t->at + k < t->s.n ? t->s.p[t->at + k] : 0;
}

static void put(trans *t, const char *z)
{
    tw_buf_puts(&t->o, tw_str_c(z));
}

static void put_code(trans *t, uint32_t c)
{
    tw_buf_fmt(&t->o, "\\x{%x}", c);
    if (c >= 0x80 && t->caseless) t->re->ascii = true;
}

static int hex_of(char c)
{
    char low = (char)(c | 32);
    return c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bool hex(trans *t, unsigned n, uint32_t *ret)
{
    *ret = 0;
    for (unsigned i = 0; i < n; i++) {
        int d = hex_of(peek(t, i));
        if (d < 0) return false;
        *ret = *ret << 4 | (uint32_t)d;
    }
    return t->at += n, true;
}

/* Behind the backslash; what a class and what is outside share. False: refused. */
static bool escape(trans *t, bool in_class)
{
    static const char controls[] = "tnrfv", as[] = "\t\n\r\f\v";
    char c = peek(t, 0);
    const char *p = c ? strchr(controls, c) : NULL;
    uint32_t u;
    if (!c) return false;
    if ((unsigned char)c >= 0x80) return false;
    t->at++;
    if (p) return put_code(t, (uint32_t)as[p - controls]), true;
    switch (c) {
    case 'd': put(t, in_class ? "0-9" : "[0-9]"); return true;
    case 'D':
        if (in_class)
            put(t, "\\D");
        else
            put(t, "[^0-9]");
        return true;
    case 'w': put(t, in_class ? "A-Za-z0-9_" : "[A-Za-z0-9_]"); return true;
    case 'W': put(t, in_class ? "\\W" : "[^A-Za-z0-9_]"); return true;
    case 's': put(t, in_class ? SPACES : "[" SPACES "]"); return true;
    case 'S':
        if (in_class) t->re->ascii = true; /* PCRE2's \S is that of ASCII */
        put(t, in_class ? "\\S" : "[^" SPACES "]");
        return true;
    case 'x': return hex(t, 2, &u) && (put_code(t, u), true);
    case 'u':
        if (peek(t, 0) == '{') return false;
        if (!hex(t, 4, &u) || (u >= 0xD800 && u < 0xE000)) return false;
        put_code(t, u);
        return true;
    case '0':
        if (peek(t, 0) >= '0' && peek(t, 0) <= '9') return false;
        put_code(t, 0);
        return true;
    case 'c':
        c = peek(t, 0);
        if ((c | 32) < 'a' || (c | 32) > 'z') return false;
        t->at++;
        put_code(t, (uint32_t)c & 31);
        return true;
    default: break;
    }
    bool letter = (c | 32) >= 'a' && (c | 32) <= 'z', digit = c >= '0' && c <= '9';
    if (letter || digit) {
        if (t->re->unicode || digit || c == 'k' || c == 'p' || c == 'P' || c == 'b' || c == 'B') return false;
        tw_buf_putc(&t->o, c); /* \a is a */
        return true;
    }
    tw_buf_putc(&t->o, '\\');
    tw_buf_putc(&t->o, c);
    return true;
}

static bool class_item(trans *t)
{
    char c = peek(t, 0);
    if (c == '\\') {
        t->at++;
        if (peek(t, 0) == 'b') return t->at++, put(t, "\\x08"), true;
        if (peek(t, 0) == '-') return t->at++, put(t, "\\-"), true;
        return escape(t, true);
    }
    if (c == '[' || c == '^' || c == '&' || c == '~') tw_buf_putc(&t->o, '\\');
    if ((unsigned char)c >= 0x80) {
        size_t from = t->at;
        uint32_t u = tw_utf8_next(t->s, &t->at, NULL);
        if (u >= 0x10000 && !t->re->unicode) return false;
        if (t->caseless) t->re->ascii = true;
        tw_buf_puts(&t->o, tw_str_sub(t->s, from, t->at));
        return true;
    }
    tw_buf_putc(&t->o, c);
    return t->at++, true;
}

static bool class(trans *t)
{
    bool not = peek(t, 1) == '^';
    t->at += 1 + not ;
    if (peek(t, 0) == ']') {
        put(t, not ? "[\\s\\S]" : "(?!)");
        t->at++;
        return true;
    }
    put(t, not ? "[^" : "[");
    while (t->at < t->s.n && peek(t, 0) != ']') {
        if (peek(t, 0) == '-') { /* a range must have ends that are characters: [\w-x] is refused */
            bool last = peek(t, 1) == ']',
                 first = t->o.p[t->o.n - 1] == '[' || (not &&t->o.p[t->o.n - 1] == '^');
            char before = t->at >= 2 ? t->s.p[t->at - 1] : 0, esc = t->at >= 2 ? t->s.p[t->at - 2] : 0;
            if (last || first) {
                put(t, "\\-");
                t->at++;
                continue;
            }
            bool set_before = esc == '\\' && strchr("dDwWsS", before);
            bool set_after = peek(t, 1) == '\\' && peek(t, 2) && strchr("dDwWsS", peek(t, 2));
            if (set_before || set_after) return false;
        }
        if (!class_item(t)) return false;
    }
    put(t, "]");
    return t->at++ < t->s.n;
}

static bool open_group(trans *t)
{
    open g = {0};
    t->at++;
    put(t, "(");
    if (peek(t, 0) != '?') {
        g.group = ++t->re->groups;
    } else {
        char c = peek(t, 1), d = peek(t, 2);
        if (c == ':') {
            put(t, "?:"), t->at += 2;
        } else if (c == '=' || c == '!') {
            g.look = true;
            put(t, c == '=' ? "?=" : "?!"), t->at += 2;
        } else if (c == '<' && (d == '=' || d == '!')) {
            g.look = g.behind = true;
            put(t, d == '=' ? "?<=" : "?<!"), t->at += 3;
        } else if (c == '<') { /* a name */
            t->re->named = true;
            g.group = ++t->re->groups;
            for (t->at += 2; peek(t, 0) && peek(t, 0) != '>'; t->at++)
                if (hex_of(peek(t, 0)) < 0 && ((peek(t, 0) | 32) < 'a' || (peek(t, 0) | 32) > 'z') &&
                    peek(t, 0) != '_')
                    return false;
            t->at++;
        } else {
            return false;
        }
    }
    TW_PUSH(t->e->tmp, t->opens, g);
    return t->opens.n < 64;
}

static bool close_group(trans *t)
{
    if (!t->opens.n) return false;
    open g = t->opens.v[--t->opens.n];
    put(t, ")");
    t->at++;
    if (g.behind && (g.holds || t->back)) return false;
    t->look_atom = g.look;
    t->holds_atom = g.holds;
    t->capture_atom = g.group != 0;
    if (t->opens.n) t->opens.v[t->opens.n - 1].holds |= g.holds || g.group;
    return true;
}

/* {2,3} at hand: how long it is, 0 none. */
static size_t braces(const trans *t)
{
    size_t i = 1;
    while (peek(t, i) >= '0' && peek(t, i) <= '9') i++;
    if (i == 1) return 0;
    if (peek(t, i) == ',') {
        i++;
        while (peek(t, i) >= '0' && peek(t, i) <= '9') i++;
    }
    return peek(t, i) == '}' ? i + 1 : 0;
}

static bool quantifier(trans *t, size_t n)
{
    if (!t->atom || t->quantified || t->look_atom) return false;
    if (t->holds_atom || t->capture_atom) t->re->unsure = true; /* groups are cleared in each round, or not */
    tw_buf_puts(&t->o, tw_str_sub(t->s, t->at, t->at + n));
    t->at += n;
    if (peek(t, 0) == '?') put(t, "?"), t->at++;
    t->quantified = true;
    return true;
}

static bool back_reference(trans *t)
{
    uint32_t n = 0;
    size_t i = 0;
    while (peek(t, i) >= '0' && peek(t, i) <= '9' && i < 3) n = n * 10 + (uint32_t)(peek(t, i++) - '0');
    if (n > t->total) return false;
    t->back = true;
    tw_buf_fmt(&t->o, "\\g{%u}", n);
    return t->at += i, true;
}

static bool atom(trans *t)
{
    char c = peek(t, 0);
    t->look_atom = t->holds_atom = t->capture_atom = false;
    switch (c) {
    case '[': return class(t);
    case '.': put(t, t->dot_all ? "[\\s\\S]" : "[^" LINE_ENDS "]"); return t->at++, true;
    case '^':
        put(t, t->multi ? "(?:\\A|(?<=[" LINE_ENDS "]))" : "\\A");
        t->look_atom = true;
        return t->at++, true;
    case '$':
        put(t, t->multi ? "(?=[" LINE_ENDS "]|\\z)" : "\\z");
        t->look_atom = true;
        return t->at++, true;
    case '\\':
        t->at++;
        c = peek(t, 0);
        if (c == 'b' || c == 'B') {
            tw_buf_fmt(&t->o, "\\%c", c);
            t->look_atom = true;
            return t->at++, true;
        }
        if (c >= '1' && c <= '9') return back_reference(t);
        return escape(t, false);
    case '{':
    case '}':
    case ']':
        if (t->re->unicode) return false;
        tw_buf_fmt(&t->o, "\\%c", c);
        return t->at++, true;
    default: break;
    }
    if ((unsigned char)c >= 0x80) {
        size_t from = t->at;
        uint32_t u = tw_utf8_next(t->s, &t->at, NULL);
        if (u >= 0x10000 && !t->re->unicode) return false;
        if (t->caseless) t->re->ascii = true;
        tw_buf_puts(&t->o, tw_str_sub(t->s, from, t->at));
        return true;
    }
    tw_buf_putc(&t->o, c);
    return t->at++, true;
}

static bool all(trans *t)
{
    while (t->at < t->s.n) {
        char c = peek(t, 0);
        size_t n = c == '*' || c == '+' || c == '?' ? 1 : c == '{' ? braces(t) : 0;
        if (n) {
            if (!quantifier(t, n)) return false;
            continue;
        }
        bool fine = true, is_atom = false;
        if (c == '(')
            fine = open_group(t);
        else if (c == ')')
            fine = is_atom = close_group(t);
        else if (c == '|')
            put(t, "|"), t->at++;
        else
            fine = is_atom = atom(t);
        if (!fine || !ev_step(t->e, 1)) return false;
        t->atom = is_atom, t->quantified = false;
    }
    return !t->opens.n;
}

static uint32_t count_groups(tw_str s)
{
    uint32_t n = 0;
    bool in_class = false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == '[')
            in_class = true;
        else if (s.p[i] == ']')
            in_class = false;
        else if (s.p[i] == '(' && !in_class)
            n += i + 1 >= s.n || s.p[i + 1] != '?' ||
                 (i + 3 < s.n && s.p[i + 2] == '<' && s.p[i + 3] != '=' && s.p[i + 3] != '!');
    }
    return n;
}

bool ev_regex_js(ev *e, tw_str source, tw_str flags, ev_js_re *ret)
{
    *ret = (ev_js_re){0};
    trans t = {.e = e, .s = source, .re = ret, .total = count_groups(source), .o = {.limit = 1 << 16}};
    for (size_t i = 0; i < flags.n; i++) {
        switch (flags.p[i]) {
        case 'g': ret->global = true; break;
        case 'i': t.caseless = true; break;
        case 'm': t.multi = true; break;
        case 's': t.dot_all = true; break;
        case 'u': ret->unicode = true; break;
        case 'y': ret->sticky = true; break;
        case 'd': break;
        default: return false;
        }
    }
    ret->flags = t.caseless ? EV_RE_CASELESS : 0;
    if (!tw_utf8_valid(source) || (t.caseless && ret->unicode)) return false;
    bool fine = all(&t) && !t.o.over && !(ret->unsure && t.back);
    ret->pattern = fine ? tw_arena_str(e->tmp, tw_buf_str(&t.o)) : (tw_str){0};
    ret->ascii |= t.caseless;
    tw_buf_free(&t.o);
    return fine;
}
