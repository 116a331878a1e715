/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a ZIP: where the end record is not hit upon, one is put behind that points at the first
 * central header. */
#include "artifact_input.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_str in = {(const char *)data, size};
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, in);
    size_t cd = tw_str_find(in, TW_S("PK\1\2"));
    if (cd != TW_NPOS && tw_str_find(in, TW_S("PK\5\6")) == TW_NPOS) {
        tw_buf_put(&b, "PK\5\6\0\0\0\0\1\0\1\0", 12);
        tw_buf_u32le(&b, (uint32_t)(size - cd));
        tw_buf_u32le(&b, (uint32_t)cd);
        tw_buf_u16le(&b, 0);
    }
    read_twice(tw_buf_str(&b), "x-1-py3-none-any.whl");
    tw_buf_free(&b);
    return 0;
}
