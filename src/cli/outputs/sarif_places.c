/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/sarif.h"

#include <stdio.h>

enum { LAYERS_DEEP = 64 };

void tw_sarif_word(tw_json_w *w, const char *key, const char *word)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_str(w, tw_str_c(word));
}

void tw_sarif_number(tw_json_w *w, const char *key, uint64_t n)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_u64(w, n);
}

void tw_sarif_str(tw_json_w *w, const char *key, tw_str s)
{
    tw_buf b = TW_BUF_INIT;
    tw_term_put(&b, s, 0);
    tw_json_key(w, tw_str_c(key));
    tw_json_str(w, tw_buf_str(&b));
    tw_buf_free(&b);
}

/* What follows "](" would be a link of the message, what begins with "=" a formula of the sheet it is exported to. */
void tw_sarif_text(tw_json_w *w, const char *key, tw_str text)
{
    tw_buf shown = TW_BUF_INIT, b = TW_BUF_INIT;
    tw_term_put(&shown, text, 0);
    if (shown.n && strchr("=+-@", shown.p[0])) tw_buf_putc(&b, '\'');
    for (size_t i = 0; i < shown.n; i++) {
        if (shown.p[i] == ']' && i + 1 < shown.n && shown.p[i + 1] == '(') tw_buf_putc(&b, '\\');
        tw_buf_putc(&b, shown.p[i]);
    }
    tw_json_key(w, tw_str_c(key));
    tw_json_obj(w);
    tw_json_key(w, TW_S("text"));
    tw_json_str(w, b.n ? tw_buf_str(&b) : TW_S("(nothing)"));
    tw_json_obj_end(w);
    tw_buf_free(&shown);
    tw_buf_free(&b);
}

/* --- artifacts -------------------------------------------------------------------------------------- */
static void put_location(tw_json_w *w, tw_str uri, tw_str base, uint32_t index)
{
    tw_json_obj(w);
    tw_json_key(w, TW_S("uri"));
    tw_json_str(w, uri);
    if (base.n) {
        tw_json_key(w, TW_S("uriBaseId"));
        tw_json_str(w, base);
    }
    if (index != TW_SARIF_NONE) tw_sarif_number(w, "index", index);
    tw_json_obj_end(w);
}

static void artifact_uri(const tw_sarif *s, tw_buf *b)
{
    tw_str path = s->artifact;
    if (tw_str_starts(path, TW_S("/"))) tw_buf_puts(b, TW_S("file://"));
    tw_uri_put(b, path.n ? path : TW_S("artifact"), true);
}

static tw_str artifact_base(const tw_sarif *s)
{
    return tw_str_starts(s->artifact, TW_S("/")) ? TW_S("") : TW_S("RUN");
}

static void hash(tw_json_w *w, tw_str sha256)
{
    if (!sha256.n) return;
    tw_json_key(w, TW_S("hashes"));
    tw_json_obj(w);
    tw_sarif_str(w, "sha-256", sha256);
    tw_json_obj_end(w);
}

static uint32_t open_artifact(tw_sarif *s)
{
    if (s->n_artifacts) tw_buf_puts(&s->artifacts, TW_S(",\n"));
    return s->n_artifacts++;
}

void tw_sarif_begin_artifact(tw_sarif *s, tw_str artifact)
{
    tw_buf uri = TW_BUF_INIT;
    uint32_t subject = tw_get_object(s->doc, 0, "subject");
    s->artifact = artifact;
    s->folder = subject && tw_get_is(s->doc, subject, "format", "directory");
    s->container = open_artifact(s);
    s->base = s->n_bases++;
    artifact_uri(s, &uri);
    tw_json_w w = tw_json_writer(&s->artifacts);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("location"));
    put_location(&w, tw_buf_str(&uri), artifact_base(s), TW_SARIF_NONE);
    tw_json_key(&w, TW_S("roles"));
    tw_json_arr(&w);
    tw_json_str(&w, TW_S("analysisTarget"));
    if (s->folder) tw_json_str(&w, TW_S("directory"));
    tw_json_arr_end(&w);
    if (subject && !s->folder) tw_sarif_number(&w, "length", tw_get_number(s->doc, subject, "size"));
    hash(&w, tw_get_text(s->doc, 0, "sha256"));
    tw_json_key(&w, TW_S("properties"));
    tw_json_obj(&w);
    tw_sarif_str(&w, "verdict", tw_get_text(s->doc, 0, "verdict"));
    tw_sarif_str(&w, "summary", tw_get_text(s->doc, 0, "summary"));
    if (tw_get_text(s->doc, 0, "purl").n) tw_sarif_str(&w, "purl", tw_get_text(s->doc, 0, "purl"));
    tw_json_key(&w, TW_S("complete"));
    tw_json_bool(&w, tw_get_true(s->doc, 0, "complete"));
    tw_sarif_str(&w, "reportSha256", tw_get_text(s->doc, 0, "report_sha256"));
    tw_json_obj_end(&w);
    tw_json_obj_end(&w);
    /* Where its members are found: below it. */
    if (!uri.n || uri.p[uri.n - 1] != '/') tw_buf_putc(&uri, '/');
    tw_buf_fmt(&s->bases, ",\n\"A%u\":", s->base);
    tw_json_w base = tw_json_writer(&s->bases);
    put_location(&base, tw_buf_str(&uri), artifact_base(s), TW_SARIF_NONE);
    tw_buf_free(&uri);
}

