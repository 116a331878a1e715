/* SPDX-License-Identifier: Apache-2.0 */
/* What a value is made of, by the instructions alone: all that may reach it, walked backwards. The walk ends where it meets
 * something from outside: of most values that is the first or second step. */
#include "engine/record/evaluate_slice.h"

enum { WALK_MAX = 16384, DEPTH = 12, CALLERS = 16, BASES = 4 };

static const tw_insn *insn(const slices *s, uint32_t i)
{
    return &s->e->ir->insns.v[i];
}

static const ev_val *val(const slices *s, uint32_t at)
{
    return ev_at(s->e, s->e->of[at]);
}

/* ---- symbols ---- */

/* Decoders and what makes characters of numbers. */
static bool mixes(const ev *e, tw_str s)
{
    static const tw_str modules[] = {TW_SI("base64."), TW_SI("binascii."), TW_SI("zlib."),
                                     TW_SI("codecs."), TW_SI("gzip."),     TW_SI("bz2."),
                                     TW_SI("lzma."),   TW_SI("struct."),   TW_SI("hashlib."),
                                     TW_SI("hmac."),   TW_SI("Crypto"),    TW_SI("cryptography.")},
                        modules_js[] = {TW_SI("Buffer."), TW_SI("zlib."), TW_SI("crypto."),
                                        TW_SI("CryptoJS.")};
    const tw_str *list = e->js ? modules_js : modules;
    for (size_t i = 0, n = e->js ? TW_COUNT(modules_js) : TW_COUNT(modules); i < n; i++)
        if (tw_str_starts(s, list[i])) return true;
    return false;
}

uint8_t ev_slice_symbol(slices *s, uint32_t sym)
{
    ev *e = s->e;
    if (s->sym[sym]) return s->sym[sym];
    tw_str text = ev_sym(e, sym);
    const ev_known *k = ev_known_of(e, sym);
    uint8_t is = SL_ASKED | k->slice[e->js];
    if (!(ev_is_pure(e, sym) || k->builtin[e->js])) is |= SL_NAME;
    if (mixes(e, text)) is |= SL_MIXES;
    return s->sym[sym] = is;
}

bool ev_slice_symbols(uint32_t row, tw_str *ret, bool *ret_js, uint8_t *ret_is)
{
    static const struct {
        tw_str names;
        bool py, js;
        uint8_t is;
    } rows[] = {
        {TW_SI("chr ord bytes bytearray reversed bytes.fromhex bytearray.fromhex str.translate "
               "bytes.translate bytes.decode str.maketrans int.to_bytes int.from_bytes"),
         true, false, SL_MIXES},
        {TW_SI("atob unescape decodeURIComponent String.fromCharCode String.fromCodePoint parseInt "
               "String.charCodeAt String.split Array.reverse Array.shift Array.push Array.join"),
         false, true, SL_MIXES},
        {TW_SI("getattr vars __import__ importlib.import_module globals"), true, true, SL_LOOKS},
        {TW_SI("print hasattr setattr type isinstance super"), true, true, SL_DULL},
    };
    if (row >= 2 * TW_COUNT(rows)) return false;
    *ret_js = row % 2;
    *ret = (row % 2 ? rows[row / 2].js : rows[row / 2].py) ? rows[row / 2].names : (tw_str){0};
    *ret_is = rows[row / 2].is;
    return true;
}

/* ---- where things stand, written down once ---- */

static void chain(uint32_t *first, uint32_t *next, uint32_t at)
{
    next[at] = *first;
    *first = at;
}

