/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/limits.h"

tw_limits tw_limits_default(void)
{
    return (tw_limits)
    {
#define X(name, value, what) .name = (value),
        TW_LIMITS(X)
#undef X
    };
}

const char *tw_limit_name(tw_limit_id id)
{
    static const char *const names[] = {
#define X(name, value, what) #name,
        TW_LIMITS(X)
#undef X
    };
    return (unsigned)id < TW_LIMIT_MAX ? names[id] : "unknown";
}

tw_err tw_limits_set(tw_limits *lim, tw_str name, uint64_t value)
{
    uint64_t *const slots[] = {
#define X(id, start, what) &lim->id,
        TW_LIMITS(X)
#undef X
    };
    for (unsigned i = 0; i < TW_LIMIT_MAX; i++) {
        if (!tw_str_eq(name, tw_str_c(tw_limit_name((tw_limit_id)i)))) continue;
        if (!value || value > 1ull << 48) return TW_ERR_USAGE;
        *slots[i] = value;
        return TW_OK;
    }
    return TW_ERR_NOTFOUND;
}
