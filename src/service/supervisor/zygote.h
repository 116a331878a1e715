/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A warm process (tables and rules mapped, nothing else) that forks one worker per artifact. It is
 * forked before the supervisor opens its cache and knows nothing of other artifacts. It reads no byte
 * of an artifact. Source: zygote.c. */
#include <sys/types.h>

#include "service/supervisor/worker.h"

enum { TW_ZYGOTE_WORKERS = 256 }; /* at most, at one time */

typedef struct tw_zygote {
    int sock;
    pid_t pid;
} tw_zygote;

typedef struct tw_ended { /* a worker is gone */
    uint32_t id;
    int32_t status;  /* of wait(2); -1: could not be started */
    uint64_t rss_kb; /* at its largest */
} tw_ended;

tw_err tw_zygote_start(tw_zygote *ret, const tw_engine *e, const tw_confine *c, tw_diag *d);
/* Sends copies of both descriptors. Errors: IO (the zygote is gone), LIMIT (names too long). */
tw_err tw_zygote_launch(const tw_zygote *z, const tw_start *s, int artifact, int sock);
void tw_zygote_kill(const tw_zygote *z, uint32_t id);
/* The next notice without waiting. NOTFOUND: none. IO: the zygote is gone. */
tw_err tw_zygote_next(const tw_zygote *z, tw_ended *ret);
/* Ends it and all of its workers. */
void tw_zygote_stop(tw_zygote *z);
