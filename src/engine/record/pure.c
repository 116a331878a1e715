/* SPDX-License-Identifier: Apache-2.0 */
/* The table of pure functions: name, function. A new one is a line here and a function in pure_*.c. */
#include "engine/record/pure_priv.h"

static const ev_pure_row python[] = {
    {TW_SI("str.join"), ev_str_join},
    {TW_SI("bytes.join"), ev_str_join},
    {TW_SI("str.replace"), ev_py_replace},
    {TW_SI("bytes.replace"), ev_py_replace},
    {TW_SI("str.strip"), ev_str_strip},
    {TW_SI("bytes.strip"), ev_str_strip},
    {TW_SI("str.lstrip"), ev_str_lstrip},
    {TW_SI("bytes.lstrip"), ev_str_lstrip},
    {TW_SI("str.rstrip"), ev_str_rstrip},
    {TW_SI("bytes.rstrip"), ev_str_rstrip},
    {TW_SI("str.upper"), ev_str_upper},
    {TW_SI("bytes.upper"), ev_str_upper},
    {TW_SI("str.lower"), ev_str_lower},
    {TW_SI("bytes.lower"), ev_str_lower},
    {TW_SI("str.swapcase"), ev_str_swapcase},
    {TW_SI("str.split"), ev_py_split},
    {TW_SI("bytes.split"), ev_py_split},
    {TW_SI("str.format"), ev_str_format},
    {TW_SI("str.encode"), ev_str_encode},
    {TW_SI("bytes.decode"), ev_bytes_decode},
    {TW_SI("bytes.hex"), ev_bytes_hex},
    {TW_SI("binascii.hexlify"), ev_hexlify},
    {TW_SI("chr"), ev_chr},
    {TW_SI("unichr"), ev_chr},
    {TW_SI("ord"), ev_ord},
    {TW_SI("str"), ev_str},
    {TW_SI("int"), ev_int_of},
    {TW_SI("len"), ev_len},
    {TW_SI("bytes"), ev_bytes},
    {TW_SI("bytearray"), ev_bytes},
    {TW_SI("reversed"), ev_py_reversed},
    {TW_SI("list"), ev_py_list},
    {TW_SI("tuple"), ev_py_tuple},
    {TW_SI("map"), ev_py_map},
    {TW_SI("bytes.fromhex"), ev_fromhex},
    {TW_SI("bytearray.fromhex"), ev_fromhex},
    {TW_SI("str.decode"), ev_str_decode},
    {TW_SI("binascii.unhexlify"), ev_unhex},
    {TW_SI("binascii.a2b_hex"), ev_unhex},
    {TW_SI("base64.b64decode"), ev_b64},
    {TW_SI("base64.standard_b64decode"), ev_b64},
    {TW_SI("base64.urlsafe_b64decode"), ev_b64url},
    {TW_SI("base64.decodebytes"), ev_b64},
    {TW_SI("base64.decodestring"), ev_b64},
    {TW_SI("binascii.a2b_base64"), ev_b64},
    {TW_SI("base64.b32decode"), ev_b32},
    {TW_SI("base64.b16decode"), ev_b16},
    {TW_SI("base64.b85decode"), ev_b85},
    {TW_SI("base64.a85decode"), ev_a85},
    {TW_SI("codecs.decode"), ev_codecs_decode},
    {TW_SI("codecs.encode"), ev_codecs_encode},
    {TW_SI("zlib.decompress"), ev_zlib},
    {TW_SI("gzip.decompress"), ev_gzip},
    {TW_SI("bz2.decompress"), ev_bz2},
    {TW_SI("lzma.decompress"), ev_lzma},
    {TW_SI("urllib.parse.unquote"), ev_unquote},
    {TW_SI("urllib.unquote"), ev_unquote},
    /* pure_method.c */
    {TW_SI("str.find"), ev_str_find},
    {TW_SI("bytes.find"), ev_str_find},
    {TW_SI("str.rfind"), ev_str_rfind},
    {TW_SI("bytes.rfind"), ev_str_rfind},
    {TW_SI("str.index"), ev_str_index},
    {TW_SI("bytes.index"), ev_str_index},
    {TW_SI("str.rindex"), ev_str_rindex},
    {TW_SI("bytes.rindex"), ev_str_rindex},
    {TW_SI("str.count"), ev_str_count},
    {TW_SI("bytes.count"), ev_str_count},
    {TW_SI("str.startswith"), ev_str_startswith},
    {TW_SI("bytes.startswith"), ev_str_startswith},
    {TW_SI("str.endswith"), ev_str_endswith},
    {TW_SI("bytes.endswith"), ev_str_endswith},
    {TW_SI("str.partition"), ev_str_partition},
    {TW_SI("bytes.partition"), ev_str_partition},
    {TW_SI("str.rpartition"), ev_str_rpartition},
    {TW_SI("bytes.rpartition"), ev_str_rpartition},
    {TW_SI("str.rsplit"), ev_py_rsplit},
    {TW_SI("bytes.rsplit"), ev_py_rsplit},
    {TW_SI("str.splitlines"), ev_str_splitlines},
    {TW_SI("bytes.splitlines"), ev_str_splitlines},
    {TW_SI("str.removeprefix"), ev_str_removeprefix},
    {TW_SI("bytes.removeprefix"), ev_str_removeprefix},
    {TW_SI("str.removesuffix"), ev_str_removesuffix},
    {TW_SI("bytes.removesuffix"), ev_str_removesuffix},
    {TW_SI("str.center"), ev_str_center},
    {TW_SI("bytes.center"), ev_str_center},
    {TW_SI("str.ljust"), ev_str_ljust},
    {TW_SI("bytes.ljust"), ev_str_ljust},
    {TW_SI("str.rjust"), ev_str_rjust},
    {TW_SI("bytes.rjust"), ev_str_rjust},
    {TW_SI("str.zfill"), ev_str_zfill},
    {TW_SI("bytes.zfill"), ev_str_zfill},
    {TW_SI("str.expandtabs"), ev_str_expandtabs},
    {TW_SI("bytes.expandtabs"), ev_str_expandtabs},
    {TW_SI("str.title"), ev_str_title},
    {TW_SI("bytes.title"), ev_str_title},
    {TW_SI("str.capitalize"), ev_str_capitalize},
    {TW_SI("bytes.capitalize"), ev_str_capitalize},
    {TW_SI("str.casefold"), ev_str_lower},
    {TW_SI("bytes.swapcase"), ev_str_swapcase},
    {TW_SI("str.isdigit"), ev_str_isdigit},
    {TW_SI("bytes.isdigit"), ev_str_isdigit},
    {TW_SI("str.isdecimal"), ev_str_isdigit},
    {TW_SI("str.isnumeric"), ev_str_isdigit},
    {TW_SI("str.isalpha"), ev_str_isalpha},
    {TW_SI("bytes.isalpha"), ev_str_isalpha},
    {TW_SI("str.isalnum"), ev_str_isalnum},
    {TW_SI("bytes.isalnum"), ev_str_isalnum},
    {TW_SI("str.isspace"), ev_str_isspace},
    {TW_SI("bytes.isspace"), ev_str_isspace},
    {TW_SI("str.isupper"), ev_str_isupper},
    {TW_SI("bytes.isupper"), ev_str_isupper},
    {TW_SI("str.islower"), ev_str_islower},
    {TW_SI("bytes.islower"), ev_str_islower},
    {TW_SI("str.isascii"), ev_str_isascii},
    {TW_SI("bytes.isascii"), ev_str_isascii},
    {TW_SI("str.isidentifier"), ev_str_isidentifier},
    {TW_SI("str.translate"), ev_str_translate},
    {TW_SI("bytes.translate"), ev_str_translate},
    {TW_SI("str.maketrans"), ev_str_maketrans},
    {TW_SI("bytes.maketrans"), ev_bytes_maketrans},
    {TW_SI("bytearray.maketrans"), ev_bytes_maketrans},
    {TW_SI("string.maketrans"), ev_str_maketrans},
    /* pure_number.c, pure_float.c */
    {TW_SI("abs"), ev_py_abs},
    {TW_SI("divmod"), ev_py_divmod},
    {TW_SI("pow"), ev_py_pow},
    {TW_SI("hex"), ev_py_hex},
    {TW_SI("oct"), ev_py_oct},
    {TW_SI("bin"), ev_py_bin},
    {TW_SI("round"), ev_py_round},
    {TW_SI("float"), ev_py_float},
    {TW_SI("bool"), ev_py_bool},
    {TW_SI("int.from_bytes"), ev_int_from_bytes},
    {TW_SI("int.to_bytes"), ev_int_to_bytes},
    {TW_SI("int.bit_length"), ev_int_bit_length},
    {TW_SI("float.bit_length"), ev_int_bit_length}, /* of a big integer */
    {TW_SI("float.to_bytes"), ev_int_to_bytes},
    {TW_SI("math.floor"), ev_math_floor},
    {TW_SI("math.ceil"), ev_math_ceil},
    {TW_SI("math.trunc"), ev_math_trunc},
    {TW_SI("math.sqrt"), ev_math_sqrt},
    {TW_SI("math.fabs"), ev_math_fabs},
    {TW_SI("math.gcd"), ev_math_gcd},
    {TW_SI("math.factorial"), ev_math_factorial},
    {TW_SI("math.prod"), ev_math_prod},
    /* pure_value.c */
    {TW_SI("repr"), ev_py_repr},
    {TW_SI("ascii"), ev_py_ascii},
    {TW_SI("format"), ev_py_format},
    {TW_SI("str.format_map"), ev_str_format_map},
    /* pure_iter.c */
    {TW_SI("set"), ev_py_set},
    {TW_SI("frozenset"), ev_py_set},
    {TW_SI("dict"), ev_py_dict},
    {TW_SI("sum"), ev_py_sum},
    {TW_SI("min"), ev_py_min},
    {TW_SI("max"), ev_py_max},
    {TW_SI("any"), ev_py_any},
    {TW_SI("all"), ev_py_all},
    {TW_SI("sorted"), ev_py_sorted},
    {TW_SI("zip"), ev_py_zip},
    {TW_SI("filter"), ev_py_filter},
    {TW_SI("enumerate"), ev_py_enumerate},
    {TW_SI("isinstance"), ev_isinstance},
    {TW_SI("functools.reduce"), ev_py_reduce},
    {TW_SI("reduce"), ev_py_reduce},
    {TW_SI("dict.get"), ev_dict_get},
    {TW_SI("dict.setdefault"), ev_dict_get},
    {TW_SI("dict.pop"), ev_dict_pop},
    {TW_SI("dict.keys"), ev_dict_keys},
    {TW_SI("dict.values"), ev_dict_values},
    {TW_SI("dict.items"), ev_dict_items},
    {TW_SI("dict.copy"), ev_dict_copy},
    {TW_SI("dict.fromkeys"), ev_dict_fromkeys},
    {TW_SI("list.pop"), ev_list_pop},
    {TW_SI("list.copy"), ev_list_copy},
    {TW_SI("list.index"), ev_list_index},
    {TW_SI("tuple.index"), ev_list_index},
    {TW_SI("list.count"), ev_list_count},
    {TW_SI("tuple.count"), ev_list_count},
    {TW_SI("itertools.chain"), ev_chain},
    {TW_SI("itertools.chain.from_iterable"), ev_chain_from},
    {TW_SI("itertools.repeat"), ev_repeat},
    {TW_SI("itertools.islice"), ev_islice},
    {TW_SI("itertools.product"), ev_product},
    {TW_SI("itertools.accumulate"), ev_accumulate},
    {TW_SI("itertools.zip_longest"), ev_zip_longest},
    {TW_SI("itertools.takewhile"), ev_takewhile},
    {TW_SI("itertools.dropwhile"), ev_dropwhile},
    {TW_SI("itertools.filterfalse"), ev_filterfalse},
    {TW_SI("itertools.starmap"), ev_starmap},
    {TW_SI("itertools.compress"), ev_compress},
    {TW_SI("itertools.pairwise"), ev_pairwise},
    /* pure_struct.c */
    {TW_SI("struct.pack"), ev_struct_pack},
    {TW_SI("struct.unpack"), ev_struct_unpack},
    {TW_SI("struct.unpack_from"), ev_struct_unpack_from},
    {TW_SI("struct.iter_unpack"), ev_struct_iter_unpack},
    {TW_SI("struct.calcsize"), ev_struct_calcsize},
    {TW_SI("array.array().tobytes"), ev_array_tobytes},
    /* pure_json.c, pure_eval.c, pure_pickle.c */
    {TW_SI("json.loads"), ev_json_loads},
    {TW_SI("json.dumps"), ev_json_dumps},
    {TW_SI("ast.literal_eval"), ev_literal_eval},
    {TW_SI("memoryview"), ev_bytes},
    {TW_SI("bytes.tobytes"), ev_same_bytes},
};

