/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/records.h"

#include <stdio.h>

enum { BEHAVIOURS = 12, EVIDENCE = 4, SAYS = 500, PATH = 300 };

void tw_record_text(tw_json_w *w, const char *key, tw_str s, unsigned most)
{
    tw_buf b = TW_BUF_INIT;
    tw_term_put(&b, s, most);
    tw_json_key(w, tw_str_c(key));
    tw_json_str(w, tw_buf_str(&b));
    tw_buf_free(&b);
}

static void put_place(tw_json_w *w, const tw_doc *doc, uint32_t place)
{
    uint64_t line = tw_get_number(doc, place, "line"), layer = tw_get_number(doc, place, "layer");
    tw_json_obj(w);
    tw_record_text(w, "file", tw_get_text(doc, place, "member"), PATH);
    if (line) {
        tw_json_key(w, TW_S("line"));
        tw_json_u64(w, line);
    }
    if (layer) {
        tw_json_key(w, TW_S("layer"));
        tw_json_u64(w, layer);
    }
    tw_record_text(w, "code", tw_get_text(doc, place, "snippet"), 200);
    tw_json_obj_end(w);
}

void tw_record_behaviours(tw_json_w *w, const tw_doc *doc)
{
    uint32_t n = 0;
    tw_json_key(w, TW_S("behaviours"));
    tw_json_arr(w);
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "behaviours"), i) {
        uint32_t places = 0;
        if (!tw_get_is(doc, i, "level", "malicious") || n++ >= BEHAVIOURS) continue;
        tw_json_obj(w);
        tw_record_text(w, "id", tw_get_text(doc, i, "id"), 100);
        tw_record_text(w, "trigger", tw_get_text(doc, i, "trigger"), 20);
        tw_record_text(w, "says", tw_get_text(doc, i, "says"), SAYS);
        tw_json_key(w, TW_S("places"));
        tw_json_arr(w);
        TW_EACH_NODE (doc, tw_get_list(doc, i, "evidence"), k) {
            if (!tw_get_number(doc, k, "more") && places++ < EVIDENCE) put_place(w, doc, k);
        }
        tw_json_arr_end(w);
        tw_json_obj_end(w);
    }
    tw_json_arr_end(w);
}

void tw_record_normal(tw_buf *b, tw_str name)
{
    bool dash = false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool is = c == '-' || c == '_' || c == '.';
        if (!is)
            tw_buf_putc(b, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
        else if (!dash)
            tw_buf_putc(b, '-');
        dash = is;
    }
}

void tw_record_note(const tw_result *r, const char *why)
{
    tw_buf line = TW_BUF_INIT;
    tw_term_put(&line, r->item->artifact, 200);
    fprintf(stderr, "tidewaiter: %.*s: %s\n", TW_FMT(tw_buf_str(&line)), why);
    tw_buf_free(&line);
}
