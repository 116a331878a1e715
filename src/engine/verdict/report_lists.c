/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of a report: behaviours, findings, capabilities, flows, layers, coverage. */
#include "engine/verdict/priv.h"

#include "engine/names/names.h"

enum { PER_FINDING = 20, PER_GAP = 50, OUT_FLOWS = 8, PATH_MAX_PLACES = 12, RECIPE_MAX = 16 };

static const tw_str none = {NULL, 0};
static const char *const scopes[] = {"function", "file", "package"};

/* Number of a layer in the report: its rank among the units that are layers, from 1. */
static uint32_t layer_id(const tw_join *j, uint32_t unit)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i <= unit && i < j->n_units; i++) n += j->units[i].depth > 0;
    return n;
}

static void put_optional(tw_json_w *w, const char *key, uint64_t n, bool known)
{
    if (known)
        tw_put_number(w, key, n);
    else
        tw_put_text(w, key, none);
}

static void put_place(const tw_report_w *r, uint32_t member, const tw_place *p, uint64_t off)
{
    const tw_join *j = r->in->join;
    const tw_shot *shot = p && r->in->evidence ? tw_evidence_find(r->in->evidence, *p) : NULL;
    bool known = member < r->in->n_members, layer = p && j->units[p->unit].depth > 0,
         text = shot && shot->line;
    static const tw_digest zero;
    const tw_digest *d = p ? &j->units[p->unit].sha256 : known ? &r->in->members[member].sha256 : &zero;
    tw_json_obj(r->w);
    tw_put_text(r->w, "member", known ? tw_str_sub(r->in->members[member].path, 0, r->most.path) : none);
    tw_put_digest(r->w, "sha256", d, 64);
    put_optional(r->w, "layer", layer ? layer_id(j, p->unit) : 0, layer);
    put_optional(r->w, "off", p ? p->off : off, p || off != UINT64_MAX);
    tw_put_number(r->w, "len", p ? p->len : 0);
    put_optional(r->w, "line", text ? shot->line : 0, text);
    put_optional(r->w, "col", text ? shot->col : 0, text);
    tw_put_text(r->w, "snippet", text ? shot->snippet : none);
    tw_json_obj_end(r->w);
}

void tw_report_place(const tw_report_w *r, tw_place p)
{
    p = tw_open_place(r->in->join, p);
    if (p.unit < r->in->join->n_units)
        put_place(r, r->in->join->units[p.unit].member, &p, 0);
    else
        put_place(r, TW_NO_MEMBER, NULL, UINT64_MAX);
}

void tw_report_member_place(const tw_report_w *r, uint32_t member, uint64_t off)
{
    put_place(r, member, NULL, off);
}

/* --- behaviours ---------------------------------------------------------------------------------------- */
static void put_behaviour(const tw_report_w *r, const tw_behaviour *b)
{
    const tw_join *j = r->in->join;
    tw_json_obj(r->w);
    tw_put_text(r->w, "id", b->id);
    tw_put_word(r->w, "ceiling", tw_level_name((tw_level)b->ceiling));
    tw_put_word(r->w, "level", tw_level_name((tw_level)b->level));
    tw_put_text(r->w, "kind", b->kind);
    tw_list_w l = tw_list_begin(r->w, "attack", 4);
    for (uint32_t i = 0; i < b->n_attack; i++) tw_json_str(r->w, b->attack[i]);
    tw_list_end(&l);
    tw_put_word(r->w, "confidence", tw_confidence_name((tw_confidence)b->confidence));
    tw_put_word(r->w, "trigger", tw_trigger_name((tw_trigger)b->trigger));
    tw_put_text(r->w, "reason", tw_str_sub(b->reason, 0, r->most.text));
    tw_put_text(r->w, "says", tw_str_sub(b->says, 0, r->most.text));
    tw_put_text(r->w, "check", tw_str_sub(b->check, 0, r->most.text));
    l = tw_list_begin(r->w, "evidence", r->most.places + 3);
    for (uint32_t i = 0; i < b->n_layers; i++)
        if (tw_list_room(&l)) tw_report_place(r, tw_layer_place(j, b->layers[i]));
    for (uint32_t i = 0; i < b->n_evidence; i++)
        if (tw_list_room(&l)) tw_report_place(r, j->uses.v[b->evidence[i]].place);
    tw_list_end(&l);
    l = tw_list_begin(r->w, "flows", 4);
    for (uint32_t i = 0; i < b->n_flows; i++) tw_json_u64(r->w, b->flows[i]);
    tw_list_end(&l);
    tw_put_word(r->w, "via", "rule");
    tw_json_obj_end(r->w);
}

