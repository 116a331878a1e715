/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Between the decoders beyond Python's base64 and zlib, and their tables of names (pure_decode_rows.c). */
#include "engine/record/pure_object.h"

/* pure_base.c */
uint32_t ev_b58(ev *e, const ev_args *a);
uint32_t ev_b58_check(ev *e, const ev_args *a);
uint32_t ev_js_b58(ev *e, const ev_args *a);
uint32_t ev_js_basex(ev *e, const ev_args *a);
uint32_t ev_b62(ev *e, const ev_args *a);
uint32_t ev_b45(ev *e, const ev_args *a);
uint32_t ev_b91(ev *e, const ev_args *a);
uint32_t ev_b92(ev *e, const ev_args *a);
uint32_t ev_z85(ev *e, const ev_args *a);
uint32_t ev_js_b85(ev *e, const ev_args *a);
uint32_t ev_js_a85(ev *e, const ev_args *a);
uint32_t ev_b32hex(ev *e, const ev_args *a);
uint32_t ev_pybase64(ev *e, const ev_args *a);
uint32_t ev_js_base64_text(ev *e, const ev_args *a);

/* pure_codec.c */
uint32_t ev_uu(ev *e, const ev_args *a);
uint32_t ev_a2b_uu(ev *e, const ev_args *a);
uint32_t ev_qp(ev *e, const ev_args *a);
uint32_t ev_html_unescape(ev *e, const ev_args *a);
uint32_t ev_unquote_plus(ev *e, const ev_args *a);
uint32_t ev_unquote_bytes(ev *e, const ev_args *a);

/* pure_unpack.c, pure_unpack_more.c */
uint32_t ev_brotli(ev *e, const ev_args *a);
uint32_t ev_zstd(ev *e, const ev_args *a);
uint32_t ev_zstd_object(ev *e, const ev_args *a);
uint32_t ev_unpack_object(ev *e, const ev_args *a);
uint32_t ev_js_inflate(ev *e, const ev_args *a);
uint32_t ev_js_gunzip(ev *e, const ev_args *a);
uint32_t ev_js_unpack_auto(ev *e, const ev_args *a);
uint32_t ev_js_inflate_raw(ev *e, const ev_args *a);
uint32_t ev_js_brotli(ev *e, const ev_args *a);
uint32_t ev_js_zstd(ev *e, const ev_args *a);

/* pure_lzstring.c */
uint32_t ev_lz_base64(ev *e, const ev_args *a);
uint32_t ev_lz_uri(ev *e, const ev_args *a);
uint32_t ev_lz_utf16(ev *e, const ev_args *a);
uint32_t ev_lz_bytes(ev *e, const ev_args *a);
