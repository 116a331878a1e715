/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/os.h"
#include "cli/plain.h"

#define NAME "tidewaiter.yaml"

static bool wanted(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--"); i++)
        if (!strcmp(argv[i], "--no-config")) return false;
    return true;
}

/* Its path in `ret`; false where there is none. A link or another's file is passed over, and that is said. */
static bool find(const char *verb, char ret[PATH_MAX])
{
    struct stat st;
    char dir[PATH_MAX - sizeof NAME - 1];
    if (!getcwd(dir, sizeof dir)) return false;
    for (;;) {
        snprintf(ret, PATH_MAX, "%s%s" NAME, dir, dir[1] ? "/" : "");
        if (lstat(ret, &st) == 0) {
            if (S_ISREG(st.st_mode) && (st.st_uid == geteuid() || st.st_uid == 0)) return true;
            fprintf(stderr, "tidewaiter %s: %s is not used: it is no file of yours\n", verb, tw_plain(ret));
            return false;
        }
        char *slash = strrchr(dir, '/');
        if (!slash || !dir[1]) return false;
        slash[slash == dir] = '\0';
    }
}

static const tw_option *option(const tw_verb *v, const char *const *allowed, tw_str key)
{
    for (; *allowed; allowed++)
        if (tw_str_eq(key, tw_str_c(*allowed)))
            for (const tw_option *o = v->options; o->name; o++)
                if (!strcmp(o->name, *allowed)) return o;
    return NULL;
}

typedef struct config {
    const tw_verb *v;
    void *ctx;
    tw_arena *a; /* of the process: values are kept as they are */
    const char *path;
} config;

static bool wrong(const config *c, const tw_node *n, tw_str key, const char *says)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)(key.n < 60 ? key.n : 60), key.p);
    fprintf(stderr, "tidewaiter %s: %s:%u:%u: %s: %s\n", c->v->name, tw_plain(c->path), n->line, n->col,
            tw_plain(name), says);
    return false;
}

static bool set_one(const config *c, const tw_option *o, const tw_node *n, tw_str key)
{
    if (n->kind != TW_NODE_STRING && n->kind != TW_NODE_NUMBER) return wrong(c, n, key, "not a word");
    if (memchr(n->text.p, 0, n->text.n)) return wrong(c, n, key, "holds a NUL");
    tw_str value = tw_arena_str(c->a, n->text);
    if (o->value && !strcmp(o->value, "FILE") && !tw_str_starts(value, TW_S("/"))) /* beside this file */
        value =
            tw_arena_fmt(c->a, "%.*s/%.*s", (int)(strrchr(c->path, '/') - c->path), c->path, TW_FMT(value));
    const char *says = o->set(c->ctx, value.p);
    return !says || wrong(c, n, key, says);
}

static bool apply(const config *c, const tw_doc *doc, const char *const *allowed)
{
    if (doc->nodes[0].kind == TW_NODE_NULL) return true;
    if (doc->nodes[0].kind != TW_NODE_OBJECT)
        return wrong(c, &doc->nodes[0], TW_S("the file"), "is no mapping of options");
    for (uint32_t i = tw_node_first(doc, 0); i != tw_node_end(doc, 0); i = doc->nodes[i].next) {
        const tw_node *n = &doc->nodes[i];
        const tw_option *o = option(c->v, allowed, n->key);
        if (!o)
            return wrong(c, n, n->key, "not an option that stands in this file: see tidewaiter help scan");
        if (n->kind != TW_NODE_ARRAY) {
            if (!set_one(c, o, n, n->key)) return false;
            continue;
        }
        for (uint32_t k = tw_node_first(doc, i); k != tw_node_end(doc, i); k = doc->nodes[k].next)
            if (!set_one(c, o, &doc->nodes[k], n->key)) return false;
    }
    return true;
}

static bool says_nothing(tw_str text)
{
    for (tw_str line; tw_str_split(&text, '\n', &line);)
        if (tw_str_trim(line).n && tw_str_trim(line).p[0] != '#') return false;
    return true;
}

bool tw_config_apply(const tw_verb *v, void *ctx, const char *const *allowed, int argc, char **argv)
{
    static char path[PATH_MAX];
    static tw_arena *kept; /* until the process ends */
    if (!wanted(argc, argv) || !find(v->name, path)) return true;
    if (!kept) kept = tw_arena_new(0);
    config c = {v, ctx, kept, path};
    tw_doc doc;
    tw_str text;
    tw_diag d = {0};
    if (tw_read_file(kept, path, TW_CONFIG_MAX, &text, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter %s: %s: %s\n", v->name, tw_plain(path), d.says);
        return false;
    }
    if (says_nothing(text)) return true;
    if (tw_yaml_read(kept, text, NULL, &doc, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter %s: %s:%u:%u: %s\n", v->name, tw_plain(path), d.line, d.col, d.says);
        return false;
    }
    if (!apply(&c, &doc, allowed)) return false;
    fprintf(stderr, "tidewaiter: options of %s\n", tw_plain(path));
    return true;
}
