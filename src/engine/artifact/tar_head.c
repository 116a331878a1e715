/* SPDX-License-Identifier: Apache-2.0 */
/* Header blocks, numbers and pax records, by the rules of Python's tarfile. */
#include "engine/artifact/artifact_priv.h"

enum { BLOCK = 512, SUM_AT = 148 };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static tw_str cut_nul(tw_str s)
{
    return tw_str_sub(s, 0, tw_str_chr(s, '\0'));
}

/* int(text, 8) after strip, empty is 0; negative numbers are refused here. */
static bool octal(tw_str s, uint64_t *ret)
{
    s = cut_nul(s);
    while (s.n && is_space(s.p[0])) s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1])) s.n--;
    *ret = 0;
    if (s.n && s.p[0] == '+') s = tw_str_sub(s, 1, s.n);
    if (s.n > 1 && s.p[0] == '0' && (s.p[1] | 32) == 'o') s = tw_str_sub(s, 2, s.n);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_' && i && i + 1 < s.n && s.p[i - 1] != '_') continue;
        if (s.p[i] < '0' || s.p[i] > '7' || *ret >> 60) return false;
        *ret = *ret << 3 | (uint64_t)(s.p[i] - '0');
    }
    return true;
}

bool tw_tar_number(tw_str f, uint64_t *ret)
{
    uint8_t first = f.n ? (uint8_t)f.p[0] : 0;
    if (first != 0x80) return first != 0xff && octal(f, ret);
    *ret = 0;
    for (size_t i = 1; i < f.n; i++) {
        if (*ret >> 54) return false;
        *ret = *ret << 8 | (uint8_t)f.p[i];
    }
    return true;
}

/* What GNU tar, bsdtar and node-tar make of a number: leading blanks, then digits as far as they go. */
static uint64_t loose(tw_str f)
{
    uint64_t v = 0;
    size_t i = 0;
    if (f.n && (uint8_t)f.p[0] & 0x80) {
        v = (uint8_t)f.p[0] & 0x3f;
        for (i = 1; i < f.n; i++) v = v << 8 | (uint8_t)f.p[i];
        return v > INT64_MAX / 2 ? 0 : v;
    }
    while (i < f.n && (is_space(f.p[i]) || f.p[i] == 0)) i++;
    for (; i < f.n && f.p[i] >= '0' && f.p[i] <= '7' && !(v >> 60); i++)
        v = v << 3 | (uint64_t)(f.p[i] - '0');
    return v;
}

/* Two sums are in use: of unsigned and (by old tars) of signed bytes. The field itself counts as blanks. */
static bool sum_fits(const char *b, uint64_t want)
{
    const uint8_t *p = (const uint8_t *)b;
    uint32_t sum = 8 * ' ', high = 0;
    for (int i = 0; i < BLOCK; i++) {
        sum += p[i];
        high += p[i] >> 7;
    }
    for (int i = SUM_AT; i < SUM_AT + 8; i++) {
        sum -= p[i];
        high -= p[i] >> 7;
    }
    return want == sum || (sum >= 256 * high && want == sum - 256 * high);
}

static bool all_zero(tw_str s)
{
    return s.n == 0 || (s.p[0] == 0 && memcmp(s.p, s.p + 1, s.n - 1) == 0);
}

bool tw_tar_is_header(tw_str b)
{
    if (b.n < BLOCK || all_zero(tw_str_sub(b, 0, BLOCK))) return false;
    uint64_t sum;
    if (tw_tar_number(tw_str_sub(b, SUM_AT, SUM_AT + 8), &sum) && sum_fits(b.p, sum)) return true;
    return memcmp(b.p + 257, "ustar", 5) == 0 && (b.p[262] == 0 || b.p[262] == ' ');
}

static tw_str field(const tw_tar_head *h, size_t at, size_t n)
{
    return (tw_str){h->block + at, n};
}

