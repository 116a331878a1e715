/* SPDX-License-Identifier: Apache-2.0 */
/* Flows: from every source forward through the graph to the sinks, known steps first. */
#include "engine/join/join_priv.h"

#include <stdlib.h>

enum { TAIL_BITS = 12, FILES_SURE = 3 };
typedef struct tails {
    uint64_t bits[(1 << TAIL_BITS) / 64];
} tails;
enum { PATH = 12, FLOWS_MAX = 20000, PER_SOURCE = 64, REACH_STRONG = 400000, REACH_WEAK = 20000 };

/* --- sinks --- */

static void add_sink(jn *j, jn_sinks *s, uint32_t node, uint32_t use, uint8_t role, bool file)
{
    if (node == TW_NONE || node >= j->n_nodes) return;
    TW_PUSH(j->a, s->v, ((jn_sink){node, use, s->head[node], file, role}));
    s->head[node] = s->v.n;
}

static uint32_t tail_bit(const char *p)
{
    uint32_t four;
    memcpy(&four, p, 4);
    return (four * 2654435761u) >> (32 - TAIL_BITS);
}

/* Which runs of four bytes a text has: files whose names end in none of them are not looked for in it. */
static void note_tails(tails *t, tw_str text)
{
    memset(t, 0, sizeof *t);
    for (size_t i = 0; i + 4 <= text.n; i++) {
        uint32_t bit = tail_bit(text.p + i);
        t->bits[bit / 64] |= 1ull << bit % 64;
    }
}

static bool has_tail(const tails *t, tw_str name)
{
    if (name.n < 4) return true;
    uint32_t bit = tail_bit(name.p + name.n - 4);
    return t->bits[bit / 64] >> bit % 64 & 1;
}

/* Programs that do not run the files they are given. */
static bool only_handles(tw_str program)
{
    static const char names[] = " 7z 7za aria2c attrib awk bzip2 cat chmod chown convert cp curl diff du "
                                "ffmpeg ffprobe file git grep gs gunzip gzip "
                                "head icacls ln ls magick md5sum mkdir mv patch rm rsync scp sed sha1sum "
                                "sha256sum shasum stat tail tar touch unrar "
                                "unxz unzip wget xattr xz zip zstd ";
    tw_str all = tw_str_c(names), name = tw_str_base(program);
    if (tw_str_ends(name, TW_S(".exe"))) name.n -= 4;
    size_t at = name.n && name.n < 16 && tw_str_chr(name, ' ') == TW_NPOS ? tw_str_find(all, name) : TW_NPOS;
    while (at != TW_NPOS && at && (all.p[at - 1] != ' ' || all.p[at + name.n] != ' ')) {
        size_t more = tw_str_find(tw_str_sub(all, at + 1, all.n), name);
        at = more == TW_NPOS ? TW_NPOS : at + 1 + more;
    }
    return at != TW_NPOS && at;
}

/* "curl -o x URL; sh x": is the file named outside of commands that only handle files? */
static bool runs_named(tw_str line, tw_str name)
{
    while (line.n) {
        size_t end = 0;
        while (end < line.n && !strchr(";&|\n", line.p[end])) end++;
        tw_str command = tw_str_sub(line, 0, end), rest = tw_str_trim(command), program = {NULL, 0};
        tw_str_split(&rest, ' ', &program);
        if (tw_str_find(command, name) != TW_NPOS && !only_handles(program)) return true;
        line = tw_str_sub(line, end < line.n ? end + 1 : end, line.n);
    }
    return false;
}

