# SPDX-License-Identifier: Apache-2.0
# Python 2 shows itself only at the end: print is read twice
print (call(1)), call(2)
print (a), (b), 
if x:
    print (a) + b.call("c"); print [call(1)][0]
print -call(4)
print(a)
print ("x" % y), ("z")
f = 0644
print (call(5)), `f`
