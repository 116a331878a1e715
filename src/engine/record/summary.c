/* SPDX-License-Identifier: Apache-2.0 */
/* Summaries of functions: which parameters and results of calls flow where. docs/internals/record.md. */
#include "engine/record/summary_priv.h"

#include <stdlib.h>

enum { STEPS_FREE = 65536, STEPS_PER_VALUE = 64 };

static void prepare(su *s, tw_arena *tmp, tw_record *r)
{
    *s = (su){.r = r, .tmp = tmp};
    s->js = tw_lang_family((tw_lang)r->lang) == TW_LANG_JAVASCRIPT;
    s->max_steps = STEPS_FREE + (uint64_t)r->n_vals * STEPS_PER_VALUE;
    TW_PUSH(s->tmp, s->paths, ((su_path){0}));
    s->first_of = TW_NEWN(s->tmp, uint32_t, r->n_strings);
    s->param0 = TW_NEWN(s->tmp, uint32_t, (size_t)r->n_funcs + 1);
    for (uint32_t f = 0; f < r->n_funcs; f++) {
        s->param0[f] = s->n_params;
        s->n_params += r->funcs[f].n_params;
    }
    s->param0[r->n_funcs] = s->n_params;
    s->param_func = TW_NEWN(s->tmp, uint32_t, s->n_params);
    for (uint32_t f = 0; f < r->n_funcs; f++)
        for (uint32_t i = s->param0[f]; i < s->param0[f + 1]; i++) s->param_func[i] = f;
    s->cut = TW_NEWN(s->tmp, uint8_t, r->n_funcs);
    s->shared = TW_NEWN(s->tmp, uint8_t, r->n_calls);
    s->count = TW_NEWN(s->tmp, uint32_t, r->n_funcs);
}

/* Results and stores tell callers most, then arguments, of what was handed in first. */
static inline uint64_t rank(const su_edge *e)
{
    static const uint8_t places[TW_TO_MAX] = {[TW_TO_ARG] = 4, [TW_TO_SELF] = 8, [TW_TO_CALLEE] = 8};
    return (uint64_t)(places[e->kind] + su_kind(e->root)) << 32 | e->root;
}

static inline int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static inline int order(const su_edge *x, const su_edge *y)
{
    int c = compare(rank(x), rank(y));
    if (!c) c = compare(x->to, y->to);
    if (!c) c = compare(x->kind, y->kind);
    if (!c) c = compare(x->pos, y->pos);
    if (!c) c = compare(x->from, y->from);
    return c ? c : compare(x->at, y->at);
}

static int by_rank(const void *a, const void *b)
{
    return order(a, b);
}

enum { FEW = 24 };
static void sort_edges(su_edge *v, uint32_t n)
{
    for (uint32_t i = 1; i < n && n <= FEW; i++) {
        if (order(&v[i - 1], &v[i]) <= 0) continue;
        su_edge x = v[i];
        uint32_t k = i;
        for (; k && order(&v[k - 1], &x) > 0; k--) v[k] = v[k - 1];
        v[k] = x;
    }
    if (n > FEW) qsort(v, n, sizeof *v, by_rank);
}

typedef struct output {
    su *s;
    TW_VEC(tw_rec_edge) edges;
    uint32_t *path_id; /* of each path; 0 not used yet */
    TW_VEC(tw_rec_path) paths;
} output;

/* Only paths that some edge has are kept; what they hang on first. */
static uint32_t path_id(output *o, uint32_t path)
{
    uint32_t chain[TW_PATH_MAX], n = 0;
    for (uint32_t p = path; p && !o->path_id[p]; p = o->s->paths.v[p].up) chain[n++] = p;
    while (n-- > 0) {
        su_path row = o->s->paths.v[chain[n]];
        o->path_id[chain[n]] = o->paths.n;
        TW_PUSH(o->s->tmp, o->paths, ((tw_rec_path){o->path_id[row.up], row.step}));
    }
    return o->path_id[path];
}

