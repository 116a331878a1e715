/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Profiles (engine/profile.h) of artifacts, made in confined workers, for the verbs that show them. Source: profiles.c. */
#include "base/doc.h"
#include "cli/fetch.h"
#include "engine/engine.h"
#include "service/supervisor/supervisor.h"

typedef struct tw_profiled {
    tw_str artifact; /* as given */
    bool read;       /* false: said on stderr why not */
    tw_doc doc;      /* an object of schema tidewaiter.capabilities/1; a worker's word, so hostile */
    tw_str text;     /* the same as it came */
} tw_profiled;

typedef struct tw_profiles {
    const char *verb;
    tw_engine engine;
    uint64_t timeout, memory_mib; /* seconds, MiB; 0: the defaults */
    tw_fetch_options fetch;
    bool stored; /* a file that is such a profile stands for its artifact */
    void (*show)(const tw_result *
                     r); /* not NULL: records as text are wanted instead (engine/facts.h); shown one by one */
    tw_arena *arena;     /* of the results; made by init, freed by the caller */
    TW_VEC(tw_profiled) list; /* in the order of the arguments */
} tw_profiles;

/* When something happens, in the order of what matters; ends with a row of NULLs. */
typedef struct tw_time {
    const char *trigger, *says;
} tw_time;
extern const tw_time tw_times[];

void tw_profiles_init(tw_profiles *p, const char *verb);
/* Reads all; 0, or 2 where an argument could not be used or an artifact not be read. */
int tw_profiles_read(tw_profiles *p, int argc, char **argv);

/* Options that the verbs share: the rows, and what they set in a tw_profiles that stands first in the verb's own context. */
const char *tw_profiles_timeout(void *ctx, const char *value);
const char *tw_profiles_memory(void *ctx, const char *value);
const char *tw_profiles_limit(void *ctx, const char *value);
const char *tw_profiles_index(void *ctx, const char *value);
const char *tw_profiles_files(void *ctx, const char *value);
const char *tw_profiles_http(void *ctx, const char *value);
#define TW_PROFILES_OPTIONS                                                                                \
    {"index", "URL", "fetch names from this index, not from the configured one", tw_profiles_index},       \
        {"files", "WHICH", "of a named release: first (default), wheel, sdist or all", tw_profiles_files}, \
        {"allow-http", NULL, "names may come from an index without TLS", tw_profiles_http},                \
        {"timeout", "SECONDS", "for one artifact (default: 300)", tw_profiles_timeout},                    \
        {"memory", "MIB", "for one artifact beyond its own size (default: 3072)", tw_profiles_memory},     \
    {                                                                                                      \
        "limit", "NAME=N", "change a counted limit of the analysis", tw_profiles_limit                     \
    }
