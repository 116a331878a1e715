/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's objects and variables. Every change of what is older than the innermost fork is logged, so
 * that it can be taken back. Nothing is freed: all that is made counts as steps. */
#include "engine/record/machine_priv.h"

enum { FEW_PROPS = 8, ESCAPE_MAX = 1 << 16 };

uint32_t mc_new(ev *e, uint8_t kind)
{
    mc_machine *m = e->mc;
    mc_tick(e, 4);
    TW_PUSH(e->tmp, m->objs, ((mc_obj){.kind = kind}));
    return m->objs.n - 1;
}

uint32_t mc_ref_to(ev *e, uint32_t obj)
{
    return ev_new(e, EV_REF, obj, 0);
}

uint32_t mc_list(ev *e, const uint32_t *v, uint32_t n, uint16_t how)
{
    uint32_t o = mc_new(e, how == TW_SEQ_SET ? MC_SET : MC_LIST);
    if (!mc_tick(e, n / 4)) return e->mc->unknown;
    mc_obj *x = mc_obj_at(e, o);
    x->how = how;
    TW_RESERVE(e->tmp, x->items, n);
    if (n) memcpy(x->items.v, v, n * sizeof *v);
    x->items.n = n;
    return mc_ref_to(e, o);
}

/* What strangers hold is as it was until the next of them runs. */
bool mc_known(const ev *e, uint32_t obj)
{
    const mc_obj *x = mc_obj_at(e, obj);
    return !(x->flags & MCO_LOST) && (!x->shared || x->shared == e->mc->storm + 1);
}

static bool logged(const ev *e, uint32_t obj)
{
    return e->mc->forks && obj < e->mc->obj_mark;
}

static void log_push(ev *e, mc_log l)
{
    TW_PUSH(e->tmp, e->mc->log, l);
}

static mc_state *whole(ev *e, uint32_t obj)
{
    const mc_obj *x = mc_obj_at(e, obj);
    mc_state *s = TW_NEW(e->tmp, mc_state);
    mc_tick(e, (x->items.n + x->props.n) / 8);
    s->n = x->items.n, s->n_props = x->props.n;
    s->items = tw_arena_raw(e->tmp, s->n * sizeof *s->items + 1);
    s->props = tw_arena_raw(e->tmp, s->n_props * sizeof *s->props + 1);
    if (s->n) memcpy(s->items, x->items.v, s->n * sizeof *s->items);
    if (s->n_props) memcpy(s->props, x->props.v, s->n_props * sizeof *s->props);
    return s;
}

void mc_lose(ev *e, uint32_t obj)
{
    mc_obj *x = mc_obj_at(e, obj);
    if (x->flags & MCO_LOST) return;
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_FLAGS, .at = obj, .old = x->flags});
    mc_obj_at(e, obj)->flags |= MCO_LOST;
}

void mc_set_item(ev *e, uint32_t obj, uint32_t i, uint32_t v)
{
    mc_obj *x = mc_obj_at(e, obj);
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_ITEM, .at = obj, .i = i, .old = x->items.v[i]});
    mc_obj_at(e, obj)->items.v[i] = v;
}

void mc_push(ev *e, uint32_t obj, uint32_t v)
{
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_PUSH, .at = obj});
    mc_obj *x = mc_obj_at(e, obj);
    TW_PUSH(e->tmp, x->items, v);
}

void mc_set_items(ev *e, uint32_t obj, const uint32_t *v, uint32_t n)
{
    if (!mc_tick(e, 1 + n / 32)) return;
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_ALL, .at = obj, .all = whole(e, obj)});
    mc_obj *x = mc_obj_at(e, obj);
    if (n > x->items.cap) {
        uint32_t *to = tw_arena_raw(e->tmp, (size_t)n * sizeof *to);
        if (n) memcpy(to, v, n * sizeof *v);
        x->items.v = to, x->items.cap = n;
    } else if (n) {
        memmove(x->items.v, v, n * sizeof *v);
    }
    x->items.n = n;
}

