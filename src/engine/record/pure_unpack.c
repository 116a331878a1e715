/* SPDX-License-Identifier: Apache-2.0 */
/* Decompressors. What they give is bounded by the limits of one value and of the file. */
#include "engine/record/pure_priv.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

enum { CHUNK = 65536, LZMA_MEMORY = 64 << 20 };

typedef enum more { MORE, DONE, FAILED } more;
/* Feeds `in` once and then goes on giving output. */
typedef struct unpacker {
    bool (*start)(void *state, tw_str in, int64_t option);
    more (*go)(void *state, char *out, size_t room, size_t *ret_n);
    void (*end)(void *state);
    const char *name;
} unpacker;

typedef union state {
    z_stream z;
    bz_stream bz;
    lzma_stream lz;
} state;

static bool z_start(void *s, tw_str in, int64_t bits)
{
    z_stream *z = s;
    z->next_in = (Bytef *)(uintptr_t)in.p;
    z->avail_in = (uInt)in.n;
    return inflateInit2(z, (int)bits) == Z_OK;
}

static more z_go(void *s, char *out, size_t room, size_t *ret_n)
{
    z_stream *z = s;
    z->next_out = (Bytef *)out;
    z->avail_out = (uInt)room;
    int r = inflate(z, Z_NO_FLUSH);
    *ret_n = room - z->avail_out;
    return r == Z_STREAM_END ? DONE : r == Z_OK && *ret_n ? MORE : FAILED;
}

static void z_end(void *s)
{
    inflateEnd(s);
}

static bool bz_start(void *s, tw_str in, int64_t option)
{
    bz_stream *b = s;
    (void)option;
    b->next_in = (char *)(uintptr_t)in.p;
    b->avail_in = (unsigned)in.n;
    return BZ2_bzDecompressInit(b, 0, 0) == BZ_OK;
}

static more bz_go(void *s, char *out, size_t room, size_t *ret_n)
{
    bz_stream *b = s;
    b->next_out = out;
    b->avail_out = (unsigned)room;
    int r = BZ2_bzDecompress(b);
    *ret_n = room - b->avail_out;
    return r == BZ_STREAM_END ? DONE : r == BZ_OK && *ret_n ? MORE : FAILED;
}

static void bz_end(void *s)
{
    BZ2_bzDecompressEnd(s);
}

static bool lz_start(void *s, tw_str in, int64_t option)
{
    lzma_stream *l = s;
    (void)option;
    l->next_in = (const uint8_t *)in.p;
    l->avail_in = in.n;
    return lzma_auto_decoder(l, LZMA_MEMORY, 0) == LZMA_OK;
}

static more lz_go(void *s, char *out, size_t room, size_t *ret_n)
{
    lzma_stream *l = s;
    l->next_out = (uint8_t *)out;
    l->avail_out = room;
    lzma_ret r = lzma_code(l, LZMA_FINISH);
    *ret_n = room - l->avail_out;
    return r == LZMA_STREAM_END ? DONE : r == LZMA_OK && *ret_n ? MORE : FAILED;
}

static void lz_end(void *s)
{
    lzma_end(s);
}

static const unpacker unpack_zlib = {z_start, z_go, z_end, "zlib"},
                      unpack_gzip = {z_start, z_go, z_end, "gzip"},
                      unpack_bz2 = {bz_start, bz_go, bz_end, "bz2"},
                      unpack_lzma = {lz_start, lz_go, lz_end, "lzma"};

static uint32_t unpack(ev *e, uint32_t from, const unpacker *u, int64_t option)
{
    tw_str in;
    uint8_t kind;
    state s;
    memset(&s, 0, sizeof s);
    if (!ev_is_text(e, from, &kind) || kind != TW_VAL_BYTES || !ev_text(e, from, &in) || in.n > UINT32_MAX)
        return 0;
    if (!ev_step(e, 16 + in.n / 16) || !u->start(&s, in, option)) return 0;
    more r = MORE;
    uint64_t room = e->max_bytes - e->bytes;
    tw_buf_clear(&e->out);
    while (r == MORE) {
        size_t n = 0;
        char *to = tw_buf_reserve(&e->out, CHUNK);
        r = to ? u->go(&s, to, CHUNK, &n) : FAILED;
        e->out.n += n;
        if (e->out.n > room || !ev_step(e, n / 64)) r = FAILED;
    }
    u->end(&s);
    if (r != DONE) return 0;
    return ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, u->name));
}

static uint32_t first(const ev *e, const ev_args *a)
{
    return ev_arg(e, a, 0, "data");
}

uint32_t ev_zlib(ev *e, const ev_args *a)
{
    int64_t bits = 15;
    uint32_t v = first(e, a), w = ev_arg(e, a, 1, "wbits");
    if (!v || (w && !ev_get_int(e, w, &bits)) || bits < -15 || bits > 47) return 0;
    return unpack(e, v, &unpack_zlib, bits);
}

uint32_t ev_gzip(ev *e, const ev_args *a)
{
    uint32_t v = first(e, a);
    return v && a->n == 1 ? unpack(e, v, &unpack_gzip, 31) : 0;
}

uint32_t ev_bz2(ev *e, const ev_args *a)
{
    uint32_t v = first(e, a);
    return v && a->n == 1 ? unpack(e, v, &unpack_bz2, 0) : 0;
}

uint32_t ev_lzma(ev *e, const ev_args *a)
{
    uint32_t v = first(e, a);
    return v && a->n == 1 ? unpack(e, v, &unpack_lzma, 0) : 0;
}

/* Node: zlib.inflateRawSync, zlib.unzipSync. */
uint32_t ev_inflate_raw(ev *e, const ev_args *a)
{
    return a->n ? unpack(e, a->v[0], &unpack_zlib, -15) : 0;
}
uint32_t ev_unzip(ev *e, const ev_args *a)
{
    return a->n ? unpack(e, a->v[0], &unpack_zlib, 47) : 0;
}
