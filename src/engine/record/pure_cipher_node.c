/* SPDX-License-Identifier: Apache-2.0 */
/* node's crypto.createDecipheriv and its kin; aes-js. */
#include "base/utf8.h"
#include "engine/record/pure_crypto.h"

enum { AAD_MAX = 4096 };

static const struct {
    tw_str name;
    uint8_t alg, key; /* bytes, 0 any */
} algorithms[] = {
    {TW_SI("aes-128"), TW_CIPHER_AES, 16},
    {TW_SI("aes-192"), TW_CIPHER_AES, 24},
    {TW_SI("aes-256"), TW_CIPHER_AES, 32},
    {TW_SI("aes128"), TW_CIPHER_AES, 16},
    {TW_SI("aes192"), TW_CIPHER_AES, 24},
    {TW_SI("aes256"), TW_CIPHER_AES, 32},
    {TW_SI("des-ede3"), TW_CIPHER_DES3, 24},
    {TW_SI("des3"), TW_CIPHER_DES3, 24},
    {TW_SI("des-ede"), TW_CIPHER_DES3, 16},
    {TW_SI("des"), TW_CIPHER_DES, 8},
    {TW_SI("bf"), TW_CIPHER_BLOWFISH, 16},
    {TW_SI("cast5"), TW_CIPHER_CAST5, 16},
    {TW_SI("rc2"), TW_CIPHER_RC2, 16},
    {TW_SI("camellia-128"), TW_CIPHER_CAMELLIA, 16},
    {TW_SI("camellia-192"), TW_CIPHER_CAMELLIA, 24},
    {TW_SI("camellia-256"), TW_CIPHER_CAMELLIA, 32},
    {TW_SI("rc4"), TW_CIPHER_RC4, 16},
    {TW_SI("chacha20"), TW_CIPHER_CHACHA20, 32},
};
static const struct {
    tw_str name;
    uint8_t mode;
} modes[] = {
    {TW_SI("-ecb"), TW_MODE_ECB}, {TW_SI("-cbc"), TW_MODE_CBC},           {TW_SI("-ctr"), TW_MODE_CTR},
    {TW_SI("-cfb"), TW_MODE_CFB}, {TW_SI("-cfb8"), TW_MODE_CFB8},         {TW_SI("-ofb"), TW_MODE_OFB},
    {TW_SI("-gcm"), TW_MODE_GCM}, {TW_SI("-poly1305"), TW_MODE_POLY1305},
};

static bool by_name(tw_str name, tw_cipher *ret, uint32_t *ret_key)
{
    char low[32];
    size_t best = 0;
    if (name.n >= sizeof low) return false;
    for (size_t i = 0; i < name.n; i++)
        low[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] | 32 : name.p[i]);
    name = tw_str_of(low, name.n);
    for (size_t i = 0; i < TW_COUNT(algorithms); i++)
        if (tw_str_starts(name, algorithms[i].name) && algorithms[i].name.n > best)
            best = algorithms[i].name.n, ret->alg = algorithms[i].alg, *ret_key = algorithms[i].key;
    tw_str rest = tw_str_sub(name, best, name.n);
    bool stream = tw_cipher_block(ret->alg) == 1, bare = !rest.n;
    ret->mode = stream ? TW_MODE_STREAM : TW_MODE_CBC;
    for (size_t i = 0; i < TW_COUNT(modes); i++)
        if (tw_str_eq(modes[i].name, rest)) ret->mode = modes[i].mode, bare = true;
    if (best && bare && tw_str_starts(name, TW_S("des-ede")) && !rest.n) ret->mode = TW_MODE_ECB;
    return best && bare;
}

typedef struct node {
    tw_cipher c;
    ev_past past;
    bool padding;
    tw_str tag;
    tw_buf text, aad;
    uint8_t derived[64];
} node;

/* createDecipher(name, password): the key as OpenSSL's command derives it. */
static bool from_password(ev *e, node *n, uint32_t key, uint32_t iv)
{
    tw_str pass;
    if (!ev_raw_or_text(e, ev_call_arg(e, &n->past.made, 1, NULL), &pass) || !ev_step(e, 16)) return false;
    tw_bytes_to_key(tw_hash_find(TW_S("md5")), pass, TW_S(""), 1, n->derived, key + iv);
    n->c.key = tw_str_of((const char *)n->derived, key);
    n->c.iv = tw_str_of((const char *)n->derived + key, iv);
    return true;
}

