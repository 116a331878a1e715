/* SPDX-License-Identifier: Apache-2.0 */
/* What a package says of itself is hostile: name, version, purl, history, summary, address, mail, dependency, a line each; the
 * rest is its text. */
#include "engine/names/names.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tw_arena *a = tw_arena_new(0);
    tw_str rest = {(const char *)data, size}, line[8] = {0};
    for (size_t i = 0; i < TW_COUNT(line) && rest.p; i++) tw_str_split(&rest, '\n', &line[i]);
    for (size_t e = 0; e < tw_n_ecosystems; e++) {
        tw_findings f;
        tw_history h;
        tw_findings_init(&f, a, 0);
        tw_package p = {
            .arena = a, .findings = &f, .ecosystem = tw_ecosystems[e], .name = line[0], .version = line[1]};
        p.about = (tw_about){.member = TW_NO_MEMBER, .name = line[0], .summary = line[4], .text = rest};
        tw_history_read(a, line[3], &h);
        TW_PUSH(a, p.about.urls, line[5]);
        TW_PUSH(a, p.about.mails, line[6]);
        TW_PUSH(a, p.about.modules, line[0]);
        TW_PUSH(a, p.needs, ((tw_dependency){line[0], line[7], ""}));
        tw_name_signals(&p, line[2], &h, &f);
        for (uint32_t i = 0; i < f.list.n; i++)
            if (tw_finding_info_of(f.list.v[i].id)->severity == TW_SEV_BAD)
                abort(); /* no signal raises a level */
    }
    tw_arena_free(a);
    return 0;
}
