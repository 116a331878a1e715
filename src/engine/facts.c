/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/facts.h"

#include "engine/verdict/priv.h"

static tw_str head_of(const tw_report_in *in, tw_arena *a, uint32_t unit)
{
    const tw_unit *u = &in->join->units[unit];
    tw_buf b = {.limit = TW_LAYER_HEAD_MAX};
    tw_json_w w = tw_json_writer(&b);
    tw_json_obj(&w);
    tw_put_number(&w, "unit", unit);
    tw_put_text(&w, "member", in->members[u->member].path);
    tw_put_word(&w, "language", tw_lang_name((tw_lang)u->record->lang));
    if (u->parent != TW_NONE) {
        tw_put_number(&w, "of", u->parent);
        tw_put_number(&w, "layer", u->layer);
    }
    tw_json_obj_end(&w);
    tw_str s = b.over ? TW_S("{}") : tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

void tw_facts(const tw_report_in *in, tw_arena *a, tw_outcome *ret)
{
    const tw_join *j = in->join;
    uint32_t n = j->n_units < TW_LAYERS_MAX ? j->n_units : TW_LAYERS_MAX;
    tw_layer_out *out = TW_NEWN(a, tw_layer_out, (size_t)n + 1);
    uint64_t left = TW_LAYERS_BYTES_MAX;
    for (uint32_t i = 0; i < n; i++) {
        tw_buf b = {.limit = TW_LAYER_BODY_MAX - TW_LAYER_HEAD_MAX};
        out[i].head = head_of(in, a, i);
        tw_record_dump(j->units[i].record, &b);
        bool fits = !b.over && out[i].head.n + b.n < left;
        if (fits) out[i].text = tw_arena_str(a, tw_buf_str(&b));
        left -= out[i].head.n < left ? out[i].head.n : left;
        if (fits) left -= b.n;
        tw_buf_free(&b);
    }
    ret->layers = out;
    ret->n_layers = n;
}