void tw_report_behaviours(const tw_report_w *r)
{
    tw_list_w l = tw_list_begin(r->w, "behaviours", r->most.items);
    for (int level = TW_LEVEL_MALICIOUS; r->in->behaviours && level >= TW_LEVEL_CLEAR; level--)
        for (uint32_t i = 0; i < r->in->behaviours->n; i++) {
            const tw_behaviour *b = &r->in->behaviours->v[i];
            if (b->level == level && tw_list_room(&l)) put_behaviour(r, b);
        }
    tw_list_end(&l);
}

/* --- findings ------------------------------------------------------------------------------------------- */
/* Opens the object and says what a finding and a signal have in common. */
static void put_noted(const tw_report_w *r, const tw_finding *f)
{
    const tw_finding_info *info = tw_finding_info_of(f->id);
    tw_buf says = {.limit = r->most.text};
    tw_finding_says(&says, f);
    tw_json_obj(r->w);
    tw_put_word(r->w, "id", info->name);
    tw_put_word(r->w, "kind", info->kind);
    tw_put_word(r->w, "severity", tw_severity_name(info->severity));
    tw_put_text(r->w, "says", tw_buf_str(&says));
    tw_buf_free(&says);
}

static void put_finding(const tw_report_w *r, const tw_finding *f)
{
    put_noted(r, f);
    tw_list_w l = tw_list_begin(r->w, "places", 1);
    if (f->member != TW_NO_MEMBER || f->off != UINT64_MAX) tw_report_member_place(r, f->member, f->off);
    tw_list_end(&l);
    tw_json_obj_end(r->w);
}

/* By severity, then id; within one id in the order they were noted (member order). */
void tw_report_findings(const tw_report_w *r)
{
    const tw_findings *f = r->in->findings;
    tw_list_w l = tw_list_begin(r->w, "findings", r->most.items);
    if (f) l.more += f->dropped;
    for (int sev = TW_SEV_BAD; f && sev >= TW_SEV_INFO; sev--)
        for (uint32_t id = 0; id < TW_FIND_MAX; id++) {
            if (tw_finding_is_signal((tw_finding_id)id)) continue;
            if (f->per_id[id] == 0 || (int)tw_finding_info_of((tw_finding_id)id)->severity != sev) continue;
            uint32_t shown = 0;
            for (uint32_t i = 0; i < f->list.n; i++) {
                if ((uint32_t)f->list.v[i].id != id) continue;
                if (shown++ >= PER_FINDING)
                    l.more++;
                else if (tw_list_room(&l))
                    put_finding(r, &f->list.v[i]);
            }
        }
    tw_list_end(&l);
}

/* --- signals --------------------------------------------------------------------------------------------- */
static void put_signal(const tw_report_w *r, const tw_finding *f)
{
    put_noted(r, f);
    tw_put_text(r->w, "source", f->source.n ? tw_str_sub(f->source, 0, r->most.text) : TW_S("the artifact"));
    tw_put_text(r->w, "date", tw_str_sub(f->date, 0, 40));
    tw_list_w l = tw_list_begin(r->w, "places", 1);
    if (f->member != TW_NO_MEMBER) tw_report_member_place(r, f->member, UINT64_MAX);
    tw_list_end(&l);
    tw_json_obj_end(r->w);
}

