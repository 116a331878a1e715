/* SPDX-License-Identifier: Apache-2.0 */
#include "ecosystems/metadata.h"

tw_str tw_header(tw_str text, tw_str name)
{
    tw_str line;
    while (tw_str_split(&text, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        if (!line.n) break;
        size_t colon = tw_str_chr(line, ':');
        if (colon != TW_NPOS && tw_str_ieq(tw_str_sub(line, 0, colon), name))
            return tw_str_trim(tw_str_sub(line, colon + 1, line.n));
    }
    return TW_S("");
}

bool tw_ini_next(tw_str *rest, tw_str *section, tw_str *ret_key, tw_str *ret_value)
{
    tw_str line;
    while (tw_str_split(rest, '\n', &line)) {
        line = tw_str_trim(line);
        if (!line.n || line.p[0] == '#' || line.p[0] == ';') continue;
        if (line.p[0] == '[') {
            *section = tw_str_trim(tw_str_sub(line, 1, tw_str_chr(line, ']')));
            continue;
        }
        size_t eq = tw_str_chr(line, '=');
        if (eq == TW_NPOS) continue;
        *ret_key = tw_str_trim(tw_str_sub(line, 0, eq));
        *ret_value = tw_str_trim(tw_str_sub(line, eq + 1, line.n));
        return true;
    }
    return false;
}

/* One field at *rest; stops before ',' or line end. */
static bool csv_field(tw_arena *a, tw_str *rest, tw_str *ret)
{
    if (!rest->n || rest->p[0] != '"') {
        size_t n = 0;
        while (n < rest->n && rest->p[n] != ',' && rest->p[n] != '\n' && rest->p[n] != '\r') n++;
        *ret = tw_str_sub(*rest, 0, n);
        *rest = tw_str_sub(*rest, n, rest->n);
        return true;
    }
    char *out = tw_arena_alloc(a, rest->n);
    size_t n = 0, i = 1;
    for (; i < rest->n; i++) {
        if (rest->p[i] == '"') {
            if (i + 1 >= rest->n || rest->p[i + 1] != '"') break;
            i++;
        }
        out[n++] = rest->p[i];
    }
    if (i >= rest->n) return false;
    *ret = (tw_str){out, n};
    *rest = tw_str_sub(*rest, i + 1, rest->n);
    return true;
}

int tw_csv_next(tw_arena *a, tw_str *rest, tw_str *fields, int max)
{
    while (rest->n && (rest->p[0] == '\n' || rest->p[0] == '\r')) *rest = tw_str_sub(*rest, 1, rest->n);
    if (!rest->n) return -1;
    int n = 0;
    tw_str extra;
    for (;;) {
        if (!csv_field(a, rest, n < max ? &fields[n] : &extra)) {
            *rest = TW_S("");
            return -2;
        }
        n++;
        if (!rest->n || rest->p[0] != ',') break;
        *rest = tw_str_sub(*rest, 1, rest->n);
    }
    bool clean = !rest->n || rest->p[0] == '\n' || rest->p[0] == '\r';
    if (!clean) *rest = tw_str_sub(*rest, tw_str_chr(*rest, '\n'), rest->n);
    return clean && n <= max ? n : -2;
}

const tw_kept *tw_kept_find(const tw_package *p, tw_str path)
{
    for (uint32_t i = p->n_kept; i-- > 0;)
        if (tw_str_eq(p->kept[i].path, path)) return &p->kept[i];
    return NULL;
}

static uint32_t components(tw_str path)
{
    uint32_t n = 1;
    for (size_t i = 0; i < path.n; i++) n += path.p[i] == '/';
    return n;
}

const tw_kept *tw_kept_tail(const tw_package *p, tw_str tail)
{
    const tw_kept *best = NULL;
    for (uint32_t i = 0; i < p->n_kept; i++) {
        const tw_kept *k = &p->kept[i];
        if (tw_str_ends(k->path, tail) && (!best || components(k->path) < components(best->path))) best = k;
    }
    return best;
}

uint32_t tw_member_find(const tw_package *p, tw_str path)
{
    for (uint32_t i = p->n_members; i-- > 0;)
        if (p->members[i].depth == 0 && tw_str_eq(p->members[i].path, path)) return i;
    return TW_NO_MEMBER;
}

void tw_root_add(tw_package *p, uint32_t member, tw_str function, tw_trigger t, tw_str reason)
{
    TW_PUSH(p->arena, p->roots, ((tw_root){member, function, (uint8_t)t, reason}));
}

static bool has(const tw_package *p, tw_str folder, const char *name)
{
    return tw_member_find(p, tw_arena_fmt(p->arena, "%.*s%s", TW_FMT(folder), name)) != TW_NO_MEMBER;
}

tw_str tw_top_folder(const tw_package *p, uint32_t *ret_n)
{
    tw_str top = TW_S("");
    uint32_t n = 0;
    bool bare = false;
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        if (m->depth || m->type == TW_MEMBER_DIR) continue;
        size_t slash = tw_str_chr(m->path, '/');
        if (slash == TW_NPOS) {
            bare = true;
            continue;
        }
        tw_str folder = tw_str_sub(m->path, 0, slash + 1);
        if (!tw_str_eq(folder, top)) n++, top = folder;
    }
    *ret_n = n + bare;
    if (n != 1 || bare) return TW_S("");
    /* A package, not a release folder; but a stray __init__.py beside setup.py hides no setup.py. */
    static const char *const release[] = {"setup.py", "PKG-INFO", "pyproject.toml"};
    bool package = has(p, top, "__init__.py");
    for (size_t i = 0; i < TW_COUNT(release) && package; i++) package = !has(p, top, release[i]);
    return package ? TW_S("") : top;
}

typedef struct role_word {
    const char *folder;
    tw_role role;
} role_word;

static const role_word role_words[] = {
    {"test", TW_ROLE_TEST},         {"tests", TW_ROLE_TEST},       {"testing", TW_ROLE_TEST},
    {"__tests__", TW_ROLE_TEST},    {"doc", TW_ROLE_DOC},          {"docs", TW_ROLE_DOC},
    {"example", TW_ROLE_EXAMPLE},   {"examples", TW_ROLE_EXAMPLE}, {"demo", TW_ROLE_EXAMPLE},
    {"demos", TW_ROLE_EXAMPLE},     {"samples", TW_ROLE_EXAMPLE},  {"benchmarks", TW_ROLE_EXAMPLE},
    {"benchmark", TW_ROLE_EXAMPLE},
};

tw_role tw_role_by_path(tw_str path)
{
    tw_str part, rest = path;
    while (tw_str_split(&rest, '/', &part) && rest.p)
        for (size_t i = 0; i < TW_COUNT(role_words); i++)
            if (tw_str_ieq(part, tw_str_c(role_words[i].folder))) return role_words[i].role;
    if (tw_str_starts(part, TW_S("test_")) || tw_str_ends(part, TW_S("_test.py")) ||
        tw_str_eq(part, TW_S("conftest.py")))
        return TW_ROLE_TEST;
    return TW_ROLE_CODE;
}

tw_str tw_name_normal(tw_arena *a, tw_str name)
{
    char *out = tw_arena_alloc(a, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '-' || c == '_' || c == '.') {
            if (n && out[n - 1] == '-') continue;
            c = '-';
        } else if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        out[n++] = c;
    }
    return (tw_str){out, n};
}
