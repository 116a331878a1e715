/* SPDX-License-Identifier: Apache-2.0 */
/* For a tired admin: verdict and one sentence first, then what it does and where that stands, what is
 * odd, and what was not read. Clear artifacts among several take one line. */
#include "base/doc.h"
#include "cli/outputs/output.h"
#include "cli/outputs/read.h"
#include "cli/outputs/suppress.h"

enum {
    LABEL = 15,
    BEHAVIOURS = 8,
    EVIDENCE = 4,
    FINDINGS = 6,
    GAPS = 5,
    LOCATION = 36,
    LOCATION_NARROW = 25,
    CODE_LEAST = 12,
    IN = 5
};

typedef struct view {
    tw_sink *s;
    tw_buf *b;
    const tw_doc *doc;
} view;

static tw_str text_of(const view *v, uint32_t id, const char *key)
{
    return tw_get_text(v->doc, id, key);
}

static uint64_t number_of(const view *v, uint32_t id, const char *key)
{
    return tw_get_number(v->doc, id, key);
}

/* Node of a list or object under key, 0 (the root, never a child) where absent. */
static uint32_t child(const view *v, uint32_t id, const char *key)
{
    const tw_node *n = tw_node_get(v->doc, id, tw_str_c(key));
    return n && (n->kind == TW_NODE_ARRAY || n->kind == TW_NODE_OBJECT) ? tw_node_id(v->doc, n) : 0;
}

#define EACH(v, list, i)                                                                                  \
    (uint32_t i = (list) ? tw_node_first((v)->doc, list) : 0; (list) && i != tw_node_end((v)->doc, list); \
     i = (v)->doc->nodes[i].next)

static void dim(const view *v, const char *code)
{
    if (v->s->colour) tw_buf_puts(v->b, tw_str_c(code));
}

static void label(const view *v, const char *word)
{
    tw_buf_puts(v->b, TW_S("  "));
    dim(v, "\033[1m");
    tw_buf_puts(v->b, tw_str_c(word));
    dim(v, "\033[0m");
    for (size_t n = strlen(word) + 2; n < LABEL; n++) tw_buf_putc(v->b, ' ');
}

/* What a layer is to its reader: something that was decoded, a command line, or code within code. */
static const char *layer_word(const view *v, uint64_t id)
{
    const tw_node *layers = tw_node_get(v->doc, 0, TW_S("layers"));
    if (!layers) return "";
    for
        EACH(v, tw_node_id(v->doc, layers), i)
        {
            const tw_node *recipe = tw_node_get(v->doc, i, TW_S("recipe"));
            if (number_of(v, i, "id") != id) continue;
            bool decoded = recipe && tw_node_first(v->doc, tw_node_id(v->doc, recipe)) !=
                                         tw_node_end(v->doc, tw_node_id(v->doc, recipe));
            tw_str lang = text_of(v, i, "language");
            bool command = tw_str_eq(lang, TW_S("shell")) || tw_str_eq(lang, TW_S("batch")) ||
                           tw_str_eq(lang, TW_S("powershell"));
            return decoded ? " (decoded)" : command ? " (command line)" : " (text)";
        }
    return " (decoded)";
}

/* --- places ------------------------------------------------------------------------------------- */
/* A path, of which the end tells more than the beginning. */
static void put_end(tw_buf *b, tw_str path, unsigned most)
{
    if (path.n > most) {
        tw_buf_puts(b, TW_S("..."));
        path = tw_str_sub(path, path.n - (most - 3), path.n);
        while (path.n && ((unsigned char)path.p[0] & 0xc0) == 0x80) path = tw_str_sub(path, 1, path.n);
        most -= 3;
    }
    tw_term_put(b, path, most);
}

/* The code behind its place, or, where too little of the line is left, below it. */
static void put_code(const view *v, tw_str code, size_t used)
{
    unsigned columns = tw_term_columns(), left = used + 2 < columns ? (unsigned)(columns - used - 2) : 0;
    if (!code.n) return;
    if (left < CODE_LEAST) {
        tw_buf_fmt(v->b, "\n%*s", IN + 4, "");
        left = columns - IN - 4;
    } else {
        tw_buf_puts(v->b, TW_S("  "));
    }
    dim(v, "\033[2m");
    tw_term_put(v->b, code, left);
    dim(v, "\033[0m");
}

