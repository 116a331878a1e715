/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/profile.h"

#include "base/map.h"
#include "engine/rules/shown.h"
#include "engine/verdict/priv.h"

enum { USES = 20000, FLOWS = 5000, FILES = 50000, STARTS = 2000, TEXT = 300, PATH = 1000, KEY_DIGITS = 16 };

typedef struct use_key {
    char hex[KEY_DIGITS];
} use_key;
typedef struct profile {
    const tw_report_in *in;
    tw_json_w *w;
    tw_arena *a;
    uint32_t most; /* of the longest list */
} profile;

static const tw_shot *shot_of(const profile *p, tw_place at)
{
    return tw_evidence_find(p->in->evidence, tw_open_place(p->in->join, at));
}

static void put_place(const profile *p, tw_place at)
{
    const tw_join *j = p->in->join;
    tw_place file = tw_file_place(j, at);
    const tw_shot *s = shot_of(p, file), *inner = shot_of(p, at);
    if (inner == s) inner = NULL;
    uint32_t member = at.unit < j->n_units ? j->units[at.unit].member : TW_NO_MEMBER;
    tw_put_text(p->w, "member",
                member < p->in->n_members ? tw_str_sub(p->in->members[member].path, 0, PATH) : TW_S(""));
    tw_put_number(p->w, "line", s ? s->line : 0);
    tw_put_number(p->w, "col", s ? s->col : 0);
    tw_put_text(p->w, "snippet", s ? s->snippet : TW_S(""));
    bool plain = inner && s && tw_str_find(s->snippet, inner->snippet) != TW_NPOS;
    tw_put_text(p->w, "hidden", inner && !plain ? inner->snippet : TW_S(""));
    tw_json_key(p->w, TW_S("layer"));
    tw_json_bool(p->w, at.unit < j->n_units && j->units[at.unit].depth > 0);
}

/* ---- capabilities ---- */

/* What stays the same when code is moved: what is done and with which constants; where those say nothing, the
 * text of the line without its blanks. */
static void key_of(const profile *p, const tw_cap_use *u, use_key *ret)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_fmt(&b, "%s\n%.*s\n%s", tw_cap_info_of(u->cap)->name, TW_FMT(u->symbol), u->label ? u->label : "");
    bool told = false;
    for (uint32_t i = 0; i < u->n_values; i++) {
        tw_buf_fmt(&b, "\n%u %.*s", u->values[i].role, TW_FMT(u->values[i].text));
        told |= u->values[i].text.n > 0 && !u->values[i].partial;
    }
    const tw_shot *s = told ? NULL : shot_of(p, u->place);
    if (s) tw_buf_putc(&b, '\n');
    for (size_t i = 0; s && i < s->snippet.n; i++)
        if ((unsigned char)s->snippet.p[i] > ' ') tw_buf_putc(&b, s->snippet.p[i]);
    tw_digest d = tw_sha256_of(tw_buf_str(&b));
    char hex[65];
    tw_digest_hex(&d, hex);
    memcpy(ret->hex, hex, KEY_DIGITS);
    tw_buf_free(&b);
}

static void put_values(const profile *p, const tw_cap_use *u)
{
    tw_json_key(p->w, TW_S("values"));
    tw_json_arr(p->w);
    for (uint32_t i = 0; i < u->n_values; i++) {
        const tw_fact_value *v = &u->values[i];
        if (!v->text.n) continue;
        tw_json_obj(p->w);
        tw_put_word(p->w, "role", tw_arg_role_name((tw_arg_role)v->role));
        tw_put_text(p->w, "text", tw_str_sub(v->text, 0, TEXT));
        bool address = v->role == TW_ARGROLE_URL || v->role == TW_ARGROLE_HOST;
        if (address) tw_put_text(p->w, "host", tw_str_sub(tw_host_of(v->text), 0, TEXT));
        tw_json_obj_end(p->w);
    }
    tw_json_arr_end(p->w);
}

static void put_use(const profile *p, const tw_cap_use *u, const use_key *key, uint64_t count)
{
    static const char *const roles[] = {"other",   "code", "build",    "test",  "doc",
                                        "example", "data", "metadata", "script"};
    const tw_join *j = p->in->join;
    const tw_unit *unit = &j->units[u->place.unit];
    uint8_t role = p->in->package ? p->in->package->role[unit->member] : 0;
    tw_json_obj(p->w);
    tw_put_word(p->w, "id", tw_cap_info_of(u->cap)->name);
    tw_put_word(p->w, "trigger", tw_trigger_name((tw_trigger)u->trigger));
    tw_put_text(p->w, "reason", tw_str_sub(u->reason, 0, TEXT));
    tw_put_text(p->w, "symbol", tw_str_sub(u->symbol, 0, TEXT));
    tw_put_text(p->w, "label", u->label ? tw_str_c(u->label) : TW_S(""));
    tw_put_word(p->w, "confidence", tw_confidence_name((tw_confidence)u->confidence));
    tw_put_word(p->w, "language", tw_lang_name((tw_lang)unit->record->lang));
    tw_put_word(p->w, "role", roles[role < TW_COUNT(roles) ? role : 0]);
    put_values(p, u);
    put_place(p, u->place);
    tw_put_number(p->w, "count", count);
    tw_put_text(p->w, "key", tw_str_of(key->hex, KEY_DIGITS));
    tw_json_obj_end(p->w);
}

