/* SPDX-License-Identifier: Apache-2.0 */
#include "service/yara/yara.h"

#include <dlfcn.h>
#include <stdio.h>

#include "base/os.h"
#include "service/yara/module.h"

enum { YARA_FILE_MAX = 16 << 20 };

typedef struct yara {
    tw_inspector inspector;
    const tw_yara_module *module;
    void *rules;
} yara;

typedef struct hits {
    const tw_member *member;
    tw_findings *to;
} hits;

static void on_hit(void *ctx, const char *rule, uint64_t at)
{
    const hits *h = ctx;
    tw_finding_add(h->to, TW_FIND_YARA_MATCH, h->member->index, at, "%s", rule);
}

static void inspect(const tw_inspector *self, const tw_member *m, tw_str data, tw_findings *to)
{
    const yara *y = (const yara *)self;
    hits h = {m, to};
    int e = y->module->scan(y->rules, data.p, data.n, on_hit, &h);
    if (e) tw_finding_add(to, TW_FIND_YARA_STOPPED, m->index, 0, "error %d of libyara", e);
}

static const tw_yara_module *module_of(tw_arena *a, tw_diag *d)
{
    void *so = dlopen(tw_sibling(a, "tidewaiter-yara.so"), RTLD_NOW | RTLD_LOCAL);
    const tw_yara_module *m = so ? dlsym(so, TW_YARA_SYMBOL) : NULL;
    if (!m)
        tw_fail(
            d, TW_ERR_UNSUPPORTED,
            "tidewaiter-yara.so is not beside this program: it is built where libyara-dev is installed (%s)",
            so ? "another version" : "not found, or libyara is missing");
    return m;
}

tw_err tw_yara_load(tw_arena *a, const char *const *paths, size_t n, const tw_inspector **ret, tw_diag *d)
{
    yara *y = TW_NEW(a, yara);
    const char **texts = TW_NEWN(a, const char *, n + 1);
    tw_yara_error e = {0};
    tw_sha256 id;
    if (!(y->module = module_of(a, d))) return TW_ERR_UNSUPPORTED;
    tw_sha256_init(&id);
    for (size_t i = 0; i < n; i++) {
        tw_str text;
        tw_err err = tw_read_file(a, paths[i], YARA_FILE_MAX, &text, d);
        if (err == TW_OK && memchr(text.p, 0, text.n)) err = tw_fail(d, TW_ERR_MALFORMED, "not a text");
        snprintf(d->where, sizeof d->where, "%s", paths[i]);
        if (err != TW_OK) return err;
        texts[i] = tw_arena_str(a, text).p;
        tw_sha256_add(&id, texts[i], text.n + 1);
    }
    d->where[0] = 0;
    y->rules = y->module->compile(paths, texts, n, &e);
    y->inspector = (tw_inspector){tw_sha256_end(&id), inspect};
    *ret = &y->inspector;
    if (y->rules) return TW_OK;
    tw_fail(d, TW_ERR_MALFORMED, "%s", e.says);
    snprintf(d->where, sizeof d->where, "%s", e.file ? e.file : "");
    d->line = e.line;
    return TW_ERR_MALFORMED;
}
