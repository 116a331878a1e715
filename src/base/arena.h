/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Chunked bump allocator: the unit of lifetime. Three lifetimes exist: process, job (one artifact),
 * scratch (mark/reset). Memory is zeroed. Allocation never fails softly: when the operating system
 * has no memory the process ends (the supervisor turns that into one verdict). Counted limits keep
 * an input from getting there. Not thread-safe: one arena, one thread. Source: arena.c. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

typedef struct tw_arena tw_arena;
typedef struct tw_mark {
    void *chunk;
    size_t used;
    size_t total;
} tw_mark;

/* chunk: bytes of the first chunk, 0 for the default (64 KiB). */
tw_arena *tw_arena_new(size_t chunk);
/* Accepts NULL. Always returns NULL, so that `a = tw_arena_free(a)`. */
tw_arena *tw_arena_free(tw_arena *a);
/* Zeroed, aligned to 16. size 0 gives a unique non-NULL pointer. */
void *tw_arena_alloc(tw_arena *a, size_t size);
/* The same, not zeroed: for what is overwritten at once. */
void *tw_arena_raw(tw_arena *a, size_t size);
/* count * size with overflow check (aborts on overflow). */
void *tw_arena_calloc(tw_arena *a, size_t count, size_t size);
/* Grows the newest allocation in place where possible, else copies. Content past old_size is 0. */
void *tw_arena_grow(tw_arena *a, void *old, size_t old_size, size_t new_size);
/* A block that grows by realloc while its size is unknown, then joins the arena without a copy: for
 * readers that make one large array. p: NULL or from tw_heap_grow; free it with tw_heap_free unless
 * an arena took it. */
void *tw_heap_grow(void *p, size_t size);
void tw_heap_free(void *p);
void *tw_arena_take(tw_arena *a, void *p, size_t size);
tw_mark tw_arena_mark(const tw_arena *a);
/* Gives back all that was allocated since the mark (chunks are kept for reuse). */
void tw_arena_reset(tw_arena *a, tw_mark m);
/* Bytes handed out since creation, less what was reset. */
size_t tw_arena_used(const tw_arena *a);

#define TW_NEW(a, T) ((T *)tw_arena_calloc((a), 1, sizeof(T)))
#define TW_NEWN(a, T, n) ((T *)tw_arena_calloc((a), (n), sizeof(T)))

static inline tw_str tw_arena_str(tw_arena *a, tw_str s)
{
    char *p = (char *)tw_arena_raw(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return (tw_str){p, s.n};
}
/* printf into the arena; NUL-terminated besides. */
tw_str tw_arena_fmt(tw_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Typed growable array in an arena, what is beyond its n items undefined: `TW_VEC(uint32_t) ids = {0}; TW_PUSH(a, ids, 7);` */
#define TW_VEC(T)        \
    struct {             \
        T *v;            \
        uint32_t n, cap; \
    }
#define TW_RESERVE(a, vec, extra)                                                         \
    do {                                                                                  \
        size_t tw_need_ = (size_t)(vec).n + (size_t)(extra);                              \
        if (tw_need_ > (vec).cap)                                                         \
            (vec).v = tw_vec_grow_((a), (vec).v, &(vec).cap, sizeof(*(vec).v), tw_need_); \
    } while (0)
#define TW_PUSH(a, vec, ...)                \
    do {                                    \
        TW_RESERVE(a, vec, 1);              \
        (vec).v[(vec).n++] = (__VA_ARGS__); \
    } while (0)
void *tw_vec_grow_(tw_arena *a, void *v, uint32_t *cap, size_t item, size_t need);
