/* SPDX-License-Identifier: Apache-2.0 */
/* Making values. What can be known is made known at once, except sums of strings: they stay ropes until
 * somebody looks, so that a sum of a million parts costs a million steps and one copy. */
#include "engine/record/evaluate_priv.h"

enum { MAX_SYM = 200, MAX_ALTS = 8, MAX_CHAIN = 64, MAX_MEMO = 8192 };
#define SUFFIX 0x80000000u /* in the key of a memo: "()", "[]" */

bool ev_step(ev *e, uint64_t n)
{
    if (e->steps <= e->max_steps && n <= e->max_steps - e->steps) {
        e->steps += n;
        return true;
    }
    if (e->spent_at == TW_NONE) e->spent_at = e->at < e->ir->insns.n ? e->ir->insns.v[e->at].off : 0;
    return false;
}

bool ev_room(ev *e, uint64_t n)
{
    if (n > e->lim->value_bytes || n > e->max_bytes - e->bytes || !ev_step(e, 1 + n / 64)) return false;
    e->bytes += n;
    return true;
}

uint32_t ev_new(ev *e, uint8_t kind, uint32_t a, uint32_t b)
{
    TW_PUSH(e->tmp, e->vals, ((ev_val){.kind = kind, .a = a, .b = b}));
    return e->vals.n - 1;
}

uint32_t ev_text_val(ev *e, uint8_t kind, tw_str text, uint8_t flags, uint32_t recipe)
{
    TW_PUSH(e->tmp, e->texts, text);
    uint32_t v = ev_new(e, kind, e->texts.n - 1, 0);
    ev_at(e, v)->flags = flags | EV_CONST;
    ev_at(e, v)->recipe = recipe;
    return v;
}

uint32_t ev_folded(ev *e, uint8_t kind, tw_str text, uint32_t recipe)
{
    return ev_text_val(e, kind, text, EV_FOLDED, recipe);
}

