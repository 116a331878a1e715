/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Builders of small archives and a reader that keeps everything, for the tests of the artifact reader. */
#include "base/buf.h"
#include "engine/artifact/artifact.h"
#include "tap.h"

#include <libdeflate.h>

typedef struct entry {
    const char *name, *data;
    const char *cd_name; /* else name */
    tw_str extra, cd_extra;
    uint16_t method; /* 0 or 8 */
    uint16_t gp, cd_gp;
    uint32_t mode;                              /* with file type bits; 0: made by DOS */
    int32_t local_csize, local_usize, cd_usize; /* differences */
    uint32_t crc_xor, local_crc_xor;
    uint16_t as_method, local_method; /* written instead of method, 0 not */
    bool descriptor;                  /* sizes and CRC behind the data, zero before */
    bool no_cd;
} entry;

typedef struct placed {
    uint64_t off, csize, usize;
    uint32_t crc;
} placed;

static inline tw_str mk_deflate(tw_buf *to, tw_str s)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t from = to->n, cap = libdeflate_deflate_compress_bound(c, s.n);
    char *p = tw_buf_reserve(to, cap);
    size_t n = libdeflate_deflate_compress(c, s.p, s.n, p, cap);
    to->n += n;
    libdeflate_free_compressor(c);
    return (tw_str){to->p + from, n};
}

static inline tw_str mk_gzip(tw_buf *to, tw_str s)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t from = to->n, cap = libdeflate_gzip_compress_bound(c, s.n);
    char *p = tw_buf_reserve(to, cap);
    to->n += libdeflate_gzip_compress(c, s.p, s.n, p, cap);
    libdeflate_free_compressor(c);
    return (tw_str){to->p + from, to->n - from};
}

static inline placed zip_local(tw_buf *b, const entry *e)
{
    tw_str data = tw_str_c(e->data ? e->data : "");
    tw_buf packed = TW_BUF_INIT;
    if (e->method == 8)
        mk_deflate(&packed, data);
    else
        tw_buf_puts(&packed, data);
    placed p = {b->n, packed.n, data.n, libdeflate_crc32(0, data.p, data.n) ^ e->crc_xor};
    tw_str name = tw_str_c(e->name);
    tw_buf_put(b, "PK\3\4\x14\0", 6);
    tw_buf_u16le(b, (uint16_t)(e->gp | (e->descriptor ? 8 : 0)));
    tw_buf_u16le(b, e->local_method ? e->local_method : e->as_method ? e->as_method : e->method);
    tw_buf_u32le(b, 0x21);
    tw_buf_u32le(b, e->descriptor ? 0 : p.crc ^ e->local_crc_xor);
    tw_buf_u32le(b, e->descriptor ? 0 : (uint32_t)p.csize + (uint32_t)e->local_csize);
    tw_buf_u32le(b, e->descriptor ? 0 : (uint32_t)p.usize + (uint32_t)e->local_usize);
    tw_buf_u16le(b, (uint16_t)name.n);
    tw_buf_u16le(b, (uint16_t)e->extra.n);
    tw_buf_puts(b, name);
    tw_buf_puts(b, e->extra);
    tw_buf_puts(b, tw_buf_str(&packed));
    tw_buf_free(&packed);
    if (e->descriptor) {
        tw_buf_put(b, "PK\7\x8", 4);
        tw_buf_u32le(b, p.crc);
        tw_buf_u32le(b, (uint32_t)p.csize);
        tw_buf_u32le(b, (uint32_t)p.usize);
    }
    return p;
}

