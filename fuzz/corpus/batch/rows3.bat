if errorlevel 1 b
if defined X (a
b) else c
d
for %%i in (a b) do c %%i
for /f "tokens=1" %%a in ('dir') do (
c %%a
)