uint32_t ev_int(ev *e, int64_t n)
{
    if (e->mc && n >= 0 && n < (int64_t)TW_COUNT(e->small_ints)) { /* the machine makes many of these */
        uint32_t *known = &e->small_ints[n];
        if (!*known) {
            *known = ev_new(e, TW_VAL_INT, (uint32_t)n, 0);
            ev_at(e, *known)->flags = EV_CONST;
        }
        return *known;
    }
    uint32_t v = ev_new(e, TW_VAL_INT, (uint32_t)(uint64_t)n, (uint32_t)((uint64_t)n >> 32));
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

uint32_t ev_bool(ev *e, bool b)
{
    uint32_t v = ev_new(e, TW_VAL_BOOL, b, 0);
    ev_at(e, v)->flags = EV_CONST;
    return v;
}

uint32_t ev_unknown(ev *e)
{
    return ev_new(e, TW_VAL_OPAQUE, 0, 0);
}

/* builtins.exec is exec. */
uint32_t ev_symbol(ev *e, uint32_t sym)
{
    uint32_t known = e->package ? ev_package_name(e, sym) : 0;
    if (known) return known;
    if (e->js) {
        uint32_t v = ev_new(e, TW_VAL_SYMBOL, sym, 0);
        ev_at(e, v)->sym = sym;
        return v;
    }
    static const tw_str prefixes[] = {TW_SI("builtins."), TW_SI("__builtins__."), TW_SI("__builtin__.")};
    tw_str s = ev_sym(e, sym);
    uint8_t flags = 0;
    uint32_t constant = e->py ? ev_py_constant(e, s) : 0;
    if (constant) return constant;
    for (size_t i = 0; i < TW_COUNT(prefixes); i++)
        if (tw_str_starts(s, prefixes[i]) && s.n > prefixes[i].n) {
            sym = tw_intern(&e->syms, tw_str_sub(s, prefixes[i].n, s.n));
            flags = EV_REFLECTED;
            break;
        }
    uint32_t v = ev_new(e, TW_VAL_SYMBOL, sym, 0);
    ev_at(e, v)->sym = sym;
    ev_at(e, v)->flags = flags;
    return v;
}

void ev_memo_init(ev *e)
{
    uint32_t n = 64;
    while (n < MAX_MEMO && n < e->ir->insns.n / 4) n *= 2;
    e->memo = TW_NEWN(e->tmp, ev_memo, n);
    e->memo_mask = n - 1;
}

static ev_memo *memo_of(ev *e, uint32_t sym, uint32_t more)
{
    uint64_t key = (uint64_t)sym << 32 | more;
    ev_memo *m = &e->memo[(key * 0x9e3779b97f4a7c15ull >> 40) & e->memo_mask];
    if (m->key != key) *m = (ev_memo){key, 0};
    return m;
}

static uint32_t join(ev *e, uint32_t sym, const char *sep, tw_str more)
{
    tw_str base = ev_sym(e, sym);
    if (base.n + more.n > MAX_SYM) return 0;
    __attribute__((uninitialized)) char text[MAX_SYM + 4];
    size_t n = base.n, k = strlen(sep);
    if (n) memcpy(text, base.p, n);
    memcpy(text + n, sep, k);
    if (more.n) memcpy(text + n + k, more.p, more.n);
    return tw_intern(&e->syms, tw_str_of(text, n + k + more.n));
}

uint32_t ev_sym_join(ev *e, uint32_t sym, const char *sep, tw_str more)
{
    if (more.n) return join(e, sym, sep, more);
    ev_memo *m = memo_of(e, sym, SUFFIX | (uint8_t)sep[0]);
    if (!m->sym) m->sym = join(e, sym, sep, more);
    return m->sym;
}

uint32_t ev_sym_member(ev *e, uint32_t sym, uint32_t name, tw_str text)
{
    if (!name) return join(e, sym, ".", text);
    ev_memo *m = memo_of(e, sym, name);
    if (!m->sym) m->sym = join(e, sym, ".", text);
    return m->sym;
}

uint32_t ev_recipe_add(ev *e, uint32_t before, const char *name)
{
    TW_PUSH(e->tmp, e->recipes, ((ev_recipe){before, name}));
    return e->recipes.n - 1;
}

uint32_t ev_list(ev *e, uint8_t kind, const uint32_t *items, uint32_t n)
{
    uint32_t at = e->lists.n;
    bool known = true;
    TW_RESERVE(e->tmp, e->lists, n);
    for (uint32_t i = 0; i < n; i++) {
        known = known && ev_is_const(e, items[i]);
        e->lists.v[at + i] = items[i];
    }
    e->lists.n += n;
    uint32_t v = ev_new(e, kind, 0, 0);
    ev_val *val = ev_at(e, v);
    val->list = at, val->n = n;
    if (known && (kind == TW_VAL_SEQ || kind == TW_VAL_MAP)) val->flags |= EV_CONST;
    return v;
}

/* ---- alternatives ---- */

static bool same(const ev *e, uint32_t x, uint32_t y)
{
    if (x == y) return true;
    const ev_val *a = ev_at(e, x), *b = ev_at(e, y);
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case TW_VAL_STR:
    case TW_VAL_BYTES: {
        tw_str s = e->texts.v[a->a], t = e->texts.v[b->a];
        return s.n == t.n && s.n <= 256 && tw_str_eq(s, t);
    }
    case TW_VAL_INT:
    case TW_VAL_BOOL:
    case TW_VAL_SYMBOL:
    case TW_VAL_FUNC: return a->a == b->a && a->b == b->b;
    case TW_VAL_MEMBER:
        return a->b == b->b && (a->a == b->a || (ev_at(e, a->a)->kind == TW_VAL_FUNC && same(e, a->a, b->a)));
    case TW_VAL_NULL_:
    case TW_VAL_OPAQUE: return true;
    default: return false;
    }
}

/* Values of these kinds may say the same without being the same. */
static bool by_content(uint8_t kind)
{
    static const bool kinds[256] = {
        [TW_VAL_STR] = 1,  [TW_VAL_BYTES] = 1,  [TW_VAL_INT] = 1,   [TW_VAL_BOOL] = 1,  [TW_VAL_SYMBOL] = 1,
        [TW_VAL_FUNC] = 1, [TW_VAL_MEMBER] = 1, [TW_VAL_NULL_] = 1, [TW_VAL_OPAQUE] = 1};
    return kinds[kind];
}

