/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/artifact_priv.h"

#include <libdeflate.h>

enum {
    KEEP_BUF = 4 << 20, /* a larger member buffer is given back when its container ends */
    MAX_DEPTH = 64,     /* whatever limits.depth says */
};

tw_codec tw_codec_of(tw_kind k)
{
    static const uint8_t of[TW_KIND_MAX] = {
        [TW_KIND_GZIP] = TW_CODEC_GZIP, [TW_KIND_BZIP2] = TW_CODEC_BZIP2, [TW_KIND_XZ] = TW_CODEC_XZ,
        [TW_KIND_ZSTD] = TW_CODEC_ZSTD, [TW_KIND_LZMA] = TW_CODEC_LZMA,
    };
    return (unsigned)k < TW_KIND_MAX ? (tw_codec)of[k] : TW_CODEC_NONE;
}

static bool not_read(tw_kind k)
{
    return k == TW_KIND_SEVENZIP || k == TW_KIND_RAR || k == TW_KIND_CAB || k == TW_KIND_AR;
}

/* --- the stack of open containers ----------------------------------------------------------------- */

static tw_reader *push(tw_artifact *a, tw_reader_id id, tw_str bytes, tw_str name, const tw_member *m)
{
    tw_reader *r = &a->stack[a->n_stack++];
    tw_reader was = *r;
    *r = (tw_reader){.id = id, .bytes = bytes, .name = name, .container = TW_NO_MEMBER};
    r->stream = was.stream; /* keeps windows, decoders and buffers */
    r->data = was.data;
    r->tmp = was.tmp;
    r->packed = bytes.n;
    if (m) {
        const tw_reader *outer = a->n_stack > 1 ? r - 1 : r;
        if (m->packed && m->packed < r->packed) r->packed = m->packed;
        if (outer->packed < r->packed) r->packed = outer->packed;
        r->container = m->index;
        r->depth = (uint16_t)(m->depth + 1);
        r->hidden = (m->flags & TW_MF_HIDDEN) != 0;
        r->prefix = m->path;
    }
    return r;
}

static void pop(tw_artifact *a)
{
    tw_reader *r = &a->stack[--a->n_stack];
    if (r->opened) tw_arena_reset(a->work, r->mark);
    if (r->data.cap > KEEP_BUF) tw_buf_free(&r->data);
    if (r->tmp.cap > KEEP_BUF) tw_buf_free(&r->tmp);
}

/* A compressed stream holds a tar or one file. False when it is no such stream after all (the
 * .lzma form has no magic worth the name). */
static bool push_packed(tw_artifact *a, tw_str bytes, tw_kind kind, tw_str name, const tw_member *m)
{
    tw_reader *r = push(a, TW_READ_ONE, bytes, name, m);
    tw_stream_open(&r->stream, a->keep, tw_codec_of(kind), bytes, a->lim, &a->unpacked);
    r->packing = kind;
    r->stream.packed = r->packed;
    tw_str head = tw_stream_need(&r->stream, 512);
    if (kind == TW_KIND_LZMA && head.n == 0 && r->stream.odd & TW_ODD_DATA) {
        a->n_stack--;
        return false;
    }
    if (tw_tar_is_header(head)) r->id = TW_READ_TAR;
    return true;
}

/* A tar that is not packed shows the end record of a ZIP within: pip would take that for the whole. */
static bool enter_tar(tw_artifact *a, tw_str bytes, tw_str name, const tw_member *m)
{
    if (!m && tw_zip_has_end(bytes, false)) {
        push(a, TW_READ_ZIP, bytes, name, m)->hidden = true;
        FIND(a, SPLIT_READING, TW_NO_MEMBER, 0, "tar by its first bytes, ZIP by its last");
    }
    tw_reader *r = push(a, TW_READ_TAR, bytes, name, m);
    tw_stream_open(&r->stream, a->keep, TW_CODEC_NONE, bytes, a->lim, &a->unpacked);
    return true;
}

