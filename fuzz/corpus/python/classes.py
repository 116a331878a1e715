# -*- coding: utf-8 -*-
"""doc"""
from __future__ import annotations
import a, b.c as d
from . import e
from ..f.g import (h as i, j,)
from k import *
@dec
@dec.two(1, x=2)
class C(B, metaclass=M, **kw):
    x: int = 1
    y: "str"
    def f(self, a, /, b=1, *args: int, c, d=2, **kw) -> None:
        nonlocal z
        global w, v
        return (yield)
    async def g(self):
        async with a as b, c: await d
        async for x in y: yield x
        return [z async for z in q if await r]
def g[T: int, *Ts, **P](x: T = 1): pass
type A[T] = list[T]
