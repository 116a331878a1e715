/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Text that a package may have written, for each language that an output is in: it can be read and does nothing. Each
 * makes control, bidi and invisible characters and bytes that are no UTF-8 visible first (tw_term_put), so all is one
 * line. `most`: columns, 0 for no limit; what is cut ends in "...". Sources: terminal.c, escape.c. */
#include "base/buf.h"

/* A terminal, and plain text. */
void tw_term_put(tw_buf *b, tw_str s, unsigned most);
/* Content of an HTML or SVG element, or of a quoted attribute. */
void tw_html_put(tw_buf *b, tw_str s, unsigned most);
/* Markdown: words of letters stay; what could be markup, a mention, a reference or a link stands in a code span. */
void tw_md_put(tw_buf *b, tw_str s, unsigned most);
/* One code span; nothing for an empty text. */
void tw_md_code(tw_buf *b, tw_str s, unsigned most);
/* A path as a relative reference that names nothing outside its base, whatever it is; `up`: it is of the user, who may
 * begin at the root and go up. */
void tw_uri_put(tw_buf *b, tw_str path, bool up);
/* "..." in ASCII: quotes and backslashes escaped, \xHH for bytes, \u{H} for characters. At most `most` bytes between
 * the quotes; what was cut is counted behind them. */
void tw_quote_put(tw_buf *b, tw_str s, size_t most);
