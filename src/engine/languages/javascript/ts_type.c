/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of types, as the TypeScript compiler reads it. A stack of open constructs and a state; each
 * step reads a token or two. Brackets that may hold expressions (computed names, patterns) are passed by
 * ts_close. */
#include "engine/languages/javascript/ts.h"

typedef enum frame {
    X_BASE,
    X_PAREN,
    X_INDEX,
    X_TUPLE,
    X_ARGS,
    X_TEMPLATE,
    X_OBJECT,
    X_MEMBER,       /* the type of a member, also its return type */
    X_KEY,          /* [k: T] and [K in T as U] */
    X_TPARAMS,      /* <A, B> */
    X_TPARAM,       /* A extends T = U */
    X_FUNCTION,     /* a function type: its (, => and return type follow */
    X_CALL,         /* a signature among members */
    X_PARAMS,       /* ( ) */
    X_PARAM,        /* the type of a parameter */
    X_RETURN,       /* of a function type */
    X_COND_EXTENDS, /* A extends |T ? B : C */
    X_COND_TRUE,
    X_COND_FALSE,
    X_INFER /* infer A extends |T */
} frame;

typedef enum state {
    S_WANT,    /* a type */
    S_RETURN,  /* a type or a predicate */
    S_HAVE,    /* an operand of one was read, c is behind it */
    S_DONE,    /* a type is complete */
    S_ELEMENT, /* of a tuple */
    S_MEMBER,  /* of an object type */
    S_NAMED,   /* the name of a member was read */
    S_TPARAM,
    S_PARAM,
    S_END,
    S_FAIL
} state;

typedef struct skip {
    ts *x;
    ts_cur c;
    bool ahead;
} skip;

static void push(skip *k, frame kind)
{
    TW_PUSH(k->x->tmp, k->x->frames, (ts_frame){k->c.off, (uint8_t)kind});
}
static uint8_t top(const skip *k)
{
    return k->x->frames.v[k->x->frames.n - 1].kind;
}
static void next(skip *k)
{
    ts_next(&k->c);
}
static bool is_name(const skip *k, const char *word)
{
    return ts_word(&k->c, word);
}
static ts_cur peek(const skip *k)
{
    ts_cur c = k->c;
    ts_next(&c);
    return c;
}
static bool among(const ts_cur *c, const char *const *words, size_t n)
{
    if (c->t != TS_NAME || c->pos - c->off < 2) return false; /* all of them are longer */
    for (size_t i = 0; i < n; i++)
        if (c->s[c->off] == (uint8_t)words[i][0] && ts_word(c, words[i])) return true;
    return false;
}

static bool modifier(const ts_cur *c)
{
    static const char *const words[] = {"public",   "private", "protected", "readonly", "static",
                                        "override", "declare", "accessor",  "async",    "abstract",
                                        "const",    "in",      "out",       "export"};
    return among(c, words, TW_COUNT(words));
}

bool ts_reserved(const ts_cur *c)
{
    static const char *const words[] = {
        "break", "case",   "catch", "class",      "const",   "continue", "debugger", "default", "delete",
        "do",    "else",   "enum",  "export",     "extends", "false",    "finally",  "for",     "function",
        "if",    "import", "in",    "instanceof", "new",     "null",     "return",   "super",   "switch",
        "this",  "throw",  "true",  "try",        "typeof",  "var",      "void",     "while",   "with"};
    return among(c, words, TW_COUNT(words));
}

/* Reserved words that start a type all the same. */
static bool type_word(const ts_cur *c)
{
    static const char *const words[] = {"const", "false", "import", "new", "null",
                                        "this",  "true",  "typeof", "void"};
    return among(c, words, TW_COUNT(words));
}

/* c on `?`: does a type follow, so that the `?` is one of a condition? */
bool ts_starts_type(const ts_cur *c, bool parameter)
{
    ts_cur d = *c;
    switch (c->t) {
    case TS_NAME:
        if (!ts_reserved(c) || (!parameter && ts_word(c, "function"))) return true;
        return type_word(c) && !ts_word(c, "const");
    case TS_STRING:
    case TS_NUMBER:
    case TS_TEMPLATE:
    case TS_DOTS: return true;
    case '-': ts_next(&d); return !parameter && d.t == TS_NUMBER;
    case '(':
        while (d.t == '(') ts_next(&d);
        return !parameter && (d.t == ')' || d.t == '@' || d.t == TS_PRIVATE || ts_starts_type(&d, false));
    default: return c->t && c->t < 128 && strchr("{[<|&*?!", c->t);
    }
}

