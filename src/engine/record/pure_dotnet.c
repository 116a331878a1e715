/* SPDX-License-Identifier: Apache-2.0 */
/* .NET as PowerShell uses it: a text read out of nested streams, AES. Only of objects that nothing was done with
 * before. */
#include "engine/record/pure_base.h"
#include "engine/record/pure_crypto.h"

enum { DEPTH = 6, ARGS = 4 };

typedef struct object { /* what New-Object or [T]::new() make */
    tw_str type;        /* lower case, without "system." */
    uint32_t v[ARGS], n;
    char name[64];
} object;

static void add_args(ev *e, object *o, uint32_t v)
{
    const ev_val *x = ev_at(e, v);
    uint32_t n = x->kind == TW_VAL_SEQ ? x->n : 0;
    if (!n && o->n < ARGS) o->v[o->n++] = v;
    for (uint32_t i = 0; i < n && o->n < ARGS; i++) o->v[o->n++] = ev_item(e, ev_at(e, v), i);
}

static bool named(object *o, tw_str type)
{
    if (type.n >= sizeof o->name) return false;
    for (size_t i = 0; i < type.n; i++)
        o->name[i] = (char)(type.p[i] >= 'A' && type.p[i] <= 'Z' ? type.p[i] | 32 : type.p[i]);
    o->type = tw_str_trim(tw_str_of(o->name, type.n));
    if (tw_str_starts(o->type, TW_S("system."))) o->type = tw_str_sub(o->type, 7, o->type.n);
    return true;
}

/* The word after New-Object is the type, and what stands right behind it in brackets. */
static bool from_word(ev *e, object *o, uint32_t word)
{
    tw_str type;
    ev_val x = *ev_at(e, word);
    if (x.kind == TW_VAL_SEQ && x.n) {
        if (!from_word(e, o, e->lists.v[x.list])) return false;
        for (uint32_t i = 1; i < x.n && o->n < ARGS; i++) o->v[o->n++] = e->lists.v[x.list + i];
        return true;
    }
    if (x.kind == EV_ROPE) {
        if (!ev_text(e, x.a, &type) || !named(o, type)) return false;
        add_args(e, o, x.b);
        return true;
    }
    return ev_text(e, word, &type) && named(o, type);
}

static bool object_of(ev *e, uint32_t v, object *o)
{
    ev_call c;
    *o = (object){.n = 0};
    if (!v || ev_at(e, v)->kind != TW_VAL_CALL || !ev_maker(e, v, &c)) return false;
    tw_str sym = ev_sym(e, c.sym);
    uint32_t word = ev_call_arg(e, &c, 0, "-typename"),
             more = ev_call_arg(e, &c, UINT32_MAX, "-argumentlist");
    if (tw_str_eq(sym, TW_S("new-object"))) {
        if (!word) word = ev_call_arg(e, &c, 0, NULL);
        if (!word || (ev_at(e, word)->kind == TW_VAL_SEQ && !ev_at(e, word)->n) || !from_word(e, o, word))
            return false;
        if (!more) more = ev_call_arg(e, &c, 1, NULL);
        if (more) add_args(e, o, more);
        return true;
    }
    if (!tw_str_ends(sym, TW_S(".new")) && !tw_str_ends(sym, TW_S(".create"))) return false;
    if (!named(o, tw_str_sub(sym, 0, tw_str_rchr(sym, '.')))) return false;
    for (uint32_t i = 0; i < c.n_args && o->n < ARGS; i++) o->v[o->n++] = e->args.v[c.args + i].value;
    return true;
}

/* Nothing was called on it but what is called now. */
static bool fresh(ev *e, uint32_t v)
{
    uint32_t first = ev_at(e, v)->a + 1;
    if (!ev_step(e, (e->calls.n - first) / 8)) return false;
    for (uint32_t i = first; i + 1 < e->calls.n; i++) {
        const ev_val *callee = ev_at(e, e->calls.v[i].callee);
        if (callee->kind == TW_VAL_MEMBER && callee->a == v) return false;
    }
    return true;
}

static uint32_t applied(ev *e, ev_pure_fn fn, uint32_t v)
{
    uint32_t none = 0;
    return v ? fn(e, &(ev_args){0, &v, &none, 1}) : 0;
}

/* The bytes that a stream gives from its start. */
static uint32_t stream(ev *e, uint32_t v, unsigned depth)
{
    object o;
    const ev_val *x = ev_at(e, v);
    if (!depth || !ev_step(e, 4)) return 0;
    if (x->kind == TW_VAL_OP && x->n == 1 && tw_str_eq(ev_sym(e, x->b), TW_S("[io.memorystream]"))) {
        uint32_t raw = ev_item(e, x, 0);
        return ev_at(e, raw)->kind == TW_VAL_BYTES ? raw : 0;
    }
    if (!object_of(e, v, &o) || !o.n || !fresh(e, v)) return 0;
    if (tw_str_eq(o.type, TW_S("io.memorystream")))
        return ev_at(e, o.v[0])->kind == TW_VAL_BYTES ? o.v[0] : 0;
    tw_str mode = ev_sym(e, o.n > 1 ? ev_at(e, o.v[1])->sym : 0);
    if (o.n > 1 && !mode.n) ev_text(e, o.v[1], &mode);
    if (!tw_str_ends(mode, TW_S("decompress")) && !tw_str_ends(mode, TW_S("Decompress"))) return 0;
    uint32_t inner = stream(e, o.v[0], depth - 1);
    if (tw_str_eq(o.type, TW_S("io.compression.gzipstream"))) return applied(e, ev_js_gunzip, inner);
    if (tw_str_eq(o.type, TW_S("io.compression.deflatestream"))) return applied(e, ev_js_inflate_raw, inner);
    return tw_str_eq(o.type, TW_S("io.compression.zlibstream")) ? applied(e, ev_js_inflate, inner) : 0;
}

