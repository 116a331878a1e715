/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/artifact_priv.h"

bool tw_pack_is(tw_str bytes)
{
    (void)bytes;
    return false;
}

bool tw_pack_next(tw_artifact *a, tw_reader *r, tw_item *it)
{
    (void)a, (void)r, (void)it;
    return false;
}