static void prepare(slices *s)
{
    ev *e = s->e;
    uint32_t n = e->ir->insns.n, scope = 0, loops = 0;
    TW_VEC(uint32_t) scopes = {0};
    s->ends = TW_NEWN(e->tmp, uint8_t, (size_t)n + e->vars.n + e->ir->scopes.n);
    s->loops = tw_arena_raw(e->tmp, n);
    s->in = tw_arena_raw(e->tmp, n * sizeof *s->in);
    s->next = tw_arena_raw(e->tmp, n * sizeof *s->next);
    s->next_call = tw_arena_raw(e->tmp, n * sizeof *s->next_call);
    s->gives = TW_NEWN(e->tmp, uint32_t, e->ir->scopes.n + 1);
    s->calls = TW_NEWN(e->tmp, uint32_t, e->ir->scopes.n + 1);
    s->given = TW_NEWN(e->tmp, uint8_t, e->ir->scopes.n + 1);
    s->seen = TW_NEWN(e->tmp, uint32_t, (size_t)n + e->vars.n + e->ir->scopes.n);
    s->in[0] = s->loops[0] = 0;
    for (uint32_t i = 1; i < n; i++) {
        const tw_insn *in = insn(s, i);
        s->in[i] = scope, s->loops[i] = loops != 0;
        if (in->op == TW_OP_ENTER) {
            if (in->kind == TW_REGION_LOOP) loops++;
            if (in->kind > TW_REGION_COMPREHENSION || in->b >= e->ir->scopes.n) continue;
            TW_PUSH(e->tmp, scopes, scope);
            scope = in->b;
        } else if (in->op == TW_OP_LEAVE) {
            if (in->kind == TW_REGION_LOOP && loops) loops--;
            if (in->kind > TW_REGION_COMPREHENSION || !scopes.n) continue;
            scope = scopes.v[--scopes.n];
        } else if (in->op == TW_OP_RETURN || in->op == TW_OP_YIELD) {
            bool comp = e->ir->scopes.v[scope].kind == TW_REGION_COMPREHENSION;
            chain(&s->gives[comp ? scope : e->flow[scope]], s->next, i);
        } else if (in->op == TW_OP_CALL && e->of[in->a] && val(s, in->a)->kind == TW_VAL_FUNC) {
            chain(&s->calls[val(s, in->a)->a], s->next_call, i);
        }
    }
    e->steps += n;
}

static uint32_t variable(const slices *s, uint32_t at)
{
    const ev *e = s->e;
    for (uint32_t scope = s->in[at], here = scope;; scope = e->ir->scopes.v[scope].parent) {
        uint32_t var = ev_find_var(e, insn(s, at)->a, scope);
        if (var != TW_NONE && (scope == here || e->ir->scopes.v[scope].kind != TW_REGION_CLASS)) return var;
        if (!scope) return TW_NONE;
    }
}

/* An object of a name is what goes into it, too. */
static void changes(slices *s)
{
    ev *e = s->e;
    s->into = TW_NEWN(e->tmp, uint32_t, e->vars.n + 1);
    s->next_into = TW_NEWN(e->tmp, uint32_t, e->ir->insns.n);
    for (uint32_t i = 1; i < e->ir->insns.n; i++) {
        const tw_insn *in = insn(s, i), *callee = in->op == TW_OP_CALL ? insn(s, in->a) : NULL;
        uint32_t object = in->a;
        if (callee && callee->op == TW_OP_MEMBER)
            object = callee->a;
        else if (in->op != TW_OP_SETINDEX && in->op != TW_OP_SETMEMBER)
            continue;
        for (unsigned k = 0;
             k < BASES && (insn(s, object)->op == TW_OP_MEMBER || insn(s, object)->op == TW_OP_INDEX); k++)
            object = insn(s, object)->a;
        if (insn(s, object)->op != TW_OP_READ) continue;
        uint32_t var = variable(s, object);
        if (var != TW_NONE) chain(&s->into[var], s->next_into, i);
    }
    e->steps += e->ir->insns.n;
}

/* ---- one walk ---- */

typedef struct walk {
    slices *s;
    uint32_t base, no; /* of todo and from; which one it is */
    uint32_t at;       /* place in todo that is looked at */
    uint8_t is;
} walk;

/* todo holds instructions, then variables, then scopes. */
static void meet(walk *w, uint32_t node)
{
    slices *s = w->s;
    if (s->seen[node] == w->no) return;
    uint8_t known = s->ends[node] & (s->code ? SL_OPEN : SL_OPEN | SL_PARAM);
    if (known) {
        w->is |= known;
        return;
    }
    s->seen[node] = w->no;
    TW_PUSH(s->e->tmp, s->todo, node);
    TW_PUSH(s->e->tmp, s->from, w->at);
}

