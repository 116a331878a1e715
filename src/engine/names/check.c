/* SPDX-License-Identifier: Apache-2.0 */
/* The name beside the popular ones, weighed: how near, how popular that one is, how much of it this package shows, how
 * old the project is. A near name alone is a fact without weight: one in a hundred honest names is one. */
#include "engine/names/names.h"

enum { NEAR_BELOW = 5000, NEAR_LEAST = 5, COMBO_BELOW = 1000, COMBO_LEAST = 4, WORDS_BELOW = 5000 };
enum { VERY_POPULAR = 100, POPULAR = 1000, SQUAT_POINTS = 4, SETTLED_LESS = 4 };
enum { GLUED_WORD = 3, GLUED_LEAST = 6 };
enum { CLAIM_MAJOR = 90, CLAIM_FILES = 4, CLAIM_BYTES = 16 << 10 };

/* Words that squatters and honest extensions put before or behind a name. */
static const char *const affixes[] = {
    "sdk",    "api",    "cli",     "util",   "utils", "tool",     "tools",   "lib",     "libs",   "core",
    "client", "helper", "helpers", "dev",    "js",    "py",       "python",  "python3", "node",   "nodejs",
    "pro",    "plus",   "ng",      "new",    "next",  "official", "v2",      "v3",      "2",      "3",
    "async",  "beta",   "latest",  "common", "base",  "wrapper",  "package", "pkg",     "module", "ts"};
static const char *const internal_words[] = {"internal", "private", "corp",
                                             "intranet", "inhouse", "confidential"};

static bool is_word(tw_str w, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_ieq(w, tw_str_c(list[i]))) return true;
    return false;
}

/* The next word of a name and the separator before it. */
static bool next_part(tw_str *rest, tw_str *ret)
{
    size_t from = 0, to;
    while (from < rest->n && strchr("-_./@", rest->p[from]) && rest->p[from]) from++;
    for (to = from; to < rest->n && !(rest->p[to] && strchr("-_./@", rest->p[to]));) to++;
    *ret = tw_str_sub(*rest, from, to);
    *rest = tw_str_sub(*rest, to, rest->n);
    return ret->n > 0;
}

/* The name without such words at one of its ends; empty where it has none. */
static tw_str without_affix(tw_str name, bool first)
{
    tw_str rest = name, part, last = TW_S("");
    if (name.n && name.p[0] == '@') return TW_S("");
    if (first) {
        if (!next_part(&rest, &part) || !is_word(part, affixes, TW_COUNT(affixes)) || !rest.n)
            return TW_S("");
        return tw_str_sub(rest, 1, rest.n);
    }
    while (next_part(&rest, &part)) last = part;
    if (last.n + 1 >= name.n || !is_word(last, affixes, TW_COUNT(affixes))) return TW_S("");
    return tw_str_sub(name, 0, name.n - last.n - 1);
}

/* The same where no separator stands between: "requestspro". Short words and short names meet by chance. */
static tw_str without_glued(tw_str name, bool first)
{
    if (name.n && name.p[0] == '@') return TW_S("");
    for (size_t i = 0; i < TW_COUNT(affixes); i++) {
        tw_str word = tw_str_c(affixes[i]);
        if (word.n < GLUED_WORD || name.n < word.n + GLUED_LEAST) continue;
        if (first && tw_str_starts(name, word)) return tw_str_sub(name, word.n, name.n);
        if (!first && tw_str_ends(name, word)) return tw_str_sub(name, 0, name.n - word.n);
    }
    return TW_S("");
}

typedef struct like { /* one way in which the name is like a popular one */
    tw_finding_id id;
    uint32_t rank, points;
    const char *says;
} like;

static void take(tw_naming *n, like *best, like l)
{
    if (l.rank == TW_NO_NAME) return;
    tw_signal_add(n->f, l.id, n->p->about.member, n->source, n->date, "%.*s, %s (number %u of %u)",
                  TW_FMT(tw_popular_name(n->list, l.rank)), l.says, l.rank + 1, tw_popular_count(n->list));
    if (best->rank == TW_NO_NAME || l.points > best->points) *best = l;
}

static uint32_t found(const tw_naming *n, tw_name_key key, uint32_t below)
{
    char form[TW_NAME_MAX];
    uint32_t rank = tw_popular_find(n->list, key, (tw_str){form, tw_name_form(key, n->p->name, form)});
    return rank < below ? rank : TW_NO_NAME;
}

