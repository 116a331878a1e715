/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that nobody's file holds: keys read off objects of a library for chains (kp.secretKey, wallet.getPrivateKey()), and what
 * a user types into a page (form.elements, querySelector("[name=cvv]"), a handler of keys). Classes: capabilities/values.tsv, roles
 * member, module and field. */
#include "engine/join/join_priv.h"

enum { CLASSES = 2, SELECTOR = 160, ASKED = 1, HOLDS = 2 };

static bool imports_of(const tw_record *r)
{
    const tw_value_class *found[CLASSES];
    for (uint32_t i = 0; i < r->n_imports; i++) {
        tw_str module = tw_rec_str(r, r->imports[i].module);
        if (!r->imports[i].level && tw_value_classes(TW_ARGROLE_MODULE, module, found, CLASSES)) return true;
    }
    return false;
}

/* Does the package work with objects that hold keys? */
static bool holds_keys(jn *j)
{
    if (!j->holds_keys) {
        bool holds = false;
        for (uint32_t i = 0; i < j->n_units && !holds; i++) holds = imports_of(j->units[i].r);
        j->holds_keys = holds ? ASKED | HOLDS : ASKED;
    }
    return j->holds_keys & HOLDS;
}

static void source(jn *j, const jn_site *at, tw_cap cap, const char *label, tw_str symbol, uint32_t node)
{
    uint32_t use = jn_use_add(j, at, cap, TW_CONF_LITERAL, label, symbol);
    if (use == TW_NONE) return;
    j->out->uses.v[use].source = true;
    j->side.v[use].node = node;
}

static tw_str last_part(tw_str name)
{
    size_t dot = tw_str_rchr(name, '.');
    return dot == TW_NPOS ? name : tw_str_sub(name, dot + 1, name.n);
}

static bool is_one_of(tw_str s, const tw_str *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_eq(s, names[i])) return true;
    return false;
}

/* The secretKey of a key pair or wallet; a service's key has that name too. */
static bool of_a_pair(jn *j, uint32_t unit, const tw_val *member)
{
    static const tw_str pairs[] = {TW_SI("keypair"), TW_SI("wallet"), TW_SI("signer"), TW_SI("payer")};
    const tw_record *r = j->units[unit].r;
    const tw_val *of = jn_val(j, unit, member->a);
    tw_str name = TW_S("");
    char word[JN_WORD];
    if (of->kind == TW_VAL_CALL && of->a < r->n_calls) name = tw_rec_str(r, r->calls[of->a].symbol);
    if (of->kind == TW_VAL_MEMBER) name = jn_str(j, unit, of->b);
    if (of->kind == TW_VAL_PARAM && of->a < r->n_funcs && of->b < r->funcs[of->a].n_params)
        name = tw_rec_str(r, r->lists[r->funcs[of->a].params + of->b]);
    name = jn_one_word(name, word);
    for (size_t i = 0; member->kind == TW_VAL_MEMBER && i < TW_COUNT(pairs); i++)
        if (tw_str_find(name, pairs[i]) != TW_NPOS) return true;
    return false;
}

/* req.headers["x-key"]: what a client of a server sends. */
static bool of_a_request(jn *j, uint32_t unit, const tw_val *member, tw_str name)
{
    static const tw_str parts[] = {TW_SI("headers"), TW_SI("query"), TW_SI("body"), TW_SI("cookies"),
                                   TW_SI("params")},
                        requests[] = {TW_SI("req"), TW_SI("request"), TW_SI("ctx")};
    const tw_record *r = j->units[unit].r;
    const tw_val *of = jn_val(j, unit, member->kind == TW_VAL_MEMBER ? member->a : 0);
    if (of->kind != TW_VAL_PARAM || of->a >= r->n_funcs || of->b >= r->funcs[of->a].n_params) return false;
    return is_one_of(name, parts, TW_COUNT(parts)) &&
           is_one_of(tw_rec_str(r, r->lists[r->funcs[of->a].params + of->b]), requests, TW_COUNT(requests));
}

