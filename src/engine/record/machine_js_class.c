/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of JavaScript: their members are defined in order, fields for each object anew; new, super, instanceof; errors. */
#include "engine/record/machine_priv.h"

enum { MEMBERS_MAX = 4096, BASES_MAX = 32 };

/* ---- errors: known kinds, with prototypes of their own ---- */

static const tw_str errors[] = {TW_SI("Error"),       TW_SI("TypeError"),      TW_SI("RangeError"),
                                TW_SI("SyntaxError"), TW_SI("ReferenceError"), TW_SI("EvalError"),
                                TW_SI("URIError")};

static uint32_t error_kind(tw_str s)
{
    uint32_t i = 0;
    while (i < TW_COUNT(errors) && !tw_str_eq(errors[i], s)) i++;
    return i;
}

/* The prototype of a kind of errors; 0 it is none. */
uint32_t mc_error_proto(ev *e, tw_str s)
{
    mc_machine *m = e->mc;
    uint32_t k = error_kind(s);
    if (k >= TW_COUNT(errors)) return 0;
    if (m->errors[k]) return m->errors[k];
    uint32_t up = k ? mc_error_proto(e, errors[0]) : 0, o = mc_new(e, MC_MAP);
    mc_obj_at(e, o)->self = up;
    mc_put_hidden(e, o, TW_S("name"), ev_folded(e, TW_VAL_STR, errors[k], 0));
    mc_put_hidden(e, o, TW_S("message"), ev_folded(e, TW_VAL_STR, TW_S(""), 0));
    mc_put_hidden(e, o, TW_S("constructor"), ev_symbol(e, tw_intern(&e->syms, errors[k])));
    m->errors[k] = mc_ref_to(e, o);
    if (!k) m->error = m->errors[0];
    return m->errors[k];
}

static void set_message(ev *e, uint32_t o, const mc_args *a)
{
    bool none = !a->n || (ev_at(e, a->v[0])->kind == TW_VAL_NULL_ && ev_at(e, a->v[0])->a);
    uint32_t text = none || mc_is_ref(e, a->v[0]) ? 0 : mc_text(e, a->v[0]);
    if (!none) mc_put_hidden(e, o, TW_S("message"), text ? text : e->mc->unknown);
    mc_put_hidden(e, o, TW_S("stack"), e->mc->unknown);
}

uint32_t mc_js_error(ev *e, tw_str kind, const mc_args *a)
{
    uint32_t proto = mc_error_proto(e, kind), o = mc_new(e, MC_INSTANCE);
    mc_obj_at(e, o)->a = TW_NONE;
    mc_obj_at(e, o)->self = proto;
    set_message(e, o, a);
    return mc_ref_to(e, o);
}

/* Throws it, where nothing else may happen; its message is V8's own business. */
void mc_raise_kind(ev *e, tw_str kind)
{
    mc_args a = {&e->mc->unknown, NULL, 1, false};
    mc_throw(e, mc_js_error(e, kind, &a));
}

/* ---- a class ---- */

static uint32_t key_of_bind(ev *e, uint32_t at, uint32_t *ret_name)
{
    const tw_insn *in = mc_insn(e, at);
    if (in->a) {
        *ret_name = ev_text_val(e, TW_VAL_STR, tw_ir_text(e->ir, in->a), 0, 0);
        return mc_key_of(e, tw_ir_text(e->ir, in->a));
    }
    for (uint32_t i = at; i-- > 1 && at - i < 256;) { /* computed: what has its place in the text */
        const tw_insn *k = mc_insn(e, i);
        if (k->off != in->off || k->len != in->len || k->op == TW_OP_FUNC || k->op == TW_OP_ENTER) continue;
        uint32_t v = mc_primitive(e, mc_reg(e, i), true),
                 key = mc_unknown(e, v) ? mc_key(e, v) : mc_key(e, v);
        *ret_name = mc_is_ref(e, v) || ev_at(e, v)->kind == TW_VAL_SYMBOL ? v : mc_text(e, v);
        return *ret_name ? key : 0;
    }
    return 0;
}

