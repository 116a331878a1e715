/* SPDX-License-Identifier: Apache-2.0 */
/* Oddities of the text itself. */
#include "engine/languages/python/py.h"

void py_text_facts(py *p)
{
    (void)p;
}
