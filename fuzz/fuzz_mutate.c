/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a source file: its tokens lie in order, their pairs hold, and each rewriter ends. The first byte picks the
 * rewriter, the second the language and the seed. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/languages/tokens.h"
#include "service/mutate/mutate.h"

static void well_formed(const tw_tokens *t, size_t n)
{
    uint32_t at = t->start;
    for (uint32_t i = 0; i < t->list.n; i++) {
        const tw_token *k = &t->list.v[i];
        bool pairs = !(k->flags & (TW_TOKF_OPENS | TW_TOKF_CLOSES)) || (k->pair < t->list.n && k->pair != i);
        if (k->off < at || k->end < k->off || k->end > n || !pairs) {
            fprintf(stderr, "token %u at %u\n", i, k->off);
            abort();
        }
        at = k->end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    uint32_t n = 0;
    while (tw_mutator_name(n)) n++;
    tw_arena *a = tw_arena_new(0);
    bool python = data[1] & 1;
    tw_str text = tw_arena_str(a, (tw_str){(const char *)data + 2, size - 2});
    tw_tokens tokens;
    if (python ? tw_tokens_python(a, text, &tokens) : tw_tokens_javascript(a, text, &tokens))
        well_formed(&tokens, text.n);
    tw_mut m = {.arena = a, .format = TW_MUT_DIR, .npm = !python};
    tw_mut_put(&m, python ? TW_S("fixture/__init__.py") : TW_S("index.js"), text);
    tw_mut_put(&m, python ? TW_S("fixture/b.py") : TW_S("b.js"),
               python ? TW_S("X = 'value'\n") : TW_S("exports.x = 'value';\n"));
    tw_mutate(&m, data[0] % n, data[1] >> 1);
    tw_buf out = TW_BUF_INIT;
    tw_mut_write(&m, &out);
    tw_buf_free(&out);
    tw_arena_free(a);
    return 0;
}
