/* SPDX-License-Identifier: Apache-2.0 */
/* What a code object says of itself: names, constants, parameters, where exceptions go. */
#include <stdlib.h>

#include "engine/languages/bytecode/pyc.h"

enum { VARARGS = 4, VARKEYWORDS = 8, GENERATOR = 0x20, COROUTINE = 0x80, ASYNC_GENERATOR = 0x200 };
enum { IS_CELL = 0x40, IS_FREE = 0x80 };

bool pyc_spend(pyc *L, uint64_t n)
{
    if (L->left < n) {
        L->left = 0;
        L->spent = true;
        return false;
    }
    L->left -= n;
    return true;
}

uint32_t pyc_version(const pyc *L)
{
    return L->f.version;
}

uint32_t pyc_word(pyc *L, const char *s)
{
    return tw_intern(&L->ir->strings, tw_str_c(s));
}

uint32_t pyc_emit(pyc *L, tw_op op, uint8_t kind, uint16_t flags, uint32_t a, uint32_t b, uint32_t c)
{
    return tw_ir_emit(L->ir, op, kind, flags, a, b, c, L->off, L->len);
}

/* CPython reads the ASCII kinds as Latin-1, all others as UTF-8. */
uint32_t pyc_string(pyc *L, uint32_t obj)
{
    if (obj >= L->f.objs.n || !pyc_is_text(&L->f.objs.v[obj])) return 0;
    pyc_obj *o = &L->f.objs.v[obj];
    if (o->text) return o->text - 1;
    tw_str s = pyc_text(&L->f, obj);
    bool high = false;
    if (memchr("aAzZ", o->type, 4))
        for (size_t i = 0; i < s.n && !high; i++) high = (uint8_t)s.p[i] >= 0x80;
    if (high) {
        tw_buf_clear(&L->lit);
        for (size_t i = 0; i < s.n; i++) {
            uint8_t c = (uint8_t)s.p[i];
            if (c >= 0x80) tw_buf_u8(&L->lit, (uint8_t)(0xC0 | c >> 6));
            tw_buf_u8(&L->lit, c >= 0x80 ? (uint8_t)(0x80 | (c & 0x3F)) : c);
        }
        s = tw_buf_str(&L->lit);
    }
    uint32_t id = tw_intern(&L->ir->strings, s);
    o->text = id + 1;
    return id;
}

uint32_t pyc_name(pyc *L, uint32_t list, uint32_t i)
{
    return pyc_string(L, pyc_kid(&L->f, pyc_code_of(L)->f[list], i));
}

static uint32_t count_of(const pyc *L, uint32_t obj)
{
    const pyc_obj *o = pyc_at(&L->f, obj);
    return pyc_is_list(o) ? o->n : 0;
}

uint32_t pyc_var(pyc *L, uint32_t i)
{
    return pyc_name(L, PYC_VARS, i);
}

/* Until 3.10 cells are counted by themselves, since 3.11 with the locals. */
uint32_t pyc_cell(pyc *L, uint32_t i, bool *ret_free)
{
    const pyc_code *c = pyc_code_of(L);
    if (L->f.version < 311) {
        uint32_t cells = count_of(L, c->f[PYC_CELLS]);
        *ret_free = i >= cells;
        return i < cells ? pyc_name(L, PYC_CELLS, i) : pyc_name(L, PYC_FREE, i - cells);
    }
    tw_str kinds = pyc_text(&L->f, c->f[PYC_KINDS]);
    *ret_free = i < kinds.n && (uint8_t)kinds.p[i] & IS_FREE;
    return pyc_var(L, i);
}

/* ---- constants ---- */

static uint32_t emit_at(pyc *L, const pyc_obj *o, tw_op op, uint8_t kind, uint32_t a, uint32_t c)
{
    return tw_ir_emit(L->ir, op, kind, 0, a, 0, c, o->off, o->len);
}

static uint32_t number(pyc *L, const pyc_obj *o, uint8_t kind)
{
    return emit_at(L, o, TW_OP_CONST, kind, tw_intern(&L->ir->strings, tw_buf_str(&L->lit)), 0);
}

