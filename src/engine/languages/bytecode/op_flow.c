/* SPDX-License-Identifier: Apache-2.0 */
/* Jumps, loops, exceptions, context managers, generators. */
#include "engine/languages/bytecode/pyc.h"

enum { EXC_SLOTS = 6 }; /* what an exception put on the stack until 3.10 */

uint32_t pyc_target(const pyc *L)
{
    uint64_t unit = L->f.version >= 310 ? 2 : 1, by = L->arg * unit, to = L->next + by;
    if (L->row->jump == PYC_BACK) to = by <= L->next ? L->next - by : UINT32_MAX;
    if (L->row->jump == PYC_ABS && L->f.version < 311) to = by;
    return to < L->fr->n ? (uint32_t)to : L->fr->n;
}

static void die(pyc *L)
{
    L->fr->live = false;
    L->fr->top = 0;
}

/* On to `to`, always. Back to the start of a loop: on to its end, as far as the order of text goes. */
static void go(pyc *L, uint32_t to)
{
    if (to > L->at) {
        pyc_save(L, to, L->fr->top, pyc_then_cond(L), true);
        pyc_skip(L, to);
    } else if (!L->row->x) {
        pyc_skip(L, pyc_loop_end(L));
    }
    die(L);
}

void pyc_do_jump(pyc *L, uint32_t arg)
{
    (void)arg;
    go(L, pyc_target(L));
}

void pyc_do_break_loop(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_skip(L, pyc_loop_end(L));
    die(L);
}

void pyc_do_call_finally(pyc *L, uint32_t arg)
{
    (void)L, (void)arg;
}

static void go_if(pyc *L, uint32_t cond, bool when)
{
    uint32_t to = pyc_target(L);
    if (to > L->at)
        pyc_save(L, to, L->fr->top, cond, when);
    else
        to = pyc_loop_end(L);
    pyc_skip_if(L, cond, when, to);
}

void pyc_do_pop_jump(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t cond = pyc_pop_value(L);
    if (L->row->x >= 2) {
        tw_arg a[2] = {{cond, 0}, {pyc_none(L), 0}};
        cond = pyc_emit(L, TW_OP_OP, 0, 0, pyc_word(L, "is"), 0, tw_ir_args(L->ir, a, 2));
    }
    go_if(L, cond, L->row->x == 1 || L->row->x == 2);
}

void pyc_do_jump_or_pop(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t cond = pyc_use(L, pyc_peek(L, 1)), to = pyc_target(L);
    bool when = L->row->x == 1;
    pyc_save(L, to, L->fr->top, cond, when);
    pyc_drop(L, 1);
    pyc_skip_if(L, cond, when, to);
}

void pyc_do_exc_match_jump(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_drop(L, 2);
    go_if(L, 0, false);
}

/* ---- loops ---- */

void pyc_do_get_iter(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_push_kind(L, K_ITER, pyc_pop_value(L), 0, 0);
}

static void open_loop(pyc *L, uint32_t end)
{
    pyc_frame *fr = L->fr;
    uint32_t below = L->nodes.v[fr->top].below, had = L->regions.n;
    const pyc_node *n = &L->nodes.v[below];
    if (fr->kind == TW_REGION_COMPREHENSION && !fr->in_iter) {
        fr->in_iter = true;
        fr->iter_end = end;
        return;
    }
    bool inlined = L->f.version >= 312 && n->kind == K_ACC && L->accs.v[n->x].n == 0;
    pyc_open(L, inlined ? TW_REGION_COMPREHENSION : TW_REGION_LOOP, 0, end);
    if (inlined && L->regions.n > had) L->regions.v[had].acc = below;
}

void pyc_do_for_iter(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t to = pyc_target(L), source = pyc_use(L, L->fr->top);
    if (L->f.version >= 312) {
        pyc_push_kind(L, K_EXC, 0, 0, 0);
        pyc_save(L, to, L->fr->top, 0, false);
        pyc_drop(L, 1);
    } else {
        pyc_save(L, to, L->nodes.v[L->fr->top].below, 0, false);
    }
    open_loop(L, L->fr->marks[L->at / 2].loop_end);
    pyc_push_kind(L, K_ITEM, pyc_emit(L, TW_OP_ITER, 0, 0, source, 0, 0), 0, 0);
}

