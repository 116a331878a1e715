/* SPDX-License-Identifier: Apache-2.0 */
/* Reports as a comment: the worst first, a clear artifact no more than a line, the whole below what a forge takes. */
#include "cli/outputs/markdown.h"

#include "cli/outputs/output.h"

enum {
    BEHAVIOURS = 6,
    EVIDENCE = 3,
    NOTED = 5,
    CODE = 100,
    SAYS = 400,
    NAME = 120,
    SECTION_MAX = 6000,
    TAIL = 1000
};

/* Sections by level, for the end; `n`: artifacts of the level, `shown`: those with a section. */
static struct {
    tw_buf text;
    uint64_t n, shown;
} kept[TW_LEVEL_MAX];

void tw_md_place(tw_buf *b, const tw_doc *doc, uint32_t place, const char *indent)
{
    tw_buf where = TW_BUF_INIT;
    uint64_t line = tw_get_number(doc, place, "line");
    tw_str member = tw_get_text(doc, place, "member"), code = tw_str_trim(tw_get_text(doc, place, "snippet"));
    tw_term_put(&where, member.n ? member : TW_S("the artifact"), NAME);
    if (line) tw_buf_fmt(&where, ":%llu", (unsigned long long)line);
    tw_buf_fmt(b, "%s- ", indent);
    tw_md_code(b, tw_buf_str(&where), 0);
    if (tw_get_number(doc, place, "layer")) tw_buf_puts(b, TW_S(" (hidden)"));
    if (code.n) tw_buf_puts(b, TW_S(": "));
    tw_md_code(b, code, CODE);
    tw_buf_putc(b, '\n');
    tw_buf_free(&where);
}

static void put_behaviour(tw_buf *b, const tw_doc *doc, uint32_t at)
{
    uint32_t n = 0;
    uint64_t more = 0;
    tw_str check = tw_get_text(doc, at, "check");
    tw_buf_puts(b, TW_S("- **"));
    tw_md_put(b, tw_get_text(doc, at, "level"), 20);
    tw_buf_puts(b, TW_S("**: "));
    tw_md_put(b, tw_get_text(doc, at, "says"), SAYS);
    tw_buf_putc(b, '\n');
    TW_EACH_NODE (doc, tw_get_list(doc, at, "evidence"), i) {
        uint64_t folded = tw_get_number(doc, i, "more");
        if (folded || n >= EVIDENCE) {
            more += folded ? folded : 1;
            continue;
        }
        tw_md_place(b, doc, i, "  ");
        n++;
    }
    if (more) tw_buf_fmt(b, "  - and %llu more places\n", (unsigned long long)more);
    if (check.n) {
        tw_buf_puts(b, TW_S("  - To check: "));
        tw_md_put(b, check, SAYS);
        tw_buf_putc(b, '\n');
    }
}

static void put_noted(tw_buf *b, const tw_doc *doc, const char *key)
{
    uint32_t n = 0;
    uint64_t more = 0;
    TW_EACH_NODE (doc, tw_get_list(doc, 0, key), i) {
        uint64_t folded = tw_get_number(doc, i, "more");
        if (tw_get_is(doc, i, "severity", "info")) continue;
        if (folded || n >= NOTED) {
            more += folded ? folded : 1;
            continue;
        }
        tw_buf_puts(b, TW_S("- odd: "));
        tw_md_put(b, tw_get_text(doc, i, "says"), SAYS);
        tw_buf_putc(b, '\n');
        n++;
    }
    if (more && n) tw_buf_fmt(b, "- and %llu more that is odd\n", (unsigned long long)more);
}

