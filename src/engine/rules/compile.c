/* SPDX-License-Identifier: Apache-2.0 */
/* One YAML document -> one compiled rule; conditions are in compile_when.c. */
#include "engine/rules/priv.h"

#include <stdarg.h>
#include <stdio.h>

static const char top_keys[] = "id ceiling kind attack says check when unless raise fixtures";
static const char *const kinds[] = {"malware",  "protestware", "dependency-confusion",
                                    "spam",     "name-squat",  "obfuscation-only",
                                    "research", "unwanted"};

const char *tw_level_name(tw_level l)
{
    static const char *const names[] = {"clear", "notable", "suspicious", "malicious", "unreviewable"};
    return l < TW_LEVEL_MAX ? names[l] : "unreviewable";
}

tw_err tw_rule_bad(const tw_rule_build *b, uint32_t id, const char *fmt, ...)
{
    char says[sizeof b->d->says];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(says, sizeof says, fmt, ap);
    va_end(ap);
    tw_err e = tw_fail(b->d, TW_ERR_MALFORMED, "%s", says);
    if (!b->d) return e;
    const tw_node *n = &b->doc->nodes[id];
    snprintf(b->d->where, sizeof b->d->where, "%.*s", TW_FMT(b->file));
    b->d->line = n->line;
    b->d->col = n->col;
    b->d->off = n->off;
    return e;
}

static bool word_in(tw_str word, const char *list)
{
    tw_str rest = tw_str_c(list), part;
    while (tw_str_split(&rest, ' ', &part))
        if (tw_str_eq(part, word)) return true;
    return false;
}

tw_err tw_rule_keys(const tw_rule_build *b, uint32_t id, const char *what, const char *allowed)
{
    const tw_doc *doc = b->doc;
    if (doc->nodes[id].kind != TW_NODE_OBJECT)
        return tw_rule_bad(b, id, "%s must be a mapping with keys out of: %s", what, allowed);
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next)
        if (!word_in(doc->nodes[i].key, allowed))
            return tw_rule_bad(b, i, "unknown key \"%.*s\" in %s, expected one of: %s",
                               (int)(doc->nodes[i].key.n < 40 ? doc->nodes[i].key.n : 40),
                               doc->nodes[i].key.p, what, allowed);
    return TW_OK;
}

tw_err tw_rule_text(const tw_rule_build *b, const tw_node *n, tw_str *ret)
{
    if (n->kind != TW_NODE_STRING || n->text.n == 0)
        return tw_rule_bad(b, tw_node_id(b->doc, n), "expected a text that is not empty");
    *ret = n->text;
    return TW_OK;
}

uint32_t tw_rules_string(tw_rules *r, tw_str s)
{
    if (s.n == 0) return 0;
    for (uint32_t i = 1; i < r->strings.n; i++)
        if (tw_str_eq(r->strings.v[i], s)) return i;
    TW_PUSH(r->arena, r->strings, tw_arena_str(r->arena, s));
    return r->strings.n - 1;
}

/* "group.name", lower case, digits, '-'. */
static bool id_ok(tw_str s)
{
    if (s.n > 64 || tw_str_chr(s, '.') == TW_NPOS) return false;
    char before = '.';
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && ((c != '.' && c != '-') || before == '.' || before == '-')) return false;
        before = c;
    }
    return before != '.' && before != '-';
}

static bool attack_ok(tw_str s)
{
    static const char form[] = "T0000.000";
    if (s.n != 5 && s.n != 9) return false;
    for (size_t i = 0; i < s.n; i++)
        if (form[i] == '0' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != form[i]) return false;
    return true;
}

static tw_err required(const tw_rule_build *b, const char *key, const tw_node **ret)
{
    *ret = tw_node_get(b->doc, 0, tw_str_c(key));
    return *ret ? TW_OK : tw_rule_bad(b, 0, "the rule lacks the key \"%s\"", key);
}

static tw_err level_of(const tw_rule_build *b, const tw_node *n, uint32_t *ret)
{
    for (uint32_t l = TW_LEVEL_NOTABLE; l <= TW_LEVEL_MALICIOUS; l++)
        if (n->kind == TW_NODE_STRING && tw_str_eq(n->text, tw_str_c(tw_level_name((tw_level)l)))) {
            *ret = l;
            return TW_OK;
        }
    return tw_rule_bad(b, tw_node_id(b->doc, n), "expected a level: notable, suspicious or malicious");
}

