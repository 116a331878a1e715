/* SPDX-License-Identifier: Apache-2.0 */
/* Files evaluated in a package that is a table here: what they read and run becomes a layer, and what cannot be known
 * does not. */
#include "engine/engine.h"
#include "engine/languages/languages.h"
#include "engine/record/world.h"
#include "tap.h"

#include <zlib.h>

typedef struct file {
    const char *path, *text;
    size_t n; /* 0: as long as the text is */
} file;

typedef struct stage {
    const file *files;
    size_t n;
} stage;

static tw_world_has stage_read(void *ctx, tw_str path, tw_str *ret)
{
    const stage *s = ctx;
    for (size_t i = 0; i < s->n; i++)
        if (tw_str_eq(path, tw_str_c(s->files[i].path))) {
            *ret = s->files[i].n ? tw_str_of(s->files[i].text, s->files[i].n) : tw_str_c(s->files[i].text);
            return TW_WORLD_HERE;
        }
    return TW_WORLD_NONE;
}

static bool stage_list(void *ctx, tw_str dir, uint32_t i, tw_str *ret_name)
{
    const stage *s = ctx;
    for (size_t k = 0; k < s->n; k++) {
        tw_str path = tw_str_c(s->files[k].path), base = tw_str_base(path);
        if (tw_str_starts(path, dir) && path.n - base.n == dir.n + 1 && !i--) return *ret_name = base, true;
    }
    return false;
}

static const tw_record *no_name(void *ctx, tw_str symbol, uint32_t *ret_value, tw_str *ret_path)
{
    (void)ctx, (void)symbol, (void)ret_value, (void)ret_path;
    return NULL;
}

typedef struct got {
    char layers[2048]; /* "recipe|text\n" of executed ones, over all choices */
    const char *why;
} got;

static got run(tw_lang lang, const char *path, const char *source, const file *files, size_t n)
{
    got g = {0};
    stage s = {files, n};
    tw_arena *a = tw_arena_new(0);
    tw_limits lim = tw_limits_default();
    tw_ir *ir = TW_NEW(a, tw_ir);
    tw_front_of(lang)->lower(a, tw_str_c(source), &lim, ir);
    tw_world w = {.ctx = &s,
                  .path = tw_str_c(path),
                  .module = TW_S("pkg.m"),
                  .package = TW_S("pkg"),
                  .source = tw_str_c(source),
                  .read = stage_read,
                  .list = stage_list,
                  .name = no_name};
    for (w.choice = 0; w.choice == 0 || w.choice < w.n_choices; w.choice++) {
        tw_record *r = TW_NEW(a, tw_record);
        tw_evaluate_in(a, ir, &lim, &w, r);
        for (uint32_t i = 0; i < r->n_layers; i++) {
            char line[512];
            const tw_rec_layer *l = &r->layers[i];
            bool never = l->call < r->n_calls && r->calls[l->call].flags & TW_RC_NEVER;
            snprintf(line, sizeof line, "%.*s|%.*s\n", TW_FMT(tw_rec_str(r, l->recipe)),
                     TW_FMT(tw_rec_str(r, l->bytes)));
            bool known = strstr(g.layers, line) != NULL;
            if (l->executed && !never && !known && strlen(g.layers) + strlen(line) < sizeof g.layers)
                strcat(g.layers, line);
        }
    }
    g.why = w.why;
    tw_arena_free(a);
    return g;
}

#define PY(source, ...) \
    run_py(source, (const file[]){__VA_ARGS__}, sizeof((const file[]){__VA_ARGS__}) / sizeof(file))
static got run_py(const char *source, const file *files, size_t n)
{
    return run(TW_LANG_PYTHON, "pkg/m.py", source, files, n);
}
#define JS(source, ...) \
    run_js(source, (const file[]){__VA_ARGS__}, sizeof((const file[]){__VA_ARGS__}) / sizeof(file))
static got run_js(const char *source, const file *files, size_t n)
{
    return run(TW_LANG_JAVASCRIPT, "lib/m.js", source, files, n);
}
#define GIVES(g, want)                                    \
    do {                                                  \
        got got_ = g;                                     \
        CHECK_STR(tw_str_c(got_.layers), tw_str_c(want)); \
    } while (0)

static const char A[] = "a = 1", B64[] = "YSA9IDE=";

