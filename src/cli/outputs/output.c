/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/output.h"

const tw_output *const tw_outputs[] = {&tw_output_text, &tw_output_json, &tw_output_jsonl, NULL};
