/* SPDX-License-Identifier: Apache-2.0 */
/* What of an artifact was not read, for its profile: gaps, and the sources that a compiler or another builder takes. */
#include "engine/profile.h"

#include "base/map.h"
#include "engine/verdict/priv.h"

enum { UNREAD = 500, PATH_BYTES = 1000 };

typedef struct unread {
    const tw_report_in *in;
    tw_json_w *w;
    tw_list_w list;
    tw_map said; /* member, reason, whether it hides code */
    tw_arena *a;
} unread;

static void put(unread *u, uint32_t member, const char *reason, const char *says, uint8_t trigger, bool hides)
{
    bool fresh, known = member < u->in->n_members;
    tw_map_put(&u->said, tw_arena_fmt(u->a, "%u %s %d", member, reason, hides), &fresh);
    if (!fresh || !tw_list_room(&u->list)) return;
    tw_json_obj(u->w);
    tw_put_text(u->w, "member", known ? tw_str_sub(u->in->members[member].path, 0, PATH_BYTES) : TW_S(""));
    tw_put_text(u->w, "trigger",
                trigger < TW_TRIGGER_MAX ? tw_str_c(tw_trigger_name((tw_trigger)trigger)) : TW_S(""));
    tw_put_word(u->w, "reason", reason);
    tw_put_word(u->w, "says", says);
    tw_json_key(u->w, TW_S("hides"));
    tw_json_bool(u->w, hides);
    tw_json_obj_end(u->w);
}

/* Those that leave code unread: the others were read, and something of what it does is not known. */
static bool leaves_code(const tw_gap *g)
{
    return g->reason < TW_GAP_MAX && g->reason != TW_GAP_DYNAMIC && g->reason != TW_GAP_SUMMARY &&
           g->reason != TW_GAP_OPAQUE_LAYER;
}

/* Compiled code by what stands beside it: "elf, 180224 bytes, and no source that it could be built from". */
static const char *says_of(const unread *u, const tw_gap *g)
{
    const char *says = tw_gap_says((tw_gap_reason)g->reason);
    const tw_findings *f = u->in->findings;
    if (g->reason != TW_GAP_NATIVE || g->member >= u->in->n_members) return says;
    const tw_member *m = &u->in->members[g->member];
    bool alone = false;
    for (uint32_t i = 0; f && i < f->list.n && !alone; i++)
        alone = f->list.v[i].id == TW_FIND_NATIVE_NO_SOURCE && f->list.v[i].member == g->member;
    return tw_arena_fmt(u->a, "compiled code (%s, %llu bytes)%s: only what the file says of itself was read",
                        tw_kind_name((tw_kind)m->kind), (unsigned long long)m->size,
                        alone ? ", no source that it could be built from" : "")
        .p;
}

static void put_gaps(unread *u)
{
    const tw_coverage *c = u->in->coverage;
    const uint8_t *triggers = tw_member_triggers(u->in, u->a);
    for (int t = TW_TRIGGER_INSTALL; t <= TW_TRIGGER_MAX; t++)
        for (uint32_t i = 0; c && i < c->gaps.n; i++) {
            const tw_gap *g = &c->gaps.v[i];
            uint8_t trigger = g->member == TW_NO_MEMBER ? 0 : tw_gap_trigger(u->in, triggers, g), ignored;
            if (trigger != t || !leaves_code(g)) continue;
            bool artifact = g->member == TW_NO_MEMBER;
            put(u, g->member, tw_gap_name((tw_gap_reason)g->reason), says_of(u, g),
                artifact ? (uint8_t)TW_TRIGGER_MAX : trigger,
                artifact || tw_gap_hides_code(u->in, triggers, g, &ignored));
        }
}

static bool for_builders(tw_str path)
{
    static const char *const ends[] = {".c",   ".cc", ".cpp", ".cxx", ".m",  ".mm",   ".pyx",
                                       ".f90", ".f",  ".rs",  ".go",  ".cu", ".swift"};
    static const char *const names[] = {"meson.build", "CMakeLists.txt", "Makefile",   "GNUmakefile",
                                        "makefile",    "configure",      "SConstruct", "wscript"};
    tw_str base = tw_str_base(path);
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(base, tw_str_c(ends[i]))) return true;
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_eq(base, tw_str_c(names[i]))) return true;
    return false;
}

/* In what is built where it is installed: no wheel is. */
static void put_sources(unread *u)
{
    const tw_package *k = u->in->package;
    const tw_join *j = u->in->join;
    if (!k || !k->subject || !strcmp(k->subject, "wheel") || !strcmp(k->subject, "installed") ||
        !strcmp(k->subject, "egg"))
        return;
    uint8_t *read = TW_NEWN(u->a, uint8_t, (size_t)u->in->n_members + 1);
    for (uint32_t i = 0; j && i < j->n_units; i++)
        if (j->units[i].member < u->in->n_members) read[j->units[i].member] = 1;
    for (uint32_t i = 0; i < u->in->n_members; i++) {
        const tw_member *m = &u->in->members[i];
        uint8_t role = k->role ? k->role[i] : TW_ROLE_OTHER;
        if (m->type != TW_MEMBER_FILE || read[i] || !m->size || !for_builders(m->path)) continue;
        if (role == TW_ROLE_TEST || role == TW_ROLE_DOC || role == TW_ROLE_EXAMPLE) continue;
        put(u, i, "build-source", "what a compiler or another builder takes, which is not analysed",
            TW_TRIGGER_BUILD, false);
    }
}

void tw_profile_unread(const tw_report_in *in, tw_json_w *w, tw_arena *a, uint32_t most)
{
    unread u = {.in = in, .w = w, .a = a};
    tw_map_init(&u.said, a);
    u.list = tw_list_begin(w, "unread", most < UNREAD ? most : UNREAD);
    put_gaps(&u);
    put_sources(&u);
    tw_list_end(&u.list);
}
