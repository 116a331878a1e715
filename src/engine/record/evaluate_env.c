/* SPDX-License-Identifier: Apache-2.0 */
/* What a name means at a place. Within the function that owns it: the definitions that reach, merged where
 * branches meet. In a function inside: any definition, because bodies run later. What a loop or another
 * function may change besides is a reference to the variable itself. */
#include "engine/record/evaluate_priv.h"

/* In JavaScript what a class holds is no variable, but for its own name and those of static blocks. */
static bool visible(const ev *e, uint32_t scope, uint32_t name)
{
    const tw_scope *sc = &e->ir->scopes.v[scope];
    if (sc->kind != TW_REGION_CLASS) return true;
    if (!e->js) return scope == e->scope;
    return name == sc->name || tw_str_rchr(tw_ir_text(e->ir, name), '~') != TW_NPOS;
}

uint32_t ev_variable(ev *e, uint32_t var)
{
    ev_var *v = &e->vars.v[var];
    v->flags |= EVV_ROW;
    uint32_t f = ev_new(e, TW_VAL_FUNC, v->scope, 0);
    return ev_new(e, TW_VAL_MEMBER, f, ev_ir_sym(e, e->vars.v[var].name));
}

/* A definition from before a loop that changes the name further down reaches only its first round. */
static bool loop_changes(const ev *e, const ev_var *v)
{
    uint32_t lo = 0, hi = e->loops.n;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (e->loops.v[mid] > v->pos)
            hi = mid;
        else
            lo = mid + 1;
    }
    if (lo == e->loops.n) return false;
    if (v->flags & EVV_LOOSE) return true;
    uint32_t enter = e->loops.v[lo], from = v->first, to = v->first + v->n;
    while (from < to) {
        uint32_t mid = from + (to - from) / 2;
        if (e->places.v[mid] > enter)
            to = mid;
        else
            from = mid + 1;
    }
    return from < v->first + v->n && e->places.v[from] < e->leave[enter];
}

/* Does a PHI name the variable already? */
static bool names_variable(ev *e, uint32_t val, uint32_t var)
{
    const ev_val *phi = ev_at(e, val);
    if (phi->kind != TW_VAL_PHI) return false;
    uint32_t field = ev_ir_sym(e, e->vars.v[var].name);
    for (uint32_t i = 0; i < phi->n; i++) {
        const ev_val *m = ev_at(e, ev_item(e, phi, i));
        if (m->kind != TW_VAL_MEMBER || m->b != field) continue;
        const ev_val *of = ev_at(e, m->a);
        if (of->kind == TW_VAL_FUNC && of->a == e->vars.v[var].scope) return true;
    }
    return false;
}

static uint32_t with_variable(ev *e, uint32_t val, uint32_t var)
{
    if (names_variable(e, val, var)) {
        e->vars.v[var].flags |= EVV_ROW;
        return val;
    }
    uint32_t alts[2] = {val, ev_variable(e, var)};
    return ev_phi(e, alts, 2);
}

/* A machine's own variables are as they are; those of the flow that asked, as it sees them now. */
static uint32_t read_in_machine(ev *e, uint32_t var)
{
    const ev_var *v = &e->vars.v[var];
    if (v->flags & (EVV_BLUNT | EVV_SHARED)) return ev_unknown(e);
    if (ev_machine_local(e, var)) return v->cur || !e->js ? v->cur : ev_unknown(e);
    if (e->flow[v->scope] != ev_machine_root(e)) return v->seen >= v->binds ? v->all : ev_unknown(e);
    return loop_changes(e, v) ? ev_unknown(e) : v->cur;
}

/* 0: not bound here and now. */
static uint32_t read_var(ev *e, uint32_t var)
{
    const ev_var *v = &e->vars.v[var];
    if (e->m) return read_in_machine(e, var);
    if (v->flags & EVV_BLUNT) return with_variable(e, v->all, var);
    if (e->flow[v->scope] != e->flow[e->scope])
        return v->flags & EVV_SHARED ? with_variable(e, v->all, var) : v->all;
    bool only = !v->cur && e->loops.n && v->all && v->n == 1 && v->binds == 1 &&
                v->seen == 1; /* in an arm of the loop */
    if (only && e->py && !(v->flags & (EVV_SHARED | EVV_LOOSE))) return v->all;
    if (v->flags & EVV_SHARED || loop_changes(e, v)) return with_variable(e, v->cur, var);
    return v->cur;
}

