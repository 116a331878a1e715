/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/doc.h"

enum { ANSWER_MAX = 16 << 20, READ_STEP = 64 << 10 };

bool tw_is_spec(const char *arg)
{
    static const char *const schemes[] = {"pypi:", "npm:", "pkg:"};
    for (size_t i = 0; i < TW_COUNT(schemes); i++)
        if (tw_str_starts(tw_str_c(arg), tw_str_c(schemes[i]))) return true;
    return false;
}

void tw_fetcher_init(tw_fetcher *f, const char *index)
{
    *f = (tw_fetcher){.index = index, .lifeline = -1};
}

/* --- the folder and its janitor ----------------------------------------------------------------- */
static void remove_flat(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) return;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    rmdir(dir);
}

static _Noreturn void wait_and_remove(const char *dir, int lifeline)
{
    char c;
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    while (read(lifeline, &c, 1) < 0 && errno == EINTR) {
    }
    remove_flat(dir);
    _exit(0);
}

static bool make_dir(tw_fetcher *f)
{
    if (f->dir[0]) return true;
    const char *tmp = getenv("TMPDIR");
    int n = snprintf(f->dir, sizeof f->dir, "%s/tidewaiter-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    int ends[2];
    if (n < 0 || (size_t)n >= sizeof f->dir || !mkdtemp(f->dir)) {
        f->dir[0] = '\0';
        return false;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) return true; /* without a janitor: tw_fetcher_done removes it */
    f->janitor = fork();
    if (f->janitor == 0) {
        close(ends[1]);
        wait_and_remove(f->dir, ends[0]);
    }
    close(ends[0]);
    f->lifeline = ends[1];
    return true;
}

void tw_fetcher_done(tw_fetcher *f)
{
    if (!f->dir[0]) return;
    if (f->lifeline >= 0) close(f->lifeline);
    if (f->janitor > 0)
        while (waitpid(f->janitor, NULL, 0) < 0 && errno == EINTR) {
        }
    else
        remove_flat(f->dir);
    f->dir[0] = '\0';
}

/* --- asking ------------------------------------------------------------------------------------- */
/* tidewaiter-net stands beside this program. */
static const char *sibling(tw_arena *a)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    tw_str path = {self, n > 0 ? (size_t)n : 0};
    size_t slash = tw_str_rchr(path, '/');
    if (slash == TW_NPOS) return "tidewaiter-net";
    return tw_path_join(a, tw_arena_str(a, tw_str_sub(path, 0, slash)).p, TW_S("tidewaiter-net"));
}

static _Noreturn void become_net(const char *program, const tw_fetcher *f, const char *spec, int out)
{
    const char *argv[9] = {program, "fetch", "--into", f->dir};
    size_t n = 4;
    if (f->index) {
        argv[n++] = "--index";
        argv[n++] = f->index;
    }
    argv[n++] = "--";
    argv[n++] = spec;
    dup2(out, STDOUT_FILENO);
    execv(program, (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* Exit status of the program, its standard output in `answer`; -1: it could not be started. */
static int ask(tw_arena *a, const tw_fetcher *f, const char *spec, tw_buf *answer)
{
    int ends[2], status;
    const char *program = sibling(a);
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) become_net(program, f, spec, ends[1]);
    close(ends[1]);
    for (char *to; pid > 0 && (to = tw_buf_reserve(answer, READ_STEP));) {
        ssize_t n = read(ends[0], to, READ_STEP);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        answer->n += (size_t)n;
    }
    close(ends[0]);
    if (pid < 0) return -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool add_line(tw_items *items, tw_str spec, tw_str line)
{
    tw_doc doc;
    tw_arena *a = items->arena;
    tw_str none = {NULL, 0};
    if (tw_json_read(a, tw_arena_str(a, line), NULL, &doc, NULL) != TW_OK) return false;
    tw_str path = tw_node_str(&doc, 0, TW_S("path"), none),
           name = tw_node_str(&doc, 0, TW_S("file_name"), none);
    tw_str error = tw_node_str(&doc, 0, TW_S("error"), none);
    if (error.n) {
        tw_items_add_bad(items, spec, "fetch-failed", error);
        return true;
    }
    if (!path.n) return false;
    path = tw_arena_str(a, path);
    TW_PUSH(a, items->list,
            ((tw_item){.kind = TW_ITEM_FILE,
                       .artifact = tw_arena_fmt(a, "%.*s %.*s", TW_FMT(spec), TW_FMT(name)),
                       .file_name = name.n ? name : tw_path_base(path),
                       .path = path.p,
                       .purl = tw_node_str(&doc, 0, TW_S("purl"), none),
                       .sha256 = tw_node_str(&doc, 0, TW_S("sha256"), none)}));
    return true;
}

void tw_fetch(tw_fetcher *f, tw_items *items, const char *spec)
{
    tw_str shown = tw_arena_str(items->arena, tw_str_c(spec));
    if (!make_dir(f)) {
        tw_items_add_bad(items, shown, "fetch-failed", TW_S("no temporary folder could be made"));
        return;
    }
    tw_buf answer = {.limit = ANSWER_MAX};
    uint32_t before = items->list.n;
    int status = ask(items->arena, f, spec, &answer);
    tw_str rest = tw_buf_str(&answer);
    for (tw_str line; rest.p && tw_str_split(&rest, '\n', &line);)
        if (tw_str_trim(line).n && !add_line(items, shown, line)) status = status ? status : 1;
    tw_buf_free(&answer);
    if (status == 127 || status == -1)
        tw_items_add_bad(items, shown, "fetch-failed",
                         TW_S("tidewaiter-net, which fetches names, could not be started"));
    else if (status || items->list.n == before)
        tw_items_add_bad(items, shown, "fetch-failed",
                         TW_S("the index gave no file for this name (see the message above)"));
}
