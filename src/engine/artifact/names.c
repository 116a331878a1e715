/* SPDX-License-Identifier: Apache-2.0 */
/* What names and links say, and which of them meet on unpacking. */
#include "engine/artifact/artifact_priv.h"

#include "base/utf8.h"

enum { MAX_PARENTS = 64, MAX_CHAIN = 16 };

void tw_names_init(tw_names *n, tw_arena *work)
{
    memset(n, 0, sizeof *n);
    tw_map_init(&n->by_fold, work);
}

/* --- one name --------------------------------------------------------------------------------------- */

enum { HAS_CONTROL = 1, HAS_HIGH = 2, HAS_BACKSLASH = 4, NOT_NORMAL = 8, HAS_DOTDOT = 16 };

static unsigned scan(tw_str s)
{
    unsigned has = s.n == 0 ? NOT_NORMAL : 0;
    size_t from = 0;
    for (size_t i = 0; i <= s.n; i++) {
        uint8_t c = i < s.n ? (uint8_t)s.p[i] : '/';
        if (c == '/' || c == '\\') {
            size_t n = i - from;
            bool dot = n == 1 && s.p[from] == '.';
            bool up = n == 2 && s.p[from] == '.' && s.p[from + 1] == '.';
            if (n == 0 || dot) has |= NOT_NORMAL;
            if (up) has |= HAS_DOTDOT;
            from = i + 1;
        }
        if (c < 32 || c == 127) has |= HAS_CONTROL;
        if (c >= 128) has |= HAS_HIGH;
        if (c == '\\') has |= HAS_BACKSLASH;
    }
    return has;
}

static bool is_absolute(tw_str s)
{
    bool drive = s.n > 1 && s.p[1] == ':' && ((s.p[0] | 32) >= 'a' && (s.p[0] | 32) <= 'z');
    return drive || (s.n && (s.p[0] == '/' || s.p[0] == '\\'));
}

static unsigned check_text(tw_artifact *a, const tw_member *m, tw_str s)
{
    unsigned has = scan(s);
    if (s.n == 0) FIND(a, BAD_NAME, m->index, m->off, "empty");
    if (has & HAS_CONTROL) FIND(a, BAD_NAME, m->index, m->off, "control bytes in %.*s", TW_FMT(s));
    if (has & HAS_HIGH && !tw_utf8_valid(s))
        FIND(a, BAD_NAME, m->index, m->off, "not UTF-8: %.*s", TW_FMT(s));
    if (has & HAS_DOTDOT) FIND(a, TRAVERSAL, m->index, m->off, "%.*s", TW_FMT(s));
    if (is_absolute(s)) FIND(a, ABSOLUTE, m->index, m->off, "%.*s", TW_FMT(s));
    if (has & HAS_BACKSLASH) FIND(a, BACKSLASH, m->index, m->off, "%.*s", TW_FMT(s));
    return has;
}

/* Appends the components of s that mean something; ".." takes one away where `up` allows it. Returns
 * false when it leaves the top. */
static bool append_normal(tw_buf *b, tw_str s, bool up)
{
    bool inside = true;
    tw_str part;
    for (tw_str rest = s; tw_str_split(&rest, '/', &part);) {
        if (part.n == 0 || tw_str_eq(part, TW_S("."))) continue;
        if (up && tw_str_eq(part, TW_S(".."))) {
            size_t cut = tw_str_rchr(tw_buf_str(b), '/');
            if (b->n == 0) inside = false;
            b->n = cut == TW_NPOS ? 0 : cut;
            continue;
        }
        if (b->n) tw_buf_putc(b, '/');
        tw_buf_puts(b, part);
    }
    return inside;
}

/* --- the table of names ------------------------------------------------------------------------------- */

