/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/artifact_priv.h"

#include <libdeflate.h>

enum { M_STORED = 0, M_DEFLATE = 8, M_BZIP2 = 12, M_LZMA = 14, M_ZSTD_OLD = 20, M_ZSTD = 93, M_XZ = 95 };
enum { GP_ENCRYPTED = 1, GP_LZMA_END = 2, GP_DESCRIPTOR = 8, GP_STRONG = 0x40, GP_MASKED = 0x2000 };
enum {
    OLD_VERSION = 46,
    MAX_VERSION = 63
}; /* unzip skips entries above the one, zipfile refuses archives above the other */
enum { S_FMT = 0170000, S_LINK = 0120000, S_DIR = 0040000 };

void tw_zip_open(tw_artifact *a, tw_reader *r)
{
    tw_zip *z = &r->zip;
    uint64_t off;
    bool found = tw_zip_find_end(r->bytes, &off);
    z->has_end = found && tw_zip_read_end(r->bytes, off, &z->end);
    if (!found)
        FIND(a, ZIP_NO_EOCD, r->container, r->bytes.n, "none");
    else if (!z->has_end)
        FIND(a, ZIP_CD_SIZE, r->container, off, "directory larger than what stands before it");
    if (z->has_end) {
        tw_zip_end *e = &z->end;
        uint64_t stop = tw_zip_read_dir(a, r, e->cd, e->size, e->shift, false);
        if (stop != e->cd + e->size)
            FIND(a, ZIP_CD_SIZE, r->container, stop, "the directory ends at %llu, not %llu",
                 (unsigned long long)stop, (unsigned long long)(e->cd + e->size));
        if (z->entries.n != e->count)
            FIND(a, ZIP_COUNT, r->container, off, "%llu declared, %u there", (unsigned long long)e->count,
                 z->entries.n);
        if (e->bad64) FIND(a, ZIP_ZIP64, r->container, off, "end record");
        if (e->disks) FIND(a, ZIP_MULTIDISK, r->container, off, "disks");
        if (e->comment.n) FIND(a, ZIP_COMMENT, r->container, off, "%zu bytes", e->comment.n);
        if (e->short_comment) FIND(a, TRUNCATED, r->container, off, "the comment");
    }
    tw_zip_walk_all(a, r);
}

static void unread(tw_artifact *a, tw_item *it, tw_gap_reason why, uint64_t size, uint32_t flags)
{
    it->m.flags |= TW_MF_UNREAD | flags;
    it->m.kind = TW_KIND_DATA;
    tw_coverage_gap(a->coverage, a->n_members, why, 0, size);
}

static void damaged(tw_artifact *a, tw_item *it, tw_finding_id id, uint64_t off, const char *says)
{
    tw_finding_add(a->findings, id, a->n_members, off, "%s", says);
    it->m.flags |= TW_MF_DAMAGED;
}

/* One-shot inflate where the declared size may be true; false: the stream decides. */
static bool inflate_at_once(tw_artifact *a, tw_reader *r, const tw_zip_entry *e, tw_str in, tw_item *it)
{
    uint64_t packed = in.n < r->packed ? in.n : r->packed;
    bool bomb = e->usize > a->lim->ratio_floor && e->usize / a->lim->ratio > packed;
    if (e->unsized || bomb || e->usize > a->lim->member_bytes || e->usize / 1040 > in.n) return false;
    if (!a->inflate) a->inflate = libdeflate_alloc_decompressor();
    tw_buf_clear(&r->data);
    char *to = tw_buf_reserve(&r->data, (size_t)e->usize);
    size_t took = 0, made = 0;
    if (!a->inflate ||
        libdeflate_deflate_decompress_ex(a->inflate, in.p, in.n, to, (size_t)e->usize, &took, &made))
        return false;
    if (took != in.n) return false;
    if (!tw_spend(a, a->n_members, made)) return false;
    r->data.n = made;
    tw_item_set(it, (tw_str){to, made});
    return true;
}

static tw_codec codec_of(uint16_t method)
{
    static const struct {
        uint16_t method;
        tw_codec codec;
    } of[] = {{M_DEFLATE, TW_CODEC_DEFLATE}, {M_BZIP2, TW_CODEC_BZIP2},   {M_LZMA, TW_CODEC_LZMA},
              {M_ZSTD, TW_CODEC_ZSTD},       {M_ZSTD_OLD, TW_CODEC_ZSTD}, {M_XZ, TW_CODEC_XZ}};
    for (size_t i = 0; i < TW_COUNT(of); i++)
        if (of[i].method == method) return of[i].codec;
    return TW_CODEC_NONE;
}

