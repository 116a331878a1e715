/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter scan: names and paths -> items -> supervisor -> an output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/map.h"
#include "base/os.h"
#include "cli/author/author.h"
#include "cli/config.h"
#include "cli/plain.h"
#include "cli/fetch.h"
#include "cli/outputs/output.h"
#include "cli/outputs/suppress.h"
#include "cli/rules.h"
#include "cli/verbs.h"
#include "engine/ecosystem.h"
#include "service/supervisor/confine.h"
#include "service/yara/yara.h"

enum { LIST_MAX = 256 << 20, NEVER = TW_LEVEL_MAX, YARA_FILES = 64, IGNORED = 256 };

typedef struct scan {
    const tw_output *output;
    tw_engine engine;
    uint64_t jobs, timeout, memory_mib, seed;
    const char *list, *cache_dir, *into, *inspector, *id_prefix, *suppress;
    tw_suppressions suppressions;
    tw_fetch_options fetch;
    tw_user_rules rules;
    const char *yara[YARA_FILES];
    size_t n_yara;
    bool no_cache, no_reports, stats, seeded, trust_anyone, withdraw;
    int out;          /* descriptor of the output */
    unsigned fail_on; /* tw_level, or NEVER */
    tw_level only;    /* results below it are not shown */
    tw_str ignore[IGNORED];
    size_t n_ignore;
    tw_author author; /* registry NULL: the reports are for those who review */
} scan;

/* --- options ------------------------------------------------------------------------------------ */
static const char *number(const char *value, uint64_t least, uint64_t most, uint64_t *ret)
{
    return tw_str_u64(tw_str_c(value), ret) && *ret >= least && *ret <= most ? NULL
                                                                             : "not a number in its range";
}

static const char *set_format(void *ctx, const char *value)
{
    for (const tw_output *const *o = tw_outputs; *o; o++)
        if (!strcmp((*o)->name, value)) {
            ((scan *)ctx)->output = *o;
            return NULL;
        }
    return "not a format: text, json, jsonl, sarif, html, markdown, brief, observation, osv or baseline";
}

/* The beginning of links in what is sent to others: an https address without what could end a link early. */
static const char *set_inspector(void *ctx, const char *value)
{
    static const char wrong[] = "not an http or https address";
    tw_str s = tw_str_c(value);
    if (!tw_str_starts(s, TW_S("https://")) && !tw_str_starts(s, TW_S("http://"))) return wrong;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || strchr("\"<>\\^`{|}", s.p[i])) return wrong;
    ((scan *)ctx)->inspector = value;
    return NULL;
}

static const char *set_id_prefix(void *ctx, const char *value)
{
    size_t n = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    ((scan *)ctx)->id_prefix = value;
    return n && n <= 32 && !value[n] ? NULL : "not letters and digits, at most 32";
}

/* From notable on. */
static bool level_of(const char *value, tw_level *ret)
{
    for (*ret = TW_LEVEL_NOTABLE; *ret <= TW_LEVEL_MALICIOUS; (*ret)++)
        if (!strcmp(value, tw_level_name(*ret))) return true;
    return false;
}

static const char *set_fail_on(void *ctx, const char *value)
{
    tw_level l;
    bool never = !strcmp(value, "never");
    if (!never && !level_of(value, &l)) return "not a level: notable, suspicious, malicious or never";
    ((scan *)ctx)->fail_on = never ? NEVER : (unsigned)l;
    return NULL;
}

static const char *set_only(void *ctx, const char *value)
{
    tw_level l;
    if (!level_of(value, &l)) return "not a level: notable, suspicious or malicious";
    ((scan *)ctx)->only = l;
    return NULL;
}

static const char *set_ignore(void *ctx, const char *value)
{
    scan *s = ctx;
    if (!*value) return "is empty";
    if (s->n_ignore == IGNORED) return "more than 256 times";
    s->ignore[s->n_ignore++] = tw_str_c(value);
    return NULL;
}

static const char *set_profile(void *ctx, const char *value)
{
    ((scan *)ctx)->author.registry = value;
    return !strcmp(value, "pypi") || !strcmp(value, "npm") ? NULL : "not a registry: pypi or npm";
}

