/* SPDX-License-Identifier: Apache-2.0 */
/* What an index answers is hostile: both page forms, and every name and address taken from them. */
#include "ecosystems/pypi/svc_pypi.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const tw_simple_page *p)
{
    for (uint32_t i = 0; i < p->files.n; i++) {
        const tw_simple_file *f = &p->files.v[i];
        if (!f->url.n || f->kind == TW_DIST_OTHER || !f->version.release.n ||
            tw_pep440_cmp(&f->version, &f->version))
            abort();
        if (i && tw_pep440_cmp(&f->version, &f[-1].version) != -tw_pep440_cmp(&f[-1].version, &f->version))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_str text = {(const char *)data, size}, base = TW_S("https://index.example/simple/demo/");
    tw_simple_page p = {0};
    tw_spec spec;
    tw_diag d = TW_DIAG_INIT;
    bool json = size && data[0] == '{';
    tw_err e = json ? tw_simple_read_json(a, text, base, TW_S("demo"), &p, &d)
                    : tw_simple_read_html(a, text, base, TW_S("demo"), &p, &d);
    if (e == TW_OK) check(&p);
    if (size < 300 && tw_spec_parse(a, text, &spec, &d) == TW_OK) tw_spec_purl(a, &spec, spec.version);
    tw_pip_conf_value(text, TW_S("global"), TW_S("index-url"));
    tw_arena_free(a);
    return 0;
}
