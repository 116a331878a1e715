/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, checksums and keys from passwords, as Python's libraries and node's crypto give them. */
#include "base/hash.h"
#include "engine/record/pure_crypto.h"

#include <zlib.h>

enum { KEY_MAX = 4096, SCRYPT_MEMORY = 32 << 20 };

static bool work(ev *e, tw_str s)
{
    return ev_step(e, 4 + s.n / 64);
}

/* "sha256", hashlib.sha256, hashes.SHA256(), Crypto.Hash.SHA256: NULL unknown. */
const tw_hash_alg *ev_hash_named(ev *e, uint32_t v)
{
    tw_str name;
    ev_call c;
    if (!v) return NULL;
    if (ev_text(e, v, &name)) return tw_hash_find(name);
    if (ev_at(e, v)->kind == TW_VAL_SYMBOL) return tw_hash_find(ev_last_name(ev_sym(e, ev_at(e, v)->sym)));
    return ev_maker(e, v, &c) && !c.n_args ? tw_hash_find(ev_last_name(ev_sym(e, c.sym))) : NULL;
}

static uint32_t hex_text(ev *e, tw_str raw)
{
    static const char digits[] = "0123456789abcdef";
    char *p = (char *)ev_room_for(e, raw.n * 2);
    if (!p) return 0;
    for (size_t i = 0; i < raw.n; i++)
        p[2 * i] = digits[(uint8_t)raw.p[i] >> 4], p[2 * i + 1] = digits[(uint8_t)raw.p[i] & 15];
    return ev_folded(e, TW_VAL_STR, tw_str_of(p, raw.n * 2), 0);
}

static uint32_t given(ev *e, const uint8_t *d, size_t n, bool hex)
{
    tw_str raw = tw_str_of((const char *)d, n);
    return hex ? hex_text(e, raw) : ev_folded(e, TW_VAL_BYTES, tw_arena_str(e->tmp, raw), 0);
}

/* What update() was given so far, into the digest; false where it is not known. */
typedef struct sink {
    tw_hash *h;
    tw_hmac *m;
} sink;

static bool pour(ev *e, const sink *to, uint32_t v, bool text)
{
    tw_str s;
    if (!(text ? ev_raw_or_text(e, v, &s) : ev_raw(e, v, &s)) || !work(e, s)) return false;
    if (to->h)
        tw_hash_add(to->h, s);
    else
        tw_hmac_add(to->m, s);
    return true;
}

static bool harmless(tw_str method)
{
    static const tw_str names[] = {TW_SI("digest"), TW_SI("hexdigest"), TW_SI("copy")};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(names[i], method)) return true;
    return false;
}

static bool pour_past(ev *e, const sink *to, const ev_past *p)
{
    for (uint32_t i = 0; i < p->n; i++) {
        ev_call c = e->calls.v[p->calls[i]];
        tw_str method = ev_method(e, &c);
        if (!e->js && harmless(method)) continue;
        if (!tw_str_eq(method, TW_S("update")) || !c.n_args || e->args.v[c.args].name) return false;
        if (!e->js && c.n_args != 1) return false;
        bool utf8 = c.n_args == 1;
        tw_str enc;
        if (c.n_args == 2 && ev_text(e, e->args.v[c.args + 1].value, &enc))
            utf8 = tw_str_ieq(enc, TW_S("utf8")) || tw_str_ieq(enc, TW_S("utf-8"));
        uint32_t v = e->args.v[c.args].value;
        if (c.n_args > 2 || (!utf8 && ev_at(e, v)->kind != TW_VAL_BYTES) || !pour(e, to, v, e->js))
            return false;
    }
    return true;
}

/* ---- Python ---- */

