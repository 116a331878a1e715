/* SPDX-License-Identifier: Apache-2.0 */
/* The bytecode front end on .pyc files that CPython 3.6 to 3.14 made of
 *     from os import system as s
 *     s(b'id', k=[1])
 * and on the same bytes changed. What real files become is compared in tests/python/compare_pyc.py. */
#include "engine/artifact/artifact.h"
#include "engine/languages/languages.h"
#include "ir_check.h"
#include "tap.h"

static const char hex_36[] =
    "330d0d0a0000000000000000e30000000000000000000000000400000040000000731e000000640064016c006d015a020100"
    "650264026403670164048d020100640553002906e9000000002901da0673797374656d73020000006964e9010000002901da"
    "016b4e2903da026f737202000000da0173a90072070000007207000000da0178da083c6d6f64756c653e0100000073020000"
    "000c01";
static const char hex_38[] =
    "550d0d0a00000000000000000000000063000000000000000000000000000000000400000040000000731e00000064006401"
    "6c006d015a020100650264026403670164048d020100640553002906e9000000002901da0673797374656d73020000006964"
    "e9010000002901da016b4e2903da026f737201000000da0173a90072060000007206000000da0178da083c6d6f64756c653e"
    "0100000073020000000c01";
static const char hex_311[] =
    "a70d0d0a000000000000000000000000630000000000000000000000000400000000000000f32e0000009700640064016c00"
    "6d015a02010002006502640264036701ac04a6020000ab0200000000000000000100640553002906e9000000002901da0673"
    "797374656d73020000006964e9010000002901da016b4e2903da026f737202000000da0173a900f300000000da0178fa083c"
    "6d6f64756c653e720a00000001000000732e000000f003010101d8001ad0001ad0001ad0001ad0001ad0001ad80001800180"
    "2588418833800f810f840f800f800f800f7208000000";
static const char hex_313[] =
    "f30d0d0a000000000000000000000000630000000000000000000000000500000000000000f3200000009500530053014b00"
    "4a01720220005c022200530253032f0153043902200067052906e9000000002901da0673797374656d73020000006964e901"
    "0000002901da016b4e2903da026f737202000000da0173a900f300000000da0178da083c6d6f64756c653e720a0000000100"
    "00007313000000f003010101dd001ad90001802588418833830f7208000000";
static const char hex_314[] =
    "2b0e0d0a000000000000000000000000630000000000000000000000000500000000000000f32800000080005e0052014900"
    "480174021f005d02210052025e012e01520337020000000000001f00520423002905e9000000002901da0673797374656d73"
    "0200000069642901da016b4e2903da026f737202000000da0173a900f300000000da0178da083c6d6f64756c653e72090000"
    "00010000007313000000f003010101dd001ad90001802588418833870f7207000000";

typedef struct file {
    tw_arena *a;
    char *p;
    size_t n;
    tw_ir ir;
} file;

static file file_of(const char *hex)
{
    file f = {.a = tw_arena_new(0), .n = strlen(hex) / 2};
    f.p = tw_arena_alloc(f.a, f.n + 1);
    for (size_t i = 0; i < f.n; i++) {
        unsigned v = 0;
        for (int k = 0; k < 2; k++) {
            char c = hex[2 * i + (size_t)k];
            v = v << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        f.p[i] = (char)v;
    }
    return f;
}

/* Lowers, checks the stream; the text of it without offsets and module brackets. */
static tw_str lowered(file *f, size_t n, const tw_limits *lim)
{
    tw_limits usual = tw_limits_default();
    memset(&f->ir, 0, sizeof f->ir);
    tw_front_bytecode.lower(f->a, tw_str_of(f->p, n), lim ? lim : &usual, &f->ir);
    const char *wrong = ir_wrong(&f->ir);
    if (wrong) fprintf(stderr, "%s\n", wrong), tw_failed_in_test_++;
    tw_buf out = TW_BUF_INIT, kept = TW_BUF_INIT;
    tw_ir_dump(&f->ir, &out);
    tw_str rest = tw_buf_str(&out), line;
    while (tw_str_split(&rest, '\n', &line)) {
        size_t at = tw_str_find(line, TW_S("  @"));
        if (at == TW_NPOS || tw_str_find(line, TW_S(" module ")) != TW_NPOS) continue;
        line = tw_str_trim(tw_str_sub(line, 0, at));
        size_t sp = tw_str_chr(line, ' ');
        tw_buf_puts(&kept, tw_str_trim(tw_str_sub(line, sp, line.n)));
        tw_buf_putc(&kept, '\n');
    }
    tw_str s = tw_arena_str(f->a, tw_buf_str(&kept));
    tw_buf_free(&out);
    tw_buf_free(&kept);
    return s;
}

static uint32_t count(const tw_ir *ir, tw_op op, uint8_t kind)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < ir->insns.n; i++) n += ir->insns.v[i].op == op && ir->insns.v[i].kind == kind;
    return n;
}

static const char *const all[] = {hex_36, hex_38, hex_311, hex_313, hex_314};

TEST(every_version_says_the_same)
{
    for (size_t i = 0; i < TW_COUNT(all); i++) {
        file f = file_of(all[i]);
        CHECK_STR(lowered(&f, f.n, NULL), TW_S("import \"os\" \"system\"\nbind import \"s\" %2\nread \"s\"\n"
                                               "const int \"1\"\nconst bytes \"id\"\nseq list (%5)\n"
                                               "call %4 (%6, k=%7)\n"));
        const tw_insn *call = &f.ir.insns.v[8];
        CHECK(call->op == TW_OP_CALL && call->len >= 2 && call->off > 8 && call->off + call->len <= f.n);
        const tw_insn *bytes = &f.ir.insns.v[6]; /* a constant stands where marshal has it */
        CHECK(tw_str_find(tw_str_of(f.p + bytes->off, bytes->len), TW_S("id")) != TW_NPOS);
        tw_arena_free(f.a);
    }
}

