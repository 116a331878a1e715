/* SPDX-License-Identifier: Apache-2.0 */
/* A file's whole code behind one more layer, in a data file, under another ending, in another module. */
#include "service/mutate/rewrite.h"

/* What stands before any code: byte order mark, #! and the coding line. */
static tw_str head_of(const mu *u)
{
    uint32_t off = u->python ? 0 : u->start;
    while (u->python && off < u->text.n && u->text.p[off] == '#') {
        while (off < u->text.n && u->text.p[off] != '\n') off++;
        off += off < u->text.n;
    }
    return tw_str_sub(u->text, 0, off);
}

static tw_str body_of(const mu *u)
{
    return tw_str_sub(u->text, head_of(u).n, u->text.n);
}

/* Code that cannot be told from where it is read, and has no declarations of a module. */
static bool wraps(const mu *u)
{
    if (u->python) return !tw_str_starts(u->text, TW_S("\xEF\xBB\xBF"));
    if (!u->module) return true;
    for (uint32_t i = 0; i < u->n; i++)
        if (mu_is(u, i, "import") || mu_is(u, i, "export") || mu_is(u, i, "await")) return false;
    return true;
}

static tw_str beside(mu *u, const char *ending, tw_str data)
{
    tw_str name = mu_fresh_file(u, ending);
    tw_mut_put(u->m, tw_arena_fmt(u->a, "%.*s%.*s", TW_FMT(mu_folder(u)), TW_FMT(name)), data);
    return name;
}

/* Forgets a file that was put beside when the rewritten source was refused. */
static bool settle(mu *u, tw_str text, tw_str put)
{
    if (mu_store(u, text)) return true;
    if (put.n) tw_mut_drop(u->m, tw_arena_fmt(u->a, "%.*s%.*s", TW_FMT(mu_folder(u)), TW_FMT(put)));
    return false;
}

/* ---- one more layer ---- */

