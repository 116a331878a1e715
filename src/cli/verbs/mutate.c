/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter mutate: a package changed as attackers change them, to test what sees it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "base/os.h"
#include "cli/plain.h"
#include "cli/verbs.h"
#include "engine/ecosystem.h"
#include "service/mutate/review.h"
#include "service/supervisor/items.h"

enum { PAYLOAD_MAX = 4 << 20, WITH_MAX = 64 };

typedef struct mutate {
    const char *payload, *output;
    tw_graft_at at;
    bool force, list, review, each, differs;
    uint32_t with[WITH_MAX], n_with;
    uint64_t seed, seeds;
} mutate;

static const char *set_graft(void *ctx, const char *value)
{
    ((mutate *)ctx)->payload = value;
    return *value ? NULL : "is empty";
}

static const char *set_output(void *ctx, const char *value)
{
    ((mutate *)ctx)->output = value;
    return *value ? NULL : "is empty";
}

static const char *set_at(void *ctx, const char *value)
{
    for (int at = 0; at < TW_GRAFT_MAX; at++)
        if (!strcmp(value, tw_graft_name((tw_graft_at)at))) {
            ((mutate *)ctx)->at = (tw_graft_at)at;
            return NULL;
        }
    return "not a place: import, install, pth, data or split";
}

static const char *set_force(void *ctx, const char *value)
{
    (void)value;
    ((mutate *)ctx)->force = true;
    return NULL;
}

static const char *set_with(void *ctx, const char *value)
{
    mutate *m = ctx;
    tw_str rest = tw_str_c(value), name;
    while (tw_str_split(&rest, ',', &name)) {
        uint32_t i = 0;
        while (tw_mutator_name(i) && !tw_str_eq(name, tw_str_c(tw_mutator_name(i)))) i++;
        if (!tw_mutator_name(i)) return "has a name that --list does not show";
        if (m->n_with == WITH_MAX) return "has too many names";
        m->with[m->n_with++] = i;
    }
    return m->n_with ? NULL : "is empty";
}

static const char *set_seed(void *ctx, const char *value)
{
    return tw_str_u64(tw_str_c(value), &((mutate *)ctx)->seed) ? NULL : "not a number";
}

static const char *set_seeds(void *ctx, const char *value)
{
    mutate *m = ctx;
    return tw_str_u64(tw_str_c(value), &m->seeds) && m->seeds && m->seeds <= 10000
               ? NULL
               : "not a number from 1 to 10000";
}

static const char *set_list(void *ctx, const char *value)
{
    (void)value;
    ((mutate *)ctx)->list = true;
    return NULL;
}

static const char *set_review(void *ctx, const char *value)
{
    (void)value;
    ((mutate *)ctx)->review = true;
    return NULL;
}

static const char *set_each(void *ctx, const char *value)
{
    (void)value;
    ((mutate *)ctx)->each = true;
    return NULL;
}

const tw_option tw_mutate_options[] = {
    {"with", "NAME,NAME", "rewrite the code: the mutators, one behind the other", set_with},
    {"seed", "N", "which of the many mutants (default 1)", set_seed},
    {"list", NULL, "the mutators, each with one line", set_list},
    {"review", NULL, "write nothing: mutate in memory, print the levels", set_review},
    {"each", NULL, "with --review: each mutator alone", set_each},
    {"seeds", "N", "with --review: N seeds from --seed on (default 1)", set_seeds},
    {"graft", "FILE", "source code to put into the package", set_graft},
    {"at", "PLACE", "import (default), install, pth, data or split", set_at},
    {"output", "NEW", "the changed package", set_output},
    {"force", NULL, "NEW may exist already", set_force},
    {0},
};

static int complain(const char *path, const char *says)
{
    fprintf(stderr, "tidewaiter mutate: %s: %s\n", tw_plain(path), says);
    return 2;
}

static int usage(const char *says)
{
    fprintf(stderr, "tidewaiter mutate: %s\nSee: tidewaiter help mutate\n", says);
    return 2;
}

/* ---- writing ---- */

