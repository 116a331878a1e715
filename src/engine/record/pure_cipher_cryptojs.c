/* SPDX-License-Identifier: Apache-2.0 */
/* crypto-js. Its values are lists of words, which only toString() or stringify() makes a text: until then they
 * stay calls, and are read back from them. */
#include "base/utf8.h"
#include "engine/record/pure_crypto.h"

enum { DEPTH = 5 };

static bool words(ev *e, uint32_t v, unsigned depth, uint32_t *ret_from, tw_str *ret);

/* "AES.decrypt" of "crypto-js.AES.decrypt", "CryptoJS.AES.decrypt", "crypto-js/aes.decrypt". */
static tw_str local_name(tw_str sym)
{
    static const tw_str roots[] = {TW_SI("crypto-js."), TW_SI("crypto-js/"), TW_SI("CryptoJS."),
                                   TW_SI("crypto-js/core.")};
    for (size_t i = TW_COUNT(roots); i-- > 0;)
        if (tw_str_starts(sym, roots[i])) return tw_str_sub(sym, roots[i].n, sym.n);
    return (tw_str){0};
}

typedef enum coding { CODE_NONE, CODE_UTF8, CODE_HEX, CODE_BASE64, CODE_LATIN1 } coding;

static coding coding_of(tw_str name)
{
    static const struct {
        tw_str name;
        coding is;
    } rows[] = {{TW_SI("enc.Utf8"), CODE_UTF8},     {TW_SI("enc-utf8"), CODE_UTF8},
                {TW_SI("enc.Hex"), CODE_HEX},       {TW_SI("enc-hex"), CODE_HEX},
                {TW_SI("enc.Base64"), CODE_BASE64}, {TW_SI("enc-base64"), CODE_BASE64},
                {TW_SI("enc.Latin1"), CODE_LATIN1}, {TW_SI("enc-latin1"), CODE_LATIN1}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_eq(rows[i].name, name)) return rows[i].is;
    return CODE_NONE;
}

static bool parse(ev *e, coding how, uint32_t v, tw_str *ret)
{
    uint32_t none = 0, raw = 0;
    uint8_t kind;
    ev_args one = {0, &v, &none, 1};
    if (!v || !ev_is_text(e, v, &kind) || kind != TW_VAL_STR || !ev_is_const(e, v)) return false;
    if (how == CODE_UTF8) return ev_text(e, v, ret);
    if (how == CODE_HEX) raw = ev_unhex(e, &one);
    if (how == CODE_BASE64) raw = ev_b64(e, &one);
    if (how == CODE_LATIN1) raw = ev_recode(e, v, TW_S("latin-1"), true);
    return raw && ev_raw(e, raw, ret);
}

/* A text stands for its UTF-8. */
static bool words_or_text(ev *e, uint32_t v, unsigned depth, tw_str *ret)
{
    uint32_t from;
    uint8_t kind;
    if (v && ev_is_text(e, v, &kind)) return kind == TW_VAL_STR && ev_is_const(e, v) && ev_text(e, v, ret);
    return v && words(e, v, depth, &from, ret);
}

static bool keep(ev *e, const uint8_t *p, size_t n, tw_str *ret)
{
    if (!ev_room(e, n)) return false;
    *ret = tw_arena_str(e->tmp, tw_str_of((const char *)p, n));
    return true;
}

/* ---- digests and keys ---- */

static const tw_hash_alg *hasher(tw_str name)
{
    static const struct {
        const char *name, *alg;
    } rows[] = {{"MD5", "md5"},       {"SHA1", "sha1"},     {"SHA224", "sha224"},      {"SHA256", "sha256"},
                {"SHA384", "sha384"}, {"SHA512", "sha512"}, {"RIPEMD160", "ripemd160"}};
    for (size_t i = 0; i < TW_COUNT(rows); i++)
        if (tw_str_ieq(tw_str_c(rows[i].name), name)) return tw_hash_find(tw_str_c(rows[i].alg));
    return NULL;
}

