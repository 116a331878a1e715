/* SPDX-License-Identifier: Apache-2.0 */
/* Python: attributes that are set from outside (module.f = g, setattr, globals()["f"]), members of what type(),
 * SimpleNamespace and their kin make, modules found through other modules, variables of loops over names. */
#include "engine/record/pure_priv.h"

enum { PATCHES = 512, FEW = 8 };

/* ---- patches ---- */

static bool ends_with(tw_str s, tw_str end, tw_str *ret)
{
    if (!tw_str_ends(s, end)) return false;
    *ret = tw_str_sub(s, 0, s.n - end.n);
    return true;
}

/* The name under which an attribute of base is kept; 0 where base has none. */
static uint32_t key_of(ev *e, uint32_t base, tw_str name)
{
    const ev_val x = *ev_at(e, base);
    if (x.kind == TW_VAL_FUNC || x.kind == TW_VAL_INSTANCE) {
        tw_buf_clear(&e->buf);
        tw_buf_fmt(&e->buf, "<%u %u>.%.*s", x.kind, x.kind == TW_VAL_FUNC ? x.a : x.b, TW_FMT(name));
        return tw_intern(&e->syms, tw_buf_str(&e->buf));
    }
    tw_str s = ev_sym(e, x.sym);
    static const tw_str modules[] = {
        TW_SI("globals()"),         TW_SI("locals()"),         TW_SI("vars()"),
        TW_SI("__main__"),          TW_SI("builtins"),         TW_SI("__builtins__"),
        TW_SI("__main__.__dict__"), TW_SI("builtins.__dict__")};
    if (!s.n) return 0;
    for (size_t i = 0; i < TW_COUNT(modules); i++)
        if (tw_str_eq(modules[i], s)) return tw_intern(&e->syms, name);
    if (ends_with(s, TW_S(".__dict__"), &s)) return ev_sym_member(e, tw_intern(&e->syms, s), 0, name);
    return x.kind == TW_VAL_SYMBOL ? ev_sym_member(e, x.sym, 0, name) : 0;
}

/* f.__dict__["x"] and vars(f)["x"] are f.x */
static uint32_t of_dict(ev *e, uint32_t base)
{
    const ev_val *x = ev_at(e, base);
    tw_str s = ev_sym(e, x->sym);
    if (x->kind == TW_VAL_MEMBER && tw_str_eq(ev_sym(e, x->b), TW_S("__dict__"))) return x->a;
    if (x->kind == TW_VAL_CALL && tw_str_eq(s, TW_S("vars()")) && e->calls.v[x->a].n_args == 1)
        return e->args.v[e->calls.v[x->a].args].value;
    return base;
}

void ev_py_patch(ev *e, uint32_t base, tw_str name, uint32_t val)
{
    if (e->m || !name.n || name.n > 100 || !ev_is_name(e, val) || e->patches.n >= PATCHES) return;
    uint32_t sym = key_of(e, of_dict(e, base), name);
    if (!sym || (ev_at(e, val)->kind == TW_VAL_SYMBOL && ev_at(e, val)->sym == sym)) return;
    bool is_new;
    uint64_t *slot = tw_map_put(&e->patch_of, ev_sym(e, sym), &is_new);
    bool sure =
        !(e->frames.v[e->frames.n - 1].rc & (TW_RC_GUARDED | TW_RC_LOOP | TW_RC_TRY)) && !e->flow[e->scope];
    if (!is_new && !sure) {
        uint32_t alts[2] = {val, e->patches.v[*slot - 1].val};
        val = ev_phi(e, alts, 2);
        sure = e->patches.v[*slot - 1].sure;
    }
    TW_PUSH(e->tmp, e->patches, ((ev_patch){val, sure}));
    *slot = e->patches.n;
    uint32_t s = tw_intern_find(&e->ir->strings, ev_sym(e, sym)), var = s ? ev_find_var(e, s, 0) : TW_NONE;
    if (var != TW_NONE) ev_set_var(e, var, val);
}

