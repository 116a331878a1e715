/* SPDX-License-Identifier: Apache-2.0 */
/* When the scripts of a package.json run, by npm's own rules. The commands themselves are the shell's to read; here
 * only what they start: other scripts (`npm run x`) and files of the package. */
#include "ecosystems/npm/npm.h"

enum { WORDS_MAX = 4096, STARS_MAX = 64 };

/* An installed dependency runs three of them; one from git is prepared first, as its publisher does. */
static const struct {
    const char *name;
    tw_trigger trigger;
} hooks[] = {
    {"preinstall", TW_TRIGGER_INSTALL}, {"install", TW_TRIGGER_INSTALL}, {"postinstall", TW_TRIGGER_INSTALL},
    {"preprepare", TW_TRIGGER_BUILD},   {"prepare", TW_TRIGGER_BUILD},   {"postprepare", TW_TRIGGER_BUILD},
    {"prepublish", TW_TRIGGER_BUILD},   {"prepack", TW_TRIGGER_BUILD},
};

static const char *const runners[] = {"npm",         "pnpm",         "yarn",  "bun",   "npm.cmd",
                                      "npm-run-all", "npm-run-all2", "run-s", "run-p", "--run"};
static const char *const interpreters[] = {"node", "nodejs", "ts-node", "tsx",     "bun", "deno",
                                           "sh",   "bash",   "python",  "python3", "-r",  "--require"};

typedef struct npm_script {
    tw_str name, text;
    uint8_t trigger;
    tw_str reason;
} npm_script;

typedef struct npm_scripts {
    const npm_manifest *m;
    npm_script *v;
    uint32_t n;
    tw_map by_name; /* -> index + 1 */
    TW_VEC(uint32_t) queue;
    uint32_t stars; /* patterns followed */
} npm_scripts;

static bool among(tw_str word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_eq(word, tw_str_c(list[i]))) return true;
    return false;
}

/* The next word of a command line, of whatever shell. */
static bool next_word(tw_str *rest, tw_str *ret)
{
    static const char between[] = " \t\r\n\"'`;|&()<>,=";
    size_t from = 0, to;
    while (from < rest->n && rest->p[from] && strchr(between, rest->p[from])) from++;
    for (to = from; to < rest->n && !(rest->p[to] && strchr(between, rest->p[to]));) to++;
    *ret = tw_str_sub(*rest, from, to);
    *rest = tw_str_sub(*rest, to, rest->n);
    return ret->n > 0;
}

static void reach(npm_scripts *s, uint32_t i, uint8_t trigger, tw_str reason)
{
    if (s->v[i].trigger <= trigger) return;
    s->v[i].trigger = trigger;
    s->v[i].reason = reason;
    TW_PUSH(s->m->p->arena, s->queue, i);
}

static void reach_named(npm_scripts *s, const char *before, tw_str name, const npm_script *by)
{
    char buf[256];
    size_t n = strlen(before);
    if (name.n + n > sizeof buf) return;
    memcpy(buf, before, n);
    if (name.n) memcpy(buf + n, name.p, name.n);
    const uint64_t *slot = tw_map_get(&s->by_name, tw_str_of(buf, n + name.n));
    if (slot) reach(s, (uint32_t)(*slot - 1), by->trigger, by->reason);
}

/* `npm run build`, `yarn build`, `run-s clean build:*`: every word that names a script is one that runs. */
static void started_scripts(npm_scripts *s, const npm_script *by)
{
    tw_str rest = by->text, word;
    bool runs = false;
    for (int i = 0; i < WORDS_MAX && next_word(&rest, &word); i++) {
        if (among(word, runners, TW_COUNT(runners))) {
            runs = true;
            continue;
        }
        if (!runs) continue;
        static const char *const around[] = {"pre", "", "post"};
        for (size_t k = 0; k < TW_COUNT(around); k++) reach_named(s, around[k], word, by);
        if (tw_str_chr(word, '*') == TW_NPOS || s->stars++ >= STARS_MAX) continue;
        for (uint32_t k = 0; k < s->n; k++)
            if (tw_str_starts(s->v[k].name, tw_str_sub(word, 0, tw_str_chr(word, '*'))))
                reach(s, k, by->trigger, by->reason);
    }
}

