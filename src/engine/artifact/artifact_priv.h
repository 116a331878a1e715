/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Between the sources of the artifact reader only. artifact.c keeps a stack of open containers
 * (tw_reader); each gives raw members (tw_item) of its own, artifact.c numbers, names, hashes and
 * enters them. */
#include "base/buf.h"
#include "base/map.h"
#include "engine/artifact/artifact.h"
#include "engine/artifact/stream.h"

typedef struct tw_reader tw_reader;

/* A raw member: names are slices of the container or of reader scratch, copied by artifact.c. */
typedef struct tw_item {
    tw_member m;
    tw_str data; /* held content, p == NULL where none */
    bool hashed; /* m.sha256, m.kind and m.size are final */
    bool again;  /* a second reading of a member given before: its name says nothing new */
    tw_str head; /* first bytes, for the kind, where data is not held */
} tw_item;

/* What a try noted, to be taken back where it gave nothing new. */
typedef struct tw_undo {
    uint32_t n_findings, n_gaps;
    uint64_t dropped;
    uint32_t per_id[TW_FIND_MAX];
} tw_undo;

/* --- names.c: what names say, per container ------------------------------------------------------ */
typedef struct tw_name_item {
    tw_str path;     /* normal form: no empty and no "." components */
    uint32_t member; /* TW_NO_MEMBER: a folder that only stands in other names */
    uint32_t next;   /* index + 1 of another path of the same fold */
    uint8_t type;
    bool hidden;
} tw_name_item;
typedef struct tw_names {
    tw_map by_fold; /* folded normal path -> index + 1 into items */
    TW_VEC(tw_name_item) items;
} tw_names;
void tw_names_init(tw_names *n, tw_arena *work);

/* --- zip.c, zip_dir.c, zip_walk.c -------------------------------------------------------------------- */
/* One reading of one entry: what a central directory header says, or a local header alone. */
typedef struct tw_zip_entry {
    uint64_t lfh, data;    /* offsets of the local header and of the content, UINT64_MAX without */
    uint64_t csize, usize; /* sizes of this reading */
    uint64_t cdh;          /* offset of the central header, UINT64_MAX without */
    uint32_t crc, mode;
    uint16_t method, gp;
    uint8_t hidden;   /* not in the main reading */
    uint8_t unsized;  /* sizes and CRC stand behind the data, where only decoding finds them */
    uint8_t has_mode; /* mode is Unix's */
    uint8_t raw;      /* bytes that stand before the ZIP: no entry at all */
    tw_str name, alias;
} tw_zip_entry;

typedef struct tw_zip_local { /* a local header */
    uint16_t gp, method;
    uint32_t crc;
    uint64_t csize, usize, data;
    tw_str name, extra;
} tw_zip_local;

typedef struct tw_zip_end {       /* an end record, with what its ZIP64 record says */
    uint64_t off;                 /* of the end record */
    uint64_t cd;                  /* where the central directory starts */
    uint64_t cd_off, size, count; /* as declared */
    int64_t shift;                /* what to add to declared offsets (bytes before the ZIP) */
    tw_str comment;
    bool zip64, disks, bad64, short_comment;
} tw_zip_end;

typedef struct tw_zip {
    TW_VEC(tw_zip_entry) entries;
    uint32_t next;
    tw_zip_end end; /* of the main reading */
    bool has_end;
    bool said_descriptor, said_comment;
    tw_item second;     /* another reading of the entry just given */
    tw_zip_entry local; /* the same by its local header, given if the content differs from `last` */
    tw_digest last;
    uint32_t local_crc; /* of the entry being given, 0 unknown */
    struct tw_zip_walk *walk;
    uint64_t slack_from,
        slack_to; /* what stands behind the compressed data of the last entry, to 0: nothing */
    bool has_second, has_local;
    bool cut; /* the input of the content just read ended early */
} tw_zip;

bool tw_zip_find_end(tw_str b, uint64_t *ret_off);
bool tw_zip_read_end(tw_str b, uint64_t off, tw_zip_end *ret);
bool tw_zip_read_local(tw_str b, uint64_t off, tw_zip_local *ret);
/* Entries of the directory at [at, at + size) onto the list; returns where reading stopped. */
uint64_t tw_zip_read_dir(tw_artifact *a, tw_reader *r, uint64_t at, uint64_t size, int64_t shift,
                         bool hidden);
