# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
from __future__ import print_function
print("a", file=f)
print -1, call(`x`)
print (a), call(b)
print(*call(1), **call(2))
exec "x" in call(3)
raise E, "é"
