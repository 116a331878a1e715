/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What artifacts can do as one page that stands by itself: no script, nothing loaded, every text of a package escaped.
 * Source: html.c. */
#include "base/doc.h"

void tw_html_begin(tw_buf *out, const tw_doc *first); /* its name is the title */
/* One object of schema tidewaiter.capabilities/1, hostile. scratch: reset between two. */
void tw_html_profile(tw_buf *out, tw_arena *scratch, const tw_doc *doc);
void tw_html_end(tw_buf *out);
