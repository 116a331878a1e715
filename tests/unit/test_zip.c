/* SPDX-License-Identifier: Apache-2.0 */
#include "archives.h"

TEST(plain_zip_has_members_and_no_findings)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a/", .mode = 0040755},
                       {.name = "a/x.py", .data = "import os\n", .method = 8, .mode = 0100644},
                       {.name = "a/empty.py"},
                       {.name = "b.txt", .data = "text"}};
    mk_zip(&b, e, 4);
    reading r = read_as(&b, "x-1.0-py3-none-any.whl");
    CHECK_STR(tw_str_c(r.format), TW_S("zip"));
    CHECK_STR(paths_of(&r), TW_S("a/ a/x.py a/empty.py b.txt"));
    CHECK_INT(r.m.v[0].type, TW_MEMBER_DIR);
    CHECK_STR(r.data.v[1], TW_S("import os\n"));
    CHECK_INT(r.m.v[1].mode, 0644);
    CHECK_INT(r.m.v[2].kind, TW_KIND_EMPTY);
    CHECK(r.data.v[2].p != NULL);
    CHECK_INT(r.findings.list.n, 0);
    CHECK_INT(r.coverage.gaps.n, 0);
    CHECK_INT(r.unpacked, 14);
    done(&r, &b);
}

TEST(entry_missing_from_directory_is_hidden_member)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "b.py", .data = "evil\n", .no_cd = true}, {.name = "a.py", .data = "good\n"}};
    mk_zip(&b, e, 2);
    reading r = read_as(&b, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("a.py ?b.py"));
    CHECK_STR(r.data.v[1], TW_S("evil\n"));
    CHECK_FOUND(r, "zip.not-in-directory");
    done(&r, &b);
}

TEST(concatenated_zips_give_both)
{
    tw_buf b = TW_BUF_INIT, second = TW_BUF_INIT;
    const entry one[] = {{.name = "a.py", .data = "first\n", .method = 8}};
    const entry two[] = {{.name = "a.py", .data = "second\n", .method = 8}};
    mk_zip(&b, one, 1);
    mk_zip(&second, two, 1);
    tw_buf_puts(&b, tw_buf_str(&second));
    reading r = read_as(&b, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("a.py ?a.py"));
    CHECK_STR(r.data.v[0], TW_S("second\n"));
    CHECK_STR(r.data.v[1], TW_S("first\n"));
    CHECK_FOUND(r, "zip.multiple-end-records");
    CHECK_FOUND(r, "archive.duplicate-name");
    CHECK_INT(r.m.v[0].flags & TW_MF_SHADOWED, 0);
    tw_buf_free(&second);
    done(&r, &b);
}

TEST(names_that_differ_are_path_and_alias)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "x.py", .cd_name = "a.py", .data = "content\n"}};
    mk_zip(&b, e, 1);
    reading r = read_as(&b, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("a.py"));
    CHECK_STR(r.m.v[0].alias, TW_S("x.py"));
    CHECK_FOUND(r, "zip.name-mismatch");
    done(&r, &b);
}

TEST(trailing_leading_and_gap_bytes)
{
    const entry e[] = {{.name = "a.py", .data = "1\n"}, {.name = "b.py", .data = "2\n"}};
    tw_buf b = TW_BUF_INIT;
    mk_zip(&b, e, 2);
    tw_buf_puts(&b, TW_S("tail"));
    reading r = read_as(&b, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("a.py b.py"));
    CHECK_FOUND(r, "zip.trailing-data");
    done(&r, &b);

    tw_buf z = TW_BUF_INIT, c = TW_BUF_INIT;
    mk_zip(&z, e, 2);
    tw_buf_puts(&c, TW_S("\x7f"
                         "ELF: stub of a program"));
    tw_buf_puts(&c, tw_buf_str(&z));
    r = read_as(&c, "x.whl");
    CHECK_STR(tw_str_c(r.format), TW_S("zip"));
    CHECK(find_member(&r, "a.py", "1\n") == 0);
    CHECK(find_member(&r, "x.whl",
                      "\x7f"
                      "ELF: stub of a program") > 1); /* looked at too */
    CHECK_FOUND(r, "zip.leading-data");
    done(&r, &c);
    tw_buf_free(&z);

    tw_buf g = TW_BUF_INIT;
    placed p0 = zip_local(&g, &e[0]);
    tw_buf_puts(&g, TW_S("between"));
    placed p1 = zip_local(&g, &e[1]);
    uint64_t cd = g.n;
    zip_central(&g, &e[0], p0);
    zip_central(&g, &e[1], p1);
    zip_end(&g, 2, g.n - cd, cd, TW_S(""));
    r = read_as(&g, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("a.py b.py"));
    CHECK_FOUND(r, "zip.gap");
    CHECK_INT(n_findings(&r, TW_SEV_ODD), 1);
    done(&r, &g);
}

