/* SPDX-License-Identifier: Apache-2.0 */
/* Reflection that belongs to the language: names looked up by text. With a known text the result is what
 * the plain form gives, marked REFLECTED; with an unknown one it is dynamic. */
#include "engine/record/evaluate_priv.h"

typedef struct site {
    ev *e;
    uint32_t call;
    bool dynamic;
} site;

static uint32_t arg(const site *s, uint32_t i, const char *keyword)
{
    const ev *e = s->e;
    const ev_call *c = &e->calls.v[s->call];
    for (uint32_t k = 0; k < c->n_args; k++) {
        tw_rec_arg a = e->args.v[c->args + k];
        if (a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP) return 0;
        bool named = keyword && a.name && tw_str_eq(tw_ir_text(e->ir, a.name), tw_str_c(keyword));
        if (named || (!a.name && k == i)) return a.value;
    }
    return 0;
}

/* A constant text argument; else the site is dynamic. */
static bool text_arg(site *s, uint32_t i, const char *keyword, tw_str *ret)
{
    uint32_t v = arg(s, i, keyword);
    if (v && ev_text(s->e, v, ret) && ret->n && ret->n < 200) return true;
    s->dynamic = v && !ev_is_const(s->e, v);
    return false;
}

static uint32_t reflected(ev *e, uint32_t v)
{
    if (!v) return 0;
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_SYMBOL || x->kind == TW_VAL_MEMBER) {
        ev_at(e, v)->flags |= EV_REFLECTED;
        return v;
    }
    return v;
}

/* getattr(os, n) for n in a loop over names */
static uint32_t each_attr(site *s)
{
    ev *e = s->e;
    uint32_t base = arg(s, 0, NULL), name = arg(s, 1, NULL), alts[8], n = 0;
    const ev_val x = *ev_at(e, name);
    tw_str text;
    if (!base || !name || x.kind != TW_VAL_PHI || x.how != EV_PHI_EACH) return 0;
    for (uint32_t i = 0; i < x.n && n < TW_COUNT(alts); i++)
        if (ev_text(e, e->lists.v[x.list + i], &text) && text.n && text.n < 200)
            alts[n++] = reflected(e, ev_named_member(e, base, text));
    uint32_t v = ev_phi(e, alts, n);
    if (v && ev_at(e, v)->kind == TW_VAL_PHI) ev_at(e, v)->how = EV_PHI_EACH;
    return v;
}

static uint32_t do_getattr(site *s)
{
    tw_str name;
    uint32_t base = arg(s, 0, NULL);
    uint32_t each = s->e->py ? each_attr(s) : 0;
    if (each) return each;
    if (!base || !text_arg(s, 1, NULL, &name)) return 0;
    return reflected(s->e, ev_named_member(s->e, base, name));
}

static void note_import(site *s, tw_str module)
{
    ev *e = s->e;
    const ev_call *c = &e->calls.v[s->call];
    tw_rec_import m = {.func = c->func, .flags = TW_RI_DYNAMIC, .off = c->off, .len = c->len};
    while (module.n && module.p[0] == '.' && m.level < 255)
        module = tw_str_sub(module, 1, module.n), m.level++;
    if (c->flags & (TW_RC_GUARDED | TW_RC_TRY)) m.flags |= TW_RI_GUARDED;
    m.module = tw_intern(&e->syms, module);
    TW_PUSH(e->tmp, e->imports, m);
}

static uint32_t module_symbol(site *s, tw_str module)
{
    return reflected(s->e, ev_symbol(s->e, tw_intern(&s->e->syms, module)));
}

/* Without a fromlist it gives the first part. */
static uint32_t do_import(site *s)
{
    tw_str name;
    if (!text_arg(s, 0, "name", &name)) return 0;
    note_import(s, name);
    uint32_t from = arg(s, 3, "fromlist");
    size_t dot = tw_str_chr(name, '.');
    bool whole = from && (ev_at(s->e, from)->kind != TW_VAL_SEQ || ev_at(s->e, from)->n);
    return module_symbol(s, whole || dot == TW_NPOS || !dot ? name : tw_str_sub(name, 0, dot));
}

