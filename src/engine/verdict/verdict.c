/* SPDX-License-Identifier: Apache-2.0 */
/* Behaviours, findings and gaps -> one level, by the table rules/verdict.yaml. */
#include "engine/rules/shown.h"
#include "engine/verdict/priv.h"

uint8_t *tw_member_triggers(const tw_report_in *in, tw_arena *a)
{
    uint8_t *t = TW_NEWN(a, uint8_t, (size_t)in->n_members + 1);
    memset(t, TW_TRIGGER_MAX, in->n_members);
    for (uint32_t i = 0; in->package && i < in->package->roots.n; i++) {
        const tw_root *root = &in->package->roots.v[i];
        if (root->member < in->n_members && root->trigger < t[root->member]) t[root->member] = root->trigger;
    }
    return t;
}

static bool complete(const tw_report_in *in)
{
    if (in->n_errors || !in->coverage || in->coverage->unanalysed || in->coverage->limits_hit) return false;
    for (uint32_t i = 0; i < in->coverage->gaps.n; i++)
        if (in->coverage->gaps.v[i].reason != TW_GAP_DYNAMIC &&
            in->coverage->gaps.v[i].reason != TW_GAP_SUMMARY)
            return false;
    return true;
}

/* The artifact itself could not be read where nothing in it has a root. */
static bool no_roots(const tw_report_in *in)
{
    return !in->package || in->package->roots.n == 0;
}

uint8_t tw_gap_trigger(const tw_report_in *in, const uint8_t *triggers, const tw_gap *g)
{
    if (g->unit != TW_NO_UNIT && in->join && in->join->func_trigger && g->unit < in->join->n_units)
        return in->join->func_trigger[g->unit][g->func];
    return g->member < in->n_members ? triggers[g->member] : TW_TRIGGER_MAX;
}

bool tw_gap_hides_code(const tw_report_in *in, const uint8_t *triggers, const tw_gap *g, uint8_t *ret_trigger)
{
    *ret_trigger = TW_TRIGGER_MAX;
    if (g->reason >= TW_GAP_MAX || !tw_rules_policy(in->rules)->unread[g->reason].trigger) return false;
    if (g->member == TW_NO_MEMBER) return no_roots(in);
    if (g->member >= in->n_members) return false;
    uint64_t of = g->unit == TW_NO_UNIT ? in->members[g->member].size : g->of;
    *ret_trigger = tw_gap_trigger(in, triggers, g);
    uint8_t weakest =
        g->unread ? TW_TRIGGER_IMPORT : (uint8_t)(tw_rules_policy(in->rules)->unread[g->reason].trigger - 1);
    if (*ret_trigger > weakest) return false;
    return !tw_rules_policy(in->rules)->unread[g->reason].half || g->len >= of / 2;
}

/* The gap that hides the code with the strongest trigger; NULL where all such code was read. */
static const tw_gap *hidden_code(const tw_report_in *in, tw_arena *a, uint8_t *ret_trigger)
{
    const uint8_t *triggers = tw_member_triggers(in, a);
    const tw_gap *worst = NULL;
    uint8_t t;
    *ret_trigger = TW_TRIGGER_MAX;
    for (uint32_t i = 0; in->coverage && i < in->coverage->gaps.n; i++)
        if (tw_gap_hides_code(in, triggers, &in->coverage->gaps.v[i], &t) && (!worst || t < *ret_trigger)) {
            worst = &in->coverage->gaps.v[i];
            *ret_trigger = t;
        }
    return worst;
}

/* The strongest behaviour; among equals malware before research and the like. */
static const tw_behaviour *leading(const tw_report_in *in, tw_level *ret)
{
    const tw_behaviour *top = NULL;
    *ret = TW_LEVEL_CLEAR;
    for (uint32_t i = 0; in->behaviours && i < in->behaviours->n; i++) {
        const tw_behaviour *b = &in->behaviours->v[i];
        tw_level l = (tw_level)b->level;
        bool worse =
            top && l == *ret && tw_str_eq(b->kind, TW_S("malware")) && !tw_str_eq(top->kind, b->kind);
        if (l > *ret || worse || (!top && l == *ret)) {
            top = b;
            *ret = l;
        }
    }
    return top;
}

/* Broken archives lie about in test suites. */
static bool beside_the_point(const tw_report_in *in, const tw_finding *f)
{
    uint32_t m = f->member;
    for (int depth = 0; m < in->n_members && in->members[m].container < in->n_members && depth < 64; depth++)
        m = in->members[m].container;
    if (!in->package || !in->package->role || m >= in->n_members) return false;
    uint8_t role = in->package->role[m];
    return role == TW_ROLE_TEST || role == TW_ROLE_DOC || role == TW_ROLE_EXAMPLE;
}

