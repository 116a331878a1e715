/* SPDX-License-Identifier: Apache-2.0 */
/* Tar over a stream. The main reading is that of Python's tarfile; what it would not reach (behind the
 * end, behind a damaged header) is read on, as GNU tar and ignore_zeros do, and flagged hidden. */
#include "engine/artifact/artifact_priv.h"

enum { BLOCK = 512 };

void tw_tar_open(tw_artifact *a, tw_reader *r)
{
    r->tar.metas_mark = tw_arena_mark(a->work);
}

static uint64_t padding(uint64_t n)
{
    return (BLOCK - n % BLOCK) % BLOCK;
}

static bool is_zero(tw_str b)
{
    return b.p[0] == 0 && memcmp(b.p, b.p + 1, b.n - 1) == 0;
}

/* --- extension headers ------------------------------------------------------------------------------- */

/* The body of an extension header, in the work arena. */
static tw_str meta_text(tw_artifact *a, tw_reader *r, uint64_t size)
{
    uint64_t keep = size < TW_TAR_META_MAX ? size : TW_TAR_META_MAX;
    tw_buf_clear(&r->tmp);
    while (r->tmp.n < keep) {
        tw_str c = tw_stream_chunk(&r->stream, keep - r->tmp.n);
        if (c.n == 0) break;
        tw_buf_puts(&r->tmp, c);
    }
    uint64_t got = r->tmp.n;
    if (size > keep) {
        FIND(a, TAR_PAX, a->n_members, r->stream.pos, "extension header of %llu bytes", (unsigned long long)size);
        got += tw_stream_drop(&r->stream, size - keep);
    }
    if (got < size) FIND(a, TRUNCATED, r->container, r->stream.pos, "inside an extension header");
    tw_stream_drop(&r->stream, padding(size));
    return tw_arena_str(a->work, tw_buf_str(&r->tmp));
}

static void read_meta(tw_artifact *a, tw_reader *r, char type, uint64_t size)
{
    tw_tar *t = &r->tar;
    uint64_t at = r->stream.pos;
    tw_str text = meta_text(a, r, size);
    tw_tar_meta m = {.type = type == 'X' ? 'x' : type};
    if (type == 'L' || type == 'K') {
        tw_str name = tw_str_sub(text, 0, tw_str_chr(text, '\0'));
        m.has_path = type == 'L';
        m.has_link = type == 'K';
        *(type == 'L' ? &m.path : &m.link) = name;
    } else {
        tw_tar_read_pax(text, &m);
    }
    if (m.bad) FIND(a, TAR_PAX, a->n_members, at, "record");
    if (type == 'g') {
        if (m.has_path || m.has_link || m.has_size)
            FIND(a, TAR_PAX_OVERRIDE, r->container, at, "a global header sets path, linkpath or size");
        if (m.has_path) t->global.has_path = true, t->global.path = m.path;
        if (m.has_link) t->global.has_link = true, t->global.link = m.link;
        if (m.has_size) t->global.has_size = true, t->global.size = m.size;
        if (!t->n_metas) t->metas_mark = tw_arena_mark(a->work);
    } else if (t->n_metas < TW_TAR_METAS) {
        t->metas[t->n_metas++] = m;
    } else {
        FIND(a, TAR_PAX, a->n_members, at, "too many extension headers before one member");
    }
}

/* --- members ------------------------------------------------------------------------------------------ */

/* The first extension header in a row wins, as tarfile applies them from the inside out; another name
 * that another parser would take becomes the alias. */
static void names_of(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_tar *t = &r->tar;
    const tw_tar_head *h = &t->head;
    tw_str name = h->name;
    if (h->prefix.n && h->type != 'S') {
        tw_buf_clear(&r->tmp);
        tw_buf_puts(&r->tmp, h->prefix);
        tw_buf_putc(&r->tmp, '/');
        tw_buf_puts(&r->tmp, h->name);
        name = tw_buf_str(&r->tmp);
        if (!h->posix) it->m.alias = h->name;
    }
    it->m.link = h->link;
    if (t->global.has_path) name = t->global.path;
    if (t->global.has_link) it->m.link = t->global.link;
    bool named = false, linked = false;
    for (uint32_t i = 0; i < t->n_metas; i++) {
        const tw_tar_meta *m = &t->metas[i];
        if (m->has_path && named && !tw_str_eq(m->path, name)) {
            it->m.alias = m->path;
            FIND(a, TAR_PAX_OVERRIDE, a->n_members, it->m.off, "two extension headers name one member");
        }
        if (m->has_path && !named) named = true, name = m->path;
        if (m->has_link && !linked) linked = true, it->m.link = m->link;
        if (m->sparse) FIND(a, TAR_SPARSE, a->n_members, it->m.off, "%.*s", TW_FMT(name));
    }
    it->m.path = name;
}

static uint64_t size_of(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_tar *t = &r->tar;
    uint64_t size = t->head.size;
    bool given = false;
    for (uint32_t i = 0; i < t->n_metas && !given; i++) {
        given = t->metas[i].has_size;
        if (given) size = t->metas[i].size;
    }
    if (given && size != t->head.size && t->head.size != 0 && t->head.size < 1ull << 33)
        FIND(a, TAR_PAX_OVERRIDE, a->n_members, it->m.off, "size %llu in the header, %llu in the extension",
             (unsigned long long)t->head.size, (unsigned long long)size);
    return size;
}

