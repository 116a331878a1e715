/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a tar: each block that is neither zero nor without a type gets the checksum it needs, so
 * that what stands behind the checksum is reached. */
#include "artifact_input.h"
#include "base/buf.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void mend(char *h)
{
    unsigned sum = 8 * ' ';
    char text[9];
    for (int i = 0; i < 512; i++)
        if (i < 148 || i >= 156) sum += (unsigned char)h[i];
    snprintf(text, sizeof text, "%06o", sum);
    memcpy(h + 148, text, 7);
    h[155] = ' ';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_put(&b, data, size);
    for (size_t i = 0; i + 512 <= b.n; i += 512)
        if (b.p[i + 148] == '0' || b.p[i + 148] == '#') mend(b.p + i);
    read_twice(tw_buf_str(&b), "x.tar");
    tw_buf_free(&b);
    return 0;
}
