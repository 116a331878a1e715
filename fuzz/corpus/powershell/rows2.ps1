$w = New-Object System.Net.WebClient; $w.DownloadFile('u', 'f')
[System.Net.WebClient]::new().DownloadData('u')
[IO.File]::WriteAllText("a", 'b')
$s = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aWQ=')); a $s
a ([Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('dwBoAG8A')))
a ('b' + 'c') ("{1}{0}" -f 'x','y') ('a-b' -replace '-','') ('a','b' -join '+') ('a,b' -split ',')
