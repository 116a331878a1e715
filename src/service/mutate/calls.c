/* SPDX-License-Identifier: Apache-2.0 */
/* Calls reached another way: by the text of a name, out of a container, under another name. */
#include "service/mutate/rewrite.h"

enum { MOST = 600 };

/* Modules whose names can be read from their dictionary: no __getattr__ of their own. */
static const char *const python_modules[] = {
    "os",   "subprocess", "socket",  "shutil", "sys",      "base64", "urllib", "json",     "platform",
    "time", "tempfile",   "getpass", "ctypes", "builtins", "zlib",   "codecs", "requests", NULL};

bool mu_library(const mu *u, tw_str name)
{
    bool known = false, bound = false;
    for (const char *const *m = python_modules; *m; m++) known |= tw_str_eq(name, tw_str_c(*m));
    for (uint32_t i = 1; known && i < u->n; i++)
        if (mu_kind(u, i, TW_TOK_NAME) && tw_str_eq(mu_text(u, i), name) && !mu_member(u, i)) {
            bool import = mu_is(u, i - 1, "import") && mu_is(u, mu_line_start(u, i), "import");
            if (import && mu_kind(u, i + 1, TW_TOK_NEWLINE))
                bound = true;
            else if (mu_binds(u, i) || import)
                return false;
        }
    return bound;
}

/* a.b( -> getattr(a, 'b')( */
static void python_member(mu *u, uint32_t from, uint32_t name)
{
    tw_str attr = mu_text(u, name), base = tw_str_sub(u->text, u->t[from].off, u->t[name - 2].end);
    uint32_t how = mu_below(u->rng, 4);
    if (how == 3 && mu_library(u, base)) {
        mu_edit_at(u, u->t[name - 1].off, u->t[name].end,
                   tw_arena_fmt(u->a, ".__dict__['%.*s']", TW_FMT(attr)));
        return;
    }
    if (how == 2 && mu_free_name(u, "__import__")) {
        mu_edit_at(u, u->t[from].off, u->t[from].off,
                   tw_arena_fmt(u->a, "__import__('operator').attrgetter('%.*s')(", TW_FMT(attr)));
        mu_edit_at(u, u->t[name - 1].off, u->t[name].end, TW_S(")"));
        return;
    }
    mu_edit_at(u, u->t[from].off, u->t[from].off, TW_S("getattr("));
    size_t half = how == 1 ? attr.n / 2 : 0;
    mu_edit_at(u, u->t[name - 1].off, u->t[name].end,
               half ? tw_arena_fmt(u->a, ", '%.*s' + '%.*s')", (int)half, attr.p, (int)(attr.n - half),
                                   attr.p + half)
                    : tw_arena_fmt(u->a, ", '%.*s')", TW_FMT(attr)));
}

static void python_reflect(mu *u)
{
    if (!mu_free_name(u, "getattr")) return;
    static const char *const builtin[] = {"exec", "eval", "compile", "open", "__import__", NULL};
    for (uint32_t i = 1, done = 0; i < u->n && done < MOST; i++) {
        uint32_t from = mu_callee(u, i), name = i - 1;
        if (from == MU_NONE || mu_below(u->rng, 8) == 7) continue;
        mu_begin(u);
        if (from == name) {
            if (!mu_is_any(u, name, builtin) || mu_star(u) ||
                !mu_free_name(u, tw_arena_str(u->a, mu_text(u, name)).p))
                continue;
            mu_edit_at(
                u, u->t[name].off, u->t[name].end,
                tw_arena_fmt(u->a, "getattr(__import__('builtins'), '%.*s')", TW_FMT(mu_text(u, name))));
        } else {
            if (tw_str_starts(mu_text(u, name), TW_S("__")) || mu_is(u, from, "super")) continue;
            python_member(u, from, name);
        }
        done += mu_commit(u);
    }
}

static void script_reflect(mu *u)
{
    static const char *const never[] = {"import", "new", "super", "@", NULL};
    static const char *const globals[] = {"fetch", "atob", "setTimeout", "require", NULL};
    for (uint32_t i = 1, done = 0; i + 1 < u->n && done < MOST; i++) {
        if (mu_below(u->rng, 8) == 7) continue;
        uint32_t callee = mu_callee(u, i + 1);
        if (callee == i && mu_is_any(u, i, globals) && mu_free_name(u, tw_arena_str(u->a, mu_text(u, i)).p)) {
            bool require = mu_is(u, i, "require");
            if (require && (u->module || !mu_free_name(u, "module"))) continue;
            if (!require && !mu_free_name(u, "globalThis")) continue;
            mu_begin(u);
            mu_edit_at(
                u, u->t[i].off, u->t[i].end,
                tw_arena_fmt(u->a, "%s['%.*s']", require ? "module" : "globalThis", TW_FMT(mu_text(u, i))));
            done += mu_commit(u);
            continue;
        }
        bool dot = mu_is(u, i, "."), maybe = mu_is(u, i, "?.");
        if ((!dot && !maybe) || !mu_kind(u, i + 1, TW_TOK_NAME) || mu_text(u, i + 1).p[0] == '#' ||
            mu_is_any(u, i - 1, never))
            continue;
        if (mu_kind(u, i - 1, TW_TOK_NUMBER) || mu_is(u, i + 1, "meta") || mu_is(u, i + 1, "target"))
            continue;
        tw_str name = mu_text(u, i + 1);
        size_t half = mu_below(u->rng, 3) == 0 ? name.n / 2 : 0;
        mu_begin(u);
        mu_edit_at(u, u->t[i].off, u->t[i + 1].end,
                   half ? tw_arena_fmt(u->a, "%s['%.*s' + '%.*s']", maybe ? "?." : "", (int)half, name.p,
                                       (int)(name.n - half), name.p + half)
                        : tw_arena_fmt(u->a, "%s['%.*s']", maybe ? "?." : "", TW_FMT(name)));
        done += mu_commit(u);
    }
}

