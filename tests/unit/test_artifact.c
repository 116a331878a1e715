/* SPDX-License-Identifier: Apache-2.0 */
#include "archives.h"

TEST(single_files_and_nothing)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S("print(1)\n"));
    reading r = read_as(&b, "some/where/x.py");
    CHECK_STR(tw_str_c(r.format), TW_S("file"));
    CHECK_STR(paths_of(&r), TW_S("x.py"));
    CHECK_INT(r.m.v[0].kind, TW_KIND_TEXT);
    CHECK_INT(r.findings.list.n, 0);
    done(&r, &b);
    tw_buf empty = TW_BUF_INIT;
    r = read_as(&empty, "empty.whl");
    CHECK_INT(r.m.n, 1);
    CHECK_INT(r.m.v[0].kind, TW_KIND_EMPTY);
    done(&r, &empty);
}

TEST(tar_gz_by_any_name)
{
    tw_buf t = TW_BUF_INIT, b = TW_BUF_INIT;
    mk_tar(&t, "p/setup.py", '0', "", TW_S("setup()\n"));
    tar_end(&t);
    mk_gzip(&b, tw_buf_str(&t));
    reading r = read_as(&b, "p.zip");
    CHECK_STR(tw_str_c(r.format), TW_S("tar.gz"));
    CHECK_STR(r.data.v[0], TW_S("setup()\n"));
    CHECK_FOUND(r, "archive.type-lie");
    CHECK_INT(r.unpacked, t.n);
    done(&r, &b);
    tw_buf_free(&t);
}

TEST(bare_gzip_is_one_member)
{
    tw_buf b = TW_BUF_INIT;
    mk_gzip(&b, TW_S("print(1)\n"));
    reading r = read_as(&b, "x.py.gz");
    CHECK_STR(tw_str_c(r.format), TW_S("gz"));
    CHECK_STR(paths_of(&r), TW_S("x.py"));
    CHECK_STR(r.data.v[0], TW_S("print(1)\n"));
    done(&r, &b);
}

static void nest(tw_buf *to, int depth)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, TW_S("print('core')\n"));
    for (int i = 0; i < depth; i++) {
        tw_buf t = TW_BUF_INIT;
        mk_tar(&t, i ? "in.tar" : "core.py", '0', "", tw_buf_str(&b));
        mk_tar(&t, "beside.txt", '0', "", TW_S("text"));
        tar_end(&t);
        tw_buf_free(&b);
        b = t;
    }
    mk_gzip(to, tw_buf_str(&b));
    tw_buf_free(&b);
}

TEST(nested_archives_depth_first)
{
    tw_buf b = TW_BUF_INIT;
    nest(&b, 3);
    reading r = read_as(&b, "x.tgz");
    CHECK_STR(paths_of(&r), TW_S("in.tar in.tar!/in.tar in.tar!/in.tar!/core.py in.tar!/in.tar!/beside.txt "
                                 "in.tar!/beside.txt beside.txt"));
    CHECK_INT(r.m.v[0].flags, TW_MF_CONTAINER);
    CHECK_INT(r.m.v[2].depth, 2);
    CHECK_INT(r.m.v[2].container, 1);
    CHECK_INT(r.m.v[4].container, 0);
    CHECK_INT(r.m.v[5].container, TW_NO_MEMBER);
    CHECK_STR(r.data.v[2], TW_S("print('core')\n"));
    CHECK_STR(r.data.v[5], TW_S("text"));
    done(&r, &b);
}

TEST(depth_limit_is_reported)
{
    tw_buf b = TW_BUF_INIT;
    nest(&b, 9);
    reading r = read_as(&b, "x.tgz");
    CHECK_INT(r.m.v[6].depth, 6);
    CHECK_INT(r.m.v[6].flags & TW_MF_CONTAINER, 0);
    CHECK_FOUND(r, "archive.bomb");
    CHECK(r.coverage.limits_hit & 1ull << TW_LIMIT_depth);
    CHECK(has_gap(&r, TW_GAP_LIMIT));
    done(&r, &b);
}

