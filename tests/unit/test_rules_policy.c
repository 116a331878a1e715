/* SPDX-License-Identifier: Apache-2.0 */
/* The table of verdicts, what was measured of rules, and what lint says of them. */
#include "engine/rules/rules.h"

#include "tap.h"

#define LEVELS                                     \
    "levels:\n"                                    \
    "  clear: {score: [0, 99], recommend: none}\n" \
    "  suspicious: {score: [500, 700], recommend: hold}\n"
#define REST "together: []\nfindings: {bad: notable}\nunread: {syntax: {trigger: import, half: true}}\n"
#define NEEDS "needs:\n  malicious: {confidence: folded, trigger: load, benign: 0}\n"

static tw_err policy(tw_arena *a, const char *yaml, tw_rules **ret, tw_diag *d)
{
    tw_str name = TW_S("dir/verdict.yaml"), text = tw_str_c(yaml);
    memset(d, 0, sizeof *d);
    return tw_rules_compile(a, &name, &text, 1, ret, d);
}

static void bad(const char *yaml, uint32_t line, uint32_t col, const char *says)
{
    tw_arena *a = tw_arena_new(0);
    tw_rules *r;
    tw_diag d;
    CHECK_INT(policy(a, yaml, &r, &d), TW_ERR_MALFORMED);
    CHECK_INT(d.line, line);
    CHECK_INT(d.col, col);
    if (!strstr(d.says, says)) fprintf(stderr, "said: %s\n", d.says);
    CHECK(strstr(d.says, says) != NULL);
    tw_arena_free(a);
}

TEST(a_policy_is_read_kept_and_loaded_again)
{
    tw_arena *a = tw_arena_new(0);
    tw_rules *r, *again;
    tw_diag d;
    CHECK_INT(policy(a, LEVELS NEEDS REST, &r, &d), TW_OK);
    tw_buf b = TW_BUF_INIT;
    tw_rules_save(r, &b);
    CHECK_INT(tw_rules_load(a, tw_buf_str(&b), &again, &d), TW_OK);
    const tw_policy *p = tw_rules_policy(again);
    CHECK(p->set);
    CHECK_INT(p->levels[TW_LEVEL_SUSPICIOUS].score_most, 700);
    CHECK_STR(tw_str_c(tw_policy_action(p, TW_LEVEL_SUSPICIOUS)), TW_S("hold"));
    CHECK_INT(p->unread[TW_GAP_SYNTAX].trigger, TW_TRIGGER_IMPORT + 1);
    CHECK_INT(p->unread[TW_GAP_LIMIT].trigger, 0);
    CHECK_INT(tw_policy_level(p,
                              &(tw_behaviour){.ceiling = TW_LEVEL_MALICIOUS,
                                              .confidence = TW_CONF_FOLDED,
                                              .trigger = TW_TRIGGER_LOAD},
                              0),
              TW_LEVEL_MALICIOUS);
    CHECK_INT(tw_policy_level(p,
                              &(tw_behaviour){.ceiling = TW_LEVEL_MALICIOUS,
                                              .confidence = TW_CONF_FOLDED,
                                              .trigger = TW_TRIGGER_LOAD},
                              1),
              TW_LEVEL_SUSPICIOUS);
    CHECK_INT(tw_policy_level(p,
                              &(tw_behaviour){.ceiling = TW_LEVEL_MALICIOUS,
                                              .confidence = TW_CONF_FLOW,
                                              .trigger = TW_TRIGGER_LOAD},
                              0),
              TW_LEVEL_SUSPICIOUS);
    CHECK_INT(tw_policy_level(p,
                              &(tw_behaviour){.ceiling = TW_LEVEL_MALICIOUS,
                                              .confidence = TW_CONF_LITERAL,
                                              .trigger = TW_TRIGGER_CALL},
                              0),
              TW_LEVEL_SUSPICIOUS);
    CHECK_INT(tw_policy_level(p,
                              &(tw_behaviour){.ceiling = TW_LEVEL_MALICIOUS,
                                              .confidence = TW_CONF_FLOW,
                                              .trigger = TW_TRIGGER_CALL,
                                              .weakest = TW_TRIGGER_CALL,
                                              .unsure = 1},
                              0),
              TW_LEVEL_MALICIOUS);
    tw_buf_free(&b);
    tw_arena_free(a);
}

TEST(an_error_in_the_policy_has_a_place)
{
    bad("levels: {}\n", 1, 1, "\"needs\" is missing");
    bad("nonsense: {}\n", 1, 11, "unknown key \"nonsense\"");
    bad("levels:\n  awful: {score: [0, 1], recommend: none}\n" NEEDS REST, 2, 10, "expected a level");
    bad("levels:\n  clear: {score: [9, 1], recommend: none}\n" NEEDS REST, 2, 18, "below the least");
    bad("levels:\n  clear: {score: [0, 1], recommend: cheer}\n" NEEDS REST, 2, 37,
        "none, watch, hold or remove");
    bad(LEVELS "needs: {malicious: {confidence: sure, trigger: load}}\n" REST, 4, 33,
        "expected a confidence");
    bad(LEVELS NEEDS "together: [{level: suspicious}]\nfindings: {}\nunread: {}\n", 6, 12,
        "\"at_least\" is missing");
    bad(LEVELS NEEDS "together: []\nfindings: {grim: notable}\nunread: {}\n", 7, 18, "expected a severity");
    bad(LEVELS NEEDS "together: []\nfindings: {}\nunread: {nothing: {trigger: import}}\n", 8, 19, "no gap");
}

/* --- lint -------------------------------------------------------------------------------------------- */
#define RULE(id, level, when)                                                              \
    "id: " id "\nceiling: " level "\nkind: malware\nattack: [T1059]\ncites: [somewhere]\n" \
    "says: \"{trigger} it acts\"\ncheck: Why?\nwhen: " when "\n"

