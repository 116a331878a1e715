/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

const char *tw_err_name(tw_err e)
{
    switch (e) {
    case TW_OK: return "ok";
    case TW_ERR_LIMIT: return "limit";
    case TW_ERR_MALFORMED: return "malformed";
    case TW_ERR_UNSUPPORTED: return "unsupported";
    case TW_ERR_NOTFOUND: return "not-found";
    case TW_ERR_DENIED: return "denied";
    case TW_ERR_IO: return "io";
    case TW_ERR_NOMEM: return "no-memory";
    case TW_ERR_BUG: return "bug";
    case TW_ERR_USAGE: return "usage";
    }
    return "unknown";
}

tw_err tw_fail(tw_diag *d, tw_err code, const char *fmt, ...)
{
    if (!d) return code;
    va_list ap;
    va_start(ap, fmt);
    d->code = code;
    vsnprintf(d->says, sizeof d->says, fmt, ap);
    va_end(ap);
    return code;
}
