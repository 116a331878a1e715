/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/join/join_priv.h"

#include <stdlib.h>

enum { NODES_MAX = 1u << 27 /* marks of edges are above JN_NODE */ };

const char *tw_confidence_name(tw_confidence c)
{
    static const char *const names[] = {"guessed", "flow", "folded", "literal"};
    return (unsigned)c < TW_COUNT(names) ? names[c] : "guessed";
}

/* Global ids; false when they would not fit. */
static bool number(jn *j)
{
    uint64_t funcs = 0, calls = 0, vals = 0;
    j->units = TW_NEWN(j->a, jn_unit, j->n_units);
    for (uint32_t i = 0; i < j->n_units; i++) {
        const tw_record *r = j->out->units[i].record;
        j->units[i] =
            (jn_unit){.r = r, .func0 = (uint32_t)funcs, .call0 = (uint32_t)calls, .val0 = (uint32_t)vals};
        j->units[i].api = TW_NEWN(j->a, jn_api, (size_t)r->n_strings + 1);
        j->units[i].sym = TW_NEWN(j->a, uint32_t, (size_t)r->n_strings + 1);
        funcs += r->n_funcs;
        calls += r->n_calls;
        vals += r->n_vals;
        if (funcs + calls + vals + r->n_lists > NODES_MAX) return false;
    }
    j->n_funcs = (uint32_t)funcs;
    j->n_calls = (uint32_t)calls;
    j->n_vals = (uint32_t)vals;
    j->func_unit = TW_NEWN(j->a, uint32_t, j->n_funcs);
    for (uint32_t i = 0; i < j->n_units; i++)
        for (uint32_t f = 0; f < j->units[i].r->n_funcs; f++) j->func_unit[j->units[i].func0 + f] = i;
    return true;
}

typedef struct ranked {
    const tw_cap_use *use;
    uint32_t old;
} ranked;

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const tw_cap_use *x = ((const ranked *)a)->use, *y = ((const ranked *)b)->use;
    int c = compare_u32(x->place.unit, y->place.unit);
    if (!c) c = compare_u32(x->place.off, y->place.off);
    if (!c) c = compare_u32(x->cap, y->cap);
    if (!c) c = compare_u32(x->call, y->call);
    if (!c) c = tw_str_cmp(tw_str_c(x->label), tw_str_c(y->label));
    return c ? c : compare_u32(((const ranked *)a)->old, ((const ranked *)b)->old);
}

static int by_ends(const void *a, const void *b)
{
    const tw_flow *x = a, *y = b;
    int c = compare_u32(x->from, y->from);
    if (!c) c = compare_u32(x->to, y->to);
    if (!c) c = -compare_u32(x->confidence, y->confidence);
    return c ? c : compare_u32(x->n_path, y->n_path);
}

/* A mention of what a call in the same text is known to touch tells nothing new. Flows keep theirs. */
static void drop_echoes(jn *j)
{
    tw_join *out = j->out;
    tw_map known;
    tw_map_init(&known, j->a);
    uint32_t *renamed = TW_NEWN(j->a, uint32_t, (size_t)out->uses.n + 1), n = 0;
    uint8_t *flows = TW_NEWN(j->a, uint8_t, (size_t)out->uses.n + 1);
    for (uint32_t i = 0; i < out->flows.n; i++) flows[out->flows.v[i].from] = flows[out->flows.v[i].to] = 1;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < out->uses.n; i++) {
            const tw_cap_use *u = &out->uses.v[i];
            uint64_t key[2] = {(uint64_t)u->place.unit << 32 | u->cap,
                               u->label ? tw_str_hash(tw_str_c(u->label), 0) : 0};
            tw_str k = {(const char *)key, sizeof key};
            bool mention = u->confidence == TW_CONF_GUESSED && u->label;
            if (!pass && !mention && u->label) tw_map_put(&known, tw_arena_str(j->a, k), NULL);
            if (!pass) continue;
            renamed[i] = n;
            if (mention && !flows[i] && tw_map_get(&known, k)) continue;
            out->uses.v[n++] = *u;
        }
    out->uses.n = n;
    for (uint32_t i = 0; i < out->flows.n; i++) {
        out->flows.v[i].from = renamed[out->flows.v[i].from];
        out->flows.v[i].to = renamed[out->flows.v[i].to];
    }
}

static void sort_all(jn *j)
{
    tw_join *out = j->out;
    if (!out->uses.n) return;
    ranked *order = TW_NEWN(j->a, ranked, out->uses.n);
    tw_cap_use *sorted = TW_NEWN(j->a, tw_cap_use, out->uses.n);
    uint32_t *place = TW_NEWN(j->a, uint32_t, out->uses.n);
    for (uint32_t i = 0; i < out->uses.n; i++) order[i] = (ranked){&out->uses.v[i], i};
    qsort(order, out->uses.n, sizeof *order, by_place);
    for (uint32_t i = 0; i < out->uses.n; i++) {
        sorted[i] = *order[i].use;
        place[order[i].old] = i;
    }
    memcpy(out->uses.v, sorted, out->uses.n * sizeof *sorted);
    if (!out->flows.n) return;
    for (uint32_t i = 0; i < out->flows.n; i++) {
        out->flows.v[i].from = place[out->flows.v[i].from];
        out->flows.v[i].to = place[out->flows.v[i].to];
    }
    qsort(out->flows.v, out->flows.n, sizeof *out->flows.v, by_ends);
    uint32_t n = 0;
    for (uint32_t i = 0; i < out->flows.n; i++) { /* the surest of those with equal ends */
        if (n && out->flows.v[n - 1].from == out->flows.v[i].from &&
            out->flows.v[n - 1].to == out->flows.v[i].to)
            continue;
        out->flows.v[n++] = out->flows.v[i];
    }
    out->flows.n = n;
}

