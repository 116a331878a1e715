/* SPDX-License-Identifier: Apache-2.0 */
/* A compiled file as a record has it: facts are variables of the module, every function that it takes from elsewhere is
 * a call of that name, every Go package that has code in it one of the package, every address and path a call of
 * native.text. Machine code is a gap. Nothing says when or how often any of them comes to pass. */
#include "engine/languages/carrier.h"
#include "engine/languages/native/native.h"

enum {
    MODULE_ENTER = 1,
    EXPORTS_SHOWN = 64,
    MODULES_SHOWN = 512,
    SECTIONS_SHOWN = 64,
    GAPS = 64,   /* stretches of machine code */
    NEAR = 4096, /* bytes between two that are one stretch */
};

typedef struct out {
    tw_ir *ir;
    nat *n;
} out;

static uint32_t emit(out *o, tw_op op, uint8_t kind, uint32_t a, uint32_t b, uint32_t c, uint64_t off,
                     uint64_t len)
{
    uint64_t size = o->ir->source.n;
    uint32_t at = (uint32_t)nat_min(off, size), n = (uint32_t)nat_min(len, size - at);
    return tw_ir_emit(o->ir, op, kind, 0, a, b, c, at, n);
}

static uint32_t text(out *o, tw_str s, uint64_t off)
{
    return emit(o, TW_OP_CONST, TW_CONST_STR, tw_intern(&o->ir->strings, s), 0, 0, off, s.n);
}

static void bind(out *o, const char *name, uint32_t v)
{
    emit(o, TW_OP_BIND, TW_BIND_ASSIGN, tw_intern(&o->ir->strings, tw_str_c(name)), v, 0, 0, 0);
}

static void fact(out *o, const char *name, tw_str value)
{
    if (value.n) bind(o, name, text(o, value, nat_at(o->n, tw_str_of(o->n->bytes.p, 0))));
}

static void number(out *o, const char *name, uint64_t value)
{
    tw_str s = tw_arena_fmt(o->ir->arena, "%llu", (unsigned long long)value);
    bind(o, name, emit(o, TW_OP_CONST, TW_CONST_INT, tw_intern(&o->ir->strings, s), 0, 0, 0, 0));
}

static void list(out *o, const char *name, const tw_arg *items, uint32_t n)
{
    if (n) bind(o, name, emit(o, TW_OP_SEQ, TW_SEQ_LIST, 0, 0, tw_ir_args(o->ir, items, n), 0, 0));
}

static void call(out *o, tw_str symbol, const tw_arg *args, uint32_t n, uint64_t off, uint64_t len)
{
    uint32_t callee = emit(o, TW_OP_READ, 0, tw_intern(&o->ir->strings, symbol), 0, 0, off, len);
    emit(o, TW_OP_CALL, 0, callee, 0, tw_ir_args(o->ir, args, n), off, len);
}

/* --- what it is --- */

static void sections(out *o)
{
    tw_arg items[SECTIONS_SHOWN];
    uint32_t n = 0;
    for (; n < o->n->sections.n && n < SECTIONS_SHOWN; n++) {
        const nat_section *s = &o->n->sections.v[n];
        const char *exec = s->flags & NAT_EXEC ? " executable" : "",
                   *write = s->flags & NAT_WRITE ? " writable" : "";
        tw_str says = tw_arena_fmt(o->ir->arena, "%.*s %llu bytes%s%s", TW_FMT(tw_str_sub(s->name, 0, 64)),
                                   (unsigned long long)s->size, exec, write);
        items[n] = (tw_arg){text(o, says, s->off), 0};
    }
    list(o, "sections", items, n);
}

static void names(out *o)
{
    tw_arg items[MODULES_SHOWN];
    uint32_t n = 0;
    for (; n < o->n->exports.n && n < EXPORTS_SHOWN; n++)
        items[n] = (tw_arg){text(o, o->n->exports.v[n], nat_at(o->n, o->n->exports.v[n])), 0};
    number(o, "exported", o->n->exports.n);
    list(o, "exports", items, n);
    for (n = 0; n < o->n->modules.n && n < MODULES_SHOWN; n++) {
        const nat_package *m = &o->n->modules.v[n];
        tw_str says = tw_arena_fmt(o->ir->arena, "%.*s@%.*s", TW_FMT(m->name), TW_FMT(m->version));
        items[n] = (tw_arg){text(o, says, m->off), 0};
    }
    list(o, o->n->go_version.n ? "modules" : "crates", items, n);
}

static bool exports_as(const nat *n, const char *prefix)
{
    for (uint32_t i = 0; i < n->exports.n; i++) {
        tw_str s = n->exports.v[i];
        if (n->format == NAT_MACHO && s.n && s.p[0] == '_') s = tw_str_sub(s, 1, s.n);
        if (tw_str_starts(s, tw_str_c(prefix))) return true;
    }
    return false;
}

