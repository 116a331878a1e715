/* SPDX-License-Identifier: Apache-2.0 */
/* A module that one other file imports, put into that file. */
#include "service/mutate/rewrite.h"

static tw_mut_file *sibling(mu *u, tw_str stem, const char *ending)
{
    tw_mut_file *f =
        tw_mut_find(u->m, tw_arena_fmt(u->a, "%.*s%.*s%s", TW_FMT(mu_folder(u)), TW_FMT(stem), ending));
    return f && f != mu_file(u) ? f : NULL;
}

/* No third file names it. */
static bool only_here(const mu *u, const tw_mut_file *module, tw_str stem)
{
    for (uint32_t i = 0; i < u->m->files.n; i++) {
        const tw_mut_file *f = &u->m->files.v[i];
        if (i == u->index || f == module || tw_str_ends(f->path, TW_S("RECORD")) ||
            tw_str_ends(f->path, TW_S("SOURCES.txt")))
            continue;
        if (mu_has_word(f->data, stem)) return false;
    }
    return true;
}

static uint32_t index_of(const mu *u, const tw_mut_file *f)
{
    return (uint32_t)(f - u->m->files.v);
}

/* ---- Python: from .b import x ---- */

static tw_str python_module(mu *u, tw_str stem, bool relative, tw_str code)
{
    tw_buf b = TW_BUF_INIT;
    mu_quote(&b, code, '\'', false);
    tw_str m = mu_fresh(u);
    tw_str text = tw_arena_fmt(u->a,
                               "%.*s = type(__import__('sys'))(%s'%.*s')\n%.*s.__package__ = %s\n"
                               "__import__('sys').modules[%.*s.__name__] = %.*s\nexec(%.*s, %.*s.__dict__)\n",
                               TW_FMT(m), relative ? "__package__ + '.' + " : "", TW_FMT(stem), TW_FMT(m),
                               relative ? "__package__" : "''", TW_FMT(m), TW_FMT(m), TW_FMT(tw_buf_str(&b)),
                               TW_FMT(m));
    tw_buf_free(&b);
    return text;
}

static bool bundle_python(mu *u)
{
    static const char *const tells[] = {"__file__", "__path__", "__spec__", "inspect", "__loader__", NULL};
    for (uint32_t i = 0; i + 4 < u->n; i++) {
        if (!mu_is(u, i, "from") || !(u->t[i].flags & TW_TOKF_FIRST) || u->t[i].col ||
            (i && mu_is(u, i - 1, ";")))
            continue;
        bool relative = mu_is(u, i + 1, ".");
        uint32_t name = i + 1 + relative;
        if (!mu_kind(u, name, TW_TOK_NAME) || !mu_is(u, name + 1, "import") || mu_is(u, name + 2, "*"))
            continue;
        tw_str stem = mu_text(u, name);
        tw_mut_file *f = sibling(u, stem, ".py");
        bool package =
            mu_folder(u).n && tw_mut_find(u->m, tw_arena_fmt(u->a, "%.*s__init__.py", TW_FMT(mu_folder(u))));
        mu other;
        if (!f || relative != package || !only_here(u, f, stem)) continue;
        if (!mu_open(u->m, index_of(u, f), u->rng, &other) || mu_mentions(&other, tells)) continue;
        mu_begin(u);
        mu_edit_at(u, u->t[i].off, u->t[i].off, python_module(u, stem, relative, f->data));
        mu_commit(u);
        tw_str gone = f->path;
        if (!mu_finish(u)) return false;
        tw_mut_drop(u->m, gone);
        return true;
    }
    return false;
}

/* ---- JavaScript: require('./b') ---- */

static const char loader[] = "var _c = {}, _r = function (k) {\n  if (_c[k]) return _c[k].exports;\n  var m "
                             "= _c[k] = { exports: {} };\n"
                             "  _m[k].call(m.exports, m, m.exports);\n  return m.exports;\n};\nvar _m = {\n";

static tw_mut_file *asked_for(mu *u, uint32_t i)
{
    bool call = mu_is(u, i, "require") && mu_is(u, i + 1, "(") && mu_kind(u, i + 2, TW_TOK_STRING) &&
                mu_is(u, i + 3, ")") && !mu_member(u, i);
    if (!call || !tw_str_starts(u->t[i + 2].value, TW_S("./"))) return NULL;
    tw_str name = tw_str_sub(u->t[i + 2].value, 2, u->t[i + 2].value.n);
    if (!name.n || tw_str_chr(name, '/') != TW_NPOS) return NULL;
    tw_mut_file *f =
        sibling(u, name, tw_str_ends(name, TW_S(".js")) || tw_str_ends(name, TW_S(".cjs")) ? "" : ".js");
    return f;
}

static bool bundles(mu *u, const tw_mut_file *f, mu *other)
{
    static const char *const tells[] = {"__filename", "parent", "children", "paths",
                                        "arguments",  "main",   NULL};
    if (!mu_open(u->m, index_of(u, f), u->rng, other) || other->module || mu_mentions(other, tells))
        return false;
    for (uint32_t i = 0; i < other->n; i++)
        if (mu_is(other, i, "module") && !(mu_is(other, i + 1, ".") && mu_is(other, i + 2, "exports")))
            return false;
    return only_here(u, f, mu_stem(f->path));
}

static bool bundle_script(mu *u)
{
    tw_buf modules = TW_BUF_INIT;
    TW_VEC(tw_str) gone = {0};
    bool free_names = mu_free_name(u, "require") && !mu_has_word(u->text, TW_S("_m")) &&
                      !mu_has_word(u->text, TW_S("_c")) && !mu_has_word(u->text, TW_S("_r")) && !u->module;
    mu_begin(u);
    for (uint32_t i = 0; free_names && i + 3 < u->n; i++) {
        mu other;
        tw_mut_file *f = asked_for(u, i);
        bool had = false;
        for (uint32_t k = 0; f && k < gone.n; k++) had |= tw_str_eq(gone.v[k], f->path);
        if (!f || (!had && !bundles(u, f, &other))) continue;
        mu_edit_at(u, u->t[i].off, u->t[i].end, TW_S("_r"));
        mu_edit_at(u, u->t[i + 2].off, u->t[i + 2].end,
                   tw_arena_fmt(u->a, "'%.*s'", TW_FMT(tw_str_base(f->path))));
        if (had) continue;
        TW_PUSH(u->a, gone, f->path);
        tw_buf_fmt(&modules, "'%.*s': function (module, exports) {\n%.*s\n},\n", TW_FMT(tw_str_base(f->path)),
                   TW_FMT(tw_str_sub(f->data, other.start, f->data.n)));
    }
    if (gone.n) {
        uint32_t top = mu_top(u);
        mu_edit_at(u, top, top, tw_arena_fmt(u->a, "\n%s%.*s};\n", loader, TW_FMT(tw_buf_str(&modules))));
    }
    tw_buf_free(&modules);
    if (!mu_commit(u) || !gone.n || !mu_finish(u)) return false;
    for (uint32_t k = 0; k < gone.n; k++) tw_mut_drop(u->m, gone.v[k]);
    return true;
}

bool mu_bundle(mu *u)
{
    return u->python ? bundle_python(u) : bundle_script(u);
}
