/* SPDX-License-Identifier: Apache-2.0 */
/* Behaviours, findings and gaps -> one level. The tables here are the whole policy of combination;
 * docs/internals/rules.md explains them. */
#include "engine/rules/shown.h"
#include "engine/verdict/priv.h"

/* Thousandths of score a level begins at. A rank for queues: monotone with level, no probability. */
static const uint32_t band[TW_LEVEL_MAX + 1] = {
    [TW_LEVEL_CLEAR] = 0,       [TW_LEVEL_NOTABLE] = 200,      [TW_LEVEL_SUSPICIOUS] = 500,
    [TW_LEVEL_MALICIOUS] = 800, [TW_LEVEL_UNREVIEWABLE] = 450, [TW_LEVEL_MAX] = 1000,
};
static const uint32_t band_width[TW_LEVEL_MAX] = {200, 250, 300, 200, 0};

/* What a behaviour adds within its band; HALF_FULL points fill half of it. */
enum { HALF_FULL = 8 };
static const uint32_t confidence_points[] = {1, 2, 3, 4};
static const uint32_t trigger_points[TW_TRIGGER_MAX] = {3, 3, 3, 2, 1, 1, 0, 0};

static const char *const actions[TW_LEVEL_MAX] = {"none", "watch", "hold", "remove", "hold"};

/* What keeps a behaviour from the level its rule allows: at least this confidence, at most this
 * trigger (strongest first). */
static const struct {
    uint8_t confidence, trigger;
} needs[TW_LEVEL_UNREVIEWABLE] = {
    [TW_LEVEL_CLEAR] = {TW_CONF_GUESSED, TW_TRIGGER_DEAD},
    [TW_LEVEL_NOTABLE] = {TW_CONF_GUESSED, TW_TRIGGER_DEAD},
    [TW_LEVEL_SUSPICIOUS] = {TW_CONF_FLOW, TW_TRIGGER_CALL},
    [TW_LEVEL_MALICIOUS] = {TW_CONF_FOLDED, TW_TRIGGER_LOAD},
};

/* Gaps that leave code unread. `whole`: only where they cover at least half of the member; `trigger`:
 * the weakest trigger at which such code makes the artifact unreviewable. */
static const struct {
    int8_t trigger; /* -1: never */
    bool whole;
} unread[TW_GAP_MAX] = {
    [TW_GAP_SYNTAX] = {TW_TRIGGER_IMPORT, true},
    [TW_GAP_LIMIT] = {TW_TRIGGER_BUILD, false},
    [TW_GAP_NO_FRONT_END] = {TW_TRIGGER_IMPORT, false},
    [TW_GAP_NATIVE] = {TW_TRIGGER_INSTALL, false},
    [TW_GAP_ENCRYPTED] = {TW_TRIGGER_IMPORT, false},
    [TW_GAP_DAMAGED] = {TW_TRIGGER_IMPORT, false},
    [TW_GAP_FORMAT] = {TW_TRIGGER_IMPORT, false},
    [TW_GAP_TOO_LARGE] = {TW_TRIGGER_IMPORT, false},
    [TW_GAP_DYNAMIC] = {-1, false},
    [TW_GAP_OPAQUE_LAYER] = {-1, false},
    [TW_GAP_SUMMARY] = {-1, false},
};

/* The rule may name a weaker trigger for its highest level. */
static uint8_t weakest_for(const tw_behaviour *b, uint8_t level)
{
    return level == TW_LEVEL_MALICIOUS && b->weakest > needs[level].trigger ? b->weakest
                                                                            : needs[level].trigger;
}

static uint8_t least_sure_for(const tw_behaviour *b, uint8_t level)
{
    return level == TW_LEVEL_MALICIOUS && b->unsure ? (uint8_t)TW_CONF_FLOW : needs[level].confidence;
}

tw_level tw_behaviour_level(const tw_behaviour *b)
{
    uint8_t level = b->ceiling < TW_LEVEL_UNREVIEWABLE ? b->ceiling : (uint8_t)TW_LEVEL_MALICIOUS;
    while (level > TW_LEVEL_CLEAR &&
           (b->confidence < least_sure_for(b, level) || b->trigger > weakest_for(b, level)))
        level--;
    return (tw_level)level;
}

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
    if (g->reason >= TW_GAP_MAX || unread[g->reason].trigger < 0) return false;
    if (g->member == TW_NO_MEMBER) return no_roots(in);
    if (g->member >= in->n_members) return false;
    uint64_t of = g->unit == TW_NO_UNIT ? in->members[g->member].size : g->of;
    *ret_trigger = tw_gap_trigger(in, triggers, g);
    uint8_t weakest = g->unread ? TW_TRIGGER_IMPORT : (uint8_t)unread[g->reason].trigger;
    if (*ret_trigger > weakest) return false;
    return !unread[g->reason].whole || g->len >= of / 2;
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
        tw_level l = tw_behaviour_level(b);
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

