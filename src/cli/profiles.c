/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/profiles.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/map.h"
#include "base/os.h"
#include "cli/outputs/output.h"
#include "cli/plain.h"
#include "engine/profile.h"
#include "engine/unwrap.h"

const tw_time tw_times[] = {
    {"install", "when it is installed"},
    {"build", "when it is built"},
    {"import", "when it is imported"},
    {"plugin", "when a program that takes plug-ins starts"},
    {"command", "when its command is started"},
    {"load", "when one of its files is loaded"},
    {"call", "when it is called"},
    {"dead", "nothing in the package starts it"},
    {0},
};

/* ---- options ---- */

static const char *number(const char *value, uint64_t least, uint64_t most, uint64_t *ret)
{
    return tw_str_u64(tw_str_c(value), ret) && *ret >= least && *ret <= most ? NULL
                                                                             : "not a number in its range";
}

const char *tw_profiles_timeout(void *ctx, const char *value)
{
    return number(value, 1, 86400, &((tw_profiles *)ctx)->timeout);
}

const char *tw_profiles_memory(void *ctx, const char *value)
{
    return number(value, 64, 1 << 20, &((tw_profiles *)ctx)->memory_mib);
}

const char *tw_profiles_limit(void *ctx, const char *value)
{
    tw_str rest = tw_str_c(value), name;
    uint64_t n;
    if (!tw_str_split(&rest, '=', &name) || !rest.p || !tw_str_u64(rest, &n)) return "not NAME=NUMBER";
    return tw_limits_set(&((tw_profiles *)ctx)->engine.limits, name, n) == TW_OK
               ? NULL
               : "no limit of that name, or out of range";
}

const char *tw_profiles_index(void *ctx, const char *value)
{
    ((tw_profiles *)ctx)->fetch.index = value;
    return *value ? NULL : "is empty";
}

const char *tw_profiles_files(void *ctx, const char *value)
{
    ((tw_profiles *)ctx)->fetch.files = value;
    return *value ? NULL : "is empty";
}

const char *tw_profiles_http(void *ctx, const char *value)
{
    (void)value;
    ((tw_profiles *)ctx)->fetch.allow_http = true;
    return NULL;
}

/* ---- results ---- */

static void say(const tw_profiles *p, tw_str artifact, tw_str says)
{
    tw_buf line = TW_BUF_INIT;
    tw_buf_fmt(&line, "tidewaiter %s: ", p->verb);
    tw_term_put(&line, artifact, 0);
    tw_buf_puts(&line, TW_S(": "));
    tw_term_put(&line, says, 0);
    fprintf(stderr, "%.*s\n", TW_FMT(tw_buf_str(&line)));
    tw_buf_free(&line);
}

/* The first error of a report: the worker died, or there was nothing to open. */
static tw_str error_of(const tw_profiles *p, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(p->arena, r->report, NULL, &doc, NULL) != TW_OK) return TW_S("it could not be read");
    const tw_node *errors = tw_node_get(&doc, 0, TW_S("errors"));
    if (!errors || errors->kind != TW_NODE_ARRAY || !errors->count) return TW_S("");
    return tw_node_str(&doc, tw_node_first(&doc, tw_node_id(&doc, errors)), TW_S("says"),
                       TW_S("it could not be read"));
}

static bool read_profile(tw_profiles *p, tw_profiled *one)
{
    static const tw_doc_limits limits = {.max_depth = 8, .max_nodes = 4000000};
    one->read = tw_json_read(p->arena, one->text, &limits, &one->doc, NULL) == TW_OK &&
                one->doc.nodes[0].kind == TW_NODE_OBJECT;
    return one->read;
}

static bool has_parts(const tw_doc *d)
{
    static const char *const lists[] = {"starts", "dependencies", "capabilities",
                                        "flows",  "behaviours",   "files"};
    for (size_t i = 0; i < TW_COUNT(lists); i++) {
        const tw_node *n = tw_node_get(d, 0, tw_str_c(lists[i]));
        if (!n || n->kind != TW_NODE_ARRAY) return false;
    }
    return tw_node_str(d, 0, TW_S("verdict"), TW_S("")).n > 0;
}

