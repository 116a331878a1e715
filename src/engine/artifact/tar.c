/* SPDX-License-Identifier: Apache-2.0 */
/* Tar over a stream. The main reading is that of Python's tarfile; what it would not reach (behind the
 * end, behind a damaged header) is read on, as GNU tar and ignore_zeros do, and flagged hidden. */
#include "engine/artifact/artifact_priv.h"

enum { BLOCK = 512 };

void tw_tar_open(tw_artifact *a, tw_reader *r)
{
    tw_map_init(&r->tar.seen, a->work);
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

/* The body of an extension header with its padding, in the work arena. */
static tw_str meta_text(tw_artifact *a, tw_reader *r, uint64_t size)
{
    uint64_t padded = size > TW_TAR_META_MAX ? size : size + padding(size);
    uint64_t keep = padded < TW_TAR_META_MAX ? padded : TW_TAR_META_MAX;
    tw_buf_clear(&r->tmp);
    while (r->tmp.n < keep) {
        tw_str c = tw_stream_chunk(&r->stream, keep - r->tmp.n);
        if (c.n == 0) break;
        tw_buf_puts(&r->tmp, c);
    }
    if (size > TW_TAR_META_MAX) {
        FIND(a, TAR_PAX, a->n_members, r->stream.pos, "extension header of %llu bytes",
             (unsigned long long)size);
        tw_stream_drop(&r->stream, size + padding(size) - r->tmp.n);
    } else if (r->tmp.n < size) {
        FIND(a, TRUNCATED, r->container, r->stream.pos, "inside an extension header");
    }
    return tw_arena_str(a->metas, tw_buf_str(&r->tmp));
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
        tw_tar_read_pax(a->metas, text, size, &m);
    }
    if (m.bad) FIND(a, TAR_PAX, a->n_members, at, "record");
    if (type == 'g') {
        if (m.has_path || m.has_link || m.has_size)
            FIND(a, TAR_PAX_OVERRIDE, r->container, at, "a global header sets path, linkpath or size");
        if (m.has_path) t->global.has_path = true, t->global.path = tw_arena_str(a->work, m.path);
        if (m.has_link) t->global.has_link = true, t->global.link = tw_arena_str(a->work, m.link);
        if (m.has_size) t->global.has_size = true, t->global.size = m.size;
    } else if (t->n_metas < TW_TAR_METAS) {
        t->metas[t->n_metas++] = m;
    } else {
        FIND(a, TAR_PAX, a->n_members, at, "too many extension headers before one member");
    }
}

/* --- members ------------------------------------------------------------------------------------------ */

bool tw_tar_fork(tw_tar *t, uint32_t policy)
{
    if (t->pass == 0) t->forks |= policy;
    return (t->policy & policy) != 0;
}

/* The name by the header block alone. */
static tw_str header_name(tw_reader *r, tw_item *it)
{
    const tw_tar_head *h = &r->tar.head;
    if (!h->prefix.n || h->type == 'S') return h->name;
    tw_buf_clear(&r->tmp);
    tw_buf_puts(&r->tmp, h->prefix);
    tw_buf_putc(&r->tmp, '/');
    tw_buf_puts(&r->tmp, h->name);
    if (!h->posix) it->m.alias = h->name;
    return tw_buf_str(&r->tmp);
}

/* The first extension header in a row wins, as tarfile applies them from the inside out. The name that
 * another parser would take becomes the alias; where parsers do not even agree that there is another
 * name, a later pass gives the member under it too. */
static void names_of(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_tar *t = &r->tar;
    tw_str header = header_name(r, it), name = header;
    bool named = false, linked = false, disputed = false;
    it->m.link = t->head.link;
    uint32_t n_pax = 0;
    for (uint32_t i = 0; i < t->n_metas; i++) {
        const tw_tar_meta *m = &t->metas[i];
        n_pax += m->type == 'x';
        if (m->has_path && named && !tw_str_eq(m->path, name)) it->m.alias = m->path;
        if (m->has_path && !named) named = true, name = m->path, disputed = m->bad || m->path.n == 0;
        if (m->has_link && !linked) linked = true, it->m.link = m->link;
    }
    disputed |= named && n_pax > 1;
    if (!named && t->global.has_path) name = t->global.path, disputed = true;
    if (!linked && t->global.has_link) it->m.link = t->global.link;
    if (disputed && tw_tar_fork(t, TW_TAR_HEADER_NAME)) name = header;
    if (disputed && !it->m.alias.n)
        it->m.alias = header;
    else if (tw_str_chr(name, '\0') != TW_NPOS)
        it->m.alias = tw_str_sub(name, 0, tw_str_chr(name, '\0'));
    if (it->m.alias.n)
        FIND(a, TAR_PAX_OVERRIDE, a->n_members, it->m.off, "also named %.*s", TW_FMT(it->m.alias));
    it->m.path = name;
}

