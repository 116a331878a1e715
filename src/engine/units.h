/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The first half of a review: members -> units (texts with their records), coverage accounted. Source: units.c. */
#include "engine/engine.h"

typedef struct tw_reading {
    const tw_engine *engine;
    tw_arena *job;
    tw_arena *scratch; /* one file at a time */
    const tw_record_io *io;
    tw_findings *findings;
    tw_coverage *coverage;
    tw_digest limits_hash;
    TW_VEC(tw_member) members;
    TW_VEC(tw_kept) kept;
    TW_VEC(tw_unit) units;
    TW_VEC(tw_str)
    sources;       /* per member: content of an analysed text while it is still held, else p == NULL */
    uint64_t held; /* bytes in sources */
    uint64_t kept_bytes;
    uint64_t insns, steps; /* spent, from the records' own costs */
    uint32_t n_layers;
    uint64_t n_files;
    uint64_t n_parsed;
    tw_buf bundle;
} tw_reading;

struct tw_front_end;
/* What the record of a text is kept under. */
tw_digest tw_record_key(const tw_reading *r, const tw_digest *content, const struct tw_front_end *front);
/* Once all members were read: what only their sum tells. */
/* A member that was taken for inert is a text of this language after all. False: it does not read as one. */
bool tw_reading_late(tw_reading *r, const tw_member *m, const struct tw_front_end *front, tw_str data);
void tw_reading_end(tw_reading *r);
/* Layers of a unit from the first-th on, and all layers in them, breadth-first. */
void tw_reading_layers(tw_reading *r, uint32_t unit, uint32_t first);
void tw_reading_member(tw_reading *r, const tw_member *m, tw_str data);
