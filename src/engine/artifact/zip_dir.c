/* SPDX-License-Identifier: Apache-2.0 */
/* The central directory as Python's zipfile finds and reads it: the reading pip and zipimport have. */
#include "engine/artifact/artifact_priv.h"

#include "base/cursor.h"
#include "base/utf8.h"

#include <libdeflate.h>

enum {
    END_SIZE = 22,
    LOCATOR_SIZE = 20,
    END64_SIZE = 56,
    CDH_SIZE = 46,
    LFH_SIZE = 30,
    TAIL = (1 << 16) + END_SIZE
};
static const tw_str END = TW_SI("PK\5\6"), LOCATOR = TW_SI("PK\6\7"), END64 = TW_SI("PK\6\6"),
                    CDH = TW_SI("PK\1\2"), LFH = TW_SI("PK\3\4");

static bool is_at(tw_str b, uint64_t off, tw_str magic)
{
    return off <= b.n && tw_str_starts(tw_str_sub(b, (size_t)off, b.n), magic);
}

bool tw_zip_find_end(tw_str b, uint64_t *ret_off)
{
    if (b.n < END_SIZE) return false;
    size_t last = b.n - END_SIZE;
    *ret_off = last;
    if (is_at(b, last, END) && b.p[b.n - 1] == 0 && b.p[b.n - 2] == 0) return true;
    tw_str tail = tw_str_sub(b, b.n > TAIL ? b.n - TAIL : 0, b.n);
    size_t base = b.n - tail.n;
    for (size_t n = tail.n; n;) {
        size_t i = tw_str_rchr(tw_str_sub(tail, 0, n), '\6');
        if (i == TW_NPOS || i < 3) return false;
        if (memcmp(tail.p + i - 3, "PK\5", 3) == 0) {
            *ret_off = base + i - 3;
            return *ret_off + END_SIZE <= b.n;
        }
        n = i;
    }
    return false;
}

/* The ZIP64 record where zipfile expects it: directly before its locator. */
static void read_end64(tw_str b, tw_zip_end *e)
{
    if (e->off < LOCATOR_SIZE || !is_at(b, e->off - LOCATOR_SIZE, LOCATOR)) return;
    tw_cur c = tw_cur_of(b);
    tw_cur_seek(&c, e->off - LOCATOR_SIZE + 4);
    uint32_t disk = tw_cur_u32le(&c);
    uint64_t at = tw_cur_u64le(&c);
    uint32_t disks = tw_cur_u32le(&c);
    e->disks |= disk != 0 || disks > 1;
    uint64_t here = e->off - LOCATOR_SIZE - END64_SIZE;
    if (e->off < LOCATOR_SIZE + END64_SIZE || !is_at(b, here, END64)) {
        e->bad64 = true;
        return;
    }
    tw_cur_seek(&c, here + 4);
    uint64_t size = tw_cur_u64le(&c);
    tw_cur_skip(&c, 4);
    uint32_t d1 = tw_cur_u32le(&c), d2 = tw_cur_u32le(&c);
    uint64_t n1 = tw_cur_u64le(&c);
    e->count = tw_cur_u64le(&c);
    e->size = tw_cur_u64le(&c);
    e->cd_off = tw_cur_u64le(&c);
    e->zip64 = true;
    e->disks |= d1 || d2 || n1 != e->count;
    e->bad64 = size != END64_SIZE - 12 || at != here;
}

bool tw_zip_read_end(tw_str b, uint64_t off, tw_zip_end *ret)
{
    tw_cur c = tw_cur_of(b);
    tw_cur_seek(&c, off + 4);
    *ret = (tw_zip_end){.off = off};
    uint32_t d1 = tw_cur_u16le(&c), d2 = tw_cur_u16le(&c), n1 = tw_cur_u16le(&c);
    ret->count = tw_cur_u16le(&c);
    ret->size = tw_cur_u32le(&c);
    ret->cd_off = tw_cur_u32le(&c);
    uint32_t comment = tw_cur_u16le(&c);
    if (c.bad) return false;
    ret->comment = tw_str_sub(b, c.off, c.off + comment);
    ret->short_comment = ret->comment.n < comment;
    read_end64(b, ret);
    if (!ret->zip64) ret->disks |= d1 || d2 || n1 != ret->count;
    uint64_t before = off - (ret->zip64 ? LOCATOR_SIZE + END64_SIZE : 0);
    if (ret->size > before) return false;
    ret->cd = before - ret->size;
    if (ret->cd_off > INT64_MAX) return false;
    ret->shift = (int64_t)ret->cd - (int64_t)ret->cd_off;
    return true;
}

