/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include "engine/record/record.h"

static tw_rec_gap gaps[] = {{TW_GAP_DYNAMIC, 0, 20}};
static tw_rec_finding findings[] = {{0, TW_NONE, 3}};
static tw_rec_store stores[] = {{.base = 7, .name = 2, .value = 10}};
static tw_rec_path paths[] = {{0}, {0, 2}, {1, 0}, {2, 3}};
static tw_rec_edge edges[] = {
    {0, TW_FROM_CALL *TW_TO_MAX + TW_TO_VAR, 1, 0, 0, 0, 1},
    {1, TW_FROM_PARAM *TW_TO_MAX + TW_TO_RETURN, 0, 3, 1, 0, 0},
    {1, TW_FROM_CALL *TW_TO_MAX + TW_TO_ARG, 0, 0, 0, 1, 2},
    {1, TW_FROM_VAR *TW_TO_MAX + TW_TO_PARAM, 0, 1, 1, 0, 0},
};

/* exec(b"..." ++ $p); class C; x = C(); one row of everything. */
static tw_record sample(tw_arena *a)
{
    static tw_str strings[] = {TW_SI(""),  TW_SI("exec"), TW_SI("p"),
                               TW_SI("C"), TW_SI("a\0b"), TW_SI("base64")};
    static tw_val vals[] = {
        {0},
        {.kind = TW_VAL_SYMBOL, .a = 1},
        {.kind = TW_VAL_STR, .a = 4, .flags = TW_VF_FOLDED},
        {.kind = TW_VAL_PARAM, .a = 1, .b = 0},
        {.kind = TW_VAL_CONCAT, .list = 2, .n = 2, .depth = 1},
        {.kind = TW_VAL_CALL, .a = 0, .depth = 2},
        {.kind = TW_VAL_FUNC, .a = 2},
        {.kind = TW_VAL_INSTANCE, .a = 2, .b = 1, .depth = 1},
        {.kind = TW_VAL_MEMBER, .a = 7, .b = 2, .depth = 2},
        {.kind = TW_VAL_INT, .a = 0xFFFFFFFFu, .b = 0xFFFFFFFFu},
        {.kind = TW_VAL_OP, .b = 5, .list = 4, .n = 1, .depth = 3},
    };
    static uint32_t lists[] = {2, 5, 2, 3, 8, 1};
    static tw_rec_arg args[] = {{4, 0}, {2, TW_ARG_SPREAD}};
    static tw_rec_call calls[] = {
        {.func = 1,
         .callee = 1,
         .symbol = 1,
         .args = 0,
         .n_args = 2,
         .result = 5,
         .flags = TW_RC_LOOP,
         .off = 3,
         .len = 7},
        {.callee = 6, .result = 7, .off = 10},
    };
    static tw_rec_func funcs[] = {
        {.parent = TW_NONE, .kind = TW_REGION_MODULE, .len = 20},
        {.name = 2,
         .qual = 2,
         .kind = TW_REGION_FUNCTION,
         .params = 0,
         .n_params = 1,
         .returns = 1,
         .n_returns = 1},
        {.name = 3, .qual = 3, .kind = TW_REGION_CLASS, .bases = 5, .n_bases = 1},
    };
    static tw_rec_import imports[] = {{.module = 1, .level = 2, .flags = TW_RI_STAR}};
    static tw_rec_bind binds[] = {{.name = 2, .value = 7, .off = 1}};
    static tw_rec_layer layers[] = {
        {.call = 0, .recipe = 5, .lang = TW_LANG_PYTHON, .executed = 1, .bytes = 4}};
    (void)a;
    return (tw_record){TW_LANG_PYTHON,
                       1,
                       20,
                       30,
                       40,
                       1ull << 40,
                       TW_COUNT(strings),
                       TW_COUNT(vals),
                       TW_COUNT(lists),
                       TW_COUNT(args),
                       TW_COUNT(calls),
                       TW_COUNT(funcs),
                       TW_COUNT(imports),
                       TW_COUNT(binds),
                       TW_COUNT(stores),
                       TW_COUNT(layers),
                       TW_COUNT(gaps),
                       TW_COUNT(findings),
                       TW_COUNT(paths),
                       TW_COUNT(edges),
                       strings,
                       vals,
                       lists,
                       args,
                       calls,
                       funcs,
                       imports,
                       binds,
                       stores,
                       layers,
                       gaps,
                       findings,
                       paths,
                       edges};
}

