/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/plain.h"
#include "cli/verbs.h"

enum { VERBS_MAX = 64 };

static bool asks_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--"); i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return true;
    return false;
}

static int no_such_verb(const char *word)
{
    const char *names[VERBS_MAX] = {0};
    for (size_t n = 0; n < VERBS_MAX - 1 && tw_verbs[n].name; n++) names[n] = tw_verbs[n].name;
    const char *near = tw_nearest(word, names);
    fprintf(stderr, "tidewaiter: no verb %s", tw_plain(word));
    if (near) fprintf(stderr, "; did you mean %s?", near);
    fputs("\nSee: tidewaiter help\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        tw_help_all(false);
        return 0;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("tidewaiter " TW_VERSION);
        return 0;
    }
    const tw_verb *v = tw_verb_find(argv[1]);
    if (!v) return no_such_verb(argv[1]);
    if (asks_help(argc - 2, argv + 2)) {
        tw_help_verb(v);
        return 0;
    }
    return v->run(argc - 2, argv + 2);
}
