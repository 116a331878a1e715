/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/stream.h"

#include "base/cursor.h"

#include <bzlib.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

enum { XZ_MEMORY = 100 << 20, ZSTD_WINDOW_LOG = 27, IN_STEP = 1 << 30 };

typedef size_t step_fn(tw_stream *s, uint8_t *out, size_t cap);

static size_t in_left(const tw_stream *s)
{
    size_t n = s->in.n - s->in_off;
    return n < IN_STEP ? n : IN_STEP;
}

static const uint8_t *in_at(const tw_stream *s)
{
    return (const uint8_t *)s->in.p + s->in_off;
}

static size_t stop(tw_stream *s, uint32_t odd)
{
    tw_stream_odd(s, odd);
    s->ended = true;
    return 0;
}

/* Behind the end of one part: another part, zero padding, nothing, or bytes of no meaning. */
static bool next_part(tw_stream *s, tw_str magic)
{
    tw_str rest = tw_str_sub(s->in, s->in_off, s->in.n);
    size_t zeros = 0;
    while (zeros < rest.n && rest.p[zeros] == 0) zeros++;
    if (zeros) {
        if (s->in_off + zeros == s->in.n) {
            tw_stream_odd(s, TW_ODD_PADDING);
            s->in_off += zeros;
            s->ended = true;
            return false;
        }
    }
    rest = tw_str_sub(rest, zeros, rest.n);
    bool skippable = s->codec == TW_CODEC_ZSTD && rest.n >= 4 && memcmp(rest.p + 1, "\x2a\x4d\x18", 3) == 0;
    if (rest.n && (tw_str_starts(rest, magic) || skippable)) {
        s->in_off += zeros;
        return true;
    }
    if (rest.n) tw_stream_odd(s, TW_ODD_TRAILING);
    s->ended = true;
    return false;
}

/* --- gzip, deflate -------------------------------------------------------------------------------- */

/* All that zlib reads igzip reads too, to the same bytes, and of damaged streams no less (test_stream.c
 * compares them). */
static void inflate_start(tw_stream *s)
{
    struct inflate_state *st = s->state;
    isal_inflate_init(st);
    st->crc_flag = ISAL_GZIP_NO_HDR;
    s->part_made = 0;
}

enum { F_CRC = 2, F_EXTRA = 4, F_NAME = 8, F_COMMENT = 16, F_RESERVED = 0xe0 };

static tw_str until_nul(tw_cur *c)
{
    size_t from = c->off;
    while (!c->bad && tw_cur_u8(c) != 0) {
    }
    return c->bad ? (tw_str){NULL, 0} : (tw_str){(const char *)c->p + from, c->off - from - 1};
}

static bool gzip_header(tw_stream *s)
{
    tw_cur c = tw_cur_of(s->in);
    tw_cur_seek(&c, s->in_off);
    uint32_t magic = tw_cur_u16le(&c), method = tw_cur_u8(&c), flags = tw_cur_u8(&c);
    tw_cur_skip(&c, 6);
    if (!c.bad && (magic != 0x8b1f || method != 8)) return stop(s, TW_ODD_DATA), false;
    if (flags & F_EXTRA) tw_cur_skip(&c, tw_cur_u16le(&c));
    tw_str name = flags & F_NAME ? until_nul(&c) : (tw_str){NULL, 0};
    if (flags & F_COMMENT) until_nul(&c);
    if (flags & F_CRC && !c.bad) {
        uint32_t sum = crc32_gzip_refl(0, in_at(s), c.off - s->in_off) & 0xffff;
        if (tw_cur_u16le(&c) != sum) tw_stream_odd(s, TW_ODD_HEADER);
    }
    if (flags & F_RESERVED) tw_stream_odd(s, TW_ODD_HEADER);
    if (c.bad) return stop(s, TW_ODD_TRUNCATED), false;
    if (s->parts++ == 0) s->gzip_name = name;
    s->in_off = c.off;
    s->part_open = true;
    inflate_start(s);
    return true;
}

static void gzip_trailer(tw_stream *s, uint32_t crc)
{
    tw_cur c = tw_cur_of(s->in);
    tw_cur_seek(&c, s->in_off);
    uint32_t sum = tw_cur_u32le(&c), size = tw_cur_u32le(&c);
    s->part_open = false;
    if (c.bad) {
        stop(s, TW_ODD_TRUNCATED);
        s->in_off = s->in.n;
        return;
    }
    if (sum != crc || size != (uint32_t)s->part_made) tw_stream_odd(s, TW_ODD_SUM);
    s->in_off = c.off;
    next_part(s, TW_S("\x1f\x8b\x08"));
}

