/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter rules list|show|explain|lint|test: what the verdicts are made of, a user's own rules beside the built-in. */
#include <stdio.h>
#include <unistd.h>

#include "base/doc.h"
#include "base/os.h"
#include "cli/outputs/output.h"
#include "cli/plain.h"
#include "cli/rules_test.h"
#include "cli/verbs.h"

typedef struct rules_verb {
    tw_user_rules user;
    const tw_rules *rules;
    const char *fixtures;
    bool json;
    tw_arena *a;
    tw_buf out;
} rules_verb;

static const char *set_format(void *ctx, const char *value)
{
    ((rules_verb *)ctx)->json = !strcmp(value, "json");
    return !strcmp(value, "json") || !strcmp(value, "text") ? NULL : "not a format: text or json";
}
static const char *set_rules(void *ctx, const char *value)
{
    return tw_user_rules_add(&((rules_verb *)ctx)->user, value);
}
static const char *set_skip_bad(void *ctx, const char *value)
{
    (void)value;
    ((rules_verb *)ctx)->user.skip_bad = true;
    return NULL;
}
static const char *set_fixtures(void *ctx, const char *value)
{
    ((rules_verb *)ctx)->fixtures = value;
    return *value ? NULL : "is empty";
}

const tw_option tw_rules_options[] = {
    {"rules", "PATH", "your own rules beside ours: a file or a folder of *.yaml", set_rules},
    {"skip-bad-rules", NULL, "go on without rule files that have an error", set_skip_bad},
    {"fixtures", "DIR", "for test: DIR/ID/hit/* and DIR/ID/miss/* (default: the folder of --rules)",
     set_fixtures},
    {"format", "FORMAT", "text (default) or json", set_format},
    {0},
};

/* --- one rule in words --------------------------------------------------------------------------- */
static tw_str join(tw_arena *a, const tw_str *list, uint32_t n)
{
    tw_buf b = TW_BUF_INIT;
    for (uint32_t i = 0; i < n; i++) {
        if (i) tw_buf_puts(&b, TW_S(", "));
        tw_buf_puts(&b, list[i]);
    }
    tw_str s = tw_arena_str(a, tw_buf_str(&b));
    tw_buf_free(&b);
    return s;
}

static tw_str measured_words(tw_arena *a, const tw_rule_view *v)
{
    const uint32_t *m = v->measured;
    if (!m[TW_MEASURED_OF]) return TW_S("never measured");
    return tw_arena_fmt(
        a,
        "matched in %u of %u campaigns of malware, in %u of them alone, and took %u of %u harmless "
        "packages to suspicious; at least %u.%u %% of what it flags is malware (95 %%)",
        m[TW_MEASURED_CAMPAIGNS], m[TW_MEASURED_OF], m[TW_MEASURED_SOLE], m[TW_MEASURED_BENIGN],
        m[TW_MEASURED_OF_BENIGN], tw_rule_precision(m) / 10, tw_rule_precision(m) % 10);
}

static void put_line(rules_verb *w, const char *name, tw_str text)
{
    tw_buf_fmt(&w->out, "  %-10s", name);
    tw_term_wrap(&w->out, text, 12, 12);
    tw_buf_putc(&w->out, '\n');
}

static void explain(rules_verb *w, const tw_rule_view *v)
{
    tw_str level = v->top > v->ceiling ? tw_arena_fmt(w->a, "%s, raised to %s by more evidence",
                                                      tw_level_name(v->ceiling), tw_level_name(v->top))
                                       : tw_str_c(tw_level_name(v->ceiling));
    tw_buf_fmt(&w->out, "%.*s\n", TW_FMT(v->id));
    put_line(w, "says", tw_rule_spoken(w->a, v->says));
    put_line(w, "reaches", tw_arena_fmt(w->a, "at most %.*s", TW_FMT(level)));
    put_line(w, "kind", v->kind);
    put_line(w, "check", v->check);
    put_line(w, "ATT&CK", v->n_attack ? join(w->a, v->attack, v->n_attack) : TW_S("none named"));
    if (v->n_cites) put_line(w, "seen in", join(w->a, v->cites, v->n_cites));
    put_line(w, "measured", measured_words(w->a, v));
}

static void put_strs(tw_json_w *j, const char *key, const tw_str *list, uint32_t n)
{
    tw_json_key(j, tw_str_c(key));
    tw_json_arr(j);
    for (uint32_t i = 0; i < n; i++) tw_json_str(j, list[i]);
    tw_json_arr_end(j);
}

