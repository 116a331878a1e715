# SPDX-License-Identifier: Apache-2.0
"""What compare_decoders.py draws from: for each library function a maker of sources that use it. A maker gets a `Draw`
and gives lines whose last is an expression; `d.damage(bytes)` leaves bytes as they are, or not."""
import base64
import binascii
import bz2
import codecs
import gzip
import hashlib
import json
import lzma
import quopri
import zlib

PYTHON_HEAD = """import base64, binascii, bz2, codecs, gzip, hashlib, hmac, html, lzma, quopri, urllib.parse, zlib
import base45, base58, base62, base91, base92, pybase64, brotli, brotlicffi, zstandard, pyaes, lzstring
import nacl.secret
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from Crypto.Cipher import AES, ARC4, DES, DES3, Blowfish, CAST, ChaCha20, ChaCha20_Poly1305, Salsa20
from Crypto.Hash import MD5, SHA256, SHA512
from Crypto.Protocol.KDF import PBKDF2, scrypt, HKDF as HKDF2
from Crypto.Util import Counter
from Crypto.Util.Padding import unpad
from Cryptodome.Cipher import AES as AES2
"""
NODE_HEAD = """const crypto = require('crypto'), zlib = require('zlib'), CryptoJS = require('crypto-js'), aesjs = require('aes-js');
const pako = require('pako'), fflate = require('fflate'), LZString = require('lz-string'), bs58 = require('bs58').default;
const basex = require('base-x').default, base45 = require('base45'), base85 = require('base85'), base91 = require('base91'), ascii85 = require('ascii85'), { Base64 } = require('js-base64');
const { createDecipheriv, createHash, scryptSync } = require('node:crypto');
"""


class Draw:
    def __init__(self, rng, damaged):
        self.r, self.damaged, self.used = rng, damaged, False

    def bytes(self, n=None):
        return self.r.randbytes(self.r.randrange(1, 70) if n is None else n)

    def pick(self, *choices):
        return self.r.choice(choices)

    def text(self, low=0, high=60):
        return "".join(self.r.choice("abcdefgh XYZ0189+/=_-(){}\u00e9\u65e5\n") for _ in range(self.r.randrange(low, high)))

    def damage(self, b):
        """A flipped byte or a cut end, where this case is to be damaged."""
        if not self.damaged or not b:
            return b
        self.used = True
        text = isinstance(b, str)
        if self.r.random() < 0.4:
            return b[: self.r.randrange(len(b))]
        at = self.r.randrange(len(b))
        if text:
            return b[:at] + self.r.choice("Az5 =") + b[at + 1 :]
        return b[:at] + bytes([b[at] ^ (1 << self.r.randrange(8))]) + b[at + 1 :]


class Case:
    def __init__(self, name, lines, damaged, js):
        self.name, self.lines, self.damaged, self.js = name, lines if isinstance(lines, list) else [lines], damaged, js

    def source(self, i):
        """Names that end in _¤ are the case's own."""
        *before, last = [line.replace("_¤", f"_{i}") for line in self.lines]
        if self.js:
            return " ".join(before + [f"p({i}, {last});"])
        return "".join(line + "\n" for line in before) + f"p({i}, {last})\n"


def draw(rng, name, maker):
    out = []
    for damaged in (False, False, True):
        d = Draw(rng, damaged)
        lines = maker(d)
        if not damaged or d.used:
            out.append(Case(name, lines, damaged and d.used, name.startswith("js")))
    return out


def pad(b, n):
    k = n - len(b) % n
    return b + bytes([k]) * k


# ---- Python ----

PYTHON, NODE = [], []


def case(name):
    def add(f):
        (NODE if name.startswith("js") else PYTHON).append((name, f))
        return f
    return add


@case("digest")
def _(d):
    alg = d.pick("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s")
    a, b = d.bytes(), d.bytes(d.r.randrange(200))
    return d.pick(
        [f"hashlib.{alg}({a!r}).{d.pick('digest', 'hexdigest')}()"],
        [f"hashlib.new({alg!r}, {a!r}).hexdigest()"],
        [f"h_¤ = hashlib.{alg}()", f"h_¤.update({a!r})", f"h_¤.update({b!r})", f"h_¤.{d.pick('digest', 'hexdigest')}()"],
        [f"h_¤ = hashlib.{alg}({a!r})", f"h_¤.update({b!r})", "x_¤ = h_¤.digest()", "h_¤.update(b'q')", "x_¤ + h_¤.digest()"],
        [f"hashlib.blake2b({a!r}, digest_size={d.r.randrange(1, 65)}, key={b[:64]!r}).digest()"],
        [f"hashlib.shake_256({a!r}).digest({d.r.randrange(1, 200)})"],
        [f"{d.pick('MD5', 'SHA256', 'SHA512')}.new({a!r}).{d.pick('digest', 'hexdigest')}()"],
        [f"h_¤ = SHA256.new()", f"h_¤.update({a!r})", "h_¤.digest()"],
        [f"zlib.{d.pick('crc32', 'adler32')}({a!r})"],
    )


