/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the bench programs share: CPU time and peak memory of this process, one JSON line. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static volatile uint8_t sink; /* keeps results alive */

static inline double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* A buffer of at least n bytes, reused. */
static inline char *room(size_t n)
{
    static char *p;
    static size_t cap;
    if (n > cap || !p) {
        free(p);
        p = malloc(cap = n + 1);
        if (!p) abort();
    }
    return p;
}

static inline void report(const char *stage, uint64_t files, uint64_t members, uint64_t packed,
                          uint64_t unpacked)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    printf("{\"stage\":\"%s\",\"files\":%llu,\"members\":%llu,\"packed\":%llu,\"unpacked\":%llu,\"cpu\":%.4f,"
           "\"peak_kb\":%ld}\n",
           stage, (unsigned long long)files, (unsigned long long)members, (unsigned long long)packed,
           (unsigned long long)unpacked, cpu_seconds(), u.ru_maxrss);
}
