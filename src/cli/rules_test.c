/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_test.h"

#include <stdio.h>

#include "base/doc.h"
#include "cli/plain.h"
#include "engine/ecosystem.h"
#include "service/supervisor/supervisor.h"

typedef struct fixture {
    tw_str rule;
    bool hit;
} fixture;

typedef struct rules_test {
    tw_arena *a;
    tw_items items;
    TW_VEC(fixture) of; /* of each item */
    tw_buf *out;
    uint32_t passed, failed;
} rules_test;

static void fail(rules_test *t, const char *path, const char *says, tw_str more)
{
    t->failed++;
    tw_buf_fmt(t->out, "FAILED %s: %s%.*s\n", tw_plain(path), says, TW_FMT(more));
}

static bool add_side(rules_test *t, const char *dir, tw_str rule, bool hit)
{
    const char *path = tw_path_join(t->a, tw_path_join(t->a, dir, rule), hit ? TW_S("hit") : TW_S("miss"));
    tw_entry *e;
    uint32_t n, found = 0;
    if (!tw_list_dir(t->a, path, &e, &n)) n = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (e[i].link || e[i].name.p[0] == '.') continue;
        uint32_t before = t->items.list.n;
        tw_items_add_path(&t->items, tw_str_c(tw_path_join(t->a, path, e[i].name)));
        for (uint32_t k = before; k < t->items.list.n; k++)
            TW_PUSH(t->a, t->of, ((fixture){.rule = rule, .hit = hit}));
        found++;
    }
    return found > 0;
}

static tw_str behaviours_of(rules_test *t, const tw_doc *doc, tw_str rule, bool *ret_matched)
{
    tw_buf b = TW_BUF_INIT;
    const tw_node *list = tw_node_get(doc, 0, TW_S("behaviours"));
    *ret_matched = false;
    uint32_t id = list && list->kind == TW_NODE_ARRAY ? tw_node_id(doc, list) : 0;
    for (uint32_t i = id ? tw_node_first(doc, id) : 0; id && i != tw_node_end(doc, id);
         i = doc->nodes[i].next) {
        tw_str name = tw_node_str(doc, i, TW_S("id"), TW_S(""));
        *ret_matched |= tw_str_eq(name, rule);
        if (b.n) tw_buf_puts(&b, TW_S(", "));
        tw_buf_puts(&b, name);
    }
    tw_str s = b.n ? tw_arena_str(t->a, tw_buf_str(&b)) : TW_S("nothing");
    tw_buf_free(&b);
    return s;
}

static void on_result(void *ctx, const tw_result *r)
{
    rules_test *t = ctx;
    const fixture *f = &t->of.v[r->index];
    const char *path = tw_arena_str(t->a, r->item->artifact).p;
    tw_doc doc;
    bool matched;
    if (!r->opened || tw_json_read(t->a, r->report, NULL, &doc, NULL) != TW_OK) {
        fail(t, path, "could not be read", TW_S(""));
        return;
    }
    tw_str found = behaviours_of(t, &doc, f->rule, &matched);
    if (matched != f->hit)
        fail(t, path, f->hit ? "missed; what matched: " : "must not match; what matched: ", found);
    else if (!f->hit && (r->level == TW_LEVEL_SUSPICIOUS || r->level == TW_LEVEL_MALICIOUS))
        fail(t, path, "harmless, but flagged by: ", found);
    else
        t->passed++;
}

static void on_note(void *ctx, tw_str text)
{
    (void)ctx;
    fprintf(stderr, "tidewaiter: %.*s\n", TW_FMT(text));
}

static bool asked(tw_str id, int n, char **ids)
{
    for (int i = 0; i < n; i++)
        if (tw_str_eq(id, tw_str_c(ids[i]))) return true;
    return n == 0;
}

static void collect(rules_test *t, const tw_rules *rules, const char *dir, int n, char **ids)
{
    tw_entry *e;
    uint32_t n_entries;
    if (!tw_list_dir(t->a, dir, &e, &n_entries)) n_entries = 0;
    for (uint32_t i = 0; i < tw_rules_count(rules); i++) {
        tw_str id = tw_rules_view(rules, i).id;
        bool there = false;
        for (uint32_t k = 0; k < n_entries; k++) there |= tw_str_eq(e[k].name, id);
        if (!asked(id, n, ids) || (!there && !n)) continue;
        if (!add_side(t, dir, id, true)) fail(t, id.p, "no fixture that it must hit", TW_S(""));
        if (!add_side(t, dir, id, false)) fail(t, id.p, "no fixture that it must leave alone", TW_S(""));
    }
}

int tw_rules_test(const tw_rules *rules, tw_arena *a, const char *dir, int n, char **ids, tw_buf *out)
{
    rules_test t = {.a = a, .out = out};
    tw_items_init(&t.items, a);
    collect(&t, rules, dir, n, ids);
    if (!t.items.list.n && !t.failed) {
        fprintf(stderr,
                "tidewaiter rules test: %s: no fixtures of any rule: DIR/ID/hit/* and DIR/ID/miss/*\n",
                tw_plain(dir));
        return 2;
    }
    tw_engine engine = {.rules = rules,
                        .limits = tw_limits_default(),
                        .ecosystems = tw_ecosystems,
                        .n_ecosystems = tw_n_ecosystems};
    tw_supervision how = {
        .engine = &engine, .jobs = 2, .timeout = 60, .memory = 1024ull << 20, .index = true};
    tw_listener to = {&t, on_result, on_note, NULL};
    tw_tally tally;
    tw_diag d = {0};
    if (t.items.list.n && tw_supervise(&how, &t.items, &to, &tally, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter rules test: %s\n", d.says);
        return 2;
    }
    tw_buf_fmt(out, "%u passed, %u failed\n", t.passed, t.failed);
    return t.failed ? 1 : 0;
}