static void put_json(tw_json_w *j, const tw_rule_view *v)
{
    static const char *const names[TW_MEASURED_MAX] = {"campaigns", "of_campaigns", "alone", "benign",
                                                       "of_benign"};
    const struct {
        const char *key;
        tw_str value;
    } rows[] = {{"id", v->id},
                {"ceiling", tw_str_c(tw_level_name(v->ceiling))},
                {"top", tw_str_c(tw_level_name(v->top))},
                {"kind", v->kind},
                {"says", v->says},
                {"check", v->check}};
    tw_json_obj(j);
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        tw_json_key(j, tw_str_c(rows[i].key));
        tw_json_str(j, rows[i].value);
    }
    put_strs(j, "attack", v->attack, v->n_attack);
    put_strs(j, "cites", v->cites, v->n_cites);
    tw_json_key(j, TW_S("measured"));
    if (!v->measured[TW_MEASURED_OF]) {
        tw_json_null(j);
    } else {
        tw_json_obj(j);
        for (int i = 0; i < TW_MEASURED_MAX; i++) {
            tw_json_key(j, tw_str_c(names[i]));
            tw_json_u64(j, v->measured[i]);
        }
        tw_json_key(j, TW_S("precision_low"));
        tw_json_double(j, tw_rule_precision(v->measured) / 1000.0);
        tw_json_obj_end(j);
    }
    tw_json_obj_end(j);
}

static void list_row(rules_verb *w, const tw_rule_view *v)
{
    const uint32_t *m = v->measured;
    tw_buf_fmt(&w->out, "%-28.*s %-10s %-21.*s", TW_FMT(v->id), tw_level_name(v->top), TW_FMT(v->kind));
    if (m[TW_MEASURED_OF]) tw_buf_fmt(&w->out, " %4u %6u", m[TW_MEASURED_CAMPAIGNS], m[TW_MEASURED_BENIGN]);
    tw_buf_putc(&w->out, '\n');
}

/* --- the verbs below ------------------------------------------------------------------------------ */
static int unknown_rule(const rules_verb *w, const char *id)
{
    const char **names = TW_NEWN(w->a, const char *, (size_t)tw_rules_count(w->rules) + 1);
    for (uint32_t i = 0; i < tw_rules_count(w->rules); i++)
        names[i] = tw_arena_str(w->a, tw_rules_view(w->rules, i).id).p;
    const char *near = tw_nearest(id, names);
    fprintf(stderr, "tidewaiter rules: no rule %s", tw_plain(id));
    if (near) fprintf(stderr, "; did you mean %s?", near);
    fputs("\nSee: tidewaiter rules list\n", stderr);
    return 2;
}

static uint32_t find(const rules_verb *w, const char *id)
{
    for (uint32_t i = 0; i < tw_rules_count(w->rules); i++)
        if (tw_str_eq(tw_rules_view(w->rules, i).id, tw_str_c(id))) return i;
    return TW_NONE;
}

/* All rules, or those that are named: 0, or 2. */
static int views(rules_verb *w, int n, char **ids, void (*text)(rules_verb *, const tw_rule_view *))
{
    tw_json_w j = tw_json_writer(&w->out);
    uint32_t all = tw_rules_count(w->rules);
    if (w->json) tw_json_arr(&j);
    for (uint32_t i = 0; i < (n ? (uint32_t)n : all); i++) {
        uint32_t at = n ? find(w, ids[i]) : i;
        if (at == TW_NONE) return unknown_rule(w, ids[i]);
        tw_rule_view v = tw_rules_view(w->rules, at);
        if (w->json)
            put_json(&j, &v);
        else
            text(w, &v);
        if (!w->json && text == explain && i + 1 < (n ? (uint32_t)n : all)) tw_buf_putc(&w->out, '\n');
    }
    if (w->json) {
        tw_json_arr_end(&j);
        tw_buf_putc(&w->out, '\n');
    }
    return 0;
}

static int do_list(rules_verb *w, int n, char **ids)
{
    if (!w->json)
        tw_buf_puts(&w->out,
                    TW_S("rule                         at most    kind                  hits benign\n"));
    int status = views(w, n, ids, list_row);
    if (!w->json)
        tw_buf_fmt(&w->out,
                   "%u rules. hits: campaigns of malware; benign: harmless packages flagged.\n"
                   "More of one: tidewaiter rules explain ID\n",
                   n ? (unsigned)n : tw_rules_count(w->rules));
    return status;
}

static int do_explain(rules_verb *w, int n, char **ids)
{
    return views(w, n, ids, explain);
}

