# coding: latin-1
x = 1
if x:
	y = "\
"
        z = """a
b"""
\
import os