/* ZIP's LZMA has a header of its own: made into the one of .lzma files. */
static tw_str lzma_alone(tw_reader *r, const tw_zip_entry *e, tw_str in)
{
    tw_buf *b = &r->tmp;
    tw_buf_clear(b);
    if (in.n < 9 || in.p[2] != 5 || in.p[3] != 0) return (tw_str){NULL, 0};
    tw_buf_put(b, in.p + 4, 5);
    tw_buf_u64le(b, e->gp & GP_LZMA_END ? UINT64_MAX : e->usize);
    tw_buf_put(b, in.p + 9, in.n - 9);
    return tw_buf_str(b);
}

static void inflate_stream(tw_artifact *a, tw_reader *r, const tw_zip_entry *e, tw_str in, tw_item *it)
{
    tw_stream *s = &r->stream;
    if (e->method == M_LZMA) in = lzma_alone(r, e, in);
    tw_stream_open(s, a->keep, codec_of(e->method), in, a->lim, &a->unpacked);
    s->packed = r->packed;
    tw_take_all(a, s, &r->data, it);
    r->zip.cut = (s->odd & TW_ODD_TRUNCATED) != 0;
    if (e->unsized) s->odd &= ~(uint32_t)TW_ODD_TRAILING;
    if (s->odd & TW_ODD_TRAILING) {
        FIND(a, ZIP_GAP, a->n_members, e->data + s->odd_off,
             "%llu bytes behind the compressed data of a member", (unsigned long long)(in.n - s->odd_off));
        s->odd &= ~(uint32_t)TW_ODD_TRAILING;
        r->zip.slack_from = e->data + s->odd_off;
        r->zip.slack_to = e->data + in.n;
    }
    if (s->odd) it->m.flags |= TW_MF_DAMAGED;
    s->parts = 0;
    tw_stream_report(a, s, a->n_members);
}

static void stored(tw_artifact *a, tw_reader *r, tw_str in, tw_item *it)
{
    if (!tw_spend(a, a->n_members, in.n)) {
        unread(a, it, TW_GAP_LIMIT, in.n, 0);
        return;
    }
    if (in.n <= a->lim->member_bytes) {
        tw_item_set(it, in);
        return;
    }
    tw_stream_open(&r->stream, a->keep, TW_CODEC_NONE, in, a->lim, &a->unpacked);
    tw_take_all(a, &r->stream, &r->data, it);
}

static void content(tw_artifact *a, tw_reader *r, const tw_zip_entry *e, tw_item *it)
{
    it->m.packed = e->csize;
    if (e->data == UINT64_MAX) {
        unread(a, it, TW_GAP_DAMAGED, e->csize, TW_MF_DAMAGED);
        return;
    }
    tw_str in =
        tw_str_sub(r->bytes, e->data, e->csize > r->bytes.n - e->data ? r->bytes.n : e->data + e->csize);
    if (e->gp & (GP_ENCRYPTED | GP_STRONG | GP_MASKED))
        FIND(a, ENCRYPTED, a->n_members, e->data, "%.*s", TW_FMT(e->name));
    if (e->gp & GP_ENCRYPTED) { /* the other two mean nothing without it, and most parsers ignore them */
        it->m.size = e->usize;
        unread(a, it, TW_GAP_ENCRYPTED, e->csize, TW_MF_ENCRYPTED);
        return;
    }
    if (e->method != M_STORED && e->method != M_DEFLATE)
        FIND(a, ZIP_METHOD, a->n_members, e->data, "%u", e->method);
    if (e->method != M_STORED && codec_of(e->method) == TW_CODEC_NONE) {
        it->m.size = e->usize;
        unread(a, it, TW_GAP_FORMAT, e->csize, 0);
        return;
    }
    if (in.n < e->csize) damaged(a, it, TW_FIND_TRUNCATED, e->data, "member data runs past the end");
    if (e->method == M_STORED)
        stored(a, r, in, it);
    else if (e->method != M_DEFLATE || !inflate_at_once(a, r, e, in, it))
        inflate_stream(a, r, e, in, it);
}

