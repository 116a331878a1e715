/* SPDX-License-Identifier: Apache-2.0 */
/* Imports, bindings, functions, classes and calls. */
#include "engine/languages/bytecode/pyc.h"

enum { DEFAULTS = 1, KW_DEFAULTS = 2, ANNOTATIONS = 4, CLOSURE = 8 };
enum { LAMBDA = 1, COMPREHENSION = 2, GENERATED = 4, CLASS_BODY = 8 };

/* ---- imports ---- */

static uint32_t level_of(pyc *L, uint32_t node)
{
    pyc_node n = L->nodes.v[node];
    if (n.kind == K_CONST) return pyc_at(&L->f, n.x)->type == 'i' ? pyc_at(&L->f, n.x)->a : 0;
    return n.kind == K_INT ? n.x : 0;
}

void pyc_do_import_name(pyc *L, uint32_t arg)
{
    uint32_t list = pyc_pop(L), level = level_of(L, pyc_pop(L)), module = pyc_name(L, PYC_NAMES, arg);
    pyc_node l = L->nodes.v[list];
    const pyc_row *next = pyc_next_row(L);
    bool is_list = l.kind == K_CONST && pyc_at(&L->f, l.x)->type == '(';
    bool takes = next && (next->run == pyc_do_import_from || next->run == pyc_do_import_star ||
                          next->run == pyc_do_intrinsic_1);
    if (level > 255) level = 255;
    if (is_list) {
        L->f.objs.v[l.x].flags |= PYC_EMITTED | PYC_IS_NAME;
        if (takes) {
            pyc_push_kind(L, K_FROM, 0, module, (uint8_t)level);
            return;
        }
    }
    uint32_t v = pyc_emit(L, TW_OP_IMPORT, (uint8_t)level, 0, module, 0, 0);
    pyc_push_kind(L, is_list ? K_IMPORTED : K_IMPORT, v, module, 0);
}

void pyc_do_import_from(pyc *L, uint32_t arg)
{
    uint32_t node = pyc_peek(L, 1), name = pyc_name(L, PYC_NAMES, arg);
    pyc_node n = L->nodes.v[node];
    if (n.kind == K_IMPORT) { /* import a.b as c: the way to b */
        pyc_push_kind(L, K_IMPORT, n.value, n.x, 1);
    } else if (n.kind == K_FROM) {
        pyc_push_kind(L, K_IMPORTED, pyc_emit(L, TW_OP_IMPORT, n.extra, 0, n.x, name, 0), 0, 0);
    } else {
        pyc_push(L, pyc_emit(L, TW_OP_MEMBER, 0, 0, pyc_use(L, node), name, 0));
    }
}

void pyc_do_import_star(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_node n = L->nodes.v[pyc_pop(L)];
    if (n.kind == K_FROM) pyc_emit(L, TW_OP_IMPORT, n.extra, TW_IF_STAR, n.x, 0, 0);
}

void pyc_do_intrinsic_1(pyc *L, uint32_t arg)
{
    enum { IMPORT_STAR = 2, POSITIVE = 5, LIST_TO_TUPLE = 6, FIRST_TYPE = 7 };
    if (arg == IMPORT_STAR) {
        pyc_do_import_star(L, 0);
        pyc_push(L, 0);
    } else if (arg == POSITIVE) {
        pyc_op(L, "+", 1);
    } else if (arg >= FIRST_TYPE) {
        pyc_pop_value(L);
        pyc_push(L, 0);
    } /* else the value stays */
}

void pyc_do_intrinsic_2(pyc *L, uint32_t arg)
{
    enum { SET_TYPE_PARAMS = 4 };
    uint32_t top = pyc_pop(L);
    if (arg == SET_TYPE_PARAMS) return; /* the function stays */
    pyc_use(L, top);
    pyc_pop_value(L);
    pyc_push(L, 0);
}

/* ---- bindings ---- */

static uint32_t first_part(pyc *L, uint32_t module)
{
    tw_str s = tw_ir_text(L->ir, module);
    size_t dot = tw_str_chr(s, '.');
    return dot == TW_NPOS ? module : tw_intern(&L->ir->strings, tw_str_sub(s, 0, dot));
}

