/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/html.h"

#include "base/map.h"
#include "cli/outputs/page.h"
#include "cli/profiles.h"
#include "engine/capabilities/capabilities.h"

enum { PLACES = 40, HOSTS = 200, FLOWS = 200, STARTS = 12, VALUES = 24, ROWS = 500, LONG = 300 };

typedef tw_page page;

static void put(const page *p, tw_str s)
{
    tw_page_put(p, s);
}

static void raw(const page *p, const char *html)
{
    tw_page_raw(p, html);
}

static tw_str text_of(const page *p, uint32_t id, const char *key)
{
    return tw_get_text(p->doc, id, key);
}

static uint64_t number_of(const page *p, uint32_t id, const char *key)
{
    return tw_get_number(p->doc, id, key);
}

static uint32_t list_of(const page *p, const char *key)
{
    return tw_get_list(p->doc, 0, key);
}

/* --- a capability ------------------------------------------------------------------------------------- */
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
        tw_page_code_item(p, tw_str_sub(seen.items[i].key, 0, LONG));
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
    tw_page_number(p, places);
    raw(p, places == 1 ? " place</span></summary><div class=\"in\">"
                       : " places</span></summary><div class=\"in\">");
    put_values(p, id, trigger);
    TW_EACH_NODE (p->doc, list_of(p, "capabilities"), i) {
        if (!is_use(p, i, id, trigger)) continue;
        if (shown++ < PLACES)
            tw_page_place(p, i, "");
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
        tw_page_code_item(p, hosts.items[i].key);
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
        tw_page_place(p, i, "");
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
    tw_page_number(p, n);
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
    tw_page_fact(p, "artifact", text_of(p, 0, "artifact"));
    tw_page_fact(p, "package", text_of(p, 0, "purl"));
    tw_page_fact(p, "SHA-256", text_of(p, 0, "sha256"));
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
    tw_str name = first ? tw_get_text(first, 0, "name") : TW_S("");
    tw_page_begin(out, "What ",
                  name.n  ? name
                  : first ? tw_get_text(first, 0, "artifact")
                          : TW_S("it"),
                  " can do");
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
}

void tw_html_end(tw_buf *out)
{
    tw_buf_puts(
        out, TW_S("<footer><p class=\"soft\">A capability is a fact about the code, not a verdict. Made by "
                  "<code>tidewaiter capabilities --format html</code>.</p></footer></body></html>\n"));
}