/* Of a name that nothing in this file binds: a builtin, or it came with a star import. */
static uint32_t unbound(ev *e, tw_str name)
{
    if (ev_is_command_language(e)) return ev_environment(e, name);
    if (e->patches.n) {
        uint32_t sym = tw_intern(&e->syms, name), v = ev_py_patched(e, sym, 0);
        if (v) return v;
    }
    if (!e->stars.n || ev_builtin(name)) return ev_symbol(e, tw_intern(&e->syms, name));
    uint32_t alts[8], n = 0;
    for (uint32_t i = e->stars.n; i-- > 0 && n < TW_COUNT(alts);) {
        uint32_t sym = ev_sym_join(e, e->stars.v[i], ".", name);
        if (sym) alts[n++] = ev_symbol(e, sym);
    }
    return ev_phi(e, alts, n);
}

static bool inside(const ev *e, uint32_t scope, uint32_t outer)
{
    while (e->nesting[scope] > e->nesting[outer]) scope = e->ir->scopes.v[scope].parent;
    return scope == outer;
}

/* Most names are bound by one scope: no need to ask each on the way there. The steps are those of asking. */
/* JavaScript: `var x` further down makes the name the function's own, without a value so far. */
static bool not_yet(const ev *e, uint32_t scope)
{
    return e->js && scope && e->flow[scope] == e->flow[e->scope];
}

static uint32_t value_of_one(ev *e, uint32_t var, uint32_t *ret_var)
{
    uint32_t scope = e->var_scope[var], hops = e->nesting[e->scope];
    uint32_t v = inside(e, e->scope, scope) && visible(e, scope, e->vars.v[var].name) ? read_var(e, var) : 0;
    e->steps += v ? hops - e->nesting[scope] : hops;
    *ret_var = v ? var : TW_NONE;
    return v;
}

static uint32_t find_value(ev *e, uint32_t name, uint32_t *ret_var)
{
    bool known = name < tw_intern_count(&e->ir->strings);
    uint32_t first = known ? e->vars_of[name] : 0, n = known ? e->vars_of[name + 1] - first : 0;
    if (n == 1) return value_of_one(e, first, ret_var);
    if (!n) { /* no scope binds it: the same steps, none taken */
        e->steps += e->nesting[e->scope];
        return *ret_var = TW_NONE, 0;
    }
    for (uint32_t s = e->scope;; e->steps++) {
        uint32_t var = ev_find_var(e, name, s), v = 0;
        if (var != TW_NONE && visible(e, s, name)) v = read_var(e, var);
        if (!v && var != TW_NONE && not_yet(e, s) && visible(e, s, name)) v = ev_unknown(e);
        if (v) return *ret_var = var, v;
        if (!s) return *ret_var = TW_NONE, 0;
        s = e->ir->scopes.v[s].parent;
    }
}

uint32_t ev_read(ev *e, uint32_t name)
{
    uint32_t var, v = find_value(e, name, &var);
    if (v) return v;
    tw_str text = tw_ir_text(e->ir, name);
    if (e->js && tw_ir_plain(text).n < text.n) return ev_unknown(e); /* a block's, not yet set */
    if (e->js && (v = ev_js_global_value(e, text))) return v;
    if (e->js && (v = ev_js_within(e, text))) return v;
    if (e->js && e->js_patches.n &&
        (v = ev_js_patched(e, ev_ir_sym(e, name), ev_symbol(e, ev_ir_sym(e, name)))))
        return v;
    return e->stars.n || e->patches.n || ev_is_command_language(e) ? unbound(e, text)
                                                                   : ev_symbol(e, ev_ir_sym(e, name));
}

uint32_t ev_resolve(ev *e, uint32_t name)
{
    uint32_t var;
    find_value(e, name, &var);
    return var;
}

