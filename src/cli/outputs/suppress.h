/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Findings that somebody has looked at and answers for, until a day, as long as their code stays what it was. The verdict
 * does not move: what is suppressed is marked, and does not count for the exit status. Source: suppress.c. */
#include "base/map.h"
#include "cli/outputs/output.h"

typedef struct tw_suppression {
    tw_str finding, content, reason, owner,
        expires; /* content: of tw_fingerprint; expires: YYYY-MM-DD, that day included */
    uint32_t line;
    bool expired;
    uint64_t used;
} tw_suppression;

typedef struct tw_suppressions {
    TW_VEC(tw_suppression) list;
    tw_map by_content;
} tw_suppressions;

/* A list of mappings with exactly those five keys. now: seconds since 1970. Errors: those of reading, MALFORMED with line and
 * column. */
tw_err tw_suppressions_read(tw_arena *a, const char *path, int64_t now, tw_suppressions *ret, tw_diag *d);
tw_err tw_suppressions_parse(tw_arena *a, tw_str text, int64_t now, tw_suppressions *ret, tw_diag *d);
/* The one for a behaviour ("evidence"), finding or signal ("places"); NULL: none that holds. s may be NULL. */
tw_suppression *tw_suppressed(const tw_suppressions *s, const tw_doc *doc, uint32_t found,
                              const char *places);
/* The level that the artifact has without what is suppressed; in doubt the verdict's own. */
tw_level tw_suppressed_level(const tw_suppressions *s, const tw_rules *rules, const tw_doc *doc,
                             tw_level verdict);
/* "YYYY-MM-DD" of a time, `days` later. */
void tw_day_of(int64_t now, int days, char ret[16]);
