/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* All that an artifact can do, place by place, for `tidewaiter capabilities` and `tidewaiter diff`: where a report shows the
 * first of each, a profile has them all. Source: profile.c. Schema "tidewaiter.capabilities/1": docs/internals/profile.md. */
#include "base/doc.h"
#include "engine/unwrap.h"

enum { TW_PROFILE_MAX = 15 << 20 }; /* bytes; lists are cut, and say how much is missing, to stay below */

/* As the one layer of *ret, its text canonical JSON in `a`. in->evidence: tw_evidence_uses, filled. */
void tw_profile(const tw_report_in *in, const tw_verdict *v, tw_arena *a, tw_outcome *ret);
/* "unread": [...], what of it was not read (profile_unread.c). */
void tw_profile_unread(const tw_report_in *in, tw_json_w *w, tw_arena *a, uint32_t most);
