/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Layers as the verb `unwrap` shows and writes them. Sources: verbs/unwrap.c, unwrap_text.c, unwrap_dir.c. */
#include "base/doc.h"
#include "engine/unwrap.h"
#include "service/supervisor/supervisor.h"

typedef struct tw_unwrapped { /* one layer; what a worker said of it was checked */
    const tw_layer_out *from;
    tw_str id, member, runs, trigger, language, sha256;
    tw_str recipe; /* "base64 → zlib → exec" */
    uint64_t off, line, col, size, depth;
    bool executed, analysed;
} tw_unwrapped;
typedef TW_VEC(tw_unwrapped) tw_unwrapped_list;

/* Text of several lines for a terminal: control, bidi and invisible characters become visible escapes. */
void tw_unwrap_put_lines(tw_buf *b, tw_str text, const char *before);
/* raw: texts as they are. NULL layers' texts are left out with `bodies` false. */
void tw_unwrap_text(tw_buf *b, const tw_result *r, const tw_unwrapped_list *list, bool raw, bool bodies);
/* file: names of what was written, one for each layer; NULL: the texts stand in it. */
void tw_unwrap_json(tw_buf *b, const tw_result *r, const tw_unwrapped_list *list, const tw_str *file);

typedef struct tw_unwrap_dir {
    const char *path;
    int fd;
    bool force;
    uint64_t written;
} tw_unwrap_dir;
/* Makes the folder; it must be new or empty, unless forced. */
tw_err tw_unwrap_dir_open(tw_unwrap_dir *d, tw_diag *why);
/* All texts as they are, mode 0600, and index.json beside them; `number` tells artifacts apart, 0: only one. */
tw_err tw_unwrap_dir_write(tw_unwrap_dir *d, tw_arena *a, const tw_result *r, const tw_unwrapped_list *list,
                           uint32_t number, tw_diag *why);
void tw_unwrap_dir_close(tw_unwrap_dir *d);