static uint32_t own_command(const npm_manifest *m, tw_str word)
{
    const tw_node *bin = tw_node_get(&m->doc, 0, TW_S("bin"));
    tw_str name = tw_node_str(&m->doc, 0, TW_S("name"), TW_S(""));
    if (bin && bin->kind == TW_NODE_STRING && tw_str_eq(tw_str_base(name), word))
        return npm_resolve(m, bin->text);
    if (!bin || bin->kind != TW_NODE_OBJECT) return TW_NO_MEMBER;
    tw_str target = tw_node_str(&m->doc, tw_node_id(&m->doc, bin), word, TW_S(""));
    return target.n ? npm_resolve(m, target) : TW_NO_MEMBER;
}

/* Where a shell takes a word for a command: at the start, behind an operator, a setting (A=1) or what starts others. */
static bool is_command(tw_str text, tw_str word, tw_str before)
{
    static const char *const starters[] = {"npx",  "bunx", "pnpx", "exec", "x",         "dlx",   "env",
                                           "sudo", "then", "do",   "else", "cross-env", "nohup", "time"};
    size_t at = (size_t)(word.p - text.p);
    bool set = before.n && before.p > text.p && before.p[-1] == '=';
    while (at && (text.p[at - 1] == ' ' || text.p[at - 1] == '\t' || text.p[at - 1] == '"' ||
                  text.p[at - 1] == '\''))
        at--;
    return !at || strchr("&|;(`\n", text.p[at - 1]) || set || among(before, starters, TW_COUNT(starters)) ||
           tw_str_starts(before, TW_S("-"));
}

/* Files of the package that a command names. */
static void started_files(const npm_scripts *s, const npm_script *by)
{
    const npm_manifest *m = s->m;
    tw_str rest = by->text, word, before = TW_S(""), folder = TW_S("");
    for (int i = 0; i < WORDS_MAX && next_word(&rest, &word); before = word, i++) {
        if (tw_str_eq(before, TW_S("cd"))) {
            folder = word;
            continue;
        }
        uint32_t own = is_command(by->text, word, before) ? own_command(m, tw_str_base(word)) : TW_NO_MEMBER;
        if (own != TW_NO_MEMBER) tw_root_add(m->p, own, TW_S(""), (tw_trigger)by->trigger, by->reason);
        bool named = tw_str_chr(word, '/') != TW_NPOS || tw_str_chr(word, '.') != TW_NPOS ||
                     among(before, interpreters, TW_COUNT(interpreters));
        if (!named || word.p[0] == '-') continue;
        uint32_t member = tw_str_eq(word, TW_S(".")) ? npm_main(m) : npm_resolve(m, word);
        if (member == TW_NO_MEMBER && folder.n)
            member = npm_resolve(m, tw_arena_fmt(m->p->arena, "%.*s/%.*s", TW_FMT(folder), TW_FMT(word)));
        if (member != TW_NO_MEMBER && member != m->file->member)
            tw_root_add(m->p, member, TW_S(""), (tw_trigger)by->trigger, by->reason);
    }
}