bool tw_zip_has_end(tw_str b, bool exact)
{
    uint64_t off;
    tw_zip_end e;
    if (!tw_zip_find_end(b, &off)) return false;
    bool ok = tw_zip_read_end(b, off, &e);
    if (exact) return ok && off + END_SIZE + e.comment.n == b.n && e.size && is_at(b, e.cd, CDH);
    if ((ok && is_at(b, e.cd, CDH)) || is_at(b, e.cd_off, CDH)) return e.size > 0;
    /* unzip and bsdtar look for the directory where size and offset are wrong */
    return !e.disks && e.count && tw_str_find(b, CDH) != TW_NPOS;
}

bool tw_zip64_sizes(tw_str extra, uint64_t *usize, uint64_t *csize, uint64_t *lfh)
{
    uint64_t *const want[] = {usize, csize, lfh};
    tw_cur x = tw_cur_of(extra);
    while (tw_cur_left(&x) >= 4) {
        uint16_t id = tw_cur_u16le(&x);
        tw_str body = tw_cur_take(&x, tw_cur_u16le(&x));
        if (x.bad) return false;
        if (id != 1) continue;
        tw_cur c = tw_cur_of(body);
        for (size_t i = 0; i < TW_COUNT(want); i++)
            if (want[i] && *want[i] == UINT32_MAX) *want[i] = tw_cur_u64le(&c);
        return !c.bad;
    }
    return true;
}

bool tw_zip_read_local(tw_str b, uint64_t off, tw_zip_local *ret)
{
    if (!is_at(b, off, LFH) || off + LFH_SIZE > b.n) return false;
    tw_cur c = tw_cur_of(b);
    tw_cur_seek(&c, off + 6);
    ret->gp = tw_cur_u16le(&c);
    ret->method = tw_cur_u16le(&c);
    tw_cur_skip(&c, 4);
    ret->crc = tw_cur_u32le(&c);
    ret->csize = tw_cur_u32le(&c);
    ret->usize = tw_cur_u32le(&c);
    uint16_t n = tw_cur_u16le(&c), x = tw_cur_u16le(&c);
    ret->name = tw_cur_take(&c, n);
    ret->extra = tw_cur_take(&c, x);
    ret->data = c.off;
    if (!c.bad) tw_zip64_sizes(ret->extra, &ret->usize, &ret->csize, NULL);
    return !c.bad;
}

/* Sizes in a field that the header does not ask for, and that are not those of the header. */
static void check_zip64(tw_artifact *a, uint32_t member, uint64_t off, tw_str body, uint64_t usize,
                        uint64_t csize)
{
    if (body.n % 8 ? body.n != 28 : body.n > 28)
        FIND(a, ZIP_ZIP64, member, off, "extra field of %zu bytes", body.n);
    if (usize == UINT32_MAX || csize == UINT32_MAX || body.n < 16) return;
    tw_cur c = tw_cur_of(body);
    uint64_t u = tw_cur_u64le(&c), p = tw_cur_u64le(&c);
    if ((u || p) && (u != usize || p != csize))
        FIND(a, ZIP_ZIP64, member, off, "other sizes in the extra field");
}

void tw_zip_extra(tw_artifact *a, uint32_t member, const tw_zip_raw *raw, tw_str *ret_name)
{
    tw_str x = raw->extra, name = raw->name;
    uint64_t off = raw->off;
    uint32_t seen64 = 0, seen_name = 0;
    tw_cur c = tw_cur_of(x);
    while (tw_cur_left(&c)) {
        uint16_t id = tw_cur_u16le(&c), n = tw_cur_u16le(&c);
        tw_str body = tw_cur_take(&c, n);
        if (c.bad) {
            FIND(a, ZIP_EXTRA, member, off, "length runs past the field");
            return;
        }
        if (id == 0x0001) {
            seen64++;
            check_zip64(a, member, off, body, raw->usize, raw->csize);
        }
        if (id == 0x7075) {
            seen_name++;
            tw_str other = tw_str_sub(body, 5, body.n);
            bool bad = n < 6 || !tw_utf8_valid(other);
            if (bad)
                FIND(a, ZIP_EXTRA, member, off, "Unicode path is malformed");
            else if (!tw_str_eq(other, name))
                FIND(a, ZIP_UNICODE_NAME, member, off, "%.*s", TW_FMT(other));
            if (other.n && !tw_str_eq(other, name)) *ret_name = other; /* unzip takes a bad one too */
        }
    }
    if (seen64 > 1 || seen_name > 1) FIND(a, ZIP_EXTRA, member, off, "a field stands twice");
}

