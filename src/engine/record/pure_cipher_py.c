/* SPDX-License-Identifier: Apache-2.0 */
/* Ciphers of Python's `cryptography`: Fernet, hazmat, AEAD; and PyNaCl's SecretBox. */
#include "engine/record/pure_crypto.h"

enum { FERNET_HEAD = 25, FERNET_TAG = 32, AAD_MAX = 4096 };

/* ---- Fernet ---- */

static uint32_t unbase64(ev *e, uint32_t v)
{
    uint32_t none = 0;
    uint8_t kind;
    ev_args one = {0, &v, &none, 1};
    return v && ev_is_text(e, v, &kind) && ev_is_const(e, v) ? ev_b64url(e, &one) : 0;
}

/* Fernet(key) and a token that is no base64 any more. */
static uint32_t open_token(ev *e, uint32_t fernet, tw_str token, uint32_t from)
{
    ev_call c;
    tw_str key, text;
    uint8_t tag[TW_HASH_MAX];
    if (!ev_maker(e, fernet, &c) || !tw_str_eq(ev_last_name(ev_sym(e, c.sym)), TW_S("Fernet"))) return 0;
    uint32_t key_v = unbase64(e, ev_call_arg(e, &c, 0, "key"));
    if (!ev_raw(e, key_v, &key) || key.n != 32 || token.n < FERNET_HEAD + FERNET_TAG ||
        token.p[0] != '\x80' || !ev_step(e, token.n / 32 + 8))
        return 0;
    tw_str covered = tw_str_sub(token, 0, token.n - FERNET_TAG);
    tw_hmac m;
    tw_hmac_init(&m, tw_hash_find(TW_S("sha256")), tw_str_sub(key, 0, 16));
    tw_hmac_add(&m, covered);
    tw_hmac_end(&m, tag);
    if (memcmp(tag, covered.p + covered.n, FERNET_TAG) != 0) return 0;
    tw_cipher cipher = {.alg = TW_CIPHER_AES, .mode = TW_MODE_CBC};
    cipher.key = tw_str_sub(key, 16, 32);
    cipher.iv = tw_str_sub(token, 9, FERNET_HEAD);
    if (!ev_cipher(e, &cipher, tw_str_sub(covered, FERNET_HEAD, covered.n), &text) ||
        !ev_unpad(&text, 16, EV_PAD_PKCS7))
        return 0;
    return ev_result(e, from, text, "fernet");
}

/* With a time to live it is a matter of the clock. */
static bool token_of(ev *e, const ev_args *a, uint32_t *ret_from, tw_str *ret)
{
    *ret_from = ev_arg(e, a, 0, "token");
    uint32_t raw = ev_absent(e, ev_arg(e, a, 1, "ttl")) ? unbase64(e, *ret_from) : 0;
    return raw && ev_raw(e, raw, ret);
}

uint32_t ev_fernet(ev *e, const ev_args *a)
{
    tw_str token;
    uint32_t from;
    return token_of(e, a, &from, &token) ? open_token(e, a->self, token, from) : 0;
}

uint32_t ev_multi_fernet(ev *e, const ev_args *a)
{
    tw_str token;
    uint32_t from, list, n, v = 0;
    ev_call c;
    if (!token_of(e, a, &from, &token) || !ev_maker(e, a->self, &c)) return 0;
    uint32_t all = ev_call_arg(e, &c, 0, "fernets");
    if (!all || !ev_items(e, all, &list, &n) || n > 16) return 0;
    for (uint32_t i = 0; i < n && !v; i++) v = open_token(e, e->lists.v[list + i], token, from);
    return v;
}

/* ---- hazmat: Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor() ---- */

