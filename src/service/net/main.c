/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const char usage[] =
    "usage: tidewaiter-net fetch --into DIR [--index URL] [--files first|one|wheel|sdist|all]\n"
    "                            [--max-bytes N] [--allow-http] [--before] SPEC\n"
    "SPEC: pypi:NAME[==VERSION], npm:[@SCOPE/]NAME[@VERSION], pkg:TYPE/NAME[@VERSION]\n";

enum { DEFAULT_MAX_BYTES = 512 << 20 };

static bool option(tw_net *n, tw_str name, tw_str value)
{
    if (tw_str_eq(name, TW_S("--into")))
        n->into = value;
    else if (tw_str_eq(name, TW_S("--index")))
        n->index = value;
    else if (tw_str_eq(name, TW_S("--files")))
        n->files = value;
    else if (tw_str_eq(name, TW_S("--max-bytes")))
        return tw_str_u64(value, &n->max_bytes) && n->max_bytes;
    else
        return false;
    return value.n > 0;
}

static tw_err arguments(tw_net *n, int argc, char **argv, tw_str *ret_spec)
{
    if (argc < 2 || !tw_str_eq(tw_str_c(argv[1]), TW_S("fetch")))
        return tw_fail(&n->diag, TW_ERR_USAGE, "the only verb is fetch");
    for (int i = 2; i < argc; i++) {
        tw_str arg = tw_str_c(argv[i]);
        if (tw_str_eq(arg, TW_S("--"))) continue; /* what follows never starts with a dash: names do not */
        if (tw_str_eq(arg, TW_S("--allow-http")))
            n->allow_http = true;
        else if (tw_str_eq(arg, TW_S("--before")))
            n->before = true;
        else if (tw_str_starts(arg, TW_S("-"))) {
            size_t eq = tw_str_chr(arg, '=');
            tw_str value =
                eq != TW_NPOS ? tw_str_sub(arg, eq + 1, arg.n) : tw_str_c(i + 1 < argc ? argv[++i] : NULL);
            if (!option(n, tw_str_sub(arg, 0, eq), value))
                return tw_fail(&n->diag, TW_ERR_USAGE, "%.*s: unknown option or unusable value", TW_FMT(arg));
        } else if (ret_spec->n)
            return tw_fail(&n->diag, TW_ERR_USAGE, "one package at a time");
        else
            *ret_spec = arg;
    }
    static const char *const choices[] = {"first", "one", "wheel", "sdist", "all"};
    for (size_t i = 0; i < TW_COUNT(choices); i++)
        if (tw_str_eq(n->files, tw_str_c(choices[i]))) return TW_OK;
    return tw_fail(&n->diag, TW_ERR_USAGE, "--files takes first, one, wheel, sdist or all");
}

static tw_err run(tw_net *n, int argc, char **argv)
{
    tw_str text = {NULL, 0};
    tw_spec spec;
    TW_TRY(arguments(n, argc, argv, &text));
    if (!text.n) return tw_fail(&n->diag, TW_ERR_USAGE, "no package is named");
    TW_TRY(tw_spec_parse(n->arena, text, &spec, &n->diag));
    if (!n->into.n) return tw_fail(&n->diag, TW_ERR_USAGE, "--into DIR is missing");
    n->dir = open(n->into.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (n->dir < 0) return tw_fail(&n->diag, TW_ERR_USAGE, "--into %s: %s", n->into.p, strerror(errno));
    n->http = tw_http_new();
    return spec.source->fetch(n, &spec);
}

int main(int argc, char **argv)
{
    tw_net n = {.arena = tw_arena_new(0), .files = TW_S("first"), .max_bytes = DEFAULT_MAX_BYTES, .dir = -1};
    if (argc == 2 && tw_str_eq(tw_str_c(argv[1]), TW_S("--help"))) {
        fputs(usage, stdout);
        tw_arena_free(n.arena);
        return 0;
    }
    tw_err e = run(&n, argc, argv);
    if (e != TW_OK) fprintf(stderr, "tidewaiter-net: %s\n", tw_printable(n.diag.says));
    tw_http_free(n.http);
    if (n.dir >= 0) close(n.dir);
    tw_arena_free(n.arena);
    return e == TW_OK ? 0 : e == TW_ERR_USAGE ? 2 : 1;
}
