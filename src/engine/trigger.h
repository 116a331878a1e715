/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* When code runs, strongest first. */
typedef enum tw_trigger {
    TW_TRIGGER_INSTALL,
    TW_TRIGGER_BUILD,
    TW_TRIGGER_IMPORT,
    TW_TRIGGER_PLUGIN,
    TW_TRIGGER_COMMAND,
    TW_TRIGGER_LOAD,
    TW_TRIGGER_CALL,
    TW_TRIGGER_DEAD,
    TW_TRIGGER_MAX
} tw_trigger;
static inline const char *tw_trigger_name(tw_trigger t)
{
    static const char *const names[] = {"install", "build", "import", "plugin",
                                        "command", "load",  "call",   "dead"};
    return t < TW_TRIGGER_MAX ? names[t] : "none";
}
