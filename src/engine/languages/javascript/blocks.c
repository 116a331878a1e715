/* SPDX-License-Identifier: Apache-2.0 */
/* Names that blocks declare. The IR has no scopes for blocks: a let that shadows, or whose name is used in its
 * function outside of its block, gets a name of its own instead ("x~2"; no source can write that). It is found at
 * the end, when everything that is declared is known, by one walk over the instructions. */
#include <stdlib.h>

#include "engine/languages/javascript/js.h"

/* ---- while reading ---- */

static bool is_block(uint8_t kind)
{
    return kind == F_BLOCK || kind == F_CASE || kind == F_LOOP || kind == F_CATCH || kind == F_FOR_INIT ||
           kind == F_NAMESPACE;
}

/* The frame whose names these are; NULL: the function itself. */
static js_frame *block_around(js *p)
{
    for (uint32_t i = p->frames.n; i-- > 0;) {
        js_frame *f = &p->frames.v[i];
        if (is_block(f->kind)) return f;
        if (f->kind >= F_MODULE && f->kind <= F_TS_BLOCK) return NULL;
    }
    return NULL;
}

static void declare_in(js *p, uint32_t name, js_frame *f, uint8_t hoists)
{
    if (!f->block) {
        js_scoped b = {.from = f->from, .to = UINT32_MAX, .scope = p->fn.scope, .names = p->names.n};
        TW_PUSH(p->tmp, p->blocks, b);
        f->block = p->blocks.n;
    }
    js_scoped *b = &p->blocks.v[f->block - 1];
    js_decl d = {.name = name, .region = f->block - 1, .next = b->decls, .block = 1, .hoists = hoists};
    TW_PUSH(p->tmp, p->decls, d);
    b->decls = p->decls.n;
}

/* A name that only the function or class itself sees. */
void js_declare_own(js *p, uint32_t name)
{
    js_note_declared(p, name);
    TW_PUSH(p->tmp, p->decls, ((js_decl){.name = name, .region = p->fn.scope}));
}

void js_declare_lexical(js *p, uint32_t name)
{
    js_frame *f = block_around(p);
    bool in_class = p->fn.scope && p->ir->scopes.v[p->fn.scope].kind == TW_REGION_CLASS;
    if (f)
        declare_in(p, name, f, 0);
    else if (in_class)
        js_note_declared(p, name);
    else
        js_declare(p, name);
}

/* Outside of strict code a function in a block is a variable of the function around it too. */
void js_declare_function(js *p, uint32_t name)
{
    js_frame *f = block_around(p);
    bool strict = p->fn.strict || p->module || p->ts;
    if (f && strict) {
        declare_in(p, name, f, 0);
    } else if (f && f->kind != F_NAMESPACE) {
        js_note_declared(p, name);
        declare_in(p, name, f, 1);
    } else {
        js_declare(p, name);
    }
}

/* What was assigned inside to names that the block declares is no business of its function. */
void js_block_end(js *p, js_frame *f)
{
    js_scoped *b = &p->blocks.v[f->block - 1];
    f->block = 0;
    b->to = p->ir->insns.n;
    if (b->names >= p->names.n) return;
    uint32_t mine = js_stamp(p), n = b->names;
    for (uint32_t d = b->decls; d; d = p->decls.v[d - 1].next)
        if (!p->decls.v[d - 1].hoists) p->stamps.v[p->decls.v[d - 1].name] = mine;
    uint32_t seen = js_stamp(p);
    for (uint32_t i = b->names; i < p->names.n; i++) {
        uint32_t entry = p->names.v[i], *stamp = &p->stamps.v[entry >> 1];
        bool assigned = !(entry & 1);
        if (!entry || (assigned && (*stamp == mine || *stamp == seen))) continue;
        if (assigned) *stamp = seen;
        p->names.v[n++] = entry;
    }
    p->names.n = n;
}

void js_blocks_forget(js *p, uint32_t from)
{
    while (p->decls.n) {
        js_decl *d = &p->decls.v[p->decls.n - 1];
        bool gone = d->block ? p->blocks.v[d->region].from >= from : d->region >= p->ir->scopes.n;
        if (!gone) break;
        if (d->block) p->blocks.v[d->region].decls = d->next;
        p->decls.n--;
    }
}

/* ---- at the end ---- */

