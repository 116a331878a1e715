/* SPDX-License-Identifier: Apache-2.0 */
/* What releases gain every day and what says nothing: commands that only ask version control or a build tool, code of the
 * package's own files that is read and run, the same calls at other lines. */
#include "service/diff/priv.h"

/* Whole words; a name alone stands for all that it is given, a name and a word for that use of it. */
static const char *const asks[] = {
    "git describe",
    "git rev-parse",
    "git rev-list",
    "git log",
    "git show",
    "git status",
    "git tag",
    "git ls-files",
    "git diff",
    "git branch",
    "git symbolic-ref",
    "git --version",
    "hg id",
    "hg log",
    "svnversion",
    "pkg-config",
    "pkgconf",
    "llvm-config",
    "echo",
    "true",
    "exit 0",
    "uname",
    "gcc --version",
    "cc --version",
    "clang --version",
    "cmake --version",
    "make --version",
    "node --version",
    "node -v",
    "npm --version",
    "npm -v",
    "java -version",
    "go version",
    "rustc --version",
    "cargo --version",
    "python --version",
    "python setup.py",
    "python3 setup.py",
    "sw_vers",
};

static bool starts_with_words(tw_str line, tw_str words)
{
    return tw_str_starts(line, words) && (line.n == words.n || line.p[words.n] == ' ');
}

/* One command, known to the last byte, that only asks; nothing the shell would add to it. */
bool diff_only_asks(tw_str line)
{
    static const tw_str more[] = {TW_SI("://"), TW_SI("--ext-diff"), TW_SI("--textconv"), TW_SI("--output"),
                                  TW_SI("{}")};
    line = tw_str_trim(line);
    for (size_t i = 0; i < line.n; i++)
        if ((uint8_t)line.p[i] < ' ' || strchr(";&|<>$`()", line.p[i])) return false;
    for (size_t i = 0; i < TW_COUNT(more); i++)
        if (tw_str_find(line, more[i]) != TW_NPOS) return false;
    for (size_t i = 0; i < TW_COUNT(asks); i++)
        if (starts_with_words(line, tw_str_c(asks[i]))) return true;
    return false;
}

static tw_str value_of(const tw_doc *d, uint32_t use, const char *role)
{
    TW_EACH_NODE (d, tw_node_list(d, use, TW_S("values")), k) {
        if (tw_str_eq(diff_text(d, k, "role"), tw_str_c(role))) return diff_text(d, k, "text");
    }
    return TW_S("");
}

static uint64_t number(const tw_doc *d, uint32_t id, const char *key)
{
    return tw_node_number(d, id, tw_str_c(key));
}

static tw_str place_of(const differ *x, uint32_t id)
{
    const tw_doc *to = x->out->to;
    return tw_arena_fmt(x->a, "%llu %llu %.*s", (unsigned long long)number(to, id, "line"),
                        (unsigned long long)number(to, id, "col"), TW_FMT(diff_text(to, id, "member")));
}

/* A file of Python in the package: what it does is told of itself. */
static bool own_file(const tw_map *paths, tw_str text)
{
    static const tw_str here[] = {TW_SI("__file__/"), TW_SI("./")};
    for (size_t i = 0; i < TW_COUNT(here); i++)
        if (tw_str_starts(text, here[i])) text = tw_str_sub(text, here[i].n, text.n);
    return tw_str_ends(text, TW_S(".py")) && tw_map_get(paths, text);
}

/* exec(open("reef/_version.py").read()), subprocess.check_output(["git", "describe"]): the places of both. */
void diff_find_commonplace(differ *x)
{
    const tw_doc *to = x->out->to;
    tw_str root = diff_text(to, 0, "root");
    tw_map paths;
    tw_map_init(&paths, x->a);
    tw_map_init(&x->commonplace, x->a);
    TW_EACH_NODE (to, diff_list(to, "files"), i) {
        tw_str path = diff_text(to, i, "path");
        if (root.n && tw_str_starts(path, root)) path = tw_str_sub(path, root.n, path.n);
        tw_map_put(&paths, path, NULL);
    }
    TW_EACH_NODE (to, diff_list(to, "capabilities"), i) {
        tw_str id = diff_text(to, i, "id");
        bool runs = tw_str_eq(id, TW_S("exec.process")) || tw_str_eq(id, TW_S("exec.shell")),
             evals = tw_str_eq(id, TW_S("code.eval")) || tw_str_eq(id, TW_S("code.file-eval"));
        if ((runs && diff_only_asks(value_of(to, i, "command"))) ||
            (evals && own_file(&paths, value_of(to, i, "code"))))
            *tw_map_put(&x->commonplace, place_of(x, i), NULL) = runs ? 1 : 2;
    }
}

/* A use, or the end of a flow, in such a place that does no more than that. */
bool diff_is_commonplace(const differ *x, uint32_t at, tw_str id)
{
    const uint64_t *slot = tw_map_get(&x->commonplace, place_of(x, at));
    bool runs = tw_str_eq(id, TW_S("exec.process")) || tw_str_eq(id, TW_S("exec.shell")),
         evals = tw_str_eq(id, TW_S("code.eval")) || tw_str_eq(id, TW_S("code.file-eval"));
    return slot && ((*slot == 1 && runs) || (*slot == 2 && evals));
}

/* ---- the same as often as before ---- */

/* What is done, when and to whom; of programs and code that are run also with which constants. */
static tw_str act_of(const differ *x, const tw_doc *d, uint32_t use)
{
    tw_str id = diff_text(d, use, "id");
    bool all = tw_str_starts(id, TW_S("exec.")) || tw_str_starts(id, TW_S("code."));
    tw_buf b = TW_BUF_INIT;
    tw_buf_fmt(&b, "%.*s\n%.*s\n%.*s\n%.*s", TW_FMT(id), TW_FMT(diff_text(d, use, "trigger")),
               TW_FMT(diff_text(d, use, "symbol")), TW_FMT(diff_text(d, use, "label")));
    TW_EACH_NODE (d, tw_node_list(d, use, TW_S("values")), k) {
        tw_buf_fmt(&b, "\n%.*s", TW_FMT(diff_text(d, k, all ? "text" : "host")));
    }
    tw_str ret = tw_arena_str(x->a, tw_buf_str(&b));
    tw_buf_free(&b);
    return ret;
}

static void count_acts(const differ *x, const tw_doc *d, tw_map *ret)
{
    tw_map_init(ret, x->a);
    TW_EACH_NODE (d, diff_list(d, "capabilities"), i) {
        uint64_t *slot = tw_map_put(ret, act_of(x, d, i), NULL), n = number(d, i, "count");
        *slot += n ? n : 1;
    }
}

void diff_count_acts(differ *x)
{
    count_acts(x, x->out->from, &x->acts_before);
    count_acts(x, x->out->to, &x->acts_now);
}

bool diff_no_more_often(const differ *x, uint32_t use)
{
    tw_str act = act_of(x, x->out->to, use);
    const uint64_t *before = tw_map_get(&x->acts_before, act), *now = tw_map_get(&x->acts_now, act);
    return before && now && *now <= *before;
}
