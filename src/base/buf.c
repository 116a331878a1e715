/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void tw_buf_free(tw_buf *b)
{
    free(b->p);
    *b = (tw_buf){.limit = b->limit};
}

/* Room for extra bytes that count against the limit and `spare` that do not. */
static char *room(tw_buf *b, size_t extra, size_t spare)
{
    if (b->over || extra > SIZE_MAX / 2 - b->n || (b->limit && b->n + extra > b->limit)) {
        b->over = true;
        return NULL;
    }
    size_t need = b->n + extra + spare;
    if (need > b->cap || !b->p) {
        size_t cap = b->cap ? b->cap * 2 : 256;
        if (b->limit && cap > b->limit) cap = b->limit;
        if (cap < need) cap = need;
        char *p = realloc(b->p, cap);
        if (!p) abort();
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->n;
}

char *tw_buf_reserve(tw_buf *b, size_t extra)
{
    return room(b, extra, 0);
}

void tw_buf_put(tw_buf *b, const void *p, size_t n)
{
    char *to = tw_buf_reserve(b, n);
    if (!to) return;
    if (n) memcpy(to, p, n);
    b->n += n;
}

void tw_buf_fmt(tw_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *to = n < 0 ? NULL : room(b, (size_t)n, 1);
    if (!to) return;
    va_start(ap, fmt);
    vsnprintf(to, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

static void put_le(tw_buf *b, uint64_t v, size_t n)
{
    char le[8];
    for (size_t i = 0; i < n; i++) le[i] = (char)(v >> (8 * i));
    tw_buf_put(b, le, n);
}

void tw_buf_u8(tw_buf *b, uint8_t v)
{
    put_le(b, v, 1);
}
void tw_buf_u16le(tw_buf *b, uint16_t v)
{
    put_le(b, v, 2);
}
void tw_buf_u32le(tw_buf *b, uint32_t v)
{
    put_le(b, v, 4);
}
void tw_buf_u64le(tw_buf *b, uint64_t v)
{
    put_le(b, v, 8);
}
