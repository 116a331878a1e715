c ^& d^
e
if exist a (b) else (c)
if not "%A%"=="b" c
if %a%==b c & d
e