TEST(members_limit_is_reported)
{
    tw_limits lim = tw_limits_default();
    lim.members = 2;
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    mk_zip(&b, e, 3);
    reading r = read_with(tw_buf_str(&b), "x.zip", &lim);
    CHECK_INT(r.m.n, 2);
    CHECK(r.coverage.limits_hit & 1ull << TW_LIMIT_members);
    CHECK_FOUND(r, "archive.bomb");
    done(&r, &b);
}

TEST(unpacked_limit_ends_the_reading)
{
    tw_limits lim = tw_limits_default();
    lim.unpacked = 10;
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {
        {.name = "a", .data = "12345678", .method = 8}, {.name = "b", .data = "12345678"}, {.name = "c"}};
    mk_zip(&b, e, 3);
    reading r = read_with(tw_buf_str(&b), "x.zip", &lim);
    CHECK(r.unpacked <= 10);
    CHECK_INT(r.m.n, 2);
    CHECK(r.m.v[1].flags & TW_MF_UNREAD);
    CHECK(r.coverage.limits_hit & 1ull << TW_LIMIT_unpacked);
    done(&r, &b);
}

TEST(large_members_are_hashed_only)
{
    tw_limits lim = tw_limits_default();
    lim.member_bytes = 5;
    const entry e[] = {{.name = "s", .data = "stored content"},
                       {.name = "d", .data = "deflated content", .method = 8}};
    tw_buf z = TW_BUF_INIT, t = TW_BUF_INIT, g = TW_BUF_INIT, bare = TW_BUF_INIT;
    mk_zip(&z, e, 2);
    mk_tar(&t, "t", '0', "", TW_S("tar content"));
    tar_end(&t);
    mk_gzip(&g, tw_buf_str(&t));
    mk_gzip(&bare, TW_S("bare content"));
    const tw_str want[] = {TW_SI("stored content"), TW_SI("deflated content"), TW_SI("tar content"),
                           TW_SI("bare content")};
    const tw_buf *from[] = {&z, &z, &t, &bare};
    for (int i = 0; i < 4; i++) {
        reading r = read_with(tw_buf_str(from[i]), "x", &lim);
        const tw_member *m = &r.m.v[i == 1];
        tw_digest d = tw_sha256_of(want[i]);
        CHECK_INT(m->flags, TW_MF_HASH_ONLY);
        CHECK_INT(m->size, want[i].n);
        CHECK(r.data.v[i == 1].p == NULL);
        CHECK(tw_digest_eq(&m->sha256, &d));
        CHECK(has_gap(&r, TW_GAP_TOO_LARGE));
        CHECK_INT(n_findings(&r, TW_SEV_ODD), 0);
        tw_arena_free(r.arena);
    }
    tw_buf_free(&z), tw_buf_free(&t), tw_buf_free(&g), tw_buf_free(&bare);
}

TEST(bomb_of_zeros_is_cut)
{
    tw_limits lim = tw_limits_default();
    lim.ratio_floor = 1 << 20;
    lim.ratio = 100;
    tw_buf zeros = TW_BUF_INIT, b = TW_BUF_INIT;
    for (int i = 0; i < 8 << 20; i++) tw_buf_putc(&zeros, 0);
    mk_gzip(&b, tw_buf_str(&zeros));
    reading r = read_with(tw_buf_str(&b), "x.gz", &lim);
    CHECK_INT(r.m.v[0].flags, TW_MF_DAMAGED);
    CHECK(r.unpacked < 4 << 20);
    CHECK(r.coverage.limits_hit & 1ull << TW_LIMIT_ratio);
    tw_buf_free(&zeros);
    done(&r, &b);
}

