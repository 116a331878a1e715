l = []
m = l
l.append('a')
l += ['b']
l[0] = 'c'
d = {'k': l}
d['j'] = m
del d['k']
p(''.join(l), d['j'][0])
def f(z):
  z.extend(l)
f(m)
