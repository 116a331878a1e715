/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Between the pure_*.c of digests and ciphers, and their tables of names (pure_crypto_rows.c). */
#include "base/cipher.h"
#include "base/hash.h"
#include "engine/record/pure_object.h"

/* pure_digest.c */
const tw_hash_alg *ev_hash_named(ev *e, uint32_t v);
uint32_t ev_pbkdf2_with(ev *e, const tw_hash_alg *alg, tw_str pass, tw_str salt, int64_t iterations,
                        int64_t n);
uint32_t ev_scrypt_with(ev *e, tw_str pass, tw_str salt, int64_t n, int64_t r, int64_t p, int64_t size);
uint32_t ev_hkdf_with(ev *e, const tw_hash_alg *alg, tw_str key, tw_str salt, tw_str info, int64_t n);
uint32_t ev_py_digest(ev *e, const ev_args *a);
uint32_t ev_py_hexdigest(ev *e, const ev_args *a);
uint32_t ev_py_hmac(ev *e, const ev_args *a);
uint32_t ev_py_hexhmac(ev *e, const ev_args *a);
uint32_t ev_py_hmac_once(ev *e, const ev_args *a);
uint32_t ev_crc32(ev *e, const ev_args *a);
uint32_t ev_adler32(ev *e, const ev_args *a);
uint32_t ev_py_pbkdf2_hmac(ev *e, const ev_args *a);
uint32_t ev_py_scrypt(ev *e, const ev_args *a);
uint32_t ev_py_derive(ev *e, const ev_args *a);
uint32_t ev_pycrypto_pbkdf2(ev *e, const ev_args *a);
uint32_t ev_pycrypto_scrypt(ev *e, const ev_args *a);
uint32_t ev_pycrypto_hkdf(ev *e, const ev_args *a);
uint32_t ev_js_hash(ev *e, const ev_args *a);
uint32_t ev_js_hmac(ev *e, const ev_args *a);
uint32_t ev_js_hash_once(ev *e, const ev_args *a);
uint32_t ev_js_pbkdf2(ev *e, const ev_args *a);
uint32_t ev_js_scrypt(ev *e, const ev_args *a);
uint32_t ev_js_hkdf(ev *e, const ev_args *a);

/* pure_cipher.c: what the libraries' functions are made of. */
enum { EV_PAD_NONE, EV_PAD_PKCS7, EV_PAD_ZERO, EV_PAD_ISO7816, EV_PAD_X923 };
bool ev_unpad(tw_str *io, uint32_t block, int how); /* false: not padded so */
/* The whole of `in` through the cipher, in e->tmp; false: it does not fit, or no room. */
bool ev_cipher(ev *e, const tw_cipher *c, tw_str in, tw_str *ret);
/* The same where a tag must prove it; tag shorter than 16: its beginning. */
bool ev_cipher_proved(ev *e, const tw_cipher *c, tw_str aad, tw_str in, tw_str tag, tw_str *ret);
const char *ev_cipher_name(const tw_cipher *c); /* "aes-cbc" */

/* pure_cipher_py.c, pure_cipher_pycrypto.c */
uint32_t ev_fernet(ev *e, const ev_args *a);
uint32_t ev_multi_fernet(ev *e, const ev_args *a);
uint32_t ev_hazmat_update(ev *e, const ev_args *a);
uint32_t ev_hazmat_finalize(ev *e, const ev_args *a);
uint32_t ev_hazmat_aead(ev *e, const ev_args *a);
uint32_t ev_hazmat_unpad(ev *e, const ev_args *a);
uint32_t ev_hazmat_unpad_end(ev *e, const ev_args *a);
uint32_t ev_pycrypto_crypt(ev *e, const ev_args *a);
uint32_t ev_pycrypto_verified(ev *e, const ev_args *a);
uint32_t ev_pycrypto_unpad(ev *e, const ev_args *a);
uint32_t ev_secretbox(ev *e, const ev_args *a);
uint32_t ev_pyaes_decrypt(ev *e, const ev_args *a);
uint32_t ev_pyaes_feed(ev *e, const ev_args *a);
uint32_t ev_arc4(ev *e, const ev_args *a);

/* pure_cipher_node.c, pure_cipher_cryptojs.c */
uint32_t ev_js_decipher_update(ev *e, const ev_args *a);
uint32_t ev_js_decipher_final(ev *e, const ev_args *a);
uint32_t ev_cryptojs_to_string(ev *e, const ev_args *a);
uint32_t ev_cryptojs_stringify(ev *e, const ev_args *a);
uint32_t ev_aesjs(ev *e, const ev_args *a);
