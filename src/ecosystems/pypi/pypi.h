/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of this folder say to each other. */
#include "base/map.h"
#include "ecosystems/metadata.h"

typedef struct pypi { /* names of the members, each -> index + 1 */
    tw_package *p;
    tw_map modules, paths;
} pypi;

/* A wheel's RECORD against its members: hashes, unlisted and absent files (record.c). */
void tw_pypi_check_record(tw_package *p, tw_str record_path, tw_str record);
/* Who runs what when: setup.py, in-tree build back ends, .pth, packages, entry points (roots.c). Also
 * fills module names and roles. */
void tw_pypi_roots(tw_package *p, tw_str dist_info);
/* The member that is this module; TW_NO_MEMBER. */
void tw_pypi_need(tw_package *p, tw_str spec, const char *group); /* a requirement as written */
uint32_t tw_pypi_module(const pypi *y, tw_str module);
/* "name = pkg.mod:func [extra]" of a section of entry points. */
void tw_pypi_entry_point(const pypi *y, tw_str section, tw_str name, tw_str target);
/* What pyproject.toml, setup.cfg and setup.py of a source tree name (project.c). */
void tw_pypi_project_roots(const pypi *y);
/* What it says of itself (about.c); after the roots, which name its modules. */
void tw_pypi_about(tw_package *p, const tw_kept *meta, tw_str file_version);
