/* SPDX-License-Identifier: Apache-2.0 */
/* Integers of any size: arithmetic and what hangs on it. Sizes are bounded by bits. */
#include "engine/record/pure_number.h"

#include <math.h>

enum { BITS_MAX = 1 << 16, BITS_KEPT = 1 << 23, DECIMAL_BITS = 14280, PASSING_BITS = 256, DIGITS_MAX = 4300 };

void ev_num_free(ev_num *n)
{
    if (n->kind == EV_NUM_BIG) BN_free(n->b);
    n->kind = EV_NUM_NONE;
}

static int bits(const ev_num *n)
{
    return n->kind == EV_NUM_BIG ? BN_num_bits(n->b) : 64;
}

/* An integer literal: underscores, prefixes. */
static bool read_big(ev *e, tw_str s, BIGNUM **ret)
{
    bool minus = s.n && s.p[0] == '-';
    if (minus) s = tw_str_sub(s, 1, s.n);
    char kind = s.n > 2 && s.p[0] == '0' ? (char)(s.p[1] | 0x20) : 0;
    if (kind == 'x' || kind == 'o' || kind == 'b')
        s = tw_str_sub(s, 2, s.n);
    else
        kind = 0;
    if (!s.n || s.n > BITS_KEPT / 4 || (!kind && s.n > DIGITS_MAX) ||
        !ev_step(e, 1 + s.n / (kind == 'x' ? 64 : 16)))
        return false;
    char *text = tw_arena_alloc(e->tmp, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '_') continue;
        bool digit = s.p[i] >= '0' && s.p[i] <= '9',
             letter = (s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'f';
        if (!digit && !(kind == 'x' && letter)) return false;
        if ((kind == 'o' && s.p[i] > '7') || (kind == 'b' && s.p[i] > '1')) return false;
        text[n++] = s.p[i];
    }
    text[n] = 0;
    if (kind == 'o' || kind == 'b') {
        BIGNUM *b = BN_new();
        for (size_t i = 0; i < n && n < 4096; i++) {
            BN_lshift(b, b, kind == 'o' ? 3 : 1);
            BN_add_word(b, (BN_ULONG)(text[i] - '0'));
        }
        *ret = b;
        if (n >= 4096) return BN_free(b), false;
    } else if (!n || !(kind ? BN_hex2bn(ret, text) : BN_dec2bn(ret, text))) {
        return false;
    }
    BN_set_negative(*ret, minus);
    return true;
}

bool ev_num_of(ev *e, uint32_t v, ev_num *ret)
{
    *ret = (ev_num){0};
    if (!v) return false;
    const ev_val *x = ev_at(e, v);
    if (ev_get_int(e, v, &ret->i)) return ret->kind = EV_NUM_INT, true;
    if (x->kind != TW_VAL_FLOAT || !x->a) return false;
    tw_str s = ev_sym(e, x->a);
    if (read_big(e, s, &ret->b)) return ret->kind = EV_NUM_BIG, true;
    if (!ev_float_read(s, &ret->f)) return false;
    ret->kind = EV_NUM_FLOAT;
    return true;
}

bool ev_num_big(ev_num *n)
{
    if (n->kind == EV_NUM_BIG) return true;
    if (n->kind != EV_NUM_INT) return false;
    n->b = BN_new();
    BN_set_word(n->b, n->i < 0 ? 0 - (BN_ULONG)n->i : (BN_ULONG)n->i);
    BN_set_negative(n->b, n->i < 0);
    n->kind = EV_NUM_BIG;
    return true;
}

int ev_num_sign(const ev_num *n)
{
    if (n->kind == EV_NUM_BIG) return BN_is_zero(n->b) ? 0 : BN_is_negative(n->b) ? -1 : 1;
    if (n->kind == EV_NUM_FLOAT) return (n->f > 0) - (n->f < 0);
    return (n->i > 0) - (n->i < 0);
}

static bool small(ev_num *n)
{
    if (n->kind != EV_NUM_BIG || BN_num_bits(n->b) > 64) return false;
    BN_ULONG w = BN_get_word(n->b);
    bool minus = BN_is_negative(n->b);
    if (w > (uint64_t)INT64_MAX + minus) return false;
    n->i = minus ? (int64_t)(0 - w) : (int64_t)w;
    BN_free(n->b);
    n->kind = EV_NUM_INT;
    return true;
}

