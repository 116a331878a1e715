/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* A word of the command line as it may go to a terminal: file names are hostile too. Source: plain.c. */

/* Control characters, invisible ones and bytes that are no UTF-8 escaped, cut at 400 columns. Static storage,
 * valid until the second next call. */
const char *tw_plain(const char *word);
