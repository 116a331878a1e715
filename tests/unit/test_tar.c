/* SPDX-License-Identifier: Apache-2.0 */
#include "archives.h"

TEST(plain_tar)
{
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "p-1/", '5', "", TW_S(""));
    mk_tar(&b, "p-1/setup.py", '0', "", TW_S("setup()\n"));
    mk_tar(&b, "p-1/l", '2', "setup.py", TW_S(""));
    mk_tar(&b, "p-1/h", '1', "p-1/setup.py", TW_S(""));
    tar_end(&b);
    reading r = read_as(&b, "p-1.tar");
    CHECK_STR(tw_str_c(r.format), TW_S("tar"));
    CHECK_STR(paths_of(&r), TW_S("p-1/ p-1/setup.py p-1/l p-1/h"));
    CHECK_STR(r.data.v[1], TW_S("setup()\n"));
    CHECK_INT(r.m.v[1].mode, 0644);
    CHECK_INT(r.m.v[2].type, TW_MEMBER_SYMLINK);
    CHECK_INT(r.m.v[2].target, 1);
    CHECK_INT(r.m.v[3].type, TW_MEMBER_HARDLINK);
    CHECK_INT(r.m.v[3].target, 1);
    CHECK_INT(n_findings(&r, TW_SEV_ODD), 0);
    CHECK_FOUND(r, "archive.link");
    done(&r, &b);
}

TEST(long_names_and_pax)
{
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "././@LongLink", 'L', "", TW_S("long/name.py\0"));
    mk_tar(&b, "short.py", '0', "", TW_S("1"));
    mk_pax(&b, 'x', "path", TW_S("pax/name.py"));
    mk_tar(&b, "other.py", '0', "", TW_S("2"));
    mk_pax(&b, 'x', "linkpath", TW_S("pax/name.py"));
    mk_tar(&b, "l", '2', "nowhere", TW_S(""));
    mk_tar(&b, "plain.py", '0', "", TW_S("3"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("long/name.py pax/name.py l plain.py"));
    CHECK_STR(r.m.v[2].link, TW_S("pax/name.py"));
    CHECK_INT(n_findings(&r, TW_SEV_ODD), 0);
    done(&r, &b);
}

