/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/markdown.h"

enum { ITEMS = 40, TAIL = 1000, SAYS = 400 };

static void put_release(tw_buf *b, const tw_doc *doc)
{
    tw_buf name = TW_BUF_INIT;
    tw_str n = tw_get_text(doc, 0, "name"), version = tw_get_text(doc, 0, "version");
    tw_term_put(&name, n.n ? n : tw_get_text(doc, 0, "artifact"), 80);
    if (version.n) tw_buf_putc(&name, ' ');
    tw_term_put(&name, version, 40);
    tw_md_code(b, tw_buf_str(&name), 0);
    tw_buf_free(&name);
}

static void put_item(tw_buf *b, const tw_diff *d, const tw_diff_item *it)
{
    tw_buf_fmt(b, "- **%u** ", it->risk);
    tw_md_put(b, it->says, SAYS);
    tw_buf_putc(b, '\n');
    if (!it->at || !tw_get_text(d->to, it->at, "member").n) return;
    tw_md_place(b, d->to, it->at, "  ");
    tw_str hidden = tw_get_text(d->to, it->at, "hidden");
    if (!hidden.n) return;
    tw_buf_puts(b, TW_S("  - hidden in it: "));
    tw_md_code(b, hidden, 160);
    tw_buf_putc(b, '\n');
}

void tw_markdown_diff(const tw_diff *d, tw_buf *out)
{
    size_t from = out->n;
    uint64_t rest = d->dropped, lost = 0, n = 0;
    tw_buf_puts(out, TW_S("### "));
    put_release(out, d->from);
    tw_buf_puts(out, TW_S(" \xe2\x86\x92 "));
    put_release(out, d->to);
    tw_buf_fmt(out, ": what it gained is of %s weight\n\n", tw_drift_name(d->level));
    for (uint32_t i = 0; i < d->items.n; i++) {
        tw_buf one = TW_BUF_INIT;
        if (d->items.v[i].lost) {
            lost++;
            continue;
        }
        put_item(&one, d, &d->items.v[i]);
        if (n < ITEMS && out->n - from + one.n <= TW_COMMENT_MAX - TAIL) {
            tw_buf_puts(out, tw_buf_str(&one));
            n++;
        } else {
            rest++;
        }
        tw_buf_free(&one);
    }
    if (!n && !rest) tw_buf_puts(out, TW_S("It can do what it could do before, and no more.\n"));
    if (rest) tw_buf_fmt(out, "- and %llu smaller differences\n", (unsigned long long)rest);
    if (lost) tw_buf_fmt(out, "\nIt lost %llu of what it could do before.\n", (unsigned long long)lost);
    tw_buf_puts(out,
                TW_S("\n<sub>tidewaiter " TW_VERSION ". Numbers are ranks from 0 to 100, no probabilities; "
                     "moved or renamed code is not new.</sub>\n"));
}
