/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an artifact. */
#include "artifact_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_twice((tw_str){(const char *)data, size}, "x.tar.gz");
    return 0;
}