static uint32_t do_import_module(site *s)
{
    tw_str name;
    tw_str package = {0};
    if (!text_arg(s, 0, "name", &name)) return 0;
    uint32_t of = arg(s, 1, "package");
    if (of && name.p[0] == '.' && ev_text(s->e, of, &package) && package.n < 100) {
        bool below = name.n > 1 && name.p[1] != '.';
        if (below) name = tw_arena_fmt(s->e->tmp, "%.*s%.*s", TW_FMT(package), TW_FMT(name));
    }
    note_import(s, name);
    return module_symbol(s, name);
}

/* The module that `find_spec("m")`, `find_loader("m")` and what hangs on them stand for. */
static uint32_t found_module(site *s, uint32_t v)
{
    ev *e = s->e;
    tw_str name;
    const ev_val *x = ev_at(e, v);
    for (unsigned i = 0; i < 4 && x->kind == TW_VAL_MEMBER; i++) x = ev_at(e, x->a);
    if (x->kind != TW_VAL_CALL || x->a >= e->calls.n || !e->calls.v[x->a].n_args) return 0;
    const ev_call *c = &e->calls.v[x->a];
    tw_str sym = ev_sym(e, c->sym);
    bool finds = tw_str_ends(sym, TW_S("find_spec")) || tw_str_ends(sym, TW_S("find_loader")) ||
                 tw_str_ends(sym, TW_S("find_module"));
    if (!finds || !ev_text(e, e->args.v[c->args].value, &name) || !name.n || name.n > 200) return 0;
    note_import(s, name);
    return module_symbol(s, name);
}

static uint32_t do_from_spec(site *s)
{
    uint32_t spec = arg(s, 0, "spec");
    return spec ? found_module(s, spec) : 0;
}

static uint32_t do_load_module(site *s)
{
    tw_str name;
    uint32_t v = s->e->calls.v[s->call].n_args ? s->e->args.v[s->e->calls.v[s->call].args].value : 0;
    if (v && ev_text(s->e, v, &name) && name.n && name.n < 200) {
        note_import(s, name);
        return module_symbol(s, name);
    }
    return found_module(s, s->e->calls.v[s->call].callee);
}

/* pkgutil.resolve_name("a.b:c.d") */
static uint32_t do_resolve_name(site *s)
{
    tw_str name;
    char plain[200];
    if (!text_arg(s, 0, "name", &name) || name.n >= sizeof plain) return 0;
    for (size_t i = 0; i < name.n; i++) plain[i] = name.p[i] == ':' ? '.' : name.p[i];
    size_t cut = tw_str_chr(name, ':');
    if (cut == TW_NPOS) cut = tw_str_rchr(name, '.');
    note_import(s, cut == TW_NPOS || !cut ? name : tw_str_sub(name, 0, cut));
    return module_symbol(s, tw_str_of(plain, name.n));
}

/* d.get("x") where d["x"] is a name; operator.getitem(d, "x") */
static uint32_t do_item(site *s)
{
    ev *e = s->e;
    const ev_call c = e->calls.v[s->call];
    const ev_val x = *ev_at(e, c.callee);
    tw_str sym = ev_sym(e, c.sym);
    bool function = tw_str_eq(sym, TW_S("operator.getitem"));
    uint32_t key = arg(s, function, NULL), base = function                  ? arg(s, 0, NULL)
                                                  : x.kind == TW_VAL_MEMBER ? x.a
                                                                            : 0;
    if (!base && !function && x.kind == TW_VAL_SYMBOL) {
        size_t dot = tw_str_rchr(sym, '.');
        base = ev_symbol(e, tw_intern(&e->syms, tw_str_sub(sym, 0, dot == TW_NPOS ? 0 : dot)));
    }
    if (!base || !key) return 0;
    uint32_t v = function ? ev_index(e, base, key) : ev_reflect_index(e, base, key);
    if (v == TW_NONE || (v && ev_at(e, v)->kind == TW_VAL_INDEX)) return 0;
    return v;
}