void pyc_bind(pyc *L, uint32_t name, uint32_t node)
{
    static const uint8_t kinds[] = {
        [K_ITEM] = TW_BIND_FOR, [K_IMPORT] = TW_BIND_IMPORT, [K_IMPORTED] = TW_BIND_IMPORT,
        [K_AUG] = TW_BIND_AUG,  [K_WITH] = TW_BIND_WITH,     [K_EXC] = TW_BIND_CATCH};
    pyc_node n = L->nodes.v[node];
    if (n.kind == K_NULL) return; /* the variables of an inlined comprehension, put back */
    uint8_t kind = n.kind < TW_COUNT(kinds) ? kinds[n.kind] : TW_BIND_ASSIGN;
    uint32_t v = pyc_use(L, node);
    n = L->nodes.v[node];
    if (n.kind == K_FUNC && !(n.extra & (LAMBDA | COMPREHENSION))) kind = TW_BIND_DEF;
    uint32_t first = n.kind == K_IMPORT && !n.extra ? first_part(L, n.x) : n.x;
    if (n.kind == K_IMPORT && first != n.x) v = pyc_emit(L, TW_OP_IMPORT, 0, TW_IF_PARENT, first, 0, 0);
    if (!v && kind == TW_BIND_ASSIGN) v = pyc_emit(L, TW_OP_ITER, 0, 0, 0, 0, 0); /* something unknown */
    pyc_emit(L, TW_OP_BIND, kind, n.unpacked ? TW_IF_UNPACK : 0, name, v, 0);
}

/* ---- functions ---- */

static uint8_t extra_of(pyc *L, uint32_t obj)
{
    const pyc_code *c = &L->f.codes.v[pyc_at(&L->f, obj)->a];
    tw_str name = tw_ir_text(L->ir, pyc_string(L, c->f[PYC_NAME]));
    if (tw_str_eq(name, TW_S("<lambda>"))) return LAMBDA;
    if (tw_str_eq(name, TW_S("<listcomp>")) || tw_str_eq(name, TW_S("<setcomp>")) ||
        tw_str_eq(name, TW_S("<dictcomp>")) || tw_str_eq(name, TW_S("<genexpr>")))
        return COMPREHENSION;
    return tw_str_starts(name, TW_S("<")) ? GENERATED : 0;
}

static bool is_code(pyc *L, const pyc_node *n)
{
    return n->kind == K_CONST && pyc_at(&L->f, n->x)->type == 'c';
}

/* [maker, NULL?, closure?, body] */
static uint32_t class_maker_below(pyc *L)
{
    uint32_t n = L->nodes.v[L->fr->top].below;
    for (int i = 0; i < 3 && n; i++, n = L->nodes.v[n].below) {
        if (L->nodes.v[n].kind == K_CLASS_MAKER) return n;
        if (L->nodes.v[n].kind != K_NULL && L->nodes.v[n].kind != K_ACC) return 0;
    }
    return 0;
}

void pyc_do_make_function(pyc *L, uint32_t arg)
{
    uint32_t flags = L->f.version < 313 ? arg : 0;
    if (L->f.version < 311) {
        const pyc_node *q = &L->nodes.v[pyc_pop(L)];
        if (q->kind == K_CONST && q->x < L->f.objs.n) L->f.objs.v[q->x].flags |= PYC_IS_NAME;
    }
    pyc_node code = L->nodes.v[pyc_pop(L)];
    pyc_fn fn = {.code_obj = is_code(L, &code) ? code.x : 0};
    if (flags & CLOSURE) pyc_drop(L, 1);
    if (flags & ANNOTATIONS) pyc_pop_value(L);
    if (flags & KW_DEFAULTS) fn.kw_defaults = pyc_pop(L);
    if (flags & DEFAULTS) fn.defaults = pyc_pop(L);
    pyc_push_kind(L, fn.code_obj ? K_FUNC : K_VALUE, 0, fn.code_obj, fn.code_obj ? extra_of(L, code.x) : 0);
    if (!fn.code_obj) return;
    uint32_t maker = class_maker_below(L);
    if (maker) {
        L->nodes.v[L->fr->top].extra = CLASS_BODY;
        L->nodes.v[maker].x = code.x;
        return;
    }
    fn.node = L->fr->top;
    L->fn = fn;
}

