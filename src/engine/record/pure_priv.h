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
bool ev_pure_table(bool js, uint32_t i, ev_pure_rows *ret); /* pure.c: false behind the last */
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
uint32_t ev_recode_more(ev *e, uint32_t v, tw_str s, tw_str encoding, bool to_bytes); /* pure_codec.c */

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

/* pure_dotnet.c: a method of an object, 0 none that is known */
uint32_t ev_dotnet_object(ev *e, tw_str name, const ev_args *a);

extern const ev_pure_row ev_js_rows[]; /* pure_js_rows.c */
extern const uint32_t ev_n_js_rows;
/* pure_js.c */
uint32_t ev_js_from_codes(ev *e, const ev_args *a);
uint32_t ev_js_from_points(ev *e, const ev_args *a);
uint32_t ev_js_string(ev *e, const ev_args *a);
uint32_t ev_js_self_string(ev *e, const ev_args *a);
uint32_t ev_js_self(ev *e, const ev_args *a);
uint32_t ev_js_boolean(ev *e, const ev_args *a);
uint32_t ev_js_raw(ev *e, const ev_args *a);
uint32_t ev_js_unescape(ev *e, const ev_args *a);
uint32_t ev_js_decode_component(ev *e, const ev_args *a);
uint32_t ev_js_decode_uri(ev *e, const ev_args *a);
uint32_t ev_js_encode_component(ev *e, const ev_args *a);
uint32_t ev_js_encode_uri(ev *e, const ev_args *a);
uint32_t ev_js_escape(ev *e, const ev_args *a);
/* pure_js_number.c */
uint32_t ev_js_to_number(ev *e, const ev_args *a);
uint32_t ev_js_parse_int(ev *e, const ev_args *a);
uint32_t ev_js_parse_float(ev *e, const ev_args *a);
uint32_t ev_js_number_to_string(ev *e, const ev_args *a);
uint32_t ev_js_to_fixed(ev *e, const ev_args *a);
uint32_t ev_js_floor(ev *e, const ev_args *a);
uint32_t ev_js_ceil(ev *e, const ev_args *a);
uint32_t ev_js_trunc(ev *e, const ev_args *a);
uint32_t ev_js_abs(ev *e, const ev_args *a);
uint32_t ev_js_sqrt(ev *e, const ev_args *a);
uint32_t ev_js_round(ev *e, const ev_args *a);
uint32_t ev_js_sign(ev *e, const ev_args *a);
uint32_t ev_js_fround(ev *e, const ev_args *a);
uint32_t ev_js_clz32(ev *e, const ev_args *a);
uint32_t ev_js_max(ev *e, const ev_args *a);
uint32_t ev_js_min(ev *e, const ev_args *a);
uint32_t ev_js_imul(ev *e, const ev_args *a);
uint32_t ev_js_pow(ev *e, const ev_args *a);
uint32_t ev_js_is_nan(ev *e, const ev_args *a);
uint32_t ev_js_is_finite(ev *e, const ev_args *a);
uint32_t ev_js_number_is_nan(ev *e, const ev_args *a);
uint32_t ev_js_number_is_finite(ev *e, const ev_args *a);
uint32_t ev_js_is_integer(ev *e, const ev_args *a);
uint32_t ev_js_is_safe(ev *e, const ev_args *a);
/* pure_js_bigint.c */
uint32_t ev_js_bigint(ev *e, const ev_args *a);
uint32_t ev_js_bigint_to_string(ev *e, const ev_args *a);
/* pure_js_string.c */
uint32_t ev_js_char_at(ev *e, const ev_args *a);
uint32_t ev_js_at(ev *e, const ev_args *a);
uint32_t ev_js_char_code(ev *e, const ev_args *a);
uint32_t ev_js_code_point(ev *e, const ev_args *a);
uint32_t ev_js_slice(ev *e, const ev_args *a);
uint32_t ev_js_substring(ev *e, const ev_args *a);
uint32_t ev_js_substr(ev *e, const ev_args *a);
uint32_t ev_js_trim(ev *e, const ev_args *a);
uint32_t ev_js_trim_start(ev *e, const ev_args *a);
uint32_t ev_js_trim_end(ev *e, const ev_args *a);
uint32_t ev_js_split(ev *e, const ev_args *a);
uint32_t ev_js_replace(ev *e, const ev_args *a);
uint32_t ev_js_replace_all(ev *e, const ev_args *a);
uint32_t ev_js_repeat(ev *e, const ev_args *a);
uint32_t ev_js_pad_start(ev *e, const ev_args *a);
uint32_t ev_js_pad_end(ev *e, const ev_args *a);
uint32_t ev_js_concat(ev *e, const ev_args *a);
uint32_t ev_js_italics(ev *e, const ev_args *a);
uint32_t ev_js_bold(ev *e, const ev_args *a);
uint32_t ev_js_fixed(ev *e, const ev_args *a);
uint32_t ev_js_big_tag(ev *e, const ev_args *a);
uint32_t ev_js_small_tag(ev *e, const ev_args *a);
uint32_t ev_js_strike(ev *e, const ev_args *a);
uint32_t ev_js_sub_tag(ev *e, const ev_args *a);
uint32_t ev_js_sup_tag(ev *e, const ev_args *a);
uint32_t ev_js_blink(ev *e, const ev_args *a);
uint32_t ev_js_anchor(ev *e, const ev_args *a);
uint32_t ev_js_link_tag(ev *e, const ev_args *a);
uint32_t ev_js_fontcolor(ev *e, const ev_args *a);
uint32_t ev_js_fontsize(ev *e, const ev_args *a);
uint32_t ev_js_index_of(ev *e, const ev_args *a);
uint32_t ev_js_last_index_of(ev *e, const ev_args *a);
uint32_t ev_js_includes(ev *e, const ev_args *a);
uint32_t ev_js_starts_with(ev *e, const ev_args *a);
uint32_t ev_js_ends_with(ev *e, const ev_args *a);
/* pure_js_list.c */
uint32_t ev_js_map(ev *e, const ev_args *a);
uint32_t ev_js_filter(ev *e, const ev_args *a);
uint32_t ev_js_reduce(ev *e, const ev_args *a);
uint32_t ev_js_reduce_right(ev *e, const ev_args *a);
uint32_t ev_js_some(ev *e, const ev_args *a);
uint32_t ev_js_every(ev *e, const ev_args *a);
uint32_t ev_js_find(ev *e, const ev_args *a);
uint32_t ev_js_find_index(ev *e, const ev_args *a);
uint32_t ev_js_find_last(ev *e, const ev_args *a);
uint32_t ev_js_find_last_index(ev *e, const ev_args *a);
uint32_t ev_js_items_slice(ev *e, const ev_args *a);
uint32_t ev_js_join(ev *e, const ev_args *a);
uint32_t ev_js_reverse(ev *e, const ev_args *a);
uint32_t ev_js_array_concat(ev *e, const ev_args *a);
uint32_t ev_js_flat(ev *e, const ev_args *a);
uint32_t ev_js_flat_map(ev *e, const ev_args *a);
uint32_t ev_js_fill(ev *e, const ev_args *a);
uint32_t ev_js_array_of(ev *e, const ev_args *a);
uint32_t ev_js_new_array(ev *e, const ev_args *a);
uint32_t ev_js_is_array(ev *e, const ev_args *a);
uint32_t ev_js_items_include(ev *e, const ev_args *a);
uint32_t ev_js_sort(ev *e, const ev_args *a);
uint32_t ev_js_array_from(ev *e, const ev_args *a);
uint32_t ev_js_keys(ev *e, const ev_args *a);
uint32_t ev_js_values(ev *e, const ev_args *a);
uint32_t ev_js_entries(ev *e, const ev_args *a);
uint32_t ev_js_from_entries(ev *e, const ev_args *a);
uint32_t ev_js_pop(ev *e, const ev_args *a);
uint32_t ev_js_shift(ev *e, const ev_args *a);
uint32_t ev_js_same(ev *e, const ev_args *a);
/* pure_js_buffer.c */
uint32_t ev_js_to_string(ev *e, const ev_args *a);
uint32_t ev_js_buffer(ev *e, const ev_args *a);
uint32_t ev_js_alloc(ev *e, const ev_args *a);
uint32_t ev_js_u8(ev *e, const ev_args *a);
uint32_t ev_js_bytes_from(ev *e, const ev_args *a);
uint32_t ev_js_bytes_of(ev *e, const ev_args *a);
uint32_t ev_js_buffer_concat(ev *e, const ev_args *a);
uint32_t ev_js_byte_length(ev *e, const ev_args *a);
uint32_t ev_js_bytes_slice(ev *e, const ev_args *a);
uint32_t ev_js_swap16(ev *e, const ev_args *a);
uint32_t ev_js_bytes_reverse(ev *e, const ev_args *a);
uint32_t ev_js_read_u8(ev *e, const ev_args *a);
uint32_t ev_js_read_i8(ev *e, const ev_args *a);
uint32_t ev_js_read_u16le(ev *e, const ev_args *a);
uint32_t ev_js_read_u16be(ev *e, const ev_args *a);
uint32_t ev_js_read_i16le(ev *e, const ev_args *a);
uint32_t ev_js_read_i16be(ev *e, const ev_args *a);
uint32_t ev_js_read_u32le(ev *e, const ev_args *a);
uint32_t ev_js_read_u32be(ev *e, const ev_args *a);
uint32_t ev_js_read_i32le(ev *e, const ev_args *a);
uint32_t ev_js_read_i32be(ev *e, const ev_args *a);
uint32_t ev_js_bytes_map(ev *e, const ev_args *a);
uint32_t ev_js_bytes_filter(ev *e, const ev_args *a);
uint32_t ev_js_bytes_reduce(ev *e, const ev_args *a);
uint32_t ev_js_bytes_join(ev *e, const ev_args *a);
uint32_t ev_js_bytes_every(ev *e, const ev_args *a);
uint32_t ev_js_bytes_some(ev *e, const ev_args *a);
uint32_t ev_js_bytes_at(ev *e, const ev_args *a);
uint32_t ev_js_text_encode(ev *e, const ev_args *a);
uint32_t ev_js_text_decode(ev *e, const ev_args *a);
uint32_t ev_js_atob(ev *e, const ev_args *a);
uint32_t ev_js_btoa(ev *e, const ev_args *a);
/* pure_js_json.c */
uint32_t ev_js_json_parse(ev *e, const ev_args *a);
uint32_t ev_js_stringify(ev *e, const ev_args *a);
/* pure_js_regex.c */
uint32_t ev_js_match(ev *e, const ev_args *a);
uint32_t ev_js_match_all(ev *e, const ev_args *a);
uint32_t ev_js_search(ev *e, const ev_args *a);
uint32_t ev_js_test(ev *e, const ev_args *a);
uint32_t ev_js_exec(ev *e, const ev_args *a);
uint32_t ev_js_new_regex(ev *e, const ev_args *a);
/* evaluate_js_member.c */
uint32_t ev_js_new_object(ev *e, const ev_args *a);
uint32_t ev_js_class_name(ev *e, const ev_args *a);
/* Between them. */
typedef struct ev_js_str { /* a text and its UTF-16 units; u NULL: ASCII */
    tw_str s;
    const uint16_t *u;
    size_t n;
    uint32_t recipe;
} ev_js_str;
bool ev_js_units(ev *e, uint32_t v, ev_js_str *ret);
uint32_t ev_js_cut(ev *e, const ev_js_str *j, int64_t from, int64_t to); /* 0: cuts a pair in two */
bool ev_js_length(ev *e, uint32_t v, int64_t *ret);
bool ev_js_expand(ev *e, tw_buf *out, tw_str to, tw_str s, const size_t *groups, uint32_t n);
tw_str ev_js_trimmed(tw_str s, bool front, bool back);
tw_str ev_js_double_text(double d, char *buf); /* 40 bytes */
bool ev_js_parse_number(tw_str s, double *ret);
bool ev_js_literal_number(tw_str s, double *ret);
int32_t ev_js_int32(double d);
bool ev_js_is_bigint(const ev *e, uint32_t v);
int ev_js_bigint_truth(const ev *e, uint32_t v);
uint32_t ev_js_bigint_text(ev *e, uint32_t v);
bool ev_js_bigint_order(ev *e, uint32_t l, uint32_t r, double *ret);
uint32_t ev_js_bigint_op(ev *e, tw_str op, uint32_t l, uint32_t r);
uint32_t ev_js_bigint_unary(ev *e, tw_str op, uint32_t v);
uint32_t ev_js_array(ev *e, uint32_t base);
uint32_t ev_js_joined(ev *e, uint32_t v, uint32_t sep);
bool ev_js_items_or_room(ev *e, uint32_t v, uint32_t *ret_list, uint32_t *ret_n);
uint32_t ev_js_items_find(ev *e, const ev_args *a, bool last);
bool ev_js_callable(ev *e, uint32_t f);
uint32_t ev_js_called(ev *e, uint32_t f, const uint32_t *v, uint32_t n);
uint32_t ev_js_bytes_text(ev *e, uint32_t v);
uint32_t ev_js_replace_regex(ev *e, const ev_args *a, bool all);
uint32_t ev_js_split_regex(ev *e, const ev_args *a, int64_t most);