TEST(an_entry_hidden_in_a_gap_is_found)
{
    const entry e[] = {{.name = "a.py", .data = "1\n"}, {.name = "evil.py", .data = "2\n", .method = 8}};
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S("junk"));
    zip_local(&b, &e[1]);
    placed p = zip_local(&b, &e[0]);
    uint64_t cd = b.n;
    zip_central(&b, &e[0], p);
    zip_end(&b, 1, b.n - cd, cd, TW_S(""));
    reading r = read_as(&b, "x.zip");
    CHECK(find_member(&r, "evil.py", "2\n") >= 0);
    CHECK_INT(r.m.v[0].flags & TW_MF_HIDDEN, 0);
    done(&r, &b);
}

TEST(sizes_and_checksums_that_lie)
{
    static const struct {
        entry e;
        const char *finding;
    } cases[] = {
        {{.name = "a.py", .data = "12345\n", .method = 8, .crc_xor = 1}, "archive.bad-checksum"},
        {{.name = "a.py", .data = "12345\n", .method = 8, .cd_usize = -2}, "archive.size-lie"},
        {{.name = "a.py", .data = "12345\n", .method = 8, .cd_usize = 3}, "archive.size-lie"},
        {{.name = "a.py", .data = "12345\n", .cd_usize = 3}, "archive.size-lie"},
        {{.name = "a.py", .data = "12345\n", .local_usize = 1}, "zip.size-mismatch"},
        {{.name = "a.py", .data = "12345\n", .method = 8, .local_csize = 2}, "zip.size-mismatch"},
        {{.name = "a.py", .data = "12345\n", .local_crc_xor = 9}, "zip.header-crc-mismatch"},
        {{.name = "a.py", .data = "12345\n", .local_method = 8}, "zip.method-mismatch"},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_buf b = TW_BUF_INIT;
        mk_zip(&b, &cases[i].e, 1);
        reading r = read_as(&b, "x.zip");
        CHECK_FOUND(r, cases[i].finding);
        CHECK(find_member(&r, "a.py", "12345\n") >= 0);
        done(&r, &b);
    }
}

TEST(content_differs_by_local_size)
{
    /* stored: bsdtar takes 8 bytes by the local header, zipfile 4 by the directory */
    tw_buf b = TW_BUF_INIT;
    const entry e = {.name = "a.py", .data = "goodevil"};
    placed p = zip_local(&b, &e);
    uint64_t cd = b.n;
    p.csize = p.usize = 4;
    p.crc = libdeflate_crc32(0, "good", 4);
    zip_central(&b, &e, p);
    zip_end(&b, 1, b.n - cd, cd, TW_S(""));
    reading r = read_as(&b, "x.zip");
    CHECK_STR(r.data.v[0], TW_S("good"));
    CHECK_INT(r.m.v[0].flags, 0);
    CHECK(find_member(&r, "a.py", "goodevil") == 1);
    CHECK_INT(r.m.v[1].flags & TW_MF_HIDDEN, TW_MF_HIDDEN);
    CHECK_FOUND(r, "archive.parsers-disagree");
    done(&r, &b);
}

TEST(data_behind_the_declared_size)
{
    tw_buf b = TW_BUF_INIT;
    const entry e = {.name = "a.py", .data = "good()\nevil()\n", .method = 8};
    placed p = zip_local(&b, &e);
    uint64_t cd = b.n;
    p.usize = 7;
    p.crc = libdeflate_crc32(0, "good()\n", 7);
    zip_central(&b, &e, p);
    zip_end(&b, 1, b.n - cd, cd, TW_S(""));
    reading r = read_as(&b, "x.zip");
    CHECK_STR(r.data.v[0], TW_S("good()\n"));
    CHECK(find_member(&r, "a.py", "good()\nevil()\n") == 1);
    CHECK_FOUND(r, "archive.size-lie");
    done(&r, &b);
}

