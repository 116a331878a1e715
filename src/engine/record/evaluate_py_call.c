/* SPDX-License-Identifier: Apache-2.0 */
/* Python: calls that a call makes besides (map(f, [x]), Thread(target=f)), calls of what calls gave
 * (partial(f, x)(), attrgetter("a")(o)), operators and items of objects of this file. */
#include "engine/record/evaluate_package.h"
#include "engine/record/pure_priv.h"

enum { DEPTH = 12, EACH_MAX = 16, GIVEN_MAX = 4096, GIVEN_PARAM = 4, ARGS = 24 };

typedef struct args {
    tw_rec_arg v[ARGS];
    uint32_t n;
} args;

static void put(args *a, uint32_t v, uint32_t name)
{
    if (a->n < ARGS) a->v[a->n++] = (tw_rec_arg){v, name};
}

static uint32_t value(const args *a, uint32_t i)
{
    for (uint32_t k = 0, pos = 0; k < a->n; k++) {
        if (a->v[k].name) continue;
        if (pos++ == i) return a->v[k].value;
    }
    return 0;
}

static uint32_t named(const ev *e, const args *a, const char *name)
{
    for (uint32_t k = 0; name && k < a->n; k++)
        if (a->v[k].name && a->v[k].name < TW_ARG_SPREAD_MAP &&
            tw_str_eq(tw_ir_text(e->ir, a->v[k].name), tw_str_c(name)))
            return a->v[k].value;
    return 0;
}

static void put_call(const ev *e, args *a, const ev_call *c, uint32_t from)
{
    for (uint32_t i = from; i < c->n_args; i++)
        put(a, e->args.v[c->args + i].value, e->args.v[c->args + i].name);
}

static void put_items(ev *e, args *a, uint32_t seq)
{
    uint32_t list, n;
    if (!seq) return;
    if (ev_items(e, seq, &list, &n))
        for (uint32_t i = 0; i < n && i < ARGS; i++) put(a, e->lists.v[list + i], 0);
    else
        put(a, seq, TW_ARG_SPREAD);
}

/* Another call at the place of call at. */
static uint32_t besides(ev *e, const ev_call *at, uint32_t callee, const args *a)
{
    ev_call c = {.callee = callee, .args = e->args.n, .n_args = a->n, .off = at->off, .len = at->len};
    if (e->py_depth >= DEPTH || !ev_step(e, 8)) return 0;
    for (uint32_t i = 0; i < a->n; i++) TW_PUSH(e->tmp, e->args, a->v[i]);
    e->py_depth++;
    uint32_t v = ev_call_besides(e, c);
    e->py_depth--;
    return v;
}

/* A name from outside that does something: what is pure gives a value and nothing else. */
bool ev_py_worth(ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    if (!v || x->kind == TW_VAL_FUNC || x->kind == TW_VAL_INSTANCE || !ev_is_name(e, v)) return false;
    return !ev_is_pure(e, x->sym);
}

/* ---- what calls a callable that it is handed ---- */

