/* SPDX-License-Identifier: Apache-2.0 */
#include "ecosystems/pypi/svc_pypi.h"
#include "base/utf8.h"

enum { MAX_FILES = 200000 };

static bool same_project(tw_arena *a, tw_str name, tw_str project)
{
    tw_str normal;
    return tw_pypi_normalise(a, name, &normal) && tw_str_eq(normal, project);
}

/* NAME-VERSION with a '-' possible in both: the split whose left side is the project. */
static bool split_stem(tw_arena *a, tw_str stem, tw_str project, tw_str *ret_version)
{
    for (size_t i = 1; i < stem.n; i++) {
        if (stem.p[i] != '-' || !same_project(a, tw_str_sub(stem, 0, i), project)) continue;
        *ret_version = tw_str_sub(stem, i + 1, stem.n);
        return true;
    }
    return false;
}

tw_dist_kind tw_dist_name(tw_arena *a, tw_str name, tw_str project, tw_str *ret_version)
{
    static const struct {
        tw_str suffix;
        tw_dist_kind kind;
    } kinds[] = {
        {TW_SI(".whl"), TW_DIST_WHEEL},     {TW_SI(".tar.gz"), TW_DIST_SDIST}, {TW_SI(".zip"), TW_DIST_SDIST},
        {TW_SI(".tar.bz2"), TW_DIST_SDIST}, {TW_SI(".tar.xz"), TW_DIST_SDIST}, {TW_SI(".tgz"), TW_DIST_SDIST},
        {TW_SI(".egg"), TW_DIST_EGG},
    };
    for (size_t i = 0; i < TW_COUNT(kinds); i++) {
        if (!tw_str_ends(name, kinds[i].suffix)) continue;
        tw_str stem = tw_str_sub(name, 0, name.n - kinds[i].suffix.n), head;
        if (kinds[i].kind == TW_DIST_SDIST)
            return split_stem(a, stem, project, ret_version) ? TW_DIST_SDIST : TW_DIST_OTHER;
        if (!tw_str_split(&stem, '-', &head) || !same_project(a, head, project)) return TW_DIST_OTHER;
        return tw_str_split(&stem, '-', ret_version) ? kinds[i].kind : TW_DIST_OTHER;
    }
    return TW_DIST_OTHER;
}

/* Fills what follows from the name; files that are not of this project are counted and left out. */
static void add_file(tw_arena *a, tw_simple_page *page, tw_simple_file f, tw_str project)
{
    f.kind = (uint8_t)tw_dist_name(a, f.file_name, project, &f.version_text);
    f.version_text = tw_str_trim(f.version_text);
    bool is_new = true;
    if (!page->names.arena) tw_map_init(&page->names, a);
    if (f.kind != TW_DIST_OTHER) tw_map_put(&page->names, f.file_name, &is_new);
    if (f.kind == TW_DIST_OTHER || !is_new || !f.url.n || page->files.n >= MAX_FILES ||
        !tw_pep440_parse(f.version_text, &f.version))
        page->n_left_out++;
    else
        TW_PUSH(a, page->files, f);
}

static tw_hash best_hash(const tw_doc *doc, const tw_node *hashes)
{
    tw_hash h = {0};
    for (int i = 0; hashes && tw_hash_algorithms[i] && !h.algorithm; i++) {
        tw_str none = {NULL, 0}, key = tw_str_c(tw_hash_algorithms[i]);
        tw_hash_from_hex(tw_hash_algorithms[i], tw_node_str(doc, tw_node_id(doc, hashes), key, none), &h);
    }
    return h;
}

tw_err tw_simple_read_json(tw_arena *a, tw_str text, tw_str base, tw_str project, tw_simple_page *ret,
                           tw_diag *d)
{
    tw_doc doc;
    tw_simple_page page = {0};
    const tw_str none = {NULL, 0};
    TW_TRY(tw_answer_json(a, text, &doc, d));
    const tw_node *meta = tw_node_get(&doc, 0, TW_S("meta")), *files = tw_node_get(&doc, 0, TW_S("files"));
    tw_str version = meta ? tw_node_str(&doc, tw_node_id(&doc, meta), TW_S("api-version"), none) : none;
    if (!tw_str_eq(tw_str_sub(version, 0, tw_str_chr(version, '.')), TW_S("1")) || !files ||
        files->kind != TW_NODE_ARRAY)
        return tw_fail(d, TW_ERR_UNSUPPORTED,
                       "the index speaks version '%.*s' of the simple API; we know 1.x",
                       (int)(version.n < 20 ? version.n : 20), version.p);
    uint32_t end = files->next;
    for (uint32_t i = tw_node_id(&doc, files) + 1; i != end; i = doc.nodes[i].next) {
        const tw_node *yanked = tw_node_get(&doc, i, TW_S("yanked"));
        tw_simple_file f = {.file_name = tw_node_str(&doc, i, TW_S("filename"), none)};
        f.url = tw_url_resolve(a, base, tw_node_str(&doc, i, TW_S("url"), none));
        f.hash = best_hash(&doc, tw_node_get(&doc, i, TW_S("hashes")));
        f.yanked = yanked && (yanked->kind == TW_NODE_STRING || yanked->truth);
        tw_node_u64(tw_node_get(&doc, i, TW_S("size")), &f.size);
        f.uploaded = tw_node_str(&doc, i, TW_S("upload-time"), none);
        add_file(a, &page, f, project);
    }
    *ret = page;
    return TW_OK;
}

/* --- PEP 503: a page of anchors. Tolerant: what is no anchor is passed over. */

