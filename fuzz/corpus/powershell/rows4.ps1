while (a) { b }
do { a } while (b)
switch ($x) { 'a' { b } default { c } }
try { a } catch [X] { b } finally { c }
function F($p) { a $p }
F b
function F { param([string]$p = 'x', $q) a $p }
f b
