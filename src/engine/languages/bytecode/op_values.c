/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions that move and make values: stack, names, attributes, subscripts, operators, displays, texts. */
#include "engine/languages/bytecode/pyc.h"

void pyc_do_skip(pyc *L, uint32_t arg)
{
    (void)L, (void)arg;
}

void pyc_do_stack(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_drop(L, L->row->pop);
    for (uint32_t i = 0; i < L->row->push; i++) pyc_push(L, 0);
}

/* What these do to the stack changed: pops and pushes by version. */
void pyc_do_by_version(pyc *L, uint32_t arg)
{
    enum { N = 10 };
    static const struct {
        uint16_t since;
        int8_t change[N]; /* END_FINALLY POP_EXCEPT END_FOR END_ASYNC_FOR BEGIN_FINALLY POP_FINALLY
                             WITH_CLEANUP_START WITH_CLEANUP_FINISH MATCH_KEYS MATCH_CLASS */
    } rows[] = {
        {313, {0, -1, -1, -2, 0, 0, 0, 0, 1, -2}},  {312, {0, -1, -2, -2, 0, 0, 0, 0, 1, -2}},
        {311, {0, -1, 0, -2, 0, 0, 0, 0, 1, -2}},   {309, {0, -3, 0, -7, 0, 0, 0, 0, 2, -1}},
        {308, {-6, -3, 0, -7, 6, -6, 2, -3, 0, 0}}, {0, {-1, -3, 0, 0, 0, 0, 1, -2, 0, 0}},
    };
    (void)arg;
    size_t i = 0;
    while (rows[i].since > L->f.version) i++;
    int n = rows[i].change[L->row->x < N ? L->row->x : 0];
    if (n < 0) pyc_drop(L, (uint32_t)-n);
    for (; n > 0; n--) pyc_push_kind(L, K_EXC, 0, 0, 0);
}

void pyc_do_push_null(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_push_kind(L, K_NULL, 0, 0, 0);
}

void pyc_do_copy(pyc *L, uint32_t arg)
{
    uint32_t n = pyc_peek(L, arg);
    pyc_push_node(L, L->nodes.v[n]);
}

void pyc_do_copy_n(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t top = pyc_peek(L, 1), below = pyc_peek(L, 2);
    if (L->row->x == 2) pyc_push_node(L, L->nodes.v[below]);
    pyc_push_node(L, L->nodes.v[top]);
}

void pyc_do_swap(pyc *L, uint32_t arg)
{
    pyc_swap(L, arg);
}

void pyc_do_rot(pyc *L, uint32_t arg)
{
    pyc_rotate(L, L->row->x ? L->row->x : arg);
}

/* ---- constants and names ---- */

static void push_const(pyc *L, uint32_t arg)
{
    pyc_push_kind(L, K_CONST, 0, pyc_kid(&L->f, pyc_code_of(L)->f[PYC_CONSTS], arg), 0);
}

void pyc_do_load_const(pyc *L, uint32_t arg)
{
    push_const(L, arg);
}

void pyc_do_small_int(pyc *L, uint32_t arg)
{
    pyc_push_kind(L, K_INT, 0, arg, 0);
}

static void read_name(pyc *L, uint32_t name)
{
    pyc_push(L, pyc_emit(L, TW_OP_READ, 0, 0, name, 0, 0));
}

void pyc_do_common(pyc *L, uint32_t arg)
{
    static const char *const names[] = {"AssertionError", "NotImplementedError", "tuple", "all", "any"};
    if (arg < TW_COUNT(names))
        read_name(L, pyc_word(L, names[arg]));
    else
        pyc_push(L, 0);
}

void pyc_do_assertion(pyc *L, uint32_t arg)
{
    (void)arg;
    read_name(L, pyc_word(L, "AssertionError"));
}

void pyc_do_load_name(pyc *L, uint32_t arg)
{
    if (L->row->x) pyc_drop(L, 1);
    read_name(L, pyc_name(L, PYC_NAMES, arg));
}

