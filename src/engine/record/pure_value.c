/* SPDX-License-Identifier: Apache-2.0 */
/* What Python's values have in common: iterating, comparing, repr, calling a known function. Depth is counted. */
#include "engine/record/pure_number.h"

#include "base/utf8.h"

enum { DEPTH = 24 };

uint32_t ev_seq_from(ev *e, uint32_t base, uint16_t how)
{
    uint32_t n = e->stack.n - base;
    TW_RESERVE(e->tmp, e->stack, 1);
    uint32_t v = ev_list(e, TW_VAL_SEQ, e->stack.v + base, n);
    e->stack.n = base;
    ev_at(e, v)->how = how;
    ev_at(e, v)->flags |= EV_FOLDED;
    return v;
}

/* The same of plain integers and texts, by hash; the steps are those of the long way. */
static bool plain_set(ev *e, const ev_val *x)
{
    uint32_t base = e->stack.n;
    ev_keys_begin(e, x->n);
    TW_RESERVE(e->tmp, e->stack, x->n);
    for (uint32_t i = 0; i < x->n; i++) {
        uint32_t item = e->lists.v[x->list + i], *slot = ev_key_slot(e, item);
        if (!ev_step(e, 1 + i / 16)) return false;
        if (!ev_step(e, *slot ? *slot : e->stack.n - base)) return e->steps = e->max_steps, false;
        if (*slot) continue;
        e->stack.v[e->stack.n++] = item;
        *slot = e->stack.n - base;
    }
    return true;
}

/* Sets keep what is equal once. */
static bool set_items(ev *e, uint32_t v)
{
    const ev_val x = *ev_at(e, v);
    uint32_t base = e->stack.n;
    if (x.flags & (EV_LOOSE | EV_ESCAPED) || x.n > 2000) return false;
    bool plain = x.n > 8;
    for (uint32_t i = 0; plain && i < x.n; i++) plain = ev_key_plain(e, e->lists.v[x.list + i]);
    if (plain) return plain_set(e, &x);
    for (uint32_t i = 0; i < x.n; i++) {
        uint32_t item = e->lists.v[x.list + i];
        bool there = false;
        if (!ev_step(e, 1 + i / 16)) return false;
        for (uint32_t k = base; k < e->stack.n && !there; k++) {
            int same = ev_equal(e, e->stack.v[k], item);
            if (same < 0) return false;
            there = same;
        }
        if (!there) TW_PUSH(e->tmp, e->stack, item);
    }
    return true;
}

bool ev_each(ev *e, uint32_t v, bool ordered)
{
    uint32_t list, n;
    if (!v) return false;
    ev_val x = *ev_at(e, v);
    if (x.kind == TW_VAL_SEQ && x.how == TW_SEQ_SET) return !ordered && set_items(e, v);
    if (x.kind == TW_VAL_MAP || (x.kind == TW_VAL_MUT && ev_pairs(e, v, &list, &n))) {
        if (!ev_pairs(e, v, &list, &n)) return false;
        for (uint32_t i = 0; i < n; i += 2) TW_PUSH(e->tmp, e->stack, e->lists.v[list + i]);
        return true;
    }
    uint32_t seq = ev_sequence(e, v);
    return seq && ev_elements(e, seq);
}

bool ev_is_listlike(const ev *e, uint32_t v, bool *ret_tuple)
{
    const ev_val *x = ev_at(e, v);
    *ret_tuple = x->kind == TW_VAL_SEQ && x->how == TW_SEQ_TUPLE;
    return x->kind == TW_VAL_MUT ||
           (x->kind == TW_VAL_SEQ && (x->how == TW_SEQ_LIST || x->how == TW_SEQ_TUPLE));
}

/* ---- comparing ---- */

static int equal(ev *e, uint32_t x, uint32_t y, unsigned depth);

static bool number(const ev *e, uint32_t v)
{
    uint8_t k = ev_at(e, v)->kind;
    return k == TW_VAL_INT || k == TW_VAL_BOOL || k == TW_VAL_FLOAT;
}

static int equal_lists(ev *e, uint32_t x, uint32_t y, unsigned depth)
{
    uint32_t a, n, b, m;
    if (!ev_items(e, x, &a, &n) || !ev_items(e, y, &b, &m)) return -1;
    if (n != m) return 0;
    int all = 1;
    for (uint32_t i = 0; i < n; i++) {
        int one = equal(e, e->lists.v[a + i], e->lists.v[b + i], depth + 1);
        if (one == 0) return 0;
        if (one < 0) all = -1;
    }
    return all;
}