static const char *set_limit(void *ctx, const char *value)
{
    tw_str rest = tw_str_c(value), name;
    uint64_t n;
    if (!tw_str_split(&rest, '=', &name) || !rest.p || !tw_str_u64(rest, &n)) return "not NAME=NUMBER";
    return tw_limits_set(&((scan *)ctx)->engine.limits, name, n) == TW_OK
               ? NULL
               : "no limit of that name, or out of range";
}

static const char *set_jobs(void *ctx, const char *value)
{
    return number(value, 1, 256, &((scan *)ctx)->jobs);
}
static const char *set_timeout(void *ctx, const char *value)
{
    return number(value, 1, 86400, &((scan *)ctx)->timeout);
}
static const char *set_memory(void *ctx, const char *value)
{
    return number(value, 64, 1 << 20, &((scan *)ctx)->memory_mib);
}
static const char *set_seed(void *ctx, const char *value)
{
    ((scan *)ctx)->seeded = true;
    return number(value, 0, UINT64_MAX, &((scan *)ctx)->seed);
}

#define TEXT_OPTION(name, field)                          \
    static const char *name(void *ctx, const char *value) \
    {                                                     \
        ((scan *)ctx)->field = value;                     \
        return *value ? NULL : "is empty";                \
    }
#define SWITCH(name, field)                               \
    static const char *name(void *ctx, const char *value) \
    {                                                     \
        (void)value;                                      \
        ((scan *)ctx)->field = true;                      \
        return NULL;                                      \
    }
static const char *set_nothing(void *ctx, const char *value)
{
    (void)ctx;
    (void)value;
    return NULL; /* config.c looked for it */
}
TEXT_OPTION(set_list, list)
TEXT_OPTION(set_into, into)
TEXT_OPTION(set_suppress, suppress)
TEXT_OPTION(set_index, fetch.index)
TEXT_OPTION(set_files, fetch.files)
TEXT_OPTION(set_cache, cache_dir)
SWITCH(set_no_cache, no_cache)
SWITCH(set_no_reports, no_reports)
SWITCH(set_stats, stats)
SWITCH(set_quiet, fetch.quiet)
SWITCH(set_withdraw, withdraw)
SWITCH(set_http, fetch.allow_http)
SWITCH(set_skip_bad, rules.skip_bad)
static const char *set_yara(void *ctx, const char *value)
{
    scan *s = ctx;
    if (s->n_yara == YARA_FILES) return "more than 64 times";
    s->yara[s->n_yara++] = value;
    return NULL;
}
static const char *set_rules(void *ctx, const char *value)
{
    return tw_user_rules_add(&((scan *)ctx)->rules, value);
}
#ifdef TW_WEAK
SWITCH(set_trust_anyone, trust_anyone)
#endif

