/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the sources of this folder say to each other. */
#include "engine/languages/carrier.h"

/* Values of a text that is a Python expression (gyp.c): binding.gyp, and JSON that is not strict, whose scripts
 * are found here too. */
void mf_lower_python(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir, bool with_scripts);