bool ev_num_decimal(ev *e, const ev_num *n, tw_buf *out)
{
    if (n->kind == EV_NUM_INT) return tw_buf_fmt(out, "%lld", (long long)n->i), true;
    if (n->kind != EV_NUM_BIG || bits(n) > DECIMAL_BITS || !ev_step(e, 64 + (uint64_t)bits(n) / 4))
        return false;
    char *s = BN_bn2dec(n->b);
    bool fine = s && strlen(s) <= DIGITS_MAX;
    if (fine) tw_buf_puts(out, tw_str_c(s));
    OPENSSL_free(s);
    return fine;
}

bool ev_num_radix(ev *e, const ev_num *n, unsigned base, bool upper, tw_buf *out)
{
    ev_num x = *n;
    if (base == 10) {
        size_t at = out->n;
        if (!ev_num_decimal(e, n, out)) return false;
        if (out->n > at && out->p[at] == '-') memmove(out->p + at, out->p + at + 1, --out->n - at);
        return true;
    }
    if (n->kind == EV_NUM_FLOAT || bits(n) > BITS_KEPT || !ev_step(e, 1 + (uint64_t)bits(n) / 128))
        return false;
    if (n->kind == EV_NUM_INT) {
        x.kind = EV_NUM_INT;
        if (!ev_num_big(&x)) return false;
    }
    unsigned per = base == 16 ? 4 : base == 8 ? 3 : 1;
    int count = (BN_num_bits(x.b) + (int)per - 1) / (int)per;
    if (!count) tw_buf_putc(out, '0');
    for (int d = count - 1; d >= 0; d--) {
        unsigned digit = 0;
        for (int k = (int)per - 1; k >= 0; k--)
            digit = digit << 1 | (unsigned)BN_is_bit_set(x.b, d * (int)per + k);
        tw_buf_putc(out, (upper ? "0123456789ABCDEF" : "0123456789abcdef")[digit]);
    }
    if (n->kind == EV_NUM_INT) BN_free(x.b);
    return true;
}

uint32_t ev_num_val(ev *e, ev_num *n)
{
    uint32_t v = 0;
    if (n->kind == EV_NUM_BIG) small(n);
    if (n->kind == EV_NUM_INT) return ev_int(e, n->i);
    if (n->kind == EV_NUM_FLOAT) return ev_float(e, n->f);
    tw_buf out = {.limit = BITS_KEPT / 2};
    bool fine = n->kind == EV_NUM_BIG && bits(n) <= BITS_KEPT;
    if (fine && bits(n) > (e->m ? PASSING_BITS : DECIMAL_BITS - 4)) { /* in a machine most are passed by */
        if (BN_is_negative(n->b)) tw_buf_putc(&out, '-');
        tw_buf_puts(&out, TW_S("0x"));
        fine = ev_num_radix(e, n, 16, false, &out);
    } else {
        fine = fine && ev_num_decimal(e, n, &out);
    }
    if (fine && !out.over && ev_room(e, out.n)) {
        v = ev_new(e, TW_VAL_FLOAT, tw_intern(&e->syms, tw_buf_str(&out)), 0);
        ev_at(e, v)->flags = EV_CONST | EV_FOLDED;
    }
    tw_buf_free(&out);
    ev_num_free(n);
    return v;
}

/* ---- operators ---- */

static bool big_div(ev_num *a, ev_num *b, BN_CTX *ctx, BIGNUM *q, BIGNUM *r)
{
    if (BN_is_zero(b->b) || !BN_div(q, r, a->b, b->b, ctx)) return false;
    if (!BN_is_zero(r) && BN_is_negative(r) != BN_is_negative(b->b)) {
        BN_add(r, r, b->b);
        BN_sub_word(q, 1);
    }
    return true;
}

/* & | ^ of what is not negative */
static bool big_bits(char op, const BIGNUM *a, const BIGNUM *b, BIGNUM *r)
{
    if (BN_is_negative(a) || BN_is_negative(b)) return false;
    int n = BN_num_bits(a) > BN_num_bits(b) ? BN_num_bits(a) : BN_num_bits(b);
    BN_zero(r);
    for (int i = 0; i < n; i++) {
        int x = BN_is_bit_set(a, i), y = BN_is_bit_set(b, i);
        if (op == '&' ? x & y : op == '|' ? x | y : x ^ y) BN_set_bit(r, i);
    }
    return true;
}

