/* SPDX-License-Identifier: Apache-2.0 */
/* What starts the code of a package: npm's scripts and modules, project files of Python source trees. */
#include "base/buf.h"
#include "ecosystems/metadata.h"
#include "tap.h"

typedef struct file {
    const char *path, *text; /* text: kept for the ecosystem, or NULL */
} file;

/* "trigger path[:function] (reason)" a line, in the order they were found. */
static tw_str roots(tw_arena *a, const char *ecosystem, const char *format, const file *files, uint32_t n)
{
    tw_findings findings;
    tw_findings_init(&findings, a, 0);
    tw_member *members = TW_NEWN(a, tw_member, n);
    tw_kept *kept = TW_NEWN(a, tw_kept, n);
    tw_package p = {.arena = a,
                    .format = format,
                    .subject = format,
                    .members = members,
                    .n_members = n,
                    .kept = kept,
                    .findings = &findings};
    for (uint32_t i = 0; i < n; i++) {
        members[i] = (tw_member){
            .index = i, .container = TW_NO_MEMBER, .path = tw_str_c(files[i].path), .type = TW_MEMBER_FILE};
        if (files[i].text) kept[p.n_kept++] = (tw_kept){i, members[i].path, tw_str_c(files[i].text)};
    }
    p.module = TW_NEWN(a, tw_str, n);
    p.role = TW_NEWN(a, uint8_t, n);
    for (size_t i = 0; i < tw_n_ecosystems; i++)
        if (!strcmp(tw_ecosystems[i]->name, ecosystem)) tw_ecosystems[i]->examine(&p);
    tw_buf out = TW_BUF_INIT;
    for (uint32_t i = 0; i < p.roots.n; i++) {
        const tw_root *r = &p.roots.v[i];
        tw_buf_fmt(&out, "%s %.*s%s%.*s (%.*s)\n", tw_trigger_name((tw_trigger)r->trigger),
                   TW_FMT(members[r->member].path), r->function.n ? ":" : "", TW_FMT(r->function),
                   TW_FMT(r->reason));
    }
    tw_str text = tw_arena_str(a, tw_buf_str(&out));
    tw_buf_free(&out);
    return text;
}

#define ROOTS(ecosystem, format, want, ...)                                                          \
    do {                                                                                             \
        tw_arena *arena_ = tw_arena_new(0);                                                          \
        const file files_[] = {__VA_ARGS__};                                                         \
        CHECK_STR(roots(arena_, ecosystem, format, files_, (uint32_t)TW_COUNT(files_)), TW_S(want)); \
        tw_arena_free(arena_);                                                                       \
    } while (0)
#define NPM(want, ...) ROOTS("npm", "tar.gz", want, __VA_ARGS__)
#define SDIST(want, ...) ROOTS("pypi", "tar.gz", want, __VA_ARGS__)

TEST(hooks)
{
    NPM("command p/package.json:scripts.test (npm run test)\n"
        "install p/package.json:scripts.postinstall (postinstall script)\n"
        "build p/package.json:scripts.prepare (prepare script)\n",
        {"p/package.json", "{\"scripts\":{\"test\":\"t\",\"postinstall\":\"p\",\"prepare\":\"q\"}}"});
}

TEST(files_of_hooks)
{
    NPM("install p/lib/a.js (install script)\n"
        "install p/b.sh (install script)\n"
        "install p/c.js (install script)\n"
        "install p/package.json:scripts.install (install script)\n",
        {"p/package.json", "{\"scripts\":{\"install\":\"node ./lib/a && sh b.sh; node -e "
                           "\\\"require('./c')\\\" -- install\"}}"},
        {"p/lib/a.js", NULL}, {"p/b.sh", NULL}, {"p/c.js", NULL}, {"p/install.js", NULL});
    NPM("install p/index.js (postinstall script)\ninstall p/package.json:scripts.postinstall (postinstall "
        "script)\n"
        "import p/index.js (main)\n",
        {"p/package.json", "{\"scripts\":{\"postinstall\":\"node .\"}}"}, {"p/index.js", NULL});
    NPM("install p/d/x.js (install script)\ninstall p/package.json:scripts.install (install script)\n",
        {"p/package.json", "{\"scripts\":{\"install\":\"cd d && node x\"}}"}, {"p/d/x.js", NULL});
}

