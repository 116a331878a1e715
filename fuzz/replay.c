/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over every file of a folder, so that ordinary tests replay the corpora. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) return 0;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    /* exact-size heap block, so that ASan sees one byte too many */
    uint8_t *p = n > 0 ? malloc((size_t)n) : NULL;
    size_t got = p ? fread(p, 1, (size_t)n, f) : 0;
    fclose(f);
    if (n >= 0 && got == (size_t)n) LLVMFuzzerTestOneInput(p, got);
    free(p);
    return 1;
}

int main(int argc, char **argv)
{
    int n = 0;
    for (int i = 1; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        struct dirent *e;
        while (d && (e = readdir(d))) {
            char path[4096];
            if (e->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
            n += replay_file(path);
        }
        if (d) closedir(d);
    }
    static const uint8_t nothing[1];
    LLVMFuzzerTestOneInput(nothing, 0);
    printf("%d passed, 0 failed\n", n + 1);
    return n == 0;
}
