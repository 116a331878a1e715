/* SPDX-License-Identifier: Apache-2.0 */
/* What a package says of itself: whose words, whose repository, whose install command, which mail, and dependencies that
 * come from elsewhere. */
#include "engine/names/names.h"

enum { TEXT_MAX = 256 << 10, INSTALLS_MAX = 64, FAMILY_LEAST = 4, SHOWN = 5 };

typedef struct form {
    char text[TW_NAME_MAX];
    size_t n;
} form;

static tw_str formed(tw_name_key key, tw_str name, form *to)
{
    to->n = tw_name_form(key, name, to->text);
    return (tw_str){to->text, to->n};
}

static bool same(tw_str a, tw_str b)
{
    form x, y;
    tw_str p = formed(TW_KEY_JOINED, a, &x);
    return p.n && tw_str_eq(p, formed(TW_KEY_JOINED, b, &y));
}

/* Spelt alike but for case and which separator stands: what an installer takes for one name, or nearly. */
static bool spelt_alike(tw_str a, tw_str b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++) {
        char x = a.p[i] >= 'A' && a.p[i] <= 'Z' ? (char)(a.p[i] + 32) : a.p[i];
        char y = b.p[i] >= 'A' && b.p[i] <= 'Z' ? (char)(b.p[i] + 32) : b.p[i];
        if (x != y && !(strchr("-_.", x) && x && strchr("-_.", y) && y)) return false;
    }
    return true;
}

/* Names of one house: one within the other, or the first word is one. */
static bool is_family(tw_str a, tw_str b)
{
    form x, y;
    tw_str p = formed(TW_KEY_JOINED, a, &x), q = formed(TW_KEY_JOINED, b, &y);
    const tw_str *shorter = p.n < q.n ? &p : &q, *longer = p.n < q.n ? &q : &p;
    if (shorter->n >= FAMILY_LEAST && tw_str_find(*longer, *shorter) != TW_NPOS) return true;
    size_t n = 0;
    while (n < p.n && n < q.n && p.p[n] == q.p[n]) n++;
    return n >= FAMILY_LEAST;
}

/* --- repositories ------------------------------------------------------------------------------- */
static const char *const forges[] = {"github.com", "gitlab.com", "codeberg.org", "bitbucket.org"};

static bool part_of(tw_str *rest, tw_str *ret)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] && !strchr("/#?: \t\"'", rest->p[n])) n++;
    *ret = tw_str_sub(*rest, 0, n);
    *rest = tw_str_sub(*rest, n < rest->n && rest->p[n] == '/' ? n + 1 : rest->n, rest->n);
    return n > 0;
}

/* "https://github.com/psf/requests.git#x", "git@github.com:psf/requests" -> "github.com/psf/requests" */
static tw_str repository_of(tw_arena *a, tw_str url, tw_str *ret_name)
{
    for (size_t i = 0; i < TW_COUNT(forges); i++) {
        tw_str host = tw_str_c(forges[i]), owner;
        size_t at = tw_str_find(url, host);
        if (at == TW_NPOS || at + host.n >= url.n || (url.p[at + host.n] != '/' && url.p[at + host.n] != ':'))
            continue;
        if (at && url.p[at - 1] != '/' && url.p[at - 1] != '@' && url.p[at - 1] != '.') continue;
        tw_str rest = tw_str_sub(url, at + host.n + 1, url.n);
        if (!part_of(&rest, &owner) || !part_of(&rest, ret_name)) continue;
        if (tw_str_ends(*ret_name, TW_S(".git"))) *ret_name = tw_str_sub(*ret_name, 0, ret_name->n - 4);
        tw_str all = tw_arena_fmt(a, "%s/%.*s/%.*s", forges[i], TW_FMT(owner), TW_FMT(*ret_name));
        char *p = tw_arena_str(a, all).p ? (char *)(uintptr_t)all.p : NULL;
        for (size_t k = 0; p && k < all.n; k++)
            if (p[k] >= 'A' && p[k] <= 'Z') p[k] = (char)(p[k] + 32);
        return all;
    }
    return TW_S("");
}

static const char *const placeholders[] = {"/username/", "/yourusername/",  "/your-username/",
                                           "/user/",     "/your_username/", "/yourname/",
                                           "/example/",  "/youruser/",      "/pypa/sampleproject"};

