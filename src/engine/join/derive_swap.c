/* SPDX-License-Identifier: Apache-2.0 */
/* What is read from the clipboard makes room for a text of the program's own: a function that reads it and puts a constant there. */
#include "engine/join/join_priv.h"

enum { ALTS = 8 };

static bool is_own(const jn *j, uint32_t unit, uint32_t v)
{
    const tw_val *val = jn_val(j, unit, v);
    const tw_record *r = j->units[unit].r;
    if (val->kind == TW_VAL_STR) return true;
    if (val->kind == TW_VAL_INDEX) {
        uint8_t of = jn_val(j, unit, val->a)->kind;
        return of == TW_VAL_MAP || of == TW_VAL_SEQ;
    }
    bool all = val->kind == TW_VAL_PHI && val->n && val->n <= ALTS;
    for (uint32_t i = 0; all && i < val->n; i++) {
        uint32_t item = r->lists[val->list + i];
        all = jn_val(j, unit, item)->kind != TW_VAL_PHI && is_own(j, unit, item);
    }
    return all;
}

static bool puts_own(const jn *j, const tw_cap_use *u)
{
    const tw_record *r = j->units[u->place.unit].r;
    const tw_rec_call *c = &r->calls[u->call];
    return c->n_args && is_own(j, u->place.unit, r->args[c->args].value);
}

void jn_derive_swap(jn *j)
{
    TW_VEC(uint32_t) at = {0};
    for (uint32_t i = 0; i < j->out->uses.n; i++) {
        const tw_cap_use *u = &j->out->uses.v[i];
        if (u->cap == TW_CAP_COLLECT_CLIPBOARD && u->call != TW_NONE &&
            !jn_is_command_language(&j->units[u->place.unit]))
            TW_PUSH(j->a, at, i);
    }
    for (uint32_t i = 0; i < at.n && at.n <= UINT8_MAX; i++) {
        const tw_cap_use to = j->out->uses.v[at.v[i]];
        const tw_rec_call *c = &j->units[to.place.unit].r->calls[to.call];
        bool reads = false;
        for (uint32_t k = 0; k < at.n && !reads; k++) {
            const tw_cap_use *from = &j->out->uses.v[at.v[k]];
            reads = from->source && from->place.unit == to.place.unit &&
                    j->units[to.place.unit].r->calls[from->call].func == c->func;
        }
        if (!reads || !to.sink || !puts_own(j, &to)) continue;
        jn_site site = {to.place.unit, jn_node_of_call(j, to.place.unit, c), c, c->off, c->len};
        jn_use_add(j, &site, TW_CAP_IMPACT_SWAP, TW_CONF_FLOW, NULL, to.symbol);
    }
}
