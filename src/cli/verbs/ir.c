/* SPDX-License-Identifier: Apache-2.0 */
/* `tidewaiter ir [--format text|facts] FILE...`: what a front end makes of a source file.
 * facts, for tests/python/facts.py and tests/javascript/compare_js.py, one line each, fields split by tabs,
 * texts in hex:
 *   file PATH / import OFF LEVEL MODULE NAME / export OFF NAME MODULE / call|stmt OFF LEN CALLEE /
 *   str OFF s|b HEX / regex OFF HEX / opaque OFF LEN WHY */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "cli/plain.h"
#include "cli/verbs.h"
#include "engine/languages/languages.h"

enum { CALLEE_DEPTH = 64 };

static void put_hex(tw_buf *out, tw_str s)
{
    static const char digits[] = "0123456789abcdef";
    char *to = tw_buf_reserve(out, s.n * 2);
    for (size_t i = 0; to && i < s.n; i++) {
        *to++ = digits[(unsigned char)s.p[i] >> 4];
        *to++ = digits[(unsigned char)s.p[i] & 15];
    }
    if (to) out->n += s.n * 2;
}

/* a.b.c of a callee; "?" stands for what is no name. */
static void put_callee(const tw_ir *ir, tw_buf *out, uint32_t v)
{
    tw_str parts[CALLEE_DEPTH];
    unsigned n = 0;
    while (n < CALLEE_DEPTH && ir->insns.v[v].op == TW_OP_MEMBER) {
        parts[n++] = tw_ir_text(ir, ir->insns.v[v].b);
        v = ir->insns.v[v].a;
    }
    const tw_insn *x = &ir->insns.v[v];
    if (x->op == TW_OP_READ)
        tw_buf_puts(out, tw_ir_plain(tw_ir_text(ir, x->a)));
    else
        tw_buf_putc(out, '?');
    while (n) tw_buf_putc(out, '.'), tw_buf_puts(out, parts[--n]);
}

static void put_fact(const tw_ir *ir, tw_buf *out, const tw_insn *x)
{
    if (x->op == TW_OP_CALL) {
        tw_buf_fmt(out, "%s\t%u\t%u\t", x->flags & TW_IF_STATEMENT ? "stmt" : "call", x->off, x->len);
        put_callee(ir, out, x->a);
    } else if (x->op == TW_OP_IMPORT && !(x->flags & TW_IF_PARENT)) {
        tw_buf_fmt(out, "import\t%u\t%u\t%.*s\t%s%.*s", x->off, x->kind, TW_FMT(tw_ir_text(ir, x->a)),
                   x->flags & TW_IF_STAR ? "*" : "", TW_FMT(tw_ir_text(ir, x->b)));
    } else if (x->op == TW_OP_EXPORT) {
        tw_buf_fmt(out, "export\t%u\t%.*s\t%.*s", x->off, TW_FMT(tw_ir_text(ir, x->a)),
                   TW_FMT(tw_ir_text(ir, x->c)));
    } else if (x->op == TW_OP_CONST && x->kind == TW_CONST_REGEX) {
        tw_buf_fmt(out, "regex\t%u\t", x->off);
        put_hex(out, tw_ir_text(ir, x->a));
    } else if (x->op == TW_OP_CONST && (x->kind == TW_CONST_STR || x->kind == TW_CONST_BYTES)) {
        tw_buf_fmt(out, "str\t%u\t%c\t", x->off, x->kind == TW_CONST_STR ? 's' : 'b');
        put_hex(out, tw_ir_text(ir, x->a));
    } else if (x->op == TW_OP_OPAQUE) {
        tw_buf_fmt(out, "opaque\t%u\t%u\t%s", x->off, x->len, tw_gap_name(x->kind));
    } else {
        return;
    }
    tw_buf_putc(out, '\n');
}

static uint32_t opaques(const tw_ir *ir)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ir->insns.n; i++) n += ir->insns.v[i].op == TW_OP_OPAQUE;
    return n;
}

static int print_one(const char *path, const char *format, const char *language)
{
    tw_map_file m = {.fd = -1};
    tw_diag d = {0};
    if (tw_map_file_open(path, &m, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter: %s: %s\n", tw_plain(path), d.says);
        return 2;
    }
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir *ir = TW_NEW(a, tw_ir);
    tw_buf out = TW_BUF_INIT;
    tw_front_for(language, path, m.bytes)->lower(a, m.bytes, &lim, ir);
    if (!strcmp(format, "stats")) {
        tw_buf_fmt(&out, "%s\t%zu bytes\t%u insns\t%u args\t%zu arena\topaque %u\n", path, m.bytes.n,
                   ir->insns.n, ir->args.n, tw_arena_used(a), opaques(ir));
    } else if (!strcmp(format, "facts")) {
        tw_buf_fmt(&out, "file\t%s\n", path);
        for (uint32_t i = 0; i < ir->findings.n; i++)
            tw_buf_fmt(&out, "finding\t%llu\t%s\t%.*s\n", (unsigned long long)ir->findings.v[i].off,
                       tw_finding_info_of(ir->findings.v[i].id)->name, TW_FMT(ir->findings.v[i].detail));
        for (uint32_t i = 1; i < ir->insns.n; i++) put_fact(ir, &out, &ir->insns.v[i]);
    } else {
        tw_ir_dump(ir, &out);
    }
    fwrite(out.p, 1, out.n, stdout);
    tw_buf_free(&out);
    tw_arena_free(a);
    tw_unmap_file(&m);
    return 0;
}

int tw_verb_ir(int argc, char **argv)
{
    const char *format = "text", *language = NULL;
    int i = 0, bad = 0;
    for (; i + 2 < argc && argv[i][0] == '-'; i += 2) {
        if (!strcmp(argv[i], "--format"))
            format = argv[i + 1];
        else if (!strcmp(argv[i], "--language"))
            language = argv[i + 1];
        else
            break;
    }
    if (strcmp(format, "text") && strcmp(format, "facts") && strcmp(format, "stats")) {
        fprintf(stderr, "tidewaiter: --format is text, facts or stats, not \"%s\"\n", tw_plain(format));
        return 2;
    }
    if (language && !tw_front_named(language)) {
        fprintf(stderr, "tidewaiter: no front end for \"%s\"\n", tw_plain(language));
        return 2;
    }
    if (i >= argc) {
        fputs("usage: tidewaiter ir [--format text|facts|stats] [--language NAME] FILE...\n", stderr);
        return 2;
    }
    for (; i < argc; i++) bad |= print_one(argv[i], format, language);
    return bad ? 2 : 0;
}
