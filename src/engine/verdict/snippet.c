/* SPDX-License-Identifier: Apache-2.0 */
/* Line, column and text of the places a report shows. The content of members is gone when the join
 * has spoken: the engine reads those with evidence once more. An artifact without any behaviour
 * needs no second reading, so nothing is collected for it. */
#include "base/utf8.h"
#include "engine/verdict/priv.h"

enum { PER_GROUP = 3, LANGS = TW_LANG_MAX };

static int place_cmp(tw_place a, tw_place b)
{
    if (a.unit != b.unit) return a.unit < b.unit ? -1 : 1;
    if (a.off != b.off) return a.off < b.off ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

static void add(tw_evidence *e, const tw_join *j, tw_place p)
{
    if (e->shots.n >= e->most)
        e->dropped++;
    else
        TW_PUSH(e->arena, e->shots, ((tw_shot){.place = tw_open_place(j, p)}));
}

static void add_flow(tw_evidence *e, const tw_join *j, const tw_flow *f)
{
    add(e, j, j->uses.v[f->from].place);
    add(e, j, j->uses.v[f->to].place);
    for (uint32_t i = 0; i < f->n_path; i++) add(e, j, f->path[i]);
}

tw_place tw_open_place(const tw_join *j, tw_place p)
{
    for (int guard = 0; guard < 64 && p.unit < j->n_units; guard++) {
        const tw_unit *u = &j->units[p.unit];
        const tw_record *parent = u->parent < j->n_units ? j->units[u->parent].record : NULL;
        if (!parent || u->layer >= parent->n_layers) break;
        const tw_rec_layer *l = &parent->layers[u->layer];
        bool carrier = parent->lang == TW_LANG_PTH || parent->lang == TW_LANG_MANIFEST;
        if (!carrier || l->len != tw_rec_str(parent, l->bytes).n) break;
        p.unit = u->parent;
        p.off += l->off;
    }
    return p;
}

tw_place tw_layer_place(const tw_join *j, uint32_t unit)
{
    const tw_unit *u = &j->units[unit];
    tw_place p = {u->parent, 0, 0};
    const tw_record *parent = u->parent < j->n_units ? j->units[u->parent].record : NULL;
    if (!parent || u->layer >= parent->n_layers) return (tw_place){unit, 0, 0};
    p.off = parent->layers[u->layer].off;
    p.len = parent->layers[u->layer].len;
    return p;
}

tw_place tw_file_place(const tw_join *j, tw_place p)
{
    for (int guard = 0; guard < 64; guard++) {
        p = tw_open_place(j, p);
        if (p.unit >= j->n_units || !j->units[p.unit].depth) break;
        p = tw_layer_place(j, p.unit);
    }
    return p;
}

/* Merge sort, bottom up: total order, no recursion, no comparator with context. */
static void sort_shots(tw_evidence *e)
{
    uint32_t n = e->shots.n;
    tw_shot *from = e->shots.v, *to = TW_NEWN(e->arena, tw_shot, n ? n : 1);
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t lo = 0; lo < n; lo += 2 * width) {
            uint32_t mid = lo + width < n ? lo + width : n, hi = mid + width < n ? mid + width : n, i = lo,
                     k = mid;
            for (uint32_t o = lo; o < hi; o++)
                to[o] = i < mid && (k >= hi || place_cmp(from[i].place, from[k].place) <= 0) ? from[i++]
                                                                                             : from[k++];
        }
        tw_shot *swap = from;
        from = to;
        to = swap;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || place_cmp(from[kept - 1].place, from[i].place) != 0) from[kept++] = from[i];
    e->shots.v = from;
    e->shots.n = kept;
}

static void begin(tw_evidence *e, tw_arena *a, uint32_t most)
{
    *e = (tw_evidence){.arena = a, .most = most};
}

void tw_evidence_collect(tw_evidence *e, tw_arena *a, const tw_join *j, const tw_behaviours *b)
{
    begin(e, a, TW_SHOTS_MAX);
    if (!j || b->n == 0) return;
    for (uint32_t i = 0; i < b->n; i++) {
        const tw_behaviour *x = &b->v[i];
        for (uint32_t k = 0; k < x->n_evidence; k++) add(e, j, j->uses.v[x->evidence[k]].place);
        for (uint32_t k = 0; k < x->n_flows; k++) add_flow(e, j, &j->flows.v[x->flows[k]]);
        for (uint32_t k = 0; k < x->n_layers; k++) add(e, j, tw_layer_place(j, x->layers[k]));
    }
    size_t groups = (size_t)tw_cap_count() * TW_TRIGGER_MAX * LANGS;
    uint8_t *seen = TW_NEWN(a, uint8_t, groups);
    for (uint32_t i = 0; i < j->uses.n; i++) {
        const tw_cap_use *u = &j->uses.v[i];
        const tw_record *rec = u->place.unit < j->n_units ? j->units[u->place.unit].record : NULL;
        size_t g = ((size_t)u->cap * TW_TRIGGER_MAX + u->trigger) * LANGS + (rec ? rec->lang : 0);
        if (g < groups && seen[g] < PER_GROUP) {
            seen[g]++;
            add(e, j, u->place);
        }
    }
    sort_shots(e);
}

