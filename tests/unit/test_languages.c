/* SPDX-License-Identifier: Apache-2.0 */
/* Which language a member is in: base name, extension, shebang. */
#include "engine/artifact/artifact.h"
#include "engine/languages/languages.h"
#include "tap.h"

static tw_str of(const char *path, const char *content)
{
    tw_str data = tw_str_c(content);
    int kind = tw_str_starts(data, TW_S("#!")) ? TW_KIND_SCRIPT : TW_KIND_TEXT;
    return tw_str_c(tw_language_of(tw_str_c(path), data, kind).name);
}

TEST(names)
{
    CHECK_STR(of("package/package.json", "{}"), TW_S("manifest"));
    CHECK_STR(of("a/binding.gyp", "{}"), TW_S("manifest"));
    CHECK_STR(of("a/x.gypi", "{}"), TW_S("manifest"));
    CHECK_STR(of("a/pyproject.toml", ""), TW_S("manifest"));
    CHECK_STR(of("a/other.toml", ""), TW_S("data"));
    CHECK_STR(of("a/package.json.bak", "{}"), TW_S("data"));
    CHECK_STR(of("a/x.ipynb", "{}"), TW_S("notebook"));
    CHECK_STR(of("a/x.KSH", ""), TW_S("shell"));
    CHECK_STR(of("a/x.command", ""), TW_S("shell"));
    CHECK_STR(of("a/x.psd1", ""), TW_S("powershell"));
    CHECK_STR(of("a/x.pyi", ""), TW_S("python"));
    CHECK_STR(of("a/x.py3", ""), TW_S("python"));
    CHECK_STR(of("a/x.hta", ""), TW_S("html application"));
    CHECK_STR(of("lib/loader", "module.exports = 1"), TW_S("javascript"));
    CHECK_STR(of("lib/loader.bin", "module.exports = 1"), TW_S("data"));
    CHECK_STR(of("LICENSE", "MIT"), TW_S("data"));
    CHECK(tw_language_of(TW_S("x.hta"), TW_S(""), TW_KIND_TEXT).what == TW_TEXT_CODE);
    CHECK(tw_language_of(TW_S("x.html"), TW_S("<script>"), TW_KIND_TEXT).what == TW_TEXT_INERT);
}

TEST(declarations)
{
    tw_language l = tw_language_of(TW_S("a/x.d.ts"), TW_S("export {}"), TW_KIND_TEXT);
    CHECK(l.what == TW_TEXT_INERT || l.front != NULL); /* never a gap */
}

TEST(shebangs)
{
    CHECK_STR(of("bin/x", "#!/usr/bin/env python3\n"), TW_S("python"));
    CHECK_STR(of("bin/x", "#!/opt/py/bin/python3.11 -u\n"), TW_S("python"));
    CHECK_STR(of("bin/x", "#!python\n"), TW_S("python"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env -S node --no-warnings\n"), TW_S("javascript"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env -Snode\n"), TW_S("javascript"));
    CHECK_STR(of("bin/x", "#! /usr/bin/env -i -u HOME A=b nodejs\n"), TW_S("javascript"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env tsx"), TW_S("typescript"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env -S deno run -A\n"), TW_S("typescript"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env bun\n"), TW_S("typescript"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env ts-node\n"), TW_S("typescript"));
    CHECK_STR(of("bin/x", "#!/usr/bin/env -S uv run --script\n"), TW_S("python"));
    CHECK_STR(of("bin/x", "#!/bin/sh -e\r\n"), TW_S("shell"));
    CHECK_STR(of("bin/x", "#!/bin/ksh93\n"), TW_S("shell"));
    CHECK_STR(of("bin/x", "#!/usr/bin/fish\n"), TW_S("fish"));
    CHECK_STR(of("bin/x", "#!/usr/bin/perl -w\n"), TW_S("perl"));
    CHECK_STR(of("bin/x", "#!/usr/bin/strange\n"), TW_S("script"));
    CHECK_STR(of("bin/x", "#!"), TW_S("script"));
    CHECK_STR(of("bin/x.txt", "#!/bin/sh\n"), TW_S("shell")); /* a script whatever its name */
    CHECK_STR(of("bin/x", "text"), TW_S("data"));
}

TESTS_MAIN()
