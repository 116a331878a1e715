/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rules/rules.h"

#include "base/os.h"
#include "engine/rules/shown.h"
#include "hand.h"

#include <dirent.h>

#define HEAD "id: test.rule\nceiling: malicious\nkind: malware\nsays: \"{trigger} it acts\"\ncheck: look\n"

static tw_err compile(tw_arena *a, const char *yaml, tw_rules **ret, tw_diag *d)
{
    tw_str name = TW_S("t.yaml"), text = tw_str_c(yaml);
    memset(d, 0, sizeof *d);
    return tw_rules_compile(a, &name, &text, 1, ret, d);
}

/* Compiles, saves, loads, matches: what holds for rules from files holds for the bundle. */
static tw_behaviours match(hand *h, const char *yaml)
{
    tw_rules *r = NULL, *again = NULL;
    tw_diag d;
    tw_behaviours found = {0};
    if (compile(h->a, yaml, &r, &d) != TW_OK) fprintf(stderr, "%u:%u %s\n", d.line, d.col, d.says);
    CHECK(r != NULL);
    if (!r) return found;
    tw_buf b = TW_BUF_INIT;
    tw_rules_save(r, &b);
    CHECK_INT(tw_rules_load(h->a, tw_arena_str(h->a, tw_buf_str(&b)), &again, &d), TW_OK);
    tw_digest one = tw_rules_hash(r), two = tw_rules_hash(again);
    CHECK(tw_digest_eq(&one, &two));
    tw_buf_free(&b);
    tw_rules_match(again, h->a, &h->j, &h->findings, &found);
    return found;
}

static void bad(const char *yaml, uint32_t line, uint32_t col, const char *says)
{
    tw_arena *a = tw_arena_new(0);
    tw_rules *r = NULL;
    tw_diag d;
    CHECK_INT(compile(a, yaml, &r, &d), TW_ERR_MALFORMED);
    CHECK(r == NULL);
    CHECK_STR(tw_str_c(d.where), TW_S("t.yaml"));
    CHECK_INT(d.line, line);
    CHECK_INT(d.col, col);
    if (!strstr(d.says, says)) fprintf(stderr, "said: %s\n", d.says);
    CHECK(strstr(d.says, says) != NULL);
    tw_arena_free(a);
}

TEST(errors_have_line_column_and_what_was_expected)
{
    bad("[]\n", 1, 1, "a rule must be a mapping");
    bad("id: test.rule\nceiling: awful\n", 2, 10, "expected a level");
    bad("id: Rule\n", 1, 5, "expected an id like");
    bad("id: test.rule\nceiling: malicious\nkind: nasty\n", 3, 7, "expected a kind");
    bad(HEAD "attack: [T12]\nwhen: {cap: {any: net.http}}\n", 6, 10, "ATT&CK");
    bad(HEAD "when: {cap: {any: net.http, value: {any: Upper}}}\n", 6, 42, "in lower case");
    bad(HEAD "wehn: {cap: {any: net.http}}\n", 6, 7, "unknown key \"wehn\"");
    bad(HEAD, 1, 1, "lacks the key \"when\"");
    bad(HEAD "when: {cap: {any: net.htp}}\n", 6, 19, "no capability is named \"net.htp\"");
    bad(HEAD "when: {cap: {any: net.http, trigger: instal}}\n", 6, 38, "expected a trigger");
    bad(HEAD "when: {cap: {any: net.http, confidence: flow}}\n", 6, 41, "unknown key \"confidence\" in cap");
    bad(HEAD "when: {cap: {any: net.http}, trigger: {of: b, any: install}}\n", 6, 7, "nothing here binds");
    bad(HEAD "when: {finding: {any: zip.nothing}}\n", 6, 23, "no finding is named");
    bad(HEAD "when: {}\n", 6, 7, "the condition is empty");
    bad(HEAD "when: {flow: {from: cred.*, to: net.*, as: [a]}}\n", 6, 44, "two variables");
    bad(HEAD "when: {cap: {any: net.http, as: a}}\nraise: {to: malicious, when: {cap: {any: net.dns}}}\n", 7,
        13, "above the rule's ceiling");
    bad(HEAD "when: {layer: {as: l}, cap: {any: net.http, as: l}}\n", 6, 29,
        "stands for a layer in one place");
    bad(HEAD "when: {layer: {as: l}, value: {of: l, any: x}}\n", 6, 7, "not of the right kind");
    bad("id: test.rule\nceiling: malicious\nkind: malware\nsays: \"{b.host}\"\ncheck: x\nwhen: {cap: {any: "
        "net.http, as: a}}\n",
        4, 7, "cannot fill \"b.host\"");
    bad("id: test.rule\nid: test.rule\n", 2, 1, "");
}