/* *last: where the line before begins; false when this one would say the same. */
static bool put_place(const view *v, uint32_t place, size_t *last)
{
    tw_buf where = TW_BUF_INIT;
    size_t start = v->b->n;
    tw_str member = text_of(v, place, "member");
    uint64_t line = number_of(v, place, "line"), off = number_of(v, place, "off");
    const tw_node *layer = tw_node_get(v->doc, place, TW_S("layer"));
    unsigned room = tw_term_columns() < TW_COLUMNS ? LOCATION_NARROW : LOCATION;
    put_end(&where, member.n ? member : TW_S("(artifact)"), room - 8);
    if (line)
        tw_buf_fmt(&where, ":%llu", (unsigned long long)line);
    else if (off)
        tw_buf_fmt(&where, " at %llu", (unsigned long long)off);
    if (layer && layer->kind == TW_NODE_NUMBER)
        tw_buf_puts(&where, tw_str_c(layer_word(v, number_of(v, place, "layer"))));
    tw_buf_fmt(v->b, "%*s", IN + 2, "");
    tw_buf_puts(v->b, tw_buf_str(&where));
    put_code(v, tw_str_trim(text_of(v, place, "snippet")), IN + 2 + where.n);
    tw_buf_putc(v->b, '\n');
    tw_buf_free(&where);
    tw_str before = tw_str_sub(tw_buf_str(v->b), *last, start),
           now = tw_str_sub(tw_buf_str(v->b), start, v->b->n);
    bool again = tw_str_eq(before, now);
    *last = again ? *last : start;
    if (again) v->b->n = start;
    return !again;
}

static void put_places(const view *v, uint32_t list, unsigned most)
{
    unsigned n = 0;
    uint64_t more = 0;
    size_t last = v->b->n;
    for
        EACH(v, list, i)
        {
            uint64_t folded = number_of(v, i, "more");
            if (folded)
                more += folded;
            else if (n < most)
                n += put_place(v, i, &last);
            else
                more++;
        }
    if (more) tw_buf_fmt(v->b, "%*s(%llu more)\n", IN + 2, "", (unsigned long long)more);
}

static void put_more(const view *v, uint64_t more, const char *what)
{
    if (!more) return;
    tw_buf line = TW_BUF_INIT;
    tw_buf_fmt(&line, "(%llu more %s: --format json shows all)", (unsigned long long)more, what);
    tw_buf_puts(v->b, TW_S("  "));
    tw_term_wrap(v->b, tw_buf_str(&line), 2, 2);
    tw_buf_putc(v->b, '\n');
    tw_buf_free(&line);
}

/* --- behaviours --------------------------------------------------------------------------------- */
static void put_behaviour(const view *v, uint32_t b, unsigned number)
{
    tw_str reason = text_of(v, b, "reason"), check = text_of(v, b, "check");
    tw_buf head = TW_BUF_INIT;
    tw_buf_puts(&head, text_of(v, b, "says"));
    tw_buf_fmt(&head, " [at %.*s", TW_FMT(text_of(v, b, "trigger")));
    if (reason.n) tw_buf_fmt(&head, ": %.*s", TW_FMT(reason));
    tw_buf_putc(&head, ']');
    tw_buf_fmt(v->b, "  %u. ", number);
    tw_term_wrap(v->b, tw_buf_str(&head), IN, IN);
    tw_buf_putc(v->b, '\n');
    tw_buf_free(&head);
    put_places(v, child(v, b, "evidence"), EVIDENCE);
    if (check.n) {
        tw_buf_fmt(v->b, "%*sCheck: ", IN, "");
        tw_term_wrap(v->b, check, IN + 7, IN + 7);
        tw_buf_putc(v->b, '\n');
    }
}

static void put_behaviours(const view *v)
{
    unsigned n = 0;
    uint64_t more = 0;
    for
        EACH(v, child(v, 0, "behaviours"), i)
        {
            uint64_t folded = number_of(v, i, "more");
            if (folded)
                more += folded;
            else if (n < BEHAVIOURS)
                put_behaviour(v, i, ++n);
            else
                more++;
        }
    put_more(v, more, "behaviours");
}

/* --- findings and coverage ---------------------------------------------------------------------- */
static void put_finding(const view *v, uint32_t f, bool first)
{
    tw_buf line = TW_BUF_INIT;
    uint32_t places = child(v, f, "places");
    tw_str member = {NULL, 0};
    for
        EACH(v, places, i)
        {
            member = text_of(v, i, "member");
            break;
        }
    tw_str says = text_of(v, f, "says");
    tw_buf_puts(&line, says);
    if (member.n && tw_str_find(says, member) == TW_NPOS) tw_buf_fmt(&line, " (%.*s)", TW_FMT(member));
    if (first)
        label(v, "odd");
    else
        tw_buf_fmt(v->b, "%*s", LABEL, "");
    tw_term_wrap(v->b, tw_buf_str(&line), LABEL, LABEL);
    tw_buf_putc(v->b, '\n');
    tw_buf_free(&line);
}

