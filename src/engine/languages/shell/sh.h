/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Private to the shell front end. One pass over the bytes; what nests (substitutions, compounds, here-documents)
 * lies on one stack of frames, each keeping the state of the command around it. shell.c drives and closes
 * frames, word.c reads words and expansions, command.c finishes commands, keyword.c compounds. */
#include "engine/languages/command.h"

typedef enum sh_kind {
    SH_FILE,
    SH_SUBST, /* $(...), <(...): a part of a word */
    SH_TICK,
    SH_BRACE,   /* the word in ${x:-word} */
    SH_HEREDOC, /* the text of a here-document */
    SH_SUBSHELL,
    SH_GROUP,
    SH_IF,
    SH_WHILE,
    SH_FOR,
    SH_CASE,
    SH_FUNC,
} sh_kind;

enum { SH_PLAIN, SH_CMD_FOR, SH_CMD_CASE, SH_CMD_FUNC, SH_CMD_COND, SH_CMD_DECL, SH_CMD_PATTERN };

typedef struct sh_state {                 /* of the command being read */
    uint32_t words, parts, assigns, outs; /* where its part of the stacks begins */
    uint32_t off, word_off;               /* UINT32_MAX: not begun */
    uint32_t input, pipe, inherit; /* values it reads: here, from a pipe, from the compound around it */
    uint32_t last;                 /* value of the list's last command */
    uint32_t compound;             /* value of a compound that just closed; with is_compound */
    uint32_t andor;                /* ENTER of the open region of && or || */
    uint32_t assign;               /* name being assigned, 0 */
    uint32_t array;                /* words at "(" of x=( + 1, 0 none */
    uint8_t in_word, dq, quoted, kind, is_compound, append;
    uint8_t
        target; /* kind of the redirection whose target comes: '>', '+', '2', '<', 's' here-string, 'd' none */
} sh_state;

typedef struct sh_frame {
    uint8_t kind,
        phase;  /* phase: SH_IF 0 condition, 1 body; loops 0 head, 1 body; SH_CASE 1 in MATCH, 2 in CASE */
    uint8_t op; /* SH_BRACE: its operator; SH_SUBST: '<' or '>' of a process substitution */
    uint32_t enter; /* of the region that is open */
    uint32_t more;  /* SH_IF: else regions around; SH_CASE: its CASE */
    uint32_t value, name;
    uint32_t end, pos; /* SH_HEREDOC: to go back to */
    uint32_t scope;
    uint32_t off;
    sh_state outer;
} sh_frame;

typedef struct sh_out {
    uint32_t value;
    uint8_t kind;
    uint32_t off, end;
} sh_out;

typedef struct sh {
    tw_ir *ir;
    tw_arena *tmp;
    const tw_limits *lim;
    const uint8_t *s;
    uint32_t n, pos, end; /* end: of the file, or of the here-document being read */
    uint64_t tokens_left;
    sh_state st;
    uint32_t scope, parens, ticks;
    uint32_t here_from, here_to; /* bodies of this line's here-documents: to be jumped over */
    uint64_t here_left;          /* bytes that searches for ends of here-documents may still read */
    uint32_t line_end;
    bool stop;
    TW_VEC(sh_frame) frames;
    TW_VEC(tw_word) words;
    TW_VEC(tw_arg) parts, assigns;
    TW_VEC(sh_out) outs;
    tw_buf lit;
} sh;

static inline sh_frame *sh_top(sh *p)
{
    return &p->frames.v[p->frames.n - 1];
}
static inline int sh_at(const sh *p, uint32_t i)
{
    return i < p->end ? p->s[i] : -1;
}
static inline bool sh_name_char(int c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* shell.c */
bool sh_push(sh *p, sh_kind kind, uint32_t off); /* fresh state inside; false: too deep, reading stopped */
void sh_close(sh *p);                            /* the top frame */
bool sh_close_to(sh *p, sh_kind a, sh_kind b);   /* closes frames above and including the nearest of these */
void sh_opaque(sh *p, tw_gap_reason why, uint32_t off, uint32_t end);
uint32_t sh_emit(sh *p, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint32_t off);
void sh_fresh(sh *p);

/* word.c */
void sh_word_start(sh *p);
void sh_word_char(sh *p);
uint32_t sh_word_value(sh *p); /* ends the parts of the word at hand */
void sh_part(sh *p, uint32_t value);
void sh_flush(sh *p);
uint32_t sh_arithmetic(sh *p); /* behind "((": to behind "))" */
void sh_brace_end(sh *p, const sh_frame *f);

/* command.c */
void sh_word_end(sh *p);
void sh_command_end(sh *p); /* the command is complete: its CALL, BINDs and redirections */
void sh_item_end(sh *p);    /* ... and the list of && and || it stands in */
void sh_andor_close(sh *p);
void sh_redirect(sh *p); /* at < or > */

/* keyword.c */
bool sh_keyword(sh *p, tw_str word); /* true: it was one */
void sh_function(sh *p, tw_str name, uint32_t off);
void sh_case_pattern_end(sh *p);
void sh_case_body_end(sh *p);
void sh_compound_leave(sh *p, sh_frame *f);