static void put_edge(output *o, const su_edge *e)
{
    su *s = o->s;
    uint32_t kind = su_kind(e->root), id = su_id(e->root), from = e->from;
    tw_rec_edge out = {.func = e->func, .kind = (uint8_t)(kind * TW_TO_MAX + e->kind), .from = id};
    if (kind == SU_PARAM) out.from = id - s->param0[e->func];
    if (kind == SU_VAR) out.from = s->vars.v[id].func, from = su_under(s, s->vars.v[id].name, from);
    out.from_path = from;
    out.to = e->to, out.pos = e->pos, out.to_path = e->at;
    TW_PUSH(s->tmp, o->edges, out);
}

/* What calls give is followed to other calls only where something of the callers' may come with it: what a function
 * does with its own alone, its callers have no part in, and the values say it. */
static void drop_private(su *s, su_edges *own)
{
    bool grew = true;
    for (uint32_t i = 0; i < own->n; i++) {
        const su_edge *e = &own->v[i];
        if (su_kind(e->root) != SU_CALL && (e->kind == TW_TO_ARG || e->kind == TW_TO_SELF))
            s->shared[e->to] = 1;
    }
    for (uint32_t round = 0; grew && round < TW_SUMMARY_ROUNDS; round++) {
        grew = false;
        for (uint32_t i = 0; i < own->n; i++) {
            const su_edge *e = &own->v[i];
            bool on = e->kind == TW_TO_ARG || e->kind == TW_TO_SELF;
            if (!on || su_kind(e->root) != SU_CALL || !s->shared[su_id(e->root)] || s->shared[e->to])
                continue;
            s->shared[e->to] = 1;
            grew = true;
        }
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < own->n; i++) {
        const su_edge *e = &own->v[i];
        bool on = e->kind == TW_TO_ARG || e->kind == TW_TO_SELF || e->kind == TW_TO_CALLEE;
        if (!grew && on && su_kind(e->root) == SU_CALL && !s->shared[su_id(e->root)]) continue;
        if (n != i) own->v[n] = *e;
        n++;
    }
    own->n = n;
}

static void put_function(output *o, uint32_t func)
{
    su_edges *own = &o->s->own[func];
    if (!own->n) return;
    drop_private(o->s, own);
    sort_edges(own->v, own->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < own->n; i++) {
        if (n && !order(&own->v[n - 1], &own->v[i])) continue;
        if (n != i) own->v[n] = own->v[i];
        n++;
    }
    if (n > TW_EDGES_MAX) n = TW_EDGES_MAX, su_cut(o->s, func);
    for (uint32_t i = 0; i < n; i++) put_edge(o, &own->v[i]);
}

static void *keep(tw_arena *a, const void *v, size_t size)
{
    return size ? memcpy(tw_arena_raw(a, size), v, size) : NULL;
}

void tw_summarise(tw_arena *a, tw_arena *tmp, tw_record *r)
{
    su s;
    prepare(&s, tmp, r);
    su_values(&s);
    su_callees(&s);
    su_close(&s);
    output o = {.s = &s};
    for (uint32_t f = 0; f < r->n_funcs; f++) put_function(&o, f);
    o.path_id = TW_NEWN(s.tmp, uint32_t, s.paths.n);
    TW_PUSH(s.tmp, o.paths, ((tw_rec_path){0, 0}));
    for (uint32_t i = 0; i < o.edges.n; i++) {
        o.edges.v[i].from_path = path_id(&o, o.edges.v[i].from_path);
        o.edges.v[i].to_path = path_id(&o, o.edges.v[i].to_path);
    }
    for (uint32_t f = 0; f < r->n_funcs; f++)
        if (s.cut[f]) r->funcs[f].flags |= TW_RF_CUT;
    r->paths = keep(a, o.paths.v, o.paths.n * sizeof *o.paths.v), r->n_paths = o.paths.n;
    r->edges = keep(a, o.edges.v, o.edges.n * sizeof *o.edges.v), r->n_edges = o.edges.n;
    r->steps += s.steps;
}