TEST(scripts_that_start_scripts)
{
    NPM("install p/b.js (postinstall script)\n"
        "install p/package.json:scripts.postinstall (postinstall script)\n"
        "install p/package.json:scripts.build (postinstall script)\n"
        "install p/package.json:scripts.prebuild (postinstall script)\n"
        "install p/package.json:scripts.x:1 (postinstall script)\n"
        "command p/package.json:scripts.y (npm run y)\n",
        {"p/package.json",
         "{\"scripts\":{\"postinstall\":\"npm run build\",\"build\":\"run-s x:*\",\"prebuild\":\"node b.js\","
         "\"x:1\":\"z\",\"y\":\"z\"}}"},
        {"p/b.js", NULL});
}

TEST(node_gyp)
{
    NPM("install p/binding.gyp:binding (node-gyp rebuild)\n", {"p/package.json", "{}"},
        {"p/binding.gyp", NULL});
    NPM("command p/binding.gyp:binding (node-gyp rebuild)\n", {"p/package.json", "{\"gypfile\":false}"},
        {"p/binding.gyp", NULL});
    NPM("install p/package.json:scripts.install (install script)\ncommand p/binding.gyp:binding (node-gyp "
        "rebuild)\n",
        {"p/package.json", "{\"scripts\":{\"install\":\"true\"}}"}, {"p/binding.gyp", NULL});
    NPM("install p/package.json:scripts.install (install script)\ninstall p/binding.gyp:binding (node-gyp "
        "rebuild)\n",
        {"p/package.json", "{\"scripts\":{\"install\":\"prebuild-install || node-gyp rebuild\"}}"},
        {"p/binding.gyp", NULL});
}

TEST(gyp_includes)
{
    NPM("install p/binding.gyp:binding (node-gyp rebuild)\n"
        "install p/lib/c.gypi:binding (node-gyp rebuild, included)\n",
        {"p/package.json", "{}"}, {"p/binding.gyp", NULL}, {"p/lib/c.gypi", NULL},
        {"p/node_modules/x/d.gypi", NULL});
    NPM("", {"p/package.json", "{}"}, {"p/c.gypi", NULL});
}

TEST(own_commands)
{
    NPM("install p/c.js (postinstall script)\ninstall p/package.json:scripts.postinstall (postinstall "
        "script)\ncommand p/c.js (bin tj)\n",
        {"p/package.json", "{\"bin\":{\"tj\":\"c.js\"},\"scripts\":{\"postinstall\":\"A=1 tj --x\"}}"},
        {"p/c.js", NULL});
    NPM("install p/c.js (install script)\ninstall p/package.json:scripts.install (install script)\n"
        "command p/c.js (bin)\n",
        {"p/package.json", "{\"name\":\"@s/tj\",\"bin\":\"c.js\",\"scripts\":{\"install\":\"true && tj\"}}"},
        {"p/c.js", NULL});
    NPM("install p/package.json:scripts.install (install script)\ncommand p/c.js (bin tj)\n",
        {"p/package.json", "{\"bin\":{\"tj\":\"c.js\"},\"scripts\":{\"install\":\"echo tj\"}}"},
        {"p/c.js", NULL});
}

TEST(modules)
{
    NPM("import p/lib/index.js (main)\n", {"p/package.json", "{\"main\":\"./lib/\"}"},
        {"p/lib/index.js", NULL}, {"p/index.js", NULL});
    NPM("import p/index.js (main)\n", {"p/package.json", "{\"main\":\"gone\"}"}, {"p/index.js", NULL});
    NPM("import p/n.node (main)\n", {"p/package.json", "{\"main\":\"n\"}"}, {"p/n.node", NULL});
    NPM("import p/a.mjs (exports)\nimport p/b.js (exports)\nimport p/f/x.js (exports)\nimport p/g/y.js "
        "(exports)\n"
        "import p/m.js (module)\nimport p/s.js (browser)\n",
        {"p/package.json",
         "{\"exports\":{\".\":{\"types\":\"./t.d.ts\",\"import\":\"./a.mjs\",\"default\":[null,\"./b.js\"]},"
         "\"./f/*\":\"./f/*.js\",\"./g/\":\"./g/\"},\"module\":\"m.js\",\"browser\":{\"./r.js\":\"./"
         "s.js\"}}"},
        {"p/a.mjs", NULL}, {"p/b.js", NULL}, {"p/f/x.js", NULL}, {"p/f/x.md", NULL}, {"p/g/y.js", NULL},
        {"p/m.js", NULL}, {"p/s.js", NULL}, {"p/t.d.ts", NULL});
}

