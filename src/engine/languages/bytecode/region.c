/* SPDX-License-Identifier: Apache-2.0 */
/* Regions out of jumps. What a jump leaps over runs only sometimes: it becomes a region. A leap that leaves the
 * region around it is cut at that region's end and goes on behind it without a condition. */
#include "engine/languages/bytecode/pyc.h"

static pyc_region *innermost(pyc *L)
{
    return L->regions.n > L->fr->regions ? &L->regions.v[L->regions.n - 1] : NULL;
}

void pyc_open(pyc *L, uint8_t kind, uint32_t cond, uint32_t to)
{
    pyc_region *top = innermost(L);
    if (top && to > top->end) {
        if (to > top->spill) top->spill = to;
        to = top->end;
    }
    if (to <= L->next || L->regions.n >= L->lim->nesting) return;
    pyc_region r = {.end = to, .cond = cond, .kind = kind, .acc = 0, .scope = L->fr->scope};
    uint32_t scope = 0;
    if (kind == TW_REGION_COMPREHENSION) {
        TW_PUSH(L->ir->arena, L->ir->scopes,
                ((tw_scope){.kind = kind, .parent = L->fr->scope, .params = L->ir->params.n, .off = L->off}));
        scope = L->ir->scopes.n - 1;
        cond = 0;
    }
    r.enter = pyc_emit(L, TW_OP_ENTER, kind, 0, cond, scope, 0);
    if (scope) {
        L->ir->scopes.v[scope].enter = r.enter;
        L->fr->scope = scope;
    }
    TW_PUSH(L->tmp, L->regions, r);
}

static void close_one(pyc *L)
{
    pyc_region r = L->regions.v[--L->regions.n];
    uint32_t v = pyc_emit(L, TW_OP_LEAVE, r.kind, 0, r.enter, 0, 0);
    if (r.kind != TW_REGION_COMPREHENSION) return;
    L->fr->scope = r.scope;
    uint32_t acc = L->nodes.v[r.acc].x;
    bool map = L->accs.v[acc].kind == PYC_MAP;
    pyc_acc_add(L, acc, v, map ? TW_ARG_SPREAD_MAP : TW_ARG_SPREAD);
    if (map) pyc_acc_add(L, acc, 0, TW_ARG_SPREAD_MAP);
}

/* At the start of the instruction at `at`: what ends there, then what goes on behind it. */
void pyc_close_until(pyc *L, uint32_t at)
{
    uint32_t els = 0, cond = 0, spill = 0, next = L->next;
    while (innermost(L) && innermost(L)->end <= at) {
        pyc_region r = *innermost(L);
        close_one(L);
        els = r.els, cond = r.cond;
        if (r.spill > spill) spill = r.spill;
    }
    L->next = at;
    if (els > at) pyc_open(L, TW_REGION_ELSE, cond, els);
    if (spill > at) pyc_open(L, TW_REGION_THEN, 0, spill);
    L->next = next;
}

void pyc_close_all(pyc *L)
{
    while (innermost(L)) close_one(L);
}

void pyc_skip(pyc *L, uint32_t to)
{
    pyc_region *top = innermost(L);
    if (to <= L->next) return;
    if (!top || top->end != L->next) {
        pyc_open(L, TW_REGION_THEN, 0, to);
        return;
    }
    bool alone = L->next < L->fr->n && L->fr->marks[L->next / 2].saved &&
                 L->saved.v[L->fr->marks[L->next / 2].saved - 1].jumps == 1;
    if (alone && top->cond && top->kind != TW_REGION_ELSE && top->kind != TW_REGION_LOOP)
        top->els = to;
    else if (to > top->spill)
        top->spill = to;
}

static bool reads(const pyc *L, uint32_t v, tw_op op, const char *text)
{
    const tw_insn *in = &L->ir->insns.v[v];
    return in->op == op && tw_str_eq(tw_ir_text(L->ir, op == TW_OP_MEMBER ? in->b : in->a), tw_str_c(text));
}

/* if __name__ == "__main__", if TYPE_CHECKING */
static uint8_t kind_of(const pyc *L, uint32_t cond)
{
    const tw_insn *in = &L->ir->insns.v[cond];
    if (reads(L, cond, TW_OP_READ, "TYPE_CHECKING") || reads(L, cond, TW_OP_MEMBER, "TYPE_CHECKING"))
        return TW_REGION_TYPE_CHECKING;
    if (in->op != TW_OP_OP || !reads(L, cond, TW_OP_OP, "==") || L->ir->args.v[in->c].value != 2)
        return TW_REGION_THEN;
    uint32_t a = L->ir->args.v[in->c + 1].value, b = L->ir->args.v[in->c + 2].value;
    bool main = (reads(L, a, TW_OP_READ, "__name__") && reads(L, b, TW_OP_CONST, "__main__")) ||
                (reads(L, b, TW_OP_READ, "__name__") && reads(L, a, TW_OP_CONST, "__main__"));
    return main && L->fr->kind == TW_REGION_MODULE ? TW_REGION_MAIN_GUARD : TW_REGION_THEN;
}

/* The jump to `to` is taken when cond is `when`: what lies between runs otherwise. */
void pyc_skip_if(pyc *L, uint32_t cond, bool when, uint32_t to)
{
    if (to <= L->next) return;
    if (cond && when) {
        tw_arg arg = {cond, 0};
        cond = pyc_emit(L, TW_OP_OP, 0, 0, pyc_word(L, "not"), 0, tw_ir_args(L->ir, &arg, 1));
    }
    pyc_open(L, cond ? kind_of(L, cond) : TW_REGION_THEN, cond, to);
}

/* Where the innermost loop ends; 0: there is none. */
uint32_t pyc_loop_end(const pyc *L)
{
    for (uint32_t i = L->regions.n; i > L->fr->regions; i--) {
        const pyc_region *r = &L->regions.v[i - 1];
        if (r->kind == TW_REGION_LOOP || r->kind == TW_REGION_COMPREHENSION) return r->end;
    }
    return L->fr->iter_end;
}

uint32_t pyc_then_cond(const pyc *L)
{
    if (L->regions.n <= L->fr->regions) return 0;
    const pyc_region *r = &L->regions.v[L->regions.n - 1];
    bool plain = r->kind != TW_REGION_ELSE && r->kind != TW_REGION_LOOP;
    return plain && r->end == L->next ? r->cond : 0;
}
