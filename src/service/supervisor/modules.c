/* SPDX-License-Identifier: Apache-2.0 */
/* node_modules: each package folder is an artifact, scoped and nested ones too; pnpm's store as well.
 * Links are not followed: what they point to inside the tree is found where it is. */
#include <sys/stat.h>

#include "service/supervisor/items.h"

static const char *const inner[] = {"node_modules", NULL};

static bool is_dir(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

typedef TW_VEC(const char *) dirs;

static void add_package(tw_items *it, const char *path, dirs *todo)
{
    tw_str shown = tw_str_c(path);
    const char *nested = tw_path_join(it->arena, path, TW_S("node_modules"));
    bool has = is_dir(nested);
    TW_PUSH(it->arena, it->list,
            ((tw_item){.kind = TW_ITEM_DIR,
                       .artifact = shown,
                       .file_name = tw_path_base(shown),
                       .path = path,
                       .skip = has ? inner : NULL}));
    if (has) TW_PUSH(it->arena, *todo, nested);
}

/* .pnpm/<name>@<version>/node_modules/<name> */
static void add_store(tw_items *it, const char *path, dirs *todo)
{
    tw_entry *e;
    uint32_t n;
    if (!tw_list_dir(it->arena, path, &e, &n)) return;
    for (uint32_t i = 0; i < n; i++) {
        const char *nested =
            tw_path_join(it->arena, path, tw_arena_fmt(it->arena, "%.*s/node_modules", TW_FMT(e[i].name)));
        if (e[i].dir && is_dir(nested)) TW_PUSH(it->arena, *todo, nested);
    }
}

static void add_entries(tw_items *it, const char *path, dirs *todo)
{
    tw_entry *e;
    uint32_t n;
    tw_paths loose = {0};
    if (!tw_list_dir(it->arena, path, &e, &n)) {
        tw_items_add_bad(it, tw_str_c(path), "denied", TW_S("the folder cannot be read"));
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *at = tw_path_join(it->arena, path, e[i].name);
        if (e[i].link) continue;
        if (!e[i].dir)
            TW_PUSH(it->arena, loose, e[i].name);
        else if (tw_str_eq(e[i].name, TW_S(".pnpm")))
            add_store(it, at, todo);
        else if (tw_str_eq(e[i].name, TW_S(".bin")))
            tw_walk(it->arena, path, e[i].name, &loose);
        else if (e[i].name.p[0] == '@')
            TW_PUSH(it->arena, *todo, at);
        else
            add_package(it, at, todo);
    }
    if (loose.n) /* files that belong to no package: lock files, launchers, strays */
        TW_PUSH(it->arena, it->list,
                ((tw_item){.kind = TW_ITEM_FILES,
                           .artifact = tw_arena_fmt(it->arena, "%s (files of no package)", path),
                           .file_name = TW_S("node_modules"),
                           .path = path,
                           .files = loose.v,
                           .n_files = loose.n}));
}

void tw_add_node_modules(tw_items *it, const char *path)
{
    dirs todo = {0};
    TW_PUSH(it->arena, todo, path);
    for (uint32_t i = 0; i < todo.n; i++) add_entries(it, todo.v[i], &todo);
}