static uint32_t add_alt(const ev *e, uint32_t *alts, uint32_t n, uint32_t v)
{
    for (uint32_t i = 0; i < n; i++)
        if (alts[i] == v) return n;
    bool content = by_content(ev_at(e, v)->kind);
    for (uint32_t i = 0; content && i < n; i++)
        if (same(e, alts[i], v)) return n;
    if (n <= MAX_ALTS) alts[n++] = v;
    return n;
}

/* The PHI among the items that says just this already, 0 none: merges in loops bring the same again and again. */
static uint32_t same_phi(const ev *e, const uint32_t *items, uint32_t n, const uint32_t *alts, uint32_t have)
{
    for (uint32_t i = 0; i < n; i++) {
        const ev_val *v = ev_at(e, items[i]);
        if (v->kind != TW_VAL_PHI || v->n != have) continue;
        bool open = have == MAX_ALTS && ev_at(e, ev_item(e, v, have - 1))->kind == TW_VAL_OPAQUE;
        if (!memcmp(e->lists.v + v->list, alts, (have - open) * sizeof *alts)) return items[i];
    }
    return 0;
}

/* Flat, without doubles, at most MAX_ALTS: what is beyond becomes one OPAQUE. */
uint32_t ev_phi(ev *e, const uint32_t *items, uint32_t n)
{
    uint32_t alts[MAX_ALTS + 1], have = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!items[i] || (i && items[i] == items[0])) continue;
        const ev_val *v = ev_at(e, items[i]);
        if (v->kind != TW_VAL_PHI) {
            have = add_alt(e, alts, have, items[i]);
        } else if (!have) { /* what a PHI holds is told apart already */
            bool full = v->n == MAX_ALTS && ev_at(e, ev_item(e, v, MAX_ALTS - 1))->kind == TW_VAL_OPAQUE;
            if (full) return items[i];
            have = v->n;
            memcpy(alts, e->lists.v + v->list, have * sizeof *alts);
        } else {
            for (uint32_t k = 0; k < v->n; k++) have = add_alt(e, alts, have, ev_item(e, v, k));
        }
    }
    if (have <= 1) return have ? alts[0] : 0;
    uint32_t known = same_phi(e, items, n, alts, have > MAX_ALTS ? MAX_ALTS : have);
    if (known) return known;
    if (have > MAX_ALTS) have = MAX_ALTS, alts[MAX_ALTS - 1] = ev_unknown(e);
    uint32_t sym = 0, flags = 0;
    for (uint32_t i = have; i-- > 0;)
        if (ev_at(e, alts[i])->sym && ev_at(e, alts[i])->kind != TW_VAL_SYMBOL) sym = ev_at(e, alts[i])->sym;
    for (uint32_t i = have; i-- > 0;)
        if (ev_at(e, alts[i])->kind == TW_VAL_SYMBOL)
            sym = ev_at(e, alts[i])->sym, flags = ev_at(e, alts[i])->flags;
    uint32_t phi = ev_list(e, TW_VAL_PHI, alts, have);
    ev_at(e, phi)->sym = sym;
    ev_at(e, phi)->flags = flags & EV_REFLECTED;
    return phi;
}

/* ---- text ---- */

bool ev_is_text(const ev *e, uint32_t v, uint8_t *ret_kind)
{
    const ev_val *x = ev_at(e, v);
    *ret_kind =
        x->kind == TW_VAL_BYTES || (x->kind == EV_ROPE && x->flags & EV_BYTES) ? TW_VAL_BYTES : TW_VAL_STR;
    return x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES || x->kind == EV_ROPE || x->kind == TW_VAL_CONCAT;
}

static uint64_t text_bytes(const ev *e, const ev_val *v)
{
    return v->kind == EV_ROPE ? v->list : e->texts.v[v->a].n;
}

static uint32_t leaves(const ev_val *v)
{
    return v->kind == EV_ROPE ? v->n : 1;
}

