/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* For tests of the JavaScript front ends: py_shape.h's text of a stream, of another front end. */
#define SHAPE_FRONT (*js_front)
#include "engine/ir/ir.h"
static const tw_front_end *js_front = &tw_front_javascript;
#include "py_shape.h"
