/* SPDX-License-Identifier: Apache-2.0 */
/* Before evaluation: where regions end, which of them are alternatives of each other, and where each name
 * of each scope is bound. */
#include "engine/record/evaluate_priv.h"

#include <stdlib.h>

enum { PLACE_BIND, PLACE_CHANGE, PLACE_OUTSIDE, PLACE_PARAM, PLACE_MODULE };

typedef struct place {
    uint32_t name, scope, at;
    uint32_t what;
} place;
typedef struct decl {
    uint32_t name, scope, nonlocal;
} decl;
typedef struct level {
    uint32_t enter, scope, last; /* last: ENTER of the latest region inside, 0 none */
} level;
typedef struct scan {
    ev *e;
    TW_VEC(place) places;
    TW_VEC(decl) decls;
    TW_VEC(level) levels;
} scan;

static bool is_scope(uint8_t region)
{
    return region <= TW_REGION_COMPREHENSION;
}

static const tw_scope *scope_of(const ev *e, uint32_t s)
{
    return &e->ir->scopes.v[s];
}

static bool goes_on(uint8_t before, uint8_t after)
{
    if (after == TW_REGION_ELSE)
        return before == TW_REGION_THEN || before == TW_REGION_TRY || before == TW_REGION_CATCH;
    if (after == TW_REGION_CATCH) return before == TW_REGION_TRY || before == TW_REGION_CATCH;
    return after == TW_REGION_CASE && before == TW_REGION_CASE;
}

static void enter(scan *s, uint32_t at)
{
    ev *e = s->e;
    const tw_insn *in = &e->ir->insns.v[at];
    level *up = &s->levels.v[s->levels.n - 1];
    if (up->last && goes_on(e->ir->insns.v[up->last].kind, in->kind)) e->continues[up->last] |= EV_GOES_ON;
    if (!is_scope(in->kind)) up->last = at;
    uint32_t scope = is_scope(in->kind) && in->b < e->ir->scopes.n ? in->b : up->scope;
    TW_PUSH(e->tmp, s->levels, ((level){at, scope, 0}));
    e->leave[at] = e->ir->insns.n;
    e->continues[at] = 0;
    if (in->kind == TW_REGION_FINALLY) e->scopes[e->flow[scope]].ends_in_finally = true;
}

static void leave(scan *s, uint32_t at)
{
    uint32_t from = s->e->ir->insns.v[at].a;
    if (s->levels.n < 2 || s->levels.v[s->levels.n - 1].enter != from) return;
    s->e->leave[from] = at;
    s->levels.n--;
}

/* break, continue, return from it: a region that what stands in it may leave. */
static void note_jump(scan *s)
{
    for (uint32_t i = s->levels.n; i-- > 1 && i + 32 > s->levels.n;) {
        uint32_t at = s->levels.v[i].enter;
        if (is_scope(s->e->ir->insns.v[at].kind)) return;
        s->e->continues[at] |= EV_JUMPED;
    }
}

static void note(scan *s, uint32_t name, uint32_t scope, uint32_t at, uint32_t what)
{
    if (name && name < tw_intern_count(&s->e->ir->strings))
        TW_PUSH(s->e->tmp, s->places, ((place){name, scope, at, what}));
}

static uint32_t skip_comprehensions(const ev *e, uint32_t scope)
{
    while (scope && scope_of(e, scope)->kind == TW_REGION_COMPREHENSION) scope = scope_of(e, scope)->parent;
    return scope;
}

static uint32_t name_read_by(const ev *e, uint32_t v, uint32_t at)
{
    if (v >= at) return 0;
    const tw_insn *in = &e->ir->insns.v[v];
    for (unsigned i = 0; e->py && in->op == TW_OP_INDEX && i < 8; i++)
        in = &e->ir->insns.v[in->a]; /* a[0][1] */
    return in->op == TW_OP_READ ? in->a : 0;
}