static bool is_setter(const ev *e, uint32_t f)
{
    const tw_scope *sc = &e->ir->scopes.v[mc_obj_at(e, f)->a];
    tw_str s = tw_str_sub(e->ir->source, sc->off, sc->off + 80);
    for (;;) { /* `static set x` */
        while (s.n && (s.p[0] == ' ' || s.p[0] == '\n' || s.p[0] == '\t' || s.p[0] == '\r'))
            s = tw_str_sub(s, 1, s.n);
        if (tw_str_starts(s, TW_S("static")))
            s = tw_str_sub(s, 6, s.n);
        else
            return tw_str_starts(s, TW_S("set"));
    }
}

void mc_define(ev *e, uint32_t obj, uint32_t key, uint32_t name, uint32_t v, bool hidden)
{
    uint32_t f = mc_is(e, v, MC_CLOSURE) ? mc_ref(e, v) : TW_NONE;
    bool accessor = f != TW_NONE && e->ir->scopes.v[mc_obj_at(e, f)->a].flags & 8;
    if (!key || !name)
        mc_lose(e, obj);
    else if (accessor)
        mc_put_accessor(e, obj, key, name, v, is_setter(e, f), hidden);
    else
        mc_put(e, obj, key, name, hidden ? mc_bound_of(e, MC_HIDDEN, v, e->mc->no) : v);
}

/* The BIND that ends the member that begins at pc; 0: none, it is a static block or the rest of one. */
static uint32_t member_end(ev *e, uint32_t pc, uint32_t end)
{
    uint32_t scope = mc_insn(e, mc_insn(e, end)->a)->b;
    for (uint32_t i = pc; i < end; i++) {
        const tw_insn *in = mc_insn(e, i);
        bool own = in->kind != TW_BIND_AUG && (!in->a || ev_find_var(e, in->a, scope) != TW_NONE);
        bool named = in->op == TW_OP_BIND && in->kind == TW_BIND_DEF; /* the class itself, too */
        if (in->op == TW_OP_BIND && (own || named))
            return i; /* else a value is computed that sets another name */
        if (in->op == TW_OP_ENTER) {
            if (i == pc) return 0;
            i = e->leave[i];
        }
    }
    return 0;
}

static uint32_t define_member(ev *e, uint32_t cls, uint32_t from, uint32_t at)
{
    const tw_insn *in = mc_insn(e, at);
    bool field = in->kind == TW_BIND_ASSIGN, fixed = in->flags & TW_IF_STATIC;
    uint32_t name = 0, key, target;
    if (field && !fixed) return R_NORMAL;
    if (in->b && in->b < from && mc_insn(e, in->b)->op == TW_OP_CLASS) { /* its own name */
        mc_bind(e, at, mc_ref_to(e, cls));
        return R_NORMAL;
    }
    uint32_t how = mc_run(e, from, at), v = in->b ? mc_reg(e, in->b) : e->mc->undefined;
    if (how != R_NORMAL) return how;
    key = key_of_bind(e, at, &name);
    if (!field) fixed = mc_is(e, v, MC_CLOSURE) && e->ir->scopes.v[mc_obj_at(e, mc_ref(e, v))->a].flags & 4;
    target = fixed ? cls : mc_ref(e, mc_prototype(e, mc_ref_to(e, cls)));
    mc_define(e, target, key, name, v, !field);
    return R_NORMAL;
}

/* Runs the body of a class: what is static, and its methods. */
uint32_t mc_js_class_body(ev *e, uint32_t at, uint32_t cls)
{
    uint32_t end = e->leave[at], how = R_NORMAL, was = mc_top(e)->self, scope = mc_top(e)->in_class;
    mc_top(e)->in_class = cls + 1;
    for (uint32_t pc = at + 1; pc < end && how == R_NORMAL;) {
        uint32_t bind = member_end(e, pc, end);
        if (!mc_tick(e, 1)) how = R_STOP;
        mc_top(e)->self = mc_ref_to(e, cls);
        if (bind && how == R_NORMAL) {
            how = define_member(e, cls, pc, bind);
            pc = bind + 1;
        } else if (mc_insn(e, pc)->op == TW_OP_ENTER) {
            if (mc_insn(e, pc)->kind == TW_REGION_WITH && how == R_NORMAL)
                how = mc_run(e, pc, e->leave[pc] + 1);
            pc = e->leave[pc] + 1;
        } else {
            pc++;
        }
    }
    mc_top(e)->self = was, mc_top(e)->in_class = scope;
    return how;
}

