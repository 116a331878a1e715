/* SPDX-License-Identifier: Apache-2.0 */
/* What the project files of a source tree start: pyproject.toml, setup.cfg, the scripts of setup.py. They name files,
 * modules and functions; which of them are members is asked here. */
#include "base/toml.h"
#include "ecosystems/pypi/pypi.h"

enum { QUOTED_MAX = 256, LIST_MAX = 65536 };

static tw_str own_file(const pypi *y, tw_str name)
{
    while (tw_str_starts(name, TW_S("./"))) name = tw_str_sub(name, 2, name.n);
    return tw_arena_fmt(y->p->arena, "%.*s%.*s", TW_FMT(y->p->root_dir), TW_FMT(name));
}

/* Functions that a build back end calls in a file it was told of. */
static const char *const hatch_build[] = {"*.initialize", "*.finalize", "*.clean", "*.dependencies", NULL};
static const char *const hatch_builder[] = {"*.build_*", "*.get_version_api", "*.initialize", "*.clean",
                                            NULL};
static const char *const hatch_metadata[] = {"*.update", "*.get_known_classifiers", NULL};
static const char *const pdm_build[] = {"pdm_build_*", NULL};
static const char *const poetry_build[] = {"build", NULL};

static void file_root(const pypi *y, tw_str name, tw_trigger t, const char *why)
{
    const uint64_t *slot = name.n ? tw_map_get(&y->paths, own_file(y, name)) : NULL;
    if (!slot) return;
    tw_root_add(y->p, (uint32_t)(*slot - 1), TW_S(""), t,
                tw_arena_fmt(y->p->arena, "%s %.*s", why, TW_FMT(name)));
}

/* "pkg.mod.Class", "pkg.mod:func": its module, and the function or the methods of the class, while building. */
static void build_code(const pypi *y, tw_str target, const char *why)
{
    size_t cut = tw_str_chr(target, ':');
    if (cut == TW_NPOS) cut = tw_str_rchr(target, '.');
    if (cut == TW_NPOS) return;
    uint32_t m = tw_pypi_module(y, tw_str_sub(target, 0, cut));
    if (m == TW_NO_MEMBER) return;
    static const char *const methods[] = {"", ".run", ".initialize_options", ".finalize_options"};
    tw_str name = tw_str_sub(target, cut + 1, target.n), reason = tw_str_c(why);
    tw_root_add(y->p, m, TW_S(""), TW_TRIGGER_BUILD, reason);
    for (size_t i = 0; name.n && i < TW_COUNT(methods); i++)
        tw_root_add(y->p, m, tw_arena_fmt(y->p->arena, "%.*s%s", TW_FMT(name), methods[i]), TW_TRIGGER_BUILD,
                    reason);
}

/* "pkg.mod.NAME": its module, where the value is not there for the taking. */
static void build_value(const pypi *y, tw_str target, const char *why)
{
    size_t dot = tw_str_rchr(target, '.');
    uint32_t m = dot == TW_NPOS ? TW_NO_MEMBER : tw_pypi_module(y, tw_str_sub(target, 0, dot));
    if (m == TW_NO_MEMBER) return;
    tw_root_add(y->p, m, tw_arena_fmt(y->p->arena, "=%.*s", TW_FMT(tw_str_sub(target, dot + 1, target.n))),
                TW_TRIGGER_BUILD, tw_str_c(why));
}

/* --- pyproject.toml ----------------------------------------------------------------------------------------- */

typedef enum toml_use {
    NAMES_COMMAND,
    NAMES_PLUGIN,
    NAMES_SCRIPT,
    NAMES_BUILD_FILE,
    NAMES_BUILD_CODE,
    NAMES_BUILD_VALUE
} toml_use;