static tw_rules *two(tw_arena *a, const char *first, const char *second)
{
    tw_str names[] = {TW_SI("1.yaml"), TW_SI("2.yaml")}, texts[] = {tw_str_c(first), tw_str_c(second)};
    tw_rules *r = NULL;
    tw_diag d;
    if (tw_rules_compile(a, names, texts, 2, &r, &d) != TW_OK)
        fprintf(stderr, "%u:%u %s\n", d.line, d.col, d.says);
    CHECK(r != NULL);
    return r;
}

/* Does lint say that the second is subsumed by the first? */
static bool subsumed(const char *first, const char *second)
{
    tw_arena *a = tw_arena_new(0);
    tw_rule_lints lints = {0};
    tw_rules_lint(two(a, first, second), a, &lints);
    bool found = false;
    for (uint32_t i = 0; i < lints.n; i++)
        found |= !strcmp(lints.v[i].code, "subsumed") && lints.v[i].rule == 1;
    tw_arena_free(a);
    return found;
}

TEST(a_rule_that_another_says_already_is_named)
{
    const char *any = RULE("t.a", "suspicious", "{cap: {any: net.*}}");
    CHECK(subsumed(any, RULE("t.b", "suspicious", "{cap: {any: net.http, trigger: install}}")));
    CHECK(subsumed(any, RULE("t.b", "notable", "{all: [{cap: {any: exec.*}}, {cap: {any: net.http}}]}")));
    CHECK(subsumed(any, RULE("t.b", "suspicious", "{flow: {from: [cred.*], to: [net.http], as: [a, b]}}")));
    CHECK(!subsumed(any, RULE("t.b", "malicious", "{cap: {any: net.http}}")));
    CHECK(!subsumed(any, RULE("t.b", "suspicious", "{cap: {any: [net.http, exec.shell]}}")));
    CHECK(!subsumed(any,
                    RULE("t.b", "suspicious", "{any: [{cap: {any: net.http}}, {cap: {any: exec.shell}}]}")));
    const char *sure = RULE("t.a", "suspicious",
                            "{cap: {any: net.http, min_confidence: folded, trigger: [install, import]}}");
    CHECK(subsumed(sure, RULE("t.b", "suspicious",
                              "{cap: {any: net.http, min_confidence: literal, trigger: install}}")));
    CHECK(!subsumed(
        sure, RULE("t.b", "suspicious", "{cap: {any: net.http, min_confidence: flow, trigger: install}}")));
    CHECK(!subsumed(sure, RULE("t.b", "suspicious", "{cap: {any: net.http, min_confidence: literal}}")));
}

TEST(variables_must_agree_for_one_rule_to_cover_another)
{
    const char *same =
        RULE("t.a", "suspicious",
             "{all: [{cap: {any: exec.*, as: a}}, {cap: {any: net.*, as: b}}, {same: {of: [a, b]}}]}");
    CHECK(subsumed(same, RULE("t.b", "suspicious",
                              "{all: [{cap: {any: net.http, as: x}}, {cap: {any: exec.shell, as: y}}, "
                              "{same: {of: [y, x], scope: function}}]}")));
    CHECK(!subsumed(same, RULE("t.b", "suspicious",
                               "{all: [{cap: {any: net.http, as: x}}, {cap: {any: exec.shell, as: y}}, "
                               "{cap: {any: exec.process, as: z}}, {same: {of: [y, z]}}]}")));
    const char *unless = RULE("t.a", "suspicious", "{cap: {any: net.http}, not: {cap: {any: exec.*}}}");
    CHECK(!subsumed(unless, RULE("t.b", "suspicious", "{cap: {any: net.http}}")));
    CHECK(subsumed(RULE("t.a", "suspicious", "{cap: {any: net.http}}"),
                   RULE("t.b", "suspicious", "{cap: {any: net.http}, not: {cap: {any: exec.*}}}")));
}

TEST(what_was_measured_is_kept_and_judged)
{
    tw_arena *a = tw_arena_new(0);
    tw_diag d = {0};
    tw_rules *r = two(a, RULE("t.a", "malicious", "{cap: {any: net.http}}"),
                      RULE("t.b", "malicious", "{cap: {any: exec.*}}"));
    tw_str tsv =
        TW_S("# for people\nt.a\t40\t300\t5\t0\t700\nt.b\t0\t300\t0\t1\t700\nt.gone\t1\t2\t3\t4\t5\n");
    CHECK_INT(tw_rules_measure(r, TW_S("m.tsv"), tsv, &d), TW_OK);
    tw_rule_view v = tw_rules_view(r, 0);
    CHECK_INT(v.measured[TW_MEASURED_SOLE], 5);
    CHECK_INT(tw_rule_precision(v.measured), 912); /* Wilson: 40 of 40 */
    CHECK_INT(tw_rule_precision(tw_rules_view(r, 1).measured), 0);
    CHECK_INT(tw_rule_precision((uint32_t[TW_MEASURED_MAX]){0}), TW_UNMEASURED);
    tw_rule_lints lints = {0};
    tw_rules_lint(r, a, &lints);
    CHECK_INT(lints.n, 1);
    CHECK_STR(tw_str_c(lints.v[0].code), TW_S("benign-hit"));
    CHECK_INT(lints.v[0].rule, 1);
    CHECK_INT(tw_rules_measure(r, TW_S("m.tsv"), TW_S("#\nt.a\t40\t300\n"), &d), TW_ERR_MALFORMED);
    CHECK_INT(d.line, 2);
    CHECK_STR(tw_str_c(d.where), TW_S("m.tsv"));
    tw_arena_free(a);
}

TESTS_MAIN()
