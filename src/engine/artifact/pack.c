/* SPDX-License-Identifier: Apache-2.0 */
/* A directory tree as one container. Layout, little-endian: magic, then for each member type u8,
 * mode u32, name length u32, link length u32, content size u64, name, link, content; at the end a
 * record of type 255. The writer is the only part of the artifact code that touches the file system:
 * every component is opened without following links. */
#include "engine/artifact/artifact_priv.h"

#include "base/cursor.h"
#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC TW_S("TIDEWAITER PACK 1\n")
enum { PACK_UNREADABLE = 254, PACK_END = 255, HEAD_SIZE = 21, COPY = 256 << 10, MAX_DEPTH = 256 };

/* --- reading -------------------------------------------------------------------------------------------- */

bool tw_pack_is(tw_str bytes)
{
    return tw_str_starts(bytes, MAGIC);
}

bool tw_pack_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    tw_cur c = tw_cur_of(r->bytes);
    tw_cur_seek(&c, r->skip ? r->skip : MAGIC.n);
    it->m.off = c.off;
    uint8_t type = tw_cur_u8(&c);
    it->m.mode = tw_cur_u32le(&c);
    uint32_t name = tw_cur_u32le(&c), link = tw_cur_u32le(&c);
    uint64_t size = tw_cur_u64le(&c);
    it->m.path = tw_cur_take(&c, name);
    it->m.link = tw_cur_take(&c, link);
    tw_str data = tw_cur_take(&c, size);
    if (!c.bad && type == PACK_END) {
        if (tw_cur_left(&c)) FIND(a, TRAILING, r->container, c.off, "behind the pack");
        return false;
    }
    if (c.bad || (type > TW_MEMBER_SPECIAL && type != PACK_UNREADABLE)) {
        FIND(a, TRUNCATED, r->container, it->m.off, "inside a record of the pack");
        return false;
    }
    r->skip = c.off;
    it->m.type = type == PACK_UNREADABLE ? TW_MEMBER_FILE : type;
    it->m.packed = size;
    if (type == PACK_UNREADABLE) {
        it->m.flags |= TW_MF_UNREAD;
        tw_coverage_gap(a->coverage, a->n_members, TW_GAP_DAMAGED, 0, 0);
    } else if (type == TW_MEMBER_FILE && tw_spend(a, a->n_members, size)) {
        tw_stream_open(&r->stream, a->keep, TW_CODEC_NONE, data, a->lim, &a->unpacked);
        if (size <= a->lim->member_bytes)
            tw_item_set(it, data);
        else
            tw_take_all(a, &r->stream, &r->data, it);
    }
    return true;
}

/* --- writing -------------------------------------------------------------------------------------------- */

typedef struct packer {
    tw_arena *arena;
    const tw_limits *lim;
    const char *const *skip;
    int fd;
    uint64_t off, members;
    tw_buf buf;
    tw_diag *d;
} packer;

typedef struct level { /* an open folder and what is left of its entries */
    int fd;
    char **names;
    size_t n, next, path; /* path: bytes of the path up to it */
    tw_mark mark;
} level;

static tw_err io_fail(packer *p, const char *what, tw_str path)
{
    int e = errno;
    tw_err code = e == ENOENT || e == ENOTDIR ? TW_ERR_NOTFOUND : e == EACCES ? TW_ERR_DENIED : TW_ERR_IO;
    tw_fail(p->d, code, "%s %.*s: %s", what, TW_FMT(path), strerror(e));
    if (p->d) p->d->os_errno = e;
    return code;
}

static tw_err put(packer *p, tw_str s)
{
    p->off += s.n;
    if (p->off > p->lim->unpacked)
        return tw_fail(p->d, TW_ERR_LIMIT, "the folder holds more than limits.unpacked");
    return tw_write_all(p->fd, s) == TW_OK ? TW_OK : io_fail(p, "cannot write the pack at", TW_S(""));
}

static tw_err put_head(packer *p, uint8_t type, uint32_t mode, tw_str name, tw_str link, uint64_t size)
{
    tw_buf *b = &p->buf;
    if (type != PACK_END && ++p->members > p->lim->members)
        return tw_fail(p->d, TW_ERR_LIMIT, "the folder holds more than %llu members",
                       (unsigned long long)p->lim->members);
    tw_buf_clear(b);
    tw_buf_u8(b, type);
    tw_buf_u32le(b, mode & 07777);
    tw_buf_u32le(b, (uint32_t)name.n);
    tw_buf_u32le(b, (uint32_t)link.n);
    tw_buf_u64le(b, size);
    tw_buf_puts(b, name);
    tw_buf_puts(b, link);
    return put(p, tw_buf_str(b));
}

