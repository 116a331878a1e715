/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the marshal format into a flat list of objects. Containers wait on a stack of their own; a container's
 * members wait in `done` until it is complete, so that memory follows the bytes and never a claimed count. */
#include "engine/languages/bytecode/pyc.h"

enum { FLAG_REF = 0x80 };

typedef struct waiting { /* a container that is being read */
    uint32_t obj, done, left, step;
    const char *fields; /* of a code object */
} waiting;

typedef struct reader {
    pyc_file *f;
    tw_cur c;
    uint64_t depth;
    TW_VEC(waiting) open;
    TW_VEC(uint32_t) done;
    TW_VEC(uint32_t) refs;
    TW_VEC(uint32_t) interned; /* Python 2 */
} reader;

/* Released versions only: what lies between changed its meaning from week to week. */
static const struct {
    uint16_t magic, version;
} magics[] = {
    {62211, 207}, {3131, 300}, {3151, 301}, {3180, 302}, {3230, 303}, {3310, 304}, {3350, 305},
    {3351, 305},  {3377, 306}, {3378, 306}, {3379, 306}, {3392, 307}, {3393, 307}, {3394, 307},
    {3412, 308},  {3413, 308}, {3424, 309}, {3425, 309}, {3438, 310}, {3439, 310}, {3494, 311},
    {3495, 311},  {3530, 312}, {3531, 312}, {3570, 313}, {3571, 313}, {3626, 314}, {3627, 314},
};

/* A code object's fields in the order of the file. */
static const struct {
    uint16_t since;
    const char *fields;
} layouts[] = {
    {311, "apksfCNMVKFnqlLH"},
    {308, "apkvsfCNMVRDFnlL"},
    {300, "akvsfCNMVRDFnlL"},
    {0, "avsfCNMVRDFnlL"},
};
static const char letters[PYC_FIELDS + 1] = "apkvsflCNMVRDKFnqLH";
static const uint8_t is_number = PYC_LINE; /* the last field that is one */

static const char *layout_of(uint32_t version)
{
    size_t i = 0;
    while (layouts[i].since > version) i++;
    return layouts[i].fields;
}

bool pyc_is_list(const pyc_obj *o)
{
    return o->type && memchr("([<>:{", o->type, 6);
}

bool pyc_is_text(const pyc_obj *o)
{
    return o->type && memchr("sutaAzZ", o->type, 7);
}

bool pyc_is_bytes(const pyc_file *f, const pyc_obj *o)
{
    return o->type == 's' && f->version >= 300;
}

static uint32_t new_obj(reader *r, uint8_t type, size_t off)
{
    pyc_file *f = r->f;
    TW_PUSH(f->a, f->objs, ((pyc_obj){.type = type, .off = (uint32_t)off}));
    return f->objs.n - 1;
}

static void end_obj(reader *r, uint32_t o)
{
    r->f->objs.v[o].len = (uint32_t)r->c.off - r->f->objs.v[o].off;
}

static uint64_t size_of(reader *r, uint8_t type)
{
    if (type == 'z' || type == 'Z' || type == ')') return tw_cur_u8(&r->c);
    return tw_cur_u32le(&r->c);
}

static void wait_for(reader *r, uint32_t o, uint64_t n, const char *fields)
{
    pyc_file *f = r->f;
    f->objs.v[o].flags |= PYC_OPEN;
    TW_PUSH(f->a, r->open, ((waiting){o, r->done.n, n > UINT32_MAX ? UINT32_MAX : (uint32_t)n, 0, fields}));
    if (r->open.n > r->depth) r->c.bad = f->limit = true;
}

static void read_text(reader *r, uint32_t o, uint64_t n)
{
    r->f->objs.v[o].a = (uint32_t)r->c.off;
    r->f->objs.v[o].n = (uint32_t)n;
    tw_cur_skip(&r->c, n);
}

/* The number as 15-bit digits stays in the file; only its length is checked here. */
static void read_long(reader *r, uint32_t o)
{
    int32_t n = (int32_t)tw_cur_u32le(&r->c);
    uint64_t digits = n < 0 ? 0 - (int64_t)n : n;
    read_text(r, o, digits * 2);
}

static void read_float_text(reader *r, uint32_t o, bool complex)
{
    size_t at = r->c.off;
    tw_cur_skip(&r->c, tw_cur_u8(&r->c));
    if (complex) tw_cur_skip(&r->c, tw_cur_u8(&r->c));
    r->f->objs.v[o].a = (uint32_t)at;
    r->f->objs.v[o].n = (uint32_t)(r->c.off - at);
}

static uint32_t ref(reader *r, uint32_t i, uint32_t n, const uint32_t *v)
{
    if (i >= n) {
        r->c.bad = true;
        return 0;
    }
    return r->f->objs.v[v[i]].flags & PYC_OPEN ? 0 : v[i];
}

