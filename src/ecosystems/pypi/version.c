/* SPDX-License-Identifier: Apache-2.0 */
#include "ecosystems/pypi/version.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool separator(char c)
{
    return c == '-' || c == '_' || c == '.';
}

static char at(tw_str s, size_t i)
{
    return i < s.n ? lower(s.p[i]) : 0;
}

static tw_str take_digits(tw_str s, size_t *i)
{
    size_t from = *i;
    while (digit(at(s, *i))) ++*i;
    return tw_str_sub(s, from, *i);
}

/* [-_.]? word [-_.]? digits?; the word decides *ret_value. */
static bool take_part(tw_str s, size_t *i, const char *const *words, const uint8_t *values,
                      uint8_t *ret_value, tw_str *ret_n)
{
    size_t from = *i + separator(at(s, *i));
    for (size_t w = 0; words[w]; w++) {
        tw_str word = tw_str_c(words[w]);
        if (!tw_str_ieq(tw_str_sub(s, from, from + word.n), word)) continue;
        size_t end = from + word.n;
        if (separator(at(s, end)) && digit(at(s, end + 1))) end++;
        *ret_n = take_digits(s, &end);
        *ret_value = values[w];
        *i = end;
        return true;
    }
    return false;
}

static bool take_release(tw_str s, size_t *i, tw_pep440 *v)
{
    tw_str first = take_digits(s, i);
    if (first.n && at(s, *i) == '!') {
        v->epoch = first;
        ++*i;
        first = take_digits(s, i);
    }
    if (!first.n) return false;
    size_t from = (size_t)(first.p - s.p);
    while (at(s, *i) == '.' && digit(at(s, *i + 1))) {
        ++*i;
        take_digits(s, i);
    }
    v->release = tw_str_sub(s, from, *i);
    return true;
}

static bool take_local(tw_str s, size_t *i, tw_pep440 *v)
{
    if (at(s, *i) != '+') return true;
    size_t from = ++*i;
    for (char c; (c = at(s, *i)) != 0; ++*i) {
        bool word = digit(c) || (c >= 'a' && c <= 'z');
        bool between = separator(c) && *i > from && !separator(at(s, *i - 1)) && *i + 1 < s.n;
        if (!word && !between) return false;
    }
    v->local = tw_str_sub(s, from, s.n);
    return v->local.n > 0;
}

bool tw_pep440_parse(tw_str s, tw_pep440 *ret)
{
    static const char *const pre[] = {"alpha", "a", "beta", "b", "preview", "pre", "c", "rc", NULL};
    static const uint8_t pre_values[] = {1, 1, 2, 2, 3, 3, 3, 3};
    static const char *const post[] = {"post", "rev", "r", NULL}, *const dev[] = {"dev", NULL};
    static const uint8_t yes[] = {1, 1, 1};
    tw_pep440 v = {0};
    uint8_t found = 0;
    s = tw_str_trim(s);
    size_t i = at(s, 0) == 'v';
    if (!take_release(s, &i, &v)) return false;
    take_part(s, &i, pre, pre_values, &v.pre, &v.pre_n);
    if (at(s, i) == '-' && digit(at(s, i + 1))) {
        i++;
        v.post_n = take_digits(s, &i);
        v.post = true;
    } else
        v.post = take_part(s, &i, post, yes, &found, &v.post_n);
    v.dev = take_part(s, &i, dev, yes, &found, &v.dev_n);
    if (!take_local(s, &i, &v) || i != s.n) return false;
    *ret = v;
    return true;
}

static int cmp_int(int a, int b)
{
    return (a > b) - (a < b);
}

static int cmp_number(tw_str a, tw_str b)
{
    while (a.n && a.p[0] == '0') a = tw_str_sub(a, 1, a.n);
    while (b.n && b.p[0] == '0') b = tw_str_sub(b, 1, b.n);
    return a.n != b.n ? (a.n > b.n) - (a.n < b.n) : tw_str_cmp(a, b);
}

static int cmp_release(tw_str a, tw_str b)
{
    while (a.p || b.p) {
        tw_str x = {NULL, 0}, y = {NULL, 0};
        tw_str_split(&a, '.', &x);
        tw_str_split(&b, '.', &y);
        int c = cmp_number(x, y); /* what is missing counts as 0 */
        if (c) return c;
    }
    return 0;
}

static bool take_segment(tw_str *s, tw_str *ret)
{
    size_t n = 0;
    if (!s->n) return false;
    while (n < s->n && !separator(s->p[n])) n++;
    *ret = tw_str_sub(*s, 0, n);
    *s = tw_str_sub(*s, n + 1, s->n);
    return true;
}

static bool all_digits(tw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!digit(s.p[i])) return false;
    return s.n > 0;
}

static int cmp_nocase(tw_str a, tw_str b)
{
    for (size_t i = 0; i < a.n || i < b.n; i++)
        if (at(a, i) != at(b, i)) return cmp_int(at(a, i), at(b, i));
    return 0;
}

static int cmp_local(tw_str a, tw_str b)
{
    for (;;) {
        tw_str x, y;
        bool has_x = take_segment(&a, &x), has_y = take_segment(&b, &y);
        if (!has_x || !has_y) return cmp_int(has_x, has_y);
        bool nx = all_digits(x), ny = all_digits(y);
        int c = nx != ny ? cmp_int(nx, ny) : nx ? cmp_number(x, y) : cmp_nocase(x, y);
        if (c) return c;
    }
}

/* A version with only .dev sorts before its alphas, one without any pre-release after its candidates. */
static int pre_rank(const tw_pep440 *v)
{
    if (v->pre) return v->pre;
    return !v->post && v->dev ? 0 : 4;
}

int tw_pep440_cmp(const tw_pep440 *a, const tw_pep440 *b)
{
    int c = cmp_number(a->epoch, b->epoch);
    if (!c) c = cmp_release(a->release, b->release);
    if (!c) c = cmp_int(pre_rank(a), pre_rank(b));
    if (!c) c = cmp_number(a->pre_n, b->pre_n);
    if (!c) c = cmp_int(a->post, b->post);
    if (!c) c = cmp_number(a->post_n, b->post_n);
    if (!c) c = cmp_int(!a->dev, !b->dev);
    if (!c) c = cmp_number(a->dev_n, b->dev_n);
    return c ? c : cmp_local(a->local, b->local);
}

bool tw_pypi_normalise(tw_arena *a, tw_str name, tw_str *ret)
{
    if (!name.n || name.n > 200 || separator(name.p[0]) || separator(name.p[name.n - 1])) return false;
    char *p = tw_arena_alloc(a, name.n);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = lower(name.p[i]);
        if (separator(c)) {
            if (p[n - 1] != '-') p[n++] = '-';
        } else if (digit(c) || (c >= 'a' && c <= 'z'))
            p[n++] = c;
        else
            return false;
    }
    *ret = (tw_str){p, n};
    return true;
}
