/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The verbs of the program: one row each in verbs.c, one file each in verbs/. */
#include <stdbool.h>
#include <stddef.h>

typedef struct tw_option {
    const char *name;  /* without the dashes */
    const char *value; /* what stands for its value in the help; NULL: a switch */
    const char *says;  /* NULL: works, but is not shown (tests) */
    /* value is NULL for a switch. NULL when it was taken, else what is wrong with it. */
    const char *(*set)(void *ctx, const char *value);
} tw_option;

typedef struct tw_verb {
    const char *name, *says, *usage;
    const tw_option *options; /* ends with a name of NULL; NULL: the verb reads its arguments itself */
    const char *more;         /* paragraphs below the options */
    const char *examples;
    int (*run)(int argc, char **argv); /* argv[0] is the first argument; exit status */
} tw_verb;

extern const tw_verb tw_verbs[]; /* ends with a name of NULL */
const tw_verb *tw_verb_find(const char *name);

/* Reads options into ctx and moves the other arguments to argv[0 .. return). -1: an unusable option,
 * which is explained on stderr. `--` ends the options. */
int tw_options_read(const tw_verb *v, void *ctx, int argc, char **argv);
/* The nearest of `names` (NULL-terminated) when it is near enough to be meant, else NULL. */
const char *tw_nearest(const char *word, const char *const *names);

/* help.c */
void tw_help_all(bool all); /* or the five that most need */
void tw_help_verb(const tw_verb *v);
int tw_verb_help(int argc, char **argv);

/* verbs/ */
extern const tw_option tw_scan_options[];
int tw_verb_scan(int argc, char **argv);
extern const tw_option tw_unwrap_options[];
int tw_verb_unwrap(int argc, char **argv);
extern const tw_option tw_capabilities_options[];
extern const tw_option tw_facts_options[];
int tw_verb_capabilities(int argc, char **argv);
extern const tw_option tw_diff_options[];
int tw_verb_diff(int argc, char **argv);
extern const tw_option tw_mutate_options[];
int tw_verb_mutate(int argc, char **argv);
extern const tw_option tw_rules_options[];
int tw_verb_rules(int argc, char **argv);
int tw_verb_members(int argc, char **argv);
int tw_verb_ir(int argc, char **argv);
int tw_verb_facts(int argc, char **argv);