/* `*`: one part or more of the path; the last one is the entry's name. */
static const struct {
    const char *path;
    toml_use use;
    const char *why;
    const char *const *hooks; /* NAMES_BUILD_FILE */
} toml_values[] = {
    {"project.scripts.*", NAMES_COMMAND, NULL, NULL},
    {"project.gui-scripts.*", NAMES_COMMAND, NULL, NULL},
    {"project.entry-points.*", NAMES_PLUGIN, NULL, NULL},
    {"tool.poetry.scripts.*", NAMES_COMMAND, NULL, NULL},
    {"tool.poetry.scripts.*.reference", NAMES_SCRIPT, "script", NULL},
    {"tool.poetry.plugins.*", NAMES_PLUGIN, NULL, NULL},
    {"tool.flit.scripts.*", NAMES_COMMAND, NULL, NULL},
    {"tool.flit.entrypoints.*", NAMES_PLUGIN, NULL, NULL},
    {"tool.setuptools.script-files", NAMES_SCRIPT, "script", NULL},
    {"tool.setuptools.cmdclass.*", NAMES_BUILD_CODE, "cmdclass in pyproject.toml", NULL},
    {"tool.poetry.build", NAMES_BUILD_FILE, "poetry build script", poetry_build},
    {"tool.poetry.build.script", NAMES_BUILD_FILE, "poetry build script", poetry_build},
    {"tool.hatch.build.hooks.custom.path", NAMES_BUILD_FILE, "hatch build hook", hatch_build},
    {"tool.hatch.build.targets.*.hooks.custom.path", NAMES_BUILD_FILE, "hatch build hook", hatch_build},
    {"tool.hatch.build.targets.custom.path", NAMES_BUILD_FILE, "hatch builder", hatch_builder},
    {"tool.hatch.metadata.hooks.custom.path", NAMES_BUILD_FILE, "hatch metadata hook", hatch_metadata},
    {"tool.hatch.version.path", NAMES_BUILD_FILE, "hatch version file", NULL},
    {"tool.pdm.build.setup-script", NAMES_BUILD_FILE, "pdm build script", NULL},
    {"tool.pdm.build.custom-hook", NAMES_BUILD_FILE, "pdm build hook", pdm_build},
    {"tool.setuptools.dynamic.version.attr", NAMES_BUILD_VALUE, "version = attr in pyproject.toml", NULL},
    {"tool.pdm.version.getter", NAMES_BUILD_CODE, "pdm version getter", NULL},
};

static void hook_roots(const pypi *y, tw_str name, const char *why, const char *const *hooks)
{
    const uint64_t *slot = name.n ? tw_map_get(&y->paths, own_file(y, name)) : NULL;
    for (; slot && hooks && *hooks; hooks++)
        tw_root_add(y->p, (uint32_t)(*slot - 1), tw_str_c(*hooks), TW_TRIGGER_BUILD, tw_str_c(why));
}

static void toml_value(const pypi *y, const tw_toml_item *item, size_t row)
{
    size_t dot = tw_str_rchr(item->path, '.');
    tw_str name = tw_arena_str(y->p->arena, tw_str_sub(item->path, dot + 1, item->path.n));
    switch (toml_values[row].use) {
    case NAMES_COMMAND: tw_pypi_entry_point(y, TW_S("console_scripts"), name, item->text); break;
    case NAMES_PLUGIN: {
        tw_str group = tw_str_sub(item->path, strlen(toml_values[row].path) - 1, dot);
        tw_pypi_entry_point(y, tw_arena_str(y->p->arena, group), name, item->text);
        break;
    }
    case NAMES_SCRIPT: file_root(y, item->text, TW_TRIGGER_COMMAND, toml_values[row].why); break;
    case NAMES_BUILD_FILE:
        file_root(y, item->text, TW_TRIGGER_BUILD, toml_values[row].why);
        hook_roots(y, item->text, toml_values[row].why, toml_values[row].hooks);
        break;
    case NAMES_BUILD_VALUE: build_value(y, item->text, toml_values[row].why); break;
    case NAMES_BUILD_CODE: build_code(y, item->text, toml_values[row].why); break;
    }
}

/* What an installer calls of a back end (PEP 517, PEP 660). */
static void backend_hooks(const pypi *y, uint32_t member, tw_str object)
{
    static const char *const hooks[] = {"build_wheel",
                                        "build_sdist",
                                        "build_editable",
                                        "get_requires_for_build_wheel",
                                        "get_requires_for_build_sdist",
                                        "get_requires_for_build_editable",
                                        "prepare_metadata_for_build_wheel",
                                        "prepare_metadata_for_build_editable"};
    for (size_t i = 0; i < TW_COUNT(hooks); i++)
        tw_root_add(y->p, member,
                    tw_arena_fmt(y->p->arena, "%.*s%s%s", TW_FMT(object), object.n ? "." : "", hooks[i]),
                    TW_TRIGGER_BUILD, TW_S("in-tree build backend"));
}

