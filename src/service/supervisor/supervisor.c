/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/supervisor.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "service/supervisor/job.h"
#include "service/supervisor/lookup.h"

enum {
    AHEAD = 16,
    PROGRESS_MS = 100,
    HASH_STEP = 256 << 10
}; /* AHEAD: finished artifacts a job may be ahead */

typedef struct slot { /* one artifact's result until its turn */
    bool done, opened;
    tw_level level;
    tw_buf report;
    tw_arena *arena; /* of the layers, NULL: none */
    const tw_layer_out *layers;
    uint32_t n_layers;
} slot;

typedef struct run {
    const tw_supervision *how;
    const tw_items *items;
    const tw_listener *to;
    tw_tally *tally;
    tw_arena *arena, *scratch;
    tw_cache *cache;
    tw_confine confine;
    tw_zygote zygote;
    tw_job *jobs;
    uint32_t n_jobs, running, next_id;
    uint32_t next, emitted, finished; /* items started, handed out, done */
    uint32_t retries;                 /* jobs that wait to be alone */
    slot *slots;
    uint64_t progressed;
    tw_buf hash_buffer;
    bool cache_noted;
} run;

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* --- results ------------------------------------------------------------------------------------ */
static void note(const run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void note(const run *r, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    r->to->note(r->to->ctx, (tw_str){text, len});
}

static void hand_out(run *r)
{
    for (; r->emitted < r->items->list.n && r->slots[r->emitted].done; r->emitted++) {
        slot *s = &r->slots[r->emitted];
        tw_result result = {
            r->emitted, &r->items->list.v[r->emitted], s->level, tw_buf_str(&s->report), s->opened, s->layers,
            s->n_layers};
        r->to->result(r->to->ctx, &result);
        tw_buf_free(&s->report);
        if (s->arena) s->arena = tw_arena_free(s->arena);
    }
}

static tw_input input_of(const run *r, uint32_t item)
{
    const tw_item *it = &r->items->list.v[item];
    return (tw_input){.artifact = it->artifact,
                      .file_name = it->file_name,
                      .purl = it->purl,
                      .history = it->history,
                      .has_index = r->how->index,
                      .index = item,
                      .layers = r->how->layers,
                      .profile = r->how->profile,
                      .facts = r->how->facts};
}

static void finish(run *r, uint32_t item, tw_level level, bool opened)
{
    slot *s = &r->slots[item];
    s->done = true;
    s->level = level;
    s->opened = opened;
    r->finished++;
    r->tally->levels[level]++;
    if (opened)
        r->tally->reviewed++;
    else
        r->tally->unopened++;
    hand_out(r);
}

/* Nothing to review: the reason is the report. */
static void finish_unopened(run *r, uint32_t item, const char *code, tw_str says)
{
    tw_input in = input_of(r, item);
    tw_report_error e = {.code = code, .member = TW_NO_MEMBER, .off = UINT64_MAX, .says = says};
    tw_digest none = {0};
    tw_report_failed(&in, &none, r->how->engine->rules, &e, &r->slots[item].report);
    finish(r, item, TW_LEVEL_UNREVIEWABLE, false);
}

/* --- starting ----------------------------------------------------------------------------------- */
/* Read, not mapped: a file that shrinks meanwhile must not end the supervisor. */
static bool hash_file(run *r, int fd, tw_digest *ret, uint64_t *ret_size)
{
    tw_buf_clear(&r->hash_buffer);
    char *at = tw_buf_reserve(&r->hash_buffer, HASH_STEP);
    tw_sha256 s;
    tw_sha256_init(&s);
    uint64_t off = 0;
    for (;;) {
        ssize_t n = pread(fd, at, HASH_STEP, (off_t)off);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        if (n == 0) break;
        tw_sha256_add(&s, at, (size_t)n);
        off += (uint64_t)n;
    }
    *ret = tw_sha256_end(&s);
    *ret_size = off;
    return true;
}

static void job_clear(tw_job *j)
{
    if (j->sock >= 0) close(j->sock);
    j->sock = -1;
    j->state = (tw_frame_state){0};
    j->eof = j->ended = false;
    j->fault = TW_FAULT_NONE;
    j->detail = NULL;
    j->claim_bytes = 0;
    memset(&j->claims, 0, sizeof j->claims);
    j->layer_bytes = 0;
    memset(&j->layers, 0, sizeof j->layers);
    if (j->arena) j->arena = tw_arena_free(j->arena);
    tw_buf_clear(&j->in);
    tw_buf_clear(&j->out);
    tw_buf_clear(&j->report);
    j->in_used = j->out_used = 0;
    j->run = (tw_cache_run){0};
}

static void job_release(run *r, tw_job *j)
{
    job_clear(j);
    if (j->artifact >= 0) close(j->artifact);
    j->artifact = -1;
    j->busy = j->retry = false;
    tw_buf_free(&j->in); /* a large report or bundle once is no reason to hold on to it */
    tw_buf_free(&j->out);
    tw_buf_free(&j->answer);
    tw_buf_free(&j->report);
    r->running--;
}

static void revive_zygote(run *r)
{
    tw_diag d = {0};
    tw_zygote_stop(&r->zygote);
    if (tw_zygote_start(&r->zygote, r->how->engine, &r->confine, &d) != TW_OK) note(r, "%s", d.says);
}

/* The worker is asked for; when that fails the job ends at once with fault START. */
static void launch(run *r, tw_job *j)
{
    job_clear(j);
    j->id = ++r->next_id;
    j->wants_layers = r->how->layers || r->how->profile || r->how->facts;
    j->arena = tw_arena_new(0);
    j->deadline = now_ms() + r->how->timeout * 1000ull;
    const tw_item *it = &r->items->list.v[j->item];
    tw_start s = {.id = j->id,
                  .records = r->cache != NULL,
                  .has_index = r->how->index,
                  .index = j->item,
                  .layers = r->how->layers,
                  .profile = r->how->profile,
                  .facts = r->how->facts,
                  .artifact = it->artifact,
                  .file_name = it->file_name,
                  .purl = it->purl,
                  .history = it->history};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0) {
        j->sock = pair[0];
        tw_err err = tw_zygote_launch(&r->zygote, &s, j->artifact, pair[1]);
        close(pair[1]);
        if (err == TW_OK) return;
    }
    j->eof = j->ended = true;
    j->end = (tw_ended){.id = j->id, .status = -1};
}