/* In the module's flow: a bind like any other. */
bool ev_py_set_global(ev *e, uint32_t base, tw_str name, uint32_t val)
{
    tw_str s = ev_sym(e, ev_at(e, base)->sym);
    uint32_t id = tw_intern_find(&e->ir->strings, name), var = id ? ev_find_var(e, id, 0) : TW_NONE;
    bool scope =
        tw_str_eq(s, TW_S("globals()")) || tw_str_eq(s, TW_S("vars()")) || tw_str_eq(s, TW_S("locals()"));
    if (!scope || e->m || e->flow[e->scope] || var == TW_NONE) return false;
    if (ev_is_name(e, val)) return e->vars.v[var].seen++, false; /* a patch binds it */
    ev_bind(e, id, 0, val);
    return true;
}

void ev_py_patch_item(ev *e, uint32_t base, tw_str name, uint32_t val)
{
    tw_str s = ev_sym(e, ev_at(e, base)->sym);
    bool scope =
        tw_str_eq(s, TW_S("globals()")) || tw_str_eq(s, TW_S("locals()")) || tw_str_eq(s, TW_S("vars()"));
    bool module = tw_str_eq(s, TW_S("sys.modules"));
    if (module) ev_py_patch(e, ev_symbol(e, tw_intern(&e->syms, TW_S("__main__"))), name, val);
    if (scope || tw_str_ends(s, TW_S("__dict__")) || tw_str_eq(s, TW_S("__builtins__")))
        ev_py_patch(e, base, name, val);
}

uint32_t ev_py_patched(ev *e, uint32_t sym, uint32_t v)
{
    if (!e->patches.n || e->m || !sym) return v;
    const uint64_t *slot = tw_map_get(&e->patch_of, ev_sym(e, sym));
    if (!slot || !*slot || !ev_step(e, 1)) return v;
    ev_patch p = e->patches.v[*slot - 1];
    if ((p.sure && !e->flow[e->scope]) || !v) return p.val; /* a function may run before it */
    uint32_t alts[2] = {p.val, v};
    return ev_phi(e, alts, 2);
}

/* ---- members ---- */

static const ev_call *call_of(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    return v && x->kind == TW_VAL_CALL && x->a < e->calls.n ? &e->calls.v[x->a] : NULL;
}

static uint32_t keyword(const ev *e, const ev_call *c, tw_str name)
{
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        if (a.name && a.name < TW_ARG_SPREAD_MAP && tw_str_eq(tw_ir_text(e->ir, a.name), name))
            return a.value;
    }
    return 0;
}

static uint32_t map_entry(ev *e, uint32_t map, tw_str name)
{
    uint8_t kind = ev_at(e, map)->kind;
    if (kind != TW_VAL_MAP && kind != TW_VAL_MUT) return 0;
    return ev_map_get(e, map, ev_text_val(e, TW_VAL_STR, name, 0, 0));
}

/* The position of a word in "a b, c" or ["a", "b"]. */
static uint32_t field_number(ev *e, uint32_t fields, tw_str name)
{
    tw_str s;
    uint32_t list, n, at = 0;
    if (ev_text(e, fields, &s)) {
        for (size_t i = 0; i < s.n; at++) {
            while (i < s.n && (s.p[i] == ' ' || s.p[i] == ',')) i++;
            size_t from = i;
            while (i < s.n && s.p[i] != ' ' && s.p[i] != ',') i++;
            if (tw_str_eq(tw_str_sub(s, from, i), name)) return at;
        }
        return TW_NONE;
    }
    if (!ev_items(e, fields, &list, &n)) return TW_NONE;
    for (uint32_t i = 0; i < n && i < 64; i++)
        if (ev_text(e, e->lists.v[list + i], &s) && tw_str_eq(s, name)) return i;
    return TW_NONE;
}

/* A member of what a call made: a class of type(), a namespace, a named tuple. */
static uint32_t made_member(ev *e, uint32_t base, tw_str name)
{
    const ev_call *c = call_of(e, base), *maker;
    tw_str sym = c ? ev_sym(e, c->sym) : (tw_str){0};
    if (!c) return 0;
    maker = call_of(e, c->callee);
    if (maker && tw_str_eq(ev_sym(e, maker->sym), TW_S("type"))) c = maker, sym = TW_S("type");
    if (tw_str_eq(sym, TW_S("type")) && c->n_args == 3)
        return map_entry(e, e->args.v[c->args + 2].value, name);
    if (tw_str_eq(sym, TW_S("types.SimpleNamespace")) || tw_str_eq(sym, TW_S("argparse.Namespace")))
        return keyword(e, c, name);
    if (!maker || maker->n_args < 2 || !tw_str_eq(ev_sym(e, maker->sym), TW_S("collections.namedtuple")))
        return 0;
    uint32_t v = keyword(e, c, name), at = v ? v : field_number(e, e->args.v[maker->args + 1].value, name);
    if (v) return v;
    return at < c->n_args && !e->args.v[c->args + at].name ? e->args.v[c->args + at].value : 0;
}

