/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/resume.h"

#include "engine/languages/languages.h"
#include "engine/record/world.h"
#include "engine/resume_memo.h"

enum { FETCHES = 4, ROUNDS = 8, PEERS = 64, DEEP = 3, WALK = 256, UNITS_MAX = 2000, LISTED_MAX = 4096 };

typedef struct text_read {
    uint32_t unit;
    const tw_ir *ir;
} text_read;

typedef struct resume {
    tw_reading *r;
    const tw_input *in;
    const tw_package *p;
    tw_arena *a;
    tw_map paths;   /* of members -> member + 1 */
    tw_map known;   /* digests of what is read as code by itself -> unit + 1 */
    tw_str *have;   /* per member: content, p == NULL: not asked for or not to be had */
    uint8_t *state; /* per member: WANTED, GONE */
    bool wants;     /* something is WANTED */
    uint64_t held;
    tw_names *names;
    tw_memo_view answers; /* of the package, for memos */
    TW_VEC(struct peer *) peers;
    TW_VEC(text_read) read;
    tw_arena *one; /* of the file that is evaluated: what its peers take */
    tw_str dir;    /* last folder listed, and its members */
    TW_VEC(tw_str) listed;
    bool listing;
    bool later;    /* the evaluation asked for what was not at hand: it counts for nothing, */
    bool last;     /* unless it is not tried again */
    tw_memo *memo; /* of the file that is evaluated */
} resume;
enum { WANTED = 1, GONE = 2 };

typedef struct view { /* of the package from one of its files */
    resume *s;
    uint32_t unit, depth;
} view;

typedef struct peer { /* a file whose functions others call */
    view v;
    tw_world world;
    tw_peer *peer; /* NULL: it is being made, or there is none */
} peer;

/* --- the world of a file --------------------------------------------------------------------------- */
static uint32_t member_of(const resume *s, tw_str path)
{
    const uint64_t *slot = tw_map_get(&s->paths, path);
    uint32_t m = slot ? (uint32_t)*slot - 1 : TW_NO_MEMBER;
    const tw_member *v = s->r->members.v;
    for (int hop = 0; hop < 4 && m != TW_NO_MEMBER && v[m].type != TW_MEMBER_FILE; hop++)
        m = v[m].target < s->r->members.n ? v[m].target : TW_NO_MEMBER;
    return m != TW_NO_MEMBER && v[m].type == TW_MEMBER_FILE ? m : TW_NO_MEMBER;
}

static bool is_large(const resume *s, const tw_member *x)
{
    return x->flags & (TW_MF_HASH_ONLY | TW_MF_UNREAD) || x->size > s->r->engine->limits.value_bytes;
}

static tw_world_has content_of(resume *s, uint32_t m, tw_str *ret)
{
    *ret = s->r->sources.v[m].p ? s->r->sources.v[m] : s->have[m];
    if (ret->p) return TW_WORLD_HERE;
    const tw_member *x = &s->r->members.v[m];
    if (!x->size) return *ret = TW_S(""), TW_WORLD_HERE;
    if (s->state[m] == GONE) s->memo->broken = true; /* there was no room: not so every time */
    if (s->state[m] == GONE || is_large(s, x)) return TW_WORLD_LARGE;
    s->state[m] = WANTED;
    s->wants = s->later = true;
    return TW_WORLD_LATER;
}

static tw_world_has world_read(void *ctx, tw_str path, tw_str *ret)
{
    const view *v = ctx;
    resume *s = v->s;
    uint32_t m = member_of(s, path);
    tw_memo_ask(s->memo, v->unit, TW_ASKED_READ, path);
    return m == TW_NO_MEMBER ? TW_WORLD_NONE : content_of(s, m, ret);
}

static void list_folder(resume *s, tw_str dir)
{
    if (s->listing && tw_str_eq(dir, s->dir)) return;
    s->listing = true;
    s->dir = tw_arena_str(s->a, dir);
    s->listed.n = 0;
    for (uint32_t m = 0; m < s->r->members.n && s->listed.n < LISTED_MAX; m++) {
        tw_str path = s->r->members.v[m].path, base = tw_str_base(path);
        size_t n = path.n - base.n;
        bool here = dir.n ? n == dir.n + 1 && tw_str_starts(path, dir) : n == 0;
        if (here && s->r->members.v[m].type == TW_MEMBER_FILE) TW_PUSH(s->a, s->listed, base);
    }
}

