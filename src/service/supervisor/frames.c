/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/frames.h"

#include "base/cursor.h"

typedef struct shape {
    bool known, from_supervisor, has_key;
    uint32_t max; /* of the body without key */
} shape;

static const shape shapes[] = {
    [TW_FRAME_GET] = {true, false, true, 0},
    [TW_FRAME_PUT] = {true, false, true, TW_FRAME_BUNDLE_MAX},
    [TW_FRAME_REPORT] = {true, false, false, TW_FRAME_REPORT_MAX},
    [TW_FRAME_DONE] = {true, false, false, 0},
    [TW_FRAME_LAYER] = {true, false, false, TW_FRAME_LAYER_MAX},
    [TW_FRAME_RECORD] = {true, true, false, TW_FRAME_BUNDLE_MAX},
    [TW_FRAME_AHEAD] = {true, true, true, TW_FRAME_BUNDLE_MAX},
};

static tw_frame_got bad(const char **ret_why, const char *why)
{
    *ret_why = why;
    return TW_FRAME_BAD;
}

/* The reason a message of this type and length cannot stand here, NULL when it can. */
static const char *refuse(const tw_frame_state *st, uint8_t type, uint32_t len)
{
    if (type >= TW_COUNT(shapes) || !shapes[type].known) return "a message of unknown type";
    const shape *s = &shapes[type];
    if (s->from_supervisor != st->from_supervisor) return "a message in the wrong direction";
    uint32_t key = s->has_key ? (uint32_t)sizeof(tw_digest) : 0;
    if (len < key) return "a message shorter than its key";
    if (len - key > s->max) return "a message longer than its type allows";
    if (st->done) return "a message after the last one";
    if (st->reported && type != TW_FRAME_DONE) return "a message after the report";
    if (type == TW_FRAME_DONE && !st->reported) return "the end without a report";
    if (st->count >= TW_FRAME_COUNT_MAX) return "too many messages";
    return NULL;
}

tw_frame_got tw_frame_next(tw_frame_state *st, tw_str bytes, size_t *ret_used, tw_frame *ret,
                           const char **ret_why)
{
    *ret_used = 0;
    if (bytes.n < TW_FRAME_HEAD) return TW_FRAME_MORE;
    tw_cur c = tw_cur_of(bytes);
    uint32_t len = tw_cur_u32le(&c);
    uint8_t type = tw_cur_u8(&c);
    uint32_t zero = (uint32_t)tw_cur_u8(&c) | tw_cur_u16le(&c);
    if (zero) return bad(ret_why, "reserved bytes that are not zero");
    const char *why = refuse(st, type, len);
    if (why) return bad(ret_why, why);
    *ret_used = TW_FRAME_HEAD + (size_t)len;
    if (tw_cur_left(&c) < len) return TW_FRAME_MORE;

    *ret = (tw_frame){.type = (tw_frame_type)type};
    if (shapes[type].has_key) {
        tw_str key = tw_cur_take(&c, sizeof ret->key);
        if (key.n) memcpy(&ret->key, key.p, sizeof ret->key);
        len -= (uint32_t)sizeof ret->key;
    }
    ret->body = tw_cur_take(&c, len);
    st->count++;
    st->reported |= type == TW_FRAME_REPORT;
    st->done |= type == TW_FRAME_DONE;
    return TW_FRAME_OK;
}

void tw_frame_put(tw_buf *out, tw_frame_type type, const tw_digest *key, tw_str body)
{
    tw_buf_u32le(out, (uint32_t)(body.n + (key ? sizeof *key : 0)));
    tw_buf_u8(out, (uint8_t)type);
    tw_buf_u8(out, 0);
    tw_buf_u16le(out, 0);
    if (key) tw_buf_put(out, key, sizeof *key);
    tw_buf_puts(out, body);
}
