/* SPDX-License-Identifier: Apache-2.0 */
/* Reports as one page that stands by itself: for several artifacts an index, the worst first, and below it an article for
 * each that is not clear. */
#include "cli/outputs/report_html.h"

#include "cli/outputs/output.h"

enum {
    BEHAVIOURS = 60,
    EVIDENCE = 12,
    NOTED = 100,
    FLOWS = 4,
    LEVELS = TW_LEVEL_MAX,
    INDEX_MAX = 8 << 20,
    ARTICLES_MAX = 48 << 20
};

/* What waits for the end: rows of the index by level, and the articles. */
static struct {
    tw_buf index[LEVELS], articles[LEVELS];
    uint64_t n, left_out;
    size_t bytes;
} kept;

static void raw(const tw_page *p, const char *html)
{
    tw_page_raw(p, html);
}

/* --- behaviours ------------------------------------------------------------------------------------- */
static void put_tags(const tw_page *p, uint32_t b)
{
    tw_str reason = tw_get_text(p->doc, b, "reason");
    raw(p, "<p class=\"soft\">at ");
    tw_page_put(p, tw_get_text(p->doc, b, "trigger"));
    if (reason.n) raw(p, ": ");
    tw_page_put(p, reason);
    raw(p, " \xc2\xb7 evidence ");
    tw_page_put(p, tw_get_text(p->doc, b, "confidence"));
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, b, "attack"), i) {
        raw(p, " \xc2\xb7 ");
        tw_page_put(p, p->doc->nodes[i].text);
    }
    raw(p, " \xc2\xb7 ");
    tw_page_put(p, tw_get_text(p->doc, b, "id"));
    raw(p, "</p>");
}

static uint32_t flow_by_id(const tw_doc *doc, uint64_t id)
{
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "flows"), i) {
        const tw_node *n = tw_node_get(doc, i, TW_S("id"));
        uint64_t value;
        if (n && tw_node_u64(n, &value) && value == id) return i;
    }
    return 0;
}

static bool is_drawn(const tw_doc *doc, uint32_t flow)
{
    uint32_t path = flow ? tw_get_list(doc, flow, "path") : 0;
    return path && tw_node_first(doc, path) != tw_node_end(doc, path);
}

static void put_flows(const tw_page *p, uint32_t b)
{
    uint32_t n = 0;
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, b, "flows"), i) {
        uint64_t id;
        uint32_t flow = tw_node_u64(&p->doc->nodes[i], &id) ? flow_by_id(p->doc, id) : 0;
        if (!is_drawn(p->doc, flow) || n++ >= FLOWS) continue;
        if (n == 1) raw(p, "<p class=\"soft\">how the data gets there</p><div class=\"flows\">");
        raw(p, "<figure>");
        tw_page_flow(p, flow);
        raw(p, "</figure>");
    }
    if (n) raw(p, "</div>");
}

static void put_behaviour(const tw_page *p, uint32_t b, bool open)
{
    tw_str check = tw_get_text(p->doc, b, "check");
    uint32_t n = 0;
    uint64_t more = 0;
    raw(p, open ? "<details open><summary>" : "<details><summary>");
    for (int l = 0; l < TW_LEVEL_MAX; l++) {
        const char *word = tw_level_name((tw_level)l);
        if (tw_get_is(p->doc, b, "level", word)) tw_buf_fmt(p->out, "<b class=\"v %s\">%s</b> ", word, word);
    }
    tw_page_put(p, tw_get_text(p->doc, b, "says"));
    raw(p, "</summary><div class=\"in\">");
    put_tags(p, b);
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, b, "evidence"), i) {
        if (tw_get_number(p->doc, i, "more") || n >= EVIDENCE) {
            more += tw_get_number(p->doc, i, "more") ? tw_get_number(p->doc, i, "more") : 1;
            continue;
        }
        tw_page_place(p, i, tw_get_number(p->doc, i, "layer") ? " (hidden)" : "");
        n++;
    }
    if (more) tw_buf_fmt(p->out, "<p class=\"soft\">and %llu more places</p>", (unsigned long long)more);
    put_flows(p, b);
    if (check.n) {
        raw(p, "<p>To check: ");
        tw_page_put(p, check);
        raw(p, "</p>");
    }
    raw(p, "</div></details>");
}

