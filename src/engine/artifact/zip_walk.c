/* SPDX-License-Identifier: Apache-2.0 */
/* The readings that zipfile does not have: local headers one after the other from byte 0 (bsdtar on a
 * stream), other end records and directories, and whatever stands where no record should. */
#include "engine/artifact/artifact_priv.h"

#include "base/cursor.h"

#include <stdlib.h>

enum { MAX_RUNS = 64, GP_DESCRIPTOR = 8, END_SIZE = 22, LOCATOR_SIZE = 20, CDH_SIZE = 46 };

typedef struct span {
    uint64_t from, to;
} span;

typedef struct tw_zip_walk {
    tw_artifact *a;
    tw_reader *r;
    tw_str b;
    uint64_t pos;
    tw_map known;            /* offset of a local header + name -> entry index + 1 */
    TW_VEC(uint64_t) starts; /* sorted: where records of the main reading start */
    TW_VEC(span) runs;       /* central headers outside the main directory */
    uint64_t end, after;     /* main end record, first byte behind it */
    uint32_t ends;           /* other end records seen */
    uint64_t budget;         /* bytes that may yet be searched, so that no input costs its square */
} walk;

enum sig { SIG_NONE, SIG_LFH, SIG_CDH, SIG_END, SIG_END64, SIG_LOCATOR, SIG_DESCRIPTOR, SIG_OTHER };

static enum sig sig_at(tw_str b, uint64_t off)
{
    static const struct {
        char magic[3];
        uint8_t sig;
    } sigs[] = {{"\3\4", SIG_LFH},   {"\1\2", SIG_CDH},     {"\5\6", SIG_END},
                {"\6\6", SIG_END64}, {"\6\7", SIG_LOCATOR}, {"\7\x8", SIG_DESCRIPTOR}};
    if (off > b.n || b.n - off < 4 || b.p[off] != 'P' || b.p[off + 1] != 'K') return SIG_NONE;
    for (size_t i = 0; i < TW_COUNT(sigs); i++)
        if (memcmp(b.p + off + 2, sigs[i].magic, 2) == 0) return (enum sig)sigs[i].sig;
    return (uint8_t)b.p[off + 2] < 16 && (uint8_t)b.p[off + 3] < 16 ? SIG_OTHER : SIG_NONE;
}

static tw_str key_of(walk *w, uint64_t lfh, tw_str name)
{
    tw_buf *t = &w->a->norm;
    tw_buf_clear(t);
    tw_buf_u64le(t, lfh);
    tw_buf_puts(t, name);
    return tw_buf_str(t);
}

static bool is_known(walk *w, uint64_t lfh, tw_str name)
{
    return tw_map_get(&w->known, key_of(w, lfh, name)) != NULL;
}

static void learn(walk *w, uint32_t entry)
{
    const tw_zip_entry *e = &w->r->zip.entries.v[entry];
    const tw_str keys[] = {key_of(w, e->lfh, e->name), TW_S("")};
    if (!tw_map_get(&w->known, keys[0]))
        *tw_map_put(&w->known, tw_arena_str(w->a->work, keys[0]), NULL) = entry + 1;
    tw_str bare = key_of(w, e->lfh, keys[1]);
    if (!tw_map_get(&w->known, bare))
        *tw_map_put(&w->known, tw_arena_str(w->a->work, bare), NULL) = entry + 1;
}

/* --- other directories --------------------------------------------------------------------------------- */

/* Reads a directory of another reading; keeps entries that no earlier reading had. */
static void other_dir(walk *w, uint64_t at, uint64_t size, int64_t shift)
{
    tw_zip *z = &w->r->zip;
    uint32_t from = z->entries.n, to = from;
    if (sig_at(w->b, at) != SIG_CDH) return;
    tw_zip_read_dir(w->a, w->r, at, size, shift, true);
    for (uint32_t i = from; i < z->entries.n; i++) {
        tw_zip_entry e = z->entries.v[i];
        if (e.data == UINT64_MAX || is_known(w, e.lfh, e.name)) continue;
        z->entries.v[to] = e;
        learn(w, to++);
    }
    z->entries.n = to;
    if (to > from)
        FIND(w->a, SPLIT_READING, w->r->container, at, "another central directory lists %u more", to - from);
}

