/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/items.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void tw_items_init(tw_items *it, tw_arena *a)
{
    *it = (tw_items){.arena = a};
}

void tw_items_add_bad(tw_items *it, tw_str artifact, const char *code, tw_str says)
{
    TW_PUSH(it->arena, it->list,
            ((tw_item){.kind = TW_ITEM_BAD,
                       .artifact = artifact,
                       .file_name = tw_path_base(artifact),
                       .code = code,
                       .says = tw_arena_str(it->arena, says)}));
}

static const struct {
    int number;
    const char *code;
    tw_err err;
} os_errors[] = {
    {ENOENT, "not-found", TW_ERR_NOTFOUND}, {ENOTDIR, "not-found", TW_ERR_NOTFOUND},
    {EACCES, "denied", TW_ERR_DENIED},      {EPERM, "denied", TW_ERR_DENIED},
    {ELOOP, "denied", TW_ERR_DENIED},       {0, "io", TW_ERR_IO},
};

static size_t os_error(int number)
{
    size_t i = 0;
    while (os_errors[i].number && os_errors[i].number != number) i++;
    return i;
}

static void add(tw_items *it, tw_item_kind kind, tw_str shown, const char *path, const char *const *skip)
{
    TW_PUSH(
        it->arena, it->list,
        ((tw_item){
            .kind = kind, .artifact = shown, .file_name = tw_path_base(shown), .path = path, .skip = skip}));
}

static const tw_entry *find(const tw_entry *e, uint32_t n, tw_str name)
{
    for (uint32_t i = 0; i < n; i++)
        if (tw_str_eq(e[i].name, name)) return &e[i];
    return NULL;
}

/* A virtual environment: its site-packages, wherever lib/pythonX.Y they are. */
static bool add_venv(tw_items *it, const char *path)
{
    static const char *const libs[] = {"lib", "lib64"};
    for (size_t k = 0; k < TW_COUNT(libs); k++) {
        const char *lib = tw_path_join(it->arena, path, tw_str_c(libs[k]));
        tw_entry *e, *packages;
        uint32_t n, n_packages, before = it->list.n;
        if (!tw_list_dir(it->arena, lib, &e, &n)) continue;
        for (uint32_t i = 0; i < n; i++) {
            tw_str site = tw_arena_fmt(it->arena, "%.*s/site-packages", TW_FMT(e[i].name));
            const char *dir = tw_path_join(it->arena, lib, site);
            if (tw_list_dir(it->arena, dir, &packages, &n_packages))
                tw_add_site_packages(it, dir, packages, n_packages);
        }
        if (it->list.n > before) return true;
    }
    return false;
}

/* A shelf of packages (dist/, a download folder): nothing but archives and what signs or describes them. */
static bool is_shelf(const tw_entry *e, uint32_t n)
{
    static const tw_str archives[] = {TW_SI(".whl"), TW_SI(".egg"),     TW_SI(".tar.gz"),
                                      TW_SI(".tgz"), TW_SI(".tar.bz2"), TW_SI(".tar.xz"),
                                      TW_SI(".zip"), TW_SI(".tar.zst")};
    static const tw_str beside[] = {TW_SI(".asc"), TW_SI(".sig"), TW_SI(".metadata"), TW_SI(".sha256"),
                                    TW_SI(".attestation")};
    uint32_t found = 0, others = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool archive = false, side = false;
        for (size_t k = 0; k < TW_COUNT(archives); k++) archive |= tw_str_ends(e[i].name, archives[k]);
        for (size_t k = 0; k < TW_COUNT(beside); k++) side |= tw_str_ends(e[i].name, beside[k]);
        if (archive)
            found++;
        else if (!side)
            others++;
        if (e[i].dir || e[i].link) return false;
    }
    return found && !others;
}

