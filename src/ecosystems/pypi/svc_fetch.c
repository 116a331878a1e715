/* SPDX-License-Identifier: Apache-2.0 */
#include "ecosystems/pypi/svc_pypi.h"

enum { MAX_SAVED = 500 };

static tw_err normalise(tw_arena *a, tw_str name, tw_str *ret, tw_diag *d)
{
    if (tw_pypi_normalise(a, name, ret)) return TW_OK;
    return tw_fail(d, TW_ERR_USAGE, "'%.*s' is no name of a Python package", (int)(name.n < 80 ? name.n : 80),
                   name.p);
}

static tw_err read_page(tw_net *n, const tw_spec *spec, tw_simple_page *ret)
{
    static const char accept[] =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
        "text/html;q=0.1";
    tw_str index, text;
    tw_reply reply;
    TW_TRY(tw_pypi_index(n, &index));
    while (tw_str_ends(index, TW_S("/"))) index = tw_str_sub(index, 0, index.n - 1);
    tw_str url = tw_arena_fmt(n->arena, "%.*s/%.*s/", TW_FMT(index), TW_FMT(spec->name));
    tw_err e = tw_http_text(n, url, accept, &text, &reply);
    if (e == TW_ERR_NOTFOUND)
        return tw_fail(&n->diag, e,
                       "the index has no project '%.*s' (404); check the name, or give --index URL",
                       TW_FMT(spec->name));
    if (e != TW_OK) return e;
    if (tw_str_ends(reply.type, TW_S("json")))
        return tw_simple_read_json(n->arena, text, reply.url, spec->name, ret, &n->diag);
    if (tw_str_ends(reply.type, TW_S("html")))
        return tw_simple_read_html(n->arena, text, reply.url, spec->name, ret, &n->diag);
    return tw_fail(&n->diag, TW_ERR_UNSUPPORTED,
                   "the index answers with '%.*s', neither JSON nor HTML; is its address right?",
                   (int)(reply.type.n < 60 ? reply.type.n : 60), reply.type.p);
}

/* What pip would take with nothing asked: releases before pre-releases before yanked ones. */
static int newness(const tw_simple_file *f)
{
    return f->yanked ? 0 : tw_pep440_is_pre(&f->version) ? 1 : 2;
}

static const tw_simple_file *newest(const tw_simple_page *page)
{
    const tw_simple_file *best = NULL;
    for (uint32_t i = 0; i < page->files.n; i++) {
        const tw_simple_file *f = &page->files.v[i];
        int more = best ? newness(f) - newness(best) : 1;
        if (more > 0 || (!more && tw_pep440_cmp(&f->version, &best->version) > 0)) best = f;
    }
    return best;
}

/* How likely pip takes this wheel here: any platform first, then Linux of this machine. */
static int wheel_rank(tw_str name)
{
#if defined(__aarch64__)
    const tw_str machine = TW_S("aarch64");
#else
    const tw_str machine = TW_S("x86_64");
#endif
    if (tw_str_ends(name, TW_S("-none-any.whl"))) return tw_str_find(name, TW_S("py3")) != TW_NPOS ? 9 : 4;
    int rank = tw_str_find(name, machine) != TW_NPOS ? 3 : 0;
    if (tw_str_find(name, TW_S("manylinux")) != TW_NPOS)
        rank += 2;
    else if (tw_str_find(name, TW_S("linux")) != TW_NPOS)
        rank++;
    return rank;
}

/* Length before bytes, so that cp39 comes before cp311. */
static bool better_wheel(tw_str a, tw_str b)
{
    int ra = wheel_rank(a), rb = wheel_rank(b);
    if (ra != rb) return ra > rb;
    return a.n != b.n ? a.n > b.n : tw_str_cmp(a, b) > 0;
}

static const tw_simple_file *best_of(const tw_simple_page *page, const tw_pep440 *v, tw_dist_kind kind)
{
    const tw_simple_file *best = NULL;
    for (uint32_t i = 0; i < page->files.n; i++) {
        const tw_simple_file *f = &page->files.v[i];
        if (f->kind != kind || tw_pep440_cmp(&f->version, v) != 0) continue;
        bool wins = !best || (kind == TW_DIST_WHEEL ? better_wheel(f->file_name, best->file_name)
                                                    : tw_str_cmp(f->file_name, best->file_name) < 0);
        if (wins) best = f;
    }
    return best;
}

static tw_err choose(tw_net *n, const tw_spec *spec, const tw_simple_page *page, tw_pep440 *ret,
                     tw_str *ret_text)
{
    const tw_simple_file *best = newest(page);
    if (!best)
        return tw_fail(&n->diag, TW_ERR_NOTFOUND,
                       "the index lists no wheel or sdist of '%.*s' (%u other files)", TW_FMT(spec->name),
                       page->n_left_out);
    *ret = best->version;
    *ret_text = best->version_text;
    if (!spec->version.n) return TW_OK;
    if (!tw_pep440_parse(spec->version, ret))
        return tw_fail(&n->diag, TW_ERR_USAGE, "'%.*s' is no version of a Python package",
                       TW_FMT(spec->version));
    for (uint32_t i = 0; i < page->files.n; i++)
        if (tw_pep440_cmp(&page->files.v[i].version, ret) == 0) {
            *ret_text = page->files.v[i].version_text;
            return TW_OK;
        }
    return tw_fail(&n->diag, TW_ERR_NOTFOUND, "the index has no '%.*s' %.*s; its newest is %.*s",
                   TW_FMT(spec->name), TW_FMT(spec->version), TW_FMT(best->version_text));
}

