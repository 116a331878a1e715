/* SPDX-License-Identifier: Apache-2.0 */
/* Texts in a binary that name something outside it: addresses and paths, told by their shape alone. One pass finds
 * runs of printable bytes by looking at every MIN-th byte first, a second one runs of UTF-16 in Windows' files. Within
 * a run only places where such a text can begin are looked at. */
#include "engine/languages/native/native.h"

enum {
    MIN = 5,         /* characters of the shortest run */
    BEFORE = 200,    /* bytes of a path in front of its mark */
    TEXT_MAX = 512,  /* bytes of one text */
    WHOLE_MAX = 260, /* a text of its own that is a path is one to its end, blanks too */
    RUN_C = 1024,    /* a longer run is texts in a row without ends between them, as Go and Rust keep them */
    PARTS_MAX = 4,   /* of a path in a row of texts, each of at most PART_MAX bytes */
    PART_MAX = 20,
    WIDE_MAX = 4096, /* characters of a run of UTF-16 that are looked at */
};
enum { PRINT = 1, MARK = 2, WORD = 4 /* stands in paths and addresses */ };

typedef struct scan {
    nat *n;
    uint8_t is[256];
} scan;

typedef struct run {
    tw_str s;
    uint64_t off;  /* in the file */
    unsigned step; /* bytes of a character */
    bool whole;    /* ends where the text does */
} run;

