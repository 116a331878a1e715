/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/author/author.h"

#include "engine/unwrap.h"

enum { PLACES = 2, PYPI_MAX = 100 << 20 };

void tw_author_add(tw_author *a, const tw_result *r)
{
    tw_authored x = {.artifact = tw_arena_str(a->arena, r->item->artifact),
                     .file_name = tw_arena_str(a->arena, r->item->file_name),
                     .level = r->level,
                     .opened = r->opened};
    static const tw_doc_limits limits = {.max_depth = 8, .max_nodes = 4000000};
    const tw_node *subject;
    if (tw_json_read(a->arena, tw_arena_str(a->arena, r->report), NULL, &x.report, NULL) != TW_OK) return;
    subject = tw_node_get(&x.report, 0, TW_S("subject"));
    if (subject) tw_node_u64(tw_node_get(&x.report, tw_node_id(&x.report, subject), TW_S("size")), &x.size);
    if (r->n_layers == 1 && r->layers[0].text.p)
        x.described = tw_json_read(a->arena, tw_arena_str(a->arena, r->layers[0].text), &limits, &x.profile,
                                   NULL) == TW_OK &&
                      x.profile.nodes[0].kind == TW_NODE_OBJECT;
    TW_PUSH(a->arena, a->list, x);
}

void tw_author_line(tw_buf *out, const char *head, tw_str words, unsigned indent)
{
    tw_buf_puts(out, tw_str_c(head));
    while (*head == '\n') head++;
    tw_term_wrap(out, words, (unsigned)strlen(head), indent);
    tw_buf_putc(out, '\n');
}

static void refuse(tw_author *a, tw_buf *out, const char *why, const char *what_to_do)
{
    a->n_refused++;
    tw_author_line(out, "  REFUSED: ", tw_str_c(why), 5);
    tw_author_line(out, "     Do: ", tw_str_c(what_to_do), 9);
}

/* --- what an upload is asked before anybody reads it ------------------------------------------------- */
static bool is_kind(const tw_authored *x, const char *ending)
{
    return tw_str_ends(x->file_name, tw_str_c(ending));
}

static bool is_number(tw_str s)
{
    uint64_t n;
    return tw_str_u64(s, &n);
}

/* 1.2.3, and what may follow behind - or +. */
static bool is_semver(tw_str v)
{
    tw_str part;
    size_t cut = 0;
    while (cut < v.n && v.p[cut] != '-' && v.p[cut] != '+') cut++;
    tw_str rest = tw_str_sub(v, 0, cut);
    for (int i = 0; i < 3; i++)
        if (!tw_str_split(&rest, '.', &part) || !is_number(part)) return false;
    return rest.p == NULL;
}

static void check_pypi(tw_author *a, const tw_authored *x, tw_buf *out)
{
    uint32_t sdists = 0;
    tw_str name = tw_author_text(&x->report, 0, "name"), version = tw_author_text(&x->report, 0, "version");
    bool sdist = is_kind(x, ".tar.gz") || is_kind(x, ".zip");
    if (!sdist && !is_kind(x, ".whl"))
        refuse(a, out, "only wheels and sdists are taken", "Build with `python -m build`.");
    if (x->size > PYPI_MAX)
        refuse(a, out, "it is larger than 100 MiB", "Leave data out, or ask for a higher limit first.");
    if (is_kind(x, "-linux_x86_64.whl") || is_kind(x, "-linux_aarch64.whl"))
        refuse(a, out, "its platform tag is that of one machine, not of manylinux",
               "Repair it with auditwheel.");
    if (!name.n || !version.n)
        refuse(a, out, "its metadata names no project or no version", "Build with `python -m build`.");
    for (uint32_t i = 0; i < a->list.n && sdist && name.n; i++) {
        const tw_authored *o = &a->list.v[i];
        bool other = is_kind(o, ".tar.gz") || is_kind(o, ".zip");
        sdists += other && tw_str_eq(tw_author_text(&o->report, 0, "name"), name) &&
                  tw_str_eq(tw_author_text(&o->report, 0, "version"), version);
    }
    if (sdists > 1) refuse(a, out, "a release has one sdist, here are several", "Remove the others.");
}

static void check_npm(tw_author *a, const tw_authored *x, tw_buf *out)
{
    tw_str name = tw_author_text(&x->report, 0, "name"), version = tw_author_text(&x->report, 0, "version");
    bool upper = false;
    for (size_t i = 0; i < name.n; i++) upper |= name.p[i] >= 'A' && name.p[i] <= 'Z';
    if (!name.n || name.n > 214 || upper || name.p[0] == '.' || name.p[0] == '_')
        refuse(a, out, "its name is none that the registry takes",
               "Lower case, at most 214 characters, no . or _ first.");
    if (!is_semver(version)) refuse(a, out, "its version is no semantic version", "Write it as 1.2.3.");
}

static const struct {
    const char *registry, *ecosystem;
    void (*check)(tw_author *a, const tw_authored *x, tw_buf *out);
} registries[] = {{"pypi", "pypi", check_pypi}, {"npm", "npm", check_npm}};

static void check_upload(tw_author *a, const tw_authored *x, tw_buf *out)
{
    tw_str eco = tw_author_text(&x->report, 0, "ecosystem");
    for (size_t i = 0; i < TW_COUNT(registries); i++) {
        if (strcmp(registries[i].registry, a->registry)) continue;
        if (!tw_str_eq(eco, tw_str_c(registries[i].ecosystem)))
            refuse(a, out, "it is no package of this registry", "Give the files that you upload, as dist/*.");
        else
            registries[i].check(a, x, out);
    }
}

