/* SPDX-License-Identifier: Apache-2.0 */
/* Values as text: what is known of a path, URL or command that is put together from parts. */
#include "engine/join/join_priv.h"

enum { TEXT_MAX = 4096, STEPS = 192, WORK = 64 };

typedef struct piece { /* one thing still to be written */
    tw_str text;       /* when p != NULL */
    uint32_t unit, v;
} piece;

typedef struct render {
    jn *j;
    char *buf;
    uint32_t n;
    piece work[WORK];
    uint32_t depth;
    jn_text out;
    int flags;
    uint32_t choice;
} render;

static void put(render *r, tw_str s)
{
    size_t room = TEXT_MAX - r->n;
    if (s.n > room) s.n = room;
    if (s.n) memcpy(r->buf + r->n, s.p, s.n);
    r->n += (uint32_t)s.n;
}

static void put_known(render *r, tw_str s)
{
    put(r, s);
    r->out.known += (uint32_t)s.n;
}

static void hole(render *r)
{
    if (r->n >= 2 && r->buf[r->n - 2] == '{' && r->buf[r->n - 1] == '}') return;
    put(r, TW_S("{}"));
    r->out.partial = true;
}

static void later(render *r, uint32_t unit, uint32_t v)
{
    if (r->depth < WORK) r->work[r->depth++] = (piece){.unit = unit, .v = v};
}

static void later_text(render *r, tw_str s)
{
    if (r->depth < WORK && s.n) r->work[r->depth++] = (piece){.text = s};
}

/* Pushes in reverse, so that items come out in order. */
static void later_list(render *r, uint32_t unit, const uint32_t *items, uint32_t n, tw_str separator)
{
    uint32_t most = (WORK - r->depth) / 2;
    if (n > most) n = most;
    for (uint32_t i = n; i-- > 0;) {
        later(r, unit, items[i]);
        if (i) later_text(r, separator);
    }
}

static uint32_t pick(render *r, uint32_t n)
{
    if (n > r->out.choices) r->out.choices = n;
    return n ? r->choice % n : 0;
}

static void put_int(render *r, const tw_val *v)
{
    char digits[24];
    int64_t value = (int64_t)((uint64_t)v->b << 32 | v->a);
    bool minus = value < 0;
    uint64_t left = minus ? 0 - (uint64_t)value : (uint64_t)value;
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (minus) digits[--at] = '-';
    put_known(r, tw_str_of(digits + at, sizeof digits - at));
}

static void put_env(render *r, uint32_t unit, uint32_t key)
{
    const tw_val *v = jn_val(r->j, unit, key);
    if (v->kind != TW_VAL_STR) {
        hole(r);
        return;
    }
    tw_str name = jn_str(r->j, unit, v->a);
    bool home = tw_str_eq(name, TW_S("HOME")) || tw_str_eq(name, TW_S("USERPROFILE"));
    if (home) {
        put_known(r, TW_S("~"));
        return;
    }
    put(r, TW_S("%"));
    put_known(r, name);
    put(r, TW_S("%"));
}

static void expand_symbol(render *r, uint32_t unit, const tw_val *v)
{
    const jn_api *api = jn_apis(r->j, unit, v->a);
    if (api->n && api->rows->text_kind == TW_APITEXT_FIXED) {
        put_known(r, tw_str_c(api->rows->text));
        return;
    }
    jn_ref ref = jn_lookup(r->j, unit, v->a);
    if (ref.kind == JN_VALUE) {
        r->out.far = true;
        later(r, ref.unit, ref.id);
    } else if (r->flags & JN_TEXT_NAMES) {
        put_known(r, jn_str(r->j, unit, v->a));
    } else {
        hole(r);
    }
}

static void expand_api(render *r, uint32_t unit, const tw_rec_call *c, const tw_api *row)
{
    const tw_record *rec = r->j->units[unit].r;
    uint32_t self = jn_receiver(r->j, unit, c), items[12], n = 0;
    uint32_t first = c->n_args ? rec->args[c->args].value : 0;
    switch (row->text_kind) {
    case TW_APITEXT_FIXED: put_known(r, tw_str_c(row->text)); return;
    case TW_APITEXT_ENV:
        if (c->n_args > 1 && pick(r, 2))
            later(r, unit, rec->args[c->args + 1].value); /* what holds where the variable is not set */
        else
            put_env(r, unit, first);
        return;
    case TW_APITEXT_JOIN:
        if (self) items[n++] = self;
        for (uint32_t i = 0; i < c->n_args && n < TW_COUNT(items); i++)
            items[n++] = rec->args[c->args + i].value;
        later_list(r, unit, items, n, tw_str_c(row->text));
        return;
    default: break;
    }
    bool through = row->text_kind == TW_APITEXT_ARG || row->flags & TW_API_PASS;
    uint32_t v = self ? self : first;
    if (through && v)
        later(r, unit, v);
    else
        hole(r);
}

