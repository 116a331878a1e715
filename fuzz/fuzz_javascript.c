/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes lower to a well-formed stream, see tests/unit/ir_check.h: as JavaScript, and as one more dialect that
 * the bytes choose. (fuzz_typescript reads all as both dialects of TypeScript.) */
#include <stdlib.h>

#include "../tests/unit/ir_check.h"

static void lower(const tw_front_end *front, const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    if (size && data[0] == 0xFF) lim.nesting = 8, lim.source_bytes = 64, lim.tokens_per_kb = 8;
    front->lower(a, (tw_str){(const char *)data, size}, &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) {
        fprintf(stderr, "%s: %s\n", tw_lang_name(front->lang), wrong);
        abort();
    }
    tw_buf out = {.limit = 1 << 20};
    tw_ir_dump(&ir, &out);
    tw_buf_free(&out);
    tw_arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const tw_front_end *const other[] = {&tw_front_typescript, &tw_front_tsx, NULL};
    lower(&tw_front_javascript, data, size);
    const tw_front_end *front = size ? other[data[size - 1] % TW_COUNT(other)] : NULL;
    if (front) lower(front, data, size);
    return 0;
}
