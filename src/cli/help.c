/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/manual.h"
#include "cli/plain.h"
#include "cli/verbs.h"

static bool is_common(const tw_verb *v)
{
    static const char *const names[] = {"scan", "unwrap", "capabilities", "diff", "rules"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(v->name, names[i])) return true;
    return false;
}

void tw_help_all(bool all)
{
    puts("tidewaiter " TW_VERSION ": reviews open source packages for malware as they arrive.\n\n"
         "usage: tidewaiter VERB [options] ...\n");
    for (const tw_verb *v = tw_verbs; v->name; v++)
        if (all || is_common(v)) printf("  %-12s %s\n", v->name, v->says);
    puts("\nTry:\n  tidewaiter scan some-package.whl\n  tidewaiter help scan");
    puts(all ? "  tidewaiter help" : "  tidewaiter help --all      every verb");
}

void tw_help_verb(const tw_verb *v)
{
    printf("tidewaiter %s: %s\n\nusage: tidewaiter %s\n", v->name, v->says, v->usage);
    if (v->options) puts("\nOptions:");
    for (const tw_option *o = v->options; o && o->name; o++) {
        char left[64];
        if (!o->says) continue;
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf("  %-20s %s\n", left, o->says);
    }
    if (v->more) printf("\n%s\n", v->more);
    if (v->examples) printf("\nExamples:\n%s\n", v->examples);
}

int tw_verb_help(int argc, char **argv)
{
    bool all = argc && !strcmp(argv[0], "--all"), man = argc && !strcmp(argv[0], "--man");
    if (argc && !strcmp(argv[0], "--bash")) {
        tw_manual_bash();
        return 0;
    }
    argc -= man;
    argv += man;
    const tw_verb *v = argc && !all ? tw_verb_find(argv[0]) : NULL;
    if (argc && !all && !v) {
        fprintf(stderr, "tidewaiter: no verb %s\n", tw_plain(argv[0]));
        return 2;
    }
    if (man)
        tw_manual_page(v);
    else if (v)
        tw_help_verb(v);
    else
        tw_help_all(all);
    return 0;
}