/* The class whose instance `name` is: the first parameter of a method around `scope`. */
static uint32_t class_of_self(const ev *e, uint32_t scope, uint32_t name)
{
    for (unsigned i = 0; scope && i < 8; i++, scope = scope_of(e, scope)->parent) {
        const tw_scope *sc = scope_of(e, scope);
        if (sc->kind != TW_REGION_FUNCTION || scope_of(e, sc->parent)->kind != TW_REGION_CLASS) continue;
        bool first = sc->n_params && sc->params < e->ir->params.n && e->ir->params.v[sc->params].name == name;
        return first ? sc->parent : 0;
    }
    return 0;
}

static void note_call(scan *s, uint32_t scope, uint32_t at, const tw_insn *in)
{
    ev *e = s->e;
    if (in->a >= at) return;
    const tw_insn *callee = &e->ir->insns.v[in->a];
    if (callee->op != TW_OP_MEMBER || ev_method_of(e, callee->b) == EV_METHOD_NONE) return;
    const tw_insn *on = callee->a < at ? &e->ir->insns.v[callee->a] : NULL;
    if (!on || on->op != TW_OP_SEQ) e->js_changes = true;
    e->changes_any = true;
    bool attr = on && on->op == TW_OP_MEMBER && on->b < tw_intern_count(&e->ir->strings); /* o.l.append(x) */
    if (attr && (e->js || e->py)) e->stored[on->b] |= EV_STORED_OUTSIDE;
    if (attr && e->js && e->flow[scope]) e->stored[on->b] |= EV_STORED_FUNCTION;
    note(s, name_read_by(e, callee->a, at), scope, at, PLACE_CHANGE);
}

/* Array.prototype: what of it makes text? */
static bool of_builtin(const ev *e, const tw_insn *prototype)
{
    static const tw_str names[] = {TW_SI("Array"),  TW_SI("Object"),  TW_SI("String"),
                                   TW_SI("Number"), TW_SI("Boolean"), TW_SI("Function")};
    const tw_insn *of = prototype->op == TW_OP_MEMBER ? &e->ir->insns.v[prototype->a] : NULL;
    tw_str name = of && of->op == TW_OP_READ ? tw_ir_text(e->ir, of->a) : (tw_str){0};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(name, names[i])) return true;
    return false;
}

static bool makes_text(tw_str name)
{
    return !name.n || tw_str_eq(name, TW_S("join")) || tw_str_eq(name, TW_S("toString")) ||
           tw_str_eq(name, TW_S("valueOf")) || tw_str_eq(name, TW_S("toJSON"));
}

/* ---- what functions hand on ---- */

static bool among(const char *names, tw_str name)
{
    tw_str all = tw_str_c(names);
    size_t at = name.n && name.n < 16 ? tw_str_find(all, name) : TW_NPOS;
    return at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + name.n] == ' ';
}

static void note_leak(scan *s, uint32_t flow, uint32_t at, uint32_t v)
{
    ev *e = s->e;
    const tw_insn *in = v && v < at ? &e->ir->insns.v[v] : NULL;
    if (!in) return;
    if (in->op == TW_OP_MEMBER && ev_method_of(e, in->b) != EV_METHOD_NONE) { /* l.append, not called here */
        flow = TW_NONE;
        e->changes_any = true;
        in = in->a < v ? &e->ir->insns.v[in->a] : in;
    } else if (!flow) {
        return;
    }
    if (in->op != TW_OP_READ || in->a >= tw_intern_count(&e->ir->strings)) return;
    uint32_t *of = &e->leaks[in->a];
    *of = *of && *of != flow ? TW_NONE : flow;
}

/* len(l), ','.join(l), JSON.stringify(l): nobody has it afterwards. */
static bool only_looks(const ev *e, uint32_t callee, uint32_t at)
{
    static const char looks[] =
        " len str repr sorted list tuple set frozenset dict sum min max any all zip enumerate "
        "reversed print isinstance type bytes bytearray range String Number Boolean ";
    static const char brought[] = " JSON Object String Array Math Number console Buffer ";
    const tw_insn *v = e->ir->insns.v, *in = callee < at ? &v[callee] : NULL, *of;
    if (!in) return false;
    if (in->op == TW_OP_READ) return among(looks, tw_ir_text(e->ir, in->a));
    of = in->op == TW_OP_MEMBER && in->a < callee ? &v[in->a] : NULL;
    if (!of) return false;
    tw_str name = tw_ir_text(e->ir, in->b);
    if (of->op == TW_OP_CONST) return tw_str_eq(name, TW_S("join"));
    if (e->py) /* requests.post(u, headers=h): no function of this file */
        return in->b < tw_intern_count(&e->ir->strings) && !(e->stored[in->b] & EV_STORED_FUNCTION);
    return e->js && of->op == TW_OP_READ && among(brought, tw_ir_text(e->ir, of->a)) &&
           !tw_str_eq(name, TW_S("assign")) && !tw_str_starts(name, TW_S("define"));
}