/* Units numbered and their names known; NULL: too many. */
static jn *open_join(tw_join *out)
{
    jn *j = TW_NEW(out->arena, jn);
    *j = (jn){.out = out, .a = out->arena, .p = out->package, .n_units = out->n_units};
    if (!number(j)) return NULL;
    TW_PUSH(j->a, j->refs, ((jn_ref){0}));
    jn_names(j);
    return j;
}

tw_names *tw_names_open(tw_join *out)
{
    return open_join(out);
}

tw_name_ref tw_names_ref(tw_names *j, uint32_t unit, tw_str name)
{
    jn_ref ref = j && unit < j->n_units ? jn_find(j, unit, name) : (jn_ref){0};
    if (ref.unit == unit || (ref.kind != JN_VALUE && ref.kind != JN_FUNC)) return (tw_name_ref){0};
    bool func = ref.kind == JN_FUNC;
    uint32_t off = func ? j->units[ref.unit].r->funcs[ref.id].off : TW_NONE;
    return (tw_name_ref){func ? 2 : 1, ref.unit, ref.id, off};
}

static tw_str first_part(tw_str name)
{
    size_t end = 0;
    while (end < name.n && name.p[end] != '.' && name.p[end] != '(' && name.p[end] != '[') end++;
    return tw_str_sub(name, 0, end);
}

static const tw_map *tops_of(jn *j)
{
    const tw_map *of[] = {&j->modules, &j->packages};
    if (j->tops.arena) return &j->tops;
    tw_map_init(&j->tops, j->a);
    for (size_t k = 0; k < TW_COUNT(of); k++)
        for (uint32_t i = 0; i < of[k]->n; i++) tw_map_put(&j->tops, first_part(of[k]->items[i].key), NULL);
    return &j->tops;
}

/* A script sees its neighbours, whatever they are called. */
static bool is_script(const jn *j, uint32_t unit)
{
    tw_str package = j->units[unit].package;
    return package.n && !jn_is_js(j, unit) && !tw_map_get(&j->modules, package);
}

bool tw_names_foreign(tw_names *j, uint32_t unit, tw_str name)
{
    tw_str rest;
    if (!name.n) return true;
    if (unit >= j->n_units || j->out->units[unit].parent != TW_NONE || name.p[0] == '.' ||
        is_script(j, unit) || (jn_is_js(j, unit) && jn_js_own(name, &rest)))
        return false;
    return !tw_map_get(tops_of(j), first_part(name));
}

void tw_names_add_tops(tw_names *j, uint32_t unit, tw_sha256 *to)
{
    const tw_map *tops = tops_of(j);
    tw_sha256_add(to, is_script(j, unit) ? "s" : "m", 1);
    for (uint32_t i = 0; i < tops->n; i++) {
        tw_sha256_add(to, tops->items[i].key.p, tops->items[i].key.n);
        tw_sha256_add(to, "\n", 1);
    }
}

bool tw_names_value(tw_names *j, uint32_t unit, tw_str name, uint32_t *ret_unit, uint32_t *ret_value)
{
    jn_ref ref = j && unit < j->n_units ? jn_find(j, unit, name) : (jn_ref){0};
    *ret_unit = ref.unit;
    *ret_value = ref.id;
    return ref.kind == JN_VALUE;
}

bool tw_names_place(tw_names *j, uint32_t unit, tw_str name, uint32_t *ret_unit, uint32_t *ret_off)
{
    jn_ref ref = j && unit < j->n_units ? jn_find(j, unit, name) : (jn_ref){0};
    *ret_unit = ref.unit;
    *ret_off = ref.kind == JN_FUNC ? j->units[ref.unit].r->funcs[ref.id].off : TW_NONE;
    return ref.kind == JN_VALUE || ref.kind == JN_FUNC;
}

void tw_join_run(tw_join *out)
{
    out->uses.n = out->flows.n = out->wanted.n = 0;
    memset(out->triggers, 0, sizeof out->triggers);
    jn *j = open_join(out);
    if (!j) {
        if (out->coverage) tw_coverage_limit(out->coverage, TW_LIMIT_flow_steps);
        return;
    }
    jn_targets(j);
    jn_links(j);
    jn_reach(j);
    jn_uses(j);
    jn_given(j);
    jn_messages(j);
    jn_derive_stores(j);
    jn_derive_mangled(j);
    jn_derive_swap(j);
    jn_derive_sites(j);
    jn_derive_files(j);
    jn_given(j);
    jn_summaries(j);
    jn_graph(j);
    jn_flows(j);
    drop_echoes(j);
    sort_all(j);
    if (j->cut && out->coverage) tw_coverage_limit(out->coverage, TW_LIMIT_flow_steps);
}
