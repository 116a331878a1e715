/* SPDX-License-Identifier: Apache-2.0 */
#include "service/supervisor/frames.h"

#include "tap.h"

static const tw_digest key1 = {{1, 2, 3}};
static const char *why;

static tw_frame_got next(tw_frame_state *st, const tw_buf *b, size_t from, size_t *used, tw_frame *f)
{
    why = NULL;
    return tw_frame_next(st, tw_str_sub(tw_buf_str(b), from, b->n), used, f, &why);
}

TEST(a_whole_conversation)
{
    tw_buf b = TW_BUF_INIT;
    tw_frame_put(&b, TW_FRAME_GET, &key1, TW_S(""));
    tw_frame_put(&b, TW_FRAME_PUT, &key1, TW_S("bundle"));
    tw_frame_put(&b, TW_FRAME_REPORT, NULL, TW_S("{}"));
    tw_frame_put(&b, TW_FRAME_DONE, NULL, TW_S(""));
    static const struct {
        tw_frame_type type;
        const char *body;
    } want[] = {{TW_FRAME_GET, ""}, {TW_FRAME_PUT, "bundle"}, {TW_FRAME_REPORT, "{}"}, {TW_FRAME_DONE, ""}};
    tw_frame_state st = {0};
    size_t off = 0, used;
    for (size_t i = 0; i < TW_COUNT(want); i++) {
        tw_frame f;
        CHECK_INT(next(&st, &b, off, &used, &f), TW_FRAME_OK);
        CHECK_INT(f.type, want[i].type);
        CHECK_STR(f.body, tw_str_c(want[i].body));
        if (i < 2) CHECK(tw_digest_eq(&f.key, &key1));
        off += used;
    }
    CHECK_INT(off, b.n);
    CHECK(st.done);
    tw_buf_free(&b);
}

TEST(every_prefix_asks_for_more)
{
    tw_buf b = TW_BUF_INIT;
    tw_frame_put(&b, TW_FRAME_PUT, &key1, TW_S("abcdef"));
    for (size_t n = 0; n < b.n; n++) {
        tw_frame_state st = {0};
        tw_frame f;
        size_t used;
        CHECK_INT(tw_frame_next(&st, (tw_str){b.p, n}, &used, &f, &why), TW_FRAME_MORE);
        CHECK_INT(used, n < TW_FRAME_HEAD ? 0 : b.n);
        CHECK_INT(st.count, 0);
    }
    tw_buf_free(&b);
}

static void refused(const void *bytes, size_t n, tw_frame_state st, const char *says)
{
    tw_frame f;
    size_t used;
    why = NULL;
    CHECK_INT(tw_frame_next(&st, (tw_str){bytes, n}, &used, &f, &why), TW_FRAME_BAD);
    CHECK_STR(tw_str_c(why), tw_str_c(says));
}

TEST(bad_messages)
{
    static const tw_frame_state none, super = {.from_supervisor = true}, reported = {.reported = true},
                                      done = {.reported = true, .done = true},
                                      full = {.count = TW_FRAME_COUNT_MAX};
    refused("\0\0\0\0\0\0\0\0", 8, none, "a message of unknown type");
    refused("\0\0\0\0\x08\0\0\0", 8, none, "a message of unknown type");
    refused("\x20\0\0\0\x07\0\0\0", 8, none, "a message in the wrong direction");
    refused("\0\0\0\0\xff\0\0\0", 8, none, "a message of unknown type");
    refused("\0\0\0\0\x05\0\0\0", 8, none, "a message in the wrong direction");
    refused("\x20\0\0\0\x01\0\0\0", 8, super, "a message in the wrong direction");
    refused("\x1f\0\0\0\x01\0\0\0", 8, none, "a message shorter than its key");
    refused("\x21\0\0\0\x01\0\0\0", 8, none, "a message longer than its type allows");
    refused("\xff\xff\xff\xff\x02\0\0\0", 8, none, "a message longer than its type allows");
    refused("\xff\xff\xff\xff\x03\0\0\0", 8, none, "a message longer than its type allows");
    refused("\x20\0\0\0\x01\0\0\x01", 8, none, "reserved bytes that are not zero");
    refused("\x20\0\0\0\x01\0\x01\0", 8, none, "reserved bytes that are not zero");
    refused("\x20\0\0\0\x01\x01\0\0", 8, none, "reserved bytes that are not zero");
    refused("\0\0\0\0\x04\0\0\0", 8, none, "the end without a report");
    refused("\x02\0\0\0\x03\0\0\0", 8, reported, "a message after the report");
    refused("\0\0\0\0\x04\0\0\0", 8, done, "a message after the last one");
    refused("\x20\0\0\0\x01\0\0\0", 8, full, "too many messages");
}

TESTS_MAIN()