static void check_repositories(const tw_naming *n)
{
    const tw_about *about = &n->p->about;
    for (uint32_t i = 0; i < about->urls.n; i++) {
        tw_str name, repo = repository_of(n->p->arena, about->urls.v[i], &name);
        if (!repo.n) continue;
        for (size_t k = 0; k < TW_COUNT(placeholders); k++)
            if (tw_str_find(repo, tw_str_c(placeholders[k])) != TW_NPOS) {
                tw_finding_add(n->f, TW_FIND_ABOUT_PLACEHOLDER, about->member, UINT64_MAX, "%.*s",
                               TW_FMT(repo));
                return;
            }
        uint32_t of = n->list && !n->popular ? tw_popular_repository(n->list, repo) : TW_NO_NAME;
        if (of == TW_NO_NAME || is_family(n->p->name, tw_popular_name(n->list, of))) continue;
        if (is_family(n->p->name, name)) continue; /* one repository, several packages */
        tw_signal_add(n->f, TW_FIND_ABOUT_REPOSITORY, about->member, n->source, n->date, "%.*s of %.*s",
                      TW_FMT(repo), TW_FMT(tw_popular_name(n->list, of)));
        return;
    }
}

/* --- "pip install x" --------------------------------------------------------------------------- */
static bool is_one_of(tw_str word, const char *const *list)
{
    for (; *list; list++)
        if (tw_str_eq(word, tw_str_c(*list))) return true;
    return false;
}

static tw_str next_word(tw_str *rest)
{
    size_t from = 0, to;
    while (from < rest->n && (unsigned char)rest->p[from] <= ' ') from++;
    for (to = from; to < rest->n && (unsigned char)rest->p[to] > ' ';) to++;
    tw_str w = tw_str_sub(*rest, from, to);
    *rest = tw_str_sub(*rest, to, rest->n);
    return w;
}

/* "`requests[socks]>=2.0`" -> requests; nothing where it is a path or an address. */
static tw_str bare(tw_str w)
{
    size_t from = 0, to;
    while (from < w.n && w.p[from] && strchr("`'\"$(*", w.p[from])) from++;
    for (to = from; to < w.n && w.p[to] && !strchr("`'\"[]<>=~!;,)*&|:\\", w.p[to]);) {
        if (w.p[to] == '@' && to > from) break;
        to++;
    }
    tw_str name = tw_str_sub(w, from, to);
    while (name.n && name.p[name.n - 1] == '.') name.n--;
    bool path = name.n && (name.p[0] == '.' || name.p[0] == '/' || name.p[0] == '<' || name.p[0] == '{');
    bool slash = tw_str_chr(name, '/') != TW_NPOS && name.p[0] != '@';
    return path || slash ? TW_S("") : name;
}

/* The package that its description tells to install where that is never itself; empty: none. */
static tw_str installs(const tw_naming *n)
{
    static const char *const tools[] = {"pip",  "pip3", "pipx",   "npm",  "pnpm",  "yarn",   "uv",
                                        "`pip", "`npm", "poetry", "$pip", "`pip3", "-m`pip", NULL};
    static const char *const verbs[] = {"install", "add", "i", NULL};
    tw_str rest = tw_str_sub(n->p->about.text, 0, TEXT_MAX), before = TW_S(""), first = TW_S("");
    uint32_t seen = 0;
    while (rest.n && seen < INSTALLS_MAX) {
        tw_str w = next_word(&rest);
        if (!is_one_of(before, tools) || !is_one_of(w, verbs)) {
            before = w;
            continue;
        }
        seen++;
        tw_str target;
        do target = next_word(&rest);
        while (target.n > 1 && target.p[0] == '-');
        before = target;
        target = bare(target);
        if (spelt_alike(target, n->p->name)) return TW_S("");
        if (target.n && !first.n) first = target;
    }
    return first;
}

static uint32_t popular_like(const tw_naming *n, tw_str name)
{
    form f;
    return n->list ? tw_popular_find(n->list, TW_KEY_JOINED, formed(TW_KEY_JOINED, name, &f)) : TW_NO_NAME;
}

static bool is_needed(const tw_package *p, tw_str name)
{
    for (uint32_t i = 0; i < p->needs.n; i++)
        if (same(p->needs.v[i].name, name)) return true;
    return false;
}

/* --- what else -------------------------------------------------------------------------------------- */
static void check_mails(const tw_naming *n)
{
    const tw_about *about = &n->p->about;
    for (uint32_t i = 0; i < about->mails.n; i++) {
        tw_str all = about->mails.v[i];
        for (size_t at = 0; at < all.n; at++) {
            char low[256];
            size_t len = 0;
            if (all.p[at] != '@') continue;
            for (size_t k = at + 1; k < all.n && len < sizeof low; k++) {
                char c = all.p[k] >= 'A' && all.p[k] <= 'Z' ? (char)(all.p[k] + 32) : all.p[k];
                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) break;
                low[len++] = c;
            }
            tw_str domain = {low, len}, date, source = tw_mail_source(&date);
            while (domain.n && !tw_mail_disposable(domain)) {
                size_t dot = tw_str_chr(domain, '.');
                domain = tw_str_sub(domain, dot == TW_NPOS ? domain.n : dot + 1, domain.n);
            }
            if (!domain.n) continue;
            tw_signal_add(n->f, TW_FIND_ABOUT_MAIL, about->member, source, date, "%.*s", TW_FMT(domain));
            return;
        }
    }
}