uint32_t ev_concat(ev *e, uint32_t l, uint32_t r)
{
    uint8_t kl, kr;
    bool tl = ev_is_text(e, l, &kl), tr = ev_is_text(e, r, &kr);
    if (!tl && !tr) return 0;
    const ev_val *a = ev_at(e, l), *b = ev_at(e, r);
    bool known = tl && tr && kl == kr && (a->flags & b->flags & EV_CONST);
    uint64_t bytes = known ? text_bytes(e, a) + text_bytes(e, b) : 0;
    if (bytes > e->lim->value_bytes) known = false, bytes = 0;
    if (known && !text_bytes(e, a)) return r; /* so a rope has no more leaves than bytes */
    if (known && !text_bytes(e, b)) return l;
    uint32_t n = leaves(a) + leaves(b);
    ev_val v = {
        .kind = EV_ROPE, .a = l, .b = r, .list = (uint32_t)bytes, .n = n > leaves(a) ? n : UINT32_MAX};
    v.flags = EV_FOLDED | (known ? EV_CONST : 0) | ((tl ? kl : kr) == TW_VAL_BYTES ? EV_BYTES : 0);
    v.recipe = a->recipe ? a->recipe : b->recipe;
    TW_PUSH(e->tmp, e->vals, v);
    return e->vals.n - 1;
}

/* From the end to the front: a left-deep rope needs a stack of one. */
static void flatten(ev *e, uint32_t rope, char *end)
{
    uint32_t base = e->stack.n;
    TW_PUSH(e->tmp, e->stack, rope);
    while (e->stack.n > base) {
        const ev_val *v = ev_at(e, e->stack.v[--e->stack.n]);
        if (v->kind == EV_ROPE) {
            TW_PUSH(e->tmp, e->stack, v->a);
            TW_PUSH(e->tmp, e->stack, v->b);
        } else {
            tw_str s = e->texts.v[v->a];
            end -= s.n;
            if (s.n) memcpy(end, s.p, s.n);
        }
    }
}

bool ev_text(ev *e, uint32_t v, tw_str *ret)
{
    ev_val *x = ev_at(e, v);
    if (x->kind == EV_ROPE) {
        uint32_t n = x->list;
        if (!(x->flags & EV_CONST) || !ev_step(e, x->n) || !ev_room(e, n)) return false;
        char *p = tw_arena_raw(e->tmp, n);
        flatten(e, v, p + n);
        TW_PUSH(e->tmp, e->texts, tw_str_of(p, n));
        x = ev_at(e, v);
        x->kind = x->flags & EV_BYTES ? TW_VAL_BYTES : TW_VAL_STR;
        x->a = e->texts.n - 1;
        x->b = x->list = x->n = 0;
    }
    if (x->kind != TW_VAL_STR && x->kind != TW_VAL_BYTES) return false;
    *ret = e->texts.v[x->a];
    return true;
}

bool ev_get_int(const ev *e, uint32_t v, int64_t *ret)
{
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_INT && x->kind != TW_VAL_BOOL) return false;
    *ret = (int64_t)((uint64_t)x->b << 32 | x->a);
    return true;
}

int ev_truth(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    int64_t n;
    if (!v) return -1;
    if (ev_get_int(e, v, &n)) return n != 0;
    if (x->kind == TW_VAL_NULL_) return 0;
    if (x->kind == TW_VAL_STR || x->kind == TW_VAL_BYTES) return e->texts.v[x->a].n != 0;
    if (x->kind == TW_VAL_FUNC) return 1;
    return e->py ? ev_py_truth(e, v) : -1;
}

/* ---- containers ---- */

/* A tuple stays what it is; what changes is what it holds. */
static void escape_in_tuple(ev *e, uint32_t v)
{
    const ev_val t = *ev_at(e, v);
    bool fine = ev_step(e, 1 + t.n / 8);
    for (uint32_t i = 0; fine && i < t.n; i++) {
        ev_val *x = ev_at(e, e->lists.v[t.list + i]);
        bool holds = x->kind == TW_VAL_SEQ && x->how == TW_SEQ_TUPLE;
        if (x->kind == TW_VAL_SEQ || x->kind == TW_VAL_MAP || x->kind == TW_VAL_MUT) x->flags |= EV_ESCAPED;
        if (!holds) continue;
        x->flags &= (uint8_t)~EV_ESCAPED;
        for (uint32_t k = 0; k < x->n && !(x->flags & EV_ESCAPED); k++) {
            uint8_t kind = ev_at(e, e->lists.v[x->list + k])->kind;
            if (kind == TW_VAL_SEQ || kind == TW_VAL_MAP || kind == TW_VAL_MUT) x->flags |= EV_ESCAPED;
        }
    }
    if (!fine) ev_at(e, v)->flags |= EV_ESCAPED;
}