/* The newest of those that are older than `than` and no less of a release. */
static const tw_simple_file *before(const tw_simple_page *page, const tw_pep440 *than)
{
    const tw_simple_file *best = NULL;
    for (uint32_t i = 0; i < page->files.n; i++) {
        const tw_simple_file *f = &page->files.v[i];
        if (f->yanked || (tw_pep440_is_pre(&f->version) && !tw_pep440_is_pre(than))) continue;
        if (f->kind != TW_DIST_WHEEL && f->kind != TW_DIST_SDIST) continue;
        if (tw_pep440_cmp(&f->version, than) >= 0) continue;
        if (!best || tw_pep440_cmp(&f->version, &best->version) > 0) best = f;
    }
    return best;
}

static bool wanted(const tw_net *n, const tw_simple_file *f, const tw_simple_file *wheel,
                   const tw_simple_file *sdist)
{
    if (tw_str_eq(n->files, TW_S("first"))) return f == wheel || f == sdist;
    if (tw_str_eq(n->files, TW_S("one"))) return f == (wheel ? wheel : sdist);
    if (tw_str_eq(n->files, TW_S("wheel"))) return f->kind == TW_DIST_WHEEL && (!n->before || f == wheel);
    if (tw_str_eq(n->files, TW_S("sdist"))) return f->kind == TW_DIST_SDIST && (!n->before || f == sdist);
    return true;
}

/* Releases are counted as the page names them; the first is the file that came first, where all say when they came. */
static void tell_history(tw_net *n, const tw_simple_page *page, const tw_pep440 *version)
{
    tw_history_line *h = &n->history;
    const tw_simple_file *latest = NULL;
    tw_map seen;
    tw_map_init(&seen, n->arena);
    *h = (tw_history_line){.source = "simple index page"};
    bool dated = page->files.n > 0 && !page->n_left_out;
    for (uint32_t i = 0; i < page->files.n; i++) {
        const tw_simple_file *f = &page->files.v[i];
        tw_map_put(&seen, f->version_text, NULL);
        dated &= f->uploaded.n >= 10;
        if (!h->first_seen.n || tw_str_cmp(f->uploaded, h->first_seen) < 0) h->first_seen = f->uploaded;
        if (tw_pep440_cmp(&f->version, version) == 0) continue;
        if (!latest || tw_pep440_cmp(&f->version, &latest->version) > 0) latest = f;
    }
    if (!dated) h->first_seen = (tw_str){NULL, 0};
    h->releases = seen.n;
    if (latest) h->latest = latest->version_text;
}

static tw_err save_release(tw_net *n, const tw_spec *spec, const tw_simple_page *page,
                           const tw_pep440 *version, tw_str text)
{
    uint32_t saved = 0;
    tw_str purl = tw_spec_purl(n->arena, spec, text);
    tell_history(n, page, version);
    const tw_simple_file *wheel = best_of(page, version, TW_DIST_WHEEL),
                         *sdist = best_of(page, version, TW_DIST_SDIST);
    for (uint32_t i = 0; i < page->files.n && saved < MAX_SAVED; i++) {
        const tw_simple_file *f = &page->files.v[i];
        if (tw_pep440_cmp(&f->version, version) != 0 || !wanted(n, f, wheel, sdist)) continue;
        if (f->yanked) tw_note("%.*s was yanked by its project", TW_FMT(f->file_name));
        tw_artifact_file one = {
            .file_name = f->file_name, .url = f->url, .purl = purl, .hash = f->hash, .size = f->size};
        TW_TRY(tw_save(n, spec, &one));
        saved++;
    }
    if (saved == MAX_SAVED) tw_note("stopped after %d files of this release", MAX_SAVED);
    if (saved) return TW_OK;
    return tw_fail(&n->diag, TW_ERR_NOTFOUND,
                   "%.*s %.*s has no file that --files %.*s takes; try --files all", TW_FMT(spec->name),
                   TW_FMT(text), TW_FMT(n->files));
}

static tw_err fetch(tw_net *n, const tw_spec *spec)
{
    tw_simple_page page;
    tw_pep440 version;
    tw_str text;
    if (spec->version.n && !tw_pep440_parse(spec->version, &version))
        return tw_fail(&n->diag, TW_ERR_USAGE, "'%.*s' is no version of a Python package",
                       TW_FMT(spec->version));
    TW_TRY(read_page(n, spec, &page));
    TW_TRY(choose(n, spec, &page, &version, &text));
    if (n->before) {
        const tw_simple_file *old = before(&page, &version);
        if (!old)
            return tw_fail(&n->diag, TW_ERR_NOTFOUND, "the index has no release of '%.*s' before %.*s",
                           TW_FMT(spec->name), TW_FMT(text));
        TW_TRY(save_release(n, spec, &page, &old->version, old->version_text));
    }
    return save_release(n, spec, &page, &version, text);
}

const tw_source tw_source_pypi = {"pypi", TW_SI("=="), normalise, fetch};
