/* SPDX-License-Identifier: Apache-2.0 */
/* The forms in which names are compared. tools/gen_popular.py makes the same of the list: change both. */
#include "base/utf8.h"
#include "engine/names/names.h"

/* Letters of other scripts that read like Latin ones. */
static const struct {
    uint16_t from;
    char to;
} scripts[] = {
    {0x0430, 'a'}, {0x0435, 'e'}, {0x043e, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'},
    {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x0501, 'd'}, {0x051b, 'q'}, {0x051d, 'w'}, {0x04bb, 'h'},
    {0x043a, 'k'}, {0x043c, 'm'}, {0x0442, 't'}, {0x0432, 'b'}, {0x03bf, 'o'}, {0x03b1, 'a'}, {0x03bd, 'v'},
    {0x03c1, 'p'}, {0x03b9, 'i'}, {0x03ba, 'k'}, {0x03c5, 'u'}, {0x0131, 'i'}, {0x0261, 'g'}, {0x029f, 'l'},
    {0x0585, 'o'}, {0x0578, 'n'}, {0x057d, 'u'}, {0x00e9, 'e'}, {0x00e1, 'a'}, {0x00f3, 'o'}, {0x00ed, 'i'},
    {0x00fa, 'u'}, {0x00f1, 'n'}, {0x00e7, 'c'}, {0x00fc, 'u'}, {0x00f6, 'o'}, {0x00e4, 'a'},
};

static char latin(uint32_t cp)
{
    for (size_t i = 0; i < TW_COUNT(scripts); i++)
        if (scripts[i].from == cp) return scripts[i].to;
    return '?';
}

static bool separates(char c)
{
    return c == '-' || c == '_' || c == '.' || c == '@' || c == '/';
}

/* Lower case without separators; letters of other scripts as what they look like. */
static size_t join(tw_str name, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < TW_NAME_MAX;) {
        char c = name.p[i];
        if ((unsigned char)c >= 0x80) {
            to[n++] = latin(tw_utf8_next(name, &i, NULL));
            continue;
        }
        i++;
        if (!separates(c)) to[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return n;
}

static size_t fold_pair(char *s, size_t n, char a, char b, char to)
{
    size_t out = 0;
    for (size_t i = 0; i < n; out++) {
        bool pair = s[i] == a && i + 1 < n && s[i + 1] == b;
        s[out] = pair ? to : s[i];
        i += pair ? 2 : 1;
    }
    return out;
}

static size_t skeleton(tw_str name, char *to)
{
    size_t n = join(name, to);
    n = fold_pair(to, n, 'r', 'n', 'm');
    n = fold_pair(to, n, 'v', 'v', 'w');
    n = fold_pair(to, n, 'c', 'l', 'd');
    for (size_t i = 0; i < n; i++) {
        if (to[i] == 'i' || to[i] == '1' || to[i] == '|') to[i] = 'l';
        if (to[i] == '0') to[i] = 'o';
    }
    return n;
}

enum { WORDS_MAX = 24 };

static size_t words(tw_str name, char *to)
{
    tw_str list[WORDS_MAX];
    size_t n = 0, out = 0, from = 0;
    char low[TW_NAME_MAX];
    if (name.n > TW_NAME_MAX) return 0;
    for (size_t i = 0; i < name.n; i++)
        low[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
    for (size_t i = 0; i <= name.n; i++) {
        if (i < name.n && !separates(low[i])) continue;
        if (i > from) {
            if (n == WORDS_MAX) return 0;
            tw_str w = {low + from, i - from};
            size_t at = n++;
            for (; at > 0 && tw_str_cmp(w, list[at - 1]) < 0; at--) list[at] = list[at - 1];
            list[at] = w;
        }
        from = i + 1;
    }
    if (n < 2) return 0;
    for (size_t i = 0; i < n; i++) {
        if (i) to[out++] = '-';
        memcpy(to + out, list[i].p, list[i].n);
        out += list[i].n;
    }
    return out;
}

size_t tw_name_form(tw_name_key key, tw_str name, char *to)
{
    switch (key) {
    case TW_KEY_JOINED: return join(name, to);
    case TW_KEY_SKELETON: return skeleton(name, to);
    case TW_KEY_WORDS: return words(name, to);
    default: break;
    }
    size_t n = name.n < TW_NAME_MAX ? name.n : TW_NAME_MAX;
    if (n) memcpy(to, name.p, n);
    return n;
}
