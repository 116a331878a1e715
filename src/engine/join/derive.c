/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities that follow from layers, flows and neighbours rather than from one symbol. */
#include "engine/join/join_priv.h"
#include "engine/record/world.h"

enum { LAYERS = 3 };

static uint32_t add_derived(jn *j, const jn_site *at, tw_cap cap, tw_confidence conf, tw_str symbol)
{
    uint32_t use = jn_use_add(j, at, cap, conf, NULL, symbol);
    if (use != TW_NONE) j->out->uses.v[use].sink = 1;
    return use;
}

static void copy_values(tw_cap_use *to, const tw_cap_use *from)
{
    memcpy(to->values, from->values, sizeof to->values);
    to->n_values = from->n_values;
}

static jn_site site_of_call(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    return (jn_site){unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
}

/* Layers around the text that were decoded, or run by code of their own language: what a file carries openly, or
 * a command line, hides nothing. */
static uint32_t hidden_depth(const jn *j, uint32_t unit)
{
    uint32_t n = 0;
    for (uint32_t guard = 0; guard < 64; guard++) {
        const tw_unit *u = &j->out->units[unit];
        if (u->parent >= j->n_units || u->layer >= j->units[u->parent].r->n_layers) break;
        const tw_record *outer = j->units[u->parent].r;
        const tw_rec_layer *l = &outer->layers[u->layer];
        n += tw_recipe_decodes(tw_rec_str(outer, l->recipe)) ||
             (l->call != TW_NONE && tw_lang_family(l->lang) == tw_lang_family(outer->lang));
        unit = u->parent;
    }
    return n;
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
    uint32_t steps = tw_recipe_decodes(recipe);
    if (steps) add_derived(j, &at, cap, TW_CONF_FOLDED, symbol);
    if (steps + hidden_depth(j, unit) >= LAYERS)
        add_derived(j, &at, TW_CAP_HIDE_LAYERS, TW_CONF_FOLDED, symbol);
}

/* bash -i > /dev/tcp/host/port */
static void derive_tty_shell(jn *j, uint32_t unit)
{
    static const tw_str shells[] = {TW_SI("bash"), TW_SI("sh"), TW_SI("zsh"), TW_SI("ksh")};
    const tw_record *r = j->units[unit].r;
    for (uint32_t i = 0; i < r->n_calls; i++) {
        const tw_rec_call *c = &r->calls[i];
        if (!tw_str_eq(tw_rec_str(r, c->symbol), TW_S("shell.redirect")) || c->n_args < 2) continue;
        const tw_val *data = jn_val(j, unit, r->args[c->args].value),
                     *to = jn_val(j, unit, r->args[c->args + 1].value);
        tw_str path = to->kind == TW_VAL_STR ? tw_rec_str(r, to->a)
                                             : jn_render(j, unit, r->args[c->args + 1].value, 0, 0).text;
        bool socket = tw_str_starts(path, TW_S("/dev/tcp/")) || tw_str_starts(path, TW_S("/dev/udp/"));
        if (!socket || data->kind != TW_VAL_CALL || data->a >= r->n_calls) continue;
        tw_str symbol = tw_rec_str(r, r->calls[data->a].symbol);
        jn_site at = site_of_call(j, unit, c);
        for (size_t k = 0; k < TW_COUNT(shells); k++)
            if (tw_str_eq(symbol, shells[k]))
                add_derived(j, &at, TW_CAP_NET_REVERSE_SHELL, TW_CONF_LITERAL, symbol);
    }
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

static bool is_program(const tw_member *m)
{
    static const tw_str ends[] = {TW_SI(".exe"), TW_SI(".bat"), TW_SI(".cmd"), TW_SI(".ps1"),
                                  TW_SI(".vbs"), TW_SI(".scr"), TW_SI(".msi"), TW_SI(".sh"),
                                  TW_SI(".jar"), TW_SI(".bin"), TW_SI(".dll")};
    bool program = m->kind == TW_KIND_ELF || m->kind == TW_KIND_PE || m->kind == TW_KIND_MACHO ||
                   m->kind == TW_KIND_SCRIPT;
    for (size_t i = 0; i < TW_COUNT(ends); i++) program |= tw_str_ends(m->path, ends[i]);
    return program && m->type == TW_MEMBER_FILE && !tw_str_ends(m->path, TW_S(".py"));
}

static tw_str base_name(tw_str path)
{
    size_t at = path.n;
    while (at && path.p[at - 1] != '/' && path.p[at - 1] != '\\') at--;
    return tw_str_sub(path, at, path.n);
}

/* A file beside the one that names it, that would run: "__file__/../tools/x.py". */
static bool names_own_code(tw_str word)
{
    static const tw_str ends[] = {TW_SI(".py"),  TW_SI(".pyw"), TW_SI(".js"),  TW_SI(".sh"), TW_SI(".exe"),
                                  TW_SI(".bat"), TW_SI(".cmd"), TW_SI(".ps1"), TW_SI(".vbs")};
    bool code = false;
    for (size_t i = 0; i < TW_COUNT(ends); i++) code |= tw_str_ends(word, ends[i]);
    return code && tw_str_starts(word, TW_S("__file__/")) && tw_str_chr(word, '{') == TW_NPOS;
}

/* A command line that names a program among the members, or a file that should be among them. */
static void derive_bundled(jn *j)
{
    tw_map programs, files;
    tw_map_init(&programs, j->a);
    tw_map_init(&files, j->a);
    for (uint32_t i = 0; j->p && i < j->p->n_members; i++) {
        if (is_program(&j->p->members[i])) tw_map_put(&programs, base_name(j->p->members[i].path), NULL);
        tw_map_put(&files, base_name(j->p->members[i].path), NULL);
    }
    for (uint32_t i = 0, n = files.n > 1 ? j->out->uses.n : 0; i < n; i++) {
        const tw_cap_use u = j->out->uses.v[i];
        if (u.call == TW_NONE || !jn_cap_in(u.cap, "exec.")) continue;
        jn_site at = site_of_call(j, u.place.unit, &j->units[u.place.unit].r->calls[u.call]);
        for (uint32_t k = 0; k < u.n_values; k++) {
            tw_str rest = tw_str_sub(u.values[k].text, 0, 512), word;
            while (tw_str_split(&rest, ' ', &word)) {
                bool quoted = word.n > 2 && (word.p[0] == '"' || word.p[0] == '\'');
                if (quoted && word.p[word.n - 1] == word.p[0]) word = tw_str_sub(word, 1, word.n - 1);
                word = tw_str_sub(word, 0,
                                  tw_str_chr(word, ',') == TW_NPOS ? word.n
                                                                   : tw_str_chr(word, ',')); /* x.dll,main */
                if (tw_map_get(&programs, base_name(word))) {
                    uint32_t use = add_derived(j, &at, TW_CAP_EXEC_BUNDLED, TW_CONF_FOLDED, u.symbol);
                    if (use != TW_NONE) copy_values(&j->out->uses.v[use], &u);
                } else if (names_own_code(word) && !tw_map_get(&files, base_name(word))) {
                    uint32_t use = add_derived(j, &at, TW_CAP_EXEC_ABSENT, TW_CONF_FOLDED, u.symbol);
                    if (use != TW_NONE) copy_values(&j->out->uses.v[use], &u);
                }
            }
        }
    }
}

static bool builds_text(tw_str symbol)
{
    static const tw_str ends[] = {TW_SI(".join"), TW_SI(".decode"), TW_SI(".translate"),
                                  TW_SI(".fromCharCode")};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(symbol, ends[i])) return true;
    return false;
}

/* Does anything that the call is handed read like an address? */
static bool shows_address(const jn *j, uint32_t unit, const tw_rec_call *c)
{
    const tw_record *r = j->units[unit].r;
    uint32_t stack[64], n = 0, looked = 0;
    stack[n++] = c->callee;
    for (uint32_t i = 0; i < c->n_args && n < TW_COUNT(stack); i++) stack[n++] = r->args[c->args + i].value;
    for (; n && looked < 512; looked++) {
        const tw_val *v = jn_val(j, unit, stack[--n]);
        tw_str s = v->kind == TW_VAL_STR || v->kind == TW_VAL_BYTES ? tw_rec_str(r, v->a) : TW_S("");
        bool base = v->kind == TW_VAL_MEMBER || v->kind == TW_VAL_INDEX || v->kind == TW_VAL_ITER;
        if (tw_str_find(s, TW_S("://")) != TW_NPOS || tw_str_find(s, TW_S("http")) != TW_NPOS) return true;
        if (v->kind == TW_VAL_PARAM || v->kind == TW_VAL_CALL || v->kind == TW_VAL_OPAQUE) return true;
        if (base && n < TW_COUNT(stack)) stack[n++] = v->a;
        for (uint32_t i = 0; i < v->n && n < TW_COUNT(stack); i++) stack[n++] = r->lists[v->list + i];
    }
    return n != 0;
}

/* An address that is written encoded and decoded in place. */
static void derive_address(jn *j, uint32_t unit, const tw_rec_call *c)
{
    const jn_api *api = jn_apis(j, unit, c->symbol);
    const tw_record *r = j->units[unit].r;
    const tw_val *v = jn_val(j, unit, c->result);
    if ((c->flags & TW_RC_NEVER) || (v->kind != TW_VAL_STR && v->kind != TW_VAL_BYTES)) return;
    jn_text t = {.text = tw_str_sub(tw_rec_str(r, v->a), 0, TW_VALUE_MAX), .folded = true};
    if (!tw_str_starts(t.text, TW_S("http://")) && !tw_str_starts(t.text, TW_S("https://"))) return;
    bool decodes = api->n && api->rows->flags & TW_API_DECODER;
    if (!decodes && (!builds_text(tw_rec_str(r, c->symbol)) || shows_address(j, unit, c))) return;
    jn_site at = site_of_call(j, unit, c);
    uint32_t use = add_derived(j, &at, TW_CAP_HIDE_ADDRESS, TW_CONF_FOLDED, tw_rec_str(r, c->symbol));
    if (use == TW_NONE) return;
    t.known = (uint32_t)t.text.n;
    jn_use_value(j, use, TW_ARGROLE_URL, &t);
}

void jn_derive_sites(jn *j)
{
    derive_bundled(j);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        for (uint32_t i = 0; i < r->n_layers; i++) derive_layer(j, unit, &r->layers[i]);
        for (uint32_t i = 0; i < r->n_calls; i++) derive_address(j, unit, &r->calls[i]);
        derive_dup_shell(j, unit);
        if (jn_is_command_language(&j->units[unit])) derive_tty_shell(j, unit);
    }
}

/* A use of its own at the end of the flow, and the flow once more to it. */
static void derive_at_end(jn *j, uint32_t flow, tw_cap cap)
{
    tw_flow f = j->out->flows.v[flow];
    tw_cap_use to = j->out->uses.v[f.to];
    const tw_rec_call *c = &j->units[to.place.unit].r->calls[to.call];
    jn_site at = site_of_call(j, to.place.unit, c);
    /* A flow that was followed takes nothing away: the end is as sure as its parts, computed at best. */
    uint8_t conf = f.confidence, start = j->out->uses.v[f.from].confidence;
    uint8_t least = start < to.confidence ? start : to.confidence;
    if (conf != TW_CONF_GUESSED && least >= TW_CONF_FOLDED) conf = TW_CONF_FOLDED;
    uint32_t use = add_derived(j, &at, cap, (tw_confidence)conf, to.symbol);
    if (use == TW_NONE) use = jn_use_find(j, &at, cap, NULL); /* derived before, from another source */
    if (use == TW_NONE) return;
    copy_values(&j->out->uses.v[use], &to);
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
            uint32_t to = j->next.to[i] & JN_NODE;
            if (j->next.to[i] & JN_WEAK || seen[to]) continue;
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
