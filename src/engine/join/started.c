/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the package that a call starts or loads: named by a command line, a path, or what was read from one. */
#include "engine/join/join_priv.h"

enum { NAME_MAX_ = 256, BELOW = 32 };

/* The member that a path in a text names: what stands behind the part that is not known. */
static tw_str named_part(tw_str word)
{
    static const tw_str before[] = {TW_SI("{}"), TW_SI("__file__"), TW_SI("..")};
    while (word.n && (word.p[0] == '"' || word.p[0] == '\'')) word = tw_str_sub(word, 1, word.n);
    while (word.n && (word.p[word.n - 1] == '"' || word.p[word.n - 1] == '\'')) word.n--;
    for (size_t i = 0; i < TW_COUNT(before); i++)
        for (size_t at; (at = tw_str_find(word, before[i])) != TW_NPOS;)
            word = tw_str_sub(word, at + before[i].n, word.n);
    while (word.n && (word.p[0] == '/' || word.p[0] == '\\' || word.p[0] == '.'))
        word = tw_str_sub(word, 1, word.n);
    return word;
}

/* Files that a command line runs: by the ends of their names. */
static bool names_code(tw_str text)
{
    static const tw_str ends[] = {
        TW_SI(".py"),  TW_SI(".pyw"), TW_SI(".pyi"),  TW_SI(".js"),    TW_SI(".cjs"), TW_SI(".mjs"),
        TW_SI(".ts"),  TW_SI(".sh"),  TW_SI(".bash"), TW_SI(".ps1"),   TW_SI(".bat"), TW_SI(".cmd"),
        TW_SI(".exe"), TW_SI(".dll"), TW_SI(".so"),   TW_SI(".dylib"), TW_SI(".pyd"), TW_SI(".node")};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(text, ends[i])) return true;
    return false;
}

/* Members by the last part of their path: chains of units in rising order. */
void jn_started_init(jn *j)
{
    tw_map_init(&j->bases, j->a);
    tw_map_init(&j->late, j->a);
    j->same_base = TW_NEWN(j->a, uint32_t, (size_t)j->n_units + 1);
    for (uint32_t unit = j->n_units; j->p && unit-- > 0;) {
        const tw_unit *u = &j->out->units[unit];
        if (u->parent != TW_NONE || u->member >= j->p->n_members) continue;
        tw_str base = tw_str_base(j->p->members[u->member].path);
        uint64_t *first = tw_map_put(&j->bases, base, NULL);
        j->same_base[unit] = (uint32_t)*first;
        *first = unit + 1;
        if (j->out->n_read && unit >= j->out->n_read) tw_map_put(&j->late, base, NULL);
    }
}

typedef enum naming {             /* a file is named */
                      AS_WORD,    /* of a command line: by a name that tells that it is code */
                      AS_PROGRAM, /* by a path, whatever it is called */
                      AS_MODULE,  /* the same; its main guard does not run */
                      AS_NATIVE,  /* compiled code */
} naming;

static bool fits(const jn *j, uint32_t unit, tw_str name, naming how)
{
    tw_str path = j->p->members[j->out->units[unit].member].path;
    bool native = j->units[unit].r->lang == TW_LANG_NATIVE;
    if (how == AS_NATIVE && !native && !names_code(name)) return false;
    return tw_str_ends(path, name) && (path.n == name.n || path.p[path.n - name.n - 1] == '/');
}

static bool edges_to_file(jn *j, jn_edges *e, uint32_t from, tw_str word, naming how)
{
    static const tw_str never[] = {TW_SI("setup.py"), TW_SI("__init__.py"), TW_SI("__main__.py")};
    char slashed[NAME_MAX_];
    tw_str name = named_part(word);
    bool any = false;
    if (!name.n || name.n > sizeof slashed) return false;
    if (how == AS_WORD && !names_code(name) && !tw_map_get(&j->late, tw_str_base(name))) return false;
    for (size_t i = 0; i < name.n; i++) slashed[i] = name.p[i] == '\\' ? '/' : name.p[i];
    name.p = slashed;
    for (size_t i = 0; i < TW_COUNT(never); i++)
        if (tw_str_eq(name, never[i])) return false;
    const uint64_t *first = tw_map_get(&j->bases, tw_str_base(name));
    for (uint32_t next = first ? (uint32_t)*first : 0; next && jn_spend(j, 1);
         next = j->same_base[next - 1]) {
        uint32_t unit = next - 1;
        if (!fits(j, unit, name, how) || from == j->units[unit].func0) continue;
        TW_PUSH(j->a, *e, ((jn_edge){from, j->units[unit].func0}));
        if (how != AS_MODULE) TW_PUSH(j->a, *e, ((jn_edge){from, jn_guard_node(j, unit)}));
        any = true;
    }
    return any;
}