const tw_option tw_scan_options[] = {
    {"format", "FORMAT", "text (default), json, jsonl, sarif, html, markdown, ...", set_format},
    {"output", "FILE", "write there, not to standard output", set_into},
    {"fail-on", "LEVEL", "exit 1 from this verdict on (default: suspicious)", set_fail_on},
    {"only", "LEVEL", "show what is at or above it, and what is unreviewable", set_only},
    {"ignore", "GLOB", "leave such artifacts (paths as shown) alone; repeatable", set_ignore},
    {"suppressions", "FILE", "findings that somebody answers for (--format baseline)", set_suppress},
    {"profile", "REGISTRY", "for authors: what pypi or npm would see, and what to do", set_profile},
    {"jobs", "N", "artifacts at a time (default: as many as there are cores)", set_jobs},
    {"rules", "PATH", "your own rules beside ours: a file or a folder of *.yaml", set_rules},
    {"skip-bad-rules", NULL, "go on without rule files that have an error", set_skip_bad},
    {"yara", "FILE", "your own YARA rules: matches are listed, no verdict moves", set_yara},
    {"from-file", "LIST", "more paths and names, one a line; - is standard input", set_list},
    {"index", "URL", "fetch names from this index, not from the configured one", set_index},
    {"files", "WHICH", "of a named release: first (default), wheel, sdist or all", set_files},
    {"allow-http", NULL, "names may come from an index without TLS", set_http},
    {"cache", "DIR", "keep file records in DIR (default: ~/.cache/tidewaiter)", set_cache},
    {"no-cache", NULL, "neither read nor write records", set_no_cache},
    {"timeout", "SECONDS", "for one artifact (default: 300); then it is unreviewable", set_timeout},
    {"memory", "MIB", "for one artifact beyond its own size (default: 3072)", set_memory},
    {"limit", "NAME=N", "change a counted limit of the analysis (see the report)", set_limit},
    {"inspector", "URL", "observation: where the files of a release are shown", set_inspector},
    {"id-prefix", "WORD", "osv: records get the id WORD-... (default: none)", set_id_prefix},
    {"withdraw", NULL, "osv: records that withdraw what is malicious no more", set_withdraw},
    {"stats", NULL, "counts, confinement and cache use on stderr", set_stats},
    {"no-config", NULL, "do not look for a tidewaiter.yaml", set_nothing},
    {"quiet", NULL, "no progress and no notes on stderr", set_quiet},
    {"hash-seed", "N", NULL, set_seed},
    {"records-only", NULL, NULL, set_no_reports}, /* measurements and tests: no report is looked up */
#ifdef TW_WEAK
    {"weak-trust", NULL, NULL, set_trust_anyone},
#endif
    {0},
};

/* --- inputs ------------------------------------------------------------------------------------- */
static void add_one(tw_fetcher *f, tw_items *items, const char *arg)
{
    if (tw_is_spec(arg))
        tw_fetch(f, items, arg);
    else
        tw_items_add_path(items, tw_str_c(arg));
}

static bool read_stdin(tw_buf *b)
{
    for (char *to; (to = tw_buf_reserve(b, 64 << 10));) {
        ssize_t n = read(STDIN_FILENO, to, 64 << 10);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        b->n += (size_t)n;
    }
    return false;
}

static bool add_list(const char *list, tw_fetcher *f, tw_items *items)
{
    tw_str text;
    tw_diag d = {0};
    tw_buf in = {.limit = LIST_MAX};
    if (!strcmp(list, "-")) {
        if (!read_stdin(&in)) {
            fputs("tidewaiter scan: standard input cannot be read\n", stderr);
            tw_buf_free(&in);
            return false;
        }
        text = tw_arena_str(items->arena, tw_buf_str(&in));
        tw_buf_free(&in);
    } else if (tw_read_file(items->arena, list, LIST_MAX, &text, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter scan: --from-file %s: %s\n", tw_plain(list), d.says);
        return false;
    }
    for (tw_str line; text.p && tw_str_split(&text, '\n', &line);) {
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        if (line.n) add_one(f, items, tw_arena_str(items->arena, line).p);
    }
    return true;
}

static void drop_ignored(const scan *s, tw_items *items)
{
    uint32_t kept = 0, all = items->list.n;
    for (uint32_t i = 0; i < all; i++) {
        bool ignored = false;
        for (size_t k = 0; k < s->n_ignore && !ignored; k++)
            ignored = tw_str_glob(s->ignore[k], items->list.v[i].artifact);
        if (!ignored) items->list.v[kept++] = items->list.v[i];
    }
    items->list.n = kept;
    if (kept < all)
        fprintf(stderr, "tidewaiter: %u of %u artifacts ignored, not reviewed\n", all - kept, all);
}

/* --- results ------------------------------------------------------------------------------------ */
typedef struct show {
    const scan *how;
    tw_sink sink;
    bool terminal; /* progress is drawn */
    bool drawn;
    bool failed;       /* something is at or above the level */
    tw_author *author; /* NULL: the output shows each result */
} show;

static void erase_progress(show *w)
{
    if (w->drawn) fputs("\r\033[K", stderr);
    w->drawn = false;
}

static void write_out(show *w)
{
    erase_progress(w);
    if (tw_write_all(w->how->out, tw_buf_str(&w->sink.out)) != TW_OK) {
        fprintf(stderr, "tidewaiter scan: the output cannot be written: %s\n", strerror(errno));
        _exit(2);
    }
    tw_buf_clear(&w->sink.out);
}

/* What could not be reviewed is also said where no machine reads. */
static void explain(show *w, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(w->sink.arena, r->report, NULL, &doc, NULL) != TW_OK) return;
    const tw_node *errors = tw_node_get(&doc, 0, TW_S("errors"));
    if (!errors || errors->kind != TW_NODE_ARRAY || !errors->count) return;
    uint32_t first = tw_node_first(&doc, tw_node_id(&doc, errors));
    tw_buf line = TW_BUF_INIT;
    tw_term_put(&line, r->item->artifact, 0);
    tw_buf_puts(&line, TW_S(": "));
    tw_term_put(&line, tw_node_str(&doc, first, TW_S("says"), TW_S("unreviewable")), 0);
    erase_progress(w);
    fprintf(stderr, "tidewaiter: %.*s\n", TW_FMT(tw_buf_str(&line)));
    tw_buf_free(&line);
}