void mc_set_next(ev *e, uint32_t obj, uint32_t next)
{
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_POS, .at = obj, .old = mc_obj_at(e, obj)->a});
    mc_obj_at(e, obj)->a = next;
}

/* ---- by key ---- */

uint32_t mc_key_of(ev *e, tw_str name)
{
    char text[256];
    if (name.n + 1 > sizeof text && !ev_room(e, name.n)) return 0;
    if (name.n < sizeof text - 1) {
        text[0] = 's';
        if (name.n) memcpy(text + 1, name.p, name.n);
        return tw_intern(&e->mc->keys, tw_str_of(text, name.n + 1));
    }
    tw_buf_clear(&e->buf);
    tw_buf_putc(&e->buf, 's');
    tw_buf_puts(&e->buf, name);
    return tw_intern(&e->mc->keys, tw_buf_str(&e->buf));
}

static uint32_t tuple_key(ev *e, uint32_t obj)
{
    char text[8 * 12];
    size_t n = 0;
    text[n++] = '(';
    for (uint32_t i = 0; i < mc_obj_at(e, obj)->items.n && i < 8; i++) {
        uint32_t k =
            mc_is_ref(e, mc_obj_at(e, obj)->items.v[i]) ? 0 : mc_key(e, mc_obj_at(e, obj)->items.v[i]);
        if (!k) return 0;
        memcpy(text + n, &k, sizeof k);
        n += sizeof k;
    }
    return tw_intern(&e->mc->keys, tw_str_of(text, n));
}

uint32_t mc_key(ev *e, uint32_t v)
{
    tw_str s;
    int64_t n;
    uint32_t o = mc_ref(e, v);
    if (e->js) {
        if (o != TW_NONE) {
            return tw_intern(&e->mc->keys, tw_arena_fmt(e->tmp, "r%u", o)); /* Map: by identity */
        }
        if (ev_at(e, v)->kind == TW_VAL_SYMBOL && !ev_js_is_regex(e, v, NULL)) {
            s = ev_sym(e, ev_at(e, v)->sym);
            return tw_str_starts(s, TW_S("Symbol."))
                       ? tw_intern(&e->mc->keys, tw_arena_fmt(e->tmp, "y%.*s", TW_FMT(s)))
                       : 0;
        }
        uint32_t text = mc_text(e, v);
        return text && ev_text(e, text, &s) ? mc_key_of(e, s) : 0;
    }
    if (o != TW_NONE) {
        const mc_obj *x = mc_obj_at(e, o);
        if (x->kind == MC_LIST && x->how == TW_SEQ_TUPLE && x->items.n <= 8) return tuple_key(e, o);
        return x->kind == MC_LIST || x->kind == MC_MAP || x->kind == MC_SET ||
                       (x->kind == MC_INSTANCE && x->a != TW_NONE &&
                        mc_class_attr(e, x->a, TW_S("__eq__"), 0))
                   ? 0
                   : tw_intern(&e->mc->keys, tw_arena_fmt(e->tmp, "r%u", o));
    }
    if (!ev_is_const(e, v)) return 0;
    if (ev_get_int(e, v, &n)) return tw_intern(&e->mc->keys, tw_arena_fmt(e->tmp, "i%lld", (long long)n));
    if (ev_at(e, v)->kind == TW_VAL_NULL_) return tw_intern(&e->mc->keys, TW_S("n"));
    if (!ev_text(e, v, &s)) return 0;
    if (ev_at(e, v)->kind == TW_VAL_STR) return mc_key_of(e, s);
    if (!ev_room(e, s.n)) return 0;
    tw_buf_clear(&e->buf);
    tw_buf_putc(&e->buf, 'b');
    tw_buf_puts(&e->buf, s);
    return tw_intern(&e->mc->keys, tw_buf_str(&e->buf));
}

static uint32_t slot_of(const mc_obj *x, uint32_t key)
{
    uint32_t i = (uint32_t)(key * 0x9e3779b9u) & x->mask;
    while (x->index[i] && x->props.v[x->index[i] - 1].key != key) i = (i + 1) & x->mask;
    return i;
}

