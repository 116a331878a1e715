/* SPDX-License-Identifier: Apache-2.0 */
/* Ciphers of Python's Crypto and Cryptodome, pyaes, arc4. */
#include "engine/record/pure_crypto.h"

enum { AAD_MAX = 4096 };

static const struct {
    tw_str name;
    uint8_t alg;
} algorithms[] = {
    {TW_SI("AES"), TW_CIPHER_AES},           {TW_SI("DES"), TW_CIPHER_DES},
    {TW_SI("DES3"), TW_CIPHER_DES3},         {TW_SI("Blowfish"), TW_CIPHER_BLOWFISH},
    {TW_SI("CAST"), TW_CIPHER_CAST5},        {TW_SI("ARC4"), TW_CIPHER_RC4},
    {TW_SI("ChaCha20"), TW_CIPHER_CHACHA20}, {TW_SI("ChaCha20_Poly1305"), TW_CIPHER_CHACHA20},
    {TW_SI("Salsa20"), TW_CIPHER_SALSA20},
};
/* The numbers behind AES.MODE_CBC, and what a third argument without a name is. */
static const struct {
    tw_str name;
    uint8_t number, mode;
    const char *third;
} modes[] = {
    {TW_SI("MODE_ECB"), 1, TW_MODE_ECB, ""},      {TW_SI("MODE_CBC"), 2, TW_MODE_CBC, "iv"},
    {TW_SI("MODE_CFB"), 3, TW_MODE_CFB8, "iv"},   {TW_SI("MODE_OFB"), 5, TW_MODE_OFB, "iv"},
    {TW_SI("MODE_CTR"), 6, TW_MODE_CTR, ""},      {TW_SI("MODE_GCM"), 11, TW_MODE_GCM, "nonce"},
    {TW_SI("MODE_EAX"), 9, TW_MODE_EAX, "nonce"},
};

static uint32_t named(const ev *e, const ev_call *c, const char *keyword)
{
    return ev_call_arg(e, c, UINT32_MAX, keyword);
}

/* The block that counts: nonce and initial_value, or Counter.new(128, ...). */
static bool counter(ev *e, const ev_call *c, tw_cipher *ret, uint8_t block[16])
{
    uint32_t size = tw_cipher_block(ret->alg), object = named(e, c, "counter"), first_v;
    int64_t first = 0, bits;
    tw_str nonce = TW_S(""), raw;
    ev_call made;
    if (object) {
        if (!ev_maker(e, object, &made) || !tw_str_ends(ev_sym(e, made.sym), TW_S("Counter.new")))
            return false;
        uint32_t nbits = ev_call_arg(e, &made, 0, "nbits"), prefix = ev_call_arg(e, &made, 1, "prefix"),
                 suffix = ev_call_arg(e, &made, 2, "suffix"),
                 little = ev_call_arg(e, &made, 4, "little_endian");
        first = 1, first_v = ev_call_arg(e, &made, 3, "initial_value");
        if (!nbits || !ev_get_int(e, nbits, &bits) || bits < 8 || bits % 8 || bits > 128 ||
            (prefix && !ev_raw(e, prefix, &nonce)) || suffix || little || nonce.n + (size_t)bits / 8 != size)
            return false;
    } else {
        first_v = named(e, c, "initial_value");
        if (!ev_raw(e, named(e, c, "nonce"), &nonce) || nonce.n >= size) return false;
    }
    size_t n = size - nonce.n;
    memset(block, 0, 16);
    if (nonce.n) memcpy(block, nonce.p, nonce.n);
    ret->iv = tw_str_of((const char *)block, size);
    ret->counter_bytes = (uint32_t)n;
    if (first_v && !object && ev_raw(e, first_v, &raw))
        return raw.n == n && memcpy(block + nonce.n, raw.p, n);
    if (first_v && !ev_get_int(e, first_v, &first)) return false;
    if (first < 0 || (n < 8 && first >> (8 * n))) return false;
    for (size_t i = 0; i < n && i < 8; i++) block[size - 1 - i] = (uint8_t)((uint64_t)first >> (8 * i));
    return true;
}

