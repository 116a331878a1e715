/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/limits.h"

tw_limits tw_limits_default(void)
{
    return (tw_limits){
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
