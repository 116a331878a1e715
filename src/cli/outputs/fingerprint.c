/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"
#include "cli/outputs/output.h"
#include "cli/outputs/read.h"

enum { CONTENTS = 32 };

void tw_fingerprint(const tw_doc *doc, uint32_t found, const char *places, char ret[65])
{
    tw_str seen[CONTENTS];
    size_t n = 0;
    TW_EACH_NODE (doc, tw_get_list(doc, found, places), i) {
        tw_str sha = tw_get_text(doc, i, "sha256");
        size_t at = 0;
        while (at < n && tw_str_cmp(seen[at], sha) < 0) at++;
        if (!sha.n || n == CONTENTS || (at < n && tw_str_eq(seen[at], sha))) continue;
        memmove(seen + at + 1, seen + at, (n - at) * sizeof *seen);
        seen[at] = sha;
        n++;
    }
    if (!n) seen[n++] = tw_get_text(doc, 0, "sha256");
    tw_buf b = TW_BUF_INIT;
    tw_buf_puts(&b, tw_get_text(doc, found, "id"));
    for (size_t i = 0; i < n; i++) {
        tw_buf_putc(&b, '\n');
        tw_buf_puts(&b, seen[i]);
    }
    tw_digest d = tw_sha256_of(tw_buf_str(&b));
    tw_digest_hex(&d, ret);
    tw_buf_free(&b);
}
