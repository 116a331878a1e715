/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter members FILE...: what the artifact reader makes of each file, one JSON object a line. */
#include "cli/plain.h"
#include "base/doc.h"
#include "base/os.h"
#include "base/utf8.h"
#include "engine/artifact/artifact.h"

#include <stdio.h>
#include <unistd.h>

extern int tw_verb_members(int argc, char **argv);

static const char *const flag_names[] = {"hidden", "encrypted", "damaged", "hash-only",
                                         "unread", "container", "shadowed"};

static void put_name(tw_json_w *w, tw_str key, tw_str hex_key, tw_str s)
{
    tw_json_key(w, key);
    tw_json_str(w, s);
    if (tw_utf8_valid(s)) return;
    tw_buf hex = TW_BUF_INIT;
    for (size_t i = 0; i < s.n; i++) tw_buf_fmt(&hex, "%02x", (unsigned char)s.p[i]);
    tw_json_key(w, hex_key);
    tw_json_str(w, tw_buf_str(&hex));
    tw_buf_free(&hex);
}

static void put_text(tw_json_w *w, tw_str key, const char *text)
{
    tw_json_key(w, key);
    tw_json_str(w, tw_str_c(text));
}

static void put_count(tw_json_w *w, tw_str key, uint64_t v)
{
    tw_json_key(w, key);
    tw_json_u64(w, v);
}

static void put_index(tw_json_w *w, tw_str key, uint32_t v)
{
    tw_json_key(w, key);
    if (v == TW_NO_MEMBER)
        tw_json_null(w);
    else
        tw_json_u64(w, v);
}

static void put_member(tw_json_w *w, const tw_member *m)
{
    char hex[65];
    tw_json_obj(w);
    put_count(w, TW_S("index"), m->index);
    put_index(w, TW_S("container"), m->container);
    put_name(w, TW_S("path"), TW_S("path_hex"), m->path);
    if (m->alias.n) put_name(w, TW_S("alias"), TW_S("alias_hex"), m->alias);
    put_text(w, TW_S("type"), tw_member_type_name((tw_member_type)m->type));
    put_text(w, TW_S("kind"), tw_kind_name((tw_kind)m->kind));
    put_count(w, TW_S("size"), m->size);
    put_count(w, TW_S("packed"), m->packed);
    put_count(w, TW_S("off"), m->off);
    put_count(w, TW_S("mode"), m->mode);
    if (m->link.n) put_name(w, TW_S("link"), TW_S("link_hex"), m->link);
    tw_json_key(w, TW_S("flags"));
    tw_json_arr(w);
    for (unsigned i = 0; i < TW_COUNT(flag_names); i++)
        if (m->flags & 1u << i) tw_json_str(w, tw_str_c(flag_names[i]));
    tw_json_arr_end(w);
    tw_digest_hex(&m->sha256, hex);
    put_text(w, TW_S("sha256"), hex);
    tw_json_obj_end(w);
}

static void put_findings(tw_json_w *w, const tw_findings *f)
{
    tw_json_key(w, TW_S("findings"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < f->list.n; i++) {
        const tw_finding *x = &f->list.v[i];
        const tw_finding_info *info = tw_finding_info_of(x->id);
        tw_json_obj(w);
        put_text(w, TW_S("id"), info->name);
        put_text(w, TW_S("severity"), tw_severity_name(info->severity));
        put_index(w, TW_S("member"), x->member);
        tw_json_key(w, TW_S("off"));
        if (x->off == UINT64_MAX)
            tw_json_null(w);
        else
            tw_json_u64(w, x->off);
        put_name(w, TW_S("says"), TW_S("says_hex"), x->detail);
        tw_json_obj_end(w);
    }
    tw_json_arr_end(w);
}

static void put_coverage(tw_json_w *w, const tw_coverage *c)
{
    tw_json_key(w, TW_S("coverage"));
    tw_json_obj(w);
    tw_json_key(w, TW_S("gaps"));
    tw_json_arr(w);
    for (uint32_t i = 0; i < c->gaps.n; i++) {
        tw_json_obj(w);
        put_index(w, TW_S("member"), c->gaps.v[i].member);
        put_text(w, TW_S("reason"), tw_gap_name((tw_gap_reason)c->gaps.v[i].reason));
        put_count(w, TW_S("off"), c->gaps.v[i].off);
        put_count(w, TW_S("len"), c->gaps.v[i].len);
        tw_json_obj_end(w);
    }
    tw_json_arr_end(w);
    tw_json_key(w, TW_S("limits_hit"));
    tw_json_arr(w);
    for (unsigned i = 0; i < TW_LIMIT_MAX; i++)
        if (c->limits_hit & 1ull << i) tw_json_str(w, tw_str_c(tw_limit_name((tw_limit_id)i)));
    tw_json_arr_end(w);
    tw_json_obj_end(w);
}

typedef TW_VEC(tw_member) member_vec;

static void put_artifact(tw_buf *out, tw_arena *arena, tw_str path, tw_str bytes)
{
    tw_limits lim = tw_limits_default();
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, arena, (uint32_t)lim.findings);
    tw_coverage_init(&coverage, arena);
    tw_artifact *a = tw_artifact_open(arena, bytes, path, &lim, &findings, &coverage);
    member_vec all = {0};
    tw_member m;
    tw_str data;
    while (tw_artifact_next(a, &m, &data)) {
        if (m.replaces != TW_NO_MEMBER) all.v[m.replaces].flags |= TW_MF_SHADOWED;
        TW_PUSH(arena, all, m);
    }
    tw_json_w w = tw_json_writer(out);
    tw_json_obj(&w);
    put_name(&w, TW_S("artifact"), TW_S("artifact_hex"), path);
    put_text(&w, TW_S("format"), tw_artifact_format(a));
    tw_json_key(&w, TW_S("members"));
    tw_json_arr(&w);
    for (uint32_t i = 0; i < all.n; i++) put_member(&w, &all.v[i]);
    tw_json_arr_end(&w);
    put_findings(&w, &findings);
    put_coverage(&w, &coverage);
    put_count(&w, TW_S("unpacked"), tw_artifact_unpacked(a));
    tw_json_obj_end(&w);
    tw_buf_putc(out, '\n');
    tw_artifact_close(a);
}

int tw_verb_members(int argc, char **argv)
{
    int rc = argc > 0 ? 0 : 2;
    tw_buf out = TW_BUF_INIT;
    for (int i = 0; i < argc; i++) {
        tw_map_file f;
        tw_diag d = {0};
        if (tw_map_file_open(argv[i], &f, &d) != TW_OK) {
            fprintf(stderr, "tidewaiter: %s: %s\n", tw_plain(argv[i]), d.says);
            rc = 2;
            continue;
        }
        tw_arena *arena = tw_arena_new(0);
        tw_buf_clear(&out);
        put_artifact(&out, arena, tw_str_c(argv[i]), f.bytes);
        if (tw_write_all(STDOUT_FILENO, tw_buf_str(&out)) != TW_OK) rc = 2;
        tw_arena_free(arena);
        tw_unmap_file(&f);
    }
    tw_buf_free(&out);
    return rc;
}
