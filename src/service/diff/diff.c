/* SPDX-License-Identifier: Apache-2.0 */
#include "service/diff/priv.h"

/* bench/drift: of the ordinary releases measured less than one in a hundred reach HIGH, one in twenty MEDIUM. */
enum { ITEMS = 5000, HIGH = 50, MEDIUM = 30, LOW = 5 };

const char *tw_drift_name(tw_drift d)
{
    static const char *const names[] = {"none", "low", "medium", "high"};
    return d < TW_DRIFT_MAX ? names[d] : "none";
}

const char *tw_diff_what_name(tw_diff_what w)
{
    static const char *const names[] = {"behaviour", "capability", "use",    "flow", "start",
                                        "host",      "dependency", "binary", "file", "unread"};
    return w < TW_DIFF_WHAT_MAX ? names[w] : "?";
}

tw_str diff_path(const differ *x, const tw_doc *d, tw_str path)
{
    tw_str version = diff_text(d, 0, "version"), root = diff_text(d, 0, "root");
    if (root.n && tw_str_starts(path, root)) path = tw_str_sub(path, root.n, path.n);
    size_t at = version.n >= 3 ? tw_str_find(path, version) : TW_NPOS;
    if (at == TW_NPOS) return path;
    return tw_arena_fmt(x->a, "%.*s*%.*s", TW_FMT(tw_str_sub(path, 0, at)),
                        TW_FMT(tw_str_sub(path, at + version.n, path.n)));
}

uint32_t diff_rank(tw_str trigger)
{
    for (int t = 0; t < TW_TRIGGER_MAX; t++)
        if (tw_str_eq(trigger, tw_str_c(tw_trigger_name((tw_trigger)t)))) return (uint32_t)t;
    return TW_TRIGGER_MAX;
}

void diff_add(const differ *x, tw_diff_item item)
{
    if (item.risk > 100) item.risk = 100;
    if (x->out->items.n >= ITEMS)
        x->out->dropped++;
    else
        TW_PUSH(x->a, x->out->items, item);
}

/* Stable: by risk, what was lost behind everything. */
static void sort_items(const differ *x)
{
    uint32_t n = x->out->items.n, at = 0;
    tw_diff_item *to = TW_NEWN(x->a, tw_diff_item, (size_t)n + 1);
    for (int key = 101; key >= 0; key--)
        for (uint32_t i = 0; i < n; i++) {
            const tw_diff_item *it = &x->out->items.v[i];
            if ((it->lost ? 0 : it->risk + 1) == key) to[at++] = *it;
        }
    x->out->items.v = to;
}

void tw_diff_make(tw_arena *a, const tw_doc *from, const tw_doc *to, tw_diff *ret)
{
    *ret = (tw_diff){.from = from, .to = to};
    differ x = {.a = a, .out = ret};
    diff_find_commonplace(&x);
    diff_count_acts(&x);
    diff_unread(&x);
    diff_behaviours(&x);
    diff_capabilities(&x);
    diff_flows(&x);
    diff_starts(&x);
    diff_hosts(&x);
    diff_dependencies(&x);
    diff_files(&x);
    sort_items(&x);
    uint32_t most = ret->items.n && !ret->items.v[0].lost ? ret->items.v[0].risk : 0;
    ret->level = most >= HIGH     ? TW_DRIFT_HIGH
                 : most >= MEDIUM ? TW_DRIFT_MEDIUM
                 : most >= LOW    ? TW_DRIFT_LOW
                                  : TW_DRIFT_NONE;
}

/* ---- JSON ---- */

static void put_text(tw_json_w *w, const char *key, tw_str s)
{
    tw_json_key(w, tw_str_c(key));
    if (s.n)
        tw_json_str(w, s);
    else
        tw_json_null(w);
}

static void put_side(tw_json_w *w, const char *key, const tw_doc *d)
{
    static const char *const keys[] = {"artifact", "sha256", "purl", "name", "version", "verdict"};
    tw_json_key(w, tw_str_c(key));
    tw_json_obj(w);
    for (size_t i = 0; i < TW_COUNT(keys); i++) put_text(w, keys[i], diff_text(d, 0, keys[i]));
    tw_json_obj_end(w);
}

static void put_item(tw_json_w *w, const tw_diff *d, const tw_diff_item *it)
{
    tw_json_obj(w);
    put_text(w, "what", tw_str_c(tw_diff_what_name((tw_diff_what)it->what)));
    put_text(w, "change", it->lost ? TW_S("lost") : TW_S("gained"));
    put_text(w, "id", it->id);
    put_text(w, "trigger", it->trigger);
    tw_json_key(w, TW_S("risk"));
    tw_json_u64(w, it->risk);
    put_text(w, "says", it->says);
    const tw_doc *doc = it->lost ? d->from : d->to;
    uint64_t line = it->at ? tw_node_number(doc, it->at, TW_S("line")) : 0;
    put_text(w, "member", it->at ? diff_text(doc, it->at, "member") : TW_S(""));
    tw_json_key(w, TW_S("line"));
    tw_json_u64(w, line);
    put_text(w, "snippet", it->at ? diff_text(doc, it->at, "snippet") : TW_S(""));
    put_text(w, "hidden", it->at ? diff_text(doc, it->at, "hidden") : TW_S(""));
    tw_json_obj_end(w);
}

void tw_diff_json(const tw_diff *d, tw_buf *out)
{
    tw_json_w w = tw_json_writer(out);
    tw_json_obj(&w);
    put_text(&w, "schema", TW_S("tidewaiter.diff/1"));
    put_side(&w, "from", d->from);
    put_side(&w, "to", d->to);
    put_text(&w, "level", tw_str_c(tw_drift_name(d->level)));
    put_text(&w, "headline", d->items.n && !d->items.v[0].lost ? d->items.v[0].says : TW_S(""));
    tw_json_key(&w, TW_S("items"));
    tw_json_arr(&w);
    for (uint32_t i = 0; i < d->items.n; i++) put_item(&w, d, &d->items.v[i]);
    tw_json_arr_end(&w);
    tw_json_key(&w, TW_S("more"));
    tw_json_u64(&w, d->dropped);
    tw_json_obj_end(&w);
}
