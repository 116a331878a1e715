/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the mutators: one source file as tokens, and edits of byte ranges. A mutator that cannot prove a place safe
 * leaves it alone. Sources: source.c (tokens, edits), names.c (which names mean what), quote.c (literals); the mutators:
 * strings.c, calls.c, rename.c, files.c, wrap.c, bundle.c, shape.c, order.c, minify.c; table.c lists them. */
#include "engine/languages/tokens.h"
#include "service/mutate/mutate.h"

#define MU_NONE UINT32_MAX
enum { MU_GROUPS = 3000, MU_FILE_MAX = 2 << 20 };

typedef struct mu_edit {
    uint32_t off, end, group, seq;
    tw_str text;
} mu_edit;

typedef struct mu_rng {
    uint64_t s;
} mu_rng;
uint64_t mu_random(mu_rng *r);
static inline uint32_t mu_below(mu_rng *r, uint32_t n)
{
    return n ? (uint32_t)(mu_random(r) % n) : 0;
}

/* A file being rewritten. */
typedef struct mu {
    tw_arena *a;
    tw_mut *m;
    uint32_t index; /* in m->files */
    mu_rng *rng;
    bool python, module; /* module: ECMAScript's, by name, manifest or its own import and export */
    tw_str text;
    tw_token *t;
    uint32_t n;
    uint32_t start; /* behind #! and byte order mark */
    uint32_t fresh; /* names made so far */
    TW_VEC(mu_edit) edits;
    uint32_t groups, group_from;
} mu;

/* source.c */
bool mu_open(tw_mut *m, uint32_t file, mu_rng *rng, mu *ret); /* false: no source, or one left alone */
tw_str mu_text(const mu *u, uint32_t tok);
bool mu_is(const mu *u, uint32_t tok,
           const char *text); /* an operator, keyword or name; false out of range */
bool mu_is_any(const mu *u, uint32_t tok, const char *const *texts); /* NULL-terminated */
bool mu_kind(const mu *u, uint32_t tok, tw_token_kind k);
void mu_begin(mu *u); /* edits that belong together follow */
void mu_edit_at(mu *u, uint32_t off, uint32_t end, tw_str text);
bool mu_commit(mu *u);                        /* false: they cross others, and are gone */
bool mu_apply(mu *u, tw_str *to);             /* false: nothing changed */
uint32_t mu_errors(tw_str text, bool python); /* places that the front end could not read */
bool mu_store(mu *u, tw_str text); /* the file's new content; false: it would not be read as before */
bool mu_finish(mu *u);             /* apply and store */
tw_str mu_fresh(mu *u);            /* a name that the package does not hold */
tw_str mu_fresh_file(mu *u, const char *ending);
tw_str mu_folder(const mu *u);
tw_str mu_stem(tw_str path); /* base name without its ending */
tw_mut_file *mu_file(mu *u);
bool mu_has_word(tw_str text, tw_str word); /* as a whole name, anywhere */
bool mu_elsewhere(const mu *u, tw_str word);
bool mu_mentions(const mu *u, const char *const *words); /* a name of them, NULL-terminated */

/* names.c */
uint32_t mu_line_start(const mu *u, uint32_t tok); /* Python: the first token of its line */
uint32_t mu_line_end(const mu *u, uint32_t tok);   /* Python: its NEWLINE */
uint32_t
mu_top(const mu *u); /* offset where statements may be put in: behind docstring, __future__, directives */
bool mu_free_name(const mu *u, const char *name);   /* it means what the language gives it, nothing else */
bool mu_member(const mu *u, uint32_t tok);          /* behind a dot */
bool mu_binds(const mu *u, uint32_t tok);           /* this name is bound here */
bool mu_statement_start(const mu *u, uint32_t tok); /* JavaScript: surely one begins here */
bool mu_top_level(const mu *u, uint32_t tok);       /* JavaScript: in no bracket */
uint32_t
mu_callee(const mu *u,
          uint32_t open);     /* first token of the dotted name called at `(`; MU_NONE: none or no call */
bool mu_dynamic(const mu *u); /* exec, eval, globals(), locals(): names are looked up by text */
bool mu_star(const mu *u);    /* from m import * */
void mu_levels(const mu *u, uint32_t *ret); /* depth of brackets per token */

bool mu_library(const mu *u, tw_str name); /* Python: a module of the library under its own name (calls.c) */

/* quote.c */
void mu_quote(tw_buf *b, tw_str value, char q, bool bytes);
void mu_base64(tw_buf *b, tw_str s);
tw_str mu_base64_str(tw_arena *a, tw_str s);
bool mu_ascii(tw_str s);
bool mu_deflate(tw_buf *b, tw_str s); /* zlib */

/* The mutators: true where something changed. */
typedef bool (*mu_run)(mu *u);
typedef struct mu_row {
    const char *name, *says;
    uint8_t langs; /* MU_PY | MU_JS */
    mu_run run;
} mu_row;
enum { MU_PY = 1, MU_JS = 2 };
extern const mu_row mu_rows[]; /* ends with a name of NULL */

bool mu_split(mu *u);
bool mu_encode(mu *u);
bool mu_confuse(mu *u);
bool mu_alias(mu *u);
bool mu_rename(mu *u);
bool mu_reflect(mu *u);
bool mu_dispatch(mu *u);
bool mu_move(mu *u);
bool mu_data(mu *u);
bool mu_ext(mu *u);
bool mu_layer(mu *u);
bool mu_bundle(mu *u);
bool mu_pad(mu *u);
bool mu_dead(mu *u);
bool mu_reorder(mu *u);
bool mu_async(mu *u);
bool mu_minify(mu *u);
bool mu_break(mu *u); /* changes what a program does, so that the checks can be seen to fail */