void pyc_do_function_attribute(pyc *L, uint32_t arg)
{
    uint32_t func = pyc_pop(L), what = pyc_pop(L);
    bool ours = func && func == L->fn.node && !L->fn.emitted;
    if (ours && arg == DEFAULTS)
        L->fn.defaults = what;
    else if (ours && arg == KW_DEFAULTS)
        L->fn.kw_defaults = what;
    else if (arg == ANNOTATIONS)
        pyc_use(L, what);
    pyc_node n = L->nodes.v[func];
    pyc_push_node(L, n);
    if (ours) L->fn.node = L->fr->top;
}

static uint32_t default_args(pyc *L, uint32_t scope)
{
    tw_scope s = L->ir->scopes.v[scope];
    uint32_t base = L->args.n, plain = 0;
    if (L->fn.defaults) pyc_args_of(L, L->fn.defaults);
    for (uint32_t i = 0; i < s.n_params; i++) plain += L->ir->params.v[s.params + i].kind == 0;
    uint32_t n = L->args.n - base;
    for (uint32_t i = 0; i < n; i++) {
        bool fits = n <= plain && L->args.v[base + i].name == 0;
        L->args.v[base + i].name = fits ? L->ir->params.v[s.params + plain - n + i].name : 0;
    }
    uint32_t keywords = L->args.n;
    if (L->fn.kw_defaults) pyc_kwargs_of(L, L->fn.kw_defaults);
    for (uint32_t i = keywords; i < L->args.n; i++)
        if (L->args.v[i].name == TW_ARG_SPREAD_MAP) L->args.v[i].name = 0;
    uint32_t args = tw_ir_args(L->ir, L->args.v + base, L->args.n - base);
    L->args.n = base;
    return args;
}

/* The FUNC of the function at hand. The second function of one code object shares its scope and body. */
void pyc_settle(pyc *L)
{
    if (!L->fn.node || L->fn.emitted) return;
    pyc_node *n = &L->nodes.v[L->fn.node];
    uint32_t index = pyc_at(&L->f, L->fn.code_obj)->a;
    L->fn.emitted = true;
    if (n->extra & COMPREHENSION) return; /* known when it is called */
    uint8_t kind = n->extra & LAMBDA ? TW_REGION_LAMBDA : TW_REGION_FUNCTION;
    bool again = L->f.objs.v[L->fn.code_obj].flags & PYC_LOWERED;
    uint32_t scope = again ? L->f.codes.v[index].scope : pyc_scope_of(L, index, kind, L->fr->scope);
    L->f.codes.v[index].scope = scope;
    if (again) L->fn.body_done = true;
    L->f.objs.v[L->fn.code_obj].flags |= PYC_LOWERED;
    uint32_t node = L->fn.node;
    L->fn.args = default_args(L, scope);
    L->nodes.v[node].value = pyc_emit(L, TW_OP_FUNC, 0, 0, scope, 0, L->fn.args);
}

void pyc_do_build_class(pyc *L, uint32_t arg)
{
    (void)arg;
    pyc_push_kind(L, K_CLASS_MAKER, 0, 0, 0);
}