static bool blake2(ev *e, const ev_call *c, const tw_hash_alg *alg, tw_hash *h)
{
    static const tw_str known[] = {TW_SI("digest_size"), TW_SI("key"),  TW_SI("salt"),
                                   TW_SI("person"),      TW_SI("data"), TW_SI("usedforsecurity")};
    int64_t size = alg->size;
    tw_str key = TW_S(""), salt = TW_S(""), person = TW_S("");
    for (uint32_t i = 0; i < c->n_args; i++) {
        bool found = !e->args.v[c->args + i].name;
        for (size_t k = 0; k < TW_COUNT(known) && !found; k++)
            found = tw_str_eq(known[k], tw_ir_text(e->ir, e->args.v[c->args + i].name));
        if (!found) return false;
    }
    uint32_t vs = ev_call_arg(e, c, UINT32_MAX, "digest_size"), vk = ev_call_arg(e, c, UINT32_MAX, "key"),
             va = ev_call_arg(e, c, UINT32_MAX, "salt"), vp = ev_call_arg(e, c, UINT32_MAX, "person");
    if ((vs && !ev_get_int(e, vs, &size)) || (vk && !ev_raw(e, vk, &key)) || (va && !ev_raw(e, va, &salt)) ||
        (vp && !ev_raw(e, vp, &person)) || size < 1)
        return false;
    return tw_hash_init_blake2(h, alg, (uint32_t)size, key, salt, person);
}

static bool hash_of(ev *e, const ev_args *a, tw_hash *h)
{
    ev_past p;
    if (!ev_past_of(e, a, &p)) return false;
    tw_str made = ev_sym(e, p.made.sym), last = ev_last_name(made);
    bool plain = tw_str_starts(made, TW_S("hashlib.")), by_name = plain && tw_str_eq(last, TW_S("new"));
    const tw_hash_alg *alg = NULL;
    uint32_t data = ev_call_arg(e, &p.made, by_name ? 1 : 0, "data");
    if (by_name)
        alg = ev_hash_named(e, ev_call_arg(e, &p.made, 0, "name"));
    else if (plain)
        alg = tw_hash_find(last);
    else if (tw_str_eq(last, TW_S("new"))) /* Crypto.Hash.SHA256.new */
        alg = tw_hash_find(ev_last_name(tw_str_sub(made, 0, made.n - 4)));
    else if (tw_str_eq(last, TW_S("Hash")))
        alg = ev_hash_named(e, ev_call_arg(e, &p.made, 0, "algorithm")), data = 0;
    if (!alg) return false;
    if (!data && plain) data = ev_call_arg(e, &p.made, UINT32_MAX, "string");
    bool named_blake = tw_str_starts(alg->name, TW_S("blake2"));
    if (named_blake && !plain) return false;
    if (named_blake && by_name && p.made.n_args > 2) return false;
    if (named_blake && !by_name && !blake2(e, &p.made, alg, h)) return false;
    if (!named_blake || by_name) tw_hash_init(h, alg);
    sink to = {h, NULL};
    return (!data || pour(e, &to, data, false)) && pour_past(e, &to, &p);
}

static uint32_t digest(ev *e, const ev_args *a, bool hex)
{
    tw_hash h;
    uint8_t out[TW_HASH_MAX];
    int64_t n;
    if (a->n > 1 || !hash_of(e, a, &h)) return 0;
    bool shake = tw_str_starts(h.alg->name, TW_S("shake"));
    if (shake != (a->n == 1)) return 0;
    if (!shake) return tw_hash_end(&h, out), given(e, out, h.size, hex);
    if (!ev_get_int(e, a->v[0], &n) || n < 1 || n > KEY_MAX) return 0;
    uint8_t *long_out = ev_room_for(e, (uint64_t)n);
    if (!long_out) return 0;
    tw_hash_squeeze(&h, long_out, (size_t)n);
    return given(e, long_out, (size_t)n, hex);
}

uint32_t ev_py_digest(ev *e, const ev_args *a)
{
    return digest(e, a, false);
}
uint32_t ev_py_hexdigest(ev *e, const ev_args *a)
{
    return digest(e, a, true);
}

static bool hmac_of(ev *e, const ev_args *a, tw_hmac *m)
{
    ev_past p;
    tw_str key;
    if (!ev_past_of(e, a, &p) || !ev_call_raw(e, &p.made, 0, "key", &key) || !work(e, key)) return false;
    uint32_t msg = ev_call_arg(e, &p.made, 1, "msg");
    const tw_hash_alg *alg = ev_hash_named(e, ev_call_arg(e, &p.made, 2, "digestmod"));
    if (!alg || alg->size != tw_hash_find(alg->name)->size || tw_str_starts(alg->name, TW_S("shake")))
        return false;
    tw_hmac_init(m, alg, key);
    sink to = {NULL, m};
    return (ev_absent(e, msg) || pour(e, &to, msg, false)) && pour_past(e, &to, &p);
}