TEST(data_descriptors)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a.py", .data = "aaaa\n", .method = 8, .descriptor = true},
                       {.name = "b.py", .data = "bb\n", .descriptor = true}};
    mk_zip(&b, e, 2);
    reading r = read_as(&b, "x.jar");
    CHECK_STR(paths_of(&r), TW_S("a.py b.py"));
    CHECK_FOUND(r, "zip.data-descriptor");
    CHECK_INT(n_findings(&r, TW_SEV_ODD), 0);
    done(&r, &b);

    /* without a directory the ends are found by inflating and by the descriptor */
    tw_buf c = TW_BUF_INIT;
    zip_local(&c, &e[0]);
    zip_local(&c, &e[1]);
    r = read_as(&c, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("?a.py ?b.py"));
    CHECK_STR(r.data.v[0], TW_S("aaaa\n"));
    CHECK_STR(r.data.v[1], TW_S("bb\n"));
    CHECK_FOUND(r, "zip.no-end-record");
    done(&r, &c);
}

TEST(counts_overlaps_comments)
{
    const entry e = {.name = "a.py", .data = "1\n"}, twin = {.name = "b.py", .data = "1\n"};
    tw_buf b = TW_BUF_INIT;
    placed p = zip_local(&b, &e);
    uint64_t cd = b.n;
    zip_central(&b, &e, p);
    zip_end(&b, 7, b.n - cd, cd, TW_S("hello"));
    reading r = read_as(&b, "x.zip");
    CHECK_FOUND(r, "zip.count-mismatch");
    CHECK_FOUND(r, "zip.comment");
    done(&r, &b);

    tw_buf c = TW_BUF_INIT;
    p = zip_local(&c, &e);
    cd = c.n;
    zip_central(&c, &e, p);
    zip_central(&c, &twin, p);
    zip_end(&c, 2, c.n - cd, cd, TW_S(""));
    r = read_as(&c, "x.zip");
    CHECK_STR(paths_of(&r), TW_S("a.py b.py"));
    CHECK_FOUND(r, "zip.overlap");
    CHECK_FOUND(r, "zip.name-mismatch");
    done(&r, &c);
}

TEST(encrypted_and_unknown_methods_are_gaps)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a.py", .data = "secret", .gp = 1},
                       {.name = "b.py", .data = "odd", .as_method = 9}};
    mk_zip(&b, e, 2);
    reading r = read_as(&b, "x.zip");
    CHECK_INT(r.m.v[0].flags, TW_MF_ENCRYPTED | TW_MF_UNREAD);
    CHECK(r.data.v[0].p == NULL);
    CHECK_INT(r.m.v[1].flags, TW_MF_UNREAD);
    CHECK_FOUND(r, "archive.encrypted");
    CHECK_FOUND(r, "zip.method");
    CHECK(has_gap(&r, TW_GAP_ENCRYPTED) && has_gap(&r, TW_GAP_FORMAT));
    done(&r, &b);
}

TEST(links_and_folders_with_content)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "x.py", .data = "../../etc/passwd", .mode = 0120777},
                       {.name = "d/", .data = "payload"}};
    mk_zip(&b, e, 2);
    reading r = read_as(&b, "x.zip");
    CHECK_INT(r.m.v[0].type, TW_MEMBER_SYMLINK);
    CHECK_STR(r.m.v[0].link, TW_S("../../etc/passwd"));
    CHECK_INT(r.m.v[1].type, TW_MEMBER_FILE); /* what pip makes of it */
    CHECK_STR(r.data.v[1], TW_S("../../etc/passwd"));
    CHECK_FOUND(r, "archive.link-out");
    CHECK_FOUND(r, "zip.directory-with-data");
    CHECK(find_member(&r, "d/", "payload") == 2);
    CHECK(!has_finding(&r, "archive.duplicate-name"));
    done(&r, &b);
}

TEST(extra_fields)
{
    static const struct {
        tw_str extra;
        const char *finding;
    } cases[] = {
        {TW_SI("\x75\x70\x0b\0\1\0\0\0\0evil.p"), "zip.unicode-path-extra"},
        {TW_SI("\x75\x70\x03\0\1\0\0"), "zip.bad-extra-field"},
        {TW_SI("\x75\x70\x99\0\1\0\0"), "zip.bad-extra-field"},
        {TW_SI("\1\0\0\0\1\0\0\0"), "zip.bad-extra-field"},
        {TW_SI("\1\0\3\0abc"), "zip.bad-zip64"},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_buf b = TW_BUF_INIT;
        const entry e = {.name = "a.py", .data = "1\n", .extra = cases[i].extra};
        mk_zip(&b, &e, 1);
        reading r = read_as(&b, "x.zip");
        CHECK_FOUND(r, cases[i].finding);
        if (i == 0) CHECK_STR(r.m.v[0].alias, TW_S("evil.p"));
        CHECK(find_member(&r, "a.py", "1\n") == 0);
        done(&r, &b);
    }
}

