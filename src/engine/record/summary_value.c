/* SPDX-License-Identifier: Apache-2.0 */
/* Which roots each value holds, in one pass over the values (operands stand before them), and once more for what is
 * stored in an object behind its back; then an edge for everything that leaves a function. */
#include "engine/record/summary_priv.h"

typedef struct put { /* base.step = value */
    uint32_t base, value, step, func, next;
} put;

typedef struct pass {
    su *s;
    TW_VEC(put) puts;
    uint32_t *puts_at; /* per value: index + 1 of the puts whose base and value are both known there */
    su_set *stored;    /* per value: what was put into it, NULL where nothing ever is */
    su_set first;      /* of the set under way: the only source so far, still whole */
    su_set whole;      /* the first source that was taken as it is */
    uint32_t sources;
    bool cut, again;
} pass;

bool su_spend(su *s, uint64_t n)
{
    s->steps += n;
    return s->steps <= s->max_steps;
}

/* Whose data it was is not known: of the function or of any around it. */
static void cut_around(su *s, uint32_t func)
{
    for (; func < s->r->n_funcs && s->cut[func] < 2; func = s->r->funcs[func].parent) s->cut[func] = 2;
}

uint32_t su_var_root(su *s, uint32_t func, uint32_t name)
{
    bool fresh;
    uint32_t *slot = su_slot(s, &s->var_of, (uint64_t)func << 32 | (name + 1ull), &fresh);
    if (fresh) {
        *slot = s->vars.n;
        TW_PUSH(s->tmp, s->vars, ((su_var){func, name}));
    }
    return su_root(SU_VAR, *slot);
}

static inline int by_item(const su_item *x, const su_item *y)
{
    if (x->root != y->root) return x->root < y->root ? -1 : 1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Whole sets are shared as long as there is one source. */
static void spill(pass *p)
{
    su *s = p->s;
    for (uint32_t i = 0; i < p->first.n; i++) {
        su_item it = s->pool.v[p->first.start + i];
        TW_PUSH(s->tmp, s->scratch, it);
    }
    p->first = (su_set){0};
}

enum { FEW = 16 };
static void sort_few(su_item *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        su_item x = v[i];
        uint32_t k = i;
        for (; k && by_item(&v[k - 1], &x) > 0; k--) v[k] = v[k - 1];
        v[k] = x;
    }
}

static uint32_t run_end(const su_item *v, uint32_t from, uint32_t n)
{
    uint32_t i = from < n ? from + 1 : n;
    while (i < n && by_item(&v[i - 1], &v[i]) <= 0) i++;
    return i;
}

/* What came of sets is in order already, set by set: neighbouring runs are merged until there is one. */
static void sort_runs(su *s)
{
    uint32_t n = s->scratch.n, first = run_end(s->scratch.v, 0, n);
    TW_RESERVE(s->tmp, s->other, n);
    while (first < n) {
        const su_item *v = s->scratch.v;
        su_item *to = s->other.v;
        for (uint32_t from = 0, end; from < n; from = end) {
            uint32_t a = from, mid = run_end(v, from, n), b = mid;
            end = run_end(v, mid, n);
            while (a < mid && b < end) *to++ = by_item(&v[a], &v[b]) <= 0 ? v[a++] : v[b++];
            while (a < mid) *to++ = v[a++];
            while (b < end) *to++ = v[b++];
        }
        su_item *swap = s->other.v;
        uint32_t cap = s->other.cap;
        s->other.v = s->scratch.v, s->other.cap = s->scratch.cap;
        s->scratch.v = swap, s->scratch.cap = cap;
        first = run_end(swap, 0, n);
    }
}

static void compress(pass *p)
{
    su *s = p->s;
    if (s->scratch.n <= FEW)
        sort_few(s->scratch.v, s->scratch.n);
    else
        sort_runs(s);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->scratch.n; i++)
        if (!n || by_item(&s->scratch.v[n - 1], &s->scratch.v[i])) s->scratch.v[n++] = s->scratch.v[i];
    if (n > SU_SET_MAX) n = SU_SET_MAX, p->cut = true;
    s->scratch.n = n;
}

static void begin(pass *p)
{
    p->s->scratch.n = 0;
    p->first = p->whole = (su_set){0};
    p->sources = 0;
    p->cut = false;
}

