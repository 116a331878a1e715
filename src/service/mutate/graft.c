/* SPDX-License-Identifier: Apache-2.0 */
/* A payload put where attackers of known incidents put theirs. */
#include "service/mutate/mutate.h"

#include "base/doc.h"
#include "service/mutate/rewrite.h"

const char *tw_graft_name(tw_graft_at at)
{
    static const char *const names[TW_GRAFT_MAX] = {"import", "install", "pth", "data", "split"};
    return at < TW_GRAFT_MAX ? names[at] : "?";
}

/* ---- where ---- */

static bool ends(tw_str path, const char *with)
{
    return tw_str_ends(path, tw_str_c(with));
}

static tw_str folder_of(tw_str path)
{
    size_t slash = tw_str_rchr(path, '/');
    return slash == TW_NPOS ? TW_S("") : tw_str_sub(path, 0, slash + 1);
}

static bool not_the_package(tw_str path)
{
    static const char *const parts[] = {"test",  "docs/",    "doc/",     "example",
                                        "bench", "conftest", "setup.py", "/_vendor/"};
    for (size_t i = 0; i < TW_COUNT(parts); i++)
        if (tw_str_find(path, tw_str_c(parts[i])) != TW_NPOS) return true;
    return false;
}

/* The __init__.py nearest to the top, else the module that is. */
static tw_mut_file *python_import(tw_mut *m)
{
    tw_mut_file *best = NULL;
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < m->files.n; i++) {
        tw_str p = tw_str_sub(m->files.v[i].path, m->root.n, m->files.v[i].path.n);
        uint32_t far = 0;
        if (!ends(p, ".py") || not_the_package(p)) continue;
        for (size_t k = 0; k < p.n; k++) far += p.p[k] == '/' ? 4 : 0;
        far += ends(p, "/__init__.py") ? 0 : 6;
        if (far < least) least = far, best = &m->files.v[i];
    }
    return best;
}

static tw_mut_file *node_import(tw_mut *m)
{
    static const char *const tails[] = {"", ".js", ".cjs", "/index.js", "index.js"};
    tw_mut_file *manifest = tw_mut_find(m, tw_arena_fmt(m->arena, "%.*spackage.json", TW_FMT(m->root)));
    tw_doc doc;
    if (!manifest || tw_json_read(m->arena, manifest->data, NULL, &doc, NULL) != TW_OK) return NULL;
    tw_str main = tw_node_str(&doc, 0, TW_S("main"), TW_S("index.js"));
    if (tw_str_starts(main, TW_S("./"))) main = tw_str_sub(main, 2, main.n);
    for (size_t i = 0; i < TW_COUNT(tails); i++) {
        tw_mut_file *f =
            tw_mut_find(m, tw_arena_fmt(m->arena, "%.*s%.*s%s", TW_FMT(m->root), TW_FMT(main), tails[i]));
        if (f && (ends(f->path, ".js") || ends(f->path, ".cjs") || ends(f->path, ".mjs"))) return f;
    }
    return NULL;
}

static const char made_require[] = "import { createRequire as _cr } from 'node:module';\n"
                                   "var require = _cr(import.meta.url);\n";

/* ---- what ---- */

static void append(tw_mut *m, tw_mut_file *f, tw_str text)
{
    f->data = tw_arena_fmt(m->arena, "%.*s\n%.*s\n", TW_FMT(f->data), TW_FMT(text));
}

