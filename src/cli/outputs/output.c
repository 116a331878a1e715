/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/output.h"

const tw_output *const tw_outputs[] = {
    &tw_output_text,
    &tw_output_json,
    &tw_output_jsonl,
    &tw_output_sarif,
    &tw_output_html,
    &tw_output_markdown,
    &tw_output_brief,
    &tw_output_observation,
    &tw_output_osv,
    &tw_output_baseline,
    NULL,
};
