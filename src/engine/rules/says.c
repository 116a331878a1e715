/* SPDX-License-Identifier: Apache-2.0 */
/* The sentence of a behaviour: "{trigger} it sends {a.label|secrets} to {b.host|the network}". What is
 * put in comes from the artifact: it is cut, stripped of control bytes and defanged. */
#include "engine/rules/priv.h"

enum { SIGNAL_MAX = 200 };

typedef enum field_id {
    F_LABEL,
    F_DOES,
    F_SYMBOL,
    F_FILE,
    F_HOST,
    F_VALUE,
    F_RECIPE,
    F_DEPTH,
    F_LANGUAGE
} field_id;
static const struct {
    const char *name;
    field_id id;
    uint8_t kind; /* tw_var_kind */
    uint8_t role;
} fields[] = {
    {"label", F_LABEL, TW_VAR_USE, 0},
    {"does", F_DOES, TW_VAR_USE, 0},
    {"symbol", F_SYMBOL, TW_VAR_USE, 0},
    {"file", F_FILE, TW_VAR_USE, 0},
    {"host", F_HOST, TW_VAR_USE, 0},
    {"url", F_VALUE, TW_VAR_USE, TW_ARGROLE_URL},
    {"path", F_VALUE, TW_VAR_USE, TW_ARGROLE_PATH},
    {"command", F_VALUE, TW_VAR_USE, TW_ARGROLE_COMMAND},
    {"name", F_VALUE, TW_VAR_USE, TW_ARGROLE_NAME},
    {"recipe", F_RECIPE, TW_VAR_LAYER, 0},
    {"depth", F_DEPTH, TW_VAR_LAYER, 0},
    {"language", F_LANGUAGE, TW_VAR_LAYER, 0},
};
const char tw_says_fields[] =
    "of a capability: label does symbol file host url path command name, of a layer: "
    "recipe depth language";

static const char *const phrases[TW_TRIGGER_MAX] = {
    "At install",  "When it is built",          "When imported",
    "As a plugin", "When its command runs",     "When its data is loaded",
    "When called", "In tests or documentation",
};

/* The next "{...}" of *rest: text before it in *ret_text. false at the end (text is what is left). */
static bool next_slot(tw_str *rest, tw_str *ret_text, tw_str *ret_slot)
{
    size_t open = tw_str_chr(*rest, '{');
    if (open == TW_NPOS) {
        *ret_text = *rest;
        return false;
    }
    *ret_text = tw_str_sub(*rest, 0, open);
    tw_str in = tw_str_sub(*rest, open + 1, rest->n);
    size_t close = tw_str_chr(in, '}');
    *ret_slot = tw_str_sub(in, 0, close == TW_NPOS ? in.n : close);
    *rest = close == TW_NPOS ? (tw_str){in.p + in.n, 0} : tw_str_sub(in, close + 1, in.n);
    return true;
}

/* "a.host|some host" -> variable, field, fallback. */
static bool slot_of(const tw_rules *r, const tw_rule *rule, tw_str slot, uint32_t *ret_var,
                    uint32_t *ret_field, tw_str *ret_else)
{
    size_t bar = tw_str_chr(slot, '|');
    *ret_else = bar == TW_NPOS ? (tw_str){NULL, 0} : tw_str_sub(slot, bar + 1, slot.n);
    slot = tw_str_sub(slot, 0, bar == TW_NPOS ? slot.n : bar);
    size_t dot = tw_str_chr(slot, '.');
    if (dot == TW_NPOS) return false;
    tw_str var = tw_str_sub(slot, 0, dot), field = tw_str_sub(slot, dot + 1, slot.n);
    for (uint32_t v = 0; v < rule->n_vars; v++) {
        if (!rule->var_name[v] || !tw_str_eq(r->strings.v[rule->var_name[v]], var)) continue;
        for (uint32_t f = 0; f < TW_COUNT(fields); f++)
            if (tw_str_eq(field, tw_str_c(fields[f].name)) && fields[f].kind == rule->var_kind[v]) {
                *ret_var = v;
                *ret_field = f;
                return true;
            }
    }
    return false;
}

bool tw_says_check(const tw_rules *r, const tw_rule *rule, tw_str template, tw_str *ret_bad)
{
    tw_str text, slot, otherwise;
    uint32_t var, field;
    while (next_slot(&template, &text, &slot))
        if (!tw_str_eq(slot, TW_S("trigger")) && !tw_str_eq(slot, TW_S("signal")) &&
            !slot_of(r, rule, slot, &var, &field, &otherwise)) {
            *ret_bad = slot;
            return false;
        }
    return true;
}