static void put_findings(const view *v)
{
    unsigned n = 0;
    uint64_t more = 0;
    for
        EACH(v, child(v, 0, "findings"), i)
        {
            if (tw_str_eq(text_of(v, i, "severity"), TW_S("info"))) continue;
            uint64_t folded = number_of(v, i, "more");
            if (folded)
                more += folded;
            else if (n < FINDINGS)
                put_finding(v, i, n++ == 0);
            else
                more++;
        }
    put_more(v, more, "findings");
}

/* What its name, claims and history tell, with the day of the data; a near name alone is no more than that. */
static void put_signals(const view *v)
{
    unsigned n = 0;
    uint64_t more = 0;
    for
        EACH(v, child(v, 0, "signals"), i)
        {
            uint64_t folded = number_of(v, i, "more");
            if (folded || n >= FINDINGS) {
                more += folded ? folded : 1;
                continue;
            }
            tw_buf line = TW_BUF_INIT;
            tw_str date = text_of(v, i, "date");
            tw_buf_puts(&line, text_of(v, i, "says"));
            if (date.n) tw_buf_fmt(&line, " [as of %.*s]", TW_FMT(date));
            if (n++ == 0)
                label(v, "signals");
            else
                tw_buf_fmt(v->b, "%*s", LABEL, "");
            tw_term_wrap(v->b, tw_buf_str(&line), LABEL, LABEL);
            tw_buf_putc(v->b, '\n');
            tw_buf_free(&line);
        }
    put_more(v, more, "signals");
}

static const char *gap_says(tw_str name)
{
    for (int i = 0; i < TW_GAP_MAX; i++)
        if (tw_str_eq(name, tw_str_c(tw_gap_name((tw_gap_reason)i)))) return tw_gap_says((tw_gap_reason)i);
    return "not analysed";
}

static void put_gap(const view *v, uint32_t g, bool first)
{
    tw_str member = text_of(v, g, "member"), runs = text_of(v, g, "runs");
    tw_buf line = TW_BUF_INIT;
    tw_buf_fmt(&line, "%.*s: %s", TW_FMT(member.n ? member : TW_S("the artifact")),
               gap_says(text_of(v, g, "reason")));
    if (runs.n) tw_buf_fmt(&line, " (runs at %.*s)", TW_FMT(runs));
    if (first)
        label(v, "not read");
    else
        tw_buf_fmt(v->b, "%*s", LABEL, "");
    tw_term_wrap(v->b, tw_buf_str(&line), LABEL, LABEL);
    tw_buf_putc(v->b, '\n');
    tw_buf_free(&line);
}

/* Unresolved calls are counted, not listed: every program has some. */
static void put_gaps(const view *v, uint32_t gaps)
{
    unsigned n = 0;
    uint64_t more = 0, dynamic = 0;
    for
        EACH(v, gaps, i)
        {
            uint64_t folded = number_of(v, i, "more");
            if (tw_str_eq(text_of(v, i, "reason"), TW_S("summary"))) continue; /* nothing is missing */
            if (tw_str_eq(text_of(v, i, "reason"), TW_S("dynamic")))
                dynamic++;
            else if (folded)
                more += folded;
            else if (n < GAPS)
                put_gap(v, i, n++ == 0);
            else
                more++;
        }
    put_more(v, more + dynamic, n ? "places not followed" : "calls not followed");
}

static void put_size(tw_buf *b, uint64_t n)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    unsigned u = 0;
    uint64_t tenths = n * 10;
    while (tenths >= 10240 && u + 1 < TW_COUNT(units)) {
        tenths = (tenths + 512) / 1024;
        u++;
    }
    if (!u)
        tw_buf_fmt(b, "%llu bytes", (unsigned long long)n);
    else
        tw_buf_fmt(b, "%llu.%llu %s", (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10),
                   units[u]);
}

static bool is_complete(const view *v)
{
    return tw_get_true(v->doc, 0, "complete");
}

static void put_coverage(const view *v)
{
    uint32_t coverage = child(v, 0, "coverage"), bytes = coverage ? child(v, coverage, "bytes") : 0,
             stats = child(v, 0, "stats");
    uint64_t analysed = bytes ? number_of(v, bytes, "analysed") : 0,
             left = bytes ? number_of(v, bytes, "unanalysed") : 0;
    if (coverage && !is_complete(v)) put_gaps(v, child(v, coverage, "gaps"));
    tw_buf line = TW_BUF_INIT;
    tw_buf_puts(&line, is_complete(v) ? TW_S("complete: ") : TW_S("NOT complete: "));
    tw_buf_fmt(&line, "%llu files, ", (unsigned long long)(stats ? number_of(v, stats, "files") : 0));
    put_size(&line, analysed);
    tw_buf_puts(&line, TW_S(" of code and metadata"));
    if (left) {
        tw_buf_puts(&line, TW_S("; "));
        put_size(&line, left);
        tw_buf_puts(&line, TW_S(" not analysed"));
    }
    label(v, "read");
    tw_term_wrap(v->b, tw_buf_str(&line), LABEL, LABEL);
    tw_buf_putc(v->b, '\n');
    tw_buf_free(&line);
}