static tw_err head_id(tw_rule_build *b)
{
    const tw_node *n;
    tw_str s;
    TW_TRY(required(b, "id", &n));
    TW_TRY(tw_rule_text(b, n, &s));
    if (!id_ok(s))
        return tw_rule_bad(b, tw_node_id(b->doc, n), "expected an id like group.some-name in lower case");
    for (uint32_t i = 0; i < b->r->rules.n; i++)
        if (tw_str_eq(b->r->strings.v[b->r->rules.v[i].id], s))
            return tw_rule_bad(b, tw_node_id(b->doc, n), "another rule has the id \"%.*s\"", TW_FMT(s));
    b->rule->id = tw_rules_string(b->r, s);
    return TW_OK;
}

static tw_err head_attack(tw_rule_build *b)
{
    const tw_node *n = tw_node_get(b->doc, 0, TW_S("attack"));
    if (!n) return TW_OK;
    uint32_t id = tw_node_id(b->doc, n);
    if (n->kind != TW_NODE_ARRAY || n->count > 4)
        return tw_rule_bad(b, id, "expected a list of at most 4 ATT&CK techniques");
    for (uint32_t i = tw_node_first(b->doc, id); i != tw_node_end(b->doc, id); i = b->doc->nodes[i].next) {
        if (b->doc->nodes[i].kind != TW_NODE_STRING || !attack_ok(b->doc->nodes[i].text))
            return tw_rule_bad(b, i, "expected an ATT&CK technique like T1059 or T1552.001");
        b->rule->attack[b->rule->n_attack++] = tw_rules_string(b->r, b->doc->nodes[i].text);
    }
    return TW_OK;
}

static tw_err head_kind(tw_rule_build *b)
{
    const tw_node *n;
    TW_TRY(required(b, "kind", &n));
    for (size_t i = 0; i < TW_COUNT(kinds); i++)
        if (n->kind == TW_NODE_STRING && tw_str_eq(n->text, tw_str_c(kinds[i]))) {
            b->rule->kind = tw_rules_string(b->r, n->text);
            return TW_OK;
        }
    return tw_rule_bad(b, tw_node_id(b->doc, n),
                       "expected a kind: malware, protestware, dependency-confusion, spam, name-squat, "
                       "obfuscation-only, research or unwanted");
}

static tw_err head(tw_rule_build *b)
{
    const tw_node *n;
    tw_str s;
    TW_TRY(tw_rule_keys(b, 0, "a rule", top_keys));
    TW_TRY(head_id(b));
    TW_TRY(required(b, "ceiling", &n));
    TW_TRY(level_of(b, n, &b->rule->ceiling));
    TW_TRY(head_kind(b));
    TW_TRY(head_attack(b));
    TW_TRY(required(b, "check", &n));
    TW_TRY(tw_rule_text(b, n, &s));
    b->rule->check = tw_rules_string(b->r, s);
    return TW_OK;
}

static tw_err fixtures(const tw_rule_build *b)
{
    const tw_node *n = tw_node_get(b->doc, 0, TW_S("fixtures"));
    if (!n) return TW_OK;
    uint32_t id = tw_node_id(b->doc, n);
    TW_TRY(tw_rule_keys(b, id, "fixtures", "hit miss"));
    for (uint32_t i = tw_node_first(b->doc, id); i != tw_node_end(b->doc, id); i = b->doc->nodes[i].next) {
        if (b->doc->nodes[i].kind != TW_NODE_ARRAY)
            return tw_rule_bad(b, i, "expected a list of fixture folders");
        for (uint32_t k = tw_node_first(b->doc, i); k != tw_node_end(b->doc, i); k = b->doc->nodes[k].next) {
            tw_str s;
            TW_TRY(tw_rule_text(b, &b->doc->nodes[k], &s));
        }
    }
    return TW_OK;
}

/* `malicious` asks for code that runs by itself, unless the rule names a weaker trigger. */
static tw_err raise_trigger(tw_rule_build *b, const tw_node *n)
{
    b->rule->raise_trigger = TW_TRIGGER_LOAD;
    if (!n) return TW_OK;
    if (n->kind != TW_NODE_STRING || !tw_str_eq(n->text, tw_str_c(tw_trigger_name(TW_TRIGGER_CALL))))
        return tw_rule_bad(b, tw_node_id(b->doc, n),
                           "expected call: the weakest trigger at which the raise holds");
    b->rule->raise_trigger = TW_TRIGGER_CALL;
    return TW_OK;
}