static const char *const err_codes[] = {[-TW_ERR_LIMIT] = "limit",
                                        [-TW_ERR_NOTFOUND] = "not-found",
                                        [-TW_ERR_DENIED] = "denied",
                                        [-TW_ERR_UNSUPPORTED] = "unsupported",
                                        [-TW_ERR_USAGE] = NULL};

static const char *err_code(tw_err e)
{
    const char *code = (size_t)-e < TW_COUNT(err_codes) ? err_codes[-e] : NULL;
    return code ? code : "io";
}

static bool promised(const tw_item *it, const tw_digest *got)
{
    tw_digest want;
    return !it->sha256.n || (tw_digest_parse(it->sha256, &want) && tw_digest_eq(&want, got));
}

/* What is wanted besides the report only a worker can give. */
static bool may_look_up(const run *r)
{
    return r->cache && !r->how->layers && !r->how->profile;
}

/* The report of the same bytes, made before by this same program; accepted as one that a worker sends. */
static bool looked_up(run *r, uint32_t item, const tw_digest *sha256)
{
    tw_input in = input_of(r, item);
    tw_digest key;
    if (!may_look_up(r) || !tw_lookup_key(r->how->engine, &in, &key)) return false;
    tw_str report = tw_cache_report(r->cache, sha256, &key);
    if (!report.p) return false;
    slot *s = &r->slots[item];
    tw_level level = TW_LEVEL_UNREVIEWABLE;
    const char *why;
    tw_mark m = tw_arena_mark(r->scratch);
    bool ok = tw_lookup_address(r->scratch, report, &in, &s->report) &&
              tw_report_accept(r->scratch, tw_buf_str(&s->report), &r->items->list.v[item], sha256, &level,
                               &why) == TW_FAULT_NONE;
    tw_arena_reset(r->scratch, m);
    if (ok)
        finish(r, item, level, true);
    else
        tw_buf_clear(&s->report);
    return ok;
}