/* Content may change while it is read: the size in the header is put right afterwards. */
static tw_err put_file(packer *p, int fd, const struct stat *st, tw_str path)
{
    uint64_t head = p->off, size = 0;
    TW_TRY(put_head(p, TW_MEMBER_FILE, st->st_mode, path, TW_S(""), (uint64_t)st->st_size));
    for (;;) {
        tw_buf_clear(&p->buf);
        char *to = tw_buf_reserve(&p->buf, COPY);
        ssize_t n = read(fd, to, COPY);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_fail(p, "cannot read", path);
        if (n == 0) break;
        size += (uint64_t)n;
        TW_TRY(put(p, (tw_str){to, (size_t)n}));
    }
    if (size == (uint64_t)st->st_size) return TW_OK;
    tw_buf_clear(&p->buf);
    tw_buf_u64le(&p->buf, size);
    return pwrite(p->fd, p->buf.p, 8, (off_t)(head + 13)) == 8 ? TW_OK
                                                               : io_fail(p, "cannot write the pack at", path);
}

static tw_err put_link(packer *p, int dir, const char *name, tw_str path)
{
    char to[4096];
    ssize_t n = readlinkat(dir, name, to, sizeof to);
    if (n < 0) return put_head(p, PACK_UNREADABLE, 0, path, TW_S(""), 0);
    return put_head(p, TW_MEMBER_SYMLINK, 0777, path, (tw_str){to, (size_t)n}, 0);
}

/* One entry of `dir`; a folder comes back as an open descriptor in *ret_dir. */
static tw_err put_entry(packer *p, int dir, const char *name, tw_str path, int *ret_dir)
{
    struct stat st;
    *ret_dir = -1;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && errno == ELOOP) return put_link(p, dir, name, path);
    if (fd < 0 && errno == ENXIO) return put_head(p, TW_MEMBER_SPECIAL, 0, path, TW_S(""), 0);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE)) return io_fail(p, "cannot open", path);
    if (fd < 0 || fstat(fd, &st)) {
        if (fd >= 0) close(fd);
        return put_head(p, PACK_UNREADABLE, 0, path, TW_S(""), 0);
    }
    tw_err e = TW_OK;
    if (S_ISDIR(st.st_mode)) {
        e = put_head(p, TW_MEMBER_DIR, st.st_mode, path, TW_S(""), 0);
        if (e == TW_OK) *ret_dir = fd;
        if (e == TW_OK) return e;
    } else if (S_ISREG(st.st_mode))
        e = put_file(p, fd, &st, path);
    else
        e = put_head(p, TW_MEMBER_SPECIAL, st.st_mode, path, TW_S(""), 0);
    close(fd);
    return e;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

/* Takes over fd. */
static tw_err list(packer *p, int fd, tw_str path, level *ret)
{
    TW_VEC(char *) names = {0};
    *ret = (level){.fd = fd, .path = path.n, .mark = tw_arena_mark(p->arena)};
    int own = dup(fd);
    DIR *d = own < 0 ? NULL : fdopendir(own);
    if (!d) {
        if (own >= 0) close(own);
        return io_fail(p, "cannot list", path);
    }
    struct dirent *e;
    while (errno = 0, (e = readdir(d))) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        TW_PUSH(p->arena, names, (char *)(uintptr_t)tw_arena_str(p->arena, tw_str_c(e->d_name)).p);
        if (names.n > p->lim->members) break;
    }
    closedir(d);
    if (names.n) qsort(names.v, names.n, sizeof *names.v, by_name);
    ret->names = names.v;
    ret->n = names.n;
    return TW_OK;
}

static bool skipped(const packer *p, tw_str path)
{
    for (const char *const *s = p->skip; s && *s; s++)
        if (tw_str_eq(tw_str_c(*s), path)) return true;
    return false;
}

