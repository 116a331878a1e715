/* SPDX-License-Identifier: Apache-2.0 */
/* Stand-ins until pack.c lands; weak, so the real ones win. Removed then. */
#include "engine/artifact/artifact.h"

__attribute__((weak)) tw_err tw_pack_dir(const char *root, const char *const *skip, const tw_limits *lim,
                                         int fd, tw_diag *d)
{
    (void)root, (void)skip, (void)lim, (void)fd;
    return tw_fail(d, TW_ERR_UNSUPPORTED, "folders are not read yet");
}

__attribute__((weak)) tw_err tw_pack_files(const char *root, const tw_str *paths, size_t n,
                                           const tw_limits *lim, int fd, tw_diag *d)
{
    (void)paths, (void)n;
    return tw_pack_dir(root, NULL, lim, fd, d);
}