static bool made(ev *e, node *n)
{
    const ev_call *c = &n->past.made;
    tw_str name, how = ev_last_name(ev_sym(e, c->sym));
    uint32_t key = 0, v = ev_call_arg(e, c, 0, NULL), iv = ev_call_arg(e, c, 2, NULL);
    if (!v || !ev_text(e, v, &name) || !by_name(name, &n->c, &key)) return false;
    n->c.encrypt = tw_str_starts(how, TW_S("createCipher"));
    uint32_t block = n->c.mode == TW_MODE_ECB || n->c.mode == TW_MODE_STREAM ? 0 : tw_cipher_block(n->c.alg);
    if (n->c.alg == TW_CIPHER_CHACHA20 && n->c.mode == TW_MODE_STREAM) block = 16;
    if (!tw_str_ends(how, TW_S("iv"))) return from_password(e, n, key, block);
    if (!ev_raw_or_text(e, ev_call_arg(e, c, 1, NULL), &n->c.key) || n->c.key.n != key || !iv) return false;
    if (ev_at(e, iv)->kind != TW_VAL_NULL_ && !ev_raw_or_text(e, iv, &n->c.iv)) return false;
    return block || !n->c.iv.n;
}

static bool encoded(ev *e, uint32_t v, uint32_t enc, tw_str *ret)
{
    uint32_t args[2] = {v, enc}, none[2] = {0, 0};
    uint8_t kind;
    if (!ev_is_text(e, v, &kind) || !ev_is_const(e, v)) return false;
    if (kind == TW_VAL_BYTES) return ev_raw(e, v, ret);
    bool given = enc && ev_at(e, enc)->kind != TW_VAL_NULL_;
    uint32_t raw = ev_js_buffer(e, &(ev_args){0, args, none, given ? 2 : 1});
    return raw && ev_raw(e, raw, ret);
}

static bool replay(ev *e, node *n, const ev_call *c)
{
    tw_str method = ev_method(e, c), s;
    uint32_t first = ev_call_arg(e, c, 0, NULL), second = ev_call_arg(e, c, 1, NULL);
    if (tw_str_eq(method, TW_S("setAutoPadding"))) {
        int truth = first ? ev_js_truth(e, first) : 1;
        n->padding = truth == 1;
        return truth >= 0;
    }
    if (!first) return false;
    if (tw_str_eq(method, TW_S("setAuthTag"))) return encoded(e, first, second, &n->tag);
    if (tw_str_eq(method, TW_S("setAAD"))) {
        if (!ev_raw_or_text(e, first, &s)) return false;
        tw_buf_puts(&n->aad, s);
        return !n->aad.over;
    }
    if (!tw_str_eq(method, TW_S("update")) || !encoded(e, first, second, &s)) return false;
    tw_buf_puts(&n->text, s);
    return !n->text.over && ev_step(e, n->text.n / 64);
}

static bool start(ev *e, const ev_args *a, node *n)
{
    *n = (node){.padding = true, .text.limit = e->lim->value_bytes, .aad.limit = AAD_MAX};
    if (!ev_past_of(e, a, &n->past) || !made(e, n)) return false;
    for (uint32_t i = 0; i < n->past.n; i++) {
        ev_call c = e->calls.v[n->past.calls[i]];
        if (!replay(e, n, &c)) return false;
    }
    return true;
}

static void end(node *n)
{
    tw_buf_free(&n->text), tw_buf_free(&n->aad);
}

/* How much of n bytes has come out before the end: the last block waits for it, where it may be padding. */
static size_t out_of(const node *n, size_t in)
{
    uint32_t block = tw_cipher_block(n->c.alg);
    if (n->c.mode != TW_MODE_ECB && n->c.mode != TW_MODE_CBC) return in;
    if (n->padding && !n->c.encrypt && in && !(in % block)) return in - block;
    return in - in % block;
}

/* UTF-8 that is whole; a character cut at the end waits. false: there is something else in it. */
static bool whole_text(tw_str s, size_t *ret)
{
    size_t cut = 0;
    while (cut < 3 && cut < s.n && ((uint8_t)s.p[s.n - 1 - cut] & 0xC0) == 0x80) cut++;
    uint8_t head = cut < s.n ? (uint8_t)s.p[s.n - 1 - cut] : 0;
    size_t want = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : head >= 0xC0 ? 2 : 1;
    *ret = want > cut + 1 ? s.n - cut - 1 : s.n;
    return tw_utf8_valid(tw_str_sub(s, 0, *ret));
}

/* out[before, now) as the call wants it. */
static uint32_t spoken(ev *e, tw_str out, size_t before, size_t now, uint32_t enc, bool last, uint32_t from,
                       const char *recipe)
{
    tw_str how;
    if (!enc || ev_at(e, enc)->kind == TW_VAL_NULL_)
        return ev_result(e, from, tw_str_sub(out, before, now), recipe);
    if (!ev_text(e, enc, &how)) return 0;
    if (tw_str_ieq(how, TW_S("buffer"))) return ev_result(e, from, tw_str_sub(out, before, now), recipe);
    if (tw_str_ieq(how, TW_S("utf8")) || tw_str_ieq(how, TW_S("utf-8"))) {
        if (!whole_text(tw_str_sub(out, 0, before), &before)) return 0;
        size_t to = now;
        if (!whole_text(tw_str_sub(out, 0, now), &to) || (last && to != now)) return 0;
        uint32_t v = ev_result(e, from, tw_str_sub(out, before, to), recipe);
        return ev_recode(e, v, TW_S("utf-8"), false);
    }
    if (tw_str_ieq(how, TW_S("base64")) && (before % 3 || (!last && now % 3))) return 0;
    uint32_t none = 0, v = ev_result(e, from, tw_str_sub(out, before, now), recipe);
    return ev_js_to_string(e, &(ev_args){v, &enc, &none, 1});
}