TEST(round_trip)
{
    tw_arena *a = tw_arena_new(0);
    tw_record r = sample(a), back;
    tw_buf one = TW_BUF_INIT, two = TW_BUF_INIT;
    tw_record_encode(&r, &one);
    tw_diag d = {0};
    CHECK_INT(tw_record_decode(a, tw_buf_str(&one), &back, &d), TW_OK);
    tw_record_encode(&back, &two);
    CHECK(tw_str_eq(tw_buf_str(&one), tw_buf_str(&two)));
    CHECK_INT(back.n_vals, r.n_vals);
    CHECK_INT(back.steps, 1ll << 40);
    CHECK_STR(tw_rec_str(&back, 4), TW_S("a\0b"));
    CHECK_INT(back.calls[0].flags, TW_RC_LOOP);
    CHECK_INT(back.args[1].name, TW_ARG_SPREAD);
    tw_buf want = TW_BUF_INIT, got = TW_BUF_INIT;
    tw_record_dump(&r, &want);
    tw_record_dump(&back, &got);
    CHECK(want.n > 200);
    CHECK_STR(tw_buf_str(&got), tw_buf_str(&want));
    tw_buf_free(&one), tw_buf_free(&two);
    tw_buf_free(&want), tw_buf_free(&got);
    tw_arena_free(a);
}

/* Every truncation is refused; every byte set to 0xFF or flipped is refused or decodes to those bytes. */
TEST(hostile)
{
    tw_arena *a = tw_arena_new(0);
    tw_record r = sample(a), back;
    tw_buf b = TW_BUF_INIT, again = TW_BUF_INIT;
    tw_record_encode(&r, &b);
    unsigned refused = 0;
    for (size_t n = 0; n < b.n; n++) {
        char *exact = malloc(n ? n : 1);
        memcpy(exact, b.p, n);
        CHECK(tw_record_decode(a, tw_str_of(exact, n), &back, NULL) != TW_OK);
        free(exact);
    }
    for (size_t i = 0; i < b.n * 9; i++) {
        char *p = b.p + i / 9, was = *p;
        *p = i % 9 == 8 ? (char)0xFF : (char)(was ^ (1 << i % 9));
        if (tw_record_decode(a, tw_buf_str(&b), &back, NULL) == TW_OK) {
            tw_buf_clear(&again);
            tw_record_encode(&back, &again);
            CHECK(tw_str_eq(tw_buf_str(&b), tw_buf_str(&again)));
            tw_record_dump(&back, &again);
        } else {
            refused++;
        }
        *p = was;
    }
    CHECK(refused > b.n * 9 / 2);
    tw_buf_free(&b), tw_buf_free(&again);
    tw_arena_free(a);
}

static tw_err broken(void (*breaks)(tw_record *))
{
    tw_arena *a = tw_arena_new(0);
    tw_record r = sample(a), back;
    /* private copies of what the cases below change */
    r.vals = memcpy(TW_NEWN(a, tw_val, r.n_vals), r.vals, r.n_vals * sizeof *r.vals);
    r.calls = memcpy(TW_NEWN(a, tw_rec_call, r.n_calls), r.calls, r.n_calls * sizeof *r.calls);
    r.funcs = memcpy(TW_NEWN(a, tw_rec_func, r.n_funcs), r.funcs, r.n_funcs * sizeof *r.funcs);
    r.lists = memcpy(TW_NEWN(a, uint32_t, r.n_lists), r.lists, r.n_lists * sizeof *r.lists);
    r.paths = memcpy(TW_NEWN(a, tw_rec_path, r.n_paths), r.paths, r.n_paths * sizeof *r.paths);
    r.edges = memcpy(TW_NEWN(a, tw_rec_edge, r.n_edges), r.edges, r.n_edges * sizeof *r.edges);
    breaks(&r);
    tw_buf b = TW_BUF_INIT;
    tw_record_encode(&r, &b);
    tw_err e = tw_record_decode(a, tw_buf_str(&b), &back, NULL);
    tw_buf_free(&b);
    tw_arena_free(a);
    return e;
}

