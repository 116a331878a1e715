/* SPDX-License-Identifier: Apache-2.0 */
/* How the options of well-known commands are written: nothing of what they mean. */
#include "engine/languages/command.h"

static const tw_options table[] = {
    {" curl ",
     "-o -d -F -H -X -T -u -A -e -b -c -K -x -m -w -r -E -U -Y -y -z -C -D -P -Q -t --output=-o --data=-d "
     "--data-raw=-d --data-binary=-d --data-ascii=-d --data-urlencode=-d --json=-d --form=-F "
     "--form-string=-F --header=-H --request=-X --upload-file=-T --user=-u --user-agent=-A --referer=-e "
     "--cookie=-b --cookie-jar=-c --config=-K --proxy=-x --max-time=-m --write-out=-w --url=--url "
     "--connect-timeout=-t --retry=-y --retry-delay=-y --cacert=-E --cert=-E --resolve=-t --socks5=-x "
     "--output-dir=-P --retry-max-time=-y --proto=-P --ciphers=-E",
     "", 0},
    {" wget ",
     "-O -o -P -U -t -T -e -a -i -w -Q -B -A -R -D -I -X -l --output-document=-O --directory-prefix=-P "
     "--user-agent=-U --header=-H --post-data=-d --post-file=-f --body-data=-d --body-file=-f --method=-X "
     "--tries=-t --timeout=-T",
     "", 0},
    {" aria2c ", "-o -d -x -s --out=-o --dir=-d", "", 0},
    {" sh bash dash zsh ksh ash fish ", "-c -o -O --rcfile=-r --init-file=-r", "", 0},
    {" python python2 python3 pythonw py pypy pypy3 ", "-c -m -W -X", "", 0},
    {" node nodejs bun deno ", "-e -p -r --eval=-e --print=-e --require=-r --import=-r", "", 0},
    {" perl ruby ", "-e -I -M -E", "", 0},
    {" php ", "-r -f -d -c", "", 0},
    {" osascript ", "-e -l", "", TW_OPT_WORDS},
    {" cmd ", "", " /c /k /r ", TW_OPT_SLASH},
    {" ssh ", "-i -p -o -l -F -L -R -D -J -b -c -E -e -I -m -O -Q -S -W -w", "", 0},
    {" scp sftp ", "-i -P -o -F -l -c -S -b -J", "", 0},
    {" rsync ", "-e -f --rsh=-e", "", 0},
    {" nc ncat netcat ", "-e -c -p -s -w -q -i -x -X --exec=-e --sh-exec=-c", "", 0},
    {" socat openssl ", "-in -out -k -pass -K -iv -connect -inkey -passin -passout -md", "", TW_OPT_WORDS},
    {" certutil bitsadmin ", "", "", TW_OPT_WORDS | TW_OPT_SLASH},
    {" find ", "-name -iname -path -type -maxdepth -mindepth -size -mtime -user -perm -newer", "",
     TW_OPT_WORDS},
    {" java ", "-cp -classpath -jar", "", TW_OPT_WORDS},
    {" tar bsdtar ", "-f -C -T -X --file=-f --directory=-C", "", 0},
    {" zip ", "-P -i -x", "", 0},
    {" unzip ", "-d -P -x", "", 0},
    {" base64 ", "-w -i -o --wrap=-w --input=-i --output=-o", "", 0},
    {" tee ", "", "", 0},
    {" install ", "-m -o -g -t --mode=-m", "", 0},
    {" mkdir mktemp ", "-m -p -t", "", 0},
    {" crontab ", "-u", "", 0},
    {" useradd adduser usermod ", "-p -u -g -G -s -d -c -e -f -k", "", 0},
    {" ssh-keygen ", "-t -b -f -N -C -P", "", 0},
    {" git ", "-C -c -b -m --branch=-b", "", 0},
    {" npm npx yarn pnpm ", "-w --registry=-i --prefix=-C", "", 0},
    {" pip pip3 uv ", "-i -r -t -c -e --index-url=-i --extra-index-url=-i --target=-t --requirement=-r", "",
     0},
    {" head tail cut sort awk sed grep tr fold ", "-n -c -d -f -F -e -w -v", "", 0},
    {" su runuser ", "-c -s -g -l", "", 0},
    {" docker podman ", "-v -e -p -w -u --name=-n --volume=-v", "", 0},
    {" schtasks ", "/tn /tr /sc /ru /rp /st /mo /rl /s /u /p /d /i /xml", "", TW_OPT_SLASH},
    {" reg ", "/v /t /d /s", "", TW_OPT_SLASH},
    {" msiexec ", "/i /x /p /l /qn=", "", TW_OPT_SLASH},
    {" taskkill ", "/im /pid /fi /s /u /p", "", TW_OPT_SLASH},
    {" regsvr32 rundll32 mshta wmic cscript wscript netsh net net1 sc attrib icacls copy xcopy robocopy del "
     "erase rd rmdir md move ren type dir tasklist systeminfo ipconfig shutdown cipher vssadmin wbadmin "
     "bcdedit format assoc ftype timeout ping where findstr find",
     "", "", TW_OPT_SLASH},
    {" sudo ", "-u -g -h -p -C -D -R -T -U -r -t", "", TW_OPT_RUNS},
    {" doas ", "-u -C", "", TW_OPT_RUNS},
    {" env ", "-u -C -S", "", TW_OPT_RUNS},
    {" nohup setsid exec command builtin time stdbuf unbuffer caffeinate busybox noglob nocorrect ",
     "-a -i -o -e", "", TW_OPT_RUNS},
    {" nice ionice chrt ", "-n -c -p --adjustment=-n", "", TW_OPT_RUNS},
    {" xargs ", "-I -n -P -d -L -s -E -a", "", TW_OPT_RUNS},
    {" gtimeout ", "-s -k --signal=-s", "", TW_OPT_RUNS | TW_OPT_SKIP},
    {" start ", "/d", "", TW_OPT_RUNS | TW_OPT_SLASH | TW_OPT_TITLE},
    {" call ", "", "", TW_OPT_RUNS},
};
static const tw_options none = {"", "", "", 0};
static const tw_options posix_timeout = {"", "-s -k --signal=-s --kill-after=-k", "",
                                         TW_OPT_RUNS | TW_OPT_SKIP};

