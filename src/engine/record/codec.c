/* SPDX-License-Identifier: Apache-2.0 */
/* The facts bundle: magic, version, header, fourteen counts, then each table row by row, field by field
 * as the tables below say, each field in as many groups of seven bits as it needs (LEB128). Decoding trusts nothing: each index, kind, flag, span and list is checked
 * once, in linear time, and what it accepts encodes to the same bytes again. */
#include "engine/record/record.h"

#include "base/cursor.h"

#include <stddef.h>

static const char magic[4] = {'T', 'W', 'F', 'B'};

typedef enum check {
    ANY,     /* number, or checked by its table's own function */
    STR,     /* < n_strings */
    VAL,     /* < n_vals */
    FUNC,    /* < n_funcs */
    CALL_OR, /* < n_calls or TW_NONE */
    OFF,     /* <= n_bytes; a following LEN stays within */
    OFF_OR,  /* the same or TW_NONE */
    LEN,
    LIST_VAL, /* start of a list of values; COUNT follows */
    LIST_STR,
    LIST_ARG,
    COUNT,
    ARG_NAME,                /* STR or a spread mark */
    FIRST_CHECKED = CALL_OR, /* up to here: row by row, the others by the counts alone */
    LAST_CHECKED = ARG_NAME,
    LANG,
    TRUTH,
    GAP,
    FINDING,
    EDGE_KIND,
    CALL_FLAGS,
    IMPORT_FLAGS,
    ZERO,
} check;

typedef struct field {
    uint16_t at;
    uint8_t width, check;
    bool delta; /* written as the difference to the row before, sign in the lowest bit */
} field;
#define F(T, m, c)                                    \
    {                                                 \
        offsetof(T, m), sizeof(((T *)0)->m), c, false \
    }
#define F_DELTA(T, m, c)                             \
    {                                                \
        offsetof(T, m), sizeof(((T *)0)->m), c, true \
    }

static const field val_fields[] = {
    F(tw_val, kind, ANY), F(tw_val, flags, ANY), F(tw_val, depth, ANY), F(tw_val, a, ANY),
    F(tw_val, b, ANY),    F(tw_val, list, ANY),  F(tw_val, n, ANY),
};
static const field list_fields[] = {{0, 4, ANY, false}};
static const field arg_fields[] = {F(tw_rec_arg, value, VAL), F(tw_rec_arg, name, ARG_NAME)};
static const field call_fields[] = {
    F(tw_rec_call, func, FUNC),        F(tw_rec_call, callee, VAL),    F(tw_rec_call, symbol, STR),
    F(tw_rec_call, args, LIST_ARG),    F(tw_rec_call, n_args, COUNT),  F(tw_rec_call, result, VAL),
    F(tw_rec_call, flags, CALL_FLAGS), F(tw_rec_call, reserved, ZERO), F(tw_rec_call, off, OFF),
    F(tw_rec_call, len, LEN),
};
static const field func_fields[] = {
    F(tw_rec_func, name, STR),       F(tw_rec_func, qual, STR),         F(tw_rec_func, parent, ANY),
    F(tw_rec_func, kind, ANY),       F(tw_rec_func, flags, ANY),        F(tw_rec_func, params, LIST_STR),
    F(tw_rec_func, n_params, COUNT), F(tw_rec_func, returns, LIST_VAL), F(tw_rec_func, n_returns, COUNT),
    F(tw_rec_func, bases, LIST_VAL), F(tw_rec_func, n_bases, COUNT),    F(tw_rec_func, off, OFF),
    F(tw_rec_func, len, LEN),
};
static const field import_fields[] = {
    F(tw_rec_import, module, STR), F(tw_rec_import, name, STR),  F(tw_rec_import, alias, STR),
    F(tw_rec_import, func, FUNC),  F(tw_rec_import, level, ANY), F(tw_rec_import, flags, IMPORT_FLAGS),
    F(tw_rec_import, off, OFF),    F(tw_rec_import, len, LEN),
};
static const field bind_fields[] = {
    F(tw_rec_bind, func, FUNC),
    F(tw_rec_bind, name, STR),
    F(tw_rec_bind, value, VAL),
    F(tw_rec_bind, off, OFF),
};
static const field store_fields[] = {
    F(tw_rec_store, func, FUNC), F(tw_rec_store, base, VAL),  F(tw_rec_store, name, STR),
    F(tw_rec_store, key, VAL),   F(tw_rec_store, value, VAL), F(tw_rec_store, off, OFF),
    F(tw_rec_store, len, LEN),
};
static const field layer_fields[] = {
    F(tw_rec_layer, call, CALL_OR),   F(tw_rec_layer, recipe, STR), F(tw_rec_layer, lang, LANG),
    F(tw_rec_layer, executed, TRUTH), F(tw_rec_layer, func, FUNC),  F(tw_rec_layer, bytes, STR),
    F(tw_rec_layer, off, OFF),        F(tw_rec_layer, len, LEN),
};
static const field gap_fields[] = {
    F(tw_rec_gap, reason, GAP),
    F(tw_rec_gap, off, OFF),
    F(tw_rec_gap, len, LEN),
};
static const field finding_fields[] = {
    F(tw_rec_finding, id, FINDING),
    F(tw_rec_finding, off, OFF_OR),
    F(tw_rec_finding, detail, STR),
};
static const field path_fields[] = {F(tw_rec_path, up, ANY), F(tw_rec_path, step, STR)};
static const field edge_fields[] = {
    F_DELTA(tw_rec_edge, func, FUNC), F(tw_rec_edge, kind, EDGE_KIND), F_DELTA(tw_rec_edge, from, ANY),
    F(tw_rec_edge, from_path, ANY),   F_DELTA(tw_rec_edge, to, ANY),   F(tw_rec_edge, pos, ANY),
    F(tw_rec_edge, to_path, ANY),
};

