/* SPDX-License-Identifier: Apache-2.0 */
/* One table for all that runs a text: exec and eval, command lines, interpreters with code on their command
 * line or on their input. What is constant becomes an executed layer; what is not known of a command line
 * stands in it as the variable `__`, which nothing sets. */
#include <stdlib.h>

#include "engine/ir/command.h"
#include "engine/record/evaluate_priv.h"

enum { LEAVES = 4096, LINE_MAX_ = 1 << 20, MIN_LINE = 2 };
enum { IN_PYTHON = 1, IN_JS = 2, IN_COMMAND = 4, IN_POWERSHELL = 8 };
typedef enum run_form {
    RUN_CODE,    /* the argument is code */
    RUN_TIMER,   /* a function, or code */
    RUN_LINE,    /* a command line, or a list of its words */
    RUN_ARGV,    /* a program and, behind it, the list of its words with the name first: execv */
    RUN_ARGL,    /* a program and its words with the name first: execl */
    RUN_SPREAD,  /* the words from here on */
    RUN_PROGRAM, /* a program and perhaps a list of operands: spawn */
    RUN_TEXT,    /* a program and a text of operands: Start-Process */
    RUN_SCRIPT,  /* a file for this interpreter: fork */
    RUN_JOINED,  /* all operands joined: eval */
    RUN_ENCODED, /* base64 of UTF-16 */
    RUN_INPUT,   /* what it reads, when it has no operand */
    RUN_LAST,    /* the last argument: new Function("a", "code") */
    RUN_URL,     /* an address that may hold the code; code itself beside {eval: true} */
} run_form;

typedef struct run_row {
    const char *symbols; /* between blanks */
    uint8_t in, form, pos;
    const char *keyword;
    uint8_t lang; /* of the layer; NONE: this file's */
} run_row;