static bool world_list(void *ctx, tw_str dir, uint32_t i, tw_str *ret_name)
{
    const view *v = ctx;
    resume *s = v->s;
    tw_memo_ask(s->memo, v->unit, TW_ASKED_LIST, dir);
    list_folder(s, dir);
    if (i >= s->listed.n) return false;
    *ret_name = s->listed.v[i];
    return true;
}

static bool at_hand(const resume *s, uint32_t m)
{
    return s->r->sources.v[m].p || s->have[m].p || !s->r->members.v[m].size;
}

/* As world_read and world_list answer. What is not at hand is not told: the file is evaluated then, so that it comes in
 * the same turn as without memos. */
static bool answer(void *ctx, tw_asked_kind kind, tw_str name, tw_sha256 *to)
{
    resume *s = ctx;
    if (kind == TW_ASKED_LIST) {
        list_folder(s, name);
        for (uint32_t i = 0; i < s->listed.n; i++) {
            tw_sha256_add(to, s->listed.v[i].p, s->listed.v[i].n);
            tw_sha256_add(to, "/", 1);
        }
        return true;
    }
    uint32_t m = member_of(s, name);
    const tw_member *x = m == TW_NO_MEMBER ? NULL : &s->r->members.v[m];
    bool here = x && at_hand(s, m), large = x && !here && is_large(s, x);
    tw_sha256_add(to, !x ? "-" : large ? ">" : "=", 1);
    if (x && !large) tw_sha256_add(to, x->sha256.b, sizeof x->sha256.b);
    return !x || here || large;
}

static bool has_text_of(void *ctx, uint32_t unit)
{
    const resume *s = ctx;
    const tw_unit *u = &s->r->units.v[unit];
    return u->parent != TW_NONE || at_hand(s, u->member);
}

static const tw_record *world_name(void *ctx, tw_str symbol, uint32_t *ret_value, tw_str *ret_path)
{
    const view *v = ctx;
    const resume *s = v->s;
    uint32_t unit;
    tw_memo_ask(s->memo, v->unit, TW_ASKED_VALUE, symbol);
    if (!tw_names_value(s->names, v->unit, symbol, &unit, ret_value) || unit == v->unit) return NULL;
    const tw_unit *u = &s->r->units.v[unit];
    *ret_path = s->r->members.v[u->member].path;
    return u->record;
}

static tw_world_has text_of(resume *s, const tw_unit *u, tw_str *ret)
{
    if (u->parent == TW_NONE) return content_of(s, u->member, ret);
    const tw_record *r = s->r->units.v[u->parent].record;
    *ret = tw_rec_str(r, r->layers[u->layer].bytes);
    return TW_WORLD_HERE;
}

static tw_str package_of(tw_str module, tw_str path)
{
    size_t dot = tw_str_rchr(module, '.');
    bool init = tw_str_eq(tw_str_base(path), TW_S("__init__.py"));
    return init ? module : tw_str_sub(module, 0, dot == TW_NPOS ? 0 : dot);
}

static tw_peer *world_peer(void *ctx, tw_str symbol, uint32_t *ret_off);

static tw_world world_of(view *v, tw_str text)
{
    uint32_t member = v->s->r->units.v[v->unit].member;
    tw_str module = v->s->p->module[member], path = v->s->r->members.v[member].path;
    return (tw_world){.ctx = v,
                      .path = path,
                      .module = module,
                      .package = package_of(module, path),
                      .source = text,
                      .read = world_read,
                      .list = world_list,
                      .name = world_name,
                      .peer = world_peer};
}

/* The text, its cost paid; false: not at hand, or too much. */
static bool paid(resume *s, uint32_t unit, tw_str *ret_text)
{
    const tw_unit *u = &s->r->units.v[unit];
    tw_reading *r = s->r;
    if (text_of(s, u, ret_text) != TW_WORLD_HERE) return false;
    if (r->insns + u->record->insns > r->engine->limits.insns) {
        tw_coverage_limit(r->coverage, TW_LIMIT_insns);
        return false;
    }
    r->insns += u->record->insns;
    return true;
}

