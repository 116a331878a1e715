/* SPDX-License-Identifier: Apache-2.0 */
/* What constants stand for: arguments in their roles, and paths, addresses and symbols that are only
 * mentioned somewhere in a value. */
#include "engine/join/join_priv.h"

enum { CLASSES = 16, MENTION_MAX = 1024 };

typedef struct classify {
    jn *j;
    const jn_site *at;
    const tw_api *row; /* NULL: a mention */
    tw_str symbol;
    uint32_t value; /* in the unit */
    tw_arg_role role;
    const jn_text *text;
} classify;

static tw_confidence text_confidence(const classify *c)
{
    if (!c->row) return c->role == TW_ARGROLE_DATA ? TW_CONF_LITERAL : TW_CONF_GUESSED;
    if (c->text->far) return TW_CONF_FLOW;
    return c->text->folded || c->text->partial ? TW_CONF_FOLDED : TW_CONF_LITERAL;
}

static void add_class(const classify *c, tw_cap cap, const char *label)
{
    jn *j = c->j;
    uint32_t use = jn_use_add(j, c->at, cap, text_confidence(c), label, c->symbol);
    if (use == TW_NONE) return;
    tw_cap_use *u = &j->out->uses.v[use];
    uint8_t flags = c->row ? c->row->flags : 0;
    uint32_t val0 = j->units[c->at->unit].val0;
    bool secret = jn_cap_in(cap, "cred.") || jn_cap_in(cap, "host.");
    bool names_data = c->role == TW_ARGROLE_PATH || c->role == TW_ARGROLE_NAME;
    u->sink = (flags & TW_API_SINK) != 0 && !secret;
    u->source = (secret && names_data) || (flags & TW_API_SOURCE) != 0;
    if (u->source)
        j->side.v[use].node =
            flags & TW_API_SOURCE && c->at->call ? val0 + c->at->call->result : val0 + c->value;
    jn_use_value(j, use, c->role, c->text);
}

static void add_classes(const classify *c, tw_arg_role role, tw_str text)
{
    const tw_value_class *found[CLASSES];
    uint32_t n = text.n ? tw_value_classes(role, text, found, CLASSES) : 0;
    for (uint32_t i = 0; i < n; i++) add_class(c, found[i]->cap, found[i]->label);
}

static void add_host(const classify *c, tw_str url)
{
    tw_str host = tw_url_host(url);
    add_classes(c, TW_ARGROLE_HOST, host);
    if (tw_host_is_public_ip(host)) add_class(c, TW_CAP_NET_IP_HOST, "public IP address");
}

/* Addresses inside a command line. */
static void add_embedded_hosts(const classify *c, tw_str text)
{
    for (int i = 0; i < 4; i++) {
        size_t at = tw_str_find(text, TW_S("://"));
        if (at == TW_NPOS) return;
        tw_str url = tw_str_sub(text, at + 3, text.n);
        size_t end = 0;
        while (end < url.n && (uint8_t)url.p[end] > ' ' && !strchr("'\"|;<>)`", url.p[end])) end++;
        add_classes(c, TW_ARGROLE_URL, tw_str_sub(text, at > 5 ? at - 5 : 0, at + 3 + end));
        add_host(c, tw_str_sub(url, 0, end));
        text = tw_str_sub(url, end, url.n);
    }
}

