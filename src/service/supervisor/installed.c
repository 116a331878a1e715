/* SPDX-License-Identifier: Apache-2.0 */
/* site-packages: each installed distribution is an artifact made of the files that it claims (RECORD,
 * installed-files.txt, else its top-level names), and what no distribution claims is one more. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/os.h"
#include "service/supervisor/items.h"

enum { LIST_MAX = 64 << 20 };

typedef struct site {
    tw_items *items;
    const char *path;
    tw_map claimed; /* relative path -> 1 */
} site;

static bool is_metadata(const tw_entry *e)
{
    return tw_str_ends(e->name, TW_S(".dist-info")) || tw_str_ends(e->name, TW_S(".egg-info"));
}

bool tw_is_site_packages(tw_str path, const tw_entry *e, uint32_t n)
{
    static const tw_str sources[] = {TW_SI("setup.py"), TW_SI("pyproject.toml"), TW_SI("setup.cfg"),
                                     TW_SI("PKG-INFO")};
    tw_str base = tw_path_base(path);
    if (tw_str_eq(base, TW_S("site-packages")) || tw_str_eq(base, TW_S("dist-packages"))) return true;
    bool metadata = false;
    for (uint32_t i = 0; i < n; i++) {
        metadata |= is_metadata(&e[i]);
        for (size_t k = 0; k < TW_COUNT(sources); k++)
            if (tw_str_eq(e[i].name, sources[k])) return false; /* a source tree */
    }
    return metadata;
}

/* Below the folder, no way out of it. Launchers that installers write elsewhere (../../bin) are not
 * part of what was uploaded. */
static bool is_inside(tw_str path)
{
    if (!path.n || path.p[0] == '/' || memchr(path.p, 0, path.n)) return false;
    for (tw_str rest = path, part; tw_str_split(&rest, '/', &part);)
        if (!part.n || tw_str_eq(part, TW_S("..")) || tw_str_eq(part, TW_S("."))) return false;
    return true;
}

static void claim(site *s, tw_paths *files, tw_str path)
{
    tw_arena *a = s->items->arena;
    struct stat st;
    if (!is_inside(path) || lstat(tw_path_join(a, s->path, path), &st) != 0 || S_ISDIR(st.st_mode)) return;
    TW_PUSH(a, *files, path);
    *tw_map_put(&s->claimed, path, NULL) = 1;
}

static void claim_tree(site *s, tw_paths *files, tw_str top)
{
    tw_paths found = {0};
    if (!is_inside(top)) return;
    tw_walk(s->items->arena, s->path, top, &found);
    for (uint32_t i = 0; i < found.n; i++) claim(s, files, found.v[i]);
}

/* First field of a line of RECORD: plain or quoted with doubled quotes. */
static tw_str csv_field(tw_arena *a, tw_str line)
{
    if (!line.n || line.p[0] != '"') return tw_str_sub(line, 0, tw_str_chr(line, ','));
    char *to = tw_arena_alloc(a, line.n);
    size_t n = 0;
    for (size_t i = 1; i < line.n; i++) {
        if (line.p[i] == '"' && (i + 1 >= line.n || line.p[++i] != '"')) break;
        to[n++] = line.p[i];
    }
    return (tw_str){to, n};
}

static bool read_list(const site *s, tw_str dir, const char *name, tw_str *ret)
{
    tw_arena *a = s->items->arena;
    return tw_read_file(a, tw_path_join(a, s->path, tw_arena_fmt(a, "%.*s/%s", TW_FMT(dir), name)), LIST_MAX,
                        ret, NULL) == TW_OK;
}

static bool claim_record(site *s, tw_str dir, tw_paths *files)
{
    tw_str text;
    if (!read_list(s, dir, "RECORD", &text)) return false;
    for (tw_str line; tw_str_split(&text, '\n', &line);)
        claim(s, files, csv_field(s->items->arena, tw_str_trim(line)));
    return true;
}

