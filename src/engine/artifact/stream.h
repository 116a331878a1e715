/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Forward reader over bytes, plain or compressed, with a window so that small members are slices.
 * Sources: stream.c (window, limits), codecs.c (gzip and deflate by igzip, bzip2, xz, lzma, zstd). */
#include "base/arena.h"
#include "base/buf.h"
#include "engine/limits.h"

typedef enum tw_codec {
    TW_CODEC_NONE,
    TW_CODEC_GZIP,
    TW_CODEC_DEFLATE, /* raw */
    TW_CODEC_BZIP2,
    TW_CODEC_XZ,
    TW_CODEC_LZMA,
    TW_CODEC_ZSTD,
    TW_CODEC_MAX
} tw_codec;

enum {                       /* tw_stream.odd: what the decoder came across */
       TW_ODD_DATA = 1,      /* damaged */
       TW_ODD_SUM = 2,       /* a checksum is wrong */
       TW_ODD_TRUNCATED = 4, /* input ends early */
       TW_ODD_HEADER = 8,    /* malformed or reserved header fields */
       TW_ODD_TRAILING = 16, /* input goes on behind the end */
       TW_ODD_MEMORY = 32,   /* needs more memory than allowed */
       TW_ODD_UNPACKED = 64, /* cut: limits.unpacked */
       TW_ODD_RATIO = 128,   /* cut: limits.ratio */
       TW_ODD_PADDING = 256, /* zero bytes behind the end */
};
#define TW_ODD_CUT (TW_ODD_UNPACKED | TW_ODD_RATIO)

enum { TW_WINDOW = 256 << 10 }; /* a need() up to this is a slice whatever the codec */

typedef struct tw_stream {
    tw_codec codec;
    tw_str in;
    size_t in_off;  /* next input byte */
    char *win;      /* window, TW_WINDOW bytes; unused without a codec */
    size_t at, end; /* unread part of the window (of `in` without a codec) */
    uint64_t pos;   /* bytes taken by skip() */
    uint64_t made;  /* bytes decoded */
    uint32_t parts; /* gzip members, xz streams, ... begun */
    uint32_t crc;   /* DEFLATE: CRC-32 of all output once ended */
    uint32_t odd;
    uint64_t odd_off; /* input offset of the first oddity */
    bool ended;       /* no more output */
    bool part_open;   /* a gzip member is being read */
    uint64_t part_made;
    tw_str gzip_name; /* FNAME of the first gzip member, slice of the input */
    /* limits */
    const tw_limits *lim;
    uint64_t packed;            /* the ratio is measured against this many bytes at most */
    uint64_t *spent;            /* counts all bytes decoded, against lim->unpacked */
    void *state;                /* codec's own: one of states */
    void *states[TW_CODEC_MAX]; /* made on demand, kept for reuse */
} tw_stream;

/* A new input on a stream that is zeroed or was used before (its memory is reused). Memory comes from
 * `arena` and from the libraries; tw_stream_free gives back the latter. */
void tw_stream_open(tw_stream *s, tw_arena *arena, tw_codec codec, tw_str in, const tw_limits *lim,
                    uint64_t *spent);
void tw_stream_free(tw_stream *s);
/* The next n bytes without taking them, fewer at the end; n <= TW_WINDOW, or any n without a codec. */
tw_str tw_stream_need(tw_stream *s, size_t n);
/* Takes n bytes that need() showed. */
void tw_stream_took(tw_stream *s, size_t n);
/* The next bytes, as many as are at hand, at most n; empty at the end. Takes them. */
tw_str tw_stream_chunk(tw_stream *s, uint64_t n);
/* Drops n bytes; returns how many there were. */
uint64_t tw_stream_drop(tw_stream *s, uint64_t n);

/* codecs.c: decodes up to cap bytes to out; sets ended, odd, parts. Returns bytes made; 0 only when ended. */
size_t tw_codec_step(tw_stream *s, uint8_t *out, size_t cap);
void tw_codec_start(tw_stream *s, tw_arena *arena);
void tw_codec_free(tw_stream *s);
void tw_stream_odd(tw_stream *s, uint32_t odd);
