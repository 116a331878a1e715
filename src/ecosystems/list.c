/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ecosystem.h"

extern const tw_ecosystem tw_ecosystem_pypi, tw_ecosystem_npm;
const tw_ecosystem *const tw_ecosystems[] = {&tw_ecosystem_pypi, &tw_ecosystem_npm};
const size_t tw_n_ecosystems = sizeof tw_ecosystems / sizeof tw_ecosystems[0];
