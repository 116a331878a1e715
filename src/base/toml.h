/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The values of a TOML text one after the other, each with its full path: what reading a pyproject.toml takes, not a
 * validator. Nothing recurses; a line that is no TOML is passed over and noted. Source: toml.c. */
#include "base/arena.h"

enum { TW_TOML_DEPTH = 32, TW_TOML_PATH = 512 };

typedef struct tw_toml {
    tw_arena *a;
    tw_str s;
    size_t at;
    uint32_t n_bad; /* lines passed over */
    char path[TW_TOML_PATH];
    uint32_t n_path,
        n_section; /* of the value being read; of the header above: one is the start of the other */
    struct {
        char close;      /* ']' or '}' */
        uint32_t n_path; /* of what holds the items */
    } open[TW_TOML_DEPTH];
    uint32_t depth;
} tw_toml;

typedef struct tw_toml_item {
    tw_str path; /* "tool.pdm.scripts.start.cmd"; items of an array share one; until the next call */
    tw_str text; /* decoded string; other values as written */
    bool is_string;
    size_t off, len; /* as written, quotes included */
} tw_toml_item;

static inline tw_toml tw_toml_reader(tw_arena *a, tw_str text)
{
    return (tw_toml){.a = a, .s = text};
}
/* False at the end. */
bool tw_toml_next(tw_toml *t, tw_toml_item *ret);
