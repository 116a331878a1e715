/* SPDX-License-Identifier: Apache-2.0 */
/* Layers: constants that run as code, and decoded text that looks like code. */
#include "engine/record/evaluate_priv.h"

enum { MIN_SEEN = 40, LOOK = 65536 };

static void add_layer(ev *e, uint32_t v, tw_str text, uint32_t call, tw_lang lang, uint32_t off, uint32_t len)
{
    bool is_new, executed = call != TW_NONE;
    if (e->m) return; /* the ordinary pass says it */
    uint64_t *slot = tw_map_put(&e->layer_of, text, &is_new);
    if (!is_new && *slot) {
        tw_rec_layer *l = &e->layers.v[*slot - 1];
        if (!executed || l->executed) return;
        l->executed = 1, l->call = call, l->func = e->runs_in[e->scope], l->off = off, l->len = len;
        return;
    }
    if (e->layers.n >= e->lim->layers) {
        ev_gap(e, TW_GAP_LIMIT, off, len);
        return;
    }
    tw_rec_layer l = {.call = call,
                      .recipe = ev_at(e, v)->recipe,
                      .lang = (uint8_t)lang,
                      .executed = executed,
                      .func = e->runs_in[e->scope]};
    TW_PUSH(e->tmp, e->texts, text);
    l.bytes = e->texts.n - 1, l.off = off, l.len = len;
    TW_PUSH(e->tmp, e->layers, l);
    *slot = e->layers.n;
}

static uint32_t code_arg(const ev *e, const ev_call *c)
{
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        if (!a.name) return a.value;
        tw_str name =
            a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP ? (tw_str){0} : tw_ir_text(e->ir, a.name);
        if (tw_str_eq(name, TW_S("source"))) return a.value;
    }
    return 0;
}

/* True when v is code that was taken, or needs no further word. */
static bool take_code(ev *e, uint32_t v, uint32_t call)
{
    const ev_call *c = &e->calls.v[call];
    uint32_t off = c->off, len = c->len;
    tw_str text;
    if (ev_text(e, v, &text)) {
        if (text.n) add_layer(e, v, text, call, tw_lang_family(e->ir->lang), off, len);
        return true;
    }
    const ev_val *x = ev_at(e, v);
    /* exec(compile(...)): the inner call has said it */
    return x->kind == TW_VAL_CALL && tw_str_eq(ev_sym(e, x->sym), TW_S("compile()"));
}

void ev_layer_code(ev *e, uint32_t call)
{
    static const tw_str runs[] = {TW_SI("exec"), TW_SI("eval"), TW_SI("compile")};
    const ev_call *c = &e->calls.v[call];
    tw_str sym = ev_sym(e, c->sym);
    bool yes = false;
    for (size_t i = 0; i < TW_COUNT(runs); i++) yes |= tw_str_eq(runs[i], sym);
    if (!yes || ev_at(e, c->result)->flags & EV_REFLECTED) return;
    uint32_t v = code_arg(e, c), off = c->off, len = c->len;
    if (!v) return;
    ev_val x = *ev_at(e, v);
    bool all = true;
    if (x.kind == TW_VAL_PHI)
        for (uint32_t i = 0; i < x.n; i++) all = take_code(e, e->lists.v[x.list + i], call) && all;
    else
        all = take_code(e, v, call);
    if (!all) ev_gap(e, TW_GAP_OPAQUE_LAYER, off, len);
}

static bool holds(tw_str text, const char *word)
{
    return tw_str_find(text, tw_str_c(word)) != TW_NPOS;
}

/* Cheap and forgiving: a wrong guess costs one more file to read. */
static tw_lang looks_like(tw_str text)
{
    static const char *const python[] = {"import ", "def ",       "exec(", "eval(",
                                         "lambda ", "__import__", "print("};
    text = tw_str_sub(text, 0, LOOK);
    if (memchr(text.p, 0, text.n)) return TW_LANG_NONE;
    if (tw_str_starts(text, TW_S("#!")) && holds(tw_str_sub(text, 0, 80), "sh")) return TW_LANG_SHELL;
    if (!memchr(text.p, '\n', text.n) && !memchr(text.p, ';', text.n) && !memchr(text.p, '(', text.n))
        return TW_LANG_NONE;
    for (size_t i = 0; i < TW_COUNT(python); i++)
        if (holds(text, python[i])) return TW_LANG_PYTHON;
    return TW_LANG_NONE;
}

void ev_layer_seen(ev *e, uint32_t v)
{
    tw_str text;
    if (!ev_at(e, v)->recipe || !ev_text(e, v, &text) || text.n < MIN_SEEN) return;
    tw_lang lang = looks_like(text);
    const tw_insn *in = &e->ir->insns.v[e->at];
    if (lang != TW_LANG_NONE) add_layer(e, v, text, TW_NONE, lang, in->off, in->len);
}

void ev_layer_embedded(ev *e, tw_str lang, uint32_t v, uint32_t off, uint32_t len)
{
    tw_str text;
    tw_lang l = TW_LANG_NONE;
    for (unsigned i = 1; i < TW_LANG_MAX; i++)
        if (tw_str_eq(tw_str_c(tw_lang_name((tw_lang)i)), lang)) l = (tw_lang)i;
    if (!ev_text(e, v, &text)) {
        ev_gap(e, TW_GAP_OPAQUE_LAYER, off, len);
        return;
    }
    add_layer(e, v, text, TW_NONE, l, off, len);
    if (e->layers.n) e->layers.v[e->layers.n - 1].executed = 1;
}