static like likeness_of_name(tw_naming *n)
{
    like best = {.rank = TW_NO_NAME};
    tw_str name = n->p->name;
    tw_buf unsaid = {.limit = 160};
    tw_slip slip = tw_name_slip(n->list, name, UINT32_MAX, NEAR_LEAST);
    n->rank = slip.rank; /* of the less popular ones only those that the package is like */
    if (slip.rank != TW_NO_NAME && (slip.rank < NEAR_BELOW || tw_about_likeness(n, false, &unsaid)))
        take(n, &best, (like){TW_FIND_NAME_NEAR, slip.rank, slip.likely ? 2 : 1, slip.says});
    uint32_t joined = found(n, TW_KEY_JOINED, UINT32_MAX);
    if (joined != TW_NO_NAME && name.p[0] != '@') {
        bool scope = tw_popular_name(n->list, joined).p[0] == '@';
        take(n, &best,
             scope ? (like){TW_FIND_NAME_SCOPE, joined, 2, "without its scope"}
                   : (like){TW_FIND_NAME_JOINED, joined, 2, "written with other separators"});
    }
    uint32_t skeleton = found(n, TW_KEY_SKELETON, NEAR_BELOW);
    if (skeleton != TW_NO_NAME && skeleton != joined && name.n >= NEAR_LEAST)
        take(n, &best, (like){TW_FIND_NAME_LOOKALIKE, skeleton, 3, "with look-alike letters"});
    uint32_t words = found(n, TW_KEY_WORDS, WORDS_BELOW);
    if (words != TW_NO_NAME && words != joined)
        take(n, &best, (like){TW_FIND_NAME_WORDS, words, 1, "its words in another order"});
    for (int first = 0; first < 2; first++) {
        tw_str stem = without_affix(name, first);
        if (!stem.n) stem = without_glued(name, first);
        uint32_t rank = stem.n >= COMBO_LEAST ? tw_popular_find(n->list, TW_KEY_NAME, stem) : TW_NO_NAME;
        if (rank < COMBO_BELOW && rank != words)
            take(n, &best,
                 (like){TW_FIND_NAME_COMBO, rank, 1, first ? "a word before it" : "a word behind it"});
    }
    tw_buf_free(&unsaid);
    return best;
}

/* Not distance alone: something in the package must be the other one's, or the project must be new. */
static void weigh(tw_naming *n, const like *l)
{
    tw_buf says = {.limit = 160};
    int age = tw_history_age(n->h);
    uint32_t likeness = tw_about_likeness(n, l->id == TW_FIND_NAME_COMBO, &says),
             points = l->points + likeness;
    points += n->rank < VERY_POPULAR ? 2 : n->rank < POPULAR ? 1 : 0;
    if (age > 0) points += 2, tw_buf_fmt(&says, "%snewness", says.n ? ", " : "");
    if (age < 0) points = points > SETTLED_LESS ? points - SETTLED_LESS : 0;
    bool known = n->h && n->h->first_seen.n;
    if (points >= SQUAT_POINTS && (likeness || age > 0))
        tw_signal_add(n->f, TW_FIND_NAME_SQUAT, n->p->about.member, n->source, n->date,
                      "%.*s, %s; also its %.*s%s", TW_FMT(tw_popular_name(n->list, n->rank)), l->says,
                      TW_FMT(tw_buf_str(&says)), known ? "" : "; its age is unknown");
    tw_buf_free(&says);
}

/* --- claimed names -------------------------------------------------------------------------------- */
static bool is_high(tw_str version, uint64_t *ret)
{
    size_t n = 0;
    *ret = 0;
    while (n < version.n && version.p[n] >= '0' && version.p[n] <= '9' && n < 12)
        *ret = *ret * 10 + (uint64_t)(version.p[n++] - '0');
    bool year = *ret >= 1990 && *ret <= 2100, date = n == 8 && *ret >= 19900101 && *ret <= 21001231,
         short_date = n == 6 && *ret >= 190001 && *ret <= 991231;
    return n && *ret >= CLAIM_MAJOR && !year && !date && !short_date;
}

static bool is_code(tw_str path)
{
    static const char *const ends[] = {".py", ".js",   ".mjs", ".cjs", ".ts",
                                       ".so", ".node", ".pyd", ".sh",  ".jsx"};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(path, tw_str_c(ends[i]))) return true;
    return false;
}