static int equal_maps(ev *e, uint32_t x, uint32_t y, unsigned depth)
{
    uint32_t a, n, b, m;
    if (!ev_pairs(e, x, &a, &n) || !ev_pairs(e, y, &b, &m)) return -1;
    if (n != m) return 0;
    for (uint32_t i = 0; i < n; i += 2) {
        uint32_t there = TW_NONE;
        for (uint32_t k = 0; k < m && there == TW_NONE; k += 2) {
            int same = equal(e, e->lists.v[a + i], e->lists.v[b + k], depth + 1);
            if (same < 0) return -1;
            if (same) there = k;
        }
        int same =
            there == TW_NONE ? 0 : equal(e, e->lists.v[a + i + 1], e->lists.v[b + there + 1], depth + 1);
        if (same <= 0) return same;
    }
    return 1;
}

static int equal_sets(ev *e, uint32_t x, uint32_t y)
{
    uint32_t base = e->stack.n, n, m;
    int r = -1;
    if (ev_each(e, x, false)) {
        n = e->stack.n - base;
        if (ev_each(e, y, false)) {
            m = e->stack.n - base - n;
            r = n == m;
            for (uint32_t i = 0; r == 1 && i < n; i++) {
                int there = 0;
                for (uint32_t k = 0; k < m && !there; k++)
                    there = ev_equal(e, e->stack.v[base + i], e->stack.v[base + n + k]);
                r = there;
            }
        }
    }
    e->stack.n = base;
    return r;
}

static int equal(ev *e, uint32_t x, uint32_t y, unsigned depth)
{
    tw_str s, t;
    uint8_t kx, ky;
    bool tx, ty;
    int64_t n, m;
    if (depth >= DEPTH || !ev_step(e, 1)) return -1;
    if (ev_get_int(e, x, &n) && ev_get_int(e, y, &m)) return n == m;
    bool text_x = ev_is_text(e, x, &kx), text_y = ev_is_text(e, y, &ky);
    const ev_val a = *ev_at(e, x), b = *ev_at(e, y);
    if (text_x && text_y && (a.flags & b.flags & EV_CONST)) {
        if (kx != ky) return 0;
        return ev_text(e, x, &s) && ev_text(e, y, &t) ? tw_str_eq(s, t) : -1;
    }
    if (number(e, x) && number(e, y)) {
        uint32_t v = ev_num_op(e, TW_S("=="), x, y);
        return v ? ev_at(e, v)->a != 0 : -1;
    }
    if (a.kind == TW_VAL_NULL_ && b.kind == TW_VAL_NULL_) return 1;
    bool lx = ev_is_listlike(e, x, &tx), ly = ev_is_listlike(e, y, &ty);
    bool mx = a.kind == TW_VAL_MAP, my = b.kind == TW_VAL_MAP;
    if (mx && my) return equal_maps(e, x, y, depth);
    if (a.kind == TW_VAL_MUT || b.kind == TW_VAL_MUT)
        return lx && ly && !tx && !ty && a.kind != b.kind ? equal_lists(e, x, y, depth) : -1;
    if (lx && ly) return tx == ty ? equal_lists(e, x, y, depth) : 0;
    bool sx = a.kind == TW_VAL_SEQ && a.how == TW_SEQ_SET, sy = b.kind == TW_VAL_SEQ && b.how == TW_SEQ_SET;
    if (sx && sy) return equal_sets(e, x, y);
    if (!(a.flags & b.flags & EV_CONST) || (a.kind == TW_VAL_SEQ && a.how > TW_SEQ_SET) ||
        (b.kind == TW_VAL_SEQ && b.how > TW_SEQ_SET))
        return -1;
    return 0; /* known, and of different types */
}

int ev_equal(ev *e, uint32_t x, uint32_t y)
{
    return equal(e, x, y, 0);
}

