/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verdict/report.h"

#include "hand.h"

static tw_behaviour behaviour(tw_level ceiling, tw_confidence confidence, tw_trigger trigger)
{
    tw_behaviour b = {.id = TW_S("a.b"),
                      .precision = 800,
                      .says = TW_S("At install it acts"),
                      .check = TW_S("x"),
                      .kind = TW_S("malware"),
                      .ceiling = (uint8_t)ceiling,
                      .confidence = (uint8_t)confidence,
                      .trigger = (uint8_t)trigger,
                      .n_matches = 1};
    tw_arena *a = tw_arena_new(0);
    b.level = (uint8_t)tw_policy_level(tw_rules_policy(tw_rules_builtin(a)), &b, 0);
    tw_arena_free(a);
    return b;
}

typedef struct scene {
    hand h;
    tw_input input;
    tw_behaviours behaviours;
    tw_report_in in;
} scene;

static void scene_init(scene *s)
{
    memset(s, 0, sizeof *s);
    hand_init(&s->h);
    s->input.artifact = TW_S("x.whl");
    s->in = (tw_report_in){.input = &s->input,
                           .rules = tw_rules_builtin(s->h.a),
                           .package = &s->h.package,
                           .members = s->h.members,
                           .join = &s->h.j,
                           .behaviours = &s->behaviours,
                           .findings = &s->h.findings,
                           .coverage = &s->h.coverage,
                           .limits = &s->h.limits};
}

static tw_verdict judge(scene *s)
{
    tw_verdict v;
    s->in.n_members = s->h.package.n_members;
    tw_verdict_make(&s->in, s->h.a, &v);
    return v;
}

static bool says(const tw_verdict *v, const char *part)
{
    return tw_str_find(v->summary, tw_str_c(part)) != TW_NPOS;
}

TEST(a_level_needs_confidence_and_a_trigger)
{
    static const struct {
        tw_level ceiling;
        tw_confidence confidence;
        tw_trigger trigger;
        tw_level want;
    } cases[] = {
        {TW_LEVEL_MALICIOUS, TW_CONF_LITERAL, TW_TRIGGER_INSTALL, TW_LEVEL_MALICIOUS},
        {TW_LEVEL_MALICIOUS, TW_CONF_FOLDED, TW_TRIGGER_LOAD, TW_LEVEL_MALICIOUS},
        {TW_LEVEL_MALICIOUS, TW_CONF_FLOW, TW_TRIGGER_INSTALL, TW_LEVEL_SUSPICIOUS},
        {TW_LEVEL_MALICIOUS, TW_CONF_GUESSED, TW_TRIGGER_INSTALL, TW_LEVEL_NOTABLE},
        {TW_LEVEL_MALICIOUS, TW_CONF_LITERAL, TW_TRIGGER_CALL, TW_LEVEL_SUSPICIOUS},
        {TW_LEVEL_MALICIOUS, TW_CONF_LITERAL, TW_TRIGGER_DEAD, TW_LEVEL_NOTABLE},
        {TW_LEVEL_SUSPICIOUS, TW_CONF_LITERAL, TW_TRIGGER_INSTALL, TW_LEVEL_SUSPICIOUS},
        {TW_LEVEL_NOTABLE, TW_CONF_GUESSED, TW_TRIGGER_DEAD, TW_LEVEL_NOTABLE},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_behaviour b = behaviour(cases[i].ceiling, cases[i].confidence, cases[i].trigger);
        CHECK_INT(b.level, cases[i].want);
    }
}

TEST(clear_says_what_was_asked_and_never_safe)
{
    scene s;
    scene_init(&s);
    s.in.versions.rules.b[0] = 0xab;
    tw_verdict v = judge(&s);
    CHECK_INT(v.level, TW_LEVEL_CLEAR);
    CHECK(v.complete);
    CHECK_INT(v.score, 0);
    CHECK_INT(v.kind.n, 0);
    CHECK_STR(tw_str_c(v.action), TW_S("none"));
    CHECK_STR(v.summary, TW_S("Nothing found by tidewaiter " TW_VERSION " with rules ab000000."));
    tw_coverage_gap(&s.h.coverage, hand_member(&s.h, "lib.so"), TW_GAP_NATIVE, 0, 1);
    v = judge(&s);
    CHECK_INT(v.level, TW_LEVEL_CLEAR);
    CHECK(!v.complete);
    CHECK(says(&v, "parts of it were not analysed"));
    hand_done(&s.h);
}

TEST(unresolved_calls_alone_leave_it_complete)
{
    scene s;
    scene_init(&s);
    tw_coverage_gap(&s.h.coverage, 0, TW_GAP_DYNAMIC, 0, 1);
    CHECK(judge(&s).complete);
    tw_coverage_limit(&s.h.coverage, TW_LIMIT_layers);
    CHECK(!judge(&s).complete);
    hand_done(&s.h);
}

