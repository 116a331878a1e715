/* SPDX-License-Identifier: Apache-2.0 */
/* struct.pack, unpack, calcsize, iter_unpack; array.array of what it is made of. Native sizes are those of 64 bits. */
#include "engine/record/pure_number.h"

enum { FIELDS = 4096 };

typedef struct field {
    char type;
    uint32_t count;
} field;
typedef struct layout {
    bool big, native;
    tw_str rest;
    uint64_t at;
} layout;

static unsigned size_of(char type, bool native)
{
    switch (type) {
    case 'x':
    case 'c':
    case 'b':
    case 'B':
    case '?':
    case 's':
    case 'p': return 1;
    case 'h':
    case 'H': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L': return native ? 8 : 4;
    case 'q':
    case 'Q':
    case 'd': return 8;
    case 'n':
    case 'N': return native ? 8 : 0;
    default: return 0;
    }
}

static layout begin(tw_str format)
{
    layout l = {.native = true, .rest = format};
    char c = format.n ? format.p[0] : 0;
    if (c && strchr("@=<>!", c)) {
        l.native = c == '@';
        l.big = c == '>' || c == '!';
        l.rest = tw_str_sub(format, 1, format.n);
    }
    return l;
}

/* The next field, the layout's offset at its begin. 0 at the end, -1 where it is not known. */
static int next(layout *l, field *ret)
{
    uint64_t n = 0;
    bool any = false;
    while (l->rest.n && (l->rest.p[0] == ' ' || l->rest.p[0] == '\n' || l->rest.p[0] == '\t'))
        l->rest = tw_str_sub(l->rest, 1, l->rest.n);
    while (l->rest.n && l->rest.p[0] >= '0' && l->rest.p[0] <= '9') {
        n = n * 10 + (uint64_t)(l->rest.p[0] - '0'), any = true;
        if (n > 1 << 24) return -1;
        l->rest = tw_str_sub(l->rest, 1, l->rest.n);
    }
    if (!l->rest.n) return any ? -1 : 0;
    ret->type = l->rest.p[0];
    ret->count = any ? (uint32_t)n : 1;
    l->rest = tw_str_sub(l->rest, 1, l->rest.n);
    unsigned size = size_of(ret->type, l->native);
    if (!size || ret->type == 'p') return -1;
    if (l->native) l->at = (l->at + size - 1) / size * size;
    return 1;
}

static bool whole_size(tw_str format, uint64_t *ret)
{
    field f;
    int r;
    layout l = begin(format);
    while ((r = next(&l, &f)) > 0) l.at += (uint64_t)f.count * size_of(f.type, l.native);
    *ret = l.at;
    return r == 0;
}

static bool format_of(ev *e, const ev_args *a, tw_str *ret)
{
    for (uint32_t i = 0; i < a->n; i++)
        if (a->names[i]) return false;
    return a->n && ev_text(e, a->v[0], ret) && ret->n < 4096;
}

uint32_t ev_struct_calcsize(ev *e, const ev_args *a)
{
    tw_str format;
    uint64_t size;
    return a->n == 1 && format_of(e, a, &format) && whole_size(format, &size) ? ev_int(e, (int64_t)size) : 0;
}

static uint64_t load(const char *p, unsigned size, bool big)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < size; i++) v |= (uint64_t)(unsigned char)p[i] << 8 * (big ? size - 1 - i : i);
    return v;
}

static uint32_t one(ev *e, char type, const char *p, const layout *l)
{
    unsigned size = size_of(type, l->native);
    uint64_t v = load(p, size, l->big);
    switch (type) {
    case 'c': return ev_folded(e, TW_VAL_BYTES, tw_str_of(p, 1), 0);
    case '?': return v < 2 ? ev_bool(e, v) : 0;
    case 'f': {
        uint32_t bits = (uint32_t)v;
        float f;
        memcpy(&f, &bits, sizeof f);
        return ev_float(e, f);
    }
    case 'd': {
        double d;
        memcpy(&d, &v, sizeof d);
        return ev_float(e, d);
    }
    default: break;
    }
    if (type >= 'a') {
        int64_t s = size == 8 ? (int64_t)v : (int64_t)(v << (64 - 8 * size)) >> (64 - 8 * size);
        return ev_int(e, s);
    }
    if (v <= INT64_MAX) return ev_int(e, (int64_t)v);
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)v);
    return ev_int_of_digits(e, tw_str_c(text), 10, false);
}