static uint32_t read_to_end(ev *e, const ev_args *a)
{
    object o;
    tw_str s;
    if (a->n || !object_of(e, a->self, &o) || !tw_str_eq(o.type, TW_S("io.streamreader")) || !o.n ||
        !fresh(e, a->self))
        return 0;
    uint32_t raw = stream(e, o.v[0], DEPTH);
    if (!raw || !ev_text(e, raw, &s) || s.n < 2) return 0;
    bool marked = (uint8_t)s.p[0] >= 0xFE || (uint8_t)s.p[0] == 0xEF; /* a mark in front says the encoding */
    bool plain = o.n == 1 ? !marked : ev_ascii(s);
    return plain ? ev_recode(e, raw, TW_S("utf-8"), false) : 0;
}

/* ---- $aes.CreateDecryptor(key, iv).TransformFinalBlock(data, 0, data.Length) ---- */

static uint32_t property(ev *e, uint32_t object_v, const char *name, bool *ret_known)
{
    uint32_t found = 0;
    if (!ev_step(e, e->stores.n / 8)) return *ret_known = false, 0;
    for (uint32_t i = 0; i < e->stores.n; i++) {
        const tw_rec_store *s = &e->stores.v[i];
        if (s->base != object_v || !tw_str_ieq(tw_ir_text(e->ir, s->name), tw_str_c(name))) continue;
        if (found || s->func != e->runs_in[e->scope]) *ret_known = false;
        found = s->value;
    }
    return found;
}

static bool aes_settings(ev *e, uint32_t aes, tw_cipher *c, int *ret_pad)
{
    bool known = true;
    uint32_t mode = property(e, aes, "mode", &known), pad = property(e, aes, "padding", &known);
    tw_str m = ev_last_name(ev_sym(e, mode ? ev_at(e, mode)->sym : 0)),
           p = ev_last_name(ev_sym(e, pad ? ev_at(e, pad)->sym : 0));
    if (mode && !m.n) ev_text(e, mode, &m);
    if (pad && !p.n) ev_text(e, pad, &p);
    c->mode = mode && tw_str_ieq(m, TW_S("ecb")) ? TW_MODE_ECB : TW_MODE_CBC;
    *ret_pad = !pad || tw_str_ieq(p, TW_S("pkcs7")) ? EV_PAD_PKCS7 : EV_PAD_NONE;
    bool mode_fine = !mode || tw_str_ieq(m, TW_S("ecb")) || tw_str_ieq(m, TW_S("cbc"));
    bool pad_fine = !pad || tw_str_ieq(p, TW_S("pkcs7")) || tw_str_ieq(p, TW_S("none"));
    return known && mode_fine && pad_fine;
}

static bool is_aes(tw_str type)
{
    static const tw_str names[] = {TW_SI("security.cryptography.aes"),
                                   TW_SI("security.cryptography.aesmanaged"),
                                   TW_SI("security.cryptography.aescryptoserviceprovider"),
                                   TW_SI("security.cryptography.rijndaelmanaged")};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(names[i], type)) return true;
    return false;
}

static uint32_t transform(ev *e, const ev_args *a)
{
    ev_call made;
    object o;
    tw_cipher c = {.alg = TW_CIPHER_AES};
    tw_str data, out;
    int64_t from = 0, length = -1;
    int pad;
    bool known = true;
    if (a->n != 3 || !ev_raw(e, a->v[0], &data) || !ev_get_int(e, a->v[1], &from) || from ||
        !ev_maker(e, a->self, &made))
        return 0;
    if (!tw_str_eq(ev_method(e, &made), TW_S("createdecryptor")) || !fresh(e, a->self)) return 0;
    const ev_val *n = ev_at(e, a->v[2]);
    bool own = n->kind == TW_VAL_MEMBER && tw_str_ieq(ev_sym(e, n->b), TW_S("length")) && n->a == a->v[0];
    if (!own && (!ev_get_int(e, a->v[2], &length) || length != (int64_t)data.n)) return 0;
    uint32_t aes = ev_at(e, made.callee)->a;
    if (!object_of(e, aes, &o) || !is_aes(o.type) || !aes_settings(e, aes, &c, &pad)) return 0;
    uint32_t key = ev_call_arg(e, &made, 0, NULL), iv = ev_call_arg(e, &made, 1, NULL);
    if (!made.n_args) key = property(e, aes, "key", &known), iv = property(e, aes, "iv", &known);
    if (!known || !ev_raw(e, key, &c.key) || (c.mode == TW_MODE_CBC && !ev_raw(e, iv, &c.iv))) return 0;
    if (!ev_cipher(e, &c, data, &out) || !ev_unpad(&out, 16, pad)) return 0;
    return ev_result(e, a->v[0], out, ev_cipher_name(&c));
}

uint32_t ev_dotnet_object(ev *e, tw_str name, const ev_args *a)
{
    if (tw_str_ends(name, TW_S(".readtoend"))) return read_to_end(e, a);
    return tw_str_ends(name, TW_S(".transformfinalblock")) ? transform(e, a) : 0;
}