TEST(formats_not_read_are_gaps)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a.7z", .data = "7z\xbc\xaf\x27\x1c rest"},
                       {.name = "a.rar", .data = "Rar!\x1a\x07 rest"}};
    mk_zip(&b, e, 2);
    reading r = read_as(&b, "x.zip");
    CHECK_FOUND(r, "archive.unsupported");
    CHECK(has_gap(&r, TW_GAP_FORMAT));
    CHECK_INT(n_findings(&r, TW_SEV_ODD), 2);
    done(&r, &b);
}

TEST(zip_behind_something_else)
{
    tw_buf z = TW_BUF_INIT, t = TW_BUF_INIT, b = TW_BUF_INIT;
    const entry e[] = {{.name = "zip.py", .data = "zip()\n"}};
    mk_zip(&z, e, 1);
    mk_tar(&t, "tar.py", '0', "", TW_S("tar()\n"));
    tar_end(&t);
    mk_gzip(&b, tw_buf_str(&t));
    tw_buf_puts(&b, tw_buf_str(&z));
    reading r = read_as(&b, "x.tar.gz");
    CHECK_STR(tw_str_c(r.format), TW_S("zip")); /* pip asks is_zipfile first */
    CHECK(find_member(&r, "zip.py", "zip()\n") == 0);
    CHECK(find_member(&r, "tar.py", "tar()\n") > 0);
    CHECK(r.m.v[find_member(&r, "tar.py", NULL)].flags & TW_MF_HIDDEN);
    CHECK_FOUND(r, "archive.parsers-disagree");
    done(&r, &b);

    /* a picture in a package with a ZIP behind it */
    tw_buf p = TW_BUF_INIT, outer = TW_BUF_INIT;
    tw_buf_puts(&p, TW_S("\x89PNG\r\n\x1a\n picture"));
    tw_buf_puts(&p, tw_buf_str(&z));
    mk_tar(&outer, "logo.png", '0', "", tw_buf_str(&p));
    tar_end(&outer);
    tw_buf packed = TW_BUF_INIT;
    mk_gzip(&packed, tw_buf_str(&outer));
    r = read_as(&packed, "x.tgz");
    CHECK_INT(r.m.v[0].kind, TW_KIND_PNG);
    CHECK_INT(r.m.v[0].flags, TW_MF_CONTAINER);
    CHECK(find_member(&r, "logo.png!/zip.py", "zip()\n") == 1);
    done(&r, &packed);
    r = read_as(&outer, "x.tar"); /* not packed, pip sees the ZIP as the whole */
    CHECK_STR(tw_str_c(r.format), TW_S("tar"));
    CHECK_STR(paths_of(&r), TW_S("logo.png logo.png!/zip.py ?zip.py"));
    CHECK_FOUND(r, "archive.parsers-disagree");
    tw_buf_free(&p);
    tw_buf_free(&z);
    tw_buf_free(&t);
    done(&r, &outer);
}

TEST(names_that_deceive)
{
    static const struct {
        const char *name, *finding;
    } cases[] = {
        {"../x.py", "archive.traversal"},      {"a/../../x.py", "archive.traversal"},
        {"a\\..\\..\\x", "archive.traversal"}, {"/etc/x", "archive.absolute-name"},
        {"C:/x", "archive.absolute-name"},     {"\\\\host\\x", "archive.absolute-name"},
        {"a\\b.py", "archive.backslash-name"}, {"", "archive.bad-name"},
        {"a\nb", "archive.bad-name"},          {"a\x7f", "archive.bad-name"},
        {"\xff.py", "archive.bad-name"},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_buf b = TW_BUF_INIT;
        const entry e[] = {{.name = cases[i].name, .data = "1\n"}, {.name = "ok.py"}};
        mk_zip(&b, e, 2);
        reading r = read_as(&b, "x.zip");
        CHECK_FOUND(r, cases[i].finding);
        CHECK_INT(r.m.n, 2);
        CHECK_STR(r.m.v[0].path, tw_str_c(cases[i].name));
        done(&r, &b);
    }
}

