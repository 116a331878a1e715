/* SPDX-License-Identifier: Apache-2.0 */
/* What calls, binds, stores, returns and layers reach becomes the record, operands first. */
#include "engine/record/evaluate_priv.h"

enum { MAX_OPTIONS = 24 };

enum { SHOWN_ITEMS = 1024 };
#define BUSY UINT32_MAX

typedef struct emit {
    ev *e;
    tw_arena *a;
    tw_record *r;
    TW_VEC(uint32_t) str_of; /* sym -> string of the record */
    TW_VEC(uint32_t) strs;   /* the syms that are its strings, from 1 on */
    size_t str_bytes;
    TW_VEC(uint32_t) ids;    /* value -> value of the record, BUSY while its operands are under way */
    TW_VEC(uint32_t) leaves; /* string of the record * 4 + kind -> plain constant */
    TW_VEC(tw_val) vals;
    TW_VEC(uint32_t) lists;
    TW_VEC(tw_rec_arg) args;
} emit;
#define FIT(m, vec, count)                                                       \
    do {                                                                         \
        if ((vec).n < (count)) {                                                 \
            TW_RESERVE((m)->e->tmp, vec, (count) - (vec).n);                     \
            memset((vec).v + (vec).n, 0, ((count) - (vec).n) * sizeof *(vec).v); \
            (vec).n = (count);                                                   \
        }                                                                        \
    } while (0)

/* A finished table moves from scratch to the record, at its exact size. */
static void *keep(tw_arena *a, const void *v, size_t size)
{
    return size ? memcpy(tw_arena_raw(a, size), v, size) : NULL;
}
#define KEEP(m, vec) keep((m)->a, (vec).v, (vec).n * sizeof *(vec).v)

static uint32_t new_string(emit *m, uint32_t sym)
{
    TW_PUSH(m->e->tmp, m->strs, sym);
    m->str_bytes += ev_sym(m->e, sym).n;
    return m->str_of.v[sym] = m->strs.n;
}

static inline uint32_t sym_id(emit *m, uint32_t sym)
{
    if (!sym) return 0;
    if (sym < m->str_of.n && m->str_of.v[sym]) return m->str_of.v[sym];
    FIT(m, m->str_of, sym + 64);
    uint32_t id = m->str_of.v[sym];
    return id ? id : new_string(m, sym);
}

static uint32_t ir_id(emit *m, uint32_t s)
{
    return sym_id(m, ev_ir_sym(m->e, s));
}

/* s lives as long as the evaluation. */
static uint32_t text_id(emit *m, tw_str s)
{
    return sym_id(m, tw_intern_kept(&m->e->syms, s));
}

static tw_str text_of(const emit *m, uint32_t id)
{
    return id ? ev_sym(m->e, m->strs.v[id - 1]) : (tw_str){0};
}

/* The parts of a rope, constant neighbours joined; parts that are ropes opened before stay whole. */
static void open_rope(emit *m, uint32_t v, bool merge)
{
    ev *e = m->e;
    uint32_t base = e->stack.n, at = e->lists.n, last = 0;
    TW_PUSH(e->tmp, e->stack, ev_at(e, v)->b);
    TW_PUSH(e->tmp, e->stack, ev_at(e, v)->a);
    while (e->stack.n > base) {
        uint32_t x = e->stack.v[--e->stack.n];
        const ev_val *p = ev_at(e, x);
        uint8_t kind;
        if (p->kind == EV_ROPE && !(p->flags & (EV_CONST | EV_OWNED))) {
            ev_at(e, x)->flags |= EV_OWNED; /* opened: x + x doubles, so each is opened once */
            TW_PUSH(e->tmp, e->stack, p->b);
            TW_PUSH(e->tmp, e->stack, ev_at(e, x)->a);
            continue;
        }
        bool empty = p->flags & EV_CONST && ev_is_text(e, x, &kind) &&
                     (p->kind == EV_ROPE ? p->list : e->texts.v[p->a].n) == 0;
        if (empty && (last || e->stack.n > base)) continue;
        uint32_t sum = merge && last && ev_is_const(e, x) && ev_is_const(e, last) ? ev_concat(e, last, x) : 0;
        if (sum && ev_is_const(e, sum)) {
            e->lists.v[e->lists.n - 1] = last = sum;
            continue;
        }
        last = x;
        TW_PUSH(e->tmp, e->lists, x);
    }
    ev_val *r = ev_at(e, v);
    r->kind = TW_VAL_CONCAT;
    r->a = r->b = 0;
    r->list = at, r->n = e->lists.n - at;
}

