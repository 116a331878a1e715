/* SPDX-License-Identifier: Apache-2.0 */
/* One flow of data as a drawing, narrow enough for a phone: what it begins as, the lines it goes through, where it ends. */
#include "base/utf8.h"
#include "cli/outputs/report_html.h"
#include "engine/capabilities/capabilities.h"

enum { WIDE = 340, PILL = 28, RAIL = 12, TEXT = 30, LINE = 16, STEP_GAP = 12, COLUMNS = 42, STEPS = 16 };

typedef struct drawing {
    const tw_page *p;
    unsigned y;
} drawing;

static const char *says(tw_str capability)
{
    const char *s = tw_cap_info_of(tw_cap_by_name(capability))->says;
    return *s ? s : "does what this version has no words for";
}

static void pill(drawing *d, tw_str capability)
{
    tw_buf_fmt(d->p->out, "<rect x=\"1\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"5\"/>", d->y + 1, WIDE - 2,
               PILL - 2);
    tw_buf_fmt(d->p->out, "<text class=\"end\" x=\"10\" y=\"%u\">", d->y + 18);
    tw_html_put(d->p->out, tw_str_c(says(capability)), 50);
    tw_page_raw(d->p, "</text>");
    d->y += PILL;
}

/* The end of the first `columns` columns of a text that was made visible. */
static size_t columns_of(tw_str s, unsigned columns)
{
    size_t off = 0;
    unsigned used = 0;
    while (off < s.n) {
        size_t at = off;
        int w = tw_utf8_width(tw_utf8_next(s, &off, NULL));
        used += w > 0 ? (unsigned)w : 0;
        if (used > columns) return at;
    }
    return s.n;
}

static void code(drawing *d, tw_str snippet)
{
    tw_buf shown = TW_BUF_INIT;
    tw_term_put(&shown, snippet, 2 * COLUMNS);
    tw_str rest = tw_buf_str(&shown);
    for (unsigned i = 0; i < 2 && rest.n; i++) {
        size_t n = columns_of(rest, COLUMNS);
        d->y += LINE;
        tw_buf_fmt(d->p->out, "<text x=\"%u\" y=\"%u\">", TEXT, d->y);
        tw_html_put(d->p->out, tw_str_sub(rest, 0, n), 0);
        tw_page_raw(d->p, "</text>");
        rest = tw_str_sub(rest, n, rest.n);
    }
    tw_buf_free(&shown);
}

static void step(drawing *d, uint32_t place)
{
    const tw_doc *doc = d->p->doc;
    tw_str member = tw_get_text(doc, place, "member");
    uint64_t line = tw_get_number(doc, place, "line");
    unsigned top = d->y;
    d->y += STEP_GAP + 8;
    tw_buf_fmt(d->p->out, "<circle cx=\"%u\" cy=\"%u\" r=\"4\"/><text class=\"soft\" x=\"%u\" y=\"%u\">",
               RAIL, d->y - 4, TEXT, d->y);
    if (member.n > 44) tw_page_raw(d->p, "...");
    tw_html_put(d->p->out, member.n > 44 ? tw_str_sub(member, member.n - 41, member.n) : member, 44);
    if (line) tw_buf_fmt(d->p->out, ":%llu", (unsigned long long)line);
    if (tw_get_number(doc, place, "layer")) tw_page_raw(d->p, " (hidden)");
    tw_page_raw(d->p, "</text>");
    code(d, tw_get_text(doc, place, "snippet"));
    d->y += 4;
    tw_buf_fmt(d->p->out, "<path d=\"M%u %uV%u\"/><path d=\"M%u %uV%u\"/>", RAIL, top, top + STEP_GAP, RAIL,
               top + STEP_GAP + 9, d->y);
}

static bool same_line(const tw_doc *doc, uint32_t a, uint32_t b)
{
    return b && tw_str_eq(tw_get_text(doc, a, "sha256"), tw_get_text(doc, b, "sha256")) &&
           tw_get_number(doc, a, "line") == tw_get_number(doc, b, "line") && tw_get_number(doc, a, "line");
}

void tw_page_flow(const tw_page *p, uint32_t flow)
{
    const tw_doc *doc = p->doc;
    uint32_t last = 0, n = 0;
    tw_buf body = TW_BUF_INIT;
    tw_page inner = {.out = &body, .a = p->a, .doc = doc};
    drawing d = {&inner, 0};
    pill(&d, tw_get_text(doc, flow, "from"));
    TW_EACH_NODE (doc, tw_get_list(doc, flow, "path"), i) {
        if (tw_get_number(doc, i, "more") || same_line(doc, i, last) || n >= STEPS) continue;
        step(&d, i);
        last = i;
        n++;
    }
    tw_buf_fmt(&body, "<path d=\"M%u %uV%um-4 -6l4 6l4 -6\"/>", RAIL, d.y, d.y + STEP_GAP);
    d.y += STEP_GAP;
    pill(&d, tw_get_text(doc, flow, "to"));
    tw_buf_fmt(p->out, "<svg role=\"img\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\"><title>", WIDE,
               d.y, WIDE, d.y);
    tw_page_raw(p, says(tw_get_text(doc, flow, "from")));
    tw_page_raw(p, ", and with that ");
    tw_page_raw(p, says(tw_get_text(doc, flow, "to")));
    tw_page_raw(p, "</title>");
    tw_buf_puts(p->out, tw_buf_str(&body));
    tw_page_raw(p, "</svg>");
    tw_buf_free(&body);
}
