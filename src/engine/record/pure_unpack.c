/* SPDX-License-Identifier: Apache-2.0 */
/* Decompressors. What they give is bounded by the limits of one value and of the file. */
#include "engine/record/pure_base.h"

#include <brotli/decode.h>
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

enum { CHUNK = 65536, LZMA_MEMORY = 64 << 20, WINDOW_MAX = 25, MEMBERS_MAX = 64 };

typedef enum more { MORE, DONE, FAILED } more;
/* Feeds `in` once and then goes on giving output. */
typedef struct unpacker {
    bool (*start)(void *state, tw_str in, int64_t option);
    more (*go)(void *state, char *out, size_t room, size_t *ret_n);
    void (*end)(void *state);
    size_t (*rest)(const void *state); /* of what was fed, not used */
    const char *name;
    tw_str magic; /* another member may follow that starts so; empty: what follows the first does not count */
    bool whole;   /* nothing may follow */
} unpacker;

typedef union state {
    z_stream z;
    bz_stream bz;
    lzma_stream lz;
    struct {
        BrotliDecoderState *s;
        const uint8_t *p;
        size_t n;
    } br;
    struct {
        ZSTD_DStream *s;
        ZSTD_inBuffer in;
    } zs;
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

static size_t z_rest(const void *s)
{
    return ((const z_stream *)s)->avail_in;
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

static size_t bz_rest(const void *s)
{
    return ((const bz_stream *)s)->avail_in;
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

static size_t lz_rest(const void *s)
{
    return ((const lzma_stream *)s)->avail_in;
}

static bool br_start(void *s, tw_str in, int64_t option)
{
    state *t = s;
    (void)option;
    t->br.p = (const uint8_t *)in.p, t->br.n = in.n;
    t->br.s = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    return t->br.s != NULL;
}

static more br_go(void *s, char *out, size_t room, size_t *ret_n)
{
    state *t = s;
    uint8_t *to = (uint8_t *)out;
    size_t left = room;
    BrotliDecoderResult r = BrotliDecoderDecompressStream(t->br.s, &t->br.n, &t->br.p, &left, &to, NULL);
    *ret_n = room - left;
    return r == BROTLI_DECODER_RESULT_SUCCESS             ? DONE
           : r == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT ? MORE
                                                          : FAILED;
}

static void br_end(void *s)
{
    BrotliDecoderDestroyInstance(((state *)s)->br.s);
}

static size_t br_rest(const void *s)
{
    return ((const state *)s)->br.n;
}

static bool zs_start(void *s, tw_str in, int64_t option)
{
    state *t = s;
    (void)option;
    t->zs.in = (ZSTD_inBuffer){in.p, in.n, 0};
    t->zs.s = ZSTD_createDStream();
    if (!t->zs.s) return false;
    if (!ZSTD_isError(ZSTD_DCtx_setParameter(t->zs.s, ZSTD_d_windowLogMax, WINDOW_MAX))) return true;
    ZSTD_freeDStream(t->zs.s);
    return false;
}

static more zs_go(void *s, char *out, size_t room, size_t *ret_n)
{
    state *t = s;
    ZSTD_outBuffer to = {out, room, 0};
    size_t r = ZSTD_decompressStream(t->zs.s, &to, &t->zs.in);
    *ret_n = to.pos;
    if (ZSTD_isError(r)) return FAILED;
    return !r ? DONE : to.pos ? MORE : FAILED;
}

static void zs_end(void *s)
{
    ZSTD_freeDStream(((state *)s)->zs.s);
}

static size_t zs_rest(const void *s)
{
    return ((const state *)s)->zs.in.size - ((const state *)s)->zs.in.pos;
}

static const unpacker unpack_zlib = {z_start, z_go, z_end, z_rest, "zlib", {"", 0}, false},
                      unpack_gzip = {z_start, z_go, z_end, z_rest, "gzip", TW_SI("\x1f\x8b"), true},
                      unpack_bz2 = {bz_start, bz_go, bz_end, bz_rest, "bz2", TW_SI("BZh"), true},
                      unpack_lzma = {lz_start,
                                     lz_go,
                                     lz_end,
                                     lz_rest,
                                     "lzma",
                                     TW_SI("\xfd"
                                           "7zXZ"),
                                     true},
                      unpack_brotli = {br_start, br_go, br_end, br_rest, "brotli", {"", 0}, true},
                      unpack_zstd = {zs_start, zs_go, zs_end, zs_rest, "zstd", TW_SI("\x28\xb5\x2f\xfd"),
                                     true};

/* One member, behind what e->out holds. */
static more one_member(ev *e, const unpacker *u, tw_str in, int64_t option, size_t *ret_rest)
{
    state s;
    more r = MORE;
    uint64_t room = e->max_bytes - e->bytes;
    memset(&s, 0, sizeof s);
    *ret_rest = 0;
    if (!ev_step(e, 16 + in.n / 16) || !u->start(&s, in, option)) return FAILED;
    while (r == MORE) {
        size_t n = 0;
        char *to = tw_buf_reserve(&e->out, CHUNK);
        size_t have = CHUNK;
        if (!to && e->out.over && e->out.n < e->lim->value_bytes) { /* the last piece is shorter */
            e->out.over = false;
            have = e->lim->value_bytes - e->out.n;
            to = tw_buf_reserve(&e->out, have);
        }
        r = to ? u->go(&s, to, have, &n) : FAILED;
        e->out.n += n;
        if (e->out.n > room || !ev_step(e, n / 64)) r = FAILED;
    }
    *ret_rest = u->rest(&s);
    u->end(&s);
    return r;
}

static uint32_t unpack(ev *e, uint32_t from, const unpacker *u, int64_t option)
{
    tw_str in;
    uint8_t kind;
    size_t rest;
    if (!ev_is_text(e, from, &kind) || kind != TW_VAL_BYTES || !ev_text(e, from, &in) || in.n > UINT32_MAX)
        return 0;
    tw_buf_clear(&e->out);
    for (unsigned i = 0;; i++) {
        if (i == MEMBERS_MAX || one_member(e, u, in, option, &rest) != DONE) return 0;
        in = tw_str_sub(in, in.n - rest, in.n);
        if (!in.n || !u->whole) break;
        if (!u->magic.n || !tw_str_starts(in, u->magic)) return 0;
    }
    return ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, ev_at(e, from)->recipe, u->name));
}

static uint32_t first(const ev *e, const ev_args *a)
{
    return ev_arg(e, a, 0, "data");
}

static bool one_number(const ev *e, uint32_t v, int64_t *ret)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_SYMBOL && tw_str_eq(ev_sym(e, x->sym), TW_S("zlib.MAX_WBITS")))
        return *ret = 15, true;
    return ev_get_int(e, v, ret);
}

