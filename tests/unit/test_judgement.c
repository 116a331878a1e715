/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule's raise may say, labels of value classes, and how behaviours bear each other out. */
#include "engine/rules/rules.h"
#include "engine/verdict/report.h"

#include "hand.h"

#define HEAD "id: test.rule\nceiling: suspicious\nkind: malware\nsays: \"{trigger} it acts\"\ncheck: look\n"
#define WHEN "when: {cap: {any: net.drop-host, min_confidence: flow, as: a}}\n"
#define RAISE "raise: {to: malicious, when: {trigger: {of: a, any: [install, call]}}"

static tw_behaviours match(hand *h, const char *yaml)
{
    tw_str name = TW_S("t.yaml"), text = tw_str_c(yaml);
    tw_rules *r = NULL;
    tw_diag d = {0};
    tw_behaviours found = {0};
    if (tw_rules_compile(h->a, &name, &text, 1, &r, &d) != TW_OK) fprintf(stderr, "%s\n", d.says);
    CHECK(r != NULL);
    if (r) tw_rules_match(r, h->a, &h->j, &h->findings, &found);
    return found;
}

static tw_level level_of(const char *yaml, tw_trigger trigger, tw_confidence confidence)
{
    hand h;
    hand_init(&h);
    uint32_t unit = hand_unit(&h, hand_member(&h, "m.py"), TW_NONE, TW_TRIGGER_IMPORT);
    hand_use(&h, "net.drop-host", unit, 0, trigger, confidence);
    tw_behaviours found = match(&h, yaml);
    const tw_policy *policy = tw_rules_policy(tw_rules_builtin(h.a)); /* the test's rule comes without one */
    tw_level level = found.n ? tw_policy_level(policy, &found.v[0], 0) : TW_LEVEL_CLEAR;
    hand_done(&h);
    return level;
}

TEST(a_raise_may_name_a_weaker_trigger_and_less_sure_evidence)
{
    CHECK_INT(level_of(HEAD WHEN RAISE "}\n", TW_TRIGGER_INSTALL, TW_CONF_LITERAL), TW_LEVEL_MALICIOUS);
    CHECK_INT(level_of(HEAD WHEN RAISE "}\n", TW_TRIGGER_CALL, TW_CONF_LITERAL), TW_LEVEL_SUSPICIOUS);
    CHECK_INT(level_of(HEAD WHEN RAISE ", trigger: call}\n", TW_TRIGGER_CALL, TW_CONF_LITERAL),
              TW_LEVEL_MALICIOUS);
    CHECK_INT(level_of(HEAD WHEN RAISE ", trigger: call}\n", TW_TRIGGER_CALL, TW_CONF_FLOW),
              TW_LEVEL_SUSPICIOUS);
    CHECK_INT(level_of(HEAD WHEN RAISE ", min_confidence: flow}\n", TW_TRIGGER_INSTALL, TW_CONF_FLOW),
              TW_LEVEL_MALICIOUS);
    CHECK_INT(level_of(HEAD WHEN RAISE "}\n", TW_TRIGGER_INSTALL, TW_CONF_FLOW), TW_LEVEL_SUSPICIOUS);
}

TEST(a_raise_names_nothing_weaker_than_a_call)
{
    static const char *const wrong[] = {HEAD WHEN RAISE ", trigger: dead}\n",
                                        HEAD WHEN RAISE ", trigger: 1}\n",
                                        HEAD WHEN RAISE ", min_confidence: guessed}\n"};
    for (size_t i = 0; i < TW_COUNT(wrong); i++) {
        tw_arena *a = tw_arena_new(0);
        tw_str name = TW_S("t.yaml"), text = tw_str_c(wrong[i]);
        tw_rules *r = NULL;
        tw_diag d = {0};
        CHECK_INT(tw_rules_compile(a, &name, &text, 1, &r, &d), TW_ERR_MALFORMED);
        CHECK_INT(d.line, 7);
        tw_arena_free(a);
    }
}

TEST(a_label_tells_one_class_from_another)
{
    static const char rule[] =
        HEAD "when: {cap: {any: net.drop-host, value: {label: [\"paste *\"]}, as: a}}\n";
    static const char *const labels[] = {"Paste service", "gist", NULL};
    for (size_t i = 0; i < TW_COUNT(labels); i++) {
        hand h;
        hand_init(&h);
        uint32_t unit = hand_unit(&h, hand_member(&h, "m.py"), TW_NONE, TW_TRIGGER_IMPORT);
        uint32_t use = hand_use(&h, "net.drop-host", unit, 0, TW_TRIGGER_IMPORT, TW_CONF_LITERAL);
        h.j.uses.v[use].label = labels[i];
        CHECK_INT(match(&h, rule).n, i == 0);
        hand_done(&h);
    }
}

static tw_level judged(hand *h, tw_behaviours *list)
{
    tw_input input = {.artifact = TW_S("x.whl")};
    tw_report_in in = {.input = &input,
                       .rules = tw_rules_builtin(h->a),
                       .package = &h->package,
                       .members = h->members,
                       .n_members = h->package.n_members,
                       .join = &h->j,
                       .behaviours = list,
                       .findings = &h->findings,
                       .coverage = &h->coverage,
                       .limits = &h->limits};
    tw_verdict v;
    tw_verdict_make(&in, h->a, &v);
    return v.level;
}

TEST(three_in_one_file_bear_each_other_out)
{
    hand h;
    hand_init(&h);
    uint32_t here = hand_unit(&h, hand_member(&h, "m.py"), TW_NONE, TW_TRIGGER_IMPORT),
             there = hand_unit(&h, hand_member(&h, "n.py"), TW_NONE, TW_TRIGGER_IMPORT);
    tw_behaviours list = {0};
    for (uint32_t i = 0; i < 3; i++) {
        tw_behaviour b = {.id = TW_S("a.b"),
                          .says = TW_S("When called it acts"),
                          .kind = TW_S("malware"),
                          .level = TW_LEVEL_SUSPICIOUS,
                          .ceiling = i ? TW_LEVEL_SUSPICIOUS : TW_LEVEL_MALICIOUS,
                          .confidence = TW_CONF_FOLDED,
                          .trigger = TW_TRIGGER_CALL,
                          .n_evidence = 1};
        b.evidence[0] = hand_use(&h, "net.http", here, 10 * i, TW_TRIGGER_CALL, TW_CONF_FOLDED);
        TW_PUSH(h.a, list, b);
    }
    CHECK_INT(judged(&h, &list), TW_LEVEL_MALICIOUS);
    list.v[0].ceiling = TW_LEVEL_SUSPICIOUS; /* nobody may say so */
    CHECK_INT(judged(&h, &list), TW_LEVEL_SUSPICIOUS);
    list.v[0].ceiling = TW_LEVEL_MALICIOUS;
    list.v[2].evidence[0] = hand_use(&h, "net.http", there, 50, TW_TRIGGER_CALL, TW_CONF_FOLDED);
    CHECK_INT(judged(&h, &list), TW_LEVEL_SUSPICIOUS);
    hand_done(&h);
}

TESTS_MAIN()