static void other_end(walk *w, uint64_t off)
{
    tw_zip_end e;
    if (w->ends++ < 16)
        FIND(w->a, ZIP_MULTIPLE_EOCD, w->r->container, off, "at %llu", (unsigned long long)off);
    if (w->ends > 16 || !tw_zip_read_end(w->b, off, &e)) return;
    other_dir(w, e.cd, e.size, e.shift);
    if (e.shift) other_dir(w, e.cd_off, e.size, 0);
}

/* --- records in a row ---------------------------------------------------------------------------------- */

static uint64_t next_start(const walk *w, uint64_t pos)
{
    uint32_t lo = 0, hi = w->starts.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (w->starts.v[mid] > pos)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo < w->starts.n ? w->starts.v[lo] : w->b.n;
}

static bool is_start(const walk *w, uint64_t off)
{
    return off == w->b.n || (off > 0 && next_start(w, off - 1) == off) || sig_at(w->b, off) != SIG_NONE;
}

static bool plausible_local(walk *w, uint64_t off, tw_zip_local *l)
{
    return tw_zip_read_local(w->b, off, l) && l->name.n && l->method < 100 && l->data <= w->b.n;
}

/* Past the data descriptor at `at`, if one is there; with and without signature, 32 and 64 bits. */
static uint64_t past_descriptor(const walk *w, uint64_t at)
{
    static const uint8_t with[] = {16, 24}, without[] = {12, 20};
    const uint8_t *sizes = sig_at(w->b, at) == SIG_DESCRIPTOR ? with : without;
    for (int i = 0; i < 2; i++)
        if (is_start(w, at + sizes[i])) return at + sizes[i];
    return sizes == with && at + with[0] <= w->b.n ? at + with[0] : at;
}

/* A descriptor that contradicts the directory. */
static void check_descriptor(walk *w, uint64_t at, const tw_zip_entry *known)
{
    tw_cur c = tw_cur_of(w->b);
    if (sig_at(w->b, at) != SIG_DESCRIPTOR || known->usize >= UINT32_MAX || known->csize >= UINT32_MAX)
        return;
    tw_cur_seek(&c, at + 4);
    uint32_t crc = tw_cur_u32le(&c), csize = tw_cur_u32le(&c), usize = tw_cur_u32le(&c);
    if (c.bad) return;
    bool wide = csize == known->csize && usize == 0; /* 64-bit sizes */
    if (crc != known->crc) FIND(w->a, ZIP_CRC_MISMATCH, w->r->container, at, "in a data descriptor");
    if (!wide && (csize != known->csize || usize != known->usize))
        FIND(w->a, ZIP_SIZE_MISMATCH, w->r->container, at, "in a data descriptor");
}

static bool may_go_on(const walk *w)
{
    return w->r->zip.entries.n <= w->a->lim->members && !w->a->stop && w->budget;
}

static void pay(walk *w, uint64_t bytes)
{
    if (w->budget == 0) return;
    w->budget -= bytes < w->budget ? bytes : w->budget;
    if (w->budget == 0)
        tw_limit_hit(w->a, w->r->container, TW_LIMIT_ratio, w->pos,
                     "a ZIP that is searched for many times its size");
}

/* Where the data of a local entry of unknown size ends. */
static uint64_t find_end(walk *w, const tw_zip_local *l)
{
    tw_str in = tw_str_sub(w->b, l->data, w->b.n);
    if (l->method == 8) {
        tw_stream *s = &w->r->stream;
        tw_stream_open(s, w->a->keep, TW_CODEC_DEFLATE, in, w->a->lim, &w->a->unpacked);
        tw_stream_drop(s, w->a->lim->member_bytes);
        pay(w, s->in_off);
        if (s->ended && !(s->odd & ~(uint32_t)TW_ODD_TRAILING)) return l->data + s->in_off;
    }
    size_t at = 0;
    uint64_t found = UINT64_MAX;
    while (at < in.n && w->budget && found == UINT64_MAX) {
        size_t i = tw_str_find(tw_str_sub(in, at, in.n), TW_S("PK\7\x8"));
        pay(w, i == TW_NPOS ? in.n - at : i + 4);
        if (i == TW_NPOS) break;
        at += i;
        tw_cur c = tw_cur_of(tw_str_sub(in, at + 8, in.n));
        if (tw_cur_u32le(&c) == (uint32_t)at && !c.bad) found = l->data + at;
        at += 4;
    }
    return found;
}