static bool in_names(const char *names, tw_str word)
{
    char key[64];
    if (!word.n || word.n + 2 > sizeof key) return false;
    key[0] = ' ';
    memcpy(key + 1, word.p, word.n);
    key[word.n + 1] = ' ';
    return tw_str_find(tw_str_c(names), tw_str_of(key, word.n + 2)) != TW_NPOS;
}

const tw_options *tw_options_of(tw_lang lang, tw_str command)
{
    bool shell = lang == TW_LANG_SHELL;
    if (shell && tw_str_eq(command, TW_S("timeout"))) return &posix_timeout;
    for (size_t i = 0; i < TW_COUNT(table); i++) {
        bool batch_only = table[i].flags & TW_OPT_TITLE || tw_str_starts(command, TW_S("call"));
        if (shell && batch_only && !tw_str_eq(command, TW_S("start"))) continue;
        if (in_names(table[i].names, command)) return &table[i];
    }
    return &none;
}

bool tw_option_in(const char *list, tw_str name, tw_str *ret_name)
{
    tw_str rest = tw_str_c(list), item;
    while (tw_str_split(&rest, ' ', &item)) {
        size_t eq = tw_str_chr(item, '=');
        tw_str key = tw_str_sub(item, 0, eq == TW_NPOS ? item.n : eq);
        if (!key.n || !tw_str_eq(key, name)) continue;
        *ret_name = eq == TW_NPOS ? key : tw_str_sub(item, eq + 1, item.n);
        return true;
    }
    return false;
}

int tw_powershell_option(tw_str word, tw_str *ret_name)
{
    static const struct {
        const char *full, *also;
        uint8_t least, kind;
    } rows[] = {
        {"encodedcommand", "ec", 1, 2},
        {"executionpolicy", "ep", 2, 2},
        {"command", "", 1, 3},
        {"file", "", 1, 2},
        {"windowstyle", "", 1, 2},
        {"workingdirectory", "wd", 2, 2},
        {"version", "", 1, 2},
        {"inputformat", "if", 1, 2},
        {"outputformat", "of", 1, 2},
        {"configurationname", "", 6, 2},
        {"psconsolefile", "", 1, 2},
        {"noprofile", "", 3, 1},
        {"noninteractive", "", 4, 1},
        {"noexit", "", 3, 1},
        {"nologo", "", 3, 1},
        {"sta", "", 1, 1},
        {"mta", "", 1, 1},
        {"help", "?", 1, 1},
    };
    static const char *const dashes[] = {"-", "/", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95"};
    char low[24];
    size_t skip = 0;
    for (size_t i = 0; i < TW_COUNT(dashes) && !skip; i++)
        if (tw_str_starts(word, tw_str_c(dashes[i]))) skip = strlen(dashes[i]);
    tw_str name = tw_str_sub(word, skip, word.n);
    if (!skip || !name.n || name.n > sizeof low) return 0;
    if (name.p[0] == '-') name = tw_str_sub(name, 1, name.n);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        low[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
    }
    name.p = low;
    for (size_t i = 0; i < TW_COUNT(rows) && name.n; i++) {
        bool hit = tw_str_starts(tw_str_c(rows[i].full), name) && name.n >= rows[i].least;
        if (!hit && !tw_str_eq(tw_str_c(rows[i].also), name)) continue;
        *ret_name = tw_str_c(rows[i].full);
        return rows[i].kind;
    }
    return 0;
}
