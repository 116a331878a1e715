/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities that follow from layers, flows and neighbours rather than from one symbol. */
#include "engine/join/join_priv.h"

enum { LAYERS = 3 };

static uint32_t add_derived(jn *j, const jn_site *at, tw_cap cap, tw_confidence conf, tw_str symbol)
{
    uint32_t use = jn_use_add(j, at, cap, conf, NULL, symbol);
    if (use != TW_NONE) j->out->uses.v[use].sink = 1;
    return use;
}

static uint32_t steps_of_recipe(tw_str recipe)
{
    uint32_t n = recipe.n > 0;
    for (size_t i = 0; i < recipe.n; i++) n += recipe.p[i] == '>';
    return n;
}

static jn_site site_of_call(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    return (jn_site){unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
}

static void derive_layer(jn *j, uint32_t unit, const tw_rec_layer *l)
{
    const tw_record *r = j->units[unit].r;
    if (!l->executed || l->call >= r->n_calls) return;
    const tw_rec_call *c = &r->calls[l->call];
    const jn_api *api = jn_apis(j, unit, c->symbol);
    tw_str recipe = tw_rec_str(r, l->recipe), symbol = tw_rec_str(r, c->symbol);
    jn_site at = site_of_call(j, unit, c);
    bool command = false;
    for (uint32_t i = 0; i < api->n; i++) command |= jn_cap_in(api->rows[i].cap, "exec.");
    tw_cap cap = command ? TW_CAP_EXEC_ENCODED_COMMAND : TW_CAP_CODE_DECODED_EVAL;
    if (recipe.n) add_derived(j, &at, cap, TW_CONF_FOLDED, symbol);
    if (steps_of_recipe(recipe) + j->out->units[unit].depth >= LAYERS)
        add_derived(j, &at, TW_CAP_HIDE_LAYERS, TW_CONF_FOLDED, symbol);
}

/* connect() + dup2() + a program, in one file: the program talks to the socket. */
static void derive_dup_shell(jn *j, uint32_t unit)
{
    const tw_record *r = j->units[unit].r;
    const tw_rec_call *dup = NULL;
    bool connects = false, runs = false;
    for (uint32_t i = 0; i < r->n_calls; i++) {
        tw_str symbol = tw_rec_str(r, r->calls[i].symbol);
        const jn_api *api = jn_apis(j, unit, r->calls[i].symbol);
        if (!dup && tw_str_eq(symbol, TW_S("os.dup2"))) dup = &r->calls[i];
        for (uint32_t k = 0; k < api->n; k++) {
            connects |= api->rows[k].cap == TW_CAP_NET_SOCKET;
            runs |= jn_cap_in(api->rows[k].cap, "exec.");
        }
    }
    if (!dup || !connects || !runs) return;
    jn_site at = site_of_call(j, unit, dup);
    add_derived(j, &at, TW_CAP_NET_REVERSE_SHELL, TW_CONF_FLOW, tw_rec_str(r, dup->symbol));
}

void jn_derive_sites(jn *j)
{
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        for (uint32_t i = 0; i < r->n_layers; i++) derive_layer(j, unit, &r->layers[i]);
        derive_dup_shell(j, unit);
    }
}

/* A use of its own at the end of the flow, and the flow once more to it. */
static void derive_at_end(jn *j, uint32_t flow, tw_cap cap)
{
    tw_flow f = j->out->flows.v[flow];
    tw_cap_use to = j->out->uses.v[f.to];
    const tw_rec_call *c = &j->units[to.place.unit].r->calls[to.call];
    jn_site at = site_of_call(j, to.place.unit, c);
    uint32_t use = add_derived(j, &at, cap, (tw_confidence)f.confidence, to.symbol);
    if (use == TW_NONE) use = jn_use_find(j, &at, cap, NULL); /* derived before, from another source */
    if (use == TW_NONE) return;
    tw_cap_use *u = &j->out->uses.v[use];
    memcpy(u->values, to.values, sizeof u->values);
    u->n_values = to.n_values;
    f.to = use;
    TW_PUSH(j->a, j->out->flows, f);
}

static bool runs_code(tw_cap cap)
{
    return cap == TW_CAP_CODE_EVAL || cap == TW_CAP_CODE_BYTECODE || cap == TW_CAP_CODE_UNSAFE_LOAD ||
           cap == TW_CAP_CODE_FILE_EVAL || cap == TW_CAP_CODE_NATIVE_LOAD || cap == TW_CAP_IMPACT_INJECT;
}

