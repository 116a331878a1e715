/* SPDX-License-Identifier: Apache-2.0 */
/* What a call of this file runs of this file, and which argument is which parameter there. As the join does it,
 * within one record. */
#include "engine/record/summary_priv.h"

enum { ALTERNATIVES = 8, BASES = 16 };

bool su_is_method(const su *s, uint32_t func)
{
    const tw_rec_func *f = &s->r->funcs[func];
    return f->parent < s->r->n_funcs && s->r->funcs[f->parent].kind == TW_REGION_CLASS && !(f->flags & 4);
}

static uint32_t method(const su *s, uint32_t cls, uint32_t name)
{
    const tw_record *r = s->r;
    uint32_t stack[BASES] = {cls}, n = 1;
    for (uint32_t seen = 0; n && seen < BASES; seen++) {
        uint32_t c = stack[--n];
        if (r->funcs[c].kind != TW_REGION_CLASS) continue;
        const uint32_t *found = su_find(&s->method_of, (uint64_t)c << 32 | name);
        if (found) return *found;
        for (uint32_t i = r->funcs[c].n_bases; i-- > 0 && n < BASES;) {
            const tw_val *base = &r->vals[r->lists[r->funcs[c].bases + i]];
            if (base->kind == TW_VAL_FUNC) stack[n++] = base->a;
        }
    }
    return TW_NONE;
}

static uint32_t class_of(const su *s, uint32_t v)
{
    const tw_record *r = s->r;
    const tw_val *x = &r->vals[v];
    for (int i = 0; i < ALTERNATIVES && x->kind == TW_VAL_MUT; i++) x = &r->vals[x->a];
    if (x->kind == TW_VAL_INSTANCE || (x->kind == TW_VAL_FUNC && r->funcs[x->a].kind == TW_REGION_CLASS))
        return x->a;
    if (x->kind != TW_VAL_PARAM || x->b) return TW_NONE;
    uint32_t parent = r->funcs[x->a].parent;
    return parent < r->n_funcs && r->funcs[parent].kind == TW_REGION_CLASS ? parent : TW_NONE;
}

static uint32_t string_id(const tw_record *r, const char *text)
{
    for (uint32_t i = 1; i < r->n_strings; i++)
        if (tw_str_eq(r->strings[i], tw_str_c(text))) return i;
    return 0;
}

static uint32_t reached(const su *s, uint32_t v, uint32_t constructor)
{
    const tw_record *r = s->r;
    const tw_val *x = &r->vals[v];
    if (x->kind == TW_VAL_MEMBER) {
        uint32_t cls = class_of(s, x->a);
        return cls == TW_NONE ? TW_NONE : method(s, cls, x->b);
    }
    if (x->kind != TW_VAL_FUNC) return TW_NONE;
    if (r->funcs[x->a].kind != TW_REGION_CLASS) return x->a;
    return constructor ? method(s, x->a, constructor) : TW_NONE;
}

static void callees_of(su *s, const tw_rec_call *c, uint32_t constructor)
{
    const tw_record *r = s->r;
    const tw_val *x = &r->vals[c->callee];
    uint32_t first = s->callees.n, n = x->kind == TW_VAL_PHI ? x->n : 1;
    for (uint32_t i = 0; i < n && i < ALTERNATIVES; i++) {
        uint32_t f = reached(s, x->kind == TW_VAL_PHI ? r->lists[x->list + i] : c->callee, constructor);
        if (f != TW_NONE) TW_PUSH(s->tmp, s->callees, f);
    }
    for (uint32_t i = 0; s->js && i < c->n_args && i < ALTERNATIVES; i++) { /* xs.map(f), p.then(f) */
        const tw_val *arg = &r->vals[r->args[c->args + i].value];
        bool known = first < s->callees.n; /* a function of this file: it calls what it is handed itself */
        if (!known && !r->args[c->args + i].name && arg->kind == TW_VAL_FUNC &&
            r->funcs[arg->a].kind != TW_REGION_CLASS)
            TW_PUSH(s->tmp, s->callees, arg->a);
    }
}

void su_callees(su *s)
{
    const tw_record *r = s->r;
    bool fresh;
    for (uint32_t f = 1; f < r->n_funcs; f++)
        if (r->funcs[r->funcs[f].parent].kind == TW_REGION_CLASS && r->funcs[f].name)
            *su_slot(s, &s->method_of, (uint64_t)r->funcs[f].parent << 32 | r->funcs[f].name, &fresh) = f;
    uint32_t constructor = s->method_of.n ? string_id(r, s->js ? "constructor" : "__init__") : 0;
    s->callee0 = TW_NEWN(s->tmp, uint32_t, (size_t)r->n_calls + 1);
    for (uint32_t c = 0; c < r->n_calls; c++) {
        s->callee0[c] = s->callees.n;
        callees_of(s, &r->calls[c], constructor);
    }
    s->callee0[r->n_calls] = s->callees.n;
}

bool su_makes(const su *s, uint32_t c, uint32_t g)
{
    const tw_val *callee = &s->r->vals[s->r->calls[c].callee];
    return callee->kind == TW_VAL_FUNC && callee->a != g;
}

bool su_hands_over(const su *s, uint32_t c, uint32_t g)
{
    const tw_rec_call *call = &s->r->calls[c];
    for (uint32_t i = 0; s->js && i < call->n_args && i < ALTERNATIVES; i++) {
        const tw_val *arg = &s->r->vals[s->r->args[call->args + i].value];
        if (arg->kind == TW_VAL_FUNC && arg->a == g) return true;
    }
    return false;
}

bool su_bound(const su *s, uint32_t c, uint32_t g, uint8_t kind, uint32_t pos, uint32_t *ret_first,
              uint32_t *ret_last)
{
    const tw_record *r = s->r;
    const tw_rec_call *call = &r->calls[c];
    const tw_rec_func *f = &r->funcs[g];
    bool member = r->vals[call->callee].kind == TW_VAL_MEMBER, made = su_makes(s, c, g);
    *ret_first = *ret_last = 0;
    if (!f->n_params) return false;
    if (su_hands_over(s, c, g)) { /* what it works on and its items */
        *ret_last = f->n_params - 1;
        return kind == TW_TO_SELF;
    }
    if (kind == TW_TO_SELF) return member && su_is_method(s, g);
    if (kind != TW_TO_ARG) return false;
    const tw_rec_arg *arg = &r->args[call->args + pos];
    bool spread = arg->name == TW_ARG_SPREAD || arg->name == TW_ARG_SPREAD_MAP;
    uint32_t last = f->n_params - 1,
             at = made || (su_is_method(s, g) && (member || call->n_args < f->n_params));
    for (uint32_t i = 0; i < pos; i++) at += !r->args[call->args + i].name;
    if (arg->name && !spread)
        for (at = 0; at < last && r->lists[f->params + at] != arg->name;) at++;
    *ret_first = at < last ? at : last;
    *ret_last = spread ? last : *ret_first;
    return true;
}
