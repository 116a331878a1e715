/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/unwrap.h"

#include "base/cursor.h"
#include "engine/verdict/priv.h"

enum { NAME_SHOWN = 4096, RECIPE_MAX = 64 };

enum { HAS_TEXT = 1, HAS_PRETTY = 2 };

void tw_layer_pack(const tw_layer_out *l, tw_buf *out)
{
    tw_buf_u8(out, (uint8_t)((l->text.p ? HAS_TEXT : 0) | (l->pretty.p ? HAS_PRETTY : 0)));
    tw_buf_u32le(out, (uint32_t)l->head.n);
    tw_buf_u32le(out, (uint32_t)l->text.n);
    tw_buf_puts(out, l->head);
    tw_buf_puts(out, l->text);
    tw_buf_puts(out, l->pretty);
}

bool tw_layer_unpack(tw_str bytes, tw_layer_out *ret)
{
    tw_cur c = tw_cur_of(bytes);
    uint8_t has = tw_cur_u8(&c);
    uint32_t head = tw_cur_u32le(&c), text = tw_cur_u32le(&c);
    *ret = (tw_layer_out){{NULL, 0}, {NULL, 0}, {NULL, 0}};
    ret->head = tw_cur_take(&c, head);
    tw_str body = tw_cur_take(&c, text), pretty = tw_cur_take(&c, tw_cur_left(&c));
    if (c.bad || !head || head > TW_LAYER_HEAD_MAX || has & ~(HAS_TEXT | HAS_PRETTY)) return false;
    if ((!(has & HAS_TEXT) && text) || (!(has & HAS_PRETTY) && pretty.n)) return false;
    if (has & HAS_TEXT) ret->text = text ? body : TW_S("");
    if (has & HAS_PRETTY) ret->pretty = pretty.n ? pretty : TW_S("");
    return true;
}

typedef struct lister {
    const tw_report_in *in;
    const tw_evidence *ev;
    tw_arena *a;
    uint32_t *first, *next; /* per unit: its children, chained by index + 1 in order of layers */
    uint64_t bytes;
    TW_VEC(tw_layer_out) out;
} lister;

typedef struct node { /* a layer that waits for its turn */
    uint32_t parent, layer;
    tw_str id, in; /* "1.2", "1" */
} node;

static uint32_t child_of(const lister *l, uint32_t unit, uint32_t layer)
{
    const tw_join *j = l->in->join;
    for (uint32_t c = l->first[unit]; c; c = l->next[c - 1])
        if (j->units[c - 1].layer == layer) return c - 1;
    return TW_NONE;
}

static void chain(lister *l)
{
    const tw_join *j = l->in->join;
    l->first = TW_NEWN(l->a, uint32_t, (size_t)j->n_units + 1);
    l->next = TW_NEWN(l->a, uint32_t, (size_t)j->n_units + 1);
    for (uint32_t i = j->n_units; i-- > 0;) {
        uint32_t parent = j->units[i].parent;
        if (parent >= j->n_units) continue;
        l->next[i] = l->first[parent];
        l->first[parent] = i + 1;
    }
}

static void put_place(const lister *l, tw_json_w *w, const tw_unit *u, const tw_rec_layer *lay, uint32_t unit)
{
    tw_place p = tw_open_place(l->in->join, (tw_place){unit, lay->off, lay->len});
    const tw_shot *shot = tw_evidence_find(l->ev, p);
    tw_put_text(w, "member",
                u->member < l->in->n_members ? tw_str_sub(l->in->members[u->member].path, 0, NAME_SHOWN)
                                             : TW_S(""));
    tw_put_number(w, "off", p.off);
    tw_put_number(w, "len", p.len);
    tw_put_number(w, "line", shot ? shot->line : 0);
    tw_put_number(w, "col", shot ? shot->col : 0);
}

static void put_recipe(tw_json_w *w, tw_str recipe)
{
    tw_str part;
    tw_json_key(w, TW_S("recipe"));
    tw_json_arr(w);
    for (int n = 0; n < RECIPE_MAX && recipe.n && tw_str_split(&recipe, '>', &part); n++)
        if (tw_str_trim(part).n) tw_json_str(w, tw_str_trim(part));
    tw_json_arr_end(w);
}

