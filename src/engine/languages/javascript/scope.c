/* SPDX-License-Identifier: Apache-2.0 */
/* A name that a function assigns and does not declare is an outer one. p->names is a log of the open
 * functions, each behind the one around it; a scope's part is read once, when it ends. */
#include "engine/languages/javascript/js.h"

static void note(js *p, uint32_t name, uint32_t declares)
{
    if (p->fn.scope) TW_PUSH(p->tmp, p->names, name << 1 | declares);
}

void js_note_declared(js *p, uint32_t name)
{
    note(p, name, 1);
}

void js_declare(js *p, uint32_t name)
{
    bool in_class = p->fn.scope && p->ir->scopes.v[p->fn.scope].kind == TW_REGION_CLASS;
    if (in_class) { /* of a static block */
        js_declare_lexical(p, name);
        return;
    }
    note(p, name, 1);
    if (p->fn.scope) TW_PUSH(p->tmp, p->decls, ((js_decl){.name = name, .region = p->fn.scope}));
}

void js_assigned(js *p, uint32_t name)
{
    note(p, name, 0);
}

uint32_t js_stamp(js *p)
{
    uint32_t n = tw_intern_count(&p->ir->strings);
    if (p->stamps.n < n) {
        TW_RESERVE(p->tmp, p->stamps, n - p->stamps.n);
        memset(p->stamps.v + p->stamps.n, 0, (n - p->stamps.n) * sizeof *p->stamps.v);
        p->stamps.n = n;
    }
    return ++p->stamp;
}

void js_names_end(js *p, uint32_t end)
{
    uint32_t from = p->fn.names;
    if (from == p->names.n) return;
    uint32_t stamp = js_stamp(p);
    for (uint32_t i = from; i < p->names.n; i++)
        if (p->names.v[i] & 1) p->stamps.v[p->names.v[i] >> 1] = stamp;
    for (uint32_t i = from; i < p->names.n; i++) {
        uint32_t name = p->names.v[i] >> 1;
        if (!name || p->stamps.v[name] == stamp) continue;
        p->stamps.v[name] = stamp;
        js_emit(p, TW_OP_SCOPE, 1, 0, name, 0, 0, end, end);
    }
    p->names.n = from;
}