/* c on `(`: the parameters of a function type, not a type in parentheses? */
static bool function_type(skip *k)
{
    ts_cur c = k->c;
    ts_next(&c);
    if (c.t == ')' || c.t == TS_DOTS) return true;
    while (modifier(&c)) {
        ts_cur d = c;
        ts_next(&d);
        if (d.nl || (d.t != TS_NAME && d.t != '[' && d.t != '{')) break;
        c = d;
    }
    if (c.t == '[' || c.t == '{') {
        ts_cur d = c;
        for (int i = 0; i < 3; i++) ts_next(&d);
        if (c.t == '{' && ts_word(&d, "in")) return false; /* {[K in T]: ...} is no pattern */
        uint32_t close = ts_close(k->x, c.off);
        if (close == TS_NO) return false;
        c = ts_at(k->x, close);
    } else if (c.t != TS_NAME || (ts_reserved(&c) && !ts_word(&c, "this"))) {
        return false;
    }
    ts_next(&c);
    if (c.t == ':' || c.t == ',' || c.t == '?' || c.t == '=') return true;
    if (c.t != ')') return false;
    ts_next(&c);
    return c.t == TS_ARROW;
}

static state pass(skip *k, state then) /* the bracket at hand, whatever it holds */
{
    uint32_t close = ts_close(k->x, k->c.off);
    if (close == TS_NO) return S_FAIL;
    k->c.pos = close + 1;
    next(k);
    return then;
}

/* `<`: type arguments. */
static state args(skip *k)
{
    uint32_t known;
    if (k->ahead && ts_known(&k->x->angles, k->c.off, &known)) {
        if (known == TS_NO) return S_FAIL;
        k->c.pos = known;
        next(k);
        return S_HAVE;
    }
    push(k, X_ARGS);
    next(k);
    if (k->c.t == '>') return S_DONE;
    return S_WANT;
}

/* Behind a name: .b.c<D> */
static state qualified(skip *k)
{
    while (k->c.t == '.') {
        next(k);
        if (k->c.t != TS_NAME && k->c.t != TS_PRIVATE) return S_FAIL;
        next(k);
    }
    return k->c.t == '<' && !k->c.nl ? args(k) : S_HAVE;
}

static state dotted(skip *k)
{
    next(k);
    return qualified(k);
}

static state import_type(skip *k)
{
    next(k);
    if (k->c.t != '(' || pass(k, S_HAVE) == S_FAIL) return S_FAIL;
    return qualified(k);
}

static state infer(skip *k)
{
    next(k);
    if (k->c.t != TS_NAME) return S_FAIL;
    next(k);
    if (!is_name(k, "extends")) return S_HAVE;
    push(k, X_INFER);
    next(k);
    return S_WANT;
}

static state function(skip *k)
{
    push(k, X_FUNCTION);
    if (k->c.t == '<') {
        push(k, X_TPARAMS);
        next(k);
        return S_TPARAM;
    }
    if (k->c.t != '(') return S_FAIL;
    push(k, X_PARAMS);
    next(k);
    return S_PARAM;
}

static state want_name(skip *k)
{
    static const char *const plain[] = {"any",    "unknown", "string",    "number", "bigint",
                                        "symbol", "boolean", "undefined", "never",  "object",
                                        "void",   "null",    "true",      "false",  "this"};
    if (k->c.pos - k->c.off < 2) return dotted(k); /* none of the words below */
    ts_cur n = peek(k);
    if (is_name(k, "infer") && n.t == TS_NAME) return infer(k);
    if (is_name(k, "keyof") || is_name(k, "unique") || is_name(k, "readonly")) {
        if (n.t != '.') { /* no names of types in practice */
            next(k);
            return S_WANT;
        }
    }
    if (is_name(k, "new")) {
        next(k);
        return function(k);
    }
    if (is_name(k, "abstract") && ts_word(&n, "new")) {
        next(k);
        return S_WANT;
    }
    if (is_name(k, "import")) return import_type(k);
    if (is_name(k, "typeof")) {
        next(k);
        if (is_name(k, "import")) return import_type(k);
        return k->c.t == TS_NAME ? dotted(k) : S_FAIL;
    }
    if (is_name(k, "asserts") && n.t == TS_NAME && !n.nl) {
        next(k);
        next(k);
        if (!is_name(k, "is")) return S_HAVE;
        next(k);
        return S_WANT;
    }
    if (ts_reserved(&k->c) && !type_word(&k->c)) return S_FAIL;
    if ((n.t != '.' || ts_reserved(&k->c)) && among(&k->c, plain, TW_COUNT(plain))) {
        bool self = is_name(k, "this");
        next(k);
        if (!self || !is_name(k, "is") || k->c.nl) return S_HAVE;
        next(k);
        return S_WANT;
    }
    return dotted(k);
}