/* require(path.join(__dirname, "lib/x")), which reads "./lib/x"; or a path whose beginning is not known. */
static void edges_to_module(jn *j, jn_edges *e, uint32_t unit, const tw_rec_call *c, tw_str text)
{
    uint32_t from = jn_node_of_call(j, unit, c), m = jn_js_unit(j, unit, text);
    if (!jn_is_js(j, unit) || text.n > NAME_MAX_) return;
    if (m != TW_NONE && m != unit) TW_PUSH(j->a, *e, ((jn_edge){from, j->units[m].func0}));
    if (m != TW_NONE) return;
    if (tw_str_starts(text, TW_S("./")) || tw_str_starts(text, TW_S("../")))
        jn_unread_path(j, unit, c->func, jn_js_path(j, unit, text), TW_LANG_JAVASCRIPT);
    else if (tw_str_starts(text, TW_S("{}/")) && !edges_to_file(j, e, from, text, AS_MODULE) &&
             !edges_to_file(j, e, from, jn_cat(j, text, "", TW_S(".js")), AS_MODULE))
        jn_unread_word(j, unit, c->func, text, TW_LANG_JAVASCRIPT);
}

/* WebAssembly.compile(fs.readFileSync(p)): the paths that calls below the value take. */
static void edges_to_read(jn *j, jn_edges *e, uint32_t unit, const tw_rec_call *c, uint32_t v)
{
    const tw_record *r = j->units[unit].r;
    uint32_t stack[BELOW] = {v}, n = 1;
    for (uint32_t seen = 0; n && seen < BELOW; seen++) {
        const tw_val *val = jn_val(j, unit, stack[--n]);
        bool list = val->kind == TW_VAL_PHI || val->kind == TW_VAL_SEQ;
        for (uint32_t i = 0; list && i < val->n && n < BELOW; i++) stack[n++] = r->lists[val->list + i];
        bool of = val->kind == TW_VAL_MEMBER || val->kind == TW_VAL_MUT || val->kind == TW_VAL_ITER;
        if (of && n < BELOW) stack[n++] = val->a;
        if (val->kind != TW_VAL_CALL || val->a >= r->n_calls) continue;
        const tw_rec_call *below = &r->calls[val->a];
        if (n < BELOW) stack[n++] = below->callee;
        for (uint32_t i = 0; i < below->n_args; i++) {
            uint32_t arg = r->args[below->args + i].value;
            tw_str text = jn_render(j, unit, arg, 0, 0).text;
            if (text.n && tw_str_chr(text, '.') != TW_NPOS)
                edges_to_file(j, e, jn_node_of_call(j, unit, c), text, AS_NATIVE);
            if (n < BELOW) stack[n++] = arg;
        }
    }
}

static naming how_of(const tw_api *row, uint32_t role)
{
    if (row->cap == TW_CAP_CODE_NATIVE_LOAD && role == TW_ARGROLE_PATH) return AS_NATIVE;
    return row->cap == TW_CAP_CODE_FILE_EVAL && role == TW_ARGROLE_PATH ? AS_PROGRAM : AS_WORD;
}

static void edges_of_value(jn *j, jn_edges *e, uint32_t unit, const tw_rec_call *c, const tw_api *row,
                           uint32_t role, uint32_t v)
{
    if (row->cap == TW_CAP_CODE_EVAL && jn_val(j, unit, v)->kind != TW_VAL_CALL) return;
    tw_str rest = jn_render(j, unit, v, 0, 0).text, word;
    uint32_t from = jn_node_of_call(j, unit, c);
    naming how = how_of(row, role);
    if (row->cap == TW_CAP_CODE_COMPUTED_IMPORT) {
        edges_to_module(j, e, unit, c, rest);
        return;
    }
    if (row->cap == TW_CAP_CODE_NATIVE_LOAD && role == TW_ARGROLE_CODE) edges_to_read(j, e, unit, c, v);
    if (row->cap == TW_CAP_CODE_FILE_EVAL)
        jn_unread_word(j, unit, c->func, rest, tw_lang_family((tw_lang)j->units[unit].r->lang));
    if (tw_str_chr(rest, '.') == TW_NPOS) return;
    for (int w = 0; w < 32 && tw_str_split(&rest, ' ', &word); w++) edges_to_file(j, e, from, word, how);
}

/* A file of the package started as a program ("python x.py") or read and run: its module and its main guard. */
void jn_edges_of_started(jn *j, jn_edges *e, uint32_t unit, const tw_rec_call *c)
{
    const jn_api *api = jn_apis(j, unit, c->symbol);
    for (uint32_t i = 0; i < api->n; i++) {
        const tw_api *row = &api->rows[i];
        bool starts = jn_cap_in(row->cap, "exec."), imports = row->cap == TW_CAP_CODE_COMPUTED_IMPORT,
             reads = row->cap == TW_CAP_CODE_EVAL, /* exec(open("x.py").read()) */
            runs = row->cap == TW_CAP_CODE_FILE_EVAL || row->cap == TW_CAP_CODE_NATIVE_LOAD || reads;
        for (size_t k = 0; k < TW_COUNT(row->args) && row->args[k].role; k++) {
            uint32_t values[JN_VALUES], role = row->args[k].role;
            bool names = (starts && role == TW_ARGROLE_COMMAND) || (imports && role == TW_ARGROLE_NAME) ||
                         (runs && (role == TW_ARGROLE_PATH || role == TW_ARGROLE_CODE));
            uint32_t n = names ? jn_arg_values(j, unit, c, &row->args[k], values) : 0;
            for (uint32_t v = 0; v < n && v < 4; v++) edges_of_value(j, e, unit, c, row, role, values[v]);
        }
    }
}
