/* SPDX-License-Identifier: Apache-2.0 */
/* Operators by precedence, on a stack. */
#include "engine/languages/powershell/ps.h"

enum { P_LOGIC = 1, P_BITS, P_COMPARE, P_ADD, P_MUL, P_FORMAT, P_RANGE, P_COMMA, P_UNARY = 10 };

static const struct {
    tw_str word; /* without the dash; i and c may stand before comparisons */
    uint8_t prec, unary;
} words[] = {{TW_SI("and"), P_LOGIC, 0},
             {TW_SI("or"), P_LOGIC, 0},
             {TW_SI("xor"), P_LOGIC, 0},
             {TW_SI("band"), P_BITS, 0},
             {TW_SI("bor"), P_BITS, 0},
             {TW_SI("bxor"), P_BITS, 0},
             {TW_SI("shl"), P_BITS, 0},
             {TW_SI("shr"), P_BITS, 0},
             {TW_SI("eq"), P_COMPARE, 0},
             {TW_SI("ne"), P_COMPARE, 0},
             {TW_SI("gt"), P_COMPARE, 0},
             {TW_SI("ge"), P_COMPARE, 0},
             {TW_SI("lt"), P_COMPARE, 0},
             {TW_SI("le"), P_COMPARE, 0},
             {TW_SI("like"), P_COMPARE, 0},
             {TW_SI("notlike"), P_COMPARE, 0},
             {TW_SI("match"), P_COMPARE, 0},
             {TW_SI("notmatch"), P_COMPARE, 0},
             {TW_SI("in"), P_COMPARE, 0},
             {TW_SI("notin"), P_COMPARE, 0},
             {TW_SI("contains"), P_COMPARE, 0},
             {TW_SI("is"), P_COMPARE, 0},
             {TW_SI("notcontains"), P_COMPARE, 0},
             {TW_SI("isnot"), P_COMPARE, 0},
             {TW_SI("as"), P_COMPARE, 0},
             {TW_SI("replace"), P_COMPARE, 0},
             {TW_SI("split"), P_COMPARE, 0},
             {TW_SI("join"), P_COMPARE, 0},
             {TW_SI("f"), P_FORMAT, 0},
             {TW_SI("not"), P_UNARY, 1},
             {TW_SI("bnot"), P_UNARY, 1},
             {TW_SI("join"), P_UNARY, 1},
             {TW_SI("split"), P_UNARY, 1}};

static uint32_t pop_operand(ps *p)
{
    if (p->operands.n > p->st.operands) return p->operands.v[--p->operands.n];
    return tw_text_emit(p->ir, TW_S(""), p->pos < p->n ? p->pos : p->n, p->pos < p->n ? p->pos : p->n);
}

/* a, b, c: one list, whose offset is that of the bracket around it where it is an argument list. */
static void reduce_comma(ps *p)
{
    uint32_t n = 1, off = ps_top(p)->kind == PS_ARGS ? ps_top(p)->off : p->pos;
    while (p->ops.n > p->st.ops && !p->ops.v[p->ops.n - 1].name && p->ops.v[p->ops.n - 1].prec == P_COMMA)
        n++, p->ops.n--;
    uint32_t have = p->operands.n - p->st.operands;
    if (n > have) n = have;
    tw_arg *a = tw_arena_calloc(p->tmp, (size_t)n + 1, sizeof *a);
    for (uint32_t i = 0; i < n; i++) a[i].value = p->operands.v[p->operands.n - n + i];
    p->operands.n -= n;
    uint32_t args = tw_ir_args(p->ir, a, n), end = p->pos < p->n ? p->pos : p->n;
    uint32_t v = tw_ir_emit(p->ir, TW_OP_SEQ, TW_SEQ_ARRAY, 0, 0, 0, args, off, end > off ? end - off : 0);
    TW_PUSH(p->tmp, p->operands, v);
}

static void reduce(ps *p, uint8_t prec)
{
    while (p->ops.n > p->st.ops && p->ops.v[p->ops.n - 1].prec >= prec) {
        ps_op o = p->ops.v[p->ops.n - 1];
        if (o.prec == P_COMMA && !o.name) {
            reduce_comma(p);
            continue;
        }
        p->ops.n--;
        tw_arg a[2];
        a[1] = (tw_arg){pop_operand(p), 0};
        if (!o.unary) a[0] = (tw_arg){pop_operand(p), 0};
        uint32_t args = o.unary ? tw_ir_args(p->ir, a + 1, 1) : tw_ir_args(p->ir, a, 2);
        uint32_t from = o.unary ? o.off : p->ir->insns.v[a[0].value].off;
        uint32_t v = ps_emit(p, TW_OP_OP, 0, o.name, 0, args, from);
        TW_PUSH(p->tmp, p->operands, v);
    }
}