/* `class`: before its body is run. */
uint32_t mc_js_class(ev *e, uint32_t at, uint32_t o)
{
    uint32_t self = mc_ref_to(e, o), base = mc_obj_at(e, o)->items.n ? mc_obj_at(e, o)->items.v[0] : 0,
             up = 0;
    mc_obj_at(e, o)->at = at;
    uint32_t proto = mc_prototype(e, self);
    if (!base) return self;
    if (mc_is(e, base, MC_CLASS) || mc_is(e, base, MC_CLOSURE))
        up = mc_prototype(e, base);
    else if (ev_at(e, base)->kind == TW_VAL_NULL_)
        up = e->mc->none;
    else if (ev_at(e, base)->kind == TW_VAL_SYMBOL) {
        tw_str s = ev_sym(e, ev_at(e, base)->sym);
        bool known = tw_str_eq(s, TW_S("Array")) || tw_str_eq(s, TW_S("Object")) ||
                     tw_str_eq(s, TW_S("Map")) || tw_str_eq(s, TW_S("Set"));
        up = known ? 0 : mc_error_proto(e, s);
        if (!known && !up) up = e->mc->unknown;
    } else {
        up = e->mc->unknown;
    }
    mc_obj_at(e, mc_ref(e, proto))->self = up;
    return self;
}

/* ---- new ---- */

/* The fields of one class, into a new object. */
static uint32_t fields(ev *e, uint32_t cls, uint32_t self)
{
    uint32_t class_at = mc_obj_at(e, cls)->at, scope = mc_obj_at(e, cls)->a,
             enter = e->ir->scopes.v[scope].enter, end = enter ? e->leave[enter] : 0, how = R_NORMAL,
             name = 0;
    mc_machine *m = e->mc;
    bool any = false;
    if (!enter || end >= e->ir->insns.n || !class_at) return R_NORMAL;
    for (uint32_t pc = enter + 1, bind; pc < end && (bind = member_end(e, pc, end)); pc = bind + 1) {
        any |= mc_insn(e, bind)->kind == TW_BIND_ASSIGN;
        if (mc_insn(e, bind + 1)->op == TW_OP_ENTER) bind = e->leave[bind + 1];
        if (!mc_tick(e, 1)) return R_STOP;
    }
    if (!any) {
        for (uint32_t i = enter + 1; i < end && !any && mc_tick(e, 1); i++) { /* behind a static block */
            if (mc_insn(e, i)->op == TW_OP_ENTER) i = e->leave[i];
            any = mc_insn(e, i)->op == TW_OP_BIND && mc_insn(e, i)->kind == TW_BIND_ASSIGN;
        }
        if (!any) return R_NORMAL;
    }
    mc_act act = {.scope = scope,
                  .enter = enter,
                  .end = end,
                  .regs = m->regs.n,
                  .env = mc_obj_at(e, cls)->env,
                  .self = self,
                  .closure = TW_NONE,
                  .forks = m->forks,
                  .in_class = cls + 1};
    TW_RESERVE(e->tmp, m->regs, end - enter);
    memset(m->regs.v + m->regs.n, 0, (end - enter) * sizeof *m->regs.v);
    m->regs.n += end - enter;
    TW_PUSH(e->tmp, m->acts, act);
    m->cut[scope]++;
    for (uint32_t pc = enter + 1; pc < end && how == R_NORMAL;) {
        uint32_t bind = member_end(e, pc, end);
        if (!mc_tick(e, 1)) how = R_STOP;
        if (!bind) {
            pc = mc_insn(e, pc)->op == TW_OP_ENTER ? e->leave[pc] + 1 : pc + 1;
            continue;
        }
        const tw_insn *in = mc_insn(e, bind);
        if (in->kind == TW_BIND_ASSIGN && !(in->flags & TW_IF_STATIC) && how == R_NORMAL) {
            how = mc_run(e, pc, bind);
            uint32_t v = in->b ? mc_reg(e, in->b) : m->undefined, key = key_of_bind(e, bind, &name);
            if (how == R_NORMAL && key && name)
                mc_put(e, mc_ref(e, self), key, name, v);
            else
                mc_lose(e, mc_ref(e, self));
        }
        pc = bind + 1;
    }
    m->acts.n--;
    m->regs.n = act.regs;
    m->cut[scope]--;
    return how;
}

