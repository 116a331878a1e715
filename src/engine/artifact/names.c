/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/artifact_priv.h"

void tw_names_init(tw_names *n, tw_arena *work)
{
    memset(n, 0, sizeof *n);
    tw_map_init(&n->by_fold, work);
}

tw_str tw_base_name(tw_str path)
{
    size_t i = tw_str_rchr(path, '/');
    return i == TW_NPOS ? path : tw_str_sub(path, i + 1, path.n);
}

bool tw_type_lie(tw_str name, tw_kind k)
{
    (void)name, (void)k;
    return false;
}

void tw_names_check(tw_artifact *a, tw_reader *r, tw_member *m, tw_str raw)
{
    (void)a, (void)r, (void)m, (void)raw;
}