typedef struct owner { /* a name and the function in whose blocks it is declared */
    uint32_t name, scope, enter, prev;
    uint32_t marked; /* taken by something outside of the function that begins there, as are those around */
    bool taken;      /* the plain name means something else in this function */
} owner;
typedef struct known { /* a name in force */
    uint32_t decl, before, owner;
} known;
typedef struct region {
    uint32_t enter, to, saved, scope;
    bool block;
} region;
typedef struct saved {
    uint32_t name, decl;
} saved;
typedef struct use {
    uint32_t insn, decl;
} use;
typedef struct walk {
    js *p;
    uint8_t *hot;        /* by name: a block declares it */
    uint32_t *in_force;  /* by name: index + 1 of its declaration here */
    uint32_t *open;      /* by name: the innermost owner + 1 */
    uint32_t *of_scope;  /* by scope: its declarations, index + 1; linked by link */
    uint32_t *blocks_of; /* by scope: its blocks' declarations, likewise by owned */
    uint32_t *link, *owned;
    uint32_t *owner_of; /* by declaration: owner + 1 */
    TW_VEC(region) regions;
    TW_VEC(saved) saved;
    TW_VEC(owner) owners;
    TW_VEC(uint32_t) stack; /* owners of open functions */
    TW_VEC(use) uses;
} walk;

static void put_in_force(walk *w, uint32_t d)
{
    js_decl *decl = &w->p->decls.v[d - 1];
    TW_PUSH(w->p->tmp, w->saved, ((saved){decl->name, w->in_force[decl->name]}));
    w->in_force[decl->name] = d;
}

static void open_scope(walk *w, uint32_t scope, uint32_t enter)
{
    js *p = w->p;
    TW_PUSH(p->tmp, w->regions,
            ((region){.enter = enter, .to = UINT32_MAX, .saved = w->saved.n, .scope = scope}));
    for (uint32_t d = w->of_scope[scope]; d; d = w->link[d]) put_in_force(w, d);
    for (uint32_t d = w->blocks_of[scope]; d; d = w->owned[d]) {
        uint32_t name = p->decls.v[d - 1].name, top = w->open[name];
        if (!top || w->owners.v[top - 1].scope != scope || w->owners.v[top - 1].enter != enter) {
            bool in_class = p->ir->scopes.v[scope].kind == TW_REGION_CLASS;
            TW_PUSH(p->tmp, w->owners,
                    ((owner){.name = name,
                             .scope = scope,
                             .enter = enter,
                             .prev = top,
                             .marked = UINT32_MAX,
                             .taken = in_class}));
            top = w->open[name] = w->owners.n;
            TW_PUSH(p->tmp, w->stack, top - 1);
        }
        w->owner_of[d] = top;
    }
}

static void close_region(walk *w)
{
    region r = w->regions.v[--w->regions.n];
    while (w->saved.n > r.saved) {
        saved s = w->saved.v[--w->saved.n];
        w->in_force[s.name] = s.decl;
    }
    while (!r.block && w->stack.n && w->owners.v[w->stack.v[w->stack.n - 1]].enter == r.enter) {
        owner *o = &w->owners.v[w->stack.v[--w->stack.n]];
        w->open[o->name] = o->prev;
    }
}

static void open_block(walk *w, const js_scoped *b)
{
    TW_PUSH(w->p->tmp, w->regions,
            ((region){.enter = b->from, .to = b->to, .saved = w->saved.n, .block = true}));
    for (uint32_t d = b->decls; d; d = w->p->decls.v[d - 1].next)
        if (!w->p->decls.v[d - 1].hoists) put_in_force(w, d);
}

/* The functions between a use and what it means must leave the plain name alone. */
static void mark(walk *w, uint32_t name, uint32_t d)
{
    js *p = w->p;
    const js_decl *decl = d ? &p->decls.v[d - 1] : NULL;
    uint32_t from = 0, mine = decl && decl->block ? w->owner_of[d] : 0;
    if (decl && !decl->block) from = p->ir->scopes.v[decl->region].enter;
    for (uint32_t o = w->open[name]; o && o != mine; o = w->owners.v[o - 1].prev) {
        owner *own = &w->owners.v[o - 1];
        if (own->enter < from || own->marked <= (mine ? 1 + w->owners.v[mine - 1].enter : from)) break;
        own->taken = true;
        own->marked = mine ? 1 + w->owners.v[mine - 1].enter : from;
    }
}

static void note_use(walk *w, uint32_t at)
{
    const tw_insn *in = &w->p->ir->insns.v[at];
    uint32_t d = w->in_force[in->a];
    bool in_class = w->regions.n && !w->regions.v[w->regions.n - 1].block &&
                    w->p->ir->scopes.v[w->regions.v[w->regions.n - 1].scope].kind == TW_REGION_CLASS;
    if (in->op == TW_OP_BIND && in_class) return; /* a member */
    mark(w, in->a, d);
    if (d && w->p->decls.v[d - 1].block) TW_PUSH(w->p->tmp, w->uses, ((use){at, d}));
}

static int by_from(const void *x, const void *y)
{
    const js_scoped *a = x, *b = y;
    if (a->from != b->from) return a->from < b->from ? -1 : 1;
    return (a->to < b->to) - (a->to > b->to);
}