TEST(the_strongest_behaviour_speaks_and_malware_leads)
{
    scene s;
    scene_init(&s);
    tw_behaviour beacon = behaviour(TW_LEVEL_SUSPICIOUS, TW_CONF_LITERAL, TW_TRIGGER_INSTALL);
    beacon.kind = TW_S("research");
    beacon.says = TW_S("At install it calls home");
    TW_PUSH(s.h.a, s.behaviours, beacon);
    tw_verdict one = judge(&s);
    CHECK_INT(one.level, TW_LEVEL_SUSPICIOUS);
    CHECK_STR(one.kind, TW_S("research"));
    CHECK_STR(tw_str_c(one.action), TW_S("hold"));
    TW_PUSH(s.h.a, s.behaviours, behaviour(TW_LEVEL_SUSPICIOUS, TW_CONF_FLOW, TW_TRIGGER_IMPORT));
    tw_verdict two = judge(&s);
    CHECK_STR(two.kind, TW_S("malware"));
    CHECK_STR(two.summary, TW_S("At install it acts; it calls home."));
    CHECK(two.score > one.score);
    TW_PUSH(s.h.a, s.behaviours, behaviour(TW_LEVEL_MALICIOUS, TW_CONF_FOLDED, TW_TRIGGER_INSTALL));
    tw_verdict three = judge(&s);
    CHECK_INT(three.level, TW_LEVEL_MALICIOUS);
    CHECK(three.score >= 800 && three.score < 1000);
    hand_done(&s.h);
}

TEST(two_suspicions_bear_each_other_out)
{
    scene s;
    scene_init(&s);
    TW_PUSH(s.h.a, s.behaviours, behaviour(TW_LEVEL_MALICIOUS, TW_CONF_FLOW, TW_TRIGGER_INSTALL));
    CHECK_INT(judge(&s).level, TW_LEVEL_SUSPICIOUS);
    TW_PUSH(s.h.a, s.behaviours, behaviour(TW_LEVEL_SUSPICIOUS, TW_CONF_LITERAL, TW_TRIGGER_INSTALL));
    CHECK_INT(judge(&s).level, TW_LEVEL_MALICIOUS);
    s.behaviours.v[1].confidence = TW_CONF_FLOW; /* nothing folded */
    CHECK_INT(judge(&s).level, TW_LEVEL_SUSPICIOUS);
    s.behaviours.v[1] =
        behaviour(TW_LEVEL_SUSPICIOUS, TW_CONF_LITERAL, TW_TRIGGER_CALL); /* waits for a call */
    CHECK_INT(judge(&s).level, TW_LEVEL_SUSPICIOUS);
    s.behaviours.v[1].trigger = TW_TRIGGER_IMPORT;
    s.behaviours.v[1].kind = TW_S("obfuscation-only");
    CHECK_INT(judge(&s).level, TW_LEVEL_SUSPICIOUS);
    s.behaviours.v[1].kind = TW_S("malware");
    s.behaviours.v[0].ceiling = TW_LEVEL_SUSPICIOUS; /* no rule may say malicious */
    CHECK_INT(judge(&s).level, TW_LEVEL_SUSPICIOUS);
    hand_done(&s.h);
}

TEST(scores_stay_within_the_band_of_their_level)
{
    scene s;
    scene_init(&s);
    for (int i = 0; i < 40; i++)
        TW_PUSH(s.h.a, s.behaviours, behaviour(TW_LEVEL_SUSPICIOUS, TW_CONF_LITERAL, TW_TRIGGER_INSTALL));
    tw_verdict v = judge(&s);
    CHECK(v.score >= 500 && v.score < 800);
    s.behaviours.n = 1;
    s.behaviours.v[0] = behaviour(TW_LEVEL_NOTABLE, TW_CONF_LITERAL, TW_TRIGGER_INSTALL);
    v = judge(&s);
    CHECK(v.score >= 200 && v.score < 450);
    CHECK_INT(v.kind.n, 0);
    hand_done(&s.h);
}

TEST(bad_findings_are_notable_odd_ones_are_not)
{
    scene s;
    scene_init(&s);
    tw_finding_add(&s.h.findings, TW_FIND_ZIP_EXTRA, TW_NO_MEMBER, 0, "x");
    tw_verdict v = judge(&s);
    CHECK_INT(v.level, TW_LEVEL_CLEAR);
    CHECK(v.score > 0 && v.score < 200);
    tw_finding_add(&s.h.findings, TW_FIND_ZIP_NAME_MISMATCH, TW_NO_MEMBER, 0, "a.py / b.py");
    v = judge(&s);
    CHECK_INT(v.level, TW_LEVEL_NOTABLE);
    CHECK_STR(v.summary, TW_S("No behaviour matched, but local and central name differ: a.py / b.py."));
    hand_done(&s.h);
}

