/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/os.h"

enum { ANSWER_MAX = 16 << 20, READ_STEP = 64 << 10 };

bool tw_is_spec(const char *arg)
{
    static const char *const schemes[] = {"pypi:", "npm:", "pkg:"};
    for (size_t i = 0; i < TW_COUNT(schemes); i++)
        if (tw_str_starts(tw_str_c(arg), tw_str_c(schemes[i]))) return true;
    return false;
}

void tw_fetcher_init(tw_fetcher *f, const tw_fetch_options *how)
{
    *f = (tw_fetcher){.how = *how, .lifeline = -1};
}

/* --- the folder and its janitor ----------------------------------------------------------------- */
/* Files, and folders that hold files alone: the fetcher makes nothing deeper. */
static void remove_all(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) return;
    for (struct dirent *e; (e = readdir(d));) {
        char path[512];
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        if (unlinkat(dirfd(d), e->d_name, 0) == 0) continue;
        int n = snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        DIR *inner = n > 0 && (size_t)n < sizeof path ? opendir(path) : NULL;
        for (struct dirent *x; inner && (x = readdir(inner));) unlinkat(dirfd(inner), x->d_name, 0);
        if (inner) closedir(inner);
        unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
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
    remove_all(dir);
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
        remove_all(f->dir);
    f->dir[0] = '\0';
}

/* --- asking ------------------------------------------------------------------------------------- */
static _Noreturn void become_net(const char *program, const tw_fetch_options *how, const char *dir,
                                 const char *spec, int out, int messages)
{
    const char *argv[12] = {program, "fetch", "--into", dir};
    size_t n = 4;
    if (how->index) {
        argv[n++] = "--index";
        argv[n++] = how->index;
    }
    if (how->files) {
        argv[n++] = "--files";
        argv[n++] = how->files;
    }
    if (how->allow_http) argv[n++] = "--allow-http";
    if (how->before) argv[n++] = "--before";
    argv[n++] = spec;
    dup2(out, STDOUT_FILENO);
    dup2(messages, STDERR_FILENO);
    execv(program, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static void read_all(int fd, tw_buf *b)
{
    for (char *to; (to = tw_buf_reserve(b, READ_STEP));) {
        ssize_t n = read(fd, to, READ_STEP);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        b->n += (size_t)n;
    }
}

/* Exit status of the program, what it wrote in `answer` and `messages`; -1: it could not be started. */
static int ask(tw_arena *a, const tw_fetch_options *how, const char *dir, const char *spec, tw_buf *answer,
               tw_buf *messages)
{
    int ends[2], status = -1, said = memfd_create("messages", MFD_CLOEXEC);
    const char *program = tw_sibling(a, "tidewaiter-net");
    if (said < 0 || pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) become_net(program, how, dir, spec, ends[1], said);
    close(ends[1]);
    if (pid > 0) {
        read_all(ends[0], answer);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        lseek(said, 0, SEEK_SET);
        read_all(said, messages);
    }
    close(ends[0]);
    close(said);
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* An object of the line as JSON again; empty where there is none. */
static tw_str object_text(tw_arena *a, const tw_doc *doc, const char *key)
{
    const tw_node *n = tw_node_get(doc, 0, tw_str_c(key));
    if (!n || n->kind != TW_NODE_OBJECT) return (tw_str){NULL, 0};
    tw_buf b = {.limit = 4096};
    tw_json_w w = tw_json_writer(&b);
    tw_json_node(&w, doc, tw_node_id(doc, n));
    tw_str text = b.over ? (tw_str){NULL, 0} : tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return text;
}

static bool add_line(tw_items *items, tw_str spec, tw_str line)
{
    tw_doc doc;
    tw_arena *a = items->arena;
    tw_str none = {NULL, 0};
    if (tw_json_read(a, tw_arena_str(a, line), NULL, &doc, NULL) != TW_OK) return false;
    tw_str path = tw_node_str(&doc, 0, TW_S("path"), none),
           name = tw_node_str(&doc, 0, TW_S("file_name"), none);
    if (!path.n) return false;
    path = tw_arena_str(a, path);
    TW_PUSH(a, items->list,
            ((tw_item){.kind = TW_ITEM_FILE,
                       .artifact = tw_arena_fmt(a, "%.*s %.*s", TW_FMT(spec), TW_FMT(name)),
                       .file_name = name.n ? name : tw_path_base(path),
                       .path = path.p,
                       .purl = tw_node_str(&doc, 0, TW_S("purl"), none),
                       .history = object_text(a, &doc, "history"),
                       .sha256 = tw_node_str(&doc, 0, TW_S("sha256"), none)}));
    return true;
}

/* What it said last is the reason of a failure; all else is passed on. */
static tw_str pass_on(const tw_fetcher *f, tw_str messages, bool failed)
{
    tw_str last = {NULL, 0}, prefix = TW_S("tidewaiter-net: ");
    for (tw_str line; messages.p && tw_str_split(&messages, '\n', &line);) {
        if (!tw_str_trim(line).n) continue;
        if (last.n && !f->how.quiet) fprintf(stderr, "%.*s\n", TW_FMT(last));
        last = line;
    }
    if (last.n && !failed && !f->how.quiet) fprintf(stderr, "%.*s\n", TW_FMT(last));
    return tw_str_starts(last, prefix) ? tw_str_sub(last, prefix.n, last.n) : last;
}

void tw_fetch(tw_fetcher *f, tw_items *items, const char *spec)
{
    tw_arena *a = items->arena;
    tw_str shown = tw_arena_str(a, tw_str_c(spec));
    const char *dir = make_dir(f) ? tw_arena_fmt(a, "%s/%u", f->dir, f->n++).p : NULL;
    if (!dir || mkdir(dir, 0700) != 0) {
        tw_items_add_bad(items, shown, "fetch-failed", TW_S("no temporary folder could be made"));
        return;
    }
    tw_buf answer = {.limit = ANSWER_MAX}, messages = {.limit = ANSWER_MAX};
    uint32_t before = items->list.n;
    int status = ask(a, &f->how, dir, spec, &answer, &messages);
    bool unread = false;
    tw_str rest = tw_buf_str(&answer);
    for (tw_str line; rest.p && tw_str_split(&rest, '\n', &line);)
        if (tw_str_trim(line).n && !add_line(items, shown, line)) unread = true;
    if (items->list.n == before + 1) items->list.v[before].artifact = shown; /* as given: there is but one */
    bool failed = status != 0 || unread || items->list.n == before;
    tw_str says = pass_on(f, tw_buf_str(&messages), failed);
    if (status == 127 || status == -1)
        says = TW_S("tidewaiter-net, which fetches names, could not be started");
    if (failed)
        tw_items_add_bad(items, shown, "fetch-failed",
                         says.n ? says : TW_S("the index gave no file for this name"));
    tw_buf_free(&answer);
    tw_buf_free(&messages);
}
