/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What an ecosystem tells the engine: how to recognise its artifacts, which members to keep for
 * reading, who the package is, and which files run when. One folder per registry under
 * src/ecosystems; the engine receives an array of these. */
#include "engine/artifact/artifact.h"
#include "engine/trigger.h"

typedef struct tw_kept { /* a member whose content the ecosystem asked for */
    uint32_t member;
    tw_str path;
    tw_str data; /* job arena */
} tw_kept;

typedef struct tw_root { /* code that something outside the package starts */
    uint32_t member;
    tw_str
        function; /* qualified name in that file, empty = module body; where there is none of that name, a glob of
                      * names; "=NAME": the module body, unless its NAME is a constant that can be had without it */
    uint8_t trigger; /* tw_trigger */
    tw_str reason;   /* "setup.py", "package-init", "pth", "console-script x", ... arena or static */
} tw_root;

enum { TW_DEPENDENCIES_MAX = 10000 };
typedef struct tw_dependency {
    tw_str name;       /* as the registry compares names */
    tw_str spec;       /* version range, marker, address: as written */
    const char *group; /* "", "dev", "peer", "optional", "extra"; static */
} tw_dependency;

typedef struct tw_alias { /* a module under a name that is not its path: a folder with its main, "#inner" */
    tw_str name;
    uint32_t member;
} tw_alias;

/* What the package says of itself, for what names and people tell (engine/names). As written, empty where it says
 * nothing. */
typedef TW_VEC(tw_str) tw_texts;
typedef struct tw_about {
    uint32_t member;      /* that says so, TW_NO_MEMBER */
    tw_str name;          /* before the registry's normal form */
    tw_str summary, text; /* one line; the long description */
    tw_texts urls, mails;
    tw_texts modules; /* top-level names that an import of it may use */
} tw_about;
enum { TW_ABOUT_MAX = 64 }; /* of each list */

typedef struct tw_package {
    tw_arena *arena;
    /* in */
    tw_str file_name; /* base name of the artifact as given */
    const char *format;
    const tw_member *members;
    uint32_t n_members;
    const tw_kept *kept;
    uint32_t n_kept;
    tw_findings *findings;
    /* out */
    const struct tw_ecosystem *ecosystem;
    const char *subject;        /* "wheel", "egg", "sdist", "npm", "installed", "directory", "file"; static */
    tw_str name, version, purl; /* empty where unknown */
    tw_str root_dir;            /* top folder all paths are under, with '/', or empty */
    TW_VEC(tw_root) roots;
    TW_VEC(tw_alias) aliases;    /* folders by their path, other names as code writes them */
    TW_VEC(tw_dependency) needs; /* what an installer brings along, in the order written */
    tw_about about;
    /* per member, filled by roles(): module name for imports ("pkg.mod"), role */
    tw_str *module; /* [n_members] */
    uint8_t *role;  /* [n_members] tw_role */
} tw_package;

typedef enum tw_role {
    TW_ROLE_OTHER,
    TW_ROLE_CODE,
    TW_ROLE_BUILD,
    TW_ROLE_TEST,
    TW_ROLE_DOC,
    TW_ROLE_EXAMPLE,
    TW_ROLE_DATA,
    TW_ROLE_METADATA,
    TW_ROLE_SCRIPT
} tw_role;

typedef struct tw_ecosystem {
    const char *name;      /* "pypi" */
    const char *purl_type; /* "pypi" */
    /* True when this member's content is needed by examine(). */
    bool (*keep)(const tw_member *m);
    /* How sure this ecosystem is that the artifact is its own: 0 no .. 100. Called after reading. */
    int (*recognise)(const tw_package *p);
    /* Fills the outputs of p: identity, roots, modules, roles, findings. */
    void (*examine)(tw_package *p);
    /* What a module is read as whatever it is called, NULL: its name tells (tw_front_named). */
    const char *modules;
} tw_ecosystem;
/* The committed list: src/ecosystems/list.c. */
extern const tw_ecosystem *const tw_ecosystems[];
extern const size_t tw_n_ecosystems;
