/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter capabilities: what an artifact can do, by when it does it, as a tree, as JSON or as a page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/os.h"
#include "cli/outputs/html.h"
#include "cli/outputs/output.h"
#include "cli/profiles.h"
#include "cli/verbs.h"
#include "engine/capabilities/capabilities.h"
#include "engine/trigger.h"

enum { PLACES = 3, HOSTS = 40, COLUMN = 50, UNREAD = 8 };

typedef struct capabilities {
    tw_profiles profiles;
    bool json, html, all, colour;
    const tw_doc *doc;
    tw_buf out;
} capabilities;

static const char *set_format(void *ctx, const char *value)
{
    capabilities *c = ctx;
    c->json = !strcmp(value, "json");
    c->html = !strcmp(value, "html");
    return c->json || c->html || !strcmp(value, "text") ? NULL : "not a format: text, json or html";
}

static const char *set_all(void *ctx, const char *value)
{
    (void)value;
    ((capabilities *)ctx)->all = true;
    return NULL;
}

const tw_option tw_capabilities_options[] = {
    {"format", "FORMAT", "text (default), json or html: a page that stands by itself", set_format},
    {"all", NULL, "every place, also of code that only a caller or nobody starts", set_all},
    TW_PROFILES_OPTIONS,
    {0},
};

/* ---- reading ---- */

static tw_str text_of(const capabilities *c, uint32_t id, const char *key)
{
    return tw_node_str(c->doc, id, tw_str_c(key), TW_S(""));
}

static uint64_t number_of(const capabilities *c, uint32_t id, const char *key)
{
    return tw_node_number(c->doc, id, tw_str_c(key));
}

static uint32_t list_of(const capabilities *c, uint32_t id, const char *key)
{
    return tw_node_list(c->doc, id, tw_str_c(key));
}

static void ink(capabilities *c, const char *code)
{
    if (c->colour) tw_buf_puts(&c->out, tw_str_c(code));
}

/* ---- a capability ---- */

/* The values that say most: addresses, paths, commands, names. */
static void put_values(capabilities *c, uint32_t use, tw_buf *b)
{
    TW_EACH_NODE (c->doc, list_of(c, use, "values"), i) {
        tw_str text = text_of(c, i, "text");
        if (!text.n || tw_str_eq(text_of(c, i, "role"), TW_S("data"))) continue;
        if (b->n) tw_buf_puts(b, TW_S(", "));
        tw_term_put(b, text, 60);
    }
}

static void put_place(capabilities *c, uint32_t use)
{
    tw_buf where = TW_BUF_INIT;
    uint64_t line = number_of(c, use, "line"), count = number_of(c, use, "count");
    tw_str member = text_of(c, use, "member");
    tw_term_put(&where, member, 44);
    if (line) tw_buf_fmt(&where, ":%llu", (unsigned long long)line);
    if (count > 1) tw_buf_fmt(&where, " and %llu more", (unsigned long long)count - 1);
    tw_buf_fmt(&c->out, "      %.*s", TW_FMT(tw_buf_str(&where)));
    tw_str snippet = text_of(c, use, "snippet");
    if (snippet.n) {
        size_t used = 6 + where.n + 2;
        tw_buf_puts(&c->out, TW_S("  "));
        ink(c, "\033[2m");
        tw_term_put(&c->out, snippet,
                    used + 16 < tw_term_columns() ? (unsigned)(tw_term_columns() - used) : 16);
        ink(c, "\033[0m");
    }
    tw_buf_putc(&c->out, '\n');
    tw_buf_free(&where);
}

static void put_capability(capabilities *c, tw_str id, tw_str trigger)
{
    const tw_cap_info *info = tw_cap_info_of(tw_cap_by_name(id));
    tw_buf values = {.limit = 4096};
    unsigned shown = 0;
    TW_EACH_NODE (c->doc, list_of(c, 0, "capabilities"), i) {
        if (!tw_str_eq(text_of(c, i, "id"), id) || !tw_str_eq(text_of(c, i, "trigger"), trigger)) continue;
        if (values.n < 200) put_values(c, i, &values);
    }
    tw_buf_puts(&c->out, TW_S("  "));
    size_t at = c->out.n;
    tw_buf_puts(&c->out, tw_str_c(*info->says ? info->says : "does what this version has no words for"));
    for (size_t n = c->out.n - at; n < COLUMN; n++) tw_buf_putc(&c->out, ' ');
    ink(c, "\033[36m");
    tw_buf_fmt(&c->out, " %.*s", TW_FMT(id));
    ink(c, "\033[0m");
    tw_buf_putc(&c->out, '\n');
    if (values.n) {
        tw_buf_puts(&c->out, TW_S("      "));
        tw_term_put(&c->out, tw_buf_str(&values), tw_term_columns() - 6);
        tw_buf_putc(&c->out, '\n');
    }
    TW_EACH_NODE (c->doc, list_of(c, 0, "capabilities"), i) {
        if (!tw_str_eq(text_of(c, i, "id"), id) || !tw_str_eq(text_of(c, i, "trigger"), trigger)) continue;
        if (c->all || shown++ < PLACES) put_place(c, i);
    }
    tw_buf_free(&values);
}

