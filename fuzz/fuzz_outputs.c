/* SPDX-License-Identifier: Apache-2.0 */
/* A report is a worker's word, and all texts in it are the package's. First line: the artifact's name. */
#include <stdint.h>
#include <stdio.h>

#include "outputs_all.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_str rest = {(const char *)data, size}, name;
    if (size > 1 << 18 || !tw_str_split(&rest, '\n', &name) || !rest.p) return 0;
    outputs_all(rest, name, size & 1);
    return 0;
}