/* Modules of the standard library that hold others: linecache.os is os. */
bool ev_py_outer(tw_str s)
{
    static const char outer[] =
        " linecache shutil glob tempfile random code codecs pdb inspect logging os.path posixpath ntpath os "
        "cgi "
        "site warnings traceback types ast tokenize zipfile tarfile zipimport runpy pkgutil fileinput "
        "getpass gzip "
        "platform webbrowser uuid unittest threading socket subprocess sysconfig urllib.request http.client "
        "pathlib "
        "asyncio trace timeit cProfile profile doctest optparse argparse multiprocessing string re imp ";
    tw_str out = tw_str_c(outer);
    size_t b = s.n && s.n <= 20 ? tw_str_find(out, s) : TW_NPOS;
    return b != TW_NPOS && b && out.p[b - 1] == ' ' && out.p[b + s.n] == ' ';
}

static uint32_t module_inside(ev *e, uint32_t sym, tw_str name)
{
    static const char inner[] = " os sys subprocess socket builtins importlib ctypes shutil ";
    if (!name.n || name.n > 12 || !ev_has_trait(e, sym, EV_TRAIT_OUTER)) return 0;
    tw_str s = ev_sym(e, sym), in = tw_str_c(inner);
    size_t a = tw_str_find(in, name);
    bool fits = !tw_str_eq(name, s) && a != TW_NPOS && a && in.p[a - 1] == ' ' && in.p[a + name.n] == ' ';
    return fits ? ev_symbol(e, tw_intern(&e->syms, name)) : 0;
}

static uint32_t symbol_member(ev *e, uint32_t base, tw_str name)
{
    uint32_t sym = ev_at(e, base)->sym;
    if (tw_str_eq(ev_sym(e, sym), TW_S("__main__"))) return ev_read_global(e, name);
    if (name.n > 1 && name.p[1] != '_') return module_inside(e, sym, name);
    if (tw_str_eq(name, TW_S("__self__")) && ev_builtin(ev_sym(e, sym)))
        return ev_symbol(e, tw_intern(&e->syms, TW_S("builtins")));
    if (tw_str_eq(name, TW_S("__call__"))) return base;
    return module_inside(e, sym, name);
}

static uint32_t instance_member(ev *e, uint32_t base, uint32_t name, tw_str text)
{
    uint32_t v = name ? ev_peek_attr(e, base, name) : 0;
    if (v) return v;
    v = name ? ev_class_attr(e, ev_at(e, base)->a, name) : 0;
    ev_args none = {0};
    if (v && ev_is_property(e, v)) return ev_peek_call(e, v, base, &none);
    if (v || tw_str_starts(text, TW_S("__"))) return 0;
    uint32_t key = ev_text_val(e, TW_VAL_STR, text, 0, 0), zero = 0;
    uint32_t get = tw_intern_find(&e->ir->strings, TW_S("__getattr__")), var = 0;
    if (name) var = ev_find_var(e, name, ev_at(e, base)->a);
    if (!get || var != TW_NONE || !(v = ev_class_attr(e, ev_at(e, base)->a, get))) return 0;
    ev_args one = {0, &key, &zero, 1};
    return ev_at(e, v)->kind == TW_VAL_FUNC ? ev_peek_call(e, v, base, &one) : 0;
}

