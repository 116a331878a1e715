/* SPDX-License-Identifier: Apache-2.0 */
/* A target is read as an expression; at `=` its instructions are taken back and become bindings. */
#include "engine/languages/python/py.h"

static py_target target_of(py *p, tw_insn *x)
{
    py_target t = {.kind = TG_OTHER, .a = x->a, .b = x->b, .flags = x->flags, .off = x->off, .len = x->len};
    switch (x->op) {
    case TW_OP_READ: t.kind = TG_NAME; break;
    case TW_OP_MEMBER: t.kind = TG_MEMBER; break;
    case TW_OP_INDEX: t.kind = TG_INDEX; break;
    case TW_OP_SEQ:
        if (x->kind > TW_SEQ_TUPLE) return t;
        t.kind = TG_SEQ;
        t.a = x->c ? p->ir->args.v[x->c].value : 0;
        break;
    default: return t; /* a call or the like: an error of the source, its value stays */
    }
    *x = (tw_insn){.off = x->off, .len = x->len};
    return t;
}

/* Appends value v as targets in prefix order. */
void py_to_targets(py *p, uint32_t v, bool star)
{
    tw_ir *ir = p->ir;
    uint32_t base = p->items.n;
    py_push_item(p, (tw_arg){v, star ? TW_ARG_SPREAD : 0});
    while (p->items.n > base) {
        tw_arg it = p->items.v[--p->items.n];
        tw_insn *x = &ir->insns.v[it.value];
        uint32_t args = x->op == TW_OP_SEQ ? x->c : 0;
        py_target t = target_of(p, x);
        t.star = it.name == TW_ARG_SPREAD;
        TW_PUSH(p->tmp, p->targets, t);
        if (t.kind != TG_SEQ || !args) continue;
        for (uint32_t n = ir->args.v[args].value; n; n--) py_push_item(p, ir->args.v[args + n]);
        if (args + ir->args.v[args].value + 1 == ir->args.n) ir->args.n = args;
    }
    while (ir->insns.n > 1 && ir->insns.v[ir->insns.n - 1].op == TW_OP_NOP) ir->insns.n--;
}

static void bind_one(py *p, const py_target *t, uint32_t v, uint8_t how, uint16_t flags)
{
    uint32_t end = t->off + t->len;
    if (t->kind == TG_NAME)
        py_emit(p, TW_OP_BIND, how, flags, t->a, v, 0, t->off, end);
    else if (t->kind == TG_MEMBER)
        py_emit(p, TW_OP_SETMEMBER, 0, flags, t->a, t->b, v, t->off, end);
    else if (t->kind == TG_INDEX)
        py_emit(p, TW_OP_SETINDEX, 0, flags | t->flags, t->a, t->b, v, t->off, end);
}

/* One element of the source of the innermost open sequence. */
static uint32_t element(py *p, py_walk *w, const py_target *t)
{
    w->left--;
    w->starred |= t->star;
    if (w->starred) return py_emit(p, TW_OP_ITER, 0, 0, w->source, 0, 0, t->off, t->off + t->len);
    char digits[12];
    size_t n = 0;
    uint32_t k = w->next++;
    do digits[sizeof digits - ++n] = (char)('0' + k % 10);
    while ((k /= 10));
    uint32_t s = tw_intern(&p->ir->strings, (tw_str){digits + sizeof digits - n, n});
    uint32_t key = py_emit(p, TW_OP_CONST, TW_CONST_INT, TW_IF_UNPACK, s, 0, 0, t->off, t->off);
    return py_emit(p, TW_OP_INDEX, 0, TW_IF_UNPACK, w->source, key, 0, t->off, t->off + t->len);
}

void py_bind_targets(py *p, uint32_t from, uint32_t to, uint32_t source, uint8_t how)
{
    uint32_t base = p->walks.n;
    for (uint32_t i = from; i < to; i++) {
        py_target t = p->targets.v[i];
        while (p->walks.n > base && !p->walks.v[p->walks.n - 1].left) p->walks.n--;
        uint32_t v = source;
        bool inner = p->walks.n > base;
        if (inner) v = element(p, &p->walks.v[p->walks.n - 1], &t);
        if (t.kind == TG_SEQ)
            TW_PUSH(p->tmp, p->walks, (py_walk){v, 0, t.a, 0});
        else
            bind_one(p, &t, v, how, inner ? TW_IF_UNPACK : 0);
    }
    p->walks.n = base;
}