TEST(commands)
{
    NPM("command p/c (bin)\n", {"p/package.json", "{\"bin\":\"./c\"}"}, {"p/c", NULL});
    NPM("command p/c.js (bin x)\n", {"p/package.json", "{\"bin\":{\"x\":\"c\"}}"}, {"p/c.js", NULL});
    NPM("command p/b/c (directories.bin)\n", {"p/package.json", "{\"directories\":{\"bin\":\"./b\"}}"},
        {"p/b/c", NULL}, {"p/d", NULL});
}

TEST(bundled)
{
    NPM("install p/node_modules/@s/d/package.json:scripts.install (install script)\n",
        {"p/package.json", "{\"bundleDependencies\":[\"@s/d\"]}"},
        {"p/node_modules/@s/d/package.json", "{\"scripts\":{\"install\":\"x\"}}"},
        {"p/node_modules/@s/d/test/package.json", "{\"scripts\":{\"install\":\"x\"}}"});
    NPM("", {"p/package.json", "{}"}, {"p/node_modules/d/package.json", "{\"scripts\":{\"install\":\"x\"}}"});
}

/* What npm takes and our JSON reader does not is read all the same; what is no JSON runs something unknown. */
TEST(loose_json)
{
    NPM("install p/package.json:scripts.install (install script)\n",
        {"p/package.json", "{\"d\":\"\\ud800 \xFF\",\"scripts\":{\"install\":\"x\"}}"});
    NPM("install p/package.json (package.json)\n", {"p/package.json", "{"});
}

#define INFO                                    \
    {                                           \
        "p-1/PKG-INFO", "Name: p\nVersion: 1\n" \
    }

TEST(project_entry_points)
{
    SDIST("import p-1/m.py (import of the module)\ncommand p-1/m.py:f (command x)\nplugin p-1/m.py:g (entry "
          "point grp)\n",
          INFO,
          {"p-1/pyproject.toml", "[project.scripts]\nx = 'm:f'\n[project.entry-points.grp]\ny = 'm:g [e]'\n"},
          {"p-1/m.py", NULL});
    SDIST("import p-1/m.py (import of the module)\ncommand p-1/m.py:f (command x)\n", INFO,
          {"p-1/setup.cfg", "[options.entry_points]\nconsole_scripts =\n    x = m:f\n    bad\n"},
          {"p-1/m.py", NULL});
}

