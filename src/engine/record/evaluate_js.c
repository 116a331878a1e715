/* SPDX-License-Identifier: Apache-2.0 */
/* What JavaScript's names mean: modules by specifier, exports, the global object, functions that hold before
 * they stand. A module of this package ("./x") keeps a colon at its end, so that a member of it is told from a
 * dot in its path: "./x:.run". */
#include "engine/record/evaluate_priv.h"

enum { MODULE = 1 }; /* ev_val.how of a SYMBOL */
enum { SHORT = 80 };

static bool by_path(tw_str spec)
{
    return tw_str_starts(spec, TW_S("./")) || tw_str_starts(spec, TW_S("../")) ||
           tw_str_eq(spec, TW_S(".")) || tw_str_eq(spec, TW_S("..")) || tw_str_starts(spec, TW_S("/"));
}

static tw_str plain(tw_str spec)
{
    return tw_str_starts(spec, TW_S("node:")) ? tw_str_sub(spec, 5, spec.n) : spec;
}

bool ev_js_ascii(ev *e, tw_str s)
{
    if (e->js_ascii_of && s.p >= e->js_ascii_of && s.p + s.n <= e->js_ascii_of + e->js_ascii_n) return true;
    if (!ev_step(e, s.n / 64)) return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    if (s.n > 64) e->js_ascii_of = s.p, e->js_ascii_n = s.n;
    return true;
}

uint32_t ev_js_module(ev *e, tw_str spec)
{
    spec = plain(spec);
    uint32_t known = e->package ? ev_package_module(e, spec) : 0;
    if (known) return known;
    uint32_t sym = tw_intern(&e->syms, spec);
    if (by_path(spec)) sym = ev_sym_join(e, sym, ":", (tw_str){0});
    if (!sym) return ev_unknown(e);
    uint32_t v = ev_symbol(e, sym);
    ev_at(e, v)->how = MODULE;
    return v;
}

static bool is_module(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_SYMBOL && ev_at(e, v)->how == MODULE;
}

/* The default of a module that is not ours is the module: that is how CommonJS is seen by import. */
uint32_t ev_js_import(ev *e, tw_str spec, tw_str name)
{
    uint32_t m = ev_js_module(e, spec);
    return name.n ? ev_named_member(e, m, name) : m;
}

void ev_js_note_import(ev *e, tw_str spec, uint32_t at_call, bool computed)
{
    const ev_call *c = &e->calls.v[at_call];
    tw_rec_import m = {.func = c->func, .off = c->off, .len = c->len};
    if (computed) m.flags |= TW_RI_DYNAMIC;
    if (c->flags & (TW_RC_GUARDED | TW_RC_TRY)) m.flags |= TW_RI_GUARDED;
    m.module = tw_intern(&e->syms, plain(spec));
    TW_PUSH(e->tmp, e->imports, m);
}

/* [].x behind Array.prototype.x = f */
static uint32_t put_into_type(ev *e, uint32_t base, tw_str name)
{
    uint32_t type = ev_base_sym(e, base);
    if (!type || !name.n || name.n > 100) return 0;
    tw_str of = ev_sym(e, type);
    if (of.n <= SHORT) { /* a name that nobody made is nobody's */
        tw_str between = TW_S(".prototype.");
        __attribute__((uninitialized)) char text[SHORT + 11 + 100];
        memcpy(text, of.p, of.n);
        memcpy(text + of.n, between.p, between.n);
        memcpy(text + of.n + between.n, name.p, name.n);
        uint32_t sym = tw_intern_find(&e->syms, tw_str_of(text, of.n + between.n + name.n));
        return sym ? ev_js_patched(e, sym, 0) : 0;
    }
    uint32_t proto = ev_sym_join(e, type, ".", TW_S("prototype"));
    return ev_js_patched(e, ev_sym_join(e, proto, ".", name), 0);
}