static tw_str quoted(mu *u, tw_str s, bool bytes)
{
    tw_buf b = TW_BUF_INIT;
    if (bytes) tw_buf_putc(&b, 'b');
    mu_quote(&b, s, '\'', bytes);
    tw_str r = tw_arena_str(u->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return r;
}

static tw_str hex_of(mu *u, tw_str s)
{
    tw_buf b = TW_BUF_INIT;
    for (size_t i = 0; i < s.n; i++) tw_buf_fmt(&b, "%02x", (uint8_t)s.p[i]);
    tw_str r = tw_arena_str(u->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return r;
}

static tw_str packed(mu *u, tw_str s)
{
    tw_buf b = TW_BUF_INIT;
    mu_deflate(&b, s);
    tw_str r = mu_base64_str(u->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return r;
}

static tw_str python_layer(mu *u, tw_str body)
{
    switch (mu_below(u->rng, 5)) {
    case 0:
        return tw_arena_fmt(u->a, "exec(__import__('base64').b64decode('%.*s'))\n",
                            TW_FMT(mu_base64_str(u->a, body)));
    case 1: return tw_arena_fmt(u->a, "exec(bytes.fromhex('%.*s').decode())\n", TW_FMT(hex_of(u, body)));
    case 2:
        return tw_arena_fmt(u->a,
                            "import zlib as _z, base64 as "
                            "_b\nexec(compile(_z.decompress(_b.b64decode('%.*s')), '<string>', 'exec'))\n",
                            TW_FMT(packed(u, body)));
    case 3: {
        tw_str name = mu_fresh(u);
        return tw_arena_fmt(u->a, "%.*s = %.*s\nexec(%.*s)\n", TW_FMT(name), TW_FMT(quoted(u, body, true)),
                            TW_FMT(name));
    }
    default:
        return tw_arena_fmt(u->a, "eval(compile(__import__('base64').b64decode('%.*s'), 'm', 'exec'))\n",
                            TW_FMT(mu_base64_str(u->a, body)));
    }
}

static tw_str script_layer(mu *u, tw_str body)
{
    tw_str code = mu_base64_str(u->a, body);
    uint32_t how = mu_below(u->rng, u->module ? 3 : 5);
    switch (how) {
    case 0:
        return tw_arena_fmt(u->a, "eval(Buffer.from('%.*s', 'base64').toString('utf8'));\n", TW_FMT(code));
    case 1:
        if (mu_ascii(body)) return tw_arena_fmt(u->a, "eval(atob('%.*s'));\n", TW_FMT(code));
        return tw_arena_fmt(u->a, "eval(Buffer.from('%.*s', 'hex').toString());\n", TW_FMT(hex_of(u, body)));
    case 2: {
        tw_str name = mu_fresh(u);
        return tw_arena_fmt(u->a, "const %.*s = %.*s;\neval(%.*s);\n", TW_FMT(name),
                            TW_FMT(quoted(u, body, false)), TW_FMT(name));
    }
    case 3:
        return tw_arena_fmt(u->a, "module._compile(Buffer.from('%.*s', 'base64').toString(), __filename);\n",
                            TW_FMT(code));
    default:
        return tw_arena_fmt(u->a,
                            "new Function('require', 'module', 'exports', '__dirname', '__filename', "
                            "Buffer.from('%.*s', 'base64').toString())"
                            ".call(this, require, module, exports, __dirname, __filename);\n",
                            TW_FMT(code));
    }
}

static bool statement_head(const mu *u, uint32_t open)
{
    static const char *const heads[] = {"if", "while", "for", "switch", "with", "catch", "await", NULL};
    return open && mu_is_any(u, open - 1, heads);
}

/* eval has no `return` and no name of its own for the arguments. */
static bool evaluates(const mu *u)
{
    static const char *const never[] = {"arguments", NULL};
    if (u->python || !mu_mentions(u, (const char *const[]){"return", "arguments", NULL})) return true;
    if (mu_mentions(u, never)) return false;
    for (uint32_t i = 0; i < u->n; i++)
        if (mu_is(u, i, "return")) {
            bool inside = false;
            for (uint32_t k = i; k-- > 0 && !inside;)
                if (u->t[k].flags & TW_TOKF_CLOSES)
                    k = u->t[k].pair;
                else if (u->t[k].flags & TW_TOKF_OPENS && mu_is(u, k, "{"))
                    inside = k && (mu_is(u, k - 1, "=>") ||
                                   (mu_is(u, k - 1, ")") && !statement_head(u, u->t[k - 1].pair)));
            if (!inside) return false;
        }
    return true;
}

bool mu_layer(mu *u)
{
    if (!wraps(u) || !evaluates(u)) return false;
    tw_str head = head_of(u), body = body_of(u);
    tw_str text = u->python ? python_layer(u, body) : script_layer(u, body);
    const char *line = head.n && head.p[head.n - 1] != '\n' ? "\n" : "";
    return mu_store(u, tw_arena_fmt(u->a, "%.*s%s%.*s", TW_FMT(head), line, TW_FMT(text)));
}

/* ---- a data file ---- */

static tw_str python_read(mu *u, tw_str name, const char *mode)
{
    return mu_below(u->rng, 2)
               ? tw_arena_fmt(u->a,
                              "open(__import__('os').path.join(__import__('os').path.dirname(__import__('os')"
                              ".path.abspath(__file__)), '%.*s'), '%s').read()",
                              TW_FMT(name), mode)
               : tw_arena_fmt(
                     u->a, "__import__('pathlib').Path(__file__).resolve().parent.joinpath('%.*s').read_%s()",
                     TW_FMT(name), mode[1] == 'b' ? "bytes" : "text");
}

static bool known_place(const mu *u)
{
    if (!u->python) return !u->module;
    return tw_str_find(u->text, TW_S("__file__ =")) == TW_NPOS;
}

static const char *const data_endings[] = {".dat", ".bin", ".txt", ".json", ".pem", ".png"};

static const char *data_ending(mu *u)
{
    return data_endings[mu_below(u->rng, TW_COUNT(data_endings))];
}

bool mu_data(mu *u)
{
    if (!wraps(u) || !evaluates(u) || !known_place(u)) return false;
    tw_str head = head_of(u), body = body_of(u), text, name;
    bool code = mu_below(u->rng, 2);
    name = beside(u, data_ending(u), code ? mu_base64_str(u->a, body) : body);
    if (u->python) {
        tw_str read = python_read(u, name, "rb");
        text = code ? tw_arena_fmt(u->a, "exec(__import__('base64').b64decode(%.*s))\n", TW_FMT(read))
                    : tw_arena_fmt(u->a, "exec(compile(%.*s, __file__, 'exec'))\n", TW_FMT(read));
    } else {
        tw_str path = mu_below(u->rng, 2)
                          ? tw_arena_fmt(u->a, "__dirname + '/%.*s'", TW_FMT(name))
                          : tw_arena_fmt(u->a, "require('path').join(__dirname, '%.*s')", TW_FMT(name));
        text =
            code ? tw_arena_fmt(
                       u->a,
                       "eval(Buffer.from(require('fs').readFileSync(%.*s, 'utf8'), 'base64').toString());\n",
                       TW_FMT(path))
                 : tw_arena_fmt(u->a, "eval(require('fs').readFileSync(%.*s, 'utf8'));\n", TW_FMT(path));
    }
    const char *line = head.n && head.p[head.n - 1] != '\n' ? "\n" : "";
    return settle(u, tw_arena_fmt(u->a, "%.*s%s%.*s", TW_FMT(head), line, TW_FMT(text)), name);
}

/* ---- another module, another ending ---- */

/* Code that can tell under which name it runs. */
static bool tells_its_name(const mu *u)
{
    static const char *const script[] = {"__filename", "parent", "children", "main",
                                         "module",     "isMain", NULL};
    static const char *const python[] = {"__name__",    "__file__",    "__main__", "global",
                                         "__path__",    "__package__", "__spec__", "inspect",
                                         "sys_modules", "__all__",     NULL};
    if (u->python) return mu_mentions(u, python);
    for (uint32_t i = 0; i < u->n; i++) {
        if (!mu_is_any(u, i, script)) continue;
        if (mu_is(u, i, "module") && mu_is(u, i + 1, ".") && mu_is(u, i + 2, "exports")) continue;
        if (mu_is(u, i, "main") || mu_is(u, i, "parent") || mu_is(u, i, "children"))
            if (!mu_member(u, i)) continue;
        return true;
    }
    return false;
}

/* Names with an underscore in front are not taken by a star. */
static bool asked_for_private(const mu *u)
{
    for (uint32_t i = 0; i < u->n; i++)
        if (mu_kind(u, i, TW_TOK_NAME) && !mu_member(u, i) && mu_text(u, i).p[0] == '_' &&
            mu_elsewhere(u, mu_text(u, i)))
            return true;
    return false;
}

static bool in_package(mu *u)
{
    return mu_folder(u).n && tw_mut_find(u->m, tw_arena_fmt(u->a, "%.*s__init__.py", TW_FMT(mu_folder(u))));
}

static bool move_python(mu *u)
{
    bool relative = in_package(u);
    if (asked_for_private(u) || mu_star(u) || mu_dynamic(u)) return false;
    if (!relative && tw_str_eq(tw_str_base(mu_file(u)->path), TW_S("conf.py"))) return false;
    tw_str name = beside(u, ".py", u->text), stem = mu_stem(name);
    return settle(u, tw_arena_fmt(u->a, "from %s%.*s import *\n", relative ? "." : "", TW_FMT(stem)), name);
}

static bool move_script(mu *u, const char *ending, bool bare)
{
    if (u->module) { /* nothing is exported: to load it is all */
        if (!wraps(u) || mu_mentions(u, (const char *const[]){"import", "export", NULL})) return false;
        tw_str name = beside(u, ".mjs", u->text);
        return settle(u, tw_arena_fmt(u->a, "import './%.*s';\n", TW_FMT(name)), name);
    }
    tw_str head = head_of(u);
    tw_str name = beside(u, ending, tw_str_sub(u->text, u->start, u->text.n));
    const char *line = head.n && head.p[head.n - 1] != '\n' ? "\n" : "";
    return settle(u,
                  tw_arena_fmt(u->a, "%.*s%smodule.exports = require('./%.*s');\n", TW_FMT(head), line,
                               TW_FMT(bare ? mu_stem(name) : name)),
                  name);
}

bool mu_move(mu *u)
{
    if (tells_its_name(u)) return false;
    if (u->python) return move_python(u);
    bool all = tw_mut_esm_package(u->m);
    return move_script(u, all ? ".cjs" : ".js", !all && mu_below(u->rng, 2));
}

/* Python: read by a loader from a file that no import would find. JavaScript: `require` takes any ending as JavaScript. */
static bool ext_python(mu *u)
{
    static const char *const endings[] = {".pyw", ".inc", ".so.py.txt", ".lib"};
    if (!known_place(u)) return false;
    tw_str name = beside(u, endings[mu_below(u->rng, 4)], u->text);
    tw_str text = tw_arena_fmt(u->a,
                               "from importlib.machinery import SourceFileLoader as _L\nimport os as _o\n"
                               "exec(_L(__name__, _o.path.join(_o.path.dirname(_o.path.abspath(__file__)), "
                               "'%.*s')).get_source(__name__))\n",
                               TW_FMT(name));
    return settle(u, text, name);
}

bool mu_ext(mu *u)
{
    static const char *const endings[] = {".cjs", ".lib", ".txt", ".min", ".js.map"};
    if (u->python) return ext_python(u);
    if (tells_its_name(u)) return false;
    return move_script(u, endings[mu_below(u->rng, TW_COUNT(endings))], false);
}
