/* SPDX-License-Identifier: Apache-2.0 */
#include "base/doc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const tw_node *tw_node_get(const tw_doc *doc, uint32_t id, tw_str key)
{
    const tw_node *last = NULL;
    if (doc->nodes[id].kind != TW_NODE_OBJECT) return NULL;
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next)
        if (tw_str_eq(doc->nodes[i].key, key)) last = &doc->nodes[i];
    return last;
}

uint32_t tw_node_list(const tw_doc *doc, uint32_t id, tw_str key)
{
    const tw_node *n = tw_node_get(doc, id, key);
    return n && n->kind == TW_NODE_ARRAY ? tw_node_id(doc, n) : 0;
}

tw_str tw_node_str(const tw_doc *doc, uint32_t id, tw_str key, tw_str otherwise)
{
    const tw_node *n = tw_node_get(doc, id, key);
    return n && n->kind == TW_NODE_STRING ? n->text : otherwise;
}

bool tw_node_u64(const tw_node *n, uint64_t *ret)
{
    return n && n->kind == TW_NODE_NUMBER && tw_str_u64(n->text, ret);
}

/* strtod heeds the locale's decimal point, so it is given none: "-12.5e3" goes in as "-125e2". */
uint64_t tw_node_number(const tw_doc *doc, uint32_t id, tw_str key)
{
    const tw_node *n = tw_node_get(doc, id, key);
    uint64_t v = 0;
    return n && tw_node_u64(n, &v) ? v : 0;
}

bool tw_node_double(const tw_node *n, double *ret)
{
    char z[160];
    size_t at = 0, i = 0;
    long point = 0, exp = 0;
    if (!n || n->kind != TW_NODE_NUMBER || n->text.n > 128) return false;
    bool after = false;
    for (; i < n->text.n && n->text.p[i] != 'e' && n->text.p[i] != 'E'; i++) {
        if (n->text.p[i] == '.')
            after = true;
        else
            z[at++] = n->text.p[i], point += after;
    }
    if (i < n->text.n) {
        size_t digits = i + 1;
        bool minus = digits < n->text.n && n->text.p[digits] == '-';
        if (digits < n->text.n && (minus || n->text.p[digits] == '+')) digits++;
        for (; digits < n->text.n; digits++)
            if (exp < 100000) exp = exp * 10 + (n->text.p[digits] - '0');
        if (minus) exp = -exp;
    }
    snprintf(z + at, sizeof z - at, "e%ld", exp - point);
    double v = strtod(z, NULL);
    if (!isfinite(v)) return false;
    *ret = v;
    return true;
}