static const char *when(const lister *l, uint32_t unit, const tw_rec_layer *lay)
{
    const tw_join *j = l->in->join;
    if (!lay->executed || !j->func_trigger || lay->func >= j->units[unit].record->n_funcs) return "none";
    return tw_trigger_name((tw_trigger)j->func_trigger[unit][lay->func]);
}

static tw_str head_of(const lister *l, const node *n, tw_str text, bool read)
{
    const tw_unit *u = &l->in->join->units[n->parent];
    const tw_record *r = u->record;
    const tw_rec_layer *lay = &r->layers[n->layer];
    tw_digest d = tw_sha256_of(text);
    tw_buf b = {.limit = TW_LAYER_HEAD_MAX};
    tw_json_w w = tw_json_writer(&b);
    tw_json_obj(&w);
    tw_put_text(&w, "id", n->id);
    tw_put_text(&w, "in", n->in);
    put_place(l, &w, u, lay, n->parent);
    put_recipe(&w, tw_rec_str(r, lay->recipe));
    tw_put_word(&w, "language", tw_lang_name((tw_lang)lay->lang));
    tw_put_number(&w, "size", text.n);
    tw_put_digest(&w, "sha256", &d, 64);
    tw_json_key(&w, TW_S("executed"));
    tw_json_bool(&w, lay->executed);
    tw_put_text(&w, "runs", lay->call < r->n_calls ? tw_rec_str(r, r->calls[lay->call].symbol) : TW_S(""));
    tw_put_word(&w, "trigger", when(l, n->parent, lay));
    tw_json_key(&w, TW_S("analysed"));
    tw_json_bool(&w, read);
    tw_json_obj_end(&w);
    tw_str s = b.over ? TW_S("") : tw_arena_str(l->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

static void add(lister *l, const node *n, bool read)
{
    const tw_record *r = l->in->join->units[n->parent].record;
    const tw_rec_layer *lay = &r->layers[n->layer];
    tw_str text = tw_rec_str(r, lay->bytes);
    tw_layer_out o = {head_of(l, n, text, read), text, {NULL, 0}};
    if (!o.head.n) return;
    bool fits = o.head.n + text.n < TW_LAYER_BODY_MAX && l->bytes + text.n + o.head.n < TW_LAYERS_BYTES_MAX;
    if (fits && !text.p) o.text = TW_S("");
    if (!fits) o.text = (tw_str){NULL, 0};
    if (fits) o.pretty = tw_pretty(l->a, (tw_lang)lay->lang, text, l->in->limits);
    if (o.head.n + text.n + o.pretty.n >= TW_LAYER_BODY_MAX) o.pretty = (tw_str){NULL, 0};
    l->bytes += o.head.n + o.text.n + o.pretty.n;
    TW_PUSH(l->a, l->out, o);
}

/* Depth first without recursion: what waits stands on a stack, the last layer lowest. */
void tw_layers_list(const tw_report_in *in, const tw_evidence *ev, tw_outcome *ret)
{
    const tw_join *j = in->join;
    lister l = {.in = in, .ev = ev, .a = j->arena};
    TW_VEC(node) stack = {0};
    uint32_t top = 0;
    chain(&l);
    for (uint32_t i = 0; i < j->n_units; i++) {
        if (j->units[i].parent != TW_NONE) continue;
        const tw_record *r = j->units[i].record;
        for (uint32_t k = r->n_layers; k-- > 0;)
            TW_PUSH(l.a, stack, ((node){i, k, tw_arena_fmt(l.a, "%u", top + k + 1), TW_S("")}));
        top += r->n_layers;
        while (stack.n && l.out.n < TW_LAYERS_MAX) {
            node n = stack.v[--stack.n];
            uint32_t child = child_of(&l, n.parent, n.layer);
            add(&l, &n, child != TW_NONE);
            const tw_record *inner = child == TW_NONE ? NULL : j->units[child].record;
            for (uint32_t k = inner ? inner->n_layers : 0; k-- > 0;)
                TW_PUSH(l.a, stack,
                        ((node){child, k, tw_arena_fmt(l.a, "%.*s.%u", TW_FMT(n.id), k + 1), n.id}));
        }
        stack.n = 0;
    }
    ret->layers = l.out.v;
    ret->n_layers = l.out.n;
}
