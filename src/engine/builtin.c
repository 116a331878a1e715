/* SPDX-License-Identifier: Apache-2.0 */
/* The rules compiled into the program; apart, so that the rule compiler links without its own output. */
#include "engine/rules/rules.h"

tw_rules *tw_rules_builtin(tw_arena *a)
{
    tw_rules *rules = NULL;
    tw_str bytes = {(const char *)tw_rules_bundle, tw_rules_bundle_size};
    if (tw_rules_load(a, bytes, &rules, NULL) != TW_OK) __builtin_trap(); /* made by the same build */
    return rules;
}
