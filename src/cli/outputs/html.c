/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/html.h"

#include "base/map.h"
#include "cli/outputs/output.h"
#include "cli/profiles.h"
#include "engine/capabilities/capabilities.h"

enum { PLACES = 40, HOSTS = 200, FLOWS = 200, STARTS = 12, VALUES = 24, ROWS = 500, LONG = 300 };

typedef struct page {
    tw_buf *out;
    tw_buf text; /* one text on its way */
    tw_arena *a;
    const tw_doc *doc;
} page;

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c2127;--soft:#5b6570;--line:#d9dee4;--paper:#fff;--field:#f5f7f9;"
    "--accent:#0b6b75;--warn:#9a5b00;--bad:#b3261e;--good:#2e6b34}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e3e7eb;--soft:#9aa5b1;--line:#323a43;--paper:#14181c;"
    "--field:#1c2228;--accent:#6cc5cf;--warn:#e0a84f;--bad:#f08b83;--good:#86c98d}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:1.25rem 1rem 3rem;max-width:58rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;margin:0 0 .25rem;line-height:1.25}h1 span{color:var(--soft);font-weight:400}"
    "h2{font-size:1.05rem;margin:2rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}"
    "h2 small,.soft{color:var(--soft);font-weight:400;font-size:.875rem}"
    "code,pre{font:.8125rem/1.5 ui-monospace,monospace}"
    "pre{margin:.15rem 0 .5rem;padding:.35rem .6rem;background:var(--field);border-radius:4px;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.75rem 0}"
    "dt{color:var(--soft)}dd{margin:0;min-width:0}"
    "details{border-bottom:1px solid var(--line);padding:.35rem 0}"
    "summary{cursor:pointer;padding:.15rem 0}summary:hover{color:var(--accent)}"
    "summary .soft{white-space:nowrap}article+article{margin-top:3.5rem;padding-top:2rem;"
    "border-top:3px solid var(--line)}"
    "summary code{color:var(--accent);margin-left:.4rem}"
    ".in{padding:.25rem 0 .25rem 1rem}ul{margin:.25rem 0;padding-left:1.25rem}li{margin:.1rem 0}"
    ".v{font-weight:600}.clear{color:var(--good)}.notable{color:var(--accent)}"
    ".suspicious,.unreviewable{color:var(--warn)}.malicious{color:var(--bad)}"
    "@media(max-width:30rem){body{font-size:15px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}"
    ".in{padding-left:.25rem}}";

/* --- texts of a package ------------------------------------------------------------------------------ */
/* What a browser or a reader could take for something else becomes visible first (terminal.c), then HTML's own signs. */
static void put(page *p, tw_str s)
{
    tw_buf_clear(&p->text);
    tw_term_put(&p->text, s, 0);
    for (size_t i = 0; i < p->text.n; i++) {
        char c = p->text.p[i];
        if (c == '&')
            tw_buf_puts(p->out, TW_S("&amp;"));
        else if (c == '<')
            tw_buf_puts(p->out, TW_S("&lt;"));
        else if (c == '>')
            tw_buf_puts(p->out, TW_S("&gt;"));
        else if (c == '"')
            tw_buf_puts(p->out, TW_S("&quot;"));
        else if (c == '\'')
            tw_buf_puts(p->out, TW_S("&#39;"));
        else
            tw_buf_putc(p->out, c);
    }
}

static void raw(page *p, const char *html)
{
    tw_buf_puts(p->out, tw_str_c(html));
}

static void number(page *p, uint64_t n)
{
    tw_buf_fmt(p->out, "%llu", (unsigned long long)n);
}

static tw_str text_of(const page *p, uint32_t id, const char *key)
{
    return tw_node_str(p->doc, id, tw_str_c(key), TW_S(""));
}

static uint64_t number_of(const page *p, uint32_t id, const char *key)
{
    return tw_node_number(p->doc, id, tw_str_c(key));
}

static uint32_t list_of(const page *p, const char *key)
{
    return tw_node_list(p->doc, 0, tw_str_c(key));
}

/* --- a capability ------------------------------------------------------------------------------------- */
static void put_place(page *p, uint32_t at)
{
    uint64_t line = number_of(p, at, "line"), count = number_of(p, at, "count");
    tw_str snippet = text_of(p, at, "snippet");
    raw(p, "<div class=\"soft\">");
    put(p, text_of(p, at, "member"));
    if (line) tw_buf_fmt(p->out, ":%llu", (unsigned long long)line);
    if (count > 1) tw_buf_fmt(p->out, " and %llu more like it", (unsigned long long)count - 1);
    raw(p, "</div>");
    if (!snippet.n) return;
    raw(p, "<pre>");
    put(p, snippet);
    raw(p, "</pre>");
}

static bool is_use(const page *p, uint32_t use, tw_str id, tw_str trigger)
{
    return tw_str_eq(text_of(p, use, "id"), id) && tw_str_eq(text_of(p, use, "trigger"), trigger);
}

