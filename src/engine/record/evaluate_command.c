/* SPDX-License-Identifier: Apache-2.0 */
/* What is particular to shell, batch and PowerShell: commands by name, variables that come from outside,
 * redirections as calls. */
#include "engine/ir/command.h"
#include "engine/record/evaluate_priv.h"

uint32_t ev_call_arg(const ev *e, const ev_call *c, uint32_t i, const char *keyword)
{
    uint32_t position = 0;
    for (uint32_t k = 0; k < c->n_args; k++) {
        tw_rec_arg a = e->args.v[c->args + k];
        if (a.name == TW_ARG_SPREAD || a.name == TW_ARG_SPREAD_MAP) return 0;
        if (keyword && a.name && tw_str_eq(tw_ir_text(e->ir, a.name), tw_str_c(keyword))) return a.value;
        if (a.name) continue;
        if (position == i) return a.value;
        position++;
    }
    return 0;
}

/* The constant text at the end of a value: of "$DIR/bin/sh" that is "/bin/sh". */
static bool last_text(ev *e, uint32_t v, tw_str *ret)
{
    for (int i = 0; i < 64 && ev_at(e, v)->kind == EV_ROPE && !ev_is_const(e, v); i++) v = ev_at(e, v)->b;
    return ev_text(e, v, ret);
}

/* %COMSPEC%, $SHELL */
static tw_str named_by_environment(ev *e, uint32_t v)
{
    static const tw_str names[][2] = {{TW_SI("COMSPEC"), TW_SI("cmd")},
                                      {TW_SI("SHELL"), TW_SI("sh")},
                                      {TW_SI("BASH"), TW_SI("bash")},
                                      {TW_SI("PYTHON"), TW_SI("python")}};
    const ev_val *x = ev_at(e, v);
    tw_str key;
    if (x->kind != TW_VAL_INDEX || !ev_text(e, x->b, &key)) return (tw_str){NULL, 0};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(names[i][0], key)) return names[i][1];
    return (tw_str){NULL, 0};
}

static uint32_t symbol_of(ev *e, uint32_t callee)
{
    char buf[TW_COMMAND_NAME];
    tw_str text, name = named_by_environment(e, callee);
    if (name.n) return tw_intern(&e->syms, name);
    bool whole = ev_text(e, callee, &text);
    if (!whole && !last_text(e, callee, &text)) return 0;
    if (!whole && tw_str_chr(text, '/') == TW_NPOS && tw_str_chr(text, '\\') == TW_NPOS) return 0;
    name = tw_command_name(tw_str_trim(text), buf);
    if (!name.n) return 0;
    if (tw_str_starts(name, TW_S("python3."))) name.n = 7;
    if (tw_str_eq(name, TW_S("."))) name = TW_S("source");
    return tw_intern(&e->syms, name);
}

/* A function of this file goes by "name()" among the variables. */
static uint32_t own_function(ev *e, uint32_t callee)
{
    tw_str text;
    char name[80];
    if (!ev_text(e, callee, &text) || !text.n || text.n > sizeof name - 2) return 0;
    bool fold = e->ir->lang == TW_LANG_POWERSHELL;
    for (size_t i = 0; i < text.n; i++)
        name[i] = fold && text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] | 32) : text.p[i];
    memcpy(name + text.n, "()", 2);
    uint32_t id = tw_intern_find(&e->ir->strings, tw_str_of(name, text.n + 2));
    if (!id || ev_resolve(e, id) == TW_NONE) return 0;
    uint32_t v = ev_read(e, id);
    return ev_at(e, v)->kind == TW_VAL_FUNC ? v : 0;
}

/* ./x, "$TMP/x": the program is an argument of "shell.run". */
static void run_by_path(ev *e, ev_call *c)
{
    uint32_t at = e->args.n;
    TW_RESERVE(e->tmp, e->args, (size_t)c->n_args + 1);
    e->args.v[at] = (tw_rec_arg){c->callee, 0};
    for (uint32_t i = 0; i < c->n_args; i++) e->args.v[at + 1 + i] = e->args.v[c->args + i];
    e->args.n = at + 1 + c->n_args;
    c->args = at;
    c->n_args++;
    c->callee = ev_symbol(e, tw_intern(&e->syms, TW_S("shell.run")));
}

void ev_command_callee(ev *e, ev_call *c)
{
    tw_str text;
    uint32_t own = ev_at(e, c->callee)->kind == TW_VAL_FUNC ? c->callee : own_function(e, c->callee);
    if (own) {
        c->callee = own;
        return;
    }
    uint32_t sym = symbol_of(e, c->callee);
    bool place = last_text(e, c->callee, &text) && tw_command_is_path(text);
    static const tw_str known[] = {TW_SI("python"),     TW_SI("python2"), TW_SI("python3"), TW_SI("pip"),
                                   TW_SI("node"),       TW_SI("npm"),     TW_SI("sh"),      TW_SI("bash"),
                                   TW_SI("powershell"), TW_SI("cmd")};
    for (size_t i = 0; i < TW_COUNT(known); i++) place = place && !tw_str_eq(ev_sym(e, sym), known[i]);
    bool unknown = !sym && !ev_is_const(e, c->callee) && ev_at(e, c->callee)->kind != TW_VAL_OPAQUE;
    if (place || unknown) {
        run_by_path(e, c);
        return;
    }
    if (!sym) return;
    uint32_t v = ev_symbol(e, sym);
    if (!ev_is_const(e, c->callee) || ev_at(e, c->callee)->flags & EV_FOLDED)
        ev_at(e, v)->flags |= EV_REFLECTED;
    c->callee = v;
}