static void add_dir(tw_items *it, tw_str shown, const char *path)
{
    static const char *const skip[] = {"node_modules", NULL};
    tw_entry *e;
    uint32_t n;
    if (!tw_list_dir(it->arena, path, &e, &n)) {
        tw_items_add_bad(it, shown, os_errors[os_error(errno)].code, tw_str_c(strerror(errno)));
        return;
    }
    if (tw_str_eq(tw_path_base(shown), TW_S("node_modules"))) {
        tw_add_node_modules(it, path);
        return;
    }
    if (tw_is_site_packages(shown, e, n)) {
        tw_add_site_packages(it, path, e, n);
        return;
    }
    if (find(e, n, TW_S("pyvenv.cfg")) && add_venv(it, path)) return;
    if (is_shelf(e, n)) {
        for (uint32_t i = 0; i < n; i++) {
            const char *at = tw_path_join(it->arena, path, e[i].name);
            add(it, TW_ITEM_FILE, tw_str_c(at), at, NULL);
        }
        return;
    }
    const tw_entry *modules = find(e, n, TW_S("node_modules"));
    add(it, TW_ITEM_DIR, shown, path, modules ? skip : NULL);
    if (modules && modules->dir) tw_add_node_modules(it, tw_path_join(it->arena, path, modules->name));
}

void tw_items_add_path(tw_items *it, tw_str given)
{
    tw_str shown = tw_arena_str(it->arena, given); /* NUL-terminated */
    struct stat st;
    if (!shown.n || memchr(shown.p, 0, shown.n)) {
        tw_items_add_bad(it, shown, "not-found", TW_S("not a path"));
    } else if (stat(shown.p, &st) != 0) {
        tw_items_add_bad(it, shown, os_errors[os_error(errno)].code, tw_str_c(strerror(errno)));
    } else if (S_ISDIR(st.st_mode)) {
        uint32_t before = it->list.n;
        add_dir(it, shown, shown.p);
        if (it->list.n == before)
            tw_items_add_bad(it, shown, "not-found", TW_S("no distribution is installed here"));
    } else {
        add(it, TW_ITEM_FILE, shown, shown.p, NULL);
    }
}

/* --- opening ------------------------------------------------------------------------------------ */
static tw_err os_fail(tw_diag *d)
{
    if (d) d->os_errno = errno;
    return tw_fail(d, os_errors[os_error(errno)].err, "%s", strerror(errno));
}

static tw_err open_file(const char *path, int *ret_fd, tw_diag *d)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    if (fd < 0) return os_fail(d);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return tw_fail(d, TW_ERR_UNSUPPORTED, "neither a regular file nor a folder");
    }
    *ret_fd = fd;
    return TW_OK;
}

/* A pack is written in memory, then opened again for reading only. */
static tw_err open_pack(const tw_item *item, const tw_limits *lim, int *ret_fd, tw_diag *d)
{
    int fd = memfd_create("artifact", MFD_CLOEXEC);
    if (fd < 0) return os_fail(d);
    tw_err err = item->kind == TW_ITEM_DIR
                     ? tw_pack_dir(item->path, item->skip, lim, fd, d)
                     : tw_pack_files(item->path, item->files, item->n_files, lim, fd, d);
    if (err == TW_OK) {
        char self[64];
        snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
        int again = open(self, O_RDONLY | O_CLOEXEC);
        *ret_fd =
            again >= 0 ? again : dup(fd); /* without /proc: writable, but the worker closes it once mapped */
        if (*ret_fd < 0) err = os_fail(d);
    }
    close(fd);
    return err;
}

tw_err tw_item_open(const tw_item *item, const tw_limits *lim, int *ret_fd, tw_diag *d)
{
    *ret_fd = -1;
    if (item->kind == TW_ITEM_BAD) return tw_fail(d, TW_ERR_NOTFOUND, "%.*s", TW_FMT(item->says));
    return item->kind == TW_ITEM_FILE ? open_file(item->path, ret_fd, d) : open_pack(item, lim, ret_fd, d);
}
