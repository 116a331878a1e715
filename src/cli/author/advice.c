/* SPDX-License-Identifier: Apache-2.0 */
/* What an author does about a finding, a signal, a behaviour. One row each; the first that fits counts. */
#include "cli/author/author.h"

enum { PYPI = 1, NPM = 2, REFUSED = 4 };

static const struct {
    const char *id; /* glob */
    const char *does;
    uint8_t flags; /* where an upload with it is refused */
} rows[] = {
    {"wheel.record-*",
     "Build the wheel again and do not touch it afterwards: RECORD must list what is there.", PYPI | REFUSED},
    {"wheel.metadata-missing", "Build it with `python -m build`: it is no wheel without METADATA and WHEEL.",
     PYPI | REFUSED},
    {"sdist.metadata-missing", "Build it with `python -m build --sdist`, which writes PKG-INFO.",
     PYPI | REFUSED},
    {"sdist.several-roots", "Build it with `python -m build --sdist`: all lies under one folder.", 0},
    {"zip.trailing-data", "Build it again: nothing may follow the end of the archive.", PYPI | REFUSED},
    {"zip.*-mismatch", "Build it again with the standard tools: readers disagree about what is in it.",
     PYPI | REFUSED},
    {"zip.multiple-end-records", "Build it again with the standard tools.", PYPI | REFUSED},
    {"archive.duplicate-name", "Build it again: each name may stand once.", PYPI | REFUSED},
    {"archive.traversal", "Build it again: no name may leave the archive's folder.", PYPI | NPM | REFUSED},
    {"archive.nested", "Ship what is in it as files of the package, or say in the README what it is.", 0},
    {"archive.type-lie", "Give the file a name that says what it is.", 0},
    {"archive.*", "Build it again with the standard tools.", 0},
    {"zip.data-descriptor", NULL, 0},
    {"zip.comment", NULL, 0},
    {"zip.*", "Build it again with the standard tools.", 0},
    {"tar.no-end-blocks", NULL, 0},
    {"tar.*", "Build it again with the standard tools.", 0},
    {"metadata.name-disagrees", "Let one place say name and version, and build all files from it.",
     PYPI | REFUSED},
    {"metadata.copies-disagree",
     "Remove old build folders (build/, *.egg-info) and build again from one place.", 0},
    {"metadata.*", "Correct the manifest: tools read it differently as it is.", 0},
    {"text.bidi-control", "Write such characters as escapes, or remove them.", 0},
    {"text.invisible", "Write such characters as escapes, or remove them.", 0},
    {"text.homoglyph", "Use letters of one script in a name.", 0},
    {"text.far-right", "Put the code where a reader looks for it.", 0},
    {"text.large-literal", "Move the data to a data file, and say what it is and how it was made.", 0},
    {"native.bytecode-without-source", "Ship the source; leave __pycache__ and .pyc out.", 0},
    {"native.bytecode-differs", "Remove the compiled files and build again.", 0},
    {"native.in-source-distribution", "Leave compiled files out of the sdist: it is there to be built from.",
     0},
    {"native.packed", "Ship the program as the compiler made it: packers are what malware uses.", 0},
    {"native.disguised", "Give the file a name that says what it is.", 0},
    {"native.*", "Say in the README where the compiled code comes from and how to build it.", 0},
    {"name.squat",
     "Choose another name, or say in the summary what it has to do with that project; registries "
     "remove names that live from mistakes.",
     0},
    {"name.look-alike", "Choose a name that cannot be read as that one.", 0},
    {"name.combined", "If it belongs to that project, let the README say so; else choose another name.", 0},
    {"name.claimed",
     "Do not hold names of a company's own index by a high version: set the index up so that it "
     "wins, or ask the registry to reserve the name.",
     0},
    {"name.internal", "Is this meant to be public? Check the index that your upload tool is set to.", 0},
    {"name.*", "If the likeness is chance, let the first line of the README say what it is.", 0},
    {"version.high", "Start at an ordinary version: one like this looks made to win over others.", 0},
    {"version.jump", "Explain the leap in the changelog, or take the next version.", 0},
    {"version.below-latest", NULL, 0},
    {"about.description-copied", "Write the summary in your own words.", 0},
    {"about.installs-another", "Let the README say how to install this package.", 0},
    {"about.repository-of-another", "Name your own repository, or none.", 0},
    {"about.repository-placeholder", "Name your own repository, or none: a template's address stands there.",
     0},
    {"about.mail-disposable", "Give an address that people can still reach later.", 0},
    {"needs.to-build",
     "Name a release that an index holds in build-system.requires: it runs wherever this is built.", 0},
    {"needs.plain-address", "Depend on a release that an index holds, or carry the code.", PYPI | REFUSED},
    {"needs.address", "Depend on a release that an index holds, or carry the code.", PYPI | REFUSED},
    {"needs.repository", "Depend on a release that an index holds.", PYPI | REFUSED},
};

static const struct {
    const char *trigger, *does;
} times[] = {
    {"install",
     "Nothing need run while a package is installed: do it when the user asks, or ship what is made."},
    {"build",
     "Do it before you publish and ship what it makes: a build on a stranger's machine needs no network."},
    {"import", "Do it in a function that the user calls, and let the README name it."},
    {"plugin", "Do it when the user asks for it, and let the README name it."},
    {"command", "Let --help and the README say so."},
    {"load", "Let the README say so."},
    {"call", "Let the documentation of the function say so."},
};

const char *tw_advice_of(const char *registry, tw_str id, bool *ret_refused)
{
    unsigned here = !strcmp(registry, "pypi") ? PYPI : NPM;
    for (size_t i = 0; i < TW_COUNT(rows); i++) {
        if (!tw_str_glob(tw_str_c(rows[i].id), id)) continue;
        *ret_refused = (rows[i].flags & REFUSED) && (rows[i].flags & here);
        return rows[i].does;
    }
    *ret_refused = false;
    return NULL;
}

const char *tw_advice_at(tw_str trigger)
{
    for (size_t i = 0; i < TW_COUNT(times); i++)
        if (tw_str_eq(trigger, tw_str_c(times[i].trigger))) return times[i].does;
    return NULL;
}
