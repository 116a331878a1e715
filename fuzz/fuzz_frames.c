/* SPDX-License-Identifier: Apache-2.0 */
/* A conversation decoded as a whole and byte for byte gives the same messages and the same end. */
#include <stdint.h>
#include <stdlib.h>

#include "service/supervisor/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct tally {
    uint64_t hash;
    tw_frame_got end;
    const char *why;
} tally;

static void note(tally *t, const tw_frame *f, tw_str all)
{
    if (f->body.n && (f->body.p < all.p || f->body.p + f->body.n > all.p + all.n)) abort();
    t->hash = tw_str_hash(f->body, t->hash ^ (uint64_t)f->type);
    t->hash = tw_str_hash((tw_str){(const char *)f->key.b, sizeof f->key.b}, t->hash);
}

static tally decode(tw_str all, bool from_supervisor, bool slowly)
{
    tw_frame_state st = {.from_supervisor = from_supervisor};
    tally t = {0};
    size_t off = 0, seen = slowly ? 0 : all.n;
    for (;;) {
        tw_frame f;
        size_t used;
        t.end = tw_frame_next(&st, tw_str_sub(all, off, seen), &used, &f, &t.why);
        if (t.end == TW_FRAME_BAD) return t;
        if (t.end == TW_FRAME_OK) {
            if (used < TW_FRAME_HEAD || used > seen - off) abort();
            note(&t, &f, all);
            off += used;
        } else if (seen == all.n) {
            return t;
        } else {
            seen++;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096) return 0;
    tw_str all = {(const char *)data, size};
    for (int side = 0; side < 2; side++) {
        tally a = decode(all, side, false), b = decode(all, side, true);
        if (a.hash != b.hash || a.end != b.end || a.why != b.why) abort();
    }
    return 0;
}
