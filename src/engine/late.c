/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/late.h"

#include "engine/languages/languages.h"
#include "engine/resume.h"

enum { ROUNDS = 4 };

/* Text by its first bytes, or what reads as text whatever it begins with. */
static bool may_be_text(const tw_member *m)
{
    return m->kind == TW_KIND_TEXT || m->kind == TW_KIND_SCRIPT || m->kind == TW_KIND_GIF ||
           m->kind == TW_KIND_DATA;
}

/* One pass over the artifact: the wanted members become units. tried: per member. */
static bool read_wanted(tw_reading *r, const tw_input *in, const tw_join *join, uint8_t *tried)
{
    tw_findings findings;
    tw_coverage coverage;
    tw_arena *a = tw_arena_new(0);
    uint8_t *lang = TW_NEWN(a, uint8_t, (size_t)r->members.n + 1);
    const char *named = join->package->ecosystem ? join->package->ecosystem->modules : NULL;
    const tw_front_end *own = named ? tw_front_named(named) : NULL;
    uint8_t modules = own ? (uint8_t)own->lang : TW_LANG_NONE;
    uint32_t left = 0, before = r->units.n;
    for (uint32_t i = 0; i < join->wanted.n; i++) {
        const tw_wanted *w = &join->wanted.v[i];
        if (tried[w->member] || !may_be_text(&r->members.v[w->member])) continue;
        tried[w->member] = 1;
        lang[w->member] = w->lang ? w->lang : modules;
        left++;
    }
    tw_findings_init(&findings, a, 0);
    tw_coverage_init(&coverage, a);
    tw_artifact *from =
        left ? tw_artifact_open(a, in->bytes, in->file_name, &r->engine->limits, &findings, &coverage) : NULL;
    tw_member m;
    tw_str data;
    while (left && tw_artifact_next(from, &m, &data)) {
        const tw_front_end *front =
            m.index < r->members.n && lang[m.index] ? tw_front_of((tw_lang)lang[m.index]) : NULL;
        if (!front) continue;
        left--;
        if (data.p) tw_reading_late(r, &r->members.v[m.index], front, data);
    }
    if (from) tw_artifact_close(from);
    tw_arena_free(a);
    return r->units.n > before;
}

/* What the join said is said again by the next one. */
static void drop_gaps(tw_coverage *c, uint32_t from, uint32_t to)
{
    memmove(&c->gaps.v[from], &c->gaps.v[to], (c->gaps.n - to) * sizeof *c->gaps.v);
    c->gaps.n -= to - from;
}

void tw_join_all(tw_reading *r, const tw_input *in, tw_join *join)
{
    uint32_t gaps = r->coverage->gaps.n;
    tw_join_run(join);
    if (!join->wanted.n) return;
    uint8_t *tried = TW_NEWN(r->job, uint8_t, (size_t)r->members.n + 1);
    r->scratch = tw_arena_new(1 << 20);
    for (int round = 0; round < ROUNDS && join->wanted.n; round++) {
        uint32_t joined = r->coverage->gaps.n, first = r->units.n;
        if (!read_wanted(r, in, join, tried)) break;
        drop_gaps(r->coverage, gaps, joined);
        tw_resume(r, in, join->package, first);
        gaps = r->coverage->gaps.n;
        join->units = r->units.v;
        join->n_units = r->units.n;
        tw_join_run(join);
    }
    r->scratch = tw_arena_free(r->scratch);
}