static bool is_archive_address(tw_str spec)
{
    return tw_str_find(spec, TW_S("http://")) != TW_NPOS || tw_str_find(spec, TW_S("https://")) != TW_NPOS ||
           tw_str_find(spec, TW_S("ftp://")) != TW_NPOS;
}

static void check_needs(const tw_naming *n)
{
    static const char *const repositories[] = {
        "git+", "git://", "github:", "gitlab:", "bitbucket:", "git@", "hg+", "svn+", "bzr+", "ssh://"};
    uint32_t shown = 0;
    for (uint32_t i = 0; i < n->p->needs.n && shown < SHOWN; i++) {
        tw_str spec = n->p->needs.v[i].spec, name;
        bool repo = false;
        if (tw_str_starts(spec, TW_S("@"))) spec = tw_str_trim(tw_str_sub(spec, 1, spec.n));
        for (size_t k = 0; k < TW_COUNT(repositories); k++)
            repo |= tw_str_starts(spec, tw_str_c(repositories[k]));
        if (!repo && !is_archive_address(spec)) continue;
        repo |= tw_str_ends(spec, TW_S(".git")) ||
                (repository_of(n->p->arena, spec, &name).n && tw_str_find(spec, TW_S("/raw/")) == TW_NPOS &&
                 tw_str_find(spec, TW_S("/releases/")) == TW_NPOS);
        tw_finding_id id = repo ? TW_FIND_NEEDS_REPOSITORY : TW_FIND_NEEDS_ADDRESS;
        const char *group = n->p->needs.v[i].group;
        if (!repo && tw_str_starts(spec, TW_S("http://"))) id = TW_FIND_NEEDS_PLAIN;
        if (group && !strcmp(group, "build-system")) id = TW_FIND_NEEDS_TO_BUILD;
        tw_finding_add(n->f, id, n->p->about.member, UINT64_MAX, "%.*s %.*s", TW_FMT(n->p->needs.v[i].name),
                       TW_FMT(spec));
        shown++;
    }
}

void tw_about_check(tw_naming *n)
{
    const tw_about *about = &n->p->about;
    check_repositories(n);
    check_mails(n);
    check_needs(n);
    if (!n->list || n->popular) return;
    uint32_t said = tw_popular_said(n->list, about->summary);
    if (said != TW_NO_NAME && !is_family(n->p->name, tw_popular_name(n->list, said)))
        tw_signal_add(n->f, TW_FIND_ABOUT_COPIED, about->member, n->source, n->date, "%.*s",
                      TW_FMT(tw_popular_name(n->list, said)));
    tw_str other = installs(n);
    uint32_t rank = other.n ? popular_like(n, other) : TW_NO_NAME;
    if (rank != TW_NO_NAME && !is_needed(n->p, other))
        tw_signal_add(n->f, TW_FIND_ABOUT_OTHER, about->member, n->source, n->date, "%.*s",
                      TW_FMT(tw_popular_name(n->list, rank)));
}

static void say(tw_buf *b, const char *what)
{
    tw_buf_fmt(b, "%s%s", b->n ? ", " : "", what);
}

/* A repository under that one's name, unless it is spelt as this package is. */
static bool is_theirs(const tw_naming *n, tw_str repo, tw_str name, tw_str target)
{
    if (!repo.n) return false;
    if (tw_popular_repository(n->list, repo) == n->rank) return true;
    return same(name, target) && !spelt_alike(name, n->p->name);
}

uint32_t tw_about_likeness(const tw_naming *n, bool family, tw_buf *says)
{
    const tw_about *about = &n->p->about;
    tw_str target = tw_popular_name(n->list, n->rank);
    uint32_t points = 0;
    if (tw_popular_said(n->list, about->summary) == n->rank) say(says, "description"), points += 3;
    for (uint32_t i = 0; i < about->urls.n && !family; i++) {
        tw_str name, repo = repository_of(n->p->arena, about->urls.v[i], &name);
        if (!is_theirs(n, repo, name, target)) continue;
        say(says, "repository"), points += 2;
        break;
    }
    if (!family && same(installs(n), target)) say(says, "install command"), points += 2;
    bool own = false, theirs = false;
    for (uint32_t i = 0; i < about->modules.n; i++) {
        own |= same(about->modules.v[i], n->p->name);
        theirs |= same(about->modules.v[i], target);
    }
    if (theirs && !own) say(says, "module"), points += 2;
    return points;
}