void jn_derive_flow(jn *j, uint32_t flow, bool via_file)
{
    tw_cap from = j->out->uses.v[j->out->flows.v[flow].from].cap,
           to = j->out->uses.v[j->out->flows.v[flow].to].cap;
    bool net = from == TW_CAP_NET_HTTP || from == TW_CAP_NET_SOCKET || from == TW_CAP_NET_DNS;
    if (j->out->uses.v[j->out->flows.v[flow].to].call == TW_NONE) return;
    if (net && via_file &&
        (jn_cap_in(to, "exec.") || to == TW_CAP_CODE_FILE_EVAL || to == TW_CAP_CODE_NATIVE_LOAD))
        derive_at_end(j, flow, TW_CAP_EXEC_DOWNLOADED);
    else if (net && !via_file && runs_code(to))
        derive_at_end(j, flow, TW_CAP_CODE_REMOTE_EVAL);
    else if (from == TW_CAP_FS_READ && to == TW_CAP_CODE_EVAL)
        derive_at_end(j, flow, TW_CAP_CODE_FILE_EVAL);
}

/* Code that depends on something decoded: one pass from all decoders at once. */
void jn_derive_decoded(jn *j, const jn_sinks *s)
{
    uint8_t *seen = TW_NEWN(j->a, uint8_t, (size_t)j->n_nodes + 1);
    TW_VEC(uint32_t) queue = {0};
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        for (uint32_t c = 0; c < u->r->n_calls; c++) {
            const jn_api *api = jn_apis(j, unit, u->r->calls[c].symbol);
            uint32_t node = u->val0 + u->r->calls[c].result;
            if (!api->n || !(api->rows->flags & TW_API_DECODER) || !u->r->calls[c].result || seen[node])
                continue;
            seen[node] = 1;
            TW_PUSH(j->a, queue, node);
        }
    }
    for (uint32_t head = 0; head < queue.n; head++)
        for (uint32_t i = j->next.start[queue.v[head]]; i < j->next.start[queue.v[head] + 1]; i++) {
            uint32_t to = j->next.to[i];
            if (to & JN_WEAK || seen[to]) continue;
            seen[to] = 1;
            TW_PUSH(j->a, queue, to);
        }
    for (uint32_t i = 0; i < s->v.n; i++) {
        const jn_sink *sink = &s->v.v[i];
        const tw_cap_use to = j->out->uses.v[sink->use];
        if (!seen[sink->node] || sink->file || sink->role != TW_ARGROLE_CODE || to.cap != TW_CAP_CODE_EVAL)
            continue;
        jn_site at = site_of_call(j, to.place.unit, &j->units[to.place.unit].r->calls[to.call]);
        add_derived(j, &at, TW_CAP_CODE_DECODED_EVAL, TW_CONF_FLOW, to.symbol);
    }
}

/* What comes over the wire is run, and what it prints goes back. */
void jn_derive_shells(jn *j)
{
    uint8_t *in = TW_NEWN(j->a, uint8_t, (size_t)j->n_units + 1),
            *out = TW_NEWN(j->a, uint8_t, (size_t)j->n_units + 1);
    uint32_t n = j->out->flows.n;
    for (uint32_t i = 0; i < n; i++) {
        const tw_cap_use *from = &j->out->uses.v[j->out->flows.v[i].from],
                         *to = &j->out->uses.v[j->out->flows.v[i].to];
        if (from->place.unit != to->place.unit || j->out->flows.v[i].confidence == TW_CONF_GUESSED) continue;
        if (from->cap == TW_CAP_NET_SOCKET && jn_cap_in(to->cap, "exec.")) in[from->place.unit] = 1;
        if (jn_cap_in(from->cap, "exec.") && to->cap == TW_CAP_NET_SOCKET) out[from->place.unit] = 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        const tw_cap_use *from = &j->out->uses.v[j->out->flows.v[i].from],
                         *to = &j->out->uses.v[j->out->flows.v[i].to];
        uint32_t unit = from->place.unit;
        if (!in[unit] || !out[unit] || from->cap != TW_CAP_NET_SOCKET || !jn_cap_in(to->cap, "exec."))
            continue;
        if (to->place.unit != unit || to->call == TW_NONE) continue;
        derive_at_end(j, i, TW_CAP_NET_REVERSE_SHELL);
    }
}