/* Each sort of use once, at its first place, the strongest triggers first. */
static void put_uses(const profile *p)
{
    const tw_join *j = p->in->join;
    tw_map seen;
    tw_map_init(&seen, p->a);
    use_key *keys = TW_NEWN(p->a, use_key, (size_t)j->uses.n + 1);
    uint32_t *count = TW_NEWN(p->a, uint32_t, (size_t)j->uses.n + 1);
    for (uint32_t i = 0; i < j->uses.n; i++) {
        key_of(p, &j->uses.v[i], &keys[i]);
        bool is_new;
        uint64_t *first = tw_map_put(
            &seen,
            tw_arena_fmt(p->a, "%.*s%c", KEY_DIGITS, keys[i].hex, (char)('a' + j->uses.v[i].trigger % 26)),
            &is_new);
        if (is_new) *first = i;
        count[*first]++;
    }
    tw_list_w l = tw_list_begin(p->w, "capabilities", p->most < USES ? p->most : USES);
    for (int t = TW_TRIGGER_INSTALL; t < TW_TRIGGER_MAX; t++)
        for (uint32_t i = 0; i < j->uses.n; i++)
            if (count[i] && j->uses.v[i].trigger == t && tw_list_room(&l))
                put_use(p, &j->uses.v[i], &keys[i], count[i]);
    tw_list_end(&l);
}

/* ---- flows, behaviours ---- */

static void put_flows(const profile *p)
{
    const tw_join *j = p->in->join;
    tw_map seen;
    tw_map_init(&seen, p->a);
    tw_list_w l = tw_list_begin(p->w, "flows", p->most < FLOWS ? p->most : FLOWS);
    for (uint32_t i = 0; i < j->flows.n; i++) {
        const tw_cap_use *from = &j->uses.v[j->flows.v[i].from], *to = &j->uses.v[j->flows.v[i].to];
        const char *trigger = tw_trigger_name((tw_trigger)to->trigger);
        bool is_new;
        tw_map_put(&seen, tw_arena_fmt(p->a, "%u %u %s", from->cap, to->cap, trigger), &is_new);
        if (!is_new || !tw_list_room(&l)) continue;
        tw_json_obj(p->w);
        tw_put_word(p->w, "from", tw_cap_info_of(from->cap)->name);
        tw_put_word(p->w, "to", tw_cap_info_of(to->cap)->name);
        tw_put_word(p->w, "trigger", trigger);
        put_place(p, to->place);
        tw_json_obj_end(p->w);
    }
    tw_list_end(&l);
}

static void put_behaviours(const profile *p)
{
    const tw_behaviours *b = p->in->behaviours;
    tw_list_w l = tw_list_begin(p->w, "behaviours", p->most);
    for (uint32_t i = 0; b && i < b->n; i++) {
        const tw_behaviour *x = &b->v[i];
        if (!tw_list_room(&l)) continue;
        tw_json_obj(p->w);
        tw_put_text(p->w, "id", x->id);
        tw_put_word(p->w, "level", tw_level_name((tw_level)x->level));
        tw_put_text(p->w, "kind", x->kind);
        tw_put_word(p->w, "trigger", tw_trigger_name((tw_trigger)x->trigger));
        tw_put_text(p->w, "says", tw_str_sub(x->says, 0, TEXT));
        put_place(p, x->n_layers     ? tw_layer_place(p->in->join, x->layers[0])
                     : x->n_evidence ? p->in->join->uses.v[x->evidence[0]].place
                                     : (tw_place){TW_NONE, 0, 0});
        tw_json_obj_end(p->w);
    }
    tw_list_end(&l);
}

/* ---- what it consists of ---- */

/* The text of a script in a manifest: the layer that its function holds. */
static tw_str script_of(const profile *p, const tw_root *root)
{
    const tw_join *j = p->in->join;
    if (!root->function.n || root->trigger > TW_TRIGGER_BUILD) return TW_S("");
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].record;
        if (j->units[unit].member != root->member || !r || r->lang != TW_LANG_MANIFEST) continue;
        for (uint32_t i = 0; i < r->n_layers; i++) {
            const tw_rec_layer *l = &r->layers[i];
            bool its = l->func && l->func < r->n_funcs && l->call == TW_NONE;
            if (its && tw_str_eq(tw_rec_str(r, r->funcs[l->func].name), root->function))
                return tw_rec_str(r, l->bytes);
        }
        return TW_S("");
    }
    return TW_S("");
}

