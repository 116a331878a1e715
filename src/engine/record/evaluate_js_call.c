/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that are not what they look like: f.call(), f.apply(), f.bind(), functions that only return a name, and
 * the numbered modules of bundles. */
#include "base/utf8.h"
#include "engine/record/pure_priv.h"

enum { TABLE_MAX = 65536, TRY_CALLS = 4, APPLIED = 65536 };

/* ---- f.call and its kin ---- */

static bool names_indirect(tw_str name, uint32_t *ret_how)
{
    static const tw_str names[] = {TW_SI("call"), TW_SI("apply"), TW_SI("bind")};
    for (uint32_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(names[i], name)) return *ret_how = i, true;
    return false;
}

/* The function that f.call(...) calls; 0: no such form. */
static uint32_t called_of(ev *e, const ev_call *c, uint32_t *ret_how, uint32_t *ret_first)
{
    const ev_val *x = ev_at(e, c->callee);
    tw_str sym = ev_sym(e, c->sym);
    *ret_first = 0;
    if (tw_str_eq(sym, TW_S("Reflect.apply")) && c->n_args == 3)
        return *ret_how = 1, *ret_first = 1, e->args.v[c->args].value;
    if (x->kind == TW_VAL_MEMBER) return names_indirect(ev_sym(e, x->b), ret_how) ? x->a : 0;
    size_t dot = tw_str_rchr(sym, '.');
    if (x->kind != TW_VAL_SYMBOL || dot == TW_NPOS || !dot ||
        !names_indirect(tw_str_sub(sym, dot + 1, sym.n), ret_how))
        return 0;
    uint8_t flags = x->flags & EV_REFLECTED;
    uint32_t v = ev_symbol(e, tw_intern(&e->syms, tw_str_sub(sym, 0, dot)));
    ev_at(e, v)->flags |= flags;
    return v;
}

static bool is_method(const ev *e, uint32_t f)
{
    const ev_val *x = ev_at(e, f);
    return x->kind == TW_VAL_FUNC && e->ir->scopes.v[e->ir->scopes.v[x->a].parent].kind == TW_REGION_CLASS;
}

/* [].join.call(list) is a method of the list. */
static uint32_t with_this(ev *e, uint32_t f, tw_rec_arg self)
{
    ev_val x = *ev_at(e, f);
    tw_str sym = ev_sym(e, x.sym);
    size_t dot = tw_str_rchr(sym, '.');
    if (dot == TW_NPOS || (self.name && self.value)) return f;
    tw_str of = tw_str_sub(sym, 0, dot), name = tw_str_sub(sym, dot + 1, sym.n);
    bool proto = x.kind == TW_VAL_SYMBOL && tw_str_ends(of, TW_S(".prototype"));
    if (!proto && (x.kind != TW_VAL_MEMBER || !ev_js_intrinsic(e, f).n)) return f;
    uint32_t v =
        ev_new(e, TW_VAL_MEMBER, self.value ? self.value : ev_js_undefined(e), tw_intern(&e->syms, name));
    if (proto) of.n -= 10;
    uint32_t to = ev_sym_join(e, tw_intern(&e->syms, of), ".", name);
    ev_at(e, v)->sym = to ? to : x.sym;
    return v;
}

/* Array.prototype.push.call(list, x) changes the list. */
static void escape_this(ev *e, uint32_t f, uint32_t self)
{
    tw_str sym = ev_sym(e, ev_at(e, f)->sym);
    size_t dot = tw_str_rchr(sym, '.');
    uint32_t name =
        self && dot != TW_NPOS ? tw_intern_find(&e->ir->strings, tw_str_sub(sym, dot + 1, sym.n)) : 0;
    if (name && ev_method_of(e, name) != EV_METHOD_NONE) ev_escape(e, self);
}

/* A call of f besides the one that stands there; what f gives is the value. */
uint32_t ev_js_indirect(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    if (tw_str_eq(ev_sym(e, c.sym), TW_S("util.promisify")) && c.n_args && !e->args.v[c.args].name)
        return e->args.v[c.args].value;
    uint32_t how = 0, first, f = called_of(e, &c, &how, &first), list, n;
    if (!f || e->m || (c.flags & TW_RC_DECORATOR)) return 0;
    if (ev_at(e, f)->kind == TW_VAL_MEMBER && names_indirect(ev_sym(e, ev_at(e, f)->b), &list)) return 0;
    escape_this(e, f, first < c.n_args ? e->args.v[c.args + first].value : 0);
    if (how < 2) f = with_this(e, f, first < c.n_args ? e->args.v[c.args + first] : (tw_rec_arg){0});
    ev_call w = {.callee = f, .args = e->args.n, .flags = c.flags & TW_RC_AWAIT, .off = c.off, .len = c.len};
    uint32_t from = first + !is_method(e, f);
    for (uint32_t i = from; i < c.n_args; i++) {
        tw_rec_arg a = e->args.v[c.args + i];
        bool items = how == 1 && i == first + 1, known = items && !a.name && ev_items(e, a.value, &list, &n);
        known = known && n <= APPLIED && ev_step(e, n);
        for (uint32_t k = 0; known && k < n; k++)
            TW_PUSH(e->tmp, e->args, ((tw_rec_arg){e->lists.v[list + k], 0}));
        if (!known) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){a.value, items ? TW_ARG_SPREAD : a.name}));
    }
    w.n_args = e->args.n - w.args;
    if (how == 2 && !w.n_args) return f;
    uint32_t v = ev_call_besides(e, w);
    return how == 2 ? f : v;
}