static uint32_t hmac(ev *e, const ev_args *a, bool hex)
{
    tw_hmac m;
    uint8_t out[TW_HASH_MAX];
    if (a->n || !hmac_of(e, a, &m)) return 0;
    tw_hmac_end(&m, out);
    return given(e, out, m.inner.alg->size, hex);
}

uint32_t ev_py_hmac(ev *e, const ev_args *a)
{
    return hmac(e, a, false);
}
uint32_t ev_py_hexhmac(ev *e, const ev_args *a)
{
    return hmac(e, a, true);
}

/* hmac.digest(key, msg, digest) */
uint32_t ev_py_hmac_once(ev *e, const ev_args *a)
{
    tw_str key, msg;
    tw_hmac m;
    uint8_t out[TW_HASH_MAX];
    const tw_hash_alg *alg = ev_hash_named(e, ev_arg(e, a, 2, "digest"));
    if (!alg || !ev_raw(e, ev_arg(e, a, 0, "key"), &key) || !ev_raw(e, ev_arg(e, a, 1, "msg"), &msg) ||
        !work(e, key) || !work(e, msg) || tw_str_starts(alg->name, TW_S("shake")))
        return 0;
    tw_hmac_init(&m, alg, key);
    tw_hmac_add(&m, msg);
    tw_hmac_end(&m, out);
    return given(e, out, alg->size, false);
}

static uint32_t checksum(ev *e, const ev_args *a, uLong (*sum)(uLong, const Bytef *, z_size_t), int64_t from)
{
    tw_str s;
    if (!a->n || a->n > 2 || !ev_raw(e, a->v[0], &s) || !work(e, s)) return 0;
    if (a->n == 2 && (!ev_get_int(e, a->v[1], &from) || from < 0 || from > UINT32_MAX)) return 0;
    return ev_int(e, (int64_t)sum((uLong)from, (const Bytef *)s.p, s.n));
}

uint32_t ev_crc32(ev *e, const ev_args *a)
{
    return checksum(e, a, crc32_z, 0);
}
uint32_t ev_adler32(ev *e, const ev_args *a)
{
    return checksum(e, a, adler32_z, 1);
}

/* ---- keys from passwords: the work counts as steps ---- */

uint32_t ev_pbkdf2_with(ev *e, const tw_hash_alg *alg, tw_str pass, tw_str salt, int64_t iterations,
                        int64_t n)
{
    if (!alg || n < 1 || n > KEY_MAX || iterations < 1 || !work(e, pass) || !work(e, salt)) return 0;
    if (tw_str_starts(alg->name, TW_S("shake"))) return 0;
    uint64_t blocks = ((uint64_t)n + alg->size - 1) / alg->size;
    if (iterations > UINT32_MAX || !ev_step(e, (uint64_t)iterations * blocks / 2 + 1)) return 0;
    uint8_t *out = ev_room_for(e, (uint64_t)n);
    if (!out) return 0;
    tw_pbkdf2(alg, pass, salt, (uint64_t)iterations, out, (size_t)n);
    return ev_folded(e, TW_VAL_BYTES, tw_str_of((const char *)out, (size_t)n), 0);
}

uint32_t ev_scrypt_with(ev *e, tw_str pass, tw_str salt, int64_t n, int64_t r, int64_t p, int64_t size)
{
    if (size < 1 || size > KEY_MAX || n < 2 || n > 1 << 20 || r < 1 || r > 64 || p < 1 || p > 64) return 0;
    if (128 * (uint64_t)n * (uint64_t)r >= SCRYPT_MEMORY || !work(e, pass) || !work(e, salt) ||
        !ev_step(e, (uint64_t)(n * r * p) / 4 + 16))
        return 0;
    uint8_t *out = ev_room_for(e, (uint64_t)size);
    if (!out || !tw_scrypt(pass, salt, (uint64_t)n, (uint32_t)r, (uint32_t)p, out, (size_t)size)) return 0;
    return ev_folded(e, TW_VAL_BYTES, tw_str_of((const char *)out, (size_t)size), 0);
}

