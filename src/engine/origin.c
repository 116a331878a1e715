/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled files beside their source, without it, in artifacts that should hold source only, under another name. */
#include "engine/origin.h"

typedef struct origins {
    tw_map stems; /* "pkg/_x" of every source that compiles -> 1 */
    uint32_t n;   /* such sources */
    bool builds;  /* something says how to build */
} origins;

/* Headers are no source: wheels carry them for others. */
static bool is_source(tw_str base)
{
    static const tw_str ends[] = {TW_SI(".c"),   TW_SI(".cc"),  TW_SI(".cpp"),  TW_SI(".cxx"), TW_SI(".pyx"),
                                  TW_SI(".rs"),  TW_SI(".go"),  TW_SI(".asm"),  TW_SI(".s"),   TW_SI(".S"),
                                  TW_SI(".zig"), TW_SI(".m"),   TW_SI(".mm"),   TW_SI(".cu"),  TW_SI(".f"),
                                  TW_SI(".f90"), TW_SI(".for"), TW_SI(".d"),    TW_SI(".cs"),  TW_SI(".pas"),
                                  TW_SI(".nim"), TW_SI(".wat"), TW_SI(".swift")};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(base, ends[i])) return true;
    return false;
}

static bool says_how(tw_str base)
{
    static const tw_str names[] = {TW_SI("binding.gyp"), TW_SI("CMakeLists.txt"), TW_SI("Cargo.toml"),
                                   TW_SI("meson.build"), TW_SI("Makefile"),       TW_SI("go.mod"),
                                   TW_SI("build.rs"),    TW_SI("build.zig"),      TW_SI("configure")};
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(base, names[i])) return true;
    return false;
}

/* "src/_x.cpython-311.so", "src/_x.c" -> "_x" */
static tw_str stem_of(tw_str path)
{
    tw_str base = tw_str_base(path);
    return tw_str_sub(base, 0, tw_str_chr(base, '.'));
}

static void collect(origins *o, const tw_reading *r)
{
    tw_map_init(&o->stems, r->job);
    for (uint32_t i = 0; i < r->members.n; i++) {
        const tw_member *m = &r->members.v[i];
        if (m->type != TW_MEMBER_FILE) continue;
        if (says_how(tw_str_base(m->path))) o->builds = true;
        if (!is_source(tw_str_base(m->path))) continue;
        o->n++;
        tw_map_put(&o->stems, stem_of(m->path), NULL);
    }
}

static const char *origin_of(const origins *o, tw_str path)
{
    if (tw_map_get(&o->stems, stem_of(path))) return "a source of its name is in the artifact";
    if (o->n && o->builds)
        return "origin unknown: other sources that compile are in the artifact, and how to build them";
    return o->n ? "origin unknown: other sources that compile are in the artifact"
                : "origin unknown: no source that compiles is in the artifact";
}

/* Names of what nobody runs or loads. */
static bool is_disguised(const tw_member *m)
{
    static const char *const names[] = {"png", "jpg",  "jpeg", "gif",  "bmp",   "ico", "svg", "webp", "txt",
                                        "md",  "rst",  "html", "htm",  "css",   "csv", "xml", "pdf",  "doc",
                                        "xls", "ttf",  "otf",  "woff", "woff2", "mp3", "wav", "ogg",  "mp4",
                                        "avi", "json", "yaml", "yml",  "toml",  "ini", "cfg", "log"};
    tw_str base = tw_str_base(m->path);
    size_t dot = tw_str_rchr(base, '.');
    tw_str ext = dot == TW_NPOS ? TW_S("") : tw_str_sub(base, dot + 1, base.n);
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_ieq(ext, tw_str_c(names[i]))) return true;
    return false;
}

static bool is_whole(const tw_record *rec)
{
    for (uint32_t i = 0; i < rec->n_findings; i++)
        if (rec->findings[i].id == TW_FIND_NATIVE_MALFORMED) return false;
    return rec->n_calls || rec->n_imports;
}

static void check(tw_reading *r, const tw_package *p, const origins *o, const tw_unit *u)
{
    const tw_member *m = &r->members.v[u->member];
    const char *name = tw_kind_name((tw_kind)m->kind);
    bool known = tw_map_get(&o->stems, stem_of(m->path)) || o->n;
    if (!known)
        tw_finding_add(r->findings, TW_FIND_NATIVE_NO_SOURCE, u->member, 0, "%s, %llu bytes", name,
                       (unsigned long long)m->size);
    if (p->subject && !strcmp(p->subject, "sdist") && m->kind != TW_KIND_WASM)
        tw_finding_add(r->findings, TW_FIND_NATIVE_IN_SDIST, u->member, 0, "%s, %llu bytes", name,
                       (unsigned long long)m->size);
    if (is_disguised(m) && is_whole(u->record))
        tw_finding_add(r->findings, TW_FIND_NATIVE_DISGUISED, u->member, 0, "%s", name);
}

void tw_origin_check(tw_reading *r, const tw_package *p)
{
    origins o = {.n = 0};
    bool any = false;
    for (uint32_t i = 0; i < r->units.n && !any; i++) any = r->units.v[i].record->lang == TW_LANG_NATIVE;
    if (!any) return;
    collect(&o, r);
    for (uint32_t i = 0; i < r->units.n; i++)
        if (r->units.v[i].parent == TW_NONE && r->units.v[i].record->lang == TW_LANG_NATIVE)
            check(r, p, &o, &r->units.v[i]);
    for (uint32_t i = 0; i < r->coverage->gaps.n; i++) {
        tw_gap *g = &r->coverage->gaps.v[i];
        if (g->reason == TW_GAP_NATIVE && g->member < r->members.n && !g->why)
            g->why = origin_of(&o, r->members.v[g->member].path);
    }
}