/* 0: an ordinary member. */
uint32_t ev_js_member(ev *e, uint32_t base, tw_str name)
{
    static const tw_str reached[] = {TW_SI("globalThis"), TW_SI("global"), TW_SI("window"), TW_SI("self")};
    const ev_val *x = ev_at(e, base);
    uint32_t known = ev_js_known_member(e, base, name), own;
    x = ev_at(e, base);
    if (!known && (x->kind == TW_VAL_CALL || x->kind == TW_VAL_INSTANCE))
        known = ev_js_inherited(e, base, name);
    if (!known && x->kind == TW_VAL_INSTANCE && (own = tw_intern_find(&e->ir->strings, name)))
        known = ev_peek_attr(e, base, own);
    x = ev_at(e, base);
    if (!known && e->js_patches.n && x->kind != TW_VAL_SYMBOL && x->kind != TW_VAL_MEMBER)
        known = put_into_type(e, base, name);
    x = ev_at(e, base);
    if (known || x->kind != TW_VAL_SYMBOL) return known;
    if (ev_js_is_regex(e, base, NULL)) return ev_js_regex_member(e, base, name);
    x = ev_at(e, base);
    tw_str sym = ev_sym(e, x->sym);
    if (is_module(e, base) && tw_str_eq(name, TW_S("default")) && !by_path(sym)) return base;
    if (tw_str_eq(sym, TW_S("process.env"))) {
        uint32_t key = ev_text_val(e, TW_VAL_STR, name, 0, 0);
        return ev_index(e, base, key);
    }
    for (size_t i = 0; i < TW_COUNT(reached); i++)
        if (tw_str_eq(sym, reached[i])) {
            uint32_t of = e->js_patches.n && !e->m ? tw_intern_find(&e->syms, name) : 0;
            uint32_t put = of ? ev_js_patched(e, of, ev_symbol(e, of)) : 0;
            return put ? put : ev_read_global(e, name);
        }
    return 0;
}

/* a["b"] is a.b, where a is no list, map or text that we know. */
uint32_t ev_js_index(ev *e, uint32_t base, uint32_t key)
{
    tw_str name;
    uint8_t kind = ev_at(e, base)->kind;
    uint32_t known = ev_js_known_index(e, base, key);
    if (known) return known;
    bool named = kind == TW_VAL_SYMBOL || kind == TW_VAL_CALL || kind == TW_VAL_MEMBER ||
                 kind == TW_VAL_INDEX || kind == TW_VAL_INSTANCE || kind == TW_VAL_PARAM ||
                 kind == TW_VAL_FUNC || kind == TW_VAL_STR || kind == TW_VAL_SEQ || kind == TW_VAL_OPAQUE ||
                 kind == TW_VAL_PHI || kind == EV_ROPE || kind == TW_VAL_INT || kind == TW_VAL_FLOAT ||
                 kind == TW_VAL_BOOL || kind == TW_VAL_BYTES || kind == TW_VAL_MAP;
    bool env = tw_str_eq(ev_sym(e, ev_at(e, base)->sym), TW_S("process.env"));
    if (!named || env || ev_at(e, key)->kind == TW_VAL_INT || !ev_text(e, key, &name) || !name.n ||
        name.n > 200)
        return 0;
    uint32_t v = ev_named_member(e, base, name);
    uint8_t is = ev_at(e, v)->kind;
    if (is == TW_VAL_SYMBOL || is == TW_VAL_MEMBER) ev_at(e, v)->flags |= EV_REFLECTED;
    return v;
}

static void put_export(ev *e, tw_str name, uint32_t val, uint32_t off)
{
    uint32_t id = tw_intern_find(&e->ir->strings, name);
    if (id) TW_PUSH(e->tmp, e->defaults, ((tw_rec_bind){0, id, val, off}));
}

/* exports.a = v; module.exports = v, and each entry of a literal. */
void ev_js_store(ev *e, uint32_t base, tw_str name, uint32_t val, uint32_t off)
{
    const ev_val *x = ev_at(e, base);
    if (x->kind != TW_VAL_SYMBOL) return;
    tw_str sym = ev_sym(e, x->sym), key;
    bool all = tw_str_eq(sym, TW_S("module")) && tw_str_eq(name, TW_S("exports"));
    if (tw_str_eq(sym, TW_S("exports")) || tw_str_eq(sym, TW_S("module.exports")) || all)
        put_export(e, name, val, off); /* the whole stands under "exports" */
    if (!all) return;
    ev_val m = *ev_at(e, val);
    for (uint32_t i = 0; m.kind == TW_VAL_MAP && i + 1 < m.n && ev_step(e, 1); i += 2)
        if (ev_text(e, e->lists.v[m.list + i], &key)) put_export(e, key, e->lists.v[m.list + i + 1], off);
}

