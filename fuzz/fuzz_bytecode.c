/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a .pyc: a well-formed stream (tests/unit/ir_check.h), and a record its own decoder accepts. */
#include <stdlib.h>

#include "../tests/unit/ir_check.h"
#include "engine/record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_buf out = TW_BUF_INIT;
    if (size && data[size - 1] == 0xFF) lim.nesting = 8, lim.source_bytes = 400, lim.tokens_per_kb = 8;
    tw_front_bytecode.lower(a, tw_str_of((const char *)data, size), &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_encode(&r, &out);
    if (tw_record_decode(a, tw_buf_str(&out), &back, NULL) != TW_OK) abort();
    tw_buf_free(&out);
    tw_arena_free(a);
    return 0;
}
