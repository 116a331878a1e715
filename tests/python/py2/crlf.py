#!/usr/bin/env python
# vim: set fileencoding=utf-8 :
# SPDX-License-Identifier: Apache-2.0
print u"€“", "é" ; print (
 a), b

if x:
	print 1 \
	, call(
2)