@case("hmac")
def _(d):
    alg = d.pick("md5", "sha1", "sha256", "sha512")
    return d.pick(
        [f"hmac.new({d.bytes()!r}, {d.bytes()!r}, {d.pick(f'hashlib.{alg}', repr(alg))}).{d.pick('digest', 'hexdigest')}()"],
        [f"h_¤ = hmac.new({d.bytes(200)!r}, digestmod={alg!r})", f"h_¤.update({d.bytes()!r})", "h_¤.digest()"],
        [f"hmac.digest({d.bytes()!r}, {d.bytes()!r}, {alg!r})"],
    )


@case("kdf")
def _(d):
    n, count, alg = d.r.randrange(1, 70), d.r.randrange(1, 60), d.pick("sha1", "sha256", "sha512")
    up = alg.upper()
    return d.pick(
        [f"hashlib.pbkdf2_hmac({alg!r}, {d.bytes()!r}, {d.bytes()!r}, {count}{d.pick('', f', {n}', f', dklen={n}')})"],
        [f"hashlib.scrypt({d.bytes()!r}, salt={d.bytes()!r}, n={d.pick(2, 16, 64)}, r={d.pick(1, 8)}, p={d.pick(1, 2)}, dklen={n})"],
        [f"PBKDF2HMAC(algorithm=hashes.{up}(), length={n}, salt={d.bytes()!r}, iterations={count}{d.pick('', ', backend=default_backend()')}).derive({d.bytes()!r})"],
        [f"k_¤ = PBKDF2HMAC(hashes.{up}(), {n}, {d.bytes()!r}, {count})", f"base64.urlsafe_b64encode(k_¤.derive({d.bytes()!r})) and 1" if False else f"k_¤.derive({d.bytes()!r})"],
        [f"Scrypt(salt={d.bytes()!r}, length={n}, n=16, r=8, p=1).derive({d.bytes()!r})"],
        [f"HKDF(algorithm=hashes.{up}(), length={n}, salt={d.pick('None', repr(d.bytes()))}, info={d.bytes()!r}).derive({d.bytes()!r})"],
        [f"PBKDF2({d.pick(repr(d.bytes()), repr('password'))}, {d.bytes()!r}, {n}, count={count}{d.pick('', ', hmac_hash_module=SHA256')})"],
        [f"scrypt({d.pick(repr('pw'), repr(b'pw'))}, {d.bytes()!r}, {n}, N=16, r=8, p=1)"],
        [f"HKDF2({d.bytes()!r}, {n}, {d.bytes()!r}, SHA512, 1, context={d.bytes()!r})"],
    )


@case("fernet")
def _(d):
    from cryptography.fernet import Fernet
    key, other = base64.urlsafe_b64encode(d.bytes(32)), base64.urlsafe_b64encode(d.bytes(32))
    token = d.damage(Fernet(key).encrypt(d.bytes()))
    return d.pick(
        [f"Fernet({key!r}).decrypt({token!r})"],
        [f"f_¤ = Fernet({key.decode()!r})", f"f_¤.decrypt({token!r})"],
        [f"def f_¤(t):\n    f = Fernet({key!r})\n    return f.decrypt(t)", f"f_¤({token!r})"],
        [f"MultiFernet([Fernet({other!r}), Fernet({key!r})]).decrypt({token!r})"],
        [f"Fernet(base64.b64decode({base64.b64encode(key)!r})).decrypt({token!r})"],
    )


