/* SPDX-License-Identifier: Apache-2.0 */
/* pickle.loads and marshal.loads of constants. A pickle is a little program: its opcodes are read over values, and
 * the calls that it would make become calls besides. Of marshal, a code object becomes a file of bytecode. */
#include "base/utf8.h"
#include "engine/record/pure_number.h"

enum { OPS_MAX = 1 << 18, MEMO_MAX = 1 << 16, CALLS_MAX = 64, LINES_BYTES = 1 << 22 };
#define MARK UINT32_MAX

typedef struct machine {
    ev *e;
    const ev_call *call;
    tw_str s;
    size_t at;
    uint32_t base, calls;
    bool failed, acts;
    tw_buf text; /* what it calls, where the pickle may come out of another file */
    TW_VEC(uint32_t) memo;
} machine;

static uint64_t take(machine *m, unsigned n)
{
    uint64_t v = 0;
    if (m->s.n - m->at < n) return m->failed = true, 0;
    for (unsigned i = 0; i < n; i++) v |= (uint64_t)(unsigned char)m->s.p[m->at + i] << 8 * i;
    m->at += n;
    return v;
}

static tw_str bytes(machine *m, uint64_t n)
{
    if (m->s.n - m->at < n) return m->failed = true, (tw_str){0};
    m->at += n;
    return tw_str_sub(m->s, m->at - n, m->at);
}

static tw_str line(machine *m)
{
    size_t end = tw_str_chr(tw_str_sub(m->s, m->at, m->s.n), '\n');
    if (end == TW_NPOS) return m->failed = true, (tw_str){0};
    m->at += end + 1;
    return tw_str_sub(m->s, m->at - end - 1, m->at - 1);
}

static void push(machine *m, uint32_t v)
{
    TW_PUSH(m->e->tmp, m->e->stack, v ? v : ev_unknown(m->e));
}

static uint32_t pop(machine *m)
{
    if (m->e->stack.n <= m->base || m->e->stack.v[m->e->stack.n - 1] == MARK)
        return m->failed = true, ev_unknown(m->e);
    return m->e->stack.v[--m->e->stack.n];
}

/* Index behind the last mark; the mark goes. */
static uint32_t marked(machine *m, uint32_t *ret_n)
{
    ev *e = m->e;
    uint32_t i = e->stack.n;
    while (i > m->base && e->stack.v[i - 1] != MARK) i--;
    *ret_n = 0;
    if (i == m->base) return m->failed = true, e->stack.n;
    *ret_n = e->stack.n - i;
    return i;
}

static uint32_t gather(machine *m, uint8_t kind, uint16_t how)
{
    uint32_t n, from = marked(m, &n);
    if (m->failed) return 0;
    TW_RESERVE(m->e->tmp, m->e->stack, 1);
    uint32_t v = ev_list(m->e, kind, m->e->stack.v + from, n & ~(kind == TW_VAL_MAP ? 1u : 0u));
    m->e->stack.n = from - 1;
    if (kind == TW_VAL_SEQ) ev_at(m->e, v)->how = how;
    return v;
}

static uint32_t symbol(machine *m, tw_str module, tw_str name)
{
    char text[200];
    ev *e = m->e;
    if (!module.n || !name.n || module.n + name.n + 1 >= sizeof text) return m->failed = true, 0;
    memcpy(text, module.p, module.n);
    text[module.n] = '.';
    memcpy(text + module.n + 1, name.p, name.n);
    uint32_t v = ev_symbol(e, tw_intern(&e->syms, tw_str_of(text, module.n + name.n + 1)));
    ev_at(e, v)->flags |= EV_REFLECTED;
    return v;
}

static void call(machine *m, uint32_t callee, const uint32_t *v, uint32_t n)
{
    ev *e = m->e;
    if (m->calls++ >= CALLS_MAX || n > 64) {
        m->failed = true;
        return;
    }
    if (e->package) m->acts |= ev_pickle_line(e, &m->text, callee, v, n);
    ev_call c = {.callee = callee, .args = e->args.n, .n_args = n, .off = m->call->off, .len = m->call->len};
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->args, ((tw_rec_arg){v[i], 0}));
    push(m, ev_call_besides(e, c));
}