typedef enum form {
    REST,  /* f(what follows it) */
    TUPLE, /* f(*args, **kwargs) */
    EACH,  /* f(x) for each x */
    STAR,  /* f(*x) for each x */
    BARE,  /* f(), or with what is not known */
} form;
typedef struct hand_row {
    const char *symbols; /* ".x": any method of that name */
    uint8_t form, fn;
    const char *fn_name;
    uint8_t args; /* its position, of TUPLE and EACH */
    const char *args_name;
} hand_row;
static const hand_row hands[] = {
    {"map filter itertools.filterfalse itertools.takewhile itertools.dropwhile", EACH, 0, NULL, 1, NULL},
    {".map .imap .imap_unordered .map_async", EACH, 0, "func", 1, "iterable"},
    {"sorted min max", EACH, 99, "key", 0, NULL},
    {"list.sort", EACH, 99, "key", 98, NULL},
    {"itertools.groupby", EACH, 1, "key", 0, NULL},
    {"itertools.starmap", STAR, 0, NULL, 1, NULL},
    {".starmap .starmap_async", STAR, 0, "func", 1, "iterable"},
    {"threading.Thread multiprocessing.Process multiprocessing.context.Process", TUPLE, 1, "target", 3,
     "args"},
    {"threading.Timer", TUPLE, 1, "function", 2, "args"},
    {"_thread.start_new_thread thread.start_new_thread", TUPLE, 0, NULL, 1, NULL},
    {".apply_async", TUPLE, 0, "func", 1, "args"},
    {"apply", TUPLE, 0, NULL, 1, NULL},
    {"sched.scheduler().enter sched.scheduler().enterabs", TUPLE, 2, "action", 3, "argument"},
    {"atexit.register contextlib.ExitStack().callback operator.call asyncio.to_thread "
     "contextvars.copy_context().run "
     "trio.run anyio.run trio.to_thread.run_sync anyio.to_thread.run_sync",
     REST, 0, NULL, 0, NULL},
    {".submit .call_soon .call_soon_threadsafe .to_thread .add_done_callback .start_soon", REST, 0, NULL, 0,
     NULL},
    {".run_in_executor .call_later .call_at weakref.finalize tkinter.Tk().after", REST, 1, "func", 0, NULL},
    {"signal.signal sys.addaudithook", BARE, 1, NULL, 0, NULL},
    {"sys.settrace sys.setprofile threading.settrace threading.setprofile timeit.timeit timeit.repeat iter "
     "collections.defaultdict faulthandler.register asyncio.get_event_loop().add_signal_handler",
     BARE, 0, NULL, 0, NULL},
    {"re.sub re.subn", BARE, 1, "repl", 0, NULL},
    {"sys.addaudithook", REST, 0, NULL, 0, NULL},
};

static bool holds(const char *symbols, tw_str sym)
{
    tw_str rest = tw_str_c(symbols), name;
    while (tw_str_split(&rest, ' ', &name)) {
        if (name.p[0] != '.' ? tw_str_eq(name, sym) : sym.n > name.n && tw_str_ends(sym, name)) return true;
    }
    return false;
}

static void hand_each(ev *e, const ev_call *c, uint32_t fn, uint32_t items, bool star)
{
    uint32_t list, n;
    args a = {.n = 0};
    if (!items) return;
    uint32_t seq = ev_sequence(e, items);
    if (!seq || ev_at(e, seq)->kind != TW_VAL_SEQ || !ev_items(e, seq, &list, &n) || n > EACH_MAX) {
        put(&a, ev_iter(e, items), star ? TW_ARG_SPREAD : 0);
        besides(e, c, fn, &a);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        a.n = 0;
        if (star)
            put_items(e, &a, e->lists.v[list + i]);
        else
            put(&a, e->lists.v[list + i], 0);
        besides(e, c, fn, &a);
    }
}

static void hand_tuple(ev *e, const ev_call *c, uint32_t fn, const args *given, const hand_row *row)
{
    args a = {.n = 0};
    uint32_t tuple = named(e, given, row->args_name), map = named(e, given, "kwargs");
    put_items(e, &a, tuple ? tuple : value(given, row->args));
    const ev_val m = *ev_at(e, map);
    tw_str s;
    for (uint32_t i = 0; map && m.kind == TW_VAL_MAP && i + 1 < m.n && i < ARGS; i += 2) {
        uint32_t name = ev_text(e, e->lists.v[m.list + i], &s) ? tw_intern_find(&e->ir->strings, s) : 0;
        if (name) put(&a, e->lists.v[m.list + i + 1], name);
    }
    besides(e, c, fn, &a);
}

