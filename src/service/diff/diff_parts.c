/* SPDX-License-Identifier: Apache-2.0 */
/* What of two profiles is compared, and how. */
#include "engine/capabilities/capabilities.h"
#include "engine/rules/shown.h"
#include "service/diff/priv.h"

enum {
    AGAIN = 45,
    LAYER = 140,
    HOST = 45,
    FIRST_HOST = 55,
    PUT_IN = 52,
    RENAMED = 35,
    COMMONPLACE = 15,
    ASKS = 8
};
static const uint32_t NOT_THERE = UINT32_MAX;

static const struct {
    const char *trigger, *says;
} times[] = {
    {"install", "when it is installed"},  {"build", "when it is built"},
    {"import", "when it is imported"},    {"plugin", "when Python or a host program starts"},
    {"command", "when its command runs"}, {"load", "when one of its files is loaded"},
    {"call", "when it is called"},        {"dead", "in code that nothing starts"},
};

static const char *when(tw_str trigger)
{
    for (size_t i = 0; i < TW_COUNT(times); i++)
        if (tw_str_eq(trigger, tw_str_c(times[i].trigger))) return times[i].says;
    return "";
}

/* key -> strongest rank, of every `list` entry of d under the text that `name` makes of it. */
typedef tw_str (*name_fn)(const differ *x, const tw_doc *d, uint32_t id);

static void strongest(const differ *x, const tw_doc *d, const char *list, name_fn name, tw_map *ret)
{
    tw_map_init(ret, x->a);
    TW_EACH_NODE (d, diff_list(d, list), i) {
        bool is_new;
        tw_str key = name(x, d, i);
        if (!key.n) continue;
        uint64_t *slot = tw_map_put(ret, key, &is_new), rank = diff_rank(diff_text(d, i, "trigger"));
        if (is_new || rank < *slot) *slot = rank;
    }
}

static uint32_t rank_in(const tw_map *m, tw_str key)
{
    const uint64_t *slot = tw_map_get(m, key);
    return slot ? (uint32_t)*slot : NOT_THERE;
}

/* ---- behaviours, flows ---- */

static tw_str name_id(const differ *x, const tw_doc *d, uint32_t id)
{
    (void)x;
    return diff_text(d, id, "id");
}

static tw_str name_flow(const differ *x, const tw_doc *d, uint32_t id)
{
    return tw_arena_fmt(x->a, "%.*s \xe2\x86\x92 %.*s", TW_FMT(diff_text(d, id, "from")),
                        TW_FMT(diff_text(d, id, "to")));
}

static uint32_t level_risk(tw_str level)
{
    return tw_str_eq(level, TW_S("malicious"))    ? 100
           : tw_str_eq(level, TW_S("suspicious")) ? 85
           : tw_str_eq(level, TW_S("notable"))    ? 35
                                                  : 5;
}

void diff_behaviours(const differ *x)
{
    const tw_doc *to = x->out->to;
    tw_map old;
    strongest(x, x->out->from, "behaviours", name_id, &old);
    TW_EACH_NODE (to, diff_list(to, "behaviours"), i) {
        tw_str trigger = diff_text(to, i, "trigger");
        uint32_t was = rank_in(&old, name_id(x, to, i));
        if (was <= diff_rank(trigger)) continue;
        diff_add(x, (tw_diff_item){.what = TW_DIFF_BEHAVIOUR,
                                   .risk = (uint8_t)level_risk(diff_text(to, i, "level")),
                                   .id = name_id(x, to, i),
                                   .trigger = trigger,
                                   .says = diff_text(to, i, "says"),
                                   .at = i});
    }
}

