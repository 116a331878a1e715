/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/stream.h"

#include "archives.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

static tw_str noise(tw_buf *b, size_t n)
{
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        tw_buf_putc(b, (char)("abcdefgh"[x >> 29] + (i % 97 == 0)));
    }
    return tw_buf_str(b);
}

static void pack(tw_buf *to, tw_codec c, tw_str s)
{
    size_t n = s.n + s.n / 50 + 1000;
    char *p = tw_buf_reserve(to, n);
    if (c == TW_CODEC_GZIP) {
        mk_gzip(to, s);
    } else if (c == TW_CODEC_DEFLATE) {
        mk_deflate(to, s);
    } else if (c == TW_CODEC_BZIP2) {
        unsigned m = (unsigned)n;
        BZ2_bzBuffToBuffCompress(p, &m, (char *)(uintptr_t)s.p, (unsigned)s.n, 1, 0, 0);
        to->n += m;
    } else if (c == TW_CODEC_XZ) {
        size_t m = 0;
        lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, (const uint8_t *)s.p, s.n, (uint8_t *)p, &m, n);
        to->n += m;
    } else if (c == TW_CODEC_LZMA) {
        lzma_stream z = LZMA_STREAM_INIT;
        lzma_options_lzma o;
        lzma_lzma_preset(&o, 1);
        CHECK_INT(lzma_alone_encoder(&z, &o), LZMA_OK);
        z.next_in = (const uint8_t *)s.p, z.avail_in = s.n, z.next_out = (uint8_t *)p, z.avail_out = n;
        CHECK_INT(lzma_code(&z, LZMA_FINISH), LZMA_STREAM_END);
        to->n += n - z.avail_out;
        lzma_end(&z);
    } else if (c == TW_CODEC_ZSTD) {
        to->n += ZSTD_compress(p, n, s.p, s.n, 1);
    } else {
        tw_buf_puts(to, s);
    }
}

static tw_buf read_all(tw_stream *s)
{
    tw_buf b = TW_BUF_INIT;
    for (tw_str c = tw_stream_chunk(s, 5000); c.n; c = tw_stream_chunk(s, 5000)) tw_buf_puts(&b, c);
    return b;
}

TEST(every_codec_gives_back_what_was_packed)
{
    tw_buf text = TW_BUF_INIT;
    tw_str s = noise(&text, 1500000);
    tw_limits lim = tw_limits_default();
    for (tw_codec c = 0; c < TW_CODEC_MAX; c++) {
        tw_arena *a = tw_arena_new(0);
        tw_buf packed = TW_BUF_INIT;
        uint64_t spent = 0;
        pack(&packed, c, s);
        tw_stream st = {0};
        tw_stream_open(&st, a, c, tw_buf_str(&packed), &lim, &spent);
        CHECK_INT(tw_stream_need(&st, 512).n >= 512, 1);
        tw_buf got = read_all(&st);
        CHECK(tw_str_eq(tw_buf_str(&got), s));
        CHECK_INT(st.odd, 0);
        CHECK_INT(spent, c == TW_CODEC_NONE ? 0 : s.n);
        if (c == TW_CODEC_DEFLATE) CHECK_INT(st.crc, libdeflate_crc32(0, s.p, s.n));
        tw_buf_free(&got);
        tw_stream_free(&st);
        tw_buf_free(&packed);
        tw_arena_free(a);
    }
    tw_buf_free(&text);
}

TEST(parts_padding_and_trailing)
{
    tw_limits lim = tw_limits_default();
    for (tw_codec c = TW_CODEC_GZIP; c < TW_CODEC_MAX; c++) {
        if (c == TW_CODEC_DEFLATE || c == TW_CODEC_LZMA) continue;
        tw_arena *a = tw_arena_new(0);
        tw_buf b = TW_BUF_INIT;
        tw_stream st = {0};
        uint64_t spent = 0;
        pack(&b, c, TW_S("one "));
        pack(&b, c, TW_S("two"));
        tw_stream_open(&st, a, c, tw_buf_str(&b), &lim, &spent);
        tw_buf got = read_all(&st);
        CHECK_STR(tw_buf_str(&got), TW_S("one two"));
        CHECK_INT(st.parts, 2);
        CHECK_INT(st.odd, 0);
        tw_buf_free(&got);
        size_t whole = b.n;
        tw_buf_put(&b, "\0\0\0\0", 4);
        tw_stream_open(&st, a, c, tw_buf_str(&b), &lim, &spent);
        got = read_all(&st);
        CHECK_INT(st.odd, TW_ODD_PADDING);
        tw_buf_free(&got);
        b.n = whole;
        tw_buf_puts(&b, TW_S("tail"));
        tw_stream_open(&st, a, c, tw_buf_str(&b), &lim, &spent);
        got = read_all(&st);
        CHECK_STR(tw_buf_str(&got), TW_S("one two"));
        CHECK_INT(st.odd, TW_ODD_TRAILING);
        CHECK_INT(st.odd_off, whole);
        tw_buf_free(&got);
        tw_stream_free(&st);
        tw_buf_free(&b);
        tw_arena_free(a);
    }
}

