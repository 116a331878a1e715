/* SPDX-License-Identifier: Apache-2.0 */
#include "base/os.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static tw_err os_fail(tw_diag *d, const char *path, const char *what)
{
    int no = errno;
    tw_err code = no == ENOENT || no == ENOTDIR ? TW_ERR_NOTFOUND
                  : no == EACCES || no == EPERM ? TW_ERR_DENIED
                                                : TW_ERR_IO;
    if (d) {
        d->os_errno = no;
        d->off = UINT64_MAX;
        if (path) snprintf(d->where, sizeof d->where, "%s", path);
    }
    return tw_fail(d, code, "%s: %s", what, strerror(no));
}

tw_err tw_map_fd(int fd, tw_map_file *ret, tw_diag *d)
{
    struct stat st;
    tw_err e = TW_OK;
    void *p = NULL;
    if (fstat(fd, &st) < 0)
        e = os_fail(d, NULL, "cannot stat");
    else if (!S_ISREG(st.st_mode))
        e = tw_fail(d, TW_ERR_UNSUPPORTED, "not a regular file");
    else if (st.st_size > 0) {
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED) e = os_fail(d, NULL, "cannot map");
    }
    if (e != TW_OK) {
        close(fd);
        return e;
    }
    size_t n = p ? (size_t)st.st_size : 0;
    *ret = (tw_map_file){.bytes = {p ? p : "", n}, .fd = fd, .mapped = n};
    return TW_OK;
}

/* O_NONBLOCK: a named pipe must not hold us up before it is refused. */
tw_err tw_map_file_open(const char *path, tw_map_file *ret, tw_diag *d)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return os_fail(d, path, "cannot open");
    tw_err e = tw_map_fd(fd, ret, d);
    if (e != TW_OK && d) snprintf(d->where, sizeof d->where, "%s", path);
    return e;
}

void tw_unmap_file(tw_map_file *m)
{
    if (m->mapped) munmap((void *)(uintptr_t)m->bytes.p, m->mapped);
    if (m->fd >= 0) close(m->fd);
    *m = (tw_map_file){.fd = -1};
}

tw_err tw_read_file(tw_arena *a, const char *path, size_t limit, tw_str *ret, tw_diag *d)
{
    tw_buf b = {0};
    tw_err e = TW_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return os_fail(d, path, "cannot open");
    for (;;) {
        ssize_t got = read(fd, tw_buf_reserve(&b, 16 << 10), 16 << 10);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) e = os_fail(d, path, "cannot read");
        if (got <= 0) break;
        b.n += (size_t)got;
        if (b.n <= limit) continue;
        e = tw_fail(d, TW_ERR_LIMIT, "larger than %zu bytes", limit);
        if (d) snprintf(d->where, sizeof d->where, "%s", path);
        break;
    }
    close(fd);
    if (e == TW_OK) *ret = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return e;
}

tw_err tw_write_all(int fd, tw_str s)
{
    while (s.n) {
        ssize_t put = write(fd, s.p, s.n);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return TW_ERR_IO;
        s = tw_str_sub(s, (size_t)put, s.n);
    }
    return TW_OK;
}

/* --- who this program is ---------------------------------------------------------------------------- */
static tw_str note_named_gnu(const char *at, size_t n)
{
    enum { BUILD_ID = 3 };
    while (n >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) h;
        memcpy(&h, at, sizeof h);
        size_t name = (h.n_namesz + 3u) & ~3u, all = sizeof h + name + ((h.n_descsz + 3u) & ~3u);
        if (all > n) break;
        if (h.n_type == BUILD_ID && h.n_namesz == 4 && !memcmp(at + sizeof h, "GNU", 4))
            return (tw_str){at + sizeof h + name, h.n_descsz};
        at += all;
        n -= all;
    }
    return TW_S("");
}

/* The first object that is listed is the program itself. */
static int first_object(struct dl_phdr_info *o, size_t size, void *ret)
{
    (void)size;
    for (int i = 0; i < o->dlpi_phnum && !((tw_str *)ret)->n; i++) {
        const ElfW(Phdr) *p = &o->dlpi_phdr[i];
        if (p->p_type == PT_NOTE)
            *(tw_str *)ret = note_named_gnu((const char *)(uintptr_t)(o->dlpi_addr + p->p_vaddr), p->p_memsz);
    }
    return 1;
}

tw_str tw_build_id(void)
{
    tw_str id = TW_S("");
    dl_iterate_phdr(first_object, &id);
    return id;
}

const char *tw_sibling(tw_arena *a, const char *name)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    tw_str path = {self, n > 0 ? (size_t)n : 0};
    size_t slash = tw_str_rchr(path, '/');
    if (slash == TW_NPOS) return name;
    return tw_arena_fmt(a, "%.*s/%s", (int)slash, self, name).p;
}
