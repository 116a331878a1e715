/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Error codes and diagnostics. Malformed input is data (a finding), never an error: errors are for
 * what stops a function from doing its job. 0 is success, errors are negative. */
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

typedef enum tw_err {
    TW_OK = 0,
    TW_ERR_LIMIT = -1,       /* a counted limit was reached */
    TW_ERR_MALFORMED = -2,   /* input does not follow its format */
    TW_ERR_UNSUPPORTED = -3, /* well-formed, but not something we handle */
    TW_ERR_NOTFOUND = -4,
    TW_ERR_DENIED = -5,
    TW_ERR_IO = -6, /* the operating system said no; errno is in tw_diag */
    TW_ERR_NOMEM = -7,
    TW_ERR_BUG = -8, /* an assumption of ours is wrong */
    TW_ERR_USAGE = -9,
} tw_err;

/* One explicit diagnostic, filled by the function that fails. Text is bounded and owned by it. */
typedef struct tw_diag {
    tw_err code;
    int os_errno;    /* 0 where the OS was not involved */
    uint64_t off;    /* byte offset in `where`, UINT64_MAX where unknown */
    uint32_t line;   /* 1-based, 0 where unknown */
    uint32_t col;    /* 1-based, in bytes, 0 where unknown */
    char where[256]; /* file or member, empty where unknown */
    char says[256];  /* one sentence: what is wrong and what was expected */
} tw_diag;
#define TW_DIAG_INIT ((tw_diag){.off = UINT64_MAX})

/* Source: err.c. Name of a code, static storage. */
const char *tw_err_name(tw_err e);

/* Fills code and text of `d` (may be NULL; place and errno stay as the caller set them) and returns
 * `code`, so that callers write `return tw_fail(d, ...)`. */
tw_err tw_fail(tw_diag *d, tw_err code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#define TW_TRY(expr)                          \
    do {                                      \
        tw_err tw_try_ = (expr);              \
        if (tw_try_ != TW_OK) return tw_try_; \
    } while (0)
