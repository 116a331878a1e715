/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes lower to a well-formed stream, and evaluate: see tests/unit/ir_check.h for what that means. */
#include "lowered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lowered(&tw_front_shell, data, size);
}