/* A program or module that is run is a sink for what was written to its file. */
static void add_file_sinks(jn *j, jn_sinks *s, uint32_t unit, uint32_t v, uint32_t use)
{
    const tw_record *r = j->units[unit].r;
    const tw_val *val = jn_val(j, unit, v);
    bool list = val->kind == TW_VAL_SEQ || val->kind == TW_VAL_CONCAT || val->kind == TW_VAL_OP;
    const tw_val *first = val->kind == TW_VAL_SEQ && val->n ? jn_val(j, unit, r->lists[val->list]) : NULL;
    if (first && first->kind == TW_VAL_STR && only_handles(jn_str(j, unit, first->a))) return;
    add_sink(j, s, jn_file_node(j, unit, v, false), use, TW_ARGROLE_PATH, true);
    for (uint32_t i = 0; list && i < val->n && i < 16; i++)
        add_sink(j, s, jn_file_node(j, unit, r->lists[val->list + i], false), use, TW_ARGROLE_PATH, true);
    if (val->kind != TW_VAL_STR) return;
    tw_str text = jn_str(j, unit, val->a); /* "python /tmp/x.py" names a file that was written */
    tails t;
    if (text.n < 4096 && j->files.n) note_tails(&t, text);
    for (uint32_t i = 0; i < j->files.n && i < 256 && text.n < 4096 && jn_spend(j, 4); i++) {
        tw_str path = j->files.items[i].key;
        size_t slash = tw_str_rchr(path, '/'); /* "cd /tmp && ./x" */
        tw_str name = tw_str_sub(path, slash == TW_NPOS ? 0 : slash, path.n);
        char here[66] = ".";
        if (!has_tail(&t, name)) continue; /* no ./name, no path */
        if (name.n > 2 && name.n < 64) memcpy(here + 1, name.p, name.n);
        bool local = here[1] == '/' && tw_str_find(text, tw_str_of(here, name.n + 1)) != TW_NPOS;
        if (local || (path.n >= 5 && path.n < text.n && runs_named(text, path)))
            add_sink(j, s, (uint32_t)j->files.items[i].value, use, TW_ARGROLE_PATH, true);
    }
}

static bool is_leaving(uint8_t role)
{
    return role == TW_ARGROLE_DATA || role == TW_ARGROLE_URL || role == TW_ARGROLE_COMMAND ||
           role == TW_ARGROLE_CODE;
}

static void sinks_of_row(jn *j, jn_sinks *s, uint32_t use, const tw_api *row)
{
    const tw_cap_use *u = &j->out->uses.v[use];
    const jn_unit *unit = &j->units[u->place.unit];
    const tw_rec_call *c = &unit->r->calls[u->call];
    bool runs = jn_cap_in(u->cap, "exec.") || jn_cap_in(u->cap, "code.");
    for (size_t i = 0; i < TW_COUNT(row->args) && row->args[i].role; i++) {
        uint32_t values[JN_VALUES], n = jn_arg_values(j, u->place.unit, c, &row->args[i], values);
        uint8_t role = row->args[i].role;
        for (uint32_t k = 0; k < n; k++) {
            if (is_leaving(role) && u->sink) add_sink(j, s, unit->val0 + values[k], use, role, false);
            if (runs && (role == TW_ARGROLE_COMMAND || role == TW_ARGROLE_PATH || role == TW_ARGROLE_CODE))
                add_file_sinks(j, s, u->place.unit, values[k], use);
        }
    }
}

static void collect_sinks(jn *j, jn_sinks *s)
{
    s->head = TW_NEWN(j->a, uint32_t, (size_t)j->n_nodes + 1);
    for (uint32_t i = 0; i < j->out->uses.n; i++) {
        const tw_cap_use *u = &j->out->uses.v[i];
        if (u->call == TW_NONE) continue;
        const tw_rec_call *c = &j->units[u->place.unit].r->calls[u->call];
        const jn_api *api = jn_apis(j, u->place.unit, c->symbol);
        for (uint32_t k = 0; k < api->n; k++)
            if (jn_row_fits(j, u->place.unit, c, &api->rows[k])) sinks_of_row(j, s, i, &api->rows[k]);
    }
}

/* --- search --- */

/* Known steps; then also out of functions by a call that data did not come in by; then through unknown calls too. */
typedef enum manner { SURE, LOOSE, WEAK } manner;
typedef struct search {
    jn *j;
    jn_sinks sinks;
    uint8_t *useful; /* per node: some sink can be reached from it */
    uint32_t *stamp, *parent,
        *use_stamp; /* stamp: round * 2, + 1 where the way may leave the function again */
    uint32_t round;
    TW_VEC(uint32_t) queue;
    TW_VEC(jn_edge) later[WEAK + 1]; /* edges for the passes behind the first */
    uint32_t n_flows;                /* of this source */
    const uint32_t *group;           /* uses that start here */
    uint32_t n_group;
    bool full;
} search;

