/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIDEWAITER_H
#define TIDEWAITER_H
/* libtidewaiter: reviews an open source package given as bytes. The library opens no file or socket,
 * reads no environment and no clock, logs nothing and has no mutable globals. Handles are opaque; a
 * handle is used by one thread at a time, different handles by different threads.
 * It does not confine itself: to review hostile input, run it in a process you can lose (the
 * tidewaiter program does). When memory runs out the process ends.
 * Link: -ltidewaiter $(pkg-config --libs zlib libisal liblzma libzstd yaml-0.1) -ldeflate -lbz2 -lm, with gcc (-flto
 * where the library was built by the release preset).
 * Source of all functions: src/engine/api.c. */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TIDEWAITER_API __attribute__((visibility("default")))
#else
#define TIDEWAITER_API
#endif

typedef struct tidewaiter_engine tidewaiter_engine;
typedef struct tidewaiter_review tidewaiter_review;

typedef enum tidewaiter_status {
    TIDEWAITER_OK = 0,
    TIDEWAITER_ERR_ARGUMENT = -1, /* a NULL or a size that cannot be */
    TIDEWAITER_ERR_OPTION = -2,   /* unknown option or value out of range */
    TIDEWAITER_ERR_RULES = -3     /* a rule does not compile */
} tidewaiter_status;

/* Version of the library, "0.1.0". Static. */
TIDEWAITER_API const char *tidewaiter_version(void);
/* One English sentence for a status. Static; never NULL. */
TIDEWAITER_API const char *tidewaiter_status_text(int status);

/* A new engine with the built-in rules and default limits. Owned by the caller. NULL: no memory. */
TIDEWAITER_API tidewaiter_engine *tidewaiter_engine_new(void);
/* Sets a counted limit by its name in coverage.limits_hit ("members", "member_bytes", ...), in the unit
 * that name states. Call before the first review. Errors: ARGUMENT, OPTION. */
TIDEWAITER_API int tidewaiter_engine_limit(tidewaiter_engine *engine, const char *name, uint64_t value);
/* Accepts NULL. Reviews made with it stay valid. */
TIDEWAITER_API void tidewaiter_engine_free(tidewaiter_engine *engine);

/* Reviews `size` bytes at `bytes` (may be NULL when size is 0). name: file name, used to tell the
 * ecosystem and shown in the report; purl: what the registry says it is, or NULL. The bytes are read
 * only during the call. *ret is owned by the caller. Errors: ARGUMENT. Whatever the bytes hold, the
 * answer is a review, not an error. */
TIDEWAITER_API int tidewaiter_review_bytes(tidewaiter_engine *engine, const void *bytes, size_t size,
                                           const char *name, const char *purl, tidewaiter_review **ret);
/* "clear", "notable", "suspicious", "malicious" or "unreviewable". Static. */
TIDEWAITER_API const char *tidewaiter_review_verdict(const tidewaiter_review *review);
/* The whole report: JSON, schema "tidewaiter.report/1". NUL-terminated; *ret_size (may be NULL) is its
 * length in bytes. Owned by the review. */
TIDEWAITER_API const char *tidewaiter_review_json(const tidewaiter_review *review, size_t *ret_size);
/* Accepts NULL. */
TIDEWAITER_API void tidewaiter_review_free(tidewaiter_review *review);

#ifdef __cplusplus
}
#endif
#endif
