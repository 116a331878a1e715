/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

extern const tw_source tw_source_pypi, tw_source_npm;
const tw_source *const tw_sources[] = {&tw_source_pypi, &tw_source_npm};
const size_t tw_n_sources = TW_COUNT(tw_sources);