static tw_place place_of(const jn *j, uint32_t node, bool *ret_ok)
{
    *ret_ok = false;
    if (node >= j->n_vals) return (tw_place){0};
    uint32_t unit = jn_unit_of_value(j, node);
    const tw_record *r = j->units[unit].r;
    const tw_val *v = &r->vals[node - j->units[unit].val0];
    uint32_t call = v->kind == TW_VAL_CALL ? v->a : v->kind == TW_VAL_INSTANCE ? v->b : TW_NONE;
    if (call >= r->n_calls) return (tw_place){0};
    *ret_ok = true;
    return (tw_place){unit, r->calls[call].off, r->calls[call].len};
}

static tw_place place_of_call(const jn *j, uint32_t call)
{
    uint32_t unit = 0;
    while (unit + 1 < j->n_units && j->units[unit + 1].call0 <= call) unit++;
    const tw_rec_call *c = &j->units[unit].r->calls[call - j->units[unit].call0];
    return (tw_place){unit, c->off, c->len};
}

static bool same_place(tw_place a, tw_place b)
{
    return a.unit == b.unit && a.off == b.off && a.len == b.len;
}

/* The places between both ends: the first few and the last few where there are many. */
static void make_path(search *s, tw_flow *f, uint32_t sink_node)
{
    jn *j = s->j;
    const tw_place first = j->out->uses.v[f->from].place, last = j->out->uses.v[f->to].place;
    tw_place near_end[PATH / 2], near_start[PATH / 2]; /* near_start is a ring */
    uint32_t n = 0, steps = 0;
    near_end[n++] = last;
    tw_place before = last;
    for (uint32_t node = sink_node; node != TW_NONE; node = s->parent[node], steps++) {
        bool ok;
        tw_place p[2] = {place_of(j, node, &ok)};
        uint32_t inside = ok && s->parent[node] != TW_NONE ? jn_inside(j, s->parent[node], node) : TW_NONE;
        if (inside != TW_NONE) p[1] = place_of_call(j, inside);
        for (int i = 0; ok && i < (inside != TW_NONE ? 2 : 1); i++) {
            if (same_place(p[i], before) || same_place(p[i], first)) continue;
            if (n < PATH / 2)
                near_end[n] = p[i];
            else
                near_start[n % (PATH / 2)] = p[i];
            before = p[i];
            n++;
        }
    }
    jn_spend(j, steps);
    if (n < PATH / 2)
        near_end[n] = first;
    else
        near_start[n % (PATH / 2)] = first;
    n++;
    uint32_t kept = n < PATH ? n : PATH;
    f->path = TW_NEWN(j->a, tw_place, kept);
    f->n_path = kept;
    for (uint32_t i = 0; i < kept; i++) { /* i counts from the end of the flow */
        uint32_t at = i < PATH / 2 ? i : n - kept + i;
        f->path[kept - 1 - i] = i < PATH / 2 ? near_end[i] : near_start[at % (PATH / 2)];
    }
}

/* A way through many files joins what every caller of each of them hands in: it shows where to look, it proves nothing. */
static bool wanders(const jn *j, const tw_flow *f)
{
    uint32_t seen[FILES_SURE + 1], n = 0;
    for (uint32_t i = 0; i < f->n_path; i++) {
        uint32_t member = j->out->units[f->path[i].unit].member, k = 0;
        while (k < n && seen[k] != member) k++;
        if (k == n) seen[n++] = member;
        if (n > FILES_SURE) return true;
    }
    return false;
}

static uint8_t scope_of(const jn *j, uint32_t from, uint32_t to)
{
    const tw_place *a = &j->out->uses.v[from].place, *b = &j->out->uses.v[to].place;
    uint32_t f = j->side.v[from].func, g = j->side.v[to].func;
    if (f == g || (f < j->n_funcs && g < j->n_funcs && j->home[f] == j->home[g])) return 0;
    return j->out->units[a->unit].member == j->out->units[b->unit].member ? 1 : 2;
}

/* What a call gives back is no flow into it. */
static bool is_own_result(const jn *j, uint32_t source, const tw_cap_use *to)
{
    const tw_cap_use *from = &j->out->uses.v[source];
    if (from->call != to->call || from->place.unit != to->place.unit || to->call == TW_NONE) return false;
    const jn_unit *u = &j->units[to->place.unit];
    return j->side.v[source].node == u->val0 + u->r->calls[to->call].result;
}