static su_set finish(pass *p)
{
    su *s = p->s;
    su_set out = p->first;
    if (p->sources > 1 || s->scratch.n) {
        compress(p);
        const su_item *old = p->whole.n ? s->pool.v + p->whole.start : NULL;
        bool grown =
            !old || p->whole.n != s->scratch.n || memcmp(old, s->scratch.v, s->scratch.n * sizeof *old) != 0;
        out = grown ? (su_set){.start = s->pool.n, .n = (uint8_t)s->scratch.n} : p->whole;
        for (uint32_t i = 0; grown && i < s->scratch.n; i++) TW_PUSH(s->tmp, s->pool, s->scratch.v[i]);
    }
    out.cut = p->cut;
    out.used = 0;
    return out;
}

static void root(pass *p, uint32_t r)
{
    spill(p);
    p->sources += 2;
    TW_PUSH(p->s->tmp, p->s->scratch, ((su_item){r, 0, 0}));
}

static void take_set(pass *p, su_set set)
{
    p->cut |= set.cut;
    if (!set.n || (p->first.n == set.n && p->first.start == set.start)) return;
    if (p->sources++) spill(p);
    p->first = set;
    if (!p->whole.n) p->whole = set;
    if (p->sources > 1) spill(p);
    if (p->s->scratch.n > 4 * SU_SET_MAX) compress(p);
}

static su_set *operand(pass *p, uint32_t v)
{
    su_set *set = &p->s->sets[v < p->s->r->n_vals ? v : 0];
    set->used = 1;
    su_spend(p->s, 1 + set->n);
    return set;
}

static void same(pass *p, uint32_t v)
{
    take_set(p, *operand(p, v));
}

typedef enum motion { WRAP, STRIP, FLAT } motion;

/* The operand as an element of the value, an element of the operand, or both run together. */
static void moved(pass *p, uint32_t v, motion how, uint32_t step)
{
    su *s = p->s;
    su_set set = *operand(p, v);
    p->cut |= set.cut;
    if (!set.n) return;
    bool flat = how == FLAT;
    for (uint32_t i = 0; flat && i < set.n; i++) flat = !s->pool.v[set.start + i].at;
    if (flat) {
        take_set(p, set);
        return;
    }
    spill(p);
    p->sources += 2;
    for (uint32_t i = 0; i < set.n; i++) {
        su_item it = s->pool.v[set.start + i];
        if (how == WRAP)
            it.at = su_under(s, step, it.at);
        else if (how == FLAT)
            it.at = 0;
        else if (!it.at)
            it.from = su_step(s, it.from, step);
        else if (!su_strip(s, it.at, step, &it.at))
            continue;
        TW_PUSH(s->tmp, s->scratch, it);
    }
    if (s->scratch.n > 4 * SU_SET_MAX) compress(p);
}

/* Comparisons and tests tell about data, they do not carry it. */
bool tw_rec_op_carries(tw_str op)
{
    static const tw_str tests[] = {TW_SI("=="),  TW_SI("!="),     TW_SI("<"),     TW_SI(">"),
                                   TW_SI("<="),  TW_SI(">="),     TW_SI("in"),    TW_SI("is"),
                                   TW_SI("not"), TW_SI("not in"), TW_SI("is not")};
    if (!op.n || !memchr("=!<>in", op.p[0], 6)) return true;
    for (size_t i = 0; i < TW_COUNT(tests); i++)
        if (tw_str_eq(op, tests[i])) return false;
    return true;
}

static uint32_t key_step(const su *s, uint32_t key)
{
    enum { KEY_MAX = 64 };
    const tw_val *k = &s->r->vals[key];
    return k->kind == TW_VAL_STR && s->r->strings[k->a].n <= KEY_MAX ? k->a : 0;
}

static void value(pass *p, uint32_t id)
{
    su *s = p->s;
    const tw_record *r = s->r;
    const tw_val *v = &r->vals[id];
    const uint32_t *items = v->n ? r->lists + v->list : NULL;
    switch (v->kind) {
    case TW_VAL_PARAM: root(p, su_root(SU_PARAM, s->param0[v->a] + v->b)); break;
    case TW_VAL_CALL: root(p, su_root(SU_CALL, v->a)); break;
    case TW_VAL_INSTANCE: root(p, su_root(SU_CALL, v->b)); break;
    case TW_VAL_MEMBER:
        if (r->vals[v->a].kind == TW_VAL_FUNC)
            root(p, su_var_root(s, r->vals[v->a].a, v->b));
        else
            moved(p, v->a, STRIP, v->b);
        break;
    case TW_VAL_INDEX:
        if (r->vals[v->b].kind == TW_VAL_SEQ) /* a slice */
            same(p, v->a);
        else
            moved(p, v->a, STRIP, key_step(s, v->b));
        break;
    case TW_VAL_ITER: moved(p, v->a, STRIP, 0); break;
    case TW_VAL_MUT: same(p, v->a), moved(p, v->b, WRAP, 0); break;
    case TW_VAL_PHI:
        for (uint32_t i = 0; i < v->n; i++) same(p, items[i]);
        break;
    case TW_VAL_SEQ:
        for (uint32_t i = 0; i < v->n; i++) moved(p, items[i], WRAP, 0);
        break;
    case TW_VAL_MAP:
        for (uint32_t i = 0; i < v->n; i++) moved(p, items[i], WRAP, i % 2 ? key_step(s, items[i - 1]) : 0);
        break;
    case TW_VAL_OP:
        if (!tw_rec_op_carries(tw_rec_str(r, v->b))) break;
        /* fall through */
    case TW_VAL_CONCAT:
        for (uint32_t i = 0; i < v->n; i++) moved(p, items[i], FLAT, 0);
        break;
    default: break;
    }
}

