/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as YAML or as a bundle, whatever the bytes: refused with a place and a reason, or matched
 * against a small join; a compiled rule survives the way through its saved form unchanged. */
#include "engine/rules/rules.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok) abort();
}

/* Every capability once, in turn at each trigger, in a file and a layer of it; flows between neighbours. */
static void fill(tw_arena *a, tw_join *j)
{
    tw_unit *units = TW_NEWN(a, tw_unit, 2);
    tw_record *records = TW_NEWN(a, tw_record, 2);
    tw_cap_use u = {.confidence = TW_CONF_LITERAL, .symbol = TW_S("x.y"), .reason = TW_S("setup.py")};
    records[0].layers = TW_NEW(a, tw_rec_layer);
    records[0].n_layers = 1;
    records[0].layers->executed = 1;
    units[0] = (tw_unit){.parent = TW_NONE, .layer = TW_NONE, .record = &records[0]};
    units[1] = (tw_unit){.depth = 1, .record = &records[1]};
    j->units = units;
    j->n_units = 2;
    for (uint16_t c = 1; c < tw_cap_count(); c++) {
        u.cap = c;
        u.trigger = (uint8_t)(c % TW_TRIGGER_MAX);
        u.place = (tw_place){c % 2u, c, 1};
        u.n_values = c % 2u;
        u.values[0] = (tw_fact_value){.role = TW_ARGROLE_URL, .text = TW_S("http://127.0.0.1:9/a")};
        TW_PUSH(a, j->uses, u);
        if (c > 1)
            TW_PUSH(a, j->flows, ((tw_flow){.from = c - 2u, .to = c - 1u, .confidence = TW_CONF_FOLDED}));
    }
}

static void match(tw_arena *a, const tw_rules *r)
{
    tw_limits lim = tw_limits_default();
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, a, 0);
    tw_coverage_init(&coverage, a);
    tw_join j = {.arena = a, .coverage = &coverage, .limits = &lim};
    fill(a, &j);
    tw_behaviours found = {0};
    tw_rules_match(r, a, &j, &findings, &found);
    must(found.n <= tw_rules_count(r));
    for (uint32_t i = 0; i < found.n; i++)
        for (uint32_t k = 0; k < found.v[i].n_evidence; k++) must(found.v[i].evidence[k] < j.uses.n);
}

static void round_trip(tw_arena *a, const tw_rules *r)
{
    tw_buf one = TW_BUF_INIT, two = TW_BUF_INIT;
    tw_rules *again;
    tw_rules_save(r, &one);
    must(tw_rules_load(a, tw_buf_str(&one), &again, NULL) == TW_OK);
    tw_rules_save(again, &two);
    must(tw_str_eq(tw_buf_str(&one), tw_buf_str(&two)));
    match(a, again);
    tw_buf_free(&one);
    tw_buf_free(&two);
}

/* Bytes 8..16 of a bundle tie it to the capability tables of a build: those of this one. */
static tw_str with_mark(tw_arena *a, tw_str bundle)
{
    tw_str name = TW_S("m.yaml"),
           text = TW_S("id: a.b\nceiling: notable\nkind: spam\nsays: x\ncheck: x\nwhen: {layer: {}}\n");
    tw_rules *r;
    tw_buf b = TW_BUF_INIT;
    must(tw_rules_compile(a, &name, &text, 1, &r, NULL) == TW_OK);
    tw_rules_save(r, &b);
    char *p = tw_arena_alloc(a, bundle.n + 1);
    memcpy(p, bundle.p, bundle.n);
    if (bundle.n >= 16) memcpy(p + 8, b.p + 8, 8);
    tw_buf_free(&b);
    return tw_str_of(p, bundle.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_str text = {(const char *)data, size}, name = TW_S("fuzz.yaml");
    tw_rules *r;
    tw_diag d = {0};
    if (tw_str_starts(text, TW_S("TWRB"))) {
        if (tw_rules_load(a, with_mark(a, text), &r, &d) == TW_OK)
            match(a, r);
        else
            must(d.says[0]);
    } else if (tw_rules_compile(a, &name, &text, 1, &r, &d) == TW_OK)
        round_trip(a, r);
    else
        must(d.says[0] && d.line && d.col && d.where[0]);
    tw_arena_free(a);
    return 0;
}
