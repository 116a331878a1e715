/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Values of a report or profile under keys that the program knows. All texts in one are hostile. */
#include "base/doc.h"

static inline tw_str tw_get_text(const tw_doc *doc, uint32_t id, const char *key)
{
    return tw_node_str(doc, id, tw_str_c(key), TW_S(""));
}
static inline uint64_t tw_get_number(const tw_doc *doc, uint32_t id, const char *key)
{
    return tw_node_number(doc, id, tw_str_c(key));
}
static inline uint32_t tw_get_list(const tw_doc *doc, uint32_t id, const char *key)
{
    return tw_node_list(doc, id, tw_str_c(key));
}
/* 0 (the root, never a child) where there is none. */
static inline uint32_t tw_get_object(const tw_doc *doc, uint32_t id, const char *key)
{
    const tw_node *n = tw_node_get(doc, id, tw_str_c(key));
    return n && n->kind == TW_NODE_OBJECT ? tw_node_id(doc, n) : 0;
}
static inline bool tw_get_true(const tw_doc *doc, uint32_t id, const char *key)
{
    const tw_node *n = tw_node_get(doc, id, tw_str_c(key));
    return n && n->kind == TW_NODE_BOOL && n->truth;
}
static inline bool tw_get_is(const tw_doc *doc, uint32_t id, const char *key, const char *word)
{
    return tw_str_eq(tw_get_text(doc, id, key), tw_str_c(word));
}