uint32_t ps_expr_end(ps *p)
{
    if (p->operands.n == p->st.operands) {
        p->ops.n = p->st.ops;
        return 0;
    }
    if (p->st.want && p->ops.n > p->st.ops) p->ops.n--; /* an operator without its right side */
    reduce(p, 0);
    uint32_t v = p->operands.v[p->operands.n - 1];
    p->operands.n = p->st.operands;
    p->ops.n = p->st.ops;
    return v;
}

void ps_prefix(ps *p, tw_str name, uint8_t prec, uint32_t off)
{
    p->st.mode = PS_EXPR;
    p->st.want = 1;
    TW_PUSH(p->tmp, p->ops, ((ps_op){prec, 1, tw_intern(&p->ir->strings, name), off}));
}

static void infix(ps *p, tw_str name, uint8_t prec)
{
    uint32_t off = p->pos, id = name.n ? tw_intern(&p->ir->strings, name) : 0;
    if (prec == P_COMMA)
        reduce(p, P_COMMA + 1);
    else
        reduce(p, prec);
    TW_PUSH(p->tmp, p->ops, ((ps_op){prec, 0, id, off}));
    p->st.want = 1;
}

bool ps_word_operator(ps *p, bool unary)
{
    uint32_t off = p->pos;
    int c = ps_at(p, off), d = ps_at(p, off + 1);
    if (unary && c == '!') {
        p->pos++;
        ps_prefix(p, TW_S("!"), P_UNARY, off);
        return true;
    }
    if (unary && c == ',') {
        p->pos++;
        return true;
    }
    if (c != '-' && c != '+') return false;
    if (unary && (d == c)) {
        p->pos += 2;
        return true;
    }
    uint32_t to = off + 1;
    char low[16] = "-";
    uint32_t n = 1;
    for (; n < sizeof low && (ps_at(p, to) | 32) >= 'a' && (ps_at(p, to) | 32) <= 'z'; to++)
        low[n++] = (char)(p->s[to] | 32);
    tw_str word = tw_str_of(low + 1, n - 1), bare = tw_str_sub(word, 1, word.n);
    bool marked = word.n > 2 && (word.p[0] == 'c' || word.p[0] == 'i');
    for (size_t i = 0; c == '-' && word.n && i < TW_COUNT(words); i++) {
        bool hit = tw_str_eq(words[i].word, word);
        if (!hit && marked && tw_str_eq(words[i].word, bare))
            hit = true, word = bare, low[1] = '-', low[0] = ' ';
        if (!hit || words[i].unary != unary) continue;
        tw_str name = low[0] == '-' ? tw_str_of(low, n) : tw_str_of(low + 1, n - 1);
        p->pos = to;
        if (unary)
            ps_prefix(p, name, words[i].prec, off);
        else
            infix(p, name, words[i].prec);
        return true;
    }
    if (!unary) return false;
    p->pos++;
    ps_prefix(p, tw_str_of((const char *)p->s + off, 1), P_UNARY, off);
    return true;
}

/* foreach ($x in ...): what stood before `in` was the variable. */
static bool foreach_in(ps *p)
{
    ps_frame *f = ps_top(p);
    bool in = (ps_at(p, p->pos) | 32) == 'i' && (ps_at(p, p->pos + 1) | 32) == 'n' &&
              !ps_name_char(ps_at(p, p->pos + 2));
    if (!in || f->kind != PS_SUB || f->outer.kw != PS_FOREACH) return false;
    uint32_t v = ps_expr_end(p);
    tw_insn *var = &p->ir->insns.v[v];
    if (var->op == TW_OP_READ) f->outer.name = var->a;
    p->st.mode = PS_START;
    p->st.want = 0;
    p->pos += 2;
    return true;
}

bool ps_operator(ps *p)
{
    int c = ps_at(p, p->pos), d = ps_at(p, p->pos + 1);
    if (foreach_in(p)) return true;
    if ((c == '+' || c == '-') && d == c) { /* $i++ */
        uint32_t v = p->operands.v[p->operands.n - 1];
        tw_insn in = p->ir->insns.v[v];
        tw_arg a = {v, 0};
        tw_str name = tw_str_of((const char *)p->s + p->pos, 2);
        p->pos += 2;
        if (in.op != TW_OP_READ) return true;
        uint32_t next =
            ps_emit(p, TW_OP_OP, 0, tw_intern(&p->ir->strings, name), 0, tw_ir_args(p->ir, &a, 1), in.off);
        ps_emit(p, TW_OP_BIND, TW_BIND_AUG, in.a, next, 0, in.off);
        return true;
    }
    if (c == '-' && ps_word_operator(p, false)) return true;
    if (c == '.' && d == '.') {
        infix(p, TW_S(".."), P_RANGE);
        p->pos += 2;
        return true;
    }
    if (c < 0 || !strchr("+-*/%,", c)) return false;
    tw_str name = c == ',' ? TW_S("") : tw_str_of((const char *)p->s + p->pos, 1);
    infix(p, name, c == ',' ? P_COMMA : c == '+' || c == '-' ? P_ADD : P_MUL);
    p->pos++;
    return true;
}