TEST(too_many_cases_are_refused)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S(HEAD "when:\n  all:\n"));
    for (int i = 0; i < 7; i++)
        tw_buf_puts(&b, TW_S("    - any: [{cap: {any: net.http, as: a}}, {cap: {any: net.dns, as: a}}]\n"));
    tw_buf_putc(&b, '\0');
    tw_arena *a = tw_arena_new(0);
    tw_rules *r = NULL;
    tw_diag d;
    CHECK_INT(compile(a, b.p, &r, &d), TW_ERR_MALFORMED);
    CHECK(strstr(d.says, "too many cases") != NULL);
    tw_buf_free(&b);
    tw_arena_free(a);
}

TEST(two_rules_of_one_id_are_refused)
{
    tw_arena *a = tw_arena_new(0);
    tw_str names[] = {TW_SI("a.yaml"), TW_SI("b.yaml")};
    tw_str texts[] = {TW_SI(HEAD "when: {cap: {any: net.http}}\n"),
                      TW_SI(HEAD "when: {cap: {any: net.dns}}\n")};
    tw_rules *r = NULL;
    tw_diag d = {0};
    CHECK_INT(tw_rules_compile(a, names, texts, 2, &r, &d), TW_ERR_MALFORMED);
    CHECK_STR(tw_str_c(d.where), TW_S("b.yaml"));
    tw_arena_free(a);
}

static void one_file(hand *h)
{
    hand_init(h);
    hand_unit(h, hand_member(h, "setup.py"), TW_NONE, TW_TRIGGER_INSTALL);
}

TEST(a_capability_by_glob_trigger_and_confidence)
{
    hand h;
    one_file(&h);
    hand_use(&h, "net.http", 0, 10, TW_TRIGGER_CALL, TW_CONF_LITERAL);
    hand_use(&h, "net.socket", 0, 20, TW_TRIGGER_INSTALL, TW_CONF_FLOW);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: net.*}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: cred.*}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: net.http, trigger: install}}\n").n, 0);
    CHECK_INT(
        match(&h, HEAD "when: {cap: {any: net.*, trigger: [install, build], min_confidence: folded}}\n").n,
        0);
    tw_behaviours f = match(&h, HEAD "when: {cap: {any: net.*, as: a}}\n");
    CHECK_INT(f.n, 1);
    CHECK_INT(f.v[0].n_matches, 2);
    CHECK_INT(f.v[0].n_evidence, 2);
    CHECK_INT(f.v[0].evidence[0], 1); /* install before call */
    CHECK_INT(f.v[0].trigger, TW_TRIGGER_INSTALL);
    CHECK_INT(f.v[0].confidence, TW_CONF_FLOW);
    CHECK_STR(f.v[0].says, TW_S("At install it acts"));
    CHECK_STR(f.v[0].reason, TW_S("setup.py"));
    hand_done(&h);
}

TEST(a_capability_by_what_its_file_is_for)
{
    hand h;
    one_file(&h);
    hand_use(&h, "code.eval", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: code.eval, file: build}}\n").n, 0);
    h.package.role = TW_NEWN(h.a, uint8_t, 8);
    h.package.role[0] = TW_ROLE_BUILD;
    CHECK_INT(match(&h, HEAD "when: {cap: {any: code.eval, file: build}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: code.eval, file: [code, script]}}\n").n, 0);
    hand_done(&h);
}

