/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/units.h"

#include "base/cursor.h"
#include "engine/capabilities/capabilities.h"
#include "engine/languages/languages.h"

enum { HELD_MAX = 16 << 20 }; /* sources kept so that evidence needs no second pass */

static void add_u64(tw_sha256 *s, uint64_t v)
{
    uint8_t le[8];
    for (int i = 0; i < 8; i++) le[i] = (uint8_t)(v >> (8 * i));
    tw_sha256_add(s, le, sizeof le);
}

/* What a record depends on: the bytes, who lowered them, and the limits. Never a table or a rule. */
tw_digest tw_record_key(const tw_reading *r, const tw_digest *content, const tw_front_end *front)
{
    tw_sha256 s;
    tw_sha256_init(&s);
    tw_sha256_add(&s, content->b, sizeof content->b);
    add_u64(&s, front->lang);
    add_u64(&s, front->version);
    add_u64(&s, tw_evaluate_version);
    tw_sha256_add(&s, r->limits_hash.b, sizeof r->limits_hash.b);
    return tw_sha256_end(&s);
}

static const tw_record *known_record(tw_reading *r, const tw_digest *key)
{
    if (!r->io || !r->io->get) return NULL;
    tw_str bundle = r->io->get(r->io->ctx, key);
    if (!bundle.p) return NULL;
    tw_record *rec = TW_NEW(r->job, tw_record);
    return tw_record_decode(r->job, tw_arena_str(r->job, bundle), rec, NULL) == TW_OK ? rec : NULL;
}

static const tw_record *make_record(tw_reading *r, const tw_digest *key, const tw_front_end *front,
                                    tw_str text)
{
    tw_mark mark = tw_arena_mark(r->scratch);
    tw_ir *ir = TW_NEW(r->scratch, tw_ir);
    tw_record *rec = TW_NEW(r->job, tw_record);
    front->lower(r->scratch, text, &r->engine->limits, ir);
    tw_evaluate(r->job, ir, &r->engine->limits, rec);
    tw_arena_reset(r->scratch, mark);
    if (r->io && r->io->put) {
        tw_buf_clear(&r->bundle);
        tw_record_encode(rec, &r->bundle);
        r->io->put(r->io->ctx, key, tw_buf_str(&r->bundle));
    }
    return rec;
}

/* What is missing of a layer: it runs when the function that holds it does. */
static void layer_gap_of(tw_reading *r, const tw_unit *u, tw_gap_reason reason, uint64_t off, uint64_t len,
                         bool unread)
{
    const tw_rec_layer *l = &r->units.v[u->parent].record->layers[u->layer];
    uint64_t of = tw_rec_str(r->units.v[u->parent].record, l->bytes).n;
    if (!l->executed) { /* text that looks like code: nothing is known to run it */
        tw_coverage_gap(r->coverage, u->member, reason, off, len);
        return;
    }
    tw_coverage_layer_gap(
        r->coverage, &(tw_gap){u->member, (uint8_t)reason, off, len, u->parent, l->func, of, NULL, unread});
}

/* A layer that is not read at all. */
static void unread_layer(tw_reading *r, const tw_unit *u, tw_gap_reason reason, uint64_t off, uint64_t len)
{
    layer_gap_of(r, u, reason, off, len, true);
}

static void unit_gap(tw_reading *r, const tw_unit *u, tw_gap_reason reason, uint64_t off, uint64_t len)
{
    if (u->parent == TW_NONE)
        tw_coverage_gap(r->coverage, u->member, reason, off, len);
    else
        layer_gap_of(r, u, reason, off, len, false);
}

/* False when the artifact's allowance is used up: the text stays unanalysed. */
static bool spend(tw_reading *r, const tw_unit *u)
{
    const tw_record *rec = u->record;
    if (r->insns + rec->insns > r->engine->limits.insns) {
        tw_coverage_limit(r->coverage, TW_LIMIT_insns);
        if (u->parent == TW_NONE)
            tw_coverage_gap(r->coverage, u->member, TW_GAP_LIMIT, 0, rec->n_bytes);
        else
            unread_layer(r, u, TW_GAP_LIMIT, 0, rec->n_bytes);
        return false;
    }
    r->insns += rec->insns;
    r->steps += rec->steps;
    return true;
}

