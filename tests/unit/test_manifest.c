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

TESTS_MAIN()