static void start_item(run *r, tw_job *j, uint32_t item)
{
    const tw_item *it = &r->items->list.v[item];
    tw_diag d = {0};
    int fd = -1;
    tw_err err = tw_item_open(it, &r->how->engine->limits, &fd, &d);
    const char *code = it->kind == TW_ITEM_BAD ? it->code : err_code(err);
    if (err == TW_OK && !hash_file(r, fd, &j->sha256, &j->size)) {
        err = tw_fail(&d, TW_ERR_IO, "%s", strerror(errno));
        code = "io";
    } else if (err == TW_OK && !promised(it, &j->sha256)) {
        err = tw_fail(&d, TW_ERR_MALFORMED,
                      "the file is not the one that the index promised (SHA-256 differs)");
        code = "hash-mismatch";
    }
    if (err != TW_OK) {
        if (fd >= 0) close(fd);
        finish_unopened(r, item, code, tw_str_c(d.says));
        return;
    }
    r->tally->bytes += j->size;
    if (looked_up(r, item, &j->sha256)) {
        close(fd);
        return;
    }
    j->busy = true;
    j->retry = false;
    j->item = item;
    j->artifact = fd;
    r->running++;
    launch(r, j);
}

/* New artifacts while there are free workers; nobody new while one waits to be alone. */
static void start_more(run *r)
{
    for (uint32_t i = 0; i < r->n_jobs && !r->retries; i++) {
        while (!r->jobs[i].busy && r->next < r->items->list.n && r->next < r->emitted + r->n_jobs * AHEAD)
            start_item(r, &r->jobs[i], r->next++);
    }
}

/* --- ending ------------------------------------------------------------------------------------- */
static void store_claims(run *r, const tw_job *j, tw_level level)
{
    if (!r->cache) return;
    tw_digest key;
    bool clean = level <= TW_LEVEL_NOTABLE;
    uint32_t n = tw_cache_store(r->cache, &j->sha256, clean, j->claims.v, j->claims.n, &key);
    if (!n) return;
    char hex[65], sha[65];
    tw_digest_hex(&key, hex);
    tw_digest_hex(&j->sha256, sha);
    note(r,
         "ALARM: %u cached record(s) differ from what artifact %s gives (key %s). One of the two workers was "
         "hijacked, or "
         "the cache is damaged. The records are not used again; verdicts that used them can be checked with "
         "--no-cache.",
         n, sha, hex);
}

static void store_report(run *r, const tw_job *j)
{
    tw_input in = input_of(r, j->item);
    tw_digest key;
    tw_buf b = TW_BUF_INIT;
    tw_mark m = tw_arena_mark(r->scratch);
    if (may_look_up(r) && tw_lookup_key(r->how->engine, &in, &key) &&
        tw_lookup_address(r->scratch, tw_buf_str(&j->report), NULL, &b) &&
        !tw_cache_report_store(r->cache, &j->sha256, &key, tw_buf_str(&b))) {
        char sha[65];
        tw_digest_hex(&j->sha256, sha);
        note(r,
             "ALARM: the cached report of artifact %s differs from what its worker says now. One of the two "
             "was hijacked, or the cache is damaged. The cached one is dropped.",
             sha);
    }
    tw_arena_reset(r->scratch, m);
    tw_buf_free(&b);
}

/* A fault after which nothing more can be hoped for: the artifact is unreviewable, never stored. */
static void finish_fault(run *r, tw_job *j, tw_fault f, const char *detail)
{
    tw_mark m = tw_arena_mark(r->scratch);
    tw_input in = input_of(r, j->item);
    tw_report_fault(r->scratch, &in, &j->sha256, r->how->engine->rules, f, detail, &r->slots[j->item].report);
    tw_arena_reset(r->scratch, m);
    if (r->cache) tw_cache_distrust(r->cache, &j->sha256);
    uint32_t item = j->item;
    job_release(r, j);
    finish(r, item, TW_LEVEL_UNREVIEWABLE, true);
}