/* Written by old pip for setup.py installs; relative to the .egg-info folder. */
static bool claim_installed_files(site *s, tw_str dir, tw_paths *files)
{
    tw_str text;
    if (!read_list(s, dir, "installed-files.txt", &text)) return false;
    for (tw_str line; tw_str_split(&text, '\n', &line);) {
        line = tw_str_trim(line);
        if (tw_str_starts(line, TW_S("../"))) claim(s, files, tw_str_sub(line, 3, line.n));
    }
    return true;
}

static void claim_name(site *s, tw_paths *files, tw_str name)
{
    claim_tree(s, files, name);
    claim(s, files, tw_arena_fmt(s->items->arena, "%.*s.py", TW_FMT(name)));
}

static void claim_top_level(site *s, tw_str dir, tw_paths *files)
{
    tw_str text;
    if (read_list(s, dir, "top_level.txt", &text)) {
        for (tw_str line; tw_str_split(&text, '\n', &line);)
            if (tw_str_trim(line).n) claim_name(s, files, tw_str_trim(line));
        return;
    }
    tw_str name = tw_str_sub(dir, 0, tw_str_chr(dir, '-'));
    char *low = tw_arena_alloc(s->items->arena, name.n);
    for (size_t i = 0; i < name.n; i++)
        low[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] | 0x20) : name.p[i];
    claim_name(s, files, name);
    claim_name(s, files, (tw_str){low, name.n});
}

static int by_bytes(const void *x, const void *y)
{
    return tw_str_cmp(*(const tw_str *)x, *(const tw_str *)y);
}

static void add_files(site *s, tw_str shown, tw_str file_name, tw_paths files)
{
    if (!files.n) return;
    qsort(files.v, files.n, sizeof *files.v, by_bytes);
    uint32_t n = 1;
    for (uint32_t i = 1; i < files.n; i++)
        if (!tw_str_eq(files.v[i], files.v[n - 1])) files.v[n++] = files.v[i];
    TW_PUSH(s->items->arena, s->items->list,
            ((tw_item){.kind = TW_ITEM_FILES,
                       .artifact = shown,
                       .file_name = file_name,
                       .path = s->path,
                       .files = files.v,
                       .n_files = n}));
}

static void add_distribution(site *s, const tw_entry *e)
{
    tw_paths files = {0};
    claim_tree(s, &files, e->name);
    if (!claim_record(s, e->name, &files) && !claim_installed_files(s, e->name, &files))
        claim_top_level(s, e->name, &files);
    add_files(s, tw_str_c(tw_path_join(s->items->arena, s->path, e->name)), e->name, files);
}

static bool is_cache(tw_str path)
{
    return tw_str_find(path, TW_S("__pycache__/")) != TW_NPOS;
}

static void add_unclaimed(site *s, const tw_entry *e, uint32_t n)
{
    tw_arena *a = s->items->arena;
    tw_paths found = {0}, files = {0};
    for (uint32_t i = 0; i < n; i++)
        if (!is_metadata(&e[i]) && !tw_str_ends(e[i].name, TW_S(".egg")))
            tw_walk(a, s->path, e[i].name, &found);
    for (uint32_t i = 0; i < found.n; i++)
        if (!tw_map_get(&s->claimed, found.v[i]) && !is_cache(found.v[i])) TW_PUSH(a, files, found.v[i]);
    add_files(s, tw_arena_fmt(a, "%s (files of no distribution)", s->path), TW_S("site-packages"), files);
}

void tw_add_site_packages(tw_items *it, const char *path, const tw_entry *e, uint32_t n)
{
    site s = {.items = it, .path = path};
    tw_map_init(&s.claimed, it->arena);
    for (uint32_t i = 0; i < n; i++) {
        if (is_metadata(&e[i])) {
            add_distribution(&s, &e[i]);
        } else if (tw_str_ends(e[i].name, TW_S(".egg"))) {
            const char *at = tw_path_join(it->arena, path, e[i].name);
            TW_PUSH(it->arena, it->list,
                    ((tw_item){.kind = e[i].dir ? TW_ITEM_DIR : TW_ITEM_FILE,
                               .artifact = tw_str_c(at),
                               .file_name = e[i].name,
                               .path = at}));
        }
    }
    add_unclaimed(&s, e, n);
}
