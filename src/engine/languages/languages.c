/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/languages/languages.h"

#include "engine/artifact/artifact.h"

typedef struct by_extension {
    const char *ext; /* lower case, without the dot */
    tw_text_class what;
    const char *name;
} by_extension;

/* What is not here is judged by its shebang, then by its content. */
static const by_extension extensions[] = {
    {"py", TW_TEXT_CODE, "python"},
    {"pyw", TW_TEXT_CODE, "python"},
    {"pyi", TW_TEXT_CODE, "python"},
    {"py3", TW_TEXT_CODE, "python"},
    {"pth", TW_TEXT_CODE, "pth"},
    {"gyp", TW_TEXT_CODE, "manifest"},
    {"gypi", TW_TEXT_CODE, "manifest"},
    {"js", TW_TEXT_CODE, "javascript"},
    {"cjs", TW_TEXT_CODE, "javascript"},
    {"mjs", TW_TEXT_CODE, "javascript"},
    {"jsx", TW_TEXT_CODE, "javascript"},
    {"ts", TW_TEXT_CODE, "typescript"},
    {"tsx", TW_TEXT_CODE, "tsx"},
    {"mts", TW_TEXT_CODE, "typescript"},
    {"cts", TW_TEXT_CODE, "typescript"},
    {"sh", TW_TEXT_CODE, "shell"},
    {"bash", TW_TEXT_CODE, "shell"},
    {"zsh", TW_TEXT_CODE, "shell"},
    {"ksh", TW_TEXT_CODE, "shell"},
    {"command", TW_TEXT_CODE, "shell"}, /* macOS starts it in a terminal */
    {"ps1", TW_TEXT_CODE, "powershell"},
    {"psm1", TW_TEXT_CODE, "powershell"},
    {"psd1", TW_TEXT_CODE, "powershell"},
    {"bat", TW_TEXT_CODE, "batch"},
    {"cmd", TW_TEXT_CODE, "batch"},
    {"vbs", TW_TEXT_CODE, "vbscript"},
    {"vbe", TW_TEXT_CODE, "vbscript"},
    {"jse", TW_TEXT_CODE, "jscript"},
    {"wsf", TW_TEXT_CODE, "windows script"},
    {"hta", TW_TEXT_CODE, "html application"},
    {"pyx", TW_TEXT_CODE, "cython"},
    {"pxd", TW_TEXT_CODE, "cython"},
    {"c", TW_TEXT_CODE, "c"},
    {"cc", TW_TEXT_CODE, "c++"},
    {"cpp", TW_TEXT_CODE, "c++"},
    {"cxx", TW_TEXT_CODE, "c++"},
    {"h", TW_TEXT_CODE, "c"},
    {"hpp", TW_TEXT_CODE, "c++"},
    {"m", TW_TEXT_CODE, "objective-c"},
    {"rs", TW_TEXT_CODE, "rust"},
    {"go", TW_TEXT_CODE, "go"},
    {"java", TW_TEXT_CODE, "java"},
    {"rb", TW_TEXT_CODE, "ruby"},
    {"pl", TW_TEXT_CODE, "perl"},
    {"php", TW_TEXT_CODE, "php"},
    {"lua", TW_TEXT_CODE, "lua"},
    {"ipynb", TW_TEXT_CODE, "notebook"},
    {"pyc", TW_TEXT_CODE, "python bytecode"},
    {"pyo", TW_TEXT_CODE, "python bytecode"},
    {"pyd", TW_TEXT_NATIVE, "shared library"},
    {"so", TW_TEXT_NATIVE, "shared library"},
    {"dll", TW_TEXT_NATIVE, "shared library"},
    {"dylib", TW_TEXT_NATIVE, "shared library"},
    {"node", TW_TEXT_NATIVE, "shared library"},
    {"exe", TW_TEXT_NATIVE, "program"},
    {"txt", TW_TEXT_INERT, "prose"},
    {"md", TW_TEXT_INERT, "prose"},
    {"rst", TW_TEXT_INERT, "prose"},
    {"html", TW_TEXT_INERT, "markup"},
    {"css", TW_TEXT_INERT, "markup"},
    {"json", TW_TEXT_INERT, "data"},
    {"yaml", TW_TEXT_INERT, "data"},
    {"yml", TW_TEXT_INERT, "data"},
    {"toml", TW_TEXT_INERT, "data"},
    {"cfg", TW_TEXT_INERT, "data"},
    {"ini", TW_TEXT_INERT, "data"},
    {"csv", TW_TEXT_INERT, "data"},
    {"map", TW_TEXT_INERT, "data"},
};

