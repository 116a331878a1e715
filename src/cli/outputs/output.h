/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* How results reach standard output: one row each in output.c, one file each. All render from the
 * report JSON, so nothing is shown that is not in the report. */
#include "service/supervisor/supervisor.h"

enum { TW_COLUMNS = 80 };

typedef struct tw_sink {
    tw_buf out;      /* what is to be written; the caller writes and clears it */
    tw_arena *arena; /* scratch, reset between results */
    bool colour;
    bool several; /* more than one artifact */
    uint64_t shown;
} tw_sink;

typedef struct tw_output {
    const char *name;
    void (*result)(tw_sink *s, const tw_result *r);
    void (*end)(tw_sink *s, const tw_tally *t); /* may be NULL */
} tw_output;

extern const tw_output *const tw_outputs[]; /* ends with NULL */
extern const tw_output tw_output_text, tw_output_json, tw_output_jsonl;

/* --- terminal.c: text that a package may have written, made harmless ------------------------------ */
/* Control characters, bidi, invisible ones and bytes that are no UTF-8 become visible escapes; at most
 * `columns` columns (0: no limit), cut with "...". */
void tw_term_put(tw_buf *b, tw_str s, unsigned columns);
/* The same in words, wrapped at 80 columns; `indent` spaces before each line but the first. */
void tw_term_wrap(tw_buf *b, tw_str s, unsigned column, unsigned indent);
void tw_term_level(tw_sink *s, tw_level l, unsigned width);