static uint32_t read_local(ev *e, tw_str text)
{
    uint32_t name = tw_intern_find(&e->ir->strings, text);
    return name ? ev_read(e, name) : ev_read_global(e, text);
}

static uint32_t do_global(site *s)
{
    tw_str name;
    return text_arg(s, 0, NULL, &name) ? reflected(s->e, ev_read_global(s->e, name)) : 0;
}

/* globals().setdefault("x", v) */
static uint32_t do_global_or(site *s)
{
    tw_str name;
    uint32_t val = arg(s, 1, NULL);
    if (!val || !text_arg(s, 0, NULL, &name)) return 0;
    uint32_t at = tw_intern_find(&s->e->ir->strings, name), var = at ? ev_find_var(s->e, at, 0) : TW_NONE;
    if (var == TW_NONE) ev_py_patch(s->e, ev_at(s->e, s->e->calls.v[s->call].callee)->a, name, val);
    return var == TW_NONE ? val : do_global(s);
}

static uint32_t do_local(site *s)
{
    tw_str name;
    return text_arg(s, 0, NULL, &name) ? reflected(s->e, read_local(s->e, name)) : 0;
}

static uint32_t do_module(site *s)
{
    tw_str name;
    return text_arg(s, 0, NULL, &name) ? module_symbol(s, name) : 0;
}

static uint32_t do_setattr(site *s)
{
    tw_str name;
    ev *e = s->e;
    uint32_t base = arg(s, 0, NULL), val = arg(s, 2, NULL);
    if (!base || !val || !text_arg(s, 1, NULL, &name)) return 0;
    const ev_call *c = &e->calls.v[s->call];
    uint32_t key = ev_text_val(e, TW_VAL_STR, name, 0, 0);
    TW_PUSH(e->tmp, e->stores, ((tw_rec_store){c->func, base, 0, key, val, c->off, c->len}));
    if (e->py) ev_py_patch(e, base, name, val);
    return 0;
}

/* The base class, as seen from a method. */
static uint32_t do_super(site *s)
{
    ev *e = s->e;
    uint32_t scope = e->scope;
    for (unsigned i = 0; scope && i < 8 && e->ir->scopes.v[scope].kind != TW_REGION_CLASS; i++)
        scope = e->ir->scopes.v[scope].parent;
    const ev_scope *sc = &e->scopes[scope];
    if (!scope || e->ir->scopes.v[scope].kind != TW_REGION_CLASS || !sc->n_bases) return 0;
    const ev_val *b = ev_at(e, e->lists.v[sc->bases]);
    uint32_t base = b->a, sym = b->sym;
    if (b->kind == TW_VAL_FUNC && e->ir->scopes.v[base].kind == TW_REGION_CLASS)
        return ev_new(e, TW_VAL_INSTANCE, base, s->call);
    if (!sym) return 0;
    uint32_t v = ev_new(e, TW_VAL_CALL, s->call, 0);
    sym = ev_sym_join(e, sym, "()", (tw_str){0});
    ev_at(e, v)->sym = sym;
    return v;
}

static bool dotted_name(tw_str s)
{
    bool start = true;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (start ? !letter : !letter && c != '.' && (c < '0' || c > '9')) return false;
        start = c == '.';
    }
    return s.n && !start;
}

/* eval("os.system") is that function. */
static uint32_t do_eval(site *s)
{
    tw_str text, part;
    uint32_t v = arg(s, 0, NULL);
    if (!v || !ev_text(s->e, v, &text)) return 0;
    if (s->e->js && text.n <= 200 && !dotted_name(tw_str_trim(text)))
        return ev_js_expression(s->e, text, NULL);
    if (text.n > 200 || !dotted_name(tw_str_trim(text)))
        return s->e->py && s->e->calls.v[s->call].n_args == 1 ? reflected(s->e, ev_eval_text(s->e, text)) : 0;
    text = tw_str_trim(text);
    uint32_t at = 0;
    while (tw_str_split(&text, '.', &part)) {
        uint32_t name = at ? 0 : tw_intern_find(&s->e->ir->strings, part);
        if (at)
            at = ev_named_member(s->e, at, part);
        else
            at = name ? ev_read(s->e, name) : ev_read_global(s->e, part);
    }
    return reflected(s->e, at);
}

