/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What a package's name, words, people and history tell, as signals: findings with a source and a date. They are facts;
 * what they come to together with code, rules say. Nothing is scanned for: every look-up is a hash of tables that
 * tools/gen_popular.py made of data/popular. Sources: check.c (all signals), about.c, history.c, near.c (one slip),
 * keys.c (the forms a name is compared in), likeness.c (descriptions), popular.c (the tables). */
#include "base/sha256.h"
#include "base/buf.h"
#include "engine/ecosystem.h"

/* The forms in which names are compared; tools/gen_popular.py has the same. */
typedef enum tw_name_key {
    TW_KEY_NAME,     /* as the registry compares */
    TW_KEY_JOINED,   /* letters without separators and scope marks */
    TW_KEY_SKELETON, /* the same, look-alikes folded: 0 o, 1 i l, rn m, vv w, cl d */
    TW_KEY_WORDS,    /* the words between separators, sorted */
    TW_KEY_MAX
} tw_name_key;
enum { TW_NAME_MAX = 214 };
#define TW_NO_NAME UINT32_MAX

typedef struct tw_popular tw_popular;
/* The list of an ecosystem, NULL where there is none. */
const tw_popular *tw_popular_of(const char *ecosystem);
tw_digest tw_popular_hash(void);
/* Place of a name, 0 is the most popular; TW_NO_NAME. `name` in the form `key`, from tw_name_form. */
uint32_t tw_popular_find(const tw_popular *l, tw_name_key key, tw_str name);
tw_str tw_popular_name(const tw_popular *l, uint32_t rank);
uint32_t tw_popular_count(const tw_popular *l);
/* Whose repository "host/owner/name" is; TW_NO_NAME. */
uint32_t tw_popular_repository(const tw_popular *l, tw_str repository);
/* Whose description is like this one; TW_NO_NAME. */
uint32_t tw_popular_said(const tw_popular *l, tw_str summary);
/* "data/popular/pypi.tsv: SOURCE" and its date. */
tw_str tw_popular_source(const tw_popular *l, tw_str *ret_date);
bool tw_mail_disposable(tw_str domain);
tw_str tw_mail_source(tw_str *ret_date);

/* The form of a name into `to` (TW_NAME_MAX bytes); its length, 0 where it has none. */
size_t tw_name_form(tw_name_key key, tw_str name, char *to);

typedef struct tw_slip { /* one slip of the hand */
    uint32_t rank;       /* of the popular name; TW_NO_NAME: none */
    const char *says;    /* "two letters swapped" */
    bool likely;         /* one that hands make, or that squatters count on: not any other letter */
} tw_slip;
/* The most popular name one edit away (Damerau-Levenshtein), of those above `below` and of at least `least` bytes. */
tw_slip tw_name_slip(const tw_popular *l, tw_str name, uint32_t below, size_t least);

/* What somebody outside the artifact said of its project; empty or 0: unknown. */
typedef struct tw_history {
    tw_str source, date; /* who said so, and when: YYYY-MM-DD */
    tw_str first_seen;   /* the first release */
    tw_str latest;       /* the highest version but this one */
    uint32_t releases;   /* this one included */
} tw_history;
/* JSON {"source", "date", "first_seen", "latest", "releases"}; what is not as it should be stays unknown. */
void tw_history_read(tw_arena *a, tw_str json, tw_history *ret);
/* Days from one date to another, both YYYY-MM-DD...; false where they are no dates. */
bool tw_days_between(tw_str from, tw_str to, int64_t *ret);

/* Adds the signals of a package to its findings. purl: what the registry says it is, or empty. */
void tw_name_signals(const tw_package *p, tw_str purl, const tw_history *h, tw_findings *f);

/* --- parts of check.c ----------------------------------------------------------------------------- */
typedef struct tw_naming { /* what is known of the name, for the parts */
    const tw_package *p;
    const tw_popular *list;
    const tw_history *h;
    tw_findings *f;
    tw_str source, date; /* of the list */
    bool popular;        /* it is on the list itself */
    uint32_t rank;       /* of the popular name it is like; TW_NO_NAME */
} tw_naming;
void tw_about_check(tw_naming *n);
/* How much of it is that popular package's: description, repository, install command, modules. Says what. family: packages
 * of one house share repositories and say how to install each other, so those do not count. */
uint32_t tw_about_likeness(const tw_naming *n, bool family, tw_buf *says);
void tw_history_check(tw_naming *n);
/* Young: 1, old and settled: -1, else or unknown 0. */
int tw_history_age(const tw_history *h);
