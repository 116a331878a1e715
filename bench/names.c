/* SPDX-License-Identifier: Apache-2.0 */
/* What a name alone tells: lines "ecosystem<TAB>name" on stdin -> the signals of each on stdout, and the time of a look-up. */
#include <stdio.h>
#include <time.h>

#include "engine/names/names.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(void)
{
    char line[1024];
    double total = 0, worst = 0;
    unsigned long n = 0;
    tw_arena *a = tw_arena_new(0);
    while (fgets(line, sizeof line, stdin)) {
        tw_str name = tw_str_trim(tw_str_c(line)), type;
        tw_findings f;
        tw_package p = {.arena = a, .about = {.member = TW_NO_MEMBER}};
        if (!tw_str_split(&name, '\t', &type) || !name.n) continue;
        for (size_t i = 0; i < tw_n_ecosystems; i++)
            if (tw_str_eq(type, tw_str_c(tw_ecosystems[i]->name))) p.ecosystem = tw_ecosystems[i];
        p.name = name;
        tw_mark m = tw_arena_mark(a);
        tw_findings_init(&f, a, 0);
        double from = now();
        tw_name_signals(&p, TW_S(""), NULL, &f);
        double took = now() - from;
        total += took, n++;
        if (took > worst) worst = took;
        for (uint32_t i = 0; i < f.list.n; i++)
            printf("%.*s\t%.*s\t%s\t%.*s\n", TW_FMT(type), TW_FMT(name),
                   tw_finding_info_of(f.list.v[i].id)->name, TW_FMT(f.list.v[i].detail));
        tw_arena_reset(a, m);
    }
    fprintf(stderr, "%lu names, %.1f us each, the slowest %.0f us\n", n, n ? total / (double)n : 0, worst);
    tw_arena_free(a);
    return 0;
}