TEST(build_code)
{
    SDIST(
        "import p-1/b/x.py (import of the module)\nbuild p-1/b/x.py (in-tree build backend)\n"
        "build p-1/b/x.py:main.build_wheel (in-tree build backend)\n"
        "build p-1/b/x.py:main.build_sdist (in-tree build backend)\n"
        "build p-1/b/x.py:main.build_editable (in-tree build backend)\n"
        "build p-1/b/x.py:main.get_requires_for_build_wheel (in-tree build backend)\n"
        "build p-1/b/x.py:main.get_requires_for_build_sdist (in-tree build backend)\n"
        "build p-1/b/x.py:main.get_requires_for_build_editable (in-tree build backend)\n"
        "build p-1/b/x.py:main.prepare_metadata_for_build_wheel (in-tree build backend)\n"
        "build p-1/b/x.py:main.prepare_metadata_for_build_editable (in-tree build backend)\n",
        INFO,
        {"p-1/pyproject.toml", "[build-system]\nbackend-path = [\n 'b', # c\n]\nbuild-backend = 'x:main'\n"},
        {"p-1/b/x.py", NULL});
    SDIST("import p-1/h.py (import of the module)\nbuild p-1/h.py (hatch build hook h.py)\n"
          "build p-1/h.py:*.initialize (hatch build hook)\nbuild p-1/h.py:*.finalize (hatch build hook)\n"
          "build p-1/h.py:*.clean (hatch build hook)\nbuild p-1/h.py:*.dependencies (hatch build hook)\n",
          INFO, {"p-1/pyproject.toml", "[tool.hatch.build.targets.wheel.hooks.custom]\npath = 'h.py'\n"},
          {"p-1/h.py", NULL});
    SDIST("import p-1/build.py (import of the module)\nbuild p-1/build.py (poetry build script build.py)\n"
          "build p-1/build.py:build (poetry build script)\n",
          INFO, {"p-1/pyproject.toml", "[tool.poetry]\nbuild = \"build.py\"\n"}, {"p-1/build.py", NULL});
    SDIST("install p-1/setup.py (setup.py)\nimport p-1/__init__.py (import of the package)\n", INFO,
          {"p-1/setup.py", NULL}, {"p-1/__init__.py", NULL}); /* a stray one hides no setup.py */
    SDIST("import p-1/c.py (import of the module)\nbuild p-1/c.py (cmdclass in pyproject.toml)\n"
          "build p-1/c.py:C (cmdclass in pyproject.toml)\nbuild p-1/c.py:C.run (cmdclass in pyproject.toml)\n"
          "build p-1/c.py:C.initialize_options (cmdclass in pyproject.toml)\n"
          "build p-1/c.py:C.finalize_options (cmdclass in pyproject.toml)\n",
          INFO, {"p-1/pyproject.toml", "[tool.setuptools.cmdclass]\nsdist = 'c.C'\n"}, {"p-1/c.py", NULL});
}

TEST(hooks_by_name)
{
    SDIST("import p-1/pdm_build.py (import of the module)\nbuild p-1/pdm_build.py (pdm build hook "
          "pdm_build.py)\nbuild p-1/pdm_build.py:pdm_build_* (pdm build hook)\n",
          INFO, {"p-1/pyproject.toml", "[build-system]\nbuild-backend = 'pdm.backend'\n"},
          {"p-1/pdm_build.py", NULL});
    SDIST("import p-1/m.py (import of the module)\nplugin p-1/m.py (entry point pytest11)\n"
          "plugin p-1/m.py:pytest_* (pytest hook)\n",
          INFO, {"p-1/pyproject.toml", "[project.entry-points.pytest11]\ny = 'm'\n"}, {"p-1/m.py", NULL});
    SDIST("import p-1/q/v.py (import of the module)\nbuild p-1/q/v.py:=V (attr in setup.cfg)\n", INFO,
          {"p-1/setup.cfg", "[metadata]\nversion = attr: q.v.V\n"}, {"p-1/q/v.py", NULL});
}

TEST(scripts_of_source_trees)
{
    SDIST(
        "install p-1/setup.py (setup.py)\ncommand p-1/bin/a (script bin/a)\n", INFO,
        {"p-1/setup.py", "setup(entry_points={'console_scripts': ['bin/b']}, scripts = ['bin/a', \"gone\"])"},
        {"p-1/bin/a", NULL}, {"p-1/bin/b", NULL});
    SDIST("command p-1/bin/a (script bin/a)\n", INFO, {"p-1/setup.cfg", "[options]\nscripts =\n  bin/a\n"},
          {"p-1/bin/a", NULL});
    SDIST("command p-1/bin/a (script bin/a)\n", INFO,
          {"p-1/pyproject.toml", "[tool.setuptools]\nscript-files = ['bin/a']\n"}, {"p-1/bin/a", NULL});
}

TEST(pth_where_site_looks)
{
    ROOTS("pypi", "zip",
          "import p-1.data/data/lib/python3.11/site-packages/x.pth (.pth file, at every start of Python)\n"
          "import y.pth (.pth file, at every start of Python)\n",
          {"p-1.dist-info/METADATA", "Name: p\nVersion: 1\n"},
          {"p-1.data/data/lib/python3.11/site-packages/x.pth", NULL}, {"y.pth", NULL}, {"p/z.pth", NULL});
}

TESTS_MAIN()