/* What follows the type byte. Containers go on the stack and are done later. */
static uint32_t read_body(reader *r, uint8_t type, uint32_t o)
{
    switch (type) {
    case 'N':
    case 'T':
    case 'F':
    case '.':
    case 'S':
    case '0': break;
    case 'i': r->f->objs.v[o].a = tw_cur_u32le(&r->c); break;
    case 'I': read_text(r, o, 8); break;
    case 'l': read_long(r, o); break;
    case 'g': read_text(r, o, 8); break;
    case 'y': read_text(r, o, 16); break;
    case 'f': read_float_text(r, o, false); break;
    case 'x': read_float_text(r, o, true); break;
    case 't':
        if (r->f->version < 300) TW_PUSH(r->f->a, r->interned, o);
        read_text(r, o, size_of(r, type));
        break;
    case 's':
    case 'u':
    case 'a':
    case 'A':
    case 'z':
    case 'Z': read_text(r, o, size_of(r, type)); break;
    case 'R': return ref(r, tw_cur_u32le(&r->c), r->interned.n, r->interned.v);
    case 'r': return ref(r, tw_cur_u32le(&r->c), r->refs.n, r->refs.v);
    case ')':
    case '(':
    case '[':
    case '<':
    case '>': wait_for(r, o, size_of(r, type), NULL); break;
    case ':': wait_for(r, o, 3, NULL); break;
    case '{': wait_for(r, o, UINT32_MAX, NULL); break;
    case 'c':
        r->f->objs.v[o].a = r->f->codes.n;
        TW_PUSH(r->f->a, r->f->codes, ((pyc_code){.scope = 0}));
        wait_for(r, o, 0, layout_of(r->f->version));
        break;
    default: r->c.bad = true;
    }
    return o;
}

static uint32_t read_one(reader *r)
{
    size_t at = r->c.off;
    uint8_t byte = tw_cur_u8(&r->c), type = byte & (uint8_t)~FLAG_REF;
    if (r->c.bad) return 0;
    uint32_t o = new_obj(r, type == ')' ? '(' : type, at); /* short and long tuples */
    if (byte & FLAG_REF) TW_PUSH(r->f->a, r->refs, o);
    uint32_t is = read_body(r, type, o);
    if (is == o)
        end_obj(r, o);
    else
        r->f->objs.v[o].type = 0;
    return is;
}

static void close_container(reader *r)
{
    pyc_file *f = r->f;
    waiting *w = &r->open.v[--r->open.n];
    pyc_obj *o = &f->objs.v[w->obj];
    o->flags &= (uint8_t)~PYC_OPEN;
    if (!w->fields) {
        o->a = f->kids.n;
        o->n = r->done.n - w->done;
        TW_RESERVE(f->a, f->kids, (size_t)o->n + 1);
        for (uint32_t i = 0; i < o->n; i++) f->kids.v[f->kids.n++] = r->done.v[w->done + i];
        r->done.n = w->done;
    }
    end_obj(r, w->obj);
}

/* A code object's numbers up to its next object. True: all fields are read. */
static bool code_numbers(reader *r, waiting *w, uint32_t *ret_field)
{
    for (; w->fields[w->step]; w->step++) {
        uint32_t field = (uint32_t)(strchr(letters, w->fields[w->step]) - letters);
        if (field > is_number) {
            *ret_field = field;
            return false;
        }
        r->f->codes.v[r->f->objs.v[w->obj].a].f[field] = tw_cur_u32le(&r->c);
    }
    return true;
}

static void give(reader *r, uint32_t o)
{
    waiting *w = &r->open.v[r->open.n - 1];
    if (!w->fields) {
        TW_PUSH(r->f->a, r->done, o);
        w->left -= w->left != UINT32_MAX;
        return;
    }
    uint32_t field = (uint32_t)(strchr(letters, w->fields[w->step]) - letters);
    r->f->codes.v[r->f->objs.v[w->obj].a].f[field] = o;
    w->step++;
}

/* True: the container on top is complete. */
static bool complete(reader *r)
{
    waiting *w = &r->open.v[r->open.n - 1];
    uint32_t field = 0;
    if (w->fields) return code_numbers(r, w, &field);
    if (w->left == UINT32_MAX) /* a dict ends with a NULL */
        return r->done.n > w->done && r->f->objs.v[r->done.v[r->done.n - 1]].type == '0';
    return w->left == 0;
}

static void read_all(reader *r)
{
    uint32_t o = read_one(r), root = o;
    while (!r->c.bad && r->open.n) {
        if (complete(r)) {
            uint32_t whole = r->open.v[r->open.n - 1].obj;
            if (r->c.bad) break;
            close_container(r);
            if (r->open.n) give(r, whole);
            continue;
        }
        if (r->c.bad) break;
        uint32_t opened = r->open.n;
        o = read_one(r);
        if (r->open.n == opened && !r->c.bad) give(r, o);
    }
    r->f->cut = r->c.bad;
    while (r->open.n) { /* what is there of a damaged file */
        uint32_t whole = r->open.v[r->open.n - 1].obj;
        close_container(r);
        if (r->open.n) give(r, whole);
    }
    r->f->root = root;
}

void pyc_read(pyc_file *f, tw_arena *a, tw_str bytes, uint64_t depth)
{
    *f = (pyc_file){.a = a, .bytes = bytes};
    reader r = {.f = f, .c = tw_cur_of(bytes), .depth = depth};
    uint16_t magic = tw_cur_u16le(&r.c);
    for (size_t i = 0; i < TW_COUNT(magics); i++)
        if (magics[i].magic == magic) f->version = magics[i].version;
    new_obj(&r, 0, 0);
    TW_PUSH(a, f->codes, ((pyc_code){.scope = 0}));
    f->start = f->version >= 307 ? 16 : f->version >= 303 ? 12 : 8;
    tw_cur_seek(&r.c, f->start);
    f->cut = r.c.bad;
    if (f->version && !r.c.bad) read_all(&r);
    f->end = (uint32_t)r.c.off;
}