static const run_row rows[] = {
    {"exec eval compile", IN_PYTHON, RUN_CODE, 0, "source", TW_LANG_NONE},
    {"types.FunctionType", IN_PYTHON, RUN_CODE, 0, "code", TW_LANG_NONE},
    {"timeit.timeit timeit.repeat timeit.Timer cProfile.run cProfile.runctx profile.run profile.runctx "
     "pdb.run "
     "pdb.runeval trace.Trace().run trace.Trace().runctx bdb.Bdb().run doctest.debug_src",
     IN_PYTHON, RUN_CODE, 0, "stmt", TW_LANG_NONE},
    {"code.InteractiveInterpreter().runsource code.InteractiveConsole().runsource "
     "code.InteractiveConsole().push "
     "codeop.compile_command code.compile_command",
     IN_PYTHON, RUN_CODE, 0, "source", TW_LANG_NONE},
    {"os.system posix.system nt.system", IN_PYTHON, RUN_LINE, 0, "command", TW_LANG_SHELL},
    {"os.popen subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell "
     "asyncio.subprocess.create_subprocess_shell",
     IN_PYTHON, RUN_LINE, 0, "cmd", TW_LANG_SHELL},
    {"subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen",
     IN_PYTHON, RUN_LINE, 0, "args", TW_LANG_SHELL},
    {"os.popen2 os.popen3 os.popen4 popen2.popen2 popen2.popen3 popen2.popen4 popen2.Popen3 "
     "commands.getoutput "
     "commands.getstatusoutput",
     IN_PYTHON, RUN_LINE, 0, "cmd", TW_LANG_SHELL},
    {"pty.spawn", IN_PYTHON, RUN_LINE, 0, "argv", TW_LANG_SHELL},
    {"pexpect.spawn pexpect.run invoke.run", IN_PYTHON, RUN_LINE, 0, "command", TW_LANG_SHELL},
    {"asyncio.create_subprocess_exec asyncio.subprocess.create_subprocess_exec", IN_PYTHON, RUN_SPREAD, 0,
     NULL, TW_LANG_SHELL},
    {"os.execv os.execve os.execvp os.execvpe os.posix_spawn os.posix_spawnp", IN_PYTHON, RUN_ARGV, 0, NULL,
     TW_LANG_SHELL},
    {"os.spawnv os.spawnve os.spawnvp os.spawnvpe", IN_PYTHON, RUN_ARGV, 1, NULL, TW_LANG_SHELL},
    {"os.execl os.execle os.execlp os.execlpe", IN_PYTHON, RUN_ARGL, 0, NULL, TW_LANG_SHELL},
    {"os.spawnl os.spawnle os.spawnlp os.spawnlpe", IN_PYTHON, RUN_ARGL, 1, NULL, TW_LANG_SHELL},
    {"child_process.exec child_process.execSync", IN_JS, RUN_LINE, 0, NULL, TW_LANG_SHELL},
    {"child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync", IN_JS,
     RUN_PROGRAM, 0, NULL, TW_LANG_SHELL},
    {"child_process.fork", IN_JS, RUN_SCRIPT, 0, NULL, TW_LANG_SHELL},
    {"eval vm.runInContext vm.runInNewContext vm.runInThisContext vm.Script vm.compileFunction "
     "globalThis.eval "
     "window.eval global.eval module._compile module.Module._compile module()._compile "
     "module.Module()._compile "
     "module.constructor()._compile module.prototype._compile",
     IN_JS, RUN_CODE, 0, NULL, TW_LANG_NONE},
    {"setTimeout setInterval setImmediate", IN_JS, RUN_TIMER, 0, NULL, TW_LANG_NONE},
    {"Function", IN_JS, RUN_LAST, 0, NULL, TW_LANG_NONE},
    {"import importScripts Worker SharedWorker worker_threads.Worker", IN_JS, RUN_URL, 0, NULL, TW_LANG_NONE},
    {"sh bash dash zsh ksh ash busybox su runuser", IN_COMMAND, RUN_CODE, 99, "-c", TW_LANG_SHELL},
    {"sh bash dash zsh ksh ash", IN_COMMAND, RUN_INPUT, 0, NULL, TW_LANG_SHELL},
    {"source .", IN_COMMAND, RUN_INPUT, 0, NULL, TW_LANG_SHELL},
    {"eval", IN_COMMAND, RUN_JOINED, 0, NULL, TW_LANG_SHELL},
    {"trap", IN_COMMAND, RUN_CODE, 0, NULL, TW_LANG_SHELL},
    {"python python2 python3 pythonw py pypy pypy3", IN_COMMAND, RUN_CODE, 99, "-c", TW_LANG_PYTHON},
    {"python python2 python3 pythonw py pypy pypy3", IN_COMMAND, RUN_INPUT, 0, NULL, TW_LANG_PYTHON},
    {"node nodejs bun", IN_COMMAND, RUN_CODE, 99, "-e", TW_LANG_JAVASCRIPT},
    {"node nodejs bun", IN_COMMAND, RUN_INPUT, 0, NULL, TW_LANG_JAVASCRIPT},
    {"powershell pwsh", IN_COMMAND, RUN_ENCODED, 99, "-encodedcommand", TW_LANG_POWERSHELL},
    {"powershell pwsh", IN_COMMAND, RUN_CODE, 99, "-command", TW_LANG_POWERSHELL},
    {"powershell pwsh", IN_COMMAND, RUN_INPUT, 0, NULL, TW_LANG_POWERSHELL},
    {"cmd", IN_COMMAND, RUN_CODE, 99, "/c", TW_LANG_BATCH},
    {"cmd", IN_COMMAND, RUN_CODE, 99, "/k", TW_LANG_BATCH},
    {"iex invoke-expression", IN_POWERSHELL, RUN_CODE, 0, "-command", TW_LANG_POWERSHELL},
    {"iex invoke-expression", IN_POWERSHELL, RUN_INPUT, 0, NULL, TW_LANG_POWERSHELL},
    {"scriptblock.create management.automation.scriptblock.create", IN_POWERSHELL, RUN_CODE, 0, NULL,
     TW_LANG_POWERSHELL},
    {"start-process saps start", IN_POWERSHELL, RUN_TEXT, 0, "-filepath", TW_LANG_BATCH},
};