static uint32_t member_index(tw_sarif *s, tw_str member, tw_str uri, tw_str base, tw_str sha256)
{
    bool fresh = false;
    uint64_t *at = tw_map_put(&s->members, member, &fresh);
    if (!fresh) return (uint32_t)*at;
    *at = open_artifact(s);
    tw_json_w w = tw_json_writer(&s->artifacts);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("location"));
    put_location(&w, uri, base, TW_SARIF_NONE);
    if (!s->folder) tw_sarif_number(&w, "parentIndex", s->container);
    hash(&w, sha256);
    tw_json_obj_end(&w);
    return (uint32_t)*at;
}

void tw_sarif_member(tw_sarif *s, tw_json_w *w, tw_str member, tw_str sha256)
{
    tw_buf uri = TW_BUF_INIT;
    tw_json_key(w, TW_S("artifactLocation"));
    if (!member.n) {
        artifact_uri(s, &uri);
        put_location(w, tw_buf_str(&uri), artifact_base(s), s->container);
    } else {
        char base[16];
        snprintf(base, sizeof base, "A%u", s->base);
        tw_uri_put(&uri, member, false);
        uint32_t index = member_index(s, member, tw_buf_str(&uri), tw_str_c(base), sha256);
        put_location(w, tw_buf_str(&uri), tw_str_c(base), index);
    }
    tw_buf_free(&uri);
}

/* --- places ------------------------------------------------------------------------------------------ */
/* The place in the file itself that a place in hidden code came from; 0 where the report does not tell. */
static uint32_t outermost(const tw_doc *doc, uint32_t place)
{
    for (unsigned deep = 0; deep < LAYERS_DEEP; deep++) {
        uint64_t id = tw_get_number(doc, place, "layer");
        uint32_t parent = 0;
        if (!id) return place;
        TW_EACH_NODE (doc, tw_get_list(doc, 0, "layers"), i) {
            if (tw_get_number(doc, i, "id") == id) parent = tw_get_object(doc, i, "parent");
        }
        if (!parent) return 0;
        place = parent;
    }
    return 0;
}

static void put_region(tw_json_w *w, const tw_doc *doc, uint32_t place)
{
    uint64_t line = tw_get_number(doc, place, "line"), len = tw_get_number(doc, place, "len"), off = 0;
    const tw_node *n = tw_node_get(doc, place, TW_S("off"));
    bool known = n && tw_node_u64(n, &off);
    tw_str snippet = tw_get_text(doc, place, "snippet");
    if (!line && !known) return;
    tw_json_key(w, TW_S("region"));
    tw_json_obj(w);
    if (line) tw_sarif_number(w, "startLine", line);
    if (known) {
        tw_sarif_number(w, "byteOffset", off);
        tw_sarif_number(w, "byteLength", len);
    }
    if (line && snippet.n) {
        tw_json_key(w, TW_S("snippet"));
        tw_json_obj(w);
        tw_sarif_str(w, "text", snippet);
        tw_json_obj_end(w);
    }
    tw_json_obj_end(w);
}

/* Lines and offsets of hidden code are no lines of the file: they are said in words. */
static void put_hidden(tw_buf *b, const tw_doc *doc, uint32_t place)
{
    uint64_t line = tw_get_number(doc, place, "line");
    tw_buf_fmt(b, "in hidden layer %llu", (unsigned long long)tw_get_number(doc, place, "layer"));
    if (line) tw_buf_fmt(b, ", line %llu", (unsigned long long)line);
    tw_str snippet = tw_get_text(doc, place, "snippet");
    if (snippet.n) tw_buf_puts(b, TW_S(": "));
    tw_buf_puts(b, snippet);
}

void tw_sarif_location(tw_sarif *s, tw_json_w *w, uint32_t place, uint32_t id, tw_str says)
{
    const tw_doc *doc = s->doc;
    bool hidden = place && tw_get_number(doc, place, "layer");
    uint32_t outer = hidden ? outermost(doc, place) : place;
    tw_buf words = TW_BUF_INIT;
    tw_buf_puts(&words, says);
    if (hidden) {
        if (words.n) tw_buf_puts(&words, TW_S(", "));
        put_hidden(&words, doc, place);
    } else if (id && place && !words.n) {
        tw_buf_puts(&words, tw_get_text(doc, place, "snippet"));
    }
    tw_json_obj(w);
    if (id) tw_sarif_number(w, "id", id);
    tw_json_key(w, TW_S("physicalLocation"));
    tw_json_obj(w);
    tw_sarif_member(s, w, place ? tw_get_text(doc, place, "member") : TW_S(""),
                    outer && !tw_get_number(doc, outer, "layer") ? tw_get_text(doc, outer, "sha256")
                                                                 : TW_S(""));
    if (outer) put_region(w, doc, outer);
    tw_json_obj_end(w);
    if (words.n) tw_sarif_text(w, "message", tw_buf_str(&words));
    tw_json_obj_end(w);
    tw_buf_free(&words);
}