/* "nslookup x.y.z": tools that take a bare host. Kinds of top-level domains are left out: "main.zip" is a file. */
static void add_bare_hosts(const classify *c, tw_str text)
{
    static const tw_str tools[] = {TW_SI("nslookup "), TW_SI("dig "),  TW_SI("ping "), TW_SI("curl "),
                                   TW_SI("wget "),     TW_SI("host "), TW_SI("nc ")};
    bool tool = false;
    for (size_t i = 0; i < TW_COUNT(tools); i++) tool |= tw_str_find(text, tools[i]) != TW_NPOS;
    tw_str word;
    for (int i = 0; tool && i < 32 && tw_str_split(&text, ' ', &word); i++) {
        const tw_value_class *found[CLASSES];
        tw_str host = tw_url_host(word);
        bool bare = tw_str_chr(host, '.') != TW_NPOS && tw_str_find(word, TW_S("://")) == TW_NPOS;
        uint32_t n = bare ? tw_value_classes(TW_ARGROLE_HOST, host, found, CLASSES) : 0;
        for (uint32_t k = 0; k < n; k++)
            if (found[k]->cap != TW_CAP_NET_RARE_HOST) add_class(c, found[k]->cap, found[k]->label);
        if (bare && tw_host_is_public_ip(host)) add_class(c, TW_CAP_NET_IP_HOST, "public IP address");
    }
}

static void classify_text(const classify *c)
{
    tw_str text = tw_str_sub(c->text->text, 0, TW_VALUE_MAX);
    if (c->text->known < 2) return;
    add_classes(c, c->role, text);
    if (c->role == TW_ARGROLE_URL) add_host(c, text);
    if (c->role == TW_ARGROLE_HOST && tw_str_find(text, TW_S("://")) != TW_NPOS)
        add_host(c, text);
    else if (c->role == TW_ARGROLE_HOST)
        add_host(c, tw_str_sub(text, 0, 256));
    if (c->role == TW_ARGROLE_COMMAND) {
        add_embedded_hosts(c, text);
        add_bare_hosts(c, text);
    }
}

/* The code that this call runs is a layer of its own: what it says, and when, is read there. */
static bool is_read(const jn *j, const jn_site *at)
{
    const tw_record *r = j->units[at->unit].r;
    for (uint32_t i = 0; at->call && i < r->n_layers; i++) {
        const tw_rec_layer *l = &r->layers[i];
        if (!l->executed || l->call >= r->n_calls || &r->calls[l->call] != at->call || l->lang != r->lang)
            continue;
        for (uint32_t unit = 0; unit < j->n_units; unit++)
            if (j->out->units[unit].parent == at->unit && j->out->units[unit].layer == i)
                return !j->units[unit].r->n_gaps;
    }
    return false;
}

void jn_classify_args(jn *j, const jn_site *at, const tw_api *row, tw_str symbol)
{
    for (size_t i = 0; i < TW_COUNT(row->args) && row->args[i].role; i++) {
        uint32_t values[JN_VALUES], role = row->args[i].role;
        bool written = role == TW_ARGROLE_DATA && row->cap == TW_CAP_FS_WRITE;
        if ((role == TW_ARGROLE_DATA && !written) || role == TW_ARGROLE_KEY) continue;
        if (role == TW_ARGROLE_CODE && is_read(j, at)) continue;
        uint32_t n = jn_arg_values(j, at->unit, at->call, &row->args[i], values);
        for (uint32_t k = 0; k < n; k++) {
            int flags = role == TW_ARGROLE_HOST ? JN_TEXT_HOST : 0;
            for (uint32_t choice = 0, most = 1; choice < most && choice < JN_CHOICES; choice++) {
                jn_text t = jn_render(j, at->unit, values[k], flags, choice);
                most = t.choices ? t.choices : 1;
                classify_text(&(classify){j, at, row, symbol, values[k], (tw_arg_role)role, &t});
            }
        }
    }
}

/* --- mentions --- */

typedef struct walker {
    jn *j;
    uint32_t unit;
    uint8_t *seen;  /* per value */
    uint8_t *plain; /* per string: 1 looked at, stands for nothing */
    TW_VEC(uint32_t) stack;
    jn_site at;
} walker;

static void visit(walker *w, uint32_t v)
{
    if (!v || v >= w->j->units[w->unit].r->n_vals || w->seen[v]) return;
    w->seen[v] = 1;
    TW_PUSH(w->j->a, w->stack, v);
}

