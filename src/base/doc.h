/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* One document tree for JSON and YAML: a flat array of nodes in pre-order. Readers are strict,
 * iterative (no recursion on input depth) and note what is odd instead of hiding it.
 * Sources: doc.c, json.c, yaml.c. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef enum tw_node_kind {
    TW_NODE_NULL,
    TW_NODE_BOOL,
    TW_NODE_NUMBER, /* text as written; tw_node_* convert */
    TW_NODE_STRING,
    TW_NODE_ARRAY,
    TW_NODE_OBJECT,
} tw_node_kind;

enum { TW_NODE_DUPLICATE = 1 }; /* flag of a value whose key stood before in its object */

typedef struct tw_node {
    uint8_t kind; /* tw_node_kind */
    uint8_t flags;
    bool truth;     /* value of a BOOL */
    uint32_t next;  /* index of the next sibling (end of this subtree) */
    uint32_t count; /* children of an ARRAY or OBJECT (pairs counted once) */
    uint32_t line;  /* 1-based */
    uint32_t col;   /* 1-based, bytes */
    uint64_t off;   /* byte offset of the value */
    tw_str key;     /* decoded, of a value inside an OBJECT; else empty */
    tw_str text;    /* decoded STRING, or NUMBER as written */
} tw_node;

typedef struct tw_doc {
    tw_node *nodes; /* nodes[0] is the root */
    uint32_t n;
    uint32_t n_duplicates; /* keys that stood twice in one object */
} tw_doc;

typedef struct tw_doc_limits {
    uint32_t max_depth; /* 0: 128 */
    uint32_t max_nodes; /* 0: 4,000,000 */
} tw_doc_limits;

/* RFC 8259, strict: no comments, no trailing commas, no lone surrogates, valid UTF-8 only, one value
 * and white space. A UTF-8 BOM is accepted. Duplicate keys are kept and flagged. Strings point into
 * `text` where they hold no escape, else into the arena.
 * Errors: MALFORMED (diag has offset, line, col), LIMIT. */
tw_err tw_json_read(tw_arena *a, tw_str text, const tw_doc_limits *lim, tw_doc *ret, tw_diag *d);
/* The strict subset: one document, block and flow collections, plain/quoted/literal scalars;
 * no anchors, aliases, tags, merge keys, directives or folded scalars; duplicate keys are an error.
 * Plain scalars true/false/null and JSON numbers get their kinds, an empty one is null, all others are
 * strings (so `no` is "no").
 * Errors: MALFORMED, UNSUPPORTED (YAML, but outside the subset), LIMIT; diag has offset, line, col. */
tw_err tw_yaml_read(tw_arena *a, tw_str text, const tw_doc_limits *lim, tw_doc *ret, tw_diag *d);

/* Children: for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next) */
static inline uint32_t tw_node_first(const tw_doc *doc, uint32_t id)
{
    (void)doc;
    return id + 1;
}
static inline uint32_t tw_node_end(const tw_doc *doc, uint32_t id)
{
    return doc->nodes[id].next;
}
/* The LAST value under key of object `id` (what json.loads and npm see), NULL where absent or not
 * an object. */
const tw_node *tw_node_get(const tw_doc *doc, uint32_t id, tw_str key);
static inline uint32_t tw_node_id(const tw_doc *doc, const tw_node *n)
{
    return (uint32_t)(n - doc->nodes);
}
/* Text of a STRING under key, else `otherwise`. */
tw_str tw_node_str(const tw_doc *doc, uint32_t id, tw_str key, tw_str otherwise);
bool tw_node_u64(const tw_node *n, uint64_t *ret);
/* Number under `key` of node `id`; 0 where there is none. */
uint64_t tw_node_number(const tw_doc *doc, uint32_t id, tw_str key);
bool tw_node_double(const tw_node *n, double *ret);

/* Index of the ARRAY under key of object `id`, 0 (the root, never a child) where there is none. */
uint32_t tw_node_list(const tw_doc *doc, uint32_t id, tw_str key);
/* Children of a list that may be 0: TW_EACH_NODE(doc, list, i) { ... } */
#define TW_EACH_NODE(doc, list, i)                                                                  \
    for (uint32_t i = (list) ? tw_node_first(doc, list) : 0; (list) && i != tw_node_end(doc, list); \
         i = (doc)->nodes[i].next)

/* Canonical writer into a tw_buf: UTF-8, no white space, keys in the order written, escapes for controls and invisible characters
 * (RFC 8785 for strings; invalid UTF-8 becomes U+FFFD), integers as decimal; doubles with the
 * shortest form of at most 6 significant decimals. Keeps commas itself; nesting is counted. */
typedef struct tw_json_w {
    tw_buf *out;
    uint64_t comma; /* bit per depth */
    uint32_t depth; /* at most 60 */
} tw_json_w;
static inline tw_json_w tw_json_writer(tw_buf *out)
{
    return (tw_json_w){out, 0, 0};
}
void tw_json_obj(tw_json_w *w);
void tw_json_obj_end(tw_json_w *w);
void tw_json_arr(tw_json_w *w);
void tw_json_arr_end(tw_json_w *w);
void tw_json_key(tw_json_w *w, tw_str key);
void tw_json_str(tw_json_w *w, tw_str s);
void tw_json_u64(tw_json_w *w, uint64_t v);
void tw_json_i64(tw_json_w *w, int64_t v);
void tw_json_double(tw_json_w *w, double v);
void tw_json_bool(tw_json_w *w, bool v);
void tw_json_null(tw_json_w *w);
/* Copies already canonical JSON as one value. */
void tw_json_raw(tw_json_w *w, tw_str json);
/* The subtree of `id` as canonical JSON. */
void tw_json_node(tw_json_w *w, const tw_doc *doc, uint32_t id);