/* __build_class__(body, name, *bases, **keywords) */
static void make_class(pyc *L, uint32_t obj, uint32_t args)
{
    uint32_t index = pyc_at(&L->f, obj)->a;
    bool again = L->f.objs.v[obj].flags & PYC_LOWERED;
    uint32_t scope =
        again ? L->f.codes.v[index].scope : pyc_scope_of(L, index, TW_REGION_CLASS, L->fr->scope);
    L->f.codes.v[index].scope = scope;
    L->f.objs.v[obj].flags |= PYC_LOWERED;
    uint32_t skip = L->args.n - args > 1 ? 2 : L->args.n - args; /* the body, the name */
    uint32_t list = tw_ir_args(L->ir, L->args.v + args + skip, L->args.n - args - skip);
    uint32_t v = pyc_emit(L, TW_OP_CLASS, 0, 0, scope, 0, list);
    pyc_push_kind(L, K_FUNC, v, obj, 0);
    L->fn =
        (pyc_fn){.code_obj = obj, .node = L->fr->top, .emitted = true, .body_done = again, .is_class = true};
}

/* ---- calls ---- */

static void comprehension(pyc *L, uint32_t func, uint32_t source)
{
    uint32_t obj = L->nodes.v[func].x, index = pyc_at(&L->f, obj)->a;
    uint32_t scope = pyc_scope_of(L, index, TW_REGION_COMPREHENSION, L->fr->scope);
    L->f.codes.v[index].scope = scope;
    L->f.objs.v[obj].flags |= PYC_LOWERED;
    L->fn = (pyc_fn){.code_obj = 0};
    pyc_enter_code(L, obj, TW_REGION_COMPREHENSION, scope, source, 0);
}

static uint32_t emit_call(pyc *L, uint32_t callee, uint32_t args)
{
    uint32_t list = tw_ir_args(L->ir, L->args.v + args, L->args.n - args);
    return pyc_emit(L, TW_OP_CALL, 0, 0, callee, 0, list);
}

/* Calls what `callee` holds; the arguments are those of L->args from `args` on. */
void pyc_call(pyc *L, uint32_t callee, uint32_t args)
{
    pyc_node n = L->nodes.v[callee];
    bool none = n.kind == K_CONST && pyc_at(&L->f, n.x)->type == 'N'; /* __exit__ in code nothing leads to */
    if (n.kind == K_EXIT || none) {
        pyc_push_kind(L, K_DONE, 0, 0, 0);
    } else if (n.kind == K_ENTER) {
        pyc_push_kind(L, K_WITH, n.value, 0, 0);
    } else {
        pyc_push(L, emit_call(L, pyc_use(L, callee), args));
    }
    L->args.n = args;
}

/* @d above a function or class is d(it). */
static bool decorates(pyc *L, uint32_t callee, const uint32_t *nodes, uint32_t n)
{
    if (n != 1 || !L->fn.node || nodes[0] != L->fn.node) return false;
    pyc_node f = L->nodes.v[nodes[0]], c = L->nodes.v[callee];
    if (f.kind != K_FUNC || f.extra || c.kind == K_CLASS_MAKER) return false;
    uint32_t d = pyc_use(L, callee), v = pyc_use(L, nodes[0]);
    pyc_fn fn = L->fn;
    v = pyc_emit(L, TW_OP_DECORATE, 0, 0, d, v, 0);
    pyc_push_kind(L, K_FUNC, v, f.x, 0);
    fn.node = L->fr->top;
    L->fn = fn;
    return true;
}

static bool special_call(pyc *L, uint32_t callee, const uint32_t *nodes, uint32_t n)
{
    pyc_node c = L->nodes.v[callee];
    if (c.kind == K_FUNC && c.extra & COMPREHENSION && n == 1) {
        uint32_t source = pyc_use(L, nodes[0]), code = pyc_at(&L->f, c.x)->a;
        if (!(L->f.objs.v[c.x].flags & PYC_LOWERED)) {
            comprehension(L, callee, source);
            return true;
        }
        /* once more in the same function: finally bodies, both ways of 3.14's all(x for ...) */
        const pyc_code *again = &L->f.codes.v[code];
        if (again->left && L->ir->scopes.v[again->scope].parent == L->fr->scope) {
            pyc_give_comprehension(L, code);
            return true;
        }
    }
    return decorates(L, callee, nodes, n);
}

