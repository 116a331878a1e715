/* SPDX-License-Identifier: Apache-2.0 */
/* The mutators by name, and one or several of them over a package. */
#include "service/mutate/rewrite.h"

const mu_row mu_rows[] = {
    {"split", "strings put together from parts", MU_PY | MU_JS, mu_split},
    {"encode", "strings as base64, hex, character codes, xor, rot13", MU_PY | MU_JS, mu_encode},
    {"alias", "other names for imports and built-in functions", MU_PY | MU_JS, mu_alias},
    {"rename", "other names for variables, functions, classes", MU_PY | MU_JS, mu_rename},
    {"reflect", "members by the text of their name: getattr, []", MU_PY | MU_JS, mu_reflect},
    {"dispatch", "calls out of a list, dictionary, object or lambda", MU_PY | MU_JS, mu_dispatch},
    {"move", "a file's code in another module of the package", MU_PY | MU_JS, mu_move},
    {"data", "a file's code in a data file that is read and run", MU_PY | MU_JS, mu_data},
    {"confuse", "other quotes, escaped letters, comments with quotes", MU_PY | MU_JS, mu_confuse},
    {"ext", "code under another file ending", MU_PY | MU_JS, mu_ext},
    {"pad", "a megabyte of comments or literals before or behind", MU_PY | MU_JS, mu_pad},
    {"layer", "the whole code encoded, decoded and run", MU_PY | MU_JS, mu_layer},
    {"dead", "code that does nothing between the statements", MU_PY | MU_JS, mu_dead},
    {"reorder", "independent imports and definitions in another order", MU_PY | MU_JS, mu_reorder},
    {"async", "calls in a coroutine that is run at once", MU_PY | MU_JS, mu_async},
    {"minify", "no comments, least white space, short lines joined, names replaced", MU_PY | MU_JS,
     mu_minify},
    {"bundle", "an imported module put into the file that imports it", MU_PY | MU_JS, mu_bundle},
    {"break", NULL, MU_PY | MU_JS, mu_break},
    {0},
};

enum { FILES_MOST = 300, BYTES_MOST = 48 << 20 };

const char *tw_mutator_name(uint32_t i)
{
    return i + 1 < TW_COUNT(mu_rows) ? mu_rows[i].name : NULL;
}

const char *tw_mutator_says(uint32_t i)
{
    return i + 1 < TW_COUNT(mu_rows) ? mu_rows[i].says : NULL;
}

static uint64_t mixed(uint64_t h, tw_str s)
{
    for (size_t i = 0; i < s.n; i++) h = (h ^ (uint8_t)s.p[i]) * 0x100000001B3u;
    return h;
}

uint32_t tw_mutate(tw_mut *m, uint32_t which, uint64_t seed)
{
    const mu_row *row = &mu_rows[which];
    TW_VEC(tw_str) paths = {0};
    uint32_t changed = 0;
    size_t bytes = 0;
    for (uint32_t i = 0; i < m->files.n; i++) bytes += m->files.v[i].data.n;
    for (uint32_t i = 0; i < m->files.n && bytes <= BYTES_MOST; i++) {
        tw_str p = m->files.v[i].path;
        bool source = tw_str_ends(p, TW_S(".py")) || tw_str_ends(p, TW_S(".js")) ||
                      tw_str_ends(p, TW_S(".cjs")) || tw_str_ends(p, TW_S(".mjs"));
        if (source && paths.n < FILES_MOST) TW_PUSH(m->arena, paths, p);
    }
    for (uint32_t k = 0; k < paths.n; k++) {
        mu u;
        mu_rng rng = {mixed(mixed(mixed(0xCBF29CE484222325u, paths.v[k]), tw_str_c(row->name)) ^
                                seed * 0x9E3779B97F4A7C15u,
                            TW_S("/"))};
        tw_mut_file *f = tw_mut_find(m, paths.v[k]); /* one before may have taken it in */
        if (!f || !mu_open(m, (uint32_t)(f - m->files.v), &rng, &u)) continue;
        if (row->langs & (u.python ? MU_PY : MU_JS)) changed += row->run(&u);
    }
    return changed;
}