TEST(python_paths)
{
    GIVES(PY("exec(open('x.txt').read())", {"pkg/x.txt", A, 0}), "file pkg/x.txt|a = 1\n");
    GIVES(PY("exec(open('x.txt').read())", {"x.txt", A, 0}), "file x.txt|a = 1\n");
    GIVES(PY("import os\nexec(open(os.path.join(os.path.dirname(__file__), 'd', 'x.txt')).read())",
             {"pkg/d/x.txt", A, 0}),
          "file pkg/d/x.txt|a = 1\n");
    GIVES(PY("import os\nh = os.path.abspath(os.path.dirname(os.path.dirname(__file__)))\nexec(open(h + "
             "'/x.txt').read())",
             {"x.txt", A, 0}),
          "file x.txt|a = 1\n");
    GIVES(PY("from pathlib import Path\nexec((Path(__file__).resolve().parent / 'x.txt').read_text())",
             {"pkg/x.txt", A, 0}),
          "file pkg/x.txt|a = 1\n");
    GIVES(PY("from pathlib import Path\nexec(Path(__file__).with_name('x.txt').read_bytes())",
             {"pkg/x.txt", A, 0}),
          "file pkg/x.txt|a = 1\n");
    GIVES(PY("from pathlib import Path\nexec(Path(__file__).with_suffix('.dat').read_bytes())",
             {"pkg/m.dat", A, 0}),
          "file pkg/m.dat|a = 1\n");
    GIVES(PY("exec(open('/etc/x.txt').read())", {"etc/x.txt", A, 0}), "");
    GIVES(PY("exec(open('../../../x.txt').read())", {"y.txt", A, 0}), "");
}

TEST(python_files)
{
    GIVES(PY("with open('x', 'rb') as f:\n    exec(f.read())", {"pkg/x", A, 0}), "file pkg/x|a = 1\n");
    GIVES(PY("import base64\nexec(base64.b64decode(open('x').read()))", {"pkg/x", B64, 0}),
          "file pkg/x > base64|a = 1\n");
    GIVES(PY("f = open('x', 'rb')\nf.seek(3)\nexec(f.read())", {"pkg/x", "xyza = 1", 0}),
          "file pkg/x|a = 1\n");
    GIVES(PY("f = open('x', 'rb')\nf.seek(-5, 2)\nexec(f.read())", {"pkg/x", "xyza = 1", 0}),
          "file pkg/x|a = 1\n");
    GIVES(PY("f = open('x', 'rb')\nf.read(3)\nexec(f.read())", {"pkg/x", "xyza = 1", 0}),
          "file pkg/x|a = 1\n");
    GIVES(PY("f = open('x')\nf.mystery()\nexec(f.read())", {"pkg/x", A, 0}), "");
    GIVES(PY("exec(open('x', 'w').read())", {"pkg/x", A, 0}), "");
    GIVES(PY("exec(open('x').readlines()[1])", {"pkg/x", "b = 2\na = 1", 0}), "file pkg/x|a = 1\n");
    GIVES(PY("exec(open('x').read().split('#END')[1])", {"pkg/x", "data#ENDa = 1", 0}), "file pkg/x|a = 1\n");
    GIVES(PY("exec(open('x').read())", {"pkg/x", "a = 1\r\nb = 2", 0}), "file pkg/x|a = 1\nb = 2\n");
    GIVES(PY("exec(open('x').read())", {"pkg/x", "\xff\xfe", 0}), "");
    GIVES(PY("exec(open('i.png', 'rb').read().split(b'IEND')[-1][4:])",
             {"pkg/i.png", "\x89PNG\0\0IEND1234a = 1", 19}),
          "file pkg/i.png|a = 1\n");
}

