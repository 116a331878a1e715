/* SPDX-License-Identifier: Apache-2.0 */
/* Is something handed to the outside that the file computes of its own constants alone, and is it not known yet? Then running
 * the file (machine_*.c) may tell. A guess by one walk over the instructions, in rounds: what a value is made of. */
#include "engine/record/evaluate_priv.h"

enum { ROUNDS = 3, ALTS = 16, SMALL = 6144, LARGE = 65536 };
/* HARD: by code of this file, or by a loop; NAME: of something outside; MIXED: something was done to texts or numbers that hides them. */
enum { OPEN = 1, PARAM = 2, HARD = 4, MIXED = 8, NAME = 16 };
enum { SYM_ASKED = 1, SYM_CONST = 2, SYM_NAME = 4, SYM_MIXED = 8, SYM_LOOKS = 16, SYM_DULL = 32 };

typedef struct closed {
    ev *e;
    uint8_t *of, *var, *gives,
        *given;       /* of each instruction, variable, scope: what it gives, is called with */
    uint8_t *sym;     /* of each symbol, once it was asked for: SYM_* */
    uint8_t *asks;    /* of each instruction: ev_want, what it calls or runs is not known */
    uint32_t *var_at; /* of each instruction: its variable + 1, TW_NONE none */
    uint32_t scope;
    TW_VEC(uint32_t) scopes;
    TW_VEC(uint8_t) yields; /* of open comprehensions */
    uint32_t loops;
    ev_want found;
} closed;

static const tw_insn *insn(const closed *c, uint32_t i)
{
    return &c->e->ir->insns.v[i];
}

static uint32_t variable(const closed *c, uint32_t name)
{
    const ev *e = c->e;
    for (uint32_t s = c->scope;; s = e->ir->scopes.v[s].parent) {
        uint32_t var = ev_find_var(e, name, s);
        if (var != TW_NONE && (s == c->scope || e->ir->scopes.v[s].kind != TW_REGION_CLASS)) return var;
        if (!s) return TW_NONE;
    }
}

/* Of a READ or BIND. */
static uint32_t variable_at(closed *c, uint32_t at)
{
    if (!c->var_at[at]) {
        uint32_t var = variable(c, insn(c, at)->a);
        c->var_at[at] = var == TW_NONE ? TW_NONE : var + 1;
    }
    return c->var_at[at] == TW_NONE ? TW_NONE : c->var_at[at] - 1;
}

static uint8_t args_of(const closed *c, uint32_t args)
{
    uint8_t all = 0;
    uint32_t n = args && args < c->e->ir->args.n ? c->e->ir->args.v[args].value : 0;
    for (uint32_t i = 0; i < n; i++) all |= c->of[c->e->ir->args.v[args + 1 + i].value];
    return all;
}

/* Of a library, by its spelling: AES.MODE_ECB */
static bool is_constant(tw_str s)
{
    size_t at = tw_str_rchr(s, '.');
    bool all = at != TW_NPOS && at + 2 < s.n;
    for (size_t i = all ? at + 1 : s.n; all && i < s.n; i++)
        all = (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_';
    return all;
}

static bool among(tw_str all, tw_str s)
{
    size_t at = s.n && s.n < 40 ? tw_str_find(all, s) : TW_NPOS;
    return at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + s.n] == ' ';
}

/* Decoders and what makes characters of numbers. */
static uint8_t mixes(const ev *e, tw_str s)
{
    static const char *const modules[] = {"base64.",  "binascii.", "zlib.",  "codecs.",
                                          "gzip.",    "bz2.",      "lzma.",  "struct.",
                                          "hashlib.", "hmac.",     "Crypto", "cryptography."};
    static const char *const modules_js[] = {"Buffer.", "zlib.", "crypto.", "CryptoJS."};
    const tw_str names =
                     TW_SI(" chr ord bytes bytearray reversed bytes.fromhex bytearray.fromhex str.translate "
                           "bytes.translate bytes.decode str.maketrans int.to_bytes int.from_bytes "),
                 names_js = TW_SI(
                     " atob unescape decodeURIComponent String.fromCharCode String.fromCodePoint parseInt "
                     "String.charCodeAt String.split Array.reverse Array.shift Array.push Array.join ");
    const char *const *list = e->js ? modules_js : modules;
    for (size_t i = 0, n = e->js ? TW_COUNT(modules_js) : TW_COUNT(modules); i < n; i++)
        if (tw_str_starts(s, tw_str_c(list[i]))) return MIXED;
    return among(e->js ? names_js : names, s) ? MIXED : 0;
}

