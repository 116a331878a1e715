/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: opening and closing what nests. */
#include "engine/languages/powershell/ps.h"

bool ps_push(ps *p, ps_kind kind, uint32_t off)
{
    if (p->frames.n >= p->lim->nesting) {
        p->stop = true;
        return false;
    }
    ps_frame f = {
        .kind = (uint8_t)kind, .scope = p->scope, .off = off, .insns = p->ir->insns.n, .outer = p->st};
    TW_PUSH(p->tmp, p->frames, f);
    p->st = (ps_state){.operands = p->operands.n,
                       .ops = p->ops.n,
                       .words = p->words.n,
                       .parts = p->parts.n,
                       .targets = p->targets.n,
                       .items = p->items.n,
                       .off = UINT32_MAX};
    if (kind == PS_ARGS || kind == PS_INDEX) p->st.mode = PS_EXPR, p->st.want = 1;
    return true;
}

static void drop(ps *p)
{
    p->operands.n = p->st.operands, p->ops.n = p->st.ops, p->words.n = p->st.words;
    p->parts.n = p->st.parts, p->targets.n = p->st.targets, p->items.n = p->st.items;
}

void ps_value(ps *p, uint32_t v)
{
    if (p->st.mode == PS_CMD) {
        TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
        ps_postfix(p);
        return;
    }
    p->st.mode = PS_EXPR;
    TW_PUSH(p->tmp, p->operands, v);
    p->st.want = 0;
    ps_postfix(p);
}

/* A script block: its scope, open. */
void ps_script(ps *p, uint32_t off, uint32_t name)
{
    tw_ir *ir = p->ir;
    uint8_t region = name ? TW_REGION_FUNCTION : TW_REGION_LAMBDA;
    uint32_t item = tw_intern(&ir->strings, TW_S("_")), scope = ir->scopes.n;
    tw_scope s = {.kind = region, .parent = p->scope, .name = name, .off = off, .params = ir->params.n};
    if (!name) {
        TW_PUSH(ir->arena, ir->params, ((tw_param){item, 0}));
        s.n_params = 1;
    }
    TW_PUSH(ir->arena, ir->scopes, s);
    uint32_t f = ps_emit(p, TW_OP_FUNC, 0, scope, 0, 0, off);
    if (name) {
        tw_str bound = tw_arena_fmt(p->tmp, "%.*s()", TW_FMT(tw_ir_text(ir, name)));
        ps_emit(p, TW_OP_BIND, TW_BIND_DEF, tw_intern(&ir->strings, bound), f, 0, off);
    }
    uint32_t enter = ps_emit(p, TW_OP_ENTER, region, 0, scope, 0, off);
    ir->scopes.v[scope].enter = enter;
    if (!name) ps_emit(p, TW_OP_BIND, TW_BIND_PARAM, item, 0, 0, off);
    if (!ps_push(p, PS_SCRIPT, off)) {
        ps_emit(p, TW_OP_LEAVE, region, enter, 0, 0, off);
        return;
    }
    ps_frame *fr = ps_top(p);
    fr->enter = enter, fr->func = f, fr->kw = name ? PS_FUNCTION : PS_NONE;
    p->scope = scope;
}

static void leave(ps *p, uint32_t enter)
{
    tw_insn *in = &p->ir->insns.v[enter];
    in->len = p->pos > in->off ? p->pos - in->off : 0;
    if (in->kind == TW_REGION_FUNCTION || in->kind == TW_REGION_LAMBDA) p->ir->scopes.v[in->b].len = in->len;
    uint8_t kind = in->kind;
    ps_emit(p, TW_OP_LEAVE, kind, enter, 0, 0, p->pos);
}

static bool is_param(const tw_ir *ir, uint32_t first, uint32_t name)
{
    for (uint32_t i = first; i < ir->params.n; i++)
        if (ir->params.v[i].name == name) return true;
    return false;
}

/* param ($a, [int]$b = 1) of a function: every variable named in it. A file's own are nobody's to know, but
 * their defaults. */
static void close_params(ps *p, const ps_frame *f)
{
    tw_ir *ir = p->ir;
    uint32_t env = tw_intern(&ir->strings, TW_S("env")), first = ir->params.n, to = ir->insns.n;
    if (!p->scope || ir->scopes.v[p->scope].kind != TW_REGION_FUNCTION) return;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = f->insns; i < to; i++) {
            tw_insn in = ir->insns.v[i];
            bool bound = in.op == TW_OP_BIND && in.kind == TW_BIND_ASSIGN;
            if ((pass ? in.op != TW_OP_READ : !bound) || in.a == env || ir->params.n - first >= 64) continue;
            tw_str name = tw_ir_text(ir, in.a);
            if (!name.n || name.p[0] == '[' || is_param(ir, first, in.a)) continue;
            TW_PUSH(ir->arena, ir->params, ((tw_param){in.a, 0}));
            ps_emit(p, TW_OP_BIND, TW_BIND_PARAM, in.a, bound ? in.b : 0, ir->params.n - first - 1, f->off);
        }
    tw_scope *s = &ir->scopes.v[p->scope];
    s->params = first, s->n_params = ir->params.n - first;
}

static void close_paren(ps *p, const ps_frame *f, uint32_t v)
{
    ps_state *st = &p->st;
    if (st->kw == PS_PARAM) {
        close_params(p, f);
        st->kw = 0;
    } else if (st->kw && st->mode == PS_START && !st->ready && st->kw < PS_RETURN) {
        st->cond = v;
        st->ready = 1;
    } else if (st->kw == PS_FUNCTION && st->mode == PS_START) {
        st->ready = 1; /* function f($a) */
    } else {
        ps_value(p, v ? v : tw_text_emit(p->ir, TW_S(""), f->off, f->off));
    }
}