static void hidden_local(walk *w, uint64_t off, const tw_zip_local *l, uint64_t end, bool unsized)
{
    tw_zip_entry e = {.lfh = off,
                      .data = l->data,
                      .csize = l->csize,
                      .usize = l->usize,
                      .cdh = UINT64_MAX,
                      .crc = l->crc,
                      .method = l->method,
                      .gp = l->gp,
                      .hidden = true,
                      .unsized = unsized,
                      .name = l->name};
    if (unsized) e.csize = (end == UINT64_MAX ? w->b.n : end) - l->data;
    TW_PUSH(w->a->work, w->r->zip.entries, e);
    learn(w, w->r->zip.entries.n - 1);
}

/* True when a record, or a descriptor and then a record, stands at `end`. */
static bool lands(const walk *w, uint64_t end, bool descriptor)
{
    return end != UINT64_MAX && (is_start(w, end) || (descriptor && is_start(w, past_descriptor(w, end))));
}

/* Where a sequential reader goes on behind a local entry of the main reading; what it makes of the entry,
 * where that differs, becomes a member too. */
static uint64_t end_of_known(walk *w, uint64_t off, const tw_zip_local *l, const tw_zip_entry *known)
{
    bool behind = l->gp & GP_DESCRIPTOR, unsized = behind && l->csize == 0;
    uint64_t csize = known->csize, room = w->b.n - l->data;
    uint64_t by_dir = csize > room ? UINT64_MAX : l->data + csize;
    uint64_t by_local = unsized || l->csize > room ? UINT64_MAX : l->data + l->csize;
    if (!unsized && lands(w, by_local, behind)) return by_local;
    bool agrees = unsized ? sig_at(w->b, by_dir) == SIG_DESCRIPTOR ||
                                (by_dir != UINT64_MAX && past_descriptor(w, by_dir) != by_dir)
                          : by_local == by_dir;
    if (agrees && lands(w, by_dir, behind)) return by_dir;
    uint64_t real = find_end(w, l);
    if (unsized && real != UINT64_MAX && real != by_dir) hidden_local(w, off, l, real, true);
    if (real != UINT64_MAX && (!lands(w, by_dir, behind) || real < by_dir)) return real;
    return by_dir;
}

static uint64_t end_of_unknown(walk *w, uint64_t off, const tw_zip_local *l)
{
    bool behind = l->gp & GP_DESCRIPTOR, unsized = behind && l->csize == 0;
    uint64_t end = l->csize > w->b.n - l->data ? UINT64_MAX : l->data + l->csize;
    if (unsized) end = find_end(w, l);
    hidden_local(w, off, l, end, unsized);
    if (unsized || lands(w, end, behind)) return end;
    uint64_t real = l->method == 8 ? find_end(w, l) : UINT64_MAX;
    return real < end ? real : end;
}

/* Steps over a local entry; one that no directory of the main reading lists becomes a member. */
static bool step_local(walk *w)
{
    tw_zip_local l;
    uint64_t off = w->pos;
    if (!tw_zip_read_local(w->b, off, &l)) return false;
    uint64_t *slot = tw_map_get(&w->known, key_of(w, off, TW_S("")));
    tw_zip_entry known = {0};
    if (slot) known = w->r->zip.entries.v[*slot - 1];
    uint64_t end = slot ? end_of_known(w, off, &l, &known) : end_of_unknown(w, off, &l);
    if (end == UINT64_MAX) {
        w->pos = l.data; /* no size to go by: whatever stands in it is looked for */
        return true;
    }
    if (l.gp & GP_DESCRIPTOR && slot) check_descriptor(w, end, &known);
    w->pos = l.gp & GP_DESCRIPTOR ? past_descriptor(w, end) : end;
    return true;
}