/* attrgetter("items") of the call whose callee is at `of`: the text, NULL. */
static const tw_insn *getter_text(const ev *e, uint32_t of)
{
    const tw_insn *v = e->ir->insns.v, *made = &v[of], *f = made->a < of ? &v[made->a] : NULL;
    if (made->op != TW_OP_CALL || !f || !made->c || e->ir->args.v[made->c].value != 1) return NULL;
    tw_str name = tw_ir_text(e->ir, f->op == TW_OP_MEMBER ? f->b : f->op == TW_OP_READ ? f->a : 0);
    uint32_t key = e->ir->args.v[made->c + 1].value;
    return tw_str_eq(name, TW_S("attrgetter")) && key < of ? &v[key] : NULL;
}

/* getattr(d, "items"), attrgetter("items")(d): d.items, as long as it is no method that changes d. */
static bool asks_member(ev *e, uint32_t at, const tw_insn *in)
{
    const tw_insn *v = e->ir->insns.v, *of = in->a < at ? &v[in->a] : NULL, *key = NULL;
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0;
    if (!e->py || !of) return false;
    if (n == 1) {
        key = getter_text(e, in->a);
    } else if (n == 2 && of->op == TW_OP_READ && tw_str_eq(tw_ir_text(e->ir, of->a), TW_S("getattr"))) {
        uint32_t name = e->ir->args.v[in->c + 2].value;
        key = name < at ? &v[name] : NULL;
    }
    return key && key->op == TW_OP_CONST && key->kind == TW_CONST_STR &&
           ev_method_of(e, key->a) == EV_METHOD_NONE;
}

/* What an outer variable holds may be changed by whoever gets it of a function: that runs who knows when. */
static void note_leaks(scan *s, uint32_t scope, uint32_t at, const tw_insn *in)
{
    ev *e = s->e;
    uint32_t flow = e->flow[scope], n;
    switch (in->op) {
    case TW_OP_RETURN:
    case TW_OP_YIELD: note_leak(s, flow, at, in->a); break;
    case TW_OP_BIND: note_leak(s, flow, at, in->b); break;
    case TW_OP_MEMBER: /* l.push.bind */
        if (in->a < at && e->ir->insns.v[in->a].op == TW_OP_MEMBER) note_leak(s, 0, at, in->a);
        break;
    case TW_OP_SETMEMBER:
        if (e->js) note_leak(s, flow, at, in->a);
        note_leak(s, flow, at, in->c);
        break;
    case TW_OP_SETINDEX: note_leak(s, flow, at, in->c); break;
    case TW_OP_CHOOSE:
        note_leak(s, flow, at, in->b);
        note_leak(s, flow, at, in->c);
        break;
    case TW_OP_CALL:
    case TW_OP_SEQ:
    case TW_OP_MAP:
        n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0;
        if (flow && n && in->op == TW_OP_CALL && (only_looks(e, in->a, at) || asks_member(e, at, in)))
            flow = 0;
        for (uint32_t i = 0; i < n; i++)
            if (e->ir->args.v[in->c + 1 + i].name < TW_ARG_SPREAD_MAP)
                note_leak(s, flow, at, e->ir->args.v[in->c + 1 + i].value);
        break;
    default: break;
    }
}

/* ---- Python: attributes and globals that are set by another way than their name ---- */

static const tw_insn *const_text(const ev *e, uint32_t v, uint32_t at)
{
    const tw_insn *in = v && v < at ? &e->ir->insns.v[v] : NULL;
    return in && in->op == TW_OP_CONST && in->kind == TW_CONST_STR ? in : NULL;
}

