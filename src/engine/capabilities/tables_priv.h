/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What tools/gen_tables.py generates: only capabilities.c, values.c and tables.c include this. */
#include "engine/capabilities/capabilities.h"

typedef struct tw_api_slot { /* open addressing by FNV-1a of the symbol */
    uint16_t first, n;       /* rows in the language's table; n 0: free */
    uint16_t len;            /* of the symbol */
} tw_api_slot;
typedef struct tw_api_prefix {
    const char *from,
        *to; /* "six.moves.urllib." -> "urllib."; sorted by what precedes the first dot of `from` */
} tw_api_prefix;
typedef struct tw_api_table {
    const tw_api *apis;
    const tw_api_slot *slots;
    uint32_t n_slots; /* power of two */
    const tw_api_prefix *prefixes;
    uint32_t n_prefixes;
} tw_api_table;

static inline uint32_t tw_table_fnv(uint32_t h, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) h = (h ^ (uint8_t)s.p[i]) * 16777619u;
    return h;
}
enum { TW_TRIGRAMS = 4096 };
static const uint32_t TW_FNV_START = 2166136261u;

extern const tw_digest tw_tables_digest;
extern const tw_cap_info tw_cap_table[];
extern const uint16_t tw_cap_table_n;
extern const tw_api_table tw_api_tables[TW_LANG_MAX];
extern const tw_value_class tw_value_table[];
extern const uint32_t tw_value_count;                   /* at most 4096 */
extern const uint16_t tw_value_starts[TW_TRIGRAMS + 1]; /* by hashed trigram: a range of tw_value_lists */
extern const uint16_t tw_value_lists[];
extern const uint16_t tw_value_always[]; /* patterns without a trigram; ends with 65535 */