static tw_ir *lowered(const resume *s, tw_arena *a, uint32_t unit, tw_str text)
{
    tw_ir *ir = TW_NEW(a, tw_ir);
    tw_lang lang = (tw_lang)s->r->units.v[unit].record->lang;
    tw_front_of(lang)->lower(a, text, &s->r->engine->limits, ir);
    return ir;
}

/* Each evaluation has peers of its own, but their text is read once. */
static const tw_ir *lowered_once(resume *s, uint32_t unit, tw_str text)
{
    for (uint32_t i = 0; i < s->read.n; i++)
        if (s->read.v[i].unit == unit) return s->read.v[i].ir;
    if (s->read.n >= PEERS) return lowered(s, s->one, unit, text);
    const tw_ir *ir = lowered(s, s->a, unit, text);
    TW_PUSH(s->a, s->read, ((text_read){unit, ir}));
    return ir;
}

static tw_peer *world_peer(void *ctx, tw_str symbol, uint32_t *ret_off)
{
    const view *v = ctx;
    resume *s = v->s;
    uint32_t unit;
    tw_str text;
    tw_memo_ask(s->memo, v->unit, TW_ASKED_PLACE, symbol);
    if (!tw_names_place(s->names, v->unit, symbol, &unit, ret_off) || unit == v->unit) return NULL;
    if (v->depth >= DEEP) return NULL;
    for (uint32_t i = 0; i < s->peers.n; i++)
        if (s->peers.v[i]->v.unit == unit) return s->peers.v[i]->peer;
    tw_lang lang = (tw_lang)s->r->units.v[unit].record->lang;
    if (s->peers.n >= PEERS || !tw_front_of(lang)) return NULL;
    if (!paid(s, unit, &text)) {
        s->memo->broken = true;
        return NULL;
    }
    s->memo->cost += s->r->units.v[unit].record->insns;
    const tw_ir *ir = lowered_once(s, unit, text);
    peer *p = TW_NEW(s->one, peer);
    p->v = (view){s, unit, v->depth + 1};
    p->world = world_of(&p->v, text);
    TW_PUSH(s->one, s->peers, p); /* NULL while it is made: it may ask for itself */
    bool before = s->later;
    s->later = false;
    p->peer = tw_peer_new(ir, &s->r->engine->limits, &p->world);
    if (s->later) p->v.unit = TW_NONE; /* made again when that is at hand */
    s->later |= before;
    return p->peer;
}

/* --- what is worth a second look --------------------------------------------------------------------- */
static bool has_word(tw_str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_find(s, tw_str_c(words[i])) != TW_NPOS) return true;
    return false;
}

/* f.bind(x), Function.prototype.call.bind(f): methods of functions, which every bundle calls and which run no text. */
static bool only_binds(tw_str s)
{
    size_t at = tw_str_find(s, TW_S("Function."));
    tw_str rest = at == TW_NPOS ? TW_S("") : tw_str_sub(s, at + 9, s.n);
    return at != TW_NPOS && !tw_str_starts(rest, TW_S("call")) && !tw_str_starts(rest, TW_S("apply"));
}

/* Does the value come out of a file or of a module of the package, as far as can be seen quickly? */
static bool from_package(const tw_record *r, uint32_t v)
{
    static const char *const readers[] = {"open", "read", "get_data", "resource_", "load", "getsource"};
    uint32_t stack[WALK], n = 1;
    stack[0] = v;
    for (uint32_t seen = 0; n && seen < WALK; seen++) {
        const tw_val *x = &r->vals[stack[--n]];
        const tw_rec_call *c = x->kind == TW_VAL_CALL ? &r->calls[x->a] : NULL;
        tw_str name = tw_rec_str(r, c ? c->symbol : x->kind == TW_VAL_SYMBOL ? x->a : 0);
        if ((c && has_word(name, readers, TW_COUNT(readers))) || (name.n && name.p[0] == '.')) return true;
        if (x->kind == TW_VAL_PARAM || tw_str_starts(name, TW_S("__"))) return true;
        uint32_t few[2] = {c ? c->callee : x->a, 0}, k = 0;
        bool one = c || x->kind == TW_VAL_MEMBER || x->kind == TW_VAL_INDEX || x->kind == TW_VAL_ITER ||
                   x->kind == TW_VAL_MUT;
        if (x->kind == TW_VAL_INDEX || x->kind == TW_VAL_MUT) few[1] = x->b;
        for (; one && k < 2 && n < WALK; k++)
            if (few[k]) stack[n++] = few[k];
        for (k = 0; c && k < c->n_args && n < WALK; k++) stack[n++] = r->args[c->args + k].value;
        for (k = 0; !one && k < x->n && n < WALK; k++) stack[n++] = r->lists[x->list + k];
    }
    return n > 0;
}

