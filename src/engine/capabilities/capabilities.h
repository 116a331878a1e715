/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The taxonomy (what code can do) and the API tables (which symbol does it), both data under
 * capabilities/, compiled at build time into constant tables (tools/gen_tables.py -> tables.c).
 * A capability is a leaf "group.leaf". Ids are append-only (capabilities/ids.lock).
 * Sources: capabilities.c, values.c and the generated tables. */
#include "base/sha256.h"
#include "base/str.h"
#include "engine/ir/ir.h"

typedef uint16_t tw_cap; /* 0 = none; generated enum TW_CAP_EXEC_SHELL ... in "capabilities/ids.h" */

typedef struct tw_cap_info {
    const char *name;   /* "exec.shell" */
    const char *says;   /* "runs a command through a shell" */
    const char *attack; /* ATT&CK id or "" */
} tw_cap_info;
const tw_cap_info *tw_cap_info_of(tw_cap c); /* never NULL: empty strings where unknown */
tw_cap tw_cap_by_name(tw_str name);          /* 0 where unknown */
uint16_t tw_cap_count(void);                 /* one above the largest id */

/* What an argument of an API means. DEST is a path that is written; reports call it "path". */
typedef enum tw_arg_role {
    TW_ARGROLE_NONE,
    TW_ARGROLE_URL,
    TW_ARGROLE_HOST,
    TW_ARGROLE_PATH,
    TW_ARGROLE_COMMAND,
    TW_ARGROLE_CODE,
    TW_ARGROLE_DATA,
    TW_ARGROLE_KEY,
    TW_ARGROLE_NAME,
    TW_ARGROLE_DEST,
    TW_ARGROLE_PARAMETER, /* value classes only: the name of what a function is handed; */
    TW_ARGROLE_MEMBER,    /* of an attribute or method that gives a secret; */
    TW_ARGROLE_MODULE,    /* of an imported module whose objects have such; */
    TW_ARGROLE_FIELD,     /* what selects an element of a page */
    TW_ARGROLE_MAX
} tw_arg_role;
const char *tw_arg_role_name(tw_arg_role r);

enum {                      /* tw_api.flags */
       TW_API_SOURCE = 1,   /* its result is data of this capability */
       TW_API_SINK = 2,     /* data reaching its role arguments leaves or runs */
       TW_API_PASS = 4,     /* result carries what the arguments carry (encoders, formatters, str) */
       TW_API_VALUE = 8,    /* reading the symbol, without calling it, is enough (os.environ) */
       TW_API_INVOKER = 16, /* calls the callables handed to it (Thread, atexit.register, map) */
       TW_API_DECODER = 32,
};
enum { TW_ARG_KEYWORD = -1, TW_ARG_EVERY = -2, TW_ARG_SELF = -3 }; /* tw_api_arg.pos */
typedef struct tw_api_arg {
    int8_t pos;       /* argument number, or one of the above */
    uint8_t role;     /* tw_arg_role; NONE ends the list */
    const char *name; /* keyword, NULL */
} tw_api_arg;

/* A condition on one argument's constant text ("true", "none", a symbol's name as they stand). */
typedef enum tw_api_test {
    TW_APITEST_END,
    TW_APITEST_IS,       /* is this text */
    TW_APITEST_IS_NOT,   /* is another text, unknown, or missing */
    TW_APITEST_HAS,      /* contains one of these characters */
    TW_APITEST_HAS_NOT,  /* contains none, is unknown, or missing */
    TW_APITEST_PART,     /* contains this text */
    TW_APITEST_PART_NOT, /* does not, is unknown, or missing */
    TW_APITEST_DYNAMIC,  /* is given and not constant */
    TW_APITEST_CONST,    /* is given and constant */
    TW_APITEST_GIVEN,
    TW_APITEST_SEQ,  /* is a list or tuple written in place */
    TW_APITEST_EXEC, /* is a file mode with an execute bit, or computed from one */
} tw_api_test;
typedef struct tw_api_when {
    uint8_t test; /* tw_api_test */
    int8_t pos;
    const char *name, *text;
} tw_api_when;

/* How the result of a call (or the symbol itself) reads as text, where paths and the like are put together. */
typedef enum tw_api_text {
    TW_APITEXT_NONE,
    TW_APITEXT_FIXED, /* `text` */
    TW_APITEXT_JOIN,  /* receiver and arguments joined by `text` */
    TW_APITEXT_ENV,   /* %NAME% of its first argument */
    TW_APITEXT_ARG,   /* its first argument, or its receiver where it has none */
} tw_api_text;

typedef struct tw_api {
    const char *symbol; /* "os.system", "socket.socket().connect", "?.connect" */
    tw_cap cap;         /* 0: only the flags matter; a known function without PASS does not pass data on */
    uint8_t flags;
    uint8_t text_kind; /* tw_api_text */
    const char *text;
    tw_api_arg args[8];
    tw_api_when when[2];
} tw_api;
/* The rows of a resolved symbol in a language: the symbol itself, then its known re-exports
 * ("six.moves.urllib..."), then "?.last" when its receiver is a result or unknown, then "*.last". NULL where unknown.
 * A symbol may have several rows: they stand in a row, ret_n counts. */
const tw_api *tw_api_find(tw_lang lang, tw_str symbol, uint32_t *ret_n);
static inline bool tw_api_is_relaxed(const tw_api *api)
{
    return api->symbol[0] == '?';
}

/* Classes of constant values (capabilities/values.tsv): a path that means browser data, a host
 * that is a webhook... each maps to a capability that a read/write/connect of it has besides. */
typedef struct tw_value_class {
    const char *pattern; /* glob over the folded value, see values.tsv */
    uint16_t roles;      /* bit per tw_arg_role it applies to */
    tw_cap cap;
    const char *label; /* "Discord tokens" */
} tw_value_class;
enum { TW_VALUE_MAX = 4 << 10 }; /* only so much of a value is looked at */
/* The classes of a value in that role, in table order, at most max. Case and slashes are folded here. */
uint32_t tw_value_classes(tw_arg_role role, tw_str value, const tw_value_class **ret, uint32_t max);
/* The host in a URL or "host:port" (lower-cased by nobody), empty where there is none. */
tw_str tw_url_host(tw_str url);
/* A dotted IPv4 or bracketed IPv6 literal outside the private, loopback and documentation ranges. */
bool tw_host_is_public_ip(tw_str host);

/* SHA-256 of the data the tables were made from: part of the verdict key. */
tw_digest tw_tables_hash(void);
