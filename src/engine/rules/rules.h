/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Behaviours: declarative rules over capabilities, flows, layers, triggers and findings. Written in
 * YAML under rules/, checked and compiled at build time (tools -> one constant bundle) with the very
 * code that loads user rules. Never over a language, a package name or a literal of a sample.
 * Sources: compile.c, compile_when.c, bundle.c, match.c, says.c, hosts.c, measured.c, lint.c,
 * policy.c. Language: docs/internals/rules.md. */
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

/* How behaviours, findings and gaps combine: rules/verdict.yaml. Rows of 32-bit words, as it is saved. */
#define TW_POLICY_FILE "verdict.yaml"
enum { TW_POLICY_SEVERITIES = 3, TW_POLICY_TOGETHER = 8 };
typedef struct tw_policy {
    struct tw_policy_level {
        uint32_t score, score_most; /* thousandths */
        uint32_t action;            /* tw_policy_action */
    } levels[TW_LEVEL_MAX];
    struct tw_policy_need { /* at least that confidence, at most these */
        uint32_t confidence, trigger, benign;
    } needs[TW_LEVEL_MAX];
    struct tw_policy_together {
        uint32_t at_least, level, trigger, sure, to;
        uint32_t may;     /* one of them is of a rule that may reach this */
        uint32_t in_file; /* they have evidence in one file */
        uint32_t kind;    /* string of the rules */
    } together[TW_POLICY_TOGETHER];
    uint32_t n_together;
    uint32_t findings[TW_POLICY_SEVERITIES]; /* tw_level by severity */
    struct tw_policy_unread {
        uint32_t trigger; /* the weakest, and 1; 0: never */
        uint32_t half;
    } unread[TW_GAP_MAX];
    uint32_t set; /* 0: the rules came without one */
} tw_policy;
typedef struct tw_policy_together tw_policy_together;
const char *tw_policy_action(const tw_policy *p, tw_level l); /* "none", "watch", "hold", "remove" */
const tw_policy *tw_rules_policy(const tw_rules *r);
tw_str tw_policy_kind(const tw_rules *r, const tw_policy_together *t);

/* Compiles one YAML document per rule file; the last that is called verdict.yaml is the policy. Errors: MALFORMED with file, line, column, and what was
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

/* What a rule did on the corpus when it was last measured (rules/measured.tsv); all 0: never. */
typedef enum tw_measured {
    TW_MEASURED_CAMPAIGNS, /* of malware in which it matched, at its level */
    TW_MEASURED_OF,        /* campaigns looked at */
    TW_MEASURED_SOLE,      /* of those it matched: no other rule reached `suspicious` */
    TW_MEASURED_BENIGN,    /* harmless packages that it took to `suspicious` or above */
    TW_MEASURED_OF_BENIGN,
    TW_MEASURED_MAX
} tw_measured;
/* Rows of TSV: id and the numbers in the order above; lines that begin with # are for people. Rows of unknown
 * rules are passed over. Error: MALFORMED with the line. */
tw_err tw_rules_measure(tw_rules *r, tw_str file_name, tw_str tsv, tw_diag *d);
/* Thousandths: what share of what this rule flags is malware, the lower end of a 95 % interval (Wilson) over what was
 * measured; TW_UNMEASURED for a rule that was not. */
enum { TW_UNMEASURED = 200 };
uint32_t tw_rule_precision(const uint32_t measured[TW_MEASURED_MAX]);

typedef struct tw_rule_view { /* one rule as people read it; lives as long as the rules */
    tw_str id, says, check, kind, attack[4], cites[4];
    uint32_t n_attack, n_cites;
    tw_level ceiling, top; /* top: with its raise */
    uint32_t measured[TW_MEASURED_MAX];
} tw_rule_view;
tw_rule_view tw_rules_view(const tw_rules *r, uint32_t index);

/* What is odd about rules that compile: lint.c. */
typedef struct tw_rule_lint {
    uint32_t rule;    /* index */
    const char *code; /* "subsumed", ... */
    tw_str says;
} tw_rule_lint;
typedef TW_VEC(tw_rule_lint) tw_rule_lints;
void tw_rules_lint(const tw_rules *r, tw_arena *a, tw_rule_lints *ret);

typedef struct tw_behaviour {     /* a rule that matched */
    tw_str id, says, check, kind; /* says: filled template */
    tw_str attack[4];
    uint8_t n_attack;
    uint8_t ceiling; /* tw_level it may reach (after raise) */
    uint8_t level;   /* that it reaches */
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
    uint32_t precision; /* tw_rule_precision */
} tw_behaviour;
typedef TW_VEC(tw_behaviour) tw_behaviours;
/* What a behaviour reaches by its ceiling, confidence, trigger and what its rule allows. benign: harmless packages the
 * rule was seen to flag. */
tw_level tw_policy_level(const tw_policy *p, const tw_behaviour *b, uint32_t benign);

void tw_rules_match(const tw_rules *r, tw_arena *a, const tw_join *j, const tw_findings *f,
                    tw_behaviours *ret);

/* The rules of this build, made from rules/ (cmake/rules.cmake): for tw_rules_load. In the target
 * tw_rules_objects, which the engine itself does not link. */
extern const unsigned char tw_rules_bundle[];
extern const size_t tw_rules_bundle_size;
/* The same rules as they were written, and what was measured of them last: to be shown, and compiled again together
 * with a user's own. */
typedef struct tw_rule_source {
    const char *file; /* base name */
    tw_str text;
} tw_rule_source;
extern const tw_rule_source tw_rule_sources[], tw_rule_measurements;
extern const size_t tw_n_rule_sources;