void diff_flows(const differ *x)
{
    const tw_doc *to = x->out->to;
    tw_map old;
    strongest(x, x->out->from, "flows", name_flow, &old);
    TW_EACH_NODE (to, diff_list(to, "flows"), i) {
        tw_str trigger = diff_text(to, i, "trigger"), from = diff_text(to, i, "from"),
               into = diff_text(to, i, "to");
        if (rank_in(&old, name_flow(x, to, i)) <= diff_rank(trigger)) continue;
        uint32_t weight = (tw_drift_weight(from) + tw_drift_weight(into)) * tw_drift_when(trigger) / 100;
        if (diff_is_commonplace(x, i, into)) weight = weight * COMMONPLACE / 100;
        const tw_cap_info *a = tw_cap_info_of(tw_cap_by_name(from)),
                          *b = tw_cap_info_of(tw_cap_by_name(into));
        diff_add(x, (tw_diff_item){.what = TW_DIFF_FLOW,
                                   .risk = (uint8_t)(weight > 100 ? 100 : weight),
                                   .id = name_flow(x, to, i),
                                   .trigger = trigger,
                                   .says = tw_arena_fmt(x->a, "%s and with that %s, %s", a->says, b->says,
                                                        when(trigger)),
                                   .at = i});
    }
}

/* ---- capabilities ---- */

static tw_str name_key(const differ *x, const tw_doc *d, uint32_t id)
{
    (void)x;
    return diff_text(d, id, "key");
}

static bool in_layer(const tw_doc *d, uint32_t id)
{
    const tw_node *n = tw_node_get(d, id, TW_S("layer"));
    return n && n->kind == TW_NODE_BOOL && n->truth;
}

/* Tests, examples and documents are not what an installer runs. */
static bool aside(const tw_doc *d, uint32_t id)
{
    tw_str role = diff_text(d, id, "role");
    return tw_str_eq(role, TW_S("test")) || tw_str_eq(role, TW_S("doc")) || tw_str_eq(role, TW_S("example"));
}

static void gained(const differ *x, uint32_t i, bool first)
{
    const tw_doc *to = x->out->to;
    tw_str id = diff_text(to, i, "id"), trigger = diff_text(to, i, "trigger"),
           label = diff_text(to, i, "label");
    uint32_t weight = tw_drift_weight(id) * tw_drift_when(trigger) / 100;
    if (!first) weight = weight * AGAIN / 100;
    if (in_layer(to, i)) weight = weight * LAYER / 100;
    if (aside(to, i)) weight /= 4;
    if (diff_is_commonplace(x, i, id)) weight = weight * COMMONPLACE / 100;
    const tw_cap_info *info = tw_cap_info_of(tw_cap_by_name(id));
    diff_add(x, (tw_diff_item){.what = first ? TW_DIFF_CAPABILITY : TW_DIFF_USE,
                               .risk = (uint8_t)(weight > 100 ? 100 : weight),
                               .id = id,
                               .trigger = trigger,
                               .says = tw_arena_fmt(x->a, "%s%s%.*s%s %s%s", info->says, label.n ? " (" : "",
                                                    TW_FMT(label), label.n ? ")" : "", when(trigger),
                                                    first ? "" : " at one more place"),
                               .at = i});
}

void diff_capabilities(const differ *x)
{
    const tw_doc *to = x->out->to, *from = x->out->from;
    tw_map ids, keys, now;
    strongest(x, from, "capabilities", name_id, &ids);
    strongest(x, from, "capabilities", name_key, &keys);
    strongest(x, to, "capabilities", name_id, &now);
    TW_EACH_NODE (to, diff_list(to, "capabilities"), i) {
        uint32_t rank = diff_rank(diff_text(to, i, "trigger"));
        if (rank_in(&keys, name_key(x, to, i)) <= rank) continue;
        bool first = rank_in(&ids, name_id(x, to, i)) > rank;
        if (first || !diff_no_more_often(x, i)) gained(x, i, first);
    }
    TW_EACH_NODE (from, diff_list(from, "capabilities"), i) {
        uint64_t *slot = tw_map_put(&ids, name_id(x, from, i), NULL);
        if (rank_in(&now, name_id(x, from, i)) != NOT_THERE || *slot == NOT_THERE) continue;
        *slot = NOT_THERE;
        diff_add(x,
                 (tw_diff_item){.what = TW_DIFF_CAPABILITY,
                                .id = name_id(x, from, i),
                                .trigger = diff_text(from, i, "trigger"),
                                .says = tw_str_c(tw_cap_info_of(tw_cap_by_name(name_id(x, from, i)))->says),
                                .at = i,
                                .lost = true});
    }
}

