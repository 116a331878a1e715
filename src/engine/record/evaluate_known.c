/* SPDX-License-Identifier: Apache-2.0 */
/* Which symbols name a function that evaluation knows something of: one table for the process, because most files are
 * small and ask for few of its names. */
#include <pthread.h>
#include <stdlib.h>

#include "engine/record/pure_priv.h"

enum { MAX_KNOWN = 4096 };
static tw_interner names;
static ev_known known[MAX_KNOWN]; /* of each name; that of 0 says nothing */
static pthread_once_t made = PTHREAD_ONCE_INIT;

static ev_known *entry(tw_str name)
{
    uint32_t id = tw_intern(&names, name);
    if (!id || id >= MAX_KNOWN) abort(); /* the tables have fewer */
    return &known[id];
}

static void first_of(uint16_t *row, uint32_t i)
{
    if (!*row) *row = (uint16_t)(i + 1);
}

static void add_pure(bool js)
{
    ev_pure_rows t;
    for (uint32_t i = 0; ev_pure_table(js, i, &t); i++)
        for (uint32_t k = 0; k < t.n; k++) {
            const ev_pure_row **row = &entry(t.rows[k].symbol)->pure[js];
            if (!*row) *row = &t.rows[k];
        }
}

static void make(void)
{
    tw_str rest, name;
    uint8_t is;
    tw_intern_init(&names, tw_arena_new(0));
    add_pure(false), add_pure(true);
    for (uint32_t i = 0; ev_runs_symbols(i, &rest); i++) /* others are tried from the first on */
        while (tw_str_split(&rest, ' ', &name)) first_of(&entry(name)->run, i);
    for (uint32_t i = 0; ev_result_symbols(i, &rest); i++)
        while (tw_str_split(&rest, ' ', &name)) first_of(&entry(name)->result, i);
    for (uint32_t i = 0; ev_py_symbols(i, &rest, &is); i++)
        while (tw_str_split(&rest, ' ', &name)) entry(name)->py |= is;
    bool of_js;
    for (uint32_t i = 0; ev_slice_symbols(i, &rest, &of_js, &is); i++)
        while (tw_str_split(&rest, ' ', &name)) entry(name)->slice[of_js] |= is;
    for (uint32_t i = 0; mc_builtin_symbol(i, &name, &of_js); i++) first_of(&entry(name)->builtin[of_js], i);
    for (int js = 0; js < 2; js++)
        for (uint32_t i = 0; ev_reflect_symbols(js, i, &name); i++) first_of(&entry(name)->reflect[js], i);
}

void ev_known_init(void)
{
    pthread_once(&made, make);
}

/* Written like names of evaluate_reflect.c; in ends, what of Python a part of the name is looked at. */
static uint8_t reflects(tw_str s)
{
    static const tw_str items[] = {TW_SI(".get"), TW_SI(".__getitem__"), TW_SI(".pop")};
    static const tw_str scopes[] = {TW_SI("globals()"),   TW_SI("locals()"),     TW_SI("vars()"),
                                    TW_SI("sys.modules"), TW_SI("__builtins__"), TW_SI("builtins"),
                                    TW_SI("__dict__")};
    uint8_t traits = 0;
    if (!s.n || !memchr("tp_e)s", s.p[s.n - 1], 6)) return 0;
    if (tw_str_ends(s, TW_S(".__getattribute__")) || tw_str_ends(s, TW_S(".load_module")))
        traits |= EV_TRAIT_REFLECT;
    for (size_t i = 0; i < TW_COUNT(items); i++)
        if (tw_str_ends(s, items[i]) &&
            (tw_str_find(s, TW_S("__")) != TW_NPOS || tw_str_starts(s, TW_S("vars()"))))
            traits |= EV_TRAIT_REFLECT;
    for (size_t i = 0; i < TW_COUNT(scopes); i++)
        if (tw_str_eq(s, scopes[i])) traits |= EV_TRAIT_SCOPE;
    if (tw_str_ends(s, TW_S(".__dict__")) || tw_str_ends(s, TW_S(".__globals__"))) traits |= EV_TRAIT_SCOPE;
    return traits;
}

static uint8_t traits_of(ev *e, uint32_t sym, uint8_t which)
{
    tw_str s = ev_sym(e, sym);
    const ev_known *k = ev_known_of(e, sym);
    switch (which) {
    case EV_TRAIT_HANDS: return (k->py | ev_known_end(s)->py) & EV_PY_HANDS ? which : 0;
    case EV_TRAIT_OUTER: return ev_py_outer(s) ? which : 0;
    default: return reflects(s) | (k->reflect[e->js] ? EV_TRAIT_REFLECT : 0);
    }
}

bool ev_has_trait(ev *e, uint32_t sym, uint8_t trait)
{
    uint8_t asked = trait == EV_TRAIT_HANDS   ? EV_TRAIT_ASKED_HANDS
                    : trait == EV_TRAIT_OUTER ? EV_TRAIT_ASKED_OUTER
                                              : EV_TRAIT_ASKED;
    if (!sym) return false;
    if (sym >= e->traits.n) {
        uint32_t n = e->traits.n, to = tw_intern_count(&e->syms) + 64;
        TW_RESERVE(e->tmp, e->traits, to - n);
        memset(e->traits.v + n, 0, to - n);
        e->traits.n = to;
    }
    if (!(e->traits.v[sym] & asked)) e->traits.v[sym] |= asked | traits_of(e, sym, trait);
    return e->traits.v[sym] & trait;
}

/* Each symbol is looked up once in a file. */
const ev_known *ev_known_of(ev *e, uint32_t sym)
{
    if (sym >= e->known.n) {
        uint32_t n = e->known.n, to = tw_intern_count(&e->syms) + 64;
        TW_RESERVE(e->tmp, e->known, to - n);
        memset(e->known.v + n, 0, (to - n) * sizeof *e->known.v);
        e->known.n = to;
    }
    uint16_t *k = &e->known.v[sym];
    if (!*k) *k = (uint16_t)(1 + tw_intern_find(&names, ev_sym(e, sym)));
    return &known[*k - 1];
}

const ev_known *ev_known_end(tw_str symbol)
{
    size_t dot = tw_str_rchr(symbol, '.');
    return &known[dot && dot != TW_NPOS ? tw_intern_find(&names, tw_str_sub(symbol, dot, symbol.n)) : 0];
}
