/* SPDX-License-Identifier: Apache-2.0 */
/* Values of manifests that are code: commands of package.json, binding.gyp (gyp.c), task runners in pyproject.toml. What
 * only names code (module:function, a file) is the ecosystems' to read. Which one it is the text itself says. */
#include "engine/languages/manifest/manifest.h"

#include "base/doc.h"
#include "base/toml.h"

/* npm's own scripts first, in the order of what an installation runs: a text that stands twice is one layer, held by
 * the first, and should limits cut, they cut what nothing starts by itself. */
static const char *const lifecycle[] = {"preinstall", "install",     "postinstall", "preprepare",
                                        "prepare",    "postprepare", "prepublish",  "prepack"};

static void script(tw_ir *ir, const tw_node *n)
{
    uint32_t off = n->off < ir->source.n ? (uint32_t)n->off : (uint32_t)ir->source.n;
    size_t len = n->text.n < ir->source.n - off ? n->text.n : ir->source.n - off;
    tw_carry_func(ir, tw_arena_fmt(ir->arena, "scripts.%.*s", TW_FMT(n->key)), off, (uint32_t)len);
    tw_carry_text(ir, TW_S("shell"), n->text, n->off, n->text.n);
    tw_carry_func_end(ir, off + (uint32_t)len);
}

static bool is_lifecycle(tw_str name)
{
    for (size_t i = 0; i < TW_COUNT(lifecycle); i++)
        if (tw_str_eq(name, tw_str_c(lifecycle[i]))) return true;
    return false;
}

static void scripts(tw_ir *ir, const tw_doc *doc)
{
    const tw_node *at = tw_node_get(doc, 0, TW_S("scripts"));
    if (!at || at->kind != TW_NODE_OBJECT) return;
    uint32_t id = tw_node_id(doc, at);
    for (size_t i = 0; i < TW_COUNT(lifecycle); i++) {
        const tw_node *n = tw_node_get(doc, id, tw_str_c(lifecycle[i]));
        if (n && n->kind == TW_NODE_STRING) script(ir, n);
    }
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next) {
        const tw_node *n = &doc->nodes[i];
        if (n->kind == TW_NODE_STRING && !is_lifecycle(n->key)) script(ir, n);
    }
}

/* Commands of task runners: [tool.pdm.scripts], [tool.poe.tasks], [tool.hatch.envs.X.scripts], [tool.taskipy.tasks], ... */
static bool is_task(tw_str path)
{
    static const tw_str parts[] = {TW_SI(".scripts."), TW_SI(".tasks.")};
    static const tw_str not_shell[] = {TW_SI("tool.poetry."), TW_SI("tool.flit."), TW_SI("project.")};
    static const tw_str ends[] = {TW_SI(".call"), TW_SI(".help"), TW_SI(".script"), TW_SI(".ref"),
                                  TW_SI(".env_file")};
    for (size_t i = 0; i < TW_COUNT(not_shell); i++)
        if (tw_str_starts(path, not_shell[i])) return false;
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(path, ends[i])) return false;
    if (!tw_str_starts(path, TW_S("tool."))) return false;
    for (size_t i = 0; i < TW_COUNT(parts); i++)
        if (tw_str_find(path, parts[i]) != TW_NPOS) return true;
    return false;
}

static void tasks(tw_ir *ir, tw_str text)
{
    tw_toml t = tw_toml_reader(ir->arena, text);
    tw_toml_item item;
    while (tw_toml_next(&t, &item)) {
        if (!item.is_string || !item.text.n || !is_task(item.path)) continue;
        tw_carry_func(ir, item.path, (uint32_t)item.off, (uint32_t)item.len);
        tw_carry_text(ir, TW_S("shell"), item.text, item.off, item.len);
        tw_carry_func_end(ir, (uint32_t)(item.off + item.len));
    }
}

/* The first byte that is neither blank nor in a comment. */
static char first_byte(tw_str s)
{
    size_t i = tw_str_starts(s, TW_S("\xEF\xBB\xBF")) ? 3 : 0;
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (c == '#' || c == ';')
            while (i < s.n && s.p[i] != '\n') i++;
        else if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return c;
    }
    return 0;
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t all = bytes.n;
    tw_doc doc;
    tw_diag d = {0};
    tw_carry_begin(ir, a, TW_LANG_MANIFEST, &bytes, lim);
    if (first_byte(bytes) != '{') {
        tasks(ir, bytes);
    } else if (tw_json_read(a, bytes, NULL, &doc, &d) == TW_OK) {
        scripts(ir, &doc);
        if (tw_node_get(&doc, 0, TW_S("targets")) || tw_node_get(&doc, 0, TW_S("conditions")) ||
            tw_node_get(&doc, 0, TW_S("variables")) || tw_node_get(&doc, 0, TW_S("target_defaults")))
            mf_lower_python(a, bytes, lim, ir, false);
    } else {
        mf_lower_python(a, bytes, lim, ir, true);
    }
    tw_carry_end(ir, all);
}

const tw_front_end tw_front_manifest = {TW_LANG_MANIFEST, 1, lower};
