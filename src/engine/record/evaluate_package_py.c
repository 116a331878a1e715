/* SPDX-License-Identifier: Apache-2.0 */
/* How Python reads what lies beside it. */
#include <stdio.h>

#include "engine/record/evaluate_package.h"

static tw_str copy(ev *e, const char *fmt, tw_str a, tw_str b)
{
    return tw_arena_fmt(e->tmp, fmt, TW_FMT(a), TW_FMT(b));
}

static uint32_t path(ev *e, tw_str s)
{
    return s.n ? ev_package_make(e, TW_VAL_STR, s, EV_AS_PATH, 0) : 0;
}

/* --- os.path and pathlib ------------------------------------------------------------------------- */
static uint32_t join(ev *e, const ev_args *a)
{
    tw_str all = TW_S(""), part;
    for (uint32_t i = 0; i < a->n; i++) {
        if (a->names[i] || !ev_text(e, a->v[i], &part)) return 0;
        all = i ? ev_path_join(e, all, part) : part;
    }
    return all.n ? ev_folded(e, TW_VAL_STR, all, 0) : 0;
}

static uint32_t same_path(ev *e, const ev_args *a)
{
    tw_str s, root = TW_S(TW_WORLD_ROOT);
    bool ours =
        a->n == 1 && ev_arg_text(e, a, 0, NULL, &s) && tw_str_starts(s, tw_str_sub(root, 0, root.n - 1));
    return ours ? ev_folded(e, TW_VAL_STR, ev_path_normal(e, s), 0) : 0;
}

static uint32_t normal(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && ev_arg_text(e, a, 0, NULL, &s) ? ev_folded(e, TW_VAL_STR, ev_path_normal(e, s), 0)
                                                       : 0;
}

static uint32_t dir_of(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && ev_arg_text(e, a, 0, NULL, &s) ? ev_folded(e, TW_VAL_STR, ev_path_dir(s), 0) : 0;
}

static uint32_t base_of(ev *e, const ev_args *a)
{
    tw_str s;
    return a->n == 1 && ev_arg_text(e, a, 0, NULL, &s) ? ev_folded(e, TW_VAL_STR, tw_str_base(s), 0) : 0;
}

static uint32_t make_path(ev *e, const ev_args *a)
{
    uint32_t v = join(e, a);
    tw_str s;
    return v && ev_text(e, v, &s) ? path(e, s) : 0;
}

static uint32_t own_file(ev *e, const ev_args *a)
{
    (void)a;
    return ev_folded(e, TW_VAL_STR, ev_path_own(e), 0);
}

static uint32_t listdir(ev *e, const ev_args *a)
{
    tw_str dir = TW_S(".");
    if (a->n && !ev_arg_text(e, a, 0, "path", &dir)) return 0;
    return ev_package_names(e, dir, TW_S(""), false);
}

/* The names behind one star: a folder, *, an ending. */
static uint32_t glob(ev *e, const ev_args *a)
{
    tw_str s, dir, base;
    if (!ev_arg_text(e, a, 0, "pathname", &s)) return 0;
    dir = ev_path_dir(s), base = tw_str_base(s);
    if (!tw_str_starts(base, TW_S("*")) || tw_str_chr(tw_str_sub(base, 1, base.n), '*') != TW_NPOS) return 0;
    return ev_package_names(e, dir.n ? dir : TW_S("."), tw_str_sub(base, 1, base.n), true);
}

/* --- files ---------------------------------------------------------------------------------------- */
static uint32_t opened(ev *e, tw_str name, tw_str mode, tw_str encoding)
{
    uint32_t v = ev_package_read(e, name);
    for (size_t i = 0; i < mode.n; i++)
        if (!strchr("rbtU", mode.p[i])) return 0;
    if (v && tw_str_chr(mode, 'b') == TW_NPOS) v = ev_package_text(e, v, encoding);
    if (v) ev_at(e, v)->how = EV_AS_FILE;
    return v;
}

static uint32_t open_file(ev *e, const ev_args *a)
{
    tw_str name, mode = TW_S("r"), encoding = TW_S("");
    if (!ev_arg_text(e, a, 0, "file", &name)) return 0;
    if (ev_arg(e, a, 1, "mode") && !ev_arg_text(e, a, 1, "mode", &mode)) return 0;
    if (ev_arg(e, a, UINT32_MAX, "encoding")) ev_arg_text(e, a, UINT32_MAX, "encoding", &encoding);
    return opened(e, name, mode, encoding);
}