void jn_given_member(jn *j, const jn_site *at, uint32_t v, uint32_t node)
{
    const tw_val *val = jn_val(j, at->unit, v);
    bool symbol = val->kind == TW_VAL_SYMBOL; /* this.form.elements */
    tw_str name = jn_str(j, at->unit, symbol ? val->a : val->b);
    if (symbol && tw_str_chr(name, '.') == TW_NPOS) return;
    name = last_part(name);
    if (jn_is_js(j, at->unit) && tw_str_eq(name, TW_S("elements"))) {
        source(j, at, TW_CAP_GIVEN_FORM, "all fields of a form", name, node);
        return;
    }
    if (of_a_request(j, at->unit, val, name)) source(j, at, TW_CAP_GIVEN_REQUEST, NULL, name, node);
    char word[JN_WORD];
    const tw_value_class *found[CLASSES];
    uint32_t n = tw_value_classes(TW_ARGROLE_MEMBER, jn_one_word(name, word), found, CLASSES);
    for (uint32_t i = 0; i < n && holds_keys(j); i++) {
        bool pair = tw_str_ends(tw_str_c(found[i]->label), TW_S("of a pair"));
        if (!pair || of_a_pair(j, at->unit, val))
            source(j, at, found[i]->cap, pair ? "a private key" : found[i]->label, name, node);
    }
}

/* Elements by what selects them. */
static void selected(jn *j, const jn_site *at, const tw_rec_call *c, tw_str symbol)
{
    static const tw_str all[] = {TW_SI("querySelectorAll"), TW_SI("getElementsByTagName")};
    const tw_value_class *found[CLASSES];
    jn_text t = jn_render(j, at->unit, j->units[at->unit].r->args[c->args].value, 0, 0);
    uint32_t n =
        t.known ? tw_value_classes(TW_ARGROLE_FIELD, tw_str_sub(t.text, 0, SELECTOR), found, CLASSES) : 0;
    bool many = is_one_of(last_part(symbol), all, TW_COUNT(all));
    for (uint32_t i = 0; i < n; i++)
        if (many || strncmp(found[i]->label, "all", 3) != 0)
            source(j, at, found[i]->cap, found[i]->label, symbol, j->units[at->unit].val0 + c->result);
}

/* addEventListener("keydown", e => ...): what the handler is given. */
static void typed(jn *j, const jn_site *at, const tw_rec_call *c, tw_str symbol)
{
    static const tw_str keys[] = {TW_SI("keydown"), TW_SI("keyup"), TW_SI("keypress")};
    const jn_unit *u = &j->units[at->unit];
    const tw_rec_arg *args = u->r->args + c->args;
    const tw_val *event = jn_val(j, at->unit, args[0].value), *f = jn_val(j, at->unit, args[1].value);
    if (event->kind != TW_VAL_STR || f->kind != TW_VAL_FUNC || f->a >= u->r->n_funcs) return;
    if (!is_one_of(jn_str(j, at->unit, event->a), keys, TW_COUNT(keys)) || !u->r->funcs[f->a].n_params)
        return;
    source(j, at, TW_CAP_GIVEN_FORM, "keys that are typed", symbol,
           j->param0 + j->param_start[u->func0 + f->a]);
}

void jn_given_call(jn *j, const jn_site *at)
{
    static const tw_str query[] = {TW_SI("querySelector"),
                                   TW_SI("querySelectorAll"),
                                   TW_SI("getElementById"),
                                   TW_SI("getElementsByName"),
                                   TW_SI("getElementsByTagName"),
                                   TW_SI("getElementsByClassName"),
                                   TW_SI("$"),
                                   TW_SI("jQuery")},
                        whole[] = {TW_SI("serializeArray"), TW_SI("FormData")};
    const tw_rec_call *c = at->call;
    const jn_unit *u = &j->units[at->unit];
    const tw_val *callee = jn_val(j, at->unit, c->callee);
    if (callee->kind == TW_VAL_MEMBER || callee->kind == TW_VAL_SYMBOL)
        jn_given_member(j, at, c->callee, u->val0 + c->result);
    tw_str symbol = tw_rec_str(u->r, c->symbol), name = last_part(symbol);
    if (!jn_is_js(j, at->unit)) return;
    if (c->n_args && is_one_of(name, query, TW_COUNT(query))) selected(j, at, c, symbol);
    if (c->n_args > 1 && tw_str_eq(name, TW_S("addEventListener"))) typed(j, at, c, symbol);
    bool jquery = tw_str_eq(name, TW_S("serialize")) && (tw_str_find(symbol, TW_S("$()")) != TW_NPOS ||
                                                         tw_str_find(symbol, TW_S("jQuery()")) != TW_NPOS);
    bool form = jquery || is_one_of(name, whole, TW_COUNT(whole));
    if (form && (c->n_args || callee->kind == TW_VAL_MEMBER))
        source(j, at, TW_CAP_GIVEN_FORM, "all fields of a form", symbol, u->val0 + c->result);
}