/* Where code was hidden, the place in the file too. */
static void add_both(tw_evidence *e, const tw_join *j, tw_place p)
{
    add(e, j, p);
    tw_place file = tw_file_place(j, p);
    if (file.unit != p.unit) add(e, j, file); /* twice the same is one */
}

void tw_evidence_uses(tw_evidence *e, tw_arena *a, const tw_join *j, const tw_behaviours *b)
{
    begin(e, a, TW_SHOTS_PROFILE);
    for (uint32_t i = 0; i < b->n; i++) {
        const tw_behaviour *x = &b->v[i];
        for (uint32_t k = 0; k < x->n_layers; k++) add_both(e, j, tw_layer_place(j, x->layers[k]));
    }
    for (int t = TW_TRIGGER_INSTALL; t < TW_TRIGGER_MAX; t++)
        for (uint32_t i = 0; i < j->uses.n; i++)
            if (j->uses.v[i].trigger == t) add_both(e, j, j->uses.v[i].place);
    sort_shots(e);
}

void tw_evidence_layers(tw_evidence *e, tw_arena *a, const tw_join *j)
{
    begin(e, a, TW_SHOTS_MAX);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].record;
        for (uint32_t i = 0; i < r->n_layers; i++)
            add(e, j, (tw_place){unit, r->layers[i].off, r->layers[i].len});
    }
    sort_shots(e);
}

static bool has_lines(const tw_record *r)
{
    return !r || (r->lang != TW_LANG_BYTECODE && r->lang != TW_LANG_NATIVE);
}

bool tw_evidence_wants(const tw_evidence *e, const tw_join *j, uint32_t member)
{
    for (uint32_t i = 0; i < e->shots.n; i++)
        if (e->shots.v[i].place.unit < j->n_units && j->units[e->shots.v[i].place.unit].member == member)
            return has_lines(j->units[e->shots.v[i].place.unit].record);
    return false;
}

static tw_str clean(tw_arena *a, tw_str s)
{
    tw_buf b = {.limit = TW_SNIPPET_MAX};
    for (size_t off = 0; off < s.n && !b.over;) {
        size_t at = off;
        bool bad = false;
        uint32_t cp = tw_utf8_next(s, &off, &bad);
        if (bad)
            tw_buf_putc(&b, '?');
        else if (cp < ' ' || cp == 0x7f || tw_utf8_invisible(cp))
            tw_buf_putc(&b, ' ');
        else
            tw_buf_put(&b, s.p + at, off - at);
    }
    tw_str out = tw_arena_str(a, tw_str_trim(tw_buf_str(&b)));
    tw_buf_free(&b);
    return out;
}

/* The line at `off`, or a window on it where it is long. */
static tw_str line_at(tw_str text, size_t line_start, size_t off)
{
    tw_str line = tw_str_sub(text, line_start, text.n);
    size_t end = tw_str_chr(line, '\n');
    if (end != TW_NPOS) line = tw_str_sub(line, 0, end);
    while (line.n && (line.p[0] == ' ' || line.p[0] == '\t')) line.p++, line.n--;
    if (line.n <= TW_SNIPPET_MAX) return line;
    size_t start = (size_t)(line.p - text.p), back = off - start < 24 ? off - start : 24;
    size_t from = off > start ? off - back : start;
    while (from < off && ((unsigned char)text.p[from] & 0xC0) == 0x80) from++;
    return tw_str_sub(text, from, (size_t)(line.p - text.p) + line.n);
}

static tw_str text_of(const tw_join *j, uint32_t unit, tw_str data)
{
    const tw_unit *u = &j->units[unit];
    if (u->depth == 0) return data;
    const tw_record *parent = u->parent < j->n_units ? j->units[u->parent].record : NULL;
    return parent && u->layer < parent->n_layers ? tw_rec_str(parent, parent->layers[u->layer].bytes)
                                                 : (tw_str){NULL, 0};
}

void tw_evidence_fill(tw_evidence *e, const tw_join *j, uint32_t member, tw_str data)
{
    uint32_t unit = TW_NONE, line = 1;
    size_t start = 0, seen = 0;
    tw_str text = {NULL, 0};
    for (uint32_t i = 0; i < e->shots.n; i++) {
        tw_shot *s = &e->shots.v[i];
        if (s->place.unit >= j->n_units || j->units[s->place.unit].member != member) continue;
        if (s->place.unit != unit) {
            unit = s->place.unit;
            text = text_of(j, unit, data);
            line = 1;
            start = seen = 0;
        }
        const tw_record *rec = j->units[unit].record;
        if (s->place.off >= text.n || !has_lines(rec)) continue;
        for (; seen < s->place.off; seen++)
            if (text.p[seen] == '\n') line++, start = seen + 1;
        s->line = line;
        s->col = (uint32_t)(s->place.off - start) + 1;
        s->snippet = clean(e->arena, line_at(text, start, s->place.off));
    }
}

const tw_shot *tw_evidence_find(const tw_evidence *e, tw_place p)
{
    uint32_t lo = 0, hi = e->shots.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int c = place_cmp(e->shots.v[mid].place, p);
        if (c == 0) return &e->shots.v[mid];
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}