/* New-Object Net.WebClient: what is made goes by its type. */
static uint32_t new_object(ev *e, uint32_t call)
{
    const ev_call *c = &e->calls.v[call];
    tw_str text;
    uint32_t type = ev_call_arg(e, c, 0, "-typename");
    char low[128];
    if (!type) type = ev_call_arg(e, c, 0, "-comobject");
    if (!type || !ev_text(e, type, &text) || !text.n || text.n > sizeof low) return 0;
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        low[i] = ch >= 'A' && ch <= 'Z' ? (char)(ch | 32) : ch;
    }
    tw_str name = tw_str_of(low, text.n);
    if (tw_str_starts(name, TW_S("system."))) name = tw_str_sub(name, 7, name.n);
    uint32_t v = ev_new(e, TW_VAL_CALL, call, 0);
    uint32_t sym = ev_sym_join(e, tw_intern(&e->syms, name), "()", (tw_str){0});
    ev_at(e, v)->sym = sym;
    return v;
}

uint32_t ev_command_result(ev *e, uint32_t call)
{
    ev_call c = e->calls.v[call];
    tw_str name = ev_sym(e, c.sym);
    if (tw_str_eq(name, TW_S("new-object"))) return new_object(e, call);
    if (ev_is_command(e)) return c.sym ? ev_pure_command(e, &c) : 0;
    if (!tw_str_ends(name, TW_S(".new"))) return 0;
    uint32_t v = ev_new(e, TW_VAL_CALL, call, 0); /* [type]::new() */
    uint32_t type = tw_intern(&e->syms, tw_arena_str(e->tmp, tw_str_sub(name, 0, name.n - 4)));
    uint32_t sym = ev_sym_join(e, type, "()", (tw_str){0});
    ev_at(e, v)->sym = sym;
    return v;
}

uint32_t ev_environment(ev *e, tw_str name)
{
    bool plain = name.n > 0 && !(name.p[0] >= '0' && name.p[0] <= '9') && !tw_str_eq(name, TW_S("__"));
    bool type = name.n > 2 && name.p[0] == '[';
    for (size_t i = 0; i < name.n && !type; i++)
        plain = plain && (unsigned char)name.p[i] > ' ' && name.p[i] != '@';
    if (name.n == 1 && strchr("*#?-$!@_", name.p[0])) plain = false;
    if (type) return ev_symbol(e, tw_intern(&e->syms, tw_str_sub(name, 1, name.n - 1)));
    if (tw_str_eq(name, TW_S("env"))) return ev_symbol(e, tw_intern(&e->syms, name));
    bool powershell = e->ir->lang == TW_LANG_POWERSHELL;
    if (powershell && tw_str_eq(name, TW_S("home")))
        name = TW_S("HOME");
    else if (powershell)
        plain = false;
    if (!plain) return ev_unknown(e);
    uint32_t env = ev_symbol(e, tw_intern(&e->syms, TW_S("env")));
    return ev_index(e, env, ev_text_val(e, TW_VAL_STR, tw_arena_str(e->tmp, name), 0, 0));
}

uint32_t ev_redirect(ev *e, const tw_insn *in)
{
    bool input = in->kind == '<';
    uint32_t data = in->a && in->a < e->at ? e->of[in->a] : 0, path = in->b < e->at ? e->of[in->b] : 0;
    if (in->kind == '2') return 0;
    uint32_t sym = tw_intern(&e->syms, input ? TW_S("shell.input") : TW_S("shell.redirect"));
    ev_call c = {.func = e->runs_in[e->scope], .callee = ev_symbol(e, sym), .sym = sym, .args = e->args.n};
    c.flags = e->frames.v[e->frames.n - 1].rc;
    c.off = in->off, c.len = in->len;
    if (!input) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){data ? data : ev_unknown(e), 0}));
    TW_PUSH(e->tmp, e->args, ((tw_rec_arg){path ? path : ev_unknown(e), 0}));
    c.n_args = e->args.n - c.args;
    TW_PUSH(e->tmp, e->calls, c);
    uint32_t call = e->calls.n - 1, v = ev_new(e, TW_VAL_CALL, call, 0);
    uint32_t made = ev_sym_join(e, sym, "()", (tw_str){0});
    ev_at(e, v)->sym = made;
    e->calls.v[call].result = v;
    return v;
}