static void simplify(emit *m, uint32_t v)
{
    ev *e = m->e;
    tw_str text;
    ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_SEQ && x->flags & EV_FOLDED && x->n > SHOWN_ITEMS) {
        x->kind = TW_VAL_OPAQUE; /* computed here, longer than anybody wrote it */
        x->list = x->n = 0;
    }
    if (ev_at(e, v)->kind != EV_ROPE || ev_text(e, v, &text)) return;
    /* known, but too much to write out: then its halves are not put together again either */
    bool known = ev_is_const(e, v);
    ev_at(e, v)->flags &= (uint8_t)~EV_CONST;
    open_rope(m, v, !known);
}

/* There is room for it. */
static inline void need(const emit *m, uint32_t v)
{
    if (v && !m->ids.v[v]) m->e->stack.v[m->e->stack.n++] = v;
}

static void need_operands(emit *m, const ev_val *x)
{
    ev *e = m->e;
    const ev_call *c = NULL;
    TW_RESERVE(e->tmp, e->stack, x->n + 2);
    switch (x->kind) {
    case TW_VAL_MEMBER:
    case TW_VAL_ITER: need(m, x->a); break;
    case TW_VAL_INDEX:
    case TW_VAL_MUT: need(m, x->a), need(m, x->b); break;
    case TW_VAL_CALL: c = &e->calls.v[x->a]; break;
    case TW_VAL_INSTANCE: c = &e->calls.v[x->b]; break;
    default:
        for (uint32_t i = 0; i < x->n; i++) need(m, e->lists.v[x->list + i]);
    }
    if (!c) return;
    TW_RESERVE(e->tmp, e->stack, c->n_args + 1);
    need(m, c->callee);
    for (uint32_t i = 0; i < c->n_args; i++) need(m, e->args.v[c->args + i].value);
}

static uint32_t id_of(const emit *m, uint32_t v)
{
    uint32_t id = m->ids.v[v];
    return id == BUSY ? 0 : id;
}

static void deepen(const emit *m, uint32_t operand, uint32_t *depth)
{
    uint32_t d = m->vals.v[id_of(m, operand)].depth + 1u;
    if (d > *depth) *depth = d < UINT16_MAX ? d : UINT16_MAX;
}

static void deepen_call(const emit *m, const ev_call *c, uint32_t *depth)
{
    deepen(m, c->callee, depth);
    for (uint32_t i = 0; i < c->n_args; i++) deepen(m, m->e->args.v[c->args + i].value, depth);
}

static void put_list(emit *m, const ev_val *x, tw_val *out, uint32_t *depth)
{
    out->list = x->n ? m->lists.n : 0;
    out->n = x->n;
    TW_RESERVE(m->e->tmp, m->lists, x->n);
    for (uint32_t i = 0; i < x->n; i++) {
        uint32_t v = m->e->lists.v[x->list + i];
        deepen(m, v, depth);
        m->lists.v[m->lists.n++] = id_of(m, v);
    }
}

/* Plain constants are written once. */
static uint32_t *known_leaf(emit *m, const tw_val *v)
{
    static const uint8_t slot[TW_VAL_MAX] = {
        [TW_VAL_STR] = 1, [TW_VAL_BYTES] = 2, [TW_VAL_SYMBOL] = 3, [TW_VAL_FLOAT] = 4};
    if (!slot[v->kind] || v->flags) return NULL;
    uint32_t at = v->a * 4 + slot[v->kind] - 1;
    if (at >= m->leaves.n) FIT(m, m->leaves, at + 64);
    return &m->leaves.v[at];
}

