/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The vocabulary of findings and the list that collects them. Source: findings.c. */
#include "base/arena.h"
#include "base/map.h"

typedef enum tw_finding_kind {
    TW_FK_ARCHIVE,
    TW_FK_METADATA,
    TW_FK_NAME,
    TW_FK_TEXT,
    TW_FK_NATIVE,
    TW_FK_CLAIMS,
    TW_FK_HISTORY
} tw_finding_kind;
typedef enum tw_severity { TW_SEV_INFO, TW_SEV_ODD, TW_SEV_BAD } tw_severity;

typedef enum tw_finding_id {
#define FINDING(id, name, kind, sev, says) TW_FIND_##id,
#include "engine/findings.def"
#undef FINDING
    TW_FIND_MAX
} tw_finding_id;

typedef struct tw_finding_info {
    const char *name; /* "zip.trailing-data" */
    const char *kind; /* "archive" */
    tw_severity severity;
    const char *says;
} tw_finding_info;
const tw_finding_info *tw_finding_info_of(tw_finding_id id);
/* Signals speak of names, people and history: facts with a source and a date, shown in a list of their own. */
bool tw_finding_is_signal(tw_finding_id id);
const char *tw_severity_name(tw_severity s); /* "info", "odd", "bad" */
/* Id by name; TW_FIND_MAX where unknown. */
tw_finding_id tw_finding_by_name(tw_str name);

typedef struct tw_finding {
    tw_finding_id id;
    uint32_t member; /* index of the member, TW_NO_MEMBER for the artifact as a whole */
    uint64_t off;    /* byte offset in that member (or in the artifact), UINT64_MAX unknown */
    tw_str detail;   /* arena, at most 200 bytes, raw (escape before showing) */
    tw_str source;   /* of a signal: the data it rests on, and that data's date; empty: the artifact itself */
    tw_str date;
} tw_finding;
#define TW_NO_MEMBER UINT32_MAX

typedef struct tw_findings {
    tw_arena *arena;
    TW_VEC(tw_finding) list;
    uint32_t limit;               /* kept at most; 0: 20000 */
    uint64_t dropped;             /* beyond the limit */
    uint32_t per_id[TW_FIND_MAX]; /* all that came, dropped ones too; at most 200 kept per id */
} tw_findings;

void tw_findings_init(tw_findings *f, tw_arena *a, uint32_t limit);
void tw_finding_add(tw_findings *f, tw_finding_id id, uint32_t member, uint64_t off, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* A signal that rests on other data than the artifact. source and date outlive the findings. */
void tw_signal_add(tw_findings *f, tw_finding_id id, uint32_t member, tw_str source, tw_str date,
                   const char *fmt, ...) __attribute__((format(printf, 6, 7)));