static uint32_t seq_of(ps *p, const uint32_t *v, uint32_t n, uint32_t off)
{
    tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
    for (uint32_t i = 0; i < n; i++) a[i].value = v[i];
    return ps_emit(p, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, tw_ir_args(p->ir, a, n), off);
}

static void close_args(ps *p, const ps_frame *f, uint32_t v)
{
    tw_ir *ir = p->ir;
    const tw_insn *in = v ? &ir->insns.v[v] : NULL;
    uint32_t args = 0;
    tw_arg one = {v, 0};
    bool list = in && in->op == TW_OP_SEQ && in->kind == TW_SEQ_ARRAY && in->off == f->off;
    if (v) args = list ? in->c : tw_ir_args(ir, &one, 1);
    uint32_t len = p->pos < p->n ? p->pos : p->n, off = ir->insns.v[f->base].off;
    uint32_t call = tw_ir_emit(ir, TW_OP_CALL, 0, 0, f->base, 0, args, off, len > off ? len - off : 0);
    ps_value(p, call);
}

static uint32_t list_value(ps *p)
{
    uint32_t n = p->items.n - p->st.items;
    if (n < 2) return p->st.last;
    uint32_t *v = tw_arena_calloc(p->tmp, n, sizeof *v);
    for (uint32_t i = 0; i < n; i++) v[i] = p->items.v[p->st.items + i].value;
    return seq_of(p, v, n, p->pos);
}

static uint32_t hash_value(ps *p, uint32_t off)
{
    uint32_t n = p->items.n - p->st.items;
    return ps_emit(p, TW_OP_MAP, 0, 0, 0, tw_ir_args(p->ir, p->items.v + p->st.items, n), off);
}

static uint32_t string_value(ps *p, uint32_t off)
{
    if (p->lit.n) {
        uint32_t v = tw_text_emit(p->ir, tw_buf_str(&p->lit), off, p->pos < p->n ? p->pos : p->n);
        tw_buf_clear(&p->lit);
        TW_PUSH(p->tmp, p->parts, ((tw_arg){v, 0}));
    }
    uint32_t n = p->parts.n - p->st.parts;
    if (n != 1) return tw_parts_emit(p->ir, p->parts.v + p->st.parts, n, off, p->pos < p->n ? p->pos : p->n);
    uint32_t v = p->parts.v[p->st.parts].value;
    bool text = p->ir->insns.v[v].op == TW_OP_CONST;
    return text ? v : ps_emit(p, TW_OP_CONCAT, 0, 0, 0, tw_ir_args(p->ir, p->parts.v + p->st.parts, 1), off);
}

static void close_script(ps *p, const ps_frame *f, uint32_t v)
{
    if (v) ps_emit(p, TW_OP_RETURN, 0, v, 0, 0, p->pos);
    leave(p, f->enter);
    p->scope = f->scope;
    drop(p);
    p->st = f->outer;
    if (f->kw != PS_FUNCTION)
        ps_value(p, f->func);
    else
        p->st.mode = PS_START;
}

void ps_close(ps *p)
{
    uint8_t kind = ps_top(p)->kind;
    uint32_t v = 0;
    if (kind == PS_STRING)
        v = string_value(p, ps_top(p)->off);
    else
        ps_statement_end(p);
    ps_frame f = *ps_top(p);
    if (kind == PS_HASH) v = hash_value(p, f.off);
    if (kind == PS_ARRAY) {
        v = list_value(p);
        bool seq = v && p->ir->insns.v[v].op == TW_OP_SEQ;
        if (!seq) v = seq_of(p, &v, v != 0, f.off);
    }
    if (kind == PS_SUB || kind == PS_ARGS || kind == PS_INDEX || kind == PS_SCRIPT) v = p->st.last;
    p->frames.n--;
    if (kind == PS_SCRIPT) {
        close_script(p, &f, v);
        return;
    }
    if (kind == PS_BLOCK) leave(p, f.enter);
    drop(p);
    p->st = f.outer;
    switch (kind) {
    case PS_BLOCK:
        p->else_cond = f.kw == PS_IF ? (f.cond ? f.cond : f.enter) : 0;
        p->st.mode = PS_START;
        break;
    case PS_SUB: close_paren(p, &f, v); break;
    case PS_ARGS: close_args(p, &f, v); break;
    case PS_INDEX:
        if (!v) v = tw_text_emit(p->ir, TW_S(""), f.off, f.off);
        ps_value(p, ps_emit(p, TW_OP_INDEX, 0, f.base, v, 0, f.off));
        break;
    default: ps_value(p, v);
    }
}

void ps_close_to(ps *p, bool brace)
{
    uint32_t at = p->pos;
    uint8_t c = p->s[at];
    for (uint32_t i = p->frames.n, seen = 0; i > 1 && seen < 64; i--, seen++) {
        uint8_t k = p->frames.v[i - 1].kind;
        bool curly = k == PS_BLOCK || k == PS_SCRIPT || k == PS_HASH;
        bool hit = brace ? curly : c == ']' ? k == PS_INDEX : k == PS_SUB || k == PS_ARRAY || k == PS_ARGS;
        if (!hit && curly && !brace) break; /* ")" ends nothing outside its braces */
        if (!hit) continue;
        if (i < p->frames.n) p->ir->flags |= TW_IRF_RECOVERED;
        while (p->frames.n > i) ps_close(p);
        ps_arg_end(p);
        p->pos++;
        ps_close(p);
        return;
    }
    p->pos++;
    ps_opaque(p, TW_GAP_SYNTAX, at, at + 1);
    ps_statement_end(p);
}
