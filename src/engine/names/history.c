/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody outside the artifact said of its project. Unknown stays unknown: no signal rests on what is absent. */
#include "base/doc.h"
#include "engine/names/names.h"

enum { YOUNG_DAYS = 30, YOUNG_RELEASES = 3, SETTLED_DAYS = 365, SETTLED_RELEASES = 5, LEAP = 40, HIGH = 50 };
enum { JSON_MAX = 4096, TEXT_MAX = 200 };

static tw_str text_of(const tw_doc *doc, const char *key)
{
    tw_str s = tw_node_str(doc, 0, tw_str_c(key), TW_S(""));
    return s.n <= TEXT_MAX ? s : TW_S("");
}

void tw_history_read(tw_arena *a, tw_str json, tw_history *ret)
{
    static const tw_doc_limits limits = {.max_depth = 4, .max_nodes = 64};
    tw_doc doc;
    uint64_t n = 0;
    *ret = (tw_history){0};
    if (!json.n || json.n > JSON_MAX || tw_json_read(a, json, &limits, &doc, NULL) != TW_OK ||
        doc.nodes[0].kind != TW_NODE_OBJECT)
        return;
    ret->source = text_of(&doc, "source");
    ret->date = text_of(&doc, "date");
    ret->first_seen = text_of(&doc, "first_seen");
    ret->latest = text_of(&doc, "latest");
    const tw_node *releases = tw_node_get(&doc, 0, TW_S("releases"));
    if (releases && tw_node_u64(releases, &n) && n < UINT32_MAX) ret->releases = (uint32_t)n;
}

/* "2026-11-22", and whatever follows. */
static bool date_of(tw_str s, int64_t *ret)
{
    uint64_t y, m, d;
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || !tw_str_u64(tw_str_sub(s, 0, 4), &y) ||
        !tw_str_u64(tw_str_sub(s, 5, 7), &m) || !tw_str_u64(tw_str_sub(s, 8, 10), &d) || m < 1 || m > 12 ||
        d < 1 || d > 31 || y < 1970)
        return false;
    int64_t year = (int64_t)y - (m <= 2), era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * ((int64_t)m + (m > 2 ? -3 : 9)) + 2) / 5 + (int64_t)d - 1;
    *ret = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return true;
}

bool tw_days_between(tw_str from, tw_str to, int64_t *ret)
{
    int64_t a, b;
    if (!date_of(from, &a) || !date_of(to, &b)) return false;
    *ret = b - a;
    return true;
}

int tw_history_age(const tw_history *h)
{
    int64_t days;
    if (!h || !tw_days_between(h->first_seen, h->date, &days)) return 0;
    if (days >= SETTLED_DAYS && h->releases >= SETTLED_RELEASES) return -1;
    return days <= YOUNG_DAYS && h->releases <= YOUNG_RELEASES ? 1 : 0;
}

/* Numbers between dots; what is no number ends it. */
static bool next_number(tw_str *rest, uint64_t *ret)
{
    size_t n = 0;
    *ret = 0;
    while (n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9' && n < 18)
        *ret = *ret * 10 + (uint64_t)(rest->p[n++] - '0');
    bool more = n && n < rest->n && rest->p[n] == '.';
    *rest = tw_str_sub(*rest, more ? n + 1 : rest->n, rest->n);
    return n > 0;
}

/* <0, 0, >0 of the numbers that both begin with; suffixes do not count. */
static int compare(tw_str a, tw_str b)
{
    for (int i = 0; i < 8; i++) {
        uint64_t x, y;
        bool has_x = next_number(&a, &x), has_y = next_number(&b, &y);
        if (!has_x && !has_y) return 0;
        if (x != y) return x < y ? -1 : 1;
    }
    return 0;
}

void tw_history_check(tw_naming *n)
{
    const tw_history *h = n->h;
    tw_str version = n->p->version, latest;
    uint64_t mine = 0, theirs = 0;
    int64_t days;
    if (!h || !h->source.n) return;
    if (tw_history_age(h) > 0 && tw_days_between(h->first_seen, h->date, &days))
        tw_signal_add(n->f, TW_FIND_HISTORY_YOUNG, n->p->about.member, h->source, h->date,
                      "first seen %lld days before, %u release%s", (long long)days, h->releases,
                      h->releases == 1 ? "" : "s");
    if (!h->latest.n || !version.n) return;
    latest = h->latest;
    tw_str own = version;
    if (!next_number(&own, &mine) || !next_number(&latest, &theirs)) return;
    if (mine >= HIGH && theirs < HIGH && mine - theirs >= LEAP && mine < 1900)
        tw_signal_add(n->f, TW_FIND_VERSION_JUMP, n->p->about.member, h->source, h->date,
                      "%.*s, the highest before was %.*s", TW_FMT(version), TW_FMT(h->latest));
    else if (compare(version, h->latest) < 0)
        tw_signal_add(n->f, TW_FIND_VERSION_BELOW, n->p->about.member, h->source, h->date,
                      "%.*s, while %.*s is there", TW_FMT(version), TW_FMT(h->latest));
}
