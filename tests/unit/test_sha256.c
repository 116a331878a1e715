/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

#include "tap.h"

static void check_hex(tw_str text, const char *want)
{
    char hex[65];
    tw_digest d = tw_sha256_of(text);
    tw_digest_hex(&d, hex);
    CHECK_STR(tw_str_c(hex), tw_str_c(want));
}

TEST(nist_vectors)
{
    check_hex(TW_S(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_hex(TW_S("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_hex(TW_S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check_hex(
        TW_S("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmno"
             "pqrsmnopqrstnopqrstu"),
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

TEST(million_a)
{
    tw_sha256 s;
    char a[1000], hex[65];
    memset(a, 'a', sizeof a);
    tw_sha256_init(&s);
    for (int i = 0; i < 1000; i++) tw_sha256_add(&s, a, sizeof a);
    tw_digest d = tw_sha256_end(&s);
    tw_digest_hex(&d, hex);
    CHECK_STR(tw_str_c(hex), TW_S("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

/* Every length around the block edges, added in two pieces cut at every place. */
TEST(pieces_equal_whole)
{
    uint8_t data[200];
    for (size_t i = 0; i < sizeof data; i++) data[i] = (uint8_t)(i * 37 + 11);
    for (size_t n = 0; n <= sizeof data; n++) {
        tw_digest whole = tw_sha256_of(tw_str_of((char *)data, n));
        for (size_t cut = 0; cut <= n; cut++) {
            tw_sha256 s;
            tw_sha256_init(&s);
            tw_sha256_add(&s, data, cut);
            tw_sha256_add(&s, data + cut, n - cut);
            tw_digest d = tw_sha256_end(&s);
            CHECK(tw_digest_eq(&d, &whole));
        }
    }
}

TEST(cpu_equals_portable)
{
    if (!tw_sha256_has_cpu()) return;
    uint8_t data[64 * 9];
    uint64_t x = 88172645463325252ull;
    for (int turn = 0; turn < 200; turn++) {
        uint32_t a[8], b[8];
        for (size_t i = 0; i < sizeof data; i++)
            x ^= x << 13, x ^= x >> 7, x ^= x << 17, data[i] = (uint8_t)x;
        for (int i = 0; i < 8; i++) a[i] = b[i] = (uint32_t)(x >> i);
        tw_sha256_blocks_cpu(a, data, (size_t)turn % 9 + 1);
        tw_sha256_blocks_portable(b, data, (size_t)turn % 9 + 1);
        CHECK(memcmp(a, b, sizeof a) == 0);
    }
}

/* The portable code must stand on its own, also where the CPU would have served. */
TEST(portable_abc)
{
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t block[64] = {'a', 'b', 'c', 0x80};
    block[63] = 24;
    tw_sha256_blocks_portable(h, block, 1);
    CHECK_INT(h[0], 0xba7816bf);
    CHECK_INT(h[7], 0xf20015ad);
}

TEST(digest_text)
{
    tw_digest d, e;
    char hex[65];
    CHECK(tw_digest_parse(TW_S("00FFa0112233445566778899aabbccddeeff00112233445566778899AABBCCDD"), &d));
    CHECK_INT(d.b[1], 255);
    tw_digest_hex(&d, hex);
    CHECK_STR(tw_str_c(hex), TW_S("00ffa0112233445566778899aabbccddeeff00112233445566778899aabbccdd"));
    CHECK(tw_digest_parse(tw_str_c(hex), &e) && tw_digest_eq(&d, &e));
    CHECK(!tw_digest_parse(TW_S("00ff"), &e));
    CHECK(!tw_digest_parse(TW_S("00ffa0112233445566778899aabbccddeeff00112233445566778899aabbccdg"), &e));
    CHECK(!tw_digest_parse(TW_S("00ffa0112233445566778899aabbccddeeff00112233445566778899aabbccdd0"), &e));
}

TESTS_MAIN()
