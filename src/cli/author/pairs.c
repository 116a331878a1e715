/* SPDX-License-Identifier: Apache-2.0 */
/* A wheel beside the sdist of the same release: who installs which gets what? */
#include "base/map.h"
#include "cli/author/author.h"

enum { SHOWN = 8 };

static tw_str text(const tw_authored *x, uint32_t id, const char *key)
{
    return tw_author_text(&x->profile, id, key);
}

static uint32_t list(const tw_authored *x, const char *key)
{
    return tw_node_list(&x->profile, 0, tw_str_c(key));
}

static bool is_wheel(const tw_authored *x)
{
    return tw_str_ends(x->file_name, TW_S(".whl"));
}

static bool is_same_release(const tw_authored *a, const tw_authored *b)
{
    return tw_str_eq(text(a, 0, "name"), text(b, 0, "name")) &&
           tw_str_eq(text(a, 0, "version"), text(b, 0, "version"));
}

/* Some of a kind, then how many more. */
typedef struct shown {
    tw_buf *out;
    const char *head;
    uint32_t n;
} shown;

static void show(shown *s, tw_str what)
{
    if (s->n++ < SHOWN) tw_author_line(s->out, s->head, what, 7);
}

static void end(const shown *s)
{
    if (s->n > SHOWN) tw_buf_fmt(s->out, "     (%u more)\n", s->n - SHOWN);
}

/* --- dependencies ----------------------------------------------------------------------------------- */
static void needs_of(const tw_authored *x, tw_map *to)
{
    TW_EACH_NODE (&x->profile, list(x, "dependencies"), i) {
        if (!text(x, i, "group").n && text(x, i, "name").n) tw_map_put(to, text(x, i, "name"), NULL);
    }
}

static uint32_t missing(const tw_map *from, const tw_map *in, const char *head, tw_buf *out)
{
    shown s = {out, head, 0};
    for (uint32_t i = 0; i < from->n; i++)
        if (!tw_map_get(in, from->items[i].key)) show(&s, from->items[i].key);
    end(&s);
    return s.n;
}

/* --- files ------------------------------------------------------------------------------------------ */
static bool is_own_metadata(tw_str path)
{
    return tw_str_find(path, TW_S(".dist-info/")) != TW_NPOS || tw_str_find(path, TW_S(".data/")) != TW_NPOS;
}

/* Where a file of the wheel stands in the sdist: "pkg/a.py" as root/pkg/a.py, root/src/pkg/a.py, ... */
static uint64_t *source_of(tw_map *tails, tw_str path)
{
    return tw_map_get(tails, path);
}

static void index_tails(const tw_authored *sdist, tw_map *to)
{
    TW_EACH_NODE (&sdist->profile, list(sdist, "files"), i) {
        tw_str path = text(sdist, i, "path");
        for (int up = 0; up < 6 && path.n; up++) {
            bool fresh;
            uint64_t *slot = tw_map_put(to, path, &fresh);
            if (fresh) *slot = i;
            size_t slash = tw_str_chr(path, '/');
            path = slash == TW_NPOS ? TW_S("") : tw_str_sub(path, slash + 1, path.n);
        }
    }
}

static uint32_t compare_files(tw_author *a, const tw_authored *wheel, const tw_authored *sdist, tw_buf *out)
{
    shown differ = {out, "     differs from the sdist's: ", 0}, alone = {out, "     only in the wheel: ", 0};
    tw_map tails;
    tw_map_init(&tails, a->arena);
    index_tails(sdist, &tails);
    for (int pass = 0; pass < 2; pass++) {
        TW_EACH_NODE (&wheel->profile, list(wheel, "files"), i) {
            tw_str path = text(wheel, i, "path");
            if (!path.n || is_own_metadata(path)) continue;
            const uint64_t *slot = source_of(&tails, path);
            bool same = slot && tw_str_eq(text(wheel, i, "sha256"), text(sdist, (uint32_t)*slot, "sha256"));
            if (!pass && slot && !same) show(&differ, path);
            if (pass && !slot) show(&alone, path);
        }
        end(pass ? &alone : &differ);
    }
    return differ.n + alone.n;
}

/* --- what they do ------------------------------------------------------------------------------------ */
static bool runs_by_itself(tw_str trigger)
{
    return tw_str_eq(trigger, TW_S("install")) || tw_str_eq(trigger, TW_S("import")) ||
           tw_str_eq(trigger, TW_S("plugin"));
}

static uint32_t compare_uses(tw_author *a, const tw_authored *wheel, const tw_authored *sdist, tw_buf *out)
{
    tw_map theirs;
    shown s = {out, "     the wheel does by itself, the sdist does not: ", 0};
    tw_map_init(&theirs, a->arena);
    TW_EACH_NODE (&sdist->profile, list(sdist, "capabilities"), i) {
        tw_map_put(&theirs, text(sdist, i, "id"), NULL);
    }
    TW_EACH_NODE (&wheel->profile, list(wheel, "capabilities"), i) {
        bool fresh = false;
        if (runs_by_itself(text(wheel, i, "trigger"))) tw_map_put(&theirs, text(wheel, i, "id"), &fresh);
        if (fresh) show(&s, text(wheel, i, "id"));
    }
    end(&s);
    return s.n;
}

static void compare(tw_author *a, const tw_authored *wheel, const tw_authored *sdist, tw_buf *out)
{
    tw_map of_wheel, of_sdist;
    uint32_t n = 0;
    tw_map_init(&of_wheel, a->arena);
    tw_map_init(&of_sdist, a->arena);
    needs_of(wheel, &of_wheel);
    needs_of(sdist, &of_sdist);
    tw_buf_puts(out, TW_S("\n"));
    tw_author_line(out, "wheel beside sdist: ", wheel->file_name, 2);
    n += missing(&of_wheel, &of_sdist, "     needed by the wheel only: ", out);
    n += missing(&of_sdist, &of_wheel, "     needed by the sdist only: ", out);
    n += compare_files(a, wheel, sdist, out);
    n += compare_uses(a, wheel, sdist, out);
    if (!n) tw_buf_puts(out, TW_S("     the same code and the same dependencies\n"));
    if (n)
        tw_author_line(
            out, "     Do: ",
            TW_S("Build the wheel from the sdist (`python -m build` does); what only the wheel has, "
                 "nobody can read in the source."),
            9);
}

void tw_author_pairs(tw_author *a, tw_buf *out)
{
    for (uint32_t i = 0; i < a->list.n; i++) {
        const tw_authored *wheel = &a->list.v[i], *sdist = NULL;
        if (!wheel->described || !is_wheel(wheel)) continue;
        for (uint32_t k = 0; k < a->list.n && !sdist; k++) {
            const tw_authored *x = &a->list.v[k];
            if (x->described && !is_wheel(x) && is_same_release(wheel, x)) sdist = x;
        }
        if (sdist) {
            compare(a, wheel, sdist, out);
            continue;
        }
        tw_author_line(out, "\nno sdist beside ", wheel->file_name, 2);
        tw_author_line(out, "     Do: ", TW_S("Upload the sdist too: reviewers and distributions read it."),
                       9);
    }
}