/* Functions that hold from the start of their scope. */
void ev_js_hoist(ev *e, uint32_t scope, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const tw_insn *in = &e->ir->insns.v[i];
        if (in->op == TW_OP_ENTER && in->kind == TW_REGION_MODULE) continue;
        if (in->op == TW_OP_ENTER && in->kind <= TW_REGION_COMPREHENSION) {
            if (e->leave[i] <= i) return;
            i = e->leave[i];
            continue;
        }
        if (in->op != TW_OP_BIND || !(in->flags & TW_IF_HOISTED) || !in->b || in->b >= i) continue;
        const tw_insn *f = &e->ir->insns.v[in->b];
        uint32_t var = f->op == TW_OP_FUNC && f->a < e->ir->scopes.n ? ev_find_var(e, in->a, scope) : TW_NONE;
        if (var == TW_NONE || e->vars.v[var].cur) continue;
        uint32_t v = ev_new(e, TW_VAL_FUNC, f->a, 0);
        e->of[in->b] = v;
        ev_set_var(e, var, v);
    }
}

/* __importDefault(require("x")) and its kin, which compilers put around a module, give the module. */
uint32_t ev_js_interop(ev *e, const ev_call *c)
{
    static const tw_str names[] = {TW_SI("__importDefault"),
                                   TW_SI("__importStar"),
                                   TW_SI("_interopRequireDefault"),
                                   TW_SI("_interopRequireWildcard"),
                                   TW_SI("_interop_require_default"),
                                   TW_SI("_interop_require_wildcard"),
                                   TW_SI("__toESM"),
                                   TW_SI("_interopDefault"),
                                   TW_SI("_interopDefaultLegacy"),
                                   TW_SI("_interopNamespace")};
    if (!c->n_args || !is_module(e, e->args.v[c->args].value)) return 0;
    const ev_val *x = ev_at(e, c->callee);
    tw_str name = ev_sym(e, x->sym);
    if (x->kind == TW_VAL_FUNC) name = tw_ir_text(e->ir, e->ir->scopes.v[x->a].name);
    if (x->kind == TW_VAL_PHI && !x->sym) name = (tw_str){0};
    size_t dot = tw_str_rchr(name, '.');
    if (dot != TW_NPOS) name = tw_str_sub(name, dot + 1, name.n);
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(name, names[i])) return e->args.v[c->args].value;
    return 0;
}

static void write_into(ev *e, uint32_t call, uint32_t from, uint32_t to)
{
    const ev_call *c = &e->calls.v[call];
    uint32_t callee = ev_named_member(e, to, TW_S("write"));
    ev_call w = {.func = c->func,
                 .callee = callee,
                 .sym = ev_at(e, callee)->sym,
                 .args = e->args.n,
                 .n_args = 1,
                 .flags = c->flags,
                 .off = c->off,
                 .len = c->len};
    TW_PUSH(e->tmp, e->args, ((tw_rec_arg){from, 0}));
    w.result = ev_new(e, TW_VAL_CALL, e->calls.n, 0);
    TW_PUSH(e->tmp, e->calls, w);
}

/* a.pipe(b) is b.write(a); stream.pipeline(a, b, c) writes each into the next. */
void ev_js_pipe(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    tw_str sym = ev_sym(e, c.sym);
    const ev_val *callee = ev_at(e, c.callee);
    if (e->m || !c.n_args) return;
    if (callee->kind == TW_VAL_MEMBER && tw_str_ends(sym, TW_S(".pipe"))) {
        write_into(e, call, callee->a, e->args.v[c.args].value);
    } else if (tw_str_eq(sym, TW_S("stream.pipeline")) || tw_str_eq(sym, TW_S("stream/promises.pipeline"))) {
        for (uint32_t i = 0; i + 1 < c.n_args && i < 8; i++) {
            uint32_t to = e->args.v[c.args + i + 1].value;
            if (ev_at(e, to)->kind != TW_VAL_FUNC) write_into(e, call, e->args.v[c.args + i].value, to);
        }
    }
}
