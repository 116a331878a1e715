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

/* Python: rows of the table. pure_method.c, pure_number.c, pure_float.c, pure_value.c, pure_iter.c, pure_struct.c,
 * pure_json.c, pure_eval.c */
uint32_t ev_str_find(ev *e, const ev_args *a);
uint32_t ev_str_rfind(ev *e, const ev_args *a);
uint32_t ev_str_index(ev *e, const ev_args *a);
uint32_t ev_str_rindex(ev *e, const ev_args *a);
uint32_t ev_str_count(ev *e, const ev_args *a);
uint32_t ev_str_startswith(ev *e, const ev_args *a);
uint32_t ev_str_endswith(ev *e, const ev_args *a);
uint32_t ev_str_partition(ev *e, const ev_args *a);
uint32_t ev_str_rpartition(ev *e, const ev_args *a);
uint32_t ev_py_rsplit(ev *e, const ev_args *a);
uint32_t ev_str_splitlines(ev *e, const ev_args *a);
uint32_t ev_str_removeprefix(ev *e, const ev_args *a);
uint32_t ev_str_removesuffix(ev *e, const ev_args *a);
uint32_t ev_str_center(ev *e, const ev_args *a);
uint32_t ev_str_ljust(ev *e, const ev_args *a);
uint32_t ev_str_rjust(ev *e, const ev_args *a);
uint32_t ev_str_zfill(ev *e, const ev_args *a);
uint32_t ev_str_expandtabs(ev *e, const ev_args *a);
uint32_t ev_str_title(ev *e, const ev_args *a);
uint32_t ev_str_capitalize(ev *e, const ev_args *a);
uint32_t ev_str_isdigit(ev *e, const ev_args *a);
uint32_t ev_str_isalpha(ev *e, const ev_args *a);
uint32_t ev_str_isalnum(ev *e, const ev_args *a);
uint32_t ev_str_isspace(ev *e, const ev_args *a);
uint32_t ev_str_isupper(ev *e, const ev_args *a);
uint32_t ev_str_islower(ev *e, const ev_args *a);
uint32_t ev_str_isascii(ev *e, const ev_args *a);
uint32_t ev_str_isidentifier(ev *e, const ev_args *a);
uint32_t ev_str_translate(ev *e, const ev_args *a);
uint32_t ev_str_maketrans(ev *e, const ev_args *a);
uint32_t ev_bytes_maketrans(ev *e, const ev_args *a);
uint32_t ev_py_abs(ev *e, const ev_args *a);
uint32_t ev_py_divmod(ev *e, const ev_args *a);
uint32_t ev_py_pow(ev *e, const ev_args *a);
uint32_t ev_py_hex(ev *e, const ev_args *a);
uint32_t ev_py_oct(ev *e, const ev_args *a);
uint32_t ev_py_bin(ev *e, const ev_args *a);
uint32_t ev_py_round(ev *e, const ev_args *a);
uint32_t ev_py_float(ev *e, const ev_args *a);
uint32_t ev_py_bool(ev *e, const ev_args *a);
uint32_t ev_int_from_bytes(ev *e, const ev_args *a);
uint32_t ev_int_to_bytes(ev *e, const ev_args *a);
uint32_t ev_int_bit_length(ev *e, const ev_args *a);
uint32_t ev_math_floor(ev *e, const ev_args *a);
uint32_t ev_math_ceil(ev *e, const ev_args *a);
uint32_t ev_math_trunc(ev *e, const ev_args *a);
uint32_t ev_math_sqrt(ev *e, const ev_args *a);
uint32_t ev_math_fabs(ev *e, const ev_args *a);
uint32_t ev_math_gcd(ev *e, const ev_args *a);
uint32_t ev_math_factorial(ev *e, const ev_args *a);
uint32_t ev_math_prod(ev *e, const ev_args *a);
uint32_t ev_py_repr(ev *e, const ev_args *a);
uint32_t ev_py_ascii(ev *e, const ev_args *a);
uint32_t ev_py_format(ev *e, const ev_args *a);
uint32_t ev_str_format_map(ev *e, const ev_args *a);
uint32_t ev_py_set(ev *e, const ev_args *a);
uint32_t ev_py_dict(ev *e, const ev_args *a);
uint32_t ev_py_sum(ev *e, const ev_args *a);
uint32_t ev_py_min(ev *e, const ev_args *a);
uint32_t ev_py_max(ev *e, const ev_args *a);
uint32_t ev_py_any(ev *e, const ev_args *a);
uint32_t ev_py_all(ev *e, const ev_args *a);
uint32_t ev_py_sorted(ev *e, const ev_args *a);
uint32_t ev_py_zip(ev *e, const ev_args *a);
uint32_t ev_py_filter(ev *e, const ev_args *a);
uint32_t ev_py_enumerate(ev *e, const ev_args *a);
uint32_t ev_isinstance(ev *e, const ev_args *a);
uint32_t ev_py_reduce(ev *e, const ev_args *a);
uint32_t ev_dict_get(ev *e, const ev_args *a);
uint32_t ev_dict_pop(ev *e, const ev_args *a);
uint32_t ev_dict_keys(ev *e, const ev_args *a);
uint32_t ev_dict_values(ev *e, const ev_args *a);
uint32_t ev_dict_items(ev *e, const ev_args *a);
uint32_t ev_dict_copy(ev *e, const ev_args *a);
uint32_t ev_dict_fromkeys(ev *e, const ev_args *a);
uint32_t ev_list_pop(ev *e, const ev_args *a);
uint32_t ev_list_copy(ev *e, const ev_args *a);
uint32_t ev_list_index(ev *e, const ev_args *a);
uint32_t ev_list_count(ev *e, const ev_args *a);
uint32_t ev_chain(ev *e, const ev_args *a);
uint32_t ev_chain_from(ev *e, const ev_args *a);
uint32_t ev_repeat(ev *e, const ev_args *a);
uint32_t ev_islice(ev *e, const ev_args *a);
uint32_t ev_product(ev *e, const ev_args *a);
uint32_t ev_accumulate(ev *e, const ev_args *a);
uint32_t ev_zip_longest(ev *e, const ev_args *a);
uint32_t ev_takewhile(ev *e, const ev_args *a);
uint32_t ev_dropwhile(ev *e, const ev_args *a);
uint32_t ev_filterfalse(ev *e, const ev_args *a);
uint32_t ev_starmap(ev *e, const ev_args *a);
uint32_t ev_compress(ev *e, const ev_args *a);
uint32_t ev_pairwise(ev *e, const ev_args *a);
uint32_t ev_struct_pack(ev *e, const ev_args *a);
uint32_t ev_struct_unpack(ev *e, const ev_args *a);
uint32_t ev_struct_unpack_from(ev *e, const ev_args *a);
uint32_t ev_struct_iter_unpack(ev *e, const ev_args *a);
uint32_t ev_struct_calcsize(ev *e, const ev_args *a);
uint32_t ev_array_tobytes(ev *e, const ev_args *a);
uint32_t ev_json_loads(ev *e, const ev_args *a);
uint32_t ev_json_dumps(ev *e, const ev_args *a);
uint32_t ev_literal_eval(ev *e, const ev_args *a);
uint32_t ev_same_bytes(ev *e, const ev_args *a);
uint32_t ev_py_split(ev *e, const ev_args *a);
uint32_t ev_py_replace(ev *e, const ev_args *a);
uint32_t ev_py_reversed(ev *e, const ev_args *a);
uint32_t ev_py_list(ev *e, const ev_args *a);
uint32_t ev_py_tuple(ev *e, const ev_args *a);
uint32_t ev_py_map(ev *e, const ev_args *a);

/* pure_value.c: what values have in common */
uint32_t ev_seq_from(ev *e, uint32_t base, uint16_t how); /* what is on e->stack from base on */
bool ev_each(ev *e, uint32_t v, bool ordered);            /* onto e->stack; not ordered: sets too */
bool ev_is_listlike(const ev *e, uint32_t v, bool *ret_tuple);
int ev_equal(ev *e, uint32_t x, uint32_t y); /* 1, 0, -1 unknown */
bool ev_order(ev *e, uint32_t x, uint32_t y, int *ret);
uint32_t ev_repr_of(ev *e, uint32_t v);
uint32_t ev_apply(ev *e, uint32_t fn, const uint32_t *v, uint32_t n);
uint32_t ev_map_or(ev *e, uint32_t l, uint32_t r);
uint32_t ev_int_of_digits(ev *e, tw_str s, unsigned base, bool minus);
uint32_t ev_int_from_little(ev *e, const ev_args *a);
/* Upper or lower case of a letter of Latin-1; 0 where Python makes something else of it. */
uint32_t ev_latin_case(uint32_t c, bool up);
uint32_t ev_float_to_int(ev *e, double f);
bool ev_spec_text(tw_str text, tw_str how, tw_buf *out);
