# SPDX-License-Identifier: Apache-2.0

if x:
	call(1)
	call(2); \
  call(3)
	call(4)

   # comment
	if (a and
# comment [ in brackets

b.call()):
	  call("a\
b", """
\
 x""")  \

else :
  call ( 5 ) ; a . b . \
 c ( 6 ) (
 7 )
x = call(8) \
	+ call(9) # end
\
call(10)
class A: x = call(11); y = call(12)
call(13)