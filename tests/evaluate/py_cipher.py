# SPDX-License-Identifier: Apache-2.0
"""Ciphers and alphabets for Python's hidden bytes; see py_text.py."""
import base64
import hashlib
import os

from program import Bytes, Int, Str, code
from py_text import blob, once


def rand(p, n):
    return bytes(p.r.randrange(256) for _ in range(n))


def padded(v, n=16):
    k = n - len(v) % n
    return v + bytes([k]) * k


def aes(key, mode):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
    return Cipher(algorithms.AES(key), mode).encryptor()


def run(enc, v):
    return enc.update(v) + enc.finalize()


@blob("Fernet", 20000)
def _(p, v, c):
    from cryptography.fernet import Fernet
    key = base64.urlsafe_b64encode(rand(p, 32))
    p.need("from cryptography.fernet import Fernet")
    token = Fernet(key)._encrypt_from_parts(v, 1700000000, rand(p, 16))
    if p.r.random() < 0.5:
        return code("Fernet(", Bytes(key), ").decrypt(", Bytes(token), ")")
    f = p.fresh()
    p.define(f"{f} = Fernet(", Str(key.decode()), ".encode())")
    return code(f"{f}.decrypt(", Str(token.decode()), ")")


@blob("AES-CBC", 20000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers import modes
    key, iv = rand(p, p.r.choice([16, 24, 32])), rand(p, 16)
    hidden = run(aes(key, modes.CBC(iv)), padded(v))
    if p.r.random() < 0.5:
        p.need("from Crypto.Cipher import AES")
        p.need("from Crypto.Util.Padding import unpad")
        return code("unpad(AES.new(", Bytes(key), ", AES.MODE_CBC, ", Bytes(iv), ").decrypt(", Bytes(hidden), "), 16)")
    p.need("from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes")
    f = once(p, c, "cbc", "def $(k, iv, d):\n    e = Cipher(algorithms.AES(k), modes.CBC(iv)).decryptor()\n    out = e.update(d) + e.finalize()\n    return out[:-out[-1]]")
    return code(f, "(", Bytes(key), ", ", Bytes(iv), ", ", Bytes(hidden), ")")


@blob("AES-CTR", 20000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers import modes
    key = rand(p, 16)
    if p.r.random() < 0.5:
        nonce = rand(p, 8)
        p.need("from Crypto.Cipher import AES")
        return code("AES.new(", Bytes(key), ", AES.MODE_CTR, nonce=", Bytes(nonce), ").decrypt(", Bytes(run(aes(key, modes.CTR(nonce + bytes(8))), v)), ")")
    iv = rand(p, 16)
    p.need("from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes")
    return code("Cipher(algorithms.AES(", Bytes(key), "), modes.CTR(", Bytes(iv), ")).decryptor().update(", Bytes(run(aes(key, modes.CTR(iv)), v)), ")")


@blob("AES-GCM", 20000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    key, nonce = rand(p, 32), rand(p, 12)
    hidden = AESGCM(key).encrypt(nonce, v, None)
    if p.r.random() < 0.5:
        p.need("from cryptography.hazmat.primitives.ciphers.aead import AESGCM")
        return code("AESGCM(", Bytes(key), ").decrypt(", Bytes(nonce), ", ", Bytes(hidden), ", None)")
    p.need("from Crypto.Cipher import AES")
    return code("AES.new(", Bytes(key), ", AES.MODE_GCM, nonce=", Bytes(nonce), ").decrypt_and_verify(", Bytes(hidden[:-16]), ", ", Bytes(hidden[-16:]), ")")


@blob("AES-ECB", 20000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers import modes
    key = rand(p, 16)
    hidden = run(aes(key, modes.ECB()), padded(v))
    p.need("from Crypto.Cipher import AES")
    x = p.fresh()
    p.define(f"{x} = AES.new(", Bytes(key), ", AES.MODE_ECB).decrypt(", Bytes(hidden), ")")
    return code(f"{x}[:-{x}[-1]]")


@blob("ChaCha20", 20000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
    key = rand(p, 32)
    if p.r.random() < 0.5:
        nonce = rand(p, 8)
        hidden = run(Cipher(algorithms.ChaCha20(key, bytes(8) + nonce), None).encryptor(), v)
        p.need("from Crypto.Cipher import ChaCha20")
        return code("ChaCha20.new(key=", Bytes(key), ", nonce=", Bytes(nonce), ").decrypt(", Bytes(hidden), ")")
    nonce = rand(p, 16)
    hidden = run(Cipher(algorithms.ChaCha20(key, nonce), None).encryptor(), v)
    p.need("from cryptography.hazmat.primitives.ciphers import Cipher, algorithms")
    return code("Cipher(algorithms.ChaCha20(", Bytes(key), ", ", Bytes(nonce), "), mode=None).decryptor().update(", Bytes(hidden), ")")


@blob("key by PBKDF2", 4000)
def _(p, v, c):
    word, salt, rounds = rand(p, 8).hex().encode(), rand(p, 8), p.r.choice([1, 100, 1000])
    key = hashlib.pbkdf2_hmac("sha256", word, salt, rounds, 32)
    p.need("import hashlib")
    k = p.fresh()
    p.define(f"{k} = hashlib.pbkdf2_hmac('sha256', ", Bytes(word), ", ", Bytes(salt), f", {rounds})")
    return code(f"bytes(a ^ {k}[i % 32] for i, a in enumerate(", Bytes(bytes(b ^ key[i % 32] for i, b in enumerate(v))), "))")


@blob("key by scrypt", 4000)
def _(p, v, c):
    from cryptography.hazmat.primitives.ciphers import modes
    word, salt = rand(p, 6).hex().encode(), rand(p, 8)
    key = hashlib.scrypt(word, salt=salt, n=16, r=8, p=1, dklen=16)
    p.need("import hashlib")
    p.need("from Crypto.Cipher import AES")
    k = p.fresh()
    p.define(f"{k} = hashlib.scrypt(", Bytes(word), ", salt=", Bytes(salt), ", n=16, r=8, p=1, dklen=16)")
    return code(f"AES.new({k}, AES.MODE_CTR, nonce=b'').decrypt(", Bytes(run(aes(key, modes.CTR(bytes(16))), v)), ")")


@blob("key by SHA-256", 4000)
def _(p, v, c):
    word = rand(p, 5).hex()
    key = hashlib.sha256(word.encode()).digest()
    p.need("import hashlib")
    f = once(p, c, "sha", "def $(w, d):\n    k = hashlib.sha256(w.encode()).digest()\n    return bytes(b ^ k[i % len(k)] for i, b in enumerate(d))")
    return code(f, "(", Str(word), ", ", Bytes(bytes(b ^ key[i % 32] for i, b in enumerate(v))), ")")


@blob("brotli", 20000)
def _(p, v, c):
    import brotli
    p.need("import brotli")
    return code("brotli.decompress(", Bytes(brotli.compress(v)), ")")


B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
B62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
B45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
B91 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~\""
B92 = "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_abcdefghijklmnopqrstuvwxyz{|}"


def in_base(v, alphabet):
    n, out = int.from_bytes(v, "big"), ""
    while n:
        n, d = divmod(n, len(alphabet))
        out = alphabet[d] + out
    return out


def big_base(name, alphabet):
    @blob(name, 500)
    def _(p, v, c):
        if v[0] == 0:
            return None
        f = once(p, c, name, "def $(s):\n    n = 0\n    for ch in s:\n        n = n * ", Int(len(alphabet)), " + ", Str(alphabet), ".index(ch)\n    return n.to_bytes((n.bit_length() + 7) // 8, 'big')")
        return code(f, "(", Str(in_base(v, alphabet)), ")")


big_base("base58 written out", B58)
big_base("base62 written out", B62)


@blob("base58 by library", 500)
def _(p, v, c):
    import base58
    p.need("import base58")
    return code("base58.b58decode(", Str(base58.b58encode(v).decode()), ")")


@blob("base45 written out", 2500)
def _(p, v, c):
    out = ""
    for i in range(0, len(v), 2):
        n = int.from_bytes(v[i:i + 2], "big")
        out += B45[n % 45] + B45[n // 45 % 45] + (B45[n // 2025] if i + 1 < len(v) else "")
    f = once(p, c, "b45", "def $(s):\n    a = ", Str(B45), """
    d = [a.index(x) for x in s]
    out = []
    for i in range(0, len(d), 3):
        t = d[i:i + 3]
        if len(t) == 3:
            out += divmod(t[0] + t[1] * 45 + t[2] * 2025, 256)
        else:
            out.append(t[0] + t[1] * 45)
    return bytes(out)""")
    return code(f, "(", Str(out), ")")


@blob("base64, own alphabet", 3000)
def _(p, v, c):
    std = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    own = "".join(p.r.sample(std, 64))
    p.need("import base64")
    hidden = base64.b64encode(v).decode().translate(str.maketrans(std, own))
    return code("base64.b64decode(", Str(hidden), ".translate(str.maketrans(", Str(own), ", ", Str(std), ")))")


def encode91(v):
    out, b, n = "", 0, 0
    for byte in v:
        b |= byte << n
        n += 8
        if n > 13:
            x = b & 8191
            if x > 88:
                b, n = b >> 13, n - 13
            else:
                x = b & 16383
                b, n = b >> 14, n - 14
            out += B91[x % 91] + B91[x // 91]
    if n:
        out += B91[b % 91] + (B91[b // 91] if n > 7 or b > 90 else "")
    return out


@blob("base91 written out", 2500)
def _(p, v, c):
    f = once(p, c, "b91", "def $(s):\n    t = {x: i for i, x in enumerate(", Str(B91), """)}
    v, b, n = -1, 0, 0
    out = bytearray()
    for ch in s:
        x = t[ch]
        if v < 0:
            v = x
        else:
            v += x * 91
            b |= v << n
            n += 13 if (v & 8191) > 88 else 14
            while True:
                out.append(b & 255)
                b >>= 8
                n -= 8
                if not n > 7:
                    break
            v = -1
    if v + 1:
        out.append((b | v << n) & 255)
    return bytes(out)""")
    return code(f, "(", Str(encode91(v)), ")")


@blob("base92 written out", 1500)
def _(p, v, c):
    bits = "".join(f"{b:08b}" for b in v)
    out = ""
    for i in range(0, len(bits), 13):
        part = bits[i:i + 13]
        if len(part) <= 6:
            out += B92[int(part.ljust(6, "0"), 2)]
        else:
            n = int(part.ljust(13, "0"), 2)
            out += B92[n // 91] + B92[n % 91]
    f = once(p, c, "b92", "def $(s):\n    t = ", Str(B92), """
    bits = ''
    for i in range(0, len(s) // 2 * 2, 2):
        bits += '{:013b}'.format(t.index(s[i]) * 91 + t.index(s[i + 1]))
    if len(s) % 2:
        bits += '{:06b}'.format(t.index(s[-1]))
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) - 7, 8))""")
    return code(f, "(", Str(out), ")")
