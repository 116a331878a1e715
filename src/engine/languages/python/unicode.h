/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The tables that tools/gen_unicode.py makes of Python's own codecs and character names at build time. */
#include <stdint.h>
#include <stdlib.h>

typedef enum py_codec_kind {
    PY_CODEC_UTF8,
    PY_CODEC_UTF7,
    PY_CODEC_ESCAPE,
    PY_CODEC_RAW_ESCAPE,
    PY_CODEC_SINGLE,
    PY_CODEC_DOUBLE
} py_codec_kind;
enum { PY_LEAD = 0x81, PY_TRAIL = 0x40, PY_TRAILS = 0xff - PY_TRAIL };

typedef struct py_codec {
    uint8_t kind;
    const uint16_t *single; /* of bytes from 0x80; 0: none */
    const uint16_t *pairs;  /* of (lead - PY_LEAD) * PY_TRAILS + trail - PY_TRAIL; 0: none */
    const uint16_t *patch;  /* index, code point, by index: where it is not as `pairs` says */
    uint32_t n_patch;
} py_codec;
typedef struct py_codec_name {
    const char *name; /* lower case, "_" for what is no letter or digit */
    const py_codec *codec;
} py_codec_name;
extern const py_codec_name py_codec_names[]; /* sorted */
extern const uint32_t py_n_codec_names;

/* The character whose name has this FNV-1a hash, 0 for none. */
uint32_t py_named_hash(uint32_t hash);
