/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/sarif.h"

#include "cli/outputs/suppress.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
enum { NOTES_MAX = 4 << 20 };

static tw_sarif kept;

/* --- one result --------------------------------------------------------------------------------------- */
static uint32_t flow_by_id(const tw_doc *doc, uint64_t id)
{
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "flows"), i) {
        uint64_t value;
        const tw_node *n = tw_node_get(doc, i, TW_S("id"));
        if (n && tw_node_u64(n, &value) && value == id) return i;
    }
    return 0;
}

static void put_flow(tw_sarif *s, tw_json_w *w, uint32_t flow)
{
    tw_buf says = TW_BUF_INIT;
    tw_buf_fmt(&says, "%.*s to %.*s", TW_FMT(tw_get_text(s->doc, flow, "from")),
               TW_FMT(tw_get_text(s->doc, flow, "to")));
    tw_json_obj(w);
    tw_sarif_text(w, "message", tw_buf_str(&says));
    tw_json_key(w, TW_S("threadFlows"));
    tw_json_arr(w);
    tw_json_obj(w);
    tw_json_key(w, TW_S("locations"));
    tw_json_arr(w);
    TW_EACH_NODE (s->doc, tw_get_list(s->doc, flow, "path"), i) {
        if (tw_get_number(s->doc, i, "more")) continue;
        tw_json_obj(w);
        tw_json_key(w, TW_S("location"));
        tw_sarif_location(s, w, i, 0,
                          tw_get_number(s->doc, i, "layer") ? TW_S("") : tw_get_text(s->doc, i, "snippet"));
        tw_json_obj_end(w);
    }
    tw_json_arr_end(w);
    tw_json_obj_end(w);
    tw_json_arr_end(w);
    tw_json_obj_end(w);
    tw_buf_free(&says);
}

static void put_flows(tw_sarif *s, tw_json_w *w, uint32_t b)
{
    bool open = false;
    TW_EACH_NODE (s->doc, tw_get_list(s->doc, b, "flows"), i) {
        uint64_t id;
        uint32_t flow = tw_node_u64(&s->doc->nodes[i], &id) ? flow_by_id(s->doc, id) : 0,
                 path = flow ? tw_get_list(s->doc, flow, "path") : 0;
        if (!path || !s->doc->nodes[path].count || tw_get_number(s->doc, tw_node_first(s->doc, path), "more"))
            continue;
        if (!open) {
            tw_json_key(w, TW_S("codeFlows"));
            tw_json_arr(w);
        }
        open = true;
        put_flow(s, w, flow);
    }
    if (open) tw_json_arr_end(w);
}

/* The first place is where it stands, the others are told beside it. */
static void put_places(tw_sarif *s, tw_json_w *w, uint32_t found, const char *key)
{
    uint32_t list = tw_get_list(s->doc, found, key), n = 0, first = 0;
    TW_EACH_NODE (s->doc, list, i) {
        if (!first && !tw_get_number(s->doc, i, "more")) first = i;
    }
    tw_json_key(w, TW_S("locations"));
    tw_json_arr(w);
    tw_sarif_location(s, w, first, 0, TW_S(""));
    tw_json_arr_end(w);
    TW_EACH_NODE (s->doc, list, i) {
        if (i == first || tw_get_number(s->doc, i, "more")) continue;
        if (!n) {
            tw_json_key(w, TW_S("relatedLocations"));
            tw_json_arr(w);
        }
        tw_sarif_location(s, w, i, ++n, TW_S(""));
    }
    if (n) tw_json_arr_end(w);
}

static void put_properties(tw_sarif *s, tw_json_w *w, uint32_t found)
{
    static const char *const keys[] = {"level", "trigger",  "reason", "confidence", "kind",
                                       "check", "severity", "source", "date"};
    tw_json_key(w, TW_S("properties"));
    tw_json_obj(w);
    tw_sarif_str(w, "verdict", tw_get_text(s->doc, 0, "verdict"));
    tw_sarif_str(w, "artifactSha256", tw_get_text(s->doc, 0, "sha256"));
    for (size_t i = 0; found && i < TW_COUNT(keys); i++)
        if (tw_get_text(s->doc, found, keys[i]).n)
            tw_sarif_str(w, keys[i], tw_get_text(s->doc, found, keys[i]));
    uint32_t attack = found ? tw_get_list(s->doc, found, "attack") : 0;
    if (attack) {
        tw_json_key(w, TW_S("tags"));
        tw_json_arr(w);
        TW_EACH_NODE (s->doc, attack, i) {
            if (s->doc->nodes[i].kind == TW_NODE_STRING) tw_json_str(w, s->doc->nodes[i].text);
        }
        tw_json_arr_end(w);
    }
    tw_json_obj_end(w);
}