static tw_err walk_tree(packer *p, int root, level *levels, tw_buf *path)
{
    size_t depth = 1;
    tw_err e = list(p, root, TW_S(""), &levels[0]);
    while (depth && e == TW_OK) {
        level *l = &levels[depth - 1];
        if (l->next == l->n) {
            close(l->fd);
            tw_arena_reset(p->arena, l->mark);
            depth--;
            continue;
        }
        const char *name = l->names[l->next++];
        path->n = l->path;
        if (path->n) tw_buf_putc(path, '/');
        tw_buf_puts(path, tw_str_c(name));
        tw_str here = tw_buf_str(path);
        int dir;
        if (skipped(p, here)) continue;
        e = put_entry(p, l->fd, name, here, &dir);
        if (e != TW_OK || dir < 0) continue;
        if (depth == MAX_DEPTH) {
            close(dir);
            e = tw_fail(p->d, TW_ERR_LIMIT, "folders more than %d deep", MAX_DEPTH);
            continue;
        }
        e = list(p, dir, here, &levels[depth++]);
    }
    while (depth) close(levels[--depth].fd);
    return e;
}

static tw_err start(packer *p, const char *root, int *ret_fd)
{
    *ret_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*ret_fd < 0) return io_fail(p, "cannot open", tw_str_c(root));
    p->arena = tw_arena_new(0);
    tw_err e = put(p, MAGIC);
    if (e != TW_OK) close(*ret_fd);
    return e;
}

static tw_err finish(packer *p, tw_err e)
{
    if (e == TW_OK) e = put_head(p, PACK_END, 0, TW_S(""), TW_S(""), 0);
    tw_buf_free(&p->buf);
    p->arena = tw_arena_free(p->arena);
    return e;
}

tw_err tw_pack_dir(const char *root, const char *const *skip, const tw_limits *lim, int fd, tw_diag *d)
{
    packer p = {.lim = lim, .skip = skip, .fd = fd, .d = d};
    int top;
    tw_err e = start(&p, root, &top);
    if (e != TW_OK) return p.arena ? finish(&p, e) : e;
    tw_buf path = TW_BUF_INIT;
    level *levels = TW_NEWN(p.arena, level, MAX_DEPTH);
    e = walk_tree(&p, top, levels, &path);
    tw_buf_free(&path);
    return finish(&p, e);
}

/* --- explicit lists -------------------------------------------------------------------------------- */

/* Opens the folder of `path` below root, component by component, no link followed; -1 where that fails.
 * *ret_name: the last component, NUL-terminated in `buf`. */
static int open_parent(int root, tw_str path, tw_buf *buf, const char **ret_name)
{
    tw_buf_clear(buf);
    tw_buf_puts(buf, path);
    tw_buf_putc(buf, '\0');
    if (path.n == 0 || path.p[0] == '/' || tw_str_chr(path, '\0') != TW_NPOS) return -1;
    int dir = dup(root);
    char *part = buf->p;
    for (char *slash = strchr(part, '/'); dir >= 0; slash = strchr(part, '/')) {
        if (slash) *slash = 0;
        bool bad = strcmp(part, "..") == 0 || *part == 0;
        if (!slash && !bad) {
            *ret_name = part;
            return dir;
        }
        int next = bad ? -1 : openat(dir, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(dir);
        dir = next;
        part = slash ? slash + 1 : part;
    }
    return -1;
}

static int by_path(const void *x, const void *y)
{
    return tw_str_cmp(*(const tw_str *)x, *(const tw_str *)y);
}

static tw_err put_listed(packer *p, int root, tw_str path, tw_buf *buf)
{
    const char *name = NULL;
    int sub, dir = open_parent(root, path, buf, &name);
    struct stat st;
    if (dir < 0) return put_head(p, PACK_UNREADABLE, 0, path, TW_S(""), 0);
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT) {
        close(dir); /* listed but not there: the ecosystem's code sees that it is missing */
        return TW_OK;
    }
    tw_err e = put_entry(p, dir, name, path, &sub);
    if (sub >= 0) close(sub);
    close(dir);
    return e;
}

tw_err tw_pack_files(const char *root, const tw_str *paths, size_t n, const tw_limits *lim, int fd,
                     tw_diag *d)
{
    packer p = {.lim = lim, .fd = fd, .d = d};
    int top;
    tw_err e = start(&p, root, &top);
    if (e != TW_OK) return p.arena ? finish(&p, e) : e;
    tw_buf buf = TW_BUF_INIT;
    tw_str *sorted = TW_NEWN(p.arena, tw_str, n + 1);
    for (size_t i = 0; i < n; i++) sorted[i] = paths[i];
    qsort(sorted, n, sizeof *sorted, by_path);
    for (size_t i = 0; i < n && e == TW_OK; i++) {
        if (i && tw_str_eq(sorted[i], sorted[i - 1])) continue;
        e = put_listed(&p, top, sorted[i], &buf);
    }
    close(top);
    tw_buf_free(&buf);
    return finish(&p, e);
}
