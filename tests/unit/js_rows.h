/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* JavaScript in, lines of the record's dump out; the record goes through its bundle. */
#include "tap.h"

#include "engine/record/record.h"

static tw_buf text, bundle;

static tw_str facts(const char *src)
{
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r, back;
    tw_diag d = {0};
    tw_front_javascript.lower(a, tw_str_c(src), &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_buf_clear(&bundle);
    tw_buf_clear(&text);
    tw_record_encode(&r, &bundle);
    if (tw_record_decode(a, tw_buf_str(&bundle), &back, &d) == TW_OK) tw_record_dump(&back, &text);
    tw_arena_free(a);
    return tw_buf_str(&text);
}

typedef struct row {
    const char *source, *want, *not_there;
} row;

static void check(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tw_str got = facts(rows[i].source);
        bool has = tw_str_find(got, tw_str_c(rows[i].want)) != TW_NPOS;
        bool hasnt = !rows[i].not_there || tw_str_find(got, tw_str_c(rows[i].not_there)) == TW_NPOS;
        CHECK(has && hasnt);
        if (!has || !hasnt)
            fprintf(stderr, "%s\n  wanted %s%s%s, got\n%.*s\n", rows[i].source, rows[i].want,
                    rows[i].not_there ? ", not " : "", rows[i].not_there ? rows[i].not_there : "",
                    TW_FMT(got));
    }
}
#define CHECK_ROWS(rows) check(rows, TW_COUNT(rows))
