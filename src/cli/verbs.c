/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verbs.h"

const tw_verb tw_verbs[] = {
    {"scan", "review packages: verdict, behaviours, evidence", "scan [options] PATH|NAME...", tw_scan_options,
     "PATH is a wheel, egg, sdist, npm tarball, other archive, file or folder.\n"
     "In a site-packages, virtual environment or node_modules folder, and in a folder\n"
     "of package archives, each distribution is judged as itself.\n"
     "NAME is pypi:NAME[==VERSION], npm:NAME[@VERSION] or a purl; it is fetched from\n"
     "the index that your own pip or npm is configured for, verified, never installed\n"
     "or run.\n"
     "\n"
     "Verdicts: clear, notable, suspicious, malicious; unreviewable when code that\n"
     "runs at install or import could not be read. \"clear\" says that nothing was\n"
     "found by this version with these rules, not that a package is safe.\n"
     "LEVEL is notable, suspicious, malicious or never.\n"
     "\n"
     "FORMAT, made of the reports and nothing else (docs/reference/outputs.md):\n"
     "  text         for a terminal: 80 columns or as many as there are, 40 at least\n"
     "  json, jsonl  the reports: one, or an array; an object a line\n"
     "  sarif        SARIF 2.1.0: one log and run, however many artifacts\n"
     "  html         one page that stands by itself; several artifacts get an index\n"
     "  markdown     a comment under 65,536 characters, the worst first; what a\n"
     "               release gained: tidewaiter diff --format markdown\n"
     "  brief        few bytes, ASCII, what the package wrote between quotes\n"
     "  observation  of malicious releases, what PyPI takes as a report: an object\n"
     "               a line; --inspector says where files of a release are shown\n"
     "  osv          of malicious releases, OSV records: an object a line; without\n"
     "               --id-prefix a draft without id; --withdraw takes back\n"
     "  baseline     what stands today, as a file for --suppressions\n"
     "\n"
     "A tidewaiter.yaml in the working folder, or in one above it, may hold the\n"
     "options fail-on, only, format, suppressions and ignore (a list); the command\n"
     "line wins.\n"
     "A suppression names a finding, its content, a reason, an owner and a last day.\n"
     "It is void when the code changes, never moves a verdict, and what it holds for\n"
     "does not count for the exit status.\n"
     "With --profile, authors see before an upload what a registry would see, why,\n"
     "and what to do: each artifact, the wheel beside the sdist, what an upload is\n"
     "refused for. Nothing is sent anywhere.\n"
     "\n"
     "Exit status:\n"
     "  0  all were reviewed, none is at or above the --fail-on level\n"
     "  1  at least one is at or above it, or is unreviewable, or (with --profile)\n"
     "     would be refused\n"
     "     (--fail-on never: not even then)\n"
     "  2  arguments cannot be used, or an artifact could not be opened;\n"
     "     the others are reviewed all the same",
     "  tidewaiter scan dist/\n"
     "  tidewaiter scan dist/ --profile pypi\n"
     "  tidewaiter scan pypi:requests==2.31.0 npm:@scope/x@1.2.3\n"
     "  tidewaiter scan ~/project/.venv/lib/python3.11/site-packages\n"
     "  tidewaiter scan --format jsonl --jobs 4 --from-file list.txt > reports.jsonl\n"
     "  tidewaiter scan --fail-on malicious --quiet upload.tgz\n"
     "  tidewaiter scan --format sarif --output tidewaiter.sarif dist/\n"
     "  tidewaiter scan --format html --output review.html suspect.whl",
     tw_verb_scan},
    {"unwrap", "show the code that an artifact hides, decoded", "unwrap [options] PATH|NAME...",
     tw_unwrap_options,
     "PATH and NAME as for scan; a single source file will do. Each layer (a decoded\n"
     "payload, a command line, code carried by another file or read from one) is\n"
     "printed with its place, how it was decoded, what runs it and its text: one\n"
     "statement a line where Python or JavaScript was packed into few lines, control\n"
     "and invisible characters as escapes, hosts and URLs as they stand. Nothing is\n"
     "ever run. What --output writes is what the artifact hid: handle it as malware.\n"
     "DIR/index.json says where each file came from.\n"
     "\n"
     "Exit status:\n"
     "  0  all were read, with or without layers\n"
     "  2  arguments cannot be used, or an artifact could not be read or written",
     "  tidewaiter unwrap setup.py\n"
     "  tidewaiter unwrap --format json suspect.whl\n"
     "  tidewaiter unwrap --output layers/ suspect.tgz",
     tw_verb_unwrap},
    {"capabilities", "what a package can do, and when", "capabilities [options] PATH|NAME...",
     tw_capabilities_options,
     "PATH and NAME as for scan. A tree by when the code runs (install, build, import,\n"
     "command, call), then by what it does, with the values it does it with and the\n"
     "places in the code. No verdict: the same capability is right in one package and\n"
     "wrong in another.\n"
     "\n"
     "Exit status:\n"
     "  0  all were read\n"
     "  2  arguments cannot be used, or an artifact could not be read",
     "  tidewaiter capabilities dist/mine-1.0-py3-none-any.whl\n"
     "  tidewaiter capabilities --format json npm:left-pad > left-pad.json",
     tw_verb_capabilities},
    {"diff", "what a new release can do that the old one could not",
     "diff [options] OLD NEW | diff [options] NAME", tw_diff_options,
     "OLD and NEW: PATH or NAME as for scan, or a profile that `tidewaiter capabilities\n"
     "--format json` wrote into a FILE.json. A NAME alone stands for its last two releases,\n"
     "one with a version for that release and the one before it. Capabilities, the time they act at, flows "
     "of\n"
     "data, hosts, dependencies, binaries and starting points that the new release has and\n"
     "the old one had not, the weightiest first, with the line they stand in. Code that was\n"
     "moved or renamed is not new. The number is a rank from 0 to 100.\n"
     "\n"
     "Exit status:\n"
     "  0  both were read (whatever the difference, unless --fail-on says otherwise)\n"
     "  1  the difference is at or above the --fail-on level\n"
     "  2  arguments cannot be used, or an artifact could not be read",
     "  tidewaiter diff mine-1.0.tar.gz mine-1.1.tar.gz\n"
     "  tidewaiter diff pypi:requests\n"
     "  tidewaiter diff --format markdown old.whl new.whl > comment.md\n"
     "  tidewaiter diff --fail-on high pypi:requests==2.31.0 pypi:requests==2.32.3",
     tw_verb_diff},
    {"mutate", "change a package as attackers do, to test what sees it",
     "mutate --with NAMES --output NEW [options] PATH | mutate --review [options] PATH... |\n"
     "       tidewaiter mutate --graft FILE --output NEW [options] PATH",
     tw_mutate_options,
     "PATH is a folder, wheel, sdist (tar.gz) or npm tarball of your own choice.\n"
     "\n"
     "--with rewrites its Python and JavaScript without changing what it does: strings split\n"
     "and encoded, names replaced, calls through reflection and containers, code moved, hidden\n"
     "in one more layer, padded, minified... (--list). A place where a rewrite cannot be proved\n"
     "safe is left alone. The same seed gives the same mutant.\n"
     "--review writes no mutant: it makes them in memory, reviews each at once in a confined\n"
     "process and prints, with tabs between: same, LOWER, HIGHER or unchanged; the level before\n"
     "and after; files changed; seed; mutators; PATH; behaviours lost; behaviours gained. This is\n"
     "the only way to use real malware.\n"
     "\n"
     "--graft puts the code in FILE where it runs at PLACE: import (end of the file that an import\n"
     "loads), install (setup.py, postinstall), pth (a .pth of the wheel), data (base64 in a data\n"
     "file that is decoded and run on import), split (a function of a new file that the import\n"
     "calls). FILE has to be in the package's language.\n"
     "Nothing is ever run; the RECORD of a wheel is brought up to date.\n"
     "\n"
     "Exit status:\n"
     "  0  NEW was written; --review: no level changed\n"
     "  1  --review: a level is lower or higher than before\n"
     "  2  it could not be: the message says why",
     "  tidewaiter mutate --list\n"
     "  tidewaiter mutate --with split,reflect,layer --seed 3 --output mutant/ my-fixture/\n"
     "  tidewaiter mutate --review --each --seeds 5 rules/tests/*.tar.gz\n"
     "  tidewaiter mutate --graft beacon.py --at install --output bad.tar.gz good.tar.gz\n"
     "  tidewaiter diff good.tar.gz bad.tar.gz",
     tw_verb_mutate},
    {"rules", "what verdicts are made of: list, explain and test rules",
     "rules list|show|explain|lint|test [options] [ID...]", tw_rules_options,
     "list     all rules: what each reaches at most, and what was measured of it\n"
     "show     as they are written\n"
     "explain  in words: what it says, what to check, where it was seen, its precision\n"
     "lint     what is odd: a rule that another subsumes, one without a reason, ...\n"
     "test     each rule beside its fixtures: DIR/ID/hit/* must match, DIR/ID/miss/* must not\n"
     "\n"
     "Your own rules (--rules, here and for scan) stand beside the built-in ones; a file with\n"
     "an error is named with line and column, and nothing runs. The language of rules is in\n"
     "docs/internals/rules.md.\n"
     "\n"
     "Exit status:\n"
     "  0  done; lint: nothing odd; test: all passed\n"
     "  1  lint: there are remarks; test: one failed\n"
     "  2  arguments or rules cannot be used",
     "  tidewaiter rules list\n"
     "  tidewaiter rules explain theft.secrets-sent\n"
     "  tidewaiter rules lint --rules my-rules/\n"
     "  tidewaiter rules test --rules my-rules/ --fixtures my-fixtures/",
     tw_verb_rules},
    {"members", "what the archive reader makes of a file", "members FILE...", NULL,
     "One JSON object a line: each member with its hashes, type, flags and offsets,\n"
     "and the findings about the container. Nothing is unpacked to disk.",
     "  tidewaiter members suspect.whl | python3 -m json.tool", tw_verb_members},
    {"ir", "how a source file is lowered", "ir [--format text|facts|stats] [--language NAME] FILE...", NULL,
     "The intermediate form between a language's front end and everything after it\n"
     "(docs/internals/ir.md). The language goes by the file's name and content; --language\n"
     "says it: python, javascript, typescript, tsx, shell, batch, powershell, notebook, pth,\n"
     "manifest, \"python bytecode\".",
     "  tidewaiter ir setup.py", tw_verb_ir},
    {"facts", "what is kept of each source file, all that lies underneath",
     "facts [options] FILE|PATH|NAME...", tw_facts_options,
     "The records that everything else is made of: imports, calls with their resolved names and\n"
     "argument values, functions, summaries, layers. No opinions (docs/internals/record.md). Of\n"
     "an artifact: each file and each layer in it.\n"
     "\n"
     "Exit status:\n"
     "  0  all were read\n"
     "  2  arguments cannot be used, or an artifact could not be read",
     "  tidewaiter facts setup.py\n"
     "  tidewaiter facts suspect-1.0.tar.gz",
     tw_verb_facts},
    {"help", "the verbs, or one explained", "help [--all | --bash | [--man] [VERB]]", NULL,
     "--all prints every verb, --man the manual page of the program or of a verb for man(1),\n"
     "--bash a file that bash reads to complete verbs, options and files.",
     "  tidewaiter help scan\n  tidewaiter help --man scan > tidewaiter-scan.1\n"
     "  tidewaiter help --bash > ~/.local/share/bash-completion/completions/tidewaiter",
     tw_verb_help},
    {0},
};