uint32_t ev_js_decipher_update(ev *e, const ev_args *a)
{
    node n;
    tw_str s, out;
    uint32_t v = 0;
    if (!a->n || a->n > 3) return 0;
    bool fine = start(e, a, &n) && encoded(e, a->v[0], a->n > 1 ? a->v[1] : 0, &s);
    if (fine) {
        size_t before = out_of(&n, n.text.n);
        tw_buf_puts(&n.text, s);
        size_t now = out_of(&n, n.text.n);
        fine = !n.text.over && ev_cipher(e, &n.c, tw_str_sub(tw_buf_str(&n.text), 0, now), &out);
        if (fine)
            v = spoken(e, out, before, now, a->n > 2 ? a->v[2] : 0, false, a->v[0],
                       n.c.encrypt && out_of(&n, 1) != 1 ? NULL : ev_cipher_name(&n.c));
    }
    end(&n);
    return v;
}

static bool finished(ev *e, node *n, tw_str *out)
{
    uint32_t block = tw_cipher_block(n->c.alg);
    bool blocks = n->c.mode == TW_MODE_ECB || n->c.mode == TW_MODE_CBC;
    tw_str text = tw_buf_str(&n->text);
    if (n->c.mode == TW_MODE_GCM || n->c.mode == TW_MODE_POLY1305)
        return n->c.encrypt ? ev_cipher(e, &n->c, text, out)
                            : ev_cipher_proved(e, &n->c, tw_buf_str(&n->aad), text, n->tag, out);
    if (blocks && n->c.encrypt && n->padding) {
        uint32_t more = block - (uint32_t)(n->text.n % block);
        for (uint32_t i = 0; i < more; i++) tw_buf_putc(&n->text, (char)more);
        text = tw_buf_str(&n->text);
        return !n->text.over && ev_cipher(e, &n->c, text, out);
    }
    if (!ev_cipher(e, &n->c, text, out)) return false;
    return !blocks || !n->padding || ev_unpad(out, block, EV_PAD_PKCS7);
}

uint32_t ev_js_decipher_final(ev *e, const ev_args *a)
{
    node n;
    tw_str out;
    uint32_t v = 0;
    if (a->n > 1) return 0;
    if (start(e, a, &n)) {
        size_t before = out_of(&n, n.text.n);
        if (finished(e, &n, &out)) v = spoken(e, out, before, out.n, a->n ? a->v[0] : 0, true, 0, NULL);
    }
    end(&n);
    return v;
}

/* ---- aes-js: new aesjs.ModeOfOperation.ctr(key, counter).decrypt(bytes) ---- */

uint32_t ev_aesjs(ev *e, const ev_args *a)
{
    ev_past p;
    tw_str s, out, name;
    uint8_t block[16] = {0};
    tw_cipher c = {.alg = TW_CIPHER_AES};
    if (a->n != 1 || !ev_raw(e, a->v[0], &s) || !ev_past_of(e, a, &p) || p.n ||
        !ev_call_raw(e, &p.made, 0, NULL, &c.key))
        return 0;
    name = ev_last_name(ev_sym(e, p.made.sym));
    uint32_t second = ev_call_arg(e, &p.made, 1, NULL);
    int64_t first = 1;
    ev_call counter;
    if (tw_str_eq(name, TW_S("ctr"))) {
        bool known = !second || (ev_maker(e, second, &counter) && counter.n_args == 1 &&
                                 ev_get_int(e, e->args.v[counter.args].value, &first) && first >= 0);
        if (!known) return 0;
        for (unsigned i = 0; i < 8; i++) block[15 - i] = (uint8_t)((uint64_t)first >> (8 * i));
        c.mode = TW_MODE_CTR, c.iv = tw_str_of((const char *)block, 16);
    } else {
        c.mode = tw_str_eq(name, TW_S("ecb"))   ? TW_MODE_ECB
                 : tw_str_eq(name, TW_S("cbc")) ? TW_MODE_CBC
                                                : TW_MODE_OFB;
        if (c.mode != TW_MODE_ECB && !ev_raw(e, second, &c.iv)) return 0;
    }
    return ev_cipher(e, &c, s, &out) ? ev_result(e, a->v[0], out, ev_cipher_name(&c)) : 0;
}
