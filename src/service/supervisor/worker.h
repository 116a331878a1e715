/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The process that reads one artifact: maps it, confines itself, reviews, sends the report, ends.
 * Sources: worker.c, weak.c (test builds). */
#include "engine/engine.h"
#include "service/supervisor/confine.h"

typedef struct tw_start { /* what the supervisor tells a worker */
    uint32_t id;
    bool records; /* there is a cache to ask */
    bool has_index;
    bool layers;  /* their texts are wanted */
    bool profile; /* it is wanted */
    bool facts;   /* they are wanted */
    uint64_t index;
    tw_str artifact, file_name, purl, history;
} tw_start;

enum { /* exit status of a worker */
       TW_WORKER_DONE = 0,
       TW_WORKER_MAP = 40,     /* the artifact could not be mapped */
       TW_WORKER_CONFINE = 41, /* a layer of confinement was refused */
       TW_WORKER_PEER = 42,    /* the supervisor went away or sent nonsense */
};

/* Descriptors: the artifact (read-only) and the socket; both are taken over. */
_Noreturn void tw_worker_run(const tw_engine *e, const tw_confine *c, const tw_start *s, int artifact,
                             int sock);

#ifdef TW_WEAK
/* Bytes that begin with "TWWEAK:" make this build misbehave on request: tests of the confinement. */
void tw_weak_act(tw_str bytes, int sock, const tw_record_io *io);
#endif
