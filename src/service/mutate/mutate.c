/* SPDX-License-Identifier: Apache-2.0 */
#include "service/mutate/mutate.h"

#include "base/doc.h"
#include "engine/artifact/artifact.h"

tw_mut_file *tw_mut_find(tw_mut *m, tw_str path)
{
    for (uint32_t i = 0; i < m->files.n; i++)
        if (tw_str_eq(m->files.v[i].path, path)) return &m->files.v[i];
    return NULL;
}

void tw_mut_put(tw_mut *m, tw_str path, tw_str data)
{
    tw_mut_file *f = tw_mut_find(m, path);
    if (f)
        f->data = data;
    else
        TW_PUSH(m->arena, m->files, ((tw_mut_file){path, data, 0}));
}

void tw_mut_drop(tw_mut *m, tw_str path)
{
    tw_mut_file *f = tw_mut_find(m, path);
    if (!f) return;
    memmove(f, f + 1, (size_t)(m->files.v + m->files.n - (f + 1)) * sizeof *f);
    m->files.n--;
}

static bool ends(tw_str path, const char *with)
{
    return tw_str_ends(path, tw_str_c(with));
}

bool tw_mut_esm_package(tw_mut *m)
{
    tw_mut_file *manifest = tw_mut_find(m, tw_arena_fmt(m->arena, "%.*spackage.json", TW_FMT(m->root)));
    tw_doc doc;
    return manifest && tw_json_read(m->arena, manifest->data, NULL, &doc, NULL) == TW_OK &&
           tw_str_eq(tw_node_str(&doc, 0, TW_S("type"), TW_S("")), TW_S("module"));
}

bool tw_mut_esm(tw_mut *m, const tw_mut_file *f)
{
    return ends(f->path, ".mjs") || (ends(f->path, ".js") && tw_mut_esm_package(m));
}

/* The folder of all files, "" where there are several. */
static tw_str common_root(const tw_mut *m)
{
    tw_str root = TW_S("");
    for (uint32_t i = 0; i < m->files.n; i++) {
        size_t slash = tw_str_chr(m->files.v[i].path, '/');
        tw_str top = slash == TW_NPOS ? TW_S("") : tw_str_sub(m->files.v[i].path, 0, slash + 1);
        if (!top.n || (i && !tw_str_eq(top, root))) return TW_S("");
        root = top;
    }
    return root;
}

static void recognise(tw_mut *m)
{
    for (uint32_t i = 0; i < m->files.n; i++) {
        tw_str p = m->files.v[i].path;
        size_t at = tw_str_find(p, TW_S(".dist-info/METADATA"));
        if (at != TW_NPOS && tw_str_chr(p, '/') == at + 10) m->dist_info = tw_str_sub(p, 0, at + 11);
    }
    if (m->dist_info.n) return;
    m->root = m->format == TW_MUT_DIR ? TW_S("") : common_root(m);
    m->npm = tw_mut_find(m, tw_arena_fmt(m->arena, "%.*spackage.json", TW_FMT(m->root))) != NULL;
}

tw_err tw_mut_read(tw_arena *a, tw_str bytes, tw_str name, tw_mut *ret, tw_diag *d)
{
    tw_limits lim = tw_limits_default();
    tw_findings findings;
    tw_coverage coverage;
    tw_findings_init(&findings, a, 1000);
    tw_coverage_init(&coverage, a);
    tw_artifact *art = tw_artifact_open(a, bytes, name, &lim, &findings, &coverage);
    tw_str format = tw_str_c(tw_artifact_format(art));
    bool zip = tw_str_eq(format, TW_S("zip")), folder = tw_str_eq(format, TW_S("directory"));
    *ret = (tw_mut){.arena = a, .format = zip ? TW_MUT_ZIP : folder ? TW_MUT_DIR : TW_MUT_TGZ};
    bool fits = zip || folder || tw_str_eq(format, TW_S("tar.gz"));
    tw_err err = fits ? TW_OK : tw_fail(d, TW_ERR_UNSUPPORTED, "it is no folder, zip or tar.gz package");
    tw_member m;
    tw_str data;
    while (tw_artifact_next(art, &m, &data)) {
        if (err != TW_OK || m.depth || m.type != TW_MEMBER_FILE) continue;
        if (!data.p && m.size) err = tw_fail(d, TW_ERR_MALFORMED, "a member of it cannot be read");
        TW_PUSH(a, ret->files, ((tw_mut_file){tw_arena_str(a, m.path), tw_arena_str(a, data), m.mode}));
    }
    tw_artifact_close(art);
    recognise(ret);
    return err;
}

/* ---- writing ---- */

static void base64url(tw_buf *b, const uint8_t *p, size_t n)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i < 3 ? n - i : 3;
        uint32_t v = 0;
        for (size_t k = 0; k < 3; k++) v = v << 8 | (k < left ? p[i + k] : 0);
        for (size_t k = 0; k <= left; k++) tw_buf_putc(b, set[v >> (18 - 6 * k) & 63]);
    }
}

static void update_record(tw_mut *m)
{
    tw_str path = tw_arena_fmt(m->arena, "%.*sRECORD", TW_FMT(m->dist_info));
    tw_buf b = TW_BUF_INIT;
    for (uint32_t i = 0; i < m->files.n; i++) {
        const tw_mut_file *f = &m->files.v[i];
        if (tw_str_eq(f->path, path)) continue;
        tw_digest d = tw_sha256_of(f->data);
        bool quoted = tw_str_chr(f->path, ',') != TW_NPOS;
        tw_buf_fmt(&b, "%s%.*s%s,sha256=", quoted ? "\"" : "", TW_FMT(f->path), quoted ? "\"" : "");
        base64url(&b, d.b, sizeof d.b);
        tw_buf_fmt(&b, ",%zu\n", f->data.n);
    }
    tw_buf_fmt(&b, "%.*s,,\n", TW_FMT(path));
    tw_mut_put(m, path, tw_arena_str(m->arena, tw_buf_str(&b)));
    tw_buf_free(&b);
}

void tw_mut_write(tw_mut *m, tw_buf *out)
{
    if (m->dist_info.n) update_record(m);
    if (m->format == TW_MUT_DIR)
        tw_mut_pack(m->files.v, m->files.n, out);
    else if (m->format == TW_MUT_ZIP)
        tw_mut_zip(m->files.v, m->files.n, out);
    else
        tw_mut_tgz(m->arena, m->files.v, m->files.n, out);
}