static bool has_little(const tw_package *p)
{
    uint64_t bytes = 0;
    uint32_t files = 0;
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        bool aside = p->role && (p->role[i] == TW_ROLE_TEST || p->role[i] == TW_ROLE_DOC);
        if (m->type != TW_MEMBER_FILE || aside || !is_code(m->path)) continue;
        files++;
        bytes += m->size;
    }
    return files <= CLAIM_FILES && bytes <= CLAIM_BYTES;
}

static bool runs_by_itself(const tw_package *p)
{
    for (uint32_t i = 0; i < p->roots.n; i++)
        if (p->roots.v[i].trigger <= TW_TRIGGER_IMPORT) return true;
    return false;
}

static void check_claim(const tw_naming *n)
{
    uint64_t major;
    tw_str rest = n->p->name, part;
    while (next_part(&rest, &part))
        if (is_word(part, internal_words, TW_COUNT(internal_words))) {
            tw_finding_add(n->f, TW_FIND_NAME_INTERNAL, n->p->about.member, UINT64_MAX, "%.*s", TW_FMT(part));
            break;
        }
    if (!is_high(n->p->version, &major)) return;
    tw_finding_add(n->f, TW_FIND_VERSION_HIGH, n->p->about.member, UINT64_MAX, "%.*s", TW_FMT(n->p->version));
    if (has_little(n->p) && runs_by_itself(n->p))
        tw_finding_add(n->f, TW_FIND_NAME_CLAIMED, n->p->about.member, UINT64_MAX, "version %.*s",
                       TW_FMT(n->p->version));
}

/* --- what the registry says it is --------------------------------------------------------------- */
static bool alike(tw_str a, tw_str b, tw_name_key key)
{
    char x[TW_NAME_MAX], y[TW_NAME_MAX];
    tw_str p = {x, tw_name_form(key, a, x)}, q = {y, tw_name_form(key, b, y)};
    return tw_str_eq(p, q);
}

static void check_purl(const tw_naming *n, tw_str purl)
{
    size_t at = tw_str_rchr(purl, '@'), slash = tw_str_chr(purl, '/');
    if (slash == TW_NPOS || !n->p->name.n) return;
    if (at != TW_NPOS && at < slash) at = TW_NPOS;
    tw_str name = tw_str_sub(purl, slash + 1, at),
           version = at == TW_NPOS ? TW_S("") : tw_str_sub(purl, at + 1, purl.n);
    if (tw_str_starts(name, TW_S("%40"))) name = tw_str_sub(name, 3, name.n);
    if (!alike(name, n->p->name, TW_KEY_JOINED))
        tw_finding_add(n->f, TW_FIND_COPIES_DISAGREE, n->p->about.member, UINT64_MAX,
                       "the registry calls it %.*s, it calls itself %.*s", TW_FMT(name), TW_FMT(n->p->name));
    else if (version.n && n->p->version.n && tw_str_chr(version, '%') == TW_NPOS &&
             !alike(version, n->p->version, TW_KEY_JOINED) && !tw_str_starts(n->p->version, version) &&
             !tw_str_starts(version, n->p->version))
        tw_finding_add(n->f, TW_FIND_COPIES_DISAGREE, n->p->about.member, UINT64_MAX,
                       "the registry calls it version %.*s, it calls itself %.*s", TW_FMT(version),
                       TW_FMT(n->p->version));
}

void tw_name_signals(const tw_package *p, tw_str purl, const tw_history *h, tw_findings *f)
{
    if (!p->ecosystem || !p->name.n || p->name.n > TW_NAME_MAX) return;
    tw_naming n = {.p = p, .h = h, .f = f, .rank = TW_NO_NAME, .list = tw_popular_of(p->ecosystem->name)};
    if (n.list) {
        n.source = tw_popular_source(n.list, &n.date);
        n.popular = tw_popular_find(n.list, TW_KEY_NAME, p->name) != TW_NO_NAME;
    }
    if (n.list && !n.popular) {
        like l = likeness_of_name(&n);
        n.rank = l.rank;
        if (l.rank != TW_NO_NAME) weigh(&n, &l);
    }
    check_claim(&n);
    tw_about_check(&n);
    tw_history_check(&n);
    check_purl(&n, purl);
}
