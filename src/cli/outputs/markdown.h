/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Markdown for a comment: never more than TW_COMMENT_MAX bytes. Sources: markdown.c (reports), markdown_diff.c. */
#include "cli/outputs/escape.h"
#include "cli/outputs/read.h"
#include "service/diff/diff.h"

enum { TW_COMMENT_MAX = 65000 }; /* forges take 65,536 characters */

/* "`member:line` `code`" as an item of a list; hidden: in a layer. */
void tw_md_place(tw_buf *b, const tw_doc *doc, uint32_t place, const char *indent);
/* What a release gained, and no more. */
void tw_markdown_diff(const tw_diff *d, tw_buf *out);
