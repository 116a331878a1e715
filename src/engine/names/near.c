/* SPDX-License-Identifier: Apache-2.0 */
/* Names one edit away: every edit is made and asked for, a hash each; the list is never scanned. */
#include "engine/names/names.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
/* What lies around each key, by letters[]. */
static const char *const beside[] = {
    "qwsxz",  "vghn", "xdfv",   "ersfxc", "wrsd34", "drtgvc", "ftyhbv", "gyujnb", "uojk89", "huiknm",
    "jiolm",  "kop",  "njk",    "bhjm",   "ipkl90", "ol0",    "wa12",   "etdf45", "awdexz", "ryfg56",
    "yihj78", "cfgb", "qesa23", "zsdc",   "tugh67", "asx",    "9op",    "2q",     "13qw",   "24we",
    "35er",   "46rt", "57ty",   "68yu",   "79ui",   "80io",   "0p",
};

typedef struct search {
    const tw_popular *list;
    tw_str name;
    uint32_t below;
    size_t least;
    char text[TW_NAME_MAX + 1];
    tw_slip best;
} search;

static bool is_vowel(char c)
{
    return c && strchr("aeiouy", c) != NULL;
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_beside(char a, char b)
{
    const char *at = a ? strchr(letters, a) : NULL;
    return at && b && strchr(beside[at - letters], b) != NULL;
}

/* Is text[0, n) popular? Of two the more popular one, of one name the likelier slip. */
static void ask(search *s, size_t n, const char *says, bool likely)
{
    if (n < s->least) return;
    uint32_t rank = tw_popular_find(s->list, TW_KEY_NAME, (tw_str){s->text, n});
    if (rank >= s->below || rank > s->best.rank) return;
    if (rank == s->best.rank && s->best.likely >= likely) return;
    s->best = (tw_slip){rank, says, likely};
}

/* The name has a letter that the popular one has not. */
static void without(search *s, size_t i)
{
    const char *p = s->name.p;
    size_t n = s->name.n;
    memcpy(s->text, p, i);
    memcpy(s->text + i, p + i + 1, n - i - 1);
    bool twice = (i && p[i - 1] == p[i]) || (i + 1 < n && p[i + 1] == p[i]), last = i + 1 == n;
    if (twice)
        ask(s, n - 1, is_vowel(p[i]) ? "a vowel doubled" : "a letter doubled", true);
    else if (last && p[i] == 's')
        ask(s, n - 1, "the plural", true);
    else if (is_digit(p[i]))
        ask(s, n - 1, "a digit more", last);
    else
        ask(s, n - 1, "a letter more", true);
}

/* The popular one has a letter that the name has not. */
static void with(search *s, size_t i)
{
    const char *p = s->name.p;
    size_t n = s->name.n;
    if (n >= TW_NAME_MAX) return;
    memcpy(s->text, p, i);
    memcpy(s->text + i + 1, p + i, n - i);
    for (const char *c = letters; *c; c++) {
        s->text[i] = *c;
        bool twice = (i && p[i - 1] == *c) || (i < n && p[i] == *c);
        const char *says = twice                 ? "a doubled letter made one"
                           : i == n && *c == 's' ? "the singular"
                           : *c == '-'           ? "a separator left out"
                                                 : "a letter left out";
        ask(s, n + 1, says, true);
    }
}

static void instead(search *s, size_t i)
{
    const char *p = s->name.p;
    size_t n = s->name.n;
    memcpy(s->text, p, n);
    for (const char *c = letters; *c; c++) {
        if (*c == p[i]) continue;
        s->text[i] = *c;
        if (is_digit(p[i]) && is_digit(*c))
            ask(s, n, "another digit", false);
        else if (is_beside(*c, p[i]))
            ask(s, n, "the key beside", true);
        else if (is_vowel(*c) && is_vowel(p[i]))
            ask(s, n, "another vowel", true);
        else
            ask(s, n, "another letter", false);
    }
}

static void swapped(search *s, size_t i)
{
    size_t n = s->name.n;
    if (s->name.p[i] == s->name.p[i + 1]) return;
    memcpy(s->text, s->name.p, n);
    s->text[i] = s->name.p[i + 1];
    s->text[i + 1] = s->name.p[i];
    ask(s, n, "two letters swapped", true);
}

tw_slip tw_name_slip(const tw_popular *l, tw_str name, uint32_t below, size_t least)
{
    search s = {.list = l, .name = name, .below = below, .least = least, .best = {.rank = TW_NO_NAME}};
    if (!name.n || name.n > TW_NAME_MAX) return s.best;
    for (size_t i = 0; i < name.n; i++) {
        without(&s, i);
        instead(&s, i);
        if (i + 1 < name.n) swapped(&s, i);
    }
    for (size_t i = 0; i <= name.n; i++) with(&s, i);
    return s.best;
}
