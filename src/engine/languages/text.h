/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* For all front ends: facts about the text itself, names outside ASCII. Sources: text.c, text_names.c,
 * text_prompt.c. */
#include "engine/ir/ir.h"

enum { TW_TEXT_BLOB_MIN = 2048 };

void tw_text_finding(tw_ir *ir, tw_finding_id id, uint64_t off, tw_str detail); /* a counted number of them */
/* Bidi controls, invisible characters, NUL bytes of ir->source. far_right: code far to the right starts
 * there; UINT32_MAX: none. */
void tw_text_facts(tw_ir *ir, uint32_t far_right);
void tw_text_prompt(tw_ir *ir); /* called by tw_text_facts: text addressed to an automated reviewer */
void tw_text_blob(tw_ir *ir, uint32_t off, tw_str s); /* a constant: notes a large one that looks coded */
/* A name with bytes above 127: notes one that poses as another. True: its compatibility form, appended to
 * `normal` (may be NULL), differs. */
bool tw_text_name(tw_ir *ir, tw_str name, uint64_t off, tw_buf *normal);
/* WTF-8: a lone surrogate keeps its three bytes. */
void tw_text_put_cp(tw_buf *b, uint32_t c);