static const struct {
    tw_str name;
    uint8_t what;
} algorithms[] =
    {
        {TW_SI("AES"), TW_CIPHER_AES},           {TW_SI("AES128"), TW_CIPHER_AES},
        {TW_SI("AES256"), TW_CIPHER_AES},        {TW_SI("TripleDES"), TW_CIPHER_DES3},
        {TW_SI("Blowfish"), TW_CIPHER_BLOWFISH}, {TW_SI("CAST5"), TW_CIPHER_CAST5},
        {TW_SI("Camellia"), TW_CIPHER_CAMELLIA}, {TW_SI("ARC4"), TW_CIPHER_RC4},
        {TW_SI("ChaCha20"), TW_CIPHER_CHACHA20},
},
  modes[] = {
      {TW_SI("ECB"), TW_MODE_ECB}, {TW_SI("CBC"), TW_MODE_CBC},   {TW_SI("CTR"), TW_MODE_CTR},
      {TW_SI("CFB"), TW_MODE_CFB}, {TW_SI("CFB8"), TW_MODE_CFB8}, {TW_SI("OFB"), TW_MODE_OFB},
      {TW_SI("GCM"), TW_MODE_GCM},
};

typedef struct hazmat {
    tw_cipher c;
    tw_str tag; /* of GCM */
    ev_past past;
} hazmat;

static bool set_mode(ev *e, hazmat *h, uint32_t v)
{
    ev_call c;
    if (ev_absent(e, v)) return h->c.mode = TW_MODE_STREAM, tw_cipher_block(h->c.alg) == 1;
    if (!ev_maker(e, v, &c) || tw_cipher_block(h->c.alg) == 1) return false;
    tw_str name = ev_last_name(ev_sym(e, c.sym));
    for (size_t i = 0; i < TW_COUNT(modes); i++)
        if (tw_str_eq(modes[i].name, name)) h->c.mode = modes[i].what;
    if (h->c.mode == TW_MODE_STREAM) return false;
    if (h->c.mode == TW_MODE_ECB) return true;
    static const char *const keywords[TW_MODE_MAX] = {[TW_MODE_CTR] = "nonce"};
    const char *keyword = keywords[h->c.mode] ? keywords[h->c.mode] : "initialization_vector";
    uint32_t tag = h->c.mode == TW_MODE_GCM ? ev_call_arg(e, &c, 1, "tag") : 0;
    return ev_call_raw(e, &c, 0, keyword, &h->c.iv) && (ev_absent(e, tag) || ev_raw(e, tag, &h->tag));
}

/* The cipher behind decryptor.update(): its key, its mode, its past. */
static bool hazmat_of(ev *e, const ev_args *a, hazmat *h)
{
    ev_call cipher, alg;
    *h = (hazmat){.c.alg = TW_CIPHER_NONE};
    if (!ev_past_of(e, a, &h->past)) return false;
    tw_str which = ev_method(e, &h->past.made);
    h->c.encrypt = tw_str_eq(which, TW_S("encryptor"));
    const ev_val *callee = ev_at(e, h->past.made.callee);
    if (!which.n || !ev_maker(e, callee->a, &cipher)) return false;
    uint32_t alg_v = ev_call_arg(e, &cipher, 0, "algorithm");
    if (!alg_v || !ev_maker(e, alg_v, &alg)) return false;
    tw_str name = ev_last_name(ev_sym(e, alg.sym));
    for (size_t i = 0; i < TW_COUNT(algorithms); i++)
        if (tw_str_eq(algorithms[i].name, name)) h->c.alg = algorithms[i].what;
    if (h->c.alg == TW_CIPHER_NONE || !ev_call_raw(e, &alg, 0, "key", &h->c.key)) return false;
    if (h->c.alg == TW_CIPHER_CHACHA20 && !ev_call_raw(e, &alg, 1, "nonce", &h->c.iv)) return false;
    if (h->c.alg == TW_CIPHER_DES3 && h->c.key.n == 8) h->c.alg = TW_CIPHER_DES;
    return set_mode(e, h, ev_call_arg(e, &cipher, 1, "mode"));
}

/* All that was given to update() so far, and the data to be proved besides. */
static bool gather(ev *e, const hazmat *h, tw_buf *text, tw_buf *aad)
{
    for (uint32_t i = 0; i < h->past.n; i++) {
        ev_call c = e->calls.v[h->past.calls[i]];
        tw_str method = ev_method(e, &c), s;
        bool update = tw_str_eq(method, TW_S("update")),
             extra = tw_str_eq(method, TW_S("authenticate_additional_data"));
        if (!(update || extra) || c.n_args != 1 || !ev_call_raw(e, &c, 0, "data", &s)) return false;
        tw_buf_puts(update ? text : aad, s);
    }
    return !text->over && !aad->over && ev_step(e, (text->n + aad->n) / 64);
}

