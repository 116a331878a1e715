/* SPDX-License-Identifier: Apache-2.0 */
/* The lower half of a report's page: facts for those who look closer, each list folded. */
#include "cli/outputs/output.h"
#include "cli/outputs/report_html.h"
#include "cli/profiles.h"
#include "engine/capabilities/capabilities.h"

enum { LAYERS = 200, DEEP = 16, ROWS = 300, FLOWS = 100 };

static void raw(const tw_page *p, const char *html)
{
    tw_page_raw(p, html);
}

static void more(const tw_page *p, uint64_t n, const char *what)
{
    if (n) tw_buf_fmt(p->out, "<p class=\"soft\">and %llu more %s</p>", (unsigned long long)n, what);
}

static void fold(const tw_page *p, const char *title, uint64_t n)
{
    tw_buf_fmt(p->out,
               "<section><details class=\"part\"><summary><h2>%s</h2> <span "
               "class=\"soft\">%llu</span></summary><div class=\"in\">",
               title, (unsigned long long)n);
}

static void unfold(const tw_page *p)
{
    raw(p, "</div></details></section>");
}

/* Items of a list, and those that it only counts. */
static uint64_t count(const tw_doc *doc, uint32_t list)
{
    uint64_t n = 0;
    TW_EACH_NODE (doc, list, i) {
        uint64_t folded = tw_get_number(doc, i, "more");
        n += folded ? folded : 1;
    }
    return n;
}

/* --- layers ----------------------------------------------------------------------------------------- */
static void layer(const tw_page *p, uint32_t at)
{
    uint32_t parent = tw_get_object(p->doc, at, "parent");
    uint64_t within = parent ? tw_get_number(p->doc, parent, "layer") : 0;
    bool first = true;
    tw_buf_fmt(p->out, "<details><summary>layer %llu: ", (unsigned long long)tw_get_number(p->doc, at, "id"));
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, at, "recipe"), i) {
        if (p->doc->nodes[i].kind != TW_NODE_STRING) continue;
        if (!first) raw(p, " &gt; ");
        tw_page_put(p, p->doc->nodes[i].text);
        first = false;
    }
    if (first) raw(p, "text");
    raw(p, " <span class=\"soft\">");
    tw_page_put(p, tw_get_text(p->doc, at, "language"));
    tw_buf_fmt(p->out, ", %llu bytes%s", (unsigned long long)tw_get_number(p->doc, at, "size"),
               tw_get_true(p->doc, at, "executed") ? ", run as code" : "");
    if (within) tw_buf_fmt(p->out, ", in layer %llu", (unsigned long long)within);
    raw(p, "</span></summary><div class=\"in\">");
    if (parent) tw_page_place(p, parent, within ? " (hidden)" : "");
    raw(p, "<dl>");
    tw_page_fact(p, "SHA-256", tw_get_text(p->doc, at, "sha256"));
    raw(p, "</dl></div></details>");
}

static void put_layers(const tw_page *p)
{
    uint32_t list = tw_get_list(p->doc, 0, "layers"), n = 0;
    uint64_t all = count(p->doc, list);
    if (!all) return;
    fold(p, "code within code", all);
    raw(p, "<p class=\"soft\"><code>tidewaiter unwrap</code> prints the text of each.</p>");
    TW_EACH_NODE (p->doc, list, i) {
        if (tw_get_number(p->doc, i, "more") || n >= LAYERS) continue;
        layer(p, i);
        n++;
    }
    more(p, all - n, "layers");
    unfold(p);
}

/* --- capabilities ----------------------------------------------------------------------------------- */
static void put_capability(const tw_page *p, uint32_t at)
{
    const char *says = tw_cap_info_of(tw_cap_by_name(tw_get_text(p->doc, at, "id")))->says;
    raw(p, "<details><summary>");
    raw(p, *says ? says : "does what this version has no words for");
    raw(p, "<code>");
    tw_page_put(p, tw_get_text(p->doc, at, "id"));
    raw(p, "</code></summary><div class=\"in\">");
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, at, "places"), i) {
        if (tw_get_number(p->doc, i, "more"))
            more(p, tw_get_number(p->doc, i, "more"), "places");
        else
            tw_page_place(p, i, tw_get_number(p->doc, i, "layer") ? " (hidden)" : "");
    }
    raw(p, "</div></details>");
}

