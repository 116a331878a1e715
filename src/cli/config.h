/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* tidewaiter.yaml: options of a verb that a project writes down once. It is looked for in the working folder and those above
 * it; only one that its user or root owns is believed, and that it is used is said. Source: config.c. */
#include "cli/verbs.h"

enum { TW_CONFIG_MAX = 64 << 10 };

/* Sets what the nearest file says, one option of `allowed` (names, ends with NULL) a key; a list sets its option again and
 * again. Call it before the options of the command line are read, so that those win. False after what is wrong was said
 * on stderr. argv has --no-config: nothing is looked for. */
bool tw_config_apply(const tw_verb *v, void *ctx, const char *const *allowed, int argc, char **argv);
