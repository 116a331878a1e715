/* SPDX-License-Identifier: Apache-2.0 */
/* Minified code for readers. A printer over bytes may err; what it gives is taken only when its front end makes
 * the same program of it. */
#include "engine/languages/languages.h"
#include "engine/unwrap.h"

enum { PRETTY_MAX = 1 << 20 };

static bool same_strings(const tw_ir *x, const tw_ir *y)
{
    if (tw_intern_count(&x->strings) != tw_intern_count(&y->strings)) return false;
    for (uint32_t i = 0; i < tw_intern_count(&x->strings); i++)
        if (!tw_str_eq(tw_ir_text(x, i), tw_ir_text(y, i))) return false;
    return true;
}

static bool same_scopes(const tw_ir *x, const tw_ir *y)
{
    if (x->scopes.n != y->scopes.n || x->params.n != y->params.n) return false;
    for (uint32_t i = 0; i < x->scopes.n; i++) {
        const tw_scope *s = &x->scopes.v[i], *t = &y->scopes.v[i];
        if (s->kind != t->kind || s->flags != t->flags || s->parent != t->parent || s->name != t->name ||
            s->params != t->params || s->n_params != t->n_params || s->enter != t->enter)
            return false;
    }
    for (uint32_t i = 0; i < x->params.n; i++)
        if (x->params.v[i].name != y->params.v[i].name || x->params.v[i].kind != y->params.v[i].kind)
            return false;
    return true;
}

/* The same but for where it stands. */
static bool same_program(const tw_ir *x, const tw_ir *y)
{
    if (x->insns.n != y->insns.n || x->args.n != y->args.n || x->findings.n != y->findings.n) return false;
    for (uint32_t i = 0; i < x->insns.n; i++) {
        const tw_insn *s = &x->insns.v[i], *t = &y->insns.v[i];
        if (s->op != t->op || s->kind != t->kind || s->flags != t->flags || s->a != t->a || s->b != t->b ||
            s->c != t->c)
            return false;
    }
    for (uint32_t i = 0; i < x->args.n; i++)
        if (x->args.v[i].value != y->args.v[i].value || x->args.v[i].name != y->args.v[i].name) return false;
    return same_scopes(x, y) && same_strings(x, y);
}

static bool same_code(const tw_front_end *front, tw_str text, tw_str other, const tw_limits *lim)
{
    tw_arena *a = tw_arena_new(0);
    tw_ir *x = TW_NEW(a, tw_ir), *y = TW_NEW(a, tw_ir);
    front->lower(a, text, lim, x);
    front->lower(a, other, lim, y);
    bool same = same_program(x, y);
    for (uint32_t i = 0; same && i < x->insns.n; i++) same = x->insns.v[i].op != TW_OP_OPAQUE;
    tw_arena_free(a);
    return same;
}

tw_str tw_pretty(tw_arena *a, tw_lang lang, tw_str text, const tw_limits *lim)
{
    const tw_front_end *front = tw_front_of(lang);
    tw_lang family = tw_lang_family(lang);
    tw_str none = {NULL, 0};
    if (!front || !text.n || text.n > PRETTY_MAX) return none;
    tw_buf out = {.limit = PRETTY_MAX * 4};
    if (lang == TW_LANG_PYTHON)
        tw_pretty_python(text, &out);
    else if (family == TW_LANG_JAVASCRIPT)
        tw_pretty_javascript(text, &out);
    tw_str s = tw_buf_str(&out);
    bool take = !out.over && s.n && !tw_str_eq(s, text) && same_code(front, text, s, lim);
    if (take) none = tw_arena_str(a, s);
    tw_buf_free(&out);
    return none;
}
