/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes lower, as each dialect, to a well-formed stream: see tests/unit/ir_check.h for what that means. */
#include <stdlib.h>

#include "../tests/unit/ir_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    if (size && data[0] == 0xFF) lim.nesting = 8, lim.source_bytes = 64, lim.tokens_per_kb = 8;
    tw_front_javascript.lower(a, (tw_str){(const char *)data, size}, &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
    tw_buf out = {.limit = 1 << 20};
    tw_ir_dump(&ir, &out);
    tw_buf_free(&out);
    tw_arena_free(a);
    return 0;
}