static uint32_t unpack(ev *e, tw_str format, tw_str data)
{
    field f;
    int r;
    layout l = begin(format);
    uint32_t base = e->stack.n;
    while ((r = next(&l, &f)) > 0) {
        unsigned size = size_of(f.type, l.native);
        uint64_t bytes = (uint64_t)f.count * size;
        if (l.at + bytes > data.n || !ev_step(e, 1 + f.count) || e->stack.n - base > 1 << 20) break;
        if (f.type == 's') {
            uint32_t v = ev_folded(e, TW_VAL_BYTES, tw_str_sub(data, l.at, l.at + bytes), 0);
            TW_PUSH(e->tmp, e->stack, v);
        }
        for (uint32_t i = 0; f.type != 's' && f.type != 'x' && i < f.count; i++) {
            uint32_t v = one(e, f.type, data.p + l.at + (uint64_t)i * size, &l);
            if (!v) return e->stack.n = base, 0;
            TW_PUSH(e->tmp, e->stack, v);
        }
        l.at += bytes;
    }
    if (r) return e->stack.n = base, 0;
    return ev_seq_from(e, base, TW_SEQ_TUPLE);
}

uint32_t ev_struct_unpack(ev *e, const ev_args *a)
{
    tw_str format, data;
    uint64_t size;
    bool fine = a->n == 2 && format_of(e, a, &format) && ev_text(e, a->v[1], &data) &&
                whole_size(format, &size) && size == data.n;
    return fine ? unpack(e, format, data) : 0;
}

uint32_t ev_struct_unpack_from(ev *e, const ev_args *a)
{
    tw_str format, data;
    uint64_t size;
    int64_t off = 0;
    bool fine = a->n >= 2 && a->n <= 3 && format_of(e, a, &format) && ev_text(e, a->v[1], &data) &&
                whole_size(format, &size) && (a->n < 3 || ev_get_int(e, a->v[2], &off)) && off >= 0 &&
                (uint64_t)off + size <= data.n;
    return fine ? unpack(e, format, tw_str_sub(data, (size_t)off, (size_t)off + size)) : 0;
}

uint32_t ev_struct_iter_unpack(ev *e, const ev_args *a)
{
    tw_str format, data;
    uint64_t size;
    uint32_t base = e->stack.n;
    if (a->n != 2 || !format_of(e, a, &format) || !ev_text(e, a->v[1], &data) || !whole_size(format, &size) ||
        !size || data.n % size)
        return 0;
    for (size_t at = 0; at < data.n; at += size) {
        uint32_t v = unpack(e, format, tw_str_sub(data, at, at + size));
        if (!v) return e->stack.n = base, 0;
        TW_PUSH(e->tmp, e->stack, v);
    }
    return ev_seq_from(e, base, EV_SEQ_ITER);
}

static void store(tw_buf *out, uint64_t v, unsigned size, bool big)
{
    for (unsigned i = 0; i < size; i++) tw_buf_putc(out, (char)(v >> 8 * (big ? size - 1 - i : i)));
}

