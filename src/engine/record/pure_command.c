/* SPDX-License-Identifier: Apache-2.0 */
/* What commands, PowerShell's operators and a few .NET methods compute from constants. As in pure.c: the same
 * value or none. */
#include "base/utf8.h"
#include "engine/record/pure_priv.h"

enum { ITEMS = 4096 };

static bool is(tw_str s, const char *word)
{
    return tw_str_eq(s, tw_str_c(word));
}

/* Bytes as text, with their recipe. */
static uint32_t as_text(ev *e, uint32_t v)
{
    tw_str s;
    if (!v || ev_at(e, v)->kind != TW_VAL_BYTES) return v;
    return ev_text(e, v, &s) ? ev_folded(e, TW_VAL_STR, s, ev_at(e, v)->recipe) : 0;
}

static uint32_t apply(ev *e, ev_pure_fn fn, uint32_t v)
{
    uint32_t names[1] = {0};
    ev_args a = {0, &v, names, 1};
    uint32_t r = v ? fn(e, &a) : 0;
    if (r && ev_at(e, r)->recipe) ev_layer_seen(e, r);
    return r;
}

static bool given(const ev *e, const ev_call *c, const char *keyword)
{
    return ev_call_arg(e, c, UINT32_MAX, keyword) != 0;
}

uint32_t ev_utf16(ev *e, uint32_t v)
{
    tw_str s;
    if (!ev_text(e, v, &s) || s.n < 2 || s.n % 2 || !ev_room(e, s.n)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i + 1 < s.n; i += 2) {
        uint32_t c = (uint8_t)s.p[i] | (uint32_t)(uint8_t)s.p[i + 1] << 8;
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < s.n) {
            uint32_t d = (uint8_t)s.p[i + 2] | (uint32_t)(uint8_t)s.p[i + 3] << 8;
            if (d >= 0xDC00 && d < 0xE000) c = 0x10000 + ((c - 0xD800) << 10) + (d - 0xDC00), i += 2;
        }
        tw_utf8_put(&e->out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
    }
    return ev_taken(e, TW_VAL_STR, &e->out, ev_recipe_add(e, ev_at(e, v)->recipe, "utf-16"));
}

/* echo a b: its words, joined. */
static uint32_t echo(ev *e, const ev_call *c)
{
    uint32_t sum = ev_text_val(e, TW_VAL_STR, TW_S(""), 0, 0), n = 0;
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        uint8_t kind;
        if (a.name) continue;
        if (!ev_is_text(e, a.value, &kind) || !ev_is_const(e, a.value)) return 0;
        if (n++) sum = ev_concat(e, sum, ev_text_val(e, TW_VAL_STR, TW_S(" "), 0, 0));
        uint32_t next = sum ? ev_concat(e, sum, as_text(e, a.value)) : 0;
        if (!next) return 0;
        sum = next;
    }
    return n ? sum : 0;
}

/* printf FORMAT, or with %s and words for it. */
static uint32_t print(ev *e, const ev_call *c)
{
    tw_str format, word;
    uint32_t v = ev_call_arg(e, c, 0, NULL), next = 1;
    if (!v || !ev_text(e, v, &format)) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < format.n; i++) {
        char ch = format.p[i], d = i + 1 < format.n ? format.p[i + 1] : 0;
        if (ch == '%' && (d == 's' || d == 'b')) {
            uint32_t w = ev_call_arg(e, c, next++, NULL);
            if (!w || !ev_text(e, w, &word)) return 0;
            tw_buf_puts(&e->out, word);
            i++;
        } else if (ch == '%' && d == '%') {
            tw_buf_putc(&e->out, '%');
            i++;
        } else if (ch == '%') {
            return 0;
        } else if (ch == '\\' && d == 'n') {
            tw_buf_putc(&e->out, '\n');
            i++;
        } else if (ch == '\\' && d == 'x' && i + 3 < format.n) {
            int64_t n;
            if (!ev_parse_int(tw_str_sub(format, i + 2, i + 4), 16, &n)) return 0;
            tw_buf_putc(&e->out, (char)n);
            i += 3;
        } else if (ch == '\\' && d >= '0' && d <= '7') {
            unsigned n = 0, k = 0;
            for (; k < 3 && i + 1 < format.n && format.p[i + 1] >= '0' && format.p[i + 1] <= '7'; k++)
                n = n * 8 + (unsigned)(format.p[++i] - '0');
            tw_buf_putc(&e->out, (char)n);
        } else {
            tw_buf_putc(&e->out, ch);
        }
    }
    return ev_call_arg(e, c, next, NULL) ? 0 : ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, v)->recipe);
}

