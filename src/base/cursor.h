/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Bounds-checked reader over bytes. A read past the end sets `bad` (sticky) and yields 0 or an empty
 * slice; check `bad` once after a group of reads. The only place for pointer arithmetic on input. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

typedef struct tw_cur {
    const uint8_t *p;
    size_t n;   /* length of the whole */
    size_t off; /* next byte */
    bool bad;
} tw_cur;

static inline tw_cur tw_cur_of(tw_str s)
{
    return (tw_cur){(const uint8_t *)s.p, s.n, 0, false};
}
static inline size_t tw_cur_left(const tw_cur *c)
{
    return c->bad ? 0 : c->n - c->off;
}
static inline bool tw_cur_need_(tw_cur *c, size_t n)
{
    if (c->bad || c->n - c->off < n) {
        c->bad = true;
        return false;
    }
    return true;
}
static inline void tw_cur_seek(tw_cur *c, uint64_t off)
{
    if (off > c->n)
        c->bad = true;
    else
        c->off = (size_t)off;
}
static inline void tw_cur_skip(tw_cur *c, uint64_t n)
{
    if (c->bad || n > c->n - c->off)
        c->bad = true;
    else
        c->off += (size_t)n;
}
static inline uint8_t tw_cur_u8(tw_cur *c)
{
    return tw_cur_need_(c, 1) ? c->p[c->off++] : 0;
}
static inline uint64_t tw_cur_le_(tw_cur *c, unsigned n)
{
    if (!tw_cur_need_(c, n)) return 0;
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++) v |= (uint64_t)c->p[c->off + i] << (8 * i);
    c->off += n;
    return v;
}
static inline uint64_t tw_cur_be_(tw_cur *c, unsigned n)
{
    if (!tw_cur_need_(c, n)) return 0;
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++) v = v << 8 | c->p[c->off + i];
    c->off += n;
    return v;
}
static inline uint16_t tw_cur_u16le(tw_cur *c)
{
    return (uint16_t)tw_cur_le_(c, 2);
}
static inline uint32_t tw_cur_u32le(tw_cur *c)
{
    return (uint32_t)tw_cur_le_(c, 4);
}
static inline uint64_t tw_cur_u64le(tw_cur *c)
{
    return tw_cur_le_(c, 8);
}
static inline uint16_t tw_cur_u16be(tw_cur *c)
{
    return (uint16_t)tw_cur_be_(c, 2);
}
static inline uint32_t tw_cur_u32be(tw_cur *c)
{
    return (uint32_t)tw_cur_be_(c, 4);
}
static inline uint64_t tw_cur_u64be(tw_cur *c)
{
    return tw_cur_be_(c, 8);
}
/* The next n bytes as a slice of the input; empty and `bad` when there are fewer. */
static inline tw_str tw_cur_take(tw_cur *c, uint64_t n)
{
    if (c->bad || n > c->n - c->off) {
        c->bad = true;
        return (tw_str){NULL, 0};
    }
    tw_str s = {c->off ? (const char *)c->p + c->off : (const char *)c->p, (size_t)n};
    c->off += (size_t)n;
    return s;
}