static bool order(ev *e, uint32_t x, uint32_t y, int *ret, unsigned depth)
{
    tw_str s, t;
    uint8_t kx, ky;
    bool tx, ty;
    uint32_t a, n, b, m;
    if (depth >= DEPTH || !ev_step(e, 1)) return false;
    if (ev_is_text(e, x, &kx) && ev_is_text(e, y, &ky)) {
        if (kx != ky || !ev_text(e, x, &s) || !ev_text(e, y, &t)) return false;
        *ret = tw_str_cmp(s, t); /* UTF-8 sorts as its code points do */
        return true;
    }
    int64_t left, right;
    if (ev_get_int(e, x, &left) && ev_get_int(e, y, &right))
        return *ret = left < right ? -1 : left > right, true;
    if (number(e, x) && number(e, y)) {
        uint32_t less = ev_num_op(e, TW_S("<"), x, y), more = ev_num_op(e, TW_S(">"), x, y),
                 same = ev_num_op(e, TW_S("=="), x, y);
        if (!less || !more || !same || ev_at(e, less)->a + ev_at(e, more)->a + ev_at(e, same)->a != 1)
            return false;
        *ret = ev_at(e, less)->a ? -1 : ev_at(e, more)->a != 0;
        return true;
    }
    if (!ev_is_listlike(e, x, &tx) || !ev_is_listlike(e, y, &ty) || tx != ty || !ev_items(e, x, &a, &n) ||
        !ev_items(e, y, &b, &m))
        return false;
    for (uint32_t i = 0; i < n && i < m; i++) {
        int same = equal(e, e->lists.v[a + i], e->lists.v[b + i], depth + 1);
        if (same < 0) return false;
        if (!same) return order(e, e->lists.v[a + i], e->lists.v[b + i], ret, depth + 1);
    }
    *ret = n < m ? -1 : n > m;
    return true;
}

bool ev_order(ev *e, uint32_t x, uint32_t y, int *ret)
{
    return order(e, x, y, ret, 0);
}

/* ==, <, in, is of what is known; 0 otherwise */
uint32_t ev_compare(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    int o;
    bool tl, tr;
    uint32_t base = e->stack.n;
    tw_str s, t;
    uint8_t kl, kr;
    if (tw_str_eq(op, TW_S("==")) || tw_str_eq(op, TW_S("!="))) {
        int same = ev_equal(e, l, r);
        return same < 0 ? 0 : ev_bool(e, same == (op.p[0] == '='));
    }
    if (tw_str_eq(op, TW_S("in")) || tw_str_eq(op, TW_S("not in"))) {
        int there = -1;
        bool not = op.n > 2;
        if (ev_is_text(e, r, &kr)) {
            int64_t c;
            if (ev_is_text(e, l, &kl) && kl == kr && ev_text(e, l, &s) && ev_text(e, r, &t))
                there = tw_str_find(t, s) != TW_NPOS;
            if (kr == TW_VAL_BYTES && ev_get_int(e, l, &c) && ev_text(e, r, &t)) {
                if (c < 0 || c > 255) return 0;
                there = t.n && memchr(t.p, (int)c, t.n) != NULL;
            }
        } else if (ev_each(e, r, false)) {
            there = 0;
            for (uint32_t i = base; i < e->stack.n && there <= 0; i++) {
                int same = ev_equal(e, e->stack.v[i], l);
                there = same > 0 ? 1 : same < 0 ? -1 : there;
                if (same < 0) break;
            }
        }
        e->stack.n = base;
        return there < 0 ? 0 : ev_bool(e, there != not );
    }
    const ev_val a = *ev_at(e, l), b = *ev_at(e, r);
    if (tw_str_eq(op, TW_S("is")) || tw_str_eq(op, TW_S("is not"))) {
        bool none = a.kind == TW_VAL_NULL_ || b.kind == TW_VAL_NULL_ ||
                    (a.kind == TW_VAL_BOOL && b.kind == TW_VAL_BOOL);
        bool known = none && (a.flags | (a.kind == TW_VAL_SEQ || a.kind == TW_VAL_MAP)) &&
                     ev_is_const(e, l) && ev_is_const(e, r);
        bool same = a.kind == b.kind && (a.kind == TW_VAL_NULL_ || a.a == b.a);
        return known ? ev_bool(e, same == (op.n == 2)) : 0;
    }
    if (op.n < 1 || op.n > 2 || (op.p[0] != '<' && op.p[0] != '>') || (op.n == 2 && op.p[1] != '=')) return 0;
    bool text = ev_is_text(e, l, &kl) && ev_is_text(e, r, &kr);
    bool lists = ev_is_listlike(e, l, &tl) && ev_is_listlike(e, r, &tr);
    if ((!text && !lists) || !ev_order(e, l, r, &o)) return 0;
    return ev_bool(e, (op.n == 2 && !o) || (op.p[0] == '<' ? o < 0 : o > 0));
}