typedef struct by_kind {
    int kind;
    const char *name;
    const tw_front_end *front;
} by_kind;

static const by_kind native_kinds[] = {
    {TW_KIND_ELF, "ELF", &tw_front_native},      {TW_KIND_PE, "PE", &tw_front_native},
    {TW_KIND_MACHO, "Mach-O", &tw_front_native}, {TW_KIND_WASM, "WebAssembly", &tw_front_native},
    {TW_KIND_JAVA_CLASS, "Java class", NULL},
};

/* By the whole base name: manifests with values that are code. */
static const char *const manifests[] = {"package.json", "binding.gyp", "setup.cfg", "pyproject.toml"};

typedef struct by_interpreter {
    const char *program; /* without its version: python3.11 is python */
    const char *name;
} by_interpreter;

static const by_interpreter interpreters[] = {
    {"python", "python"},   {"pythonw", "python"},
    {"pypy", "python"},     {"uv", "python"},
    {"pipx", "python"},     {"ipython", "python"},
    {"node", "javascript"}, {"nodejs", "javascript"},
    {"bun", "typescript"},  {"deno", "typescript"},
    {"tsx", "typescript"},  {"ts-node", "typescript"},
    {"sh", "shell"},        {"bash", "shell"},
    {"dash", "shell"},      {"ash", "shell"},
    {"zsh", "shell"},       {"ksh", "shell"},
    {"mksh", "shell"},      {"pwsh", "powershell"},
    {"busybox", "shell"},   {"powershell", "powershell"},
    {"fish", "fish"},       {"csh", "csh"},
    {"tcsh", "csh"},        {"perl", "perl"},
    {"ruby", "ruby"},       {"php", "php"},
    {"lua", "lua"},         {"tclsh", "tcl"},
    {"awk", "awk"},         {"osascript", "applescript"},
};

static const tw_front_end *const fronts[] = {
    &tw_front_python,   &tw_front_javascript, &tw_front_typescript, &tw_front_tsx,
    &tw_front_notebook, &tw_front_pth,        &tw_front_manifest,   &tw_front_shell,
    &tw_front_batch,    &tw_front_powershell, &tw_front_bytecode,   &tw_front_native,
};

const tw_front_end *tw_front_of(tw_lang lang)
{
    for (size_t i = 0; i < TW_COUNT(fronts); i++)
        if (fronts[i]->lang == lang) return fronts[i];
    return NULL;
}

const tw_front_end *tw_front_named(const char *name)
{
    for (size_t i = 0; i < TW_COUNT(fronts); i++)
        if (!strcmp(tw_lang_name(fronts[i]->lang), name)) return fronts[i];
    return NULL;
}

static tw_language code(const char *name)
{
    return (tw_language){TW_TEXT_CODE, tw_front_named(name), name};
}

/* "/usr/bin/python3.11" -> "python" */
static tw_str program_of(tw_str word)
{
    word = tw_str_base(word);
    if (tw_str_ends(word, TW_S(".exe"))) word.n -= 4;
    while (word.n && ((word.p[word.n - 1] >= '0' && word.p[word.n - 1] <= '9') || word.p[word.n - 1] == '.' ||
                      (word.p[word.n - 1] == '-' && word.n > 1)))
        word.n--;
    return word;
}

/* The program a shebang line starts; env's own options and variables are passed over. */
static tw_str shebang_program(tw_str line)
{
    tw_str word, program = TW_S("");
    bool env = false, operand = false;
    for (int i = 0; i < 64 && tw_str_split(&line, ' ', &word); i++) {
        word = tw_str_trim(word);
        if (!word.n) continue;
        if (env && tw_str_starts(word, TW_S("-S")) && word.n > 2) word = tw_str_sub(word, 2, word.n);
        if (env && (operand || word.p[0] == '-' || tw_str_chr(word, '=') != TW_NPOS)) {
            operand = !operand && (tw_str_eq(word, TW_S("-u")) || tw_str_eq(word, TW_S("-C")));
            continue;
        }
        program = program_of(word);
        if (env || !tw_str_eq(program, TW_S("env"))) break;
        env = true;
    }
    return program;
}

