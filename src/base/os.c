/* SPDX-License-Identifier: Apache-2.0 */
/* stand-in until h/base's */
#include "base/os.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
tw_err tw_map_file_open(const char *path, tw_map_file *ret, tw_diag *d)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st)) return tw_fail(d, TW_ERR_IO, "cannot open");
    *ret = (tw_map_file){.fd = fd, .mapped = (size_t)st.st_size};
    if (!st.st_size) return TW_OK;
    void *p = mmap(NULL, ret->mapped, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) return tw_fail(d, TW_ERR_IO, "cannot map");
    ret->bytes = (tw_str){p, ret->mapped};
    return TW_OK;
}
void tw_unmap_file(tw_map_file *m)
{
    if (m->mapped) munmap((void *)(uintptr_t)m->bytes.p, m->mapped);
    close(m->fd);
}
tw_err tw_write_all(int fd, tw_str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return TW_ERR_IO;
        s = tw_str_sub(s, (size_t)n, s.n);
    }
    return TW_OK;
}
