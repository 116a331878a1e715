/* SPDX-License-Identifier: Apache-2.0 */
/* The front end: code objects one within the other on a stack of frames, an instruction at a time. */
#include "engine/languages/bytecode/pyc.h"

enum { FREE_TOKENS = 4096, FIRST_MINOR = 306, EXTENDED_MAX = 3 };

#define NO PYC_NO
#define REL PYC_REL
#define ABS PYC_ABS
#define BACK PYC_BACK
#define EXT PYC_EXT
#define OPCODE(name, handler, x, pop, push, jump, ...) \
    {#name, pyc_do_##handler, x, pop, push, jump, {__VA_ARGS__}},
static const pyc_row opcodes[] = {
#include "engine/languages/bytecode/opcodes.def"
};
#undef OPCODE

static const pyc_row cache = {"CACHE", pyc_do_skip, 0, 0, 0, PYC_NO, {0}};

static void read_table(pyc *L)
{
    unsigned column = L->f.version - FIRST_MINOR;
    for (size_t i = 0; i < TW_COUNT(opcodes); i++)
        if (opcodes[i].number[column]) L->rows[opcodes[i].number[column] & 255] = &opcodes[i];
    if (L->f.version >= 311) L->rows[0] = &cache;
}

static uint32_t caches(const pyc *L, const pyc_row *row)
{
    uint16_t n = row ? row->number[L->f.version - FIRST_MINOR] : 0;
    return n ? ((n >> 8) - 1u) * 2 : 0;
}

static const pyc_row *row_at(const pyc *L, uint32_t at)
{
    return L->rows[(uint8_t)L->fr->bytes.p[at]];
}

/* The instruction at `at` with its prefixes: sets arg, next, row. False: the code ends within it. */
static bool decode(pyc *L, uint32_t at)
{
    const pyc_frame *fr = L->fr;
    uint64_t arg = 0;
    L->at = at;
    for (unsigned i = 0; at + 1 < fr->n; at += 2) {
        L->row = row_at(L, at);
        arg = arg << 8 | (uint8_t)fr->bytes.p[at + 1];
        if (!L->row || L->row->jump != PYC_EXT || i++ == EXTENDED_MAX) {
            uint32_t after = at + 2 + caches(L, L->row);
            L->next = after < fr->n ? after : fr->n;
            L->arg = (uint32_t)arg;
            return true;
        }
    }
    return false;
}

const pyc_row *pyc_next_row(const pyc *L)
{
    uint32_t at = L->next;
    while (at + 1 < L->fr->n && row_at(L, at) && row_at(L, at)->jump == PYC_EXT) at += 2;
    return at + 1 < L->fr->n ? row_at(L, at) : NULL;
}

/* ---- entering and leaving code objects ---- */

static void declare(pyc *L, bool outer, uint32_t name)
{
    pyc_emit(L, TW_OP_SCOPE, outer, 0, name, 0, 0);
}

/* Where loops start, and which names live elsewhere. */
static void look_ahead(pyc *L)
{
    pyc_frame *fr = L->fr;
    const pyc_code *c = &L->f.codes.v[fr->code];
    uint32_t names = pyc_at(&L->f, c->f[PYC_NAMES])->n, vars = pyc_at(&L->f, c->f[PYC_VARS])->n;
    uint32_t frees = pyc_at(&L->f, c->f[PYC_FREE])->n + pyc_at(&L->f, c->f[PYC_CELLS])->n, handler = 0;
    if (!pyc_spend(L, ((uint64_t)names + vars + frees) / 8)) return;
    uint8_t *seen = TW_NEWN(L->tmp, uint8_t, (size_t)names + 1);
    uint8_t *seen_var = TW_NEWN(L->tmp, uint8_t, (size_t)vars + frees + 1);
    for (uint32_t at = 0; decode(L, at); at = L->next) {
        if (fr->marks[at / 2].handler) handler = at;
        uint32_t to =
            L->row && (L->row->jump == PYC_ABS || L->row->jump == PYC_BACK) ? pyc_target(L) : at + 1;
        bool wait = L->row && L->row->run == pyc_do_jump && L->row->x;
        if (to <= at && to >= handler && !wait && fr->marks[to / 2].loop_end < L->next)
            fr->marks[to / 2].loop_end = L->next;
        if (!L->row || fr->kind == TW_REGION_MODULE) continue;
        bool global = (L->row->run == pyc_do_store_name || L->row->run == pyc_do_delete_name) && L->row->x;
        if (global && L->arg < names && !seen[L->arg]++) declare(L, false, pyc_name(L, PYC_NAMES, L->arg));
        bool is_free = false;
        if (L->row->run == pyc_do_store_deref && L->arg < vars + frees && !seen_var[L->arg]++) {
            uint32_t name = pyc_cell(L, L->arg, &is_free);
            if (is_free) declare(L, true, name);
        }
    }
}

static uint32_t default_of(pyc *L, uint32_t args, uint32_t name)
{
    uint32_t n = args ? L->ir->args.v[args].value : 0;
    for (uint32_t i = 1; i <= n && pyc_spend(L, 1); i++)
        if (L->ir->args.v[args + i].name == name) return L->ir->args.v[args + i].value;
    return 0;
}

static void bind_params(pyc *L, uint32_t scope, uint32_t args)
{
    tw_scope s = L->ir->scopes.v[scope];
    if (s.kind != TW_REGION_FUNCTION && s.kind != TW_REGION_LAMBDA) return;
    for (uint32_t i = 0; i < s.n_params; i++) {
        uint32_t name = L->ir->params.v[s.params + i].name;
        pyc_emit(L, TW_OP_BIND, TW_BIND_PARAM, 0, name, default_of(L, args, name), i);
    }
}

static uint32_t built_by(pyc *L, const pyc_code *c)
{
    tw_str name = tw_ir_text(L->ir, pyc_string(L, c->f[PYC_NAME]));
    return tw_str_eq(name, TW_S("<listcomp>"))   ? TW_SEQ_LIST
           : tw_str_eq(name, TW_S("<setcomp>"))  ? TW_SEQ_SET
           : tw_str_eq(name, TW_S("<dictcomp>")) ? PYC_MAP
                                                 : UINT32_MAX;
}

void pyc_enter_code(pyc *L, uint32_t obj, uint8_t kind, uint32_t scope, uint32_t source, uint32_t args)
{
    uint32_t code = pyc_at(&L->f, obj)->a, body = L->f.codes.v[code].f[PYC_CODE];
    const pyc_obj *o = pyc_at(&L->f, body);
    tw_str bytes = o->type == 's' ? pyc_text(&L->f, body) : TW_S("");
    if (L->frames.n >= L->lim->nesting || !pyc_spend(L, bytes.n / 2)) {
        tw_ir_emit(L->ir, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, o->off, o->len);
        L->ir->flags |= TW_IRF_TRUNCATED;
        bytes = TW_S("");
    }
    pyc_frame fr = {.code = code,
                    .obj = obj,
                    .bytes = bytes,
                    .base = o->type == 's' ? o->a : 0,
                    .n = (uint32_t)(bytes.n & ~(size_t)1),
                    .live = true,
                    .kind = kind,
                    .outer = scope,
                    .scope = scope,
                    .regions = L->regions.n,
                    .source = source};
    fr.marks = TW_NEWN(L->tmp, pyc_mark, (size_t)fr.n / 2 + 1);
    L->f.objs.v[obj].flags |= PYC_LOWERED;
    L->f.objs.v[body < L->f.objs.n ? body : 0].flags |= PYC_EMITTED;
    TW_PUSH(L->tmp, L->frames, fr);
    L->fr = &L->frames.v[L->frames.n - 1];
    L->off = o->off, L->len = o->len;
    L->fr->enter = pyc_emit(L, TW_OP_ENTER, kind, 0, 0, scope, 0);
    L->ir->scopes.v[scope].enter = L->fr->enter;
    pyc_read_handlers(L, L->fr);
    look_ahead(L);
    bind_params(L, scope, args);
}

/* The value that a comprehension leaves to the code around it. */
void pyc_give_comprehension(pyc *L, uint32_t code)
{
    uint32_t left = L->f.codes.v[code].left, build = built_by(L, &L->f.codes.v[code]);
    uint32_t mark = build == PYC_MAP ? TW_ARG_SPREAD_MAP : TW_ARG_SPREAD;
    tw_arg a[2] = {{left, mark}, {0, mark}};
    if (build == PYC_MAP)
        left = pyc_emit(L, TW_OP_MAP, 0, 0, 0, 0, tw_ir_args(L->ir, a, 2));
    else if (build != UINT32_MAX)
        left = pyc_emit(L, TW_OP_SEQ, (uint8_t)build, 0, 0, 0, tw_ir_args(L->ir, a, 1));
    pyc_push(L, left);
}

static void leave_code(pyc *L)
{
    pyc_frame fr = *L->fr;
    pyc_close_all(L);
    uint32_t left = pyc_emit(L, TW_OP_LEAVE, fr.kind, 0, fr.enter, 0, 0);
    L->frames.n--;
    L->fr = L->frames.n ? &L->frames.v[L->frames.n - 1] : NULL;
    L->fn = (pyc_fn){.code_obj = 0};
    if (L->fr && fr.kind == TW_REGION_COMPREHENSION) {
        L->f.codes.v[fr.code].left = left;
        pyc_give_comprehension(L, fr.code);
    }
}

/* Code that nothing made a function of, and texts that no instruction took: they are there for some reason. */
static bool sweep(pyc *L)
{
    pyc_frame *fr = L->fr;
    uint32_t consts = L->f.codes.v[fr->code].f[PYC_CONSTS];
    const pyc_obj *list = pyc_at(&L->f, consts);
    if (!pyc_is_list(list) || (list->flags & PYC_SWEPT && !fr->swept)) return false;
    L->f.objs.v[consts].flags |= PYC_SWEPT;
    while (fr->swept < pyc_at(&L->f, consts)->n) {
        uint32_t kid = pyc_kid(&L->f, consts, fr->swept++);
        const pyc_obj *o = pyc_at(&L->f, kid);
        if (!pyc_spend(L, 1)) return false;
        if (o->type == 'c' && !(o->flags & PYC_LOWERED)) {
            uint32_t scope = pyc_scope_of(L, o->a, TW_REGION_FUNCTION, fr->scope);
            L->f.codes.v[pyc_at(&L->f, kid)->a].scope = scope;
            pyc_emit(L, TW_OP_FUNC, 0, 0, scope, 0, 0);
            pyc_enter_code(L, kid, TW_REGION_FUNCTION, scope, 0, 0);
            return true;
        }
        bool data = pyc_is_text(o) || pyc_is_list(o);
        if (data && !(o->flags & (PYC_EMITTED | PYC_IS_NAME))) pyc_const(L, kid);
    }
    return false;
}

/* ---- one instruction ---- */

static bool is_store(const pyc_row *row)
{
    return row &&
           (row->run == pyc_do_store_name || row->run == pyc_do_store_fast || row->run == pyc_do_store_deref);
}

/* Between a function and its binding stand only its decorators' calls. */
static bool may_decorate(const pyc_row *row)
{
    return is_store(row) || (row && (row->run == pyc_do_call || row->run == pyc_do_call_old ||
                                     row->run == pyc_do_function_attribute || row->run == pyc_do_skip));
}

/* True: a body was entered. */
static bool body_due(pyc *L)
{
    pyc_fn *fn = &L->fn;
    if (!fn->node || L->row->run == pyc_do_function_attribute) return false;
    pyc_settle(L);
    pyc_node n = L->nodes.v[fn->node];
    if (n.kind == K_FUNC && !n.extra && may_decorate(L->row) && !L->fr->stored) return false;
    pyc_fn now = *fn;
    *fn = (pyc_fn){.code_obj = 0};
    uint32_t scope = L->f.codes.v[pyc_at(&L->f, now.code_obj)->a].scope;
    if (now.body_done || !n.value) return false;
    pyc_enter_code(L, now.code_obj, L->ir->scopes.v[scope].kind, scope, 0, now.args);
    return true;
}

static void save_for_handlers(pyc *L, uint32_t at)
{
    pyc_frame *fr = L->fr;
    for (; fr->next_handler < fr->n_handlers; fr->next_handler++) {
        const pyc_handler *h = &fr->handlers[fr->next_handler];
        if (h->from > at) return;
        uint32_t top = fr->top, depth = L->nodes.v[top].depth;
        if (!fr->live || depth < h->depth || fr->marks[h->target / 2].saved || h->target <= at) continue;
        if (!pyc_spend(L, (depth - h->depth) / 16)) return;
        pyc_drop(L, depth - h->depth);
        if (h->lasti) pyc_push_kind(L, K_EXC, 0, 0, 0);
        pyc_push_kind(L, K_EXC, 0, 0, 0);
        pyc_save(L, h->target, fr->top, 0, false);
        fr->top = top;
    }
}

/* The end of the handler that starts at `at`: where the next one does. */
static uint32_t handler_end(const pyc *L, uint32_t at)
{
    const pyc_frame *fr = L->fr;
    for (at += 2; at < fr->n; at += 2)
        if (fr->marks[at / 2].handler) return at;
    return fr->n;
}

static void arrive(pyc *L, uint32_t at)
{
    pyc_mark *m = &L->fr->marks[at / 2];
    pyc_close_until(L, at);
    pyc_meet(L, at);
    save_for_handlers(L, at);
    if (m->handler) {
        m->handler = false;
        uint32_t end = handler_end(L, at);
        if (pyc_spend(L, (end - at) / 2)) pyc_open(L, TW_REGION_THEN, 0, end);
    }
    bool first = L->row && L->row->run == pyc_do_for_iter;
    if (!m->loop_end || first) return;
    uint32_t end = m->loop_end;
    m->loop_end = 0;
    pyc_open(L, TW_REGION_LOOP, 0, end);
}

static void unknown(pyc *L)
{
    pyc_emit(L, TW_OP_OPAQUE, TW_GAP_SYNTAX, 0, 0, 0, 0);
    L->fr->top = 0;
    L->fr->live = false;
}

static void step(pyc *L)
{
    pyc_frame *fr = L->fr;
    static const pyc_row none = {"", pyc_do_break_loop, 0, 0, 0, PYC_NO, {0}};
    bool more = decode(L, fr->ip);
    if (!more) L->row = &none, L->next = fr->n;
    if (!L->row) L->row = &none;
    if (more) L->off = fr->base + L->at, L->len = L->next - L->at;
    if (body_due(L)) return;
    if (!more) {
        fr->top = 0;
        L->next = fr->n;
        pyc_close_all(L);
        if (!sweep(L)) leave_code(L);
        return;
    }
    pyc_spend(L, 1);
    const pyc_row *row = L->row;
    arrive(L, L->at);
    fr->ip = L->next;
    if (row == &none)
        unknown(L);
    else
        row->run(L, L->arg);
    fr = &L->frames.v[L->frames.n - 1]; /* a comprehension may have been entered */
    L->fr = fr;
    if (row->run != pyc_do_skip) fr->prev = row, fr->stored = is_store(row);
}

static void run(pyc *L)
{
    while (L->frames.n && !L->spent) step(L);
    if (!L->frames.n) return;
    uint32_t at = L->fr->base + L->fr->ip, end = (uint32_t)L->f.bytes.n;
    tw_ir_emit(L->ir, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, at, end > at ? end - at : 0);
    L->ir->flags |= TW_IRF_TRUNCATED;
    while (L->frames.n) {
        pyc_frame fr = *L->fr;
        pyc_close_all(L);
        pyc_emit(L, TW_OP_LEAVE, fr.kind, 0, fr.enter, 0, 0);
        L->frames.n--;
        L->fr = L->frames.n ? &L->frames.v[L->frames.n - 1] : NULL;
    }
}

/* ---- the file ---- */

/* Versions whose instructions are not read: their texts at least. */
static void texts_only(pyc *L)
{
    for (uint32_t i = 1; i < L->f.codes.n; i++) {
        const uint32_t *f = L->f.codes.v[i].f;
        L->f.objs.v[f[PYC_CODE]].flags |= PYC_EMITTED;
        L->f.objs.v[f[PYC_LINES]].flags |= PYC_EMITTED;
    }
    for (uint32_t i = 1; i < L->f.objs.n && pyc_spend(L, 1); i++)
        if (pyc_is_text(&L->f.objs.v[i]) && !(L->f.objs.v[i].flags & PYC_EMITTED)) pyc_const(L, i);
}

static void module(pyc *L)
{
    uint32_t n = (uint32_t)L->f.bytes.n, root = L->f.root;
    bool known = L->f.version >= FIRST_MINOR && pyc_at(&L->f, root)->type == 'c';
    TW_PUSH(L->ir->arena, L->ir->scopes, ((tw_scope){.kind = TW_REGION_MODULE, .len = n}));
    L->len = n;
    if (known) {
        read_table(L);
        pyc_enter_code(L, root, TW_REGION_MODULE, 0, 0, 0);
        run(L);
        L->off = 0, L->len = n;
    } else {
        uint32_t enter = pyc_emit(L, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0);
        L->ir->scopes.v[0].enter = enter;
        pyc_emit(L, TW_OP_OPAQUE, TW_GAP_FORMAT, 0, 0, 0, 0);
        texts_only(L);
        pyc_emit(L, TW_OP_LEAVE, TW_REGION_MODULE, 0, enter, 0, 0);
    }
    if (L->f.cut) {
        L->ir->flags |= TW_IRF_RECOVERED;
        tw_ir_emit(L->ir, TW_OP_OPAQUE, L->f.limit ? TW_GAP_LIMIT : TW_GAP_SYNTAX, 0, 0, 0, 0, L->f.end,
                   n > L->f.end ? n - L->f.end : 0);
    }
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t cap = lim->source_bytes < UINT32_MAX / 4 ? (size_t)lim->source_bytes : UINT32_MAX / 4,
           all = bytes.n;
    if (bytes.n > cap) bytes.n = cap;
    if (!bytes.p) bytes.p = "";
    tw_ir_init(ir, a, TW_LANG_BYTECODE, bytes);
    tw_arena *tmp = tw_arena_new(0);
    pyc *L = TW_NEW(tmp, pyc);
    L->ir = ir, L->tmp = tmp, L->lim = lim;
    uint64_t allowance = FREE_TOKENS + (bytes.n / 1024 + 1) * lim->tokens_per_kb;
    L->left = allowance;
    TW_PUSH(tmp, L->nodes, ((pyc_node){.kind = K_VALUE}));
    TW_RESERVE(tmp, L->vals, 16);
    TW_RESERVE(tmp, L->args, 16);
    TW_RESERVE(tmp, L->walk, 16);
    TW_RESERVE(tmp, L->taken, 16);
    pyc_read(&L->f, tmp, bytes, lim->nesting);
    module(L);
    ir->tokens = allowance - L->left;
    if (bytes.n < all) {
        uint32_t end = all < UINT32_MAX ? (uint32_t)all : UINT32_MAX;
        tw_ir_emit(ir, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, 0, (uint32_t)bytes.n, end - (uint32_t)bytes.n);
        ir->flags |= TW_IRF_TRUNCATED;
    }
    tw_buf_free(&L->lit);
    tw_arena_free(tmp);
}

const tw_front_end tw_front_bytecode = {TW_LANG_BYTECODE, 2, lower};
