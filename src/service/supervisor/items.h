/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the user names -> artifacts: a file, a directory as a whole, or an installation or a folder of
 * package archives, in which each distribution is an artifact of its own. Reads the file system. Sources: items.c, installed.c (Python),
 * modules.c (npm), walk.c. */
#include "base/arena.h"
#include "engine/artifact/artifact.h"

typedef enum tw_item_kind {
    TW_ITEM_FILE,
    TW_ITEM_DIR,   /* a tree, packed */
    TW_ITEM_FILES, /* chosen files below a folder, packed */
    TW_ITEM_BAD,   /* known to be unreadable: `code` and `says` tell why */
} tw_item_kind;

typedef struct tw_item {
    tw_item_kind kind;
    tw_str artifact;         /* as the report names it */
    tw_str file_name;        /* base name */
    tw_str purl;             /* empty where unknown */
    tw_str history;          /* of its project, JSON; empty where unknown */
    const char *path;        /* of the file or folder */
    const char *const *skip; /* DIR: names left out, NULL-terminated, or NULL */
    tw_str *files;           /* FILES: relative to path */
    uint32_t n_files;
    tw_str sha256;    /* hex the index promised, empty where none */
    const char *code; /* BAD */
    tw_str says;
} tw_item;

typedef struct tw_items {
    tw_arena *arena;
    TW_VEC(tw_item) list;
} tw_items;

void tw_items_init(tw_items *it, tw_arena *a);
/* Adds the artifacts that `path` stands for: at least one, in an order that does not depend on the
 * file system. */
void tw_items_add_path(tw_items *it, tw_str path);
void tw_items_add_bad(tw_items *it, tw_str artifact, const char *code, tw_str says);

/* A read-only descriptor of the artifact's bytes, owned by the caller. Errors: NOTFOUND, DENIED, IO,
 * UNSUPPORTED (neither file nor folder), LIMIT. */
tw_err tw_item_open(const tw_item *item, const tw_limits *lim, int *ret_fd, tw_diag *d);

/* --- shared by the sources above ---------------------------------------------------------------- */
typedef struct tw_entry {
    tw_str name;
    bool dir, link; /* link: a symbolic link, whatever it points to */
} tw_entry;
/* Names in a folder, sorted by bytes; false when it cannot be read. */
bool tw_list_dir(tw_arena *a, const char *path, tw_entry **ret, uint32_t *ret_n);
typedef TW_VEC(tw_str) tw_paths;
/* Adds all files below root/top (or that file itself), as paths relative to root; links are not
 * followed. */
void tw_walk(tw_arena *a, const char *root, tw_str top, tw_paths *paths);
tw_str tw_path_base(tw_str path);
const char *tw_path_join(tw_arena *a, const char *dir, tw_str name);

bool tw_is_site_packages(tw_str path, const tw_entry *e, uint32_t n);
void tw_add_site_packages(tw_items *it, const char *path, const tw_entry *e, uint32_t n);
void tw_add_node_modules(tw_items *it, const char *path);
