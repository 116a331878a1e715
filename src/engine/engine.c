/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes -> members -> units -> join -> behaviours -> verdict -> report: the one way through the house. */
#include "engine/engine.h"

#include "engine/languages/languages.h"
#include "engine/names/names.h"
#include "engine/origin.h"
#include "engine/facts.h"
#include "engine/profile.h"
#include "engine/late.h"
#include "engine/resume.h"
#include "engine/unwrap.h"
#include "engine/verdict/report.h"

static tw_digest limits_hash(const tw_limits *lim)
{
    tw_sha256 s;
    tw_sha256_init(&s);
    const uint64_t values[] = {
#define X(name, value, what) lim->name,
        TW_LIMITS(X)
#undef X
    };
    for (size_t i = 0; i < TW_COUNT(values); i++)
        for (int b = 0; b < 8; b++) {
            uint8_t byte = (uint8_t)(values[i] >> (8 * b));
            tw_sha256_add(&s, &byte, 1);
        }
    return tw_sha256_end(&s);
}

static const char *read_members(tw_reading *r, const tw_input *in, uint64_t *ret_unpacked)
{
    const tw_inspector *inspector = r->engine->inspector;
    tw_artifact *a =
        tw_artifact_open(r->job, in->bytes, in->file_name, &r->engine->limits, r->findings, r->coverage);
    tw_member m;
    tw_str data;
    while (tw_artifact_next(a, &m, &data)) {
        tw_reading_member(r, &m, data);
        if (inspector && data.p) inspector->member(inspector, &m, data, r->findings);
    }
    const char *format = tw_artifact_format(a);
    *ret_unpacked = tw_artifact_unpacked(a);
    tw_artifact_close(a);
    return format;
}

/* A purl that the caller knows settles the ecosystem; else the most certain one. */
static const tw_ecosystem *choose(const tw_engine *e, const tw_package *p, tw_str purl)
{
    const tw_ecosystem *best = NULL;
    int score = 0;
    for (size_t i = 0; i < e->n_ecosystems; i++) {
        const tw_ecosystem *eco = e->ecosystems[i];
        tw_str type = tw_str_sub(purl, 4, tw_str_chr(purl, '/'));
        if (tw_str_starts(purl, TW_S("pkg:")) && tw_str_eq(type, tw_str_c(eco->purl_type))) return eco;
        int s = eco->recognise(p);
        if (s > score) score = s, best = eco;
    }
    return best;
}

static tw_package *describe(tw_reading *r, const tw_input *in, const char *format)
{
    tw_package *p = TW_NEW(r->job, tw_package);
    p->arena = r->job;
    p->file_name = in->file_name;
    p->format = p->subject = format;
    p->members = r->members.v;
    p->n_members = r->members.n;
    p->kept = r->kept.v;
    p->n_kept = r->kept.n;
    p->findings = r->findings;
    p->module = TW_NEWN(r->job, tw_str, r->members.n);
    p->role = TW_NEWN(r->job, uint8_t, r->members.n);
    p->ecosystem = choose(r->engine, p, in->purl);
    if (p->ecosystem) p->ecosystem->examine(p);
    return p;
}

/* Text around the places that the report shows: from what is still held, else by a second pass. */
static void fill_evidence(const tw_reading *r, const tw_input *in, const tw_join *j, tw_evidence *ev)
{
    uint32_t missing = 0;
    for (uint32_t i = 0; i < r->members.n; i++) {
        if (!tw_evidence_wants(ev, j, i)) continue;
        if (r->sources.v[i].p)
            tw_evidence_fill(ev, j, i, r->sources.v[i]);
        else
            missing++;
    }
    if (!missing) return;
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, r->job, 0);
    tw_coverage_init(&coverage, r->job);
    tw_artifact *a =
        tw_artifact_open(r->job, in->bytes, in->file_name, &r->engine->limits, &findings, &coverage);
    tw_member m;
    tw_str data;
    while (missing && tw_artifact_next(a, &m, &data)) {
        if (!data.p || m.index >= r->members.n || r->sources.v[m.index].p ||
            !tw_evidence_wants(ev, j, m.index))
            continue;
        tw_evidence_fill(ev, j, m.index, data);
        missing--;
    }
    tw_artifact_close(a);
}

