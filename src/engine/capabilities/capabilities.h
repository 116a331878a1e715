/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The taxonomy (what code can do) and the API tables (which symbol does it), both data under
 * capabilities/, compiled at build time into constant tables (tools/gen_tables.py -> tables.c).
 * A capability is a leaf "group.leaf". Ids are append-only (capabilities/ids.lock).
 * Sources: capabilities.c and the generated tables. */
#include "base/sha256.h"
#include "base/str.h"
#include "engine/ir/ir.h"

typedef uint16_t tw_cap; /* 0 = none; generated enum TW_CAP_EXEC_SHELL ... in "capabilities/ids.h" */

typedef struct tw_cap_info {
    const char *name;   /* "exec.shell" */
    const char *says;   /* "runs a command through a shell" */
    const char *attack; /* ATT&CK id or "" */
} tw_cap_info;
const tw_cap_info *tw_cap_info_of(tw_cap c);
tw_cap tw_cap_by_name(tw_str name); /* 0 where unknown */
uint16_t tw_cap_count(void);

/* What an argument of an API means. */
typedef enum tw_arg_role { TW_ARGROLE_NONE, TW_ARGROLE_URL, TW_ARGROLE_HOST, TW_ARGROLE_PATH, TW_ARGROLE_COMMAND,
                           TW_ARGROLE_CODE, TW_ARGROLE_DATA, TW_ARGROLE_KEY, TW_ARGROLE_NAME, TW_ARGROLE_MAX } tw_arg_role;
const char *tw_arg_role_name(tw_arg_role r);

enum { /* tw_api.flags */
    TW_API_SOURCE = 1,   /* its result is data of this capability */
    TW_API_SINK = 2,     /* data reaching its role arguments leaves or runs */
    TW_API_PASS = 4,     /* result carries what the arguments carry (encoders, formatters, str) */
    TW_API_VALUE = 8,    /* reading the symbol, without calling it, is enough (os.environ) */
    TW_API_INVOKER = 16, /* calls the callables handed to it (Thread, atexit.register, map) */
    TW_API_DECODER = 32,
};
typedef struct tw_api_arg {
    int8_t pos;       /* argument number, -1 = by keyword only, -2 = every argument, -3 = receiver */
    uint8_t role;     /* tw_arg_role */
    const char *name; /* keyword, NULL */
} tw_api_arg;
typedef struct tw_api {
    const char *symbol; /* "os.system", "socket.socket().connect", "?.connect" */
    tw_cap cap;
    uint8_t flags;
    tw_api_arg args[4];
} tw_api;
/* The entry of a resolved symbol in a language; tries the symbol itself, then its known re-exports
 * and "?.last"; NULL where unknown. A symbol may have several: they stand in a row, ret_n counts. */
const tw_api *tw_api_find(tw_lang lang, tw_str symbol, uint32_t *ret_n);

/* Classes of constant values (capabilities/values.tsv): a path that means browser data, a host
 * that is a webhook... each maps to a capability that a read/write/connect of it has besides. */
typedef struct tw_value_class {
    const char *pattern; /* glob, lower case, matched against the lower-cased value */
    uint8_t role;        /* tw_arg_role it applies to, NONE = any */
    tw_cap cap;
    const char *label;   /* "Discord tokens" */
} tw_value_class;
/* First class that matches, starting at *pos (0 at first); NULL at the end. Linear, bounded. */
const tw_value_class *tw_value_class_next(tw_arg_role role, tw_str lowered, uint32_t *pos);

/* SHA-256 of the data the tables were made from: part of the verdict key. */
tw_digest tw_tables_hash(void);