static uint8_t here(const ev *e)
{
    switch (tw_lang_family(e->ir->lang)) {
    case TW_LANG_PYTHON: return IN_PYTHON;
    case TW_LANG_JAVASCRIPT: return IN_JS;
    case TW_LANG_POWERSHELL: return IN_COMMAND | IN_POWERSHELL;
    case TW_LANG_SHELL:
    case TW_LANG_BATCH: return IN_COMMAND;
    default: return 0;
    }
}

bool ev_runs_symbols(uint32_t row, tw_str *ret)
{
    if (row < TW_COUNT(rows)) *ret = tw_str_c(rows[row].symbols);
    return row < TW_COUNT(rows);
}

/* --- a command line put together from values --- */

typedef struct line {
    ev *e;
    tw_buf text; /* what is unknown is a byte 1; a variable of the environment stands between bytes 2 and 3 */
    uint32_t recipe;
    uint32_t known; /* bytes that are constant */
} line;

static void put_text(line *l, tw_str s, uint32_t recipe)
{
    for (size_t i = 0; i < s.n; i++) tw_buf_putc(&l->text, s.p[i] > 0 && s.p[i] < 4 ? ' ' : s.p[i]);
    l->known += (uint32_t)(s.n < 1 << 20 ? s.n : 1 << 20);
    if (!l->recipe) l->recipe = recipe;
}

static void put_leaf(line *l, uint32_t v)
{
    ev *e = l->e;
    const ev_val x = *ev_at(e, v);
    tw_str s, sym = ev_sym(e, x.sym);
    if (ev_text(e, v, &s)) {
        put_text(l, s, ev_at(e, v)->recipe);
        return;
    }
    if (x.kind == TW_VAL_INT || x.kind == TW_VAL_FLOAT) {
        uint32_t t = ev_to_str(e, v);
        if (t && ev_text(e, t, &s)) {
            put_text(l, s, 0);
            return;
        }
    }
    if (tw_str_eq(sym, TW_S("sys.executable"))) {
        put_text(l, TW_S("python"), 0);
    } else if (tw_str_eq(sym, TW_S("process.execPath"))) {
        put_text(l, TW_S("node"), 0);
    } else if (x.kind == TW_VAL_INDEX && ev_text(e, x.b, &s) && s.n && s.n < 64 &&
               (tw_str_eq(sym, TW_S("env[]")) || tw_str_eq(sym, TW_S("os.environ[]")))) {
        tw_buf_putc(&l->text, 2);
        tw_buf_puts(&l->text, s);
        tw_buf_putc(&l->text, 3);
    } else {
        tw_buf_putc(&l->text, 1);
    }
}

/* A text, whole or in parts: from left to right. */
static void put_value(line *l, uint32_t v)
{
    ev *e = l->e;
    uint32_t base = e->stack.n;
    TW_PUSH(e->tmp, e->stack, v);
    for (uint32_t n = 0; e->stack.n > base && n < LEAVES && ev_step(e, 1); n++) {
        uint32_t at = e->stack.v[--e->stack.n];
        const ev_val x = *ev_at(e, at);
        bool sum = x.kind == TW_VAL_OP && tw_str_eq(ev_sym(e, x.b), TW_S("+"));
        if (x.kind == EV_ROPE && !(x.flags & EV_CONST)) {
            TW_PUSH(e->tmp, e->stack, x.b);
            TW_PUSH(e->tmp, e->stack, x.a);
        } else if ((x.kind == TW_VAL_CONCAT || sum) && x.n < LEAVES) {
            for (uint32_t i = x.n; i-- > 0;) TW_PUSH(e->tmp, e->stack, e->lists.v[x.list + i]);
        } else if (x.kind == TW_VAL_PHI && x.n) {
            TW_PUSH(e->tmp, e->stack, e->lists.v[x.list]);
        } else {
            put_leaf(l, at);
        }
    }
    e->stack.n = base;
}

