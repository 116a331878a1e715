/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/resume_memo.h"

#include "base/cursor.h"
#include "engine/languages/languages.h"

enum { VERSION = 3, STEPS_MAX = 256, FOUND_MAX = 64, ROWS_MAX = 1 << 20 };
enum { QUESTION, RESULT };
static const char magic[] = "TWIP";

static void add_text(tw_sha256 *s, tw_str text)
{
    uint32_t n = (uint32_t)text.n;
    tw_sha256_add(s, &n, sizeof n);
    tw_sha256_add(s, text.p, text.n);
}

static void add_number(tw_sha256 *s, uint32_t v)
{
    tw_sha256_add(s, &v, sizeof v);
}

/* --- what a unit's names stand for --------------------------------------------------------------- */
typedef struct name_row {
    tw_str name;
    tw_name_ref ref;
} name_row;
struct tw_memo_rows {
    tw_map names; /* -> index in rows */
    TW_VEC(name_row) rows;
    tw_digest digest; /* of all that, once made */
    bool hashed;
};

static tw_str path_of(const tw_memo_view *v, uint32_t unit)
{
    return v->r->members.v[v->r->units.v[unit].member].path;
}

static void add_row(const tw_memo_view *v, tw_memo_rows *to, uint32_t unit, tw_str name)
{
    bool is_new = false;
    if (!name.n || tw_str_find(name, TW_S("()")) != TW_NPOS) return; /* nobody asks for those */
    uint64_t *at = tw_map_put(&to->names, name, &is_new);
    if (!is_new) return;
    *at = to->rows.n;
    TW_PUSH(v->arena, to->rows, ((name_row){name, tw_names_ref(v->names, unit, name)}));
}

static tw_str imported(const tw_memo_view *v, const tw_record *r, const tw_rec_import *im)
{
    static const char dots[] = "................";
    tw_str module = tw_rec_str(r, im->module), name = tw_rec_str(r, im->name);
    int level = im->level < sizeof dots - 1 ? im->level : (int)sizeof dots - 1;
    return tw_arena_fmt(v->arena, "%.*s%.*s%s%.*s", level, dots, TW_FMT(module),
                        module.n && name.n ? "." : "", TW_FMT(name));
}

static tw_memo_rows *rows_of(const tw_memo_view *v, uint32_t unit)
{
    if (v->rows[unit]) return v->rows[unit];
    const tw_record *r = v->r->units.v[unit].record;
    tw_memo_rows *made = v->rows[unit] = TW_NEW(v->arena, tw_memo_rows);
    tw_map_init(&made->names, v->arena);
    for (uint32_t i = 0; i < r->n_calls; i++) add_row(v, made, unit, tw_rec_str(r, r->calls[i].symbol));
    for (uint32_t i = 0; i < r->n_vals; i++)
        if (r->vals[i].kind == TW_VAL_SYMBOL) add_row(v, made, unit, tw_rec_str(r, r->vals[i].a));
    for (uint32_t i = 0; i < r->n_imports; i++) add_row(v, made, unit, imported(v, r, &r->imports[i]));
    return made;
}

/* --- answers ------------------------------------------------------------------------------------- */
static void add_identity(const tw_memo_view *v, tw_sha256 *s, uint32_t unit)
{
    const tw_unit *u = &v->r->units.v[unit];
    tw_digest key = tw_record_key(v->r, &u->sha256, tw_front_of((tw_lang)u->record->lang));
    tw_sha256_add(s, key.b, sizeof key.b);
    add_text(s, path_of(v, unit));
    add_text(s, v->p->module[u->member]);
}

/* A value of another file as far as it crosses over (evaluate_package.c). */
static void add_value(const tw_memo_view *v, tw_sha256 *s, uint32_t unit, uint32_t id)
{
    const tw_record *r = v->r->units.v[unit].record;
    const tw_val *x = &r->vals[id < r->n_vals ? id : 0];
    add_number(s, (uint32_t)x->kind << 8 | x->flags);
    bool text = x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES || x->kind == TW_VAL_FLOAT;
    bool number = x->kind == TW_VAL_INT || x->kind == TW_VAL_BOOL || x->kind == TW_VAL_NULL_;
    if (text) add_text(s, tw_rec_str(r, x->a));
    if (number) add_number(s, x->a), add_number(s, x->b);
    if (x->kind != TW_VAL_SEQ && x->kind != TW_VAL_MAP) return; /* no other kind crosses over */
    add_identity(v, s, unit);
    add_number(s, id);
}

