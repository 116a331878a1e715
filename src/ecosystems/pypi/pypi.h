/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of this folder say to each other. */
#include "ecosystems/metadata.h"

/* A wheel's RECORD against its members: hashes, unlisted and absent files (record.c). */
void tw_pypi_check_record(tw_package *p, tw_str record_path, tw_str record);
/* Who runs what when: setup.py, in-tree build back ends, .pth, packages, entry points (roots.c). Also
 * fills module names and roles. */
void tw_pypi_roots(tw_package *p, tw_str dist_info);
