/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Bytes -> members. One reader for all containers, known by content, never by name: ZIP (wheel,
 * egg, sdist), tar bare or in gzip/bzip2/xz/zstd, a bare compressed file, a directory packed by
 * tw_pack_dir, or a single file (one member). Archives within members are entered, depth-first, to
 * limits.depth. Where common parsers read an archive differently, the members are the union of all
 * readings. Nothing is written to disk, nothing recursive. Malformed input gives findings.
 * Sources: artifact.c, kind.c, zip.c, tar.c, stream.c, names.c. */
#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "engine/coverage.h"
#include "engine/findings.h"
#include "engine/limits.h"

/* What content is, by its first bytes (kind.c). */
#define TW_KINDS(X)             \
    X(EMPTY, "empty")           \
    X(TEXT, "text")             \
    X(DATA, "data")             \
    X(ZIP, "zip")               \
    X(TAR, "tar")               \
    X(GZIP, "gzip")             \
    X(BZIP2, "bzip2")           \
    X(XZ, "xz")                 \
    X(ZSTD, "zstd")             \
    X(LZMA, "lzma")             \
    X(SEVENZIP, "7z")           \
    X(RAR, "rar")               \
    X(CAB, "cab")               \
    X(AR, "ar")                 \
    X(ELF, "elf")               \
    X(PE, "pe")                 \
    X(MACHO, "macho")           \
    X(WASM, "wasm")             \
    X(JAVA_CLASS, "java-class") \
    X(PYC, "pyc")               \
    X(PICKLE, "pickle")         \
    X(PNG, "png")               \
    X(JPEG, "jpeg")             \
    X(GIF, "gif")               \
    X(PDF, "pdf")               \
    X(SQLITE, "sqlite")         \
    X(SCRIPT, "script")         \
    X(DIRECTORY, "directory")
typedef enum tw_kind {
#define X(id, name) TW_KIND_##id,
    TW_KINDS(X)
#undef X
        TW_KIND_MAX
} tw_kind;
const char *tw_kind_name(tw_kind k);
/* head: the first bytes (512 suffice for all but TAR detection of a bare tar: 512 too).
 * SCRIPT: text that starts with "#!". */
tw_kind tw_kind_of(tw_str head);

typedef enum tw_member_type {
    TW_MEMBER_FILE,
    TW_MEMBER_DIR,
    TW_MEMBER_SYMLINK,
    TW_MEMBER_HARDLINK,
    TW_MEMBER_SPECIAL,
} tw_member_type;
const char *tw_member_type_name(tw_member_type t); /* "file", "dir", "symlink", "hardlink", "special" */

enum {                       /* tw_member.flags */
       TW_MF_HIDDEN = 1,     /* not in the reading of the usual parser (union of readings) */
       TW_MF_ENCRYPTED = 2,  /* content not readable */
       TW_MF_DAMAGED = 4,    /* content incomplete or fails its checksum; data is what could be read */
       TW_MF_HASH_ONLY = 8,  /* larger than limits.member_bytes: hashed, not held */
       TW_MF_UNREAD = 16,    /* content not even hashed (encrypted, unknown method, limit) */
       TW_MF_CONTAINER = 32, /* an archive that is entered: its members follow */
       TW_MF_SHADOWED = 64,  /* a later member of the same name replaces it on unpacking: known only when
                              that one comes, so set by whoever keeps the members (see replaces) */
};

typedef struct tw_member {
    uint32_t index;     /* counts up from 0 in reading order */
    uint32_t container; /* member index of the archive it is in, TW_NO_MEMBER at top level */
    uint16_t depth;     /* 0 at top level */
    uint8_t type;       /* tw_member_type */
    uint8_t kind;       /* tw_kind by content */
    uint32_t flags;
    uint32_t mode;     /* Unix permission bits, 0 unknown */
    tw_str path;       /* name as the archive has it (raw bytes); members of a nested archive:
                           "outer.zip!/inner.py". Arena. */
    tw_str alias;      /* other name another parser sees, empty where none. Arena. */
    tw_str link;       /* target of a link. Arena. */
    uint64_t size;     /* bytes of content as read */
    uint64_t packed;   /* bytes it took in its container, 0 where unknown (tar: same as size) */
    uint64_t off;      /* offset of its header in its container */
    uint32_t replaces; /* earlier member of the same name that this one replaces on unpacking, or
                           TW_NO_MEMBER: the keeper of the list sets TW_MF_SHADOWED there */
    uint32_t target;   /* of a link: the earlier member it points at, or TW_NO_MEMBER. What a link is
                           used as (setup.py -> data.txt) its target is used as. */
    tw_digest sha256;  /* of the content as read; zeros when UNREAD */
} tw_member;

typedef struct tw_artifact tw_artifact;

/* bytes must outlive the artifact; name: file name as given, used for findings (type lies) only.
 * arena: job lifetime, takes names and findings. Never fails: what cannot be read is a finding.
 * Free with tw_artifact_close. */
tw_artifact *tw_artifact_open(tw_arena *arena, tw_str bytes, tw_str name, const tw_limits *lim,
                              tw_findings *findings, tw_coverage *coverage);
tw_artifact *tw_artifact_close(tw_artifact *a);
/* The next member, depth-first; false at the end. *ret_data is its content when it is a file that is
 * held (else p == NULL); valid until the next call. Members of a container follow it directly. */
bool tw_artifact_next(tw_artifact *a, tw_member *ret, tw_str *ret_data);
/* "zip", "tar.gz", "tar.xz", "gz", "directory", "file", ... of the artifact itself. Static. */
const char *tw_artifact_format(const tw_artifact *a);
/* All bytes unpacked so far. */
uint64_t tw_artifact_unpacked(const tw_artifact *a);

/* "pkg/m.pyc" and "pkg/__pycache__/m.cpython-311.pyc" -> "pkg/m.py"; empty for other names (pyc_name.c). */
tw_str tw_pyc_source(tw_arena *a, tw_str path);

/* Packs a directory tree into one container that tw_artifact_open reads as format "directory":
 * sorted by name, symlinks kept as links and never followed, special files as special members.
 * Reads the file system: for the supervisor's side, never called by the engine (pack.c).
 * fd: where the pack is written (memfd or temporary file). skip: names relative to root that are
 * left out, NULL-terminated, may be NULL. Errors: IO, NOTFOUND, LIMIT (limits.unpacked). */
tw_err tw_pack_dir(const char *root, const char *const *skip, const tw_limits *lim, int fd, tw_diag *d);
/* The same for an explicit list of paths relative to root (an installed distribution by RECORD). */
tw_err tw_pack_files(const char *root, const tw_str *paths, size_t n, const tw_limits *lim, int fd,
                     tw_diag *d);