static void note_record(tw_reading *r, const tw_unit *u)
{
    const tw_record *rec = u->record;
    for (uint32_t i = 0; i < rec->n_gaps; i++) {
        const tw_rec_gap *g = &rec->gaps[i];
        unit_gap(r, u, (tw_gap_reason)g->reason, g->off, g->len);
        if (g->reason == TW_GAP_LIMIT && g->len) tw_coverage_limit(r->coverage, TW_LIMIT_tokens_per_kb);
    }
    for (uint32_t i = 0; i < rec->n_findings; i++) {
        const tw_rec_finding *f = &rec->findings[i];
        tw_finding_add(r->findings, (tw_finding_id)f->id, u->member, f->off, "%.*s",
                       TW_FMT(tw_rec_str(rec, f->detail)));
    }
}

static bool add_unit(tw_reading *r, tw_unit u, const tw_front_end *front, tw_str text)
{
    tw_digest key = tw_record_key(r, &u.sha256, front);
    u.record = known_record(r, &key);
    if (!u.record) u.record = make_record(r, &key, front, text);
    r->n_parsed++;
    if (!spend(r, &u)) return false;
    TW_PUSH(r->job, r->units, u);
    note_record(r, &u);
    return true;
}

/* A text that is one of those around it, in the same language: whatever it holds was read there. */
static bool is_cycle(const tw_reading *r, const tw_unit *u, tw_lang lang)
{
    uint32_t at = u->parent;
    for (; at != TW_NONE; at = r->units.v[at].parent)
        if (tw_digest_eq(&r->units.v[at].sha256, &u->sha256) && r->units.v[at].record->lang == lang)
            return true;
    return false;
}

static void add_layers(tw_reading *r, uint32_t unit, uint32_t first)
{
    const tw_limits *lim = &r->engine->limits;
    tw_unit parent = r->units.v[unit]; /* a copy: units move as layers come */
    for (uint32_t i = first; i < parent.record->n_layers; i++) {
        const tw_rec_layer *layer = &parent.record->layers[i];
        const tw_front_end *front = tw_front_of((tw_lang)layer->lang);
        tw_str text = tw_rec_str(parent.record, layer->bytes);
        tw_unit u = {parent.member, unit, i, (uint8_t)(parent.depth + 1), {{0}}, NULL};
        if (!front) {
            unread_layer(r, &u, TW_GAP_NO_FRONT_END, layer->off, text.n);
            continue;
        }
        bool deep = parent.depth + 1u > lim->layer_depth;
        if (deep || r->n_layers >= lim->layers) {
            tw_coverage_limit(r->coverage, deep ? TW_LIMIT_layer_depth : TW_LIMIT_layers);
            unread_layer(r, &u, TW_GAP_LIMIT, layer->off, text.n);
            continue;
        }
        u.sha256 = tw_sha256_of(text);
        if (is_cycle(r, &u, (tw_lang)layer->lang)) {
            tw_coverage_limit(r->coverage, TW_LIMIT_layer_depth);
            unread_layer(r, &u, TW_GAP_LIMIT, layer->off, text.n);
            continue;
        }
        r->n_layers++;
        add_unit(r, u, front, text);
    }
}

void tw_reading_layers(tw_reading *r, uint32_t unit, uint32_t first)
{
    uint32_t n = r->units.n;
    add_layers(r, unit, first);
    for (uint32_t i = n; i < r->units.n; i++) add_layers(r, i, 0);
}