/* By place; what refers to them by their index is no longer needed then, but for p->decls' lists. */
static void sort_blocks(js *p)
{
    uint32_t i = 1;
    while (i < p->blocks.n && by_from(p->blocks.v + i - 1, p->blocks.v + i) <= 0) i++;
    if (i < p->blocks.n) qsort(p->blocks.v, p->blocks.n, sizeof *p->blocks.v, by_from);
}

static void visit(walk *w)
{
    js *p = w->p;
    const tw_ir *ir = p->ir;
    uint32_t next = 0, names = tw_intern_count(&ir->strings);
    open_scope(w, 0, 1);
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        const tw_insn *in = &ir->insns.v[i];
        while (w->regions.v[w->regions.n - 1].to <= i) close_region(w);
        while (next < p->blocks.n && p->blocks.v[next].from <= i) {
            if (p->blocks.v[next].to > i) open_block(w, &p->blocks.v[next]);
            next++;
        }
        if (in->op == TW_OP_READ || in->op == TW_OP_BIND || in->op == TW_OP_SCOPE) {
            if (in->a < names && w->hot[in->a]) note_use(w, i);
        } else if (in->op == TW_OP_ENTER && in->kind <= TW_REGION_COMPREHENSION &&
                   in->kind != TW_REGION_MODULE) {
            open_scope(w, in->b, i);
        } else if (in->op == TW_OP_LEAVE && in->kind <= TW_REGION_COMPREHENSION &&
                   in->kind != TW_REGION_MODULE) {
            while (w->regions.n > 1 && w->regions.v[w->regions.n - 1].block) close_region(w);
            if (w->regions.n > 1) close_region(w);
        }
    }
}

/* In the order of the source: the first keeps the name where nothing else has it. */
static void give_names(walk *w)
{
    js *p = w->p;
    uint32_t names = tw_intern_count(&p->ir->strings);
    uint32_t *count = TW_NEWN(p->tmp, uint32_t, names), *as = TW_NEWN(p->tmp, uint32_t, p->decls.n + 1);
    for (uint32_t i = 0; i < w->uses.n; i++) {
        uint32_t d = w->uses.v[i].decl;
        js_decl *decl = &p->decls.v[d - 1];
        owner *o = w->owner_of[d] ? &w->owners.v[w->owner_of[d] - 1] : NULL;
        if (!as[d] && o && !o->taken) {
            o->taken = true;
            as[d] = decl->name;
        } else if (!as[d]) {
            tw_buf_clear(&p->lit);
            tw_buf_fmt(&p->lit, "%.*s~%u", TW_FMT(tw_ir_text(p->ir, decl->name)), ++count[decl->name] + 1);
            as[d] = tw_intern(&p->ir->strings, tw_buf_str(&p->lit));
        }
        p->ir->insns.v[w->uses.v[i].insn].a = as[d];
    }
}

void js_name_blocks(js *p)
{
    uint32_t names = tw_intern_count(&p->ir->strings), n = p->decls.n + 1;
    bool any = false;
    for (uint32_t i = 0; i < p->decls.n; i++) {
        js_decl *d = &p->decls.v[i];
        if (d->hoists) d->block = 0, d->region = p->blocks.v[d->region].scope;
        any |= d->block;
    }
    if (!any) return;
    walk w = {.p = p};
    w.hot = TW_NEWN(p->tmp, uint8_t, names);
    w.in_force = TW_NEWN(p->tmp, uint32_t, names), w.open = TW_NEWN(p->tmp, uint32_t, names);
    w.of_scope = TW_NEWN(p->tmp, uint32_t, p->ir->scopes.n);
    w.blocks_of = TW_NEWN(p->tmp, uint32_t, p->ir->scopes.n);
    w.link = TW_NEWN(p->tmp, uint32_t, n), w.owned = TW_NEWN(p->tmp, uint32_t, n);
    w.owner_of = TW_NEWN(p->tmp, uint32_t, n);
    for (uint32_t i = 0; i < p->decls.n; i++) w.hot[p->decls.v[i].name] |= p->decls.v[i].block;
    for (uint32_t i = p->decls.n; i-- > 0;) {
        const js_decl *d = &p->decls.v[i];
        uint32_t scope = d->block ? p->blocks.v[d->region].scope : d->region;
        if (!w.hot[d->name] || scope >= p->ir->scopes.n) continue;
        if (d->block)
            w.owned[i + 1] = w.blocks_of[scope], w.blocks_of[scope] = i + 1;
        else
            w.link[i + 1] = w.of_scope[scope], w.of_scope[scope] = i + 1;
    }
    sort_blocks(p);
    visit(&w);
    give_names(&w);
}
