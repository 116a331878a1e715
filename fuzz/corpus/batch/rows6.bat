powershell x y
reg add HKCU\a /v b /d c /f
schtasks /create /tn A /tr "x y"
C:\Windows\System32\cmd.exe /c dir