static int write_file(const mutate *m, const char *path, tw_str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (m->force ? O_TRUNC : O_EXCL), 0644);
    if (fd < 0) return complain(path, errno == EEXIST ? "exists; --force replaces it" : strerror(errno));
    bool fine = tw_write_all(fd, bytes) == TW_OK;
    return close(fd) == 0 && fine ? 0 : complain(path, "cannot be written");
}

static bool plain_path(tw_str p)
{
    if (!p.n || p.p[0] == '/' || tw_str_chr(p, 0) != TW_NPOS) return false;
    for (tw_str part; tw_str_split(&p, '/', &part);)
        if (!part.n || tw_str_eq(part, TW_S("..")) || tw_str_eq(part, TW_S("."))) return false;
    return true;
}

/* A folder was given, so the names in it are the user's own; still, none leads out of NEW. */
static int write_folder(const mutate *m, const tw_mut *package)
{
    if (mkdir(m->output, 0755) != 0 && !(errno == EEXIST && m->force))
        return complain(m->output, errno == EEXIST ? "exists; --force writes into it" : strerror(errno));
    for (uint32_t i = 0; i < package->files.n; i++) {
        const tw_mut_file *f = &package->files.v[i];
        if (!plain_path(f->path)) return complain(m->output, "a name in the folder leads out of it");
        for (size_t k = 0; k < f->path.n; k++)
            if (f->path.p[k] == '/')
                mkdir(tw_path_join(package->arena, m->output, tw_str_sub(f->path, 0, k)), 0755);
        if (write_file(m, tw_path_join(package->arena, m->output, f->path), f->data)) return 2;
    }
    return 0;
}

static int write_out(const mutate *m, tw_mut *package)
{
    if (package->format == TW_MUT_DIR) return write_folder(m, package);
    tw_buf out = TW_BUF_INIT;
    tw_mut_write(package, &out);
    int status = write_file(m, m->output, tw_buf_str(&out));
    tw_buf_free(&out);
    return status;
}

/* ---- reading ---- */

static int open_artifact(tw_arena *a, const char *path, tw_diag *d)
{
    tw_limits lim = tw_limits_default();
    struct stat st;
    int fd = -1;
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    tw_item item = {.kind = folder ? TW_ITEM_DIR : TW_ITEM_FILE, .artifact = tw_str_c(path), .path = path};
    (void)a;
    return tw_item_open(&item, &lim, &fd, d) == TW_OK ? fd : -1;
}

static int graft(const mutate *m, tw_arena *a, tw_mut *package, const char *path)
{
    tw_diag d = TW_DIAG_INIT;
    tw_str payload, where;
    if (tw_read_file(a, m->payload, PAYLOAD_MAX, &payload, &d) != TW_OK) return complain(m->payload, d.says);
    if (tw_graft(package, m->at, tw_str_c(m->payload), payload, &where, &d) != TW_OK)
        return complain(path, d.says);
    int status = write_out(m, package);
    if (!status) printf("%s: %s now runs it\n", tw_plain(m->output), tw_plain(tw_arena_str(a, where).p));
    return status;
}

static int rewrite(const mutate *m, tw_mut *package, const char *path)
{
    uint32_t changed = 0;
    for (uint32_t i = 0; i < m->n_with; i++) {
        uint32_t n = tw_mutate(package, m->with[i], m->seed);
        printf("%s: %u file%s changed\n", tw_mutator_name(m->with[i]), n, n == 1 ? "" : "s");
        changed += n;
    }
    if (!changed)
        fprintf(stderr, "tidewaiter mutate: %s: nothing in it could be changed safely\n", tw_plain(path));
    return write_out(m, package);
}

static int make(const mutate *m, tw_arena *a, const char *path)
{
    tw_map_file file;
    tw_diag d = TW_DIAG_INIT;
    tw_mut package;
    int fd = open_artifact(a, path, &d);
    if (fd < 0 || tw_map_fd(fd, &file, &d) != TW_OK) return complain(path, d.says);
    tw_err err = tw_mut_read(a, file.bytes, tw_str_base(tw_str_c(path)), &package, &d);
    int status = err != TW_OK ? complain(path, d.says)
                 : m->payload ? graft(m, a, &package, path)
                              : rewrite(m, &package, path);
    tw_unmap_file(&file);
    return status;
}

