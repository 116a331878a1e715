/* SPDX-License-Identifier: Apache-2.0 */
/* How JavaScript reads what lies beside it. */
#include "engine/record/evaluate_world.h"

static uint32_t text(ev *e, tw_str s)
{
    return s.n ? ev_folded(e, TW_VAL_STR, s, 0) : 0;
}

/* --- path and URLs --------------------------------------------------------------------------------- */
static uint32_t joined(ev *e, const ev_args *a, bool absolute)
{
    tw_str all = TW_S(""), part;
    for (uint32_t i = 0; i < a->n; i++) {
        if (!ev_text(e, a->v[i], &part)) return 0;
        bool root = absolute && part.n && part.p[0] == '/';
        if (!root && i) part = tw_arena_fmt(e->tmp, "/%.*s", TW_FMT(part));
        all = root || !i ? part : tw_arena_fmt(e->tmp, "%.*s%.*s", TW_FMT(all), TW_FMT(part));
    }
    return text(e, ev_path_normal(e, all));
}

static uint32_t join(ev *e, const ev_args *a)
{
    return joined(e, a, false);
}
static uint32_t resolve(ev *e, const ev_args *a)
{
    return joined(e, a, true);
}

static uint32_t dir_of(ev *e, const ev_args *a)
{
    tw_str s;
    return ev_arg_text(e, a, 0, NULL, &s) ? text(e, ev_path_dir(s)) : 0;
}

static uint32_t base_of(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && ev_arg_text(e, a, 0, NULL, &s) ? text(e, tw_str_base(s)) : 0;
}

static tw_str plain(tw_str s)
{
    return tw_str_starts(s, TW_S("file://")) ? tw_str_sub(s, 7, s.n) : s;
}

static uint32_t url(ev *e, const ev_args *a)
{
    tw_str s, base;
    if (a->n != 2 || !ev_text(e, a->v[0], &s) || !ev_text(e, a->v[1], &base) ||
        !tw_str_starts(base, TW_S("file://")))
        return 0;
    tw_str p = ev_path_normal(e, ev_path_join(e, ev_path_dir(plain(base)), s));
    return ev_world_make(e, TW_VAL_STR, tw_arena_fmt(e->tmp, "file://%.*s", TW_FMT(p)), EV_AS_PATH, 0);
}

static uint32_t from_url(ev *e, const ev_args *a)
{
    tw_str s;
    return ev_arg_text(e, a, 0, NULL, &s) ? text(e, plain(s)) : 0;
}

static uint32_t own_relative(ev *e, const ev_args *a)
{
    tw_str s;
    bool fine = ev_arg_text(e, a, 0, NULL, &s) && s.n && s.p[0] == '.';
    return fine ? text(e, ev_path_normal(e, ev_path_join(e, ev_path_dir(ev_path_own(e)), s))) : 0;
}

/* --- files ------------------------------------------------------------------------------------------ */
/* {encoding: "utf8"} or "utf8"; empty: none. False: not known. */
static bool encoding_of(ev *e, uint32_t v, tw_str *ret)
{
    *ret = TW_S("");
    if (!v || ev_at(e, v)->kind == TW_VAL_FUNC || ev_at(e, v)->kind == TW_VAL_NULL_) return true;
    if (ev_at(e, v)->kind != TW_VAL_MAP) return ev_text(e, v, ret);
    const ev_val m = *ev_at(e, v);
    for (uint32_t i = 0; i + 1 < m.n && i < 16; i += 2) {
        tw_str key;
        if (ev_text(e, e->lists.v[m.list + i], &key) && tw_str_eq(key, TW_S("encoding")))
            return ev_text(e, e->lists.v[m.list + i + 1], ret) ||
                   ev_at(e, e->lists.v[m.list + i + 1])->kind == TW_VAL_NULL_;
    }
    return true;
}

static uint32_t content(ev *e, const ev_args *a)
{
    tw_str name, encoding;
    uint32_t none[1] = {0};
    uint32_t second = a->n > 1 && !a->names[1] ? a->v[1] : 0; /* entries of a literal are arguments besides */
    if (!a->n || !ev_text(e, a->v[0], &name) || !encoding_of(e, second, &encoding)) return 0;
    uint32_t v = ev_world_read(e, plain(name));
    if (!v || !encoding.n) return v;
    uint32_t how = ev_text_val(e, TW_VAL_STR, encoding, 0, 0);
    return ev_js_to_string(e, &(ev_args){v, &how, none, 1});
}

static uint32_t read_now(ev *e, const ev_args *a)
{
    return content(e, a);
}

static uint32_t read_later(ev *e, const ev_args *a)
{
    uint32_t v = content(e, a), last = a->n;
    while (last && a->names[last - 1]) last--;
    if (!v) return 0;
    if (last && ev_at(e, a->v[last - 1])->kind == TW_VAL_FUNC) {
        ev_world_give(e, a->v[last - 1], 1, v);
        return 0;
    }
    ev_at(e, v)->how = EV_AS_PROMISE;
    return v;
}

static uint32_t readdir(ev *e, const ev_args *a)
{
    tw_str dir;
    return ev_arg_text(e, a, 0, NULL, &dir) ? ev_world_names(e, plain(dir), TW_S(""), false) : 0;
}

static uint32_t parse(ev *e, const ev_args *a)
{
    return a->n && ev_is_const(e, a->v[0]) ? ev_world_json(e, a->v[0]) : 0;
}

