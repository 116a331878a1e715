/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "service/diff/diff.h"

#include "base/map.h"

typedef struct differ {
    tw_arena *a;
    tw_diff *out;
    tw_map
        commonplace; /* place in the new release -> 1 a command that only asks, 2 a file of its own that is run */
    tw_map acts_before, acts_now;
} differ;

static inline tw_str diff_text(const tw_doc *d, uint32_t id, const char *key)
{
    return tw_node_str(d, id, tw_str_c(key), TW_S(""));
}
static inline uint32_t diff_list(const tw_doc *d, const char *key)
{
    return tw_node_list(d, 0, tw_str_c(key));
}
/* A name that holds its release's version means the same in the next one: the version becomes a star, and the top folder is
 * gone. */
tw_str diff_path(const differ *x, const tw_doc *d, tw_str path);
/* Rank of a trigger, 0 the strongest. */
uint32_t diff_rank(tw_str trigger);
void diff_add(const differ *x, tw_diff_item item);

/* commonplace.c */
bool diff_only_asks(tw_str line);
void diff_find_commonplace(differ *x);
bool diff_is_commonplace(const differ *x, uint32_t at, tw_str id);
void diff_count_acts(differ *x);
bool diff_no_more_often(const differ *x, uint32_t use);

/* diff_parts.c */
void diff_capabilities(const differ *x);
void diff_flows(const differ *x);
void diff_behaviours(const differ *x);
void diff_starts(const differ *x);
void diff_hosts(const differ *x);
void diff_dependencies(const differ *x);
void diff_files(const differ *x);