static bool equal(const su *s, su_set a, su_set b)
{
    if (a.n != b.n || a.cut != b.cut) return false;
    return !a.n || a.start == b.start ||
           !memcmp(s->pool.v + a.start, s->pool.v + b.start, a.n * sizeof *s->pool.v);
}

static void do_put(pass *p, const put *x)
{
    su *s = p->s;
    su_set *base = &s->sets[x->base];
    uint8_t used = base->used;
    begin(p);
    take_set(p, *base);
    moved(p, x->value, WRAP, x->step);
    su_set sum = finish(p);
    if (equal(s, *base, sum)) return;
    if (used && s->r->vals[x->base].kind != TW_VAL_PARAM)
        p->again = true; /* something made of it before does not know */
    sum.used = used;
    *base = sum;
    if (p->stored) p->stored[x->base] = sum;
}

/* ---- values of one source, which most are ---- */

static su_set one_item(su *s, su_item it)
{
    TW_PUSH(s->tmp, s->pool, it);
    return (su_set){.start = s->pool.n - 1, .n = 1};
}

/* All operands that hold anything hold the same; flat: and that whole. */
static bool one_source(su *s, const uint32_t *items, uint32_t n, bool flat, su_set *ret)
{
    su_set out = {0};
    uint64_t cost = n;
    for (uint32_t i = 0; i < n; i++) {
        su_set *set = &s->sets[items[i]];
        set->used = 1;
        out.cut |= set->cut;
        cost += set->n;
        if (!set->n || (out.n == set->n && out.start == set->start)) continue;
        if (out.n) return false;
        out.n = set->n, out.start = set->start;
    }
    for (uint32_t i = 0; flat && i < out.n; i++)
        if (s->pool.v[out.start + i].at) return false;
    su_spend(s, cost);
    *ret = out;
    return true;
}

/* None of the operands holds anything. */
static bool no_source(su *s, const uint32_t *items, uint32_t n, su_set *ret)
{
    su_set out = {0};
    for (uint32_t i = 0; i < n; i++) {
        su_set *set = &s->sets[items[i]];
        if (set->n) return false;
        set->used = 1;
        out.cut |= set->cut;
    }
    su_spend(s, n);
    *ret = out;
    return true;
}

static bool element(su *s, uint32_t v, uint32_t step, su_set *ret)
{
    su_set *set = &s->sets[v];
    if (set->n > 1) return false;
    set->used = 1;
    su_spend(s, 1 + set->n);
    *ret = (su_set){.cut = set->cut};
    if (!set->n) return true;
    su_item it = s->pool.v[set->start];
    if (!it.at)
        it.from = su_step(s, it.from, step);
    else if (!su_strip(s, it.at, step, &it.at))
        return true;
    uint8_t cut = ret->cut;
    *ret = one_item(s, it);
    ret->cut = cut;
    return true;
}

/* The set of a value that needs no merging; false: the long way. */
static bool simple(su *s, const tw_val *v, su_set *ret)
{
    const tw_record *r = s->r;
    const uint32_t *items = v->n ? r->lists + v->list : NULL;
    switch (v->kind) {
    case TW_VAL_PARAM: *ret = one_item(s, (su_item){su_root(SU_PARAM, s->param0[v->a] + v->b), 0, 0}); break;
    case TW_VAL_CALL: *ret = one_item(s, (su_item){su_root(SU_CALL, v->a), 0, 0}); break;
    case TW_VAL_INSTANCE: *ret = one_item(s, (su_item){su_root(SU_CALL, v->b), 0, 0}); break;
    case TW_VAL_MEMBER:
        if (r->vals[v->a].kind != TW_VAL_FUNC) return element(s, v->a, v->b, ret);
        *ret = one_item(s, (su_item){su_var_root(s, r->vals[v->a].a, v->b), 0, 0});
        break;
    case TW_VAL_INDEX:
        if (r->vals[v->b].kind == TW_VAL_SEQ) return one_source(s, &v->a, 1, false, ret);
        return element(s, v->a, key_step(s, v->b), ret);
    case TW_VAL_ITER: return element(s, v->a, 0, ret);
    case TW_VAL_PHI: return one_source(s, items, v->n, false, ret);
    case TW_VAL_SEQ:
    case TW_VAL_MAP: return no_source(s, items, v->n, ret);
    case TW_VAL_OP:
        if (tw_rec_op_carries(tw_rec_str(r, v->b))) return one_source(s, items, v->n, true, ret);
        *ret = (su_set){0};
        break;
    case TW_VAL_CONCAT: return one_source(s, items, v->n, true, ret);
    case TW_VAL_MUT: return false;
    default: *ret = (su_set){0};
    }
    return true;
}

