/* SPDX-License-Identifier: Apache-2.0 */
/* What stands today, as suppressions to begin with: a file for --suppressions, made to be read and cut down. */
#include "cli/outputs/read.h"
#include "cli/outputs/suppress.h"

enum { DAYS = 90, NAME = 200, SAYS = 300 };

static bool is_plain(tw_str id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= 'a' && id.p[i] <= 'z') || (id.p[i] >= '0' && id.p[i] <= '9') || id.p[i] == '.' ||
              id.p[i] == '-'))
            return false;
    return id.n > 0;
}

static void put_one(tw_sink *s, const tw_doc *doc, uint32_t found, const char *places)
{
    char print[65], day[16];
    tw_str id = tw_get_text(doc, found, "id");
    if (!is_plain(id)) return;
    tw_fingerprint(doc, found, places, print);
    tw_day_of(s->now, DAYS, day);
    tw_buf_puts(&s->out, TW_S("# "));
    tw_quote_put(&s->out, tw_get_text(doc, found, "says"), SAYS);
    tw_buf_fmt(&s->out,
               "\n- finding: %.*s\n  content: \"%s\"\n  reason: \"in the baseline of tidewaiter " TW_VERSION
               "\"\n  owner: \"baseline\"\n  expires: \"%s\"\n",
               TW_FMT(id), print, day);
}

static void result(tw_sink *s, const tw_result *r)
{
    static const char *const lists[][2] = {
        {"behaviours", "evidence"}, {"findings", "places"}, {"signals", "places"}};
    tw_doc doc;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    tw_buf_fmt(&s->out, "# %s: ", tw_level_name(r->level));
    tw_quote_put(&s->out, r->item->artifact, NAME);
    tw_buf_putc(&s->out, '\n');
    for (size_t k = 0; k < TW_COUNT(lists); k++)
        TW_EACH_NODE (&doc, tw_get_list(&doc, 0, lists[k][0]), i) {
            if (tw_get_is(&doc, i, "level", "clear") || tw_get_is(&doc, i, "severity", "info")) continue;
            put_one(s, &doc, i, lists[k][1]);
        }
}

const tw_output tw_output_baseline = {"baseline", result, NULL};
