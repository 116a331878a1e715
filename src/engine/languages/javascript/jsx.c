/* SPDX-License-Identifier: Apache-2.0 */
/* JSX. Not written yet: an element is an error of its statement. */
#include "engine/languages/javascript/js.h"

void js_jsx_start(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
void js_jsx_a(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
void js_jsx_b(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
void js_jsx_c(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
void js_jsx_a_empty(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