static bool is_constant(const tw_record *r, uint32_t v)
{
    uint8_t k = r->vals[v].kind;
    return (k >= TW_VAL_STR && k <= TW_VAL_NULL_) || k == TW_VAL_FUNC;
}

enum { JUDGED = 1, RUNS = 2, READS_FILE = 4 };

/* What a callee's name says of it, looked at once for each name of the record. */
static uint8_t judged(uint8_t *seen, const tw_record *r, uint32_t symbol)
{
    static const char *const runs[] = {
        "eval",           "Function",   "vm.",         "os.system", "os.popen",   "subprocess.",
        "child_process.", "setTimeout", "pickle.load", "dill.load", "joblib.load"};
    static const char *const files[] = {"execfile", "runpy.run_path", "load_source", "SourceFileLoader",
                                        "spec_from_file_location"};
    if (!seen[symbol]) {
        tw_str s = tw_rec_str(r, symbol);
        bool binds = only_binds(s), file = !binds && has_word(s, files, TW_COUNT(files)),
             run = !binds && has_word(s, runs, TW_COUNT(runs));
        seen[symbol] = (uint8_t)(JUDGED | (run ? RUNS : 0) | (file ? READS_FILE : 0));
    }
    return seen[symbol];
}

/* Calls whose argument is run, and is not known. */
static bool runs_unknown(tw_arena *a, const tw_record *r)
{
    for (uint32_t i = 0; i < r->n_gaps; i++)
        if (r->gaps[i].reason == TW_GAP_OPAQUE_LAYER) return true;
    uint8_t *seen = TW_NEWN(a, uint8_t, (size_t)r->n_strings + 1);
    for (uint32_t i = 0; i < r->n_calls; i++) {
        const tw_rec_call *c = &r->calls[i];
        if (!tw_rec_str(r, c->symbol).n || !c->n_args || c->flags & TW_RC_NEVER) continue;
        uint8_t is = judged(seen, r, c->symbol);
        if (is & READS_FILE) return true;
        if (!(is & RUNS)) continue;
        bool last = tw_str_eq(tw_rec_str(r, c->symbol), TW_S("Function"));
        uint32_t v = r->args[c->args + (last ? c->n_args - 1 : 0)].value;
        if (!is_constant(r, v) && from_package(r, v)) return true;
    }
    return false;
}

static bool is_candidate(tw_arena *a, const tw_unit *u)
{
    tw_lang lang = (tw_lang)u->record->lang, family = tw_lang_family(lang);
    bool code = family == TW_LANG_PYTHON || family == TW_LANG_JAVASCRIPT;
    return code && tw_front_of(lang) && runs_unknown(a, u->record);
}

typedef struct todo {
    uint32_t unit, n_layers; /* n_layers: of its own record */
} todo;

/* --- taking what was found ------------------------------------------------------------------------------ */
static bool same_gap(const tw_gap *g, const tw_unit *u, uint32_t off, uint32_t len)
{
    uint32_t unit = u->parent == TW_NONE ? TW_NO_UNIT : u->parent;
    return g->member == u->member && g->reason == TW_GAP_OPAQUE_LAYER && g->off == off && g->len == len &&
           g->unit == unit;
}

static void drop_gap(tw_coverage *c, const tw_unit *u, uint32_t off, uint32_t len)
{
    for (uint32_t i = 0; i < c->gaps.n; i++) {
        if (!same_gap(&c->gaps.v[i], u, off, len)) continue;
        memmove(&c->gaps.v[i], &c->gaps.v[i + 1], (c->gaps.n - i - 1) * sizeof *c->gaps.v);
        c->gaps.n--;
        return;
    }
}