static uint8_t look_up(ev *e, uint32_t sym)
{
    tw_str s = ev_sym(e, sym);
    bool looks = among(TW_S(" getattr vars __import__ importlib.import_module globals "), s);
    bool dull = among(TW_S(" print hasattr setattr type isinstance super "), s);
    return (uint8_t)(SYM_ASKED | (is_constant(s) ? SYM_CONST : 0) | (looks ? SYM_LOOKS : 0) |
                     (dull ? SYM_DULL : 0) |
                     (ev_is_pure(e, sym) || ev_known_of(e, sym)->builtin[e->js] ? 0 : SYM_NAME) |
                     (mixes(e, s) ? SYM_MIXED : 0));
}

static uint8_t symbol(closed *c, uint32_t sym)
{
    if (!c->sym[sym]) c->sym[sym] = look_up(c->e, sym);
    return c->sym[sym];
}

/* A name from outside: the pure ones, as data or called, depend on nothing else. */
static uint8_t of_symbol(closed *c, uint32_t v)
{
    return symbol(c, ev_at(c->e, v)->sym) & SYM_NAME ? NAME : 0;
}

static uint8_t of_name(closed *c, uint32_t v)
{
    return symbol(c, ev_at(c->e, v)->sym) & SYM_CONST ? 0 : of_symbol(c, v);
}

/* What is taken out of something from outside is from outside. */
static uint8_t taken(const closed *c, uint32_t of)
{
    uint32_t v = c->e->of[of];
    return c->of[of] | (v && ev_at(c->e, v)->kind == TW_VAL_SYMBOL ? OPEN : 0);
}

static uint8_t of_index(const closed *c, const tw_insn *in)
{
    uint32_t key = c->e->of[in->b];
    bool computed = !key || !ev_is_const(c->e, key);
    return taken(c, in->a) | c->of[in->b] | (computed ? MIXED : 0);
}

static uint8_t of_read(closed *c, uint32_t at)
{
    uint32_t v = c->e->of[at], var = v && ev_at(c->e, v)->kind == TW_VAL_SYMBOL ? 0 : variable_at(c, at);
    if (v && ev_at(c->e, v)->kind == TW_VAL_SYMBOL) return of_name(c, v);
    return var == TW_NONE ? OPEN : c->var[var];
}

/* An object of a name is what goes into it, too. */
static void into(closed *c, uint32_t object, uint8_t what)
{
    for (unsigned i = 0; i < 4 && (insn(c, object)->op == TW_OP_MEMBER || insn(c, object)->op == TW_OP_INDEX);
         i++)
        object = insn(c, object)->a;
    uint32_t var = insn(c, object)->op == TW_OP_READ ? variable_at(c, object) : TW_NONE;
    if (var != TW_NONE) c->var[var] |= what | HARD | (c->loops ? MIXED : 0);
}

static uint32_t function_of(const closed *c, uint32_t callee)
{
    uint32_t v = c->e->of[callee];
    return v && ev_at(c->e, v)->kind == TW_VAL_FUNC ? ev_at(c->e, v)->a : TW_NONE;
}

/* Nothing that one of several known ways could not tell. */
static bool told(const ev *e, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    bool all = x->kind == TW_VAL_PHI && x->n <= ALTS;
    for (uint32_t i = 0; all && i < x->n; i++) {
        uint8_t kind = ev_at(e, ev_item(e, x, i))->kind;
        all = ev_is_const(e, ev_item(e, x, i)) || kind == TW_VAL_SYMBOL || kind == TW_VAL_FUNC;
    }
    return all || x->flags & EV_CONST || x->kind == TW_VAL_SYMBOL || x->kind == TW_VAL_FUNC ||
           x->kind == TW_VAL_INSTANCE || x->kind == TW_VAL_PARAM;
}

/* Python: a variable of this file, bound in a loop only: a switch in a loop gives the parts of a program their order. */
static bool in_disorder(const ev *e, uint32_t v, uint8_t is)
{
    const ev_val *x = ev_at(e, v);
    return e->py && v && is & HARD && !(is & (OPEN | PARAM)) && x->kind == TW_VAL_MEMBER &&
           ev_at(e, x->a)->kind == TW_VAL_FUNC;
}

