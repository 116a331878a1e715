/* SPDX-License-Identifier: Apache-2.0 */
/* The system calls of a worker: memory, one socket, its end. Everything else kills the process. */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "service/supervisor/confine.h"

static const int allowed[] = {
    /* the socket, and the artifact's descriptor where it is not mapped */
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(lseek),
    /* memory; mmap and mprotect below, never executable */
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(sysinfo), /* the C library's qsort asks how much memory there is */
    /* C library: locks, abort(), seeds, clock fallback */
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigreturn),

    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(restart_syscall),
    /* the end */
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
#ifdef TW_SANITIZED
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sched_yield),
    SCMP_SYS(getrlimit),
    SCMP_SYS(prlimit64),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(openat),
    SCMP_SYS(getuid),
    SCMP_SYS(getppid),
    SCMP_SYS(uname),
    SCMP_SYS(ioctl),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(mincore),
    SCMP_SYS(pipe2),
    SCMP_SYS(pipe),
#endif
};

static int build(scmp_filter_ctx ctx)
{
    for (size_t i = 0; i < TW_COUNT(allowed); i++)
        if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0)) return -1;
    static const int mapping[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; i < TW_COUNT(mapping); i++)
        if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, mapping[i], 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)))
            return -1;
    /* abort() goes on to its trap when it may not signal; a worker signals nobody */
    return seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 0);
}

static void export_to(scmp_filter_ctx ctx, tw_buf *out)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0) return;
    if (seccomp_export_bpf(ctx, fd) == 0) {
        off_t n = lseek(fd, 0, SEEK_END);
        char *to = n > 0 ? tw_buf_reserve(out, (size_t)n) : NULL;
        if (to && pread(fd, to, (size_t)n, 0) == n) out->n = (size_t)n;
    }
    close(fd);
}

void tw_syscall_filter(tw_buf *out)
{
    tw_buf_clear(out);
    unsigned action = SECCOMP_RET_KILL_PROCESS;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0) return;
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!ctx) return;
    if (build(ctx) == 0) export_to(ctx, out);
    seccomp_release(ctx);
}