/* A number, zlib.MAX_WBITS, or one operator over these. */
static bool window_bits(const ev *e, uint32_t v, int64_t *ret)
{
    const ev_val *x = ev_at(e, v);
    int64_t l = 0, r = 0;
    if (x->kind != TW_VAL_OP) return one_number(e, v, ret);
    tw_str op = ev_sym(e, x->b);
    if (!x->n || x->n > 2 || !one_number(e, ev_item(e, x, 0), &l)) return false;
    if (x->n == 1) return *ret = -l, tw_str_eq(op, TW_S("-"));
    if (!one_number(e, ev_item(e, x, 1), &r)) return false;
    if (l < -64 || l > 64 || r < -64 || r > 64) return false;
    *ret = tw_str_eq(op, TW_S("+")) ? l + r : l | r;
    return tw_str_eq(op, TW_S("+")) || (tw_str_eq(op, TW_S("|")) && l >= 0 && r >= 0);
}

uint32_t ev_zlib(ev *e, const ev_args *a)
{
    int64_t bits = 15;
    uint32_t v = first(e, a), w = ev_arg(e, a, 1, "wbits");
    if (!v || (w && !window_bits(e, w, &bits)) || bits < -15 || bits > 47) return 0;
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

/* format: FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE; a raw stream needs its filters. */
uint32_t ev_lzma(ev *e, const ev_args *a)
{
    tw_str in;
    int64_t format = 0;
    uint32_t v = first(e, a), how = ev_arg(e, a, 1, "format"), filters = ev_arg(e, a, 3, "filters");
    if (!v || a->n > 2 || !ev_raw(e, v, &in) || !ev_absent(e, filters)) return 0;
    tw_str name = ev_last_name(ev_sym(e, how ? ev_at(e, how)->sym : 0));
    if (tw_str_eq(name, TW_S("FORMAT_XZ"))) format = 1;
    if (tw_str_eq(name, TW_S("FORMAT_ALONE"))) format = 2;
    bool known = !how || format || tw_str_eq(name, TW_S("FORMAT_AUTO")) || ev_get_int(e, how, &format);
    bool xz = tw_str_starts(in, unpack_lzma.magic);
    if (!known || format < 0 || format > 2 || (format == 1 && !xz) || (format == 2 && xz)) return 0;
    return unpack(e, v, &unpack_lzma, 0);
}

/* ---- brotli, zstd ---- */

uint32_t ev_brotli(ev *e, const ev_args *a)
{
    uint32_t v = a->n == 1 ? ev_arg(e, a, 0, "string") : 0;
    if (!v) v = first(e, a);
    return v && a->n == 1 ? unpack(e, v, &unpack_brotli, 0) : 0;
}

uint32_t ev_zstd(ev *e, const ev_args *a)
{
    uint32_t v = first(e, a);
    return v && a->n == 1 ? unpack(e, v, &unpack_zstd, 0) : 0;
}

/* zstandard.ZstdDecompressor().decompress(data, max_output_size): the frame must say its size. */
uint32_t ev_zstd_object(ev *e, const ev_args *a)
{
    tw_str in;
    ev_call made;
    uint32_t v = first(e, a);
    if (!v || a->n > 2 || !ev_raw(e, v, &in) || (a->self && (!ev_maker(e, a->self, &made) || made.n_args)))
        return 0;
    unsigned long long size = ZSTD_getFrameContentSize(in.p, in.n);
    bool known = size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
    if (!known || ZSTD_findFrameCompressedSize(in.p, in.n) != in.n) return 0;
    return unpack(e, v, &unpack_zstd, 0);
}

/* ---- zlib.decompressobj(), bz2.BZ2Decompressor(), lzma.LZMADecompressor() ---- */

static uint32_t whole_at_once(ev *e, const ev_call *made, uint32_t v)
{
    tw_str kind = ev_last_name(ev_sym(e, made->sym)), in;
    uint32_t w = ev_call_arg(e, made, 0, "wbits");
    int64_t bits = 15;
    if (!ev_raw(e, v, &in)) return 0;
    if (tw_str_eq(kind, TW_S("BZ2Decompressor"))) return unpack(e, v, &unpack_bz2, 0);
    if (tw_str_eq(kind, TW_S("LZMADecompressor"))) return made->n_args ? 0 : unpack(e, v, &unpack_lzma, 0);
    if (!tw_str_eq(kind, TW_S("decompressobj")) || ev_call_arg(e, made, 1, "zdict")) return 0;
    if (w && !window_bits(e, w, &bits)) return 0;
    return bits >= -15 && bits <= 47 ? unpack(e, v, &unpack_zlib, bits) : 0;
}

/* decompress(data) of a fresh object that gets all at once; flush() behind it has nothing left. */
uint32_t ev_unpack_object(ev *e, const ev_args *a)
{
    ev_past p;
    if (!ev_past_of(e, a, &p)) return 0;
    tw_str method = ev_method(e, &e->calls.v[e->calls.n - 1]);
    if (!tw_str_eq(method, TW_S("flush"))) return a->n == 1 && !p.n ? whole_at_once(e, &p.made, a->v[0]) : 0;
    bool done =
        !a->n && p.n == 1 && e->calls.v[p.calls[0]].result && ev_is_const(e, e->calls.v[p.calls[0]].result);
    return done ? ev_folded(e, TW_VAL_BYTES, TW_S(""), 0) : 0;
}

/* ---- JavaScript: pako, fflate, node ---- */

/* {to: "string"} makes a text of it; another option may change what comes out. */
static uint32_t js_unpack(ev *e, const ev_args *a, const unpacker *u, int64_t bits)
{
    tw_str to;
    uint32_t n = ev_positional(a), options = n == 2 ? a->v[1] : 0, v = n ? a->v[0] : 0, way = 0;
    if (!v || n > 2) return 0;
    if (options && ev_at(e, options)->kind != TW_VAL_NULL_) {
        way = ev_map_item(e, options, TW_S("to"));
        if (ev_at(e, options)->kind != TW_VAL_MAP || ev_at(e, options)->n != (way ? 2 : 0)) return 0;
    }
    uint32_t raw = unpack(e, v, u, bits);
    if (!raw || !way) return raw;
    return ev_text(e, way, &to) && tw_str_eq(to, TW_S("string")) ? ev_recode(e, raw, TW_S("utf-8"), false)
                                                                 : 0;
}

uint32_t ev_js_inflate(ev *e, const ev_args *a)
{
    return js_unpack(e, a, &unpack_zlib, 15);
}
uint32_t ev_js_gunzip(ev *e, const ev_args *a)
{
    return js_unpack(e, a, &unpack_gzip, 31);
}
uint32_t ev_js_unpack_auto(ev *e, const ev_args *a) /* gzip or zlib */
{
    return js_unpack(e, a, &unpack_zlib, 47);
}
uint32_t ev_js_inflate_raw(ev *e, const ev_args *a)
{
    return js_unpack(e, a, &unpack_zlib, -15);
}
uint32_t ev_js_brotli(ev *e, const ev_args *a)
{
    return js_unpack(e, a, &unpack_brotli, 0);
}
uint32_t ev_js_zstd(ev *e, const ev_args *a)
{
    return js_unpack(e, a, &unpack_zstd, 0);
}