static void put_history(const tw_report_w *r)
{
    static const tw_history unknown;
    const tw_history *h = r->in->history ? r->in->history : &unknown;
    tw_json_key(r->w, TW_S("history"));
    tw_json_obj(r->w);
    tw_put_text(r->w, "source", h->source);
    tw_put_text(r->w, "date", h->date);
    tw_put_text(r->w, "first_seen", h->first_seen);
    tw_put_text(r->w, "latest", h->latest);
    put_optional(r->w, "releases", h->releases, h->releases > 0);
    tw_json_obj_end(r->w);
}

/* In the order of their ids, then as they were noted. */
void tw_report_signals(const tw_report_w *r)
{
    const tw_findings *f = r->in->findings;
    tw_list_w l = tw_list_begin(r->w, "signals", r->most.items);
    for (uint32_t id = 0; f && id < TW_FIND_MAX; id++) {
        if (!f->per_id[id] || !tw_finding_is_signal((tw_finding_id)id)) continue;
        for (uint32_t i = 0; i < f->list.n; i++)
            if ((uint32_t)f->list.v[i].id == id && tw_list_room(&l)) put_signal(r, &f->list.v[i]);
    }
    tw_list_end(&l);
    put_history(r);
}

/* --- capabilities and flows ------------------------------------------------------------------------------- */
/* Uses grouped by (trigger, capability, language), flows by the group they leave. Chains of indices
 * + 1 in order, 0 at the end. */
typedef struct groups {
    uint32_t n;
    uint32_t *first, *last, *next; /* uses */
    uint32_t *out;                 /* first flow + 1 */
    uint32_t *out_last, *out_next;
} groups;

static uint32_t group_of(const tw_join *j, const tw_cap_use *u)
{
    const tw_record *rec = u->place.unit < j->n_units ? j->units[u->place.unit].record : NULL;
    uint32_t lang = rec && rec->lang < TW_LANG_MAX ? rec->lang : 0;
    uint32_t t = u->trigger < TW_TRIGGER_MAX ? u->trigger : TW_TRIGGER_DEAD;
    return (t * tw_cap_count() + u->cap) * TW_LANG_MAX + lang;
}

static groups group(tw_arena *a, const tw_join *j)
{
    groups g = {.n = (uint32_t)TW_TRIGGER_MAX * tw_cap_count() * TW_LANG_MAX};
    g.first = TW_NEWN(a, uint32_t, g.n);
    g.last = TW_NEWN(a, uint32_t, g.n);
    g.out = TW_NEWN(a, uint32_t, g.n);
    g.out_last = TW_NEWN(a, uint32_t, g.n);
    g.next = TW_NEWN(a, uint32_t, (size_t)j->uses.n + 1);
    g.out_next = TW_NEWN(a, uint32_t, (size_t)j->flows.n + 1);
    for (uint32_t i = 0; i < j->uses.n; i++) {
        uint32_t k = group_of(j, &j->uses.v[i]);
        if (k >= g.n) continue;
        *(g.last[k] ? &g.next[g.last[k] - 1] : &g.first[k]) = i + 1;
        g.last[k] = i + 1;
    }
    for (uint32_t i = 0; i < j->flows.n; i++) {
        uint32_t k = group_of(j, &j->uses.v[j->flows.v[i].from]);
        if (k >= g.n) continue;
        *(g.out_last[k] ? &g.out_next[g.out_last[k] - 1] : &g.out[k]) = i + 1;
        g.out_last[k] = i + 1;
    }
    return g;
}