/* gzip.open: bytes unless asked for text. */
static uint32_t open_packed(ev *e, const ev_args *a, const char *decompress)
{
    tw_str name, mode = TW_S("rb");
    uint32_t none[1] = {0};
    if (!ev_arg_text(e, a, 0, "filename", &name)) return 0;
    if (ev_arg(e, a, 1, "mode") && !ev_arg_text(e, a, 1, "mode", &mode)) return 0;
    uint32_t packed = ev_package_read(e, name);
    uint32_t v =
        packed ? ev_pure(e, tw_intern(&e->syms, tw_str_c(decompress)), &(ev_args){0, &packed, none, 1}) : 0;
    if (v && tw_str_chr(mode, 't') != TW_NPOS) v = ev_package_text(e, v, TW_S(""));
    if (v) ev_at(e, v)->how = EV_AS_FILE;
    return v;
}

static uint32_t open_gzip(ev *e, const ev_args *a)
{
    return open_packed(e, a, "gzip.decompress");
}
static uint32_t open_bz2(ev *e, const ev_args *a)
{
    return open_packed(e, a, "bz2.decompress");
}
static uint32_t open_lzma(ev *e, const ev_args *a)
{
    return open_packed(e, a, "lzma.decompress");
}

static uint32_t archive(ev *e, const ev_args *a)
{
    tw_str s;
    return ev_arg_text(e, a, 0, NULL, &s) ? ev_package_make(e, TW_VAL_STR, s, EV_AS_ARCHIVE, 0) : 0;
}

/* --- resources of packages --------------------------------------------------------------------------- */
/* The folder of a package, as far as this file knows it: its own, or one beside or above it. */
static tw_str folder_of(ev *e, tw_str package)
{
    const tw_world *w = e->package->in;
    char *p = tw_arena_raw(e->tmp, package.n + 1);
    tw_str own = ev_path_dir(ev_path_own(e)), bytes;
    for (size_t i = 0; i < package.n; i++) p[i] = package.p[i] == '.' ? '/' : package.p[i];
    bool self = tw_str_eq(package, w->package) || tw_str_eq(package, w->module);
    for (tw_str dir = w->path; package.n && !self && dir.n;) {
        dir = ev_path_dir(dir);
        tw_str folder = ev_path_join(e, dir, tw_str_of(p, package.n));
        tw_world_has has = w->read(w->ctx, ev_path_join(e, folder, TW_S("__init__.py")), &bytes);
        if (has != TW_WORLD_NONE) return tw_arena_fmt(e->tmp, TW_WORLD_ROOT "%.*s", TW_FMT(folder));
    }
    return own;
}

static tw_str resource(ev *e, const ev_args *a, uint32_t first)
{
    tw_str package = TW_S(""), name, whole = TW_S("");
    if (!ev_arg_text(e, a, 0, NULL, &package)) package = TW_S(""); /* the module itself */
    for (uint32_t i = first; i < a->n; i++) {
        if (a->names[i]) continue;
        if (!ev_text(e, a->v[i], &name)) return TW_S("");
        whole = ev_path_join(e, whole, name);
    }
    return whole.n ? ev_path_join(e, folder_of(e, package), whole) : TW_S("");
}

static uint32_t resource_bytes(ev *e, const ev_args *a)
{
    return ev_package_read(e, resource(e, a, 1));
}

static uint32_t resource_text(ev *e, const ev_args *a)
{
    return ev_package_text(e, ev_package_read(e, resource(e, a, 1)), TW_S(""));
}

static uint32_t resource_stream(ev *e, const ev_args *a)
{
    uint32_t v = resource_bytes(e, a);
    if (v) ev_at(e, v)->how = EV_AS_FILE;
    return v;
}

static uint32_t resource_text_stream(ev *e, const ev_args *a)
{
    uint32_t v = resource_text(e, a);
    if (v) ev_at(e, v)->how = EV_AS_FILE;
    return v;
}

static uint32_t resource_path(ev *e, const ev_args *a)
{
    return path(e, resource(e, a, 1));
}

static uint32_t resource_files(ev *e, const ev_args *a)
{
    tw_str package = TW_S("");
    if (a->n && !ev_arg_text(e, a, 0, NULL, &package)) package = TW_S("");
    return path(e, folder_of(e, package));
}