static void reduce(machine *m)
{
    uint32_t args = pop(m), callee = pop(m), list, n, few[64];
    if (m->failed) return;
    if (!ev_items(m->e, args, &list, &n) || n > TW_COUNT(few)) {
        call(m, callee, &args, 1);
        return;
    }
    memcpy(few, m->e->lists.v + list, n * sizeof *few);
    call(m, callee, few, n);
}

/* INST, OBJ: a class and its arguments behind the mark. */
static void instance(machine *m, uint32_t callee)
{
    uint32_t n, from = marked(m, &n), few[64];
    if (m->failed || n > TW_COUNT(few) || (!callee && !n)) {
        m->failed = true;
        return;
    }
    memcpy(few, m->e->stack.v + from, n * sizeof *few);
    m->e->stack.n = from - 1;
    if (callee)
        call(m, callee, few, n);
    else
        call(m, few[0], few + 1, n - 1);
}

static void text_to(machine *m, uint8_t kind, uint64_t n)
{
    tw_str s = bytes(m, n);
    if (!m->failed) push(m, ev_folded(m->e, kind, s, ev_recipe_add(m->e, 0, "pickle")));
}

/* 'text' of protocol 0: without escapes only */
static void quoted(machine *m)
{
    tw_str s = line(m);
    bool fine =
        s.n >= 2 && (s.p[0] == '\'' || s.p[0] == '"') && s.p[s.n - 1] == s.p[0] && !memchr(s.p, '\\', s.n);
    if (fine)
        push(m, ev_folded(m->e, TW_VAL_STR, tw_str_sub(s, 1, s.n - 1), 0));
    else
        push(m, 0);
}

static void raw_text(machine *m)
{
    uint32_t v = ev_folded(m->e, TW_VAL_BYTES, line(m), 0);
    push(m, m->failed ? 0 : ev_recode(m->e, v, TW_S("raw-unicode-escape"), false));
}

static void number_line(machine *m)
{
    tw_str s = line(m);
    bool minus = s.n && s.p[0] == '-';
    if (minus) s = tw_str_sub(s, 1, s.n);
    if (s.n && s.p[s.n - 1] == 'L') s.n--;
    if (tw_str_eq(s, TW_S("00")) || tw_str_eq(s, TW_S("01")))
        push(m, ev_bool(m->e, s.p[1] == '1'));
    else
        push(m, ev_int_of_digits(m->e, s, 10, minus));
}

static void long_of(machine *m, uint64_t n)
{
    tw_str s = bytes(m, n);
    if (m->failed) return;
    uint32_t b = ev_folded(m->e, TW_VAL_BYTES, s, 0), names[1] = {0};
    int64_t v = 0;
    for (size_t i = 0; i < s.n && i < 8; i++) v |= (int64_t)((uint64_t)(unsigned char)s.p[i] << 8 * i);
    bool minus = s.n && s.p[s.n - 1] & 0x80;
    if (minus && s.n < 8) v |= (int64_t)(UINT64_MAX << 8 * s.n);
    ev_args a = {0, &b, names, 1};
    push(m, s.n <= 8 ? ev_int(m->e, v) : minus ? 0 : ev_int_from_little(m->e, &a));
}

static void memo_put(machine *m, uint64_t i)
{
    uint32_t v = pop(m);
    if (i >= MEMO_MAX || m->failed) {
        m->failed = true;
        return;
    }
    while (m->memo.n <= i) TW_PUSH(m->e->tmp, m->memo, 0);
    m->memo.v[i] = v;
    push(m, v);
}

static void memo_get(machine *m, uint64_t i)
{
    if (i >= m->memo.n || !m->memo.v[i])
        m->failed = true;
    else
        push(m, m->memo.v[i]);
}

static uint64_t index_line(machine *m)
{
    uint64_t n = 0;
    if (!tw_str_u64(line(m), &n)) m->failed = true;
    return n;
}

