/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"
#include "py_shape.h"

/* The decoded text of the first constant of a source. */
static bool constant(tw_str src, uint8_t kind, tw_str want)
{
    shape s = shape_of(src);
    const tw_insn *x = nth_op(&s.ir, TW_OP_CONST, 0);
    tw_str got = tw_ir_text(&s.ir, x->a);
    bool ok = x->kind == kind && tw_str_eq(got, want) && !count_op(&s.ir, TW_OP_OPAQUE);
    if (!ok) fprintf(stderr, "%.*s -> \"%.*s\"\n", TW_FMT(src), TW_FMT(got));
    tw_arena_free(s.a);
    return ok;
}
#define STRING(src, want) CHECK(constant(TW_S(src), TW_CONST_STR, TW_S(want)))
#define BYTES(src, want) CHECK(constant(TW_S(src), TW_CONST_BYTES, TW_S(want)))
#define NUMBER(src, kind) CHECK(constant(TW_S(src), kind, TW_S(src)))

TEST(escapes)
{
    STRING("'\\x41\\u0042\\U00000043\\104\\n\\t\\\\\\''", "ABCD\n\t\\'");
    STRING("'\\q\\d\\8'", "\\q\\d\\8");
    STRING("'\\xZZ\\u12'", "\\xZZ\\u12");
    STRING("'a\\\nb\\\r\nc'", "abc");
    STRING("'\\0\\400'", "\0\xC4\x80");
    STRING("'\\xe9\\ud800\\U0001F600'", "\xC3\xA9\xED\xA0\x80\xF0\x9F\x98\x80");
    STRING("r'\\x41\\''", "\\x41\\'");
    STRING("'\\N{LATIN SMALL LETTER E}v\\N{latin small letter a}l\\N{HORIZONTAL ELLIPSIS}'",
           "eval\xE2\x80\xA6");
    STRING("'\\N{NO SUCH NAME}\\N{'", "\\N{NO SUCH NAME}\\N{");
    BYTES("b'\\xff\\377\\u0041\\N{DASH}'", "\xff\xff\\u0041\\N{DASH}");
    BYTES("Rb'\\x00'", "\\x00");
}

TEST(prefixes_and_joining)
{
    STRING("u'a' R\"b\" '''c\nd''' \"\"\"e\"f\"\"\"", "abc\nde\"f");
    STRING("('a'\n  # comment\n  'b')", "ab");
    STRING("'a' \\\n 'b'", "ab");
    STRING("ur'a\\n'", "a\\n");
    STRING("'''a\r\nb\rc'''", "a\nb\nc");
    STRING("f'a{{b}}'", "a{b}");
    BYTES("bR'a' b\"b\"", "ab");
}

TEST(numbers)
{
    NUMBER("0x1F", TW_CONST_INT);
    NUMBER("0o17", TW_CONST_INT);
    NUMBER("0777", TW_CONST_INT);
    NUMBER("10L", TW_CONST_INT);
    NUMBER("1_000", TW_CONST_INT);
    NUMBER("1.5e-3", TW_CONST_FLOAT);
    NUMBER(".5", TW_CONST_FLOAT);
    NUMBER("1.", TW_CONST_FLOAT);
    NUMBER("1e5", TW_CONST_FLOAT);
    NUMBER("3j", TW_CONST_FLOAT);
    SHAPE("1if x else 2", "2 const int \"1\"\n3 read \"x\"\n4 const int \"2\"\n5 choose %3 %2 %4\n");
    SHAPE("1..real", "2 const float \"1.\"\n3 member %2 \"real\"\n");
}

TEST(indentation)
{
    SHAPE("if a:\n\tb\n        c\n\x0c  d\n",
          "2 read \"a\"\n3 enter then %2\n4 read \"b\"\n5 read \"c\"\n6 leave then %3\n"
          "7 read \"d\"\n");
    SHAPE("if a:\n  b\n# c\n\n  c\nd\n",
          "2 read \"a\"\n3 enter then %2\n4 read \"b\"\n5 read \"c\"\n6 leave then %3\n7 read \"d\"\n");
    SHAPE("if a: b; c\nd",
          "2 read \"a\"\n3 enter then %2\n4 read \"b\"\n5 read \"c\"\n6 leave then %3\n7 read \"d\"\n");
    SHAPE("if a:\n b\n  c\n d\n",
          "2 read \"a\"\n3 enter then %2\n4 read \"b\"\n5 read \"c\"\n6 read \"d\"\n7 leave then %3\n");
    SHAPE("if a:\nb\n", "2 read \"a\"\n3 enter then %2\n4 leave then %3\n5 read \"b\"\n");
}

TEST(line_ends_bom_nul)
{
    SHAPE("\xEF\xBB\xBF"
          "a\r\nb\rc\\\r\n.d",
          "2 read \"a\"\n3 read \"b\"\n4 read \"c\"\n5 member %4 \"d\"\n");
    shape s = shape_of(TW_S("a\0b\n\0c"));
    CHECK_INT(count_op(&s.ir, TW_OP_READ), 2); /* a, c; b is an error: NUL is white space here */
    CHECK_INT(s.ir.findings.v[0].id, TW_FIND_TEXT_NUL);
    CHECK_INT(s.ir.findings.v[0].off, 1);
    tw_arena_free(s.a);
    shape b = shape_of(TW_S("\xEF\xBB\xBF"
                            "f()"));
    CHECK_INT(nth_op(&b.ir, TW_OP_CALL, 0)->off, 3);
    tw_arena_free(b.a);
}

