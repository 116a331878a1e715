/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* SARIF 2.1.0, one run. Results are written as they come; what the log says after them waits in a tw_sarif.
 * Sources: sarif.c (the log and its results), sarif_places.c (where), sarif_rules.c (what the ids mean). */
#include "base/map.h"
#include "cli/outputs/output.h"
#include "cli/outputs/read.h"

#define TW_SARIF_NONE UINT32_MAX

typedef struct tw_sarif {
    tw_arena *a; /* of the run */
    tw_map rules;
    tw_buf rule_list, artifacts, bases, notes; /* JSON, without the brackets around it */
    uint32_t n_artifacts, n_notes, n_bases;
    /* The artifact at hand */
    const tw_doc *doc;
    tw_str artifact;
    uint32_t container; /* its index */
    uint32_t base;      /* number of its base */
    bool folder;        /* its members are files */
    bool written;       /* a result */
    tw_map members;     /* path -> index */
    const tw_rules *known;
} tw_sarif;

void tw_sarif_text(tw_json_w *w, const char *key, tw_str text); /* key: a message object */
void tw_sarif_word(tw_json_w *w, const char *key, const char *word);
void tw_sarif_str(tw_json_w *w, const char *key, tw_str s); /* made visible */
void tw_sarif_number(tw_json_w *w, const char *key, uint64_t n);

/* sarif_rules.c: index of the descriptor, made where it is new. kind: "behaviour", "finding", "signal", "verdict". */
uint32_t tw_sarif_rule(tw_sarif *s, const char *kind, uint32_t found);
void tw_sarif_gap_rules(tw_json_w *w); /* the descriptors of notifications, as one array */

/* sarif_places.c */
void tw_sarif_begin_artifact(tw_sarif *s, tw_str artifact);
/* A location object of a place of the report (0: the artifact); id 0: none. `says` may be empty. */
void tw_sarif_location(tw_sarif *s, tw_json_w *w, uint32_t place, uint32_t id, tw_str says);
void tw_sarif_member(tw_sarif *s, tw_json_w *w, tw_str member,
                     tw_str sha256); /* physicalLocation's artifactLocation */
