/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "cli/outputs/output.h"
#include "cli/unwrap.h"

enum { TAB = 4, NOT_READ = 5 };

/* --- for people --------------------------------------------------------------------------------- */
static void put_line(tw_buf *b, tw_str line, const char *before)
{
    size_t i = 0;
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    tw_buf_puts(b, tw_str_c(before));
    for (; i < line.n && (line.p[i] == '\t' || line.p[i] == ' '); i++)
        tw_buf_fmt(b, "%*s", line.p[i] == '\t' ? TAB : 1, "");
    tw_term_put(b, tw_str_sub(line, i, line.n), 0);
    tw_buf_putc(b, '\n');
}

void tw_unwrap_put_lines(tw_buf *b, tw_str text, const char *before)
{
    tw_str line;
    while (text.n && tw_str_split(&text, '\n', &line)) put_line(b, line, before);
}

static void put_where(tw_buf *b, const tw_unwrapped *u)
{
    size_t dot = tw_str_rchr(u->id, '.');
    tw_buf_puts(b, TW_S("   in "));
    if (dot != TW_NPOS) tw_buf_fmt(b, "layer %.*s, ", TW_FMT(tw_str_sub(u->id, 0, dot)));
    tw_term_put(b, u->member.n ? u->member : TW_S("the artifact"), 0);
    if (u->line)
        tw_buf_fmt(b, ":%llu:%llu", (unsigned long long)u->line, (unsigned long long)u->col);
    else
        tw_buf_fmt(b, " at byte %llu", (unsigned long long)u->off);
    tw_buf_putc(b, '\n');
}

static void put_facts(tw_buf *b, const tw_unwrapped *u)
{
    tw_buf_puts(b, TW_S("   "));
    tw_term_put(b, u->language, 0);
    tw_buf_fmt(b, ", %llu bytes, ", (unsigned long long)u->size);
    if (!u->executed) {
        tw_buf_puts(b, TW_S("looks like code: nothing is known to run it"));
    } else {
        tw_buf_puts(b, TW_S("run"));
        if (u->runs.n) tw_buf_puts(b, TW_S(" by ")), tw_term_put(b, u->runs, 60);
        if (u->trigger.n && !tw_str_eq(u->trigger, TW_S("none")))
            tw_buf_puts(b, TW_S(", at ")), tw_term_put(b, u->trigger, 20);
    }
    if (!u->analysed) tw_buf_puts(b, TW_S("; not opened (a limit, or no front end for it)"));
    tw_buf_putc(b, '\n');
}

static void put_body(tw_buf *b, const tw_unwrapped *u, bool raw)
{
    if (!u->from->text.p) {
        tw_buf_puts(b, TW_S("   (its text is too long to be shown)\n"));
    } else if (raw) {
        tw_buf_puts(b, u->from->text);
        if (u->from->text.n && u->from->text.p[u->from->text.n - 1] != '\n') tw_buf_putc(b, '\n');
    } else {
        tw_unwrap_put_lines(b, u->from->pretty.p ? u->from->pretty : u->from->text, "   | ");
    }
}

/* Places whose code was not to be had: the reader should know that this is not all. */
static void put_left(tw_buf *b, const tw_result *r, tw_arena *a)
{
    tw_doc doc;
    if (tw_json_read(a, r->report, NULL, &doc, NULL) != TW_OK) return;
    const tw_node *coverage = tw_node_get(&doc, 0, TW_S("coverage")), *gaps;
    if (!coverage || !(gaps = tw_node_get(&doc, tw_node_id(&doc, coverage), TW_S("gaps")))) return;
    if (gaps->kind != TW_NODE_ARRAY) return;
    uint32_t list = tw_node_id(&doc, gaps), shown = 0, more = 0;
    for (uint32_t i = tw_node_first(&doc, list); i != tw_node_end(&doc, list); i = doc.nodes[i].next) {
        tw_str reason = tw_node_str(&doc, i, TW_S("reason"), TW_S(""));
        bool limit = tw_str_eq(reason, TW_S("limit"));
        uint64_t off = tw_node_number(&doc, i, TW_S("off"));
        if (!limit && !tw_str_eq(reason, TW_S("opaque-layer"))) continue;
        if (shown++ >= NOT_READ) {
            more++;
            continue;
        }
        tw_buf_puts(b, TW_S("not unwrapped: "));
        tw_term_put(b, tw_node_str(&doc, i, TW_S("member"), TW_S("the artifact")), 0);
        tw_buf_fmt(b, " at byte %llu: %s", (unsigned long long)off,
                   tw_gap_says(limit ? TW_GAP_LIMIT : TW_GAP_OPAQUE_LAYER));
        tw_str why = tw_node_str(&doc, i, TW_S("why"), TW_S(""));
        if (why.n) tw_buf_puts(b, TW_S(": ")), tw_term_put(b, why, 0);
        tw_buf_putc(b, '\n');
    }
    if (more) tw_buf_fmt(b, "not unwrapped: %u more places\n", more);
}

