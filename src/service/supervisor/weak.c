/* SPDX-License-Identifier: Apache-2.0 */
/* Only in builds with TW_WEAK: an artifact "TWWEAK:<act>[:<argument>]\n..." stands for one that has
 * hijacked its worker. Each act happens inside the finished confinement. */
#include "service/supervisor/worker.h"

#ifdef TW_WEAK
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "service/supervisor/frames.h"

typedef struct weak {
    tw_str argument;
    int sock;
    const tw_record_io *io;
} weak;

static void act_crash(const weak *w)
{
    (void)w;
    abort();
}

static void act_segv(const weak *w)
{
    (void)w;
    *(volatile int *)(uintptr_t)16 = 1;
}

static void act_hang(const weak *w)
{
    (void)w;
    for (volatile unsigned i = 0;; i++) {
    }
}

static void act_swell(const weak *w)
{
    (void)w;
    tw_arena *a = tw_arena_new(0);
    for (;;) *(volatile char *)tw_arena_alloc(a, 16 << 20) = 1;
}

static void send_raw(const weak *w, const void *p, size_t n)
{
    if (write(w->sock, p, n) < 0) _exit(1);
}

/* Sends what may not be sent and waits, as an attacker would. */
static void act_frame(const weak *w)
{
    send_raw(w, "\xff\xff\xff\xff\x02\0\0\0and more", 16);
    act_hang(w);
}

static void act_half(const weak *w)
{
    send_raw(w, "\x20\0\0\0\x01\0\0\0half a key", 18);
    _exit(0);
}

static void act_silent(const weak *w)
{
    (void)w;
    _exit(0);
}

/* A report of the attacker's own making. */
static void act_report(const weak *w)
{
    tw_buf b = TW_BUF_INIT;
    tw_frame_put(&b, TW_FRAME_REPORT, NULL, w->argument);
    tw_frame_put(&b, TW_FRAME_DONE, NULL, (tw_str){NULL, 0});
    send_raw(w, b.p, b.n);
    _exit(0);
}

static size_t unhex(tw_str hex, char *to)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        const char *hi = strchr(digits, hex.p[i]), *lo = strchr(digits, hex.p[i + 1]);
        if (!hi || !lo) return i / 2;
        to[i / 2] = (char)((hi - digits) << 4 | (lo - digits));
    }
    return hex.n / 2;
}

/* "<key in hex>:<bundle in hex>": claims a record of a file that is not its own, then goes on. */
static void act_forge(const weak *w)
{
    tw_digest key;
    if (!w->io || !tw_digest_parse(tw_str_sub(w->argument, 0, 64), &key)) return;
    tw_arena *a = tw_arena_new(0);
    tw_str hex = tw_str_sub(w->argument, 65, w->argument.n);
    char *bundle = tw_arena_alloc(a, hex.n / 2 + 1);
    size_t n = unhex(hex, bundle);
    w->io->put(w->io->ctx, &key, (tw_str){bundle, n});
    tw_arena_free(a);
}

static void act_socket(const weak *w)
{
    (void)w;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0) _exit(0);
}

static void act_file(const weak *w)
{
    (void)w;
    if (open("/etc/passwd", O_RDONLY) >= 0) _exit(0);
}

static void act_exec(const weak *w)
{
    (void)w;
    char *argv[] = {(char[]){"true"}, NULL};
    execv("/bin/true", argv);
}

static void act_fork(const weak *w)
{
    (void)w;
    syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void act_signal(const weak *w)
{
    (void)w;
    kill(getpid(), 0); /* harmless where it is not stopped */
}

static void act_exec_memory(const weak *w)
{
    (void)w;
    mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static const struct {
    const char *name;
    void (*act)(const weak *w);
} acts[] = {
    {"crash", act_crash},   {"segv", act_segv},     {"hang", act_hang},
    {"swell", act_swell},   {"frame", act_frame},   {"half", act_half},
    {"silent", act_silent}, {"report", act_report}, {"forge", act_forge},
    {"socket", act_socket}, {"file", act_file},     {"exec", act_exec},
    {"fork", act_fork},     {"signal", act_signal}, {"exec-memory", act_exec_memory},
};

void tw_weak_act(tw_str bytes, int sock, const tw_record_io *io)
{
    if (!tw_str_starts(bytes, TW_S("TWWEAK:"))) return;
    tw_str line = tw_str_sub(bytes, 7, tw_str_chr(bytes, '\n')), name;
    if (!tw_str_split(&line, ':', &name)) return;
    weak w = {line, sock, io};
    for (size_t i = 0; i < TW_COUNT(acts); i++)
        if (tw_str_eq(name, tw_str_c(acts[i].name))) acts[i].act(&w);
}
#endif