/* One word of a list, quoted so that the shell reads it as one. */
static void put_word(line *l, uint32_t v)
{
    static const char safe[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,^\1\2\3";
    line w = {.e = l->e, .text = {.limit = LINE_MAX_}};
    put_value(&w, v);
    tw_str s = tw_buf_str(&w.text);
    bool plain = s.n > 0, holes = false;
    for (size_t i = 0; i < s.n; i++) {
        plain = plain && s.p[i] && strchr(safe, s.p[i]);
        holes |= s.p[i] > 0 && s.p[i] < 4;
    }
    if (l->text.n) tw_buf_putc(&l->text, ' ');
    if (!plain) tw_buf_putc(&l->text, holes ? '"' : '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (!plain && !holes && s.p[i] == '\'') tw_buf_puts(&l->text, TW_S("'\\'"));
        if (!plain && holes && s.p[i] && strchr("\"\\$`", s.p[i])) tw_buf_putc(&l->text, '\\');
        tw_buf_putc(&l->text, s.p[i]);
    }
    if (!plain) tw_buf_putc(&l->text, holes ? '"' : '\'');
    l->known += w.known;
    if (!l->recipe) l->recipe = w.recipe;
    tw_buf_free(&w.text);
}

static bool put_list(line *l, uint32_t v, uint32_t from)
{
    uint32_t list, n;
    ev *e = l->e;
    const ev_val *x = ev_at(e, v);
    if (x->kind == TW_VAL_SEQ)
        list = x->list, n = x->n;
    else if (!ev_items(e, v, &list, &n))
        return false;
    for (uint32_t i = from; i < n && i < LEAVES && ev_step(e, 1); i++) put_word(l, e->lists.v[list + i]);
    return true;
}

static bool is_list(const ev *e, uint32_t v)
{
    return ev_at(e, v)->kind == TW_VAL_SEQ || ev_at(e, v)->kind == TW_VAL_MUT;
}

static bool windows_command(tw_str name)
{
    static const char list[] = " cmd powershell reg schtasks certutil bitsadmin wmic taskkill mshta rundll32 "
                               "regsvr32 net sc netsh del copy "
                               "xcopy attrib msiexec icacls cls dir type start rd ren md call timeout "
                               "vssadmin wbadmin bcdedit tasklist "
                               "systeminfo ipconfig cscript wscript explorer where ";
    char key[TW_COMMAND_NAME + 2] = " ";
    if (!name.n || name.n > TW_COMMAND_NAME) return false;
    memcpy(key + 1, name.p, name.n);
    key[name.n + 1] = ' ';
    return tw_str_find(tw_str_c(list), tw_str_of(key, name.n + 2)) != TW_NPOS;
}

/* Written for cmd.exe or for a shell? */
static tw_lang language_of(tw_str text)
{
    char buf[TW_COMMAND_NAME];
    text = tw_str_trim(text);
    size_t end = tw_str_chr(text, ' ');
    tw_str first = tw_str_sub(text, 0, end == TW_NPOS ? text.n : end);
    if (first.n > 1 && first.p[0] == '"') first = tw_str_sub(first, 1, first.n - 1);
    if (tw_str_ends(first, TW_S(".exe")) || windows_command(tw_command_name(first, buf)))
        return TW_LANG_BATCH;
    for (size_t i = 0; i + 2 < text.n; i++) {
        bool drive = text.p[i] == ':' && text.p[i + 1] == '\\' && i && (text.p[i - 1] | 32) >= 'a' &&
                     (text.p[i - 1] | 32) <= 'z';
        bool var = text.p[i] == '%' && (text.p[i + 1] | 32) >= 'a' && (text.p[i + 1] | 32) <= 'z';
        const char *to = var ? memchr(text.p + i + 1, '%', text.n - i - 1 < 40 ? text.n - i - 1 : 40) : NULL;
        if (drive || (to && !memchr(text.p + i, ' ', (size_t)(to - text.p) - i))) return TW_LANG_BATCH;
    }
    return TW_LANG_SHELL;
}

