/* SPDX-License-Identifier: Apache-2.0 */
/* Files that carry code: the first byte picks the front end; any bytes lower to a well-formed stream and evaluate. */
#include <stdlib.h>

#include "../tests/unit/ir_check.h"
#include "base/toml.h"
#include "engine/record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const tw_front_end *const fronts[] = {&tw_front_pth, &tw_front_notebook, &tw_front_manifest};
    if (!size) return 0;
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record record;
    tw_str text = {(const char *)data + 1, size - 1};
    if (data[0] & 0x80) lim.source_bytes = 64, lim.layers = 2;
    fronts[data[0] % TW_COUNT(fronts)]->lower(a, text, &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
    tw_evaluate(a, &ir, &lim, &record);
    tw_buf bundle = TW_BUF_INIT;
    tw_record_encode(&record, &bundle);
    tw_record back;
    if (tw_record_decode(a, tw_buf_str(&bundle), &back, NULL) != TW_OK) abort();
    tw_buf_free(&bundle);
    tw_toml_item item;
    for (tw_toml t = tw_toml_reader(a, text); tw_toml_next(&t, &item);)
        if (item.off > text.n || item.len > text.n - item.off) abort();
    tw_arena_free(a);
    return 0;
}
