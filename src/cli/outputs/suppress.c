/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/suppress.h"

#include <time.h>

#include "base/os.h"
#include "cli/outputs/read.h"

enum { FILE_LIMIT = 8 << 20, ENTRIES = 20000, TEXT_MAX = 1000 };

void tw_day_of(int64_t now, int days, char ret[16])
{
    time_t t = (time_t)(now + (int64_t)days * 86400);
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(ret, 16, "%Y-%m-%d", &tm);
}

/* --- reading ---------------------------------------------------------------------------------------- */
static tw_err wrong(tw_diag *d, const tw_node *n, const char *says)
{
    tw_err err = tw_fail(d, TW_ERR_MALFORMED, "%s", says);
    if (d) {
        d->line = n->line;
        d->col = n->col;
    }
    return err;
}

static bool is_day(tw_str s)
{
    static const char form[] = "dddd-dd-dd";
    if (s.n != sizeof form - 1) return false;
    for (size_t i = 0; i < s.n; i++)
        if (form[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != form[i]) return false;
    return true;
}

static bool is_print(tw_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) return false;
    return s.n == 64;
}

static tw_err read_one(const tw_doc *doc, uint32_t at, tw_suppression *ret, tw_diag *d)
{
    const tw_node *n = &doc->nodes[at];
    struct {
        const char *key;
        tw_str *value;
    } keys[] = {{"finding", &ret->finding},
                {"content", &ret->content},
                {"reason", &ret->reason},
                {"owner", &ret->owner},
                {"expires", &ret->expires}};
    if (n->kind != TW_NODE_OBJECT) return wrong(d, n, "a suppression is a mapping");
    for (uint32_t i = tw_node_first(doc, at); i != tw_node_end(doc, at); i = doc->nodes[i].next) {
        const tw_node *v = &doc->nodes[i];
        size_t k = 0;
        while (k < TW_COUNT(keys) && !tw_str_eq(v->key, tw_str_c(keys[k].key))) k++;
        if (k == TW_COUNT(keys))
            return wrong(d, v, "the keys are finding, content, reason, owner and expires");
        if ((v->kind != TW_NODE_STRING && v->kind != TW_NODE_NUMBER) || v->text.n > TEXT_MAX)
            return wrong(d, v, "a text of at most 1000 bytes");
        *keys[k].value = v->text;
    }
    for (size_t k = 0; k < TW_COUNT(keys); k++)
        if (!tw_str_trim(*keys[k].value).n)
            return wrong(d, n, "finding, content, reason, owner and expires are all needed");
    if (!is_print(ret->content)) return wrong(d, n, "content: 64 digits, as --format baseline writes them");
    if (!is_day(ret->expires)) return wrong(d, n, "expires: a day, YYYY-MM-DD");
    ret->line = n->line;
    return TW_OK;
}

static bool says_nothing(tw_str text)
{
    for (tw_str line; tw_str_split(&text, '\n', &line);)
        if (tw_str_trim(line).n && tw_str_trim(line).p[0] != '#') return false;
    return true;
}

tw_err tw_suppressions_parse(tw_arena *a, tw_str text, int64_t now, tw_suppressions *ret, tw_diag *d)
{
    tw_doc doc;
    char today[16];
    *ret = (tw_suppressions){0};
    tw_map_init(&ret->by_content, a);
    tw_day_of(now, 0, today);
    if (says_nothing(text)) return TW_OK;
    tw_err err = tw_yaml_read(a, text, NULL, &doc, d);
    if (err != TW_OK) return err;
    if (doc.nodes[0].kind != TW_NODE_ARRAY) return wrong(d, &doc.nodes[0], "a list of suppressions");
    for (uint32_t i = tw_node_first(&doc, 0); i != tw_node_end(&doc, 0); i = doc.nodes[i].next) {
        tw_suppression one = {0};
        if (ret->list.n == ENTRIES) return wrong(d, &doc.nodes[i], "more than 20,000 suppressions");
        err = read_one(&doc, i, &one, d);
        if (err != TW_OK) return err;
        one.expired = tw_str_cmp(one.expires, tw_str_c(today)) < 0;
        bool fresh = false;
        uint64_t *at = tw_map_put(&ret->by_content, one.content, &fresh);
        if (!fresh && !ret->list.v[*at].expired) continue; /* the first that holds */
        *at = ret->list.n;
        TW_PUSH(a, ret->list, one);
    }
    return TW_OK;
}

