# SPDX-License-Identifier: Apache-2.0
# PEP 695, 696, 758, 646, 654, 634, 614, 570, 649: what came since 3.8.
type Pair[T] = tuple[T, make(T)]
type Deep[T: (int, str("a")) = bound(int), *Ts = *tuple[call(1)], **P = [call(2)]] = dict[T, call(3)]
type = 1
type.x = type(type)
type (x)
type[call(4)]
match = type = case = _ = 1
match(match.call()), case.call()
match[match](1)
match -match.neg()
match (x)
match * args.all(1)
print(match, case, type, _)


class Box[T: call("bound"), *Ts, **P](Base[T], metaclass=make(T)):
    def get[S = call("default")](self: "T", /, a: S = call(1), *args: *Ts, k=call(2), **kw: P.kwargs) -> call("r"):
        return [call(a) for a in args if (b := call(b)) for c in call(c) if call(not a)]

    @(yield_ := wraps(call))
    @buttons[0].clicked.connect
    @[lambda f: call(f)][0]
    async def run(self):
        async with a.open() as b, c.open() as (d, e), f.open():
            async for x in aiter(b):
                await x.call()
                yield await self[await x()]
        async with (a.open() as b, c.open() as d,):
            return [await y async for y in x.all() if await y.ok()]


def handlers():
    try:
        call("try")
    except A, B.get():
        call(1)
    except (C, D), E:
        call(2)
    except F:
        call(3)
    try:
        pass
    except* G, call.H:
        call(4)
    except* (I, J) as k:
        call(k)
    finally:
        call("f")


def matching(command, *rest):
    match command.split(), *rest:
        case []:
            call("none")
        case [x] | (x,) if call(x):
            call("one")
        case ["go", ("north" | "south") as way, *others] if way.call():
            call(way)
        case {"a": 1, "b": Point(x=0, y=call_), **others}:
            call(others)
        case Point() | Point(1, -2, 3 + 4j, 5 - 6J, x=None | True) | pkg.mod.Kind(name=pkg.VALUE):
            call("p")
        case "text" "joined" | b"bytes" | f.const | -1.5:
            call("lit")
        case (1 | 2) as number, *_:
            call(number)
        case case if case(match) and (match := call(case)):
            match (match):
                case match.case: call("inline"); call("again")
        case _: pass


with (open("a")) as f, (open("b")): call(f)
with (open("a"), open("b")): call()
with (open("a"), open("b")) as pair: call()
with (yield_.call() as a): pass
with open(a)[0] as b.c[call()], d() as [e, *f]: pass
for x in *a, *call(b): call(x)
for (x), [y, *z], a.b[call(1)] in call(): pass
x = *a, call(*b, *c, **d, **e(f))
x: call("annotation") = yield_, call("value")
(x): call("a")
x[call(0)].y: call(1) = call(2)
x[*a, call(b)], x[a:call(b):c, ..., *d], x[:, ::call(1)] = call(3)
del (a, [b, c.d, e[call(1)]]), f
assert call(1), call(2)
raise call(1) from call(2)
lambda: (yield call(1))
lambda a, /, b=call(1), *c, d=call(2), **e: lambda *, f=call(3): call(4)
(lambda *a: a.call)(1)(2), (lambda: call)()(), (a := call(1)).b(), (not a.call()), - + ~call(1) ** -call(2)
[*a, *call(b)], {*a, call(b)}, {**a, call(k): call(v), **call(c)}, (*a, call(b))
{k.call(): v.call() for k, v in a.items() if k.ok() if v.ok() for w in v.call()}, {x.call() for x in y.call()}
1 if call(1) else 2 if call(2) else call(3) or call(4) and not call(5) in call(6) is not call(7) not in call(8)
0x_ff.real.call(), 1_0.5e-3.call(), 0o17.__call__(), 1j.conjugate(), 0b1_0 .call(), 1..call(), 1.e5.call(), 00 .call()
a = b = call(1), c; d = call(2)
a @= call(1); b //= call(2); c **= call(3); d >>= call(4); e <<= call(5); f.g |= call(6); h[call(7)] ^= call(8)
