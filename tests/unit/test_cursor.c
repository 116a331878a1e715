/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

#include "tap.h"

TEST(integers)
{
    tw_cur c = tw_cur_of(TW_S("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"));
    CHECK_INT(tw_cur_u8(&c), 1);
    CHECK_INT(tw_cur_u16le(&c), 0x0302);
    CHECK_INT(tw_cur_u32le(&c), 0x07060504);
    CHECK(tw_cur_u64le(&c) == 0x0f0e0d0c0b0a0908ull);
    CHECK(!c.bad && tw_cur_left(&c) == 0);
    tw_cur_seek(&c, 1);
    CHECK_INT(tw_cur_u16be(&c), 0x0203);
    CHECK_INT(tw_cur_u32be(&c), 0x04050607);
    CHECK(tw_cur_u64be(&c) == 0x08090a0b0c0d0e0full);
    CHECK(!c.bad);
}

TEST(failure_is_sticky)
{
    tw_cur c = tw_cur_of(TW_S("\xff\xff\xff"));
    CHECK_INT(tw_cur_u32le(&c), 0);
    CHECK(c.bad);
    CHECK_INT(tw_cur_left(&c), 0);
    CHECK_INT(tw_cur_u8(&c), 0); /* would fit, but the cursor has failed */
    CHECK_INT(tw_cur_take(&c, 1).n, 0);
    tw_cur_seek(&c, 0);
    CHECK(c.bad);
    tw_cur_skip(&c, 0);
    CHECK(c.bad);
}

TEST(take)
{
    tw_cur c = tw_cur_of(TW_S("abcdef"));
    CHECK_STR(tw_cur_take(&c, 2), TW_S("ab"));
    CHECK_STR(tw_cur_take(&c, 0), TW_S(""));
    tw_cur_skip(&c, 1);
    CHECK_STR(tw_cur_take(&c, 3), TW_S("def"));
    CHECK(!c.bad);
    CHECK_INT(tw_cur_take(&c, 1).n, 0);
    CHECK(c.bad);
}

TEST(lengths_that_would_wrap)
{
    tw_cur c = tw_cur_of(TW_S("abcdef"));
    tw_cur_skip(&c, 3);
    tw_cur d = c, e = c;
    tw_cur_skip(&c, UINT64_MAX);
    CHECK(c.bad && c.off == 3);
    CHECK(tw_cur_take(&d, UINT64_MAX - 1).p == NULL && d.bad);
    tw_cur_seek(&e, UINT64_MAX);
    CHECK(e.bad);
}

TEST(empty_input)
{
    tw_cur c = tw_cur_of((tw_str){NULL, 0});
    CHECK_INT(tw_cur_take(&c, 0).n, 0);
    CHECK(!c.bad);
    tw_cur_seek(&c, 0);
    CHECK(!c.bad);
    CHECK_INT(tw_cur_u8(&c), 0);
    CHECK(c.bad);
}

TESTS_MAIN()
