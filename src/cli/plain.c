/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plain.h"

#include "cli/outputs/output.h"

enum { COLUMNS_MAX = 400 };

const char *tw_plain(const char *word)
{
    static tw_buf shown[2];
    static unsigned turn;
    tw_buf *b = &shown[turn++ & 1];
    tw_buf_clear(b);
    tw_term_put(b, tw_str_c(word), COLUMNS_MAX);
    tw_buf_putc(b, 0);
    return b->p;
}