/* "aHR0cHM6Ly9...": an address that is not to be read. */
static void add_encoded_address(classify *c, tw_str text)
{
    const tw_value_class *found[CLASSES];
    c->role = TW_ARGROLE_DATA;
    uint32_t n = tw_value_classes(c->role, text, found, CLASSES);
    for (uint32_t i = 0; i < n; i++)
        if (found[i]->cap == TW_CAP_HIDE_ADDRESS) add_class(c, found[i]->cap, found[i]->label);
}

static void mention_text(walker *w, uint32_t v, const jn_text *t)
{
    tw_str s = t->text;
    classify c = {w->j, &w->at, NULL, TW_S(""), v, TW_ARGROLE_PATH, t};
    if (s.n < 3 || s.n > MENTION_MAX || !t->known) return;
    if (tw_str_find(s, TW_S("://")) != TW_NPOS) {
        c.role = TW_ARGROLE_URL;
        add_classes(&c, TW_ARGROLE_URL, s);
        add_host(&c, s);
    } else if (s.p[0] == '.' || tw_str_chr(s, '/') != TW_NPOS || tw_str_chr(s, '\\') != TW_NPOS) {
        add_classes(&c, TW_ARGROLE_PATH, s);
    }
    add_encoded_address(&c, tw_str_sub(s, 0, 256));
}

static void mention_string(walker *w, uint32_t v, const tw_val *val)
{
    if (w->plain[val->a]) return;
    uint32_t before = w->j->out->uses.n;
    jn_text t = {.text = jn_str(w->j, w->unit, val->a), .folded = (val->flags & TW_VF_FOLDED) != 0};
    t.known = (uint32_t)t.text.n;
    mention_text(w, v, &t);
    w->plain[val->a] = w->j->out->uses.n == before;
}

static void mention_symbol(walker *w, uint32_t v, const tw_val *val)
{
    jn *j = w->j;
    const jn_api *api = jn_apis(j, w->unit, val->a);
    for (uint32_t i = 0; i < api->n; i++) {
        if (!(api->rows[i].flags & TW_API_VALUE) || !api->rows[i].cap) continue;
        uint32_t use =
            jn_use_add(j, &w->at, api->rows[i].cap, TW_CONF_LITERAL, NULL, jn_str(j, w->unit, val->a));
        if (use == TW_NONE) continue;
        j->out->uses.v[use].source = (api->rows[i].flags & TW_API_SOURCE) != 0;
        if (j->out->uses.v[use].source) j->side.v[use].node = j->units[w->unit].val0 + v;
    }
}

/* os.environ["NAME"]: true when the base is to be left alone. */
static bool mention_index(walker *w, uint32_t v, const tw_val *val)
{
    jn *j = w->j;
    const tw_val *base = jn_val(j, w->unit, val->a);
    if (base->kind != TW_VAL_SYMBOL) return false;
    tw_str name = jn_str(j, w->unit, base->a);
    char key[72];
    uint32_t n;
    if (name.n + 2 > sizeof key) return false;
    memcpy(key, name.p, name.n);
    memcpy(key + name.n, "[]", 2);
    const tw_api *row = tw_api_find((tw_lang)j->units[w->unit].r->lang, tw_str_of(key, name.n + 2), &n);
    if (!row) return false;
    jn_text t = jn_render(j, w->unit, val->b, 0, 0);
    tw_api bare = *row;
    bare.flags &= (uint8_t)~TW_API_SOURCE; /* the data starts at this value, not at the call around it */
    classify_text(
        &(classify){j, &w->at, &bare, tw_str_of(row->symbol, strlen(row->symbol)), v, TW_ARGROLE_NAME, &t});
    return true;
}

