/* SPDX-License-Identifier: Apache-2.0 */
/* A record as text: one line per row, values as expressions cut at a fixed depth and width. */
#include "engine/record/record.h"

#include "base/utf8.h"

enum { MAX_DEPTH = 8, MAX_WIDTH = 600, MAX_TEXT = 200 };

static const char *const val_names[] = {
#define X(id, name) name,
    TW_VALS(X)
#undef X
};

const char *tw_val_name(uint8_t kind)
{
    return kind < TW_VAL_MAX ? val_names[kind] : "?";
}

static void put_escaped(tw_buf *out, tw_str s, bool bytes)
{
    bool cut = s.n > MAX_TEXT;
    tw_str t = tw_str_sub(s, 0, MAX_TEXT);
    for (size_t i = 0; i < t.n;) {
        unsigned char b = (unsigned char)t.p[i];
        size_t from = i;
        bool bad = bytes && b >= 0x80;
        uint32_t cp = bytes ? (i++, b) : tw_utf8_next(t, &i, &bad);
        if (b == '"' || b == '\\')
            tw_buf_fmt(out, "\\%c", b);
        else if (b == '\n')
            tw_buf_puts(out, TW_S("\\n"));
        else if (bad || b < 0x20 || b == 0x7f)
            tw_buf_fmt(out, "\\x%02x", b);
        else if (b >= 0x80 && tw_utf8_invisible(cp))
            tw_buf_fmt(out, "\\u{%x}", cp);
        else
            tw_buf_puts(out, tw_str_of(t.p + from, i - from));
    }
    if (cut) tw_buf_fmt(out, "...+%zu", s.n - t.n);
}

static void put_quoted(tw_buf *out, tw_str s, bool bytes)
{
    tw_buf_puts(out, bytes ? TW_S("b\"") : TW_S("\""));
    put_escaped(out, s, bytes);
    tw_buf_putc(out, '"');
}

typedef struct printer {
    const tw_record *r;
    tw_buf *out;
    size_t end; /* out->n at which an expression is cut */
} printer;

static void put_val(const printer *p, uint32_t id, unsigned depth);

static void put_list(const printer *p, const tw_val *v, const char *open, const char *sep, const char *close,
                     unsigned depth)
{
    tw_buf_puts(p->out, tw_str_c(open));
    for (uint32_t i = 0; i < v->n; i++) {
        if (i) tw_buf_puts(p->out, tw_str_c(sep));
        if (p->out->n > p->end) {
            tw_buf_fmt(p->out, "..+%u", v->n - i);
            break;
        }
        put_val(p, p->r->lists[v->list + i], depth);
    }
    tw_buf_puts(p->out, tw_str_c(close));
}

static void put_func_name(const printer *p, uint32_t func)
{
    tw_str q = tw_rec_str(p->r, p->r->funcs[func].qual);
    tw_buf_fmt(p->out, "<%u", func);
    if (q.n) tw_buf_putc(p->out, ' ');
    put_escaped(p->out, q, false);
    tw_buf_putc(p->out, '>');
}

static void put_leaf(const printer *p, const tw_val *v)
{
    const tw_record *r = p->r;
    switch (v->kind) {
    case TW_VAL_STR: put_quoted(p->out, tw_rec_str(r, v->a), false); break;
    case TW_VAL_BYTES: put_quoted(p->out, tw_rec_str(r, v->a), true); break;
    case TW_VAL_INT: tw_buf_fmt(p->out, "%lld", (long long)((uint64_t)v->b << 32 | v->a)); break;
    case TW_VAL_BOOL: tw_buf_puts(p->out, v->a ? TW_S("true") : TW_S("false")); break;
    case TW_VAL_FLOAT:
    case TW_VAL_SYMBOL: put_escaped(p->out, tw_rec_str(r, v->a), false); break;
    case TW_VAL_FUNC: put_func_name(p, v->a); break;
    case TW_VAL_PARAM:
        tw_buf_putc(p->out, '$');
        if (v->b < r->funcs[v->a].n_params)
            put_escaped(p->out, tw_rec_str(r, r->lists[r->funcs[v->a].params + v->b]), false);
        tw_buf_fmt(p->out, "@%u", v->a);
        break;
    case TW_VAL_CALL: tw_buf_fmt(p->out, "call#%u", v->a); break;
    case TW_VAL_INSTANCE:
        tw_buf_puts(p->out, TW_S("new"));
        put_func_name(p, v->a);
        tw_buf_fmt(p->out, "#%u", v->b);
        break;
    default: tw_buf_puts(p->out, tw_str_c(tw_val_name(v->kind)));
    }
}