bool tw_enter(tw_artifact *a, tw_str bytes, tw_kind kind, tw_str name, const tw_member *m)
{
    uint32_t was = a->n_stack;
    bool zip = kind == TW_KIND_ZIP || tw_zip_has_end(bytes, kind == TW_KIND_TAR);
    if (kind == TW_KIND_TAR && !zip) return enter_tar(a, bytes, name, m);
    if (tw_codec_of(kind) != TW_CODEC_NONE)
        push_packed(a, bytes, kind, name, m);
    else if (kind == TW_KIND_TAR)
        enter_tar(a, bytes, name, m);
    if (!zip) return a->n_stack > was;
    /* pip and zipimport ask for the ZIP first: what the head says is the second reading */
    for (uint32_t i = was; i < a->n_stack; i++) a->stack[i].hidden = true;
    if (a->n_stack > was)
        FIND(a, SPLIT_READING, m ? m->index : TW_NO_MEMBER, 0, "%s by its first bytes, ZIP by its last",
             tw_kind_name(kind));
    bool alone = a->n_stack == was && !m;
    push(a, TW_READ_ZIP, bytes, name, m)->front = alone;
    return true;
}

static const char *format_of(const tw_reader *r)
{
    static const struct {
        uint8_t kind;
        const char *tar, *one;
    } names[] = {
        {TW_KIND_GZIP, "tar.gz", "gz"},   {TW_KIND_BZIP2, "tar.bz2", "bz2"},  {TW_KIND_XZ, "tar.xz", "xz"},
        {TW_KIND_ZSTD, "tar.zst", "zst"}, {TW_KIND_LZMA, "tar.lzma", "lzma"},
    };
    static const char *const plain[] = {"file", "zip", "tar", "file", "directory"};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (r->packing == names[i].kind) return r->id == TW_READ_TAR ? names[i].tar : names[i].one;
    return plain[r->id];
}

tw_artifact *tw_artifact_open(tw_arena *arena, tw_str bytes, tw_str name, const tw_limits *lim,
                              tw_findings *findings, tw_coverage *coverage)
{
    tw_artifact *a = TW_NEW(arena, tw_artifact);
    a->arena = arena;
    a->work = tw_arena_new(0);
    a->keep = tw_arena_new(0);
    a->metas = tw_arena_new(4096);
    a->metas_start = tw_arena_mark(a->metas);
    a->lim = lim;
    a->findings = findings;
    a->coverage = coverage;
    a->name = tw_str_base(name);
    a->cap_stack = 3 * ((uint32_t)(lim->depth < MAX_DEPTH ? lim->depth : MAX_DEPTH) + 2);
    a->stack = TW_NEWN(a->keep, tw_reader, a->cap_stack);
    tw_kind kind = tw_kind_of(tw_str_sub(bytes, 0, 4096));
    if (tw_pack_is(bytes)) {
        push(a, TW_READ_PACK, bytes, a->name, NULL);
    } else {
        bool entered = tw_enter(a, bytes, kind, a->name, NULL);
        if (!entered) push(a, TW_READ_FILE, bytes, a->name, NULL);
        bool lie = tw_type_lie(a->name, kind);
        if (entered && lie) FIND(a, TYPE_LIE, TW_NO_MEMBER, 0, "%s", tw_kind_name(kind));
        if (!entered && tw_claims_archive(a->name) && (lie || bytes.n == 0))
            FIND(a, NOT_ARCHIVE, TW_NO_MEMBER, 0, "%s", tw_kind_name(kind));
    }
    a->format = format_of(&a->stack[a->n_stack - 1]);
    return a;
}

tw_artifact *tw_artifact_close(tw_artifact *a)
{
    if (!a) return NULL;
    for (uint32_t i = 0; i < a->cap_stack; i++) {
        tw_stream_free(&a->stack[i].stream);
        tw_buf_free(&a->stack[i].data);
        tw_buf_free(&a->stack[i].tmp);
    }
    tw_buf_free(&a->fold);
    tw_buf_free(&a->norm);
    if (a->inflate) libdeflate_free_decompressor(a->inflate);
    a->work = tw_arena_free(a->work);
    a->keep = tw_arena_free(a->keep);
    a->metas = tw_arena_free(a->metas);
    return NULL;
}

