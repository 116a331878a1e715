/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Any report document through every output; aborts where one of them breaks its word. */
#include <stdlib.h>

#include "cli/outputs/output.h"

static bool outputs_has(tw_str s, const char *part)
{
    return tw_str_find(s, tw_str_c(part)) != TW_NPOS;
}

static void outputs_expect(bool ok, const char *name, tw_str out, const char *what)
{
    if (ok) return;
    fprintf(stderr, "%s: %s\n%.*s\n", name, what, (int)(out.n < 2000 ? out.n : 2000), out.p);
    abort();
}

static void outputs_check(const char *name, tw_str out, uint64_t artifacts)
{
    tw_arena *a = tw_arena_new(0);
    tw_doc doc;
    tw_diag d = {0};
    bool lines = !strcmp(name, "osv") || !strcmp(name, "observation");
    for (size_t i = 0; i < out.n; i++) {
        unsigned char c = (unsigned char)out.p[i];
        outputs_expect((c >= 0x20 && c != 0x7f) || c == '\n', name, out, "a control character");
    }
    if (!strcmp(name, "sarif"))
        outputs_expect(tw_json_read(a, out, NULL, &doc, &d) == TW_OK, name, out, d.says);
    for (tw_str rest = out, line; lines && tw_str_split(&rest, '\n', &line);)
        outputs_expect(!line.n || tw_json_read(a, line, NULL, &doc, &d) == TW_OK, name, out, "no JSON line");
    if (!strcmp(name, "html"))
        outputs_expect(!outputs_has(out, "<script") && !outputs_has(out, "<img") &&
                           outputs_has(out, "</html>"),
                       name, out, "markup");
    if (!strcmp(name, "markdown")) outputs_expect(out.n < 65536, name, out, "too long for a comment");
    if (!strcmp(name, "brief")) outputs_expect(out.n <= 200 + 6400 * artifacts, name, out, "too long");
    tw_arena_free(a);
}

static void outputs_all(tw_str report, tw_str artifact, bool withdraw)
{
    static const char *const words[] = {"clear", "notable", "suspicious", "malicious", "unreviewable"};
    tw_arena *a = tw_arena_new(0), *keep = tw_arena_new(0);
    tw_doc doc;
    if (tw_json_read(keep, report, NULL, &doc, NULL) == TW_OK) {
        tw_item item = {.kind = TW_ITEM_BAD, .artifact = artifact, .file_name = artifact};
        tw_result r = {.item = &item, .level = TW_LEVEL_MALICIOUS, .report = report, .opened = true};
        tw_str verdict = tw_node_str(&doc, 0, TW_S("verdict"), TW_S(""));
        for (size_t l = 0; l < TW_COUNT(words); l++)
            if (tw_str_eq(verdict, tw_str_c(words[l]))) r.level = (tw_level)l;
        for (const tw_output *const *o = tw_outputs; *o; o++)
            for (unsigned artifacts = 1; artifacts <= 2; artifacts++) {
                tw_tally t = {.reviewed = artifacts};
                tw_sink s = {.arena = a,
                             .rules = tw_rules_builtin(keep),
                             .inspector = "https://inspect.example",
                             .id_prefix = "TW",
                             .withdraw = withdraw,
                             .several = artifacts > 1,
                             .colour = false};
                for (; s.shown < artifacts; s.shown++) (*o)->result(&s, &r);
                if ((*o)->end) (*o)->end(&s, &t);
                if (strncmp((*o)->name, "json", 4)) outputs_check((*o)->name, tw_buf_str(&s.out), artifacts);
                tw_buf_free(&s.out);
            }
    }
    tw_arena_free(a);
    tw_arena_free(keep);
}