/* Recursion is bounded by MAX_DEPTH, not by the input. */
static void put_val(const printer *p, uint32_t id, unsigned depth)
{
    const tw_val *v = &p->r->vals[id];
    tw_buf *out = p->out;
    if (depth >= MAX_DEPTH || out->n > p->end) {
        tw_buf_fmt(out, "%%%u", id);
        return;
    }
    unsigned d = depth + 1;
    switch (v->kind) {
    case TW_VAL_MEMBER:
        put_val(p, v->a, d);
        tw_buf_putc(out, '.');
        put_escaped(out, tw_rec_str(p->r, v->b), false);
        break;
    case TW_VAL_INDEX:
    case TW_VAL_MUT:
        put_val(p, v->a, d);
        tw_buf_puts(out, v->kind == TW_VAL_MUT ? TW_S("<<(") : TW_S("["));
        put_val(p, v->b, d);
        tw_buf_putc(out, v->kind == TW_VAL_MUT ? ')' : ']');
        break;
    case TW_VAL_ITER:
        tw_buf_puts(out, TW_S("each("));
        put_val(p, v->a, d);
        tw_buf_putc(out, ')');
        break;
    case TW_VAL_CONCAT: put_list(p, v, "(", " ++ ", ")", d); break;
    case TW_VAL_SEQ: put_list(p, v, "[", ", ", "]", d); break;
    case TW_VAL_MAP: put_list(p, v, "{", ", ", "}", d); break;
    case TW_VAL_PHI: put_list(p, v, "{", " | ", "}", d); break;
    case TW_VAL_OP:
        tw_buf_putc(out, '`');
        put_escaped(out, tw_rec_str(p->r, v->b), false);
        put_list(p, v, "`(", ", ", ")", d);
        break;
    default: put_leaf(p, v);
    }
}

static void put_expr(const tw_record *r, tw_buf *out, uint32_t id)
{
    printer p = {r, out, out->n + MAX_WIDTH};
    put_val(&p, id, 0);
}

static void put_place(tw_buf *out, uint32_t off, uint32_t len)
{
    tw_buf_fmt(out, " @%u+%u\n", off, len);
}

static void dump_funcs(const tw_record *r, tw_buf *out)
{
    static const char *const kinds[] = {"module", "function", "class", "lambda", "comprehension"};
    for (uint32_t i = 0; i < r->n_funcs; i++) {
        const tw_rec_func *f = &r->funcs[i];
        tw_buf_fmt(out, "%s %u ", kinds[f->kind <= TW_REGION_COMPREHENSION ? f->kind : 0], i);
        put_escaped(out, tw_rec_str(r, f->qual), false);
        tw_buf_putc(out, '(');
        for (uint32_t k = 0; k < f->n_params; k++) {
            if (k) tw_buf_puts(out, TW_S(", "));
            put_escaped(out, tw_rec_str(r, r->lists[f->params + k]), false);
        }
        tw_buf_putc(out, ')');
        for (uint32_t k = 0; k < f->n_bases; k++) {
            tw_buf_puts(out, k ? TW_S(", ") : f->kind == TW_REGION_CLASS ? TW_S(" of ") : TW_S(" by "));
            put_expr(r, out, r->lists[f->bases + k]);
        }
        for (uint32_t k = 0; k < f->n_returns; k++) {
            tw_buf_puts(out, k ? TW_S(" | ") : TW_S(" -> "));
            put_expr(r, out, r->lists[f->returns + k]);
        }
        put_place(out, f->off, f->len);
    }
}

static void dump_imports(const tw_record *r, tw_buf *out)
{
    static const char *const flags[] = {" star", " dynamic", " type-only", " guarded"};
    for (uint32_t i = 0; i < r->n_imports; i++) {
        const tw_rec_import *m = &r->imports[i];
        tw_buf_puts(out, TW_S("import "));
        for (unsigned k = 0; k < m->level; k++) tw_buf_putc(out, '.');
        put_escaped(out, tw_rec_str(r, m->module), false);
        if (m->name) tw_buf_puts(out, TW_S(" : "));
        put_escaped(out, tw_rec_str(r, m->name), false);
        if (m->alias) tw_buf_puts(out, TW_S(" as "));
        put_escaped(out, tw_rec_str(r, m->alias), false);
        if (m->func) tw_buf_fmt(out, " in %u", m->func);
        for (unsigned k = 0; k < TW_COUNT(flags); k++)
            if (m->flags >> k & 1) tw_buf_puts(out, tw_str_c(flags[k]));
        put_place(out, m->off, m->len);
    }
}