static inline void zip_central(tw_buf *b, const entry *e, placed p)
{
    tw_str name = tw_str_c(e->cd_name ? e->cd_name : e->name);
    tw_buf_put(b, "PK\1\2\x14", 5);
    tw_buf_u8(b, e->mode ? 3 : 0);
    tw_buf_put(b, "\x14\0", 2);
    tw_buf_u16le(b, (uint16_t)(e->cd_gp | e->gp | (e->descriptor ? 8 : 0)));
    tw_buf_u16le(b, e->as_method ? e->as_method : e->method);
    tw_buf_u32le(b, 0x21);
    tw_buf_u32le(b, p.crc);
    tw_buf_u32le(b, (uint32_t)p.csize);
    tw_buf_u32le(b, (uint32_t)p.usize + (uint32_t)e->cd_usize);
    tw_buf_u16le(b, (uint16_t)name.n);
    tw_buf_u16le(b, (uint16_t)e->cd_extra.n);
    tw_buf_put(b, "\0\0\0\0\0\0", 6);
    tw_buf_u32le(b, e->mode << 16);
    tw_buf_u32le(b, (uint32_t)p.off);
    tw_buf_puts(b, name);
    tw_buf_puts(b, e->cd_extra);
}

static inline void zip_end(tw_buf *b, uint64_t n, uint64_t size, uint64_t off, tw_str comment)
{
    tw_buf_put(b, "PK\5\6\0\0\0\0", 8);
    tw_buf_u16le(b, (uint16_t)n);
    tw_buf_u16le(b, (uint16_t)n);
    tw_buf_u32le(b, (uint32_t)size);
    tw_buf_u32le(b, (uint32_t)off);
    tw_buf_u16le(b, (uint16_t)comment.n);
    tw_buf_puts(b, comment);
}

/* A whole ZIP; offsets count from the start of the buffer. */
static inline void mk_zip(tw_buf *b, const entry *e, size_t n)
{
    placed at[16];
    size_t listed = 0;
    for (size_t i = 0; i < n; i++) at[i] = zip_local(b, &e[i]);
    uint64_t cd = b->n;
    for (size_t i = 0; i < n; i++)
        if (!e[i].no_cd) zip_central(b, &e[i], at[i]), listed++;
    zip_end(b, listed, b->n - cd, cd, TW_S(""));
}

/* --- tar --- */

static inline void tar_sum(char *h)
{
    unsigned sum = 0;
    memset(h + 148, ' ', 8);
    for (int i = 0; i < 512; i++) sum += (unsigned char)h[i];
    snprintf(h + 148, 8, "%06o", sum);
    h[155] = ' ';
}

static inline void tar_pad(tw_buf *b)
{
    while (b->n % 512) tw_buf_putc(b, '\0');
}

/* Returns where the header is, so that a test can spoil it. */
static inline size_t mk_tar(tw_buf *b, const char *name, char type, const char *link, tw_str data)
{
    char h[512] = {0};
    tar_pad(b);
    snprintf(h, 100, "%s", name);
    memcpy(h + 100,
           "0000644\0"
           "0000000\0"
           "0000000",
           24);
    snprintf(h + 124, 12, "%011o", (unsigned)data.n);
    memcpy(h + 136, "00000000000", 12);
    h[156] = type;
    snprintf(h + 157, 100, "%s", link);
    memcpy(h + 257,
           "ustar\0"
           "00",
           8);
    tar_sum(h);
    size_t at = b->n;
    tw_buf_put(b, h, sizeof h);
    tw_buf_puts(b, data);
    tar_pad(b);
    return at;
}

static inline void mk_pax(tw_buf *b, char type, const char *key, tw_str value)
{
    tw_buf rec = TW_BUF_INIT;
    size_t n = strlen(key) + value.n + 3;
    size_t len = n + 1;
    while (len != n + (size_t)snprintf(NULL, 0, "%zu", len)) len++;
    tw_buf_fmt(&rec, "%zu %s=", len, key);
    tw_buf_puts(&rec, value);
    tw_buf_putc(&rec, '\n');
    mk_tar(b, "pax", type, "", tw_buf_str(&rec));
    tw_buf_free(&rec);
}

static inline void tar_end(tw_buf *b)
{
    tar_pad(b);
    for (int i = 0; i < 1024; i++) tw_buf_putc(b, '\0');
}

/* --- reading --- */