/* require("x"), import("x"): computed where the name is not simply written there. */
static uint32_t do_require(site *s)
{
    tw_str spec;
    ev *e = s->e;
    uint32_t v = arg(s, 0, NULL);
    if (!v || !text_arg(s, 0, NULL, &spec)) return 0;
    bool computed =
        ev_at(e, v)->flags & EV_FOLDED || ev_at(e, e->calls.v[s->call].callee)->flags & EV_REFLECTED;
    ev_js_note_import(e, spec, s->call, computed);
    v = ev_js_module(e, spec);
    if (computed) ev_at(e, v)->flags |= EV_REFLECTED;
    return v;
}

typedef struct row {
    tw_str symbol;
    uint32_t (*fn)(site *);
} row;
static const row javascript[] = {
    {TW_SI("require"), do_require},
    {TW_SI("import"), do_require},
    {TW_SI("module.require"), do_require},
    {TW_SI("require.main.require"), do_require},
    {TW_SI("process.mainModule.require"), do_require},
    {TW_SI("module.constructor._load"), do_require},
    {TW_SI("module._load"), do_require},
    {TW_SI("module.Module._load"), do_require},
    {TW_SI("module.createRequire()"), do_require},
    {TW_SI("process.getBuiltinModule"), do_require},
    {TW_SI("Reflect.get"), do_getattr},
    {TW_SI("eval"), do_eval},
};
static const row python[] = {
    {TW_SI("getattr"), do_getattr},
    {TW_SI("inspect.getattr_static"), do_getattr},
    {TW_SI("object.__getattribute__"), do_getattr},
    {TW_SI("setattr"), do_setattr},
    {TW_SI("__import__"), do_import},
    {TW_SI("importlib.__import__"), do_import},
    {TW_SI("importlib.import_module"), do_import_module},
    {TW_SI("importlib.util.module_from_spec"), do_from_spec},
    {TW_SI("pkgutil.resolve_name"), do_resolve_name},
    {TW_SI("imp.load_module"), do_load_module},
    {TW_SI("operator.getitem"), do_item},
    {TW_SI("globals().get"), do_global},
    {TW_SI("globals().__getitem__"), do_global},
    {TW_SI("globals().pop"), do_global},
    {TW_SI("globals().setdefault"), do_global_or},
    {TW_SI("locals().get"), do_local},
    {TW_SI("locals().__getitem__"), do_local},
    {TW_SI("sys.modules.get"), do_module},
    {TW_SI("sys.modules.__getitem__"), do_module},
    {TW_SI("super"), do_super},
    {TW_SI("eval"), do_eval},
};

bool ev_reflect_symbols(bool js, uint32_t i, tw_str *ret)
{
    bool there = i < (js ? TW_COUNT(javascript) : TW_COUNT(python));
    if (there) *ret = (js ? javascript : python)[i].symbol;
    return there;
}

uint32_t ev_reflect(ev *e, uint32_t call, bool *ret_dynamic)
{
    *ret_dynamic = false;
    if (!ev_has_trait(e, e->calls.v[call].sym, EV_TRAIT_REFLECT)) return 0;
    tw_str sym = ev_sym(e, e->calls.v[call].sym);
    site s = {e, call, false};
    uint32_t v = 0;
    if (tw_str_ends(sym, TW_S(".__getattribute__")) && e->calls.v[call].n_args == 2) v = do_getattr(&s);
    if (tw_str_ends(sym, TW_S(".__getattribute__")) && e->calls.v[call].n_args == 1) {
        tw_str name;
        const ev_val *x = ev_at(e, e->calls.v[call].callee);
        uint32_t base = x->kind == TW_VAL_MEMBER ? x->a : 0;
        if (!base) base = ev_symbol(e, tw_intern(&e->syms, tw_str_sub(sym, 0, sym.n - 17)));
        v = text_arg(&s, 0, NULL, &name) ? reflected(e, ev_named_member(e, base, name)) : 0;
    }
    if (!v && e->py && tw_str_ends(sym, TW_S(".load_module"))) v = do_load_module(&s);
    bool item = tw_str_ends(sym, TW_S(".get")) || tw_str_ends(sym, TW_S(".__getitem__")) ||
                tw_str_ends(sym, TW_S(".pop"));
    if (!v && e->py && item &&
        (tw_str_find(sym, TW_S("__")) != TW_NPOS || tw_str_starts(sym, TW_S("vars()"))))
        v = do_item(&s);
    uint16_t known = v || !sym.n ? 0 : ev_known_of(e, e->calls.v[call].sym)->reflect[e->js];
    if (known) v = (e->js ? javascript : python)[known - 1].fn(&s);
    *ret_dynamic = s.dynamic;
    return v;
}