uint32_t ev_hkdf_with(ev *e, const tw_hash_alg *alg, tw_str key, tw_str salt, tw_str info, int64_t n)
{
    if (!alg || n < 1 || n > KEY_MAX || !work(e, key) || !work(e, salt) || !work(e, info) ||
        !ev_step(e, (uint64_t)n) || tw_str_starts(alg->name, TW_S("shake")))
        return 0;
    uint8_t *out = ev_room_for(e, (uint64_t)n);
    if (!out || !tw_hkdf(alg, key, salt, info, true, out, (size_t)n)) return 0;
    return ev_folded(e, TW_VAL_BYTES, tw_str_of((const char *)out, (size_t)n), 0);
}

static bool number(ev *e, uint32_t v, int64_t *io)
{
    return ev_absent(e, v) || ev_get_int(e, v, io);
}

uint32_t ev_py_pbkdf2_hmac(ev *e, const ev_args *a)
{
    tw_str pass, salt;
    int64_t iterations = 0;
    const tw_hash_alg *alg = ev_hash_named(e, ev_arg(e, a, 0, "hash_name"));
    if (!alg || !ev_raw(e, ev_arg(e, a, 1, "password"), &pass) ||
        !ev_raw(e, ev_arg(e, a, 2, "salt"), &salt) || !number(e, ev_arg(e, a, 3, "iterations"), &iterations))
        return 0;
    int64_t n = alg->size;
    return number(e, ev_arg(e, a, 4, "dklen"), &n) ? ev_pbkdf2_with(e, alg, pass, salt, iterations, n) : 0;
}

uint32_t ev_py_scrypt(ev *e, const ev_args *a)
{
    tw_str pass, salt;
    int64_t n = 0, r = 0, p = 0, size = 64;
    bool fine =
        ev_raw(e, ev_arg(e, a, 0, "password"), &pass) && ev_raw(e, ev_arg(e, a, UINT32_MAX, "salt"), &salt) &&
        number(e, ev_arg(e, a, UINT32_MAX, "n"), &n) && number(e, ev_arg(e, a, UINT32_MAX, "r"), &r) &&
        number(e, ev_arg(e, a, UINT32_MAX, "p"), &p) && number(e, ev_arg(e, a, UINT32_MAX, "dklen"), &size);
    return fine ? ev_scrypt_with(e, pass, salt, n, r, p, size) : 0;
}

/* cryptography: PBKDF2HMAC(...).derive(key) and its kin. */
uint32_t ev_py_derive(ev *e, const ev_args *a)
{
    tw_str key, salt = TW_S(""), info = TW_S("");
    ev_call c;
    int64_t size = 0, n = 0, r = 0, p = 0;
    if (a->n != 1 || !ev_raw(e, ev_arg(e, a, 0, "key_material"), &key) || !ev_maker(e, a->self, &c)) return 0;
    tw_str kind = ev_last_name(ev_sym(e, c.sym));
    if (tw_str_eq(kind, TW_S("Scrypt")))
        return ev_call_raw(e, &c, 0, "salt", &salt) && number(e, ev_call_arg(e, &c, 1, "length"), &size) &&
                       number(e, ev_call_arg(e, &c, 2, "n"), &n) &&
                       number(e, ev_call_arg(e, &c, 3, "r"), &r) && number(e, ev_call_arg(e, &c, 4, "p"), &p)
                   ? ev_scrypt_with(e, key, salt, n, r, p, size)
                   : 0;
    const tw_hash_alg *alg = ev_hash_named(e, ev_call_arg(e, &c, 0, "algorithm"));
    uint32_t vs = ev_call_arg(e, &c, 2, "salt"), v3 = ev_call_arg(e, &c, 3, "iterations");
    if (!alg || !number(e, ev_call_arg(e, &c, 1, "length"), &size) ||
        (!ev_absent(e, vs) && !ev_raw(e, vs, &salt)))
        return 0;
    if (tw_str_eq(kind, TW_S("PBKDF2HMAC")))
        return number(e, v3, &n) ? ev_pbkdf2_with(e, alg, key, salt, n, size) : 0;
    uint32_t vi = ev_call_arg(e, &c, 3, "info");
    if (!ev_absent(e, vi) && !ev_raw(e, vi, &info)) return 0;
    return ev_hkdf_with(e, alg, key, salt, info, size);
}