/* --- values out of files ------------------------------------------------------------------------------ */
static uint32_t ends(ev *e, const ev_args *a, bool start)
{
    tw_str s, t;
    uint32_t list, n;
    if (!a->self || a->n != 1 || !ev_text(e, a->self, &s)) return 0;
    if (ev_text(e, a->v[0], &t)) return ev_bool(e, start ? tw_str_starts(s, t) : tw_str_ends(s, t));
    if (!ev_items(e, a->v[0], &list, &n)) return 0;
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        if (!ev_text(e, e->lists.v[list + i], &t)) return 0;
        any |= start ? tw_str_starts(s, t) : tw_str_ends(s, t);
    }
    return ev_bool(e, any);
}

static uint32_t endswith(ev *e, const ev_args *a)
{
    return ends(e, a, false);
}
static uint32_t startswith(ev *e, const ev_args *a)
{
    return ends(e, a, true);
}

uint32_t ev_package_rest(ev *e, uint32_t v)
{
    tw_str s;
    if (!v || !ev_package_is(e, v, EV_AS_FILE) || !ev_text(e, v, &s)) return 0;
    return ev_folded(e, ev_at(e, v)->kind, tw_str_sub(s, ev_at(e, v)->list, s.n), ev_at(e, v)->recipe);
}

static uint32_t content(ev *e, const ev_args *a)
{
    return ev_package_rest(e, ev_arg(e, a, 0, NULL));
}

static uint32_t loads(ev *e, const ev_args *a)
{
    uint32_t v = ev_arg(e, a, 0, NULL);
    return v && ev_is_const(e, v) ? ev_package_json(e, v) : 0;
}

static uint32_t load(ev *e, const ev_args *a)
{
    return ev_package_json(e, content(e, a));
}

static uint32_t by_pure(ev *e, const ev_args *a, const char *symbol)
{
    uint32_t v = content(e, a), none[1] = {0};
    return v ? ev_pure(e, tw_intern(&e->syms, tw_str_c(symbol)), &(ev_args){0, &v, none, 1}) : 0;
}

static uint32_t load_marshal(ev *e, const ev_args *a)
{
    return by_pure(e, a, "marshal.loads");
}
static uint32_t load_pickle(ev *e, const ev_args *a)
{
    return by_pure(e, a, "pickle.loads");
}

static uint32_t getsource(ev *e, const ev_args *a)
{
    uint32_t v = ev_arg(e, a, 0, "object");
    tw_str s = e->ir->source;
    if (v && ev_at(e, v)->kind == TW_VAL_FUNC) {
        const tw_scope *sc = &e->ir->scopes.v[ev_at(e, v)->a];
        s = tw_str_sub(s, sc->off, (size_t)sc->off + sc->len);
    } else {
        tw_str name = v ? ev_sym(e, ev_at(e, v)->sym) : TW_S("");
        bool own =
            tw_str_starts(name, TW_S("sys.modules")) || (name.n && tw_str_eq(name, e->package->in->module));
        if (!own) return 0;
    }
    return ev_folded(e, TW_VAL_STR, s, ev_recipe_add(e, 0, "file source"));
}

static uint32_t pixels(ev *e, const ev_args *a)
{
    (void)a;
    e->package->in->why = "the pixels of an image";
    return 0;
}

/* A file that is run as it is: its text is a layer, unless it is read as code by itself. */
static uint32_t run_path(ev *e, tw_str name)
{
    tw_str text;
    uint32_t v = ev_package_read(e, name);
    const tw_insn *in = &e->ir->insns.v[e->at];
    if (v && ev_text(e, v, &text) && text.n && e->calls.n)
        ev_layer_add(e, ev_at(e, v)->recipe, text, e->calls.n - 1, TW_LANG_PYTHON, in->off, in->len);
    return 0;
}

static uint32_t run_file(ev *e, const ev_args *a, uint32_t i, const char *keyword)
{
    tw_str name;
    return ev_arg_text(e, a, i, keyword, &name) ? run_path(e, name) : 0;
}

static uint32_t run_first(ev *e, const ev_args *a)
{
    return run_file(e, a, 0, "path_name");
}
static uint32_t run_second(ev *e, const ev_args *a)
{
    return run_file(e, a, 1, "path");
}

static uint32_t source_loader(ev *e, const ev_args *a)
{
    tw_str s;
    return ev_arg_text(e, a, 1, "path", &s) ? ev_package_make(e, TW_VAL_STR, s, EV_AS_LOADER, 0) : 0;
}

