/* SPDX-License-Identifier: Apache-2.0 */
/* Names of compiled Python. */
#include "engine/artifact/artifact.h"

tw_str tw_pyc_source(tw_arena *a, tw_str path)
{
    if (!tw_str_ends(path, TW_S(".pyc")) && !tw_str_ends(path, TW_S(".pyo"))) return TW_S("");
    tw_str base = tw_str_base(path), dir = tw_str_sub(path, 0, path.n - base.n);
    base.n -= 4;
    if (tw_str_eq(dir, TW_S("__pycache__/")) || tw_str_ends(dir, TW_S("/__pycache__/"))) {
        dir.n -= sizeof "__pycache__/" - 1;
        base = tw_str_sub(base, 0, tw_str_chr(base, '.')); /* m.cpython-311.opt-1 */
    }
    return tw_arena_fmt(a, "%.*s%.*s.py", TW_FMT(dir), TW_FMT(base));
}