static const char *extension_of(const nat *n)
{
    if (n->kind == NAT_PROGRAM && n->format != NAT_PE) return NULL; /* interpreters hold their own */
    if (exports_as(n, "PyInit_") || exports_as(n, "PyModExport_") || exports_as(n, "initpy"))
        return "Python extension";
    if (exports_as(n, "napi_register_module") || exports_as(n, "node_register_module")) return "node addon";
    for (uint32_t i = 0; i < n->imports.n; i++) /* older addons register themselves as they are loaded */
        if (tw_str_ends(n->imports.v[i].symbol, TW_S("napi_module_register"))) return "node addon";
    return exports_as(n, "JNI_OnLoad") ? "Java library" : NULL;
}

static void facts(out *o)
{
    const nat *n = o->n;
    const char *extension = extension_of(n);
    fact(o, "format", tw_str_c(nat_format_name(n)));
    fact(o, "kind", tw_str_c(nat_kind_name(n)));
    fact(o, "machine", tw_str_c(n->arch));
    number(o, "bits", n->bits);
    if (n->slices) number(o, "slices", n->slices);
    if (extension) fact(o, "loaded_as", tw_str_c(extension));
    if (n->managed) fact(o, "runtime", TW_S(".NET"));
    fact(o, "name", n->name);
    fact(o, "interpreter", n->interpreter);
    fact(o, "run_path", n->run_path);
    fact(o, "go", n->go_version);
    fact(o, "go_path", n->go_path);
    fact(o, "rust", n->rust_version);
    fact(o, "signature", n->is_signed ? TW_S("present, not verified") : TW_S("none"));
    if (n->packer) fact(o, "packer", tw_str_c(n->packer));
    if (n->overlay) fact(o, "appended", tw_str_c(n->overlay));
    if (n->overlay) number(o, "appended_bytes", n->overlay_size);
    sections(o);
    names(o);
}

/* --- what it can reach --- */

/* C++ and what CPython gives its extensions: thousands of names that say nothing more. */
static bool is_mangled(const nat_import *i)
{
    tw_str s = i->name;
    return tw_str_starts(s, TW_S("_Z")) || tw_str_starts(s, TW_S("__Z")) || tw_str_starts(s, TW_S("?")) ||
           tw_str_starts(s, TW_S("_R"));
}

static void reaches(out *o)
{
    const nat *n = o->n;
    for (uint32_t i = 0; i < n->libraries.n; i++) {
        tw_str s = n->libraries.v[i];
        emit(o, TW_OP_IMPORT, 0, tw_intern(&o->ir->strings, s), 0, 0, nat_at(n, s), s.n);
    }
    for (uint32_t i = 0; i < n->imports.n; i++) {
        const nat_import *m = &n->imports.v[i];
        if (!is_mangled(m)) call(o, m->symbol, NULL, 0, m->off, m->name.n);
    }
    for (uint32_t i = 0; i < n->packages.n; i++)
        call(o, n->packages.v[i].name, NULL, 0, n->packages.v[i].off, n->packages.v[i].name.n);
    for (uint32_t i = 0; i < n->modules.n && !n->go_version.n; i++) { /* crates */
        const nat_package *m = &n->modules.v[i];
        call(o, tw_arena_fmt(o->ir->arena, "crate.%.*s", TW_FMT(m->name)), NULL, 0, m->off, m->name.n);
    }
    if (n->packer) {
        tw_arg arg = {text(o, tw_str_c(n->packer), 0), 0};
        call(o, TW_S("native.packed"), &arg, 1, 0, 0);
    }
    for (uint32_t i = 0; i < n->strings.n; i++) {
        const nat_string *s = &n->strings.v[i];
        tw_arg arg = {text(o, s->text, s->off), 0};
        if (s->front_open || s->end_open) {
            uint32_t rest =
                emit(o, TW_OP_READ, 0, tw_intern(&o->ir->strings, TW_S("native.rest")), 0, 0, s->off, 0);
            tw_arg parts[3], more = {rest, 0};
            uint32_t count = 0;
            if (s->front_open) parts[count++] = more;
            parts[count++] = arg;
            if (s->end_open) parts[count++] = more;
            arg.value = emit(o, TW_OP_CONCAT, 0, 0, 0, tw_ir_args(o->ir, parts, count), s->off, s->len);
        }
        call(o, TW_S("native.text"), &arg, 1, s->off, s->len);
    }
}

/* --- what was not read, and what is odd --- */

typedef struct stretch {
    uint64_t from, to;
} stretch;

static void add_stretch(stretch *v, uint32_t *n, uint64_t from, uint64_t to)
{
    for (uint32_t i = 0; i < *n; i++)
        if (from <= v[i].to + NEAR && to + NEAR >= v[i].from) {
            v[i].from = nat_min(from, v[i].from);
            if (to > v[i].to) v[i].to = to;
            return;
        }
    stretch *last = &v[GAPS - 1];
    if (*n < GAPS)
        v[(*n)++] = (stretch){from, to};
    else
        *last = (stretch){nat_min(from, last->from), to > last->to ? to : last->to};
}

