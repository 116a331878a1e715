/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ecosystem.h"

extern const tw_ecosystem tw_ecosystem_pypi;

static bool keep(const tw_member *m)
{
    (void)m;
    return false;
}

static int recognise(const tw_package *p)
{
    (void)p;
    return 0;
}

static void examine(tw_package *p)
{
    (void)p;
}

const tw_ecosystem tw_ecosystem_pypi = {"pypi", "pypi", keep, recognise, examine};