static size_t inflate_run(tw_stream *s, uint8_t *out, size_t cap, bool *ret_end)
{
    struct inflate_state *st = s->state;
    size_t given = in_left(s);
    st->next_in = (uint8_t *)(uintptr_t)in_at(s);
    st->avail_in = (uint32_t)given;
    st->next_out = out;
    st->avail_out = (uint32_t)cap;
    int e = isal_inflate(st);
    size_t made = cap - st->avail_out;
    s->part_made += made;
    *ret_end = false;
    if (e < 0 || e == ISAL_NEED_DICT || st->avail_in > given) { /* avail_in may wrap on damage */
        stop(s, TW_ODD_DATA);
        return made;
    }
    s->in_off += given - st->avail_in;
    *ret_end = st->block_state == ISAL_BLOCK_FINISH;
    if (*ret_end) {
        /* whole bytes that igzip read ahead belong to what follows */
        size_t back = (size_t)(st->read_in_length / 8);
        s->in_off -= back <= s->in_off ? back : s->in_off;
    } else if (made == 0 && given == st->avail_in) {
        stop(s, TW_ODD_TRUNCATED);
    }
    return made;
}

static size_t step_gzip(tw_stream *s, uint8_t *out, size_t cap)
{
    if (!s->part_open && !gzip_header(s)) return 0;
    bool end;
    size_t made = inflate_run(s, out, cap, &end);
    if (end && !s->ended) gzip_trailer(s, ((struct inflate_state *)s->state)->crc);
    return made;
}

static size_t step_deflate(tw_stream *s, uint8_t *out, size_t cap)
{
    bool end;
    size_t made = inflate_run(s, out, cap, &end);
    if (end) {
        s->ended = true;
        s->crc = ((struct inflate_state *)s->state)->crc;
        if (s->in_off < s->in.n) tw_stream_odd(s, TW_ODD_TRAILING);
    }
    return made;
}

/* --- bzip2 ---------------------------------------------------------------------------------------- */

static size_t step_bzip2(tw_stream *s, uint8_t *out, size_t cap)
{
    bz_stream *z = s->state;
    if (!s->part_open) {
        if (z->state) BZ2_bzDecompressEnd(z);
        memset(z, 0, sizeof *z);
        if (BZ2_bzDecompressInit(z, 0, 0) != BZ_OK) return stop(s, TW_ODD_MEMORY);
        s->part_open = true;
        s->parts++;
    }
    size_t given = in_left(s);
    z->next_in = (char *)(uintptr_t)in_at(s);
    z->avail_in = (unsigned)given;
    z->next_out = (char *)out;
    z->avail_out = (unsigned)cap;
    int e = BZ2_bzDecompress(z);
    size_t made = cap - z->avail_out;
    s->in_off += given - z->avail_in;
    if (e == BZ_STREAM_END) {
        s->part_open = false;
        next_part(s, TW_S("BZh"));
    } else if (e == BZ_MEM_ERROR) {
        stop(s, TW_ODD_MEMORY);
    } else if (e != BZ_OK) {
        stop(s, TW_ODD_DATA);
    } else if (made == 0 && s->in_off == s->in.n) {
        stop(s, TW_ODD_TRUNCATED);
    }
    return made;
}

/* --- xz, lzma ------------------------------------------------------------------------------------- */

static size_t step_lzma(tw_stream *s, uint8_t *out, size_t cap)
{
    lzma_stream *z = s->state;
    if (!s->part_open) {
        lzma_ret r = s->codec == TW_CODEC_XZ ? lzma_stream_decoder(z, XZ_MEMORY, LZMA_TELL_UNSUPPORTED_CHECK)
                                             : lzma_alone_decoder(z, XZ_MEMORY);
        if (r != LZMA_OK) return stop(s, TW_ODD_MEMORY);
        s->part_open = true;
        s->parts++;
    }
    size_t given = in_left(s);
    z->next_in = in_at(s);
    z->avail_in = given;
    z->next_out = out;
    z->avail_out = cap;
    lzma_ret e;
    do e = lzma_code(z, LZMA_RUN);
    while (e == LZMA_UNSUPPORTED_CHECK); /* content is read all the same */
    size_t made = cap - z->avail_out;
    s->in_off += given - z->avail_in;
    if (e == LZMA_STREAM_END) {
        s->part_open = false;
        next_part(s, s->codec == TW_CODEC_XZ ? TW_S("\xfd"
                                                    "7zXZ")
                                             : TW_S("\x5d\0\0"));
    } else if (e == LZMA_MEMLIMIT_ERROR || e == LZMA_MEM_ERROR) {
        stop(s, TW_ODD_MEMORY);
    } else if (e != LZMA_OK && e != LZMA_BUF_ERROR) {
        stop(s, TW_ODD_DATA);
    } else if (made == 0 && s->in_off == s->in.n) {
        stop(s, TW_ODD_TRUNCATED);
    }
    return made;
}

