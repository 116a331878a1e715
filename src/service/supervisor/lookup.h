/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The report of an artifact that was reviewed before, by the bytes: what it depends on, and how it is addressed to the
 * name that is given now. Source: lookup.c. */
#include "engine/engine.h"

/* Everything but the bytes that a report depends on. False: this program has no build id, so nothing is looked up. */
bool tw_lookup_key(const tw_engine *e, const tw_input *in, tw_digest *ret);
/* The report with this input's name and place in the run, and with none at all (in == NULL: as it is stored).
 * False: it is no report. */
bool tw_lookup_address(tw_arena *scratch, tw_str report, const tw_input *in, tw_buf *out);
