param($u = 'v'); a $u
a { b $_ }; c | % { d $_ } | ? { $_.e }
$h = @{ a = 1; 'b' = c }; d $h
$l = @(1, 2); a $l @('x')
$t = @"
a $x
"@; b $t
$t = @'
a $x
'@; b $t