static bool big_shift(ev_num *a, const BIGNUM *by, bool left, BIGNUM *r)
{
    if (BN_is_negative(by) || BN_num_bits(by) > 23) return false;
    int n = (int)BN_get_word(by);
    if (left) return BN_num_bits(a->b) + n <= BITS_KEPT && BN_lshift(r, a->b, n);
    if (!BN_is_negative(a->b)) return BN_rshift(r, a->b, n);
    BN_copy(r, a->b); /* floor: -((-a - 1) >> n) - 1 */
    BN_set_negative(r, 0);
    BN_sub_word(r, 1);
    BN_rshift(r, r, n);
    BN_add_word(r, 1);
    BN_set_negative(r, 1);
    return true;
}

static bool big_power(ev_num *a, const BIGNUM *by, BN_CTX *ctx, BIGNUM *r)
{
    if (BN_is_negative(by) || BN_num_bits(by) > 20) return false;
    uint64_t n = BN_get_word(by), size = (uint64_t)BN_num_bits(a->b) * n;
    return size <= BITS_MAX && BN_exp(r, a->b, by, ctx);
}

static bool big_op(ev *e, tw_str op, ev_num *a, ev_num *b, BIGNUM *r)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *other = BN_new();
    int n = bits(a) > bits(b) ? bits(a) : bits(b);
    bool heavy = tw_str_eq(op, TW_S("*")) || tw_str_eq(op, TW_S("//")) || tw_str_eq(op, TW_S("%")),
         fine = false;
    if (n <= (heavy ? BITS_MAX : BITS_KEPT) &&
        ev_step(e, 8 + (uint64_t)n / 128 + (heavy ? (uint64_t)n * (unsigned)n / 1048576 : 0))) {
        char c = op.n == 1 ? op.p[0] : 0;
        switch (c) {
        case '+': fine = BN_add(r, a->b, b->b); break;
        case '-': fine = BN_sub(r, a->b, b->b); break;
        case '*': fine = BN_mul(r, a->b, b->b, ctx); break;
        case '%': fine = big_div(a, b, ctx, other, r); break;
        case '&':
        case '|':
        case '^': fine = big_bits(c, a->b, b->b, r); break;
        default:
            if (tw_str_eq(op, TW_S("//"))) fine = big_div(a, b, ctx, r, other);
            if (tw_str_eq(op, TW_S("**"))) fine = big_power(a, b->b, ctx, r);
            if (tw_str_eq(op, TW_S("<<"))) fine = big_shift(a, b->b, true, r);
            if (tw_str_eq(op, TW_S(">>"))) fine = big_shift(a, b->b, false, r);
        }
    }
    BN_free(other);
    BN_CTX_free(ctx);
    return fine;
}

static bool to_float(const ev_num *n, double *ret)
{
    if (n->kind == EV_NUM_FLOAT) return *ret = n->f, true;
    if (n->kind != EV_NUM_INT || n->i > (1ll << 53) || n->i < -(1ll << 53)) return false;
    *ret = (double)n->i;
    return true;
}

static bool float_op(tw_str op, double a, double b, double *ret)
{
    char c = op.n == 1 ? op.p[0] : 0;
    switch (c) {
    case '+': *ret = a + b; return true;
    case '-': *ret = a - b; return true;
    case '*': *ret = a * b; return true;
    case '/': *ret = b == 0 ? 0 : a / b; return b != 0;
    case '%':
        if (b == 0) return false;
        *ret = fmod(a, b);
        if (*ret == 0)
            *ret = copysign(0, b);
        else if ((*ret < 0) != (b < 0))
            *ret += b;
        return true;
    default: break;
    }
    if (tw_str_eq(op, TW_S("**")) && b == 2) return *ret = a * a, true;
    if (!tw_str_eq(op, TW_S("//")) || b == 0 || !isfinite(a) || !isfinite(b)) return false;
    double m = fmod(a, b), d = (a - m) / b;
    if (m != 0 && (b < 0) != (m < 0)) d -= 1;
    if (d == 0)
        d = copysign(0, a / b);
    else if (d - floor(d) > 0.5)
        d = floor(d) + 1;
    else
        d = floor(d);
    *ret = d;
    return true;
}

static uint32_t ordered(ev *e, tw_str op, int order, bool nan)
{
    bool eq = tw_str_eq(op, TW_S("==")), ne = tw_str_eq(op, TW_S("!="));
    if (eq || ne) return ev_bool(e, nan ? ne : (order == 0) == eq);
    if (op.n < 1 || op.n > 2 || (op.p[0] != '<' && op.p[0] != '>') || (op.n == 2 && op.p[1] != '=')) return 0;
    if (nan) return ev_bool(e, false);
    bool orsame = op.n == 2 && order == 0;
    return ev_bool(e, orsame || (op.p[0] == '<' ? order < 0 : order > 0));
}

