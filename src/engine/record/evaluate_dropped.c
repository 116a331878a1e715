/* SPDX-License-Identifier: Apache-2.0 */
/* A script that the file itself writes and then runs: its text is a layer of the call that runs it. */
#include "engine/record/evaluate_priv.h"

enum { LEAVES = 64, BACK = 512, PATH_MIN = 4, TEXT_MIN = 12 };
typedef enum by {
    BY_HANDLE,
    BY_SELF,
    BY_ARGUMENT
} by; /* what names the file: open(p).write, p.write_text, write(p) */

static const struct {
    const char *symbol;
    by how;
} writers[] = {
    {"open().write", BY_HANDLE},
    {"io.open().write", BY_HANDLE},
    {"codecs.open().write", BY_HANDLE},
    {"os.fdopen().write", BY_HANDLE},
    {"tempfile.NamedTemporaryFile().write", BY_HANDLE},
    {"pathlib.Path().write_text", BY_SELF},
    {"pathlib.Path().write_bytes", BY_SELF},
    {"?.write_text", BY_SELF},
    {"fs.writeFileSync", BY_ARGUMENT},
    {"fs.writeFile", BY_ARGUMENT},
    {"fs.promises.writeFile", BY_ARGUMENT},
    {"fs/promises.writeFile", BY_ARGUMENT},
};

static const struct {
    const char *end;
    tw_lang lang;
} endings[] = {
    {".bat", TW_LANG_BATCH},      {".cmd", TW_LANG_BATCH},      {".ps1", TW_LANG_POWERSHELL},
    {".sh", TW_LANG_SHELL},       {".py", TW_LANG_PYTHON},      {".pyw", TW_LANG_PYTHON},
    {".command", TW_LANG_SHELL},  {".bash", TW_LANG_SHELL},     {".js", TW_LANG_JAVASCRIPT},
    {".cjs", TW_LANG_JAVASCRIPT}, {".mjs", TW_LANG_JAVASCRIPT},
};

static void push_parts(ev *e, uint32_t v)
{
    const ev_val x = *ev_at(e, v);
    bool list =
        x.kind == TW_VAL_SEQ || x.kind == TW_VAL_CONCAT || x.kind == TW_VAL_PHI || x.kind == TW_VAL_OP;
    if (x.kind == EV_ROPE) {
        TW_PUSH(e->tmp, e->stack, x.a);
        TW_PUSH(e->tmp, e->stack, x.b);
    } else if (x.kind == TW_VAL_MUT) {
        TW_PUSH(e->tmp, e->stack, x.a);
    } else if (list) {
        for (uint32_t i = 0; i < x.n && i < LEAVES; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[x.list + i]);
    } else if (x.kind == TW_VAL_CALL && x.a < e->calls.n &&
               tw_str_eq(ev_sym(e, e->calls.v[x.a].sym), TW_S("str"))) {
        ev_call c = e->calls.v[x.a];
        uint32_t of = ev_call_arg(e, &c, 0, NULL);
        if (of) TW_PUSH(e->tmp, e->stack, of);
    }
}

static uint32_t unchanged(const ev *e, uint32_t v)
{
    for (int i = 0; i < 16 && v && ev_at(e, v)->kind == TW_VAL_MUT; i++) v = ev_at(e, v)->a;
    return v;
}

/* Does a part of v name the file that `path` or the open file `handle` is? */
static bool names_file(ev *e, uint32_t v, uint32_t path, uint32_t handle)
{
    uint32_t base = e->stack.n;
    bool found = false;
    tw_str text, want = {NULL, 0};
    if (path && (!ev_text(e, path, &want) || want.n < PATH_MIN)) want.n = 0;
    TW_PUSH(e->tmp, e->stack, v);
    for (uint32_t n = 0; e->stack.n > base && n < LEAVES && !found && ev_step(e, 1); n++) {
        uint32_t at = e->stack.v[--e->stack.n];
        const ev_val x = *ev_at(e, at);
        found = (path && at == path) || (handle && x.kind == TW_VAL_MEMBER && unchanged(e, x.a) == handle);
        if (!found && want.n && ev_text(e, at, &text)) found = tw_str_find(text, want) != TW_NPOS;
        if (!found) push_parts(e, at);
    }
    e->stack.n = base;
    return found;
}

/* The end of a path, where that is known. */
static tw_str tail_of(ev *e, uint32_t v)
{
    tw_str s;
    for (int i = 0; i < 8 && v; i++) {
        if (ev_text(e, v, &s)) return s;
        const ev_val x = *ev_at(e, v);
        if (x.kind == EV_ROPE)
            v = x.b;
        else if ((x.kind == TW_VAL_CONCAT || x.kind == TW_VAL_OP) && x.n)
            v = e->lists.v[x.list + x.n - 1];
        else if (x.kind == TW_VAL_INDEX) /* of mkstemp */
            v = x.a;
        else if (x.kind == TW_VAL_CALL && x.a < e->calls.n && e->calls.v[x.a].n_args) {
            ev_call c = e->calls.v[x.a];
            uint32_t suffix = ev_call_arg(e, &c, UINT32_MAX, "suffix");
            v = suffix ? suffix : e->args.v[c.args + c.n_args - 1].value;
        } else
            break;
    }
    return TW_S("");
}