/* A back end that the source tree carries: the module under one of the paths. */
static void backend_root(const pypi *y, tw_str backend, tw_str folder)
{
    tw_arena *a = y->p->arena;
    size_t colon = tw_str_chr(backend, ':');
    tw_str object = colon == TW_NPOS ? TW_S("") : tw_str_trim(tw_str_sub(backend, colon + 1, backend.n));
    backend = tw_str_trim(tw_str_sub(backend, 0, colon));
    if (!backend.n) return;
    char *file = tw_arena_alloc(a, backend.n + 1);
    for (size_t i = 0; i < backend.n; i++) file[i] = backend.p[i] == '.' ? '/' : backend.p[i];
    while (tw_str_starts(folder, TW_S("./"))) folder = tw_str_sub(folder, 2, folder.n);
    while (tw_str_ends(folder, TW_S("/"))) folder.n--;
    bool here = !folder.n || tw_str_eq(folder, TW_S("."));
    for (int init = 0; init < 2; init++) {
        tw_str path = tw_arena_fmt(a, "%.*s%s%.*s%s", TW_FMT(here ? TW_S("") : folder), here ? "" : "/",
                                   (int)backend.n, file, init ? "/__init__.py" : ".py");
        const uint64_t *slot = tw_map_get(&y->paths, own_file(y, path));
        if (!slot) continue;
        tw_root_add(y->p, (uint32_t)(*slot - 1), TW_S(""), TW_TRIGGER_BUILD, TW_S("in-tree build backend"));
        backend_hooks(y, (uint32_t)(*slot - 1), object);
    }
}

static void default_hook(const pypi *y, const char *name, const char *why, const char *const *hooks)
{
    file_root(y, tw_str_c(name), TW_TRIGGER_BUILD, why);
    hook_roots(y, tw_str_c(name), why, hooks);
}

static void read_pyproject(const pypi *y)
{
    const tw_kept *k = tw_kept_find(y->p, own_file(y, TW_S("pyproject.toml")));
    if (!k) return;
    tw_str backend = TW_S("");
    tw_toml_item item;
    for (tw_toml t = tw_toml_reader(y->p->arena, k->data); tw_toml_next(&t, &item);) {
        if (!item.is_string) continue;
        if (tw_str_eq(item.path, TW_S("build-system.requires")))
            tw_pypi_need(y->p, tw_arena_str(y->p->arena, tw_str_trim(item.text)), "build-system");
        if (tw_str_eq(item.path, TW_S("build-system.build-backend"))) backend = item.text;
        for (size_t i = 0; i < TW_COUNT(toml_values); i++)
            if (tw_str_glob(tw_str_c(toml_values[i].path), item.path)) toml_value(y, &item, i);
    }
    for (tw_toml t = tw_toml_reader(y->p->arena, k->data); backend.n && tw_toml_next(&t, &item);)
        if (item.is_string && tw_str_eq(item.path, TW_S("build-system.backend-path")))
            backend_root(y, backend, item.text);
    /* hooks whose file has a name by default */
    if (tw_str_find(k->data, TW_S("hooks.custom")) != TW_NPOS)
        default_hook(y, "hatch_build.py", "hatch build hook", hatch_build);
    if (tw_str_find(k->data, TW_S("metadata.hooks.custom")) != TW_NPOS)
        default_hook(y, "hatch_build.py", "hatch metadata hook", hatch_metadata);
    if (tw_str_starts(backend, TW_S("pdm."))) default_hook(y, "pdm_build.py", "pdm build hook", pdm_build);
}

/* --- setup.cfg ---------------------------------------------------------------------------------------------- */

typedef struct cfg {
    tw_str rest, section, key;
} cfg;

/* The next line of a value: a value goes on over indented lines. */
static bool next_value(cfg *c, tw_str *ret)
{
    tw_str line;
    while (tw_str_split(&c->rest, '\n', &line)) {
        bool indented = line.n && (line.p[0] == ' ' || line.p[0] == '\t');
        line = tw_str_trim(line);
        if (!line.n || line.p[0] == '#' || line.p[0] == ';') continue;
        if (!indented && line.p[0] == '[') {
            c->section = tw_str_trim(tw_str_sub(line, 1, tw_str_chr(line, ']')));
            c->key = TW_S("");
            continue;
        }
        if (indented && c->key.n) {
            *ret = line;
            return true;
        }
        size_t eq = 0;
        while (eq < line.n && line.p[eq] != '=' && line.p[eq] != ':') eq++;
        if (eq == line.n) continue;
        c->key = tw_str_trim(tw_str_sub(line, 0, eq));
        *ret = tw_str_trim(tw_str_sub(line, eq + 1, line.n));
        if (ret->n) return true;
    }
    return false;
}