static tw_member_type type_of(tw_artifact *a, tw_reader *r, tw_item *it, uint64_t size)
{
    bool slash = tw_str_ends(it->m.path, TW_S("/"));
    switch (r->tar.head.type) {
    case 0: return slash ? TW_MEMBER_DIR : TW_MEMBER_FILE;
    case '0': return slash && size == 0 ? TW_MEMBER_DIR : TW_MEMBER_FILE;
    case '7': return TW_MEMBER_FILE;
    case '1': return TW_MEMBER_HARDLINK;
    case '2': return TW_MEMBER_SYMLINK;
    case '5': return TW_MEMBER_DIR;
    case '3':
    case '4':
    case '6':
        FIND(a, TAR_SPECIAL, a->n_members, it->m.off, "device or FIFO");
        return TW_MEMBER_SPECIAL;
    case 'S': FIND(a, TAR_SPARSE, a->n_members, it->m.off, "%.*s", TW_FMT(it->m.path)); return TW_MEMBER_FILE;
    default:
        FIND(a, TAR_SPECIAL, a->n_members, it->m.off, "type 0x%02x, unpacked as a file", (uint8_t)r->tar.head.type);
        return TW_MEMBER_FILE;
    }
}

static void file_content(tw_artifact *a, tw_reader *r, uint64_t size, tw_item *it)
{
    if (r->stream.codec == TW_CODEC_NONE) {
        size_t left = r->stream.in.n - r->stream.in_off;
        if (!tw_spend(a, a->n_members, size < left ? size : left)) {
            it->m.flags |= TW_MF_UNREAD;
            return;
        }
    }
    tw_take(a, r, size, it);
    it->m.packed = it->m.size;
    r->skip = padding(size);
    if (it->m.size == size) return;
    FIND(a, TRUNCATED, a->n_members, it->m.off, "%llu of %llu bytes", (unsigned long long)it->m.size,
         (unsigned long long)size);
    tw_coverage_gap(a->coverage, a->n_members, TW_GAP_DAMAGED, it->m.size, size - it->m.size);
}

static void give_member(tw_artifact *a, tw_reader *r, uint64_t off, tw_item *it)
{
    tw_tar *t = &r->tar;
    it->m.off = off;
    it->m.mode = t->head.mode;
    if (t->ended) it->m.flags |= TW_MF_HIDDEN;
    if (t->ended && !t->said_after) {
        t->said_after = true;
        if (!t->damage) FIND(a, TAR_DATA_AFTER_END, a->n_members, off, "at %llu", (unsigned long long)off);
    }
    names_of(a, r, it);
    uint64_t size = size_of(a, r, it);
    it->m.type = (uint8_t)type_of(a, r, it, size);
    if (it->m.type == TW_MEMBER_FILE) file_content(a, r, size, it);
    else if (size && it->m.type != TW_MEMBER_SPECIAL) FIND(a, TAR_LINK_DATA, a->n_members, off, "%llu bytes", (unsigned long long)size);
    if (it->m.type != TW_MEMBER_SYMLINK && it->m.type != TW_MEMBER_HARDLINK) it->m.link = (tw_str){NULL, 0};
    t->n_metas = 0;
}

/* --- blocks ------------------------------------------------------------------------------------------- */

static bool at_end(tw_artifact *a, tw_reader *r, tw_str rest)
{
    tw_tar *t = &r->tar;
    if (rest.n) FIND(a, TRUNCATED, r->container, r->stream.pos, "%zu bytes of a header", rest.n);
    if (t->zeros == 0 && !rest.n && !t->damage) FIND(a, TAR_NO_END, r->container, r->stream.pos, "none");
    if (t->junk && !t->damage)
        FIND(a, TRAILING, r->container, t->junk_at, "%llu bytes behind the end of the tar", (unsigned long long)t->junk);
    if (t->junk) tw_coverage_gap(a->coverage, r->container, TW_GAP_DAMAGED, t->junk_at, t->junk);
    tw_stream_report(a, &r->stream, r->container);
    return false;
}

static void junk_block(tw_artifact *a, tw_reader *r, uint64_t off)
{
    tw_tar *t = &r->tar;
    if (!t->ended) {
        FIND(a, TAR_CHECKSUM, r->container, off, "at %llu", (unsigned long long)off);
        t->damage = true;
        t->ended = true;
    }
    if (!t->junk) t->junk_at = off;
    t->junk += BLOCK;
    t->n_metas = 0;
}

bool tw_tar_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_tar *t = &r->tar;
    tw_stream *s = &r->stream;
    tw_stream_took(s, r->held);
    r->held = 0;
    tw_stream_drop(s, r->skip);
    r->skip = 0;
    for (;;) {
        tw_str b = tw_stream_need(s, BLOCK);
        uint64_t off = s->pos;
        if (b.n < BLOCK) return at_end(a, r, b);
        if (is_zero(b)) {
            t->zeros++;
            t->ended = true;
            tw_stream_took(s, BLOCK);
            continue;
        }
        bool is_head = tw_tar_is_header(b);
        if (is_head) tw_tar_read_head(b, &t->head);
        tw_stream_took(s, BLOCK);
        if (!is_head || t->head.bad_sum || t->head.bad_number) {
            junk_block(a, r, off);
            continue;
        }
        char type = t->head.type;
        if (type == 'L' || type == 'K' || type == 'x' || type == 'X' || type == 'g') {
            read_meta(a, r, type, t->head.size);
            continue;
        }
        give_member(a, r, off, it);
        return true;
    }
}
