/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t ror(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static inline uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void tw_sha256_blocks_portable(uint32_t h[8], const uint8_t *p, size_t blocks)
{
    for (; blocks; blocks--, p += 64) {
        uint32_t w[64], s[8];
        for (int i = 0; i < 16; i++) w[i] = be32(p + 4 * i);
        for (int i = 16; i < 64; i++) {
            uint32_t x = w[i - 15], y = w[i - 2];
            w[i] = w[i - 16] + (ror(x, 7) ^ ror(x, 18) ^ x >> 3) + w[i - 7] +
                   (ror(y, 17) ^ ror(y, 19) ^ y >> 10);
        }
        memcpy(s, h, sizeof s);
        for (int i = 0; i < 64; i++) {
            uint32_t a = s[0], e = s[4];
            uint32_t t1 =
                s[7] + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + K[i] + w[i];
            uint32_t t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
            memmove(s + 1, s, 7 * sizeof *s);
            s[4] += t1;
            s[0] = t1 + t2;
        }
        for (int i = 0; i < 8; i++) h[i] += s[i];
    }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

/* Set once before main: cpuid traps in virtual machines, too dear to ask for each hash. */
static bool has_sha;

__attribute__((constructor)) static void ask_cpu(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return;
    has_sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}

bool tw_sha256_has_cpu(void)
{
    return has_sha;
}

/* Four rounds with message words m, scheduling the words of sixteen rounds later into m. */
#define SCHEDULE(m0, m1, m2, m3) \
    m0 = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(m0, m1), _mm_alignr_epi8(m3, m2, 4)), m3)
#define ROUNDS(m, i)                                                                              \
    do {                                                                                          \
        __m128i t_ = _mm_add_epi32(m, _mm_loadu_si128((const __m128i *)(const void *)(K + (i)))); \
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, t_);                                             \
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(t_, 0x0e));                    \
    } while (0)

__attribute__((target("sha,ssse3,sse4.1"))) void tw_sha256_blocks_cpu(uint32_t h[8], const uint8_t *p,
                                                                      size_t blocks)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i lo = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)h), 0xb1);
    __m128i hi = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(h + 4)), 0x1b);
    __m128i abef = _mm_alignr_epi8(lo, hi, 8), cdgh = _mm_blend_epi16(hi, lo, 0xf0);
    for (; blocks; blocks--, p += 64) {
        __m128i was_abef = abef, was_cdgh = cdgh, m[4];
        for (int i = 0; i < 4; i++)
            m[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), swap);
        for (int i = 0; i < 48; i += 16) {
            ROUNDS(m[0], i);
            SCHEDULE(m[0], m[1], m[2], m[3]);
            ROUNDS(m[1], i + 4);
            SCHEDULE(m[1], m[2], m[3], m[0]);
            ROUNDS(m[2], i + 8);
            SCHEDULE(m[2], m[3], m[0], m[1]);
            ROUNDS(m[3], i + 12);
            SCHEDULE(m[3], m[0], m[1], m[2]);
        }
        ROUNDS(m[0], 48);
        ROUNDS(m[1], 52);
        ROUNDS(m[2], 56);
        ROUNDS(m[3], 60);
        abef = _mm_add_epi32(abef, was_abef);
        cdgh = _mm_add_epi32(cdgh, was_cdgh);
    }
    lo = _mm_shuffle_epi32(abef, 0x1b);
    hi = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)h, _mm_blend_epi16(lo, hi, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(h + 4), _mm_alignr_epi8(hi, lo, 8));
}
#else
bool tw_sha256_has_cpu(void)
{
    return false;
}

void tw_sha256_blocks_cpu(uint32_t h[8], const uint8_t *p, size_t blocks)
{
    tw_sha256_blocks_portable(h, p, blocks);
}
#endif

static void add_blocks(uint32_t h[8], const uint8_t *p, size_t blocks)
{
    if (tw_sha256_has_cpu())
        tw_sha256_blocks_cpu(h, p, blocks);
    else
        tw_sha256_blocks_portable(h, p, blocks);
}

void tw_sha256_init(tw_sha256 *s)
{
    *s = (tw_sha256){.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
                           0x5be0cd19}};
}

void tw_sha256_add(tw_sha256 *s, const void *data, size_t n)
{
    if (!n) return; /* data may be NULL then */
    const uint8_t *p = data;
    size_t held = s->n % 64;
    s->n += n;
    if (held) {
        size_t take = n < 64 - held ? n : 64 - held;
        memcpy(s->block + held, p, take);
        p += take;
        n -= take;
        if (held + take < 64) return;
        add_blocks(s->h, s->block, 1);
    }
    if (n >= 64) add_blocks(s->h, p, n / 64);
    if (n % 64) memcpy(s->block, p + n / 64 * 64, n % 64);
}

tw_digest tw_sha256_end(tw_sha256 *s)
{
    uint8_t pad[72] = {0x80};
    uint64_t bits = s->n * 8;
    size_t zeros = (s->n % 64 < 56 ? 56 : 120) - s->n % 64;
    for (int i = 0; i < 8; i++) pad[zeros + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
    tw_sha256_add(s, pad, zeros + 8);
    tw_digest d;
    for (int i = 0; i < 32; i++) d.b[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
    return d;
}

tw_digest tw_sha256_of(tw_str text)
{
    tw_sha256 s;
    tw_sha256_init(&s);
    if (text.n) tw_sha256_add(&s, text.p, text.n);
    return tw_sha256_end(&s);
}

void tw_digest_hex(const tw_digest *d, char out[65])
{
    for (int i = 0; i < 32; i++) {
        out[2 * i] = "0123456789abcdef"[d->b[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[d->b[i] & 15];
    }
    out[64] = 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool tw_digest_parse(tw_str hex, tw_digest *ret)
{
    tw_digest d;
    if (hex.n != 64) return false;
    for (size_t i = 0; i < 32; i++) {
        int hi = hex_value(hex.p[2 * i]), lo = hex_value(hex.p[2 * i + 1]);
        if (hi < 0 || lo < 0) return false;
        d.b[i] = (uint8_t)(hi << 4 | lo);
    }
    *ret = d;
    return true;
}
