/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled rules as bytes: magic, version, mark of the capability table, six counts, the words of
 * each table, string lengths, string bytes. Little-endian. Loading checks every index, so that a
 * damaged or hostile bundle is refused, never followed. */
#include "base/cursor.h"
#include "engine/rules/priv.h"

enum { MAGIC = 0x42525754, VERSION = 5, TABLES = 6, MAX_ITEMS = 1 << 20 };

uint64_t tw_rules_table_mark(void)
{
    uint64_t h = 14695981039346656037ull;
    for (uint16_t c = 1; c < tw_cap_count(); c++)
        for (const char *p = tw_cap_info_of(c)->name;; p++) {
            h = (h ^ (uint8_t)*p) * 1099511628211ull;
            if (!*p) break;
        }
    return h;
}

static void put_words(tw_buf *out, const void *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t w;
        memcpy(&w, (const char *)words + i * 4, 4);
        tw_buf_u32le(out, w);
    }
}

void tw_rules_save(const tw_rules *r, tw_buf *out)
{
    tw_buf_u32le(out, MAGIC);
    tw_buf_u32le(out, VERSION);
    tw_buf_u64le(out, tw_rules_table_mark());
    const uint32_t counts[TABLES] = {r->rules.n,   r->conjs.n, r->atoms.n,
                                     r->capsets.n, r->lists.n, r->strings.n};
    put_words(out, counts, TABLES);
    put_words(out, &r->policy, sizeof r->policy / 4);
    put_words(out, r->rules.v, (size_t)r->rules.n * TW_RULE_WORDS);
    put_words(out, r->conjs.v, (size_t)r->conjs.n * 2);
    put_words(out, r->atoms.v, (size_t)r->atoms.n * TW_ATOM_WORDS);
    put_words(out, r->capsets.v, (size_t)r->capsets.n * TW_CAPSET_WORDS);
    put_words(out, r->lists.v, r->lists.n);
    for (uint32_t i = 0; i < r->strings.n; i++) tw_buf_u32le(out, (uint32_t)r->strings.v[i].n);
    for (uint32_t i = 0; i < r->strings.n; i++) tw_buf_puts(out, r->strings.v[i]);
}

void tw_rules_rehash(tw_rules *r)
{
    tw_buf out = TW_BUF_INIT;
    tw_rules_save(r, &out);
    r->hash = tw_sha256_of(tw_buf_str(&out));
    tw_buf_free(&out);
}

tw_digest tw_rules_hash(const tw_rules *r)
{
    return r->hash;
}

static void *get_words(tw_arena *a, tw_cur *c, uint32_t items, uint32_t words)
{
    uint64_t n = (uint64_t)items * words;
    if (n * 4 > tw_cur_left(c)) {
        c->bad = true;
        n = 0;
    }
    uint32_t *v = TW_NEWN(a, uint32_t, (size_t)n);
    for (uint64_t i = 0; i < n; i++) v[i] = tw_cur_u32le(c);
    return v;
}

static bool in_range(uint32_t first, uint32_t n, uint32_t all)
{
    return first <= all && n <= all - first;
}

static bool var_ok(const tw_rule *rule, uint32_t v, uint32_t kind)
{
    return v < rule->n_vars && rule->var_kind[v] == kind;
}

