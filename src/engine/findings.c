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
#define KIND_CLAIMS "claims"
#define KIND_HISTORY "history"
#define FINDING(id, nm, kd, sev, words) {nm, KIND_##kd, TW_SEV_##sev, words},
static const tw_finding_info infos[] = {
#include "engine/findings.def"
};
#undef FINDING

const tw_finding_info *tw_finding_info_of(tw_finding_id id)
{
    return &infos[(unsigned)id < TW_FIND_MAX ? id : 0];
}

bool tw_finding_is_signal(tw_finding_id id)
{
    static const char *const kinds[] = {KIND_NAME, KIND_CLAIMS, KIND_HISTORY};
    for (size_t i = 0; i < TW_COUNT(kinds); i++)
        if (!strcmp(tw_finding_info_of(id)->kind, kinds[i])) return true;
    return false;
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

static void add(tw_findings *f, tw_finding what, const char *fmt, va_list ap)
{
    if (f->per_id[what.id]++ >= PER_ID_MAX || f->list.n >= f->limit) {
        f->dropped++;
        return;
    }
    char text[DETAIL_MAX + 1];
    int n = vsnprintf(text, sizeof text, fmt, ap);
    size_t len = n < 0 ? 0 : (size_t)n < DETAIL_MAX ? (size_t)n : DETAIL_MAX;
    what.detail = tw_arena_str(f->arena, (tw_str){text, len});
    TW_PUSH(f->arena, f->list, what);
}

void tw_finding_add(tw_findings *f, tw_finding_id id, uint32_t member, uint64_t off, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(f, (tw_finding){.id = id, .member = member, .off = off}, fmt, ap);
    va_end(ap);
}

void tw_signal_add(tw_findings *f, tw_finding_id id, uint32_t member, tw_str source, tw_str date,
                   const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(f, (tw_finding){.id = id, .member = member, .off = UINT64_MAX, .source = source, .date = date}, fmt,
        ap);
    va_end(ap);
}
