/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript's objects have no class: what base.name may be, by the entries of literals and by what is stored under
 * that name in the same object, in a function's prototype, in a variable. */
#include "engine/join/join_priv.h"

enum { KEY_MAX = 160, BASES = 24, ENTRIES = 256, LEVELS = 3 };

/* What stands for an object: all values of one parameter are one, of one symbol, of one variable. */
static uint32_t put_u32(char *p, uint32_t at, uint32_t n)
{
    memcpy(p + at, &n, sizeof n);
    return at + (uint32_t)sizeof n;
}

static tw_str key_of(char key[KEY_MAX], char what, uint32_t a, uint32_t b, tw_str name)
{
    if (name.n > KEY_MAX - 16) return TW_S("");
    key[0] = what;
    uint32_t n = put_u32(key, put_u32(key, 1, a), b);
    memcpy(key + n, name.p, name.n);
    return tw_str_of(key, n + name.n);
}

static tw_str object_key(const jn *j, char key[KEY_MAX], uint32_t unit, uint32_t v, tw_str name)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *x = jn_val(j, unit, v), *of = x->kind == TW_VAL_MEMBER ? jn_val(j, unit, x->a) : NULL;
    if (x->kind == TW_VAL_PARAM) return key_of(key, 'p', u->func0 + x->a, x->b, name);
    if (x->kind == TW_VAL_FUNC) return key_of(key, 'f', u->func0 + x->a, 0, name);
    if (x->kind == TW_VAL_SYMBOL) return key_of(key, 's', unit, x->a, name);
    if (of && of->kind == TW_VAL_FUNC) return key_of(key, 'm', u->func0 + of->a, x->b, name);
    return key_of(key, 'v', u->val0 + v, 0, name);
}

static void put(jn *j, tw_str key, uint32_t value)
{
    if (!key.n) return;
    uint64_t *slot = tw_map_get(&j->objects, key);
    if (!slot) slot = tw_map_put(&j->objects, tw_arena_str(j->a, key), NULL);
    TW_PUSH(j->a, j->stored, ((jn_stored){value, (uint32_t)*slot}));
    *slot = j->stored.n;
}

static void put_entries(jn *j, uint32_t unit, uint32_t map, char what, uint32_t a)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *m = jn_val(j, unit, map);
    char key[KEY_MAX];
    for (uint32_t i = 0; m->kind == TW_VAL_MAP && i + 1 < m->n && i < ENTRIES; i += 2) {
        const tw_val *k = jn_val(j, unit, u->r->lists[m->list + i]);
        if (k->kind == TW_VAL_STR)
            put(j, key_of(key, what, a, 0, tw_rec_str(u->r, k->a)), u->val0 + u->r->lists[m->list + i + 1]);
    }
}

static void put_store(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *base = jn_val(j, unit, s->base), *of = jn_val(j, unit, base->a);
    char key[KEY_MAX];
    tw_str name = tw_rec_str(u->r, s->name);
    put(j, object_key(j, key, unit, s->base, name), u->val0 + s->value);
    bool in_prototype = base->kind == TW_VAL_MEMBER && of->kind == TW_VAL_FUNC &&
                        tw_str_eq(tw_rec_str(u->r, base->b), TW_S("prototype"));
    if (in_prototype) put(j, key_of(key, 'P', u->func0 + of->a, 0, name), u->val0 + s->value);
    if (base->kind == TW_VAL_FUNC && tw_str_eq(name, TW_S("prototype")))
        put_entries(j, unit, s->value, 'P', u->func0 + base->a);
}

void jn_objects(jn *j)
{
    char key[KEY_MAX];
    tw_map_init(&j->objects, j->a);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const jn_unit *u = &j->units[unit];
        if (!jn_is_js(j, unit)) continue;
        for (uint32_t i = 0; i < u->r->n_stores; i++)
            if (u->r->stores[i].name) put_store(j, unit, &u->r->stores[i]);
        for (uint32_t i = 0; i < u->r->n_binds; i++) {
            const tw_rec_bind *b = &u->r->binds[i];
            put(j, key_of(key, 'b', u->func0 + b->func, b->name, TW_S("")), u->val0 + b->value);
        }
    }
}

typedef struct search {
    jn *j;
    jn_thing bases[BASES], *ret;
    uint32_t n_bases, n, max;
} search;

static void add_base(search *s, uint32_t unit, uint32_t v)
{
    for (uint32_t i = 0; i < s->n_bases; i++)
        if (s->bases[i].unit == unit && s->bases[i].v == v) return;
    if (v && s->n_bases < BASES) s->bases[s->n_bases++] = (jn_thing){unit, v};
}

