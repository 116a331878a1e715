/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Artifacts changed on purpose, for defenders who test what their gates and `tidewaiter diff` see. Reads with the engine's
 * reader in this process: meant for packages of one's own choice. Sources: mutate.c (files), graft.c, pack.c (writing);
 * rewrite.h has those that rewrite code. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct tw_mut_file {
    tw_str path, data;
    uint32_t mode; /* 0: unknown */
} tw_mut_file;

typedef enum tw_mut_format { TW_MUT_ZIP, TW_MUT_TGZ, TW_MUT_DIR } tw_mut_format;

typedef struct tw_mut {
    tw_arena *arena;
    tw_mut_format format;
    TW_VEC(tw_mut_file) files; /* in the order of the archive */
    tw_str dist_info;          /* wheel: its folder with '/', else empty */
    tw_str root;               /* top folder with '/', or empty */
    bool npm;
} tw_mut;

/* The files of a zip, tar.gz or folder (packed). Errors: UNSUPPORTED (another format), MALFORMED (something in it cannot be read). */
tw_err tw_mut_read(tw_arena *a, tw_str bytes, tw_str name, tw_mut *ret, tw_diag *d);
/* NULL where there is none. Valid until a file is added. */
tw_mut_file *tw_mut_find(tw_mut *m, tw_str path);
void tw_mut_put(tw_mut *m, tw_str path, tw_str data); /* a new one, or new content */
void tw_mut_drop(tw_mut *m, tw_str path);
/* Is the code in it a module of ECMAScript's by its name and the manifest? */
bool tw_mut_esm(tw_mut *m, const tw_mut_file *f);
bool tw_mut_esm_package(tw_mut *m); /* "type": "module" */
/* Brings a wheel's RECORD up to date and writes the archive (a folder: a pack as tw_pack_dir makes it); equal input gives
 * equal bytes. */
void tw_mut_write(tw_mut *m, tw_buf *out);

/* Where the graft runs. */
typedef enum tw_graft_at {
    TW_GRAFT_IMPORT,  /* at the end of the file that an import loads */
    TW_GRAFT_INSTALL, /* setup.py of an sdist, a postinstall script of npm */
    TW_GRAFT_PTH,     /* a .pth beside a module of its own (wheel) */
    TW_GRAFT_DATA,    /* base64 in a data file, read and run on import */
    TW_GRAFT_SPLIT,   /* in a function of a new file that the import calls */
    TW_GRAFT_MAX
} tw_graft_at;
const char *tw_graft_name(tw_graft_at at);
/* payload: source text in the package's language; payload_name: of its file, its ending has to fit. *ret_path: the file that now starts it.
 * Errors: UNSUPPORTED (such a package has no such place; the diag says so). */
tw_err tw_graft(tw_mut *m, tw_graft_at at, tw_str payload_name, tw_str payload, tw_str *ret_path, tw_diag *d);

/* The mutators by number; NULL behind the last. A mutator without a sentence is for the tests alone. */
const char *tw_mutator_name(uint32_t i);
const char *tw_mutator_says(uint32_t i);
/* Rewrites the sources of the package without changing what they do, the same for the same seed. Returns the number of
 * files that changed; what cannot be proved safe is left as it is. */
uint32_t tw_mutate(tw_mut *m, uint32_t which, uint64_t seed);

/* pack.c */
void tw_mut_pack(const tw_mut_file *files, uint32_t n, tw_buf *out);
void tw_mut_zip(const tw_mut_file *files, uint32_t n, tw_buf *out);
void tw_mut_tgz(tw_arena *a, const tw_mut_file *files, uint32_t n, tw_buf *out);