static void hand_on(ev *e, const ev_call *c, const hand_row *row)
{
    args given = {.n = 0}, a = {.n = 0};
    put_call(e, &given, c, 0);
    uint32_t fn = named(e, &given, row->fn_name);
    bool by_name = fn != 0;
    if (!fn) fn = value(&given, row->fn);
    if (!ev_py_worth(e, fn)) return;
    switch (row->form) {
    case EACH:
    case STAR: {
        uint32_t items = named(e, &given, row->args_name);
        const ev_val *callee = ev_at(e, c->callee);
        if (row->args == 98)
            items = callee->kind == TW_VAL_MEMBER ? callee->a : 0;
        else if (!items)
            items = value(&given, row->args);
        hand_each(e, c, fn, items, row->form == STAR);
        return;
    }
    case TUPLE: hand_tuple(e, c, fn, &given, row); return;
    case REST:
        for (uint32_t i = 0, pos = 0; i < given.n; i++)
            if (given.v[i].name ? given.v[i].value != fn : by_name || pos++ > row->fn)
                put(&a, given.v[i].value, given.v[i].name);
        besides(e, c, fn, &a);
        return;
    default: besides(e, c, fn, &a);
    }
}

static void hand(ev *e, const ev_call *c)
{
    tw_str sym = ev_sym(e, c->sym);
    bool any = false;
    for (uint32_t i = 0; i < c->n_args && !any; i++) any = ev_py_worth(e, e->args.v[c->args + i].value);
    any = any && ev_has_trait(e, c->sym, EV_TRAIT_HANDS);
    for (size_t i = 0; any && i < TW_COUNT(hands); i++)
        if (holds(hands[i].symbols, sym)) {
            hand_on(e, c, &hands[i]);
            return;
        }
}

/* ---- calls of what calls gave ---- */

static uint32_t dotted(ev *e, uint32_t v, tw_str path)
{
    tw_str part;
    for (unsigned i = 0; v && i < 8 && tw_str_split(&path, '.', &part); i++) v = ev_named_member(e, v, part);
    return v;
}

static uint32_t partial(ev *e, const ev_call *c, const ev_call *made)
{
    args a = {.n = 0};
    if (!made->n_args || e->args.v[made->args].name) return 0;
    for (unsigned keywords = 0; keywords < 2; keywords++) {
        for (uint32_t i = 1; i < made->n_args; i++)
            if (!e->args.v[made->args + i].name == !keywords)
                put(&a, e->args.v[made->args + i].value, e->args.v[made->args + i].name);
        for (uint32_t i = 0; i < c->n_args; i++)
            if (!e->args.v[c->args + i].name == !keywords)
                put(&a, e->args.v[c->args + i].value, e->args.v[c->args + i].name);
    }
    return besides(e, c, e->args.v[made->args].value, &a);
}

static uint32_t getter(ev *e, const ev_call *c, const ev_call *made)
{
    tw_str path;
    bool one = made->n_args == 1 && c->n_args == 1 && ev_text(e, e->args.v[made->args].value, &path);
    return one ? dotted(e, e->args.v[c->args].value, path) : 0;
}

static uint32_t item_getter(ev *e, const ev_call *c, const ev_call *made)
{
    if (made->n_args != 1 || c->n_args != 1) return 0;
    uint32_t v = ev_index(e, e->args.v[c->args].value, e->args.v[made->args].value);
    return ev_at(e, v)->kind == TW_VAL_INDEX ? 0 : v;
}

static uint32_t method_caller(ev *e, const ev_call *c, const ev_call *made)
{
    tw_str name;
    args a = {.n = 0};
    if (!made->n_args || c->n_args != 1 || !ev_text(e, e->args.v[made->args].value, &name)) return 0;
    put_call(e, &a, made, 1);
    return besides(e, c, ev_named_member(e, e->args.v[c->args].value, name), &a);
}

/* What a decorator that keeps a function gives back: the function. */
static uint32_t same_function(ev *e, const ev_call *c, const ev_call *made)
{
    (void)made;
    uint32_t v = c->n_args == 1 ? e->args.v[c->args].value : 0;
    return ev_is_name(e, v) ? v : 0;
}