/* Which of the functions of its name: with the file's identity that says all. */
static void add_func(const tw_memo_view *v, tw_sha256 *s, uint32_t unit, uint32_t id)
{
    const tw_record *r = v->r->units.v[unit].record;
    uint32_t before = 0;
    for (uint32_t i = 0; i < id; i++) before += r->funcs[i].qual == r->funcs[id].qual;
    add_text(s, tw_rec_str(r, r->funcs[id].qual));
    add_number(s, before);
}

static void add_ref(const tw_memo_view *v, tw_sha256 *s, const tw_name_ref *ref)
{
    add_number(s, ref->kind);
    if (ref->kind) add_text(s, path_of(v, ref->unit));
    if (ref->kind == 1) add_value(v, s, ref->unit, ref->id);
    if (ref->kind == 2) add_func(v, s, ref->unit, ref->id);
}

static uint64_t *known_slot(tw_memo *m, uint32_t asker, tw_asked_kind kind, tw_str name, uint32_t unit)
{
    uint32_t head[] = {asker, (uint32_t)kind, unit};
    char *key = tw_arena_raw(m->arena, sizeof head + name.n);
    memcpy(key, head, sizeof head);
    if (name.n) memcpy(key + sizeof head, name.p, name.n);
    return tw_map_put(&m->known, tw_str_of(key, sizeof head + name.n), NULL);
}

static const name_row *row_of(const tw_memo *m, uint32_t asker, tw_asked_kind kind, tw_str name)
{
    if (kind > TW_ASKED_PLACE) return NULL;
    const tw_memo_rows *rows = rows_of(m->view, m->units.v[asker]);
    const uint64_t *at = tw_map_get(&rows->names, name);
    return at ? &rows->rows.v[*at] : NULL;
}

static bool is_known(tw_memo *m, uint32_t asker, tw_asked_kind kind, tw_str name)
{
    if (kind <= TW_ASKED_PLACE && tw_names_foreign(m->view->names, m->units.v[asker], name)) return true;
    const name_row *row = row_of(m, asker, kind, name);
    if (!row) return *known_slot(m, asker, kind, name, TW_NONE);
    return kind == TW_ASKED_VALUE || !row->ref.kind || *known_slot(m, 0, kind, TW_S(""), row->ref.unit);
}

static uint32_t asker_of(const tw_memo *m, uint32_t unit)
{
    uint32_t i = 0;
    while (i < m->units.n && m->units.v[i] != unit) i++;
    return i < m->units.n ? i : TW_NONE;
}

/* A file that will ask: what its names stand for. */
static void enter(tw_memo *m, tw_sha256 *to, uint32_t unit)
{
    tw_memo_rows *rows = rows_of(m->view, unit);
    TW_PUSH(m->arena, m->units, unit);
    if (!rows->hashed) {
        tw_sha256 s;
        tw_sha256_init(&s);
        add_identity(m->view, &s, unit);
        tw_names_add_tops(m->view->names, unit, &s);
        for (uint32_t i = 0; i < rows->rows.n; i++)
            if (rows->rows.v[i].ref.kind)
                add_text(&s, rows->rows.v[i].name), add_ref(m->view, &s, &rows->rows.v[i].ref);
        rows->digest = tw_sha256_end(&s);
        rows->hashed = true;
    }
    tw_sha256_add(to, rows->digest.b, sizeof rows->digest.b);
}

/* A file whose functions are called. */
static void open_file(tw_memo *m, tw_sha256 *s, uint32_t unit)
{
    *known_slot(m, 0, TW_ASKED_PLACE, TW_S(""), unit) = 1;
    m->broken |= !m->view->has_text(m->view->ctx, unit);
    if (asker_of(m, unit) == TW_NONE) enter(m, s, unit);
}