static unsigned digit(const pyc *L, const pyc_obj *o, uint32_t i)
{
    tw_str s = tw_str_sub(L->f.bytes, o->a, (size_t)o->a + o->n);
    return 2 * (size_t)i + 1 < s.n ? (uint8_t)s.p[2 * i] | ((unsigned)(uint8_t)s.p[2 * i + 1] & 0x7F) << 8
                                   : 0;
}

static void put_hex(pyc *L, const pyc_obj *o, uint32_t digits)
{
    uint64_t bits = (uint64_t)digits * 15;
    bool any = false;
    tw_buf_puts(&L->lit, TW_S("0x"));
    for (uint64_t nibble = (bits + 3) / 4; nibble-- > 0;) {
        unsigned v = 0;
        for (uint64_t b = nibble * 4 + 4; b-- > nibble * 4;)
            v = v << 1 | (b < bits ? digit(L, o, (uint32_t)(b / 15)) >> (b % 15) & 1 : 0);
        any |= v != 0;
        if (any || !nibble) tw_buf_putc(&L->lit, "0123456789abcdef"[v]);
    }
}

/* Up to 60 bits in decimal, more in hex: in linear time. */
static uint32_t long_const(pyc *L, const pyc_obj *o)
{
    tw_cur c = tw_cur_of(L->f.bytes);
    tw_cur_seek(&c, o->a >= 4 ? o->a - 4 : 0);
    bool negative = (int32_t)tw_cur_u32le(&c) < 0;
    uint32_t digits = o->n / 2;
    uint64_t v = 0;
    tw_buf_clear(&L->lit);
    if (negative) tw_buf_putc(&L->lit, '-');
    if (digits > 4) {
        put_hex(L, o, digits);
    } else {
        for (uint32_t i = digits; i-- > 0;) v = v << 15 | digit(L, o, i);
        tw_buf_fmt(&L->lit, "%llu", (unsigned long long)v);
    }
    return number(L, o, TW_CONST_INT);
}

