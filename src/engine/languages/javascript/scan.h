/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Runs of bytes, sixteen at a time where the machine has SSE2. All read past p->n into the zero bytes
 * behind it; none passes a zero byte except js_skip_spaces' callers' own. */
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>

/* Bytes from s that may continue a name (letters, digits, $, _, above 127); *ret_high: one is above 127. */
static inline uint32_t js_name_run(const uint8_t *s, unsigned *ret_high)
{
    uint32_t n = 0;
    unsigned high = 0;
    for (;;) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(s + n));
        __m128i low = _mm_or_si128(c, _mm_set1_epi8(0x20));
        __m128i is = _mm_cmpgt_epi8(_mm_add_epi8(low, _mm_set1_epi8(127 - 'z')), _mm_set1_epi8(127 - 26));
        is = _mm_or_si128(is,
                          _mm_cmpgt_epi8(_mm_add_epi8(c, _mm_set1_epi8(127 - '9')), _mm_set1_epi8(127 - 10)));
        is = _mm_or_si128(is, _mm_cmpeq_epi8(c, _mm_set1_epi8('_')));
        is = _mm_or_si128(is, _mm_cmpeq_epi8(c, _mm_set1_epi8('$')));
        unsigned top = (unsigned)_mm_movemask_epi8(c), stop = ~((unsigned)_mm_movemask_epi8(is) | top);
        unsigned k = (unsigned)__builtin_ctz(stop | 0x10000u);
        high |= top & ((1u << k) - 1);
        n += k;
        if (k < 16) break;
    }
    *ret_high = high;
    return n;
}

/* Bytes from s to the first of a, b, \n, \r or zero. */
static inline uint32_t js_run_to(const uint8_t *s, char a, char b)
{
    __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b), nl = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    for (uint32_t n = 0;; n += 16) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(s + n));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(c, va), _mm_cmpeq_epi8(c, vb));
        hit = _mm_or_si128(hit, _mm_or_si128(_mm_cmpeq_epi8(c, nl), _mm_cmpeq_epi8(c, cr)));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(c, _mm_setzero_si128()));
        unsigned m = (unsigned)_mm_movemask_epi8(hit);
        if (m) return n + (unsigned)__builtin_ctz(m);
    }
}

static inline uint32_t js_blank_run(const uint8_t *s)
{
    for (uint32_t n = 0;; n += 16) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(s + n));
        __m128i is =
            _mm_or_si128(_mm_cmpeq_epi8(c, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(c, _mm_set1_epi8('\t')));
        unsigned m = ~(unsigned)_mm_movemask_epi8(is) & 0xFFFFu;
        if (m) return n + (unsigned)__builtin_ctz(m);
    }
}
#else
static inline uint32_t js_name_run(const uint8_t *s, unsigned *ret_high)
{
    uint32_t n = 0;
    *ret_high = 0;
    for (;; n++) {
        uint8_t c = s[n], l = c | 0x20;
        if (c >= 0x80)
            *ret_high = 1;
        else if (!((l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$'))
            return n;
    }
}
static inline uint32_t js_run_to(const uint8_t *s, char a, char b)
{
    uint32_t n = 0;
    while (s[n] && s[n] != (uint8_t)a && s[n] != (uint8_t)b && s[n] != '\n' && s[n] != '\r') n++;
    return n;
}
static inline uint32_t js_blank_run(const uint8_t *s)
{
    uint32_t n = 0;
    while (s[n] == ' ' || s[n] == '\t') n++;
    return n;
}
#endif
