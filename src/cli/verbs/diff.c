/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter diff: what a release can do that the one before could not. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/outputs/markdown.h"
#include "cli/outputs/output.h"
#include "cli/profiles.h"
#include "cli/verbs.h"
#include "service/diff/diff.h"

enum { SHOWN = 12, NEVER = TW_DRIFT_MAX };

typedef struct diff {
    tw_profiles profiles;
    bool json, markdown, all, colour;
    unsigned fail_on; /* tw_drift, or NEVER */
    tw_buf out;
} diff;

static const char *set_format(void *ctx, const char *value)
{
    diff *d = ctx;
    d->json = !strcmp(value, "json");
    d->markdown = !strcmp(value, "markdown");
    return d->json || d->markdown || !strcmp(value, "text") ? NULL : "not a format: text, json or markdown";
}

static const char *set_all(void *ctx, const char *value)
{
    (void)value;
    ((diff *)ctx)->all = true;
    return NULL;
}

static const char *set_fail_on(void *ctx, const char *value)
{
    for (unsigned l = TW_DRIFT_LOW; l < TW_DRIFT_MAX; l++)
        if (!strcmp(value, tw_drift_name((tw_drift)l))) {
            ((diff *)ctx)->fail_on = l;
            return NULL;
        }
    ((diff *)ctx)->fail_on = NEVER;
    return strcmp(value, "never") ? "not a level: low, medium, high or never" : NULL;
}

const tw_option tw_diff_options[] = {
    {"format", "FORMAT", "text (default), json, or markdown: a comment", set_format},
    {"fail-on", "LEVEL", "exit 1 from this level on: low, medium, high (default: never)", set_fail_on},
    {"all", NULL, "every difference, not only the weightiest", set_all},
    TW_PROFILES_OPTIONS,
    {0},
};

static void ink(diff *d, const char *code)
{
    if (d->colour) tw_buf_puts(&d->out, tw_str_c(code));
}

static void put_release(diff *d, const tw_doc *doc)
{
    tw_str name = tw_node_str(doc, 0, TW_S("name"), TW_S("")),
           version = tw_node_str(doc, 0, TW_S("version"), TW_S(""));
    tw_term_put(&d->out, name.n ? name : tw_node_str(doc, 0, TW_S("artifact"), TW_S("")), 0);
    if (version.n) tw_buf_putc(&d->out, ' ');
    tw_term_put(&d->out, version, 40);
}

static void put_level(diff *d, tw_drift level)
{
    static const char *const colours[TW_DRIFT_MAX] = {"\033[32m", "\033[36m", "\033[1;33m", "\033[1;31m"};
    ink(d, colours[level]);
    tw_buf_puts(&d->out, tw_str_c(tw_drift_name(level)));
    ink(d, "\033[0m");
}

static tw_str text_at(const tw_doc *doc, const tw_diff_item *it, const char *key)
{
    return it->at ? tw_node_str(doc, it->at, tw_str_c(key), TW_S("")) : TW_S("");
}

static uint64_t line_of(const tw_doc *doc, const tw_diff_item *it)
{
    return it->at ? tw_node_number(doc, it->at, TW_S("line")) : 0;
}

static void put_code(diff *d, tw_str code, size_t used)
{
    if (!code.n) return;
    tw_buf_puts(&d->out, TW_S("  "));
    ink(d, "\033[2m");
    tw_term_put(&d->out, code, used + 18 < tw_term_columns() ? (unsigned)(tw_term_columns() - used - 2) : 16);
    ink(d, "\033[0m");
}

/* The place, where it is not that of the item above; what was hidden there, where it is not the same. */
static void put_place(diff *d, const tw_doc *doc, const tw_diff_item *it, const tw_diff_item *above)
{
    tw_str member = text_at(doc, it, "member"), hidden = text_at(doc, it, "hidden");
    uint64_t line = line_of(doc, it);
    bool same =
        above && line && line_of(doc, above) == line && tw_str_eq(text_at(doc, above, "member"), member);
    if (!same) {
        tw_buf_puts(&d->out, TW_S("          "));
        size_t from = d->out.n;
        tw_term_put(&d->out, member, 44);
        if (line) tw_buf_fmt(&d->out, ":%llu", (unsigned long long)line);
        put_code(d, text_at(doc, it, "snippet"), 10 + d->out.n - from);
        tw_buf_putc(&d->out, '\n');
    }
    if (!hidden.n || (same && tw_str_eq(text_at(doc, above, "hidden"), hidden))) return;
    tw_buf_puts(&d->out, TW_S("          hidden in it:"));
    put_code(d, hidden, 23);
    tw_buf_putc(&d->out, '\n');
}

