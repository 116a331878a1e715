/* SPDX-License-Identifier: Apache-2.0 */
/* Files that something in the package runs, and that nobody read as code: each is a gap that runs when what
 * starts it does. The language of a file is told before anything is known of its use, so a script without a
 * telling name lands here. */
#include "engine/join/join_priv.h"

enum { UNREAD_MAX = 4096, WANTED_MAX = 256 };

static bool may_be_code(const tw_member *m)
{
    static const tw_str data[] = {TW_SI(".json"), TW_SI(".pth"), TW_SI(".typed")};
    for (size_t i = 0; i < TW_COUNT(data); i++)
        if (tw_str_ends(m->path, data[i])) return false;
    return m->type == TW_MEMBER_FILE && m->size && !(m->flags & TW_MF_CONTAINER);
}

/* What has a text that was read, or a gap of its own already. */
static uint8_t *accounted(const jn *j)
{
    uint8_t *known = TW_NEWN(j->a, uint8_t, (size_t)j->p->n_members + 1);
    for (uint32_t i = 0; i < j->n_units; i++)
        if (j->out->units[i].member < j->p->n_members) known[j->out->units[i].member] = 1;
    for (uint32_t i = 0; i < j->out->coverage->gaps.n; i++)
        if (j->out->coverage->gaps.v[i].member < j->p->n_members)
            known[j->out->coverage->gaps.v[i].member] = 1;
    return known;
}

/* A manifest may export what only build tools take; code in one is read all the same. */
static bool is_asset(tw_str path)
{
    static const tw_str ends[] = {TW_SI(".map"),  TW_SI(".css"),  TW_SI(".scss"), TW_SI(".sass"),
                                  TW_SI(".less"), TW_SI(".html"), TW_SI(".md"),   TW_SI(".svg"),
                                  TW_SI(".styl"), TW_SI(".vue")};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(path, ends[i])) return true;
    return false;
}

/* What reads it next time: each member once. */
static void want(jn *j, uint32_t member, tw_lang lang)
{
    if (j->out->wanted.n >= WANTED_MAX) return;
    for (uint32_t i = 0; i < j->out->wanted.n; i++)
        if (j->out->wanted.v[i].member == member) return;
    TW_PUSH(j->a, j->out->wanted, ((tw_wanted){member, (uint8_t)lang}));
}

void jn_unread_init(jn *j)
{
    tw_map_init(&j->unread, j->a);
    tw_map_init(&j->unread_said, j->a);
    if (!j->p || !j->out->coverage) return;
    uint8_t *known = accounted(j);
    for (uint32_t i = 0; i < j->p->n_members; i++)
        if (!known[i] && may_be_code(&j->p->members[i]))
            *tw_map_put(&j->unread, j->p->members[i].path, NULL) = i + 1ull;
    for (uint32_t i = 0; i < j->p->roots.n; i++) {
        uint32_t m = j->p->roots.v[i].member, t = j->p->roots.v[i].trigger;
        if (t != TW_TRIGGER_IMPORT && t != TW_TRIGGER_PLUGIN)
            continue; /* what commands start is said where they do */
        if (m >= j->p->n_members || known[m] || !may_be_code(&j->p->members[m])) continue;
        known[m] = 1;
        if (!is_asset(j->p->members[m].path))
            tw_coverage_gap(j->out->coverage, m, TW_GAP_NO_FRONT_END, 0, j->p->members[m].size);
        want(j, m, TW_LANG_NONE);
    }
}

static void say(jn *j, uint32_t unit, uint32_t func, uint32_t member)
{
    uint32_t key[3] = {unit, func, member};
    bool fresh;
    if (j->unread_said.n >= UNREAD_MAX) return;
    tw_map_put(&j->unread_said, tw_arena_str(j->a, tw_str_of((const char *)key, sizeof key)), &fresh);
    if (!fresh) return;
    tw_coverage_layer_gap(j->out->coverage, &(tw_gap){.member = member,
                                                      .reason = TW_GAP_NO_FRONT_END,
                                                      .len = j->p->members[member].size,
                                                      .unit = unit,
                                                      .func = func,
                                                      .of = j->p->members[member].size});
}