typedef struct made_row {
    const char *symbols; /* of the call that gave the callee */
    uint32_t (*fn)(ev *, const ev_call *c, const ev_call *made);
} made_row;
static const made_row made_by[] = {
    {"functools.partial functools.partialmethod types.MethodType functools.partialmethod().__get__", partial},
    {"operator.attrgetter", getter},
    {"operator.itemgetter", item_getter},
    {"operator.methodcaller", method_caller},
    {"functools.wraps functools.lru_cache functools.cache", same_function},
};

static uint32_t first_of(ev *e, const ev_call *c, const ev_call *made);
/* Of the call itself. */
static const made_row plain[] = {
    {"staticmethod classmethod functools.lru_cache functools.cache functools.singledispatch copy.copy "
     "copy.deepcopy "
     "asyncio.coroutine types.coroutine importlib.reload imp.reload reload",
     same_function},
    {"next", first_of},
};

/* next(iter([f])), where nothing else holds the iterator */
static uint32_t first_of(ev *e, const ev_call *c, const ev_call *made)
{
    (void)made;
    uint32_t v = c->n_args ? e->args.v[c->args].value : 0;
    const ev_val *x = ev_at(e, v);
    if (!v || x->kind != TW_VAL_CALL || x->a >= e->calls.n) return 0;
    const ev_call *it = &e->calls.v[x->a];
    bool fresh = it->off >= c->off && it->off + it->len <= c->off + c->len;
    if (!fresh || it->n_args != 1 || !tw_str_eq(ev_sym(e, it->sym), TW_S("iter"))) return 0;
    uint32_t base = e->stack.n, first = 0;
    if (ev_each(e, e->args.v[it->args].value, true) && e->stack.n > base) first = e->stack.v[base];
    e->stack.n = base;
    return first;
}

static uint32_t of_made(ev *e, const ev_call *c)
{
    const ev_val *x = ev_at(e, c->callee);
    if (x->kind == TW_VAL_CALL && x->a < e->calls.n) {
        ev_call made = e->calls.v[x->a];
        tw_str sym = ev_sym(e, made.sym);
        bool any = ev_known_of(e, made.sym)->py & EV_PY_MAKES;
        for (size_t i = 0; any && i < TW_COUNT(made_by); i++)
            if (holds(made_by[i].symbols, sym)) return made_by[i].fn(e, c, &made);
    }
    tw_str sym = ev_sym(e, c->sym);
    bool any = ev_known_of(e, c->sym)->py & EV_PY_PLAIN;
    for (size_t i = 0; any && i < TW_COUNT(plain); i++)
        if (holds(plain[i].symbols, sym)) return plain[i].fn(e, c, NULL);
    return 0;
}

/* reduce(f, [a, b], x) */
static uint32_t reduced(ev *e, const ev_call *c)
{
    tw_str sym = ev_sym(e, c->sym);
    uint32_t list, n, i = 0;
    if (!tw_str_eq(sym, TW_S("functools.reduce")) && !tw_str_eq(sym, TW_S("reduce"))) return 0;
    if (c->n_args < 2 || c->n_args > 3 || !ev_items(e, e->args.v[c->args + 1].value, &list, &n) ||
        n > EACH_MAX)
        return 0;
    uint32_t fn = e->args.v[c->args].value, v = c->n_args == 3 ? e->args.v[c->args + 2].value : 0;
    if (!v && n) v = e->lists.v[list + i++];
    if (!ev_is_name(e, fn)) return 0;
    for (; v && i < n; i++) {
        args a = {.n = 0};
        put(&a, v, 0);
        put(&a, e->lists.v[list + i], 0);
        v = besides(e, c, fn, &a);
    }
    return v;
}