static void expand_call(render *r, uint32_t unit, const tw_val *v)
{
    const jn_unit *u = &r->j->units[unit];
    if (v->a >= u->r->n_calls) {
        hole(r);
        return;
    }
    const tw_rec_call *c = &u->r->calls[v->a];
    const jn_api *api = jn_apis(r->j, unit, c->symbol);
    const tw_api *row = NULL;
    for (uint32_t i = 0; i < api->n && !row; i++)
        if (api->rows[i].text_kind || api->rows[i].flags & TW_API_PASS) row = &api->rows[i];
    if (row) {
        expand_api(r, unit, c, row);
        return;
    }
    uint32_t first = r->j->target0[u->call0 + v->a], last = r->j->target0[u->call0 + v->a + 1];
    const tw_rec_func *f = first < last ? jn_func(r->j, r->j->targets.v[first]) : NULL;
    if (!f || !f->n_returns) {
        hole(r);
        return;
    }
    uint32_t there = r->j->func_unit[r->j->targets.v[first]];
    r->out.far = true;
    later(r, there, r->j->units[there].r->lists[f->returns + pick(r, f->n_returns)]);
}

static void expand_param(render *r, uint32_t unit, const tw_val *v)
{
    jn *j = r->j;
    uint32_t f = j->units[unit].func0 + v->a;
    if (j->callers.start && v->a < j->units[unit].r->n_funcs) {
        uint32_t p = j->param_start[f] + v->b;
        uint32_t n = p < j->param_start[f + 1] ? j->callers.start[p + 1] - j->callers.start[p] : 0;
        if (n) {
            uint32_t node = j->callers.to[j->callers.start[p] + pick(r, n < JN_CHOICES ? n : JN_CHOICES)];
            uint32_t there = jn_unit_of_value(j, node);
            r->out.far = true;
            later(r, there, node - j->units[there].val0);
            return;
        }
    }
    hole(r);
}

/* The entry of a written-out table that `of[key]` or `of.key` is: of one row of it, where it is gone over. 0: none. */
static uint32_t entry_of(render *r, uint32_t unit, uint32_t of, const tw_val *key, tw_str name)
{
    const tw_record *rec = r->j->units[unit].r;
    const tw_val *row = jn_val(r->j, unit, of);
    if (row->kind == TW_VAL_ITER) {
        const tw_val *rows = jn_val(r->j, unit, row->a);
        if (rows->kind != TW_VAL_SEQ || !rows->n) return 0;
        row = jn_val(r->j, unit, rec->lists[rows->list + pick(r, rows->n)]);
    }
    if (row->kind == TW_VAL_SEQ && key && key->kind == TW_VAL_INT && !key->b && key->a < row->n)
        return rec->lists[row->list + key->a];
    for (uint32_t i = 0; row->kind == TW_VAL_MAP && name.n && i + 1 < row->n; i += 2) {
        const tw_val *k = jn_val(r->j, unit, rec->lists[row->list + i]);
        if (k->kind == TW_VAL_STR && tw_str_eq(jn_str(r->j, unit, k->a), name))
            return rec->lists[row->list + i + 1];
    }
    return 0;
}

static void expand_member(render *r, uint32_t unit, const tw_val *v)
{
    uint32_t entry = entry_of(r, unit, v->a, NULL, jn_str(r->j, unit, v->b));
    if (entry) {
        later(r, unit, entry);
        return;
    }
    uint32_t stored = jn_attr_value(r->j, unit, v->a, jn_str(r->j, unit, v->b));
    if (stored != TW_NONE) {
        r->out.far = true;
        later(r, r->j->func_unit[jn_owner_of(r->j, unit, v->a)], stored);
    } else if (jn_val(r->j, unit, v->a)->kind == TW_VAL_CALL) {
        later(r, unit, v->a); /* Path(...).parent, open(...).name */
    } else {
        hole(r);
    }
}