/* Node loads a file without an extension as a module, whatever its name. */
static bool is_module(tw_str base, tw_str data)
{
    static const tw_str signs[] = {TW_SI("require("), TW_SI("module.exports")};
    tw_str head = tw_str_sub(data, 0, 64 << 10);
    bool found = false;
    if (tw_str_chr(base, '.') != TW_NPOS) return false;
    for (size_t i = 0; i < TW_COUNT(signs); i++) found |= tw_str_find(head, signs[i]) != TW_NPOS;
    return found;
}

static tw_language by_content(tw_str base, tw_str data, int kind)
{
    if (kind == TW_KIND_TEXT && data.p && is_module(base, data)) return code("javascript");
    if (kind != TW_KIND_SCRIPT || !data.p) return (tw_language){TW_TEXT_INERT, NULL, "data"};
    tw_str line = tw_str_sub(data, 0, tw_str_chr(tw_str_sub(data, 0, 1024), '\n'));
    if (line.n > 1024) line.n = 1024;
    tw_str program = shebang_program(tw_str_sub(line, 2, line.n));
    for (size_t i = 0; i < TW_COUNT(interpreters); i++)
        if (tw_str_ieq(program, tw_str_c(interpreters[i].program))) return code(interpreters[i].name);
    return code("script");
}

/* Types only: nothing runs them, but code in one is code as soon as the language can be read. */
static bool is_declarations(tw_str base)
{
    return tw_str_ends(base, TW_S(".d.ts")) || tw_str_ends(base, TW_S(".d.mts")) ||
           tw_str_ends(base, TW_S(".d.cts"));
}

static const by_extension *by_name(tw_str base)
{
    size_t dot = tw_str_rchr(base, '.');
    tw_str ext = dot == TW_NPOS ? TW_S("") : tw_str_sub(base, dot + 1, base.n);
    for (size_t i = 0; ext.n && i < TW_COUNT(extensions); i++)
        if (tw_str_ieq(ext, tw_str_c(extensions[i].ext))) return &extensions[i];
    return NULL;
}

/* Who loads a file goes by its name: what is read as source is source, whatever its first bytes look like. */
tw_language tw_language_of(tw_str path, tw_str data, int kind)
{
    tw_str base = tw_str_base(path);
    const by_extension *e = by_name(base);
    bool source =
        e && e->what == TW_TEXT_CODE && tw_front_named(e->name) && strcmp(e->name, "python bytecode") != 0;
    for (size_t i = 0; !source && i < TW_COUNT(native_kinds); i++)
        if (native_kinds[i].kind == kind)
            return (tw_language){TW_TEXT_NATIVE, native_kinds[i].front, native_kinds[i].name};
    if (!source && kind == TW_KIND_PYC) return code("python bytecode");
    for (size_t i = 0; i < TW_COUNT(manifests); i++)
        if (tw_str_eq(base, tw_str_c(manifests[i]))) return code("manifest");
    if (is_declarations(base) && !tw_front_named("typescript"))
        return (tw_language){TW_TEXT_INERT, NULL, "type declarations"};
    if (e && !strcmp(e->ext, "pth") && !(data.p && tw_pth_runs_code(data))) e = NULL;
    if (e && e->what == TW_TEXT_INERT && kind == TW_KIND_SCRIPT) e = NULL;
    if (!e) return by_content(base, data, kind);
    return e->what == TW_TEXT_CODE ? code(e->name) : (tw_language){e->what, NULL, e->name};
}

const tw_front_end *tw_front_for(const char *name, const char *path, tw_str data)
{
    const tw_front_end *f =
        name ? tw_front_named(name) : tw_language_of(tw_str_c(path), data, tw_kind_of(data)).front;
    return f ? f : &tw_front_python;
}
