/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record/pure_priv.h"
static const ev_pure_row python[] = {{TW_SI("-"), NULL}};
const ev_pure_rows ev_rows_decode = {python, 0}, ev_rows_js_decode = {python, 0};