TEST(encodings)
{
    STRING("# -*- coding: latin-1 -*-\n'\xe4'", "\xC3\xA4");
    STRING("#!x\n# vim: set fileencoding=iso-8859-15 :\n'\xe4'", "\xC3\xA4");
    STRING("# coding: koi8-r\n'\xc1'", "\xD0\xB0");
    STRING("# coding: windows-1251\n'\xe0'", "\xD0\xB0");
    /* the second byte of a character is no backslash */
    STRING("# coding: gbk\n'\x81\\' 'b'", "\xE4\xB9\x97"
                                          "b");
    STRING("# coding: Shift-JIS\n'\x83\\'", "\xE3\x82\xBD");
    STRING("# coding: gb18030\n'\x95\x32\x82\x36'", "\xF0\xA0\x80\x80");
    STRING("# coding: utf-7\n'+AOQ-+2D3eAA-+-'", "\xC3\xA4\xF0\x9F\x98\x80+");
    STRING("# coding: latin-1-unix\n'\xe4'", "\xC3\xA4");
    shape hidden = shape_of(TW_S("# coding: unicode_escape\n# a comment \\x0af()\\u000ag()\n"));
    CHECK_INT(count_op(&hidden.ir, TW_OP_CALL), 2);
    tw_arena_free(hidden.a);
    STRING("# coding: utf-8\n'\xC3\xA4'", "\xC3\xA4");
    shape s = shape_of(TW_S("# coding: rot13\nx()\n"));
    CHECK_INT(nth_op(&s.ir, TW_OP_OPAQUE, 0)->kind, TW_GAP_SYNTAX);
    CHECK_INT(count_op(&s.ir, TW_OP_CALL), 1);
    tw_arena_free(s.a);
}

TEST(names_in_normal_form)
{
    /* full-width "os", mathematical "exec" */
    shape s = shape_of(
        TW_S("\xEF\xBD\x8F\xEF\xBD\x93.\xF0\x9D\x90\x9E\xF0\x9D\x90\xB1\xF0\x9D\x90\x9E\xF0\x9D\x90\x9C()"));
    CHECK_STR(text_of_op(&s.ir, TW_OP_READ, 0), TW_S("os"));
    CHECK_STR(tw_ir_text(&s.ir, nth_op(&s.ir, TW_OP_MEMBER, 0)->b), TW_S("exec"));
    CHECK_INT(s.ir.findings.n, 2);
    CHECK_INT(s.ir.findings.v[0].id, TW_FIND_TEXT_HOMOGLYPH);
    tw_arena_free(s.a);
    s = shape_of(TW_S("\xD0\xB0"
                      "b = stra\xC3\x9F"
                      "e\n\xD0\xB0\xD0\xB1 = \xCF\x83x = 1")); /* mixed; German; Cyrillic; sigma */
    CHECK_INT(s.ir.findings.n, 1);
    CHECK_INT(s.ir.findings.v[0].off, 0);
    tw_arena_free(s.a);
    SHAPE("\xEF\xBD\x89\xEF\xBD\x86 = a",
          "2 read \"a\"\n3 bind assign \"if\" %2\n"); /* as Python has it: a name */
}

static uint32_t finding(tw_str src, tw_finding_id id)
{
    shape s = shape_of(src);
    uint32_t off = UINT32_MAX;
    for (uint32_t i = s.ir.findings.n; i-- > 0;)
        if (s.ir.findings.v[i].id == id) off = (uint32_t)s.ir.findings.v[i].off;
    tw_arena_free(s.a);
    return off;
}

TEST(text_findings)
{
    CHECK_INT(finding(TW_S("# \xE2\x80\xAE x\n"), TW_FIND_TEXT_BIDI), 2);
    CHECK_INT(finding(TW_S("a = 'x\xE2\x80\x8By'\n"), TW_FIND_TEXT_INVISIBLE), 6);
    CHECK_INT(finding(TW_S("\xEF\xBB\xBFx"), TW_FIND_TEXT_INVISIBLE), UINT32_MAX);
    CHECK_INT(finding(TW_S("'\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9'"), TW_FIND_TEXT_INVISIBLE),
              UINT32_MAX);
    char far[260];
    memset(far, ' ', sizeof far);
    far[0] = 'x', far[250] = ';', far[251] = 'y';
    CHECK_INT(finding((tw_str){far, sizeof far}, TW_FIND_TEXT_FAR_RIGHT), 250);
    far[0] = ' ';
    CHECK_INT(finding((tw_str){far, sizeof far}, TW_FIND_TEXT_FAR_RIGHT), 250);
    far[250] = '#';
    CHECK_INT(finding((tw_str){far, sizeof far}, TW_FIND_TEXT_FAR_RIGHT), UINT32_MAX);
}

TEST(blobs)
{
    static char src[3000];
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < sizeof src; i++) src[i] = set[(i * 37 + i / 64) % 64];
    src[0] = '\'', src[sizeof src - 1] = '\'';
    CHECK_INT(finding((tw_str){src, sizeof src}, TW_FIND_TEXT_BLOB), 0);
    for (size_t i = 1; i < sizeof src - 1; i++) src[i] = "0123456789abcdef"[(i * 7 + i / 16) % 16];
    CHECK_INT(finding((tw_str){src, sizeof src}, TW_FIND_TEXT_BLOB), 0);
    for (size_t i = 1; i < sizeof src - 1; i++) src[i] = "this is some prose, and it goes on "[i % 35];
    CHECK_INT(finding((tw_str){src, sizeof src}, TW_FIND_TEXT_BLOB), UINT32_MAX);
    for (size_t i = 1; i < sizeof src - 1; i++) src[i] = 'A';
    CHECK_INT(finding((tw_str){src, sizeof src}, TW_FIND_TEXT_BLOB), UINT32_MAX);
}

TESTS_MAIN()