static bool block_mode(ev *e, const ev_call *c, tw_cipher *ret, uint8_t block[16])
{
    uint32_t mode = ev_call_arg(e, c, 1, "mode"), third = ev_call_arg(e, c, 2, NULL), size = 0;
    int64_t number = 0, bits = 8;
    if (!mode) return false;
    tw_str name = ev_last_name(ev_sym(e, ev_at(e, mode)->sym));
    const char *what = NULL;
    bool by_number = ev_get_int(e, mode, &number);
    for (size_t i = 0; i < TW_COUNT(modes) && !what; i++)
        if (by_number ? modes[i].number == number : tw_str_eq(modes[i].name, name))
            ret->mode = modes[i].mode, what = modes[i].third;
    if (!what) return false;
    if (ret->mode == TW_MODE_CTR) return !third && counter(e, c, ret, block);
    if (ret->mode == TW_MODE_CFB8 && (size = named(e, c, "segment_size")) != 0) {
        if (!ev_get_int(e, size, &bits)) return false;
        if (bits == (int64_t)tw_cipher_block(ret->alg) * 8)
            ret->mode = TW_MODE_CFB;
        else if (bits != 8)
            return false;
    }
    if (ret->mode == TW_MODE_ECB) return !third;
    uint32_t iv = third;
    if (!iv) iv = named(e, c, what);
    if (!iv && what[0] == 'i') iv = named(e, c, "IV");
    return ev_raw(e, iv, &ret->iv);
}

static bool made_cipher(ev *e, const ev_call *c, tw_cipher *ret, uint8_t block[16])
{
    tw_str made = ev_sym(e, c->sym), alg = {0};
    *ret = (tw_cipher){0};
    if (tw_str_ends(made, TW_S(".new"))) alg = ev_last_name(tw_str_sub(made, 0, made.n - 4));
    for (size_t i = 0; i < TW_COUNT(algorithms); i++)
        if (tw_str_eq(algorithms[i].name, alg)) ret->alg = algorithms[i].alg;
    if (!ret->alg || !ev_call_raw(e, c, 0, "key", &ret->key)) return false;
    if (tw_cipher_block(ret->alg) > 1) {
        bool degenerate = ret->alg == TW_CIPHER_DES3 && ret->key.n >= 16 &&
                          (!memcmp(ret->key.p, ret->key.p + 8, 8) ||
                           (ret->key.n == 24 && !memcmp(ret->key.p + 8, ret->key.p + 16, 8)));
        return !degenerate && block_mode(e, c, ret, block);
    }
    uint32_t drop = named(e, c, "drop");
    int64_t n = 0;
    if (ret->alg == TW_CIPHER_RC4)
        return (!drop || (ev_get_int(e, drop, &n) && n >= 0 && n < 1 << 16)) &&
               (ret->counter = (uint64_t)n, true);
    if (tw_str_eq(alg, TW_S("ChaCha20_Poly1305"))) ret->mode = TW_MODE_POLY1305;
    return ev_raw(e, named(e, c, "nonce"), &ret->iv) && ret->iv.n != 16;
}

/* What went through the cipher before, and what is proved besides. */
static bool gather(ev *e, const ev_past *p, tw_buf *text, tw_buf *aad, bool *ret_encrypts)
{
    *ret_encrypts = false;
    for (uint32_t i = 0; i < p->n; i++) {
        ev_call c = e->calls.v[p->calls[i]];
        tw_str method = ev_method(e, &c), s;
        bool update = tw_str_eq(method, TW_S("update")), encrypts = tw_str_eq(method, TW_S("encrypt"));
        if (!update && !encrypts && !tw_str_eq(method, TW_S("decrypt"))) return false;
        if (c.n_args != 1 || !ev_raw(e, e->args.v[c.args].value, &s)) return false;
        tw_buf_puts(update ? aad : text, s);
        *ret_encrypts |= encrypts;
    }
    return !text->over && !aad->over && ev_step(e, (text->n + aad->n) / 64);
}

static uint32_t crypt(ev *e, const ev_args *a, const ev_past *p, tw_buf *text, tw_buf *aad)
{
    tw_cipher c;
    uint8_t block[16];
    tw_str s, out;
    uint32_t from = a->v[0];
    bool encrypts, encrypt = tw_str_eq(ev_method(e, &e->calls.v[e->calls.n - 1]), TW_S("encrypt"));
    if (!ev_raw(e, from, &s) || !made_cipher(e, &p->made, &c, block) || !gather(e, p, text, aad, &encrypts))
        return 0;
    if (text->n && encrypts != encrypt) return 0;
    size_t before = text->n;
    tw_buf_puts(text, s);
    c.encrypt = encrypt;
    if (text->over || !ev_cipher(e, &c, tw_buf_str(text), &out)) return 0;
    return ev_result(e, from, tw_str_sub(out, before, out.n),
                     encrypt && c.mode != TW_MODE_STREAM ? NULL : ev_cipher_name(&c));
}