static bool step_central(walk *w)
{
    tw_cur c = tw_cur_of(w->b);
    tw_cur_seek(&c, w->pos + 28);
    uint64_t n = tw_cur_u16le(&c);
    n += tw_cur_u16le(&c);
    n += tw_cur_u16le(&c);
    if (c.bad || w->pos + CDH_SIZE + n > w->b.n) return false;
    uint64_t to = w->pos + CDH_SIZE + n;
    if (w->runs.n && w->runs.v[w->runs.n - 1].to == w->pos)
        w->runs.v[w->runs.n - 1].to = to;
    else if (w->runs.n < MAX_RUNS)
        TW_PUSH(w->a->work, w->runs, (span){w->pos, to});
    w->pos = to;
    return true;
}

static bool step_end64(walk *w)
{
    tw_cur c = tw_cur_of(w->b);
    tw_cur_seek(&c, w->pos + 4);
    uint64_t n = tw_cur_u64le(&c);
    if (c.bad || n > w->b.n - c.off) return false;
    w->pos = c.off + n;
    return true;
}

static bool step(walk *w)
{
    const tw_zip *z = &w->r->zip;
    if (z->has_end && w->pos == z->end.cd && z->end.size) {
        w->pos += z->end.size;
        return true;
    }
    switch (sig_at(w->b, w->pos)) {
    case SIG_LFH: return step_local(w);
    case SIG_CDH: return step_central(w);
    case SIG_END64: return step_end64(w);
    case SIG_LOCATOR: w->pos += LOCATOR_SIZE; return true;
    case SIG_END: {
        tw_cur c = tw_cur_of(w->b);
        tw_cur_seek(&c, w->pos + 20);
        uint64_t comment = tw_cur_u16le(&c);
        if (c.bad) return false;
        if (!z->has_end || w->pos != z->end.off) other_end(w, w->pos);
        w->pos = c.off + comment;
        return true;
    }
    default: return false;
    }
}

/* --- gaps ------------------------------------------------------------------------------------------ */

/* The next place behind pos where a record may start. */
static uint64_t resync(walk *w)
{
    uint64_t limit = next_start(w, w->pos);
    for (uint64_t at = w->pos + 1; at < limit;) {
        size_t i = tw_str_find(tw_str_sub(w->b, at, limit), TW_S("PK"));
        if (i == TW_NPOS) break;
        at += i;
        enum sig s = sig_at(w->b, at);
        tw_zip_local l;
        if (s == SIG_END || s == SIG_CDH || (s == SIG_LFH && plausible_local(w, at, &l))) return at;
        at += 2;
    }
    return limit;
}

/* A program or picture with the ZIP behind it is looked at itself, where no member holds it anyway. */
static void front(walk *w, uint64_t n)
{
    tw_str head = tw_str_sub(w->b, 0, n);
    tw_kind k = tw_kind_of(head);
    size_t line = tw_str_chr(head, '\n');
    bool shebang_only = k == TW_KIND_SCRIPT && (line == TW_NPOS || line + 1 == n);
    if (!w->r->front || k == TW_KIND_DATA || k == TW_KIND_TEXT || shebang_only) return;
    tw_zip_entry e = {.csize = n,
                      .usize = n,
                      .cdh = UINT64_MAX,
                      .hidden = true,
                      .unsized = true,
                      .raw = true,
                      .name = w->r->name};
    TW_PUSH(w->a->work, w->r->zip.entries, e);
}

static void report_gap(walk *w, uint64_t from, uint64_t to)
{
    tw_artifact *a = w->a;
    uint32_t m = w->r->container;
    unsigned long long n = to - from, at = from;
    enum sig s = sig_at(w->b, from);
    if (from == 0) front(w, to);
    if (s == SIG_OTHER || s == SIG_DESCRIPTOR)
        FIND(a, ZIP_UNKNOWN_RECORD, m, from, "%llu bytes at %llu", n, at);
    else if (from == 0)
        FIND(a, ZIP_PREFIX, m, from, "%llu bytes", n);
    else if (w->after && from >= w->after)
        FIND(a, ZIP_TRAILING, m, from, "%llu bytes", n);
    else
        FIND(a, ZIP_GAP, m, from, "%llu bytes at %llu", n, at);
    tw_coverage_gap(a->coverage, m, TW_GAP_FORMAT, from, to - from);
}

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static int by_from(const void *x, const void *y)
{
    const span *a = x, *b = y;
    return a->from != b->from ? (a->from > b->from) - (a->from < b->from) : (a->to > b->to) - (a->to < b->to);
}