static uint32_t member_of(const tw_report_in *in, uint32_t use)
{
    return in->join->units[in->join->uses.v[use].place.unit].member;
}

/* member: only behaviours with evidence in it; TW_NO_MEMBER: all. */
static bool counts(const tw_report_in *in, const tw_policy_together *t, const tw_behaviour *b,
                   uint32_t member)
{
    if (b->trigger > t->trigger || b->level < t->level) return false;
    if (!tw_str_eq(b->kind, tw_policy_kind(in->rules, t))) return false;
    for (uint32_t i = 0; member != TW_NO_MEMBER && i < b->n_evidence; i++)
        if (member_of(in, b->evidence[i]) == member) return true;
    return member == TW_NO_MEMBER;
}

/* The strongest of behaviours that bear each other out as row t asks; NULL where they do not. */
static const tw_behaviour *company(const tw_report_in *in, const tw_policy_together *t, uint32_t member)
{
    const tw_behaviour *strongest = NULL;
    uint32_t n = 0;
    bool sure = false, may = false;
    for (uint32_t i = 0; i < in->behaviours->n; i++) {
        const tw_behaviour *b = &in->behaviours->v[i];
        if (!counts(in, t, b, member)) continue;
        n++;
        sure |= b->confidence >= t->sure;
        may |= b->ceiling >= t->may;
        if (!strongest || (b->ceiling >= t->to && strongest->ceiling < t->to)) strongest = b;
    }
    return n >= t->at_least && sure && may ? strongest : NULL;
}

static const tw_behaviour *row_holds(const tw_report_in *in, const tw_policy_together *t)
{
    if (!t->in_file) return company(in, t, TW_NO_MEMBER);
    const tw_behaviour *found = NULL;
    for (uint32_t i = 0; in->join && i < in->behaviours->n; i++)
        for (uint32_t k = 0; k < in->behaviours->v[i].n_evidence && !found; k++)
            found = company(in, t, member_of(in, in->behaviours->v[i].evidence[k]));
    return found;
}

/* Lifts *level where a row of the table does. */
static void together(const tw_report_in *in, tw_level *level, const tw_behaviour **top)
{
    const tw_policy *p = tw_rules_policy(in->rules);
    for (uint32_t i = 0; in->behaviours && i < p->n_together; i++) {
        const tw_behaviour *b = p->together[i].to > *level ? row_holds(in, &p->together[i]) : NULL;
        if (b) *level = (tw_level)p->together[i].to, *top = b;
    }
}

static const tw_finding *worst_finding(const tw_report_in *in, uint32_t *ret_odd)
{
    const tw_finding *bad = NULL;
    *ret_odd = 0;
    for (uint32_t i = 0; in->findings && i < TW_FIND_MAX; i++)
        if (in->findings->per_id[i] && tw_finding_info_of((tw_finding_id)i)->severity == TW_SEV_ODD)
            ++*ret_odd;
    for (uint32_t i = 0; in->findings && i < in->findings->list.n && !bad; i++)
        if (tw_finding_info_of(in->findings->list.v[i].id)->severity == TW_SEV_BAD &&
            !beside_the_point(in, &in->findings->list.v[i]))
            bad = &in->findings->list.v[i];
    return bad;
}

/* The level's room filled by 1 - (1 - p1)(1 - p2)..., each p the lower bound of a rule's measured precision; below
 * suspicious oddities of the artifact fill it a little too. */
enum { ODD_PRECISION = 50, MOST_ODD = 4 };
static uint32_t score(const tw_report_in *in, tw_level level, uint32_t n_odd)
{
    const struct tw_policy_level *l = &tw_rules_policy(in->rules)->levels[level];
    uint64_t doubt = 1000000;
    for (uint32_t i = 0; level < TW_LEVEL_SUSPICIOUS && i < n_odd && i < MOST_ODD; i++)
        doubt = doubt * (1000 - ODD_PRECISION) / 1000;
    for (uint32_t i = 0; in->behaviours && i < in->behaviours->n; i++)
        if (in->behaviours->v[i].level == level)
            doubt = doubt * (1000 - in->behaviours->v[i].precision) / 1000;
    return l->score + (uint32_t)((l->score_most - l->score) * (1000000 - doubt) / 1000000);
}

/* --- the sentence ------------------------------------------------------------------------------------ */
void tw_finding_says(tw_buf *b, const tw_finding *f)
{
    tw_str says = tw_str_c(tw_finding_info_of(f->id)->says);
    size_t at = tw_str_find(says, TW_S("{d}"));
    tw_buf_puts(b, tw_str_sub(says, 0, at == TW_NPOS ? says.n : at));
    if (at == TW_NPOS) return;
    tw_show_text(b, f->detail, 200);
    tw_buf_puts(b, tw_str_sub(says, at + 3, says.n));
}

