/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a compiled file: a well-formed stream, offsets within the file, and a record its own decoder accepts. */
#include <stdlib.h>

#include "../tests/unit/native.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)put_text, (void)made_str, (void)tw_failed_in_test_, (void)tw_tests_tail_, (void)tw_tests_head_;
    const char *wrong = native_wrong(tw_str_of((const char *)data, size));
    if (!wrong) return 0;
    fprintf(stderr, "%s\n", wrong);
    abort();
}