static void put_section(tw_buf *b, const tw_doc *doc, const tw_result *r)
{
    uint32_t n = 0;
    uint64_t more = 0;
    tw_buf_fmt(b, "#### %s: ", tw_level_name(r->level));
    tw_md_code(b, r->item->artifact, NAME);
    tw_buf_puts(b, TW_S("\n\n"));
    tw_md_put(b, tw_get_text(doc, 0, "summary"), 2 * SAYS);
    tw_buf_puts(b, tw_get_true(doc, 0, "complete") ? TW_S("\n\n")
                                                   : TW_S(" **Not all of it could be read.**\n\n"));
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "behaviours"), i) {
        uint64_t folded = tw_get_number(doc, i, "more");
        if (tw_get_is(doc, i, "level", "clear")) continue;
        if (folded || n >= BEHAVIOURS || b->n > SECTION_MAX) {
            more += folded ? folded : 1;
            continue;
        }
        put_behaviour(b, doc, i);
        n++;
    }
    if (more) tw_buf_fmt(b, "- and %llu more behaviours\n", (unsigned long long)more);
    put_noted(b, doc, "findings");
    put_noted(b, doc, "signals");
    tw_str purl = tw_get_text(doc, 0, "purl"), sha = tw_get_text(doc, 0, "sha256");
    tw_buf_putc(b, '\n');
    tw_md_code(b, purl, NAME);
    tw_buf_puts(b, sha.n ? TW_S(" SHA-256 ") : TW_S(""));
    tw_md_code(b, sha, 64);
    tw_buf_puts(b, TW_S("\n\n"));
}

static void result(tw_sink *s, const tw_result *r)
{
    tw_doc doc;
    unsigned l = r->level < TW_LEVEL_MAX ? r->level : TW_LEVEL_CLEAR;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    kept[l].n++;
    if (l == TW_LEVEL_CLEAR && s->several) return;
    tw_buf one = TW_BUF_INIT;
    put_section(&one, &doc, r);
    if (kept[l].text.n + one.n <= TW_COMMENT_MAX - TAIL) {
        tw_buf_puts(&kept[l].text, tw_buf_str(&one));
        kept[l].shown++;
    }
    tw_buf_free(&one);
}

static void end(tw_sink *s, const tw_tally *t)
{
    static const tw_level order[] = {TW_LEVEL_MALICIOUS, TW_LEVEL_SUSPICIOUS, TW_LEVEL_UNREVIEWABLE,
                                     TW_LEVEL_NOTABLE, TW_LEVEL_CLEAR};
    const char *comma = ": ";
    size_t from = s->out.n;
    tw_buf_fmt(&s->out, "### tidewaiter reviewed %llu artifact%s",
               (unsigned long long)(t->reviewed + t->unopened), t->reviewed + t->unopened == 1 ? "" : "s");
    for (size_t i = 0; i < TW_COUNT(order); i++) {
        if (!kept[order[i]].n) continue;
        tw_buf_fmt(&s->out, "%s%llu %s", comma, (unsigned long long)kept[order[i]].n,
                   tw_level_name(order[i]));
        comma = ", ";
    }
    tw_buf_puts(&s->out, TW_S("\n\n"));
    uint64_t left = 0;
    for (size_t i = 0; i < TW_COUNT(order); i++) {
        tw_level l = order[i];
        bool fits = s->out.n - from + kept[l].text.n <= TW_COMMENT_MAX - TAIL;
        if (fits) tw_buf_puts(&s->out, tw_buf_str(&kept[l].text));
        if (l != TW_LEVEL_CLEAR) left += kept[l].n - (fits ? kept[l].shown : 0);
        tw_buf_free(&kept[l].text);
    }
    if (left)
        tw_buf_fmt(
            &s->out,
            "**%llu more are not shown: the comment would be too long.** `--format html` shows all.\n\n",
            (unsigned long long)left);
    tw_buf_puts(
        &s->out,
        TW_S("<sub>tidewaiter " TW_VERSION
             ". Clear means that nothing was found by this version, not that a package is safe.</sub>\n"));
    memset(kept, 0, sizeof kept);
}

const tw_output tw_output_markdown = {"markdown", result, end};
