/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Small readers that ecosystems share: RFC 822 headers, INI sections, CSV rows, path helpers.
 * Slices point into the input. Source: metadata.c. */
#include "engine/ecosystem.h"

/* First value of a header in the block before the first empty line, trimmed; empty where absent. */
tw_str tw_header(tw_str text, tw_str name);
/* The next `key = value` of an INI text; *section changes as headers pass. False at the end. */
bool tw_ini_next(tw_str *rest, tw_str *section, tw_str *ret_key, tw_str *ret_value);
/* The next CSV row of at most max fields (quotes removed in the arena). Returns the count of fields,
 * -1 at the end, -2 for a malformed row. */
int tw_csv_next(tw_arena *a, tw_str *rest, tw_str *fields, int max);
/* The kept member with this path, NULL. */
const tw_kept *tw_kept_find(const tw_package *p, tw_str path);
/* The kept member of the fewest path components whose path ends with `tail`, NULL. */
const tw_kept *tw_kept_tail(const tw_package *p, tw_str tail);
/* Index of the member with this path at depth 0, TW_NO_MEMBER; the last one wins, as on unpacking. */
uint32_t tw_member_find(const tw_package *p, tw_str path);
void tw_root_add(tw_package *p, uint32_t member, tw_str function, tw_trigger t, tw_str reason);
/* The one top folder ("name-1.0/") that holds every file, else empty; *ret_n counts the top folders. */
tw_str tw_top_folder(const tw_package *p, uint32_t *ret_n);
/* TEST, DOC, EXAMPLE by folder and file name, else CODE. */
tw_role tw_role_by_path(tw_str path);
/* Letters folded to lower case and runs of -_. to one '-' (PEP 503), in the arena. */
tw_str tw_name_normal(tw_arena *a, tw_str name);
