/* SPDX-License-Identifier: Apache-2.0 */
/* Compounds: if, loops, case, groups, functions. */
#include "engine/languages/shell/sh.h"

static void leave(sh *p, uint32_t enter)
{
    if (!enter) return;
    tw_insn *in = &p->ir->insns.v[enter];
    in->len = p->pos > in->off ? p->pos - in->off : 0;
    sh_emit(p, TW_OP_LEAVE, in->kind, enter, 0, 0, p->pos);
}

void sh_compound_leave(sh *p, sh_frame *f)
{
    if (f->kind == SH_CASE) leave(p, f->more), f->more = 0;
    leave(p, f->enter);
    if (f->kind == SH_IF)
        for (uint32_t else_ = f->more; else_;) { /* ENTERs of else are chained through c */
            uint32_t next = p->ir->insns.v[else_].c;
            p->ir->insns.v[else_].c = 0;
            leave(p, else_);
            else_ = next;
        }
}

static void then_(sh *p, sh_frame *f)
{
    f->enter = sh_emit(p, TW_OP_ENTER, TW_REGION_THEN, p->st.last, 0, 0, p->pos);
    f->value = p->st.last;
    f->phase = 1;
}

static void else_(sh *p, sh_frame *f, bool again)
{
    leave(p, f->enter);
    uint32_t e = sh_emit(p, TW_OP_ENTER, TW_REGION_ELSE, f->value, 0, 0, p->pos);
    f->phase = again ? 0 : 1;
    f->enter = again ? 0 : e;
    if (!again) return;
    p->ir->insns.v[e].c = f->more;
    f->more = e;
}

static void do_(sh *p, sh_frame *f)
{
    bool loop = f->kind == SH_WHILE;
    f->enter = sh_emit(p, TW_OP_ENTER, TW_REGION_LOOP, loop ? p->st.last : 0, 0, 0, p->pos);
    f->phase = 1;
    if (loop || !f->name) return;
    uint32_t v = f->value ? sh_emit(p, TW_OP_ITER, 0, f->value, 0, 0, f->off) : 0;
    sh_emit(p, TW_OP_BIND, TW_BIND_FOR, f->name, v, 0, f->off);
}

static void begin(sh *p, sh_kind kind, uint8_t head)
{
    if (sh_push(p, kind, p->st.off == UINT32_MAX ? p->pos : p->st.off)) p->st.kind = head;
}

static bool in_frame(sh *p, sh_kind kind, uint8_t phase)
{
    return sh_top(p)->kind == kind && sh_top(p)->phase == phase;
}

/* Ends the frame of the compound; a stray end is a plain word. */
static bool end(sh *p, sh_kind kind, sh_kind other)
{
    uint32_t i = p->frames.n;
    for (uint32_t seen = 0; i > 1 && seen < 64; i--, seen++) { /* unclosed inner compounds are few */
        uint8_t k = p->frames.v[i - 1].kind;
        if (k == kind || k == other) return sh_close_to(p, kind, other);
        if (k == SH_SUBST || k == SH_SUBSHELL || k == SH_TICK || k == SH_HEREDOC) break;
    }
    return false;
}

typedef enum kw {
    KW_IF,
    KW_THEN,
    KW_ELIF,
    KW_ELSE,
    KW_FI,
    KW_WHILE,
    KW_FOR,
    KW_DO,
    KW_DONE,
    KW_CASE,
    KW_ESAC,
    KW_FUNCTION,
    KW_OPEN,
    KW_CLOSE,
    KW_NOT
} kw;

static const struct {
    tw_str word;
    uint8_t kw;
} words[] = {{TW_SI("if"), KW_IF},
             {TW_SI("then"), KW_THEN},
             {TW_SI("elif"), KW_ELIF},
             {TW_SI("else"), KW_ELSE},
             {TW_SI("fi"), KW_FI},
             {TW_SI("while"), KW_WHILE},
             {TW_SI("until"), KW_WHILE},
             {TW_SI("for"), KW_FOR},
             {TW_SI("select"), KW_FOR},
             {TW_SI("do"), KW_DO},
             {TW_SI("done"), KW_DONE},
             {TW_SI("case"), KW_CASE},
             {TW_SI("esac"), KW_ESAC},
             {TW_SI("{"), KW_OPEN},
             {TW_SI("}"), KW_CLOSE},
             {TW_SI("!"), KW_NOT},
             {TW_SI("function"), KW_FUNCTION}};

