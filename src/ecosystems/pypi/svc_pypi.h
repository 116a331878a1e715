/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The simple repository API (PEP 503, 592, 691) as a client sees it. */
#include "base/map.h"
#include "ecosystems/pypi/version.h"
#include "service/net/net.h"

typedef enum tw_dist_kind { TW_DIST_OTHER, TW_DIST_WHEEL, TW_DIST_SDIST, TW_DIST_EGG } tw_dist_kind;

typedef struct tw_simple_file {
    tw_str file_name, url;
    tw_str version_text;
    tw_pep440 version;
    tw_hash hash;
    uint64_t size;
    tw_str uploaded; /* PEP 700; empty where the page does not say */
    uint8_t kind;    /* tw_dist_kind */
    bool yanked;
} tw_simple_file;

typedef struct tw_simple_page {
    TW_VEC(tw_simple_file) files; /* in page order, only what names this project and a version */
    uint32_t n_left_out;
    tw_map names; /* the first of two files of one name counts, as for pip */
} tw_simple_page;

/* svc_simple.c. project: normalised name. base: address of the page. */
tw_err tw_simple_read_json(tw_arena *a, tw_str text, tw_str base, tw_str project, tw_simple_page *ret,
                           tw_diag *d);
tw_err tw_simple_read_html(tw_arena *a, tw_str text, tw_str base, tw_str project, tw_simple_page *ret,
                           tw_diag *d);
/* Kind and version of a distribution file of `project`; OTHER where the name is not one. */
tw_dist_kind tw_dist_name(tw_arena *a, tw_str file_name, tw_str project, tw_str *ret_version);

/* svc_config.c: the index of the user's own pip. */
tw_err tw_pypi_index(tw_net *n, tw_str *ret);
/* Value of a key ("index-url") in the text of a pip.conf: section [install] before [global]; empty
 * where it is not set. */
tw_str tw_pip_conf_value(tw_str text, tw_str section, tw_str key);
