/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Shared by the sources of this folder. */
#include "engine/verdict/report.h"

#include "base/doc.h"

/* Strongest root of each member, TW_TRIGGER_MAX where nothing starts it. [n_members] */
uint8_t *tw_member_triggers(const tw_report_in *in, tw_arena *a);
/* When what the gap hides runs: with the function that holds the layer, else with the member. */
uint8_t tw_gap_trigger(const tw_report_in *in, const uint8_t *triggers, const tw_gap *g);
/* Whether that makes the artifact unreviewable. */
bool tw_gap_hides_code(const tw_report_in *in, const uint8_t *triggers, const tw_gap *g,
                       uint8_t *ret_trigger);
void tw_finding_says(tw_buf *b, const tw_finding *f);

/* How much of each list a report shows; halved until the report fits. */
typedef struct tw_caps {
    uint32_t items, places, path, text;
} tw_caps;
typedef struct tw_report_w {
    tw_json_w *w;
    const tw_report_in *in;
    tw_caps most;
} tw_report_w;

void tw_put_text(tw_json_w *w, const char *key, tw_str s); /* empty: null */
void tw_put_word(tw_json_w *w, const char *key, const char *word);
void tw_put_number(tw_json_w *w, const char *key, uint64_t n);
void tw_put_digest(tw_json_w *w, const char *key, const tw_digest *d, size_t digits); /* zeros: null */

/* "key": [ ... {"more": n} ]: begin, ask before each item, end. */
typedef struct tw_list_w {
    tw_json_w *w;
    uint32_t left;
    uint64_t more;
} tw_list_w;
tw_list_w tw_list_begin(tw_json_w *w, const char *key, uint32_t most);
bool tw_list_room(tw_list_w *l); /* false: count it as more */
void tw_list_end(tw_list_w *l);

/* Where a layer stands in the text that holds it (snippet.c). */
tw_place tw_layer_place(const tw_join *j, uint32_t unit);
/* The place in the file that p has come from, through all layers around it. */
tw_place tw_file_place(const tw_join *j, tw_place p);
/* The place in the file itself, where the layer's text stands there as it is: a line of .pth, a script of package.json. */
tw_place tw_open_place(const tw_join *j, tw_place p);
void tw_report_place(const tw_report_w *r, tw_place p);
void tw_report_member_place(const tw_report_w *r, uint32_t member, uint64_t off);
void tw_report_behaviours(const tw_report_w *r);
void tw_report_findings(const tw_report_w *r);
void tw_report_signals(const tw_report_w *r); /* and what of its history is known */
void tw_report_capabilities(const tw_report_w *r);
void tw_report_flows(const tw_report_w *r);
void tw_report_layers(const tw_report_w *r);
void tw_report_coverage(const tw_report_w *r);
void tw_report_indicators(const tw_report_w *r);