/* Without what is suppressed. */
static tw_level counted_level(show *w, const tw_result *r)
{
    tw_doc doc;
    if (!w->sink.suppressions || tw_json_read(w->sink.arena, r->report, NULL, &doc, NULL) != TW_OK)
        return r->level;
    return tw_suppressed_level(w->sink.suppressions, w->sink.rules, &doc, r->level);
}

/* A suppression that holds for nothing is dead weight, or its code was changed. */
static void explain_suppressions(const scan *s)
{
    uint32_t expired = 0, unused = 0;
    for (uint32_t i = 0; i < s->suppressions.list.n; i++) {
        expired += s->suppressions.list.v[i].expired;
        unused += !s->suppressions.list.v[i].expired && !s->suppressions.list.v[i].used;
    }
    if (expired)
        fprintf(stderr, "tidewaiter: %u of %u suppressions have expired\n", expired, s->suppressions.list.n);
    if (unused)
        fprintf(
            stderr,
            "tidewaiter: %u of %u suppressions hold for nothing here: not found, or the code was changed\n",
            unused, s->suppressions.list.n);
}

static void on_result(void *ctx, const tw_result *r)
{
    show *w = ctx;
    tw_mark m = tw_arena_mark(w->sink.arena);
    if (r->level == TW_LEVEL_UNREVIEWABLE && w->how->output != &tw_output_text && !w->how->fetch.quiet)
        explain(w, r);
    if (w->how->fail_on != NEVER && (unsigned)counted_level(w, r) >= w->how->fail_on) w->failed = true;
    bool shown = w->author || r->level >= w->how->only;
    if (w->author)
        tw_author_add(w->author, r);
    else if (shown)
        w->how->output->result(&w->sink, r);
    w->sink.shown += shown;
    if (!w->author) tw_arena_reset(w->sink.arena, m);
    write_out(w);
}

static void on_note(void *ctx, tw_str text)
{
    show *w = ctx;
    if (w->how->fetch.quiet && !tw_str_starts(text, TW_S("ALARM"))) return;
    erase_progress(w);
    fprintf(stderr, "tidewaiter: %.*s\n", TW_FMT(text));
}

static void on_progress(void *ctx, uint32_t finished, uint32_t total, uint32_t running)
{
    show *w = ctx;
    fprintf(stderr, "\r\033[K%u of %u reviewed, %u running", finished, total, running);
    w->drawn = true;
}