static void nothing(tw_record *r)
{
    (void)r;
}
static void cycle(tw_record *r)
{
    r->lists[2] = 4;
}
static void forward(tw_record *r)
{
    r->vals[8].a = 9;
}
static void wrong_depth(tw_record *r)
{
    r->vals[4].depth = 9;
}
static void shared_list(tw_record *r)
{
    r->vals[10].list = 2;
}
static void call_cycle(tw_record *r)
{
    r->calls[1].callee = 8;
}
static void stolen_call(tw_record *r)
{
    r->vals[5].a = 1;
}
static void not_class(tw_record *r)
{
    r->funcs[2].kind = TW_REGION_LAMBDA;
}
static void orphan(tw_record *r)
{
    r->funcs[1].parent = 2;
}
static void path_up(tw_record *r)
{
    r->paths[2].up = 2;
}
static void path_long(tw_record *r)
{
    static tw_rec_path p[] = {{0}, {0, 2}, {1, 0}, {2, 3}, {3, 0}};
    r->n_paths = 5;
    r->paths = p;
}
static void path_root(tw_record *r)
{
    r->paths[0].step = 2;
}
static void edge_order(tw_record *r)
{
    r->edges[0].func = 2;
}
static void edge_kind(tw_record *r)
{
    r->edges[0].kind = TW_FROM_MAX * TW_TO_MAX;
}
static void edge_param(tw_record *r)
{
    r->edges[1].from = 1;
}
static void edge_foreign_call(tw_record *r)
{
    r->edges[2].from = 1;
}
static void edge_arg(tw_record *r)
{
    r->edges[2].pos = 2;
}
static void edge_pos(tw_record *r)
{
    r->edges[1].pos = 1;
}
static void edge_path(tw_record *r)
{
    r->edges[2].to_path = 4;
}
static void edge_nameless(tw_record *r)
{
    r->edges[0].to_path = 0;
}
static void edge_store(tw_record *r)
{
    r->edges[3].to = 2; /* a class has no parameters */
}
static void edge_many(tw_record *r)
{
    static tw_rec_edge e[TW_EDGES_MAX + 1];
    for (uint32_t i = 0; i <= TW_EDGES_MAX; i++) e[i] = r->edges[1];
    r->edges = e;
    r->n_edges = TW_EDGES_MAX + 1;
}
static void span(tw_record *r)
{
    r->calls[0].len = 18;
}
static void parameter(tw_record *r)
{
    r->vals[3].b = 1;
}
static void spare(tw_record *r)
{
    r->vals[2].b = 1;
}

TEST(invariants)
{
    CHECK_INT(broken(nothing), TW_OK);
    static void (*const cases[])(tw_record *) = {
        cycle,     forward,   wrong_depth, shared_list,   call_cycle, stolen_call,
        not_class, orphan,    span,        parameter,     spare,      path_up,
        path_long, path_root, edge_order,  edge_kind,     edge_param, edge_foreign_call,
        edge_arg,  edge_pos,  edge_path,   edge_nameless, edge_store, edge_many};
    for (size_t i = 0; i < TW_COUNT(cases); i++)
        if (broken(cases[i]) != TW_ERR_MALFORMED) {
            fprintf(stderr, "case %zu was accepted\n", i);
            tw_failed_in_test_++;
        }
}

TEST(versions)
{
    tw_arena *a = tw_arena_new(0);
    tw_record r = sample(a), back;
    tw_buf b = TW_BUF_INIT;
    tw_record_encode(&r, &b);
    b.p[4]++;
    tw_diag d = {0};
    CHECK_INT(tw_record_decode(a, tw_buf_str(&b), &back, &d), TW_ERR_UNSUPPORTED);
    CHECK(strstr(d.says, "version"));
    b.p[0] = 'X';
    CHECK_INT(tw_record_decode(a, tw_buf_str(&b), &back, &d), TW_ERR_MALFORMED);
    tw_buf_free(&b);
    tw_arena_free(a);
}

/* Counts that promise more than the bytes hold must not be believed. */
TEST(promises)
{
    tw_arena *a = tw_arena_new(0);
    tw_record back;
    tw_buf b = TW_BUF_INIT;
    tw_record r = sample(a);
    tw_record_encode(&r, &b);
    size_t before = tw_arena_used(a);
    for (unsigned i = 0; i < 14; i++) {
        char was[4];
        memcpy(was, b.p + 44 + 4 * i, 4);
        memset(b.p + 44 + 4 * i, 0x7E, 4);
        CHECK_INT(tw_record_decode(a, tw_buf_str(&b), &back, NULL), TW_ERR_MALFORMED);
        memcpy(b.p + 44 + 4 * i, was, 4);
    }
    CHECK(tw_arena_used(a) - before < 14 * 20 * b.n + 4096);
    tw_buf_free(&b);
    tw_arena_free(a);
}
TESTS_MAIN()
