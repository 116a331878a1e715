/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include "tap.h"

TEST(names_differ)
{
    for (int e = 0; e >= TW_ERR_USAGE; e--) {
        CHECK(strcmp(tw_err_name((tw_err)e), "unknown") != 0);
        for (int f = 0; f > e; f--) CHECK(strcmp(tw_err_name((tw_err)e), tw_err_name((tw_err)f)) != 0);
    }
    CHECK_STR(tw_str_c(tw_err_name((tw_err)-99)), TW_S("unknown"));
}

TEST(fail_fills_and_returns)
{
    tw_diag d = TW_DIAG_INIT;
    CHECK(d.off == UINT64_MAX && d.line == 0);
    CHECK_INT(tw_fail(&d, TW_ERR_LIMIT, "at most %d", 7), TW_ERR_LIMIT);
    CHECK_INT(d.code, TW_ERR_LIMIT);
    CHECK_STR(tw_str_c(d.says), TW_S("at most 7"));
    CHECK_INT(tw_fail(NULL, TW_ERR_IO, "%s", "x"), TW_ERR_IO);
}

TEST(text_is_bounded)
{
    tw_diag d = TW_DIAG_INIT;
    char big[1000];
    memset(big, 'x', sizeof big);
    tw_fail(&d, TW_ERR_BUG, "%.*s", (int)sizeof big, big);
    CHECK_INT(strlen(d.says), sizeof d.says - 1);
}

static tw_err relay(tw_err e, int *reached)
{
    TW_TRY(e);
    *reached = 1;
    return TW_OK;
}

TEST(try_returns_errors)
{
    int reached = 0;
    CHECK_INT(relay(TW_ERR_DENIED, &reached), TW_ERR_DENIED);
    CHECK_INT(reached, 0);
    CHECK_INT(relay(TW_OK, &reached), TW_OK);
    CHECK_INT(reached, 1);
}

TESTS_MAIN()
