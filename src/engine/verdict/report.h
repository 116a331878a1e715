/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* From matched behaviours to a level and a report. The engine's pipeline calls, in this order:
 *   tw_rules_match -> tw_evidence_collect -> (second pass over the artifact: tw_evidence_fill for
 *   each member that tw_evidence_wants) -> tw_verdict_make -> tw_report_write.
 * All of it is a pure function of what it is given. Sources: verdict.c, snippet.c, report.c,
 * report_lists.c, indicators.c. Schema: docs/report.schema.json. */
#include "engine/engine.h"

/* --- evidence: the places a report shows, with the text that stands there (snippet.c) ----------- */
typedef struct tw_shot {
    tw_place place;
    uint32_t line, col; /* 1-based, col in bytes; 0: the text was not seen */
    tw_str snippet;     /* the line around the place, at most TW_SNIPPET_MAX bytes of valid UTF-8 */
} tw_shot;
enum { TW_SNIPPET_MAX = 160, TW_SHOTS_MAX = 4000, TW_SHOTS_PROFILE = 40000 };

typedef struct tw_evidence {
    tw_arena *arena;
    TW_VEC(tw_shot) shots; /* sorted by unit, off, len; no two alike */
    uint32_t most;         /* places */
    uint64_t dropped;      /* those beyond: shown without text */
} tw_evidence;

/* Which places need text: those of behaviours, of the first uses of each capability, of flows. */
void tw_evidence_collect(tw_evidence *e, tw_arena *a, const tw_join *j, const tw_behaviours *b);
/* The same for the places of all capabilities, the strongest triggers first. */
void tw_evidence_uses(tw_evidence *e, tw_arena *a, const tw_join *j, const tw_behaviours *b);
/* The same for the places of all layers. */
void tw_evidence_layers(tw_evidence *e, tw_arena *a, const tw_join *j);
bool tw_evidence_wants(const tw_evidence *e, const tw_join *j, uint32_t member);
/* data: the member's content, as its unit was lowered from. Its layers are taken from the records. */
void tw_evidence_fill(tw_evidence *e, const tw_join *j, uint32_t member, tw_str data);
/* NULL where the place was not collected. */
const tw_shot *tw_evidence_find(const tw_evidence *e, tw_place p);

/* --- verdict (verdict.c) ------------------------------------------------------------------------ */
typedef struct tw_verdict {
    tw_level level;
    bool complete;      /* nothing but unresolved calls was left unanalysed */
    tw_str kind;        /* "malware", ...; empty: none */
    const char *scope;  /* "release" */
    const char *action; /* "none", "watch", "hold", "remove" */
    uint32_t score;     /* thousandths, 0..1000: a rank, not a probability */
    tw_str summary;     /* one sentence */
} tw_verdict;

typedef struct tw_report_error {
    const char *code; /* tw_err_name, or "worker-died", "timeout" */
    uint32_t member;  /* TW_NO_MEMBER: none */
    uint64_t off;     /* UINT64_MAX: unknown */
    tw_str rule;      /* empty: none */
    tw_str says;
    bool retryable;
} tw_report_error;

typedef struct tw_report_in {
    const tw_input *input; /* not NULL */
    tw_digest sha256;      /* of input->bytes */
    const char *format;    /* tw_artifact_format; NULL: "unknown" */
    uint64_t unpacked;     /* tw_artifact_unpacked */
    const tw_package *package;
    const tw_member *members;
    uint32_t n_members;
    const tw_join *join;
    const tw_behaviours *behaviours;
    const tw_findings *findings;
    const tw_coverage *coverage;
    const tw_evidence *evidence;
    const tw_rules *rules;            /* whose policy is asked; not NULL */
    const tw_limits *limits;          /* NULL: the defaults */
    const struct tw_history *history; /* NULL: nothing is known */
    const tw_report_error *errors;
    uint32_t n_errors;
    struct {             /* the verdict key */
        tw_digest front; /* of the versions of all front ends and of evaluate */
        tw_digest tables, rules;
    } versions;
    struct {
        uint64_t files;  /* members that are files */
        uint64_t parsed; /* texts lowered, layers included */
        uint64_t steps;  /* evaluation steps, from the records */
        uint64_t layers;
        uint64_t records; /* records joined, equal for cold and warm caches */
    } stats;
} tw_report_in;

/* `a` takes the summary. Without join and behaviours, an error makes it unreviewable. */
void tw_verdict_make(const tw_report_in *in, tw_arena *a, tw_verdict *ret);

/* --- report (report.c) -------------------------------------------------------------------------- */
enum { TW_REPORT_MAX = 1 << 20 }; /* bytes of a report, a line of jsonl */

/* Canonical JSON, schema tidewaiter.report/1, without a final newline. Clears `out` first. */
void tw_report_write(const tw_report_in *in, const tw_verdict *v, tw_buf *out);
/* A verdict on what could not be judged at all (worker died, file unreadable): unreviewable, with
 * the one error. sha256 may be all zeros: shown as null. */
void tw_report_failed(const tw_input *in, const tw_digest *sha256, const tw_rules *rules,
                      const tw_report_error *e, tw_buf *out);