bool mu_reflect(mu *u)
{
    if (u->python)
        python_reflect(u);
    else
        script_reflect(u);
    return mu_finish(u);
}

/* ---- containers ---- */

static void python_dispatch(mu *u)
{
    static const char *const never[] = {"super", "print", "locals", "vars", "dir", "type", NULL};
    static const char *const forms[][2] = {{"{'k': ", "}['k']"},
                                           {"[", "][0]"},
                                           {"{0: ", "}.get(0)"},
                                           {"(None, ", ")[1]"},
                                           {"dict(run=", ")['run']"}};
    bool dict = mu_free_name(u, "dict");
    for (uint32_t i = 1, done = 0; i < u->n && done < MOST; i++) {
        uint32_t from = mu_callee(u, i);
        if (from == MU_NONE || mu_is_any(u, from, never) || mu_below(u->rng, 8) == 7) continue;
        const char *const *form = forms[mu_below(u->rng, dict ? 5 : 4)];
        bool word = from && mu_kind(u, from - 1, TW_TOK_KEYWORD) && u->t[from - 1].end == u->t[from].off;
        mu_begin(u);
        mu_edit_at(u, u->t[from].off, u->t[from].off, tw_arena_fmt(u->a, "%s%s", word ? " " : "", form[0]));
        mu_edit_at(u, u->t[i].off, u->t[i].off, tw_str_c(form[1]));
        done += mu_commit(u);
    }
}

/* No line end before it could make the bracket go on with what stands there. */
static bool may_begin_with_bracket(const mu *u, uint32_t i)
{
    static const char *const before[] = {
        ";", "=",  "(",  ",",   "[",  "{",   ":", "?", "=>",     "return", "&&", "||",  "!",     "await",
        "+", "??", "==", "===", "!=", "!==", "<", ">", "typeof", "in",     "of", "...", "throw", NULL};
    if (!i) return true;
    if (mu_is(u, i - 1, "return") || mu_is(u, i - 1, "throw")) return !(u->t[i].flags & TW_TOKF_FIRST);
    return mu_is_any(u, i - 1, before) ||
           (u->t[i - 1].kind == TW_TOK_FORMAT && u->t[i - 1].flags & TW_TOKF_OPENS);
}

static void script_dispatch(mu *u)
{
    static const char *const never[] = {"eval",  "super", "import",      "async",     "await", "of",
                                        "yield", "let",   "constructor", "arguments", NULL};
    for (uint32_t i = 1, done = 0; i < u->n && done < MOST; i++) {
        uint32_t from = mu_callee(u, i);
        if (from == MU_NONE || mu_is_any(u, from, never) || mu_below(u->rng, 8) == 7 ||
            !may_begin_with_bracket(u, from))
            continue;
        mu_begin(u);
        if (from == i - 1) { /* a plain function: its `this` stays undefined */
            static const char *const forms[][2] = {
                {"(0, [", "][0])"}, {"(0, ({k: ", "}).k)"}, {"(() => ", ")()"}};
            const char *const *form = forms[mu_below(u->rng, 3)];
            mu_edit_at(u, u->t[from].off, u->t[from].off, tw_str_c(form[0]));
            mu_edit_at(u, u->t[i].off, u->t[i].off, tw_str_c(form[1]));
        } else { /* its object goes through the container */
            static const char *const forms[][2] = {{"([", "][0])"}, {"({k: ", "}).k"}, {"({k: ", "})['k']"}};
            const char *const *form = forms[mu_below(u->rng, 3)];
            mu_edit_at(u, u->t[from].off, u->t[from].off, tw_str_c(form[0]));
            mu_edit_at(u, u->t[i - 2].off, u->t[i - 2].off, tw_str_c(form[1]));
        }
        done += mu_commit(u);
    }
}

bool mu_dispatch(mu *u)
{
    if (u->python)
        python_dispatch(u);
    else
        script_dispatch(u);
    return mu_finish(u);
}