/* Of any value. */
static void merged(pass *p, uint32_t v)
{
    su *s = p->s;
    begin(p);
    if (su_spend(s, 1))
        value(p, v);
    else
        p->cut = true;
    if (p->stored && p->stored[v].n) take_set(p, p->stored[v]);
    s->sets[v] = finish(p);
}

static void one_pass(pass *p)
{
    su *s = p->s;
    p->again = false;
    for (uint32_t v = 1; v < s->r->n_vals; v++) {
        if (s->r->vals[v].kind < TW_VAL_PARAM && !p->puts_at) continue; /* constants, symbols, functions */
        bool alone = s->steps < s->max_steps && (!p->stored || !p->stored[v].n);
        if (alone && simple(s, &s->r->vals[v], &s->sets[v]))
            s->steps++;
        else
            merged(p, v);
        for (uint32_t i = p->puts_at ? p->puts_at[v] : 0; i; i = p->puts.v[i - 1].next)
            do_put(p, &p->puts.v[i - 1]);
    }
}

static void collect_puts(pass *p)
{
    su *s = p->s;
    const tw_record *r = s->r;
    for (uint32_t i = 0; i < r->n_stores; i++) {
        const tw_rec_store *x = &r->stores[i];
        if (x->key || r->vals[x->base].kind == TW_VAL_FUNC) continue; /* an item: its variable has a MUT */
        TW_PUSH(s->tmp, p->puts, ((put){x->base, x->value, x->name, x->func, 0}));
    }
    if (!p->puts.n) return;
    p->puts_at = TW_NEWN(s->tmp, uint32_t, r->n_vals);
    p->stored = TW_NEWN(s->tmp, su_set, r->n_vals);
    for (uint32_t i = p->puts.n; i-- > 0;) {
        put *x = &p->puts.v[i];
        uint32_t at = x->base > x->value ? x->base : x->value;
        x->next = p->puts_at[at];
        p->puts_at[at] = i + 1;
    }
}

static uint32_t owner_of(const su *s, uint32_t root, uint32_t func)
{
    uint32_t id = su_id(root);
    return su_kind(root) == SU_PARAM  ? s->param_func[id]
           : su_kind(root) == SU_CALL ? s->r->calls[id].func
                                      : func;
}

static void edge(su *s, const su_item *it, uint32_t func, uint8_t kind, uint32_t to, uint32_t pos,
                 uint32_t at)
{
    uint32_t end = func; /* whose call, result or store it is */
    func = owner_of(s, it->root, func);
    if (s->count[func]++ >= SU_EDGES) {
        su_cut(s, func), su_cut(s, end);
        return;
    }
    TW_PUSH(s->tmp, s->base, ((su_edge){func, it->root, it->from, to, pos, at, kind}));
}

/* Edges of all a value holds. self: the root that stands for the end itself, which is no flow. */
static void leave(su *s, uint32_t v, uint32_t func, uint8_t kind, uint32_t to, uint32_t pos, uint32_t under,
                  uint32_t self)
{
    su_set set = s->sets[v];
    if (!set.n && !set.cut) return;
    if (set.cut) cut_around(s, func);
    su_spend(s, set.n);
    for (uint32_t i = 0; i < set.n; i++) {
        su_item it = s->pool.v[set.start + i];
        if (it.root != self) edge(s, &it, func, kind, to, pos, su_cat(s, under, it.at));
    }
}