static bool apply(sh *p, kw k)
{
    sh_frame *f = sh_top(p);
    switch (k) {
    case KW_IF: begin(p, SH_IF, SH_PLAIN); return true;
    case KW_WHILE: begin(p, SH_WHILE, SH_PLAIN); return true;
    case KW_FOR: begin(p, SH_FOR, SH_CMD_FOR); return true;
    case KW_CASE: begin(p, SH_CASE, SH_CMD_CASE); return true;
    case KW_OPEN: begin(p, SH_GROUP, SH_PLAIN); return true;
    case KW_FUNCTION: p->st.kind = SH_CMD_FUNC; return true;
    case KW_NOT: return true;
    case KW_THEN:
        if (!in_frame(p, SH_IF, 0)) return false;
        then_(p, f);
        p->st.off = UINT32_MAX;
        return true;
    case KW_ELIF:
    case KW_ELSE:
        if (!in_frame(p, SH_IF, 1)) return false;
        else_(p, f, k == KW_ELIF);
        p->st.off = UINT32_MAX;
        return true;
    case KW_DO:
        if (!in_frame(p, SH_WHILE, 0) && !in_frame(p, SH_FOR, 0)) return false;
        do_(p, f);
        p->st.off = UINT32_MAX;
        return true;
    case KW_FI: return end(p, SH_IF, SH_IF);
    case KW_DONE: return end(p, SH_WHILE, SH_FOR);
    case KW_ESAC: return end(p, SH_CASE, SH_CASE);
    case KW_CLOSE: return end(p, SH_GROUP, SH_GROUP);
    default: return false;
    }
}

bool sh_keyword(sh *p, tw_str word)
{
    bool pattern = p->st.kind == SH_CMD_PATTERN;
    for (size_t i = 0; i < TW_COUNT(words); i++) {
        if (!tw_str_eq(words[i].word, word)) continue;
        if (pattern && words[i].kw != KW_ESAC) return false;
        if (pattern) p->st.kind = SH_PLAIN;
        return apply(p, (kw)words[i].kw);
    }
    return false;
}

/* `name() ` was read: the next command is its body. */
void sh_function(sh *p, tw_str name, uint32_t off)
{
    static const char digits[] = "123456789@";
    tw_ir *ir = p->ir;
    uint32_t n = sizeof digits - 1, scope = ir->scopes.n;
    tw_str bound = tw_arena_fmt(p->tmp, "%.*s()", TW_FMT(name));
    tw_scope s = {
        .kind = TW_REGION_FUNCTION, .parent = p->scope, .name = tw_intern(&ir->strings, name), .off = off};
    p->st.kind = SH_PLAIN;
    if (sh_at(p, p->pos) == '(' && sh_at(p, p->pos + 1) == ')') p->pos += 2; /* function name() */
    s.params = ir->params.n, s.n_params = n;
    for (uint32_t i = 0; i < n; i++) {
        tw_param q = {tw_intern(&ir->strings, tw_str_of(digits + i, 1)), digits[i] == '@' ? 2 : 0};
        TW_PUSH(ir->arena, ir->params, q);
    }
    TW_PUSH(ir->arena, ir->scopes, s);
    uint32_t f = sh_emit(p, TW_OP_FUNC, 0, scope, 0, 0, off);
    sh_emit(p, TW_OP_BIND, TW_BIND_DEF, tw_intern(&ir->strings, bound), f, 0, off);
    if (!sh_push(p, SH_FUNC, off)) return;
    uint32_t enter = sh_emit(p, TW_OP_ENTER, TW_REGION_FUNCTION, 0, scope, 0, off);
    ir->scopes.v[scope].enter = enter;
    sh_top(p)->enter = enter;
    p->scope = scope;
    for (uint32_t i = 0; i < n; i++)
        sh_emit(p, TW_OP_BIND, TW_BIND_PARAM, ir->params.v[s.params + i].name, 0, i, off);
}

/* At ")" behind the patterns of a clause. */
void sh_case_pattern_end(sh *p)
{
    sh_word_end(p);
    p->pos++;
    sh_frame *f = sh_top(p);
    if (f->kind != SH_CASE) return;
    p->words.n = p->st.words;
    p->st.kind = SH_PLAIN;
    p->st.off = UINT32_MAX;
    f->more = sh_emit(p, TW_OP_ENTER, TW_REGION_CASE, 0, 0, 0, p->pos);
    f->phase = 2;
}

/* At the second character of ;; ;& ;;& */
void sh_case_body_end(sh *p)
{
    p->pos++;
    if (sh_at(p, p->pos) == '&') p->pos++;
    sh_item_end(p);
    sh_frame *f = sh_top(p);
    if (f->kind != SH_CASE || f->phase != 2) return;
    leave(p, f->more);
    f->more = 0;
    f->phase = 1;
    p->st.kind = SH_CMD_PATTERN;
}