/* ---- starts ---- */

static tw_str name_start(const differ *x, const tw_doc *d, uint32_t id)
{
    tw_str path = diff_path(x, d, diff_text(d, id, "member"));
    return tw_arena_fmt(x->a, "%.*s %.*s", TW_FMT(path), TW_FMT(diff_text(d, id, "function")));
}

void diff_starts(const differ *x)
{
    static const struct {
        const char *trigger;
        uint8_t risk;
    } risks[] = {{"install", 45}, {"plugin", 60}, {"build", 15}, {"command", 3}, {"import", 1}};
    const tw_doc *to = x->out->to;
    tw_map old;
    strongest(x, x->out->from, "starts", name_start, &old);
    TW_EACH_NODE (to, diff_list(to, "starts"), i) {
        tw_str trigger = diff_text(to, i, "trigger");
        uint32_t risk = 0;
        if (rank_in(&old, name_start(x, to, i)) <= diff_rank(trigger)) continue;
        for (size_t k = 0; k < TW_COUNT(risks); k++)
            if (tw_str_eq(trigger, tw_str_c(risks[k].trigger))) risk = risks[k].risk;
        tw_str script = diff_text(to, i, "snippet");
        if (script.n && diff_only_asks(script) && risk > ASKS) risk = ASKS;
        diff_add(x, (tw_diff_item){.what = TW_DIFF_START,
                                   .risk = (uint8_t)risk,
                                   .id = diff_text(to, i, "member"),
                                   .trigger = trigger,
                                   .says = tw_arena_fmt(x->a, "starts %.*s %s",
                                                        TW_FMT(diff_text(to, i, "member")), when(trigger)),
                                   .at = i});
    }
}

/* ---- hosts ---- */

/* Somewhere else: no machine of the user's own, no placeholder without a dot. */
static bool elsewhere(tw_str host)
{
    uint32_t own = 1u << TW_HOST_LOOPBACK | 1u << TW_HOST_PRIVATE;
    return tw_str_chr(host, '.') != TW_NPOS && !(tw_host_classes(host) & own) &&
           !tw_str_eq(host, TW_S("0.0.0.0"));
}

/* The last two labels: who answers there, more or less. An address is one of its own. */
static tw_str site_of(tw_str host)
{
    size_t dot = tw_str_rchr(host, '.');
    if (tw_host_classes(host) & 1u << TW_HOST_IP || dot == TW_NPOS) return host;
    size_t before = tw_str_rchr(tw_str_sub(host, 0, dot), '.');
    return before == TW_NPOS ? host : tw_str_sub(host, before + 1, host.n);
}

static void paths_of(const differ *x, const tw_doc *d, tw_map *ret)
{
    tw_map_init(ret, x->a);
    TW_EACH_NODE (d, diff_list(d, "files"), i) {
        tw_map_put(ret, diff_path(x, d, diff_text(d, i, "path")), NULL);
    }
}

/* A line of source in a file that the old release had: ordinary releases bring their new hosts in new files. */
static bool put_in(const differ *x, const tw_map *old_paths, uint32_t use)
{
    const tw_doc *to = x->out->to;
    uint64_t line = 0;
    const tw_node *n = tw_node_get(to, use, TW_S("line"));
    return n && tw_node_u64(n, &line) && line &&
           tw_map_get(old_paths, diff_path(x, to, diff_text(to, use, "member")));
}

static void hosts_of(const differ *x, const tw_doc *d, tw_map *ret)
{
    tw_map_init(ret, x->a);
    TW_EACH_NODE (d, diff_list(d, "capabilities"), i) {
        TW_EACH_NODE (d, tw_node_list(d, i, TW_S("values")), k) {
            bool is_new;
            tw_str host = diff_text(d, k, "host");
            if (!elsewhere(host) || aside(d, i)) continue;
            uint64_t *slot = tw_map_put(ret, host, &is_new);
            if (is_new) *slot = i;
        }
    }
}

