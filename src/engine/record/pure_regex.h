/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Regular expressions by PCRE2, within counts. A language's own syntax is translated first (pure_regex_js.c); what
 * would not surely mean the same is refused. Source: pure_regex.c. */
#include "engine/record/evaluate_priv.h"

typedef struct ev_regex ev_regex;
enum { EV_RE_CASELESS = 1, EV_RE_GROUPS = 64 };

/* A pattern of PCRE2 (UTF-8); the same pattern is compiled once. NULL: it is none, or there are too many. */
ev_regex *ev_regex_make(ev *e, tw_str pattern, uint32_t flags);
/* Groups with the whole match first, offsets in pairs, SIZE_MAX where unset; 0: no match, -1: not known. At most
 * EV_RE_GROUPS. not_empty: only a match with text counts. */
int ev_regex_at(ev *e, ev_regex *re, tw_str s, size_t from, size_t *ret);
void ev_regex_free(ev *e); /* all of them */

/* pure_regex_js.c: false where it is not surely the same. */
typedef struct ev_js_re {
    tw_str pattern; /* of PCRE2 */
    uint32_t flags, groups;
    bool global, sticky, unicode;
    bool unsure; /* what its groups hold may differ */
    bool ascii;  /* only for texts in ASCII */
    bool named;
} ev_js_re;
bool ev_regex_js(ev *e, tw_str source, tw_str flags, ev_js_re *ret);