void ev_escape(ev *e, uint32_t v)
{
    for (unsigned i = 0; v && i < MAX_CHAIN; i++) {
        ev_val *x = ev_at(e, v);
        if (x->kind != TW_VAL_SEQ && x->kind != TW_VAL_MAP && x->kind != TW_VAL_MUT) return;
        if (x->kind == TW_VAL_SEQ && x->how == TW_SEQ_TUPLE && e->py) {
            escape_in_tuple(e, v);
            return;
        }
        x->flags |= EV_ESCAPED;
        v = x->kind == TW_VAL_MUT ? x->a : 0;
    }
}

bool ev_items(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n)
{
    uint32_t base = e->stack.n, at = v;
    const ev_val *x = ev_at(e, v);
    for (; x->kind == TW_VAL_MUT; at = x->a, x = ev_at(e, at)) {
        bool fine =
            (x->how == EV_MUT_APPEND || x->how == EV_MUT_EXTEND) && !(x->flags & EV_ESCAPED) && ev_step(e, 1);
        if (!fine) return e->stack.n = base, false;
        TW_PUSH(e->tmp, e->stack, at);
    }
    bool fine = x->kind == TW_VAL_SEQ && !(x->flags & (EV_LOOSE | EV_ESCAPED)) && x->how != TW_SEQ_SET;
    if (!fine) return e->stack.n = base, false;
    *ret_list = x->list, *ret_n = x->n;
    if (e->stack.n == base) return true;
    uint32_t from = x->list, n = x->n;
    *ret_list = e->lists.n, *ret_n = 0;
    for (uint32_t i = 0; fine && i < n; i++) TW_PUSH(e->tmp, e->lists, e->lists.v[from + i]);
    while (e->stack.n > base) {
        const ev_val *m = ev_at(e, e->stack.v[--e->stack.n]), *more = ev_at(e, m->b);
        if (m->how == EV_MUT_APPEND) {
            TW_PUSH(e->tmp, e->lists, m->b);
            continue;
        }
        bool seq =
            more->kind == TW_VAL_SEQ && !(more->flags & (EV_LOOSE | EV_ESCAPED)) && ev_step(e, more->n);
        fine = fine && seq;
        for (uint32_t i = 0; fine && i < more->n; i++) TW_PUSH(e->tmp, e->lists, ev_item(e, more, i));
    }
    *ret_n = e->lists.n - *ret_list;
    return fine && ev_step(e, *ret_n);
}

/* *ret_sure: and if not, they are different. Of Python, 1 is True is 1.0. */
bool ev_equal_keys(ev *e, uint32_t x, uint32_t y, bool *ret_sure)
{
    tw_str s, t;
    int64_t n, m;
    if (ev_at(e, x)->kind == EV_ROPE) ev_text(e, x, &s);
    if (ev_at(e, y)->kind == EV_ROPE) ev_text(e, y, &t);
    uint8_t a = ev_at(e, x)->kind, b = ev_at(e, y)->kind;
    *ret_sure = ev_is_const(e, x) && ev_is_const(e, y) && a != TW_VAL_FLOAT && b != TW_VAL_FLOAT &&
                a != TW_VAL_SEQ && b != TW_VAL_SEQ;
    if (e->py && ev_get_int(e, x, &n) && ev_get_int(e, y, &m)) return n == m;
    bool long_text = a == b && (a == TW_VAL_STR || a == TW_VAL_BYTES);
    if (long_text && ev_text(e, x, &s) && ev_text(e, y, &t)) return tw_str_eq(s, t);
    return same(e, x, y);
}

static bool equal_keys(ev *e, uint32_t x, uint32_t y)
{
    bool sure;
    return ev_equal_keys(e, x, y, &sure);
}

