/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes lower as TypeScript and as TSX to a well-formed stream: see tests/unit/ir_check.h. */
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
    tw_arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lower(&tw_front_typescript, data, size);
    lower(&tw_front_tsx, data, size);
    return 0;
}
