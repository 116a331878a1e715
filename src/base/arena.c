/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(TW_SANITIZED)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#if defined(__SANITIZE_ADDRESS__)
#define REDZONE 16u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define REDZONE 16u
#endif
#endif
#ifndef REDZONE
#define REDZONE 0u
#endif

enum { ALIGN = 16, DEFAULT_CHUNK = 64 << 10, MAX_STEP = 8 << 20, LOOK = 16, KEPT_MAX = 32 << 20 };

typedef struct chunk {
    struct chunk *next;
    size_t cap, used;
    bool taken; /* of a size that fits one thing: freed by a reset, not kept; so is what is beyond KEPT_MAX */
    _Alignas(ALIGN) char bytes[];
} chunk;

struct tw_arena {
    chunk *first, *cur;
    size_t step;
    size_t total; /* bytes handed out */
    char *newest; /* start of the newest allocation, for growth in place */
};

static void *must(void *p)
{
    if (!p) abort(); /* see arena.h: the process ends, the supervisor turns that into one verdict */
    return p;
}

static chunk *chunk_new(size_t cap)
{
    if (cap > SIZE_MAX / 2) abort();
    chunk *c = must(malloc(sizeof(chunk) + cap));
    c->next = NULL;
    c->cap = cap;
    c->used = 0;
    c->taken = false;
    ASAN_POISON_MEMORY_REGION(c->bytes, cap);
    return c;
}

tw_arena *tw_arena_new(size_t size)
{
    tw_arena *a = must(calloc(1, sizeof *a));
    a->step = size ? size : DEFAULT_CHUNK;
    a->first = a->cur = chunk_new(a->step);
    return a;
}

tw_arena *tw_arena_free(tw_arena *a)
{
    if (!a) return NULL;
    for (chunk *c = a->first, *next; c; c = next) {
        next = c->next;
        ASAN_UNPOISON_MEMORY_REGION(c->bytes, c->cap);
        free(c);
    }
    free(a);
    return NULL;
}

/* Moves to a chunk with room for n: one of the next kept ones that fits, else a new one put before them. */
static void advance(tw_arena *a, size_t n)
{
    chunk *next = a->cur->next;
    chunk **link = &a->cur->next;
    for (int i = 0; *link && i < LOOK; i++, link = &(*link)->next) {
        chunk *c = *link;
        if (c->cap < n) continue;
        *link = c->next;
        c->next = c == next ? next->next : next;
        c->used = 0;
        a->cur->next = c;
        a->cur = c;
        return;
    }
    if (a->step < MAX_STEP) a->step *= 2;
    chunk *c = chunk_new(n > a->step ? n : a->step);
    c->next = next;
    a->cur->next = c;
    a->cur = c;
}

static size_t round_up(size_t n)
{
    if (n > SIZE_MAX / 2) abort();
    return n ? (n + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
}

void *tw_arena_raw(tw_arena *a, size_t size)
{
    size_t n = round_up(size) + REDZONE;
    if (a->cur->cap - a->cur->used < n) advance(a, n);
    char *p = a->cur->bytes + a->cur->used;
    a->cur->used += n;
    a->total += n - REDZONE; /* the same count in every build */
    a->newest = p;
    ASAN_UNPOISON_MEMORY_REGION(p, size ? size : 1);
#ifdef TW_SANITIZED
    memset(p, 0xBE, size); /* what is read before it is written shows */
#endif
    return p;
}

void *tw_arena_alloc(tw_arena *a, size_t size)
{
    return memset(tw_arena_raw(a, size), 0, size);
}

void *tw_arena_calloc(tw_arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) abort();
    return tw_arena_alloc(a, count * size);
}

static void *grow(tw_arena *a, void *old, size_t old_size, size_t new_size)
{
    size_t was = round_up(old_size) + REDZONE, n = round_up(new_size) + REDZONE;
    chunk *c = a->cur;
    bool last = old && (char *)old == a->newest && c->bytes + c->used == (char *)old + was;
    if (last && c->cap - c->used >= n - was) {
        c->used += n - was;
        a->total += n - was;
        ASAN_UNPOISON_MEMORY_REGION(old, new_size);
        return old;
    }
    void *p = tw_arena_raw(a, new_size);
    if (old_size) memcpy(p, old, old_size);
    return p;
}

void *tw_arena_grow(tw_arena *a, void *old, size_t old_size, size_t new_size)
{
    if (new_size <= old_size) return old;
    char *p = grow(a, old, old_size, new_size);
    memset(p + old_size, 0, new_size - old_size);
    return p;
}

/* The block has room for a chunk's head before its first byte. */
void *tw_heap_grow(void *p, size_t size)
{
    if (size > SIZE_MAX / 2) abort();
    char *base = must(realloc(p ? (char *)p - sizeof(chunk) : NULL, sizeof(chunk) + size));
    return base + sizeof(chunk);
}

void tw_heap_free(void *p)
{
    if (p) free((char *)p - sizeof(chunk));
}

void *tw_arena_take(tw_arena *a, void *p, size_t size)
{
    size = round_up(size);
    chunk *c = (chunk *)(void *)((char *)tw_heap_grow(p, size) - sizeof(chunk));
    c->cap = c->used = size;
    c->taken = true;
    c->next = a->cur->next;
    a->cur->next = c;
    a->cur = c;
    a->total += size;
    a->newest = NULL;
    return c->bytes;
}

tw_mark tw_arena_mark(const tw_arena *a)
{
    return (tw_mark){a->cur, a->cur->used, a->total};
}

void tw_arena_reset(tw_arena *a, tw_mark m)
{
    a->cur = m.chunk;
    a->cur->used = m.used;
    a->total = m.total;
    a->newest = NULL;
    ASAN_POISON_MEMORY_REGION(a->cur->bytes + m.used, a->cur->cap - m.used);
    size_t kept = 0;
    for (chunk **link = &a->cur->next; *link;) {
        chunk *c = *link;
        kept += c->cap;
        if (c->taken || kept > KEPT_MAX) {
            *link = c->next;
            ASAN_UNPOISON_MEMORY_REGION(c->bytes, c->cap);
            free(c);
            continue;
        }
        ASAN_POISON_MEMORY_REGION(c->bytes, c->cap);
        link = &c->next;
    }
}

size_t tw_arena_used(const tw_arena *a)
{
    return a->total;
}

tw_str tw_arena_fmt(tw_arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) return (tw_str){NULL, 0};
    char *p = tw_arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (tw_str){p, (size_t)n};
}

void *tw_vec_grow_(tw_arena *a, void *v, uint32_t *cap, size_t item, size_t need)
{
    if (need > UINT32_MAX / 2) abort();
    size_t to = *cap ? (size_t)*cap * 2 : 8;
    if (to < need) to = need;
    void *p = grow(a, v, (size_t)*cap * item, to * item);
    *cap = (uint32_t)to;
    return p;
}
