/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a worker gives up before it reads a hostile byte. The layers are prepared once (the zygote
 * inherits them) and applied by each worker. A layer that the kernel lacks is left out and named.
 * Sources: confine.c, syscalls.c. */
#include "base/buf.h"
#include "base/err.h"

#define TW_CONFINE_LAYERS(X)                                                     \
    /* id, name, what it takes away */                                           \
    X(PRIVS, "no-new-privileges", "no set-user-ID or capabilities through exec") \
    X(RLIMITS, "rlimits", "bounded memory, CPU, files; no core dumps")           \
    X(LANDLOCK, "landlock", "no file, no TCP port, no signal to others")         \
    X(SECCOMP, "seccomp", "a short list of system calls; any other kills")       \
    X(FDS, "closed-descriptors", "the artifact and one socket are all that is open")

typedef enum tw_confine_layer {
#define X(id, name, says) TW_CONFINE_##id,
    TW_CONFINE_LAYERS(X)
#undef X
        TW_CONFINE_MAX
} tw_confine_layer;
const char *tw_confine_name(tw_confine_layer l);
const char *tw_confine_says(tw_confine_layer l);

typedef struct tw_confine {
    uint32_t layers;  /* bit per tw_confine_layer that will be applied */
    int landlock_abi; /* 0: none */
    int landlock_fd;  /* ruleset, -1: none */
    tw_buf filter;    /* seccomp program, empty: none */
    uint64_t memory;  /* bytes of address space of a worker beyond its input; 0: no limit */
    uint32_t cpu;     /* seconds */
} tw_confine;

/* Never fails: what cannot be had is missing in ret->layers. */
void tw_confine_prepare(tw_confine *ret, uint64_t memory, uint32_t cpu_seconds);
void tw_confine_free(tw_confine *c);

/* In the worker. keep: descriptors 0, 1, 2 and those up to keep_to stay open, all others are closed.
 * input: size of the artifact, mapped besides the memory limit. False when a prepared layer was
 * refused: the worker must end. */
bool tw_confine_apply(const tw_confine *c, int keep_to, uint64_t input);

/* The allow-list as a BPF program (syscalls.c). Leaves `out` empty where seccomp is not to be had. */
void tw_syscall_filter(tw_buf *out);
