/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rules/shown.h"

const char *const tw_host_class_names[TW_HOST_CLASS_MAX] = {"loopback", "private", "ip", "example"};

static bool host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

tw_str tw_host_of(tw_str s)
{
    size_t scheme = tw_str_find(s, TW_S("://"));
    if (scheme != TW_NPOS && scheme > 12) return (tw_str){NULL, 0};
    tw_str rest = scheme == TW_NPOS ? s : tw_str_sub(s, scheme + 3, s.n);
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#') end++;
    if (scheme == TW_NPOS && end != rest.n) return (tw_str){NULL, 0};
    rest = tw_str_sub(rest, 0, end);
    size_t at = tw_str_rchr(rest, '@');
    if (at != TW_NPOS) rest = tw_str_sub(rest, at + 1, rest.n);
    if (rest.n && rest.p[0] == '[') {
        size_t close = tw_str_chr(rest, ']');
        return close == TW_NPOS ? (tw_str){NULL, 0} : tw_str_sub(rest, 1, close);
    }
    size_t colon = tw_str_rchr(rest, ':');
    if (colon != TW_NPOS) rest = tw_str_sub(rest, 0, colon);
    for (size_t i = 0; i < rest.n; i++)
        if (!host_char(rest.p[i])) return (tw_str){NULL, 0};
    if (scheme == TW_NPOS && tw_str_chr(rest, '.') == TW_NPOS && !tw_str_ieq(rest, TW_S("localhost")))
        return (tw_str){NULL, 0};
    return rest;
}

static bool ipv4(tw_str host, uint8_t ret[4])
{
    tw_str part;
    for (int i = 0; i < 4; i++) {
        uint64_t v;
        if (!tw_str_split(&host, '.', &part) || part.n > 3 || !tw_str_u64(part, &v) || v > 255) return false;
        ret[i] = (uint8_t)v;
    }
    return host.p == NULL;
}

uint32_t tw_host_classes(tw_str host)
{
    static const tw_str loopback[] = {TW_SI("localhost"), TW_SI("::1")};
    static const tw_str example[] = {TW_SI(".example"),    TW_SI(".invalid"),    TW_SI(".test"),
                                     TW_SI("example.com"), TW_SI("example.org"), TW_SI("example.net")};
    static const tw_str inner[] = {TW_SI(".local"), TW_SI(".internal"), TW_SI(".lan"), TW_SI(".localdomain")};
    uint32_t mask = 0;
    uint8_t q[4];
    if (ipv4(host, q)) {
        if (q[0] == 127) return 1u << TW_HOST_LOOPBACK;
        if (q[0] == 0 || q[0] == 10 || (q[0] == 192 && q[1] == 168) ||
            (q[0] == 172 && q[1] >= 16 && q[1] < 32) || (q[0] == 169 && q[1] == 254))
            return 1u << TW_HOST_PRIVATE;
        if ((q[0] == 192 && q[1] == 0 && q[2] == 2) || (q[0] == 198 && q[1] == 51 && q[2] == 100) ||
            (q[0] == 203 && q[1] == 0 && q[2] == 113))
            mask |= 1u << TW_HOST_EXAMPLE;
        return mask | 1u << TW_HOST_IP;
    }
    for (size_t i = 0; i < TW_COUNT(loopback); i++)
        if (tw_str_ieq(host, loopback[i])) mask |= 1u << TW_HOST_LOOPBACK;
    for (size_t i = 0; i < TW_COUNT(example); i++)
        if (tw_str_ieq(tw_str_sub(host, host.n > example[i].n ? host.n - example[i].n : 0, host.n),
                       example[i]))
            mask |= 1u << TW_HOST_EXAMPLE;
    for (size_t i = 0; i < TW_COUNT(inner); i++)
        if (tw_str_ieq(tw_str_sub(host, host.n > inner[i].n ? host.n - inner[i].n : 0, host.n), inner[i]))
            mask |= 1u << TW_HOST_PRIVATE;
    if (!mask && tw_str_chr(host, ':') != TW_NPOS) mask = 1u << TW_HOST_IP;
    return mask;
}
