/* SPDX-License-Identifier: Apache-2.0 */
/* What the YAML reader takes writes as JSON, and the JSON reader sees the same tree. */
#include "base/doc.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int ok)
{
    if (!ok) abort();
}

static void check_tree(tw_arena *a, const tw_doc *yaml, size_t size)
{
    tw_doc_limits lim = {.max_depth = 200};
    tw_doc json;
    tw_buf b = {0};
    tw_json_w w = tw_json_writer(&b);
    tw_json_node(&w, yaml, 0);
    must(tw_json_read(a, tw_buf_str(&b), &lim, &json, NULL) == TW_OK);
    must(json.n == yaml->n && json.n_duplicates == 0);
    for (uint32_t i = 0; i < json.n; i++) {
        const tw_node *x = &yaml->nodes[i], *y = &json.nodes[i];
        must(x->kind == y->kind && x->next == y->next && x->count == y->count && x->truth == y->truth);
        must(x->off <= size && x->line && x->col);
        must(tw_str_eq(x->key, y->key) && tw_str_eq(x->text, y->text));
    }
    tw_buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_doc_limits lim = {.max_depth = 100, .max_nodes = 20000};
    tw_doc doc;
    tw_diag d = TW_DIAG_INIT;
    tw_err e = tw_yaml_read(a, (tw_str){(const char *)data, size}, &lim, &doc, &d);
    if (e == TW_OK)
        check_tree(a, &doc, size);
    else
        must(d.code == e && d.off <= size && d.line && d.col && d.says[0]);
    tw_arena_free(a);
    return 0;
}