void tw_unwrap_text(tw_buf *b, const tw_result *r, const tw_unwrapped_list *list, bool raw, bool bodies)
{
    tw_arena *a = tw_arena_new(0);
    tw_term_put(b, r->item->artifact, 0);
    if (!list->n) tw_buf_puts(b, TW_S(": no layers: no hidden, decoded or embedded code was found\n"));
    if (list->n) tw_buf_fmt(b, ": %u layer%s\n", list->n, list->n == 1 ? "" : "s");
    for (uint32_t i = 0; i < list->n; i++) {
        const tw_unwrapped *u = &list->v[i];
        tw_buf_fmt(b, "\n%.*s  ", TW_FMT(u->id));
        tw_term_put(b, u->recipe.n ? u->recipe : TW_S("as it stands"), 0);
        tw_buf_putc(b, '\n');
        put_where(b, u);
        put_facts(b, u);
        if (bodies) put_body(b, u, raw);
    }
    put_left(b, r, a);
    tw_arena_free(a);
}

/* --- for programs ------------------------------------------------------------------------------- */
static void put_text(tw_json_w *w, tw_str text)
{
    static const char digits[] = "0123456789abcdef";
    bool plain = tw_utf8_valid(text);
    tw_json_key(w, plain ? TW_S("text") : TW_S("text_hex"));
    if (plain || !text.p) {
        if (text.p)
            tw_json_str(w, text);
        else
            tw_json_null(w);
        return;
    }
    tw_buf hex = TW_BUF_INIT;
    char *to = tw_buf_reserve(&hex, text.n * 2);
    for (size_t i = 0; to && i < text.n; i++) {
        *to++ = digits[(unsigned char)text.p[i] >> 4];
        *to++ = digits[(unsigned char)text.p[i] & 15];
    }
    if (to) hex.n = text.n * 2;
    tw_json_str(w, tw_buf_str(&hex));
    tw_buf_free(&hex);
}

static void put_head(tw_json_w *w, tw_arena *a, const tw_unwrapped *u)
{
    tw_doc doc;
    if (tw_json_read(a, u->from->head, NULL, &doc, NULL) != TW_OK) return;
    for (uint32_t i = tw_node_first(&doc, 0); i != tw_node_end(&doc, 0); i = doc.nodes[i].next) {
        tw_json_key(w, doc.nodes[i].key);
        tw_json_node(w, &doc, i);
    }
}

void tw_unwrap_json(tw_buf *b, const tw_result *r, const tw_unwrapped_list *list, const tw_str *file)
{
    tw_arena *a = tw_arena_new(0);
    tw_json_w w = tw_json_writer(b);
    tw_doc doc;
    bool known = tw_json_read(a, r->report, NULL, &doc, NULL) == TW_OK;
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("schema"));
    tw_json_str(&w, TW_S("tidewaiter.unwrap/1"));
    tw_json_key(&w, TW_S("artifact"));
    tw_json_str(&w, r->item->artifact);
    static const char *const from_report[] = {"sha256", "purl", "verdict", "errors", "coverage"};
    for (size_t i = 0; known && i < TW_COUNT(from_report); i++) {
        const tw_node *n = tw_node_get(&doc, 0, tw_str_c(from_report[i]));
        if (!n) continue;
        tw_json_key(&w, tw_str_c(from_report[i]));
        tw_json_node(&w, &doc, tw_node_id(&doc, n));
    }
    tw_json_key(&w, TW_S("layers"));
    tw_json_arr(&w);
    for (uint32_t i = 0; i < list->n; i++) {
        tw_json_obj(&w);
        put_head(&w, a, &list->v[i]);
        if (file) {
            tw_json_key(&w, TW_S("file"));
            if (file[i].n)
                tw_json_str(&w, file[i]);
            else
                tw_json_null(&w);
        } else {
            put_text(&w, list->v[i].from->text);
        }
        tw_json_obj_end(&w);
    }
    tw_json_arr_end(&w);
    tw_json_obj_end(&w);
    tw_buf_putc(b, '\n');
    tw_arena_free(a);
}
