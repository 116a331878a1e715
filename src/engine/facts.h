/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The records of an artifact as text, for `tidewaiter facts`. Source: facts.c. */
#include "engine/unwrap.h"

/* A layer of *ret for each analysed text, members in their order, each before the layers in it. head: {"unit", "member",
 * "language", and of a layer "of" (its holder's unit), "layer" (which of its)}; text: tw_record_dump, p == NULL where that is
 * more than an answer holds. In `a`. */
void tw_facts(const tw_report_in *in, tw_arena *a, tw_outcome *ret);
