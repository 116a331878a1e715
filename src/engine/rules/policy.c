/* SPDX-License-Identifier: Apache-2.0 */
/* rules/verdict.yaml -> tw_policy. */
#include "engine/rules/priv.h"

#define EACH(doc, id, i)                 \
    uint32_t i = tw_node_first(doc, id); \
    i != tw_node_end(doc, id);           \
    i = (doc)->nodes[i].next

static const char *const actions[] = {"none", "watch", "hold", "remove"};
static const char *const confidences[] = {"guessed", "flow", "folded", "literal"};
static const char *const severities[] = {"info", "odd", "bad"};

const char *tw_policy_action(const tw_policy *p, tw_level l)
{
    uint32_t a = p->levels[l].action;
    return actions[a < TW_COUNT(actions) ? a : 0];
}

/* The rule may name a weaker trigger, and less sure evidence, for its highest level. */
tw_level tw_policy_level(const tw_policy *p, const tw_behaviour *b, uint32_t benign)
{
    uint8_t level = b->ceiling < TW_LEVEL_UNREVIEWABLE ? b->ceiling : (uint8_t)TW_LEVEL_MALICIOUS;
    for (; level > TW_LEVEL_CLEAR; level--) {
        const struct tw_policy_need *need = &p->needs[level];
        bool top = level == TW_LEVEL_MALICIOUS;
        uint32_t sure = top && b->unsure ? TW_CONF_FLOW : need->confidence;
        uint32_t weakest = top && b->weakest > need->trigger ? b->weakest : need->trigger;
        if (b->confidence >= sure && b->trigger <= weakest && benign <= need->benign) break;
    }
    return (tw_level)level;
}

typedef tw_rule_build pb;

static tw_err word(const pb *b, uint32_t id, const char *const *words, size_t n, const char *what,
                   uint32_t *ret)
{
    const tw_node *node = &b->doc->nodes[id];
    for (uint32_t i = 0; node->kind == TW_NODE_STRING && i < n; i++)
        if (words[i] && tw_str_eq(node->text, tw_str_c(words[i]))) {
            *ret = i;
            return TW_OK;
        }
    return tw_rule_bad(b, id, "expected %s", what);
}

static tw_err level_word(const pb *b, uint32_t id, uint32_t *ret)
{
    const char *names[TW_LEVEL_MAX];
    for (int l = 0; l < TW_LEVEL_MAX; l++) names[l] = tw_level_name((tw_level)l);
    return word(b, id, names, TW_COUNT(names),
                "a level: clear, notable, suspicious, malicious or unreviewable", ret);
}

static tw_err trigger_word(const pb *b, uint32_t id, uint32_t *ret)
{
    const char *names[TW_TRIGGER_MAX];
    for (int t = 0; t < TW_TRIGGER_MAX; t++) names[t] = tw_trigger_name((tw_trigger)t);
    return word(b, id, names, TW_COUNT(names),
                "a trigger: install, build, import, plugin, command, load, call or dead", ret);
}

static tw_err confidence_word(const pb *b, uint32_t id, uint32_t *ret)
{
    return word(b, id, confidences, TW_COUNT(confidences), "a confidence: guessed, flow, folded or literal",
                ret);
}

static tw_err number(const pb *b, uint32_t id, uint32_t most, uint32_t *ret)
{
    uint64_t n;
    if (!tw_node_u64(&b->doc->nodes[id], &n) || n > most)
        return tw_rule_bad(b, id, "expected a number from 0 to %u", most);
    *ret = (uint32_t)n;
    return TW_OK;
}

/* The value of a key that must be there. */
static tw_err field(const pb *b, uint32_t id, const char *key, uint32_t *ret)
{
    const tw_node *n = tw_node_get(b->doc, id, tw_str_c(key));
    if (!n) return tw_rule_bad(b, id, "the key \"%s\" is missing", key);
    *ret = tw_node_id(b->doc, n);
    return TW_OK;
}

/* The key of a mapping as one of the words that `read` knows. */
static tw_err key_as(const pb *b, uint32_t id, tw_err (*read)(const pb *, uint32_t, uint32_t *),
                     uint32_t *ret)
{
    tw_node as = b->doc->nodes[id];
    tw_doc doc = *b->doc;
    as.kind = TW_NODE_STRING;
    as.text = as.key;
    doc.nodes = &as;
    pb with = *b;
    with.doc = &doc;
    return read(&with, 0, ret);
}

static tw_err one_level(const pb *b, uint32_t id, tw_policy *p)
{
    uint32_t l, score, act;
    TW_TRY(key_as(b, id, level_word, &l));
    TW_TRY(tw_rule_keys(b, id, "a level", "score recommend"));
    TW_TRY(field(b, id, "score", &score));
    TW_TRY(field(b, id, "recommend", &act));
    if (b->doc->nodes[score].kind != TW_NODE_ARRAY || b->doc->nodes[score].count != 2)
        return tw_rule_bad(b, score, "expected [least, most] in thousandths");
    uint32_t first = tw_node_first(b->doc, score);
    TW_TRY(number(b, first, 1000, &p->levels[l].score));
    TW_TRY(number(b, b->doc->nodes[first].next, 1000, &p->levels[l].score_most));
    if (p->levels[l].score_most < p->levels[l].score)
        return tw_rule_bad(b, score, "the most is below the least");
    return word(b, act, actions, TW_COUNT(actions), "none, watch, hold or remove", &p->levels[l].action);
}