uint32_t ev_pycrypto_crypt(ev *e, const ev_args *a)
{
    ev_past p;
    tw_buf text = {.limit = e->lim->value_bytes}, aad = {.limit = AAD_MAX};
    uint32_t v = a->n == 1 && ev_past_of(e, a, &p) ? crypt(e, a, &p, &text, &aad) : 0;
    tw_buf_free(&text), tw_buf_free(&aad);
    return v;
}

uint32_t ev_pycrypto_verified(ev *e, const ev_args *a)
{
    ev_past p;
    tw_cipher c;
    uint8_t block[16];
    tw_str s, tag, out;
    bool encrypts;
    uint32_t from = ev_arg(e, a, 0, "ciphertext"), tag_v = ev_arg(e, a, 1, "received_mac_tag");
    tw_buf text = {.limit = e->lim->value_bytes}, aad = {.limit = AAD_MAX};
    bool fine = a->n == 2 && ev_past_of(e, a, &p) && ev_raw(e, from, &s) && ev_raw(e, tag_v, &tag) &&
                made_cipher(e, &p.made, &c, block) && gather(e, &p, &text, &aad, &encrypts) && !text.n;
    fine = fine && (c.mode == TW_MODE_GCM || c.mode == TW_MODE_EAX || c.mode == TW_MODE_POLY1305) &&
           tag.n == 16 && ev_cipher_proved(e, &c, tw_buf_str(&aad), s, tag, &out);
    tw_buf_free(&text), tw_buf_free(&aad);
    return fine ? ev_result(e, from, out, ev_cipher_name(&c)) : 0;
}

uint32_t ev_pycrypto_unpad(ev *e, const ev_args *a)
{
    static const struct {
        tw_str name;
        int how;
    } styles[] = {
        {TW_SI("pkcs7"), EV_PAD_PKCS7}, {TW_SI("x923"), EV_PAD_X923}, {TW_SI("iso7816"), EV_PAD_ISO7816}};
    tw_str s, style = TW_S("pkcs7");
    int64_t block = 0;
    uint32_t from = ev_arg(e, a, 0, "padded_data"), size = ev_arg(e, a, 1, "block_size"),
             how = ev_arg(e, a, 2, "style");
    if (!ev_raw(e, from, &s) || !size || (how && !ev_text(e, how, &style))) return 0;
    if (!ev_get_int(e, size, &block)) { /* AES.block_size */
        tw_str name = ev_sym(e, ev_at(e, size)->sym);
        if (tw_str_ends(name, TW_S("Cipher.AES.block_size"))) block = 16;
        if (tw_str_ends(name, TW_S("Cipher.DES.block_size")) ||
            tw_str_ends(name, TW_S("Cipher.DES3.block_size")) ||
            tw_str_ends(name, TW_S("Cipher.Blowfish.block_size")))
            block = 8;
    }
    if (block < 1 || block > 255) return 0;
    for (size_t i = 0; i < TW_COUNT(styles); i++)
        if (tw_str_eq(styles[i].name, style) && ev_unpad(&s, (uint32_t)block, styles[i].how))
            return ev_result(e, from, s, NULL);
    return 0;
}

/* ---- pyaes ---- */

static bool pyaes_mode(ev *e, const ev_call *c, tw_cipher *ret, uint8_t block[16])
{
    static const char zero[16] = {0};
    tw_str name = ev_last_name(ev_sym(e, c->sym));
    uint32_t iv = ev_call_arg(e, c, 1, "iv"), size = ev_call_arg(e, c, 2, "segment_size");
    int64_t first = 1;
    *ret = (tw_cipher){.alg = TW_CIPHER_AES, .iv = tw_str_of(zero, 16)};
    if (!ev_call_raw(e, c, 0, "key", &ret->key)) return false;
    if (tw_str_ends(name, TW_S("CTR"))) {
        ev_call made;
        uint32_t counter_v = ev_call_arg(e, c, 1, "counter"), start = 0;
        ret->mode = TW_MODE_CTR;
        if (!ev_absent(e, counter_v)) {
            if (!ev_maker(e, counter_v, &made) || !tw_str_ends(ev_sym(e, made.sym), TW_S(".Counter")))
                return false;
            start = ev_call_arg(e, &made, 0, "initial_value");
        }
        if ((start && !ev_get_int(e, start, &first)) || first < 0) return false;
        memset(block, 0, 16);
        for (unsigned i = 0; i < 8; i++) block[15 - i] = (uint8_t)((uint64_t)first >> (8 * i));
        return ret->iv.p = (const char *)block, true;
    }
    if (tw_str_ends(name, TW_S("ECB"))) return ret->mode = TW_MODE_ECB, ret->iv = (tw_str){0}, true;
    if (!ev_absent(e, iv) && !ev_raw(e, iv, &ret->iv)) return false;
    ret->mode = tw_str_ends(name, TW_S("CBC")) ? TW_MODE_CBC : TW_MODE_OFB;
    if (!tw_str_ends(name, TW_S("CFB"))) return true;
    if (size && !ev_get_int(e, size, &first)) return false;
    ret->mode = first == 1 ? TW_MODE_CFB8 : TW_MODE_CFB;
    return first == 1 || first == 16;
}