/* A call of something outside that has a name: is one of its arguments closed, and not known? */
static void sink(closed *c, const tw_insn *in)
{
    const ev *e = c->e;
    uint32_t n = in->c && in->c < e->ir->args.n ? e->ir->args.v[in->c].value : 0, callee = e->of[in->a];
    uint32_t sym = callee ? ev_at(e, callee)->sym : 0;
    tw_str name = sym ? ev_sym(e, sym) : (tw_str){0};
    uint8_t kind = callee ? ev_at(e, callee)->kind : 0;
    bool hands_on = kind == TW_VAL_FUNC && e->py && e->scopes[ev_at(e, callee)->a].n_handed > 1;
    if ((!name.n && !hands_on) || (name.n && (name.p[0] == '?' || symbol(c, sym) & SYM_DULL))) return;
    bool run = e->py && name.n && ev_known_of(c->e, sym)->run; /* it needs not be hidden to be asked for */
    for (uint32_t i = 0; i < n && c->found == EV_WANT_NOTHING; i++) {
        uint32_t id = e->ir->args.v[in->c + 1 + i].value, v = id ? e->of[id] : 0;
        uint8_t is = c->of[id];
        if (id && c->loops && in_disorder(e, v, is)) c->found = EV_WANT_DATA;
        if (!id || !(is & HARD) || (!run && !(is & MIXED)) || (v && told(e, v))) continue;
        if (!(is & (OPEN | PARAM)) || (!(is & OPEN) && c->given[e->flow[c->scope]])) c->found = EV_WANT_DATA;
    }
}

/* A function or an object that the file itself finds, and which it is is not known. */
static void unknown_callee(closed *c, const tw_insn *in, uint32_t v)
{
    const tw_insn *callee = insn(c, in->a);
    bool member = callee->op == TW_OP_MEMBER;
    uint32_t of = member ? callee->a : in->a, base = c->e->of[of];
    uint8_t kind = base ? ev_at(c->e, base)->kind : TW_VAL_OPAQUE;
    bool open = kind == TW_VAL_CALL || kind == TW_VAL_INDEX || kind == TW_VAL_OPAQUE || kind == TW_VAL_MEMBER;
    tw_str name = v && ev_at(c->e, v)->sym ? ev_sym(c->e, ev_at(c->e, v)->sym) : (tw_str){0};
    if (!open || (name.n && name.p[0] != '?') || !(c->of[of] & HARD) || c->of[of] & (OPEN | PARAM)) return;
    if (c->e->ir->source.n < (member ? SMALL : LARGE)) c->found = c->found ? c->found : EV_WANT_DATA;
}

/* Computed already, by what is known of an object of a library. */
static bool told_text(const ev *e, uint32_t v)
{
    uint8_t kind = v ? ev_at(e, v)->kind : 0;
    return v && ev_is_const(e, v) && (kind == TW_VAL_STR || kind == TW_VAL_BYTES);
}

/* What is called or run is not known: may the file itself tell? Of a text that is run it is always tried. */
static void gap(closed *c, ev_want want, uint8_t is)
{
    bool given = !(is & PARAM) || c->given[c->e->flow[c->scope]];
    if ((want == EV_WANT_CODE || (!(is & OPEN) && given)) && c->found < want) c->found = want;
}

static uint8_t call(closed *c, uint32_t at)
{
    const tw_insn *in = insn(c, at), *callee = insn(c, in->a);
    uint8_t all = args_of(c, in->c);
    if (c->asks[at]) gap(c, (ev_want)c->asks[at], all | c->of[in->a]);
    uint32_t v = c->e->of[in->a], func = function_of(c, in->a);
    if (callee->op == TW_OP_MEMBER) into(c, callee->a, all);
    if (func != TW_NONE) {
        if (in->c && !(all & (OPEN | PARAM))) c->given[func] = 1;
        if (in->c && !(all & OPEN) && c->given[c->e->flow[c->scope]]) c->given[func] = 1;
        bool async = c->e->ir->scopes.v[func].flags & 1;
        if (c->e->py) sink(c, in);
        return (uint8_t)(all | (c->gives[func] & ~PARAM) | HARD | (async ? OPEN : 0));
    }
    if (v && ev_at(c->e, v)->kind == TW_VAL_SYMBOL) {
        uint8_t is = of_symbol(c, v) ? OPEN : 0;
        if (is && symbol(c, ev_at(c->e, v)->sym) & SYM_LOOKS) return all | NAME;
        if (is) sink(c, in);
        if (is && told_text(c->e, c->e->of[at])) is = MIXED;
        return all | is | (symbol(c, ev_at(c->e, v)->sym) & SYM_MIXED ? MIXED : 0);
    }
    if (c->of[in->a] & OPEN) sink(c, in);
    unknown_callee(c, in, v);
    if (c->e->py && told_text(c->e, c->e->of[at])) return MIXED;
    uint32_t sym = v ? ev_at(c->e, v)->sym : 0;
    if (sym && symbol(c, sym) & SYM_MIXED) all |= MIXED;
    return all | c->of[in->a] | (callee->op == TW_OP_MEMBER ? 0 : HARD);
}

