/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The whole unit-test harness: TEST(name) { CHECK(cond); CHECK_STR(a, b); } ... TESTS_MAIN(). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

typedef struct tw_test {
    const char *name;
    void (*run)(void);
    struct tw_test *next;
} tw_test;
static tw_test *tw_tests_head_, **tw_tests_tail_ = &tw_tests_head_;
static int tw_failed_in_test_;

#define TEST(id)                                            \
    static void test_##id(void);                            \
    static tw_test entry_##id = {#id, test_##id, NULL};     \
    __attribute__((constructor)) static void add_##id(void) \
    {                                                       \
        *tw_tests_tail_ = &entry_##id;                      \
        tw_tests_tail_ = &entry_##id.next;                  \
    }                                                       \
    static void test_##id(void)
#define CHECK(cond)                                                            \
    do {                                                                       \
        if (!(cond)) {                                                         \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #cond); \
            tw_failed_in_test_++;                                              \
        }                                                                      \
    } while (0)
#define CHECK_STR(got, want)                                                                        \
    do {                                                                                            \
        tw_str g_ = (got), w_ = (want);                                                             \
        if (!tw_str_eq(g_, w_)) {                                                                   \
            fprintf(stderr, "%s:%d: got \"%.*s\", want \"%.*s\"\n", __FILE__, __LINE__, TW_FMT(g_), \
                    TW_FMT(w_));                                                                    \
            tw_failed_in_test_++;                                                                   \
        }                                                                                           \
    } while (0)
#define CHECK_INT(got, want)                                                                     \
    do {                                                                                         \
        long long g_ = (long long)(got), w_ = (long long)(want);                                 \
        if (g_ != w_) {                                                                          \
            fprintf(stderr, "%s:%d: %s is %lld, want %lld\n", __FILE__, __LINE__, #got, g_, w_); \
            tw_failed_in_test_++;                                                                \
        }                                                                                        \
    } while (0)
/* argv[1], if given, runs only tests whose name contains it. */
#define TESTS_MAIN()                                               \
    int main(int argc, char **argv)                                \
    {                                                              \
        int passed = 0, failed = 0;                                \
        for (tw_test *t = tw_tests_head_; t; t = t->next) {        \
            if (argc > 1 && !strstr(t->name, argv[1])) continue;   \
            tw_failed_in_test_ = 0;                                \
            t->run();                                              \
            if (tw_failed_in_test_)                                \
                fprintf(stderr, "FAILED %s\n", t->name), failed++; \
            else                                                   \
                passed++;                                          \
        }                                                          \
        printf("%d passed, %d failed\n", passed, failed);          \
        return failed || !passed;                                  \
    }
