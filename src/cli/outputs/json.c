/* SPDX-License-Identifier: Apache-2.0 */
/* One document: the report, or an array of reports when there are several artifacts. */
#include "cli/outputs/output.h"

static void result(tw_sink *s, const tw_result *r)
{
    if (s->several) tw_buf_puts(&s->out, s->shown ? TW_S(",\n") : TW_S("[\n"));
    tw_buf_puts(&s->out, r->report);
}

static void end(tw_sink *s, const tw_tally *t)
{
    (void)t;
    if (s->several || !s->shown) tw_buf_puts(&s->out, s->shown ? TW_S("\n]") : TW_S("[]"));
    tw_buf_putc(&s->out, '\n');
}

const tw_output tw_output_json = {"json", result, end};