/* ---- the tree ---- */

static void put_starts(capabilities *c, tw_str trigger)
{
    unsigned n = 0;
    tw_map shown;
    tw_map_init(&shown, c->profiles.arena);
    TW_EACH_NODE (c->doc, list_of(c, 0, "starts"), i) {
        bool fresh = true; /* several functions of a file may be started */
        if (!tw_str_eq(text_of(c, i, "trigger"), trigger)) continue;
        tw_map_put(&shown, text_of(c, i, "member"), &fresh);
        if (!fresh) continue;
        tw_buf_puts(&c->out, tw_str_c(n ? ", " : " ("));
        if (n++ >= PLACES) {
            tw_buf_puts(&c->out, TW_S("..."));
            break;
        }
        tw_term_put(&c->out, text_of(c, i, "member"), 40);
    }
    if (n) tw_buf_putc(&c->out, ')');
}

static uint32_t put_time(capabilities *c, size_t t)
{
    tw_map ids;
    tw_map_init(&ids, c->profiles.arena);
    tw_str trigger = tw_str_c(tw_times[t].trigger);
    TW_EACH_NODE (c->doc, list_of(c, 0, "capabilities"), i) {
        if (tw_str_eq(text_of(c, i, "trigger"), trigger)) tw_map_put(&ids, text_of(c, i, "id"), NULL);
    }
    if (!ids.n) return 0;
    tw_buf_putc(&c->out, '\n');
    ink(c, "\033[1m");
    tw_buf_puts(&c->out, tw_str_c(tw_times[t].says));
    ink(c, "\033[0m");
    put_starts(c, trigger);
    tw_buf_putc(&c->out, '\n');
    bool quiet = !c->all && (!strcmp(tw_times[t].trigger, "call") || !strcmp(tw_times[t].trigger, "dead"));
    for (uint32_t i = 0; i < ids.n; i++) {
        if (!quiet) {
            put_capability(c, ids.items[i].key, trigger);
            continue;
        }
        tw_buf_fmt(&c->out, "  %s", tw_cap_info_of(tw_cap_by_name(ids.items[i].key))->says);
        tw_buf_fmt(&c->out, " (%.*s)\n", TW_FMT(ids.items[i].key));
    }
    return ids.n;
}

static void add_hosts(const capabilities *c, uint32_t use, tw_map *hosts)
{
    TW_EACH_NODE (c->doc, list_of(c, use, "values"), k) {
        if (text_of(c, k, "host").n) tw_map_put(hosts, text_of(c, k, "host"), NULL);
    }
}

static void put_hosts(capabilities *c)
{
    tw_map hosts;
    tw_map_init(&hosts, c->profiles.arena);
    TW_EACH_NODE (c->doc, list_of(c, 0, "capabilities"), i) {
        add_hosts(c, i, &hosts);
    }
    if (!hosts.n) return;
    tw_buf_puts(&c->out, TW_S("\nhosts: "));
    for (uint32_t i = 0; i < hosts.n && i < HOSTS; i++) {
        if (i) tw_buf_puts(&c->out, TW_S(", "));
        tw_term_put(&c->out, hosts.items[i].key, 60);
    }
    if (hosts.n > HOSTS) tw_buf_fmt(&c->out, " and %u more", hosts.n - HOSTS);
    tw_buf_putc(&c->out, '\n');
}

/* Where nothing was found: whether that says anything of the whole. */
static void put_nothing(capabilities *c, bool all_read)
{
    if (!number_of(c, 0, "texts"))
        tw_buf_puts(&c->out, TW_S("\nNothing in it is code that this version reads.\n"));
    else if (all_read)
        tw_buf_puts(&c->out,
                    TW_S("\nIt does nothing but compute: no files, network, programs or environment.\n"));
    else
        tw_buf_puts(&c->out, TW_S("\nWhat of it was read does nothing but compute.\n"));
}

