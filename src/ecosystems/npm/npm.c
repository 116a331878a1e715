/* SPDX-License-Identifier: Apache-2.0 */
/* npm: .tgz packages, package folders, folders of node_modules. */
#include "base/doc.h"
#include "ecosystems/metadata.h"

extern const tw_ecosystem tw_ecosystem_npm;

enum { KEEP_MAX = 8 << 20 };

static bool keep(const tw_member *m)
{
    tw_str base = tw_str_base(m->path);
    return !m->depth && m->type == TW_MEMBER_FILE && m->size <= KEEP_MAX &&
           tw_str_eq(base, TW_S("package.json"));
}

static const tw_kept *manifest(const tw_package *p)
{
    const tw_kept *k = tw_kept_find(p, TW_S("package/package.json"));
    if (!k) k = tw_kept_find(p, TW_S("package.json"));
    if (k) return k;
    k = tw_kept_tail(p, TW_S("/package.json"));
    return k && tw_str_chr(k->path, '/') == k->path.n - 13 ? k : NULL;
}

static int recognise(const tw_package *p)
{
    return manifest(p) ? 85 : 0;
}

/* "./lib/a" -> member of root_dir + "lib/a", with .js or /index.js added where needed. */
static uint32_t resolve(const tw_package *p, tw_str target)
{
    static const char *const tails[] = {"", ".js", ".cjs", ".mjs", "/index.js", "index.js"};
    while (tw_str_starts(target, TW_S("./"))) target = tw_str_sub(target, 2, target.n);
    for (size_t i = 0; i < TW_COUNT(tails); i++) {
        tw_str path = tw_arena_fmt(p->arena, "%.*s%.*s%s", TW_FMT(p->root_dir), TW_FMT(target), tails[i]);
        uint32_t m = tw_member_find(p, path);
        if (m != TW_NO_MEMBER && p->members[m].type == TW_MEMBER_FILE) return m;
    }
    return TW_NO_MEMBER;
}

static void add_file(tw_package *p, tw_str target, tw_trigger t, tw_str reason)
{
    uint32_t m = resolve(p, target);
    if (m != TW_NO_MEMBER) tw_root_add(p, m, TW_S(""), t, reason);
}

/* Files of the package that a lifecycle command names: each word that resolves is run. */
static void add_command(tw_package *p, tw_str hook, tw_str command)
{
    tw_str rest = command, word;
    tw_str reason = tw_arena_fmt(p->arena, "%.*s script", TW_FMT(hook));
    while (tw_str_split(&rest, ' ', &word)) {
        if (!word.n || word.p[0] == '-') continue;
        add_file(p, word, TW_TRIGGER_INSTALL, reason);
    }
}

static void examine(tw_package *p)
{
    const tw_kept *k = manifest(p);
    tw_doc doc;
    tw_diag d = {0};
    p->subject = !strcmp(p->format, "directory") ? "directory" : "npm";
    if (!k) return;
    p->root_dir = tw_str_sub(k->path, 0, k->path.n - 12);
    for (uint32_t i = 0; i < p->n_members; i++) p->role[i] = (uint8_t)tw_role_by_path(p->members[i].path);
    if (tw_json_read(p->arena, k->data, NULL, &doc, &d) != TW_OK) {
        tw_finding_add(p->findings, TW_FIND_JSON_BAD, k->member, d.off, "package.json: %s", d.says);
        return;
    }
    if (doc.n_duplicates)
        tw_finding_add(p->findings, TW_FIND_JSON_DUPLICATE_KEY, k->member, UINT64_MAX,
                       "package.json: %u keys", doc.n_duplicates);
    p->name = tw_node_str(&doc, 0, TW_S("name"), TW_S(""));
    p->version = tw_node_str(&doc, 0, TW_S("version"), TW_S(""));
    if (p->name.n && p->version.n) {
        bool scoped = p->name.p[0] == '@';
        p->purl = tw_arena_fmt(p->arena, "pkg:npm/%s%.*s@%.*s", scoped ? "%40" : "",
                               TW_FMT(tw_str_sub(p->name, scoped, p->name.n)), TW_FMT(p->version));
    }
    static const char *const hooks[] = {"preinstall", "install", "postinstall"};
    const tw_node *scripts = tw_node_get(&doc, 0, TW_S("scripts"));
    for (size_t i = 0; scripts && i < TW_COUNT(hooks); i++) {
        tw_str command = tw_node_str(&doc, tw_node_id(&doc, scripts), tw_str_c(hooks[i]), TW_S(""));
        if (command.n) add_command(p, tw_str_c(hooks[i]), command);
    }
    add_file(p, tw_node_str(&doc, 0, TW_S("main"), TW_S("index")), TW_TRIGGER_IMPORT, TW_S("main"));
    add_file(p, tw_node_str(&doc, 0, TW_S("module"), TW_S("index")), TW_TRIGGER_IMPORT, TW_S("module"));
    const tw_node *bin = tw_node_get(&doc, 0, TW_S("bin"));
    if (bin && bin->kind == TW_NODE_STRING) add_file(p, bin->text, TW_TRIGGER_COMMAND, TW_S("bin"));
    if (!bin || bin->kind != TW_NODE_OBJECT) return;
    uint32_t id = tw_node_id(&doc, bin);
    for (uint32_t i = tw_node_first(&doc, id); i != tw_node_end(&doc, id); i = doc.nodes[i].next)
        add_file(p, doc.nodes[i].text, TW_TRIGGER_COMMAND,
                 tw_arena_fmt(p->arena, "bin %.*s", TW_FMT(doc.nodes[i].key)));
}

const tw_ecosystem tw_ecosystem_npm = {"npm", "npm", keep, recognise, examine};