static void put_capability(const tw_report_w *r, const groups *g, uint32_t k)
{
    const tw_join *j = r->in->join;
    const tw_cap_use *u = &j->uses.v[g->first[k] - 1];
    uint8_t sure = 0;
    for (uint32_t i = g->first[k]; i; i = g->next[i - 1])
        if (j->uses.v[i - 1].confidence > sure) sure = j->uses.v[i - 1].confidence;
    tw_json_obj(r->w);
    tw_put_word(r->w, "id", tw_cap_info_of(u->cap)->name);
    tw_put_word(r->w, "trigger", tw_trigger_name((tw_trigger)u->trigger));
    tw_put_text(r->w, "reason", tw_str_sub(u->reason, 0, r->most.text));
    tw_put_word(r->w, "confidence", tw_confidence_name((tw_confidence)sure));
    tw_put_word(r->w, "language", tw_lang_name((tw_lang)(k % TW_LANG_MAX)));
    tw_list_w l = tw_list_begin(r->w, "places", r->most.places < 3 ? r->most.places : 3);
    for (uint32_t i = g->first[k]; i; i = g->next[i - 1])
        if (tw_list_room(&l)) tw_report_place(r, j->uses.v[i - 1].place);
    tw_list_end(&l);
    l = tw_list_begin(r->w, "out", OUT_FLOWS);
    for (uint32_t i = g->out[k]; i; i = g->out_next[i - 1])
        if (tw_list_room(&l)) tw_json_u64(r->w, i - 1);
    tw_list_end(&l);
    tw_json_obj_end(r->w);
}

void tw_report_capabilities(const tw_report_w *r)
{
    tw_list_w l = tw_list_begin(r->w, "capabilities", r->most.items);
    if (r->in->join) {
        tw_arena *a = tw_arena_new(0);
        groups g = group(a, r->in->join);
        for (uint32_t k = 0; k < g.n; k++)
            if (g.first[k] && tw_list_room(&l)) put_capability(r, &g, k);
        tw_arena_free(a);
    }
    tw_list_end(&l);
}

static bool flow_is_evidence(const tw_behaviours *b, uint32_t flow)
{
    for (uint32_t i = 0; b && i < b->n; i++)
        for (uint32_t k = 0; k < b->v[i].n_flows; k++)
            if (b->v[i].flows[k] == flow) return true;
    return false;
}

static void put_flow(const tw_report_w *r, uint32_t id, bool path)
{
    const tw_join *j = r->in->join;
    const tw_flow *f = &j->flows.v[id];
    tw_json_obj(r->w);
    tw_put_number(r->w, "id", id);
    tw_put_word(r->w, "from", tw_cap_info_of(j->uses.v[f->from].cap)->name);
    tw_put_word(r->w, "to", tw_cap_info_of(j->uses.v[f->to].cap)->name);
    tw_put_word(r->w, "scope", scopes[f->scope < TW_COUNT(scopes) ? f->scope : 2]);
    tw_list_w l = tw_list_begin(r->w, "path", PATH_MAX_PLACES);
    for (uint32_t i = 0; path && i < f->n_path; i++)
        if (tw_list_room(&l)) tw_report_place(r, f->path[i]);
    tw_list_end(&l);
    tw_json_obj_end(r->w);
}

/* Those that behaviours rest on, with their paths, and as many others as there is room for. */
void tw_report_flows(const tw_report_w *r)
{
    const tw_join *j = r->in->join;
    tw_list_w l = tw_list_begin(r->w, "flows", r->most.items);
    uint32_t others = r->most.items / 2;
    for (uint32_t i = 0; j && i < j->flows.n; i++) {
        bool evidence = flow_is_evidence(r->in->behaviours, i);
        if (!evidence && others == 0)
            l.more++;
        else if (tw_list_room(&l)) {
            put_flow(r, i, evidence);
            others -= !evidence;
        }
    }
    tw_list_end(&l);
}

/* --- layers ------------------------------------------------------------------------------------------------ */
static void put_layer(const tw_report_w *r, uint32_t unit, uint32_t id)
{
    const tw_join *j = r->in->join;
    const tw_unit *u = &j->units[unit];
    const tw_record *parent = u->parent < j->n_units ? j->units[u->parent].record : NULL;
    const tw_rec_layer *lay = parent && u->layer < parent->n_layers ? &parent->layers[u->layer] : NULL;
    tw_str rest = lay ? tw_rec_str(parent, lay->recipe) : none, part;
    tw_json_obj(r->w);
    tw_put_number(r->w, "id", id);
    tw_json_key(r->w, TW_S("parent"));
    tw_report_place(r, tw_layer_place(j, unit));
    tw_list_w l = tw_list_begin(r->w, "recipe", RECIPE_MAX);
    while (rest.n && tw_str_split(&rest, '>', &part))
        if (tw_str_trim(part).n && tw_list_room(&l)) tw_json_str(r->w, tw_str_sub(tw_str_trim(part), 0, 60));
    tw_list_end(&l);
    tw_put_word(r->w, "language", tw_lang_name((tw_lang)(u->record ? u->record->lang : TW_LANG_NONE)));
    tw_put_digest(r->w, "sha256", &u->sha256, 64);
    tw_put_number(r->w, "size", lay ? tw_rec_str(parent, lay->bytes).n : 0);
    tw_json_key(r->w, TW_S("executed"));
    tw_json_bool(r->w, lay && lay->executed);
    tw_json_obj_end(r->w);
}

