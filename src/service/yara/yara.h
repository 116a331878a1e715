/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A user's YARA files beside our own reading: what matches is a finding (yara.match) and never changes the verdict. Compiled
 * before workers are started; the scan itself runs in the worker, over each member's content. Source: yara.c; libyara itself is
 * in an optional module (module.h). */
#include "engine/engine.h"

/* Includes are off. Errors: UNSUPPORTED (no module beside the program), those of reading a file, MALFORMED (diag has file and
 * line). Lives until the process ends. */
tw_err tw_yara_load(tw_arena *a, const char *const *paths, size_t n, const tw_inspector **ret, tw_diag *d);
