/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a text says, in one line: the calls of its record as the dump writes them (without numbers of functions
 * and places), then the layers it runs as {language text}, then its gaps as !reason. */
#include "ir_check.h"
#include "tap.h"

#include "engine/record/record.h"

typedef struct says_row {
    const char *text, *says;
} says_row;

static void says_line(tw_str line, tw_buf *out)
{
    size_t at;
    if (!tw_str_starts(line, TW_S("call #"))) return;
    at = tw_str_find(line, TW_S(" in "));
    line = tw_str_sub(line, at + 4, line.n);
    line = tw_str_sub(line, tw_str_chr(line, ' ') + 1, line.n);
    line = tw_str_sub(line, 0, tw_str_rchr(line, '@') - 1);
    if (out->n) tw_buf_puts(out, TW_S("; "));
    tw_buf_puts(out, line);
}

static tw_str says_of(const tw_front_end *front, tw_str text, tw_arena *a, tw_buf *out)
{
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r;
    tw_buf dump = TW_BUF_INIT;
    front->lower(a, text, &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) return tw_str_c(wrong);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_dump(&r, &dump);
    tw_str rest = tw_buf_str(&dump), line;
    while (tw_str_split(&rest, '\n', &line)) says_line(line, out);
    for (uint32_t i = 0; i < r.n_layers; i++)
        if (r.layers[i].executed)
            tw_buf_fmt(out, " {%s %.*s}", tw_lang_name((tw_lang)r.layers[i].lang),
                       TW_FMT(tw_rec_str(&r, r.layers[i].bytes)));
    for (uint32_t i = 0; i < r.n_gaps; i++)
        tw_buf_fmt(out, " !%s", tw_gap_name((tw_gap_reason)r.gaps[i].reason));
    tw_buf_free(&dump);
    return tw_buf_str(out);
}

static void says_check(const tw_front_end *front, const says_row *row)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf out = TW_BUF_INIT;
    tw_str got = says_of(front, tw_str_c(row->text), a, &out);
    if (!tw_str_eq(got, tw_str_c(row->says))) {
        fprintf(stderr, "%s\n     got: %.*s\n    want: %s\n", row->text, TW_FMT(got), row->says);
        tw_failed_in_test_++;
    }
    tw_buf_free(&out);
    tw_arena_free(a);
}

/* The unit n times over: a sound stream, no more than so many instructions a byte. */
static void says_bounded(const tw_front_end *front, const char *unit, uint32_t n)
{
    tw_arena *a = tw_arena_new(0);
    tw_buf b = TW_BUF_INIT;
    tw_limits lim = tw_limits_default();
    tw_ir ir;
    tw_record r;
    for (uint32_t i = 0; i < n; i++) tw_buf_puts(&b, tw_str_c(unit));
    front->lower(a, tw_buf_str(&b), &lim, &ir);
    const char *wrong = ir_wrong(&ir);
    if (wrong) {
        fprintf(stderr, "%s: %s\n", unit, wrong);
        tw_failed_in_test_++;
    }
    CHECK(ir.insns.n < 24 * b.n + 64);
    if (!wrong) tw_evaluate(a, &ir, &lim, &r);
    tw_buf_free(&b);
    tw_arena_free(a);
}