/* A callee that is each of several: the call is made with all of them. */
static void others(ev *e, const ev_call *c)
{
    const ev_val *callee = ev_at(e, c->callee);
    if (callee->kind != TW_VAL_PHI || callee->how != EV_PHI_EACH) return;
    const ev_val x = *callee;
    args a = {.n = 0};
    put_call(e, &a, c, 0);
    for (uint32_t i = 0, seen = 0; i < x.n; i++) {
        uint32_t v = e->lists.v[x.list + i];
        if (!ev_is_name(e, v)) continue;
        bool first = ev_at(e, v)->sym && ev_at(e, v)->sym == c->sym && !seen++;
        if (!first) besides(e, c, v, &a);
    }
}

/* ---- names that calls hand to functions of this file ---- */

static void give(ev *e, const ev_call *c)
{
    const ev_val *x = ev_at(e, c->callee);
    uint32_t scope = x->a, self = 0;
    bool any = false; /* a name among the arguments */
    if (x->kind != TW_VAL_FUNC || e->given.n >= GIVEN_MAX) return;
    for (uint32_t i = 0; i < c->n_args && !any; i++) any = ev_is_name(e, e->args.v[c->args + i].value);
    if (!any) return;
    if (e->ir->scopes.v[scope].kind == TW_REGION_CLASS) {
        uint32_t init = tw_intern_find(&e->ir->strings, TW_S("__init__"));
        uint32_t f = init ? ev_class_attr(e, scope, init) : 0;
        if (!f || ev_at(e, f)->kind != TW_VAL_FUNC) return;
        scope = ev_at(e, f)->a, self = 1;
    } else if (!(c->flags & TW_RC_DECORATOR)) {
        const tw_insn *in = &e->ir->insns.v[e->at],
                      *ci = in->op == TW_OP_CALL ? &e->ir->insns.v[in->a] : NULL;
        uint32_t base = ci && ci->op == TW_OP_MEMBER && e->of[in->a] == c->callee ? e->of[ci->a] : 0;
        self = ev_bound_self(e, c->callee, base) != 0;
    }
    const tw_scope *sc = &e->ir->scopes.v[scope];
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        if (!ev_is_name(e, a.value) || a.name >= TW_ARG_SPREAD_MAP) continue;
        uint32_t p = i + self;
        if (a.name)
            for (p = 0; p < sc->n_params && e->ir->params.v[sc->params + p].name != a.name;) p++;
        if (p < sc->n_params && e->ir->params.v[sc->params + p].kind < 2)
            TW_PUSH(e->tmp, e->given, ((ev_given){scope, p, a.value}));
    }
}

uint32_t ev_py_given(ev *e, uint32_t scope, uint32_t param, uint32_t v)
{
    uint32_t alts[GIVEN_PARAM + 1] = {v}, n = 1;
    if (e->m || !e->given.n || !ev_step(e, e->given.n / 16)) return v;
    for (uint32_t i = 0; i < e->given.n && n <= GIVEN_PARAM; i++)
        if (e->given.v[i].scope == scope && e->given.v[i].param == param) alts[n++] = e->given.v[i].val;
    if (n == 1) return v;
    uint32_t phi = ev_phi(e, alts, n);
    if (ev_at(e, phi)->kind == TW_VAL_PHI) ev_at(e, phi)->how = EV_PHI_EACH;
    return phi;
}

/* ---- objects of this file ---- */

static uint32_t special_of(ev *e, uint32_t object, const char *method)
{
    const ev_val *x = ev_at(e, object);
    uint32_t name = tw_intern_find(&e->ir->strings, tw_str_c(method));
    bool class = x->kind == TW_VAL_FUNC && e->ir->scopes.v[x->a].kind == TW_REGION_CLASS;
    return name && (x->kind == TW_VAL_INSTANCE || class) ? ev_class_attr(e, x->a, name) : 0;
}

