a; b
c
'x' | iex
iex 'a b'
Invoke-Expression "a $x"
iex (a)
(New-Object Net.WebClient).DownloadString('u') | IEX