static tw_str fold(tw_artifact *a, tw_str s)
{
    tw_buf *b = &a->fold;
    tw_buf_clear(b);
    char *to = tw_buf_reserve(b, s.n ? s.n : 1);
    bool ascii = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        ascii = ascii && (uint8_t)c < 128;
        to[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    if (ascii)
        b->n = s.n;
    else
        tw_utf8_fold(b, s);
    return tw_buf_str(b);
}

/* First of the chain of paths that fold alike, or NULL. */
static tw_name_item *chain_of(tw_artifact *a, tw_names *n, tw_str path)
{
    uint64_t *slot = tw_map_get(&n->by_fold, fold(a, path));
    return slot ? &n->items.v[*slot - 1] : NULL;
}

static tw_name_item *chain_next(tw_names *n, const tw_name_item *i)
{
    return i->next ? &n->items.v[i->next - 1] : NULL;
}

static tw_name_item *exact(tw_names *n, tw_name_item *first, tw_str path)
{
    int left = MAX_CHAIN;
    for (tw_name_item *i = first; i && left--; i = chain_next(n, i))
        if (tw_str_eq(i->path, path)) return i;
    return NULL;
}

/* A path that stands nowhere yet; `path` must outlive the container. a->fold holds its fold. */
static void add(tw_artifact *a, tw_names *n, tw_str path, uint32_t member, uint8_t type, bool hidden)
{
    tw_name_item item = {path, member, 0, type, hidden};
    tw_str key = tw_buf_str(&a->fold);
    uint64_t *slot = tw_map_get(&n->by_fold, key);
    if (slot) item.next = (uint32_t)*slot;
    TW_PUSH(a->work, n->items, item);
    if (!slot) {
        a->name_bytes += key.n;
        slot = tw_map_put(&n->by_fold, tw_arena_str(a->work, key), NULL);
    }
    *slot = n->items.n;
}

static void report_alike(tw_artifact *a, const tw_member *m, const tw_name_item *other, tw_str path)
{
    if (tw_str_ieq(other->path, path))
        FIND(a, CASE_COLLISION, m->index, m->off, "%.*s and %.*s", TW_FMT(other->path), TW_FMT(path));
    else
        FIND(a, UNICODE_COLLISION, m->index, m->off, "%.*s and %.*s", TW_FMT(other->path), TW_FMT(path));
}

/* The folders of a name, deepest first, up to one that is known: then those above it are known too. */
static void check_parents(tw_artifact *a, tw_names *n, const tw_member *m, tw_str path)
{
    tw_str dir = path;
    uint32_t depth = 0;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '/' && ++depth == MAX_PARENTS) dir = tw_str_sub(path, 0, i + 1);
    for (size_t cut = tw_str_rchr(dir, '/'); cut != TW_NPOS; cut = tw_str_rchr(dir, '/')) {
        dir = tw_str_sub(path, 0, cut);
        tw_name_item *first = chain_of(a, n, dir);
        const tw_name_item *same = exact(n, first, dir);
        if (same && same->type == TW_MEMBER_DIR) return;
        if (same && same->type == TW_MEMBER_SYMLINK)
            FIND(a, LINK_WRITE, m->index, m->off, "%.*s through %.*s", TW_FMT(path), TW_FMT(dir));
        else if (same)
            FIND(a, FILE_DIR_COLLISION, m->index, m->off, "%.*s", TW_FMT(dir));
        if (same) return;
        if (first) report_alike(a, m, first, dir);
        a->name_bytes += dir.n;
        add(a, n, dir, TW_NO_MEMBER, TW_MEMBER_DIR, (m->flags & TW_MF_HIDDEN) != 0);
    }
}

static void meet(tw_artifact *a, tw_reader *r, tw_member *m, tw_name_item *was, tw_str path)
{
    bool dirs = m->type == TW_MEMBER_DIR && was->type == TW_MEMBER_DIR;
    bool hidden = (m->flags & TW_MF_HIDDEN) != 0;
    if (dirs && was->member != TW_NO_MEMBER && r->id == TW_READ_ZIP)
        FIND(a, DUPLICATE, m->index, m->off, "%.*s", TW_FMT(path));
    if ((m->type == TW_MEMBER_DIR) != (was->type == TW_MEMBER_DIR))
        FIND(a, FILE_DIR_COLLISION, m->index, m->off, "%.*s", TW_FMT(path));
    if (m->type != TW_MEMBER_DIR && was->type != TW_MEMBER_DIR) {
        FIND(a, DUPLICATE, m->index, m->off, "%.*s", TW_FMT(path));
        if (was->type == TW_MEMBER_SYMLINK && m->type != TW_MEMBER_SYMLINK)
            FIND(a, LINK_WRITE, m->index, m->off, "%.*s", TW_FMT(path));
        if (!hidden && !was->hidden) m->replaces = was->member;
    }
    if (hidden && !was->hidden) return; /* the usual reading stays the one that later names meet */
    was->member = m->index;
    was->type = m->type;
    was->hidden = hidden;
}

static void check_link(tw_artifact *a, tw_names *n, tw_member *m, tw_str path)
{
    FIND(a, LINK, m->index, m->off, "%.*s -> %.*s", TW_FMT(path), TW_FMT(m->link));
    size_t dir = m->type == TW_MEMBER_SYMLINK ? tw_str_rchr(path, '/') : TW_NPOS;
    tw_buf_clear(&a->norm);
    if (dir != TW_NPOS) tw_buf_puts(&a->norm, tw_str_sub(path, 0, dir));
    bool inside = append_normal(&a->norm, m->link, true);
    if (!inside || is_absolute(m->link) || tw_str_chr(m->link, '\\') != TW_NPOS) {
        FIND(a, LINK_OUT, m->index, m->off, "%.*s -> %.*s", TW_FMT(path), TW_FMT(m->link));
        return;
    }
    tw_str to = tw_buf_str(&a->norm);
    const tw_name_item *i = exact(n, chain_of(a, n, to), to);
    if (i && i->type != TW_MEMBER_DIR) m->target = i->member;
}

void tw_names_check(tw_artifact *a, tw_reader *r, tw_member *m, tw_str raw)
{
    tw_names *n = &r->names;
    unsigned has = check_text(a, m, raw);
    tw_str path = raw;
    if (has & (NOT_NORMAL | HAS_BACKSLASH)) {
        tw_buf_clear(&a->norm);
        append_normal(&a->norm, raw, false);
        if (a->norm.n != raw.n) path = tw_arena_str(a->work, tw_buf_str(&a->norm));
    }
    if (m->link.n) check_link(a, n, m, path);
    if (path.n == 0) return;
    check_parents(a, n, m, path);
    tw_name_item *first = chain_of(a, n, path);
    tw_name_item *same = exact(n, first, path);
    if (same) {
        meet(a, r, m, same, path);
        return;
    }
    if (first) report_alike(a, m, first, path);
    add(a, n, path, m->index, m->type, (m->flags & TW_MF_HIDDEN) != 0);
}