/* f.__globals__["x"]: of this file's functions its own names; of others, those that all modules have of os. */
static uint32_t of_globals(ev *e, uint32_t of, uint32_t key)
{
    static const char modules[] =
        " os sys subprocess builtins __builtins__ socket importlib linecache ctypes ";
    tw_str name, all = tw_str_c(modules);
    if (!ev_text(e, key, &name) || !name.n || name.n >= 100) return TW_NONE;
    if (of && ev_at(e, of)->kind == TW_VAL_FUNC) return reflected(e, ev_read_global(e, name));
    size_t at = tw_str_find(all, name);
    bool module = at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + name.n] == ' ';
    if (module || ev_builtin(name)) return reflected(e, ev_symbol(e, tw_intern(&e->syms, name)));
    uint32_t os = tw_intern(&e->syms, TW_S("os")); /* what is looked for there is os.system */
    return reflected(e, ev_symbol(e, ev_sym_member(e, os, 0, name)));
}

/* globals()["x"], vars(m)["x"], m.__dict__["x"], sys.modules["m"], __builtins__["x"]. */
uint32_t ev_reflect_index(ev *e, uint32_t base, uint32_t key)
{
    const ev_val *x = ev_at(e, base);
    if (e->js || !ev_has_trait(e, x->sym, EV_TRAIT_SCOPE)) return 0;
    tw_str sym = ev_sym(e, x->sym), name;
    bool scope = tw_str_eq(sym, TW_S("globals()")) || tw_str_eq(sym, TW_S("locals()")) ||
                 tw_str_eq(sym, TW_S("vars()"));
    bool modules = tw_str_eq(sym, TW_S("sys.modules"));
    bool builtins = tw_str_eq(sym, TW_S("__builtins__")) || tw_str_eq(sym, TW_S("builtins")) ||
                    tw_str_eq(sym, TW_S("__dict__"));
    bool dict = tw_str_ends(sym, TW_S(".__dict__"));
    bool globals = e->py && tw_str_ends(sym, TW_S(".__globals__"));
    if (!scope && !modules && !builtins && !dict && !globals) return 0;
    uint32_t of = x->kind == TW_VAL_MEMBER ? x->a : 0;
    if (globals) return of_globals(e, of, key);
    if (modules && e->py && tw_str_eq(ev_sym(e, ev_at(e, key)->sym), TW_S("__name__")))
        return reflected(e, ev_symbol(e, tw_intern(&e->syms, TW_S("__main__"))));
    if (scope && x->kind == TW_VAL_CALL && e->calls.v[x->a].n_args)
        of = e->args.v[e->calls.v[x->a].args].value;
    bool known = ev_text(e, key, &name) && name.n && name.n < 200;
    if (!known) return TW_NONE;
    if (of && (scope || dict)) return reflected(e, ev_named_member(e, of, name));
    if (scope)
        return reflected(e,
                         tw_str_starts(sym, TW_S("globals")) ? ev_read_global(e, name) : read_local(e, name));
    if (dict) {
        uint32_t whole = ev_symbol(e, tw_intern(&e->syms, tw_str_sub(sym, 0, sym.n - 9)));
        return reflected(e, ev_named_member(e, whole, name));
    }
    return reflected(e, ev_symbol(e, tw_intern(&e->syms, name)));
}