static void say_gap(tw_buf *b, const tw_report_in *in, const tw_gap *g, uint8_t trigger)
{
    if (g->member == TW_NO_MEMBER) {
        tw_buf_fmt(b, "The artifact could not be read: %s", tw_gap_says((tw_gap_reason)g->reason));
        return;
    }
    tw_buf_fmt(b, "Code that runs at %s could not be read: ", tw_trigger_name((tw_trigger)trigger));
    tw_show_text(b, in->members[g->member].path, TW_SHOW_MAX);
    tw_buf_fmt(b, " (%s)", tw_gap_says((tw_gap_reason)g->reason));
}

static void say_clear(tw_buf *b, const tw_report_in *in, bool all)
{
    char hex[65];
    tw_digest_hex(&in->versions.rules, hex);
    tw_buf_fmt(b, "Nothing found by tidewaiter %s with rules %.8s%s", TW_VERSION, hex,
               all ? "" : "; parts of it were not analysed");
}

/* The second sentence joined to the first where both begin "At install it ...". */
static bool say_second(tw_buf *b, const tw_behaviour *top, const tw_behaviour *other)
{
    static const tw_str it = TW_SI(" it ");
    size_t at = tw_str_find(top->says, it);
    if (at == TW_NPOS || !tw_str_starts(other->says, tw_str_sub(top->says, 0, at + it.n))) return false;
    tw_buf_puts(b, TW_S("; it "));
    tw_buf_puts(b, tw_str_sub(other->says, at + it.n, other->says.n));
    return true;
}

static void say_behaviour(tw_buf *b, const tw_report_in *in, const tw_behaviour *top)
{
    const tw_behaviour *second = NULL;
    uint32_t more = 0;
    for (uint32_t i = 0; i < in->behaviours->n; i++) {
        const tw_behaviour *x = &in->behaviours->v[i];
        if (x == top || x->level < TW_LEVEL_NOTABLE) continue;
        more++;
        if (!second || x->level > second->level) second = x;
    }
    tw_buf_puts(b, top->says);
    if (second && second->level >= TW_LEVEL_SUSPICIOUS && say_second(b, top, second)) more--;
    if (more) tw_buf_fmt(b, " (and %u more behaviour%s)", more, more == 1 ? "" : "s");
}

static tw_str finish(tw_buf *b, tw_arena *a)
{
    if (b->n == 0 || b->p[b->n - 1] != '.') tw_buf_putc(b, '.');
    tw_str s = tw_arena_str(a, tw_buf_str(b));
    tw_buf_free(b);
    return s;
}

void tw_verdict_make(const tw_report_in *in, tw_arena *a, tw_verdict *ret)
{
    tw_buf b = TW_BUF_INIT;
    tw_level level;
    uint32_t n_odd;
    uint8_t trigger;
    const tw_behaviour *top = leading(in, &level);
    const tw_finding *bad = worst_finding(in, &n_odd);
    const tw_gap *gap = hidden_code(in, a, &trigger);
    bool failed = in->n_errors && !in->join;
    together(in, &level, &top);
    memset(ret, 0, sizeof *ret);
    ret->complete = complete(in);
    if (bad && level < tw_rules_policy(in->rules)->findings[TW_SEV_BAD])
        level = (tw_level)tw_rules_policy(in->rules)->findings[TW_SEV_BAD], top = NULL;
    if (level < TW_LEVEL_SUSPICIOUS && (gap || failed)) level = TW_LEVEL_UNREVIEWABLE;
    ret->level = level;
    ret->scope = "release";
    ret->action = tw_policy_action(tw_rules_policy(in->rules), level);
    ret->score = score(in, level, n_odd);
    if (top && level >= TW_LEVEL_SUSPICIOUS && level <= TW_LEVEL_MALICIOUS) ret->kind = top->kind;
    if (level == TW_LEVEL_UNREVIEWABLE && failed)
        tw_show_text(&b, in->errors[0].says, 250);
    else if (level == TW_LEVEL_UNREVIEWABLE)
        say_gap(&b, in, gap, trigger);
    else if (level == TW_LEVEL_CLEAR)
        say_clear(&b, in, ret->complete);
    else if (top)
        say_behaviour(&b, in, top);
    else {
        tw_buf_puts(&b, TW_S("No behaviour matched, but "));
        tw_finding_says(&b, bad);
    }
    ret->summary = finish(&b, a);
}
