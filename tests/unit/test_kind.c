/* SPDX-License-Identifier: Apache-2.0 */
#include "archives.h"

TEST(kinds_by_content)
{
    static const struct {
        tw_str head;
        tw_kind kind;
    } cases[] = {
        {TW_SI(""), TW_KIND_EMPTY},
        {TW_SI("import os\n"), TW_KIND_TEXT},
        {TW_SI("\xef\xbb\xbfimport os\n"), TW_KIND_TEXT},
        {TW_SI("#!/bin/sh\n"), TW_KIND_SCRIPT},
        {TW_SI("caf\xe9 in latin-1"), TW_KIND_TEXT},
        {TW_SI("\xff\xfei\0m\0"), TW_KIND_TEXT},
        {TW_SI("\0\1\2\3"), TW_KIND_DATA},
        {TW_SI("PK\3\4...."), TW_KIND_ZIP},
        {TW_SI("PK in text"), TW_KIND_TEXT},
        {TW_SI("\x1f\x8b\x08\0"), TW_KIND_GZIP},
        {TW_SI("BZh91AY&SY...."), TW_KIND_BZIP2},
        {TW_SI("BZh9 is a magic"), TW_KIND_TEXT},
        {TW_SI("\xfd"
               "7zXZ\0"),
         TW_KIND_XZ},
        {TW_SI("\x28\xb5\x2f\xfd..."), TW_KIND_ZSTD},
        {TW_SI("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0abcdef"), TW_KIND_LZMA},
        {TW_SI("]\0\0 some text with NULs"), TW_KIND_DATA},
        {TW_SI("7z\xbc\xaf\x27\x1c"), TW_KIND_SEVENZIP},
        {TW_SI("Rar!\x1a\x07\0"), TW_KIND_RAR},
        {TW_SI("!<arch>\n"), TW_KIND_AR},
        {TW_SI("\x7f"
               "ELF"),
         TW_KIND_ELF},
        {TW_SI("MZ is also a word, and this line is longer than sixty-four bytes, as it must be"),
         TW_KIND_TEXT},
        {TW_SI("\xca\xfe\xba\xbe\0\0\0\x34"), TW_KIND_JAVA_CLASS},
        {TW_SI("\xca\xfe\xba\xbe\0\0\0\2"), TW_KIND_MACHO},
        {TW_SI("\xcf\xfa\xed\xfe"), TW_KIND_MACHO},
        {TW_SI("\0asm\1\0\0\0"), TW_KIND_WASM},
        {TW_SI("\xa7\r\r\n\0\0\0\0"), TW_KIND_PYC},
        {TW_SI("\x80\4\x95\0\0"), TW_KIND_PICKLE},
        {TW_SI("\x89PNG\r\n\x1a\n"), TW_KIND_PNG},
        {TW_SI("\xff\xd8\xff\xe0"), TW_KIND_JPEG},
        {TW_SI("%PDF-1.4"), TW_KIND_PDF},
        {TW_SI("SQLite format 3\0"), TW_KIND_SQLITE},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++)
        CHECK_STR(tw_str_c(tw_kind_name(tw_kind_of(cases[i].head))), tw_str_c(tw_kind_name(cases[i].kind)));
}

TEST(programs_and_tars)
{
    char mz[256] = "MZ";
    mz[60] = 64;
    memcpy(mz + 64, "PE\0\0", 4);
    CHECK_INT(tw_kind_of((tw_str){mz, sizeof mz}), TW_KIND_PE);
    mz[64] = 'X';
    CHECK(tw_kind_of((tw_str){mz, sizeof mz}) != TW_KIND_PE);
    tw_buf b = TW_BUF_INIT;
    mk_tar(&b, "a", '0', "", TW_S("1"));
    memset(b.p + 257, 0, 8); /* old tars have no magic */
    tar_sum(b.p);
    CHECK_INT(tw_kind_of(tw_buf_str(&b)), TW_KIND_TAR);
    b.p[0] = 'b';
    CHECK(tw_kind_of(tw_buf_str(&b)) != TW_KIND_TAR);
    tw_buf_free(&b);
}

TESTS_MAIN()
