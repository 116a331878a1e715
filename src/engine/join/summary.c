/* SPDX-License-Identifier: Apache-2.0 */
/* The records' summaries across the files of a package: which parameters of a function reach its result, by its own
 * edges, through what its calls do: functions of any file by their summaries, the rest by the tables. No body is
 * walked for it. From that an edge at every call, argument to result, and one for what a callee stores in an argument. */
#include "engine/join/join_priv.h"

enum { ROUNDS = 16, UNKNOWN_THERE = 3 /* jn_through of a call whose target is not sure */ };

typedef struct reaching {
    jn *j;
    uint32_t *edge0;  /* [n_funcs + 1]: edges of a function in its unit's record */
    uint8_t *at_call; /* [n_calls]: how well data of the parameter under way gets there */
    TW_VEC(uint32_t) touched;
    uint32_t f; /* under way */
} reaching;

static const tw_rec_edge *edges_of(const reaching *s, uint32_t f, uint32_t *ret_n)
{
    const jn_unit *u = &s->j->units[s->j->func_unit[f]];
    *ret_n = s->edge0[f + 1] - s->edge0[f];
    return *ret_n ? u->r->edges + (s->edge0[f] - s->edge0[u->func0]) : NULL;
}

/* Whose body the end of an edge is in; TW_NONE for variables. */
static uint32_t end_of(const tw_record *r, const tw_rec_edge *e)
{
    switch (tw_edge_to_of(e)) {
    case TW_TO_VAR: return TW_NONE;
    case TW_TO_RETURN:
    case TW_TO_PARAM: return e->to;
    default: return r->calls[e->to].func;
    }
}

static void index_edges(reaching *s)
{
    jn *j = s->j;
    uint32_t n = 0;
    s->edge0 = TW_NEWN(j->a, uint32_t, (size_t)j->n_funcs + 1);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        uint32_t e = 0, first = n;
        for (uint32_t f = 0; f < u->r->n_funcs; f++) {
            s->edge0[u->func0 + f] = first + e;
            if (u->r->funcs[f].flags & TW_RF_CUT || !u->r->n_paths) j->open[u->func0 + f] |= JN_UNSURE;
            for (; e < u->r->n_edges && u->r->edges[e].func == f; e++) {
                uint32_t end = end_of(u->r, &u->r->edges[e]);
                if (end == TW_NONE || end == f) continue;
                j->open[u->func0 + end] |= JN_OPEN;
                if (tw_edge_from_of(&u->r->edges[e]) == TW_FROM_PARAM) j->open[u->func0 + f] |= JN_UNSURE;
            }
        }
        n = first + e;
    }
    s->edge0[j->n_funcs] = n;
}

/* What becomes of a value that a call is handed: does it come back? */
static uint8_t transfer(reaching *s, uint32_t unit, uint32_t c, uint32_t value)
{
    jn *j = s->j;
    const jn_unit *u = &j->units[unit];
    uint32_t call = u->call0 + c, node = u->val0 + value;
    if (j->target0[call] == j->target0[call + 1]) {
        const jn_api *api = jn_apis(j, unit, u->r->calls[c].symbol);
        bool pass = false;
        for (uint32_t i = 0; i < api->n; i++) pass |= (api->rows[i].flags & TW_API_PASS) != 0;
        return pass ? JN_THROUGH : api->n ? JN_STAYS : JN_THROUGH_UNKNOWN;
    }
    uint8_t best = JN_STAYS;
    for (uint32_t t = j->target0[call]; t < j->target0[call + 1]; t++) {
        uint32_t f = j->targets.v[t];
        bool class = jn_func(j, f)->kind == TW_REGION_CLASS;
        if (class && jn_constructor(j, f) == TW_NONE) best = JN_THROUGH;
        if (j->open[f] & JN_UNSURE) return UNKNOWN_THERE;
    }
    for (uint32_t i = j->crossing0[call]; i < j->crossing0[call + 1] && jn_spend(j, 1); i++) {
        const jn_crossing *x = &j->crossings.v[i];
        if (x->value == node && j->through[x->param] > best) best = j->through[x->param];
    }
    return best;
}

