/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"
#include "base/map.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <yaml.h>

enum { MAX_DEPTH = 128, MAX_NODES = 4000000 };

typedef struct frame { /* an open collection */
    uint32_t id;
    tw_map keys;
} frame;

typedef struct reader {
    tw_arena *a, *scratch;
    tw_str text;
    /* where the last event began: libyaml counts characters, we count bytes */
    size_t index, off, line, line_off;
    tw_node *nodes;
    uint32_t n, cap;
    TW_VEC(frame) open;
    bool has_key, ended;
    tw_str key;
    uint32_t max_depth, max_nodes;
    yaml_event_t event;
    tw_diag *d;
} reader;

static bool starts_char(const reader *r, size_t off)
{
    return ((uint8_t)r->text.p[off] & 0xc0) != 0x80;
}

/* Moves the reader's place to the mark. */
static void go(reader *r, yaml_mark_t mark)
{
    size_t was_line = r->line;
    for (; r->index < mark.index && r->off < r->text.n; r->index++)
        for (r->off++; r->off < r->text.n && !starts_char(r, r->off);) r->off++;
    for (; r->index > mark.index && r->off; r->index--)
        for (r->off--; r->off && !starts_char(r, r->off);) r->off--;
    /* libyaml ends an unfinished last line by counting one that is not there */
    bool ended = r->off && r->off == r->text.n && !mark.column && r->text.p[r->off - 1] != '\n';
    r->line = mark.line - (ended && mark.line);
    if (was_line == r->line) return;
    r->line_off = ended ? tw_str_rchr(r->text, '\n') + 1 : r->off;
    if (ended) return;
    for (size_t c = mark.column; c && r->line_off; c--)
        for (r->line_off--; r->line_off && !starts_char(r, r->line_off);) r->line_off--;
}

static tw_err fail(reader *r, tw_err code, const char *says)
{
    if (r->d) {
        r->d->off = r->off;
        r->d->line = (uint32_t)r->line + 1;
        r->d->col = (uint32_t)(r->off - r->line_off) + 1;
    }
    return tw_fail(r->d, code, "%s", says);
}

static tw_err bad(reader *r, const char *says)
{
    return fail(r, TW_ERR_MALFORMED, says);
}

static tw_err refused(reader *r, const char *says)
{
    return fail(r, TW_ERR_UNSUPPORTED, says);
}

static tw_err node_new(reader *r, tw_node **ret)
{
    if (r->n >= r->max_nodes) return fail(r, TW_ERR_LIMIT, "more values than the limit allows");
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 64;
        r->nodes = tw_heap_grow(r->nodes, r->cap * sizeof *r->nodes);
    }
    tw_node *n = &r->nodes[r->n++];
    *n = (tw_node){.next = r->n, .line = (uint32_t)r->line + 1, .off = r->off, .key = r->key};
    n->col = (uint32_t)(r->off - r->line_off) + 1;
    r->key = (tw_str){NULL, 0};
    r->has_key = false;
    if (r->open.n) r->nodes[r->open.v[r->open.n - 1].id].count++;
    *ret = n;
    return TW_OK;
}

static bool wants_key(const reader *r)
{
    return r->open.n && !r->has_key && r->nodes[r->open.v[r->open.n - 1].id].kind == TW_NODE_OBJECT;
}

static bool is_number(reader *r, tw_str s)
{
    tw_doc doc;
    if (!s.n || !((s.p[0] >= '0' && s.p[0] <= '9') || s.p[0] == '-')) return false;
    tw_mark m = tw_arena_mark(r->scratch);
    bool yes = tw_json_read(r->scratch, s, NULL, &doc, NULL) == TW_OK && doc.nodes[0].text.n == s.n;
    tw_arena_reset(r->scratch, m);
    return yes;
}

static void resolve_plain(reader *r, tw_node *n)
{
    n->kind = TW_NODE_STRING;
    bool yes = tw_str_eq(n->text, TW_S("true"));
    if (yes || tw_str_eq(n->text, TW_S("false")))
        n->kind = TW_NODE_BOOL, n->truth = yes;
    else if (!n->text.n || tw_str_eq(n->text, TW_S("null")))
        n->kind = TW_NODE_NULL;
    else if (is_number(r, n->text))
        n->kind = TW_NODE_NUMBER;
    if (n->kind == TW_NODE_BOOL || n->kind == TW_NODE_NULL) n->text = (tw_str){NULL, 0};
}

static tw_err key_of(reader *r, tw_str text, bool plain)
{
    bool is_new;
    if (plain && tw_str_eq(text, TW_S("<<"))) return refused(r, "merge keys are not allowed");
    if (plain && !text.n) return bad(r, "a key is missing before ':'");
    r->key = tw_arena_str(r->a, text);
    tw_map_put(&r->open.v[r->open.n - 1].keys, r->key, &is_new);
    if (!is_new) return bad(r, "the key stands twice in this mapping");
    r->has_key = true;
    return TW_OK;
}