static void tuple(machine *m, uint32_t n)
{
    uint32_t few[3];
    for (uint32_t i = n; i-- > 0;) few[i] = pop(m);
    uint32_t v = ev_list(m->e, TW_VAL_SEQ, few, n);
    ev_at(m->e, v)->how = TW_SEQ_TUPLE;
    push(m, v);
}

/* list.append, dict[k] = v: what stands below the mark takes what is above. */
static void extend(machine *m, uint8_t kind, bool one)
{
    ev *e = m->e;
    uint32_t n = kind == TW_VAL_MAP ? 2 : 1, from = e->stack.n - n;
    if (one && (e->stack.n < m->base + n + 1 || e->stack.v[from - 1] == MARK)) m->failed = true;
    if (!one) from = marked(m, &n);
    if (m->failed || (!one && from < m->base + 2)) {
        m->failed = true;
        return;
    }
    uint32_t at = from - (one ? 1 : 2);
    const ev_val old = *ev_at(e, e->stack.v[at]);
    if (old.kind != kind) {
        e->stack.n = at + 1;
        return;
    }
    uint32_t base = e->stack.n;
    for (uint32_t i = 0; i < old.n; i++) TW_PUSH(e->tmp, e->stack, e->lists.v[old.list + i]);
    for (uint32_t i = 0; i < n; i++) TW_PUSH(e->tmp, e->stack, e->stack.v[from + i]);
    uint32_t v = ev_list(e, kind, e->stack.v + base, e->stack.n - base);
    ev_at(e, v)->how = old.how;
    for (uint32_t i = 0; i < m->memo.n; i++)
        if (m->memo.v[i] == e->stack.v[at]) m->memo.v[i] = v;
    e->stack.v[at] = v;
    e->stack.n = at + 1;
    if (!ev_step(e, old.n + n)) m->failed = true;
}

static void constant(machine *m, char op)
{
    ev *e = m->e;
    uint32_t v;
    double f;
    switch (op) {
    case 'N': push(m, ev_none(e)); break;
    case '\x88': push(m, ev_bool(e, true)); break;
    case '\x89': push(m, ev_bool(e, false)); break;
    case 'I':
    case 'L': number_line(m); break;
    case 'J': push(m, ev_int(e, (int32_t)take(m, 4))); break;
    case 'K': push(m, ev_int(e, (int64_t)take(m, 1))); break;
    case 'M': push(m, ev_int(e, (int64_t)take(m, 2))); break;
    case '\x8a': long_of(m, take(m, 1)); break;
    case 'F': push(m, ev_float_read(line(m), &f) ? ev_float(e, f) : 0); break;
    case 'G': bytes(m, 8), push(m, 0); break;
    case 'S': quoted(m); break;
    case 'V': raw_text(m); break;
    case 'T': text_to(m, TW_VAL_STR, take(m, 4)); break;
    case 'U': text_to(m, TW_VAL_STR, take(m, 1)); break;
    case 'X': text_to(m, TW_VAL_STR, take(m, 4)); break;
    case '\x8c': text_to(m, TW_VAL_STR, take(m, 1)); break;
    case '\x8d': text_to(m, TW_VAL_STR, take(m, 8)); break;
    case 'B': text_to(m, TW_VAL_BYTES, take(m, 4)); break;
    case 'C': text_to(m, TW_VAL_BYTES, take(m, 1)); break;
    case '\x8e':
    case '\x96': text_to(m, TW_VAL_BYTES, take(m, 8)); break;
    case ')':
    case ']':
    case '\x8f':
        v = ev_list(e, TW_VAL_SEQ, NULL, 0);
        ev_at(e, v)->how = op == ')' ? TW_SEQ_TUPLE : op == ']' ? TW_SEQ_LIST : TW_SEQ_SET;
        push(m, v);
        break;
    case '}': push(m, ev_list(e, TW_VAL_MAP, NULL, 0)); break;
    default: m->failed = true;
    }
}