static bool atom_ok(const tw_rules *r, const tw_rule *rule, const tw_atom *at)
{
    bool ok = at->op < TW_ATOM_MAX && at->confidence <= TW_CONF_LITERAL && at->scope <= TW_SCOPE_PACKAGE &&
              at->role < TW_ARGROLE_MAX && in_range(at->texts, at->n_texts, r->lists.n) &&
              (at->in == TW_NO_VAR || var_ok(rule, at->in, TW_VAR_LAYER)) &&
              (at->call == TW_NO_VAR || var_ok(rule, at->call, TW_VAR_USE));
    if (!ok) return false;
    switch ((tw_atom_op)at->op) {
    case TW_ATOM_FLOW:
        return at->caps < r->capsets.n && at->caps2 < r->capsets.n && var_ok(rule, at->var, TW_VAR_USE) &&
               var_ok(rule, at->var2, TW_VAR_USE);
    case TW_ATOM_CAP:
    case TW_ATOM_DISTINCT: return at->caps < r->capsets.n && var_ok(rule, at->var, TW_VAR_USE);
    case TW_ATOM_LAYER: return var_ok(rule, at->var, TW_VAR_LAYER);
    case TW_ATOM_VALUE: return var_ok(rule, at->var, TW_VAR_USE);
    case TW_ATOM_SAME: return var_ok(rule, at->var, TW_VAR_USE) && var_ok(rule, at->var2, TW_VAR_USE);
    case TW_ATOM_TRIGGER: return var_ok(rule, at->var, TW_VAR_USE) || var_ok(rule, at->var, TW_VAR_LAYER);
    case TW_ATOM_FINDING:
    case TW_ATOM_NOT:
    case TW_ATOM_MAX: break;
    }
    return true;
}

/* Conjunctions of a NOT stand before the one that holds it: no cycles; depth[] bounds the nesting. */
static bool conjs_ok(const tw_rules *r, uint8_t *depth)
{
    for (uint32_t c = 0; c < r->conjs.n; c++) {
        const tw_conj *cj = &r->conjs.v[c];
        if (!in_range(cj->first, cj->n, r->atoms.n) || cj->n > TW_RULE_ATOMS) return false;
        depth[c] = 1;
        for (uint32_t i = 0; i < cj->n; i++) {
            const tw_atom *at = &r->atoms.v[cj->first + i];
            if (at->op != TW_ATOM_NOT) continue;
            if (at->n_sub > TW_RULE_CONJS || !in_range(at->sub, at->n_sub, c)) return false;
            for (uint32_t k = 0; k < at->n_sub; k++)
                if (depth[at->sub + k] + 1 > depth[c]) depth[c] = (uint8_t)(depth[at->sub + k] + 1);
            if (depth[c] > TW_RULE_NESTING + 2) return false;
        }
    }
    return true;
}

/* All atoms that a rule can reach speak of its variables. A mark per conjunction, no recursion. */
static bool reach_ok(const tw_rules *r, const tw_rule *rule, uint8_t *marks)
{
    memset(marks, 0, r->conjs.n);
    for (uint32_t i = 0; i < rule->n_when; i++) marks[rule->when + i] = 1;
    for (uint32_t i = 0; i < rule->n_raise; i++) marks[rule->raise + i] = 1;
    for (uint32_t c = r->conjs.n; c-- > 0;) {
        if (!marks[c]) continue;
        for (uint32_t i = 0; i < r->conjs.v[c].n; i++) {
            const tw_atom *at = &r->atoms.v[r->conjs.v[c].first + i];
            if (!atom_ok(r, rule, at)) return false;
            for (uint32_t k = 0; at->op == TW_ATOM_NOT && k < at->n_sub; k++) marks[at->sub + k] = 1;
        }
    }
    return true;
}

static bool rule_ok(const tw_rules *r, const tw_rule *rule, uint8_t *scratch)
{
    const uint32_t strings[] = {rule->id, rule->says, rule->check, rule->kind};
    for (size_t i = 0; i < TW_COUNT(strings); i++)
        if (strings[i] == 0 || strings[i] >= r->strings.n) return false;
    if (rule->n_attack > TW_COUNT(rule->attack) || rule->n_cites > TW_RULE_CITES ||
        rule->n_vars > TW_RULE_VARS)
        return false;
    for (uint32_t i = 0; i < rule->n_cites; i++)
        if (rule->cites[i] >= r->strings.n) return false;
    for (uint32_t i = 0; i < rule->n_attack; i++)
        if (rule->attack[i] >= r->strings.n) return false;
    for (uint32_t i = 0; i < rule->n_vars; i++)
        if (rule->var_kind[i] >= TW_VAR_MAX || rule->var_name[i] >= r->strings.n) return false;
    if (rule->ceiling < TW_LEVEL_NOTABLE || rule->ceiling > TW_LEVEL_MALICIOUS ||
        rule->raise_to > TW_LEVEL_MALICIOUS || rule->raise_trigger >= TW_TRIGGER_MAX ||
        rule->raise_confidence > TW_CONF_LITERAL)
        return false;
    return rule->n_when <= TW_RULE_CONJS && rule->n_raise <= TW_RULE_CONJS &&
           in_range(rule->when, rule->n_when, r->conjs.n) &&
           in_range(rule->raise, rule->n_raise, r->conjs.n) && reach_ok(r, rule, scratch);
}