static state step_want(skip *k)
{
    switch (k->c.t) {
    case TS_NAME: return want_name(k);
    case '-':
        next(k);
        if (k->c.t != TS_NUMBER) return S_FAIL;
        next(k);
        return S_HAVE;
    case TS_STRING:
    case TS_NUMBER:
    case '*': next(k); return S_HAVE;
    case '|':
    case '&':
    case '!': next(k); return S_WANT;
    case '?': next(k); return k->c.t && k->c.t < 128 && strchr(",})>=|", k->c.t) ? S_HAVE : S_WANT;
    case '<': return function(k);
    case '(':
        if (function_type(k)) return function(k);
        push(k, X_PAREN);
        next(k);
        return S_WANT;
    case '[':
        push(k, X_TUPLE);
        next(k);
        return S_ELEMENT;
    case '{':
        push(k, X_OBJECT);
        next(k);
        return S_MEMBER;
    case TS_TEMPLATE:
        if (k->c.hole) push(k, X_TEMPLATE);
        bool hole = k->c.hole;
        next(k);
        return hole ? S_WANT : S_HAVE;
    default: return S_FAIL;
    }
}

static state step_return(skip *k)
{
    ts_cur n = peek(k);
    if (k->c.t == TS_NAME && ts_word(&n, "is") && !n.nl) {
        next(k);
        next(k);
    }
    return S_WANT;
}

static state step_have(skip *k)
{
    uint8_t f = top(k);
    if (!k->c.nl && k->c.t == '[') {
        push(k, X_INDEX);
        next(k);
        return k->c.t == ']' ? S_DONE : S_WANT;
    }
    if (!k->c.nl && k->c.t == '!') {
        next(k);
        return S_HAVE;
    }
    if (!k->c.nl && k->c.t == '?') {
        ts_cur n = peek(k);
        if (ts_starts_type(&n, false)) return S_DONE;
        next(k);
        return S_HAVE;
    }
    if (k->c.t == '|' || k->c.t == '&') {
        next(k);
        return S_WANT;
    }
    if (!k->c.nl && is_name(k, "extends") && f != X_COND_EXTENDS && f != X_INFER) {
        push(k, X_COND_EXTENDS);
        next(k);
        return S_WANT;
    }
    return S_DONE;
}

static state step_element(skip *k)
{
    if (k->c.t == ']') return S_DONE;
    if (k->c.t == TS_DOTS) next(k);
    if (k->c.t != TS_NAME) return S_WANT;
    ts_cur n = peek(k), m = n;
    if (n.t == '?') ts_next(&m);
    if (m.t != ':') return S_WANT;
    k->c = m;
    next(k);
    if (k->c.t == TS_DOTS) next(k);
    return S_WANT;
}

/* `[` among members: a key, or a computed name. */
static state member_bracket(skip *k)
{
    ts_cur n = peek(k);
    ts_cur m = n;
    ts_next(&m);
    if (n.t != TS_NAME || (m.t != ':' && !ts_word(&m, "in"))) return pass(k, S_NAMED);
    push(k, X_KEY);
    k->c = m;
    next(k);
    return S_WANT;
}

static state signature(skip *k)
{
    push(k, X_CALL);
    bool generic = k->c.t == '<';
    push(k, generic ? X_TPARAMS : X_PARAMS);
    next(k);
    return generic ? S_TPARAM : S_PARAM;
}

static state step_member(skip *k)
{
    switch (k->c.t) {
    case '}': return S_DONE;
    case ',':
    case ';':
    case '+':
    case '-': next(k); return S_MEMBER;
    case '(':
    case '<': return signature(k);
    case '[': return member_bracket(k);
    case TS_NAME:
    case TS_STRING:
    case TS_NUMBER:
    case TS_PRIVATE: next(k); return S_NAMED;
    default: return S_FAIL;
    }
}