static uint32_t run_loader(ev *e, const ev_args *a)
{
    tw_str s;
    uint32_t v = ev_arg(e, a, 1, "loader");
    return v && ev_package_is(e, v, EV_AS_LOADER) && ev_text(e, v, &s) ? run_path(e, s) : 0;
}

static const ev_package_row rows[] = {
    {" open io.open codecs.open ", open_file},
    {" os.path.join posixpath.join ", join},
    {" os.path.dirname posixpath.dirname ", dir_of},
    {" os.path.basename posixpath.basename ", base_of},
    {" os.path.abspath os.path.realpath ", same_path},
    {" os.path.normpath os.path.expanduser os.fspath ", normal},
    {" pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath ", make_path},
    {" inspect.getfile inspect.getsourcefile inspect.getabsfile ", own_file},
    {" os.listdir ", listdir},
    {" glob.glob glob.iglob ", glob},
    {" gzip.open gzip.GzipFile ", open_gzip},
    {" bz2.open bz2.BZ2File ", open_bz2},
    {" lzma.open lzma.LZMAFile ", open_lzma},
    {" zipfile.ZipFile zipfile.PyZipFile tarfile.open tarfile.TarFile.open ", archive},
    {" pkgutil.get_data pkg_resources.resource_string importlib.resources.read_binary "
     "importlib_resources.read_binary ",
     resource_bytes},
    {" importlib.resources.read_text importlib_resources.read_text ", resource_text},
    {" pkg_resources.resource_stream importlib.resources.open_binary importlib_resources.open_binary ",
     resource_stream},
    {" importlib.resources.open_text importlib_resources.open_text ", resource_text_stream},
    {" pkg_resources.resource_filename importlib.resources.path importlib_resources.path ", resource_path},
    {" importlib.resources.files importlib_resources.files ", resource_files},
    {" json.loads simplejson.loads ", loads},
    {" json.load simplejson.load ", load},
    {" marshal.load ", load_marshal},
    {" pickle.load cPickle.load _pickle.load ", load_pickle},
    {" inspect.getsource ", getsource},
    {" str.endswith bytes.endswith ", endswith},
    {" str.startswith bytes.startswith ", startswith},
    {" PIL.Image.open imageio.imread cv2.imread imageio.v2.imread ", pixels},
    {" execfile runpy.run_path ", run_first},
    {" imp.load_source importlib.util.spec_from_file_location ", run_second},
    {" importlib.machinery.SourceFileLoader ", source_loader},
    {" importlib.util.spec_from_loader ", run_loader},
};

uint32_t ev_package_python(ev *e, tw_str symbol, const ev_args *a)
{
    return ev_package_table(e, rows, TW_COUNT(rows), symbol, a);
}

/* --- methods ------------------------------------------------------------------------------------------- */
static uint32_t read_lines(ev *e, tw_str s, uint8_t kind, uint32_t recipe)
{
    uint32_t base = e->stack.n;
    while (s.n && ev_step(e, 2)) {
        size_t end = tw_str_chr(s, '\n');
        size_t n = end == TW_NPOS ? s.n : end + 1;
        TW_PUSH(e->tmp, e->stack, ev_folded(e, kind, tw_str_sub(s, 0, n), recipe));
        s = tw_str_sub(s, n, s.n);
    }
    uint32_t v = s.n ? 0 : ev_list(e, TW_VAL_SEQ, e->stack.v + base, e->stack.n - base);
    e->stack.n = base;
    return v;
}