static bool hashed(ev *e, const ev_call *c, tw_str name, unsigned depth, tw_str *ret)
{
    bool keyed = tw_str_starts(name, TW_S("Hmac")) || tw_str_starts(name, TW_S("hmac-"));
    const tw_hash_alg *alg = hasher(keyed ? tw_str_sub(name, name.p[0] == 'H' ? 4 : 5, name.n) : name);
    tw_str s, key;
    uint8_t out[TW_HASH_MAX];
    if (!alg || !words_or_text(e, ev_call_arg(e, c, 0, NULL), depth, &s) || !ev_step(e, 8 + s.n / 64))
        return false;
    if (keyed) {
        tw_hmac m;
        if (!words_or_text(e, ev_call_arg(e, c, 1, NULL), depth, &key)) return false;
        tw_hmac_init(&m, alg, key);
        tw_hmac_add(&m, s);
        tw_hmac_end(&m, out);
    } else {
        tw_hash h;
        tw_hash_init(&h, alg);
        tw_hash_add(&h, s);
        tw_hash_end(&h, out);
    }
    return keep(e, out, alg->size, ret);
}

static const tw_hash_alg *option_hasher(ev *e, uint32_t options, const char *otherwise)
{
    uint32_t v = ev_map_item(e, options, TW_S("hasher"));
    if (!v) return otherwise ? tw_hash_find(tw_str_c(otherwise)) : NULL;
    tw_str name = local_name(ev_sym(e, ev_at(e, v)->sym));
    return hasher(tw_str_starts(name, TW_S("algo.")) ? tw_str_sub(name, 5, name.n) : name);
}

/* PBKDF2(password, salt, {keySize: 8, iterations: 1000, hasher}); what it does unasked differs by version. */
static bool derived(ev *e, const ev_call *c, bool evp, unsigned depth, tw_str *ret)
{
    tw_str pass, salt, out;
    int64_t size, count = 1;
    uint32_t options = ev_call_arg(e, c, 2, NULL);
    if (!options || ev_at(e, options)->kind != TW_VAL_MAP ||
        !words_or_text(e, ev_call_arg(e, c, 0, NULL), depth, &pass) ||
        !words_or_text(e, ev_call_arg(e, c, 1, NULL), depth, &salt))
        return false;
    uint32_t vs = ev_map_item(e, options, TW_S("keySize")), vc = ev_map_item(e, options, TW_S("iterations"));
    const tw_hash_alg *alg = option_hasher(e, options, evp ? "md5" : NULL);
    if (!vs || !ev_get_int(e, vs, &size) || size < 1 || size > 64 || (vc && !ev_get_int(e, vc, &count)) ||
        (!vc && !evp) || count < 1 || !alg)
        return false;
    if (!evp) {
        uint32_t v = ev_pbkdf2_with(e, alg, pass, salt, count, size * 4);
        return v && ev_raw(e, v, ret);
    }
    uint8_t *p = count < 1 << 24 && ev_step(e, (uint64_t)(count * size / 4 + 8))
                     ? ev_room_for(e, (uint64_t)size * 4)
                     : NULL;
    if (!p) return false;
    tw_bytes_to_key(alg, pass, salt, (uint64_t)count, p, (size_t)size * 4);
    out = tw_str_of((const char *)p, (size_t)size * 4);
    return *ret = out, true;
}

/* ---- ciphers ---- */

static const struct {
    tw_str name, module;
    uint8_t alg, key, iv; /* of a key made from a password, bytes */
} ciphers[] = {
    {TW_SI("AES"), TW_SI("aes"), TW_CIPHER_AES, 32, 16},
    {TW_SI("DES"), TW_SI("des"), TW_CIPHER_DES, 8, 8},
    {TW_SI("TripleDES"), TW_SI("tripledes"), TW_CIPHER_DES3, 24, 8},
    {TW_SI("RC4"), TW_SI("rc4"), TW_CIPHER_RC4, 32, 0},
};