static tw_err scalar(reader *r)
{
    bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    tw_str text = {(const char *)r->event.data.scalar.value, r->event.data.scalar.length};
    tw_node *n;
    if (r->event.data.scalar.anchor) return refused(r, "anchors are not allowed");
    if (r->event.data.scalar.tag) return refused(r, "tags are not allowed");
    if (r->event.data.scalar.style == YAML_FOLDED_SCALAR_STYLE)
        return refused(r, "folded scalars ('>') are not allowed; use '|' or quotes");
    if (wants_key(r)) return key_of(r, text, plain);
    TW_TRY(node_new(r, &n));
    n->text = tw_arena_str(r->a, text);
    n->kind = TW_NODE_STRING;
    if (plain) resolve_plain(r, n);
    return TW_OK;
}

static tw_err collection(reader *r, tw_node_kind kind, const void *anchor, const void *tag)
{
    tw_node *n;
    if (anchor) return refused(r, "anchors are not allowed");
    if (tag) return refused(r, "tags are not allowed");
    if (wants_key(r)) return refused(r, "a key must be a plain or quoted text");
    if (r->open.n >= r->max_depth) return fail(r, TW_ERR_LIMIT, "nested deeper than the limit allows");
    TW_TRY(node_new(r, &n));
    n->kind = (uint8_t)kind;
    frame f = {.id = r->n - 1};
    tw_map_init(&f.keys, r->scratch);
    TW_PUSH(r->scratch, r->open, f);
    return TW_OK;
}

static void collection_end(reader *r)
{
    r->nodes[r->open.v[--r->open.n].id].next = r->n;
}

static tw_err on_event(reader *r)
{
    const yaml_event_t *e = &r->event;
    switch (e->type) {
    case YAML_STREAM_END_EVENT: r->ended = true; return TW_OK;
    case YAML_DOCUMENT_START_EVENT:
        if (r->n) return refused(r, "a second document begins here; one is allowed");
        if (e->data.document_start.version_directive ||
            e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end)
            return refused(r, "directives are not allowed");
        return TW_OK;
    case YAML_ALIAS_EVENT: return refused(r, "aliases are not allowed");
    case YAML_SCALAR_EVENT: return scalar(r);
    case YAML_SEQUENCE_START_EVENT:
        return collection(r, TW_NODE_ARRAY, e->data.sequence_start.anchor, e->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return collection(r, TW_NODE_OBJECT, e->data.mapping_start.anchor, e->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: collection_end(r); return TW_OK;
    default: return TW_OK;
    }
}

static tw_err parser_failed(reader *r, const yaml_parser_t *p)
{
    if (p->error == YAML_MEMORY_ERROR) abort();
    const char *says = p->problem ? p->problem : "not well-formed";
    if (p->error == YAML_READER_ERROR) {
        /* the only problem that comes with a byte offset instead of a mark */
        size_t off = p->problem_offset < r->text.n ? p->problem_offset : r->text.n, chars = 0, line = 0,
               col = 0;
        for (size_t i = 0; i < off; i++) {
            chars += starts_char(r, i);
            col = r->text.p[i] == '\n' ? 0 : col + starts_char(r, i);
            line += r->text.p[i] == '\n';
        }
        go(r, (yaml_mark_t){.index = chars, .line = line, .column = col});
        return bad(r, says);
    }
    go(r, p->problem_mark);
    return strstr(says, "depth") ? fail(r, TW_ERR_LIMIT, says) : bad(r, says);
}

static tw_err document(reader *r, yaml_parser_t *p)
{
    while (!r->ended) {
        if (!yaml_parser_parse(p, &r->event)) return parser_failed(r, p);
        go(r, r->event.start_mark);
        tw_err e = on_event(r);
        yaml_event_delete(&r->event);
        if (e != TW_OK) return e;
    }
    return r->n ? TW_OK : bad(r, "the text holds no document");
}

tw_err tw_yaml_read(tw_arena *a, tw_str text, const tw_doc_limits *lim, tw_doc *ret, tw_diag *d)
{
    yaml_parser_t p;
    size_t bom = tw_str_starts(text, TW_S("\xef\xbb\xbf")) ? 3 : 0;
    reader r = {.a = a, .text = tw_str_sub(text, bom, text.n), .d = d};
    r.max_depth = lim && lim->max_depth ? lim->max_depth : MAX_DEPTH;
    r.max_nodes = lim && lim->max_nodes ? lim->max_nodes : MAX_NODES;
    if (!yaml_parser_initialize(&p)) abort();
    yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p, (const unsigned char *)(r.text.n ? r.text.p : ""), r.text.n);
    r.scratch = tw_arena_new(0);
    tw_err e = document(&r, &p);
    if (e == TW_OK) {
        for (uint32_t i = 0; i < r.n; i++) r.nodes[i].off += bom;
        ret->nodes = tw_arena_calloc(a, r.n, sizeof *r.nodes);
        memcpy(ret->nodes, r.nodes, r.n * sizeof *r.nodes);
        ret->n = r.n;
        ret->n_duplicates = 0;
    } else if (d)
        d->off += bom;
    yaml_parser_delete(&p);
    tw_heap_free(r.nodes);
    tw_arena_free(r.scratch);
    return e;
}