static void put_item(diff *d, const tw_diff *r, const tw_diff_item *it, const tw_diff_item *above)
{
    tw_buf_fmt(&d->out, "  %s%3u  ", it->lost ? "-" : "+", it->lost ? 0 : it->risk);
    tw_term_wrap(&d->out, it->says, 8, 8);
    tw_buf_putc(&d->out, '\n');
    if (!it->lost && text_at(r->to, it, "member").n) put_place(d, r->to, it, above);
}

static bool told(const tw_diff_item *const *shown, uint32_t n, const tw_diff_item *it)
{
    for (uint32_t i = 0; i < n && i < SHOWN; i++)
        if (shown[i]->lost == it->lost && tw_str_eq(shown[i]->says, it->says)) return true;
    return false;
}

static void put_text(diff *d, const tw_diff *r)
{
    const tw_diff_item *shown[SHOWN], *above = NULL;
    uint32_t n = 0, rest = 0;
    put_release(d, r->from);
    tw_buf_puts(&d->out, TW_S(" \xe2\x86\x92 "));
    put_release(d, r->to);
    tw_buf_puts(&d->out, TW_S(": "));
    put_level(d, r->level);
    if (!r->items.n) tw_buf_puts(&d->out, TW_S("; it can do what it could do before, and no more"));
    tw_buf_putc(&d->out, '\n');
    for (uint32_t i = 0; i < r->items.n; i++) {
        const tw_diff_item *it = &r->items.v[i];
        bool small = it->lost || it->risk < 5;
        if (d->all || (n < SHOWN && !small && !told(shown, n, it))) {
            put_item(d, r, it, above);
            above = it->lost ? NULL : it;
            if (n < SHOWN) shown[n] = it;
            n++;
        } else {
            rest++;
        }
    }
    if (rest)
        tw_buf_fmt(&d->out, "  %u %s: --all shows them\n", rest,
                   n ? "more, smaller or the same elsewhere" : "small differences, none of weight");
}

static int show(diff *d, const tw_doc *from, const tw_doc *to)
{
    tw_diff r;
    tw_diff_make(d->profiles.arena, from, to, &r);
    if (d->json) {
        tw_diff_json(&r, &d->out);
        tw_buf_putc(&d->out, '\n');
    } else if (d->markdown) {
        tw_markdown_diff(&r, &d->out);
    } else {
        put_text(d, &r);
    }
    if (tw_write_all(STDOUT_FILENO, tw_buf_str(&d->out)) != TW_OK) {
        fprintf(stderr, "tidewaiter diff: the output cannot be written: %s\n", strerror(errno));
        return 2;
    }
    return d->fail_on != NEVER && (unsigned)r.level >= d->fail_on;
}

/* What holds neither a package nor a text of any language: it would differ from nothing. */
static bool is_package(const tw_profiled *p)
{
    const tw_node *texts = tw_node_get(&p->doc, 0, TW_S("texts")); /* stored ones of old have none */
    uint64_t n = 1;
    if (texts) tw_node_u64(texts, &n);
    if (n || tw_node_str(&p->doc, 0, TW_S("name"), TW_S("")).n) return true;
    tw_buf line = TW_BUF_INIT;
    tw_term_put(&line, p->artifact, 0);
    fprintf(stderr, "tidewaiter diff: %.*s: no package: nothing in it could be read as code\n",
            TW_FMT(tw_buf_str(&line)));
    tw_buf_free(&line);
    return false;
}

int tw_verb_diff(int argc, char **argv)
{
    diff d = {.fail_on = NEVER};
    tw_profiles_init(&d.profiles, "diff");
    d.profiles.stored = true;
    d.profiles.fetch.files = "one";
    tw_term_fit(STDOUT_FILENO);
    d.colour = tw_term_colour(STDOUT_FILENO);
    int n = tw_options_read(tw_verb_find("diff"), &d, argc, argv), status = 2;
    bool fits = n == 2 || (n == 1 && tw_is_spec(argv[0]));
    d.profiles.fetch.before = n == 1;
    if (n >= 0 && !fits)
        fputs("tidewaiter diff: it compares two: give an OLD and a NEW release, or the name of one alone\n"
              "See: tidewaiter help diff\n",
              stderr);
    if (fits) status = tw_profiles_read(&d.profiles, n, argv);
    if (!status && d.profiles.list.n != 2) {
        fputs("tidewaiter diff: each of the two must be one artifact, not a folder of several\n", stderr);
        status = 2;
    }
    for (uint32_t i = 0; !status && i < 2; i++)
        if (!is_package(&d.profiles.list.v[i])) status = 2;
    if (!status) status = show(&d, &d.profiles.list.v[0].doc, &d.profiles.list.v[1].doc);
    tw_buf_free(&d.out);
    tw_arena_free(d.profiles.arena);
    return status;
}