/* A file knows how far it was read. What is not understood leaves it unknown for good. */
static uint32_t of_file(ev *e, tw_str name, const ev_args *a)
{
    tw_str s;
    int64_t n = -1, from = 0;
    if (!ev_text(e, a->self, &s)) return 0;
    ev_val *x = ev_at(e, a->self);
    uint64_t at = x->list;
    uint8_t kind = x->kind;
    if (at > s.n) return 0;
    bool number = !a->n || ev_get_int(e, a->v[0], &n);
    if (a->n && ev_at(e, a->v[0])->kind == TW_VAL_NULL_) number = true, n = -1;
    tw_str rest = tw_str_sub(s, at, s.n);
    if (tw_str_eq(name, TW_S("read")) && number) {
        if (n >= 0 && kind == TW_VAL_STR && !ev_ascii(rest)) return x->how = 0, 0;
        if (n >= 0) rest = tw_str_sub(rest, 0, (size_t)n);
        x->list = (uint32_t)(at + rest.n);
        return ev_folded(e, kind, rest, x->recipe);
    }
    if (tw_str_eq(name, TW_S("readlines")) && !a->n) {
        x->list = (uint32_t)s.n;
        return read_lines(e, rest, kind, x->recipe);
    }
    if (tw_str_eq(name, TW_S("readline")) && !a->n) {
        size_t end = tw_str_chr(rest, '\n');
        if (end != TW_NPOS) rest = tw_str_sub(rest, 0, end + 1);
        x->list = (uint32_t)(at + rest.n);
        return ev_folded(e, kind, rest, x->recipe);
    }
    if (tw_str_eq(name, TW_S("seek")) && a->n && number && kind == TW_VAL_BYTES) {
        int64_t whence = 0;
        if (a->n > 1 && !ev_get_int(e, a->v[1], &whence)) whence = -1;
        from = whence == 0 ? n : whence == 1 ? (int64_t)at + n : whence == 2 ? (int64_t)s.n + n : -1;
        if (from < 0 || (uint64_t)from > s.n) return x->how = 0, 0;
        x->list = (uint32_t)from;
        return ev_int(e, from);
    }
    if (tw_str_eq(name, TW_S("close")) || tw_str_eq(name, TW_S("__enter__"))) return 0;
    return x->how = 0, 0;
}

static uint32_t of_path(ev *e, tw_str name, const ev_args *a)
{
    tw_str s, part, encoding = TW_S("");
    if (!ev_text(e, a->self, &s)) return 0;
    static const char same[] = " resolve absolute expanduser as_posix __str__ __fspath__ ";
    char key[20];
    snprintf(key, sizeof key, " %.*s ", (int)(name.n < 16 ? name.n : 16), name.p);
    if (strstr(same, key)) return path(e, ev_path_normal(e, s));
    if (tw_str_eq(name, TW_S("read_bytes"))) return ev_package_read(e, s);
    if (tw_str_eq(name, TW_S("read_text"))) {
        if (a->n) ev_arg_text(e, a, 0, "encoding", &encoding);
        return ev_package_text(e, ev_package_read(e, s), encoding);
    }
    if (tw_str_eq(name, TW_S("open"))) {
        tw_str mode = TW_S("r");
        if (a->n && !ev_arg_text(e, a, 0, "mode", &mode)) return 0;
        return opened(e, s, mode, encoding);
    }
    if (tw_str_eq(name, TW_S("joinpath"))) {
        for (uint32_t i = 0; i < a->n; i++) {
            if (!ev_text(e, a->v[i], &part)) return 0;
            s = ev_path_join(e, s, part);
        }
        return path(e, s);
    }
    if (tw_str_eq(name, TW_S("with_name")) && ev_arg_text(e, a, 0, "name", &part))
        return path(e, ev_path_join(e, ev_path_dir(s), part));
    if (tw_str_eq(name, TW_S("with_suffix")) && ev_arg_text(e, a, 0, "suffix", &part)) {
        size_t dot = tw_str_rchr(tw_str_base(s), '.'),
               stem = s.n - tw_str_base(s).n + (dot == TW_NPOS ? tw_str_base(s).n : dot);
        return path(e, copy(e, "%.*s%.*s", tw_str_sub(s, 0, stem), part));
    }
    if (tw_str_eq(name, TW_S("iterdir"))) return ev_package_names(e, s, TW_S(""), true);
    if ((tw_str_eq(name, TW_S("glob")) || tw_str_eq(name, TW_S("rglob"))) &&
        ev_arg_text(e, a, 0, NULL, &part) && tw_str_starts(part, TW_S("*")))
        return ev_package_names(e, s, tw_str_sub(part, 1, part.n), true);
    return 0;
}

/* Members of archives were unpacked when the artifact was read: "b.zip!/m.py". */
static uint32_t of_archive(ev *e, tw_str name, const ev_args *a)
{
    tw_str s, member;
    bool reads = tw_str_eq(name, TW_S("read")),
         opens = tw_str_eq(name, TW_S("open")) || tw_str_eq(name, TW_S("extractfile"));
    if ((!reads && !opens) || !ev_text(e, a->self, &s) || !ev_arg_text(e, a, 0, "name", &member)) return 0;
    uint32_t v = ev_package_read(e, copy(e, "%.*s!/%.*s", s, member));
    if (v && opens) ev_at(e, v)->how = EV_AS_FILE;
    return v;
}

