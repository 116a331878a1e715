/* SPDX-License-Identifier: Apache-2.0 */
/* What a distribution says of itself: the headers and the text of METADATA or PKG-INFO, and where its copies of name,
 * version and dependencies disagree. */
#include "base/toml.h"
#include "ecosystems/pypi/pypi.h"
#include "ecosystems/pypi/version.h"

typedef struct header {
    tw_str name, value;
} header;

/* The next header; lines that go on with white space belong to it. False where the text begins or ends. */
static bool next_header(tw_arena *a, tw_str *rest, header *ret)
{
    tw_str line;
    if (!rest->p || !tw_str_split(rest, '\n', &line)) return false;
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    size_t colon = tw_str_chr(line, ':');
    if (!line.n) return false;
    ret->name = tw_str_sub(line, 0, colon);
    ret->value = colon == TW_NPOS ? TW_S("") : tw_str_trim(tw_str_sub(line, colon + 1, line.n));
    const char *start = ret->value.p;
    while (rest->p && rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
        tw_str_split(rest, '\n', &line);
        if (ret->value.n) ret->value = (tw_str){start, (size_t)(line.p + line.n - start)};
    }
    (void)a;
    return true;
}

static void push(tw_package *p, tw_texts *list, tw_str s)
{
    if (s.n && list->n < TW_ABOUT_MAX) TW_PUSH(p->arena, *list, s);
}

static void read_headers(tw_package *p, tw_str text)
{
    tw_about *about = &p->about;
    header h;
    while (next_header(p->arena, &text, &h)) {
        if (tw_str_ieq(h.name, TW_S("Name"))) about->name = h.value;
        if (tw_str_ieq(h.name, TW_S("Summary"))) about->summary = h.value;
        if (tw_str_ieq(h.name, TW_S("Description"))) about->text = h.value;
        if (tw_str_ieq(h.name, TW_S("Home-page")) || tw_str_ieq(h.name, TW_S("Download-URL")))
            push(p, &about->urls, h.value);
        if (tw_str_ieq(h.name, TW_S("Project-URL"))) {
            size_t comma = tw_str_chr(h.value, ',');
            push(p, &about->urls,
                 comma == TW_NPOS ? h.value : tw_str_trim(tw_str_sub(h.value, comma + 1, h.value.n)));
        }
        if (tw_str_ieq(h.name, TW_S("Author-email")) || tw_str_ieq(h.name, TW_S("Maintainer-email")))
            push(p, &about->mails, h.value);
    }
    if (text.p && text.n > about->text.n) about->text = text;
}

/* Top-level modules and packages but those that every source tree has. */
static void read_modules(tw_package *p)
{
    static const char *const common[] = {"setup", "conftest", "tests", "test",
                                         "docs",  "examples", "src",   "build"};
    for (uint32_t i = 0; i < p->n_members && p->about.modules.n < TW_ABOUT_MAX; i++) {
        tw_str m = p->module[i];
        bool skip = !m.n || tw_str_chr(m, '.') != TW_NPOS;
        for (size_t k = 0; k < TW_COUNT(common) && !skip; k++) skip = tw_str_eq(m, tw_str_c(common[k]));
        if (!skip) TW_PUSH(p->arena, p->about.modules, m);
    }
}

static bool same_version(tw_str a, tw_str b)
{
    tw_pep440 x, y;
    if (!tw_pep440_parse(a, &x) || !tw_pep440_parse(b, &y)) return tw_str_eq(a, b);
    return tw_pep440_cmp(&x, &y) == 0;
}

static void compare(tw_package *p, uint32_t member, const char *what, tw_str other, bool is_name)
{
    tw_str own = is_name ? p->name : p->version;
    if (!other.n || !own.n || tw_str_eq(own, other)) return;
    if (is_name ? tw_str_eq(own, tw_name_normal(p->arena, other)) : same_version(own, other)) return;
    tw_finding_add(p->findings, TW_FIND_COPIES_DISAGREE, member, UINT64_MAX,
                   "%s says %.*s, the metadata %.*s", what, TW_FMT(other), TW_FMT(own));
}

/* Names that an egg-info asks for without condition and PKG-INFO does not, where that names any at all. */
static void compare_needs(tw_package *p, const tw_kept *requires_txt)
{
    tw_str rest = requires_txt->data, line;
    if (!p->needs.n) return;
    while (rest.p && tw_str_split(&rest, '\n', &line)) {
        line = tw_str_trim(line);
        if (line.n && line.p[0] == '[') return;
        size_t n = 0;
        while (n < line.n && line.p[n] && !strchr(" \t[(<>=!~;@,", line.p[n])) n++;
        tw_str name = tw_name_normal(p->arena, tw_str_sub(line, 0, n));
        bool known = !n;
        for (uint32_t i = 0; i < p->needs.n && !known; i++) known = tw_str_eq(p->needs.v[i].name, name);
        if (known) continue;
        tw_finding_add(p->findings, TW_FIND_COPIES_DISAGREE, requires_txt->member, UINT64_MAX,
                       "requires.txt asks for %.*s, the metadata does not", TW_FMT(name));
        return;
    }
}

static void compare_copies(tw_package *p, const tw_kept *meta)
{
    tw_toml_item item;
    for (uint32_t i = 0; i < p->n_kept; i++) {
        const tw_kept *k = &p->kept[i];
        if (k == meta || !tw_str_starts(k->path, p->root_dir)) continue;
        tw_str inner = tw_str_sub(k->path, p->root_dir.n, k->path.n);
        if (tw_str_ends(k->path, TW_S(".egg-info/PKG-INFO")) && tw_str_ends(meta->path, TW_S("/PKG-INFO"))) {
            compare(p, k->member, "PKG-INFO of the egg-info", tw_header(k->data, TW_S("Name")), true);
            compare(p, k->member, "PKG-INFO of the egg-info", tw_header(k->data, TW_S("Version")), false);
        }
        if (tw_str_ends(k->path, TW_S(".egg-info/requires.txt"))) compare_needs(p, k);
        if (!tw_str_eq(inner, TW_S("pyproject.toml"))) continue;
        for (tw_toml t = tw_toml_reader(p->arena, k->data); tw_toml_next(&t, &item);) {
            if (!item.is_string) continue;
            if (tw_str_eq(item.path, TW_S("project.name")))
                compare(p, k->member, "pyproject.toml", tw_arena_str(p->arena, item.text), true);
            if (tw_str_eq(item.path, TW_S("project.version")))
                compare(p, k->member, "pyproject.toml", tw_arena_str(p->arena, item.text), false);
        }
    }
}

void tw_pypi_about(tw_package *p, const tw_kept *meta, tw_str file_version)
{
    p->about.member = meta ? meta->member : TW_NO_MEMBER;
    read_modules(p);
    if (!meta) return;
    read_headers(p, meta->data);
    compare(p, meta->member, "the file name", file_version, false);
    compare_copies(p, meta);
}