static size_t whole(const hazmat *h, size_t n)
{
    bool blocks = h->c.mode == TW_MODE_ECB || h->c.mode == TW_MODE_CBC;
    return blocks ? n - n % tw_cipher_block(h->c.alg) : n;
}

uint32_t ev_hazmat_update(ev *e, const ev_args *a)
{
    hazmat h;
    tw_str s, out;
    tw_buf text = {.limit = e->lim->value_bytes}, aad = {.limit = AAD_MAX};
    bool fine = a->n == 1 && ev_raw(e, ev_arg(e, a, 0, "data"), &s) && hazmat_of(e, a, &h) &&
                gather(e, &h, &text, &aad);
    size_t before = fine ? whole(&h, text.n) : 0;
    if (fine) tw_buf_puts(&text, s);
    size_t now = fine ? whole(&h, text.n) : 0;
    fine = fine && !text.over && ev_cipher(e, &h.c, tw_str_sub(tw_buf_str(&text), 0, now), &out);
    tw_buf_free(&text), tw_buf_free(&aad);
    return fine ? ev_result(e, ev_arg(e, a, 0, "data"), tw_str_sub(out, before, now), ev_cipher_name(&h.c))
                : 0;
}

uint32_t ev_hazmat_finalize(ev *e, const ev_args *a)
{
    hazmat h;
    tw_str out;
    tw_buf text = {.limit = e->lim->value_bytes}, aad = {.limit = AAD_MAX};
    bool fine = a->n <= 1 && hazmat_of(e, a, &h) && gather(e, &h, &text, &aad) && whole(&h, text.n) == text.n;
    if (fine && a->n) fine = h.c.mode == TW_MODE_GCM && !h.tag.n && ev_raw(e, a->v[0], &h.tag);
    if (fine && h.c.mode == TW_MODE_GCM && !h.c.encrypt)
        fine = ev_cipher_proved(e, &h.c, tw_buf_str(&aad), tw_buf_str(&text), h.tag, &out);
    tw_buf_free(&text), tw_buf_free(&aad);
    return fine ? ev_folded(e, TW_VAL_BYTES, TW_S(""), 0) : 0;
}

/* AESGCM(key).decrypt(nonce, data, associated_data), ChaCha20Poly1305 the same. */
uint32_t ev_hazmat_aead(ev *e, const ev_args *a)
{
    ev_call made;
    tw_str data, aad = TW_S(""), text;
    uint32_t from = ev_arg(e, a, 1, "data"), extra = ev_arg(e, a, 2, "associated_data");
    if (!ev_maker(e, a->self, &made)) return 0;
    bool gcm = tw_str_eq(ev_last_name(ev_sym(e, made.sym)), TW_S("AESGCM"));
    tw_cipher c = {.alg = gcm ? TW_CIPHER_AES : TW_CIPHER_CHACHA20,
                   .mode = gcm ? TW_MODE_GCM : TW_MODE_POLY1305};
    if (!ev_call_raw(e, &made, 0, "key", &c.key) || !ev_raw(e, ev_arg(e, a, 0, "nonce"), &c.iv) ||
        !ev_raw(e, from, &data) || (!ev_absent(e, extra) && !ev_raw(e, extra, &aad)) || data.n < 16 ||
        (gcm ? c.iv.n < 8 : c.iv.n != 12))
        return 0;
    tw_str tag = tw_str_sub(data, data.n - 16, data.n);
    return ev_cipher_proved(e, &c, aad, tw_str_sub(data, 0, data.n - 16), tag, &text)
               ? ev_result(e, from, text, ev_cipher_name(&c))
               : 0;
}

/* ---- padding.PKCS7(128).unpadder() ---- */