static void note_attribute(ev *e, const tw_insn *key)
{
    if (key && key->a < tw_intern_count(&e->ir->strings))
        e->stored[key->a] = EV_STORED_OUTSIDE;
    else
        e->stored_any = EV_STORED_OUTSIDE;
}

static void note_dynamic(scan *s, uint32_t scope, uint32_t at, const tw_insn *in)
{
    ev *e = s->e;
    const tw_insn *v = e->ir->insns.v, *of = in->a < at ? &v[in->a] : NULL;
    tw_str name = of && of->op == TW_OP_READ     ? tw_ir_text(e->ir, of->a)
                  : of && of->op == TW_OP_MEMBER ? tw_ir_text(e->ir, of->b)
                                                 : (tw_str){0};
    if (in->op == TW_OP_CALL && of && of->op == TW_OP_READ) {
        uint32_t n = in->c ? e->ir->args.v[in->c].value : 0;
        bool sets = tw_str_eq(name, TW_S("setattr")) || tw_str_eq(name, TW_S("delattr"));
        if (sets) note_attribute(e, n > 1 ? const_text(e, e->ir->args.v[in->c + 2].value, at) : NULL);
    } else if (in->op == TW_OP_CALL && of && of->op == TW_OP_MEMBER && of->a < in->a) {
        const tw_insn *base = &v[of->a];
        bool dict = base->op == TW_OP_MEMBER && tw_str_eq(tw_ir_text(e->ir, base->b), TW_S("__dict__"));
        if (dict && ev_method_of(e, of->b) != EV_METHOD_NONE) note_attribute(e, NULL);
        if (tw_str_eq(name, TW_S("__setattr__"))) note_attribute(e, NULL);
    } else if (in->op == TW_OP_SETINDEX && of) {
        if (of->op == TW_OP_MEMBER && tw_str_eq(name, TW_S("__dict__")))
            note_attribute(e, const_text(e, in->b, at));
        const tw_insn *f = of->op == TW_OP_CALL && of->a < in->a ? &v[of->a] : NULL;
        tw_str by = f && f->op == TW_OP_READ ? tw_ir_text(e->ir, f->a) : (tw_str){0};
        bool globals =
            tw_str_eq(by, TW_S("globals")) || tw_str_eq(by, TW_S("vars")) || tw_str_eq(by, TW_S("locals"));
        bool here = !e->flow[scope];
        const tw_insn *key = globals ? const_text(e, in->b, at) : NULL;
        if (key && (here || tw_str_eq(by, TW_S("globals"))))
            note(s, key->a, 0, at, here ? PLACE_BIND : PLACE_OUTSIDE);
    }
}

/* JavaScript: which members are set at all, and from where. */
static void note_store(scan *s, uint32_t scope, uint32_t at, const tw_insn *in)
{
    ev *e = s->e;
    uint8_t by = e->flow[scope] ? EV_STORED_FUNCTION : EV_STORED_MODULE;
    e->changes_any = true;
    const tw_insn *key = in->op == TW_OP_SETINDEX && in->b < at ? &e->ir->insns.v[in->b] : NULL;
    bool named = key && key->op == TW_OP_CONST && key->kind == TW_CONST_STR;
    uint32_t name = in->op == TW_OP_SETMEMBER ? in->b : named ? key->a : 0;
    const tw_insn *base = in->a < at ? &e->ir->insns.v[in->a] : NULL;
    tw_str of = base && (base->op == TW_OP_MEMBER || base->op == TW_OP_READ)
                    ? tw_ir_text(e->ir, base->op == TW_OP_READ ? base->a : base->b)
                    : (tw_str){0};
    if (tw_str_eq(of, TW_S("prototype"))) e->js_prototypes = true;
    if (tw_str_eq(of, TW_S("prototype")) && of_builtin(e, base) && makes_text(tw_ir_text(e->ir, name)))
        e->js_texts = true;
    if (base && base->op == TW_OP_READ && in->op == TW_OP_SETINDEX && tw_str_eq(of, TW_S("arguments"))) {
        uint32_t f = e->flow[scope];
        e->scopes[f].sets_arguments = true;
        while (f && e->ir->scopes.v[f].kind != TW_REGION_FUNCTION) f = e->ir->scopes.v[f].parent;
        e->scopes[f].sets_arguments = true; /* of an arrow: those of the function around it */
    }
    if (!tw_str_eq(of, TW_S("exports")) && !tw_str_eq(of, TW_S("module"))) e->js_changes = true;
    if (named) by |= EV_STORED_OUTSIDE;
    if (name && name < tw_intern_count(&e->ir->strings)) e->stored[name] |= by;
    if (key && !named && !(key->op == TW_OP_CONST && key->kind == TW_CONST_INT)) e->stored_any |= by;
}

