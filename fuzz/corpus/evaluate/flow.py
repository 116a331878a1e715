x = 'a'
for i in y:
  if i:
    x = x + 'b'
  elif z:
    x = i
  else:
    continue
while x:
  x = f(x)
else:
  pass
with o(x) as w:
  w.write(x)
match x:
  case [a, *b]:
    q(a)
  case _:
    q(b)