static void step(walker *w, uint32_t v)
{
    jn *j = w->j;
    const tw_record *r = j->units[w->unit].r;
    const tw_val *val = &r->vals[v];
    uint32_t uses = j->out->uses.n;
    switch (val->kind) {
    case TW_VAL_STR: mention_string(w, v, val); return;
    case TW_VAL_SYMBOL:
        mention_symbol(w, v, val);
        jn_given_member(j, &w->at, v, j->units[w->unit].val0 + v);
        return;
    case TW_VAL_INDEX:
        if (mention_index(w, v, val)) return;
        visit(w, val->a);
        visit(w, val->b);
        return;
    case TW_VAL_MEMBER:
        jn_given_member(j, &w->at, v, j->units[w->unit].val0 + v);
        visit(w, val->a);
        return;
    case TW_VAL_ITER: visit(w, val->a); return;
    case TW_VAL_MUT:
        visit(w, val->a);
        visit(w, val->b);
        return;
    case TW_VAL_CONCAT: {
        jn_text t = jn_render(j, w->unit, v, 0, 0);
        mention_text(w, v, &t);
        if (j->out->uses.n > uses) return; /* the whole says more than its parts */
        break;
    }
    case TW_VAL_OP:
        if (!tw_rec_op_carries(tw_rec_str(r, val->b))) return;
        break;
    case TW_VAL_SEQ:
    case TW_VAL_MAP:
    case TW_VAL_PHI: break;
    default: return;
    }
    for (uint32_t i = 0; i < val->n; i++) visit(w, r->lists[val->list + i]);
}

static void drain(walker *w)
{
    while (w->stack.n) step(w, w->stack.v[--w->stack.n]);
}

static void mentions_of_call(walker *w, const tw_rec_call *c)
{
    jn *j = w->j;
    const tw_record *r = j->units[w->unit].r;
    const jn_api *api = jn_apis(j, w->unit, c->symbol);
    w->at = (jn_site){w->unit, jn_node_of_call(j, w->unit, c), c, c->off, c->len};
    if (api->n && api->rows->text_kind == TW_APITEXT_JOIN) {
        jn_text t = jn_render(j, w->unit, c->result, 0, 0);
        mention_text(w, c->result, &t);
    }
    jn_given_call(j, &w->at);
    visit(w, c->callee);
    for (uint32_t i = 0; i < c->n_args; i++) {
        const tw_rec_arg *arg = &r->args[c->args + i];
        const tw_val *val = jn_val(j, w->unit, arg->value);
        bool for_child = val->kind == TW_VAL_SYMBOL && tw_str_eq(tw_rec_str(r, arg->name), TW_S("env"));
        if (!for_child) visit(w, arg->value); /* the environment of a child process is not read */
    }
    drain(w);
}

/* Each value once, at the first call that carries it; what no call carries, where it is bound. */
void jn_mentions(jn *j, uint32_t unit)
{
    const jn_unit *u = &j->units[unit];
    const tw_record *r = u->r;
    walker w = {.j = j, .unit = unit};
    w.seen = TW_NEWN(j->a, uint8_t, (size_t)r->n_vals + 1);
    w.plain = TW_NEWN(j->a, uint8_t, (size_t)r->n_strings + 1);
    for (uint32_t c = 0; c < r->n_calls; c++)
        if (!(r->calls[c].flags & TW_RC_NEVER)) mentions_of_call(&w, &r->calls[c]);
    for (uint32_t f = 0; f < r->n_funcs; f++) {
        w.at = (jn_site){unit, u->func0 + f, NULL, r->funcs[f].off, 0};
        for (uint32_t i = 0; i < r->funcs[f].n_returns; i++) visit(&w, r->lists[r->funcs[f].returns + i]);
        drain(&w);
    }
    for (uint32_t i = 0; i < r->n_stores; i++) {
        w.at = (jn_site){unit, u->func0 + r->stores[i].func, NULL, r->stores[i].off, r->stores[i].len};
        visit(&w, r->stores[i].value);
        drain(&w);
    }
    for (uint32_t i = 0; i < r->n_binds; i++) {
        w.at = (jn_site){unit, u->func0 + r->binds[i].func, NULL, r->binds[i].off, 0};
        if (jn_val(j, unit, r->binds[i].value)->kind != TW_VAL_SYMBOL)
            visit(&w, r->binds[i].value); /* an alias */
        drain(&w);
    }
}
