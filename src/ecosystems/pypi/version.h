/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Version numbers of Python packages (PEP 440) and normalised names. Source: version.c. */
#include "base/arena.h"

typedef struct tw_pep440 { /* slices of the text it was read from */
    tw_str epoch;          /* digits, empty = 0 */
    tw_str release;        /* 1.2.3 */
    tw_str pre_n, post_n, dev_n;
    tw_str local;
    uint8_t pre; /* 0 none, 1 alpha, 2 beta, 3 candidate */
    bool post, dev;
} tw_pep440;

/* False where the text is no version. */
bool tw_pep440_parse(tw_str s, tw_pep440 *ret);
/* <0, 0, >0; numbers of any length. */
int tw_pep440_cmp(const tw_pep440 *a, const tw_pep440 *b);
static inline bool tw_pep440_is_pre(const tw_pep440 *v)
{
    return v->pre || v->dev;
}
/* Lower case, runs of - _ . as one '-'. False where the name is none a Python package can have. */
bool tw_pypi_normalise(tw_arena *a, tw_str name, tw_str *ret);
