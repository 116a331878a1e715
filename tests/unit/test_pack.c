/* SPDX-License-Identifier: Apache-2.0 */
#include "archives.h"

#include "base/os.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(int dir, const char *name, const char *text)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0640);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

typedef struct tree {
    char root[64];
    int fd;
} tree;

static const char *const made[] = {"b/c.py", "b/deep/z.py", "a.py", "B.txt", "out", "in", "pipe"};

static tree make_tree(void)
{
    tree t = {.root = "/tmp/tw_pack_XXXXXX"};
    CHECK(mkdtemp(t.root) != NULL);
    t.fd = open(t.root, O_RDONLY | O_DIRECTORY);
    mkdirat(t.fd, "b", 0755);
    mkdirat(t.fd, "b/deep", 0755);
    put(t.fd, "b/c.py", "c()\n");
    put(t.fd, "b/deep/z.py", "z()\n");
    put(t.fd, "a.py", "a()\n");
    put(t.fd, "B.txt", "text");
    CHECK(symlinkat("/etc/passwd", t.fd, "out") == 0);
    CHECK(symlinkat("b", t.fd, "in") == 0);
    CHECK(mkfifoat(t.fd, "pipe", 0600) == 0);
    return t;
}

static void remove_tree(tree *t)
{
    for (size_t i = 0; i < TW_COUNT(made); i++) unlinkat(t->fd, made[i], 0);
    unlinkat(t->fd, "b/deep", AT_REMOVEDIR);
    unlinkat(t->fd, "b", AT_REMOVEDIR);
    close(t->fd);
    rmdir(t->root);
}

static reading read_fd(int fd)
{
    tw_map_file f;
    tw_limits lim = tw_limits_default();
    CHECK_INT(tw_map_fd(fd, &f, NULL), TW_OK);
    reading r = read_with(f.bytes, "dir", &lim);
    tw_unmap_file(&f);
    return r;
}

TEST(directory_is_sorted_and_links_stay_links)
{
    tree t = make_tree();
    tw_limits lim = tw_limits_default();
    tw_diag d = {0};
    int fd = memfd_create("pack", 0);
    CHECK_INT(tw_pack_dir(t.root, NULL, &lim, fd, &d), TW_OK);
    reading r = read_fd(fd);
    CHECK_STR(tw_str_c(r.format), TW_S("directory"));
    CHECK_STR(paths_of(&r), TW_S("B.txt a.py b b/c.py b/deep b/deep/z.py in out pipe"));
    CHECK(find_member(&r, "b/deep/z.py", "z()\n") == 5);
    CHECK_INT(r.m.v[1].mode, 0640);
    CHECK_INT(r.m.v[2].type, TW_MEMBER_DIR);
    CHECK_INT(r.m.v[6].type, TW_MEMBER_SYMLINK);
    CHECK_STR(r.m.v[7].link, TW_S("/etc/passwd"));
    CHECK_FOUND(r, "archive.link-out");
    CHECK_INT(r.m.v[8].type, TW_MEMBER_SPECIAL);
    done(&r, &(tw_buf){0});
    remove_tree(&t);
}

TEST(skip_and_errors)
{
    tree t = make_tree();
    tw_limits lim = tw_limits_default();
    tw_diag d = {0};
    const char *const skip[] = {"b", "pipe", NULL};
    int fd = memfd_create("pack", 0);
    CHECK_INT(tw_pack_dir(t.root, skip, &lim, fd, &d), TW_OK);
    reading r = read_fd(fd);
    CHECK_STR(paths_of(&r), TW_S("B.txt a.py in out"));
    done(&r, &(tw_buf){0});
    fd = memfd_create("pack", 0);
    CHECK_INT(tw_pack_dir("/tmp/tw_no_such_folder", NULL, &lim, fd, &d), TW_ERR_NOTFOUND);
    lim.unpacked = 100;
    CHECK_INT(tw_pack_dir(t.root, NULL, &lim, fd, &d), TW_ERR_LIMIT);
    close(fd);
    remove_tree(&t);
}

TEST(list_of_files_follows_no_link)
{
    tree t = make_tree();
    tw_limits lim = tw_limits_default();
    tw_diag d = {0};
    const tw_str paths[] = {TW_SI("b/c.py"), TW_SI("a.py"),      TW_SI("in/c.py"),     TW_SI("gone.py"),
                            TW_SI("out"),    TW_SI("../escape"), TW_SI("/etc/passwd"), TW_SI("a.py")};
    int fd = memfd_create("pack", 0);
    CHECK_INT(tw_pack_files(t.root, paths, TW_COUNT(paths), &lim, fd, &d), TW_OK);
    reading r = read_fd(fd);
    CHECK_STR(paths_of(&r), TW_S("../escape /etc/passwd a.py b/c.py in/c.py out"));
    CHECK_INT(r.m.v[0].flags, TW_MF_UNREAD);
    CHECK_INT(r.m.v[1].flags, TW_MF_UNREAD);
    CHECK_STR(r.data.v[2], TW_S("a()\n"));
    CHECK_INT(r.m.v[4].flags, TW_MF_UNREAD); /* through the link "in" */
    CHECK_INT(r.m.v[5].type, TW_MEMBER_SYMLINK);
    CHECK(has_gap(&r, TW_GAP_DAMAGED));
    done(&r, &(tw_buf){0});
    remove_tree(&t);
}

TEST(truncated_pack_is_a_finding)
{
    tree t = make_tree();
    tw_limits lim = tw_limits_default();
    tw_diag d = {0};
    int fd = memfd_create("pack", 0);
    CHECK_INT(tw_pack_dir(t.root, NULL, &lim, fd, &d), TW_OK);
    tw_map_file f;
    CHECK_INT(tw_map_fd(fd, &f, NULL), TW_OK);
    for (size_t n = 18; n < f.bytes.n; n++) {
        reading r = read_with(tw_str_sub(f.bytes, 0, n), "dir", &lim);
        CHECK_FOUND(r, "archive.truncated");
        tw_arena_free(r.arena);
    }
    tw_unmap_file(&f);
    remove_tree(&t);
}

TESTS_MAIN()
