/* SPDX-License-Identifier: Apache-2.0 */
/* Code that a machine made unreadable: names like _0x3a5f1c throughout, or a table of texts that is turned until a sum
 * of numbers hidden in it is right. What shortens names for size (minifiers) does neither. */
#include "engine/join/join_priv.h"

enum { NAMES = 8, FUNCS = 3, DIGITS = 4, SUMMANDS = 2 };

static bool made_up(tw_str name)
{
    size_t at = tw_str_find(name, TW_S("_0x"));
    if (at == TW_NPOS || name.n - at - 3 < DIGITS) return false;
    for (size_t i = at + 3; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

/* Parameters and functions of that kind; of at least so many functions, or it may be a table of numbers. */
static uint32_t named_by_machine(const tw_record *r)
{
    uint32_t names = 0, funcs = 0, first = TW_NONE;
    for (uint32_t f = 1; f < r->n_funcs; f++) {
        uint32_t before = names;
        names += made_up(tw_rec_str(r, r->funcs[f].name));
        for (uint32_t i = 0; i < r->funcs[f].n_params; i++)
            names += made_up(tw_rec_str(r, r->lists[r->funcs[f].params + i]));
        funcs += names > before;
        if (names > before && first == TW_NONE) first = f;
    }
    return names >= NAMES && funcs >= FUNCS ? first : TW_NONE;
}

typedef struct turning {
    uint32_t func, summands;
    bool moved;
} turning;

/* for (;;) try { if (parseInt(a(1)) / 1 + parseInt(a(2)) / 2 === sum) break; t.push(t.shift()) } catch { t.push(t.shift()) } */
static uint32_t turns_table(const tw_record *r)
{
    turning t = {TW_NONE, 0, false};
    for (uint32_t i = 0; i < r->n_calls; i++) {
        const tw_rec_call *c = &r->calls[i];
        tw_str symbol = tw_rec_str(r, c->symbol);
        if (!(c->flags & TW_RC_LOOP) || !c->func) continue;
        if (c->func != t.func) t = (turning){c->func, 0, false};
        t.summands += c->flags & TW_RC_TRY && tw_str_eq(symbol, TW_S("parseInt")) && c->n_args == 1 &&
                      r->args[c->args].value < r->n_vals &&
                      r->vals[r->args[c->args].value].kind == TW_VAL_CALL;
        t.moved |= tw_str_ends(symbol, TW_S(".push")) && c->n_args == 1;
        if (t.moved && t.summands >= SUMMANDS) return t.func;
    }
    return TW_NONE;
}

void jn_derive_mangled(jn *j)
{
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        if (!jn_is_js(j, unit)) continue;
        uint32_t f = named_by_machine(r);
        if (f == TW_NONE) f = turns_table(r);
        if (f == TW_NONE) continue;
        jn_site at = {unit, j->units[unit].func0, NULL, r->funcs[f].off, r->funcs[f].len};
        jn_use_add(j, &at, TW_CAP_HIDE_MANGLED, TW_CONF_LITERAL, NULL, TW_S(""));
    }
}
