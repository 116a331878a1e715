a b 'c''d' "e`n$f"
A-B -Name c -Sw -Other:d -Force x
a 1,2,'c'
$x = 'a'; b $x "$x!" ${x}
b $env:TEMP\x "$env:A b" $HOME
a | b | c
