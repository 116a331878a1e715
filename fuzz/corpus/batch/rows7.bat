%COMSPEC% /c dir
"C:\a b\c.exe" d
set /p X=y?
c %X%
set
