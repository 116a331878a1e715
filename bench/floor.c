/* SPDX-License-Identifier: Apache-2.0 */
/* The floor under every reader: inflate + CRC + SHA-256 of what an archive plainly says it holds, with no check, no
 * name, no second look. Prints packed and unpacked bytes, CPU seconds, peak memory. Usage: bench_floor LIST */
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/os.h"
#include "base/sha256.h"
#include "measure.h"

static struct libdeflate_decompressor *inflater;
static uint64_t unpacked, members;

static void hash(const void *p, size_t n)
{
    tw_digest d = tw_sha256_of((tw_str){p, n});
    sink ^= d.b[0];
    unpacked += n;
    members++;
}

static void floor_zip(tw_str z)
{
    size_t at = z.n;
    while (at-- > 0 && z.n - at < 70000)
        if (z.n - at >= 22 && !memcmp(z.p + at, "PK\5\6", 4)) break;
    tw_cur c = tw_cur_of(z);
    tw_cur_seek(&c, at + 10);
    unsigned n = tw_cur_u16le(&c);
    tw_cur_skip(&c, 4);
    tw_cur_seek(&c, tw_cur_u32le(&c));
    while (n-- && !c.bad) {
        tw_cur_skip(&c, 10);
        unsigned method = tw_cur_u16le(&c);
        tw_cur_skip(&c, 8);
        uint32_t packed = tw_cur_u32le(&c), size = tw_cur_u32le(&c);
        unsigned skip = tw_cur_u16le(&c);
        skip += tw_cur_u16le(&c);
        skip += tw_cur_u16le(&c);
        tw_cur_skip(&c, 8);
        tw_cur local = tw_cur_of(z);
        tw_cur_seek(&local, (uint64_t)tw_cur_u32le(&c) + 26);
        tw_cur_skip(&c, skip);
        unsigned more = tw_cur_u16le(&local);
        more += tw_cur_u16le(&local);
        tw_cur_skip(&local, more);
        tw_str data = tw_cur_take(&local, packed);
        char *out = room(size);
        size_t got = 0;
        if (method == 0)
            memcpy(out, data.p, got = data.n < size ? data.n : size);
        else
            libdeflate_deflate_decompress(inflater, data.p, data.n, out, size, &got);
        sink ^= (uint8_t)libdeflate_crc32(0, out, got);
        hash(out, got);
    }
}

/* igzip streams; the tar inside is hashed in 64 KiB steps, as if its members had no heads. */
static void floor_gzip(tw_str z)
{
    static uint8_t out[64 << 10];
    struct inflate_state s;
    struct isal_gzip_header head;
    isal_inflate_init(&s);
    isal_gzip_header_init(&head);
    s.next_in = (uint8_t *)(uintptr_t)z.p;
    s.avail_in = (uint32_t)z.n;
    s.crc_flag = ISAL_GZIP;
    tw_sha256 sha;
    tw_sha256_init(&sha);
    do {
        s.next_out = out;
        s.avail_out = sizeof out;
        if (isal_inflate(&s) != ISAL_DECOMP_OK) break;
        size_t got = sizeof out - s.avail_out;
        tw_sha256_add(&sha, out, got);
        unpacked += got;
        if (!got && !s.avail_in) break;
    } while (s.block_state != ISAL_BLOCK_FINISH);
    sink ^= tw_sha256_end(&sha).b[0];
    members++;
}

int main(int argc, char **argv)
{
    inflater = libdeflate_alloc_decompressor();
    uint64_t packed = 0, files = 0;
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!list) return 2;
    char path[4096];
    while (fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = 0;
        tw_map_file f;
        if (tw_map_file_open(path, &f, NULL) != TW_OK) continue;
        packed += f.bytes.n;
        files++;
        if (f.bytes.n > 22 && !memcmp(f.bytes.p, "PK", 2))
            floor_zip(f.bytes);
        else if (f.bytes.n > 18 && !memcmp(f.bytes.p, "\x1f\x8b", 2))
            floor_gzip(f.bytes);
        tw_unmap_file(&f);
    }
    fclose(list);
    report("floor", files, members, packed, unpacked);
    libdeflate_free_decompressor(inflater);
    return 0;
}