/* ---- repr ---- */

static void repr_text(tw_buf *out, tw_str s, bool bytes)
{
    bool quote = s.n && memchr(s.p, '\'', s.n), twice = s.n && memchr(s.p, '"', s.n);
    char q = quote && !twice ? '"' : '\'';
    if (bytes) tw_buf_putc(out, 'b');
    tw_buf_putc(out, q);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\\' || c == (unsigned char)q)
            tw_buf_putc(out, '\\'), tw_buf_putc(out, (char)c);
        else if (c == '\n' || c == '\r' || c == '\t')
            tw_buf_putc(out, '\\'), tw_buf_putc(out, c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        else if (c < 0x20 || c == 0x7f || (bytes && c >= 0x80))
            tw_buf_fmt(out, "\\x%02x", c);
        else
            tw_buf_putc(out, (char)c);
    }
    tw_buf_putc(out, q);
}

static bool repr(ev *e, uint32_t v, tw_buf *out, unsigned depth);

static bool repr_list(ev *e, uint32_t v, tw_buf *out, unsigned depth)
{
    uint32_t list, n;
    bool tuple;
    if (!ev_is_listlike(e, v, &tuple) || !ev_items(e, v, &list, &n)) return false;
    tw_buf_putc(out, tuple ? '(' : '[');
    for (uint32_t i = 0; i < n; i++) {
        if (i) tw_buf_puts(out, TW_S(", "));
        if (!repr(e, e->lists.v[list + i], out, depth + 1)) return false;
    }
    if (tuple && n == 1) tw_buf_putc(out, ',');
    tw_buf_putc(out, tuple ? ')' : ']');
    return true;
}

static bool repr_map(ev *e, uint32_t v, tw_buf *out, unsigned depth)
{
    uint32_t list, n;
    if (!ev_pairs(e, v, &list, &n)) return false;
    tw_buf_putc(out, '{');
    for (uint32_t i = 0; i < n; i += 2) {
        if (i) tw_buf_puts(out, TW_S(", "));
        if (!repr(e, e->lists.v[list + i], out, depth + 1)) return false;
        tw_buf_puts(out, TW_S(": "));
        if (!repr(e, e->lists.v[list + i + 1], out, depth + 1)) return false;
    }
    tw_buf_putc(out, '}');
    return true;
}

/* Beyond ASCII Python asks whether a character can be printed: of Latin letters and CJK we know. */
static bool printable(tw_str s)
{
    for (size_t i = 0; i < s.n;) {
        bool bad = false;
        uint32_t c = tw_utf8_next(s, &i, &bad);
        bool fine = c < 0x80 || (c >= 0xC0 && c < 0x180) || (c >= 0x4E00 && c < 0x9F00) ||
                    (c >= 0x410 && c < 0x450) || (c >= 0x3B1 && c < 0x3CA);
        if (bad || !fine) return false;
    }
    return true;
}

static bool repr(ev *e, uint32_t v, tw_buf *out, unsigned depth)
{
    ev_num n;
    tw_str s;
    uint8_t kind;
    const ev_val x = *ev_at(e, v);
    if (depth >= DEPTH || out->over || !ev_step(e, 1)) return false;
    if (ev_is_text(e, v, &kind)) {
        if (!ev_text(e, v, &s) || (kind == TW_VAL_STR && !printable(s))) return false;
        return repr_text(out, s, kind == TW_VAL_BYTES), true;
    }
    if (x.kind == TW_VAL_NULL_) return tw_buf_puts(out, TW_S("None")), true;
    if (x.kind == TW_VAL_BOOL) return tw_buf_puts(out, x.a ? TW_S("True") : TW_S("False")), true;
    if (x.kind == TW_VAL_MAP) return repr_map(e, v, out, depth);
    if (x.kind == TW_VAL_SEQ || x.kind == TW_VAL_MUT) return repr_list(e, v, out, depth);
    if (!ev_num_of(e, v, &n)) return false;
    bool fine = true;
    if (n.kind == EV_NUM_FLOAT)
        ev_float_repr(n.f, out);
    else
        fine = ev_num_decimal(e, &n, out);
    ev_num_free(&n);
    return fine;
}

uint32_t ev_repr_of(ev *e, uint32_t v)
{
    tw_buf out = {.limit = e->out.limit};
    uint32_t r = ev_is_const(e, v) || ev_at(e, v)->kind == TW_VAL_MUT ? repr(e, v, &out, 0) : 0;
    if (r) r = ev_taken(e, TW_VAL_STR, &out, 0);
    tw_buf_free(&out);
    return r;
}