/* Stretches come to touch as they grow: a sweep at the end leaves none twice. */
static uint32_t settle(stretch *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t k = i; k && v[k].from < v[k - 1].from; k--) {
            stretch t = v[k];
            v[k] = v[k - 1], v[k - 1] = t;
        }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (kept && v[i].from <= v[kept - 1].to + NEAR)
            v[kept - 1].to = v[i].to > v[kept - 1].to ? v[i].to : v[kept - 1].to;
        else
            v[kept++] = v[i];
    return kept;
}

static uint64_t machine_code(out *o)
{
    const nat *n = o->n;
    stretch v[GAPS];
    uint32_t count = 0;
    uint64_t all = 0;
    for (uint32_t i = 0; i < n->sections.n; i++)
        if (n->sections.v[i].flags & NAT_EXEC && n->sections.v[i].size)
            add_stretch(v, &count, n->sections.v[i].off, n->sections.v[i].off + n->sections.v[i].size);
    for (uint32_t i = 0; i < n->images.n && !count; i++)
        if (n->images.v[i].flags & NAT_EXEC && n->images.v[i].size)
            add_stretch(v, &count, n->images.v[i].off, n->images.v[i].off + n->images.v[i].size);
    if (!count && n->broken) add_stretch(v, &count, 0, n->bytes.n);
    count = settle(v, count);
    for (uint32_t i = 0; i < count; i++) {
        emit(o, TW_OP_OPAQUE, TW_GAP_NATIVE, 0, 0, 0, v[i].from, v[i].to - v[i].from);
        all += v[i].to - v[i].from;
    }
    if (n->cut) emit(o, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, n->bytes.n, 0);
    return all;
}

static void finding(out *o, tw_finding_id id, uint64_t off, tw_str detail)
{
    TW_PUSH(
        o->ir->arena, o->ir->findings,
        ((tw_finding){.id = id, .member = TW_NO_MEMBER, .off = off, .detail = tw_str_sub(detail, 0, 200)}));
}

static void findings(out *o, uint64_t code)
{
    const nat *n = o->n;
    tw_arena *a = o->ir->arena;
    const char *extension = extension_of(n);
    tw_str by = n->go_version.n ? tw_arena_fmt(a, ", %.*s", TW_FMT(tw_str_sub(n->go_version, 0, 24)))
                : n->rust_version.n
                    ? tw_arena_fmt(a, ", Rust %.*s", TW_FMT(tw_str_sub(n->rust_version, 0, 12)))
                : n->managed ? TW_S(", .NET")
                             : TW_S("");
    finding(o, TW_FIND_NATIVE_BINARY, 0,
            tw_arena_fmt(a, "%s %s %s%.*s, %llu bytes of machine code in %zu, %s", nat_format_name(n),
                         n->arch, extension ? extension : nat_kind_name(n), TW_FMT(by),
                         (unsigned long long)code, n->bytes.n, n->is_signed ? "signed" : "not signed"));
    if (n->packer) finding(o, TW_FIND_NATIVE_PACKED, 0, tw_str_c(n->packer));
    if (n->overlay)
        finding(o, TW_FIND_NATIVE_OVERLAY, n->overlay_off,
                tw_arena_fmt(a, "%s, %llu bytes", n->overlay, (unsigned long long)n->overlay_size));
    if (n->broken) finding(o, TW_FIND_NATIVE_MALFORMED, 0, tw_str_c(n->broken));
}

static void lower(tw_arena *a, tw_str bytes, const tw_limits *lim, tw_ir *ir)
{
    size_t cap = UINT32_MAX / 4, all = bytes.n;
    (void)lim; /* tables have counts of their own; the file as a whole is limits.member_bytes at most */
    if (bytes.n > cap) bytes.n = cap;
    if (!bytes.p) bytes.p = "";
    nat *n = TW_NEW(a, nat);
    nat_read(a, bytes, n);
    tw_ir_init(ir, a, TW_LANG_NATIVE, bytes);
    out o = {ir, n};
    TW_PUSH(a, ir->scopes,
            ((tw_scope){.kind = TW_REGION_MODULE, .enter = MODULE_ENTER, .len = (uint32_t)bytes.n}));
    emit(&o, TW_OP_ENTER, TW_REGION_MODULE, 0, 0, 0, 0, 0);
    if (n->kind == NAT_PROGRAM) ir->flags |= TW_IRF_PROGRAM;
    if (n->format) {
        facts(&o);
        reaches(&o);
        findings(&o, machine_code(&o));
    } else {
        emit(&o, TW_OP_OPAQUE, TW_GAP_NATIVE, 0, 0, 0, 0, bytes.n);
    }
    if (all > bytes.n) emit(&o, TW_OP_OPAQUE, TW_GAP_LIMIT, 0, 0, 0, bytes.n, 0);
    emit(&o, TW_OP_LEAVE, TW_REGION_MODULE, MODULE_ENTER, 0, 0, bytes.n, 0);
    ir->tokens = n->imports.n + n->exports.n + n->strings.n + n->packages.n;
}

const tw_front_end tw_front_native = {TW_LANG_NATIVE, 1, lower};
