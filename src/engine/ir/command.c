/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ir/command.h"

#include "base/str.h"

tw_str tw_command_name(tw_str text, char buf[TW_COMMAND_NAME])
{
    size_t at = text.n;
    while (at && text.p[at - 1] != '/' && text.p[at - 1] != '\\') at--;
    tw_str s = tw_str_sub(text, at, text.n);
    if (!s.n || s.n > TW_COMMAND_NAME) return (tw_str){NULL, 0};
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        buf[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
        if ((unsigned char)c <= ' ') return (tw_str){NULL, 0};
    }
    s.p = buf;
    if (tw_str_ends(s, TW_S(".exe"))) s.n -= 4;
    return s;
}

bool tw_command_is_path(tw_str text)
{
    static const tw_str system[] = {TW_SI("/bin/"),          TW_SI("/usr/"),      TW_SI("/sbin/"),
                                    TW_SI("/opt/homebrew/"), TW_SI("C:\\Win"),    TW_SI("c:\\win"),
                                    TW_SI("C:/Win"),         TW_SI("%windir%\\"), TW_SI("%WINDIR%\\"),
                                    TW_SI("%SystemRoot%\\"), TW_SI("/System/"),   TW_SI("/Library/")};
    bool slash = false;
    for (size_t i = 0; i < text.n && !slash; i++) slash = text.p[i] == '/' || text.p[i] == '\\';
    for (size_t i = 0; i < TW_COUNT(system); i++)
        if (tw_str_starts(text, system[i])) return false;
    return slash && text.n > 1;
}