/* object.method(args), where its class has such a method. */
uint32_t ev_py_special(ev *e, uint32_t object, const char *method, const uint32_t *v, uint32_t n)
{
    uint32_t fn = e->m ? 0 : special_of(e, object, method);
    if (!fn) return 0;
    const tw_insn *in = &e->ir->insns.v[e->at];
    ev_call at = {.off = in->off, .len = in->len};
    args a = {.n = 0};
    uint32_t names[ARGS] = {0};
    for (uint32_t i = 0; i < n; i++) put(&a, v[i], 0);
    uint32_t r = besides(e, &at, fn, &a), known = 0;
    ev_args given = {0, v, names, n};
    if (ev_at(e, fn)->kind == TW_VAL_FUNC) known = ev_peek_call(e, fn, object, &given);
    if (known) r = known;
    return r && ev_at(e, r)->kind != TW_VAL_CALL ? r : known;
}

/* Does the method plainly give the object that it is a method of? */
static bool gives_itself(ev *e, uint32_t fn)
{
    bool sure;
    const tw_scope *sc = &e->ir->scopes.v[ev_at(e, fn)->a];
    uint32_t at = sc->n_params ? ev_peek_return(e, ev_at(e, fn)->a, &sure) : 0;
    const tw_insn *in = &e->ir->insns.v[at];
    return at && in->op == TW_OP_READ && in->a == e->ir->params.v[sc->params].name;
}

/* with object as x: what x is; 0: the object. */
uint32_t ev_py_entered(ev *e, uint32_t object)
{
    uint32_t r = ev_py_special(e, object, "__enter__", NULL, 0);
    uint32_t fn = r || e->m ? 0 : special_of(e, object, "__enter__"), call = e->calls.n - 1;
    if (r || !fn || ev_at(e, fn)->kind != TW_VAL_FUNC || gives_itself(e, fn)) return r;
    return e->calls.n && e->calls.v[call].callee == fn ? e->calls.v[call].result : 0;
}

uint32_t ev_py_operator(ev *e, tw_str op, const uint32_t *items, uint32_t n)
{
    static const struct {
        tw_str op;
        const char *left, *right, *alone;
    } rows[] = {
        {TW_SI("+"), "__add__", "__radd__", "__pos__"},
        {TW_SI("-"), "__sub__", "__rsub__", "__neg__"},
        {TW_SI("*"), "__mul__", "__rmul__", NULL},
        {TW_SI("/"), "__truediv__", "__rtruediv__", NULL},
        {TW_SI("//"), "__floordiv__", "__rfloordiv__", NULL},
        {TW_SI("%"), "__mod__", "__rmod__", NULL},
        {TW_SI("@"), "__matmul__", "__rmatmul__", NULL},
        {TW_SI("**"), "__pow__", "__rpow__", NULL},
        {TW_SI("<<"), "__lshift__", "__rlshift__", NULL},
        {TW_SI(">>"), "__rshift__", "__rrshift__", NULL},
        {TW_SI("&"), "__and__", "__rand__", NULL},
        {TW_SI("|"), "__or__", "__ror__", NULL},
        {TW_SI("^"), "__xor__", "__rxor__", NULL},
        {TW_SI("~"), NULL, NULL, "__invert__"},
        {TW_SI("=="), "__eq__", "__eq__", NULL},
        {TW_SI("!="), "__ne__", "__ne__", NULL},
        {TW_SI("<"), "__lt__", "__gt__", NULL},
        {TW_SI(">"), "__gt__", "__lt__", NULL},
        {TW_SI("<="), "__le__", "__ge__", NULL},
        {TW_SI(">="), "__ge__", "__le__", NULL},
    };
    bool any = false;
    for (uint32_t i = 0; i < n && i < 2; i++) any |= ev_at(e, items[i])->kind == TW_VAL_INSTANCE;
    if (!any || e->m) return 0;
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        if (!tw_str_eq(rows[i].op, op)) continue;
        if (n == 1) return rows[i].alone ? ev_py_special(e, items[0], rows[i].alone, NULL, 0) : 0;
        if (n != 2 || !rows[i].left) return 0;
        uint32_t v = ev_py_special(e, items[0], rows[i].left, items + 1, 1);
        return v ? v : ev_py_special(e, items[1], rows[i].right, items, 1);
    }
    if (n == 2 && tw_str_eq(op, TW_S("in"))) return ev_py_special(e, items[1], "__contains__", items, 1);
    return 0;
}