static void explain_gaps(tw_coverage *c, const tw_unit *u, const char *why)
{
    for (uint32_t i = 0; why && i < u->record->n_gaps; i++)
        for (uint32_t k = 0; k < c->gaps.n; k++)
            if (same_gap(&c->gaps.v[k], u, u->record->gaps[i].off, u->record->gaps[i].len) &&
                u->record->gaps[i].reason == TW_GAP_OPAQUE_LAYER && !c->gaps.v[k].why)
                c->gaps.v[k].why = why;
}

static uint32_t call_at(const tw_record *r, const tw_record *of, const tw_rec_layer *l)
{
    if (l->call >= of->n_calls) return TW_NONE;
    tw_str symbol = tw_rec_str(of, of->calls[l->call].symbol);
    for (uint32_t i = 0; i < r->n_calls; i++)
        if (r->calls[i].off == l->off && r->calls[i].len == l->len &&
            tw_str_eq(tw_rec_str(r, r->calls[i].symbol), symbol))
            return i;
    return TW_NONE;
}

/* A place whose layer was known before. */
static bool has_place(const tw_record *r, const tw_rec_layer *l, uint32_t n_old)
{
    for (uint32_t i = 0; i < n_old; i++)
        if (r->layers[i].executed && r->layers[i].off == l->off && r->layers[i].len == l->len) return true;
    return false;
}

/* A pickle that the file itself holds: its calls are known by now. */
static bool has_calls(const tw_record *r, const tw_record *of, const tw_rec_layer *l)
{
    tw_str symbol = tw_rec_str(of, of->calls[l->call].symbol);
    if (!tw_str_ends(symbol, TW_S(".loads")) && !tw_str_ends(symbol, TW_S(".load"))) return false;
    for (uint32_t i = 0; i < r->n_calls; i++)
        if (r->calls[i].off == l->off && r->calls[i].len == l->len && r->calls[i].flags & TW_RC_REFLECTED)
            return true;
    return false;
}

static bool has_text(const tw_record *r, tw_str text)
{
    for (uint32_t i = 0; i < r->n_layers; i++)
        if (tw_str_eq(tw_rec_str(r, r->layers[i].bytes), text)) return true;
    return false;
}

/* It is read as a file by itself: the join sees the edge to it. What exec() runs has the names of the file around it
 * besides, and its place. */
static bool is_file(const resume *s, uint32_t unit, uint32_t call, const tw_rec_layer *l, tw_str text)
{
    tw_digest d = tw_sha256_of(text);
    const uint64_t *read = tw_map_get(&s->known, tw_str_of((const char *)d.b, sizeof d.b));
    uint32_t as = read ? (uint32_t)*read - 1 : unit;
    const tw_record *of = s->r->units.v[unit].record;
    bool here = tw_str_eq(tw_rec_str(of, of->calls[call].symbol), TW_S("exec"));
    return as != unit && !here &&
           tw_lang_family((tw_lang)s->r->units.v[as].record->lang) == tw_lang_family((tw_lang)l->lang);
}

/* A copy of the record with room for one more layer: the shared one stays as it is. */
static tw_record *grown(tw_arena *a, const tw_record *r)
{
    tw_record *g = TW_NEW(a, tw_record);
    *g = *r;
    g->strings = TW_NEWN(a, tw_str, (size_t)r->n_strings + 2);
    memcpy(g->strings, r->strings, r->n_strings * sizeof *g->strings);
    g->layers = TW_NEWN(a, tw_rec_layer, (size_t)r->n_layers + 1);
    if (r->n_layers) memcpy(g->layers, r->layers, r->n_layers * sizeof *g->layers);
    return g;
}

static void add_layer(resume *s, uint32_t unit, uint32_t call, const tw_record *found, const tw_rec_layer *l)
{
    tw_unit *u = &s->r->units.v[unit];
    tw_record *g = grown(s->r->job, u->record);
    g->strings[g->n_strings] = tw_arena_str(s->r->job, tw_rec_str(found, l->bytes));
    g->strings[g->n_strings + 1] = tw_arena_str(s->r->job, tw_rec_str(found, l->recipe));
    g->layers[g->n_layers] = *l;
    g->layers[g->n_layers].call = call;
    g->layers[g->n_layers].func = g->calls[call].func;
    g->layers[g->n_layers].bytes = g->n_strings;
    g->layers[g->n_layers].recipe = g->strings[g->n_strings + 1].n ? g->n_strings + 1 : 0;
    g->n_strings += 2;
    g->n_layers++;
    u->record = g;
}

