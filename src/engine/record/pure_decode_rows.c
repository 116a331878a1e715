/* SPDX-License-Identifier: Apache-2.0 */
/* Names of decoders and decompressors beyond the standard ones of pure.c. A new one is a line here. */
#include "engine/record/pure_base.h"

#define ROW(name, fn)   \
    {                   \
        TW_SI(name), fn \
    }
#define OBJECT(name) ROW(name, ev_made)
#define UNPACKER(name, by) \
    OBJECT(name), ROW(name "()." by, ev_unpack_object), ROW(name "().flush", ev_unpack_object)
#define LZ_STRING(place)                                           \
    ROW(place "decompressFromBase64", ev_lz_base64),               \
        ROW(place "decompressFromEncodedURIComponent", ev_lz_uri), \
        ROW(place "decompressFromUTF16", ev_lz_utf16), ROW(place "decompressFromUint8Array", ev_lz_bytes)

static const ev_pure_row python[] = {
    ROW("base58.b58decode", ev_b58),
    ROW("base58.b58decode_check", ev_b58_check),
    ROW("base62.decodebytes", ev_b62),
    ROW("base45.b45decode", ev_b45),
    ROW("base91.decode", ev_b91),
    ROW("base92.decode", ev_b92),
    ROW("base92.b92decode", ev_b92),
    ROW("base92.base92_decode", ev_b92),
    ROW("base64.z85decode", ev_z85),
    ROW("zmq.utils.z85.decode", ev_z85),
    ROW("base64.b32hexdecode", ev_b32hex),
    ROW("pybase64.b64decode", ev_pybase64),
    ROW("pybase64.standard_b64decode", ev_b64),
    ROW("pybase64.urlsafe_b64decode", ev_b64url),
    ROW("pybase64.b64decode_as_bytearray", ev_pybase64),
    ROW("binascii.a2b_uu", ev_a2b_uu),
    ROW("binascii.a2b_qp", ev_qp),
    ROW("quopri.decodestring", ev_qp),
    ROW("html.unescape", ev_html_unescape),
    ROW("urllib.parse.unquote_plus", ev_unquote_plus),
    ROW("urllib.unquote_plus", ev_unquote_plus),
    ROW("urllib.parse.unquote_to_bytes", ev_unquote_bytes),
    ROW("brotli.decompress", ev_brotli),
    ROW("brotlicffi.decompress", ev_brotli),
    OBJECT("zstandard.ZstdDecompressor"),
    ROW("zstandard.ZstdDecompressor().decompress", ev_zstd_object),
    ROW("zstandard.decompress", ev_zstd_object),
    ROW("compression.zstd.decompress", ev_zstd),
    ROW("backports.zstd.decompress", ev_zstd),
    ROW("pyzstd.decompress", ev_zstd),
    ROW("zstd.decompress", ev_zstd),
    ROW("zstd.uncompress", ev_zstd),
    UNPACKER("zlib.decompressobj", "decompress"),
    UNPACKER("bz2.BZ2Decompressor", "decompress"),
    UNPACKER("lzma.LZMADecompressor", "decompress"),
    OBJECT("lzstring.LZString"),
    ROW("lzstring.LZString().decompressFromBase64", ev_lz_base64),
    ROW("lzstring.LZString().decompressFromEncodedURIComponent", ev_lz_uri),
};

static const ev_pure_row javascript[] = {
    ROW("bs58.decode", ev_js_b58),
    OBJECT("base-x"),
    ROW("base-x().decode", ev_js_basex),
    ROW("base45.decode", ev_b45),
    ROW("base91.decode", ev_b91),
    ROW("base85.decode", ev_js_b85),
    ROW("ascii85.decode", ev_js_a85),
    ROW("js-base64.decode", ev_js_base64_text),
    ROW("js-base64.Base64.decode", ev_js_base64_text),
    ROW("js-base64.atob", ev_js_atob),
    ROW("zlib.inflateSync", ev_js_inflate),
    ROW("zlib.gunzipSync", ev_js_gunzip),
    ROW("zlib.unzipSync", ev_js_unpack_auto),
    ROW("zlib.inflateRawSync", ev_js_inflate_raw),
    ROW("zlib.brotliDecompressSync", ev_js_brotli),
    ROW("zlib.zstdDecompressSync", ev_js_zstd),
    ROW("pako.inflate", ev_js_unpack_auto),
    ROW("pako.ungzip", ev_js_unpack_auto),
    ROW("pako.inflateRaw", ev_js_inflate_raw),
    ROW("fflate.unzlibSync", ev_js_inflate),
    ROW("fflate.gunzipSync", ev_js_gunzip),
    ROW("fflate.inflateSync", ev_js_inflate_raw),
    ROW("fflate.decompressSync", ev_js_unpack_auto),
    LZ_STRING("lz-string."),
    LZ_STRING("LZString."),
};

const ev_pure_rows ev_rows_decode = {python, TW_COUNT(python)},
                   ev_rows_js_decode = {javascript, TW_COUNT(javascript)};
