/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Behaviours: declarative rules over capabilities, flows, layers, triggers and findings. Written in
 * YAML under rules/, checked and compiled at build time (tools -> one constant bundle) with the very
 * code that loads user rules. Never over a language, a package name or a literal of a sample.
 * Sources: compile.c, compile_when.c, bundle.c, match.c, says.c,
 * hosts.c. Language: docs/internals/rules.md. */
#include "base/doc.h"
#include "engine/join/join.h"

typedef enum tw_level {
    TW_LEVEL_CLEAR,
    TW_LEVEL_NOTABLE,
    TW_LEVEL_SUSPICIOUS,
    TW_LEVEL_MALICIOUS,
    TW_LEVEL_UNREVIEWABLE,
    TW_LEVEL_MAX
} tw_level;
const char *tw_level_name(tw_level l);

typedef struct tw_rules tw_rules;

/* Compiles one YAML document per rule file. Errors: MALFORMED with file, line, column, and what was
 * expected; nothing is kept of a file with an error. */
tw_err tw_rules_compile(tw_arena *a, const tw_str *file_names, const tw_str *texts, size_t n, tw_rules **ret,
                        tw_diag *d);
/* The compiled form as bytes (build time), and back (mapped, no copy of strings). */
void tw_rules_save(const tw_rules *r, tw_buf *out);
tw_err tw_rules_load(tw_arena *a, tw_str bytes, tw_rules **ret, tw_diag *d);
tw_digest tw_rules_hash(const tw_rules *r); /* of the saved form: part of the verdict key */
/* The bundle compiled into the program; NULL only where that is damaged. */
tw_rules *tw_rules_builtin(tw_arena *a);
uint32_t tw_rules_count(const tw_rules *r);

typedef struct tw_behaviour {     /* a rule that matched */
    tw_str id, says, check, kind; /* says: filled template */
    tw_str attack[4];
    uint8_t n_attack;
    uint8_t ceiling; /* tw_level it may reach (after raise) */
    uint8_t confidence;
    uint8_t trigger;
    uint8_t weakest; /* tw_trigger: the rule says that its ceiling holds down to this one */
    uint8_t unsure;  /* it says that evidence of confidence flow is enough */
    tw_str reason;
    uint32_t evidence[8]; /* cap uses, most telling first */
    uint32_t n_evidence;
    uint32_t flows[4];
    uint32_t n_flows;
    uint32_t layers[4]; /* units: hidden code that it is about */
    uint32_t n_layers;
    uint32_t n_matches; /* places it matched in all */
} tw_behaviour;
typedef TW_VEC(tw_behaviour) tw_behaviours;

void tw_rules_match(const tw_rules *r, tw_arena *a, const tw_join *j, const tw_findings *f,
                    tw_behaviours *ret);

/* The rules of this build, made from rules/ (cmake/rules.cmake): for tw_rules_load. In the target
 * tw_rules_objects, which the engine itself does not link. */
extern const unsigned char tw_rules_bundle[];
extern const size_t tw_rules_bundle_size;
