/* SPDX-License-Identifier: Apache-2.0 */
#include "service/mutate/review.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/os.h"
#include "service/supervisor/confine.h"

enum { OUT = 3, CPU_SECONDS = 1800 };
static const uint64_t MEMORY = 6ull << 30;

typedef struct seen {
    tw_level level;
    tw_str ids; /* of its behaviours, with commas */
} seen;

static tw_str behaviours(tw_arena *a, tw_arena *job, tw_str report)
{
    tw_doc doc;
    tw_buf b = TW_BUF_INIT;
    if (tw_json_read(job, report, NULL, &doc, NULL) == TW_OK) {
        const tw_node *list = tw_node_get(&doc, 0, TW_S("behaviours"));
        uint32_t id = list ? tw_node_id(&doc, list) : 0;
        TW_EACH_NODE (&doc, id, i) {
            tw_str name = tw_node_str(&doc, i, TW_S("id"), TW_S(""));
            if (name.n) tw_buf_fmt(&b, "%s%.*s", b.n ? "," : "", TW_FMT(name));
        }
    }
    if (!b.n) tw_buf_putc(&b, '-');
    tw_str ids = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return ids;
}

static seen level_of(const tw_engine *e, tw_mut *m, tw_str artifact)
{
    tw_buf out = TW_BUF_INIT;
    tw_arena *job = tw_arena_new(1 << 20);
    tw_outcome outcome;
    tw_mut_write(m, &out);
    tw_input in = {.bytes = tw_buf_str(&out), .artifact = artifact, .file_name = tw_str_base(artifact)};
    tw_review(e, job, &in, NULL, &outcome);
    seen level = {outcome.level, behaviours(m->arena, job, outcome.report)};
    tw_arena_free(job);
    tw_buf_free(&out);
    return level;
}

/* A line of the child: name, seed, changed files, levels. */
static void say(tw_str name, uint64_t seed, uint32_t changed, const seen *before, const seen *after)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_fmt(&b, "%.*s %llu %u %d %d %.*s %.*s\n", TW_FMT(name), (unsigned long long)seed, changed,
               (int)before->level, (int)after->level, TW_FMT(before->ids), TW_FMT(after->ids));
    if (tw_write_all(OUT, tw_buf_str(&b)) != TW_OK) _exit(1);
    tw_buf_free(&b);
}

static tw_str joined(tw_arena *a, const tw_mut_plan *p)
{
    tw_buf b = TW_BUF_INIT;
    for (uint32_t i = 0; i < p->n_with; i++)
        tw_buf_fmt(&b, "%s%s", i ? "," : "", tw_mutator_name(p->with[i]));
    tw_str s = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

/* A mutant shares the texts of what it was made of, never its list. */
static tw_mut copy_of(const tw_mut *m)
{
    tw_mut c = *m;
    c.files.v = NULL, c.files.n = c.files.cap = 0;
    for (uint32_t i = 0; i < m->files.n; i++) TW_PUSH(c.arena, c.files, m->files.v[i]);
    return c;
}

static void one(const tw_engine *e, const tw_mut *m, tw_str artifact, const tw_mut_plan *p, uint32_t from,
                uint32_t to, uint64_t seed, const seen *before)
{
    tw_mark mark = tw_arena_mark(m->arena);
    tw_mut mutant = copy_of(m);
    uint32_t changed = 0;
    for (uint32_t i = from; i < to; i++) changed += tw_mutate(&mutant, p->with[i], seed);
    seen after = changed ? level_of(e, &mutant, artifact) : *before;
    tw_str name = to - from == 1 ? tw_str_c(tw_mutator_name(p->with[from])) : joined(m->arena, p);
    say(name, seed, changed, before, &after);
    tw_arena_reset(m->arena, mark);
}

_Noreturn static void work(const tw_engine *e, tw_str bytes, tw_str artifact, const tw_mut_plan *p)
{
    tw_arena *a = tw_arena_new(1 << 20);
    tw_diag d = TW_DIAG_INIT;
    tw_mut m;
    tw_err err = tw_mut_read(a, bytes, tw_str_base(artifact), &m, &d);
    if (err != TW_OK) {
        tw_str line = tw_arena_fmt(a, "! %d %s\n", (int)err, d.says);
        _exit(tw_write_all(OUT, line) == TW_OK ? 0 : 1);
    }
    seen before = level_of(e, &m, artifact);
    for (uint64_t s = 0; s < p->seeds; s++) {
        if (p->each)
            for (uint32_t i = 0; i < p->n_with; i++) one(e, &m, artifact, p, i, i + 1, p->seed + s, &before);
        else
            one(e, &m, artifact, p, 0, p->n_with, p->seed + s, &before);
    }
    tw_str end = TW_S(".\n");
    _exit(tw_write_all(OUT, end) == TW_OK ? 0 : 1);
}

_Noreturn static void child(const tw_engine *e, const tw_map_file *file, int out, tw_str artifact,
                            const tw_mut_plan *p, const tw_confine *c)
{
    if (dup2(out, OUT) != OUT || !tw_confine_apply(c, OUT, file->bytes.n)) _exit(1);
    work(e, file->bytes, artifact, p);
}

/* What the child says is as hostile as what it read: numbers are kept in range. */
static tw_err hear(tw_str text, void (*row)(void *, const tw_mut_row *), void *ctx, tw_diag *d)
{
    for (tw_str line; tw_str_split(&text, '\n', &line);) {
        if (tw_str_eq(line, TW_S("."))) return TW_OK;
        tw_str rest = line, f[7] = {{0}};
        for (int i = 0; i < 7 && tw_str_split(&rest, ' ', &f[i]); i++) {
            if (i == 1 && tw_str_eq(f[0], TW_S("!")))
                return tw_fail(d, TW_ERR_UNSUPPORTED, "%.*s", TW_FMT(rest));
        }
        uint64_t v[4];
        bool fine = true;
        for (int i = 0; i < 4; i++) fine = fine && f[i + 1].p && tw_str_u64(f[i + 1], &v[i]);
        if (!fine || !f[6].p || v[2] >= TW_LEVEL_MAX || v[3] >= TW_LEVEL_MAX) break;
        row(ctx, &(tw_mut_row){f[0], v[0], (uint32_t)v[1], (tw_level)v[2], (tw_level)v[3], f[5], f[6]});
    }
    return tw_fail(d, TW_ERR_IO, "its reviewer died");
}

tw_err tw_mut_review(const tw_engine *e, int fd, tw_str artifact, const tw_mut_plan *plan,
                     void (*row)(void *ctx, const tw_mut_row *r), void *ctx, tw_diag *d)
{
    int pipes[2];
    tw_map_file file;
    tw_confine c;
    TW_TRY(tw_map_fd(fd, &file, d));
    if (pipe(pipes) != 0) return tw_fail(d, TW_ERR_IO, "no pipe");
    tw_confine_prepare(&c, MEMORY, CPU_SECONDS);
    pid_t pid = fork();
    if (!pid) child(e, &file, pipes[1], artifact, plan, &c);
    close(pipes[1]);
    tw_buf in = {.limit = 64 << 20};
    for (char *to; pid > 0 && (to = tw_buf_reserve(&in, 4096));) {
        ssize_t n = read(pipes[0], to, 4096);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        in.n += (size_t)n;
    }
    close(pipes[0]);
    if (pid > 0)
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    tw_err err = pid > 0 ? hear(tw_buf_str(&in), row, ctx, d) : tw_fail(d, TW_ERR_IO, "no process");
    tw_buf_free(&in);
    tw_confine_free(&c);
    tw_unmap_file(&file);
    return err;
}