/* A text and, breadth-first, all layers in it. */
static void analyse(tw_reading *r, const tw_member *m, const tw_front_end *front, tw_str data)
{
    uint32_t first = r->units.n;
    tw_unit u = {m->index, TW_NONE, TW_NONE, 0, m->sha256, NULL};
    if (!add_unit(r, u, front, data)) {
        r->coverage->unanalysed += m->size;
        return;
    }
    uint64_t lost = 0;
    const tw_record *rec = r->units.v[first].record;
    for (uint32_t i = 0; i < rec->n_gaps; i++)
        if (rec->gaps[i].reason == TW_GAP_SYNTAX || rec->gaps[i].reason == TW_GAP_LIMIT ||
            rec->gaps[i].reason == TW_GAP_FORMAT || rec->gaps[i].reason == TW_GAP_NATIVE)
            lost += rec->gaps[i].len;
    uint64_t cap = r->engine->limits.source_bytes;
    bool native = rec->lang == TW_LANG_NATIVE; /* its tables stand at the end: it is read whole */
    if (data.n > cap && !native) { /* what no front end saw: padding must not hide what follows it */
        tw_coverage_limit(r->coverage, TW_LIMIT_source_bytes);
        tw_coverage_gap(r->coverage, m->index, TW_GAP_TOO_LARGE, cap, data.n - cap);
        lost += data.n - cap;
    }
    if (lost > m->size) lost = m->size;
    r->coverage->unanalysed += lost;
    r->coverage->analysed += m->size - lost;
    for (uint32_t i = first; i < r->units.n; i++) add_layers(r, i, 0);
    if (!native && r->held + data.n <= HELD_MAX) {
        r->sources.v[m->index] = tw_arena_str(r->job, data);
        r->held += data.n;
    }
}

bool tw_reading_late(tw_reading *r, const tw_member *m, const tw_front_end *front, tw_str data)
{
    tw_digest key = tw_record_key(r, &m->sha256, front);
    const tw_record *rec = known_record(r, &key);
    if (!rec) rec = make_record(r, &key, front, data);
    uint64_t lost = 0;
    for (uint32_t i = 0; i < rec->n_gaps; i++)
        if (rec->gaps[i].reason == TW_GAP_SYNTAX) lost += rec->gaps[i].len;
    if (lost > m->size / 4) return false;
    r->coverage->inert -= m->size < r->coverage->inert ? m->size : r->coverage->inert;
    analyse(r, m, front, data);
    return true;
}

/* Content that could not be had has its gap from the reader already. */
static void account(tw_reading *r, const tw_member *m, tw_str data)
{
    tw_language lang = tw_language_of(m->path, data, m->kind);
    if (!data.p && m->size) {
        r->coverage->unanalysed += m->size;
    } else if (lang.front) {
        analyse(r, m, lang.front, data);
    } else if (lang.what == TW_TEXT_INERT) {
        r->coverage->inert += m->size;
    } else {
        bool native = lang.what == TW_TEXT_NATIVE;
        r->coverage->unanalysed += m->size;
        tw_coverage_gap(r->coverage, m->index, native ? TW_GAP_NATIVE : TW_GAP_NO_FRONT_END, 0, m->size);
        if (native) tw_finding_add(r->findings, TW_FIND_NATIVE_BINARY, m->index, 0, "%s", lang.name);
    }
}

static void keep(tw_reading *r, const tw_member *m, tw_str data)
{
    for (size_t i = 0; i < r->engine->n_ecosystems; i++) {
        if (!r->engine->ecosystems[i]->keep(m)) continue;
        if (r->kept_bytes + data.n > r->engine->limits.kept_bytes) {
            tw_coverage_limit(r->coverage, TW_LIMIT_kept_bytes);
            return;
        }
        r->kept_bytes += data.n;
        TW_PUSH(r->job, r->kept, ((tw_kept){m->index, m->path, tw_arena_str(r->job, data)}));
        return;
    }
}

/* setup.py -> data.txt: what the link runs was not read as code. */
static void check_link(tw_reading *r, const tw_member *m)
{
    bool link = m->type == TW_MEMBER_SYMLINK || m->type == TW_MEMBER_HARDLINK;
    if (!link || !tw_language_of(m->path, TW_S(""), TW_KIND_TEXT).front) return;
    bool known = m->target < r->members.n;
    if (known && tw_language_of(r->members.v[m->target].path, TW_S(""), TW_KIND_TEXT).front) return;
    tw_coverage_gap(r->coverage, m->index, TW_GAP_FORMAT, 0, known ? r->members.v[m->target].size : 0);
}

void tw_reading_member(tw_reading *r, const tw_member *m, tw_str data)
{
    if (m->replaces < r->members.n) r->members.v[m->replaces].flags |= TW_MF_SHADOWED;
    check_link(r, m);
    TW_PUSH(r->job, r->members, *m);
    TW_PUSH(r->job, r->sources, ((tw_str){NULL, 0}));
    if (m->type != TW_MEMBER_FILE) return;
    r->n_files++;
    if (data.p) keep(r, m, data);
    if (!(m->flags & TW_MF_CONTAINER)) account(r, m, data);
}

