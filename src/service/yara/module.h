/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What tidewaiter asks of tidewaiter-yara.so: the only thing that is linked to libyara, loaded when --yara is given. It knows
 * none of our types. Source: module.c. */
#include <stddef.h>
#include <stdint.h>

typedef struct tw_yara_error {
    const char *file; /* as given; NULL: none in particular */
    unsigned line;
    char says[256];
} tw_yara_error;

typedef struct tw_yara_module {
    /* Rules of texts that end with NUL; NULL with *ret filled. Never freed. */
    void *(*compile)(const char *const *names, const char *const *texts, size_t n, tw_yara_error *ret);
    /* Calls `hit` for each rule that matches, with the offset of its first string. 0, or libyara's error. */
    int (*scan)(void *rules, const void *data, size_t n,
                void (*hit)(void *ctx, const char *rule, uint64_t at), void *ctx);
} tw_yara_module;

#define TW_YARA_SYMBOL "tw_yara_module_v1" /* of type const tw_yara_module */