static void index_props(ev *e, mc_obj *x)
{
    uint32_t n = 16;
    while (n < x->props.n * 4) n *= 2;
    mc_tick(e, n / 16);
    x->index = TW_NEWN(e->tmp, uint32_t, n);
    x->mask = n - 1;
    for (uint32_t i = 0; i < x->props.n; i++) x->index[slot_of(x, x->props.v[i].key)] = i + 1;
}

/* Where the property is, TW_NONE. */
static uint32_t find(ev *e, uint32_t obj, uint32_t key)
{
    mc_obj *x = mc_obj_at(e, obj);
    if (x->props.n > FEW_PROPS) {
        if (!x->index || x->props.n * 2 > x->mask) index_props(e, x);
        uint32_t at = x->index[slot_of(x, key)];
        return at ? at - 1 : TW_NONE;
    }
    for (uint32_t i = 0; i < x->props.n; i++)
        if (x->props.v[i].key == key) return i;
    return TW_NONE;
}

uint32_t mc_get(ev *e, uint32_t obj, uint32_t key)
{
    uint32_t i = key ? find(e, obj, key) : TW_NONE;
    if (i == TW_NONE) return 0;
    const mc_prop *p = &mc_obj_at(e, obj)->props.v[i];
    if (!p->maybe) return p->val;
    e->mc->touched = true;
    return !e->mc->checking ? e->mc->unknown : e->mc->assume ? p->val : 0;
}

/* An entry that is there or not. */
void mc_put_maybe(ev *e, uint32_t obj, const mc_prop *p, uint32_t maybe)
{
    mc_put(e, obj, p->key, p->name, p->val);
    uint32_t i = find(e, obj, p->key);
    mc_obj_at(e, obj)->props.v[i].maybe = maybe; /* the log knows what was there before */
    mc_obj_at(e, obj)->flags |= MCO_MAYBE;
    e->mc->maybes = true;
}

void mc_put(ev *e, uint32_t obj, uint32_t key, uint32_t name, uint32_t v)
{
    uint32_t i = find(e, obj, key);
    if (i != TW_NONE) {
        if (logged(e, obj))
            log_push(e, (mc_log){.kind = MCL_PROP,
                                 .at = obj,
                                 .i = i,
                                 .old = mc_obj_at(e, obj)->props.v[i].val,
                                 .maybe = mc_obj_at(e, obj)->props.v[i].maybe});
        mc_prop *p = &mc_obj_at(e, obj)->props.v[i];
        bool same = p->val == v, theirs = p->maybe == 2;
        if (theirs && !same && !mc_is_ref(e, v) && !mc_is_ref(e, p->val)) mc_same(e, v, p->val, &same);
        p = &mc_obj_at(e, obj)->props.v[i];
        if (!theirs || same)
            p->val = v, p->maybe = 0;
        else
            p->val = e->mc->unknown;
        return;
    }
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_ADD, .at = obj});
    mc_obj *x = mc_obj_at(e, obj);
    mc_tick(e, 2);
    TW_PUSH(e->tmp, x->props, ((mc_prop){key, name, v, 0}));
    if (x->index && x->props.n * 2 <= x->mask) x->index[slot_of(x, key)] = x->props.n;
}

void mc_put_named(ev *e, uint32_t obj, tw_str name, uint32_t v)
{
    uint32_t key = mc_key_of(e, name), named = ev_text_val(e, TW_VAL_STR, name, 0, 0);
    if (key) mc_put(e, obj, key, named, v);
}

bool mc_delete(ev *e, uint32_t obj, uint32_t key)
{
    uint32_t i = find(e, obj, key);
    if (i == TW_NONE) return false;
    if (logged(e, obj)) log_push(e, (mc_log){.kind = MCL_ALL, .at = obj, .all = whole(e, obj)});
    mc_obj *x = mc_obj_at(e, obj);
    mc_tick(e, x->props.n / 16);
    memmove(x->props.v + i, x->props.v + i + 1, (x->props.n - i - 1) * sizeof *x->props.v);
    x->props.n--;
    x->index = NULL, x->mask = 0;
    return true;
}

