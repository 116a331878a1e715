/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way: any bytes -> report, and the small metadata readers of the ecosystems on the same bytes. */
#include "ecosystems/metadata.h"
#include "tidewaiter/tidewaiter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void metadata(tw_str text)
{
    tw_arena *a = tw_arena_new(0);
    tw_str rest = text, section = TW_S(""), key, value, fields[3];
    (void)tw_header(text, TW_S("Name"));
    while (tw_ini_next(&rest, &section, &key, &value)) continue;
    rest = text;
    while (tw_csv_next(a, &rest, fields, 3) != -1) continue;
    (void)tw_name_normal(a, text);
    tw_arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tidewaiter_engine *engine;
    tidewaiter_review *review;
    if (!engine) {
        engine = tidewaiter_engine_new();
        tidewaiter_engine_limit(engine, "unpacked", 16 << 20);
    }
    metadata((tw_str){(const char *)data, size < 65536 ? size : 65536});
    if (tidewaiter_review_bytes(engine, data, size, "a-1.0-py3-none-any.whl", NULL, &review) != TIDEWAITER_OK)
        return 0;
    tidewaiter_review_free(review);
    return 0;
}