/* Crypto.Protocol.KDF: texts stand for their bytes. */
static bool plain(ev *e, uint32_t v, tw_str *ret)
{
    return ev_raw_or_text(e, v, ret) && (ev_at(e, v)->kind == TW_VAL_BYTES || ev_ascii(*ret));
}

uint32_t ev_pycrypto_pbkdf2(ev *e, const ev_args *a)
{
    tw_str pass, salt;
    int64_t size = 16, count = 1000;
    uint32_t prf = ev_arg(e, a, 4, "prf"), module = ev_arg(e, a, 5, "hmac_hash_module");
    const tw_hash_alg *alg = ev_absent(e, module) ? tw_hash_find(TW_S("sha1")) : ev_hash_named(e, module);
    if (!ev_absent(e, prf) || !plain(e, ev_arg(e, a, 0, "password"), &pass) ||
        !plain(e, ev_arg(e, a, 1, "salt"), &salt) || !number(e, ev_arg(e, a, 2, "dkLen"), &size) ||
        !number(e, ev_arg(e, a, 3, "count"), &count))
        return 0;
    return ev_pbkdf2_with(e, alg, pass, salt, count, size);
}

uint32_t ev_pycrypto_scrypt(ev *e, const ev_args *a)
{
    tw_str pass, salt;
    int64_t size = 0, n = 0, r = 0, p = 0, keys = 1;
    bool fine = plain(e, ev_arg(e, a, 0, "password"), &pass) && plain(e, ev_arg(e, a, 1, "salt"), &salt) &&
                number(e, ev_arg(e, a, 2, "key_len"), &size) && number(e, ev_arg(e, a, 3, "N"), &n) &&
                number(e, ev_arg(e, a, 4, "r"), &r) && number(e, ev_arg(e, a, 5, "p"), &p) &&
                number(e, ev_arg(e, a, 6, "num_keys"), &keys) && keys == 1;
    return fine ? ev_scrypt_with(e, pass, salt, n, r, p, size) : 0;
}

uint32_t ev_pycrypto_hkdf(ev *e, const ev_args *a)
{
    tw_str key, salt = TW_S(""), info = TW_S("");
    int64_t size = 0, keys = 1;
    uint32_t vs = ev_arg(e, a, 2, "salt"), vc = ev_arg(e, a, 5, "context");
    bool fine = ev_raw(e, ev_arg(e, a, 0, "master"), &key) && number(e, ev_arg(e, a, 1, "key_len"), &size) &&
                (ev_absent(e, vs) || ev_raw(e, vs, &salt)) && (ev_absent(e, vc) || ev_raw(e, vc, &info)) &&
                number(e, ev_arg(e, a, 4, "num_keys"), &keys) && keys == 1;
    return fine ? ev_hkdf_with(e, ev_hash_named(e, ev_arg(e, a, 3, "hashmod")), key, salt, info, size) : 0;
}

/* ---- node ---- */

/* digest(), digest("hex"): bytes or a text of them. */
static uint32_t node_given(ev *e, const ev_args *a, const uint8_t *out, size_t n)
{
    uint32_t raw = given(e, out, n, false);
    if (!a->n || !raw) return raw;
    return ev_js_to_string(e, &(ev_args){raw, a->v, a->names, a->n});
}

static bool node_past(ev *e, const ev_args *a, ev_past *p)
{
    return a->n <= 1 && ev_past_of(e, a, p);
}

uint32_t ev_js_hash(ev *e, const ev_args *a)
{
    ev_past p;
    tw_hash h;
    uint8_t out[TW_HASH_MAX];
    if (!node_past(e, a, &p) || p.made.n_args != 1) return 0;
    const tw_hash_alg *alg = ev_hash_named(e, ev_call_arg(e, &p.made, 0, NULL));
    sink to = {&h, NULL};
    if (!alg) return 0;
    tw_hash_init(&h, alg);
    if (!pour_past(e, &to, &p)) return 0;
    tw_hash_end(&h, out);
    return node_given(e, a, out, h.size);
}