/* One edge of the parameter p, whose data got to its start `how` well. via: the call it comes from, TW_NONE. */
static bool follow(reaching *s, uint32_t p, const tw_rec_edge *e, uint8_t how, uint32_t via)
{
    jn *j = s->j;
    uint32_t unit = j->func_unit[s->f];
    const jn_unit *u = &j->units[unit];
    tw_edge_to to = tw_edge_to_of(e);
    if (to == TW_TO_RETURN && u->func0 + e->to == s->f && how > j->through[p]) {
        j->through[p] = how;
        j->inside[p] = via == TW_NONE ? 0 : u->call0 + via + 1;
        return true;
    }
    if (to != TW_TO_ARG && to != TW_TO_SELF) return false;
    const tw_rec_call *c = &u->r->calls[e->to];
    uint32_t value = to == TW_TO_SELF ? jn_receiver(j, unit, c) : u->r->args[c->args + e->pos].value;
    uint8_t there = transfer(s, unit, e->to, value);
    if (there == UNKNOWN_THERE) {
        bool news = !(j->open[s->f] & JN_UNSURE);
        j->open[s->f] |= JN_UNSURE;
        return news;
    }
    if (there > how) there = how;
    if (there <= s->at_call[u->call0 + e->to]) return false;
    s->at_call[u->call0 + e->to] = there;
    TW_PUSH(j->a, s->touched, e->to);
    return false;
}

static bool reach_of(reaching *s, uint32_t f)
{
    jn *j = s->j;
    uint32_t n, call0 = j->units[j->func_unit[f]].call0;
    const tw_rec_edge *e = edges_of(s, f, &n);
    bool news = false;
    s->f = f;
    for (uint32_t i = 0; i < n; i++) {
        bool first = tw_edge_from_of(&e[i]) == TW_FROM_PARAM &&
                     (!i || e[i].from != e[i - 1].from || e[i].kind != e[i - 1].kind);
        if (!first) continue;
        uint32_t p = e[i].from;
        s->touched.n = 0;
        if (!jn_spend(j, n)) return news;
        for (uint32_t k = 0; k < n; k++)
            if (tw_edge_from_of(&e[k]) == TW_FROM_PARAM && e[k].from == p)
                news |= follow(s, j->param_start[f] + p, &e[k], JN_THROUGH, TW_NONE);
        for (uint32_t q = 0; q < s->touched.n && jn_spend(j, n); q++)
            for (uint32_t k = 0; k < n; k++)
                if (tw_edge_from_of(&e[k]) == TW_FROM_CALL && e[k].from == s->touched.v[q])
                    news |= follow(s, j->param_start[f] + p, &e[k], s->at_call[call0 + s->touched.v[q]],
                                   s->touched.v[q]);
        for (uint32_t q = 0; q < s->touched.n; q++) s->at_call[call0 + s->touched.v[q]] = 0;
    }
    return news;
}

/* A cut that some call of the package had to do without is told. */
static void tell_cuts(jn *j)
{
    uint8_t *told = TW_NEWN(j->a, uint8_t, j->n_funcs);
    for (uint32_t i = 0; j->out->coverage && i < j->targets.n; i++) {
        uint32_t f = j->targets.v[i], unit = j->func_unit[f];
        const tw_rec_func *fn = jn_func(j, f);
        const tw_unit *u = &j->out->units[unit];
        if (told[f] || !(fn->flags & TW_RF_CUT)) continue;
        told[f] = 1;
        if (u->parent >= j->n_units) {
            tw_coverage_gap(j->out->coverage, u->member, TW_GAP_SUMMARY, fn->off, fn->len);
            continue;
        }
        const tw_rec_layer *l = &j->units[u->parent].r->layers[u->layer];
        tw_gap g = {.member = u->member,
                    .reason = TW_GAP_SUMMARY,
                    .off = l->off,
                    .len = l->len,
                    .unit = u->parent,
                    .func = l->func,
                    .of = j->units[unit].r->n_bytes};
        tw_coverage_layer_gap(j->out->coverage, &g);
    }
}

void jn_summaries(jn *j)
{
    reaching s = {.j = j};
    uint32_t n_params = j->param_start[j->n_funcs];
    j->through = TW_NEWN(j->a, uint8_t, (size_t)n_params + 1);
    j->inside = TW_NEWN(j->a, uint32_t, (size_t)n_params + 1);
    j->open = TW_NEWN(j->a, uint8_t, (size_t)j->n_funcs + 1);
    s.at_call = TW_NEWN(j->a, uint8_t, (size_t)j->n_calls + 1);
    index_edges(&s);
    bool news = true;
    for (uint32_t round = 0; news && round < ROUNDS; round++) {
        news = false;
        for (uint32_t f = 0; f < j->n_funcs && jn_spend(j, 1); f++)
            if (!(j->open[f] & JN_UNSURE)) news |= reach_of(&s, f);
    }
    if (news || !jn_spend(j, 0)) /* then all are followed value by value */
        for (uint32_t f = 0; f < j->n_funcs; f++) j->open[f] |= JN_UNSURE;
    tell_cuts(j);
}