static bool put(ev *e, char type, uint32_t v, const layout *l)
{
    ev_num n;
    tw_str s;
    unsigned size = size_of(type, l->native);
    uint64_t bits = 0;
    if (type == 'c') {
        if (!ev_text(e, v, &s) || s.n != 1 || ev_at(e, v)->kind != TW_VAL_BYTES) return false;
        return tw_buf_puts(&e->out, s), true;
    }
    if (type == '?') {
        int t = ev_truth(e, v);
        return t >= 0 ? store(&e->out, (uint64_t)t, 1, false), true : false;
    }
    if (!ev_num_of(e, v, &n)) return false;
    bool fine = false;
    if (type == 'f' || type == 'd') {
        double d = n.kind == EV_NUM_FLOAT ? n.f : (double)n.i;
        float f = (float)d;
        uint32_t few;
        memcpy(&few, &f, sizeof few);
        memcpy(&bits, &d, sizeof bits);
        if (type == 'f') bits = few;
        fine = n.kind != EV_NUM_BIG && (type == 'd' || (d > -3e38 && d < 3e38));
    } else if (n.kind == EV_NUM_INT) {
        bool minus = type >= 'a';
        int64_t lo = minus ? (size == 8 ? INT64_MIN : -(1ll << (8 * size - 1))) : 0;
        int64_t hi = size == 8 ? INT64_MAX : (1ll << (8 * size - minus)) - 1;
        fine = n.i >= lo && n.i <= hi;
        bits = (uint64_t)n.i;
    } else if (n.kind == EV_NUM_BIG) {
        fine = size == 8 && type < 'a' && !BN_is_negative(n.b) && BN_num_bits(n.b) <= 64;
        bits = BN_get_word(n.b);
    }
    ev_num_free(&n);
    if (fine) store(&e->out, bits, size, l->big);
    return fine;
}

uint32_t ev_struct_pack(ev *e, const ev_args *a)
{
    tw_str format, s;
    field f;
    int r;
    uint32_t at = 1;
    uint64_t size;
    if (!format_of(e, a, &format) || !whole_size(format, &size) || !ev_room(e, size)) return 0;
    layout l = begin(format);
    tw_buf_clear(&e->out);
    while ((r = next(&l, &f)) > 0) {
        while (e->out.n < l.at) tw_buf_putc(&e->out, 0);
        if (f.type == 's') {
            if (at >= a->n || !ev_text(e, a->v[at], &s) || ev_at(e, a->v[at])->kind != TW_VAL_BYTES) return 0;
            at++;
            for (uint32_t i = 0; i < f.count; i++) tw_buf_putc(&e->out, i < s.n ? s.p[i] : 0);
        } else {
            for (uint32_t i = 0; i < f.count; i++) {
                if (f.type == 'x')
                    tw_buf_putc(&e->out, 0);
                else if (at >= a->n || !put(e, f.type, a->v[at++], &l))
                    return 0;
            }
        }
        l.at = e->out.n;
    }
    return r == 0 && at == a->n ? ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, 0, "struct")) : 0;
}

/* array.array("B", [1, 2]).tobytes(): the bytes of its items. */
uint32_t ev_array_tobytes(ev *e, const ev_args *a)
{
    tw_str type;
    uint32_t list, n;
    const ev_val x = *ev_at(e, a->self);
    if (!a->self || a->n || x.kind != TW_VAL_CALL || x.a >= e->calls.n) return 0;
    const ev_call c = e->calls.v[x.a];
    if (c.n_args < 1 || !ev_text(e, e->args.v[c.args].value, &type) || type.n != 1) return 0;
    if (c.n_args == 1) return ev_folded(e, TW_VAL_BYTES, TW_S(""), 0);
    uint32_t v = e->args.v[c.args + 1].value;
    uint8_t kind;
    if (ev_is_text(e, v, &kind)) return kind == TW_VAL_BYTES && ev_is_const(e, v) ? v : 0;
    if (!ev_items(e, v, &list, &n) || !ev_room(e, (uint64_t)n * 8) || strchr("uc", type.p[0])) return 0;
    layout l = {.native = true};
    tw_buf_clear(&e->out);
    for (uint32_t i = 0; i < n; i++)
        if (!size_of(type.p[0], true) || !put(e, type.p[0], e->lists.v[list + i], &l)) return 0;
    return ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, 0, "array"));
}
