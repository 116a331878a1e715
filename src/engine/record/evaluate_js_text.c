/* SPDX-License-Identifier: Apache-2.0 */
/* What a short text of code gives, where it is a name: `require("fs").unlink`, `process['env']`, `r("fs")` of a parameter r.
 * What else the text does the layer says. */
#include "engine/record/pure_priv.h"

enum { TEXT_MAX = 200, PARTS = 16 };

typedef struct reader {
    ev *e;
    tw_str s;
    size_t at;
    const ev_js_names *names;
} reader;

static bool is_letter(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '$';
}

static void blanks(reader *r)
{
    while (r->at < r->s.n && r->s.p[r->at] == ' ') r->at++;
}

static bool next(reader *r, char c)
{
    blanks(r);
    return r->at < r->s.n && r->s.p[r->at] == c ? ++r->at : 0;
}

static tw_str word(reader *r)
{
    blanks(r);
    size_t from = r->at;
    while (r->at < r->s.n &&
           (is_letter(r->s.p[r->at]) || (r->at > from && r->s.p[r->at] >= '0' && r->s.p[r->at] <= '9')))
        r->at++;
    return tw_str_sub(r->s, from, r->at);
}

/* 'a', "a": without escapes. */
static uint32_t quoted(reader *r)
{
    blanks(r);
    char c = r->at < r->s.n ? r->s.p[r->at] : 0;
    size_t from = r->at + 1, to = from;
    if (c != '"' && c != '\'') return 0;
    while (to < r->s.n && r->s.p[to] != c && r->s.p[to] != '\\' && r->s.p[to] != '\n') to++;
    if (to >= r->s.n || r->s.p[to] != c) return 0;
    r->at = to + 1;
    return ev_folded(r->e, TW_VAL_STR, tw_str_sub(r->s, from, to), 0);
}

static uint32_t named(reader *r, tw_str name)
{
    ev *e = r->e;
    static const char reserved[] =
        " function class new typeof void delete async await yield this null true false import super ";
    tw_str all = tw_str_c(reserved);
    size_t at = tw_str_find(all, name);
    if (at != TW_NPOS && at && all.p[at - 1] == ' ' && all.p[at + name.n] == ' ') return 0;
    for (uint32_t i = 0; r->names && i < r->names->n; i++)
        if (tw_str_eq(r->names->name[i], name)) return r->names->val[i];
    uint32_t local = r->names ? 0 : tw_intern_find(&e->ir->strings, name);
    uint32_t v = local ? ev_read(e, local) : ev_js_global_value(e, name);
    return v ? v : ev_read_global(e, name);
}

/* f("x") of what gives a module. */
static uint32_t called(reader *r, uint32_t f)
{
    ev *e = r->e;
    uint32_t arg = quoted(r), sym = ev_at(e, f)->sym;
    if (!arg || !next(r, ')') || e->m || !sym || !ev_known_of(e, sym)->reflect[1] ||
        tw_str_eq(ev_sym(e, sym), TW_S("eval")))
        return 0;
    const tw_insn *in = &e->ir->insns.v[e->at];
    ev_call c = {.callee = f, .args = e->args.n, .n_args = 1, .off = in->off, .len = in->len};
    TW_PUSH(e->tmp, e->args, ((tw_rec_arg){arg, 0}));
    return ev_call_besides(e, c);
}

uint32_t ev_js_expression(ev *e, tw_str text, const ev_js_names *names)
{
    reader r = {.e = e, .s = tw_str_trim(text), .names = names};
    if (!r.s.n || r.s.n > TEXT_MAX || !ev_step(e, r.s.n)) return 0;
    tw_str first = word(&r), name;
    uint32_t v = first.n ? named(&r, first) : 0, key;
    for (uint32_t i = 0; v && i < PARTS && r.at < r.s.n; i++) {
        if (next(&r, '.')) {
            name = word(&r);
            v = name.n ? ev_named_member(e, v, name) : 0;
        } else if (next(&r, '[')) {
            key = quoted(&r);
            v = key && next(&r, ']') && ev_text(e, key, &name) && name.n ? ev_named_member(e, v, name) : 0;
        } else if (next(&r, '(')) {
            v = called(&r, v);
        } else {
            while (next(&r, ';')) {
            }
            if (r.at < r.s.n) return 0;
        }
    }
    if (!v || r.at < r.s.n || !ev_is_name(e, v)) return 0;
    if (ev_at(e, v)->kind == TW_VAL_SYMBOL || ev_at(e, v)->kind == TW_VAL_MEMBER)
        ev_at(e, v)->flags |= EV_REFLECTED;
    return v;
}

/* Function("r", "return r('fs')")(require); 0: not one of these. */
uint32_t ev_js_made(ev *e, const ev_call *made, const ev_call *c)
{
    ev_js_names names = {.n = 0};
    tw_str text;
    if (!made->n_args || !ev_text(e, e->args.v[made->args + made->n_args - 1].value, &text)) return 0;
    text = tw_str_trim(text);
    if (text.n > TEXT_MAX || !tw_str_starts(text, TW_S("return "))) return 0;
    for (uint32_t i = 0; i + 1 < made->n_args && i < TW_COUNT(names.name); i++) {
        tw_rec_arg given = i < c->n_args ? e->args.v[c->args + i] : (tw_rec_arg){0};
        if (!ev_text(e, e->args.v[made->args + i].value, &names.name[i]) || given.name) return 0;
        names.val[names.n++] = given.value;
    }
    return ev_js_expression(e, tw_str_sub(text, 7, text.n), &names);
}