uint32_t ev_repr_text(ev *e, uint32_t v, bool ascii)
{
    tw_str s;
    v = ev_repr_of(e, v);
    return v && (!ascii || (ev_text(e, v, &s) && ev_ascii(s))) ? v : 0;
}

uint32_t ev_py_repr(ev *e, const ev_args *a)
{
    return a->n == 1 ? ev_repr_of(e, a->v[0]) : 0;
}

uint32_t ev_py_ascii(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t v = ev_py_repr(e, a);
    return v && ev_text(e, v, &s) && ev_ascii(s) ? v : 0;
}

/* ---- calling ---- */

static uint32_t unbound_self(ev *e, uint32_t sym)
{
    static const tw_str types[] = {TW_SI("str."),  TW_SI("bytes."), TW_SI("list."),
                                   TW_SI("dict."), TW_SI("int."),   TW_SI("set.")};
    static const char not_methods[] =
        " bytes.fromhex str.maketrans bytes.maketrans dict.fromkeys int.from_bytes ";
    tw_str s = ev_sym(e, sym), no = tw_str_c(not_methods);
    for (size_t i = 0; i < TW_COUNT(types); i++) {
        if (!tw_str_starts(s, types[i])) continue;
        size_t at = tw_str_find(no, s);
        return at == TW_NPOS || no.p[at + s.n] != ' ';
    }
    return 0;
}

/* str.upper("a"): the receiver comes first. */
uint32_t ev_pure_unbound(ev *e, uint32_t sym, const ev_args *a)
{
    if (a->self || !a->n || a->names[0] || !unbound_self(e, sym)) return ev_pure(e, sym, a);
    tw_str s = ev_sym(e, sym);
    uint8_t kind;
    bool text = ev_is_text(e, a->v[0], &kind), str = tw_str_starts(s, TW_S("str."));
    if ((str || tw_str_starts(s, TW_S("bytes."))) && (!text || (kind == TW_VAL_STR) != str)) return 0;
    ev_args shifted = {a->v[0], a->v + 1, a->names + 1, a->n - 1};
    return ev_pure(e, sym, &shifted);
}

/* fn(v...) where fn is a pure function or one of this file; 0 unknown. */
uint32_t ev_apply(ev *e, uint32_t fn, const uint32_t *v, uint32_t n)
{
    uint32_t names[8] = {0}, all[8], v0 = 0;
    const ev_val x = *ev_at(e, fn);
    ev_args a = {x.kind == TW_VAL_MEMBER ? x.a : 0, v, names, n};
    if (!fn || n > 4 || !ev_step(e, 2)) return 0;
    if (x.kind == TW_VAL_FUNC) return ev_machine_call(e, fn, 0, &a);
    if (x.kind == TW_VAL_SYMBOL) return ev_pure_unbound(e, x.sym, &a);
    if (x.kind == TW_VAL_MEMBER) return ev_pure(e, x.sym, &a);
    if (x.kind != TW_VAL_CALL || x.a >= e->calls.n) return 0;
    const ev_call c = e->calls.v[x.a];
    tw_str sym = ev_sym(e, c.sym);
    bool plain = c.n_args && c.n_args + n <= 8;
    for (uint32_t i = 0; i < c.n_args && plain; i++)
        plain = !e->args.v[c.args + i].name, all[i] = e->args.v[c.args + i].value;
    if (!plain) return 0;
    if (tw_str_eq(sym, TW_S("operator.itemgetter")) && c.n_args == 1 && n == 1) {
        v0 = ev_index(e, v[0], all[0]);
        return ev_at(e, v0)->kind == TW_VAL_INDEX ? 0 : v0;
    }
    if (!tw_str_eq(sym, TW_S("functools.partial")) || ev_at(e, all[0])->kind == TW_VAL_CALL) return 0;
    memcpy(all + c.n_args, v, n * sizeof *v);
    const ev_val f = *ev_at(e, all[0]);
    ev_args whole = {f.kind == TW_VAL_MEMBER ? f.a : 0, all + 1, names, c.n_args - 1 + n};
    if (f.kind == TW_VAL_FUNC) return ev_machine_call(e, all[0], 0, &whole);
    return f.kind == TW_VAL_SYMBOL ? ev_pure_unbound(e, f.sym, &whole)
           : f.sym                 ? ev_pure(e, f.sym, &whole)
                                   : 0;
}