void pyc_do_load_global(pyc *L, uint32_t arg)
{
    bool null = L->f.version >= 311 && arg & 1;
    if (null && L->f.version < 313) pyc_push_kind(L, K_NULL, 0, 0, 0);
    read_name(L, pyc_name(L, PYC_NAMES, L->f.version >= 311 ? arg >> 1 : arg));
    if (null && L->f.version >= 313) pyc_push_kind(L, K_NULL, 0, 0, 0);
}

static void load_local(pyc *L, uint32_t i)
{
    bool source = L->fr->kind == TW_REGION_COMPREHENSION && i == 0;
    if (source)
        pyc_push_kind(L, K_ITER, L->fr->source, 0, 0);
    else
        read_name(L, pyc_var(L, i));
}

void pyc_do_load_fast(pyc *L, uint32_t arg)
{
    load_local(L, arg);
}

/* Around a comprehension within a function: its variables are saved and put back. */
void pyc_do_load_clear(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_push_kind(L, K_NULL, 0, 0, 0);
}

void pyc_do_fast_fast(pyc *L, uint32_t arg)
{
    uint32_t a = arg >> 4, b = arg & 15;
    if (L->row->x)
        pyc_bind(L, pyc_var(L, a), pyc_pop(L));
    else
        load_local(L, a);
    if (L->row->x == 2)
        pyc_bind(L, pyc_var(L, b), pyc_pop(L));
    else
        load_local(L, b);
}

void pyc_do_load_deref(pyc *L, uint32_t arg)
{
    bool is_free;
    if (L->row->x) pyc_drop(L, 1);
    read_name(L, pyc_cell(L, arg, &is_free));
}

void pyc_do_load_closure(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_push(L, 0);
}

void pyc_do_store_name(pyc *L, uint32_t arg)
{
    pyc_bind(L, pyc_name(L, PYC_NAMES, arg), pyc_pop(L));
}

void pyc_do_store_fast(pyc *L, uint32_t arg)
{
    pyc_bind(L, pyc_var(L, arg), pyc_pop(L));
}

void pyc_do_store_deref(pyc *L, uint32_t arg)
{
    bool is_free;
    uint32_t name = pyc_cell(L, arg, &is_free);
    pyc_bind(L, name, pyc_pop(L));
}

void pyc_do_store_annotation(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_pop_value(L);
}

static void unbind(pyc *L, uint32_t name)
{
    pyc_emit(L, TW_OP_BIND, TW_BIND_DEL, 0, name, 0, 0);
}

void pyc_do_delete_name(pyc *L, uint32_t arg)
{
    unbind(L, pyc_name(L, PYC_NAMES, arg));
}

void pyc_do_delete_fast(pyc *L, uint32_t arg)
{
    unbind(L, pyc_var(L, arg));
}

void pyc_do_delete_deref(pyc *L, uint32_t arg)
{
    bool is_free;
    unbind(L, pyc_cell(L, arg, &is_free));
}

/* ---- attributes and subscripts ---- */

static void member(pyc *L, uint32_t name)
{
    uint32_t node = pyc_pop(L);
    pyc_node n = L->nodes.v[node];
    if (n.kind == K_IMPORT && n.x && L->f.version < 307) { /* import a.b as c, until 3.6 */
        n.extra = 1;
        pyc_push_node(L, n);
    } else {
        pyc_push(L, pyc_emit(L, TW_OP_MEMBER, 0, 0, pyc_use(L, node), name, 0));
    }
}

void pyc_do_load_attr(pyc *L, uint32_t arg)
{
    bool method = L->f.version >= 312 && arg & 1;
    if (method && L->f.version < 313) { /* [method, self] below 3.13 is as good as [NULL, method] */
        uint32_t node = pyc_pop(L);
        pyc_push_kind(L, K_NULL, 0, 0, 0);
        pyc_push_node(L, L->nodes.v[node]);
    }
    member(L, pyc_name(L, PYC_NAMES, L->f.version >= 312 ? arg >> 1 : arg));
    if (method && L->f.version >= 313) pyc_push_kind(L, K_NULL, 0, 0, 0);
}

