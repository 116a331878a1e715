/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter facts FILE...: the record of each source file, as text. */
#include <stdio.h>

#include "cli/plain.h"
#include "base/os.h"
#include "engine/languages/languages.h"
#include "engine/record/record.h"

extern int tw_verb_facts(int argc, char **argv);

static int print_one(const char *path)
{
    tw_limits lim = tw_limits_default();
    tw_map_file file;
    tw_diag d = {0};
    if (tw_map_file_open(path, &file, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter: %s: %s\n", tw_plain(path), d.says);
        return 2;
    }
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    tw_record r;
    tw_buf out = TW_BUF_INIT;
    tw_front_for(NULL, path, file.bytes)->lower(a, file.bytes, &lim, &ir);
    tw_evaluate(a, &ir, &lim, &r);
    tw_record_dump(&r, &out);
    fwrite(out.p, 1, out.n, stdout);
    tw_buf_free(&out);
    tw_arena_free(a);
    tw_unmap_file(&file);
    return 0;
}

int tw_verb_facts(int argc, char **argv)
{
    int status = 0;
    if (!argc) {
        fputs("tidewaiter facts: no file named; usage: tidewaiter facts FILE...\n", stderr);
        return 2;
    }
    for (int i = 0; i < argc; i++) {
        if (argc > 1) printf("== %s\n", argv[i]);
        if (print_one(argv[i])) status = 2;
    }
    return status;
}