/* ---- compiled Python and its source ---- */

/* Python passes over a .pyc whose header names another size than its source has. Unknown headers count as run. */
static bool is_stale(tw_str pyc, uint64_t source_size)
{
    enum { MAGIC_37 = 3390, MAGIC_END = 4000, HASHED = 1 };
    tw_cur c = tw_cur_of(pyc);
    uint16_t magic = tw_cur_u16le(&c);
    bool flags = magic >= MAGIC_37 && magic < MAGIC_END;
    tw_cur_skip(&c, 2);
    if (flags && tw_cur_u32le(&c) & HASHED) return false;
    tw_cur_skip(&c, 4);
    uint32_t size = tw_cur_u32le(&c);
    return pyc.p && !c.bad && size != (uint32_t)source_size;
}

static void words_of(tw_map *words, const tw_record *rec)
{
    for (uint32_t i = 0; i < rec->n_calls; i++)
        tw_map_put(words, tw_rec_str(rec, rec->calls[i].symbol), NULL);
    for (uint32_t i = 0; i < rec->n_imports; i++)
        tw_map_put(words, tw_rec_str(rec, rec->imports[i].module), NULL);
}

/* os.system, exec: what a value's method is called depends on what evaluation made of the value. */
static bool is_plain(tw_str symbol)
{
    for (size_t i = 0; i < symbol.n; i++)
        if (symbol.p[i] && strchr("()[]?", symbol.p[i])) return false;
    return symbol.n && symbol.p[0] != '.';
}

/* A module or a call with a meaning that the source lacks; empty: none. */
static tw_str only_compiled(tw_arena *a, const tw_record *pyc, const tw_record *source)
{
    tw_map words;
    tw_map_init(&words, a);
    words_of(&words, source);
    for (uint32_t i = 0; i < pyc->n_imports; i++) {
        tw_str module = tw_rec_str(pyc, pyc->imports[i].module);
        if (module.n && !tw_map_get(&words, module)) return module;
    }
    for (uint32_t i = 0; i < pyc->n_calls; i++) {
        tw_str symbol = tw_rec_str(pyc, pyc->calls[i].symbol);
        uint32_t n = 0;
        if (is_plain(symbol) && !tw_map_get(&words, symbol) && tw_api_find(TW_LANG_PYTHON, symbol, &n) && n)
            return symbol;
    }
    return TW_S("");
}

static void check_compiled(tw_reading *r, const tw_unit *u, const tw_map *files)
{
    tw_str path = r->members.v[u->member].path, source = tw_pyc_source(r->scratch, path);
    const uint64_t *at = source.n ? tw_map_get(files, source) : NULL;
    if (!at) {
        tw_finding_add(r->findings, TW_FIND_BYTECODE_ONLY, u->member, 0, "%.*s", TW_FMT(path));
        return;
    }
    if (!*at) return; /* no text that was read */
    const tw_unit *beside = &r->units.v[*at - 1];
    if (is_stale(r->sources.v[u->member], r->members.v[beside->member].size)) return;
    tw_str what = only_compiled(r->scratch, u->record, beside->record);
    if (what.n)
        tw_finding_add(r->findings, TW_FIND_BYTECODE_DIFFERS, u->member, 0, "%.*s: %.*s", TW_FMT(path),
                       TW_FMT(what));
}

void tw_reading_end(tw_reading *r)
{
    tw_map files; /* path -> its unit + 1 */
    tw_map_init(&files, r->scratch);
    for (uint32_t i = 0; i < r->members.n; i++)
        if (r->members.v[i].type == TW_MEMBER_FILE) *tw_map_put(&files, r->members.v[i].path, NULL) = 0;
    for (uint32_t i = 0; i < r->units.n; i++) {
        const tw_unit *u = &r->units.v[i];
        if (u->parent == TW_NONE && u->record->lang == TW_LANG_PYTHON)
            *tw_map_put(&files, r->members.v[u->member].path, NULL) = i + 1;
    }
    for (uint32_t i = 0; i < r->units.n; i++) {
        const tw_unit *u = &r->units.v[i];
        if (u->parent == TW_NONE && u->record->lang == TW_LANG_BYTECODE) check_compiled(r, u, &files);
    }
}