static void put_val(emit *m, uint32_t v)
{
    const ev *e = m->e;
    const ev_val *x = ev_at(e, v);
    tw_val out = {.kind = x->kind, .flags = x->flags & TW_VF_FOLDED};
    uint32_t depth = 0;
    switch (x->kind) {
    case TW_VAL_STR:
    case TW_VAL_BYTES: out.a = x->b ? ir_id(m, x->b) : text_id(m, e->texts.v[x->a]); break;
    case TW_VAL_FLOAT:
    case TW_VAL_SYMBOL: out.a = sym_id(m, x->a); break;
    case TW_VAL_INT: out.a = x->a, out.b = x->b; break;
    case TW_VAL_BOOL:
    case TW_VAL_CALL: out.a = x->a; break;
    case TW_VAL_FUNC: out.a = e->func_of[x->a]; break;
    case TW_VAL_PARAM: out.a = e->func_of[x->a], out.b = x->b; break;
    case TW_VAL_INSTANCE: out.a = e->func_of[x->a], out.b = x->b; break;
    case TW_VAL_MEMBER: out.a = id_of(m, x->a), out.b = sym_id(m, x->b), deepen(m, x->a, &depth); break;
    case TW_VAL_ITER: out.a = id_of(m, x->a), deepen(m, x->a, &depth); break;
    case TW_VAL_INDEX:
    case TW_VAL_MUT:
        out.a = id_of(m, x->a), out.b = id_of(m, x->b);
        deepen(m, x->a, &depth), deepen(m, x->b, &depth);
        break;
    case TW_VAL_OP: out.b = sym_id(m, x->b), put_list(m, x, &out, &depth); break;
    case TW_VAL_SEQ:
    case TW_VAL_MAP:
    case TW_VAL_PHI:
    case TW_VAL_CONCAT: put_list(m, x, &out, &depth); break;
    default: break;
    }
    if (x->kind == TW_VAL_CALL) deepen_call(m, &e->calls.v[x->a], &depth);
    if (x->kind == TW_VAL_INSTANCE) deepen_call(m, &e->calls.v[x->b], &depth);
    out.depth = (uint16_t)depth;
    if (x->kind != TW_VAL_STR && x->kind != TW_VAL_BYTES && x->kind != EV_ROPE && x->kind != TW_VAL_CONCAT)
        out.flags = 0;
    uint32_t *leaf = known_leaf(m, &out);
    if (leaf && *leaf) {
        m->ids.v[v] = *leaf;
        return;
    }
    TW_PUSH(m->e->tmp, m->vals, out);
    m->ids.v[v] = m->vals.n - 1;
    if (leaf) *leaf = m->ids.v[v];
}

/* Depth first with a stack of our own: a value goes out behind its operands. */
static uint32_t put_new(emit *m, uint32_t root)
{
    ev *e = m->e;
    uint32_t base = e->stack.n;
    FIT(m, m->ids, e->vals.n);
    TW_PUSH(e->tmp, e->stack, root);
    while (e->stack.n > base) {
        uint32_t v = e->stack.v[e->stack.n - 1], n = e->stack.n;
        if (!m->ids.v[v]) {
            m->ids.v[v] = BUSY;
            uint8_t kind = ev_at(e, v)->kind;
            if (kind == EV_ROPE || kind == TW_VAL_SEQ) {
                simplify(m, v);
                FIT(m, m->ids, e->vals.n);
            }
            need_operands(m, ev_at(e, v));
            if (e->stack.n > n) continue; /* they first */
        }
        e->stack.n--;
        if (m->ids.v[v] == BUSY) put_val(m, v);
    }
    return id_of(m, root);
}

static inline uint32_t put(emit *m, uint32_t root)
{
    uint32_t id = root < m->ids.n ? m->ids.v[root] : 0;
    return id || !root ? id : put_new(m, root);
}

/* ---- rows ---- */

static uint32_t off_in(const emit *m, uint32_t off)
{
    return off < m->r->n_bytes ? off : m->r->n_bytes;
}

static uint32_t len_in(const emit *m, uint32_t off, uint32_t len)
{
    uint32_t left = m->r->n_bytes - off_in(m, off);
    return len < left ? len : left;
}
#define SPAN(m, x) .off = off_in(m, (x).off), .len = len_in(m, (x).off, (x).len)

