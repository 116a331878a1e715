/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/lookup.h"

#include "base/doc.h"
#include "base/os.h"
#include "engine/capabilities/capabilities.h"

enum { NAME_SHOWN = 4096 }; /* bytes of a path that a report shows */

static void add_text(tw_sha256 *s, tw_str text)
{
    tw_digest d = tw_sha256_of(text);
    tw_sha256_add(s, d.b, sizeof d.b);
}

/* The build id stands for all code and the data in it; rules and limits may come from elsewhere. */
bool tw_lookup_key(const tw_engine *e, const tw_input *in, tw_digest *ret)
{
    tw_str build = tw_build_id();
    if (!build.n) return false;
    const uint64_t limits[] = {
#define X(name, value, what) e->limits.name,
        TW_LIMITS(X)
#undef X
    };
    tw_digest tables = tw_tables_hash(), rules = tw_rules_hash(e->rules);
    tw_sha256 s;
    tw_sha256_init(&s);
    add_text(&s, TW_S("report"));
    add_text(&s, build);
    tw_sha256_add(&s, tables.b, sizeof tables.b);
    tw_sha256_add(&s, rules.b, sizeof rules.b);
    tw_sha256_add(&s, limits, sizeof limits);
    if (e->inspector) tw_sha256_add(&s, e->inspector->id.b, sizeof e->inspector->id.b);
    add_text(&s, in->file_name);
    add_text(&s, in->purl);
    add_text(&s, in->history);
    *ret = tw_sha256_end(&s);
    return true;
}

bool tw_lookup_address(tw_arena *scratch, tw_str report, const tw_input *in, tw_buf *out)
{
    tw_doc doc;
    tw_buf_clear(out);
    if (tw_json_read(scratch, report, NULL, &doc, NULL) != TW_OK || doc.nodes[0].kind != TW_NODE_OBJECT)
        return false;
    tw_json_w w = tw_json_writer(out);
    tw_json_obj(&w);
    for (uint32_t i = tw_node_first(&doc, 0); i != tw_node_end(&doc, 0); i = doc.nodes[i].next) {
        tw_str key = doc.nodes[i].key;
        if (tw_str_eq(key, TW_S("index"))) continue;
        tw_json_key(&w, key);
        if (!tw_str_eq(key, TW_S("artifact"))) {
            tw_json_node(&w, &doc, i);
            continue;
        }
        tw_json_str(&w, in ? tw_str_sub(in->artifact, 0, NAME_SHOWN) : TW_S(""));
        if (!in || !in->has_index) continue;
        tw_json_key(&w, TW_S("index"));
        tw_json_u64(&w, in->index);
    }
    tw_json_obj_end(&w);
    return !out->over;
}