static uint32_t reversed(ev *e, uint32_t v)
{
    tw_str s;
    if (!v || !ev_text(e, v, &s) || !ev_ascii(s) || tw_str_chr(s, '\n') != TW_NPOS || !ev_room(e, s.n))
        return 0;
    char *p = tw_arena_alloc(e->tmp, s.n + 1);
    for (size_t i = 0; i < s.n; i++) p[i] = s.p[s.n - 1 - i];
    return ev_folded(e, TW_VAL_STR, tw_str_of(p, s.n), ev_recipe_add(e, ev_at(e, v)->recipe, "reverse"));
}

uint32_t ev_pure_command(ev *e, const ev_call *c)
{
    tw_str name = ev_sym(e, c->sym);
    uint32_t in = ev_call_arg(e, c, UINT32_MAX, "<stdin>");
    bool decode = given(e, c, "-d") || given(e, c, "-D") || given(e, c, "--decode");
    if (e->ir->lang != TW_LANG_POWERSHELL && is(name, "echo")) return echo(e, c);
    if (is(name, "printf")) return print(e, c);
    if (!in || !ev_is_const(e, in)) return 0;
    if (is(name, "base64") && decode) return as_text(e, apply(e, ev_b64, in));
    if (is(name, "base32") && decode) return as_text(e, apply(e, ev_b32, in));
    if (is(name, "openssl") && given(e, c, "-d") && (given(e, c, "-base64") || given(e, c, "-a")))
        return as_text(e, apply(e, ev_b64, in));
    if (is(name, "xxd") && given(e, c, "-r") && given(e, c, "-p"))
        return as_text(e, apply(e, ev_fromhex, in));
    if (is(name, "rev")) return reversed(e, in);
    if (is(name, "zcat") || is(name, "gunzip") || (is(name, "gzip") && decode))
        return as_text(e, apply(e, ev_gzip, in));
    if (is(name, "cat") && c->n_args == 1) return in;
    return 0;
}

/* --- .NET --- */

static const struct {
    tw_str symbol;
    ev_pure_fn fn;
    bool text; /* the result is text, not bytes */
} dotnet[] = {
    {TW_SI("convert.frombase64string"), ev_b64, false},
    {TW_SI("str.replace"), ev_str_replace, true},
    {TW_SI("str.trim"), ev_str_strip, true},
    {TW_SI("str.toupper"), ev_str_upper, true},
    {TW_SI("str.tolower"), ev_str_lower, true},
};

uint32_t ev_pure_dotnet(ev *e, uint32_t sym, const ev_args *a)
{
    tw_str name = ev_sym(e, sym), text;
    for (size_t i = 0; i < TW_COUNT(dotnet); i++)
        if (tw_str_eq(dotnet[i].symbol, name)) {
            uint32_t v = dotnet[i].fn(e, a);
            if (v && ev_at(e, v)->recipe) ev_layer_seen(e, v);
            return v;
        }
    uint32_t object = a->self ? ev_dotnet_object(e, name, a) : 0;
    if (object) {
        if (ev_at(e, object)->recipe) ev_layer_seen(e, object);
        return object;
    }
    bool get = tw_str_ends(name, TW_S(".getstring")), put = tw_str_ends(name, TW_S(".getbytes"));
    if (!tw_str_starts(name, TW_S("text.encoding.")) || !(get || put) || a->n != 1) return 0;
    if (!ev_is_const(e, a->v[0]) || !ev_text(e, a->v[0], &text)) return 0;
    if (tw_str_find(name, TW_S(".unicode.")) != TW_NPOS) return get ? ev_utf16(e, a->v[0]) : 0;
    return ev_folded(e, get ? TW_VAL_STR : TW_VAL_BYTES, text, ev_at(e, a->v[0])->recipe);
}

/* --- operators --- */

