/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "tap.h"

TEST(grows)
{
    tw_buf b = TW_BUF_INIT;
    for (int i = 0; i < 10000; i++) tw_buf_putc(&b, (char)('a' + i % 26));
    CHECK_INT(b.n, 10000);
    for (int i = 0; i < 10000; i++)
        if (b.p[i] != (char)('a' + i % 26)) CHECK_INT(b.p[i], 'a' + i % 26);
    tw_buf_clear(&b);
    CHECK(b.n == 0 && b.p && b.cap >= 10000);
    tw_buf_free(&b);
    CHECK(!b.p && !b.cap);
    tw_buf_puts(&b, TW_S("again"));
    CHECK_STR(tw_buf_str(&b), TW_S("again"));
    tw_buf_free(&b);
}

TEST(empty)
{
    tw_buf b = TW_BUF_INIT;
    CHECK_STR(tw_buf_str(&b), TW_S(""));
    tw_buf_put(&b, NULL, 0);
    tw_buf_puts(&b, (tw_str){NULL, 0});
    CHECK(b.n == 0 && !b.over);
    tw_buf_free(&b);
}

TEST(limit_is_sticky)
{
    tw_buf b = {.limit = 10};
    tw_buf_puts(&b, TW_S("12345"));
    tw_buf_puts(&b, TW_S("678901"));
    CHECK(b.over && b.n == 5);
    tw_buf_puts(&b, TW_S("6"));
    CHECK(b.over && b.n == 5); /* nothing may follow a hole */
    CHECK(!tw_buf_reserve(&b, 1));
    tw_buf_clear(&b);
    CHECK(!b.over);
    tw_buf_puts(&b, TW_S("1234567890"));
    CHECK(!b.over && b.n == 10);
    tw_buf_putc(&b, 'x');
    CHECK(b.over && b.n == 10);
    tw_buf_free(&b);
    CHECK_INT(b.limit, 10);
}

TEST(format_may_fill_the_limit)
{
    tw_buf b = {.limit = 8};
    tw_buf_fmt(&b, "%s-%03d", "abcd", 7);
    CHECK(!b.over);
    CHECK_STR(tw_buf_str(&b), TW_S("abcd-007"));
    tw_buf_fmt(&b, "%d", 1);
    CHECK(b.over && b.n == 8);
    tw_buf_free(&b);
}

TEST(huge_request)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S("x"));
    CHECK(!tw_buf_reserve(&b, SIZE_MAX));
    CHECK(b.over && b.n == 1);
    tw_buf_free(&b);
}

TEST(little_endian)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_u8(&b, 1);
    tw_buf_u16le(&b, 0x0203);
    tw_buf_u32le(&b, 0x04050607);
    tw_buf_u64le(&b, 0x08090a0b0c0d0e0full);
    CHECK_STR(tw_buf_str(&b), TW_S("\x01\x03\x02\x07\x06\x05\x04\x0f\x0e\x0d\x0c\x0b\x0a\x09\x08"));
    tw_buf_free(&b);
}

TESTS_MAIN()