/* JavaScript's options: the entries of a literal object are arguments by name as well. */
static void put_options(emit *m, tw_rec_arg arg, tw_rec_call *out)
{
    const ev *e = m->e;
    const ev_val *x = ev_at(e, arg.value);
    if (!e->js || arg.name || x->kind != TW_VAL_MAP) return;
    for (uint32_t i = 0; i + 1 < x->n && i < 2 * MAX_OPTIONS; i += 2) {
        const ev_val *key = ev_at(e, ev_item(e, x, i));
        uint32_t name = key->kind == TW_VAL_STR ? key->b : 0;
        if (key->kind == TW_VAL_STR && !name) name = tw_intern_find(&e->ir->strings, e->texts.v[key->a]);
        if (!name) continue;
        TW_PUSH(m->e->tmp, m->args, ((tw_rec_arg){put(m, ev_item(e, x, i + 1)), ir_id(m, name)}));
        out->n_args++;
    }
}

static void put_calls(emit *m)
{
    const ev *e = m->e;
    tw_record *r = m->r;
    r->n_calls = e->calls.n;
    r->calls = tw_arena_raw(m->a, r->n_calls * sizeof(tw_rec_call));
    for (uint32_t i = 0; i < r->n_calls; i++) {
        ev_call c = e->calls.v[i];
        tw_rec_call out = {.func = e->func_of[c.func], .flags = c.flags, SPAN(m, c)};
        out.callee = put(m, c.callee);
        out.symbol = sym_id(m, c.sym);
        for (uint32_t k = 0; k < c.n_args; k++) put(m, e->args.v[c.args + k].value);
        TW_RESERVE(e->tmp, m->args, c.n_args);
        out.args = c.n_args ? m->args.n : 0;
        out.n_args = c.n_args;
        for (uint32_t k = 0; k < c.n_args; k++) {
            tw_rec_arg a = e->args.v[c.args + k];
            bool spread = a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP;
            m->args.v[m->args.n++] = (tw_rec_arg){put(m, a.value), spread ? a.name : ir_id(m, a.name)};
        }
        for (uint32_t k = 0; e->js && k < c.n_args; k++) put_options(m, e->args.v[c.args + k], &out);
        out.result = put(m, c.result);
        r->calls[i] = out;
    }
}

static uint32_t list_at(const emit *m, uint32_t n)
{
    return n ? m->lists.n : 0;
}

static uint32_t put_values(emit *m, const uint32_t *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) put(m, v[i]);
    uint32_t at = list_at(m, n);
    for (uint32_t i = 0; i < n; i++) TW_PUSH(m->e->tmp, m->lists, put(m, v[i]));
    return at;
}

static uint32_t qualified(emit *m, const tw_rec_func *f)
{
    tw_str up = text_of(m, m->r->funcs[f->parent].qual), name = text_of(m, f->name);
    tw_buf *b = &m->e->buf;
    if (!up.n || up.n > 200) return f->name;
    tw_buf_clear(b);
    tw_buf_puts(b, up), tw_buf_putc(b, '.'), tw_buf_puts(b, tw_str_sub(name, 0, 200));
    return sym_id(m, tw_intern(&m->e->syms, tw_buf_str(b)));
}

static void put_func(emit *m, uint32_t id)
{
    ev *e = m->e;
    uint32_t s = e->scope_of[id];
    tw_scope sc = e->ir->scopes.v[s];
    ev_scope *es = &e->scopes[s];
    bool is_class = sc.kind == TW_REGION_CLASS;
    uint32_t n = 0, bases = es->bases;
    tw_rec_func f = {.name = ir_id(m, sc.name), .flags = sc.flags & 7, .kind = sc.kind, SPAN(m, sc)};
    f.parent = id ? e->func_of[sc.parent] : TW_NONE;
    if (!id)
        f.kind = TW_REGION_MODULE, f.off = 0, f.len = m->r->n_bytes;
    else if (f.kind == TW_REGION_MODULE || f.kind > TW_REGION_COMPREHENSION)
        f.kind = TW_REGION_FUNCTION;
    if (id) f.qual = qualified(m, &f);
    if (sc.params <= e->ir->params.n && sc.n_params <= e->ir->params.n - sc.params) n = sc.n_params;
    f.params = list_at(m, n);
    f.n_params = n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, m->lists, ir_id(m, e->ir->params.v[sc.params + i].name));
    f.n_returns = es->returns.n;
    f.returns = put_values(m, es->returns.v, es->returns.n);
    f.n_bases = is_class ? es->n_bases : es->decorators.n;
    f.bases =
        put_values(m, is_class ? (e->lists.v ? e->lists.v + bases : NULL) : es->decorators.v, f.n_bases);
    m->r->funcs[id] = f;
}

