/* SPDX-License-Identifier: Apache-2.0 */
/* Names of digests, key derivation and ciphers. A new one is a line here. */
#include "engine/record/pure_crypto.h"

#define OBJECT(name)         \
    {                        \
        TW_SI(name), ev_made \
    }
#define ROW(name, fn)   \
    {                   \
        TW_SI(name), fn \
    }
#define HASHLIB(name)                                             \
    OBJECT("hashlib." name), OBJECT("hashlib." name "().update"), \
        ROW("hashlib." name "().digest", ev_py_digest), ROW("hashlib." name "().hexdigest", ev_py_hexdigest)
/* In Crypto and in Cryptodome. */
#define BOTH(name, fn) ROW("Crypto." name, fn), ROW("Cryptodome." name, fn)
#define CRYPTO_HASH(name)                                                              \
    BOTH("Hash." name ".new", ev_made), BOTH("Hash." name ".new().update", ev_itself), \
        BOTH("Hash." name ".new().digest", ev_py_digest),                              \
        BOTH("Hash." name ".new().hexdigest", ev_py_hexdigest)
#define CRYPTO_CIPHER(name)                                                                \
    BOTH("Cipher." name ".new", ev_made), BOTH("Cipher." name ".new().update", ev_itself), \
        BOTH("Cipher." name ".new().decrypt", ev_pycrypto_crypt),                          \
        BOTH("Cipher." name ".new().encrypt", ev_pycrypto_crypt),                          \
        BOTH("Cipher." name ".new().decrypt_and_verify", ev_pycrypto_verified)
#define HAZMAT "cryptography.hazmat.primitives."
#define CIPHER_OF(place)                                                                \
    OBJECT(HAZMAT place "Cipher"), OBJECT(HAZMAT place "Cipher().decryptor"),           \
        OBJECT(HAZMAT place "Cipher().encryptor"),                                      \
        ROW(HAZMAT place "Cipher().decryptor().update", ev_hazmat_update),              \
        ROW(HAZMAT place "Cipher().decryptor().finalize", ev_hazmat_finalize),          \
        ROW(HAZMAT place "Cipher().decryptor().finalize_with_tag", ev_hazmat_finalize), \
        OBJECT(HAZMAT place "Cipher().decryptor().authenticate_additional_data"),       \
        ROW(HAZMAT place "Cipher().encryptor().update", ev_hazmat_update),              \
        ROW(HAZMAT place "Cipher().encryptor().finalize", ev_hazmat_finalize)
#define AEAD(name) \
    OBJECT(HAZMAT "ciphers.aead." name), ROW(HAZMAT "ciphers.aead." name "().decrypt", ev_hazmat_aead)
#define PADDING(name)                                                             \
    OBJECT(HAZMAT "padding." name), OBJECT(HAZMAT "padding." name "().unpadder"), \
        ROW(HAZMAT "padding." name "().unpadder().update", ev_hazmat_unpad),      \
        ROW(HAZMAT "padding." name "().unpadder().finalize", ev_hazmat_unpad_end)
#define KDF(name) OBJECT(HAZMAT "kdf." name), ROW(HAZMAT "kdf." name "().derive", ev_py_derive)
#define ALGORITHM(name) OBJECT(HAZMAT "ciphers.algorithms." name)
#define MODE(name) OBJECT(HAZMAT "ciphers.modes." name)
#define PYAES(name)                          \
    OBJECT("pyaes.AESModeOfOperation" name), \
        ROW("pyaes.AESModeOfOperation" name "().decrypt", ev_pyaes_decrypt)

