/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Which language a member is in, and who lowers it. Order: extension, then shebang, then content; two
 * that disagree are a finding (type lie). Source: languages.c; the tables are there. */
#include "engine/ir/ir.h"

typedef enum tw_text_class {
    TW_TEXT_CODE,   /* lang says which front end; front may be NULL: a language not analysed yet */
    TW_TEXT_NATIVE, /* compiled code; front may be NULL */
    TW_TEXT_INERT,  /* nothing runs it: prose, images, data */
} tw_text_class;

typedef struct tw_language {
    tw_text_class what;
    const tw_front_end *front; /* NULL unless it can be lowered */
    const char *name;          /* "python", "javascript", "c", "shared object", "prose" ... static */
} tw_language;

/* path: member path; data: its content, p == NULL when not held; kind: tw_kind of the content. */
tw_language tw_language_of(tw_str path, tw_str data, int kind);
/* The front end of a language, NULL where it has none yet. */
const tw_front_end *tw_front_of(tw_lang lang);
/* By name, as tw_lang_name has it; NULL where there is none. */
const tw_front_end *tw_front_named(const char *name);
/* Does site.py run a line of this .pth file? (pth/pth.c) */
bool tw_pth_runs_code(tw_str data);
/* For verbs that are handed a file: by name when one is given, else by path and content, else Python. */
const tw_front_end *tw_front_for(const char *name, const char *path, tw_str data);