/* Sets of what is known; {**} | {**} */
uint32_t ev_set_op(ev *e, char op, uint32_t l, uint32_t r)
{
    const ev_val a = *ev_at(e, l), b = *ev_at(e, r);
    uint32_t base = e->stack.n, n, m, out;
    if (op == '|' && a.kind == TW_VAL_MAP && b.kind == TW_VAL_MAP) return ev_map_or(e, l, r);
    bool sets = a.kind == TW_VAL_SEQ && b.kind == TW_VAL_SEQ && a.how == TW_SEQ_SET && b.how == TW_SEQ_SET;
    if (!sets || !ev_each(e, l, false)) return e->stack.n = base, 0;
    n = e->stack.n - base;
    if (!ev_each(e, r, false)) return e->stack.n = base, 0;
    m = e->stack.n - base - n, out = e->stack.n;
    for (uint32_t i = 0; i < n + m; i++) {
        bool left = i < n, there = false;
        for (uint32_t k = left ? n : 0, end = left ? n + m : n; k < end && !there; k++)
            there = ev_equal(e, e->stack.v[base + i], e->stack.v[base + k]) > 0;
        bool keep = op == '|'   ? left || !there
                    : op == '&' ? left && there
                    : op == '-' ? left && !there
                                : !there;
        if (keep) TW_PUSH(e->tmp, e->stack, e->stack.v[base + i]);
    }
    uint32_t v = ev_seq_from(e, out, TW_SEQ_SET);
    e->stack.n = base;
    return v;
}

uint32_t ev_same_bytes(ev *e, const ev_args *a)
{
    return !a->n && a->self && ev_is_const(e, a->self) ? a->self : 0;
}

/* Names of the standard library that are constants. */
uint32_t ev_py_constant(ev *e, tw_str name)
{
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PUNCTUATION "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    static const struct {
        tw_str name, text;
    } rows[] = {{TW_SI("string.ascii_letters"), TW_SI(LOWER UPPER)},
                {TW_SI("string.ascii_lowercase"), TW_SI(LOWER)},
                {TW_SI("string.ascii_uppercase"), TW_SI(UPPER)},
                {TW_SI("string.lowercase"), TW_SI(LOWER)},
                {TW_SI("string.uppercase"), TW_SI(UPPER)},
                {TW_SI("string.letters"), TW_SI(LOWER UPPER)},
                {TW_SI("string.digits"), TW_SI("0123456789")},
                {TW_SI("string.hexdigits"), TW_SI("0123456789abcdefABCDEF")},
                {TW_SI("string.octdigits"), TW_SI("01234567")},
                {TW_SI("string.punctuation"), TW_SI(PUNCTUATION)},
                {TW_SI("string.whitespace"), TW_SI(" \t\n\r\v\f")},
                {TW_SI("string.printable"), TW_SI("0123456789" LOWER UPPER PUNCTUATION " \t\n\r\v\f")}};
    if (tw_str_eq(name, TW_S("math.pi"))) return ev_float(e, 0x1.921fb54442d18p+1);
    if (tw_str_eq(name, TW_S("math.e"))) return ev_float(e, 0x1.5bf0a8b145769p+1);
    if (!tw_str_starts(name, TW_S("string."))) return 0;
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_eq(rows[i].name, name)) return ev_folded(e, TW_VAL_STR, rows[i].text, 0);
    return 0;
}

/* bool(v), -1 unknown */
int ev_py_truth(ev *e, uint32_t v)
{
    ev_num n;
    tw_str s;
    const ev_val x = *ev_at(e, v);
    if (x.kind == EV_ROPE && x.flags & EV_CONST) return ev_text(e, v, &s) ? s.n != 0 : -1;
    if (x.kind == TW_VAL_FLOAT && ev_num_of(e, v, &n)) {
        int sign = n.kind == EV_NUM_FLOAT ? n.f != 0 : ev_num_sign(&n) != 0;
        ev_num_free(&n);
        return sign;
    }
    bool fixed = !(x.flags & (EV_LOOSE | EV_ESCAPED));
    if (x.kind == TW_VAL_SEQ && x.how <= TW_SEQ_SET && fixed) return x.n != 0;
    if (x.kind == TW_VAL_MAP && fixed) return x.n != 0;
    return -1;
}