/* node-gyp reads binding.gyp: by itself where no script says how to install, else where one starts it. */
static void native_build(const npm_scripts *s)
{
    const npm_manifest *m = s->m;
    tw_str path = tw_arena_fmt(m->p->arena, "%.*sbinding.gyp", TW_FMT(m->dir));
    const uint64_t *slot = tw_map_get(m->paths, path);
    if (!slot) return;
    const tw_node *off = tw_node_get(&m->doc, 0, TW_S("gypfile"));
    bool implied = !(off && off->kind == TW_NODE_BOOL && !off->truth), asked = false;
    for (uint32_t i = 0; i < s->n; i++) {
        const npm_script *x = &s->v[i];
        if (tw_str_eq(x->name, TW_S("install")) || tw_str_eq(x->name, TW_S("preinstall"))) implied = false;
        if (x->trigger == TW_TRIGGER_INSTALL)
            asked |= tw_str_find(x->text, TW_S("gyp")) != TW_NPOS ||
                     tw_str_find(x->text, TW_S("prebuild")) != TW_NPOS;
    }
    tw_trigger t = implied || asked ? TW_TRIGGER_INSTALL : TW_TRIGGER_COMMAND;
    tw_root_add(m->p, (uint32_t)(*slot - 1), TW_S("binding"), t, TW_S("node-gyp rebuild"));
    /* what it includes and depends on, by names that may be computed: any other such file */
    for (uint32_t i = 0; i < m->p->n_members; i++) {
        tw_str file = m->p->members[i].path;
        bool gyp = tw_str_ends(file, TW_S(".gypi")) || tw_str_ends(file, TW_S(".gyp"));
        if (!gyp || i + 1ull == *slot || !tw_str_starts(file, m->dir) || m->p->members[i].depth) continue;
        if (tw_str_find(tw_str_sub(file, m->dir.n, file.n), TW_S("node_modules/")) != TW_NPOS) continue;
        tw_root_add(m->p, i, TW_S("binding"), t, TW_S("node-gyp rebuild, included"));
    }
}

static void collect(npm_scripts *s, const tw_node *object)
{
    const tw_doc *doc = &s->m->doc;
    tw_arena *a = s->m->p->arena;
    uint32_t id = tw_node_id(doc, object);
    s->v = TW_NEWN(a, npm_script, object->count);
    for (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = doc->nodes[i].next) {
        const tw_node *n = &doc->nodes[i];
        if (n->kind != TW_NODE_STRING) continue;
        uint64_t *slot = tw_map_put(&s->by_name, n->key, NULL); /* of two with one name npm takes the last */
        uint32_t at = *slot ? (uint32_t)(*slot - 1) : s->n++;
        *slot = at + 1ull;
        s->v[at] = (npm_script){n->key, n->text, TW_TRIGGER_MAX, TW_S("")};
    }
}

void npm_script_roots(const npm_manifest *m)
{
    tw_arena *a = m->p->arena;
    npm_scripts s = {.m = m};
    tw_map_init(&s.by_name, a);
    const tw_node *object = tw_node_get(&m->doc, 0, TW_S("scripts"));
    if (object && object->kind == TW_NODE_OBJECT) collect(&s, object);
    for (size_t i = 0; i < TW_COUNT(hooks); i++) {
        const uint64_t *slot = tw_map_get(&s.by_name, tw_str_c(hooks[i].name));
        if (slot)
            reach(&s, (uint32_t)(*slot - 1), (uint8_t)hooks[i].trigger,
                  tw_arena_fmt(a, "%s script", hooks[i].name));
        for (uint32_t k = 0; k < s.queue.n; k++) {
            npm_script by = s.v[s.queue.v[k]];
            started_scripts(&s, &by);
            started_files(&s, &by);
        }
        s.queue.n = 0;
    }
    for (uint32_t i = 0; i < s.n; i++) {
        bool alone = s.v[i].trigger == TW_TRIGGER_MAX;
        tw_str function = tw_arena_fmt(a, "scripts.%.*s", TW_FMT(s.v[i].name));
        tw_root_add(m->p, m->file->member, function, alone ? TW_TRIGGER_COMMAND : (tw_trigger)s.v[i].trigger,
                    alone ? tw_arena_fmt(a, "npm run %.*s", TW_FMT(s.v[i].name)) : s.v[i].reason);
    }
    native_build(&s);
}