static void put_behaviours(const tw_page *p)
{
    uint32_t n = 0;
    uint64_t more = 0;
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, 0, "behaviours"), i) {
        uint64_t folded = tw_get_number(p->doc, i, "more");
        if (folded || n >= BEHAVIOURS) {
            more += folded ? folded : 1;
            continue;
        }
        if (!n) raw(p, "<section><h2>what it does</h2>");
        put_behaviour(p, i, n++ < 3);
    }
    if (more) tw_buf_fmt(p->out, "<p class=\"soft\">and %llu more behaviours</p>", (unsigned long long)more);
    if (n) raw(p, "</section>");
}

/* --- findings and signals ---------------------------------------------------------------------------- */
static void put_noted(const tw_page *p, const char *key, const char *title)
{
    uint32_t n = 0;
    uint64_t more = 0;
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, 0, key), i) {
        uint64_t folded = tw_get_number(p->doc, i, "more");
        tw_str date = tw_get_text(p->doc, i, "date"), says = tw_get_text(p->doc, i, "says");
        if (tw_get_is(p->doc, i, "severity", "info")) continue;
        if (folded || n >= NOTED) {
            more += folded ? folded : 1;
            continue;
        }
        if (!n++) tw_buf_fmt(p->out, "<section><h2>%s</h2><ul>", title);
        raw(p, "<li>");
        tw_page_put(p, says);
        TW_EACH_NODE (p->doc, tw_get_list(p->doc, i, "places"), k) {
            tw_str member = tw_get_text(p->doc, k, "member");
            if (!member.n || tw_str_find(says, member) != TW_NPOS) continue;
            raw(p, " <span class=\"soft\">");
            tw_page_put(p, member);
            raw(p, "</span>");
        }
        if (date.n) {
            raw(p, " <span class=\"soft\">as of ");
            tw_page_put(p, date);
            raw(p, "</span>");
        }
        raw(p, "</li>");
    }
    if (n && more) tw_buf_fmt(p->out, "<li class=\"soft\">and %llu more</li>", (unsigned long long)more);
    if (n) raw(p, "</ul></section>");
}

static void put_errors(const tw_page *p)
{
    TW_EACH_NODE (p->doc, tw_get_list(p->doc, 0, "errors"), i) {
        if (!tw_get_text(p->doc, i, "says").n) continue;
        raw(p, "<p class=\"v unreviewable\">");
        tw_page_put(p, tw_get_text(p->doc, i, "says"));
        raw(p, "</p>");
    }
}

/* --- an article -------------------------------------------------------------------------------------- */
static void put_verdict(const tw_page *p, tw_level level)
{
    const char *word = tw_level_name(level);
    uint32_t advice = tw_get_object(p->doc, 0, "recommendation");
    tw_str kind = tw_get_text(p->doc, 0, "kind"),
           action = advice ? tw_get_text(p->doc, advice, "action") : TW_S("");
    tw_buf_fmt(p->out, "<div class=\"bar %s\"><p class=\"lead v %s\">%s</p><p>", word, word, word);
    tw_page_put(p, tw_get_text(p->doc, 0, "summary"));
    raw(p, "</p><p class=\"soft\">");
    if (kind.n) {
        tw_page_put(p, kind);
        raw(p, " \xc2\xb7 ");
    }
    if (action.n && !tw_str_eq(action, TW_S("none"))) {
        raw(p, "recommended: ");
        tw_page_put(p, action);
        raw(p, " the ");
        tw_page_put(p, tw_get_text(p->doc, advice, "scope"));
        raw(p, " \xc2\xb7 ");
    }
    raw(p, "rank ");
    const tw_node *score = tw_node_get(p->doc, 0, TW_S("score"));
    if (score && score->kind == TW_NODE_NUMBER) tw_page_put(p, score->text);
    raw(p, tw_get_true(p->doc, 0, "complete") ? " \xc2\xb7 all of it was read</p></div>"
                                              : " \xc2\xb7 <b>not all of it could be read</b></p></div>");
}