/* Places that the file alone did not know, and that run something known now. */
static void drop_resolved(tw_coverage *c, const tw_unit *u, const tw_record *found)
{
    bool all = true;
    for (uint32_t i = 0; i < found->n_gaps; i++) all = all && found->gaps[i].reason != TW_GAP_LIMIT;
    for (uint32_t i = 0; all && i < u->record->n_gaps; i++) {
        const tw_rec_gap *g = &u->record->gaps[i];
        bool still = g->reason != TW_GAP_OPAQUE_LAYER;
        for (uint32_t k = 0; k < found->n_gaps && !still; k++)
            still = found->gaps[k].reason == g->reason && found->gaps[k].off == g->off &&
                    found->gaps[k].len == g->len;
        if (!still) drop_gap(c, u, g->off, g->len);
    }
}

static void take(resume *s, const todo *t, const tw_record *found)
{
    for (uint32_t i = 0; i < found->n_layers; i++) {
        const tw_rec_layer *l = &found->layers[i];
        const tw_unit *u = &s->r->units.v[t->unit];
        tw_str text = tw_rec_str(found, l->bytes);
        uint32_t call = l->executed ? call_at(u->record, found, l) : TW_NONE;
        if (call == TW_NONE || found->calls[l->call].flags & TW_RC_NEVER) continue;
        if (tw_str_find(text, TW_S(TW_WORLD_ROOT)) != TW_NPOS || has_place(u->record, l, t->n_layers) ||
            has_calls(u->record, found, l))
            continue;
        drop_gap(s->r->coverage, u, l->off, l->len);
        if (!has_text(u->record, text) && !is_file(s, t->unit, call, l, text))
            add_layer(s, t->unit, call, found, l);
    }
}

/* --- one file ------------------------------------------------------------------------------------------------ */
static void take_one(resume *s, const todo *t, const tw_record *found)
{
    s->r->steps += found->steps;
    take(s, t, found);
    drop_resolved(s->r->coverage, &s->r->units.v[t->unit], found);
}

static void evaluate_anew(resume *s, const todo *t, tw_arena *a, tw_str text)
{
    tw_memo *m = s->memo;
    view v = {s, t->unit, 0};
    tw_ir *ir = lowered(s, a, t->unit, text);
    tw_world w = world_of(&v, text);
    for (w.choice = 0; w.choice == 0 || w.choice < w.n_choices; w.choice++) {
        tw_record *found = TW_NEW(a, tw_record);
        tw_evaluate_in(a, ir, &s->r->engine->limits, &w, found);
        TW_PUSH(a, m->found, found);
    }
    m->why = w.why ? tw_str_c(w.why) : TW_S("");
    for (uint32_t i = 0; i < s->peers.n; i++)
        if (s->peers.v[i]->peer) tw_peer_free(s->peers.v[i]->peer);
    memset(&s->peers, 0, sizeof s->peers);
    if (s->later && !s->last) return;
    for (uint32_t i = 0; i < m->found.n; i++) take_one(s, t, m->found.v[i]);
    if (!s->later) tw_memo_put(m, s->r);
}

/* What is known of it, and what its functions of other files cost, is paid. */
static bool is_kept(resume *s, tw_memo *m)
{
    tw_reading *r = s->r;
    if (!tw_memo_get(m) || m->cost > r->engine->limits.insns - r->insns) return false;
    r->insns += m->cost;
    return true;
}

/* False: it is to be done again, once what it wants is at hand. */
static bool evaluate(resume *s, const todo *t)
{
    tw_reading *r = s->r;
    tw_str text;
    uint32_t n_before = r->units.v[t->unit].record->n_layers;
    uint64_t spent = r->insns;
    s->later = false;
    tw_memo memo = {.broken = true}, again;
    s->memo = &memo;
    if (!paid(s, t->unit, &text)) return !s->later;
    tw_arena *a = s->one = tw_arena_new(0);
    tw_memo_begin(&again, a, &s->answers, t->unit);
    if (is_kept(s, &again)) {
        memo = again;
        for (uint32_t i = 0; i < memo.found.n; i++) take_one(s, t, memo.found.v[i]);
    } else {
        tw_memo_begin(&memo, a, &s->answers, t->unit);
        evaluate_anew(s, t, a, text);
    }
    if (s->later) r->insns = spent; /* it is paid when it is done */
    if (!s->later && memo.why.n)
        explain_gaps(r->coverage, &r->units.v[t->unit], tw_arena_fmt(r->job, "%.*s", TW_FMT(memo.why)).p);
    tw_arena_free(a);
    if (r->units.v[t->unit].record->n_layers > n_before) tw_reading_layers(r, t->unit, n_before);
    return !s->later;
}