@case("hazmat")
def _(d):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    key, iv, text = d.bytes(d.pick(16, 24, 32)), d.bytes(16), d.bytes()
    mode = d.pick("CBC", "ECB", "CTR", "CFB", "CFB8", "OFB")
    if mode in ("CBC", "ECB"):
        text = pad(text, 16)
    m = modes.ECB() if mode == "ECB" else getattr(modes, mode)(iv)
    e = Cipher(algorithms.AES(key), m).encryptor()
    data = d.damage(e.update(text) + e.finalize())
    expr = f"Cipher(algorithms.AES({key!r}), modes.{mode}({'' if mode == 'ECB' else repr(iv)}){d.pick('', ', default_backend()', ', backend=default_backend()')})"
    cut = d.r.randrange(len(data) + 1)
    return d.pick(
        [f"d_¤ = {expr}.decryptor()", f"d_¤.update({data!r}) + d_¤.finalize()"],
        [f"c_¤ = {expr}", "d_¤ = c_¤.decryptor()", f"x_¤ = d_¤.update({data[:cut]!r})", f"x_¤ += d_¤.update({data[cut:]!r})", "x_¤ + d_¤.finalize()"],
        [f"def f_¤(t):\n    d = {expr}.decryptor()\n    return d.update(t) + d.finalize()", f"f_¤({data!r})"],
        [f"{expr}.decryptor().update({data!r})"],
    )


@case("hazmat padding")
def _(d):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    key, iv, text = d.bytes(32), d.bytes(16), pad(d.bytes(), 16)
    e = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    data = e.update(text) + e.finalize()
    k2 = d.damage(key) if d.damaged else key
    return [f"d_¤ = Cipher(algorithms.AES({k2 if len(k2) == 32 else key[::-1]!r}), modes.CBC({iv!r})).decryptor()",
            f"x_¤ = d_¤.update({data!r}) + d_¤.finalize()", "u_¤ = padding.PKCS7(128).unpadder()", "u_¤.update(x_¤) + u_¤.finalize()"]


@case("hazmat other")
def _(d):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
    key, nonce = d.bytes(32), d.bytes(8) if False else d.bytes(4) + d.bytes(12)
    nonce = bytes(4) + nonce[4:]
    e = Cipher(algorithms.ChaCha20(key, nonce), mode=None).encryptor()
    data = e.update(d.bytes())
    return [f"Cipher(algorithms.ChaCha20({key!r}, {nonce!r}), mode=None).{d.pick('decryptor', 'encryptor')}().update({data!r})"]


@case("hazmat gcm")
def _(d):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    key, iv, aad = d.bytes(32), d.bytes(d.pick(12, 16)), d.bytes()
    e = Cipher(algorithms.AES(key), modes.GCM(iv)).encryptor()
    e.authenticate_additional_data(aad)
    data = e.update(d.bytes()) + e.finalize()
    tag = e.tag
    if d.damaged:
        tag = bytes([tag[0] ^ 1]) + tag[1:]
        d.used = True
    return [f"d_¤ = Cipher(algorithms.AES({key!r}), modes.GCM({iv!r}, {tag!r})).decryptor()", f"d_¤.authenticate_additional_data({aad!r})",
            f"d_¤.update({data!r}) + d_¤.finalize()"]


@case("aead")
def _(d):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
    which = d.pick(AESGCM, ChaCha20Poly1305)
    key, nonce, aad = d.bytes(32), d.bytes(12), d.pick(None, d.bytes())
    data = d.damage(which(key).encrypt(nonce, d.bytes(), aad))
    return d.pick([f"{which.__name__}({key!r}).decrypt({nonce!r}, {data!r}, {aad!r})"],
                  [f"a_¤ = {which.__name__}({key!r})", f"a_¤.decrypt({nonce!r}, {data!r}, associated_data={aad!r})"])


@case("pycryptodome block")
def _(d):
    from Crypto.Cipher import AES, DES, DES3, Blowfish, CAST
    module = d.pick(AES, AES, AES, DES, DES3, Blowfish, CAST)
    name, n = module.__name__.split(".")[-1], module.block_size
    key = d.bytes({"AES": d.pick(16, 24, 32), "DES": 8, "DES3": 24, "Blowfish": d.r.randrange(5, 57), "CAST": d.r.randrange(5, 17)}[name])
    iv, mode = d.bytes(n), d.pick("CBC", "ECB", "CFB", "OFB", "CTR")
    text = pad(d.bytes(), n)
    if name == "DES3":
        key = DES3.adjust_key_parity(key)
    if mode == "CTR":
        nonce = d.bytes(d.r.randrange(0, n - 1))
        c, more = module.new(key, module.MODE_CTR, nonce=nonce, initial_value=5), f", nonce={nonce!r}, initial_value=5"
    elif mode == "ECB":
        c, more = module.new(key, module.MODE_ECB), ""
    else:
        c = module.new(key, getattr(module, "MODE_" + mode), iv)
        more = d.pick(f", {iv!r}", f", iv={iv!r}", f", IV={iv!r}")
    data = c.encrypt(text)
    if d.damaged:
        data = d.damage(data)
    call = f"{d.pick(name, 'AES2') if name == 'AES' else name}.new({key!r}, {name}.MODE_{mode}{more})"
    return d.pick(
        [f"{call}.decrypt({data!r})"],
        [f"c_¤ = {call}", f"c_¤.decrypt({data!r})"],
        [f"c_¤ = {call}", f"unpad(c_¤.decrypt({data!r}), {d.pick(f'{name}.block_size', str(n)) if name in ('AES', 'DES') else n})"],
        [f"c_¤ = {call}", f"x_¤ = c_¤.decrypt({data[:n]!r})", f"x_¤ + c_¤.decrypt({data[n:]!r})"],
        [f"def f_¤(t):\n    c = {call}\n    return unpad(c.decrypt(t), {n})", f"f_¤({data!r})"],
    )