/* A whole path within the artifact. */
void jn_unread_path(jn *j, uint32_t unit, uint32_t func, tw_str path, tw_lang lang)
{
    const uint64_t *slot = j->unread.n ? tw_map_get(&j->unread, path) : NULL;
    if (!slot) return;
    say(j, unit, func, (uint32_t)(*slot - 1));
    if (lang != TW_LANG_NONE) want(j, (uint32_t)(*slot - 1), lang);
}

/* A word of a command or a path as a program writes it: beside the file, or from the top of the package. */
void jn_unread_word(jn *j, uint32_t unit, uint32_t func, tw_str word, tw_lang lang)
{
    const tw_unit *top = &j->out->units[unit];
    if (!j->unread.n || !word.n || word.n > 512 || word.p[0] == '-') return;
    for (int guard = 0; top->parent < j->n_units && guard < 64; guard++) top = &j->out->units[top->parent];
    if (top->member >= j->p->n_members) return;
    while (tw_str_starts(word, TW_S("./")) || tw_str_starts(word, TW_S("{}")) ||
           tw_str_starts(word, TW_S("/")))
        word = tw_str_sub(word, word.p[0] == '/' ? 1 : 2, word.n);
    tw_str from = j->p->members[top->member].path;
    for (;;) {
        size_t slash = tw_str_rchr(from, '/');
        from = tw_str_sub(from, 0, slash == TW_NPOS ? 0 : slash);
        jn_unread_path(j, unit, func, from.n ? jn_cat(j, from, "/", word) : word, lang);
        if (!from.n || !jn_spend(j, 1)) return;
    }
}

/* sh a, node a, . ./a, ./a: the file that a command runs. */
void jn_unread_command(jn *j, uint32_t unit, const tw_rec_call *c)
{
    static const struct {
        tw_str program;
        uint8_t lang;
    } runs[] = {{TW_SI("sh"), TW_LANG_SHELL},          {TW_SI("bash"), TW_LANG_SHELL},
                {TW_SI("dash"), TW_LANG_SHELL},        {TW_SI("zsh"), TW_LANG_SHELL},
                {TW_SI("ksh"), TW_LANG_SHELL},         {TW_SI("node"), TW_LANG_JAVASCRIPT},
                {TW_SI("nodejs"), TW_LANG_JAVASCRIPT}, {TW_SI("python"), TW_LANG_PYTHON},
                {TW_SI("python3"), TW_LANG_PYTHON},    {TW_SI("source"), TW_LANG_SHELL},
                {TW_SI("."), TW_LANG_SHELL},           {TW_SI("perl"), TW_LANG_NONE},
                {TW_SI("ruby"), TW_LANG_NONE},         {TW_SI("cscript"), TW_LANG_NONE},
                {TW_SI("wscript"), TW_LANG_NONE},      {TW_SI("tsx"), TW_LANG_TYPESCRIPT},
                {TW_SI("bun"), TW_LANG_TYPESCRIPT},    {TW_SI("ts-node"), TW_LANG_TYPESCRIPT},
                {TW_SI("deno"), TW_LANG_TYPESCRIPT},   {TW_SI("exec"), TW_LANG_NONE}};
    const tw_record *r = j->units[unit].r;
    tw_str name = tw_rec_str(r, c->symbol);
    const tw_val *callee = jn_val(j, unit, c->callee);
    if (!j->unread.n) return;
    if (callee->kind == TW_VAL_STR && tw_str_chr(tw_rec_str(r, callee->a), '/') != TW_NPOS)
        jn_unread_word(j, unit, c->func, tw_rec_str(r, callee->a), TW_LANG_NONE);
    for (size_t i = 0; i < TW_COUNT(runs); i++) {
        if (!tw_str_eq(name, runs[i].program)) continue;
        for (uint32_t k = 0; k < c->n_args && k < 16;
             k++) { /* options may stand before it: every word is tried */
            tw_str word = jn_render(j, unit, r->args[c->args + k].value, 0, 0).text;
            jn_unread_word(j, unit, c->func, word, (tw_lang)runs[i].lang);
        }
    }
}
