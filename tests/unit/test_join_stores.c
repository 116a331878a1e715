/* SPDX-License-Identifier: Apache-2.0 */
/* What a file puts in the place of the host program's functions, and what it reaches by a global it made itself. */
#include "capabilities/ids.h"
#include "engine/join/join.h"
#include "tap.h"

static const struct row {
    const char *source;
    tw_cap cap;
    bool uses;
} rows[] = {
    {"XMLHttpRequest.prototype.send = function (b) { return 1; };", TW_CAP_COLLECT_PAGE, true},
    {"const x = XMLHttpRequest.prototype; x.open = function (m, u) {};", TW_CAP_COLLECT_PAGE, true},
    {"window.ethereum.request = async function (a) {};", TW_CAP_COLLECT_PAGE, true},
    {"window.fetch = function (u) {};", TW_CAP_COLLECT_PAGE, true},
    {"require('https').request = function () {};", TW_CAP_CODE_HOOK_RUNTIME, true},
    {"XMLHttpRequest.prototype.sendAsBinary = function (b) {};", TW_CAP_COLLECT_PAGE, false},
    {"window.fetch = undefined;", TW_CAP_COLLECT_PAGE, false},
    {"const mine = {}; mine.fetch = function () {};", TW_CAP_COLLECT_PAGE, false},
    {"exports.fetch = function () {};", TW_CAP_COLLECT_PAGE, false},
    {"global.r = require; global.r('child_process').exec('id');", TW_CAP_EXEC_SHELL, true},
    {"global['r'] = require; (async () => { const c = global.r('child_process'); c.exec('id'); })();",
     TW_CAP_EXEC_SHELL, true},
    {"global['q'] = require; global.r('child_process').exec('id');", TW_CAP_EXEC_SHELL, false},
    {"var m = new module.constructor(); m.exports = 1;", TW_CAP_CODE_EVAL, true},
};

static bool has_use(const char *source, tw_cap cap)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_coverage coverage;
    tw_member member = {.path = TW_S("index.js")};
    tw_str module = {0};
    uint8_t role = TW_ROLE_CODE;
    tw_ir ir;
    tw_record record;
    tw_package p = {.arena = a,
                    .members = &member,
                    .n_members = 1,
                    .module = &module,
                    .role = &role,
                    .name = TW_S("reef")};
    tw_coverage_init(&coverage, a);
    tw_front_javascript.lower(a, tw_str_c(source), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &record);
    tw_unit unit = {.parent = TW_NONE, .layer = TW_NONE, .record = &record};
    TW_PUSH(a, p.roots, ((tw_root){0, TW_S(""), TW_TRIGGER_IMPORT, TW_S("main")}));
    tw_join j = {
        .arena = a, .package = &p, .units = &unit, .n_units = 1, .coverage = &coverage, .limits = &lim};
    tw_join_run(&j);
    bool found = false;
    for (uint32_t i = 0; i < j.uses.n; i++)
        found |= j.uses.v[i].cap == cap && j.uses.v[i].trigger == TW_TRIGGER_IMPORT;
    tw_arena_free(a);
    return found;
}

TEST(stores)
{
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        bool got = has_use(rows[i].source, rows[i].cap);
        CHECK(got == rows[i].uses);
        if (got != rows[i].uses) fprintf(stderr, "%s\n", rows[i].source);
    }
}

TESTS_MAIN()
