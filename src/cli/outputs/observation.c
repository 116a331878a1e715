/* SPDX-License-Identifier: Apache-2.0 */
/* What PyPI's administrators take as a report of malware: one object a line, for what is malicious alone. The address of the
 * page that shows a release's files is the caller's (--inspector). */
#include "base/hash.h"
#include "base/os.h"
#include "cli/outputs/records.h"

enum { SUMMARY_MAX = 1900 }; /* 2,000 characters are taken */

static const char *kind_of(tw_str kind)
{
    static const char *const kinds[][2] = {
        {"malware", "is_malware"}, {"spam", "is_spam"}, {"dependency-confusion", "is_dependency_confusion"}};
    for (size_t i = 0; i < TW_COUNT(kinds); i++)
        if (tw_str_eq(kind, tw_str_c(kinds[i][0]))) return kinds[i][1];
    return "something_else";
}

/* Plain text: no tag may stand in it, so no "<" does. */
static void put_summary(tw_json_w *w, const tw_doc *doc)
{
    tw_buf b = TW_BUF_INIT, shown = TW_BUF_INIT;
    tw_str version = tw_get_text(doc, 0, "version");
    if (version.n) tw_buf_fmt(&b, "Version %.*s: ", TW_FMT(version));
    tw_buf_puts(&b, tw_get_text(doc, 0, "summary"));
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "behaviours"), i) {
        tw_str says = tw_get_text(doc, i, "says");
        if (!tw_get_is(doc, i, "level", "malicious") || tw_str_find(tw_buf_str(&b), says) != TW_NPOS)
            continue;
        tw_buf_fmt(&b, " %.*s.", TW_FMT(says));
    }
    tw_term_put(&shown, tw_buf_str(&b), SUMMARY_MAX);
    for (size_t i = 0; i < shown.n; i++)
        if (shown.p[i] == '<' || shown.p[i] == '>') shown.p[i] = '\'';
    tw_json_key(w, TW_S("summary"));
    tw_json_str(w, tw_buf_str(&shown));
    tw_buf_free(&b);
    tw_buf_free(&shown);
}

/* The path under which the registry stores a file: of its BLAKE2b digest. false: its bytes cannot be had here. */
static bool put_stored_path(tw_buf *b, const tw_result *r)
{
    tw_map_file f;
    tw_hash h;
    uint8_t digest[TW_HASH_MAX];
    const tw_hash_alg *blake = tw_hash_find(TW_S("blake2b"));
    const tw_str none = {NULL, 0};
    if (!blake || r->item->kind != TW_ITEM_FILE || !r->item->path ||
        tw_map_file_open(r->item->path, &f, NULL) != TW_OK)
        return false;
    bool ok = tw_hash_init_blake2(&h, blake, 32, none, none, none);
    if (ok) {
        tw_hash_add(&h, f.bytes);
        tw_hash_end(&h, digest);
        for (size_t i = 0; i < 32; i++) tw_buf_fmt(b, "%s%02x", i == 1 || i == 2 ? "/" : "", digest[i]);
    }
    tw_unmap_file(&f);
    return ok;
}

static void put_link(tw_json_w *w, const tw_sink *s, const tw_result *r, const tw_doc *doc)
{
    tw_buf b = TW_BUF_INIT, name = TW_BUF_INIT;
    tw_str base = tw_str_c(s->inspector), version = tw_get_text(doc, 0, "version");
    while (base.n && base.p[base.n - 1] == '/') base.n--;
    tw_buf_puts(&b, base);
    tw_buf_puts(&b, TW_S("/project/"));
    tw_record_normal(&name, tw_get_text(doc, 0, "name"));
    tw_uri_put(&b, tw_buf_str(&name), false);
    tw_buf_putc(&b, '/');
    if (version.n) {
        tw_uri_put(&b, version, false);
        tw_buf_putc(&b, '/');
    }
    size_t release = b.n;
    tw_buf_puts(&b, TW_S("packages/"));
    if (version.n && put_stored_path(&b, r)) {
        uint32_t worst = tw_get_list(doc, 0, "behaviours"), first = 0;
        tw_buf_putc(&b, '/');
        tw_uri_put(&b, r->item->file_name, false);
        tw_buf_putc(&b, '/');
        if (worst && doc->nodes[worst].count) worst = tw_get_list(doc, tw_node_first(doc, worst), "evidence");
        if (worst && doc->nodes[worst].count) first = tw_node_first(doc, worst);
        tw_uri_put(&b, first ? tw_get_text(doc, first, "member") : TW_S(""), false);
        if (first && tw_get_number(doc, first, "line") && !tw_get_number(doc, first, "layer"))
            tw_buf_fmt(&b, "#line.%llu", (unsigned long long)tw_get_number(doc, first, "line"));
    } else {
        b.n = release;
    }
    tw_json_key(w, TW_S("inspector_url"));
    tw_json_str(w, tw_buf_str(&b));
    tw_buf_free(&b);
    tw_buf_free(&name);
}

static void put_evidence(tw_json_w *w, const tw_doc *doc)
{
    uint32_t versions = tw_get_object(doc, 0, "versions");
    tw_json_key(w, TW_S("tidewaiter"));
    tw_json_obj(w);
    tw_record_text(w, "version", versions ? tw_get_text(doc, versions, "engine") : TW_S(""), 40);
    tw_record_text(w, "rules", versions ? tw_get_text(doc, versions, "rules") : TW_S(""), 40);
    tw_record_text(w, "project", tw_get_text(doc, 0, "name"), 200);
    tw_record_text(w, "release", tw_get_text(doc, 0, "version"), 100);
    tw_record_text(w, "sha256", tw_get_text(doc, 0, "sha256"), 64);
    tw_record_behaviours(w, doc);
    tw_json_obj_end(w);
}

static void result(tw_sink *s, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    if (r->level != TW_LEVEL_MALICIOUS) {
        tw_record_note(r, "no observation: it is not malicious");
        return;
    }
    if (!tw_get_is(&doc, 0, "ecosystem", "pypi") || !tw_get_text(&doc, 0, "name").n) {
        tw_record_note(r, "no observation: it is no package of PyPI with a name");
        return;
    }
    if (!s->inspector)
        tw_record_note(
            r, "the observation has no inspector_url, which a report of malware needs: give --inspector URL");
    tw_json_w w = tw_json_writer(&s->out);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("kind"));
    tw_json_str(&w, tw_str_c(kind_of(tw_get_text(&doc, 0, "kind"))));
    put_summary(&w, &doc);
    if (s->inspector) put_link(&w, s, r, &doc);
    put_evidence(&w, &doc);
    tw_json_obj_end(&w);
    tw_buf_putc(&s->out, '\n');
}

const tw_output tw_output_observation = {"observation", result, NULL};
