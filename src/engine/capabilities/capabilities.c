/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/capabilities/tables_priv.h"

const tw_cap_info *tw_cap_info_of(tw_cap c)
{
    return &tw_cap_table[c < tw_cap_table_n ? c : 0];
}

uint16_t tw_cap_count(void)
{
    return tw_cap_table_n;
}

tw_digest tw_tables_hash(void)
{
    return tw_tables_digest;
}

tw_cap tw_cap_by_name(tw_str name)
{
    for (uint16_t i = 1; i < tw_cap_table_n; i++)
        if (tw_str_eq(name, tw_str_c(tw_cap_table[i].name))) return i;
    return 0;
}

const char *tw_arg_role_name(tw_arg_role r)
{
    static const char *const names[] = {"none", "url",  "host", "path",      "command", "code",   "data",
                                        "key",  "name", "path", "parameter", "member",  "module", "field"};
    return (unsigned)r < TW_COUNT(names) ? names[r] : "none";
}

static const tw_api *find_exact(const tw_api_table *t, tw_str symbol, uint32_t *ret_n)
{
    uint32_t mask = t->n_slots - 1;
    for (uint32_t i = tw_table_fnv(TW_FNV_START, symbol) & mask; t->slots[i].n; i = (i + 1) & mask) {
        const tw_api_slot *slot = &t->slots[i];
        const tw_api *api = &t->apis[slot->first];
        if (slot->len == symbol.n && !memcmp(api->symbol, symbol.p, symbol.n)) {
            *ret_n = slot->n;
            return api;
        }
    }
    return NULL;
}

static tw_str first_part(tw_str symbol)
{
    return tw_str_sub(symbol, 0, tw_str_chr(symbol, '.'));
}

/* The first of the prefixes that begin with the part, or where one would stand. */
static uint32_t prefixes_of(const tw_api_table *t, tw_str part)
{
    uint32_t low = 0, high = t->n_prefixes;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (tw_str_cmp(first_part(tw_str_c(t->prefixes[mid].from)), part) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static const tw_api *find_prefixed(const tw_api_table *t, tw_str symbol, uint32_t *ret_n)
{
    tw_str part = first_part(symbol);
    for (uint32_t i = prefixes_of(t, part); i < t->n_prefixes; i++) {
        tw_str from = tw_str_c(t->prefixes[i].from), to = tw_str_c(t->prefixes[i].to);
        char name[128];
        if (!tw_str_eq(first_part(from), part)) break;
        if (!tw_str_starts(symbol, from) || symbol.n - from.n + to.n > sizeof name) continue;
        memcpy(name, to.p, to.n);
        memcpy(name + to.n, symbol.p + from.n, symbol.n - from.n);
        const tw_api *api = find_exact(t, tw_str_of(name, symbol.n - from.n + to.n), ret_n);
        if (api) return api;
    }
    return NULL;
}

/* "x.y().z" and "?.y.z" as "?.z": the receiver is a result or unknown, its method may tell enough; "x.z"
 * as "*.z", for names that tell by themselves. */
static const tw_api *find_relaxed(const tw_api_table *t, tw_str symbol, uint32_t *ret_n)
{
    size_t dot = tw_str_rchr(symbol, '.');
    if (dot == TW_NPOS || dot == 0) return NULL;
    tw_str base = tw_str_sub(symbol, 0, dot);
    bool loose = base.p[0] == '?' || tw_str_chr(base, '(') != TW_NPOS || tw_str_chr(base, '[') != TW_NPOS;
    char name[64] = "?";
    size_t n = symbol.n - dot;
    if (n + 1 > sizeof name) return NULL;
    memcpy(name + 1, symbol.p + dot, n);
    const tw_api *api = loose ? find_exact(t, tw_str_of(name, n + 1), ret_n) : NULL;
    name[0] = '*';
    return api ? api : find_exact(t, tw_str_of(name, n + 1), ret_n);
}

const tw_api *tw_api_find(tw_lang lang, tw_str symbol, uint32_t *ret_n)
{
    *ret_n = 0;
    lang = tw_lang_family(lang);
    if ((unsigned)lang >= TW_LANG_MAX || !tw_api_tables[lang].apis || !symbol.n) return NULL;
    const tw_api_table *t = &tw_api_tables[lang];
    const tw_api *api = find_exact(t, symbol, ret_n);
    if (!api) api = find_prefixed(t, symbol, ret_n);
    if (!api && lang == TW_LANG_POWERSHELL) api = find_exact(&tw_api_tables[TW_LANG_SHELL], symbol, ret_n);
    return api ? api : find_relaxed(t, symbol, ret_n);
}