/* Many walks may go over the same long lists: all they look at counts. false: nobody runs a file for it. */
static bool spend(walk *w, uint32_t n)
{
    if (w->s->fuel > n) {
        w->s->fuel -= n;
        return true;
    }
    w->s->fuel = 0;
    w->is |= SL_OPEN;
    return false;
}

static void value(walk *w, uint32_t at)
{
    slices *s = w->s;
    uint8_t op = insn(s, at)->op;
    if (!at || op == TW_OP_CONST || op == TW_OP_FUNC || op == TW_OP_CLASS) return;
    meet(w, at);
}

static void args(walk *w, uint32_t at)
{
    const tw_ir *ir = w->s->e->ir;
    uint32_t n = at && at < ir->args.n ? ir->args.v[at].value : 0;
    if (!spend(w, n)) return;
    for (uint32_t i = 0; i < n; i++) value(w, ir->args.v[at + 1 + i].value);
}

static void gives(walk *w, uint32_t scope)
{
    for (uint32_t i = w->s->gives[scope]; i && spend(w, 1); i = w->s->next[i]) value(w, insn(w->s, i)->a);
}

static bool is_symbol(const slices *s, uint32_t at)
{
    return s->e->of[at] && val(s, at)->kind == TW_VAL_SYMBOL;
}

static uint8_t name(slices *s, uint32_t at)
{
    return ev_slice_symbol(s, val(s, at)->sym);
}

/* Computed already, by what is known of an object of a library. */
static bool told_text(const slices *s, uint32_t at)
{
    uint32_t v = s->e->of[at];
    uint8_t kind = v ? ev_at(s->e, v)->kind : 0;
    return v && ev_is_const(s->e, v) && (kind == TW_VAL_STR || kind == TW_VAL_BYTES);
}

/* Of a text that is run only what surely comes from elsewhere ends the walk: the machine knows much that is no pure function. */
static void outside(walk *w, bool is)
{
    if (is && !w->s->code) w->is |= SL_OPEN;
}

/* A call that reads what no run can know: files, the network, what programs print. */
static bool reads_world(const slices *s, const tw_insn *in)
{
    static const tw_str modules[] = {
        TW_SI("open"),       TW_SI("input"), TW_SI("requests"), TW_SI("urllib"),
        TW_SI("socket"),     TW_SI("http"),  TW_SI("https"),    TW_SI("fs"),
        TW_SI("subprocess"), TW_SI("io"),    TW_SI("pathlib"),  TW_SI("ast"),
        TW_SI("inspect"),    TW_SI("sys"),   TW_SI("argparse"), TW_SI("tokenize")};
    tw_str text = ev_sym(s->e, val(s, in->a)->sym);
    size_t dot = tw_str_chr(text, '.');
    if (dot != TW_NPOS) text = tw_str_sub(text, 0, dot);
    for (size_t i = 0; i < TW_COUNT(modules); i++)
        if (tw_str_eq(text, modules[i])) return true;
    return false;
}

static void call(walk *w, uint32_t at)
{
    slices *s = w->s;
    const tw_insn *in = insn(s, at);
    uint32_t v = s->e->of[in->a], n = s->e->ir->insns.n + s->e->vars.n;
    if (is_symbol(s, at)) w->is |= SL_NAMED; /* require("x") */
    if (v && ev_at(s->e, v)->kind == TW_VAL_FUNC) {
        uint32_t func = ev_at(s->e, v)->a;
        w->is |= SL_HARD;
        outside(w, s->e->ir->scopes.v[func].flags & 1); /* async */
        args(w, in->c);
        meet(w, n + func);
        return;
    }
    if (v && ev_at(s->e, v)->kind == TW_VAL_SYMBOL) {
        uint8_t is = name(s, in->a);
        if (is & SL_NAME && !(is & SL_LOOKS) && told_text(s, at)) w->is |= SL_MIXED;
        if (is & SL_NAME && !(is & SL_LOOKS) && !told_text(s, at) && (!s->code || reads_world(s, in)))
            w->is |= SL_OPEN;
        if (is & SL_MIXES && !(is & SL_LOOKS && is & SL_NAME)) w->is |= SL_MIXED;
        args(w, in->c);
        return;
    }
    if (s->e->py && told_text(s, at)) {
        w->is |= SL_MIXED;
        return;
    }
    uint32_t sym = v ? ev_at(s->e, v)->sym : 0;
    if (sym && ev_slice_symbol(s, sym) & SL_MIXES) w->is |= SL_MIXED;
    if (insn(s, in->a)->op != TW_OP_MEMBER) w->is |= SL_HARD;
    args(w, in->c);
    value(w, in->a);
}

