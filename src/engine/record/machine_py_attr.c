/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes that Python has besides those that the file sets. */
#include "engine/record/machine_py.h"

static uint32_t text_val(ev *e, tw_str s)
{
    return ev_text_val(e, TW_VAL_STR, s, 0, 0);
}

static uint32_t name_of(ev *e, uint32_t o)
{
    uint32_t scope = mc_obj_at(e, o)->a, set = mc_get(e, o, mc_key_of(e, TW_S("__name__")));
    if (set) return set;
    if (scope >= e->ir->scopes.n) return 0;
    const tw_scope *sc = &e->ir->scopes.v[scope];
    return sc->name                       ? text_val(e, tw_ir_text(e->ir, sc->name))
           : sc->kind == TW_REGION_LAMBDA ? text_val(e, TW_S("<lambda>"))
                                          : 0;
}

/* The text that stands alone at the start of a body. */
static uint32_t doc_of(ev *e, uint32_t o)
{
    uint32_t scope = mc_obj_at(e, o)->a;
    if (scope >= e->ir->scopes.n || !e->ir->scopes.v[scope].enter) return 0;
    uint32_t at = e->ir->scopes.v[scope].enter + 1, end = e->leave[at - 1];
    while (at < end && mc_insn(e, at)->op == TW_OP_BIND && mc_insn(e, at)->kind == TW_BIND_PARAM) at++;
    const tw_insn *in = mc_insn(e, at);
    if (at >= end || in->op != TW_OP_CONST || in->kind != TW_CONST_STR) return at >= end ? e->mc->none : 0;
    const tw_insn *next = mc_insn(e, at + 1);
    const uint8_t *f = tw_op_fields(next->op);
    bool used = (f[0] == TW_FIELD_VALUE && next->a == at) || (f[1] == TW_FIELD_VALUE && next->b == at) ||
                f[2] == TW_FIELD_ARGS;
    tw_str text = tw_ir_text(e->ir, in->a);
    if (used || tw_str_chr(text, '\n') != TW_NPOS || tw_str_chr(text, '\t') != TW_NPOS)
        return 0; /* newer versions strip it */
    return text_val(e, text);
}

static uint32_t of_class(ev *e, uint32_t o, tw_str name)
{
    if (tw_str_eq(name, TW_S("__name__")) || tw_str_eq(name, TW_S("__qualname__"))) {
        uint32_t scope = mc_obj_at(e, o)->a;
        bool nested = scope < e->ir->scopes.n && e->ir->scopes.v[scope].parent;
        return nested && name.p[2] == 'q' ? 0 : name_of(e, o);
    }
    if (tw_str_eq(name, TW_S("__doc__"))) return doc_of(e, o);
    return 0;
}

static uint32_t of_bound(ev *e, uint32_t base, uint32_t o, tw_str name)
{
    const mc_obj *x = mc_obj_at(e, o);
    if (x->how == MCB_PROPERTY && (tw_str_eq(name, TW_S("setter")) || tw_str_eq(name, TW_S("getter")))) {
        uint32_t b = mc_new(e, MC_BOUND);
        mc_obj_at(e, b)->how = MCB_SETTER;
        mc_push(e, b, base);
        return mc_ref_to(e, b);
    }
    if (!x->how && tw_str_eq(name, TW_S("__self__")) && x->items.n > 1) return x->items.v[1];
    if (!x->how && (tw_str_eq(name, TW_S("__func__")) || tw_str_eq(name, TW_S("func"))) && x->items.n)
        return x->items.v[0];
    return !x->how && x->items.n && mc_is(e, x->items.v[0], MC_CLOSURE)
               ? of_class(e, mc_ref(e, x->items.v[0]), name)
               : 0;
}

uint32_t mc_py_attr(ev *e, uint32_t base, tw_str name, uint32_t id)
{
    uint32_t o = mc_ref(e, base);
    (void)id;
    if (e->js || o == TW_NONE) return 0;
    const mc_obj *x = mc_obj_at(e, o);
    if (x->kind == MC_BOUND && x->how == MCB_SUPER) return mc_super_attr(e, o, name);
    if (x->kind == MC_BOUND) return of_bound(e, base, o, name);
    if (x->kind == MC_CLOSURE && mc_known(e, o)) {
        uint32_t v = mc_get(e, o, mc_key_of(e, name));
        return v ? v : of_class(e, o, name);
    }
    if (x->kind == MC_CLASS) return of_class(e, o, name);
    if (x->kind != MC_INSTANCE) return 0;
    if (tw_str_eq(name, TW_S("__class__"))) return x->a == TW_NONE ? x->self : mc_ref_to(e, x->a);
    if (tw_str_eq(name, TW_S("__doc__")) && x->a != TW_NONE) return doc_of(e, x->a);
    if (tw_str_eq(name, TW_S("__dict__")) && mc_known(e, o)) { /* a copy: what is put there is not seen */
        uint32_t d = mc_new(e, MC_MAP);
        for (uint32_t i = 0; i < mc_obj_at(e, o)->props.n && mc_tick(e, 1); i++) {
            mc_prop p = mc_obj_at(e, o)->props.v[i];
            if (p.maybe) return 0;
            mc_put(e, d, p.key, p.name, p.val);
        }
        mc_escape(e, base);
        return mc_ref_to(e, d);
    }
    return 0;
}