/* base.step = value, where base is a parameter or a variable. */
static void leave_into(su *s, uint32_t base, uint32_t step, bool plain, uint32_t v, uint32_t func)
{
    su_set set = s->sets[base];
    if (!s->sets[v].n && !s->sets[v].cut) return;
    for (uint32_t i = 0; i < set.n && su_spend(s, 1); i++) {
        su_item it = s->pool.v[set.start + i];
        uint32_t id = su_id(it.root), path = plain ? it.from : su_step(s, it.from, step);
        if (it.at) continue;
        if (su_kind(it.root) == SU_PARAM) {
            uint32_t f = s->param_func[id];
            leave(s, v, func, TW_TO_PARAM, f, id - s->param0[f], path, it.root);
        } else if (su_kind(it.root) == SU_VAR) {
            su_var var = s->vars.v[id];
            leave(s, v, func, TW_TO_VAR, var.func, 0, su_under(s, var.name, path), it.root);
        }
    }
}

static void leave_call(su *s, uint32_t c)
{
    const tw_record *r = s->r;
    const tw_rec_call *call = &r->calls[c];
    const tw_val *callee = &r->vals[call->callee];
    bool member = callee->kind == TW_VAL_MEMBER;
    for (uint32_t i = 0; i < call->n_args; i++) {
        const tw_rec_arg *arg = &r->args[call->args + i];
        bool spread = arg->name == TW_ARG_SPREAD || arg->name == TW_ARG_SPREAD_MAP;
        if (s->js && arg->name && !spread) continue; /* an entry of an object that is an argument already */
        leave(s, arg->value, call->func, TW_TO_ARG, c, i, 0, TW_NONE);
        if (member && call->flags & TW_RC_METHOD_MUT)
            leave_into(s, callee->a, 0, false, arg->value, call->func);
    }
    if (member)
        leave(s, callee->a, call->func, TW_TO_SELF, c, 0, 0, TW_NONE);
    else if (callee->kind != TW_VAL_CALL)
        leave(s, call->callee, call->func, TW_TO_CALLEE, c, 0, 0, TW_NONE);
}

/* A variable that functions inside set as well; of its own values the row itself tells. */
static void leave_bound(su *s, const tw_rec_bind *b)
{
    su_set set = s->sets[b->value];
    uint32_t path = su_step(s, 0, b->name);
    if (set.cut) cut_around(s, b->func);
    uint32_t self = set.n ? su_var_root(s, b->func, b->name) : 0;
    for (uint32_t i = 0; i < set.n && su_spend(s, 1); i++) {
        su_item it = s->pool.v[set.start + i];
        if (it.root != self && owner_of(s, it.root, b->func) != b->func)
            edge(s, &it, b->func, TW_TO_VAR, b->func, 0, su_cat(s, path, it.at));
    }
}

static bool is_param_of(const tw_record *r, const tw_rec_func *f, uint32_t name)
{
    for (uint32_t i = 0; i < f->n_params && i < 64; i++)
        if (r->lists[f->params + i] == name) return true;
    return false;
}

void su_values(su *s)
{
    const tw_record *r = s->r;
    pass p = {.s = s};
    s->sets = TW_NEWN(s->tmp, su_set, r->n_vals);
    collect_puts(&p);
    uint32_t n = 0;
    do one_pass(&p);
    while (p.again && ++n < SU_PASSES && s->steps <= s->max_steps);
    for (uint32_t i = 0; p.again && i < p.puts.n; i++) cut_around(s, p.puts.v[i].func);
    for (uint32_t f = 0; f < r->n_funcs; f++)
        for (uint32_t i = 0; i < r->funcs[f].n_returns; i++)
            leave(s, r->lists[r->funcs[f].returns + i], f, TW_TO_RETURN, f, 0, 0, TW_NONE);
    for (uint32_t i = 0; i < r->n_stores; i++) {
        const tw_rec_store *x = &r->stores[i];
        uint32_t step = x->name ? x->name : x->key ? key_step(s, x->key) : 0;
        const tw_val *base = &r->vals[x->base];
        if (base->kind == TW_VAL_FUNC)
            leave(s, x->value, x->func, TW_TO_VAR, base->a, 0, su_step(s, 0, step), TW_NONE);
        else
            leave_into(s, x->base, step, !x->name && !x->key, x->value, x->func);
    }
    for (uint32_t i = 0; i < r->n_binds; i++) {
        const tw_rec_bind *b = &r->binds[i];
        const tw_rec_func *f = &r->funcs[b->func];
        if (b->func && is_param_of(r, f, b->name)) continue; /* a default */
        if (f->kind != TW_REGION_CLASS) leave_bound(s, b);   /* there the stores of its methods say so */
    }
    for (uint32_t c = 0; c < r->n_calls; c++) leave_call(s, c);
    if (s->steps > s->max_steps)
        for (uint32_t f = 0; f < r->n_funcs; f++) s->cut[f] = 1;
}
