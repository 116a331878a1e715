/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* `scan --profile pypi|npm`: what a registry would see in a release before it is uploaded, and what to do about it. All of
 * it is said from the reports and profiles that workers sent, so everything in them is hostile text.
 * Sources: author.c (the page), pairs.c (wheel beside sdist), advice.c (what to do). */
#include "base/doc.h"
#include "cli/outputs/output.h"

typedef struct tw_authored { /* one artifact */
    tw_str artifact, file_name;
    tw_level level;
    bool opened, described; /* described: there is a profile */
    tw_doc report, profile;
    uint64_t size;
} tw_authored;

typedef struct tw_author {
    tw_arena *arena;
    const char *registry; /* "pypi", "npm" */
    bool colour;
    TW_VEC(tw_authored) list;
    uint32_t n_refused; /* reasons for which the registry would take none of it */
} tw_author;

void tw_author_add(tw_author *a, const tw_result *r);
/* The page; also counts n_refused. */
void tw_author_write(tw_author *a, tw_buf *out);

/* --- shared by the sources ------------------------------------------------------------------------ */
static inline tw_str tw_author_text(const tw_doc *doc, uint32_t id, const char *key)
{
    return tw_node_str(doc, id, tw_str_c(key), TW_S(""));
}
/* A line of words behind `head`, wrapped; what is in it is made harmless. */
void tw_author_line(tw_buf *out, const char *head, tw_str words, unsigned indent);
/* Compares wheels with sdists of one release; writes what differs. */
void tw_author_pairs(tw_author *a, tw_buf *out);
/* What to do about a finding or signal of that id; NULL: nothing but to know it. *ret_refused: the registry refuses it. */
const char *tw_advice_of(const char *registry, tw_str id, bool *ret_refused);
/* What to do about a behaviour that runs then. */
const char *tw_advice_at(tw_str trigger);
