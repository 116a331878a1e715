/* SPDX-License-Identifier: Apache-2.0 */
/* How the content of a member is taken: slice, copy or hash only; and what it may cost. */
#include "engine/artifact/artifact_priv.h"

void tw_limit_hit(tw_artifact *a, uint32_t member, tw_limit_id id, uint64_t off, const char *says)
{
    FIND(a, BOMB, member, off, "%s (limit: %s)", says, tw_limit_name(id));
    tw_coverage_gap(a->coverage, member, TW_GAP_LIMIT, off, 0);
    tw_coverage_limit(a->coverage, id);
}

void tw_undo_mark(const tw_artifact *a, tw_undo *u)
{
    u->n_findings = a->findings->list.n;
    u->n_gaps = a->coverage->gaps.n;
    u->dropped = a->findings->dropped;
    memcpy(u->per_id, a->findings->per_id, sizeof u->per_id);
}

void tw_undo_to(tw_artifact *a, const tw_undo *u)
{
    if (a->stop) return; /* why the reading ended must stay */
    a->findings->list.n = u->n_findings;
    a->coverage->gaps.n = u->n_gaps;
    a->findings->dropped = u->dropped;
    memcpy(a->findings->per_id, u->per_id, sizeof u->per_id);
}

bool tw_spend(tw_artifact *a, uint32_t member, uint64_t n)
{
    if (a->stop) return false;
    if (n > a->lim->unpacked || a->unpacked > a->lim->unpacked - n) {
        tw_limit_hit(a, member, TW_LIMIT_unpacked, UINT64_MAX,
                     "more bytes than are unpacked of one artifact");
        a->stop = true;
        return false;
    }
    a->unpacked += n;
    return true;
}

void tw_item_set(tw_item *it, tw_str data)
{
    it->data = data.p ? data : TW_S("");
    it->m.size = data.n;
    it->m.kind = (uint8_t)tw_kind_of(tw_str_sub(data, 0, 4096));
    it->m.sha256 = tw_sha256_of(it->data);
    it->hashed = true;
}

/* Hashes what comes, keeps it in `into` up to the member limit. */
static void take_large(tw_artifact *a, tw_stream *s, uint64_t n, tw_buf *into, tw_item *it)
{
    tw_sha256 sha;
    tw_sha256_init(&sha);
    tw_buf_clear(into);
    it->m.size = 0;
    bool held = n <= a->lim->member_bytes || n == UINT64_MAX;
    while (it->m.size < n) {
        tw_str c = tw_stream_chunk(s, n - it->m.size);
        if (c.n == 0) break;
        if (it->m.size == 0) it->m.kind = (uint8_t)tw_kind_of(tw_str_sub(c, 0, 4096));
        it->m.size += c.n;
        tw_sha256_add(&sha, c.p, c.n);
        held = held && it->m.size <= a->lim->member_bytes;
        if (held) tw_buf_puts(into, c);
    }
    it->m.sha256 = tw_sha256_end(&sha);
    it->hashed = true;
    it->data = held ? (into->n ? tw_buf_str(into) : TW_S("")) : (tw_str){NULL, 0};
    if (!held) it->m.flags |= TW_MF_HASH_ONLY;
}

void tw_take(tw_artifact *a, tw_reader *r, uint64_t n, tw_item *it)
{
    tw_stream *s = &r->stream;
    bool slice = s->codec == TW_CODEC_NONE ? n <= a->lim->member_bytes : n <= TW_WINDOW;
    if (slice) {
        tw_item_set(it, tw_stream_need(s, (size_t)n));
        r->held = it->m.size;
    } else {
        take_large(a, s, n, &r->data, it);
    }
    if (it->m.size < n) it->m.flags |= TW_MF_DAMAGED;
}

void tw_take_all(tw_artifact *a, tw_stream *s, tw_buf *into, tw_item *it)
{
    take_large(a, s, UINT64_MAX, into, it);
}

void tw_stream_report(tw_artifact *a, tw_stream *s, uint32_t member)
{
    uint32_t o = s->odd;
    uint64_t off = s->odd_off;
    bool gz = s->codec == TW_CODEC_GZIP;
    if (gz && s->parts > 1)
        FIND(a, GZIP_MEMBERS, member, 0, "%u", s->parts);
    else if (s->parts > 1)
        FIND(a, STREAM_SEVERAL, member, 0, "%u", s->parts);
    if (o & TW_ODD_HEADER) FIND(a, GZIP_HEADER, member, off, "flags or header checksum");
    if (o & TW_ODD_DATA) FIND(a, BAD_DATA, member, off, "after %llu bytes", (unsigned long long)s->made);
    if (o & TW_ODD_SUM) FIND(a, BAD_CRC, member, off, "of the compressed stream");
    if (o & TW_ODD_TRUNCATED) FIND(a, TRUNCATED, member, off, "the compressed stream ends early");
    if (o & (TW_ODD_TRAILING | TW_ODD_PADDING))
        FIND(a, TRAILING, member, off, "%llu %sbytes behind the compressed stream",
             (unsigned long long)(s->in.n - off), o & TW_ODD_PADDING ? "zero " : "");
    if (o & TW_ODD_MEMORY) {
        FIND(a, UNSUPPORTED, member, off, "the compressed stream asks for too much memory");
        tw_coverage_gap(a->coverage, member, TW_GAP_FORMAT, 0, s->in.n);
    }
    if (o & (TW_ODD_DATA | TW_ODD_TRUNCATED | TW_ODD_TRAILING))
        tw_coverage_gap(a->coverage, member, TW_GAP_DAMAGED, off, s->in.n - off);
    if (o & TW_ODD_RATIO)
        tw_limit_hit(a, member, TW_LIMIT_ratio, off,
                     "the compressed stream unpacks to far more than it takes");
    if (o & TW_ODD_UNPACKED) {
        tw_limit_hit(a, member, TW_LIMIT_unpacked, off, "more bytes than are unpacked of one artifact");
        a->stop = true;
    }
    s->odd = 0;
}