const char *tw_artifact_format(const tw_artifact *a)
{
    return a->format;
}

uint64_t tw_artifact_unpacked(const tw_artifact *a)
{
    return a->unpacked;
}

/* --- single files and bare streams ----------------------------------------------------------------- */

static bool file_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    if (r->done || !tw_spend(a, TW_NO_MEMBER, r->bytes.n)) return false;
    r->done = true;
    it->m.path = r->name;
    it->m.packed = r->bytes.n;
    if (r->bytes.n <= a->lim->member_bytes) {
        tw_item_set(it, r->bytes);
        return true;
    }
    tw_stream_open(&r->stream, a->keep, TW_CODEC_NONE, r->bytes, a->lim, &a->unpacked);
    tw_take_all(a, &r->stream, &r->data, it);
    return true;
}

/* "x.py.gz" holds "x.py", "x.tgz" holds "x.tar". */
static tw_str unpacked_name(tw_str name)
{
    static const tw_str suffixes[] = {TW_SI(".gz"), TW_SI(".bz2"), TW_SI(".xz"), TW_SI(".zst"),
                                      TW_SI(".lzma")};
    for (size_t i = 0; i < TW_COUNT(suffixes); i++)
        if (name.n > suffixes[i].n && tw_str_ends(name, suffixes[i]))
            return tw_str_sub(name, 0, name.n - suffixes[i].n);
    return name.n ? name : TW_S("data");
}

static bool one_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    if (r->done) return false;
    r->done = true;
    it->m.path = unpacked_name(r->name);
    tw_str inner = tw_str_base(r->stream.gzip_name);
    if (inner.n && !tw_str_eq(inner, it->m.path)) it->m.alias = inner;
    it->m.packed = r->bytes.n;
    tw_take_all(a, &r->stream, &r->data, it);
    uint32_t odd = r->stream.odd;
    if (odd & (TW_ODD_DATA | TW_ODD_SUM | TW_ODD_TRUNCATED | TW_ODD_MEMORY | TW_ODD_CUT))
        it->m.flags |= TW_MF_DAMAGED;
    tw_stream_report(a, &r->stream, r->container);
    return true;
}

static void one_open(tw_artifact *a, tw_reader *r)
{
    (void)a, (void)r;
}

/* --- the pull ----------------------------------------------------------------------------------------- */

static const struct {
    void (*open)(tw_artifact *a, tw_reader *r);
    bool (*next)(tw_artifact *a, tw_reader *r, tw_item *it);
} readers[] = {
    [TW_READ_FILE] = {one_open, file_next},     [TW_READ_ZIP] = {tw_zip_open, tw_zip_next},
    [TW_READ_TAR] = {tw_tar_open, tw_tar_next}, [TW_READ_ONE] = {one_open, one_next},
    [TW_READ_PACK] = {one_open, tw_pack_next},
};

/* The name as kept: cut to the limit, with the containers it is in before it. */
static tw_str full_path(tw_artifact *a, const tw_reader *r, tw_str raw, uint64_t max)
{
    raw = tw_str_sub(raw, 0, max);
    if (!r->prefix.n) return tw_arena_str(a->arena, raw);
    size_t n = r->prefix.n + 2 + raw.n;
    char *p = tw_arena_alloc(a->arena, n + 1);
    memcpy(p, r->prefix.p, r->prefix.n);
    memcpy(p + r->prefix.n, "!/", 2);
    if (raw.n) memcpy(p + r->prefix.n + 2, raw.p, raw.n);
    return (tw_str){p, n};
}