void pyc_do_load_method(pyc *L, uint32_t arg)
{
    uint32_t node = pyc_pop(L);
    pyc_push_kind(L, K_NULL, 0, 0, 0);
    pyc_push_node(L, L->nodes.v[node]);
    member(L, pyc_name(L, PYC_NAMES, arg));
}

void pyc_do_super_attr(pyc *L, uint32_t arg)
{
    uint32_t self = pyc_pop(L), cls = pyc_pop(L), callee = pyc_pop_value(L);
    tw_arg args[2] = {{0, 0}, {0, 0}};
    if (arg & 2) {
        args[0].value = pyc_use(L, cls);
        args[1].value = pyc_use(L, self);
    }
    uint32_t v = pyc_emit(L, TW_OP_CALL, 0, 0, callee, 0, tw_ir_args(L->ir, args, arg & 2 ? 2 : 0));
    if (arg & 1 && L->f.version < 313) pyc_push_kind(L, K_NULL, 0, 0, 0);
    pyc_push(L, pyc_emit(L, TW_OP_MEMBER, 0, 0, v, pyc_name(L, PYC_NAMES, arg >> 2), 0));
    if (arg & 1 && L->f.version >= 313) pyc_push_kind(L, K_NULL, 0, 0, 0);
}

void pyc_do_store_attr(pyc *L, uint32_t arg)
{
    uint32_t base = pyc_pop_value(L), v = pyc_pop_value(L);
    pyc_emit(L, TW_OP_SETMEMBER, 0, 0, base, pyc_name(L, PYC_NAMES, arg), v);
}

void pyc_do_delete_attr(pyc *L, uint32_t arg)
{
    uint32_t base = pyc_pop_value(L);
    pyc_emit(L, TW_OP_SETMEMBER, TW_BIND_DEL, 0, base, pyc_name(L, PYC_NAMES, arg), 0);
}

static void index_of(pyc *L, uint32_t base, uint32_t key)
{
    const tw_insn *k = &L->ir->insns.v[key];
    bool slice = k->op == TW_OP_SEQ && k->kind == TW_SEQ_SLICE;
    pyc_push(L, pyc_emit(L, TW_OP_INDEX, 0, slice ? TW_IF_SLICE : 0, base, key, 0));
}

void pyc_do_subscript(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t key = pyc_pop_value(L), base = pyc_pop_value(L);
    index_of(L, base, key);
}

static void set_index(pyc *L, uint8_t kind, uint32_t base, uint32_t key, uint32_t v)
{
    const tw_insn *k = &L->ir->insns.v[key];
    bool slice = k->op == TW_OP_SEQ && k->kind == TW_SEQ_SLICE;
    pyc_emit(L, TW_OP_SETINDEX, kind, slice ? TW_IF_SLICE : 0, base, key, v);
}

void pyc_do_store_subscript(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t key = pyc_pop_value(L), base = pyc_pop_value(L), v = pyc_pop_value(L);
    set_index(L, 0, base, key, v);
}

void pyc_do_delete_subscript(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t key = pyc_pop_value(L), base = pyc_pop_value(L);
    set_index(L, TW_BIND_DEL, base, key, 0);
}

/* start, end and step; None is "not given". */
static uint32_t slice(pyc *L, uint32_t n)
{
    tw_arg part[3] = {{0, 0}, {0, 0}, {0, 0}};
    for (uint32_t i = n; i-- > 0;) {
        uint32_t node = pyc_pop(L);
        const pyc_node *x = &L->nodes.v[node];
        bool none = x->kind == K_CONST && pyc_at(&L->f, x->x)->type == 'N';
        if (i < 3) part[i].value = none ? 0 : pyc_use(L, node);
    }
    return pyc_emit(L, TW_OP_SEQ, TW_SEQ_SLICE, 0, 0, 0, tw_ir_args(L->ir, part, 3));
}

