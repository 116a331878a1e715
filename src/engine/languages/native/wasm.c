/* SPDX-License-Identifier: Apache-2.0 */
/* WebAssembly: sections, imports, exports, the toolchain that its producers section names. */
#include "engine/languages/native/native.h"

enum {
    CUSTOM,
    TYPE,
    IMPORT,
    FUNCTION,
    TABLE,
    MEMORY,
    GLOBAL,
    EXPORT,
    START,
    ELEMENT,
    CODE,
    DATA,
    COUNT,
    TAG,
    KNOWN
};
enum { ENTRIES_MAX = 1 << 20 };

static uint64_t leb(tw_cur *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t b = tw_cur_u8(c);
        v |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80)) return v;
    }
    c->bad = true;
    return 0;
}

static tw_str name(tw_cur *c)
{
    return tw_cur_take(c, leb(c));
}

static void limits(tw_cur *c)
{
    uint64_t flags = leb(c);
    leb(c);
    if (flags & 1) leb(c);
}

static void imports(nat *n, tw_cur c)
{
    uint64_t count = leb(&c);
    for (uint64_t i = 0; i < count && !c.bad; i++) {
        if (nat_full(n, (uint32_t)nat_min(i, ENTRIES_MAX), ENTRIES_MAX, "imports")) return;
        tw_str module = name(&c), field = name(&c);
        switch (tw_cur_u8(&c)) {
        case 0: leb(&c); break;
        case 1:
            tw_cur_skip(&c, 1);
            limits(&c);
            break;
        case 2: limits(&c); break;
        case 3: tw_cur_skip(&c, 2); break;
        case 4:
            tw_cur_skip(&c, 1);
            leb(&c);
            break;
        default: c.bad = true;
        }
        if (!c.bad && module.n <= NAT_NAME && field.n <= NAT_NAME) {
            if (!n->libraries.n || !tw_str_eq(n->libraries.v[n->libraries.n - 1], module))
                nat_library(n, module);
            nat_import_add(n, module, field, nat_at(n, field));
        }
    }
    if (c.bad) nat_broken(n, "imports are cut short");
}

static void exports(nat *n, tw_cur c)
{
    uint64_t count = leb(&c);
    for (uint64_t i = 0; i < count && !c.bad; i++) {
        if (nat_full(n, (uint32_t)nat_min(i, ENTRIES_MAX), ENTRIES_MAX, "exports")) return;
        tw_str field = name(&c);
        tw_cur_skip(&c, 1);
        leb(&c);
        if (!c.bad && field.n <= NAT_NAME) nat_export_add(n, field);
        if (tw_str_eq(field, TW_S("_start"))) n->kind = NAT_PROGRAM;
    }
    if (c.bad) nat_broken(n, "exports are cut short");
}

void nat_wasm(nat *n)
{
    static const char *const names[KNOWN] = {"custom", "type",   "import",    "function", "table",
                                             "memory", "global", "export",    "start",    "element",
                                             "code",   "data",   "datacount", "tag"};
    tw_cur c = tw_cur_of(n->bytes);
    tw_cur_skip(&c, 4);
    uint32_t version = tw_cur_u32le(&c);
    n->bits = 32;
    n->arch = "wasm";
    n->kind = NAT_LIBRARY;
    n->end = nat_min(8, n->bytes.n);
    if (version != 1) nat_broken(n, "a version of WebAssembly that is not read");
    while (version == 1 && tw_cur_left(&c)) {
        uint8_t id = tw_cur_u8(&c);
        uint64_t size = leb(&c), off = c.off;
        tw_str body = tw_cur_take(&c, size);
        if (c.bad || id >= KNOWN) {
            nat_broken(n, "a section lies outside the file or is of an unknown kind");
            return;
        }
        tw_cur in = tw_cur_of(tw_str_sub(n->bytes, 0, c.off));
        tw_cur_seek(&in, off);
        tw_cur custom = in;
        tw_str label = id == CUSTOM ? name(&custom) : tw_str_c(names[id]);
        nat_section_add(n, (nat_section){label.n <= NAT_NAME ? label : TW_S(""), 0, size, off, body.n, 0,
                                         id == CODE ? NAT_EXEC : 0});
        if (id == IMPORT) imports(n, in);
        if (id == EXPORT) exports(n, in);
        n->end = c.off;
    }
}
