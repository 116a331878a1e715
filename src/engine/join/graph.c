/* SPDX-License-Identifier: Apache-2.0 */
/* The value graph of a package: an edge wherever data goes on. Weak edges pass through calls that
 * nobody knows. */
#include "engine/join/join_priv.h"

enum { TAIL = 4 };

static void edges_of_symbol(jn *j, uint32_t unit, uint32_t v, const tw_val *val)
{
    jn_ref ref = jn_lookup(j, unit, val->a);
    if (ref.kind == JN_VALUE)
        jn_edge_far(j, j->units[ref.unit].val0 + ref.id, j->units[unit].val0 + v, false);
}

/* x.name of an instance, where name is a function that is written as an attribute. */
static void edges_of_property(jn *j, uint32_t unit, const tw_val *val, uint32_t to)
{
    uint32_t m = jn_property_of(j, unit, val);
    if (m != TW_NONE) jn_edge_add(j, j->ret0 + m, to | JN_UP, false);
}

static void edges_of_value(jn *j, uint32_t unit, uint32_t v)
{
    const jn_unit *u = &j->units[unit];
    const tw_val *val = &u->r->vals[v];
    uint32_t to = u->val0 + v, attr;
    switch (val->kind) {
    case TW_VAL_SYMBOL: edges_of_symbol(j, unit, v, val); return;
    case TW_VAL_PARAM:
        if (val->a < u->r->n_funcs && val->b < u->r->funcs[val->a].n_params)
            jn_edge_add(j, j->param0 + j->param_start[u->func0 + val->a] + val->b, to, false);
        return;
    case TW_VAL_FUNC:
        if (jn_is_property(j, u->func0 + val->a)) jn_edge_add(j, j->ret0 + u->func0 + val->a, to, false);
        return;
    case TW_VAL_MEMBER:
        edges_of_property(j, unit, val, to);
        attr = jn_attr_of(j, unit, val->a, tw_rec_str(u->r, val->b));
        if (attr != TW_NONE) jn_edge_add(j, j->attr.v[attr].node, to, false);
        jn_edge_add(j, u->val0 + val->a, to, false);
        return;
    case TW_VAL_INDEX:
    case TW_VAL_ITER: jn_edge_add(j, u->val0 + val->a, to, false); return;
    case TW_VAL_MUT:
        jn_edge_add(j, u->val0 + val->a, to, false);
        jn_edge_add(j, u->val0 + val->b, to, false);
        return;
    case TW_VAL_OP:
        if (!tw_rec_op_carries(tw_rec_str(u->r, val->b))) return;
        break;
    case TW_VAL_CONCAT:
    case TW_VAL_SEQ:
    case TW_VAL_MAP:
    case TW_VAL_PHI: break;
    default: return;
    }
    for (uint32_t i = 0; i < val->n; i++) jn_edge_add(j, u->val0 + u->r->lists[val->list + i], to, false);
}

static void edges_of_call(jn *j, uint32_t unit, const tw_rec_call *c)
{
    const jn_unit *u = &j->units[unit];
    const jn_api *api = jn_apis(j, unit, c->symbol);
    uint32_t index = u->call0 + (uint32_t)(c - u->r->calls), self = jn_receiver(j, unit, c);
    bool known = api->n > 0, pass = false;
    if (j->target0[index] < j->target0[index + 1] || !c->result) return; /* links.c did these */
    for (uint32_t i = 0; i < api->n; i++) pass |= (api->rows[i].flags & TW_API_PASS) != 0;
    if (known && !pass) return;
    if (self) jn_edge_add(j, u->val0 + self, u->val0 + c->result, !known);
    for (uint32_t i = 0; i < c->n_args; i++) {
        uint32_t value = u->val0 + u->r->args[c->args + i].value;
        jn_edge_add(j, value, u->val0 + c->result, !known);
        if (!known && self && jn_val(j, unit, self)->kind == TW_VAL_CALL) /* message.attach(part) */
            jn_edge_add(j, value, u->val0 + self, true);
    }
}

