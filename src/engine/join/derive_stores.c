/* SPDX-License-Identifier: Apache-2.0 */
/* What is put in the place of a function that the host program owns (XMLHttpRequest.prototype.send = f): rows of the API
 * tables whose symbol is "@set/" and the name of what is replaced. */
#include <stdio.h>

#include "engine/join/join_priv.h"

enum { NAME = 120 };

static void store_use(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *base = jn_val(j, unit, s->base), *val = jn_val(j, unit, s->value);
    if (base->kind != TW_VAL_SYMBOL) return;
    tw_str of = tw_rec_str(u->r, base->a), name = tw_rec_str(u->r, s->name);
    char symbol[NAME];
    if (!of.n || of.n + name.n + 7 > NAME) return;
    if (val->kind != TW_VAL_FUNC && val->kind != TW_VAL_CALL && val->kind != TW_VAL_PHI) return;
    uint32_t n;
    int len = snprintf(symbol, sizeof symbol, "@set/%.*s.%.*s", TW_FMT(of), TW_FMT(name));
    const tw_api *rows = tw_api_find((tw_lang)u->r->lang, tw_str_of(symbol, (size_t)len), &n);
    jn_site at = {unit, u->func0 + s->func, NULL, s->off, s->len};
    for (uint32_t i = 0; rows && i < n; i++)
        if (rows[i].cap)
            jn_use_add(j, &at, rows[i].cap, TW_CONF_FOLDED, NULL,
                       tw_arena_fmt(j->a, "%.*s.%.*s", TW_FMT(of), TW_FMT(name)));
}

void jn_derive_stores(jn *j)
{
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        for (uint32_t i = 0; jn_is_js(j, unit) && i < r->n_stores; i++)
            if (r->stores[i].name) store_use(j, unit, &r->stores[i]);
    }
}
