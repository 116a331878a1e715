/* SPDX-License-Identifier: Apache-2.0 */
/* Code in an address: import("data:text/javascript,..."), new Worker(new URL("data:...")). */
#include "engine/record/evaluate_priv.h"

enum { HEAD_MAX = 200 };

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static tw_str unescaped(ev *e, tw_str s)
{
    char *out = tw_arena_alloc(e->tmp, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool esc = s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0;
        out[n++] = esc ? (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2])) : s.p[i];
        i += esc ? 2 : 0;
    }
    return (tw_str){out, n};
}

/* The code of such an address as a value; 0: it is no such address. */
uint32_t ev_data_url(ev *e, tw_str url)
{
    static const tw_str scheme = TW_SI("data:");
    uint32_t names[1] = {0};
    size_t comma = tw_str_chr(tw_str_sub(url, 0, HEAD_MAX), ',');
    if (!tw_str_starts(url, scheme) || comma == TW_NPOS || !ev_room(e, url.n) || !ev_step(e, url.n / 16))
        return 0;
    tw_str head = tw_str_sub(url, scheme.n, comma), body = unescaped(e, tw_str_sub(url, comma + 1, url.n));
    if (tw_str_find(head, TW_S("script")) == TW_NPOS) return 0; /* JSON, WebAssembly */
    uint32_t v = ev_text_val(e, TW_VAL_STR, body, 0, 0);
    if (!tw_str_ends(head, TW_S(";base64"))) return v;
    ev_args a = {0, &v, names, 1};
    return ev_pure(e, tw_intern(&e->syms, TW_S("atob")), &a);
}

/* What a call that takes an address runs: the text of a data: one. */
uint32_t ev_url_code(ev *e, uint32_t v)
{
    tw_str text;
    const ev_val x = *ev_at(e, v);
    if (x.kind == TW_VAL_CALL && tw_str_eq(ev_sym(e, x.sym), TW_S("URL()")) && e->calls.v[x.a].n_args)
        v = e->args.v[e->calls.v[x.a].args].value;
    return ev_text(e, v, &text) ? ev_data_url(e, text) : 0;
}

/* {eval: true} as it is written at the call. */
bool ev_takes_code(ev *e, uint32_t options)
{
    const ev_val m = *ev_at(e, options);
    tw_str key;
    for (uint32_t i = 0; m.kind == TW_VAL_MAP && i + 1 < m.n && i < 32; i += 2) {
        const ev_val is = *ev_at(e, e->lists.v[m.list + i + 1]);
        if (ev_text(e, e->lists.v[m.list + i], &key) && tw_str_eq(key, TW_S("eval")))
            return is.kind == TW_VAL_BOOL && is.a;
    }
    return false;
}

/* import "data:...": it runs with the file. */
void ev_import_url(ev *e, tw_str spec, uint32_t off, uint32_t len)
{
    tw_str text;
    uint32_t v = tw_str_starts(spec, TW_S("data:")) ? ev_data_url(e, spec) : 0;
    if (v && ev_text(e, v, &text)) ev_layer_run(e, ev_at(e, v)->recipe, text, TW_LANG_JAVASCRIPT, off, len);
}

/* new Image().src = x, document.createElement("script").src = x: the page asks for the address at once. */
void ev_js_loads(ev *e, const tw_insn *in, uint32_t base, uint32_t val)
{
    const ev_val x = *ev_at(e, base);
    tw_str of = ev_sym(e, x.sym), name = tw_ir_text(e->ir, in->b);
    bool made = tw_str_eq(of, TW_S("Image()")) || tw_str_eq(of, TW_S("window.Image()")) ||
                tw_str_ends(of, TW_S("document.createElement()"));
    if (e->m || !val || x.kind != TW_VAL_CALL || !made || !tw_str_eq(name, TW_S("src"))) return;
    uint32_t sym = tw_intern(&e->syms, TW_S("document.createElement().src"));
    ev_call c = {.func = e->runs_in[e->scope], .callee = ev_symbol(e, sym), .sym = sym, .args = e->args.n};
    c.flags = e->frames.v[e->frames.n - 1].rc;
    c.off = in->off, c.len = in->len;
    TW_PUSH(e->tmp, e->args, ((tw_rec_arg){val, 0}));
    c.n_args = 1;
    const ev_call *maker = x.a < e->calls.n ? &e->calls.v[x.a] : NULL;
    if (maker && maker->n_args) { /* of which kind the element is */
        TW_PUSH(e->tmp, e->args, e->args.v[maker->args]);
        c.n_args = 2;
    }
    TW_PUSH(e->tmp, e->calls, c);
    uint32_t call = e->calls.n - 1, v = ev_new(e, TW_VAL_CALL, call, 0);
    e->calls.v[call].result = v;
}