@case("pycryptodome stream")
def _(d):
    from Crypto.Cipher import ARC4, ChaCha20, Salsa20
    data, nonce = d.bytes(), d.bytes(8)
    return d.pick([f"ARC4.new({d.bytes(d.r.randrange(5, 40))!r}).{d.pick('decrypt', 'encrypt')}({data!r})"],
                  [f"c_¤ = ChaCha20.new(key={d.bytes(32)!r}, nonce={d.bytes(d.pick(8, 12, 24))!r})", f"c_¤.decrypt({data!r})"],
                  [f"Salsa20.new(key={d.bytes(d.pick(16, 32))!r}, nonce={nonce!r}).decrypt({data!r})"],
                  [f"AES.new({d.bytes(16)!r}, AES.MODE_CTR, counter=Counter.new(128, initial_value=77)).decrypt({data!r})"],
                  [f"AES.new({d.bytes(16)!r}, AES.MODE_CTR, counter=Counter.new(64, prefix={nonce!r})).decrypt({data!r})"],
                  [f"AES.new({d.bytes(16)!r}, AES.MODE_CFB, {d.bytes(16)!r}, segment_size=128).decrypt({d.bytes(32)!r})"])


@case("pycryptodome verified")
def _(d):
    from Crypto.Cipher import AES, ChaCha20_Poly1305
    mode = d.pick("GCM", "EAX", "")
    key, nonce, aad = d.bytes(32), d.bytes(d.pick(12, 16) if mode else 12), d.bytes()
    c = AES.new(key, getattr(AES, "MODE_" + mode), nonce=nonce) if mode else ChaCha20_Poly1305.new(key=key, nonce=nonce)
    c.update(aad)
    data, tag = c.encrypt_and_digest(d.bytes())
    call = f"AES.new({key!r}, AES.MODE_{mode}, {d.pick('', 'nonce=')}{nonce!r})" if mode else f"ChaCha20_Poly1305.new(key={key!r}, nonce={nonce!r})"
    return d.pick([f"c_¤ = {call}", f"c_¤.update({aad!r})", f"c_¤.decrypt_and_verify({data!r}, {d.damage(tag)!r})"], [f"{call}.decrypt({data!r})"])


@case("secretbox")
def _(d):
    import nacl.secret
    key, nonce = d.bytes(32), d.bytes(24)
    box = nacl.secret.SecretBox(key).encrypt(d.bytes(), nonce)
    return d.pick([f"nacl.secret.SecretBox({key!r}).decrypt({d.damage(bytes(box))!r})"],
                  [f"b_¤ = nacl.secret.SecretBox({key!r})", f"b_¤.decrypt({d.damage(bytes(box.ciphertext))!r}, {nonce!r})"])


@case("pyaes")
def _(d):
    import pyaes
    key, iv = d.bytes(d.pick(16, 32)), d.bytes(16)
    data = pyaes.AESModeOfOperationCTR(key).encrypt(text := d.bytes())
    e = pyaes.Encrypter(pyaes.AESModeOfOperationCBC(key, iv))
    boxed = e.feed(text) + e.feed()
    return d.pick([f"pyaes.AESModeOfOperationCTR({key!r}).decrypt({data!r})"],
                  [f"pyaes.AESModeOfOperationCBC({key!r}, iv={iv!r}).decrypt({d.bytes(16)!r})"],
                  [f"pyaes.AESModeOfOperationCTR({key!r}, counter=pyaes.Counter(9)).decrypt({data!r})"],
                  [f"d_¤ = pyaes.Decrypter(pyaes.AESModeOfOperationCBC({key!r}, {iv!r}))", f"x_¤ = d_¤.feed({d.damage(boxed)!r})", "x_¤ + d_¤.feed()"])


# ---- node ----

def js(b):
    return f"Buffer.from('{b.hex()}', 'hex')"