static uint32_t of_loader(ev *e, tw_str name, const ev_args *a)
{
    static const tw_str runs[] = {TW_SI("load_module"), TW_SI("exec_module"), TW_SI("get_code")};
    tw_str s;
    if (!ev_text(e, a->self, &s)) return 0;
    for (size_t i = 0; i < TW_COUNT(runs); i++)
        if (tw_str_eq(name, runs[i])) return run_path(e, s);
    if (tw_str_eq(name, TW_S("get_source"))) return ev_package_text(e, ev_package_read(e, s), TW_S(""));
    if (tw_str_eq(name, TW_S("get_filename"))) return ev_folded(e, TW_VAL_STR, s, 0);
    return tw_str_eq(name, TW_S("get_data")) && ev_arg_text(e, a, 0, "path", &s) ? ev_package_read(e, s) : 0;
}

uint32_t ev_package_method(ev *e, tw_str name, const ev_args *a)
{
    if (ev_package_is(e, a->self, EV_AS_LOADER)) return of_loader(e, name, a);
    if (ev_package_is(e, a->self, EV_AS_FILE)) return of_file(e, name, a);
    if (ev_package_is(e, a->self, EV_AS_PATH)) return e->js ? 0 : of_path(e, name, a);
    if (ev_package_is(e, a->self, EV_AS_ARCHIVE)) return of_archive(e, name, a);
    if (ev_package_is(e, a->self, EV_AS_PROMISE) && tw_str_eq(name, TW_S("then")) && a->n) {
        uint32_t v = ev_package_make(e, ev_at(e, a->self)->kind, TW_S(""), 0, ev_at(e, a->self)->recipe);
        ev_at(e, v)->a = ev_at(e, a->self)->a;
        ev_package_give(e, a->v[0], 0, v);
    }
    return 0;
}

/* x.key of what a module of JSON holds */
static uint32_t entry(ev *e, uint32_t base, tw_str name)
{
    const ev_val m = *ev_at(e, base);
    tw_str key;
    if (m.kind != TW_VAL_MAP || !(m.flags & EV_CONST) || m.flags & EV_ESCAPED) return 0;
    for (uint32_t i = m.n; i >= 2 && ev_step(e, 1); i -= 2)
        if (ev_text(e, e->lists.v[m.list + i - 2], &key) && tw_str_eq(key, name))
            return e->lists.v[m.list + i - 1];
    return m.how == EV_AS_MODULE && tw_str_eq(name, TW_S("default")) ? base : 0;
}

/* Path.parent and its kin; 0: an ordinary member. */
uint32_t ev_package_member(ev *e, uint32_t base, tw_str name)
{
    tw_str s, stem;
    if (e->js) return entry(e, base, name);
    if (!ev_package_is(e, base, EV_AS_PATH) || e->js || !ev_text(e, base, &s)) return 0;
    if (tw_str_eq(name, TW_S("parent"))) return path(e, ev_path_dir(s).n ? ev_path_dir(s) : TW_S("."));
    if (tw_str_eq(name, TW_S("name"))) return ev_folded(e, TW_VAL_STR, tw_str_base(s), 0);
    stem = tw_str_base(s);
    size_t dot = tw_str_rchr(stem, '.');
    if (dot == TW_NPOS || !dot) dot = stem.n;
    if (tw_str_eq(name, TW_S("stem"))) return ev_folded(e, TW_VAL_STR, tw_str_sub(stem, 0, dot), 0);
    if (tw_str_eq(name, TW_S("suffix"))) return ev_folded(e, TW_VAL_STR, tw_str_sub(stem, dot, stem.n), 0);
    return 0;
}

/* path / "name" */
uint32_t ev_package_op(ev *e, tw_str op, const uint32_t *items, uint32_t n)
{
    tw_str s, part;
    if (e->js || n < 2 || !tw_str_eq(op, TW_S("/")) || !ev_text(e, items[0], &s)) return 0;
    bool any = ev_package_is(e, items[0], EV_AS_PATH);
    for (uint32_t i = 1; i < n; i++) {
        if (!ev_text(e, items[i], &part)) return 0;
        any |= ev_package_is(e, items[i], EV_AS_PATH);
        s = ev_path_join(e, s, part);
    }
    return any ? path(e, s) : 0;
}