static bool unpadder(ev *e, const ev_args *a, ev_past *p, uint32_t *ret_block, int *ret_how, tw_buf *text)
{
    ev_call made;
    int64_t bits;
    if (!ev_past_of(e, a, p) || !tw_str_eq(ev_method(e, &p->made), TW_S("unpadder"))) return false;
    if (!ev_maker(e, ev_at(e, p->made.callee)->a, &made)) return false;
    uint32_t size = ev_call_arg(e, &made, 0, "block_size");
    tw_str last = ev_last_name(ev_sym(e, size ? ev_at(e, size)->sym : 0));
    if (tw_str_eq(last, TW_S("block_size"))) /* algorithms.AES.block_size */
        bits = tw_str_find(ev_sym(e, ev_at(e, size)->sym), TW_S("AES")) != TW_NPOS ? 128 : 0;
    else if (!size || !ev_get_int(e, size, &bits))
        return false;
    *ret_how = tw_str_eq(ev_last_name(ev_sym(e, made.sym)), TW_S("PKCS7")) ? EV_PAD_PKCS7 : EV_PAD_X923;
    if (bits < 8 || bits % 8 || bits > 2040) return false;
    *ret_block = (uint32_t)bits / 8;
    for (uint32_t i = 0; i < p->n; i++) {
        ev_call c = e->calls.v[p->calls[i]];
        tw_str s;
        if (!tw_str_eq(ev_method(e, &c), TW_S("update")) || !ev_call_raw(e, &c, 0, "data", &s)) return false;
        tw_buf_puts(text, s);
    }
    return !text->over && ev_step(e, text->n / 64);
}

static size_t given_out(size_t n, uint32_t block)
{
    return n < block ? 0 : (n / block - 1) * block;
}

uint32_t ev_hazmat_unpad(ev *e, const ev_args *a)
{
    ev_past p;
    tw_str s;
    uint32_t block = 1, v = 0, from = ev_arg(e, a, 0, "data");
    int how;
    tw_buf text = {.limit = e->lim->value_bytes};
    if (a->n == 1 && ev_raw(e, from, &s) && unpadder(e, a, &p, &block, &how, &text)) {
        size_t before = given_out(text.n, block);
        tw_buf_puts(&text, s);
        tw_str now = tw_str_sub(tw_buf_str(&text), before, given_out(text.n, block));
        if (!text.over && ev_room(e, now.n)) v = ev_result(e, from, tw_arena_str(e->tmp, now), NULL);
    }
    tw_buf_free(&text);
    return v;
}

uint32_t ev_hazmat_unpad_end(ev *e, const ev_args *a)
{
    ev_past p;
    uint32_t block = 1, v = 0;
    int how;
    tw_buf text = {.limit = e->lim->value_bytes};
    if (!a->n && unpadder(e, a, &p, &block, &how, &text)) {
        tw_str last = tw_str_sub(tw_buf_str(&text), given_out(text.n, block), text.n);
        if (last.n == block && ev_unpad(&last, block, how))
            v = ev_folded(e, TW_VAL_BYTES, tw_arena_str(e->tmp, last), 0);
    }
    tw_buf_free(&text);
    return v;
}

/* ---- nacl.secret.SecretBox(key).decrypt(nonce + box), (box, nonce) ---- */

uint32_t ev_secretbox(ev *e, const ev_args *a)
{
    ev_call made;
    tw_str key, nonce, box;
    uint32_t from = ev_arg(e, a, 0, "ciphertext"), given = ev_arg(e, a, 1, "nonce");
    if (a->n > 2 || !ev_maker(e, a->self, &made) || made.n_args != 1 ||
        !ev_call_raw(e, &made, 0, "key", &key) || !ev_raw(e, from, &box))
        return 0;
    if (ev_absent(e, given))
        nonce = tw_str_sub(box, 0, 24), box = tw_str_sub(box, nonce.n, box.n);
    else if (!ev_raw(e, given, &nonce))
        return 0;
    if (box.n < 16 || !ev_step(e, 32 + box.n / 8)) return 0;
    uint8_t *out = ev_room_for(e, box.n);
    if (!out || !tw_secretbox_open(key, nonce, box, out)) return 0;
    return ev_result(e, from, tw_str_of((const char *)out, box.n - 16), "secretbox");
}
