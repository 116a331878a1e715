/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Python in, lines of the record's dump out; the record goes through its bundle. */
#include "tap.h"

#include "engine/record/record.h"

typedef struct row {
    const char *source, *want; /* a line of the dump has it; several between "; "; !x: none */
} row;

static void facts_of(const char *source, tw_buf *out)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_diag d = {0};
    tw_buf bundle = TW_BUF_INIT;
    tw_front_python.lower(a, tw_str_c(source), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_encode(&r, &bundle);
    if (tw_record_decode(a, tw_buf_str(&bundle), &back, &d) == TW_OK) tw_record_dump(&back, out);
    tw_buf_free(&bundle);
    tw_arena_free(a);
}

static bool all_there(tw_str got, const char *wants)
{
    tw_str rest = tw_str_c(wants);
    while (rest.n) {
        size_t at = tw_str_find(rest, TW_S("; "));
        tw_str want = tw_str_sub(rest, 0, at == TW_NPOS ? rest.n : at);
        rest = at == TW_NPOS ? TW_S("") : tw_str_sub(rest, at + 2, rest.n);
        bool absent = want.n && want.p[0] == '!';
        if (absent) want = tw_str_sub(want, 1, want.n);
        if ((tw_str_find(got, want) == TW_NPOS) != absent) return false;
    }
    return true;
}

static void check_rows(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tw_buf out = TW_BUF_INIT;
        facts_of(rows[i].source, &out);
        if (!all_there(tw_buf_str(&out), rows[i].want)) {
            fprintf(stderr, "%s\n    want: %s\n%.*s\n", rows[i].source, rows[i].want,
                    TW_FMT(tw_buf_str(&out)));
            tw_failed_in_test_++;
        }
        tw_buf_free(&out);
    }
}
#define ROWS(...)                                 \
    do {                                          \
        static const row rows_[] = {__VA_ARGS__}; \
        check_rows(rows_, TW_COUNT(rows_));       \
    } while (0)
