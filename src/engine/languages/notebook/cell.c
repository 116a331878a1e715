/* SPDX-License-Identifier: Apache-2.0 */
/* One code cell, as IPython takes it apart: a cell magic on its first line, else Python with shell lines (`!cmd`) and
 * line magics (`%name`) where a statement starts. */
#include "engine/languages/notebook/notebook.h"

typedef struct by_magic {
    const char *magic;
    const char *language; /* NULL: the cell is still the kernel's language; "": nothing of it runs */
} by_magic;

static const by_magic cell_magics[] = {
    {"time", NULL},
    {"timeit", NULL},
    {"capture", NULL},
    {"prun", NULL},
    {"python", NULL},
    {"python3", NULL},
    {"pypy", NULL},
    {"debug", NULL},
    {"memit", NULL},
    {"mprun", NULL},
    {"bash", "shell"},
    {"sh", "shell"},
    {"zsh", "shell"},
    {"!", "shell"},
    {"sx", "shell"},
    {"system", "shell"},
    {"script", NULL},
    {"cmd", "batch"},
    {"powershell", "powershell"},
    {"javascript", "javascript"},
    {"js", "javascript"},
    {"html", "html"},
    {"HTML", "html"},
    {"writefile", ""},
    {"file", ""},
    {"markdown", ""},
    {"latex", ""},
    {"svg", ""},
    {"SVG", ""},
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static tw_str first_word(tw_str s)
{
    size_t n = 0;
    while (n < s.n && !blank(s.p[n])) n++;
    return tw_str_sub(s, 0, n);
}

/* `%%script bash -e` runs the cell with that program. */
static tw_str script_language(tw_str line)
{
    static const struct {
        const char *program, *language;
    } programs[] = {{"python", "python"}, {"node", "javascript"}, {"bash", "shell"},
                    {"sh", "shell"},      {"pwsh", "powershell"}, {"powershell", "powershell"},
                    {"cmd", "batch"},     {"zsh", "shell"}};
    tw_str word;
    while (tw_str_split(&line, ' ', &word)) {
        word = tw_str_base(tw_str_trim(word));
        if (!word.n || word.p[0] == '-') continue;
        for (size_t i = 0; i < TW_COUNT(programs); i++)
            if (tw_str_starts(word, tw_str_c(programs[i].program))) return tw_str_c(programs[i].language);
        return word;
    }
    return TW_S("script");
}

static tw_str magic_language(const nb *b, tw_str line)
{
    tw_str name = first_word(line);
    if (tw_str_eq(name, TW_S("script"))) return script_language(tw_str_sub(line, name.n, line.n));
    for (size_t i = 0; i < TW_COUNT(cell_magics); i++)
        if (tw_str_eq(name, tw_str_c(cell_magics[i].magic)))
            return cell_magics[i].language ? tw_str_c(cell_magics[i].language) : b->kernel;
    return name.n ? name : TW_S("magic");
}

/* --- where statements start ------------------------------------------------------------------------------- */

typedef struct scan { /* state between lines of Python */
    uint32_t open;    /* brackets */
    char quote;       /* of a triple-quoted string that goes on, 0 */
    bool joined;      /* the line before ended in a backslash */
} scan;

static bool triple(tw_str s, size_t i)
{
    return i + 2 < s.n && s.p[i + 1] == s.p[i] && s.p[i + 2] == s.p[i];
}

/* The end of a string that starts at s[i] (or goes on at 0), within the line. */
static size_t skip_string(scan *st, tw_str s, size_t i, char quote, bool is_triple)
{
    for (; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == quote && (!is_triple || triple(s, i))) {
            st->quote = 0;
            return i + (is_triple ? 3 : 1);
        }
    }
    st->quote = is_triple ? quote : 0;
    return s.n;
}

static void scan_line(scan *st, tw_str s)
{
    size_t i = st->quote ? skip_string(st, s, 0, st->quote, true) : 0;
    st->joined = false;
    while (i < s.n) {
        char c = s.p[i];
        if (c == '#') break;
        if (c == '\'' || c == '"') {
            bool t = triple(s, i);
            i = skip_string(st, s, i + (t ? 3 : 1), c, t);
            continue;
        }
        if (c == '(' || c == '[' || c == '{') st->open++;
        if ((c == ')' || c == ']' || c == '}') && st->open) st->open--;
        st->joined = c == '\\' && i + 1 >= s.n;
        i++;
    }
}

