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
    {"pth", TW_TEXT_CODE, "python"},
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
    {"ps1", TW_TEXT_CODE, "powershell"},
    {"psm1", TW_TEXT_CODE, "powershell"},
    {"bat", TW_TEXT_CODE, "batch"},
    {"cmd", TW_TEXT_CODE, "batch"},
    {"vbs", TW_TEXT_CODE, "vbscript"},
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
    {"pyc", TW_TEXT_NATIVE, "python bytecode"},
    {"pyo", TW_TEXT_NATIVE, "python bytecode"},
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
} by_kind;

static const by_kind native_kinds[] = {
    {TW_KIND_ELF, "ELF"},
    {TW_KIND_PE, "PE"},
    {TW_KIND_MACHO, "Mach-O"},
    {TW_KIND_WASM, "WebAssembly"},
    {TW_KIND_PYC, "python bytecode"},
    {TW_KIND_JAVA_CLASS, "Java class"},
};

typedef struct by_shebang {
    const char *word;
    const char *name;
} by_shebang;

static const by_shebang shebangs[] = {
    {"python", "python"}, {"node", "javascript"}, {"pwsh", "powershell"}, {"perl", "perl"},
    {"ruby", "ruby"},     {"php", "php"},         {"bash", "shell"},      {"sh", "shell"},
};

static const tw_front_end *const fronts[] = {&tw_front_python, &tw_front_javascript, &tw_front_typescript,
                                             &tw_front_tsx};

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

/* site.py runs only lines that start with "import" and a blank. */
static bool pth_runs_code(tw_str data)
{
    tw_str line;
    while (tw_str_split(&data, '\n', &line))
        if (tw_str_starts(line, TW_S("import ")) || tw_str_starts(line, TW_S("import\t"))) return true;
    return false;
}

static tw_language by_content(tw_str data, int kind)
{
    if (kind == TW_KIND_SCRIPT && data.p) {
        tw_str line = tw_str_sub(data, 0, tw_str_chr(data, '\n'));
        for (size_t i = 0; i < TW_COUNT(shebangs); i++)
            if (tw_str_find(line, tw_str_c(shebangs[i].word)) != TW_NPOS) return code(shebangs[i].name);
        return code("script");
    }
    return (tw_language){TW_TEXT_INERT, NULL, "data"};
}

tw_language tw_language_of(tw_str path, tw_str data, int kind)
{
    for (size_t i = 0; i < TW_COUNT(native_kinds); i++)
        if (native_kinds[i].kind == kind) return (tw_language){TW_TEXT_NATIVE, NULL, native_kinds[i].name};
    tw_str base = tw_str_base(path);
    size_t dot = tw_str_rchr(base, '.');
    tw_str ext = dot == TW_NPOS ? TW_S("") : tw_str_sub(base, dot + 1, base.n);
    for (size_t i = 0; ext.n && i < TW_COUNT(extensions); i++) {
        const by_extension *e = &extensions[i];
        if (!tw_str_ieq(ext, tw_str_c(e->ext))) continue;
        if (!strcmp(e->ext, "pth") && !(data.p && pth_runs_code(data))) break;
        if (e->what == TW_TEXT_CODE) return code(e->name);
        if (e->what == TW_TEXT_INERT && kind == TW_KIND_SCRIPT) break;
        return (tw_language){e->what, NULL, e->name};
    }
    return by_content(data, kind);
}

const tw_front_end *tw_front_for(const char *name, const char *path, tw_str data)
{
    const tw_front_end *f =
        name ? tw_front_named(name) : tw_language_of(tw_str_c(path), data, tw_kind_of(data)).front;
    return f ? f : &tw_front_python;
}