/* Of two machine words, where the result is one; 0: the long way. */
static uint32_t small_op(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    int64_t a, b, x;
    if (!l || !r || !op.n || !ev_get_int(e, l, &a) || !ev_get_int(e, r, &b)) return 0;
    bool same = op.n == 2 && op.p[1] == '=';
    switch (op.p[0]) {
    case '=':
    case '!':
    case '<':
    case '>': return op.n == 1 || same ? ordered(e, op, (a > b) - (a < b), false) : 0;
    default: break;
    }
    if (op.n != 1) return 0;
    bool plus = a >= 0 && b >= 0, fine = false;
    switch (op.p[0]) {
    case '+': fine = !__builtin_add_overflow(a, b, &x) && x != INT64_MIN; break;
    case '-': fine = !__builtin_sub_overflow(a, b, &x) && x != INT64_MIN; break;
    case '*': fine = !__builtin_mul_overflow(a, b, &x) && x != INT64_MIN; break;
    case '&': x = a & b, fine = plus; break;
    case '|': x = a | b, fine = plus; break;
    case '^': x = a ^ b, fine = plus; break;
    case '%': fine = plus && b && (x = a % b, true); break;
    default: break;
    }
    return fine && ev_step(e, 8) ? ev_int(e, x) : 0;
}

/* 1 ** 0.5, 2 ** -1 and the like are left alone: libm decides their last bit. */
uint32_t ev_num_op(ev *e, tw_str op, uint32_t l, uint32_t r)
{
    ev_num a, b = {0}, c = {0};
    uint32_t v = small_op(e, op, l, r);
    double x, y, z;
    if (v) return v;
    if (!ev_num_of(e, l, &a) || !ev_num_of(e, r, &b)) return ev_num_free(&a), 0;
    bool floats = a.kind == EV_NUM_FLOAT || b.kind == EV_NUM_FLOAT || tw_str_eq(op, TW_S("/"));
    bool comparison = op.n && (op.p[0] == '=' || op.p[0] == '!' ||
                               ((op.p[0] == '<' || op.p[0] == '>') && !(op.n > 1 && op.p[1] == op.p[0])));
    if (floats && to_float(&a, &x) && to_float(&b, &y)) {
        if (comparison)
            v = ordered(e, op, (x > y) - (x < y), isnan(x) || isnan(y));
        else if (float_op(op, x, y, &z))
            v = ev_float(e, z);
    } else if (!floats && ev_num_big(&a) && ev_num_big(&b)) {
        if (comparison) {
            v = ordered(e, op, BN_cmp(a.b, b.b), false);
        } else {
            c = (ev_num){.kind = EV_NUM_BIG, .b = BN_new()};
            if (big_op(e, op, &a, &b, c.b)) v = ev_num_val(e, &c);
        }
    }
    ev_num_free(&a), ev_num_free(&b), ev_num_free(&c);
    return v;
}

uint32_t ev_num_unary(ev *e, char op, uint32_t v)
{
    ev_num n;
    uint32_t r = 0;
    if (!ev_num_of(e, v, &n)) return 0;
    if (op == '+') r = ev_num_val(e, &n);
    if (op == '-' && n.kind == EV_NUM_FLOAT) n.f = -n.f, r = ev_num_val(e, &n);
    if (n.kind == EV_NUM_NONE || n.kind == EV_NUM_FLOAT || !ev_num_big(&n)) return ev_num_free(&n), r;
    if (op == '-') BN_set_negative(n.b, !BN_is_negative(n.b) && !BN_is_zero(n.b));
    if (op == '~') BN_add_word(n.b, 1), BN_set_negative(n.b, !BN_is_negative(n.b));
    if (op == '-' || op == '~') r = ev_num_val(e, &n);
    ev_num_free(&n);
    return r;
}

/* ---- functions ---- */

uint32_t ev_py_abs(ev *e, const ev_args *a)
{
    ev_num n;
    uint32_t v = ev_arg(e, a, 0, NULL), r = 0;
    if (a->n != 1 || !ev_num_of(e, v, &n)) return 0;
    if (n.kind == EV_NUM_FLOAT)
        n.f = fabs(n.f);
    else if (ev_num_big(&n))
        BN_set_negative(n.b, 0);
    r = ev_num_val(e, &n);
    return r;
}