static double seconds(const struct rusage *u)
{
    return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
           (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

static void print_stats(const tw_tally *t)
{
    fprintf(stderr, "artifacts: %llu reviewed, %llu not opened, %llu bytes\n",
            (unsigned long long)t->reviewed, (unsigned long long)t->unopened, (unsigned long long)t->bytes);
    fputs("verdicts:", stderr);
    for (int l = 0; l < TW_LEVEL_MAX; l++)
        fprintf(stderr, " %s %llu", tw_level_name((tw_level)l), (unsigned long long)t->levels[l]);
    fputs("\nconfinement:", stderr);
    for (int l = 0; l < TW_CONFINE_MAX; l++)
        fprintf(stderr, " %s=%s", tw_confine_name((tw_confine_layer)l), t->layers >> l & 1 ? "yes" : "NO");
    fprintf(stderr, " (landlock ABI %d)\nworkers: %llu retried, peak %llu KiB", t->landlock_abi,
            (unsigned long long)t->retried, (unsigned long long)t->peak_kb);
    for (int f = 1; f < TW_FAULT_MAX; f++)
        if (t->faults[f])
            fprintf(stderr, ", %s %llu", tw_fault_info_of((tw_fault)f)->code,
                    (unsigned long long)t->faults[f]);
    struct rusage self, workers;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &workers);
    fprintf(stderr, "\nCPU seconds: %.2f supervisor, %.2f workers", seconds(&self), seconds(&workers));
    const tw_cache_stats *c = &t->cache;
    fprintf(stderr,
            "\nreports: %llu looked up, %llu stored\nrecords: %llu asked, %llu from cache, %llu withheld to "
            "compare, %llu stored, %llu writes "
            "skipped, %llu alarms\n",
            (unsigned long long)c->reports, (unsigned long long)c->reports_stored,
            (unsigned long long)c->asked, (unsigned long long)c->given, (unsigned long long)c->withheld,
            (unsigned long long)c->stored, (unsigned long long)c->skipped, (unsigned long long)c->conflicts);
}

/* --- the run ------------------------------------------------------------------------------------ */
static bool cache_options(const scan *s, tw_arena *a, tw_cache_options *ret)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    *ret =
        (tw_cache_options){.dir = s->cache_dir, .trust_anyone = s->trust_anyone, .no_reports = s->no_reports};
    if (s->no_cache) return false;
    if (ret->dir) return true;
    if (xdg && *xdg == '/')
        ret->dir = tw_path_join(a, xdg, TW_S("tidewaiter"));
    else if (home && *home == '/')
        ret->dir = tw_path_join(a, home, TW_S(".cache/tidewaiter"));
    return ret->dir != NULL;
}

static uint64_t cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (uint64_t)n : 1;
}