/* for n, f in [(a, b), (c, d)]: f is each of the second ones */
static uint32_t each_item(ev *e, ev_val of, uint32_t key)
{
    uint32_t alts[9], n = 0;
    for (uint32_t i = 0; i < of.n && n < TW_COUNT(alts); i++) {
        uint32_t item = e->lists.v[of.list + i];
        if (ev_at(e, item)->kind != TW_VAL_PHI) alts[n++] = ev_index(e, item, key);
    }
    uint32_t v = ev_phi(e, alts, n);
    if (v && ev_at(e, v)->kind == TW_VAL_PHI) ev_at(e, v)->how = EV_PHI_EACH;
    return v;
}

uint32_t ev_py_index(ev *e, uint32_t base, uint32_t key)
{
    const ev_val *x = ev_at(e, base);
    if (x->kind == TW_VAL_INSTANCE) return ev_py_special(e, base, "__getitem__", &key, 1);
    if (x->kind == TW_VAL_FUNC) return ev_py_special(e, base, "__class_getitem__", &key, 1);
    if (x->kind == TW_VAL_PHI && x->how == EV_PHI_EACH && ev_is_const(e, key)) return each_item(e, *x, key);
    return 0;
}

/* ---- from outside ---- */

static const char loads[] =
    "pickle.loads _pickle.loads cPickle.loads dill.loads cloudpickle.loads marshal.loads "
    "pickle.load _pickle.load cPickle.load dill.load cloudpickle.load joblib.load";
static const char updates[] = "globals().update vars().update locals().update";
/* What keeps its arguments as they are, though it is no pure function. */
static const char keeps[] =
    "type types.SimpleNamespace argparse.Namespace collections.namedtuple functools.partial "
    "iter enumerate zip range print array.array itertools.cycle itertools.count struct.Struct "
    "operator.itemgetter operator.attrgetter "
    "operator.methodcaller threading.Thread itertools.starmap";

/* Rows of all the tables of this file, and what they say of their symbols. */
bool ev_py_symbols(uint32_t i, tw_str *ret, uint8_t *ret_is)
{
    static const struct {
        const char *symbols;
        uint8_t is;
    } few[] = {{loads, EV_PY_LOADS}, {updates, EV_PY_UPDATES}, {keeps, EV_PY_KEEPS}};
    if (i < TW_COUNT(hands)) return *ret = tw_str_c(hands[i].symbols), *ret_is = EV_PY_HANDS, true;
    i -= TW_COUNT(hands);
    if (i < TW_COUNT(made_by)) return *ret = tw_str_c(made_by[i].symbols), *ret_is = EV_PY_MAKES, true;
    i -= TW_COUNT(made_by);
    if (i < TW_COUNT(plain)) return *ret = tw_str_c(plain[i].symbols), *ret_is = EV_PY_PLAIN, true;
    i -= TW_COUNT(plain);
    if (i >= TW_COUNT(few)) return false;
    return *ret = tw_str_c(few[i].symbols), *ret_is = few[i].is, true;
}

static uint32_t unpickled(ev *e, uint32_t call, const ev_call *c)
{
    bool known = c->n_args && !e->args.v[c->args].name && ev_known_of(e, c->sym)->py & EV_PY_LOADS;
    if (!known) return 0;
    tw_str sym = ev_sym(e, c->sym);
    uint32_t data = e->args.v[c->args].value;
    if (tw_str_ends(sym, TW_S(".load"))) data = e->package ? ev_package_rest(e, data) : 0;
    if (!data || !ev_is_const(e, data)) return 0;
    e->py_depth++;
    uint32_t v = sym.p[0] == 'm' ? ev_marshal(e, c, data) : ev_pickle(e, call, data);
    e->py_depth--;
    return v;
}