void pyc_do_get_anext(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t source = pyc_use(L, pyc_peek(L, 1));
    pyc_push_kind(L, K_ITEM, pyc_emit(L, TW_OP_ITER, 0, TW_IF_AWAIT, source, 0, 0), 0, 0);
}

/* ---- exceptions and context managers ---- */

static void save_for_handler(pyc *L, uint32_t to)
{
    uint32_t top = L->fr->top;
    for (int i = 0; i < EXC_SLOTS; i++) pyc_push_kind(L, K_EXC, 0, 0, 0);
    pyc_save(L, to, L->fr->top, 0, false);
    L->fr->top = top;
}

void pyc_do_setup(pyc *L, uint32_t arg)
{
    (void)arg;
    save_for_handler(L, pyc_target(L));
}

void pyc_do_before_with(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t v = pyc_pop_value(L);
    pyc_push_kind(L, K_EXIT, 0, 0, 0);
    pyc_push_kind(L, K_WITH, v, 0, 0);
}

void pyc_do_setup_with(pyc *L, uint32_t arg)
{
    if (!L->row->x) pyc_do_before_with(L, arg);
    uint32_t node = pyc_pop(L);
    save_for_handler(L, pyc_target(L));
    pyc_push_node(L, L->nodes.v[node]);
}

/* __enter__, __exit__, __aenter__, __aexit__ */
void pyc_do_special(pyc *L, uint32_t arg)
{
    uint32_t v = pyc_pop_value(L);
    pyc_push_kind(L, arg & 1 ? K_EXIT : K_ENTER, v, 0, 0);
    pyc_push_kind(L, K_NULL, 0, 0, 0);
}

void pyc_do_push_exc(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_push_kind(L, K_EXC, 0, 0, 0);
}

void pyc_do_raise(pyc *L, uint32_t arg)
{
    if (arg >= 2) pyc_pop_value(L);
    pyc_emit(L, TW_OP_THROW, 0, 0, arg ? pyc_pop_value(L) : 0, 0, 0);
    die(L);
}

void pyc_do_reraise(pyc *L, uint32_t arg)
{
    (void)arg;
    die(L);
}

/* ---- functions and generators ---- */

static void give_back(pyc *L, uint32_t node)
{
    const pyc_node *n = &L->nodes.v[node];
    bool none = n->kind == K_CONST && pyc_at(&L->f, n->x)->type == 'N';
    if (L->fr->kind == TW_REGION_FUNCTION || L->fr->kind == TW_REGION_LAMBDA)
        pyc_emit(L, TW_OP_RETURN, 0, 0, none ? 0 : pyc_use(L, node), 0, 0);
    die(L);
}

void pyc_do_return_value(pyc *L, uint32_t arg)
{
    (void)arg;
    give_back(L, pyc_pop(L));
}

void pyc_do_return_const(pyc *L, uint32_t arg)
{
    pyc_do_load_const(L, arg);
    give_back(L, pyc_pop(L));
}

/* Behind SEND it is the waiting of an await. */
void pyc_do_yield_value(pyc *L, uint32_t arg)
{
    (void)arg;
    if (L->fr->prev && L->fr->prev->run == pyc_do_send) return;
    uint32_t v = pyc_pop_value(L);
    pyc_push(L, pyc_emit(L, TW_OP_YIELD, 0, 0, v, 0, 0));
}

void pyc_do_yield_from_iter(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t v = pyc_pop_value(L);
    pyc_push(L, pyc_emit(L, TW_OP_YIELD, 0, TW_IF_FROM, v, 0, 0));
}

void pyc_do_awaitable(pyc *L, uint32_t arg)
{
    (void)arg;
    uint8_t kind = L->nodes.v[L->fr->top].kind;
    if (kind == K_WITH || kind == K_DONE || kind == K_ITEM) return;
    uint32_t v = pyc_pop_value(L);
    pyc_push(L, v ? pyc_emit(L, TW_OP_AWAIT, 0, 0, v, 0, 0) : 0);
}

void pyc_do_send(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t sent = pyc_pop(L), receiver = L->fr->top;
    if (L->f.version >= 312) pyc_push_node(L, L->nodes.v[receiver]);
    pyc_save(L, pyc_target(L), L->fr->top, 0, false);
    L->fr->top = receiver;
    pyc_push_node(L, L->nodes.v[sent]);
}

void pyc_do_end_send(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t node = pyc_pop(L);
    pyc_drop(L, 1);
    pyc_push_node(L, L->nodes.v[node]);
}