/* import os: what os.remove() takes away is nothing of the module's. */
static bool binds_module(const ev *e, const tw_insn *in)
{
    const tw_insn *from = in->kind == TW_BIND_IMPORT ? &e->ir->insns.v[in->b] : NULL;
    return from && from->op == TW_OP_IMPORT && !from->b && !(from->flags & TW_IF_STAR);
}

static void note_insn(scan *s, uint32_t at, const tw_insn *in)
{
    ev *e = s->e;
    uint32_t scope = s->levels.v[s->levels.n - 1].scope, name;
    if (e->js || e->py) note_leaks(s, scope, at, in);
    if (e->py && (in->op == TW_OP_CALL || in->op == TW_OP_SETINDEX)) note_dynamic(s, scope, at, in);
    switch (in->op) {
    case TW_OP_ENTER:
        if (in->kind == TW_REGION_WITH && in->a && !(in->flags & TW_IF_HOISTED)) e->js_with = true;
        enter(s, at);
        break;
    case TW_OP_LEAVE: leave(s, at); break;
    case TW_OP_JUMP: note_jump(s); break;
    case TW_OP_BIND:
        if (in->kind == TW_BIND_WALRUS) scope = skip_comprehensions(e, scope);
        note(s, in->a, scope, at, e->py && binds_module(e, in) ? PLACE_MODULE : PLACE_BIND);
        break;
    case TW_OP_SCOPE: TW_PUSH(e->tmp, s->decls, ((decl){in->a, scope, in->kind})); break;
    case TW_OP_SETINDEX:
        if (e->js) note_store(s, scope, at, in);
        note(s, name_read_by(e, in->a, at), scope, at, PLACE_CHANGE);
        e->changes_any = true;
        break;
    case TW_OP_SETMEMBER:
        if (e->js) note_store(s, scope, at, in);
        name = name_read_by(e, in->a, at);
        scope = name ? class_of_self(e, scope, name) : 0;
        if (scope) note(s, in->b, scope, at, PLACE_OUTSIDE);
        if ((e->js || e->py) && !scope && in->b < tw_intern_count(&e->ir->strings))
            e->stored[in->b] |= EV_STORED_OUTSIDE;
        break;
    case TW_OP_CALL: note_call(s, scope, at, in); break;
    default: break;
    }
}

/* Counted out by one key, in order of sight within it; n: keys there are. */
static void sort_by(ev *e, place *to, const place *from, uint32_t count, uint32_t n, bool by_name)
{
    uint32_t *start = TW_NEWN(e->tmp, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < count; i++) start[(by_name ? from[i].name : from[i].scope) + 1]++;
    for (uint32_t i = 0; i < n; i++) start[i + 1] += start[i];
    for (uint32_t i = 0; i < count; i++) to[start[by_name ? from[i].name : from[i].scope]++] = from[i];
}

/* Of places of one name and scope. */
static int by_place(const void *x, const void *y)
{
    const place *a = x, *b = y;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return (a->what > b->what) - (a->what < b->what);
}

static void sort_run(place *p, uint32_t n)
{
    uint32_t i = 1;
    while (i < n && by_place(p + i - 1, p + i) <= 0) i++;
    if (i < n) qsort(p, n, sizeof *p, by_place);
}

/* By name, scope and place. They were seen in order of place, but for what is declared global. */
static void sort_places(scan *s)
{
    ev *e = s->e;
    uint32_t n = s->places.n;
    place *sorted = tw_arena_raw(e->tmp, n * sizeof *sorted);
    sort_by(e, sorted, s->places.v, n, e->ir->scopes.n, false);
    sort_by(e, s->places.v, sorted, n, tw_intern_count(&e->ir->strings), true);
    place *p = s->places.v;
    for (uint32_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && p[j].name == p[i].name && p[j].scope == p[i].scope;) j++;
        sort_run(p + i, j - i);
    }
}

