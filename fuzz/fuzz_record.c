/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoder accepts encodes to the same bytes, and dumps within bounds. */
#include <stdlib.h>

#include "engine/record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_record r;
    if (tw_record_decode(a, tw_str_of((const char *)data, size), &r, NULL) == TW_OK) {
        tw_buf out = TW_BUF_INIT;
        tw_record_encode(&r, &out);
        if (!tw_str_eq(tw_buf_str(&out), tw_str_of((const char *)data, size))) abort();
        tw_buf_clear(&out);
        tw_record_dump(&r, &out);
        tw_buf_free(&out);
    }
    tw_arena_free(a);
    return 0;
}