static void check_content(tw_artifact *a, tw_reader *r, const tw_zip_entry *e, tw_item *it)
{
    if (it->m.flags & TW_MF_UNREAD || e->unsized) return;
    if (it->m.size != e->usize) {
        FIND(a, SIZE_LIE, a->n_members, e->lfh, "%llu declared, %llu there", (unsigned long long)e->usize,
             (unsigned long long)it->m.size);
        it->m.flags |= TW_MF_DAMAGED;
    }
    uint32_t crc;
    if (it->data.p)
        crc = libdeflate_crc32(0, it->data.p, it->data.n);
    else if (e->method == M_DEFLATE)
        crc = r->stream.crc;
    else
        return;
    if (crc == e->crc) return;
    if (it->data.p && it->m.size > e->usize && libdeflate_crc32(0, it->data.p, (size_t)e->usize) == e->crc) {
        /* zipfile stops at the declared size and is content; others give the whole */
        r->zip.second = *it;
        r->zip.has_second = true;
        tw_item_set(it, tw_str_sub(it->data, 0, (size_t)e->usize));
        FIND(a, SPLIT_READING, a->n_members, e->lfh,
             "the declared size cuts the content, with a matching CRC-32");
        return;
    }
    if (r->zip.local_crc == crc)
        FIND(a, BAD_CRC, a->n_members, e->lfh, "CRC-32 in the directory");
    else
        damaged(a, it, TW_FIND_BAD_CRC, e->lfh, "CRC-32 of a member");
}

/* What the headers say beside the reading itself. */
static void say_headers(tw_artifact *a, tw_reader *r, tw_zip_entry *e)
{
    tw_zip_raw h;
    if (e->gp & GP_DESCRIPTOR && !r->zip.said_descriptor) {
        r->zip.said_descriptor = true;
        FIND(a, ZIP_DESCRIPTOR, r->container, e->lfh, "from the entry at %llu on",
             (unsigned long long)e->lfh);
    }
    if (tw_zip_raw_local(r->bytes, e->lfh, &h)) tw_zip_extra(a, a->n_members, &h, &e->alias);
    if (e->cdh == UINT64_MAX || !tw_zip_raw_central(r->bytes, e->cdh, &h)) return;
    tw_zip_extra(a, a->n_members, &h, &e->alias);
    if (h.version > (e->method > M_DEFLATE ? MAX_VERSION : OLD_VERSION))
        FIND(a, ZIP_VERSION, a->n_members, e->cdh, "%u.%u", h.version / 10, h.version % 10);
    if (h.disk && h.disk != 0xffff) FIND(a, ZIP_MULTIDISK, a->n_members, e->cdh, "disk %u", h.disk);
    if (h.comment.n && !r->zip.said_comment) {
        r->zip.said_comment = true;
        FIND(a, ZIP_COMMENT, a->n_members, e->cdh, "%zu bytes", h.comment.n);
    }
}

/* Findings from local header against central header. */
static void compare_local(tw_artifact *a, tw_reader *r, tw_zip_entry *e)
{
    tw_zip_local l;
    uint32_t m = a->n_members;
    if (!tw_zip_read_local(r->bytes, e->lfh, &l)) {
        FIND(a, ZIP_CD_ONLY, m, e->cdh, "%.*s", TW_FMT(e->name));
        return;
    }
    r->zip.local_crc = l.crc;
    if (e->cdh == UINT64_MAX) return;
    if (!tw_str_eq(l.name, e->name)) {
        FIND(a, ZIP_NAME_MISMATCH, m, e->lfh, "%.*s", TW_FMT(l.name));
        e->alias = l.name;
    }
    bool behind = l.gp & GP_DESCRIPTOR;
    bool sizes = (l.csize != e->csize && !(behind && l.csize == 0)) ||
                 (l.usize != e->usize && !(behind && l.usize == 0));
    bool methods =
        l.method != e->method || (l.gp ^ e->gp) & (GP_ENCRYPTED | GP_DESCRIPTOR | GP_STRONG | 0x800);
    if (sizes)
        FIND(a, ZIP_SIZE_MISMATCH, m, e->lfh, "%llu/%llu against %llu/%llu", (unsigned long long)l.csize,
             (unsigned long long)l.usize, (unsigned long long)e->csize, (unsigned long long)e->usize);
    if (l.crc != e->crc && !(behind && l.crc == 0))
        FIND(a, ZIP_CRC_MISMATCH, m, e->lfh, "%08x, %08x", l.crc, e->crc);
    if (methods)
        FIND(a, ZIP_METHOD_MISMATCH, m, e->lfh, "method %u, %u; flags %x, %x", l.method, e->method, l.gp,
             e->gp);
    if (!sizes && !methods) return;
    r->zip.local = *e;
    r->zip.local.method = l.method;
    r->zip.local.gp = l.gp;
    if (!(behind && l.csize == 0)) r->zip.local.csize = l.csize;
    if (!(behind && l.usize == 0)) r->zip.local.usize = l.usize;
    if (!(behind && l.crc == 0)) r->zip.local.crc = l.crc;
    r->zip.has_local = true;
}

