/* SPDX-License-Identifier: Apache-2.0 */
/* PCRE2 with its limits: a match is tried with few steps first, then with many, and paid for accordingly. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/utf8.h"
#include "engine/record/pure_regex.h"

enum { MADE_MAX = 512, FEW = 2000, MANY = 200000, PATTERN_MAX = 8192, HEAP_KIB = 4096, STEPS_PER = 8 };

struct ev_regex {
    pcre2_code *code;
    tw_str key;
};
struct ev_regexes {
    TW_VEC(ev_regex) made;
    tw_map by;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    pcre2_compile_context *how;
};

static struct ev_regexes *all_of(ev *e)
{
    if (e->regexes) return e->regexes;
    struct ev_regexes *r = TW_NEW(e->tmp, struct ev_regexes);
    tw_map_init(&r->by, e->tmp);
    r->data = pcre2_match_data_create(EV_RE_GROUPS, NULL);
    r->limits = pcre2_match_context_create(NULL);
    r->how = pcre2_compile_context_create(NULL);
    pcre2_set_heap_limit(r->limits, HEAP_KIB);
    pcre2_set_depth_limit(r->limits, 20000);
    pcre2_set_parens_nest_limit(r->how, 100);
    TW_RESERVE(e->tmp, r->made, MADE_MAX);
    return e->regexes = r;
}

ev_regex *ev_regex_make(ev *e, tw_str pattern, uint32_t flags)
{
    struct ev_regexes *all = all_of(e);
    int error;
    PCRE2_SIZE at;
    if (pattern.n > PATTERN_MAX || !all->data || !all->limits || !all->how) return NULL;
    tw_str key = tw_arena_fmt(e->tmp, "%u/%.*s", flags, TW_FMT(pattern));
    bool fresh;
    uint64_t *slot = tw_map_put(&all->by, key, &fresh);
    if (!fresh) return *slot ? &all->made.v[*slot - 1] : NULL;
    *slot = 0;
    if (all->made.n >= MADE_MAX || !ev_step(e, 64 + pattern.n)) return NULL;
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C;
    if (flags & EV_RE_CASELESS) options |= PCRE2_CASELESS;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)(const void *)pattern.p, pattern.n, options, &error, &at, all->how);
    if (!code) return NULL;
    TW_PUSH(e->tmp, all->made, ((ev_regex){code, key}));
    *slot = all->made.n;
    return &all->made.v[all->made.n - 1];
}

static int matched(struct ev_regexes *all, ev_regex *re, tw_str s, size_t from, uint32_t limit)
{
    pcre2_set_match_limit(all->limits, limit);
    return pcre2_match(re->code, (PCRE2_SPTR)(const void *)(s.p ? s.p : ""), s.n, from, PCRE2_NO_UTF_CHECK,
                       all->data, all->limits);
}

int ev_regex_at(ev *e, ev_regex *re, tw_str s, size_t from, size_t *ret)
{
    struct ev_regexes *all = all_of(e);
    if (from > s.n || !ev_step(e, 16 + (s.n - from) / 256)) return -1;
    int n = matched(all, re, s, from, FEW);
    if (n == PCRE2_ERROR_MATCHLIMIT) {
        if (!ev_step(e, MANY / STEPS_PER)) return -1;
        n = matched(all, re, s, from, MANY);
    }
    if (n == PCRE2_ERROR_NOMATCH) return 0;
    if (n <= 0) return -1;
    uint32_t count;
    if (pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &count) || count + 1 > EV_RE_GROUPS) return -1;
    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(all->data);
    if (v[0] > v[1]) return -1;
    for (uint32_t i = 0; i <= count; i++) {
        bool set = (int)i < n && v[2 * i] != PCRE2_UNSET;
        ret[2 * i] = set ? v[2 * i] : SIZE_MAX, ret[2 * i + 1] = set ? v[2 * i + 1] : SIZE_MAX;
    }
    return ev_step(e, 1 + (v[1] - from) / 64) ? (int)count + 1 : -1;
}

void ev_regex_free(ev *e)
{
    struct ev_regexes *all = e->regexes;
    if (!all) return;
    for (uint32_t i = 0; i < all->made.n; i++) pcre2_code_free(all->made.v[i].code);
    pcre2_match_data_free(all->data);
    pcre2_match_context_free(all->limits);
    pcre2_compile_context_free(all->how);
    e->regexes = NULL;
}