static void put_package(const profile *p)
{
    const tw_package *k = p->in->package;
    tw_list_w l = tw_list_begin(p->w, "starts", p->most < STARTS ? p->most : STARTS);
    for (uint32_t i = 0; k && i < k->roots.n; i++) {
        const tw_root *r = &k->roots.v[i];
        if (!tw_list_room(&l)) continue;
        tw_json_obj(p->w);
        tw_put_word(p->w, "trigger", tw_trigger_name((tw_trigger)r->trigger));
        tw_put_text(p->w, "reason", tw_str_sub(r->reason, 0, TEXT));
        tw_put_text(p->w, "member",
                    r->member < p->in->n_members ? tw_str_sub(p->in->members[r->member].path, 0, PATH)
                                                 : TW_S(""));
        tw_put_text(p->w, "function", tw_str_sub(r->function, 0, TEXT));
        tw_put_text(p->w, "snippet", tw_str_sub(script_of(p, r), 0, TEXT));
        tw_json_obj_end(p->w);
    }
    tw_list_end(&l);
    l = tw_list_begin(p->w, "dependencies", p->most);
    for (uint32_t i = 0; k && i < k->needs.n; i++) {
        const tw_dependency *d = &k->needs.v[i];
        if (!tw_list_room(&l)) continue;
        tw_json_obj(p->w);
        tw_put_text(p->w, "name", tw_str_sub(d->name, 0, TEXT));
        tw_put_text(p->w, "spec", tw_str_sub(d->spec, 0, TEXT));
        tw_put_text(p->w, "group", tw_str_c(d->group));
        tw_json_obj_end(p->w);
    }
    tw_list_end(&l);
}

static void put_files(const profile *p)
{
    tw_list_w l = tw_list_begin(p->w, "files", p->most < FILES ? p->most : FILES);
    for (uint32_t i = 0; i < p->in->n_members; i++) {
        const tw_member *m = &p->in->members[i];
        if (m->type != TW_MEMBER_FILE || m->flags & TW_MF_SHADOWED || !tw_list_room(&l)) continue;
        tw_json_obj(p->w);
        tw_put_text(p->w, "path", tw_str_sub(m->path, 0, PATH));
        tw_put_number(p->w, "size", m->size);
        tw_put_word(p->w, "kind", tw_kind_name((tw_kind)m->kind));
        tw_put_digest(p->w, "sha256", &m->sha256, 64);
        tw_json_obj_end(p->w);
    }
    tw_list_end(&l);
}

static void put_head(const profile *p, const tw_verdict *v)
{
    const tw_package *k = p->in->package;
    tw_put_word(p->w, "schema", "tidewaiter.capabilities/1");
    tw_put_text(p->w, "artifact", tw_str_sub(p->in->input->artifact, 0, PATH));
    tw_put_digest(p->w, "sha256", &p->in->sha256, 64);
    tw_put_text(p->w, "purl", p->in->input->purl.n ? p->in->input->purl : k ? k->purl : TW_S(""));
    tw_put_text(p->w, "ecosystem", k && k->ecosystem ? tw_str_c(k->ecosystem->name) : TW_S(""));
    tw_put_text(p->w, "name", k ? k->name : TW_S(""));
    tw_put_text(p->w, "version", k ? k->version : TW_S(""));
    tw_put_text(p->w, "root", k ? tw_str_sub(k->root_dir, 0, PATH) : TW_S(""));
    tw_put_word(p->w, "verdict", tw_level_name(v->level));
    tw_json_key(p->w, TW_S("complete"));
    tw_json_bool(p->w, v->complete);
    tw_put_word(p->w, "format", p->in->format ? p->in->format : "unknown");
    tw_put_number(p->w, "texts", p->in->join ? p->in->join->n_units : 0);
}

void tw_profile(const tw_report_in *in, const tw_verdict *v, tw_arena *a, tw_outcome *ret)
{
    tw_buf b = {.limit = TW_PROFILE_MAX};
    for (uint32_t most = FILES; most; most /= 2) {
        tw_json_w w = tw_json_writer(&b);
        profile p = {in, &w, tw_arena_new(0), most};
        tw_buf_clear(&b);
        tw_json_obj(&w);
        put_head(&p, v);
        put_package(&p);
        put_uses(&p);
        put_flows(&p);
        put_behaviours(&p);
        put_files(&p);
        tw_profile_unread(in, &w, p.a, most);
        tw_json_obj_end(&w);
        tw_arena_free(p.a);
        if (!b.over) break;
    }
    tw_layer_out *l = TW_NEW(a, tw_layer_out);
    *l = (tw_layer_out){TW_S("{}"), tw_arena_str(a, tw_buf_str(&b)), {NULL, 0}};
    tw_buf_free(&b);
    ret->layers = l;
    ret->n_layers = 1;
}