typedef struct told {
    const char *kind, *places, *level;
} told;

/* An empty list: the result stands. */
static void put_suppressions(tw_json_w *w, const tw_suppression *by)
{
    tw_json_key(w, TW_S("suppressions"));
    tw_json_arr(w);
    if (by) {
        tw_json_obj(w);
        tw_sarif_word(w, "kind", "external");
        tw_sarif_word(w, "status", "accepted");
        tw_sarif_str(w, "justification", by->reason);
        tw_json_key(w, TW_S("properties"));
        tw_json_obj(w);
        tw_sarif_str(w, "owner", by->owner);
        tw_sarif_str(w, "expires", by->expires);
        tw_json_obj_end(w);
        tw_json_obj_end(w);
    }
    tw_json_arr_end(w);
}

static void put_result(tw_sink *sink, tw_sarif *s, uint32_t found, told how)
{
    char print[65];
    tw_str says = tw_get_text(s->doc, found, found ? "says" : "summary");
    uint32_t rule = tw_sarif_rule(s, how.kind, found);
    if (sink->out.n && sink->out.p[sink->out.n - 1] == '}') tw_buf_puts(&sink->out, TW_S(",\n"));
    tw_json_w w = tw_json_writer(&sink->out);
    tw_json_obj(&w);
    tw_sarif_str(&w, "ruleId", s->rules.items[rule].key);
    tw_sarif_number(&w, "ruleIndex", rule);
    if (!strcmp(how.level, "none")) tw_sarif_word(&w, "kind", "informational");
    tw_sarif_word(&w, "level", how.level);
    tw_sarif_text(&w, "message", says);
    put_places(s, &w, found, how.places);
    if (!strcmp(how.kind, "behaviour")) put_flows(s, &w, found);
    tw_fingerprint(s->doc, found, how.places, print);
    tw_json_key(&w, TW_S("partialFingerprints"));
    tw_json_obj(&w);
    tw_sarif_word(&w, "tidewaiter/v1", print);
    tw_json_obj_end(&w);
    put_suppressions(&w, found ? tw_suppressed(sink->suppressions, s->doc, found, how.places) : NULL);
    put_properties(s, &w, found);
    tw_json_obj_end(&w);
}

static void put_results(tw_sink *sink, tw_sarif *s, tw_level level)
{
    if (level == TW_LEVEL_UNREVIEWABLE) put_result(sink, s, 0, (told){"verdict", "", "warning"});
    TW_EACH_NODE (s->doc, tw_get_list(s->doc, 0, "behaviours"), i) {
        if (!tw_get_text(s->doc, i, "id").n) continue;
        put_result(sink, s, i,
                   (told){"behaviour", "evidence",
                          tw_get_is(s->doc, i, "level", "malicious")    ? "error"
                          : tw_get_is(s->doc, i, "level", "suspicious") ? "warning"
                          : tw_get_is(s->doc, i, "level", "notable")    ? "note"
                                                                        : "none"});
    }
    static const char *const lists[][2] = {{"findings", "finding"}, {"signals", "signal"}};
    for (size_t k = 0; k < TW_COUNT(lists); k++)
        TW_EACH_NODE (s->doc, tw_get_list(s->doc, 0, lists[k][0]), i) {
            if (!tw_get_text(s->doc, i, "id").n || tw_get_is(s->doc, i, "severity", "info")) continue;
            put_result(
                sink, s, i,
                (told){lists[k][1], "places", tw_get_is(s->doc, i, "severity", "bad") ? "warning" : "note"});
        }
}

/* --- notifications ------------------------------------------------------------------------------------ */
static void put_note(tw_sarif *s, tw_str member, tw_str says, const char *level, const char *id,
                     uint32_t index)
{
    if (s->notes.n > NOTES_MAX) return;
    if (s->n_notes++) tw_buf_puts(&s->notes, TW_S(",\n"));
    tw_json_w w = tw_json_writer(&s->notes);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("descriptor"));
    tw_json_obj(&w);
    tw_sarif_word(&w, "id", id);
    tw_sarif_number(&w, "index", index);
    tw_json_obj_end(&w);
    tw_sarif_word(&w, "level", level);
    tw_sarif_text(&w, "message", says);
    tw_json_key(&w, TW_S("locations"));
    tw_json_arr(&w);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("physicalLocation"));
    tw_json_obj(&w);
    tw_sarif_member(s, &w, member, TW_S(""));
    tw_json_obj_end(&w);
    tw_json_obj_end(&w);
    tw_json_arr_end(&w);
    tw_json_obj_end(&w);
}