/* Puts one entry into those from `from` on; false where it cannot be told which. */
static bool put_pair(ev *e, uint32_t from, uint32_t key, uint32_t val)
{
    bool sure;
    if (!ev_is_const(e, key) || !ev_step(e, 1 + (e->lists.n - from) / 16)) return false;
    for (uint32_t i = from; i < e->lists.n; i += 2) {
        if (ev_equal_keys(e, e->lists.v[i], key, &sure)) return e->lists.v[i + 1] = val, true;
        if (!sure) return false;
    }
    TW_PUSH(e->tmp, e->lists, key);
    TW_PUSH(e->tmp, e->lists, val);
    return true;
}

/* The same by hash. */
static bool put_plain(ev *e, uint32_t from, uint32_t key, uint32_t val)
{
    if (!ev_step(e, 1 + (e->lists.n - from) / 16)) return false;
    uint32_t *slot = ev_key_slot(e, key);
    if (*slot) return e->lists.v[from + 2 * *slot - 1] = val, true;
    TW_RESERVE(e->tmp, e->lists, 2);
    e->lists.v[e->lists.n++] = key;
    e->lists.v[e->lists.n++] = val;
    *slot = (e->lists.n - from) / 2;
    return true;
}

/* Are all keys, those set behind on the stack too, integers and texts? Of a few it does not matter. */
static bool plain_keys(ev *e, uint32_t list, uint32_t n, uint32_t base)
{
    bool plain = n / 2 + e->stack.n - base > 8;
    for (uint32_t i = 0; plain && i + 1 < n; i += 2) plain = ev_key_plain(e, e->lists.v[list + i]);
    for (uint32_t i = base; plain && i < e->stack.n; i++)
        plain = ev_key_plain(e, ev_at(e, e->stack.v[i])->list);
    if (plain) ev_keys_begin(e, n / 2 + e->stack.n - base);
    return plain;
}

bool ev_pairs(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n)
{
    uint32_t base = e->stack.n, at = v;
    const ev_val *x = ev_at(e, v);
    bool fine = true;
    for (; fine && x->kind == TW_VAL_MUT; at = x->a, x = ev_at(e, at)) {
        fine = x->how == EV_MUT_KEY && !(x->flags & (EV_ESCAPED | EV_LOOSE)) && e->stack.n - base < 256;
        TW_PUSH(e->tmp, e->stack, at);
    }
    fine = fine && x->kind == TW_VAL_MAP && !(x->flags & (EV_LOOSE | EV_ESCAPED)) && x->n <= 4096;
    uint32_t from = x->list, n = x->n;
    *ret_list = e->lists.n;
    bool (*put)(ev *, uint32_t, uint32_t, uint32_t) =
        fine && plain_keys(e, from, n, base) ? put_plain : put_pair;
    for (uint32_t i = 0; fine && i + 1 < n; i += 2)
        fine = put(e, *ret_list, e->lists.v[from + i], e->lists.v[from + i + 1]);
    while (fine && e->stack.n > base) {
        const ev_val m = *ev_at(e, e->stack.v[--e->stack.n]);
        fine = put(e, *ret_list, m.list, m.b);
    }
    e->stack.n = base;
    *ret_n = e->lists.n - *ret_list;
    return fine;
}

/* The last item under key; 0 where it cannot be told. */
uint32_t ev_map_get(ev *e, uint32_t v, uint32_t key)
{
    for (unsigned i = 0; i < MAX_CHAIN; i++) {
        const ev_val *x = ev_at(e, v);
        if (x->flags & (EV_LOOSE | EV_ESCAPED)) return 0;
        if (x->kind == TW_VAL_MAP) break;
        if (x->kind != TW_VAL_MUT || x->how != EV_MUT_KEY || !ev_is_const(e, x->list)) return 0;
        if (equal_keys(e, x->list, key)) return x->b;
        v = ev_at(e, v)->a;
    }
    ev_val m = *ev_at(e, v);
    if (m.kind != TW_VAL_MAP || !ev_step(e, m.n / 8)) return 0;
    for (uint32_t i = m.n; i >= 2; i -= 2) {
        if (!ev_is_const(e, e->lists.v[m.list + i - 2])) return 0;
        if (equal_keys(e, e->lists.v[m.list + i - 2], key)) return e->lists.v[m.list + i - 1];
    }
    return 0;
}