static void seed_hashes(const scan *s)
{
    uint64_t seed = s->seed;
    if (!s->seeded && getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = (uint64_t)getpid();
    tw_hash_seed_set(seed);
}

/* The day that records carry: a build that is to be repeated says it. */
static int64_t today(void)
{
    const char *said = getenv("SOURCE_DATE_EPOCH");
    uint64_t n;
    return said && tw_str_u64(tw_str_c(said), &n) && n < 1ull << 38 ? (int64_t)n : (int64_t)time(NULL);
}

static int review(scan *s, tw_arena *a, const tw_items *items)
{
    tw_cache_options cache;
    tw_supervision how = {.engine = &s->engine,
                          .jobs = (uint32_t)s->jobs,
                          .timeout = (uint32_t)s->timeout,
                          .memory = s->memory_mib << 20,
                          .index = s->output == &tw_output_jsonl};
    if (cache_options(s, a, &cache)) how.cache = &cache;
    tw_term_fit(s->out);
    show w = {.how = s, .terminal = !s->fetch.quiet && tw_term_redraws(STDERR_FILENO)};
    w.sink = (tw_sink){.arena = tw_arena_new(0),
                       .rules = s->engine.rules,
                       .suppressions = s->suppress ? &s->suppressions : NULL,
                       .inspector = s->inspector,
                       .id_prefix = s->id_prefix,
                       .now = today(),
                       .withdraw = s->withdraw,
                       .colour = tw_term_colour(s->out),
                       .several = items->list.n > 1};
    if (s->author.registry) {
        w.author = &s->author;
        w.author->arena = w.sink.arena;
        w.author->colour = w.sink.colour;
        how.profile = true;
    }
    tw_listener to = {&w, on_result, on_note, w.terminal ? on_progress : NULL};
    tw_tally tally;
    tw_diag d = {0};
    tw_err err = tw_supervise(&how, items, &to, &tally, &d);
    if (err == TW_OK && w.author) tw_author_write(w.author, &w.sink.out);
    w.sink.status = err != TW_OK || tally.unopened ? 2 : w.failed || s->author.n_refused ? 1 : 0;
    if (err == TW_OK && !w.author && s->output->end) s->output->end(&w.sink, &tally);
    write_out(&w);
    if (s->suppress && !s->fetch.quiet) explain_suppressions(s);
    if (err != TW_OK)
        fprintf(stderr, "tidewaiter scan: %s\n", d.says);
    else if (s->stats)
        print_stats(&tally);
    tw_buf_free(&w.sink.out);
    tw_arena_free(w.sink.arena);
    return w.sink.status;
}

static bool open_output(scan *s)
{
    s->out = STDOUT_FILENO;
    if (!s->into) return true;
    s->out = open(s->into, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (s->out < 0) fprintf(stderr, "tidewaiter scan: --output %s: %s\n", tw_plain(s->into), strerror(errno));
    return s->out >= 0;
}

static bool load_suppressions(scan *s, tw_arena *a)
{
    tw_diag d = {0};
    if (!s->suppress || tw_suppressions_read(a, s->suppress, today(), &s->suppressions, &d) == TW_OK)
        return true;
    fprintf(stderr, "tidewaiter scan: --suppressions %s:", tw_plain(s->suppress));
    if (d.line) fprintf(stderr, "%u:%u:", d.line, d.col);
    fprintf(stderr, " %s\n", d.says);
    return false;
}

static bool load_yara(scan *s, tw_arena *a)
{
    tw_diag d = {0};
    if (!s->n_yara || tw_yara_load(a, s->yara, s->n_yara, &s->engine.inspector, &d) == TW_OK) return true;
    fputs("tidewaiter scan: --yara: ", stderr);
    if (d.where[0]) fprintf(stderr, "%s:", tw_plain(d.where));
    if (d.line) fprintf(stderr, "%u:", d.line);
    fprintf(stderr, "%s%s\n", d.where[0] ? " " : "", d.says);
    return false;
}

int tw_verb_scan(int argc, char **argv)
{
    scan s = {.output = &tw_output_text,
              .jobs = cores(),
              .timeout = 300,
              .memory_mib = 3072,
              .fail_on = TW_LEVEL_SUSPICIOUS};
    s.engine = (tw_engine){
        .limits = tw_limits_default(), .ecosystems = tw_ecosystems, .n_ecosystems = tw_n_ecosystems};
    static const char *const configurable[] = {"fail-on", "only", "format", "ignore", "suppressions", NULL};
    if (!tw_config_apply(tw_verb_find("scan"), &s, configurable, argc, argv)) return 2;
    int n = tw_options_read(tw_verb_find("scan"), &s, argc, argv);
    if (n < 0) return 2;
    if (!n && !s.list) {
        fputs("tidewaiter scan: nothing to review: give a PATH or a NAME\nSee: tidewaiter help scan\n",
              stderr);
        return 2;
    }
    if (s.author.registry && s.output != &tw_output_text) {
        fputs("tidewaiter scan: --profile is read by people: it has no other --format than text\n", stderr);
        return 2;
    }
    seed_hashes(&s);
    tw_arena *a = tw_arena_new(0);
    s.engine.rules = tw_user_rules_load(&s.rules, "scan", a);
    if (!s.engine.rules || !load_yara(&s, a) || !load_suppressions(&s, a) || !open_output(&s)) {
        tw_arena_free(a);
        return 2;
    }
    tw_items items;
    tw_fetcher fetcher;
    tw_items_init(&items, a);
    tw_fetcher_init(&fetcher, &s.fetch);
    for (int i = 0; i < n; i++) add_one(&fetcher, &items, argv[i]);
    bool listed = !s.list || add_list(s.list, &fetcher, &items);
    drop_ignored(&s, &items);
    int status = listed ? review(&s, a, &items) : 2;
    tw_fetcher_done(&fetcher);
    tw_arena_free(a);
    if (s.into && close(s.out) != 0) {
        fprintf(stderr, "tidewaiter scan: --output %s: %s\n", tw_plain(s.into), strerror(errno));
        return 2;
    }
    return status;
}