static void put_identity(const view *v)
{
    tw_str purl = text_of(v, 0, "purl"), sha = text_of(v, 0, "sha256");
    if (purl.n) {
        label(v, "package");
        tw_term_put(v->b, purl, tw_term_columns() - LABEL);
        tw_buf_putc(v->b, '\n');
    }
    if (sha.n) {
        label(v, "sha256");
        tw_term_put(v->b, sha, 0);
        tw_buf_putc(v->b, '\n');
    }
}

static void put_suppressed(const view *v)
{
    static const char *const lists[][2] = {
        {"behaviours", "evidence"}, {"findings", "places"}, {"signals", "places"}};
    unsigned n = 0;
    for (size_t k = 0; k < TW_COUNT(lists); k++)
        TW_EACH_NODE (v->doc, tw_get_list(v->doc, 0, lists[k][0]), i) {
            const tw_suppression *by = tw_suppressed(v->s->suppressions, v->doc, i, lists[k][1]);
            if (!by) continue;
            tw_buf line = TW_BUF_INIT;
            tw_buf_fmt(&line, "%.*s, by %.*s until %.*s: %.*s", TW_FMT(by->finding), TW_FMT(by->owner),
                       TW_FMT(by->expires), TW_FMT(by->reason));
            if (n++ == 0)
                label(v, "suppressed");
            else
                tw_buf_fmt(v->b, "%*s", LABEL, "");
            tw_term_wrap(v->b, tw_buf_str(&line), LABEL, LABEL);
            tw_buf_putc(v->b, '\n');
            tw_buf_free(&line);
        }
}

/* --- one artifact ------------------------------------------------------------------------------- */
static void put_name(const view *v, const tw_result *r, unsigned room)
{
    tw_term_level(v->s, r->level, LABEL - 1);
    tw_buf_putc(v->b, ' ');
    put_end(v->b, r->item->artifact, tw_term_columns() - LABEL - room);
}

static void put_line(const view *v, const tw_result *r)
{
    tw_str partly = is_complete(v) ? TW_S("") : TW_S("  (not all of it read)");
    put_name(v, r, (unsigned)partly.n);
    tw_buf_puts(v->b, partly);
    tw_buf_putc(v->b, '\n');
}

/* Its worker died: there is an error, and nothing was read. */
static bool lost(const view *v)
{
    uint32_t errors = child(v, 0, "errors"), subject = child(v, 0, "subject");
    return errors && subject && v->doc->nodes[errors].count && !number_of(v, subject, "members");
}

static void put_block(const view *v, const tw_result *r)
{
    put_name(v, r, 0);
    tw_buf_putc(v->b, '\n');
    tw_buf_puts(v->b, TW_S("  "));
    tw_term_wrap(v->b, text_of(v, 0, "summary"), 2, 2);
    tw_buf_putc(v->b, '\n');
    if (r->opened) {
        put_behaviours(v);
        put_findings(v);
        put_signals(v);
        if (v->s->suppressions) put_suppressed(v);
        if (!lost(v)) put_coverage(v);
        put_identity(v);
    }
    if (v->s->several) tw_buf_putc(v->b, '\n');
}

static void result(tw_sink *s, const tw_result *r)
{
    view v = {s, &s->out, NULL};
    tw_doc doc;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    v.doc = &doc;
    if (s->several && r->level == TW_LEVEL_CLEAR)
        put_line(&v, r);
    else
        put_block(&v, r);
}

static void end(tw_sink *s, const tw_tally *t)
{
    if (!s->several) return;
    tw_buf_fmt(&s->out, "%llu artifacts:", (unsigned long long)(t->reviewed + t->unopened));
    const char *comma = " ";
    for (int l = TW_LEVEL_MAX - 1; l >= 0; l--) {
        if (!t->levels[l]) continue;
        tw_buf_fmt(&s->out, "%s%llu %s", comma, (unsigned long long)t->levels[l], tw_level_name((tw_level)l));
        comma = ", ";
    }
    tw_buf_putc(&s->out, '\n');
}

const tw_output tw_output_text = {"text", result, end};