/* ---- Function("return process")() ---- */

static bool makes_function(tw_str sym)
{
    return tw_str_eq(sym, TW_S("Function")) || tw_str_eq(sym, TW_S("Function.constructor")) ||
           tw_str_eq(sym, TW_S("eval")) || tw_str_ends(sym, TW_S(".constructor.constructor"));
}

/* What a literal is worth: "A", 'a', 12. */
static bool is_hex(tw_str s, uint32_t *ret)
{
    int64_t n = 0;
    if (tw_str_chr(s, '_') != TW_NPOS || tw_str_chr(s, '-') != TW_NPOS || tw_str_chr(s, '+') != TW_NPOS ||
        !ev_parse_int(s, 16, &n))
        return false;
    return *ret = (uint32_t)n, true;
}

static uint32_t written_text(ev *e, tw_str s)
{
    static const char from[] = "nrtbfv0\\'\"`", to[] = "\n\r\t\b\f\v\0\\'\"`";
    double d;
    uint32_t u;
    if (s.n && s.p[0] >= '0' && s.p[0] <= '9' && ev_js_literal_number(s, &d)) return ev_js_double(e, d);
    size_t end = s.n > 2 && s.p[0] == '/' && s.p[1] != '*' && s.p[1] != '/' ? tw_str_rchr(s, '/') : 0;
    bool plain = end > 1 && tw_str_chr(tw_str_sub(s, 1, end), '/') == TW_NPOS && s.n - end < 4;
    if (plain) return ev_js_regex(e, s);
    char quote = s.n > 1 ? s.p[0] : 0;
    if ((quote != '"' && quote != '\'') || s.p[s.n - 1] != quote) return 0;
    tw_buf_clear(&e->out);
    for (size_t i = 1; i + 1 < s.n; i++) {
        if (s.p[i] == quote || s.p[i] == '\n') return 0;
        if (s.p[i] != '\\') {
            tw_buf_putc(&e->out, s.p[i]);
            continue;
        }
        char c = s.p[++i];
        const char *p = c ? strchr(from, c) : NULL;
        unsigned n = c == 'x' ? 2 : c == 'u' ? 4 : 0;
        if (p && i + 1 < s.n) {
            tw_buf_putc(&e->out, to[p - from]);
        } else if (n && i + n + 1 < s.n && is_hex(tw_str_sub(s, i + 1, i + 1 + n), &u) &&
                   (u < 0xD800 || u > 0xDFFF)) {
            tw_utf8_put(&e->out, u);
            i += n;
        } else {
            return 0;
        }
    }
    return ev_taken(e, TW_VAL_STR, &e->out, 0);
}

uint32_t ev_js_returned(ev *e, const ev_call *c)
{
    const ev_val *x = ev_at(e, c->callee);
    tw_str text;
    if (x->kind != TW_VAL_CALL || x->a >= e->calls.n) return 0;
    const ev_call *made = &e->calls.v[x->a];
    bool makes = makes_function(ev_sym(e, made->sym));
    uint32_t known = makes ? ev_js_made(e, made, c) : 0;
    made = &e->calls.v[ev_at(e, c->callee)->a];
    if (known) return known;
    if (made->n_args != 1 || !makes_function(ev_sym(e, made->sym)) ||
        !ev_text(e, e->args.v[made->args].value, &text) || text.n > 80)
        return 0;
    text = tw_str_trim(text);
    while (tw_str_ends(text, TW_S(";"))) text = tw_str_trim(tw_str_sub(text, 0, text.n - 1));
    if (!tw_str_starts(text, TW_S("return"))) return 0;
    text = tw_str_trim(tw_str_sub(text, 6, text.n));
    uint32_t literal = written_text(e, text);
    if (literal) return literal;
    for (size_t i = 0; i < text.n; i++) {
        bool letter = (text.p[i] | 32) >= 'a' && (text.p[i] | 32) <= 'z';
        if (!letter && !(i && text.p[i] == '.')) return 0;
    }
    if (!text.n) return 0;
    if (tw_str_eq(text, TW_S("this"))) text = TW_S("globalThis");
    uint32_t v = ev_symbol(e, tw_intern(&e->syms, text));
    ev_at(e, v)->flags |= EV_REFLECTED;
    return v;
}

