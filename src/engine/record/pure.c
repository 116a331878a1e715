/* SPDX-License-Identifier: Apache-2.0 */
/* The table of pure functions: name, function. A new one is a line here and a function in pure_*.c. */
#include "engine/record/pure_priv.h"

static const ev_pure_row python[] = {
    {TW_SI("str.join"), ev_str_join},
    {TW_SI("bytes.join"), ev_str_join},
    {TW_SI("str.replace"), ev_str_replace},
    {TW_SI("bytes.replace"), ev_str_replace},
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
    {TW_SI("str.split"), ev_str_split},
    {TW_SI("bytes.split"), ev_str_split},
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
    {TW_SI("reversed"), ev_reversed},
    {TW_SI("list"), ev_list_of},
    {TW_SI("tuple"), ev_list_of},
    {TW_SI("map"), ev_map_fn},
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