TEST(broken_archives_of_a_test_suite_are_beside_the_point)
{
    scene s;
    scene_init(&s);
    uint32_t m = hand_member(&s.h, "tests/broken.gz"), inner = hand_member(&s.h, "tests/broken.gz!/x");
    s.h.members[inner].container = m;
    s.h.package.role = TW_NEWN(s.h.a, uint8_t, 8);
    s.h.package.role[m] = TW_ROLE_TEST;
    tw_finding_add(&s.h.findings, TW_FIND_TRUNCATED, inner, 0, "x");
    CHECK_INT(judge(&s).level, TW_LEVEL_CLEAR);
    s.h.package.role[m] = TW_ROLE_CODE;
    CHECK_INT(judge(&s).level, TW_LEVEL_NOTABLE);
    hand_done(&s.h);
}

static tw_level with_gap(tw_gap_reason reason, uint64_t len, int trigger)
{
    scene s;
    scene_init(&s);
    uint32_t m = hand_member(&s.h, "setup.py");
    if (trigger >= 0)
        TW_PUSH(s.h.a, s.h.package.roots, ((tw_root){.member = m, .trigger = (uint8_t)trigger}));
    tw_coverage_gap(&s.h.coverage, m, reason, 0, len);
    tw_verdict v = judge(&s);
    CHECK(!v.complete || reason == TW_GAP_DYNAMIC);
    if (v.level == TW_LEVEL_UNREVIEWABLE) CHECK(says(&v, "could not be read: setup.py ("));
    hand_done(&s.h);
    return v.level;
}

TEST(unreviewable_only_where_code_that_runs_was_not_read)
{
    CHECK_INT(with_gap(TW_GAP_ENCRYPTED, 1, TW_TRIGGER_INSTALL), TW_LEVEL_UNREVIEWABLE);
    CHECK_INT(with_gap(TW_GAP_ENCRYPTED, 1, TW_TRIGGER_IMPORT), TW_LEVEL_UNREVIEWABLE);
    CHECK_INT(with_gap(TW_GAP_ENCRYPTED, 1, TW_TRIGGER_COMMAND), TW_LEVEL_CLEAR);
    CHECK_INT(with_gap(TW_GAP_ENCRYPTED, 1, -1), TW_LEVEL_CLEAR);
    CHECK_INT(with_gap(TW_GAP_SYNTAX, 999, TW_TRIGGER_INSTALL), TW_LEVEL_UNREVIEWABLE);
    CHECK_INT(with_gap(TW_GAP_SYNTAX, 99, TW_TRIGGER_INSTALL), TW_LEVEL_CLEAR);
    CHECK_INT(with_gap(TW_GAP_NATIVE, 999, TW_TRIGGER_IMPORT), TW_LEVEL_CLEAR);
    CHECK_INT(with_gap(TW_GAP_NATIVE, 999, TW_TRIGGER_INSTALL), TW_LEVEL_UNREVIEWABLE);
    CHECK_INT(with_gap(TW_GAP_DYNAMIC, 999, TW_TRIGGER_INSTALL), TW_LEVEL_CLEAR);
    CHECK_INT(with_gap(TW_GAP_OPAQUE_LAYER, 999, TW_TRIGGER_INSTALL), TW_LEVEL_CLEAR);
}

/* What is missing in a layer counts by the function that holds it and the layer's own size. */
TEST(gaps_in_layers)
{
    static const struct {
        uint8_t trigger;
        uint64_t len;
        tw_level level;
    } cases[] = {{TW_TRIGGER_INSTALL, 6, TW_LEVEL_UNREVIEWABLE},
                 {TW_TRIGGER_INSTALL, 4, TW_LEVEL_CLEAR},
                 {TW_TRIGGER_COMMAND, 6, TW_LEVEL_CLEAR}};
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        scene s;
        scene_init(&s);
        uint32_t m = hand_member(&s.h, "package.json");
        uint32_t unit = hand_unit(&s.h, m, TW_NONE, TW_TRIGGER_COMMAND);
        TW_PUSH(s.h.a, s.h.package.roots, ((tw_root){.member = m, .trigger = TW_TRIGGER_INSTALL}));
        s.h.triggers[unit][1] = cases[i].trigger;
        tw_gap g = {m, TW_GAP_SYNTAX, 0, cases[i].len, unit, 1, 10, NULL, false};
        tw_coverage_layer_gap(&s.h.coverage, &g);
        CHECK_INT(judge(&s).level, cases[i].level);
        hand_done(&s.h);
    }
}

TEST(a_damaged_artifact_without_code_is_unreviewable)
{
    scene s;
    scene_init(&s);
    tw_coverage_gap(&s.h.coverage, TW_NO_MEMBER, TW_GAP_DAMAGED, 0, 10);
    tw_verdict v = judge(&s);
    CHECK_INT(v.level, TW_LEVEL_UNREVIEWABLE);
    CHECK_STR(tw_str_c(v.action), TW_S("hold"));
    CHECK_STR(v.summary, TW_S("The artifact could not be read: content that could not be unpacked."));
    TW_PUSH(s.h.a, s.behaviours, behaviour(TW_LEVEL_MALICIOUS, TW_CONF_LITERAL, TW_TRIGGER_INSTALL));
    CHECK_INT(judge(&s).level, TW_LEVEL_MALICIOUS); /* what was read is enough */
    hand_done(&s.h);
}

TESTS_MAIN()
