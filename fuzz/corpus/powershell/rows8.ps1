return a b
$x += 'b'
a "b
a (b
a )}] b