static tw_str indented(tw_mut *m, tw_str text)
{
    tw_buf b = TW_BUF_INIT;
    for (tw_str line; text.n && tw_str_split(&text, '\n', &line);) tw_buf_fmt(&b, "    %.*s\n", TW_FMT(line));
    tw_str s = tw_arena_str(m->arena, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

/* The manifest with one more script; what stood there stays as it was. */
static bool add_script(tw_mut *m, tw_mut_file *manifest, const char *name, tw_str command)
{
    tw_doc doc;
    if (tw_json_read(m->arena, manifest->data, NULL, &doc, NULL) != TW_OK) return false;
    tw_buf b = TW_BUF_INIT;
    tw_json_w w = tw_json_writer(&b);
    const tw_node *scripts = tw_node_get(&doc, 0, TW_S("scripts"));
    tw_json_obj(&w);
    for (uint32_t i = tw_node_first(&doc, 0); i != tw_node_end(&doc, 0); i = doc.nodes[i].next) {
        if (tw_str_eq(doc.nodes[i].key, TW_S("scripts"))) continue;
        tw_json_key(&w, doc.nodes[i].key);
        tw_json_node(&w, &doc, i);
    }
    tw_json_key(&w, TW_S("scripts"));
    tw_json_obj(&w);
    uint32_t id = scripts && scripts->kind == TW_NODE_OBJECT ? tw_node_id(&doc, scripts) : 0;
    TW_EACH_NODE (&doc, id, i) {
        if (tw_str_eq(doc.nodes[i].key, tw_str_c(name))) continue;
        tw_json_key(&w, doc.nodes[i].key);
        tw_json_node(&w, &doc, i);
    }
    tw_json_key(&w, tw_str_c(name));
    tw_json_str(&w, command);
    tw_json_obj_end(&w);
    tw_json_obj_end(&w);
    manifest->data = tw_arena_str(m->arena, tw_buf_str(&b));
    tw_buf_free(&b);
    return true;
}

/* ---- how ---- */

static tw_err graft_install(tw_mut *m, tw_str payload, tw_str *ret_path, tw_diag *d)
{
    if (m->dist_info.n)
        return tw_fail(d, TW_ERR_UNSUPPORTED, "a wheel runs nothing when it is installed: take an sdist");
    if (m->npm) {
        tw_str manifest = tw_arena_fmt(m->arena, "%.*spackage.json", TW_FMT(m->root));
        const char *ending = tw_mut_esm_package(m) ? "cjs" : "js";
        *ret_path = tw_arena_fmt(m->arena, "%.*sscripts/prepare-env.%s", TW_FMT(m->root), ending);
        tw_mut_put(m, *ret_path, payload);
        return add_script(m, tw_mut_find(m, manifest), "postinstall",
                          tw_arena_fmt(m->arena, "node scripts/prepare-env.%s", ending))
                   ? TW_OK
                   : tw_fail(d, TW_ERR_MALFORMED, "its package.json cannot be read");
    }
    *ret_path = tw_arena_fmt(m->arena, "%.*ssetup.py", TW_FMT(m->root));
    tw_mut_file *f = tw_mut_find(m, *ret_path);
    if (f)
        f->data = tw_arena_fmt(m->arena, "%.*s\n%.*s", TW_FMT(payload), TW_FMT(f->data));
    else
        tw_mut_put(m, *ret_path,
                   tw_arena_fmt(m->arena, "%.*s\nfrom setuptools import setup\nsetup()\n", TW_FMT(payload)));
    return TW_OK;
}

static tw_err graft_pth(tw_mut *m, tw_str payload, tw_str *ret_path, tw_diag *d)
{
    if (!m->dist_info.n) return tw_fail(d, TW_ERR_UNSUPPORTED, "only a wheel brings .pth files");
    *ret_path = TW_S("site_boot.py");
    tw_mut_put(m, *ret_path, payload);
    tw_mut_put(m, TW_S("site_boot.pth"), TW_S("import site_boot\n"));
    return TW_OK;
}

static void graft_data(tw_mut *m, tw_mut_file *start, tw_str payload)
{
    tw_str folder = folder_of(start->path);
    bool module = m->npm && tw_mut_esm(m, start);
    append(
        m, start,
        module ? tw_arena_fmt(m->arena,
                              "%seval(Buffer.from(require('fs').readFileSync(new URL('./tables.dat', "
                              "import.meta.url), 'utf8'), 'base64').toString())",
                              made_require)
        : m->npm
            ? TW_S("eval(Buffer.from(require('fs').readFileSync(require('path').join(__dirname, "
                   "'tables.dat'), 'utf8'), 'base64').toString())")
            : TW_S("import base64 as _b, os as _o\n"
                   "exec(_b.b64decode(open(_o.path.join(_o.path.dirname(__file__), 'tables.dat')).read()))"));
    tw_mut_put(m, tw_arena_fmt(m->arena, "%.*stables.dat", TW_FMT(folder)), mu_base64_str(m->arena, payload));
}

static void graft_split(tw_mut *m, tw_mut_file *start, tw_str payload)
{
    tw_str folder = folder_of(start->path);
    bool package = ends(start->path, "/__init__.py");
    bool module = m->npm && tw_mut_esm(m, start);
    tw_str text =
        module
            ? tw_arena_fmt(m->arena, "%sexport function ready() {\n%.*s\n}\n", made_require, TW_FMT(payload))
        : m->npm ? tw_arena_fmt(m->arena, "exports.ready = function () {\n%.*s\n};\n", TW_FMT(payload))
                 : tw_arena_fmt(m->arena, "def ready():\n%.*s", TW_FMT(indented(m, payload)));
    append(m, start,
           module    ? TW_S("import { ready as _ready } from './env-compat.mjs';\n_ready();")
           : m->npm  ? TW_S("require('./env-compat').ready()")
           : package ? TW_S("from . import env_compat as _e\n_e.ready()")
                     : TW_S("import env_compat as _e\n_e.ready()"));
    tw_mut_put(m,
               tw_arena_fmt(m->arena, "%.*s%s", TW_FMT(folder),
                            module   ? "env-compat.mjs"
                            : m->npm ? "env-compat.js"
                                     : "env_compat.py"),
               text);
}

/* Source of the other language would not run there: nothing would be tested. */
static tw_err fits(const tw_mut *m, tw_str name, tw_str payload, tw_diag *d)
{
    bool python = ends(name, ".py"), script = ends(name, ".js") || ends(name, ".cjs") || ends(name, ".mjs");
    const char *wants = m->npm ? "JavaScript" : "Python";
    if (m->npm ? python : script)
        return tw_fail(d, TW_ERR_UNSUPPORTED, "the package is %s, the code to graft is named as %s", wants,
                       python ? "Python" : "JavaScript");
    if (mu_errors(payload, !m->npm) && !mu_errors(payload, m->npm))
        return tw_fail(d, TW_ERR_UNSUPPORTED, "the package is %s, the code to graft is not", wants);
    return TW_OK;
}

tw_err tw_graft(tw_mut *m, tw_graft_at at, tw_str name, tw_str payload, tw_str *ret_path, tw_diag *d)
{
    tw_err wrong = fits(m, name, payload, d);
    if (wrong != TW_OK) return wrong;
    if (at == TW_GRAFT_INSTALL) return graft_install(m, payload, ret_path, d);
    if (at == TW_GRAFT_PTH) return graft_pth(m, payload, ret_path, d);
    tw_mut_file *start = m->npm ? node_import(m) : python_import(m);
    if (!start) return tw_fail(d, TW_ERR_UNSUPPORTED, "no file of it is one that an import loads");
    *ret_path = start->path;
    if (at == TW_GRAFT_DATA)
        graft_data(m, start, payload);
    else if (at == TW_GRAFT_SPLIT)
        graft_split(m, start, payload);
    else if (m->npm && tw_mut_esm(m, start))
        append(m, start, tw_arena_fmt(m->arena, "%s%.*s", made_require, TW_FMT(payload)));
    else
        append(m, start, payload);
    return TW_OK;
}
