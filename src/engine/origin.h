/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Where compiled files come from, as far as the artifact says. Source: origin.c. */
#include "engine/units.h"

/* Findings on compiled files that only the whole package tells, and in each gap of machine code whether source for it is there. */
void tw_origin_check(tw_reading *r, const tw_package *p);
