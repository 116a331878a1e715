/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/output.h"

tw_str tw_rule_spoken(tw_arena *a, tw_str says)
{
    tw_buf b = TW_BUF_INIT;
    for (size_t open; (open = tw_str_chr(says, '{')) != TW_NPOS;) {
        tw_str slot = tw_str_sub(says, open + 1, says.n), name;
        size_t close = tw_str_chr(slot, '}');
        tw_buf_puts(&b, tw_str_sub(says, 0, open));
        says = tw_str_sub(slot, close == TW_NPOS ? slot.n : close + 1, slot.n);
        slot = tw_str_sub(slot, 0, close);
        tw_str_split(&slot, '|', &name);
        tw_buf_puts(&b, slot.p                             ? slot
                        : tw_str_eq(name, TW_S("trigger")) ? TW_S("When it runs")
                                                           : TW_S("..."));
    }
    tw_buf_puts(&b, says);
    tw_str s = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}
