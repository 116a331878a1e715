/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Names -> files, by the sibling program tidewaiter-net, into a folder that is gone afterwards whatever
 * happens to this program. Source: fetch.c. */
#include <sys/types.h>

#include "service/supervisor/items.h"

typedef struct tw_fetch_options {
    const char *index; /* URL, NULL: what the user's own pip and npm are configured for */
    const char *files; /* which of a release, NULL: the first that an installer would take */
    bool allow_http, quiet;
    bool before; /* the release before it too, first */
} tw_fetch_options;

typedef struct tw_fetcher {
    tw_fetch_options how;
    unsigned n;    /* specs so far: each has a folder of its own in `dir` */
    char dir[128]; /* empty: not made yet */
    int lifeline;  /* its closing lets the janitor remove the folder */
    pid_t janitor;
} tw_fetcher;

bool tw_is_spec(const char *arg); /* pypi:..., npm:..., pkg:... */
void tw_fetcher_init(tw_fetcher *f, const tw_fetch_options *how);
/* Adds what `spec` stands for, or a bad item that says why not. */
void tw_fetch(tw_fetcher *f, tw_items *items, const char *spec);
void tw_fetcher_done(tw_fetcher *f);
