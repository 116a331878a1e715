/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A join made by hand: what rules, verdict and report are tested on. */
#include "engine/rules/rules.h"
#include "tap.h"

typedef struct hand {
    tw_arena *a;
    tw_join j;
    tw_package package;
    tw_findings findings;
    tw_coverage coverage;
    tw_limits limits;
    tw_member members[8];
    tw_unit units[8];
    tw_record records[8];
    uint8_t *triggers[8];
} hand;

static inline void hand_init(hand *h)
{
    memset(h, 0, sizeof *h);
    h->a = tw_arena_new(0);
    h->limits = tw_limits_default();
    tw_findings_init(&h->findings, h->a, 0);
    tw_coverage_init(&h->coverage, h->a);
    h->package.arena = h->a;
    h->package.members = h->members;
    h->j.arena = h->a;
    h->j.package = &h->package;
    h->j.units = h->units;
    h->j.coverage = &h->coverage;
    h->j.limits = &h->limits;
    h->j.func_trigger = h->triggers;
}

static inline uint32_t hand_member(hand *h, const char *path)
{
    uint32_t i = h->package.n_members++;
    h->members[i] = (tw_member){.index = i, .container = TW_NO_MEMBER, .path = tw_str_c(path), .size = 1000};
    h->members[i].sha256.b[0] = (uint8_t)(i + 1);
    return i;
}

/* A text: of a member (parent TW_NONE) or the layer of another unit, whose module runs at `trigger`. */
static inline uint32_t hand_unit(hand *h, uint32_t member, uint32_t parent, tw_trigger trigger)
{
    uint32_t i = h->j.n_units++;
    h->units[i] = (tw_unit){.member = member,
                            .parent = parent,
                            .layer = parent == TW_NONE ? TW_NONE : 0,
                            .depth = parent == TW_NONE ? 0 : (uint8_t)(h->units[parent].depth + 1),
                            .record = &h->records[i]};
    h->units[i].sha256.b[0] = (uint8_t)(i + 0x80);
    h->triggers[i] = TW_NEWN(h->a, uint8_t, 4);
    memset(h->triggers[i], (int)trigger, 4);
    tw_record *r = &h->records[i];
    r->lang = TW_LANG_PYTHON;
    r->calls = TW_NEWN(h->a, tw_rec_call, 16);
    r->n_calls = 16;
    r->strings = TW_NEWN(h->a, tw_str, 3);
    r->n_strings = 3;
    return i;
}

/* Gives `unit` one layer of that content (the next unit made with it as parent). */
static inline void hand_layer(hand *h, uint32_t unit, const char *recipe, const char *text, uint32_t off,
                              bool executed)
{
    tw_record *r = &h->records[unit];
    r->strings[1] = tw_str_c(recipe);
    r->strings[2] = tw_str_c(text);
    r->layers = TW_NEW(h->a, tw_rec_layer);
    r->n_layers = 1;
    *r->layers = (tw_rec_layer){.call = TW_NONE,
                                .recipe = 1,
                                .lang = TW_LANG_PYTHON,
                                .executed = executed,
                                .bytes = 2,
                                .off = off,
                                .len = 10};
}

static inline uint32_t hand_use(hand *h, const char *cap, uint32_t unit, uint32_t off, tw_trigger trigger,
                                tw_confidence confidence)
{
    tw_cap_use u = {.cap = tw_cap_by_name(tw_str_c(cap)),
                    .trigger = (uint8_t)trigger,
                    .confidence = (uint8_t)confidence,
                    .call = off % 16,
                    .symbol = TW_S("some.call"),
                    .reason = TW_S("setup.py"),
                    .place = {unit, off, 5}};
    CHECK(u.cap != 0);
    TW_PUSH(h->a, h->j.uses, u);
    return h->j.uses.n - 1;
}

static inline void hand_value(hand *h, uint32_t use, tw_arg_role role, const char *text)
{
    tw_cap_use *u = &h->j.uses.v[use];
    u->values[u->n_values++] = (tw_fact_value){.role = (uint8_t)role, .text = tw_str_c(text)};
}

static inline void hand_flow(hand *h, uint32_t from, uint32_t to, uint8_t scope, tw_confidence confidence)
{
    tw_place *path = TW_NEWN(h->a, tw_place, 2);
    path[0] = h->j.uses.v[from].place;
    path[1] = h->j.uses.v[to].place;
    TW_PUSH(h->a, h->j.flows, ((tw_flow){from, to, scope, (uint8_t)confidence, path, 2}));
}

static inline void hand_done(hand *h)
{
    tw_arena_free(h->a);
}
