/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns are read as array and object literals; at `=`, `=>`, `of` their instructions are taken back
 * and become bindings. What was assigned inside (`[a = 1]`) is a default then: p->covers knows it. */
#include "engine/languages/javascript/js.h"

enum { MOVES_PER_BYTE = 4 };

void js_cover_add(js *p, js_frame *f, js_cover c)
{
    c.next = f->cover;
    TW_PUSH(p->tmp, p->covers, c);
    f->cover = p->covers.n;
}

void js_trim(js *p)
{
    tw_ir *ir = p->ir;
    while (ir->insns.n > 1 && ir->insns.v[ir->insns.n - 1].op == TW_OP_NOP) ir->insns.n--;
}

/* Only where no scope that is still open starts behind `from`. */
void js_rollback(js *p, uint32_t from)
{
    tw_ir *ir = p->ir;
    while (ir->scopes.n > 1 && ir->scopes.v[ir->scopes.n - 1].enter >= from)
        ir->params.n = ir->scopes.v[--ir->scopes.n].params;
    ir->insns.n = from;
    js_blocks_forget(p, from);
}

void js_forget(js *p, js_frame *block)
{
    for (uint32_t i = block->cover; i < p->covered.n; i++) {
        uint32_t v = p->covered.v[i];
        if (v >= p->ir->insns.n) continue;
        tw_insn *x = &p->ir->insns.v[v];
        if (x->op == TW_OP_SEQ || x->op == TW_OP_MAP) x->a = 0;
    }
    p->covered.n = block->cover;
    p->covers.n = block->mark;
    p->targets.n = block->w;
}

static void take_back(js *p, uint32_t i)
{
    tw_insn *x = &p->ir->insns.v[i];
    *x = (tw_insn){.off = x->off, .len = x->len};
}

/* A name, member or subscript whose value or assignment is instruction i. */
static void simple(js *p, js_target *t, uint32_t i)
{
    static const uint8_t kinds[TW_OP_MAX] = {
        [TW_OP_READ] = TG_NAME + 1,        [TW_OP_BIND] = TG_NAME + 1,   [TW_OP_MEMBER] = TG_MEMBER + 1,
        [TW_OP_SETMEMBER] = TG_MEMBER + 1, [TW_OP_INDEX] = TG_INDEX + 1, [TW_OP_SETINDEX] = TG_INDEX + 1};
    tw_insn x = p->ir->insns.v[i];
    t->kind = TG_OTHER;
    if (!kinds[x.op]) return;
    t->kind = kinds[x.op] - 1;
    t->a = x.a;
    t->b = t->kind == TG_NAME ? 0 : x.b;
    t->off = x.off, t->end = x.off + x.len;
    take_back(p, i);
}

/* A target with a default: what its assignment made is taken back. True: all of it is appended. */
static bool covered(js *p, js_target *t)
{
    js_cover c = p->covers.v[t->cover - 1];
    t->dflt = c.dflt;
    for (uint32_t i = 0; i < c.n_names; i++) p->names.v[c.names + i] = 0;
    if (!c.n_targets) {
        if (c.from == c.to) { /* {a = 1}: t->a is the key */
            t->kind = TG_NAME, t->a = t->key, t->dflt = t->b;
        } else {
            simple(p, t, c.from);
        }
        return false;
    }
    p->moved += c.n_targets + c.to - c.from;
    if (p->moved > 4096 + (uint64_t)MOVES_PER_BYTE * p->n) {
        t->kind = TG_OTHER;
        return false;
    }
    for (uint32_t i = c.from; i < c.to && i < p->ir->insns.n; i++) take_back(p, i);
    TW_RESERVE(p->tmp, p->targets, c.n_targets);
    js_target *to = p->targets.v + p->targets.n;
    memcpy(to, p->targets.v + c.target, c.n_targets * sizeof *to);
    to->dflt = t->dflt, to->keyed = t->keyed, to->key = t->key, to->rest = t->rest;
    p->targets.n += c.n_targets;
    return true;
}

/* The children of an array literal wait on p->work, last first. */
static void array_children(js *p, tw_insn x, js_target *t)
{
    uint32_t n = x.c ? p->ir->args.v[x.c].value : 0, base = p->work.n;
    t->kind = TG_ARRAY, t->a = n;
    TW_RESERVE(p->tmp, p->work, n);
    p->work.n += n;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg a = p->ir->args.v[x.c + 1 + i];
        p->work.v[base + n - 1 - i] =
            (js_target){.a = a.value, .rest = a.name == TW_ARG_SPREAD, .off = t->off, .end = t->off};
    }
    for (uint32_t c = x.a; c; c = p->covers.v[c - 1].next)
        if (p->covers.v[c - 1].item < n) p->work.v[base + n - 1 - p->covers.v[c - 1].item].cover = c;
}

static void object_children(js *p, tw_insn x, js_target *t)
{
    uint32_t n = (x.c ? p->ir->args.v[x.c].value : 0) / 2, base = p->work.n;
    t->kind = TG_OBJECT, t->a = n;
    TW_RESERVE(p->tmp, p->work, n);
    p->work.n += n;
    for (uint32_t i = 0; i < n; i++) {
        tw_arg k = p->ir->args.v[x.c + 1 + 2 * i], v = p->ir->args.v[x.c + 2 + 2 * i];
        js_target c = {.a = v.value, .off = t->off, .end = t->off};
        if (k.name == TW_ARG_SPREAD_MAP) {
            c.a = k.value, c.rest = 1;
        } else {
            tw_insn key = p->ir->insns.v[k.value];
            bool named = key.op == TW_OP_CONST && key.kind == TW_CONST_STR;
            c.keyed = named ? 1 : 2, c.key = named ? key.a : k.value;
            if (named) take_back(p, k.value);
            c.off = key.off, c.end = key.off + key.len;
        }
        p->work.v[base + n - 1 - i] = c;
    }
    for (uint32_t c = x.a; c; c = p->covers.v[c - 1].next) {
        uint32_t i = p->covers.v[c - 1].item / 2;
        if (i < n) p->work.v[base + n - 1 - i].cover = c;
    }
}