static void dump_calls(const tw_record *r, tw_buf *out)
{
    static const char *const flags[] = {" guarded",   " loop",      " try", " main-guard", " await",
                                        " decorator", " reflected", " new", " never",      " mutates"};
    for (uint32_t i = 0; i < r->n_calls; i++) {
        const tw_rec_call *c = &r->calls[i];
        tw_buf_fmt(out, "call #%u in %u ", i, c->func);
        if (c->symbol)
            put_escaped(out, tw_rec_str(r, c->symbol), false);
        else
            put_expr(r, out, c->callee);
        tw_buf_putc(out, '(');
        for (uint32_t k = 0; k < c->n_args; k++) {
            const tw_rec_arg *a = &r->args[c->args + k];
            if (k) tw_buf_puts(out, TW_S(", "));
            if (a->name == TW_ARG_SPREAD)
                tw_buf_putc(out, '*');
            else if (a->name == TW_ARG_SPREAD_MAP)
                tw_buf_puts(out, TW_S("**"));
            else if (a->name) {
                put_escaped(out, tw_rec_str(r, a->name), false);
                tw_buf_putc(out, '=');
            }
            put_expr(r, out, a->value);
        }
        tw_buf_putc(out, ')');
        const tw_val *res = &r->vals[c->result];
        if (c->result && res->kind != TW_VAL_CALL) {
            tw_buf_puts(out, TW_S(" = "));
            put_expr(r, out, c->result);
        }
        for (unsigned k = 0; k < TW_COUNT(flags); k++)
            if (c->flags >> k & 1) tw_buf_puts(out, tw_str_c(flags[k]));
        if (c->symbol && r->vals[c->callee].kind != TW_VAL_SYMBOL) {
            tw_buf_puts(out, TW_S(" via "));
            put_expr(r, out, c->callee);
        }
        put_place(out, c->off, c->len);
    }
}

static void dump_names(const tw_record *r, tw_buf *out)
{
    for (uint32_t i = 0; i < r->n_binds; i++) {
        const tw_rec_bind *b = &r->binds[i];
        tw_buf_fmt(out, "bind %u ", b->func);
        put_escaped(out, tw_rec_str(r, b->name), false);
        tw_buf_puts(out, TW_S(" = "));
        put_expr(r, out, b->value);
        tw_buf_fmt(out, " @%u\n", b->off);
    }
    for (uint32_t i = 0; i < r->n_stores; i++) {
        const tw_rec_store *s = &r->stores[i];
        tw_buf_fmt(out, "store in %u ", s->func);
        put_expr(r, out, s->base);
        if (s->name) tw_buf_putc(out, '.');
        put_escaped(out, tw_rec_str(r, s->name), false);
        if (!s->name) {
            tw_buf_putc(out, '[');
            put_expr(r, out, s->key);
            tw_buf_putc(out, ']');
        }
        tw_buf_puts(out, TW_S(" = "));
        put_expr(r, out, s->value);
        put_place(out, s->off, s->len);
    }
}

static void put_path(const tw_record *r, tw_buf *out, uint32_t path)
{
    uint32_t steps[TW_PATH_MAX], n = 0;
    for (uint32_t p = path; p && n < TW_PATH_MAX; p = r->paths[p].up) steps[n++] = r->paths[p].step;
    while (n-- > 0) {
        tw_buf_puts(out, steps[n] ? TW_S(".") : TW_S("[]"));
        put_escaped(out, tw_rec_str(r, steps[n]), false);
    }
}

static void put_param(const tw_record *r, tw_buf *out, uint32_t func, uint32_t param)
{
    tw_buf_fmt(out, "param %u ", param);
    put_escaped(out, tw_rec_str(r, r->lists[r->funcs[func].params + param]), false);
}

static void put_call_name(const tw_record *r, tw_buf *out, uint32_t call)
{
    const tw_rec_call *c = &r->calls[call];
    tw_buf_fmt(out, "call #%u ", call);
    if (c->symbol)
        put_escaped(out, tw_rec_str(r, c->symbol), false);
    else
        put_expr(r, out, c->callee);
}