typedef struct table {
    const field *fields;
    uint16_t n_fields, rows, count; /* offsets of the array and its length in tw_record */
    uint16_t row_size;              /* in memory */
    const char *name;
} table;
#define T(TYPE, arr, cnt, flds, nm)                                                                \
    {                                                                                              \
        flds, TW_COUNT(flds), offsetof(tw_record, arr), offsetof(tw_record, cnt), sizeof(TYPE), nm \
    }
static const table tables[] = {
    T(tw_val, vals, n_vals, val_fields, "values"),
    T(uint32_t, lists, n_lists, list_fields, "lists"),
    T(tw_rec_arg, args, n_args, arg_fields, "arguments"),
    T(tw_rec_call, calls, n_calls, call_fields, "calls"),
    T(tw_rec_func, funcs, n_funcs, func_fields, "functions"),
    T(tw_rec_import, imports, n_imports, import_fields, "imports"),
    T(tw_rec_bind, binds, n_binds, bind_fields, "binds"),
    T(tw_rec_store, stores, n_stores, store_fields, "stores"),
    T(tw_rec_layer, layers, n_layers, layer_fields, "layers"),
    T(tw_rec_gap, gaps, n_gaps, gap_fields, "gaps"),
    T(tw_rec_finding, findings, n_findings, finding_fields, "findings"),
    T(tw_rec_path, paths, n_paths, path_fields, "paths"),
    T(tw_rec_edge, edges, n_edges, edge_fields, "edges"),
};

static uint32_t *count_of(const tw_record *r, const table *t)
{
    return (uint32_t *)((uintptr_t)r + t->count);
}

static char *rows_of(const tw_record *r, const table *t)
{
    char *p;
    memcpy(&p, (const char *)r + t->rows, sizeof p);
    return p;
}

static uint32_t load(const char *row, const field *f)
{
    if (f->width == 1) return *(const uint8_t *)(row + f->at);
    if (f->width == 2) return *(const uint16_t *)(const void *)(row + f->at);
    return *(const uint32_t *)(const void *)(row + f->at);
}

static void save(char *row, const field *f, uint32_t v)
{
    if (f->width == 1)
        *(uint8_t *)(row + f->at) = (uint8_t)v;
    else if (f->width == 2)
        *(uint16_t *)(void *)(row + f->at) = (uint16_t)v;
    else
        *(uint32_t *)(void *)(row + f->at) = v;
}

enum { VARINT_MAX = 5, FIELDS_MAX = 16 };

static char *put_varint(char *to, uint32_t v)
{
    for (; v >= 0x80; v >>= 7) *to++ = (char)(v | 0x80);
    *to++ = (char)v;
    return to;
}

