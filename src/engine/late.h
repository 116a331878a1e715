/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* After the join: files that run, and that nobody took for code because of their names. They are read as what starts
 * them reads them, and the whole is joined again. Source: late.c. */
#include "engine/units.h"

/* Joins; then reads what the join wants and joins again, a few times at most. */
void tw_join_all(tw_reading *r, const tw_input *in, tw_join *join);
