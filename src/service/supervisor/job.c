/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/job.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_STEP = 64 << 10, READS_AT_ONCE = 16 };

static void refuse(tw_job *j, const char *why)
{
    j->fault = TW_FAULT_PROTOCOL;
    j->detail = why;
    j->eof = true;
}

static void keep_claim(tw_job *j, const tw_frame *f)
{
    if (j->claim_bytes + f->body.n > TW_CLAIMS_MAX) return; /* the rest is not cached */
    j->claim_bytes += f->body.n + sizeof(tw_claim);
    TW_PUSH(j->arena, j->claims, ((tw_claim){f->key, tw_arena_str(j->arena, f->body)}));
}

static void keep_layer(tw_job *j, const tw_frame *f)
{
    tw_layer_out l;
    j->layer_bytes += f->body.n;
    if (!j->wants_layers || j->layers.n >= TW_LAYERS_MAX ||
        j->layer_bytes > TW_LAYERS_BYTES_MAX + (8u << 20) ||
        !tw_layer_unpack(tw_arena_str(j->arena, f->body), &l)) {
        refuse(j, "layers that nobody asked for, too many, or none at all");
        return;
    }
    TW_PUSH(j->arena, j->layers, l);
}

static void send_ahead(void *ctx, const tw_digest *key, tw_str bundle)
{
    tw_job *j = ctx;
    tw_frame_put(&j->out, TW_FRAME_AHEAD, key, bundle);
}

/* The answer comes last: the worker then knows that it has all of it. */
static void give(tw_job *j, const tw_digest *key, tw_cache *cache)
{
    tw_buf_clear(&j->answer);
    tw_frame_put(&j->answer, TW_FRAME_RECORD, NULL,
                 cache ? tw_cache_get(cache, &j->sha256, key, &j->run) : (tw_str){NULL, 0});
    if (cache) tw_cache_ahead(cache, &j->sha256, &j->run, j, send_ahead);
    tw_buf_puts(&j->out, tw_buf_str(&j->answer));
}

static void take(tw_job *j, const tw_frame *f, tw_cache *cache)
{
    switch (f->type) {
    case TW_FRAME_GET: give(j, &f->key, cache); break;
    case TW_FRAME_PUT:
        if (cache) keep_claim(j, f);
        break;
    case TW_FRAME_LAYER: keep_layer(j, f); break;
    case TW_FRAME_REPORT:
        tw_buf_clear(&j->report);
        tw_buf_puts(&j->report, f->body);
        break;
    default: break;
    }
}

static void send_pending(tw_job *j)
{
    while (tw_job_wants_write(j)) {
        ssize_t n =
            send(j->sock, j->out.p + j->out_used, j->out.n - j->out_used, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) break; /* it is gone: reading will tell */
        j->out_used += (size_t)n;
    }
    tw_buf_clear(&j->out);
    j->out_used = 0;
}

/* Takes whole messages. A worker that does not read its answers is not listened to until it does. */
static void decode(tw_job *j, tw_cache *cache)
{
    while (!j->eof && !tw_job_wants_write(j)) {
        tw_frame f;
        size_t used;
        const char *why = NULL;
        tw_str rest = tw_str_sub(tw_buf_str(&j->in), j->in_used, j->in.n);
        tw_frame_got got = tw_frame_next(&j->state, rest, &used, &f, &why);
        if (got == TW_FRAME_BAD) refuse(j, why);
        if (got != TW_FRAME_OK) break;
        take(j, &f, cache);
        j->in_used += used;
        send_pending(j);
    }
    if (j->in_used && j->in_used < j->in.n) memmove(j->in.p, j->in.p + j->in_used, j->in.n - j->in_used);
    j->in.n -= j->in_used;
    j->in_used = 0;
}

void tw_job_talk(tw_job *j, tw_cache *cache)
{
    send_pending(j);
    decode(j, cache);
    for (int i = 0; i < READS_AT_ONCE && !j->eof && !tw_job_wants_write(j); i++) {
        char *to = tw_buf_reserve(&j->in, READ_STEP);
        ssize_t n = recv(j->sock, to, READ_STEP, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            j->eof = true;
            return;
        }
        j->in.n += (size_t)n;
        decode(j, cache);
    }
}

static const struct {
    int signal;
    tw_fault fault;
    const char *detail;
} deaths[] = {
    {SIGSYS, TW_FAULT_CALL, NULL},
    {SIGXCPU, TW_FAULT_TIMEOUT, NULL},
    {SIGSEGV, TW_FAULT_CRASH, "segmentation fault"},
    {SIGBUS, TW_FAULT_CRASH, "bus error"},
    {SIGILL, TW_FAULT_CRASH, "illegal instruction"},
    {SIGFPE, TW_FAULT_CRASH, "arithmetic error"},
    {SIGABRT, TW_FAULT_CRASH, "abort"},
};

static const struct {
    int status;
    tw_fault fault;
} exits[] = {
    {TW_WORKER_MAP, TW_FAULT_START},
    {TW_WORKER_CONFINE, TW_FAULT_CONFINE},
    {TW_WORKER_PEER, TW_FAULT_PROTOCOL},
};

static tw_fault killed_by(int number, const char **ret_detail)
{
    for (size_t i = 0; i < TW_COUNT(deaths); i++) {
        if (deaths[i].signal != number) continue;
        *ret_detail = deaths[i].detail;
        return deaths[i].fault;
    }
    *ret_detail = "killed";
    return TW_FAULT_CRASH;
}

tw_fault tw_job_verdict(const tw_job *j, uint64_t memory, const char **ret_detail)
{
    *ret_detail = j->detail;
    if (j->fault) return j->fault;
    if (j->end.status == -1) return TW_FAULT_START;
    if (WIFSIGNALED(j->end.status)) {
        tw_fault f = killed_by(WTERMSIG(j->end.status), ret_detail);
        /* an arena without memory ends its process: near the limit that is the reason */
        if (f != TW_FAULT_CRASH || !memory || j->end.rss_kb < memory / 1024 / 2) return f;
        *ret_detail = NULL;
        return TW_FAULT_MEMORY;
    }
    if (j->state.done && j->end.status == 0) return TW_FAULT_NONE;
    for (size_t i = 0; i < TW_COUNT(exits); i++)
        if (WEXITSTATUS(j->end.status) == exits[i].status) return exits[i].fault;
    *ret_detail = "it ended without a report";
    return TW_FAULT_CRASH;
}