uint32_t ev_py_divmod(ev *e, const ev_args *a)
{
    if (a->n != 2) return 0;
    uint32_t pair[2] = {ev_op(e, TW_S("//"), a->v, 2), ev_op(e, TW_S("%"), a->v, 2)};
    if (!pair[0] || !pair[1] || !ev_is_const(e, pair[0])) return 0;
    uint32_t v = ev_list(e, TW_VAL_SEQ, pair, 2);
    ev_at(e, v)->how = TW_SEQ_TUPLE;
    return v;
}

uint32_t ev_py_pow(ev *e, const ev_args *a)
{
    ev_num n[3] = {{0}}, r = {0};
    uint32_t v = 0;
    if (a->n == 2) return ev_op(e, TW_S("**"), a->v, 2);
    if (a->n != 3) return 0;
    bool fine = true;
    for (unsigned i = 0; i < 3; i++)
        fine = fine && ev_num_of(e, a->v[i], &n[i]) && ev_num_big(&n[i]) && bits(&n[i]) <= 4096;
    fine = fine && !BN_is_negative(n[1].b) && !BN_is_zero(n[2].b) && !BN_is_negative(n[2].b) &&
           ev_step(e, 20000);
    if (fine) {
        BN_CTX *ctx = BN_CTX_new();
        r = (ev_num){.kind = EV_NUM_BIG, .b = BN_new()};
        BN_nnmod(n[0].b, n[0].b, n[2].b, ctx);
        if (BN_mod_exp(r.b, n[0].b, n[1].b, n[2].b, ctx)) v = ev_num_val(e, &r);
        BN_CTX_free(ctx);
    }
    for (unsigned i = 0; i < 3; i++) ev_num_free(&n[i]);
    ev_num_free(&r);
    return v;
}

static uint32_t in_base(ev *e, const ev_args *a, unsigned base, const char *prefix)
{
    ev_num n;
    if (a->n != 1 || !ev_num_of(e, ev_arg(e, a, 0, NULL), &n)) return 0;
    tw_buf_clear(&e->out);
    if (ev_num_sign(&n) < 0) tw_buf_putc(&e->out, '-');
    tw_buf_puts(&e->out, tw_str_c(prefix));
    bool fine = n.kind != EV_NUM_FLOAT && ev_num_radix(e, &n, base, false, &e->out);
    ev_num_free(&n);
    return fine ? ev_taken(e, TW_VAL_STR, &e->out, 0) : 0;
}

uint32_t ev_py_hex(ev *e, const ev_args *a)
{
    return in_base(e, a, 16, "0x");
}
uint32_t ev_py_oct(ev *e, const ev_args *a)
{
    return in_base(e, a, 8, "0o");
}
uint32_t ev_py_bin(ev *e, const ev_args *a)
{
    return in_base(e, a, 2, "0b");
}

static bool little(ev *e, const ev_args *a, uint32_t i, bool *ret)
{
    tw_str order;
    uint32_t v = ev_arg(e, a, i, "byteorder");
    *ret = false;
    if (!v) return true;
    if (!ev_text(e, v, &order)) return false;
    *ret = tw_str_eq(order, TW_S("little"));
    return *ret || tw_str_eq(order, TW_S("big"));
}

static bool is_signed(ev *e, const ev_args *a, int *ret)
{
    uint32_t v = ev_arg(e, a, UINT32_MAX, "signed");
    *ret = v ? ev_truth(e, v) : 0;
    return *ret >= 0;
}

uint32_t ev_int_from_bytes(ev *e, const ev_args *a)
{
    tw_str s;
    bool le;
    int sign;
    uint8_t kind;
    uint32_t from = ev_arg(e, a, 0, "bytes"), list, count;
    if (!from || !little(e, a, 1, &le) || !is_signed(e, a, &sign)) return 0;
    if (!ev_is_text(e, from, &kind)) {
        ev_args one = {0, &from, (uint32_t[]){0}, 1};
        from = ev_items(e, from, &list, &count) ? ev_bytes(e, &one) : 0;
        if (!from) return 0;
    }
    if (!ev_is_text(e, from, &kind) || kind != TW_VAL_BYTES || !ev_text(e, from, &s) || s.n > BITS_KEPT / 8)
        return 0;
    ev_num n = {.kind = EV_NUM_BIG};
    n.b = le ? BN_lebin2bn((const unsigned char *)s.p, (int)s.n, NULL)
             : BN_bin2bn((const unsigned char *)s.p, (int)s.n, NULL);
    if (!n.b) return 0;
    unsigned char top = s.n ? (unsigned char)s.p[le ? s.n - 1 : 0] : 0;
    if (sign && top & 0x80) {
        BIGNUM *whole = BN_new();
        BN_set_bit(whole, (int)s.n * 8);
        BN_sub(n.b, n.b, whole);
        BN_free(whole);
    }
    return ev_num_val(e, &n);
}

