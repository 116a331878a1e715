/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What observation.c and osv.c, which write to registries and databases, have in common. Source: records.c. */
#include "cli/outputs/output.h"
#include "cli/outputs/read.h"

void tw_record_text(tw_json_w *w, const char *key, tw_str s, unsigned most); /* made visible, cut */
/* The behaviours of level malicious: what each says, when it runs, where it stands. */
void tw_record_behaviours(tw_json_w *w, const tw_doc *doc);
/* PyPI's normal form of a name. */
void tw_record_normal(tw_buf *b, tw_str name);
/* A note for the person who asked: on stderr, since the output is for a machine. */
void tw_record_note(const tw_result *r, const char *why);