/* Before the ordinary rules. 0: nothing special. */
uint32_t ev_py_member(ev *e, uint32_t base, uint32_t name, tw_str text)
{
    const ev_val *x = ev_at(e, base);
    if (e->m) return 0;
    switch (x->kind) {
    case TW_VAL_SYMBOL: return symbol_member(e, base, text);
    case TW_VAL_CALL: return made_member(e, base, text);
    case TW_VAL_INSTANCE: {
        uint32_t key = e->patches.n ? key_of(e, base, text) : 0, v = ev_py_patched(e, key, 0);
        return v ? v : instance_member(e, base, name, text);
    }
    case TW_VAL_FUNC: return tw_str_eq(text, TW_S("__doc__")) ? ev_docstring(e, x->a, 0) : 0;
    case TW_VAL_STR:
    case TW_VAL_INT: /* of an Enum: a plain text has no such member */
        return tw_str_eq(text, TW_S("value")) ? base : 0;
    default: return 0;
    }
}

/* After them: has something taken its place? */
uint32_t ev_py_attribute(ev *e, uint32_t base, tw_str text, uint32_t found)
{
    if (!e->patches.n || e->m) return found;
    const ev_val x = *ev_at(e, base);
    if (x.kind == TW_VAL_SYMBOL) return ev_py_patched(e, ev_at(e, found)->sym, found);
    if (x.kind == TW_VAL_FUNC) return ev_py_patched(e, key_of(e, base, text), found);
    if (x.kind != TW_VAL_INSTANCE) return found;
    uint32_t class = ev_new(e, TW_VAL_FUNC, x.a, 0);
    return ev_py_patched(e, key_of(e, class, text), found);
}

/* ---- unpacking ---- */

/* From a starred target on, elements are ITER: the first of those is the list, the others count from the end. */
uint32_t ev_py_unpacked(ev *e, uint32_t source, uint32_t iter)
{
    const tw_insn *v = e->ir->insns.v, *in = &v[e->at];
    uint32_t list, n, before = 0, stars = 0, behind = 0, lo = e->at > 64 ? e->at - 64 : 1, hi = e->at + 64,
                      base = e->stack.n;
    const ev_val x = *ev_at(e, source);
    bool seq = x.kind == TW_VAL_SEQ && (x.how == TW_SEQ_LIST || x.how == TW_SEQ_TUPLE);
    if (!seq || !ev_items(e, source, &list, &n) || !ev_step(e, 8)) return iter;
    for (uint32_t i = lo; i < e->at; i++) {
        if (v[i].a != in->a) continue;
        before += v[i].op == TW_OP_INDEX && v[i].flags & TW_IF_UNPACK, stars += v[i].op == TW_OP_ITER;
    }
    for (uint32_t i = e->at + 1; i < hi && i < e->ir->insns.n; i++)
        behind += v[i].op == TW_OP_ITER && v[i].a == in->a;
    if (before + stars + behind > n || n > 4096 || in->a < lo) return iter;
    if (stars) return e->lists.v[list + n - 1 - behind];
    for (uint32_t i = before; i < n - behind; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
    return ev_seq_from(e, base, TW_SEQ_LIST);
}

/* ---- loops over names ---- */

/* The variable of a loop over a few known items: each of them, and whatever else the list may get meanwhile. */
uint32_t ev_py_each(ev *e, uint32_t source, uint32_t iter, bool literal)
{
    uint32_t list, n, alts[FEW + 1];
    const ev_val *x = ev_at(e, source);
    if (e->m || x->kind != TW_VAL_SEQ || !x->n || x->n > FEW || !ev_items(e, source, &list, &n)) return iter;
    bool fixed = literal || ev_at(e, source)->how == TW_SEQ_TUPLE || ev_at(e, source)->how == EV_SEQ_VIEW,
         worth = false;
    if (n == 1 && fixed) return e->lists.v[list];
    for (uint32_t i = 0; i < n; i++) {
        uint8_t kind = ev_at(e, alts[i] = e->lists.v[list + i])->kind;
        worth |= ev_is_name(e, alts[i]) || kind == TW_VAL_STR || kind == TW_VAL_BYTES || kind == TW_VAL_SEQ;
    }
    if (!worth) return iter;
    if (!fixed && n == FEW) return iter;
    if (!fixed) alts[n++] = iter;
    uint32_t v = ev_phi(e, alts, n);
    if (ev_at(e, v)->kind == TW_VAL_PHI) ev_at(e, v)->how = EV_PHI_EACH;
    return v;
}
