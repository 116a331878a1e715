set X=a b
c %X% "%X%"
set "X=a&b"
c %x%
set X=abcdef
%X:~0,3%%X:~-1% %X:b=z%
c %TEMP%\x !Y! %1 %%i %~dp0y
