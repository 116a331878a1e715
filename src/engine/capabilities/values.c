/* SPDX-License-Identifier: Apache-2.0 */
/* Constant values -> classes. One pass over the value finds the patterns whose trigram occurs; only
 * those are matched. */
#include "engine/capabilities/tables_priv.h"

enum { MAX_PATTERNS = 4096 };

static char fold(char c)
{
    if (c >= 'A' && c <= 'Z') return (char)(c + 32);
    return c == '\\' ? '/' : c;
}

/* "/" + the folded value, doubled slashes as one except behind a colon. */
static tw_str fold_value(tw_str value, char *out)
{
    size_t n = 0;
    out[n++] = '/';
    for (size_t i = 0; i < value.n && n < TW_VALUE_MAX; i++) {
        char c = fold(value.p[i]);
        if (c == '/' && n > 1 && out[n - 1] == '/' && !(n > 2 && out[n - 2] == ':')) continue;
        out[n++] = c;
    }
    return (tw_str){out, n};
}

static void mark_candidates(tw_str text, uint64_t *marks)
{
    for (size_t i = 0; i + 3 <= text.n; i++) {
        uint32_t h = tw_table_fnv(TW_FNV_START, tw_str_of(text.p + i, 3)) & (TW_TRIGRAMS - 1);
        for (uint32_t k = tw_value_starts[h]; k < tw_value_starts[h + 1]; k++)
            marks[tw_value_lists[k] / 64] |= 1ull << (tw_value_lists[k] % 64);
    }
    for (const uint16_t *k = tw_value_always; *k != 65535; k++) marks[*k / 64] |= 1ull << (*k % 64);
}

/* The longest part of a pattern without wildcards: a cheap test before the glob. */
static tw_str longest_run(const char *pattern)
{
    tw_str best = {pattern, 0};
    for (const char *p = pattern; *p;) {
        size_t n = strcspn(p, "*?");
        if (n > best.n) best = (tw_str){p, n};
        p += n + strspn(p + n, "*?");
    }
    return best;
}

uint32_t tw_value_classes(tw_arg_role role, tw_str value, const tw_value_class **ret, uint32_t max)
{
    __attribute__((
        uninitialized)) char buf[TW_VALUE_MAX + 1]; /* asked for every constant: not worth clearing */
    uint64_t marks[MAX_PATTERNS / 64] = {0};
    tw_str text = fold_value(value, buf);
    bool path = role == TW_ARGROLE_PATH || role == TW_ARGROLE_DEST;
    if (!path || (text.n > 1 && text.p[1] == '/')) text = tw_str_sub(text, 1, text.n);
    if (path) text.n -= text.n > 1 && text.p[text.n - 1] == '/';
    if (!text.n) return 0;
    mark_candidates(text, marks);
    uint32_t n = 0;
    for (uint32_t word = 0; word < TW_COUNT(marks); word++)
        for (uint64_t bits = marks[word]; bits && n < max; bits &= bits - 1) {
            const tw_value_class *c = &tw_value_table[word * 64 + (uint32_t)__builtin_ctzll(bits)];
            if (!(c->roles >> role & 1) || tw_str_find(text, longest_run(c->pattern)) == TW_NPOS) continue;
            if (tw_str_glob(tw_str_c(c->pattern), text)) ret[n++] = c;
        }
    return n;
}

tw_str tw_url_host(tw_str url)
{
    size_t scheme = tw_str_find(url, TW_S("://"));
    if (scheme != TW_NPOS) url = tw_str_sub(url, scheme + 3, url.n);
    size_t end = 0;
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#') end++;
    url.n = end;
    size_t at = tw_str_rchr(url, '@');
    if (at != TW_NPOS) url = tw_str_sub(url, at + 1, url.n);
    if (url.n && url.p[0] == '[') {
        size_t close = tw_str_chr(url, ']');
        return close == TW_NPOS ? (tw_str){NULL, 0} : tw_str_sub(url, 0, close + 1);
    }
    size_t colon = tw_str_chr(url, ':');
    return colon == TW_NPOS ? url : tw_str_sub(url, 0, colon);
}

static bool parse_ipv4(tw_str host, uint32_t *ret)
{
    uint32_t ip = 0, parts = 0;
    tw_str part;
    while (tw_str_split(&host, '.', &part)) {
        uint64_t n;
        if (part.n > 3 || !tw_str_u64(part, &n) || n > 255) return false;
        ip = ip << 8 | (uint32_t)n;
        parts++;
    }
    *ret = ip;
    return parts == 4;
}

bool tw_host_is_public_ip(tw_str host)
{
    static const struct {
        uint32_t net, bits;
    } inner[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
                 {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0a80000, 16}, {0xc6120000, 15},
                 {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3}};
    uint32_t ip;
    if (host.n > 4 && host.p[0] == '[')
        return !tw_str_starts(host, TW_S("[::1]")) && !tw_str_starts(host, TW_S("[fe80")) &&
               !tw_str_starts(host, TW_S("[fd")) && !tw_str_starts(host, TW_S("[fc")) &&
               !tw_str_starts(host, TW_S("[2001:db8"));
    if (!parse_ipv4(host, &ip)) return false;
    for (size_t i = 0; i < TW_COUNT(inner); i++)
        if (ip >> (32 - inner[i].bits) == inner[i].net >> (32 - inner[i].bits)) return false;
    return true;
}