uint32_t ev_read_global(ev *e, tw_str text)
{
    uint32_t name = tw_intern_find(&e->ir->strings, text);
    uint32_t var = name ? ev_find_var(e, name, 0) : TW_NONE;
    uint32_t v = var == TW_NONE ? 0 : read_var(e, var);
    return v ? v : unbound(e, text);
}

/* ---- binding ---- */

static void set_raw(ev *e, uint32_t var, uint32_t val)
{
    ev_var *v = &e->vars.v[var];
    TW_PUSH(e->tmp, e->log, ((ev_undo){var, v->cur, v->pos, e->at}));
    if (e->watched) TW_PUSH(e->tmp, e->passed, ((ev_passed){var, val, 0}));
    v->cur = val;
    v->pos = e->at;
}

void ev_set_now(ev *e, uint32_t var, uint32_t val)
{
    set_raw(e, var, val);
}

/* The name that is bound here is read at one place only, further down, in no loop that begins behind this. */
static bool read_once(ev *e)
{
    const tw_insn *v = e->ir->insns.v, *in = &v[e->at];
    const ev_uses *uses = in->op == TW_OP_BIND ? ev_uses_of(e, in->a) : NULL;
    if (!uses || uses->reads != 1) return uses && !uses->reads;
    uint32_t at = uses->read_at;
    if (at < e->at || at - e->at > 4096) return false;
    for (uint32_t i = e->at; i < at; i++) {
        bool again =
            v[i].op == TW_OP_ENTER && (v[i].kind == TW_REGION_LOOP || v[i].kind <= TW_REGION_COMPREHENSION);
        if (again && e->leave[i] > at) return false;
    }
    return true;
}

/* b = a, and nobody reads b: nothing changes behind the back of a. */
static bool never_read(ev *e)
{
    const tw_insn *in = &e->ir->insns.v[e->at];
    const ev_uses *uses = e->py && in->op == TW_OP_BIND ? ev_uses_of(e, in->a) : NULL;
    return uses && !uses->reads;
}

/* A container that two names hold may change behind the back of either. */
void ev_own(ev *e, uint32_t val)
{
    ev_val *x = ev_at(e, val);
    if (x->kind == TW_VAL_SYMBOL && x->how)
        x->flags |= EV_OWNED; /* a regular expression keeps where it was */
    if (e->py && x->kind == TW_VAL_SEQ && x->how == EV_SEQ_ITER && !read_once(e)) x->flags |= EV_ESCAPED;
    if (x->kind != TW_VAL_SEQ && x->kind != TW_VAL_MAP && x->kind != TW_VAL_MUT) return;
    if (x->flags & EV_OWNED && !never_read(e)) ev_escape(e, val);
    x->flags |= EV_OWNED;
}

/* What a loop that was run leaves behind. */
void ev_settle(ev *e, uint32_t var, uint32_t val)
{
    set_raw(e, var, val);
    uint32_t alts[2] = {e->vars.v[var].all, val};
    uint32_t all = alts[0] ? ev_phi(e, alts, 2) : val;
    e->vars.v[var].all = all;
}

void ev_set_var(ev *e, uint32_t var, uint32_t val)
{
    ev_var *v = &e->vars.v[var];
    if (val) ev_own(e, val);
    uint32_t leak = val && e->changes_any && e->leaks && !e->m ? e->leaks[v->name] : 0;
    if (leak && leak != e->flow[v->scope]) ev_escape(e, val);
    if (e->m) {
        ev_machine_set(e, var, val, false);
        return;
    }
    if (e->flow[v->scope] == e->flow[e->scope]) set_raw(e, var, val);
    v = &e->vars.v[var];
    if (val == 0) return;
    uint32_t alts[2] = {v->all, val};
    uint32_t all = v->all ? ev_phi(e, alts, 2) : val;
    e->vars.v[var].all = all;
}

void ev_bind(ev *e, uint32_t name, uint32_t scope, uint32_t val)
{
    for (uint32_t s = scope;; s = e->ir->scopes.v[s].parent) {
        uint32_t var = ev_find_var(e, name, s);
        if (var != TW_NONE && (s == scope || e->ir->scopes.v[s].kind != TW_REGION_CLASS)) {
            if (!e->m) e->vars.v[var].seen++;
            ev_set_var(e, var, val);
            return;
        }
        if (!s) return;
    }
}