static int do_show(rules_verb *w, int n, char **ids)
{
    if (!n) {
        fputs("tidewaiter rules show: which? Give the ID of a rule: tidewaiter rules list\n", stderr);
        return 2;
    }
    for (int i = 0; i < n; i++) {
        uint32_t at = find(w, ids[i]);
        if (at == TW_NONE) return unknown_rule(w, ids[i]);
        if (i) tw_buf_puts(&w->out, TW_S("---\n"));
        tw_buf_puts(&w->out, tw_user_rules_text(&w->user, at));
    }
    return 0;
}

static void put_lint(rules_verb *w, tw_json_w *j, tw_str id, const tw_rule_lint *l)
{
    if (!w->json) {
        tw_buf_fmt(&w->out, "%.*s: %s: ", TW_FMT(id), l->code);
        tw_buf_puts(&w->out, l->says);
        tw_buf_putc(&w->out, '\n');
        return;
    }
    tw_json_obj(j);
    tw_json_key(j, TW_S("rule"));
    tw_json_str(j, id);
    tw_json_key(j, TW_S("code"));
    tw_json_str(j, tw_str_c(l->code));
    tw_json_key(j, TW_S("says"));
    tw_json_str(j, l->says);
    tw_json_obj_end(j);
}

static int do_lint(rules_verb *w, int n, char **ids)
{
    tw_rule_lints lints = {0};
    tw_json_w j = tw_json_writer(&w->out);
    uint32_t shown = 0;
    for (int i = 0; i < n; i++)
        if (find(w, ids[i]) == TW_NONE) return unknown_rule(w, ids[i]);
    tw_rules_lint(w->rules, w->a, &lints);
    if (w->json) tw_json_arr(&j);
    for (uint32_t i = 0; i < lints.n; i++) {
        tw_str id = tw_rules_view(w->rules, lints.v[i].rule).id;
        bool asked = !n;
        for (int k = 0; k < n; k++) asked |= tw_str_eq(id, tw_str_c(ids[k]));
        if (!asked) continue;
        put_lint(w, &j, id, &lints.v[i]);
        shown++;
    }
    if (w->json) tw_json_arr_end(&j);
    if (w->json) tw_buf_putc(&w->out, '\n');
    fprintf(stderr, "%u rules, %u remarks\n", tw_rules_count(w->rules), shown);
    return shown ? 1 : 0;
}

static int do_test(rules_verb *w, int n, char **ids)
{
    for (int i = 0; i < n; i++)
        if (find(w, ids[i]) == TW_NONE) return unknown_rule(w, ids[i]);
    const char *dir = w->fixtures ? w->fixtures : w->user.n == 1 ? w->user.paths[0] : NULL;
    if (!dir) {
        fputs("tidewaiter rules test: where are the fixtures? Give --fixtures DIR, with DIR/ID/hit/* and "
              "DIR/ID/miss/*\n",
              stderr);
        return 2;
    }
    return tw_rules_test(w->rules, w->a, dir, n, ids, &w->out);
}

static const struct {
    const char *name;
    int (*run)(rules_verb *w, int n, char **ids);
} verbs[] = {
    {"list", do_list}, {"show", do_show}, {"explain", do_explain}, {"lint", do_lint}, {"test", do_test}};

static int no_such(const char *word)
{
    if (word)
        fprintf(stderr, "tidewaiter rules: %s is none of list, show, explain, lint, test\n", tw_plain(word));
    if (!word) fputs("tidewaiter rules: list, show, explain, lint or test?\n", stderr);
    fputs("See: tidewaiter help rules\n", stderr);
    return 2;
}

int tw_verb_rules(int argc, char **argv)
{
    rules_verb w = {.a = tw_arena_new(0)};
    int n = tw_options_read(tw_verb_find("rules"), &w, argc, argv), status = 2;
    size_t at = 0;
    while (n > 0 && at < TW_COUNT(verbs) && strcmp(verbs[at].name, argv[0])) at++;
    if (n == 0 || (n > 0 && at == TW_COUNT(verbs)))
        no_such(n ? argv[0] : NULL);
    else if (n > 0 && (w.rules = tw_user_rules_load(&w.user, "rules", w.a)))
        status = verbs[at].run(&w, n - 1, argv + 1);
    if (tw_write_all(STDOUT_FILENO, tw_buf_str(&w.out)) != TW_OK) status = 2;
    tw_buf_free(&w.out);
    tw_arena_free(w.a);
    return status;
}