/* Runs the constructors, from the class down; self: the object. */
uint32_t mc_js_construct(ev *e, uint32_t f, uint32_t self, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t o = mc_ref(e, f), none = e->mc->undefined, how;
    *ret = self;
    if (e->mc->depth >= 250) return e->mc->lost = true, R_STOP;
    if (o == TW_NONE) { /* super() of what is not of this file */
        tw_str s = ev_at(e, f)->kind == TW_VAL_SYMBOL ? ev_sym(e, ev_at(e, f)->sym) : (tw_str){0};
        if (mc_error_proto(e, s))
            set_message(e, mc_ref(e, self), a);
        else if (!tw_str_eq(s, TW_S("Object")) && !(tw_str_eq(s, TW_S("Array")) && !a->n))
            mc_lose(e, mc_ref(e, self)), mc_stranger(e, f, self, a);
        return R_NORMAL;
    }
    if (mc_obj_at(e, o)->kind == MC_CLOSURE) {
        e->mc->target = f;
        how = mc_activate(e, o, self, a, at, &none);
        if (how == R_NORMAL && mc_is_ref(e, none)) *ret = none;
        if (how == R_NORMAL && none == e->mc->unknown) *ret = none;
        return how;
    }
    if (mc_obj_at(e, o)->kind != MC_CLASS) {
        mc_lose(e, mc_ref(e, self));
        *ret = mc_stranger(e, e->mc->unknown, self, a);
        return R_NORMAL;
    }
    uint32_t base = mc_obj_at(e, o)->items.n ? mc_obj_at(e, o)->items.v[0] : 0;
    uint32_t init = mc_get(e, mc_ref(e, mc_prototype(e, f)), mc_key_of(e, TW_S("constructor")));
    if (init) init = mc_resolve_slot(e, init, self);
    bool own = init && mc_is(e, init, MC_CLOSURE);
    if (!base && (how = fields(e, o, self)) != R_NORMAL) return how;
    if (own) {
        if (!e->mc->target) e->mc->target = f;
        how = mc_activate(e, mc_ref(e, init), self, a, at, &none);
        if (how == R_NORMAL && mc_is_ref(e, none)) *ret = none;
        return how;
    }
    if (!base || ev_at(e, base)->kind == TW_VAL_NULL_) return R_NORMAL;
    e->mc->depth++;
    how = mc_js_construct(e, base, self, a, at, ret);
    e->mc->depth--;
    return how == R_NORMAL ? fields(e, o, self) : how;
}

/* What an object of it is made of: an array, a map, an object. */
static uint32_t made_of(ev *e, uint32_t f)
{
    for (unsigned i = 0; i < BASES_MAX && mc_is(e, f, MC_CLASS); i++) {
        const mc_obj *x = mc_obj_at(e, mc_ref(e, f));
        if (!x->items.n) return mc_new(e, MC_INSTANCE);
        f = x->items.v[0];
    }
    tw_str s = ev_at(e, f)->kind == TW_VAL_SYMBOL ? ev_sym(e, ev_at(e, f)->sym) : (tw_str){0};
    uint32_t o;
    if (tw_str_eq(s, TW_S("Array"))) {
        o = mc_new(e, MC_LIST);
        mc_obj_at(e, o)->how = TW_SEQ_ARRAY;
        return o;
    }
    return mc_new(e, MC_INSTANCE);
}

uint32_t mc_js_new(ev *e, uint32_t f, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t o = made_of(e, f),
             proto = mc_property(e, f, mc_key_of(e, TW_S("prototype")), e->mc->none, TW_S("prototype"));
    if (mc_obj_at(e, o)->kind == MC_INSTANCE) mc_obj_at(e, o)->a = TW_NONE;
    mc_obj_at(e, o)->self = proto && mc_is_ref(e, proto) ? proto : proto ? e->mc->unknown : 0;
    e->mc->target = f;
    uint32_t how = mc_js_construct(e, f, mc_ref_to(e, o), a, at, ret);
    e->mc->target = 0;
    return how;
}

