/* SPDX-License-Identifier: Apache-2.0 */
/* Windows batch: each row a text and what its record says of it, see says.h. */
#include "says.h"

/* clang-format off */
static const says_row rows[] = {
    {"@echo off",
     "echo(\"off\") = \"off\""},
    {"a b \"c d\" & e",
     "a(\"b\", \"c d\"); e()"},
    {":: x\nrem y & z\na",
     "a()"},
    {":l\ngoto l",
     ""},
    {"set X=a b\nc %X% \"%X%\"",
     "c(\"a b\", \"a b\")"},
    {"set \"X=a&b\"\nc %x%",
     "c(\"a&b\")"},
    {"set X=abcdef\n%X:~0,3%%X:~-1% %X:b=z%",
     "abcf(\"azcdef\") reflected"},
    {"c %TEMP%\\x !Y! %1 %%i %~dp0y",
     "c((env[\"TEMP\"] ++ \"\\\\x\"), env[\"Y\"], opaque, env[\"I\"], \"./y\")"},
    {"c ^& d^\ne",
     "c(\"&\", \"de\")"},
    {"if exist a (b) else (c)",
     "b() guarded; c() guarded"},
    {"if not \"%A%\"==\"b\" c",
     "c() guarded"},
    {"if %a%==b c & d\ne",
     "c() guarded; d() guarded; e()"},
    {"if errorlevel 1 b",
     "b() guarded"},
    {"if defined X (a\nb) else c\nd",
     "a() guarded; b() guarded; c() guarded; d()"},
    {"for %%i in (a b) do c %%i",
     "c(each([\"a\", \"b\"])) loop"},
    {"for /f \"tokens=1\" %%a in ('dir') do (\nc %%a\n)",
     "c(each([\"'dir'\"])) loop {batch dir}"},
    {"a | b > f 2>nul",
     "a(); b(<stdin>=call#0); shell.redirect(call#1, \"f\")"},
    {"a >> f && b || c",
     "a(); shell.redirect(call#0, \"f\"); b() guarded; c() guarded"},
    {"start \"\" /b a b",
     "start(\"\", \"/b\", \"a\", \"b\"); a(\"b\")"},
    {"start \"t\" \"C:\\x y.exe\"",
     "start(\"t\", \"C:\\\\x y.exe\"); shell.run(\"C:\\\\x y.exe\")"},
    {"call x.bat a",
     "x.bat(\"a\")"},
    {"cmd /c \"a & b\"",
     "cmd(/c=\"a & b\") {batch a & b}"},
    {"powershell -w hidden -c \"iex x\"",
     "powershell(-windowstyle=\"hidden\", -command=\"iex x\") {powershell iex x}"},
    {"powershell -NoP -e dwBoAG8A",
     "powershell(-noprofile=true, -encodedcommand=\"dwBoAG8A\") {powershell who}"},
    {"powershell x y",
     "powershell(-command=\"x y\") {powershell x y}"},
    {"reg add HKCU\\a /v b /d c /f",
     "reg(\"add\", \"HKCU\\\\a\", /v=\"b\", /d=\"c\", /f=true)"},
    {"schtasks /create /tn A /tr \"x y\"",
     "schtasks(/create=true, /tn=\"A\", /tr=\"x y\")"},
    {"C:\\Windows\\System32\\cmd.exe /c dir",
     "cmd(/c=\"dir\") {batch dir}"},
    {"%COMSPEC% /c dir",
     "cmd(\"/c\", \"dir\") reflected"},
    {"\"C:\\a b\\c.exe\" d",
     "shell.run(\"C:\\\\a b\\\\c.exe\", \"d\")"},
    {"set /p X=y?\nc %X%",
     "c(`set`(\"y?\"))"},
    {"set",
     "env()"},
    {"a (b",
     "a(\"(b\")"},
    {") a",
     "a() !syntax"},
    {"a \"b",
     "a(\"b\")"},
    {"^",
     "\"\"()"},
};
/* clang-format on */

TEST(rows)
{
    for (size_t i = 0; i < TW_COUNT(rows); i++) says_check(&tw_front_batch, &rows[i]);
}

/* What opens and never closes, many times over. */
TEST(bounds)
{
    static const char *const units[] = {"(",         "if exist a ", "for %%i in (a) do ", "%a%", "\"",
                                        "a&&",       "^",           "set x=\"",           "a|",  "call ",
                                        "if a==b (", "%a:~1%"};
    for (size_t i = 0; i < TW_COUNT(units); i++) says_bounded(&tw_front_batch, units[i], 20000);
}

TESTS_MAIN()
