def d(s, k=3):
  r = []
  i = 0
  while i < len(s):
    r.append(chr(ord(s[i]) ^ k))
    i += 1
  return ''.join(r)
p(d('abc'), [x + y for x in 'ab' for y in 'cd' if x != y], (lambda q: q * 2)('z'))