static state step_named(skip *k)
{
    switch (k->c.t) {
    case '+':
    case '-':
    case '!':
    case '?': next(k); return S_NAMED;
    case '(':
    case '<': return signature(k);
    case ':':
        push(k, X_MEMBER);
        next(k);
        return S_WANT;
    default: return S_MEMBER;
    }
}

static state step_tparam(skip *k)
{
    bool any = false;
    while (k->c.t == TS_NAME && (!any || !is_name(k, "extends"))) {
        any = true;
        next(k);
    }
    if (is_name(k, "extends") || k->c.t == '=') {
        push(k, X_TPARAM);
        next(k);
        return S_WANT;
    }
    return S_DONE;
}

/* `= value` behind a parameter of a signature: the parser takes it, only the checker does not. */
static state initializer(skip *k)
{
    if (k->c.t != '=') return S_DONE;
    while (k->c.t != ',' && k->c.t != ')' && k->c.t != ']' && k->c.t != '}' && k->c.t != ';' &&
           k->c.t != TS_EOF) {
        bool opens = k->c.t == '(' || k->c.t == '[' || k->c.t == '{';
        if (k->c.t == TS_TEMPLATE && k->c.hole) return S_FAIL;
        if (opens && pass(k, S_DONE) == S_FAIL) return S_FAIL;
        if (!opens) next(k);
    }
    return S_DONE;
}

static state step_param(skip *k)
{
    while (k->c.t == TS_NAME || k->c.t == TS_DOTS || k->c.t == '?') next(k);
    if (k->c.t == '[' || k->c.t == '{') {
        if (pass(k, S_DONE) == S_FAIL) return S_FAIL;
        if (k->c.t == '?') next(k);
    }
    if (k->c.t == ':') {
        push(k, X_PARAM);
        next(k);
        return S_WANT;
    }
    return initializer(k);
}

/* What the list on top goes on with: an item, or its end and what follows that. */
static state list(skip *k, uint8_t close, state item, state end)
{
    if (k->c.t == ',' && item != S_DONE) {
        next(k);
        if (k->c.t == close) return S_DONE;
        return item;
    }
    if (k->c.t != close) return S_FAIL;
    if (top(k) == X_ARGS && k->ahead)
        ts_learn(k->x, &k->x->angles, k->x->frames.v[k->x->frames.n - 1].off, k->c.pos);
    k->x->frames.n--;
    next(k);
    return end;
}

/* Behind `>` of type parameters or `)` of parameters: what the function or signature around goes on with. */
static state function_part(skip *k)
{
    uint8_t f = top(k);
    if (f == X_BASE) return S_END;
    if (k->c.t == '(') {
        push(k, X_PARAMS);
        next(k);
        return S_PARAM;
    }
    return S_FAIL;
}

static state params_end(skip *k)
{
    k->x->frames.n--;
    next(k);
    uint8_t f = top(k);
    if (f == X_BASE) return S_END;
    k->x->frames.n--;
    if (f == X_FUNCTION) {
        if (k->c.t != TS_ARROW) return S_FAIL;
        push(k, X_RETURN);
    } else {
        if (k->c.t != ':') return S_MEMBER;
        push(k, X_MEMBER);
    }
    next(k);
    return S_RETURN;
}

static state condition(skip *k, frame to, uint8_t token)
{
    if (k->c.t != token) return S_FAIL;
    k->x->frames.v[k->x->frames.n - 1].kind = (uint8_t)to;
    next(k);
    return S_WANT;
}

static state infer_end(skip *k)
{
    k->x->frames.n--;
    uint8_t f = top(k);
    if (k->c.t != '?' || f == X_COND_EXTENDS || f == X_INFER) return S_HAVE;
    push(k, X_COND_EXTENDS); /* infer A extends B ? C : D in a place for conditions */
    return S_DONE;
}

static state key_end(skip *k)
{
    if (is_name(k, "as")) {
        next(k);
        return S_WANT;
    }
    return list(k, ']', S_DONE, S_NAMED);
}