/* Files that may come from files: not worth a doubtful flow. */
static bool is_dull(tw_cap from, tw_cap to)
{
    bool start = from == TW_CAP_FS_READ || from == TW_CAP_FS_WALK || from == TW_CAP_EXEC_PROCESS;
    return start && (jn_cap_in(to, "fs.") || to == TW_CAP_EXEC_PROCESS);
}

static void arrive(search *s, uint32_t node, manner how)
{
    jn *j = s->j;
    for (uint32_t k = s->sinks.head[node]; k; k = s->sinks.v.v[k - 1].next) {
        const jn_sink sink = s->sinks.v.v[k - 1];
        if (s->n_flows >= PER_SOURCE || !jn_spend(j, 1)) return;
        if (s->use_stamp[sink.use] == s->round) continue;
        s->use_stamp[sink.use] = s->round;
        const tw_cap_use *to = &j->out->uses.v[sink.use];
        for (uint32_t g = 0; g < s->n_group; g++) {
            const tw_cap_use *from = &j->out->uses.v[s->group[g]];
            if (is_own_result(j, s->group[g], to) || (how == WEAK && is_dull(from->cap, to->cap))) continue;
            if (j->out->flows.n >= FLOWS_MAX) {
                s->full = true;
                return;
            }
            tw_flow f = {.from = s->group[g], .to = sink.use, .scope = scope_of(j, s->group[g], sink.use)};
            f.confidence =
                how != SURE || from->confidence == TW_CONF_GUESSED || to->confidence == TW_CONF_GUESSED
                    ? TW_CONF_GUESSED
                    : TW_CONF_FLOW;
            make_path(s, &f, node);
            if (wanders(j, &f)) f.confidence = TW_CONF_GUESSED;
            TW_PUSH(j->a, j->out->flows, f);
            s->n_flows++;
            jn_derive_flow(j, j->out->flows.n - 1, sink.file);
        }
    }
}

/* free: data may go on to whatever called the function it is in. Not so what came in by an argument: what becomes
 * of that at its own call the summaries say. */
static void reach(search *s, uint32_t node, uint32_t parent, manner how, bool free)
{
    uint32_t stamp = s->round * 2 + free;
    if (s->stamp[node] >= stamp) return;
    bool known = s->stamp[node] >= s->round * 2;
    s->stamp[node] = stamp;
    TW_PUSH(s->j->a, s->queue, node);
    if (known) return; /* the way it came first stays its way */
    s->parent[node] = parent;
    arrive(s, node, how);
}

/* May the step be taken here, and is data free behind it? */
static bool goes_on(const search *s, uint32_t node, uint32_t edge, manner how, bool *ret_free)
{
    const jn *j = s->j;
    bool free = how != SURE || s->stamp[node] & 1;
    uint32_t f = node - j->ret0;
    *ret_free = free || (edge & JN_FAR) == JN_FAR;
    if (edge & JN_WEAK && how != WEAK) return false;
    if ((edge & JN_FAR) == JN_DOWN) *ret_free = how != SURE;
    if ((edge & JN_FAR) == JN_UP && !free) *ret_free = f < j->n_funcs && j->open[f];
    return (edge & JN_FAR) != JN_UP || *ret_free;
}

/* No more flows of this source would be kept. */
static bool is_done(const search *s)
{
    return s->full || s->n_flows >= PER_SOURCE;
}

static bool spread(search *s, uint32_t most, manner how)
{
    jn *j = s->j;
    for (uint32_t head = 0; head < s->queue.n && head < most && !is_done(s); head++) {
        uint32_t node = s->queue.v[head], last = j->next.start[node + 1];
        if (!jn_spend(j, 1 + last - j->next.start[node])) return false;
        for (uint32_t i = j->next.start[node]; i < last; i++) {
            uint32_t to = j->next.to[i] & JN_NODE;
            bool free;
            if (!s->useful[to]) continue;
            if (goes_on(s, node, j->next.to[i], how, &free))
                reach(s, to, node, how, free);
            else
                TW_PUSH(j->a, s->later[j->next.to[i] & JN_WEAK ? WEAK : LOOSE], ((jn_edge){node, to}));
        }
    }
    return true;
}