/* ---- super ---- */

static uint32_t class_here(const ev *e)
{
    const mc_machine *m = e->mc;
    if (mc_top(e)->in_class) return mc_top(e)->in_class - 1;
    for (uint32_t env = mc_top(e)->env; env != TW_NONE; env = m->envs.v[env].up)
        if (m->envs.v[env].cls) return m->envs.v[env].cls - 1;
    return TW_NONE;
}

/* READ super */
uint32_t mc_js_super(ev *e)
{
    uint32_t cls = class_here(e);
    if (cls == TW_NONE) return e->mc->unknown;
    return mc_bound_of(e, MC_SUPER, mc_ref_to(e, cls), mc_top(e)->self ? mc_top(e)->self : e->mc->unknown);
}

uint32_t mc_super_member(ev *e, uint32_t o, tw_str name)
{
    uint32_t cls = mc_ref(e, mc_obj_at(e, o)->items.v[0]), self = mc_obj_at(e, o)->items.v[1],
             s = mc_top(e)->scope;
    while (s && e->ir->scopes.v[s].kind == TW_REGION_LAMBDA) s = e->ir->scopes.v[s].parent;
    bool fixed = e->ir->scopes.v[s].flags & 4;
    uint32_t from = fixed ? mc_ref_to(e, cls) : mc_prototype(e, mc_ref_to(e, cls)), up = mc_proto(e, from), v;
    if (!up || up == e->mc->unknown || !mc_is_ref(e, up)) return e->mc->unknown;
    v = mc_find(e, up, mc_key_of(e, name), name, false);
    return v ? mc_resolve_slot(e, v, self) : e->mc->undefined;
}

/* super(...): 0 it is no such call. */
uint32_t mc_js_super_call(ev *e, uint32_t f, const mc_args *a, uint32_t at, uint32_t *ret)
{
    uint32_t o = mc_ref(e, f);
    if (o == TW_NONE || mc_obj_at(e, o)->kind != MC_BOUND || mc_obj_at(e, o)->how != MC_SUPER) return 0;
    uint32_t cls = mc_ref(e, mc_obj_at(e, o)->items.v[0]), self = mc_obj_at(e, o)->items.v[1], made;
    uint32_t base = mc_obj_at(e, cls)->items.n ? mc_obj_at(e, cls)->items.v[0] : 0;
    if (!base || !mc_is_ref(e, self)) return *ret = mc_stranger(e, e->mc->unknown, self, a), R_NORMAL;
    uint32_t how = mc_js_construct(e, base, self, a, at, &made);
    if (how != R_NORMAL) return how;
    if (mc_ref(e, made) != mc_ref(e, self)) mc_lose(e, mc_ref(e, self)); /* it gave another object */
    *ret = self;
    return fields(e, cls, self);
}

int mc_js_instanceof(ev *e, uint32_t v, uint32_t f)
{
    uint32_t proto = 0;
    if (mc_is(e, f, MC_CLASS) || mc_is(e, f, MC_CLOSURE)) {
        proto = mc_property(e, f, mc_key_of(e, TW_S("prototype")), e->mc->none, TW_S("prototype"));
    } else if (ev_at(e, f)->kind == TW_VAL_SYMBOL) {
        tw_str s = ev_sym(e, ev_at(e, f)->sym), kind = mc_kind_name(e, v);
        if (!mc_is_ref(e, v)) return ev_is_const(e, v) ? 0 : -1;
        proto = mc_error_proto(e, s);
        if (!proto && tw_str_eq(s, kind)) return 1;
        if (!proto && tw_str_eq(s, TW_S("Object")) && !mc_proto(e, v)) return 1;
        bool other = tw_str_eq(s, TW_S("Array")) || tw_str_eq(s, TW_S("Map")) || tw_str_eq(s, TW_S("Set")) ||
                     tw_str_eq(s, TW_S("Function")) || tw_str_eq(s, TW_S("RegExp"));
        if (!proto) return other && !mc_proto(e, v) ? 0 : -1;
    }
    if (!proto || !mc_is_ref(e, proto)) return -1;
    if (!mc_is_ref(e, v)) return ev_is_const(e, v) ? 0 : -1;
    return mc_instance_of(e, v, proto);
}
