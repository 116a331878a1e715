/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What our pages have in common: one head, one style, no script, nothing loaded. The writer's own markup goes through
 * tw_page_raw, every text of a package through tw_page_put. Source: page.c. */
#include "base/doc.h"
#include "cli/outputs/escape.h"
#include "cli/outputs/read.h"

typedef struct tw_page {
    tw_buf *out;
    tw_arena *a; /* scratch */
    const tw_doc *doc;
} tw_page;

/* Up to and with <body>: the title is `before`, the text `name`, `after`. */
void tw_page_begin(tw_buf *out, const char *before, tw_str name, const char *after);
void tw_page_raw(const tw_page *p, const char *html);
void tw_page_put(const tw_page *p, tw_str text);
void tw_page_number(const tw_page *p, uint64_t n);
/* A row of a <dl>; nothing for an empty text. */
void tw_page_fact(const tw_page *p, const char *what, tw_str text);
/* Member, line and what stands there; `after` follows the place. */
void tw_page_place(const tw_page *p, uint32_t place, const char *after);
/* A <li> with the text in a code element. */
void tw_page_code_item(const tw_page *p, tw_str text);