static bool characters(ev *e, uint32_t v)
{
    int64_t n;
    uint32_t list, count;
    tw_str s;
    if (ev_text(e, v, &s)) return tw_buf_puts(&e->out, s), true;
    if (ev_get_int(e, v, &n)) return n > 0 && n < 0xD800 ? tw_utf8_put(&e->out, (uint32_t)n), true : false;
    if (!ev_items(e, v, &list, &count) || !ev_step(e, count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t item = e->lists.v[list + i];
        if (ev_get_int(e, item, &n) && n > 0 && n < 0xD800)
            tw_utf8_put(&e->out, (uint32_t)n);
        else if (ev_text(e, item, &s))
            tw_buf_puts(&e->out, s);
        else
            return false;
    }
    return true;
}

/* [char]65, [char[]](104, 105): both as the text they make. */
static uint32_t cast(ev *e, tw_str type, uint32_t v)
{
    int64_t n;
    tw_str s;
    tw_buf_clear(&e->out);
    if (!ev_is_const(e, v)) return 0;
    if (is(type, "[char]") || is(type, "[char[]]"))
        return characters(e, v)
                   ? ev_taken(e, TW_VAL_STR, &e->out, ev_recipe_add(e, ev_at(e, v)->recipe, "chars"))
                   : 0;
    if (is(type, "[string]")) return ev_to_str(e, v);
    if (is(type, "[byte[]]")) return 0;
    bool to_int = is(type, "[int]") || is(type, "[int32]") || is(type, "[byte]");
    if (to_int && ev_get_int(e, v, &n)) return v;
    if (to_int && ev_text(e, v, &s) && ev_parse_int(s, 0, &n)) return ev_int(e, n);
    return 0;
}

static uint32_t join(ev *e, uint32_t list_v, tw_str by)
{
    uint32_t list, n;
    tw_str s;
    int64_t num;
    if (ev_text(e, list_v, &s)) return list_v;
    if (!ev_items(e, list_v, &list, &n) || n > ITEMS * 16 || !ev_step(e, n)) return 0;
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t item = e->lists.v[list + i];
        if (i) tw_buf_puts(&e->out, by);
        if (ev_get_int(e, item, &num))
            tw_buf_fmt(&e->out, "%lld", (long long)num);
        else if (ev_text(e, item, &s))
            tw_buf_puts(&e->out, s);
        else
            return 0;
    }
    return ev_taken(e, TW_VAL_STR, &e->out, 0);
}

/* "{1}{0}" -f 'b','a' */
static uint32_t format(ev *e, tw_str f, uint32_t with)
{
    uint32_t list, n = 1;
    tw_str s;
    bool many = ev_items(e, with, &list, &n);
    tw_buf_clear(&e->out);
    for (size_t i = 0; i < f.n; i++) {
        char c = f.p[i];
        if ((c == '{' || c == '}') && i + 1 < f.n && f.p[i + 1] == c) {
            tw_buf_putc(&e->out, c);
            i++;
            continue;
        }
        if (c != '{') {
            tw_buf_putc(&e->out, c);
            continue;
        }
        uint32_t at = 0, digits = 0;
        for (i++; i < f.n && f.p[i] >= '0' && f.p[i] <= '9' && digits < 4; i++, digits++)
            at = at * 10 + (uint32_t)(f.p[i] - '0');
        if (!digits || i >= f.n || f.p[i] != '}' || at >= n) return 0;
        uint32_t text = ev_to_str(e, many ? e->lists.v[list + at] : with);
        if (!text || !ev_text(e, text, &s)) return 0;
        tw_buf_puts(&e->out, s);
    }
    return ev_taken(e, TW_VAL_STR, &e->out, 0);
}

/* -replace without anything that a regular expression would read otherwise. */
static uint32_t replace(ev *e, uint32_t v, tw_str s, tw_str what, tw_str with)
{
    if (!what.n || !ev_step(e, s.n / 16)) return 0;
    tw_buf plain = {.limit = 4096};
    bool fine = tw_str_chr(with, '$') == TW_NPOS;
    for (size_t i = 0; i < what.n && fine; i++) {
        bool escaped =
            what.p[i] == '\\' && i + 1 < what.n && strchr(".\\+*?[^]$(){}=!<>|:-#/", what.p[i + 1]);
        if (escaped)
            i++;
        else if (strchr(".\\+*?[^]$(){}|", what.p[i]))
            fine = false;
        if (fine) tw_buf_putc(&plain, what.p[i]);
    }
    tw_str p = tw_buf_str(&plain);
    tw_buf_clear(&e->out);
    for (size_t at = 0; fine && p.n && at < s.n;) {
        tw_str rest = tw_str_sub(s, at, s.n);
        size_t hit = tw_str_find(rest, p);
        tw_buf_puts(&e->out, tw_str_sub(rest, 0, hit == TW_NPOS ? rest.n : hit));
        if (hit == TW_NPOS) break;
        tw_buf_puts(&e->out, with);
        at += hit + p.n;
    }
    tw_buf_free(&plain);
    return fine ? ev_taken(e, TW_VAL_STR, &e->out, ev_at(e, v)->recipe) : 0;
}

