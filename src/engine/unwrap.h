/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The layers of an artifact with their texts, for `tidewaiter unwrap`. Sources: unwrap.c, pretty*.c. */
#include "engine/verdict/report.h"

typedef struct tw_layer_out {
    tw_str head;   /* one JSON object: id, parent, place, recipe, language, what runs it */
    tw_str text;   /* as it was decoded; p == NULL: more than an answer holds */
    tw_str pretty; /* the same tokens, a statement a line; p == NULL: the text is fine as it is */
} tw_layer_out;

enum {
    TW_LAYER_HEAD_MAX = 64 << 10,
    TW_LAYER_BODY_MAX = 16 << 20, /* head, text and pretty text of one layer */
    TW_LAYERS_BYTES_MAX = 128 << 20,
    TW_LAYERS_MAX = 20000,
};

/* One layer as bytes, and back; false: that is none. The slices point into `bytes`. */
void tw_layer_pack(const tw_layer_out *l, tw_buf *out);
bool tw_layer_unpack(tw_str bytes, tw_layer_out *ret);

/* All layers, each behind the one that holds it, in the order of the files. ev: tw_evidence_layers, filled. */
void tw_layers_list(const tw_report_in *in, const tw_evidence *ev, tw_outcome *ret);

/* The text with a statement on each line, in `a`; p == NULL when it is fine as it is, or when anything but white
 * space between tokens would change (both are lowered and compared). */
tw_str tw_pretty(tw_arena *a, tw_lang lang, tw_str text, const tw_limits *lim);
/* One language each, without the comparison. */
void tw_pretty_python(tw_str text, tw_buf *out);
void tw_pretty_javascript(tw_str text, tw_buf *out);
