/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the batch front end: batch.c commands and regions, words.c words and variables. */
#include "engine/languages/command.h"

typedef enum bat_kind { BAT_PAREN, BAT_IF, BAT_ELSE, BAT_FOR } bat_kind;
typedef struct bat_frame {
    uint8_t kind;
    uint32_t enter, cond, pipe;
} bat_frame;

typedef struct bat_out { /* a redirection */
    uint32_t value, off;
    uint8_t kind;
} bat_out;

typedef struct bat {
    tw_ir *ir;
    tw_arena *tmp;
    const tw_limits *lim;
    const uint8_t *s;
    uint32_t n, pos;
    uint64_t tokens_left;
    uint32_t off, word_off;     /* of the command (UINT32_MAX none), of the word */
    uint32_t input, pipe, last; /* values */
    uint32_t else_cond;         /* condition of the if that just closed */
    uint32_t glued;             /* words at `"a"=="b"`, whose halves are one word */
    bool in_word, quote, was_quoted, stop;
    uint8_t target, for_set;
    TW_VEC(tw_word) words;
    TW_VEC(bat_out) outs;
    TW_VEC(tw_arg) parts;
    TW_VEC(bat_frame) frames;
    tw_buf lit;
} bat;

uint32_t bat_emit(bat *p, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint32_t off);
void bat_command_end(bat *p);
void bat_word_end(bat *p);

/* words.c */
void bat_word_char(bat *p);
uint32_t bat_word_value(bat *p);
void bat_set(bat *p); /* behind `set`: the rest of the command */