static int by_decl(const void *x, const void *y)
{
    const decl *a = x, *b = y;
    if (a->name != b->name) return a->name < b->name ? -1 : 1;
    if (a->scope != b->scope) return a->scope < b->scope ? -1 : 1;
    return (a->nonlocal > b->nonlocal) - (a->nonlocal < b->nonlocal);
}

static bool declared(const scan *s, const place *p, bool *ret_nonlocal)
{
    size_t lo = 0, hi = s->decls.n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const decl *d = &s->decls.v[mid];
        if (d->name < p->name || (d->name == p->name && d->scope < p->scope))
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo >= s->decls.n || s->decls.v[lo].name != p->name || s->decls.v[lo].scope != p->scope) return false;
    *ret_nonlocal = s->decls.v[lo].nonlocal;
    return true;
}

/* global x: its binds belong to the module; nonlocal x: looked up once all variables are known. */
static void apply_decls(scan *s)
{
    if (!s->decls.n) return;
    qsort(s->decls.v, s->decls.n, sizeof *s->decls.v, by_decl);
    for (uint32_t i = 0; i < s->places.n; i++) {
        place *p = &s->places.v[i];
        bool nonlocal = false;
        if (!p->scope || !declared(s, p, &nonlocal)) continue;
        if (nonlocal)
            p->what = PLACE_CHANGE;
        else
            p->what = PLACE_OUTSIDE, p->scope = 0;
    }
}

static void make_var(ev *e, const place *p, uint32_t n)
{
    ev_var v = {.name = p->name, .scope = p->scope, .first = e->places.n, .n = n};
    bool module = true;
    for (uint32_t i = 0; i < n; i++) {
        v.binds += p[i].what != PLACE_CHANGE;
        module = module && (p[i].what == PLACE_MODULE || p[i].what == PLACE_CHANGE);
        if (p[i].what == PLACE_OUTSIDE)
            v.flags |= scope_of(e, p->scope)->kind == TW_REGION_CLASS ? EVV_SELF : EVV_SHARED;
        if (p[i].what == PLACE_PARAM) v.flags |= EVV_PARAM;
    }
    if (!v.binds) return;
    if (module) v.flags |= EVV_MODULE, v.n = v.binds;
    for (uint32_t i = 0; i < n; i++)
        if (!module || p[i].what == PLACE_MODULE) TW_PUSH(e->tmp, e->places, p[i].at);
    TW_PUSH(e->tmp, e->vars, v);
}

static void index_vars(ev *e)
{
    uint32_t n = tw_intern_count(&e->ir->strings), v = 0;
    e->vars_of = tw_arena_raw(e->tmp, ((size_t)n + 1) * sizeof *e->vars_of);
    e->var_scope = tw_arena_raw(e->tmp, e->vars.n * sizeof *e->var_scope);
    for (uint32_t i = 0; i < e->vars.n; i++) e->var_scope[i] = e->vars.v[i].scope;
    for (uint32_t s = 0; s <= n; s++) {
        while (v < e->vars.n && e->vars.v[v].name < s) v++;
        e->vars_of[s] = v;
    }
    e->var_hint = tw_arena_raw(e->tmp, n * sizeof *e->var_hint);
    memcpy(e->var_hint, e->vars_of, n * sizeof *e->var_hint);
}

/* Changes of a name that is no variable of that scope change an outer one. */
static void share_outer(ev *e, const place *p)
{
    if (ev_find_var(e, p->name, p->scope) != TW_NONE) return;
    for (uint32_t s = p->scope; s;) {
        s = scope_of(e, s)->parent;
        uint32_t var = ev_find_var(e, p->name, s);
        if (!ev_step(e, 1)) return;
        if (var == TW_NONE) continue;
        if (e->vars.v[var].flags & EVV_MODULE) return;
        bool fields = e->js && scope_of(e, p->scope)->kind == TW_REGION_CLASS; /* run for each object */
        bool here = e->flow[s] == e->flow[p->scope] && !fields;
        e->vars.v[var].flags |= here ? EVV_LOOSE : EVV_SHARED | EVV_LOOSE;
        return;
    }
}