static uint32_t to_delta(uint32_t v, uint32_t before)
{
    uint32_t d = v - before;
    return d << 1 ^ (d >> 31 ? UINT32_MAX : 0);
}

static uint32_t from_delta(uint32_t d, uint32_t before)
{
    return before + (d >> 1 ^ (d & 1 ? UINT32_MAX : 0));
}

static void encode_table(const tw_record *r, const table *t, tw_buf *out)
{
    uint32_t n = *count_of(r, t);
    const char *row = rows_of(r, t);
    for (uint32_t i = 0; i < n; i++, row += t->row_size) {
        char *from = tw_buf_reserve(out, VARINT_MAX * (size_t)t->n_fields), *to = from;
        if (!from) return;
        for (const field *f = t->fields; f < t->fields + t->n_fields; f++) {
            uint32_t v = load(row, f), before = f->delta && i ? load(row - t->row_size, f) : 0;
            to = put_varint(to, f->delta ? to_delta(v, before) : v);
        }
        out->n += (size_t)(to - from);
    }
}

static void encode_lengths(const tw_record *r, tw_buf *out)
{
    for (uint32_t i = 0; i < r->n_strings; i++) {
        char *to = tw_buf_reserve(out, VARINT_MAX);
        if (to) out->n += (size_t)(put_varint(to, (uint32_t)r->strings[i].n) - to);
    }
}

void tw_record_encode(const tw_record *r, tw_buf *out)
{
    tw_buf_put(out, magic, sizeof magic);
    tw_buf_u32le(out, TW_BUNDLE_VERSION);
    tw_buf_u32le(out, r->lang);
    tw_buf_u32le(out, r->flags);
    tw_buf_u32le(out, r->n_bytes);
    tw_buf_u64le(out, r->tokens);
    tw_buf_u64le(out, r->insns);
    tw_buf_u64le(out, r->steps);
    tw_buf_u32le(out, r->n_strings);
    for (size_t i = 0; i < TW_COUNT(tables); i++) tw_buf_u32le(out, *count_of(r, &tables[i]));
    encode_lengths(r, out);
    for (size_t i = 0; i < TW_COUNT(tables); i++) encode_table(r, &tables[i], out);
    for (uint32_t i = 0; i < r->n_strings; i++) tw_buf_puts(out, r->strings[i]);
}

/* ---- decoding ---- */

typedef struct decoder {
    tw_record *r;
    uint64_t lists, args; /* items claimed so far: no two owners share one, which keeps checks linear */
    uint32_t span;        /* the OFF before a LEN */
    check list;           /* the LIST_* before a COUNT */
    uint32_t start;
} decoder;

static bool list_ok(decoder *d, uint32_t n)
{
    const tw_record *r = d->r;
    bool args = d->list == LIST_ARG;
    uint64_t *claimed = args ? &d->args : &d->lists;
    uint32_t have = args ? r->n_args : r->n_lists;
    if (!n) return d->start == 0;
    if (d->start > have || n > have - d->start) return false;
    *claimed += n;
    if (*claimed > have) return false;
    uint32_t below = d->list == LIST_VAL ? r->n_vals : d->list == LIST_STR ? r->n_strings : UINT32_MAX;
    for (uint32_t i = 0; !args && i < n; i++)
        if (r->lists[d->start + i] >= below) return false;
    return true;
}

static bool is_name(const tw_record *r, uint32_t v)
{
    return v < r->n_strings || v == TW_ARG_SPREAD || v == TW_ARG_SPREAD_MAP;
}

/* What the counts alone do not tell (most_of). */
static bool field_ok(decoder *d, check c, uint32_t v)
{
    const tw_record *r = d->r;
    switch (c) {
    case CALL_OR: return v < r->n_calls || v == TW_NONE;
    case OFF_OR: return v <= r->n_bytes || v == TW_NONE;
    case OFF: d->span = v; return true;
    case LEN: return v <= r->n_bytes - d->span;
    case LIST_VAL:
    case LIST_STR:
    case LIST_ARG:
        d->list = c;
        d->start = v;
        return true;
    case COUNT: return list_ok(d, v);
    case ARG_NAME: return is_name(r, v);
    default: return true;
    }
}