TEST(two_names_for_one_member)
{
    tw_buf b = TW_BUF_INIT;
    mk_pax(&b, 'x', "path", TW_S("pax.py"));
    mk_tar(&b, "././@LongLink", 'L', "", TW_S("gnu.py\0"));
    mk_tar(&b, "header.py", '0', "", TW_S("1"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("pax.py"));
    CHECK_STR(r.m.v[0].alias, TW_S("gnu.py"));
    CHECK_FOUND(r, "tar.override-mismatch");
    done(&r, &b);
}

TEST(pax_size_against_header_size)
{
    /* by the extension one file of 1024 bytes; by the header an empty one, then the smuggled one */
    tw_buf b = TW_BUF_INIT, inner = TW_BUF_INIT;
    mk_tar(&inner, "evil.py", '0', "", TW_S("evil()\n"));
    mk_pax(&b, 'x', "size", TW_S("1024"));
    mk_tar(&b, "data.bin", '0', "", TW_S(""));
    tw_buf_puts(&b, tw_buf_str(&inner));
    mk_tar(&b, "last.py", '0', "", TW_S("3"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_INT(r.m.v[0].size, 1024);
    CHECK(find_member(&r, "evil.py", "evil()\n") > 0);
    CHECK(r.m.v[find_member(&r, "evil.py", NULL)].flags & TW_MF_HIDDEN);
    CHECK(find_member(&r, "last.py", "3") > 0);
    CHECK_FOUND(r, "tar.override-mismatch");
    CHECK_FOUND(r, "archive.parsers-disagree");
    tw_buf_free(&inner);
    done(&r, &b);
}

TEST(link_with_data)
{
    tw_buf b = TW_BUF_INIT, inner = TW_BUF_INIT;
    mk_tar(&inner, "swallow.bin", '0', "", TW_S(""));
    memcpy(inner.p + 124, "00000001000", 11); /* 512 bytes: takes in the header that follows */
    tar_sum(inner.p);
    mk_tar(&b, "l", '2', "target", tw_buf_str(&inner));
    mk_tar(&b, "evil.py", '0', "", TW_S("evil()\n"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK(find_member(&r, "swallow.bin", NULL) == 1); /* tarfile */
    CHECK_INT(r.m.v[1].flags & TW_MF_HIDDEN, 0);
    CHECK(find_member(&r, "evil.py", "evil()\n") > 1); /* GNU tar */
    CHECK_FOUND(r, "tar.link-with-data");
    tw_buf_free(&inner);
    done(&r, &b);
}

TEST(members_behind_the_end_and_behind_damage)
{
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "a.py", '0', "", TW_S("1"));
    tar_end(&b);
    mk_tar(&b, "b.py", '0', "", TW_S("2"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("a.py ?b.py"));
    CHECK_FOUND(r, "tar.data-after-end");
    done(&r, &b);

    tw_buf c = TW_BUF_INIT;
    mk_tar(&c, "a.py", '0', "", TW_S("1"));
    size_t at = mk_tar(&c, "b.py", '0', "", TW_S("2"));
    mk_tar(&c, "c.py", '0', "", TW_S("3"));
    tar_end(&c);
    c.p[at] ^= 1;
    c.p[at + 257] = 0;
    r = read_as(&c, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("a.py ?c.py"));
    CHECK_FOUND(r, "tar.bad-header");
    CHECK(has_gap(&r, TW_GAP_DAMAGED));
    done(&r, &c);
}

TEST(loose_numbers)
{
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "a.py", '0', "", TW_S("1"));
    size_t at = mk_tar(&b, "b.py", '0', "", TW_S("22"));
    memcpy(b.p + at + 124, "0000002 junk", 12);
    tar_sum(b.p + at);
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK(find_member(&r, "b.py", "22") == 1);
    CHECK(r.m.v[1].flags & TW_MF_HIDDEN);
    CHECK_FOUND(r, "tar.bad-header");
    done(&r, &b);
}

TEST(base_256_sizes)
{
    tw_buf b = TW_BUF_INIT;
    size_t at = mk_tar(&b, "a.py", '0', "", TW_S("1234"));
    memcpy(b.p + at + 124, "\x80\0\0\0\0\0\0\0\0\0\0\4", 12);
    tar_sum(b.p + at);
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK(find_member(&r, "a.py", "1234") == 0);
    CHECK_INT(n_findings(&r, TW_SEV_INFO), 0);
    memset(b.p + at + 124, 0xff, 12);
    tar_sum(b.p + at);
    done(&r, &(tw_buf){0});
    r = read_as(&b, "p.tar"); /* negative */
    CHECK_FOUND(r, "tar.bad-header");
    done(&r, &b);
}

TEST(special_sparse_unknown_and_prefix)
{
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "fifo", '6', "", TW_S(""));
    mk_tar(&b, "odd.py", 'Z', "", TW_S("z()\n"));
    mk_tar(&b, "s.bin", 'S', "", TW_S("data"));
    size_t at = mk_tar(&b, "name.py", '0', "", TW_S("1"));
    memcpy(b.p + at + 345, "prefix", 6);
    memcpy(b.p + at + 257, "ustar  ", 8); /* GNU's magic: there the field holds something else */
    tar_sum(b.p + at);
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("fifo odd.py s.bin prefix/name.py ?s.bin"));
    CHECK_INT(r.m.v[0].type, TW_MEMBER_SPECIAL);
    CHECK_STR(r.data.v[1], TW_S("z()\n"));
    CHECK_STR(r.m.v[3].alias, TW_S("name.py"));
    CHECK_FOUND(r, "tar.special-member");
    CHECK_FOUND(r, "tar.sparse");
    done(&r, &b);
}

TEST(truncated_at_every_block_and_byte)
{
    tw_buf b = TW_BUF_INIT;
    mk_pax(&b, 'x', "path", TW_S("some/where.py"));
    mk_tar(&b, "a.py", '0', "", TW_S("0123456789"));
    mk_tar(&b, "b.py", '0', "", TW_S("2"));
    size_t whole = b.n;
    tar_end(&b);
    for (size_t n = 0; n < whole; n += n % 512 < 24 || n % 512 > 500 ? 1 : 31) {
        tw_buf cut = TW_BUF_INIT;
        tw_buf_put(&cut, b.p, n);
        reading r = read_as(&cut, "x.tar");
        CHECK(n < 512 || r.findings.list.n > 0);
        done(&r, &cut);
    }
    tw_buf_free(&b);
}

TEST(signed_and_unsigned_sums)
{
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "caf\xc3\xa9", '0', "", TW_S("1"));
    tar_end(&b);
    unsigned sum = (unsigned)strtoul(b.p + 148, NULL, 8);
    snprintf(b.p + 148, 8, "%06o", sum - 512);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("caf\xc3\xa9"));
    CHECK_INT(r.m.v[0].flags, 0);
    done(&r, &(tw_buf){0});
    snprintf(b.p + 148, 8, "%06o", sum - 511);
    memset(b.p + 257, 0, 6);
    r = read_as(&b, "p.tar");
    CHECK_STR(tw_str_c(r.format), TW_S("file"));
    done(&r, &b);
}