/* n values above `callee`; the names of the last ones are in the tuple `names`. */
static void call_nodes(pyc *L, uint32_t callee, const uint32_t *nodes, uint32_t n, uint32_t names)
{
    const pyc_obj *k = pyc_at(&L->f, names);
    uint32_t named = names && pyc_is_list(k) ? k->n : 0, args = L->args.n;
    if (named) L->f.objs.v[names].flags |= PYC_EMITTED | PYC_IS_NAME;
    if (named > n) named = n;
    if (L->nodes.v[callee].kind == K_EXIT) n = named = 0; /* None, or the exception */
    if (!named && special_call(L, callee, nodes, n)) return;
    bool maker = L->nodes.v[callee].kind == K_CLASS_MAKER && n && L->nodes.v[nodes[0]].extra == CLASS_BODY;
    if (maker && n > 1 && L->nodes.v[nodes[1]].kind == K_CONST)
        L->f.objs.v[L->nodes.v[nodes[1]].x].flags |= PYC_IS_NAME;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t name = i >= n - named ? pyc_string(L, pyc_kid(&L->f, names, i - (n - named))) : 0;
        uint32_t v = maker && i < 2 ? 0 : pyc_use(L, nodes[i]);
        TW_PUSH(L->tmp, L->args, ((tw_arg){v, name}));
    }
    if (maker)
        make_class(L, L->nodes.v[nodes[0]].x, args);
    else if (L->nodes.v[callee].kind == K_CLASS_MAKER && L->nodes.v[callee].x)
        make_class(L, L->nodes.v[callee].x, args); /* class X(*bases) */
    else
        pyc_call(L, callee, args);
    L->args.n = args;
}

/* `own` slots for the callee, then n arguments. Of two slots one may be NULL; else the second is self. */
static void call(pyc *L, uint32_t own, uint32_t n, uint32_t names)
{
    n = pyc_take(L, n < UINT32_MAX - own ? n + own : n);
    uint32_t *nodes = TW_NEWN(L->tmp, uint32_t, (size_t)n + 1), count = 0, callee = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t node = L->taken.v[i];
        if (i < own && L->nodes.v[node].kind == K_NULL) continue;
        if (i < own && !callee)
            callee = node;
        else
            nodes[count++] = node;
    }
    call_nodes(L, callee, nodes, count, names);
}

void pyc_do_call_old(pyc *L, uint32_t arg)
{
    call(L, 1, arg, 0);
}

void pyc_do_call_kw_old(pyc *L, uint32_t arg)
{
    uint32_t names = L->nodes.v[pyc_pop(L)].x;
    call(L, 1, arg, names);
}

void pyc_do_call(pyc *L, uint32_t arg)
{
    uint32_t names = L->fr->kw_names;
    L->fr->kw_names = 0;
    call(L, 2, arg, names);
}

void pyc_do_kw_names(pyc *L, uint32_t arg)
{
    L->fr->kw_names = pyc_kid(&L->f, pyc_code_of(L)->f[PYC_CONSTS], arg);
}

void pyc_do_call_kw(pyc *L, uint32_t arg)
{
    pyc_node n = L->nodes.v[pyc_pop(L)];
    call(L, 2, arg, n.kind == K_CONST ? n.x : 0);
}

void pyc_do_call_ex(pyc *L, uint32_t arg)
{
    bool maps = L->f.version >= 314 || arg & 1;
    uint32_t map = maps ? pyc_pop(L) : 0, list = pyc_pop(L), args = L->args.n, callee = pyc_pop(L);
    if (L->f.version == 313 || L->f.version == 314) { /* [callee, NULL] */
        if (L->nodes.v[callee].kind == K_NULL) callee = pyc_pop(L);
    } else if (L->f.version >= 311) {
        pyc_drop(L, 1); /* [NULL, callee] */
    }
    pyc_args_of(L, list);
    if (map && L->nodes.v[map].kind != K_NULL) pyc_kwargs_of(L, map);
    if (L->nodes.v[callee].kind == K_CLASS_MAKER && L->nodes.v[callee].x)
        make_class(L, L->nodes.v[callee].x, args); /* class X(*bases) */
    else
        pyc_call(L, callee, args);
    L->args.n = args;
}