uint32_t ev_js_hmac(ev *e, const ev_args *a)
{
    ev_past p;
    tw_hmac m;
    tw_str key;
    uint8_t out[TW_HASH_MAX];
    if (!node_past(e, a, &p) || p.made.n_args != 2) return 0;
    const tw_hash_alg *alg = ev_hash_named(e, ev_call_arg(e, &p.made, 0, NULL));
    sink to = {NULL, &m};
    if (!alg || tw_str_starts(alg->name, TW_S("shake")) ||
        !ev_raw_or_text(e, ev_call_arg(e, &p.made, 1, NULL), &key) || !work(e, key))
        return 0;
    tw_hmac_init(&m, alg, key);
    if (!pour_past(e, &to, &p)) return 0;
    tw_hmac_end(&m, out);
    return node_given(e, a, out, alg->size);
}

uint32_t ev_js_hash_once(ev *e, const ev_args *a) /* crypto.hash(alg, data, encoding = hex) */
{
    tw_str s, enc = TW_S("hex");
    tw_hash h;
    uint8_t out[TW_HASH_MAX];
    const tw_hash_alg *alg = a->n >= 2 && a->n <= 3 ? ev_hash_named(e, a->v[0]) : NULL;
    if (!alg || !ev_raw_or_text(e, a->v[1], &s) || !work(e, s) || (a->n == 3 && !ev_text(e, a->v[2], &enc)))
        return 0;
    tw_hash_init(&h, alg);
    tw_hash_add(&h, s);
    tw_hash_end(&h, out);
    return tw_str_eq(enc, TW_S("hex"))      ? given(e, out, h.size, true)
           : tw_str_eq(enc, TW_S("buffer")) ? given(e, out, h.size, false)
                                            : 0;
}

uint32_t ev_js_pbkdf2(ev *e, const ev_args *a)
{
    tw_str pass, salt;
    int64_t iterations, n;
    bool fine = a->n == 5 && ev_raw_or_text(e, a->v[0], &pass) && ev_raw_or_text(e, a->v[1], &salt) &&
                ev_get_int(e, a->v[2], &iterations) && ev_get_int(e, a->v[3], &n);
    return fine ? ev_pbkdf2_with(e, ev_hash_named(e, a->v[4]), pass, salt, iterations, n) : 0;
}

static bool option(ev *e, uint32_t map, const char *name, const char *other, int64_t *io)
{
    uint32_t v = ev_map_item(e, map, tw_str_c(name));
    if (!v) v = ev_map_item(e, map, tw_str_c(other));
    return !v || ev_get_int(e, v, io);
}

uint32_t ev_js_scrypt(ev *e, const ev_args *a)
{
    tw_str pass, salt;
    int64_t size, n = 16384, r = 8, p = 1;
    uint32_t given_args = ev_positional(a);
    if (given_args < 3 || given_args > 4 || !ev_raw_or_text(e, a->v[0], &pass) ||
        !ev_raw_or_text(e, a->v[1], &salt) || !ev_get_int(e, a->v[2], &size))
        return 0;
    if (given_args == 4) {
        const ev_val *m = ev_at(e, a->v[3]);
        if (m->kind != TW_VAL_MAP || !(m->flags & EV_CONST) || m->flags & EV_ESCAPED) return 0;
        if (!option(e, a->v[3], "N", "cost", &n) || !option(e, a->v[3], "r", "blockSize", &r) ||
            !option(e, a->v[3], "p", "parallelization", &p))
            return 0;
    }
    return ev_scrypt_with(e, pass, salt, n, r, p, size);
}

/* An ArrayBuffer, which what follows takes for its bytes. */
uint32_t ev_js_hkdf(ev *e, const ev_args *a)
{
    tw_str key, salt, info;
    int64_t n;
    bool fine = a->n == 5 && ev_raw_or_text(e, a->v[1], &key) && ev_raw_or_text(e, a->v[2], &salt) &&
                ev_raw_or_text(e, a->v[3], &info) && ev_get_int(e, a->v[4], &n);
    return fine ? ev_hkdf_with(e, ev_hash_named(e, a->v[0]), key, salt, info, n) : 0;
}