/* --- what reviewers see ------------------------------------------------------------------------------ */
static void put_where(const tw_doc *doc, uint32_t places, tw_buf *out)
{
    uint32_t n = 0;
    TW_EACH_NODE (doc, places, i) {
        const tw_node *line = tw_node_get(doc, i, TW_S("line"));
        uint64_t number = 0;
        tw_str member = tw_author_text(doc, i, "member");
        if (!member.n || n++ >= PLACES) continue;
        tw_buf_puts(out, TW_S("     "));
        tw_term_put(out, member, 60);
        if (line && tw_node_u64(line, &number)) tw_buf_fmt(out, ":%llu", (unsigned long long)number);
        tw_buf_putc(out, '\n');
    }
}

/* Code that runs without being asked for, whatever it does: hooks of npm, lines of .pth files. */
static const struct {
    const char *reason, *does; /* glob */
} hooks[] = {
    {"*install script",
     "Ship what the script makes: many installers ask before scripts, or do not run them at all."},
    {"*gyp*", "Ship built binaries: many installers do not build."},
    {".pth file*", "Let the user import it: a .pth file runs at every start of Python, wanted or not."},
};

static uint32_t put_starts(const tw_authored *x, tw_buf *out)
{
    uint32_t n = 0;
    tw_str last = TW_S("");
    TW_EACH_NODE (&x->profile, x->described ? tw_node_list(&x->profile, 0, TW_S("starts")) : 0, i) {
        tw_str reason = tw_author_text(&x->profile, i, "reason");
        for (size_t k = 0; k < TW_COUNT(hooks); k++) {
            if (!tw_str_glob(tw_str_c(hooks[k].reason), reason) || tw_str_eq(reason, last)) continue;
            last = reason;
            n++;
            tw_author_line(out, "  ! It runs by itself: ", reason, 4);
            tw_buf_puts(out, TW_S("     "));
            tw_term_put(out, tw_author_text(&x->profile, i, "member"), 60);
            tw_buf_puts(out, TW_S("\n"));
            tw_author_line(out, "     Do: ", tw_str_c(hooks[k].does), 9);
        }
    }
    return n;
}

static uint32_t put_behaviours(const tw_authored *x, tw_buf *out)
{
    const tw_doc *doc = &x->report;
    uint32_t n = 0;
    TW_EACH_NODE (doc, tw_node_list(doc, 0, TW_S("behaviours")), i) {
        if (!tw_author_text(doc, i, "id").n) continue;
        n++;
        tw_author_line(out, "  ! ", tw_author_text(doc, i, "says"), 4);
        put_where(doc, tw_node_list(doc, i, TW_S("evidence")), out);
        if (tw_author_text(doc, i, "check").n)
            tw_author_line(out, "     They ask: ", tw_author_text(doc, i, "check"), 15);
        bool places = tw_node_list(doc, i, TW_S("evidence")) &&
                      doc->nodes[tw_node_list(doc, i, TW_S("evidence"))].count;
        const char *does = places ? tw_advice_at(tw_author_text(doc, i, "trigger")) : NULL;
        if (does) tw_author_line(out, "     Do: ", tw_str_c(does), 9);
    }
    return n;
}

static uint32_t put_notes(tw_author *a, const tw_authored *x, const char *list, tw_buf *out)
{
    const tw_doc *doc = &x->report;
    uint32_t n = 0;
    TW_EACH_NODE (doc, tw_node_list(doc, 0, tw_str_c(list)), i) {
        bool refused = false;
        tw_str id = tw_author_text(doc, i, "id");
        const char *does = id.n ? tw_advice_of(a->registry, id, &refused) : NULL;
        if (!id.n || (!does && tw_str_eq(tw_author_text(doc, i, "severity"), TW_S("info")))) continue;
        n++;
        a->n_refused += refused;
        tw_author_line(out, refused ? "  REFUSED: " : "  - ", tw_author_text(doc, i, "says"),
                       refused ? 5 : 4);
        put_where(doc, tw_node_list(doc, i, TW_S("places")), out);
        if (does) tw_author_line(out, "     Do: ", tw_str_c(does), 9);
    }
    return n;
}

static void put_artifact(tw_author *a, const tw_authored *x, tw_buf *out)
{
    tw_sink ink = {.colour = a->colour};
    tw_buf_putc(out, '\n');
    tw_term_level(&ink, x->level, 14);
    tw_buf_puts(out, tw_buf_str(&ink.out));
    tw_buf_free(&ink.out);
    tw_buf_putc(out, ' ');
    tw_term_put(out, x->artifact, 60);
    tw_buf_putc(out, '\n');
    tw_author_line(out, "  ", tw_author_text(&x->report, 0, "summary"), 2);
    if (!x->opened) return;
    uint32_t before = a->n_refused, n;
    check_upload(a, x, out);
    n = put_starts(x, out);
    n += put_behaviours(x, out);
    n += put_notes(a, x, "findings", out);
    n += put_notes(a, x, "signals", out);
    if (!n && before == a->n_refused) tw_buf_puts(out, TW_S("  nothing to do\n"));
}

void tw_author_write(tw_author *a, tw_buf *out)
{
    tw_buf_fmt(out, "What %s would see before it takes %s:\n", a->registry,
               a->list.n == 1 ? "this artifact" : "these artifacts");
    for (uint32_t i = 0; i < a->list.n; i++) put_artifact(a, &a->list.v[i], out);
    if (!strcmp(a->registry, "pypi")) tw_author_pairs(a, out);
    tw_buf_fmt(
        out, "\n%u artifact%s, %u reason%s to refuse the upload; the age of the project is not known here.\n",
        a->list.n, a->list.n == 1 ? "" : "s", a->n_refused, a->n_refused == 1 ? "" : "s");
}
