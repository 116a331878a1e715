/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What shell, batch and PowerShell share: a command's words become one CALL +command. Options become keyword
 * arguments ("-o" = its value, "-s" = true), so that operands have positions; a command that runs another
 * one (sudo, nohup, start) gives two calls. Source: command.c; which option takes a value: command_options.c. */
#include "engine/ir/ir.h"

typedef struct tw_word {
    uint32_t value; /* instruction */
    uint32_t off, end;
    bool quoted; /* never an option's name in PowerShell */
} tw_word;

typedef struct tw_command {
    const tw_word *words; /* [0] is the command */
    uint32_t n;
    const tw_arg *assigns; /* `x=v` before it: name "x=" */
    uint32_t n_assigns;
    uint32_t input; /* what it reads, 0 unknown */
    uint16_t flags; /* more flags of the CALL */
    uint32_t off, end;
} tw_command;

/* The value of the CALL. tmp: scratch of the front end. */
uint32_t tw_command_emit(tw_ir *ir, tw_arena *tmp, const tw_command *c);
/* The text of a constant, else p == NULL. */
tw_str tw_const_text(const tw_ir *ir, uint32_t value);
uint32_t tw_text_emit(tw_ir *ir, tw_str text, uint32_t off, uint32_t end); /* CONST */
/* Words joined by blanks: one CONST, or a CONCAT. */
uint32_t tw_words_join(tw_ir *ir, tw_arena *tmp, const tw_word *w, uint32_t n);
/* A value made of parts: the empty text, the part itself, or a CONCAT. */
uint32_t tw_parts_emit(tw_ir *ir, const tw_arg *parts, uint32_t n, uint32_t off, uint32_t end);

/* command_options.c */
typedef struct tw_options {
    const char *valued; /* "-o --output=-o": options with a value, and the name to use for them */
    const char *rest;   /* options whose value is the rest of the line */
    uint8_t flags;
} tw_options;
enum {
    TW_OPT_WORDS = 1,    /* "-urlcache": one option, not letters */
    TW_OPT_SLASH = 2,    /* "/c": options of Windows */
    TW_OPT_RUNS = 4,     /* what follows its options is a command */
    TW_OPT_SKIP = 8,     /* ... behind one operand: timeout 5 x */
    TW_OPT_UNKNOWN = 32, /* no such command in the table */
    TW_OPT_TITLE = 16,   /* ... behind a quoted operand: start "title" x */
};
const tw_options *tw_options_of(tw_lang lang, tw_str command); /* never NULL */
/* The word's place in a list of "name" or "name=other": *ret_name is the name to use. */
bool tw_option_in(const char *list, tw_str name, tw_str *ret_name);
/* powershell.exe takes any prefix of its options. Kind: 0 none, 1 flag, 2 with a value, 3 with the rest. */
int tw_powershell_option(tw_str word, tw_str *ret_name);