static void put_edge_end(const tw_record *r, tw_buf *out, const tw_rec_edge *e)
{
    const printer p = {r, out, out->n + MAX_WIDTH};
    switch (tw_edge_to_of(e)) {
    case TW_TO_ARG: {
        uint32_t name = r->args[r->calls[e->to].args + e->pos].name;
        tw_buf_fmt(out, "arg %u ", e->pos);
        if (name && name < r->n_strings)
            put_escaped(out, tw_rec_str(r, name), false), tw_buf_puts(out, TW_S("= "));
        tw_buf_puts(out, TW_S("of "));
        put_call_name(r, out, e->to);
        break;
    }
    case TW_TO_SELF: tw_buf_puts(out, TW_S("receiver of ")), put_call_name(r, out, e->to); break;
    case TW_TO_CALLEE: tw_buf_puts(out, TW_S("callee of ")), put_call_name(r, out, e->to); break;
    case TW_TO_PARAM:
        put_param(r, out, e->to, e->pos);
        if (e->to != e->func) tw_buf_puts(out, TW_S(" of ")), put_func_name(&p, e->to);
        break;
    case TW_TO_VAR: tw_buf_puts(out, TW_S("variable ")), put_func_name(&p, e->to); break;
    default:
        tw_buf_puts(out, TW_S("return"));
        if (e->to != e->func) tw_buf_puts(out, TW_S(" of ")), put_func_name(&p, e->to);
    }
    if (e->to_path) tw_buf_puts(out, TW_S(" at "));
    put_path(r, out, e->to_path);
}

static void dump_summaries(const tw_record *r, tw_buf *out)
{
    const printer p = {r, out, SIZE_MAX};
    for (uint32_t i = 0; i < r->n_edges; i++) {
        const tw_rec_edge *e = &r->edges[i];
        tw_buf_puts(out, TW_S("summary "));
        put_func_name(&p, e->func);
        tw_buf_puts(out, TW_S(": "));
        switch (tw_edge_from_of(e)) {
        case TW_FROM_PARAM: put_param(r, out, e->func, e->from); break;
        case TW_FROM_CALL: put_call_name(r, out, e->from); break;
        default: tw_buf_puts(out, TW_S("variable ")), put_func_name(&p, e->from);
        }
        if (e->from_path) tw_buf_putc(out, ' ');
        put_path(r, out, e->from_path);
        tw_buf_puts(out, TW_S(" -> "));
        put_edge_end(r, out, e);
        tw_buf_putc(out, '\n');
    }
    for (uint32_t f = 0; f < r->n_funcs; f++) {
        if (!(r->funcs[f].flags & TW_RF_CUT)) continue;
        tw_buf_puts(out, TW_S("summary "));
        put_func_name(&p, f);
        tw_buf_puts(out, TW_S(": cut\n"));
    }
}

static void dump_rest(const tw_record *r, tw_buf *out)
{
    for (uint32_t i = 0; i < r->n_layers; i++) {
        const tw_rec_layer *l = &r->layers[i];
        tw_buf_fmt(out, "layer %s", l->executed ? "executed" : "found");
        if (l->call != TW_NONE) tw_buf_fmt(out, " by #%u", l->call);
        if (l->func) tw_buf_fmt(out, " in f%u", l->func);
        tw_buf_putc(out, ' ');
        put_quoted(out, tw_rec_str(r, l->recipe), false);
        tw_buf_putc(out, ' ');
        put_quoted(out, tw_rec_str(r, l->bytes), false);
        put_place(out, l->off, l->len);
    }
    for (uint32_t i = 0; i < r->n_gaps; i++) {
        tw_buf_fmt(out, "gap %s", tw_gap_name(r->gaps[i].reason));
        put_place(out, r->gaps[i].off, r->gaps[i].len);
    }
    for (uint32_t i = 0; i < r->n_findings; i++) {
        const tw_rec_finding *f = &r->findings[i];
        tw_buf_fmt(out, "finding %s ", tw_finding_info_of(f->id)->name);
        put_quoted(out, tw_rec_str(r, f->detail), false);
        if (f->off != TW_NONE) tw_buf_fmt(out, " @%u", f->off);
        tw_buf_putc(out, '\n');
    }
}

void tw_record_dump(const tw_record *r, tw_buf *out)
{
    tw_buf_fmt(out, "record bytes %u tokens %llu insns %llu steps %llu values %u strings %u\n", r->n_bytes,
               (unsigned long long)r->tokens, (unsigned long long)r->insns, (unsigned long long)r->steps,
               r->n_vals, r->n_strings);
    dump_funcs(r, out);
    dump_imports(r, out);
    dump_calls(r, out);
    dump_names(r, out);
    dump_summaries(r, out);
    dump_rest(r, out);
}
