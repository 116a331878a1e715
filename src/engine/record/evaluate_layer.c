/* SPDX-License-Identifier: Apache-2.0 */
/* Layers: constants that run as code, and decoded text that looks like code. */
#include "engine/record/evaluate_priv.h"

enum { MIN_SEEN = 40, LOOK = 65536 };

void ev_layer_add(ev *e, uint32_t recipe, tw_str text, uint32_t call, tw_lang lang, uint32_t off,
                  uint32_t len)
{
    bool is_new, executed = call != TW_NONE;
    if (e->m) return; /* the ordinary pass says it */
    uint64_t *slot = tw_map_put(&e->layer_of, text, &is_new);
    if (!is_new && *slot) {
        tw_rec_layer *l = &e->layers.v[*slot - 1];
        if (!executed || l->executed) return;
        l->executed = 1, l->call = call, l->func = e->runs_in[e->scope], l->off = off, l->len = len;
        l->lang = (uint8_t)lang; /* what runs it knows better than its looks */
        return;
    }
    if (e->layers.n >= e->lim->layers) {
        ev_gap(e, TW_GAP_LIMIT, off, len);
        return;
    }
    tw_rec_layer l = {.call = call,
                      .recipe = recipe,
                      .lang = (uint8_t)lang,
                      .executed = executed,
                      .func = e->runs_in[e->scope]};
    TW_PUSH(e->tmp, e->texts, text);
    l.bytes = e->texts.n - 1, l.off = off, l.len = len;
    TW_PUSH(e->tmp, e->layers, l);
    *slot = e->layers.n;
}

static bool holds(tw_str text, const char *word)
{
    return tw_str_find(text, tw_str_c(word)) != TW_NPOS;
}

/* Cheap and forgiving: a wrong guess costs one more file to read. */
static tw_lang looks_like(const ev *e, tw_str text)
{
    static const char *const javascript[] = {"function", "=>", "require(", "var ", "const ", "let ", "eval("};
    static const char *const python[] = {"import ", "def ",       "exec(", "eval(",
                                         "lambda ", "__import__", "print("};
    text = tw_str_sub(text, 0, LOOK);
    if (memchr(text.p, 0, text.n)) return TW_LANG_NONE;
    if (tw_str_starts(text, TW_S("#!")) && holds(tw_str_sub(text, 0, 80), "sh")) return TW_LANG_SHELL;
    if (!memchr(text.p, '\n', text.n) && !memchr(text.p, ';', text.n) && !memchr(text.p, '(', text.n))
        return TW_LANG_NONE;
    for (size_t i = 0; e->js && i < TW_COUNT(javascript); i++)
        if (holds(text, javascript[i])) return TW_LANG_JAVASCRIPT;
    for (size_t i = 0; i < TW_COUNT(python); i++)
        if (holds(text, python[i])) return TW_LANG_PYTHON;
    return TW_LANG_NONE;
}

void ev_layer_seen(ev *e, uint32_t v)
{
    tw_str text;
    if (!ev_at(e, v)->recipe || !ev_text(e, v, &text) || text.n < MIN_SEEN) return;
    tw_lang lang = looks_like(e, text);
    const tw_insn *in = &e->ir->insns.v[e->at];
    if (lang != TW_LANG_NONE) ev_layer_add(e, ev_at(e, v)->recipe, text, TW_NONE, lang, in->off, in->len);
}

/* It runs with what holds it, by no call. */
void ev_layer_run(ev *e, uint32_t recipe, tw_str text, tw_lang lang, uint32_t off, uint32_t len)
{
    ev_layer_add(e, recipe, text, TW_NONE, lang, off, len);
    const uint64_t *slot = e->m ? NULL : tw_map_get(&e->layer_of, text); /* it may have been met before */
    if (slot && *slot) e->layers.v[*slot - 1].executed = 1;
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
    ev_layer_run(e, ev_at(e, v)->recipe, text, l, off, len);
}
