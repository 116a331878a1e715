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

/* "pkg/mod.py" -> "pkg.mod", "pkg/__init__.py" -> "pkg"; empty when no importable name. */
static tw_str module_name(tw_arena *a, tw_str path)
{
    if (tw_str_ends(path, TW_S(".pyw"))) path.n--;
    if (!tw_str_ends(path, TW_S(".py"))) return TW_S("");
    path.n -= 3;
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

static uint32_t member_of_module(const tw_package *p, tw_str module)
{
    for (uint32_t i = p->n_members; i-- > 0;)
        if (p->module[i].n && tw_str_eq(p->module[i], module)) return i;
    return TW_NO_MEMBER;
}

/* "name = pkg.mod:func [extra]" */
static void add_entry_point(tw_package *p, tw_str section, tw_str name, tw_str target)
{
    size_t bracket = tw_str_chr(target, '[');
    if (bracket != TW_NPOS) target = tw_str_trim(tw_str_sub(target, 0, bracket));
    size_t colon = tw_str_chr(target, ':');
    tw_str module = tw_str_trim(tw_str_sub(target, 0, colon));
    tw_str function = colon == TW_NPOS ? TW_S("") : tw_str_trim(tw_str_sub(target, colon + 1, target.n));
    uint32_t member = member_of_module(p, module);
    if (member == TW_NO_MEMBER) return;
    bool command = tw_str_eq(section, TW_S("console_scripts")) || tw_str_eq(section, TW_S("gui_scripts"));
    tw_root_add(p, member, function, command ? TW_TRIGGER_COMMAND : TW_TRIGGER_PLUGIN,
                command ? tw_arena_fmt(p->arena, "command %.*s", TW_FMT(name))
                        : tw_arena_fmt(p->arena, "entry point %.*s", TW_FMT(section)));
}

static void entry_points(tw_package *p, tw_str dist_info)
{
    const tw_kept *k =
        dist_info.n ? tw_kept_find(p, tw_arena_fmt(p->arena, "%.*sentry_points.txt", TW_FMT(dist_info)))
                    : tw_kept_tail(p, TW_S(".egg-info/entry_points.txt"));
    if (!k) return;
    tw_str rest = k->data, section = TW_S(""), key, value;
    while (tw_ini_next(&rest, &section, &key, &value)) add_entry_point(p, section, key, value);
}

/* [build-system] build-backend + backend-path: a back end carried in the sdist runs at build. */
static void build_backend(tw_package *p)
{
    const tw_kept *k = tw_kept_find(p, tw_arena_fmt(p->arena, "%.*spyproject.toml", TW_FMT(p->root_dir)));
    if (!k) return;
    tw_str rest = k->data, section = TW_S(""), key, value, backend = TW_S(""), path = TW_S("");
    while (tw_ini_next(&rest, &section, &key, &value)) {
        if (!tw_str_eq(section, TW_S("build-system"))) continue;
        size_t open = 0;
        while (open < value.n && value.p[open] != '"' && value.p[open] != '\'') open++;
        tw_str text = tw_str_sub(value, open + 1, value.n);
        size_t end = 0;
        while (end < text.n && text.p[end] != '"' && text.p[end] != '\'' && text.p[end] != ':') end++;
        text = tw_str_sub(text, 0, end);
        if (tw_str_eq(key, TW_S("build-backend"))) backend = text;
        if (tw_str_eq(key, TW_S("backend-path"))) path = text;
    }
    if (!backend.n || !path.n) return;
    path = tw_str_eq(path, TW_S(".")) ? TW_S("") : tw_arena_fmt(p->arena, "%.*s/", TW_FMT(path));
    char *file = tw_arena_alloc(p->arena, backend.n + 1);
    for (size_t i = 0; i < backend.n; i++) file[i] = backend.p[i] == '.' ? '/' : backend.p[i];
    for (int init = 0; init < 2; init++) {
        tw_str full = tw_arena_fmt(p->arena, "%.*s%.*s%.*s%s", TW_FMT(p->root_dir), TW_FMT(path),
                                   (int)backend.n, file, init ? "/__init__.py" : ".py");
        uint32_t m = tw_member_find(p, full);
        if (m != TW_NO_MEMBER) tw_root_add(p, m, TW_S(""), TW_TRIGGER_BUILD, TW_S("in-tree build backend"));
    }
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

static void classify(tw_package *p, uint32_t i, tw_str path, bool source_tree)
{
    const tw_member *m = &p->members[i];
    tw_str compiled_from = tw_pyc_source(p->arena, path);
    p->role[i] = (uint8_t)tw_role_by_path(path);
    if (compiled_from.n) path = compiled_from;
    tw_str base = tw_str_base(path);
    bool top = base.n == path.n;
    p->module[i] = module_name(p->arena, path);
    if (source_tree && top && tw_str_eq(base, TW_S("setup.py")) && !compiled_from.n) {
        p->role[i] = TW_ROLE_BUILD;
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_INSTALL, TW_S("setup.py"));
        return;
    }
    if (top && tw_str_ends(base, TW_S(".pth"))) {
        tw_root_add(p, m->index, TW_S(""), TW_TRIGGER_IMPORT, TW_S(".pth file, at every start of Python"));
        return;
    }
    if (top && (tw_str_eq(base, TW_S("sitecustomize.py")) || tw_str_eq(base, TW_S("usercustomize.py")))) {
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

void tw_pypi_roots(tw_package *p, tw_str dist_info)
{
    bool source_tree = is_source_tree(p);
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        if (m->depth || m->type == TW_MEMBER_DIR) continue;
        tw_str path = strip(m->path, TW_S("./"));
        path = strip_data_dir(strip(path, p->root_dir));
        if (source_tree) path = strip(path, TW_S("src/"));
        if (dist_info.n && tw_str_starts(path, dist_info))
            p->role[i] = TW_ROLE_METADATA;
        else
            classify(p, i, path, source_tree);
    }
    if (source_tree) build_backend(p);
    entry_points(p, dist_info);
    if (!strcmp(p->subject, "file") && p->n_members == 1 && !p->roots.n)
        tw_root_add(p, 0, TW_S(""), TW_TRIGGER_COMMAND, TW_S("run as a script"));
}