static tw_str finished(line *l, tw_lang lang)
{
    tw_buf out = {.limit = LINE_MAX_ * 2};
    bool batch = lang == TW_LANG_BATCH, dollar = lang == TW_LANG_POWERSHELL;
    for (size_t i = 0; i < l->text.n; i++) {
        char c = l->text.p[i];
        if (c == 1)
            tw_buf_puts(&out, batch ? TW_S("%__%") : TW_S("$__"));
        else if (c == 2)
            tw_buf_puts(&out, batch ? TW_S("%") : dollar ? TW_S("${env:") : TW_S("${"));
        else if (c == 3)
            tw_buf_puts(&out, batch ? TW_S("%") : TW_S("}"));
        else
            tw_buf_putc(&out, c);
    }
    tw_str s = tw_arena_str(l->e->tmp, tw_buf_str(&out));
    tw_buf_free(&out);
    return s;
}

/* whole: a command line, worth a layer when its program is known. */
static bool add_line(line *l, uint32_t call, tw_lang lang, bool guess, bool whole)
{
    ev *e = l->e;
    tw_str raw = tw_buf_str(&l->text);
    bool begins = raw.n && raw.p[0] != 1;
    bool fine = !l->text.over && l->known >= MIN_LINE && (begins || !whole) && ev_room(e, raw.n);
    if (fine) {
        if (guess) lang = language_of(raw);
        const ev_call *c = &e->calls.v[call];
        ev_layer_add(e, l->recipe, finished(l, lang), call, lang, c->off, c->len);
    }
    tw_buf_free(&l->text);
    return fine;
}

/* --- forms --- */

static void run_line(ev *e, uint32_t call, uint32_t v)
{
    const ev_val x = *ev_at(e, v);
    uint32_t n = x.kind == TW_VAL_PHI ? x.n : 1;
    for (uint32_t i = 0; i < n; i++) {
        line l = {.e = e, .text = {.limit = LINE_MAX_}};
        uint32_t one = x.kind == TW_VAL_PHI ? e->lists.v[x.list + i] : v;
        bool list = is_list(e, one);
        if (list && !put_list(&l, one, 0)) continue;
        if (!list) put_value(&l, one);
        add_line(&l, call, TW_LANG_SHELL, !list, true);
    }
}

static void run_words(ev *e, uint32_t call, const run_row *row)
{
    const ev_call c = e->calls.v[call];
    line l = {.e = e, .text = {.limit = LINE_MAX_}};
    uint32_t program = ev_call_arg(e, &c, row->pos, row->keyword), more;
    if (!program) return;
    if (row->form == RUN_SCRIPT) put_text(&l, TW_S("node"), 0);
    put_word(&l, program);
    switch (row->form) {
    case RUN_ARGV:
        if ((more = ev_call_arg(e, &c, row->pos + 1u, NULL))) put_list(&l, more, 1);
        break;
    case RUN_PROGRAM:
    case RUN_SCRIPT:
        more = ev_call_arg(e, &c, row->pos + 1u, NULL);
        if (more && is_list(e, more)) put_list(&l, more, 0);
        break;
    case RUN_TEXT:
        more = ev_call_arg(e, &c, row->pos + 1u, "-argumentlist");
        if (!more) more = ev_call_arg(e, &c, UINT32_MAX, "-args");
        if (more && is_list(e, more))
            put_list(&l, more, 0);
        else if (more)
            tw_buf_putc(&l.text, ' '), put_value(&l, more);
        break;
    default:
        for (uint32_t i = row->pos + (row->form == RUN_ARGL ? 2u : 1u); (more = ev_call_arg(e, &c, i, NULL));
             i++)
            put_word(&l, more);
    }
    add_line(&l, call, (tw_lang)row->lang, false, true);
}

static uint32_t joined(ev *e, const ev_call *c)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < c->n_args; i++) {
        tw_rec_arg a = e->args.v[c->args + i];
        if (a.name) continue;
        uint32_t blank = sum ? ev_concat(e, sum, ev_text_val(e, TW_VAL_STR, TW_S(" "), 0, 0)) : 0;
        sum = sum ? ev_concat(e, blank ? blank : sum, a.value) : a.value;
        if (!sum) return 0;
    }
    return sum;
}