bool ev_pure_table(bool js, uint32_t i, ev_pure_rows *ret)
{
    const ev_pure_rows all[] = {
        js ? (ev_pure_rows){ev_js_rows, ev_n_js_rows} : (ev_pure_rows){python, TW_COUNT(python)},
        js ? ev_rows_js_crypto : ev_rows_crypto,
        js ? ev_rows_js_decode : ev_rows_decode,
    };
    if (i < TW_COUNT(all)) *ret = all[i];
    return i < TW_COUNT(all);
}

bool ev_is_pure(ev *e, uint32_t sym)
{
    return sym && ev_known_of(e, sym)->pure[e->js];
}

uint32_t ev_pure(ev *e, uint32_t sym, const ev_args *a)
{
    if (!ev_is_pure(e, sym) || !ev_step(e, 1)) return 0;
    uint32_t v = ev_known_of(e, sym)->pure[e->js]->fn(e, a);
    if (v && ev_at(e, v)->recipe) ev_layer_seen(e, v);
    return v;
}

uint32_t ev_arg(const ev *e, const ev_args *a, uint32_t i, const char *keyword)
{
    for (uint32_t k = 0; k < a->n; k++) {
        bool named = keyword && a->names[k] && tw_str_eq(tw_ir_text(e->ir, a->names[k]), tw_str_c(keyword));
        if (named || (!a->names[k] && k == i)) return a->v[k];
    }
    return 0;
}

bool ev_arg_text(ev *e, const ev_args *a, uint32_t i, const char *keyword, tw_str *ret)
{
    uint32_t v = ev_arg(e, a, i, keyword);
    return v && ev_text(e, v, ret);
}

bool ev_self_text(ev *e, const ev_args *a, tw_str *ret, uint8_t *ret_kind)
{
    return a->self && ev_is_text(e, a->self, ret_kind) && ev_is_const(e, a->self) && ev_text(e, a->self, ret);
}

bool ev_ascii(tw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

uint32_t ev_taken(ev *e, uint8_t kind, const tw_buf *b, uint32_t recipe)
{
    if (b->over || !ev_room(e, b->n)) return 0;
    return ev_folded(e, kind, tw_arena_str(e->tmp, tw_buf_str(b)), recipe);
}