/* ---- regions ---- */

static bool is_loop(uint8_t kind)
{
    return kind == TW_REGION_LOOP || kind == TW_REGION_COMPREHENSION;
}

/* What stays behind when it is left only sometimes. */
static bool is_branch(uint8_t kind)
{
    static const bool straight[TW_REGION_MAX] = {[TW_REGION_CLASS] = 1,
                                                 [TW_REGION_COMPREHENSION] = 1,
                                                 [TW_REGION_FINALLY] = 1,
                                                 [TW_REGION_WITH] = 1,
                                                 [TW_REGION_MATCH] = 1};
    return kind < TW_REGION_MAX && !straight[kind];
}

static uint16_t flags_of(ev *e, const tw_insn *in, uint32_t at)
{
    static const uint16_t flags[TW_REGION_MAX] = {
        [TW_REGION_COMPREHENSION] = TW_RC_LOOP,
        [TW_REGION_THEN] = TW_RC_GUARDED,
        [TW_REGION_ELSE] = TW_RC_GUARDED,
        [TW_REGION_LOOP] = TW_RC_LOOP,
        [TW_REGION_TRY] = TW_RC_TRY,
        [TW_REGION_CATCH] = TW_RC_GUARDED,
        [TW_REGION_CASE] = TW_RC_GUARDED,
        [TW_REGION_MAIN_GUARD] = TW_RC_MAIN_GUARD,
        [TW_REGION_TYPE_CHECKING] = TW_RC_NEVER,
    };
    uint16_t f = flags[in->kind < TW_REGION_MAX ? in->kind : 0];
    bool asks = in->kind == TW_REGION_THEN || in->kind == TW_REGION_LOOP;
    if (asks && in->a && in->a < at && ev_truth(e, e->of[in->a]) == 0) f |= TW_RC_NEVER;
    return f;
}

/* An except body starts from before the try or from anywhere in it, an else body from behind it. */
static void resume_try(ev *e, ev_frame *up, uint8_t kind)
{
    bool done = kind == TW_REGION_ELSE;
    if (!done) ev_mix_passed(e, up->tried, up->tried_to);
    for (uint32_t i = up->changes; done && i < e->changes.n; i++) {
        ev_change *c = &e->changes.v[i];
        if (c->alt != 0 || c->var == TW_NONE) continue;
        set_raw(e, c->var, c->val);
        e->changes.v[i].var = TW_NONE;
        if (!ev_step(e, 1)) break;
    }
    if (done && up->n_alts) up->n_alts--;
}

void ev_enter(ev *e, uint32_t at)
{
    const tw_insn *in = &e->ir->insns.v[at];
    ev_frame *up = &e->frames.v[e->frames.n - 1];
    ev_frame f = {.enter = at, .mark = e->log.n, .scope = e->scope, .kind = in->kind};
    f.rc = up->rc | flags_of(e, in, at);
    f.watched = ev_watches(e, in, at, up->n_alts ? up->group : TW_REGION_MAX);
    f.passed = e->passed.n, f.kept = e->kept.n;
    if (in->kind == TW_REGION_TRY) up->tried = e->passed.n;
    if (is_branch(in->kind)) {
        if (!up->n_alts) up->changes = e->changes.n, up->n_dead = 0, up->group = in->kind;
        bool resumes = up->n_alts && up->group == TW_REGION_TRY;
        if (resumes && (in->kind == TW_REGION_CATCH || in->kind == TW_REGION_ELSE))
            resume_try(e, up, in->kind);
        if (e->js && in->kind == TW_REGION_CASE && up->n_alts) ev_fall_through(e, up);
    }
    if (in->kind == TW_REGION_FINALLY) ev_enter_finally(e, up);
    e->watched += f.watched != 0;
    if (in->kind <= TW_REGION_COMPREHENSION && in->b < e->ir->scopes.n) e->scope = in->b;
    if (is_loop(in->kind)) TW_PUSH(e->tmp, e->loops, at);
    TW_PUSH(e->tmp, e->frames, f);
}