static void put_values(page *p, tw_str id, tw_str trigger)
{
    tw_map seen;
    tw_map_init(&seen, p->a);
    TW_EACH_NODE (p->doc, list_of(p, "capabilities"), i) {
        if (!is_use(p, i, id, trigger)) continue;
        TW_EACH_NODE (p->doc, tw_node_list(p->doc, i, TW_S("values")), k) {
            tw_str text = text_of(p, k, "text");
            if (text.n && !tw_str_eq(text_of(p, k, "role"), TW_S("data")) && seen.n < VALUES)
                tw_map_put(&seen, text, NULL);
        }
    }
    if (!seen.n) return;
    raw(p, "<ul>");
    for (uint32_t i = 0; i < seen.n; i++) {
        raw(p, "<li><code>");
        put(p, tw_str_sub(seen.items[i].key, 0, LONG));
        raw(p, "</code></li>");
    }
    raw(p, "</ul>");
}

static void put_capability(page *p, tw_str id, tw_str trigger, bool open)
{
    const char *says = tw_cap_info_of(tw_cap_by_name(id))->says;
    uint64_t places = 0, rest = 0, shown = 0;
    TW_EACH_NODE (p->doc, list_of(p, "capabilities"), i) {
        if (is_use(p, i, id, trigger)) places += number_of(p, i, "count");
    }
    raw(p, open ? "<details open><summary>" : "<details><summary>");
    raw(p, *says ? says : "does what this version has no words for");
    raw(p, "<code>");
    put(p, id);
    raw(p, "</code> <span class=\"soft\">");
    number(p, places);
    raw(p, places == 1 ? " place</span></summary><div class=\"in\">"
                       : " places</span></summary><div class=\"in\">");
    put_values(p, id, trigger);
    TW_EACH_NODE (p->doc, list_of(p, "capabilities"), i) {
        if (!is_use(p, i, id, trigger)) continue;
        if (shown++ < PLACES)
            put_place(p, i);
        else
            rest++;
    }
    if (rest) tw_buf_fmt(p->out, "<p class=\"soft\">and %llu others</p>", (unsigned long long)rest);
    raw(p, "</div></details>");
}

/* --- sections ------------------------------------------------------------------------------------------ */
static void put_starts(page *p, tw_str trigger)
{
    unsigned n = 0;
    TW_EACH_NODE (p->doc, list_of(p, "starts"), i) {
        if (!tw_str_eq(text_of(p, i, "trigger"), trigger)) continue;
        raw(p, n ? ", " : " <small>");
        if (n++ >= STARTS) {
            raw(p, "...");
            break;
        }
        put(p, text_of(p, i, "member"));
    }
    if (n) raw(p, "</small>");
}

static uint32_t put_time(page *p, const tw_time *t)
{
    tw_map ids;
    tw_map_init(&ids, p->a);
    tw_str trigger = tw_str_c(t->trigger);
    TW_EACH_NODE (p->doc, list_of(p, "capabilities"), i) {
        if (tw_str_eq(text_of(p, i, "trigger"), trigger)) tw_map_put(&ids, text_of(p, i, "id"), NULL);
    }
    if (!ids.n) return 0;
    bool at_once = !strcmp(t->trigger, "install") || !strcmp(t->trigger, "plugin");
    raw(p, "<section><h2>");
    raw(p, t->says);
    put_starts(p, trigger);
    raw(p, "</h2>");
    for (uint32_t i = 0; i < ids.n; i++) put_capability(p, ids.items[i].key, trigger, at_once);
    raw(p, "</section>");
    return ids.n;
}

static void put_hosts(page *p)
{
    tw_map hosts;
    tw_map_init(&hosts, p->a);
    TW_EACH_NODE (p->doc, list_of(p, "capabilities"), i) {
        TW_EACH_NODE (p->doc, tw_node_list(p->doc, i, TW_S("values")), k) {
            if (text_of(p, k, "host").n && hosts.n < HOSTS) tw_map_put(&hosts, text_of(p, k, "host"), NULL);
        }
    }
    if (!hosts.n) return;
    raw(p, "<section><h2>hosts that its code names</h2><ul>");
    for (uint32_t i = 0; i < hosts.n; i++) {
        raw(p, "<li><code>");
        put(p, hosts.items[i].key);
        raw(p, "</code></li>");
    }
    raw(p, "</ul></section>");
}

static void put_flows(page *p)
{
    uint32_t n = 0;
    TW_EACH_NODE (p->doc, list_of(p, "flows"), i) {
        if (!text_of(p, i, "from").n || n++ >= FLOWS) continue;
        if (n == 1) raw(p, "<section><h2>where its data goes</h2>");
        raw(p, "<details><summary>");
        raw(p, tw_cap_info_of(tw_cap_by_name(text_of(p, i, "from")))->says);
        raw(p, ", and with that ");
        raw(p, tw_cap_info_of(tw_cap_by_name(text_of(p, i, "to")))->says);
        raw(p, "<code>");
        put(p, text_of(p, i, "from"));
        raw(p, " \xe2\x86\x92 ");
        put(p, text_of(p, i, "to"));
        raw(p, "</code></summary><div class=\"in\">");
        put_place(p, i);
        raw(p, "</div></details>");
    }
    if (n) raw(p, "</section>");
}

