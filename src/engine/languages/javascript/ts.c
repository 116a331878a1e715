/* SPDX-License-Identifier: Apache-2.0 */
/* TypeScript. Not written yet: its syntax is an error of the statement. */
#include "engine/languages/javascript/js.h"

void js_ts_type(js *p, bool returns)
{
    (void)returns;
    js_fail(p, TW_GAP_SYNTAX);
}
void js_ts_type_params(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
bool js_ts_type_args(js *p)
{
    (void)p;
    return false;
}
bool js_ts_arrow_type(js *p)
{
    (void)p;
    return false;
}
void js_ts_angle(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
bool js_ts_statement(js *p, uint32_t exported)
{
    (void)p, (void)exported;
    return false;
}
void js_ts_enum_end(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
void js_ts_import_equals(js *p, const js_tok *name, uint32_t off, bool exported)
{
    (void)name, (void)off, (void)exported;
    js_fail(p, TW_GAP_SYNTAX);
}
void js_ts_export_equals(js *p, uint32_t off)
{
    (void)off;
    js_fail(p, TW_GAP_SYNTAX);
}
void js_ts_export_equals_end(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
bool js_ts_index_signature(js *p)
{
    (void)p;
    return false;
}
void js_ts_implements(js *p)
{
    js_fail(p, TW_GAP_SYNTAX);
}
