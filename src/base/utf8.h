/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* UTF-8, strict (no surrogates, no overlong forms). Source: utf8.c. */
#include "base/buf.h"
#include "base/str.h"

/* Next code point at s.p[*off], moving *off; a bad byte gives 0xFFFD and moves one byte with
 * *ret_bad (may be NULL) set. Call only with *off < s.n. */
uint32_t tw_utf8_next(tw_str s, size_t *off, bool *ret_bad);
bool tw_utf8_valid(tw_str s);
void tw_utf8_put(tw_buf *b, uint32_t cp);
/* Columns a terminal gives this code point: 0 combining, 2 wide, else 1. */
int tw_utf8_width(uint32_t cp);
/* True for bidi controls, zero-width and other invisible format characters. */
bool tw_utf8_invisible(uint32_t cp);
/* For collision tests of file names only: simple case fold and canonical composition of Latin,
 * Greek and Cyrillic ranges appended to b; deterministic and locale-free. */
void tw_utf8_fold(tw_buf *b, tw_str s);
