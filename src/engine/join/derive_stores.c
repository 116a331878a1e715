/* SPDX-License-Identifier: Apache-2.0 */
/* What is put in the place of something that others own: rows of the API tables whose symbol is "@set/" and the name of what
 * is replaced (XMLHttpRequest.prototype.send = f, os.environ["LD_PRELOAD"] = x), and a function of the package's own put into a
 * module of someone else's (sys.excepthook = f). */
#include <stdio.h>

#include "engine/join/join_priv.h"

enum { NAME = 120, TEXT_SHOWN = 200 };

static bool is_code(const tw_val *v)
{
    return v->kind == TW_VAL_FUNC || v->kind == TW_VAL_CALL || v->kind == TW_VAL_PHI;
}

static void show_text(jn *j, uint32_t unit, uint32_t use, uint32_t value)
{
    jn_text t = jn_render(j, unit, value, 0, 0);
    t.text = tw_str_sub(t.text, 0, TEXT_SHOWN);
    tw_arg_role role = tw_str_find(t.text, TW_S("://")) != TW_NPOS ? TW_ARGROLE_URL : TW_ARGROLE_DATA;
    if (use != TW_NONE) jn_use_value(j, use, role, &t);
}

/* Is the name one that this file brings in from outside the package? "json.loads" of `import json`. */
static bool of_another_module(jn *j, uint32_t unit, tw_str of)
{
    const tw_record *r = j->units[unit].r;
    tw_str head = tw_str_sub(of, 0, tw_str_chr(of, '.') == TW_NPOS ? of.n : tw_str_chr(of, '.')), rest;
    for (uint32_t i = 0; i < r->n_imports; i++) {
        const tw_rec_import *im = &r->imports[i];
        tw_str module = tw_rec_str(r, im->module);
        size_t dot = tw_str_chr(module, '.');
        tw_str first = tw_str_sub(module, 0, dot == TW_NPOS ? module.n : dot);
        if (!im->level && tw_str_eq(first, head)) return jn_module_unit(j, unit, head, &rest) == TW_NONE;
    }
    return false;
}

/* Functions that a program sets for itself all the time, and that touch nobody else. */
static bool own_business(tw_str symbol)
{
    static const tw_str names[] = {TW_SI("sys.stdout"), TW_SI("sys.stderr"), TW_SI("sys.stdin"),
                                   TW_SI("sys.argv"),   TW_SI("sys.path"),   TW_SI("logging.")};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_starts(symbol, names[i])) return true;
    return false;
}

/* A function of this file in the place of one that others own: it runs when they call that. */
bool jn_takes_place(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *base = jn_val(j, unit, s->base), *val = jn_val(j, unit, s->value);
    if (base->kind != TW_VAL_SYMBOL || !s->name || val->kind != TW_VAL_FUNC) return false;
    if (jn_func(j, u->func0 + val->a)->kind == TW_REGION_CLASS) return false;
    tw_str of = tw_rec_str(u->r, base->a);
    char symbol[NAME];
    int len =
        snprintf(symbol, sizeof symbol, "@set/%.*s.%.*s", TW_FMT(of), TW_FMT(tw_rec_str(u->r, s->name)));
    uint32_t n = 0;
    if (len > 0 && len < NAME) tw_api_find((tw_lang)u->r->lang, tw_str_of(symbol, (size_t)len), &n);
    if (n || jn_is_js(j, unit)) return n != 0;
    return !own_business(tw_str_of(symbol + 5, len > 5 && len < NAME ? (size_t)len - 5 : 0)) &&
           of_another_module(j, unit, of);
}

/* XMLHttpRequest[a(1)][a(2)] = f: which of its members is hidden. */
static void store_hidden(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *base = jn_val(j, unit, s->base), *key = s->name ? NULL : jn_val(j, unit, s->key);
    if (base->kind != TW_VAL_INDEX || !key || key->kind != TW_VAL_CALL || !is_code(jn_val(j, unit, s->value)))
        return;
    const tw_val *of = jn_val(j, unit, base->a);
    if (of->kind != TW_VAL_SYMBOL || jn_val(j, unit, base->b)->kind != TW_VAL_CALL) return;
    char symbol[NAME];
    tw_str name = tw_rec_str(u->r, of->a);
    if (name.n + 8 > NAME) return;
    uint32_t n = 0;
    int len = snprintf(symbol, sizeof symbol, "@set/%.*s[]", TW_FMT(name));
    const tw_api *rows = tw_api_find((tw_lang)u->r->lang, tw_str_of(symbol, (size_t)len), &n);
    jn_site at = {unit, u->func0 + s->func, NULL, s->off, s->len};
    for (uint32_t i = 0; rows && i < n; i++) jn_use_add(j, &at, rows[i].cap, TW_CONF_FOLDED, NULL, name);
}

static void store_use(jn *j, uint32_t unit, const tw_rec_store *s)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *base = jn_val(j, unit, s->base), *val = jn_val(j, unit, s->value),
                 *key = s->name ? NULL : jn_val(j, unit, s->key);
    if (base->kind != TW_VAL_SYMBOL || (key && key->kind != TW_VAL_STR)) return;
    tw_str of = tw_rec_str(u->r, base->a), name = tw_rec_str(u->r, key ? key->a : s->name);
    bool env = tw_str_eq(of, TW_S("os.environ")) || tw_str_eq(of, TW_S("process.env")),
         python = !jn_is_js(j, unit), modules = python && tw_str_eq(of, TW_S("sys.modules"));
    char symbol[NAME];
    if (!of.n || of.n + name.n + 7 > NAME || (key && !env && !modules)) return;
    uint32_t n = 0;
    int len = snprintf(symbol, sizeof symbol, "@set/%.*s.%.*s", TW_FMT(of), TW_FMT(name));
    const tw_api *rows = tw_api_find((tw_lang)u->r->lang, tw_str_of(symbol, (size_t)len), &n);
    jn_site at = {unit, u->func0 + s->func, NULL, s->off, s->len};
    tw_str full = tw_arena_fmt(j->a, "%.*s.%.*s", TW_FMT(of), TW_FMT(name));
    for (uint32_t i = 0; rows && i < n; i++) {
        if (!rows[i].cap || (!python && !env && !is_code(val))) continue;
        show_text(j, unit, jn_use_add(j, &at, rows[i].cap, TW_CONF_FOLDED, NULL, full), s->value);
    }
    bool hook = !rows && python && jn_takes_place(j, unit, s);
    tw_str rest;
    hook |= modules && jn_module_unit(j, unit, name, &rest) == TW_NONE;
    if (hook) jn_use_add(j, &at, TW_CAP_CODE_HOOK_RUNTIME, TW_CONF_FOLDED, NULL, full);
}

void jn_derive_stores(jn *j)
{
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        bool script = jn_is_js(j, unit) || tw_lang_family((tw_lang)r->lang) == TW_LANG_PYTHON;
        for (uint32_t i = 0; script && i < r->n_stores; i++) {
            store_use(j, unit, &r->stores[i]);
            if (jn_is_js(j, unit)) store_hidden(j, unit, &r->stores[i]);
        }
    }
}