static const ev_pure_row python[] = {
    HASHLIB("md5"),
    HASHLIB("sha1"),
    HASHLIB("sha224"),
    HASHLIB("sha256"),
    HASHLIB("sha384"),
    HASHLIB("sha512"),
    HASHLIB("sha3_224"),
    HASHLIB("sha3_256"),
    HASHLIB("sha3_384"),
    HASHLIB("sha3_512"),
    HASHLIB("blake2b"),
    HASHLIB("blake2s"),
    HASHLIB("shake_128"),
    HASHLIB("shake_256"),
    HASHLIB("new"),
    OBJECT("hmac.new"),
    OBJECT("hmac.new().update"),
    ROW("hmac.new().digest", ev_py_hmac),
    ROW("hmac.new().hexdigest", ev_py_hexhmac),
    OBJECT("hmac.HMAC"),
    OBJECT("hmac.HMAC().update"),
    ROW("hmac.HMAC().digest", ev_py_hmac),
    ROW("hmac.HMAC().hexdigest", ev_py_hexhmac),
    ROW("hmac.digest", ev_py_hmac_once),
    ROW("zlib.crc32", ev_crc32),
    ROW("binascii.crc32", ev_crc32),
    ROW("zlib.adler32", ev_adler32),
    ROW("hashlib.pbkdf2_hmac", ev_py_pbkdf2_hmac),
    ROW("hashlib.scrypt", ev_py_scrypt),
    BOTH("Protocol.KDF.PBKDF2", ev_pycrypto_pbkdf2),
    BOTH("Protocol.KDF.scrypt", ev_pycrypto_scrypt),
    BOTH("Protocol.KDF.HKDF", ev_pycrypto_hkdf),
    BOTH("Util.Padding.unpad", ev_pycrypto_unpad),
    BOTH("Util.Counter.new", ev_made),
    CRYPTO_HASH("MD5"),
    CRYPTO_HASH("SHA"),
    CRYPTO_HASH("SHA1"),
    CRYPTO_HASH("SHA224"),
    CRYPTO_HASH("SHA256"),
    CRYPTO_HASH("SHA384"),
    CRYPTO_HASH("SHA512"),
    CRYPTO_HASH("SHA3_256"),
    CRYPTO_HASH("SHA3_512"),
    CRYPTO_HASH("RIPEMD160"),
    CRYPTO_CIPHER("AES"),
    CRYPTO_CIPHER("DES"),
    CRYPTO_CIPHER("DES3"),
    CRYPTO_CIPHER("Blowfish"),
    CRYPTO_CIPHER("CAST"),
    CRYPTO_CIPHER("ARC4"),
    CRYPTO_CIPHER("ChaCha20"),
    CRYPTO_CIPHER("ChaCha20_Poly1305"),
    CRYPTO_CIPHER("Salsa20"),
    OBJECT("cryptography.fernet.Fernet"),
    ROW("cryptography.fernet.Fernet().decrypt", ev_fernet),
    OBJECT("cryptography.fernet.MultiFernet"),
    ROW("cryptography.fernet.MultiFernet().decrypt", ev_multi_fernet),
    CIPHER_OF("ciphers."),
    CIPHER_OF("ciphers.base."),
    ALGORITHM("AES"),
    ALGORITHM("AES128"),
    ALGORITHM("AES256"),
    ALGORITHM("TripleDES"),
    ALGORITHM("Blowfish"),
    ALGORITHM("CAST5"),
    ALGORITHM("Camellia"),
    ALGORITHM("ARC4"),
    ALGORITHM("ChaCha20"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.algorithms.TripleDES"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.algorithms.Blowfish"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.algorithms.CAST5"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.algorithms.ARC4"),
    MODE("ECB"),
    MODE("CBC"),
    MODE("CTR"),
    MODE("CFB"),
    MODE("CFB8"),
    MODE("OFB"),
    MODE("GCM"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.modes.CFB"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.modes.CFB8"),
    OBJECT("cryptography.hazmat.decrepit.ciphers.modes.OFB"),
    AEAD("AESGCM"),
    AEAD("ChaCha20Poly1305"),
    PADDING("PKCS7"),
    PADDING("ANSIX923"),
    KDF("pbkdf2.PBKDF2HMAC"),
    KDF("scrypt.Scrypt"),
    KDF("hkdf.HKDF"),
    OBJECT("cryptography.hazmat.backends.default_backend"),
    OBJECT(HAZMAT "hashes.Hash"),
    OBJECT(HAZMAT "hashes.Hash().update"),
    ROW(HAZMAT "hashes.Hash().finalize", ev_py_digest),
    OBJECT(HAZMAT "hashes.MD5"),
    OBJECT(HAZMAT "hashes.SHA1"),
    OBJECT(HAZMAT "hashes.SHA224"),
    OBJECT(HAZMAT "hashes.SHA256"),
    OBJECT(HAZMAT "hashes.SHA384"),
    OBJECT(HAZMAT "hashes.SHA512"),
    OBJECT(HAZMAT "hashes.SHA3_256"),
    OBJECT(HAZMAT "hashes.SHA3_512"),
    OBJECT("nacl.secret.SecretBox"),
    ROW("nacl.secret.SecretBox().decrypt", ev_secretbox),
    PYAES("ECB"),
    PYAES("CBC"),
    PYAES("CTR"),
    PYAES("CFB"),
    PYAES("OFB"),
    OBJECT("pyaes.Counter"),
    OBJECT("pyaes.Decrypter"),
    ROW("pyaes.Decrypter().feed", ev_pyaes_feed),
    OBJECT("arc4.ARC4"),
    ROW("arc4.ARC4().decrypt", ev_arc4),
};

