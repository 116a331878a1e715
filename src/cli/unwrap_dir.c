/* SPDX-License-Identifier: Apache-2.0 */
/* Layers on disk. Names are made here, never taken from an artifact; nothing is followed, nothing replaced
 * unasked, nothing may be run. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/unwrap.h"

enum { ID_MAX = 96 };

static const char *extension(tw_str language)
{
    static const struct {
        const char *language, *ending;
    } rows[] = {{"python", "py"},      {"javascript", "js"}, {"typescript", "ts"},      {"tsx", "tsx"},
                {"shell", "sh"},       {"batch", "bat"},     {"powershell", "ps1"},     {"manifest", "json"},
                {"notebook", "ipynb"}, {"pth", "pth"},       {"python bytecode", "pyc"}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_eq(language, tw_str_c(rows[i].language))) return rows[i].ending;
    return "txt";
}

static bool is_empty(int fd)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy < 0 ? NULL : fdopendir(copy);
    unsigned n = 0;
    for (struct dirent *e; d && (e = readdir(d));) n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
    if (d)
        closedir(d);
    else if (copy >= 0)
        close(copy);
    return d && !n;
}

tw_err tw_unwrap_dir_open(tw_unwrap_dir *d, tw_diag *why)
{
    d->fd = -1;
    if (mkdir(d->path, 0700) != 0 && errno != EEXIST) return tw_fail(why, TW_ERR_IO, "%s", strerror(errno));
    d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (d->fd < 0) return tw_fail(why, TW_ERR_IO, "%s", strerror(errno));
    if (d->force || is_empty(d->fd)) return TW_OK;
    return tw_fail(why, TW_ERR_IO, "the folder is not empty (--force writes into it all the same)");
}

void tw_unwrap_dir_close(tw_unwrap_dir *d)
{
    if (d->fd >= 0) close(d->fd);
    d->fd = -1;
}

static tw_err write_one(tw_unwrap_dir *d, const char *name, tw_str text, tw_diag *why)
{
    if (d->force && unlinkat(d->fd, name, 0) != 0 && errno != ENOENT)
        return tw_fail(why, TW_ERR_IO, "%s: %s", name, strerror(errno));
    int fd = openat(d->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return tw_fail(why, TW_ERR_IO, "%s: %s", name, strerror(errno));
    tw_err err = tw_write_all(fd, text);
    if (close(fd) != 0 || err != TW_OK) return tw_fail(why, TW_ERR_IO, "%s: it cannot be written", name);
    return TW_OK;
}

tw_err tw_unwrap_dir_write(tw_unwrap_dir *d, tw_arena *a, const tw_result *r, const tw_unwrapped_list *list,
                           uint32_t number, tw_diag *why)
{
    tw_str *file = TW_NEWN(a, tw_str, (size_t)list->n + 1);
    char before[16] = "";
    if (number) snprintf(before, sizeof before, "%u-", number);
    for (uint32_t i = 0; i < list->n; i++) {
        const tw_unwrapped *u = &list->v[i];
        if (!u->from->text.p || u->id.n > ID_MAX) continue;
        tw_str name = tw_arena_fmt(a, "%slayer-%.*s.%s", before, TW_FMT(u->id), extension(u->language));
        TW_TRY(write_one(d, name.p, u->from->text, why));
        file[i] = name;
        d->written++;
    }
    tw_buf index = TW_BUF_INIT;
    tw_unwrap_json(&index, r, list, file);
    tw_err err = write_one(d, tw_arena_fmt(a, "%sindex.json", before).p, tw_buf_str(&index), why);
    tw_buf_free(&index);
    return err;
}