static uint32_t seq_get(ev *e, uint32_t base, int64_t i)
{
    uint32_t list, n;
    if (ev_at(e, base)->kind == TW_VAL_SEQ && ev_at(e, base)->how >= EV_SEQ_VIEW) return 0;
    if (!ev_items(e, base, &list, &n)) return 0;
    if (i < 0) i += n;
    return i >= 0 && i < n ? e->lists.v[list + (uint32_t)i] : 0;
}

uint32_t ev_index(ev *e, uint32_t base, uint32_t key)
{
    int64_t i;
    uint32_t v = ev_reflect_index(e, base, key);
    bool hidden = v == TW_NONE;
    if (hidden) v = 0;
    if (!v && e->js) v = ev_js_index(e, base, key);
    if (!v && e->py) v = ev_py_index(e, base, key);
    bool before = e->js && ev_get_int(e, key, &i) && i < 0; /* undefined, or a name */
    if (!v && ev_is_const(e, key) && !before) {
        uint32_t items[2] = {base, key};
        uint8_t kind = ev_at(e, base)->kind, text;
        if (kind == TW_VAL_MAP || kind == TW_VAL_MUT) v = ev_map_get(e, base, key);
        if (!v && ev_get_int(e, key, &i) && (kind == TW_VAL_SEQ || kind == TW_VAL_MUT))
            v = seq_get(e, base, i);
        if (!v && e->js && ev_get_int(e, key, &i)) v = ev_js_unit(e, base, i);
        bool slice = ev_at(e, key)->kind == TW_VAL_SEQ && (kind == TW_VAL_SEQ || kind == TW_VAL_MUT);
        if (!v && (slice || (ev_is_text(e, base, &text) && ev_is_const(e, base))))
            v = ev_op(e, TW_S("[]"), items, 2);
    }
    if (v && e->py && ev_at(e, v)->flags & EV_ESCAPED)
        v = 0; /* a list in a list that has changed meanwhile */
    if (v) return v;
    uint32_t sym = hidden ? 0 : ev_at(e, base)->sym;
    if (sym) sym = ev_sym_join(e, sym, "[]", (tw_str){0});
    v = ev_new(e, TW_VAL_INDEX, base, key);
    ev_at(e, v)->sym = sym;
    if (!ev_is_const(e, key)) ev_at(e, v)->flags |= EV_DYNAMIC;
    return v;
}

uint32_t ev_iter(ev *e, uint32_t source)
{
    uint32_t known = e->package ? ev_package_iter(e, source) : 0;
    if (known) return known;
    uint32_t sym = ev_at(e, source)->sym;
    if (sym) sym = ev_sym_join(e, sym, "[]", (tw_str){0});
    uint32_t v = ev_new(e, TW_VAL_ITER, source, 0);
    ev_at(e, v)->sym = sym;
    return v;
}

/* ---- members ---- */

uint32_t ev_class_sym(ev *e, uint32_t scope)
{
    for (unsigned i = 0; i < 8 && e->ir->scopes.v[scope].kind == TW_REGION_CLASS; i++) {
        const ev_scope *sc = &e->scopes[scope];
        uint32_t inner = 0;
        for (uint32_t k = 0; k < sc->n_bases && k < 8; k++) {
            const ev_val *b = ev_at(e, e->lists.v[sc->bases + k]);
            if (b->sym && !tw_str_eq(ev_sym(e, b->sym), TW_S("object"))) return b->sym;
            if (b->kind == TW_VAL_FUNC && !inner) inner = b->a;
        }
        if (!inner || !ev_step(e, 1)) return 0;
        scope = inner;
    }
    return 0;
}

static uint32_t instance_sym(ev *e, const ev_val *x)
{
    bool self = x->kind == TW_VAL_PARAM && x->b == 0 && e->ir->scopes.v[x->a].kind == TW_REGION_FUNCTION;
    uint32_t scope = self ? e->ir->scopes.v[x->a].parent : x->a;
    if (!self && x->kind != TW_VAL_INSTANCE && x->kind != TW_VAL_FUNC) return 0;
    uint32_t sym = ev_class_sym(e, scope);
    return sym && x->kind != TW_VAL_FUNC ? ev_sym_join(e, sym, "()", (tw_str){0}) : sym;
}