static uint32_t decoded(ev *e, uint32_t v)
{
    uint32_t names[1] = {0};
    ev_args a = {0, &v, names, 1};
    uint32_t sym = tw_intern(&e->syms, TW_S("base64.b64decode"));
    uint32_t bytes = ev_is_const(e, v) ? ev_pure(e, sym, &a) : 0;
    uint32_t text = bytes ? ev_utf16(e, bytes) : 0;
    return text ? text : bytes;
}

static uint32_t operands(const ev *e, const ev_call *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n_args; i++) n += !e->args.v[c->args + i].name;
    return n;
}

static uint32_t addressed(ev *e, const ev_call *c, const run_row *row)
{
    uint32_t v = ev_call_arg(e, c, row->pos, NULL);
    if (ev_takes_code(e, ev_call_arg(e, c, row->pos + 1u, NULL))) return v;
    return v ? ev_url_code(e, v) : 0;
}

/* The value that is the code. */
static uint32_t code_of(ev *e, const ev_call *c, const run_row *row)
{
    uint32_t v = 0;
    tw_str s;
    switch (row->form) {
    case RUN_JOINED: return joined(e, c);
    case RUN_LAST: {
        tw_rec_arg last = c->n_args ? e->args.v[c->args + c->n_args - 1] : (tw_rec_arg){0};
        return last.name == TW_ARG_SPREAD ? 0 : last.value;
    }
    case RUN_URL: return addressed(e, c, row);
    case RUN_INPUT:
        if (ev_call_arg(e, c, UINT32_MAX, "-c") || ev_call_arg(e, c, UINT32_MAX, "-e")) return 0;
        v = ev_call_arg(e, c, 0, NULL);
        uint32_t in = ev_call_arg(e, c, UINT32_MAX, "<stdin>");
        bool script = v && v != in && operands(e, c) && /* equal: sh <(...) */
                      !(ev_text(e, v, &s) && (tw_str_eq(s, TW_S("-")) || tw_str_eq(s, TW_S("/dev/stdin"))));
        v = in;
        return script && !ev_call_arg(e, c, UINT32_MAX, "-s") ? 0 : v;
    case RUN_ENCODED: v = ev_call_arg(e, c, UINT32_MAX, row->keyword); return v ? decoded(e, v) : 0;
    default: return ev_call_arg(e, c, row->pos == 99 ? UINT32_MAX : row->pos, row->keyword);
    }
}

enum { NESTED = 64 };

/* Does v surely give a text? For what takes a function as well. */
static bool gives_text(ev *e, uint32_t v)
{
    uint8_t kind;
    for (uint32_t i = 0; i < NESTED && ev_step(e, 1); i++) {
        const ev_val x = *ev_at(e, v);
        if (ev_is_text(e, v, &kind) || x.recipe) return true;
        if (x.kind == TW_VAL_CALL) return tw_str_eq(ev_sym(e, x.sym), TW_S("String"));
        if (x.kind != TW_VAL_OP || !x.n || !tw_str_eq(ev_sym(e, x.b), TW_S("+"))) return false;
        uint32_t last = e->lists.v[x.list + x.n - 1];
        if (ev_is_text(e, last, &kind)) return true;
        v = e->lists.v[x.list];
    }
    return false;
}

/* eval(f), setTimeout(f): what is no text does not run as one. */
static bool no_text(ev *e, uint32_t v, const run_row *row)
{
    switch (ev_at(e, v)->kind) {
    case TW_VAL_INT:
    case TW_VAL_FLOAT:
    case TW_VAL_BOOL:
    case TW_VAL_NULL_:
    case TW_VAL_FUNC: return true;
    case TW_VAL_SEQ:
    case TW_VAL_MAP:
    case TW_VAL_MUT:
    case TW_VAL_INSTANCE: return row->form == RUN_CODE;
    default: return row->form == RUN_TIMER && !gives_text(e, v);
    }
}