static tw_err raise_part(tw_rule_build *b)
{
    const tw_node *n = tw_node_get(b->doc, 0, TW_S("raise"));
    if (!n) return TW_OK;
    uint32_t id = tw_node_id(b->doc, n);
    TW_TRY(tw_rule_keys(b, id, "raise", "to when trigger min_confidence"));
    const tw_node *to = tw_node_get(b->doc, id, TW_S("to")), *when = tw_node_get(b->doc, id, TW_S("when"));
    if (!to || !when) return tw_rule_bad(b, id, "raise needs both \"to\" and \"when\"");
    TW_TRY(level_of(b, to, &b->rule->raise_to));
    if (b->rule->raise_to <= b->rule->ceiling)
        return tw_rule_bad(b, tw_node_id(b->doc, to), "raise must lead above the rule's ceiling");
    TW_TRY(raise_trigger(b, tw_node_get(b->doc, id, TW_S("trigger"))));
    const tw_node *sure = tw_node_get(b->doc, id, TW_S("min_confidence"));
    if (sure && (sure->kind != TW_NODE_STRING || !tw_str_eq(sure->text, TW_S("flow"))))
        return tw_rule_bad(b, tw_node_id(b->doc, sure),
                           "expected flow: the least sure evidence that will do");
    b->rule->raise_confidence = sure ? TW_CONF_FLOW : TW_CONF_FOLDED;
    return tw_rule_when(b, tw_node_id(b->doc, when), true, NULL, &b->rule->raise, &b->rule->n_raise);
}

static tw_err says_part(tw_rule_build *b)
{
    const tw_node *n;
    tw_str s, part;
    TW_TRY(required(b, "says", &n));
    TW_TRY(tw_rule_text(b, n, &s));
    if (!tw_says_check(b->r, b->rule, s, &part))
        return tw_rule_bad(b, tw_node_id(b->doc, n),
                           "cannot fill \"%.*s\": expected {trigger} or {variable.field}, %s",
                           (int)(part.n < 40 ? part.n : 40), part.p, tw_says_fields);
    b->rule->says = tw_rules_string(b->r, s);
    return TW_OK;
}

static tw_err compile_one(tw_rule_build *b)
{
    const tw_node *n;
    TW_TRY(head(b));
    TW_TRY(fixtures(b));
    TW_TRY(required(b, "when", &n));
    const tw_node *unless = tw_node_get(b->doc, 0, TW_S("unless"));
    if (unless && (unless->kind != TW_NODE_ARRAY || unless->count == 0))
        return tw_rule_bad(b, tw_node_id(b->doc, unless), "unless must be a list of conditions");
    TW_TRY(tw_rule_when(b, tw_node_id(b->doc, n), false, unless, &b->rule->when, &b->rule->n_when));
    TW_TRY(raise_part(b));
    return says_part(b);
}

tw_err tw_rules_compile(tw_arena *a, const tw_str *file_names, const tw_str *texts, size_t n, tw_rules **ret,
                        tw_diag *d)
{
    tw_rules *r = TW_NEW(a, tw_rules);
    r->arena = a;
    TW_PUSH(a, r->strings, ((tw_str){"", 0}));
    for (size_t i = 0; i < n; i++) {
        tw_doc doc;
        tw_doc_limits lim = {.max_depth = 32, .max_nodes = 4096};
        tw_err e = tw_yaml_read(a, texts[i], &lim, &doc, d);
        if (e != TW_OK) {
            if (d) snprintf(d->where, sizeof d->where, "%.*s", TW_FMT(file_names[i]));
            return e;
        }
        tw_rule rule = {0};
        tw_rule_build b = {.a = a, .doc = &doc, .file = file_names[i], .d = d, .r = r, .rule = &rule};
        TW_TRY(compile_one(&b));
        TW_PUSH(a, r->rules, rule);
    }
    tw_rules_rehash(r);
    *ret = r;
    return TW_OK;
}

uint32_t tw_rules_count(const tw_rules *r)
{
    return r->rules.n;
}
