/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What becomes of an artifact: its worker's report when that is acceptable, else a report that says
 * what went wrong. Source: verdicts.c. */
#include "engine/verdict/report.h"
#include "service/supervisor/items.h"

#define TW_FAULTS(X)                                                                                      \
    /* id, code, retry, what is said */                                                                   \
    X(NONE, "ok", false, "")                                                                              \
    X(CRASH, "worker-crashed", true, "the process that read the artifact crashed")                        \
    X(TIMEOUT, "worker-timeout", true, "the process that read the artifact took too long")                \
    X(MEMORY, "worker-memory", true, "the process that read the artifact used too much memory")           \
    X(START, "worker-start", true, "the process that reads the artifact could not be started")            \
    X(CHANGED, "artifact-changed", true, "the artifact changed while it was read")                        \
    X(CALL, "worker-forbidden-call", false,                                                               \
      "the process that read the artifact tried a forbidden system call")                                 \
    X(PROTOCOL, "worker-protocol", false, "the process that read the artifact sent what cannot be")       \
    X(REPORT, "worker-report", false, "the process that read the artifact sent a report that is not one") \
    X(CONFINE, "worker-confinement", false, "the process could not confine itself and read nothing")

typedef enum tw_fault {
#define X(id, code, retry, says) TW_FAULT_##id,
    TW_FAULTS(X)
#undef X
        TW_FAULT_MAX
} tw_fault;

typedef struct tw_fault_info {
    const char *code;
    bool retry; /* once, alone; and worth trying again later */
    const char *says;
} tw_fault_info;
const tw_fault_info *tw_fault_info_of(tw_fault f);

/* Reads a report as hostile: strict JSON in canonical form, about this artifact, with a verdict that
 * exists. REPORT or CHANGED with *ret_why (static) where it is not; scratch is the caller's to reset. */
tw_fault tw_report_accept(tw_arena *scratch, tw_str json, const tw_item *item, const tw_digest *sha256,
                          tw_level *ret_level, const char **ret_why);
/* The level a report states; MAX where it states none. */
tw_level tw_level_by_name(tw_str name);
/* detail: NULL or one more clause. */
void tw_report_fault(tw_arena *scratch, const tw_input *in, const tw_digest *sha256, const tw_rules *rules,
                     tw_fault f, const char *detail, tw_buf *out);