static tw_err one_need(const pb *b, uint32_t id, tw_policy *p)
{
    uint32_t l, at;
    TW_TRY(key_as(b, id, level_word, &l));
    TW_TRY(tw_rule_keys(b, id, "what a level needs", "confidence trigger benign"));
    TW_TRY(field(b, id, "confidence", &at));
    TW_TRY(confidence_word(b, at, &p->needs[l].confidence));
    TW_TRY(field(b, id, "trigger", &at));
    TW_TRY(trigger_word(b, at, &p->needs[l].trigger));
    const tw_node *n = tw_node_get(b->doc, id, TW_S("benign"));
    return n ? number(b, tw_node_id(b->doc, n), 1000, &p->needs[l].benign) : TW_OK;
}

static tw_err one_together(const pb *b, uint32_t id, tw_policy *p)
{
    static const char *const keys[] = {"at_least", "level", "kind", "trigger", "sure", "to"};
    uint32_t at[TW_COUNT(keys)];
    if (p->n_together == TW_COUNT(p->together)) return tw_rule_bad(b, id, "more than %u rows", p->n_together);
    tw_policy_together *t = &p->together[p->n_together++];
    TW_TRY(tw_rule_keys(b, id, "behaviours together", "at_least level kind trigger sure may file to"));
    for (size_t i = 0; i < TW_COUNT(keys); i++) TW_TRY(field(b, id, keys[i], &at[i]));
    tw_str kind;
    TW_TRY(tw_rule_text(b, &b->doc->nodes[at[2]], &kind));
    t->kind = tw_rules_string(b->r, kind);
    TW_TRY(number(b, at[0], 100, &t->at_least));
    TW_TRY(level_word(b, at[1], &t->level));
    TW_TRY(trigger_word(b, at[3], &t->trigger));
    TW_TRY(confidence_word(b, at[4], &t->sure));
    const tw_node *may = tw_node_get(b->doc, id, TW_S("may"));
    const tw_node *file = tw_node_get(b->doc, id, TW_S("file"));
    t->in_file = file && file->truth;
    if (may) TW_TRY(level_word(b, tw_node_id(b->doc, may), &t->may));
    return level_word(b, at[5], &t->to);
}

static tw_err one_finding(const pb *b, uint32_t id, tw_policy *p)
{
    for (uint32_t s = 0; s < TW_COUNT(severities); s++)
        if (tw_str_eq(b->doc->nodes[id].key, tw_str_c(severities[s])))
            return level_word(b, id, &p->findings[s]);
    return tw_rule_bad(b, id, "expected a severity: info, odd or bad");
}

static tw_err one_unread(const pb *b, uint32_t id, tw_policy *p)
{
    for (uint32_t g = 0; g < TW_GAP_MAX; g++) {
        if (!tw_str_eq(b->doc->nodes[id].key, tw_str_c(tw_gap_name((tw_gap_reason)g)))) continue;
        uint32_t at, trigger;
        TW_TRY(tw_rule_keys(b, id, "a gap", "trigger half"));
        TW_TRY(field(b, id, "trigger", &at));
        TW_TRY(trigger_word(b, at, &trigger));
        const tw_node *half = tw_node_get(b->doc, id, TW_S("half"));
        p->unread[g] = (struct tw_policy_unread){trigger + 1, half && half->truth};
        return TW_OK;
    }
    return tw_rule_bad(b, id, "no gap is named so");
}

static tw_err part(const pb *b, const char *key, tw_node_kind kind,
                   tw_err (*one)(const pb *, uint32_t, tw_policy *), tw_policy *p)
{
    uint32_t id;
    TW_TRY(field(b, 0, key, &id));
    if (b->doc->nodes[id].kind != kind)
        return tw_rule_bad(b, id, "expected a %s", kind == TW_NODE_ARRAY ? "list" : "mapping");
    for (EACH(b->doc, id, i)) TW_TRY(one(b, i, p));
    return TW_OK;
}

tw_err tw_policy_compile(tw_rule_build *b)
{
    tw_policy p = {.set = 1};
    for (int l = 0; l < TW_LEVEL_MAX; l++)
        p.needs[l] = (struct tw_policy_need){.trigger = TW_TRIGGER_DEAD, .benign = UINT32_MAX};
    TW_TRY(tw_rule_keys(b, 0, "the verdict's table", "levels needs together findings unread"));
    TW_TRY(part(b, "levels", TW_NODE_OBJECT, one_level, &p));
    TW_TRY(part(b, "needs", TW_NODE_OBJECT, one_need, &p));
    TW_TRY(part(b, "together", TW_NODE_ARRAY, one_together, &p));
    TW_TRY(part(b, "findings", TW_NODE_OBJECT, one_finding, &p));
    TW_TRY(part(b, "unread", TW_NODE_OBJECT, one_unread, &p));
    b->r->policy = p;
    return TW_OK;
}

bool tw_policy_ok(const tw_rules *r)
{
    const tw_policy *p = &r->policy;
    bool ok = p->n_together <= TW_COUNT(p->together);
    for (uint32_t i = 0; ok && i < p->n_together; i++)
        ok = p->together[i].kind < r->strings.n && p->together[i].to < TW_LEVEL_UNREVIEWABLE &&
             p->together[i].level < TW_LEVEL_UNREVIEWABLE;
    for (int l = 0; ok && l < TW_LEVEL_MAX; l++)
        ok = p->levels[l].score <= p->levels[l].score_most && p->levels[l].score_most <= 1000;
    for (int s = 0; ok && s < TW_POLICY_SEVERITIES; s++) ok = p->findings[s] < TW_LEVEL_UNREVIEWABLE;
    return ok;
}

tw_str tw_policy_kind(const tw_rules *r, const tw_policy_together *t)
{
    return r->strings.v[t->kind];
}

const tw_policy *tw_rules_policy(const tw_rules *r)
{
    return &r->policy;
}
