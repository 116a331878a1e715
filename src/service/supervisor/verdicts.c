/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/verdicts.h"

#include "base/doc.h"

enum { NAME_SHOWN = 4096 }; /* bytes of a path that a report shows */

static const tw_fault_info faults[] = {
#define X(id, code, retry, says) {code, retry, says},
    TW_FAULTS(X)
#undef X
};

const tw_fault_info *tw_fault_info_of(tw_fault f)
{
    return &faults[f];
}

tw_level tw_level_by_name(tw_str name)
{
    unsigned l = 0;
    while (l < TW_LEVEL_MAX && !tw_str_eq(name, tw_str_c(tw_level_name((tw_level)l)))) l++;
    return (tw_level)l;
}

static tw_fault refuse(const char **ret_why, const char *why)
{
    *ret_why = why;
    return TW_FAULT_REPORT;
}

/* The text as a report would hold it: what is not UTF-8 is replaced by the writer. */
static bool same_text(tw_arena *a, tw_str shown, tw_str raw)
{
    if (tw_str_eq(shown, raw)) return true;
    tw_buf b = TW_BUF_INIT;
    tw_json_w w = tw_json_writer(&b);
    tw_json_str(&w, raw);
    tw_doc doc;
    bool same = tw_json_read(a, tw_arena_str(a, tw_buf_str(&b)), NULL, &doc, NULL) == TW_OK &&
                tw_str_eq(doc.nodes[0].text, shown);
    tw_buf_free(&b);
    return same;
}

static bool is_canonical(const tw_doc *doc, tw_str json)
{
    tw_buf b = {.limit = TW_REPORT_MAX * 2};
    tw_json_w w = tw_json_writer(&b);
    tw_json_node(&w, doc, 0);
    bool same = !b.over && tw_str_eq(tw_buf_str(&b), json);
    tw_buf_free(&b);
    return same;
}

tw_fault tw_report_accept(tw_arena *scratch, tw_str json, const tw_item *item, const tw_digest *sha256,
                          tw_level *ret_level, const char **ret_why)
{
    static const tw_doc_limits limits = {.max_depth = 24, .max_nodes = TW_REPORT_MAX / 2};
    tw_doc doc;
    char hex[65];
    if (json.n > TW_REPORT_MAX) return refuse(ret_why, "longer than a report may be");
    if (tw_json_read(scratch, json, &limits, &doc, NULL) != TW_OK) return refuse(ret_why, "not JSON");
    if (doc.nodes[0].kind != TW_NODE_OBJECT || doc.n_duplicates)
        return refuse(ret_why, "not an object of distinct keys");
    if (!tw_str_eq(tw_node_str(&doc, 0, TW_S("schema"), TW_S("")), TW_S("tidewaiter.report/1")))
        return refuse(ret_why, "not of schema tidewaiter.report/1");
    if (!same_text(scratch, tw_node_str(&doc, 0, TW_S("artifact"), TW_S("")),
                   tw_str_sub(item->artifact, 0, NAME_SHOWN)))
        return refuse(ret_why, "about another artifact");
    *ret_level = tw_level_by_name(tw_node_str(&doc, 0, TW_S("verdict"), TW_S("")));
    if (*ret_level == TW_LEVEL_MAX) return refuse(ret_why, "without a known verdict");
    if (!is_canonical(&doc, json)) return refuse(ret_why, "not in canonical form");
    tw_digest_hex(sha256, hex);
    if (tw_str_eq(tw_node_str(&doc, 0, TW_S("sha256"), TW_S("")), tw_str_c(hex))) return TW_FAULT_NONE;
    *ret_why = "its SHA-256 is not that of the artifact";
    return TW_FAULT_CHANGED;
}

void tw_report_fault(tw_arena *scratch, const tw_input *in, const tw_digest *sha256, const tw_rules *rules,
                     tw_fault f, const char *detail, tw_buf *out)
{
    const tw_fault_info *info = &faults[f];
    tw_report_error e = {
        .code = info->code, .member = TW_NO_MEMBER, .off = UINT64_MAX, .retryable = info->retry};
    e.says = detail ? tw_arena_fmt(scratch, "%s: %s", info->says, detail) : tw_str_c(info->says);
    tw_report_failed(in, sha256, rules, &e, out);
}