static void put_article(const tw_page *p, const tw_result *r, uint64_t number)
{
    tw_str name = tw_get_text(p->doc, 0, "name");
    tw_buf_fmt(p->out, "<article id=\"a%llu\"><header><h1>", (unsigned long long)number);
    tw_page_put(p, name.n ? name : r->item->artifact);
    raw(p, " <span>");
    tw_page_put(p, tw_get_text(p->doc, 0, "version"));
    raw(p, "</span></h1>");
    put_verdict(p, r->level);
    raw(p, "<dl>");
    tw_page_fact(p, "artifact", r->item->artifact);
    tw_page_fact(p, "package", tw_get_text(p->doc, 0, "purl"));
    tw_page_fact(p, "SHA-256", tw_get_text(p->doc, 0, "sha256"));
    raw(p, "</dl></header>");
    put_errors(p);
    put_behaviours(p);
    put_noted(p, "findings", "what is odd");
    put_noted(p, "signals", "its name, its claims, its history");
    tw_page_facts(p);
    raw(p, "</article>\n");
}

static void put_row(const tw_page *p, const tw_result *r, uint64_t number, bool linked)
{
    const char *word = tw_level_name(r->level);
    tw_buf_fmt(p->out, "<li><span class=\"v %s\">%s</span> ", word, word);
    if (linked) tw_buf_fmt(p->out, "<a href=\"#a%llu\">", (unsigned long long)number);
    tw_page_put(p, r->item->artifact);
    raw(p, linked ? "</a>" : "");
    if (!tw_get_true(p->doc, 0, "complete")) raw(p, " <span class=\"soft\">(not all of it read)</span>");
    if (r->level != TW_LEVEL_CLEAR) {
        raw(p, "<div class=\"soft\">");
        tw_page_put(p, tw_get_text(p->doc, 0, "summary"));
        raw(p, "</div>");
    }
    raw(p, "</li>\n");
}

/* --- the page ---------------------------------------------------------------------------------------- */
static void result(tw_sink *s, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    tw_page p = {.a = s->arena, .doc = &doc};
    if (!s->several) {
        tw_str name = tw_get_text(&doc, 0, "name");
        tw_page_begin(&s->out, "Review of ", name.n ? name : r->item->artifact, "");
        p.out = &s->out;
        put_article(&p, r, 0);
        return;
    }
    unsigned l = r->level < TW_LEVEL_MAX ? r->level : TW_LEVEL_CLEAR;
    bool article = l != TW_LEVEL_CLEAR && kept.bytes < ARTICLES_MAX;
    if (kept.index[l].n > INDEX_MAX) {
        kept.left_out++;
        return;
    }
    p.out = &kept.index[l];
    put_row(&p, r, kept.n, article);
    p.out = &kept.articles[l];
    size_t before = p.out->n;
    if (article) put_article(&p, r, kept.n);
    kept.bytes += p.out->n - before;
    kept.n++;
}

static void end(tw_sink *s, const tw_tally *t)
{
    static const tw_level order[] = {TW_LEVEL_MALICIOUS, TW_LEVEL_SUSPICIOUS, TW_LEVEL_UNREVIEWABLE,
                                     TW_LEVEL_NOTABLE, TW_LEVEL_CLEAR};
    tw_page p = {.out = &s->out};
    if (s->several || !s->shown) {
        tw_page_begin(&s->out, "Review of ", TW_S("several artifacts"), "");
        tw_buf_fmt(&s->out, "<header><h1>%llu artifacts</h1><p class=\"soft\">",
                   (unsigned long long)(t->reviewed + t->unopened));
        for (size_t i = 0; i < TW_COUNT(order); i++)
            if (t->levels[order[i]])
                tw_buf_fmt(&s->out, " <b>%llu</b> %s", (unsigned long long)t->levels[order[i]],
                           tw_level_name(order[i]));
        raw(&p, "</p></header><nav><ul>\n");
        for (size_t i = 0; i < TW_COUNT(order); i++) tw_buf_puts(&s->out, tw_buf_str(&kept.index[order[i]]));
        if (kept.left_out)
            tw_buf_fmt(&s->out, "<li>and %llu more, left out of this page</li>",
                       (unsigned long long)kept.left_out);
        raw(&p, "</ul></nav>\n");
        for (size_t i = 0; i < TW_COUNT(order); i++)
            tw_buf_puts(&s->out, tw_buf_str(&kept.articles[order[i]]));
    }
    raw(&p, "<footer><p class=\"soft\">Clear means that nothing was found by tidewaiter " TW_VERSION
            " with these rules, not that a package is safe.</p></footer></body></html>\n");
    for (int l = 0; l < TW_LEVEL_MAX; l++) {
        tw_buf_free(&kept.index[l]);
        tw_buf_free(&kept.articles[l]);
    }
    memset(&kept, 0, sizeof kept);
}

const tw_output tw_output_html = {"html", result, end};