/* Sequential reading, other directories, and what no record covers (the union of readings). */
void tw_zip_walk_all(tw_artifact *a, tw_reader *r);
/* The same within [slack_from, slack_to) of a member: who inflates to find the end reads on there. */
void tw_zip_slack(tw_artifact *a, tw_reader *r);
typedef struct tw_zip_raw { /* a header of either kind as written */
    uint64_t off, csize, usize;
    uint16_t disk, version;
    tw_str name, extra, comment;
} tw_zip_raw;
bool tw_zip_raw_local(tw_str b, uint64_t off, tw_zip_raw *ret);
bool tw_zip_raw_central(tw_str b, uint64_t off, tw_zip_raw *ret);
/* Findings about the extra field; *ret_name: its Unicode path, if it gives another. */
void tw_zip_extra(tw_artifact *a, uint32_t member, const tw_zip_raw *raw, tw_str *ret_name);
/* Puts in what ZIP64 says where the header says 0xffffffff; false where the field is too short. */
bool tw_zip64_sizes(tw_str extra, uint64_t *usize, uint64_t *csize, uint64_t *lfh);

/* --- tar.c, tar_head.c ----------------------------------------------------------------------------- */
typedef struct tw_tar_head { /* a header block, as Python's tarfile reads it */
    char block[512];
    tw_str name, prefix, link; /* slices of block */
    uint64_t size;
    uint64_t loose_size; /* as parsers read it that take any number for what it starts with */
    uint32_t mode;
    char type;
    bool posix;   /* magic "ustar\0": the prefix field is one */
    bool bad_sum; /* neither checksum fits */
    bool bad_number;
} tw_tar_head;

typedef struct tw_tar_meta { /* what one extension header says of the next member */
    char type;               /* 'L', 'K', 'x', 'g' */
    bool has_path, has_link, has_size, sparse, bad;
    tw_str path, link;
    uint64_t size, real_size;
    tw_str sparse_map;   /* form 0.1: "offset,length,..." */
    tw_str sparse_pairs; /* form 0.0, gathered: "offset length offset length " */
    bool sparse_v1;      /* form 1.0: the map is in front of the data */
} tw_tar_meta;
/* Where parsers part. A pass over the tar follows tarfile but for the bits of its policy. */
enum {
    TW_TAR_SKIP_LINKS = 1,   /* data behind a link or folder is skipped (GNU tar, bsdtar) */
    TW_TAR_HEADER_SIZE = 2,  /* the header's size counts, not that of the extension */
    TW_TAR_LOOSE = 4,        /* numbers are taken as far as they go */
    TW_TAR_SLASH_DIR = 8,    /* a file with a trailing slash is a folder without data (node-tar) */
    TW_TAR_GLOBAL_SIZE = 16, /* the size of a global header counts */
    TW_TAR_HEADER_NAME = 32, /* a global, malformed or empty path does not count */
    TW_TAR_RAW_SPARSE = 64,  /* type S without a map, or under another magic, is a file (bsdtar) */
    TW_TAR_SPARSE_MAP = 128, /* a sparse member ends where its map does (bsdtar) */
    TW_TAR_POLICIES = 8,
};
enum { TW_TAR_METAS = 8, TW_TAR_META_MAX = 1 << 20 };

bool tw_tar_is_header(tw_str block);
void tw_tar_read_head(tw_str block, tw_tar_head *ret);
/* Records of a pax header; slices of `text`, which holds `size` bytes and the padding behind them. */
void tw_tar_read_pax(tw_arena *work, tw_str text, uint64_t size, tw_tar_meta *ret);
/* The content of a sparse member into it; false where it is none. */
bool tw_tar_sparse(tw_artifact *a, tw_reader *r, uint64_t size, tw_item *it);
bool tw_tar_number(tw_str field, uint64_t *ret);

typedef struct tw_tar {
    tw_tar_head head;
    tw_tar_meta metas[TW_TAR_METAS], global;
    uint32_t n_metas;
    uint64_t zeros;         /* zero blocks so far */
    uint64_t junk, junk_at; /* bytes behind the end that are no member */
    tw_map seen;            /* digests of the members given: other readings give only what is new */
    uint32_t policy, forks; /* TW_TAR_*: of this pass; seen where it would matter */
    uint32_t pass;
    tw_undo undo; /* in a later pass: as it was when the last member was given */
    bool ended;   /* the usual parser stopped before: what follows is hidden */
    bool damage;  /* ... because of a bad header */
    bool said_after;
} tw_tar;