static bool table_ok(decoder *d, const table *t)
{
    field left[FIELDS_MAX];
    uint16_t n_left = 0;
    for (uint16_t k = 0; k < t->n_fields; k++)
        if (t->fields[k].check >= FIRST_CHECKED && t->fields[k].check <= LAST_CHECKED)
            left[n_left++] = t->fields[k];
    uint32_t n = n_left ? *count_of(d->r, t) : 0;
    const char *row = rows_of(d->r, t);
    for (uint32_t i = 0; i < n; i++, row += t->row_size)
        for (uint16_t k = 0; k < n_left; k++)
            if (!field_ok(d, (check)left[k].check, load(row, &left[k]))) return false;
    return true;
}

/* What a value's a and b are, and whether it has a list. */
typedef enum operand { NO, NUM, A_STR, A_VAL, A_FUNC, A_CALL, B_ANY_STR } operand;
static const struct {
    uint8_t a, b, list;
} shape[TW_VAL_MAX] = {
    [TW_VAL_STR] = {A_STR, NO, 0},
    [TW_VAL_BYTES] = {A_STR, NO, 0},
    [TW_VAL_INT] = {NUM, NUM, 0},
    [TW_VAL_FLOAT] = {A_STR, NO, 0},
    [TW_VAL_BOOL] = {NUM, NO, 0},
    [TW_VAL_SYMBOL] = {A_STR, NO, 0},
    [TW_VAL_FUNC] = {A_FUNC, NO, 0},
    [TW_VAL_PARAM] = {A_FUNC, NUM, 0},
    [TW_VAL_CALL] = {A_CALL, NO, 0},
    [TW_VAL_MEMBER] = {A_VAL, A_STR, 0},
    [TW_VAL_INDEX] = {A_VAL, A_VAL, 0},
    [TW_VAL_CONCAT] = {NO, NO, 1},
    [TW_VAL_SEQ] = {NO, NO, 1},
    [TW_VAL_MAP] = {NO, NO, 1},
    [TW_VAL_PHI] = {NO, NO, 1},
    [TW_VAL_OP] = {NO, A_STR, 1},
    [TW_VAL_ITER] = {A_VAL, NO, 0},
    [TW_VAL_MUT] = {A_VAL, A_VAL, 0},
    [TW_VAL_INSTANCE] = {A_FUNC, A_CALL, 0},
};

static bool operand_ok(const tw_record *r, operand kind, uint32_t id, uint32_t v, uint32_t *depth)
{
    switch (kind) {
    case NO: return v == 0;
    case NUM: return true;
    case A_STR: return v < r->n_strings;
    case A_FUNC: return v < r->n_funcs;
    case A_CALL: return v < r->n_calls && r->calls[v].result == id;
    case A_VAL:
        if (v >= id) return false;
        if (r->vals[v].depth >= *depth) *depth = r->vals[v].depth + 1u;
        return true;
    default: return false;
    }
}

static bool through_call(const tw_record *r, uint32_t id, const tw_rec_call *c, uint32_t *depth)
{
    bool ok = operand_ok(r, A_VAL, id, c->callee, depth);
    for (uint32_t i = 0; ok && i < c->n_args; i++)
        ok = operand_ok(r, A_VAL, id, r->args[c->args + i].value, depth);
    return ok;
}

/* Operands come before their value, so the graph has no cycle. */
static bool val_ok(decoder *d, uint32_t id)
{
    const tw_record *r = d->r;
    const tw_val *v = &r->vals[id];
    uint32_t depth = 0;
    if (v->kind >= TW_VAL_MAX || v->flags > TW_VF_FOLDED || (v->kind == TW_VAL_UNKNOWN) != (id == 0))
        return false;
    operand oa = shape[v->kind].a, ob = shape[v->kind].b;
    if (!operand_ok(r, oa, id, v->a, &depth) || !operand_ok(r, ob, id, v->b, &depth)) return false;
    if (v->kind == TW_VAL_BOOL && v->a > 1) return false;
    if (v->kind == TW_VAL_PARAM && v->b >= r->funcs[v->a].n_params) return false;
    if (v->kind == TW_VAL_INSTANCE && r->funcs[v->a].kind != TW_REGION_CLASS) return false;
    if (oa == A_CALL && !through_call(r, id, &r->calls[v->a], &depth)) return false;
    if (ob == A_CALL && !through_call(r, id, &r->calls[v->b], &depth)) return false;
    if (!shape[v->kind].list && (v->list || v->n)) return false;
    d->list = LIST_VAL, d->start = v->list;
    if (!list_ok(d, v->n)) return false;
    for (uint32_t i = 0; i < v->n; i++)
        if (!operand_ok(r, A_VAL, id, r->lists[v->list + i], &depth)) return false;
    return v->depth == (depth < UINT16_MAX ? depth : UINT16_MAX);
}