static void classes(uint8_t *t)
{
    static const char words[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~:/?#[]@!$&*+,;=%\\{}";
    for (int c = 32; c < 127; c++) t[c] = PRINT;
    t['\t'] = PRINT;
    for (size_t i = 0; i + 1 < sizeof words; i++) t[(uint8_t)words[i]] |= WORD;
    for (const char *p = ":/\\%~"; *p; p++) t[(uint8_t)*p] |= MARK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '\\' ? '/' : c;
}

/* Without regard to case, either slash; two backslashes are one. */
static bool begins(tw_str s, const char *what)
{
    size_t i = 0;
    for (; *what; what++, i++) {
        if (i >= s.n || lower(s.p[i]) != *what) return false;
        if (*what == '/' && s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '\\') i++;
    }
    return true;
}

enum { FRONT_OPEN = 1, END_OPEN = 2 };

static void keep(scan *k, const run *r, size_t from, size_t to, unsigned open)
{
    nat *n = k->n;
    bool fresh;
    tw_str s = tw_str_sub(r->s, from, to);
    if (s.n > TEXT_MAX) s.n = TEXT_MAX, open |= END_OPEN;
    if (s.n < 4 || tw_map_get(&n->seen_strings, s) || nat_full(n, n->strings.n, NAT_STRINGS, "texts")) return;
    if (r->step > 1) s = tw_arena_str(n->a, s);
    tw_map_put(&n->seen_strings, s, &fresh);
    TW_PUSH(n->a, n->strings,
            ((nat_string){s, r->off + from * r->step, s.n * r->step, open & FRONT_OPEN, open & END_OPEN}));
}

/* Where texts stand in a row, an end is sure only where the next part of a path begins. */
static bool is_row(const run *r)
{
    return !r->whole;
}

/* .../registry/src/INDEX/NAME-VERSION/...: where cargo unpacks a crate */
static size_t crate(scan *k, const run *r, size_t at)
{
    nat *n = k->n;
    size_t i = at + 14, from = 0, dash = 0, end = nat_min(r->s.n, i + 256);
    for (unsigned slashes = 0; i < end; i++) {
        char c = lower(r->s.p[i]);
        if (c == '/' && ++slashes == 2) break;
        if (c == '/') from = i + 1;
        if (from && c == '-' && i + 1 < end && r->s.p[i + 1] >= '0' && r->s.p[i + 1] <= '9' && !dash)
            dash = i;
    }
    if (i >= end || !dash) return at + 1;
    bool fresh;
    tw_str whole = tw_str_sub(r->s, from, i);
    if (r->step > 1) whole = tw_arena_str(n->a, whole);
    tw_map_put(&n->seen_modules, whole, &fresh);
    if (fresh && !nat_full(n, n->modules.n, NAT_PACKAGES, "crates"))
        TW_PUSH(n->a, n->modules,
                ((nat_package){tw_str_sub(whole, 0, dash - from), tw_str_sub(whole, dash - from + 1, whole.n),
                               r->off + from * r->step}));
    return i;
}

static bool names_place(tw_str s)
{
    static const char *const places[] = {"/etc/",         "/proc/",
                                         "/var/",         "/tmp/",
                                         "/dev/tcp/",     "/bin/",
                                         "/library/",     "/appdata/",
                                         "/windows/",     "/software/",
                                         "/programdata/", "/google/",
                                         "/mozilla/",     "/microsoft/",
                                         "/opera",        "/bravesoftware",
                                         "/user data",    "/login data",
                                         "/local st",     "/web data",
                                         "/cookies",      "/leveldb",
                                         "/discord",      "/telegram",
                                         "/start menu",   "/wallet",
                                         "/electrum",     "/exodus",
                                         "/chromium",     "/keychains",
                                         "/system32/",    "/currentversion/",
                                         "/cron",         "/id_rsa",
                                         "/steam/",       "/vivaldi/",
                                         "/yandex/",      "/application support",
                                         "/launchag",     "/launchdae",
                                         "/autostart",    "/systemd/"};
    static const char *const built[] = {"/.cargo", "/.rustup", "/.conda", "/.libs",  "/.deps",
                                        "/.build", "/.cache",  "/.pyenv", "/.local", "/.note",
                                        "/.so",    "/.text",   "/.data"};
    size_t next = s.n > 2 && s.p[0] == '\\' && s.p[1] == '\\' ? 2 : 1;
    char first = next + 1 < s.n ? lower(s.p[next]) : 0;
    if (first == '.' && lower(s.p[next + 1]) >= 'a' && lower(s.p[next + 1]) <= 'z') {
        for (size_t i = 0; i < TW_COUNT(built); i++)
            if (begins(s, built[i])) return false;
        return true;
    }
    for (size_t i = 0; i < TW_COUNT(places); i++)
        if (places[i][1] == first && begins(s, places[i])) return true;
    return false;
}

/* Letters in front of "://" that belong to another text are none of the scheme. */
static size_t scheme_start(tw_str s, size_t from, size_t at)
{
    static const tw_str schemes[] = {
        TW_SI("https"),       TW_SI("http"),     TW_SI("wss"),    TW_SI("ws"),   TW_SI("sftp"),
        TW_SI("ftps"),        TW_SI("ftp"),      TW_SI("ssh"),    TW_SI("file"), TW_SI("stratum+tcp"),
        TW_SI("stratum+ssl"), TW_SI("socks5"),   TW_SI("socks4"), TW_SI("tcp"),  TW_SI("udp"),
        TW_SI("tls"),         TW_SI("smb"),      TW_SI("ldap"),   TW_SI("mqtt"), TW_SI("redis"),
        TW_SI("mongodb"),     TW_SI("postgres"), TW_SI("mysql"),  TW_SI("amqp")};
    for (size_t i = 0; i < TW_COUNT(schemes); i++)
        if (tw_str_ends(tw_str_sub(s, 0, at), schemes[i])) return at - schemes[i].n;
    return from;
}

/* scheme://...: from the scheme to the first byte that no address holds; in a row of texts the host alone, where
 * a path follows it. */
static size_t address(scan *k, const run *r, size_t at)
{
    size_t from = at, to = at + 3;
    unsigned open = 0;
    while (from && at - from < 16 && lower(r->s.p[from - 1]) >= 'a' && lower(r->s.p[from - 1]) <= 'z') from--;
    from = scheme_start(r->s, from, at);
    while (to < r->s.n && k->is[(uint8_t)r->s.p[to]] & WORD && to - from < TEXT_MAX) to++;
    size_t next = to;
    if (is_row(r)) {
        size_t slash = tw_str_chr(tw_str_sub(r->s, at + 3, to), '/');
        if (slash == TW_NPOS) return next;
        to = at + 3 + slash + 1, open = END_OPEN;
    }
    if (at - from >= 2 && to - at > 5) keep(k, r, from, to, open);
    return next;
}

/* The end of the last of a few parts that are short as names of folders are, and that another follows. */
static size_t short_parts(tw_str s, size_t at, size_t to)
{
    size_t end = at, from = at + 1;
    unsigned parts = 0;
    for (size_t i = at + 1; i < to && parts < PARTS_MAX && i - from <= PART_MAX; i++)
        if (lower(s.p[i]) == '/') end = from = i + 1, parts++;
    return end;
}

static size_t path(scan *k, const run *r, size_t at)
{
    size_t from = at, to = at + 1;
    if (r->whole && r->s.n <= WHOLE_MAX) {
        keep(k, r, 0, r->s.n, 0);
        return r->s.n;
    }
    while (from && !is_row(r) && at - from < BEFORE && k->is[(uint8_t)r->s.p[from - 1]] & WORD) from--;
    while (to < r->s.n && k->is[(uint8_t)r->s.p[to]] & WORD && to - from < TEXT_MAX) to++;
    size_t next = to;
    if (is_row(r)) to = short_parts(r->s, at, to);
    keep(k, r, from, to, is_row(r) ? FRONT_OPEN | END_OPEN : 0);
    return next;
}

static size_t mark(scan *k, const run *r, size_t at)
{
    tw_str rest = tw_str_sub(r->s, at, r->s.n);
    switch (rest.p[0]) {
    case ':': return tw_str_starts(rest, TW_S("://")) ? address(k, r, at) : at + 1;
    case '%':
        return begins(rest, "%appdata%") || begins(rest, "%localappdata%") || begins(rest, "%userprofile%") ||
                       begins(rest, "%temp%") || begins(rest, "%programdata%")
                   ? path(k, r, at)
                   : at + 1;
    case '~': return at == 0 && begins(rest, "~/") ? path(k, r, at) : at + 1;
    default:
        if (begins(rest, "/registry/src/") && rest.p[1] == 'r') return crate(k, r, at);
        return names_place(rest) ? path(k, r, at) : at + 1;
    }
}

static void look(scan *k, const run *r)
{
    for (size_t i = 0; i < r->s.n;) i = k->is[(uint8_t)r->s.p[i]] & MARK ? mark(k, r, i) : i + 1;
}

static void narrow(scan *k)
{
    const tw_str s = k->n->bytes;
    const uint8_t *p = (const uint8_t *)s.p, *is = k->is;
    size_t low = 0;
    bool rows = k->n->go_version.n || k->n->rust_version.n;
    for (size_t i = MIN - 1; i < s.n;) {
        if (!is[p[i]]) {
            i += MIN;
            continue;
        }
        size_t from = i, end = i + 1;
        while (from > low && is[p[from - 1]]) from--;
        while (end < s.n && is[p[end]]) end++;
        if (end - from >= MIN) {
            bool whole = !rows && end < s.n && !p[end] && end - from <= RUN_C;
            look(k, &(run){tw_str_sub(s, from, end), from, 1, whole});
        }
        low = end;
        i = end + MIN;
    }
}

static void wide(scan *k)
{
    const tw_str s = k->n->bytes;
    const uint8_t *p = (const uint8_t *)s.p, *is = k->is;
    char text[WIDE_MAX];
    size_t low = 0, stop = s.n & ~(size_t)1;
    for (size_t i = 2 * (MIN - 1); i < stop;) {
        if (p[i + 1] || !is[p[i]]) {
            i += 2 * MIN;
            continue;
        }
        size_t from = i, end = i + 2, n = 0;
        while (from > low && !p[from - 1] && is[p[from - 2]]) from -= 2;
        while (end < stop && !p[end + 1] && is[p[end]]) end += 2;
        for (size_t at = from; at < end && n < WIDE_MAX; at += 2) text[n++] = (char)p[at];
        bool whole = end < stop && !p[end] && !p[end + 1] && 2 * n == end - from;
        if (n >= MIN) look(k, &(run){tw_str_of(text, n), from, 2, whole});
        low = end;
        i = end + 2 * MIN;
    }
}

void nat_strings(nat *n)
{
    scan k = {.n = n};
    classes(k.is);
    narrow(&k);
    if (n->format == NAT_PE) wide(&k);
}
