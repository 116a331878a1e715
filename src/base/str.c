/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

size_t tw_str_find(tw_str s, tw_str needle)
{
    if (needle.n == 0) return 0;
    const char *p = s.n >= needle.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return p ? (size_t)(p - s.p) : TW_NPOS;
}

size_t tw_str_chr(tw_str s, char c)
{
    const char *p = s.n ? memchr(s.p, c, s.n) : NULL;
    return p ? (size_t)(p - s.p) : TW_NPOS;
}

size_t tw_str_rchr(tw_str s, char c)
{
    const char *p = s.n ? memrchr(s.p, c, s.n) : NULL;
    return p ? (size_t)(p - s.p) : TW_NPOS;
}

tw_str tw_str_base(tw_str path)
{
    size_t slash = tw_str_rchr(path, '/');
    return slash == TW_NPOS ? path : tw_str_sub(path, slash + 1, path.n);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool tw_str_ieq(tw_str a, tw_str b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

tw_str tw_str_trim(tw_str s)
{
    while (s.n && is_space(s.p[0])) s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1])) s.n--;
    return s;
}

bool tw_str_split(tw_str *rest, char sep, tw_str *ret_part)
{
    if (!rest->p) return false;
    size_t at = tw_str_chr(*rest, sep);
    if (at == TW_NPOS) {
        *ret_part = *rest;
        *rest = (tw_str){NULL, 0};
        return true;
    }
    *ret_part = tw_str_sub(*rest, 0, at);
    *rest = tw_str_sub(*rest, at + 1, rest->n);
    return true;
}

/* One backtrack point suffices for '*' and one for '**': the later star always subsumes the earlier.
 * Where a '*' came to a '/' in vain, no later start in the same folder can help the '**' before it. */
bool tw_str_glob(tw_str pat, tw_str s)
{
    size_t i = 0, j = 0, star = TW_NPOS, star_s = 0, deep = TW_NPOS, deep_s = 0;
    while (j < s.n) {
        if (i < pat.n && pat.p[i] == '*') {
            bool two = i + 1 < pat.n && pat.p[i + 1] == '*';
            if (two)
                deep = i + 2, deep_s = j, star = TW_NPOS, i += 2;
            else
                star = i + 1, star_s = j, i++;
            continue;
        }
        if (i < pat.n && (pat.p[i] == s.p[j] || (pat.p[i] == '?' && s.p[j] != '/'))) {
            i++, j++;
            continue;
        }
        if (star != TW_NPOS && s.p[star_s] != '/') {
            i = star, j = ++star_s;
            continue;
        }
        if (deep == TW_NPOS) return false;
        while (star != TW_NPOS && deep_s + 1 < s.n && s.p[deep_s] != '/') deep_s++;
        star = TW_NPOS, i = deep, j = ++deep_s;
    }
    while (i < pat.n && pat.p[i] == '*') i++;
    return i == pat.n;
}

bool tw_str_u64(tw_str s, uint64_t *ret)
{
    uint64_t v = 0;
    if (!s.n) return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = (unsigned)(s.p[i] - '0');
        if (d > 9 || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, d, &v)) return false;
    }
    *ret = v;
    return true;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 r = (unsigned __int128)a * b;
    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static uint64_t load8(const char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static uint64_t load4(const char *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}

/* wyhash-like multiply-fold over 16-byte steps. Both factors hold a secret: with a public constant in
 * one of them, chosen input makes it 0 and every seed collides. */
uint64_t tw_str_hash(tw_str s, uint64_t seed)
{
    const uint64_t k0 = 0xa0761d6478bd642full, k1 = 0xe7037ed1a0b428dbull;
    uint64_t secret = mix(seed ^ k0, k1), h = seed ^ k1;
    const char *p = s.p;
    size_t n = s.n;
    for (; n > 16; p += 16, n -= 16) h = mix(load8(p) ^ secret, load8(p + 8) ^ h);
    uint64_t a = 0, b = 0;
    if (n >= 8)
        a = load8(p), b = load8(p + n - 8);
    else if (n >= 4)
        a = load4(p), b = load4(p + n - 4);
    else if (n)
        a = (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 | (uint8_t)p[n - 1];
    return mix(secret ^ s.n, mix(a ^ secret, b ^ h));
}