TEST(zip64_end_and_entry)
{
    tw_buf b = TW_BUF_INIT;
    entry e = {.name = "a.py", .data = "sixty-four\n", .method = 8};
    placed p = zip_local(&b, &e);
    tw_buf x = TW_BUF_INIT;
    tw_buf_put(&x, "\1\0\x18\0", 4);
    tw_buf_u64le(&x, p.usize);
    tw_buf_u64le(&x, p.csize);
    tw_buf_u64le(&x, p.off);
    e.cd_extra = tw_buf_str(&x);
    uint64_t cd = b.n;
    zip_central(&b, &e, (placed){UINT32_MAX, UINT32_MAX, UINT32_MAX, p.crc});
    uint64_t size = b.n - cd, end64 = b.n;
    tw_buf_put(&b, "PK\6\6\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0", 24);
    tw_buf_u64le(&b, 1);
    tw_buf_u64le(&b, 1);
    tw_buf_u64le(&b, size);
    tw_buf_u64le(&b, cd);
    tw_buf_put(&b, "PK\6\7\0\0\0\0", 8);
    tw_buf_u64le(&b, end64);
    tw_buf_u32le(&b, 1);
    zip_end(&b, 0xffff, UINT32_MAX, UINT32_MAX, TW_S(""));
    reading r = read_as(&b, "x.zip");
    CHECK(find_member(&r, "a.py", "sixty-four\n") == 0);
    CHECK_INT(r.m.n, 1);
    CHECK(!has_finding(&r, "zip.bad-zip64"));
    CHECK(!has_finding(&r, "zip.not-in-directory"));
    tw_buf_free(&x);
    done(&r, &b);
}

TEST(truncated_at_every_byte)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a.py", .data = "print('hello, world, hello')\n", .method = 8},
                       {.name = "b.py", .data = "2\n"}};
    mk_zip(&b, e, 2);
    for (size_t n = 0; n < b.n; n++) {
        tw_buf cut = TW_BUF_INIT;
        tw_buf_put(&cut, b.p, n);
        reading r = read_as(&cut, "x.zip");
        CHECK(n < 4 || n_findings(&r, TW_SEV_ODD) > 0);
        done(&r, &cut);
    }
    tw_buf_free(&b);
}

TEST(an_entry_behind_the_end_of_another_ones_data)
{
    /* zipfile stops where the deflate stream does and never sees the rest of the entry; who reads on does */
    tw_buf b = TW_BUF_INIT;
    const entry e = {.name = "a.py", .data = "good()\n", .method = 8},
                x = {.name = "setup.py", .data = "evil()\n", .method = 8};
    placed p = zip_local(&b, &e);
    uint64_t from = b.n;
    zip_local(&b, &x);
    p.csize += b.n - from;
    uint64_t cd = b.n;
    zip_central(&b, &e, p);
    zip_end(&b, 1, b.n - cd, cd, TW_S(""));
    reading r = read_as(&b, "x.zip");
    CHECK_STR(r.data.v[0], TW_S("good()\n"));
    CHECK_INT(find_member(&r, "setup.py", "evil()\n"), 1);
    CHECK_FOUND(r, "zip.gap");
    done(&r, &b);
}

TEST(flags_and_versions_that_parsers_differ_in)
{
    tw_buf b = TW_BUF_INIT;
    const entry e = {.name = "a.py", .data = "1\n", .gp = 0x2000};
    mk_zip(&b, &e, 1);
    b.p[tw_str_find(tw_buf_str(&b), TW_S("PK\1\2")) + 6] = 99;
    reading r = read_as(&b, "x.zip");
    CHECK_STR(r.data.v[0], TW_S("1\n"));
    CHECK_FOUND(r, "archive.encrypted");
    CHECK_FOUND(r, "zip.version");
    done(&r, &b);
}

TESTS_MAIN()