/* require("./x.json") */
uint32_t ev_world_module(ev *e, tw_str spec)
{
    bool own = tw_str_starts(spec, TW_S("./")) || tw_str_starts(spec, TW_S("../"));
    if (!own || !tw_str_ends(spec, TW_S(".json"))) return 0;
    uint32_t v = ev_world_json(e, ev_world_read(e, ev_path_join(e, ev_path_dir(ev_path_own(e)), spec)));
    if (v && ev_at(e, v)->kind == TW_VAL_MAP) ev_at(e, v)->how = EV_AS_MODULE;
    return v;
}

/* --- buffers ------------------------------------------------------------------------------------------ */
static bool bound(ev *e, const ev_args *a, uint32_t i, int64_t n, int64_t otherwise, size_t *ret)
{
    int64_t k = otherwise;
    if (i < a->n && ev_at(e, a->v[i])->kind != TW_VAL_NULL_ && !ev_get_int(e, a->v[i], &k)) return false;
    if (k < 0) k = k + n < 0 ? 0 : k + n;
    *ret = (size_t)(k > n ? n : k);
    return true;
}

static uint32_t slice(ev *e, const ev_args *a)
{
    tw_str s;
    size_t from, to;
    if (!a->self || ev_at(e, a->self)->kind != TW_VAL_BYTES || !ev_text(e, a->self, &s) ||
        !bound(e, a, 0, (int64_t)s.n, 0, &from) || !bound(e, a, 1, (int64_t)s.n, (int64_t)s.n, &to))
        return 0;
    return ev_folded(e, TW_VAL_BYTES, tw_str_sub(s, from, to < from ? from : to), ev_at(e, a->self)->recipe);
}

static uint32_t index_of(ev *e, const ev_args *a, bool last)
{
    tw_str s, what;
    if (!a->self || a->n != 1 || !ev_text(e, a->self, &s) || !ev_text(e, a->v[0], &what) || !what.n ||
        (ev_at(e, a->self)->kind == TW_VAL_STR && !ev_js_ascii(e, s)) || !ev_step(e, s.n / 16 + 1))
        return 0;
    size_t at = tw_str_find(s, what), from = at;
    while (last && at != TW_NPOS) {
        tw_str rest = tw_str_sub(s, from + 1, s.n);
        size_t next = tw_str_find(rest, what);
        if (next == TW_NPOS || !ev_step(e, 1)) break;
        from = at = from + 1 + next;
    }
    return ev_int(e, at == TW_NPOS ? -1 : (int64_t)at);
}

static uint32_t first_index(ev *e, const ev_args *a)
{
    return index_of(e, a, false);
}
static uint32_t last_index(ev *e, const ev_args *a)
{
    return index_of(e, a, true);
}

/* buffer.toString(encoding, from, to) */
static uint32_t part_text(ev *e, const ev_args *a)
{
    uint32_t none[1] = {0}, bounds[2];
    if (!a->self || a->n < 2 || a->n > 3) return 0;
    for (uint32_t i = 1; i < a->n; i++) bounds[i - 1] = a->v[i];
    uint32_t v = slice(e, &(ev_args){a->self, bounds, none, a->n - 1});
    bool plain_text = ev_at(e, a->v[0])->kind == TW_VAL_NULL_;
    return v ? ev_js_to_string(e, &(ev_args){v, a->v, none, plain_text ? 0 : 1}) : 0;
}

/* list.forEach(f) over names of a folder */
static uint32_t for_each(ev *e, const ev_args *a)
{
    const ev_val *x = a->self ? ev_at(e, a->self) : NULL;
    if (!x || x->kind != TW_VAL_SEQ || !a->n || !(x->flags & EV_CONST)) return 0;
    uint32_t list = x->list, n = x->n;
    for (uint32_t i = 0; i < n && i < TW_WORLD_CHOICES; i++)
        ev_world_give(e, a->v[0], 0, e->lists.v[list + i]);
    return 0;
}

static const ev_world_row rows[] = {
    {" path.join path.posix.join ", join},
    {" path.resolve path.posix.resolve path.normalize ", resolve},
    {" path.dirname ", dir_of},
    {" path.basename ", base_of},
    {" URL url.URL ", url},
    {" url.fileURLToPath fileURLToPath ", from_url},
    {" require.resolve ", own_relative},
    {" fs.readFileSync fs-extra.readFileSync graceful-fs.readFileSync ", read_now},
    {" fs.readFile fs.promises.readFile fs/promises.readFile fs-extra.readFile graceful-fs.readFile ",
     read_later},
    {" fs.readdirSync fs-extra.readdirSync ", readdir},
    {" JSON.parse ", parse},
    {" Buffer.slice Buffer.subarray ", slice},
    {" Buffer.indexOf String.indexOf ", first_index},
    {" Buffer.lastIndexOf String.lastIndexOf ", last_index},
    {" Buffer.toString ", part_text},
    {" Array.forEach ", for_each},
};

uint32_t ev_world_javascript(ev *e, tw_str symbol, const ev_args *a, const ev_call *c)
{
    uint32_t none = 0;
    if (tw_str_eq(symbol, TW_S("String.indexOf")) || tw_str_eq(symbol, TW_S("Buffer.indexOf")) ||
        tw_str_eq(symbol, TW_S("JSON.parse"))) /* others may know it better */
        none = ev_pure(e, c->sym, a);
    return none ? none : ev_world_table(e, rows, TW_COUNT(rows), symbol, a);
}