void pyc_do_build_slice(pyc *L, uint32_t arg)
{
    pyc_push(L, slice(L, arg == 3 ? 3 : 2));
}

void pyc_do_load_slice(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t key = slice(L, 2);
    index_of(L, pyc_pop_value(L), key);
}

void pyc_do_store_slice(pyc *L, uint32_t arg)
{
    (void)arg;
    uint32_t key = slice(L, 2), base = pyc_pop_value(L), v = pyc_pop_value(L);
    set_index(L, 0, base, key, v);
}

/* ---- operators ---- */

void pyc_op(pyc *L, const char *op, uint32_t n)
{
    tw_arg a[2] = {{0, 0}, {0, 0}};
    for (uint32_t i = n; i-- > 0;) a[i].value = pyc_pop_value(L);
    pyc_push(L, pyc_emit(L, TW_OP_OP, 0, 0, pyc_word(L, op), 0, tw_ir_args(L->ir, a, n)));
}

static void binary(pyc *L, uint32_t i)
{
    static const char *const ops[] = {"+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^"};
    if (i == 26) { /* a[b], since 3.14 */
        pyc_do_subscript(L, 0);
        return;
    }
    pyc_op(L, ops[i % TW_COUNT(ops)], 2);
    if (i >= TW_COUNT(ops)) L->nodes.v[L->fr->top].kind = K_AUG;
}

void pyc_do_binary(pyc *L, uint32_t arg)
{
    (void)arg;
    binary(L, L->row->x);
}

void pyc_do_binary_op(pyc *L, uint32_t arg)
{
    binary(L, arg);
}

void pyc_do_unary(pyc *L, uint32_t arg)
{
    static const char *const ops[] = {"~", "-", "not", "+"};
    (void)arg;
    pyc_op(L, ops[L->row->x & 3], 1);
}

static const char *const compares[] = {"<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"};

void pyc_do_compare(pyc *L, uint32_t arg)
{
    uint32_t i = L->f.version >= 313 ? arg >> 5 : L->f.version == 312 ? arg >> 4 : arg;
    if (i < TW_COUNT(compares)) {
        pyc_op(L, compares[i], 2);
        return;
    }
    pyc_drop(L, 2); /* does the exception match */
    pyc_push(L, 0);
}

void pyc_do_two_words(pyc *L, uint32_t arg)
{
    pyc_op(L, compares[L->row->x + (arg & 1)], 2);
}

/* ---- displays ---- */

static uint32_t collect(pyc *L, uint8_t kind, uint32_t n, bool splice)
{
    n = pyc_take(L, n);
    uint32_t acc = pyc_acc_new(L, kind), base = L->walk.n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(L->tmp, L->walk, L->taken.v[i]); /* making values may take too */
    for (uint32_t i = 0; i < n; i++) {
        uint32_t node = L->walk.v[base + i];
        if (splice)
            pyc_acc_splice(L, acc, node);
        else
            pyc_acc_add(L, acc, pyc_use(L, node), 0);
    }
    L->walk.n = base;
    return acc;
}

static void push_acc(pyc *L, uint32_t acc)
{
    pyc_push_kind(L, K_ACC, 0, acc, 0);
}

void pyc_do_build_seq(pyc *L, uint32_t arg)
{
    push_acc(L, collect(L, L->row->x, arg, false));
}

void pyc_do_build_unpack(pyc *L, uint32_t arg)
{
    push_acc(L, collect(L, L->row->x, arg, true));
}

void pyc_do_build_map(pyc *L, uint32_t arg)
{
    push_acc(L, collect(L, PYC_MAP, arg < UINT32_MAX / 2 ? arg * 2 : UINT32_MAX, false));
}