/* True when v is code that was taken, or needs no further word. */
static bool take_code(ev *e, uint32_t v, uint32_t call, const run_row *row)
{
    const ev_call *c = &e->calls.v[call];
    uint32_t off = c->off, len = c->len;
    tw_lang lang = row->lang ? (tw_lang)row->lang : tw_lang_family(e->ir->lang);
    tw_str text;
    if (ev_text(e, v, &text)) {
        if (e->py && ev_is_pyc(text)) lang = TW_LANG_BYTECODE;
        if (text.n) ev_layer_add(e, ev_at(e, v)->recipe, text, call, lang, off, len);
        return true;
    }
    const ev_val x = *ev_at(e, v);
    /* exec(compile(...)): the inner call has said it; a callback is no text */
    if (x.kind == TW_VAL_CALL && tw_str_eq(ev_sym(e, x.sym), TW_S("compile()"))) return true;
    if (row->form == RUN_INPUT || x.kind == TW_VAL_FUNC) return true;
    if (row->in == IN_JS) return no_text(e, v, row);
    if (!(row->in & (IN_COMMAND | IN_POWERSHELL)) || row->lang == TW_LANG_PYTHON ||
        row->lang == TW_LANG_JAVASCRIPT)
        return false;
    line l = {.e = e, .text = {.limit = LINE_MAX_}};
    put_value(&l, v);
    return add_line(&l, call, lang, false, false);
}

/* eval(...unknown) */
static bool hidden_in_spread(const ev *e, const ev_call *c)
{
    for (uint32_t i = 0; i < c->n_args; i++)
        if (e->args.v[c->args + i].name == TW_ARG_SPREAD) return true;
    return false;
}

static void opaque(ev *e, uint32_t call)
{
    ev_call *c = &e->calls.v[call];
    ev_gap(e, TW_GAP_OPAQUE_LAYER, c->off, c->len);
    c->asks = EV_WANT_CODE;
}

static void run_code(ev *e, uint32_t call, const run_row *row)
{
    ev_call c = e->calls.v[call];
    uint32_t v = code_of(e, &c, row);
    if (ev_at(e, c.result)->flags & EV_REFLECTED) return;
    if (!v) {
        if (e->js && hidden_in_spread(e, &c)) opaque(e, call);
        return;
    }
    if (e->js && row->form != RUN_CODE &&
        (ev_at(e, v)->kind == TW_VAL_SEQ || ev_at(e, v)->kind == TW_VAL_MUT)) {
        uint32_t text = ev_js_text(e, v); /* Function(["code"]) */
        if (text) v = text;
    }
    ev_val x = *ev_at(e, v);
    bool all = true;
    if (x.kind == TW_VAL_PHI)
        for (uint32_t i = 0; i < x.n; i++) all = take_code(e, e->lists.v[x.list + i], call, row) && all;
    else
        all = take_code(e, v, call, row);
    if (!all) opaque(e, call);
}

static bool names(const run_row *row, tw_str sym)
{
    tw_str rest = tw_str_c(row->symbols), name;
    while (tw_str_split(&rest, ' ', &name))
        if (tw_str_eq(name, sym)) return true;
    return false;
}

void ev_runs(ev *e, uint32_t call)
{
    uint32_t sym = e->calls.v[call].sym;
    uint16_t first = sym && !e->m ? ev_known_of(e, sym)->run : 0;
    if (!first && !tw_str_eq(ev_sym(e, sym), TW_S("os.startfile"))) return;
    uint8_t in = here(e);
    if (!first || rows[first - 1u].lang == TW_LANG_SHELL) ev_dropped(e, call);
    if (!first) return;
    for (size_t i = first - 1u; i < TW_COUNT(rows); i++) {
        const run_row *row = &rows[i];
        if (!(row->in & in) || !names(row, ev_sym(e, sym))) continue;
        ev_call c = e->calls.v[call];
        uint32_t v = row->form == RUN_LINE ? ev_call_arg(e, &c, row->pos, row->keyword) : 0;
        bool words = row->form >= RUN_ARGV && row->form <= RUN_SCRIPT;
        if (v)
            run_line(e, call, v);
        else if (words)
            run_words(e, call, row);
        else if (row->form != RUN_LINE)
            run_code(e, call, row);
    }
}