TEST(a_flow_is_as_late_and_as_unsure_as_its_weakest_part)
{
    hand h;
    one_file(&h);
    uint32_t env = hand_use(&h, "cred.env-all", 0, 10, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    uint32_t http = hand_use(&h, "net.http", 0, 20, TW_TRIGGER_IMPORT, TW_CONF_LITERAL);
    hand_use(&h, "net.dns", 0, 30, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_flow(&h, env, http, 1, TW_CONF_FOLDED);
    tw_behaviours f = match(&h, HEAD "when: {flow: {from: cred.*, to: net.*, as: [a, b]}}\n");
    CHECK_INT(f.n, 1);
    CHECK_INT(f.v[0].trigger, TW_TRIGGER_IMPORT);
    CHECK_INT(f.v[0].confidence, TW_CONF_LITERAL); /* its ends; a flow that was followed takes nothing away */
    CHECK_INT(f.v[0].n_flows, 1);
    CHECK_INT(f.v[0].evidence[0], env);
    CHECK_INT(f.v[0].evidence[1], http);
    h.j.flows.v[0].confidence = TW_CONF_GUESSED;
    CHECK_INT(match(&h, HEAD "when: {flow: {from: cred.*, to: net.*}}\n").v[0].confidence, TW_CONF_GUESSED);
    h.j.flows.v[0].confidence = TW_CONF_FOLDED;
    CHECK_INT(match(&h, HEAD "when: {flow: {from: cred.*, to: net.dns}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {flow: {from: net.*, to: cred.*}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {flow: {from: cred.*, to: net.*, scope: function}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {flow: {from: cred.*, to: net.*, scope: file}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {flow: {from: cred.*, to: net.*, min_confidence: literal}}\n").n, 0);
    CHECK_INT(
        match(&h, HEAD "when: {trigger: {of: b, any: import}, flow: {from: cred.*, to: net.*, as: [a, b]}}\n")
            .n,
        1);
    CHECK_INT(
        match(&h, HEAD "when: {trigger: {of: a, any: import}, flow: {from: cred.*, to: net.*, as: [a, b]}}\n")
            .n,
        0);
    hand_done(&h);
}

TEST(values_by_pattern_and_class_of_host)
{
    hand h;
    one_file(&h);
    uint32_t a = hand_use(&h, "net.http", 0, 10, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_value(&h, a, TW_ARGROLE_URL, "http://127.0.0.1:9/Gate");
    CHECK_INT(match(&h, HEAD "when: {cap: {any: net.http, value: {role: url, any: [\"**/gate\"]}}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: net.http, value: {role: host, any: [\"**/gate\"]}}}\n").n, 0);
    CHECK_INT(
        match(&h, HEAD
              "when: {cap: {any: net.http, as: a}}\nunless: [{value: {of: a, host-class: [loopback]}}]\n")
            .n,
        0);
    CHECK_INT(
        match(&h, HEAD "when: {cap: {any: net.http, as: a}}\nunless: [{value: {of: a, host-class: [ip]}}]\n")
            .n,
        1);
    hand_done(&h);
}

TEST(not_sees_outer_variables)
{
    hand h;
    one_file(&h);
    hand_use(&h, "net.http", 0, 10, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_use(&h, "fs.write", 0, 26, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    const char *apart = HEAD "when: {cap: {any: net.http, as: a}, not: {cap: {any: fs.write, as: b}, same: "
                             "{of: [a, b], scope: call}}}\n";
    CHECK_INT(match(&h, apart).n, 0); /* 10 and 26 are one call in hand_use */
    h.j.uses.v[1].call = 3;
    CHECK_INT(match(&h, apart).n, 1);
    CHECK_INT(match(&h, HEAD "when: {cap: {any: net.http, as: a}, not: {not: {cap: {any: fs.write}}}}\n").n,
              1);
    hand_done(&h);
}

TEST(one_variable_stands_for_one_thing)
{
    hand h;
    one_file(&h);
    hand_use(&h, "net.http", 0, 1, TW_TRIGGER_CALL, TW_CONF_LITERAL);
    hand_use(&h, "net.http", 0, 2, TW_TRIGGER_INSTALL, TW_CONF_GUESSED);
    const char *yaml = HEAD "when: {all: [{cap: {any: net.http, trigger: install, as: a}}, "
                            "{cap: {any: net.*, min_confidence: folded, as: a}}]}\n";
    CHECK_INT(match(&h, yaml).n, 0);
    h.j.uses.v[1].confidence = TW_CONF_FOLDED;
    CHECK_INT(match(&h, yaml).n, 1);
    hand_done(&h);
}

TEST(same_function_file_and_call)
{
    hand h;
    one_file(&h);
    hand_unit(&h, hand_member(&h, "b.py"), TW_NONE, TW_TRIGGER_IMPORT);
    uint32_t a = hand_use(&h, "net.http", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    uint32_t b = hand_use(&h, "exec.shell", 0, 2, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    (void)a;
    const char *fn = HEAD "when: {all: [{cap: {any: net.http, as: a}}, {cap: {any: exec.shell, as: b}}, "
                          "{same: {of: [a, b], scope: function}}]}\n";
    const char *file = HEAD "when: {all: [{cap: {any: net.http, as: a}}, {cap: {any: exec.shell, as: b}}, "
                            "{same: {of: [a, b], scope: file}}]}\n";
    CHECK_INT(match(&h, fn).n, 1);
    h.records[0].calls[2].func = 1;
    CHECK_INT(match(&h, fn).n, 0);
    CHECK_INT(match(&h, file).n, 1);
    h.j.uses.v[b].place.unit = 1;
    CHECK_INT(match(&h, file).n, 0);
    hand_done(&h);
}

TEST(layers_and_what_lies_in_them)
{
    hand h;
    one_file(&h);
    hand_layer(&h, 0, "base64 > zlib", "import os", 7, true);
    uint32_t l1 = hand_unit(&h, 0, 0, TW_TRIGGER_INSTALL);
    hand_layer(&h, l1, "base64", "x", 3, true);
    uint32_t l2 = hand_unit(&h, 0, l1, TW_TRIGGER_INSTALL);
    hand_use(&h, "exec.shell", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_use(&h, "net.http", l2, 2, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    tw_behaviours f =
        match(&h, "id: test.rule\nceiling: malicious\nkind: malware\nsays: "
                  "\"{l.recipe}/{l.depth}/{l.language} {a.symbol}\"\n"
                  "check: x\nwhen:\n  layer: {executed: true, as: l}\n  cap: {any: net.*, in: l, as: a}\n");
    CHECK_INT(f.n, 1);
    CHECK_STR(f.v[0].says, TW_S("base64 > zlib/1/python some.call"));
    CHECK_INT(f.v[0].n_layers, 2);
    CHECK_INT(match(&h, HEAD "when: {layer: {as: l}, cap: {any: exec.*, in: l}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {layer: {min_depth: 2, as: l}, cap: {any: net.*, in: l}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {layer: {min_depth: 3}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {layer: {trigger: import}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {layer: {encoded: true}}\n").n, 1);
    h.records[0].layers->recipe = h.records[l1].layers->recipe = 0;
    CHECK_INT(match(&h, HEAD "when: {layer: {encoded: true}}\n").n, 0);
    h.records[0].layers->executed = 0;
    h.records[l1].layers->executed = 0;
    CHECK_INT(match(&h, HEAD "when: {layer: {executed: true}}\n").n, 0);
    hand_done(&h);
}

TEST(distinct_counts_kinds_not_places)
{
    hand h;
    one_file(&h);
    hand_unit(&h, hand_member(&h, "b.py"), TW_NONE, TW_TRIGGER_IMPORT);
    hand_use(&h, "cred.browser", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_use(&h, "cred.browser", 0, 2, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_use(&h, "cred.wallet", 1, 3, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    CHECK_INT(match(&h, HEAD "when: {distinct: {any: cred.*, at_least: 2}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {distinct: {any: cred.*, at_least: 3}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {distinct: {any: cred.*, at_least: 2, scope: file}}\n").n, 0);
    hand_use(&h, "cred.chat", 0, 4, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    CHECK_INT(match(&h, HEAD "when: {distinct: {any: cred.*, at_least: 2, scope: file}}\n").n, 1);
    for (uint32_t i = 0; i < h.j.uses.n; i++) h.j.uses.v[i].confidence = TW_CONF_GUESSED;
    CHECK_INT(match(&h, HEAD "when: {distinct: {any: cred.*, at_least: 2}}\n").v[0].confidence,
              TW_CONF_GUESSED);
    CHECK_INT(match(&h, HEAD "when: {distinct: {any: cred.*, at_least: 3}}\n").v[0].confidence,
              TW_CONF_FOLDED);
    hand_done(&h);
}

TEST(findings_by_name_and_severity)
{
    hand h;
    one_file(&h);
    tw_finding_add(&h.findings, TW_FIND_ZIP_EXTRA, 0, 0, "x");
    CHECK_INT(match(&h, HEAD "when: {finding: {any: \"zip.*\"}}\n").n, 1);
    CHECK_INT(match(&h, HEAD "when: {finding: {any: \"zip.*\", min_severity: bad}}\n").n, 0);
    CHECK_INT(match(&h, HEAD "when: {finding: {any: \"tar.*\"}}\n").n, 0);
    hand_done(&h);
}

TEST(raise_lifts_the_ceiling)
{
    hand h;
    one_file(&h);
    hand_use(&h, "net.http", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    const char *yaml =
        "id: test.rule\nceiling: notable\nkind: malware\nsays: x\ncheck: x\nwhen: {cap: {any: net.http, as: "
        "a}}\n"
        "raise: {to: malicious, when: {trigger: {of: a, any: install}, cap: {any: exec.shell}}}\n";
    CHECK_INT(match(&h, yaml).v[0].ceiling, TW_LEVEL_NOTABLE);
    hand_use(&h, "exec.shell", 0, 2, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    CHECK_INT(match(&h, yaml).v[0].ceiling, TW_LEVEL_MALICIOUS);
    h.j.uses.v[0].trigger = TW_TRIGGER_CALL;
    CHECK_INT(match(&h, yaml).v[0].ceiling, TW_LEVEL_NOTABLE);
    hand_done(&h);
}

TEST(what_is_said_is_defanged_and_clean)
{
    hand h;
    one_file(&h);
    uint32_t a = hand_use(&h, "net.http", 0, 1, TW_TRIGGER_IMPORT, TW_CONF_LITERAL);
    hand_value(&h, a, TW_ARGROLE_URL, "http://evil.example/a\nb");
    tw_behaviours f = match(&h, "id: test.rule\nceiling: notable\nkind: malware\nsays: \"{a.url} {a.host} "
                                "{a.label|x} {a.path|no path} {a.file}\"\n"
                                "check: x\nwhen: {cap: {any: net.http, as: a}}\n");
    CHECK_STR(f.v[0].says, TW_S("hxxp://evil[.]example/a b evil[.]example x no path setup.py"));
    hand_done(&h);
}

TEST(a_budget_bounds_the_search_and_is_reported)
{
    hand h;
    one_file(&h);
    for (int i = 0; i < 3000; i++)
        hand_use(&h, "net.http", 0, (uint32_t)i, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    const char *yaml = HEAD "when: {all: [{cap: {any: net.http, as: a}}, {cap: {any: net.http, as: b}}, "
                            "{not: {same: {of: [a, b], scope: file}}}]}\n";
    CHECK_INT(match(&h, yaml).n, 0);
    CHECK(h.coverage.limits_hit >> TW_LIMIT_flow_steps & 1);
    hand_done(&h);
}

TEST(order_of_rule_files_does_not_matter_to_the_order_of_results)
{
    hand h;
    one_file(&h);
    hand_use(&h, "net.http", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
#define RULE(id, level) \
    "id: " id "\nceiling: " level "\nkind: malware\nsays: x\ncheck: x\nwhen: {cap: {any: net.http}}\n"
    tw_str names[] = {TW_SI("1"), TW_SI("2"), TW_SI("3")};
    tw_str texts[] = {TW_SI(RULE("t.c", "notable")), TW_SI(RULE("t.b", "malicious")),
                      TW_SI(RULE("t.a", "notable"))};
    tw_rules *r;
    tw_diag d;
    CHECK_INT(tw_rules_compile(h.a, names, texts, 3, &r, &d), TW_OK);
    tw_behaviours f = {0};
    tw_rules_match(r, h.a, &h.j, &h.findings, &f);
    CHECK_INT(f.n, 3);
    CHECK_STR(f.v[0].id, TW_S("t.b"));
    CHECK_STR(f.v[1].id, TW_S("t.a"));
    CHECK_STR(f.v[2].id, TW_S("t.c"));
    hand_done(&h);
}

/* Every single byte changed, and every truncation: refused or harmless, never followed. */
TEST(a_damaged_bundle_is_refused)
{
    hand h;
    one_file(&h);
    hand_use(&h, "net.http", 0, 1, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    tw_rules *r, *again;
    tw_diag d;
    CHECK_INT(
        compile(h.a, HEAD "when: {cap: {any: net.http, as: a}, not: {value: {of: a, any: x}}}\n", &r, &d),
        TW_OK);
    tw_buf b = TW_BUF_INIT;
    tw_rules_save(r, &b);
    for (size_t n = 0; n < b.n; n++) CHECK(tw_rules_load(h.a, tw_str_of(b.p, n), &again, &d) != TW_OK);
    for (size_t i = 0; i < b.n; i++)
        for (int x = 1; x < 256; x += 85) {
            b.p[i] = (char)(b.p[i] ^ x);
            tw_behaviours f = {0};
            tw_mark m = tw_arena_mark(h.a);
            if (tw_rules_load(h.a, tw_buf_str(&b), &again, &d) == TW_OK)
                tw_rules_match(again, h.a, &h.j, &h.findings, &f);
            tw_arena_reset(h.a, m);
            b.p[i] = (char)(b.p[i] ^ x);
        }
    tw_buf_free(&b);
    hand_done(&h);
}

static void host(const char *s, const char *want, uint32_t classes)
{
    tw_str h = tw_host_of(tw_str_c(s));
    CHECK_STR(h, tw_str_c(want));
    CHECK_INT(tw_host_classes(h), classes);
}

TEST(hosts_by_form)
{
    host("http://user@localhost:80/x", "localhost", 1u << TW_HOST_LOOPBACK);
    host("127.0.0.1:9", "127.0.0.1", 1u << TW_HOST_LOOPBACK);
    host("https://[::1]:1/", "::1", 1u << TW_HOST_LOOPBACK);
    host("tcp://10.1.2.3", "10.1.2.3", 1u << TW_HOST_PRIVATE);
    host("http://172.32.0.1/", "172.32.0.1", 1u << TW_HOST_IP);
    host("http://192.0.2.7/", "192.0.2.7", 1u << TW_HOST_IP | 1u << TW_HOST_EXAMPLE);
    host("https://a.b.example/c?d", "a.b.example", 1u << TW_HOST_EXAMPLE);
    host("plain", "", 0);
    host("/etc/passwd", "", 0);
    host("a.py/x", "", 0);
    host("http://300.1.1.1/", "300.1.1.1", 0);
    host("", "", 0);
}

/* The rules of this repository compile, each has a fixture on both sides, and the bundle is them. */
TEST(shipped_rules_compile)
{
    tw_arena *a = tw_arena_new(0);
    tw_str names[128], texts[128];
    size_t n = 0;
    DIR *dir = opendir(TW_SOURCE_DIR "/rules");
    CHECK(dir != NULL);
    for (struct dirent *e; dir && (e = readdir(dir)) && n < 128;) {
        if (!tw_str_ends(tw_str_c(e->d_name), TW_S(".yaml"))) continue;
        tw_str path = tw_arena_fmt(a, "%s/rules/%s", TW_SOURCE_DIR, e->d_name);
        names[n] = path;
        CHECK_INT(tw_read_file(a, path.p, 1 << 20, &texts[n], NULL), TW_OK);
        n++;
    }
    if (dir) closedir(dir);
    tw_rules *r = NULL;
    tw_diag d = {0};
    tw_err e = tw_rules_compile(a, names, texts, n, &r, &d);
    if (e != TW_OK) fprintf(stderr, "%s:%u:%u: %s\n", d.where, d.line, d.col, d.says);
    CHECK_INT(e, TW_OK);
    tw_rules *builtin = tw_rules_builtin(a);
    CHECK(builtin != NULL);
    if (builtin) CHECK_INT(tw_rules_count(builtin) + 1, n); /* and verdict.yaml */
    tw_arena_free(a);
}

TESTS_MAIN()
