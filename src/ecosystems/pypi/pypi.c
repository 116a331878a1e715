/* SPDX-License-Identifier: Apache-2.0 */
/* PyPI: wheels, eggs, sdists and installed distributions. */
#include "ecosystems/pypi/pypi.h"

extern const tw_ecosystem tw_ecosystem_pypi;

enum { KEEP_MAX = 8 << 20 };

static const char *const kept_tails[] = {
    ".dist-info/METADATA",
    ".dist-info/RECORD",
    ".dist-info/WHEEL",
    ".dist-info/entry_points.txt",
    ".egg-info/PKG-INFO",
    ".egg-info/entry_points.txt",
    "EGG-INFO/PKG-INFO",
    "EGG-INFO/entry_points.txt",
    "PKG-INFO",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    ".egg-info/top_level.txt",
    ".egg-info/requires.txt",
};

static bool keep(const tw_member *m)
{
    if (m->depth || m->type != TW_MEMBER_FILE || m->size > KEEP_MAX) return false;
    for (size_t i = 0; i < TW_COUNT(kept_tails); i++)
        if (tw_str_ends(m->path, tw_str_c(kept_tails[i]))) return true;
    return false;
}

static int recognise(const tw_package *p)
{
    if (tw_kept_tail(p, TW_S(".dist-info/METADATA")) || tw_kept_tail(p, TW_S(".dist-info/WHEEL"))) return 95;
    if (tw_str_ends(p->file_name, TW_S(".whl")) || tw_str_ends(p->file_name, TW_S(".egg"))) return 95;
    if (tw_kept_tail(p, TW_S("PKG-INFO"))) return 90;
    int score = 0;
    for (uint32_t i = 0; i < p->n_members; i++) {
        tw_str base = tw_str_base(p->members[i].path);
        if (tw_str_eq(base, TW_S("setup.py"))) return 80;
        bool python = tw_str_ends(base, TW_S(".py")) || tw_str_ends(base, TW_S(".pth")) ||
                      tw_str_ends(base, TW_S(".ipynb"));
        if (python && score < 30) score = 30;
        if (tw_str_eq(base, TW_S("pyproject.toml")) && !p->members[i].depth) score = 50;
    }
    return score;
}

/* name-1.0.tar.gz, name-1.0-py3-none-any.whl, name-1.0-py3.11.egg */
static void identity_from_file(const tw_package *p, tw_str *name, tw_str *version)
{
    static const char *const endings[] = {".whl",    ".egg", ".tar.gz", ".tar.bz2",
                                          ".tar.xz", ".tgz", ".zip",    ".tar"};
    tw_str stem = p->file_name;
    bool tagged = false;
    for (size_t i = 0; i < TW_COUNT(endings); i++)
        if (tw_str_ends(stem, tw_str_c(endings[i]))) {
            stem = tw_str_sub(stem, 0, stem.n - strlen(endings[i]));
            tagged = i < 2;
            break;
        }
    size_t dash = tagged ? tw_str_chr(stem, '-') : tw_str_rchr(stem, '-');
    if (dash == TW_NPOS || dash + 1 >= stem.n || stem.p[dash + 1] < '0' || stem.p[dash + 1] > '9') return;
    *name = tw_str_sub(stem, 0, dash);
    tw_str rest = tw_str_sub(stem, dash + 1, stem.n);
    *version = tw_str_sub(rest, 0, tagged ? tw_str_chr(rest, '-') : rest.n);
}

/* "requests[socks] (>=2.8) ; extra == 'x'" */
void tw_pypi_need(tw_package *p, tw_str spec, const char *group)
{
    static const char ends[] = " \t[(<>=!~;@,";
    size_t n = 0;
    while (n < spec.n && spec.p[n] && !strchr(ends, spec.p[n])) n++;
    if (!n || p->needs.n >= TW_DEPENDENCIES_MAX) return;
    TW_PUSH(p->arena, p->needs,
            ((tw_dependency){tw_name_normal(p->arena, tw_str_sub(spec, 0, n)),
                             tw_str_trim(tw_str_sub(spec, n, spec.n)), group}));
}

static void dependencies(tw_package *p, tw_str text)
{
    tw_str line;
    while (tw_str_split(&text, '\n', &line) && p->needs.n < TW_DEPENDENCIES_MAX) {
        size_t colon = tw_str_chr(line, ':');
        line = tw_str_trim(line);
        if (!line.n) break;
        if (colon == TW_NPOS || !tw_str_ieq(tw_str_sub(line, 0, colon), TW_S("Requires-Dist"))) continue;
        tw_str spec = tw_str_trim(tw_str_sub(line, colon + 1, line.n));
        tw_pypi_need(p, spec, tw_str_find(spec, TW_S("extra ==")) != TW_NPOS ? "extra" : "");
    }
}

