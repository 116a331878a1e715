/* SPDX-License-Identifier: Apache-2.0 */
/* What starts code of a Python distribution, and under which module names its files are found. */
#include "ecosystems/pypi/pypi.h"

static tw_str strip(tw_str s, tw_str prefix)
{
    return tw_str_starts(s, prefix) ? tw_str_sub(s, prefix.n, s.n) : s;
}

/* "x-1.0.data/purelib/" and "/platlib/": installed beside the packages. */
static tw_str strip_data_dir(tw_str path)
{
    size_t slash = tw_str_chr(path, '/');
    if (slash == TW_NPOS || !tw_str_ends(tw_str_sub(path, 0, slash), TW_S(".data"))) return path;
    tw_str rest = tw_str_sub(path, slash + 1, path.n);
    if (tw_str_starts(rest, TW_S("purelib/"))) return tw_str_sub(rest, 8, rest.n);
    if (tw_str_starts(rest, TW_S("platlib/"))) return tw_str_sub(rest, 8, rest.n);
    return path;
}

/* "pkg/_x.cpython-311-x86_64-linux-gnu.so", "pkg/_x.cp311-win_amd64.pyd", "pkg/_x.abi3.so" -> "pkg/_x"; 0: no name of an
 * extension. Libraries that go by lib... stand beside it, nobody imports them. */
static size_t extension_stem(tw_str path)
{
    tw_str base = tw_str_base(path);
    bool module = tw_str_ends(base, TW_S(".so")) || tw_str_ends(base, TW_S(".pyd"));
    if (!module || tw_str_starts(base, TW_S("lib"))) return 0;
    return path.n - base.n + tw_str_chr(base, '.');
}

/* "pkg/mod.py" -> "pkg.mod", "pkg/__init__.py" -> "pkg"; empty when no importable name. */
static tw_str module_name(tw_arena *a, tw_str path)
{
    if (tw_str_ends(path, TW_S(".pyw"))) path.n--;
    size_t stem = extension_stem(path);
    if (!stem && !tw_str_ends(path, TW_S(".py"))) return TW_S("");
    path.n = stem ? stem : path.n - 3;
    bool package = tw_str_ends(path, TW_S("/__init__")); /* importlib takes a name with a dash */
    if (package) path.n -= 9;
    char *out = tw_arena_alloc(a, path.n + 1);
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if (c == '.' || c == ' ' || c == '{' || (c == '-' && !package)) return TW_S("");
        out[i] = c == '/' ? '.' : c;
    }
    return (tw_str){out, path.n};
}

uint32_t tw_pypi_module(const pypi *y, tw_str module)
{
    const uint64_t *slot = module.n ? tw_map_get(&y->modules, module) : NULL;
    return slot ? (uint32_t)(*slot - 1) : TW_NO_MEMBER;
}

void tw_pypi_entry_point(const pypi *y, tw_str section, tw_str name, tw_str target)
{
    tw_package *p = y->p;
    size_t bracket = tw_str_chr(target, '[');
    if (bracket != TW_NPOS) target = tw_str_trim(tw_str_sub(target, 0, bracket));
    size_t colon = tw_str_chr(target, ':');
    tw_str module = tw_str_trim(tw_str_sub(target, 0, colon));
    tw_str function = colon == TW_NPOS ? TW_S("") : tw_str_trim(tw_str_sub(target, colon + 1, target.n));
    uint32_t member = tw_pypi_module(y, module);
    if (member == TW_NO_MEMBER) return;
    bool command = tw_str_eq(section, TW_S("console_scripts")) || tw_str_eq(section, TW_S("gui_scripts"));
    tw_root_add(p, member, function, command ? TW_TRIGGER_COMMAND : TW_TRIGGER_PLUGIN,
                command ? tw_arena_fmt(p->arena, "command %.*s", TW_FMT(name))
                        : tw_arena_fmt(p->arena, "entry point %.*s", TW_FMT(section)));
    if (tw_str_eq(section, TW_S("pytest11"))) /* pytest calls its hooks by their names */
        tw_root_add(p, member,
                    function.n ? tw_arena_fmt(p->arena, "%.*s.pytest_*", TW_FMT(function)) : TW_S("pytest_*"),
                    TW_TRIGGER_PLUGIN, TW_S("pytest hook"));
}