void tw_report_layers(const tw_report_w *r)
{
    const tw_join *j = r->in->join;
    tw_list_w l = tw_list_begin(r->w, "layers", r->most.items);
    uint32_t id = 0;
    for (uint32_t i = 0; j && i < j->n_units; i++) {
        if (j->units[i].depth == 0) continue;
        id++;
        if (tw_list_room(&l)) put_layer(r, i, id);
    }
    tw_list_end(&l);
}

/* --- coverage ------------------------------------------------------------------------------------------------ */
static void put_gap(const tw_report_w *r, const tw_gap *g, uint8_t trigger)
{
    bool known = g->member < r->in->n_members;
    tw_json_obj(r->w);
    tw_put_text(r->w, "member", known ? tw_str_sub(r->in->members[g->member].path, 0, r->most.path) : none);
    tw_put_number(r->w, "off", g->off);
    tw_put_number(r->w, "len", g->len);
    tw_put_word(r->w, "reason", tw_gap_name((tw_gap_reason)g->reason));
    tw_put_text(r->w, "runs",
                trigger < TW_TRIGGER_MAX ? tw_str_c(tw_trigger_name((tw_trigger)trigger)) : none);
    tw_put_text(r->w, "why", g->why ? tw_str_c(g->why) : none);
    tw_json_obj_end(r->w);
}

/* Gaps in code that something starts come first. */
static void put_gaps(const tw_report_w *r, const tw_coverage *c)
{
    uint32_t per_reason[TW_GAP_MAX] = {0};
    tw_arena *a = tw_arena_new(0);
    const uint8_t *triggers = tw_member_triggers(r->in, a);
    tw_list_w l = tw_list_begin(r->w, "gaps", r->most.items);
    for (int rooted = 1; rooted >= 0; rooted--)
        for (uint32_t i = 0; c && i < c->gaps.n; i++) {
            const tw_gap *g = &c->gaps.v[i];
            uint8_t t = tw_gap_trigger(r->in, triggers, g);
            if ((t < TW_TRIGGER_MAX) != rooted || g->reason >= TW_GAP_MAX) continue;
            if (per_reason[g->reason]++ >= PER_GAP)
                l.more++;
            else if (tw_list_room(&l))
                put_gap(r, g, t);
        }
    tw_list_end(&l);
    tw_arena_free(a);
}

void tw_report_coverage(const tw_report_w *r)
{
    const tw_coverage *c = r->in->coverage;
    tw_json_key(r->w, TW_S("coverage"));
    tw_json_obj(r->w);
    tw_json_key(r->w, TW_S("bytes"));
    tw_json_obj(r->w);
    tw_put_number(r->w, "analysed", c ? c->analysed : 0);
    tw_put_number(r->w, "inert", c ? c->inert : 0);
    tw_put_number(r->w, "unanalysed", c ? c->unanalysed : 0);
    tw_json_obj_end(r->w);
    put_gaps(r, c);
    tw_list_w l = tw_list_begin(r->w, "limits_hit", TW_LIMIT_MAX);
    for (int i = 0; c && i < TW_LIMIT_MAX; i++)
        if (c->limits_hit >> i & 1) tw_json_str(r->w, tw_str_c(tw_limit_name((tw_limit_id)i)));
    tw_list_end(&l);
    tw_json_obj_end(r->w);
}
