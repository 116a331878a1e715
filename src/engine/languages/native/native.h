/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the native front end: what the headers and tables of a compiled file say. nat_read dispatches by
 * magic to one reader for each format (elf.c, pe.c, macho.c, wasm.c); strings.c and toolchain.c (Go, Rust) look
 * at the bytes as a whole; signs.c at packers, what is appended and how dense the code is; lower.c makes IR of
 * it. Machine code is not read. Every table is bounded by a count, each of which is told when it is reached;
 * nothing recurses, and nothing is written outside the arena. */
#include "base/arena.h"
#include "base/cursor.h"
#include "base/map.h"

enum { /* counts: at most so many are kept */
       NAT_SECTIONS = 1024,
       NAT_LIBRARIES = 1024,
       NAT_IMPORTS = 16384,
       NAT_EXPORTS = 65536,
       NAT_STRINGS = 2048,
       NAT_PACKAGES = 4096,
       NAT_SLICES = 16,
       NAT_NAME = 4096,      /* bytes of a name */
       NAT_STEPS = 16 << 20, /* of all tables together, so that tables that overlap cost no more than one */
};

#define NAT_FORMATS(X) \
    X(NONE, "unknown") \
    X(ELF, "ELF")      \
    X(PE, "PE")        \
    X(MACHO, "Mach-O") \
    X(WASM, "WebAssembly")
typedef enum nat_format {
#define X(id, name) NAT_##id,
    NAT_FORMATS(X)
#undef X
        NAT_FORMAT_MAX
} nat_format;

typedef enum nat_kind { NAT_OTHER, NAT_PROGRAM, NAT_LIBRARY, NAT_OBJECT, NAT_KIND_MAX } nat_kind;

typedef struct nat_import {
    tw_str library; /* as the file has it; empty where it does not say */
    tw_str name;    /* as the file has it, "#17" by ordinal */
    tw_str
        symbol; /* what tables know it by: "execve", "kernel32.createprocess" has "kernel32.CreateProcess" */
    uint64_t off; /* of the name in the file */
} nat_import;

enum { NAT_EXEC = 1, NAT_WRITE = 2, NAT_EMPTY = 4 /* takes no bytes of the file */ };
typedef struct nat_section {
    tw_str name;
    uint64_t addr, span; /* in memory */
    uint64_t off, size;  /* in the file, within it */
    uint16_t density;    /* bits of entropy for each 1000 bytes / 8: 0 .. 8000; 0 where not asked */
    uint8_t flags;
} nat_section;

typedef struct nat_string {
    tw_str text;
    uint64_t off, len;         /* where in the file */
    bool front_open, end_open; /* there is more of it, which nothing tells from the text beside it */
} nat_string;

typedef struct nat_package { /* a Go package or module, a crate */
    tw_str name, version;
    uint64_t off;
} nat_package;

typedef struct nat {
    tw_arena *a;
    tw_str bytes;
    uint8_t format, kind; /* nat_format, nat_kind */
    uint8_t slices;       /* of a fat file; else 0 */
    bool big;             /* byte order */
    uint8_t bits;
    const char *arch;
    tw_str name, interpreter, run_path; /* SONAME, install name; PT_INTERP; RPATH and RUNPATH */
    TW_VEC(tw_str) libraries;
    TW_VEC(nat_import) imports;
    TW_VEC(tw_str) exports;
    TW_VEC(nat_section) sections;
    TW_VEC(nat_section) images; /* what is mapped: addresses -> offsets */
    TW_VEC(nat_string) strings;
    TW_VEC(nat_package) packages; /* Go packages that have code in it */
    TW_VEC(nat_package) modules;  /* Go modules, crates: with versions */
    tw_str go_version, go_path, rust_version;
    uint64_t end;           /* of what the format accounts for */
    uint64_t signature_off; /* a certificate table that follows it (PE) */
    uint64_t signature_size;
    bool is_signed, managed; /* managed: .NET */
    const char *packer;
    const char *overlay; /* what is appended; NULL: nothing */
    uint64_t overlay_off, overlay_size;
    const char *broken; /* first thing that does not hold */
    const char *cut;    /* first count that was reached */
    uint32_t steps;
    tw_map symbols, seen_packages, seen_modules, seen_strings;
} nat;

/* What the file says of itself. False: none of the four formats. */
bool nat_read(tw_arena *a, tw_str bytes, nat *ret);
const char *nat_format_name(const nat *n);
const char *nat_kind_name(const nat *n);

void nat_elf(nat *n);
void nat_pe(nat *n);
void nat_macho(nat *n); /* fat files too */
void nat_wasm(nat *n);
void nat_strings(nat *n);
void nat_toolchain(nat *n);
void nat_signs(nat *n);

/* --- for the readers (native.c) --- */
void nat_broken(nat *n, const char *what);
/* Counts towards NAT_STEPS; false when they are used up. */
bool nat_spend(nat *n, uint32_t steps);
bool nat_full(nat *n, uint32_t have, uint32_t most, const char *what);
/* Up to the NUL at off; empty where it lies outside or is longer than a name may be. */
tw_str nat_text(tw_str s, uint64_t off);
/* The offset in the file of an address; false where nothing is mapped there. */
bool nat_offset(const nat *n, uint64_t addr, uint64_t *ret);
void nat_library(nat *n, tw_str name);
/* Once for each symbol. */
void nat_import_add(nat *n, tw_str library, tw_str name, uint64_t off);
void nat_export_add(nat *n, tw_str name);
/* Offset and size are cut to the file. */
void nat_section_add(nat *n, nat_section s);
void nat_image_add(nat *n, nat_section s);
static inline uint64_t nat_min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}
static inline uint64_t nat_at(const nat *n, tw_str s) /* of a slice of the file */
{
    return s.p ? (uint64_t)(s.p - n->bytes.p) : 0;
}