static void name_it(tw_artifact *a, tw_reader *r, tw_member *m, bool again)
{
    uint64_t max = a->lim->name_bytes;
    tw_str raw = m->path;
    if (raw.n > max) {
        FIND(a, BAD_NAME, m->index, m->off, "%zu bytes long", raw.n);
        tw_coverage_limit(a->coverage, TW_LIMIT_name_bytes);
    }
    raw = tw_str_sub(raw, 0, max);
    m->path = full_path(a, r, raw, max);
    m->alias = m->alias.n ? full_path(a, r, m->alias, max) : (tw_str){NULL, 0};
    m->link = m->link.n ? tw_arena_str(a->arena, tw_str_sub(m->link, 0, max)) : (tw_str){NULL, 0};
    a->name_bytes += m->path.n + m->alias.n + m->link.n;
    m->replaces = m->target = TW_NO_MEMBER;
    if (!again) tw_names_check(a, r, m, tw_str_sub(m->path, m->path.n - raw.n, m->path.n));
}

static void enter_member(tw_artifact *a, tw_member *m, tw_str data)
{
    tw_kind k = (tw_kind)m->kind;
    if (not_read(k)) {
        FIND(a, UNSUPPORTED, m->index, 0, "%s", tw_kind_name(k));
        tw_coverage_gap(a->coverage, m->index, TW_GAP_FORMAT, 0, m->size);
    }
    bool may = k == TW_KIND_ZIP || k == TW_KIND_TAR || tw_codec_of(k) != TW_CODEC_NONE ||
               tw_zip_has_end(data, false);
    if (!may) return;
    if (m->depth >= a->lim->depth || m->depth >= MAX_DEPTH) {
        tw_limit_hit(a, m->index, TW_LIMIT_depth, 0, "archives within archives");
        return;
    }
    if (!tw_enter(a, data, k, tw_str_base(m->path), m)) return;
    m->flags |= TW_MF_CONTAINER;
    FIND(a, NESTED, m->index, 0, "%s", format_of(&a->stack[a->n_stack - 1]));
}

static bool finish(tw_artifact *a, tw_reader *r, tw_item *it, tw_member *ret, tw_str *ret_data)
{
    tw_member *m = &it->m;
    m->index = a->n_members;
    /* names are bounded in all: a long outer name is repeated by each inner one */
    if (a->n_members >= a->lim->members || a->name_bytes > a->lim->members * 512) {
        tw_limit_hit(a, TW_NO_MEMBER, TW_LIMIT_members, m->off, "more members than are read of one artifact");
        a->stop = true;
        return false;
    }
    a->n_members++;
    m->container = r->container;
    m->depth = r->depth;
    if (r->hidden) m->flags |= TW_MF_HIDDEN;
    if (m->type == TW_MEMBER_DIR) m->kind = TW_KIND_DIRECTORY;
    name_it(a, r, m, it->again);
    if (m->type == TW_MEMBER_FILE && !(m->flags & TW_MF_UNREAD)) {
        if (tw_type_lie(m->path, (tw_kind)m->kind))
            FIND(a, TYPE_LIE, m->index, 0, "%s", tw_kind_name((tw_kind)m->kind));
        if (m->flags & TW_MF_HASH_ONLY) {
            tw_coverage_gap(a->coverage, m->index, TW_GAP_TOO_LARGE, 0, m->size);
            tw_coverage_limit(a->coverage, TW_LIMIT_member_bytes);
        }
        if (it->data.n) enter_member(a, m, it->data);
    }
    *ret = *m;
    *ret_data = it->data;
    return true;
}

bool tw_artifact_next(tw_artifact *a, tw_member *ret, tw_str *ret_data)
{
    *ret_data = (tw_str){NULL, 0};
    while (a->n_stack && !a->stop) {
        tw_reader *r = &a->stack[a->n_stack - 1];
        if (!r->opened) {
            r->opened = true;
            r->mark = tw_arena_mark(a->work);
            tw_names_init(&r->names, a->work);
            readers[r->id].open(a, r);
        }
        tw_item it = {0};
        it.m.off = 0;
        if (!readers[r->id].next(a, r, &it)) {
            pop(a);
            continue;
        }
        return finish(a, r, &it, ret, ret_data);
    }
    return false;
}