static void bind(closed *c, uint32_t at)
{
    const tw_insn *in = insn(c, at);
    uint32_t var = variable_at(c, at);
    if (var == TW_NONE) return;
    uint8_t is = in->kind == TW_BIND_PARAM                               ? PARAM
                 : in->kind == TW_BIND_WITH || in->kind == TW_BIND_CATCH ? OPEN
                 : in->b                                                 ? c->of[in->b]
                                                                         : 0;
    if (c->loops || in->flags & TW_IF_UNPACK) is |= HARD;
    c->var[var] |= is;
}

static void enter(closed *c, const tw_insn *in)
{
    if (in->kind == TW_REGION_LOOP) c->loops++;
    if (in->kind > TW_REGION_COMPREHENSION) return;
    TW_PUSH(c->e->tmp, c->scopes, c->scope);
    TW_PUSH(c->e->tmp, c->yields, 0);
    c->scope = in->b;
}

static uint8_t leave(closed *c, const tw_insn *in)
{
    if (in->kind == TW_REGION_LOOP && c->loops) c->loops--;
    if (in->kind > TW_REGION_COMPREHENSION || !c->scopes.n) return 0;
    c->scope = c->scopes.v[--c->scopes.n];
    return c->yields.v[--c->yields.n];
}

static void yields(closed *c, uint8_t is)
{
    bool comp = c->e->ir->scopes.v[c->scope].kind == TW_REGION_COMPREHENSION;
    if (comp && c->yields.n)
        c->yields.v[c->yields.n - 1] |= is;
    else
        c->gives[c->e->flow[c->scope]] |= is;
}

static uint8_t one(closed *c, uint32_t at)
{
    const tw_insn *in = insn(c, at);
    uint32_t v = c->e->of[at];
    switch (in->op) {
    case TW_OP_CONST:
    case TW_OP_FUNC:
    case TW_OP_CLASS: return 0;
    case TW_OP_ENTER: enter(c, in); return 0;
    case TW_OP_LEAVE: return leave(c, in);
    case TW_OP_READ: return of_read(c, at);
    case TW_OP_MEMBER: return v && ev_at(c->e, v)->kind == TW_VAL_SYMBOL ? of_name(c, v) : c->of[in->a];
    case TW_OP_INDEX: return of_index(c, in);
    case TW_OP_BIND: bind(c, at); return 0;
    case TW_OP_SETINDEX: into(c, in->a, c->of[in->b] | c->of[in->c]); return 0;
    case TW_OP_SETMEMBER: into(c, in->a, c->of[in->c]); return 0;
    case TW_OP_CALL: return call(c, at);
    case TW_OP_OP:
    case TW_OP_CONCAT:
    case TW_OP_SEQ:
    case TW_OP_MAP: return args_of(c, in->c);
    case TW_OP_CHOOSE: return c->of[in->a] | c->of[in->b] | c->of[in->c];
    case TW_OP_ITER: return taken(c, in->a);
    case TW_OP_RETURN: yields(c, c->of[in->a]); return 0;
    case TW_OP_YIELD: yields(c, c->of[in->a]); return 0;
    case TW_OP_DECORATE: return c->of[in->b];
    default: return OPEN;
    }
}

ev_want ev_closed_gap(ev *e)
{
    uint32_t n = e->ir->insns.n;
    closed c = {.e = e};
    if (n < 2) return EV_WANT_NOTHING;
    c.of = TW_NEWN(e->tmp, uint8_t, n);
    c.asks = TW_NEWN(e->tmp, uint8_t, n);
    for (uint32_t i = 0; i < e->calls.n; i++)
        if (e->calls.v[i].asks > EV_WANT_NOTHING && e->calls.v[i].at < n) {
            if (insn(&c, e->calls.v[i].at)->op != TW_OP_CALL) return e->calls.v[i].asks; /* of a decorator */
            c.asks[e->calls.v[i].at] = (uint8_t)e->calls.v[i].asks;
        }
    c.var_at = TW_NEWN(e->tmp, uint32_t, n);
    c.sym = TW_NEWN(e->tmp, uint8_t, (size_t)tw_intern_count(&e->syms) + 1);
    c.var = TW_NEWN(e->tmp, uint8_t, e->vars.n + 1);
    c.gives = TW_NEWN(e->tmp, uint8_t, e->ir->scopes.n + 1);
    c.given = TW_NEWN(e->tmp, uint8_t, e->ir->scopes.n + 1);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        c.scope = c.loops = c.scopes.n = c.yields.n = 0;
        c.found = EV_WANT_NOTHING; /* what the first round takes for closed the next ones know better */
        for (uint32_t i = 1; i < n; i++) c.of[i] = one(&c, i);
        e->steps += n;
        if (!c.found && round) break;
    }
    return c.found;
}
