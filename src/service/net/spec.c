/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

static const tw_source *source_of(tw_str name)
{
    for (size_t i = 0; i < tw_n_sources; i++)
        if (tw_str_eq(name, tw_str_c(tw_sources[i]->name))) return tw_sources[i];
    return NULL;
}

static tw_err unusable(tw_diag *d, tw_str text)
{
    return tw_fail(d, TW_ERR_USAGE,
                   "'%.*s' is no package name we know; write pypi:NAME==VERSION, npm:@SCOPE/NAME@VERSION or "
                   "pkg:TYPE/NAME@VERSION",
                   (int)(text.n < 80 ? text.n : 80), text.p);
}

/* Versions go into comparisons and file names, never raw into an address; still, keep them plain. */
static bool version_ok(tw_str v)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_!";
    for (size_t i = 0; i < v.n; i++)
        if (!v.p[i] || !strchr(plain, v.p[i])) return false;
    return v.n && v.n < 200;
}

/* The last separator that is not the first character: a scope begins with '@'. */
static size_t separator_at(tw_str s, tw_str sep)
{
    for (size_t i = s.n; i-- > 1;)
        if (tw_str_starts(tw_str_sub(s, i, s.n), sep)) return i;
    return TW_NPOS;
}

static tw_err finish(tw_arena *a, tw_spec *s, tw_str name, const tw_str *version, tw_spec *ret, tw_diag *d)
{
    if (version && !version_ok(*version))
        return tw_fail(d, TW_ERR_USAGE, "'%.*s' names no exact version; ranges are not resolved here",
                       (int)(s->text.n < 80 ? s->text.n : 80), s->text.p);
    TW_TRY(s->source->normalise(a, name, &s->name, d));
    if (version) s->version = *version;
    *ret = *s;
    return TW_OK;
}

/* pkg:TYPE/[NAMESPACE/]NAME[@VERSION][?QUALIFIERS][#SUBPATH] */
static tw_err parse_purl(tw_arena *a, tw_spec *s, tw_spec *ret, tw_diag *d)
{
    tw_str rest = tw_str_sub(s->text, 4, s->text.n), type;
    rest = tw_str_sub(rest, 0, tw_str_chr(rest, '#'));
    rest = tw_str_sub(rest, 0, tw_str_chr(rest, '?'));
    while (tw_str_starts(rest, TW_S("/"))) rest = tw_str_sub(rest, 1, rest.n);
    if (!tw_str_split(&rest, '/', &type) || !rest.n) return unusable(d, s->text);
    s->source = source_of(type);
    if (!s->source) return unusable(d, s->text);
    size_t at = separator_at(rest, TW_S("@"));
    tw_str name = tw_url_decode(a, tw_str_sub(rest, 0, at)), version = {NULL, 0};
    if (at != TW_NPOS) version = tw_url_decode(a, tw_str_sub(rest, at + 1, rest.n));
    return finish(a, s, name, at == TW_NPOS ? NULL : &version, ret, d);
}

tw_err tw_spec_parse(tw_arena *a, tw_str text, tw_spec *ret, tw_diag *d)
{
    tw_spec s = {.text = text};
    tw_str rest = text, head;
    if (tw_str_starts(text, TW_S("pkg:"))) return parse_purl(a, &s, ret, d);
    if (!tw_str_split(&rest, ':', &head) || !rest.n) return unusable(d, text);
    s.source = source_of(head);
    if (!s.source) return unusable(d, text);
    size_t at = separator_at(rest, s.source->separator);
    if (at == TW_NPOS) return finish(a, &s, rest, NULL, ret, d);
    tw_str version = tw_str_sub(rest, at + s.source->separator.n, rest.n);
    return finish(a, &s, tw_str_sub(rest, 0, at), &version, ret, d);
}

tw_str tw_spec_purl(tw_arena *a, const tw_spec *s, tw_str version)
{
    tw_str name = tw_url_encode(a, s->name, TW_S(".-_~/")), v = tw_url_encode(a, version, TW_S(".-_~"));
    return tw_arena_fmt(a, "pkg:%s/%.*s@%.*s", s->source->name, TW_FMT(name), TW_FMT(v));
}
