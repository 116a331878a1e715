foo(1, "a" b)
x = bar(baz + 1 y)
import os
if True:
  os.system("x
  os.popen(1)
f(f"{a b}", 2)
f(f"""{a b}

""", 2)
z = (1,
def g(:
    return h(
class
    else:
  elif x: y
)]}
"""never closed
os.system(1)
