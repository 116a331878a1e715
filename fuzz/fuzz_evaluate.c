/* SPDX-License-Identifier: Apache-2.0 */
/* Python source -> IR -> record: within the limits, and a record that its own decoder accepts. */
#include <stdlib.h>

#include "engine/record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_buf out = TW_BUF_INIT;
    tw_front_python.lower(a, tw_str_of((const char *)data, size), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_encode(&r, &out);
    if (tw_record_decode(a, tw_buf_str(&out), &back, NULL) != TW_OK) abort();
    tw_buf_free(&out);
    tw_arena_free(a);
    return 0;
}
