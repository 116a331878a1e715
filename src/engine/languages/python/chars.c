/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/python/py.h"
#include "engine/languages/text.h"

#define A C_ALPHA
#define H4(n) [n] = A | C_HIGH, [(n) + 1] = A | C_HIGH, [(n) + 2] = A | C_HIGH, [(n) + 3] = A | C_HIGH
#define H16(n) H4(n), H4((n) + 4), H4((n) + 8), H4((n) + 12)
#define H64(n) H16(n), H16((n) + 16), H16((n) + 32), H16((n) + 48)
#define P (C_ALPHA | C_PREFIX)
#define H (C_ALPHA | C_HEX)
#define D (C_DIGIT | C_HEX)
const uint8_t py_class[256] = {
    ['\t'] = C_SPACE,
    ['\f'] = C_SPACE,
    [' '] = C_SPACE,
    [0] = C_SPACE,
    ['\n'] = C_STOP_SQ | C_STOP_DQ,
    ['\r'] = C_STOP_SQ | C_STOP_DQ,
    ['\\'] = C_STOP_SQ | C_STOP_DQ,
    ['\''] = C_STOP_SQ,
    ['"'] = C_STOP_DQ,
    ['0'] = D,
    ['1'] = D,
    ['2'] = D,
    ['3'] = D,
    ['4'] = D,
    ['5'] = D,
    ['6'] = D,
    ['7'] = D,
    ['8'] = D,
    ['9'] = D,
    ['_'] = A,
    ['a'] = H,
    ['b'] = P | C_HEX,
    ['c'] = H,
    ['d'] = H,
    ['e'] = H,
    ['f'] = P | C_HEX,
    ['g'] = A,
    ['h'] = A,
    ['i'] = A,
    ['j'] = A,
    ['k'] = A,
    ['l'] = A,
    ['m'] = A,
    ['n'] = A,
    ['o'] = A,
    ['p'] = A,
    ['q'] = A,
    ['r'] = P,
    ['s'] = A,
    ['t'] = P,
    ['u'] = P,
    ['v'] = A,
    ['w'] = A,
    ['x'] = A,
    ['y'] = A,
    ['z'] = A,
    ['A'] = H,
    ['B'] = P | C_HEX,
    ['C'] = H,
    ['D'] = H,
    ['E'] = H,
    ['F'] = P | C_HEX,
    ['G'] = A,
    ['H'] = A,
    ['I'] = A,
    ['J'] = A,
    ['K'] = A,
    ['L'] = A,
    ['M'] = A,
    ['N'] = A,
    ['O'] = A,
    ['P'] = A,
    ['Q'] = A,
    ['R'] = P,
    ['S'] = A,
    ['T'] = P,
    ['U'] = P,
    ['V'] = A,
    ['W'] = A,
    ['X'] = A,
    ['Y'] = A,
    ['Z'] = A,
    H64(128),
    H64(192),
};
#undef A
#undef P
#undef H
#undef D

const char *const py_token_text[T_MAX] = {
#define X(id, text) text,
    PY_TOKENS(X)
#undef X
};

/* Python compares names in NFKC. */
static uint32_t intern_unicode(py *p, tw_str name, uint32_t off)
{
    tw_buf_clear(&p->lit2);
    bool changed = tw_text_name(p->ir, name, off, &p->lit2);
    return tw_intern(&p->ir->strings, changed ? tw_buf_str(&p->lit2) : name);
}

/* `hash` only picks a slot of a small cache; the interner has a keyed hash of its own. */
uint32_t py_intern_name(py *p, uint32_t from, uint32_t to, uint32_t hash, bool ascii)
{
    tw_str name = {(const char *)p->s + from, to - from};
    py_cached *slot = &p->cache[(hash ^ hash >> 15) & (PY_CACHE - 1)];
    if (slot->id && slot->hash == hash && tw_str_eq(tw_intern_str(&p->ir->strings, slot->id), name))
        return slot->id;
    *slot = (py_cached){hash, ascii ? tw_intern(&p->ir->strings, name) : intern_unicode(p, name, from)};
    return slot->id;
}

uint32_t py_op_id(py *p, uint8_t t)
{
    if (!p->op_ids[t]) p->op_ids[t] = tw_intern(&p->ir->strings, tw_str_c(py_token_text[t]));
    return p->op_ids[t];
}
