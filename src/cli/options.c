/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/plain.h"
#include "cli/verbs.h"

enum { WORD_MAX = 63, NAMES_MAX = 64 };

const tw_verb *tw_verb_find(const char *name)
{
    for (const tw_verb *v = tw_verbs; v->name; v++)
        if (!strcmp(v->name, name)) return v;
    return NULL;
}

/* Edit distance; words longer than WORD_MAX are compared by their beginning. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_MAX + 1];
    size_t n = strnlen(a, WORD_MAX), m = strnlen(b, WORD_MAX);
    for (size_t j = 0; j <= m; j++) row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            unsigned least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < least ? change : least;
        }
    }
    return row[m];
}

const char *tw_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    unsigned least = (unsigned)strnlen(word, WORD_MAX) / 3 + 2; /* further away is another word */
    for (; *names; names++) {
        unsigned d = distance(word, *names);
        if (strlen(word) >= 3 && !strncmp(word, *names, strlen(word))) d = 0; /* an abbreviation */
        if (d < least) least = d, best = *names;
    }
    return best;
}

static const tw_option *find(const tw_verb *v, const char *name, size_t n)
{
    for (const tw_option *o = v->options; o->name; o++)
        if (strlen(o->name) == n && !memcmp(o->name, name, n)) return o;
    return NULL;
}

static int complain_unknown(const tw_verb *v, const char *arg)
{
    const char *names[NAMES_MAX] = {0};
    size_t n = 0;
    for (const tw_option *o = v->options; o->name && n < NAMES_MAX - 1; o++)
        if (o->says) names[n++] = o->name;
    char word[WORD_MAX + 1];
    snprintf(word, sizeof word, "%s", arg + strspn(arg, "-"));
    word[strcspn(word, "=")] = '\0';
    const char *near = tw_nearest(word, names);
    fprintf(stderr, "tidewaiter %s: unknown option %s", v->name, tw_plain(arg));
    if (near) fprintf(stderr, "; did you mean --%s?", near);
    fprintf(stderr, "\nSee: tidewaiter help %s\n", v->name);
    return -1;
}

/* One option at argv[*i]; moves *i over a value that stands apart. */
static int take(const tw_verb *v, void *ctx, int argc, char **argv, int *i)
{
    const char *arg = argv[*i] + 2, *equals = strchr(arg, '=');
    const tw_option *o = find(v, arg, equals ? (size_t)(equals - arg) : strlen(arg));
    const char *value = equals ? equals + 1 : NULL, *wrong;
    if (!o) return complain_unknown(v, argv[*i]);
    if (o->value && !value && *i + 1 < argc) value = argv[++*i];
    if (o->value && !value)
        wrong = "needs a value";
    else if (!o->value && value)
        wrong = "takes no value";
    else
        wrong = o->set(ctx, value);
    if (!wrong) return 0;
    if (o->value)
        fprintf(stderr, "tidewaiter %s: --%s %s: %s\n", v->name, o->name, tw_plain(value ? value : o->value),
                wrong);
    else
        fprintf(stderr, "tidewaiter %s: --%s: %s\n", v->name, o->name, wrong);
    return -1;
}

int tw_options_read(const tw_verb *v, void *ctx, int argc, char **argv)
{
    int n = 0;
    for (int i = 0; i < argc; i++) {
        if (!strcmp(argv[i], "--")) {
            while (++i < argc) argv[n++] = argv[i];
        } else if (argv[i][0] != '-' || !argv[i][1]) {
            argv[n++] = argv[i];
        } else if (argv[i][1] != '-') {
            return complain_unknown(v, argv[i]);
        } else if (take(v, ctx, argc, argv, &i) != 0) {
            return -1;
        }
    }
    return n;
}
