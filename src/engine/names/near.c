/* SPDX-License-Identifier: Apache-2.0 */
/* Names one edit away: every edit is made and asked for, a hash each; the list is never scanned. */
#include "engine/names/popular_priv.h"

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
    uint32_t head[TW_NAME_MAX + 2]; /* polynomial of the first i bytes */
    uint32_t tail[TW_NAME_MAX + 2]; /* of the bytes from i on */
    uint32_t power[TW_NAME_MAX + 3];
    tw_slip best;
} search;

/* The name with [from, to) replaced by `mid`. */
typedef struct edit {
    size_t from, to;
    char mid[2];
    size_t n_mid;
} edit;

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

static bool may_be(const search *s, const edit *e)
{
    uint32_t h = s->head[e->from];
    for (size_t i = 0; i < e->n_mid; i++) h = h * TW_NAME_BASE + (uint8_t)e->mid[i] + 1;
    h = h * s->power[s->name.n - e->to] + s->tail[e->to];
    return tw_slots_maybe(&s->list->keys[TW_KEY_NAME], tw_name_mix(h));
}

/* Is that popular? Of two the more popular one, of one name the likelier slip. */
static void ask(search *s, const edit *e, const char *says, bool likely)
{
    char text[TW_NAME_MAX + 1];
    size_t n = s->name.n - (e->to - e->from) + e->n_mid;
    if (n < s->least || n > TW_NAME_MAX) return;
    memcpy(text, s->name.p, e->from);
    memcpy(text + e->from, e->mid, e->n_mid);
    memcpy(text + e->from + e->n_mid, s->name.p + e->to, s->name.n - e->to);
    uint32_t rank = tw_popular_find(s->list, TW_KEY_NAME, (tw_str){text, n});
    if (rank >= s->below || rank > s->best.rank) return;
    if (rank == s->best.rank && s->best.likely >= likely) return;
    s->best = (tw_slip){rank, says, likely};
}

/* The name has a letter that the popular one has not. */
static void without(search *s, size_t i)
{
    const char *p = s->name.p;
    size_t n = s->name.n;
    const edit e = {i, i + 1, {0}, 0};
    if (!may_be(s, &e)) return;
    bool twice = (i && p[i - 1] == p[i]) || (i + 1 < n && p[i + 1] == p[i]), last = i + 1 == n;
    if (twice)
        ask(s, &e, is_vowel(p[i]) ? "a vowel doubled" : "a letter doubled", true);
    else if (last && p[i] == 's')
        ask(s, &e, "the plural", true);
    else if (is_digit(p[i]))
        ask(s, &e, "a digit more", last);
    else
        ask(s, &e, "a letter more", true);
}

/* The popular one has a letter that the name has not. */
static void with(search *s, size_t i)
{
    const char *p = s->name.p;
    size_t n = s->name.n;
    for (const char *c = letters; *c; c++) {
        const edit e = {i, i, {*c}, 1};
        if (!may_be(s, &e)) continue;
        bool twice = (i && p[i - 1] == *c) || (i < n && p[i] == *c);
        const char *says = twice                 ? "a doubled letter made one"
                           : i == n && *c == 's' ? "the singular"
                           : *c == '-'           ? "a separator left out"
                                                 : "a letter left out";
        ask(s, &e, says, true);
    }
}

static void instead(search *s, size_t i)
{
    char old = s->name.p[i];
    for (const char *c = letters; *c; c++) {
        const edit e = {i, i + 1, {*c}, 1};
        if (*c == old || !may_be(s, &e)) continue;
        if (is_digit(old) && is_digit(*c))
            ask(s, &e, "another digit", false);
        else if (is_beside(*c, old))
            ask(s, &e, "the key beside", true);
        else if (is_vowel(*c) && is_vowel(old))
            ask(s, &e, "another vowel", true);
        else
            ask(s, &e, "another letter", false);
    }
}

static void swapped(search *s, size_t i)
{
    const char *p = s->name.p;
    const edit e = {i, i + 2, {p[i + 1], p[i]}, 2};
    if (p[i] != p[i + 1] && may_be(s, &e)) ask(s, &e, "two letters swapped", true);
}

static void prepare(search *s)
{
    size_t n = s->name.n;
    s->power[0] = 1;
    for (size_t i = 0; i < n; i++) {
        s->head[i + 1] = tw_name_poly(s->head[i], tw_str_sub(s->name, i, i + 1));
        s->power[i + 1] = s->power[i] * TW_NAME_BASE;
    }
    for (size_t i = n; i-- > 0;)
        s->tail[i] = ((uint32_t)(uint8_t)s->name.p[i] + 1) * s->power[n - 1 - i] + s->tail[i + 1];
}

tw_slip tw_name_slip(const tw_popular *l, tw_str name, uint32_t below, size_t least)
{
    search s = {.list = l, .name = name, .below = below, .least = least, .best = {.rank = TW_NO_NAME}};
    if (!name.n || name.n > TW_NAME_MAX) return s.best;
    prepare(&s);
    for (size_t i = 0; i < name.n; i++) {
        without(&s, i);
        instead(&s, i);
        if (i + 1 < name.n) swapped(&s, i);
    }
    for (size_t i = 0; i <= name.n; i++) with(&s, i);
    return s.best;
}
