/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The rules a verb works with: those of the program, and a user's own beside them. Source: rules.c. */
#include "engine/rules/rules.h"

enum { TW_USER_RULES = 32 };
typedef struct tw_user_rules {
    const char *paths[TW_USER_RULES]; /* files, or folders whose *.yaml are meant */
    unsigned n;
    tw_str *names, *texts; /* of load: all files, as they were written */
    bool skip_bad;         /* a file with an error is left out, and that is said */
} tw_user_rules;

/* An option's `set`: NULL when taken. */
const char *tw_user_rules_add(tw_user_rules *u, const char *path);
/* In `a`; NULL after the reason was said on stderr (file:line:column: what was expected). */
const tw_rules *tw_user_rules_load(tw_user_rules *u, const char *verb, tw_arena *a);
/* The rule with this index as it was written. */
tw_str tw_user_rules_text(const tw_user_rules *u, uint32_t index);