tw_err tw_suppressions_read(tw_arena *a, const char *path, int64_t now, tw_suppressions *ret, tw_diag *d)
{
    tw_str text;
    tw_err err = tw_read_file(a, path, FILE_LIMIT, &text, d);
    return err != TW_OK ? err : tw_suppressions_parse(a, text, now, ret, d);
}

/* --- what they hold for --------------------------------------------------------------------------------- */
tw_suppression *tw_suppressed(const tw_suppressions *s, const tw_doc *doc, uint32_t found, const char *places)
{
    char print[65];
    if (!s || !s->list.n) return NULL;
    tw_fingerprint(doc, found, places, print);
    const uint64_t *at = tw_map_get(&s->by_content, tw_str_c(print));
    tw_suppression *one = at ? &s->list.v[*at] : NULL;
    if (!one || one->expired || !tw_str_eq(one->finding, tw_get_text(doc, found, "id"))) return NULL;
    one->used++;
    return one;
}

typedef struct left {
    tw_level all, rest; /* highest level, with and without what is suppressed */
    unsigned n;         /* that are not suppressed and notable at least */
    bool cut;           /* a list was not whole */
} left;

static void count(left *l, tw_level level, bool suppressed)
{
    if (level > l->all) l->all = level;
    if (suppressed) return;
    if (level > l->rest) l->rest = level;
    l->n += level >= TW_LEVEL_NOTABLE;
}

static tw_level level_named(const tw_doc *doc, uint32_t b)
{
    for (int l = TW_LEVEL_CLEAR; l <= TW_LEVEL_MALICIOUS; l++)
        if (tw_get_is(doc, b, "level", tw_level_name((tw_level)l))) return (tw_level)l;
    return TW_LEVEL_MALICIOUS; /* no word that we know */
}

static tw_level level_of_finding(const tw_rules *rules, const tw_doc *doc, uint32_t f)
{
    const tw_policy *p = rules ? tw_rules_policy(rules) : NULL;
    for (int sev = 0; p && sev < TW_POLICY_SEVERITIES; sev++)
        if (tw_get_is(doc, f, "severity", tw_severity_name((tw_severity)sev)))
            return (tw_level)p->findings[sev];
    return TW_LEVEL_CLEAR;
}

tw_level tw_suppressed_level(const tw_suppressions *s, const tw_rules *rules, const tw_doc *doc,
                             tw_level verdict)
{
    static const char *const lists[] = {"findings", "signals"};
    left l = {0};
    if (!s || !s->list.n || verdict == TW_LEVEL_UNREVIEWABLE) return verdict;
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "behaviours"), i) {
        l.cut |= tw_get_number(doc, i, "more") > 0;
        count(&l, level_named(doc, i), tw_suppressed(s, doc, i, "evidence") != NULL);
    }
    for (size_t k = 0; k < TW_COUNT(lists); k++)
        TW_EACH_NODE (doc, tw_get_list(doc, 0, lists[k]), i) {
            l.cut |= k == 0 && tw_get_number(doc, i, "more") > 0;
            count(&l, level_of_finding(rules, doc, i), tw_suppressed(s, doc, i, "places") != NULL);
        }
    if (l.cut) return verdict;
    /* What is left may bear each other out, as the policy has it: then no more is known than the verdict. */
    if (l.n > 1 && (verdict > l.all || l.rest < TW_LEVEL_SUSPICIOUS))
        return verdict > l.all ? verdict : verdict < TW_LEVEL_SUSPICIOUS ? verdict : TW_LEVEL_SUSPICIOUS;
    return l.rest < verdict ? l.rest : verdict;
}
