/* SPDX-License-Identifier: Apache-2.0 */
/* .ipynb, nbformat 3 and 4: the code cells in order, joined to one text for each language. */
#include "engine/languages/notebook/notebook.h"

#include "base/doc.h"

enum { NODES_MAX = 2000000 };

static const struct {
    const char *starts, *language;
} kernels[] = {
    {"python", "python"},
    {"ipython", "python"},
    {"sage", "python"},
    {"javascript", "javascript"},
    {"node", "javascript"},
    {"deno", "typescript"},
    {"typescript", "typescript"},
    {"tslab", "typescript"},
    {"jslab", "javascript"},
    {"bash", "shell"},
    {"zsh", "shell"},
    {"sh", "shell"},
    {".net-powershell", "powershell"},
    {"powershell", "powershell"},
    {"pwsh", "powershell"},
};

void nb_add(nb *b, tw_str language, tw_str head, tw_str tail)
{
    uint32_t i = 0;
    while (i < b->n && !tw_str_eq(b->texts[i].language, language)) i++;
    if (i == NB_TEXTS) {
        b->full = true;
        return;
    }
    nb_text *t = &b->texts[i];
    if (i == b->n) *t = (nb_text){.language = language, .off = UINT64_MAX}, b->n++;
    if (t->off > b->off) t->off = b->off;
    if (t->end < b->end) t->end = b->end;
    tw_buf_puts(&t->text, head);
    tw_buf_puts(&t->text, tail);
    tw_buf_putc(&t->text, '\n');
}

static tw_str language_named(tw_str name)
{
    char low[32];
    for (size_t i = 0; i < name.n && i < sizeof low; i++)
        low[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
    tw_str lower = {low, name.n < sizeof low ? name.n : sizeof low};
    for (size_t i = 0; i < TW_COUNT(kernels); i++)
        if (tw_str_starts(lower, tw_str_c(kernels[i].starts))) return tw_str_c(kernels[i].language);
    return name;
}

static tw_str kernel_language(const tw_doc *doc)
{
    static const char *const paths[][2] = {
        {"language_info", "name"}, {"kernelspec", "language"}, {"kernelspec", "name"}};
    const tw_node *meta = tw_node_get(doc, 0, TW_S("metadata"));
    for (size_t i = 0; meta && i < TW_COUNT(paths); i++) {
        const tw_node *at = tw_node_get(doc, tw_node_id(doc, meta), tw_str_c(paths[i][0]));
        tw_str name = at ? tw_node_str(doc, tw_node_id(doc, at), tw_str_c(paths[i][1]), TW_S("")) : TW_S("");
        if (name.n) return language_named(name);
    }
    return TW_S("python");
}

/* A string, or a list of lines. */
static tw_str text_of(tw_arena *a, const tw_doc *doc, const tw_node *n)
{
    if (n->kind == TW_NODE_STRING) return n->text;
    if (n->kind != TW_NODE_ARRAY) return TW_S("");
    uint32_t id = tw_node_id(doc, n);
    size_t total = 0, at = 0;
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next)
        if (doc->nodes[i].kind == TW_NODE_STRING) total += doc->nodes[i].text.n;
    char *out = tw_arena_alloc(a, total + 1);
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next) {
        const tw_node *line = &doc->nodes[i];
        if (line->kind != TW_NODE_STRING || !line->text.n) continue;
        memcpy(out + at, line->text.p, line->text.n);
        at += line->text.n;
    }
    return (tw_str){out, at};
}

static void read_cell(nb *b, tw_arena *a, const tw_doc *doc, uint32_t cell, size_t file)
{
    if (!tw_str_eq(tw_node_str(doc, cell, TW_S("cell_type"), TW_S("")), TW_S("code"))) return;
    const tw_node *source = tw_node_get(doc, cell, TW_S("source"));
    if (!source) source = tw_node_get(doc, cell, TW_S("input")); /* nbformat 3 */
    if (!source) return;
    tw_str kernel = b->kernel, own = tw_node_str(doc, cell, TW_S("language"), TW_S(""));
    if (own.n) b->kernel = language_named(own);
    uint32_t last = tw_node_end(doc, tw_node_id(doc, source)) - 1;
    b->off = source->off;
    b->end = doc->nodes[last].off + doc->nodes[last].text.n;
    if (b->end > file) b->end = file;
    nb_add(b, b->kernel, TW_S(""), TW_S(""));
    nb_cell(b, text_of(a, doc, source));
    b->kernel = kernel;
}

static void read_cells(nb *b, tw_arena *a, const tw_doc *doc, uint32_t holder, size_t file)
{
    const tw_node *cells = tw_node_get(doc, holder, TW_S("cells"));
    if (!cells || cells->kind != TW_NODE_ARRAY) return;
    uint32_t id = tw_node_id(doc, cells);
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next)
        read_cell(b, a, doc, i, file);
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t all = bytes.n;
    tw_doc doc;
    tw_diag d = {0};
    tw_doc_limits most = {.max_nodes = NODES_MAX};
    tw_carry_begin(ir, a, TW_LANG_NOTEBOOK, &bytes, lim);
    if (tw_json_read(a, bytes, &most, &doc, &d) != TW_OK || doc.nodes[0].kind != TW_NODE_OBJECT) {
        tw_carry_opaque(ir, TW_GAP_SYNTAX, 0, bytes.n);
        tw_carry_end(ir, all);
        return;
    }
    nb *b = TW_NEW(a, nb);
    b->kernel = kernel_language(&doc);
    read_cells(b, a, &doc, 0, bytes.n);
    const tw_node *sheets = tw_node_get(&doc, 0, TW_S("worksheets"));
    if (sheets && sheets->kind == TW_NODE_ARRAY) {
        uint32_t id = tw_node_id(&doc, sheets);
        for (uint32_t i = tw_node_first(&doc, id); i != tw_node_end(&doc, id); i = doc.nodes[i].next)
            read_cells(b, a, &doc, i, bytes.n);
    }
    for (uint32_t i = 0; i < b->n; i++) {
        nb_text *t = &b->texts[i];
        if (tw_str_trim(tw_buf_str(&t->text)).n)
            tw_carry_text(ir, t->language, tw_buf_str(&t->text), t->off, t->end - t->off);
        tw_buf_free(&t->text);
    }
    if (b->full) tw_carry_opaque(ir, TW_GAP_LIMIT, 0, bytes.n);
    tw_carry_end(ir, all);
}

const tw_front_end tw_front_notebook = {TW_LANG_NOTEBOOK, 1, lower};