static bool func_ok(const tw_record *r, uint32_t id)
{
    const tw_rec_func *f = &r->funcs[id];
    if (id == 0) return f->kind == TW_REGION_MODULE && f->parent == TW_NONE;
    return f->kind > TW_REGION_MODULE && f->kind <= TW_REGION_COMPREHENSION && f->parent < id;
}

/* Ups before what hangs on them, no path longer than the longest. */
static bool path_ok(const tw_record *r, uint32_t id)
{
    uint32_t steps = 0;
    if (!id) return !r->paths[0].up && !r->paths[0].step;
    for (uint32_t p = id; p; p = r->paths[p].up)
        if (r->paths[p].up >= p || ++steps > TW_PATH_MAX) return false;
    return true;
}

static bool is_path(const tw_record *r, uint32_t path, bool of_variable)
{
    return path < r->n_paths && (!of_variable || path);
}

static bool edge_ok(const tw_record *r, uint32_t id)
{
    const tw_rec_edge *e = &r->edges[id];
    const tw_rec_edge *same = id >= TW_EDGES_MAX ? &r->edges[id - TW_EDGES_MAX] : NULL;
    tw_edge_from from = tw_edge_from_of(e);
    tw_edge_to to = tw_edge_to_of(e);
    if ((id && e->func < e[-1].func) || (same && same->func == e->func)) return false;
    if (!is_path(r, e->from_path, from == TW_FROM_VAR) || !is_path(r, e->to_path, to == TW_TO_VAR))
        return false;
    if (from == TW_FROM_PARAM && e->from >= r->funcs[e->func].n_params) return false;
    if (from == TW_FROM_CALL && (e->from >= r->n_calls || r->calls[e->from].func != e->func)) return false;
    if (from == TW_FROM_VAR && e->from >= r->n_funcs) return false;
    bool call = to == TW_TO_ARG || to == TW_TO_SELF || to == TW_TO_CALLEE;
    if (e->to >= (call ? r->n_calls : r->n_funcs)) return false;
    if (to == TW_TO_ARG) return e->pos < r->calls[e->to].n_args;
    if (to == TW_TO_PARAM) return e->pos < r->funcs[e->to].n_params;
    return e->pos == 0;
}

static bool record_ok(decoder *d)
{
    const tw_record *r = d->r;
    if (!r->n_vals || !r->n_funcs || !r->n_strings || r->strings[0].n || r->lang >= TW_LANG_MAX) return false;
    for (size_t i = 0; i < TW_COUNT(tables); i++)
        if (!table_ok(d, &tables[i])) return false;
    for (uint32_t i = 0; i < r->n_funcs; i++)
        if (!func_ok(r, i)) return false;
    for (uint32_t i = 0; i < r->n_vals; i++)
        if (!val_ok(d, i)) return false;
    for (uint32_t i = 0; i < r->n_paths; i++)
        if (!path_ok(r, i)) return false;
    for (uint32_t i = 0; i < r->n_edges; i++)
        if (!edge_ok(r, i)) return false;
    return true;
}

/* One way to write a number: no more than 32 bits, no empty high group. */
static uint32_t long_varint(tw_cur *c)
{
    uint32_t v = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        uint8_t b = tw_cur_u8(c);
        if ((shift == 28 && b > 0x0F) || (shift && !b)) break;
        v |= (uint32_t)(b & 0x7F) << shift;
        if (b < 0x80) return v;
    }
    c->bad = true;
    return 0;
}

static inline uint32_t varint(tw_cur *c)
{
    if (!c->bad && c->off < c->n && c->p[c->off] < 0x80) return c->p[c->off++];
    return long_varint(c);
}