static void note_params(scan *s)
{
    const ev *e = s->e;
    for (uint32_t i = 0; i < e->ir->scopes.n; i++) {
        const tw_scope *sc = scope_of(e, i);
        for (uint32_t k = 0; k < sc->n_params && sc->params + k < e->ir->params.n; k++)
            note(s, e->ir->params.v[sc->params + k].name, i, sc->enter, PLACE_PARAM);
    }
}

static void make_vars(scan *s)
{
    ev *e = s->e;
    apply_decls(s);
    sort_places(s);
    TW_RESERVE(e->tmp, e->places, s->places.n);
    TW_RESERVE(e->tmp, e->vars, s->places.n / 2 + 8);
    for (uint32_t i = 0, j; i < s->places.n; i = j) {
        const place *p = &s->places.v[i];
        for (j = i + 1;
             j < s->places.n && s->places.v[j].name == p->name && s->places.v[j].scope == p->scope;)
            j++;
        make_var(e, p, j - i);
    }
    index_vars(e);
    for (uint32_t i = 0; i < s->places.n; i++)
        if (s->places.v[i].what == PLACE_CHANGE) share_outer(e, &s->places.v[i]);
}

/* The flow of a scope is known once its parent's is; a lambda may be older than the comprehension around it. */
static void flow_of(ev *e, uint32_t scope, uint8_t *done)
{
    uint32_t base = e->stack.n;
    for (uint32_t s = scope; !done[s]; s = scope_of(e, s)->parent) {
        TW_PUSH(e->tmp, e->stack, s);
        done[s] = 1;
    }
    while (e->stack.n > base) {
        uint32_t s = e->stack.v[--e->stack.n];
        const tw_scope *sc = scope_of(e, s);
        bool own = sc->kind == TW_REGION_FUNCTION || sc->kind == TW_REGION_LAMBDA;
        e->flow[s] = own ? s : e->flow[sc->parent];
        e->func_of[s] = e->n_funcs++;
        uint32_t outer = sc->kind == TW_REGION_COMPREHENSION ? e->runs_in[sc->parent] : s;
        e->runs_in[s] = outer;
        e->nesting[s] = e->nesting[sc->parent] + 1;
        e->scope_of[e->func_of[s]] = s;
    }
}

static void make_scopes(ev *e)
{
    uint32_t n = e->ir->scopes.n;
    uint8_t *done = TW_NEWN(e->tmp, uint8_t, n);
    e->scopes = TW_NEWN(e->tmp, ev_scope, n);
    e->flow = TW_NEWN(e->tmp, uint32_t, n);
    e->func_of = TW_NEWN(e->tmp, uint32_t, n);
    e->scope_of = TW_NEWN(e->tmp, uint32_t, n);
    e->runs_in = TW_NEWN(e->tmp, uint32_t, n);
    e->nesting = TW_NEWN(e->tmp, uint32_t, n);
    done[0] = 1;
    e->n_funcs = 1;
    for (uint32_t i = 1; i < n; i++) flow_of(e, i, done);
}

void ev_scan(ev *e)
{
    scan s = {.e = e};
    uint32_t n = e->ir->insns.n;
    e->leave = tw_arena_raw(e->tmp, n * sizeof *e->leave); /* both are written at each ENTER */
    e->continues = tw_arena_raw(e->tmp, n);
    if (n) e->leave[0] = e->continues[0] = 0;
    make_scopes(e);
    TW_PUSH(e->tmp, s.levels, ((level){0}));
    note_params(&s); /* in front of what their functions bind */
    for (uint32_t i = 1; e->py && i < e->ir->scopes.n; i++)
        if (scope_of(e, i)->name < tw_intern_count(&e->ir->strings))
            e->stored[scope_of(e, i)->name] |= EV_STORED_FUNCTION;
    static const bool noted[TW_OP_MAX] = {
        [TW_OP_ENTER] = 1,     [TW_OP_LEAVE] = 1, [TW_OP_BIND] = 1,   [TW_OP_SCOPE] = 1, [TW_OP_SETINDEX] = 1,
        [TW_OP_SETMEMBER] = 1, [TW_OP_CALL] = 1,  [TW_OP_RETURN] = 1, [TW_OP_YIELD] = 1, [TW_OP_MEMBER] = 1,
        [TW_OP_CHOOSE] = 1,    [TW_OP_SEQ] = 1,   [TW_OP_MAP] = 1,    [TW_OP_JUMP] = 1};
    TW_RESERVE(e->tmp, s.places, e->ir->params.n + n / 4);
    const tw_insn *v = e->ir->insns.v;
    for (uint32_t i = 1; i < n; i++)
        if (v[i].op < TW_OP_MAX && noted[v[i].op]) note_insn(&s, i, &v[i]);
    make_vars(&s);
}