static bool modes(ev *e, uint32_t options, tw_cipher *c, int *ret_pad)
{
    static const struct {
        tw_str name;
        uint8_t mode;
    } rows[] = {{TW_SI("mode.CBC"), TW_MODE_CBC},
                {TW_SI("mode.ECB"), TW_MODE_ECB},
                {TW_SI("mode.CTR"), TW_MODE_CTR},
                {TW_SI("mode.CFB"), TW_MODE_CFB},
                {TW_SI("mode.OFB"), TW_MODE_OFB}};
    static const struct {
        tw_str name;
        int how;
    } pads[] = {{TW_SI("pad.Pkcs7"), EV_PAD_PKCS7},
                {TW_SI("pad.NoPadding"), EV_PAD_NONE},
                {TW_SI("pad.ZeroPadding"), EV_PAD_ZERO}};
    *ret_pad = EV_PAD_PKCS7;
    c->mode = tw_cipher_block(c->alg) == 1 ? TW_MODE_STREAM : TW_MODE_CBC;
    if (c->mode == TW_MODE_STREAM) *ret_pad = EV_PAD_NONE;
    uint32_t mode = options ? ev_map_item(e, options, TW_S("mode")) : 0,
             pad = options ? ev_map_item(e, options, TW_S("padding")) : 0;
    bool fine = !mode, padded = !pad;
    for (size_t i = 0; mode && i < TW_COUNT(rows); i++)
        if (tw_str_eq(rows[i].name, local_name(ev_sym(e, ev_at(e, mode)->sym))))
            c->mode = rows[i].mode, fine = true;
    for (size_t i = 0; pad && i < TW_COUNT(pads); i++)
        if (tw_str_eq(pads[i].name, local_name(ev_sym(e, ev_at(e, pad)->sym))))
            *ret_pad = pads[i].how, padded = true;
    return fine && padded;
}

/* Base64, or {ciphertext: words}; with OpenSSL's salt in front or without. */
static bool ciphertext(ev *e, uint32_t v, unsigned depth, tw_str *ret, tw_str *ret_salt)
{
    uint32_t from;
    uint8_t kind;
    ev_call c;
    *ret_salt = (tw_str){0};
    if (ev_is_text(e, v, &kind)) {
        if (!parse(e, CODE_BASE64, v, ret)) return false;
        if (!tw_str_starts(*ret, TW_S("Salted__")) || ret->n < 16) return true;
        *ret_salt = tw_str_sub(*ret, 8, 16);
        *ret = tw_str_sub(*ret, 16, ret->n);
        return true;
    }
    if (ev_at(e, v)->kind == TW_VAL_CALL && ev_maker(e, v, &c) &&
        tw_str_eq(local_name(ev_sym(e, c.sym)), TW_S("lib.CipherParams.create")))
        v = ev_call_arg(e, &c, 0, NULL);
    if (!v || ev_at(e, v)->kind != TW_VAL_MAP || ev_map_item(e, v, TW_S("salt"))) return false;
    v = ev_map_item(e, v, TW_S("ciphertext"));
    return v && words(e, v, depth, &from, ret);
}

static bool decrypted(ev *e, const ev_call *call, uint8_t which, unsigned depth, tw_str *ret,
                      const char **ret_name)
{
    tw_cipher c = {.alg = ciphers[which].alg};
    uint32_t text_v = ev_call_arg(e, call, 0, NULL), key_v = ev_call_arg(e, call, 1, NULL),
             options = ev_call_arg(e, call, 2, NULL), from;
    uint8_t made[48], kind;
    tw_str text, salt, pass;
    int pad;
    if (options && ev_at(e, options)->kind != TW_VAL_MAP) return false;
    if (!text_v || !key_v || !modes(e, options, &c, &pad) || !ciphertext(e, text_v, depth, &text, &salt))
        return false;
    if (ev_is_text(e, key_v, &kind)) {
        if (kind != TW_VAL_STR || !ev_is_const(e, key_v) || !ev_text(e, key_v, &pass) || !ev_step(e, 16) ||
            (options && ev_map_item(e, options, TW_S("kdf"))))
            return false;
        uint8_t n = ciphers[which].key, iv = ciphers[which].iv;
        tw_bytes_to_key(tw_hash_find(TW_S("md5")), pass, salt, 1, made, (size_t)n + iv);
        c.key = tw_str_of((const char *)made, n), c.iv = tw_str_of((const char *)made + n, iv);
    } else {
        uint32_t iv = options ? ev_map_item(e, options, TW_S("iv")) : 0;
        if (!words(e, key_v, depth, &from, &c.key) || (iv && !words(e, iv, depth, &from, &c.iv)))
            return false;
    }
    if (c.mode == TW_MODE_ECB || c.mode == TW_MODE_STREAM) c.iv = (tw_str){0};
    if (c.alg == TW_CIPHER_DES && c.key.n > 8) c.key.n = 8;
    if (!ev_cipher(e, &c, text, ret) || !ev_unpad(ret, tw_cipher_block(c.alg), pad)) return false;
    return *ret_name = ev_cipher_name(&c), true;
}

