a ([char]65 + [char]0x42) (-join [char[]](104,105)) (1..3)
a 'ab'.Replace('b','c') $x.y.z $x[0].w
& 'a' b; & $c d; & ("i"+"ex") 'e'; . .\x.ps1; .\y.exe z
if ($a -eq 1) { b } elseif (c) { d } else { e }; f
foreach ($i in a b) { c $i }
for ($i=0; $i -lt 3; $i++) { a $i }