static void entry_points(const pypi *y, tw_str dist_info)
{
    const tw_package *p = y->p;
    const tw_kept *k =
        dist_info.n ? tw_kept_find(p, tw_arena_fmt(p->arena, "%.*sentry_points.txt", TW_FMT(dist_info)))
                    : tw_kept_tail(p, TW_S(".egg-info/entry_points.txt"));
    if (!k) return;
    tw_str rest = k->data, section = TW_S(""), key, value;
    while (tw_ini_next(&rest, &section, &key, &value)) tw_pypi_entry_point(y, section, key, value);
}

static bool lists_line(tw_str text, tw_str wanted)
{
    tw_str line;
    while (tw_str_split(&text, '\n', &line))
        if (tw_str_eq(tw_str_trim(line), wanted)) return true;
    return false;
}

/* The same without a setup.py: back ends that install the module named after the project, and what they are told. */
static bool stays_behind_toml(const tw_package *p, tw_str module)
{
    static const char *const ends[] = {"flit_core", "poetry.core", "hatchling", "uv_build"};
    static const char *const doubts[] = {"*.py", "force-include", "hooks", "backend-path", "\"*\"", "'*'"};
    const tw_kept *k = tw_kept_find(p, tw_arena_fmt(p->arena, "%.*spyproject.toml", TW_FMT(p->root_dir)));
    if (!k || tw_str_find(k->data, module) != TW_NPOS) return false;
    bool known = false;
    for (size_t i = 0; i < TW_COUNT(ends); i++) known |= tw_str_find(k->data, tw_str_c(ends[i])) != TW_NPOS;
    for (size_t i = 0; i < TW_COUNT(doubts); i++)
        if (tw_str_find(k->data, tw_str_c(doubts[i])) != TW_NPOS) return false;
    tw_str rest = k->data, section = TW_S(""), key, value, own = tw_name_normal(p->arena, module);
    while (tw_ini_next(&rest, &section, &key, &value))
        if (tw_str_eq(section, TW_S("project")) || tw_str_eq(section, TW_S("tool.poetry")))
            if (tw_str_eq(key, TW_S("name")) && tw_str_find(tw_name_normal(p->arena, value), own) != TW_NPOS)
                return false;
    return known;
}

/* A loose .py beside setup.py (bootstrap.py, fabfile.py) that the build does not install: the metadata leaves it out
 * and setup.py, which decides, names packages only. A setup.py that could say more than it shows is not believed. */
static bool stays_behind(const tw_package *p, tw_str module)
{
    const tw_kept *top = tw_kept_tail(p, TW_S(".egg-info/top_level.txt"));
    const tw_kept *setup = tw_kept_find(p, tw_arena_fmt(p->arena, "%.*ssetup.py", TW_FMT(p->root_dir)));
    if (!setup) return stays_behind_toml(p, module);
    if (!top || lists_line(top->data, module)) return false;
    static const char *const doubts[] = {"py_modules", "**", "exec", "eval", "import_module", "__import__"};
    for (size_t i = 0; i < TW_COUNT(doubts); i++)
        if (tw_str_find(setup->data, tw_str_c(doubts[i])) != TW_NPOS) return false;
    const tw_kept *cfg = tw_kept_find(p, tw_arena_fmt(p->arena, "%.*ssetup.cfg", TW_FMT(p->root_dir)));
    if (cfg && tw_str_find(cfg->data, TW_S("py_modules")) != TW_NPOS) return false;
    const tw_kept *toml = tw_kept_find(p, tw_arena_fmt(p->arena, "%.*spyproject.toml", TW_FMT(p->root_dir)));
    if (toml && tw_str_find(toml->data, TW_S("py-modules")) != TW_NPOS) return false;
    return tw_str_find(setup->data, TW_S("packages")) != TW_NPOS;
}

static bool is_source_tree(const tw_package *p)
{
    return !strcmp(p->subject, "sdist") || !strcmp(p->subject, "directory");
}

/* Bytecode that no Python of today loads: beside its source, or made by one before 3.6. */
static bool is_stale(const pypi *y, tw_str path)
{
    static const tw_str old[] = {TW_SI("cpython-30."), TW_SI("cpython-31."), TW_SI("cpython-32."),
                                 TW_SI("cpython-33."), TW_SI("cpython-34."), TW_SI("cpython-35."),
                                 TW_SI("cpython-27.")};
    tw_str source = tw_pyc_source(y->p->arena, path);
    if (!source.n || !tw_map_get(&y->paths, source)) return false;
    if (tw_str_find(path, TW_S("__pycache__/")) == TW_NPOS) return true;
    for (size_t i = 0; i < TW_COUNT(old); i++)
        if (tw_str_find(tw_str_base(path), old[i]) != TW_NPOS) return true;
    return false;
}