/* True where pass and policy choose the reading that differs from tarfile's. */
bool tw_tar_fork(tw_tar *t, uint32_t policy);

typedef enum tw_reader_id { TW_READ_FILE, TW_READ_ZIP, TW_READ_TAR, TW_READ_ONE, TW_READ_PACK } tw_reader_id;

struct tw_reader {
    tw_reader_id id;
    uint64_t packed;    /* bytes all of it took at the top: what the ratio is measured against */
    uint32_t container; /* member index, TW_NO_MEMBER at top */
    uint16_t depth;
    bool hidden; /* a second reading of the same bytes: all members are hidden */
    bool front;  /* ZIP: what stands before it is in no other reading */
    bool opened;
    bool done;
    tw_str prefix; /* "outer!/" */
    tw_str bytes;
    tw_str name;     /* last component of the container's own name */
    tw_kind packing; /* compression of READ_TAR and READ_ONE */
    tw_stream stream;
    size_t held;   /* bytes of the stream window lent out with the last item */
    tw_buf data;   /* member content that is no slice */
    tw_buf tmp;    /* joined names, rewritten headers */
    uint64_t skip; /* bytes of the stream to drop before reading on */
    tw_zip zip;
    tw_tar tar;
    tw_names names;
    tw_mark mark;
};

struct tw_artifact {
    tw_arena *arena; /* job: names, findings */
    tw_arena *work;  /* reader tables, stacked like the readers */
    tw_arena *keep;  /* windows and decoder states, reused */
    tw_arena *metas; /* extension headers of the tar member being read */
    tw_mark metas_start;
    const tw_limits *lim;
    tw_findings *findings;
    tw_coverage *coverage;
    tw_str name;
    const char *format;
    struct libdeflate_decompressor *inflate;
    tw_reader *stack;
    uint32_t n_stack; /* open readers */
    uint32_t cap_stack;
    uint32_t n_members;
    uint64_t unpacked;
    uint64_t name_bytes;
    bool stop;
    tw_buf fold, norm;
};

#define FIND(a, id, member, off, ...) \
    tw_finding_add((a)->findings, TW_FIND_##id, (member), (off), __VA_ARGS__)

/* Counts n unpacked bytes; false (with finding, gap and limit noted once) when that is too many. */
bool tw_spend(tw_artifact *a, uint32_t member, uint64_t n);
/* Notes a limit that ends or cuts the reading. */
void tw_limit_hit(tw_artifact *a, uint32_t member, tw_limit_id id, uint64_t off, const char *says);
/* Takes n bytes of r->stream as the content of it: slice, copy, or hash only. */
void tw_take(tw_artifact *a, tw_reader *r, uint64_t n, tw_item *it);
/* Decodes all of a stream into it, of unknown size: copy, or hash only. */
void tw_take_all(tw_artifact *a, tw_stream *s, tw_buf *into, tw_item *it);
/* Holds data as the content: hash, size, kind. */
void tw_item_set(tw_item *it, tw_str data);
/* Opens what `bytes` are a container of; false where they are none that is read. */
bool tw_enter(tw_artifact *a, tw_str bytes, tw_kind kind, tw_str name, const tw_member *m);
tw_codec tw_codec_of(tw_kind k);
bool tw_type_lie(tw_str name, tw_kind k);
bool tw_claims_archive(tw_str name);
void tw_undo_mark(const tw_artifact *a, tw_undo *u);
void tw_undo_to(tw_artifact *a, const tw_undo *u);
/* Reports what a stream came across. */
void tw_stream_report(tw_artifact *a, tw_stream *s, uint32_t member);

void tw_zip_open(tw_artifact *a, tw_reader *r);
bool tw_zip_next(tw_artifact *a, tw_reader *r, tw_item *it);
/* True when zipfile would find a directory; exact: and nothing stands behind it. */
bool tw_zip_has_end(tw_str bytes, bool exact);
void tw_tar_open(tw_artifact *a, tw_reader *r);
bool tw_tar_next(tw_artifact *a, tw_reader *r, tw_item *it);
bool tw_pack_next(tw_artifact *a, tw_reader *r, tw_item *it);
bool tw_pack_is(tw_str bytes);
/* Findings of the name, the link and collisions within the container; sets m->replaces. */
void tw_names_check(tw_artifact *a, tw_reader *r, tw_member *m, tw_str raw);