/* The key of the next step: with the answer to what is not known yet. */
static void extend(tw_memo *m, uint32_t asker, tw_asked_kind kind, tw_str name)
{
    tw_sha256 s;
    tw_sha256_init(&s);
    tw_sha256_add(&s, m->key.b, sizeof m->key.b);
    const name_row *row = row_of(m, asker, kind, name);
    tw_name_ref ref = {0};
    if (row) {
        open_file(m, &s, row->ref.unit);
    } else if (kind <= TW_ASKED_PLACE) { /* a name that the asker's text does not have as it is */
        ref = tw_names_ref(m->view->names, m->units.v[asker], name);
        add_ref(m->view, &s, &ref);
        if (kind == TW_ASKED_PLACE && ref.kind) open_file(m, &s, ref.unit);
    } else if (!m->view->content(m->view->ctx, kind, name, &s)) {
        m->broken = true;
    }
    if (!row) *known_slot(m, asker, kind, name, TW_NONE) = 1;
    m->key = tw_sha256_end(&s);
}

void tw_memo_begin(tw_memo *m, tw_arena *a, const tw_memo_view *view, uint32_t unit)
{
    *m = (tw_memo){.arena = a, .view = view};
    m->broken = !view->r->io || !view->r->io->put;
    if (m->broken) return;
    tw_map_init(&m->known, a);
    tw_sha256 s;
    tw_sha256_init(&s);
    add_text(&s, TW_S("in its package"));
    add_number(&s, VERSION);
    enter(m, &s, unit);
    m->key = tw_sha256_end(&s);
}

static tw_str question(tw_memo *m, uint32_t asker, tw_asked_kind kind, tw_str name)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, tw_str_c(magic));
    tw_buf_u8(&b, QUESTION);
    tw_buf_u8(&b, (uint8_t)kind);
    tw_buf_u32le(&b, asker);
    tw_buf_puts(&b, name);
    tw_str made = tw_arena_str(m->arena, tw_buf_str(&b));
    tw_buf_free(&b);
    return made;
}

void tw_memo_ask(tw_memo *m, uint32_t unit, tw_asked_kind kind, tw_str name)
{
    if (m->broken) return;
    uint32_t asker = asker_of(m, unit);
    if (asker == TW_NONE || m->steps.n >= STEPS_MAX) {
        m->broken = true;
        return;
    }
    if (is_known(m, asker, kind, name)) return;
    TW_PUSH(m->arena, m->steps, ((tw_memo_step){m->key, question(m, asker, kind, name)}));
    extend(m, asker, kind, name);
}

/* --- bytes ------------------------------------------------------------------------------------------- */
static void put_text(tw_buf *b, tw_str s)
{
    tw_buf_u32le(b, (uint32_t)s.n);
    tw_buf_puts(b, s);
}

static bool is_taken(const tw_record *r, const tw_rec_layer *l)
{
    return l->executed && l->call < r->n_calls;
}

/* What resume.c takes: executed layers with their calls, gaps, steps. */
static void put_found(tw_buf *b, const tw_record *r)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_layers; i++) n += is_taken(r, &r->layers[i]);
    tw_buf_u64le(b, r->steps);
    tw_buf_u32le(b, r->n_gaps);
    for (uint32_t i = 0; i < r->n_gaps; i++) {
        tw_buf_u8(b, r->gaps[i].reason);
        tw_buf_u32le(b, r->gaps[i].off);
        tw_buf_u32le(b, r->gaps[i].len);
    }
    tw_buf_u32le(b, n);
    for (uint32_t i = 0; i < r->n_layers; i++) {
        const tw_rec_layer *l = &r->layers[i];
        if (!is_taken(r, l)) continue;
        tw_buf_u8(b, l->lang);
        tw_buf_u16le(b, r->calls[l->call].flags);
        tw_buf_u32le(b, l->off);
        tw_buf_u32le(b, l->len);
        put_text(b, tw_rec_str(r, r->calls[l->call].symbol));
        put_text(b, tw_rec_str(r, l->bytes));
        put_text(b, tw_rec_str(r, l->recipe));
    }
}

void tw_memo_put(const tw_memo *m, tw_reading *r)
{
    if (m->broken || !r->io || !r->io->put || m->found.n > FOUND_MAX) return;
    for (uint32_t i = 0; i < m->steps.n; i++) r->io->put(r->io->ctx, &m->steps.v[i].key, m->steps.v[i].bytes);
    tw_buf_clear(&r->bundle);
    tw_buf_puts(&r->bundle, tw_str_c(magic));
    tw_buf_u8(&r->bundle, RESULT);
    tw_buf_u64le(&r->bundle, m->cost);
    put_text(&r->bundle, m->why);
    tw_buf_u32le(&r->bundle, m->found.n);
    for (uint32_t i = 0; i < m->found.n; i++) put_found(&r->bundle, m->found.v[i]);
    r->io->put(r->io->ctx, &m->key, tw_buf_str(&r->bundle));
}