/* --- zstd ----------------------------------------------------------------------------------------- */

static size_t step_zstd(tw_stream *s, uint8_t *out, size_t cap)
{
    ZSTD_inBuffer in = {in_at(s), in_left(s), 0};
    ZSTD_outBuffer to = {out, cap, 0};
    if (!s->part_open) {
        s->part_open = true;
        s->parts++;
    }
    while (to.pos == 0) {
        size_t was = in.pos;
        size_t e = ZSTD_decompressStream(s->state, &to, &in);
        if (ZSTD_isError(e)) {
            s->in_off += in.pos;
            stop(s, TW_ODD_DATA);
            return to.pos;
        }
        if (e == 0) {
            s->in_off += in.pos;
            s->part_open = false;
            next_part(s, TW_S("\x28\xb5\x2f\xfd"));
            return to.pos;
        }
        if (to.pos == 0 && in.pos == was) {
            s->in_off += in.pos;
            stop(s, TW_ODD_TRUNCATED);
            return 0;
        }
    }
    s->in_off += in.pos;
    return to.pos;
}

/* --- table ---------------------------------------------------------------------------------------- */

static void *new_igzip(tw_arena *a)
{
    return tw_arena_alloc(a, sizeof(struct inflate_state));
}

static void *new_bzip2(tw_arena *a)
{
    return tw_arena_alloc(a, sizeof(bz_stream));
}

static void *new_lzma(tw_arena *a)
{
    return tw_arena_alloc(a, sizeof(lzma_stream));
}

static void *new_zstd(tw_arena *a)
{
    (void)a;
    ZSTD_DCtx *d = ZSTD_createDCtx();
    if (d) ZSTD_DCtx_setParameter(d, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
    return d;
}

static void end_bzip2(void *st)
{
    if (((bz_stream *)st)->state) BZ2_bzDecompressEnd(st);
}

static void end_lzma(void *st)
{
    lzma_end(st);
}

static void end_zstd(void *st)
{
    ZSTD_freeDCtx(st);
}

static void again_zstd(tw_stream *s)
{
    ZSTD_DCtx_reset(s->state, ZSTD_reset_session_only);
}

static const struct codec {
    tw_codec family; /* codecs of a family share one state */
    void *(*make)(tw_arena *a);
    void (*start)(tw_stream *s);
    step_fn *step;
    void (*end)(void *state);
} codecs[TW_CODEC_MAX] = {
    [TW_CODEC_GZIP] = {TW_CODEC_GZIP, new_igzip, NULL, step_gzip, NULL},
    [TW_CODEC_DEFLATE] = {TW_CODEC_GZIP, new_igzip, inflate_start, step_deflate, NULL},
    [TW_CODEC_BZIP2] = {TW_CODEC_BZIP2, new_bzip2, NULL, step_bzip2, end_bzip2},
    [TW_CODEC_XZ] = {TW_CODEC_XZ, new_lzma, NULL, step_lzma, end_lzma},
    [TW_CODEC_LZMA] = {TW_CODEC_XZ, new_lzma, NULL, step_lzma, end_lzma},
    [TW_CODEC_ZSTD] = {TW_CODEC_ZSTD, new_zstd, again_zstd, step_zstd, end_zstd},
};

void tw_codec_start(tw_stream *s, tw_arena *arena)
{
    const struct codec *c = &codecs[s->codec];
    void **st = &s->states[c->family];
    if (!*st) *st = c->make(arena);
    s->state = *st;
    if (!s->state)
        stop(s, TW_ODD_MEMORY);
    else if (c->start)
        c->start(s);
}

void tw_codec_free(tw_stream *s)
{
    for (unsigned i = 0; i < TW_CODEC_MAX; i++) {
        if (s->states[i] && codecs[i].end) codecs[i].end(s->states[i]);
        s->states[i] = NULL;
    }
}

size_t tw_codec_step(tw_stream *s, uint8_t *out, size_t cap)
{
    size_t n = 0;
    while (n == 0 && !s->ended) n = codecs[s->codec].step(s, out, cap);
    return n;
}
