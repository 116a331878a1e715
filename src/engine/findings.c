/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/findings.h"

#include <stdarg.h>
#include <stdio.h>

enum { DETAIL_MAX = 200, PER_ID_MAX = 200, DEFAULT_LIMIT = 20000 };

#define KIND_ARCHIVE "archive"
#define KIND_METADATA "metadata"
#define KIND_NAME "name"
#define KIND_TEXT "text"
#define KIND_NATIVE "native"
#define FINDING(id, nm, kd, sev, words) {nm, KIND_##kd, TW_SEV_##sev, words},
static const tw_finding_info infos[] = {
#include "engine/findings.def"
};
#undef FINDING

const tw_finding_info *tw_finding_info_of(tw_finding_id id)
{
    return &infos[(unsigned)id < TW_FIND_MAX ? id : 0];
}

const char *tw_severity_name(tw_severity s)
{
    static const char *const names[] = {"info", "odd", "bad"};
    return names[s <= TW_SEV_BAD ? s : TW_SEV_BAD];
}

tw_finding_id tw_finding_by_name(tw_str name)
{
    for (unsigned i = 0; i < TW_FIND_MAX; i++)
        if (tw_str_eq(tw_str_c(infos[i].name), name)) return (tw_finding_id)i;
    return TW_FIND_MAX;
}

void tw_findings_init(tw_findings *f, tw_arena *a, uint32_t limit)
{
    memset(f, 0, sizeof *f);
    f->arena = a;
    f->limit = limit ? limit : DEFAULT_LIMIT;
}

void tw_finding_add(tw_findings *f, tw_finding_id id, uint32_t member, uint64_t off, const char *fmt, ...)
{
    if (f->per_id[id]++ >= PER_ID_MAX || f->list.n >= f->limit) {
        f->dropped++;
        return;
    }
    char text[DETAIL_MAX + 1];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < DETAIL_MAX ? (size_t)n : DETAIL_MAX;
    TW_PUSH(f->arena, f->list, ((tw_finding){id, member, off, tw_arena_str(f->arena, (tw_str){text, len})}));
}