static tw_str value_of(const tw_cap_use *u, uint8_t role)
{
    for (uint32_t i = 0; i < u->n_values; i++)
        if (u->values[i].role == role) return u->values[i].text;
    return (tw_str){NULL, 0};
}

static tw_str host_value(const tw_cap_use *u)
{
    for (uint32_t i = 0; i < u->n_values; i++) {
        if (u->values[i].role != TW_ARGROLE_URL && u->values[i].role != TW_ARGROLE_HOST) continue;
        tw_str host = tw_host_of(u->values[i].text);
        if (host.n) return host;
    }
    return (tw_str){NULL, 0};
}

static void put_use(tw_buf *b, const tw_join *j, const tw_cap_use *u, uint32_t field)
{
    switch (fields[field].id) {
    case F_LABEL: tw_show_text(b, tw_str_c(u->label), TW_SHOW_MAX); break;
    case F_DOES: tw_show_text(b, tw_str_c(tw_cap_info_of(u->cap)->says), TW_SHOW_MAX); break;
    case F_SYMBOL: tw_show_text(b, u->symbol, TW_SHOW_MAX); break;
    case F_HOST: tw_show_host(b, host_value(u)); break;
    case F_VALUE: tw_show_url(b, value_of(u, fields[field].role), TW_SHOW_MAX); break;
    case F_FILE:
        if (j->package && u->place.unit < j->n_units &&
            j->units[u->place.unit].member < j->package->n_members)
            tw_show_text(b, j->package->members[j->units[u->place.unit].member].path, TW_SHOW_MAX);
        break;
    case F_RECIPE:
    case F_DEPTH:
    case F_LANGUAGE: break;
    }
}

static void put_layer(tw_buf *b, const tw_join *j, const tw_unit *u, uint32_t field)
{
    const tw_record *parent = u->parent < j->n_units ? j->units[u->parent].record : NULL;
    switch (fields[field].id) {
    case F_RECIPE:
        if (parent && u->layer < parent->n_layers)
            tw_show_text(b, tw_rec_str(parent, parent->layers[u->layer].recipe), TW_SHOW_MAX);
        break;
    case F_DEPTH: tw_buf_fmt(b, "%u", u->depth); break;
    case F_LANGUAGE:
        if (u->record) tw_show_text(b, tw_str_c(tw_lang_name((tw_lang)u->record->lang)), TW_SHOW_MAX);
        break;
    default: break;
    }
}

tw_str tw_says_fill(const tw_rules *r, const tw_rule *rule, const tw_bound *at, uint8_t trigger,
                    tw_str signal, const tw_join *j, tw_arena *a)
{
    tw_buf b = {.limit = 4096};
    tw_str rest = r->strings.v[rule->says], text, slot = {NULL, 0}, otherwise;
    uint32_t var = 0, field = 0;
    bool more = true;
    while (more) {
        more = next_slot(&rest, &text, &slot);
        if (tw_str_starts(text, TW_S(")")) && tw_str_ends(tw_buf_str(&b), TW_S(" ("))) { /* nothing to add */
            b.n -= 2;
            text = tw_str_sub(text, 1, text.n);
        }
        tw_buf_puts(&b, text);
        if (!more) break;
        if (tw_str_eq(slot, TW_S("trigger"))) {
            tw_buf_puts(&b, tw_str_c(phrases[trigger < TW_TRIGGER_MAX ? trigger : TW_TRIGGER_CALL]));
            continue;
        }
        if (tw_str_eq(slot, TW_S("signal"))) {
            tw_show_text(&b, signal, SIGNAL_MAX);
            continue;
        }
        size_t before = b.n;
        if (!slot_of(r, rule, slot, &var, &field, &otherwise)) continue;
        uint32_t i = at->at[var];
        if (i != TW_NONE && rule->var_kind[var] == TW_VAR_USE) put_use(&b, j, &j->uses.v[i], field);
        if (i != TW_NONE && rule->var_kind[var] == TW_VAR_LAYER) put_layer(&b, j, &j->units[i], field);
        if (b.n == before) tw_buf_puts(&b, otherwise.p ? otherwise : TW_S("something"));
    }
    tw_str out = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return out;
}
