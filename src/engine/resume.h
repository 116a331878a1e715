/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Between reading and join: code that something in the package reads and runs. Files that run what their record
 * does not know are evaluated once more, in their package (engine/record/world.h); what they run then is a layer of
 * theirs, analysed as any other. Source: resume.c. */
#include "engine/units.h"

/* Adds units behind those that were read; looks at those from the first-th on. */
void tw_resume(tw_reading *r, const tw_input *in, const tw_package *p, uint32_t first);