typedef struct reading {
    tw_arena *arena;
    tw_findings findings;
    tw_coverage coverage;
    const char *format;
    uint64_t unpacked;
    TW_VEC(tw_member) m;
    TW_VEC(tw_str) data;
} reading;

static inline reading read_with(tw_str bytes, const char *name, const tw_limits *lim)
{
    reading r = {.arena = tw_arena_new(0)};
    tw_findings_init(&r.findings, r.arena, 0);
    tw_coverage_init(&r.coverage, r.arena);
    char *copy = tw_arena_alloc(r.arena, bytes.n); /* so that ASan sees a byte too many */
    if (bytes.n) memcpy(copy, bytes.p, bytes.n);
    tw_artifact *a =
        tw_artifact_open(r.arena, (tw_str){copy, bytes.n}, tw_str_c(name), lim, &r.findings, &r.coverage);
    tw_member m;
    tw_str data;
    while (tw_artifact_next(a, &m, &data)) {
        CHECK_INT(m.index, r.m.n);
        if (m.replaces != TW_NO_MEMBER) r.m.v[m.replaces].flags |= TW_MF_SHADOWED;
        TW_PUSH(r.arena, r.m, m);
        TW_PUSH(r.arena, r.data, data.p ? tw_arena_str(r.arena, data) : data);
        if (data.p) {
            tw_digest d = tw_sha256_of(data);
            CHECK(tw_digest_eq(&d, &m.sha256));
            CHECK_INT(data.n, m.size);
        }
    }
    r.format = tw_artifact_format(a);
    r.unpacked = tw_artifact_unpacked(a);
    tw_artifact_close(a);
    return r;
}

static inline reading read_as(const tw_buf *b, const char *name)
{
    tw_limits lim = tw_limits_default();
    return read_with(tw_buf_str(b), name, &lim);
}

static inline bool has_finding(const reading *r, const char *id)
{
    tw_finding_id f = tw_finding_by_name(tw_str_c(id));
    if (f == TW_FIND_MAX) fprintf(stderr, "no such finding: %s\n", id);
    return f != TW_FIND_MAX && r->findings.per_id[f] > 0;
}

static inline size_t n_findings(const reading *r, tw_severity least)
{
    size_t n = 0;
    for (uint32_t i = 0; i < r->findings.list.n; i++)
        n += tw_finding_info_of(r->findings.list.v[i].id)->severity >= least;
    return n;
}

static inline bool has_gap(const reading *r, tw_gap_reason why)
{
    for (uint32_t i = 0; i < r->coverage.gaps.n; i++)
        if (r->coverage.gaps.v[i].reason == why) return true;
    return false;
}

/* Index of the first member of this path whose content is `data` (any where NULL), -1 where none. */
static inline int find_member(const reading *r, const char *path, const char *data)
{
    for (uint32_t i = 0; i < r->m.n; i++)
        if (tw_str_eq(r->m.v[i].path, tw_str_c(path)) && (!data || tw_str_eq(r->data.v[i], tw_str_c(data))))
            return (int)i;
    return -1;
}

/* "path path ..." of all members, hidden ones with a "?" before. */
static inline tw_str paths_of(reading *r)
{
    tw_buf b = TW_BUF_INIT;
    for (uint32_t i = 0; i < r->m.n; i++) {
        if (i) tw_buf_putc(&b, ' ');
        if (r->m.v[i].flags & TW_MF_HIDDEN) tw_buf_putc(&b, '?');
        tw_buf_puts(&b, r->m.v[i].path);
    }
    tw_str s = tw_arena_str(r->arena, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

#define CHECK_FOUND(r, id)                                                                           \
    do {                                                                                             \
        if (!has_finding(&(r), id))                                                                  \
            fprintf(stderr, "%s:%d: no finding %s\n", __FILE__, __LINE__, id), tw_failed_in_test_++; \
    } while (0)

static inline void done(reading *r, tw_buf *b)
{
    r->arena = tw_arena_free(r->arena);
    tw_buf_free(b);
}