/* Hostile, as records are. */
static tw_str text(tw_cur *c)
{
    return tw_cur_take(c, tw_cur_u32le(c));
}

/* A count of rows that take at least `least` bytes each. */
static uint32_t count(tw_cur *c, size_t least)
{
    uint32_t n = tw_cur_u32le(c);
    if (n <= ROWS_MAX && n <= tw_cur_left(c) / least) return n;
    c->bad = true;
    return 0;
}

static const tw_record *get_found(tw_arena *a, tw_cur *c)
{
    tw_record *r = TW_NEW(a, tw_record);
    r->steps = tw_cur_u64le(c);
    r->n_gaps = count(c, 9);
    r->gaps = TW_NEWN(a, tw_rec_gap, (size_t)r->n_gaps + 1);
    for (uint32_t i = 0; i < r->n_gaps; i++) {
        r->gaps[i].reason = tw_cur_u8(c);
        r->gaps[i].off = tw_cur_u32le(c);
        r->gaps[i].len = tw_cur_u32le(c);
    }
    r->n_layers = r->n_calls = count(c, 23);
    r->layers = TW_NEWN(a, tw_rec_layer, (size_t)r->n_layers + 1);
    r->calls = TW_NEWN(a, tw_rec_call, (size_t)r->n_calls + 1);
    r->strings = TW_NEWN(a, tw_str, 3 * (size_t)r->n_layers + 1);
    r->n_strings = 3 * r->n_layers + 1;
    r->strings[0] = TW_S("");
    for (uint32_t i = 0; i < r->n_layers; i++) {
        tw_rec_layer *l = &r->layers[i];
        *l = (tw_rec_layer){.call = i, .executed = 1, .lang = tw_cur_u8(c)};
        r->calls[i].flags = tw_cur_u16le(c);
        l->off = tw_cur_u32le(c);
        l->len = tw_cur_u32le(c);
        if (l->lang >= TW_LANG_MAX) c->bad = true;
        for (uint32_t k = 1; k <= 3; k++) r->strings[3 * i + k] = text(c);
        r->calls[i].symbol = 3 * i + 1;
        l->bytes = 3 * i + 2;
        l->recipe = r->strings[3 * i + 3].n ? 3 * i + 3 : 0;
    }
    return r;
}

static bool get_result(tw_memo *m, tw_cur *c)
{
    m->cost = tw_cur_u64le(c);
    m->why = text(c);
    uint32_t n = count(c, 16);
    for (uint32_t i = 0; i < n && i < FOUND_MAX && !c->bad; i++)
        TW_PUSH(m->arena, m->found, get_found(m->arena, c));
    return !c->bad && n && n <= FOUND_MAX && !tw_cur_left(c);
}

/* Step by step: what is asked is asked of this package. */
bool tw_memo_get(tw_memo *m)
{
    const tw_reading *r = m->view->r;
    if (!r->io || !r->io->get) return false;
    for (uint32_t step = 0; step <= STEPS_MAX && !m->broken; step++) {
        tw_str bundle = r->io->get(r->io->ctx, &m->key);
        if (!bundle.p) return false;
        tw_cur c = tw_cur_of(tw_arena_str(m->arena, bundle));
        tw_str m4 = tw_cur_take(&c, sizeof magic - 1);
        uint8_t what = tw_cur_u8(&c);
        if (c.bad || memcmp(m4.p, magic, sizeof magic - 1) != 0) return false;
        if (what == RESULT) return get_result(m, &c);
        uint8_t kind = tw_cur_u8(&c);
        uint32_t asker = tw_cur_u32le(&c);
        tw_str name = tw_cur_take(&c, tw_cur_left(&c));
        if (c.bad || what != QUESTION || kind >= TW_ASKED_MAX || asker >= m->units.n ||
            is_known(m, asker, (tw_asked_kind)kind, name))
            return false;
        extend(m, asker, (tw_asked_kind)kind, name);
    }
    return false;
}
