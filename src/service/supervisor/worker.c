/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/worker.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "engine/unwrap.h"
#include "service/supervisor/frames.h"

#ifdef TW_SANITIZED
/* A worker has no way to start a symbolizer; its reports hold module offsets instead. */
extern const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "symbolize=0";
}
#endif

enum { SOCK = 3, FLUSH_AT = 64 << 10, READ_STEP = 64 << 10 };

typedef struct talk { /* the worker's end of the conversation */
    tw_buf out, in;
    size_t in_used; /* bytes of `in` that were taken */
    tw_frame_state from_supervisor;
    tw_arena *arena; /* records */
    tw_map ahead;    /* key -> index in records */
    TW_VEC(tw_str) records;
} talk;

static void flush(talk *t)
{
    size_t off = 0;
    while (off < t->out.n) {
        ssize_t n = write(SOCK, t->out.p + off, t->out.n - off);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) _exit(TW_WORKER_PEER);
        off += (size_t)n;
    }
    tw_buf_clear(&t->out);
}

static void drop_used(tw_buf *b, size_t used)
{
    if (used && used < b->n) memmove(b->p, b->p + used, b->n - used);
    b->n -= used;
}

static void keep_ahead(talk *t, const tw_frame *f)
{
    tw_str key = tw_arena_str(t->arena, (tw_str){(const char *)f->key.b, sizeof f->key.b});
    *tw_map_put(&t->ahead, key, NULL) = t->records.n;
    TW_PUSH(t->arena, t->records, f->body.n ? tw_arena_str(t->arena, f->body) : (tw_str){NULL, 0});
}

/* Waits for the answer of the supervisor; it is valid until the next call. */
static tw_str answer(talk *t)
{
    for (;;) {
        tw_frame f;
        const char *why;
        size_t used;
        tw_str rest = tw_str_sub(tw_buf_str(&t->in), t->in_used, t->in.n);
        tw_frame_got got = tw_frame_next(&t->from_supervisor, rest, &used, &f, &why);
        if (got == TW_FRAME_BAD) _exit(TW_WORKER_PEER);
        if (got == TW_FRAME_OK) {
            t->in_used += used;
            if (f.type == TW_FRAME_RECORD) return f.body;
            keep_ahead(t, &f);
            continue;
        }
        drop_used(&t->in, t->in_used);
        t->in_used = 0;
        size_t step = used > t->in.n + READ_STEP ? used - t->in.n : READ_STEP;
        char *to = tw_buf_reserve(&t->in, step);
        ssize_t n = read(SOCK, to, step);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) _exit(TW_WORKER_PEER);
        t->in.n += (size_t)n;
    }
}

static tw_str record_get(void *ctx, const tw_digest *key)
{
    talk *t = ctx;
    const uint64_t *at = tw_map_get(&t->ahead, (tw_str){(const char *)key->b, sizeof key->b});
    if (at) return t->records.v[*at];
    tw_frame_put(&t->out, TW_FRAME_GET, key, (tw_str){NULL, 0});
    flush(t);
    t->from_supervisor.count = 0; /* answers are as many as our own questions */
    tw_str bundle = answer(t);
    return bundle.n ? bundle : (tw_str){NULL, 0};
}

static void record_put(void *ctx, const tw_digest *key, tw_str bundle)
{
    talk *t = ctx;
    if (bundle.n > TW_FRAME_BUNDLE_MAX) return;
    tw_frame_put(&t->out, TW_FRAME_PUT, key, bundle);
    if (t->out.n >= FLUSH_AT) flush(t);
}

static void send_layer(talk *t, const tw_layer_out *l)
{
    tw_buf b = TW_BUF_INIT;
    tw_layer_pack(l, &b);
    tw_frame_put(&t->out, TW_FRAME_LAYER, NULL, tw_buf_str(&b));
    tw_buf_free(&b);
    if (t->out.n >= FLUSH_AT) flush(t);
}

static tw_str map_artifact(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < 0) _exit(TW_WORKER_MAP);
    size_t n = (size_t)st.st_size;
    if (!n) return TW_S("");
    const char *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) _exit(TW_WORKER_MAP);
    return (tw_str){p, n};
}

_Noreturn void tw_worker_run(const tw_engine *e, const tw_confine *c, const tw_start *s, int artifact,
                             int sock)
{
    tw_input in = {.bytes = map_artifact(artifact),
                   .artifact = s->artifact,
                   .file_name = s->file_name,
                   .purl = s->purl,
                   .history = s->history,
                   .has_index = s->has_index,
                   .index = s->index,
                   .layers = s->layers,
                   .profile = s->profile,
                   .facts = s->facts};
    if (sock != SOCK && dup2(sock, SOCK) != SOCK) _exit(TW_WORKER_CONFINE);
    /* mapped: from here on not even the artifact's descriptor is needed */
    if (!tw_confine_apply(c, SOCK, in.bytes.n)) _exit(TW_WORKER_CONFINE);

    talk t = {.from_supervisor = {.from_supervisor = true}, .arena = tw_arena_new(0)};
    tw_map_init(&t.ahead, t.arena);
    tw_record_io io = {&t, record_get, record_put};
#ifdef TW_WEAK
    tw_weak_act(in.bytes, SOCK, s->records ? &io : NULL);
#endif
    tw_outcome outcome;
    tw_review(e, tw_arena_new(1 << 20), &in, s->records ? &io : NULL, &outcome);
    for (uint32_t i = 0; i < outcome.n_layers; i++) send_layer(&t, &outcome.layers[i]);
    tw_frame_put(&t.out, TW_FRAME_REPORT, NULL, outcome.report);
    tw_frame_put(&t.out, TW_FRAME_DONE, NULL, (tw_str){NULL, 0});
    flush(&t);
    _exit(TW_WORKER_DONE);
}
