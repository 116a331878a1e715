/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
extern int tw_verb_members(int argc, char **argv);
int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "members") == 0) return tw_verb_members(argc - 2, argv + 2);
    puts("tidewaiter " TW_VERSION);
    return 0;
}