/* The largest number that may stand in a field, as far as the counts tell. */
static uint32_t most_of(const tw_record *r, const field *f)
{
    static const uint32_t widths[] = {0, UINT8_MAX, UINT16_MAX, 0, UINT32_MAX};
    switch ((check)f->check) {
    case STR: return r->n_strings - 1;
    case VAL: return r->n_vals - 1;
    case FUNC: return r->n_funcs - 1;
    case OFF: return r->n_bytes;
    case LANG: return TW_LANG_MAX - 1;
    case TRUTH: return 1;
    case GAP: return TW_GAP_MAX - 1;
    case FINDING: return TW_FIND_MAX - 1;
    case EDGE_KIND: return TW_FROM_MAX * TW_TO_MAX - 1;
    case CALL_FLAGS: return TW_RC_ALL - 1;
    case IMPORT_FLAGS: return TW_RI_ALL - 1;
    case ZERO: return 0;
    default: return widths[f->width];
    }
}

/* Rows are allocated only once as many bytes as there are fields are known to be there. */
static bool read_table(tw_arena *a, tw_cur *c, const table *t, tw_record *r)
{
    uint32_t n = *count_of(r, t), most[FIELDS_MAX];
    if (c->bad || n > tw_cur_left(c) / t->n_fields) return false;
    for (uint16_t k = 0; k < t->n_fields; k++) most[k] = most_of(r, &t->fields[k]);
    char *rows = tw_arena_calloc(a, n, t->row_size);
    memcpy((char *)r + t->rows, &rows, sizeof rows);
    for (uint32_t i = 0; i < n && !c->bad; i++, rows += t->row_size)
        for (uint16_t k = 0; k < t->n_fields; k++) {
            const field *f = &t->fields[k];
            uint32_t v = varint(c);
            if (f->delta) v = from_delta(v, i ? load(rows - t->row_size, f) : 0);
            if (v > most[k]) return false;
            save(rows, f, v);
        }
    return !c->bad;
}

static bool read_lengths(tw_arena *a, tw_cur *c, tw_record *r)
{
    if (c->bad || r->n_strings > tw_cur_left(c)) return false;
    r->strings = TW_NEWN(a, tw_str, r->n_strings);
    for (uint32_t i = 0; i < r->n_strings; i++) r->strings[i].n = varint(c);
    return !c->bad;
}

tw_err tw_record_decode(tw_arena *a, tw_str bytes, tw_record *ret, tw_diag *diag)
{
    tw_record r = {0};
    tw_cur c = tw_cur_of(bytes);
    tw_str m = tw_cur_take(&c, sizeof magic);
    uint32_t version = tw_cur_u32le(&c);
    if (c.bad || memcmp(m.p, magic, sizeof magic) != 0)
        return tw_fail(diag, TW_ERR_MALFORMED, "not a facts bundle");
    if (version != TW_BUNDLE_VERSION)
        return tw_fail(diag, TW_ERR_UNSUPPORTED, "facts bundle of version %u, this program reads %u", version,
                       (unsigned)TW_BUNDLE_VERSION);
    uint32_t lang = tw_cur_u32le(&c);
    r.lang = (uint8_t)(lang < TW_LANG_MAX ? lang : TW_LANG_MAX);
    r.flags = tw_cur_u32le(&c);
    r.n_bytes = tw_cur_u32le(&c);
    r.tokens = tw_cur_u64le(&c);
    r.insns = tw_cur_u64le(&c);
    r.steps = tw_cur_u64le(&c);
    r.n_strings = tw_cur_u32le(&c);
    for (size_t i = 0; i < TW_COUNT(tables); i++) *count_of(&r, &tables[i]) = tw_cur_u32le(&c);
    bool ok = r.n_vals && r.n_funcs && r.n_strings && read_lengths(a, &c, &r);
    for (size_t i = 0; ok && i < TW_COUNT(tables); i++) ok = read_table(a, &c, &tables[i], &r);
    for (uint32_t i = 0; ok && i < r.n_strings; i++) r.strings[i] = tw_cur_take(&c, r.strings[i].n);
    if (!ok || c.bad || tw_cur_left(&c))
        return tw_fail(diag, TW_ERR_MALFORMED, "the facts bundle's tables do not fit its %zu bytes", bytes.n);
    decoder d = {.r = &r};
    if (!record_ok(&d))
        return tw_fail(diag, TW_ERR_MALFORMED, "the facts bundle refers to what it does not hold");
    *ret = r;
    return TW_OK;
}
