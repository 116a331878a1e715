/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One function: bytes -> report. Sources: engine.c (pipeline), report.c (JSON), verdict.c, snippet.c. */
#include "engine/rules/rules.h"

/* Where records come from and go to: the supervisor's cache, across a socket. All may be NULL. */
typedef struct tw_record_io {
    void *ctx;
    /* Bundle of a known record or p == NULL. Valid until the next call. */
    tw_str (*get)(void *ctx, const tw_digest *key);
    void (*put)(void *ctx, const tw_digest *key, tw_str bundle);
} tw_record_io;
/* key = SHA-256 over (content digest, language, front-end version, evaluate version, limits). */

typedef struct tw_input {
    tw_str bytes;     /* the artifact, or a pack made by tw_pack_dir */
    tw_str artifact;  /* path or name as given, shown in the report */
    tw_str file_name; /* base name */
    tw_str purl;      /* what the registry or the user says it is, empty where unknown */
    tw_str history;   /* what is known of the project: JSON (tw_history_read), empty where nothing is */
    bool has_index;
    uint64_t index; /* position in the run */
    bool layers;    /* the texts of the layers are wanted */
    bool profile;   /* all it can do is wanted: one layer whose text is the profile (profile.h) */
    bool facts;     /* its records are wanted: a layer each, with the record as text (facts.h) */
} tw_input;

/* A second opinion on members' content: findings only, the same for the same bytes. */
typedef struct tw_inspector {
    tw_digest id; /* of what it looks for */
    void (*member)(const struct tw_inspector *self, const tw_member *m, tw_str data, tw_findings *to);
} tw_inspector;

typedef struct tw_engine {
    const tw_rules *rules;
    const tw_inspector *inspector; /* NULL: none */
    tw_limits limits;
    const tw_ecosystem *const *ecosystems;
    size_t n_ecosystems;
} tw_engine;

struct tw_layer_out; /* engine/unwrap.h */
typedef struct tw_outcome {
    tw_level level;
    bool complete;
    tw_str report; /* canonical JSON, schema tidewaiter.report/1, NUL behind it, job arena */
    const struct tw_layer_out *layers;
    uint32_t n_layers;
} tw_outcome;

/* Pure: the same (bytes, purl, history, engine, tables, rules, limits) give the same report on every machine,
 * whatever `io` holds. Everything lives in `job`. */
void tw_review(const tw_engine *e, tw_arena *job, const tw_input *in, const tw_record_io *io,
               tw_outcome *ret);