static uint64_t size_of(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_tar *t = &r->tar;
    uint64_t header = t->head.size, size = header;
    if (t->head.loose_size != header && tw_tar_fork(t, TW_TAR_LOOSE)) size = header = t->head.loose_size;
    bool given = false;
    for (uint32_t i = 0; i < t->n_metas && !given; i++) {
        given = t->metas[i].has_size;
        if (given) size = t->metas[i].size;
    }
    if (given && size != header && size < 1ull << 33) {
        FIND(a, TAR_PAX_OVERRIDE, a->n_members, it->m.off, "size %llu in the header, %llu in the extension",
             (unsigned long long)header, (unsigned long long)size);
        if (tw_tar_fork(t, TW_TAR_HEADER_SIZE)) size = header;
    }
    if (t->global.has_size && t->global.size != size && tw_tar_fork(t, TW_TAR_GLOBAL_SIZE))
        size = t->global.size;
    return size;
}

static tw_member_type type_of(tw_artifact *a, tw_reader *r, tw_item *it, uint64_t size)
{
    bool slash = tw_str_ends(it->m.path, TW_S("/"));
    switch (r->tar.head.type) {
    case 0: return slash ? TW_MEMBER_DIR : TW_MEMBER_FILE;
    case '0':
        if (slash && size == 0) return TW_MEMBER_DIR;
        return slash && tw_tar_fork(&r->tar, TW_TAR_SLASH_DIR) ? TW_MEMBER_DIR : TW_MEMBER_FILE;
    case '7':
    case 'S': return TW_MEMBER_FILE;
    case '1': return TW_MEMBER_HARDLINK;
    case '2': return TW_MEMBER_SYMLINK;
    case '5': return TW_MEMBER_DIR;
    case '3':
    case '4':
    case '6': FIND(a, TAR_SPECIAL, a->n_members, it->m.off, "device or FIFO"); return TW_MEMBER_SPECIAL;
    default:
        FIND(a, TAR_SPECIAL, a->n_members, it->m.off, "type 0x%02x, unpacked as a file",
             (uint8_t)r->tar.head.type);
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

/* Data behind a link, folder or device: tarfile reads on at once, others skip it. */
static void other_data(tw_artifact *a, tw_reader *r, uint64_t size, const tw_item *it)
{
    if (size == 0) return;
    FIND(a, TAR_LINK_DATA, a->n_members, it->m.off, "%llu bytes", (unsigned long long)size);
    bool slash_file = r->tar.head.type == '0' || r->tar.head.type == 0;
    if (!slash_file && tw_tar_fork(&r->tar, TW_TAR_SKIP_LINKS))
        tw_stream_drop(&r->stream, size + padding(size));
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
    /* where data behind a hard link is not skipped, it is the member's content (pax allows it) */
    if (it->m.type == TW_MEMBER_HARDLINK && size && t->policy & TW_TAR_SKIP_LINKS)
        it->m.type = TW_MEMBER_FILE;
    if (it->m.type != TW_MEMBER_FILE)
        other_data(a, r, size, it);
    else if (!tw_tar_sparse(a, r, size, it))
        file_content(a, r, size, it);
    if (it->m.type != TW_MEMBER_SYMLINK && it->m.type != TW_MEMBER_HARDLINK) it->m.link = (tw_str){NULL, 0};
    t->n_metas = 0;
}

/* False when an earlier pass gave this very member. */
static bool is_new(tw_artifact *a, tw_reader *r, const tw_item *it)
{
    const tw_member *m = &it->m;
    tw_sha256 sha;
    tw_sha256_init(&sha);
    tw_sha256_add(&sha, &m->type, 1);
    if (m->path.n) tw_sha256_add(&sha, m->path.p, m->path.n);
    tw_sha256_add(&sha, "", 1);
    if (m->link.n) tw_sha256_add(&sha, m->link.p, m->link.n);
    tw_sha256_add(&sha, m->sha256.b, sizeof m->sha256.b);
    tw_digest d = tw_sha256_end(&sha);
    tw_str key = {(const char *)d.b, 16};
    if (tw_map_get(&r->tar.seen, key)) return false;
    tw_map_put(&r->tar.seen, tw_arena_str(a->work, key), NULL);
    return true;
}

/* --- blocks ------------------------------------------------------------------------------------------- */

/* Begins the next pass where a choice of policy was seen to matter: each alone, then all. */
static bool next_pass(tw_artifact *a, tw_reader *r)
{
    tw_tar *t = &r->tar;
    uint32_t bit = t->pass ? t->policy << 1 : 1;
    if (!t->forks || t->policy == t->forks || a->stop) return false;
    while (bit < 1u << TW_TAR_POLICIES && !(t->forks & bit)) bit <<= 1;
    if (t->pass == 0) FIND(a, SPLIT_READING, r->container, 0, "tar: sizes, links or numbers");
    t->policy = bit < 1u << TW_TAR_POLICIES ? bit : t->forks;
    t->pass++;
    t->n_metas = 0;
    t->global = (tw_tar_meta){0};
    t->ended = t->damage = t->said_after = false;
    t->zeros = t->junk = 0;
    tw_stream_open(&r->stream, a->keep, r->stream.codec, r->bytes, a->lim, &a->unpacked);
    tw_undo_mark(a, &t->undo);
    return true;
}

static void report_end(tw_artifact *a, tw_reader *r, tw_str rest)
{
    tw_tar *t = &r->tar;
    if (t->pass) {
        tw_undo_to(a, &t->undo);
        return;
    }
    if (rest.n && t->ended) {
        if (!t->junk) t->junk_at = r->stream.pos;
        t->junk += rest.n;
    }
    if (rest.n && !t->ended) FIND(a, TRUNCATED, r->container, r->stream.pos, "%zu bytes of a header", rest.n);
    if (t->zeros == 0 && !rest.n && !t->damage) FIND(a, TAR_NO_END, r->container, r->stream.pos, "none");
    if (t->junk && !t->damage)
        FIND(a, TRAILING, r->container, t->junk_at, "%llu bytes behind the end of the tar",
             (unsigned long long)t->junk);
    if (t->junk) tw_coverage_gap(a->coverage, r->container, TW_GAP_DAMAGED, t->junk_at, t->junk);
    tw_stream_report(a, &r->stream, r->container);
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

/* The next header block into t->head; false at the end of the stream. */
static bool next_head(tw_artifact *a, tw_reader *r, uint64_t *ret_off)
{
    tw_tar *t = &r->tar;
    tw_stream *s = &r->stream;
    for (;;) {
        tw_str b = tw_stream_need(s, BLOCK);
        uint64_t off = s->pos;
        if (b.n < BLOCK) {
            report_end(a, r, b);
            return false;
        }
        *ret_off = off;
        bool zero = is_zero(b), head = !zero && tw_tar_is_header(b);
        if (head) tw_tar_read_head(b, &t->head);
        tw_stream_took(s, BLOCK);
        if (zero)
            t->zeros++, t->ended = true;
        else if (!head || t->head.bad_sum)
            junk_block(a, r, off);
        else if (t->head.bad_number && !tw_tar_fork(t, TW_TAR_LOOSE))
            junk_block(a, r, off);
        else
            return true;
    }
}

bool tw_tar_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_tar *t = &r->tar;
    if (t->pass) tw_undo_mark(a, &t->undo);
    for (;;) {
        tw_stream_took(&r->stream, r->held);
        if (tw_stream_drop(&r->stream, r->skip) < r->skip && !t->ended)
            FIND(a, TRUNCATED, r->container, r->stream.pos, "inside the padding of a member");
        r->held = 0;
        r->skip = 0;
        uint64_t off;
        if (!next_head(a, r, &off)) {
            if (next_pass(a, r)) continue;
            return false;
        }
        if (t->n_metas == 0) tw_arena_reset(a->metas, a->metas_start);
        char type = t->head.type;
        if (type == 'L' || type == 'K' || type == 'x' || type == 'X' || type == 'g') {
            read_meta(a, r, type, t->policy & TW_TAR_LOOSE ? t->head.loose_size : t->head.size);
            continue;
        }
        *it = (tw_item){0};
        give_member(a, r, off, it);
        bool fresh = is_new(a, r, it);
        if (t->pass == 0) return true;
        if (fresh) {
            it->m.flags |= TW_MF_HIDDEN;
            it->again = true;
            FIND(a, SPLIT_READING, a->n_members, off, "a reading of the tar by other rules");
            return true;
        }
        tw_undo_to(a, &t->undo);
    }
}