uint32_t ev_base_sym(ev *e, uint32_t v)
{
    static const char *const types[EV_ROPE + 1] = {
        [TW_VAL_STR] = "str",  [TW_VAL_CONCAT] = "str", [EV_ROPE] = "str",       [TW_VAL_BYTES] = "bytes",
        [TW_VAL_MAP] = "dict", [TW_VAL_INT] = "int",    [TW_VAL_FLOAT] = "float"};
    static const char *const js_types[EV_ROPE + 1] = {
        [TW_VAL_STR] = "String",   [TW_VAL_CONCAT] = "String", [EV_ROPE] = "String",
        [TW_VAL_BYTES] = "Buffer", [TW_VAL_MAP] = "Object",    [TW_VAL_INT] = "Number",
        [TW_VAL_FLOAT] = "Number", [TW_VAL_SEQ] = "Array",     [TW_VAL_FUNC] = "Function"};
    static const char *const seqs[] = {"list", "tuple", "set", "list", "slice"};
    const ev_val *x = ev_at(e, v);
    for (unsigned i = 0; x->kind == TW_VAL_MUT && i < MAX_CHAIN; i++) x = ev_at(e, x->a);
    if (x->sym) return x->sym;
    ev_val of = *x;
    uint32_t sym = instance_sym(e, &of);
    if (sym) return sym;
    const char *t = of.flags & EV_BYTES ? "bytes" : types[of.kind];
    if (e->js)
        t = js_types[of.kind];
    else if (of.kind == TW_VAL_SEQ)
        t = seqs[of.how < TW_COUNT(seqs) ? of.how : 0];
    if (t) return tw_intern(&e->syms, tw_str_c(t));
    if (!e->question) e->question = tw_intern(&e->syms, TW_S("?"));
    return e->question;
}

static uint32_t known_member(ev *e, uint32_t base, uint32_t name, tw_str text)
{
    const ev_val *x = ev_at(e, base);
    uint32_t scope = x->a, found = 0;
    uint8_t flags = x->flags & EV_REFLECTED;
    if (x->kind == TW_VAL_SYMBOL) {
        uint32_t sym = ev_sym_member(e, x->sym, name, text);
        if (!sym) return 0;
        found = ev_symbol(e, sym);
        ev_at(e, found)->flags |= flags;
        uint32_t put = e->js && e->js_patches.n && !e->m ? ev_js_patched_member(e, base, text, found) : 0;
        return put ? put : found;
    }
    if (x->kind == TW_VAL_FUNC && tw_str_eq(text, TW_S("__call__"))) return base;
    if (!name) return 0;
    if (x->kind == TW_VAL_PARAM) {
        if (x->b != 0 || e->ir->scopes.v[scope].kind != TW_REGION_FUNCTION) return 0;
        scope = e->ir->scopes.v[scope].parent;
    } else if (x->kind != TW_VAL_FUNC && x->kind != TW_VAL_INSTANCE) {
        return 0;
    }
    return e->ir->scopes.v[scope].kind == TW_REGION_CLASS ? ev_class_attr_of(e, x, scope, name) : 0;
}

static uint32_t member(ev *e, uint32_t base, uint32_t name, tw_str text)
{
    uint32_t v = e->js ? ev_js_member(e, base, text) : e->py ? ev_py_member(e, base, name, text) : 0;
    if (!v && e->package) v = ev_package_member(e, base, text);
    if (!v) v = known_member(e, base, name, text);
    if (e->py && (v || e->patches.n)) v = ev_py_attribute(e, base, text, v);
    if (v) return v;
    uint32_t field = name ? ev_ir_sym(e, name) : tw_intern(&e->syms, text);
    uint32_t sym = ev_sym_member(e, ev_base_sym(e, base), name, text);
    v = ev_new(e, TW_VAL_MEMBER, base, field);
    ev_at(e, v)->sym = sym;
    ev_at(e, v)->flags = ev_at(e, base)->flags & EV_REFLECTED;
    return v;
}

uint32_t ev_member(ev *e, uint32_t base, uint32_t name)
{
    return member(e, base, name, tw_ir_text(e->ir, name));
}

uint32_t ev_named_member(ev *e, uint32_t base, tw_str name)
{
    return member(e, base, tw_intern_find(&e->ir->strings, name), name);
}