static bool tables_ok(const tw_rules *r, tw_arena *a)
{
    uint8_t *scratch = TW_NEWN(a, uint8_t, (size_t)r->conjs.n + 1);
    tw_str bad;
    if (!conjs_ok(r, scratch) || !tw_policy_ok(r)) return false;
    for (uint32_t i = 0; i < r->lists.n; i++)
        if (r->lists.v[i] >= r->strings.n) return false;
    for (uint32_t i = 0; i < r->rules.n; i++) {
        const tw_rule *rule = &r->rules.v[i];
        if (!rule_ok(r, rule, scratch) || !tw_says_check(r, rule, r->strings.v[rule->says], &bad))
            return false;
    }
    return true;
}

#define GET(table, count, words)                     \
    do {                                             \
        r->table.v = get_words(a, &c, count, words); \
        r->table.n = r->table.cap = count;           \
    } while (0)

static bool strings_load(tw_rules *r, tw_arena *a, tw_cur *c, uint32_t n)
{
    uint32_t *len = get_words(a, c, n, 1);
    if (c->bad) return false;
    r->strings.v = TW_NEWN(a, tw_str, n);
    r->strings.n = r->strings.cap = n;
    for (uint32_t i = 0; i < n; i++) r->strings.v[i] = tw_cur_take(c, len[i]);
    return !c->bad && tw_cur_left(c) == 0 && n > 0 && r->strings.v[0].n == 0;
}

tw_err tw_rules_load(tw_arena *a, tw_str bytes, tw_rules **ret, tw_diag *d)
{
    tw_cur c = tw_cur_of(bytes);
    uint32_t counts[TABLES];
    if (tw_cur_u32le(&c) != MAGIC || c.bad)
        return tw_fail(d, TW_ERR_MALFORMED, "not a bundle of compiled rules");
    if (tw_cur_u32le(&c) != VERSION)
        return tw_fail(d, TW_ERR_UNSUPPORTED, "a rules bundle of another version");
    if (tw_cur_u64le(&c) != tw_rules_table_mark())
        return tw_fail(d, TW_ERR_UNSUPPORTED, "a rules bundle made for other capability tables");
    for (int i = 0; i < TABLES; i++) {
        counts[i] = tw_cur_u32le(&c);
        if (counts[i] > MAX_ITEMS) c.bad = true;
    }
    tw_rules *r = TW_NEW(a, tw_rules);
    r->arena = a;
    if (c.bad) return tw_fail(d, TW_ERR_MALFORMED, "the rules bundle is damaged");
    const tw_policy *policy = get_words(a, &c, 1, sizeof *policy / 4);
    if (!c.bad) r->policy = *policy;
    GET(rules, counts[0], TW_RULE_WORDS);
    GET(conjs, counts[1], 2);
    GET(atoms, counts[2], TW_ATOM_WORDS);
    GET(capsets, counts[3], TW_CAPSET_WORDS);
    GET(lists, counts[4], 1);
    if (c.bad || !strings_load(r, a, &c, counts[5]) || !tables_ok(r, a))
        return tw_fail(d, TW_ERR_MALFORMED, "the rules bundle is damaged");
    r->hash = tw_sha256_of(bytes);
    *ret = r;
    return TW_OK;
}