static void put_imports(emit *m)
{
    const ev *e = m->e;
    m->r->n_imports = e->imports.n;
    m->r->imports = tw_arena_raw(m->a, e->imports.n * sizeof(tw_rec_import));
    for (uint32_t i = 0; i < e->imports.n; i++) {
        tw_rec_import x = e->imports.v[i];
        m->r->imports[i] = (tw_rec_import){.module = sym_id(m, x.module),
                                           .name = sym_id(m, x.name),
                                           .alias = ir_id(m, x.alias),
                                           .func = e->func_of[x.func],
                                           .level = x.level,
                                           .flags = x.flags,
                                           SPAN(m, x)};
    }
}

/* Names of modules and classes, and variables that values refer to. */
static void put_binds(emit *m)
{
    const ev *e = m->e;
    TW_VEC(tw_rec_bind) rows = {0};
    bool *runs = TW_NEWN(e->tmp, bool, (size_t)m->r->n_funcs + 1); /* functions whose names a layer sees */
    for (uint32_t i = 0; i < e->layers.n; i++)
        if (e->layers.v[i].executed) runs[e->func_of[e->layers.v[i].func]] = true;
    for (uint32_t i = 0; i < e->vars.n; i++) {
        const ev_var *v = &e->vars.v[i];
        bool keep = v->flags & EVV_ROW || v->scope == 0 || runs[e->func_of[v->scope]] ||
                    e->ir->scopes.v[v->scope].kind == TW_REGION_CLASS;
        bool last = v->scope == 0 && v->cur && !(v->flags & (EVV_ROW | EVV_SHARED | EVV_BLUNT));
        uint32_t val = last ? v->cur : v->all;
        if (!keep || !val) continue;
        uint32_t off = off_in(m, e->ir->insns.v[e->places.v[v->first]].off);
        TW_PUSH(e->tmp, rows, ((tw_rec_bind){e->func_of[v->scope], ir_id(m, v->name), put(m, val), off}));
    }
    for (uint32_t i = 0; i < e->defaults.n; i++) {
        tw_rec_bind d = e->defaults.v[i];
        TW_PUSH(e->tmp, rows,
                ((tw_rec_bind){e->func_of[d.func], ir_id(m, d.name), put(m, d.value), off_in(m, d.off)}));
    }
    m->r->binds = KEEP(m, rows);
    m->r->n_binds = rows.n;
}

static void put_stores(emit *m)
{
    const ev *e = m->e;
    m->r->n_stores = e->stores.n;
    m->r->stores = tw_arena_raw(m->a, e->stores.n * sizeof(tw_rec_store));
    for (uint32_t i = 0; i < e->stores.n; i++) {
        tw_rec_store x = e->stores.v[i];
        m->r->stores[i] = (tw_rec_store){.func = e->func_of[x.func],
                                         .base = put(m, x.base),
                                         .name = ir_id(m, x.name),
                                         .key = put(m, x.key),
                                         .value = put(m, x.value),
                                         SPAN(m, x)};
    }
}

static uint32_t recipe_text(emit *m, uint32_t recipe)
{
    const char *names[64];
    unsigned n = 0;
    for (; recipe && n < TW_COUNT(names); recipe = m->e->recipes.v[recipe].before)
        names[n++] = m->e->recipes.v[recipe].name;
    tw_buf_clear(&m->e->buf);
    while (n-- > 0) {
        tw_buf_puts(&m->e->buf, tw_str_c(names[n]));
        if (n) tw_buf_puts(&m->e->buf, TW_S(" > "));
    }
    return text_id(m, tw_arena_str(m->e->tmp, tw_buf_str(&m->e->buf)));
}