static void take(search *s, tw_str key, bool as_base)
{
    jn *j = s->j;
    const uint64_t *slot = key.n ? tw_map_get(&j->objects, key) : NULL;
    for (uint32_t i = slot ? (uint32_t)*slot : 0; i && jn_spend(j, 1); i = j->stored.v[i - 1].next) {
        uint32_t value = j->stored.v[i - 1].value, unit = jn_unit_of_value(j, value);
        if (as_base)
            add_base(s, unit, value - j->units[unit].val0);
        else if (s->n < s->max)
            s->ret[s->n++] = (jn_thing){unit, value - j->units[unit].val0};
    }
}

/* What a call of a function of the package gives: what that returns, and with `new` its prototype. */
static void results(search *s, uint32_t unit, const tw_val *x, tw_str name)
{
    jn *j = s->j;
    const jn_unit *u = &j->units[unit];
    char key[KEY_MAX];
    if (x->a >= u->r->n_calls) return;
    const tw_rec_call *c = &u->r->calls[x->a];
    const tw_val *callee = jn_val(j, unit, c->callee);
    uint32_t f = callee->kind == TW_VAL_FUNC ? u->func0 + callee->a : TW_NONE;
    if (f == TW_NONE && c->symbol) {
        jn_ref ref = jn_lookup(j, unit, c->symbol);
        if (ref.kind == JN_FUNC) f = j->units[ref.unit].func0 + ref.id;
    }
    if (f == TW_NONE) return;
    const tw_rec_func *fn = jn_func(j, f);
    if (c->flags & TW_RC_NEW) take(s, key_of(key, 'P', f, 0, name), false);
    for (uint32_t i = 0; i < fn->n_returns && i < 8; i++)
        add_base(s, j->func_unit[f], j->units[j->func_unit[f]].r->lists[fn->returns + i]);
}

static uint32_t member(jn *j, uint32_t unit, uint32_t base, tw_str name, jn_thing *ret, uint32_t max,
                       uint32_t level);

static void look(search *s, jn_thing at, tw_str name, uint32_t level)
{
    jn *j = s->j;
    const jn_unit *u = &j->units[at.unit];
    const tw_val *x = jn_val(j, at.unit, at.v),
                 *of = x->kind == TW_VAL_MEMBER ? jn_val(j, at.unit, x->a) : NULL;
    char key[KEY_MAX];
    take(s, object_key(j, key, at.unit, at.v, name), false);
    if (x->kind == TW_VAL_MUT) add_base(s, at.unit, x->a);
    if (x->kind == TW_VAL_CALL) results(s, at.unit, x, name);
    for (uint32_t i = 0; x->kind == TW_VAL_PHI && i < x->n; i++)
        add_base(s, at.unit, u->r->lists[x->list + i]);
    for (uint32_t i = 0; x->kind == TW_VAL_MAP && i + 1 < x->n && i < ENTRIES && s->n < s->max; i += 2) {
        const tw_val *k = jn_val(j, at.unit, u->r->lists[x->list + i]);
        if (k->kind == TW_VAL_STR && tw_str_eq(tw_rec_str(u->r, k->a), name))
            s->ret[s->n++] = (jn_thing){at.unit, u->r->lists[x->list + i + 1]};
    }
    if (x->kind == TW_VAL_SYMBOL) {
        jn_ref ref = jn_lookup(j, at.unit, x->a);
        if (ref.kind == JN_VALUE) add_base(s, ref.unit, ref.id);
    }
    if (of && of->kind == TW_VAL_FUNC) {
        take(s, key_of(key, 'b', u->func0 + of->a, x->b, TW_S("")), true);
    } else if (of && level < LEVELS) {
        jn_thing inner[8];
        uint32_t n = member(j, at.unit, x->a, tw_rec_str(u->r, x->b), inner, TW_COUNT(inner), level + 1);
        for (uint32_t i = 0; i < n; i++) add_base(s, inner[i].unit, inner[i].v);
    }
}

static uint32_t member(jn *j, uint32_t unit, uint32_t base, tw_str name, jn_thing *ret, uint32_t max,
                       uint32_t level)
{
    search s = {.j = j, .ret = ret, .max = max};
    add_base(&s, unit, base);
    for (uint32_t i = 0; i < s.n_bases && s.n < max && jn_spend(j, 1); i++) look(&s, s.bases[i], name, level);
    return s.n;
}

/* Values that base.name may be, at most max. */
uint32_t jn_member_values(jn *j, uint32_t unit, uint32_t base, tw_str name, jn_thing *ret, uint32_t max)
{
    return j->objects.n ? member(j, unit, base, name, ret, max, 0) : 0;
}