void pyc_do_map_unpack(pyc *L, uint32_t arg)
{
    push_acc(L, collect(L, PYC_MAP, arg & (L->f.version < 306 ? 255 : UINT32_MAX), true));
}

void pyc_do_const_map(pyc *L, uint32_t arg)
{
    uint32_t keys = L->nodes.v[pyc_pop(L)].x, vals = collect(L, TW_SEQ_TUPLE, arg, false);
    uint32_t acc = pyc_acc_new(L, PYC_MAP), i = L->accs.v[vals].first;
    L->f.objs.v[keys < L->f.objs.n ? keys : 0].flags |= PYC_EMITTED;
    for (uint32_t k = 0; k < L->accs.v[vals].n; k++, i = L->items.v[i].next) {
        pyc_acc_add(L, acc, pyc_const(L, pyc_kid(&L->f, keys, k)), 0);
        pyc_acc_add(L, acc, L->items.v[i].value, 0);
    }
    push_acc(L, acc);
}

/* The display that is built `i` below the top; 0 where there is none. */
static uint32_t display(pyc *L, uint32_t i)
{
    uint32_t node = pyc_peek(L, i);
    return L->nodes.v[node].kind == K_ACC ? node : 0;
}

/* In a comprehension what is appended is what it yields. */
static bool yields(pyc *L, uint32_t node, uint32_t value)
{
    bool inlined = false;
    for (uint32_t i = L->regions.n; i > L->fr->regions && !inlined; i--)
        inlined = L->regions.v[i - 1].kind == TW_REGION_COMPREHENSION && node &&
                  L->nodes.v[L->regions.v[i - 1].acc].x == L->nodes.v[node].x;
    if (!inlined && L->fr->kind != TW_REGION_COMPREHENSION) return false;
    pyc_emit(L, TW_OP_YIELD, 0, 0, value, 0, 0);
    return true;
}

void pyc_do_append(pyc *L, uint32_t arg)
{
    uint32_t v = pyc_pop_value(L), node = display(L, arg);
    if (!yields(L, node, v) && node) pyc_acc_add(L, L->nodes.v[node].x, v, 0);
}

void pyc_do_map_add(pyc *L, uint32_t arg)
{
    uint32_t first = pyc_pop_value(L), second = pyc_pop_value(L), node = display(L, arg);
    bool value_first = L->f.version >= 308; /* on top */
    uint32_t key = value_first ? second : first, v = value_first ? first : second;
    bool comp = L->fr->kind == TW_REGION_COMPREHENSION;
    for (uint32_t i = L->regions.n; i > L->fr->regions && !comp; i--)
        comp = L->regions.v[i - 1].kind == TW_REGION_COMPREHENSION;
    if (comp) {
        tw_arg pair[2] = {{key, 0}, {v, 0}};
        uint32_t tuple = pyc_emit(L, TW_OP_SEQ, TW_SEQ_TUPLE, 0, 0, 0, tw_ir_args(L->ir, pair, 2));
        if (yields(L, node, tuple)) return;
    }
    if (!node) return;
    pyc_acc_add(L, L->nodes.v[node].x, key, 0);
    pyc_acc_add(L, L->nodes.v[node].x, v, 0);
}

void pyc_do_extend(pyc *L, uint32_t arg)
{
    uint32_t from = pyc_pop(L), node = display(L, arg);
    if (node)
        pyc_acc_splice(L, L->nodes.v[node].x, from);
    else
        pyc_use(L, from);
}

void pyc_do_update(pyc *L, uint32_t arg)
{
    pyc_do_extend(L, arg);
}

/* ---- texts ---- */