/* Behaviours that reach `suspicious` bear each other out where one has folded evidence: in code that runs by itself two of
 * them, one of a rule that may say `malicious`; in one file three, of them one such where some wait for a command or a call. */
enum { TOGETHER = 2, MANY = 3 };

typedef struct company {
    const tw_behaviour *may, *first;
    uint32_t n;
    bool sure, waits;
} company;

static void join_company(company *c, const tw_behaviour *b)
{
    c->n++;
    c->sure |= b->confidence >= TW_CONF_FOLDED;
    c->waits |= b->trigger > TW_TRIGGER_PLUGIN;
    if (!c->first) c->first = b;
    if (!c->may && b->ceiling == TW_LEVEL_MALICIOUS) c->may = b;
}

static bool counts(const tw_behaviour *b)
{
    return tw_behaviour_level(b) >= TW_LEVEL_SUSPICIOUS && tw_str_eq(b->kind, TW_S("malware"));
}

static bool stands_in(const tw_report_in *in, const tw_behaviour *b, uint32_t member)
{
    for (uint32_t i = 0; i < b->n_evidence; i++)
        if (in->join->units[in->join->uses.v[b->evidence[i]].place.unit].member == member) return true;
    return false;
}

/* Three in one file. */
static const tw_behaviour *in_one_file(const tw_report_in *in)
{
    for (uint32_t i = 0; in->join && i < in->behaviours->n; i++) {
        const tw_behaviour *b = &in->behaviours->v[i];
        for (uint32_t k = 0; counts(b) && k < b->n_evidence; k++) {
            uint32_t member = in->join->units[in->join->uses.v[b->evidence[k]].place.unit].member;
            company c = {0};
            for (uint32_t m = 0; m < in->behaviours->n; m++)
                if (counts(&in->behaviours->v[m]) && stands_in(in, &in->behaviours->v[m], member))
                    join_company(&c, &in->behaviours->v[m]);
            if (c.n >= MANY && c.sure && (c.may || !c.waits)) return c.may ? c.may : c.first;
        }
    }
    return NULL;
}

static const tw_behaviour *together(const tw_report_in *in)
{
    company c = {0};
    for (uint32_t i = 0; in->behaviours && i < in->behaviours->n; i++) {
        const tw_behaviour *b = &in->behaviours->v[i];
        if (b->trigger <= TW_TRIGGER_PLUGIN && counts(b)) join_company(&c, b);
    }
    if (c.n >= TOGETHER && c.sure && c.may) return c.may;
    return in->behaviours ? in_one_file(in) : NULL;
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

static uint32_t score(const tw_report_in *in, tw_level level, uint32_t n_odd)
{
    uint64_t points = level == TW_LEVEL_CLEAR || level == TW_LEVEL_NOTABLE ? n_odd > 4 ? 4 : n_odd : 0;
    for (uint32_t i = 0; in->behaviours && i < in->behaviours->n; i++) {
        const tw_behaviour *b = &in->behaviours->v[i];
        if (tw_behaviour_level(b) != level)
            points += 1;
        else
            points += confidence_points[b->confidence < 4 ? b->confidence : 3] +
                      trigger_points[b->trigger < TW_TRIGGER_MAX ? b->trigger : TW_TRIGGER_DEAD];
    }
    return band[level] + (uint32_t)(band_width[level] * points / (points + HALF_FULL));
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
        if (x == top || tw_behaviour_level(x) < TW_LEVEL_NOTABLE) continue;
        more++;
        if (!second || tw_behaviour_level(x) > tw_behaviour_level(second)) second = x;
    }
    tw_buf_puts(b, top->says);
    if (second && tw_behaviour_level(second) >= TW_LEVEL_SUSPICIOUS && say_second(b, top, second)) more--;
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
    const tw_behaviour *top = leading(in, &level), *several = together(in);
    const tw_finding *bad = worst_finding(in, &n_odd);
    const tw_gap *gap = hidden_code(in, a, &trigger);
    bool failed = in->n_errors && !in->join;
    if (several && level == TW_LEVEL_SUSPICIOUS) level = TW_LEVEL_MALICIOUS, top = several;
    memset(ret, 0, sizeof *ret);
    ret->complete = complete(in);
    if (level < TW_LEVEL_NOTABLE && bad) level = TW_LEVEL_NOTABLE, top = NULL;
    if (level < TW_LEVEL_SUSPICIOUS && (gap || failed)) level = TW_LEVEL_UNREVIEWABLE;
    ret->level = level;
    ret->scope = "release";
    ret->action = actions[level];
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
