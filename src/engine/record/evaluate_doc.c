/* SPDX-License-Identifier: Apache-2.0 */
/* Python: the docstring of a file, class or function, which programs decode and run like any other text. */
#include "engine/record/evaluate_priv.h"

enum { LOOK = 8, FAR = 256 };

static bool blank(tw_str line)
{
    line = tw_str_trim(line);
    return !line.n || line.p[0] == '#' || tw_str_eq(line, TW_S("\xef\xbb\xbf"));
}

/* Nothing stands before it: in a file nothing but comments, in a function or class the colon of its heading. */
static bool opens(tw_str before, bool module)
{
    tw_str line;
    if (!module) {
        line = tw_str_trim(tw_str_sub(before, before.n > FAR ? before.n - FAR : 0, before.n));
        return line.n && line.p[line.n - 1] == ':';
    }
    while (before.n && tw_str_split(&before, '\n', &line))
        if (!blank(line)) return false;
    return true;
}

static bool closes(tw_str after)
{
    size_t end = tw_str_chr(after, '\n');
    tw_str line = tw_str_trim(tw_str_sub(after, 0, end == TW_NPOS ? after.n : end));
    return blank(line) || line.p[0] == ';';
}

uint32_t ev_docstring(ev *e, uint32_t scope, uint32_t recipe)
{
    tw_str s = e->ir->source;
    uint32_t enter = e->ir->scopes.v[scope].enter;
    for (uint32_t i = enter + 1; i < e->ir->insns.n && i < enter + (scope ? 2 : LOOK); i++) {
        const tw_insn *in = &e->ir->insns.v[i];
        if (in->op != TW_OP_CONST || in->kind != TW_CONST_STR || in->off + (uint64_t)in->len > s.n) continue;
        bool statement =
            opens(tw_str_sub(s, 0, in->off), !scope) && closes(tw_str_sub(s, in->off + in->len, s.n));
        return statement ? ev_folded(e, TW_VAL_STR, tw_ir_text(e->ir, in->a), recipe) : 0;
    }
    return 0;
}
