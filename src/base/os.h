/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The edge to the operating system for what the engine's callers need; the engine itself opens
 * nothing. Source: os.c. */
#include "base/arena.h"
#include "base/err.h"

typedef struct tw_map_file {
    tw_str bytes; /* read-only view of the file */
    int fd;       /* read-only, owned */
    size_t mapped;
} tw_map_file;

/* Maps a regular file read-only (an empty file gives an empty slice).
 * Errors: NOTFOUND, DENIED, IO, UNSUPPORTED (not a regular file). Release with tw_unmap_file. */
tw_err tw_map_file_open(const char *path, tw_map_file *ret, tw_diag *d);
tw_err tw_map_fd(int fd, tw_map_file *ret, tw_diag *d); /* takes over fd */
void tw_unmap_file(tw_map_file *m);
/* Whole file into the arena, at most `limit` bytes (LIMIT beyond). */
tw_err tw_read_file(tw_arena *a, const char *path, size_t limit, tw_str *ret, tw_diag *d);
/* Writes all or fails; restarts on EINTR. */
tw_err tw_write_all(int fd, tw_str s);
/* The path of a file that stands beside this program; the bare name where that cannot be told. */
const char *tw_sibling(tw_arena *a, const char *name);
/* What the linker wrote into this program to tell it from any other; empty where it did not. */
tw_str tw_build_id(void);
