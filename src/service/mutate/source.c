/* SPDX-License-Identifier: Apache-2.0 */
/* One file as tokens, edits put together, and the check that the result is still read as code. */
#include "service/mutate/rewrite.h"

#include <stdlib.h>

uint64_t mu_random(mu_rng *r)
{
    uint64_t z = (r->s += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

tw_mut_file *mu_file(mu *u)
{
    return &u->m->files.v[u->index];
}

/* import and export as declarations. */
static bool says_module(const mu *u)
{
    for (uint32_t i = 0; i < u->n; i++)
        if ((mu_is(u, i, "import") && !mu_is(u, i + 1, "(")) || mu_is(u, i, "export"))
            if (mu_kind(u, i, TW_TOK_KEYWORD) && mu_top_level(u, i)) return true;
    return false;
}

bool mu_open(tw_mut *m, uint32_t file, mu_rng *rng, mu *ret)
{
    tw_mut_file *f = &m->files.v[file];
    tw_tokens tokens;
    *ret = (mu){.a = m->arena, .m = m, .index = file, .rng = rng, .text = f->data};
    ret->python = tw_str_ends(f->path, TW_S(".py"));
    bool js = tw_str_ends(f->path, TW_S(".js")) || tw_str_ends(f->path, TW_S(".cjs")) ||
              tw_str_ends(f->path, TW_S(".mjs"));
    if ((!ret->python && !js) || !f->data.n || f->data.n > MU_FILE_MAX) return false;
    bool read = ret->python ? tw_tokens_python(m->arena, f->data, &tokens)
                            : tw_tokens_javascript(m->arena, f->data, &tokens);
    if (!read || !tokens.list.n) return false;
    ret->t = tokens.list.v, ret->n = tokens.list.n, ret->start = tokens.start;
    ret->module = js && (tw_mut_esm(m, f) || says_module(ret));
    return true;
}

tw_str mu_text(const mu *u, uint32_t i)
{
    return i < u->n ? tw_str_sub(u->text, u->t[i].off, u->t[i].end) : TW_S("");
}

bool mu_kind(const mu *u, uint32_t i, tw_token_kind k)
{
    return i < u->n && u->t[i].kind == k;
}

bool mu_is(const mu *u, uint32_t i, const char *text)
{
    return i < u->n &&
           (u->t[i].kind == TW_TOK_NAME || u->t[i].kind == TW_TOK_KEYWORD || u->t[i].kind == TW_TOK_OP) &&
           tw_str_eq(mu_text(u, i), tw_str_c(text));
}

bool mu_is_any(const mu *u, uint32_t i, const char *const *texts)
{
    for (; *texts; texts++)
        if (mu_is(u, i, *texts)) return true;
    return false;
}

bool mu_mentions(const mu *u, const char *const *words)
{
    for (uint32_t i = 0; i < u->n; i++)
        if ((u->t[i].kind == TW_TOK_NAME || u->t[i].kind == TW_TOK_KEYWORD) && mu_is_any(u, i, words))
            return true;
    return false;
}

/* ---- edits ---- */

void mu_begin(mu *u)
{
    u->group_from = u->edits.n;
    u->groups++;
}

void mu_edit_at(mu *u, uint32_t off, uint32_t end, tw_str text)
{
    TW_PUSH(u->a, u->edits, ((mu_edit){off, end, u->groups, u->edits.n, tw_arena_str(u->a, text)}));
}

/* Ranges may touch; a point may lie on the border of a range, not in it. */
static bool cross(const mu_edit *x, const mu_edit *y)
{
    if (x->off == x->end && y->off == y->end) return false;
    return x->off < y->end && y->off < x->end;
}

bool mu_commit(mu *u)
{
    bool fine = u->groups <= MU_GROUPS;
    for (uint32_t i = u->group_from; fine && i < u->edits.n; i++)
        for (uint32_t k = 0; fine && k < u->group_from; k++) fine = !cross(&u->edits.v[i], &u->edits.v[k]);
    if (!fine) u->edits.n = u->group_from;
    return fine;
}

static int by_place(const void *x, const void *y)
{
    const mu_edit *a = x, *b = y;
    if (a->off != b->off) return a->off < b->off ? -1 : 1;
    bool pa = a->off == a->end, pb = b->off == b->end;
    if (pa != pb) return pa ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

bool mu_apply(mu *u, tw_str *to)
{
    if (!u->edits.n) return false;
    qsort(u->edits.v, u->edits.n, sizeof *u->edits.v, by_place);
    tw_buf b = TW_BUF_INIT;
    uint32_t at = 0;
    for (uint32_t i = 0; i < u->edits.n; i++) {
        const mu_edit *e = &u->edits.v[i];
        if (e->off < at) continue; /* cannot be: groups do not cross */
        tw_buf_puts(&b, tw_str_sub(u->text, at, e->off));
        tw_buf_puts(&b, e->text);
        at = e->end;
    }
    tw_buf_puts(&b, tw_str_sub(u->text, at, u->text.n));
    *to = tw_arena_str(u->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return true;
}

/* ---- the result ---- */

uint32_t mu_errors(tw_str text, bool python)
{
    tw_limits lim = tw_limits_default();
    tw_arena *a = tw_arena_new(0);
    tw_ir ir;
    (python ? &tw_front_python : &tw_front_javascript)->lower(a, text, &lim, &ir);
    uint32_t n = 0;
    for (uint32_t i = 0; i < ir.insns.n; i++)
        n += ir.insns.v[i].op == TW_OP_OPAQUE && ir.insns.v[i].kind == TW_GAP_SYNTAX;
    tw_arena_free(a);
    return n;
}

bool mu_store(mu *u, tw_str text)
{
    if (tw_str_eq(text, u->text) || mu_errors(text, u->python) > mu_errors(u->text, u->python)) return false;
    mu_file(u)->data = text;
    return true;
}

bool mu_finish(mu *u)
{
    tw_str text;
    return mu_apply(u, &text) && mu_store(u, text);
}

/* ---- names of files and words ---- */

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (uint8_t)c > 127;
}

bool mu_has_word(tw_str text, tw_str word)
{
    for (size_t at = 0; word.n;) {
        size_t k = tw_str_find(tw_str_sub(text, at, text.n), word);
        if (k == TW_NPOS) return false;
        k += at;
        at = k + word.n;
        if ((!k || !name_byte(text.p[k - 1])) && (at >= text.n || !name_byte(text.p[at]))) return true;
    }
    return false;
}

bool mu_elsewhere(const mu *u, tw_str word)
{
    for (uint32_t i = 0; i < u->m->files.n; i++)
        if (i != u->index && mu_has_word(u->m->files.v[i].data, word)) return true;
    return false;
}

tw_str mu_fresh(mu *u)
{
    static const char *const forms[] = {"_%c%x", "v%c%x", "_0x%c%x", "%c%xdata", "get%c%x"};
    for (;;) {
        const char *form = forms[mu_below(u->rng, TW_COUNT(forms))];
        char c = (char)('a' + mu_below(u->rng, 6));
        uint32_t v = 0x100 + mu_below(u->rng, 0xffff);
        tw_buf b = TW_BUF_INIT;
        for (; *form; form++)
            if (form[0] == '%' && form[1] == 'c')
                tw_buf_putc(&b, c), form++;
            else if (form[0] == '%')
                tw_buf_fmt(&b, "%x", v), form++;
            else
                tw_buf_putc(&b, *form);
        tw_str name = tw_arena_str(u->a, tw_buf_str(&b));
        tw_buf_free(&b);
        bool used = tw_str_find(u->text, name) != TW_NPOS;
        for (uint32_t i = 0; !used && i < u->edits.n; i++)
            used = tw_str_find(u->edits.v[i].text, name) != TW_NPOS;
        if (!used) return name;
    }
}

tw_str mu_folder(const mu *u)
{
    tw_str path = u->m->files.v[u->index].path;
    size_t slash = tw_str_rchr(path, '/');
    return slash == TW_NPOS ? TW_S("") : tw_str_sub(path, 0, slash + 1);
}

tw_str mu_stem(tw_str path)
{
    tw_str base = tw_str_base(path);
    size_t dot = tw_str_rchr(base, '.');
    return dot == TW_NPOS ? base : tw_str_sub(base, 0, dot);
}

tw_str mu_fresh_file(mu *u, const char *ending)
{
    static const char *const stems[] = {"_compat", "_runtime", "_support", "_shared", "_common", "_tables"};
    for (uint32_t k = mu_below(u->rng, 6), n = 0;; k++, n++) {
        tw_str name = n < 6 ? tw_arena_fmt(u->a, "%s%s", stems[k % 6], ending)
                            : tw_arena_fmt(u->a, "_part%u%s", n, ending);
        if (!tw_mut_find(u->m, tw_arena_fmt(u->a, "%.*s%.*s", TW_FMT(mu_folder(u)), TW_FMT(name))))
            return name;
    }
}