static void end_job(run *r, tw_job *j)
{
    const char *detail = NULL;
    tw_level level = TW_LEVEL_UNREVIEWABLE;
    tw_fault f = tw_job_verdict(j, r->confine.memory, &detail);
    tw_mark m = tw_arena_mark(r->scratch);
    if (!f)
        f = tw_report_accept(r->scratch, tw_buf_str(&j->report), &r->items->list.v[j->item], &j->sha256,
                             &level, &detail);
    tw_arena_reset(r->scratch, m);
    if (j->end.rss_kb > r->tally->peak_kb) r->tally->peak_kb = j->end.rss_kb;
    if (f) {
        r->tally->faults[f]++;
        bool again = tw_fault_info_of(f)->retry && !j->retry;
        if (!again) {
            r->retries -= j->retry;
            finish_fault(r, j, f, detail);
            return;
        }
        j->retry = true; /* it starts when no other runs */
        job_clear(j);
        r->retries++;
        r->tally->retried++;
        return;
    }
    r->retries -= j->retry;
    store_claims(r, j, level);
    store_report(r, j);
    tw_buf_puts(&r->slots[j->item].report, tw_buf_str(&j->report));
    if (j->layers.n) { /* they outlive the job */
        r->slots[j->item].arena = j->arena;
        r->slots[j->item].layers = j->layers.v;
        r->slots[j->item].n_layers = j->layers.n;
        j->arena = NULL;
    }
    uint32_t item = j->item;
    job_release(r, j);
    finish(r, item, level, true);
}

static bool waits(const tw_job *j)
{
    return j->busy && j->retry && !j->arena;
}

/* All others are done: the first that waits has the machine to itself. */
static void start_retry(run *r)
{
    tw_job *first = NULL;
    for (uint32_t i = 0; i < r->n_jobs; i++) {
        tw_job *j = &r->jobs[i];
        if (j->busy && !waits(j)) return;
        if (waits(j) && (!first || j->item < first->item)) first = j;
    }
    if (!first) return;
    if (!hash_file(r, first->artifact, &first->sha256, &first->size)) first->size = 0;
    launch(r, first);
}

/* --- the loop ----------------------------------------------------------------------------------- */
static void zygote_lost(run *r)
{
    for (uint32_t i = 0; i < r->n_jobs; i++) {
        tw_job *j = &r->jobs[i];
        if (!j->busy || waits(j) || j->ended) continue;
        j->ended = j->eof = true;
        j->end = (tw_ended){.id = j->id, .status = -1};
    }
    revive_zygote(r);
}

static void hear_zygote(run *r)
{
    tw_ended e;
    tw_err err;
    while ((err = tw_zygote_next(&r->zygote, &e)) == TW_OK) {
        for (uint32_t i = 0; i < r->n_jobs; i++) {
            tw_job *j = &r->jobs[i];
            if (!j->busy || waits(j) || j->id != e.id) continue;
            j->ended = true;
            j->end = e;
        }
    }
    if (err == TW_ERR_IO) zygote_lost(r);
}

static void enforce_deadline(run *r, tw_job *j, uint64_t now)
{
    if (now < j->deadline || j->ended || j->fault) return;
    j->fault = TW_FAULT_TIMEOUT;
    tw_zygote_kill(&r->zygote, j->id);
}

static void tend(run *r, tw_job *j, uint64_t now)
{
    if (!j->busy || waits(j)) return;
    if (!j->eof) {
        tw_job_talk(j, r->cache);
        if (j->fault == TW_FAULT_PROTOCOL) tw_zygote_kill(&r->zygote, j->id);
    }
    enforce_deadline(r, j, now);
    /* what it sent before its end counts: the socket is read to the end first */
    if (j->ended && j->eof) end_job(r, j);
}

static int wait_ms(const run *r, uint64_t now)
{
    uint64_t until = now + (r->to->progress ? PROGRESS_MS : 60000);
    for (uint32_t i = 0; i < r->n_jobs; i++)
        if (r->jobs[i].busy && !waits(&r->jobs[i]) && !r->jobs[i].fault && r->jobs[i].deadline < until)
            until = r->jobs[i].deadline;
    for (uint32_t i = 0; i < r->n_jobs; i++)
        if (r->jobs[i].busy && !waits(&r->jobs[i]) && r->jobs[i].ended && r->jobs[i].eof) return 0;
    return until > now ? (int)(until - now) + 1 : 0;
}

