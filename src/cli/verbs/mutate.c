/* SPDX-License-Identifier: Apache-2.0 */
/* tidewaiter mutate: a package changed as attackers change them, to test what sees it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/plain.h"
#include "cli/verbs.h"
#include "service/mutate/mutate.h"

enum { PAYLOAD_MAX = 4 << 20 };

typedef struct mutate {
    const char *payload, *output;
    tw_graft_at at;
    bool force;
} mutate;

static const char *set_graft(void *ctx, const char *value)
{
    ((mutate *)ctx)->payload = value;
    return *value ? NULL : "is empty";
}

static const char *set_output(void *ctx, const char *value)
{
    ((mutate *)ctx)->output = value;
    return *value ? NULL : "is empty";
}

static const char *set_at(void *ctx, const char *value)
{
    for (int at = 0; at < TW_GRAFT_MAX; at++)
        if (!strcmp(value, tw_graft_name((tw_graft_at)at))) {
            ((mutate *)ctx)->at = (tw_graft_at)at;
            return NULL;
        }
    return "not a place: import, install, pth, data or split";
}

static const char *set_force(void *ctx, const char *value)
{
    (void)value;
    ((mutate *)ctx)->force = true;
    return NULL;
}

const tw_option tw_mutate_options[] = {
    {"graft", "FILE", "source code to put into the package", set_graft},
    {"at", "PLACE", "import (default), install, pth, data or split", set_at},
    {"output", "NEW", "the changed package", set_output},
    {"force", NULL, "NEW may exist already", set_force},
    {0},
};

static int complain(const char *path, const char *says)
{
    fprintf(stderr, "tidewaiter mutate: %s: %s\n", tw_plain(path), says);
    return 2;
}

static int write_out(const mutate *m, tw_str bytes)
{
    int fd = open(m->output, O_WRONLY | O_CREAT | O_CLOEXEC | (m->force ? O_TRUNC : O_EXCL), 0644);
    if (fd < 0) return complain(m->output, errno == EEXIST ? "exists; --force replaces it" : strerror(errno));
    bool fine = tw_write_all(fd, bytes) == TW_OK;
    return close(fd) == 0 && fine ? 0 : complain(m->output, "cannot be written");
}

static int run(const mutate *m, tw_arena *a, const char *path)
{
    tw_map_file file;
    tw_diag d = TW_DIAG_INIT;
    tw_str payload, where;
    tw_mut package;
    if (tw_read_file(a, m->payload, PAYLOAD_MAX, &payload, &d) != TW_OK) return complain(m->payload, d.says);
    if (tw_map_file_open(path, &file, &d) != TW_OK) return complain(path, d.says);
    tw_err err = tw_mut_read(a, file.bytes, tw_str_base(tw_str_c(path)), &package, &d);
    if (err == TW_OK) err = tw_graft(&package, m->at, payload, &where, &d);
    int status = err == TW_OK ? 0 : complain(path, d.says);
    tw_buf out = TW_BUF_INIT;
    if (!status) {
        tw_mut_write(&package, &out);
        status = write_out(m, tw_buf_str(&out));
    }
    if (!status) printf("%s: %s now runs it\n", tw_plain(m->output), tw_plain(tw_arena_str(a, where).p));
    tw_buf_free(&out);
    tw_unmap_file(&file);
    return status;
}

int tw_verb_mutate(int argc, char **argv)
{
    mutate m = {0};
    int n = tw_options_read(tw_verb_find("mutate"), &m, argc, argv);
    if (n < 0) return 2;
    if (n != 1 || !m.payload || !m.output) {
        fputs("tidewaiter mutate: it needs a package, --graft FILE and --output NEW\nSee: tidewaiter help "
              "mutate\n",
              stderr);
        return 2;
    }
    tw_arena *a = tw_arena_new(0);
    int status = run(&m, a, argv[0]);
    tw_arena_free(a);
    return status;
}
