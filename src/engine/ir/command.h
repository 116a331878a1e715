/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Names of commands, as front ends and evaluation both need them. Source: command.c. */
#include "base/str.h"

enum { TW_COMMAND_NAME = 64 };
/* "C:\Windows\System32\CMD.EXE" -> "cmd": the last part in lower case without .exe, .cmd or .bat of a bare
 * name. Empty where it is no name. */
tw_str tw_command_name(tw_str text, char buf[TW_COMMAND_NAME]);
/* "./x", "lib/run.sh", "%TEMP%\a.exe": a program by its place, outside the folders of the system. */
bool tw_command_is_path(tw_str text);
