/* SPDX-License-Identifier: Apache-2.0 */
/* Notebooks: cells in order, magics, the language of the kernel, damaged files. */
#include "carried.h"

#define NOTEBOOK(source, want) CARRIES(tw_front_notebook, source, want)
#define CELL(source) "{\"cell_type\":\"code\",\"source\":" source "}"
#define FOUR(cells) \
    "{\"cells\":[" cells "],\"metadata\":{\"kernelspec\":{\"language\":\"python\"}},\"nbformat\":4}"

TEST(cells_in_order)
{
    NOTEBOOK(FOUR(CELL("[\"a = 1\\n\",\"b\"]") "," CELL("\"c\"")), "python: \na = 1\nb\n\nc\n\n");
    NOTEBOOK(FOUR("{\"cell_type\":\"markdown\",\"source\":\"import os\"}"), "");
    NOTEBOOK(
        "{\"worksheets\":[{\"cells\":[{\"cell_type\":\"code\",\"input\":[\"x\"],\"language\":\"python\"}]}],"
        "\"nbformat\":3}",
        "python: \nx\n\n");
}

TEST(kernels)
{
    NOTEBOOK("{\"cells\":[" CELL("\"x\"") "],\"metadata\":{\"language_info\":{\"name\":\"javascript\"}}}",
             "javascript: \nx\n\n");
    NOTEBOOK("{\"cells\":[" CELL("\"x\"") "],\"metadata\":{\"kernelspec\":{\"name\":\"bash\"}}}",
             "shell: \nx\n\n");
    NOTEBOOK("{\"cells\":[" CELL("\"!x\"") "],\"metadata\":{\"kernelspec\":{\"name\":\"R\"}}}",
             "R: \n!x\n\n");
    NOTEBOOK("{\"cells\":[" CELL("\"x\"") "]}", "python: \nx\n\n");
}

TEST(shell_lines)
{
    NOTEBOOK(FOUR(CELL("\"!ls\\nif a:\\n    !!id\\nx = !pwd\"")),
             "python: \npass\nif a:\n    pass\nx = get_ipython()\n\nshell: ls\nid\npwd\n\n");
    NOTEBOOK(FOUR(CELL("\"!a \\\\\\nb\\nc\"")), "python: \npass\nc\n\nshell: a \\\nb\n\n");
    NOTEBOOK(FOUR(CELL("\"%pip install x\\n%sx y\"")),
             "python: \npass\npass\n\nshell: pip install x\n y\n\n");
}

TEST(line_magics)
{
    NOTEBOOK(
        FOUR(CELL(
            "\"%matplotlib inline\\n%time f()\\nif a:\\n  %timeit -n 10 -r3 g()\\ny = %time h()\\n?x\"")),
        "python: \npass\nf()\nif a:\n  g()\ny = h()\npass\n\n");
}

/* A mark within a string, a bracket or a joined line is no magic. */
TEST(not_magics)
{
    NOTEBOOK(FOUR(CELL("\"x = (1\\n%f())\\ny = '''\\n!a\\n''' # (\\nz = 1 \\\\\\n%2\\n!b\"")),
             "python: \nx = (1\n%f())\ny = '''\n!a\n''' # (\nz = 1 \\\n%2\npass\n\nshell: b\n\n");
}

TEST(cell_magics)
{
    NOTEBOOK(
        FOUR(CELL("\"%%bash\\na\"") "," CELL("\"%%time\\nb\"") "," CELL("\"%%writefile x\\nc\"") "," CELL(
            "\"%%script node\\nd\"") "," CELL("\"%%perl\\ne\"") "," CELL("\"%%html\\n<p>\"")),
        "python: \n\nb\n\n\n\n\n\nshell: a\n\njavascript: d\n\nperl: e\n\nhtml: <p>\n\n");
}

TEST(damaged)
{
    NOTEBOOK("{\"cells\":[", "gap syntax\n");
    NOTEBOOK("[]", "gap syntax\n");
    NOTEBOOK("", "gap syntax\n");
    NOTEBOOK("{\"cells\":{\"cell_type\":\"code\"}}", "");
    NOTEBOOK("{\"cells\":[1,null,{\"cell_type\":\"code\",\"source\":7}],\"metadata\":[]}", "");
}

TESTS_MAIN()