TEST(name_with_nul_and_very_long_name)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf name = TW_BUF_INIT;
    tw_buf_puts(&name, TW_S("evil.py\0.txt"));
    mk_pax(&b, 'x', "path", tw_buf_str(&name));
    mk_tar(&b, "x", '0', "", TW_S("1"));
    tw_buf_clear(&name);
    for (int i = 0; i < 5000; i++) tw_buf_putc(&name, 'n');
    mk_pax(&b, 'x', "path", tw_buf_str(&name));
    mk_tar(&b, "x", '0', "", TW_S("2"));
    tar_end(&b);
    reading r = read_as(&b, "x.tar");
    CHECK_STR(r.m.v[0].path, TW_S("evil.py\0.txt"));
    CHECK_INT(r.m.v[1].path.n, 4096);
    CHECK_INT(r.findings.per_id[TW_FIND_BAD_NAME], 2);
    CHECK(r.coverage.limits_hit & 1ull << TW_LIMIT_name_bytes);
    tw_buf_free(&name);
    done(&r, &b);
}

TEST(names_that_meet)
{
    static const struct {
        const char *one, *two, *finding;
    } cases[] = {
        {"a.py", "a.py", "archive.duplicate-name"},
        {"a.py", "./a.py", "archive.duplicate-name"},
        {"a//b", "a/b", "archive.duplicate-name"},
        {"A.py", "a.py", "archive.case-collision"},
        {"Dir/a", "dir/b", "archive.case-collision"},
        {"a", "a/b", "archive.file-and-directory"},
        {"a/b", "a", "archive.file-and-directory"},
        {"caf\xc3\xa9", "cafe\xcc\x81", "archive.unicode-collision"},
        {"\xc3\x89.py", "\xc3\xa9.py", "archive.unicode-collision"},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_buf b = TW_BUF_INIT;
        mk_tar(&b, cases[i].one, '0', "", TW_S("1"));
        mk_tar(&b, cases[i].two, '0', "", TW_S("2"));
        tar_end(&b);
        reading r = read_as(&b, "x.tar");
        CHECK_FOUND(r, cases[i].finding);
        CHECK_INT(n_findings(&r, TW_SEV_ODD), 1);
        CHECK_INT(r.m.v[0].flags, i < 3 ? TW_MF_SHADOWED : 0);
        done(&r, &b);
    }
}

TEST(links_that_lead_out_and_writes_through_links)
{
    static const struct {
        const char *name;
        char type;
        const char *to;
        bool out;
    } cases[] = {
        {"d/l", '2', "../x", false}, {"d/l", '2', "../../x", true}, {"l", '2', "/etc", true},
        {"d/l", '1', "x", false},    {"d/l", '1', "../x", true},    {"l", '2', "a/../../b", true},
        {"l", '2', "C:\\x", true},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        tw_buf b = TW_BUF_INIT;
        mk_tar(&b, cases[i].name, cases[i].type, cases[i].to, TW_S(""));
        tar_end(&b);
        reading r = read_as(&b, "x.tar");
        CHECK_INT(has_finding(&r, "archive.link-out"), cases[i].out);
        done(&r, &b);
    }
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "l", '2', "d", TW_S(""));
    mk_tar(&b, "l/x.py", '0', "", TW_S("1"));
    tar_end(&b);
    reading r = read_as(&b, "x.tar");
    CHECK_FOUND(r, "archive.write-through-link");
    done(&r, &b);
}

TEST(type_lies)
{
    tw_buf b = TW_BUF_INIT;
    const entry e[] = {{.name = "a.py",
                        .data = "\x7f"
                                "ELF..."},
                       {.name = "a.png", .data = "import os\n"},
                       {.name = "ok.py", .data = "x = 1\n"},
                       {.name = "ok.png", .data = "\x89PNG\r\n\x1a\n"}};
    mk_zip(&b, e, 4);
    reading r = read_as(&b, "x.whl");
    CHECK_INT(r.findings.per_id[TW_FIND_TYPE_LIE], 2);
    CHECK_INT(n_findings(&r, TW_SEV_ODD), 2);
    done(&r, &b);
}

TESTS_MAIN()
