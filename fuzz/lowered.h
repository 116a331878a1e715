/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <stdlib.h>

#include "../tests/unit/ir_check.h"
#include "engine/record/record.h"

static int fuzz_lowered(const tw_front_end *front, const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r;
    if (size && data[0] == 0xFF) lim.nesting = 8, lim.source_bytes = 64, lim.tokens_per_kb = 8;
    front->lower(a, (tw_str){(const char *)data, size}, &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        abort();
    }
    tw_evaluate(a, &ir, &lim, &r);
    tw_buf out = {.limit = 1 << 20};
    tw_ir_dump(&ir, &out);
    tw_record_dump(&r, &out);
    tw_buf_free(&out);
    tw_arena_free(a);
    return 0;
}