/* Takes the region's changes back and keeps them as one alternative. */
static void stash(ev *e, ev_frame *up, const ev_frame *f)
{
    uint32_t stamp = ++e->stamp, alt = up->n_alts;
    for (uint32_t i = e->log.n; i-- > f->mark;) {
        ev_undo u = e->log.v[i];
        ev_var *v = &e->vars.v[u.var];
        if (v->stamp != stamp) {
            v->stamp = stamp;
            if (!ev_step(e, 1))
                v->flags |= EVV_BLUNT;
            else if (!f->dead)
                TW_PUSH(e->tmp, e->changes, ((ev_change){u.var, v->cur, alt}));
        }
        v->cur = u.cur, v->pos = u.pos;
    }
    e->log.n = f->mark;
    up->n_alts++;
    up->n_dead += f->dead;
}

static void merge(ev *e, ev_frame *up, uint8_t last)
{
    uint32_t live = up->n_alts - up->n_dead;
    bool whole = up->group == TW_REGION_TRY || (up->group == TW_REGION_THEN && last == TW_REGION_ELSE);
    for (uint32_t i = up->changes; i < e->changes.n; i++) {
        ev_change c = e->changes.v[i];
        if (c.var == TW_NONE) continue;
        uint32_t alts[2] = {e->vars.v[c.var].acc, c.val};
        uint32_t acc = alts[0] ? ev_phi(e, alts, 2) : c.val;
        e->vars.v[c.var].acc = acc;
        e->vars.v[c.var].n_acc++;
    }
    for (uint32_t i = up->changes; i < e->changes.n; i++) {
        uint32_t var = e->changes.v[i].var;
        if (var == TW_NONE || !e->vars.v[var].n_acc) continue;
        ev_var *v = &e->vars.v[var];
        uint32_t val = v->acc;
        bool old = !whole || v->n_acc < live;
        v->n_acc = v->acc = 0;
        uint32_t was = old ? read_var(e, var) : 0;
        tw_str name = tw_ir_text(e->ir, e->vars.v[var].name);
        if (old && !was && e->vars.v[var].scope == 0 && ev_builtin(name))
            was = ev_symbol(e, tw_intern(&e->syms, name));
        uint32_t alts[2] = {was, val};
        set_raw(e, var, was ? ev_phi(e, alts, 2) : val);
    }
    e->changes.n = up->changes;
    if (whole && !live) up->dead = 1;
    up->n_alts = 0;
}

void ev_leave(ev *e, uint32_t at)
{
    uint32_t enter = e->ir->insns.v[at].a;
    if (e->frames.n < 2 || e->frames.v[e->frames.n - 1].enter != enter) return;
    ev_frame f = e->frames.v[--e->frames.n], *up = &e->frames.v[e->frames.n - 1];
    e->scope = f.scope;
    if (is_loop(f.kind)) e->loops.n--;
    e->watched -= f.watched != 0;
    if (f.kind == TW_REGION_TRY) up->tried_to = e->passed.n;
    if (!is_branch(f.kind)) {
        bool flows = f.kind == TW_REGION_WITH || f.kind == TW_REGION_FINALLY;
        if (f.kind == TW_REGION_FINALLY) ev_leave_finally(e, f.kept);
        if (f.watched & EV_LEFT_ON)
            ev_mix_left(e, &f);
        else if (flows)
            up->dead |= f.dead;
        return;
    }
    stash(e, up, &f);
    up->alt_enter = enter;
    if (!(e->continues[enter] & EV_GOES_ON)) merge(e, up, f.kind);
    if (f.watched & EV_LEFT_ON) ev_mix_passed(e, f.passed, e->passed.n);
}

/* ---- attributes ---- */

/* JavaScript: `q = 1` of a class is its objects', `static q = 1` its own. */
static bool is_static(const ev *e, const ev_var *v)
{
    const tw_insn *in = v->n ? &e->ir->insns.v[e->places.v[v->first]] : NULL;
    if (!in || in->op != TW_OP_BIND || in->off > e->ir->source.n) return false;
    tw_str before = tw_str_trim(tw_str_sub(e->ir->source, in->off < 24 ? 0 : in->off - 24, in->off));
    return tw_str_ends(before, TW_S("static")) || tw_str_ends(before, TW_S("readonly"));
}

