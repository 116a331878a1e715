/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* File records by key, in SQLite, for the supervisor alone. A worker may be hijacked by what it
 * reads, so a record is a claim of the artifact that produced it. It is given
 *   (a) to that same artifact, or
 *   (b) to any other, when two different artifacts that ended clear or notable gave the same bytes.
 * One in a hundred that could be given is withheld, so that it is computed anew and compared. Two
 * different bundles for one key are an alarm, and the key is not used again; no report outlives an alarm.
 * A cache that is busy, full or damaged is skipped: no verdict depends on it. Source: cache.c. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sha256.h"

typedef struct tw_cache tw_cache;

typedef struct tw_cache_options {
    const char *dir;    /* made where missing, private to the user */
    uint64_t max_bytes; /* of the database; the oldest records go. 0: 1 GiB */
    bool no_reports;    /* only records are kept and given */
    bool trust_anyone;  /* tests only: show what the rule prevents */
} tw_cache_options;

typedef struct tw_cache_stats {
    uint64_t asked, given, withheld, stored, skipped;
    uint64_t conflicts; /* alarms */
    uint64_t reports, reports_stored;
} tw_cache_stats;

/* Opens nothing yet: the database is opened by the first get or store. */
tw_cache *tw_cache_new(tw_arena *a, const tw_cache_options *o);
/* Evicts what is over the limit. Accepts NULL. */
void tw_cache_close(tw_cache *c);

typedef struct tw_cache_run { /* what one review asked for last; starts with zeros */
    int64_t home, first,
        next;       /* the artifact that stored it, what was sent, and what was stored behind that */
    uint32_t width; /* so many are sent ahead */
    bool more;
} tw_cache_run;
/* The bundle that may be given to this artifact, p == NULL: none. Valid until the next call. run: NULL, or what is
 * asked next is told by it. */
tw_str tw_cache_get(tw_cache *c, const tw_digest *artifact, const tw_digest *key, tw_cache_run *run);
/* After get: the records that were stored behind that one by the same artifact, by the same rule, a few at first. A review asks for
 * its records in the order of its members, as an earlier release did. bundle: valid during the call,
 * p == NULL: withheld. */
void tw_cache_ahead(tw_cache *c, const tw_digest *artifact, tw_cache_run *run, void *ctx,
                    void (*put)(void *ctx, const tw_digest *key, tw_str bundle));

typedef struct tw_claim {
    tw_digest key;
    tw_str bundle;
} tw_claim;
/* After a review that ended: what the artifact's worker produced. clean: it ended clear or notable.
 * Returns how many claims contradict what is known (alarms); *ret_key (may be NULL) is the first. */
uint32_t tw_cache_store(tw_cache *c, const tw_digest *artifact, bool clean, const tw_claim *claims, size_t n,
                        tw_digest *ret_key);
/* A whole report of these very bytes, made under the same key (program, tables, rules, limits, names): given to nobody
 * else, so one artifact is enough. p == NULL: none, or withheld as records are. Valid until the next call. */
tw_str tw_cache_report(tw_cache *c, const tw_digest *artifact, const tw_digest *key);
/* False: it differs from the one that is known (an alarm); neither is kept. */
bool tw_cache_report_store(tw_cache *c, const tw_digest *artifact, const tw_digest *key, tw_str report);

/* Its worker died: nothing it claimed before is shared any more, its report is forgotten. */
void tw_cache_distrust(tw_cache *c, const tw_digest *artifact);

const tw_cache_stats *tw_cache_stats_of(const tw_cache *c);
/* Why the cache is not used, empty when it is. */
const char *tw_cache_trouble(const tw_cache *c);
