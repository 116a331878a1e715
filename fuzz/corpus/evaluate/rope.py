x = 'a'
x = x + x
x += x
x = x * 99 + x
y = x + u + x
y = y + y
p(y, y + x)