/* The members that were asked for, in one pass over the artifact. */
static void fetch(resume *s)
{
    tw_findings findings;
    tw_coverage coverage;
    tw_arena *a = tw_arena_new(0);
    tw_findings_init(&findings, a, 0);
    tw_coverage_init(&coverage, a);
    tw_artifact *in =
        tw_artifact_open(a, s->in->bytes, s->in->file_name, &s->r->engine->limits, &findings, &coverage);
    tw_member m;
    tw_str data;
    while (tw_artifact_next(in, &m, &data)) {
        if (m.index >= s->r->members.n || s->state[m.index] != WANTED) continue;
        bool room = data.p && s->held + data.n <= s->r->engine->limits.kept_bytes;
        if (!room) tw_coverage_limit(s->r->coverage, TW_LIMIT_kept_bytes);
        if (room) s->have[m.index] = tw_arena_str(s->a, data);
        s->held += room ? data.n : 0;
        s->state[m.index] = room ? 0 : GONE;
    }
    tw_artifact_close(in);
    tw_arena_free(a);
    for (uint32_t i = 0; i < s->r->members.n; i++)
        if (s->state[i] == WANTED) s->state[i] = GONE;
    s->wants = false;
}

static void index_members(resume *s)
{
    tw_map_init(&s->paths, s->a);
    tw_map_init(&s->known, s->a);
    s->have = TW_NEWN(s->a, tw_str, (size_t)s->r->members.n + 1);
    s->state = TW_NEWN(s->a, uint8_t, (size_t)s->r->members.n + 1);
    for (uint32_t i = 0; i < s->r->members.n; i++)
        *tw_map_put(&s->paths, s->r->members.v[i].path, NULL) = i + 1ull;
    for (uint32_t i = 0; i < s->r->units.n; i++) {
        const tw_unit *u = &s->r->units.v[i];
        if (u->parent != TW_NONE) continue;
        tw_str key = {(const char *)u->sha256.b, sizeof u->sha256.b};
        uint64_t *slot = tw_map_put(&s->known, key, NULL);
        if (!*slot) *slot = i + 1ull;
    }
}

void tw_resume(tw_reading *r, const tw_input *in, const tw_package *p, uint32_t first)
{
    resume s = {.r = r, .in = in, .p = p};
    TW_VEC(todo) list = {0};
    uint32_t seen = first, done = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        tw_arena *a = tw_arena_new(0);
        for (list.n = 0; seen < r->units.n; seen++)
            if (is_candidate(a, &r->units.v[seen]) && done++ < UNITS_MAX)
                TW_PUSH(r->job, list, ((todo){seen, r->units.v[seen].record->n_layers}));
        if (list.n && !s.a) {
            s.a = tw_arena_new(0);
            index_members(&s);
        }
        tw_join join = {.arena = a,
                        .package = p,
                        .units = r->units.v,
                        .n_units = r->units.n,
                        .limits = &r->engine->limits};
        s.names = list.n ? tw_names_open(&join) : NULL;
        s.answers = (tw_memo_view){.arena = a,
                                   .r = r,
                                   .p = p,
                                   .names = s.names,
                                   .rows = TW_NEWN(a, tw_memo_rows *, (size_t)r->units.n + 1),
                                   .ctx = &s,
                                   .content = answer,
                                   .has_text = has_text_of};
        for (uint32_t again = 0; again < FETCHES && list.n; again++) {
            uint32_t left = 0;
            s.last = again + 1 == FETCHES;
            for (uint32_t i = 0; i < list.n; i++)
                if (!evaluate(&s, &list.v[i])) list.v[left++] = list.v[i];
            list.n = left;
            if (!s.wants) break;
            fetch(&s);
        }
        tw_arena_free(a);
        if (seen >= r->units.n) break;
    }
    if (s.a) tw_arena_free(s.a);
}