static void step(machine *m)
{
    tw_str module, name;
    uint32_t v, n;
    char op = m->s.p[m->at++];
    switch (op) {
    case '\x80': take(m, 1); break;
    case '\x95': take(m, 8); break;
    case '(': TW_PUSH(m->e->tmp, m->e->stack, MARK); break;
    case '0': pop(m); break;
    case '1':
        m->e->stack.n = marked(m, &n);
        if (!m->failed) m->e->stack.n--;
        break;
    case '2':
        v = pop(m);
        push(m, v), push(m, v);
        break;
    case 'c':
    case 'i':
        module = line(m), name = line(m);
        v = m->failed ? 0 : symbol(m, module, name);
        if (v && op == 'c') push(m, v);
        if (v && op == 'i') instance(m, v);
        break;
    case '\x93':
        v = pop(m), n = pop(m);
        if (!m->failed && ev_text(m->e, v, &name) && ev_text(m->e, n, &module))
            push(m, symbol(m, module, name));
        else
            m->failed = true;
        break;
    case 'R':
    case '\x81': reduce(m); break;
    case 'o': instance(m, 0); break;
    case 'b': pop(m); break; /* BUILD: the state goes into the object */
    case 't': push(m, gather(m, TW_VAL_SEQ, TW_SEQ_TUPLE)); break;
    case 'l': push(m, gather(m, TW_VAL_SEQ, TW_SEQ_LIST)); break;
    case '\x91': push(m, gather(m, TW_VAL_SEQ, TW_SEQ_SET)); break;
    case 'd': push(m, gather(m, TW_VAL_MAP, 0)); break;
    case '\x85': tuple(m, 1); break;
    case '\x86': tuple(m, 2); break;
    case '\x87': tuple(m, 3); break;
    case 'a': extend(m, TW_VAL_SEQ, true); break;
    case 'e':
    case '\x90': extend(m, TW_VAL_SEQ, false); break;
    case 's': extend(m, TW_VAL_MAP, true); break;
    case 'u': extend(m, TW_VAL_MAP, false); break;
    case 'p': memo_put(m, index_line(m)); break;
    case 'q': memo_put(m, take(m, 1)); break;
    case 'r': memo_put(m, take(m, 4)); break;
    case '\x94': memo_put(m, m->memo.n); break;
    case 'g': memo_get(m, index_line(m)); break;
    case 'h': memo_get(m, take(m, 1)); break;
    case 'j': memo_get(m, take(m, 4)); break;
    default: constant(m, op);
    }
}

uint32_t ev_pickle(ev *e, uint32_t call, uint32_t data)
{
    const ev_call c = e->calls.v[call], *at = &c;
    machine m = {.e = e, .call = at, .base = e->stack.n, .text = {.limit = LINES_BYTES}};
    uint32_t v = 0;
    if (!ev_text(e, data, &m.s)) return 0;
    for (uint32_t ops = 0; !m.failed && m.at < m.s.n && m.s.p[m.at] != '.' && ops < OPS_MAX && ev_step(e, 2);
         ops++)
        step(&m);
    bool whole = !m.failed && m.at < m.s.n && m.s.p[m.at] == '.';
    if (whole && e->stack.n > m.base && e->stack.v[e->stack.n - 1] != MARK) v = e->stack.v[e->stack.n - 1];
    e->stack.n = m.base;
    if (m.acts && m.text.over) ev_gap(e, TW_GAP_LIMIT, at->off, at->len);
    if (m.acts && !m.text.over)
        ev_layer_add(e, ev_at(e, data)->recipe, tw_arena_str(e->tmp, tw_buf_str(&m.text)), call,
                     TW_LANG_PYTHON, at->off, at->len);
    tw_buf_free(&m.text);
    if (!whole) ev_gap(e, TW_GAP_OPAQUE_LAYER, at->off, at->len);
    return v && ev_is_const(e, v) ? v : 0;
}

/* ---- marshal ---- */