void pyc_do_build_string(pyc *L, uint32_t arg)
{
    uint32_t n = pyc_take(L, arg), base = L->vals.n, bottom = L->walk.n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(L->tmp, L->walk, L->taken.v[i]);
    for (uint32_t i = 0; i < n; i++) {
        const pyc_node *x = &L->nodes.v[L->walk.v[bottom + i]];
        uint32_t v = x->kind == K_FORMAT ? x->value : pyc_use(L, L->walk.v[bottom + i]);
        TW_PUSH(L->tmp, L->vals, ((tw_arg){v, 0}));
    }
    uint32_t args = tw_ir_args(L->ir, L->vals.v + base, L->vals.n - base);
    L->vals.n = base, L->walk.n = bottom;
    pyc_push(L, pyc_emit(L, TW_OP_CONCAT, 0, 0, 0, 0, args));
}

static uint32_t format_op(pyc *L, const char *op, uint32_t a, uint32_t b)
{
    tw_arg arg[2] = {{a, 0}, {b, 0}};
    return pyc_emit(L, TW_OP_OP, 0, 0, pyc_word(L, op), 0, tw_ir_args(L->ir, arg, b ? 2 : 1));
}

static void format(pyc *L, uint32_t conversion, bool has_spec)
{
    static const char *const ops[] = {"", "!s", "!r", "!a"};
    uint32_t spec = has_spec ? pyc_pop_value(L) : 0, v = pyc_pop_value(L);
    if (conversion) v = format_op(L, ops[conversion & 3], v, 0);
    if (spec) v = format_op(L, ":", v, spec);
    pyc_push_kind(L, K_FORMAT, v, 0, 0);
}

void pyc_do_format_value(pyc *L, uint32_t arg)
{
    format(L, arg & 3, arg & 4);
}

void pyc_do_convert(pyc *L, uint32_t arg)
{
    format(L, arg & 3, false);
    L->nodes.v[L->fr->top].kind = K_VALUE;
}

void pyc_do_format_simple(pyc *L, uint32_t arg)
{
    (void)arg;
    format(L, 0, false);
}

void pyc_do_format_spec(pyc *L, uint32_t arg)
{
    (void)arg;
    format(L, 0, true);
}

/* One hole of a template string: value, its text, spec. */
void pyc_do_interpolation(pyc *L, uint32_t arg)
{
    if (arg & 1) pyc_pop_value(L);
    pyc_drop(L, 1);
}

/* ---- unpacking ---- */

void pyc_unpack_item(pyc *L, uint32_t from, uint32_t i, bool star)
{
    uint32_t v = star ? pyc_emit(L, TW_OP_ITER, 0, TW_IF_UNPACK, from, 0, 0)
                      : pyc_emit(L, TW_OP_INDEX, 0, TW_IF_UNPACK, from, pyc_int(L, i), 0);
    pyc_push_node(L, (pyc_node){.kind = K_VALUE, .value = v, .unpacked = 1});
}

static void unpack(pyc *L, uint32_t before, bool star, uint32_t after)
{
    uint32_t node = pyc_pop(L);
    pyc_node n = L->nodes.v[node];
    uint64_t count = (uint64_t)before + star + after;
    if (!pyc_spend(L, count)) return;
    if (n.kind == K_ACC && !star && L->accs.v[n.x].n == count && L->accs.v[n.x].kind != PYC_MAP) {
        uint32_t base = L->walk.n, i = L->accs.v[n.x].first;
        for (uint32_t k = 0; k < count; k++, i = L->items.v[i].next) TW_PUSH(L->tmp, L->walk, i);
        for (uint32_t k = (uint32_t)count; k-- > 0;) pyc_push(L, L->items.v[L->walk.v[base + k]].value);
        L->walk.n = base;
        return;
    }
    uint32_t v = pyc_use(L, node);
    for (uint32_t i = (uint32_t)count; i-- > 0;) pyc_unpack_item(L, v, i, star && i >= before);
}

void pyc_do_unpack(pyc *L, uint32_t arg)
{
    unpack(L, arg, false, 0);
}

void pyc_do_unpack_ex(pyc *L, uint32_t arg)
{
    unpack(L, arg & 255, true, arg >> 8);
}