static void put_rest(emit *m)
{
    const ev *e = m->e;
    tw_record *r = m->r;
    r->n_layers = e->layers.n;
    r->layers = TW_NEWN(m->a, tw_rec_layer, r->n_layers);
    for (uint32_t i = 0; i < r->n_layers; i++) {
        tw_rec_layer x = e->layers.v[i];
        r->layers[i] = (tw_rec_layer){.call = x.call,
                                      .recipe = recipe_text(m, x.recipe),
                                      .lang = x.lang,
                                      .executed = x.executed,
                                      .func = m->e->func_of[x.func],
                                      .bytes = text_id(m, e->texts.v[x.bytes]),
                                      SPAN(m, x)};
    }
    r->n_gaps = e->gaps.n;
    r->gaps = TW_NEWN(m->a, tw_rec_gap, r->n_gaps);
    for (uint32_t i = 0; i < r->n_gaps; i++)
        r->gaps[i] = (tw_rec_gap){.reason = e->gaps.v[i].reason, SPAN(m, e->gaps.v[i])};
    r->n_findings = e->ir->findings.n;
    r->findings = TW_NEWN(m->a, tw_rec_finding, r->n_findings);
    for (uint32_t i = 0; i < r->n_findings; i++) {
        tw_finding f = e->ir->findings.v[i];
        uint32_t off = f.off >= UINT32_MAX ? TW_NONE : off_in(m, (uint32_t)f.off);
        r->findings[i] = (tw_rec_finding){(uint16_t)f.id, off, text_id(m, f.detail)};
    }
}

/* All texts in one block. */
static void take_strings(emit *m)
{
    uint32_t n = m->strs.n + 1;
    char *p = tw_arena_raw(m->a, m->str_bytes);
    m->r->n_strings = n;
    m->r->strings = tw_arena_raw(m->a, n * sizeof *m->r->strings);
    m->r->strings[0] = (tw_str){0};
    for (uint32_t i = 1; i < n; i++) {
        tw_str s = text_of(m, i);
        memcpy(p, s.p, s.n);
        m->r->strings[i] = tw_str_of(p, s.n);
        p += s.n;
    }
}

void ev_emit(ev *e, tw_arena *a, tw_record *ret)
{
    tw_record r = {.lang = (uint8_t)e->ir->lang, .flags = e->ir->flags, .n_bytes = (uint32_t)e->ir->source.n};
    emit m = {.e = e, .a = a, .r = &r};
    TW_RESERVE(e->tmp, m.strs, tw_intern_count(&e->syms));
    TW_RESERVE(e->tmp, m.vals, e->vals.n / 2 + 8);
    TW_RESERVE(e->tmp, m.lists, e->lists.n + 8);
    TW_RESERVE(e->tmp, m.args, e->args.n + 8);
    FIT(&m, m.str_of, tw_intern_count(&e->syms) + 64);
    FIT(&m, m.ids, e->vals.n + 64);
    TW_PUSH(e->tmp, m.vals, ((tw_val){0}));
    put_calls(&m);
    r.n_funcs = e->n_funcs ? e->n_funcs : 1;
    r.funcs = tw_arena_raw(a, r.n_funcs * sizeof(tw_rec_func));
    r.funcs[0] = (tw_rec_func){.parent = TW_NONE, .len = r.n_bytes};
    for (uint32_t i = 0; i < e->n_funcs; i++) put_func(&m, i);
    put_imports(&m);
    put_binds(&m);
    put_stores(&m);
    put_rest(&m);
    take_strings(&m);
    r.vals = KEEP(&m, m.vals), r.n_vals = m.vals.n;
    r.lists = KEEP(&m, m.lists), r.n_lists = m.lists.n;
    r.args = KEEP(&m, m.args), r.n_args = m.args.n;
    r.tokens = e->ir->tokens, r.insns = e->ir->insns.n, r.steps = e->steps;
    *ret = r;
}
