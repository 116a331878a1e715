/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/confine.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES_MAX = 16, OUT_OF_THE_WAY = 10 }; /* the worker's socket takes a low number */

static const struct {
    const char *name, *says;
} layers[] = {
#define X(id, name, says) {name, says},
    TW_CONFINE_LAYERS(X)
#undef X
};

const char *tw_confine_name(tw_confine_layer l)
{
    return layers[l].name;
}
const char *tw_confine_says(tw_confine_layer l)
{
    return layers[l].says;
}

/* --- Landlock. Debian 12's headers know ABI 2; the later fields are written down here. ----------- */
typedef struct ruleset {
    uint64_t fs;     /* ABI 1 */
    uint64_t net;    /* ABI 4 */
    uint64_t scoped; /* ABI 6 */
} ruleset;

/* What each ABI version handles, all of which is then denied: no rule is ever added. */
static const struct {
    int abi;
    ruleset handled;
    size_t size;
} abis[] = {
    {6, {(1ull << 16) - 1, 3, 3}, 24}, /* 6: abstract sockets, signals */
    {5, {(1ull << 16) - 1, 3, 0}, 16}, /* 5: ioctl on devices */
    {4, {(1ull << 15) - 1, 3, 0}, 16}, /* 4: TCP bind, connect */
    {3, {(1ull << 15) - 1, 0, 0}, 8},  /* 3: truncate */
    {2, {(1ull << 14) - 1, 0, 0}, 8},  /* 2: refer */
    {1, {(1ull << 13) - 1, 0, 0}, 8},
};

static void prepare_landlock(tw_confine *c)
{
    c->landlock_fd = -1;
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi <= 0) return;
    for (size_t i = 0; i < TW_COUNT(abis); i++) {
        if (abis[i].abi > abi) continue;
        c->landlock_fd = (int)syscall(SYS_landlock_create_ruleset, &abis[i].handled, abis[i].size, 0);
        if (c->landlock_fd < 0) continue;
        int high = fcntl(c->landlock_fd, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
        close(c->landlock_fd);
        c->landlock_fd = high;
        if (high < 0) return;
        c->landlock_abi = (int)abi;
        c->layers |= 1u << TW_CONFINE_LANDLOCK;
        return;
    }
}

void tw_confine_prepare(tw_confine *ret, uint64_t memory, uint32_t cpu_seconds)
{
    *ret = (tw_confine){.memory = memory, .cpu = cpu_seconds, .landlock_fd = -1};
    ret->layers = 1u << TW_CONFINE_PRIVS | 1u << TW_CONFINE_RLIMITS | 1u << TW_CONFINE_FDS;
#ifdef TW_SANITIZED
    ret->memory = 0; /* the shadow memory alone is terabytes of address space */
#endif
    prepare_landlock(ret);
    tw_syscall_filter(&ret->filter);
    if (ret->filter.n) ret->layers |= 1u << TW_CONFINE_SECCOMP;
}

void tw_confine_free(tw_confine *c)
{
    if (c->landlock_fd >= 0) close(c->landlock_fd);
    c->landlock_fd = -1;
    tw_buf_free(&c->filter);
}

/* Never above what the process may have already. */
static bool limit(int resource, uint64_t value)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)resource, &now) != 0) return false;
    if (now.rlim_max != RLIM_INFINITY && value > now.rlim_max) value = now.rlim_max;
    struct rlimit want = {value, value};
    return setrlimit((__rlimit_resource_t)resource, &want) == 0;
}

static bool apply_rlimits(const tw_confine *c, uint64_t input)
{
    if (c->memory && !limit(RLIMIT_AS, c->memory + input)) return false;
    /* RLIMIT_NPROC is by user and not counted for root: seccomp has no fork or clone in its list */
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CPU, c->cpu) &&
           limit(RLIMIT_NOFILE, FILES_MAX) && limit(RLIMIT_MEMLOCK, 0);
}

static bool apply_filter(const tw_confine *c)
{
    struct sock_fprog prog = {(unsigned short)(c->filter.n / sizeof(struct sock_filter)),
                              (struct sock_filter *)(void *)c->filter.p};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0;
}

bool tw_confine_apply(const tw_confine *c, int keep_to, uint64_t input)
{
    if (clearenv() != 0) return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false;
    if (!apply_rlimits(c, input)) return false;
    if (c->landlock_fd >= 0 && syscall(SYS_landlock_restrict_self, c->landlock_fd, 0) != 0) return false;
    if (syscall(SYS_close_range, keep_to + 1, ~0u, 0) != 0)
        for (int fd = keep_to + 1; fd < 1024; fd++) close(fd); /* before Linux 5.9 */
    return !c->filter.n || apply_filter(c);
}