/* {x | the variable that x was kept in}: x. */
static uint32_t only_other(const jn *j, uint32_t unit, const tw_val *phi)
{
    const tw_record *r = j->units[unit].r;
    uint32_t found = 0;
    for (uint32_t i = 0; i < phi->n; i++) {
        const tw_val *v = jn_val(j, unit, r->lists[phi->list + i]);
        if (v->kind == TW_VAL_MEMBER && jn_val(j, unit, v->a)->kind == TW_VAL_FUNC) continue;
        if (found) return 0;
        found = r->lists[phi->list + i];
    }
    return found;
}

/* The value that names the file behind an open file, a temporary one, a path made from another. */
static uint32_t handle_of(jn *j, uint32_t unit, uint32_t v)
{
    const tw_record *r = j->units[unit].r;
    for (int i = 0; i < 16; i++) {
        const tw_val *val = jn_val(j, unit, v);
        uint32_t next = 0;
        bool part = val->kind == TW_VAL_MEMBER || val->kind == TW_VAL_INDEX;
        if (val->kind == TW_VAL_PHI) next = only_other(j, unit, val);
        uint8_t of = part ? jn_val(j, unit, val->a)->kind : 0;
        if (val->kind == TW_VAL_MUT || of == TW_VAL_CALL || of == TW_VAL_MUT) next = val->a;
        if (val->kind == TW_VAL_CALL && val->a < r->n_calls) {
            const tw_rec_call *c = &r->calls[val->a];
            const jn_api *api = jn_apis(j, unit, c->symbol);
            uint32_t self = jn_receiver(j, unit, c), first = c->n_args ? r->args[c->args].value : 0;
            if (api->n && api->rows->text_kind == TW_APITEXT_ARG) next = self ? self : first;
        }
        if (!next) break;
        v = next;
    }
    return v;
}

uint32_t jn_file_node(jn *j, uint32_t unit, uint32_t v, bool make)
{
    jn_text t = jn_render(j, unit, v, 0, 0);
    tw_str key = t.text;
    while (tw_str_starts(key, TW_S("./")) || tw_str_starts(key, TW_S(".\\"))) key = tw_str_sub(key, 2, key.n);
    size_t tail = 0;
    while (tail < key.n && key.p[key.n - 1 - tail] != '}') tail++;
    char by_value[9];
    if (!t.known || (tail < TAIL && tail < key.n)) {
        uint32_t node = j->units[unit].val0 + handle_of(j, unit, v);
        uint8_t kind = jn_val(j, unit, handle_of(j, unit, v))->kind;
        if (kind == TW_VAL_UNKNOWN || kind == TW_VAL_OPAQUE) return TW_NONE;
        by_value[0] = '\1';
        for (int i = 0; i < 8; i++) by_value[1 + i] = "0123456789abcdef"[node >> (4 * i) & 15];
        key = tw_str_of(by_value, sizeof by_value);
    }
    const uint64_t *slot = tw_map_get(&j->files, key);
    if (slot) return (uint32_t)*slot;
    if (!make || !key.n) return TW_NONE;
    *tw_map_put(&j->files, tw_arena_str(j->a, key), NULL) = j->n_nodes;
    return j->n_nodes++;
}

typedef struct file_row { /* the file roles of one row at one call */
    uint32_t dest[JN_VALUES], path[JN_VALUES], data[JN_VALUES];
    uint32_t n_dest, n_path, n_data;
} file_row;

static file_row collect(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api *row)
{
    file_row f = {.n_dest = 0};
    for (size_t i = 0; i < TW_COUNT(row->args) && row->args[i].role; i++) {
        const tw_api_arg *arg = &row->args[i];
        if (arg->role == TW_ARGROLE_DEST) f.n_dest = jn_arg_values(j, unit, c, arg, f.dest);
        if (arg->role == TW_ARGROLE_PATH) f.n_path = jn_arg_values(j, unit, c, arg, f.path);
        if (arg->role == TW_ARGROLE_DATA) f.n_data = jn_arg_values(j, unit, c, arg, f.data);
    }
    return f;
}