TEST(cut_anywhere)
{
    for (size_t i = 0; i < TW_COUNT(all); i++) {
        file f = file_of(all[i]);
        for (size_t n = 0; n < f.n; n++) {
            lowered(&f, n, NULL);
            CHECK(count(&f.ir, TW_OP_OPAQUE, TW_GAP_SYNTAX) + count(&f.ir, TW_OP_OPAQUE, TW_GAP_FORMAT) > 0);
        }
        tw_arena_free(f.a);
    }
}

TEST(any_byte_changed)
{
    for (size_t i = 0; i < TW_COUNT(all); i++) {
        file f = file_of(all[i]);
        for (size_t at = 0; at < f.n; at++)
            for (unsigned v = 1; v < 256; v = v * 2 + 1) {
                f.p[at] = (char)(f.p[at] ^ (char)v);
                lowered(&f, f.n, NULL);
                f.p[at] = (char)(f.p[at] ^ (char)v);
            }
        tw_arena_free(f.a);
    }
}

TEST(unknown_magic_is_a_gap)
{
    file f = file_of(hex_311);
    f.p[0] = 0x7f;
    CHECK_STR(lowered(&f, f.n, NULL), TW_S("opaque format\n"));
    tw_arena_free(f.a);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_arena *a = tw_arena_new(0);
    tw_front_bytecode.lower(a, TW_S(""), &lim, &ir);
    CHECK(ir_wrong(&ir) == NULL);
    CHECK_INT(count(&ir, TW_OP_OPAQUE, TW_GAP_FORMAT), 1);
    tw_arena_free(a);
}

/* An opcode nobody knows: the stack is lost, the call behind it is not. */
TEST(unknown_opcode)
{
    file f = file_of(hex_36);
    lowered(&f, f.n, NULL);
    const tw_insn *read = &f.ir.insns.v[4];
    CHECK(read->op == TW_OP_READ);
    f.p[read->off] = (char)0xFF;
    lowered(&f, f.n, NULL);
    CHECK_INT(count(&f.ir, TW_OP_OPAQUE, TW_GAP_SYNTAX), 1);
    CHECK_INT(count(&f.ir, TW_OP_CALL, 0), 1);
    tw_arena_free(f.a);
}

TEST(limits_are_gaps)
{
    file f = file_of(hex_313);
    tw_limits lim = tw_limits_default();
    lim.source_bytes = 60;
    lowered(&f, f.n, &lim);
    CHECK_INT(count(&f.ir, TW_OP_OPAQUE, TW_GAP_LIMIT), 1);
    CHECK(f.ir.flags & TW_IRF_TRUNCATED);
    lim = tw_limits_default();
    lim.nesting = 1; /* the code object alone takes the one level there is: its constants do not fit */
    lowered(&f, f.n, &lim);
    CHECK_INT(count(&f.ir, TW_OP_OPAQUE, TW_GAP_LIMIT), 1);
    tw_arena_free(f.a);
}

/* `x = t` with t = (u, u), u = (v, v) ... 40 deep and shared by reference: 2^40 when written out. */
static const char hex_shared[] =
    "550d0d0a00000000000000000000000063000000000000000000000000000000000400000040000000730600000064005a00"
    "64002901a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902"
    "a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a902a9024e4e7227000000722600000072250000"
    "0072240000007223000000722200000072210000007220000000721f000000721e000000721d000000721c000000721b0000"
    "00721a0000007219000000721800000072170000007216000000721500000072140000007213000000721200000072110000"
    "007210000000720f000000720e000000720d000000720c000000720b000000720a0000007209000000720800000072070000"
    "0072060000007205000000720400000072030000007202000000720100000029015a01782900290029005a01665a016d0100"
    "00007300000000";

TEST(shared_tuples_are_paid_for)
{
    file f = file_of(hex_shared);
    lowered(&f, f.n, NULL);
    CHECK(f.ir.insns.n > 1000 && f.ir.insns.n < 20000);
    CHECK(count(&f.ir, TW_OP_OPAQUE, TW_GAP_LIMIT) > 0);
    tw_arena_free(f.a);
}

TEST(names_of_compiled_files)
{
    tw_arena *a = tw_arena_new(0);
    CHECK_STR(tw_pyc_source(a, TW_S("pkg/m.pyc")), TW_S("pkg/m.py"));
    CHECK_STR(tw_pyc_source(a, TW_S("pkg/__pycache__/m.cpython-311.opt-1.pyc")), TW_S("pkg/m.py"));
    CHECK_STR(tw_pyc_source(a, TW_S("__pycache__/__init__.cpython-314.pyc")), TW_S("__init__.py"));
    CHECK_STR(tw_pyc_source(a, TW_S("m.py")), TW_S(""));
    CHECK(tw_language_of(TW_S("x.pyc"), TW_S(""), TW_KIND_DATA).front == &tw_front_bytecode);
    CHECK(tw_language_of(TW_S("data.bin"), TW_S(""), TW_KIND_PYC).front == &tw_front_bytecode);
    tw_arena_free(a);
}

TESTS_MAIN()
