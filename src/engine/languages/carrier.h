/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the front ends of files that only carry code share: a module, named functions in it, texts in another
 * language. Source: carrier.c. */
#include "engine/ir/ir.h"

/* Opens the module. False when the file is larger than limits.source_bytes: the cut is noted, *bytes shortened. */
bool tw_carry_begin(tw_ir *ir, tw_arena *a, tw_lang lang, tw_str *bytes, const tw_limits *lim);
/* Closes it; `all`: bytes of the file. */
void tw_carry_end(tw_ir *ir, size_t all);
/* A function without parameters that holds what is carried until it is closed; they do not nest. */
void tw_carry_func(tw_ir *ir, tw_str name, uint32_t off, uint32_t len);
void tw_carry_func_end(tw_ir *ir, uint32_t end);
/* A text of a language. Its span is the text itself where that stands in the file as it is, in quotes or not. Past 256 of one file
 * they are a gap. */
void tw_carry_text(tw_ir *ir, tw_str language, tw_str text, uint64_t off, uint64_t len);
/* A span that was not understood. */
void tw_carry_opaque(tw_ir *ir, tw_gap_reason reason, uint64_t off, uint64_t len);