static void put_rows(page *p, const char *key, const char *title, const char *name, const char *beside)
{
    uint32_t n = 0;
    TW_EACH_NODE (p->doc, list_of(p, key), i) {
        if (text_of(p, i, name).n) n++;
    }
    if (!n) return;
    raw(p, "<section><h2>");
    raw(p, title);
    raw(p, "</h2><details><summary>");
    number(p, n);
    raw(p, n == 1 ? " entry</summary><ul>" : " entries</summary><ul>");
    n = 0;
    TW_EACH_NODE (p->doc, list_of(p, key), i) {
        if (!text_of(p, i, name).n || n++ >= ROWS) continue;
        raw(p, "<li>");
        put(p, text_of(p, i, name));
        raw(p, " <span class=\"soft\">");
        put(p, text_of(p, i, beside));
        raw(p, "</span></li>");
    }
    if (n > ROWS) tw_buf_fmt(p->out, "<li class=\"soft\">and %u more</li>", n - ROWS);
    raw(p, "</ul></details></section>");
}

static void put_fact(page *p, const char *what, tw_str text)
{
    if (!text.n) return;
    raw(p, "<dt>");
    raw(p, what);
    raw(p, "</dt><dd>");
    put(p, text);
    raw(p, "</dd>");
}

static void put_head(page *p)
{
    tw_str name = text_of(p, 0, "name"), verdict = text_of(p, 0, "verdict");
    const tw_node *whole = tw_node_get(p->doc, 0, TW_S("complete"));
    unsigned level = 0;
    while (level < TW_LEVEL_MAX && !tw_str_eq(verdict, tw_str_c(tw_level_name((tw_level)level)))) level++;
    raw(p, "<header><h1>");
    put(p, name.n ? name : text_of(p, 0, "artifact"));
    raw(p, " <span>");
    put(p, text_of(p, 0, "version"));
    raw(p, "</span></h1><dl>");
    if (level < TW_LEVEL_MAX) {
        const char *word = tw_level_name((tw_level)level);
        tw_buf_fmt(p->out, "<dt>verdict</dt><dd class=\"v %s\">%s</dd>", word, word);
    }
    put_fact(p, "artifact", text_of(p, 0, "artifact"));
    put_fact(p, "package", text_of(p, 0, "purl"));
    put_fact(p, "SHA-256", text_of(p, 0, "sha256"));
    raw(p, "</dl>");
    if (!whole || !whole->truth)
        raw(p, "<p class=\"soft\">Not all of it could be read: see <code>tidewaiter scan</code>.</p>");
    raw(p, "</header>");
}

/* --- the page ------------------------------------------------------------------------------------------ */
static void put_nothing(page *p)
{
    uint64_t texts = number_of(p, 0, "texts");
    uint32_t unread = tw_node_list(p->doc, 0, TW_S("unread"));
    raw(p, !texts ? "<p>Nothing in it is code that this version reads.</p>"
           : unread && tw_node_first(p->doc, unread) != tw_node_end(p->doc, unread)
               ? "<p>What of it was read does nothing but compute.</p>"
               : "<p>It does nothing but compute: no files, network, programs or environment.</p>");
}

void tw_html_begin(tw_buf *out, const tw_doc *first)
{
    page p = {.out = out, .doc = first};
    raw(&p, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'\">"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            "<meta name=\"referrer\" content=\"no-referrer\"><title>What ");
    tw_str name = first ? text_of(&p, 0, "name") : TW_S("");
    put(&p, name.n ? name : first ? text_of(&p, 0, "artifact") : TW_S("it"));
    raw(&p, " can do</title><style>");
    raw(&p, style);
    raw(&p, "</style></head><body>\n");
    tw_buf_free(&p.text);
}

void tw_html_profile(tw_buf *out, tw_arena *scratch, const tw_doc *doc)
{
    page p = {.out = out, .a = scratch, .doc = doc};
    uint32_t n = 0;
    raw(&p, "<article>");
    put_head(&p);
    for (const tw_time *t = tw_times; t->trigger; t++) n += put_time(&p, t);
    if (!n) put_nothing(&p);
    put_rows(&p, "unread", "what was not read", "member", "says");
    put_hosts(&p);
    put_flows(&p);
    put_rows(&p, "dependencies", "what it depends on", "name", "spec");
    put_rows(&p, "files", "what it consists of", "path", "kind");
    raw(&p, "</article>\n");
    tw_buf_free(&p.text);
}

void tw_html_end(tw_buf *out)
{
    tw_buf_puts(
        out, TW_S("<footer><p class=\"soft\">A capability is a fact about the code, not a verdict. Made by "
                  "<code>tidewaiter capabilities --format html</code>.</p></footer></body></html>\n"));
}
