/* SPDX-License-Identifier: Apache-2.0 */
/* Values of manifests that are code. */
#include "carried.h"

#define MANIFEST(source, want) CARRIES(tw_front_manifest, source, want)

TEST(package_scripts)
{
    MANIFEST("{\"name\":\"x\",\"scripts\":{\"test\":\"t\",\"postinstall\":\"a && b\",\"n\":1}}",
             "[scripts.postinstall] shell: a && b\n[scripts.test] shell: t\n");
    MANIFEST("{\"scripts\":[\"x\"]}", "");
    MANIFEST("{}", "");
}

/* What our JSON reader refuses and npm takes is read all the same. */
TEST(loose_json)
{
    MANIFEST("{\"d\":\"\\ud800\",\"ok\":true,\"scripts\":{\"install\":\"a\"}}",
             "[scripts.install] shell: a\n");
    MANIFEST("{\"scripts\":{\"install\":\"a\"", "gap syntax\n");
}

TEST(gyp)
{
    MANIFEST("# c\n{'targets': [{'x': ['<!(a b)', \"<!@(node -p \\\"f('x')\\\")\", '>!(c)', 'no (d)'],},],}",
             "[binding] shell: a b\n[binding] shell: node -p \"f('x')\"\n[binding] shell: c\n");
    MANIFEST("{'targets':[{'x':'<!([\"python\", \"-c\", \"1\"])', 'y':'<!pymod_do_main(mod a)'}]}",
             "[binding] shell: \"python\"  \"-c\"  \"1\"\n[binding] python: import mod\n");
    MANIFEST("{'targets':[{'actions':[{'action':['sh','-c','a \\'b\\'','<(x)']}]}]}",
             "[binding] shell: sh -c 'a '\\''b'\\''' '<(x)'\n");
}

TEST(gyp_nested)
{
    MANIFEST("{'x': '<!(a <!(b) (c))'}", "[binding] shell: b\n[binding] shell: a <!(b) (c)\n");
    MANIFEST("{'x': '<!(a (b'}", "[binding] shell: a (b\n");
    MANIFEST("{'x': '<!()<!'}", "");
    MANIFEST("{\"targets\": [{\"x\": \"<!(a)\"}], \"scripts\": {\"b\": \"c\"}}",
             "[scripts.b] shell: c\n[binding] shell: a\n");
}

/* Conditions are evaluated as Python. */
TEST(gyp_condition)
{
    MANIFEST("{'conditions': [['OS==\"win\"', {}], ['().__class__', {}]],}",
             "[binding] python: ().__class__\n");
}

TEST(gyp_damaged)
{
    MANIFEST("{'x': '<!(a)', oops oops}", "[binding] shell: a\ngap syntax\n");
}

TEST(tasks)
{
    MANIFEST("[build-system]\nbuild-backend = 'x'\n[project.scripts]\na = 'm:f'\n[tool.poetry.scripts]\nb = "
             "'m:f'\n",
             "");
    MANIFEST("# c\n[tool.pdm.scripts]\na = 'echo 1'\nb = {cmd = \"x\", help = "
             "'y'}\n[tool.poe.tasks.c]\nshell = '''\nd\n'''\n",
             "[tool.pdm.scripts.a] shell: echo 1\n[tool.pdm.scripts.b.cmd] shell: x\n"
             "[tool.poe.tasks.c.shell] shell: d\n\n");
    MANIFEST("[metadata]\nname = x\n[options]\nscripts =\n  bin/x\n", "");
}

TEST(too_many_texts_leave_the_file_unread)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S("{\"scripts\":{\"x\":\"y\""));
    for (int i = 0; i < 300; i++) tw_buf_fmt(&b, ",\"s%d\":\"c%d\"", i, i);
    tw_buf_puts(&b, TW_S(",\"install\":\"z\"}}"));
    tw_ir *ir = TW_NEW(a, tw_ir);
    tw_front_manifest.lower(a, tw_buf_str(&b), &lim, ir);
    uint32_t whole = 0, first = 0;
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        whole += ir->insns.v[i].op == TW_OP_OPAQUE && ir->insns.v[i].len == b.n;
        if (ir->insns.v[i].op == TW_OP_EMBED && !first) first = ir->insns.v[i].b;
    }
    CHECK_INT(whole, 1);
    CHECK_STR(tw_ir_text(ir, ir->insns.v[first].a), TW_S("z"));
    tw_buf_free(&b);
    tw_arena_free(a);
}

/* Where the text stands in the file as it is, the span is the text. */
TEST(spans)
{
    static const tw_str source = TW_SI("{\"scripts\": {\"a\": \"b c\", \"d\": \"e\\tf\"}}");
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir *ir = TW_NEW(a, tw_ir);
    uint32_t seen = 0;
    tw_front_manifest.lower(a, source, &lim, ir);
    for (uint32_t i = 1; i < ir->insns.n; i++) {
        const tw_insn *x = &ir->insns.v[i];
        if (x->op != TW_OP_EMBED) continue;
        tw_str text = tw_ir_text(ir, ir->insns.v[x->b].a), span = tw_str_sub(source, x->off, x->off + x->len);
        if (!seen++) CHECK_STR(span, text);
        CHECK_STR(tw_str_sub(span, 0, 1), seen == 1 ? TW_S("b") : TW_S("\""));
    }
    CHECK_INT(seen, 2);
    tw_arena_free(a);
}

TESTS_MAIN()