/* `x = !cmd`: what stands before the mark when it is nothing but names. */
static size_t assigned_mark(tw_str s)
{
    size_t eq = tw_str_chr(s, '=');
    if (eq == TW_NPOS || eq == 0) return TW_NPOS;
    for (size_t i = 0; i < eq; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                    c >= 0x80 || c == ',' || c == '.' || c == '*' || blank((char)c);
        if (!name) return TW_NPOS;
    }
    size_t at = eq + 1;
    while (at < s.n && blank(s.p[at])) at++;
    return at < s.n && (s.p[at] == '!' || s.p[at] == '%') ? at : TW_NPOS;
}

/* "-n 10 -r3 f()" -> "f()" */
static tw_str without_options(tw_str s)
{
    s = tw_str_trim(s);
    while (s.n && s.p[0] == '-') {
        s = tw_str_trim(tw_str_sub(s, first_word(s).n, s.n));
        if (s.n && s.p[0] >= '0' && s.p[0] <= '9') s = tw_str_trim(tw_str_sub(s, first_word(s).n, s.n));
    }
    return s;
}

/* `%name rest`: some hand the rest to a shell, some run it as Python. */
static void line_magic(nb *b, tw_str head, tw_str magic, tw_str otherwise)
{
    static const struct {
        const char *name, *language;
        bool whole; /* the name is part of the command */
    } magics[] = {{"sx", "shell", false},   {"system", "shell", false}, {"pip", "shell", true},
                  {"conda", "shell", true}, {"time", NULL, false},      {"timeit", NULL, false},
                  {"prun", NULL, false}};
    tw_str name = first_word(magic), tail = tw_str_sub(magic, name.n, magic.n), stays = otherwise;
    for (size_t i = 0; i < TW_COUNT(magics); i++) {
        if (!tw_str_eq(name, tw_str_c(magics[i].name))) continue;
        if (magics[i].language)
            nb_add(b, tw_str_c(magics[i].language), TW_S(""), magics[i].whole ? magic : tail);
        else if (without_options(tail).n)
            stays = without_options(tail);
    }
    nb_add(b, b->kernel, head, stays);
}

/* What IPython makes of a line that starts with a mark; Python keeps a statement in its place. *ret_shell: the
 * line is a command for the shell. */
static bool escaped_line(nb *b, tw_str line, bool *ret_shell)
{
    size_t from = 0, mark;
    while (from < line.n && blank(line.p[from])) from++;
    tw_str body = tw_str_sub(line, from, line.n), indent = tw_str_sub(line, 0, from);
    if (!body.n) return false;
    if (body.p[0] == '%') {
        line_magic(b, indent, tw_str_sub(body, 1, body.n), TW_S("pass"));
        return true;
    }
    if (body.p[0] == '?') { /* help */
        nb_add(b, b->kernel, indent, TW_S("pass"));
        return true;
    }
    if (body.p[0] == '!') {
        *ret_shell = true;
        nb_add(b, TW_S("shell"), TW_S(""), tw_str_sub(body, body.n > 1 && body.p[1] == '!' ? 2 : 1, body.n));
        nb_add(b, b->kernel, indent, TW_S("pass"));
        return true;
    }
    mark = assigned_mark(body);
    if (mark == TW_NPOS) return false;
    tw_str target = tw_str_sub(line, 0, from + mark), escaped = tw_str_sub(body, mark + 1, body.n);
    *ret_shell = body.p[mark] == '!';
    if (!*ret_shell) {
        line_magic(b, target, escaped, TW_S("get_ipython()"));
        return true;
    }
    nb_add(b, TW_S("shell"), TW_S(""), escaped);
    nb_add(b, b->kernel, target, TW_S("get_ipython()"));
    return true;
}

/* Cells that a magic gives to another language. False: the kernel runs the rest. */
static bool whole_cell(nb *b, tw_str *rest)
{
    tw_str line;
    if (!tw_str_starts(*rest, TW_S("%%"))) return false;
    tw_str_split(rest, '\n', &line);
    tw_str language = magic_language(b, tw_str_trim(tw_str_sub(line, 2, line.n)));
    if (tw_str_eq(language, b->kernel)) return false;
    if (language.n && rest->p) nb_add(b, language, TW_S(""), *rest);
    return true;
}

void nb_cell(nb *b, tw_str source)
{
    tw_str line, rest = source;
    bool python = tw_str_eq(b->kernel, TW_S("python")), command = false;
    if (whole_cell(b, &rest)) return;
    scan st = {0};
    while (tw_str_split(&rest, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        bool inside = st.open || st.quote || st.joined, goes_on = tw_str_ends(line, TW_S("\\"));
        if (command) { /* the line before ended in a backslash */
            nb_add(b, TW_S("shell"), TW_S(""), line);
            command = goes_on;
            continue;
        }
        if (python && !inside && escaped_line(b, line, &command)) {
            command &= goes_on;
            continue;
        }
        scan_line(&st, line);
        nb_add(b, b->kernel, TW_S(""), line);
    }
}
