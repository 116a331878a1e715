/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured of rules, and how a rule is seen from outside. */
#include <math.h>
#include <stdio.h>

#include "engine/rules/priv.h"

static tw_rule *rule_of(tw_rules *r, tw_str id)
{
    for (uint32_t i = 0; i < r->rules.n; i++)
        if (tw_str_eq(r->strings.v[r->rules.v[i].id], id)) return &r->rules.v[i];
    return NULL;
}

static tw_err row(tw_rules *r, tw_str line, tw_diag *d)
{
    tw_str id, cell;
    uint32_t values[TW_MEASURED_MAX];
    if (!tw_str_split(&line, '\t', &id)) id = TW_S("");
    for (int i = 0; i < TW_MEASURED_MAX; i++) {
        uint64_t n;
        if (!line.p || !tw_str_split(&line, '\t', &cell) || !tw_str_u64(cell, &n) || n > UINT32_MAX)
            return tw_fail(d, TW_ERR_MALFORMED, "expected the id of a rule and %d numbers, tabs between them",
                           TW_MEASURED_MAX);
        values[i] = (uint32_t)n;
    }
    tw_rule *rule = rule_of(r, id);
    if (rule) memcpy(rule->measured, values, sizeof values);
    return TW_OK;
}

tw_err tw_rules_measure(tw_rules *r, tw_str file_name, tw_str tsv, tw_diag *d)
{
    uint32_t number = 0;
    for (tw_str line; tsv.p && tw_str_split(&tsv, '\n', &line);) {
        number++;
        if (!line.n || line.p[0] == '#') continue;
        tw_err e = row(r, line, d);
        if (e != TW_OK && d) {
            snprintf(d->where, sizeof d->where, "%.*s", TW_FMT(file_name));
            d->line = number;
            d->col = 1;
        }
        if (e != TW_OK) return e;
    }
    tw_rules_rehash(r);
    return TW_OK;
}

uint32_t tw_rule_precision(const uint32_t m[TW_MEASURED_MAX])
{
    static const double z = 1.96;
    double hits = m[TW_MEASURED_CAMPAIGNS], n = hits + m[TW_MEASURED_BENIGN];
    if (n <= 0) return TW_UNMEASURED;
    double p = hits / n, mid = p + z * z / (2 * n), half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double low = 1000 * (mid - half) / (1 + z * z / n);
    return low > 0 ? (uint32_t)low : 0;
}

tw_rule_view tw_rules_view(const tw_rules *r, uint32_t index)
{
    const tw_rule *rule = &r->rules.v[index];
    tw_rule_view v = {.id = r->strings.v[rule->id],
                      .says = r->strings.v[rule->says],
                      .check = r->strings.v[rule->check],
                      .kind = r->strings.v[rule->kind],
                      .n_attack = rule->n_attack,
                      .n_cites = rule->n_cites,
                      .ceiling = (tw_level)rule->ceiling,
                      .top = (tw_level)(rule->n_raise ? rule->raise_to : rule->ceiling)};
    for (uint32_t i = 0; i < rule->n_attack; i++) v.attack[i] = r->strings.v[rule->attack[i]];
    for (uint32_t i = 0; i < rule->n_cites; i++) v.cites[i] = r->strings.v[rule->cites[i]];
    memcpy(v.measured, rule->measured, sizeof v.measured);
    return v;
}