TEST(sparse_members_get_their_holes)
{
    tw_buf b = TW_BUF_INIT, body = TW_BUF_INIT;
    size_t at = mk_tar(&b, "old.bin", 'S', "", TW_S("abcd"));
    memcpy(b.p + at + 257, "ustar  ", 8);
    memcpy(b.p + at + 386,
           "00000000003\0"
           "00000000004",
           23);
    memcpy(b.p + at + 483, "00000000011", 11); /* 9 bytes */
    tar_sum(b.p + at);
    tw_buf_puts(&body, TW_S("1\n2\n3\n"));
    tar_pad(&body);
    tw_buf_puts(&body, TW_S("xyz"));
    mk_pax(&b, 'x', "GNU.sparse.map", TW_S("1,2"));
    mk_tar(&b, "form01", '0', "", TW_S("hi")); /* no real size: the map does not fit, the data is raw */
    mk_pax(&b, 'x', "GNU.sparse.major", TW_S("1"));
    mk_tar(&b, "form10", '0', "", tw_buf_str(&body));
    mk_tar(&b, "next", '0', "", TW_S("1"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(r.data.v[0], TW_S("\0\0\0abcd\0\0"));
    CHECK_STR(r.data.v[1], TW_S("hi"));
    CHECK_INT(r.m.v[1].flags, TW_MF_DAMAGED);
    CHECK_STR(r.data.v[2], TW_S("xyz"));
    CHECK(find_member(&r, "next", "1") == 3);
    CHECK_FOUND(r, "tar.sparse");
    tw_buf_free(&body);
    done(&r, &b);
}

TEST(global_path_and_malformed_record)
{
    tw_buf b = TW_BUF_INIT;
    mk_pax(&b, 'g', "path", TW_S("all.txt"));
    mk_tar(&b, "setup.py", '0', "", TW_S("evil()\n"));
    tar_end(&b);
    reading r = read_as(&b, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("all.txt ?setup.py"));
    CHECK_STR(r.m.v[0].alias, TW_S("setup.py"));
    done(&r, &b);
    tw_buf c = TW_BUF_INIT;
    mk_tar(&c, "pax", 'x', "", TW_S("15 path=p/x.pyz"));
    mk_tar(&c, "setup.py", '0', "", TW_S("1"));
    tar_end(&c);
    r = read_as(&c, "p.tar");
    CHECK_STR(paths_of(&r), TW_S("p/x.py ?setup.py"));
    CHECK_FOUND(r, "tar.bad-pax");
    done(&r, &c);
}

TESTS_MAIN()