void tw_tar_read_head(tw_str block, tw_tar_head *h)
{
    memset(h, 0, sizeof *h);
    memcpy(h->block, block.p, BLOCK);
    uint64_t sum, mode, skip;
    h->bad_sum = !tw_tar_number(field(h, SUM_AT, 8), &sum) || !sum_fits(h->block, sum);
    h->name = cut_nul(field(h, 0, 100));
    h->link = cut_nul(field(h, 157, 100));
    h->prefix = cut_nul(field(h, 345, 155));
    h->type = h->block[156];
    h->posix = memcmp(h->block + 257, "ustar\0", 6) == 0;
    h->loose_size = loose(field(h, 124, 12));
    h->bad_number = !tw_tar_number(field(h, 100, 8), &mode) || !tw_tar_number(field(h, 124, 12), &h->size);
    /* the owner and time fields must be numbers too, or tarfile takes the header for none */
    static const uint16_t others[][2] = {{108, 8}, {116, 8}, {136, 12}, {329, 8}, {337, 8}};
    for (size_t i = 0; i < TW_COUNT(others); i++) {
        tw_str f = field(h, others[i][0], others[i][1]);
        bool negative = (uint8_t)f.p[0] == 0xff || tw_str_chr(f, '-') != TW_NPOS;
        h->bad_number |= !negative && !tw_tar_number(f, &skip);
    }
    h->mode = (uint32_t)mode & 07777;
}

/* --- pax --------------------------------------------------------------------------------------------- */

static void pax_size(tw_tar_meta *m, tw_str value)
{
    m->has_size = true;
    if (!tw_str_u64(value, &m->size)) m->bad = true, m->size = 0; /* tarfile, bsdtar */
    if (m->size > INT64_MAX / 2) m->bad = true, m->size = INT64_MAX / 2;
}

static void sparse_pair(tw_arena *work, tw_tar_meta *m, tw_str value)
{
    tw_str was = m->sparse_pairs;
    char *p = tw_arena_grow(work, (char *)(uintptr_t)was.p, was.n, was.n + value.n + 1);
    memcpy(p + was.n, value.p, value.n);
    p[was.n + value.n] = ' ';
    m->sparse_pairs = (tw_str){p, was.n + value.n + 1};
}

static void sparse_record(tw_arena *work, tw_tar_meta *m, tw_str key, tw_str value)
{
    m->sparse = true;
    if (tw_str_eq(key, TW_S("name")))
        m->has_path = true, m->path = value;
    else if (tw_str_eq(key, TW_S("map")))
        m->sparse_map = value;
    else if (tw_str_eq(key, TW_S("major")))
        m->sparse_v1 = tw_str_eq(value, TW_S("1"));
    else if (tw_str_eq(key, TW_S("offset")) || tw_str_eq(key, TW_S("numbytes")))
        sparse_pair(work, m, value);
    else if (tw_str_eq(key, TW_S("size")) || tw_str_eq(key, TW_S("realsize")))
        m->bad |= !tw_str_u64(value, &m->real_size);
}

static void pax_record(tw_arena *work, tw_tar_meta *m, tw_str key, tw_str value)
{
    static const tw_str sparse = TW_SI("GNU.sparse.");
    if (tw_str_eq(key, TW_S("path")))
        m->has_path = true, m->path = value;
    else if (tw_str_eq(key, TW_S("linkpath")))
        m->has_link = true, m->link = value;
    else if (tw_str_eq(key, TW_S("size")))
        pax_size(m, value);
    else if (tw_str_starts(key, sparse))
        sparse_record(work, m, tw_str_sub(key, sparse.n, key.n), value);
}

/* As tarfile reads them: "length key=value\n", the length believed even where it runs into the padding. */
void tw_tar_read_pax(tw_arena *work, tw_str text, uint64_t size, tw_tar_meta *m)
{
    size_t at = 0;
    while (at < text.n && text.p[at] >= '0' && text.p[at] <= '9') {
        tw_str rest = tw_str_sub(text, at, text.n);
        size_t space = tw_str_chr(rest, ' ');
        uint64_t n = 0;
        bool number = space != TW_NPOS && tw_str_u64(tw_str_sub(rest, 0, space), &n) && n > 0;
        size_t eq = number ? tw_str_chr(rest, '=') : TW_NPOS;
        if (eq == TW_NPOS || eq <= space + 1) break;
        tw_str rec = tw_str_sub(rest, 0, n);
        if (n <= eq || at + n > size || rec.p[rec.n - 1] != '\n') m->bad = true;
        tw_str value = tw_str_sub(rest, eq + 1, n - 1);
        pax_record(work, m, tw_str_sub(rest, space + 1, eq), value);
        if (n > rest.n) return;
        at += (size_t)n;
    }
    if (at < size) m->bad = true;
}