static void read(walk *w, uint32_t at)
{
    slices *s = w->s;
    if (is_symbol(s, at)) { /* a name from outside, as data, depends on nothing else */
        w->is |= name(s, at) & SL_NAME ? SL_NAMED : 0;
        return;
    }
    if (s->e->of[at] && ev_is_const(s->e, s->e->of[at])) return; /* undefined */
    uint32_t var = variable(s, at);
    if (var == TW_NONE)
        outside(w, true);
    else
        meet(w, s->e->ir->insns.n + var);
}

static void instruction(walk *w, uint32_t at)
{
    slices *s = w->s;
    const tw_insn *in = insn(s, at);
    uint32_t key;
    switch (in->op) {
    case TW_OP_READ: read(w, at); break;
    case TW_OP_MEMBER:
        if (!is_symbol(s, at))
            value(w, in->a);
        else
            w->is |= name(s, at) & SL_NAME ? SL_NAMED : 0;
        break;
    case TW_OP_INDEX:
        key = s->e->of[in->b];
        if (!key || !ev_is_const(s->e, key)) w->is |= SL_MIXED;
        outside(w, is_symbol(s, in->a)); /* what is taken out of something from outside */
        value(w, in->a), value(w, in->b);
        break;
    case TW_OP_CALL: call(w, at); break;
    case TW_OP_OP:
    case TW_OP_CONCAT:
    case TW_OP_SEQ:
    case TW_OP_MAP: args(w, in->c); break;
    case TW_OP_CHOOSE: value(w, in->a), value(w, in->b), value(w, in->c); break;
    case TW_OP_ITER:
        outside(w, is_symbol(s, in->a));
        value(w, in->a);
        break;
    case TW_OP_LEAVE:
        if (in->kind == TW_REGION_COMPREHENSION && insn(s, in->a)->op == TW_OP_ENTER)
            gives(w, insn(s, in->a)->b);
        break;
    case TW_OP_DECORATE: value(w, in->b); break;
    default: outside(w, true);
    }
}

static void bound(walk *w, uint32_t var)
{
    slices *s = w->s;
    const ev_var *v = &s->e->vars.v[var];
    for (uint32_t i = 0; i < v->n && !(w->is & SL_OPEN) && spend(w, 1); i++) {
        uint32_t at = s->e->places.v[v->first + i];
        const tw_insn *in = insn(s, at);
        if (in->op != TW_OP_BIND) continue;
        outside(w, in->kind == TW_BIND_WITH || in->kind == TW_BIND_CATCH);
        if (in->kind != TW_BIND_PARAM)
            value(w, in->b);
        else if (s->calls[s->in[at]])
            TW_PUSH(s->e->tmp, s->params, s->in[at]);
        else
            w->is |= SL_PARAM; /* nothing here calls it */
        if (s->loops[at] || in->flags & TW_IF_UNPACK) w->is |= SL_HARD;
    }
}

static void changed(walk *w, uint32_t var)
{
    slices *s = w->s;
    for (uint32_t i = s->into[var]; i && spend(w, 1); i = s->next_into[i]) {
        const tw_insn *in = insn(s, i);
        w->is |= SL_HARD | (s->loops[i] ? SL_MIXED : 0);
        if (in->op == TW_OP_CALL) args(w, in->c);
        if (in->op == TW_OP_SETINDEX) value(w, in->b);
        if (in->op != TW_OP_CALL) value(w, in->c);
    }
}

/* What led to where the walk is now leads outside, or to a parameter. */
static void remember(const walk *w)
{
    slices *s = w->s;
    uint8_t is = w->is & SL_OPEN ? SL_OPEN : SL_PARAM;
    for (uint32_t at = w->at; at != TW_NONE; at = s->from.v[at]) s->ends[s->todo.v[at]] |= is;
}