static void put_gap(tw_sarif *s, uint32_t g)
{
    tw_str runs = tw_get_text(s->doc, g, "runs");
    for (int i = 0; i < TW_GAP_MAX; i++) {
        if (!tw_get_is(s->doc, g, "reason", tw_gap_name((tw_gap_reason)i))) continue;
        tw_buf says = TW_BUF_INIT, id = TW_BUF_INIT;
        tw_buf_fmt(&id, "gap.%s%c", tw_gap_name((tw_gap_reason)i), 0);
        tw_buf_puts(&says, tw_str_c(tw_gap_says((tw_gap_reason)i)));
        if (runs.n) tw_buf_fmt(&says, "; it runs at %.*s", TW_FMT(runs));
        put_note(s, tw_get_text(s->doc, g, "member"), tw_buf_str(&says), runs.n ? "warning" : "note", id.p,
                 (uint32_t)i);
        tw_buf_free(&says);
        tw_buf_free(&id);
    }
}

/* Calls that lead to nowhere known are in every program: they are counted, not told. */
static void put_notes(tw_sarif *s)
{
    uint32_t coverage = tw_get_object(s->doc, 0, "coverage");
    TW_EACH_NODE (s->doc, tw_get_list(s->doc, 0, "errors"), i) {
        tw_str says = tw_get_text(s->doc, i, "says");
        if (says.n) put_note(s, tw_get_text(s->doc, i, "member"), says, "error", "error", TW_GAP_MAX);
    }
    TW_EACH_NODE (s->doc, coverage ? tw_get_list(s->doc, coverage, "gaps") : 0, i) {
        if (!tw_get_is(s->doc, i, "reason", "dynamic") && !tw_get_is(s->doc, i, "reason", "summary"))
            put_gap(s, i);
    }
}

/* --- the log ------------------------------------------------------------------------------------------- */
static void begin(tw_sink *s)
{
    kept = (tw_sarif){.a = tw_arena_new(0), .known = s->rules};
    tw_map_init(&kept.rules, kept.a);
    tw_buf_puts(&s->out,
                TW_S("{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[\n"));
}

static void result(tw_sink *s, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    if (!kept.a) begin(s);
    kept.doc = &doc;
    tw_map_init(&kept.members, s->arena);
    tw_sarif_begin_artifact(&kept, r->item->artifact);
    tw_buf one = s->out;
    s->out = TW_BUF_INIT;
    put_results(s, &kept, r->level);
    tw_buf made = s->out;
    s->out = one;
    if (made.n && kept.written) tw_buf_puts(&s->out, TW_S(",\n"));
    kept.written |= made.n > 0;
    tw_buf_puts(&s->out, tw_buf_str(&made));
    tw_buf_free(&made);
    put_notes(&kept);
}

static void put_part(tw_buf *out, const char *before, const tw_buf *part, const char *after)
{
    tw_buf_puts(out, tw_str_c(before));
    tw_buf_puts(out, tw_buf_str(part));
    tw_buf_puts(out, tw_str_c(after));
}

static void end(tw_sink *s, const tw_tally *t)
{
    (void)t;
    if (!kept.a) begin(s);
    tw_buf_puts(&s->out,
                TW_S("\n],\"columnKind\":\"unicodeCodePoints\",\"tool\":{\"driver\":{\"name\":\"tidewaiter\","
                     "\"version\":\"" TW_VERSION "\",\"semanticVersion\":\"" TW_VERSION "\",\n"));
    put_part(&s->out, "\"rules\":[", &kept.rule_list, "],\n\"notifications\":");
    tw_json_w w = tw_json_writer(&s->out);
    tw_sarif_gap_rules(&w);
    tw_buf_fmt(&s->out, "}},\n\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d,",
               s->status == 2 ? "false" : "true", s->status);
    put_part(&s->out, "\"toolExecutionNotifications\":[", &kept.notes, "]}],\n");
    put_part(&s->out,
             "\"originalUriBaseIds\":{\"RUN\":{\"description\":{\"text\":\"the folder in which the paths "
             "were given\"}}",
             &kept.bases, "},\n");
    put_part(&s->out, "\"artifacts\":[", &kept.artifacts, "]}]}\n");
    tw_buf_free(&kept.rule_list);
    tw_buf_free(&kept.artifacts);
    tw_buf_free(&kept.bases);
    tw_buf_free(&kept.notes);
    tw_arena_free(kept.a);
    kept = (tw_sarif){0};
}

const tw_output tw_output_sarif = {"sarif", result, end};
