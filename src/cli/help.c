/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/plain.h"
#include "cli/verbs.h"

void tw_help_all(void)
{
    puts("tidewaiter " TW_VERSION ": reviews open source packages for malware as they arrive.\n\n"
         "usage: tidewaiter VERB [options] ...\n");
    for (const tw_verb *v = tw_verbs; v->name; v++) printf("  %-10s %s\n", v->name, v->says);
    puts("\nTry:\n  tidewaiter scan some-package.whl\n  tidewaiter help scan");
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
    const tw_verb *v = argc ? tw_verb_find(argv[0]) : NULL;
    if (argc && !v) {
        fprintf(stderr, "tidewaiter: no verb %s\n", tw_plain(argv[0]));
        return 2;
    }
    if (v)
        tw_help_verb(v);
    else
        tw_help_all();
    return 0;
}