uint32_t ev_pyaes_decrypt(ev *e, const ev_args *a)
{
    ev_past p;
    tw_cipher c;
    uint8_t block[16];
    tw_str s, out;
    if (a->n != 1 || !ev_raw(e, a->v[0], &s) || !ev_past_of(e, a, &p) || p.n ||
        !pyaes_mode(e, &p.made, &c, block))
        return 0;
    if ((c.mode == TW_MODE_CBC || c.mode == TW_MODE_ECB) && s.n != 16) return 0;
    if (c.mode == TW_MODE_CFB && s.n % 16) return 0;
    return ev_cipher(e, &c, s, &out) ? ev_result(e, a->v[0], out, ev_cipher_name(&c)) : 0;
}

/* Does the object stand in the call that takes it? Then nobody has used it before. */
static bool made_there(const ev *e, const ev_call *by, const ev_call *object)
{
    const tw_insn *in = &e->ir->insns.v[by->at];
    if (in->op != TW_OP_CALL || !in->c) return false;
    for (uint32_t i = 0; i < e->ir->args.v[in->c].value; i++)
        if (e->ir->args.v[in->c + 1 + i].value == object->at) return true;
    return false;
}

/* Decrypter(mode).feed(data), and feed() at the end, which takes the padding off. */
uint32_t ev_pyaes_feed(ev *e, const ev_args *a)
{
    ev_past p;
    ev_call mode;
    tw_cipher c;
    uint8_t block[16];
    tw_str s = {0}, out;
    uint32_t v = 0;
    tw_buf text = {.limit = e->lim->value_bytes};
    bool fine = a->n <= 1 && (!a->n || ev_raw(e, a->v[0], &s)) && ev_past_of(e, a, &p) &&
                p.made.n_args == 1 && ev_maker(e, ev_call_arg(e, &p.made, 0, "mode"), &mode) &&
                made_there(e, &p.made, &mode) && pyaes_mode(e, &mode, &c, block) &&
                (c.mode == TW_MODE_CBC || c.mode == TW_MODE_ECB);
    for (uint32_t i = 0; fine && i < p.n; i++) {
        ev_call fed = e->calls.v[p.calls[i]];
        tw_str part;
        fine = tw_str_eq(ev_method(e, &fed), TW_S("feed")) && fed.n_args == 1 &&
               ev_call_raw(e, &fed, 0, "data", &part);
        if (fine) tw_buf_puts(&text, part);
    }
    size_t before = text.n > 16 ? (text.n - 1) / 16 * 16 : 0;
    tw_buf_puts(&text, s);
    size_t now = text.n > 16 ? (text.n - 1) / 16 * 16 : 0;
    tw_str whole = tw_buf_str(&text);
    fine = fine && !text.over && !(whole.n % 16) && whole.n && ev_cipher(e, &c, whole, &out);
    if (fine && a->n) v = ev_result(e, a->v[0], tw_str_sub(out, before, now), ev_cipher_name(&c));
    tw_str last = fine ? tw_str_sub(out, now, out.n) : (tw_str){0};
    if (fine && !a->n && ev_unpad(&last, 16, EV_PAD_PKCS7)) v = ev_folded(e, TW_VAL_BYTES, last, 0);
    tw_buf_free(&text);
    return v;
}

/* arc4.ARC4(key).decrypt(data) */
uint32_t ev_arc4(ev *e, const ev_args *a)
{
    ev_past p;
    tw_str s, out;
    tw_cipher c = {.alg = TW_CIPHER_RC4};
    if (a->n != 1 || !ev_raw(e, a->v[0], &s) || !ev_past_of(e, a, &p) || p.n || p.made.n_args != 1 ||
        !ev_call_raw(e, &p.made, 0, "key", &c.key) || !ev_cipher(e, &c, s, &out))
        return 0;
    return ev_result(e, a->v[0], out, "rc4");
}