static tw_str after_equals(tw_str s)
{
    size_t eq = tw_str_chr(s, '=');
    return eq == TW_NPOS ? s : tw_str_trim(tw_str_sub(s, eq + 1, s.n));
}

static void cfg_value(const pypi *y, const cfg *c, tw_str value)
{
    bool options = tw_str_eq(c->section, TW_S("options")), files = tw_str_eq(c->section, TW_S("files"));
    bool points =
        tw_str_eq(c->section, TW_S("options.entry_points")) || tw_str_eq(c->section, TW_S("entry_points"));
    size_t eq = tw_str_chr(value, '=');
    if (points && eq != TW_NPOS)
        tw_pypi_entry_point(y, c->key, tw_str_trim(tw_str_sub(value, 0, eq)), after_equals(value));
    if ((options || files) && tw_str_eq(c->key, TW_S("scripts"))) {
        tw_str one, rest = value;
        while (tw_str_split(&rest, ',', &one)) file_root(y, tw_str_trim(one), TW_TRIGGER_COMMAND, "script");
    }
    if (options && tw_str_eq(c->key, TW_S("cmdclass")))
        build_code(y, after_equals(value), "cmdclass in setup.cfg");
    if (tw_str_eq(c->section, TW_S("metadata")) && tw_str_starts(value, TW_S("attr:")))
        build_value(y, tw_str_trim(tw_str_sub(value, 5, value.n)), "attr in setup.cfg");
    if (tw_str_eq(c->key, TW_S("setup_hooks")) || tw_str_eq(c->key, TW_S("setup-hooks")))
        build_code(y, value, "setup hook in setup.cfg");
}

static void read_setup_cfg(const pypi *y)
{
    const tw_kept *k = tw_kept_find(y->p, own_file(y, TW_S("setup.cfg")));
    cfg c = {.rest = k ? k->data : TW_S("")};
    tw_str value;
    while (k && next_value(&c, &value)) cfg_value(y, &c, value);
}

/* --- setup.py: scripts=[...] --------------------------------------------------------------------------------- */

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Files in the literal list that follows; what else stands there is setup.py's own to say. */
static void listed_scripts(const pypi *y, tw_str s)
{
    size_t from = 0;
    s = tw_str_sub(s, 0, tw_str_chr(tw_str_sub(s, 0, LIST_MAX), ']'));
    for (uint32_t i = 0; i < QUOTED_MAX; i++) {
        while (from < s.n && s.p[from] != '"' && s.p[from] != '\'') from++;
        if (from >= s.n) break;
        size_t to = tw_str_chr(tw_str_sub(s, from + 1, s.n), s.p[from]);
        if (to == TW_NPOS) break;
        file_root(y, tw_str_sub(s, from + 1, from + 1 + to), TW_TRIGGER_COMMAND, "script");
        from += to + 2;
    }
}

static void read_setup_py(const pypi *y)
{
    const tw_kept *k = tw_kept_find(y->p, own_file(y, TW_S("setup.py")));
    tw_str s = k ? k->data : TW_S("");
    uint32_t lists = 0;
    for (size_t at; lists < 16 && (at = tw_str_find(s, TW_S("scripts"))) != TW_NPOS;) {
        bool whole = !at || !name_byte(s.p[at - 1]);
        s = tw_str_sub(s, at + 7, s.n);
        tw_str rest = tw_str_trim(tw_str_sub(s, 0, 64));
        if (!whole || !tw_str_starts(rest, TW_S("="))) continue;
        rest = tw_str_trim(tw_str_sub(rest, 1, rest.n));
        if (!tw_str_starts(rest, TW_S("["))) continue;
        lists++;
        listed_scripts(y, s);
    }
}

void tw_pypi_project_roots(const pypi *y)
{
    read_pyproject(y);
    read_setup_cfg(y);
    read_setup_py(y);
}