/* Written earlier by `tidewaiter capabilities --format json`. */
static bool take_stored(tw_profiles *p, const char *path)
{
    tw_profiled one = {.artifact = tw_arena_str(p->arena, tw_str_c(path))};
    if (!p->stored || !tw_str_ends(one.artifact, TW_S(".json"))) return false;
    if (tw_read_file(p->arena, path, TW_PROFILE_MAX + 1, &one.text, NULL) != TW_OK) return false;
    if (!read_profile(p, &one) ||
        !tw_str_eq(tw_node_str(&one.doc, 0, TW_S("schema"), TW_S("")), TW_S("tidewaiter.capabilities/1")))
        return false;
    if (!has_parts(&one.doc)) {
        one.read = false;
        say(p, one.artifact, TW_S("parts of the profile are missing"));
    }
    TW_PUSH(p->arena, p->list, one);
    return true;
}

static void on_result(void *ctx, const tw_result *r)
{
    tw_profiles *p = ctx;
    tw_profiled one = {.artifact = tw_arena_str(p->arena, r->item->artifact)};
    tw_str why = error_of(p, r);
    if (!why.n && p->show) {
        one.read = true;
        p->show(r);
    } else if (!why.n && (r->n_layers != 1 || !r->layers[0].text.p))
        why = TW_S("the worker sent no profile");
    if (!why.n && !p->show) {
        one.text = tw_arena_str(p->arena, r->layers[0].text);
        if (!read_profile(p, &one)) why = TW_S("the worker sent what is no profile");
    }
    if (why.n) say(p, r->item->artifact, why);
    TW_PUSH(p->arena, p->list, one);
}

static void on_note(void *ctx, tw_str text)
{
    (void)ctx;
    fprintf(stderr, "tidewaiter: %.*s\n", TW_FMT(text));
}

void tw_profiles_init(tw_profiles *p, const char *verb)
{
    *p = (tw_profiles){.verb = verb, .timeout = 300, .memory_mib = 3072, .arena = tw_arena_new(0)};
    p->engine = (tw_engine){
        .limits = tw_limits_default(), .ecosystems = tw_ecosystems, .n_ecosystems = tw_n_ecosystems};
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) seed = (uint64_t)getpid();
    tw_hash_seed_set(seed);
}

/* The arguments in their order: what was stored is there already, what was reviewed follows in `list`. */
static void in_order(tw_profiles *p, const uint32_t *reviewed, int argc, uint32_t n_stored)
{
    uint32_t stored = 0, next = n_stored;
    tw_profiled *from = p->list.v;
    tw_profiled *to = TW_NEWN(p->arena, tw_profiled, (size_t)p->list.n + 1);
    uint32_t at = 0;
    for (int i = 0; i < argc; i++) {
        if (reviewed[i] == TW_NONE) to[at++] = from[stored++];
        for (uint32_t k = 0; reviewed[i] != TW_NONE && k < reviewed[i] && next < p->list.n; k++)
            to[at++] = from[next++];
    }
    p->list.v = to, p->list.n = at;
}

static tw_err review(tw_profiles *p, const tw_items *items)
{
    tw_supervision how = {.engine = &p->engine,
                          .jobs = 2,
                          .timeout = (uint32_t)p->timeout,
                          .memory = p->memory_mib << 20,
                          .profile = !p->show,
                          .facts = p->show != NULL};
    tw_listener to = {p, on_result, on_note, NULL};
    tw_tally tally;
    tw_diag d = {0};
    tw_err err = tw_supervise(&how, items, &to, &tally, &d);
    if (err != TW_OK) fprintf(stderr, "tidewaiter %s: %s\n", p->verb, d.says);
    return err;
}

int tw_profiles_read(tw_profiles *p, int argc, char **argv)
{
    tw_arena *a = tw_arena_new(0);
    p->engine.rules = tw_rules_builtin(a);
    tw_items items;
    tw_fetcher fetcher;
    tw_items_init(&items, a);
    tw_fetcher_init(&fetcher, &p->fetch);
    uint32_t *reviewed = TW_NEWN(a, uint32_t, (size_t)argc + 1); /* items of each argument; TW_NONE: stored */
    for (int i = 0; i < argc; i++) {
        uint32_t before = items.list.n;
        if (tw_is_spec(argv[i]))
            tw_fetch(&fetcher, &items, argv[i]);
        else if (!take_stored(p, argv[i]))
            tw_items_add_path(&items, tw_str_c(argv[i]));
        reviewed[i] = items.list.n > before ? items.list.n - before : TW_NONE;
    }
    uint32_t n_stored = p->list.n;
    tw_err err = items.list.n ? review(p, &items) : TW_OK;
    tw_fetcher_done(&fetcher);
    in_order(p, reviewed, argc, n_stored);
    tw_arena_free(a);
    bool all = err == TW_OK;
    for (uint32_t i = 0; i < p->list.n; i++) all &= p->list.v[i].read;
    return all ? 0 : 2;
}
