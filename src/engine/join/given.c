/* SPDX-License-Identifier: Apache-2.0 */
/* What a function is handed, told by the names of its parameters: a private key that its caller gives it is data as telling as
 * one that it reads from a file. Classes of names: capabilities/values.tsv, role parameter. */
#include "engine/join/join_priv.h"

enum { CLASSES = 2 };

/* privateKey, private_key, PRIVATE_KEY: one word. */
tw_str jn_one_word(tw_str name, char to[JN_WORD])
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < JN_WORD; i++) {
        char c = name.p[i];
        if (c == '_' || c == '$' || c == '#') continue;
        to[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return (tw_str){to, n};
}

static void given_one(jn *j, uint32_t f, uint32_t param, tw_str name)
{
    const tw_rec_func *func = jn_func(j, f);
    const tw_value_class *found[CLASSES];
    char word[JN_WORD];
    uint32_t n = tw_value_classes(TW_ARGROLE_PARAMETER, jn_one_word(name, word), found, CLASSES);
    for (uint32_t i = 0; i < n; i++) {
        jn_site at = {j->func_unit[f], f, NULL, func->off, func->len};
        uint32_t use = jn_use_add(j, &at, found[i]->cap, TW_CONF_LITERAL, found[i]->label, name);
        if (use == TW_NONE) continue;
        j->out->uses.v[use].source = true;
        j->side.v[use].node = j->param0 + j->param_start[f] + param;
    }
}

void jn_given(jn *j)
{
    for (uint32_t f = 0; f < j->n_funcs; f++) {
        const tw_rec_func *func = jn_func(j, f);
        const tw_record *r = j->units[j->func_unit[f]].r;
        uint32_t n = j->param_start[f + 1] - j->param_start[f];
        for (uint32_t i = 0; i < func->n_params && i < n; i++)
            given_one(j, f, i, tw_rec_str(r, r->lists[func->params + i]));
    }
}