@case("js digest")
def _(d):
    alg, text = d.pick("md5", "sha1", "sha256", "sha512", "sha3-256", "SHA256", "ripemd160"), json.dumps(d.text())
    enc = d.pick("", "'hex'", "'base64'", "'latin1'")
    return d.pick([f"crypto.createHash('{alg}').update({text}).digest({enc})"],
                  [f"createHash('{alg}').update({js(d.bytes())}).update({text}, 'utf8').digest({enc})"],
                  [f"const h_¤ = crypto.createHash('{alg}');", f"h_¤.update({text});", f"h_¤.update({js(d.bytes())});", f"h_¤.digest({enc})"],
                  [f"crypto.createHmac('{alg}', {d.pick(text, js(d.bytes()))}).update({text}).digest({enc})"],
                  [f"crypto.hash('{alg}', {text})"])


@case("js kdf")
def _(d):
    n, pw, salt = d.r.randrange(1, 70), json.dumps(d.text(1)), d.pick(js(d.bytes()), json.dumps(d.text(1)))
    return d.pick([f"crypto.pbkdf2Sync({pw}, {salt}, {d.r.randrange(1, 60)}, {n}, '{d.pick('sha1', 'sha256', 'sha512')}')"],
                  [f"scryptSync({pw}, {salt}, {n}, {{ N: {d.pick(2, 16, 64)}, r: {d.pick(1, 8)}, p: 1 }})"],
                  [f"Buffer.from(crypto.hkdfSync('sha256', {pw}, {salt}, {js(d.bytes())}, {n}))"])