/* ---- in memory ---- */

typedef struct show {
    mutate *m;
    tw_arena *arena;
    const char *path;
} show;

static int rank(tw_level l)
{
    return l == TW_LEVEL_UNREVIEWABLE ? TW_LEVEL_MALICIOUS : (int)l;
}

/* What stands in x and not in y. */
static tw_str less(tw_arena *a, tw_str x, tw_str y)
{
    tw_buf b = TW_BUF_INIT;
    for (tw_str id; tw_str_split(&x, ',', &id);) {
        bool found = tw_str_eq(id, TW_S("-"));
        tw_str rest = y;
        for (tw_str other; !found && tw_str_split(&rest, ',', &other);) found = tw_str_eq(id, other);
        if (!found) tw_buf_fmt(&b, "%s%s", b.n ? "," : "", tw_plain(tw_arena_str(a, id).p));
    }
    tw_str s = tw_arena_str(a, b.n ? tw_buf_str(&b) : TW_S("-"));
    tw_buf_free(&b);
    return s;
}

static void print_row(void *ctx, const tw_mut_row *r)
{
    const show *s = ctx;
    int from = rank(r->before), to = rank(r->after);
    s->m->differs |= from != to;
    tw_str gone = less(s->arena, r->behaviours, r->behaviours_after),
           come = less(s->arena, r->behaviours_after, r->behaviours);
    printf("%s\t%s\t%s\t%u\t%llu\t%.*s\t%s\t%s\t%s\n",
           to < from    ? "LOWER"
           : to > from  ? "HIGHER"
           : r->changed ? "same"
                        : "unchanged",
           tw_level_name(r->before), tw_level_name(r->after), r->changed, (unsigned long long)r->seed,
           TW_FMT(r->name), tw_plain(s->path), gone.p, come.p);
}

static int review(mutate *m, tw_arena *a, int n, char **paths)
{
    tw_engine e = {
        .limits = tw_limits_default(), .ecosystems = tw_ecosystems, .n_ecosystems = tw_n_ecosystems};
    tw_mut_plan plan = {m->with, m->n_with, m->each, m->seed, m->seeds};
    int status = 0;
    tw_hash_seed_set(1); /* a mutant is the same on every machine */
    e.rules = tw_rules_builtin(a);
    for (int i = 0; i < n; i++) {
        tw_diag d = TW_DIAG_INIT;
        show s = {m, a, paths[i]};
        int fd = open_artifact(a, paths[i], &d);
        if (fd < 0 || tw_mut_review(&e, fd, tw_str_c(paths[i]), &plan, print_row, &s, &d) != TW_OK)
            status = complain(paths[i], d.says);
        fflush(stdout);
    }
    return status ? status : m->differs;
}

static void take_all(mutate *m)
{
    if (m->n_with) return;
    for (uint32_t i = 0; tw_mutator_name(i) && tw_mutator_says(i); i++) m->with[m->n_with++] = i;
}

int tw_verb_mutate(int argc, char **argv)
{
    mutate m = {.seed = 1, .seeds = 1};
    int n = tw_options_read(tw_verb_find("mutate"), &m, argc, argv);
    if (n < 0) return 2;
    if (m.list) {
        for (uint32_t i = 0; tw_mutator_name(i); i++)
            if (tw_mutator_says(i)) printf("%-10s%s\n", tw_mutator_name(i), tw_mutator_says(i));
        return 0;
    }
    if (m.payload && m.n_with) return usage("--graft and --with are two commands");
    if (m.payload && m.review) return usage("--review is for --with");
    if (m.each && !m.review) return usage("--each is for --review");
    if (m.review && m.output) return usage("--review writes nothing: no --output");
    if (m.review && m.each) take_all(&m);
    if (m.review ? !n || !m.n_with : n != 1 || !m.output || (!m.payload && !m.n_with))
        return usage(m.review ? "--review needs a package, and --with NAMES or --each"
                              : "it needs a package, --with NAMES or --graft FILE, and --output NEW");
    tw_arena *a = tw_arena_new(0);
    int status = m.review ? review(&m, a, n, argv) : make(&m, a, argv[0]);
    tw_arena_free(a);
    return status;
}
