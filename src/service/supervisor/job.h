/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One worker as the supervisor sees it. What it says is hostile. Source: job.c. */
#include "engine/unwrap.h"
#include "service/supervisor/frames.h"
#include "service/supervisor/supervisor.h"
#include "service/supervisor/zygote.h"

enum { TW_CLAIMS_MAX = 64 << 20 }; /* bytes of records of one artifact that are kept for the cache */

typedef struct tw_job {
    bool busy;
    bool retry;    /* the second and last attempt, with no other beside it */
    uint32_t item; /* index */
    uint32_t id;   /* of the worker: unique in the run */
    int artifact, sock;
    tw_digest sha256;
    uint64_t size;
    uint64_t deadline; /* ms, monotonic */
    tw_arena *arena;   /* claims */
    TW_VEC(tw_claim) claims;
    uint64_t claim_bytes;
    bool wants_layers;
    TW_VEC(tw_layer_out) layers;
    uint64_t layer_bytes;
    tw_buf in, out, answer, report;
    tw_cache_run run;
    size_t in_used, out_used;
    tw_frame_state state;
    bool eof, ended;
    tw_fault fault;     /* decided on by us: a deadline, a bad message */
    const char *detail; /* static */
    tw_ended end;
} tw_job;

/* Reads and answers what is there, without waiting. A bad message closes the conversation: fault is
 * set, and the caller kills the worker. */
void tw_job_talk(tw_job *j, tw_cache *cache);
static inline bool tw_job_wants_write(const tw_job *j)
{
    return j->out_used < j->out.n;
}
/* How it ended; *ret_detail may be set. memory: the limit in force. */
tw_fault tw_job_verdict(const tw_job *j, uint64_t memory, const char **ret_detail);
