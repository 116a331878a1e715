/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMES_MAX = 32 << 10 };

typedef struct request { /* both ends are this program: a struct is the format */
    bool kill;
    tw_start start; /* slices: lengths only, the text follows in `names` */
    char names[NAMES_MAX];
} request;
#define REQUEST_HEAD offsetof(request, names)

/* --- supervisor's side -------------------------------------------------------------------------- */
tw_err tw_zygote_launch(const tw_zygote *z, const tw_start *s, int artifact, int sock)
{
    request r = {.start = *s};
    size_t n = 0;
    const tw_str *texts[] = {&s->artifact, &s->file_name, &s->purl, &s->history};
    for (size_t i = 0; i < TW_COUNT(texts); i++) {
        if (texts[i]->n > sizeof r.names - n) return TW_ERR_LIMIT;
        if (texts[i]->n) memcpy(r.names + n, texts[i]->p, texts[i]->n);
        n += texts[i]->n;
    }
    struct iovec iov = {&r, REQUEST_HEAD + n};
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control.bytes};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(c), (int[]){artifact, sock}, 2 * sizeof(int));
    return sendmsg(z->sock, &m, MSG_NOSIGNAL) > 0 ? TW_OK : TW_ERR_IO;
}

void tw_zygote_kill(const tw_zygote *z, uint32_t id)
{
    request r = {.kill = true, .start = {.id = id}};
    if (send(z->sock, &r, REQUEST_HEAD, MSG_NOSIGNAL) < 0) return; /* gone, and its workers with it */
}

tw_err tw_zygote_next(const tw_zygote *z, tw_ended *ret)
{
    ssize_t n = recv(z->sock, ret, sizeof *ret, MSG_DONTWAIT);
    if (n == (ssize_t)sizeof *ret) return TW_OK;
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? TW_ERR_NOTFOUND : TW_ERR_IO;
}

void tw_zygote_stop(tw_zygote *z)
{
    if (z->sock >= 0) close(z->sock);
    if (z->pid > 0)
        while (waitpid(z->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    *z = (tw_zygote){-1, -1};
}

/* --- the zygote itself -------------------------------------------------------------------------- */
typedef struct nest {
    const tw_engine *engine;
    const tw_confine *confine;
    int sock, signals;
    struct {
        pid_t pid;
        uint32_t id;
    } workers[TW_ZYGOTE_WORKERS];
} nest;

static void tell(const nest *z, uint32_t id, int status, uint64_t rss_kb)
{
    tw_ended e = {.id = id, .status = status, .rss_kb = rss_kb};
    if (send(z->sock, &e, sizeof e, MSG_NOSIGNAL) < 0) _exit(0);
}

/* The parent's death takes its children along. */
static void die_with_parent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(0);
}

static void become_worker(const nest *z, const request *r, int artifact, int sock, pid_t parent)
{
    die_with_parent(parent);
    prctl(PR_SET_NAME, "tw-worker", 0, 0, 0);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    close(z->sock);
    tw_start s = r->start;
    const char *p = r->names;
    tw_str *texts[] = {&s.artifact, &s.file_name, &s.purl, &s.history};
    for (size_t i = 0; i < TW_COUNT(texts); i++) {
        texts[i]->p = p;
        p += texts[i]->n;
    }
    tw_worker_run(z->engine, z->confine, &s, artifact, sock);
}

static void launch(nest *z, const request *r, const int fds[2])
{
    size_t slot = 0;
    while (slot < TW_ZYGOTE_WORKERS && z->workers[slot].pid) slot++;
    pid_t self = getpid(), pid = slot < TW_ZYGOTE_WORKERS ? fork() : -1;
    if (pid == 0) become_worker(z, r, fds[0], fds[1], self);
    if (pid < 0) {
        tell(z, r->start.id, -1, 0);
        return;
    }
    z->workers[slot].pid = pid;
    z->workers[slot].id = r->start.id;
}

static void kill_worker(const nest *z, uint32_t id)
{
    for (size_t i = 0; i < TW_ZYGOTE_WORKERS; i++)
        if (z->workers[i].pid && z->workers[i].id == id) kill(z->workers[i].pid, SIGKILL);
}

static void reap(nest *z)
{
    int status;
    struct rusage use;
    for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &use)) > 0;) {
        for (size_t i = 0; i < TW_ZYGOTE_WORKERS; i++) {
            if (z->workers[i].pid != pid) continue;
            z->workers[i].pid = 0;
            tell(z, z->workers[i].id, status, (uint64_t)use.ru_maxrss);
        }
    }
}

static void serve(nest *z)
{
    request r;
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec iov = {&r, sizeof r};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = control.bytes,
                       .msg_controllen = sizeof control.bytes};
    ssize_t n = recvmsg(z->sock, &m, 0);
    if (n < 0 && errno == EINTR) return;
    if (n < (ssize_t)REQUEST_HEAD) _exit(0); /* the supervisor is gone */
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (r.kill || !c) {
        kill_worker(z, r.start.id);
        return;
    }
    int fds[2];
    memcpy(fds, CMSG_DATA(c), sizeof fds);
    launch(z, &r, fds);
    close(fds[0]);
    close(fds[1]);
}

/* Standard descriptors are replaced, so that no library's message mixes with the user's output. */
static void detach(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) _exit(1);
    dup2(null, 0);
    dup2(null, 1);
#ifndef TW_SANITIZED
    dup2(null, 2);
#endif
    if (null > 2) close(null);
}

static _Noreturn void hatch(const tw_engine *e, const tw_confine *c, int sock)
{
    prctl(PR_SET_NAME, "tw-zygote", 0, 0, 0);
    detach();
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigprocmask(SIG_BLOCK, &chld, NULL);
    nest *z = TW_NEW(tw_arena_new(0), nest);
    z->engine = e;
    z->confine = c;
    z->sock = sock;
    z->signals = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
    if (z->signals < 0) _exit(1);
    for (;;) {
        struct pollfd fds[] = {{z->sock, POLLIN, 0}, {z->signals, POLLIN, 0}};
        if (poll(fds, TW_COUNT(fds), -1) < 0 && errno != EINTR) _exit(1);
        struct signalfd_siginfo drop;
        if (fds[1].revents && read(z->signals, &drop, sizeof drop) > 0) reap(z);
        if (fds[0].revents) serve(z);
    }
}

tw_err tw_zygote_start(tw_zygote *ret, const tw_engine *e, const tw_confine *c, tw_diag *d)
{
    int pair[2];
    *ret = (tw_zygote){-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return tw_fail(d, TW_ERR_IO, "no socket pair for workers: %s", strerror(errno));
    pid_t self = getpid(), pid = fork();
    if (pid == 0) {
        die_with_parent(self);
        close(pair[0]);
        hatch(e, c, pair[1]);
    }
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return tw_fail(d, TW_ERR_IO, "no process for workers: %s", strerror(errno));
    }
    *ret = (tw_zygote){pair[0], pid};
    return TW_OK;
}
