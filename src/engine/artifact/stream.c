/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/stream.h"

void tw_stream_open(tw_stream *s, tw_arena *arena, tw_codec codec, tw_str in, const tw_limits *lim,
                    uint64_t *spent)
{
    tw_stream was = *s;
    *s = (tw_stream){.codec = codec,
                     .in = in.p ? in : TW_S(""),
                     .lim = lim,
                     .spent = spent,
                     .win = was.win,
                     .packed = UINT64_MAX};
    memcpy(s->states, was.states, sizeof s->states);
    if (codec == TW_CODEC_NONE) return;
    if (!s->win) s->win = tw_arena_alloc(arena, TW_WINDOW);
    tw_codec_start(s, arena);
}

void tw_stream_free(tw_stream *s)
{
    tw_codec_free(s);
}

void tw_stream_odd(tw_stream *s, uint32_t odd)
{
    if (!s->odd) s->odd_off = s->in_off;
    s->odd |= odd;
}

/* Decodes behind what the window holds until it has `want` bytes or the input ends. */
static void fill(tw_stream *s, size_t want)
{
    if (s->at && s->end > s->at) memmove(s->win, s->win + s->at, s->end - s->at);
    s->end -= s->at;
    s->at = 0;
    while (s->end < want && !s->ended) {
        size_t cap = TW_WINDOW - s->end;
        uint64_t left = s->lim->unpacked > *s->spent ? s->lim->unpacked - *s->spent : 0;
        if (left < cap) cap = (size_t)left;
        if (cap == 0) {
            tw_stream_odd(s, TW_ODD_UNPACKED);
            s->ended = true;
            break;
        }
        size_t n = tw_codec_step(s, (uint8_t *)s->win + s->end, cap);
        s->end += n;
        s->made += n;
        *s->spent += n;
        uint64_t packed = s->in_off < s->packed ? s->in_off : s->packed;
        if (s->made > s->lim->ratio_floor && s->made / s->lim->ratio > packed) {
            tw_stream_odd(s, TW_ODD_RATIO);
            s->ended = true;
        }
    }
}

tw_str tw_stream_need(tw_stream *s, size_t n)
{
    if (s->codec == TW_CODEC_NONE)
        return tw_str_sub(s->in, s->in_off, s->in.n - s->in_off < n ? s->in.n : s->in_off + n);
    if (n > TW_WINDOW) n = TW_WINDOW;
    if (s->end - s->at < n) fill(s, n);
    size_t have = s->end - s->at;
    return (tw_str){s->win + s->at, have < n ? have : n};
}

void tw_stream_took(tw_stream *s, size_t n)
{
    s->pos += n;
    if (s->codec == TW_CODEC_NONE)
        s->in_off += n;
    else
        s->at += n;
}

tw_str tw_stream_chunk(tw_stream *s, uint64_t n)
{
    tw_str got = tw_stream_need(s, 1);
    if (s->codec == TW_CODEC_NONE)
        got.n = s->in.n - s->in_off;
    else
        got.n = s->end - s->at;
    if (got.n > n) got.n = (size_t)n;
    tw_stream_took(s, got.n);
    return got;
}

uint64_t tw_stream_drop(tw_stream *s, uint64_t n)
{
    uint64_t done = 0;
    while (done < n) {
        tw_str c = tw_stream_chunk(s, n - done);
        if (c.n == 0) break;
        done += c.n;
    }
    return done;
}