static tw_lang language_of(tw_str tail, tw_str text)
{
    for (size_t i = 0; i < TW_COUNT(endings); i++)
        if (tw_str_ends(tail, tw_str_c(endings[i].end))) return endings[i].lang;
    tw_str first = tw_str_sub(text, 0, 64);
    if (tw_str_starts(first, TW_S("@echo"))) return TW_LANG_BATCH;
    if (!tw_str_starts(first, TW_S("#!"))) return TW_LANG_NONE;
    if (tw_str_find(first, TW_S("python")) != TW_NPOS) return TW_LANG_PYTHON;
    if (tw_str_find(first, TW_S("node")) != TW_NPOS) return TW_LANG_JAVASCRIPT;
    return tw_str_find(first, TW_S("sh")) != TW_NPOS ? TW_LANG_SHELL : TW_LANG_NONE;
}

/* What stands written, what is unknown of it left out as a name that nothing sets; 0 where little is known. */
static tw_str text_of(ev *e, uint32_t v, uint32_t *ret_recipe)
{
    tw_str s;
    *ret_recipe = ev_at(e, v)->recipe;
    if (ev_text(e, v, &s)) return s;
    tw_buf out = {.limit = 1 << 18};
    uint32_t base = e->stack.n, known = 0;
    TW_PUSH(e->tmp, e->stack, v);
    for (uint32_t n = 0; e->stack.n > base && n < 1024 && ev_step(e, 1); n++) {
        uint32_t at = e->stack.v[--e->stack.n];
        const ev_val x = *ev_at(e, at);
        if (ev_text(e, at, &s)) {
            tw_buf_puts(&out, s), known += (uint32_t)s.n;
            if (!*ret_recipe) *ret_recipe = x.recipe;
        } else if (x.kind == EV_ROPE) {
            TW_PUSH(e->tmp, e->stack, x.b);
            TW_PUSH(e->tmp, e->stack, x.a);
        } else if (x.kind == TW_VAL_CONCAT) {
            for (uint32_t i = x.n; i-- > 0;) TW_PUSH(e->tmp, e->stack, e->lists.v[x.list + i]);
        } else {
            tw_buf_puts(&out, TW_S("__"));
        }
    }
    e->stack.n = base;
    tw_str all = known >= TEXT_MIN && !out.over ? tw_arena_str(e->tmp, tw_buf_str(&out)) : TW_S("");
    tw_buf_free(&out);
    return all;
}

static uint32_t receiver_of(const ev *e, const ev_call *c)
{
    const ev_val *callee = ev_at(e, c->callee);
    return callee->kind == TW_VAL_MEMBER ? unchanged(e, callee->a) : 0;
}

static void take(ev *e, uint32_t run, const ev_call *w, by how)
{
    ev_call r = e->calls.v[run];
    uint32_t handle = how == BY_ARGUMENT ? 0 : receiver_of(e, w), path = how == BY_SELF ? handle : 0, recipe;
    uint32_t data = ev_call_arg(e, w, how == BY_ARGUMENT, NULL);
    if (how == BY_ARGUMENT) path = ev_call_arg(e, w, 0, NULL);
    if (how == BY_HANDLE && handle && ev_at(e, handle)->kind == TW_VAL_CALL &&
        ev_at(e, handle)->a < e->calls.n) {
        ev_call open = e->calls.v[ev_at(e, handle)->a];
        bool temporary = ev_call_arg(e, &open, UINT32_MAX, "suffix") != 0;
        path = temporary ? 0 : ev_call_arg(e, &open, 0, "file");
    }
    bool named = false;
    for (uint32_t i = 0; data && i < r.n_args && i < 8 && !named; i++)
        named = names_file(e, e->args.v[r.args + i].value, path, handle);
    if (!named) return;
    tw_str text = text_of(e, data, &recipe), tail = path ? tail_of(e, path) : TW_S("");
    if (!tail.n && handle) tail = tail_of(e, handle); /* NamedTemporaryFile(suffix=".bat") */
    tw_lang lang = text.n >= TEXT_MIN ? language_of(tail, text) : TW_LANG_NONE;
    if (lang != TW_LANG_NONE && ev_room(e, text.n)) ev_layer_add(e, recipe, text, run, lang, r.off, r.len);
}

void ev_dropped(ev *e, uint32_t call)
{
    if (e->m || !(e->py || e->js)) return;
    for (uint32_t i = 0; i < BACK && i < call && ev_step(e, 1); i++) {
        ev_call w = e->calls.v[call - 1 - i];
        tw_str sym = ev_sym(e, w.sym);
        if (tw_str_find(sym, TW_S("write")) == TW_NPOS) continue;
        for (size_t k = 0; k < TW_COUNT(writers); k++)
            if (tw_str_eq(sym, tw_str_c(writers[k].symbol))) take(e, call, &w, writers[k].how);
    }
}
