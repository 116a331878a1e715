/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The parts of a report's page. Sources: report_html.c (the page), report_facts.c (what is folded), flow_svg.c. */
#include "cli/outputs/page.h"

/* A flow of the report as a drawing. */
void tw_page_flow(const tw_page *p, uint32_t flow);
/* Hidden layers, capabilities, other flows, addresses, what was not read, versions: each folded. */
void tw_page_facts(const tw_page *p);