@case("js decipher")
def _(d):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    bits, mode = d.pick(128, 192, 256), d.pick("cbc", "cbc", "ecb", "ctr", "cfb", "cfb8", "ofb")
    key, iv, text = d.bytes(bits // 8), d.bytes(16), d.text(1).encode()
    m = modes.ECB() if mode == "ecb" else getattr(modes, mode.upper())(iv)
    e = Cipher(algorithms.AES(key), m).encryptor()
    data = d.damage(e.update(pad(text, 16) if mode in ("cbc", "ecb") else text) + e.finalize())
    ivs = d.pick("null", "''") if mode == "ecb" else js(iv)
    new = f"{d.pick('crypto.', '')}createDecipheriv('aes-{bits}-{mode}', {js(key)}, {ivs})"
    cut = d.r.randrange(len(data) + 1)
    return d.pick(
        [f"const d_¤ = {new};", f"d_¤.update('{data.hex()}', 'hex', 'utf8') + d_¤.final('utf8')"],
        [f"const d_¤ = {new};", f"let o_¤ = d_¤.update('{base64.b64encode(data).decode()}', 'base64', 'utf8');", "o_¤ += d_¤.final('utf8');", "o_¤"],
        [f"const d_¤ = {new};", f"Buffer.concat([d_¤.update({js(data)}), d_¤.final()])"],
        [f"const d_¤ = {new};", f"let o_¤ = d_¤.update({js(data[:cut])}, null, 'utf8');", f"o_¤ += d_¤.update({js(data[cut:])}, null, 'utf8');", "o_¤ += d_¤.final('utf8');", "o_¤"],
        [f"const d_¤ = {new};", "d_¤.setAutoPadding(false);", f"d_¤.update('{data.hex()}', 'hex', 'latin1') + d_¤.final('latin1')"],
        [f"const f_¤ = (t) => {{ const d = {new}; return d.update(t, 'hex', 'utf8') + d.final('utf8'); }};", f"f_¤('{data.hex()}')"],
        [f"const d_¤ = {new};", f"Buffer.concat([d_¤.update({js(data)}), d_¤.final()]).toString()"],
    )


@case("js gcm")
def _(d):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
    gcm = d.r.random() < 0.7
    key, iv, aad, text = d.bytes(32), d.bytes(12), d.bytes(), d.text(1)
    data = (AESGCM if gcm else ChaCha20Poly1305)(key).encrypt(iv, text.encode(), aad)
    data, tag = data[:-16], data[-16:]
    if d.damaged:
        tag = bytes([tag[0] ^ 1]) + tag[1:]
        d.used = True
    name = "'aes-256-gcm'" if gcm else "'chacha20-poly1305'"
    more = "" if gcm else ", { authTagLength: 16 }"
    return [f"const d_¤ = crypto.createDecipheriv({name}, {js(key)}, {js(iv)}{more});", f"d_¤.setAAD({js(aad)});", f"d_¤.setAuthTag({js(tag)});",
            f"d_¤.update('{data.hex()}', 'hex', 'utf8') + d_¤.final('utf8')"]


def salted(password, text, key=32, iv=16):
    out, last = b"", b""
    salt = hashlib.md5(text).digest()[:8]
    while len(out) < key + iv:
        last = hashlib.md5(last + password + salt).digest()
        out += last
    return salt, out[:key], out[key:key + iv]


@case("js cryptojs")
def _(d):
    from Crypto.Cipher import AES, DES3, ARC4
    text, pw = d.text(1).encode(), d.text(1, 12)
    salt, key, iv = salted(pw.encode(), text)
    data = base64.b64encode(b"Salted__" + salt + AES.new(key, AES.MODE_CBC, iv).encrypt(pad(text, 16))).decode()
    k, v = d.bytes(16), d.bytes(16)
    plain = base64.b64encode(AES.new(k, AES.MODE_CBC, v).encrypt(pad(text, 16))).decode()
    ecb = base64.b64encode(AES.new(k, AES.MODE_ECB).encrypt(pad(text, 16))).decode()
    words = d.pick(f"CryptoJS.enc.Hex.parse('{k.hex()}')", f"CryptoJS.enc.Base64.parse('{base64.b64encode(k).decode()}')")
    utf8 = "CryptoJS.enc.Utf8"
    _, key3, _ = salted(pw.encode(), text, 32, 0)
    rc4 = base64.b64encode(b"Salted__" + salt + ARC4.new(key3).encrypt(text)).decode()
    return d.pick(
        [f"CryptoJS.AES.decrypt('{data}', {json.dumps(pw)}).toString({utf8})"],
        [f"const b_¤ = CryptoJS.AES.decrypt('{data}', {json.dumps(pw)});", f"b_¤.toString({utf8})"],
        [f"CryptoJS.AES.decrypt('{plain}', {words}, {{ iv: CryptoJS.enc.Hex.parse('{v.hex()}') }}).toString({utf8})"],
        [f"const k_¤ = {words};", f"CryptoJS.AES.decrypt('{ecb}', k_¤, {{ mode: CryptoJS.mode.ECB, padding: CryptoJS.pad.Pkcs7 }}).toString({utf8})"],
        [f"CryptoJS.AES.decrypt({{ ciphertext: CryptoJS.enc.Base64.parse('{plain}') }}, {words}, {{ iv: CryptoJS.enc.Hex.parse('{v.hex()}') }}).toString({utf8})"],
        [f"CryptoJS.RC4.decrypt('{rc4}', {json.dumps(pw)}).toString({utf8})"],
        [f"{utf8}.stringify(CryptoJS.enc.Base64.parse('{base64.b64encode(text).decode()}'))"],
        [f"CryptoJS.{d.pick('MD5', 'SHA1', 'SHA256', 'SHA512')}({json.dumps(pw)}).toString({d.pick('', 'CryptoJS.enc.Base64', 'CryptoJS.enc.Hex')})"],
        [f"CryptoJS.HmacSHA256({json.dumps(pw)}, {words}).toString()"],
        [f"CryptoJS.PBKDF2({json.dumps(pw)}, {words}, {{ keySize: 8, iterations: 7, hasher: CryptoJS.algo.SHA256 }}).toString()"],
    )


@case("js aes-js")
def _(d):
    return d.pick([f"new aesjs.ModeOfOperation.ctr({js(d.bytes(16))}, new aesjs.Counter({d.r.randrange(99)})).decrypt({js(d.bytes())})"],
                  [f"const c_¤ = new aesjs.ModeOfOperation.cbc({js(d.bytes(32))}, {js(d.bytes(16))});", f"c_¤.decrypt({js(d.bytes(32))})"])


# ---- decoders ----

@case("bases")
def _(d):
    import base45, base58, base62, base91, base92
    b = d.bytes(d.r.randrange(0, 60))
    b = bytes(d.r.randrange(3)) + b
    s58, check, s45 = base58.b58encode(b), base58.b58encode_check(b), base45.b45encode(b)
    return d.pick(
        [f"base58.b58decode({d.pick(d.damage(s58), s58.decode())!r})"],
        [f"base58.b58decode_check({d.damage(check)!r})"],
        [f"base58.b58decode({base58.b58encode(b, base58.RIPPLE_ALPHABET)!r}, {base58.RIPPLE_ALPHABET!r})"],
        [f"base45.b45decode({d.pick(d.damage(s45), s45.decode())!r})"],
        [f"base62.decodebytes({d.damage(base62.encodebytes(b))!r})"],
        [f"base62.decodebytes({base62.encodebytes(b, base62.CHARSET_INVERTED)!r}, charset=base62.CHARSET_INVERTED)"],
        [f"base91.decode({d.damage(base91.encode(b))!r})"],
        [f"base92.{d.pick('decode', 'b92decode')}({d.damage(base92.encode(b))!r})"],
        [f"base64.b32hexdecode({base64.b32hexencode(b)!r})"],
        [f"pybase64.{d.pick('b64decode', 'standard_b64decode')}({base64.b64encode(b)!r})"],
        [f"pybase64.urlsafe_b64decode({base64.urlsafe_b64encode(b)!r})"],
        [f"pybase64.b64decode({base64.urlsafe_b64encode(b)!r}, altchars=b'-_')"],
    )


@case("transfer encodings")
def _(d):
    import html
    import urllib.parse
    b, t = d.bytes(d.r.randrange(45)), d.text()
    qp = d.damage(quopri.encodestring(b + b"\n=x_y"))
    return d.pick(
        [f"binascii.a2b_uu({binascii.b2a_uu(b)!r})"],
        [f"codecs.decode({codecs.encode(b * 3, 'uu')!r}, 'uu')"],
        [f"binascii.a2b_qp({qp!r}{d.pick('', ', header=True')})"],
        [f"quopri.decodestring({qp!r})"],
        [f"codecs.decode({qp!r}, 'quopri')"],
        [f"html.unescape({d.pick(html.escape(t + chr(34)), ''.join(f'&#{ord(c)};' for c in t), ''.join(f'&#x{ord(c):X};' for c in t), t + '& &;')!r})"],
        [f"urllib.parse.unquote_plus({urllib.parse.quote_plus(t)!r})"],
        [f"urllib.parse.unquote_to_bytes({urllib.parse.quote(b)!r})"],
        [f"codecs.decode({codecs.encode(b, d.pick('hex'))!r}, 'hex')"],
        [f"codecs.decode({codecs.encode(b, 'base64')!r}, 'base64')"],
        [f"codecs.decode({zlib.compress(b)!r}, 'zlib')"],
        [f"codecs.decode({bz2.compress(b)!r}, 'bz2')"],
        [f"codecs.decode({codecs.encode(t, 'rot13')!r}, 'rot_13')"],
    )


@case("text encodings")
def _(d):
    t = d.text()
    name = d.pick("utf-16", "utf-16-le", "utf_16_be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig", "unicode_escape", "raw_unicode_escape")
    page = "".join(d.r.choice("ab\u00e9\u00e8\u00df\u00b5 z") for _ in range(d.r.randrange(9)))
    return d.pick(
        [f"{d.damage(t.encode(name))!r}.decode({name!r})"],
        [f"codecs.decode({t.encode(name)!r}, {name!r})"],
        [f"{t!r}.encode({name!r})"] if "escape" not in name else [f"codecs.decode({t.encode('unicode_escape').decode()!r}, 'unicode_escape')"],
        [f"{page.encode('cp1252')!r}.decode('cp1252')"],
        [f"{d.bytes()!r}.decode('cp437')"],
        [f"{page!r}.encode('cp437')"],
        [f"{d.text().replace(chr(10), '').encode('punycode')!r}.decode('punycode')"],
        [f"codecs.decode({d.pick(chr(92) + 'n', chr(92) + '101' + chr(92) + 'q', chr(92) + 'x41' + chr(92) * 2 + chr(92) + chr(34))!r}, 'unicode_escape')"],
    )


@case("unpack")
def _(d):
    import brotli
    import zstandard
    b = d.pick(d.bytes(), d.bytes(8) * d.r.randrange(15), b"")
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = raw.compress(b) + raw.flush()
    return d.pick(
        [f"zlib.decompress({d.damage(zlib.compress(b))!r})"],
        [f"zlib.decompress({raw!r}, {d.pick('-15', 'wbits=-15', '-zlib.MAX_WBITS')})"],
        [f"zlib.decompress({gzip.compress(b)!r}, {d.pick('31', '47', '16 + zlib.MAX_WBITS', 'zlib.MAX_WBITS | 32')})"],
        [f"zlib.decompressobj().decompress({zlib.compress(b)!r})"],
        [f"o_¤ = zlib.decompressobj(-15)", f"x_¤ = o_¤.decompress({raw!r})", "x_¤ + o_¤.flush()"],
        [f"gzip.decompress({d.damage(gzip.compress(b))!r})"],
        [f"gzip.decompress({gzip.compress(b) + gzip.compress(b)!r})"],
        [f"bz2.decompress({d.damage(bz2.compress(b))!r})"],
        [f"bz2.decompress({bz2.compress(b) + bz2.compress(b'2')!r})"],
        [f"bz2.BZ2Decompressor().decompress({bz2.compress(b)!r})"],
        [f"lzma.decompress({d.damage(lzma.compress(b))!r})"],
        [f"lzma.decompress({lzma.compress(b, format=lzma.FORMAT_ALONE)!r}{d.pick('', ', format=lzma.FORMAT_ALONE')})"],
        [f"lzma.decompress({lzma.compress(b, check=d.pick(0, 1, 4, 10)) + lzma.compress(b)!r}, lzma.FORMAT_XZ)"],
        [f"lzma.LZMADecompressor().decompress({lzma.compress(b)!r})"],
        [f"{d.pick('brotli', 'brotlicffi')}.decompress({d.damage(brotli.compress(b))!r})"],
        [f"zstandard.ZstdDecompressor().decompress({d.damage(zstandard.compress(b))!r})"],
        [f"z_¤ = zstandard.ZstdDecompressor()", f"z_¤.decompress({zstandard.compress(b)!r})"],
        [f"zstandard.decompress({zstandard.compress(b)!r})"],
    )


@case("lzstring")
def _(d):
    import lzstring
    t = d.text(1) * d.r.randrange(1, 3)
    how = d.pick("Base64", "EncodedURIComponent")
    data = getattr(lzstring.LZString(), "compressTo" + how)(t)
    return d.pick([f"lzstring.LZString().decompressFrom{how}({data!r})"], [f"l_¤ = lzstring.LZString()", f"l_¤.decompressFrom{how}({data!r})"])


def z85(b):
    table = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~",
                            b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#")
    return base64.b85encode(b).translate(table).decode()


@case("js bases")
def _(d):
    import base58, base45, base91
    b = bytes(d.r.randrange(3)) + d.bytes(d.r.randrange(40))
    return d.pick([f"bs58.decode('{d.damage(base58.b58encode(b).decode()).strip()}')"],
                  [f"basex('{base58.BITCOIN_ALPHABET.decode()}').decode('{base58.b58encode(b).decode()}')"],
                  [f"const b_¤ = basex('0123456789abcdefghijklmnopqrstuvwxyz');", f"b_¤.decode('{d.r.getrandbits(90):x}')"],
                  [f"base45.decode({json.dumps(base45.b45encode(b).decode())})"],
                  [f"base85.decode({json.dumps(base64.a85encode(b, adobe=True).decode())}, 'ascii85')"],
                  [f"base85.decode({json.dumps(z85(d.bytes(4 * d.r.randrange(9))))})"],
                  [f"base91.decode({json.dumps(base91.encode(b))})"],
                  [f"ascii85.decode({json.dumps(base64.a85encode(b).decode())})"],
                  [f"Base64.decode('{base64.b64encode(d.text().encode()).decode()}')"])


@case("js unpack")
def _(d):
    import brotli
    b = d.pick(d.bytes(), d.bytes(8) * d.r.randrange(15), d.text().encode())
    t = d.text()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = raw.compress(b) + raw.flush()
    return d.pick(
        [f"zlib.inflateSync({js(d.damage(zlib.compress(b)))})"],
        [f"zlib.gunzipSync({js(d.damage(gzip.compress(b)))})"],
        [f"zlib.gunzipSync({js(gzip.compress(b) + gzip.compress(b))})"],
        [f"zlib.unzipSync({js(d.pick(gzip, zlib).compress(b))})"],
        [f"zlib.inflateRawSync({js(raw)})"],
        [f"zlib.brotliDecompressSync({js(d.damage(brotli.compress(b)))})"],
        [f"zlib.brotliDecompressSync({js(brotli.compress(t.encode()))}).toString()"],
        [f"pako.{d.pick('inflate', 'ungzip')}({js(d.pick(gzip, zlib).compress(b))})"],
        [f"pako.inflate({js(zlib.compress(t.encode()))}, {{ to: 'string' }})"],
        [f"pako.inflateRaw({js(raw)})"],
        [f"fflate.{d.pick('unzlibSync', 'decompressSync')}({js(zlib.compress(b))})"],
        [f"fflate.{d.pick('gunzipSync', 'decompressSync')}({js(gzip.compress(b))})"],
        [f"fflate.inflateSync({js(raw)})"],
    )


@case("js lz-string")
def _(d):
    import lzstring
    t = d.text(1) * d.r.randrange(1, 4)
    how = d.pick("Base64", "EncodedURIComponent", "UTF16")
    return [f"LZString.decompressFrom{how}({json.dumps(getattr(lzstring.LZString(), 'compressTo' + how)(t))})"]