/* --- members ------------------------------------------------------------------------------------------- */

static void describe(const tw_zip_entry *e, tw_item *it)
{
    it->m.path = e->name;
    it->m.alias = e->alias;
    it->m.off = e->lfh;
    it->m.mode = e->has_mode ? e->mode & 07777 : 0;
    if (e->hidden) it->m.flags |= TW_MF_HIDDEN;
}

/* Names end at a NUL for zipfile. */
static void cut_name(tw_artifact *a, tw_item *it)
{
    size_t nul = tw_str_chr(it->m.path, '\0');
    if (nul == TW_NPOS) return;
    FIND(a, BAD_NAME, a->n_members, it->m.off, "a NUL ends it: %.*s", TW_FMT(tw_str_sub(it->m.path, 0, nul)));
    it->m.alias = it->m.path;
    it->m.path = tw_str_sub(it->m.path, 0, nul);
}

/* A second reading of the entry just given; false where it gives the same content. */
static bool give_second(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_zip *z = &r->zip;
    if (z->has_second) {
        *it = z->second;
        z->has_second = false;
        it->m.flags |= TW_MF_HIDDEN;
        it->again = true;
        return true;
    }
    if (!z->has_local) return false;
    z->has_local = false;
    tw_undo undo;
    tw_undo_mark(a, &undo);
    describe(&z->local, it);
    content(a, r, &z->local, it);
    it->m.flags |= TW_MF_HIDDEN;
    it->again = true;
    bool same = it->hashed && tw_digest_eq(&it->m.sha256, &z->last);
    if (same || it->m.flags & TW_MF_UNREAD || (it->m.flags & TW_MF_DAMAGED && it->m.size == 0)) {
        tw_undo_to(a, &undo);
        return false;
    }
    FIND(a, SPLIT_READING, a->n_members, z->local.lfh, "content by the local header differs");
    return true;
}

bool tw_zip_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_zip *z = &r->zip;
    if (give_second(a, r, it)) return true;
    *it = (tw_item){0};
    if (z->slack_to) tw_zip_slack(a, r);
    if (z->next >= z->entries.n || a->stop) return false;
    tw_zip_entry *e = &z->entries.v[z->next++];
    bool dir = tw_str_ends(e->name, TW_S("/"));
    r->zip.local_crc = 0;
    if (!e->raw) say_headers(a, r, e);
    if (!e->raw) compare_local(a, r, e);
    if (e->cdh == UINT64_MAX && !e->raw)
        FIND(a, ZIP_LOCAL_ONLY, a->n_members, e->lfh, "%.*s", TW_FMT(e->name));
    describe(e, it);
    cut_name(a, it);
    if (!dir || e->csize || e->usize) {
        content(a, r, e, it);
        check_content(a, r, e, it);
    }
    z->last = it->m.sha256;
    if (z->cut && e->gp & GP_DESCRIPTOR && e->method == M_DEFLATE && !e->unsized) {
        /* with the sizes behind the data, bsdtar inflates on whatever the directory says */
        z->local = *e;
        z->local.csize = r->bytes.n - e->data;
        z->local.unsized = z->has_local = true;
    }
    z->cut = false;
    if (dir) {
        it->m.type = TW_MEMBER_DIR;
        if (it->m.size == 0) return true;
        FIND(a, ZIP_DIR_DATA, a->n_members, e->lfh, "%.*s", TW_FMT(e->name));
        it->m.type = TW_MEMBER_FILE;
    } else if (e->has_mode && (e->mode & S_FMT) == S_LINK && it->data.p) {
        /* unzip makes a link of it, pip a file: both are given */
        z->second = *it;
        z->has_second = true;
        it->m.type = TW_MEMBER_SYMLINK;
        it->m.link = tw_str_sub(it->data, 0, a->lim->name_bytes);
    }
    return true;
}