/* A host that the same file named before and that the new release names nowhere: an address that was changed. */
static bool took_place(const differ *x, const tw_map *old, const tw_map *now, uint32_t use)
{
    const tw_doc *from = x->out->from;
    tw_str member = diff_path(x, x->out->to, diff_text(x->out->to, use, "member"));
    for (uint32_t i = 0; i < old->n; i++)
        if (!tw_map_get(now, old->items[i].key) &&
            tw_str_eq(diff_path(x, from, diff_text(from, (uint32_t)old->items[i].value, "member")), member))
            return true;
    return false;
}

void diff_hosts(const differ *x)
{
    const tw_doc *to = x->out->to;
    static const char only[] = "; the release before named no host at all";
    tw_map old, now, paths, sites;
    tw_map_init(&sites, x->a);
    hosts_of(x, x->out->from, &old);
    paths_of(x, x->out->from, &paths);
    hosts_of(x, to, &now);
    bool first = !old.n;
    for (uint32_t i = 0, n = old.n; i < n; i++) tw_map_put(&sites, site_of(old.items[i].key), NULL);
    for (uint32_t i = 0; i < now.n; i++) {
        uint32_t use = (uint32_t)now.items[i].value;
        tw_str trigger = diff_text(to, use, "trigger");
        if (tw_map_get(&old, now.items[i].key)) continue;
        uint32_t risk = HOST * tw_drift_when(trigger) / 100;
        bool runs = !tw_str_eq(trigger, TW_S("dead")),
             in = put_in(x, &paths, use) && !tw_map_get(&sites, site_of(now.items[i].key));
        uint32_t least =
            in && tw_str_eq(trigger, TW_S("call")) && took_place(x, &old, &now, use) ? RENAMED : PUT_IN;
        if (runs && in && risk < least) risk = least;
        if (runs && first && risk < FIRST_HOST) risk = FIRST_HOST;
        diff_add(x, (tw_diff_item){.what = TW_DIFF_HOST,
                                   .risk = (uint8_t)risk,
                                   .id = now.items[i].key,
                                   .trigger = trigger,
                                   .says = tw_arena_fmt(x->a, "talks to %.*s %s%s", TW_FMT(now.items[i].key),
                                                        when(trigger), first ? only : ""),
                                   .at = use});
    }
}

/* ---- dependencies ---- */

static bool by_address(tw_str spec)
{
    return tw_str_find(spec, TW_S("://")) != TW_NPOS || tw_str_starts(spec, TW_S("git")) ||
           tw_str_starts(spec, TW_S("@")) || tw_str_starts(spec, TW_S("file:"));
}

/* "npm:other@1": another package under this one's name. */
static tw_str alias_of(tw_str spec)
{
    if (!tw_str_starts(spec, TW_S("npm:"))) return TW_S("");
    size_t at = tw_str_rchr(spec, '@');
    return tw_str_sub(spec, 4, at == TW_NPOS || at <= 4 ? spec.n : at);
}

static tw_str need_key(const differ *x, const tw_doc *d, uint32_t id)
{
    tw_str name = diff_text(d, id, "name");
    bool build = tw_str_eq(diff_text(d, id, "group"), TW_S("build-system"));
    return build ? tw_arena_fmt(x->a, "build %.*s", TW_FMT(name)) : name;
}