#define DECIPHER(name)                                                                              \
    OBJECT("crypto." name), ROW("crypto." name "().update", ev_js_decipher_update),                 \
        ROW("crypto." name "().final", ev_js_decipher_final),                                       \
        ROW("crypto." name "().setAuthTag", ev_itself), ROW("crypto." name "().setAAD", ev_itself), \
        ROW("crypto." name "().setAutoPadding", ev_itself)
#define WORDS(name)                                                  \
    OBJECT("crypto-js." name), OBJECT("CryptoJS." name),             \
        ROW("crypto-js." name "().toString", ev_cryptojs_to_string), \
        ROW("CryptoJS." name "().toString", ev_cryptojs_to_string)
#define WORDS_OF(module, member) \
    OBJECT("crypto-js/" module member), ROW("crypto-js/" module member "().toString", ev_cryptojs_to_string)
#define ENCODER(name, module)                                           \
    WORDS("enc." name ".parse"), WORDS_OF(module, ".parse"),            \
        ROW("crypto-js.enc." name ".stringify", ev_cryptojs_stringify), \
        ROW("CryptoJS.enc." name ".stringify", ev_cryptojs_stringify),  \
        ROW("crypto-js/" module ".stringify", ev_cryptojs_stringify)
#define AESJS(name) \
    OBJECT("aes-js.ModeOfOperation." name), ROW("aes-js.ModeOfOperation." name "().decrypt", ev_aesjs)

static const ev_pure_row javascript[] = {
    OBJECT("crypto.createHash"),
    ROW("crypto.createHash().update", ev_itself),
    ROW("crypto.createHash().digest", ev_js_hash),
    OBJECT("crypto.createHmac"),
    ROW("crypto.createHmac().update", ev_itself),
    ROW("crypto.createHmac().digest", ev_js_hmac),
    ROW("crypto.hash", ev_js_hash_once),
    ROW("crypto.pbkdf2Sync", ev_js_pbkdf2),
    ROW("crypto.scryptSync", ev_js_scrypt),
    ROW("crypto.hkdfSync", ev_js_hkdf),
    ROW("zlib.crc32", ev_crc32),
    DECIPHER("createDecipheriv"),
    DECIPHER("createDecipher"),
    DECIPHER("createCipheriv"),
    DECIPHER("createCipher"),
    WORDS("AES.decrypt"),
    WORDS("DES.decrypt"),
    WORDS("TripleDES.decrypt"),
    WORDS("RC4.decrypt"),
    WORDS_OF("aes", ".decrypt"),
    WORDS_OF("des", ".decrypt"),
    WORDS_OF("tripledes", ".decrypt"),
    WORDS_OF("rc4", ".decrypt"),
    ENCODER("Utf8", "enc-utf8"),
    ENCODER("Hex", "enc-hex"),
    ENCODER("Base64", "enc-base64"),
    ENCODER("Latin1", "enc-latin1"),
    WORDS("MD5"),
    WORDS("SHA1"),
    WORDS("SHA224"),
    WORDS("SHA256"),
    WORDS("SHA384"),
    WORDS("SHA512"),
    WORDS("RIPEMD160"),
    WORDS("HmacMD5"),
    WORDS("HmacSHA1"),
    WORDS("HmacSHA256"),
    WORDS("HmacSHA384"),
    WORDS("HmacSHA512"),
    WORDS("PBKDF2"),
    WORDS("EvpKDF"),
    WORDS_OF("md5", ""),
    WORDS_OF("sha1", ""),
    WORDS_OF("sha256", ""),
    WORDS_OF("sha384", ""),
    WORDS_OF("sha512", ""),
    WORDS_OF("hmac-md5", ""),
    WORDS_OF("hmac-sha1", ""),
    WORDS_OF("hmac-sha256", ""),
    WORDS_OF("hmac-sha512", ""),
    WORDS_OF("pbkdf2", ""),
    WORDS_OF("evpkdf", ""),
    OBJECT("crypto-js.lib.CipherParams.create"),
    OBJECT("CryptoJS.lib.CipherParams.create"),
    AESJS("ecb"),
    AESJS("cbc"),
    AESJS("ctr"),
    AESJS("ofb"),
    OBJECT("aes-js.Counter"),
};

const ev_pure_rows ev_rows_crypto = {python, TW_COUNT(python)},
                   ev_rows_js_crypto = {javascript, TW_COUNT(javascript)};
