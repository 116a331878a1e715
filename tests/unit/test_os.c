/* SPDX-License-Identifier: Apache-2.0 */
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/tw-test-os-XXXXXX";

static const char *path_in(const char *name)
{
    static char path[256];
    static bool made;
    if (!made && !mkdtemp(dir)) abort();
    made = true;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void put(const char *name, tw_str s)
{
    int fd = open(path_in(name), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    CHECK(fd >= 0 && tw_write_all(fd, s) == TW_OK);
    close(fd);
}

TEST(maps_a_file)
{
    tw_map_file m;
    tw_diag d = TW_DIAG_INIT;
    put("a", TW_S("hello"));
    CHECK_INT(tw_map_file_open(path_in("a"), &m, &d), TW_OK);
    CHECK_STR(m.bytes, TW_S("hello"));
    CHECK(m.fd >= 0 && (fcntl(m.fd, F_GETFD) & FD_CLOEXEC));
    tw_unmap_file(&m);
    CHECK(m.fd == -1 && m.bytes.n == 0);
    tw_unmap_file(&m);
    put("empty", TW_S(""));
    CHECK_INT(tw_map_file_open(path_in("empty"), &m, &d), TW_OK);
    CHECK(m.bytes.p && m.bytes.n == 0);
    tw_unmap_file(&m);
}

TEST(refuses_what_is_no_file)
{
    tw_map_file m;
    tw_diag d = TW_DIAG_INIT;
    CHECK_INT(tw_map_file_open(path_in("missing"), &m, &d), TW_ERR_NOTFOUND);
    CHECK_INT(d.os_errno, ENOENT);
    CHECK(tw_str_ends(tw_str_c(d.where), TW_S("/missing")));
    CHECK_INT(tw_map_file_open(path_in(""), &m, &d), TW_ERR_UNSUPPORTED);
    put("a", TW_S("x"));
    CHECK_INT(tw_map_file_open(path_in("a/b"), &m, &d), TW_ERR_NOTFOUND);
    CHECK(mkfifo(path_in("fifo"), 0600) == 0);
    CHECK_INT(tw_map_file_open(path_in("fifo"), &m, &d),
              TW_ERR_UNSUPPORTED); /* without waiting for a writer */
}

TEST(denied)
{
    tw_map_file m;
    tw_diag d = TW_DIAG_INIT;
    put("secret", TW_S("x"));
    chmod(path_in("secret"), 0);
    if (geteuid() != 0) CHECK_INT(tw_map_file_open(path_in("secret"), &m, &d), TW_ERR_DENIED);
}

TEST(reads_a_file)
{
    tw_arena *a = tw_arena_new(0);
    tw_diag d = TW_DIAG_INIT;
    tw_str s = {0};
    put("five", TW_S("12345"));
    CHECK_INT(tw_read_file(a, path_in("five"), 5, &s, &d), TW_OK);
    CHECK_STR(s, TW_S("12345"));
    CHECK_INT(tw_read_file(a, path_in("five"), 4, &s, &d), TW_ERR_LIMIT);
    CHECK_INT(tw_read_file(a, path_in("none"), 4, &s, &d), TW_ERR_NOTFOUND);
    CHECK_INT(tw_read_file(a, path_in(""), 4, &s, &d), TW_ERR_IO);
    CHECK_STR(s, TW_S("12345"));
    tw_arena_free(a);
}

TEST(write_all_fails_on_a_bad_descriptor)
{
    CHECK_INT(tw_write_all(-1, TW_S("x")), TW_ERR_IO);
    CHECK_INT(tw_write_all(-1, TW_S("")), TW_OK);
}

TEST(zz_clean_up)
{
    static const char *const names[] = {"a", "empty", "fifo", "secret", "five"};
    for (size_t i = 0; i < TW_COUNT(names); i++) unlink(path_in(names[i]));
    CHECK(rmdir(path_in("")) == 0);
}

TESTS_MAIN()