/* Entries of the main reading that share bytes with each other or with the directory. */
static void find_overlaps(walk *w)
{
    const tw_zip *z = &w->r->zip;
    uint32_t n = 0;
    span *s = TW_NEWN(w->a->work, span, z->entries.n + 1);
    for (uint32_t i = 0; i < z->entries.n; i++) {
        const tw_zip_entry *e = &z->entries.v[i];
        if (e->data != UINT64_MAX) s[n++] = (span){e->lfh, e->data + e->csize};
    }
    if (z->has_end) s[n++] = (span){z->end.cd, z->end.off};
    qsort(s, n, sizeof *s, by_from);
    uint64_t reach = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (s[i].from < reach)
            FIND(w->a, ZIP_OVERLAP, w->r->container, s[i].from, "at %llu", (unsigned long long)s[i].from);
        if (s[i].to > reach) reach = s[i].to;
    }
}

static void start_points(walk *w)
{
    const tw_zip *z = &w->r->zip;
    TW_RESERVE(w->a->work, w->starts, z->entries.n + 2);
    for (uint32_t i = 0; i < z->entries.n; i++) {
        learn(w, i);
        if (z->entries.v[i].data != UINT64_MAX) TW_PUSH(w->a->work, w->starts, z->entries.v[i].lfh);
    }
    if (z->has_end) {
        TW_PUSH(w->a->work, w->starts, z->end.cd);
        TW_PUSH(w->a->work, w->starts, z->end.off);
        w->after = z->end.off + END_SIZE + z->end.comment.n;
    }
    qsort(w->starts.v, w->starts.n, sizeof *w->starts.v, by_number);
}

static void other_readings(walk *w)
{
    const tw_zip_end *e = &w->r->zip.end;
    if (w->r->zip.has_end && e->shift) {
        other_dir(w, e->cd_off, e->size ? e->size : w->b.n, 0);
        other_dir(w, e->cd, e->size, 0);
        FIND(w->a, ZIP_CD_SIZE, w->r->container, e->off,
             "the directory is %lld bytes from where it should be", (long long)e->shift);
    }
    for (uint32_t i = 0; i < w->runs.n; i++) {
        span s = w->runs.v[i];
        other_dir(w, s.from, s.to - s.from, 0);
        if (w->r->zip.has_end && e->shift) other_dir(w, s.from, s.to - s.from, e->shift);
    }
}

void tw_zip_walk_all(tw_artifact *a, tw_reader *r)
{
    walk *w = TW_NEW(a->work, walk);
    *w = (walk){.a = a, .r = r, .b = r->bytes};
    r->zip.walk = w;
    w->budget = 16 * r->bytes.n + (1 << 20);
    tw_map_init(&w->known, a->work);
    start_points(w);
    find_overlaps(w);
    while (w->pos < w->b.n && may_go_on(w)) {
        if (step(w)) continue;
        uint64_t from = w->pos;
        w->pos = resync(w);
        report_gap(w, from, w->pos);
    }
    other_readings(w);
}

void tw_zip_slack(tw_artifact *a, tw_reader *r)
{
    walk *w = r->zip.walk;
    uint64_t to = r->zip.slack_to < r->bytes.n ? r->zip.slack_to : r->bytes.n;
    (void)a;
    r->zip.slack_to = 0;
    w->pos = r->zip.slack_from;
    while (w->pos < to && may_go_on(w)) {
        uint64_t from = w->pos;
        /* from a known entry on all has been read before */
        if (sig_at(w->b, from) == SIG_LFH && tw_map_get(&w->known, key_of(w, from, TW_S("")))) return;
        if (!step(w)) w->pos = resync(w);
        pay(w, w->pos - from);
    }
}
