/* SPDX-License-Identifier: Apache-2.0 */
/* What a package.json says of the package and its people, and the README beside it. */
#include "ecosystems/npm/npm.h"

bool npm_is_readme(tw_str path)
{
    tw_str base = tw_str_base(path);
    bool top = tw_str_chr(path, '/') == TW_NPOS || tw_str_chr(path, '/') == path.n - base.n - 1;
    return top && (tw_str_ieq(base, TW_S("readme.md")) || tw_str_ieq(base, TW_S("readme")) ||
                   tw_str_ieq(base, TW_S("readme.markdown")) || tw_str_ieq(base, TW_S("readme.rst")));
}

static void push(const npm_manifest *m, tw_texts *list, tw_str s)
{
    if (s.n && list->n < TW_ABOUT_MAX) TW_PUSH(m->p->arena, *list, s);
}

/* "url" of an object, or the text itself; "owner/name" and "github:owner/name" are short for an address. */
static void address(const npm_manifest *m, const char *key)
{
    const tw_node *n = tw_node_get(&m->doc, 0, tw_str_c(key));
    tw_str s = n && n->kind == TW_NODE_STRING ? n->text : TW_S("");
    if (n && n->kind == TW_NODE_OBJECT) s = tw_node_str(&m->doc, tw_node_id(&m->doc, n), TW_S("url"), s);
    if (tw_str_starts(s, TW_S("github:"))) s = tw_str_sub(s, 7, s.n);
    bool is_short = s.n && tw_str_chr(s, ':') == TW_NPOS && tw_str_chr(s, '.') == TW_NPOS &&
                    tw_str_chr(s, '/') != TW_NPOS;
    if (is_short && !strcmp(key, "repository"))
        s = tw_arena_fmt(m->p->arena, "https://github.com/%.*s", TW_FMT(s));
    push(m, &m->p->about.urls, s);
}

/* "name <mail> (url)" or {name, email}. */
static void person(const npm_manifest *m, const tw_node *n)
{
    if (n->kind == TW_NODE_STRING) push(m, &m->p->about.mails, n->text);
    if (n->kind == TW_NODE_OBJECT)
        push(m, &m->p->about.mails, tw_node_str(&m->doc, tw_node_id(&m->doc, n), TW_S("email"), TW_S("")));
}

void npm_about(const npm_manifest *m)
{
    static const char *const addresses[] = {"repository", "homepage", "bugs"};
    static const char *const lists[] = {"contributors", "maintainers"};
    tw_about *about = &m->p->about;
    about->name = m->p->name;
    about->summary = tw_node_str(&m->doc, 0, TW_S("description"), TW_S(""));
    for (size_t i = 0; i < TW_COUNT(addresses); i++) address(m, addresses[i]);
    const tw_node *author = tw_node_get(&m->doc, 0, TW_S("author"));
    if (author) person(m, author);
    for (size_t i = 0; i < TW_COUNT(lists); i++)
        TW_EACH_NODE (&m->doc, tw_node_list(&m->doc, 0, tw_str_c(lists[i])), k) person(m, &m->doc.nodes[k]);
    for (uint32_t i = 0; i < m->p->n_kept && !about->text.n; i++) {
        tw_str path = m->p->kept[i].path;
        if (npm_is_readme(path) && tw_str_starts(path, m->dir)) about->text = m->p->kept[i].data;
    }
}
