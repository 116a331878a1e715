saps a.exe
$x = if (a) { b } else { c }
[Net.ServicePointManager]::SecurityProtocol = 'x'
$env:PATH = 'a'
<# x #> a # y
a -b (c d) -e $(f)
