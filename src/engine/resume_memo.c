/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/resume_memo.h"

#include "base/cursor.h"
#include "engine/languages/languages.h"

enum { VERSION = 2, ASKED_MAX = 4096, FOUND_MAX = 64, ROWS_MAX = 1 << 20 };
static const char magic[] = "TWIP";

static void add_text(tw_sha256 *s, tw_str text)
{
    tw_digest d = tw_sha256_of(text);
    tw_sha256_add(s, d.b, sizeof d.b);
}

void tw_memo_begin(tw_memo *m, tw_arena *a, const tw_reading *r, const tw_unit *u, tw_str path, tw_str module)
{
    static const uint8_t version = VERSION;
    *m = (tw_memo){.arena = a};
    tw_map_init(&m->seen, a);
    tw_digest record = tw_record_key(r, &u->sha256, tw_front_of((tw_lang)u->record->lang));
    tw_sha256 s;
    tw_sha256_init(&s);
    add_text(&s, TW_S("in its package"));
    tw_sha256_add(&s, &version, 1);
    tw_sha256_add(&s, record.b, sizeof record.b);
    add_text(&s, path);
    add_text(&s, module);
    m->key = tw_sha256_end(&s);
}

void tw_memo_ask(tw_memo *m, tw_asked_kind kind, tw_str name)
{
    bool is_new;
    if (m->answered) return;
    tw_map_put(&m->seen, tw_arena_fmt(m->arena, "%c%.*s", 'a' + (char)kind, TW_FMT(name)), &is_new);
    if (!is_new) return;
    if (m->asked.n >= ASKED_MAX) m->answered = true; /* too many to ask again */
    TW_PUSH(m->arena, m->asked, ((tw_asked){(uint8_t)kind, tw_arena_str(m->arena, name)}));
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
    if (m->answered || !r->io || !r->io->put || m->found.n > FOUND_MAX) return;
    tw_buf_clear(&r->bundle);
    tw_buf_puts(&r->bundle, tw_str_c(magic));
    tw_buf_u32le(&r->bundle, m->asked.n);
    for (uint32_t i = 0; i < m->asked.n; i++) {
        tw_buf_u8(&r->bundle, m->asked.v[i].kind);
        put_text(&r->bundle, m->asked.v[i].name);
    }
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

bool tw_memo_get(tw_memo *m, const tw_reading *r)
{
    if (!r->io || !r->io->get) return false;
    tw_str bundle = r->io->get(r->io->ctx, &m->key);
    if (!bundle.p) return false;
    tw_cur c = tw_cur_of(tw_arena_str(m->arena, bundle));
    tw_str m4 = tw_cur_take(&c, sizeof magic - 1);
    if (c.bad || memcmp(m4.p, magic, sizeof magic - 1) != 0) return false;
    uint32_t n = count(&c, 5);
    for (uint32_t i = 0; i < n && !c.bad; i++) {
        uint8_t kind = tw_cur_u8(&c);
        TW_PUSH(m->arena, m->asked, ((tw_asked){kind, text(&c)}));
        if (kind > TW_ASKED_PLACE) c.bad = true;
    }
    m->why = text(&c);
    n = count(&c, 16);
    for (uint32_t i = 0; i < n && i < FOUND_MAX && !c.bad; i++)
        TW_PUSH(m->arena, m->found, get_found(m->arena, &c));
    return !c.bad && n && n <= FOUND_MAX && !tw_cur_left(&c);
}