static void expand_index(render *r, uint32_t unit, const tw_val *v)
{
    const tw_val *base = jn_val(r->j, unit, v->a);
    tw_str name = base->kind == TW_VAL_SYMBOL ? jn_str(r->j, unit, base->a) : TW_S("");
    uint32_t n = 0;
    const tw_api *row = NULL;
    const tw_val *index = jn_val(r->j, unit, v->b);
    tw_str at = index->kind == TW_VAL_STR ? jn_str(r->j, unit, index->a) : TW_S("");
    uint32_t entry = entry_of(r, unit, v->a, index, at);
    if (name.n && name.n < 64) {
        char key[72];
        memcpy(key, name.p, name.n);
        memcpy(key + name.n, "[]", 2);
        row = tw_api_find((tw_lang)r->j->units[unit].r->lang, tw_str_of(key, name.n + 2), &n);
    }
    if (row && row->text_kind == TW_APITEXT_ENV)
        put_env(r, unit, v->b);
    else if (entry)
        later(r, unit, entry);
    else
        hole(r);
}

static void expand_op(render *r, uint32_t unit, const tw_val *v)
{
    const tw_record *rec = r->j->units[unit].r;
    tw_str op = v->n ? tw_rec_str(rec, v->b) : TW_S("");
    if (tw_str_eq(op, TW_S("/")))
        later_list(r, unit, rec->lists + v->list, v->n, TW_S("/"));
    else if (tw_str_eq(op, TW_S("+")))
        later_list(r, unit, rec->lists + v->list, v->n, TW_S(""));
    else if (tw_str_eq(op, TW_S("%")) && v->n)
        later(r, unit, rec->lists[v->list]);
    else
        hole(r);
}

static void expand(render *r, uint32_t unit, uint32_t id)
{
    const tw_val *v = jn_val(r->j, unit, id);
    const tw_record *rec = r->j->units[unit].r;
    const uint32_t *list = v->n ? rec->lists + v->list : NULL;
    if (v->flags & TW_VF_FOLDED) r->out.folded = true;
    switch (v->kind) {
    case TW_VAL_STR:
    case TW_VAL_BYTES:
    case TW_VAL_FLOAT: put_known(r, tw_rec_str(rec, v->a)); break;
    case TW_VAL_INT: put_int(r, v); break;
    case TW_VAL_BOOL: put_known(r, v->a ? TW_S("true") : TW_S("false")); break;
    case TW_VAL_NULL_:
        if (r->flags & JN_TEXT_NAMES)
            put_known(r, TW_S("none"));
        else
            hole(r);
        break;
    case TW_VAL_SYMBOL: expand_symbol(r, unit, v); break;
    case TW_VAL_CALL: expand_call(r, unit, v); break;
    case TW_VAL_PARAM: expand_param(r, unit, v); break;
    case TW_VAL_MEMBER: expand_member(r, unit, v); break;
    case TW_VAL_INDEX: expand_index(r, unit, v); break;
    case TW_VAL_OP: expand_op(r, unit, v); break;
    case TW_VAL_CONCAT: later_list(r, unit, list, v->n, TW_S("")); break;
    case TW_VAL_SEQ: later_list(r, unit, list, v->n, r->flags & JN_TEXT_HOST ? TW_S(":") : TW_S(" ")); break;
    case TW_VAL_PHI:
        if (v->n) later(r, unit, rec->lists[v->list + pick(r, v->n)]);
        break;
    case TW_VAL_ITER: {
        const tw_val *of = jn_val(r->j, unit, v->a);
        if (of->kind == TW_VAL_SEQ && of->n)
            later(r, unit, rec->lists[of->list + pick(r, of->n)]);
        else
            hole(r);
        break;
    }
    case TW_VAL_MUT: later(r, unit, v->a); break;
    default: hole(r);
    }
}

jn_text jn_render(jn *j, uint32_t unit, uint32_t v, int flags, uint32_t choice)
{
    const tw_val *val = jn_val(j, unit, v);
    bool plain = val->kind == TW_VAL_STR || val->kind == TW_VAL_BYTES;
    if (plain) { /* most values are just that */
        tw_str s = jn_str(j, unit, val->a);
        return (jn_text){.text = s, .known = (uint32_t)s.n, .folded = (val->flags & TW_VF_FOLDED) != 0};
    }
    __attribute__((uninitialized)) char buf[TEXT_MAX];
    render r = {.j = j, .buf = buf, .flags = flags, .choice = choice};
    later(&r, unit, v);
    uint32_t steps = 0;
    if (j->text_steps > j->out->limits->flow_steps) {
        j->cut = true;
        return (jn_text){.text = TW_S("{}"), .partial = true};
    }
    while (r.depth && r.n < TEXT_MAX) {
        piece p = r.work[--r.depth];
        if (p.text.p) {
            put(&r, p.text);
            continue;
        }
        if (++steps > STEPS) {
            hole(&r);
            break;
        }
        expand(&r, p.unit, p.v);
    }
    j->text_steps += steps;
    r.out.text = tw_arena_str(j->a, tw_str_of(buf, r.n));
    return r.out;
}