/* Words can be changed in place: then the call that made them does not say what they are. */
static bool untouched(ev *e, uint32_t v)
{
    uint32_t first = ev_at(e, v)->a + 1;
    if (!ev_step(e, (e->calls.n - first) / 8 + e->stores.n / 8)) return false;
    for (uint32_t i = first; i < e->calls.n; i++) {
        const ev_val *callee = ev_at(e, e->calls.v[i].callee);
        if (callee->kind == TW_VAL_MEMBER && callee->a == v &&
            !tw_str_eq(ev_sym(e, callee->b), TW_S("toString")))
            return false;
    }
    for (uint32_t i = 0; i < e->stores.n; i++) {
        const ev_val *base = ev_at(e, e->stores.v[i].base);
        if (e->stores.v[i].base == v || (base->kind == TW_VAL_MEMBER && base->a == v)) return false;
    }
    return true;
}

/* The bytes behind a list of words; with a name where a cipher gave them. */
static bool words_named(ev *e, uint32_t v, unsigned depth, uint32_t *ret_from, tw_str *ret,
                        const char **ret_name)
{
    ev_call c;
    *ret_name = NULL;
    if (!depth || !ev_step(e, 4) || ev_at(e, v)->kind != TW_VAL_CALL || !ev_maker(e, v, &c)) return false;
    tw_str name = local_name(ev_sym(e, c.sym)), last = ev_last_name(name);
    if (!name.n || !untouched(e, v)) return false;
    *ret_from = ev_call_arg(e, &c, 0, NULL);
    if (tw_str_eq(last, TW_S("parse")) && name.n > 6)
        return parse(e, coding_of(tw_str_sub(name, 0, name.n - 6)), *ret_from, ret);
    if (tw_str_eq(last, TW_S("decrypt")) && name.n > 8) {
        tw_str alg = tw_str_sub(name, 0, name.n - 8);
        for (uint8_t i = 0; i < TW_COUNT(ciphers); i++)
            if (tw_str_eq(ciphers[i].name, alg) || tw_str_eq(ciphers[i].module, alg))
                return decrypted(e, &c, i, depth - 1, ret, ret_name);
        return false;
    }
    if (tw_str_ieq(name, TW_S("pbkdf2"))) return derived(e, &c, false, depth - 1, ret);
    if (tw_str_ieq(name, TW_S("evpkdf"))) return derived(e, &c, true, depth - 1, ret);
    return hashed(e, &c, name, depth - 1, ret);
}

static bool words(ev *e, uint32_t v, unsigned depth, uint32_t *ret_from, tw_str *ret)
{
    const char *name;
    return words_named(e, v, depth, ret_from, ret, &name);
}

static uint32_t spoken(ev *e, uint32_t v, coding how)
{
    tw_str s;
    uint32_t from = 0, none = 0;
    const char *name;
    if (how == CODE_NONE || !words_named(e, v, DEPTH, &from, &s, &name)) return 0;
    uint32_t raw = ev_result(e, from, s, name);
    if (how == CODE_UTF8) return ev_recode(e, raw, TW_S("utf-8"), false);
    if (how == CODE_LATIN1) return ev_recode(e, raw, TW_S("latin-1"), false);
    uint32_t enc = ev_folded(e, TW_VAL_STR, how == CODE_HEX ? TW_S("hex") : TW_S("base64"), 0);
    return ev_js_to_string(e, &(ev_args){raw, &enc, &none, 1});
}

uint32_t ev_cryptojs_to_string(ev *e, const ev_args *a)
{
    if (!a->self || a->n > 1) return 0;
    return spoken(e, a->self, a->n ? coding_of(local_name(ev_sym(e, ev_at(e, a->v[0])->sym))) : CODE_HEX);
}

/* CryptoJS.enc.Utf8.stringify(words) */
uint32_t ev_cryptojs_stringify(ev *e, const ev_args *a)
{
    tw_str name = local_name(ev_sym(e, e->calls.v[e->calls.n - 1].sym));
    if (a->n != 1 || !tw_str_ends(name, TW_S(".stringify"))) return 0;
    return spoken(e, a->v[0], coding_of(tw_str_sub(name, 0, name.n - 10)));
}