static uint32_t unread_count(const capabilities *c)
{
    uint64_t n = 0;
    TW_EACH_NODE (c->doc, list_of(c, 0, "unread"), i) {
        n += text_of(c, i, "says").n ? 1 : number_of(c, i, "more");
    }
    return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void put_unread(capabilities *c, uint32_t count)
{
    uint32_t shown = 0;
    if (count) tw_buf_puts(&c->out, TW_S("\nnot read:\n"));
    TW_EACH_NODE (c->doc, list_of(c, 0, "unread"), i) {
        tw_str member = text_of(c, i, "member"), trigger = text_of(c, i, "trigger");
        if (!text_of(c, i, "says").n || (!c->all && shown >= UNREAD)) continue;
        shown++;
        tw_buf_puts(&c->out, TW_S("  "));
        tw_term_put(&c->out, member.n ? member : TW_S("the artifact as a whole"), 60);
        if (trigger.n) {
            tw_buf_puts(&c->out, TW_S(" ("));
            tw_term_put(&c->out, trigger, 16);
            tw_buf_putc(&c->out, ')');
        }
        tw_buf_puts(&c->out, TW_S(":\n      "));
        tw_term_wrap(&c->out, text_of(c, i, "says"), 6, 6);
        tw_buf_putc(&c->out, '\n');
    }
    if (shown < count) tw_buf_fmt(&c->out, "  and %u more\n", count - shown);
}

static void put_tree(capabilities *c)
{
    tw_str name = text_of(c, 0, "name"), version = text_of(c, 0, "version");
    uint32_t n = 0;
    ink(c, "\033[1m");
    tw_term_put(&c->out, name.n ? name : text_of(c, 0, "artifact"), 0);
    ink(c, "\033[0m");
    if (version.n) tw_buf_putc(&c->out, ' ');
    tw_term_put(&c->out, version, 40);
    const tw_node *whole = tw_node_get(c->doc, 0, TW_S("complete"));
    tw_buf_fmt(&c->out, "%s\n",
               whole && whole->truth ? "" : " (not all of it could be read: see tidewaiter scan)");
    for (size_t t = 0; tw_times[t].trigger; t++) n += put_time(c, t);
    uint32_t unread = unread_count(c);
    if (!n) put_nothing(c, !unread);
    put_unread(c, unread);
    put_hosts(c);
}

static void write_out(capabilities *c)
{
    if (tw_write_all(STDOUT_FILENO, tw_buf_str(&c->out)) != TW_OK) {
        fprintf(stderr, "tidewaiter capabilities: the output cannot be written: %s\n", strerror(errno));
        _exit(2);
    }
    tw_buf_clear(&c->out);
}

static void show(capabilities *c, const tw_profiled *p)
{
    c->doc = &p->doc;
    if (c->json) {
        tw_json_w w = tw_json_writer(&c->out);
        tw_json_node(&w, &p->doc, 0);
        tw_buf_putc(&c->out, '\n');
    } else if (c->html) {
        tw_html_profile(&c->out, c->profiles.arena, &p->doc);
    } else {
        put_tree(c);
    }
    write_out(c);
}

int tw_verb_capabilities(int argc, char **argv)
{
    capabilities c = {0};
    tw_profiles_init(&c.profiles, "capabilities");
    tw_term_fit(STDOUT_FILENO);
    c.colour = tw_term_colour(STDOUT_FILENO);
    int n = tw_options_read(tw_verb_find("capabilities"), &c, argc, argv), status = 2;
    if (!n)
        fputs("tidewaiter capabilities: nothing to look at: give a PATH or a NAME\n"
              "See: tidewaiter help capabilities\n",
              stderr);
    if (n > 0) status = tw_profiles_read(&c.profiles, n, argv);
    uint32_t first = 0;
    while (first < c.profiles.list.n && !c.profiles.list.v[first].read) first++;
    if (c.html && n > 0)
        tw_html_begin(&c.out, first < c.profiles.list.n ? &c.profiles.list.v[first].doc : NULL);
    for (uint32_t i = first; i < c.profiles.list.n; i++) {
        if (!c.profiles.list.v[i].read) continue;
        if (i > first && !c.json && !c.html) tw_buf_putc(&c.out, '\n');
        show(&c, &c.profiles.list.v[i]);
    }
    if (c.html && n > 0) tw_html_end(&c.out);
    write_out(&c);
    tw_buf_free(&c.out);
    tw_arena_free(c.profiles.arena);
    return status;
}