static void put_double(pyc *L, uint32_t at)
{
    tw_cur c = tw_cur_of(L->f.bytes);
    tw_cur_seek(&c, at);
    uint64_t bits = tw_cur_u64le(&c);
    double d;
    memcpy(&d, &bits, sizeof d);
    size_t from = L->lit.n;
    for (int digits = 15; digits <= 17; digits++) { /* the shortest that reads back */
        L->lit.n = from;
        tw_buf_fmt(&L->lit, "%.*g", digits, d);
        tw_buf_putc(&L->lit, 0);
        if (strtod(L->lit.p + from, NULL) == d) break; /* NOLINT: NUL-terminated above */
        L->lit.n--;
    }
    if (L->lit.n > from && L->lit.p[L->lit.n - 1] == 0) L->lit.n--;
    tw_str s = tw_str_sub(tw_buf_str(&L->lit), from, L->lit.n);
    bool plain = true;
    for (size_t i = 0; i < s.n; i++) plain &= (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-';
    if (plain) tw_buf_puts(&L->lit, TW_S(".0"));
}

static uint32_t float_const(pyc *L, const pyc_obj *o)
{
    tw_buf_clear(&L->lit);
    if (o->type == 'f' || o->type == 'x') {
        tw_str s = tw_str_sub(L->f.bytes, (size_t)o->a + 1, (size_t)o->a + o->n);
        tw_buf_puts(&L->lit, s);
    } else {
        put_double(L, o->a + (o->type == 'y' ? 8 : 0)); /* of a complex number the imaginary part */
        if (o->type == 'y') tw_buf_putc(&L->lit, 'j');
    }
    return number(L, o, TW_CONST_FLOAT);
}

static uint32_t int64_const(pyc *L, const pyc_obj *o)
{
    tw_cur c = tw_cur_of(L->f.bytes);
    tw_cur_seek(&c, o->a);
    tw_buf_clear(&L->lit);
    tw_buf_fmt(&L->lit, "%lld", (long long)(int64_t)tw_cur_u64le(&c));
    return number(L, o, TW_CONST_INT);
}

static uint32_t scalar(pyc *L, uint32_t obj)
{
    const pyc_obj *o = pyc_at(&L->f, obj);
    uint32_t text = 0;
    if (pyc_is_text(o)) {
        text = pyc_string(L, obj);
        o = pyc_at(&L->f, obj);
        return emit_at(L, o, TW_OP_CONST, pyc_is_bytes(&L->f, o) ? TW_CONST_BYTES : TW_CONST_STR, text, 0);
    }
    switch (o->type) {
    case 'N': return emit_at(L, o, TW_OP_CONST, TW_CONST_NULL, pyc_word(L, "None"), 0);
    case 'T': return emit_at(L, o, TW_OP_CONST, TW_CONST_TRUE, pyc_word(L, "True"), 0);
    case 'F': return emit_at(L, o, TW_OP_CONST, TW_CONST_FALSE, pyc_word(L, "False"), 0);
    case '.': return emit_at(L, o, TW_OP_CONST, TW_CONST_ELLIPSIS, pyc_word(L, "..."), 0);
    case 'i':
        tw_buf_clear(&L->lit);
        tw_buf_fmt(&L->lit, "%d", (int)(int32_t)o->a);
        return number(L, o, TW_CONST_INT);
    case 'I': return int64_const(L, o);
    case 'l': return long_const(L, o);
    case 'g':
    case 'f':
    case 'y':
    case 'x': return float_const(L, o);
    default: return 0; /* code is lowered where it is made a function, or at the end */
    }
}

uint32_t pyc_int(pyc *L, uint32_t n)
{
    tw_buf_clear(&L->lit);
    tw_buf_fmt(&L->lit, "%u", n);
    return pyc_emit(L, TW_OP_CONST, TW_CONST_INT, 0, tw_intern(&L->ir->strings, tw_buf_str(&L->lit)), 0, 0);
}

uint32_t pyc_none(pyc *L)
{
    return pyc_emit(L, TW_OP_CONST, TW_CONST_NULL, 0, pyc_word(L, "None"), 0, 0);
}

static uint32_t seq_of(pyc *L, uint32_t obj, uint32_t vals)
{
    const pyc_obj *o = pyc_at(&L->f, obj);
    uint8_t kind = o->type == ':'                     ? TW_SEQ_SLICE
                   : o->type == '>' || o->type == '<' ? TW_SEQ_SET
                   : o->type == '['                   ? TW_SEQ_LIST
                                                      : TW_SEQ_TUPLE;
    for (uint32_t i = vals; kind == TW_SEQ_SLICE && i < L->vals.n; i++)
        if (L->ir->insns.v[L->vals.v[i].value].kind == TW_CONST_NULL) L->vals.v[i].value = 0;
    uint32_t args = tw_ir_args(L->ir, L->vals.v + vals, L->vals.n - vals);
    L->vals.n = vals;
    return emit_at(L, o, TW_OP_SEQ, kind, 0, args);
}

typedef struct step {
    uint32_t obj, i, vals;
} step;

/* Tuples within tuples, shared ones again each time they are met: paid from the allowance. */
uint32_t pyc_const(pyc *L, uint32_t obj)
{
    uint32_t bottom = L->walk.n, v = 0, at = obj;
    for (bool down = true;;) {
        if (down) {
            L->f.objs.v[at < L->f.objs.n ? at : 0].flags |= PYC_EMITTED;
            bool room = at == obj || pyc_spend(L, 1); /* the first is paid by its instruction */
            if (room && pyc_is_list(pyc_at(&L->f, at))) {
                TW_PUSH(L->tmp, L->walk, at);
                TW_PUSH(L->tmp, L->walk, 0);
                TW_PUSH(L->tmp, L->walk, L->vals.n);
            } else {
                v = room ? scalar(L, at) : 0;
                if (L->walk.n == bottom) return v;
                TW_PUSH(L->tmp, L->vals, ((tw_arg){v, 0}));
            }
        }
        uint32_t *top = L->walk.v + L->walk.n - 3, kid = top[1]++;
        down = kid < count_of(L, top[0]) && !L->spent;
        if (down) {
            at = pyc_kid(&L->f, top[0], kid);
            continue;
        }
        v = seq_of(L, top[0], top[2]);
        L->walk.n -= 3;
        if (L->walk.n == bottom) return v;
        TW_PUSH(L->tmp, L->vals, ((tw_arg){v, 0}));
    }
}

/* ---- scopes ---- */

static void add_params(pyc *L, const pyc_code *c, tw_scope *s)
{
    uint32_t vars = c->f[PYC_VARS], all = count_of(L, vars), flags = c->f[PYC_FLAGS];
    uint64_t plain = c->f[PYC_ARGS], kwonly = c->f[PYC_KWONLY];
    if (plain > all) plain = all;
    if (kwonly > all - plain) kwonly = all - plain;
    uint32_t rest = (uint32_t)(plain + kwonly), star = rest, map = rest + (flags & VARARGS ? 1 : 0);
    s->params = L->ir->params.n;
    for (uint32_t i = 0; i < plain; i++)
        TW_PUSH(L->ir->arena, L->ir->params, ((tw_param){pyc_string(L, pyc_kid(&L->f, vars, i)), 0}));
    if (flags & VARARGS && star < all)
        TW_PUSH(L->ir->arena, L->ir->params, ((tw_param){pyc_string(L, pyc_kid(&L->f, vars, star)), 2}));
    for (uint32_t i = (uint32_t)plain; i < rest; i++)
        TW_PUSH(L->ir->arena, L->ir->params, ((tw_param){pyc_string(L, pyc_kid(&L->f, vars, i)), 1}));
    if (flags & VARKEYWORDS && map < all)
        TW_PUSH(L->ir->arena, L->ir->params, ((tw_param){pyc_string(L, pyc_kid(&L->f, vars, map)), 3}));
    s->n_params = L->ir->params.n - s->params;
    pyc_spend(L, s->n_params);
}

uint32_t pyc_scope_of(pyc *L, uint32_t code, uint8_t kind, uint32_t parent)
{
    pyc_code *c = &L->f.codes.v[code];
    bool named = kind == TW_REGION_FUNCTION || kind == TW_REGION_CLASS;
    uint32_t flags = c->f[PYC_FLAGS];
    const pyc_obj *body = pyc_at(&L->f, c->f[PYC_CODE]);
    tw_scope s = {.kind = kind, .parent = parent, .off = body->off, .len = body->len};
    s.name = named ? pyc_string(L, c->f[PYC_NAME]) : 0;
    s.flags = (uint8_t)((flags & (COROUTINE | ASYNC_GENERATOR) ? 1 : 0) |
                        (flags & (GENERATOR | ASYNC_GENERATOR) ? 2 : 0));
    s.params = L->ir->params.n;
    if (kind == TW_REGION_FUNCTION || kind == TW_REGION_LAMBDA) add_params(L, c, &s);
    TW_PUSH(L->ir->arena, L->ir->scopes, s);
    return L->ir->scopes.n - 1;
}

/* ---- the exception table of 3.11 and later ---- */

static uint32_t varint(tw_cur *c)
{
    uint8_t b = tw_cur_u8(c);
    uint32_t v = b & 63;
    while (b & 64 && !c->bad) {
        b = tw_cur_u8(c);
        v = v << 6 | (b & 63);
    }
    return v;
}

void pyc_read_handlers(pyc *L, pyc_frame *fr)
{
    uint32_t table = L->f.codes.v[fr->code].f[PYC_HANDLERS], units = fr->n / 2, cap = 0;
    tw_cur c = tw_cur_of(pyc_text(&L->f, table));
    if (L->f.version < 311 || !c.n || !pyc_spend(L, c.n)) return;
    fr->handlers = TW_NEWN(L->tmp, pyc_handler, c.n / 4 + 1);
    cap = (uint32_t)(c.n / 4 + 1);
    uint32_t last = 0;
    while (!c.bad && c.off < c.n && fr->n_handlers < cap) {
        uint32_t from = varint(&c), len = varint(&c), target = varint(&c), how = varint(&c);
        if (c.bad || from < last || len > units || from > units - len || target >= units) continue;
        last = from;
        fr->handlers[fr->n_handlers++] =
            (pyc_handler){from * 2, (from + len) * 2, target * 2, how >> 1, (how & 1) != 0};
        fr->marks[target].handler = true;
    }
}