static void set_names(ev *e, const ev_call *c)
{
    tw_str sym = ev_sym(e, c->sym), name;
    const ev_val *x = ev_at(e, c->callee);
    uint32_t base = x->kind == TW_VAL_MEMBER ? x->a : 0;
    if (!base || !sym.n || !memchr("_te", sym.p[sym.n - 1], 3)) return; /* what the names below end with */
    bool set = tw_str_ends(sym, TW_S(".__setitem__")) || tw_str_ends(sym, TW_S(".setdefault"));
    bool dict = ev_known_of(e, c->sym)->py & EV_PY_UPDATES || tw_str_ends(sym, TW_S(".__dict__.update"));
    if (set && c->n_args == 2 && ev_text(e, e->args.v[c->args].value, &name))
        ev_py_patch(e, base, name, e->args.v[c->args + 1].value);
    for (uint32_t i = 0; dict && i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        const ev_val m = *ev_at(e, a.value);
        if (a.name && a.name < TW_ARG_SPREAD_MAP) ev_py_patch(e, base, tw_ir_text(e->ir, a.name), a.value);
        for (uint32_t k = 0; !a.name && m.kind == TW_VAL_MAP && k + 1 < m.n && k < 64; k += 2)
            if (ev_text(e, e->lists.v[m.list + k], &name))
                ev_py_patch(e, base, name, e->lists.v[m.list + k + 1]);
    }
}

bool ev_py_keeps(ev *e, uint32_t sym)
{
    return ev_known_of(e, sym)->py & EV_PY_KEEPS;
}

/* Before the call's own result is looked for. 0: an ordinary call. */
uint32_t ev_py_call(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    if (e->m || e->py_depth >= DEPTH) return 0;
    others(e, &c);
    give(e, &c);
    if (ev_at(e, c.callee)->kind == TW_VAL_FUNC) return ev_py_inline(e, call);
    if (!c.sym && ev_at(e, c.callee)->kind != TW_VAL_INSTANCE) return 0;
    set_names(e, &c);
    hand(e, &c);
    uint32_t v = of_made(e, &c);
    if (!v) v = unpickled(e, call, &c);
    if (!v) v = reduced(e, &c);
    if (!v && ev_at(e, c.callee)->kind == TW_VAL_INSTANCE) {
        uint32_t few[ARGS], n = 0;
        for (; n < c.n_args && n < ARGS && !e->args.v[c.args + n].name; n++)
            few[n] = e->args.v[c.args + n].value;
        v = ev_py_inline(e, call);
        if (!v) v = n == c.n_args ? ev_py_special(e, c.callee, "__call__", few, n) : 0;
    }
    return v;
}

/* What a function of this file gives, where the machine does not know. */
uint32_t ev_py_returned(ev *e, uint32_t call)
{
    if (e->m || ev_at(e, e->calls.v[call].callee)->kind != TW_VAL_FUNC || e->calls.v[call].n_args > ARGS)
        return 0;
    ev_call c = e->calls.v[call];
    __attribute__((uninitialized)) uint32_t vals[ARGS], names[ARGS];
    for (uint32_t i = 0; i < c.n_args; i++) {
        tw_rec_arg a = e->args.v[c.args + i];
        if (a.name >= TW_ARG_SPREAD_MAP) return 0;
        vals[i] = a.value, names[i] = a.name;
    }
    const tw_insn *in = &e->ir->insns.v[e->at], *ci = in->op == TW_OP_CALL ? &e->ir->insns.v[in->a] : NULL;
    bool member = ci && ci->op == TW_OP_MEMBER && e->of[in->a] == c.callee;
    ev_args a = {0, vals, names, c.n_args};
    uint32_t v = ev_peek_call(e, c.callee, ev_bound_self(e, c.callee, member ? e->of[ci->a] : 0), &a);
    for (uint32_t i = 0; v && i < c.n_args; i++) ev_escape(e, vals[i]);
    return v;
}