/* ---- what is caught ---- */

/* An awaited request that fails carries its answer: error.response.data. */
uint32_t ev_js_caught(ev *e)
{
    uint32_t at = e->frames.v[e->frames.n - 1].enter, alts[TRY_CALLS + 1] = {0}, n = 1;
    const tw_insn *before = at ? &e->ir->insns.v[at - 1] : NULL;
    alts[0] = ev_unknown(e);
    if (!before || before->op != TW_OP_LEAVE || before->kind != TW_REGION_TRY) return alts[0];
    uint32_t from = e->ir->insns.v[before->a].off, func = e->runs_in[e->scope];
    for (uint32_t i = e->calls.n; i-- > 0 && n < TW_COUNT(alts) && ev_step(e, 1);) {
        const ev_call *c = &e->calls.v[i];
        if (c->func != func || c->off < from) break;
        if (c->flags & TW_RC_AWAIT && ev_at(e, c->result)->kind == TW_VAL_CALL) alts[n++] = c->result;
    }
    return ev_phi(e, alts, n);
}

/* ---- bundles: {123: (module, exports, require) => {...}} ---- */

static const tw_insn *insn(const ev *e, uint32_t i)
{
    return &e->ir->insns.v[i];
}

static bool module_key(const ev *e, uint32_t v, tw_buf *key)
{
    const tw_insn *in = insn(e, v);
    bool fits = in->op == TW_OP_CONST && (in->kind == TW_CONST_STR || in->kind == TW_CONST_INT);
    tw_str text = fits ? tw_ir_text(e->ir, in->a) : (tw_str){0};
    tw_buf_puts(key, text);
    return text.n && text.n < 200;
}

/* The function of a module: itself, or browserify's [function, {...}]; TW_NONE. */
static uint32_t module_scope(const ev *e, uint32_t v)
{
    const tw_insn *in = insn(e, v);
    if (in->op == TW_OP_SEQ && in->c && e->ir->args.v[in->c].value == 2)
        in = insn(e, e->ir->args.v[in->c + 1].value);
    bool fits = in->op == TW_OP_FUNC && in->a < e->ir->scopes.n && e->ir->scopes.v[in->a].n_params <= 3;
    return fits ? in->a : TW_NONE;
}

static void note_table(ev *e, uint32_t at)
{
    const tw_insn *in = insn(e, at);
    uint32_t n = in->c ? e->ir->args.v[in->c].value : 0, with_require = 0, step = in->op == TW_OP_MAP ? 2 : 1;
    const tw_arg *args = &e->ir->args.v[in->c + 1];
    if (n < step || n > TABLE_MAX) return;
    for (uint32_t i = 0; i + step <= n; i += step) {
        if (!args[i].value || args[i].name || !args[i + step - 1].value) return;
        uint32_t scope = module_scope(e, args[i + step - 1].value);
        if (scope == TW_NONE) return;
        with_require += e->ir->scopes.v[scope].n_params >= 2;
    }
    if (!with_require) return;
    for (uint32_t i = 0; i + step <= n; i += step) {
        uint32_t scope = module_scope(e, args[i + step - 1].value);
        tw_buf_clear(&e->buf);
        if (step == 2 && !module_key(e, args[i].value, &e->buf)) continue;
        if (step == 1) tw_buf_puts(&e->buf, tw_arena_fmt(e->tmp, "%u", i));
        tw_map_put(&e->bundle, tw_arena_str(e->tmp, tw_buf_str(&e->buf)), NULL)[0] = scope;
        e->scopes[scope].table = at;
    }
}

/* Tables of functions whose module is found by its key. */
void ev_js_bundles(ev *e)
{
    tw_map_init(&e->bundle, e->tmp);
    for (uint32_t i = 1; i < e->ir->insns.n; i++) {
        uint8_t op = insn(e, i)->op;
        if (op == TW_OP_MAP || (op == TW_OP_SEQ && insn(e, i)->kind == TW_SEQ_ARRAY)) note_table(e, i);
    }
}

enum { IS_MODULE, IS_EXPORTS, IS_REQUIRE, IS_NONE };

/* What the parameters of a module's function are: by their names, else webpack's order. */
static uint32_t part_of(const ev *e, uint32_t scope, uint32_t param)
{
    static const tw_str names[] = {TW_SI("module"), TW_SI("exports"), TW_SI("require")};
    const tw_scope *sc = &e->ir->scopes.v[scope];
    bool named = false;
    for (uint32_t p = 0; p < sc->n_params; p++)
        for (uint32_t i = 0; i < TW_COUNT(names); i++) {
            if (!tw_str_eq(tw_ir_text(e->ir, e->ir->params.v[sc->params + p].name), names[i])) continue;
            if (p == param) return i;
            named = true;
        }
    return named || param > 2 ? IS_NONE : param;
}

