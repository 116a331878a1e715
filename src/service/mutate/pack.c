/* SPDX-License-Identifier: Apache-2.0 */
/* Plain archives: zip with stored members, ustar (PAX for long names) in gzip. No dates: equal files give equal bytes. */
#include <stdio.h>
#include <zlib.h>

#include "service/mutate/mutate.h"

enum { BLOCK = 512, NAME = 100, DATE_1980 = 0x21 };

static void local_fields(tw_buf *b, const tw_mut_file *f, uint32_t crc)
{
    tw_buf_u16le(b, 20);      /* version needed */
    tw_buf_u16le(b, 1 << 11); /* names are UTF-8 */
    tw_buf_u16le(b, 0);       /* stored */
    tw_buf_u16le(b, 0);
    tw_buf_u16le(b, DATE_1980);
    tw_buf_u32le(b, crc);
    tw_buf_u32le(b, (uint32_t)f->data.n);
    tw_buf_u32le(b, (uint32_t)f->data.n);
    tw_buf_u16le(b, (uint16_t)f->path.n);
    tw_buf_u16le(b, 0);
}

static uint32_t crc_of(tw_str s)
{
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const Bytef *)s.p, s.n);
}

void tw_mut_zip(const tw_mut_file *files, uint32_t n, tw_buf *out)
{
    tw_buf central = TW_BUF_INIT;
    for (uint32_t i = 0; i < n; i++) {
        const tw_mut_file *f = &files[i];
        uint32_t crc = crc_of(f->data), at = (uint32_t)out->n;
        tw_buf_u32le(out, 0x04034b50);
        local_fields(out, f, crc);
        tw_buf_puts(out, f->path);
        tw_buf_puts(out, f->data);
        tw_buf_u32le(&central, 0x02014b50);
        tw_buf_u16le(&central, 3 << 8 | 20); /* made on Unix */
        local_fields(&central, f, crc);
        tw_buf_u16le(&central, 0);
        tw_buf_u16le(&central, 0);
        tw_buf_u16le(&central, 0);
        tw_buf_u32le(&central, (0100000u | (f->mode ? f->mode : 0644u)) << 16);
        tw_buf_u32le(&central, at);
        tw_buf_puts(&central, f->path);
    }
    uint32_t start = (uint32_t)out->n;
    tw_buf_puts(out, tw_buf_str(&central));
    tw_buf_u32le(out, 0x06054b50);
    tw_buf_u32le(out, 0);
    tw_buf_u16le(out, (uint16_t)n);
    tw_buf_u16le(out, (uint16_t)n);
    tw_buf_u32le(out, (uint32_t)central.n);
    tw_buf_u32le(out, start);
    tw_buf_u16le(out, 0);
    tw_buf_free(&central);
}

static void header(tw_buf *b, tw_str name, uint64_t size, uint32_t mode, char type)
{
    char h[BLOCK] = {0};
    memcpy(h, name.p, name.n < NAME ? name.n : NAME);
    snprintf(h + 100, 8, "%07o", mode ? mode & 07777 : 0644);
    snprintf(h + 108, 8, "%07o", 0);
    snprintf(h + 116, 8, "%07o", 0);
    snprintf(h + 124, 12, "%011llo", (unsigned long long)size);
    snprintf(h + 136, 12, "%011o", 0);
    memset(h + 148, ' ', 8);
    h[156] = type;
    memcpy(h + 257, "ustar\00000", 8);
    unsigned sum = 0;
    for (int i = 0; i < BLOCK; i++) sum += (unsigned char)h[i];
    snprintf(h + 148, 8, "%06o", sum);
    tw_buf_put(b, h, BLOCK);
}

static void body(tw_buf *b, tw_str data)
{
    static const char zeros[BLOCK];
    tw_buf_puts(b, data);
    if (data.n % BLOCK) tw_buf_put(b, zeros, BLOCK - data.n % BLOCK);
}

/* "27 path=...\n": the length counts itself. */
static tw_str pax(tw_arena *a, tw_str path)
{
    size_t n = path.n + 7, digits = 1;
    for (size_t k = 0; k < 3; k++) digits = (size_t)snprintf(NULL, 0, "%zu", n + digits);
    return tw_arena_fmt(a, "%zu path=%.*s\n", n + digits, TW_FMT(path));
}

void tw_mut_tgz(tw_arena *a, const tw_mut_file *files, uint32_t n, tw_buf *out)
{
    static const char end[2 * BLOCK];
    tw_buf tar = TW_BUF_INIT;
    for (uint32_t i = 0; i < n; i++) {
        if (files[i].path.n >= NAME) {
            tw_str x = pax(a, files[i].path);
            header(&tar, TW_S("pax"), x.n, 0, 'x');
            body(&tar, x);
        }
        header(&tar, files[i].path, files[i].data.n, files[i].mode, '0');
        body(&tar, files[i].data);
    }
    tw_buf_put(&tar, end, sizeof end);
    z_stream z = {0};
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) {
        uLong most = deflateBound(&z, (uLong)tar.n);
        char *to = tw_buf_reserve(out, most);
        z.next_in = (Bytef *)tar.p;
        z.avail_in = (uInt)tar.n;
        z.next_out = (Bytef *)to;
        z.avail_out = (uInt)most;
        if (to && deflate(&z, Z_FINISH) == Z_STREAM_END) out->n += (size_t)z.total_out;
        deflateEnd(&z);
    }
    tw_buf_free(&tar);
}

/* As src/engine/artifact/pack.c describes it. */
void tw_mut_pack(const tw_mut_file *files, uint32_t n, tw_buf *out)
{
    tw_buf_puts(out, TW_S("TIDEWAITER PACK 1\n"));
    for (uint32_t i = 0; i <= n; i++) {
        bool end = i == n;
        tw_buf_u8(out, end ? 255 : 0);
        tw_buf_u32le(out, end ? 0 : files[i].mode ? files[i].mode : 0644);
        tw_buf_u32le(out, end ? 0 : (uint32_t)files[i].path.n);
        tw_buf_u32le(out, 0);
        tw_buf_u64le(out, end ? 0 : files[i].data.n);
        if (end) break;
        tw_buf_puts(out, files[i].path);
        tw_buf_puts(out, files[i].data);
    }
}
