/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "service/supervisor/items.h"

tw_str tw_path_base(tw_str path)
{
    while (path.n > 1 && path.p[path.n - 1] == '/') path.n--;
    return path.n == 1 ? path : tw_str_base(path);
}

const char *tw_path_join(tw_arena *a, const char *dir, tw_str name)
{
    size_t n = strlen(dir);
    return tw_arena_fmt(a, "%s%s%.*s", dir, n && dir[n - 1] == '/' ? "" : "/", TW_FMT(name)).p;
}

static int by_name(const void *x, const void *y)
{
    return tw_str_cmp(((const tw_entry *)x)->name, ((const tw_entry *)y)->name);
}

bool tw_list_dir(tw_arena *a, const char *path, tw_entry **ret, uint32_t *ret_n)
{
    TW_VEC(tw_entry) list = {0};
    DIR *d = opendir(path);
    if (!d) return false;
    for (struct dirent *e; (e = readdir(d));) {
        tw_str name = tw_str_c(e->d_name);
        struct stat st;
        if (tw_str_eq(name, TW_S(".")) || tw_str_eq(name, TW_S(".."))) continue;
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        TW_PUSH(a, list, ((tw_entry){tw_arena_str(a, name), S_ISDIR(st.st_mode), S_ISLNK(st.st_mode)}));
    }
    closedir(d);
    if (list.n) qsort(list.v, list.n, sizeof *list.v, by_name);
    *ret = list.v;
    *ret_n = list.n;
    return true;
}

void tw_walk(tw_arena *a, const char *root, tw_str top, tw_paths *paths)
{
    tw_paths todo = {0};
    TW_PUSH(a, todo, top);
    while (todo.n) {
        tw_str at = todo.v[--todo.n];
        const char *path = tw_path_join(a, root, at);
        struct stat st;
        if (lstat(path, &st) != 0) continue;
        if (!S_ISDIR(st.st_mode)) {
            TW_PUSH(a, *paths, at);
            continue;
        }
        tw_entry *e;
        uint32_t n;
        if (!tw_list_dir(a, path, &e, &n)) {
            TW_PUSH(a, *paths, at); /* unreadable: the packer says so */
            continue;
        }
        for (uint32_t i = n; i-- > 0;)
            TW_PUSH(a, todo, tw_arena_fmt(a, "%.*s/%.*s", TW_FMT(at), TW_FMT(e[i].name)));
    }
}
