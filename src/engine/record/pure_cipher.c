/* SPDX-License-Identifier: Apache-2.0 */
/* What the cipher functions of all libraries are made of. */
#include "engine/record/pure_crypto.h"

bool ev_unpad(tw_str *io, uint32_t block, int how)
{
    size_t n = io->n, last = n ? (uint8_t)io->p[n - 1] : 0;
    if (how == EV_PAD_NONE) return true;
    if (how == EV_PAD_ZERO) {
        while (io->n && !io->p[io->n - 1]) io->n--;
        return true;
    }
    if (!n || n % block) return false;
    if (how == EV_PAD_ISO7816) {
        while (io->n && n - io->n < block && !io->p[io->n - 1]) io->n--;
        if (!io->n || (uint8_t)io->p[io->n - 1] != 0x80) return false;
        io->n--;
        return n - io->n <= block;
    }
    if (!last || last > block || last > n) return false;
    for (size_t i = n - last; i + 1 < n; i++)
        if ((uint8_t)io->p[i] != (how == EV_PAD_PKCS7 ? last : 0)) return false;
    io->n = n - last;
    return true;
}

static bool costs(ev *e, const tw_cipher *c, size_t n)
{
    uint64_t setup = c->alg == TW_CIPHER_BLOWFISH ? 512 : 16;
    return ev_step(e, setup + n / (c->mode == TW_MODE_CFB8 ? 1 : 8));
}

bool ev_cipher(ev *e, const tw_cipher *c, tw_str in, tw_str *ret)
{
    if (!tw_cipher_fits(c, in.n) || !costs(e, c, in.n)) return false;
    uint8_t *out = ev_room_for(e, in.n);
    if (!out) return false;
    tw_cipher_run(c, in, out);
    *ret = tw_str_of((const char *)out, in.n);
    return true;
}

bool ev_cipher_proved(ev *e, const tw_cipher *c, tw_str aad, tw_str in, tw_str tag, tw_str *ret)
{
    uint8_t want[16];
    if (tag.n < 4 || tag.n > 16 || !ev_step(e, (aad.n + in.n) / 8) || !ev_cipher(e, c, in, ret)) return false;
    tw_cipher_tag(c, aad, in, want);
    return !memcmp(want, tag.p, tag.n);
}

const char *ev_cipher_name(const tw_cipher *c)
{
    static const char *const streams[TW_CIPHER_ALG_MAX] = {
        [TW_CIPHER_RC4] = "rc4", [TW_CIPHER_CHACHA20] = "chacha20", [TW_CIPHER_SALSA20] = "salsa20"};
    static const char *const aes[TW_MODE_MAX] = {
        [TW_MODE_ECB] = "aes-ecb", [TW_MODE_CBC] = "aes-cbc",  [TW_MODE_CTR] = "aes-ctr",
        [TW_MODE_CFB] = "aes-cfb", [TW_MODE_CFB8] = "aes-cfb", [TW_MODE_OFB] = "aes-ofb",
        [TW_MODE_GCM] = "aes-gcm", [TW_MODE_EAX] = "aes-eax"};
    static const char *const others[TW_CIPHER_ALG_MAX] = {
        [TW_CIPHER_DES] = "des",     [TW_CIPHER_DES3] = "3des", [TW_CIPHER_BLOWFISH] = "blowfish",
        [TW_CIPHER_CAST5] = "cast5", [TW_CIPHER_RC2] = "rc2",   [TW_CIPHER_CAMELLIA] = "camellia"};
    if (c->mode == TW_MODE_POLY1305) return "chacha20-poly1305";
    if (c->alg >= TW_CIPHER_ALG_MAX || c->mode >= TW_MODE_MAX) return "cipher";
    if (streams[c->alg]) return streams[c->alg];
    const char *name = c->alg == TW_CIPHER_AES ? aes[c->mode] : others[c->alg];
    return name ? name : "cipher";
}