uint32_t ev_find_var(const ev *e, uint32_t name, uint32_t scope)
{
    if (name >= tw_intern_count(&e->ir->strings)) return TW_NONE;
    uint32_t lo = e->vars_of[name], end = e->vars_of[name + 1], hi = end, hint = e->var_hint[name];
    if (hint < end && e->var_scope[hint] == scope) return hint;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (e->var_scope[mid] < scope)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo >= end || e->var_scope[lo] != scope) return TW_NONE;
    return e->var_hint[name] = lo;
}

/* Methods of containers, buffers and files that put their arguments into the object. */
uint8_t ev_method_of(ev *e, uint32_t name)
{
    static const struct {
        tw_str name;
        uint8_t is;
    } methods[] = {
        {TW_SI("append"), EV_METHOD_APPEND},     {TW_SI("extend"), EV_METHOD_EXTEND},
        {TW_SI("add"), EV_METHOD_OTHER},         {TW_SI("update"), EV_METHOD_OTHER},
        {TW_SI("insert"), EV_METHOD_OTHER},      {TW_SI("appendleft"), EV_METHOD_OTHER},
        {TW_SI("write"), EV_METHOD_OTHER},       {TW_SI("writelines"), EV_METHOD_OTHER},
        {TW_SI("writestr"), EV_METHOD_OTHER},    {TW_SI("setdefault"), EV_METHOD_OTHER},
        {TW_SI("put"), EV_METHOD_OTHER},         {TW_SI("put_nowait"), EV_METHOD_OTHER},
        {TW_SI("push"), EV_METHOD_OTHER},        {TW_SI("attach"), EV_METHOD_OTHER},
        {TW_SI("pop"), EV_METHOD_OTHER},         {TW_SI("remove"), EV_METHOD_OTHER},
        {TW_SI("clear"), EV_METHOD_OTHER},       {TW_SI("sort"), EV_METHOD_OTHER},
        {TW_SI("reverse"), EV_METHOD_OTHER},     {TW_SI("popitem"), EV_METHOD_OTHER},
        {TW_SI("__setitem__"), EV_METHOD_OTHER}, {TW_SI("__iadd__"), EV_METHOD_EXTEND},
    };
    if (!name || name >= tw_intern_count(&e->ir->strings)) return EV_METHOD_NONE;
    if (!e->method[name]) {
        e->method[name] = EV_METHOD_NONE;
        tw_str s = tw_ir_text(e->ir, name);
        for (size_t i = 0; i < TW_COUNT(methods); i++)
            if (tw_str_eq(methods[i].name, s)) e->method[name] = methods[i].is;
        if (e->js && tw_str_eq(s, TW_S("push"))) e->method[name] = EV_METHOD_APPEND;
        if (e->js &&
            (tw_str_eq(s, TW_S("shift")) || tw_str_eq(s, TW_S("unshift")) || tw_str_eq(s, TW_S("splice")) ||
             tw_str_eq(s, TW_S("fill")) || tw_str_eq(s, TW_S("copyWithin"))))
            e->method[name] = EV_METHOD_OTHER;
        bool python = tw_str_eq(s, TW_S("append")) || tw_str_eq(s, TW_S("extend"));
        if (e->js && python) e->method[name] = EV_METHOD_OTHER;
    }
    return e->method[name];
}
