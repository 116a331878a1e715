/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the sources of this folder say to each other: a notebook becomes one text for each language in it. */
#include "base/buf.h"
#include "engine/languages/carrier.h"

enum { NB_TEXTS = 12 };

typedef struct nb_text {
    tw_str language;
    tw_buf text;
    uint64_t off, end; /* of the cells it came from, in the file */
} nb_text;

typedef struct nb {
    tw_str kernel; /* language of cells that do not say */
    nb_text texts[NB_TEXTS];
    uint32_t n;
    uint64_t off, end; /* the cell being read */
    bool full;         /* more languages than NB_TEXTS */
} nb;

/* One code cell: magics sorted out, every part added to the text of its language (cell.c). */
void nb_cell(nb *b, tw_str source);
/* A line of a language: head and tail are joined. */
void nb_add(nb *b, tw_str language, tw_str head, tw_str tail);