/* An archive written into memory: the memory holds what was put into the archive. */
static uint32_t in_memory(jn *j, uint32_t unit, uint32_t v)
{
    uint32_t h = handle_of(j, unit, v);
    const tw_val *val = jn_val(j, unit, h);
    const tw_record *r = j->units[unit].r;
    tw_str symbol =
        val->kind == TW_VAL_CALL && val->a < r->n_calls ? tw_rec_str(r, r->calls[val->a].symbol) : TW_S("");
    return h != v && (tw_str_ends(symbol, TW_S("BytesIO")) || tw_str_ends(symbol, TW_S("StringIO")) ||
                      tw_str_ends(symbol, TW_S("TemporaryFile")))
               ? h
               : 0;
}

/* copy("x.exe", folder): the file folder/x.exe; TW_NONE where names are not known. */
static uint32_t copied_into(jn *j, uint32_t unit, uint32_t dest, uint32_t path)
{
    jn_text d = jn_render(j, unit, dest, 0, 0), p = jn_render(j, unit, path, 0, 0);
    tw_str base = tw_str_base(p.text);
    bool holes = tw_str_chr(d.text, '}') != TW_NPOS || tw_str_chr(base, '}') != TW_NPOS;
    if (!d.known || !p.known || holes || base.n < TAIL || tw_str_ends(d.text, base)) return TW_NONE;
    tw_str key = jn_cat(j, d.text, tw_str_ends(d.text, TW_S("/")) ? "" : "/", base);
    uint64_t *slot = tw_map_put(&j->files, key, NULL);
    if (!*slot) *slot = j->n_nodes++;
    return (uint32_t)*slot;
}

static void edges_of_files(jn *j, uint32_t unit, const tw_rec_call *c, const tw_api *row)
{
    const jn_unit *u = &j->units[unit];
    file_row f = collect(j, unit, c, row);
    uint32_t result = u->val0 + c->result;
    if (!f.n_dest && !(f.n_path && row->flags & TW_API_SOURCE)) return;
    uint32_t dest = f.n_dest ? jn_file_node(j, unit, f.dest[0], true) : TW_NONE;
    uint32_t memory = dest == TW_NONE ? 0 : in_memory(j, unit, f.dest[0]);
    if (memory) jn_edge_far(j, dest, u->val0 + memory, false);
    for (uint32_t i = 0; i < f.n_data && dest != TW_NONE; i++)
        jn_edge_far(j, u->val0 + f.data[i], dest, false);
    if (dest != TW_NONE && row->flags & TW_API_SOURCE) jn_edge_far(j, result, dest, false);
    for (uint32_t i = 0; i < f.n_path; i++) {
        uint32_t path = jn_file_node(j, unit, f.path[i], true);
        if (path == TW_NONE) continue;
        if (row->flags & TW_API_SOURCE && c->result && dest == TW_NONE) jn_edge_far(j, path, result, false);
        uint32_t inside = dest == TW_NONE ? TW_NONE : copied_into(j, unit, f.dest[0], f.path[i]);
        if (dest != TW_NONE) jn_edge_far(j, path, dest, false);
        if (inside != TW_NONE) jn_edge_far(j, path, inside, false);
    }
}

void jn_graph(jn *j)
{
    tw_map_init(&j->files, j->a);
    jn_summary_edges(j);
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        for (uint32_t v = 1; v < r->n_vals; v++) edges_of_value(j, unit, v);
        for (uint32_t c = 0; c < r->n_calls; c++) {
            const jn_api *api = jn_apis(j, unit, r->calls[c].symbol);
            edges_of_call(j, unit, &r->calls[c]);
            for (uint32_t i = 0; i < api->n; i++)
                if (jn_row_fits(j, unit, &r->calls[c], &api->rows[i]))
                    edges_of_files(j, unit, &r->calls[c], &api->rows[i]);
        }
    }
}