uint32_t ev_int_from_little(ev *e, const ev_args *a)
{
    tw_str s;
    if (!ev_text(e, a->v[0], &s) || s.n > BITS_KEPT / 8) return 0;
    ev_num n = {.kind = EV_NUM_BIG, .b = BN_lebin2bn((const unsigned char *)s.p, (int)s.n, NULL)};
    return n.b ? ev_num_val(e, &n) : 0;
}

uint32_t ev_int_to_bytes(ev *e, const ev_args *a)
{
    ev_num n;
    bool le;
    int sign;
    int64_t len = 1;
    uint32_t given = ev_arg(e, a, 0, "length"), v = 0;
    if (!a->self || (given && !ev_get_int(e, given, &len)) || len < 0 || len > BITS_KEPT / 8) return 0;
    if (!little(e, a, 1, &le) || !is_signed(e, a, &sign) || !ev_num_of(e, a->self, &n)) return 0;
    bool fine = n.kind != EV_NUM_FLOAT && ev_num_big(&n) && ev_room(e, (uint64_t)len);
    bool minus = fine && BN_is_negative(n.b);
    fine = fine && (!minus || sign) && (!sign || len);
    if (fine && minus) {
        BIGNUM *whole = BN_new();
        BN_set_bit(whole, (int)len * 8);
        fine = BN_num_bits(n.b) <= len * 8;
        BN_add(n.b, n.b, whole);
        fine = fine && !BN_is_negative(n.b) && BN_is_bit_set(n.b, (int)len * 8 - 1);
        BN_free(whole);
    } else if (fine && sign) {
        fine = BN_num_bits(n.b) < len * 8;
    }
    if (fine && BN_num_bytes(n.b) <= len) {
        unsigned char *p = (unsigned char *)tw_arena_alloc(e->tmp, (size_t)len);
        if (!len || (le ? BN_bn2lebinpad(n.b, p, (int)len) : BN_bn2binpad(n.b, p, (int)len)) >= 0)
            v = ev_folded(e, TW_VAL_BYTES, tw_str_of((char *)p, (size_t)len), ev_recipe_add(e, 0, "int"));
    }
    ev_num_free(&n);
    return v;
}

uint32_t ev_int_bit_length(ev *e, const ev_args *a)
{
    ev_num n;
    if (a->n || !a->self || !ev_num_of(e, a->self, &n)) return 0;
    uint32_t v = n.kind != EV_NUM_FLOAT && ev_num_big(&n) ? ev_int(e, BN_num_bits(n.b)) : 0;
    ev_num_free(&n);
    return v;
}

/* Digits in any base, for int(text, base); no prefix, no blanks. */
uint32_t ev_int_of_digits(ev *e, tw_str s, unsigned base, bool minus)
{
    if (!s.n || s.n > (base & (base - 1) ? DIGITS_MAX : BITS_KEPT / 8) || !ev_step(e, 1 + s.n * s.n / 256))
        return 0;
    ev_num n = {.kind = EV_NUM_BIG, .b = BN_new()};
    bool fine = true;
    if (base == 16) {
        char *hex = tw_arena_alloc(e->tmp, s.n + 1);
        size_t k = 0;
        for (size_t i = 0; i < s.n && fine; i++) {
            char c = (char)(s.p[i] | 0x20);
            if (s.p[i] == '_') continue;
            fine = (s.p[i] >= '0' && s.p[i] <= '9') || (c >= 'a' && c <= 'f');
            hex[k++] = s.p[i];
        }
        hex[k] = 0;
        fine = fine && k && BN_hex2bn(&n.b, hex);
    }
    for (size_t i = 0; base != 16 && i < s.n && fine; i++) {
        char c = s.p[i];
        if (c == '_' && i && i + 1 < s.n && s.p[i - 1] != '_') continue;
        unsigned d = c >= '0' && c <= '9'                     ? (unsigned)(c - '0')
                     : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (unsigned)((c | 0x20) - 'a' + 10)
                                                              : 99;
        fine = d < base && BN_mul_word(n.b, base) && BN_add_word(n.b, d);
    }
    if (!fine) return ev_num_free(&n), 0;
    BN_set_negative(n.b, minus);
    return ev_num_val(e, &n);
}