static size_t skip_blank(tw_str s, size_t i)
{
    while (i < s.n && (uint8_t)s.p[i] <= ' ') i++;
    return i;
}

static tw_str entities(tw_arena *a, tw_str s)
{
    static const struct {
        tw_str name;
        char c;
    } known[] = {{TW_SI("amp"), '&'},
                 {TW_SI("lt"), '<'},
                 {TW_SI("gt"), '>'},
                 {TW_SI("quot"), '"'},
                 {TW_SI("apos"), '\''}};
    if (tw_str_chr(s, '&') == TW_NPOS) return s;
    tw_buf b = {0};
    for (size_t i = 0; i < s.n; i++) {
        tw_str rest = tw_str_sub(s, i + 1, i + 12), name = tw_str_sub(rest, 0, tw_str_chr(rest, ';'));
        bool done = false;
        uint64_t cp = 0;
        if (s.p[i] == '&' && name.n < rest.n) {
            for (size_t k = 0; k < TW_COUNT(known) && !done; k++)
                if ((done = tw_str_eq(name, known[k].name))) tw_buf_putc(&b, known[k].c);
            if (!done && name.n > 1 && name.p[0] == '#' && tw_str_u64(tw_str_sub(name, 1, name.n), &cp) &&
                cp < 0x110000)
                done = true, tw_utf8_put(&b, (uint32_t)cp);
        }
        if (done)
            i += name.n + 1;
        else
            tw_buf_putc(&b, s.p[i]);
    }
    tw_str out = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return out;
}

/* The next attribute of a tag at *i; false at its end, *i behind it. */
static bool attribute(tw_str s, size_t *i, tw_str *ret_name, tw_str *ret_value)
{
    size_t at = skip_blank(s, *i), from;
    *ret_value = (tw_str){NULL, 0};
    while (at < s.n && s.p[at] == '/') at++;
    for (from = at; at < s.n && (uint8_t)s.p[at] > ' ' && s.p[at] != '=' && s.p[at] != '>';) at++;
    *ret_name = tw_str_sub(s, from, at);
    size_t eq = skip_blank(s, at);
    if (eq < s.n && s.p[eq] == '=') {
        at = skip_blank(s, eq + 1);
        char q = at < s.n ? s.p[at] : 0;
        if (q == '"' || q == '\'') {
            for (from = ++at; at < s.n && s.p[at] != q;) at++;
            *ret_value = tw_str_sub(s, from, at++);
        } else {
            for (from = at; at < s.n && (uint8_t)s.p[at] > ' ' && s.p[at] != '>';) at++;
            *ret_value = tw_str_sub(s, from, at);
        }
    } else if (!ret_name->n) {
        *i = at + (at < s.n);
        return false;
    }
    *i = at < s.n ? at : s.n;
    return true;
}

static tw_hash fragment_hash(tw_str url)
{
    tw_hash h = {0};
    tw_str fragment = tw_str_chr(url, '#') == TW_NPOS ? (tw_str){NULL, 0}
                                                      : tw_str_sub(url, tw_str_chr(url, '#') + 1, url.n);
    for (tw_str one; !h.algorithm && tw_str_split(&fragment, '&', &one);)
        for (int i = 0; tw_hash_algorithms[i] && !h.algorithm; i++) {
            size_t n = strlen(tw_hash_algorithms[i]);
            if (one.n > n && one.p[n] == '=' && tw_str_starts(one, tw_str_c(tw_hash_algorithms[i])))
                tw_hash_from_hex(tw_hash_algorithms[i], tw_str_sub(one, n + 1, one.n), &h);
        }
    return h;
}

/* Where s.p[i] opens a tag `name` ("<a "), the place behind the name; else 0. */
static size_t tag(tw_str s, size_t i, tw_str name)
{
    size_t end = i + 1 + name.n;
    return tw_str_ieq(tw_str_sub(s, i + 1, end), name) && end < s.n && (uint8_t)s.p[end] <= ' ' ? end : 0;
}

tw_err tw_simple_read_html(tw_arena *a, tw_str text, tw_str base, tw_str project, tw_simple_page *ret,
                           tw_diag *d)
{
    tw_simple_page page = {0};
    (void)d;
    for (size_t i = 0; i < text.n;) {
        size_t open = tw_str_chr(tw_str_sub(text, i, text.n), '<');
        if (open == TW_NPOS) break;
        i += open;
        if (tw_str_starts(tw_str_sub(text, i, i + 4), TW_S("<!--"))) {
            size_t close = tw_str_find(tw_str_sub(text, i, text.n), TW_S("-->"));
            i = close == TW_NPOS ? text.n : i + close + 3;
            continue;
        }
        size_t anchor = tag(text, i, TW_S("a")), other = tag(text, i, TW_S("base"));
        tw_str name, value, href = {NULL, 0};
        tw_simple_file f = {0};
        if (!anchor && !other) {
            i++;
            continue;
        }
        for (i = anchor ? anchor : other; attribute(text, &i, &name, &value);) {
            if (tw_str_ieq(name, TW_S("href")))
                href = entities(a, tw_str_trim(value));
            else if (tw_str_ieq(name, TW_S("data-yanked")))
                f.yanked = true;
        }
        tw_str url = href.n ? tw_url_resolve(a, base, href) : href;
        if (other && url.n) base = url;
        if (!anchor) continue;
        f.url = url;
        f.hash = fragment_hash(url);
        f.file_name = tw_url_file_name(a, url);
        add_file(a, &page, f, project);
    }
    *ret = page;
    return TW_OK;
}
