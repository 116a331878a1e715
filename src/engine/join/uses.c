/* SPDX-License-Identifier: Apache-2.0 */
/* Calls whose symbol the tables know, as uses of capabilities. */
#include "engine/join/join_priv.h"

typedef struct use_key { /* no padding: hashed as bytes */
    uint32_t unit, call, off, cap;
    uint64_t label;
} use_key;

static use_key key_of(const jn *j, const jn_site *at, tw_cap cap, const char *label)
{
    uint32_t call = at->call ? (uint32_t)(at->call - j->units[at->unit].r->calls) : TW_NONE;
    return (use_key){at->unit, call, at->off, cap, label ? tw_str_hash(tw_str_c(label), 0) : 0};
}

uint32_t jn_use_find(const jn *j, const jn_site *at, tw_cap cap, const char *label)
{
    use_key key = key_of(j, at, cap, label);
    const uint64_t *slot = tw_map_get(&j->keys, tw_str_of((const char *)&key, sizeof key));
    return slot ? (uint32_t)*slot : TW_NONE;
}

uint32_t jn_use_add(jn *j, const jn_site *at, tw_cap cap, tw_confidence conf, const char *label,
                    tw_str symbol)
{
    use_key key = key_of(j, at, cap, label);
    tw_str k = {(const char *)&key, sizeof key};
    if (tw_map_get(&j->keys, k)) return TW_NONE;
    if (j->out->uses.n >= JN_USES_MAX) {
        j->cut = true;
        return TW_NONE;
    }
    *tw_map_put(&j->keys, tw_arena_str(j->a, k), NULL) = j->out->uses.n;
    tw_cap_use use = {
        .cap = cap,
        .trigger = j->trigger[at->node],
        .confidence = (uint8_t)conf,
        .call = key.call,
        .home = at->call ? j->home[j->units[at->unit].func0 + at->call->func] + 1 : 0,
        .symbol = symbol,
        .reason = jn_reason(j, at->node),
        .label = label,
        .place = {at->unit, at->off, at->len},
    };
    if (at->call && at->call->flags & TW_RC_NEVER) {
        use.trigger = TW_TRIGGER_DEAD;
        use.reason = TW_S("never run");
    }
    TW_PUSH(j->a, j->out->uses, use);
    TW_PUSH(j->a, j->side, ((jn_use){TW_NONE, at->node}));
    return j->out->uses.n - 1;
}

void jn_use_value(jn *j, uint32_t use, tw_arg_role role, const jn_text *t)
{
    tw_cap_use *u = &j->out->uses.v[use];
    if (!t->known || u->n_values == TW_COUNT(u->values)) return;
    if (role == TW_ARGROLE_DEST) role = TW_ARGROLE_PATH;
    tw_str text = tw_str_sub(t->text, 0, TW_VALUE_MAX);
    for (uint32_t i = 0; i < u->n_values; i++)
        if (u->values[i].role == role && tw_str_eq(u->values[i].text, text)) return;
    u->values[u->n_values++] = (tw_fact_value){(uint8_t)role, t->partial, text};
}

/* What a compiled file takes from elsewhere it may call, or not: its code was not read. */
static bool only_imported(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    return j->units[unit].r->lang == TW_LANG_NATIVE && !c->n_args;
}

static tw_confidence row_confidence(const jn *j, uint32_t unit, const tw_rec_call *c, const tw_api *row)
{
    if (tw_api_is_relaxed(row) || only_imported(j, unit, c)) return TW_CONF_GUESSED;
    return c->flags & TW_RC_REFLECTED ? TW_CONF_FOLDED : TW_CONF_LITERAL;
}

/* The argument values worth showing: all roles but plain data. */
static void show_values(jn *j, uint32_t use, uint32_t unit, const tw_rec_call *c, const tw_api *row)
{
    for (size_t i = 0; i < TW_COUNT(row->args) && row->args[i].role; i++) {
        uint32_t values[JN_VALUES], role = row->args[i].role;
        if (role == TW_ARGROLE_DATA) continue;
        uint32_t n = jn_arg_values(j, unit, c, &row->args[i], values);
        for (uint32_t k = 0; k < n && k < 2; k++) {
            int flags = role == TW_ARGROLE_HOST ? JN_TEXT_HOST : 0;
            jn_text t = jn_render(j, unit, values[k], flags, 0);
            for (uint32_t choice = 1; !t.known && choice < t.choices && choice < JN_CHOICES; choice++)
                t = jn_render(j, unit, values[k], flags, choice);
            jn_use_value(j, use, (tw_arg_role)role, &t);
        }
    }
}

static void use_row(jn *j, const jn_site *at, const tw_api *row, tw_str symbol)
{
    const tw_rec_call *c = at->call;
    if (row->cap && !(row->flags & TW_API_VALUE)) {
        uint32_t use = jn_use_add(j, at, row->cap, row_confidence(j, at->unit, c, row), NULL, symbol);
        if (use != TW_NONE) {
            tw_cap_use *u = &j->out->uses.v[use];
            u->source = (row->flags & TW_API_SOURCE) != 0;
            u->sink = (row->flags & TW_API_SINK) != 0;
            if (u->source) j->side.v[use].node = j->units[at->unit].val0 + c->result;
            show_values(j, use, at->unit, c, row);
        }
    }
    jn_classify_args(j, at, row, symbol);
}

/* Reaching something that acts by a computed name is worth a word of its own. */
static bool acts(const jn_api *api)
{
    for (uint32_t i = 0; i < api->n; i++) {
        const char *name = tw_cap_info_of(api->rows[i].cap)->name;
        if (!strncmp(name, "exec.", 5) || !strncmp(name, "code.", 5) || !strncmp(name, "net.", 4))
            return true;
    }
    return false;
}

static void use_call(jn *j, uint32_t unit, const tw_rec_call *c)
{
    const jn_api *api = jn_apis(j, unit, c->symbol);
    if (!api->n) return;
    jn_site at = {unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
    tw_str symbol = jn_str(j, unit, c->symbol);
    uint32_t target = j->target0[j->units[unit].call0 + (uint32_t)(c - j->units[unit].r->calls)];
    bool own = j->target0[j->units[unit].call0 + (uint32_t)(c - j->units[unit].r->calls) + 1] > target;
    if (own) return; /* a function of the package that is named like a known one */
    for (uint32_t i = 0; i < api->n; i++)
        if (jn_row_fits(j, unit, c, &api->rows[i])) use_row(j, &at, &api->rows[i], symbol);
    if (c->flags & TW_RC_REFLECTED && acts(api))
        jn_use_add(j, &at, TW_CAP_CODE_REFLECTION, TW_CONF_FOLDED, NULL, symbol);
}

void jn_uses(jn *j)
{
    tw_map_init(&j->keys, j->a);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        for (uint32_t c = 0; c < r->n_calls; c++) use_call(j, unit, &r->calls[c]);
        jn_mentions(j, unit);
    }
}
