/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The table of verbs (verbs.h) in other forms than --help. Source: manual.c. */
#include "cli/verbs.h"

void tw_manual_page(const tw_verb *v); /* man(7); NULL: tidewaiter(1) itself */
/* A file for bash to read: verbs, their options, files. */
void tw_manual_bash(void);