static state template_end(skip *k)
{
    if (k->c.t != '}') return S_FAIL;
    ts_template(&k->c);
    if (k->c.t == TS_OTHER) return S_FAIL;
    bool hole = k->c.hole;
    if (!hole) k->x->frames.n--;
    next(k);
    return hole ? S_WANT : S_HAVE;
}

static state tparam_end(skip *k)
{
    if (k->c.t == '=') {
        next(k);
        return S_WANT;
    }
    k->x->frames.n--;
    return S_DONE;
}

/* A type is complete, or a list may be: by what holds it. */
static state step_done(skip *k)
{
    switch (top(k)) {
    case X_PAREN: return list(k, ')', S_DONE, S_HAVE);
    case X_INDEX: return list(k, ']', S_DONE, S_HAVE);
    case X_TUPLE: return list(k, ']', S_ELEMENT, S_HAVE);
    case X_ARGS: return list(k, '>', S_WANT, S_HAVE);
    case X_OBJECT: return list(k, '}', S_DONE, S_HAVE);
    case X_TEMPLATE: return template_end(k);
    case X_MEMBER: k->x->frames.n--; return S_MEMBER;
    case X_KEY: return key_end(k);
    case X_TPARAM: return tparam_end(k);
    case X_TPARAMS: {
        state s = list(k, '>', S_TPARAM, S_END);
        return s == S_END ? function_part(k) : s;
    }
    case X_PARAMS:
        if (k->c.t == ')') return params_end(k);
        return list(k, ')', S_PARAM, S_FAIL);
    case X_PARAM: k->x->frames.n--; return initializer(k);
    case X_RETURN: k->x->frames.n--; return S_DONE;
    case X_COND_EXTENDS: return condition(k, X_COND_TRUE, '?');
    case X_COND_TRUE: return condition(k, X_COND_FALSE, ':');
    case X_COND_FALSE: k->x->frames.n--; return S_DONE;
    case X_INFER: return infer_end(k);
    default: return S_END;
    }
}

static state start(skip *k, ts_what what)
{
    push(k, X_BASE);
    switch (what) {
    case TS_A_TYPE: return S_WANT;
    case TS_A_RETURN: return S_RETURN;
    case TS_ARGS: push(k, X_ARGS); break;
    case TS_PARAMS: push(k, X_TPARAMS); break;
    case TS_SIGNATURE: push(k, X_PARAMS); break;
    }
    next(k);
    if (what == TS_ARGS) return k->c.t == '>' ? S_DONE : S_WANT;
    return what == TS_PARAMS ? S_TPARAM : S_PARAM;
}

enum { AHEAD_DEEP = 2000 };

bool ts_skip(ts *x, ts_what what, uint32_t off, bool ahead, uint32_t *ret_end)
{
    static state (*const step[])(skip *) = {
        [S_WANT] = step_want,   [S_RETURN] = step_return,   [S_HAVE] = step_have,
        [S_DONE] = step_done,   [S_ELEMENT] = step_element, [S_MEMBER] = step_member,
        [S_NAMED] = step_named, [S_TPARAM] = step_tparam,   [S_PARAM] = step_param,
    };
    *ret_end = off;
    if (ahead && (what == TS_ARGS || what == TS_PARAMS) && off >= x->last_gt) return false;
    if (ahead && what == TS_ARGS && ts_known(&x->angles, off, ret_end)) return *ret_end != TS_NO;
    skip k = {.x = x, .c = ts_at(x, off), .ahead = ahead};
    x->frames.n = 0;
    state s = start(&k, what);
    while (s != S_END && s != S_FAIL) {
        s = step[s](&k);
        if (s == S_HAVE && x->frames.n == 1 && what == TS_ARGS) s = S_END;
        if (ahead && k.c.taken > x->ahead_left) s = S_FAIL, x->short_of = true;
        if (ahead && x->frames.n > AHEAD_DEEP)
            s = S_FAIL; /* nobody writes types so deep; what waits is no list */
    }
    if (s == S_FAIL && ahead)
        for (uint32_t i = 0; i < x->frames.n; i++)
            if (x->frames.v[i].kind == X_ARGS) ts_learn(x, &x->angles, x->frames.v[i].off, TS_NO);
    if (ahead && s == S_FAIL) x->ahead_left -= k.c.taken < x->ahead_left ? k.c.taken : x->ahead_left;
    x->taken += k.c.taken;
    *ret_end = s == S_END ? k.c.end : k.c.off;
    return s == S_END;
}
