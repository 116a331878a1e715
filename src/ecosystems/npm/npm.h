/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the files of this folder say to each other. */
#include "base/doc.h"
#include "base/map.h"
#include "ecosystems/metadata.h"

typedef struct npm_manifest { /* one package.json: the package's own, or that of a package it bundles */
    tw_package *p;
    const tw_map *paths; /* member path -> index + 1 */
    const tw_kept *file;
    tw_str dir; /* its folder, with '/' */
    tw_doc doc;
} npm_manifest;

/* The member a target of the manifest names: "./lib/a", "lib", "a.js"; TW_NO_MEMBER. */
uint32_t npm_resolve(const npm_manifest *m, tw_str target);
/* What an import of the package or a command of it loads (modules.c). */
void npm_module_roots(const npm_manifest *m);
/* Names of its modules that are no paths: folders with a manifest of their own, `imports`. */
void npm_aliases(const npm_manifest *m);
/* Its main module; TW_NO_MEMBER. */
uint32_t npm_main(const npm_manifest *m);
/* Which scripts run when, and which files they name (scripts.c). */
void npm_script_roots(const npm_manifest *m);
/* What it says of itself (about.c); its README is kept for that. */
bool npm_is_readme(tw_str path);
void npm_about(const npm_manifest *m);
