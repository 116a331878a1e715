/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Pure functions of Python over constants. Each returns 0 where the result is not known for sure: never
 * a wrong value. Sources: pure.c (table), pure_text.c, pure_format.c, pure_list.c, pure_decode.c,
 * pure_unpack.c. */
#include "engine/record/evaluate_priv.h"

uint32_t ev_arg(const ev *e, const ev_args *a, uint32_t i, const char *keyword); /* 0 none */
bool ev_arg_text(ev *e, const ev_args *a, uint32_t i, const char *keyword, tw_str *ret);
bool ev_self_text(ev *e, const ev_args *a, tw_str *ret, uint8_t *ret_kind);
bool ev_ascii(tw_str s);
uint32_t ev_taken(ev *e, uint8_t kind, const tw_buf *b, uint32_t recipe); /* a copy of the buffer */

typedef struct ev_pure_rows {
    const ev_pure_row *rows;
    uint32_t n;
} ev_pure_rows;
/* pure_crypto_rows.c, pure_decode_rows.c */
extern const ev_pure_rows ev_rows_crypto, ev_rows_js_crypto, ev_rows_decode, ev_rows_js_decode;

/* pure_text.c */
uint32_t ev_str_join(ev *e, const ev_args *a);
uint32_t ev_str_replace(ev *e, const ev_args *a);
uint32_t ev_str_strip(ev *e, const ev_args *a);
uint32_t ev_str_lstrip(ev *e, const ev_args *a);
uint32_t ev_str_rstrip(ev *e, const ev_args *a);
uint32_t ev_str_upper(ev *e, const ev_args *a);
uint32_t ev_str_lower(ev *e, const ev_args *a);
uint32_t ev_str_swapcase(ev *e, const ev_args *a);
uint32_t ev_str_split(ev *e, const ev_args *a);
uint32_t ev_str_encode(ev *e, const ev_args *a);
uint32_t ev_bytes_decode(ev *e, const ev_args *a);
/* Text of bytes in an encoding, or bytes of a text; 0 where Python would fail or we do not know it. */
uint32_t ev_recode(ev *e, uint32_t v, tw_str encoding, bool to_bytes);

/* pure_format.c */
uint32_t ev_str_format(ev *e, const ev_args *a);
uint32_t ev_str(ev *e, const ev_args *a);

/* pure_list.c: numbers, lists, slices */
bool ev_elements(ev *e, uint32_t v); /* items of a sequence or characters of a text, onto e->stack */
/* What a loop over v goes over: v itself, or the list that range, enumerate or zip stand for; 0 unknown. */
uint32_t ev_sequence(ev *e, uint32_t v);
uint32_t ev_chr(ev *e, const ev_args *a);
uint32_t ev_ord(ev *e, const ev_args *a);
uint32_t ev_int_of(ev *e, const ev_args *a);
uint32_t ev_len(ev *e, const ev_args *a);
uint32_t ev_bytes(ev *e, const ev_args *a);
uint32_t ev_reversed(ev *e, const ev_args *a);
uint32_t ev_list_of(ev *e, const ev_args *a);
uint32_t ev_map_fn(ev *e, const ev_args *a);

/* pure_decode.c */
uint32_t ev_unhex(ev *e, const ev_args *a);
uint32_t ev_fromhex(ev *e, const ev_args *a);
uint32_t ev_str_decode(ev *e, const ev_args *a);
uint32_t ev_hexlify(ev *e, const ev_args *a);
uint32_t ev_bytes_hex(ev *e, const ev_args *a);
uint32_t ev_b64(ev *e, const ev_args *a);
uint32_t ev_b64url(ev *e, const ev_args *a);
uint32_t ev_b32(ev *e, const ev_args *a);
uint32_t ev_b16(ev *e, const ev_args *a);
uint32_t ev_b85(ev *e, const ev_args *a);
uint32_t ev_a85(ev *e, const ev_args *a);
uint32_t ev_codecs_decode(ev *e, const ev_args *a);
uint32_t ev_codecs_encode(ev *e, const ev_args *a);
uint32_t ev_unquote(ev *e, const ev_args *a);

/* pure_unpack.c */
uint32_t ev_zlib(ev *e, const ev_args *a);
uint32_t ev_gzip(ev *e, const ev_args *a);
uint32_t ev_bz2(ev *e, const ev_args *a);
uint32_t ev_lzma(ev *e, const ev_args *a);
uint32_t ev_inflate_raw(ev *e, const ev_args *a);
uint32_t ev_unzip(ev *e, const ev_args *a);

/* pure_js.c */
uint32_t ev_js_char_at(ev *e, const ev_args *a);
uint32_t ev_js_char_code(ev *e, const ev_args *a);
uint32_t ev_js_slice(ev *e, const ev_args *a);
uint32_t ev_js_substring(ev *e, const ev_args *a);
uint32_t ev_js_substr(ev *e, const ev_args *a);
uint32_t ev_js_split(ev *e, const ev_args *a);
uint32_t ev_js_join(ev *e, const ev_args *a);
uint32_t ev_js_reverse(ev *e, const ev_args *a);
uint32_t ev_js_replace(ev *e, const ev_args *a);
uint32_t ev_js_replace_all(ev *e, const ev_args *a);
uint32_t ev_js_repeat(ev *e, const ev_args *a);
uint32_t ev_js_concat(ev *e, const ev_args *a);
uint32_t ev_js_from_codes(ev *e, const ev_args *a);
uint32_t ev_js_string(ev *e, const ev_args *a);
uint32_t ev_js_to_number(ev *e, const ev_args *a);
uint32_t ev_js_parse_int(ev *e, const ev_args *a);
uint32_t ev_js_atob(ev *e, const ev_args *a);
uint32_t ev_js_buffer(ev *e, const ev_args *a);
uint32_t ev_js_to_string(ev *e, const ev_args *a);
uint32_t ev_js_btoa(ev *e, const ev_args *a);
/* pure_js_list.c */
uint32_t ev_js_map(ev *e, const ev_args *a);
uint32_t ev_js_filter(ev *e, const ev_args *a);
uint32_t ev_js_reduce(ev *e, const ev_args *a);
uint32_t ev_js_array_from(ev *e, const ev_args *a);
uint32_t ev_js_bytes_from(ev *e, const ev_args *a);
uint32_t ev_js_text_decode(ev *e, const ev_args *a);
uint32_t ev_js_unescape(ev *e, const ev_args *a);
uint32_t ev_js_decode_uri(ev *e, const ev_args *a);