static void put_capabilities(const tw_page *p)
{
    uint32_t list = tw_get_list(p->doc, 0, "capabilities"), n = 0;
    uint64_t all = count(p->doc, list);
    if (!all) return;
    fold(p, "what its code can do", all);
    for (const tw_time *t = tw_times; t->trigger; t++) {
        bool first = true;
        TW_EACH_NODE (p->doc, list, i) {
            if (!tw_get_is(p->doc, i, "trigger", t->trigger) || n >= ROWS) continue;
            if (first) tw_buf_fmt(p->out, "<p class=\"soft\">%s</p>", t->says);
            put_capability(p, i);
            first = false;
            n++;
        }
    }
    more(p, all - n, "capabilities");
    unfold(p);
}

static void put_flows(const tw_page *p)
{
    uint32_t list = tw_get_list(p->doc, 0, "flows"), n = 0;
    uint64_t all = count(p->doc, list);
    if (!all) return;
    fold(p, "where its data goes", all);
    raw(p, "<ul>");
    TW_EACH_NODE (p->doc, list, i) {
        if (tw_get_number(p->doc, i, "more") || n >= FLOWS) continue;
        raw(p, "<li><code>");
        tw_page_put(p, tw_get_text(p->doc, i, "from"));
        raw(p, " \xe2\x86\x92 ");
        tw_page_put(p, tw_get_text(p->doc, i, "to"));
        raw(p, "</code> <span class=\"soft\">within one ");
        tw_page_put(p, tw_get_text(p->doc, i, "scope"));
        raw(p, "</span></li>");
        n++;
    }
    raw(p, "</ul>");
    more(p, all - n, "flows");
    unfold(p);
}

/* --- addresses, gaps, versions ------------------------------------------------------------------------ */
static void put_addresses(const tw_page *p)
{
    static const char *const sorts[] = {"urls", "hosts", "ips", "wallets", "tokens", "hashes"};
    uint32_t indicators = tw_get_object(p->doc, 0, "indicators");
    uint64_t all = 0;
    for (size_t k = 0; indicators && k < TW_COUNT(sorts); k++)
        all += count(p->doc, tw_get_list(p->doc, indicators, sorts[k]));
    if (!all) return;
    fold(p, "addresses that its code names", all);
    raw(p, "<ul>");
    for (size_t k = 0; k < TW_COUNT(sorts); k++)
        TW_EACH_NODE (p->doc, tw_get_list(p->doc, indicators, sorts[k]), i) {
            tw_str shown = tw_get_text(p->doc, i, "shown");
            if (shown.n) tw_page_code_item(p, shown);
        }
    raw(p, "</ul>");
    unfold(p);
}

static const char *gap_says(tw_str name)
{
    for (int i = 0; i < TW_GAP_MAX; i++)
        if (tw_str_eq(name, tw_str_c(tw_gap_name((tw_gap_reason)i)))) return tw_gap_says((tw_gap_reason)i);
    return "not analysed";
}

static void put_gaps(const tw_page *p)
{
    uint32_t coverage = tw_get_object(p->doc, 0, "coverage"),
             list = coverage ? tw_get_list(p->doc, coverage, "gaps") : 0, n = 0;
    uint64_t all = count(p->doc, list);
    if (!all) return;
    fold(p, "what was not read or followed", all);
    raw(p, "<ul>");
    TW_EACH_NODE (p->doc, list, i) {
        tw_str member = tw_get_text(p->doc, i, "member"), runs = tw_get_text(p->doc, i, "runs");
        if (tw_get_number(p->doc, i, "more") || n >= ROWS) continue;
        raw(p, "<li>");
        tw_page_put(p, member.n ? member : TW_S("the artifact"));
        raw(p, " <span class=\"soft\">");
        raw(p, gap_says(tw_get_text(p->doc, i, "reason")));
        if (runs.n) raw(p, "; runs at ");
        tw_page_put(p, runs);
        raw(p, "</span></li>");
        n++;
    }
    raw(p, "</ul>");
    more(p, all - n, "places");
    unfold(p);
}

static void put_versions(const tw_page *p)
{
    static const char *const keys[] = {"engine", "front", "tables", "rules", "model", "limits"};
    uint32_t versions = tw_get_object(p->doc, 0, "versions");
    raw(p, "<section><h2>made by</h2><dl>");
    for (size_t i = 0; versions && i < TW_COUNT(keys); i++)
        tw_page_fact(p, keys[i], tw_get_text(p->doc, versions, keys[i]));
    tw_page_fact(p, "report SHA-256", tw_get_text(p->doc, 0, "report_sha256"));
    raw(p, "</dl></section>");
}

void tw_page_facts(const tw_page *p)
{
    put_layers(p);
    put_flows(p);
    put_capabilities(p);
    put_addresses(p);
    put_gaps(p);
    put_versions(p);
}