void diff_dependencies(const differ *x)
{
    const tw_doc *to = x->out->to, *from = x->out->from;
    tw_map old;
    tw_map_init(&old, x->a);
    TW_EACH_NODE (from, diff_list(from, "dependencies"), i) {
        *tw_map_put(&old, need_key(x, from, i), NULL) = i;
    }
    TW_EACH_NODE (to, diff_list(to, "dependencies"), i) {
        tw_str name = diff_text(to, i, "name"), spec = diff_text(to, i, "spec"),
               group = diff_text(to, i, "group");
        const uint64_t *was = tw_map_get(&old, need_key(x, to, i));
        bool same = was && tw_str_eq(diff_text(from, (uint32_t)*was, "spec"), spec);
        bool address = by_address(spec) && !(was && by_address(diff_text(from, (uint32_t)*was, "spec")));
        if (same) continue;
        bool alias = alias_of(spec).n && !tw_str_eq(alias_of(spec), name) &&
                     !(was && tw_str_eq(alias_of(diff_text(from, (uint32_t)*was, "spec")), alias_of(spec)));
        bool build = tw_str_eq(group, TW_S("build-system"));
        uint32_t risk = address ? 55 : alias ? 35 : was ? 1 : build ? 25 : group.n ? 5 : 20;
        diff_add(x, (tw_diff_item){.what = TW_DIFF_DEPENDENCY,
                                   .risk = (uint8_t)risk,
                                   .id = name,
                                   .trigger = TW_S("install"),
                                   .says = tw_arena_fmt(x->a, "%s %.*s %.*s%s",
                                                        was ? "now wants" : "now depends on", TW_FMT(name),
                                                        TW_FMT(spec),
                                                        address ? ", fetched from an address of its own"
                                                        : alias ? ", another package under this name"
                                                        : build ? ", which runs when it is built"
                                                                : "")});
    }
}

/* ---- files ---- */

static bool is_binary(tw_str kind)
{
    static const char *const kinds[] = {"elf", "pe",  "macho", "wasm", "java-class",
                                        "pyc", "cab", "7z",    "rar"};
    for (size_t i = 0; i < TW_COUNT(kinds); i++)
        if (tw_str_eq(kind, tw_str_c(kinds[i]))) return true;
    return false;
}

/* Content that the old one had under whatever name, and names that it had with whatever content, are no new files. */
void diff_files(const differ *x)
{
    const tw_doc *to = x->out->to, *from = x->out->from;
    tw_map old;
    tw_str rebuilt = TW_S("");
    uint32_t n_rebuilt = 0;
    tw_map_init(&old, x->a);
    TW_EACH_NODE (from, diff_list(from, "files"), i) {
        bool binary = is_binary(diff_text(from, i, "kind"));
        *tw_map_put(&old, diff_text(from, i, "sha256"), NULL) = 1;
        *tw_map_put(&old, diff_path(x, from, diff_text(from, i, "path")), NULL) = 1u + binary;
    }
    TW_EACH_NODE (to, diff_list(to, "files"), i) {
        tw_str path = diff_text(to, i, "path"), kind = diff_text(to, i, "kind");
        const uint64_t *was = tw_map_get(&old, diff_path(x, to, path));
        bool binary = is_binary(kind);
        if (tw_map_get(&old, diff_text(to, i, "sha256"))) continue;
        if (was && binary && *was == 2 && !n_rebuilt++) rebuilt = path;
        if (was && (!binary || *was == 2)) continue;
        diff_add(x, (tw_diff_item){.what = binary ? TW_DIFF_BINARY : TW_DIFF_FILE,
                                   .risk = binary ? 30 : 0,
                                   .id = path,
                                   .trigger = TW_S(""),
                                   .says = tw_arena_fmt(x->a, "brings %.*s (%.*s), which had no counterpart",
                                                        TW_FMT(path), TW_FMT(kind)),
                                   .at = 0});
    }
    if (n_rebuilt)
        diff_add(x, (tw_diff_item){
                        .what = TW_DIFF_BINARY,
                        .id = rebuilt,
                        .trigger = TW_S(""),
                        .says = tw_arena_fmt(x->a,
                                             "%u compiled file%s differ%s, %.*s among them; what they name "
                                             "is compared, their instructions are not",
                                             n_rebuilt, n_rebuilt == 1 ? "" : "s", n_rebuilt == 1 ? "s" : "",
                                             TW_FMT(rebuilt)),
                        .at = 0});
}