/* A package called demo, tests or docs is what its project installs; only folders within say what a file is for. */
static tw_str behind_own_name(const tw_package *p, tw_str path)
{
    size_t slash = tw_str_chr(path, '/');
    tw_str top = slash == TW_NPOS ? TW_S("") : tw_str_sub(path, 0, slash);
    bool own = top.n && p->name.n && tw_str_eq(tw_name_normal(p->arena, top), p->name);
    return own ? tw_str_sub(path, slash + 1, path.n) : path;
}

static void classify(pypi *y, uint32_t i, tw_str path, bool source_tree)
{
    tw_package *p = y->p;
    const tw_member *m = &p->members[i];
    tw_str compiled_from = tw_pyc_source(p->arena, path);
    p->role[i] = (uint8_t)tw_role_by_path(behind_own_name(p, path));
    if (compiled_from.n && is_stale(y, m->path)) return;
    if (compiled_from.n) path = compiled_from;
    tw_str base = tw_str_base(path);
    bool top = base.n == path.n;
    tw_str folder =
        tw_str_sub(path, 0, top ? 0 : path.n - base.n - 1); /* data files may go to where site.py looks */
    bool site =
        top || tw_str_ends(folder, TW_S("site-packages")) || tw_str_ends(folder, TW_S("dist-packages"));
    p->module[i] = module_name(p->arena, path);
    if (source_tree && top && tw_str_eq(base, TW_S("setup.py")) && !compiled_from.n) {
        p->role[i] = TW_ROLE_BUILD;
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_INSTALL, TW_S("setup.py"));
        return;
    }
    if (site && tw_str_ends(base, TW_S(".pth"))) {
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_IMPORT, TW_S(".pth file, at every start of Python"));
        return;
    }
    if (site && (tw_str_eq(base, TW_S("sitecustomize.py")) || tw_str_eq(base, TW_S("usercustomize.py")))) {
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_IMPORT,
                    TW_S("sitecustomize, at every start of Python"));
        return;
    }
    if (tw_str_find(path, TW_S(".data/scripts/")) != TW_NPOS) {
        p->role[i] = TW_ROLE_SCRIPT;
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_COMMAND,
                    tw_arena_fmt(p->arena, "script %.*s", TW_FMT(base)));
        return;
    }
    if (source_tree && top && p->module[i].n && p->role[i] == TW_ROLE_CODE && stays_behind(p, p->module[i])) {
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_COMMAND, TW_S("run by hand: it is not installed"));
        return;
    }
    if (tw_str_eq(base, TW_S("__main__.py")))
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_COMMAND, TW_S("python -m"));
    else if (p->module[i].n && p->role[i] == TW_ROLE_CODE)
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_IMPORT,
                    tw_str_ends(base, TW_S("__init__.py")) ? TW_S("import of the package")
                                                           : TW_S("import of the module"));
}

/* Of two with one name the last wins, as on unpacking. */
static void index_paths(pypi *y)
{
    const tw_package *p = y->p;
    tw_map_init(&y->paths, p->arena);
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        if (!m->depth && m->type == TW_MEMBER_FILE) *tw_map_put(&y->paths, m->path, NULL) = i + 1ull;
    }
}

static void index_modules(pypi *y)
{
    const tw_package *p = y->p;
    tw_map_init(&y->modules, p->arena);
    for (uint32_t i = 0; i < p->n_members; i++)
        if (p->module[i].n) *tw_map_put(&y->modules, p->module[i], NULL) = i + 1ull;
}

void tw_pypi_roots(tw_package *p, tw_str dist_info)
{
    bool source_tree = is_source_tree(p);
    pypi y = {.p = p};
    index_paths(&y);
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        if (m->depth || m->type == TW_MEMBER_DIR) continue;
        tw_str path = strip(m->path, TW_S("./"));
        path = strip_data_dir(strip(path, p->root_dir));
        if (source_tree) path = strip(path, TW_S("src/"));
        if (dist_info.n && tw_str_starts(path, dist_info))
            p->role[i] = TW_ROLE_METADATA;
        else
            classify(&y, i, path, source_tree);
    }
    index_modules(&y);
    if (source_tree) tw_pypi_project_roots(&y);
    entry_points(&y, dist_info);
    if (!strcmp(p->subject, "file") && p->n_members == 1 && !p->roots.n)
        tw_root_add(p, 0, TW_S(""), TW_TRIGGER_COMMAND, TW_S("run as a script"));
}
