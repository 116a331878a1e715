/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* How results reach their reader: one row each in output.c, one file each. All render from the
 * report JSON, so nothing is shown that is not in the report. docs/reference/outputs.md */
#include "cli/outputs/escape.h"
#include "service/supervisor/supervisor.h"

typedef struct tw_sink {
    tw_buf out;                                 /* what is to be written; the caller writes and clears it */
    tw_arena *arena;                            /* scratch, reset between results */
    const tw_rules *rules;                      /* in force; NULL: none to explain */
    const struct tw_suppressions *suppressions; /* NULL: none */
    const char *inspector; /* address of a page that shows the files of a release; NULL: none */
    const char *id_prefix; /* of OSV records; NULL: they get none */
    int64_t now;           /* seconds since 1970, for records that carry a date */
    bool withdraw;         /* OSV: records of what is malicious no more */
    bool colour;
    bool several; /* more than one artifact */
    int status;   /* exit status; known at the end */
    uint64_t shown;
} tw_sink;

typedef struct tw_output {
    const char *name;
    void (*result)(tw_sink *s, const tw_result *r);
    void (*end)(tw_sink *s, const tw_tally *t); /* may be NULL */
} tw_output;

extern const tw_output *const tw_outputs[]; /* ends with NULL */
extern const tw_output tw_output_text, tw_output_json, tw_output_jsonl, tw_output_sarif, tw_output_html,
    tw_output_markdown, tw_output_brief, tw_output_observation, tw_output_osv, tw_output_baseline;

/* fingerprint.c: what a finding or behaviour of the report is known by as long as neither it nor the content of the
 * files it rests on changes: 64 hex digits of its id and those contents. */
void tw_fingerprint(const tw_doc *doc, uint32_t found, const char *places, char ret[65]);

/* spoken.c: what a rule says, as a sentence without its slots. */
tw_str tw_rule_spoken(tw_arena *a, tw_str says);

/* --- terminal.c ------------------------------------------------------------------------------------- */
enum { TW_COLUMNS = 80, TW_COLUMNS_LEAST = 40, TW_COLUMNS_MOST = 120 };
/* What lines are made for: 80, or what set was told. */
unsigned tw_term_columns(void);
/* From COLUMNS or the terminal behind fd; 80 where neither says. */
void tw_term_fit(int fd);
void tw_term_set_columns(unsigned columns);
/* May `fd` be given colours: a terminal, not a dumb one, and no NO_COLOR. */
bool tw_term_colour(int fd);
/* May a line on `fd` be drawn over. */
bool tw_term_redraws(int fd);
/* Words of s, wrapped; `indent` spaces before each line but the first, which begins at `column`. */
void tw_term_wrap(tw_buf *b, tw_str s, unsigned column, unsigned indent);
void tw_term_level(tw_sink *s, tw_level l, unsigned width);