/* Appends value v (0: a hole) as targets in prefix order. cover: its own default, index + 1. */
uint32_t js_to_targets(js *p, uint32_t v, uint32_t cover)
{
    uint32_t from = p->targets.n, base = p->work.n;
    tw_insn top = p->ir->insns.v[v];
    TW_PUSH(p->tmp, p->work, (js_target){.a = v, .cover = cover, .off = top.off, .end = top.off + top.len});
    while (p->work.n > base) {
        js_target t = p->work.v[--p->work.n];
        tw_insn x = p->ir->insns.v[t.a];
        uint32_t value = t.a;
        if (t.cover) {
            t.b = value;
            if (covered(p, &t)) continue;
        } else if (!value) {
            t.kind = TG_HOLE;
        } else if (x.op == TW_OP_SEQ || x.op == TW_OP_MAP) {
            t.off = x.off, t.end = x.off + x.len;
            if (x.op == TW_OP_SEQ)
                array_children(p, x, &t);
            else
                object_children(p, x, &t);
            take_back(p, value);
            if (x.c && x.c + p->ir->args.v[x.c].value + 1 == p->ir->args.n) p->ir->args.n = x.c;
        } else {
            simple(p, &t, value);
        }
        TW_PUSH(p->tmp, p->targets, t);
    }
    js_trim(p);
    return from;
}

void js_bind(js *p, const js_target *t, uint32_t v, uint8_t how, uint16_t flags, uint8_t notes)
{
    if (t->kind == TG_NAME) {
        if (notes & JS_LEXICAL) flags |= TW_IF_LEXICAL;
        js_emit(p, TW_OP_BIND, how, flags, t->a, v, 0, t->off, t->end);
        if (notes & JS_LEXICAL)
            js_declare_lexical(p, t->a);
        else if (notes & JS_DECLARES)
            js_declare(p, t->a);
        else
            js_assigned(p, t->a);
        if (notes & JS_EXPORTS) js_exports(p, 0, t->a, v, 0, t->off, t->end);
    } else if (t->kind == TG_MEMBER) {
        js_emit(p, TW_OP_SETMEMBER, 0, flags, t->a, t->b, v, t->off, t->end);
    } else if (t->kind == TG_INDEX) {
        js_emit(p, TW_OP_SETINDEX, 0, flags, t->a, t->b, v, t->off, t->end);
    }
}

static uint32_t number(js *p, uint32_t k)
{
    char digits[12];
    size_t n = 0;
    do digits[sizeof digits - ++n] = (char)('0' + k % 10);
    while ((k /= 10));
    return tw_intern(&p->ir->strings, (tw_str){digits + sizeof digits - n, n});
}

/* The part of the source of the innermost open pattern that is for t. */
static uint32_t element(js *p, js_walk *w, const js_target *t)
{
    uint32_t v;
    w->left--;
    if (t->kind == TG_HOLE) {
        w->next++;
        return 0;
    }
    if (w->object) {
        if (t->rest)
            v = w->source;
        else if (t->keyed == 1)
            v = js_emit(p, TW_OP_MEMBER, 0, TW_IF_UNPACK, w->source, t->key, 0, t->off, t->end);
        else
            v = js_emit(p, TW_OP_INDEX, 0, TW_IF_UNPACK, w->source, t->key, 0, t->off, t->end);
    } else if (t->rest) {
        v = js_emit(p, TW_OP_ITER, 0, 0, w->source, 0, 0, t->off, t->end);
    } else {
        uint32_t key =
            js_emit(p, TW_OP_CONST, TW_CONST_INT, TW_IF_UNPACK, number(p, w->next++), 0, 0, t->off, t->off);
        v = js_emit(p, TW_OP_INDEX, 0, TW_IF_UNPACK, w->source, key, 0, t->off, t->end);
    }
    if (t->dflt) v = js_emit(p, TW_OP_CHOOSE, 0, 0, v, v, t->dflt, t->off, t->end);
    return v;
}

void js_bind_targets(js *p, uint32_t from, uint32_t to, uint32_t source, uint8_t how, uint8_t notes)
{
    uint32_t base = p->walks.n;
    for (uint32_t i = from; i < to; i++) {
        js_target t = p->targets.v[i];
        while (p->walks.n > base && !p->walks.v[p->walks.n - 1].left) p->walks.n--;
        uint32_t v = source;
        bool inner = p->walks.n > base;
        if (inner) v = element(p, &p->walks.v[p->walks.n - 1], &t);
        if (t.kind == TG_ARRAY || t.kind == TG_OBJECT)
            TW_PUSH(p->tmp, p->walks, (js_walk){v, 0, t.a, t.kind == TG_OBJECT});
        else
            js_bind(p, &t, v, how, inner ? TW_IF_UNPACK : 0, notes);
    }
    p->walks.n = base;
}
