# SPDX-License-Identifier: Apache-2.0
# PEP 750 and 701: t-strings, and f-strings with their own quotes inside.
name, value, width = get("a"), get("b"), 10
plain = t""
one = t"hello {name}"
both = t"{name!r:>{width}} {value:{'.'}{get(width)}} {{literal}}"
debug = t"{get(name) = } {value=!s:^10}"
raw = rt"\d{name}\{value}" tr"\n{get('x')}"
upper = T"{a.b.c(1)(2).d()}" t'' T'''
{ # a comment with a quote ' and a brace }
  open(
    name
  )
}'''
nested = t"{t"{t"{t"{deep.call()}"}"}"}"
mixed = f"{t"{inner.call('}')}"}" f"{'a' if x else "b"}"
same = f"{call("x")} {call('y', "z")} {f"{f"{call(f"{1}")}"}"}"
same2 = f'{d['key']}{d['other'].method('it''s')}'
lines = f"{
    call(
        1,   # one
        2,
    )
}" "tail"
backslash = f"{'\n'.join(parts)}" f"{"\N{BULLET} ".join(parts)}{'\\'}"
spec = f"{value:{width}.{get("precision")}{'}'}f}" f"{value:%H:%M {name!a}}"
colon = f"{(lambda x: x.call())(1)}{[y := 1, (z := f())]}{d["a":"b"]}{ {'a': b.c()}['a'] }"
equals = f"{a.b() == c.d()!r}{a != b}{a <= b:>5}{a!=b!s}"
walrus = f"{(n := get(1)):=5}{n:=5}{n!r:=^{width}}"
yielded = lambda: (yield f"{(yield)}{await_}")
triple = f"""{
'''{not.a.field}''' + call("\"")
} {{}} {"}"} {'''"""'''}"""
empty_spec = f"{a:}{b!r:}", t"{a:}{b!s:}"
stars = f"{*a, *b}" f"{*a,}" f"{yield_, 1}"
bytes_beside = b"\x00\N{not}" rb"\x00" Br'\''