/* ---- variables ---- */

uint32_t mc_env_new(ev *e, uint32_t scope, uint32_t up)
{
    mc_machine *m = e->mc;
    uint32_t n = m->n_slots[scope], from = m->cells.n;
    mc_tick(e, 1 + n / 4);
    TW_PUSH(e->tmp, m->envs, ((mc_env){scope, up, from, 0}));
    TW_RESERVE(e->tmp, m->cells, n);
    for (uint32_t i = 0; i < n; i++) m->cells.v[from + i] = (mc_cell){0};
    m->cells.n += n;
    return m->envs.n - 1;
}

uint32_t mc_cell_of(ev *e, uint32_t var)
{
    mc_machine *m = e->mc;
    uint32_t scope = e->vars.v[var].scope;
    for (uint32_t env = mc_top(e)->env; env != TW_NONE; env = m->envs.v[env].up) {
        if (m->envs.v[env].scope != scope) continue;
        uint32_t cell = m->envs.v[env].cells + m->slot_of[var];
        if (m->cells.v[cell].fwd) cell = m->cells.v[cell].fwd;
        m->cells.v[cell].var = var;
        return cell;
    }
    return TW_NONE;
}

uint32_t mc_cell_get(ev *e, uint32_t cell)
{
    const mc_cell *c = &e->mc->cells.v[cell];
    if (c->shared && c->shared != e->mc->storm + 1) return e->mc->unknown;
    return c->val;
}

void mc_cell_set(ev *e, uint32_t cell, uint32_t v)
{
    mc_machine *m = e->mc;
    if (m->forks && cell < m->cell_mark)
        log_push(e, (mc_log){.kind = MCL_CELL, .at = cell, .old = m->cells.v[cell].val});
    m->cells.v[cell].val = v;
}

/* ---- strangers ---- */

static void share(ev *e, uint32_t obj)
{
    mc_obj *x = mc_obj_at(e, obj);
    if (!x->shared)
        x->shared = e->mc->storm + 1;
    else if (x->shared != e->mc->storm + 1)
        x->shared = MC_VOLATILE;
}

/* Data can be changed by whom it was given to; a function can be called, and then its own code does the changing. */
void mc_escape(ev *e, uint32_t v)
{
    uint32_t base = e->stack.n, todo = 0;
    if (!mc_is_ref(e, v)) return;
    TW_PUSH(e->tmp, e->stack, v);
    while (e->stack.n > base && todo++ < ESCAPE_MAX && mc_tick(e, 1)) {
        uint32_t o = mc_ref(e, e->stack.v[--e->stack.n]);
        if (o == TW_NONE) continue;
        mc_obj *x = mc_obj_at(e, o);
        bool code = x->kind == MC_CLOSURE || x->kind == MC_CLASS ||
                    (x->kind == MC_BOUND && (!e->js || x->how != MC_MADE));
        if (code && x->flags & MCO_SPECULATED) continue;
        if (!code && x->shared == e->mc->storm + 1) continue;
        if (x->kind == MC_CLOSURE) {
            x->flags |= MCO_SPECULATED;
            TW_PUSH(e->tmp, e->mc->escaped, o);
        } else if (code) {
            x->flags |= MCO_SPECULATED;
        } else {
            share(e, o);
        }
        x = mc_obj_at(e, o);
        for (uint32_t i = 0; i < x->items.n; i++)
            if (mc_is_ref(e, x->items.v[i])) TW_PUSH(e->tmp, e->stack, x->items.v[i]);
        for (uint32_t i = 0; i < x->props.n; i++)
            if (mc_is_ref(e, x->props.v[i].val)) TW_PUSH(e->tmp, e->stack, x->props.v[i].val);
        if (x->kind == MC_INSTANCE && x->a != TW_NONE) {
            uint32_t cls = mc_ref_to(e, x->a);
            TW_PUSH(e->tmp, e->stack, cls);
        }
    }
    if (e->stack.n > base) e->mc->lost = true;
    e->stack.n = base;
}