/* The version of a code object, from how it begins; 0 where it is none. */
static unsigned magic_of(tw_str s)
{
    unsigned char c = s.n ? (unsigned char)s.p[0] & 0x7f : 0;
    if (c != 'c' || s.n < 40) return 0;
    size_t code = 0;
    if (((unsigned char)s.p[21] & 0x7f) == 's') code = 21;
    if (((unsigned char)s.p[25] & 0x7f) == 's' && !code) code = 25;
    if (!code) return 0;
    uint32_t n = 0;
    for (unsigned i = 0; i < 4; i++) n |= (uint32_t)(unsigned char)s.p[code + 1 + i] << 8 * i;
    tw_str ops = tw_str_sub(s, code + 5, code + 5 + (size_t)n);
    bool precall = false, odd = false;
    for (size_t i = 0; i + 1 < ops.n; i += 2) {
        unsigned char op = (unsigned char)ops.p[i];
        precall |= op == 166;
        odd |= op >= 113 && op <= 115 && ops.p[i + 1] & 1;
    }
    unsigned char first = ops.n ? (unsigned char)ops.p[0] : 0;
    if (code == 25) return odd ? 3439 : 3425;                  /* 3.10, 3.9 */
    if (first == 0x97) return precall ? 3495 : 3531;           /* 3.11, 3.12 */
    return first == 0x95 ? 3571 : first == 0x80 ? 3627 : 3394; /* 3.13, 3.14, 3.7 */
}

/* A text, bytes or a number by itself; what stands behind it is not looked at. */
static uint32_t marshalled(ev *e, uint32_t data, tw_str s)
{
    machine m = {.e = e, .s = s};
    unsigned char type = (unsigned char)take(&m, 1) & 0x7f;
    bool brief = type == 'z' || type == 'Z', ascii = brief || type == 'a' || type == 'A';
    uint32_t recipe = ev_recipe_add(e, ev_at(e, data)->recipe, "marshal");
    switch (type) {
    case 'N': return ev_none(e);
    case 'T':
    case 'F': return ev_bool(e, type == 'T');
    case 'i': {
        int32_t n = (int32_t)take(&m, 4);
        return m.failed ? 0 : ev_int(e, n);
    }
    case 'u':
    case 't':
    case 's':
    case 'a':
    case 'A':
    case 'z':
    case 'Z': {
        tw_str text = bytes(&m, take(&m, brief ? 1 : 4));
        bool fine = !m.failed && (type == 's' || (ascii ? ev_ascii(text) : tw_utf8_valid(text)));
        return fine && ev_room(e, text.n)
                   ? ev_folded(e, type == 's' ? TW_VAL_BYTES : TW_VAL_STR, text, recipe)
                   : 0;
    }
    default: return 0;
    }
}

/* marshal.loads(b"..."): the bytes of a .pyc with that code. 0 where it is no code. */
uint32_t ev_marshal(ev *e, const ev_call *at, uint32_t data)
{
    tw_str s;
    if (!ev_text(e, data, &s)) return 0;
    unsigned magic = magic_of(s);
    if (!magic) return marshalled(e, data, s);
    if (!ev_room(e, s.n + 16)) return 0;
    tw_buf_clear(&e->out);
    tw_buf_u16le(&e->out, (uint16_t)magic);
    tw_buf_puts(&e->out, TW_S("\r\n"));
    for (unsigned i = 0; i < 12; i++) tw_buf_putc(&e->out, 0);
    tw_buf_puts(&e->out, s);
    uint32_t v = ev_taken(e, TW_VAL_BYTES, &e->out, ev_recipe_add(e, ev_at(e, data)->recipe, "marshal"));
    if (v)
        ev_layer_add(e, ev_at(e, v)->recipe, e->texts.v[ev_at(e, v)->a], TW_NONE, TW_LANG_BYTECODE, at->off,
                     at->len);
    return v;
}

bool ev_is_pyc(tw_str s)
{
    return s.n > 16 && s.p[2] == '\r' && s.p[3] == '\n' && ((unsigned char)s.p[16] & 0x7f) == 'c';
}
