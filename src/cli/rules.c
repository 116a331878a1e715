/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules.h"

#include <stdio.h>

#include "base/os.h"
#include "cli/plain.h"
#include "service/supervisor/items.h"

enum { RULE_FILE_MAX = 1 << 20 };

typedef struct sources {
    tw_arena *a;
    TW_VEC(tw_str) names;
    TW_VEC(tw_str) texts;
} sources;

const char *tw_user_rules_add(tw_user_rules *u, const char *path)
{
    if (!*path) return "is empty";
    if (u->n == TW_USER_RULES) return "more than 32 times";
    u->paths[u->n++] = path;
    return NULL;
}

static bool add_file(sources *s, const char *verb, const char *path)
{
    tw_str text;
    tw_diag d = {0};
    if (tw_read_file(s->a, path, RULE_FILE_MAX, &text, &d) != TW_OK) {
        fprintf(stderr, "tidewaiter %s: %s: %s\n", verb, tw_plain(path), d.says);
        return false;
    }
    TW_PUSH(s->a, s->names, tw_str_c(path));
    TW_PUSH(s->a, s->texts, text);
    return true;
}

static bool is_rule_file(tw_str name)
{
    return tw_str_ends(name, TW_S(".yaml")) || tw_str_ends(name, TW_S(".yml"));
}

static bool add_path(sources *s, const char *verb, const char *path)
{
    tw_entry *e;
    uint32_t n, found = 0;
    if (!tw_list_dir(s->a, path, &e, &n)) return add_file(s, verb, path);
    for (uint32_t i = 0; i < n; i++) {
        if (e[i].dir || e[i].link || !is_rule_file(e[i].name)) continue;
        if (!add_file(s, verb, tw_path_join(s->a, path, e[i].name))) return false;
        found++;
    }
    if (!found)
        fprintf(stderr, "tidewaiter %s: %s: no rule in it: rules are files NAME.yaml\n", verb,
                tw_plain(path));
    return found > 0;
}

/* A long name was cut in the diagnosis. */
static bool said_of(const tw_diag *d, tw_str name)
{
    tw_str where = tw_str_c(d->where);
    return where.n == sizeof d->where - 1 ? tw_str_starts(name, where) : tw_str_eq(name, where);
}

/* Leaves out the file that the diagnosis is about; false where that is none of the user's. */
static bool drop_bad(sources *s, const tw_diag *d)
{
    for (uint32_t i = (uint32_t)tw_n_rule_sources; i < s->names.n; i++) {
        if (!said_of(d, s->names.v[i])) continue;
        for (uint32_t k = i; k + 1 < s->names.n; k++) {
            s->names.v[k] = s->names.v[k + 1];
            s->texts.v[k] = s->texts.v[k + 1];
        }
        s->names.n--, s->texts.n--;
        return true;
    }
    return false;
}

static const tw_rules *compile(sources *s, const tw_user_rules *u, const char *verb)
{
    for (;;) {
        tw_rules *r;
        tw_diag d = {0};
        tw_err e = tw_rules_compile(s->a, s->names.v, s->texts.v, s->names.n, &r, &d);
        if (e == TW_OK)
            e = tw_rules_measure(r, tw_str_c(tw_rule_measurements.file), tw_rule_measurements.text, &d);
        if (e == TW_OK) return r;
        fprintf(stderr, "%s:%u:%u: %s\n", tw_plain(d.where), d.line, d.col, d.says);
        if (!u->skip_bad || !drop_bad(s, &d)) break;
        fprintf(stderr, "tidewaiter %s: that file is left out\n", verb);
    }
    fprintf(stderr,
            "tidewaiter %s: nothing was done. The language of rules: docs/internals/rules.md; "
            "--skip-bad-rules goes on without such files\n",
            verb);
    return NULL;
}

const tw_rules *tw_user_rules_load(tw_user_rules *u, const char *verb, tw_arena *a)
{
    if (!u->n) return tw_rules_builtin(a);
    sources s = {.a = a};
    for (size_t i = 0; i < tw_n_rule_sources; i++) {
        TW_PUSH(a, s.names, tw_str_c(tw_rule_sources[i].file));
        TW_PUSH(a, s.texts, tw_rule_sources[i].text);
    }
    for (unsigned i = 0; i < u->n; i++)
        if (!add_path(&s, verb, u->paths[i])) return NULL;
    const tw_rules *r = compile(&s, u, verb);
    u->names = s.names.v;
    u->texts = s.texts.v;
    return r;
}

tw_str tw_user_rules_text(const tw_user_rules *u, uint32_t index)
{
    for (uint32_t i = 0;; i++) {
        tw_str name = u->names ? u->names[i] : tw_str_c(tw_rule_sources[i].file);
        if (tw_str_eq(tw_str_base(name), TW_S(TW_POLICY_FILE))) continue;
        if (index-- == 0) return u->texts ? u->texts[i] : tw_rule_sources[i].text;
    }
}
