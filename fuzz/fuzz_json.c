/* SPDX-License-Identifier: Apache-2.0 */
/* What is read writes back as JSON that reads to the same tree and writes to the same bytes. */
#include "base/doc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int ok)
{
    if (!ok) abort();
}

static void write_doc(tw_buf *b, const tw_doc *doc)
{
    tw_json_w w = tw_json_writer(b);
    tw_json_node(&w, doc, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_doc_limits lim = {.max_depth = 200, .max_nodes = 20000};
    tw_doc one, two;
    tw_diag d = TW_DIAG_INIT;
    tw_buf b1 = {0}, b2 = {0};
    tw_err e = tw_json_read(a, (tw_str){(const char *)data, size}, &lim, &one, &d);
    if (e != TW_OK) {
        must(d.code == e && d.off <= size && d.line > 0 && d.col > 0 && d.says[0]);
    } else {
        write_doc(&b1, &one);
        must(tw_json_read(a, tw_buf_str(&b1), &lim, &two, &d) == TW_OK);
        must(one.n == two.n && one.n_duplicates == two.n_duplicates);
        for (uint32_t i = 0; i < one.n; i++) {
            const tw_node *x = &one.nodes[i], *y = &two.nodes[i];
            must(x->kind == y->kind && x->next == y->next && x->count == y->count && x->flags == y->flags);
            must(tw_str_eq(x->key, y->key) && tw_str_eq(x->text, y->text) && x->off < size);
        }
        write_doc(&b2, &two);
        must(tw_str_eq(tw_buf_str(&b1), tw_buf_str(&b2)));
    }
    tw_buf_free(&b1);
    tw_buf_free(&b2);
    tw_arena_free(a);
    return 0;
}
