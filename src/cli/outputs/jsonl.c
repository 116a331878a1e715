/* SPDX-License-Identifier: Apache-2.0 */
/* One object a line and artifact, in input order. */
#include "cli/outputs/output.h"

static void result(tw_sink *s, const tw_result *r)
{
    tw_buf_puts(&s->out, r->report);
    tw_buf_putc(&s->out, '\n');
}

const tw_output tw_output_jsonl = {"jsonl", result, NULL};