static tw_digest fronts_hash(void)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_fmt(&b, "evaluate %u", tw_evaluate_version);
    for (int lang = 0; lang < TW_LANG_MAX; lang++) {
        const tw_front_end *f = tw_front_of((tw_lang)lang);
        if (f) tw_buf_fmt(&b, "\n%s %u", tw_lang_name((tw_lang)lang), f->version);
    }
    tw_digest d = tw_sha256_of(tw_buf_str(&b));
    tw_buf_free(&b);
    return d;
}

/* Of all data that is compiled in: the API tables and the popular names. */
static tw_digest tables_hash(void)
{
    tw_digest both[] = {tw_tables_hash(), tw_popular_hash()};
    return tw_sha256_of((tw_str){(const char *)both, sizeof both});
}

void tw_review(const tw_engine *e, tw_arena *job, const tw_input *in, const tw_record_io *io, tw_outcome *ret)
{
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, job, (uint32_t)e->limits.findings);
    tw_coverage_init(&coverage, job);
    tw_reading r = {.engine = e,
                    .job = job,
                    .scratch = tw_arena_new(1 << 20),
                    .io = io,
                    .findings = &findings,
                    .coverage = &coverage,
                    .limits_hash = limits_hash(&e->limits)};
    tw_report_in report = {.input = in,
                           .sha256 = tw_sha256_of(in->bytes),
                           .rules = e->rules,
                           .findings = &findings,
                           .coverage = &coverage,
                           .limits = &e->limits};
    report.format = read_members(&r, in, &report.unpacked);
    tw_reading_end(&r);
    tw_package *package = describe(&r, in, report.format);
    tw_history history;
    tw_history_read(job, in->history, &history);
    tw_name_signals(package, in->purl, &history, &findings);
    tw_origin_check(&r, package);
    uint32_t n_read = r.units.n;
    tw_resume(&r, in, package, 0);
    r.scratch =
        tw_arena_free(r.scratch); /* what the largest file took is not held while records are joined */
    tw_join join = {.arena = job,
                    .package = package,
                    .units = r.units.v,
                    .n_units = r.units.n,
                    .n_read = n_read,
                    .coverage = &coverage,
                    .limits = &e->limits};
    tw_join_all(&r, in, &join);
    tw_behaviours behaviours = {0};
    tw_rules_match(e->rules, job, &join, &findings, &behaviours);
    tw_evidence evidence = {0};
    tw_evidence_collect(&evidence, job, &join, &behaviours);
    fill_evidence(&r, in, &join, &evidence);

    report.package = package;
    report.members = r.members.v;
    report.n_members = r.members.n;
    report.join = &join;
    report.behaviours = &behaviours;
    report.evidence = &evidence;
    report.versions.front = fronts_hash();
    report.versions.tables = tables_hash();
    report.history = &history;
    report.versions.rules = tw_rules_hash(e->rules);
    report.stats.files = r.n_files;
    report.stats.parsed = r.n_parsed;
    report.stats.steps = r.steps;
    report.stats.layers = r.n_layers;
    report.stats.records = r.units.n;
    tw_verdict verdict;
    tw_verdict_make(&report, job, &verdict);
    tw_buf out = TW_BUF_INIT;
    tw_report_write(&report, &verdict, &out);
    *ret = (tw_outcome){
        .level = verdict.level, .complete = verdict.complete, .report = tw_arena_str(job, tw_buf_str(&out))};
    tw_buf_free(&out);
    if (in->layers) {
        tw_evidence places = {0};
        tw_evidence_layers(&places, job, &join);
        fill_evidence(&r, in, &join, &places);
        tw_layers_list(&report, &places, ret);
    }
    if (in->facts) tw_facts(&report, job, ret);
    if (in->profile) {
        tw_evidence places = {0};
        tw_evidence_uses(&places, job, &join, &behaviours);
        fill_evidence(&r, in, &join, &places);
        report.evidence = &places;
        tw_profile(&report, &verdict, job, ret);
    }
    tw_buf_free(&r.bundle);
}