TEST(python_resources)
{
    const file x = {"pkg/d/x", A, 0}, init = {"pkg/__init__.py", "", 0};
    GIVES(PY("import pkgutil\nexec(pkgutil.get_data('pkg', 'd/x'))", x, init), "file pkg/d/x|a = 1\n");
    GIVES(PY("import pkgutil\nexec(pkgutil.get_data(__package__, 'd/x'))", x, init), "file pkg/d/x|a = 1\n");
    GIVES(PY("import pkg_resources as p\nexec(p.resource_string(__name__, 'd/x'))", x),
          "file pkg/d/x|a = 1\n");
    GIVES(PY("from importlib import resources\nexec(resources.read_text('pkg', 'd/x'))", x, init),
          "file pkg/d/x|a = 1\n");
    GIVES(PY("from importlib.resources import files\nexec(files('pkg').joinpath('d', 'x').read_bytes())", x,
             init),
          "file pkg/d/x|a = 1\n");
    GIVES(PY("from importlib.resources import files\nexec((files(__package__) / 'd' / 'x').read_text())", x,
             init),
          "file pkg/d/x|a = 1\n");
    GIVES(
        PY("import json\nexec(json.load(open('k.json'))['k'][0])", {"pkg/k.json", "{\"k\": [\"a = 1\"]}", 0}),
        "file pkg/k.json > json|a = 1\n");
    GIVES(PY("import json\nexec(json.loads(open('k.json').read())['no'])", {"pkg/k.json", "{\"k\": 1}", 0}),
          "");
    GIVES(PY("import zipfile\nexec(zipfile.ZipFile('b.zip').read('m'))", {"pkg/b.zip", "PK", 0},
             {"pkg/b.zip!/m", A, 0}),
          "file pkg/b.zip!/m|a = 1\n");
    GIVES(PY("import zipfile\nwith zipfile.ZipFile('b.zip') as z:\n  with z.open('m') as f:\n    "
             "exec(f.read())",
             {"pkg/b.zip", "PK", 0}, {"pkg/b.zip!/m", A, 0}),
          "file pkg/b.zip!/m|a = 1\n");
    GIVES(PY("import runpy\nrunpy.run_path('x.dat')", {"pkg/x.dat", A, 0}), "file pkg/x.dat|a = 1\n");
}

TEST(python_own_text)
{
    GIVES(PY("'''a = 1'''\nexec(__doc__)", {"x", "", 0}), "file pkg/m.py docstring|a = 1\n");
    GIVES(PY("'''a = 1'''.strip()\nexec(__doc__)", {"x", "", 0}), "");
    GIVES(PY("x = 1\n'''a = 1'''\nexec(__doc__)", {"x", "", 0}), "");
    const char *own = "exec(open(__file__).read().split('#' + 'MARK')[1])\n#MARK\na = 1";
    GIVES(PY(own, {"pkg/m.py", own, 0}), "file pkg/m.py|\na = 1\n");
    GIVES(
        PY("import inspect, sys\nexec(inspect.getsource(sys.modules[__name__]).split('#' + 'M')[1])\n#Ma = 1",
           {"x", "", 0}),
        "file source|a = 1\n");
}

TEST(python_functions)
{
    GIVES(
        PY("def load(p):\n    with open(p) as f:\n        return f.read()\nexec(load('x'))", {"pkg/x", A, 0}),
        "file pkg/x|a = 1\n");
    GIVES(PY("def go(code):\n    exec(code)\ngo(open('x').read())", {"pkg/x", A, 0}), "file pkg/x|a = 1\n");
    GIVES(PY("class C:\n  def go(self, code):\n    exec(code)\nC().go(open('x').read())", {"pkg/x", A, 0}),
          "file pkg/x|a = 1\n");
    GIVES(PY("exec(bytes(b ^ 1 for b in open('x', 'rb').read()))", {"pkg/x", "`!<!0", 0}), "bytes|a = 1\n");
    GIVES(
        PY("def dec(d, k):\n    out = []\n    for b in d:\n        out.append(b ^ k)\n    return bytes(out)\n"
           "exec(dec(open('x', 'rb').read(), 1))",
           {"pkg/x", "`!<!0", 0}),
        "bytes|a = 1\n");
}

TEST(python_any_of_a_folder)
{
    const file a = {"pkg/d/a.dat", "a = 1", 0}, b = {"pkg/d/b.dat", "b = 2", 0},
               c = {"pkg/d/c.txt", "c = 3", 0};
    GIVES(PY("import os\nfor n in os.listdir('d'):\n    if n.endswith('.dat'):\n        "
             "exec(open(os.path.join('d', n)).read())",
             a, b, c),
          "file pkg/d/a.dat|a = 1\nfile pkg/d/b.dat|b = 2\n");
    GIVES(PY("import glob\nfor n in glob.glob('d/*.dat'):\n    exec(open(n).read())", a, b, c),
          "file pkg/d/a.dat|a = 1\nfile pkg/d/b.dat|b = 2\n");
    GIVES(PY("from pathlib import Path\nfor p in (Path(__file__).parent / 'd').iterdir():\n    "
             "exec(p.read_text())",
             a, c),
          "file pkg/d/a.dat|a = 1\nfile pkg/d/c.txt|c = 3\n");
}

TEST(why_not)
{
    got g = PY("exec(open('gone').read())", {"pkg/x", A, 0});
    CHECK(g.why && strstr(g.why, "not in the package"));
    g = PY("from PIL import Image\nexec(bytes(Image.open('i.png').getdata()))", {"pkg/i.png", A, 0});
    CHECK(g.why && strstr(g.why, "pixels"));
    CHECK_STR(tw_str_c(g.layers), TW_S(""));
}