TEST(truncation_is_seen_at_every_byte)
{
    tw_limits lim = tw_limits_default();
    for (tw_codec c = TW_CODEC_GZIP; c < TW_CODEC_MAX; c++) {
        tw_arena *a = tw_arena_new(0);
        tw_buf b = TW_BUF_INIT;
        tw_stream st = {0};
        uint64_t spent = 0;
        pack(&b, c, TW_S("some text that is packed, some text that is packed"));
        for (size_t n = 0; n < b.n; n++) {
            tw_stream_open(&st, a, c, tw_str_sub(tw_buf_str(&b), 0, n), &lim, &spent);
            tw_buf got = read_all(&st);
            if (c != TW_CODEC_LZMA) CHECK((st.odd & (TW_ODD_TRUNCATED | TW_ODD_DATA)) != 0);
            tw_buf_free(&got);
        }
        tw_stream_free(&st);
        tw_buf_free(&b);
        tw_arena_free(a);
    }
}

TEST(wrong_sums_and_headers)
{
    tw_limits lim = tw_limits_default();
    tw_arena *a = tw_arena_new(0);
    tw_buf b = TW_BUF_INIT;
    tw_stream st = {0};
    uint64_t spent = 0;
    pack(&b, TW_CODEC_GZIP, TW_S("text"));
    b.p[b.n - 1] ^= 1; /* size */
    tw_stream_open(&st, a, TW_CODEC_GZIP, tw_buf_str(&b), &lim, &spent);
    tw_buf got = read_all(&st);
    CHECK_STR(tw_buf_str(&got), TW_S("text"));
    CHECK_INT(st.odd, TW_ODD_SUM);
    b.p[b.n - 1] ^= 1;
    b.p[b.n - 6] ^= 1; /* CRC */
    b.p[3] |= 0x40;    /* reserved flag */
    tw_buf_free(&got);
    tw_stream_open(&st, a, TW_CODEC_GZIP, tw_buf_str(&b), &lim, &spent);
    got = read_all(&st);
    CHECK_INT(st.odd, TW_ODD_SUM | TW_ODD_HEADER);
    tw_buf_free(&got);
    tw_buf_free(&b);
    tw_stream_free(&st);
    tw_arena_free(a);
}

TEST(limits_cut_at_the_same_place)
{
    tw_limits lim = tw_limits_default();
    lim.unpacked = 300000;
    tw_arena *a = tw_arena_new(0);
    tw_buf zeros = TW_BUF_INIT, b = TW_BUF_INIT;
    for (int i = 0; i < 1000000; i++) tw_buf_putc(&zeros, 0);
    pack(&b, TW_CODEC_GZIP, tw_buf_str(&zeros));
    tw_stream st = {0};
    uint64_t spent = 0;
    tw_stream_open(&st, a, TW_CODEC_GZIP, tw_buf_str(&b), &lim, &spent);
    tw_buf got = read_all(&st);
    CHECK_INT(got.n, 300000);
    CHECK_INT(st.odd, TW_ODD_UNPACKED);
    tw_buf_free(&got);
    lim = tw_limits_default();
    lim.ratio_floor = 1000;
    lim.ratio = 100;
    spent = 0;
    tw_stream_open(&st, a, TW_CODEC_GZIP, tw_buf_str(&b), &lim, &spent);
    got = read_all(&st);
    CHECK(got.n < 1000000 && got.n > 0);
    CHECK_INT(st.odd, TW_ODD_RATIO);
    tw_buf_free(&got);
    tw_buf_free(&b);
    tw_buf_free(&zeros);
    tw_stream_free(&st);
    tw_arena_free(a);
}

/* What zlib reads comes out the same here, what it reads of a damaged stream too. */
TEST(damaged_deflate_reads_as_zlib_reads_it)
{
    tw_limits lim = tw_limits_default();
    tw_arena *a = tw_arena_new(0);
    tw_stream st = {0};
    uint64_t spent = 0;
    uint32_t x = 12345;
    int good = 0;
    for (int i = 0; i < 8000; i++) {
        tw_buf text = TW_BUF_INIT, b = TW_BUF_INIT;
        for (int k = i % 600; k > 0; k--)
            tw_buf_putc(&text, "abcdefgh"[(x = x * 1664525u + 1013904223u) >> 24 & (7u >> i % 3)]);
        mk_deflate(&b, tw_buf_str(&text));
        for (int k = i % 4; k > 0; k--) {
            x = x * 1664525u + 1013904223u;
            b.p[(x >> 8) % b.n] = (char)(x >> 24);
        }
        static char want[1 << 16];
        z_stream z = {.next_in = (uint8_t *)b.p,
                      .avail_in = (unsigned)b.n,
                      .next_out = (uint8_t *)want,
                      .avail_out = sizeof want};
        CHECK_INT(inflateInit2(&z, -15), Z_OK);
        bool ok = inflate(&z, Z_FINISH) == Z_STREAM_END;
        tw_stream_open(&st, a, TW_CODEC_DEFLATE, tw_buf_str(&b), &lim, &spent);
        tw_buf got = read_all(&st);
        CHECK(tw_str_starts(tw_buf_str(&got), (tw_str){want, z.total_out}));
        if (ok) {
            good++;
            CHECK(tw_str_eq(tw_buf_str(&got), (tw_str){want, z.total_out}));
            CHECK_INT(st.odd & ~(uint32_t)TW_ODD_TRAILING, 0);
            CHECK_INT(st.in_off, z.total_in);
            CHECK_INT(st.crc, libdeflate_crc32(0, want, z.total_out));
        }
        inflateEnd(&z);
        tw_buf_free(&got), tw_buf_free(&text), tw_buf_free(&b);
    }
    CHECK(good > 2000);
    tw_stream_free(&st);
    tw_arena_free(a);
}

TESTS_MAIN()
