/* SPDX-License-Identifier: Apache-2.0 */
/* Build tool: compile_rules OUT.c RULE.yaml... -> the rules bundle as a constant. */
#include "base/os.h"
#include "engine/rules/rules.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int fail(const tw_diag *d, const char *file)
{
    fprintf(stderr, "%s:%u:%u: %s\n", d->where[0] ? d->where : file, d->line, d->col, d->says);
    return 2;
}

static void put_bytes(tw_buf *out, tw_str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) tw_buf_fmt(out, "%s%d,", i % 24 ? "" : "\n", bytes.p[i]);
}

static void put_text(tw_buf *out, const char *name, size_t i, tw_str text)
{
    tw_buf_fmt(out, "static const char %s%zu[] = {", name, i);
    put_bytes(out, text);
    tw_buf_puts(out, TW_S("0};\n"));
}

static void put_source(tw_buf *out, const char *name, size_t i, tw_str file, tw_str text)
{
    tw_str base = tw_str_base(file);
    tw_buf_fmt(out, "{\"%.*s\", {%s%zu, %zu}}", TW_FMT(base), name, i, text.n);
}

static void put_c(tw_buf *out, tw_str bytes, const tw_str *names, const tw_str *texts, size_t n)
{
    tw_buf_puts(out, TW_S("/* Generated from rules/ by tools/compile_rules.c. */\n"
                          "#include \"engine/rules/rules.h\"\n"
                          "const unsigned char tw_rules_bundle[] = {"));
    for (size_t i = 0; i < bytes.n; i++) tw_buf_fmt(out, "%s%u,", i % 24 ? "" : "\n", (uint8_t)bytes.p[i]);
    tw_buf_fmt(out, "};\nconst size_t tw_rules_bundle_size = %zu;\n", bytes.n);
    for (size_t i = 0; i <= n; i++) put_text(out, "text", i, texts[i]);
    tw_buf_puts(out, TW_S("const tw_rule_source tw_rule_sources[] = {"));
    for (size_t i = 1; i <= n; i++) {
        put_source(out, "text", i, names[i], texts[i]);
        tw_buf_puts(out, TW_S(",\n"));
    }
    tw_buf_fmt(out,
               "};\nconst size_t tw_n_rule_sources = %zu;\nconst tw_rule_source tw_rule_measurements = ", n);
    put_source(out, "text", 0, names[0], texts[0]);
    tw_buf_puts(out, TW_S(";\n"));
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: compile_rules OUT.c MEASURED.tsv RULE.yaml...\n");
        return 2;
    }
    tw_arena *a = tw_arena_new(0);
    tw_diag d = {0};
    size_t n = (size_t)argc - 3; /* rules; [0] of the lists is what was measured */
    tw_str *names = TW_NEWN(a, tw_str, n + 1), *texts = TW_NEWN(a, tw_str, n + 1);
    for (size_t i = 0; i <= n; i++) {
        names[i] = tw_str_c(argv[i + 2]);
        if (tw_read_file(a, argv[i + 2], 1 << 20, &texts[i], &d) != TW_OK) return fail(&d, argv[i + 2]);
    }
    tw_rules *rules;
    if (tw_rules_compile(a, names + 1, texts + 1, n, &rules, &d) != TW_OK) return fail(&d, "rules");
    if (tw_rules_measure(rules, names[0], texts[0], &d) != TW_OK) return fail(&d, "measured");
    if (!tw_rules_policy(rules)->set) {
        fprintf(stderr, "compile_rules: no verdict.yaml among the rules\n");
        return 2;
    }
    tw_buf bundle = TW_BUF_INIT, out = TW_BUF_INIT;
    tw_rules_save(rules, &bundle);
    put_c(&out, tw_buf_str(&bundle), names, texts, n);
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool ok = fd >= 0 && tw_write_all(fd, tw_buf_str(&out)) == TW_OK && close(fd) == 0;
    if (!ok) perror(argv[1]);
    tw_buf_free(&bundle);
    tw_buf_free(&out);
    tw_arena_free(a);
    return ok ? 0 : 2;
}
