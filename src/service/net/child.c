/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
enum { CLIENT_MS = 30000, CLIENT_BYTES = 64 << 10 };

tw_str tw_env(const char *name)
{
    return tw_str_c(getenv(name));
}

void tw_note(const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    fprintf(stderr, "tidewaiter-net: note: %s\n", tw_printable(text));
}

char *tw_printable(char *z)
{
    for (char *p = z; *p; p++)
        if (*p < ' ' || *p > '~') *p = '?';
    return z;
}

static int start(const char *const *argv, const char *cwd, int out, pid_t *ret)
{
    posix_spawn_file_actions_t acts;
    posix_spawn_file_actions_init(&acts);
    posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&acts, out, 1);
    posix_spawn_file_actions_addopen(&acts, 2, "/dev/null", O_WRONLY, 0);
    if (cwd) posix_spawn_file_actions_addchdir_np(&acts, cwd);
    int no = posix_spawnp(ret, argv[0], &acts, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&acts);
    return no;
}

static void drain(int fd, tw_buf *b)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (b->n < CLIENT_BYTES && poll(&p, 1, CLIENT_MS) > 0) {
        ssize_t got = read(fd, tw_buf_reserve(b, 4096), 4096);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        b->n += (size_t)got;
    }
}

tw_err tw_ask_client(tw_arena *a, const char *const *argv, const char *cwd, tw_str *ret, tw_diag *d)
{
    int pipes[2], status = 0;
    pid_t pid;
    tw_buf b = {0};
    if (pipe2(pipes, O_CLOEXEC) < 0) return tw_fail(d, TW_ERR_IO, "cannot make a pipe: %s", strerror(errno));
    int no = start(argv, cwd, pipes[1], &pid);
    close(pipes[1]);
    if (no) {
        close(pipes[0]);
        return tw_fail(d, TW_ERR_NOTFOUND, "cannot start %s: %s", argv[0], strerror(no));
    }
    drain(pipes[0], &b);
    close(pipes[0]);
    /* what has not ended its output by now never will */
    for (int ms = 0; waitpid(pid, &status, WNOHANG) == 0; ms += 10) {
        if (ms >= 5000) kill(pid, SIGKILL);
        poll(NULL, 0, 10);
    }
    tw_str rest = tw_buf_str(&b), line = {NULL, 0};
    bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0 && tw_str_split(&rest, '\n', &line);
    if (ok) *ret = tw_arena_str(a, tw_str_trim(line));
    tw_buf_free(&b);
    return ok ? TW_OK : tw_fail(d, TW_ERR_NOTFOUND, "%s did not answer", argv[0]);
}