static uint32_t result_of(const jn *j, uint32_t call)
{
    uint32_t low = 0, high = j->n_units;
    while (low + 1 < high) {
        uint32_t mid = low + (high - low) / 2;
        if (j->units[mid].call0 <= call)
            low = mid;
        else
            high = mid;
    }
    const jn_unit *u = &j->units[low];
    const tw_rec_call *c = &u->r->calls[call - u->call0];
    return c->result ? u->val0 + c->result : TW_NONE;
}

static uint32_t func_of_param(const jn *j, uint32_t p)
{
    uint32_t low = 0, high = j->n_funcs;
    while (low + 1 < high) {
        uint32_t mid = low + (high - low) / 2;
        if (j->param_start[mid] <= p)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static bool is_object(const jn *j, uint32_t f, uint32_t k)
{
    const tw_rec_func *fn = jn_func(j, f);
    const tw_record *r = j->units[j->func_unit[f]].r;
    return !k && fn->parent < r->n_funcs && r->funcs[fn->parent].kind == TW_REGION_CLASS;
}

/* fill(out, x): what the callee stores in an argument. Attributes of objects have nodes of their own. */
static void fill_edges(reaching *s, uint32_t first, uint32_t last, uint32_t f)
{
    jn *j = s->j;
    uint32_t n, start = j->param_start[f];
    const jn_unit *u = &j->units[j->func_unit[f]];
    const tw_rec_edge *e = edges_of(s, f, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (tw_edge_to_of(&e[i]) != TW_TO_PARAM || u->func0 + e[i].to != f || is_object(j, f, e[i].pos))
            continue;
        for (uint32_t b = first; b < last && jn_spend(j, 1); b++) {
            if (j->crossings.v[b].param != start + e[i].pos) continue;
            uint32_t object = j->crossings.v[b].value;
            if (tw_edge_from_of(&e[i]) == TW_FROM_CALL && u->r->calls[e[i].from].result)
                jn_edge_far(j, u->val0 + u->r->calls[e[i].from].result, object, false);
            for (uint32_t a = first; a < last && tw_edge_from_of(&e[i]) == TW_FROM_PARAM && jn_spend(j, 1);
                 a++)
                if (j->crossings.v[a].param == start + e[i].from)
                    jn_edge_add(j, j->crossings.v[a].value, object, false);
        }
    }
}

void jn_summary_edges(jn *j)
{
    reaching s = {.j = j};
    index_edges(&s);
    for (uint32_t i = 0, next; i < j->crossings.n; i = next) {
        uint32_t call = j->crossings.v[i].call, f = func_of_param(j, j->crossings.v[i].param);
        uint32_t result = result_of(j, call);
        for (next = i; next < j->crossings.n && j->crossings.v[next].call == call; next++) {
            uint32_t p = j->crossings.v[next].param;
            if (p < j->param_start[f] || p >= j->param_start[f + 1]) break;
            if (result != TW_NONE && j->through[p])
                jn_edge_add(j, j->crossings.v[next].value, result, j->through[p] == JN_THROUGH_UNKNOWN);
        }
        fill_edges(&s, i, next, f);
    }
}

uint32_t jn_inside(const jn *j, uint32_t from, uint32_t result)
{
    uint32_t unit = jn_unit_of_value(j, result);
    const jn_unit *u = &j->units[unit];
    const tw_val *v = jn_val(j, unit, result - u->val0);
    uint32_t c = v->kind == TW_VAL_CALL ? v->a : v->kind == TW_VAL_INSTANCE ? v->b : TW_NONE;
    if (c >= u->r->n_calls) return TW_NONE;
    for (uint32_t i = j->crossing0[u->call0 + c]; i < j->crossing0[u->call0 + c + 1]; i++)
        if (j->crossings.v[i].value == from && j->inside[j->crossings.v[i].param])
            return j->inside[j->crossings.v[i].param] - 1;
    return TW_NONE;
}