TEST(javascript_files)
{
    const file x = {"lib/x.dat", "f(1)", 0};
    GIVES(JS("const fs = require('fs'), path = require('path');"
             "eval(fs.readFileSync(path.join(__dirname, 'x.dat'), 'utf8'));",
             x),
          "file lib/x.dat|f(1)\n");
    GIVES(JS("const fs = require('fs'); eval(fs.readFileSync(__dirname + '/x.dat').toString());", x),
          "file lib/x.dat|f(1)\n");
    GIVES(
        JS("const fs = require('fs'); eval(fs.readFileSync(`${__dirname}/x.dat`, {encoding: 'utf-8'}));", x),
        "file lib/x.dat|f(1)\n");
    GIVES(JS("const fs = require('fs'); fs.readFile(__dirname + '/x.dat', 'utf8', (err, d) => { new "
             "Function(d)(); });",
             x),
          "file lib/x.dat|f(1)\n");
    GIVES(JS("const fs = require('fs'); fs.promises.readFile(__dirname + '/x.dat').then(d => "
             "eval(d.toString()));",
             x),
          "file lib/x.dat|f(1)\n");
    GIVES(JS("const {readFile} = require('fs/promises');"
             "(async () => { eval(await readFile(__dirname + '/x.dat', 'utf8')); })();",
             x),
          "file lib/x.dat|f(1)\n");
    GIVES(JS("import fs from 'fs'; eval(fs.readFileSync(new URL('./x.dat', import.meta.url), 'utf8'));", x),
          "file lib/x.dat|f(1)\n");
    GIVES(JS("const b = require('fs').readFileSync(__dirname + '/i.png'); eval(b.slice(b.indexOf('IEND') + "
             "8).toString());",
             {"lib/i.png", "\x89PNG\0IEND1234f(1)", 17}),
          "file lib/i.png|f(1)\n");
    GIVES(JS("const b = require('fs').readFileSync(__dirname + '/i.png'); "
             "eval(b.subarray(-4).toString('utf8'));",
             {"lib/i.png", "\x89PNG\0IEND1234f(1)", 17}),
          "file lib/i.png|f(1)\n");
    GIVES(JS("const fs = require('fs'); eval(fs.readFileSync(process.argv[2], 'utf8'));", x), "");
    GIVES(JS("const fs = require('fs'); eval(fs.readFileSync(__dirname + '/gone.dat', 'utf8'));", x), "");
}

TEST(javascript_json)
{
    const file d = {"lib/d.json", "{\"k\": \"f(1)\", \"l\": [\"f(2)\"]}", 0};
    GIVES(JS("eval(require('./d.json').k)", d), "file lib/d.json > json|f(1)\n");
    GIVES(JS("const {k, l} = require('./d.json'); eval(l[0])", d), "file lib/d.json > json|f(2)\n");
    GIVES(JS("eval(JSON.parse(require('fs').readFileSync(__dirname + '/d.json', 'utf8')).k)", d),
          "file lib/d.json|f(1)\n");
    GIVES(JS("eval(require('./d.json').m)", d), "");
}

TEST(decoding_steps)
{
    CHECK(tw_recipe_decodes(TW_S("")) == 0);
    CHECK(tw_recipe_decodes(TW_S("file a")) == 0);
    CHECK(tw_recipe_decodes(TW_S("file a > json")) == 0);
    CHECK(tw_recipe_decodes(TW_S("from k.py > base64 > zlib")) == 2);
    CHECK(tw_recipe_decodes(TW_S("base64")) == 1);
}

TEST(bounded)
{
    /* a file that reads itself over and over, and one whose content unpacks to more than a value may hold */
    char big[4096] = "import zlib\nx = open('b','rb').read()\nexec(zlib.decompress(x))\n";
    size_t room = 20u << 20;
    unsigned char *zeros = calloc(1, room), *packed = malloc(room);
    uLongf n = (uLongf)room;
    CHECK(compress2(packed, &n, zeros, room, 9) == Z_OK);
    const file f[] = {{"pkg/b", (const char *)packed, n}};
    GIVES(run_py(big, f, 1), "");
    free(zeros), free(packed);
    got g = PY("def f(x):\n    exec(x)\n    f(x + x)\nf(open('x').read())", {"pkg/x", A, 0});
    CHECK(strstr(g.layers, "file pkg/x|a = 1\n") && strlen(g.layers) < sizeof g.layers - 1);
}

TESTS_MAIN()
