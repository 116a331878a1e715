/* SPDX-License-Identifier: Apache-2.0 */
/* Whose words a description is in: hashes of three words in a row, the smallest few of them, as the list keeps them. */
#include "engine/names/popular_priv.h"

enum { SKETCH = 8, LEAST_WORDS = 6, WORDS_MAX = 400, SHARED_LEAST = 3, OWNERS_MAX = 64 };

static size_t split(tw_str text, tw_str *ret)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i <= text.n && n < WORDS_MAX; i++) {
        char c = i < text.n ? (char)(text.p[i] | 0x20) : ' ';
        bool letter = i < text.n && ((c >= 'a' && c <= 'z' && (text.p[i] & 0x40)) ||
                                     (text.p[i] >= '0' && text.p[i] <= '9'));
        if (letter) continue;
        if (i > from) ret[n++] = tw_str_sub(text, from, i);
        from = i + 1;
    }
    return n;
}

static uint32_t add(uint32_t h, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
        h = (h ^ (uint8_t)c) * 16777619u;
    }
    return h;
}

/* The smallest SKETCH hashes, rising, no two alike. */
static uint32_t sketch(tw_str text, uint32_t *to)
{
    tw_str words[WORDS_MAX];
    size_t n_words = split(text, words);
    uint32_t n = 0;
    for (size_t i = 0; n_words >= LEAST_WORDS && i + 2 < n_words; i++) {
        uint32_t h = add(2166136261u, words[i]), at;
        for (size_t k = 1; k < 3; k++) h = add(add(h, TW_S(" ")), words[i + k]);
        for (at = 0; at < n && to[at] < h; at++) {
        }
        if (at == SKETCH || (at < n && to[at] == h)) continue;
        if (n < SKETCH) n++;
        memmove(to + at + 1, to + at, (n - at - 1) * sizeof *to);
        to[at] = h;
    }
    return n;
}

static uint32_t lower_bound(const tw_popular *l, uint32_t hash)
{
    uint32_t lo = 0, hi = l->n_said;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (l->said[mid] < hash)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

uint32_t tw_popular_said(const tw_popular *l, tw_str summary)
{
    uint32_t mine[SKETCH], n = sketch(summary, mine), n_owners = 0, best = TW_NO_NAME, best_shared = 0;
    struct {
        uint32_t rank, shared;
    } owners[OWNERS_MAX];
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = lower_bound(l, mine[i]); k < l->n_said && l->said[k] == mine[i]; k++) {
            uint32_t o = 0;
            while (o < n_owners && owners[o].rank != l->said_by[k]) o++;
            if (o == OWNERS_MAX) break;
            if (o == n_owners) owners[n_owners].rank = l->said_by[k], owners[n_owners++].shared = 0;
            owners[o].shared++;
        }
    for (uint32_t o = 0; o < n_owners; o++) {
        uint32_t of = l->said_n[owners[o].rank] > n ? l->said_n[owners[o].rank] : n;
        bool like = owners[o].shared >= SHARED_LEAST && owners[o].shared * 4 >= of * 3;
        bool better =
            owners[o].shared > best_shared || (owners[o].shared == best_shared && owners[o].rank < best);
        if (like && better) best = owners[o].rank, best_shared = owners[o].shared;
    }
    return best;
}