static void wait_for_news(run *r, struct pollfd *fds)
{
    fds[0] = (struct pollfd){r->zygote.sock, POLLIN, 0};
    for (uint32_t i = 0; i < r->n_jobs; i++) {
        const tw_job *j = &r->jobs[i];
        bool talks = j->busy && !waits(j) && !j->eof;
        fds[i + 1] =
            (struct pollfd){talks ? j->sock : -1, (short)(tw_job_wants_write(j) ? POLLOUT : POLLIN), 0};
    }
    poll(fds, r->n_jobs + 1, wait_ms(r, now_ms()));
}

static void report_progress(run *r, uint64_t now)
{
    if (!r->to->progress || now < r->progressed + PROGRESS_MS) return;
    r->progressed = now;
    r->to->progress(r->to->ctx, r->finished, r->items->list.n, r->running);
}

static void note_cache(run *r)
{
    if (r->cache_noted || !r->cache || !*tw_cache_trouble(r->cache)) return;
    r->cache_noted = true;
    note(r, "the record cache is not used: %s", tw_cache_trouble(r->cache));
}

static void loop(run *r)
{
    struct pollfd *fds = TW_NEWN(r->arena, struct pollfd, r->n_jobs + 1);
    while (r->finished < r->items->list.n) {
        start_more(r);
        if (r->retries) start_retry(r);
        if (!r->running) continue;
        wait_for_news(r, fds);
        if (fds[0].revents) hear_zygote(r);
        uint64_t now = now_ms();
        for (uint32_t i = 0; i < r->n_jobs; i++) tend(r, &r->jobs[i], now);
        report_progress(r, now);
        note_cache(r);
    }
}

static void note_layers(const run *r)
{
    for (int l = 0; l < TW_CONFINE_MAX; l++)
        if (!(r->confine.layers >> l & 1))
            note(r, "this kernel offers no %s to this process: workers run without that layer (%s)",
                 tw_confine_name((tw_confine_layer)l), tw_confine_says((tw_confine_layer)l));
}

static void clean_up(run *r)
{
    tw_zygote_stop(&r->zygote);
    tw_confine_free(&r->confine);
    if (r->cache) {
        tw_cache_close(r->cache);
        r->tally->cache = *tw_cache_stats_of(r->cache);
    }
    tw_buf_free(&r->hash_buffer);
    tw_arena_free(r->scratch);
    tw_arena_free(r->arena);
}

tw_err tw_supervise(const tw_supervision *s, const tw_items *items, const tw_listener *to, tw_tally *ret,
                    tw_diag *d)
{
    tw_arena *a = tw_arena_new(0);
    run *r = TW_NEW(a, run);
    *ret = (tw_tally){0};
    *r = (run){.how = s,
               .items = items,
               .to = to,
               .tally = ret,
               .arena = a,
               .scratch = tw_arena_new(0),
               .zygote = {-1, -1}};
    tw_confine_prepare(&r->confine, s->memory, s->timeout + 1);
    ret->layers = r->confine.layers;
    ret->landlock_abi = r->confine.landlock_abi;
    tw_err err = tw_zygote_start(&r->zygote, s->engine, &r->confine, d);
    if (err == TW_OK) {
        note_layers(r);
        if (s->cache) r->cache = tw_cache_new(a, s->cache); /* after the zygote is forked */
        r->n_jobs = s->jobs < 1 ? 1 : s->jobs > TW_ZYGOTE_WORKERS ? TW_ZYGOTE_WORKERS : s->jobs;
        if (r->n_jobs > items->list.n && items->list.n) r->n_jobs = items->list.n;
        r->jobs = TW_NEWN(a, tw_job, r->n_jobs);
        for (uint32_t i = 0; i < r->n_jobs; i++) r->jobs[i].sock = r->jobs[i].artifact = -1;
        r->slots = TW_NEWN(a, slot, items->list.n);
        loop(r);
    }
    clean_up(r);
    return err;
}
