/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Messages between supervisor and worker: length (u32le), type (u8), three zero bytes, body. What a
 * worker sends is hostile: the decoder is a pure function over bytes, bounded, and knows which
 * message may follow which. Source: frames.c. */
#include "base/buf.h"
#include "base/sha256.h"

typedef enum tw_frame_type {
    TW_FRAME_GET = 1,    /* worker: key of a record wanted */
    TW_FRAME_PUT = 2,    /* worker: key, bundle */
    TW_FRAME_REPORT = 3, /* worker: report JSON, once */
    TW_FRAME_DONE = 4,   /* worker: nothing follows */
    TW_FRAME_LAYER = 6,  /* worker: one layer's head, text and pretty text; before the report */
    TW_FRAME_RECORD = 5, /* supervisor: the answer to GET: a bundle, or nothing when unknown */
    TW_FRAME_AHEAD = 7,  /* supervisor: before an answer: key and bundle of what will be asked next */
} tw_frame_type;

enum {
    TW_FRAME_HEAD = 8,
    TW_FRAME_BUNDLE_MAX = 16 << 20,
    TW_FRAME_REPORT_MAX = 1 << 20,
    TW_FRAME_LAYER_MAX = (16 << 20) + 64,
    TW_FRAME_COUNT_MAX = 1000000, /* messages of one worker */
};

typedef struct tw_frame {
    tw_frame_type type;
    tw_digest key; /* GET, PUT, AHEAD */
    tw_str body;   /* bundle or report; into the decoded bytes */
} tw_frame;

/* What the peer has sent so far. Start with zeros. */
typedef struct tw_frame_state {
    bool from_supervisor; /* the direction that is decoded */
    bool reported, done;
    uint32_t count;
} tw_frame_state;

typedef enum tw_frame_got { TW_FRAME_OK, TW_FRAME_MORE, TW_FRAME_BAD } tw_frame_got;

/* The first message of `bytes`. OK: *ret_used bytes belong to it. MORE: not all of it is there yet;
 * *ret_used is then how long the message is in all (0 while unknown). BAD: *ret_why (static) says what
 * is wrong; the peer cannot be listened to any more. */
tw_frame_got tw_frame_next(tw_frame_state *st, tw_str bytes, size_t *ret_used, tw_frame *ret,
                           const char **ret_why);
/* key: NULL for types without one. */
void tw_frame_put(tw_buf *out, tw_frame_type type, const tw_digest *key, tw_str body);
