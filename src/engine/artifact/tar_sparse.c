/* SPDX-License-Identifier: Apache-2.0 */
/* Sparse members: GNU's old header and the three pax forms, unpacked with their holes as tarfile does. */
#include "engine/artifact/artifact_priv.h"

enum { BLOCK = 512, MAX_SPANS = 65536 };

typedef struct span {
    uint64_t at, n;
} span;

typedef struct sparse {
    TW_VEC(span) spans;
    uint64_t real;
    uint64_t map; /* bytes of the member's own data that hold the map */
    bool bad;
} sparse;

static void add(tw_artifact *a, sparse *s, uint64_t at, uint64_t n)
{
    if (s->spans.n >= MAX_SPANS)
        s->bad = true;
    else
        TW_PUSH(a->metas, s->spans, (span){at, n});
}

/* --- GNU's old form: a table in the header, more of it in blocks behind ------------------------------- */

static void old_table(tw_artifact *a, sparse *s, tw_str table)
{
    for (size_t i = 0; i + 24 <= table.n; i += 24) {
        uint64_t at, n;
        if (!tw_tar_number(tw_str_sub(table, i, i + 12), &at) ||
            !tw_tar_number(tw_str_sub(table, i + 12, i + 24), &n))
            return;
        if (at || n) add(a, s, at, n);
    }
}

static void old_form(tw_artifact *a, tw_reader *r, sparse *s)
{
    tw_str head = {r->tar.head.block, BLOCK};
    old_table(a, s, tw_str_sub(head, 386, 386 + 4 * 24));
    if (!tw_tar_number(tw_str_sub(head, 483, 495), &s->real)) s->bad = true;
    for (bool more = head.p[482] != 0; more;) {
        tw_str b = tw_stream_need(&r->stream, BLOCK);
        if (b.n < BLOCK) return;
        more = b.p[504] != 0;
        old_table(a, s, tw_str_sub(b, 0, 21 * 24));
        tw_stream_took(&r->stream, BLOCK);
    }
}

/* --- pax ------------------------------------------------------------------------------------------------ */

static void numbers(tw_artifact *a, sparse *s, tw_str list, char between)
{
    uint64_t v[2];
    unsigned have = 0;
    tw_str part;
    while (tw_str_split(&list, between, &part)) {
        if (!tw_str_u64(part, &v[have])) s->bad = true;
        if (s->bad) return;
        if (++have == 2) add(a, s, v[0], v[1]), have = 0;
    }
    if (have) s->bad = true;
}

/* Form 1.0: the count, then offsets and lengths, one a line, in blocks in front of the data. */
static void lines_in_front(tw_artifact *a, tw_reader *r, uint64_t size, sparse *s)
{
    uint64_t value = 0, count = 0, seen = 0, v[2] = {0};
    bool digits = false;
    while (!s->bad && (seen == 0 || seen < 1 + 2 * count)) {
        tw_str b = tw_stream_need(&r->stream, BLOCK);
        if (b.n < BLOCK || s->map + BLOCK > size) {
            s->bad = true;
            return;
        }
        for (size_t i = 0; i < BLOCK && (seen == 0 || seen < 1 + 2 * count) && !s->bad; i++) {
            char c = b.p[i];
            if (c >= '0' && c <= '9' && value < 1ull << 58)
                value = value * 10 + (uint64_t)(c - '0'), digits = true;
            else if (c != '\n' || !digits)
                s->bad = true;
            if (c != '\n') continue;
            if (seen == 0)
                count = value;
            else
                v[(seen - 1) % 2] = value;
            if (seen && seen % 2 == 0) add(a, s, v[0], v[1]);
            s->bad |= count > MAX_SPANS;
            value = 0, digits = false;
            seen++;
        }
        s->map += BLOCK;
        tw_stream_took(&r->stream, BLOCK);
    }
}

static void pax_form(tw_artifact *a, tw_reader *r, uint64_t size, const tw_tar_meta *m, sparse *s)
{
    s->real = m->real_size;
    if (m->sparse_map.n)
        numbers(a, s, m->sparse_map, ',');
    else if (m->sparse_v1)
        lines_in_front(a, r, size, s);
    else if (m->sparse_pairs.n)
        numbers(a, s, tw_str_sub(m->sparse_pairs, 0, m->sparse_pairs.n - 1), ' ');
    else
        s->bad = true;
}

/* --- content -------------------------------------------------------------------------------------------- */

static bool fits(const tw_artifact *a, const sparse *s, uint64_t stored)
{
    uint64_t end = 0, sum = 0;
    for (uint32_t i = 0; i < s->spans.n; i++) {
        span p = s->spans.v[i];
        if (p.at < end || p.n > s->real || p.at > s->real - p.n) return false;
        end = p.at + p.n;
        sum += p.n;
    }
    return !s->bad && sum <= stored && s->real <= a->lim->member_bytes;
}

static void zeros_to(tw_buf *b, uint64_t n)
{
    char *to = tw_buf_reserve(b, (size_t)n - b->n);
    memset(to, 0, (size_t)n - b->n);
    b->n = (size_t)n;
}

static uint64_t unfold(tw_reader *r, const sparse *s)
{
    uint64_t took = 0;
    tw_buf_clear(&r->data);
    for (uint32_t i = 0; i < s->spans.n; i++) {
        span p = s->spans.v[i];
        zeros_to(&r->data, p.at);
        while (r->data.n < p.at + p.n) {
            tw_str c = tw_stream_chunk(&r->stream, p.at + p.n - r->data.n);
            if (c.n == 0) break;
            tw_buf_puts(&r->data, c);
            took += c.n;
        }
    }
    zeros_to(&r->data, s->real);
    return took;
}

bool tw_tar_sparse(tw_artifact *a, tw_reader *r, uint64_t size, tw_item *it)
{
    const tw_tar_meta *m = NULL;
    for (uint32_t i = 0; i < r->tar.n_metas && !m; i++)
        if (r->tar.metas[i].sparse) m = &r->tar.metas[i];
    if (!m && r->tar.head.type != 'S') return false;
    /* bsdtar takes it for a plain file where the magic is not GNU's or no map is there */
    const char *h = r->tar.head.block;
    bool plain = memcmp(h + 257, "ustar  ", 8) != 0 || (h[386] == 0 && h[398] == 0);
    if (!m && plain && tw_tar_fork(&r->tar, TW_TAR_RAW_SPARSE)) return false;
    sparse s = {0};
    if (m)
        pax_form(a, r, size, m, &s);
    else
        old_form(a, r, &s);
    FIND(a, TAR_SPARSE, a->n_members, it->m.off, "%.*s", TW_FMT(it->m.path));
    uint64_t stored = size - s.map;
    r->skip = (BLOCK - size % BLOCK) % BLOCK;
    if (fits(a, &s, stored) && tw_spend(a, a->n_members, s.real)) {
        uint64_t took = unfold(r, &s);
        tw_item_set(it, tw_buf_str(&r->data));
        if (took == stored || !tw_tar_fork(&r->tar, TW_TAR_SPARSE_MAP)) r->skip += stored - took;
    } else {
        FIND(a, TAR_PAX, a->n_members, it->m.off, "sparse map: the data is given without its holes");
        tw_take(a, r, stored, it);
        it->m.flags |= TW_MF_DAMAGED;
    }
    it->m.packed = size;
    return true;
}
