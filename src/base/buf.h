/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Growable byte buffer on the heap, reused between members and frames, with a byte limit whose
 * breach is sticky (`over`): writes past it are dropped, checked once at the end. Source: buf.c. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

typedef struct tw_buf {
    char *p;
    size_t n, cap;
    size_t limit; /* 0: none */
    bool over;    /* the limit was hit */
} tw_buf;

#define TW_BUF_INIT ((tw_buf){0})
/* Keeps the memory, drops the content and the mark. */
static inline void tw_buf_clear(tw_buf *b)
{
    b->n = 0;
    b->over = false;
}
void tw_buf_free(tw_buf *b); /* leaves it empty and usable */
/* Room for `extra` more bytes at the returned pointer (b->p + b->n); NULL and `over` past the limit.
 * The caller adds what it wrote to b->n. */
char *tw_buf_reserve(tw_buf *b, size_t extra);
void tw_buf_put(tw_buf *b, const void *p, size_t n);
static inline bool tw_buf_has_room(const tw_buf *b, size_t n)
{
    return n < b->cap - b->n && !b->over && (!b->limit || b->n + n <= b->limit);
}
static inline void tw_buf_puts(tw_buf *b, tw_str s)
{
    if (!s.n || !tw_buf_has_room(b, s.n)) {
        tw_buf_put(b, s.p, s.n);
        return;
    }
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}
static inline void tw_buf_putc(tw_buf *b, char c)
{
    if (tw_buf_has_room(b, 1))
        b->p[b->n++] = c;
    else
        tw_buf_put(b, &c, 1);
}
void tw_buf_fmt(tw_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tw_buf_u8(tw_buf *b, uint8_t v);
void tw_buf_u16le(tw_buf *b, uint16_t v);
void tw_buf_u32le(tw_buf *b, uint32_t v);
void tw_buf_u64le(tw_buf *b, uint64_t v);
static inline tw_str tw_buf_str(const tw_buf *b)
{
    return (tw_str){b->p, b->n};
}
