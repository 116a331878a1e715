/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* `tidewaiter rules test`: each rule beside its fixtures. Source: rules_test.c. */
#include "cli/rules.h"

/* Reviews DIR/ID/hit/NAME and DIR/ID/miss/NAME (folders or artifacts) in confined workers: a rule must match all of the
 * first and none of the second, and no miss may be suspicious. `ids`: only these rules. Writes what failed and
 * "N passed, N failed" to out. 0: all passed; 1: not; 2: nothing to test. */
int tw_rules_test(const tw_rules *rules, tw_arena *a, const char *dir, int n, char **ids, tw_buf *out);