static uint32_t own_attr(const ev *e, uint32_t scope, uint32_t name, uint8_t of, bool *ret_there)
{
    uint32_t var = ev_find_var(e, name, scope);
    if (var == TW_NONE) return 0;
    bool objects = of == TW_VAL_INSTANCE || of == TW_VAL_PARAM;
    bool field = e->js && (objects || of == TW_VAL_FUNC) && ev_at(e, e->vars.v[var].all)->kind != TW_VAL_FUNC;
    if (field && is_static(e, &e->vars.v[var]) == objects) return 0;
    *ret_there = true;
    const ev_var *v = &e->vars.v[var];
    uint32_t val = v->seen >= v->binds ? v->all : 0;
    const ev_val *x = ev_at(e, val);
    bool accessor = e->js && x->kind == TW_VAL_FUNC && e->ir->scopes.v[x->a].flags & 8;
    if (!accessor) return val;
    const ev_scope *sc = &e->scopes[x->a]; /* what a getter gives, once its body was read */
    return sc->returns.n == 1 ? sc->returns.v[0] : 0;
}

static bool derives(const ev *e, uint32_t scope, uint32_t from)
{
    for (unsigned i = 0; i < 8 && scope != from; i++) {
        const ev_scope *sc = &e->scopes[scope];
        const ev_val *b = sc->n_bases ? ev_at(e, e->lists.v[sc->bases]) : NULL;
        if (!b || b->kind != TW_VAL_FUNC) return sc->n_bases > 1; /* several: who knows */
        scope = b->a;
    }
    return true;
}

/* May an object, or a class below it, hold something else under that name? */
static bool attr_unsure(ev *e, const ev_val *base, uint32_t scope, uint32_t name)
{
    if (!e->js && !e->py) return false;
    if ((e->stored_any | e->stored[name]) & EV_STORED_OUTSIDE) return true;
    if (e->js) return false;
    for (uint32_t i = e->vars_of[name]; i < e->vars_of[name + 1] && ev_step(e, 1); i++) {
        const ev_var *v = &e->vars.v[i];
        if (e->ir->scopes.v[v->scope].kind != TW_REGION_CLASS || v->scope == scope) continue;
        bool above = v->flags & EVV_SELF && derives(e, scope, v->scope);
        if (above || (base->kind == TW_VAL_PARAM && derives(e, v->scope, scope))) return true;
    }
    return false;
}

static uint32_t class_attr(ev *e, uint32_t scope, uint32_t name, uint8_t of)
{
    uint32_t todo[16], n = 1;
    todo[0] = scope;
    for (uint32_t i = 0; i < n && ev_step(e, 1); i++) {
        bool there = false;
        uint32_t v = own_attr(e, todo[i], name, of, &there);
        if (there) return v;
        const ev_scope *sc = &e->scopes[todo[i]];
        for (uint32_t k = 0; k < sc->n_bases && n < TW_COUNT(todo); k++) {
            const ev_val *b = ev_at(e, e->lists.v[sc->bases + k]);
            bool ours = b->kind == TW_VAL_FUNC && e->ir->scopes.v[b->a].kind == TW_REGION_CLASS;
            if (ours) todo[n++] = b->a;
        }
    }
    return 0;
}

uint32_t ev_class_attr(ev *e, uint32_t scope, uint32_t name)
{
    return class_attr(e, scope, name, TW_VAL_UNKNOWN);
}

/* The same of a certain object or class; what can be called is one of what it may be. */
uint32_t ev_class_attr_of(ev *e, const ev_val *base, uint32_t scope, uint32_t name)
{
    ev_val b = *base;
    uint32_t v = class_attr(e, scope, name, b.kind);
    if (!v || !attr_unsure(e, &b, scope, name)) return v;
    const ev_val *x = ev_at(e, v);
    if (x->kind != TW_VAL_PHI && !ev_is_name(e, v))
        return ev_is_const(e, v) && !(x->flags & EV_ESCAPED) ? 0 : v;
    uint32_t alts[2] = {v, ev_unknown(e)};
    return ev_phi(e, alts, 2);
}