bool tw_zip_raw_local(tw_str b, uint64_t off, tw_zip_raw *ret)
{
    if (!is_at(b, off, LFH)) return false;
    tw_cur c = tw_cur_of(b);
    *ret = (tw_zip_raw){.off = off};
    tw_cur_seek(&c, off + 18);
    ret->csize = tw_cur_u32le(&c);
    ret->usize = tw_cur_u32le(&c);
    uint16_t n = tw_cur_u16le(&c), x = tw_cur_u16le(&c);
    ret->name = tw_cur_take(&c, n);
    ret->extra = tw_cur_take(&c, x);
    return !c.bad;
}

bool tw_zip_raw_central(tw_str b, uint64_t off, tw_zip_raw *ret)
{
    if (!is_at(b, off, CDH)) return false;
    tw_cur c = tw_cur_of(b);
    *ret = (tw_zip_raw){.off = off};
    tw_cur_seek(&c, off + 6);
    ret->version = tw_cur_u8(&c); /* the other byte names a system */
    tw_cur_skip(&c, 13);
    ret->csize = tw_cur_u32le(&c);
    ret->usize = tw_cur_u32le(&c);
    uint16_t n = tw_cur_u16le(&c), x = tw_cur_u16le(&c), k = tw_cur_u16le(&c);
    ret->disk = tw_cur_u16le(&c);
    tw_cur_skip(&c, 10);
    ret->name = tw_cur_take(&c, n);
    ret->extra = tw_cur_take(&c, x);
    ret->comment = tw_cur_take(&c, k);
    return !c.bad;
}

static bool read_cdh(tw_cur *c, int64_t shift, tw_zip_entry *e)
{
    e->cdh = c->off;
    tw_cur_skip(c, 5);
    e->has_mode = tw_cur_u8(c) == 3;
    tw_cur_skip(c, 2);
    e->gp = tw_cur_u16le(c);
    e->method = tw_cur_u16le(c);
    tw_cur_skip(c, 4);
    e->crc = tw_cur_u32le(c);
    e->csize = tw_cur_u32le(c);
    e->usize = tw_cur_u32le(c);
    uint16_t n = tw_cur_u16le(c), x = tw_cur_u16le(c), k = tw_cur_u16le(c);
    tw_cur_skip(c, 4);
    e->mode = tw_cur_u32le(c) >> 16;
    e->lfh = tw_cur_u32le(c);
    e->name = tw_cur_take(c, n);
    tw_str extra = tw_cur_take(c, x);
    tw_cur_skip(c, k);
    if (c->bad) return false;
    tw_zip64_sizes(extra, &e->usize, &e->csize, &e->lfh);
    int64_t at;
    if (e->lfh > INT64_MAX || __builtin_add_overflow((int64_t)e->lfh, shift, &at) || at < 0) at = INT64_MAX;
    e->lfh = (uint64_t)at;
    return true;
}

uint64_t tw_zip_read_dir(tw_artifact *a, tw_reader *r, uint64_t at, uint64_t size, int64_t shift, bool hidden)
{
    tw_cur c = tw_cur_of(r->bytes);
    tw_cur_seek(&c, at);
    uint64_t end = c.bad ? at : at + size;
    while (!c.bad && c.off < end && r->zip.entries.n <= a->lim->members) {
        uint64_t here = c.off;
        tw_zip_entry e = {.hidden = hidden, .data = UINT64_MAX};
        if (!is_at(r->bytes, here, CDH) || !read_cdh(&c, shift, &e)) return here;
        tw_zip_local l;
        if (tw_zip_read_local(r->bytes, e.lfh, &l)) e.data = l.data;
        TW_PUSH(a->work, r->zip.entries, e);
    }
    return c.bad ? at : c.off;
}