/* Backward from all sinks: what leads to none need not be walked, and most of a package leads to none. */
static void find_useful(search *s)
{
    jn *j = s->j;
    tw_arena *tmp = tw_arena_new(0);
    uint32_t *start = TW_NEWN(tmp, uint32_t, (size_t)j->n_nodes + 2);
    uint32_t *from = tw_arena_raw(tmp, (size_t)j->edges.n * sizeof *from);
    uint32_t *queue = tw_arena_raw(tmp, (size_t)j->n_nodes * sizeof *queue), n = 0;
    s->useful = TW_NEWN(j->a, uint8_t, (size_t)j->n_nodes + 1);
    for (uint32_t i = 0; i < j->edges.n; i++) start[(j->edges.v[i].to & JN_NODE) + 2]++;
    for (uint32_t i = 1; i < j->n_nodes + 2; i++) start[i] += start[i - 1];
    for (uint32_t i = 0; i < j->edges.n; i++)
        from[start[(j->edges.v[i].to & JN_NODE) + 1]++] = j->edges.v[i].from;
    for (uint32_t i = 0; i < j->n_nodes; i++)
        if (s->sinks.head[i]) s->useful[i] = 1, queue[n++] = i;
    while (n) {
        uint32_t node = queue[--n];
        for (uint32_t i = start[node]; i < start[node + 1]; i++) {
            if (s->useful[from[i]]) continue;
            s->useful[from[i]] = 1;
            queue[n++] = from[i];
        }
    }
    tw_arena_free(tmp);
}

static bool search_from(search *s, uint32_t node)
{
    if (!s->useful[node]) return true;
    s->round++;
    s->queue.n = s->later[LOOSE].n = s->later[WEAK].n = s->n_flows = 0;
    reach(s, node, TW_NONE, SURE, true);
    if (!spread(s, REACH_STRONG, SURE)) return false;
    for (manner how = LOOSE; how <= WEAK && !is_done(s); how++) {
        s->queue.n = 0;
        for (uint32_t i = 0; i < s->later[how].n; i++)
            reach(s, s->later[how].v[i].to, s->later[how].v[i].from, how, true);
        if (!spread(s, how == LOOSE ? REACH_STRONG : REACH_WEAK, how)) return false;
    }
    return true;
}

typedef struct source {
    uint32_t rank, node, use;
} source;

static int by_rank(const void *a, const void *b)
{
    const source *x = a, *y = b;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    if (x->node != y->node) return x->node < y->node ? -1 : 1;
    return (x->use > y->use) - (x->use < y->use);
}

/* The telling ones first, should the steps run out. */
static uint32_t rank_of(tw_cap cap)
{
    static const char *const groups[] = {"cred.", "collect.", "net.", "host.", "exec.", "code."};
    uint32_t i = 0;
    while (i < TW_COUNT(groups) && !jn_cap_in(cap, groups[i])) i++;
    return i;
}

void jn_flows(jn *j)
{
    search s = {.j = j};
    TW_VEC(source) sources = {0};
    j->next = jn_csr_make(j->a, j->edges.v, j->edges.n, j->n_nodes);
    collect_sinks(j, &s.sinks);
    j->n_derived_from = j->out->uses.n;
    for (uint32_t i = 0; i < j->n_derived_from; i++)
        if (j->side.v[i].node != TW_NONE)
            TW_PUSH(j->a, sources, ((source){rank_of(j->out->uses.v[i].cap), j->side.v[i].node, i}));
    if (sources.n) qsort(sources.v, sources.n, sizeof *sources.v, by_rank);
    s.stamp = TW_NEWN(j->a, uint32_t, (size_t)j->n_nodes + 1);
    s.parent = TW_NEWN(j->a, uint32_t, (size_t)j->n_nodes + 1);
    s.use_stamp = TW_NEWN(j->a, uint32_t, (size_t)j->n_derived_from + 1);
    find_useful(&s);
    uint32_t *group = TW_NEWN(j->a, uint32_t, (size_t)sources.n + 1);
    bool all = true;
    for (uint32_t i = 0, n; i < sources.n && all && !s.full; i += n) {
        for (n = 0; i + n < sources.n && sources.v[i + n].node == sources.v[i].node; n++)
            group[n] = sources.v[i + n].use;
        s.group = group;
        s.n_group = n;
        all = search_from(&s, sources.v[i].node);
    }
    j->cut |= !all || s.full;
    jn_derive_decoded(j, &s.sinks);
    jn_derive_shells(j);
}