/* Returns the version that the file name says. */
static tw_str set_identity(tw_package *p, const tw_kept *meta)
{
    tw_str file_name = TW_S(""), file_version = TW_S("");
    identity_from_file(p, &file_name, &file_version);
    tw_str name = meta ? tw_header(meta->data, TW_S("Name")) : TW_S("");
    tw_str version = meta ? tw_header(meta->data, TW_S("Version")) : TW_S("");
    if (name.n && file_name.n) {
        tw_str a = tw_name_normal(p->arena, name), b = tw_name_normal(p->arena, file_name);
        if (!tw_str_eq(a, b))
            tw_finding_add(p->findings, TW_FIND_NAME_DISAGREES, meta->member, UINT64_MAX,
                           "%.*s, file says %.*s", TW_FMT(name), TW_FMT(file_name));
    }
    if (meta) dependencies(p, meta->data);
    p->name = tw_name_normal(p->arena, name.n ? name : file_name);
    p->version = version.n ? version : file_version;
    if (p->name.n && p->version.n)
        p->purl = tw_arena_fmt(p->arena, "pkg:pypi/%.*s@%.*s", TW_FMT(p->name), TW_FMT(p->version));
    return file_version;
}

static void examine_wheel(tw_package *p, const tw_kept *meta)
{
    tw_str dir = tw_str_sub(meta->path, 0, tw_str_rchr(meta->path, '/') + 1);
    tw_str record_path = tw_arena_fmt(p->arena, "%.*sRECORD", TW_FMT(dir));
    const tw_kept *record = tw_kept_find(p, record_path);
    const tw_kept *wheel = tw_kept_find(p, tw_arena_fmt(p->arena, "%.*sWHEEL", TW_FMT(dir)));
    if (!wheel || !tw_str_ends(meta->path, TW_S("METADATA")))
        tw_finding_add(p->findings, TW_FIND_WHEEL_MISSING, TW_NO_MEMBER, UINT64_MAX, "%.*s", TW_FMT(dir));
    if (record)
        tw_pypi_check_record(p, record_path, record->data);
    else
        tw_finding_add(p->findings, TW_FIND_RECORD_MISSING, TW_NO_MEMBER, UINT64_MAX, "%.*s",
                       TW_FMT(record_path));
    tw_pypi_roots(p, dir);
}

static void examine(tw_package *p)
{
    const tw_kept *meta = tw_kept_tail(p, TW_S(".dist-info/METADATA"));
    if (!meta) meta = tw_kept_tail(p, TW_S(".dist-info/WHEEL"));
    if (meta) {
        p->subject = !strcmp(p->format, "directory") ? "installed" : "wheel";
        const tw_kept *says = tw_str_ends(meta->path, TW_S("METADATA")) ? meta : NULL;
        tw_str version = set_identity(p, says);
        examine_wheel(p, meta);
        tw_pypi_about(p, says, version);
        return;
    }
    const tw_kept *egg = tw_kept_find(p, TW_S("EGG-INFO/PKG-INFO"));
    if (egg) {
        p->subject = "egg";
        tw_str version = set_identity(p, egg);
        tw_pypi_roots(p, TW_S("EGG-INFO/"));
        tw_pypi_about(p, egg, version);
        return;
    }
    uint32_t roots = 0;
    p->root_dir = tw_top_folder(p, &roots);
    const tw_kept *info = tw_kept_tail(p, TW_S("PKG-INFO"));
    bool archive = strcmp(p->format, "directory") && strcmp(p->format, "file");
    p->subject = archive ? "sdist" : p->format;
    if (archive && roots > 1)
        tw_finding_add(p->findings, TW_FIND_SDIST_ROOTS, TW_NO_MEMBER, UINT64_MAX, "%u", roots);
    if (archive && !info)
        tw_finding_add(p->findings, TW_FIND_SDIST_MISSING, TW_NO_MEMBER, UINT64_MAX, "PKG-INFO");
    tw_str version = set_identity(p, info);
    tw_pypi_roots(p, TW_S(""));
    tw_pypi_about(p, info, version);
}

const tw_ecosystem tw_ecosystem_pypi = {"pypi", "pypi", keep, recognise, examine, NULL};