static bool in_table(const ev *e, uint32_t scope)
{
    return e->scopes[scope].table != 0;
}

/* e.exports = require("x"), the whole of it. */
static uint32_t outside(ev *e, uint32_t scope)
{
    uint32_t enter = e->ir->scopes.v[scope].enter, end = e->leave[enter];
    if (end - enter > 96) return 0;
    for (uint32_t i = enter; i < end; i++) {
        const tw_insn *in = insn(e, i), *call = in->op == TW_OP_SETMEMBER ? insn(e, in->c) : NULL;
        if (!call || call->op != TW_OP_CALL || !call->c || e->ir->args.v[call->c].value != 1) continue;
        const tw_insn *f = insn(e, call->a), *spec = insn(e, e->ir->args.v[call->c + 1].value);
        bool plain = f->op == TW_OP_READ && tw_str_eq(tw_ir_text(e->ir, f->a), TW_S("require")) &&
                     spec->op == TW_OP_CONST && spec->kind == TW_CONST_STR;
        if (!tw_str_eq(tw_ir_text(e->ir, in->b), TW_S("exports"))) continue;
        if (plain) return ev_js_module(e, tw_ir_text(e->ir, spec->a));
        uint32_t v =
            ev_peek_at(e, scope, 0, &(ev_args){0}, in->c); /* under another name, of a text put together */
        if (v && ev_at(e, v)->kind == TW_VAL_SYMBOL) return v;
    }
    return 0;
}

static uint32_t exports_of(ev *e, uint32_t scope)
{
    uint32_t v = outside(e, scope);
    if (v) return v;
    v = ev_new(e, TW_VAL_FUNC, scope, 0);
    return ev_new(e, TW_VAL_MEMBER, v, tw_intern(&e->syms, TW_S("exports")));
}

/* n(123) within a module or by the function that loads them; require_x() of esbuild. */
uint32_t ev_js_bundled(ev *e, const ev_call *c)
{
    const ev_val *x = ev_at(e, c->callee);
    tw_str sym = ev_sym(e, c->sym), text;
    if (e->m || !c->n_args) {
        bool module = !e->m && x->kind == TW_VAL_FUNC && in_table(e, x->a);
        return module ? exports_of(e, x->a) : 0;
    }
    uint32_t arg = e->args.v[c->args].value;
    const tw_insn *called = insn(e, insn(e, e->at)->a);
    if (x->kind == TW_VAL_FUNC) sym = called->op == TW_OP_READ ? tw_ir_text(e->ir, called->a) : (tw_str){0};
    if (tw_str_eq(sym, TW_S("__commonJS")) || tw_str_eq(sym, TW_S("__commonJSMin")) ||
        tw_str_eq(sym, TW_S("__esm"))) {
        const ev_val *m = ev_at(e, arg);
        uint32_t f = m->kind == TW_VAL_MAP && m->n == 2 ? e->lists.v[m->list + 1] : arg;
        if (ev_at(e, f)->kind != TW_VAL_FUNC) return 0;
        e->scopes[ev_at(e, f)->a].table = e->at;
        return f;
    }
    bool inner = x->kind == TW_VAL_PARAM && in_table(e, x->a) && part_of(e, x->a, x->b) == IS_REQUIRE;
    bool loader = x->kind == TW_VAL_FUNC && !in_table(e, x->a) && e->ir->scopes.v[x->a].n_params == 1;
    uint32_t key = inner || loader ? ev_js_text(e, arg) : 0;
    if (c->n_args != 1 || !key || !ev_text(e, key, &text)) return 0;
    const uint64_t *slot = tw_map_get(&e->bundle, text);
    return slot ? exports_of(e, (uint32_t)*slot) : 0;
}

static void put_exports(ev *e, uint32_t scope, uint32_t val, uint32_t off)
{
    uint32_t name = tw_intern_find(&e->ir->strings, TW_S("exports"));
    if (name) TW_PUSH(e->tmp, e->defaults, ((tw_rec_bind){scope, name, val, off}));
}

void ev_js_module_store(ev *e, uint32_t base, tw_str name, uint32_t val, uint32_t off)
{
    ev_val x = *ev_at(e, base);
    if (x.kind != TW_VAL_PARAM || !in_table(e, x.a)) return;
    uint32_t part = part_of(e, x.a, x.b);
    if (part == IS_MODULE && tw_str_eq(name, TW_S("exports"))) put_exports(e, x.a, val, off);
    if (part == IS_EXPORTS) put_exports(e, x.a, base, off);
}