static bool parse_signed(tw_str s, int64_t *ret)
{
    bool minus = s.n > 1 && s.p[0] == '-';
    if (!ev_parse_int(tw_str_sub(s, minus, s.n), 10, ret)) return false;
    if (minus) *ret = -*ret;
    return true;
}

/* %X:~2,3% and ${X:2:3} as far as it is plain. */
static uint32_t part_of(ev *e, tw_str s, tw_str how)
{
    size_t comma = tw_str_chr(how, ',');
    tw_str a = tw_str_sub(how, 0, comma == TW_NPOS ? how.n : comma);
    int64_t from = 0, n = (int64_t)s.n;
    if (a.n && !parse_signed(a, &from)) return 0;
    if (from < 0) from += (int64_t)s.n;
    if (from < 0) from = 0;
    if (from > (int64_t)s.n) from = (int64_t)s.n;
    if (comma != TW_NPOS && !parse_signed(tw_str_sub(how, comma + 1, how.n), &n)) return 0;
    int64_t to = n < 0 ? (int64_t)s.n + n : from > INT64_MAX - n ? (int64_t)s.n : from + n;
    if (to < from) to = from;
    return ev_folded(e, TW_VAL_STR, tw_str_sub(s, (size_t)from, (size_t)to), 0);
}

static uint32_t split(ev *e, tw_str s, tw_str by)
{
    uint32_t base = e->stack.n, n = 0;
    if (!by.n || strchr(".\\+*?[^]$(){}|", by.p[0])) return 0;
    while (s.p && n < ITEMS && ev_step(e, 1)) {
        size_t hit = tw_str_find(s, by);
        TW_PUSH(e->tmp, e->stack, ev_folded(e, TW_VAL_STR, tw_str_sub(s, 0, hit == TW_NPOS ? s.n : hit), 0));
        n++;
        if (hit == TW_NPOS) break;
        s = tw_str_sub(s, hit + by.n, s.n);
    }
    uint32_t v = n < ITEMS ? ev_list(e, TW_VAL_SEQ, e->stack.v + base, n) : 0;
    if (v) ev_at(e, v)->how = TW_SEQ_ARRAY;
    e->stack.n = base;
    return v;
}

static uint32_t text_op(ev *e, tw_str op, const uint32_t *items, tw_str s, tw_str t)
{
    uint32_t list, n;
    tw_str with = TW_S("");
    if (is(op, "-split")) return split(e, s, t);
    if (is(op, "%:~")) return part_of(e, s, t);
    if (is(op, "%:=")) {
        size_t eq = tw_str_chr(t, '=');
        return eq == TW_NPOS ? 0 : replace(e, items[0], s, tw_str_sub(t, 0, eq), tw_str_sub(t, eq + 1, t.n));
    }
    if (!is(op, "-replace")) return 0;
    if (t.p) return replace(e, items[0], s, t, with);
    if (!ev_items(e, items[1], &list, &n) || n != 2) return 0;
    bool both = ev_text(e, e->lists.v[list], &t) && ev_text(e, e->lists.v[list + 1], &with);
    return both ? replace(e, items[0], s, t, with) : 0;
}

uint32_t ev_command_op(ev *e, tw_str op, const uint32_t *items, uint32_t n)
{
    tw_str s = {0}, t = {0};
    for (uint32_t i = 0; i < n; i++)
        if (!ev_is_const(e, items[i])) return is(op, "+") && n == 2 ? ev_op(e, op, items, n) : 0;
    if (n == 1 && op.n && op.p[0] == '[') return cast(e, op, items[0]);
    if (n == 1 && is(op, "-join")) return join(e, items[0], TW_S(""));
    if (n != 2) return 0;
    bool text = ev_text(e, items[0], &s), second = ev_text(e, items[1], &t);
    if (!second) t.p = NULL;
    if (is(op, "-join")) return second ? join(e, items[0], t) : 0;
    if (is(op, "-f")) return text ? format(e, s, items[1]) : 0;
    if (is(op, "-bxor")) return ev_op(e, TW_S("^"), items, 2);
    if (is(op, "+") || is(op, "*") || is(op, "-")) return ev_op(e, op, items, 2);
    return text ? text_op(e, op, items, s, t) : 0;
}