static void look(walk *w, uint32_t at)
{
    slices *s = w->s;
    uint32_t n = s->e->ir->insns.n, vars = s->e->vars.n, node = s->todo.v[at];
    w->at = at;
    if (at - w->base > WALK_MAX || !s->fuel) {
        w->is |= SL_OPEN; /* nobody runs a file for it */
        return;
    }
    s->fuel--;
    if (node < n)
        instruction(w, node);
    else if (node < n + vars)
        bound(w, node - n);
    else
        gives(w, node - n - vars);
    if (w->is & (s->code ? SL_OPEN : SL_OPEN | SL_PARAM)) remember(w);
}

static void look_into(walk *w, uint32_t at)
{
    slices *s = w->s;
    uint32_t n = s->e->ir->insns.n, node = s->todo.v[at];
    w->at = at;
    if (!s->into) changes(s);
    if (node >= n && node < n + s->e->vars.n) changed(w, node - n);
    if (w->is & SL_OPEN) remember(w);
}

/* What changes objects is worth looking at only where nothing else comes from outside. */
static void go(walk *w)
{
    slices *s = w->s;
    uint32_t next = w->base, into = w->base;
    uint8_t ends = s->code ? SL_OPEN : SL_OPEN | SL_PARAM;
    while (into < s->todo.n && !(w->is & ends)) {
        while (next < s->todo.n && !(w->is & ends)) look(w, next++);
        if (!(w->is & ends)) look_into(w, into++);
    }
    s->todo.n = s->from.n = w->base;
}

static bool given(slices *s, uint32_t func);

/* A parameter of a function that the walk came into by a call is what that call hands over. */
static void parameters(walk *w, uint32_t from)
{
    slices *s = w->s;
    uint32_t funcs = s->e->ir->insns.n + s->e->vars.n, to = s->params.n, kept = from;
    for (uint32_t i = from; i < to; i++)
        if (s->seen[funcs + s->params.v[i]] != w->no) s->params.v[kept++] = s->params.v[i];
    for (uint32_t i = from; i < kept && !(w->is & SL_PARAM); i++)
        if (!given(s, s->params.v[i])) w->is |= SL_PARAM;
    s->params.n = from;
}

static uint8_t together(slices *s, uint32_t list, uint32_t one)
{
    if (!s->in) prepare(s);
    walk w = {.s = s, .base = s->todo.n, .no = ++s->walk, .at = TW_NONE};
    uint32_t params = s->params.n;
    args(&w, list), value(&w, one);
    go(&w);
    if (!(w.is & (SL_OPEN | SL_PARAM))) parameters(&w, params);
    s->params.n = params;
    return w.is;
}

static bool given(slices *s, uint32_t func)
{
    if (s->given[func]) return s->given[func] == 2;
    s->given[func] = 1; /* while it is asked */
    if (s->depth >= DEPTH) return false;
    s->depth++;
    uint32_t n = 0;
    for (uint32_t i = s->calls[func]; i && n < CALLERS && s->given[func] == 1; i = s->next_call[i], n++)
        if (insn(s, i)->c && !(together(s, insn(s, i)->c, 0) & (SL_OPEN | SL_PARAM))) s->given[func] = 2;
    s->depth--;
    return s->given[func] == 2;
}

uint8_t ev_slice_of(slices *s, uint32_t at)
{
    return together(s, 0, at);
}

uint8_t ev_slice_args(slices *s, uint32_t list, uint32_t besides)
{
    return together(s, list, besides);
}

bool ev_slice_loops(slices *s, uint32_t at)
{
    if (!s->in) prepare(s);
    return s->loops[at];
}

void ev_slices(slices *s, ev *e)
{
    *s = (slices){.e = e, .fuel = 65536 + 8ull * e->ir->insns.n};
    s->sym = TW_NEWN(e->tmp, uint8_t, (size_t)tw_intern_count(&e->syms) + 1);
}

uint32_t ev_slice_scope(slices *s, uint32_t at)
{
    if (!s->in) prepare(s);
    return s->in[at];
}
